package intake

import (
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// plainRing returns what topo.Vet does with a shape of one ring of few corners in which no two sides meet but in a corner, and none goes straight
// on: what nearly all buildings are. Of any other it says nothing. The cost is the square of the corners, with no memory but the result's.
func plainRing(m shape.MultiPolygon) (clean shape.MultiPolygon, ok bool) {
	const mostCorners = 24
	if len(m) != 1 || len(m[0]) != 1 || len(m[0][0]) < 3 || len(m[0][0]) > mostCorners {
		return nil, false
	}
	r := m[0][0]
	n := len(r)
	if b := r.Box(); int64(b.Max.Lon)-int64(b.Min.Lon) >= 1<<28 || int64(b.Max.Lat)-int64(b.Min.Lat) >= 1<<28 {
		return nil, false // so that products fit an int64
	}
	var area int64
	for i, a := range r {
		b := r[(i+1)%n]
		area += turn(r[0], a, b)
		if turn(a, b, r[(i+2)%n]) == 0 {
			return nil, false
		}
		for k := i + 2; k < n && (i > 0 || k < n-1); k++ {
			if mayMeet(a, b, r[k], r[(k+1)%n]) {
				return nil, false
			}
		}
	}
	if area < 0 {
		r = slices.Clone(r)
		slices.Reverse(r)
	}
	return shape.MultiPolygon{{r.Canonical()}}, area != 0
}

// turn is more than 0 where a, b, c turn left, less where they turn right, 0 where they lie on a line.
func turn(a, b, c crs.Point) int64 {
	return (int64(b.Lon)-int64(a.Lon))*(int64(c.Lat)-int64(a.Lat)) - (int64(b.Lat)-int64(a.Lat))*(int64(c.Lon)-int64(a.Lon))
}

// mayMeet reports whether two sides have a point in common, or lie so on a line that they may.
func mayMeet(a, b, c, d crs.Point) bool {
	ofC, ofD, ofA, ofB := turn(a, b, c), turn(a, b, d), turn(c, d, a), turn(c, d, b)
	return !(ofC > 0 && ofD > 0 || ofC < 0 && ofD < 0 || ofA > 0 && ofB > 0 || ofA < 0 && ofB < 0)
}

// canonical returns a shape with its rings begun at their smallest points, its holes and polygons in order of those:
// equal shapes are then equal point for point, and are stored so.
func canonical(m shape.MultiPolygon) shape.MultiPolygon {
	byFirst := func(a, b shape.Ring) int { return a[0].Compare(b[0]) }
	sorted := make(shape.MultiPolygon, len(m))
	for i, p := range m {
		sorted[i] = make(shape.Polygon, len(p))
		for k, r := range p {
			sorted[i][k] = r.Canonical()
		}
		slices.SortFunc(sorted[i][1:], byFirst)
	}
	slices.SortFunc(sorted, func(a, b shape.Polygon) int { return byFirst(a[0], b[0]) })
	return sorted
}

// sameShape reports whether two shapes have the same corners. b must be canonical.
func sameShape(a, b shape.MultiPolygon) bool {
	return slices.EqualFunc(canonical(a), b, func(p, q shape.Polygon) bool {
		return slices.EqualFunc(p, q, func(r, s shape.Ring) bool { return slices.Equal(r, s) })
	})
}

// grown returns a box with a margin of about a metre, more than borders are moved to meet.
func grown(b shape.Box) shape.Box {
	const margin = 100 // steps of 1e-7 degree
	if b.IsEmpty() {
		return b
	}
	b.Min.Lon, b.Min.Lat = b.Min.Lon-margin, b.Min.Lat-margin
	b.Max.Lon, b.Max.Lat = b.Max.Lon+margin, b.Max.Lat+margin
	return b
}
