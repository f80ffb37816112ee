package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"

	"gridwright/plan"
	"gridwright/server"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }

// house is a running server on a town of 4 large grids of 6 x 5 blocks, with a plan of 9 grids.
type house struct {
	*testing.T
	store *postgis.Store
	url   string
	plan  plan.ID
}

func uneven(p, b int) int64 { return int64(10 + (7*b+3*p)%13) }

func open(t *testing.T, base string) *house {
	t.Helper()
	store := postgistest.Open(t)
	postgistest.Town(t, store, 4, 6, 5, uneven)
	id := postgistest.Plan(t, store, postgistest.Recipe(9))
	return &house{t, store, serve(t, store, base), id}
}

// serve runs a server on a store for the length of a test and returns its address.
func serve(t *testing.T, store *postgis.Store, base string) string {
	t.Helper()
	s := server.New(server.Config{Store: store, Base: base, Version: "test", Log: slog.New(slog.DiscardHandler),
		Page: fstest.MapFS{"index.html": {Data: []byte("<!doctype html>")}, "assets/a.js": {Data: []byte("1")}}})
	ctx, stop := context.WithCancel(context.Background())
	ran := make(chan struct{})
	go func() { s.Run(ctx); close(ran) }()
	web := httptest.NewUnstartedServer(nil)
	web.Config = s.HTTPServer()
	web.Start()
	t.Cleanup(func() {
		stop()
		<-ran
		web.Close()
	})
	return web.URL + base
}

// answer is what came back.
type answer struct {
	*http.Response
	body []byte
}

// ask sends a request; headers are "Name: value".
func (h *house) ask(method, path, body string, headers ...string) answer {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), method, h.url+path, strings.NewReader(body))
	if err != nil {
		h.Fatal(err)
	}
	if body != "" {
		r.Header.Set("Content-Type", "application/json")
	}
	for _, header := range headers {
		name, value, _ := strings.Cut(header, ": ")
		r.Header.Set(name, value)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	defer w.Body.Close()
	got, err := io.ReadAll(w.Body)
	if err != nil {
		h.Fatal(err)
	}
	return answer{w, got}
}

// get asks for a path, expects 200 and reads the JSON into the given place, if any.
func (h *house) get(path string, into any) answer {
	h.Helper()
	a := h.ask(http.MethodGet, path, "")
	if a.StatusCode != http.StatusOK {
		h.Fatalf("GET %s: %s %s", path, a.Status, a.body)
	}
	if into != nil {
		h.read(a, into)
	}
	return a
}

func (h *house) read(a answer, into any) {
	h.Helper()
	if err := json.Unmarshal(a.body, into); err != nil {
		h.Fatalf("%v: %s", err, a.body)
	}
}

// at writes a path of the plan.
func (h *house) at(format string, args ...any) string {
	return fmt.Sprintf("/api/v1/plans/%s", h.plan) + fmt.Sprintf(format, args...)
}

// problem is an RFC 9457 document.
type problem struct {
	Status              int
	Title, Detail, Code string
	Base, Mine, Theirs  *struct {
		Revision int64
		Blocks   []struct{ Block, Grid string }
	}
	Refused []struct{ Field, Place, Value, Words string }
}

// refused expects a problem of the status and code and returns it.
func (h *house) refused(a answer, status int, code string) problem {
	h.Helper()
	var p problem
	if kind := a.Header.Get("Content-Type"); kind != "application/problem+json" {
		h.Fatalf("%s is no problem document: %s", kind, a.body)
	}
	h.read(a, &p)
	if a.StatusCode != status || p.Status != status || p.Code != code || p.Detail == "" || p.Title == "" {
		h.Errorf("%s: %s, not %d %s", a.Status, a.body, status, code)
	}
	return p
}

// borderMove is a block that lies beside another grid of its large grid, and that grid.
func (h *house) borderMove(skip int) (block, from, to string) {
	h.Helper()
	s, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		h.Fatal(err)
	}
	for b := range s.At {
		for _, e := range s.Ground.Graph.Neighbours(int32(b)) {
			if s.At[b] != s.At[e.To] && s.Ground.Blocks[b].Parent == s.Ground.Blocks[e.To].Parent {
				if skip--; skip < 0 {
					return s.Ground.Blocks[b].Code, s.CodeOf(int32(b)), s.CodeOf(e.To)
				}
			}
		}
	}
	h.Fatal("no block lies on a border")
	return "", "", ""
}

func (h *house) edit(base int64, block, to string, headers ...string) answer {
	body, _ := json.Marshal(map[string]any{"base_revision": base, "kind": "assign", "blocks": []string{block}, "to": to})
	return h.ask(http.MethodPost, h.at("/edits"), string(body), headers...)
}

func equal(a, b []byte) bool { return bytes.Equal(bytes.TrimSpace(a), bytes.TrimSpace(b)) }
