package ground_test

import (
	"slices"
	"testing"

	"gridwright/geo/ground"
	"gridwright/geo/shape"
)

// What a planner decides on a gap or an overlap, narrow or wide, is done and told of; the rest is decided by rule as before.
func TestRulings(t *testing.T) {
	in := ground.Input{Parents: []ground.Parent{
		parent("A", square(0, 0, 100, 300)), parent("B", square(66, 0, 300, 100)), parent("C", square(100, 200, 300, 300)), parent("D", square(250, 100, 300, 200)),
	}}
	plain := build(t, in, ground.Options{})
	overlap, gap := only(t, plain, ground.Overlap), only(t, plain, ground.Gap)
	for _, to := range []string{"A", "B"} {
		in.Rulings = []ground.Ruling{{At: overlap.At, To: to}, {At: gap.At, To: "C"}}
		g := build(t, in, ground.Options{})
		for _, f := range g.Findings {
			if f.Rule != ground.NoLines {
				t.Errorf("left: %v", f)
			}
		}
		got := map[string]float64{}
		for _, p := range g.Parents {
			got[p.Code] = float64(p.Shape.Area())
		}
		want := map[string]float64{"A": 30000, "B": 20000, "C": 20000 + 15000, "D": 5000}
		if to == "A" {
			want["B"] = 23400 - 3400
		} else {
			want["A"], want["B"] = 30000-3400, 23400
		}
		for code, area := range want {
			if diff := got[code] - area; diff > 50 || diff < -50 {
				t.Errorf("overlap to %s: %s has %.0f m2, want %.0f", to, code, got[code], area)
			}
		}
		if len(g.Repairs) != 2 || g.Repairs[0].Kind != ground.RepairAccepted {
			t.Errorf("%v", g.Repairs)
		}
	}
}

// A planner may keep a border where it was drawn, though a street runs beside it.
func TestABorderStays(t *testing.T) {
	in := ground.Input{
		Parents: []ground.Parent{
			parent("A", shape.MultiPolygon{{{metres(0, 0), metres(103, 0), metres(96, 150), metres(104, 300), metres(0, 300)}}}),
			parent("B", shape.MultiPolygon{{{metres(103, 0), metres(200, 0), metres(200, 300), metres(104, 300), metres(96, 150)}}}),
		},
		Lines: []ground.Line{street("s", metres(100, -20), metres(100, 320))},
	}
	moved := build(t, in, ground.Options{}).Repairs
	for _, r := range moved {
		in.Rulings = append(in.Rulings, ground.Ruling{At: r.At, To: r.From[0]})
	}
	g := build(t, in, ground.Options{})
	wantArea(t, "A", g.Parents[0].Shape.Area(), float64(in.Parents[0].Shape.Area()))
	if len(g.Repairs) != len(moved) || slices.ContainsFunc(g.Repairs, func(r ground.Repair) bool { return r.Kind != ground.RepairAccepted }) {
		t.Errorf("%v", g.Repairs)
	}
}

func TestRulingsThatFitNothing(t *testing.T) {
	in := ground.Input{Parents: []ground.Parent{parent("A", square(0, 0, 100, 100)), parent("B", square(104, 0, 200, 100)), parent("C", square(500, 0, 600, 100))}}
	gap := build(t, in, ground.Options{}).Repairs[0]
	for name, r := range map[string]ground.Ruling{
		"no gap there":            {At: metres(50, 50), To: "B"},
		"no such area":            {At: gap.At, To: "Z"},
		"an area that is far off": {At: gap.At, To: "C"},
	} {
		in.Rulings = []ground.Ruling{r}
		g := build(t, in, ground.Options{})
		if f := only(t, g, ground.UnknownMove); f.At != r.At || !slices.Equal(f.Codes, []string{r.To}) {
			t.Errorf("%s: %v", name, f)
		}
		if !slices.ContainsFunc(g.Repairs, func(r ground.Repair) bool { return r.Kind == ground.RepairGap }) {
			t.Errorf("%s: the gap was not closed by rule", name)
		}
	}
}
