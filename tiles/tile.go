// Package tiles draws vector tiles (Mapbox Vector Tile 2.1) of polygons and points, and describes them (TileJSON 3.0).
//
// A vertex is projected to Web Mercator and rounded to the tile's own integers, nothing else: that is the same function of
// the vertex for every polygon that has it, so borders that are shared on the ground are shared at each zoom.
// It knows nothing of plans.
package tiles

import (
	"math"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

const (
	// Extent is how many steps a tile's side has.
	Extent = 4096
	// Buffer is how many steps of its neighbours a tile shows, so that outlines do not end at its edge.
	Buffer = 64
	// MaxZoom is the deepest zoom there is: a step is then as fine as the grid of coordinates.
	MaxZoom = 20
)

// Tile names a tile: zoom, column from the west, row from the north.
type Tile struct{ Z, X, Y int }

// Valid reports whether there is such a tile.
func Valid(z, x, y int) bool {
	return z >= 0 && z <= MaxZoom && x >= 0 && y >= 0 && x < 1<<z && y < 1<<z
}

// steps is a place in steps of a zoom, from the north-west corner of the world.
type steps struct{ x, y float64 }

// mercatorLimit is the latitude at which Web Mercator is square; what lies beyond is drawn there.
const mercatorLimit = 85.0511287798

// project returns where a point lies at a zoom. (EPSG:3857 takes the latitude of the ellipsoid for one of a sphere.)
func project(p crs.Point, z int) steps {
	world := math.Ldexp(Extent, z)
	lat := max(-mercatorLimit, min(mercatorLimit, p.Lat.Degrees())) * math.Pi / 180
	return steps{
		x: (p.Lon.Degrees() + 180) / 360 * world,
		y: (1 - math.Asinh(math.Tan(lat))/math.Pi) / 2 * world,
	}
}

// Covering returns the tiles of the zooms from low to high that show something of the box, as z, x, y: by zoom, then
// column, then row. An empty box has none.
func Covering(box shape.Box, low, high int) [][3]int {
	all := [][3]int{}
	if box.IsEmpty() {
		return all
	}
	for z := low; z <= high; z++ {
		nw := project(crs.Point{Lon: box.Min.Lon, Lat: box.Max.Lat}, z)
		se := project(crs.Point{Lon: box.Max.Lon, Lat: box.Min.Lat}, z)
		last := 1<<z - 1
		column := func(x float64) int { return max(0, min(last, int(math.Floor(x/Extent)))) }
		for x := column(nw.x - Buffer); x <= column(se.x+Buffer); x++ {
			for y := column(nw.y - Buffer); y <= column(se.y+Buffer); y++ {
				all = append(all, [3]int{z, x, y})
			}
		}
	}
	return all
}
