// Package hex gathers counts in the hexagons of H3 (六边形), for pictures of density. It is the one room with cgo.
//
// Hexagons are cells, never grids: nobody is responsible for one.
package hex

import (
	"slices"

	"github.com/uber/h3-go/v4"

	"gridwright/geo/crs"
)

// The resolutions a picture of a city may have: cells about 2.4 km across at the coarsest, 50 m at the finest.
const (
	Coarsest = 7
	Finest   = 11
)

// readable is how many cells a picture has at most before it looks like noise.
const readable = 600

// Point is a place and what is counted there.
type Point struct {
	At    crs.Point
	Count int64
}

// Cell is a hexagon and the sum of what lies in it.
type Cell struct {
	index    h3.Cell
	Count    int64
	Boundary []crs.Point // counter-clockwise, not closed
}

// Name returns the cell's H3 index as it is written.
func (c Cell) Name() string { return c.index.String() }

// Density sums the points by the cell of a resolution they lie in. Cells come by rising index; those without points
// are left out.
func Density(points []Point, resolution int) []Cell {
	sums := map[h3.Cell]int64{}
	for _, p := range points {
		sums[cellAt(p.At, resolution)] += p.Count
	}
	cells := make([]Cell, 0, len(sums))
	for index, count := range sums {
		cells = append(cells, Cell{index, count, boundary(index)})
	}
	slices.SortFunc(cells, func(a, b Cell) int {
		if a.index < b.index {
			return -1
		}
		return 1
	})
	return cells
}

// Readable returns the finest resolution at which the points fill no more cells than a reader can take in.
func Readable(points []Point) int {
	for resolution := Finest; resolution > Coarsest; resolution-- {
		seen := map[h3.Cell]bool{}
		for _, p := range points {
			seen[cellAt(p.At, resolution)] = true
		}
		if len(seen) <= readable {
			return resolution
		}
	}
	return Coarsest
}

func cellAt(p crs.Point, resolution int) h3.Cell {
	return h3.LatLngToCell(h3.NewLatLng(p.Lat.Degrees(), p.Lon.Degrees()), resolution)
}

func boundary(index h3.Cell) []crs.Point {
	var ring []crs.Point
	for _, v := range index.Boundary() {
		p, err := crs.FromDegrees(v.Lng, v.Lat)
		if err != nil {
			panic(err) // H3 answers with places
		}
		ring = append(ring, p)
	}
	return ring
}
