package democity

import (
	"math"
	"math/rand/v2"
	"slices"
)

// subdivide cuts a face with streets until no piece is larger than wanted at its place. Pieces are numbered at the end
// of m.faces; the order of the cuts depends on nothing but the map.
func (m *planarMap) subdivide(f int32, wanted func(vec) float64, s street, irregular float64, rng *rand.Rand) {
	stack := []int32{f}
	for len(stack) > 0 {
		f := stack[len(stack)-1]
		stack = stack[:len(stack)-1]
		ring := m.ring(f)
		area := ringArea(ring)
		if area < float64(1.45*wanted(centroid(ring))) {
			continue
		}
		if g, ok := m.halve(f, ring, area, s, irregular, rng); ok {
			stack = append(stack, g, f)
		}
	}
}

// halve cuts a face across its longer extent, near the middle, about at right angles to its longest side, and through
// corners of the streets outside where one is near. It reports false when no decent cut was found.
func (m *planarMap) halve(f int32, ring []vec, area float64, s street, irregular float64, rng *rand.Rand) (int32, bool) {
	side := longestSide(ring)
	snap := float64(0.17 * math.Sqrt(area))
	type attempt struct {
		a, b    crossing
		through []vec
		score   float64
	}
	var best *attempt
	for try := range 10 {
		d := side
		if lo, hi := extent(ring, d); try%5 != 4 {
			if lo2, hi2 := extent(ring, d.left()); hi2-lo2 > hi-lo {
				d = d.left()
			}
		}
		lo, hi := extent(ring, d)
		at := lo + float64((hi-lo)*(0.5+float64((0.12+irregular)*(rng.Float64()-0.5))))
		across := d.left().add(d.scale(float64(2 * irregular * (rng.Float64() - 0.5)))).unit()
		bow := float64(irregular * (rng.Float64() - 0.5))
		a, b, ok := m.across(f, ring, d.scale(at), across, snap)
		if !ok {
			continue
		}
		through := bowed(a.p, b.p, bow)
		score, ok := judge(ring, a, b, through, area)
		if ok && (best == nil || score > best.score) {
			best = &attempt{a, b, through, score}
		}
		if best != nil && try >= 3 {
			break
		}
	}
	if best == nil {
		return 0, false
	}
	a, b := m.meet(f, best.a), m.meet(f, best.b)
	return m.cut(f, a, b, best.through, s), true
}

// longestSide returns the direction of the longest stretch of border that does not turn by more than some 14 degrees.
func longestSide(ring []vec) vec {
	n := len(ring)
	step := func(i int) vec { return ring[(i+1)%n].sub(ring[i%n]) }
	best := vec{}
	for i := range n {
		run, first := step(i), step(i).unit()
		for k := i + 1; k < i+n; k++ {
			next := step(k)
			if next.unit().dot(first) < 0.97 {
				break
			}
			run = run.add(next)
		}
		if run.dot(run) > best.dot(best) {
			best = run
		}
	}
	return best.unit()
}

// extent returns the least and greatest distance along d of a ring's corners.
func extent(ring []vec, d vec) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, p := range ring {
		t := p.dot(d)
		lo, hi = min(lo, t), max(hi, t)
	}
	return lo, hi
}

// across returns where the straight line through origin in a direction meets the face's border, when it does so twice.
func (m *planarMap) across(f int32, ring []vec, origin, direction vec, snap float64) (a, b crossing, ok bool) {
	loop := m.faces[f].loop
	n := len(ring)
	normal := direction.left()
	var found []crossing
	for i := range n {
		p, q := ring[i], ring[(i+1)%n]
		sp, sq := p.sub(origin).dot(normal), q.sub(origin).dot(normal)
		if (sp < 0) == (sq < 0) {
			continue
		}
		found = append(found, m.nearCorner(loop, ring, i, between(p, q, sp/(sp-sq)), snap))
	}
	if len(found) != 2 {
		return a, b, false
	}
	if found[0].u == found[1].u && found[0].v == found[1].v {
		return a, b, false
	}
	return found[0], found[1], true
}

// nearCorner returns the crossing at p on the i-th line of the border, moved to a corner that is near: a street's end
// outside before a mere bend. A street then goes on straight over the crossroads more often than it ends in a T.
func (m *planarMap) nearCorner(loop []int32, ring []vec, i int, p vec, snap float64) crossing {
	n := len(loop)
	best, least := -1, snap
	for k := range n {
		d := p.distance(ring[k])
		if turn(ring, k) < 0.95 {
			d = float64(d * 1.2) // a corner of the face itself is no good place to end
		} else if !m.crossroads(loop[k], loop[(k+1)%n], loop[(k+n-1)%n]) {
			d = float64(d * 2.5)
		}
		if d < least {
			best, least = k, d
		}
	}
	if best >= 0 {
		return crossing{loop[best], -1, ring[best], 0}
	}
	return crossing{loop[i], loop[(i+1)%n], p, 0}
}

// crossroads reports whether another street ends at v, outside the face whose border runs before, v, next.
func (m *planarMap) crossroads(v, next, before int32) bool {
	// With two faces at a bend, the neighbour over one line is the neighbour over the other.
	return m.neighbour(before, v) != m.neighbour(v, next)
}

// turn returns the cosine of the change of direction at a ring's corner k: 1 where it goes straight on.
func turn(ring []vec, k int) float64 {
	n := len(ring)
	in := ring[k].sub(ring[(k+n-1)%n]).unit()
	out := ring[(k+1)%n].sub(ring[k]).unit()
	return in.dot(out)
}

// bowed returns the inner places of a line from a to b that leaves the straight one by a fraction of its length.
func bowed(a, b vec, bow float64) []vec {
	d := b.sub(a)
	length := d.length()
	n := int(length / 90)
	out := make([]vec, 0, n)
	for k := 1; k <= n; k++ {
		t := float64(k) / float64(n+1)
		lift := float64(float64(4*bow*t) * (1 - t))
		out = append(out, between(a, b, t).add(d.left().scale(lift)))
	}
	return out
}

// judge reports whether a cut is decent: both pieces large enough, meeting the border not too slantingly, keeping clear
// of the rest of the border. The score is higher for evener and squarer pieces.
func judge(ring []vec, a, b crossing, through []vec, area float64) (score float64, ok bool) {
	line := slices.Concat([]vec{a.p}, through, []vec{b.p})
	i, j := after(ring, a), after(ring, b)
	// The piece from a round to b along the border, closed by the line.
	piece := []vec{a.p}
	for k := i; k != j; k = (k + 1) % len(ring) {
		if p := ring[k]; p.distance(a.p) > 0.01 && p.distance(b.p) > 0.01 {
			piece = append(piece, p)
		}
	}
	piece = append(piece, b.p)
	piece = append(piece, backwards(through)...)
	share := ringArea(piece) / area
	if share < 0.27 || share > 0.73 {
		return 0, false
	}
	if slant(ring, line[0], line[1]) > 0.80 || slant(ring, line[len(line)-1], line[len(line)-2]) > 0.80 {
		return 0, false
	}
	room := float64(0.09 * math.Sqrt(area))
	for k := range ring {
		p, q := ring[k], ring[(k+1)%len(ring)]
		for s := 1; s < len(line); s++ {
			touches := p == line[s-1] || q == line[s-1] || p == line[s] || q == line[s]
			if !touches && clearance(line[s-1], p, q) > 0.01 && clearance(line[s], p, q) > 0.01 &&
				crosses(line[s-1], line[s], p, q) {
				return 0, false
			}
		}
		for _, t := range through {
			if clearance(t, p, q) < float64(0.5*min(room, t.distance(a.p), t.distance(b.p))) {
				return 0, false
			}
		}
		// A corner of the border must not almost touch the new line.
		if p.distance(a.p) > room && p.distance(b.p) > room {
			for s := 1; s < len(line); s++ {
				if clearance(p, line[s-1], line[s]) < float64(0.5*room) {
					return 0, false
				}
			}
		}
	}
	chord := a.p.distance(b.p)
	return -math.Abs(share-0.5) - chord/math.Sqrt(area), true
}

// after returns the index of the ring's corner that follows a crossing; for one at a corner, that corner's.
func after(ring []vec, c crossing) int {
	best, at := math.Inf(1), 0
	for k := range ring {
		p, q := ring[k], ring[(k+1)%len(ring)]
		if c.p == q {
			return (k + 1) % len(ring)
		}
		if d := clearance(c.p, p, q); d < best {
			best, at = d, (k+1)%len(ring)
		}
	}
	return at
}

func backwards(line []vec) []vec {
	r := slices.Clone(line)
	slices.Reverse(r)
	return r
}

// slant returns how aslant a new line from p towards q meets the border at p: the cosine of the smallest angle it makes
// there, 0 at a right angle.
func slant(ring []vec, p, q vec) float64 {
	d := q.sub(p).unit()
	worst := -1.0
	for k := range ring {
		u, v := ring[k], ring[(k+1)%len(ring)]
		if clearance(p, u, v) > 0.01 {
			continue
		}
		if u.distance(p) > 0.01 {
			worst = max(worst, u.sub(p).unit().dot(d))
		}
		if v.distance(p) > 0.01 {
			worst = max(worst, v.sub(p).unit().dot(d))
		}
	}
	return worst
}
