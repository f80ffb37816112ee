package partition

import (
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"gridwright/geo/blockgraph"
	"gridwright/geo/verify"
)

// Variety is what makes plans alternatives to each other: clearly different, and none much worse than the best.
type Variety struct {
	// Plans is how many are wanted, the best included.
	Plans int
	// Distance is how far any two are apart at least, from 0 to 1 (see Problem.Distance): 0.2 moves a fifth of the load.
	Distance float64
	// Deviation is by how much each parent's worst deviation may be larger than the best plan's, or than the tolerance where that is
	// more: 0.02 is 2 % of the ideal.
	Deviation float64
	// Border is by how much each parent's border cost may be larger than the best plan's: 0.3 is 30 %.
	Border float64
}

// Alternative is one of several good plans, with its scorecard.
type Alternative struct {
	*Solution
	// Score is what the verifier counts.
	Score *verify.Report
	// Border is the cost of the borders as the search weighs it: by barriers and compounds, or their number.
	Border float64
	// Apart is the distance to the nearest of the plans before it; 1 for the first.
	Apart float64
}

// triesAPlan is how many searches may be made for each further plan.
const triesAPlan = 6

// Alternatives returns up to so many plans, the best first, each within the variety's slack and no further outside the band, any
// two at least its distance apart. There may be fewer: some problems have but one good plan. Each search has another seed and pays
// more for borders that plans already have, twice as much each time it finds nothing far enough away; a parent in which it finds
// nothing good enough keeps the best plan's grids. Equal problems give equal alternatives; a cap on the time is shared by all
// searches. Errors are those of SplitAll; when ctx ends, its error is returned with what was found before.
func Alternatives(ctx context.Context, p Problem, v Variety) ([]Alternative, error) {
	if v.Plans < 1 || !(v.Distance >= 0 && v.Distance <= 1) || !(v.Deviation >= 0) || !(v.Border >= 0) {
		return nil, fmt.Errorf("%d plans, a distance of %v, slack of %v and %v", v.Plans, v.Distance, v.Deviation, v.Border)
	}
	tries := triesAPlan * (v.Plans - 1)
	p.Time /= time.Duration(1 + tries)
	best, err := SplitAll(ctx, p)
	if best == nil {
		return nil, err
	}
	f := variants{p: &p, v: v, cost: p.costs(), pull: 0.5}
	f.bestBorder = f.borders(best.At)
	f.take(best, 1)
	if err != nil {
		return f.found, err
	}
	for try := 1; try <= tries && len(f.found) < v.Plans; try++ {
		if err := f.try(ctx, uint64(try)); err != nil {
			return f.found, err
		}
	}
	return f.found, nil
}

// variants looks for plans that differ from those it has.
type variants struct {
	p          *Problem
	v          Variety
	cost       []float64 // by edge of the graph, as the search weighs it
	pull       float64   // by how much more a border costs for each plan that has it
	found      []Alternative
	bestBorder []float64 // by parent, of the best plan
}

// costs returns what each edge of the graph costs the search.
func (p *Problem) costs() []float64 {
	unit := p.CountEdges
	if !unit {
		unit = !slices.ContainsFunc(p.Graph.Edges, func(e blockgraph.Edge) bool { return e.Cost > 0 })
	}
	cost := make([]float64, len(p.Graph.Edges))
	for b := range int32(p.Graph.N()) {
		for i := p.Graph.Start[b]; i < p.Graph.Start[b+1]; i++ {
			e := p.Graph.Edges[i]
			if cost[i] = e.Cost; unit {
				cost[i] = 1
			}
			if p.splits(b, e.To) {
				cost[i] *= blockgraph.SplitCost
			}
		}
	}
	return cost
}

// borders returns the cost of a plan's borders by parent.
func (f *variants) borders(at []int32) []float64 {
	sums := make([]float64, len(f.p.Grids))
	g := f.p.Graph
	for b := range int32(g.N()) {
		for i := g.Start[b]; i < g.Start[b+1]; i++ {
			if to := g.Edges[i].To; b < to && at[b] != at[to] && f.p.parentOf(b) == f.p.parentOf(to) {
				sums[f.p.parentOf(b)] += f.cost[i]
			}
		}
	}
	return sums
}

// take notes a plan.
func (f *variants) take(s *Solution, apart float64) {
	var border float64
	for _, sum := range f.borders(s.At) {
		border += sum
	}
	f.found = append(f.found, Alternative{Solution: s, Score: verify.Split(f.p.verifyRules(s.From), s.At), Border: border, Apart: apart})
}

// try makes one search and takes what it finds if that is far enough from all others.
func (f *variants) try(ctx context.Context, number uint64) error {
	best := f.found[0].Solution
	q := *f.p
	q.Seed, q.Progress, q.First = f.p.Seed+number, nil, nil
	q.Graph, q.CountEdges, q.Compound = f.dearer(), false, nil
	q.allowed = make([]float64, len(q.Grids))
	for i, r := range best.Parents {
		q.allowed[i] = max(f.p.Tolerance, r.MaxDeviation) + f.v.Deviation
	}
	s, err := SplitAll(ctx, q)
	if err != nil {
		return err
	}
	f.mend(s, q.allowed)
	nearest := 1.0
	for _, other := range f.found {
		nearest = min(nearest, f.p.Distance(s.At, other.At))
	}
	if nearest < f.v.Distance {
		f.pull *= 2
		return nil
	}
	f.pull = 0.5
	f.take(s, nearest)
	return nil
}

// dearer returns the graph with each border dearer by the pull for each plan that has it.
func (f *variants) dearer() *blockgraph.Graph {
	g := *f.p.Graph
	g.Edges = slices.Clone(g.Edges)
	for b := range int32(g.N()) {
		for i := g.Start[b]; i < g.Start[b+1]; i++ {
			times := 0
			for _, other := range f.found {
				if other.At[b] != other.At[g.Edges[i].To] {
					times++
				}
			}
			g.Edges[i].Cost = f.cost[i] * (1 + f.pull*float64(times))
		}
	}
	return &g
}

// mend gives each parent in which a plan is not good enough the best plan's grids.
func (f *variants) mend(s *Solution, allowed []float64) {
	best := f.found[0].Solution
	border := f.borders(s.At)
	poor := make([]bool, len(allowed))
	for i, r := range s.Parents {
		poor[i] = r.MaxDeviation > allowed[i]+same || r.OutsideLoad > best.Parents[i].OutsideLoad*(1+sameOut) ||
			border[i] > f.bestBorder[i]*(1+f.v.Border)+sameOut
		if poor[i] {
			s.Parents[i] = best.Parents[i]
		}
		// What is proven is the same for all; where a search ended by a wider tolerance, the best plan's has more of it.
		if b := best.Parents[i]; b.LowerBound > s.Parents[i].LowerBound {
			s.Parents[i].LowerBound, s.Parents[i].Bound = b.LowerBound, b.Bound
		}
		r := &s.Parents[i]
		r.Proven = r.MaxDeviation <= r.LowerBound+same && r.OutsideLoad <= r.OutsideLoadLeast+sameOut*(1+r.OutsideLoadLeast)
	}
	for b := range s.At {
		if poor[f.p.parentOf(int32(b))] {
			s.At[b] = best.At[b]
		}
	}
	first := 0
	for i, k := range f.p.Grids {
		if poor[i] && s.From != nil {
			copy(s.From[first:first+k], best.From[first:first+k])
		}
		first += k
	}
}

// Distance returns how far two splits are apart: each parent's grids are paired one to one so that as much load as can be lies in
// both of a pair, and the distance is the share of the load that does not. It is 0 for equal splits, whatever the numbers of
// their grids. The load is the first measure to balance, or the blocks where there is nothing of it. Fixed sets are left out.
// It costs blocks, and for each parent the cube of its grids.
func (p *Problem) Distance(a, b []int32) float64 {
	load := p.Graph.Loads[p.Balance[0]]
	var all, shared float64
	for _, w := range load {
		all += w
	}
	weight := func(block int) float64 { return load[block] }
	if all == 0 {
		weight = func(int) float64 { return 1 }
	}
	first := make([]int32, len(p.Grids)+1)
	overlap := make([][]float64, len(p.Grids)) // by parent: at grid of a times grids plus grid of b
	for i, k := range p.Grids {
		first[i+1] = first[i] + int32(k)
		overlap[i] = make([]float64, k*k)
	}
	all = 0
	for block := range a {
		i := p.parentOf(int32(block))
		if a[block] >= first[len(p.Grids)] {
			continue
		}
		overlap[i][int(a[block]-first[i])*p.Grids[i]+int(b[block]-first[i])] += weight(block)
		all += weight(block)
	}
	for i, k := range p.Grids {
		shared += heaviestPairs(overlap[i], k)
	}
	if all == 0 {
		return 0
	}
	return max(0, 1-shared/all)
}

// heaviestPairs returns the largest sum of weights over all ways to pair n rows with n columns. It is the Hungarian method in
// the form with potentials and shortest augmenting paths (J. Munkres, Algorithms for the Assignment and Transportation Problems,
// 1957; R. Jonker and A. Volgenant, 1987), in n cubed steps.
func heaviestPairs(weight []float64, n int) (sum float64) {
	row := make([]float64, n+1) // potentials; row and column 0 stand for none
	column := make([]float64, n+1)
	paired := make([]int, n+1) // by column: its row
	way := make([]int, n+1)
	for r := 1; r <= n; r++ {
		paired[0] = r
		least := slices.Repeat([]float64{math.Inf(1)}, n+1)
		used := make([]bool, n+1)
		at := 0
		for {
			used[at] = true
			from, step, next := paired[at], math.Inf(1), 0
			for c := 1; c <= n; c++ {
				if used[c] {
					continue
				}
				if d := -weight[(from-1)*n+c-1] - row[from] - column[c]; d < least[c] {
					least[c], way[c] = d, at
				}
				if least[c] < step {
					step, next = least[c], c
				}
			}
			for c := range used {
				if used[c] {
					row[paired[c]] += step
					column[c] -= step
				} else {
					least[c] -= step
				}
			}
			if at = next; paired[at] == 0 {
				break
			}
		}
		for at != 0 {
			paired[at] = paired[way[at]]
			at = way[at]
		}
	}
	for c := 1; c <= n; c++ {
		sum += weight[(paired[c]-1)*n+c-1]
	}
	return sum
}
