package partition

import (
	"math"
	"slices"

	"gridwright/geo/blockgraph"
)

// region is one parent cut out of the graph: blocks are numbered from 0 in the order of the graph, and only borders
// between two of them are left. It is not changed once made.
type region struct {
	parent    int
	blocks    []int32 // the graph's number of each block, of the lowest where several are kept together
	inside    []int32 // the graph's number of every block that is in it, rising
	node      []int32 // what each of inside is here
	grids     int
	tolerance float64

	start  []int32   // as in blockgraph.Graph
	from   []int32   // the block each edge leaves
	to     []int32   // the block each edge reaches
	back   []int32   // the same border seen from the other side
	length []float64 // in metres, or 1 where borders are counted

	measures []int       // those that are balanced here, as positions in Problem.Balance
	load     [][]float64 // one slice a measure, one entry a block
	ideal    []float64   // one entry a measure, never 0
	share    []float64   // what each block is of the ideal, by block, then measure: at block*measures+measure
	idle     bool        // there is nothing to balance: load counts the blocks instead

	band             int     // the measure that has a band, -1 without
	bandFrom, bandTo float64 // in ideals

	ties [][]tie // by block; nil where no rule ties any

	piece      []int32 // the connected piece of each block
	pieceGrids []int   // how many grids each piece gets
	meanLength float64 // of a border between two blocks, never 0

	base *base // nil where the plan is free
}

func (r *region) n() int { return len(r.blocks) }

// trivial reports whether there is only one way to split the parent.
func (r *region) trivial() bool { return r.grids == 1 || r.grids == r.n() }

// regions cuts every parent out of a valid problem.
func regions(p *Problem) ([]*region, error) {
	all := make([]*region, len(p.Grids))
	for i, grids := range p.Grids {
		all[i] = &region{parent: i, grids: grids, tolerance: p.Tolerance, band: -1}
		if p.allowed != nil {
			all[i].tolerance = p.allowed[i]
		}
	}
	rules, err := p.rules()
	if err != nil {
		return nil, err
	}
	node := rules.nodes(p)
	local := make([]int32, p.Graph.N())
	known := slices.Repeat([]int32{-1}, p.Graph.N()) // by node: its number in its region
	for b := range local {
		local[b] = -1
		if node[b] < 0 {
			continue
		}
		r := all[p.parentOf(int32(b))]
		if known[node[b]] < 0 {
			known[node[b]] = int32(len(r.blocks))
			r.blocks = append(r.blocks, int32(b))
		}
		local[b] = known[node[b]]
		r.inside = append(r.inside, int32(b))
		r.node = append(r.node, local[b])
	}
	for _, r := range all {
		if err := r.fits(p); err != nil {
			return nil, err
		}
		r.link(p, local)
		r.weigh(p)
		r.normalise()
		if err := r.findPieces(); err != nil {
			return nil, err
		}
	}
	if err := rules.tieUp(p, all, local); err != nil {
		return nil, err
	}
	for _, r := range all {
		if err := r.sharePieces(); err != nil {
			return nil, err
		}
		if rules.near[r.parent] {
			r.takeBase(p, rules)
		}
	}
	return all, nil
}

// fits returns what keeps a region from being so many grids, as far as its blocks can tell.
func (r *region) fits(p *Problem) error {
	fixed := slices.ContainsFunc(p.Fixed, func(set []int32) bool { return p.parentOf(set[0]) == r.parent })
	if r.grids < 0 || r.grids > r.n() || r.grids == 0 && (r.n() > 0 || !fixed) {
		return &BlocksError{Parent: r.parent, Blocks: r.n(), Grids: r.grids}
	}
	return nil
}

// link takes over the borders inside the parent, with what they cost.
func (r *region) link(p *Problem, local []int32) {
	unit := p.CountEdges || !r.hasCosts(p) // without lengths a border of two blocks is as long as any other
	r.start = make([]int32, 1, r.n()+1)
	var merged []blockgraph.Link
	contracted := len(r.inside) > r.n()
	var sum float64
	for i, b := range r.inside {
		v := r.node[i]
		for _, e := range p.Graph.Neighbours(b) {
			u := local[e.To]
			if u < 0 || u == v || p.Parent != nil && p.Parent[e.To] != p.Parent[b] {
				continue
			}
			cost := e.Cost
			if unit {
				cost = 1
			}
			if p.splits(b, e.To) {
				cost *= blockgraph.SplitCost
			}
			if contracted {
				if b < e.To {
					merged = append(merged, blockgraph.Link{A: v, B: u, Length: cost})
				}
				continue
			}
			r.from, r.to, r.length = append(r.from, v), append(r.to, u), append(r.length, cost)
			sum += cost
		}
		if !contracted {
			r.start = append(r.start, int32(len(r.to)))
		}
	}
	if contracted {
		sum = r.merge(merged)
	}
	r.back = make([]int32, len(r.to))
	next := slices.Clone(r.start)
	for e, to := range r.to { // blocks come in rising order on both sides
		r.back[e] = next[to]
		next[to]++
	}
	r.meanLength = 1
	if len(r.length) > 0 && sum > 0 {
		r.meanLength = sum / float64(len(r.length))
	}
}

// splits reports whether a border between two blocks runs through a compound.
func (p *Problem) splits(a, b int32) bool {
	return p.Compound != nil && p.Compound[a] >= 0 && p.Compound[a] == p.Compound[b]
}

// merge takes over borders of which several may be between the same two, and returns the sum of their costs from both sides.
func (r *region) merge(links []blockgraph.Link) (sum float64) {
	g, err := blockgraph.Build(r.n(), links, nil)
	if err != nil {
		panic(err) // they come from a graph
	}
	for v := range int32(r.n()) {
		for _, e := range g.Neighbours(v) {
			r.from, r.to, r.length = append(r.from, v), append(r.to, e.To), append(r.length, e.Length)
			sum += e.Length
		}
		r.start = append(r.start, int32(len(r.to)))
	}
	return sum
}

// hasCosts reports whether any border inside the parent costs anything.
func (r *region) hasCosts(p *Problem) bool {
	for _, b := range r.inside {
		for _, e := range p.Graph.Neighbours(b) {
			if e.Cost > 0 && p.parentOf(e.To) == r.parent {
				return true
			}
		}
	}
	return false
}

// least is an ideal load that counts as nothing: below it, shares of the ideal would lose their digits.
const least = 1e-290

// weigh takes over the loads of the measures of which the parent has anything.
func (r *region) weigh(p *Problem) {
	for i, m := range p.Balance {
		load := make([]float64, r.n())
		var total float64
		for i, b := range r.inside {
			load[r.node[i]] += p.Graph.Loads[m][b]
			total += p.Graph.Loads[m][b]
		}
		if ideal := total / float64(r.grids); ideal > least {
			if p.Band != nil && p.Band.Measure == m {
				r.band, r.bandFrom, r.bandTo = len(r.load), p.Band.From/ideal, p.Band.To/ideal
			}
			r.measures = append(r.measures, i)
			r.load = append(r.load, load)
			r.ideal = append(r.ideal, ideal)
		}
	}
	if len(r.load) > 0 {
		return
	}
	r.idle = true
	ones := make([]float64, r.n())
	for v := range ones {
		ones[v] = 1
	}
	r.load = [][]float64{ones}
	r.ideal = []float64{float64(r.n()) / float64(r.grids)}
}

// normalise fills share.
func (r *region) normalise() {
	r.share = make([]float64, 0, r.n()*len(r.load))
	for v := range r.n() {
		for m := range r.load {
			r.share = append(r.share, r.load[m][v]/r.ideal[m])
		}
	}
}

// findPieces finds the connected pieces.
func (r *region) findPieces() error {
	g := blockgraph.Graph{Start: r.start, Edges: make([]blockgraph.Edge, len(r.to))}
	for e, to := range r.to {
		g.Edges[e].To = to
	}
	var count int
	if r.piece, count = g.Pieces(nil); count > r.grids {
		return &PiecesError{Parent: r.parent, Pieces: count, Grids: r.grids}
	}
	r.pieceGrids = make([]int, count)
	return nil
}

// pieces returns what sharePieces gives grids to: all pieces, each with the grids that blocks apart from each other need.
func (r *region) pieces() []portion {
	all := make([]portion, len(r.pieceGrids))
	for c := range all {
		all[c].loads = make([]float64, len(r.load))
		all[c].least = max(1, len(r.crowd(func(v int32) bool { return r.piece[v] == int32(c) })))
	}
	for v, c := range r.piece {
		all[c].blocks++
		for m := range r.load {
			all[c].loads[m] += r.load[m][v] / r.ideal[m]
		}
	}
	return all
}

// sharePieces gives each connected piece the number of grids with which as little as can be lies outside the band, then the one
// that keeps the worst average deviation of a piece smallest, and of those the one with the smallest sum of squares.
func (r *region) sharePieces() error {
	off := func(portion, int) float64 { return 0 }
	if r.band >= 0 {
		off = func(p portion, grids int) float64 { return outsideOf(p.loads[r.band], grids, r.bandFrom, r.bandTo) }
	}
	shares, ok := sharePieces(r.pieces(), r.grids, off)
	if !ok { // each piece could be so many grids but for the blocks that are apart
		var crowd []int32
		for c := range r.pieceGrids {
			for _, v := range r.crowd(func(v int32) bool { return r.piece[v] == int32(c) }) {
				crowd = append(crowd, r.blocks[v])
			}
		}
		slices.Sort(crowd)
		return &ConflictError{Conflict: ApartGrids, Parent: r.parent, Blocks: crowd}
	}
	r.pieceGrids = shares
	return nil
}

// portion is a piece as far as its share of the grids goes.
type portion struct {
	loads         []float64 // by measure, in ideals
	blocks, least int       // the most and the fewest grids it can be
}

// deviationOf returns the worst deviation of grids grids that share loads (one entry a measure, in ideals) evenly: no
// way of cutting them can do better.
func deviationOf(loads []float64, grids int) float64 {
	var worst float64
	for _, load := range loads {
		worst = max(worst, math.Abs(load/float64(grids)-1))
	}
	return worst
}

// sharePieces is the dynamic programme behind region.sharePieces; off is what lies outside the band when a piece becomes so
// many grids. It reports false if the pieces need more grids.
func sharePieces(pieces []portion, grids int, off func(portion, int) float64) ([]int, bool) {
	if len(pieces) == 1 {
		return []int{grids}, pieces[0].least <= grids
	}
	type cell struct {
		out, worst, squares float64
		last                int // grids of the last piece
	}
	better := func(a, b cell) bool {
		switch {
		case a.out != b.out && math.Abs(a.out-b.out) > sameOut:
			return a.out < b.out
		case math.IsInf(b.worst, 1):
			return true
		}
		return a.worst < b.worst-1e-12 || a.worst <= b.worst+1e-12 && a.squares < b.squares-1e-12
	}
	table := make([][]cell, len(pieces)+1)
	for c := range table {
		table[c] = make([]cell, grids+1)
		for k := range table[c] {
			table[c][k].out, table[c][k].worst = math.Inf(1), math.Inf(1)
		}
	}
	table[0][0] = cell{}
	for c, p := range pieces {
		rest := len(pieces) - c - 1 // pieces still to come, one grid each at least
		for used := c; used <= grids-rest-1; used++ {
			if math.IsInf(table[c][used].worst, 1) {
				continue
			}
			for k := p.least; k <= min(p.blocks, grids-rest-used); k++ {
				d := deviationOf(p.loads, k)
				next := cell{table[c][used].out + off(p, k), max(table[c][used].worst, d), table[c][used].squares + float64(d*d*float64(k)), k}
				if better(next, table[c+1][used+k]) {
					table[c+1][used+k] = next
				}
			}
		}
	}
	share := make([]int, len(pieces))
	for c, k := len(pieces), grids; c > 0; c-- {
		if math.IsInf(table[c][k].worst, 1) {
			return nil, false
		}
		share[c-1] = table[c][k].last
		k -= share[c-1]
	}
	return share, true
}
