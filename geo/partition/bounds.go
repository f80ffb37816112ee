package partition

import (
	"math"
	"slices"
)

// The arguments for a lower bound of the worst deviation.
const (
	// BoundLargest: the largest block is in some grid, which then carries at least as much.
	BoundLargest = "largest block"
	// BoundCrowding: of any j*k+1 blocks, some of the k grids holds j+1.
	BoundCrowding = "crowded blocks"
	// BoundRest: blocks heavier than the ideal leave too little for the grids without one.
	BoundRest = "rest beside large blocks"
	// BoundWhole: counts are multiples of a whole number and the ideal is not.
	BoundWhole = "whole counts"
	// BoundSums: no set of blocks has a sum nearer the ideal.
	BoundSums = "sums of blocks"
	// BoundPieces: pieces that do not touch share the grids unevenly however they are given out.
	BoundPieces = "separate pieces"
	// BoundBridge: what hangs on one block is too light to be a grid, and too heavy to join it.
	BoundBridge = "blocks behind a bridge"
	// BoundExhaustive: all splits were gone through.
	BoundExhaustive = "exhaustive search"
)

// bound is a proven lower bound of a region's worst deviation.
type bound struct {
	value     float64
	argument  string
	measure   int // that the argument counts, as a position in the region's measures; -1 for all
	band      bandBound
	byMeasure []float64 // one entry a measure that is balanced in the region
}

// raise takes over an argument of one measure where it is stronger. What is no more than rounding proves nothing.
func (b *bound) raise(measure int, value float64, argument string) {
	if value <= same {
		return
	}
	b.byMeasure[measure] = max(b.byMeasure[measure], value)
	b.raiseTo(value, argument, measure)
}

func (b *bound) raiseAll(value float64, argument string) { b.raiseTo(value, argument, -1) }

func (b *bound) raiseTo(value float64, argument string, measure int) {
	if value > b.value {
		b.value, b.argument, b.measure = value, argument, measure
	}
}

// bound returns the strongest of the cheap arguments. Each holds for every measure on its own, and with it for the
// worst of them.
func (r *region) bound() bound {
	b := bound{byMeasure: make([]float64, len(r.load)), band: r.bandBound()}
	if r.grids <= 1 {
		return b
	}
	for m := range r.load {
		loads, _ := r.items(m)
		for v := range loads {
			loads[v] /= r.ideal[m]
		}
		b.raise(m, loads[0]-1, BoundLargest)
		b.raise(m, crowding(loads, r.grids)-1, BoundCrowding)
		b.raise(m, rest(loads, r.grids), BoundRest)
		b.raise(m, r.wholeCounts(m), BoundWhole)
		b.raise(m, r.nearestSum(m), BoundSums)
		b.raise(m, r.bridges(m), BoundBridge)
	}
	b.raisePieces(r)
	return b
}

// crowding returns the load some grid must carry because there are more heavy blocks than grids: the j+1 lightest of
// the j*k+1 heaviest, for the best j. loads fall.
func crowding(loads []float64, grids int) float64 {
	most, _ := crowdAt(loads, grids)
	return most
}

// crowdAt returns that load with the j.
func crowdAt(loads []float64, grids int) (most float64, at int) {
	for j := 1; j*grids < len(loads); j++ {
		var sum float64
		for _, w := range loads[j*grids-j : j*grids+1] {
			sum += w
		}
		if sum > most {
			most, at = sum, j
		}
	}
	return most, at
}

// rest returns by how much some grid without a block above the ideal must stay under it. loads fall and sum to the
// number of grids.
func rest(loads []float64, grids int) float64 {
	var worst, heavy float64
	for j := 1; j < grids && j < len(loads) && loads[j-1] > 1; j++ {
		heavy += loads[j-1]
		worst = max(worst, 1-(float64(grids)-heavy)/float64(grids-j))
	}
	return worst
}

// wholeCounts returns the deviation that counts in whole numbers cannot go below: some grid has at least the ideal
// rounded up to a multiple of their greatest common divisor, and some at most the ideal rounded down.
func (r *region) wholeCounts(m int) float64 {
	divisor := commonDivisor(r.load[m])
	if divisor == 0 {
		return 0
	}
	steps := r.ideal[m] / divisor
	up, down := math.Ceil(steps-1e-9), math.Floor(steps+1e-9)
	return max(0, up/steps-1, 1-down/steps)
}

// commonDivisor returns the greatest common divisor of the loads that are not 0, or 0 if one is not a whole number.
func commonDivisor(loads []float64) float64 {
	var d float64
	for _, w := range loads {
		if w != math.Trunc(w) || w > 1<<52 {
			return 0
		}
		for a := w; a != 0; {
			d, a = a, math.Mod(d, a)
		}
	}
	return d
}

// mostSums is the largest sum for which all sums of blocks are written down.
const mostSums = 1 << 20

// nearestSum returns how far from the ideal the nearest sum of blocks is: every grid is such a sum. Only whole counts
// are looked at, up to twice the ideal; beyond that the empty sum would be nearer.
func (r *region) nearestSum(m int) float64 {
	reach, divisor, ok := r.sums(m, 2)
	if !ok {
		return 0
	}
	nearest := 1.0
	for s := 1; s < 64*len(reach); s++ {
		if reach[s/64]>>(s%64)&1 == 1 {
			nearest = min(nearest, math.Abs(float64(s)*divisor/r.ideal[m]-1))
		}
	}
	return nearest
}

// sums returns which multiples of a divisor are sums of blocks, as bits, up to so many ideals. ok is false where loads are no
// whole counts or there are too many.
func (r *region) sums(m int, ideals float64) (reach []uint64, divisor float64, ok bool) {
	if divisor = commonDivisor(r.load[m]); divisor == 0 || ideals*r.ideal[m]/divisor > mostSums || r.n() > 1<<13 {
		return nil, 0, false
	}
	limit := int(ideals * r.ideal[m] / divisor)
	reach = make([]uint64, limit/64+1)
	reach[0] = 1
	loads, _ := r.items(m)
	for _, w := range loads {
		if shift := int(w / divisor); shift > 0 && shift <= limit {
			orShifted(reach, shift)
		}
	}
	return reach, divisor, true
}

// orShifted sets bits |= bits << shift.
func orShifted(bits []uint64, shift int) {
	words, rest := shift/64, shift%64
	for i := len(bits) - 1; i >= words; i-- {
		b := bits[i-words] << rest
		if rest > 0 && i > words {
			b |= bits[i-words-1] >> (64 - rest)
		}
		bits[i] |= b
	}
}

// raisePieces takes over what pieces that do not touch make unavoidable.
func (b *bound) raisePieces(r *region) {
	if len(r.pieceGrids) < 2 {
		return
	}
	pieces := r.pieces()
	worst := func(pieces []portion) (d float64) {
		shares, _ := sharePieces(pieces, r.grids, func(portion, int) float64 { return 0 })
		for c, k := range shares {
			d = max(d, deviationOf(pieces[c].loads, k))
		}
		return d
	}
	for m := range r.load {
		alone := slices.Clone(pieces)
		for c := range alone {
			alone[c].loads = alone[c].loads[m : m+1]
		}
		b.raise(m, worst(alone)-1e-12, BoundPieces)
	}
	b.raiseAll(worst(pieces)-1e-12, BoundPieces)
}
