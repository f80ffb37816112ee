package plan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// A drawn town: a character is a block of 100 m, its letter the grid it is in; ~ is a block of water in no grid, a blank no ground. Large
// letters lie in community 甲, small ones in community 乙.
type drawing struct {
	picture string
	runs    []drawnRun
	stands  []plan.Feature // beside what runs where no two blocks meet
}

// drawnRun is something that runs along borders of blocks from one corner to another, in columns from the west and rows from the north.
type drawnRun struct {
	barrier        plan.Barrier
	name           string
	x0, y0, x1, y1 int
}

const drawnSide = 10_000 // steps: 85 m by 111 m

// corner returns a corner of a drawn town; x and y may be tenths of a block.
func corner(x, y float64) crs.Point {
	return crs.Point{Lon: 1_050_000_000 + crs.Coord(x*drawnSide), Lat: 375_000_000 - crs.Coord(y*drawnSide)}
}

func square(x0, y0, x1, y1 float64) shape.MultiPolygon {
	return shape.MultiPolygon{{{corner(x0, y1), corner(x1, y1), corner(x1, y0), corner(x0, y0)}}}
}

func lineOf(x0, y0, x1, y1 float64) []plan.Line { return []plan.Line{{corner(x0, y0), corner(x1, y1)}} }

// boundTown makes the plan of a drawn town; grids are numbered by their letters, A first.
func boundTown(t rapid.TB, d drawing) (*plan.Snapshot, *plan.BoundThings, func(letter byte) plan.GridNo) {
	t.Helper()
	rows := strings.Split(strings.Trim(d.picture, "\n"), "\n")
	at := func(x, y int) byte {
		if y < 0 || y >= len(rows) || x < 0 || x >= len(rows[y]) || rows[y][x] == ' ' {
			return 0
		}
		return rows[y][x]
	}
	g := plan.Ground{Version: 1, Measures: []plan.Measure{plan.Households}, Names: map[string]string{},
		Parents: []plan.Area{{ID: 1, Level: plan.Community, Code: "640502100001", Name: "甲社区", NameEn: "Jia Community"},
			{ID: 2, Level: plan.Community, Code: "640502100002", Name: "乙社区", NameEn: "Yi Community"}}}
	id := func(x, y int) plan.BlockID { return plan.BlockID(1000*(y+1) + x + 1) }
	nos := map[byte]plan.GridNo{}
	for c := byte('A'); c <= 'z'; c++ {
		if strings.IndexByte(d.picture, c) >= 0 {
			nos[c] = plan.GridNo(len(nos) + 1)
		}
	}
	var borders []plan.Border
	for y := range rows {
		for x := range rows[y] {
			c := at(x, y)
			if c == 0 {
				continue
			}
			b := plan.Block{ID: id(x, y), Code: fmt.Sprintf("B%02d%02d", y, x), Kind: "built", Counts: []int64{1}}
			b.Shape = square(float64(x), float64(y), float64(x+1), float64(y+1))
			b.Area = b.Shape.Area()
			b.Label = corner(float64(x)+0.5, float64(y)+0.5)
			if c >= 'a' && c <= 'z' {
				b.Parent = 1
			}
			if c == '~' {
				b.Kind = "water"
			}
			for _, f := range d.stands {
				if f.Layer == plan.CompoundLayer && f.Shape.Holds(b.Label) {
					b.Compounds = append(b.Compounds, f.Code)
					g.Names[f.Code] = f.Name
				}
			}
			g.Blocks = append(g.Blocks, b)
			for _, beside := range [2][2]int{{x + 1, y}, {x, y + 1}} {
				if at(beside[0], beside[1]) == 0 {
					continue
				}
				from, to := corner(float64(beside[0]), float64(beside[1])), corner(float64(x+1), float64(y+1))
				border := plan.Border{A: id(x, y), B: id(beside[0], beside[1]), Length: crs.Distance(from, to), Lines: []plan.Line{{from, to}},
					Along: plan.Along{Barrier: plan.BarrierNone}}
				for _, r := range d.runs {
					if r.x0 == r.x1 && beside[0] == r.x0 && beside[0] > x && y >= r.y0 && y < r.y1 || r.y0 == r.y1 && beside[1] == r.y0 && beside[1] > y && x >= r.x0 && x < r.x1 {
						border.Along = plan.Along{Barrier: r.barrier, Name: r.name}
					}
				}
				borders = append(borders, border)
			}
		}
	}
	things := plan.NewBoundThings(borders, d.stands, nil)
	ground, err := plan.NewGround(g, borders)
	if err != nil {
		t.Fatal(err)
	}
	grids := make([]plan.Grid, len(nos))
	for c, no := range nos {
		grids[no-1] = plan.Grid{No: no, GridProps: plan.GridProps{Code: string(c), Name: string(c) + "网格", NameEn: "Grid " + string(c), Kind: plan.BaseGrid}}
		if c >= 'a' {
			grids[no-1].Parent = 1
		}
	}
	assigned := make([]plan.GridNo, len(ground.Blocks))
	for i, b := range ground.Blocks {
		assigned[i] = nos[at(int(b.ID%1000)-1, int(b.ID/1000)-1)]
	}
	return plan.NewSnapshot(ground, plan.Recipe{Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}, 1, grids, assigned), things,
		func(letter byte) plan.GridNo { return nos[letter] }
}

func road(name string, x0, y0, x1, y1 int) drawnRun {
	return drawnRun{plan.BarrierStreet, name, x0, y0, x1, y1}
}

// compound is a compound in a drawn town.
func compound(code, name string, x0, y0, x1, y1 float64) plan.Feature {
	return plan.Feature{Layer: plan.CompoundLayer, Code: code, Name: name, Geometry: plan.Geometry{Shape: square(x0, y0, x1, y1)}}
}

func TestFourBounds(t *testing.T) {
	street := func(name string, x0, y0, x1, y1 float64) plan.Feature {
		return plan.Feature{Layer: plan.RoadLayer, Code: name, Name: name, Class: "street", Geometry: plan.Geometry{Lines: lineOf(x0, y0, x1, y1)}}
	}
	round := []drawnRun{road("东街", 3, 0, 3, 9), road("南街", 0, 3, 9, 3), road("西街", 1, 0, 1, 9), road("北街", 0, 1, 9, 1)}
	for _, c := range []struct {
		name    string
		drawing drawing
		grid    byte
		zh, en  string
	}{
		{"a rectangle between four streets", drawing{picture: `
BBBB
BAAB
BAAB
BBBB`, runs: round}, 'A',
			"东至东街中心线，南至南街中心线，西至西街中心线，北至北街中心线",
			"East to the centre line of 东街; south to the centre line of 南街; west to the centre line of 西街; north to the centre line of 北街"},
		{"the grid round it, at the edge of all ground, with a hole", drawing{picture: `
BBBB
BAAB
BAAB
BBBB`, runs: round, stands: []plan.Feature{street("环城东路", 4, 0, 4, 4), street("环城北路", 0, -0.1, 4, -0.1)}}, 'B',
			"东至环城东路中心线，南至甲社区边界，西至甲社区边界，北至环城北路（不含其内的A网格）",
			"East to the centre line of 环城东路; south to the outer boundary of Jia Community; west to the outer boundary of Jia Community; north to 环城北路 (without Grid A inside it)"},
		{"an L, whose notch is of two sides", drawing{picture: `
BBBBB
BABBB
BABBB
BAAAB
BBBBB`, runs: []drawnRun{road("东街", 4, 0, 4, 9), road("南街", 0, 4, 9, 4), road("西街", 1, 0, 1, 9), road("北街", 0, 1, 9, 1),
			road("文化巷", 2, 1, 2, 3), road("学府路", 2, 3, 4, 3)}}, 'A',
			"东至文化巷中心线—东街中心线，南至南街中心线，西至西街中心线，北至北街中心线—学府路中心线",
			""},
		{"a U, whose bay is of the side it is open to", drawing{picture: `
BBBBB
BABAB
BABAB
BAAAB
BBBBB`, runs: []drawnRun{road("东街", 4, 0, 4, 9), road("南街", 0, 4, 9, 4), road("西街", 1, 0, 1, 9), road("北街", 0, 1, 9, 1),
			road("里弄", 2, 1, 2, 3), road("里弄", 3, 1, 3, 3), road("里弄", 2, 3, 3, 3)}}, 'A',
			"东至东街中心线，南至南街中心线，西至西街中心线，北至北街中心线—里弄中心线", ""},
		{"a river beyond, and the same river within", drawing{picture: `
BBB
AAA
~~~
CCC`, runs: []drawnRun{{plan.BarrierRiver, "清水河", 0, 2, 9, 2}, {plan.BarrierRiver, "清水河", 0, 3, 9, 3}, road("北街", 0, 1, 9, 1)}}, 'A',
			"东至甲社区边界，南至清水河北岸，西至甲社区边界，北至北街中心线", ""},
		{"the far bank of a river", drawing{picture: `
BBB
AAA
~~~
CCC`, runs: []drawnRun{{plan.BarrierRiver, "清水河", 0, 2, 9, 2}, {plan.BarrierRiver, "清水河", 0, 3, 9, 3}, road("北街", 0, 1, 9, 1)}}, 'C',
			"东至甲社区边界，南至甲社区边界，西至甲社区边界，北至清水河南岸", ""},
		{"walls, a lane without a name, a free line", drawing{picture: `
BBBB
BAAC
BAAC
DDDD`, runs: []drawnRun{{plan.BarrierWall, "世纪花园", 3, 1, 3, 3}, {plan.BarrierLane, "", 1, 3, 3, 3}, {plan.BarrierWall, "", 1, 1, 3, 1}},
			stands: []plan.Feature{compound("C1", "世纪花园", 1.05, 1.05, 3, 2.95)}}, 'A',
			"东至世纪花园东围墙，南至世纪花园南侧无名小路，西至沿世纪花园西侧的自由线，北至世纪花园北侧围墙",
			"East to the east wall of 世纪花园; south to an unnamed lane on the south side of 世纪花园; west to a free line along the west side of 世纪花园; north to a wall on the north side of 世纪花园"},
		{"the wall of a compound beyond", drawing{picture: `
BBBB
BAAC
BAAC
DDDD`, runs: []drawnRun{{plan.BarrierWall, "世纪花园", 3, 1, 3, 3}},
			stands: []plan.Feature{compound("C1", "世纪花园", 1.05, 1.05, 3, 2.95)}}, 'C',
			"东至甲社区边界，南至与D网格之间的自由线，西至世纪花园东围墙，北至与B网格之间的自由线", ""},
		{"a named road is known rather than a nearer lane", drawing{picture: `
A
A`, stands: []plan.Feature{street("南街", 0, 2.12, 4, 2.12), {Layer: plan.RoadLayer, Code: "lane", Class: "back_lane", Geometry: plan.Geometry{Lines: lineOf(0, 2.05, 4, 2.05)}}}}, 'A',
			"东至甲社区边界，南至南街，西至甲社区边界，北至甲社区边界", ""},
		{"a free line by a building, and by nothing", drawing{picture: `
BBB
BAC
BDC`, runs: nil, stands: []plan.Feature{{Layer: plan.BuildingLayer, Code: "b", Name: "甲楼", Geometry: plan.Geometry{Shape: square(1.2, 0.6, 1.8, 0.8)}}}}, 'A',
			"东至与C网格之间的自由线，南至与D网格之间的自由线，西至与B网格之间的自由线，北至沿甲楼南侧空地的自由线", ""},
		{"another community", drawing{picture: `
Aa
Aa`, runs: nil}, 'A', "东至乙社区界，南至甲社区边界，西至甲社区边界，北至甲社区边界", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			s, things, no := boundTown(t, c.drawing)
			b := plan.FourBounds(s, no(c.grid), things)
			if got := b.Full(words.Zh); got != c.zh {
				t.Errorf("got  %s\nwant %s", got, c.zh)
			}
			if got := b.Full(words.En); c.en != "" && got != c.en {
				t.Errorf("got  %s\nwant %s", got, c.en)
			}
		})
	}
}

// slanted returns the plan of grids that are one block each, of the rings given, in community 甲.
func slanted(t rapid.TB, rings ...shape.Ring) *plan.Snapshot {
	t.Helper()
	g := plan.Ground{Version: 1, Measures: []plan.Measure{plan.Households}, Names: map[string]string{},
		Parents: []plan.Area{{ID: 1, Level: plan.Community, Code: "640502100001", Name: "甲社区", NameEn: "Jia Community"}}}
	var grids []plan.Grid
	var at []plan.GridNo
	for i, r := range rings {
		m := shape.MultiPolygon{{r}}
		g.Blocks = append(g.Blocks, plan.Block{ID: plan.BlockID(i + 1), Code: fmt.Sprint(i), Shape: m, Area: m.Area(), Label: r[0], Counts: []int64{1}})
		at = append(at, plan.GridNo(i+1))
		grids = append(grids, plan.Grid{No: plan.GridNo(i + 1), GridProps: plan.GridProps{Code: fmt.Sprint(i), Name: fmt.Sprintf("第%d网格", i+1), NameEn: fmt.Sprintf("Grid %d", i+1), Kind: plan.BaseGrid}})
	}
	var borders []plan.Border
	if len(rings) > 1 {
		borders = []plan.Border{{A: 1, B: 2, Length: 1, Along: plan.Along{Barrier: plan.BarrierNone}}}
	}
	ground, err := plan.NewGround(g, borders)
	if err != nil {
		t.Fatal(err)
	}
	return plan.NewSnapshot(ground, plan.Recipe{}, 1, grids, at)
}

// A river that bends is told once on each side it bounds; a side nothing faces is told by what meets at its point; names have their English.
func TestBoundsOfSlantedGrids(t *testing.T) {
	bend := []crs.Point{corner(3, 3), corner(3.3, 2.6), corner(3, 2.2), corner(3.3, 1.8), corner(3, 1.4), corner(3.2, 1), corner(3, 0.6), corner(2, 0)}
	river := plan.Feature{Layer: plan.WaterLayer, Code: "r", Name: "清水河", Class: "river", Geometry: plan.Geometry{Lines: []plan.Line{bend}},
		Attributes: map[string]string{"name:en": "Qingshui River"}}
	way := func(name string, x0, y0, x1, y1 float64) plan.Feature {
		return plan.Feature{Layer: plan.RoadLayer, Code: name, Name: name, Class: "street", Geometry: plan.Geometry{Lines: lineOf(x0, y0, x1, y1)}}
	}
	s := slanted(t, append(shape.Ring{corner(0, 0), corner(0, 3)}, bend...))
	things := plan.NewBoundThings(nil, []plan.Feature{river, way("南街", -1, 3, 4, 3), way("西街", 0, -1, 0, 4), way("北街", -1, 0, 3, 0)}, nil)
	b := plan.FourBounds(s, 1, things)
	if got, want := b.Full(words.Zh), "东至清水河中心线，南至南街中心线，西至西街中心线，北至北街中心线"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got, want := b.Side(plan.East, words.En), "the centre line of Qingshui River"; got != want {
		t.Errorf("got %s", got)
	}
	three := slanted(t, shape.Ring{corner(0, 2), corner(4, 2), corner(2, 1.2)})
	b = plan.FourBounds(three, 1, plan.NewBoundThings(nil, []plan.Feature{way("南街", -1, 2, 5, 2), way("西斜街", 0, 2, 2, 1.2), way("东斜街", 2, 1.2, 4, 2)}, nil))
	if got, want := b.Short(words.Zh), "东至东斜街—南街，南至南街，西至南街—西斜街，北至西斜街—东斜街"; got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

// Whatever the grids: four sides that say something, segments that follow each other round the border and are as long as it, in both languages.
func TestBoundsOfAnyGrids(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 5).Draw(t, "columns"), rapid.IntRange(1, 5).Draw(t, "rows")
		var picture strings.Builder
		for range h {
			for range w {
				picture.WriteByte(rapid.SampledFrom([]byte("AABBC~")).Draw(t, "grid"))
			}
			picture.WriteByte('\n')
		}
		d := drawing{picture: picture.String()}
		for i := range rapid.IntRange(0, 3).Draw(t, "runs") {
			along := rapid.SampledFrom(plan.Barriers).Draw(t, "barrier")
			name := rapid.SampledFrom([]string{"", "甲路", "乙路"}).Draw(t, "name")
			at := rapid.IntRange(1, 4).Draw(t, "at")
			if i%2 == 0 {
				d.runs = append(d.runs, drawnRun{along, name, at, 0, at, 9})
			} else {
				d.runs = append(d.runs, drawnRun{along, name, 0, at, 9, at})
			}
		}
		if !strings.ContainsAny(d.picture, "ABC") {
			return
		}
		s, things, _ := boundTown(t, d)
		for g := range s.Live() {
			b := plan.FourBounds(s, g.No, things)
			if len(s.Blocks(g.No)) == 0 {
				if b.Full(words.Zh) != "" {
					t.Fatal("an empty grid has bounds")
				}
				continue
			}
			for side := plan.East; side <= plan.North; side++ {
				for _, l := range words.Langs {
					if text := b.Side(side, l); text == "" || strings.ContainsAny(text, "{}") {
						t.Fatalf("%s\n%s of %s: %q", d.picture, side.In(words.En), g.Code, text)
					}
				}
			}
			var rings, kinds, segments crs.Metres
			for _, p := range s.Polygons(g.No) {
				for _, r := range p {
					rings += r.Length()
				}
			}
			for _, metres := range b.Kinds {
				kinds += metres
			}
			ends := map[crs.Point]int{}
			for i, segment := range b.Segments {
				if segment.Number != i+1 {
					t.Fatal("numbers")
				}
				ends[segment.Line[0]]++
				ends[segment.Line[len(segment.Line)-1]]--
				for j := range segment.Line[1:] {
					segments += crs.Distance(segment.Line[j], segment.Line[j+1])
				}
			}
			for p, n := range ends {
				if n != 0 {
					t.Fatalf("the walk breaks at %v", p)
				}
			}
			for _, sum := range []crs.Metres{b.Length, kinds, segments} {
				if sum < rings-1 || sum > rings+1 {
					t.Fatalf("%s\nborder of %s: %.1f m, told are %.1f, %.1f, %.1f", d.picture, g.Code, rings, b.Length, kinds, segments)
				}
			}
		}
	})
}

// What a planner wrote stands until the border moves; then it still stands, and there is a finding. A point set on the border is no move.
func TestKeptBoundsAreCheckedAgain(t *testing.T) {
	s, things, no := boundTown(t, drawing{picture: "AAB\nAAB"})
	b := plan.FourBounds(s, no('A'), things)
	b.Kept = &plan.KeptBounds{Zh: [4]string{plan.South: "老城墙根"}, Source: b.Source}
	if got, want := b.Full(words.Zh), "东至与B网格之间的自由线，南至老城墙根，西至甲社区边界，北至甲社区边界"; got != want || b.Stale() {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	if got := b.Side(plan.South, words.En); got != "the outer boundary of Jia Community" {
		t.Errorf("the English was not written: %s", got)
	}
	kept := map[plan.GridNo]plan.KeptBounds{no('A'): *b.Kept}
	if found := s.BoundsMoved(kept); len(found) != 0 {
		t.Errorf("nothing moved: %v", found)
	}
	wider, _, _ := boundTown(t, drawing{picture: "AAA\nAAB"})
	if found := wider.BoundsMoved(kept); len(found) != 1 || found[0].In(words.Zh) != "网格A的界线已变动，人工写定的四至待核对" {
		t.Errorf("the border moved: %v", found)
	}
	square := shape.Ring{corner(0, 1), corner(1, 1), corner(1, 0), corner(0, 0)}
	cut := shape.Ring{corner(0, 1), corner(1, 1), {Lon: corner(1, 0).Lon + 1, Lat: corner(1, 0.4).Lat}, corner(1, 0), corner(0, 0)}
	if slanted(t, square).Boundary(1) != slanted(t, cut).Boundary(1) {
		t.Error("a point set on a border makes it another")
	}
	moved := slices.Clone(square)
	moved[1].Lon += 100
	if slanted(t, square).Boundary(1) == slanted(t, moved).Boundary(1) {
		t.Error("a corner moved by a metre is not noticed")
	}
}

// A border is walked when all of it was found right.
func TestWalked(t *testing.T) {
	s, things, no := boundTown(t, drawing{picture: "AB"})
	b := plan.FourBounds(s, no('A'), things)
	if ok, _, _ := b.Walked(); ok {
		t.Error("nobody has walked")
	}
	for i := range b.Segments {
		b.Segments[i].Walk = &plan.WalkResult{Result: "ok", On: fmt.Sprintf("2026-03-0%d", i+1), By: []string{"张三", "李四"}[i%2]}
	}
	if ok, by, on := b.Walked(); !ok || by != "张三、李四" || on != fmt.Sprintf("2026-03-0%d", len(b.Segments)) {
		t.Errorf("%v %s %s", ok, by, on)
	}
	b.Segments[0].Walk.Result = "differs"
	if ok, _, _ := b.Walked(); ok {
		t.Error("a segment differs")
	}
	for _, c := range []struct {
		number int
		result plan.WalkResult
		key    string
	}{
		{9, plan.WalkResult{}, "walk.number"}, {1, plan.WalkResult{Result: "maybe"}, "walk.result"}, {1, plan.WalkResult{Result: "ok"}, "walk.who"},
		{1, plan.WalkResult{Result: "ok", By: "张三", On: "2026-02-30"}, "day.wrong"},
	} {
		fault, ok := c.result.Check(&b, c.number).(*plan.Fault)
		if !ok || fault.Key != c.key {
			t.Errorf("%+v: %v", c.result, fault)
		}
	}
}
