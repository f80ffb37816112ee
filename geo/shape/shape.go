// Package shape holds polygons whose corners lie on the grid of crs.
//
// Rings are closed by themselves: the last point is not the first again. Shells run counter-clockwise and holes
// clockwise, as in RFC 7946, so a polygon has its inside on the left of every line.
package shape

import (
	"slices"

	"gridwright/geo/crs"
)

// Ring is a closed line of at least three points; the line from the last point to the first is understood.
type Ring []crs.Point

// Polygon is a shell and its holes. Its zero value is the empty polygon.
type Polygon []Ring

// MultiPolygon is any number of polygons that do not share inner points. Its zero value is empty.
type MultiPolygon []Polygon

// Box is the smallest rectangle of longitudes and latitudes round something. Its zero value is the point 0 0; start a
// union from EmptyBox.
type Box struct{ Min, Max crs.Point }

// EmptyBox holds nothing: adding a point to it gives that point's box.
var EmptyBox = Box{
	Min: crs.Point{Lon: 1<<31 - 1, Lat: 1<<31 - 1},
	Max: crs.Point{Lon: -1 << 31, Lat: -1 << 31},
}

// Add returns the box grown to hold p.
func (b Box) Add(p crs.Point) Box {
	return Box{
		Min: crs.Point{Lon: min(b.Min.Lon, p.Lon), Lat: min(b.Min.Lat, p.Lat)},
		Max: crs.Point{Lon: max(b.Max.Lon, p.Lon), Lat: max(b.Max.Lat, p.Lat)},
	}
}

// Union returns the box that holds both.
func (b Box) Union(o Box) Box {
	if o.IsEmpty() {
		return b
	}
	return b.Add(o.Min).Add(o.Max)
}

// IsEmpty reports whether the box holds no point.
func (b Box) IsEmpty() bool { return b.Min.Lon > b.Max.Lon || b.Min.Lat > b.Max.Lat }

// Meets reports whether the two boxes share a point.
func (b Box) Meets(o Box) bool {
	return b.Min.Lon <= o.Max.Lon && o.Min.Lon <= b.Max.Lon && b.Min.Lat <= o.Max.Lat && o.Min.Lat <= b.Max.Lat
}

// Box returns the ring's box, EmptyBox for an empty ring.
func (r Ring) Box() Box {
	b := EmptyBox
	for _, p := range r {
		b = b.Add(p)
	}
	return b
}

// Area returns the signed area inside the ring, positive when it runs counter-clockwise.
func (r Ring) Area() crs.SquareMetres { return crs.RingArea(r) }

// Length returns the length of the closed line.
func (r Ring) Length() crs.Metres {
	var sum crs.Metres
	for i, p := range r {
		sum += crs.Distance(p, r[(i+1)%len(r)])
	}
	return sum
}

// Canonical returns the ring begun at its smallest point (crs.Point.Compare), in the same direction: two drawings of
// one ring that differ in their start are then equal.
func (r Ring) Canonical() Ring {
	if len(r) == 0 {
		return r
	}
	first := 0
	for i, p := range r {
		if p.Compare(r[first]) < 0 {
			first = i
		}
	}
	return slices.Concat(r[first:], r[:first])
}

// Box returns the polygon's box.
func (p Polygon) Box() Box {
	if len(p) == 0 {
		return EmptyBox
	}
	return p[0].Box()
}

// Area returns the area of the shell less its holes.
func (p Polygon) Area() crs.SquareMetres {
	var sum crs.SquareMetres
	for _, r := range p {
		sum += r.Area()
	}
	return sum
}

// Box returns the box round all parts.
func (m MultiPolygon) Box() Box {
	b := EmptyBox
	for _, p := range m {
		b = b.Union(p.Box())
	}
	return b
}

// Area returns the area of all parts.
func (m MultiPolygon) Area() crs.SquareMetres {
	var sum crs.SquareMetres
	for _, p := range m {
		sum += p.Area()
	}
	return sum
}

// Holds reports whether a point lies in the shape, by counting the lines due east of it (even-odd rule), exactly. A point on a
// border belongs to the shape east of it, on a level border to the one north of it: of shapes that cover the ground one alone
// holds it.
func (m MultiPolygon) Holds(p crs.Point) bool {
	inside := false
	for _, polygon := range m {
		if !polygon.Box().Meets(Box{Min: p, Max: p}) {
			continue
		}
		for _, ring := range polygon {
			for i, low := range ring {
				high := ring[(i+1)%len(ring)]
				if low.Lat > high.Lat {
					low, high = high, low
				}
				if p.Lat < low.Lat || p.Lat >= high.Lat {
					continue
				}
				// Each product is below 2^63 everywhere on the globe; their difference may not be.
				east := int64(high.Lat-low.Lat) * (int64(p.Lon) - int64(low.Lon))
				if line := int64(p.Lat-low.Lat) * (int64(high.Lon) - int64(low.Lon)); east < line {
					inside = !inside
				}
			}
		}
	}
	return inside
}

// MeetsBox reports whether a shape and a box share a point, exactly.
func (m MultiPolygon) MeetsBox(b Box) bool {
	corners := [4]crs.Point{b.Min, {Lon: b.Max.Lon, Lat: b.Min.Lat}, b.Max, {Lon: b.Min.Lon, Lat: b.Max.Lat}}
	for _, polygon := range m {
		for _, ring := range polygon {
			for i, p := range ring {
				q := ring[(i+1)%len(ring)]
				if !EmptyBox.Add(p).Add(q).Meets(b) {
					continue
				}
				// A line that meets the box has corners of it on both sides, or one on itself.
				left, right := 0, 0
				for _, c := range corners {
					// Each product is below 2^63 everywhere on the globe; their difference may not be.
					north := (int64(q.Lon) - int64(p.Lon)) * (int64(c.Lat) - int64(p.Lat))
					east := (int64(q.Lat) - int64(p.Lat)) * (int64(c.Lon) - int64(p.Lon))
					if north > east {
						left++
					} else if north < east {
						right++
					}
				}
				if left < 4 && right < 4 {
					return true
				}
			}
		}
	}
	return m.Holds(b.Min) // the box lies whole inside or outside
}
