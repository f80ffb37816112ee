package crs

import "math"

// Unplaced are the systems of files whose system is not known yet: Point keeps two numbers as they are, on a grid of its own, and
// Numbers gives them back. A point of theirs is no place. The first takes what may be degrees (below 400), to 1e-7; the second what may
// be metres, to 1/40.
var Unplaced = [2]System{
	{name: "degrees", kind: nowhere, tm: transverse{scale: 5e6, east: 400}},
	{name: "metres", kind: nowhere, tm: transverse{scale: 40, east: 50_000_000}},
}

// unplaced keeps numbers in a point.
func (s System) unplaced(a, b float64) (Point, error) {
	if !(math.Abs(a) < s.tm.east && math.Abs(b) < s.tm.east) { // also catches NaN
		return Point{}, &SystemError{"beyond", s.name}
	}
	return Point{Coord(math.Round(a * s.tm.scale)), Coord(math.Round(b * s.tm.scale))}, nil
}

// placeless returns the numbers a point keeps.
func (s System) placeless(p Point) (a, b float64) {
	return float64(p.Lon) / s.tm.scale, float64(p.Lat) / s.tm.scale
}
