package intake

import (
	"slices"

	"gridwright/geo/shape"
)

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
