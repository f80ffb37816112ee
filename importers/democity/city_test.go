package democity

import (
	"bytes"
	"context"
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"

	"gridwright/geo/apportion"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/importers"
)

// cities are the towns of the first seeds; what is promised must hold in each.
var cities = sync.OnceValue(func() []*City {
	var cities []*City
	for seed := uint64(1); seed <= 5; seed++ {
		cities = append(cities, Generate(seed))
	}
	return cities
})

// inEach runs a test on every city.
func inEach(t *testing.T, test func(*testing.T, *City)) {
	for _, c := range cities() {
		t.Run(fmt.Sprint("seed ", c.Seed), func(t *testing.T) { test(t, c) })
	}
}

func TestNumbersArePromised(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		levels := map[Level]int{}
		wanted := map[int]int{}
		for _, a := range c.Areas {
			levels[a.Level]++
			if a.Level == LargeGridLevel {
				wanted[a.Wanted]++
			}
		}
		if want := (map[Level]int{CityLevel: 1, CountyLevel: 1, SubdistrictLevel: 8, CommunityLevel: 40, LargeGridLevel: 120}); !reflect.DeepEqual(levels, want) {
			t.Errorf("levels have %v areas, want %v", levels, want)
		}
		if want := (map[int]int{1: 7, 2: 29, 3: 44, 4: 28, 5: 12}); !reflect.DeepEqual(wanted, want) {
			t.Errorf("large grids are made for %v, want %v", wanted, want)
		}
		city := c.Areas[0]
		if city.Counts.Households != 147_600 || city.Counts.Residents != 384_000 || city.Wanted != 369 {
			t.Errorf("the city has %+v and is made for %d grids", city.Counts, city.Wanted)
		}
		if n := len(c.Blocks); n < 2000 || n > 3500 {
			t.Errorf("%d blocks", n)
		}
	})
}

func TestCodesAndSumsFollowTheTree(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		sums := map[string]Counts{}
		wanted := map[string]int{}
		levelOf := map[string]int{"": -1}
		add := func(parent string, counts Counts, grids int) {
			s := sums[parent]
			s.add(counts)
			sums[parent] = s
			wanted[parent] += grids
		}
		names := map[string]bool{}
		last := ""
		for _, a := range c.Areas {
			level := slices.Index(Levels, a.Level)
			if !strings.HasPrefix(a.Code, a.Parent) || !strings.HasPrefix(a.Code, "99") || len(a.Code) != []int{4, 6, 9, 12, 14}[level] {
				t.Errorf("%s %s has the code %s in %s", a.Level, a.Name, a.Code, a.Parent)
			}
			if parent, known := levelOf[a.Parent]; !known || parent != level-1 {
				t.Errorf("%s lies in %q", a.Code, a.Parent)
			}
			if level > 0 && a.Level == c.Areas[len(levelOf)-2].Level && a.Code <= last {
				t.Errorf("%s comes after %s", a.Code, last)
			}
			if names[a.Name] || names[a.NameEn] || a.Name == "" || a.NameEn == "" {
				t.Errorf("%s is called %q %q, as another is", a.Code, a.Name, a.NameEn)
			}
			names[a.Name], names[a.NameEn] = true, true
			levelOf[a.Code], last = level, a.Code
			add(a.Parent, a.Counts, a.Wanted)
		}
		last = ""
		for _, b := range c.Blocks {
			if levelOf[b.Parent] != len(Levels)-1 || !strings.HasPrefix(b.Code, b.Parent) || len(b.Code) != 17 || b.Code <= last {
				t.Errorf("block %s lies in %q and comes after %s", b.Code, b.Parent, last)
			}
			last = b.Code
			add(b.Parent, b.Counts, 0)
		}
		for _, a := range c.Areas {
			if a.Counts != sums[a.Code] || a.Level != LargeGridLevel && a.Wanted != wanted[a.Code] {
				t.Errorf("%s has %+v for %d grids; what lies in it has %+v for %d", a.Code, a.Counts, a.Wanted, sums[a.Code], wanted[a.Code])
			}
		}
	})
}

// Adams' method gives each large grid the number it is made for, whatever of these is balanced.
func TestAdamsGivesTheWantedNumbers(t *testing.T) {
	households := func(c Counts) float64 { return float64(c.Households) }
	residents := func(c Counts) float64 { return float64(c.Residents) }
	stairUnits := func(c Counts) float64 { return float64(c.StairUnits) }
	tests := map[string][]func(Counts) float64{
		"households":                     {households},
		"residents":                      {residents},
		"households and residents":       {households, residents},
		"households and stair units":     {households, stairUnits},
		"households, residents and both": {households, residents, stairUnits},
	}
	inEach(t, func(t *testing.T, c *City) {
		blocks := map[string]int{}
		for _, b := range c.Blocks {
			blocks[b.Parent]++
		}
		for name, measures := range tests {
			var parents []apportion.Parent
			var want []int
			for _, a := range c.AreasOf(LargeGridLevel) {
				p := apportion.Parent{Blocks: blocks[a.Code]}
				for _, m := range measures {
					p.Loads = append(p.Loads, m(a.Counts))
				}
				parents, want = append(parents, p), append(want, a.Wanted)
			}
			shares, err := apportion.Number(parents, slices.Repeat([]float64{1}, len(measures)), Grids, apportion.Adams)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(shares.Grids, want) {
				t.Errorf("by %s Adams gives %v, want %v", name, shares.Grids, want)
			}
		}
	})
}

// Every large grid can come into grids of 300 to 500 households.
func TestBlocksAreLightEnough(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		homes := map[string]int{}
		for _, b := range c.Blocks {
			if b.Counts.Households > mostHouseholds {
				t.Errorf("block %s has %d households", b.Code, b.Counts.Households)
			}
			if b.Counts.Households > 0 {
				homes[b.Parent]++
			}
		}
		for _, a := range c.AreasOf(LargeGridLevel) {
			if mean := a.Counts.Households / a.Wanted; mean < 370 || mean > 430 {
				t.Errorf("large grid %s has %d households a grid", a.Code, mean)
			}
			if homes[a.Code] < fewestHomes*a.Wanted {
				t.Errorf("large grid %s has homes in %d blocks for %d grids", a.Code, homes[a.Code], a.Wanted)
			}
		}
	})
}

func TestCountsFitTheKind(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		kinds := map[Kind]int{}
		homeless := 0
		for _, b := range c.Blocks {
			kinds[b.Kind]++
			n := b.Counts
			switch {
			case b.Kind != Built:
				if n != (Counts{}) {
					t.Errorf("block %s is %s and has %+v", b.Code, b.Kind, n)
				}
			case n.Households == 0:
				homeless++
				if n.Residents+n.StairUnits+n.Dwellings != 0 || n.Buildings == 0 || n.ResidentOrgs == 0 {
					t.Errorf("block %s without homes has %+v", b.Code, n)
				}
			case n.Residents < n.Households || n.Dwellings < n.Households || n.StairUnits < 1 || n.StairUnits > n.Households || n.Buildings < 1:
				t.Errorf("block %s has %+v", b.Code, n)
			}
		}
		if homeless < 50 {
			t.Errorf("%d built blocks without homes", homeless)
		}
		for _, k := range []Kind{Built, Water, Railway, Park, Open} {
			if kinds[k] < 5 {
				t.Errorf("%d blocks of %s", kinds[k], k)
			}
		}
	})
}

// The blocks cover the town, neighbours share their borders vertex for vertex, and areas are the union of their blocks.
func TestBlocksCoverTheTown(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		pieces := c.blockShapes(func(Block) bool { return true })
		cover, err := topo.Cover(context.Background(), pieces, 0.2, nil)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range cover.Findings {
			t.Errorf("%s at %s, %.2f m wide", f.Kind, f.At, float64(f.Width))
		}
		for i, b := range c.Blocks {
			if _, flaws := topo.Vet(pieces[i]); len(flaws) > 0 {
				t.Errorf("block %s: %v", b.Code, flaws)
			}
			if !reflect.DeepEqual(cover.Shapes[i], pieces[i]) {
				t.Errorf("block %s is not as its neighbours need it", b.Code)
			}
		}
		if pieces := piecesOf(c, cover.Borders); pieces != LargeGrids {
			t.Errorf("the %d large grids are in %d pieces", LargeGrids, pieces)
		}
		for _, a := range c.Areas {
			union := topo.Union(c.blockShapes(func(b Block) bool { return strings.HasPrefix(b.Code, a.Code) }))
			if !reflect.DeepEqual(union, shape.MultiPolygon{a.Shape}) {
				t.Errorf("%s %s is not the union of its blocks", a.Level, a.Code)
			}
		}
		if width := crs.Distance(c.Areas[0].Shape.Box().Min, c.Areas[0].Shape.Box().Max); width < 12_000 || width > 20_000 {
			t.Errorf("the town is %.0f m from corner to corner", float64(width))
		}
	})
}

func (c *City) blockShapes(which func(Block) bool) []shape.MultiPolygon {
	var shapes []shape.MultiPolygon
	for _, b := range c.Blocks {
		if which(b) {
			shapes = append(shapes, shape.MultiPolygon{b.Shape})
		}
	}
	return shapes
}

// piecesOf returns into how many pieces the blocks fall when those of different large grids are torn apart.
func piecesOf(c *City, borders []topo.Border) int {
	root := make([]int, len(c.Blocks))
	for i := range root {
		root[i] = i
	}
	find := func(i int) int {
		for root[i] != i {
			i = root[i]
		}
		return i
	}
	pieces := len(c.Blocks)
	for _, border := range borders {
		a, b := find(int(border.A)), find(int(border.B))
		if a != b && c.Blocks[border.A].Parent == c.Blocks[border.B].Parent {
			root[a] = b
			pieces--
		}
	}
	return pieces
}

func TestNoLargeGridLiesOnBothBanks(t *testing.T) {
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 0))
		m, g := survey(rng)
		tree, ok := administer(m, g, rng)
		if !ok {
			t.Fatalf("seed %d: the town was not divided", seed)
		}
		m.joinStrips(tree)
		for what, line := range map[string]bent{"river": g.layout.river, "railway": g.layout.rail} {
			north, south := make([]bool, LargeGrids), make([]bool, LargeGrids)
			for f := range m.faces {
				for _, p := range m.ring(int32(f)) {
					l := tree.largeGridOf[m.faces[f].quarter]
					north[l] = north[l] || line.side(p) > 20
					south[l] = south[l] || line.side(p) < -20
				}
			}
			for l := range LargeGrids {
				if north[l] && south[l] {
					t.Errorf("seed %d: large grid %d lies on both sides of the %s", seed, l, what)
				}
			}
		}
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	if a, b := sum256(t, cities()[0]), sum256(t, Generate(1)); a != b {
		t.Errorf("seed 1 gives %s and then %s", a, b)
	}
	// Another town for the same seed is a change everybody sees: say so in CHANGELOG.md.
	const want = "a2e49f3ad4bbd8bdfd5b9f328eb87524cd85159200a5309ec28ea3a70a26a793"
	if got := sum256(t, cities()[0]); got != want {
		t.Errorf("seed 1 gives blocks with the SHA-256 %s, want %s", got, want)
	}
	if sum256(t, cities()[0]) == sum256(t, cities()[1]) {
		t.Error("seeds 1 and 2 give the same town")
	}
}

func sum256(t *testing.T, c *City) string {
	t.Helper()
	hash := sha256.New()
	if err := c.WriteBlocks(hash); err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

// The files are read by the importer's own reader and hold what the city holds.
func TestFilesAreReadBack(t *testing.T) {
	c := cities()[0]
	for _, level := range Levels {
		rows := readBack(t, func(b *bytes.Buffer) error { return c.WriteAreas(b, level) })
		areas := c.AreasOf(level)
		if len(rows) != len(areas) {
			t.Fatalf("%s: %d rows, want %d", level, len(rows), len(areas))
		}
		for i, a := range areas {
			v := rows[i].Values
			got := []string{v["code"].Text, v["parent"].Text, v["name"].Text, v["name_en"].Text}
			if want := []string{a.Code, a.Parent, a.Name, a.NameEn}; !slices.Equal(got, want) {
				t.Errorf("%s: row %d has %q, want %q", level, i, got, want)
			}
			sameGround(t, rows[i], a.Shape)
		}
	}
	rows := readBack(t, func(b *bytes.Buffer) error { return c.WriteBlocks(b) })
	if len(rows) != len(c.Blocks) {
		t.Fatalf("%d rows of blocks, want %d", len(rows), len(c.Blocks))
	}
	for i, b := range c.Blocks {
		v, n := rows[i].Values, b.Counts
		got := fmt.Sprint(v["code"].Text, v["parent"].Text, v["kind"].Text, " ", v["households"].Text, v["residents"].Text,
			v["stair_units"].Text, v["dwellings"].Text, v["buildings"].Text, v["resident_orgs"].Text)
		want := fmt.Sprint(b.Code, b.Parent, string(b.Kind), " ", fmt.Sprintf("%d%d%d%d%d%d", n.Households, n.Residents, n.StairUnits, n.Dwellings, n.Buildings, n.ResidentOrgs))
		if got != want {
			t.Errorf("row %d has %s, want %s", i, got, want)
		}
		sameGround(t, rows[i], b.Shape)
	}
}

func readBack(t *testing.T, write func(*bytes.Buffer) error) []importers.Row {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(b.String(), `"synthetic":true`) {
		t.Error("the file does not say that it is synthetic")
	}
	var rows []importers.Row
	if err := importers.ReadGeoJSON(&b, func(r importers.Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	return rows
}

func sameGround(t *testing.T, r importers.Row, want shape.Polygon) {
	t.Helper()
	if clean, flaws := topo.Vet(r.Shape); len(flaws) > 0 || !reflect.DeepEqual(clean, topo.Union([]shape.MultiPolygon{{want}})) {
		t.Errorf("row %s has another shape", r.Values["code"].Text)
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		Generate(1)
	}
}
