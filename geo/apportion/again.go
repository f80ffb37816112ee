package apportion

import (
	"cmp"
	"math"
	"slices"
)

// Move is a grid that one parent gives to another because a proof says that the worst of them gets better by it.
type Move struct {
	From, To      int     // parents
	Before, After float64 // the larger of the two parents' bounds
}

// Again moves single grids between parents as long as the worse of the two's proven bounds gets lower by it, and returns the
// moves; shares is changed. bound returns what no split of a parent into so many grids can be better than; it is asked for numbers
// between the parent's bounds only, and for each once.
//
// The parent with the worst bound gives a grid, or gets one, or if that is of no use the next. Of all partners it is the one with
// which the larger of the two bounds is smallest, the earlier of equals. No average rises above most, counted as Shares.Heaviest is,
// or above the heaviest there was if that is more: a parent of one grid has nothing to be uneven about, and is no better for it.
// Each move lowers the bounds, sorted from the worst, so there is an end.
func Again(parents []Parent, weights []float64, shares *Shares, most float64, bound func(parent, grids int) float64) []Move {
	all := 0
	for _, k := range shares.Grids {
		all += k
	}
	load := mix(parents, weights)
	a := again{parents: parents, grids: shares.Grids, bound: bound, known: map[[2]int]float64{},
		load: load, heaviest: max(most/float64(all), heaviest(load, shares.Grids, 1)) * (1 + 1e-12)}
	var moves []Move
	for {
		m, ok := a.next()
		if !ok {
			break
		}
		a.grids[m.From]--
		a.grids[m.To]++
		moves = append(moves, m)
	}
	shares.Heaviest = heaviest(load, shares.Grids, all)
	return moves
}

type again struct {
	parents []Parent
	grids   []int
	bound   func(parent, grids int) float64
	known   map[[2]int]float64

	load     []float64 // of each parent
	heaviest float64   // the average that no parent may pass
}

// of returns a parent's bound, infinite where it cannot have so many grids.
func (a *again) of(parent, grids int) float64 {
	if p := a.parents[parent]; grids < max(1, p.least()) || grids > p.most() || a.load[parent]/float64(grids) > a.heaviest {
		return math.Inf(1)
	}
	at := [2]int{parent, grids}
	if _, known := a.known[at]; !known {
		a.known[at] = a.bound(parent, grids)
	}
	return a.known[at]
}

// next returns the best move for the parent with the worst bound of those that have any.
func (a *again) next() (Move, bool) {
	order := make([]int, len(a.grids))
	for p := range order {
		order[p] = p
	}
	slices.SortStableFunc(order, func(p, q int) int { return cmp.Compare(a.now(q), a.now(p)) })
	for _, p := range order {
		if m, ok := a.move(p); ok {
			return m, true
		}
	}
	return Move{}, false
}

// now returns a parent's bound as it is.
func (a *again) now(parent int) float64 {
	if a.grids[parent] == 0 {
		return 0
	}
	return a.of(parent, a.grids[parent])
}

// move returns the best move that lowers a parent's bound.
func (a *again) move(at int) (best Move, ok bool) {
	const least = 1e-9 // what counts as lower
	before := a.now(at)
	best.After = before - least
	if !(best.After > 0) {
		return Move{}, false
	}
	fewer, more := a.of(at, a.grids[at]-1), a.of(at, a.grids[at]+1)
	if min(fewer, more) >= best.After {
		return Move{}, false
	}
	for p, k := range a.grids {
		if p == at || k == 0 || a.now(p) > before {
			continue
		}
		if after := max(fewer, a.of(p, k+1)); after < best.After {
			best, ok = Move{at, p, before, after}, true
		}
		if after := max(more, a.of(p, k-1)); after < best.After {
			best, ok = Move{p, at, before, after}, true
		}
	}
	return best, ok
}
