// Package plantest draws small towns for tests.
package plantest

import (
	"fmt"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// Town returns a ground of square blocks: parents large grids from west to east, each of columns by rows blocks with a
// side of about 100 m. Block b of parent p has the code "P<p>-B<b>", the id 1000 times p+1 plus b, and households(p, b)
// households and half as many stair units.
func Town(parents, columns, rows int, households func(parent, block int) int64) (*plan.Ground, error) {
	const side = 10_000 // of 1e-7 degree
	g := plan.Ground{Version: 1, Measures: []plan.Measure{plan.Households, plan.StairUnits}, Synthetic: true, DataDate: "2026-01-02"}
	var borders []plan.Border
	for p := range parents {
		g.Parents = append(g.Parents, plan.Area{ID: plan.AreaID(p + 1), Level: plan.LargeGrid, Code: fmt.Sprintf("P%d", p),
			Name: fmt.Sprintf("第%d大网格", p), NameEn: fmt.Sprintf("Large grid %d", p)})
		for b := range columns * rows {
			x, y := p*columns+b%columns, b/columns
			corner := func(dx, dy int) crs.Point {
				return crs.Point{Lon: 1_040_000_000 + crs.Coord((x+dx)*side), Lat: 397_000_000 + crs.Coord((y+dy)*side)}
			}
			ring := shape.Ring{corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)}
			n := households(p, b)
			id := plan.BlockID(1000*(p+1) + b)
			g.Blocks = append(g.Blocks, plan.Block{ID: id, Code: fmt.Sprintf("P%d-B%02d", p, b), Parent: int32(p), Kind: "built",
				Shape: shape.MultiPolygon{{ring}}, Area: ring.Area(), Counts: []int64{n, n / 2},
				Label: crs.Point{Lon: corner(0, 0).Lon + side/2, Lat: corner(0, 0).Lat + side/2}})
			east := crs.Distance(corner(1, 0), corner(1, 1))
			if b%columns < columns-1 {
				borders = append(borders, plan.Border{A: id, B: id + 1, Length: east})
			} else if p < parents-1 {
				borders = append(borders, plan.Border{A: id, B: plan.BlockID(1000*(p+2) + b - columns + 1), Length: east})
			}
			if b/columns < rows-1 {
				borders = append(borders, plan.Border{A: id, B: id + plan.BlockID(columns), Length: crs.Distance(corner(0, 1), corner(1, 1))})
			}
		}
	}
	return plan.NewGround(g, borders)
}

// Even returns the same count for every block.
func Even(n int64) func(int, int) int64 { return func(int, int) int64 { return n } }
