// Package democity makes the demonstration city: an invented town with its administrative areas, streets, water, compounds and
// buildings as raw layers, for the first look at the program, for screenshots and for tests. Its blocks are for the ground build
// to make. Everything in it is synthetic, and it says so wherever it goes.
//
// The town is called 朔泉市 (Shuoquan), a name no Chinese city or county bears. It lies at 104.0° E 39.7° N, in the
// gobi between the Badain Jaran and Tengger deserts where there is no town, and its codes begin with 99: GB/T 2260 gives
// the first digit to the great regions 1 to 8 and has no region 9, so its codes can never meet real ones.
//
// The numbers are those of the split this program was made for: 120 large grids into 369 grids of 300 to 500 households.
// Every large grid is made for a known number of grids (Area.Wanted): Adams' apportionment of 369 gives these very
// numbers whether by households, by residents, or by both.
//
// It is no model of how towns grow, and nothing should be concluded from its statistics.
package democity

import (
	"math/rand/v2"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// What every town made here has, whatever the seed.
const (
	Name   = "朔泉市"
	NameEn = "Shuoquan"

	Subdistricts = 8
	Communities  = 40
	LargeGrids   = 120
	Grids        = 369     // wanted in all
	Households   = 147_600 // 400 a grid
	Residents    = 384_000
)

// The day of the counts.
const CountedOn = "2020-11-01"

// Centre is the place of the bell tower, the middle of the town.
var Centre = crs.Point{Lon: 104_0000000, Lat: 39_7000000}

// Kind says what covers a face of the street map.
type Kind string

// The kinds.
const (
	Built   Kind = "built"   // houses, shops, workshops, schools
	Water   Kind = "water"   // the river
	Railway Kind = "railway" // tracks, yard and station
	Park    Kind = "park"    // public green
	Open    Kind = "open"    // fields and waste land
)

// Level is a floor of the administrative tree.
type Level string

// The levels, from the top. They are the words of `gridwright import --layer`.
const (
	RegionLevel      Level = "region"
	CityLevel        Level = "city"
	CountyLevel      Level = "county"
	SubdistrictLevel Level = "subdistrict"
	CommunityLevel   Level = "community"
	LargeGridLevel   Level = "large_grid"
)

// Levels lists all levels, from the top.
var Levels = []Level{RegionLevel, CityLevel, CountyLevel, SubdistrictLevel, CommunityLevel, LargeGridLevel}

// Counts are the additive measures of a building; an area has the sums over its buildings.
type Counts struct {
	Households   int
	Residents    int
	StairUnits   int
	Dwellings    int
	Buildings    int
	PartyMembers int
}

func (c *Counts) add(o Counts) {
	c.Households += o.Households
	c.Residents += o.Residents
	c.StairUnits += o.StairUnits
	c.Dwellings += o.Dwellings
	c.Buildings += o.Buildings
	c.PartyMembers += o.PartyMembers
}

// Area is a territory of the administrative tree.
type Area struct {
	Level  Level
	Code   string // 2 digits (region), 4, 6, 9, 12 (community), 14 (large grid); begins with the parent's
	Parent string // code of the area above; empty for the region
	Name   string // Chinese
	NameEn string
	Kind   string             // region, city, district, 街道 "street", 镇 "town", 社区 "community", 村 "village", "large_grid"
	Shape  shape.MultiPolygon // as drawn by hand, see byHand
	Wanted int                // how many grids it is made for; an area above has the sum
	Counts Counts
}

// Line is a road, a canal, a railway track or a wall.
type Line struct {
	Code, Name, Class string // the classes are words of the importer
	Bridge            bool
	Path              []crs.Point
}

// WaterArea is water drawn as an area.
type WaterArea struct {
	Code, Name string
	Shape      shape.MultiPolygon
}

// Compound is ground behind one wall; or a park.
type Compound struct {
	Code, Name, Kind string
	Home             bool // people live there, or will
	Bare             bool // no management, no guard, no wall (三无)
	Shape            shape.MultiPolygon
}

// Building is a footprint with its counts.
type Building struct {
	Code, Name, Class string
	Compound          string // code; empty for none
	LargeGrid         string // code of the one it stands in
	Floors            int
	Shape             shape.Polygon
	Counts            Counts
}

// Organisation is a resident organisation (驻区单位).
type Organisation struct {
	Code, Name, Kind string
	New              bool // of one of the two new kinds (两新组织)
	At               crs.Point
}

// City is a whole demonstration city as raw layers, each by rising code where it says nothing else.
type City struct {
	Seed          uint64
	Areas         []Area // from the top level down, by rising code within a level
	Roads         []Line
	Canals        []Line
	Waters        []WaterArea
	Tracks        []Line
	Walls         []Line
	Compounds     []Compound
	Buildings     []Building
	Organisations []Organisation
	Planted       Planted
}

// Generate makes the demonstration city of a seed: the same seed gives the same city to the byte on every machine.
//
//  1. The plan of the town is drawn: outline, river, railway, canals, old town, ring road, avenues.
//  2. The land between is cut into quarters by collector streets, and those into street blocks by lanes, finer where it is
//     denser. All this happens on one planarMap.
//  3. Quarters are put together to subdistricts, these are divided into communities and these into large grids, along
//     strong lines where possible. None lies on both sides of the river or the railway, but for one that is planted.
//  4. Every large grid gets households for the number of grids it is made for: slabs and towers in walled compounds and
//     along streets, houses in rows along lanes. Then come shops, works and public buildings.
//  5. Boundaries are drawn again as hands draw them, so that communities gape and overlap by a few metres.
//
// A plan that cannot be built so is thrown away and another one drawn.
func Generate(seed uint64) *City {
	for draft := uint64(0); ; draft++ {
		if city, ok := draw(seed, draft); ok {
			return city
		}
	}
}

// draw makes a city from one of a seed's drafts. It reports false when the draft comes to nothing.
func draw(seed, draft uint64) (*City, bool) {
	rng := rand.New(rand.NewPCG(seed, 0x5368756f7175616e+draft))
	town, ground := survey(rng)
	tree, ok := administer(town, ground, rng)
	if !ok {
		return nil, false
	}
	town.assignFaces(tree)
	lots, ok := town.plant(tree, ground, rng)
	if !ok {
		return nil, false
	}
	estate, ok := populate(town, ground, tree, lots, rng)
	if !ok || !town.inPieces(lots) {
		return nil, false
	}
	return tree.publish(seed, estate), true
}

// AreasOf returns the areas of a level, by rising code. It shares memory with the city.
func (c *City) AreasOf(level Level) []Area {
	first, last := 0, 0
	for i, a := range c.Areas {
		if a.Level == level {
			if last == 0 {
				first = i
			}
			last = i + 1
		}
	}
	return c.Areas[first:last]
}
