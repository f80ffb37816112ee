package plan_test

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
)

// drawn returns a plan some random edits away from the given one.
func drawn(t *rapid.T, s *plan.Snapshot) *plan.Snapshot {
	for range rapid.IntRange(0, 6).Draw(t, "edits") {
		if e, ok := drawEdit(t, s); ok {
			next, err := s.Apply(e)
			if err != nil {
				t.Fatal(err)
			}
			s = next
		}
	}
	return s
}

// What is compared adds up: each block that another grid has is in one move, no other is, and a plan differs from itself in nothing.
func TestCompareAddsUp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := drawn(t, proposed(t))
		b := drawn(t, a)
		c := plan.Compare(a, b)
		if c.OnlyA != 0 || c.OnlyB != 0 {
			t.Fatalf("equal grounds differ in %d and %d blocks", c.OnlyA, c.OnlyB)
		}
		answers := map[plan.GridNo]plan.GridNo{0: 0}
		seen := map[plan.GridNo]bool{}
		for _, p := range c.Pairs {
			if p.A != 0 {
				answers[p.A] = p.B
			}
			if p.B != 0 && seen[p.B] {
				t.Fatalf("grid %d answers twice", p.B)
			}
			seen[p.B] = true
		}
		moved := map[plan.BlockID]bool{}
		sum := make([]float64, len(c.Moved))
		for _, m := range c.Moves {
			if answers[m.From] == m.To && (m.From == 0) == (m.To == 0) {
				t.Fatalf("from %d to %d is no move", m.From, m.To)
			}
			for i, id := range m.Blocks {
				at, _ := a.Ground.ByID(id)
				if moved[id] || a.At[at] != m.From || b.At[at] != m.To || a.Ground.Blocks[at].Code != m.Codes[i] {
					t.Fatalf("block %d from %d to %d", id, m.From, m.To)
				}
				moved[id] = true
			}
			for i, n := range m.Loads {
				sum[i] += n
			}
		}
		if !slices.Equal(sum, c.Moved) || len(moved) != c.Blocks {
			t.Fatalf("moves of %v sum up to %v, %d blocks to %d", c.Moved, sum, c.Blocks, len(moved))
		}
		for i := range b.At {
			if from, to := a.At[i], b.At[i]; !moved[b.Ground.Blocks[i].ID] && (answers[from] != to || (from == 0) != (to == 0)) {
				t.Fatalf("block %d went from %d to %d unseen", i, from, to)
			}
		}
		if self := plan.Compare(b, b); self.Blocks != 0 || len(self.Moves) != 0 {
			t.Fatalf("a plan differs from itself: %+v", self.Moves)
		}
	})
}

// Grids are compared, not their numbers: the same plan with its grids numbered otherwise is the same.
func TestCompareLooksThroughNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := proposed(t)
		order := rapid.Permutation(func() (nos []int) {
			for i := range a.Grids {
				nos = append(nos, i)
			}
			return nos
		}()).Draw(t, "order")
		grids := make([]plan.Grid, len(a.Grids))
		at := make([]plan.GridNo, len(a.At))
		for i, to := range order {
			grids[to] = a.Grids[i]
			grids[to].No = plan.GridNo(to + 1)
		}
		for b, no := range a.At {
			if no != 0 {
				at[b] = plan.GridNo(order[no-1] + 1)
			}
		}
		if c := plan.Compare(a, plan.NewSnapshot(a.Ground, a.Recipe, 1, grids, at)); c.Blocks != 0 {
			t.Fatalf("%d blocks moved", c.Blocks)
		}
	})
}

// A suggestion that is followed does what it says: no grid comes apart, none is emptied, and what it settles is settled.
func TestMendsDoWhatTheySay(t *testing.T) {
	band := &plan.Band{Measure: plan.Households, Min: 180, Max: 240}
	mended := 0
	rapid.Check(t, func(t *rapid.T) {
		s := drawn(t, proposed(t))
		if rapid.Bool().Draw(t, "banded") {
			r := s.Recipe
			r.Band, r.Grids = band, 0
			s = plan.NewSnapshot(s.Ground, r, s.Revision, s.Grids, s.At)
		}
		for _, f := range s.Findings() {
			m := s.Mend(f)
			if m == nil {
				continue
			}
			mended++
			var codes []string
			for _, b := range m.Blocks {
				codes = append(codes, s.Ground.Blocks[b].Code)
			}
			e, err := s.Assignment(codes, s.Grids[m.To-1].Code)
			if err != nil {
				t.Fatalf("%s: %v", f.Rule, err)
			}
			e.Revision = s.Revision + 1
			after, err := s.Apply(e)
			if err != nil {
				t.Fatal(err)
			}
			for _, no := range e.Touched() {
				if after.Pieces(no) > max(1, s.Pieces(no)) || after.Pieces(no) == 0 {
					t.Fatalf("%s: grid %d was in %d pieces and is in %d", f.Rule, no, s.Pieces(no), after.Pieces(no))
				}
			}
			left := slices.IndexFunc(after.Findings(), func(g plan.Finding) bool {
				return g.Rule == f.Rule && g.Grid == f.Grid && (f.Rule != "unassigned" || after.Ground.Blocks[g.Blocks[0]].Parent == s.Ground.Blocks[f.Blocks[0]].Parent)
			})
			if m.Settle && left >= 0 {
				t.Fatalf("%s of grid %d is not settled by %v to %d", f.Rule, f.Grid, codes, m.To)
			}
			if !m.Settle && left < 0 {
				t.Fatalf("%s of grid %d is settled unawares", f.Rule, f.Grid)
			}
			if total(s) != total(after) && f.Rule != "unassigned" {
				t.Fatal("something was lost")
			}
		}
	})
	if mended == 0 {
		t.Error("nothing was ever mended")
	}
}

func total(s *plan.Snapshot) (sum float64) {
	for _, g := range s.Grids {
		sum += s.Loads(g.No)[0]
	}
	return math.Round(sum)
}
