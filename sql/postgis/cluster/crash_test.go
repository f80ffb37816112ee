package cluster

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

// socketDSN is the way in for somebody who is no member.
func socketDSN(dir string) string {
	return address{host: filepath.Join(dir, runName)}.dsn(role, database)
}

// answers reports whether the database can be used now.
func answers(t *testing.T, dsn string) bool {
	t.Helper()
	ctx := limited(t)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		return false
	}
	defer conn.Close(ctx)
	return conn.Ping(ctx) == nil
}

// command carries out a statement.
func command(t *testing.T, dsn, statement string) {
	t.Helper()
	ctx := limited(t)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// enterHearing opens the cluster and returns the steps it took.
func enterHearing(t *testing.T, dir string) (*Cluster, string) {
	t.Helper()
	var steps []string
	c, err := Open(limited(t), dir, Options{Progress: func(s Step) { steps = append(steps, string(s)) }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c, strings.Join(steps, " ")
}

// awaitAnother waits for a server other than the given one, and returns its process.
func awaitAnother(t *testing.T, dir, dsn string, former int) (pid int) {
	t.Helper()
	until(t, "the server is back", func() bool {
		pid = postmasterOf(t, dir)
		return pid != 0 && pid != former && answers(t, dsn)
	})
	return pid
}

// wantBlock checks that what crashed stored is there.
func wantBlock(t *testing.T, c *Cluster) {
	t.Helper()
	if got := ask1(t, c.DSN(), `SELECT id::text FROM town.block`); got != "118" {
		t.Errorf("got block %s, want 118", got)
	}
}

func TestAfterAPowerCut(t *testing.T) {
	dir := crashed(t)
	c, steps := enterHearing(t, dir)
	if steps != "start" {
		t.Errorf("got steps %q", steps)
	}
	wantBlock(t, c)
	leave(t, c)
	wantServer(t, dir, 0)
}

// A server that dies under its members is brought back by one of them, and by one only.
func TestTheServerDiesUnderItsMembers(t *testing.T) {
	dir := crashed(t)
	c := enterForTest(t, dir)
	other := act(t, "", "hold", dir)
	other.hear("in")
	former := postmasterOf(t, dir)
	for range 2 {
		kill(t, former)
		former = awaitAnother(t, dir, c.DSN(), former)
		wantBlock(t, c)
	}
	leave(t, c)
	wantServer(t, dir, former)
	other.finish()
	wantServer(t, dir, 0)
}

// The server's own way of recovering is left to it: one dead child restarts the others under the same first process.
func TestAChildOfTheServerIsKilled(t *testing.T) {
	dir := crashed(t)
	c := enterForTest(t, dir)
	server := postmasterOf(t, dir)
	ctx := limited(t)
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	former := serversUnder(dir)
	delete(former, server)
	kill(t, int(conn.PgConn().PID()))
	until(t, "the children are new", func() bool {
		for pid := range serversUnder(dir) {
			if _, old := former[pid]; old {
				return false
			}
		}
		return answers(t, c.DSN())
	})
	wantServer(t, dir, server)
	wantBlock(t, c)
	leave(t, c)
	wantServer(t, dir, 0)
}

// computing starts an actor whose connection computes without end, and returns the process that does so.
func computing(t *testing.T, dir string) (a *actor, backend int) {
	t.Helper()
	a = act(t, "", "compute", dir)
	a.hear("in")
	backend, err := strconv.Atoi(a.hear("computing"))
	if err != nil {
		t.Fatal(err)
	}
	until(t, "it computes", func() bool {
		return ask1(t, socketDSN(dir), fmt.Sprintf(`SELECT (state = 'active' AND query LIKE '%%generate_series%%')::text FROM pg_stat_activity WHERE pid = %d`, backend)) == "true"
	})
	return a, backend
}

// A child in the middle of a long computation does not notice that the first process and the program are dead.
func TestChildrenOutliveTheServer(t *testing.T) {
	dir := crashed(t)
	a, child := computing(t, dir)
	a.kill()
	kill(t, postmasterOf(t, dir))
	c, steps := enterHearing(t, dir)
	if steps != "recover start" {
		t.Errorf("got steps %q", steps)
	}
	if _, alive := serversUnder(dir)[child]; alive {
		t.Errorf("process %d of the dead server still computes", child)
	}
	wantBlock(t, c)
	leave(t, c)
	wantServer(t, dir, 0)
}

// The last one out takes the orphans of a dead server along.
func TestLeavingADeadServer(t *testing.T) {
	dir := crashed(t)
	a, _ := computing(t, dir)
	a.kill()
	c := enterForTest(t, dir)
	c.stopKeeping() // so that nobody brings it back
	<-c.kept
	kill(t, postmasterOf(t, dir))
	leave(t, c)
	wantServer(t, dir, 0)
	c = enterForTest(t, dir)
	wantBlock(t, c)
	leave(t, c)
}

// The first line of a lock file is a process. After a crash the number may be anybody's, or the file may never have been
// written. A server is not kept from starting by that, and no stranger comes to harm.
func TestRemains(t *testing.T) {
	dir := crashed(t)
	remains := []string{filepath.Join(dir, homeName, "postmaster.pid"), filepath.Join(dir, runName, socketName+".lock")}
	var rest []string // after the first line, as a crash left it
	for _, path := range remains {
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		_, after, _ := strings.Cut(string(text), "\n")
		rest = append(rest, after)
	}
	for _, test := range []struct {
		name     string
		stranger func(t *testing.T) int // the process they name, or nil where they say text
		text     string
	}{
		{name: "this very program", stranger: func(*testing.T) int { return os.Getpid() }},
		{name: "a program of the server's user", stranger: sleeper},
		{name: "the server of another directory", stranger: otherServer},
		{name: "never written"},
		{name: "zeroes", text: "\x00\x00\x00\x00"},
		{name: "everybody", text: "-1\n"},
		{name: "no number", text: "postmaster\n"},
	} {
		t.Run(test.name, func(t *testing.T) {
			pid := 0
			if test.stranger != nil {
				pid = test.stranger(t)
			}
			for i, path := range remains {
				text := test.text
				if pid != 0 {
					text = fmt.Sprintf("%d\n%s", pid, rest[i])
				}
				write(t, path, text)
				forServer(t, path)
			}
			c, steps := enterHearing(t, dir)
			if steps != "start" {
				t.Errorf("got steps %q", steps)
			}
			wantBlock(t, c)
			leave(t, c)
			wantServer(t, dir, 0)
			if pid != 0 && syscall.Kill(pid, 0) != nil {
				t.Errorf("the stranger, process %d, is dead", pid)
			}
		})
	}
}

// otherServer returns the process of a server of another directory, which the same user runs.
func otherServer(t *testing.T) int {
	t.Helper()
	dir := furnished(t)
	c := enterForTest(t, dir)
	t.Cleanup(func() { leave(t, c) })
	return postmasterOf(t, dir)
}

// sleeper starts a program of the user the server runs as.
func sleeper(t *testing.T) int {
	t.Helper()
	cmd := exec.Command("sleep", "600")
	cmd.Dir = "/"
	if os.Geteuid() == 0 {
		o := ownerNamed(t, serverUser)
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: o.uid, Gid: o.gid, Groups: o.groups}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return cmd.Process.Pid
}

// A member that is killed has left: it takes nobody with it and keeps nobody from being the last.
func TestAKilledMemberHasLeft(t *testing.T) {
	for _, test := range []struct {
		name   string
		victim int // in the order of coming; the first started the server
	}{{"the first", 0}, {"a later one", 1}} {
		t.Run(test.name, func(t *testing.T) {
			dir := furnished(t)
			actors := []*actor{act(t, "", "hold", dir)}
			actors[0].hear("in")
			server := postmasterOf(t, dir)
			actors = append(actors, act(t, "", "hold", dir))
			actors[1].hear("in")
			actors[test.victim].kill()
			ask1(t, socketDSN(dir), `SELECT 'here'`)
			wantServer(t, dir, server)
			actors[1-test.victim].finish()
			wantServer(t, dir, 0)
		})
	}
}

// When all members are killed the server waits for the next one, who joins it.
func TestEverybodyIsKilledButTheServer(t *testing.T) {
	dir := furnished(t)
	a := act(t, "", "hold", dir)
	a.hear("in")
	server := postmasterOf(t, dir)
	a.kill()
	wantServer(t, dir, server)
	c, steps := enterHearing(t, dir)
	if steps != "" {
		t.Errorf("got steps %q, want none", steps)
	}
	if got := postmasterOf(t, dir); got != server {
		t.Errorf("got server %d, want %d", got, server)
	}
	leave(t, c)
	wantServer(t, dir, 0)
}

// A program that is killed while it makes the cluster leaves nothing that the next one stumbles over.
func TestKilledWhileMaking(t *testing.T) {
	for _, test := range []struct {
		name string
		step Step
		when func(dir string) bool // the moment after the step, or nil for at once
	}{
		{"as it begins", StepMake, nil},
		{"in the middle of initdb", StepMake, exists(makingName, "global", "pg_control")},
		{"before the server is up", StepStart, nil},
		{"before the database", StepFurnish, nil},
		{"in the middle of the database", StepFurnish, hasDatabase},
	} {
		t.Run(test.name, func(t *testing.T) {
			needServer(t)
			t.Parallel()
			dir := ground(t)
			a := act(t, "", "hold", dir)
			until(t, "the step", func() bool { return a.hear("step") == string(test.step) })
			if test.when != nil {
				until(t, "the moment", func() bool { return test.when(dir) })
			}
			a.kill()
			c := enterForTest(t, dir)
			if got := ask1(t, c.DSN(), `SELECT (postgis_lib_version() LIKE '3.%')::text`); got != "true" {
				t.Errorf("got PostGIS %s", got)
			}
			wantNames(t, dir, homeName, markerName, logName, membersName, runName)
			leave(t, c)
			wantServer(t, dir, 0)
		})
	}
}

func exists(name ...string) func(dir string) bool {
	return func(dir string) bool {
		_, err := os.Stat(filepath.Join(dir, filepath.Join(name...)))
		return err == nil
	}
}

// hasDatabase reports whether the server has begun to make a database that it was not born with.
func hasDatabase(dir string) bool {
	const bornWith = 3 // template1, template0, postgres
	entries, _ := os.ReadDir(filepath.Join(dir, homeName, "base"))
	return len(entries) > bornWith
}

// wantNames checks what is in a data directory.
func wantNames(t *testing.T, dir string, want ...string) {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, e := range entries {
		got = append(got, e.Name())
	}
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("got %v in the directory, want %v", got, want)
	}
}

// A crash of the machine leaves a half-made cluster that nobody works on, and a marker that was never written.
func TestHalfMadeRemains(t *testing.T) {
	needServer(t)
	dir := ground(t)
	write(t, filepath.Join(dir, markerName), "")
	write(t, filepath.Join(dir, makingName, "PG_VERSION"), "15\n")
	write(t, filepath.Join(dir, makingName, "base", "1", "112"), "")
	for _, name := range []string{"", markerName, makingName, "pg.making/PG_VERSION", "pg.making/base", "pg.making/base/1"} {
		forServer(t, filepath.Join(dir, name))
	}
	leave(t, enterForTest(t, dir))
	wantNames(t, dir, homeName, markerName, logName, membersName, runName)
	if text, err := os.ReadFile(filepath.Join(dir, markerName)); err != nil || string(text) != markerText {
		t.Errorf("got marker %q, %v", text, err)
	}
}

// Several come at the same moment, whatever they find.
func TestManyOpenAtOnce(t *testing.T) {
	for _, test := range []struct {
		name  string
		found func(t testing.TB) string
	}{
		{"at rest", furnished},
		{"after a power cut", crashed},
		{"half-made", halfMade},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := test.found(t)
			actors := []*actor{act(t, "", "hold", dir), act(t, "", "hold", dir)}
			c := enterForTest(t, dir)
			for _, a := range actors {
				a.hear("in")
			}
			server := postmasterOf(t, dir)
			ask1(t, c.DSN(), `SELECT 'here'`)
			leave(t, c)
			for _, a := range actors {
				wantServer(t, dir, server)
				a.finish()
			}
			wantServer(t, dir, 0)
		})
	}
}

// halfMade returns a data directory whose maker was killed before its server was up.
func halfMade(t testing.TB) string {
	t.Helper()
	needServer(t)
	dir := ground(t)
	a := act(t, "", "hold", dir)
	until(t, "the step", func() bool { return a.hear("step") == string(StepStart) })
	a.kill()
	return dir
}

// A server whose socket somebody removed cannot be reached any more: the next one in starts it anew, for the others too.
func TestTheSocketIsRemoved(t *testing.T) {
	for _, test := range []struct {
		name string
		what string
	}{
		{"the socket", filepath.Join(runName, socketName)},
		{"its whole directory", runName},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel() // it is mostly waiting
			dir := crashed(t)
			one := enterForTest(t, dir)
			until(t, "the first member watches", func() bool {
				return ask1(t, one.DSN(), `SELECT count(*)::text FROM pg_stat_activity WHERE application_name = 'gridwright keeper'`) == "1"
			})
			if err := os.RemoveAll(filepath.Join(dir, test.what)); err != nil {
				t.Fatal(err)
			}
			two, steps := enterHearing(t, dir)
			if steps != "recover start" {
				t.Errorf("got steps %q", steps)
			}
			wantBlock(t, two)
			until(t, "the first member is served too", func() bool { return answers(t, one.DSN()) })
			leave(t, two)
			wantBlock(t, one)
			leave(t, one)
			wantServer(t, dir, 0)
		})
	}
}

// Crashes where paths are longer than a socket's address: the server is found by its directory all the same.
func TestACrashAtALongPath(t *testing.T) {
	short := crashed(t)
	dir := filepath.Join(filepath.Dir(short), strings.Repeat(strings.Repeat("e", 200)+"/", 4))
	if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(short, dir); err != nil {
		t.Fatal(err)
	}
	c := enterForTest(t, dir)
	former := postmasterOf(t, dir)
	kill(t, former)
	awaitAnother(t, dir, c.DSN(), former)
	wantBlock(t, c)
	leave(t, c)
	wantServer(t, dir, 0)
}

// What was acknowledged is there, whoever is killed when.
func TestAcknowledgedRowsSurvive(t *testing.T) {
	const enough = 100 // rows between two blows
	dir := crashed(t)
	a := act(t, "", "hold", dir)
	a.hear("in")
	command(t, socketDSN(dir), `CREATE TABLE written (id text PRIMARY KEY, said text NOT NULL)`)
	a.finish()
	var acknowledged []string
	for _, blow := range []struct {
		name string
		fall func(t *testing.T, writers []*actor)
	}{
		{"the first process", func(t *testing.T, writers []*actor) {
			former := postmasterOf(t, dir)
			kill(t, former)
			awaitAnother(t, dir, socketDSN(dir), former)
			for _, w := range writers { // they go on where they were
				for range enough {
					acknowledged = append(acknowledged, w.hear("acknowledged"))
				}
			}
		}},
		{"the programs, then the server", func(*testing.T, []*actor) {}},
		{"the server, then the programs", func(t *testing.T, _ []*actor) {
			for pid := range serversUnder(dir) {
				syscall.Kill(pid, syscall.SIGKILL)
			}
		}},
	} {
		t.Run(blow.name, func(t *testing.T) {
			writers := []*actor{act(t, "", "write", dir), act(t, "", "write", dir)}
			for _, w := range writers {
				for range enough {
					acknowledged = append(acknowledged, w.hear("acknowledged"))
				}
			}
			blow.fall(t, writers)
			for _, w := range writers {
				acknowledged = append(acknowledged, w.lastWords()...)
			}
			if err := killServer(limited(t), dir); err != nil {
				t.Fatal(err)
			}
			c := enterForTest(t, dir)
			wantWritten(t, c, acknowledged)
			leave(t, c)
		})
	}
	wantServer(t, dir, 0)
}

// lastWords kills the actor and returns the rows it still said were acknowledged.
func (a *actor) lastWords() (rows []string) {
	a.t.Helper()
	a.cmd.Process.Kill()
	for line := range a.lines { // to the end, before Wait closes the pipe
		if row, ok := strings.CutPrefix(line, "acknowledged "); ok {
			rows = append(rows, row)
		}
	}
	a.cmd.Wait()
	return rows
}

// wantWritten checks that every acknowledged row is there, whole.
func wantWritten(t *testing.T, c *Cluster, acknowledged []string) {
	t.Helper()
	ctx := limited(t)
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	var lost []string
	const missing = `SELECT array_agg(a.id) FROM unnest($1::text[]) AS a (id)
		WHERE NOT EXISTS (SELECT FROM written w WHERE w.id = a.id AND w.said = md5(a.id))`
	if err := conn.QueryRow(ctx, missing, acknowledged).Scan(&lost); err != nil {
		t.Fatal(err)
	}
	if len(lost) > 0 {
		t.Errorf("%d of %d acknowledged rows are lost, such as %s", len(lost), len(acknowledged), lost[0])
	}
}
