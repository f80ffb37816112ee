package ground

import (
	"context"
	"fmt"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// Stroke is a line that a planner draws over some of the blocks, to part them.
type Stroke struct {
	Blocks    []Whole              // the ground it is drawn on: a coverage
	Beside    []shape.MultiPolygon // blocks that share a border with any of them: with them a coverage
	Buildings []Building           // that stand on the blocks it crosses; points are what has no footprint, or is no building
	Line      []crs.Point
	// Border is the border that the line takes the place of between its ends, which lie on it: its edges, each an edge of two of the blocks.
	// Nil for a line that goes right across.
	Border []arrange.Line
	// Share lets the counts of a block without buildings be shared out by area.
	Share bool
}

// Whole is a block before a stroke.
type Whole struct {
	Shape  shape.MultiPolygon // one polygon, as topo.Union returns it
	Counts []int64            // by measure
}

// Parted is what a stroke makes of its blocks. It is a coverage again: whoever met in an edge before does so after.
type Parted struct {
	Far    []bool               // by block: its ground, or most of it, lies beyond the line: on its left, or between it and the border whose place it takes
	Parts  [][]Part             // by block: what it is divided in, from west to east; nil where it stays whole
	Shapes []shape.MultiPolygon // by block that stays whole, and then by neighbour: itself with the corners where the line ends; nil where it gets none
	Kept   []int32              // blocks that the line crosses and that stay whole: a part would be too small, or too narrow; rising
	Moved  []int32              // buildings that the line was led round; rising
}

// Part is a part of a block.
type Part struct {
	Shape     shape.MultiPolygon // one polygon
	Area      crs.SquareMetres
	Far       bool
	Buildings []int32 // rising
	Counts    []int64 // by measure
	Estimated bool    // some of the counts are a share of what is not known by building
}

// StrokeFlaw says what is wrong with a stroke.
type StrokeFlaw string

// The flaws of strokes.
const (
	StrokeShort       StrokeFlaw = "short"        // fewer than two places
	StrokeTangled     StrokeFlaw = "tangled"      // the line crosses itself
	StrokeInside      StrokeFlaw = "inside"       // it ends inside the ground
	StrokeMisses      StrokeFlaw = "misses"       // it does not cross the ground
	StrokePartsNone   StrokeFlaw = "parts_none"   // the ground hangs together round it
	StrokeOffBorder   StrokeFlaw = "off_border"   // an end does not lie on the border
	StrokeOtherBorder StrokeFlaw = "other_border" // its ends lie on two borders that do not meet
	StrokeNoBuildings StrokeFlaw = "no_buildings" // a block with counts and without buildings would be divided
	StrokeTight       StrokeFlaw = "tight"        // the corners it needs do not fit into the neighbourhood
)

// StrokeError is a stroke that parts nothing.
type StrokeError struct {
	Flaw  StrokeFlaw
	Block int32 // of StrokeNoBuildings
	At    crs.Point
}

func (e *StrokeError) Error() string { return fmt.Sprintf("the line is %s near %v", e.Flaw, e.At) }

// The figures of strokes: a part of a block is worth a block of its own if it is as wide and large as this. A line nearer to a border than
// the width runs on the border.
const (
	partWidth    = crs.Metres(15)
	partArea     = crs.SquareMetres(2000)
	partBuilt    = crs.SquareMetres(400) // with buildings
	prolongation = crs.Metres(30)        // how far an end inside the ground is prolonged
	reachOfEnd   = crs.Metres(40)        // how far an end may lie from the border it is meant to lie on
	strokeHalo   = crs.Metres(0.5)       // how far a detour keeps from the building
)

// Labels of a stroke's arrangement below 0.
const (
	strokeLabel = int32(-1) // the line
	borderLabel = int32(-2) // the border whose place it takes
)

// Part parts blocks by a stroke.
//
//  1. One arrangement of the blocks, the line, the footprints of buildings and rings round those that the line would cut. Stepping over the
//     line changes the side, so each face has one.
//  2. A building goes with all its ground to the side that has most of it, and what is within reach of it too: the line makes a detour.
//  3. Faces of one side that hang together in a block are a part of it. One that is too narrow or too small goes to the other side: a line
//     beside a border runs on the border.
//  4. What is left of the line is cut into the blocks and those beside them in a second arrangement, so that neighbours have equal corners.
//  5. Counts follow buildings. What is counted and stands in no building is shared out in proportion to them.
//
// The error is a *StrokeError, ctx's, or a *Refusal. Equal strokes give equal parts. Pieces of the ground that the line does not touch lie on
// the side of it that they would lie on if it went on straight.
func (s *Stroke) Part(ctx context.Context) (*Parted, error) {
	k := &parting{Stroke: s, scale: scaleAt(s.middle())}
	if err := k.prepare(); err != nil {
		return nil, err
	}
	if err := k.draw(ctx); err != nil {
		return nil, err
	}
	if err := k.colour(); err != nil {
		return nil, err
	}
	k.house()
	k.settle()
	return k.finish(ctx)
}

// parting is a stroke being drawn.
type parting struct {
	*Stroke
	*survey
	scale  scale
	line   []crs.Point
	halos  [][]shape.Ring // by building: round it, where the line would cut it; else nil
	block  []int32        // by face: the block it lies in, nobody for none
	far    []bool         // by face
	piece  []int32        // by face: its part, nobody outside the blocks
	parts  []part
	result Parted
}

// part is faces of one side that hang together in a block.
type part struct {
	block     int32
	far       bool
	faces     []int32
	twice     int64
	perimeter int64
	built     bool
}

func (s *Stroke) middle() crs.Coord {
	box := shape.EmptyBox
	for i := range s.Blocks {
		box = box.Union(s.Blocks[i].Shape.Box())
	}
	return box.Min.Lat + (box.Max.Lat-box.Min.Lat)/2
}

// holds reports whether a point lies inside the blocks, not on their outline.
func (k *parting) holds(p crs.Point) bool {
	at := 0
	for i := range k.Blocks {
		if topo.Inside(p, k.Blocks[i].Shape) {
			return true
		}
		if k.Blocks[i].Shape.Holds(p) || onSide(p, k.Blocks[i].Shape) {
			at++
		}
	}
	return at > 1 && k.surrounded(p)
}

// surrounded reports whether a point on borders of blocks has none but blocks round it.
func (k *parting) surrounded(p crs.Point) bool {
	shapes := make([]shape.MultiPolygon, len(k.Blocks))
	for i := range k.Blocks {
		shapes[i] = k.Blocks[i].Shape
	}
	return topo.Inside(p, topo.Union(shapes))
}

// prepare makes the line ready: it goes right across, or from border to border.
func (k *parting) prepare() error {
	for _, p := range k.Line {
		if n := len(k.line); n == 0 || k.line[n-1] != p {
			k.line = append(k.line, p)
		}
	}
	if len(k.line) < 2 {
		at := crs.Point{}
		if len(k.line) > 0 {
			at = k.line[0]
		}
		return &StrokeError{Flaw: StrokeShort, At: at}
	}
	if k.Border != nil {
		if err := k.pinEnds(); err != nil {
			return err
		}
	} else {
		k.line = k.prolonged(k.line)
		slices.Reverse(k.line)
		k.line = k.prolonged(k.line)
		slices.Reverse(k.line)
		for _, p := range []crs.Point{k.line[0], k.line[len(k.line)-1]} {
			if k.holds(p) {
				return &StrokeError{Flaw: StrokeInside, At: p}
			}
		}
	}
	lines := k.lines()
	for i, l := range lines {
		for j := i + 1; j < len(lines); j++ {
			m := lines[j]
			touch := l.Crosses(m)
			if j > i+1 {
				touch = touch || l.Holds(m.From) || l.Holds(m.To) || m.Holds(l.From) || m.Holds(l.To)
			} else {
				touch = touch || l.Holds(m.To) || m.Holds(l.From)
			}
			if touch {
				return &StrokeError{Flaw: StrokeTangled, At: m.From}
			}
		}
	}
	return nil
}

func (k *parting) lines() (lines []arrange.Line) {
	for i := 1; i < len(k.line); i++ {
		lines = append(lines, arrange.Line{From: k.line[i-1], To: k.line[i]})
	}
	return lines
}

// prolonged returns the line with its last place moved on straight if it lies inside the ground: who draws stops a little early.
func (k *parting) prolonged(line []crs.Point) []crs.Point {
	n := len(line)
	if !k.holds(line[n-1]) {
		return line
	}
	way := heading(line[n-2], line[n-1], k.scale)
	reach := float64(prolongation) * 1000
	return append(slices.Clone(line), moved(line[n-1], offset{float64(way.x * reach), float64(way.y * reach)}, k.scale))
}

// pinEnds moves the ends of the line to the border.
func (k *parting) pinEnds() error {
	for _, end := range []int{0, len(k.line) - 1} {
		p := k.line[end]
		nearest, away := crs.Point{}, reachOfEnd
		for _, l := range k.Border {
			for _, q := range []crs.Point{k.scale.nearestOn(l, p), l.From, l.To} {
				d := crs.Distance(p, q)
				if q != l.From && q != l.To {
					d += 2 // rather a corner that is there
				}
				if d < away {
					nearest, away = q, d
				}
			}
		}
		if away >= reachOfEnd {
			return &StrokeError{Flaw: StrokeOffBorder, At: p}
		}
		k.line[end] = nearest
	}
	if k.line = slices.Compact(k.line); len(k.line) < 2 || k.line[0] == k.line[len(k.line)-1] {
		return &StrokeError{Flaw: StrokeShort, At: k.line[0]}
	}
	return nil
}

// The labels of the first arrangement: blocks, then footprints, then halos.
func (k *parting) footprint(b int) int32 { return int32(len(k.Blocks) + b) }
func (k *parting) haloOf(b int) int32    { return int32(len(k.Blocks) + len(k.Buildings) + b) }

// draw makes the arrangement.
func (k *parting) draw(ctx context.Context) (err error) {
	var segments []arrange.Segment
	for i := range k.Blocks {
		segments = appendShape(segments, k.Blocks[i].Shape, int32(i))
	}
	lines := k.lines()
	for _, l := range lines {
		segments = append(segments, arrange.Segment{Line: l, Label: strokeLabel})
	}
	for _, l := range k.Border {
		segments = append(segments, arrange.Segment{Line: l, Label: borderLabel})
	}
	k.halos = make([][]shape.Ring, len(k.Buildings))
	for b := range k.Buildings {
		footprint := k.Buildings[b].Shape
		if len(footprint) == 0 {
			continue
		}
		segments = appendShape(segments, footprint, k.footprint(b))
		if cutBy(footprint, lines) {
			k.halos[b] = halo(footprint, k.scale, strokeHalo)
			for _, r := range k.halos[b] {
				segments = appendRing(segments, r, k.haloOf(b))
			}
		}
	}
	if k.survey, err = measure(ctx, segments, k.scale); err != nil {
		return err
	}
	k.block = make([]int32, len(k.Faces))
	for f := range k.Faces {
		k.block[f] = nobody
		for _, t := range k.Faces[f].Turns {
			if t.Count > 0 && t.Label < int32(len(k.Blocks)) {
				k.block[f] = t.Label
				break
			}
		}
	}
	return nil
}

// cutBy reports whether any of the lines runs through a footprint.
func cutBy(m shape.MultiPolygon, lines []arrange.Line) bool {
	box := m.Box()
	sides := sidesOf(m)
	for _, l := range lines {
		if !near(box, l, 0, 0) {
			continue
		}
		if topo.Inside(l.From, m) || topo.Inside(l.To, m) || slices.ContainsFunc(sides, l.Crosses) || through(l, m) {
			return true
		}
	}
	return false
}

// colour finds the side of each face.
func (k *parting) colour() error {
	over := make([]bool, len(k.Edges)) // stepping over the edge changes the side
	touched := false
	for e := range k.Edges {
		for _, t := range k.Edges[e].Turns {
			if t.Label == strokeLabel {
				over[e] = over[e] != (t.Count%2 != 0)
				f, g := k.sides(e)
				touched = touched || k.block[f] != nobody && k.block[g] != nobody
			}
		}
	}
	if !touched {
		return &StrokeError{Flaw: StrokeMisses, At: k.line[0]}
	}
	k.far = make([]bool, len(k.Faces))
	if k.Border != nil {
		if err := k.closeUp(over); err != nil {
			return err
		}
		_, err := k.step([]int32{0}, over, func(int32) bool { return true }, make([]bool, len(k.Faces)))
		return err
	}
	return k.colourAcross(over)
}

// step gives a side to all faces that can be reached from the first, which has one, over faces that count. It returns them.
func (k *parting) step(first []int32, over []bool, counts func(face int32) bool, seen []bool) (all []int32, err error) {
	seen[first[0]] = true
	for all = first; len(first) > 0; {
		f := first[0]
		first = first[1:]
		for h := range k.Arrangement.Border(f) {
			g := k.across(h)
			if !counts(g) {
				continue
			}
			side := k.far[f] != over[h/2]
			if !seen[g] {
				seen[g], k.far[g] = true, side
				first, all = append(first, g), append(all, g)
			} else if k.far[g] != side {
				return nil, &StrokeError{Flaw: StrokePartsNone, At: k.line[0]}
			}
		}
	}
	return all, nil
}

// colourAcross gives each piece of the ground its sides: the left of the line is far.
func (k *parting) colourAcross(over []bool) error {
	seen := make([]bool, len(k.Faces))
	inside := func(f int32) bool { return k.block[f] != nobody }
	for f := range k.Faces {
		if !inside(int32(f)) || seen[f] {
			continue
		}
		piece, err := k.step([]int32{int32(f)}, over, inside, seen)
		if err != nil {
			return err
		}
		if k.leftIsFar(piece, over) {
			continue
		}
		for _, g := range piece {
			k.far[g] = !k.far[g]
		}
	}
	return nil
}

// leftIsFar reports whether the faces of a piece on the left of the line are far.
func (k *parting) leftIsFar(piece []int32, over []bool) bool {
	lines := k.lines()
	for _, f := range piece {
		for h := range k.Arrangement.Border(f) {
			if !over[h/2] || k.block[k.across(h)] == nobody {
				continue
			}
			side := k.lineOf(h)
			l := k.nearestLine(lines, crs.Point{Lon: side.From.Lon + (side.To.Lon-side.From.Lon)/2, Lat: side.From.Lat + (side.To.Lat-side.From.Lat)/2})
			u, v := heading(side.From, side.To, k.scale), heading(l.From, l.To, k.scale)
			return (float64(u.x*v.x)+float64(u.y*v.y) > 0) == k.far[f]
		}
	}
	// The line does not touch it.
	p, _ := k.place(piece[0])
	l := k.nearestLine(lines, p)
	return (l.Side(p) > 0) == k.far[piece[0]]
}

// nearestLine returns the line nearest to a point, the first of those.
func (k *parting) nearestLine(lines []arrange.Line, p crs.Point) arrange.Line {
	best, away := lines[0], crs.Distance(p, k.scale.nearestOn(lines[0], p))
	for _, l := range lines[1:] {
		if d := crs.Distance(p, k.scale.nearestOn(l, p)); d < away {
			best, away = l, d
		}
	}
	return best
}

// closeUp finds the way along the border from one end of the line to the other, and has the side change over it, too.
func (k *parting) closeUp(over []bool) error {
	at := func(p crs.Point) int32 { // snapping moves nothing by more than a few steps
		best, away := int32(0), int64(-1)
		for n, q := range k.Nodes {
			dx, dy := int64(p.Lon-q.Lon), int64(p.Lat-q.Lat)
			if d := dx*dx + dy*dy; away < 0 || d < away {
				best, away = int32(n), d
			}
		}
		return best
	}
	from, to := at(k.line[0]), at(k.line[len(k.line)-1])
	leaving := make([][]int32, len(k.Nodes)) // by node: edges of the border
	for e := range k.Edges {
		if slices.ContainsFunc(k.Edges[e].Turns, func(t arrange.Turn) bool { return t.Label == borderLabel }) {
			leaving[k.Edges[e].A] = append(leaving[k.Edges[e].A], int32(e))
			leaving[k.Edges[e].B] = append(leaving[k.Edges[e].B], int32(e))
		}
	}
	length := make([]int64, len(k.Nodes))
	came := make([]int32, len(k.Nodes))
	for n := range length {
		length[n], came[n] = -1, nobody
	}
	length[from] = 0
	due := []int32{from} // borders are short: the nearest is looked for
	for len(due) > 0 {
		i := 0
		for j, n := range due {
			if length[n] < length[due[i]] {
				i = j
			}
		}
		n := due[i]
		due = slices.Delete(due, i, i+1)
		for _, e := range leaving[n] {
			other := k.Edges[e].A + k.Edges[e].B - n
			if d := length[n] + k.length[e]; length[other] < 0 || d < length[other] {
				length[other], came[other] = d, e
				due = append(due, other)
			}
		}
	}
	if length[to] < 0 {
		return &StrokeError{Flaw: StrokeOtherBorder, At: k.line[0]}
	}
	for n := to; n != from; {
		e := came[n]
		over[e] = !over[e]
		n = k.Edges[e].A + k.Edges[e].B - n
	}
	return nil
}

// house gives buildings to the side that has most of their ground.
func (k *parting) house() {
	near := make([]int64, len(k.Buildings)) // ground on this side less that on the far side, in grid steps
	group := make([]int32, len(k.Buildings))
	for b := range group {
		group[b] = int32(b)
	}
	root := func(b int32) int32 {
		for group[b] != b {
			b = group[b]
		}
		return b
	}
	standing := func(f int) (on []int32) {
		for _, t := range k.Faces[f].Turns {
			if b := int(t.Label) - len(k.Blocks); t.Count > 0 && b >= 0 && b < len(k.Buildings) {
				on = append(on, int32(b))
			}
		}
		return on
	}
	cut := make([]uint8, len(k.Buildings)) // bit 0: it has ground on this side, bit 1: on the far side
	for f := range k.Faces {
		on := standing(f)
		for _, b := range on[min(1, len(on)):] {
			x, y := root(on[0]), root(b)
			group[max(x, y)] = min(x, y)
		}
	}
	for f := range k.Faces {
		if on := standing(f); len(on) > 0 && k.block[f] != nobody {
			b := root(on[0])
			if k.far[f] {
				near[b] -= k.twice[f]
				cut[b] |= 2
			} else {
				near[b] += k.twice[f]
				cut[b] |= 1
			}
		}
	}
	side := make([]int8, len(k.Faces)) // 0: as it lies; 1: here; 2: far
	for f := range k.Faces {
		for _, t := range k.Faces[f].Turns {
			if b := int(t.Label) - len(k.Blocks) - len(k.Buildings); t.Count > 0 && b >= 0 && side[f] == 0 && cut[root(int32(b))] == 3 {
				side[f] = 1
				if near[root(int32(b))] < 0 {
					side[f] = 2
				}
			}
		}
		if on := standing(f); len(on) > 0 {
			side[f] = 1
			if near[root(on[0])] < 0 {
				side[f] = 2
			}
		}
	}
	for f := range k.Faces {
		if side[f] != 0 && k.block[f] != nobody {
			k.far[f] = side[f] == 2
		}
	}
	for b := range k.Buildings {
		if cut[root(int32(b))] == 3 && k.halos[b] != nil {
			k.result.Moved = append(k.result.Moved, int32(b))
		}
	}
}

// settle makes parts of the faces, and gives those that are worth no block to the other side.
func (k *parting) settle() {
	k.result.Far = make([]bool, len(k.Blocks))
	faces := make([][]int32, len(k.Blocks))
	for f, b := range k.block {
		if b != nobody {
			faces[b] = append(faces[b], int32(f))
		}
	}
	k.piece = slices.Repeat([]int32{nobody}, len(k.Faces))
	for b := range k.Blocks {
		crossed := false
		for _, f := range faces[b] {
			crossed = crossed || k.far[f] != k.far[faces[b][0]]
		}
		parts := k.partsOf(int32(b), faces[b])
		for len(parts) > 1 {
			small := -1
			for i := range parts {
				if !k.worth(&parts[i]) && (small < 0 || parts[i].twice < parts[small].twice) {
					small = i
				}
			}
			if small < 0 {
				break
			}
			for _, f := range parts[small].faces {
				k.far[f] = !parts[small].far
			}
			parts = k.partsOf(int32(b), faces[b])
		}
		if len(parts) == 1 && crossed {
			k.result.Kept = append(k.result.Kept, int32(b))
		}
		var balance int64
		for i := range parts {
			for _, f := range parts[i].faces {
				k.piece[f] = int32(len(k.parts))
			}
			if parts[i].far {
				balance -= parts[i].twice
			} else {
				balance += parts[i].twice
			}
			k.parts = append(k.parts, parts[i])
		}
		k.result.Far[b] = balance < 0
	}
}

// partsOf returns the faces of a block that hang together on one side, by their first faces.
func (k *parting) partsOf(b int32, faces []int32) (parts []part) {
	seen := map[int32]bool{}
	for _, first := range faces {
		if seen[first] {
			continue
		}
		p := part{block: b, far: k.far[first], faces: []int32{first}}
		seen[first] = true
		in := map[int32]bool{first: true}
		for i := 0; i < len(p.faces); i++ {
			f := p.faces[i]
			p.built = p.built || k.built(f)
			for h := range k.Arrangement.Border(f) {
				if g := k.across(h); k.block[g] == b && k.far[g] == p.far && !seen[g] {
					seen[g], in[g] = true, true
					p.faces = append(p.faces, g)
				}
			}
		}
		p.twice, p.perimeter = k.extent(p.faces, func(f int32) bool { return in[f] })
		parts = append(parts, p)
	}
	return parts
}

// built reports whether a building stands on a face.
func (k *parting) built(f int32) bool {
	return slices.ContainsFunc(k.Faces[f].Turns, func(t arrange.Turn) bool {
		b := int(t.Label) - len(k.Blocks)
		return t.Count > 0 && b >= 0 && b < len(k.Buildings)
	})
}

// worth reports whether a part is worth a block of its own.
func (k *parting) worth(p *part) bool {
	if k.scale.thin(p.twice, p.perimeter, partWidth) {
		return false
	}
	least := partArea
	if p.built {
		least = partBuilt
	}
	return k.scale.area(p.twice) >= squareMillimetres(least)
}

// finish cuts what is left of the line into the blocks and those beside them.
func (k *parting) finish(ctx context.Context) (*Parted, error) {
	r := &k.result
	divided := make([]bool, len(k.Blocks))
	for i := range k.parts {
		divided[k.parts[i].block] = divided[k.parts[i].block] || i > 0 && k.parts[i-1].block == k.parts[i].block
	}
	r.Parts, r.Shapes = make([][]Part, len(k.Blocks)), make([]shape.MultiPolygon, len(k.Blocks)+len(k.Beside))
	if !slices.Contains(divided, true) {
		return r, nil
	}
	var segments []arrange.Segment
	whole := make([]shape.MultiPolygon, 0, len(r.Shapes))
	for i := range k.Blocks {
		whole = append(whole, k.Blocks[i].Shape)
	}
	whole = append(whole, k.Beside...)
	for i, m := range whole {
		segments = appendShape(segments, m, int32(i))
	}
	for e := range k.Edges {
		f, g := k.sides(e)
		if p, q := k.piece[f], k.piece[g]; p != q && p != nobody && q != nobody && k.block[f] == k.block[g] {
			segments = append(segments, arrange.Segment{Line: k.Net.Line(e), Label: strokeLabel})
		}
	}
	v, err := measure(ctx, segments, k.scale)
	if err != nil {
		return nil, err
	}
	if err := k.read(v, whole, divided); err != nil {
		return nil, err
	}
	return r, k.count()
}

// read reads the shapes off the second arrangement.
func (k *parting) read(v *survey, whole []shape.MultiPolygon, divided []bool) error {
	r := &k.result
	of := make([]int32, len(v.Faces)) // by face: the block, or the neighbour after them
	faces := make([][]int32, len(whole))
	for f := range v.Faces {
		of[f] = nobody
		for _, t := range v.Faces[f].Turns {
			if t.Count > 0 {
				of[f] = t.Label
				faces[t.Label] = append(faces[t.Label], int32(f))
				break
			}
		}
	}
	stroked := func(edge int) bool {
		return slices.ContainsFunc(v.Edges[edge].Turns, func(t arrange.Turn) bool { return t.Label == strokeLabel })
	}
	piece, _ := v.flood(func(edge int, f, g int32) bool { return of[f] == of[g] && !stroked(edge) })
	var before, after []shape.MultiPolygon
	for i := range whole {
		before = append(before, whole[i])
		if i < len(k.Blocks) && divided[i] {
			done := map[int32]bool{}
			for _, f := range faces[i] {
				if done[piece[f]] {
					continue
				}
				done[piece[f]] = true
				var mine []int32
				for _, g := range faces[i] {
					if piece[g] == piece[f] {
						mine = append(mine, g)
					}
				}
				m := v.outline(mine, func(g int32) bool { return of[g] == int32(i) && piece[g] == piece[f] })
				part := Part{Shape: m, Area: m.Area(), Far: k.sideOf(int32(i), m)}
				r.Parts[i], after = append(r.Parts[i], part), append(after, m)
			}
			slices.SortFunc(r.Parts[i], func(p, q Part) int { return compareShapes(p.Shape, q.Shape) })
			continue
		}
		m := v.outline(faces[i], func(g int32) bool { return of[g] == int32(i) })
		after = append(after, m)
		if compareShapes(m, topo.Union(whole[i:i+1])) != 0 {
			r.Shapes[i] = m
		}
	}
	// What lies beyond the neighbours has not been asked: the outline of all must stay as it was.
	if compareShapes(topo.Union(before), topo.Union(after)) != 0 {
		return k.outlineMoved(before, after)
	}
	return nil
}

// outlineMoved returns nil if the outline of all differs by corners that the blocks themselves got where they border on nobody, and else
// the error of a stroke that does not fit.
func (k *parting) outlineMoved(before, after []shape.MultiPolygon) error {
	own := map[crs.Point]bool{}
	shapes := make([]shape.MultiPolygon, len(k.Blocks))
	for i := range k.Blocks {
		shapes[i] = k.Blocks[i].Shape
	}
	rim := sidesOf(topo.Union(shapes))
	for _, l := range sidesOf(topo.Union(before)) {
		own[l.From] = true
	}
	for _, l := range sidesOf(topo.Union(after)) {
		if own[l.From] {
			continue
		}
		if far(l.From, rim) {
			return &StrokeError{Flaw: StrokeTight, At: l.From}
		}
	}
	return nil
}

// sideOf returns the side of a part, by a point well inside it.
func (k *parting) sideOf(block int32, m shape.MultiPolygon) bool {
	at := topo.LabelPoint(m)
	if e := arrange.Below(k.Lines(), []crs.Point{at})[0]; e >= 0 {
		if f := k.Face[arrange.Half(e)]; k.block[f] == block {
			return k.far[f]
		}
	}
	return k.result.Far[block]
}

// count shares the counts of divided blocks out over their parts.
func (k *parting) count() error {
	for i := range k.result.Parts {
		parts := k.result.Parts[i]
		if parts == nil {
			continue
		}
		k.houseIn(int32(i), parts)
		if err := k.countBlock(int32(i), parts); err != nil {
			return err
		}
	}
	return nil
}

// houseIn finds the buildings of each part of a block.
func (k *parting) houseIn(block int32, parts []Part) {
	box := k.Blocks[block].Shape.Box()
	for b := range k.Buildings {
		at := k.Buildings[b].At
		if len(k.Buildings[b].Shape) > 0 {
			at = topo.LabelPoint(k.Buildings[b].Shape)
		}
		if !box.Meets(shape.Box{Min: at, Max: at}) {
			continue
		}
		for p := range parts {
			if parts[p].Shape.Holds(at) {
				parts[p].Buildings = append(parts[p].Buildings, int32(b))
				break
			}
		}
	}
}

// countBlock gives each part what its buildings count, and its share of what is left, in proportion to the weights of its buildings, or to
// its ground where there are none.
func (k *parting) countBlock(block int32, parts []Part) error {
	total := k.Blocks[block].Counts
	weights := make([]int64, len(parts))
	for _, weigh := range []func(p *Part) int64{
		func(p *Part) (sum int64) {
			for _, b := range p.Buildings {
				sum += max(0, k.Buildings[b].Weight)
			}
			return sum
		},
		func(p *Part) (sum int64) {
			for _, b := range p.Buildings {
				sum += squareMillimetres(k.Buildings[b].Shape.Area()) / 1e6
			}
			return sum
		},
		func(p *Part) int64 { return int64(len(p.Buildings)) },
	} {
		if slices.Max(weights) > 0 {
			break
		}
		for p := range parts {
			weights[p] = weigh(&parts[p])
		}
	}
	ground := make([]int64, len(parts))
	for p := range parts {
		ground[p] = max(1, int64(parts[p].Area))
		parts[p].Counts = make([]int64, len(total))
	}
	for m, n := range total {
		own := make([]int64, len(parts))
		var sum int64
		for p := range parts {
			for _, b := range parts[p].Buildings {
				if counts := k.Buildings[b].Counts; len(counts) > 0 {
					own[p] += counts[m]
				}
			}
			sum += own[p]
		}
		shares := own
		if sum != n {
			by := weights
			switch {
			case sum > n: // the buildings are said to have more than their block: in proportion, then
				by, own, sum = own, make([]int64, len(parts)), 0
			case slices.Max(weights) == 0 && !k.Share:
				return &StrokeError{Flaw: StrokeNoBuildings, Block: block, At: topo.LabelPoint(k.Blocks[block].Shape)}
			case slices.Max(weights) == 0:
				by = ground
			}
			shares = apportion(n-sum, by)
			for p := range parts {
				shares[p] += own[p]
				parts[p].Estimated = true
			}
		}
		for p := range parts {
			parts[p].Counts[m] = shares[p]
		}
	}
	return nil
}

// BorderBetween returns the edges along which blocks that are mine meet those that are not, in order: the Border of a Stroke.
func BorderBetween(blocks []shape.MultiPolygon, mine []bool) (lines []arrange.Line) {
	for _, s := range topo.SharedSides(blocks) {
		if mine[s.A] != mine[s.B] {
			lines = append(lines, s.Line)
		}
	}
	return lines
}
