package partition

// even is the first stage: it lowers the worst deviation until it is within enough, or the sweeps are used up, or the
// pace says stop. It returns the sweeps it did not need.
func (s *search) even(pace *pace, sweeps int, enough float64) int {
	block := float64(s.r.grids) / float64(s.r.n()) // a mean block, in ideals
	const borders = 0.002                          // what a mean border counts beside a mean block
	const cold, halvings = 0.002, 8                // mean blocks
	s.weight = 1 / (borders * block)
	for i := range sweeps {
		if s.best.worst <= enough+same || pace.over() {
			return sweeps - i
		}
		s.target = max(enough, 0.9*s.best.worst)
		s.heat = s.weight * block * cooled(cold, halvings, pace.progress(i, sweeps))
		s.sweep()
	}
	return 0
}

// shorten is the second stage: it lowers the border among the plans whose worst deviation is within allowed. It starts as
// many halvings above its last heat.
func (s *search) shorten(pace *pace, sweeps int, allowed, halvings float64) {
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
		if s.worst() > s.target+same {
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
