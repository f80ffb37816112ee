package server_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"net/http/httptest"
	"slices"
	"syscall"
	"testing"
	"testing/fstest"
	"time"

	"gridwright/plan"
	"gridwright/server"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// BenchmarkLocate asks for the places of random points in a town of 4,800 blocks in 369 grids, drafted and published: one point after the
// other, and 100,000 in one request. CPU is that of the process, whose client is in it, without the database's.
func BenchmarkLocate(b *testing.B) {
	store := postgistest.Open(b)
	postgistest.Town(b, store, 120, 8, 5, uneven)
	id := postgistest.Plan(b, store, postgistest.Recipe(369))
	s := server.New(server.Config{Store: store, Version: "test", Log: slog.New(slog.DiscardHandler), Page: fstest.MapFS{"index.html": {Data: []byte("x")}}})
	web := httptest.NewUnstartedServer(nil)
	web.Config = s.HTTPServer()
	web.Start()
	defer web.Close()
	snap, err := store.Snapshot(b.Context(), id)
	if err != nil {
		b.Fatal(err)
	}
	box := snap.Ground.Box()
	dice := rand.New(rand.NewPCG(1, 2))
	point := func() (lon, lat float64) {
		west, south, east, north := box.Min.Lon.Degrees(), box.Min.Lat.Degrees(), box.Max.Lon.Degrees(), box.Max.Lat.Degrees()
		return west + dice.Float64()*(east-west), south + dice.Float64()*(north-south)
	}
	ask := func(b *testing.B, r *http.Request) {
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		defer answer.Body.Close()
		if n, err := io.Copy(io.Discard, answer.Body); err != nil || answer.StatusCode != http.StatusOK || n == 0 {
			b.Fatal(answer.Status, err)
		}
	}
	single := func(b *testing.B) {
		var took []time.Duration
		for b.Loop() {
			for range 2000 {
				lon, lat := point()
				r, _ := http.NewRequest(http.MethodGet, fmt.Sprintf("%s/api/v1/locate?lon=%.7f&lat=%.7f", web.URL, lon, lat), nil)
				begin := time.Now()
				ask(b, r)
				took = append(took, time.Since(begin))
			}
		}
		slices.Sort(took)
		b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
		b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
	}
	batch := func(b *testing.B) {
		const points = 100_000
		var body bytes.Buffer
		body.WriteString("lon,lat\n")
		for range points {
			lon, lat := point()
			fmt.Fprintf(&body, "%.7f,%.7f\n", lon, lat)
		}
		begin, rounds := cpu(b), 0
		for b.Loop() {
			r, _ := http.NewRequest(http.MethodPost, web.URL+"/api/v1/locate", bytes.NewReader(body.Bytes()))
			r.Header.Set("Content-Type", "text/csv")
			ask(b, r)
			rounds++
		}
		b.ReportMetric(float64(points*rounds)/(cpu(b)-begin).Seconds(), "points/cpu-s")
	}
	b.Run("draft/single", single)
	b.Run("draft/batch", batch)
	on := store.Today()
	if _, err := store.Publish(b.Context(), id, postgis.Publication{Effective: on}, func(context.Context, int64) (*plan.Snapshot, error) { return snap, nil }); err != nil {
		b.Fatal(err)
	}
	b.Run("published/single", single)
	b.Run("published/batch", batch)
}

// cpu is what this process has used.
func cpu(b *testing.B) time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
