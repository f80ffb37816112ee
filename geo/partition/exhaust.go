package partition

import (
	"context"
	"math"
	"math/bits"
)

// stepsASweep is how many steps of the exhaustive search a sweep of effort buys.
const stepsASweep = 2000

// exhaust goes through all splits that might have a smaller worst deviation than the best plan. It ends with a better
// plan, with the proof that there is none, or with neither when its steps are used up. The loose reduction comes first:
// it is smaller, and most often its best plan is one of the region too.
func (j *job) exhaust(ctx context.Context) {
	ways := []int{anyBeside, threeBeside}
	if j.best.worst > 1 {
		ways = []int{noneBeside} // a grid of nothing but empty blocks might be part of a better plan
	}
	for _, most := range ways {
		if j.best.worst <= max(j.p.Tolerance, j.bound.value)+same {
			return
		}
		d, ok := j.r.reduce(most)
		if !ok {
			return
		}
		x := newExhaust(d, j.best.worst, j.hall.effort*stepsASweep)
		complete := x.run(ctx)
		if better(x.plan, j.best, j.p.Tolerance) {
			j.best = x.plan
		}
		if !complete {
			continue
		}
		least := min(x.limit, x.refused) - same/2
		j.bound.raiseAll(least, BoundExhaustive)
		if len(j.r.load) == 1 {
			j.bound.byMeasure[0] = max(j.bound.byMeasure[0], least)
		}
	}
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
// limit is the worst deviation to get below; it sinks with every plan that is found. Sets of blocks are bits of a word.
type exhaust struct {
	beside  []uint64
	load    [][]float64 // by measure and block, in ideals
	all     uint64
	limit   float64
	grids   []uint64
	reduced *reduced
	layout  *layout
	plan    split   // the best that was found
	refused float64 // the smallest worst deviation of a plan of the reduction that is none of the region
	steps   int
	ctx     context.Context
	stopped bool
}

func newExhaust(d *reduced, limit float64, steps int) *exhaust {
	x := &exhaust{beside: d.beside, limit: limit, steps: steps, grids: make([]uint64, d.r.grids),
		reduced: d, layout: newLayout(d.r), plan: split{worst: math.Inf(1)}, refused: math.Inf(1)}
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
func (x *exhaust) low() float64  { return 1 - x.limit + same/4 }
func (x *exhaust) high() float64 { return 1 + x.limit - same/4 }

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
	if left == 0 || x.reach(left&-left, left) != left {
		return
	}
	x.grids[0] = left
	var worst float64
	for _, g := range x.grids {
		for m := range x.load {
			worst = max(worst, math.Abs(x.sum(m, g)-1))
		}
	}
	if worst >= x.limit-same/2 || worst >= x.refused {
		return
	}
	x.layout.set(x.reduced.expand(x.grids))
	if !x.layout.whole() {
		x.refused = worst
		return
	}
	x.limit = worst
	x.plan = x.layout.keep()
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
		from = max(from, int(math.Ceil(sum/x.high()-1e-9)))
		if low := x.low(); low > 0 {
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
	for _, w := range g.load {
		if w > x.high() {
			return
		}
		fits = fits && w >= x.low()
	}
	if fits {
		x.grids[g.grids-1] = set
		x.divide(g.left&^set, g.grids-1)
	}
	for {
		front := g.around(set) &^ barred
		if front == 0 || barred != 0 && !g.canFinish(set, barred) {
			return
		}
		v := bits.TrailingZeros64(front)
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
		if x.sum(m, all) < x.low() {
			return false
		}
	}
	rest := g.part &^ set
	for ; barred != 0; barred &^= x.reach(barred&-barred, rest) {
		p := x.reach(barred&-barred, rest)
		for m := range x.load {
			if x.sum(m, p) < x.low() {
				return false
			}
		}
	}
	return true
}
