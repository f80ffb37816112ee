package postgis_test

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// workerVar makes the test program a worker on the database it names, to be killed.
const workerVar = "GRIDWRIGHT_TEST_WORKER"

func TestMain(m *testing.M) {
	if dsn := os.Getenv(workerVar); dsn != "" {
		beWorker(dsn)
	}
	os.Exit(postgistest.Main(m))
}

func beWorker(dsn string) {
	ctx := context.Background()
	store, err := postgis.Open(ctx, dsn)
	if err == nil {
		_, err = store.Work(ctx, slog.New(slog.NewTextHandler(os.Stderr, nil)), postgis.Trades{Import: storing(store, forever)})
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	select {} // until it is killed
}

// long is a recipe whose split takes far longer than any test.
func long() plan.Recipe {
	r := postgistest.Recipe(40)
	r.Tolerance, r.Effort = 0, 1<<40
	r.TimeMS = 3_600_000
	return r
}

// uneven makes a town that no split balances exactly, so that the search goes on to its limit.
func uneven(p, b int) int64 { return int64(1000 + (7919*b+104729*p)%997) }

// A worker is killed in the middle of a split; another takes the job up and its result is stored once.
func TestAKilledSplitIsTakenUp(t *testing.T) {
	dsn := postgistest.Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	postgistest.Town(t, store, 4, 12, 10, uneven)
	id, err := store.CreatePlan(t.Context(), "to be killed", long(), "")
	if err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(os.Args[0])
	victim.Env = append(os.Environ(), workerVar+"="+dsn)
	victim.Stderr = os.Stderr
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	awaitState(t, store, id, plan.Solving)
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	victim.Wait()

	// What the next one works on is quick: the recipe is made short behind the queue's back.
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), `update gridwright.plan set recipe = recipe || '{"effort": 1}' where id = $1`, id); err != nil {
		t.Fatal(err)
	}
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	if state := postgistest.Await(t, store, id); state != plan.Draft {
		t.Fatalf("the plan is %s", state)
	}
	var proposals, jobs int
	err = conn.QueryRow(t.Context(), `select (select count(*) from gridwright.edit where plan_id = $1),
		(select count(*) from gridwright.river_job where state = 'completed')`, id).Scan(&proposals, &jobs)
	if err != nil || proposals != 1 || jobs != 1 {
		t.Errorf("%d proposals and %d completed jobs (%v)", proposals, jobs, err)
	}
}

func awaitState(t *testing.T, store *postgis.Store, id plan.ID, want plan.State) {
	t.Helper()
	await(t, store, id, func(p postgis.PlanRow) bool { return p.State == want })
}

// await waits until a plan is as wanted.
func await(t *testing.T, store *postgis.Store, id plan.ID, wanted func(postgis.PlanRow) bool) {
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
		p, err := store.Plan(ctx, id)
		if err != nil {
			t.Fatal(err)
		}
		if wanted(p) {
			return
		}
		<-changed
	}
}

func TestACancelledSplitStoresNothing(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 4, 12, 10, uneven)
	id, err := store.CreatePlan(t.Context(), "to be cancelled", long(), "")
	if err != nil {
		t.Fatal(err)
	}
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	awaitState(t, store, id, plan.Solving)
	if err := store.Cancel(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	if state := postgistest.Await(t, store, id); state != plan.Cancelled {
		t.Errorf("the plan is %s", state)
	}
	if _, err := store.Snapshot(t.Context(), id); plan.KindOf(err) != plan.Wrong {
		t.Errorf("a cancelled plan has a result: %v", err)
	}
	if err := store.Cancel(t.Context(), id); plan.KindOf(err) != plan.Wrong {
		t.Errorf("cancelled twice: %v", err)
	}
	// The worker is free again.
	if id := postgistest.Plan(t, store, postgistest.Recipe(9)); id == 0 {
		t.Error("no plan")
	}
}

// What is stored is the same whichever worker computed it, and the sums are the ground's.
func TestEqualRecipesGiveEqualPlans(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 3, 7, 6, uneven)
	a := snapshot(t, store, postgistest.Plan(t, store, postgistest.Recipe(10)))
	b := snapshot(t, store, postgistest.Plan(t, store, postgistest.Recipe(10)))
	if !slices.Equal(a.At, b.At) || !slices.Equal(a.Grids, b.Grids) {
		t.Error("two plans of one recipe differ")
	}
	if len(a.Grids) != 10 || !a.Summary().Contiguous {
		t.Errorf("%d grids, in one piece each: %v", len(a.Grids), a.Summary().Contiguous)
	}
}

func TestRecipesThatCannotBe(t *testing.T) {
	store := postgistest.Open(t)
	create := func(r plan.Recipe) string {
		_, err := store.CreatePlan(t.Context(), "x", r, "")
		f, ok := err.(*plan.Fault)
		if !ok {
			return fmt.Sprint(err)
		}
		return f.Key
	}
	if got := create(postgistest.Recipe(3)); got != "split.no_blocks" {
		t.Errorf("on an empty database: %s", got)
	}
	postgistest.Town(t, store, 2, 3, 2, plantest.Even(10))
	change := func(f func(*plan.Recipe)) plan.Recipe {
		r := postgistest.Recipe(4)
		f(&r)
		return r
	}
	for want, r := range map[string]plan.Recipe{
		"recipe.grids":        postgistest.Recipe(0),
		"split.too_few":       postgistest.Recipe(1),
		"split.too_many":      postgistest.Recipe(13),
		"split.unknown_scope": change(func(r *plan.Recipe) { r.Scope = "99" }),
		"split.no_measure":    change(func(r *plan.Recipe) { r.Balance[0].Measure = plan.Residents }),
		"plan.unknown":        change(func(r *plan.Recipe) { r.Keep = "77" }),
	} {
		if got := create(r); got != want {
			t.Errorf("%s, not %s", got, want)
		}
	}
	plans, err := store.Plans(t.Context())
	if err != nil || len(plans) != 0 {
		t.Errorf("%d plans were stored (%v)", len(plans), err)
	}
}
