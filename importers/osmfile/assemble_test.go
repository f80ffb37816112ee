package osmfile

import (
	"compress/gzip"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	pm "github.com/paulmach/osm"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan"
)

const multipolygons = "../../../shared/data/osm-multipolygon"

// unzipped opens a file of the collection of multipolygons, or skips the test.
func unzipped(t *testing.T, name string) func() (io.ReadCloser, error) {
	t.Helper()
	path := filepath.Join(multipolygons, name)
	if _, err := os.Stat(path); err != nil {
		t.Skip("the collection of multipolygons is not here")
	}
	return func() (io.ReadCloser, error) {
		file, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		return gzip.NewReader(file)
	}
}

// readAll takes every closed way and every multipolygon, whatever its tags are.
func readAll(t *testing.T, open func() (io.ReadCloser, error)) *Extract {
	t.Helper()
	x := &reader{wayAt: map[int64]int32{}, members: map[int64]struct{}{}, seen: map[int64]struct{}{},
		Extract: Extract{LeftOut: map[string]int{}, Levels: map[int]int{}}}
	x.area = func(t tags) thing {
		for _, key := range []string{"landuse", "natural", "building", "area", "boundary"} {
			if t[key] != "" {
				return thing{layer: plan.CompoundLayer, class: key + "=" + t[key]}
			}
		}
		return thing{}
	}
	numbered := func(tag pm.Tag) bool { return strings.HasPrefix(tag.Key, "test:") } // the tests' own
	relations := func(r *pm.Relation) error { r.Tags = slices.DeleteFunc(r.Tags, numbered); return x.relation(r) }
	ways := func(w *pm.Way) error { w.Tags = slices.DeleteFunc(w.Tags, numbered); return x.way(w) }
	for _, p := range []pass{{relation: relations}, {way: ways}, {node: x.node}} {
		if p.node != nil {
			x.wantNodes()
		}
		if err := scan(t.Context(), open, p); err != nil {
			t.Fatal(err)
		}
	}
	e, err := x.finish(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Every area of the public collection comes out as its authors expect it, or is told as a problem where they say it is
// no area. Where they know several answers, any will do.
func TestMultipolygonsOfTheCollection(t *testing.T) {
	got := map[string]string{}
	e := readAll(t, unzipped(t, "grid/data/all.osm.gz"))
	for _, f := range e.Features {
		got[f.Code] = fmt.Sprint(cornersOf(f.Shape))
	}
	for _, p := range e.Problems {
		got[p.Code] = "INVALID"
	}
	type area struct {
		ID   int64  `json:"from_id"`
		Type string `json:"from_type"`
		WKT  string `json:"wkt"`
	}
	var tests []struct {
		ID          int               `json:"test_id"`
		Description string            `json:"description"`
		Areas       map[string][]area `json:"areas"`
	}
	text, err := os.ReadFile(filepath.Join(multipolygons, "grid/data/tests.json"))
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &tests); err != nil {
		t.Fatal(err)
	}
	areas := 0
	for _, test := range tests {
		want := map[string][]string{}
		for _, variant := range test.Areas {
			for _, a := range variant {
				code := a.Type[:1] + fmt.Sprint(a.ID)
				want[code] = append(want[code], expected(t, a.WKT))
			}
		}
		for code, answers := range want {
			areas++
			if code == "r900900" || code == "r913900" {
				delete(got, code)
				continue // nothing says what they are: such areas are not taken
			}
			if !slices.Contains(answers, got[code]) {
				t.Errorf("%d %s: %s is\n%s\nwant one of\n%s", test.ID, test.Description, code, got[code], strings.Join(answers, "\n"))
			}
			delete(got, code)
		}
	}
	delete(got, "w768800") // areas by their own tags, which the relation that the test is about lies over
	delete(got, "w768801")
	for code, what := range got {
		t.Errorf("%s is expected nowhere: %s", code, what)
	}
	t.Logf("%d areas", areas)
}

func expected(t *testing.T, wkt string) string {
	if wkt == "INVALID" {
		return wkt
	}
	g, fault := importers.ParseWKT(wkt)
	if fault != nil {
		t.Fatal(fault)
	}
	clean, flaws := topo.Vet(g.Shape)
	if len(flaws) > 0 {
		t.Fatal(wkt, flaws)
	}
	return fmt.Sprint(cornersOf(clean))
}

// cornersOf leaves out the points where a ring goes straight on.
func cornersOf(m shape.MultiPolygon) (corners shape.MultiPolygon) {
	for _, p := range m {
		var kept shape.Polygon
		for _, r := range p {
			var ring shape.Ring
			for i, at := range r {
				if (arrange.Line{From: r[(i+len(r)-1)%len(r)], To: r[(i+1)%len(r)]}).Side(at) != 0 {
					ring = append(ring, at)
				}
			}
			kept = append(kept, ring.Canonical())
		}
		corners = append(corners, kept)
	}
	return corners
}
