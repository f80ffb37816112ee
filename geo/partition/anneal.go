package partition

import "math"

// A search wants to lower
//
//	weight * sum over grids and measures of max(0, deviation - target)  +  border / mean border  +  mean blocks moved
//
// A target instead of the worst deviation itself leaves all grids free that are good enough, and makes a move's worth
// a matter of two grids; a sum over the measures instead of the worst of them rewards progress in each. In the first
// stage the weight is so large that the border hardly counts and the target sinks below each worst deviation that is
// reached; in the second the target stays and the weight swings, so that the search visits plans on both sides of what is
// allowed. What lies outside a band counts as so many times as much beyond a target. A move that breaks a tie is never made,
// and one that mends a tie always.
type search struct {
	*layout
	tree   *treeCutter
	dice   *dice
	target float64
	weight float64
	heat   float64 // how much worse a move may make things, on average
	chains float64 // the share of moves that are chains
	recuts float64 // the share of moves that are recuts
	best   split
	moves  int // since the best plan was kept

	was         []int32 // what recut puts back
	below, rest []int32 // what recut cuts
}

// bandPull is how many times what lies outside the band counts.
const bandPull = 4

func newSearch(r *region, d *dice) *search {
	s := &search{layout: newLayout(r), tree: newTreeCutter(r, d), dice: d, best: none}
	// A few grids of a few blocks each are a puzzle, which chains solve; in many grids they cost more than they bring.
	s.chains = 0.1
	if r.grids <= 8 {
		s.chains = 0.4
	}
	s.recuts = float64(r.grids) / float64(4*r.n())
	return s
}

// start puts the search on a plan.
func (s *search) start(at []int32) {
	s.set(at)
	s.note()
}

// note keeps the plan the search stands on, if it is better than the best so far.
func (s *search) note() {
	s.moves = 0
	now := split{clash: s.clash, out: s.outside(), worst: s.worst(), cost: s.cost()}
	if better(now, s.best, s.r.tolerance) {
		s.best = s.keep()
	}
}

// over returns how far a load in ideals is beyond the target, on either side.
func (s *search) over(load float64) float64 { return max(0, math.Abs(load-1)-s.target) }

// excess returns what a grid adds to the weighted part of what is to be lowered.
func (s *search) excess(g int32) (sum float64) {
	m := len(s.r.load)
	for _, load := range s.load[int(g)*m : int(g)*m+m] {
		sum += s.over(load)
	}
	if s.r.band >= 0 {
		sum += bandPull * s.r.off(s.load[int(g)*m+s.r.band])
	}
	return sum
}

// change returns by how much things get worse, were block v to go to grid to, and by how much the border grows.
func (s *search) change(v, to int32) (worse, grow float64) {
	m := len(s.r.load)
	a, b, w := int(s.at[v])*m, int(to)*m, int(v)*m
	var sum float64
	for i := range m {
		from, into, share := s.load[a+i], s.load[b+i], s.r.share[w+i]
		sum += s.over(from-share) + s.over(into+share) - s.over(from) - s.over(into)
		if i == s.r.band {
			sum += bandPull * (s.r.off(from-share) + s.r.off(into+share) - s.r.off(from) - s.r.off(into))
		}
	}
	grow = s.borderAfter(v, to)
	return float64(s.weight*sum) + grow/s.r.meanLength + float64(s.movedBy(v, to)*float64(s.r.n())), grow
}

// sweepMoves returns how many moves a sweep over n blocks tries: enough that a small region is searched through in the
// default effort, and on a large one no more than its blocks, so that the time stays in bounds.
func sweepMoves(n int) int {
	return max(256, min(8*n, 1<<15), n)
}

// sweep tries moves all over the region.
func (s *search) sweep() {
	tries := sweepMoves(s.r.n())
	keepEvery := 1 + s.r.n()/32
	for range tries {
		moved := false
		switch x := s.dice.share(); {
		case x < s.recuts:
			moved = s.recut()
		case x < s.chains:
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
	e := s.cuts[s.dice.below(len(s.cuts))]
	return s.r.from[e], s.at[s.r.to[e]], true
}

// flip moves one block to a neighbouring grid.
func (s *search) flip() bool {
	v, to, ok := s.pick()
	if !ok {
		return false
	}
	clash := s.clashBy(v, to)
	if clash > 0 {
		return false
	}
	worse, grow := s.change(v, to)
	if clash == 0 && !s.dice.accepts(worse, s.heat) || !s.allows(s.moved+s.movedBy(v, to), s.moved) || !s.canLeave(v) {
		return false
	}
	s.move(v, to, grow)
	return true
}

// chain moves a block to a neighbouring grid and then another block out of that grid: back (a swap) or on to a third.
func (s *search) chain() bool {
	v, to, ok := s.pick()
	if !ok || !s.canLeave(v) {
		return false
	}
	from, was, clash := s.at[v], s.moved, s.clash
	first, grow := s.change(v, to)
	s.move(v, to, grow)
	if u, on, ok := s.pickFrom(to, v); ok {
		second, further := s.change(u, on)
		if s.clash+s.clashBy(u, on) <= clash && s.dice.accepts(first+second, s.heat) &&
			s.allows(s.moved+s.movedBy(u, on), was) && s.canLeave(u) {
			s.move(u, on, further)
			return true
		}
	}
	s.move(v, from, -grow)
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
		e := s.r.start[at] + int32(s.dice.below(int(s.r.start[at+1]-s.r.start[at])))
		switch next := s.r.to[e]; {
		case s.at[next] == grid:
			at = next
		case at != v:
			return at, s.at[next], true
		}
	}
	return 0, 0, false
}
