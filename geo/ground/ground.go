package ground

import (
	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Ground is the blocks of a scope and what was found on the way. Indices refer to its own slices: the layers of the input
// are sorted by code, and Members are indices into Ground.Buildings. Everything is in an order that depends on the
// input alone.
type Ground struct {
	Measures []string
	Parents  []Territory // by code
	Above    []Territory // by code; each the union of its parents
	Outline  shape.MultiPolygon
	Blocks   []Block      // by parent, then by the first point of the shape
	Borders  []Border     // by A, B, barrier, name
	Members  []Membership // one a building of the input, by code
	Lost     []int64      // by measure: the counts of buildings and compounds that lie in no parent
	Repairs  []Repair
	Findings []Finding
	Stats    Stats
}

// Territory is a parent, or one above, as derived from its blocks.
type Territory struct {
	Code, Name string
	Above      int32              // index into Ground.Above, -1 for none
	Shape      shape.MultiPolygon // as topo.Union returns it
	Counts     []int64            // by measure
}

// Block is the smallest piece of ground that moves whole (地块).
type Block struct {
	Parent    int32
	Kind      Kind
	Shape     shape.MultiPolygon // one polygon, as topo.Union returns it: neighbours are the same vertex for vertex
	Area      crs.SquareMetres
	Buildings []int32  // rising
	Counts    []int64  // by measure
	Estimated bool     // some of the counts were spread over buildings, or over ground
	Compounds []string // codes of those that have ground in it, more than a sliver; rising
}

// Membership is a building and where it is counted.
type Membership struct {
	Code   string
	Block  int32   // -1 if it lies in no parent
	Counts []int64 // its own and its share of its compound's; nil for none
	// Across tells that it stands across the border of a parent, so that its ground is in more than its block. There is a
	// finding.
	Across bool
}

// Border is what two blocks share, as far as the same thing runs along it.
type Border struct {
	A, B    int32 // A < B
	Barrier Barrier
	Name    string // of what runs along it
	Length  crs.Metres
	Walk    bool           // one can walk across, if only at a bridge, a crossing or a gate
	Sides   []arrange.Line // the edges of it, in either direction
}

// Repair is ground that changed hands between parents without asking.
type Repair struct {
	Kind   string // gap, overlap, crumb, conflated, grazed or accepted
	At     crs.Point
	Area   crs.SquareMetres
	From   []string // codes of the parents that claimed it, or of the one that held it; none for a gap
	To     string
	Beside []string // of a gap: codes of the parents round it
	Object string   // code of the building the border now goes round, if it does
}

// The kinds of repairs.
const (
	RepairGap       = "gap"       // a narrow gap closed
	RepairOverlap   = "overlap"   // a narrow overlap decided
	RepairCrumb     = "crumb"     // a narrow scrap of a parent apart from the rest of it
	RepairConflated = "conflated" // a border laid on the line beside it
	RepairGrazed    = "grazed"    // a border moved round a building that hardly stuck over it
	RepairAccepted  = "accepted"  // a border moved round a building as a planner wished
)

// Rule is what a finding is about.
type Rule string

// The rules.
const (
	Gap             Rule = "gap"              // ground between parents that none claims, too wide to close; it stays open
	Overlap         Rule = "overlap"          // ground that several parents claim, too wide to decide; the first code has it
	Vanished        Rule = "vanished"         // a parent of which nothing is left
	Crosses         Rule = "crosses_above"    // a large grid that crosses communities: codes of it and of them
	Straddler       Rule = "straddler"        // a building across parents' borders: codes of it, the parent to count it (proposed), the others
	Outside         Rule = "building_outside" // a building in no parent
	Duplicate       Rule = "duplicate"        // two buildings on one footprint, or of one code
	Oversized       Rule = "oversized"        // a block that could not be divided
	Sliver          Rule = "sliver"           // a sliver that could not be merged
	Apart           Rule = "apart"            // a piece of a parent that borders on no other of it
	CompoundCut     Rule = "compound_cut"     // a compound in several blocks
	NoLines         Rule = "no_lines"         // a parent without lines: building groups or H3 cells instead
	NoGround        Rule = "no_ground"        // a count, of a compound, that lies in no parent
	BuildingCut     Rule = "building_cut"     // a building that could not be kept in one block, by a hair
	ScopeTooLarge   Rule = "scope_too_large"
	Tangled         Rule = "tangled"
	UnknownAbove    Rule = "unknown_above"    // a parent that names a territory above that is not there
	UnknownMove     Rule = "unknown_move"     // a decision on a building, a parent or ground that is not there (any more)
	UnknownCompound Rule = "unknown_compound" // a building that names a compound that is not there
)

// Rules lists every rule.
var Rules = []Rule{Gap, Overlap, Vanished, Crosses, Straddler, Outside, Duplicate, Oversized, Sliver, Apart, CompoundCut,
	NoLines, NoGround, BuildingCut, ScopeTooLarge, Tangled, UnknownAbove, UnknownMove, UnknownCompound}

// Finding is a place where the input breaks a rule, or where the build could not keep one.
type Finding struct {
	Rule   Rule
	At     crs.Point
	Area   crs.SquareMetres // of what it is about; 0 where that has none
	Codes  []string         // see the rule
	Blocks []int32          // concerned, rising
}

// Refusal is the error of an input that cannot be built at all: ScopeTooLarge or Tangled.
type Refusal struct{ Finding }

func (r *Refusal) Error() string {
	if r.Rule == ScopeTooLarge {
		return "the scope reaches over more than 10 degrees, near " + r.At.String()
	}
	return "the lines near " + r.At.String() + " cross too often"
}

// Stats are figures of a build.
type Stats struct {
	Segments   int // that went into the arrangements of the sectors
	Faces      int
	Blocks     int
	OnBarriers float64 // share of the length of borders between blocks of one parent that has a barrier on it, 0 to 1
	Largest    crs.SquareMetres
	Straddlers int // buildings that met a line or a border
	Sectors    int // made, those made again counted again
}
