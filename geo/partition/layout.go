package partition

import "math"

// layout is a split of a region that moves are made on: which grid each block is in, with the sums that moves change.
// Every grid is in one piece and not empty, before and after each move.
type layout struct {
	r      *region
	at     []int32   // the grid of each block
	size   []int32   // blocks of each grid
	load   []float64 // in ideals, by grid, then measure: at grid*measures+measure
	border float64   // length of all borders between grids
	moved  float64   // the share of the load that is in another grid than in the region's base
	clash  int       // ties that the split breaks
	cuts   []int32   // the edges that lead to another grid, in no particular order
	cutAt  []int32   // where in cuts each edge is, -1 where it is not

	seen  []int64 // the walk that last came to each block
	walk  int64
	queue []int32

	walker []int32 // which of several walks came to each block
	walks  []int32 // the walk each walk has joined
	ahead  []int32 // blocks still to be left by each walk that has joined none
}

func newLayout(r *region) *layout {
	return &layout{r: r, at: make([]int32, r.n()), size: make([]int32, r.grids),
		load:  make([]float64, r.grids*len(r.load)),
		cutAt: make([]int32, len(r.to)), seen: make([]int64, r.n()), walker: make([]int32, r.n())}
}

// set takes over a split and sums it up afresh.
func (l *layout) set(at []int32) {
	copy(l.at, at)
	clear(l.size)
	clear(l.load)
	m := len(l.r.load)
	for v, g := range l.at {
		l.size[g]++
		for i := range m {
			l.load[int(g)*m+i] += l.r.share[v*m+i]
		}
	}
	l.moved = 0
	if l.r.base != nil {
		l.moved = l.r.base.changed(at)
	}
	l.clash = l.clashes()
	l.border, l.cuts = 0, l.cuts[:0]
	for e, to := range l.r.to {
		l.cutAt[e] = -1
		if from := l.r.from[e]; l.at[from] != l.at[to] {
			l.cutAt[e] = int32(len(l.cuts))
			l.cuts = append(l.cuts, int32(e))
			if from < to {
				l.border += l.r.length[e]
			}
		}
	}
}

// recheck brings cuts up to date for an edge and its other side.
func (l *layout) recheck(e int32) {
	is := l.at[l.r.from[e]] != l.at[l.r.to[e]]
	if is == (l.cutAt[e] >= 0) {
		return
	}
	for _, e := range [2]int32{e, l.r.back[e]} {
		if is {
			l.cutAt[e] = int32(len(l.cuts))
			l.cuts = append(l.cuts, e)
			continue
		}
		last := len(l.cuts) - 1
		l.cuts[l.cutAt[e]] = l.cuts[last]
		l.cutAt[l.cuts[last]] = l.cutAt[e]
		l.cuts, l.cutAt[e] = l.cuts[:last], -1
	}
}

// worst returns the worst deviation of all grids.
func (l *layout) worst() float64 {
	var worst float64
	for _, load := range l.load {
		worst = max(worst, math.Abs(load-1))
	}
	return worst
}

// outside returns how much lies outside the band, in ideals; 0 without one.
func (l *layout) outside() (sum float64) {
	if l.r.band < 0 {
		return 0
	}
	for i := l.r.band; i < len(l.load); i += len(l.r.load) {
		sum += l.r.off(l.load[i])
	}
	return sum
}

// clashes counts the ties that are broken.
func (l *layout) clashes() (count int) {
	for v, ties := range l.r.ties {
		for _, t := range ties {
			if int(t.other) > v && (l.at[v] == l.at[t.other]) == t.apart {
				count++
			}
		}
	}
	if b := l.r.base; b != nil {
		for v, grid := range b.pin {
			if grid != free && l.at[v] != grid {
				count++
			}
		}
	}
	return count
}

// clashBy returns by how many more ties would be broken, were block v to go to grid to.
func (l *layout) clashBy(v, to int32) (more int) {
	if l.r.ties != nil {
		from := l.at[v]
		for _, t := range l.r.ties[v] {
			change := 0
			switch l.at[t.other] {
			case from:
				change = 1
			case to:
				change = -1
			}
			if t.apart {
				change = -change
			}
			more += change
		}
	}
	if b := l.r.base; b != nil && b.pin != nil && b.pin[v] != free {
		if to != b.pin[v] {
			more++
		}
		if l.at[v] != b.pin[v] {
			more--
		}
	}
	return more
}

// borderAfter returns by how much the border would grow, were block v to go to grid to.
func (l *layout) borderAfter(v, to int32) float64 {
	var grow float64
	from := l.at[v]
	for e := l.r.start[v]; e < l.r.start[v+1]; e++ {
		switch l.at[l.r.to[e]] {
		case from:
			grow += l.r.length[e]
		case to:
			grow -= l.r.length[e]
		}
	}
	return grow
}

// movedBy returns by how much more of the load would be in another grid than in the base, were block v to go to grid to.
func (l *layout) movedBy(v, to int32) (more float64) {
	b := l.r.base
	if b == nil || b.grid[v] == newGround {
		return 0
	}
	if b.grid[v] != to {
		more += b.share[v]
	}
	if b.grid[v] != l.at[v] {
		more -= b.share[v]
	}
	return more
}

// allows reports whether the base allows so much to be moved, or as much as was.
func (l *layout) allows(moved, was float64) bool {
	return l.r.base == nil || moved <= was || moved <= l.r.base.budget
}

// cost returns what plans of equal balance are compared by: the length of the borders, and a mean border for each mean block
// that is moved.
func (l *layout) cost() float64 { return l.border + float64(l.moved*float64(l.r.n())*l.r.meanLength) }

// move puts block v into grid to. The caller has made sure that no grid breaks, and knows by how much the border grows.
func (l *layout) move(v, to int32, grow float64) {
	l.border += grow
	l.moved += l.movedBy(v, to)
	l.clash += l.clashBy(v, to)
	from := l.at[v]
	m := len(l.r.load)
	a, b, w := int(from)*m, int(to)*m, int(v)*m
	for i := range m {
		l.load[a+i] -= l.r.share[w+i]
		l.load[b+i] += l.r.share[w+i]
	}
	l.size[from]--
	l.size[to]++
	l.at[v] = to
	for e := l.r.start[v]; e < l.r.start[v+1]; e++ {
		l.recheck(e)
	}
}

// canLeave reports whether the grid of block v stays in one piece and not empty without it. It walks the grid from all
// of v's neighbours at once: the answer is yes when all walks have met, most often within a step or two, and no when
// one of them has nowhere to go, so that a small part that would fall off is found out early.
func (l *layout) canLeave(v int32) bool {
	r, g := l.r, l.at[v]
	if l.size[g] == 1 {
		return false
	}
	l.walk++
	l.queue, l.walks, l.ahead = l.queue[:0], l.walks[:0], l.ahead[:0]
	for e := r.start[v]; e < r.start[v+1]; e++ {
		if u := r.to[e]; l.at[u] == g {
			l.seen[u], l.walker[u] = l.walk, int32(len(l.walks))
			l.walks = append(l.walks, int32(len(l.walks)))
			l.ahead = append(l.ahead, 1)
			l.queue = append(l.queue, u)
		}
	}
	apart := len(l.walks)
	if apart == 1 {
		return true
	}
	for i := 0; i < len(l.queue); i++ {
		at := l.queue[i]
		mine := l.leader(l.walker[at])
		for e := r.start[at]; e < r.start[at+1]; e++ {
			u := r.to[e]
			if l.at[u] != g || u == v {
				continue
			}
			if l.seen[u] != l.walk {
				l.seen[u], l.walker[u] = l.walk, mine
				l.ahead[mine]++
				l.queue = append(l.queue, u)
				continue
			}
			if other := l.leader(l.walker[u]); other != mine {
				if apart--; apart == 1 {
					return true
				}
				l.walks[other] = mine
				l.ahead[mine] += l.ahead[other]
			}
		}
		if l.ahead[mine]--; l.ahead[mine] == 0 {
			return false
		}
	}
	return false
}

// leader returns the walk that a walk has joined, itself if none.
func (l *layout) leader(walk int32) int32 {
	for l.walks[walk] != walk {
		walk = l.walks[walk]
	}
	return walk
}

// split is a finished plan of a region with what it is judged by.
type split struct {
	at          []int32
	clash       int     // broken ties
	out         float64 // outside the band, in ideals
	worst, cost float64
}

// none is what any split is better than.
var none = split{clash: math.MaxInt, out: math.Inf(1), worst: math.Inf(1), cost: math.Inf(1)}

// keep returns a copy of the layout as a split, with its sums made afresh so that no rounding of many moves is in them.
func (l *layout) keep() split {
	s := split{at: append([]int32(nil), l.at...)}
	l.set(s.at)
	s.clash, s.cost = l.clash, l.cost()
	s.out, s.worst = l.counted()
	return s
}

// counted returns what lies outside the band and the worst deviation of all grids, summed from the counts themselves: of whole
// counts they have no rounding but that of one division.
func (l *layout) counted() (out, worst float64) {
	sums := make([]float64, l.r.grids)
	for m, load := range l.r.load {
		clear(sums)
		for v, g := range l.at {
			sums[g] += load[v]
		}
		for _, sum := range sums {
			worst = max(worst, math.Abs(sum/l.r.ideal[m]-1))
			if m == l.r.band {
				out += l.r.off(sum / l.r.ideal[m])
			}
		}
	}
	return out, worst
}

// same is how near two deviations must be to count as equal; far more than sums of counts lose to rounding. sameOut is the same
// for what lies outside the band, a sum over the grids.
const (
	same    = 1e-12
	sameOut = 1e-9
)

// better reports whether split a is to be preferred to b: the fewer broken ties, then the less outside the band, then the smaller
// worst deviation as far as it is beyond the tolerance, then the lower cost.
func better(a, b split, tolerance float64) bool {
	if a.clash != b.clash {
		return a.clash < b.clash
	}
	if a.out < b.out-sameOut || a.out > b.out+sameOut {
		return a.out < b.out
	}
	da, db := max(a.worst, tolerance), max(b.worst, tolerance)
	if math.Abs(da-db) > same {
		return da < db
	}
	return a.cost < b.cost-1e-9*math.Abs(b.cost)
}

// misses reports whether a split breaks ties, has more outside the band than out, or a worse deviation than worst.
func (s *split) misses(out, worst float64) bool {
	return s.clash > 0 || s.out > out+sameOut || s.worst > worst+same
}
