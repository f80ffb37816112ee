package democity

import (
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// A boundary drawn by hand runs beside the middle of the street it means, by up to sway steps to each side: about 2.5 m.
// Every community had its own map drawn, so that maps of neighbours gape and overlap a little; the large grids of one
// community were drawn on one map and fit together.
const sway = 28

// byHand returns a shape as the hand of an author drew it: equal points go to equal places on one author's map.
func byHand(m shape.MultiPolygon, author string) shape.MultiPolygon {
	seed := uint64(14695981039346656037) // FNV-1a
	for _, c := range []byte(author) {
		seed = (seed ^ uint64(c)) * 1099511628211
	}
	drawn := make(shape.MultiPolygon, len(m))
	for i, p := range m {
		for _, ring := range p {
			r := make(shape.Ring, len(ring))
			for k, at := range ring {
				east, north := scatter(seed, int64(at.Lon), int64(at.Lat)), scatter(seed+1, int64(at.Lon), int64(at.Lat))
				r[k] = crs.Point{Lon: at.Lon + crs.Coord(2*sway*east) - sway, Lat: at.Lat + crs.Coord(2*sway*north) - sway}
			}
			drawn[i] = append(drawn[i], r.Canonical())
		}
	}
	return drawn
}
