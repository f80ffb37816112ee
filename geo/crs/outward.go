package crs

import "math"

// Numbers returns how the system writes a place down, as they stand in a file: what Point reads, to a tenth of a millimetre. A
// place far outside of a projection's zone gets numbers that Point refuses.
func (s System) Numbers(p Point) (a, b float64) {
	if s.kind == nowhere {
		return s.placeless(p)
	}
	x, y := s.datum.FromGround(p.Lon.Degrees(), p.Lat.Degrees())
	switch s.kind {
	case projected:
		x, y = s.tm.forward(x, y)
	case own:
		x, y = s.turn.back(s.tm.forward(x, y))
	case webMercator:
		x, y = equatorial*x/degree, equatorial*math.Asinh(math.Tan(y/degree))
	}
	if s.swapped {
		return y, x
	}
	return x, y
}

// forward returns easting and northing, by Krüger's series in the third flattening up to its fourth power (Karney,
// Transverse Mercator with an accuracy of a few nanometers, 2011, equations 7 to 11, 14 and 35).
func (t transverse) forward(lon, lat float64) (x, y float64) {
	radius, n := t.rectified()
	n2 := n * n
	e := math.Sqrt(t.flattening * (2 - t.flattening))
	tau := math.Tan(lat / degree)
	secant := math.Hypot(1, tau)
	sigma := math.Sinh(e * math.Atanh(e*tau/secant))
	conformal := tau*math.Hypot(1, sigma) - sigma*secant
	s, c := math.Sincos((lon - t.lon0) / degree)
	xi0, eta0 := math.Atan2(conformal, c), math.Asinh(s/math.Hypot(conformal, c))
	xi, eta := xi0, eta0
	for i, a := range []float64{
		n/2 - n2*2/3 + n2*n*5/16 + n2*n2*41/180,
		n2*13/48 - n2*n*3/5 + n2*n2*557/1440,
		n2*n*61/240 - n2*n2*103/140,
		n2 * n2 * 49561 / 161280,
	} {
		k := float64(2 * (i + 1))
		xi += a * math.Sin(k*xi0) * math.Cosh(k*eta0)
		eta += a * math.Cos(k*xi0) * math.Sinh(k*eta0)
	}
	return t.scale*radius*eta + t.east, t.scale*radius*xi + t.north
}
