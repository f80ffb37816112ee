package democity

import (
	"math"
	"slices"
)

// scaleOfPlan is how many metres on the ground one metre of the town's plan is. The plan of layout.go has room for fields
// of houses; built with six storeys the same people need a third of that ground.
const scaleOfPlan = 0.68

// parcel is a face of the street map as ground to build on.
type parcel struct {
	face   int32
	kind   Kind
	centre vec      // on the plan
	ring   []vec    // metres on the ground, counter-clockwise, bends of less than half a metre left out
	sides  []street // what runs along the line from ring[i] to the next
	area   float64  // square metres on the ground
	homes  housing
	weight float64 // households by the natural density; 0 where there should be none
	bell   bool    // it is kept free of homes for the bell tower
	estate bool    // several faces made one: room for a large compound
	use    use
	site   *siteKind // of a dedicated site
	place  int       // compound it is, as an index into estate.compounds; -1 for none
}

// use says what a parcel is built with.
type use uint8

const (
	unused use = iota
	houseRows
	slabRows
	towerGroup
	buildingSite // a compound that is not finished
	works
	offices
	shops
)

// parcels lists the faces of each large grid, in reading order.
func (m *planarMap) parcels() [][]*parcel {
	all := make([][]*parcel, LargeGrids)
	for f := range m.faces {
		face := &m.faces[f]
		if len(face.loop) == 0 {
			continue
		}
		ring := m.ring(int32(f))
		p := &parcel{face: int32(f), kind: face.kind, centre: centroid(ring), estate: face.estate, place: -1,
			area: ringArea(ring) * scaleOfPlan * scaleOfPlan}
		p.ring, p.sides = m.simplified(int32(f))
		all[face.largeGrid] = append(all[face.largeGrid], p)
	}
	for _, row := range all {
		inReadingOrder(row, 170, func(p *parcel) vec { return p.centre })
	}
	return all
}

// simplified returns the ring of a face in metres on the ground without its slight bends, and the strongest of what runs
// along each side.
func (m *planarMap) simplified(f int32) (ring []vec, sides []street) {
	loop := m.faces[f].loop
	n := len(loop)
	at := make([]vec, n)
	along := make([]street, n)
	for i, v := range loop {
		at[i] = m.corners[v].scale(scaleOfPlan)
		along[i] = m.streets[low(v, loop[(i+1)%n])]
	}
	first := 0
	for i := range at {
		if turn(at, i) < turn(at, first) {
			first = i
		}
	}
	straight := func(from, to int) bool {
		for k := from + 1; k < to; k++ {
			if clearance(at[(first+k)%n], at[(first+from)%n], at[(first+to)%n]) > 0.5 {
				return false
			}
		}
		return true
	}
	for from := 0; from < n; {
		to := from + 1
		for to < n && straight(from, to+1) {
			to++
		}
		strongest := along[(first+from)%n]
		for k := from; k < to; k++ {
			strongest = min(strongest, along[(first+k)%n])
		}
		ring, sides = append(ring, at[(first+from)%n]), append(sides, strongest)
		from = to
	}
	return ring, sides
}

// halfWidth returns how far from its middle, in metres on the ground, a street's pavement ends: there a wall may stand.
func (s street) halfWidth() float64 {
	switch s {
	case arterial:
		return 15
	case collector:
		return 9
	case canal, river:
		return 10
	case railway:
		return 6
	}
	return 5
}

// inset returns the ring of a parcel drawn in to where its walls may stand; nil where it is too narrow for that.
func (p *parcel) inset() []vec {
	n := len(p.ring)
	in := make([]vec, n)
	for i := range n {
		h := (i + n - 1) % n
		a, b := p.ring[h], p.ring[i]
		c := p.ring[(i+1)%n]
		d, e := b.sub(a).unit(), c.sub(b).unit()
		dw, ew := p.sides[h].halfWidth(), p.sides[i].halfWidth()
		if sin := d.cross(e); math.Abs(sin) > 0.12 {
			// b + x d is where the two lines meet that run beside ab and bc.
			from := b.add(d.left().scale(dw))
			to := b.add(e.left().scale(ew))
			in[i] = from.add(d.scale(to.sub(from).cross(e) / sin))
		} else {
			in[i] = b.add(d.add(e).unit().left().scale(max(dw, ew)))
		}
	}
	for i := range n {
		q, r := in[i], in[(i+1)%n]
		if r.sub(q).dot(p.ring[(i+1)%n].sub(p.ring[i])) <= 0 || !inside(p.ring, q) {
			return nil
		}
		for k := range n {
			if clearance(q, p.ring[k], p.ring[(k+1)%n]) < 3 {
				return nil
			}
			if k != i && k != (i+1)%n && (k+1)%n != i && crosses(q, r, in[k], in[(k+1)%n]) {
				return nil
			}
		}
	}
	if ringArea(in) < 1500 {
		return nil
	}
	return in
}

// box is the ground of a building: a rectangle.
type box struct {
	centre vec
	along  vec     // direction of the length
	half   float64 // of the length, metres
	deep   float64 // half the depth
}

func (b box) ring() []vec {
	x, y := b.along.scale(b.half), b.along.left().scale(b.deep)
	return []vec{b.centre.sub(x).sub(y), b.centre.add(x).sub(y), b.centre.add(x).add(y), b.centre.sub(x).add(y)}
}

// apart reports whether two boxes keep a gap.
func (b box) apart(o box, gap float64) bool {
	between := o.centre.sub(b.centre)
	for _, axis := range []vec{b.along, b.along.left(), o.along, o.along.left()} {
		if math.Abs(between.dot(axis)) > b.reach(axis)+o.reach(axis)+gap {
			return true
		}
	}
	return false
}

// reach returns how far the box reaches from its centre in a direction.
func (b box) reach(d vec) float64 {
	return float64(b.half*math.Abs(b.along.dot(d))) + float64(b.deep*math.Abs(b.along.left().dot(d)))
}

// meets reports whether the line pq comes nearer to the box than a gap.
func (b box) meets(p, q vec, gap float64) bool {
	lo, hi := 0.0, 1.0
	p, q = p.sub(b.centre), q.sub(b.centre)
	for _, a := range [2]struct {
		axis vec
		most float64
	}{{b.along, b.half + gap}, {b.along.left(), b.deep + gap}} {
		from, step := p.dot(a.axis), q.sub(p).dot(a.axis)
		if step == 0 {
			if math.Abs(from) >= a.most {
				return false
			}
			continue
		}
		enter, leave := (-a.most-from)/step, (a.most-from)/step
		lo, hi = max(lo, min(enter, leave)), min(hi, max(enter, leave))
	}
	return lo < hi
}

// yard is a parcel that is being built on.
type yard struct {
	*parcel
	heading vec // of rows: east, or as the parcel lies if that is nearly east
	taken   []box
}

func newYard(p *parcel) *yard {
	d := longestSide(p.ring)
	if math.Abs(d.y) > math.Abs(d.x) {
		d = d.left()
	}
	if d.x < 0 {
		d = d.scale(-1)
	}
	if math.Abs(d.y) > 0.45 {
		d = vec{1, 0}
	}
	return &yard{parcel: p, heading: d}
}

// wallRoom is how far buildings keep from where walls may stand.
const wallRoom = 2.5

// fits reports whether a box lies in the yard, clear of its streets and of what stands there.
func (y *yard) fits(b box, gap float64) bool {
	if !inside(y.ring, b.centre) {
		return false
	}
	for i, p := range y.ring {
		if b.meets(p, y.ring[(i+1)%len(y.ring)], y.sides[i].halfWidth()+wallRoom) {
			return false
		}
	}
	return !slices.ContainsFunc(y.taken, func(o box) bool { return !b.apart(o, gap) })
}

// plot is a kind of building as rows of it are laid out.
type plot struct {
	halves []float64 // half the lengths there are; they alternate
	deep   float64
	pitch  float64 // from row to row
	gap    float64 // in the row
}

var (
	slabPlot   = plot{[]float64{24, 18}, 5.8, 24, 7}
	towerPlot  = plot{[]float64{13}, 11, 44, 18}
	housePlot  = plot{[]float64{5.1}, 4, 14.5, 1.6}
	worksPlot  = plot{[]float64{17, 24}, 9, 27, 9}
	officePlot = plot{[]float64{15, 21}, 6.5, 24, 8}
	shedPlot   = plot{[]float64{6}, 2.8, 15, 10}
)

// rows returns boxes of a kind in rows, from the south: of a few ways to begin, the one with the most. They clear what
// stands in the yard by gap metres, but are not put there.
func (y *yard) rows(k plot, turn int) (best []box) {
	n := y.heading.left()
	lo, hi := extent(y.ring, n)
	west, east := extent(y.ring, y.heading)
	for begin := range 4 {
		var got []box
		for t := lo + k.deep + float64(k.pitch*float64(begin))/4; t < hi; t += k.pitch {
			for s := west; s < east; {
				step := 3.0
				for i := range k.halves {
					half := k.halves[(turn+len(got)+i)%len(k.halves)]
					b := box{y.heading.scale(s + half).add(n.scale(t)), y.heading, half, k.deep}
					if y.fits(b, 5) {
						got = append(got, b)
						step = 2*half + k.gap
						break
					}
				}
				s += step
			}
		}
		if len(got) > len(best) {
			best = got
		}
	}
	return best
}

// frontage returns boxes for shops along the streets of the yard, and takes the room for them.
func (y *yard) frontage(weakest street, length func() float64) (got []box) {
	const deep = 4.5
	for i, p := range y.ring {
		if y.sides[i] < arterial || y.sides[i] > weakest {
			continue
		}
		q := y.ring[(i+1)%len(y.ring)]
		d, whole := q.sub(p).unit(), p.distance(q)
		off := y.sides[i].halfWidth() + wallRoom + 0.1 + deep
		for s := 12.0; ; {
			half := length() / 2
			if s+2*half > whole-12 {
				break
			}
			b := box{p.add(d.scale(s + half)).add(d.left().scale(off)), d, half, deep}
			if y.fits(b, 1) {
				got = append(got, b)
				y.taken = append(y.taken, b)
			}
			s += 2*half + 2
		}
	}
	return got
}

// lane returns the line through a yard that runs t metres along the normal of its rows, from street to street.
func (y *yard) lane(t float64) (line []vec, ok bool) {
	n := y.heading.left()
	var cuts []float64
	for i, p := range y.ring {
		q := y.ring[(i+1)%len(y.ring)]
		a, b := p.dot(n)-t, q.dot(n)-t
		if (a < 0) != (b < 0) {
			cuts = append(cuts, between(p, q, a/(a-b)).dot(y.heading))
		}
	}
	slices.Sort(cuts)
	if len(cuts) != 2 || cuts[1]-cuts[0] < 40 {
		return nil, false
	}
	at := func(s float64) vec { return y.heading.scale(s).add(n.scale(t)) }
	return []vec{at(cuts[0] - 0.5), at(cuts[1] + 0.5)}, true
}
