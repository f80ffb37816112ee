package topo_test

import (
	"encoding/json"
	"os"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// What needs no judgement is done without a word.
func TestVetTidies(t *testing.T) {
	square := ring(0, 0, 9, 0, 9, 9, 0, 9)
	hole := ring(2, 2, 2, 6, 6, 6, 6, 2)
	for _, c := range []struct {
		name        string
		shape, want shape.MultiPolygon
	}{
		{"nothing", nil, nil},
		{"as it should be", one(square, hole), one(square, hole)},
		{"closed by its first point", one(append(slices.Clone(square), square[0])), one(square)},
		{"points repeated", one(ring(0, 0, 0, 0, 9, 0, 9, 9, 9, 9, 9, 9, 0, 9, 0, 0, 0, 0)), one(square)},
		{"the wrong way round", one(turned(square), turned(hole)), one(square, hole)},
		{"begun elsewhere", one(ring(9, 9, 0, 9, 0, 0, 9, 0)), one(square)},
		{"a corner where a side goes straight on stays", one(ring(0, 0, 4, 0, 9, 0, 9, 9, 0, 9)), one(ring(0, 0, 4, 0, 9, 0, 9, 9, 0, 9))},
		{"parts out of order", append(box(20, 0, 25, 5), box(0, 0, 5, 5)...), append(box(0, 0, 5, 5), box(20, 0, 25, 5)...)},
		{"an island in its own lake", append(one(square, hole), box(3, 3, 5, 5)...), append(one(square, hole), box(3, 3, 5, 5)...)},
		{"parts that touch in a point", append(box(0, 0, 5, 5), box(5, 5, 9, 9)...), append(box(0, 0, 5, 5), box(5, 5, 9, 9)...)},
		{"parts that share a border", append(box(0, 0, 5, 5), box(5, 0, 9, 5)...), one(ring(0, 0, 5, 0, 9, 0, 9, 5, 5, 5, 0, 5))},
		{"a hole that touches its shell at a corner", one(square, ring(0, 0, 2, 4, 4, 2)), one(square, ring(0, 0, 2, 4, 4, 2))},
		{"a hole that touches a side of its shell", one(square, ring(0, 3, 4, 4, 4, 2)), one(ring(0, 0, 9, 0, 9, 9, 0, 9, 0, 3), ring(0, 3, 4, 4, 4, 2))},
		{"two holes that touch in a point", one(square, ring(1, 1, 1, 4, 4, 4, 4, 1), ring(4, 4, 4, 8, 8, 8, 8, 4)),
			one(square, ring(1, 1, 1, 4, 4, 4, 4, 1), ring(4, 4, 4, 8, 8, 8, 8, 4))},
		{"two squares in one ring", one(ring(0, 0, 5, 0, 5, 5, 9, 5, 9, 9, 5, 9, 5, 5, 0, 5)), append(box(0, 0, 5, 5), box(5, 5, 9, 9)...)},
		{"shell and hole in one ring", one(ring(0, 0, 9, 0, 9, 9, 0, 9, 0, 0, 2, 4, 4, 2)), one(square, ring(0, 0, 2, 4, 4, 2))},
		{"a hole that cuts its shell in two", one(square, ring(0, 4, 4, 9, 9, 5, 5, 0)), shape.MultiPolygon{
			{ring(0, 0, 5, 0, 0, 4)}, {ring(0, 4, 4, 9, 0, 9)}, {ring(4, 9, 9, 5, 9, 9)}, {ring(5, 0, 9, 0, 9, 5)}}},
	} {
		clean, flaws := topo.Vet(c.shape)
		if len(flaws) > 0 || !equal(clean, c.want) {
			t.Errorf("%s: got %v, flaws %v, want %v", c.name, clean, flaws, c.want)
		}
	}
}

func turned(r shape.Ring) shape.Ring {
	r = slices.Clone(r)
	slices.Reverse(r)
	return r
}

// What is wrong is told with its place. ST_IsValid is false for each of these.
func TestVetFindsFlaws(t *testing.T) {
	square := ring(0, 0, 9, 0, 9, 9, 0, 9)
	for _, c := range []struct {
		name  string
		shape shape.MultiPolygon
		want  []topo.Flaw
	}{
		{"no point", one(ring()), []topo.Flaw{{Kind: topo.FewPoints}}},
		{"one point", one(ring(3, 3, 3, 3, 3, 3)), []topo.Flaw{{Kind: topo.FewPoints, At: pt(3, 3)}}},
		{"two points", one(ring(0, 0, 5, 5, 0, 0)), []topo.Flaw{{Kind: topo.FewPoints, At: pt(0, 0)}}},
		{"a hole of two points", one(square, ring(1, 1, 5, 5)), []topo.Flaw{{Kind: topo.FewPoints, At: pt(1, 1)}}},
		{"a spike", one(ring(0, 0, 9, 0, 9, 9, 9, 15, 9, 9, 0, 9)), []topo.Flaw{{Kind: topo.Spike, At: pt(9, 15)}}},
		{"a spike inwards", one(ring(0, 0, 9, 0, 4, 0, 9, 9)), []topo.Flaw{{Kind: topo.Spike, At: pt(9, 0)}}},
		{"three points on a line", one(ring(0, 0, 4, 4, 9, 9)), []topo.Flaw{{Kind: topo.Spike, At: pt(0, 0)}, {Kind: topo.Spike, At: pt(9, 9)}}},
		{"a bow", one(ring(0, 0, 10, 10, 10, 0, 0, 10)), []topo.Flaw{{Kind: topo.SelfCrossing, At: pt(5, 5)}}},
		{"a bow tied at a corner", one(ring(0, 0, 5, 5, 10, 10, 10, 0, 5, 5, 0, 10)), []topo.Flaw{{Kind: topo.SelfCrossing, At: pt(5, 5)}}},
		{"twice round", one(ring(0, 0, 10, 0, 0, 10, 0, 0, 10, 0, 0, 10)), []topo.Flaw{
			{Kind: topo.LineTouch, At: pt(0, 0)}, {Kind: topo.LineTouch, At: pt(0, 10)}}},
		{"a loop the same way round inside", one(ring(0, 0, 9, 0, 9, 9, 0, 9, 0, 0, 4, 2, 2, 4)), []topo.Flaw{{Kind: topo.SelfCrossing, At: pt(0, 0)}}},
		{"a ring along itself", one(ring(0, 0, 9, 0, 9, 9, 5, 9, 5, 5, 6, 5, 6, 4, 4, 4, 4, 5, 5, 5, 5, 9, 0, 9)), []topo.Flaw{{Kind: topo.LineTouch, At: pt(5, 5)}}},
		{"a hole along its shell", one(square, ring(0, 3, 0, 6, 3, 6, 3, 3)), []topo.Flaw{{Kind: topo.LineTouch, At: pt(0, 3)}}},
		{"a hole outside", one(square, ring(20, 20, 20, 25, 25, 25)), []topo.Flaw{{Kind: topo.HoleOutside, At: pt(20, 20)}}},
		{"a hole round its shell", one(square, ring(-5, -5, 20, -5, 20, 20, -5, 20)), []topo.Flaw{{Kind: topo.HoleOutside, At: pt(-5, -5)}}},
		{"a hole across its shell", one(square, ring(5, 3, 5, 6, 15, 6, 15, 3)), []topo.Flaw{{Kind: topo.RingsCross, At: pt(9, 3)}, {Kind: topo.RingsCross, At: pt(9, 6)}}},
		{"holes that cross", one(square, ring(1, 1, 1, 5, 5, 5, 5, 1), ring(3, 3, 3, 8, 8, 8, 8, 3)), []topo.Flaw{{Kind: topo.RingsCross, At: pt(3, 5)}, {Kind: topo.RingsCross, At: pt(5, 3)}}},
		{"a hole in a hole", one(square, ring(1, 1, 1, 8, 8, 8, 8, 1), ring(3, 3, 3, 5, 5, 5, 5, 3)), []topo.Flaw{{Kind: topo.RingsCross, At: pt(3, 3)}}},
		{"parts that overlap", append(box(0, 0, 5, 5), box(3, 3, 9, 9)...), []topo.Flaw{{Kind: topo.PartsOverlap, At: pt(3, 5)}, {Kind: topo.PartsOverlap, At: pt(5, 3)}}},
		{"a part in a part", append(box(0, 0, 9, 9), box(3, 3, 5, 5)...), []topo.Flaw{{Kind: topo.PartsOverlap, At: pt(3, 3)}}},
		{"a part twice", append(box(0, 0, 9, 9), box(0, 0, 9, 9)...), []topo.Flaw{{Kind: topo.PartsOverlap, At: pt(0, 0)}}},
	} {
		clean, flaws := topo.Vet(c.shape)
		if clean != nil || !slices.Equal(flaws, c.want) {
			t.Errorf("%s: got %v, flaws %v, want %v", c.name, clean, flaws, c.want)
		}
	}
}

// However a valid shape is written, it is vetted to the same.
func TestVetForgetsHowItWasWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		want := topo.Union(drawTown(t, "AAB").squares('A'))
		var written shape.MultiPolygon
		for _, p := range want {
			var q shape.Polygon
			for _, r := range p {
				k := rapid.IntRange(0, len(r)-1).Draw(t, "start")
				r = slices.Concat(r[k:], r[:k])
				if rapid.Bool().Draw(t, "turned") {
					r = turned(r)
				}
				if rapid.Bool().Draw(t, "closed") {
					r = append(r, r[0])
				}
				k = rapid.IntRange(0, len(r)-1).Draw(t, "twice")
				q = append(q, slices.Insert(r, k, r[k]))
			}
			slices.SortStableFunc(q[1:], func(a, b shape.Ring) int { return len(a) - len(b) })
			written = append(written, q)
		}
		slices.Reverse(written)
		if got, flaws := topo.Vet(written); len(flaws) > 0 || !equal(got, want) {
			t.Fatalf("got %v, flaws %v, want %v", got, flaws, want)
		}
	})
}

// A ring is without flaw when no two of its sides meet but neighbours at their corner, and flawed when two cross or share
// a stretch.
func TestVetJudgesRingsAsLookingAtEachPairDoes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRing(t, rapid.SampledFrom([]int{4, 30}).Draw(t, "size"))
		sides := slices.DeleteFunc(lines(one(r)), func(l arrange.Line) bool { return l.From == l.To })
		simple, broken := len(sides) >= 3, len(sides) < 3
		for i, l := range sides {
			for j, m := range sides[:i] {
				common := 0
				for _, p := range rising(l.From, l.To, m.From, m.To) {
					if l.Holds(p) && m.Holds(p) {
						common++
					}
				}
				neighbours := i-j == 1 || i-j == len(sides)-1
				broken = broken || l.Crosses(m) || common > 1
				simple = simple && !l.Crosses(m) && (common == 0 || common == 1 && neighbours)
			}
		}
		clean, flaws := topo.Vet(one(r))
		if simple && (len(flaws) > 0 || len(clean) != 1 || len(clean[0]) != 1) || broken && len(flaws) == 0 {
			t.Fatalf("simple %v, broken %v, but vetted to %v, flaws %v", simple, broken, clean, flaws)
		}
		if len(flaws) == 0 {
			wantValid(t, "vetted", clean)
			if area := twiceArea(one(r)); twiceArea(clean) != max(area, -area) {
				t.Fatalf("%v has not the ground of %v", clean, r)
			}
		}
	})
}

func rising(points ...crs.Point) []crs.Point {
	slices.SortFunc(points, crs.Point.Compare)
	return slices.Compact(points)
}

// Files that are known to be wrong, and some that only look so.
func TestVetKnownBadFiles(t *testing.T) {
	dir := sharedData + "dirty-geojson-invalid/examples/"
	for _, c := range []struct{ file, want string }{
		{"invalid_geometries/invalid_exterior_not_ccw.geojson", ""},
		{"invalid_geometries/invalid_interior_not_cw.geojson", ""},
		{"invalid_geometries/invalid_unclosed.geojson", ""},
		{"invalid_geometries/invalid_less_three_unique_nodes.geojson", topo.FewPoints},
		{"problematic_geometries/problematic_duplicate_nodes.geojson", ""},
		{"problematic_geometries/problematic_holes.geojson", ""},
		{"problematic_geometries/problematic_self_intersection_small.geojson", topo.SelfCrossing},
		{"problematic_geometries/problematic_self_intersection_large.geojson", topo.SelfCrossing},
		{"problematic_geometries/problematic_inner_and_exterior_ring_intersect.geojson", topo.RingsCross},
	} {
		text, err := os.ReadFile(dir + c.file)
		if err != nil {
			t.Skip("the files with flaws are not here:", err)
		}
		type geometry struct {
			Type        string
			Coordinates json.RawMessage
			Geometry    *geometry
			Features    []geometry
		}
		var g geometry
		if err := json.Unmarshal(text, &g); err != nil {
			t.Fatal(err)
		}
		for len(g.Features) > 0 || g.Geometry != nil {
			if len(g.Features) > 0 {
				g = g.Features[0]
			} else {
				g = *g.Geometry
			}
		}
		got := ""
		if _, flaws := topo.Vet(readShape(t, g.Type, g.Coordinates)); len(flaws) > 0 {
			got = flaws[0].Kind
		}
		if got != c.want {
			t.Errorf("%s: got %q, want %q", c.file, got, c.want)
		}
	}
}
