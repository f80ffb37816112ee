package postgistest

import (
	"context"
	"log/slog"
	"slices"
	"testing"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/sql/postgis"
)

// Town stores the town of plantest: parents large grids of columns by rows blocks. Borders are those of the town.
func Town(t testing.TB, store *postgis.Store, parents, columns, rows int, households func(parent, block int) int64) {
	t.Helper()
	g, err := plantest.Town(parents, columns, rows, households)
	if err != nil {
		t.Fatal(err)
	}
	err = store.Import(t.Context(), func(im *postgis.Importing) error { return putTown(t.Context(), im, g) })
	if err != nil {
		t.Fatal(err)
	}
}

func putTown(ctx context.Context, im *postgis.Importing, g *plan.Ground) error {
	from, err := im.Save(ctx, "block", "town.geojson", "", true, []byte(`{}`))
	if err != nil {
		return err
	}
	parents := make([]plan.AreaID, len(g.Parents))
	for i, p := range g.Parents {
		p.ID = 0
		if parents[i], _, err = im.PutArea(ctx, p, from); err != nil {
			return err
		}
	}
	version, err := im.NewGround(ctx, from, nil)
	if err != nil {
		return err
	}
	blocks := make([]*postgis.LiveBlock, len(g.Blocks))
	for i, b := range g.Blocks {
		blocks[i] = &postgis.LiveBlock{Block: b, ParentID: parents[b.Parent], ByMeasure: map[plan.Measure]int64{}}
		for m, n := range b.Counts {
			blocks[i].ByMeasure[g.Measures[m]] = n
		}
	}
	if err := im.PutBlocks(ctx, blocks, version); err != nil {
		return err
	}
	id := map[plan.BlockID]plan.BlockID{}
	for i, b := range g.Blocks {
		id[b.ID] = blocks[i].ID
	}
	borders := slices.Clone(g.Borders)
	for i := range borders {
		borders[i].A, borders[i].B = id[borders[i].A], id[borders[i].B]
	}
	return im.PutBorders(ctx, borders, version)
}

// Recipe is a split of everything by households, searched for briefly: what is tested with it is not the solver.
func Recipe(grids int) plan.Recipe {
	return plan.Recipe{Scope: "all", Grids: grids, Tolerance: plan.DefaultTolerance, Seed: plan.DefaultSeed, Effort: 100,
		Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
}

// Plan makes a plan of the recipe, works its split and returns it once it is a draft.
func Plan(t testing.TB, store *postgis.Store, r plan.Recipe) plan.ID {
	t.Helper()
	id, err := store.CreatePlan(t.Context(), "plan", r, "")
	if err != nil {
		t.Fatal(err)
	}
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	if state := Await(t, store, id); state != plan.Draft {
		t.Fatalf("the plan is %s", state)
	}
	return id
}

// Await waits until a plan is no longer queued or computed and returns its state.
func Await(t testing.TB, store *postgis.Store, id plan.ID) plan.State {
	t.Helper()
	ctx, done := context.WithCancel(t.Context())
	defer done()
	changed := make(chan struct{}, 1)
	look := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	go store.Listen(ctx, look, func(postgis.Change) { look() })
	for {
		state, _, err := store.Revision(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if state != plan.Queued && state != plan.Solving {
			return state
		}
		<-changed
	}
}
