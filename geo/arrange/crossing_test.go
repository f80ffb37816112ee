package arrange_test

import (
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// turnsLeft returns the sign of the turn at b on the way from a by b to c, by rational arithmetic without bounds: it shares nothing with the
// predicates of the package.
func turnsLeft(a, b, c crs.Point) int {
	n := func(p, q crs.Coord) *big.Rat { return new(big.Rat).SetInt64(int64(p) - int64(q)) }
	x := new(big.Rat).Mul(n(b.Lon, a.Lon), n(c.Lat, a.Lat))
	return x.Cmp(new(big.Rat).Mul(n(b.Lat, a.Lat), n(c.Lon, a.Lon)))
}

// within reports whether a point that is on the same straight line lies between the ends of a line, these excluded.
func within(p crs.Point, l arrange.Line) bool {
	lo, hi := l.Upward().From, l.Upward().To
	return p.Compare(lo) > 0 && p.Compare(hi) < 0
}

// meetInside reports whether two different lines have a point in common that is no end of both.
func meetInside(l, m arrange.Line) bool {
	a, b := turnsLeft(l.From, l.To, m.From), turnsLeft(l.From, l.To, m.To)
	c, d := turnsLeft(m.From, m.To, l.From), turnsLeft(m.From, m.To, l.To)
	if a*b < 0 && c*d < 0 {
		return true
	}
	return a == 0 && within(m.From, l) || b == 0 && within(m.To, l) || c == 0 && within(l.From, m) || d == 0 && within(l.To, m)
}

// However lines cross, touch and overlap, what comes out of the arrangement meets at nodes only: here and at the far ends of the earth.
func TestNothingCrossesIndependently(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segments := drawSegments(t)
		far := rapid.SampledFrom([]crs.Point{{}, {Lon: 1_799_999_000, Lat: 899_999_000}, {Lon: -1_800_000_000, Lat: -900_000_000}}).Draw(t, "far")
		for i := range segments {
			for _, p := range []*crs.Point{&segments[i].From, &segments[i].To} {
				p.Lon, p.Lat = p.Lon+far.Lon, p.Lat+far.Lat
			}
		}
		net := snap(t, segments)
		for i := range net.Edges {
			for j := range i {
				if l, m := net.Line(i), net.Line(j); l.Upward() == m.Upward() || meetInside(l, m) {
					t.Fatalf("%v and %v", l, m)
				}
			}
		}
	})
}
