package crs

import "math"

// Flat is the ground round a point, drawn flat in whole millimetres. Angles and comparisons of lengths are taken in it where every
// processor must come to the same result: its two figures are rounded, and all that follows is whole numbers. Lengths are true to a
// thousandth within a city; those to be told are taken with Distance.
type Flat struct {
	origin   Point
	lon, lat int64 // micrometres a step
}

// FlatAt returns the ground round a point.
func FlatAt(p Point) Flat {
	const run = 100_000
	step := func(from, to Point) int64 { return int64(math.Round(float64(Distance(from, to)) * 1e6 / run)) }
	return Flat{p, step(Point{Lat: p.Lat}, Point{Lon: run, Lat: p.Lat}), step(Point{Lat: p.Lat - run/2}, Point{Lat: p.Lat + run/2})}
}

// XY is a place in Flat: millimetres east and north of its origin.
type XY struct{ X, Y int64 }

// XY returns where a point lies.
func (f Flat) XY(p Point) XY {
	return XY{(int64(p.Lon) - int64(f.origin.Lon)) * f.lon / 1000, (int64(p.Lat) - int64(f.origin.Lat)) * f.lat / 1000}
}

// Moved returns the point so many millimetres east and north of another, to a step.
func (f Flat) Moved(p Point, x, y int64) Point {
	return Point{p.Lon + Coord(x*1000/max(1, f.lon)), p.Lat + Coord(y*1000/f.lat)}
}

// Squared returns the squared distance of two places, below 2^63 within a thousand kilometres.
func (p XY) Squared(q XY) int64 { return (p.X-q.X)*(p.X-q.X) + (p.Y-q.Y)*(p.Y-q.Y) }

// Off returns how far a place is from the piece of line between two others, in millimetres. Squares and roots are rounded one by one.
func (p XY) Off(a, b XY) float64 {
	vx, vy, px, py := b.X-a.X, b.Y-a.Y, p.X-a.X, p.Y-a.Y
	long := vx*vx + vy*vy
	switch along := px*vx + py*vy; {
	case along <= 0:
		return math.Sqrt(float64(p.Squared(a)))
	case along >= long:
		return math.Sqrt(float64(p.Squared(b)))
	}
	off := vx*py - vy*px
	return float64(max(off, -off)) / math.Sqrt(float64(long))
}
