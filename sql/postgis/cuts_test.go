package postgis_test

import (
	"slices"
	"testing"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// cutWish returns the wish to cut a grid in the middle, through blocks.
func cutWish(s *plan.Snapshot, g plan.Grid) postgis.Wish {
	box := s.Polygons(g.No).Box()
	middle := (box.Min.Lat + (box.Max.Lat-box.Min.Lat)/2 + 4_000).Degrees()
	return postgis.Wish{Kind: plan.CutGrid, Base: s.Revision, Grid: g.Code, Share: true,
		Line: [][2]float64{{(box.Min.Lon - 3_000).Degrees(), middle}, {(box.Max.Lon + 3_000).Degrees(), middle}}}
}

// What one plan cuts no other sees; a plan that keeps the rest of it has its blocks, one that only goes on from it does not need them.
func TestACutChangesNoOtherPlan(t *testing.T) {
	store, id := draft(t)
	other := postgistest.Plan(t, store, postgistest.Recipe(4))
	before, status := snapshot(t, store, other), statusOf(t, store)
	s := snapshot(t, store, id)
	var grid plan.Grid
	for _, g := range s.Grids {
		if len(s.Blocks(g.No)) >= 6 && s.Ground.Parents[g.Parent].Code == "P0" {
			grid = g
		}
	}
	if _, err := store.Edit(t.Context(), id, cutWish(s, grid), "", fresh(store, id)); err != nil {
		t.Fatal(err)
	}
	cut := snapshot(t, store, id)
	if len(cut.Ground.Cuts()) < 2 {
		t.Fatal("no block was cut")
	}
	if err := plantest.Holds(cut); err != nil {
		t.Error(err)
	}
	if err := plantest.Same(snapshot(t, store, other), before); err != nil {
		t.Errorf("the other plan: %v", err)
	}
	if now := statusOf(t, store); now != status {
		t.Errorf("the ground has %d blocks, and had %d", now, status)
	}
	// The other parent is split again and the rest kept, cuts and all.
	again := postgistest.Recipe(2)
	again.Scope, again.Keep = "P1", id.String()
	kept := snapshot(t, store, postgistest.Plan(t, store, again))
	if err := plantest.Holds(kept); err != nil {
		t.Error(err)
	}
	if got, want := len(kept.Ground.Cuts()), len(cut.Ground.Cuts()); got != want {
		t.Errorf("a plan that keeps the rest has %d blocks of cuts, not %d", got, want)
	}
	// A new plan that changes the cut one little is made of whole blocks.
	near := postgistest.Recipe(6)
	near.Base, near.MaxChange = id.String(), 0.5
	anew := snapshot(t, store, postgistest.Plan(t, store, near))
	if n := len(anew.Ground.Cuts()); n != 0 || anew.Ground.Whole != nil {
		t.Errorf("a plan of its own has %d blocks of cuts", n)
	}
	if cut.Ground.Root(cut.Ground.Cuts()[0]) == "" || !slices.ContainsFunc(anew.Ground.Blocks, func(b plan.Block) bool {
		return b.Code == cut.Ground.Root(cut.Ground.Cuts()[0])
	}) {
		t.Error("a part does not know the block it was cut from")
	}
}

func statusOf(t *testing.T, store *postgis.Store) int {
	t.Helper()
	st, err := store.Status(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	return st.Blocks
}

// What is locked stays when its parent is split again.
func TestASplitGoesRoundLocks(t *testing.T) {
	store, id := draft(t)
	s := snapshot(t, store, id)
	parent := s.Siblings(0)
	if len(parent) < 2 {
		parent = s.Siblings(1)
	}
	locked := s.Grids[parent[0]-1]
	if _, err := store.Edit(t.Context(), id, postgis.Wish{Kind: plan.LockThings, Base: 1, Grids: []string{locked.Code}}, "", fresh(store, id)); err != nil {
		t.Fatal(err)
	}
	again := postgistest.Recipe(4)
	again.Scope, again.Keep = s.Ground.Parents[locked.Parent].Code, id.String()
	after := snapshot(t, store, postgistest.Plan(t, store, again))
	g := after.GridOf(locked.Code)
	if g == nil || !g.Locked {
		t.Fatalf("the locked grid is %+v", g)
	}
	var before, now []string
	for _, b := range s.Blocks(locked.No) {
		before = append(before, s.Ground.Blocks[b].Code)
	}
	for _, b := range after.Blocks(g.No) {
		now = append(now, after.Ground.Blocks[b].Code)
	}
	if !slices.Equal(before, now) {
		t.Errorf("the locked grid had %v and has %v", before, now)
	}
	if n := len(after.Siblings(locked.Parent)); n != 4 {
		t.Errorf("its parent has %d grids, not 4", n)
	}
}

// Where blocks are counted anew their parts are, too: a plan's sums stay those of its ground.
func TestPartsAreCountedAnew(t *testing.T) {
	store, id := draft(t)
	s := snapshot(t, store, id)
	for _, g := range s.Grids {
		if len(s.Blocks(g.No)) >= 6 {
			if _, err := store.Edit(t.Context(), id, cutWish(s, g), "", fresh(store, id)); err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	cut := snapshot(t, store, id)
	if len(cut.Ground.Cuts()) == 0 {
		t.Fatal("no block was cut")
	}
	err := store.Import(t.Context(), func(im *postgis.Importing) error {
		from, err := im.Save(t.Context(), "block", "counts.csv", "", true, []byte(`{}`))
		if err != nil {
			return err
		}
		var blocks []*postgis.LiveBlock
		for _, b := range s.Ground.Blocks {
			blocks = append(blocks, &postgis.LiveBlock{Block: b, ByMeasure: map[plan.Measure]int64{plan.Households: int64(b.ID)%7 + 11, plan.StairUnits: 3}})
		}
		return im.Recount(t.Context(), blocks, from)
	})
	if err != nil {
		t.Fatal(err)
	}
	now := snapshot(t, store, id)
	if now.Ground.Total(0) == cut.Ground.Total(0) {
		t.Error("nothing was counted anew")
	}
	if err := plantest.Holds(now); err != nil {
		t.Error(err)
	}
}
