package partition

import "math"

// layout is a split of a region that moves are made on: which grid each block is in, with the sums that moves change.
// Every grid is in one piece and not empty, before and after each move.
type layout struct {
	r      *region
	at     []int32   // the grid of each block
	size   []int32   // blocks of each grid
	load   []float64 // by grid, then measure: at grid*measures+measure
	dev    []float64 // the worst deviation of each grid
	border float64   // length of all borders between grids

	seen  []int64 // the walk that last came to each block
	walk  int64
	queue []int32
}

func newLayout(r *region) *layout {
	return &layout{r: r, at: make([]int32, r.n()), size: make([]int32, r.grids),
		load: make([]float64, r.grids*len(r.load)), dev: make([]float64, r.grids), seen: make([]int64, r.n())}
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
			l.load[int(g)*m+i] += l.r.load[i][v]
		}
	}
	for g := range l.dev {
		l.dev[g] = l.deviation(l.load[g*m : g*m+m])
	}
	l.border = 0
	for e, to := range l.r.to {
		if from := l.r.from[e]; from < to && l.at[from] != l.at[to] {
			l.border += l.r.length[e]
		}
	}
}

// deviation returns the worst deviation of a grid with these loads.
func (l *layout) deviation(load []float64) float64 {
	var worst float64
	for m, v := range load {
		worst = max(worst, math.Abs(v/l.r.ideal[m]-1))
	}
	return worst
}

// worst returns the worst deviation of all grids.
func (l *layout) worst() float64 {
	var worst float64
	for _, d := range l.dev {
		worst = max(worst, d)
	}
	return worst
}

// deviationsAfter returns the deviations of block v's grid and of grid to, were v to go there.
func (l *layout) deviationsAfter(v, to int32) (left, joined float64) {
	m := len(l.r.load)
	a, b := int(l.at[v])*m, int(to)*m
	for i := range m {
		w, ideal := l.r.load[i][v], l.r.ideal[i]
		left = max(left, math.Abs((l.load[a+i]-w)/ideal-1))
		joined = max(joined, math.Abs((l.load[b+i]+w)/ideal-1))
	}
	return left, joined
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

// move puts block v into grid to. The caller has made sure that no grid breaks.
func (l *layout) move(v, to int32) {
	l.border += l.borderAfter(v, to)
	from := l.at[v]
	m := len(l.r.load)
	a, b := int(from)*m, int(to)*m
	for i := range m {
		l.load[a+i] -= l.r.load[i][v]
		l.load[b+i] += l.r.load[i][v]
	}
	l.size[from]--
	l.size[to]++
	l.at[v] = to
	l.dev[from] = l.deviation(l.load[a : a+m])
	l.dev[to] = l.deviation(l.load[b : b+m])
}

// canLeave reports whether the grid of block v stays in one piece and not empty without it. It walks the grid from one
// of v's neighbours until all the others are met, which most often is within a step or two.
func (l *layout) canLeave(v int32) bool {
	r, g := l.r, l.at[v]
	if l.size[g] == 1 {
		return false
	}
	l.walk++
	missing := 0
	first := int32(-1)
	for e := r.start[v]; e < r.start[v+1]; e++ {
		if u := r.to[e]; l.at[u] == g {
			if first < 0 {
				first = u
			} else {
				missing++
				l.seen[u] = -l.walk // wanted
			}
		}
	}
	if missing == 0 {
		return true
	}
	l.seen[v], l.seen[first] = l.walk, l.walk
	l.queue = append(l.queue[:0], first)
	for i := 0; i < len(l.queue); i++ {
		at := l.queue[i]
		for e := r.start[at]; e < r.start[at+1]; e++ {
			u := r.to[e]
			if l.at[u] != g || l.seen[u] == l.walk {
				continue
			}
			if l.seen[u] == -l.walk {
				if missing--; missing == 0 {
					return true
				}
			}
			l.seen[u] = l.walk
			l.queue = append(l.queue, u)
		}
	}
	return false
}

// split is a finished plan of a region with what it is judged by.
type split struct {
	at            []int32
	worst, border float64
}

// keep returns a copy of the layout as a split, with its sums made afresh so that no rounding of many moves is in them.
func (l *layout) keep() split {
	s := split{at: append([]int32(nil), l.at...)}
	l.set(s.at)
	s.worst, s.border = l.worst(), l.border
	return s
}

// same is how near two deviations must be to count as equal; far more than sums of counts lose to rounding.
const same = 1e-12

// better reports whether split a is to be preferred to b: the smaller worst deviation as far as it is beyond the
// tolerance, then the shorter border.
func better(a, b split, tolerance float64) bool {
	da, db := max(a.worst, tolerance), max(b.worst, tolerance)
	if math.Abs(da-db) > same {
		return da < db
	}
	return a.border < b.border-1e-9*math.Abs(b.border)
}
