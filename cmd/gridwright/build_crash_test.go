package main

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// buildDocument is a build of the ground, as far as the test reads it.
type buildDocument struct {
	ID     int64
	State  string
	Report struct {
		Blocks struct{ Total, New, Unchanged int }
		Sums   map[string]int
	}
}

// The service is killed while it builds the ground. The next one builds it, once, and nothing half done was ever there.
func TestKilledInTheMiddleOfABuild(t *testing.T) {
	dir := drawnTown(t)
	s := serve(t, dir)
	var b buildDocument
	s.post("api/v1/ground/builds", "", map[string]any{"scope": "all"}, http.StatusAccepted, &b)
	s.awaitBuild(b.ID, "building", "done")
	s.kill()
	s = serve(t, dir)
	if b = s.awaitBuild(b.ID, "done"); b.Report.Blocks.Total == 0 || b.Report.Sums["households"] != 10*houses*houses {
		t.Errorf("the build came to %+v", b.Report)
	}
	var again buildDocument
	s.post("api/v1/ground/builds", "", map[string]any{"scope": "all"}, http.StatusAccepted, &again)
	if again = s.awaitBuild(again.ID, "done"); again.Report.Blocks.Unchanged != b.Report.Blocks.Total {
		t.Errorf("built again: %+v, after %+v", again.Report.Blocks, b.Report.Blocks)
	}
}

// houses is how many houses stand side by side in the drawn town, and how many rows of them there are.
const houses = 60

// drawnTown returns a data directory with a community, its streets and its houses, of which no blocks were built yet.
func drawnTown(t *testing.T) string {
	t.Helper()
	dir := town(t)
	const west, south, side = 105.0, 37.5, 0.001
	at := func(x, y float64) string { return fmt.Sprintf("%.7f %.7f", west+x*side, south+y*side) }
	square := func(x0, y0, x1, y1 float64) string {
		return fmt.Sprintf(`"POLYGON((%s,%s,%s,%s,%s))"`, at(x0, y0), at(x1, y0), at(x1, y1), at(x0, y1), at(x0, y0))
	}
	var roads, buildings strings.Builder
	roads.WriteString("code,name,class,wkt\n")
	buildings.WriteString("code,households,wkt\n")
	for i := range houses {
		if i%6 == 3 {
			fmt.Fprintf(&roads, "ns%d,,street,\"LINESTRING(%s,%s)\"\n", i, at(float64(i), -1), at(float64(i), houses+1))
			fmt.Fprintf(&roads, "we%d,,street,\"LINESTRING(%s,%s)\"\n", i, at(-1, float64(i)), at(houses+1, float64(i)))
		}
		for j := range houses {
			x, y := float64(i)+0.3, float64(j)+0.3
			fmt.Fprintf(&buildings, "h%d-%d,10,%s\n", i, j, square(x, y, x+0.4, y+0.4))
		}
	}
	for _, layer := range [][2]string{{"community", "code,wkt\nC," + square(0, 0, houses, houses) + "\n"}, {"road", roads.String()}, {"building", buildings.String()}} {
		path := filepath.Join(t.TempDir(), layer[0]+".csv")
		if err := os.WriteFile(path, []byte(layer[1]), 0o644); err != nil {
			t.Fatal(err)
		}
		gridwright(t, "import", path, "--layer="+layer[0], "--data="+dir)
	}
	return dir
}

// awaitBuild looks at a build until it is in one of the states.
func (s *service) awaitBuild(id int64, states ...string) (b buildDocument) {
	s.t.Helper()
	tick := time.NewTicker(2 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(patience); ; <-tick.C {
		s.get(fmt.Sprintf("api/v1/ground/builds/%d", id), &b)
		for _, state := range states {
			if b.State == state {
				return b
			}
		}
		if time.Now().After(until) || b.State == "failed" {
			s.t.Fatalf("build %d is %s: %s", id, b.State, s.said())
		}
	}
}
