package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// BuildID is the key of a build of the ground that was asked for.
type BuildID int64

// BuildState is how far a build is.
type BuildState string

// The states of a build.
const (
	BuildQueued    BuildState = "queued"
	BuildRunning   BuildState = "building"
	BuildDone      BuildState = "done"
	BuildFailed    BuildState = "failed"
	BuildCancelled BuildState = "cancelled"
)

// BuildGround builds the ground of a scope and stores it, or with dryRun only says what would come of it. It returns its
// report in every language. It is the trade of a room above this one, which the worker is handed.
type BuildGround func(ctx context.Context, scope string, dryRun bool, progress func(stage string, done, total int)) (report map[string]json.RawMessage, err error)

// BuildRow is a build as it is stored.
type BuildRow struct {
	ID          BuildID
	Scope       string
	DryRun      bool
	State       BuildState
	JobID       int64
	Report      map[string]json.RawMessage // by language; nil unless it is done
	Failure     map[string]string          // by language; nil unless it failed
	MadeAt      time.Time
	EndedAt     *time.Time
	Stage       string
	Done, Total int
}

// buildQueue keeps builds from workers that know no way to build.
const buildQueue = "ground"

// buildJob is the queue's job: build the ground.
type buildJob struct {
	Build BuildID `json:"build"`
}

// Kind names the job in the queue.
func (buildJob) Kind() string { return "ground_build" }

// RequestBuild queues a build of a scope, an area's code or "all". It refuses a code that no area has, or several have.
func (s *Store) RequestBuild(ctx context.Context, scope string, dryRun bool) (id BuildID, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if scope != ScopeAll {
			if _, err := areaByCode(ctx, tx, scope); err != nil {
				return err
			}
		}
		id, err = s.queueBuild(ctx, tx, scope, dryRun, &river.InsertOpts{})
		return err
	})
	return id, err
}

// queueBuild queues a build of a scope that is there as part of a transaction.
func (s *Store) queueBuild(ctx context.Context, tx pgx.Tx, scope string, dryRun bool, when *river.InsertOpts) (id BuildID, err error) {
	client, err := s.queue()
	if err != nil {
		return 0, err
	}
	if err := row(ctx, tx, "BuildPut", []any{scope, dryRun}, &id); err != nil {
		return 0, err
	}
	when.MaxAttempts, when.Queue = 5, buildQueue
	job, err := client.InsertTx(ctx, tx, buildJob{id}, when)
	if err != nil {
		return 0, said(err)
	}
	_, err = exec(ctx, tx, "BuildJob", id, job.Job.ID)
	return id, err
}

// Builds returns the newest builds, newest first.
func (s *Store) Builds(ctx context.Context) ([]BuildRow, error) {
	const most = 50
	return collect(ctx, s.pool, "Builds", pgx.RowToStructByPos[BuildRow], most)
}

// Build returns one build, a NotFound fault when there is none.
func (s *Store) Build(ctx context.Context, id BuildID) (BuildRow, error) {
	rows, err := collect(ctx, s.pool, "BuildByID", pgx.RowToStructByPos[BuildRow], id)
	if err == nil && len(rows) == 0 {
		err = plan.Refuse(plan.NotFound, "build.unknown", words.Args{"build": strconv.FormatInt(int64(id), 10)})
	}
	if err != nil {
		return BuildRow{}, err
	}
	return rows[0], nil
}

// CancelBuild asks for a queued or running build to stop. One that has ended gets a Wrong fault.
func (s *Store) CancelBuild(ctx context.Context, id BuildID) error {
	b, err := s.Build(ctx, id)
	if err != nil {
		return err
	}
	client, err := s.queue()
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		err := row(ctx, tx, "BuildEnd", []any{id, BuildCancelled, nil, nil}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return plan.Refuse(plan.Wrong, "build.not_running", words.Args{"build": strconv.FormatInt(int64(id), 10)})
		}
		if err != nil {
			return err
		}
		_, err = client.JobCancelTx(ctx, tx, b.JobID)
		return said(err)
	})
}

// builder works builds of the ground.
type builder struct {
	river.WorkerDefaults[buildJob]
	worker *Worker
	build  BuildGround
}

// Work builds the ground once. A build that was stored by a worker that died before it could say so is built again, which
// changes nothing.
func (b *builder) Work(ctx context.Context, job *river.Job[buildJob]) error {
	s, id := b.worker.store, job.Args.Build
	if _, err := exec(ctx, s.pool, "LeaseTake", job.ID, job.Attempt, b.worker.id); err != nil {
		return err
	}
	var scope string
	var dryRun bool
	err := row(ctx, s.pool, "BuildBegin", []any{id}, &scope, &dryRun)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // cancelled, or done by a worker that died before it could say so
	}
	if err != nil {
		return err
	}
	holding, progress, release := b.worker.hold(ctx, job.JobRow, func(context.Context) error { return nil })
	report, err := b.build(holding, scope, dryRun, func(stage string, done, total int) { progress.set(stepOf(stage, done, total)) })
	release()
	if err == nil {
		return b.end(ctx, job, BuildDone, report, nil)
	}
	failure, pass, over := b.worker.judge(ctx, holding, job.JobRow, err)
	if !over {
		return pass
	}
	b.worker.log.Warn("build failed", "build", id, "err", err)
	delete(failure, failureCode)
	if err := b.end(ctx, job, BuildFailed, nil, failure); err != nil {
		return err
	}
	return river.JobCancel(err)
}

// failureCode is where a failure has its code, beside the sentence by language.
const failureCode = "code"

// judge says what becomes of a job that came to an error: over with a failure to be told, or else what the queue is to be told. A fault
// with a sentence of its own is over at once, any other error after the last attempt.
func (w *Worker) judge(ctx, holding context.Context, job *rivertype.JobRow, err error) (failure map[string]string, pass error, over bool) {
	speaks, _ := errors.AsType[speaking](err)
	switch {
	case context.Cause(holding) == errLeaseLost:
		return nil, nil, false
	case errors.Is(context.Cause(ctx), rivertype.ErrJobCancelledRemotely):
		return nil, err, false
	case ctx.Err() != nil, job.Attempt < job.MaxAttempts && (speaks == nil || plan.KindOf(err) == plan.Unavailable):
		return nil, err, false // the queue tries again
	}
	if speaks == nil {
		speaks = plan.Refuse(plan.Internal, "internal", nil)
	}
	failure = map[string]string{failureCode: codeOf(speaks)}
	for _, l := range words.Langs {
		failure[l.String()] = speaks.In(l)
	}
	return failure, nil, true
}

// codeOf returns the stable name of an error, by which programs know it.
func codeOf(err error) string {
	if fault, ok := errors.AsType[*plan.Fault](err); ok {
		return fault.Key
	}
	if named, ok := errors.AsType[coded](err); ok {
		return named.Code()
	}
	return "failed"
}

// coded is an error of another room that has a stable name.
type coded interface {
	error
	Code() string
}

// speaking is an error with a sentence of its own for the user.
type speaking interface {
	error
	words.Speaker
}

func (b *builder) end(ctx context.Context, job *river.Job[buildJob], state BuildState, report map[string]json.RawMessage, failure map[string]string) error {
	err := b.worker.store.inTx(ctx, func(tx pgx.Tx) error {
		if err := holds(ctx, tx, job.JobRow); err != nil {
			return err
		}
		id := job.Args.Build
		err := row(ctx, tx, "BuildEnd", []any{id, state, orNull(report), orNull(failure)}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // cancelled in the last moment: what was built stays
		}
		if err != nil || state != BuildDone {
			return err
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, tx, job)
		return err
	})
	if errors.Is(err, errLeaseLost) {
		return nil
	}
	return err
}

func orNull[T any](m map[string]T) any {
	if m == nil {
		return nil
	}
	return m
}

// GroundFinding is what a build of the ground found or mended.
type GroundFinding struct {
	ID       int64
	Kind     string // finding or repair
	Rule     string
	Severity plan.Severity
	At       crs.Point
	AreaM2   float64
	Codes    []string
	Blocks   []string
	Building string    // the building a planner may decide on; empty where it is ground, or nothing
	Words    [2]string // by words.Lang

	Choices     []string // codes of the areas among which a planner may decide, in the order of the finding
	ChoiceNames []string
	Ruled       string // code of the one that was decided on; empty where none was
}

// NewGroundFinding is a finding of a build that is to be stored, with its areas by key.
type NewGroundFinding struct {
	GroundFinding
	Areas   []plan.AreaID // it concerns; none for what lies in no area
	Choices []plan.AreaID
}

// GroundFindings returns what was found and mended on the ground as it stands, gravest first.
func (s *Store) GroundFindings(ctx context.Context) ([]GroundFinding, error) {
	return collect(ctx, s.pool, "GroundFindings", func(r pgx.CollectableRow) (GroundFinding, error) {
		var f GroundFinding
		var lon, lat float64
		var said []string
		err := r.Scan(&f.ID, &f.Kind, &f.Rule, &f.Severity, &lon, &lat, &f.AreaM2, &f.Codes, &f.Blocks, &f.Building, &said,
			&f.Choices, &f.ChoiceNames, &f.Ruled)
		f.At = gridPoint(lon, lat)
		copy(f.Words[:], said)
		return f, err
	})
}

// Rule records that a planner has decided on a finding for an area, instead of what was decided on it before; the empty code
// takes the decision back. The next build goes by it. A finding that is gone, or an area that is none of its choices, is a fault.
func (s *Store) Rule(ctx context.Context, finding int64, code string) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		var id int64
		err := row(ctx, tx, "GroundFindingLive", []any{finding}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return plan.Refuse(plan.NotFound, "ruling.no_finding", words.Args{"finding": finding})
		}
		if err != nil {
			return err
		}
		if _, err := exec(ctx, tx, "RulingsRevoke", finding); err != nil || code == "" {
			return err
		}
		err = row(ctx, tx, "RulingPut", []any{finding, code}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			err = plan.Refuse(plan.Invalid, "ruling.no_choice", words.Args{"finding": finding, "area": code})
		}
		return err
	})
}

// Ruling is what a planner has decided: on a building, or on the piece of ground round a point.
type Ruling struct {
	Building string // empty for one on ground
	At       crs.Point
	Area     plan.AreaID
}

// Rulings returns the rulings in force, oldest first.
func (im *Importing) Rulings(ctx context.Context) ([]Ruling, error) {
	return collect(ctx, im.tx, "Rulings", func(r pgx.CollectableRow) (Ruling, error) {
		var u Ruling
		var building *string
		var place []byte
		err := r.Scan(&building, &place, &u.Area)
		if err == nil && building != nil {
			u.Building = *building
		} else if err == nil {
			u.At, err = decodePoint(place)
		}
		return u, err
	})
}

// PutGroundFindings stores what a build found in its areas, in place of what earlier builds found there, and in no area within a box, which
// is nil where everything was built.
func (im *Importing) PutGroundFindings(ctx context.Context, from ImportID, areas []plan.AreaID, within *shape.Box, found []NewGroundFinding) error {
	var box []byte
	if within != nil {
		var err error
		if box, err = boxEWKB(*within); err != nil {
			return err
		}
	}
	if _, err := exec(ctx, im.tx, "FindingsEnd", from, areas, box); err != nil {
		return err
	}
	n := len(found)
	kinds, rules, severities, buildings := make([]string, n), make([]string, n), make([]plan.Severity, n), make([]string, n)
	lons, lats, sizes := make([]float64, n), make([]float64, n), make([]float64, n)
	of, codes, blocks, choices, texts := make([]jsonList, n), make([]jsonList, n), make([]jsonList, n), make([]jsonList, n), make([]jsonList, n)
	for i, f := range found {
		kinds[i], rules[i], severities[i], buildings[i] = f.Kind, f.Rule, f.Severity, f.Building
		lons[i], lats[i], sizes[i] = f.At.Lon.Degrees(), f.At.Lat.Degrees(), f.AreaM2
		of[i], codes[i], blocks[i], choices[i], texts[i] = listed(f.Areas), listed(f.Codes), listed(f.Blocks), listed(f.Choices), listed(f.Words[:])
	}
	_, err := exec(ctx, im.tx, "FindingsPut", from, kinds, rules, severities, lons, lats, sizes, of, codes, blocks, choices, texts, buildings)
	return err
}

// jsonList is a list as JSON: lists of several lengths fit into no array.
type jsonList = json.RawMessage

func listed[T any](list []T) jsonList {
	if list == nil {
		list = []T{}
	}
	text, err := json.Marshal(list)
	if err != nil {
		panic(err) // numbers and texts
	}
	return text
}

// LosingPlan is a draft some of whose blocks a new ground has no more. It stays on the ground it was made on.
type LosingPlan struct {
	ID     plan.ID
	Name   string
	Blocks int
}

// PlansLosing returns the drafts some of whose blocks ended with the ground of an import, by id.
func (im *Importing) PlansLosing(ctx context.Context, from ImportID) ([]LosingPlan, error) {
	return collect(ctx, im.tx, "PlansLosing", pgx.RowToStructByPos[LosingPlan], from)
}
