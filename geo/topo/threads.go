package topo

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// Threads joins lines end to end into as few paths as can be, whatever their order and directions: a path ends only where
// not exactly two lines meet, and begins at the smaller of its two ends; a ring begins and ends at its smallest point and goes to
// the smaller of that one's neighbours first. Paths come in the order of their points. No line may come twice.
func Threads(lines []arrange.Line) [][]crs.Point {
	t := &threader{halves: make([]half, 0, 2*len(lines)), used: make([]bool, len(lines))}
	for i, l := range lines {
		t.halves = append(t.halves, half{l, int32(i)}, half{arrange.Line{From: l.To, To: l.From}, int32(i)})
	}
	slices.SortFunc(t.halves, func(a, b half) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	var paths [][]crs.Point
	for _, rings := range []bool{false, true} { // what is left when all ends are used up are rings
		for _, h := range t.halves {
			if !t.used[h.line] && (rings || len(t.from(h.From)) != 2) {
				paths = append(paths, t.follow(h))
			}
		}
	}
	slices.SortFunc(paths, func(p, q []crs.Point) int { return slices.CompareFunc(p, q, crs.Point.Compare) })
	return paths
}

// half is a line in one of its directions.
type half struct {
	arrange.Line
	line int32
}

type threader struct {
	halves []half // by From, To
	used   []bool // by line
}

// from returns the halves that leave a point.
func (t *threader) from(p crs.Point) []half {
	first, _ := slices.BinarySearchFunc(t.halves, p, func(h half, p crs.Point) int { return h.From.Compare(p) })
	last := first
	for last < len(t.halves) && t.halves[last].From == p {
		last++
	}
	return t.halves[first:last]
}

// follow walks from a half to the end of its path, or once round the ring.
func (t *threader) follow(h half) []crs.Point {
	path := []crs.Point{h.From}
	for {
		t.used[h.line] = true
		path = append(path, h.To)
		next := t.from(h.To)
		if len(next) != 2 {
			return path
		}
		switch {
		case !t.used[next[0].line]:
			h = next[0]
		case !t.used[next[1].line]:
			h = next[1]
		default:
			return path
		}
	}
}
