package partition

import "gridwright/geo/blockgraph"

// Parents cuts the parents out of a problem, each as a problem of its own with the rules that are about its blocks. What is
// found for one so is not what SplitAll finds for it, since chance comes from a parent's number too.
type Parents struct {
	p      *Problem
	blocks [][]int32 // of each parent, rising
	local  []int32   // of each block: its place in that
}

// NewParents looks at a problem; it is not changed and has to stay as it is.
func NewParents(p *Problem) *Parents {
	all := &Parents{p: p, blocks: make([][]int32, len(p.Grids)), local: make([]int32, p.Graph.N())}
	for b := range all.local {
		of := &all.blocks[p.parentOf(int32(b))]
		all.local[b] = int32(len(*of))
		*of = append(*of, int32(b))
	}
	return all
}

// Bound returns what is proven of a parent before any search, were it so many grids: no worst deviation is smaller than worst, and
// no less lies outside the band than outside. A number of grids that cannot be is the error of SplitAll. It is what
// apportion.Again asks for.
func (a *Parents) Bound(parent, grids int) (worst, outside float64, err error) {
	one := a.problem(parent)
	one.Grids = []int{grids}
	all, err := regions(&one)
	if err != nil {
		return 0, 0, err
	}
	r := all[0]
	b := r.bound()
	if r.idle {
		return 0, 0, nil
	}
	if r.band >= 0 {
		outside = b.band.out * r.ideal[r.band]
	}
	return b.value, outside, nil
}

// Needed returns the fewest grids of a parent for which nothing proves that some lie outside the band: with fewer some do, for
// certain, and with so many a split may show that all can be within. ok is false where no number will do, as for a block above the
// band. With a band from 0 to T it says how many grids it takes at least for none to be above T.
func (a *Parents) Needed(parent int) (grids int, ok bool) {
	for grids = 1; grids <= len(a.blocks[parent]); grids++ {
		if _, outside, err := a.Bound(parent, grids); err == nil && outside == 0 {
			return grids, true
		}
	}
	return 0, false
}

// Raise raises the numbers of grids of parents to what Needed proves, where it proves anything.
func (a *Parents) Raise(grids []int) {
	for parent := range grids {
		if needed, ok := a.Needed(parent); ok {
			grids[parent] = max(grids[parent], needed)
		}
	}
}

// problem returns one parent as a problem.
func (a *Parents) problem(parent int) Problem {
	p, blocks := a.p, a.blocks[parent]
	var links []blockgraph.Link
	loads := make([][]float64, len(p.Graph.Loads))
	for i, b := range blocks {
		for _, e := range p.Graph.Neighbours(b) {
			if b < e.To && p.parentOf(e.To) == parent {
				links = append(links, blockgraph.Link{A: int32(i), B: a.local[e.To], Length: e.Length, Cost: e.Cost})
			}
		}
		for m := range loads {
			loads[m] = append(loads[m], p.Graph.Loads[m][b])
		}
	}
	g, err := blockgraph.Build(len(blocks), links, loads)
	if err != nil {
		panic(err) // a part of a graph is a graph
	}
	one := Problem{Graph: g, Grids: []int{p.Grids[parent]}, Balance: p.Balance, MaxChange: p.MaxChange, Band: p.Band, Tolerance: p.Tolerance,
		Seed: p.Seed, CountEdges: p.CountEdges, Base: pick(p.Base, blocks), Compound: pick(p.Compound, blocks)}
	one.Fixed, one.Together = a.sets(p.Fixed, parent), a.sets(p.Together, parent)
	one.Locked = a.inside(p.Locked, parent)
	for _, pair := range p.Apart {
		if both := a.inside(pair[:], parent); len(both) == 2 {
			one.Apart = append(one.Apart, [2]int32(both))
		}
	}
	return one
}

// pick returns the entries of some blocks, nil for nil.
func pick(of, blocks []int32) []int32 {
	if of == nil {
		return nil
	}
	some := make([]int32, len(blocks))
	for i, b := range blocks {
		some[i] = of[b]
	}
	return some
}

// sets returns the sets of a parent's blocks, under their numbers there.
func (a *Parents) sets(all [][]int32, parent int) (own [][]int32) {
	for _, set := range all {
		if some := a.inside(set, parent); len(some) > 0 {
			own = append(own, some)
		}
	}
	return own
}

// inside returns those of the blocks that are the parent's, under their numbers there.
func (a *Parents) inside(blocks []int32, parent int) (own []int32) {
	for _, b := range blocks {
		if a.p.parentOf(b) == parent {
			own = append(own, a.local[b])
		}
	}
	return own
}
