package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"time"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// DivisionID is a division's key. Later ones have higher ids.
type DivisionID int64

// GridKey is what stays of a published grid while its name, its code or its border change: from division to division the same grid has
// the same key. 0 is none.
type GridKey int64

// Division is a plan in force from a day on (划分成果). It is immutable: a later one takes its place.
type Division struct {
	ID            DivisionID
	Name          string
	Plan          ID
	Revision      int64 // of the plan, as it was published
	Effective     Day
	PublishedAt   time.Time
	By            string // who published it, as they said; may be empty
	Basis         string // the document it rests on (文号); may be empty
	GroundVersion int64
	Measures      []Measure
	Synthetic     bool
	DataDate      string // of the newest import the ground rests on, YYYY-MM-DD; empty when unknown
	Digest        string // SHA-256 of all it says of grids and blocks, in hexadecimal
	Old, New      int    // grids before and after
	Kinds         map[ChangeKind]int
	SuppressBelow int64 // counts of people from 1 to below it are kept back from others; 0 keeps none back
}

// DivisionGrid is a published grid, with all that is said of it as it was then.
type DivisionGrid struct {
	Division DivisionID
	Plan     ID     // that was published; not known before it is
	No       GridNo // in the plan and in the division
	Key      GridKey
	Chain    []Area // the areas it lies in, highest first, down to its parent; without their shapes
	GridProps
	Colour        uint8
	Blocks        int
	Area          crs.SquareMetres
	Pieces        int
	Loads         map[Measure]int64 // of the division's measures
	Estimated     bool              // some of its counts are estimates
	SuppressBelow int64             // of the division
	Synthetic     bool              // the division rests on invented data
	Shape         shape.MultiPolygon
	Label         crs.Point
}

// Parent returns the area the grid is a part of.
func (g *DivisionGrid) Parent() Area { return g.Chain[len(g.Chain)-1] }

// DivisionBlock is a block of a division and the grid it is in.
type DivisionBlock struct {
	ID   BlockID
	Code string
	Grid GridNo
}

// DivisionState is how far a division has come by a day. It follows from days alone; nothing of it is stored.
type DivisionState string

// The states of a division.
const (
	Scheduled  DivisionState = "scheduled"  // its day lies ahead
	InForce    DivisionState = "in_force"   // all of it
	InPart     DivisionState = "in_part"    // a later one has taken the place of some of its parents
	Superseded DivisionState = "superseded" // later ones have taken the place of all
)

// DigestOf returns the SHA-256, in hexadecimal, of what a division says: its day, its measures, its grids by number with their
// polygons, its blocks by id. Whoever reads the same has the same digest.
func DigestOf(d *Division, grids []DivisionGrid, blocks []DivisionBlock) string {
	sum := sha256.New()
	var b []byte
	number := func(n int64) { b = binary.BigEndian.AppendUint64(b, uint64(n)) }
	text := func(s string) { number(int64(len(s))); b = append(b, s...) }
	flush := func() { sum.Write(b); b = b[:0] }
	text(d.Name)
	text(string(d.Effective))
	number(int64(d.Plan))
	number(d.Revision)
	number(int64(len(d.Measures)))
	for _, m := range d.Measures {
		text(string(m))
	}
	number(int64(len(grids)))
	for i := range grids {
		g := &grids[i]
		number(int64(g.No))
		number(int64(g.Key))
		for _, a := range g.Chain {
			text(string(a.Level))
			text(a.Code)
			text(a.Name)
			text(a.NameEn)
		}
		for _, s := range []string{g.Code, g.Name, g.NameEn, string(g.Kind), g.Purpose, g.Body, g.Enclave} {
			text(s)
		}
		for _, m := range d.Measures {
			number(g.Loads[m])
		}
		for _, polygon := range g.Shape {
			for _, ring := range polygon {
				number(int64(len(ring)))
				for _, p := range ring {
					number(int64(p.Lon))
					number(int64(p.Lat))
				}
			}
		}
		flush()
	}
	for _, block := range blocks {
		number(int64(block.ID))
		text(block.Code)
		number(int64(block.Grid))
	}
	flush()
	return hex.EncodeToString(sum.Sum(nil))
}
