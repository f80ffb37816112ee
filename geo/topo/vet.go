package topo

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Flaw is something wrong with a shape that nobody can tidy without judging what was meant.
type Flaw struct {
	Kind string // one of FlawKinds
	At   crs.Point
}

// The kinds of flaws.
const (
	FewPoints    = "few_points"    // a ring of fewer than three different points
	Spike        = "spike"         // a ring that turns straight back on itself; one without area does
	SelfCrossing = "self_crossing" // a ring that crosses itself, or winds twice round the same ground
	LineTouch    = "line_touch"    // a ring that runs along itself or along another ring of its polygon
	HoleOutside  = "hole_outside"  // a hole that is not all inside its shell
	RingsCross   = "rings_cross"   // a hole that crosses its shell or another hole, or lies in another hole
	PartsOverlap = "parts_overlap" // two parts that share ground
)

// FlawKinds lists every kind of flaw.
var FlawKinds = []string{FewPoints, Spike, SelfCrossing, LineTouch, HoleOutside, RingsCross, PartsOverlap}

// Vet tidies a shape as far as that needs no judgement and changes no ground: points repeated one after the other, a
// first point repeated at the end, the direction and the start of rings, the order of parts. Rings that touch themselves
// or others in single points are taken apart there, and parts that share a border are made one. clean is as Union returns
// it; where a ring touches a side of another it has a corner there too.
//
// What is wrong is told as flaws, each kind once at each place, from west to east; then clean is nil. A shape without flaws
// is valid by the rules of the OGC, as PostGIS's ST_IsValid checks them. The cost is O((n + k) log n) for n points and k
// places where lines meet.
func Vet(m shape.MultiPolygon) (clean shape.MultiPolygon, flaws []Flaw) {
	v := vetting{}
	for part, p := range m {
		for i, r := range p {
			v.add(ring{part: part, hole: i > 0}, r)
		}
	}
	if len(v.flaws) == 0 {
		v.meet()
	}
	if len(v.flaws) == 0 {
		clean = v.assemble()
	}
	if len(v.flaws) > 0 {
		return nil, v.told()
	}
	return clean, nil
}

// vetting is the rings of a shape, and what was found wrong with them.
type vetting struct {
	rings   []ring
	lines   []arrange.Line
	ringOf  []int32       // by line
	touched [][]crs.Point // by line: corners of others between its ends
	flaws   []Flaw
}

type ring struct {
	part        int
	hole        bool
	first, last int32 // its lines
}

func (v *vetting) flaw(kind string, at crs.Point) { v.flaws = append(v.flaws, Flaw{kind, at}) }

func (v *vetting) told() []Flaw {
	slices.SortFunc(v.flaws, func(f, g Flaw) int { return cmp.Or(f.At.Compare(g.At), cmp.Compare(f.Kind, g.Kind)) })
	return slices.Compact(v.flaws)
}

// add takes the lines of a ring, without those of no length.
func (v *vetting) add(r ring, points shape.Ring) {
	r.first = int32(len(v.lines))
	v.lines = appendRing(v.lines, points)
	r.last = int32(len(v.lines)) - 1
	switch n := r.last - r.first + 1; {
	case len(points) == 0:
		v.flaw(FewPoints, crs.Point{})
	case n < 3:
		v.flaw(FewPoints, points[0])
	}
	for range r.last - r.first + 1 {
		v.ringOf = append(v.ringOf, int32(len(v.rings)))
	}
	v.rings = append(v.rings, r)
}

// follow reports whether line j is the next after i in the same ring.
func (v *vetting) follow(i, j int32) bool {
	r := v.rings[v.ringOf[i]]
	return v.ringOf[i] == v.ringOf[j] && (j == i+1 || i == r.last && j == r.first)
}

// enough flaws are told of a shape: a scribble has millions.
const enough = 100

// meet looks at each two lines that meet: they may do so in one point that is an end of one of them. It keeps where a line
// is touched between its ends.
func (v *vetting) meet() {
	v.touched = make([][]crs.Point, len(v.lines))
	arrange.Meetings(v.lines, func(i, j int32) bool {
		l, m := v.lines[i], v.lines[j]
		if l.Crosses(m) {
			v.flaw(v.crossing(v.rings[v.ringOf[i]], v.rings[v.ringOf[j]], v.ringOf[i] == v.ringOf[j]), l.Crossing(m))
			return len(v.flaws) < enough
		}
		if along, at := together(l, m); along {
			v.alongside(i, j, at)
		}
		for _, p := range [2]crs.Point{m.From, m.To} {
			if l.Holds(p) && p != l.From && p != l.To {
				v.touched[i] = append(v.touched[i], p)
			}
		}
		for _, p := range [2]crs.Point{l.From, l.To} {
			if m.Holds(p) && p != m.From && p != m.To {
				v.touched[j] = append(v.touched[j], p)
			}
		}
		return len(v.flaws) < enough
	})
}

func (v *vetting) crossing(r, s ring, same bool) string {
	switch {
	case same:
		return SelfCrossing
	case r.part == s.part:
		return RingsCross
	}
	return PartsOverlap
}

// together reports whether two lines share more than a point, and where that begins.
func together(l, m arrange.Line) (bool, crs.Point) {
	if l.Side(m.From) != 0 || l.Side(m.To) != 0 {
		return false, crs.Point{}
	}
	west := func(l arrange.Line) (a, b crs.Point) {
		if l.From.Compare(l.To) > 0 {
			return l.To, l.From
		}
		return l.From, l.To
	}
	a, b := west(l)
	c, d := west(m)
	if a.Compare(c) < 0 {
		a = c
	}
	if b.Compare(d) > 0 {
		b = d
	}
	return a.Compare(b) < 0, a
}

// alongside judges two lines that run together. Between two parts that is their common border, which disappears.
func (v *vetting) alongside(i, j int32, at crs.Point) {
	switch {
	case v.follow(i, j):
		v.flaw(Spike, v.lines[i].To)
	case v.follow(j, i):
		v.flaw(Spike, v.lines[j].To)
	case v.rings[v.ringOf[i]].part == v.rings[v.ringOf[j]].part:
		v.flaw(LineTouch, at)
	}
}
