package postgis_test

import (
	"slices"
	"strings"
	"testing"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis/postgistest"
)

// A recipe that asks for several plans makes them plans of their own, each complete.
func TestAlternativesAreStored(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 2, 6, 6, func(p, b int) int64 { return int64(20 + (5*b+p)%7) })
	r := postgistest.Recipe(8)
	r.Alternatives, r.Tolerance = 3, 0.1
	first := postgistest.Plan(t, store, r)
	plans, err := store.Plans(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(plans) < 2 {
		t.Fatalf("%d plans", len(plans))
	}
	seen := map[string]plan.ID{}
	for _, p := range plans {
		s, err := store.Snapshot(t.Context(), p.ID)
		if err != nil {
			t.Fatal(err)
		}
		if len(s.Grids) != 8 || !s.Summary().Contiguous || p.Revision != 1 || p.Result.Grids != 8 {
			t.Errorf("plan %s: %+v", p.ID, p)
		}
		if p.ID != first && (p.Recipe.Alternative < 2 || !strings.HasPrefix(p.Name, "plan ")) {
			t.Errorf("plan %s is called %q and is alternative %d", p.ID, p.Name, p.Recipe.Alternative)
		}
		var key strings.Builder
		for _, no := range s.At {
			key.WriteByte(byte('a' + no))
		}
		if other, twice := seen[key.String()]; twice {
			t.Errorf("plans %s and %s are the same", other, p.ID)
		}
		seen[key.String()] = p.ID
	}
}

// What a planner adds to a split is kept with the plan: locks by the base's codes, numbers by area, dedicated grids as such; and why a
// large grid cannot do what is wished.
func TestWishesAreStored(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 2, 6, 5, func(p, b int) int64 {
		if p == 1 && b == 29 {
			return 900
		}
		return int64(10 + (7*b+3*p)%13)
	})
	base := postgistest.Plan(t, store, postgistest.Recipe(6))
	before, err := store.Snapshot(t.Context(), base)
	if err != nil {
		t.Fatal(err)
	}
	r := postgistest.Recipe(9)
	r.Base, r.MaxChange = base.String(), 1
	r.Numbers = []plan.Number{{Area: "P0", Min: 5, Max: 5}}
	r.Rules = &plan.Rules{LockedGrids: []string{"P1-01"}, Dedicated: [][]string{{"P0-B00", "P0-B01"}}}
	id := postgistest.Plan(t, store, r)
	s, err := store.Snapshot(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	if base, all := len(s.Siblings(0)), len(s.Grids); base != 5 || all != 10 {
		t.Errorf("P0 has %d base grids, the plan %d", base, all)
	}
	dedicated := slices.IndexFunc(s.Grids, func(g plan.Grid) bool { return g.Dedicated() })
	if dedicated < 0 || len(s.Blocks(s.Grids[dedicated].No)) != 2 {
		t.Errorf("no dedicated grid among %+v", s.Grids)
	}
	blocksOf := func(s *plan.Snapshot) (codes []string) {
		for b, no := range s.At {
			if no != 0 && s.Grids[no-1].Code == "P1-01" {
				codes = append(codes, s.Ground.Blocks[b].Code)
			}
		}
		return codes
	}
	if !slices.Equal(blocksOf(s), blocksOf(before)) {
		t.Errorf("the locked grid was %v, is %v", blocksOf(before), blocksOf(s))
	}
	found := slices.DeleteFunc(s.Findings(), func(f plan.Finding) bool { return f.Rule != "why" })
	if len(found) != 1 || !strings.Contains(found[0].In(words.Zh), "P1-B29不可再分") {
		t.Errorf("%v", found)
	}
}
