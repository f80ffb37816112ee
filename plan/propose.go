package plan

import (
	"context"
	"errors"
	"time"

	"gridwright/geo/apportion"
	"gridwright/geo/blockgraph"
	"gridwright/geo/partition"
	"gridwright/plan/words"
)

// Solve carries out a recipe: it gives each parent in scope its number of grids and splits it. Parents out of scope
// keep the grids of the plan keep, which is nil when all are in scope. The others stay near the plan base, if there is one, as
// the recipe allows; its blocks are known by their codes, so it may be of another ground. progress is called as parents
// are finished, never twice at once. Equal grounds, recipes and plans give equal proposals but for the time they took.
//
// A recipe the ground does not allow is an Invalid fault that says why; a ctx that ends is its error.
func Solve(ctx context.Context, g *Ground, r Recipe, scope []bool, keep, base *Snapshot, progress func(Progress)) (*Proposal, error) {
	began := time.Now()
	in := newScope(g, scope)
	shares, err := in.apportion(r)
	if err != nil {
		return nil, err
	}
	problem := partition.Problem{
		Graph: in.graph, Parent: in.parent, Grids: shares.Grids, Tolerance: r.Tolerance, Seed: r.Seed, Effort: r.Effort, Time: r.Time(),
		Progress: func(done, total int, worst float64) { progress(Progress{done, total, worst}) },
	}
	for _, b := range r.Balance {
		problem.Balance = append(problem.Balance, g.MeasureIndex(b.Measure))
	}
	if base != nil {
		problem.Base, problem.MaxChange = in.base(base), r.MaxChange
	}
	solution, err := partition.SplitAll(ctx, problem)
	if err != nil {
		return nil, err
	}
	p := in.assemble(solution, shares.Grids, keep, base)
	p.Result = Result{Solver: partition.Version, Effort: solution.Effort, Stopped: solution.Stopped, ElapsedS: time.Since(began).Seconds(),
		LowerBound: map[Measure]float64{}, Grids: len(p.Grids), Parents: len(g.Parents), Blocks: len(g.Blocks), Synthetic: g.Synthetic}
	if base != nil {
		changed := in.changed(solution, problem.Balance[0])
		p.Result.Changed = &changed
	}
	for i, b := range r.Balance {
		if keep == nil { // a bound on a part says nothing of the whole
			p.Result.LowerBound[b.Measure] = solution.LowerBound[i]
		}
	}
	s := NewSnapshot(g, r, 1, p.Grids, p.At)
	s.Colour()
	return p, nil
}

// inScope is the part of a ground that is to be split, as the solver knows it: blocks and parents numbered anew.
type inScope struct {
	ground  *Ground
	blocks  []int32 // index into the ground's blocks
	parents []int32 // index into the ground's parents
	parent  []int32 // of each block, index into parents
	graph   *blockgraph.Graph
}

// newScope picks the parents for which scope is true.
func newScope(g *Ground, scope []bool) *inScope {
	in := &inScope{ground: g}
	newParent := make([]int32, len(g.Parents))
	for p, wanted := range scope {
		newParent[p] = -1
		if wanted {
			newParent[p] = int32(len(in.parents))
			in.parents = append(in.parents, int32(p))
		}
	}
	newBlock := make([]int32, len(g.Blocks))
	for b := range g.Blocks {
		newBlock[b] = -1
		if p := newParent[g.Blocks[b].Parent]; p >= 0 {
			newBlock[b] = int32(len(in.blocks))
			in.blocks = append(in.blocks, int32(b))
			in.parent = append(in.parent, p)
		}
	}
	if len(in.blocks) == len(g.Blocks) {
		in.graph = g.Graph
		return in
	}
	var links []blockgraph.Link
	loads := make([][]float64, len(g.Measures))
	for b, old := range in.blocks {
		for _, e := range g.Graph.Neighbours(old) {
			if to := newBlock[e.To]; to > int32(b) {
				links = append(links, blockgraph.Link{A: int32(b), B: to, Length: e.Length})
			}
		}
		for m := range loads {
			loads[m] = append(loads[m], g.Graph.Loads[m][old])
		}
	}
	var err error
	if in.graph, err = blockgraph.Build(len(in.blocks), links, loads); err != nil {
		panic(err) // a part of a graph is a graph
	}
	return in
}

// base returns the grid of another plan that each block is in, by the numbers of that plan less one; -1 for none, and for
// blocks it does not know.
func (in *inScope) base(other *Snapshot) []int32 {
	at := make(map[string]int32, len(other.At))
	for b, no := range other.At {
		at[blockName(other.Ground, int32(b))] = int32(no) - 1
	}
	base := make([]int32, len(in.blocks))
	for i, b := range in.blocks {
		no, known := at[blockName(in.ground, b)]
		if !known {
			no = -1
		}
		base[i] = no
	}
	return base
}

// blockName is what a block is known by on any ground: the codes of its parent and its own.
func blockName(g *Ground, b int32) string {
	return g.Parents[g.Blocks[b].Parent].Code + "\x00" + g.Blocks[b].Code
}

// changed returns the share of a measure that the solution has in another grid than the base.
func (in *inScope) changed(s *partition.Solution, measure int) float64 {
	loads := make([]float64, len(in.parents))
	var moved, all float64
	for b, load := range in.graph.Loads[measure] {
		loads[in.parent[b]] += load
		all += load
	}
	if all == 0 {
		return 0
	}
	for i, p := range s.Parents {
		moved += p.Changed * loads[i]
	}
	return moved / all
}

// apportion decides how many grids each parent gets.
func (in *inScope) apportion(r Recipe) (*apportion.Shares, error) {
	g := in.ground
	parents := make([]apportion.Parent, len(in.parents))
	measures := make([]int, len(r.Balance))
	weights := make([]float64, len(r.Balance))
	for i, b := range r.Balance {
		measures[i], weights[i] = g.MeasureIndex(b.Measure), b.Weight
	}
	if r.Band != nil {
		measures = []int{g.MeasureIndex(r.Band.Measure)}
	}
	for i := range parents {
		parents[i].Loads = make([]float64, len(measures))
	}
	for b, old := range in.blocks {
		p := &parents[in.parent[b]]
		p.Blocks++
		for i, m := range measures {
			p.Loads[i] += float64(g.Blocks[old].Counts[m])
		}
	}
	piece, n := in.graph.Pieces(in.parent)
	seen := make([]bool, n)
	for b, piece := range piece {
		if !seen[piece] {
			seen[piece] = true
			parents[in.parent[b]].Pieces++
		}
	}
	var shares *apportion.Shares
	var err error
	if r.Band != nil {
		shares, err = apportion.Band(parents, 0, r.Band.Min, r.Band.Max)
	} else {
		shares, err = apportion.Number(parents, weights, r.Grids, apportion.Adams)
	}
	if few, ok := errors.AsType[*apportion.TooFewError](err); ok {
		if len(parents) > r.Grids {
			return nil, Refuse(Invalid, "split.too_few", words.Args{"grids": r.Grids, "parents": len(parents)})
		}
		return nil, Refuse(Invalid, "split.too_few_pieces", words.Args{"grids": r.Grids, "least": few.Least})
	}
	if many, ok := errors.AsType[*apportion.TooManyError](err); ok {
		return nil, Refuse(Invalid, "split.too_many", words.Args{"grids": r.Grids, "blocks": many.Most})
	}
	return shares, err
}

// assemble makes the proposal of the whole ground from the solution of its part and the plan that is kept elsewhere. Grids that
// continue one of the plan base are taken over from it.
func (in *inScope) assemble(solution *partition.Solution, grids []int, keep, base *Snapshot) *Proposal {
	g := in.ground
	var drafts []draftGrid
	at := make([]int32, len(g.Blocks))
	p := &Proposal{Parents: make([]ParentResult, len(g.Parents))}
	for i, k := range grids {
		for range k {
			draft := draftGrid{parent: in.parents[i]}
			if base != nil {
				if from := solution.From[len(drafts)]; from >= 0 {
					draft.kept = &base.Grids[from]
				}
			}
			drafts = append(drafts, draft)
		}
		r := solution.Parents[i]
		p.Parents[in.parents[i]] = ParentResult{Grids: k, MaxDeviation: r.MaxDeviation, LowerBound: r.LowerBound, Bound: r.Bound, Proven: r.Proven}
	}
	for b := range at {
		at[b] = -1
	}
	for b, old := range in.blocks {
		at[old] = solution.At[b]
	}
	if keep != nil {
		drafts = in.takeOver(keep, at, drafts, p)
	}
	p.Grids, p.At = number(g, at, drafts)
	return p
}

// takeOver adds the grids of the parents out of scope and their blocks. Nothing is known of how good those could be.
func (in *inScope) takeOver(keep *Snapshot, at []int32, drafts []draftGrid, p *Proposal) []draftGrid {
	inside := make([]bool, len(in.ground.Parents))
	for _, parent := range in.parents {
		inside[parent] = true
	}
	index := make([]int32, len(keep.Grids))
	for i := range keep.Grids {
		grid := &keep.Grids[i]
		if inside[grid.Parent] {
			continue
		}
		index[i] = int32(len(drafts))
		drafts = append(drafts, draftGrid{grid.Parent, grid})
		p.Parents[grid.Parent].Grids++
	}
	for parent := range p.Parents {
		if !inside[parent] {
			p.Parents[parent].MaxDeviation = keep.ParentDeviation(int32(parent))
		}
	}
	for b, no := range keep.At {
		if no != 0 && !inside[in.ground.Blocks[b].Parent] {
			at[b] = index[no-1]
		}
	}
	return drafts
}
