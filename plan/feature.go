package plan

import (
	"cmp"
	"maps"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Layer is a layer of the raw ground: what blocks are built from.
type Layer string

// The layers of the raw ground.
const (
	RoadLayer         Layer = "road"         // 道路
	WaterLayer        Layer = "water"        // 水系
	RailwayLayer      Layer = "railway"      // 铁路
	WallLayer         Layer = "wall"         // 围墙
	BuildingLayer     Layer = "building"     // 楼栋
	CompoundLayer     Layer = "compound"     // 小区、院落; also parks
	OrganisationLayer Layer = "organisation" // 驻区单位
)

// DepartmentGridLayer holds the grids of departments (专业网格): they are stored as features are, and are none of the raw ground. A feature's
// class is its department, its code begins with that, and its attribute "holder" is who is in charge.
const DepartmentGridLayer Layer = "department_grid"

// FeatureLayers lists the layers of the raw ground, those whose lines bound blocks first.
var FeatureLayers = []Layer{RoadLayer, WaterLayer, RailwayLayer, WallLayer, BuildingLayer, CompoundLayer, OrganisationLayer}

// Rank returns the place of a layer in FeatureLayers, or -1 for a word that is none.
func (l Layer) Rank() int { return slices.Index(FeatureLayers, l) }

// Bounds reports whether the layer's lines may bound blocks: its features have a class of Classes.
func (l Layer) Bounds() bool {
	return l == RoadLayer || l == WaterLayer || l == RailwayLayer || l == WallLayer
}

// Counted reports whether features of the layer carry counts.
func (l Layer) Counted() bool { return l == BuildingLayer || l == CompoundLayer }

// FeatureID is a feature's key in the database. A feature that changes gets another.
type FeatureID int64

// Feature is one thing of the raw ground as it was imported: a road, a wall, a building. Features are immutable: a
// changed feature is a new one with the old code.
type Feature struct {
	ID     FeatureID
	Layer  Layer
	Code   string // text, one live feature a layer
	Name   string
	Class  string // of roads, water, railways and walls one of Classes; else what kind of thing it is, in the source's words
	Parent AreaID // the area whose features its file lists in full; 0 where the file says nothing of the kind
	Origin string // OriginFile or OriginOSM

	Geometry

	Bridge, Tunnel bool // roads, water, railways, walls
	Level          int  // 0 on the ground, above it positive; roads, water, railways, walls

	Compound string // code of the compound a building is part of
	Floors   int    // of a building; 0 where it is not known
	Number   string // of a building, within its compound (号楼)

	NoPropertyMgmt, NoSecurity, NoEnclosure Answer // of a compound: the three "no"s (三无)
	NewOrg                                  Answer // of an organisation: one of the two new kinds (两新组织)

	// Of a compound: its residents' committee (居委会), its owners' committee (业委会) and its property company (物业), each by name, or
	// yes or no; empty where it is not known.
	Committee, OwnersCommittee, PropertyCompany string

	Attributes map[string]string // what columns say that are no field, by column; kept on request

	Tallies []Tally // as SortTallies orders them
}

// Where a feature comes from.
const (
	OriginFile = "file" // a planner's file
	OriginOSM  = "osm"  // an extract of OpenStreetMap: its codes are OSM's own ids, w123 and r123
)

// Geometry is where a feature lies: its shape, or its lines, or its points. Two of the three are empty.
type Geometry struct {
	Shape  shape.MultiPolygon // canonical: rings begun at their smallest points, in order of those
	Lines  []Line
	Points []crs.Point
}

// Line is a line of at least two points, no two the same one after the other.
type Line []crs.Point

// Box returns the box round the geometry.
func (g Geometry) Box() shape.Box {
	b := g.Shape.Box()
	for _, l := range g.Lines {
		for _, p := range l {
			b = b.Add(p)
		}
	}
	for _, p := range g.Points {
		b = b.Add(p)
	}
	return b
}

// First returns the first point of the geometry, where a message says it is.
func (g Geometry) First() crs.Point {
	switch {
	case len(g.Shape) > 0:
		return g.Shape[0][0][0]
	case len(g.Lines) > 0:
		return g.Lines[0][0]
	case len(g.Points) > 0:
		return g.Points[0]
	}
	return crs.Point{}
}

// Same reports whether two geometries are the same point for point.
func (g Geometry) Same(h Geometry) bool {
	return slices.Equal(g.Points, h.Points) &&
		slices.EqualFunc(g.Lines, h.Lines, func(a, b Line) bool { return slices.Equal(a, b) }) &&
		slices.EqualFunc(g.Shape, h.Shape, func(p, q shape.Polygon) bool {
			return slices.EqualFunc(p, q, func(r, s shape.Ring) bool { return slices.Equal(r, s) })
		})
}

// SameAs reports whether two features say the same, whatever their ids and counts.
func (f *Feature) SameAs(o *Feature) bool {
	return f.Layer == o.Layer && f.Code == o.Code && f.Name == o.Name && f.Class == o.Class && f.Parent == o.Parent &&
		f.Origin == o.Origin && f.Bridge == o.Bridge && f.Tunnel == o.Tunnel && f.Level == o.Level &&
		f.Compound == o.Compound && f.Floors == o.Floors && f.NoPropertyMgmt == o.NoPropertyMgmt &&
		f.NoSecurity == o.NoSecurity && f.NoEnclosure == o.NoEnclosure && f.NewOrg == o.NewOrg && f.Number == o.Number &&
		f.Committee == o.Committee && f.OwnersCommittee == o.OwnersCommittee && f.PropertyCompany == o.PropertyCompany &&
		maps.Equal(f.Attributes, o.Attributes) &&
		f.Geometry.Same(o.Geometry)
}

// Answer is what is known of a question. Its zero value is "not known".
type Answer uint8

// The answers.
const (
	Unknown Answer = iota
	No
	Yes
)

// CountKind says whom a count counts.
type CountKind string

// The kinds of count.
const (
	NotSaid    CountKind = ""           // the source does not say
	Registered CountKind = "registered" // 户籍
	Resident   CountKind = "resident"   // 常住
	Occupied   CountKind = "occupied"   // 入住
)

// CountKinds lists the kinds of count.
var CountKinds = []CountKind{NotSaid, Registered, Resident, Occupied}

// Tally is a count of a building or compound: how many of what, whom it counts and of which day it is.
type Tally struct {
	Measure Measure
	Kind    CountKind
	On      string // YYYY-MM-DD; empty where it is not known
	Count   int64
}

// SortTallies puts tallies in order: by measure as SortMeasures does, then by kind.
func SortTallies(ts []Tally) {
	slices.SortFunc(ts, func(a, b Tally) int {
		return cmp.Or(compareMeasures(a.Measure, b.Measure), cmp.Compare(a.Kind, b.Kind))
	})
}

func compareMeasures(a, b Measure) int {
	if a == b {
		return 0
	}
	pair := []Measure{a, b}
	SortMeasures(pair)
	if pair[0] == a {
		return -1
	}
	return 1
}
