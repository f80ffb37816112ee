// Package democity makes the demonstration city: an invented town with its administrative areas and blocks, for the
// first look at the program, for screenshots and for tests. Everything in it is synthetic, and it says so wherever it
// goes.
//
// The town is called 朔泉市 (Shuoquan), a name no Chinese city or county bears. It lies at 104.0° E 39.7° N, in the
// gobi between the Badain Jaran and Tengger deserts where there is no town, and its codes begin with 99: GB/T 2260 gives
// the first digit to the great regions 1 to 8 and has no region 9, so its codes can never meet real ones.
//
// The numbers are those of the split this program was made for: 120 large grids into 369 grids of 300 to 500 households.
// Every large grid is made for a known number of grids (Area.Wanted): Adams' apportionment of 369 gives these very
// numbers whether by households, by residents, or by the mean share of households and stair units.
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

// Centre is the place of the bell tower, the middle of the town.
var Centre = crs.Point{Lon: 104_0000000, Lat: 39_7000000}

// Kind says what covers a block.
type Kind string

// The kinds of block.
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
	CityLevel        Level = "city"
	CountyLevel      Level = "county"
	SubdistrictLevel Level = "subdistrict"
	CommunityLevel   Level = "community"
	LargeGridLevel   Level = "large_grid"
)

// Levels lists all levels, from the top.
var Levels = []Level{CityLevel, CountyLevel, SubdistrictLevel, CommunityLevel, LargeGridLevel}

// Counts are the additive measures of a block; an area has the sums over its blocks.
type Counts struct {
	Households   int
	Residents    int
	StairUnits   int
	Dwellings    int
	Buildings    int
	ResidentOrgs int
}

func (c *Counts) add(o Counts) {
	c.Households += o.Households
	c.Residents += o.Residents
	c.StairUnits += o.StairUnits
	c.Dwellings += o.Dwellings
	c.Buildings += o.Buildings
	c.ResidentOrgs += o.ResidentOrgs
}

// Area is a territory of the administrative tree.
type Area struct {
	Level  Level
	Code   string // 4 digits (city), 6, 9, 12 (community), 14 (large grid); begins with the parent's
	Parent string // code of the area above; empty for the city
	Name   string // Chinese
	NameEn string
	Kind   string // city, district, 街道 "street", 镇 "town", 社区 "community", 村 "village", "large_grid"
	Shape  shape.Polygon
	Wanted int // how many grids it is made for; an area above has the sum
	Counts Counts
}

// Block is the smallest piece of ground that moves whole.
type Block struct {
	Code   string // the large grid's and three digits
	Parent string // code of the large grid
	Kind   Kind
	Shape  shape.Polygon
	Counts Counts // all zero unless the kind is Built; a built block without homes has buildings and organisations
}

// City is a whole demonstration city.
type City struct {
	Seed   uint64
	Areas  []Area  // from the top level down, by rising code within a level
	Blocks []Block // by rising code
}

// Generate makes the demonstration city of a seed: the same seed gives the same city to the byte on every machine.
//
//  1. The plan of the town is drawn: outline, river, railway, old town, ring road, avenues.
//  2. The land between is cut into quarters by collector streets, and those into blocks by lanes, finer where it is
//     denser. All this happens on one planarMap, so the blocks cover the town exactly.
//  3. Quarters are put together to subdistricts, these are divided into communities and these into large grids, along
//     strong lines where possible. None lies on both sides of the river or the railway.
//  4. Every large grid gets households for the number of grids it is made for, and its blocks share them by the
//     density at their place; the other counts follow.
//
// A plan that cannot be divided so is thrown away and another one drawn; few are.
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
	town.joinStrips(tree)
	plots, ok := populate(town, ground, tree, rng)
	if !ok || !town.inOnePiece(tree) {
		return nil, false
	}
	return tree.publish(seed, town, plots, rng), true
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
