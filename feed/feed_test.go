package feed_test

import (
	"bytes"
	"encoding/csv"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"gridwright/feed"
	"gridwright/plan"
	"gridwright/plan/plantest"
)

// town is a plan of two large grids of 3 x 2 blocks in 2 grids each; the last block is in no grid, and grid 4 is empty
// unless whole.
func town(t *testing.T) *plan.Snapshot {
	t.Helper()
	g, err := plantest.Town(2, 3, 2, plantest.Even(10))
	if err != nil {
		t.Fatal(err)
	}
	grids := []plan.Grid{
		{No: 1, Parent: 0, GridProps: plan.GridProps{Code: "P0-01", Name: "甲\"一\"", NameEn: "A, 1"}}, {No: 2, Parent: 0, GridProps: plan.GridProps{Code: "P0-02"}},
		{No: 3, Parent: 1, GridProps: plan.GridProps{Code: "P1-01"}}, {No: 4, Parent: 1, GridProps: plan.GridProps{Code: "P1-02"}},
	}
	r := plan.Recipe{Scope: "all", Grids: 4, Tolerance: 0.05, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
	return plan.NewSnapshot(g, r, 3, grids, []plan.GridNo{1, 2, 2, 1, 1, 2, 3, 3, 3, 3, 3, 0})
}

func TestAssignment(t *testing.T) {
	var out bytes.Buffer
	if err := feed.Assignment(&out, town(t)); err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(&out).ReadAll()
	if err != nil || len(rows) != 13 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i, want := range map[int]string{0: "id parent grid", 1: "P0-B00 P0 P0-01", 2: "P0-B01 P0 P0-02", 12: "P1-B05 P1 "} {
		if got := strings.Join(rows[i], " "); got != want {
			t.Errorf("row %d is %q, not %q", i, got, want)
		}
	}
}

// Another library reads the grids, and their areas add up to the blocks in grids.
func TestGridsGeoJSON(t *testing.T) {
	s := town(t)
	var out, again bytes.Buffer
	for _, w := range []*bytes.Buffer{&out, &again} {
		if err := feed.GridsGeoJSON(w, s, s.Polygons); err != nil {
			t.Fatal(err)
		}
	}
	if !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Error("two writings differ")
	}
	c, err := geojson.UnmarshalFeatureCollection(out.Bytes())
	if err != nil || len(c.Features) != 4 {
		t.Fatalf("%v: %s", err, out.Bytes())
	}
	first, empty := c.Features[0], c.Features[3]
	if first.Properties["code"] != "P0-01" || first.Properties["name"] != "甲\"一\"" || first.Properties["households"] != 30.0 || first.Properties["households_deviation"] != 0.0 {
		t.Errorf("%v", first.Properties)
	}
	if first.Geometry.(orb.Polygon)[0].Orientation() != orb.CCW {
		t.Error("the shell runs the wrong way")
	}
	if empty.Geometry != nil || empty.Properties["verdict"] != "empty" {
		t.Errorf("the empty grid is %v", empty)
	}
	if c.ExtraMembers["synthetic"] != true || c.ExtraMembers["revision"] != 3.0 {
		t.Errorf("%v", c.ExtraMembers)
	}
}

func TestGDALOpensTheGrids(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("there is no GDAL on this machine: make test installs it")
	}
	s := town(t)
	name := filepath.Join(t.TempDir(), "grids.geojson")
	f, err := os.Create(name)
	if err != nil {
		t.Fatal(err)
	}
	if err := feed.GridsGeoJSON(f, s, s.Polygons); err != nil {
		t.Fatal(err)
	}
	f.Close()
	out, err := exec.Command("ogrinfo", "-al", "-so", name).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Feature Count: 4") || !strings.Contains(string(out), "households: Integer") {
		t.Errorf("%v: %s", err, out)
	}
}
