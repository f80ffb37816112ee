package server

import (
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// Generalised neighbours share every edge between them, are whole, and have fewer corners where their border wiggles.
func TestGeneralisedNeighboursDoNotGape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// Two shapes side by side in a box of about 1 km, with a border of many small bends and one of a few large ones.
		const width, height, steps = 100_000, 80_000, 160
		bend := rapid.IntRange(0, 30_000).Draw(t, "bend")
		border := []crs.Point{{Lon: width / 2, Lat: 0}}
		for i := 1; i < steps; i++ {
			wave := bend * (steps/2 - max(i-steps/2, steps/2-i)) / (steps / 2)
			border = append(border, crs.Point{Lon: crs.Coord(width/2 + wave + rapid.IntRange(-40, 40).Draw(t, "wiggle")), Lat: crs.Coord(i * height / steps)})
		}
		border = append(border, crs.Point{Lon: width / 2, Lat: height})
		left := shape.Ring{{Lon: 0, Lat: 0}}
		left = append(left, border...)
		left = append(left, crs.Point{Lon: 0, Lat: height})
		right := shape.Ring{{Lon: width, Lat: 0}, {Lon: width, Lat: height}}
		for i := len(border) - 1; i >= 0; i-- {
			right = append(right, border[i])
		}
		out := generalised([]shape.MultiPolygon{{{left}}, {{right}}})
		edges := map[[2]crs.Point]int{}
		for _, m := range out {
			if _, flaws := topo.Vet(m); len(flaws) > 0 {
				t.Fatalf("%v", flaws)
			}
			for _, p := range m {
				for _, r := range p {
					for i, v := range r {
						edges[[2]crs.Point{v, r[(i+1)%len(r)]}]++
					}
				}
			}
		}
		inner := 0
		for e, n := range edges {
			if n != 1 {
				t.Fatalf("the edge %v is walked %d times", e, n)
			}
			if edges[[2]crs.Point{e[1], e[0]}] == 1 {
				inner++
			}
		}
		if len(edges)-inner != 6 {
			t.Fatalf("%d edges lie on the outside, not 6", len(edges)-inner)
		}
		if inner/2 > steps/2 {
			t.Fatalf("%d of %d edges are left", inner/2, steps)
		}
	})
}
