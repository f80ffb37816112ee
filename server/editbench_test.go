package server_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/fstest"
	"time"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/server"
	"gridwright/sql/postgis/postgistest"
)

// BenchmarkEdits makes 1,000 mixed edits one after the other on a plan of 120 large grids in 369 grids, 4,800 blocks: how long from sending one
// to its answer, and of those that cut blocks.
func BenchmarkEdits(b *testing.B) {
	store := postgistest.Open(b)
	postgistest.Town(b, store, 120, 8, 5, uneven)
	id := postgistest.Plan(b, store, postgistest.Recipe(369))
	s := server.New(server.Config{Store: store, Version: "test", Log: slog.New(slog.DiscardHandler), Page: fstest.MapFS{"index.html": {Data: []byte("x")}}})
	web := httptest.NewUnstartedServer(nil)
	web.Config = s.HTTPServer()
	web.Start()
	defer web.Close()
	dice := rand.New(rand.NewPCG(1, 2))
	var all, cuts, refused []time.Duration
	for b.Loop() {
		for len(all) < 1000 {
			_, revision, err := store.Revision(b.Context(), id)
			if err != nil {
				b.Fatal(err)
			}
			now, err := s.PlanAt(b.Context(), id, revision)
			if err != nil {
				b.Fatal(err)
			}
			w := plantest.RandomWish(now, dice.IntN)
			if w.Kind == plan.Restore || w.All {
				continue // one that takes back hundreds is no stroke
			}
			path := "edits"
			if w.Kind == plan.Undo || w.Kind == plan.Redo {
				path, w.Kind = string(w.Kind), ""
			}
			w.Base = &revision
			body, err := json.Marshal(w)
			if path != "edits" {
				body, err = json.Marshal(map[string]int64{"base_revision": revision})
			}
			if err != nil {
				b.Fatal(err)
			}
			took, status := post(b, fmt.Sprintf("%s/api/v1/plans/%s/%s", web.URL, id, path), body)
			switch {
			case status != http.StatusOK:
				refused = append(refused, took)
			default:
				all = append(all, took)
				if w.Kind == plan.CutGrid || w.Kind == plan.Reshape {
					cuts = append(cuts, took)
				}
			}
		}
	}
	at := func(d []time.Duration, share float64) float64 {
		slices.Sort(d)
		return float64(d[min(len(d)-1, int(share*float64(len(d))))]) / 1e6
	}
	b.ReportMetric(at(all, 0.5), "p50-ms")
	b.ReportMetric(at(all, 0.99), "p99-ms")
	b.ReportMetric(at(cuts, 0.5), "cut-p50-ms")
	b.ReportMetric(at(cuts, 0.99), "cut-p99-ms")
	b.ReportMetric(float64(len(cuts)), "cuts")
	b.ReportMetric(float64(len(refused)), "refused")
}

// post sends a body and returns how long the answer took, and its status.
func post(b *testing.B, url string, body []byte) (time.Duration, int) {
	b.Helper()
	r, err := http.NewRequestWithContext(context.Background(), http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		b.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	began := time.Now()
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		b.Fatal(err)
	}
	var into bytes.Buffer
	into.ReadFrom(w.Body)
	w.Body.Close()
	return time.Since(began), w.StatusCode
}
