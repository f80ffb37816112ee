package topo_test

import (
	"math/rand"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// A step of the grid is about a centimetre, so these shapes are some metres wide.
func TestMendSettlesSlips(t *testing.T) {
	for _, c := range []struct {
		name        string
		shape, want shape.MultiPolygon
	}{
		{"nothing to mend", box(0, 0, 900, 900), box(0, 0, 900, 900)},
		{"a loop outwards", one(ring(0, 0, 900, 0, 900, 900, 500, 900, 490, 910, 510, 910, 500, 900, 0, 900)),
			one(ring(0, 0, 900, 0, 900, 900, 500, 900, 0, 900))},
		{"a spike", one(ring(0, 0, 900, 0, 900, 900, 500, 900, 500, 950, 500, 900, 0, 900)), one(ring(0, 0, 900, 0, 900, 900, 500, 900, 0, 900))},
		{"a hole that reaches out a little", one(ring(0, 0, 900, 0, 900, 900, 0, 900), ring(400, 400, 400, 910, 500, 910, 500, 400)),
			one(ring(0, 0, 900, 0, 900, 900, 500, 900, 500, 400, 400, 400, 400, 900, 0, 900))},
		{"parts that overlap a little", append(box(0, 0, 500, 900), box(490, 0, 900, 900)...),
			one(ring(0, 0, 490, 0, 500, 0, 900, 0, 900, 900, 500, 900, 490, 900, 0, 900))},
	} {
		clean, settled, flaws := topo.Mend(c.shape, 0.5)
		if !equal(clean, c.want) {
			t.Errorf("%s: got %v, flaws %v, want %v", c.name, clean, flaws, c.want)
		}
		if _, vetted := topo.Vet(c.shape); len(vetted) != len(flaws) || len(flaws) == 0 && settled != 0 {
			t.Errorf("%s: settled %v of %v", c.name, settled, flaws)
		}
	}
}

func TestMendLeavesWhatNobodyCanTell(t *testing.T) {
	var scribble shape.Ring
	random := rand.New(rand.NewSource(1))
	for range 3000 {
		scribble = append(scribble, pt(random.Intn(1_000_000), random.Intn(1_000_000)))
	}
	for name, m := range map[string]shape.MultiPolygon{
		"a bow tie":           one(ring(0, 0, 900, 900, 900, 0, 0, 900)),
		"a wide loop":         one(ring(0, 0, 900, 0, 900, 900, 500, 900, 300, 400, 600, 400, 400, 900, 0, 900)),
		"two points":          one(ring(0, 0, 900, 900)),
		"there and back":      one(ring(0, 0, 900, 0, 900, 900, 900, 0)),
		"parts on each other": append(box(0, 0, 500, 900), box(200, 0, 900, 900)...),
		"a scribble":          one(scribble),
	} {
		if clean, _, flaws := topo.Mend(m, 0.5); clean != nil || len(flaws) == 0 {
			t.Errorf("%s: %v, %v", name, clean, flaws)
		}
	}
}

// What Mend makes is valid, and its ground is what the rings wind round more often to the left than to the right.
func TestMendedGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := one(drawRing(t, 1000))
		clean, _, flaws := topo.Mend(m, 1e9)
		if clean == nil {
			if len(flaws) == 0 {
				t.Fatalf("nothing came of %v", m)
			}
			return
		}
		wantValid(t, "mended", clean)
		if twiceArea(m) < 0 {
			m = one(turned(m[0][0]))
		}
		for range 50 {
			p := pt(rapid.IntRange(0, 1000).Draw(t, "x"), rapid.IntRange(0, 1000).Draw(t, "y"))
			if beside(p, m) {
				continue
			}
			if in := windings(p, m) > 0; in != strictlyInside(p, clean) {
				t.Fatalf("%v lies in %v: %v; in what was mended: %v", p, m, in, clean)
			}
		}
	})
}

// A shaken ring is mended: it crosses itself in narrow loops only.
func TestMendShaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var r shape.Ring
		for side := range 4 {
			for i := range 40 {
				at := [4][2]int{{i, 0}, {40, i}, {40 - i, 40}, {0, 40 - i}}[side]
				r = append(r, pt(300*at[0]+rapid.IntRange(-400, 400).Draw(t, "x"), 300*at[1]+rapid.IntRange(-400, 400).Draw(t, "y")))
			}
		}
		clean, settled, flaws := topo.Mend(one(r), 10)
		if clean == nil {
			t.Fatalf("not mended: %v", flaws)
		}
		wantValid(t, "mended", clean)
		if len(flaws) == 0 && settled > 0 || float64(settled) > 0.2*float64(clean.Area()) {
			t.Fatalf("%v of %v m² were in doubt", settled, clean.Area())
		}
	})
}

// windings returns how often rings wind round a point to the left, those of holes counted as they are drawn.
func windings(p crs.Point, m shape.MultiPolygon) (n int) {
	for _, l := range lines(m) {
		switch {
		case l.From.Lat <= p.Lat && p.Lat < l.To.Lat && l.Side(p) > 0:
			n++
		case l.To.Lat <= p.Lat && p.Lat < l.From.Lat && l.Side(p) < 0:
			n--
		}
	}
	return n
}

// beside reports whether a point is so near to a side that cutting the lines may have moved it over it.
func beside(p crs.Point, m shape.MultiPolygon) bool {
	for _, l := range lines(m) {
		for _, x := range [3]int{-3, 0, 3} {
			for _, y := range [3]int{-3, 0, 3} {
				q := pt(int(p.Lon)+x, int(p.Lat)+y)
				if s := l.Side(p); s == 0 || s != l.Side(q) {
					return true
				}
			}
		}
	}
	return false
}
