package democity

import (
	"bytes"
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
	for seed := uint64(1); seed <= 4; seed++ {
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
		wanted := 0
		for _, a := range c.Areas {
			levels[a.Level]++
			if a.Level == LargeGridLevel {
				wanted += a.Wanted
			}
		}
		if want := (map[Level]int{RegionLevel: 1, CityLevel: 1, CountyLevel: 1, SubdistrictLevel: 8, CommunityLevel: 40, LargeGridLevel: 120}); !reflect.DeepEqual(levels, want) {
			t.Errorf("levels have %v areas, want %v", levels, want)
		}
		if all := c.Areas[0].Counts; wanted != 369 || all.Households != 147_600 || all.Residents != 384_000 || all.PartyMembers != 13_000 || all.Buildings != 20_000 {
			t.Errorf("%d grids, %+v", wanted, all)
		}
		var slabs, towers, houses, empty, stairs int
		for _, b := range c.Buildings {
			stairs += b.Counts.StairUnits
			switch {
			case b.Counts.Households == 0:
				empty++
			case b.Floors == 1:
				houses++
			case b.Floors == 6:
				slabs++
			default:
				towers++
			}
		}
		if got, want := [4]int{slabs, towers, houses, empty}, [4]int{2_600, 300, 11_400, 5_700}; got != want {
			t.Errorf("slabs, towers, houses, empty: %v, want %v", got, want)
		}
		if stairs < 9_000 || stairs > 10_000 { // some 9,550
			t.Errorf("%d stair units", stairs)
		}
		var homes, bare, sites int
		kinds := map[string]int{}
		for _, x := range c.Compounds {
			kinds[x.Kind]++
			switch {
			case x.Home:
				homes++
			case x.Kind != publicGreen:
				sites++
			}
			if x.Bare {
				bare++
			}
		}
		if got, want := [3]int{homes, bare, sites}, [3]int{350, 40, 25}; got != want {
			t.Errorf("compounds, bare ones, dedicated sites: %v, want %v", got, want)
		}
		for _, kind := range []string{staffYard, newEstate, resettled} {
			if kinds[kind] < 10 {
				t.Errorf("%d compounds are %s", kinds[kind], kind)
			}
		}
		young := 0
		for _, o := range c.Organisations {
			if o.New {
				young++
			}
		}
		if len(c.Organisations) != 1_900 || young != 700 {
			t.Errorf("%d organisations, %d of the new kinds", len(c.Organisations), young)
		}
		streets := map[string]bool{}
		for _, r := range c.Roads {
			streets[r.Name] = true
		}
		for _, name := range []string{"鼓楼东街", "鼓楼西街", "鼓楼南街", "鼓楼北街"} {
			if !streets[name] {
				t.Errorf("no street is called %s", name)
			}
		}
		if len(c.Canals) == 0 || len(c.Waters) == 0 || len(c.Tracks) == 0 || len(c.Walls) == 0 {
			t.Errorf("%d canals, %d waters, %d tracks, %d walls", len(c.Canals), len(c.Waters), len(c.Tracks), len(c.Walls))
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
		for _, a := range c.Areas {
			level := slices.Index(Levels, a.Level)
			if !strings.HasPrefix(a.Code, a.Parent) || !strings.HasPrefix(a.Code, "99") || len(a.Code) != []int{2, 4, 6, 9, 12, 14}[level] {
				t.Errorf("%s %s has the code %s in %s", a.Level, a.Name, a.Code, a.Parent)
			}
			if parent, known := levelOf[a.Parent]; !known || parent != level-1 {
				t.Errorf("%s lies in %q", a.Code, a.Parent)
			}
			if names[a.Name] || names[a.NameEn] || a.Name == "" || a.NameEn == "" {
				t.Errorf("%s is called %q %q, as another is", a.Code, a.Name, a.NameEn)
			}
			names[a.Name], names[a.NameEn] = true, true
			levelOf[a.Code] = level
			add(a.Parent, a.Counts, a.Wanted)
		}
		for _, b := range c.Buildings {
			if levelOf[b.LargeGrid] != len(Levels)-1 {
				t.Errorf("building %s lies in %q", b.Code, b.LargeGrid)
			}
			add(b.LargeGrid, b.Counts, 0)
		}
		for _, a := range c.Areas {
			if a.Counts != sums[a.Code] || a.Level != LargeGridLevel && a.Wanted != wanted[a.Code] {
				t.Errorf("%s has %+v for %d grids; what lies in it has %+v for %d", a.Code, a.Counts, a.Wanted, sums[a.Code], wanted[a.Code])
			}
		}
	})
}

// Adams' method gives each large grid the number it is made for, by households, by residents and by both.
func TestAdamsGivesTheWantedNumbers(t *testing.T) {
	households := func(c Counts) float64 { return float64(c.Households) }
	residents := func(c Counts) float64 { return float64(c.Residents) }
	tests := map[string][]func(Counts) float64{"households": {households}, "residents": {residents}, "both": {households, residents}}
	inEach(t, func(t *testing.T, c *City) {
		for name, measures := range tests {
			var parents []apportion.Parent
			var want []int
			for _, a := range c.AreasOf(LargeGridLevel) {
				p := apportion.Parent{Blocks: 100}
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

func TestWhatIsPlantedIsThere(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		households := map[string]int{} // by large grid, compound and building
		for _, a := range c.AreasOf(LargeGridLevel) {
			households[a.Code] = a.Counts.Households
		}
		buildings := map[string]int{}
		for _, b := range c.Buildings {
			households[b.Code] += b.Counts.Households
			if b.Compound != "" {
				households[b.Compound] += b.Counts.Households
				buildings[b.Compound]++
			}
		}
		p := c.Planted
		for code, want := range map[string]int{p.Odd[0]: 540, p.Odd[1]: 540, p.LargeCompound: 812, p.LargeBuilding: 512, p.UnfinishedSite: 0} {
			if households[code] != want || code == "" {
				t.Errorf("%q has %d households, want %d", code, households[code], want)
			}
		}
		if p.Odd[0] == p.Odd[1] || buildings[p.UnfinishedSite] == 0 {
			t.Errorf("planted: %+v; %d buildings are being built", p, buildings[p.UnfinishedSite])
		}
	})
}

// Buildings keep apart from one another, and counts fit what stands there.
func TestBuildingsStandForThemselves(t *testing.T) {
	inEach(t, func(t *testing.T, c *City) {
		const cell = 20_000 // steps of 1e-7 degree: some 200 m
		near := map[[2]crs.Coord][]int{}
		for i, b := range c.Buildings {
			box := b.Shape.Box()
			if n := b.Counts; n.Households > 0 && (n.Residents < n.Households || n.Dwellings < n.Households || n.Buildings != 1) ||
				n.Households == 0 && n.Residents+n.Dwellings+n.StairUnits != 0 {
				t.Errorf("building %s has %+v", b.Code, n)
			}
			for x := box.Min.Lon / cell; x <= box.Max.Lon/cell; x++ {
				for y := box.Min.Lat / cell; y <= box.Max.Lat/cell; y++ {
					near[[2]crs.Coord{x, y}] = append(near[[2]crs.Coord{x, y}], i)
				}
			}
		}
		for _, here := range near {
			for k, i := range here {
				for _, j := range here[k+1:] {
					a, b := c.Buildings[i], c.Buildings[j]
					if a.Shape.Box().Meets(b.Shape.Box()) && overlap(a.Shape, b.Shape) {
						t.Errorf("buildings %s and %s stand on one ground", a.Code, b.Code)
					}
				}
			}
		}
	})
}

// overlap reports whether two footprints, of which neither holds the other, have a corner in common ground.
func overlap(a, b shape.Polygon) bool {
	for _, pair := range [2][2]shape.Polygon{{a, b}, {b, a}} {
		for _, corner := range pair[0][0] {
			if topo.Inside(corner, shape.MultiPolygon{pair[1]}) {
				return true
			}
		}
	}
	return false
}

// Boundaries are drawn by hand: communities gape and overlap, and by no more than a few metres.
func TestBoundariesAreDrawnByHand(t *testing.T) {
	c := cities()[0]
	var shapes []shape.MultiPolygon
	var drawn crs.SquareMetres
	for _, a := range c.AreasOf(LargeGridLevel) {
		shapes = append(shapes, a.Shape)
		drawn += a.Shape.Area()
	}
	cover, err := topo.Cover(t.Context(), shapes, 0.2, nil)
	if err != nil {
		t.Fatal(err)
	}
	gaps, overlaps := 0, 0
	for _, f := range cover.Findings {
		switch f.Kind {
		case topo.Gap:
			gaps++
		case topo.Overlap:
			overlaps++
		}
		if f.Width > 12 {
			t.Errorf("%s at %s is %.1f m wide", f.Kind, f.At, float64(f.Width))
		}
	}
	if gaps < 50 || overlaps < 50 {
		t.Errorf("%d gaps, %d overlaps", gaps, overlaps)
	}
}

func TestNoLargeGridLiesOnBothBanks(t *testing.T) {
	for seed := range uint64(5) {
		rng := rand.New(rand.NewPCG(seed, 0))
		m, g := survey(rng)
		tree, ok := administer(m, g, rng)
		if !ok {
			t.Fatalf("seed %d: the town was not divided", seed)
		}
		for what, line := range map[string]bent{"river": g.layout.river, "railway": g.layout.rail} {
			north, south := make([]bool, LargeGrids), make([]bool, LargeGrids)
			for f := range m.faces {
				if m.faces[f].kind == Railway || m.faces[f].kind == Water {
					continue
				}
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
	const want = "f9d25b7d4e5177d4badf15cff77c95795bbc0e4276305c01c68ecadca4afa965"
	if got := sum256(t, cities()[0]); got != want {
		t.Errorf("seed 1 gives files with the SHA-256 %s, want %s", got, want)
	}
	if sum256(t, cities()[0]) == sum256(t, cities()[1]) {
		t.Error("seeds 1 and 2 give the same town")
	}
}

// sum256 is the hash of all files of a city, in their order.
func sum256(t *testing.T, c *City) string {
	t.Helper()
	hash := sha256.New()
	for _, l := range c.Layers() {
		if err := l.Write(hash); err != nil {
			t.Fatal(err)
		}
	}
	return fmt.Sprintf("%x", hash.Sum(nil))
}

// The files are read by the importer's own reader and hold what the city holds, and each says that it is invented.
func TestFilesAreReadBack(t *testing.T) {
	c := cities()[0]
	want := map[string]int{"region": 1, "city": 1, "county": 1, "subdistrict": 8, "community": 40, "large_grid": 120, "road": len(c.Roads),
		"water": len(c.Canals) + len(c.Waters), "railway": len(c.Tracks), "wall": len(c.Walls), "compound": len(c.Compounds),
		"building": len(c.Buildings), "organisation": len(c.Organisations)}
	for _, l := range c.Layers() {
		var b bytes.Buffer
		if err := l.Write(&b); err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(b.String(), "synthetic") {
			t.Errorf("%s does not say that it is synthetic", l.File)
		}
		if strings.HasSuffix(l.File, ".csv") {
			continue
		}
		rows := 0
		err := importers.ReadGeoJSON(&b, func(r importers.Row) error {
			rows++
			if len(r.Shape)+len(r.Lines)+len(r.Points) == 0 || r.Values["code"].Text == "" {
				t.Errorf("%s: row %v", l.File, r.Values)
			}
			return nil
		})
		if err != nil || rows != want[l.Name] {
			t.Errorf("%s: %d rows, want %d: %v", l.File, rows, want[l.Name], err)
		}
	}
}

func BenchmarkGenerate(b *testing.B) {
	for b.Loop() {
		Generate(1)
	}
}
