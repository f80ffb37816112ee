package partition

import "math"

// even is the first stage: it lowers what lies outside the band and the worst deviation until they are within out and enough, or
// the sweeps are used up, or the pace says stop. It returns the sweeps it did not need. As long as more than out lies outside, half
// of the sweeps are for the band alone.
func (s *search) even(pace *pace, sweeps int, out, enough float64) int {
	block := float64(s.r.grids) / float64(s.r.n()) // a mean block, in ideals
	const borders = 0.002                          // what a mean border counts beside a mean block
	const cold, halvings = 0.002, 8                // mean blocks
	s.weight = 1 / (borders * block)
	for i := range sweeps {
		if !s.best.misses(out, enough) || pace.over() {
			return sweeps - i
		}
		s.target = max(enough, 0.9*s.best.worst)
		if s.best.out > out+sameOut && i < sweeps/2 {
			s.target = math.Inf(1)
		}
		s.heat = s.weight * block * cooled(cold, halvings, pace.progress(i, sweeps))
		s.sweep()
	}
	return 0
}

// shorten is the second stage: it lowers the border among the plans that have no more than out outside the band and whose
// worst deviation is within allowed. It starts as many halvings above its last heat.
func (s *search) shorten(pace *pace, sweeps int, out, allowed, halvings float64) {
	const cold = 0.15 // mean borders
	block := float64(s.r.grids) / float64(s.r.n())
	s.target = allowed + same/2
	s.weight = 4 / block
	for i := range sweeps {
		if pace.over() {
			return
		}
		s.heat = cooled(cold, halvings, pace.progress(i, sweeps))
		s.sweep()
		if s.worst() > s.target+same || s.outside() > out+sameOut {
			s.weight *= 1.1
		} else {
			s.weight = max(s.weight/1.1, 0.5/block)
		}
	}
}

// cooled returns the heat after some progress from 0 to 1: from as many halvings above cold down to it, half as much for
// each, straight on between.
func cooled(cold, halvings, progress float64) float64 {
	left := float64(halvings * (1 - progress))
	heat := cold
	for ; left >= 1; left-- {
		heat *= 2
	}
	return float64(heat * (1 + left))
}
