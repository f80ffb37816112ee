package topo

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
)

// Union dissolves members of a coverage: shapes that share no ground and whose common borders are the same vertex for
// vertex. A border between two of them is drawn once in each direction and cancels; what is left is the border of all.
// Every vertex on it is kept, also where it goes straight on, so that the union's neighbours fit it as they fitted the
// members.
//
// The result is valid by the rules of the OGC: rings touch in single points only, and ground that hangs together by a
// point alone is two polygons. Shells run counter-clockwise, holes clockwise, each from its smallest point; polygons, and
// the holes of each, come in the order of their first points. Of no pieces the union is empty. It shares no memory with
// the pieces, and does not depend on their order. The cost is O(n log n).
func Union(pieces []shape.MultiPolygon) shape.MultiPolygon {
	return assemble(uncancelled(linesOf(pieces)))
}

// Outline makes the shape of ground that has the lines as its border, the ground on the left of each: what Union makes of
// pieces, for one who has their borders already. The lines must meet only at their ends, and none may come twice or in both
// directions. It reuses the slice.
func Outline(lines []arrange.Line) shape.MultiPolygon { return assemble(lines) }

// linesOf returns the lines of all rings. Lines of no length are left out.
func linesOf(pieces []shape.MultiPolygon) []arrange.Line {
	n := 0
	for _, m := range pieces {
		for _, p := range m {
			for _, r := range p {
				n += len(r)
			}
		}
	}
	lines := make([]arrange.Line, 0, n)
	for _, m := range pieces {
		for _, p := range m {
			for _, r := range p {
				lines = appendRing(lines, r)
			}
		}
	}
	return lines
}

func appendRing(lines []arrange.Line, r shape.Ring) []arrange.Line {
	if len(r) == 0 {
		return lines
	}
	last := r[len(r)-1]
	for _, p := range r {
		if p != last {
			lines = append(lines, arrange.Line{From: last, To: p})
		}
		last = p
	}
	return lines
}

// uncancelled returns the lines that are not drawn as often in the other direction. It reuses the slice.
func uncancelled(lines []arrange.Line) []arrange.Line {
	slices.SortFunc(lines, func(l, m arrange.Line) int {
		lf, lt, mf, mt := l.From, l.To, m.From, m.To
		if lf.Compare(lt) > 0 {
			lf, lt = lt, lf
		}
		if mf.Compare(mt) > 0 {
			mf, mt = mt, mf
		}
		return cmp.Or(lf.Compare(mf), lt.Compare(mt), l.From.Compare(m.From))
	})
	kept := lines[:0]
	for _, l := range lines {
		if n := len(kept); n > 0 && kept[n-1].From == l.To && kept[n-1].To == l.From {
			kept = kept[:n-1]
		} else {
			kept = append(kept, l)
		}
	}
	return kept
}
