package partition

import (
	"cmp"
	"context"
	"errors"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"gridwright/geo/blockgraph"
)

// Why is what keeps a parent from the band or the tolerance, and what would help.
type Why struct {
	Parent int
	// OfBand reports that grids lie outside the band; else the worst deviation is beyond the tolerance. All figures are a load outside
	// in the one case and a deviation in the other.
	OfBand bool
	// Reached is what the solution has, and Bound what is proven. Bound may be within the wish: then more effort might help.
	Reached, Bound float64
	// Argument proves Bound, one of the Bound constants; "" where Bound is 0.
	Argument string
	// Measure is what the argument counts, as an index into Graph.Loads; -1 where it is all of them.
	Measure int
	// Blocks are those the argument speaks of, rising: the heavy ones, the one that holds the others together, one of each piece.
	Blocks []int32
	// ByRules reports that the cheap arguments prove less without locks, fixed sets, and blocks together or apart.
	ByRules bool
	// Relaxations are the single changes that were tried and help: those first that are enough, then by what is reached, then in the
	// order of the kinds. The last is always the tolerance or the band that would do.
	Relaxations []Relaxation
}

// RelaxationKind is a kind of change that may help.
type RelaxationKind string

// The kinds, the smaller changes first.
const (
	ReleaseLock     RelaxationKind = "release_lock"     // Blocks: no longer locked
	ReleaseTogether RelaxationKind = "release_together" // Blocks: no longer kept together
	ReleaseApart    RelaxationKind = "release_apart"    // Blocks: no longer kept apart
	ReleaseFixed    RelaxationKind = "release_fixed"    // Blocks: a fixed set no more, but one grid among the parent's
	CutBlock        RelaxationKind = "cut_block"        // Blocks: the one to cut in halves
	OtherNumber     RelaxationKind = "other_number"     // Grids: one more or one fewer
	OtherTolerance  RelaxationKind = "other_tolerance"  // Tolerance: what the solution keeps
	OtherBand       RelaxationKind = "other_band"       // From, To: what the solution keeps
)

var kinds = []RelaxationKind{ReleaseLock, ReleaseTogether, ReleaseApart, ReleaseFixed, CutBlock, OtherNumber, OtherTolerance, OtherBand}

// Relaxation is one change, with what it leads to.
type Relaxation struct {
	Kind      RelaxationKind
	Blocks    []int32
	Grids     int
	Tolerance float64
	From, To  float64
	// Reached is what a short search reached with it, and Bound what is proven then.
	Reached, Bound float64
	// Enough reports whether the parent keeps its band or tolerance then.
	Enough bool
}

// How much is tried for a parent: so many changes of each kind, each with so many sweeps, or on large parents about so many moves.
const (
	mostTrials  = 8
	trialSweeps = 200
	trialMoves  = 4_000_000
)

// Explain says of each parent that misses the band or the tolerance why. It tries changes one by one with short searches, so it
// takes about as long as a split of those parents; equal problems and solutions give equal answers on any number of cores. The
// error is ctx's.
func Explain(ctx context.Context, p Problem, s *Solution) ([]Why, error) {
	var missed []int
	for i, r := range s.Parents {
		if r.OutsideLoad > 0 || p.Band == nil && r.MaxDeviation > p.Tolerance+same {
			missed = append(missed, i)
		}
	}
	parents := NewParents(&p)
	all := make([]Why, len(missed))
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, parent := range missed {
		group.Go(func() (err error) {
			all[i], err = parents.why(ctx, parent, s)
			return err
		})
	}
	return all, group.Wait()
}

// why explains one parent.
func (a *Parents) why(ctx context.Context, parent int, s *Solution) (Why, error) {
	r := s.Parents[parent]
	w := Why{Parent: parent, OfBand: r.OutsideLoad > 0, Reached: r.MaxDeviation, Bound: r.LowerBound, Argument: r.Bound, Measure: -1}
	if w.OfBand {
		w.Reached, w.Bound, w.Argument = r.OutsideLoad, r.OutsideLoadLeast, r.OutsideBound
	}
	one := a.problem(parent)
	if all, err := regions(&one); err == nil {
		w.Measure, w.Blocks = all[0].speaksOf(w.Argument, w.OfBand, a.p.Balance)
	}
	t := trial{why: &w, one: one, parents: a}
	w.ByRules = t.byRules()
	for _, change := range t.changes() {
		if err := t.try(ctx, change); err != nil {
			return w, err
		}
	}
	slices.SortStableFunc(w.Relaxations, func(x, y Relaxation) int {
		if x.Enough != y.Enough {
			if x.Enough {
				return -1
			}
			return 1
		}
		return cmp.Or(cmp.Compare(x.Reached, y.Reached), cmp.Compare(slices.Index(kinds, x.Kind), slices.Index(kinds, y.Kind)))
	})
	w.Blocks = t.known(w.Blocks)
	w.Relaxations = append(w.Relaxations, t.wish(s))
	return w, nil
}

// speaksOf returns the measure and the blocks of an argument, both of which may be none (-1, nil).
func (r *region) speaksOf(argument string, ofBand bool, balance []int) (measure int, blocks []int32) {
	b := r.bound()
	m := b.measure
	if ofBand {
		m = r.band
	}
	if r.idle || m < 0 || argument == "" {
		return -1, nil
	}
	loads, items := r.items(m)
	var nodes []int32
	switch argument {
	case BoundLargest:
		if nodes = items[:1]; ofBand {
			nodes = b.band.nodes
		}
	case BoundCrowding: // of a band too: the order of the blocks is the same
		_, j := crowdAt(loads, r.grids)
		nodes = items[:min(len(items), j*r.grids+1)]
	case BoundRest:
		heavy := 0
		for heavy < len(loads) && loads[heavy] > r.ideal[m] {
			heavy++
		}
		nodes = items[:heavy]
	case BoundBridge:
		if ofBand {
			nodes = b.band.nodes
		} else {
			_, node := r.bridge(m)
			nodes = []int32{node}
		}
	case BoundPieces:
		seen := make([]bool, len(r.pieceGrids))
		for v, c := range r.piece {
			if !seen[c] {
				seen[c] = true
				nodes = append(nodes, int32(v))
			}
		}
		for _, v := range nodes {
			blocks = append(blocks, r.blocks[v])
		}
		return balance[r.measures[m]], blocks
	}
	return balance[r.measures[m]], r.blocksOf(nodes)
}

// blocksOf returns all blocks that share a grid with the nodes anyhow, rising.
func (r *region) blocksOf(nodes []int32) (blocks []int32) {
	leader := r.leaders()
	wanted := make([]bool, r.n())
	for _, v := range nodes {
		wanted[v] = true
	}
	for i, b := range r.inside {
		if wanted[leader[r.node[i]]] {
			blocks = append(blocks, b)
		}
	}
	return blocks
}

// trial tries changes of one parent's problem.
type trial struct {
	why     *Why
	one     Problem
	parents *Parents
}

// change is a problem that differs from the parent's in one thing.
type change struct {
	Relaxation
	p Problem
}

// known returns the blocks under the numbers of the whole problem.
func (t *trial) known(blocks []int32) []int32 {
	var all []int32
	for _, b := range blocks {
		all = append(all, t.parents.blocks[t.why.Parent][b])
	}
	return all
}

// byRules reports whether the cheap arguments prove less without rules.
func (t *trial) byRules() bool {
	free := t.one
	if len(free.Fixed)+len(free.Together)+len(free.Apart)+len(free.Locked) == 0 {
		return false
	}
	free.Grids = []int{free.Grids[0] + len(free.Fixed)}
	free.Fixed, free.Together, free.Apart, free.Locked = nil, nil, nil, nil
	with, err := regions(&t.one)
	if err != nil {
		return false
	}
	all, err := regions(&free)
	if err != nil {
		return false
	}
	bound, freely := with[0].bound(), all[0].bound()
	if t.why.OfBand {
		return with[0].band >= 0 && freely.band.out*all[0].ideal[all[0].band] < bound.band.out*with[0].ideal[with[0].band]-sameOut
	}
	return freely.value < bound.value-same
}

// changes returns what is tried.
func (t *trial) changes() (all []change) {
	add := func(kind RelaxationKind, blocks []int32, do func(p *Problem)) {
		c := change{Relaxation: Relaxation{Kind: kind, Blocks: blocks}, p: t.one}
		do(&c.p)
		all = append(all, c)
	}
	for i, b := range t.one.Locked[:min(mostTrials, len(t.one.Locked))] {
		add(ReleaseLock, []int32{b}, func(p *Problem) { p.Locked = without(p.Locked, i) })
	}
	for i, set := range t.one.Together[:min(mostTrials, len(t.one.Together))] {
		add(ReleaseTogether, set, func(p *Problem) { p.Together = without(p.Together, i) })
	}
	for i, pair := range t.one.Apart[:min(mostTrials, len(t.one.Apart))] {
		add(ReleaseApart, pair[:], func(p *Problem) { p.Apart = without(p.Apart, i) })
	}
	for i, set := range t.one.Fixed[:min(mostTrials, len(t.one.Fixed))] {
		add(ReleaseFixed, set, func(p *Problem) { p.Fixed, p.Grids = without(p.Fixed, i), []int{p.Grids[0] + 1} })
	}
	if cut := t.why.Blocks; t.why.Argument != BoundPieces && t.why.Argument != BoundNumber {
		for _, b := range cut[:min(mostTrials, len(cut))] {
			add(CutBlock, []int32{b}, func(p *Problem) { p.halve(b) })
		}
	}
	for _, k := range []int{t.one.Grids[0] - 1, t.one.Grids[0] + 1} {
		add(OtherNumber, nil, func(p *Problem) { p.Grids = []int{k} })
		all[len(all)-1].Grids = k
	}
	return all
}

// without returns a list less one entry.
func without[T any](list []T, i int) []T { return slices.Delete(slices.Clone(list), i, i+1) }

// halve cuts a block into two that touch each other and all its neighbours; the new one comes last.
func (p *Problem) halve(b int32) {
	n := int32(p.Graph.N())
	links := []blockgraph.Link{{A: b, B: n, Length: p.meanLength()}}
	for v := range n {
		for _, e := range p.Graph.Neighbours(v) {
			if v > e.To {
				continue
			}
			links = append(links, blockgraph.Link{A: v, B: e.To, Length: e.Length, Cost: e.Cost})
			switch b {
			case v:
				links = append(links, blockgraph.Link{A: n, B: e.To, Length: e.Length, Cost: e.Cost})
			case e.To:
				links = append(links, blockgraph.Link{A: n, B: v, Length: e.Length, Cost: e.Cost})
			}
		}
	}
	loads := make([][]float64, len(p.Graph.Loads))
	for m, load := range p.Graph.Loads {
		loads[m] = append(slices.Clone(load), math.Floor(load[b]/2))
		loads[m][b] -= loads[m][n]
	}
	g, err := blockgraph.Build(int(n)+1, links, loads)
	if err != nil {
		panic(err) // they come from a graph
	}
	p.Graph = g
	for _, of := range []*[]int32{&p.Base, &p.Compound} {
		if *of != nil {
			*of = append(slices.Clone(*of), (*of)[b])
		}
	}
}

func (p *Problem) meanLength() float64 {
	if len(p.Graph.Edges) == 0 {
		return 1
	}
	var sum float64
	for _, e := range p.Graph.Edges {
		sum += e.Length
	}
	return sum / float64(len(p.Graph.Edges))
}

// try splits the changed problem and notes the change if it helps. What cannot be split is no help.
func (t *trial) try(ctx context.Context, c change) error {
	c.p.Effort = max(1, min(trialSweeps, trialMoves/sweepMoves(c.p.Graph.N())))
	s, err := SplitAll(ctx, c.p)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	var pieces *PiecesError
	var blocks *BlocksError
	var contradiction *ConflictError
	switch {
	case errors.As(err, &pieces) || errors.As(err, &blocks) || errors.As(err, &contradiction):
		return nil
	case err != nil:
		return err
	}
	r := s.Parents[0]
	wish := c.p.Tolerance + same
	c.Reached, c.Bound = r.MaxDeviation, r.LowerBound
	if t.why.OfBand {
		c.Reached, c.Bound, wish = r.OutsideLoad, r.OutsideLoadLeast, 0
	}
	if c.Enough = c.Reached <= wish; !c.Enough && c.Reached >= t.why.Reached-sameOut {
		return nil
	}
	c.Blocks = t.known(c.Blocks)
	slices.Sort(c.Blocks)
	t.why.Relaxations = append(t.why.Relaxations, c.Relaxation)
	return nil
}

// wish returns the tolerance or band that the solution keeps.
func (t *trial) wish(s *Solution) Relaxation {
	if !t.why.OfBand {
		return Relaxation{Kind: OtherTolerance, Tolerance: t.why.Reached, Reached: t.why.Reached, Bound: t.why.Bound, Enough: true}
	}
	band := t.parents.p.Band
	fixed := map[int32]bool{}
	for _, set := range t.parents.p.Fixed {
		fixed[s.At[set[0]]] = true
	}
	sums := map[int32]float64{}
	for _, b := range t.parents.blocks[t.why.Parent] {
		if g := s.At[b]; !fixed[g] {
			sums[g] += t.parents.p.Graph.Loads[band.Measure][b]
		}
	}
	wide := Relaxation{Kind: OtherBand, From: band.From, To: band.To, Enough: true}
	for _, sum := range sums {
		wide.From, wide.To = min(wide.From, sum), max(wide.To, sum)
	}
	return wide
}
