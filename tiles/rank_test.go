package tiles_test

import (
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/tiles"
)

// drawnCoverage draws a lattice of cells with bent borders that neighbours share vertex for vertex, some with an island inside.
func drawnCoverage(t *rapid.T) (cells []shape.MultiPolygon) {
	n := rapid.IntRange(1, 4).Draw(t, "n")
	side := rapid.IntRange(2_000, 60_000).Draw(t, "side")
	bend := rapid.IntRange(0, side/8).Draw(t, "bend")
	steps := rapid.IntRange(1, 30).Draw(t, "steps")
	jitter := rapid.IntRange(-bend, bend)
	// border returns the vertices from a corner towards the next, without the latter.
	type key struct{ x, y, dx, dy int }
	borders := map[key][]crs.Point{}
	border := func(x, y, dx, dy int) []crs.Point {
		k := key{x, y, dx, dy}
		if borders[k] == nil {
			for i := range steps {
				p := at(x*side+dx*side*i/steps, y*side+dy*side*i/steps)
				if i > 0 {
					p.Lon += crs.Coord(jitter.Draw(t, "east") * dy)
					p.Lat += crs.Coord(jitter.Draw(t, "north") * dx)
				}
				borders[k] = append(borders[k], p)
			}
		}
		return borders[k]
	}
	back := func(line []crs.Point, end crs.Point) []crs.Point {
		line = append(slices.Clone(line[1:]), end)
		slices.Reverse(line)
		return line
	}
	for x := range n {
		for y := range n {
			ring := slices.Concat(border(x, y, 1, 0), border(x+1, y, 0, 1),
				back(border(x, y+1, 1, 0), at((x+1)*side, (y+1)*side)), back(border(x, y, 0, 1), at(x*side, (y+1)*side)))
			cell := shape.MultiPolygon{{ring}}
			if rapid.Bool().Draw(t, "island") {
				var hole shape.Ring
				r := side / 5
				for i := range steps + 2 { // along a diamond, clockwise
					corner := [][2]int{{-r, 0}, {0, r}, {r, 0}, {0, -r}}[i*4/(steps+2)]
					hole = append(hole, at(x*side+side/2+corner[0]+i%3, y*side+side/2+corner[1]+i%2))
				}
				if hole.Area() != 0 {
					island := slices.Clone(hole)
					slices.Reverse(island)
					cell[0] = append(cell[0], hole)
					cells = append(cells, shape.MultiPolygon{{island}})
				}
			}
			cells = append(cells, cell)
		}
	}
	return cells
}

// Cells that are simplified still share their borders at each zoom: inside the tile each step of a border is walked once from either
// side, or it is the outer border, which the simplified union has too.
func TestSimplifiedNeighboursShareTheirBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := drawnCoverage(t)
		ranks := tiles.RankCoverage(cells...)
		z := rapid.IntRange(6, 16).Draw(t, "z")
		where := tileAt(at(1000, 1000), z)
		var features []tiles.Feature
		for i, c := range cells {
			features = append(features, tiles.Feature{ID: uint64(i + 1), Drawing: tiles.Draw(c, ranks)})
		}
		layers := decode(t, tiles.Encode(where, []tiles.Layer{{Name: "cells", Features: features}}))
		type step struct{ a, b orb.Point }
		walked := map[step]int{}
		for _, l := range layers {
			for _, f := range l.Features {
				var polygons orb.MultiPolygon
				switch g := f.Geometry.(type) {
				case orb.Polygon:
					polygons = orb.MultiPolygon{g}
				case orb.MultiPolygon:
					polygons = g
				}
				for _, p := range polygons {
					for _, r := range p {
						for i := 1; i < len(r); i++ {
							walked[step{r[i-1], r[i]}]++
						}
					}
				}
			}
		}
		edge := func(p, q orb.Point) bool { // along the edge of what the tile shows
			return p[0] == q[0] && (p[0] == -64 || p[0] == 4160) || p[1] == q[1] && (p[1] == -64 || p[1] == 4160)
		}
		loose := map[orb.Point]int{}
		for s, n := range walked {
			if once := n - walked[step{s.b, s.a}]; once > 0 && !edge(s.a, s.b) { // rounding may lay borders upon each other
				if once > 1 {
					t.Fatalf("%v is walked %d times more than back", s, once)
				}
				loose[s.a]++
				loose[s.b]--
			}
		}
		// What is walked from one side only is the outer border: it closes, but for where the tile ends.
		for p, n := range loose {
			if n != 0 && p[0] != -64 && p[0] != 4160 && p[1] != -64 && p[1] != 4160 {
				t.Fatalf("a border ends at %v", p)
			}
		}
	})
}

// An arc walked the other way is ranked alike, whatever neighbour comes first.
func TestRanksDoNotDependOnTheOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := drawnCoverage(t)
		ranks := tiles.RankCoverage(cells...)
		slices.Reverse(cells)
		for _, c := range cells {
			for _, p := range c {
				for i, r := range p {
					turned := slices.Clone(r)
					slices.Reverse(turned)
					p[i] = append(turned[1:], turned[0])
				}
			}
		}
		again := tiles.RankCoverage(cells...)
		if len(again) != len(ranks) {
			t.Fatalf("%d vertices are ranked, then %d", len(ranks), len(again))
		}
		for p, r := range ranks {
			if again[p] != r {
				t.Fatalf("%v has rank %d, then %d", p, r, again[p])
			}
		}
	})
}

// Simplifying moves no border by more than the tolerance is worth: the areas drawn are those of the whole outline to a few steps.
func TestSimplifiedAreasStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cells := drawnCoverage(t)
		ranks := tiles.RankCoverage(cells...)
		z := rapid.IntRange(8, 15).Draw(t, "z")
		where := tileAt(at(1000, 1000), z)
		for _, c := range cells {
			whole := areaDrawn(t, where, tiles.Draw(c, nil))
			simple := areaDrawn(t, where, tiles.Draw(c, ranks))
			vertices := 0
			for _, p := range c {
				for _, r := range p {
					vertices += len(r)
				}
			}
			if d := math.Abs(whole - simple); d > float64(40*vertices) { // 16 a vertex, and what rounding adds
				t.Fatalf("%v square steps became %v, with %d vertices", whole, simple, vertices)
			}
		}
	})
}

// areaDrawn returns the area a tile shows of a drawing, in square steps.
func areaDrawn(t rapid.TB, where tiles.Tile, d *tiles.Drawing) (sum float64) {
	for _, l := range decode(t, tiles.Encode(where, []tiles.Layer{{Name: "a", Features: []tiles.Feature{{ID: 1, Drawing: d}}}})) {
		for _, f := range l.Features {
			sum += planar.Area(f.Geometry)
		}
	}
	return sum
}

func TestLinesKeepTheirEndsAndMeetings(t *testing.T) {
	var road, lane []crs.Point
	for i := range 200 {
		road = append(road, at(i*100, i%2))
	}
	for i := range 50 {
		lane = append(lane, at(10_000+i%2, i*100))
	}
	lane[0] = road[100]
	lines := [][]crs.Point{road, lane}
	ranks := tiles.RankLines(lines)
	where := tileAt(at(5000, 100), 12)
	layers := decode(t, tiles.Encode(where, []tiles.Layer{{Name: "road", Features: []tiles.Feature{{ID: 1, Drawing: tiles.DrawLines(lines, ranks)}}}}))
	got, ok := layers[0].Features[0].Geometry.(orb.MultiLineString)
	if !ok || len(got) != 2 {
		t.Fatalf("%v", layers[0].Features[0].Geometry)
	}
	if len(got[0]) > 4 || !slices.Contains(got[0], got[1][0]) {
		t.Errorf("the lane begins at %v, the road goes by %v", got[1][0], got[0])
	}
}

// A line that leaves the tile and comes back is two.
func TestLinesAreCut(t *testing.T) {
	where := tileAt(at(0, 0), 14)
	reach := tiles.Reach(where)
	w, h := reach.Max.Lon-reach.Min.Lon, reach.Max.Lat-reach.Min.Lat
	p := func(x, y float64) crs.Point {
		return crs.Point{Lon: reach.Min.Lon + crs.Coord(x*float64(w)), Lat: reach.Min.Lat + crs.Coord(y*float64(h))}
	}
	line := []crs.Point{p(.2, .5), p(.5, 3), p(.8, .5), p(.9, .5)}
	layers := decode(t, tiles.Encode(where, []tiles.Layer{{Name: "road", Features: []tiles.Feature{{ID: 1, Drawing: tiles.DrawLines([][]crs.Point{line}, nil)}}}}))
	got, ok := layers[0].Features[0].Geometry.(orb.MultiLineString)
	if !ok || len(got) != 2 || len(got[0]) != 2 || len(got[1]) != 3 {
		t.Fatalf("%v", layers[0].Features[0].Geometry)
	}
	if got[0][1][1] != -64 || got[1][0][1] != -64 {
		t.Errorf("cut at %v and %v, not at the edge", got[0][1], got[1][0])
	}
	if far := tiles.Encode(tiles.Tile{Z: 14, X: where.X + 5, Y: where.Y}, []tiles.Layer{{Name: "road", Features: []tiles.Feature{{ID: 1, Drawing: tiles.DrawLines([][]crs.Point{line}, nil)}}}}); len(far) != 0 {
		t.Error("a far tile shows something")
	}
}
