package plan_test

import (
	"strings"
	"testing"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
)

// banded splits a town of 300 households a parent into grids of a band, and returns what is found, by rule.
func banded(t *testing.T, min, max float64) (*plan.Snapshot, map[string][]plan.Finding) {
	t.Helper()
	g, err := plantest.Town(2, 6, 5, func(p, b int) int64 { return 10 })
	if err != nil {
		t.Fatal(err)
	}
	r := plan.Recipe{Scope: "all", Band: &plan.Band{Measure: plan.Households, Min: min, Max: max},
		Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}, Tolerance: 0.01, Seed: 1, Effort: 200}
	if err := r.Validate(); err != nil {
		t.Fatal(err)
	}
	p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSnapshot(g, r, 1, p.Grids, p.At)
	found := map[string][]plan.Finding{}
	for _, f := range s.Findings() {
		found[f.Rule] = append(found[f.Rule], f)
	}
	return s, found
}

// Where a band is wanted it is the band that counts, in findings as in words, and not the tolerance.
func TestBandIsWhatCounts(t *testing.T) {
	s, found := banded(t, 60, 85)
	if len(s.Grids) != 8 || len(found) != 0 {
		t.Errorf("%d grids of 300 a parent within 60-85: %v", len(s.Grids), found)
	}
	for _, g := range s.Grids {
		if s.Verdict(g.No) != plan.Within {
			t.Errorf("grid %s: %s", g.Code, s.Words(g.No).In(words.En))
		}
	}
}

// A band that no number of grids meets is said once for the parent, and for each grid that is outside.
func TestBandThatCannotBe(t *testing.T) {
	s, found := banded(t, 1000, 2000)
	if len(s.Grids) != 2 || len(found["band"]) != 2 || len(found["band_parent"]) != 2 || len(found["balance"]) != 0 {
		t.Fatalf("%d grids, found %v", len(s.Grids), found)
	}
	if got := found["band_parent"][0].In(words.Zh); !strings.Contains(got, "300户") || !strings.Contains(got, "1,000-2,000") {
		t.Error(got)
	}
	if got := found["band"][0].In(words.En); !strings.Contains(got, "700 households under the lower limit") {
		t.Error(got)
	}
}

// A parent without any counts says so.
func TestParentWithoutCounts(t *testing.T) {
	g, err := plantest.Town(2, 4, 2, func(p, b int) int64 { return int64(10 * p) })
	if err != nil {
		t.Fatal(err)
	}
	r := plan.Recipe{Scope: "all", Grids: 4, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}, Tolerance: 0.1, Seed: 1, Effort: 50}
	p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, f := range plan.NewSnapshot(g, r, 1, p.Grids, p.At).Findings() {
		if f.Rule == "uncounted" {
			found = append(found, f.In(words.Zh))
		}
	}
	if len(found) != 1 || !strings.Contains(found[0], "P0没有所要均衡的指标的计数") {
		t.Errorf("found %v", found)
	}
}
