package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
)

// nextCode gives grids codes nobody has.
func nextCode(like plan.GridNo, given map[string]bool) (plan.GridProps, error) {
	return plan.GridProps{Code: fmt.Sprintf("new-%d", len(given)), Name: "new"}, nil
}

// blockSets returns the blocks of the live grids of a plan, by their first blocks.
func blockSets(s *plan.Snapshot) map[int32][]int32 {
	sets := map[int32][]int32{}
	for g := range s.Live() {
		if blocks := s.Blocks(g.No); len(blocks) > 0 {
			sets[blocks[0]] = blocks
		}
	}
	return sets
}

// Grids that are taken over lie as they do in the other plan, whatever else does not; and it can be taken back.
func TestAdoption(t *testing.T) {
	g := proposed(t)
	other := g.Recipe
	other.Seed, other.Grids = 5, 9
	p, err := solveOne(plan.Task{Ground: g.Ground, Recipe: other, Scope: []bool{true, true, true}})
	if err != nil {
		t.Fatal(err)
	}
	of := []*plan.Snapshot{g, plan.NewSnapshot(g.Ground, other, 1, p.Grids, p.At)}
	adopted, came, went := 0, 0, 0
	rapid.Check(t, func(t *rapid.T) {
		way := rapid.IntRange(0, 1).Draw(t, "way")
		here, there := drawn(t, of[way]), drawn(t, of[1-way])
		var codes []string
		var wanted []plan.GridNo
		for g := range there.Live() {
			if len(there.Blocks(g.No)) > 0 && rapid.Bool().Draw(t, g.Code) {
				codes, wanted = append(codes, g.Code), append(wanted, g.No)
			}
		}
		e, err := here.Adoption(there, codes, nextCode)
		if err != nil {
			return // nothing is named, or nothing would change
		}
		adopted++
		e.Revision = here.Revision + 1
		after, err := here.Apply(e)
		if err != nil {
			t.Fatal(err)
		}
		sets := blockSets(after)
		for _, no := range wanted {
			if blocks := there.Blocks(no); !slices.Equal(sets[blocks[0]], blocks) {
				t.Fatalf("grid %d lies in %v, not in %v", no, sets[blocks[0]], blocks)
			}
		}
		if len(wanted) == there.GridCount() && plan.Compare(after, there).Blocks != 0 {
			t.Fatal("all was taken and something differs")
		}
		seen := map[string]bool{}
		for g := range after.Live() {
			if seen[g.Code] || g.Code == "" {
				t.Fatalf("code %q stands twice", g.Code)
			}
			seen[g.Code] = true
		}
		for _, c := range e.Grids {
			if c.Before == nil {
				came++
			} else {
				went++
			}
		}
		back := e.Inverse()
		back.Revision = here.Revision
		undone, err := after.Apply(back)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(undone.At, here.At) || undone.GridCount() != here.GridCount() {
			t.Fatal("taken back it is not what it was")
		}
	})
	if adopted == 0 || came == 0 || went == 0 {
		t.Errorf("%d adopted, %d grids came and %d went", adopted, came, went)
	}
}
