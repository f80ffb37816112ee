package plan

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"slices"
	"time"

	"gridwright/geo/crs"
	"gridwright/geo/facing"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// BoundKind is what sort of thing a border runs along.
type BoundKind uint8

// The kinds.
const (
	BoundRoad    BoundKind = iota // 道路
	BoundRiver                    // 河流
	BoundRailway                  // 铁路
	BoundWall                     // 围墙
	BoundArea                     // 区划界: nothing but the border of a community or a large grid
	BoundFree                     // 自由线: nothing runs along
	BoundKinds   = 6              // how many there are
)

var boundKindKeys = [BoundKinds]string{"road", "river", "railway", "wall", "area", "free"}

// String returns the kind's name: road, river, railway, wall, area or free.
func (k BoundKind) String() string { return boundKindKeys[k] }

// In returns the kind in a language.
func (k BoundKind) In(l words.Lang) string { return Sentences.Say(l, "bound.kind."+k.String(), nil) }

// Bounds is where a grid ends: its four bounds (四至) and what its border runs along.
type Bounds struct {
	Grid     GridNo
	Code     string                 // of the grid
	Length   crs.Metres             // of the whole border, those of holes with it
	Kinds    [BoundKinds]crs.Metres // how much of it runs along what
	Segments []BoundSegment         // in walking order; see number
	Source   string                 // tells this border from any other; empty for a grid without blocks
	Kept     *KeptBounds            // what a planner wrote instead; nil for nothing

	sides [4]boundSide
	tail  [2]string // said after the four sides: pieces, and grids inside
}

// boundSide is a side in words, by language: as briefly as can be, and with what of the road or river the line is.
type boundSide struct{ short, exact [2]string }

// BoundSegment is a stretch of border along one thing and on one side.
type BoundSegment struct {
	Number int // from 1, clockwise from the north-east, the largest piece first, holes last
	Side   Side
	Kind   BoundKind
	Name   string // of the road, the river and so on, empty where it has none
	Length crs.Metres
	Line   []crs.Point // the way it is walked
	Hole   bool        // round ground of other grids inside
	Key    string      // tells this line from any other
	Beyond [2]string   // what lies on the other side, by language; empty where nothing is known
	Walk   *WalkResult // nil where nobody has walked it

	short, exact [2]string
	group        string // what is told as one thing on a side
	ring         int    // which ring of the border it is on
	mm           int64  // its length as it is compared
}

// In returns along what the segment runs.
func (g *BoundSegment) In(l words.Lang) string { return g.exact[l] }

// KeptBounds are four bounds a planner has written.
type KeptBounds struct {
	Zh, En  [4]string // by side; empty for a side that is as it was made
	Source  string    // the border they were written for
	Version int64
	At      time.Time
	By      string
}

// WalkResult is what was found where somebody walked along a segment (走线核实).
type WalkResult struct {
	Result string // one of WalkResults
	Remark string
	On     string // YYYY-MM-DD
	By     string
}

// WalkResults lists what may come of a walk: the line is right on the ground, or it is not.
var WalkResults = []string{"ok", "differs"}

// Side returns what a side says: "鼓楼东街中心线—文化巷中心线".
func (b *Bounds) Side(s Side, l words.Lang) string {
	if text := b.kept(s, l); text != "" {
		return text
	}
	return b.sides[s].exact[l]
}

// kept returns what a planner wrote of a side.
func (b *Bounds) kept(s Side, l words.Lang) string {
	switch {
	case b.Kept == nil:
		return ""
	case l == words.En:
		return b.Kept.En[s]
	}
	return b.Kept.Zh[s]
}

// Made returns what a side says by its geometry, whatever a planner has written.
func (b *Bounds) Made(s Side, l words.Lang) string { return b.sides[s].exact[l] }

// Short returns the four bounds without saying what of a road or river the line is: "东至鼓楼东街，南至…，西至…，北至…".
func (b *Bounds) Short(l words.Lang) string { return b.say(l, false) }

// Full returns the four bounds in full.
func (b *Bounds) Full(l words.Lang) string { return b.say(l, true) }

func (b *Bounds) say(l words.Lang, full bool) string {
	if b.Source == "" {
		return ""
	}
	args := words.Args{}
	for s, key := range [...]string{"east", "south", "west", "north"} {
		text := b.sides[s].short[l]
		if full {
			text = b.sides[s].exact[l]
		}
		if kept := b.kept(Side(s), l); kept != "" {
			text = kept
		}
		args[key] = text
	}
	return Sentences.Say(l, "bounds", args) + b.tail[l]
}

// Stale reports whether a planner's text was written for another border.
func (b *Bounds) Stale() bool { return b.Kept != nil && b.Kept.Source != b.Source }

// Walked reports whether every segment was walked and found right, and by whom and when last.
func (b *Bounds) Walked() (verified bool, by, on string) {
	var walkers []string
	for i := range b.Segments {
		w := b.Segments[i].Walk
		if w == nil || w.Result != "ok" {
			return false, "", ""
		}
		walkers, on = append(walkers, w.By), max(on, w.On)
	}
	slices.Sort(walkers)
	return len(b.Segments) > 0, words.List(slices.Compact(walkers), words.Zh), on
}

// leastShare is how much of a side something must run along to be named there, in hundredths. The longest always is.
const leastShare = 15

// leastRun is how far, in millimetres, a border must run along something for this to be a segment of its own; less goes with what it lies between.
const leastRun = 20_000

// sameBorder is how far off a point may lie from the line between others, in millimetres, for the border to be the same with or without
// it: a cut in a neighbour sets points on it, which are rounded to the grid of coordinates.
const sameBorder = 30

// FourBounds returns where a grid ends.
//
//  1. Its outline is the union of its blocks. Of each edge it is known which block lies beyond and what runs along (told).
//  2. Each edge is of the side it faces (geo/facing).
//  3. Edges along one thing and on one side are a segment; what is shorter than leastRun goes with its neighbour (settled).
//  4. What has no name is told by what stands beside it (marksOf).
//  5. Each side names, in walking order, what it runs along for leastShare of its length or more (tellSides).
func FourBounds(s *Snapshot, no GridNo, things *BoundThings) Bounds {
	b := Bounds{Grid: no, Code: s.Grids[no-1].Code}
	pieces := s.Polygons(no)
	if len(pieces) == 0 {
		return b
	}
	o := newOutline(s, no, pieces, things)
	b.Source = o.source()
	for i := range o.rings {
		b.add(o, i)
	}
	for i := range b.Segments {
		b.Segments[i].Number = i + 1
		b.Length += b.Segments[i].Length
		b.Kinds[b.Segments[i].Kind] += b.Segments[i].Length
	}
	b.tellSides(o)
	b.tellRest(o)
	return b
}

// Boundary returns what tells the border of a grid from any other: Bounds.Source without the rest.
func (s *Snapshot) Boundary(no GridNo) string {
	pieces := s.Polygons(no)
	if len(pieces) == 0 {
		return ""
	}
	return newOutline(s, no, pieces, nil).source()
}

// source returns a digest of the rings, as they are without points that say nothing.
func (o *outline) source() string {
	h := sha256.New()
	for _, p := range o.pieces {
		for _, r := range p {
			h.Write([]byte{0})
			writePoints(h, facing.Ring(r, o.flat, sameBorder))
		}
	}
	return hex.EncodeToString(h.Sum(nil)[:12])
}

// keyOf returns a digest of a line.
func (o *outline) keyOf(line []crs.Point) string {
	h := sha256.New()
	writePoints(h, facing.Line(line, o.flat, sameBorder))
	return hex.EncodeToString(h.Sum(nil)[:12])
}

func writePoints(h interface{ Write([]byte) (int, error) }, points []crs.Point) {
	var b []byte
	for _, p := range points {
		b = binary.LittleEndian.AppendUint32(b, uint32(p.Lon))
		b = binary.LittleEndian.AppendUint32(b, uint32(p.Lat))
	}
	_, _ = h.Write(b) // a digest takes all there is
}

// ring is a ring of a grid's outline with its edges in walking order: clockwise round the grid, the other way round a hole.
type ring struct {
	edges []boundEdge
	hole  bool
}

// ringsOf returns the rings in the order they are told: shells by their ground, the largest first, then holes.
func ringsOf(pieces shape.MultiPolygon) (rings []shape.Ring, shells int) {
	order := make([]int, len(pieces))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		switch p, q := pieces[a].Area(), pieces[b].Area(); {
		case p > q:
			return -1
		case p < q:
			return 1
		}
		return 0
	})
	for _, i := range order {
		rings = append(rings, pieces[i][0])
	}
	for _, i := range order {
		rings = append(rings, pieces[i][1:]...)
	}
	return rings, len(pieces)
}

// Frontier returns the pairs of blocks between which a grid's border runs, each by id, smaller first; in the order of the ground's borders.
// Pairs come once for each thing that runs along.
func (s *Snapshot) Frontier(no GridNo) (pairs [][2]BlockID) {
	for _, b := range s.Blocks(no) {
		for _, i := range s.Ground.bordersOf[b] {
			border := &s.Ground.Borders[i]
			if s.gridOf(border.A) != s.gridOf(border.B) {
				pairs = append(pairs, [2]BlockID{border.A, border.B})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]BlockID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(pairs)
}

// BoundsMoved returns a finding for each grid whose kept bounds were written for another border than it has, by number.
func (s *Snapshot) BoundsMoved(kept map[GridNo]KeptBounds) (found []Finding) {
	for g := range s.Live() {
		if k, ok := kept[g.No]; ok && k.Source != s.Boundary(g.No) {
			found = append(found, Finding{Rule: "bounds_moved", Severity: Warning, Grid: g.No, Blocks: s.Blocks(g.No), At: s.place(g.Parent, s.Blocks(g.No)),
				Args: words.Args{"grid": g.Code}})
		}
	}
	return found
}

// Check returns what is wrong with a result that is to be noted of a segment, as an Invalid fault. A result without a word takes back what
// was noted.
func (w WalkResult) Check(b *Bounds, number int) error {
	switch {
	case number < 1 || number > len(b.Segments):
		return Refuse(Invalid, "walk.number", words.Args{"n": number, "grid": b.Code})
	case w.Result == "":
		return nil
	case !slices.Contains(WalkResults, w.Result):
		return Refuse(Invalid, "walk.result", words.Args{"n": number, "result": w.Result})
	case w.By == "":
		return Refuse(Invalid, "walk.who", words.Args{"n": number})
	}
	_, err := ParseDay(w.On)
	return err
}
