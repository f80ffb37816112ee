package topo_test

import (
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// The squares of a letter dissolve into as many polygons as hang together, with just their ground, valid, and the same in
// any order; every corner of a square that is on the border is still there.
func TestUnionOfSquares(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTown(t, "AAB")
		squares := d.squares('A')
		m := topo.Union(squares)
		if len(m) != d.joined('A') {
			t.Fatalf("%d polygons, not %d: %v", len(m), d.joined('A'), m)
		}
		if got, want := twiceArea(m), twiceArea(squares...); got != want {
			t.Fatalf("twice the area is %d, not %d", got, want)
		}
		wantValid(t, "union", m)
		for _, p := range m {
			for i, r := range p {
				if area := twiceArea(one(r)); (area > 0) != (i == 0) {
					t.Fatalf("ring %d of %v runs the wrong way", i, p)
				}
				for j, to := range r {
					from := r[(j+len(r)-1)%len(r)]
					if d := max(to.Lon-from.Lon, from.Lon-to.Lon) + max(to.Lat-from.Lat, from.Lat-to.Lat); d != step {
						t.Fatalf("a corner between %v and %v is lost", from, to)
					}
				}
			}
		}
		if turned := topo.Union(rapid.Permutation(squares).Draw(t, "order")); !equal(m, turned) {
			t.Fatalf("in another order: %v, not %v", turned, m)
		}
	})
}

func TestUnionDrawn(t *testing.T) {
	for _, c := range []struct {
		name, town string
		want       shape.MultiPolygon // straightened
	}{
		{"two squares that touch in a point are two parts", `
			.A
			A.`, shape.MultiPolygon{box(0, 0, 1000, 1000)[0], box(1000, 1000, 2000, 2000)[0]}},
		{"a hole", `
			AAA
			A.A
			AAA`, one(ring(0, 0, 3000, 0, 3000, 3000, 0, 3000), ring(1000, 1000, 1000, 2000, 2000, 2000, 2000, 1000))},
		{"two holes that touch in a point", `
			AAAA
			A.AA
			AA.A
			AAAA`, one(ring(0, 0, 4000, 0, 4000, 4000, 0, 4000),
			ring(1000, 2000, 1000, 3000, 2000, 3000, 2000, 2000), ring(2000, 1000, 2000, 2000, 3000, 2000, 3000, 1000))},
		{"an island in a lake", `
			AAAAA
			A...A
			A.A.A
			A...A
			AAAAA`, shape.MultiPolygon{
			{ring(0, 0, 5000, 0, 5000, 5000, 0, 5000), ring(1000, 1000, 1000, 4000, 4000, 4000, 4000, 1000)},
			{ring(2000, 2000, 3000, 2000, 3000, 3000, 2000, 3000)}}},
		{"a bay that touches the outside in a point is a hole", `
			AA.
			A.A
			AAA`, one(ring(0, 0, 3000, 0, 3000, 2000, 2000, 2000, 2000, 3000, 0, 3000), ring(1000, 1000, 1000, 2000, 2000, 2000, 2000, 1000))},
		{"nothing", `.`, nil},
	} {
		if got := straightened(topo.Union(draw(c.town).squares('A'))); !equal(got, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// One who has the border of some ground gets what Union makes of the ground.
func TestOutlineIsUnion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := topo.Union(drawTown(t, "AAB").squares('A'))
		if got := topo.Outline(rapid.Permutation(lines(m)).Draw(t, "order")); !equal(got, m) {
			t.Fatalf("the outline is %v, not %v", got, m)
		}
	})
}

// Against the agreement, pieces may share ground: Union must still come to an end.
func TestUnionOfWhatIsNoCoverage(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) { topo.Union(drawPieces(t)) })
}

// The point of a label is strictly inside wherever the grid has a point there.
func TestLabelPointIsInside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, flaws := topo.Vet(one(drawRing(t, rapid.SampledFrom([]int{3, 8, 40, 100_000}).Draw(t, "size"))))
		if len(flaws) > 0 || len(m) > 1 {
			t.Skip("no simple ring")
		}
		if p := topo.LabelPoint(m); !strictlyInside(p, m) && anyInside(m[0]) {
			t.Fatalf("%v is not inside %v", p, m)
		}
	})
}

// anyInside reports whether a polygon without holes has a grid point inside, by Pick's theorem: of twice its area and the
// grid points on its border follows how many lie inside.
func anyInside(p shape.Polygon) bool {
	twice, border := int64(0), int64(0)
	for _, l := range lines(shape.MultiPolygon{p}) {
		x, y := int64(l.From.Lon), int64(l.From.Lat)
		dx, dy := int64(l.To.Lon)-x, int64(l.To.Lat)-y
		twice += x*dy - y*dx
		border += gcd(max(dx, -dx), max(dy, -dy))
	}
	return twice-border+2 > 0
}

func gcd(a, b int64) int64 {
	for b != 0 {
		a, b = b, a%b
	}
	return a
}

func TestLabelPointDrawn(t *testing.T) {
	for _, c := range []struct {
		name  string
		shape shape.MultiPolygon
		near  shape.MultiPolygon // where the point must lie
	}{
		{"the middle of a square", box(0, 0, 1000, 1000), box(450, 450, 550, 550)},
		{"the wide end of a spoon", one(ring(0, 0, 5000, 0, 5000, -500, 6000, -500, 6000, 520, 5000, 520, 5000, 20, 0, 20)), box(5300, -200, 5700, 200)},
		{"beside the hole", one(ring(0, 0, 1000, 0, 1000, 1000, 0, 1000), ring(10, 10, 10, 990, 600, 990, 600, 10)), box(700, 100, 900, 900)},
		{"the larger part", append(box(0, 0, 10, 10), box(100, 0, 200, 100)...), box(140, 40, 160, 60)},
		{"a strip two steps wide", one(ring(0, 0, 2, 0, 100_002, 100_000, 100_000, 100_000)), box(-1, -1, 100_003, 100_001)},
		{"the only grid point there is", one(ring(0, 0, 2, 1, 1, 2)), box(0, 0, 2, 2)},
		{"one row in a long strip", one(ring(0, 0, 900_000, 0, 900_000, 2, 0, 2)), box(100_000, 0, 800_000, 2)},
	} {
		p := topo.LabelPoint(c.shape)
		if !strictlyInside(p, c.shape) || !strictlyInside(p, c.near) {
			t.Errorf("%s: %v", c.name, p)
		}
	}
	if p := topo.LabelPoint(nil); p != pt(0, 0) {
		t.Errorf("of nothing: %v", p)
	}
	if p := topo.LabelPoint(one(ring(0, 0, 1, 0, 0, 1))); p != pt(0, 0) {
		t.Errorf("where the grid has no point inside: %v, not the first corner", p)
	}
}
