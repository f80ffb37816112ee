package partition

import (
	"math"
)

// A band is a wish like the tolerance, but counted in load: what lies outside is the sum over the grids, so that two grids five
// households over are better than one that is twelve over, and nobody wins by piling all that is too much into one grid. How
// many grids lie outside is told, and not searched for.

// The further argument for a lower bound of what lies outside a band.
const (
	// BoundNumber: so many grids cannot all be within, since the load of the parent is too much or too little for them.
	BoundNumber = "number of grids"
)

// off returns how far a load lies outside the band, all in ideals.
func (r *region) off(load float64) float64 { return max(0, r.bandFrom-load, load-r.bandTo) }

// outsideOf returns what lies outside the band at least when a load becomes so many grids, whatever its blocks.
func outsideOf(load float64, grids int, from, to float64) float64 {
	k := float64(grids)
	return max(0, load-k*to, k*from-load)
}

// bandBound is what is proven of a region's band.
type bandBound struct {
	out      float64 // in ideals
	grids    int
	argument string
	nodes    []int32 // those the argument speaks of
}

func (b *bandBound) raise(out float64, grids int, argument string, nodes ...int32) {
	b.grids = max(b.grids, grids)
	if out > b.out+sameOut {
		b.out, b.argument, b.nodes = out, argument, nodes
	}
}

// bandBound returns the strongest of the arguments: too much or too little for so many grids, pieces that share the grids, blocks
// heavier than a grid may be, more heavy blocks than grids, sums that blocks have, light parts behind a bridge.
func (r *region) bandBound() (b bandBound) {
	if r.band < 0 || r.n() == 0 {
		return b
	}
	total := float64(r.grids)
	out := outsideOf(total, r.grids, r.bandFrom, r.bandTo)
	b.raise(out, fewestOutside(total, 0, 0, r.grids, r.bandFrom, r.bandTo), BoundNumber)
	items, nodes := r.items(r.band)
	for v := range items {
		items[v] /= r.ideal[r.band]
	}
	heavy, sum := 0, 0.0
	for heavy < len(items) && items[heavy] > r.bandTo+sameOut {
		sum += items[heavy]
		heavy++
	}
	if heavy > 0 {
		least, fewest := math.Inf(1), math.MaxInt
		for g := 1; g <= min(heavy, r.grids); g++ { // they share g grids
			left := max(0, total-sum) // the others carry no more
			over, under := max(0, sum-float64(g)*r.bandTo), max(0, float64(r.grids-g)*r.bandFrom-left)
			least = min(least, over+under)
			fewest = min(fewest, fewestOutside(left, sum, g, r.grids, r.bandFrom, r.bandTo))
		}
		b.raise(least, fewest, BoundLargest, nodes[:heavy]...)
	}
	if most, j := crowdAt(items, r.grids); most > r.bandTo+sameOut {
		b.raise(most-r.bandTo, 1, BoundCrowding, nodes[:j*r.grids+1]...)
	}
	if away := r.awayFromBand(); away > sameOut {
		b.raise(away*total, r.grids, BoundSums)
	}
	if out, node := r.bandBridges(); out > sameOut {
		b.raise(out, 1, BoundBridge, node)
	}
	if len(r.pieceGrids) > 1 {
		if out := r.bandPieces(); out > sameOut {
			b.raise(out, 1, BoundPieces)
		}
	}
	return b
}

// fewestOutside returns how many grids lie outside at least: g of them carry heavy blocks, and the others share what is left.
func fewestOutside(left, heavy float64, g, grids int, from, to float64) int {
	rest := grids - g
	fewest := g
	if from > 0 {
		if full := int(math.Floor(left/from + 1e-9)); full < rest {
			fewest += rest - full
		}
	}
	if fewest == 0 && left+heavy > float64(grids)*to+sameOut {
		fewest = 1
	}
	return fewest
}

// awayFromBand returns how far the nearest sum of blocks is from the band: each grid is such a sum.
func (r *region) awayFromBand() float64 {
	reach, divisor, ok := r.sums(r.band, 2*max(1, r.bandTo)+r.bandFrom)
	if !ok {
		return 0
	}
	nearest := math.Inf(1)
	for s := range 64 * len(reach) {
		if reach[s/64]>>(s%64)&1 == 1 {
			nearest = min(nearest, r.off(float64(s)*divisor/r.ideal[r.band]))
		}
	}
	return nearest
}

// bandBridges returns what lies outside because of parts behind one block that are too light for a grid: either a grid is inside
// such a part, or all of them join the block's.
func (r *region) bandBridges() (worst float64, node int32) {
	r.eachBridge(r.band, func(v int32, parts []float64) {
		sum := r.load[r.band][v] / r.ideal[r.band]
		for _, c := range parts {
			sum += c
			if out := min(r.bandFrom-c, sum-r.bandTo); out > worst {
				worst, node = out, v
			}
		}
	})
	return worst, node
}

// bandPieces returns what lies outside at least however pieces share the grids.
func (r *region) bandPieces() float64 {
	pieces := r.pieces()
	least := make([]float64, r.grids+1)
	for k := range least {
		least[k] = math.Inf(1)
	}
	least[0] = 0
	for _, p := range pieces {
		next := make([]float64, r.grids+1)
		for k := range next {
			next[k] = math.Inf(1)
			for own := 1; own <= min(k, p.blocks); own++ {
				next[k] = min(next[k], least[k-own]+outsideOf(p.loads[r.band], own, r.bandFrom, r.bandTo))
			}
		}
		least = next
	}
	return least[r.grids]
}
