package partition

import (
	"context"
	"math"
	"math/bits"
)

// stepsASweep is how many steps of the exhaustive search a sweep of effort buys.
const stepsASweep = 2000

// aim is what an exhaustive search is for.
type aim uint8

const (
	aimDeviation aim = iota // the smallest worst deviation, of the plans with no more outside the band than the best
	aimBand                 // the least outside the band
	aimTies                 // any plan that breaks no tie
)

// exhaust goes through all splits that might be better than the best plan: first for one that breaks no tie, if that has not been
// found, then for less outside the band, then for a smaller worst deviation. Each ends with a better plan, with the proof that
// there is none, or with neither when its steps are used up; then nothing further is looked for.
func (j *job) exhaust(ctx context.Context) {
	if j.best.clash > 0 {
		j.exhaustFor(ctx, aimTies)
	}
	if j.best.clash == 0 && j.best.out > j.bound.band.out+sameOut {
		j.exhaustFor(ctx, aimBand)
	}
	if !j.best.misses(j.bound.band.out, math.Inf(1)) && j.best.worst > max(j.r.tolerance, j.bound.value)+same {
		j.exhaustFor(ctx, aimDeviation)
	}
}

// exhaustFor looks at reductions of the region, the loose one first: it is smaller, and most often its best plan is one of the
// region too.
func (j *job) exhaustFor(ctx context.Context, aim aim) {
	ways := []int{anyBeside, threeBeside}
	if j.best.worst > 1 || aim == aimTies || j.r.band >= 0 && j.best.out >= j.r.bandFrom-sameOut {
		ways = []int{noneBeside} // a grid of nothing but empty blocks might be part of a better plan
	}
	for _, most := range ways {
		d, ok := j.r.reduce(most)
		if !ok {
			return
		}
		x := newExhaust(d, aim, j.best, j.hall.effort*stepsASweep)
		complete := x.run(ctx)
		if better(x.plan, j.best, j.r.tolerance) {
			j.best = x.plan
		}
		if complete && j.proves(x) {
			return
		}
	}
}

// proves takes over what follows from all splits having been gone through, and reports whether nothing better can be found.
func (j *job) proves(x *exhaust) bool {
	switch x.aim {
	case aimTies:
		j.impossible = j.best.clash > 0
		return true
	case aimBand:
		least := min(x.least, x.refused)
		if least > sameOut {
			j.bound.band.raise(least, 1, BoundExhaustive)
		}
		return j.best.out <= least+sameOut
	}
	least := min(x.limit, x.refused) - same/2
	j.bound.raiseAll(least, BoundExhaustive)
	if len(j.r.load) == 1 {
		j.bound.byMeasure[0] = max(j.bound.byMeasure[0], least)
	}
	return j.best.worst <= max(j.r.tolerance, j.bound.value)+same
}

// whole reports whether every grid is in one piece.
func (l *layout) whole() bool {
	for g := range l.size {
		if l.size[g] == 0 {
			return false
		}
	}
	pieces := 0
	l.walk++
	for v := range int32(l.r.n()) {
		if l.seen[v] == l.walk {
			continue
		}
		pieces++
		l.seen[v] = l.walk
		l.queue = append(l.queue[:0], v)
		for i := 0; i < len(l.queue); i++ {
			at := l.queue[i]
			for e := l.r.start[at]; e < l.r.start[at+1]; e++ {
				if u := l.r.to[e]; l.at[u] == l.at[at] && l.seen[u] != l.walk {
					l.seen[u] = l.walk
					l.queue = append(l.queue, u)
				}
			}
		}
	}
	return pieces == l.r.grids
}

// exhaust builds the grids one after the other. The next grid is the one that holds the root, a block at the edge of
// what is left; all connected sets with the root that are neither too light nor too heavy are tried. A set grows by one
// neighbour at a time, and a neighbour that was tried is barred from the sets that follow, so that each comes up once.
//
// limit is the worst deviation to get below and allow what may lie outside the band; what is aimed at sinks with every plan that
// is found. Sets of blocks are bits of a word.
type exhaust struct {
	aim     aim
	beside  []uint64
	mates   []uint64
	foes    []uint64
	load    [][]float64 // by measure and block, in ideals
	all     uint64
	limit   float64
	allow   float64
	spent   float64 // what lies outside of the grids that are made
	least   float64 // outside the band of the best plan, for aimBand
	grids   []uint64
	reduced *reduced
	layout  *layout
	plan    split   // the best that was found
	refused float64 // the smallest value of what is aimed at among plans of the reduction that are none of the region
	steps   int
	ctx     context.Context
	stopped bool
}

// newExhaust makes a search for what is better than a plan.
func newExhaust(d *reduced, aim aim, than split, steps int) *exhaust {
	x := &exhaust{aim: aim, beside: d.beside, mates: d.mates, foes: d.foes, steps: steps, grids: make([]uint64, d.r.grids),
		limit: math.Inf(1), allow: math.Inf(1), least: than.out,
		reduced: d, layout: newLayout(d.r), plan: none, refused: math.Inf(1)}
	switch aim {
	case aimDeviation:
		x.limit, x.allow = than.worst, than.out+sameOut
	case aimBand:
		x.allow = than.out - sameOut
	}
	for range d.blocks {
		x.all = x.all<<1 | 1
	}
	for m := range d.r.load {
		load := make([]float64, len(d.blocks))
		for i, v := range d.blocks {
			load[i] = d.r.load[m][v] / d.r.ideal[m]
		}
		x.load = append(x.load, load)
	}
	return x
}

// run reports whether all splits were gone through: then none is below limit.
func (x *exhaust) run(ctx context.Context) bool {
	x.ctx = ctx
	x.divide(x.all, len(x.grids))
	return !x.stopped
}

// tired counts a step and reports whether there are no more.
func (x *exhaust) tired() bool {
	if x.steps--; x.steps <= 0 || x.steps%4096 == 0 && x.ctx.Err() != nil {
		x.stopped = true
	}
	return x.stopped
}

// sum returns a set's load in a measure.
func (x *exhaust) sum(m int, set uint64) (sum float64) {
	for ; set != 0; set &= set - 1 {
		sum += x.load[m][bits.TrailingZeros64(set)]
	}
	return sum
}

// low and high are what a grid may carry, a little less strict than the limit for the sake of rounding.
func (x *exhaust) low(m int) float64 {
	low := 1 - x.limit + same/4
	if r := x.reduced.r; m == r.band {
		low = max(low, r.bandFrom-(x.allow-x.spent))
	}
	return low
}

func (x *exhaust) high(m int) float64 {
	high := 1 + x.limit - same/4
	if r := x.reduced.r; m == r.band {
		high = min(high, r.bandTo+(x.allow-x.spent))
	}
	return high
}

// off returns what a grid has outside the band.
func (x *exhaust) off(set uint64) float64 {
	if x.reduced.r.band < 0 {
		return 0
	}
	return x.reduced.r.off(x.sum(x.reduced.r.band, set))
}

// closed reports whether a set holds no two that are to be apart, and of those to be together all or none.
func (x *exhaust) closed(set uint64) bool {
	for s := set; s != 0; s &= s - 1 {
		v := bits.TrailingZeros64(s)
		if x.foes[v]&set != 0 || x.mates[v]&^set != 0 {
			return false
		}
	}
	return true
}

// reach returns the blocks of within that are connected to the block set.
func (x *exhaust) reach(from, within uint64) uint64 {
	reached, front := from, from
	for front != 0 {
		var next uint64
		for ; front != 0; front &= front - 1 {
			next |= x.beside[bits.TrailingZeros64(front)]
		}
		front = next & within &^ reached
		reached |= front
	}
	return reached
}

// divide makes grids of the blocks that are left.
func (x *exhaust) divide(left uint64, grids int) {
	if grids == 1 {
		x.finish(left)
		return
	}
	part, ok := x.tightest(left, grids)
	if !ok {
		return
	}
	root := x.edgeOf(part)
	g := growth{x: x, left: left, part: part, grids: grids, load: make([]float64, len(x.load))}
	for m := range g.load {
		g.load[m] = x.load[m][root]
	}
	g.grow(1<<root, 0)
}

// finish takes what is left as the last grid.
func (x *exhaust) finish(left uint64) {
	if left == 0 || x.reach(left&-left, left) != left || !x.closed(left) {
		return
	}
	x.grids[0] = left
	var worst, out float64
	for _, g := range x.grids {
		out += x.off(g)
		for m := range x.load {
			worst = max(worst, math.Abs(x.sum(m, g)-1))
		}
	}
	value := worst
	if x.aim == aimBand {
		value = out
	}
	if out > x.allow || worst >= x.limit-same/2 || value >= x.refused {
		return
	}
	x.layout.set(x.reduced.expand(x.grids))
	if !x.layout.whole() {
		x.refused = value
		return
	}
	x.plan = x.layout.keep()
	switch x.aim {
	case aimDeviation:
		x.limit = worst
	case aimBand:
		x.least, x.allow = out, out-sameOut
	case aimTies:
		x.stopped = true
	}
}

// tightest returns the connected part of what is left with the fewest blocks; ok is false when the parts cannot all
// become grids within the limit.
func (x *exhaust) tightest(left uint64, grids int) (part uint64, ok bool) {
	fewest, most, size := 0, 0, mostLeft+1
	for rest := left; rest != 0; {
		p := x.reach(rest&-rest, rest)
		rest &^= p
		from, to := x.gridsOf(p)
		if from > to {
			return 0, false
		}
		fewest += from
		most += to
		if n := bits.OnesCount64(p); n < size {
			part, size = p, n
		}
	}
	return part, fewest <= grids && grids <= most
}

// gridsOf returns between which numbers of grids within the limit a set could become: from above to when none could.
func (x *exhaust) gridsOf(set uint64) (from, to int) {
	from, to = 1, bits.OnesCount64(set)
	for m := range x.load {
		sum := x.sum(m, set)
		if high := x.high(m); high > 0 {
			from = max(from, int(math.Ceil(sum/high-1e-9)))
		}
		if low := x.low(m); low > 0 {
			to = min(to, int(sum/low+1e-9))
		}
	}
	return from, to
}

// edgeOf returns the block of a set that has the fewest neighbours in it.
func (x *exhaust) edgeOf(set uint64) int {
	best, fewest := 0, mostLeft+1
	for s := set; s != 0; s &= s - 1 {
		v := bits.TrailingZeros64(s)
		if n := bits.OnesCount64(x.beside[v] & set); n < fewest {
			best, fewest = v, n
		}
	}
	return best
}

// growth is a grid on its way: the connected sets of one part of what is left.
type growth struct {
	x          *exhaust
	left, part uint64
	grids      int
	load       []float64
}

// grow tries set as the grid and then every larger one that keeps off the barred blocks.
func (g *growth) grow(set, barred uint64) {
	x := g.x
	if x.tired() {
		return
	}
	fits := true
	for m, w := range g.load {
		if w > x.high(m) {
			return
		}
		fits = fits && w >= x.low(m)
	}
	if fits && x.closed(set) {
		x.grids[g.grids-1] = set
		spent := x.spent
		x.spent += x.off(set)
		x.divide(g.left&^set, g.grids-1)
		x.spent = spent
	}
	for {
		front := g.around(set) &^ barred
		if front == 0 || barred != 0 && !g.canFinish(set, barred) {
			return
		}
		v := bits.TrailingZeros64(front)
		if x.foes[v]&set != 0 {
			barred |= 1 << v
			continue
		}
		for m := range g.load {
			g.load[m] += x.load[m][v]
		}
		g.grow(set|1<<v, barred)
		for m := range g.load {
			g.load[m] -= x.load[m][v]
		}
		if x.stopped {
			return
		}
		barred |= 1 << v
	}
}

func (g *growth) around(set uint64) (front uint64) {
	for s := set; s != 0; s &= s - 1 {
		front |= g.x.beside[bits.TrailingZeros64(s)]
	}
	return front & g.part &^ set
}

// canFinish reports whether the set can still become heavy enough, and whether what holds a barred block, which can
// never join the set, could be grids of its own.
func (g *growth) canFinish(set, barred uint64) bool {
	x := g.x
	all := x.reach(set, g.part&^barred)
	for m := range x.load {
		if x.sum(m, all) < x.low(m) {
			return false
		}
	}
	rest := g.part &^ set
	for ; barred != 0; barred &^= x.reach(barred&-barred, rest) {
		p := x.reach(barred&-barred, rest)
		for m := range x.load {
			if x.sum(m, p) < x.low(m) {
				return false
			}
		}
	}
	return true
}
