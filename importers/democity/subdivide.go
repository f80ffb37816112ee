package democity

import (
	"cmp"
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

// attempt is a line along which a face could be cut.
type attempt struct {
	a, b    crossing
	through []vec
	score   float64
}

// demand is what a cut must fulfil.
type demand struct {
	share float64 // of the face's area, the smaller piece at least
	slant float64 // at most, see slant
	room  float64 // clear of the rest of the border, as a fraction of the face's width
}

var (
	decent    = demand{share: 0.27, slant: 0.80, room: 0.09}
	tolerable = demand{share: 0.17, slant: 0.90, room: 0.05}
)

// halve cuts a face across its longer extent, near the middle, about at right angles to its longest side, and through
// corners of the streets outside where one is near. Where no decent cut of that kind is found any direction and a
// tolerable cut will do. It reports false when there is none either.
func (m *planarMap) halve(f int32, ring []vec, area float64, s street, irregular float64, rng *rand.Rand) (int32, bool) {
	best := m.search(f, ring, area, irregular, rng)
	if best == nil {
		best = m.searchAnyhow(f, ring, area, rng)
	}
	if best == nil {
		return 0, false
	}
	a, b := m.meet(f, best.a), m.meet(f, best.b)
	return m.cut(f, a, b, best.through, s), true
}

func (m *planarMap) search(f int32, ring []vec, area, irregular float64, rng *rand.Rand) *attempt {
	side := longestSide(ring)
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
		best = better(best, m.try(f, ring, d.scale(at), across, bow, 0.17, area, decent))
		if best != nil && try >= 3 {
			break
		}
	}
	return best
}

func (m *planarMap) searchAnyhow(f int32, ring []vec, area float64, rng *rand.Rand) *attempt {
	side := longestSide(ring)
	var best *attempt
	for try := range 48 {
		d := side.add(side.left().scale(float64(2*rng.Float64() - 1))).unit()
		if try%2 == 1 {
			d = d.left()
		}
		lo, hi := extent(ring, d)
		at := lo + float64((hi-lo)*(0.2+float64(0.6*rng.Float64())))
		best = better(best, m.try(f, ring, d.scale(at), d.left(), 0, 0.08, area, tolerable))
	}
	return best
}

// try returns the cut along the line through origin in a direction, nil when it is not up to the demand. The line bows
// by a fraction of its length and is drawn to corners within snap, a fraction of the face's width.
func (m *planarMap) try(f int32, ring []vec, origin, direction vec, bow, snap, area float64, want demand) *attempt {
	a, b, ok := m.across(f, ring, origin, direction, float64(snap*math.Sqrt(area)))
	if !ok {
		return nil
	}
	through := bowed(a.p, b.p, bow)
	score, ok := judge(ring, a, b, through, area, want)
	if !ok {
		return nil
	}
	return &attempt{a, b, through, score}
}

// better returns the attempt with the higher score, the first of equals; either may be nil.
func better(a, b *attempt) *attempt {
	if a == nil || b != nil && b.score > a.score {
		return b
	}
	return a
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

// across returns where the straight line through origin in a direction enters and leaves the face; where it does so
// several times, on its longest way inside.
func (m *planarMap) across(f int32, ring []vec, origin, direction vec, snap float64) (a, b crossing, ok bool) {
	normal := direction.left()
	type hit struct {
		side int // of the ring
		p    vec
	}
	var hits []hit
	for i := range ring {
		p, q := ring[i], ring[(i+1)%len(ring)]
		sp, sq := p.sub(origin).dot(normal), q.sub(origin).dot(normal)
		if (sp < 0) != (sq < 0) {
			hits = append(hits, hit{i, between(p, q, sp/(sp-sq))})
		}
	}
	slices.SortStableFunc(hits, func(x, y hit) int { return cmp.Compare(x.p.dot(direction), y.p.dot(direction)) })
	longest, at := 0.0, -1
	for i := 0; i+1 < len(hits); i += 2 {
		if d := hits[i].p.distance(hits[i+1].p); d > longest {
			longest, at = d, i
		}
	}
	if at < 0 {
		return a, b, false
	}
	loop := m.faces[f].loop
	a = m.nearCorner(loop, ring, hits[at].side, hits[at].p, snap)
	b = m.nearCorner(loop, ring, hits[at+1].side, hits[at+1].p, snap)
	return a, b, a.u != b.u || a.v != b.v
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

// judge reports whether a cut is up to a demand: both pieces large enough, meeting the border not too slantingly, keeping
// clear of the rest of the border. The score is higher for evener and squarer pieces.
func judge(ring []vec, a, b crossing, through []vec, area float64, want demand) (score float64, ok bool) {
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
	if share < want.share || share > 1-want.share {
		return 0, false
	}
	if slant(ring, line[0], line[1]) > want.slant || slant(ring, line[len(line)-1], line[len(line)-2]) > want.slant {
		return 0, false
	}
	room := float64(want.room * math.Sqrt(area))
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
