package partition

import (
	"math"
	"slices"

	"gridwright/geo/blockgraph"
)

// region is one parent cut out of the graph: blocks are numbered from 0 in the order of the graph, and only borders
// between two of them are left. It is not changed once made.
type region struct {
	parent int
	blocks []int32 // the graph's number of each block
	grids  int

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
		all[i] = &region{parent: i, grids: grids}
	}
	local := make([]int32, p.Graph.N())
	for b := range local {
		r := all[0]
		if p.Parent != nil {
			r = all[p.Parent[b]]
		}
		local[b] = int32(len(r.blocks))
		r.blocks = append(r.blocks, int32(b))
	}
	for _, r := range all {
		if r.grids < 1 || r.grids > r.n() {
			return nil, &BlocksError{Parent: r.parent, Blocks: r.n(), Grids: r.grids}
		}
		r.link(p, local)
		r.weigh(p)
		r.normalise()
		if err := r.sharePieces(); err != nil {
			return nil, err
		}
		if p.Base != nil {
			r.takeBase(p)
		}
	}
	return all, nil
}

// link takes over the borders inside the parent.
func (r *region) link(p *Problem, local []int32) {
	r.start = make([]int32, r.n()+1)
	var sum float64
	for v, b := range r.blocks {
		for _, e := range p.Graph.Neighbours(b) {
			if p.Parent != nil && p.Parent[e.To] != p.Parent[b] {
				continue
			}
			r.from = append(r.from, int32(v))
			r.to = append(r.to, local[e.To])
			r.length = append(r.length, e.Length)
			sum += e.Length
		}
		r.start[v+1] = int32(len(r.to))
	}
	r.back = make([]int32, len(r.to))
	next := slices.Clone(r.start)
	for e, to := range r.to { // blocks come in rising order on both sides
		r.back[e] = next[to]
		next[to]++
	}
	// Without lengths a border of two blocks is as long as any other.
	if p.CountEdges || sum == 0 {
		for e := range r.length {
			r.length[e] = 1
		}
		sum = float64(len(r.length))
	}
	r.meanLength = 1
	if len(r.length) > 0 {
		r.meanLength = sum / float64(len(r.length))
	}
}

// least is an ideal load that counts as nothing: below it, shares of the ideal would lose their digits.
const least = 1e-290

// weigh takes over the loads of the measures of which the parent has anything.
func (r *region) weigh(p *Problem) {
	for i, m := range p.Balance {
		load := make([]float64, r.n())
		var total float64
		for v, b := range r.blocks {
			load[v] = p.Graph.Loads[m][b]
			total += load[v]
		}
		if ideal := total / float64(r.grids); ideal > least {
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

// sharePieces gives each connected piece the number of grids that keeps the worst average deviation of a piece
// smallest, and of those the one with the smallest sum of squares.
func (r *region) sharePieces() error {
	g := blockgraph.Graph{Start: r.start, Edges: make([]blockgraph.Edge, len(r.to))}
	for e, to := range r.to {
		g.Edges[e].To = to
	}
	var count int
	r.piece, count = g.Pieces(nil)
	if count > r.grids {
		return &PiecesError{Parent: r.parent, Pieces: count, Grids: r.grids}
	}
	blocks := make([]int, count)
	loads := make([][]float64, count)
	for c := range loads {
		loads[c] = make([]float64, len(r.load))
	}
	for v, c := range r.piece {
		blocks[c]++
		for m := range r.load {
			loads[c][m] += r.load[m][v] / r.ideal[m]
		}
	}
	r.pieceGrids = sharePieces(loads, blocks, r.grids)
	return nil
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

// sharePieces is the dynamic programme behind region.sharePieces: loads by piece and measure in ideals.
func sharePieces(loads [][]float64, blocks []int, grids int) []int {
	if len(loads) == 1 {
		return []int{grids}
	}
	type cell struct {
		worst, squares float64
		last           int // grids of the last piece
	}
	better := func(a, b cell) bool {
		return a.worst < b.worst-1e-12 || a.worst <= b.worst+1e-12 && a.squares < b.squares-1e-12
	}
	table := make([][]cell, len(loads)+1)
	for c := range table {
		table[c] = make([]cell, grids+1)
		for k := range table[c] {
			table[c][k].worst = math.Inf(1)
		}
	}
	table[0][0] = cell{}
	for c := range loads {
		rest := len(loads) - c - 1 // pieces still to come, one grid each at least
		for used := c; used <= grids-rest-1; used++ {
			if math.IsInf(table[c][used].worst, 1) {
				continue
			}
			for k := 1; k <= min(blocks[c], grids-rest-used); k++ {
				d := deviationOf(loads[c], k)
				next := cell{max(table[c][used].worst, d), table[c][used].squares + float64(d*d*float64(k)), k}
				if better(next, table[c+1][used+k]) {
					table[c+1][used+k] = next
				}
			}
		}
	}
	share := make([]int, len(loads))
	for c, k := len(loads), grids; c > 0; c-- {
		share[c-1] = table[c][k].last
		k -= share[c-1]
	}
	return share
}
