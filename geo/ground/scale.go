package ground

import (
	"math"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// scale turns grid steps into millimetres round one latitude. Decisions are made with it and not with the geodesic
// lengths of crs: it is as good as those to a thousandth within a city, and of each of its results every step is rounded
// by itself, so no processor has a choice.
type scale struct{ lon, lat float64 } // millimetres a step, rounded to millionths

func scaleAt(lat crs.Coord) scale {
	const run = 100_000
	step := func(p, q crs.Point) float64 { return math.Round(float64(crs.Distance(p, q))*1e9/run) / 1e6 }
	return scale{
		lon: max(step(crs.Point{Lat: lat}, crs.Point{Lon: run, Lat: lat}), 1e-3),
		lat: step(crs.Point{Lat: lat - run/2}, crs.Point{Lat: lat + run/2}),
	}
}

// length returns the length of a line in millimetres.
func (s scale) length(l arrange.Line) int64 {
	x := float64(int64(l.To.Lon)-int64(l.From.Lon)) * s.lon
	y := float64(int64(l.To.Lat)-int64(l.From.Lat)) * s.lat
	return int64(math.Round(math.Sqrt(float64(x*x) + float64(y*y))))
}

// area returns half of twice, an area in grid steps, in square millimetres.
func (s scale) area(twice int64) int64 {
	return int64(float64(float64(twice)*s.lon) * s.lat / 2)
}

// thin reports whether what has an area in grid steps and a perimeter in millimetres is narrower than width: twice the
// area over the perimeter, which of a strip is its width.
func (s scale) thin(twice, perimeter int64, width crs.Metres) bool {
	return float64(s.area(twice))*2 < float64(float64(perimeter)*float64(width))*1000
}

func squareMillimetres(a crs.SquareMetres) int64 { return int64(float64(a) * 1e6) }

func squareMetres(mm2 int64) crs.SquareMetres { return crs.SquareMetres(float64(mm2) / 1e6) }

// steps returns how many grid steps make a length, one way and the other, rounded up.
func (s scale) steps(m crs.Metres) (lon, lat int64) {
	return int64(math.Ceil(float64(m) * 1000 / s.lon)), int64(math.Ceil(float64(m) * 1000 / s.lat))
}
