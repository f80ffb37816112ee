package partition

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// changedOf returns the share of a parent's load in the first measure it has that left its grid, counted from the problem alone.
func changedOf(p Problem, s *Solution, parent int) float64 {
	for _, m := range p.Balance {
		var left, all float64
		for b, load := range p.Graph.Loads[m] {
			if p.Parent != nil && int(p.Parent[b]) != parent {
				continue
			}
			all += load
			if p.Base[b] >= 0 && s.From[s.At[b]] != p.Base[b] {
				left += load
			}
		}
		if all > 0 {
			return left / all
		}
	}
	return 0 // nothing to balance: it is blocks that are counted
}

func idle(p Problem, parent int) bool {
	for _, m := range p.Balance {
		for b, load := range p.Graph.Loads[m] {
			if load > 0 && (p.Parent == nil || int(p.Parent[b]) == parent) {
				return false
			}
		}
	}
	return true
}

// A division that is a plan already loses no more than is allowed and gets no worse; one that may not change is kept.
func TestPlanStaysNearItsBase(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 24)
		before, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		p.Base = before.At
		p.MaxChange = rapid.SampledFrom([]float64{0, 0.05, 0.3, 1}).Draw(t, "max change")
		p.Seed++
		for m := range p.Graph.Loads {
			for b := range p.Graph.Loads[m] {
				p.Graph.Loads[m][b] += float64(rapid.IntRange(0, 3).Draw(t, "growth"))
			}
		}
		after, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		checked(t, p, after)
		for i, r := range after.Parents {
			if r.Changed > p.MaxChange+1e-9 {
				t.Fatalf("parent %d: %v changed, allowed %v", i, r.Changed, p.MaxChange)
			}
			if !idle(p, i) {
				if got := changedOf(p, after, i); got > r.Changed+1e-9 || got < r.Changed-1e-9 {
					t.Fatalf("parent %d: %v changed, said to be %v", i, got, r.Changed)
				}
			}
			if was := worstOf(p, before.At, i); r.MaxDeviation > max(was, p.Tolerance)+1e-9 {
				t.Fatalf("parent %d: worst deviation %v, was %v", i, r.MaxDeviation, was)
			}
		}
		positive := !slices.ContainsFunc(p.Graph.Loads[0], func(load float64) bool { return load == 0 })
		if p.MaxChange == 0 && positive && !slices.Equal(before.At, after.At) {
			t.Fatalf("%v became %v", before.At, after.At)
		}
	})
}

// Any numbers at all are taken as a base: grids in pieces, too many, too few, blocks in none.
func TestAnyBaseIsTaken(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 24)
		p.Base = rapid.SliceOfN(rapid.Int32Range(-1, 6), p.Graph.N(), p.Graph.N()).Draw(t, "base")
		p.MaxChange = rapid.SampledFrom([]float64{0, 0.3}).Draw(t, "max change")
		s, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		checked(t, p, s)
		first := 0
		for i, k := range p.Grids {
			names := slices.Clone(s.From[first : first+k])
			slices.Sort(names)
			for g, name := range names {
				if name >= 0 && g > 0 && names[g-1] == name {
					t.Fatalf("two grids of parent %d continue grid %d", i, name)
				}
			}
			first += k
			if got := changedOf(p, s, i); !idle(p, i) && (got > s.Parents[i].Changed+1e-9 || got < s.Parents[i].Changed-1e-9) {
				t.Fatalf("parent %d: %v changed, said to be %v", i, got, s.Parents[i].Changed)
			}
		}
	})
}

// A start is improved however much changes: never worse than it where it is a plan, and as good as a search without one.
func TestAStartIsImproved(t *testing.T) {
	p := drawn(t, 2, `
		1111
		1111
		1111
		1111`)
	p.Base = []int32{3, 3, 3, 3, 7, 7, 7, 3, 3, 3, 3, 3, 7, 7, 7, 7} // a snake, and not even
	p.Base[0], p.Tolerance, p.Freely = -1, 0, true
	s := solve(t, p)
	checked(t, p, s)
	if border := borderOf(p, s.At); s.Parents[0].MaxDeviation > 0 || border != borderOf(p, []int32{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1}) {
		t.Errorf("%v: worst deviation %v, border %v", s.At, s.Parents[0].MaxDeviation, border)
	}
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 24)
		before, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		p.Base, p.Freely = before.At, true
		p.Locked = rapid.SliceOfN(rapid.Int32Range(0, int32(p.Graph.N()-1)), 0, 3).Draw(t, "locked")
		p.Seed++
		after, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		checked(t, p, after)
		for i, r := range after.Parents {
			if was := worstOf(p, before.At, i); r.MaxDeviation > max(was, p.Tolerance)+1e-9 {
				t.Fatalf("parent %d: worst deviation %v, was %v", i, r.MaxDeviation, was)
			}
		}
	})
}

// One grid grew: its neighbour takes as little as evens them out.
func TestLeastChangeIsTaken(t *testing.T) {
	p := drawn(t, 2, `
		11114
		11114`)
	p.Base = []int32{7, 7, 3, 3, 3, 7, 7, 3, 3, 3}
	p.Tolerance, p.MaxChange = 0.01, 1
	s := solve(t, p)
	if want := []int32{0, 0, 0, 0, 1, 0, 0, 0, 0, 1}; !slices.Equal(s.At, want) || !slices.Equal(s.From, []int32{7, 3}) || s.Parents[0].Changed != 0.25 {
		t.Errorf("%v continues %v, %v changed", s.At, s.From, s.Parents[0].Changed)
	}
	p.MaxChange = 0.1
	s = solve(t, p)
	if s.Parents[0].Changed > 0.1 || s.Parents[0].MaxDeviation > 0.4 {
		t.Errorf("%v: %v changed, worst deviation %v", s.At, s.Parents[0].Changed, s.Parents[0].MaxDeviation)
	}
}
