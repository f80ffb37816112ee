package crs

import "math"

// How long an edge may be, in the numbers of the file, to be one edge of the ground, too. A straight line of one system is none of the
// other; the two lie furthest apart in the middle, by the square of the length L times the bend of the system over 8:
//
//   - Metres in a plane: the bend is that of a parallel in longitude and latitude, tan(latitude) / R. 250 m leave 7 mm at 80 degrees,
//     1 mm in Zhongwei. That of the projection itself is a hundred times less, 500 km from its meridian.
//   - BD-09: its waves of 40 m have a period of 0.12 degree, a bend of 1.1e5 metres a squared degree. 0.0005 degree leave 3.5 mm.
//   - GCJ-02: waves of 13 m with a period of 1/3 degree, a bend of 4.7e3. 0.0005 degree leave 0.15 mm.
//
// Both together, GCJ-02 or BD-09 in a plane, take 40 m, which is less than 0.0005 degree up to 35 degrees and 7 mm beyond.
const (
	longestMetres  = 250.0
	longestShifted = 40.0   // metres
	longestDegrees = 0.0005 // of GCJ-02 and BD-09
)

// maxPieces is how many pieces an edge may be taken in. An edge that needs more is 200 km long and no edge of a city.
const maxPieces = 5000

// pieces returns how many equal pieces an edge between two pairs of numbers is taken in, so that no place on it is off by a
// centimetre. It decides by differences and comparisons alone.
func (s System) pieces(dx, dy float64) int {
	longest := longestMetres
	switch {
	case s.kind == nowhere || s.kind == geographic && (s.datum == "" || s.datum == WGS84):
		return 1
	case s.kind == geographic:
		longest = longestDegrees
	case s.datum != "" && s.datum != WGS84:
		longest = longestShifted
	}
	n := math.Ceil(max(math.Abs(dx), math.Abs(dy)) / longest)
	if !(n > 1) { // also catches NaN
		return 1
	}
	return int(min(n, maxPieces+1))
}

// Between calls add for the numbers an edge gets between its ends, from the first to the second. The edge turned round gets the very
// same numbers, so that two neighbours who draw one border keep one. It reports whether the edge is short enough to be one of a city;
// nothing is added to one that is not.
func (s System) Between(ax, ay, bx, by float64, add func(x, y float64)) bool {
	n := s.pieces(bx-ax, by-ay)
	if n > maxPieces {
		return false
	}
	turned := ax > bx || ax == bx && ay > by
	if turned {
		ax, ay, bx, by = bx, by, ax, ay
	}
	for i := 1; i < n; i++ {
		at := float64(i)
		if turned {
			at = float64(n - i)
		}
		part := at / float64(n)
		add(ax+(bx-ax)*part, ay+(by-ay)*part)
	}
	return true
}
