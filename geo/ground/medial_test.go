package ground_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
)

// chevron returns a house bent at a right angle, its outer corner at (at, at), its arms as long as the field allows.
func chevron(at, width, end float64) shape.MultiPolygon {
	return shape.MultiPolygon{{{metres(at, at), metres(end, at), metres(end, at+width), metres(at+width, at+width), metres(at+width, end), metres(at, end)}}}
}

// apart returns how far the corners of a block's border inside a square of a side are from the nearest house, in metres.
func apart(g *ground.Ground, houses []ground.Building, side float64) float64 {
	nearest := math.Inf(1)
	inside := func(p crs.Point) bool { return holds(square(1, 1, side-1, side-1), p) }
	for _, b := range g.Blocks {
		for _, p := range b.Shape[0][0] {
			if !inside(p) {
				continue
			}
			for _, h := range houses {
				for i, to := range h.Shape[0][0] {
					from := h.Shape[0][0][(i+len(h.Shape[0][0])-1)%len(h.Shape[0][0])]
					nearest = min(nearest, toLine(p, from, to))
				}
			}
		}
	}
	return nearest
}

// toLine returns how far a point is from a line, in metres.
func toLine(p, from, to crs.Point) float64 {
	x, y := float64(to.Lon-from.Lon)/stepsLon, float64(to.Lat-from.Lat)/stepsLat
	u, v := float64(p.Lon-from.Lon)/stepsLon, float64(p.Lat-from.Lat)/stepsLat
	k := max(0, min(1, (u*x+v*y)/(x*x+y*y)))
	return math.Hypot(u-k*x, v-k*y)
}

// Houses bent round each other, which no straight line parts: the border between two groups runs midway between them.
//
//	| |     |
//	| | |   |
//	| | |__ |
//	| |_____|
//	|_______|
func TestMedialLinesBetweenBentHouses(t *testing.T) {
	in := ground.Input{
		Measures: []string{"households"},
		Parents:  []ground.Parent{parent("A", square(0, 0, 200, 200))},
		Lines:    []ground.Line{street("s", metres(-5, 199), metres(205, 199))},
	}
	for i := range 6 {
		in.Buildings = append(in.Buildings, ground.Building{Code: fmt.Sprint("b", i), Shape: chevron(10+28*float64(i), 12, 190), Counts: []int64{20}})
	}
	g := build(t, in, ground.Options{GridTarget: 100})
	if len(g.Blocks) != 4 || count(g, ground.Oversized) > 0 {
		t.Errorf("%d blocks, %v", len(g.Blocks), g.Findings)
	}
	if d := apart(g, in.Buildings, 195); d < 5 {
		t.Errorf("a border comes as near to a house as %.1f m; the lanes are 16 m wide", d)
	}
	for _, b := range g.Blocks {
		if n := len(b.Shape[0][0]); n > 10 {
			t.Errorf("the border of a block has %d corners", n)
		}
	}
}

// A house round a yard with houses in it: the border is a ring, and goes through the gate.
func TestMedialLineRoundAYard(t *testing.T) {
	in := ground.Input{
		Parents: []ground.Parent{parent("A", square(0, 0, 200, 200))},
		Lines:   []ground.Line{street("s", metres(-5, 199), metres(205, 199))},
		Buildings: []ground.Building{house("round", shape.MultiPolygon{{{metres(40, 40), metres(160, 40), metres(160, 160), metres(103, 160), metres(103, 150),
			metres(150, 150), metres(150, 50), metres(50, 50), metres(50, 150), metres(97, 150), metres(97, 160), metres(40, 160)}}})},
	}
	for i := range 4 { // too near each other for a border between them
		x, y := 75+19*float64(i%2), 75+19*float64(i/2)
		in.Buildings = append(in.Buildings, house(fmt.Sprint("in", i), square(x, y, x+18, y+18)))
	}
	g := build(t, in, ground.Options{BuildingCap: 4})
	if count(g, ground.Oversized) > 0 || count(g, ground.BuildingCut) > 0 || len(g.Blocks) != 2 {
		t.Fatalf("%d blocks, %v", len(g.Blocks), g.Findings)
	}
	if a, b := blockOf(g, "in0"), blockOf(g, "round"); a == b || a != blockOf(g, "in3") {
		t.Errorf("the yard is in block %d, the house round it in %d", a, b)
	}
	if d := apart(g, in.Buildings, 195); d < 1 {
		t.Errorf("a border comes as near to a house as %.1f m", d)
	}
}

// Houses wall to wall cannot be parted: the block stays as it is, and is told of.
func TestRowsThatHangTogetherStayOversized(t *testing.T) {
	in := ground.Input{
		Parents: []ground.Parent{parent("A", square(0, 0, 200, 100))},
		Lines:   []ground.Line{street("s", metres(-5, 99), metres(205, 99))},
	}
	for i := range 12 {
		in.Buildings = append(in.Buildings, house(fmt.Sprintf("h%02d", i), square(10+15*float64(i)-0.2, 40, 25+15*float64(i), 60)))
	}
	g := build(t, in, ground.Options{BuildingCap: 5})
	if f := only(t, g, ground.Oversized); len(g.Blocks) != 1 || !slices.Equal(f.Codes, []string{"A"}) {
		t.Errorf("%d blocks, %v", len(g.Blocks), f)
	}
}

// Whatever the rows look like: most houses of a block that stays oversized cannot be parted from each other, as no lane of
// four metres leads through; and no house is cut.
func TestWhatStaysOversizedHangsTogether(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := ground.Input{Parents: []ground.Parent{parent("A", square(-150, -150, 150, 150))}, Lines: []ground.Line{street("s", metres(-160, 149), metres(160, 149))}}
		radius := 18.0
		for ring := range rapid.IntRange(2, 4).Draw(t, "rings") {
			from, to := rapid.Float64Range(0, 2).Draw(t, "from"), rapid.Float64Range(3, 6).Draw(t, "to")
			in.Buildings = append(in.Buildings, bentRow(fmt.Sprint("r", ring), radius, from, to)...)
			radius += rapid.Float64Range(9, 26).Draw(t, "lane")
		}
		limit := rapid.IntRange(3, 12).Draw(t, "cap")
		g := buildDrawn(t, in, ground.Options{BuildingCap: limit, SliverArea: 1, VergeWidth: -1, BuiltArea: 1})
		if count(g, ground.BuildingCut) > 0 {
			t.Fatalf("%v", g.Findings)
		}
		for _, f := range g.Findings {
			if f.Rule == ground.Oversized {
				wantTogether(t, g, in.Sorted().Buildings, f.Blocks[0])
			}
		}
	})
}

// bentRow returns houses along an arc round the origin, of angles in radians: every second pair of neighbours wall to wall.
func bentRow(code string, radius, from, to float64) (houses []ground.Building) {
	for i, at := 0, from; at < to; i++ {
		houses = append(houses, house(fmt.Sprintf("%s-%02d", code, i), slab(place{radius * math.Cos(at), radius * math.Sin(at)}, 8, 9, at)))
		at += 10 / radius
		if i%2 == 1 {
			at += 6 / radius
		}
	}
	return houses
}

// wantTogether fails unless two thirds of the houses of a block hang together, each within four metres of another.
func wantTogether(t *rapid.T, g *ground.Ground, houses []ground.Building, block int32) {
	in := g.Blocks[block].Buildings
	most := 0
	seen := map[int32]bool{}
	for _, first := range in {
		if seen[first] {
			continue
		}
		seen[first] = true
		together := 1
		for todo := []int32{first}; len(todo) > 0; {
			a := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, b := range in {
				if !seen[b] && distance(houses[a].Shape, houses[b].Shape) < 4 {
					seen[b] = true
					together++
					todo = append(todo, b)
				}
			}
		}
		most = max(most, together)
	}
	if most*3 < len(in)*2 {
		t.Fatalf("block %d of %d houses could be divided: no more than %d of them hang together", block, len(in), most)
	}
}

// What is made of generated towns is what a person would draw: most borders lie on something, and nobody is surprised by a
// sliver or an oversized block.
func TestQualityOfGeneratedTowns(t *testing.T) {
	for name, in := range map[string]ground.Input{
		"synthetic": makeTown(20, 0), "shaken": makeTown(20, 3), "quarter 1": quarter(1), "quarter 2": quarter(2), "quarter 3": quarter(3),
	} {
		g := build(t, in, ground.Options{})
		if g.Stats.OnBarriers < 0.85 {
			t.Errorf("%s: %.1f %% of the borders lie on a barrier", name, 100*g.Stats.OnBarriers)
		}
		told := map[int32]bool{}
		for _, f := range g.Findings {
			if f.Rule == ground.Sliver || f.Rule == ground.Oversized {
				told[f.Blocks[0]] = true
			}
		}
		blocks := make([]int, len(g.Parents))
		for _, b := range g.Blocks {
			blocks[b.Parent]++
		}
		for i, b := range g.Blocks {
			width := 2 * float64(b.Area) / float64(perimeter(b.Shape))
			small := len(b.Buildings) == 0 && (b.Area < 1999 || width < 9.9) || len(b.Buildings) > 0 && b.Area < 399
			if (small && blocks[b.Parent] > 1 || len(b.Buildings) > 60) && !told[int32(i)] {
				t.Errorf("%s: nobody was told of block %d, %.0f m², %.1f m wide, %d buildings", name, i, b.Area, width, len(b.Buildings))
			}
		}
	}
}

func perimeter(m shape.MultiPolygon) (sum crs.Metres) {
	for _, p := range m {
		for _, r := range p {
			sum += r.Length()
		}
	}
	return sum
}

func distance(m, n shape.MultiPolygon) float64 {
	nearest := math.Inf(1)
	for _, pair := range [2][2]shape.Ring{{m[0][0], n[0][0]}, {n[0][0], m[0][0]}} {
		for _, p := range pair[0] {
			for i, to := range pair[1] {
				nearest = min(nearest, toLine(p, pair[1][(i+len(pair[1])-1)%len(pair[1])], to))
			}
		}
	}
	return nearest
}
