package crs

import "math"

// The ellipsoid of CGCS2000 (GB 22021-2008): equatorial radius in metres and flattening.
const (
	equatorial = 6378137.0
	flattening = 1 / 298.257222101
)

var (
	eccentricity2 = flattening * (2 - flattening)
	eccentricity  = math.Sqrt(eccentricity2)
)

// Metres is a length on the ellipsoid.
type Metres float64

// SquareMetres is an area on the ellipsoid.
type SquareMetres float64

func radians(c Coord) float64 { return float64(c) * (math.Pi / 180 / PerDegree) }

// Distance returns the length of the straight line between two points, by the radii of curvature at the middle
// latitude. For the lines of a city (under 10 km) it agrees with the geodesic to better than one part in a million;
// over hundreds of kilometres it does not.
func Distance(p, q Point) Metres {
	mid := (radians(p.Lat) + radians(q.Lat)) / 2
	s, c := math.Sincos(mid)
	w := 1 - eccentricity2*s*s
	prime := equatorial / math.Sqrt(w)
	meridian := prime * (1 - eccentricity2) / w
	dx := radians(q.Lon-p.Lon) * prime * c
	dy := radians(q.Lat-p.Lat) * meridian
	return Metres(math.Hypot(dx, dy))
}

// RingArea returns the signed area inside a closed line of points (the last one need not repeat the first), positive
// when it runs counter-clockwise. It is the exact area on the ellipsoid of the figure whose sides are straight in the
// equal-area (authalic) plane. A geodesic side of length L bows out of that by about L² tan(lat) / 8R: 0.2 mm on 100 m,
// 0.2 m on 4 km. So for sides of a city block it is the geodesic area to a few parts in 100,000 or better.
func RingArea(ring []Point) SquareMetres {
	n := len(ring)
	if n < 3 {
		return 0
	}
	// Relative to the first point, so that a small ring far from Greenwich keeps its digits.
	lon0, q0 := ring[0].Lon, authalic(ring[0].Lat)
	var twice float64
	var x0, y0 float64
	for i := 1; i <= n; i++ {
		p := ring[i%n]
		x := float64(p.Lon-lon0) * (math.Pi / 180 / PerDegree)
		y := authalic(p.Lat) - q0
		twice += x0*y - x*y0
		x0, y0 = x, y
	}
	return SquareMetres(twice / 2 * equatorial * equatorial / 2)
}

// authalic returns q of the equal-area projection of the ellipsoid (Snyder, Map Projections, 1987, equation 3-12).
func authalic(lat Coord) float64 {
	s := math.Sin(radians(lat))
	es := eccentricity * s
	return (1 - eccentricity2) * (s/(1-es*es) + math.Atanh(es)/eccentricity)
}

// Surroundings is the ground round a point, drawn flat in metres. Lengths from the point are true to a part in ten thousand
// within a kilometre, in a thousand within ten.
type Surroundings struct {
	p           Point
	east, north float64 // metres a grid step
}

// Around returns the surroundings of a point.
func Around(p Point) Surroundings {
	const step = math.Pi / 180 / PerDegree
	s, c := math.Sincos(radians(p.Lat))
	w := 1 - eccentricity2*s*s
	prime := equatorial / math.Sqrt(w)
	return Surroundings{p, step * prime * c, step * prime * (1 - eccentricity2) / w}
}

// Squared returns the squared distance from the point to the straight line between two others, in square metres.
func (s Surroundings) Squared(a, b Point) float64 {
	ax, ay := (float64(a.Lon)-float64(s.p.Lon))*s.east, (float64(a.Lat)-float64(s.p.Lat))*s.north
	dx, dy := (float64(b.Lon)-float64(a.Lon))*s.east, (float64(b.Lat)-float64(a.Lat))*s.north
	along := 0.0
	if length := dx*dx + dy*dy; length > 0 {
		along = max(0, min(1, -(ax*dx+ay*dy)/length))
	}
	x, y := ax+along*dx, ay+along*dy
	return x*x + y*y
}
