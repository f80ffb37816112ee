package plan_test

import (
	"errors"
	"os"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/plan/plantest"
)

// randomEdits returns how many random edits a test makes: a few, or as many as GRIDWRIGHT_EDITS says.
func randomEdits(few int) int {
	if n, err := strconv.Atoi(os.Getenv("GRIDWRIGHT_EDITS")); err == nil {
		return n
	}
	return few
}

// Whatever is edited, a plan keeps what is always true; undo of do is nothing, and all undone it is what it was, to the last bit.
func TestRandomEditsKeepWhatIsAlwaysTrue(t *testing.T) {
	done := map[plan.EditKind]int{}
	rapid.Check(t, func(t *rapid.T) {
		c := editCase{Town: []string{"AABBCC", "AABBCC", "AABBCC"}, Columns: 6, Households: 10}
		if rapid.Bool().Draw(t, "two parents") {
			c.Columns, c.Town = 3, []string{"AABCDD", "AABCDD", "ABBCCD"}
		}
		for range rapid.IntRange(0, 12).Draw(t, "buildings") {
			c.Buildings = append(c.Buildings, drawnBuilding{rapid.Float64Range(0.1, 5.9).Draw(t, "x"), rapid.Float64Range(0.1, 2.9).Draw(t, "y"),
				rapid.Int64Range(0, 6).Draw(t, "n")})
		}
		l := newLog(c.draw(t), c.things())
		intn := func(n int) int { return rapid.IntRange(0, n-1).Draw(t, "n") }
		for range randomEdits(12) {
			before := l.now
			w := plantest.RandomWish(before, intn)
			switch err := l.do(t, w); {
			case errors.Is(err, errNothing):
				continue
			case plan.KindOf(err) == plan.Invalid, plan.KindOf(err) == plan.Wrong:
				continue
			case err != nil:
				t.Fatalf("%+v: %v", w, err)
			}
			done[w.Kind]++
			holds(t, l.now)
			uncut(t, l)
			back, err := l.now.Rewind(l.edits[len(l.edits)-1:])
			if err != nil {
				t.Fatalf("%+v: %v", w, err)
			}
			if err := plantest.Same(back, before); err != nil {
				t.Fatalf("%+v taken back: %v", w, err)
			}
		}
		r := rapid.IntRange(1, len(l.past)).Draw(t, "revision")
		back, err := l.now.Rewind(l.edits[r:])
		if err != nil {
			t.Fatalf("back to revision %d: %v", r, err)
		}
		if err := plantest.Same(back, l.past[r-1]); err != nil || back.Revision != int64(r) {
			t.Fatalf("back to revision %d, at %d: %v", r, back.Revision, err)
		}
		for {
			if err := l.do(t, plantest.Wish{Kind: plan.Undo}); err != nil {
				break
			}
		}
		if err := plantest.Same(l.now, l.past[0]); err != nil {
			t.Fatalf("all undone: %v", err)
		}
	})
	t.Log(done)
	for _, kind := range []plan.EditKind{plan.Assign, plan.CutGrid, plan.Reshape, plan.Merge, plan.Restore} {
		if done[kind] == 0 {
			t.Errorf("no edit was a %s", kind)
		}
	}
}

// uncut looks whether a border of a block that was cut runs through a building through which none ran before.
func uncut(t rapid.TB, l *log) {
	g := l.now.Ground
	for i := range l.things {
		footprint := l.things[i].Geometry.Shape
		if g.Whole == nil || crossings(g.Whole, footprint, false) > 0 {
			continue
		}
		if crossings(g, footprint, true) > 0 {
			t.Fatalf("revision %d: a border runs through building %s", l.now.Revision, l.things[i].Code)
		}
	}
}

// crossings counts the sides of blocks that run through a footprint.
func crossings(g *plan.Ground, footprint shape.MultiPolygon, ofCuts bool) (n int) {
	box := footprint.Box()
	for i := range g.Blocks {
		if b := &g.Blocks[i]; (!ofCuts || b.CutOf != 0) && b.Shape.Box().Meets(box) {
			for _, side := range sides(b.Shape) {
				for _, wall := range sides(footprint) {
					middle := crs.Point{Lon: side.From.Lon + (side.To.Lon-side.From.Lon)/2, Lat: side.From.Lat + (side.To.Lat-side.From.Lat)/2}
					if side.Crosses(wall) || topo.Inside(side.From, footprint) || topo.Inside(middle, footprint) {
						n++
					}
				}
			}
		}
	}
	return n
}

func sides(m shape.MultiPolygon) (lines []arrange.Line) {
	for _, p := range m {
		for _, r := range p {
			for i, to := range r {
				lines = append(lines, arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to})
			}
		}
	}
	return lines
}
