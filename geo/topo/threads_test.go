package topo

import (
	"cmp"
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

func TestThreads(t *testing.T) {
	at := func(x, y crs.Coord) crs.Point { return crs.Point{Lon: x, Lat: y} }
	// A fork with three arms at (5,5), one of two lines, and a ring apart from it.
	lines := []arrange.Line{
		{From: at(5, 5), To: at(9, 5)}, {From: at(0, 5), To: at(2, 5)}, {From: at(5, 5), To: at(2, 5)}, {From: at(5, 8), To: at(5, 5)},
		{From: at(21, 20), To: at(20, 20)}, {From: at(21, 21), To: at(20, 20)}, {From: at(21, 20), To: at(21, 21)},
	}
	want := [][]crs.Point{
		{at(0, 5), at(2, 5), at(5, 5)},
		{at(5, 5), at(5, 8)},
		{at(5, 5), at(9, 5)},
		{at(20, 20), at(21, 20), at(21, 21), at(20, 20)},
	}
	if diff := gocmp.Diff(want, Threads(lines)); diff != "" {
		t.Error(diff)
	}
}

// Every line is part of one path, paths end only where not two lines meet, and neither order nor direction matters.
func TestThreadsOfAnyLines(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		point := rapid.Custom(func(t *rapid.T) crs.Point {
			return crs.Point{Lon: crs.Coord(rapid.IntRange(0, 3).Draw(t, "x")), Lat: crs.Coord(rapid.IntRange(0, 3).Draw(t, "y"))}
		})
		var lines []arrange.Line
		degree := map[crs.Point]int{}
		for range rapid.IntRange(0, 12).Draw(t, "n") {
			l := arrange.Line{From: point.Draw(t, "from"), To: point.Draw(t, "to")}
			if l.From == l.To || slices.ContainsFunc(lines, func(m arrange.Line) bool { return m.Upward() == l.Upward() }) {
				continue
			}
			lines = append(lines, l)
			degree[l.From]++
			degree[l.To]++
		}
		paths := Threads(lines)
		var walked []arrange.Line
		for _, p := range paths {
			for i := 1; i < len(p); i++ {
				walked = append(walked, arrange.Line{From: p[i-1], To: p[i]}.Upward())
			}
			for _, end := range []crs.Point{p[0], p[len(p)-1]} {
				if degree[end] == 2 && p[0] != p[len(p)-1] {
					t.Fatalf("a path ends at %v, where two lines meet", end)
				}
			}
			for _, within := range p[1 : len(p)-1] {
				if degree[within] != 2 {
					t.Fatalf("a path goes on through %v, where %d lines meet", within, degree[within])
				}
			}
		}
		var want []arrange.Line
		for _, l := range lines {
			want = append(want, l.Upward())
		}
		compare := func(l, m arrange.Line) int { return cmp.Or(l.From.Compare(m.From), l.To.Compare(m.To)) }
		slices.SortFunc(walked, compare)
		slices.SortFunc(want, compare)
		if !slices.Equal(walked, want) {
			t.Fatalf("walked along %v of %v", walked, want)
		}
		other := rapid.Permutation(lines).Draw(t, "order")
		for i := range other {
			if rapid.Bool().Draw(t, "turned") {
				other[i] = arrange.Line{From: other[i].To, To: other[i].From}
			}
		}
		if diff := gocmp.Diff(paths, Threads(other)); diff != "" {
			t.Fatal(diff)
		}
	})
}
