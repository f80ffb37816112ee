package ground

import (
	"cmp"
	"runtime"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Barrier is what runs along a border of a block (阻隔), from the weakest to the strongest.
type Barrier uint8

// The barriers. They are stored and sent by their names.
const (
	None Barrier = iota // a line of ours, or a parent's border with nothing on it
	Wall
	Lane
	Street
	Trunk
	Railway
	River
)

var barrierNames = [...]string{"none", "wall", "lane", "street", "trunk", "railway", "river"}

// Barriers lists every barrier, from the weakest.
var Barriers = []Barrier{None, Wall, Lane, Street, Trunk, Railway, River}

// String returns the barrier's name: none, wall, lane, street, trunk, railway or river.
func (b Barrier) String() string { return barrierNames[b] }

// BarrierNamed returns the barrier of a name.
func BarrierNamed(name string) (Barrier, bool) {
	i := slices.Index(barrierNames[:], name)
	return Barrier(max(i, 0)), i >= 0
}

// open reports whether one walks across the barrier anywhere.
func (b Barrier) open() bool { return b == None || b == Lane || b == Street }

// Kind says what stands on a block, in the words of plan.BlockKinds.
type Kind string

// The kinds of blocks, and of areas.
const (
	Built     Kind = "built"   // there are buildings
	Open      Kind = "open"    // fields, wood, waste land; also of a block of which nothing is known
	Park      Kind = "park"    // laid out to be walked in
	Water     Kind = "water"   // most of it
	RailLands Kind = "railway" // most of it
)

// Parent is a territory that is divided into blocks: a community or a large grid. Or it is one above those.
type Parent struct {
	Code, Name string
	Above      string // the code of the territory it should lie in; empty if none is known
	Shape      shape.MultiPolygon
}

// Line is a road, a railway, a stream, a wall: something that runs.
type Line struct {
	Code, Name string
	Barrier    Barrier
	// Second marks a line of the second rank (a footway, a track): it divides oversized blocks only.
	Second bool
	Tunnel bool // it divides nothing
	Bridge bool // one can walk over what it crosses, also where it is of the second rank
	Fast   bool // a motorway: nobody walks along it
	Path   []crs.Point
}

// Area is water, railway land, a park, a field. The outlines of the first two divide.
type Area struct {
	Code, Name string
	Kind       Kind
	Shape      shape.MultiPolygon
}

// Compound is ground behind one wall (小区, 家属院).
type Compound struct {
	Code, Name string
	Shape      shape.MultiPolygon
	// Counts are those known of the compound as a whole, beside any of its buildings. They are spread over its buildings in
	// proportion to Building.Weight, and the blocks they fall on are marked as estimates. len is that of Input.Measures, or 0.
	Counts []int64
}

// Building is a footprint, or a point where no footprint is known.
type Building struct {
	Code     string
	Compound string             // the code of the compound it is counted with; empty for the one it stands in, if any
	Shape    shape.MultiPolygon // empty for a point
	At       crs.Point          // of a building without a footprint
	Counts   []int64            // len is that of Input.Measures, or 0
	Weight   int64              // its share in the counts of a compound, say its dwellings; 0 for its area
}

// Input is one scope: everything that lies there. Codes are unique within a slice, except of buildings, where a code that
// comes twice is a finding. Build does not change it.
type Input struct {
	Measures  []string
	Parents   []Parent
	Above     []Parent // one level up: those that Parent.Above names
	Lines     []Line
	Areas     []Area
	Compounds []Compound
	Buildings []Building
	// Moves are proposals a planner has accepted: by the code of a building that stands across parents' borders, the code
	// of the parent whose border shall go round it.
	Moves map[string]string
	// Rulings are a planner's decisions on ground: on gaps, on overlaps, on strips that a border was or was not to be moved over.
	Rulings []Ruling
}

// Options are the figures of a build. The zero value is the default of everything; a figure below 0 turns its rule off.
type Options struct {
	CoverageWidth   crs.Metres // gaps and overlaps narrower than this are closed. Defaults to 10.
	ConflationWidth crs.Metres // a border nearer than this to a line is laid on it. Defaults to 8.
	GrazeWidth      crs.Metres // a parent's border goes round a building that sticks over it less than this. Defaults to 0.5.
	Halo            crs.Metres // how far a detour keeps from the building. Defaults to 0.5.

	SliverArea  crs.SquareMetres // a smaller block without buildings is merged. Defaults to 2000.
	SliverWidth crs.Metres       // so is a narrower one, by twice its area over its perimeter. Defaults to 10.
	VergeWidth  crs.Metres       // so is a narrower one without buildings that is neither water nor railway nor park. Defaults to 24.
	BuiltArea   crs.SquareMetres // so is a smaller one with buildings. Defaults to 400.

	BuildingCap     int   // a block with more buildings is oversized. Defaults to 60.
	GridTarget      int64 // what a grid should hold of the first measure. Defaults to 0, not known.
	OversizePercent int   // a block that holds more than this share of GridTarget is oversized. Defaults to 50.

	// Weights say how gladly a block is merged across each barrier, in parts of ten. Defaults to 10 across none, 8 across
	// walls, 6 across lanes, 4 across streets, 2 across trunk roads, 1 across railways and rivers: a strip between a wall
	// and a street, as long on both sides, goes to the wall.
	Weights [len(barrierNames)]int64

	// Latitude is where metres are taken the measure of. Who builds a part of a town and wants it to come out as in a build of
	// the whole gives both the same. Defaults to the middle of the parents.
	Latitude crs.Coord

	Workers int // how many sectors are made at a time. Defaults to the number of processors. The result is the same.
}

func (o Options) filled() Options {
	o.CoverageWidth = either(o.CoverageWidth, 10)
	o.ConflationWidth = either(o.ConflationWidth, 8)
	o.GrazeWidth = either(o.GrazeWidth, 0.5)
	o.Halo = max(either(o.Halo, 0.5), 0.05) // under five grid steps rounding would eat it
	o.SliverArea = either(o.SliverArea, 2000)
	o.SliverWidth = either(o.SliverWidth, 10)
	o.VergeWidth = either(o.VergeWidth, 24)
	o.BuiltArea = either(o.BuiltArea, 400)
	o.BuildingCap = either(o.BuildingCap, 60)
	o.OversizePercent = either(o.OversizePercent, 50)
	o.Workers = either(o.Workers, runtime.GOMAXPROCS(0))
	if o.Weights == [len(barrierNames)]int64{} {
		o.Weights = [...]int64{None: 10, Wall: 8, Lane: 6, Street: 4, Trunk: 2, Railway: 1, River: 1}
	}
	return o
}

func either[T int | crs.Metres | crs.SquareMetres | crs.Coord](v, byDefault T) T {
	if v == 0 {
		return byDefault
	}
	return v
}

// Sorted returns the input in an order that does not depend on how it came: each layer by code, and what has the same code
// by its ground.
func (in Input) Sorted() Input {
	in.Parents = arranged(in.Parents, func(p, q Parent) int { return cmp.Or(cmp.Compare(p.Code, q.Code), compareShapes(p.Shape, q.Shape)) })
	in.Above = arranged(in.Above, func(p, q Parent) int { return cmp.Or(cmp.Compare(p.Code, q.Code), compareShapes(p.Shape, q.Shape)) })
	in.Lines = arranged(in.Lines, compareLines)
	in.Areas = arranged(in.Areas, func(a, b Area) int {
		return cmp.Or(cmp.Compare(a.Code, b.Code), compareShapes(a.Shape, b.Shape), cmp.Compare(a.Kind, b.Kind), cmp.Compare(a.Name, b.Name))
	})
	in.Compounds = arranged(in.Compounds, func(c, d Compound) int {
		return cmp.Or(cmp.Compare(c.Code, d.Code), compareShapes(c.Shape, d.Shape), slices.Compare(c.Counts, d.Counts))
	})
	in.Buildings = arranged(in.Buildings, compareBuildings)
	in.Rulings = arranged(in.Rulings, func(r, s Ruling) int { return cmp.Or(r.At.Compare(s.At), cmp.Compare(r.To, s.To)) })
	return in
}

func arranged[T any](s []T, compare func(a, b T) int) []T {
	s = slices.Clone(s)
	slices.SortStableFunc(s, compare)
	return s
}

func compareLines(l, m Line) int {
	return cmp.Or(cmp.Compare(l.Code, m.Code), slices.CompareFunc(l.Path, m.Path, crs.Point.Compare),
		cmp.Compare(l.Barrier, m.Barrier), cmp.Compare(l.Name, m.Name),
		compareBools(l.Second, m.Second), compareBools(l.Tunnel, m.Tunnel), compareBools(l.Bridge, m.Bridge), compareBools(l.Fast, m.Fast))
}

func compareBuildings(a, b Building) int {
	return cmp.Or(cmp.Compare(a.Code, b.Code), compareShapes(a.Shape, b.Shape), a.At.Compare(b.At),
		cmp.Compare(a.Compound, b.Compound), slices.Compare(a.Counts, b.Counts), cmp.Compare(a.Weight, b.Weight))
}

func compareBools(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}

func compareShapes(m, n shape.MultiPolygon) int {
	return slices.CompareFunc(m, n, func(p, q shape.Polygon) int {
		return slices.CompareFunc(p, q, func(r, s shape.Ring) int { return slices.CompareFunc(r, s, crs.Point.Compare) })
	})
}
