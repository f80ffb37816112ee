package postgis

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"gridwright/plan"
	"gridwright/plan/words"
	sqltext "gridwright/sql"
)

// A job's process beats every few seconds; when it has been silent for lostAfter another one takes the job up. River
// alone would wait an hour.
const (
	beatEvery = 2 * time.Second
	lostAfter = 10 * time.Second
)

// splitJob is the queue's job: split a plan.
type splitJob struct {
	Plan plan.ID `json:"plan"`
}

// Kind names the job in the queue.
func (splitJob) Kind() string { return "split" }

// queueSplit puts the split of a plan in the queue, in the plan's own transaction.
func (s *Store) queueSplit(ctx context.Context, tx pgx.Tx, id plan.ID) error {
	client, err := s.queue()
	if err != nil {
		return err
	}
	job, err := client.InsertTx(ctx, tx, splitJob{id}, &river.InsertOpts{MaxAttempts: 5})
	if err != nil {
		return said(err)
	}
	_, err = exec(ctx, tx, "PlanJob", id, job.Job.ID)
	return err
}

// queue returns a client that can put in and cancel jobs but works none.
func (s *Store) queue() (*river.Client[pgx.Tx], error) {
	return river.NewClient(riverpgxv5.New(s.pool), &river.Config{Schema: Schema, Logger: slog.New(slog.DiscardHandler)})
}

// Cancel asks for a queued or running split to stop. A plan that is not being computed gets a Wrong fault.
func (s *Store) Cancel(ctx context.Context, id plan.ID) error {
	p, err := s.Plan(ctx, id)
	if err != nil {
		return err
	}
	if p.State != plan.Queued && p.State != plan.Solving {
		return plan.Refuse(plan.Wrong, "plan.not_running", map[string]any{"plan": id.String(), "state": p.State})
	}
	client, err := s.queue()
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		// The plan is marked first: its split can then no longer be stored, whatever the worker still does.
		if err := finish(ctx, tx, id, plan.Cancelled, nil); err != nil {
			return err
		}
		_, err := client.JobCancelTx(ctx, tx, p.JobID)
		return said(err)
	})
}

// Finish asks a split under way to stop and to make the best plan so far its proposal. A plan of which there is no first plan yet gets a
// Wrong fault.
func (s *Store) Finish(ctx context.Context, id plan.ID) error {
	p, err := s.Plan(ctx, id)
	if err != nil {
		return err
	}
	if !p.First {
		return plan.Refuse(plan.Wrong, "plan.no_first", words.Args{"plan": id.String(), "state": p.State})
	}
	client, err := s.queue()
	if err != nil {
		return err
	}
	_, err = client.JobCancel(ctx, p.JobID)
	return said(err)
}

// finish ends a plan that is still queued or computed without a result.
func finish(ctx context.Context, q querier, id plan.ID, state plan.State, failure *plan.Failure) error {
	var text []byte
	if failure != nil {
		var err error
		if text, err = json.Marshal(failure); err != nil {
			return err
		}
	}
	if err := row(ctx, q, "PlanFailed", []any{id, state, text}, &id); err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return notify(ctx, q, id, 0, state)
}

// WorkersAlive reports whether some process works the queue.
func (s *Store) WorkersAlive(ctx context.Context) (alive bool, err error) {
	err = row(ctx, s.pool, "WorkersAlive", []any{lostAfter.Seconds()}, &alive)
	return alive, err
}

// Worker works the queue until it is stopped.
type Worker struct {
	store  *Store
	plans  PlanAt
	id     [16]byte
	client *river.Client[pgx.Tx]
	cancel context.CancelFunc
	gone   sync.WaitGroup
	log    *slog.Logger
}

// Trades are what a worker can do besides splitting plans. Jobs of a trade that is nil are left to other workers.
type Trades struct {
	Build   BuildGround
	Import  TakeFile
	Deliver Deliver
	Plans   PlanAt // what a split goes on from; read from the database where it is nil
}

// PlanAt returns a plan at a revision that it has reached, from the memory of a process that shows it.
type PlanAt func(ctx context.Context, id plan.ID, revision int64) (*plan.Snapshot, error)

// Work starts to work the queue, of each trade one job at a time: each uses all cores.
func (s *Store) Work(ctx context.Context, log *slog.Logger, trades Trades) (*Worker, error) {
	w := &Worker{store: s, log: log, plans: trades.Plans}
	if w.plans == nil {
		w.plans = s.snapshotAt
	}
	rand.Read(w.id[:])
	workers := river.NewWorkers()
	river.AddWorker(workers, &splitter{worker: w})
	queues := map[string]river.QueueConfig{river.QueueDefault: {MaxWorkers: 1}}
	var periodic []*river.PeriodicJob
	if trades.Build != nil {
		river.AddWorker(workers, &builder{worker: w, build: trades.Build})
		queues[buildQueue] = river.QueueConfig{MaxWorkers: 1}
	}
	if trades.Import != nil {
		river.AddWorker(workers, &taker{worker: w, take: trades.Import})
		river.AddWorker(workers, &sweeper{worker: w})
		queues[importQueue] = river.QueueConfig{MaxWorkers: 1}
		periodic = append(periodic, sweeping())
	}
	if trades.Deliver != nil {
		river.AddWorker(workers, &courier{worker: w, deliver: trades.Deliver})
		queues[deliverQueue] = river.QueueConfig{MaxWorkers: 8}
	}
	var err error
	w.client, err = river.NewClient(riverpgxv5.New(s.pool), &river.Config{
		Schema:            Schema,
		Queues:            queues,
		Workers:           workers,
		PeriodicJobs:      periodic,
		Logger:            slog.New(levelAtLeast{log.Handler(), slog.LevelWarn}),
		JobTimeout:        -1,                    // a split takes what its recipe allows
		FetchCooldown:     20 * time.Millisecond, // a wish right after another split waits no longer
		FetchPollInterval: time.Second,
	})
	if err != nil {
		return nil, err
	}
	ctx, w.cancel = context.WithCancel(context.WithoutCancel(ctx))
	if _, err := exec(ctx, s.pool, "WorkerBeat", w.id); err != nil {
		return nil, err
	}
	if err := w.client.Start(ctx); err != nil {
		return nil, said(err)
	}
	w.gone.Go(func() { w.beat(ctx) })
	return w, nil
}

// Stop finishes no job: what runs is given back to the queue at once for another worker.
func (w *Worker) Stop(ctx context.Context) error {
	w.cancel()
	w.gone.Wait()
	err := w.client.StopAndCancel(ctx)
	_, gone := exec(ctx, w.store.pool, "WorkerGone", w.id)
	return errors.Join(err, gone)
}

// beat says every few seconds that this process lives, and takes lost jobs back into the queue.
func (w *Worker) beat(ctx context.Context) {
	tick := time.NewTicker(beatEvery)
	defer tick.Stop()
	for {
		if _, err := exec(ctx, w.store.pool, "WorkerBeat", w.id); err != nil && ctx.Err() == nil {
			w.log.Warn("worker beat", "err", err)
		}
		lost, err := collect(ctx, w.store.pool, "LeasesLost", pgx.RowTo[int64], lostAfter.Seconds())
		if err != nil && ctx.Err() == nil {
			w.log.Warn("looking for lost jobs", "err", err)
		}
		for _, job := range lost {
			w.log.Info("taking up a job whose process is gone", "job", job)
		}
		if _, err := exec(ctx, w.store.pool, "WorkersForget"); err != nil && ctx.Err() == nil {
			w.log.Warn("forgetting workers", "err", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// splitter works split jobs.
type splitter struct {
	river.WorkerDefaults[splitJob]
	worker *Worker
}

// errLeaseLost says that another process took the job over.
var errLeaseLost = errors.New("the job was taken over by another worker")

// Work splits a plan and stores the result once: only while the plan still waits for it and the lease is still ours.
func (sp *splitter) Work(ctx context.Context, job *river.Job[splitJob]) error {
	s, id := sp.worker.store, job.Args.Plan
	if _, err := exec(ctx, s.pool, "LeaseTake", job.ID, job.Attempt, sp.worker.id); err != nil {
		return err
	}
	var recipe plan.Recipe
	var version int64
	err := row(ctx, s.pool, "PlanSolving", []any{id}, &recipe, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // cancelled, or done by a worker that died before it could say so
	}
	if err != nil {
		return err
	}
	if err := notify(ctx, s.pool, id, 0, plan.Solving); err != nil {
		return err
	}
	err = sp.solve(ctx, job, id, recipe, version)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, errLeaseLost):
		return nil
	case errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely):
		return err
	case ctx.Err() != nil, plan.KindOf(err) == plan.Unavailable, plan.KindOf(err) == plan.Internal && job.Attempt < job.MaxAttempts:
		return err // the queue tries again
	}
	sp.worker.log.Warn("split failed", "plan", id, "err", err)
	if failed := finish(ctx, s.pool, id, plan.Failed, plan.NewFailure(err)); failed != nil {
		return failed
	}
	return river.JobCancel(err)
}

func (sp *splitter) solve(ctx context.Context, job *river.Job[splitJob], id plan.ID, recipe plan.Recipe, version int64) error {
	s := sp.worker.store
	ctx, progress, release := sp.worker.hold(ctx, job.JobRow, func(ctx context.Context) error { return notify(ctx, s.pool, id, 0, plan.Solving) })
	defer release()
	task, err := sp.worker.task(ctx, id, recipe, version)
	if err != nil {
		return err
	}
	g := task.Ground
	first := func(grids []plan.FirstGrid) {
		if err := s.putFirst(ctx, id, grids); err != nil && ctx.Err() == nil {
			sp.worker.log.Warn("telling of the first plan", "plan", id, "err", err)
		}
	}
	found, err := plan.Solve(ctx, *task, first, func(p plan.Progress) { progress.set(step{Progress: p}) })
	if best := len(found) > 0 && errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely); err != nil && !best {
		return errors.Join(err, context.Cause(ctx))
	}
	// Whatever ends ctx from here on, what was found is stored, if the lease is still ours and the plan still waits for it.
	ctx = context.WithoutCancel(ctx)
	return s.inTx(ctx, func(tx pgx.Tx) error {
		if err := holds(ctx, tx, job.JobRow); err != nil {
			return err
		}
		err := commitProposal(ctx, tx, id, g, found[0])
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // no longer wanted
		}
		if err == nil {
			err = carryFromBase(ctx, tx, recipe, id)
		}
		if err != nil {
			return err
		}
		for i, other := range found[1:] {
			if err := commitAlternative(ctx, tx, id, g, recipe, i+2, other); err != nil {
				return err
			}
		}
		if _, err := river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job); err != nil {
			return err
		}
		return notify(ctx, tx, id, 1, plan.Draft)
	})
}

// task reads what a recipe is carried out on. A plan that is kept outside the scope has the ground of the new one.
func (w *Worker) task(ctx context.Context, id plan.ID, recipe plan.Recipe, version int64) (t *plan.Task, err error) {
	s := w.store
	t = &plan.Task{Recipe: recipe}
	if recipe.Keep == "" {
		if t.Ground, err = loadPlanGround(ctx, s.pool, id, version); err != nil {
			return nil, err
		}
		t.Scope = slices.Repeat([]bool{true}, len(t.Ground.Parents))
	} else {
		if t.Keep, err = w.planAt(ctx, recipe.Keep, recipe.KeepAt); err != nil {
			return nil, err
		}
		t.Ground = t.Keep.Ground
		parents, err := scopeParents(ctx, s.pool, recipe.Scope, version)
		if err != nil {
			return nil, err
		}
		for _, p := range t.Ground.Parents {
			t.Scope = append(t.Scope, slices.Contains(parents, p.ID))
		}
	}
	switch {
	case recipe.Base == recipe.Keep && recipe.BaseAt == recipe.KeepAt:
		t.Base = t.Keep
	case recipe.Base != "":
		if t.Base, err = w.planAt(ctx, recipe.Base, recipe.BaseAt); err != nil {
			return nil, err
		}
	}
	t.Under, err = parentsUnder(ctx, s.pool, t.Ground, recipe, version)
	return t, err
}

// putFirst keeps the first plan that a split found with the plan while it is being computed, and says so.
func (s *Store) putFirst(ctx context.Context, id plan.ID, grids []plan.FirstGrid) error {
	text, err := json.Marshal(grids)
	if err != nil {
		return err
	}
	if _, err := exec(ctx, s.pool, "PlanFirstPut", id, text); err != nil {
		return err
	}
	return notify(ctx, s.pool, id, 0, plan.Solving)
}

// First returns the grids of the first plan that the split under way of a plan has found, as JSON of []plan.FirstGrid. A plan without
// one, since there is none yet or the split has ended, is a Wrong fault.
func (s *Store) First(ctx context.Context, id plan.ID) (grids json.RawMessage, err error) {
	var state plan.State
	err = row(ctx, s.pool, "PlanFirst", []any{id}, &state, &grids)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return nil, plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
	case err == nil && grids == nil:
		return nil, plan.Refuse(plan.Wrong, "plan.no_first", words.Args{"plan": id.String(), "state": state})
	}
	return grids, err
}

// parentsUnder returns the parents of a ground under each area that a recipe gives a number of grids. A code that no area has, or that
// holds none of them, has none.
func parentsUnder(ctx context.Context, q querier, g *plan.Ground, r plan.Recipe, version int64) ([][]int32, error) {
	under := make([][]int32, len(r.Numbers))
	for i, n := range r.Numbers {
		areas, err := scopeParents(ctx, q, n.Area, version)
		if kind := plan.KindOf(err); err != nil && kind != plan.Invalid {
			return nil, err
		}
		for p := range g.Parents {
			if slices.Contains(areas, g.Parents[p].ID) {
				under[i] = append(under[i], int32(p))
			}
		}
	}
	return under, nil
}

// planAt returns the plan that a recipe names at the revision it had when the new plan was made.
func (w *Worker) planAt(ctx context.Context, text string, revision int64) (*plan.Snapshot, error) {
	id, err := plan.ParseID(text)
	if err != nil {
		return nil, err
	}
	return w.plans(ctx, id, revision)
}

// snapshotAt returns a plan at a revision that it has reached.
func (s *Store) snapshotAt(ctx context.Context, id plan.ID, revision int64) (*plan.Snapshot, error) {
	now, err := s.Snapshot(ctx, id)
	if err != nil {
		return nil, err
	}
	edits, err := s.EditsBetween(ctx, id, revision, now.Revision)
	if err != nil {
		return nil, err
	}
	return now.Rewind(edits)
}

// holds returns errLeaseLost if the lease has gone to another process, and else keeps it to the end of the transaction.
func holds(ctx context.Context, tx pgx.Tx, job *rivertype.JobRow) error {
	var held int64
	err := row(ctx, tx, "LeaseHolds", []any{job.ID, job.Attempt}, &held)
	if errors.Is(err, pgx.ErrNoRows) {
		return errLeaseLost
	}
	return err
}

// hold keeps the lease of a job until release is called, and tells how far the job is whenever that changes. The context it
// returns ends when the lease has gone to another process.
func (w *Worker) hold(ctx context.Context, job *rivertype.JobRow, tell func(context.Context) error) (_ context.Context, p *progress, release func()) {
	ctx, stop := context.WithCancelCause(ctx)
	p = &progress{}
	var beating sync.WaitGroup
	beating.Go(func() { w.beatJob(ctx, stop, job, tell, p) })
	return ctx, p, func() {
		stop(nil)
		beating.Wait()
	}
}

func (w *Worker) beatJob(ctx context.Context, stop context.CancelCauseFunc, job *rivertype.JobRow, tell func(context.Context) error, p *progress) {
	tick := time.NewTicker(250 * time.Millisecond)
	defer tick.Stop()
	var told step
	var at time.Time
	for {
		now := p.get()
		if now != told || time.Since(at) >= beatEvery {
			told, at = now, time.Now()
			var held int64
			err := row(ctx, w.store.pool, "LeaseBeat", []any{job.ID, job.Attempt, now.stage, now.Done, now.Total, now.Worst}, &held)
			if errors.Is(err, pgx.ErrNoRows) {
				stop(errLeaseLost)
				return
			}
			if err == nil {
				err = tell(ctx)
			}
			if err != nil && ctx.Err() == nil {
				w.log.Warn("job beat", "job", job.ID, "err", err)
			}
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// step is how far a job is.
type step struct {
	stage string // of a build of the ground or an import
	plan.Progress
}

// progress hands the newest step from who works to the beat.
type progress struct {
	mu  sync.Mutex
	now step
}

func (p *progress) set(now step) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.now = now
}

func (p *progress) get() step {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.now
}

// Change says that a plan changed: an edit, progress of its split, or another state.
type Change struct {
	Plan     plan.ID
	Revision int64 // 0 when it is not an edit
	State    plan.State
}

// Listen calls f for every change of any plan until ctx ends or the connection is lost; listening is called once
// nothing can be missed any more, so that the caller can look at how things stand.
func (s *Store) Listen(ctx context.Context, listening func(), f func(Change)) error {
	return s.listen(ctx, "Listen", listening, func(payload string) {
		var c Change
		if _, err := fmt.Sscan(payload, &c.Plan, &c.Revision, &c.State); err == nil {
			f(c)
		}
	})
}

// listen runs a named LISTEN on a connection of its own and calls f for every notification.
func (s *Store) listen(ctx context.Context, name string, listening func(), f func(payload string)) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return said(err)
	}
	// A connection that listens is not given back: it would go on listening.
	raw := conn.Hijack()
	defer raw.Close(context.WithoutCancel(ctx))
	if _, err := raw.Exec(ctx, sqltext.Query(name)); err != nil {
		return said(err)
	}
	listening()
	for {
		n, err := raw.WaitForNotification(ctx)
		if err != nil {
			return said(err)
		}
		f(n.Payload)
	}
}

// levelAtLeast passes on what is at least as grave: the queue's own housekeeping is not for the log.
type levelAtLeast struct {
	slog.Handler
	level slog.Level
}

func (h levelAtLeast) Enabled(_ context.Context, l slog.Level) bool { return l >= h.level }

// WithAttrs returns the handler with the attributes and the same bound.
func (h levelAtLeast) WithAttrs(attrs []slog.Attr) slog.Handler {
	return levelAtLeast{h.Handler.WithAttrs(attrs), h.level}
}

// WithGroup returns the handler with the group and the same bound.
func (h levelAtLeast) WithGroup(name string) slog.Handler {
	return levelAtLeast{h.Handler.WithGroup(name), h.level}
}
