package tiles

import (
	"math"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// unproject is the inverse of project, rounded to the grid.
func unproject(s steps, z int) crs.Point {
	world := math.Ldexp(Extent, z)
	lon := s.x/world*360 - 180
	lat := math.Atan(math.Sinh(math.Pi*(1-2*s.y/world))) * 180 / math.Pi
	p, err := crs.FromDegrees(max(-180, min(180, lon)), max(-90, min(90, lat)))
	if err != nil {
		panic(err) // bounded above
	}
	return p
}

// Reach returns the box a tile shows, with its buffer and one grid step more on each side.
func Reach(t Tile) shape.Box {
	side := float64(Extent)
	nw := unproject(steps{float64(t.X)*side - Buffer, float64(t.Y)*side - Buffer}, t.Z)
	se := unproject(steps{float64(t.X+1)*side + Buffer, float64(t.Y+1)*side + Buffer}, t.Z)
	return shape.Box{Min: crs.Point{Lon: nw.Lon - 1, Lat: se.Lat - 1}, Max: crs.Point{Lon: se.Lon + 1, Lat: nw.Lat + 1}}
}
