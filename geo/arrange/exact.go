package arrange

import (
	"cmp"
	"math/bits"

	"gridwright/geo/crs"
)

// Line is a straight line between two points.
type Line struct{ From, To crs.Point }

// Upward returns the line from the smaller of its ends to the larger.
func (l Line) Upward() Line {
	if l.From.Compare(l.To) > 0 {
		return Line{l.To, l.From}
	}
	return l
}

// vector is the way from one point to another.
type vector struct{ x, y int64 }

func way(from, to crs.Point) vector {
	return vector{int64(to.Lon) - int64(from.Lon), int64(to.Lat) - int64(from.Lat)}
}

// turn returns the sign of the cross product of two ways: 1 when v points to the left of u, -1 to the right.
//
// Between places on earth x stays within 3.6e9 and y within 1.8e9, so each product stays under 6.5e18 < 2^63. Their
// difference need not, so they are compared and never subtracted.
func turn(u, v vector) int { return cmp.Compare(u.x*v.y, u.y*v.x) }

// cross returns the size of the cross product of two ways. It is under 1.3e19 < 2^64.
func cross(u, v vector) uint64 {
	p, q := u.x*v.y, u.y*v.x
	if p < q {
		p, q = q, p
	}
	return uint64(p) - uint64(q)
}

// Side tells where p lies for one who walks along the line: 1 on the left, -1 on the right, 0 on the line or straight
// before or behind it.
func (l Line) Side(p crs.Point) int { return turn(way(l.From, l.To), way(l.From, p)) }

// boxHolds reports whether p lies in the smallest upright box round the line.
func (l Line) boxHolds(p crs.Point) bool {
	return min(l.From.Lon, l.To.Lon) <= p.Lon && p.Lon <= max(l.From.Lon, l.To.Lon) &&
		min(l.From.Lat, l.To.Lat) <= p.Lat && p.Lat <= max(l.From.Lat, l.To.Lat)
}

func (l Line) boxMeets(m Line) bool {
	return min(l.From.Lon, l.To.Lon) <= max(m.From.Lon, m.To.Lon) && min(m.From.Lon, m.To.Lon) <= max(l.From.Lon, l.To.Lon) &&
		min(l.From.Lat, l.To.Lat) <= max(m.From.Lat, m.To.Lat) && min(m.From.Lat, m.To.Lat) <= max(l.From.Lat, l.To.Lat)
}

// Holds reports whether p lies on the line, ends included.
func (l Line) Holds(p crs.Point) bool { return l.boxHolds(p) && l.Side(p) == 0 }

// Crosses reports whether each line has an end on either side of the other: they meet in one point, which is an end of
// neither.
func (l Line) Crosses(m Line) bool {
	return l.boxMeets(m) && l.Side(m.From)*l.Side(m.To) < 0 && m.Side(l.From)*m.Side(l.To) < 0
}

// Crossing returns the point where two lines that cross (Crosses) meet, rounded to the grid, halves upwards.
func (l Line) Crossing(m Line) crs.Point {
	u, v := way(l.From, l.To), way(m.From, m.To)
	share, whole := cross(way(l.From, m.From), v), cross(u, v) // the crossing is share/whole of the way along l
	return crs.Point{
		Lon: l.From.Lon + crs.Coord(portion(u.x, share, whole)),
		Lat: l.From.Lat + crs.Coord(portion(u.y, share, whole)),
	}
}

// portion returns d * share / whole rounded to the nearest whole number, halves upwards. share is at most whole.
func portion(d int64, share, whole uint64) int64 {
	size := uint64(d)
	if d < 0 {
		size = uint64(-d)
	}
	hi, lo := bits.Mul64(size, share)
	n, rest := bits.Div64(hi, lo, whole) // hi < whole, as size < 2^32 and share <= whole
	if d < 0 {
		if rest > whole-rest {
			n++
		}
		return -int64(n)
	}
	if rest >= whole-rest {
		n++
	}
	return int64(n)
}

// passes reports whether the line passes the pixel of p: the square of one grid step round it, with its western and
// southern sides but without its eastern and northern ones and three of its corners.
//
// The ends of the line are centres of pixels themselves, so a pixel with its centre outside the line's box is never
// passed. Inside the box both products of e have one sign, so e itself fits an int64.
func (l Line) passes(p crs.Point) bool {
	if !l.boxHolds(p) {
		return false
	}
	u, v := way(l.From, l.To), way(l.From, p)
	e := u.x*v.y - u.y*v.x
	if e > 1<<33 || e < -1<<33 { // further off than any corner can be, and twice as much might not fit
		return false
	}
	// What Side would say of the corners, at twice the scale: 2e ± x ± y.
	reach := max(u.x, -u.x) + max(u.y, -u.y)
	return -reach < 2*e && 2*e < reach || 2*e == u.x-u.y // the last is the south-western corner
}

// Clockwise reports whether one who stands at node, looks at from and turns to the right sees p before q. What lies
// straight towards from comes last.
func Clockwise(node, from, p, q crs.Point) bool {
	back, u, v := way(node, from), way(node, p), way(node, q)
	if h, k := half(back, u), half(back, v); h != k {
		return h < k
	}
	return turn(u, v) < 0
}

// half tells in which half of a clockwise round that begins at u the way v lies: 0 or 1 for the first and second half, 2
// for u itself.
func half(u, v vector) int {
	switch s := turn(u, v); {
	case s < 0:
		return 0
	case s > 0:
		return 1
	case (u.x > 0) != (v.x > 0) || (u.y > 0) != (v.y > 0):
		return 1
	}
	return 2
}
