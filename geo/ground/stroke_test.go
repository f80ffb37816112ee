package ground_test

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// shaken returns blocks of 100 m or so in columns and rows from the south-west, whose corners are moved a little.
func shaken(t *rapid.T, columns, rows int) []shape.MultiPolygon {
	const side = 10_000
	corner := map[[2]int]crs.Point{}
	for x := range columns + 1 {
		for y := range rows + 1 {
			corner[[2]int{x, y}] = crs.Point{Lon: 1_040_000_000 + crs.Coord(x*side+rapid.IntRange(-2500, 2500).Draw(t, "dx")),
				Lat: 397_000_000 + crs.Coord(y*side+rapid.IntRange(-2500, 2500).Draw(t, "dy"))}
		}
	}
	var blocks []shape.MultiPolygon
	for y := range rows {
		for x := range columns {
			ring := shape.Ring{corner[[2]int{x, y}], corner[[2]int{x + 1, y}], corner[[2]int{x + 1, y + 1}], corner[[2]int{x, y + 1}]}
			blocks = append(blocks, topo.Union([]shape.MultiPolygon{{{ring}}}))
		}
	}
	return blocks
}

// turnedHouse returns a footprint of metres by metres, turned.
func turnedHouse(t *rapid.T, at crs.Point) shape.MultiPolygon {
	long, wide := rapid.Float64Range(300, 3000).Draw(t, "long"), rapid.Float64Range(300, 1200).Draw(t, "wide")
	turn := rapid.Float64Range(0, math.Pi).Draw(t, "turn")
	var ring shape.Ring
	for _, c := range [][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		x, y := c[0]*long/2, c[1]*wide/2
		ring = append(ring, crs.Point{Lon: at.Lon + crs.Coord(x*math.Cos(turn)-y*math.Sin(turn)), Lat: at.Lat + crs.Coord(x*math.Sin(turn)+y*math.Cos(turn))})
	}
	return topo.Union([]shape.MultiPolygon{{{ring}}})
}

func edges(m shape.MultiPolygon) (lines []arrange.Line) {
	for _, p := range m {
		for _, r := range p {
			for i, to := range r {
				lines = append(lines, arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to})
			}
		}
	}
	return lines
}

// Whatever line is drawn over whatever blocks: the parts cover the ground as before, neighbours share their sides vertex for vertex, no
// building is cut, counts add up, no part is too small, and the same stroke gives the same parts.
func TestStrokesPartTheGround(t *testing.T) {
	divided, detours := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		const columns, rows = 4, 3
		all := shaken(t, columns, rows)
		in := ground.Stroke{Share: true}
		for i, m := range all {
			if i%columns < 3 {
				in.Blocks = append(in.Blocks, ground.Whole{Shape: m, Counts: []int64{rapid.Int64Range(0, 50).Draw(t, "n")}})
			} else {
				in.Beside = append(in.Beside, m)
			}
		}
		for i := range rapid.IntRange(2, 4).Draw(t, "bends") {
			in.Line = append(in.Line, crs.Point{Lon: 1_040_000_000 + crs.Coord(rapid.IntRange(-4_000, 44_000).Draw(t, "x")),
				Lat: 397_000_000 + crs.Coord(-6_000+i*14_000+rapid.IntRange(0, 9_000).Draw(t, "y"))})
		}
		for range rapid.IntRange(0, 10).Draw(t, "houses") {
			at := crs.Point{Lon: 1_040_000_000 + crs.Coord(rapid.IntRange(0, 30_000).Draw(t, "x")), Lat: 397_000_000 + crs.Coord(rapid.IntRange(0, 30_000).Draw(t, "y"))}
			if rapid.Bool().Draw(t, "on the line") {
				from, to := in.Line[0], in.Line[1]
				share := rapid.Float64Range(0, 1).Draw(t, "share")
				at = crs.Point{Lon: from.Lon + crs.Coord(share*float64(to.Lon-from.Lon)), Lat: from.Lat + crs.Coord(share*float64(to.Lat-from.Lat))}
			}
			in.Buildings = append(in.Buildings, ground.Building{Counts: []int64{rapid.Int64Range(0, 9).Draw(t, "people")}, Shape: turnedHouse(t, at)})
		}
		p, err := in.Part(t.Context())
		if _, ok := errors.AsType[*ground.StrokeError](err); ok {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		again, err := in.Part(t.Context())
		if err != nil || !sameParts(p, again) {
			t.Fatalf("the same stroke parts the ground otherwise: %v", err)
		}
		var before, after []shape.MultiPolygon
		for i := range in.Blocks {
			before = append(before, in.Blocks[i].Shape)
			var sum int64
			for _, part := range p.Parts[i] {
				divided++
				after, sum = append(after, part.Shape), sum+part.Counts[0]
				if len(part.Shape) != 1 {
					t.Fatalf("a part of block %d is of %d polygons", i, len(part.Shape))
				}
				if part.Area < 390 {
					t.Fatalf("a part of block %d has %f m2", i, part.Area)
				}
			}
			switch {
			case p.Parts[i] != nil && sum != in.Blocks[i].Counts[0]:
				t.Fatalf("block %d counts %d and its parts %d", i, in.Blocks[i].Counts[0], sum)
			case p.Parts[i] == nil && p.Shapes[i] != nil:
				after = append(after, p.Shapes[i])
			case p.Parts[i] == nil:
				after = append(after, in.Blocks[i].Shape)
			}
		}
		for i, m := range in.Beside {
			before = append(before, m)
			if again := p.Shapes[len(in.Blocks)+i]; again != nil {
				m = again
			}
			after = append(after, m)
		}
		detours += len(p.Moved)
		fits(t, before, after)
		for b := range in.Buildings {
			footprint := in.Buildings[b].Shape
			if runsThrough(before, footprint) {
				continue // as it was before
			}
			if runsThrough(after, footprint) {
				t.Fatalf("building %d is cut", b)
			}
		}
	})
	if divided == 0 || detours == 0 {
		t.Errorf("%d parts were made and %d buildings gone round: the test looks at nothing", divided, detours)
	}
}

func sameParts(a, b *ground.Parted) bool {
	return slices.Equal(a.Far, b.Far) && slices.EqualFunc(a.Parts, b.Parts, func(p, q []ground.Part) bool {
		return slices.EqualFunc(p, q, func(x, y ground.Part) bool {
			return x.Far == y.Far && slices.Equal(x.Counts, y.Counts) && slices.Equal(x.Shape[0][0], y.Shape[0][0])
		})
	})
}

// fits looks whether a coverage covers what it did, and its members meet vertex for vertex.
func fits(t *rapid.T, before, after []shape.MultiPolygon) {
	was, is := topo.Union(before), topo.Union(after)
	if d := float64(was.Area() - is.Area()); d > 1 || d < -1 {
		t.Fatalf("%f m2 are lost", d)
	}
	var lines []arrange.Line
	for _, m := range after {
		for _, l := range edges(m) {
			lines = append(lines, l.Upward())
		}
	}
	slices.SortFunc(lines, func(a, b arrange.Line) int {
		if c := a.From.Compare(b.From); c != 0 {
			return c
		}
		return a.To.Compare(b.To)
	})
	lines = slices.Compact(lines)
	arrange.Meetings(lines, func(i, j int32) bool {
		a, b := lines[i], lines[j]
		inner := func(l arrange.Line, v crs.Point) bool { return l.Holds(v) && v != l.From && v != l.To }
		if a.Crosses(b) || inner(a, b.From) || inner(a, b.To) || inner(b, a.From) || inner(b, a.To) {
			t.Fatalf("sides %v and %v do not fit", a, b)
		}
		return true
	})
}

// runsThrough reports whether a side of one of the blocks runs through a footprint: also one that begins and ends at its walls.
func runsThrough(blocks []shape.MultiPolygon, footprint shape.MultiPolygon) bool {
	walls := edges(footprint)
	for _, m := range blocks {
		for _, l := range edges(m) {
			middle := crs.Point{Lon: l.From.Lon + (l.To.Lon-l.From.Lon)/2, Lat: l.From.Lat + (l.To.Lat-l.From.Lat)/2}
			if slices.ContainsFunc(walls, l.Crosses) || topo.Inside(l.From, footprint) || topo.Inside(middle, footprint) {
				return true
			}
		}
	}
	return false
}

// A line that bulges from the border of two moves what lies between; parity tells what that is.
func TestAStrokeTakesThePlaceOfABorder(t *testing.T) {
	square := func(x, y int) shape.MultiPolygon {
		at := func(dx, dy int) crs.Point {
			return crs.Point{Lon: 1_040_000_000 + crs.Coord((x+dx)*10_000), Lat: 397_000_000 + crs.Coord((y+dy)*10_000)}
		}
		return shape.MultiPolygon{{{at(0, 0), at(1, 0), at(1, 1), at(0, 1)}}}
	}
	var in ground.Stroke
	var shapes []shape.MultiPolygon
	var mine []bool
	for y := range 3 {
		for x := range 4 {
			shapes, mine = append(shapes, square(x, y)), append(mine, x < 2)
			in.Blocks = append(in.Blocks, ground.Whole{Shape: square(x, y), Counts: []int64{1}})
		}
	}
	in.Border = ground.BorderBetween(shapes, mine)
	if len(in.Border) != 3 {
		t.Fatalf("the border has %d sides", len(in.Border))
	}
	at := func(x, y float64) crs.Point {
		return crs.Point{Lon: 1_040_000_000 + crs.Coord(x*10_000), Lat: 397_000_000 + crs.Coord(y*10_000)}
	}
	// A little off the border, where a hand would let go.
	in.Line = []crs.Point{at(2.1, 1.05), at(3, 1), at(3, 2), at(1.95, 2)}
	p, err := in.Part(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for i := range shapes {
		if want := i == 6; p.Far[i] != want || p.Parts[i] != nil {
			t.Errorf("block %d: moved %v, in %d parts", i, p.Far[i], len(p.Parts[i]))
		}
	}
}
