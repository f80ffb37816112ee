package plan

import (
	"context"
	"errors"
	"slices"
	"time"

	"gridwright/geo/blockgraph"
	"gridwright/geo/crs"
	"gridwright/geo/partition"
	"gridwright/plan/words"
)

// Task is what a recipe is carried out on.
type Task struct {
	Ground *Ground
	Recipe Recipe
	Scope  []bool    // by parent: whether it is to be split
	Keep   *Snapshot // parents out of scope keep its grids; nil when all are in scope
	Base   *Snapshot // the plan to stay near, or whose grids are locked; nil without. It may be of another ground: blocks go by their codes.
	Under  [][]int32 // by entry of Recipe.Numbers: the parents under the area it names, rising
}

// Solve carries out a recipe: it gives each parent in scope its number of grids and splits it. It returns the best plan, and after it as
// many clearly different ones as the recipe asks for and as there are. first is called at most once, with the first plan that keeps the
// rules, long before the search is over; progress as parents are finished; never two calls at once.
// Equal tasks give equal proposals but for the time they took, and equal first plans.
//
// A recipe the ground does not allow is an Invalid fault that says why; a ctx that ends is its error, with the best proposals so far once there are any.
func Solve(ctx context.Context, t Task, first func([]FirstGrid), progress func(Progress)) ([]*Proposal, error) {
	began := time.Now()
	r := t.Recipe
	in := newScope(t.Ground, t.Scope)
	rules, err := in.rules(r, t.Base)
	if err != nil {
		return nil, err
	}
	problem := in.problem(t, rules)
	problem.Progress = func(done, total int, worst float64) { progress(Progress{done, total, worst}) }
	if problem.Grids, err = in.apportion(t, rules, problem); err != nil {
		return nil, err
	}
	problem.First = func(s *partition.Solution) {
		first(in.firstGrids(in.assemble(s, problem.Grids, rules, t.Keep, t.Base), r))
	}
	found, stopped := in.search(ctx, problem, r)
	if len(found) == 0 {
		return nil, stopped
	}
	var all []*Proposal
	for i, solution := range found {
		p := in.assemble(solution, problem.Grids, rules, t.Keep, t.Base)
		p.Result = Result{Solver: partition.Version, Effort: solution.Effort, Stopped: solution.Stopped, ElapsedS: time.Since(began).Seconds(),
			LowerBound: map[Measure]float64{}, Grids: len(p.Grids), Parents: len(t.Ground.Parents), Blocks: len(t.Ground.Blocks), Synthetic: t.Ground.Synthetic}
		if problem.Base != nil && !rules.anew(r) {
			changed := in.changed(solution, problem.Balance[0])
			p.Result.Changed = &changed
		}
		for i, b := range r.Balance {
			if t.Keep == nil { // a bound on a part says nothing of the whole
				p.Result.LowerBound[b.Measure] = solution.LowerBound[i]
			}
		}
		if i == 0 && stopped == nil {
			if stopped = in.explain(ctx, problem, solution, p, began); stopped != nil && ctx.Err() == nil {
				return nil, stopped
			}
		}
		NewSnapshot(t.Ground, r, 1, p.Grids, p.At).Colour()
		all = append(all, p)
	}
	return all, stopped
}

// problem is the recipe as the solver knows it, but for the numbers of grids.
func (in *inScope) problem(t Task, rules *ruled) partition.Problem {
	r := t.Recipe
	p := partition.Problem{Graph: in.graph, Parent: in.parent, Tolerance: r.Tolerance, Seed: r.Seed, Effort: r.Effort, Time: r.Time(),
		Locked: rules.locked, Fixed: rules.fixed, Together: rules.together, Apart: rules.apart, Compound: in.compounds()}
	for _, b := range r.Balance {
		p.Balance = append(p.Balance, in.ground.MeasureIndex(b.Measure))
	}
	if r.Band != nil {
		m := in.ground.MeasureIndex(r.Band.Measure)
		if !slices.Contains(p.Balance, m) {
			p.Balance = append(p.Balance, m)
		}
		p.Band = &partition.Band{Measure: m, From: r.Band.Min, To: r.Band.Max}
	}
	switch {
	case t.Base != nil && !rules.anew(r):
		p.Base, p.MaxChange, p.Freely = in.base(t.Base), r.MaxChange, r.MaxChange == 1
	case len(rules.locked) > 0: // around these everything is split anew
		base := in.base(t.Base)
		p.Base, p.MaxChange = make([]int32, len(base)), 1
		for b := range p.Base {
			p.Base[b] = -1
		}
		for _, b := range rules.locked {
			p.Base[b] = base[b]
		}
	}
	return p
}

// compounds returns by block of the scope a number for the compound it is kept together with, -1 for none; nil where no compound
// lies in several blocks.
func (in *inScope) compounds() []int32 {
	number := map[string]int32{}
	of := make([]int32, len(in.blocks))
	for i, b := range in.blocks {
		of[i] = -1
		for _, code := range in.ground.Blocks[b].Compounds {
			if len(in.ground.inCompound[code]) < 2 || of[i] >= 0 {
				continue
			}
			n, known := number[code]
			if !known {
				n = int32(len(number))
				number[code] = n
			}
			of[i] = n
		}
	}
	if len(number) == 0 {
		return nil
	}
	return of
}

// variety is how clearly alternatives differ, and how much worse than the best they may be.
var variety = partition.Variety{Distance: 0.15, Deviation: 0.03, Border: 0.3}

// search returns the solutions the recipe asks for, the best first; when ctx ends, those there are, with its error.
func (in *inScope) search(ctx context.Context, p partition.Problem, r Recipe) ([]*partition.Solution, error) {
	if r.Alternatives < 2 {
		s, err := partition.SplitAll(ctx, p)
		if s == nil {
			return nil, in.refused(err)
		}
		return []*partition.Solution{s}, err
	}
	wanted := variety
	wanted.Plans = r.Alternatives
	found, err := partition.Alternatives(ctx, p, wanted)
	if len(found) == 0 {
		return nil, in.refused(err)
	}
	var all []*partition.Solution
	for _, f := range found {
		all = append(all, f.Solution)
	}
	return all, err
}

// refused words what the solver refuses.
func (in *inScope) refused(err error) error {
	conflict, ok := errors.AsType[*partition.ConflictError](err)
	if !ok {
		return err
	}
	return Refuse(Invalid, "rules.conflict."+string(conflict.Conflict), words.Args{"blocks": in.codes(conflict.Blocks)})
}

// codes returns the codes of some blocks of the scope, no more than can be read.
func (in *inScope) codes(blocks []int32) []string {
	const most = 8
	var codes []string
	for _, b := range blocks[:min(most, len(blocks))] {
		codes = append(codes, in.ground.Blocks[in.blocks[b]].Code)
	}
	return codes
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
				links = append(links, blockgraph.Link{A: int32(b), B: to, Length: e.Length, Cost: e.Cost})
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
// blocks it does not know. A block that is cut in one plan and whole in the other is in the grid of the whole, or of its largest part.
func (in *inScope) base(other *Snapshot) []int32 {
	at := make(map[string]int32, len(other.At))
	largest := map[string]crs.SquareMetres{} // by the name of a block that is cut there: its largest part
	for b, no := range other.At {
		at[blockName(other.Ground, int32(b))] = int32(no) - 1
	}
	for _, b := range other.Ground.Cuts() {
		block := &other.Ground.Blocks[b]
		if root := nameIn(other.Ground, b, other.Ground.Root(b)); root != blockName(other.Ground, b) && block.Area > largest[root] {
			largest[root], at[root] = block.Area, int32(other.At[b])-1
		}
	}
	base := make([]int32, len(in.blocks))
	for i, b := range in.blocks {
		no, known := at[blockName(in.ground, b)]
		if !known {
			no, known = at[nameIn(in.ground, b, in.ground.Root(b))]
		}
		if !known {
			no = -1
		}
		base[i] = no
	}
	return base
}

// blockName is what a block is known by on any ground: the codes of its parent and its own.
func blockName(g *Ground, b int32) string {
	return nameIn(g, b, g.Blocks[b].Code)
}

// nameIn is what a block's name would be if its code was another.
func nameIn(g *Ground, b int32, code string) string {
	return g.Parents[g.Blocks[b].Parent].Code + "\x00" + code
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

// assemble makes the proposal of the whole ground from the solution of its part and the plan that is kept elsewhere. Grids that
// continue one of the plan base are taken over from it, and so are locked ones.
func (in *inScope) assemble(solution *partition.Solution, grids []int, rules *ruled, keep, base *Snapshot) *Proposal {
	g := in.ground
	var drafts []draftGrid
	at := make([]int32, len(g.Blocks))
	p := &Proposal{Parents: make([]ParentResult, len(g.Parents))}
	for i, k := range grids {
		for range k {
			draft := draftGrid{parent: in.parents[i]}
			if solution.From != nil {
				if from := solution.From[len(drafts)]; from >= 0 {
					draft.kept = &base.Grids[from]
				}
			}
			drafts = append(drafts, draft)
		}
		r := solution.Parents[i]
		p.Parents[in.parents[i]] = ParentResult{Grids: k, MaxDeviation: r.MaxDeviation, LowerBound: r.LowerBound, Bound: r.Bound, Proven: r.Proven,
			Outside: r.Outside, OutsideBy: r.OutsideLoad, OutsideLeast: r.OutsideLoadLeast}
	}
	for i, blocks := range rules.fixed {
		parent := in.parents[in.parent[blocks[0]]]
		drafts = append(drafts, draftGrid{parent: parent, kept: rules.kept[i], dedicated: rules.kept[i] == nil})
		p.Parents[parent].Grids++
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
	for grid := range keep.Live() {
		if inside[grid.Parent] {
			continue
		}
		index[grid.No-1] = int32(len(drafts))
		drafts = append(drafts, draftGrid{parent: grid.Parent, kept: grid})
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
