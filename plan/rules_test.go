package plan_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
)

// carryOut carries out a task.
func carryOut(t plan.Task) ([]*plan.Proposal, error) {
	return plan.Solve(context.Background(), t, func([]plan.FirstGrid) {}, func(plan.Progress) {})
}

// solveOne carries out a task and returns the best plan.
func solveOne(t plan.Task) (*plan.Proposal, error) {
	all, err := carryOut(t)
	if err != nil {
		return nil, err
	}
	return all[0], nil
}

// byHouseholds is a split of everything by households.
func byHouseholds(grids int) plan.Recipe {
	return plan.Recipe{Scope: "all", Grids: grids, Tolerance: 0.1, Seed: 1, Effort: 200,
		Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
}

// snapshotOf is a proposal as a plan.
func snapshotOf(g *plan.Ground, r plan.Recipe, p *plan.Proposal) *plan.Snapshot {
	return plan.NewSnapshot(g, r, 1, p.Grids, p.At)
}

func town(t *testing.T, parents, columns, rows int, households func(int, int) int64) *plan.Ground {
	t.Helper()
	g, err := plantest.Town(parents, columns, rows, households)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// grid returns the code of a block's grid.
func gridAt(s *plan.Snapshot, block string) string {
	b, _ := s.Ground.ByCode(block)
	return s.Grids[s.At[b]-1].Code
}

// Locks stay to the letter, sets are kept, dedicated grids stand beside the number and are balanced against nothing.
func TestRulesAreKept(t *testing.T) {
	g := town(t, 2, 6, 5, func(p, b int) int64 { return int64(10 + (7*b+3*p)%13) })
	first := byHouseholds(8)
	p, err := solveOne(plan.Task{Ground: g, Recipe: first, Scope: []bool{true, true}})
	if err != nil {
		t.Fatal(err)
	}
	base := snapshotOf(g, first, p)
	r := byHouseholds(9)
	r.Base, r.MaxChange = "1", 1
	r.Rules = &plan.Rules{LockedGrids: []string{"P0-02"}, Dedicated: [][]string{{"P1-B00", "P1-B01"}},
		Together: [][]string{{"P1-B12", "P1-B24"}}, Apart: [][2]string{{"P1-B28", "P1-B29"}}}
	p, err = solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}, Base: base})
	if err != nil {
		t.Fatal(err)
	}
	s := snapshotOf(g, r, p)
	if len(s.Grids) != 9+1 {
		t.Errorf("%d grids", len(s.Grids))
	}
	for b := range g.Blocks {
		code := g.Blocks[b].Code
		if was, is := gridAt(base, code) == "P0-02", gridAt(s, code) == "P0-02"; was != is {
			t.Errorf("block %s of the locked grid: was in it %v, is %v", code, was, is)
		}
	}
	if gridAt(s, "P1-B12") != gridAt(s, "P1-B24") || gridAt(s, "P1-B28") == gridAt(s, "P1-B29") {
		t.Error("together or apart is broken")
	}
	dedicated := gridAt(s, "P1-B00")
	i := slices.IndexFunc(s.Grids, func(g plan.Grid) bool { return g.Code == dedicated })
	if len(s.Blocks(s.Grids[i].No)) != 2 || !s.Grids[i].Dedicated() || gridAt(s, "P1-B01") != dedicated {
		t.Errorf("the dedicated grid is %+v of %d blocks", s.Grids[i], len(s.Blocks(s.Grids[i].No)))
	}
	if w := s.Words(s.Grids[i].No).In(words.Zh); !strings.HasSuffix(w, "，专属网格") {
		t.Error(w)
	}
	if slices.ContainsFunc(s.Findings(), func(f plan.Finding) bool { return f.Grid == s.Grids[i].No }) {
		t.Error("somebody balances the dedicated grid")
	}
	if slices.Contains(s.Siblings(1), s.Grids[i].No) {
		t.Error("a dedicated grid among those that are balanced")
	}
}

// A lone lock holds its block in its grid's code while all else is split anew.
func TestALockedBlock(t *testing.T) {
	g := town(t, 1, 6, 4, plantest.Even(10))
	first := byHouseholds(4)
	p, err := solveOne(plan.Task{Ground: g, Recipe: first, Scope: []bool{true}})
	if err != nil {
		t.Fatal(err)
	}
	base := snapshotOf(g, first, p)
	r := byHouseholds(3)
	r.Base, r.MaxChange, r.Rules = "1", 1, &plan.Rules{LockedBlocks: []string{"P0-B23"}}
	if p, err = solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true}, Base: base}); err != nil {
		t.Fatal(err)
	}
	if s := snapshotOf(g, r, p); gridAt(s, "P0-B23") != gridAt(base, "P0-B23") {
		t.Errorf("it is in %s, was in %s", gridAt(s, "P0-B23"), gridAt(base, "P0-B23"))
	}
}

func TestNumbersOfGrids(t *testing.T) {
	g := town(t, 4, 4, 3, func(p, _ int) int64 { return int64(10 * (p + 1)) })
	under := map[string][]int32{"P0": {0}, "P1": {1}, "P3": {3}, "east": {2, 3}, "all": {0, 1, 2, 3}}
	share := func(method string, numbers ...plan.Number) (grids []int, err error) {
		r := byHouseholds(12)
		r.Method, r.Numbers = method, numbers
		if err := r.Validate(); err != nil {
			return nil, err
		}
		task := plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true, true, true}}
		for _, n := range numbers {
			task.Under = append(task.Under, under[n.Area])
		}
		p, err := solveOne(task)
		if err != nil {
			return nil, err
		}
		for _, parent := range p.Parents {
			grids = append(grids, parent.Grids)
		}
		return grids, nil
	}
	for name, test := range map[string]struct {
		method  string
		numbers []plan.Number
		want    []int
	}{
		"the largest average as small as can be": {"", nil, []int{2, 3, 3, 4}},
		"equal":                                  {"equal", nil, []int{3, 3, 3, 3}},
		"one fixed":                              {"", []plan.Number{{"P0", 4, 4}}, []int{4, 2, 3, 3}},
		"one bounded":                            {"", []plan.Number{{"P3", 0, 3}}, []int{2, 3, 4, 3}},
		"a subdistrict":                          {"", []plan.Number{{"east", 4, 4}}, []int{3, 5, 2, 2}},
		"both":                                   {"", []plan.Number{{"east", 4, 4}, {"P0", 1, 1}}, []int{1, 7, 2, 2}},
	} {
		if got, err := share(test.method, test.numbers...); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%s: %v %v, want %v", name, got, err, test.want)
		}
	}
	for key, numbers := range map[string][]plan.Number{
		"number.area":          {{"nowhere", 1, 1}},
		"number.parent":        {{"P0", 13, 13}},
		"number.group_few":     {{"east", 1, 1}},
		"number.group_many":    {{"east", 25, 25}},
		"number.group_exact":   {{"east", 2, 3}},
		"number.rest":          {{"all", 11, 11}},
		"number.group_twice":   {{"all", 12, 12}, {"east", 2, 2}},
		"recipe.number":        {{"P0", 3, 2}},
		"split.too_few_pieces": {{"P0", 11, 11}},
	} {
		_, err := share("", numbers...)
		if fault, ok := errors.AsType[*plan.Fault](err); !ok || fault.Key != key {
			t.Errorf("%s: %v", key, err)
		}
	}
	if _, err := share("fair"); err == nil {
		t.Error("a method nobody knows")
	}
}

// A large grid that no split of its number makes even gives a grid away, or gets one, where the largest average may rise for that.
func TestGridsAreSharedAgain(t *testing.T) {
	// Three blocks of 100 cannot be two even grids, but three; four blocks are even as one grid, of 400 where 200 was the most.
	g := town(t, 2, 4, 1, func(p, b int) int64 {
		if p == 0 && b == 3 {
			return 0
		}
		return 100
	})
	shares := func(reshare float64) (grids []int) {
		r := byHouseholds(4)
		r.Reshare, r.Tolerance = reshare, 0.05
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
		if err != nil {
			t.Fatal(err)
		}
		for _, parent := range p.Parents {
			grids = append(grids, parent.Grids)
		}
		return grids
	}
	if got := shares(0); !slices.Equal(got, []int{2, 2}) {
		t.Errorf("by Adams %v", got)
	}
	if got := shares(0.6); !slices.Equal(got, []int{2, 2}) {
		t.Errorf("shared again though an average would double: %v", got)
	}
	if got := shares(1); !slices.Equal(got, []int{3, 1}) {
		t.Errorf("shared again %v", got)
	}
	for _, r := range []plan.Recipe{{Reshare: -1}, {Reshare: 0.2, Method: plan.Equal}, {Reshare: 0.2, Base: "1"}} {
		full := byHouseholds(4)
		full.Reshare, full.Method, full.Base = r.Reshare, r.Method, r.Base
		if err := full.Validate(); err == nil {
			t.Errorf("%+v was taken", r)
		}
	}
}

// What contradicts itself or the map is refused in a sentence that names the blocks.
func TestRulesThatCannotBe(t *testing.T) {
	g := town(t, 2, 3, 2, plantest.Even(10))
	for want, rules := range map[string]plan.Rules{
		"the scope holds no block P9-B00":                                {Together: [][]string{{"P9-B00"}}},
		"blocks P0-B00, P1-B00 are to stay together and lie in two":      {Together: [][]string{{"P0-B00", "P1-B00"}}},
		"blocks P0-B00, P0-B01 are to be both together and apart":        {Together: [][]string{{"P0-B00", "P0-B01"}}, Apart: [][2]string{{"P0-B00", "P0-B01"}}},
		"blocks P0-B00, P1-B05 of one locked or dedicated grid lie in":   {Dedicated: [][]string{{"P0-B00", "P1-B05"}}},
		"blocks P0-B00 are in two locked or dedicated grids":             {Dedicated: [][]string{{"P0-B00"}, {"P0-B00", "P0-B01"}}},
		"are all to be kept apart, and their large grid has fewer grids": {Apart: [][2]string{{"P0-B00", "P0-B01"}, {"P0-B01", "P0-B02"}, {"P0-B00", "P0-B02"}}},
	} {
		r := byHouseholds(4)
		r.Rules = &rules
		_, err := carryOut(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
		if fault, ok := errors.AsType[*plan.Fault](err); !ok || fault.Kind != plan.Invalid || !strings.Contains(fault.In(words.En), want) {
			t.Errorf("want %q, got %v", want, err)
		}
	}
}

// A band is aimed at: three grids of 360 to 440 where even loads would do as well is one thing, two of 300 and one of 600 another.
func TestABandIsAimedAt(t *testing.T) {
	// 9 blocks in a row of 100: in a band of 400 to 500 two grids of 400 and 500 fit, three even ones would not.
	g := town(t, 1, 9, 1, plantest.Even(100))
	r := byHouseholds(0)
	r.Band = &plan.Band{Measure: plan.Households, Min: 400, Max: 500}
	p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true}})
	if err != nil {
		t.Fatal(err)
	}
	if s := snapshotOf(g, r, p); len(s.Grids) != 2 || len(s.Findings()) != 0 {
		t.Errorf("%d grids, %v", len(s.Grids), s.Findings())
	}
}

// A band from nothing up is a limit: as few grids as do, and no more.
func TestNoGridAboveALimit(t *testing.T) {
	g := town(t, 2, 6, 1, func(p, _ int) int64 { return int64(100 * (p + 2)) }) // 200 and 300 a block
	r := byHouseholds(0)
	r.Band = &plan.Band{Measure: plan.Households, Max: 500}
	p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
	if err != nil {
		t.Fatal(err)
	}
	// Two blocks of 200 fit in a grid, so three grids do, as 1,200 over 500 says; of 300 only one fits, so it takes six, where
	// 1,800 over 500 says four.
	if p.Parents[0].Grids != 3 || p.Parents[1].Grids != 6 || len(snapshotOf(g, r, p).Findings()) != 1 {
		t.Errorf("%d and %d grids, %v", p.Parents[0].Grids, p.Parents[1].Grids, snapshotOf(g, r, p).Findings())
	}
}

// Why a large grid cannot do it is said, with what would help.
func TestWhyItCannotBe(t *testing.T) {
	g := town(t, 2, 5, 2, func(p, b int) int64 {
		if p == 1 && b == 0 {
			return 512
		}
		return 50
	})
	r := byHouseholds(0)
	r.Band = &plan.Band{Measure: plan.Households, Min: 300, Max: 500}
	p, err := solveOne(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
	if err != nil {
		t.Fatal(err)
	}
	s := snapshotOf(g, r, p)
	for _, parent := range p.Parents {
		s.Whys = append(s.Whys, parent.Why)
	}
	found := slices.DeleteFunc(s.Findings(), func(f plan.Finding) bool { return f.Rule != "why" })
	if len(found) != 1 {
		t.Fatalf("%+v", found)
	}
	if said := found[0].In(words.Zh); !strings.Contains(said, "P1做不到：地块P1-B00不可再分，一块就太重") || !strings.Contains(said, "切开") {
		t.Error(said)
	}
	if said := found[0].In(words.En); !strings.Contains(said, "P1-B00 move whole and are too heavy") {
		t.Error(said)
	}
}

// Several plans are clearly different, and each is complete.
func TestAlternatives(t *testing.T) {
	g := town(t, 2, 6, 6, func(p, b int) int64 { return int64(20 + (5*b+p)%7) })
	r := byHouseholds(8)
	r.Alternatives = 3
	all, err := carryOut(plan.Task{Ground: g, Recipe: r, Scope: []bool{true, true}})
	if err != nil {
		t.Fatal(err)
	}
	if len(all) < 2 {
		t.Fatalf("%d plans", len(all))
	}
	for i, p := range all {
		s := snapshotOf(g, r, p)
		if len(s.Grids) != 8 || slices.Contains(p.At, 0) || !s.Summary().Contiguous {
			t.Errorf("plan %d: %+v", i, s.Summary())
		}
		for _, q := range all[:i] {
			if slices.Equal(p.At, q.At) {
				t.Errorf("plan %d comes twice", i)
			}
		}
	}
}

// Compounds that lie in several blocks are kept together where that costs little.
func TestCompoundsAreKeptTogether(t *testing.T) {
	plain := town(t, 1, 4, 4, plantest.Even(10))
	borders := slices.Clone(plain.Borders)
	for i := range borders {
		borders[i].Along = plan.Along{Barrier: plan.BarrierStreet, Walk: true}
		borders[i].At = &crs.Point{}
	}
	g := plan.Ground{Version: 1, Parents: plain.Parents, Blocks: slices.Clone(plain.Blocks), Measures: plain.Measures}
	for _, b := range []int{4, 5, 6, 7, 8, 9, 10, 11} { // the two rows in the middle
		g.Blocks[b].Compounds = []string{"yard"}
	}
	ground, err := plan.NewGround(g, borders)
	if err != nil {
		t.Fatal(err)
	}
	r := byHouseholds(2)
	r.Tolerance = 0.5
	p, err := solveOne(plan.Task{Ground: ground, Recipe: r, Scope: []bool{true}})
	if err != nil {
		t.Fatal(err)
	}
	s := snapshotOf(ground, r, p)
	if _, cut := s.Compounds(1); len(cut) > 0 {
		t.Errorf("the yard is cut: %v", p.At)
	}
}
