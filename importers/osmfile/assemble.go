package osmfile

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// flaw is why lines bound no area, and where.
type flaw struct {
	key string // of a sentence
	at  crs.Point
}

// The flaws of an outline.
const (
	flawOpen    = "osm.open"    // a ring is not closed
	flawCrosses = "osm.crosses" // lines meet where they have no node in common
	flawTwice   = "osm.twice"   // one ring is drawn by two ways
	flawEmpty   = "osm.empty"   // the lines bound nothing
)

// assemble makes the area that lines bound, whatever their order, directions and roles: what an odd number of them lies
// round is inside (the even-odd rule).
//
//  1. A piece of line that comes twice is inside on both sides or on neither, and bounds nothing.
//  2. Every point must have an even number of lines, or a ring is open; lines may meet at their ends only.
//  3. The lines are woven into faces (arrange.Weave). The ground outside everything is out; across each line it changes.
//  4. The faces that are in are polygons; topo.Vet takes those apart that touch themselves in a point.
//
// Two nodes at one place are one point. The cost is O(n log n).
func assemble(lines [][]crs.Point) (shape.MultiPolygon, *flaw) {
	if at, twice := ringTwice(lines); twice {
		return nil, &flaw{flawTwice, at}
	}
	pieces := oddPieces(lines)
	switch {
	case len(pieces) == 0 && len(lines) > 0 && len(lines[0]) > 0:
		return nil, &flaw{flawEmpty, lines[0][0]}
	case len(pieces) == 0:
		return nil, &flaw{flawEmpty, crs.Point{}}
	}
	if at, open := openEnd(pieces); open {
		return nil, &flaw{flawOpen, at}
	}
	if at, cross := crossing(pieces); cross {
		return nil, &flaw{flawCrosses, at}
	}
	segments := make([]arrange.Segment, len(pieces))
	for i, l := range pieces {
		segments[i] = arrange.Segment{Line: l}
	}
	woven, err := arrange.Weave(arrange.Join(segments), arrange.DefaultLimit(len(segments)))
	if err != nil {
		return nil, &flaw{flawCrosses, pieces[0].From}
	}
	clean, flaws := topo.Vet(facesWithin(woven))
	switch {
	case len(flaws) > 0:
		return nil, &flaw{flawCrosses, flaws[0].At}
	case len(clean) == 0:
		return nil, &flaw{flawEmpty, pieces[0].From}
	}
	return clean, nil
}

// piecesOf returns the straight pieces of a line, each from its smaller end, in order.
func piecesOf(line []crs.Point) []arrange.Line {
	var pieces []arrange.Line
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		switch c := a.Compare(b); {
		case c < 0:
			pieces = append(pieces, arrange.Line{From: a, To: b})
		case c > 0:
			pieces = append(pieces, arrange.Line{From: b, To: a})
		}
	}
	slices.SortFunc(pieces, comparePieces)
	return pieces
}

func comparePieces(l, m arrange.Line) int { return cmp.Or(l.From.Compare(m.From), l.To.Compare(m.To)) }

// ringTwice reports whether two of the lines are the same, and where they lie. Taken by the even-odd rule a hole that is
// drawn twice would be no hole.
func ringTwice(lines [][]crs.Point) (crs.Point, bool) {
	byFirst := map[arrange.Line][][]arrange.Line{}
	for _, line := range lines {
		pieces := piecesOf(line)
		if len(pieces) == 0 {
			continue
		}
		for _, other := range byFirst[pieces[0]] {
			if slices.Equal(pieces, other) {
				return pieces[0].From, true
			}
		}
		byFirst[pieces[0]] = append(byFirst[pieces[0]], pieces)
	}
	return crs.Point{}, false
}

// oddPieces returns the pieces that come an odd number of times, each once, in order.
func oddPieces(lines [][]crs.Point) []arrange.Line {
	var all []arrange.Line
	for _, line := range lines {
		all = append(all, piecesOf(line)...)
	}
	slices.SortFunc(all, comparePieces)
	odd := all[:0]
	for i := 0; i < len(all); {
		next := i
		for next < len(all) && all[next] == all[i] {
			next++
		}
		if (next-i)%2 == 1 {
			odd = append(odd, all[i])
		}
		i = next
	}
	return odd
}

// openEnd returns the first point where an odd number of pieces ends.
func openEnd(pieces []arrange.Line) (crs.Point, bool) {
	ends := make([]crs.Point, 0, 2*len(pieces))
	for _, l := range pieces {
		ends = append(ends, l.From, l.To)
	}
	slices.SortFunc(ends, crs.Point.Compare)
	for i := 0; i < len(ends); i += 2 {
		if i+1 == len(ends) || ends[i] != ends[i+1] {
			return ends[i], true
		}
	}
	return crs.Point{}, false
}

// crossing returns a place where two pieces meet that is not an end of both.
func crossing(pieces []arrange.Line) (at crs.Point, found bool) {
	arrange.Meetings(pieces, func(i, j int32) bool {
		l, m := pieces[i], pieces[j]
		if l.Crosses(m) {
			at, found = l.Crossing(m), true
			return false
		}
		for _, p := range [4]crs.Point{l.From, l.To, m.From, m.To} {
			if l.Holds(p) && m.Holds(p) && !(ends(l, p) && ends(m, p)) {
				at, found = p, true
				return false
			}
		}
		return true
	})
	return at, found
}

func ends(l arrange.Line, p crs.Point) bool { return l.From == p || l.To == p }

// facesWithin returns the faces an odd number of edges away from the ground outside, each as a polygon.
func facesWithin(a *arrange.Arrangement) shape.MultiPolygon {
	neighbours := make([][]int32, len(a.Faces))
	for e := range a.Edges {
		h := arrange.Half(int32(e))
		f, g := a.Face[h], a.Face[arrange.Twin(h)]
		neighbours[f] = append(neighbours[f], g)
		neighbours[g] = append(neighbours[g], f)
	}
	const unseen, out, in = 0, 1, 2
	side := make([]uint8, len(a.Faces))
	side[0] = out
	for next := []int32{0}; len(next) > 0; {
		f := next[len(next)-1]
		next = next[:len(next)-1]
		for _, g := range neighbours[f] {
			if side[g] == unseen {
				side[g] = out + in - side[f]
				next = append(next, g)
			}
		}
	}
	var m shape.MultiPolygon
	for f, s := range side {
		if s != in {
			continue
		}
		var p shape.Polygon
		for _, cycle := range a.Faces[f].Cycles {
			var r shape.Ring
			for h := range a.Cycle(cycle) {
				r = append(r, a.Nodes[a.Origin(h)])
			}
			p = append(p, r)
		}
		m = append(m, p)
	}
	return m
}
