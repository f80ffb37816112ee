package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptrace"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/cluster"
)

// These tests run the program itself on a data directory of its own, and kill it. TestMain has put it on the path.

// patience is how long anything may take before a test is given up: generous, for a busy machine.
const patience = 2 * time.Minute

// The town of the tests: large grids of square blocks whose counts no split balances exactly, so that the search
// goes on to its limit.
const (
	townParents = 4
	townSide    = 6 // blocks
	townGrids   = 20
)

// townFiles writes the town's large grids and blocks and returns the two files.
func townFiles(t *testing.T) (areas, blocks string) {
	t.Helper()
	dir := t.TempDir()
	areas, blocks = filepath.Join(dir, "areas.csv"), filepath.Join(dir, "blocks.csv")
	var parents, ground strings.Builder
	parents.WriteString("code,name\n")
	ground.WriteString("code,parent,households,wkt\n")
	for p := range townParents {
		fmt.Fprintf(&parents, "P%d,大网格%d\n", p, p)
		for b := range townSide * townSide {
			const lon, lat, side = 1_040_000_000, 397_000_000, 10_000 // of 1e-7 degree
			west, south := lon+(p*townSide+b%townSide)*side, lat+b/townSide*side
			at := func(x, y int) string { return degrees(west+x*side) + " " + degrees(south+y*side) }
			fmt.Fprintf(&ground, "P%d-%02d,P%d,%d,\"POLYGON((%s,%s,%s,%s,%s))\"\n", p, b, p, 1000+(7919*b+104729*p)%997,
				at(0, 0), at(1, 0), at(1, 1), at(0, 1), at(0, 0))
		}
	}
	for path, text := range map[string]string{areas: parents.String(), blocks: ground.String()} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return areas, blocks
}

func degrees(n int) string { return fmt.Sprintf("%d.%07d", n/1e7, n%1e7) }

// town returns a data directory with the town in it. When the test ends its server is stopped, whoever was killed.
func town(t *testing.T) string {
	t.Helper()
	yard, err := os.MkdirTemp("", "gridwright-crash-")
	if err == nil {
		err = os.Chmod(yard, 0o711) // the database server's user must pass through
	}
	if err != nil {
		t.Fatal(err)
	}
	dir := filepath.Join(yard, "data")
	t.Cleanup(func() {
		c, err := cluster.Open(context.Background(), dir, cluster.Options{})
		if err == nil {
			err = c.Close(context.Background())
		}
		if err := errors.Join(err, os.RemoveAll(yard)); err != nil {
			t.Error(err)
		}
	})
	areas, blocks := townFiles(t)
	gridwright(t, "import", areas, "--layer=large_grid", "--data="+dir)
	gridwright(t, "import", blocks, "--layer=block", "--data="+dir)
	return dir
}

// gridwright runs a command to its end and returns what it wrote to stdout.
func gridwright(t *testing.T, args ...string) []byte {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	cmd := exec.CommandContext(ctx, "gridwright", append(args, "--lang=en")...)
	var talk bytes.Buffer
	cmd.Stderr = &talk
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("gridwright %v: %v: %s", args, err, talk.Bytes())
	}
	return out
}

// A service is a running `gridwright serve` or `gridwright demo`.
type service struct {
	t    *testing.T
	cmd  *exec.Cmd
	url  string
	mu   sync.Mutex
	talk bytes.Buffer
}

var openURL = regexp.MustCompile(`http://127\.0\.0\.1:\d+/`)

// serve starts the service on a data directory and waits until it says where it listens.
func serve(t *testing.T, dir string) *service {
	t.Helper()
	return start(t, "gridwright", "serve", "--data="+dir, "--lang=en")
}

// start starts a program that serves and waits until it says where it listens.
func start(t *testing.T, program string, args ...string) *service {
	t.Helper()
	s := &service{t: t, cmd: exec.Command(program, append(args, "--listen=127.0.0.1:0")...)}
	talk, err := s.cmd.StderrPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := s.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.kill)
	listening := make(chan string, 1)
	go s.listen(talk, listening)
	select {
	case url, ok := <-listening:
		if !ok {
			t.Fatalf("the service ended: %s", s.said())
		}
		s.url = url
	case <-time.After(patience):
		t.Fatalf("the service does not say where it listens: %s", s.said())
	}
	return s
}

// listen keeps what the service says, and tells the address once; it closes the channel when the service has ended.
func (s *service) listen(talk io.Reader, listening chan<- string) {
	defer close(listening)
	told := false
	for lines := bufio.NewScanner(talk); lines.Scan(); {
		s.mu.Lock()
		s.talk.WriteString(lines.Text() + "\n")
		s.mu.Unlock()
		if url := openURL.FindString(lines.Text()); url != "" && !told {
			listening <- url
			told = true
		}
	}
}

func (s *service) said() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.talk.String()
}

// kill kills the service as kill -9 does.
func (s *service) kill() {
	if s.cmd.ProcessState == nil {
		s.cmd.Process.Kill()
		s.cmd.Wait()
	}
}

// stop ends the service as Ctrl-C does.
func (s *service) stop() {
	s.t.Helper()
	if err := s.cmd.Process.Signal(syscall.SIGINT); err != nil {
		s.t.Fatal(err)
	}
	if err := s.cmd.Wait(); err != nil {
		s.t.Errorf("the service ended with %v: %s", err, s.said())
	}
}

// get reads a document.
func (s *service) get(path string, into any) {
	s.t.Helper()
	answer, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	s.read(answer, http.StatusOK, into)
}

// post sends a document with a key and reads the answer.
func (s *service) post(path, key string, document any, want int, into any) {
	s.t.Helper()
	answer, err := s.send(s.t.Context(), path, key, document)
	if err != nil {
		s.t.Fatal(err)
	}
	s.read(answer, want, into)
}

// send sends a document; an error means that it is not known whether it arrived.
func (s *service) send(ctx context.Context, path, key string, document any) (*http.Response, error) {
	s.t.Helper()
	text, err := json.Marshal(document)
	if err != nil {
		s.t.Fatal(err)
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, s.url+path, bytes.NewReader(text))
	if err != nil {
		s.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Idempotency-Key", key)
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		return nil, err
	}
	// The whole answer counts: one that breaks off acknowledges nothing.
	whole, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	answer.Body = io.NopCloser(bytes.NewReader(whole))
	return answer, err
}

func (s *service) read(answer *http.Response, want int, into any) {
	s.t.Helper()
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	if answer.StatusCode != want {
		s.t.Fatalf("%s: %s: %s", answer.Request.URL.Path, answer.Status, text)
	}
	read(s.t, text, into)
}

// document shapes of the planning API, as far as the tests read them.
type (
	planDocument struct {
		ID, State string
		Revision  int64
	}
	assignmentDocument struct {
		Revision int64
		Rows     []placedDocument
	}
	placedDocument struct{ Block, Parent, Grid string }
	logDocument    struct {
		Edits []struct {
			Revision int64
			Kind     string
		}
	}
)

// recipe is a split of the whole town with a given effort.
func recipe(effort int) map[string]any {
	return map[string]any{"name": "plan", "recipe": map[string]any{"scope": "all", "grids": townGrids, "tolerance": 0, "seed": 1,
		"effort": effort, "balance": []map[string]any{{"measure": "households"}}}}
}

// awaitPlan looks at a plan until it is as wished.
func (s *service) awaitPlan(id string, is func(planDocument) bool) (p planDocument) {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(patience); ; <-tick.C {
		s.get("api/v1/plans/"+id, &p)
		if is(p) {
			return p
		}
		if time.Now().After(until) || p.State == string(plan.Failed) {
			s.t.Fatalf("plan %s is %s at revision %d: %s", id, p.State, p.Revision, s.said())
		}
	}
}

func inState(want plan.State) func(planDocument) bool {
	return func(p planDocument) bool { return p.State == string(want) }
}

func (s *service) assignment(id string) (a assignmentDocument) {
	s.t.Helper()
	s.get("api/v1/plans/"+id+"/assignment", &a)
	return a
}

// The service is killed in the middle of a split. The next one takes the job up again, and what comes out is what
// would have come out.
func TestKilledInTheMiddleOfASplit(t *testing.T) {
	const takenUpWithin = 30 * time.Second
	dir := town(t)
	s, lost := killWhileSolving(t, dir)
	s.awaitSaying("taking up a job")
	if took := time.Since(lost.killed); took > takenUpWithin {
		t.Errorf("the job was taken up after %v", took)
	}
	// Sent again by a client that never got to know, the plan is not made twice.
	var again planDocument
	if s.post("api/v1/plans", splitKey(lost.effort), recipe(lost.effort), http.StatusAccepted, &again); again.ID != lost.ID {
		t.Errorf("the same key made plan %s beside %s", again.ID, lost.ID)
	}
	s.awaitPlan(lost.ID, inState(plan.Draft))
	var log logDocument
	s.get("api/v1/plans/"+lost.ID+"/edits", &log)
	if len(log.Edits) != 1 || log.Edits[0].Kind != "propose" || log.Edits[0].Revision != 1 {
		t.Errorf("the log is %+v", log.Edits)
	}
	var undisturbed planDocument
	s.post("api/v1/plans", "undisturbed", recipe(lost.effort), http.StatusAccepted, &undisturbed)
	s.awaitPlan(undisturbed.ID, inState(plan.Draft))
	got, want := s.assignment(lost.ID), s.assignment(undisturbed.ID)
	if len(got.Rows) != townParents*townSide*townSide || !slices.Equal(got.Rows, want.Rows) {
		t.Error("the plan that was taken up differs from one that was not disturbed")
	}
	s.stop()
	wantNoServer(t, dir)
}

// A lostPlan is one whose service was killed while it split it.
type lostPlan struct {
	planDocument
	effort int
	killed time.Time
}

// killWhileSolving kills a service that is at a split, and returns the next service and the plan. On a machine so fast that the
// split was done before, a longer one is tried.
func killWhileSolving(t *testing.T, dir string) (*service, lostPlan) {
	t.Helper()
	s := serve(t, dir)
	for lost := (lostPlan{effort: 500}); ; lost.effort *= 4 {
		s.post("api/v1/plans", splitKey(lost.effort), recipe(lost.effort), http.StatusAccepted, &lost.planDocument)
		s.awaitPlan(lost.ID, func(p planDocument) bool { return p.State != string(plan.Queued) })
		s.kill()
		lost.killed = time.Now()
		s = serve(t, dir)
		if s.get("api/v1/plans/"+lost.ID, &lost.planDocument); lost.State == string(plan.Solving) {
			return s, lost
		}
	}
}

func splitKey(effort int) string { return "split-" + strconv.Itoa(effort) }

// awaitSaying waits until the service has said something.
func (s *service) awaitSaying(what string) {
	s.t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for until := time.Now().Add(patience); !strings.Contains(s.said(), what); <-tick.C {
		if time.Now().After(until) {
			s.t.Fatalf("the service never said %q: %s", what, s.said())
		}
	}
}

// wantNoServer checks that nobody serves the data directory any more.
func wantNoServer(t *testing.T, dir string) {
	t.Helper()
	if _, err := os.Stat(filepath.Join(dir, "pg", "postmaster.pid")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the last one out left the database server running (%v)", err)
	}
}

// A planner moves blocks, one after the other, and waits for each answer.
type planner struct {
	t     *testing.T
	plan  string
	at    int64             // the newest revision that was acknowledged
	where map[string]string // grid by block, as acknowledged
	pairs []placedDocument  // what may be moved: a block and another grid of its parent
	sent  int
}

// A wish is an edit as it is sent, and resent with the same key.
type wish struct {
	Base   int64    `json:"base_revision"`
	Kind   string   `json:"kind"`
	Blocks []string `json:"blocks"`
	To     string   `json:"to"`
	key    string
}

func newPlanner(t *testing.T, s *service, id string) *planner {
	t.Helper()
	p := &planner{t: t, plan: id, at: 1, where: map[string]string{}}
	grids := map[string][]string{} // by parent
	rows := s.assignment(id).Rows
	for _, row := range rows {
		p.where[row.Block] = row.Grid
		if !slices.Contains(grids[row.Parent], row.Grid) {
			grids[row.Parent] = append(grids[row.Parent], row.Grid)
		}
	}
	for _, row := range rows {
		for _, other := range grids[row.Parent] {
			if other != row.Grid {
				p.pairs = append(p.pairs, placedDocument{row.Block, row.Parent, other})
			}
		}
	}
	return p
}

// next returns the next edit: a block that goes to a grid it is not in.
func (p *planner) next() wish {
	for {
		pair := p.pairs[p.sent%len(p.pairs)]
		p.sent++
		if p.where[pair.Block] != pair.Grid {
			return wish{p.at, string(plan.Assign), []string{pair.Block}, pair.Grid, "edit-" + strconv.Itoa(p.sent)}
		}
	}
}

// acknowledge notes the answer to an edit.
func (p *planner) acknowledge(s *service, w wish, answer *http.Response) {
	p.t.Helper()
	var done struct{ Revision int64 }
	s.read(answer, http.StatusOK, &done)
	if done.Revision != p.at+1 {
		p.t.Fatalf("edit %s became revision %d after %d", w.key, done.Revision, p.at)
	}
	p.at = done.Revision
	p.where[w.Blocks[0]] = w.To
}

// workUntilKilled moves blocks until the service is killed with an edit in hand, and returns the edit that was never answered.
func (p *planner) workUntilKilled(ctx context.Context, s *service) wish {
	p.t.Helper()
	for {
		w := p.next()
		answer, err := s.send(ctx, "api/v1/plans/"+p.plan+"/edits", w.key, w)
		if err != nil {
			s.cmd.Wait()
			return w
		}
		p.acknowledge(s, w, answer)
	}
}

// A blow prepares the end of a service at a moment of one of the next edits, and returns a context for sending them.
type blow func(t *testing.T, s *service, dir string, p *planner) context.Context

// edits are how many a service does before the blow falls.
const edits = 5

// asItIsSent kills the service as soon as it has been sent an edit: seldom is it stored.
func asItIsSent(t *testing.T, s *service, _ string, _ *planner) context.Context {
	sent := 0
	return httptrace.WithClientTrace(t.Context(), &httptrace.ClientTrace{WroteRequest: func(httptrace.WroteRequestInfo) {
		if sent++; sent > edits {
			s.cmd.Process.Kill()
		}
	}})
}

// asItIsStored kills the service as soon as the database tells of a revision: seldom has it been answered.
func asItIsStored(t *testing.T, s *service, dir string, p *planner) context.Context {
	t.Helper()
	store := enter(t, dir)
	last := p.at + edits
	listening := make(chan struct{})
	go store.Listen(t.Context(), func() { close(listening) }, func(c postgis.Change) {
		if c.Plan.String() == p.plan && c.Revision > last {
			s.cmd.Process.Kill()
		}
	})
	<-listening
	return t.Context()
}

// enter opens the data directory beside whoever is in, until the test ends.
func enter(t *testing.T, dir string) *postgis.Store {
	t.Helper()
	c, err := cluster.Open(t.Context(), dir, cluster.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	store, err := postgis.Open(t.Context(), c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}

// The service is killed in the middle of a stream of edits, again and again. What was acknowledged is there; what was not
// is done once when it is sent again.
func TestKilledInTheMiddleOfEdits(t *testing.T) {
	dir := town(t)
	s := serve(t, dir)
	var made planDocument
	s.post("api/v1/plans", "plan", recipe(1), http.StatusAccepted, &made)
	s.awaitPlan(made.ID, inState(plan.Draft))
	proposal := s.assignment(made.ID)
	planner := newPlanner(t, s, made.ID)
	s.stop()
	for _, test := range []struct {
		name string
		blow blow
	}{
		{"as it is sent", asItIsSent},
		{"as it is stored", asItIsStored},
		{"as it is sent, again", asItIsSent},
		{"as it is stored, again", asItIsStored},
	} {
		t.Run(test.name, func(t *testing.T) {
			planner.t = t
			first := serve(t, dir)
			unanswered := planner.workUntilKilled(test.blow(t, first, dir, planner), first)
			second := serve(t, dir)
			planner.resend(second, unanswered)
			wantLog(t, second, planner)
			second.stop()
		})
	}
	wantNoServer(t, dir)
	wantRebuilt(t, enter(t, dir), planner, proposal)
}

// resend sends an edit of unknown fate twice more: however that was, it is done once.
func (p *planner) resend(s *service, w wish) {
	p.t.Helper()
	var now planDocument
	s.get("api/v1/plans/"+p.plan, &now)
	if now.Revision != p.at && now.Revision != p.at+1 {
		p.t.Fatalf("revision %d was acknowledged and the plan has %d", p.at, now.Revision)
	}
	p.t.Logf("the edit after revision %d had been stored: %t", p.at, now.Revision > p.at)
	path := "api/v1/plans/" + p.plan + "/edits"
	answer, err := s.send(p.t.Context(), path, w.key, w)
	if err != nil {
		p.t.Fatal(err)
	}
	p.acknowledge(s, w, answer)
	var again planDocument
	if s.post(path, w.key, w, http.StatusOK, &again); again.Revision != p.at {
		p.t.Errorf("sent once more, revision %d became %d", p.at, again.Revision)
	}
}

// wantLog checks that the log has every revision once, and the plan what the planner was told.
func wantLog(t *testing.T, s *service, p *planner) {
	t.Helper()
	var log logDocument
	s.get("api/v1/plans/"+p.plan+"/edits", &log)
	var revisions []int64
	for _, e := range log.Edits {
		revisions = append(revisions, e.Revision)
	}
	slices.Sort(revisions)
	for i, r := range revisions {
		if r != int64(i+1) {
			t.Fatalf("the log has revisions %v", revisions)
		}
	}
	if int64(len(revisions)) != p.at {
		t.Errorf("the log has %d revisions, %d were acknowledged", len(revisions), p.at)
	}
	for _, row := range s.assignment(p.plan).Rows {
		if row.Grid != p.where[row.Block] {
			t.Errorf("block %s is in %s; the planner was told %s", row.Block, row.Grid, p.where[row.Block])
		}
	}
}

// wantRebuilt checks that the stored assignment, taken back along the log, is the proposal.
func wantRebuilt(t *testing.T, store *postgis.Store, p *planner, proposal assignmentDocument) {
	t.Helper()
	id, err := plan.ParseID(p.plan)
	if err != nil {
		t.Fatal(err)
	}
	stored, err := store.Snapshot(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	edits, err := store.EditsBetween(t.Context(), id, 1, stored.Revision)
	if err != nil {
		t.Fatal(err)
	}
	first, err := stored.Rewind(edits)
	if err != nil {
		t.Fatal(err)
	}
	if stored.Revision != p.at || first.Revision != 1 {
		t.Errorf("revision %d is stored, %d after the log was taken back", stored.Revision, first.Revision)
	}
	was := map[string]string{}
	for _, row := range proposal.Rows {
		was[row.Block] = row.Grid
	}
	for b := range first.Ground.Blocks {
		if code := first.Ground.Blocks[b].Code; first.CodeOf(int32(b)) != was[code] {
			t.Errorf("block %s was proposed for %s and the log leads back to %s", code, was[code], first.CodeOf(int32(b)))
		}
	}
}

// Commands work whether or not a service runs on the same data, and come to the same.
func TestCommandsWithAndWithoutAService(t *testing.T) {
	dir := town(t)
	split := func() (out struct{ Plan string }) {
		t.Helper()
		read(t, gridwright(t, "split", "--scope=all", "--grids="+strconv.Itoa(townGrids), "--balance=households", "--data="+dir, "--json"), &out)
		return out
	}
	export := func(id string) []byte {
		t.Helper()
		return gridwright(t, "export", "--plan="+id, "--format=assignment", "--out=-", "--data="+dir)
	}
	alone := split()
	wantNoServer(t, dir)
	s := serve(t, dir)
	beside := split()
	if beside.Plan == alone.Plan {
		t.Fatalf("both are plan %s", alone.Plan)
	}
	during := export(alone.Plan)
	if len(during) == 0 || !bytes.Equal(during, export(beside.Plan)) {
		t.Error("a split beside the service differs from one without")
	}
	var p planDocument
	if s.get("api/v1/plans/"+beside.Plan, &p); p.State != string(plan.Draft) {
		t.Errorf("after the command has left, the service says %+v", p)
	}
	s.stop()
	wantNoServer(t, dir)
	if !bytes.Equal(during, export(alone.Plan)) {
		t.Error("an export without the service differs from one beside it")
	}
	wantNoServer(t, dir)
}
