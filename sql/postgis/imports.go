package postgis

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// SessionID is the key of a file that was brought to be imported.
type SessionID int64

// SessionState is how far the import of a file is.
type SessionState string

// The states of a session.
const (
	SessionReceiving  SessionState = "receiving"
	SessionInspecting SessionState = "inspecting"
	SessionOpen       SessionState = "open" // looked at, to be decided
	SessionTrying     SessionState = "trying"
	SessionTried      SessionState = "tried"
	SessionCommitting SessionState = "committing"
	SessionCommitted  SessionState = "committed"
	SessionFailed     SessionState = "failed" // it cannot be read
)

// UnderWay reports whether somebody works on it.
func (s SessionState) UnderWay() bool {
	return s == SessionInspecting || s == SessionTrying || s == SessionCommitting
}

// SessionRow is a session as it is stored.
type SessionRow struct {
	ID          SessionID
	Name        string // the file's, without folders
	Size        int64  // bytes
	SHA256      string
	Way         string // http or command
	State       SessionState
	Version     int64 // of the decisions
	Decisions   json.RawMessage
	Inspection  map[string]json.RawMessage // by language; nil in lists and before the first look
	Report      map[string]json.RawMessage // by language; nil before a trial
	Failure     map[string]string          // by language, and the code; nil for none
	JobID       int64
	Import      ImportID // 0 until it is stored
	MadeAt      time.Time
	TouchedAt   time.Time
	EndedAt     *time.Time
	RefusedKept int // refused rows that are kept
	Stage       string
	Done, Total int
}

// The times after which sessions are given up.
const (
	SessionKept     = 24 * time.Hour // since it was last touched
	sessionReceived = time.Hour      // of a file that is not all there
)

// ImportTask is a step of a session that a worker takes.
type ImportTask struct {
	Step      SessionState // SessionInspecting, SessionTrying or SessionCommitting
	Path      string       // of the file, under its own name in a folder of its own
	Decisions json.RawMessage
	Digest    string // of the trial, for a commit
	Progress  func(stage string, done, total int)

	// Stored is to be called in the transaction of a commit, as its last act: it fails when the step is no longer wanted.
	Stored func(ctx context.Context, im *Importing, id ImportID, report map[string]json.RawMessage) error
}

// ImportResult is what came of a step: what is nil stays as it was.
type ImportResult struct {
	Inspection map[string]json.RawMessage // by language
	Report     map[string]json.RawMessage // by language
	Preview    json.RawMessage
	Refused    json.RawMessage
	Digest     string
}

// TakeFile is how a step of an import is done. It is the trade of a room above this one, which the worker is handed.
type TakeFile func(ctx context.Context, t ImportTask) (ImportResult, error)

// importQueue keeps imports from workers that know no way to import.
const importQueue = "import"

// importJob is the queue's job: one step of a session.
type importJob struct {
	Session SessionID    `json:"session"`
	Step    SessionState `json:"step"`
}

// Kind names the job in the queue.
func (importJob) Kind() string { return "import" }

// BringFile begins a session with a file of a name, whose bytes are still to come.
func (s *Store) BringFile(ctx context.Context, name string) (id SessionID, err error) {
	err = row(ctx, s.pool, "SessionPut", []any{name}, &id)
	return id, err
}

// PutChunk stores a piece of a session's file, counted from 0.
func (s *Store) PutChunk(ctx context.Context, id SessionID, no int, bytes []byte) error {
	err := row(ctx, s.pool, "ChunkPut", []any{id, no, bytes}, &no)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noSession(id)
	}
	return err
}

// Received says that all of a session's file is there, and has it looked at.
func (s *Store) Received(ctx context.Context, id SessionID, size int64, sha256 string) error {
	if _, err := exec(ctx, s.pool, "SessionReceived", id, size, sha256); err != nil {
		return err
	}
	return s.StepSession(ctx, id, SessionInspecting)
}

// begins says in which states a session may be when a step of it begins.
var begins = map[SessionState][]SessionState{
	SessionInspecting: {SessionOpen, SessionTried},
	SessionTrying:     {SessionOpen, SessionTried},
	SessionCommitting: {SessionTried},
}

// StepSession puts a step of a session in the queue. A session for which it is not the time gets a Wrong fault.
func (s *Store) StepSession(ctx context.Context, id SessionID, step SessionState) error {
	client, err := s.queue()
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		err := row(ctx, tx, "SessionStep", []any{id, begins[step], step}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return s.notNow(ctx, id)
		}
		if err != nil {
			return err
		}
		job, err := client.InsertTx(ctx, tx, importJob{id, step}, &river.InsertOpts{MaxAttempts: 3, Queue: importQueue})
		if err != nil {
			return err
		}
		_, err = exec(ctx, tx, "SessionJob", id, job.Job.ID)
		return err
	})
}

func noSession(id SessionID) error {
	return plan.Refuse(plan.NotFound, "import.unknown", words.Args{"import": strconv.FormatInt(int64(id), 10)})
}

// notNow says why a session cannot do what was asked of it: there is none, or it is in another state.
func (s *Store) notNow(ctx context.Context, id SessionID) error {
	now, err := s.Session(ctx, id)
	if err != nil {
		return err
	}
	return plan.Refuse(plan.Wrong, "import.state."+string(now.State), words.Args{"import": strconv.FormatInt(int64(id), 10)})
}

// Sessions returns sessions, newest first: at most so many, and only those before one where that is not 0; and how many there are in all.
func (s *Store) Sessions(ctx context.Context, most int, before SessionID) (rows []SessionRow, total int, err error) {
	var than *SessionID
	if before > 0 {
		than = &before
	}
	if rows, err = collect(ctx, s.pool, "Sessions", pgx.RowToStructByPos[SessionRow], most, than); err != nil {
		return nil, 0, err
	}
	return rows, total, row(ctx, s.pool, "SessionCount", nil, &total)
}

// Session returns one session, a NotFound fault when there is none.
func (s *Store) Session(ctx context.Context, id SessionID) (SessionRow, error) {
	rows, err := collect(ctx, s.pool, "SessionByID", pgx.RowToStructByPos[SessionRow], id)
	if err == nil && len(rows) == 0 {
		err = noSession(id)
	}
	if err != nil {
		return SessionRow{}, err
	}
	return rows[0], nil
}

// Decide replaces the decisions of a session, which makes its trial void. A Stale fault says that they are of another version by now.
func (s *Store) Decide(ctx context.Context, id SessionID, version int64, decisions json.RawMessage) error {
	err := row(ctx, s.pool, "SessionDecide", []any{id, version, decisions}, &version)
	if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	now, err := s.Session(ctx, id)
	if err == nil && now.Version != version {
		return plan.Refuse(plan.Stale, "import.changed", nil)
	}
	return s.notNow(ctx, id)
}

// CancelSession stops the step that is under way; the session is then open. Where none is it gets a Wrong fault.
func (s *Store) CancelSession(ctx context.Context, id SessionID) error {
	now, err := s.Session(ctx, id)
	if err != nil {
		return err
	}
	if !now.State.UnderWay() {
		return s.notNow(ctx, id)
	}
	return s.stop(ctx, now, SessionOpen)
}

// stop ends the step that is under way.
func (s *Store) stop(ctx context.Context, now SessionRow, then SessionState) error {
	client, err := s.queue()
	if err != nil {
		return err
	}
	return s.inTx(ctx, func(tx pgx.Tx) error {
		// The session is marked first: the step can then no longer be stored, whatever the worker still does.
		err := row(ctx, tx, "SessionEnd", []any{now.ID, now.State, then, nil, nil, nil, nil, nil, nil}, &now.ID)
		if errors.Is(err, pgx.ErrNoRows) {
			return s.notNow(ctx, now.ID)
		}
		if err != nil {
			return err
		}
		_, err = client.JobCancelTx(ctx, tx, now.JobID)
		return said(err)
	})
}

// DropSession gives a session up: nothing of it stays. One that is stored is kept for good, which a Wrong fault says.
func (s *Store) DropSession(ctx context.Context, id SessionID) error {
	now, err := s.Session(ctx, id)
	if err != nil {
		return err
	}
	if now.State.UnderWay() {
		if err := s.stop(ctx, now, SessionFailed); err != nil {
			return err
		}
	}
	err = row(ctx, s.pool, "SessionDrop", []any{id}, &id)
	if errors.Is(err, pgx.ErrNoRows) {
		return s.notNow(ctx, id)
	}
	return err
}

// SessionPreview returns what a trial found as it is to be drawn, nil before one, and the trial's digest.
func (s *Store) SessionPreview(ctx context.Context, id SessionID) (preview json.RawMessage, digest string, err error) {
	err = row(ctx, s.pool, "SessionPreview", []any{id}, &preview, &digest)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noSession(id)
	}
	return preview, digest, err
}

// SessionRefused returns the name of a session's file and its refused rows, nil for none.
func (s *Store) SessionRefused(ctx context.Context, id SessionID) (name string, rows json.RawMessage, err error) {
	err = row(ctx, s.pool, "SessionRefused", []any{id}, &name, &rows)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noSession(id)
	}
	return name, rows, err
}

// KeptFile is an import that the command line made, as it is kept in the list.
type KeptFile struct {
	Name      string
	Size      int64 // bytes
	SHA256    string
	Decisions json.RawMessage
	Report    map[string]json.RawMessage // by language
	Refused   json.RawMessage            // rows; nil for none
}

// Keep puts an import of the command line in the list.
func (im *Importing) Keep(ctx context.Context, id ImportID, f KeptFile) error {
	_, err := exec(ctx, im.tx, "SessionKeep", id, f.Name, f.Size, f.SHA256, f.Decisions, f.Report, f.Refused)
	return err
}

// Move is what an import did to the features and blocks of one fate.
type Move struct {
	Status  string       // new, changed or gone
	Measure plan.Measure // empty where After is how many there are
	Before  int64
	After   int64
}

// Moves returns what an import did, by status and measure. byCount says that it is a table of counts, by which a building is new that had
// none before.
func (im *Importing) Moves(ctx context.Context, id ImportID, byCount bool) ([]Move, error) {
	return collect(ctx, im.tx, "ImportMoves", pgx.RowToStructByPos[Move], id, byCount)
}

// Fate is a feature or block with what an import did to it, to be drawn.
type Fate struct {
	Status, Layer, Code, Name string
	Geometry                  json.RawMessage // GeoJSON
}

// Fates returns what an import did to features and blocks, and those of the codes that it left as they were: changed and gone first, then
// new, then unchanged; by layer and code. What has more points than a bound is left out.
func (im *Importing) Fates(ctx context.Context, id ImportID, byCount bool, layer string, codes []string, most, points int) ([]Fate, error) {
	return collect(ctx, im.tx, "ImportDrawn", func(r pgx.CollectableRow) (d Fate, err error) {
		var text string
		err = r.Scan(&d.Status, &d.Layer, &d.Code, &d.Name, &text)
		d.Geometry = json.RawMessage(text)
		return d, err
	}, id, byCount, layer, codes, most, points)
}

// Template is decisions that are kept under a name.
type Template struct {
	Name      string
	Decisions json.RawMessage
	Columns   []string // of the file it was made for
	SavedAt   time.Time
}

// Templates returns all templates, by name.
func (s *Store) Templates(ctx context.Context) ([]Template, error) {
	return collect(ctx, s.pool, "Templates", pgx.RowToStructByPos[Template])
}

// Template returns one template, a NotFound fault when there is none.
func (s *Store) Template(ctx context.Context, name string) (Template, error) {
	found, err := collect(ctx, s.pool, "TemplateByName", pgx.RowToStructByPos[Template], name)
	if err == nil && len(found) == 0 {
		err = plan.Refuse(plan.NotFound, "import.no_template", words.Args{"name": name})
	}
	if err != nil {
		return Template{}, err
	}
	return found[0], nil
}

// PutTemplate keeps a template in place of what had its name.
func (s *Store) PutTemplate(ctx context.Context, t Template) error {
	_, err := exec(ctx, s.pool, "TemplatePut", t.Name, t.Decisions, t.Columns)
	return err
}

// DropTemplate removes a template, a NotFound fault when there is none.
func (s *Store) DropTemplate(ctx context.Context, name string) error {
	err := row(ctx, s.pool, "TemplateDrop", []any{name}, &name)
	if errors.Is(err, pgx.ErrNoRows) {
		err = plan.Refuse(plan.NotFound, "import.no_template", words.Args{"name": name})
	}
	return err
}

// taker works the steps of imports.
type taker struct {
	river.WorkerDefaults[importJob]
	worker *Worker
	take   TakeFile
}

// Work does a step of a session once. A commit that was stored by a worker that died before it could say so is done: the session says it.
func (t *taker) Work(ctx context.Context, job *river.Job[importJob]) error {
	s, id, step := t.worker.store, job.Args.Session, job.Args.Step
	if _, err := exec(ctx, s.pool, "LeaseTake", job.ID, job.Attempt, t.worker.id); err != nil {
		return err
	}
	task := ImportTask{Step: step}
	var name string
	err := row(ctx, s.pool, "SessionBegin", []any{id, step}, &name, &task.Decisions, &task.Digest)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil // cancelled, or done by a worker that died before it could say so
	}
	if err != nil {
		return err
	}
	holding, progress, release := t.worker.hold(ctx, job.JobRow, func(context.Context) error { return nil })
	task.Progress = func(stage string, done, total int) { progress.set(stepOf(stage, done, total)) }
	task.Stored = func(ctx context.Context, im *Importing, imported ImportID, report map[string]json.RawMessage) error {
		if err := holds(ctx, im.tx, job.JobRow); err != nil {
			return err
		}
		err := row(ctx, im.tx, "SessionCommit", []any{id, imported, report}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return errNotWanted
		}
		if err != nil {
			return err
		}
		_, err = river.JobCompleteTx[*riverpgxv5.Driver](ctx, im.tx, job)
		return err
	}
	result, err := t.with(holding, id, name, task)
	release()
	if errors.Is(err, errNotWanted) || err == nil && step == SessionCommitting {
		return nil
	}
	if err == nil {
		return t.end(ctx, job, after(step), result, nil)
	}
	failure, pass, over := t.worker.judge(ctx, holding, job.JobRow, err)
	if !over {
		return pass
	}
	t.worker.log.Info("import came to nothing", "session", id, "step", step, "err", err)
	then := SessionOpen
	if step == SessionInspecting {
		var before bool
		if err := row(ctx, s.pool, "SessionInspected", []any{id}, &before); err == nil && !before {
			then = SessionFailed
		}
	}
	return t.end(ctx, job, then, result, failure)
}

// errNotWanted says that a step was cancelled while it was under way.
var errNotWanted = errors.New("the step is no longer wanted")

// stepOf is how far a job is that has stages.
func stepOf(stage string, done, total int) step {
	return step{stage, plan.Progress{Done: done, Total: total}}
}

// after returns the state of a session when a step has come off.
func after(step SessionState) SessionState {
	if step == SessionTrying {
		return SessionTried
	}
	return SessionOpen
}

// stepTime is how long a step may take: no honest file of the size that is let in needs as much.
const stepTime = 30 * time.Minute

// with writes a session's file into a folder of its own, has the step done and removes the folder. A file that makes its reader panic, or
// that takes too long, ends the step and not the worker.
func (t *taker) with(ctx context.Context, id SessionID, name string, task ImportTask) (r ImportResult, err error) {
	dir, err := os.MkdirTemp("", fmt.Sprintf("gridwright-import-%d-", os.Getpid())) // swept by whoever starts when it is killed
	if err != nil {
		return ImportResult{}, err
	}
	defer os.RemoveAll(dir)
	tooLong := plan.Refuse(plan.Invalid, "import.time", words.Args{"minutes": int(stepTime.Minutes())})
	ctx, stop := context.WithTimeoutCause(ctx, stepTime, tooLong)
	defer stop()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v", p)
		}
		if context.Cause(ctx) == tooLong && err != nil {
			err = tooLong
		}
	}()
	task.Path = filepath.Join(dir, name)
	if err := t.worker.store.writeFile(ctx, id, task.Path); err != nil {
		return ImportResult{}, err
	}
	return t.take(ctx, task)
}

// writeFile writes a session's bytes into a new file.
func (s *Store) writeFile(ctx context.Context, id SessionID, path string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if err != nil {
		return err
	}
	for no := 0; ; no++ {
		var piece []byte
		err := row(ctx, s.pool, "Chunks", []any{id, no}, &piece)
		if errors.Is(err, pgx.ErrNoRows) {
			return file.Close()
		}
		if err == nil {
			_, err = file.Write(piece)
		}
		if err != nil {
			return errors.Join(err, file.Close())
		}
	}
}

// end stores what came of a step. A file that cannot be read is of no use any more.
func (t *taker) end(ctx context.Context, job *river.Job[importJob], then SessionState, r ImportResult, failure map[string]string) error {
	err := t.worker.store.inTx(ctx, func(tx pgx.Tx) error {
		if err := holds(ctx, tx, job.JobRow); err != nil {
			return err
		}
		id := job.Args.Session
		var digest *string
		if r.Digest != "" {
			digest = &r.Digest
		}
		err := row(ctx, tx, "SessionEnd", []any{id, job.Args.Step, then, orNull(r.Inspection), orNull(r.Report), r.Preview, r.Refused, digest, orNull(failure)}, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil // cancelled in the last moment
		}
		if err == nil && then == SessionFailed {
			_, err = exec(ctx, tx, "SessionBytesDrop", id)
		}
		if err != nil {
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

// sweepJob is the queue's job that gives up what nobody has touched for a day.
type sweepJob struct{}

// Kind names the job in the queue.
func (sweepJob) Kind() string { return "import_sweep" }

// sweepEvery is how often sessions are swept, beside when a worker starts.
const sweepEvery = time.Hour

func sweeping() *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(sweepEvery), func() (river.JobArgs, *river.InsertOpts) {
		return sweepJob{}, &river.InsertOpts{Queue: importQueue}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

// sweeper works them.
type sweeper struct {
	river.WorkerDefaults[sweepJob]
	worker *Worker
}

// Work gives up old sessions.
func (w *sweeper) Work(ctx context.Context, _ *river.Job[sweepJob]) error {
	n, err := w.worker.store.SweepSessions(ctx, SessionKept)
	if n > 0 {
		w.worker.log.Info("imports that nobody touched were given up", "n", n)
	}
	return err
}

// SweepSessions gives up sessions that were not touched for a while, and returns how many.
func (s *Store) SweepSessions(ctx context.Context, untouched time.Duration) (n int, err error) {
	err = row(ctx, s.pool, "SessionsSweep", []any{untouched.Seconds(), min(untouched, sessionReceived).Seconds()}, &n)
	return n, err
}
