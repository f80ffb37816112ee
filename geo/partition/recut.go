package partition

import "math"

// recut joins two neighbouring grids and cuts them anew: of all places to cut a random tree of theirs the one that is best
// for what the search wants to lower.
func (s *search) recut() bool {
	v, b, ok := s.pick()
	if !ok {
		return false
	}
	a := s.at[v]
	both := s.gather(v, a, b)
	s.tree.grow(both)
	s.below, s.rest = s.tree.part(s.bestCut(), s.below[:0], s.rest[:0])
	if x, y := s.pinned(s.below, a, b), s.pinned(s.rest, a, b); x < y || x == y && s.overlap(s.below, a) < s.overlap(s.rest, a) {
		s.below, s.rest = s.rest, s.below
	}
	before, old, moved, clash := s.excess(a)+s.excess(b), s.borderAround(both), s.moved, s.clash
	s.was = s.was[:0]
	for _, u := range both {
		s.was = append(s.was, s.at[u])
	}
	s.place(s.below, a)
	s.place(s.rest, b)
	if s.tied() {
		s.clash = s.clashes()
	}
	now := s.borderAround(both)
	worse := float64(s.weight*(s.excess(a)+s.excess(b)-before)) + (now-old)/s.r.meanLength + float64((s.moved-moved)*float64(s.r.n()))
	if s.clash > clash || s.clash == clash && !s.dice.accepts(worse, s.heat) || !s.allows(s.moved, moved) {
		s.putBack(both, a, b)
		s.clash = clash
		return false
	}
	s.border += now - old
	for _, u := range both {
		for e := s.r.start[u]; e < s.r.start[u+1]; e++ {
			s.recheck(e)
		}
	}
	return true
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

// bestCut returns the block of the tree below which to cut.
func (s *search) bestCut() int32 {
	t, m := s.tree, len(s.r.load)
	t.sumCrossings()
	all := t.below[int(t.order[0])*m : int(t.order[0])*m+m]
	t.sumTies()
	best, least, fewest := t.order[1], math.Inf(1), math.MaxInt
	for _, v := range t.order[1:] {
		clash := t.clashAt(v, 1, 1)
		if clash > fewest {
			continue
		}
		var over float64
		for i := range m {
			load := t.below[int(v)*m+i]
			over += s.over(load) + s.over(all[i]-load)
			if i == s.r.band {
				over += bandPull * (s.r.off(load) + s.r.off(all[i]-load))
			}
		}
		if score := float64(s.weight*over) + t.crossing[v]/s.r.meanLength; clash < fewest || score < least {
			best, least, fewest = v, score, clash
		}
	}
	return best
}

// borderAround returns the length of the border between the two grids that hold the gathered blocks.
func (s *search) borderAround(blocks []int32) float64 {
	var sum float64
	for _, v := range blocks {
		for e := s.r.start[v]; e < s.r.start[v+1]; e++ {
			if u := s.r.to[e]; v < u && s.at[u] != s.at[v] && s.seen[u] == s.walk {
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

// tied reports whether any rule ties blocks of the region.
func (l *layout) tied() bool { return l.r.ties != nil || l.r.base != nil && l.r.base.pin != nil }

// pinned returns how much the blocks want to be grid a: those pinned to it less those pinned to b.
func (s *search) pinned(blocks []int32, a, b int32) (count int) {
	if s.r.base == nil || s.r.base.pin == nil {
		return 0
	}
	for _, v := range blocks {
		switch s.r.base.pin[v] {
		case a:
			count++
		case b:
			count--
		}
	}
	return count
}

// place makes the blocks, and no others, those of a grid.
func (s *search) place(blocks []int32, grid int32) {
	m := len(s.r.load)
	load := s.load[int(grid)*m : int(grid)*m+m]
	clear(load)
	for _, v := range blocks {
		s.moved += s.movedBy(v, grid)
		s.at[v] = grid
		for i := range m {
			load[i] += s.r.share[int(v)*m+i]
		}
	}
	s.size[grid] = int32(len(blocks))
}

// putBack undoes two placings.
func (s *search) putBack(both []int32, a, b int32) {
	s.below, s.rest = s.below[:0], s.rest[:0]
	for i, v := range both {
		if s.was[i] == a {
			s.below = append(s.below, v)
		} else {
			s.rest = append(s.rest, v)
		}
	}
	s.place(s.below, a)
	s.place(s.rest, b)
}
