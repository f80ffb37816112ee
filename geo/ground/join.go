package ground

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/blockgraph"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// seam is a rim edge with its sector.
type seam struct {
	rimEdge
	sector int32
}

// seams returns the rims of all sectors in an order where the two sides of an edge follow each other.
func seams(made []*sectorResult) []seam {
	var all []seam
	for i, r := range made {
		for _, e := range r.rim {
			all = append(all, seam{e, int32(i)})
		}
	}
	slices.SortFunc(all, func(a, b seam) int {
		al, ah := ordered(a.Line)
		bl, bh := ordered(b.Line)
		return cmp.Or(al.Compare(bl), ah.Compare(bh), a.From.Compare(b.From))
	})
	return all
}

func ordered(l arrange.Line) (lo, hi crs.Point) {
	l = l.Upward()
	return l.From, l.To
}

// facing reports whether b is the other side of a.
func facing(a, b seam) bool { return a.From == b.To && a.To == b.From }

// disagreeing returns the pairs of parents one of which has an edge on the rim towards the other that the other does not
// have. Only the parent on one side of such a pair may be told: the other comes from the edges.
func disagreeing(made []*sectorResult) (pairs [][2]int32) {
	all := seams(made)
	for i := 0; i < len(all); i++ {
		if i+1 < len(all) && facing(all[i], all[i+1]) {
			i++
			continue
		}
		if e := all[i]; e.other != nobody {
			pairs = append(pairs, [2]int32{made[e.sector].blocks[e.block].Parent, e.other})
		}
	}
	slices.SortFunc(pairs, func(a, b [2]int32) int { return cmp.Or(int(a[0])-int(b[0]), int(a[1])-int(b[1])) })
	return slices.Compact(pairs)
}

// joiner puts the sectors together.
type joiner struct {
	*town
	made   []*sectorResult
	first  []int32 // by sector: the number of its first block
	ground *Ground
}

// join makes the ground of the sectors.
func join(t *town, c *coverage, w *works) *Ground {
	j := &joiner{town: t, made: w.made, first: make([]int32, len(w.made)), ground: &Ground{Measures: t.in.Measures}}
	j.collectBlocks()
	j.collectBorders()
	j.countBare()
	j.collectMembers()
	j.deriveParents()
	j.findHairs()
	j.collectFindings(c)
	j.measure(w.sectors)
	return j.ground
}

func (j *joiner) collectBlocks() {
	for i, r := range j.made {
		j.first[i] = int32(len(j.ground.Blocks))
		j.ground.Blocks = append(j.ground.Blocks, r.blocks...)
	}
	// Sectors of several parents may lie between others.
	order := make([]int32, len(j.ground.Blocks))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortStableFunc(order, func(a, b int32) int { return int(j.ground.Blocks[a].Parent) - int(j.ground.Blocks[b].Parent) })
	if slices.IsSorted(order) {
		return
	}
	number := make([]int32, len(order))
	blocks := make([]Block, len(order))
	for n, i := range order {
		number[i] = int32(n)
		blocks[n] = j.ground.Blocks[i]
	}
	j.ground.Blocks = blocks
	j.renumber(number)
}

// renumber writes the numbers blocks have in the ground into the results, whose first blocks are then all number 0.
func (j *joiner) renumber(number []int32) {
	for i, r := range j.made {
		at := func(b int32) int32 { return number[j.first[i]+b] }
		for k := range r.borders {
			a, b := at(r.borders[k].A), at(r.borders[k].B)
			r.borders[k].A, r.borders[k].B = min(a, b), max(a, b)
		}
		for k := range r.rim {
			r.rim[k].block = at(r.rim[k].block)
		}
		for k := range r.findings {
			for n, b := range r.findings[k].Blocks {
				r.findings[k].Blocks[n] = at(b)
			}
		}
	}
	for i := range j.first {
		j.first[i] = 0
	}
}

// collectBorders puts the borders together, with those between blocks of different sectors.
func (j *joiner) collectBorders() {
	var borders []Border
	for i, r := range j.made {
		for _, b := range r.borders {
			b.A, b.B = b.A+j.first[i], b.B+j.first[i]
			borders = append(borders, b)
		}
	}
	all := seams(j.made)
	for i := 0; i+1 < len(all); i++ {
		if !facing(all[i], all[i+1]) {
			continue
		}
		a, b := all[i].block+j.first[all[i].sector], all[i+1].block+j.first[all[i+1].sector]
		along := all[i].along
		along.take(all[i+1].along)
		borders = append(borders, Border{A: min(a, b), B: max(a, b), Barrier: along.barrier, Name: along.name,
			Length: crs.Distance(all[i].From, all[i].To), Walk: along.barrier.open() || all[i].crossing || all[i+1].crossing,
			Sides: []arrange.Line{all[i].Line}})
		i++
	}
	j.ground.Borders = summedBorders(borders)
}

// countBare puts the counts of compounds without buildings on the block their label lies in.
func (j *joiner) countBare() {
	j.ground.Lost = make([]int64, len(j.in.Measures))
	for _, b := range j.bare {
		counts := j.in.Compounds[b.compound].Counts
		block := j.blockAt(b.at, b.home)
		if block < 0 {
			add(j.ground.Lost, counts)
			continue
		}
		add(j.ground.Blocks[block].Counts, counts)
		j.ground.Blocks[block].Estimated = true
	}
}

func add(to, counts []int64) {
	for m, n := range counts {
		to[m] += n
	}
}

// blockAt returns the block of a parent a point lies in, its first block if that cannot be told, -1 if it has none.
func (j *joiner) blockAt(p crs.Point, parent int32) int32 {
	first := int32(-1)
	for i := range j.ground.Blocks {
		b := &j.ground.Blocks[i]
		if parent == nobody || b.Parent != parent {
			continue
		}
		if first < 0 {
			first = int32(i)
		}
		if topo.Inside(p, b.Shape) {
			return int32(i)
		}
	}
	return first
}

func (j *joiner) collectMembers() {
	j.ground.Members = make([]Membership, len(j.in.Buildings))
	for b := range j.ground.Members {
		j.ground.Members[b] = Membership{Code: j.in.Buildings[b].Code, Block: -1, Counts: j.counts(int32(b)), Across: j.stands[b].across}
	}
	for i := range j.ground.Blocks {
		for _, b := range j.ground.Blocks[i].Buildings {
			j.ground.Members[b].Block = int32(i)
		}
	}
	for _, m := range j.ground.Members {
		if m.Block < 0 {
			add(j.ground.Lost, m.Counts)
		}
	}
}

// deriveParents makes the shapes of the parents of the rims of their blocks, and those above of theirs.
func (j *joiner) deriveParents() {
	lines := make([][]arrange.Line, len(j.in.Parents))
	for _, e := range j.parentEdges() {
		lines[e.parent] = append(lines[e.parent], e.Line)
	}
	sums := j.sums()
	shapes := make([][]shape.MultiPolygon, len(j.in.Above))
	for _, a := range j.in.Above {
		j.ground.Above = append(j.ground.Above, Territory{Code: a.Code, Name: a.Name, Above: -1, Counts: make([]int64, len(j.in.Measures))})
	}
	var all []shape.MultiPolygon
	for i, p := range j.in.Parents {
		above, ok := slices.BinarySearchFunc(j.in.Above, p.Above, func(a Parent, code string) int { return cmp.Compare(a.Code, code) })
		t := Territory{Code: p.Code, Name: p.Name, Above: int32(above), Shape: topo.Outline(lines[i]), Counts: sums[i]}
		if ok {
			shapes[above] = append(shapes[above], t.Shape)
			add(j.ground.Above[above].Counts, t.Counts)
		} else {
			t.Above = -1
		}
		all = append(all, t.Shape)
		j.ground.Parents = append(j.ground.Parents, t)
	}
	for i := range shapes {
		j.ground.Above[i].Shape = topo.Union(shapes[i])
	}
	j.ground.Outline = topo.Union(all)
}

func (j *joiner) sums() [][]int64 {
	sums := make([][]int64, len(j.in.Parents))
	for p := range sums {
		sums[p] = make([]int64, len(j.in.Measures))
	}
	for i := range j.ground.Blocks {
		add(sums[j.ground.Blocks[i].Parent], j.ground.Blocks[i].Counts)
	}
	return sums
}

// parentEdge is an edge of a block that no block of its parent has in the other direction.
type parentEdge struct {
	arrange.Line
	parent int32
}

// parentEdges returns the edges of the parents: the rims of sectors, and within sectors of several parents what lies
// between those.
func (j *joiner) parentEdges() (edges []parentEdge) {
	for i, r := range j.made {
		one := true
		for _, b := range r.blocks {
			one = one && b.Parent == r.blocks[0].Parent
		}
		if one {
			for _, e := range r.rim {
				edges = append(edges, parentEdge{e.Line, j.ground.Blocks[j.first[i]+e.block].Parent})
			}
			continue
		}
		byParent := map[int32][]shape.MultiPolygon{}
		var parents []int32
		for _, b := range r.blocks {
			if byParent[b.Parent] == nil {
				parents = append(parents, b.Parent)
			}
			byParent[b.Parent] = append(byParent[b.Parent], b.Shape)
		}
		for _, p := range parents {
			for _, l := range sidesOf(topo.Union(byParent[p])) {
				edges = append(edges, parentEdge{l, p})
			}
		}
	}
	return edges
}

// findHairs looks for buildings that stick out of their block by no more than rounding moves a line. They are found out
// when they are cut, but where a wall of a few steps was snapped away there is nothing to find.
func (j *joiner) findHairs() {
	g := j.ground
	for i := range g.Blocks {
		sides := sidesOf(g.Blocks[i].Shape)
		for _, b := range g.Blocks[i].Buildings {
			building := &j.in.Buildings[b]
			if m := &g.Members[b]; !m.Across && !insideOf(building, g.Blocks[i].Shape, sides) && hairy(building, g.Blocks[i].Shape, sides) {
				m.Across = true
				g.Findings = append(g.Findings, Finding{Rule: BuildingCut, At: cornerOf(building), Codes: []string{m.Code}})
			}
		}
	}
}

// hairy reports whether a building that is not inside a block has all its corners in it or within two grid steps of it,
// and the block no corner deeper than that inside the building. Of a point, and of what is smaller than ten steps, it is
// always so.
func hairy(b *Building, block shape.MultiPolygon, sides []arrange.Line) bool {
	const speck = 10
	walls := sidesOf(b.Shape)
	if box := b.Shape.Box(); len(walls) == 0 || box.Max.Lon-box.Min.Lon < speck && box.Max.Lat-box.Min.Lat < speck {
		return true
	}
	for _, w := range walls {
		if !covers(block, sides, w.From) && far(w.From, sides) {
			return false
		}
	}
	for _, l := range sides {
		if topo.Inside(l.From, b.Shape) && far(l.From, walls) {
			return false
		}
	}
	return true
}

// collectFindings puts the findings together and adds those that only show in the whole.
func (j *joiner) collectFindings(c *coverage) {
	g := j.ground
	g.Repairs = c.repairs
	g.Findings = append(g.Findings, c.findings...)
	for i, r := range j.made {
		for _, f := range r.findings {
			for k := range f.Blocks {
				f.Blocks[k] += j.first[i]
			}
			g.Findings = append(g.Findings, f)
		}
		for _, b := range r.cut {
			g.Members[b].Across = true
			g.Findings = append(g.Findings, Finding{Rule: BuildingCut, At: cornerOf(&j.in.Buildings[b]), Codes: []string{j.in.Buildings[b].Code}})
		}
	}
	g.Findings = append(g.Findings, j.apart()...)
	g.Findings = append(g.Findings, j.doubles()...)
	g.Findings = append(g.Findings, j.strays()...)
	sortFindings(g)
}

func sortFindings(g *Ground) {
	slices.SortStableFunc(g.Findings, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.Rule, b.Rule), slices.Compare(a.Codes, b.Codes), a.At.Compare(b.At),
			cmp.Compare(a.Area, b.Area), slices.Compare(a.Blocks, b.Blocks))
	})
	// A compound across parents, or a pair of buildings, is told of by each of them.
	kept := g.Findings[:0]
	for _, f := range g.Findings {
		again := f.Rule == CompoundCut || f.Rule == Duplicate || f.Rule == BuildingCut
		if n := len(kept); again && n > 0 && kept[n-1].Rule == f.Rule && slices.Equal(kept[n-1].Codes, f.Codes) {
			kept[n-1].Blocks = append(kept[n-1].Blocks, f.Blocks...)
			slices.Sort(kept[n-1].Blocks)
			kept[n-1].Blocks = slices.Compact(kept[n-1].Blocks)
			continue
		}
		kept = append(kept, f)
	}
	g.Findings = kept
	slices.SortStableFunc(g.Repairs, func(a, b Repair) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), a.At.Compare(b.At), cmp.Compare(a.To, b.To), cmp.Compare(a.Area, b.Area))
	})
}

// apart tells of pieces of a parent that border on no other of it, all but the one with the most ground.
func (j *joiner) apart() (found []Finding) {
	g := j.ground
	var links []blockgraph.Link
	label := make([]int32, len(g.Blocks))
	for i := range label {
		label[i] = g.Blocks[i].Parent
	}
	for _, b := range g.Borders {
		links = append(links, blockgraph.Link{A: b.A, B: b.B, Length: float64(b.Length)})
	}
	graph, err := blockgraph.Build(len(g.Blocks), links, nil)
	if err != nil {
		panic(err) // borders are between blocks
	}
	piece, n := graph.Pieces(label)
	blocks, area := make([][]int32, n), make([]crs.SquareMetres, n)
	for b, p := range piece {
		blocks[p] = append(blocks[p], int32(b))
		area[p] += g.Blocks[b].Area
	}
	main := map[int32]int{}
	for p := range blocks {
		parent := label[blocks[p][0]]
		if m, ok := main[parent]; !ok || area[p] > area[m] {
			main[parent] = p
		}
	}
	for p := range blocks {
		if parent := label[blocks[p][0]]; main[parent] != p {
			found = append(found, Finding{Rule: Apart, At: topo.LabelPoint(g.Blocks[blocks[p][0]].Shape), Area: area[p],
				Codes: []string{j.in.Parents[parent].Code}, Blocks: blocks[p]})
		}
	}
	return found
}

// doubles tells of codes that come twice, and of points and footprints that are the same.
func (j *joiner) doubles() (found []Finding) {
	order := make([]int32, len(j.in.Buildings))
	for b := range order {
		order[b] = int32(b)
		if b > 0 && j.in.Buildings[b].Code == j.in.Buildings[b-1].Code {
			found = append(found, j.double(int32(b-1), int32(b), 0))
		}
	}
	place := func(a, b int32) int {
		return cmp.Or(j.in.Buildings[a].At.Compare(j.in.Buildings[b].At), compareShapes(j.in.Buildings[a].Shape, j.in.Buildings[b].Shape))
	}
	slices.SortStableFunc(order, place)
	for i := 1; i < len(order); i++ {
		if a, b := order[i-1], order[i]; place(a, b) == 0 {
			found = append(found, j.double(a, b, j.in.Buildings[a].Shape.Area()))
		}
	}
	return found
}

// strays tells of names that lead nowhere.
func (j *joiner) strays() (found []Finding) {
	for i, p := range j.in.Parents {
		if p.Above != "" && j.ground.Parents[i].Above < 0 {
			found = append(found, Finding{Rule: UnknownAbove, At: topo.LabelPoint(j.ground.Parents[i].Shape), Codes: []string{p.Code, p.Above}})
		}
	}
	return found
}

func (j *joiner) measure(sectors int) {
	st := &j.ground.Stats
	st.Sectors, st.Blocks = sectors, len(j.ground.Blocks)
	for _, r := range j.made {
		st.Segments += r.segments
		st.Faces += r.faces
	}
	var all, barred float64
	for _, b := range j.ground.Borders {
		if j.ground.Blocks[b.A].Parent == j.ground.Blocks[b.B].Parent {
			all += float64(b.Length)
			if b.Barrier != None {
				barred += float64(b.Length)
			}
		}
	}
	if all > 0 {
		st.OnBarriers = barred / all
	}
	for i := range j.ground.Blocks {
		st.Largest = max(st.Largest, j.ground.Blocks[i].Area)
	}
	for _, h := range j.halos {
		if h != nil {
			st.Straddlers++
		}
	}
}
