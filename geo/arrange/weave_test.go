package arrange_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

func ring(label int32, points ...crs.Point) (segments []arrange.Segment) {
	for i, p := range points {
		segments = append(segments, arrange.Segment{Line: arrange.Line{From: p, To: points[(i+1)%len(points)]}, Label: label})
	}
	return segments
}

func square(label int32, lon, lat, size int) []arrange.Segment {
	return ring(label, pt(lon, lat), pt(lon+size, lat), pt(lon+size, lat+size), pt(lon, lat+size))
}

func weave(t rapid.TB, net *arrange.Net) *arrange.Arrangement {
	t.Helper()
	a, err := arrange.Weave(net, plenty)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func drawRings(t *rapid.T) (segments []arrange.Segment) {
	size := rapid.SampledFrom([]int{4, 12, 200}).Draw(t, "size")
	for label := range rapid.Int32Range(1, 5).Draw(t, "rings") {
		points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) crs.Point {
			return pt(rapid.IntRange(0, size).Draw(t, "lon"), rapid.IntRange(0, size).Draw(t, "lat"))
		}), 3, 8).Draw(t, "ring")
		segments = append(segments, ring(label, points...)...)
	}
	return segments
}

// twice returns twice the area to the left of a cycle; what it runs round from outside counts as less than nothing.
func twice(a *arrange.Arrangement, cycle int32) (sum int64) {
	for h := range a.Cycle(cycle) {
		p, q := a.Nodes[a.Origin(h)], a.Nodes[a.Origin(arrange.Twin(h))]
		sum += int64(p.Lon)*int64(q.Lat) - int64(q.Lon)*int64(p.Lat)
	}
	return sum
}

// Every half has a face, the outer border of a face is the only one that runs counter-clockwise, the turns of two
// neighbours differ by those of the edge between them, faces fill the ground once, and nodes, edges and faces keep
// Euler's formula.
func TestFacesFillTheGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := snap(t, drawRings(t))
		a := weave(t, net)
		var ground int64
		cycles := 0
		for f, face := range a.Faces {
			for i, c := range face.Cycles {
				cycles++
				area := twice(a, c)
				ground += area
				if outer := i == 0 && f > 0; outer != (area > 0) {
					t.Fatalf("cycle %d of face %d has twice the area %d", i, f, area)
				}
				for h := range a.Cycle(c) {
					if a.Face[h] != int32(f) {
						t.Fatalf("half %d is of face %d, not %d", h, a.Face[h], f)
					}
				}
			}
		}
		if ground != 0 {
			t.Fatalf("the ground and what lies outside differ by %d", ground)
		}
		islands := cycles - (len(a.Faces) - 1)
		if euler := len(a.Nodes) - len(a.Edges) + len(a.Faces); euler != 1+islands {
			t.Fatalf("nodes - edges + faces = %d with %d islands", euler, islands)
		}
		for e := range a.Edges {
			left, right := a.Face[arrange.Half(int32(e))], a.Face[arrange.Twin(arrange.Half(int32(e)))]
			for label := range int32(5) {
				if d := count(a.Faces[left].Turns, label) - count(a.Faces[right].Turns, label); d != count(a.Edges[e].Turns, label) {
					t.Fatalf("label %d differs by %d across %v", label, d, a.Line(e))
				}
			}
		}
	})
}

func count(turns []arrange.Turn, label int32) int32 {
	for _, t := range turns {
		if t.Label == label {
			return t.Count
		}
	}
	return 0
}

// Islands and holes lie in the faces they should: each face is told by the labels that wind round it.
func TestNesting(t *testing.T) {
	for _, c := range []struct {
		name     string
		segments []arrange.Segment
		want     [][]int32 // labels of the faces from west to east
	}{
		{"one square", square(1, 0, 0, 10), [][]int32{{1}}},
		{"apart", slices.Concat(square(1, 0, 0, 10), square(2, 20, 3, 10)), [][]int32{{1}, {2}}},
		{"an island in an island", slices.Concat(square(1, 0, 0, 10), square(2, 2, 2, 6), square(3, 4, 4, 2)), [][]int32{{1}, {1, 2}, {1, 2, 3}}},
		{"two islands, one above the other", slices.Concat(square(1, 0, 0, 10), square(2, 4, 2, 2), square(3, 4, 5, 2)), [][]int32{{1}, {1, 2}, {1, 3}}},
		{"an island touches the shore", slices.Concat(square(1, 0, 0, 10), ring(2, pt(0, 5), pt(4, 4), pt(4, 6))), [][]int32{{1}, {1, 2}}},
		{"neighbours", slices.Concat(square(1, 0, 0, 10), square(2, 10, 0, 10)), [][]int32{{1}, {2}}},
		{"overlap", slices.Concat(square(1, 0, 0, 10), square(2, 5, 5, 10)), [][]int32{{1}, {1, 2}, {2}}},
		{"above a shore of several edges", slices.Concat(ring(1, pt(0, 0), pt(3, 1), pt(5, 0), pt(9, 0), pt(9, 9), pt(0, 9)), square(2, 3, 4, 2), square(3, 20, 1, 1)), [][]int32{{1}, {1, 2}, {3}}},
		{"nothing", nil, nil},
	} {
		a := weave(t, snap(t, c.segments))
		var got [][]int32
		for _, f := range a.Faces[1:] {
			var labels []int32
			for _, turn := range f.Turns {
				labels = append(labels, turn.Label)
			}
			got = append(got, labels)
		}
		if !slices.EqualFunc(got, c.want, slices.Equal) {
			t.Errorf("%s: got %v, want %v", c.name, got, c.want)
		}
	}
}

// Lines with labels below 0 divide and wind round nothing, and neither a second time nor the way back cancels them.
func TestLinesDivideAndDoNotWind(t *testing.T) {
	line := func(label int32, from, to crs.Point) arrange.Segment {
		return arrange.Segment{Line: arrange.Line{From: from, To: to}, Label: label}
	}
	net := snap(t, slices.Concat(square(1, 0, 0, 10), []arrange.Segment{
		line(-1, pt(5, -5), pt(5, 15)), line(-2, pt(5, 15), pt(5, -5)), line(-2, pt(5, -5), pt(5, 15)), // through the square
		line(-3, pt(0, 0), pt(10, 0)), // along its side
		line(-4, pt(7, 5), pt(20, 5)), // comes to its end in it
	}))
	a := weave(t, net)
	if len(a.Faces) != 3 {
		t.Fatalf("%d faces, not those outside, west and east", len(a.Faces))
	}
	for f, face := range a.Faces[1:] {
		if !slices.Equal(face.Turns, []arrange.Turn{{Label: 1, Count: 1}}) {
			t.Errorf("face %d has the turns %v", f+1, face.Turns)
		}
	}
	var got []string
	for e := range a.Edges {
		got = append(got, fmt.Sprint(a.Line(e), a.Edges[e].Turns))
	}
	for _, want := range []string{
		fmt.Sprint(arrange.Line{From: pt(5, 0), To: pt(5, 10)}, []arrange.Turn{{Label: -2, Count: 2}, {Label: -1, Count: 1}}),
		fmt.Sprint(arrange.Line{From: pt(0, 0), To: pt(5, 0)}, []arrange.Turn{{Label: -3, Count: 1}, {Label: 1, Count: 1}}),
		fmt.Sprint(arrange.Line{From: pt(7, 5), To: pt(10, 5)}, []arrange.Turn{{Label: -4, Count: 1}}),
	} {
		if !slices.Contains(got, want) {
			t.Errorf("there is no %s in %v", want, got)
		}
	}
}

// The line under a point is the one that looking at every line finds.
func TestBelow(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := snap(t, drawSegments(t))
		lines := net.Lines()
		points := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) crs.Point {
			return pt(rapid.IntRange(-1, 25).Draw(t, "lon"), rapid.IntRange(-1, 25).Draw(t, "lat"))
		}), 0, 10).Draw(t, "points")
		for i, got := range arrange.Below(lines, points) {
			if want := highestUnder(lines, points[i]); got != want {
				t.Fatalf("under %v lies line %d, not %d of %v", points[i], want, got, lines)
			}
		}
	})
}

func highestUnder(lines []arrange.Line, p crs.Point) int32 {
	best, height, slope := int32(-1), 0.0, 0.0
	for i, l := range lines {
		if l.From.Lon > p.Lon || l.To.Lon <= p.Lon || l.Side(p) <= 0 {
			continue
		}
		s := float64(l.To.Lat-l.From.Lat) / float64(l.To.Lon-l.From.Lon)
		h := float64(l.From.Lat) + s*float64(p.Lon-l.From.Lon)
		if best < 0 || h > height+1e-9 || h > height-1e-9 && s > slope {
			best, height, slope = int32(i), h, s
		}
	}
	return best
}
