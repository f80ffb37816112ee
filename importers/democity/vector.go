package democity

import "math"

// vec is a place or a step in the town's own plane: metres east and north of the bell tower.
//
// Every product is wrapped in float64(): without it a compiler may fuse a product with a sum into one rounding (it does
// so on arm64 and not on amd64), and the town would differ from machine to machine. For the same reason nothing here
// calls a function of package math other than the exact ones: Sqrt, Floor, Abs.
type vec struct{ x, y float64 }

func (a vec) add(b vec) vec          { return vec{a.x + b.x, a.y + b.y} }
func (a vec) sub(b vec) vec          { return vec{a.x - b.x, a.y - b.y} }
func (a vec) scale(k float64) vec    { return vec{float64(a.x * k), float64(a.y * k)} }
func (a vec) dot(b vec) float64      { return float64(a.x*b.x) + float64(a.y*b.y) }
func (a vec) cross(b vec) float64    { return float64(a.x*b.y) - float64(a.y*b.x) }
func (a vec) left() vec              { return vec{-a.y, a.x} }
func (a vec) length() float64        { return math.Sqrt(a.dot(a)) }
func (a vec) distance(b vec) float64 { return a.sub(b).length() }

// unit returns the step of one metre in a's direction; a must not be zero.
func (a vec) unit() vec { return a.scale(1 / a.length()) }

// between returns the place a fraction t of the way from a to b.
func between(a, b vec, t float64) vec { return a.add(b.sub(a).scale(t)) }

// ringArea returns the signed area in square metres inside the closed line, positive when it runs
// counter-clockwise.
func ringArea(ring []vec) float64 {
	var twice float64
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		twice += p.sub(ring[0]).cross(q.sub(ring[0]))
	}
	return twice / 2
}

// centroid returns the centre of the area inside the closed line, which must not be empty.
func centroid(ring []vec) vec {
	var twice float64
	var sum vec
	o := ring[0]
	for i := range ring {
		p, q := ring[i].sub(o), ring[(i+1)%len(ring)].sub(o)
		c := p.cross(q)
		twice += c
		sum = sum.add(p.add(q).scale(c))
	}
	return o.add(sum.scale(1 / float64(3*twice)))
}

// inside reports whether p lies inside the closed line.
func inside(ring []vec, p vec) bool {
	in := false
	for i, a := range ring {
		b := ring[(i+1)%len(ring)]
		if (a.y > p.y) != (b.y > p.y) {
			side := b.sub(a).cross(p.sub(a))
			if (side > 0) == (b.y > a.y) {
				in = !in
			}
		}
	}
	return in
}

// crosses reports whether the lines ab and cd have an inner point of both in common.
func crosses(a, b, c, d vec) bool {
	return (b.sub(a).cross(c.sub(a)) > 0) != (b.sub(a).cross(d.sub(a)) > 0) &&
		(d.sub(c).cross(a.sub(c)) > 0) != (d.sub(c).cross(b.sub(c)) > 0)
}

// clearance returns the distance from p to the line ab.
func clearance(p, a, b vec) float64 {
	ab := b.sub(a)
	t := p.sub(a).dot(ab) / ab.dot(ab)
	return p.distance(between(a, b, min(max(t, 0), 1)))
}

// wave is a smooth line that swings between -1 and 1 with period 1, made of parabolas: a sine in all but name, without
// the last-digit differences that sines have between machines.
func wave(t float64) float64 {
	f := t - math.Floor(t)
	if f < 0.5 {
		return float64(float64(16*f) * (0.5 - f))
	}
	return float64(float64(-16*(f-0.5)) * (1 - f))
}

// ramp returns the height at x of the line through the points (xs[i], ys[i]), level beyond both ends.
func ramp(x float64, xs, ys []float64) float64 {
	if x <= xs[0] {
		return ys[0]
	}
	for i := 1; i < len(xs); i++ {
		if x < xs[i] {
			t := (x - xs[i-1]) / (xs[i] - xs[i-1])
			return ys[i-1] + float64(t*(ys[i]-ys[i-1]))
		}
	}
	return ys[len(ys)-1]
}

// ripple is noise in the plane: for each seed another smooth field of numbers in 0..1 with hills about size metres apart.
func ripple(seed uint64, p vec, size float64) float64 {
	gx, gy := math.Floor(p.x/size), math.Floor(p.y/size)
	fx, fy := ease(p.x/size-gx), ease(p.y/size-gy)
	at := func(dx, dy float64) float64 { return scatter(seed, int64(gx+dx), int64(gy+dy)) }
	low := at(0, 0) + float64(fx*(at(1, 0)-at(0, 0)))
	high := at(0, 1) + float64(fx*(at(1, 1)-at(0, 1)))
	return low + float64(fy*(high-low))
}

// ease turns 0..1 into 0..1 with level ends.
func ease(t float64) float64 { return float64(float64(t*t) * (3 - float64(2*t))) }

// scatter returns a number in 0..1 for a lattice point: the finaliser of SplitMix64 (Steele, Lea and Flood 2014).
func scatter(seed uint64, x, y int64) float64 {
	z := seed + uint64(x)*0x9E3779B97F4A7C15 + uint64(y)*0xC2B2AE3D27D4EB4F
	z = (z ^ z>>30) * 0xBF58476D1CE4E5B9
	z = (z ^ z>>27) * 0x94D049BB133111EB
	z ^= z >> 31
	return float64(z>>11) / (1 << 53)
}
