package partition

import (
	"math"
	"math/rand/v2"
)

// A search wants to lower
//
//	weight * sum over grids of max(0, deviation - target)  +  border / mean border
//
// A target instead of the worst deviation itself leaves all grids free that are good enough, and makes a move's worth
// a matter of two grids. In the first stage the weight is so large that the border hardly counts and the target sinks
// below each worst deviation that is reached; in the second the target stays and the weight swings, so that the search
// visits plans on both sides of what is allowed.
type search struct {
	*layout
	tree      *treeCutter
	rng       *rand.Rand
	tolerance float64
	target    float64
	weight    float64
	heat      float64 // how much worse a move may make things, on average
	best      split
	moves     int // since the best plan was kept
}

func newSearch(r *region, tolerance float64, rng *rand.Rand) *search {
	return &search{layout: newLayout(r), tree: newTreeCutter(r, rng), rng: rng, tolerance: tolerance,
		best: split{worst: math.Inf(1)}}
}

// start puts the search on a plan.
func (s *search) start(at []int32) {
	s.set(at)
	s.note()
}

// note keeps the plan the search stands on, if it is better than the best so far.
func (s *search) note() {
	s.moves = 0
	now := split{worst: s.worst(), border: s.border}
	if better(now, s.best, s.tolerance) {
		s.best = s.keep()
	}
}

// excess is what a grid of some deviation adds to what is to be lowered.
func (s *search) excess(deviation float64) float64 {
	return float64(s.weight * max(0, deviation-s.target))
}

// accepts reports whether a move that makes things worse by so much is made, by the rule of Metropolis.
func (s *search) accepts(worse float64) bool {
	return worse <= 0 || worse < s.heat*s.rng.ExpFloat64()
}

// change returns by how much things get worse, were block v to go to grid to.
func (s *search) change(v, to int32) float64 {
	left, joined := s.deviationsAfter(v, to)
	return s.excess(left) + s.excess(joined) - s.excess(s.dev[s.at[v]]) - s.excess(s.dev[to]) +
		s.borderAfter(v, to)/s.r.meanLength
}

// sweepMoves returns how many moves a sweep over n blocks tries: enough that a small region is searched through in the
// default effort, and on a large one no more than its blocks, so that the time stays in bounds.
func sweepMoves(n int) int {
	return max(256, min(8*n, 1<<15), n)
}

// sweep tries moves all over the region.
func (s *search) sweep() {
	tries := sweepMoves(s.r.n())
	retree := float64(s.r.grids) / float64(4*s.r.n())
	keepEvery := 1 + s.r.n()/32
	for range tries {
		moved := false
		switch x := s.rng.Float64(); {
		case x < retree:
			moved = s.recut()
		case x < 0.4:
			moved = s.chain()
		default:
			moved = s.flip()
		}
		if !moved {
			continue
		}
		if s.moves++; s.moves >= keepEvery {
			s.note()
		}
	}
	s.note()
}

// pick returns a block at a border and the grid on the other side; ok is false when no grids touch.
func (s *search) pick() (v, to int32, ok bool) {
	if len(s.cuts) == 0 {
		return 0, 0, false
	}
	e := s.cuts[s.rng.IntN(len(s.cuts))]
	return s.r.from[e], s.at[s.r.to[e]], true
}

// flip moves one block to a neighbouring grid.
func (s *search) flip() bool {
	v, to, ok := s.pick()
	if !ok || !s.accepts(s.change(v, to)) || !s.canLeave(v) {
		return false
	}
	s.move(v, to)
	return true
}

// chain moves a block to a neighbouring grid and then another block out of that grid: back (a swap) or on to a third.
func (s *search) chain() bool {
	v, to, ok := s.pick()
	if !ok || !s.canLeave(v) {
		return false
	}
	from := s.at[v]
	worse := s.change(v, to)
	s.move(v, to)
	u, on, ok := s.pickFrom(to, v)
	if ok && s.accepts(worse+s.change(u, on)) && s.canLeave(u) {
		s.move(u, on)
		return true
	}
	s.move(v, from)
	return false
}

// pickFrom returns a block of the grid other than v and a neighbouring grid it could join. In a region of many grids
// it looks around v, else anywhere.
func (s *search) pickFrom(grid, v int32) (u, to int32, ok bool) {
	if s.r.grids <= 8 {
		for range 16 {
			if u, to, _ = s.pick(); u != v && s.at[u] == grid {
				return u, to, true
			}
		}
		return 0, 0, false
	}
	at := v
	for range 24 { // a walk inside the grid, from v on
		e := s.r.start[at] + int32(s.rng.IntN(int(s.r.start[at+1]-s.r.start[at])))
		switch next := s.r.to[e]; {
		case s.at[next] == grid:
			at = next
		case at != v:
			return at, s.at[next], true
		}
	}
	return 0, 0, false
}

// recut joins two neighbouring grids and cuts them anew along a random tree.
func (s *search) recut() bool {
	v, b, ok := s.pick()
	if !ok {
		return false
	}
	a := s.at[v]
	both := s.gather(v, a, b)
	before := s.excess(s.dev[a]) + s.excess(s.dev[b])
	s.tree.grow(both)
	c := s.tree.best(2)
	below, rest := s.tree.part(c.below)
	old := s.borderAround(both)
	was := append([]int32(nil), s.pairOf(both)...)
	if s.overlap(below, a) < s.overlap(rest, a) {
		below, rest = rest, below
	}
	s.place(below, a)
	s.place(rest, b)
	s.resum(a, below)
	s.resum(b, rest)
	now := s.borderAround(both)
	worse := s.excess(s.dev[a]) + s.excess(s.dev[b]) - before + (now-old)/s.r.meanLength
	if s.accepts(worse) {
		s.border += now - old
		for _, v := range both {
			for e := s.r.start[v]; e < s.r.start[v+1]; e++ {
				s.recheck(e)
			}
		}
		return true
	}
	for i, u := range both {
		s.at[u] = was[i]
	}
	s.resumPair(both, a, b)
	return false
}

// gather returns the blocks of two neighbouring grids, the first of which holds v.
func (s *search) gather(v, a, b int32) []int32 {
	s.walk++
	s.seen[v] = s.walk
	s.queue = append(s.queue[:0], v)
	for i := 0; i < len(s.queue); i++ {
		at := s.queue[i]
		for e := s.r.start[at]; e < s.r.start[at+1]; e++ {
			u := s.r.to[e]
			if g := s.at[u]; (g == a || g == b) && s.seen[u] != s.walk {
				s.seen[u] = s.walk
				s.queue = append(s.queue, u)
			}
		}
	}
	return s.queue
}

func (s *search) pairOf(blocks []int32) []int32 {
	grids := make([]int32, len(blocks))
	for i, v := range blocks {
		grids[i] = s.at[v]
	}
	return grids
}

// borderAround returns the length of the border between the two grids that hold the blocks.
func (s *search) borderAround(blocks []int32) float64 {
	var sum float64
	for _, v := range blocks {
		for e := s.r.start[v]; e < s.r.start[v+1]; e++ {
			if u := s.r.to[e]; s.seen[u] == s.walk && s.at[u] != s.at[v] && v < u {
				sum += s.r.length[e]
			}
		}
	}
	return sum
}

func (s *search) overlap(blocks []int32, grid int32) (count int) {
	for _, v := range blocks {
		if s.at[v] == grid {
			count++
		}
	}
	return count
}

func (s *search) place(blocks []int32, grid int32) {
	for _, v := range blocks {
		s.at[v] = grid
	}
}

// resum makes a grid's sums afresh from its blocks.
func (s *search) resum(grid int32, blocks []int32) {
	m := len(s.r.load)
	load := s.load[int(grid)*m : int(grid)*m+m]
	clear(load)
	for _, v := range blocks {
		for i := range m {
			load[i] += s.r.load[i][v]
		}
	}
	s.size[grid] = int32(len(blocks))
	s.dev[grid] = s.deviation(load)
}

func (s *search) resumPair(blocks []int32, a, b int32) {
	var inA, inB []int32
	for _, v := range blocks {
		if s.at[v] == a {
			inA = append(inA, v)
		} else {
			inB = append(inB, v)
		}
	}
	s.resum(a, inA)
	s.resum(b, inB)
}

// even is the first stage: it lowers the worst deviation until it is within enough, or the sweeps are used up, or the
// pace says stop. It returns the sweeps it did not need.
func (s *search) even(pace *pace, sweeps int, enough float64) int {
	block := float64(s.r.grids) / float64(s.r.n()) // of a mean block, in ideals
	const borders = 0.002                          // what a mean border counts beside a mean block
	const hot, cold = 0.5, 0.002                   // mean blocks
	s.weight = 1 / (borders * block)
	for i := range sweeps {
		if s.best.worst <= enough+same || pace.over() {
			return sweeps - i
		}
		s.target = max(enough, 0.9*s.best.worst)
		s.heat = s.weight * block * cooled(hot, cold, pace.progress(i, sweeps))
		s.sweep()
	}
	return 0
}

// shorten is the second stage: it lowers the border among the plans whose worst deviation is within allowed.
func (s *search) shorten(pace *pace, sweeps int, allowed, hot float64) {
	const cold = 0.15 // mean borders
	block := float64(s.r.grids) / float64(s.r.n())
	s.target = allowed + same/2
	s.weight = 4 / block
	for i := range sweeps {
		if pace.over() {
			return
		}
		s.heat = cooled(hot, cold, pace.progress(i, sweeps))
		s.sweep()
		if s.worst() > s.target+same {
			s.weight *= 1.1
		} else {
			s.weight = max(s.weight/1.1, 0.5/block)
		}
	}
}

// cooled returns the heat after some progress from 0 to 1, each step by the same factor.
func cooled(hot, cold, progress float64) float64 { return hot * math.Pow(cold/hot, progress) }
