package plan

import (
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
)

// row is a class as docs/importing.md shows it.
func (c Class) row() string {
	rank := map[Rank]string{NeverBounds: "—", AlwaysBounds: "1", BoundsWithin: "2"}[c.Rank]
	return fmt.Sprintf("| `%s` | `%s` | %s | %s | %s |", c.Layer, c.Name, strings.Join(c.Zh, " "), c.Barrier, rank)
}

func TestTheManualShowsTheClasses(t *testing.T) {
	text, err := os.ReadFile("../docs/importing.md")
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	for _, c := range Classes {
		if !slices.Contains(lines, c.row()) {
			t.Errorf("docs/importing.md lacks\n%s", c.row())
		}
	}
}

func TestClassesAgree(t *testing.T) {
	seen := map[wordOn]bool{}
	for _, c := range Classes {
		if !c.Layer.Bounds() || !slices.Contains(Barriers, c.Barrier) || (c.Rank == NeverBounds) != (c.Barrier == BarrierNone) {
			t.Errorf("%+v", c)
		}
		for _, word := range append([]string{c.Name}, c.Zh...) {
			if seen[wordOn{c.Layer, word}] {
				t.Errorf("%s means two classes of %s", word, c.Layer)
			}
			seen[wordOn{c.Layer, word}] = true
		}
	}
	for _, l := range FeatureLayers {
		if _, known := ClassOf(l, DefaultClass(l)); known != l.Bounds() {
			t.Errorf("the default class of %s: %v", l, known)
		}
	}
}

func TestWhatBounds(t *testing.T) {
	for name, c := range map[string]struct {
		f       Feature
		barrier Barrier
		rank    Rank
	}{
		"a trunk road":       {Feature{Layer: RoadLayer, Class: "primary"}, BarrierTrunk, AlwaysBounds},
		"a bridge":           {Feature{Layer: RoadLayer, Class: "street", Bridge: true}, BarrierStreet, AlwaysBounds},
		"a tunnel":           {Feature{Layer: RailwayLayer, Class: "rail", Tunnel: true}, BarrierNone, NeverBounds},
		"a lane":             {Feature{Layer: RoadLayer, Class: "back_lane"}, BarrierLane, BoundsWithin},
		"a tram":             {Feature{Layer: RailwayLayer, Class: "tram"}, BarrierNone, NeverBounds},
		"a river":            {Feature{Layer: WaterLayer, Class: "river"}, BarrierRiver, AlwaysBounds},
		"a building":         {Feature{Layer: BuildingLayer, Class: "wall"}, BarrierNone, NeverBounds},
		"a class unheard of": {Feature{Layer: RoadLayer, Class: "maglev"}, BarrierNone, NeverBounds},
	} {
		if b, r := c.f.Bound(); b != c.barrier || r != c.rank {
			t.Errorf("%s: got %s %d", name, b, r)
		}
	}
}
