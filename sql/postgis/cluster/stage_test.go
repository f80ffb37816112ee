package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// needRoot skips a test that has to be several users.
func needRoot(t *testing.T) {
	t.Helper()
	if os.Geteuid() != 0 {
		t.Skip("only root can act as several users")
	}
}

func needServer(t testing.TB) {
	t.Helper()
	if _, err := defaultSearch().newest(); err != nil {
		t.Skip(err)
	}
}

func ownerNamed(t testing.TB, name string) owner {
	t.Helper()
	o, err := ownerByName(name)
	if err != nil {
		t.Fatal(err)
	}
	return o
}

// ground returns a path at which nothing is, in a directory of its own that everybody may pass. What is left of a server there is
// killed when the test ends.
func ground(t testing.TB) string {
	t.Helper()
	yard, err := os.MkdirTemp(base, "y")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(yard, 0o755); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		for pid, at := range serversUnder(yard) {
			if !t.Failed() {
				t.Errorf("process %d still serves %s", pid, at)
			}
			syscall.Kill(pid, syscall.SIGKILL)
		}
		os.RemoveAll(yard)
	})
	return filepath.Join(yard, "d")
}

// A model is a data directory that is made once and copied for every test that wants one like it.
type model struct {
	sync.Once
	name string
	make func(dir string) error
	err  error
}

// copyTo makes the data directory dir like the model.
func (m *model) copyTo(t testing.TB, dir string) {
	t.Helper()
	made := filepath.Join(base, m.name)
	m.Do(func() { m.err = m.make(made) })
	if m.err != nil {
		t.Fatal(m.err)
	}
	if said, err := exec.Command("cp", "-a", made, dir).CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
}

// settle starts a model that was made and stops it in peace: what a killed server leaves in shared memory goes away only when
// the next one starts in the same directory.
func (m *model) settle() error {
	dir := filepath.Join(base, m.name)
	if _, err := os.Stat(dir); err != nil {
		return nil // no test wanted it
	}
	return makeAtRest(dir)
}

var (
	restModel  = model{name: "rest", make: makeAtRest}
	crashModel = model{name: "crash", make: makeCrashed}
)

func makeAtRest(dir string) error {
	c, err := Open(context.Background(), dir, Options{})
	if err != nil {
		return err
	}
	return c.Close(context.Background())
}

// makeCrashed stores a row and kills everything, so that the remains of a living server lie about.
func makeCrashed(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	defer c.release()
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `CREATE SCHEMA town; CREATE TABLE town.block AS SELECT 118 AS id`); err != nil {
		return err
	}
	c.stopKeeping() // so that nobody brings it back
	<-c.kept
	return killServer(ctx, dir)
}

// killServer kills every process of the directory's server at once, as a power cut does.
func killServer(ctx context.Context, dir string) error {
	for {
		alive := serversUnder(dir)
		if len(alive) == 0 {
			return nil
		}
		for pid := range alive {
			syscall.Kill(pid, syscall.SIGKILL)
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
}

// furnished returns a data directory with a finished cluster at rest.
func furnished(t testing.TB) string {
	t.Helper()
	needServer(t)
	dir := ground(t)
	restModel.copyTo(t, dir)
	return dir
}

// crashed returns a data directory with table town.block, as it lies after everything was killed.
func crashed(t testing.TB) string {
	t.Helper()
	needServer(t)
	dir := ground(t)
	crashModel.copyTo(t, dir)
	return dir
}

func limited(t testing.TB) context.Context {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	t.Cleanup(cancel)
	return ctx
}

// enterForTest opens the cluster; the test closes it with leave.
func enterForTest(t testing.TB, dir string) *Cluster {
	t.Helper()
	c, err := Open(limited(t), dir, Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Close(context.Background()) })
	return c
}

func leave(t testing.TB, c *Cluster) {
	t.Helper()
	if err := c.Close(limited(t)); err != nil {
		t.Fatal(err)
	}
}

// ask1 returns the one value the database answers.
func ask1(t *testing.T, dsn, question string) (answer string) {
	t.Helper()
	ctx := limited(t)
	conn, err := pgx.Connect(ctx, dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if err := conn.QueryRow(ctx, question).Scan(&answer); err != nil {
		t.Fatalf("%s: %v", question, err)
	}
	return answer
}

// postmasterOf returns the process that serves dir, or 0.
func postmasterOf(t *testing.T, dir string) int {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(dir, homeName, "postmaster.pid"))
	if err != nil {
		return 0
	}
	line, _, _ := strings.Cut(string(text), "\n")
	pid, _ := parseID(line) // 0 in the moment before it is written
	return int(pid)
}

// wantServer checks that the process serves dir, or that no process does if want is 0.
func wantServer(t *testing.T, dir string, want int) {
	t.Helper()
	got := serversUnder(dir)
	if _, ok := got[want]; want != 0 && !ok {
		t.Errorf("process %d serves no more; got %v", want, got)
	}
	if want == 0 && len(got) > 0 {
		t.Errorf("got processes %v, want none", got)
	}
}

// until waits for something to become true.
func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	ctx := limited(t)
	for !is() {
		if wait(ctx, pause) != nil {
			t.Fatalf("%s: it never happened", what)
		}
	}
}

func kill(t *testing.T, pid int) {
	t.Helper()
	if pid == 0 {
		t.Fatal("no process to kill")
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// wantRefusal checks that err is the refusal, and returns it.
func wantRefusal(t *testing.T, err error, want Key) *Refusal {
	t.Helper()
	r, ok := errors.AsType[*Refusal](err)
	if !ok {
		t.Fatalf("got error %v, want refusal %s", err, want)
	}
	if r.Key != want {
		t.Fatalf("got refusal %s (%v), want %s", r.Key, r, want)
	}
	return r
}

// tree returns every path below dir with its rights, owner, size and time of change, to see that nothing was touched.
func tree(t *testing.T, dir string) string {
	t.Helper()
	var lines []string
	err := filepath.Walk(dir, func(path string, info os.FileInfo, err error) error {
		if err != nil {
			return err
		}
		lines = append(lines, fmt.Sprint(path, " ", info.Mode(), " ", belongsTo(info), " ", info.Size(), " ")+info.ModTime().Format(time.RFC3339Nano))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return strings.Join(lines, "\n")
}

// forServer gives a path to the user the server runs as, as far as the test's user can.
func forServer(t *testing.T, path string) {
	t.Helper()
	if os.Geteuid() != 0 {
		return
	}
	o := ownerNamed(t, serverUser)
	if err := os.Chown(path, int(o.uid), int(o.gid)); err != nil {
		t.Fatal(err)
	}
}
