package plan_test

import (
	"math"
	"reflect"
	"slices"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
)

// solve splits a town of three large grids of 6 x 5 blocks into 7 grids.
func solve() (*plan.Snapshot, error) {
	g, err := plantest.Town(3, 6, 5, func(p, b int) int64 { return int64(10 + (7*b+3*p)%13) })
	if err != nil {
		return nil, err
	}
	r := plan.Recipe{Scope: "all", Grids: 7, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}, Tolerance: 0.1, Seed: 1, Effort: 400}
	p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true, true}})
	if err != nil {
		return nil, err
	}
	return plan.NewSnapshot(g, r, 1, p.Grids, p.At), nil
}

var solveOnce = sync.OnceValues(solve)

// proposed returns the plan of solve, solved once: a snapshot never changes.
func proposed(t rapid.TB) *plan.Snapshot {
	t.Helper()
	s, err := solveOnce()
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// drawEdit draws an edit that can be made: some blocks of one parent to one of its grids, or to none.
func drawEdit(t *rapid.T, s *plan.Snapshot) (plan.Edit, bool) {
	parent := int32(rapid.IntRange(0, len(s.Ground.Parents)-1).Draw(t, "parent"))
	from, to := s.Ground.ParentBlocks(parent)
	var codes []string
	for _, b := range rapid.SliceOfNDistinct(rapid.IntRange(from, to-1), 1, 5, func(b int) int { return b }).Draw(t, "blocks") {
		codes = append(codes, s.Ground.Blocks[b].Code)
	}
	siblings := s.Siblings(parent)
	grid := ""
	if k := rapid.IntRange(-1, len(siblings)-1).Draw(t, "grid"); k >= 0 {
		grid = s.Grids[siblings[k]-1].Code
	}
	e, err := s.Assignment(codes, grid)
	if err != nil {
		return e, false // nothing would change
	}
	e.Revision = s.Revision + 1
	return e, true
}

// same compares what a reader sees of two snapshots; colours and the revisions of grids may differ.
func same(t *rapid.T, a, b *plan.Snapshot) {
	t.Helper()
	if !slices.Equal(a.At, b.At) {
		t.Fatal("blocks are elsewhere")
	}
	for i := range a.Grids {
		no := plan.GridNo(i + 1)
		if !slices.Equal(a.Blocks(no), b.Blocks(no)) || !slices.Equal(a.Loads(no), b.Loads(no)) || a.Pieces(no) != b.Pieces(no) {
			t.Fatalf("grid %d differs", no)
		}
	}
	if d := cmp.Diff(a.Summary(), b.Summary()); d != "" {
		t.Fatal(d)
	}
}

// An edit leaves what a snapshot made from nothing would have, and its inverse leaves what was before.
func TestEditsAndTheirInverses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		first := proposed(t)
		now := first
		var edits []plan.Edit
		for range rapid.IntRange(1, 6).Draw(t, "n") {
			e, ok := drawEdit(t, now)
			if !ok {
				continue
			}
			before := slices.Clone(now.At)
			next, err := now.Apply(e)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(now.At, before) {
				t.Fatal("the snapshot the edit was made on has changed")
			}
			same(t, next, plan.NewSnapshot(next.Ground, next.Recipe, next.Revision, slices.Clone(next.Grids), slices.Clone(next.At)))
			edits = append(edits, e)
			now = next
		}
		past, err := now.Rewind(edits)
		if err != nil {
			t.Fatal(err)
		}
		same(t, past, first)
		if past.Revision != first.Revision {
			t.Fatalf("rewound to revision %d, not %d", past.Revision, first.Revision)
		}
	})
}

// Every count is conserved: what is in grids and what is in none add up to the ground's total.
func TestSumsAreConserved(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := proposed(t)
		for range 4 {
			if e, ok := drawEdit(t, s); ok {
				var err error
				if s, err = s.Apply(e); err != nil {
					t.Fatal(err)
				}
			}
		}
		for m := range s.Ground.Measures {
			var sum float64
			for _, g := range s.Grids {
				sum += s.Loads(g.No)[m]
			}
			for b, no := range s.At {
				if no == 0 {
					sum += float64(s.Ground.Blocks[b].Counts[m])
				}
			}
			if sum != float64(s.Ground.Total(m)) {
				t.Fatalf("%s: %v in all, %d in the ground", s.Ground.Measures[m], sum, s.Ground.Total(m))
			}
		}
	})
}

func TestEditsThatCannotBe(t *testing.T) {
	s := proposed(t)
	block, other := s.Ground.Blocks[0], ""
	for _, g := range s.Grids {
		if g.Parent != block.Parent {
			other = g.Code
		}
	}
	for _, c := range []struct {
		blocks []string
		to     string
		key    string
	}{
		{nil, s.Grids[0].Code, "edit.no_blocks"},
		{[]string{"nowhere"}, s.Grids[0].Code, "edit.no_block"},
		{[]string{block.Code}, "nowhere", "edit.no_grid"},
		{[]string{block.Code}, other, "edit.other_parent"},
		{[]string{block.Code}, s.CodeOf(0), "edit.nothing"},
	} {
		_, err := s.Assignment(c.blocks, c.to)
		f, ok := err.(*plan.Fault)
		if !ok || f.Key != c.key {
			t.Errorf("%v to %q: %v, not %s", c.blocks, c.to, err, c.key)
		}
	}
}

// The stack of undo and redo is what any editor has: a new edit closes the road back.
func TestHistory(t *testing.T) {
	var h plan.History
	add := func(kind plan.EditKind, revision, reverts int64) {
		h.Add(plan.Edit{Kind: kind, Revision: revision, Reverts: reverts})
	}
	expect := func(undo, redo int64) {
		t.Helper()
		gotUndo, _ := h.Undo()
		gotRedo, _ := h.Redo()
		if gotUndo != undo || gotRedo != redo {
			t.Errorf("undo %d redo %d, not %d and %d", gotUndo, gotRedo, undo, redo)
		}
	}
	add(plan.Propose, 1, 0)
	expect(0, 0)
	add(plan.Assign, 2, 0)
	add(plan.Assign, 3, 0)
	expect(3, 0)
	add(plan.Undo, 4, 3)
	expect(2, 3)
	add(plan.Undo, 5, 2)
	expect(0, 2)
	add(plan.Redo, 6, 2)
	expect(2, 3)
	add(plan.Assign, 7, 0)
	expect(7, 0)
}

// Grids that touch have different colours, before and after edits.
func TestColoursOfNeighboursDiffer(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := proposed(t)
		for range 5 {
			for _, g := range s.Grids {
				for _, n := range s.Neighbours(g.No) {
					if s.Grids[n-1].Colour == g.Colour {
						t.Fatalf("grids %s and %s touch and have colour %d", g.Code, s.Grids[n-1].Code, g.Colour)
					}
				}
			}
			if e, ok := drawEdit(t, s); ok {
				s, _ = s.Apply(e)
			}
		}
	})
}

// A split leaves whole what it was told to keep.
func TestSolveKeepsWhatIsOutsideItsScope(t *testing.T) {
	s := proposed(t)
	parent := int32(1)
	r := s.Recipe
	r.Scope, r.Grids, r.Keep = "P1", 4, "1"
	p, err := solveOne(plan.Task{Ground: s.Ground, Recipe: r, Scope: []bool{false, true, false}, Keep: s})
	if err != nil {
		t.Fatal(err)
	}
	next := plan.NewSnapshot(s.Ground, r, 1, p.Grids, p.At)
	if got := len(next.Siblings(parent)); got != 4 {
		t.Errorf("%d grids in the scope, not 4", got)
	}
	for b := range s.At {
		if s.Ground.Blocks[b].Parent != parent && s.CodeOf(int32(b)) != next.CodeOf(int32(b)) {
			t.Errorf("block %s went from %s to %s", s.Ground.Blocks[b].Code, s.CodeOf(int32(b)), next.CodeOf(int32(b)))
		}
	}
}

// A plan made from another changes no more than it may; grids keep their codes and names, and one more gets new ones. The base
// may be of another ground: blocks are known by their codes.
func TestSolveStaysNearItsBase(t *testing.T) {
	s := proposed(t)
	grown, err := plantest.Town(3, 6, 5, func(p, b int) int64 { return int64(10 + (7*b+3*p)%13 + 20*(b/25)) })
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		grids  int
		change float64
	}{{7, 0}, {7, 0.1}, {8, 0.2}} {
		r := s.Recipe
		r.Base, r.Grids, r.MaxChange = "1", c.grids, c.change
		p, err := solveOne(plan.Task{Ground: grown, Recipe: r, Scope: []bool{true, true, true}, Base: s})
		if err != nil {
			t.Fatal(err)
		}
		next := plan.NewSnapshot(grown, r, 1, p.Grids, p.At)
		var moved, all float64
		for b := range s.At {
			load := float64(grown.Blocks[b].Counts[0])
			all += load
			if s.CodeOf(int32(b)) != next.CodeOf(int32(b)) {
				moved += load
			}
		}
		if got := *p.Result.Changed; math.Abs(got-moved/all) > 1e-9 || c.grids == 7 && got > c.change {
			t.Errorf("%d grids, up to %v: %v changed, said to be %v", c.grids, c.change, moved/all, got)
		}
		codes := map[string]bool{}
		for _, g := range next.Grids {
			codes[g.Code] = true
		}
		for _, g := range s.Grids {
			if !codes[g.Code] {
				t.Errorf("%d grids: %s is gone", c.grids, g.Code)
			}
		}
		if len(codes) != c.grids {
			t.Errorf("%d codes for %d grids", len(codes), c.grids)
		}
	}
}

// With all allowed to change, a plan is a start: its grids are improved and keep their codes.
func TestSolveBeginsWithItsBase(t *testing.T) {
	s := proposed(t)
	worse := slices.Clone(s.At)
	for b, no := range s.At { // one grid of the first large grid takes all of another but a block
		if s.Ground.Blocks[b].Parent == 0 && no == s.At[0] && b > 0 {
			worse[b] = s.At[29]
		}
	}
	r := s.Recipe
	r.Base, r.MaxChange = "1", 1
	scope := []bool{true, true, true}
	p, err := solveOne(plan.Task{Ground: s.Ground, Recipe: r, Scope: scope, Base: plan.NewSnapshot(s.Ground, s.Recipe, 1, s.Grids, worse)})
	if err != nil {
		t.Fatal(err)
	}
	next := snapshotOf(s.Ground, r, p)
	if p.Result.Changed == nil || *p.Result.Changed == 0 {
		t.Errorf("the start was not improved: %+v", p.Result)
	}
	for _, g := range s.Grids {
		if !slices.ContainsFunc(next.Grids, func(h plan.Grid) bool { return h.Code == g.Code }) {
			t.Errorf("%s is gone", g.Code)
		}
	}
}

// Grids are numbered like a page is read, and equal inputs give equal plans.
func TestNumbersAndNames(t *testing.T) {
	a := proposed(t)
	b, err := solve()
	if err != nil {
		t.Fatal(err)
	}
	if !reflect.DeepEqual(a.Grids, b.Grids) || !slices.Equal(a.At, b.At) {
		t.Fatal("two solves of one recipe differ")
	}
	for i, g := range a.Grids {
		if g.No != plan.GridNo(i+1) || i > 0 && g.Parent < a.Grids[i-1].Parent {
			t.Errorf("grid %d is out of order", i)
		}
	}
	first := a.Grids[0]
	if first.Code != "P0-01" || first.Name != "第一网格" || first.NameEn != "Grid 1" {
		t.Errorf("the first grid is %+v", first)
	}
}

// What a director reads.
func TestWords(t *testing.T) {
	g, err := plantest.Town(1, 4, 1, func(_, b int) int64 { return []int64{489, 471, 480, 480}[b] })
	if err != nil {
		t.Fatal(err)
	}
	grids := []plan.Grid{{No: 1, GridProps: plan.GridProps{Code: "P0-01"}}, {No: 2, GridProps: plan.GridProps{Code: "P0-02"}}, {No: 3, GridProps: plan.GridProps{Code: "P0-03"}}, {No: 4, GridProps: plan.GridProps{Code: "P0-04"}}}
	r := plan.Recipe{Scope: "all", Grids: 4, Tolerance: 0.02, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
	s := plan.NewSnapshot(g, r, 1, grids, []plan.GridNo{1, 2, 3, 4})
	for no, want := range map[plan.GridNo][2]string{
		1: {"489户，达标，比平均多9户（1.9%）", "489 households, within tolerance: 9 households (1.9%) over the average"},
		2: {"471户，达标，比平均少9户（1.9%）", "471 households, within tolerance: 9 households (1.9%) under the average"},
		3: {"480户，达标，与平均数相同", "480 households, within tolerance, equal to the average"},
	} {
		for _, l := range words.Langs {
			if got := s.Words(no).In(l); got != want[l] {
				t.Errorf("%q, not %q", got, want[l])
			}
		}
	}
	s = plan.NewSnapshot(g, r, 1, grids, []plan.GridNo{1, 2, 1, 2})
	if got := s.Words(1).In(words.Zh); got != "不连片：分成2片，共969户" {
		t.Error(got)
	}
}
