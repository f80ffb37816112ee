package groundwork

import (
	"slices"
	"testing"

	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// Every rule of the ground has a weight and a sentence, and so has every kind of repair.
func TestEveryRuleIsSaid(t *testing.T) {
	for _, rule := range ground.Rules {
		if severities[string(rule)] == "" {
			t.Errorf("%s has no severity", rule)
		}
	}
	for rule := range severities {
		if _, said := Sentences["finding."+rule]; !said {
			t.Errorf("the finding %s has no sentence", rule)
		}
	}
	for _, kind := range []string{ground.RepairGap, ground.RepairOverlap, ground.RepairCrumb, ground.RepairConflated, ground.RepairGrazed, ground.RepairAccepted} {
		if _, said := Sentences["repair."+kind]; !said {
			t.Errorf("the repair %s has no sentence", kind)
		}
	}
	for _, rule := range []ground.Rule{ground.ScopeTooLarge, ground.Tangled} {
		if _, said := Sentences["refused."+string(rule)]; !said {
			t.Errorf("the refusal %s has no sentence", rule)
		}
	}
}

// The kinds of blocks are the same on both floors: they are stored by name.
func TestKindsAreKnownAbove(t *testing.T) {
	for _, kind := range []ground.Kind{ground.Built, ground.Open, ground.Park, ground.Water, ground.RailLands} {
		if !slices.Contains(plan.BlockKinds, string(kind)) {
			t.Errorf("no block may be %s", kind)
		}
	}
	for _, b := range plan.Barriers {
		if _, ok := ground.BarrierNamed(string(b)); !ok {
			t.Errorf("the ground knows no %s", b)
		}
	}
}

func TestChosen(t *testing.T) {
	tally := func(m plan.Measure, k plan.CountKind, n int64) plan.Tally {
		return plan.Tally{Measure: m, Kind: k, Count: n}
	}
	for name, c := range map[string]struct{ all, want []plan.Tally }{
		"none": {nil, nil},
		"one":  {[]plan.Tally{tally("households", plan.Occupied, 3)}, []plan.Tally{tally("households", plan.Occupied, 3)}},
		"resident before all others": {
			[]plan.Tally{tally("households", plan.NotSaid, 1), tally("households", plan.Occupied, 2), tally("households", plan.Registered, 3), tally("households", plan.Resident, 4)},
			[]plan.Tally{tally("households", plan.Resident, 4)}},
		"registered before occupied, a measure each": {
			[]plan.Tally{tally("households", plan.Occupied, 2), tally("households", plan.Registered, 3), tally("residents", plan.NotSaid, 9)},
			[]plan.Tally{tally("households", plan.Registered, 3), tally("residents", plan.NotSaid, 9)}},
	} {
		if got := chosen(c.all); !slices.Equal(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// Water that always divides is ground, water that divides what is too large a line, and a tunnel is neither.
func TestWhatBounds(t *testing.T) {
	r := &raw{}
	square := plan.Geometry{Shape: shape.MultiPolygon{{{{Lon: 0, Lat: 0}, {Lon: 9, Lat: 0}, {Lon: 9, Lat: 9}}}}}
	line := plan.Geometry{Lines: []plan.Line{{{Lon: 0, Lat: 0}, {Lon: 9, Lat: 9}}}}
	for _, f := range []plan.Feature{
		{Layer: plan.WaterLayer, Code: "1", Class: "lake", Geometry: square},
		{Layer: plan.WaterLayer, Code: "2", Class: "pond", Geometry: square},
		{Layer: plan.RoadLayer, Code: "1", Class: "footway", Bridge: true, Geometry: line},
		{Layer: plan.RoadLayer, Code: "2", Class: "trunk", Tunnel: true, Geometry: line},
		{Layer: plan.RoadLayer, Code: "3", Class: "driveway", Geometry: line},
	} {
		r.addBound(&f)
	}
	if len(r.in.Areas) != 1 || r.in.Areas[0].Kind != ground.Water {
		t.Errorf("areas: %+v", r.in.Areas)
	}
	if len(r.in.Lines) != 2 || !r.in.Lines[0].Second || r.in.Lines[0].Barrier != ground.River || len(r.in.Lines[0].Path) != 4 ||
		!r.in.Lines[1].Second || !r.in.Lines[1].Bridge || r.in.Lines[1].Barrier != ground.Lane {
		t.Errorf("lines: %+v", r.in.Lines)
	}
}
