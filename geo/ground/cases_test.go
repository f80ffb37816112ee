package ground_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
)

func parent(code string, m shape.MultiPolygon) ground.Parent {
	return ground.Parent{Code: code, Shape: m}
}

func street(code string, points ...crs.Point) ground.Line {
	return ground.Line{Code: code, Barrier: ground.Street, Path: points}
}

func house(code string, m shape.MultiPolygon) ground.Building {
	return ground.Building{Code: code, Shape: m}
}

// blockOf returns the block of a building.
func blockOf(g *ground.Ground, code string) int32 {
	for _, m := range g.Members {
		if m.Code == code {
			return m.Block
		}
	}
	return -2
}

// the finding of a rule, when there is just one.
func only(t *testing.T, g *ground.Ground, rule ground.Rule) ground.Finding {
	t.Helper()
	var found []ground.Finding
	for _, f := range g.Findings {
		if f.Rule == rule {
			found = append(found, f)
		}
	}
	if len(found) != 1 {
		t.Fatalf("%d findings of %s in %v", len(found), rule, g.Findings)
	}
	return found[0]
}

// wantArea reports an area that is more than a hundredth off.
func wantArea(t *testing.T, what string, got crs.SquareMetres, want float64) {
	t.Helper()
	if d := float64(got) - want; d > want/100 || d < -want/100 {
		t.Errorf("%s: %.1f m², not %.1f", what, got, want)
	}
}

// The street makes a detour round a house that stands on it: the house is in the block that has most of it, half a metre of
// ground round it too.
func TestDetour(t *testing.T) {
	in := ground.Input{
		Parents:   []ground.Parent{parent("A", square(0, 0, 200, 100))},
		Lines:     []ground.Line{street("s", metres(100, -10), metres(100, 110))},
		Buildings: []ground.Building{house("h", square(94, 40, 103, 52))},
	}
	g := build(t, in, ground.Options{})
	if len(g.Blocks) != 2 || blockOf(g, "h") != 0 {
		t.Fatalf("%d blocks, the house is in %d", len(g.Blocks), blockOf(g, "h"))
	}
	wantArea(t, "the block with the house", g.Blocks[0].Area, 100*100+3.5*13)
	if len(g.Findings) > 0 {
		t.Error(g.Findings)
	}
}

// Houses that overlap stay together, whatever runs through them.
func TestClusterStaysTogether(t *testing.T) {
	in := ground.Input{
		Parents:   []ground.Parent{parent("A", square(0, 0, 200, 100))},
		Lines:     []ground.Line{street("s", metres(100, -10), metres(100, 110))},
		Buildings: []ground.Building{house("a", square(80, 40, 99, 50)), house("b", square(97, 42, 108, 60)), house("c", square(107, 50, 109, 70))},
	}
	g := build(t, in, ground.Options{})
	for _, code := range []string{"a", "b", "c"} {
		if blockOf(g, code) != 0 {
			t.Errorf("%s is in block %d", code, blockOf(g, code))
		}
	}
}

// A house across the border of two parents is counted in the one that has most of it, and is a finding; when a planner has
// accepted the move, the border goes round it.
func TestStraddler(t *testing.T) {
	in := ground.Input{
		Measures:  []string{"households"},
		Parents:   []ground.Parent{parent("A", square(0, 0, 100, 100)), parent("B", square(100, 0, 200, 100))},
		Buildings: []ground.Building{{Code: "h", Shape: square(92, 40, 104, 52), Counts: []int64{7}}},
	}
	g := build(t, in, ground.Options{})
	f := only(t, g, ground.Straddler)
	if !slices.Equal(f.Codes, []string{"h", "A", "B"}) || !g.Members[0].Across {
		t.Errorf("%v", f)
	}
	wantArea(t, "what stands in B", f.Area, 48)
	if g.Parents[0].Counts[0] != 7 || g.Parents[1].Counts[0] != 0 {
		t.Errorf("counted %v and %v", g.Parents[0].Counts, g.Parents[1].Counts)
	}
	wantArea(t, "A", g.Parents[0].Shape.Area(), 10000)

	for _, to := range []string{"A", "B"} {
		in.Moves = map[string]string{"h": to}
		g = build(t, in, ground.Options{})
		if g.Members[0].Across || g.Blocks[blockOf(g, "h")].Parent != int32(to[0]-'A') {
			t.Errorf("moved to %s: %+v", to, g.Members[0])
		}
		if len(g.Repairs) == 0 || g.Repairs[0].Kind != ground.RepairAccepted || g.Repairs[0].To != to || g.Repairs[0].Object != "h" {
			t.Errorf("moved to %s: %v", to, g.Repairs)
		}
	}
	wantArea(t, "B with the house", g.Parents[1].Shape.Area(), 10000+8.5*13)

	in.Moves = map[string]string{"h": "C"}
	if f := only(t, build(t, in, ground.Options{}), ground.UnknownMove); !slices.Equal(f.Codes, []string{"h", "C"}) {
		t.Errorf("%v", f)
	}
}

// A house that hardly grazes the border moves it without asking; at the edge of the scope that is not ours to do.
func TestGraze(t *testing.T) {
	in := ground.Input{
		Parents:   []ground.Parent{parent("A", square(0, 0, 100, 100)), parent("B", square(100, 0, 200, 100))},
		Buildings: []ground.Building{house("h", square(90, 40, 100.2, 52)), house("i", square(190, 40, 200.2, 52))},
	}
	g := build(t, in, ground.Options{})
	if g.Members[0].Across || len(g.Repairs) == 0 || g.Repairs[0].Kind != ground.RepairGrazed || g.Repairs[0].Object != "h" {
		t.Errorf("%+v, %v", g.Members[0], g.Repairs)
	}
	if f := only(t, g, ground.Straddler); !slices.Equal(f.Codes, []string{"i", "B"}) {
		t.Errorf("%v", f)
	}
}

// A house whose wall lies on the border stays whole, whatever crosses the border beside it: each crossing is rounded to the
// grid, and would turn the border a hair into the wall. So the border makes room for the house, also where nobody's ground is
// beyond.
func TestFlushWithTheBorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		// The border goes from the origin in strides of (a, b), so that corners can be on it.
		a, b := rapid.IntRange(100, 400).Draw(t, "a"), rapid.IntRange(300, 600).Draw(t, "b")
		at := func(stride, east int) crs.Point {
			return crs.Point{Lon: crs.Coord(originLon + a*stride + east), Lat: crs.Coord(originLat + b*stride)}
		}
		from := rapid.IntRange(3, 10).Draw(t, "from")
		to := from + rapid.IntRange(2, 6).Draw(t, "length")
		in := ground.Input{
			Parents:   []ground.Parent{parent("A", shape.MultiPolygon{{{at(0, -9000), at(0, 0), at(20, 0), at(20, -9000)}}})},
			Buildings: []ground.Building{house("h", shape.MultiPolygon{{{at(from, 0), at(to, 0), at(to, -900), at(from, -900)}}})},
		}
		if rapid.Bool().Draw(t, "neighbour") {
			in.Parents = append(in.Parents, parent("B", shape.MultiPolygon{{{at(0, 0), at(0, 9000), at(20, 9000), at(20, 0)}}}))
		}
		for i := range rapid.IntRange(1, 3).Draw(t, "streets") {
			y := rapid.IntRange(-2000, 14000).Draw(t, "y")
			in.Lines = append(in.Lines, street(fmt.Sprint("s", i), crs.Point{Lon: originLon - 5000, Lat: crs.Coord(originLat + y)}, at(20, 9000)))
		}
		g := buildDrawn(t, in, ground.Options{})
		if count(g, ground.BuildingCut) > 0 || count(g, ground.Straddler) > 0 {
			t.Fatalf("%v", g.Findings)
		}
	})
}

// Two drafts of one border: narrow gaps and overlaps are closed so that the draft of the lower code is the border.
func TestNarrowGapsAndOverlapsAreClosed(t *testing.T) {
	in := ground.Input{Parents: []ground.Parent{
		parent("A", shape.MultiPolygon{{{metres(0, 0), metres(100, 0), metres(103, 50), metres(98, 100), metres(0, 100)}}}),
		parent("B", shape.MultiPolygon{{{metres(102, 0), metres(200, 0), metres(200, 100), metres(101, 100), metres(99, 60)}}}),
	}}
	g := build(t, in, ground.Options{})
	if len(g.Findings) != 2 || g.Findings[0].Rule != ground.NoLines {
		t.Errorf("%v", g.Findings)
	}
	if got := g.Parents[0].Shape[0][0]; len(in.Parents[0].Shape[0][0])+2 < len(got) {
		t.Errorf("A became %v", got)
	}
	wantArea(t, "A", g.Parents[0].Shape.Area(), float64(in.Parents[0].Shape.Area()))
	for _, r := range g.Repairs {
		if r.Kind == ground.RepairGap && r.To != "B" || r.Kind == ground.RepairOverlap && r.To != "A" {
			t.Errorf("%v", r)
		}
	}
	if len(g.Outline) != 1 || len(g.Outline[0]) != 1 {
		t.Errorf("the outline is %v", g.Outline)
	}
}

func TestWideGapsAndOverlapsAreFindings(t *testing.T) {
	in := ground.Input{Parents: []ground.Parent{
		parent("A", square(0, 0, 100, 300)), parent("B", square(66, 0, 300, 100)), parent("C", square(100, 200, 300, 300)), parent("D", square(250, 100, 300, 200)),
	}}
	g := build(t, in, ground.Options{})
	f := only(t, g, ground.Overlap)
	wantArea(t, "the overlap", f.Area, 3400)
	if !holds(square(66, 0, 100, 100), f.At) || !slices.Equal(f.Codes, []string{"A", "B"}) && !slices.Equal(f.Codes, []string{"B", "A"}) {
		t.Errorf("%v", f)
	}
	f = only(t, g, ground.Gap)
	wantArea(t, "the gap", f.Area, 15000)
	if !holds(square(100, 100, 250, 200), f.At) || !slices.Equal(f.Codes, []string{"A", "B", "C", "D"}) {
		t.Errorf("%v", f)
	}
}

// A cleft between two parents that is open to the outside is closed if it is narrow, and no further than its mouth. A bay
// is not.
func TestCleftsAreClosed(t *testing.T) {
	in := ground.Input{Parents: []ground.Parent{
		parent("A", shape.MultiPolygon{{{metres(0, 0), metres(96, 0), metres(100, 200), metres(0, 200)}}}),
		parent("B", shape.MultiPolygon{{{metres(104, 0), metres(200, 0), metres(200, 200), metres(100, 200)}}}),
	}}
	g := build(t, in, ground.Options{})
	wantArea(t, "both", g.Outline.Area(), 200*200)
	wantArea(t, "A", g.Parents[0].Shape.Area(), 98*200)
	if len(g.Outline[0][0]) != 7 {
		t.Errorf("the outline has the corners %v", g.Outline[0][0])
	}
	in.Parents[1].Shape[0][0][0] = metres(150, 0)
	wantArea(t, "with a bay", build(t, in, ground.Options{}).Outline.Area(), 98*200+75*200)
}

// The pavement round compounds is parted between them: none reaches round its neighbour.
func TestPavementIsParted(t *testing.T) {
	in := ground.Input{
		Parents:   []ground.Parent{parent("A", square(0, 0, 300, 200))},
		Compounds: []ground.Compound{{Code: "c", Shape: square(12, 12, 147, 188)}, {Code: "d", Shape: square(153, 12, 288, 188)}},
		Buildings: []ground.Building{house("a", square(50, 50, 80, 80)), house("b", square(200, 50, 230, 80))},
	}
	g := build(t, in, ground.Options{})
	if len(g.Blocks) != 2 || len(g.Findings) > 0 {
		t.Fatalf("%d blocks, %v", len(g.Blocks), g.Findings)
	}
	for i, west := range []float64{0, 153} {
		for _, p := range []crs.Point{metres(west+5, 5), metres(west+142, 195)} {
			if blockAt(g, p) != i {
				t.Errorf("%v is in block %d, not %d", p, blockAt(g, p), i)
			}
		}
	}
}

// A border a little beside a street is laid on it.
func TestConflation(t *testing.T) {
	in := ground.Input{
		Parents: []ground.Parent{
			parent("A", shape.MultiPolygon{{{metres(0, 0), metres(103, 0), metres(96, 150), metres(104, 300), metres(0, 300)}}}),
			parent("B", shape.MultiPolygon{{{metres(103, 0), metres(200, 0), metres(200, 300), metres(104, 300), metres(96, 150)}}}),
		},
		Lines: []ground.Line{street("s", metres(100, -20), metres(100, 320))},
	}
	g := build(t, in, ground.Options{})
	wantArea(t, "A", g.Parents[0].Shape.Area(), 30000)
	wantArea(t, "B", g.Parents[1].Shape.Area(), 30000)
	for _, b := range g.Borders {
		if b.Barrier != ground.Street {
			t.Errorf("the border is %v m of %v", b.Length, b.Barrier)
		}
	}
	g = build(t, in, ground.Options{ConflationWidth: -1})
	if len(g.Repairs) > 0 {
		t.Errorf("conflation is off: %v", g.Repairs)
	}
}

// What lies between two carriageways, and a traffic island, are no blocks.
func TestSliversAreMerged(t *testing.T) {
	in := ground.Input{
		Parents: []ground.Parent{parent("A", square(0, 0, 400, 300))},
		Lines: []ground.Line{
			street("a", metres(-10, 146), metres(410, 146)), street("b", metres(410, 154), metres(-10, 154)),
			street("c", metres(200, -10), metres(200, 146)),
			street("d", metres(200, 130), metres(215, 140), metres(215, 120), metres(200, 130)),
		},
	}
	if g := build(t, in, ground.Options{}); len(g.Blocks) != 3 || len(g.Findings) > 0 {
		t.Errorf("%d blocks, %v", len(g.Blocks), g.Findings)
	}
}

// A compound stays whole against the street through it, as long as it is not oversized; a trunk road divides it all the
// same.
func TestCompounds(t *testing.T) {
	in := ground.Input{
		Measures:  []string{"households"},
		Parents:   []ground.Parent{parent("A", square(0, 0, 300, 300))},
		Compounds: []ground.Compound{{Code: "c", Shape: square(50, 50, 250, 250)}},
		Lines:     []ground.Line{street("s", metres(150, -10), metres(150, 310))},
		Buildings: []ground.Building{{Code: "a", Shape: square(80, 100, 100, 200), Counts: []int64{150}}, {Code: "b", Shape: square(200, 100, 220, 200), Counts: []int64{150}}},
	}
	g := build(t, in, ground.Options{})
	if blockOf(g, "a") != blockOf(g, "b") || count(g, ground.CompoundCut) > 0 {
		t.Errorf("the compound is cut: %v", g.Findings)
	}
	if b := g.Blocks[blockOf(g, "a")]; !slices.Equal(b.Compounds, []string{"c"}) {
		t.Errorf("the block is of the compounds %v", b.Compounds)
	}
	g = build(t, in, ground.Options{GridTarget: 400})
	if f := only(t, g, ground.CompoundCut); blockOf(g, "a") == blockOf(g, "b") || !slices.Equal(f.Codes, []string{"c"}) || len(f.Blocks) != 2 {
		t.Errorf("an oversized compound: %v", f)
	}
	in.Lines[0].Barrier = ground.Trunk
	g = build(t, in, ground.Options{})
	if f := only(t, g, ground.CompoundCut); blockOf(g, "a") == blockOf(g, "b") || len(f.Blocks) != 2 {
		t.Errorf("a trunk road: %v", f)
	}
}

// What is known of a compound only is spread over its buildings to the unit, and its blocks are estimates.
func TestCountsOfCompoundsAreSpread(t *testing.T) {
	in := ground.Input{
		Measures: []string{"households", "residents"},
		Parents:  []ground.Parent{parent("A", square(0, 0, 600, 300))},
		Compounds: []ground.Compound{
			{Code: "c", Shape: square(50, 50, 250, 250), Counts: []int64{100, 7}},
			{Code: "d", Shape: square(350, 50, 550, 250), Counts: []int64{10, 30}},
			{Code: "e", Shape: square(700, 50, 800, 250), Counts: []int64{1, 1}},
		},
		Buildings: []ground.Building{
			{Code: "a", Shape: square(80, 100, 100, 200)}, {Code: "b", Shape: square(120, 100, 130, 200), Counts: []int64{5, 6}},
			{Code: "x", At: metres(20, 20), Compound: "c", Counts: []int64{1, 0}}, {Code: "y", At: metres(580, 20), Compound: "z"},
		},
	}
	g := build(t, in, ground.Options{})
	got := map[string][]int64{}
	for _, m := range g.Members {
		got[m.Code] = m.Counts
	}
	// a has 2000 m², b 1000, and x is a point and has none.
	for code, want := range map[string][]int64{"a": {67, 5}, "b": {38, 8}, "x": {1, 0}} {
		if !slices.Equal(got[code], want) {
			t.Errorf("%s counts %v, not %v", code, got[code], want)
		}
	}
	if b := g.Blocks[blockOf(g, "a")]; !b.Estimated || b.Counts[0] != 105 {
		t.Errorf("the block of the compound counts %v, estimated %v", b.Counts, b.Estimated)
	}
	if b := g.Blocks[blockAt(g, metres(450, 150))]; !b.Estimated || !slices.Equal(b.Counts, []int64{10, 30}) {
		t.Errorf("the block of the compound without buildings counts %v, estimated %v", b.Counts, b.Estimated)
	}
	if b := g.Blocks[blockOf(g, "y")]; b.Estimated {
		t.Error("nothing in the block of y is estimated")
	}
	if f := only(t, g, ground.NoGround); !slices.Equal(f.Codes, []string{"e"}) || !slices.Equal(g.Lost, []int64{1, 1}) {
		t.Errorf("%v, lost %v", f, g.Lost)
	}
	if f := only(t, g, ground.UnknownCompound); !slices.Equal(f.Codes, []string{"y", "z"}) {
		t.Errorf("%v", f)
	}
}

// rows of houses, 12 by 10 m, on a lattice of 24 by 22 m.
func village(cols, rows int) (houses []ground.Building) {
	for r := range rows {
		for c := range cols {
			x, y := 12+float64(c)*24, 12+float64(r)*22
			houses = append(houses, ground.Building{Code: string(rune('a'+r)) + string(rune('a'+c)), Shape: square(x, y, x+12, y+10), Counts: []int64{3}})
		}
	}
	return houses
}

// An oversized block is divided by paths where there are some, else through the gaps between the houses, so that no house
// is in the way.
func TestOversizedBlocksAreDivided(t *testing.T) {
	in := ground.Input{
		Measures: []string{"households"},
		Parents:  []ground.Parent{parent("A", square(0, 0, 264, 240))},
		Lines: []ground.Line{
			street("s", metres(-10, 235), metres(300, 235)),
			{Code: "p", Barrier: ground.Lane, Second: true, Name: "path", Path: []crs.Point{metres(128, -5), metres(128, 240)}},
		},
		Buildings: village(10, 10),
	}
	g := build(t, in, ground.Options{BuildingCap: 50})
	if len(g.Blocks) != 2 || g.Borders[0].Name != "path" || count(g, ground.Oversized) > 0 {
		t.Errorf("by the path: %d blocks, %v, %v", len(g.Blocks), g.Borders, g.Findings)
	}
	g = build(t, in, ground.Options{BuildingCap: 30})
	if len(g.Blocks) != 4 || count(g, ground.Oversized) > 0 {
		t.Errorf("by path and gaps: %d blocks, %v", len(g.Blocks), g.Findings)
	}
	for _, b := range g.Blocks {
		if len(b.Buildings) != 25 || len(b.Shape[0][0]) > 30 {
			t.Errorf("a block of %d houses and %d corners", len(b.Buildings), len(b.Shape[0][0]))
		}
	}
	g = build(t, in, ground.Options{GridTarget: 60, OversizePercent: 50})
	for _, b := range g.Blocks {
		if b.Counts[0] > 30 {
			t.Errorf("a block of %v households", b.Counts)
		}
	}
	in.Buildings = []ground.Building{{Code: "tower", Shape: square(100, 100, 120, 120), Counts: []int64{10000}}}
	if f := only(t, build(t, in, ground.Options{GridTarget: 400}), ground.Oversized); !slices.Equal(f.Codes, []string{"A"}) || len(f.Blocks) != 1 {
		t.Errorf("a tower: %v", f)
	}
}

// A parent without lines is divided between its buildings, or into H3 cells where only points are known.
func TestWithoutLines(t *testing.T) {
	in := ground.Input{Measures: []string{"households"}, Parents: []ground.Parent{parent("A", square(0, 0, 1200, 1200))}, Buildings: village(20, 10)}
	g := build(t, in, ground.Options{})
	if f := only(t, g, ground.NoLines); len(f.Blocks) != len(g.Blocks) || len(g.Blocks) < 4 || count(g, ground.Oversized) > 0 {
		t.Errorf("groups of buildings: %d blocks, %v", len(g.Blocks), g.Findings)
	}
	in.Buildings = nil
	for i := range 200 {
		in.Buildings = append(in.Buildings, ground.Building{Code: string(rune('a' + i)), At: metres(float64(i*57%1170)+15, float64(i*131%1190)+5)})
	}
	g = build(t, in, ground.Options{})
	if only(t, g, ground.NoLines); len(g.Blocks) < 6 {
		t.Errorf("H3 cells: %d blocks, %v", len(g.Blocks), g.Findings)
	}
}

func TestOtherFindings(t *testing.T) {
	in := ground.Input{
		Above: []ground.Parent{parent("1", square(0, 0, 200, 100)), parent("2", square(200, 0, 400, 100))},
		Parents: []ground.Parent{
			{Code: "A", Above: "1", Shape: square(0, 0, 240, 100)}, {Code: "B", Shape: square(240, 0, 395, 100)}, {Code: "C", Above: "9", Shape: square(600, 0, 700, 100)},
			parent("D", append(square(800, 0, 900, 100), square(950, 0, 1000, 100)...)), parent("E", nil),
		},
		Buildings: []ground.Building{
			house("far", square(450, 10, 460, 20)), house("twin", square(10, 10, 20, 20)), house("twin2", square(10, 10, 20, 20)),
			house("same", square(50, 10, 60, 20)), house("same", square(70, 10, 80, 20)),
		},
	}
	g := build(t, in, ground.Options{})
	if f := only(t, g, ground.Crosses); !slices.Equal(f.Codes, []string{"A", "1", "2"}) || !holds(square(200, 0, 240, 100), f.At) {
		t.Errorf("%v", f)
	} else {
		wantArea(t, "what crosses", f.Area, 4000)
	}
	if g.Parents[0].Above != 0 || g.Parents[1].Above != 1 || g.Parents[2].Above != -1 {
		t.Errorf("above are %d, %d and %d", g.Parents[0].Above, g.Parents[1].Above, g.Parents[2].Above)
	}
	if f := only(t, g, ground.UnknownAbove); !slices.Equal(f.Codes, []string{"C", "9"}) {
		t.Errorf("%v", f)
	}
	if f := only(t, g, ground.Outside); !slices.Equal(f.Codes, []string{"far"}) || blockOf(g, "far") != -1 {
		t.Errorf("%v", f)
	}
	if f := only(t, g, ground.Apart); !slices.Equal(f.Codes, []string{"D"}) || !holds(square(950, 0, 1000, 100), f.At) {
		t.Errorf("%v", f)
	}
	if f := only(t, g, ground.Vanished); !slices.Equal(f.Codes, []string{"E"}) {
		t.Errorf("%v", f)
	}
	var twins []string
	for _, f := range g.Findings {
		if f.Rule == ground.Duplicate {
			twins = append(twins, strings.Join(f.Codes, "="))
		}
	}
	if !slices.Equal(twins, []string{"same=same", "twin=twin2"}) {
		t.Errorf("%v", twins)
	}
}

// What cannot be built is refused with its place, and nothing comes back.
func TestRefusals(t *testing.T) {
	wide := shape.MultiPolygon{{{metres(0, 0), {Lon: originLon + 200_000_000, Lat: originLat}, metres(0, 100)}}}
	var scribble shape.Ring
	random := rand.New(rand.NewSource(1))
	for range 2500 {
		scribble = append(scribble, metres(random.Float64()*2000, random.Float64()*2000))
	}
	for _, c := range []struct {
		name string
		m    shape.MultiPolygon
		want ground.Rule
	}{{"20 degrees wide", wide, ground.ScopeTooLarge}, {"a scribble", shape.MultiPolygon{{scribble}}, ground.Tangled}} {
		g, err := ground.Build(context.Background(), ground.Input{Parents: []ground.Parent{parent("A", c.m)}}, ground.Options{}, nil)
		var refusal *ground.Refusal
		if !errors.As(err, &refusal) || refusal.Rule != c.want || g != nil || err.Error() == "" {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := ground.Build(ctx, makeTown(4, 0), ground.Options{}, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	if g := build(t, ground.Input{}, ground.Options{}); len(g.Blocks) > 0 || len(g.Findings) > 0 {
		t.Errorf("of nothing: %v", g)
	}
}

// A boundary that crosses itself needs no mending: what it winds round it claims.
func TestBoundaryThatCrossesItself(t *testing.T) {
	in := ground.Input{Parents: []ground.Parent{parent("A", shape.MultiPolygon{{{metres(0, 0), metres(100, 100), metres(100, 0), metres(0, 100)}}})}}
	g := build(t, in, ground.Options{})
	wantArea(t, "a bow tie", g.Parents[0].Shape.Area(), 5000)
}
