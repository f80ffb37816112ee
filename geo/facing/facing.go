// Package facing tells which side of a piece of ground each edge of its outline is: the east, the south, the west or the north, as
// somebody would say who describes where it ends.
//
// The way of it:
//
//  1. Corners: the outline is straightened (Douglas and Peucker, 1973) by a tolerance in proportion to its size. So a river's bends and
//     the steps round a building say nothing, and the corners of an L do.
//  2. Each straight piece faces outward. It is of the side it faces most.
//  3. Unless the ground itself stands in the way there: then it lies in a bay, and is of the side the bay is open to.
//
// All decisions are made in whole millimetres.
package facing

import (
	"cmp"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Side is a side of the ground, in the order in which four bounds are told (四至).
type Side uint8

// The sides.
const (
	East Side = iota
	South
	West
	North
)

func flatten(points []crs.Point, flat crs.Flat) []crs.XY {
	out := make([]crs.XY, len(points))
	for i, p := range points {
		out[i] = flat.XY(p)
	}
	return out
}

// Sides returns of which side each edge of a ring is, the edge from ring[i] on at i. The ground lies on the left of the edges. tolerance is
// in millimetres.
func Sides(ring shape.Ring, flat crs.Flat, tolerance int64) []Side {
	points := flatten(ring, flat)
	kept := corners(points, tolerance)
	n := len(kept)
	chords := make([][2]crs.XY, n)
	for i, at := range kept {
		chords[i] = [2]crs.XY{points[at], points[kept[(i+1)%n]]}
	}
	sides := make([]Side, len(ring))
	for i, at := range kept {
		side := facing(i, chords)
		for j := at; ; {
			sides[j] = side
			if j = (j + 1) % len(ring); j == kept[(i+1)%n] {
				break
			}
		}
	}
	return sides
}

// facing returns of which side a chord is.
func facing(i int, chords [][2]crs.XY) Side {
	a, b := chords[i][0], chords[i][1]
	east, north := b.Y-a.Y, a.X-b.X // outward, to the right of the way from a to b
	wishes := []Side{lengthwise(east, East, West), lengthwise(north, North, South)}
	if abs(east) < abs(north) {
		slices.Reverse(wishes)
	}
	if 4*min(abs(east), abs(north)) <= max(abs(east), abs(north)) { // a wall of a bay may lean a little the other way
		wishes = append(wishes, (wishes[1]+2)%4)
	}
	eye := crs.XY{X: a.X + b.X + sign(east), Y: a.Y + b.Y + sign(north)} // doubled, as the middle may be a half; just outside
	for _, side := range wishes {
		if open(eye, i, chords, side) {
			return side
		}
	}
	return wishes[0]
}

func lengthwise(v int64, ahead, behind Side) Side {
	if v >= 0 {
		return ahead
	}
	return behind
}

func abs(v int64) int64  { return max(v, -v) }
func sign(v int64) int64 { return int64(cmp.Compare(v, 0)) }

// open reports whether one who looks from a point before a chord to a side sees no other chord. All is doubled.
func open(eye crs.XY, i int, chords [][2]crs.XY, side Side) bool {
	eye = turned(eye, side)
	for j, c := range chords {
		if j == i {
			continue
		}
		a, b := turned(crs.XY{X: 2 * c[0].X, Y: 2 * c[0].Y}, side), turned(crs.XY{X: 2 * c[1].X, Y: 2 * c[1].Y}, side)
		if (a.Y > eye.Y) == (b.Y > eye.Y) {
			continue
		}
		if a.Y > b.Y {
			a, b = b, a
		}
		// Ahead when the line passes east of the eye: products stay below 2^63 within a thousand kilometres.
		if (b.X-a.X)*(eye.Y-a.Y) > (eye.X-a.X)*(b.Y-a.Y) {
			return false
		}
	}
	return true
}

// turned returns the point with the side turned to the east.
func turned(p crs.XY, side Side) crs.XY {
	switch side {
	case South:
		return crs.XY{X: -p.Y, Y: p.X}
	case West:
		return crs.XY{X: -p.X, Y: -p.Y}
	case North:
		return crs.XY{X: p.Y, Y: -p.X}
	}
	return p
}

// corners returns the indices of the points of a ring that are left when it is straightened, rising.
func corners(ring []crs.XY, tolerance int64) []int {
	if len(ring) < 3 {
		return indices(0, len(ring))
	}
	far, most := 0, int64(-1)
	for i, p := range ring {
		if d := p.Squared(ring[0]); d > most {
			far, most = i, d
		}
	}
	there, back := straightened(ring[:far+1], tolerance), straightened(slices.Concat(ring[far:], ring[:1]), tolerance)
	kept := there[:len(there)-1]
	for _, i := range back[:len(back)-1] {
		kept = append(kept, far+i)
	}
	return kept
}

func indices(from, to int) (all []int) {
	for i := from; i < to; i++ {
		all = append(all, i)
	}
	return all
}

// straightened returns the indices of the points of a line that are left when none further from it than the tolerance is left out; both
// ends are.
func straightened(line []crs.XY, tolerance int64) []int {
	kept := []int{0}
	var part func(from, to int)
	part = func(from, to int) {
		at, most := -1, float64(tolerance)
		for i := from + 1; i < to; i++ {
			if d := line[i].Off(line[from], line[to]); d > most {
				at, most = i, d
			}
		}
		if at >= 0 {
			part(from, at)
			part(at, to)
			return
		}
		kept = append(kept, to)
	}
	if len(line) > 1 {
		part(0, len(line)-1)
	}
	return kept
}

// Ring returns a ring without the points that lie within a tolerance of millimetres of the line between others, and so says nothing of
// points that were set on its edges since.
func Ring(ring shape.Ring, flat crs.Flat, tolerance int64) shape.Ring {
	kept := make(shape.Ring, 0, len(ring))
	for _, i := range corners(flatten(ring, flat), tolerance) {
		kept = append(kept, ring[i])
	}
	return kept
}

// Line is Ring for a line with two ends.
func Line(line []crs.Point, flat crs.Flat, tolerance int64) []crs.Point {
	kept := make([]crs.Point, 0, len(line))
	for _, i := range straightened(flatten(line, flat), tolerance) {
		kept = append(kept, line[i])
	}
	return kept
}
