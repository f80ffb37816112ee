package ground

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// sectorResult is what is kept of a sector. Its blocks are numbered from 0.
type sectorResult struct {
	segments, faces int
	blocks          []Block
	borders         []Border // between its blocks, each edge of them summed up
	rim             []rimEdge
	findings        []Finding
	cut             []int32   // buildings that stick out of their block by rounding, rising
	extra           []segment // lines to be added
	tried           remedy
}

// rimEdge is an edge between a block and another parent, or nobody: the block lies on its left.
type rimEdge struct {
	arrange.Line
	block, other int32 // other: the parent on the right
	along        along
	crossing     bool // one can cross at one of its ends
}

// finish makes blocks of the cells that are left.
func (s *sector) finish() {
	s.result.faces = len(s.Faces) - 1
	order := s.outlineCells()
	number := slices.Repeat([]int32{-1}, len(s.cells))
	for i, b := range order {
		number[b.cell] = int32(i)
	}
	for _, o := range order {
		s.result.blocks = append(s.result.blocks, s.block(o))
	}
	s.collectEdges(number)
	s.findCut()
	s.tellOfCells(order)
	s.tellOfDoubles()
	s.tellOfCompounds(number)
}

// outlined is a cell with its shape.
type outlined struct {
	cell  int32
	shape shape.MultiPolygon
}

// outlineCells returns the cells that are left, by owner and then from west to east.
func (s *sector) outlineCells() (cells []outlined) {
	for c := range s.cells {
		if l := &s.cells[c]; !l.gone && l.owner != nobody {
			cells = append(cells, outlined{int32(c), s.outline(l.faces, func(f int32) bool { return s.cellOf[f] == int32(c) })})
		}
	}
	slices.SortFunc(cells, func(a, b outlined) int {
		return cmp.Or(int(s.cells[a.cell].owner)-int(s.cells[b.cell].owner), compareShapes(a.shape, b.shape))
	})
	return cells
}

func (s *sector) block(o outlined) Block {
	c := &s.cells[o.cell]
	b := Block{Parent: c.owner, Shape: o.shape, Area: o.shape.Area(), Buildings: slices.Clone(c.buildings)}
	slices.Sort(b.Buildings)
	b.Counts = make([]int64, len(s.in.Measures))
	for _, building := range b.Buildings {
		for m, n := range s.counts(building) {
			b.Counts[m] += n
		}
		b.Estimated = b.Estimated || slices.ContainsFunc(s.spread[building], func(n int64) bool { return n != 0 })
	}
	b.Kind = s.kind(c)
	b.Compounds = s.compoundsOf(c)
	return b
}

// kind says what stands on a cell: buildings; else what most of it is.
func (s *sector) kind(c *cell) Kind {
	if len(c.buildings) > 0 {
		return Built
	}
	kinds := []Kind{Water, RailLands, Park}
	for _, k := range kinds {
		var in int64
		for _, f := range c.faces {
			if s.kindOf(f) == k {
				in += s.twice[f]
			}
		}
		if in*2 > c.twice {
			return k
		}
	}
	return Open
}

// kindOf returns the kind of the first area a face lies in, Open if it lies in none.
func (s *sector) kindOf(face int32) Kind {
	for _, t := range s.Faces[face].Turns {
		if l := s.labels[t.Label]; l.kind == ofArea {
			return s.in.Areas[l.of].Kind
		}
	}
	return Open
}

// compoundsOf returns the codes of the compounds that have a tenth of their ground in a cell, or of which a tenth of the
// cell is.
func (s *sector) compoundsOf(c *cell) (codes []string) {
	var shares []share
	for _, f := range c.faces {
		for _, t := range s.Faces[f].Turns {
			if l := s.labels[t.Label]; l.kind == ofCompound {
				shares = append(shares, share{l.of, s.twice[f]})
			}
		}
	}
	for _, sh := range summed(shares) {
		if sh.amount*10 >= c.twice || sh.amount*10 >= s.twiceOfCompound(sh.of) {
			codes = append(codes, s.in.Compounds[sh.of].Code)
		}
	}
	slices.Sort(codes)
	return slices.Compact(codes)
}

func (s *sector) twiceOfCompound(c int32) (sum int64) {
	for _, p := range s.in.Compounds[c].Shape {
		for _, r := range p {
			sum += twiceOf(r)
		}
	}
	return sum
}

// collectEdges reads the borders of the blocks off the edges.
func (s *sector) collectEdges(number []int32) {
	crossing := s.crossings()
	for e := range s.Edges {
		f, g := s.sides(e)
		if s.cellOf[f] == s.cellOf[g] {
			continue
		}
		l := s.Line(e)
		a, b := nobody, nobody
		if s.owner[f] != nobody {
			a = number[s.cellOf[f]]
		}
		if s.owner[g] != nobody {
			b = number[s.cellOf[g]]
		}
		along := s.along[e]
		passable := (crossing[s.Edges[e].A]|crossing[s.Edges[e].B])>>along.barrier&1 == 1
		switch {
		case a >= 0 && b >= 0:
			s.result.borders = append(s.result.borders, Border{A: min(a, b), B: max(a, b), Barrier: along.barrier, Name: along.name,
				Length: crs.Distance(l.From, l.To), Walk: along.barrier.open() || passable, Sides: []arrange.Line{l}})
		case a >= 0:
			s.result.rim = append(s.result.rim, rimEdge{l, a, s.otherOwner(e), along, passable})
		case b >= 0:
			s.result.rim = append(s.result.rim, rimEdge{arrange.Line{From: l.To, To: l.From}, b, s.otherOwner(e), along, passable})
		}
	}
	s.result.borders = summedBorders(s.result.borders)
}

// otherOwner returns the parent outside this sector that has ground along an edge of its rim, nobody if none has.
func (s *sector) otherOwner(edge int) int32 {
	for _, t := range s.Edges[edge].Turns {
		if t.Label >= 0 || !s.refs[-t.Label-1].border {
			continue
		}
		e := s.town.edges[s.refs[-t.Label-1].of]
		for _, p := range [2]int32{e.left, e.right} {
			if _, mine := slices.BinarySearch(s.parents, p); p != nobody && !mine {
				return p
			}
		}
	}
	return nobody
}

// summedBorders adds up what the same two share with the same along it. It reuses the slice.
func summedBorders(borders []Border) []Border {
	slices.SortStableFunc(borders, func(b, c Border) int {
		return cmp.Or(int(b.A)-int(c.A), int(b.B)-int(c.B), cmp.Compare(b.Barrier, c.Barrier), cmp.Compare(b.Name, c.Name))
	})
	sums := borders[:0]
	for _, b := range borders {
		if n := len(sums); n > 0 && sums[n-1].A == b.A && sums[n-1].B == b.B && sums[n-1].Barrier == b.Barrier && sums[n-1].Name == b.Name {
			sums[n-1].Length += b.Length
			sums[n-1].Walk = sums[n-1].Walk || b.Walk
			sums[n-1].Sides = append(sums[n-1].Sides, b.Sides...)
		} else {
			sums = append(sums, b)
		}
	}
	return sums
}

// crossings tells of each node which barriers one can cross there, as bits by Barrier: a way leaves it on either side of one.
func (s *sector) crossings() []uint8 {
	crossing := make([]uint8, len(s.Nodes))
	seen := make([]uint8, len(s.Nodes))
	for e := range s.Edges {
		if !s.closed(int32(e)) {
			continue
		}
		barrier := uint8(1) << s.along[e].barrier
		for _, h := range [2]int32{arrange.Half(int32(e)), arrange.Twin(arrange.Half(int32(e)))} {
			if n := s.Origin(h); seen[n]&barrier == 0 {
				seen[n] |= barrier
				if s.ways(h) > 1 {
					crossing[n] |= barrier
				}
			}
		}
	}
	return crossing
}

func (s *sector) closed(edge int32) bool {
	return s.along[edge].divides && !s.along[edge].barrier.open()
}

// ways returns on how many sides of a barrier there are ways at a half's node. The half is one of the barrier's. A road that is a
// barrier itself is a way across a stronger one.
func (s *sector) ways(half int32) (sides int) {
	barrier := s.along[half/2].barrier
	way := false
	for h := s.Next[arrange.Twin(half)]; ; h = s.Next[arrange.Twin(h)] {
		a := &s.along[h/2]
		switch {
		case s.closed(h/2) && !(a.walkway && a.barrier < barrier):
			if way {
				sides++
			}
			way = false
		case a.walkway:
			way = true
		}
		if h == half {
			return sides
		}
	}
}

// findCut looks for buildings that stick out of their block by less than a grid step, where rounding drew the border into a
// wall. Only a wall that is a border can be so.
func (s *sector) findCut() {
	for e := range s.Edges {
		f, g := s.sides(e)
		if s.cellOf[f] == s.cellOf[g] {
			continue
		}
		for _, t := range s.Edges[e].Turns {
			if t.Label < 0 || s.labels[t.Label].kind != ofBuilding {
				continue
			}
			b := s.labels[t.Label].of
			if st := s.stands[b]; st.across || !slices.Contains(s.parents, st.home) {
				continue
			}
			m := s.in.Buildings[b].Shape
			if topo.Inside(s.Nodes[s.Edges[e].A], m) || topo.Inside(s.Nodes[s.Edges[e].B], m) {
				s.result.cut = append(s.result.cut, b)
			}
		}
	}
	for i := range s.housed {
		h := &s.housed[i]
		for _, f := range h.faces {
			if !s.stands[h.building].across && s.cellOf[f] != s.cellOf[h.faces[0]] {
				s.result.cut = append(s.result.cut, h.building)
			}
		}
	}
	// Where a wall of a few steps was snapped away only the shapes tell. They are asked where a border may come near.
	for i := range s.result.blocks {
		block := &s.result.blocks[i]
		sides := sidesOf(block.Shape)
		for _, b := range block.Buildings {
			if s.halos[b] != nil && !s.stands[b].across && !insideOf(&s.in.Buildings[b], block.Shape, sides) {
				s.result.cut = append(s.result.cut, b)
			}
		}
	}
	slices.Sort(s.result.cut)
	s.result.cut = slices.Compact(s.result.cut)
}

// tellOfCells tells of slivers that are left, of pieces apart from the rest of their parent, and of what is oversized.
func (s *sector) tellOfCells(order []outlined) {
	alone := map[int32]int{} // by parent: its blocks
	for _, o := range order {
		alone[s.cells[o.cell].owner]++
	}
	for i, o := range order {
		c := &s.cells[o.cell]
		rule := Rule("")
		switch {
		case s.sliver(o.cell) && alone[c.owner] > 1:
			rule = Sliver
		case s.options.oversized(len(c.buildings), c.load):
			rule = Oversized
		default:
			continue
		}
		s.result.findings = append(s.result.findings, Finding{Rule: rule, At: topo.LabelPoint(o.shape), Area: o.shape.Area(),
			Codes: []string{s.in.Parents[c.owner].Code}, Blocks: []int32{int32(i)}})
	}
}

// tellOfDoubles tells of buildings that have nine tenths of their ground in common.
func (s *sector) tellOfDoubles() {
	common := map[[2]int32]int64{}
	own := map[int32]int64{}
	for f := range s.Faces {
		var here []int32
		for _, t := range s.Faces[f].Turns {
			if l := s.labels[t.Label]; l.kind == ofBuilding {
				here = append(here, l.of)
			}
		}
		for i, a := range here {
			own[a] += s.twice[f]
			for _, b := range here[i+1:] {
				common[[2]int32{a, b}] += s.twice[f]
			}
		}
	}
	for pair, shared := range common {
		a, b := pair[0], pair[1]
		if _, mine := slices.BinarySearch(s.parents, s.stands[a].home); mine && shared*10 >= max(own[a], own[b])*9 {
			s.result.findings = append(s.result.findings, s.double(a, b, squareMetres(s.scale.area(shared))))
		}
	}
}

func (t *town) double(a, b int32, area crs.SquareMetres) Finding {
	return Finding{Rule: Duplicate, At: cornerOf(&t.in.Buildings[a]), Area: area, Codes: []string{t.in.Buildings[a].Code, t.in.Buildings[b].Code}}
}

// tellOfCompounds tells of compounds of which two blocks have a tenth each, or one block and the ground outside the sector.
func (s *sector) tellOfCompounds(number []int32) {
	shares := make([][]share, len(s.in.Compounds)) // by compound: its ground by block
	for f := range s.Faces {
		if s.owner[f] == nobody {
			continue
		}
		for _, t := range s.Faces[f].Turns {
			if l := s.labels[t.Label]; l.kind == ofCompound {
				shares[l.of] = append(shares[l.of], share{number[s.cellOf[f]], s.twice[f]})
			}
		}
	}
	for i := range shares {
		if len(shares[i]) == 0 {
			continue
		}
		whole := s.twiceOfCompound(int32(i))
		beyond := whole
		var blocks []int32
		for _, b := range summed(shares[i]) {
			beyond -= b.amount
			if b.amount*10 >= whole {
				blocks = append(blocks, b.of)
			}
		}
		if len(blocks) > 1 || len(blocks) == 1 && beyond*10 >= whole {
			c := &s.in.Compounds[i]
			s.result.findings = append(s.result.findings, Finding{Rule: CompoundCut, At: topo.LabelPoint(c.Shape), Area: c.Shape.Area(),
				Codes: []string{c.Code}, Blocks: blocks})
		}
	}
}

// tellOfNoLines tells that there is nothing in a parent to draw blocks by.
func (r *sectorResult) tellOfNoLines(parent int32, s *sector) {
	f := Finding{Rule: NoLines, Codes: []string{s.in.Parents[parent].Code}}
	for i, b := range r.blocks {
		if b.Parent == parent {
			if f.Area == 0 {
				f.At = topo.LabelPoint(b.Shape)
			}
			f.Area += b.Area
			f.Blocks = append(f.Blocks, int32(i))
		}
	}
	if len(f.Blocks) > 0 {
		r.findings = append(r.findings, f)
	}
}
