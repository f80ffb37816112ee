package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/getkin/kin-openapi/openapi3filter"
	"github.com/getkin/kin-openapi/routers/gorillamux"
)

// What the server answers is what its own document promises, for every GET there is and the plan's edits.
func TestAnswersAreAsDescribed(t *testing.T) {
	h := open(t, "")
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(h.get("/api/openapi.json", nil).body)
	if err != nil {
		t.Fatal(err)
	}
	doc.Servers = openapi3.Servers{{URL: h.url}}
	router, err := gorillamux.NewRouter(doc)
	if err != nil {
		t.Fatal(err)
	}
	check := func(method, path, body string, headers ...string) {
		t.Helper()
		a := h.ask(method, path, body, headers...)
		r, err := http.NewRequestWithContext(context.Background(), method, h.url+path, strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		if body != "" {
			r.Header.Set("Content-Type", "application/json")
		}
		route, params, err := router.FindRoute(r)
		if err != nil {
			t.Fatalf("%s %s: %v", method, path, err)
		}
		in := &openapi3filter.RequestValidationInput{Request: r, PathParams: params, Route: route}
		err = openapi3filter.ValidateResponse(context.Background(), &openapi3filter.ResponseValidationInput{
			RequestValidationInput: in, Status: a.StatusCode, Header: a.Header, Body: io.NopCloser(bytes.NewReader(a.body)),
			Options: &openapi3filter.Options{IncludeResponseStatus: true}})
		if err != nil {
			t.Errorf("%s %s: %v", method, path, err)
		}
	}
	var doc2 tileJSON
	h.get(fmt.Sprintf("/tiles/plans/%s.json", h.plan), &doc2)
	tile := doc2.middle(14)
	block, _, to := h.borderMove(0)
	for _, path := range []string{
		"/healthz", "/readyz", "/api/v1/status", "/api/v1/areas?level=large_grid", "/api/v1/areas?level=x", "/api/v1/density?measure=households",
		"/api/v1/locate?lon=104.0005&lat=39.7005", "/api/v1/locate?lon=104&lat=39", "/api/v1/locate?lon=104", "/api/v1/locate?lon=1&lat=2&at=2026-01-01",
		"/api/v1/plans", h.at(""), h.at("/grids"), h.at("/grids.geojson"), h.at("/export?format=kml&crs=gcj02"), h.at("/export?format=shp&crs=bd09&encoding=gbk"), h.at("/export?format=dwg"), h.at("/export?format=xlsx"), h.at("/export?format=pmtiles"), h.at("/export?format=pmtiles&crs=gcj02"), h.at("/blocks"), h.at("/assignment"), h.at("/findings"), h.at("/edits"), h.at("/first"),
		h.at("/report?kind=T1&format=csv"), h.at("/report?kind=T1&format=xlsx"), h.at("/report?kind=T99"),
		"/ogc", "/ogc/", "/ogc/api", "/ogc/conformance", "/ogc/collections", "/ogc/collections/block", "/ogc/collections/grids-1", "/ogc/collections/x",
		"/ogc/collections/block/schema", "/ogc/collections/grids-1/queryables", "/ogc/collections/block/items?limit=2", "/ogc/collections/grids-1/items/1",
		"/api/v1/plans/77", fmt.Sprintf("/tiles/plans/%s.json", h.plan), "/tiles/block.json", "/tiles/nonsense.json", "/tiles/road/style.json", "/tiles/nonsense/style.json", fmt.Sprintf("/tiles/plans/%s/style.json", h.plan), "/tiles/plans/77/style.json", "/tiles/block/14/0/0.mvt",
		fmt.Sprintf("/tiles/plans/%s/%d/%d/%d.mvt", h.plan, tile.Z, tile.X, tile.Y),
		fmt.Sprintf("/tiles/plans/%s/1/%d/%d/%d.mvt", h.plan, tile.Z, tile.X, tile.Y),
		fmt.Sprintf("/tiles/block/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y),
	} {
		check(http.MethodGet, path, "")
	}
	edit := fmt.Sprintf(`{"base_revision":1,"kind":"assign","blocks":[%q],"to":%q}`, block, to)
	check(http.MethodPost, h.at("/edits"), edit)
	check(http.MethodPost, h.at("/edits"), edit) // stale
	check(http.MethodPost, h.at("/undo"), `{}`)
	check(http.MethodPost, h.at("/redo"), `{}`)
	check(http.MethodPost, h.at("/redo"), `{}`)
	check(http.MethodPost, h.at("/cancel"), "")
	check(http.MethodPost, h.at("/finish"), "")
	check(http.MethodPost, "/api/v1/locate", `[{"id":7,"lon":104.0005,"lat":39.7005},{"lon":104,"lat":39}]`)
	check(http.MethodPost, "/api/v1/locate?crs=bd09", `[{"lon":400,"lat":39}]`)
	recipe := `{"name":"又一个","recipe":{"scope":"all","grids":%d,"balance":[{"measure":"households","weight":1}]}}`
	check(http.MethodPost, "/api/v1/plans", fmt.Sprintf(recipe, 8))
	check(http.MethodPost, "/api/v1/plans", fmt.Sprintf(recipe, 5000))
}

// The stream tells of an edit somebody else made.
func TestEventsTellOfEdits(t *testing.T) {
	h := open(t, "")
	s := h.listen()
	s.until("event: state\n")
	block, _, to := h.borderMove(0)
	h.edit(1, block, to)
	s.until("event: revision\ndata: {\"revision\":2}\n\n")
}

// stream is what the plan's events have told so far.
type stream struct {
	*house
	body  io.Reader
	heard string
}

// listen opens the stream of the plan's events.
func (h *house) listen() *stream {
	h.Helper()
	r, err := http.NewRequestWithContext(h.Context(), http.MethodGet, h.url+h.at("/events"), nil)
	if err != nil {
		h.Fatal(err)
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		h.Fatal(err)
	}
	h.Cleanup(func() { w.Body.Close() })
	return &stream{h, w.Body, ""}
}

// until reads on to a text.
func (s *stream) until(want string) {
	s.Helper()
	buf := make([]byte, 64<<10)
	for !strings.Contains(s.heard, want) {
		n, err := s.body.Read(buf)
		if err != nil {
			s.Fatalf("%v after %s", err, s.heard)
		}
		s.heard += string(buf[:n])
	}
}
