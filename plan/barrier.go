package plan

import "strings"

// Barrier is what runs along the border of a block (阻隔).
type Barrier string

// The barriers, the strongest first.
const (
	BarrierRiver   Barrier = "river"
	BarrierRailway Barrier = "railway"
	BarrierTrunk   Barrier = "trunk"
	BarrierStreet  Barrier = "street"
	BarrierLane    Barrier = "lane"
	BarrierWall    Barrier = "wall"
	BarrierNone    Barrier = "none"
)

// Barriers lists the barriers, the strongest first.
var Barriers = []Barrier{BarrierRiver, BarrierRailway, BarrierTrunk, BarrierStreet, BarrierLane, BarrierWall, BarrierNone}

// Rank says when a line bounds blocks.
type Rank uint8

// The ranks.
const (
	NeverBounds  Rank = 0 // imported and shown, but no border
	AlwaysBounds Rank = 1 // every block ends there
	BoundsWithin Rank = 2 // only used to divide a block that is too large
)

// Class is a class of lines, with what it is as a border.
type Class struct {
	Layer   Layer
	Name    string   // OpenStreetMap's word where it has one
	Zh      []string // what planners' files call it
	Barrier Barrier
	Rank    Rank
}

// Classes is the one table of what bounds blocks. docs/importing.md shows it; a test compares the two.
//
// Streets, rivers and railways bound blocks always. What one walks along between houses (lanes, footways, tracks), what
// one steps over (streams, fences) and sidings would make blocks too small: it divides only a block that is too large.
// A driveway or the pavement of a street is no border at all, and a tram runs in one. Motorways to primary roads are
// trunk roads, as GB 50220 calls the expressways and arterials of a city; what is below is a street.
var Classes = []Class{
	{RoadLayer, "motorway", []string{"高速公路", "快速路"}, BarrierTrunk, AlwaysBounds},
	{RoadLayer, "trunk", []string{"国道", "一级公路"}, BarrierTrunk, AlwaysBounds},
	{RoadLayer, "primary", []string{"主干路", "主干道", "省道"}, BarrierTrunk, AlwaysBounds},
	{RoadLayer, "secondary", []string{"次干路", "次干道", "县道"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "tertiary", []string{"支路", "乡道"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "street", []string{"街道", "街", "路", "道路"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "unclassified", []string{"村道"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "residential", []string{"居住区道路"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "living_street", []string{"生活街道"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "pedestrian", []string{"步行街"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "busway", []string{"公交专用路"}, BarrierStreet, AlwaysBounds},
	{RoadLayer, "back_lane", []string{"背街小巷", "巷", "小巷", "胡同"}, BarrierLane, BoundsWithin},
	{RoadLayer, "service", []string{"内部道路", "小区道路"}, BarrierLane, BoundsWithin},
	{RoadLayer, "alley", []string{"里弄"}, BarrierLane, BoundsWithin},
	{RoadLayer, "track", []string{"机耕路", "田间道路"}, BarrierLane, BoundsWithin},
	{RoadLayer, "footway", []string{"人行道路", "步道"}, BarrierLane, BoundsWithin},
	{RoadLayer, "path", []string{"小路"}, BarrierLane, BoundsWithin},
	{RoadLayer, "cycleway", []string{"自行车道"}, BarrierLane, BoundsWithin},
	{RoadLayer, "bridleway", nil, BarrierLane, BoundsWithin},
	{RoadLayer, "steps", []string{"台阶", "梯道"}, BarrierLane, BoundsWithin},
	{RoadLayer, "driveway", []string{"车库出入口"}, BarrierNone, NeverBounds},
	{RoadLayer, "sidewalk", []string{"人行道"}, BarrierNone, NeverBounds},

	{WaterLayer, "river", []string{"河", "河流"}, BarrierRiver, AlwaysBounds},
	{WaterLayer, "canal", []string{"渠", "干渠", "运河"}, BarrierRiver, AlwaysBounds},
	{WaterLayer, "lake", []string{"湖", "湖泊"}, BarrierRiver, AlwaysBounds},
	{WaterLayer, "reservoir", []string{"水库"}, BarrierRiver, AlwaysBounds},
	{WaterLayer, "coastline", []string{"海岸线"}, BarrierRiver, AlwaysBounds},
	{WaterLayer, "dock", []string{"港池"}, BarrierRiver, AlwaysBounds},
	{WaterLayer, "pond", []string{"池塘", "坑塘"}, BarrierRiver, BoundsWithin},
	{WaterLayer, "stream", []string{"溪", "沟溪"}, BarrierRiver, BoundsWithin},
	{WaterLayer, "drain", []string{"排水沟", "支渠"}, BarrierRiver, BoundsWithin},
	{WaterLayer, "ditch", []string{"沟", "沟渠"}, BarrierRiver, BoundsWithin},

	{RailwayLayer, "rail", []string{"铁路"}, BarrierRailway, AlwaysBounds},
	{RailwayLayer, "light_rail", []string{"轻轨"}, BarrierRailway, AlwaysBounds},
	{RailwayLayer, "narrow_gauge", []string{"窄轨铁路"}, BarrierRailway, AlwaysBounds},
	{RailwayLayer, "preserved", nil, BarrierRailway, AlwaysBounds},
	{RailwayLayer, "subway", []string{"地铁"}, BarrierRailway, AlwaysBounds},
	{RailwayLayer, "funicular", []string{"缆索铁路"}, BarrierRailway, AlwaysBounds},
	{RailwayLayer, "siding", []string{"站线", "专用线"}, BarrierRailway, BoundsWithin},
	{RailwayLayer, "tram", []string{"有轨电车"}, BarrierNone, NeverBounds},
	{RailwayLayer, "monorail", []string{"单轨"}, BarrierNone, NeverBounds},

	{WallLayer, "wall", []string{"围墙", "院墙"}, BarrierWall, AlwaysBounds},
	{WallLayer, "city_wall", []string{"城墙"}, BarrierWall, AlwaysBounds},
	{WallLayer, "retaining_wall", []string{"挡土墙"}, BarrierWall, BoundsWithin},
	{WallLayer, "fence", []string{"栅栏", "围栏"}, BarrierWall, BoundsWithin},
	{WallLayer, "hedge", []string{"绿篱"}, BarrierWall, BoundsWithin},
}

// DefaultClass returns the class of a feature whose source gives none, empty for a layer without classes. A road is then
// a street.
func DefaultClass(l Layer) string {
	return map[Layer]string{RoadLayer: "street", WaterLayer: "river", RailwayLayer: "rail", WallLayer: "wall"}[l]
}

// ClassOf finds the class a word means on a layer: its name, in any case, or what planners call it.
func ClassOf(l Layer, word string) (Class, bool) {
	c, ok := classByWord[wordOn{l, strings.ToLower(word)}]
	return c, ok
}

type wordOn struct {
	layer Layer
	word  string
}

var classByWord = indexClasses()

func indexClasses() map[wordOn]Class {
	index := map[wordOn]Class{}
	for _, c := range Classes {
		for _, word := range append([]string{c.Name}, c.Zh...) {
			index[wordOn{c.Layer, word}] = c
		}
	}
	return index
}

// ClassNames returns the names of a layer's classes, in the order of Classes.
func ClassNames(l Layer) []string {
	var names []string
	for _, c := range Classes {
		if c.Layer == l {
			names = append(names, c.Name)
		}
	}
	return names
}

// Bound returns what a feature is as a border, and when it bounds blocks. What runs in a tunnel bounds nothing.
func (f *Feature) Bound() (Barrier, Rank) {
	c, ok := ClassOf(f.Layer, f.Class)
	if !ok || f.Tunnel || c.Rank == NeverBounds {
		return BarrierNone, NeverBounds
	}
	return c.Barrier, c.Rank
}
