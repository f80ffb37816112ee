package topo_test

import (
	"slices"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// drawRing draws any closed line.
func drawRing(t *rapid.T, size int) shape.Ring {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) crs.Point {
		return pt(rapid.IntRange(0, size).Draw(t, "lon"), rapid.IntRange(0, size).Draw(t, "lat"))
	}), 3, 8).Draw(t, "ring")
}

// drawPieces draws shapes that cross each other and themselves all the time, on a grid so small that they are often near.
func drawPieces(t *rapid.T) (pieces []shape.MultiPolygon) {
	size := rapid.SampledFrom([]int{3, 10, 1000}).Draw(t, "size")
	for range rapid.IntRange(0, 5).Draw(t, "pieces") {
		var m shape.MultiPolygon
		for range rapid.IntRange(1, 2).Draw(t, "parts") {
			m = append(m, shape.Polygon{drawRing(t, size)})
		}
		pieces = append(pieces, m)
	}
	return pieces
}

// lines returns every side of a shape.
func lines(m shape.MultiPolygon) (sides []arrange.Line) {
	for _, p := range m {
		for _, r := range p {
			for i, to := range r {
				sides = append(sides, arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to})
			}
		}
	}
	return sides
}

// strictlyInside reports whether a point lies in a shape and on none of its sides.
func strictlyInside(p crs.Point, m shape.MultiPolygon) bool {
	sides := lines(m)
	if slices.ContainsFunc(sides, func(l arrange.Line) bool { return l.Holds(p) }) {
		return false
	}
	winds := 0
	for _, l := range sides {
		switch {
		case l.From.Lat <= p.Lat && p.Lat < l.To.Lat && l.Side(p) > 0:
			winds++
		case l.To.Lat <= p.Lat && p.Lat < l.From.Lat && l.Side(p) < 0:
			winds--
		}
	}
	return winds != 0
}
