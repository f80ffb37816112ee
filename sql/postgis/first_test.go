package postgis_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"testing"
	"time"

	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// A split tells its first plan while it goes on, and no longer when it has ended.
func TestTheFirstPlanOfASplit(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 4, 12, 10, uneven)
	kept := postgistest.Plan(t, store, postgistest.Recipe(9))
	again := long()
	again.Scope, again.Keep = snapshot(t, store, kept).Ground.Parents[2].Code, kept.String()
	again.Grids = 5
	id, err := store.CreatePlan(t.Context(), "again", again, "")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.First(t.Context(), id); plan.KindOf(err) != plan.Wrong {
		t.Errorf("a queued split has a first plan: %v", err)
	}
	if _, err := store.First(t.Context(), 999); plan.KindOf(err) != plan.NotFound {
		t.Errorf("the first plan of no plan: %v", err)
	}
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	await(t, store, id, func(p postgis.PlanRow) bool { return p.First })
	text, err := store.First(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	var grids []plan.FirstGrid
	if err := json.Unmarshal(text, &grids); err != nil || len(grids) != 5 {
		t.Fatalf("%d grids in %s (%v)", len(grids), text, err)
	}
	seen := map[plan.BlockID]bool{}
	for _, g := range grids {
		if g.Parent != again.Scope || g.Colour >= plan.Colours {
			t.Errorf("grid %+v", g)
		}
		for _, b := range g.Blocks {
			if seen[b] {
				t.Errorf("block %d is in two grids", b)
			}
			seen[b] = true
		}
	}
	if len(seen) != 120 {
		t.Errorf("%d of the 120 blocks of %s are in a grid", len(seen), again.Scope)
	}
	// A planner takes what there is.
	if err := store.Finish(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if state := postgistest.Await(t, store, id); state != plan.Draft {
		t.Fatalf("the plan is %s", state)
	}
	taken, err := store.Plan(t.Context(), id)
	if err != nil || taken.Result.Stopped != "cancelled" || taken.Revision != 1 || taken.First {
		t.Errorf("%+v, %+v (%v)", taken, taken.Result, err)
	}
	if s := snapshot(t, store, id); len(s.Grids) != taken.Result.Grids || !s.Summary().Contiguous {
		t.Errorf("%d grids, in one piece each: %v", len(s.Grids), s.Summary().Contiguous)
	}
	if _, err := store.First(t.Context(), id); plan.KindOf(err) != plan.Wrong {
		t.Errorf("a split that has ended has a first plan: %v", err)
	}
	if err := store.Finish(t.Context(), id); plan.KindOf(err) != plan.Wrong {
		t.Errorf("finished twice: %v", err)
	}
}

// BenchmarkFirstPlan splits one of 120 large grids of a plan on show again, 3,600 blocks in all, and tells how long it takes from the wish to a
// first plan that can be read, and to the proposal.
func BenchmarkFirstPlan(b *testing.B) {
	store := postgistest.Open(b)
	postgistest.Town(b, store, 120, 6, 5, uneven)
	kept := postgistest.Plan(b, store, postgistest.Recipe(369))
	s, err := store.Snapshot(b.Context(), kept)
	if err != nil {
		b.Fatal(err)
	}
	onShow := func(context.Context, plan.ID, int64) (*plan.Snapshot, error) { return s, nil }
	worker, err := store.Work(b.Context(), slog.New(slog.DiscardHandler), postgis.Trades{Plans: onShow})
	if err != nil {
		b.Fatal(err)
	}
	defer worker.Stop(context.Background())
	told := make(chan postgis.Change, 64)
	ready := make(chan struct{})
	go store.Listen(b.Context(), func() { close(ready) }, func(c postgis.Change) { told <- c })
	<-ready
	again := postgistest.Recipe(4)
	again.Keep, again.Effort = kept.String(), 0
	var first time.Duration
	var blocks int
	for b.Loop() {
		again.Scope, again.Seed = s.Ground.Parents[blocks%120].Code, again.Seed+1
		began := time.Now()
		id, err := store.CreatePlan(b.Context(), "again", again, "")
		if err != nil {
			b.Fatal(err)
		}
		seen := false
		for c := range told {
			if c.Plan != id {
				continue
			}
			if _, err := store.First(b.Context(), id); err == nil && !seen {
				seen = true
				blocks++
				first += time.Since(began)
			}
			if c.State == plan.Draft {
				break
			}
		}
	}
	b.ReportMetric(float64(first.Microseconds())/1000/float64(max(1, blocks)), "ms-to-first")
	b.ReportMetric(float64(blocks), "firsts")
}
