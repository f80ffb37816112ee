package cluster

import (
	"bufio"
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
)

// The tests start this very program again as another member, as another user, or as one to be killed. roleVar says which part it plays.
const (
	roleVar = "CLUSTER_TEST_ROLE"
	argVar  = "CLUSTER_TEST_ARG"
)

// limit is how long anything in a test may take before it is given up: generous, for a busy machine.
const limit = 2 * time.Minute

// base holds every data directory of the tests. Everybody may pass through it, nobody may look around.
var base string

func TestMain(m *testing.M) {
	if part := os.Getenv(roleVar); part != "" {
		os.Exit(play(part, os.Getenv(argVar)))
	}
	os.Exit(runTests(m))
}

// memory is a file system in memory that Linux machines have. Dozens of clusters are copied and thrown away there ten times as fast as
// on a disk, and what a kill -9 may lose is the same: the kernel has what was written, wherever it keeps it.
const memory = "/dev/shm"

// testGround returns where the tests take place, as os.MkdirTemp wants it: in memory if there is room, and where
// it is usual if not, or if it is time that is measured.
func testGround() string {
	const room = 2 << 30
	var fs syscall.Statfs_t
	if syscall.Statfs(memory, &fs) != nil || int64(fs.Bavail)*fs.Bsize < room || flag.Lookup("test.bench").Value.String() != "" {
		return ""
	}
	return memory
}

func runTests(m *testing.M) int {
	flag.Parse()
	var err error
	if base, err = os.MkdirTemp(testGround(), "gw"); err == nil {
		err = os.Chmod(base, 0o711)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(base)
	code := m.Run()
	if err := crashModel.settle(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	for pid, at := range serversUnder(base) {
		fmt.Fprintf(os.Stderr, "process %d still serves %s\n", pid, at)
		syscall.Kill(pid, syscall.SIGKILL)
		code = 1
	}
	return code
}

// serversUnder returns the PostgreSQL processes that work in or below dir.
func serversUnder(dir string) map[int]string {
	found := map[int]string{}
	entries, _ := os.ReadDir("/proc")
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err != nil {
			continue
		}
		name, _ := os.ReadFile(filepath.Join("/proc", e.Name(), "comm"))
		at, err := os.Readlink(filepath.Join("/proc", e.Name(), "cwd"))
		if err == nil && strings.HasPrefix(at+"/", dir+"/") && (string(name) == "postgres\n" || string(name) == "initdb\n") {
			found[pid] = at
		}
	}
	return found
}

// play is what this program does as somebody else. It speaks in lines on its output, and ends when its input does.
func play(part, arg string) int {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	if part == "call" { // connect to the server of others
		conn, err := pgx.Connect(ctx, arg)
		if err != nil {
			fmt.Println("refused", strings.ReplaceAll(err.Error(), "\n", " "))
			return 0
		}
		fmt.Println("welcome")
		conn.Close(ctx)
		return 0
	}
	c, err := Open(ctx, arg, Options{Progress: func(s Step) { fmt.Println("step", string(s)) }})
	if err != nil {
		if r, ok := errors.AsType[*Refusal](err); ok {
			fmt.Println("refused", r.Key, r.Place)
		} else {
			fmt.Println("error", strings.ReplaceAll(err.Error(), "\n", " "))
		}
		return 0
	}
	fmt.Println("in", os.Getpid())
	switch part {
	case "write":
		writeUntilKilled(ctx, c)
	case "compute":
		if conn, err := pgx.Connect(ctx, c.DSN()); err == nil {
			fmt.Println("computing", conn.PgConn().PID())
			conn.Exec(ctx, `SELECT count(*) FROM generate_series(1, 1000000000000) n WHERE n % 7 = 8`)
		}
	}
	io.Copy(io.Discard, os.Stdin)
	if err := c.Close(ctx); err != nil {
		fmt.Println("error", err)
		return 1
	}
	fmt.Println("out")
	return 0
}

// writeUntilKilled writes rows with four clients and says of each, once it is acknowledged, that it is.
func writeUntilKilled(ctx context.Context, c *Cluster) {
	var clients sync.WaitGroup
	for client := range 4 {
		clients.Go(func() {
			var conn *pgx.Conn
			for n := 0; ctx.Err() == nil; n++ {
				if conn == nil || conn.IsClosed() {
					var err error
					if conn, err = pgx.Connect(ctx, c.DSN()); err != nil {
						conn = nil
						wait(ctx, pause)
						continue
					}
				}
				id := fmt.Sprintf("%d-%d-%d", os.Getpid(), client, n)
				if _, err := conn.Exec(ctx, `INSERT INTO written (id, said) VALUES ($1, md5($1))`, id); err == nil {
					fmt.Println("acknowledged", id)
				}
			}
		})
	}
	clients.Wait()
}

// An actor is this program, started once more.
type actor struct {
	t     testing.TB
	cmd   *exec.Cmd
	input io.WriteCloser
	lines chan string // what it says; closed when it has ended
}

// act starts an actor as the given user, or as the same one if user is "".
func act(t testing.TB, user, part, arg string) *actor {
	t.Helper()
	program, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	a := &actor{t: t, lines: make(chan string, 1<<16)}
	attr := &syscall.SysProcAttr{}
	if user != "" {
		program = copyOfProgram(t)
		o := ownerNamed(t, user)
		attr.Credential = &syscall.Credential{Uid: o.uid, Gid: o.gid, Groups: o.groups}
	}
	a.cmd = exec.Command(program)
	a.cmd.Dir = "/"
	a.cmd.Env = append(os.Environ(), roleVar+"="+part, argVar+"="+arg)
	a.cmd.SysProcAttr = attr
	a.cmd.Stderr = os.Stderr
	if a.input, err = a.cmd.StdinPipe(); err != nil {
		t.Fatal(err)
	}
	output, err := a.cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := a.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(a.lines)
		for said := bufio.NewScanner(output); said.Scan(); {
			a.lines <- said.Text()
		}
	}()
	t.Cleanup(a.kill)
	return a
}

// hear returns the rest of the first line that begins with word; a line that tells of trouble fails the test.
func (a *actor) hear(word string) string {
	a.t.Helper()
	timeout := time.After(limit)
	for {
		select {
		case line, ok := <-a.lines:
			if !ok {
				a.t.Fatalf("the other program ended without saying %q", word)
			}
			first, rest, _ := strings.Cut(line, " ")
			if first == word {
				return rest
			}
			if first == "error" || first == "refused" {
				a.t.Fatalf("the other program said %q, want %q", line, word)
			}
		case <-timeout:
			a.t.Fatalf("the other program never said %q", word)
		}
	}
}

// finish lets the actor come to its end.
func (a *actor) finish() {
	a.t.Helper()
	a.input.Close()
	a.hear("out")
	a.cmd.Wait()
}

// kill kills the actor, as kill -9 does, and waits until it is dead.
func (a *actor) kill() {
	if a.cmd.ProcessState == nil {
		a.cmd.Process.Kill()
		a.cmd.Wait()
	}
}

var copyOnce struct {
	sync.Once
	path string
	err  error
}

// copyOfProgram returns this program at a place where every user can run it.
func copyOfProgram(t testing.TB) string {
	t.Helper()
	copyOnce.Do(func() {
		var program string
		if program, copyOnce.err = os.Executable(); copyOnce.err != nil {
			return
		}
		var text []byte
		if text, copyOnce.err = os.ReadFile(program); copyOnce.err != nil {
			return
		}
		copyOnce.path = filepath.Join(base, "program")
		copyOnce.err = os.WriteFile(copyOnce.path, text, 0o755)
	})
	if copyOnce.err != nil {
		t.Fatal(copyOnce.err)
	}
	return copyOnce.path
}
