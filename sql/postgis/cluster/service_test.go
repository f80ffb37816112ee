package cluster

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/jackc/pgx/v5"
)

func TestColdAndWarm(t *testing.T) {
	needServer(t)
	dir := ground(t)
	var steps []string
	c, err := Open(limited(t), dir, Options{Progress: func(s Step) { steps = append(steps, string(s)) }})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close(context.Background())
	if got, want := strings.Join(steps, " "), "make start furnish"; got != want {
		t.Errorf("got steps %q, want %q", got, want)
	}
	for _, want := range []struct{ question, answer string }{
		{`SELECT postgis_lib_version() LIKE '3.%'`, "true"},
		{`SELECT current_user || ' ' || current_database()`, "gridwright gridwright"},
		{`SELECT rolsuper FROM pg_roles WHERE rolname = current_user`, "false"},
		{`SELECT datdba::regrole || ' ' || datcollate || ' ' || pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()`, "gridwright C.UTF-8 UTF8"},
		{`SHOW listen_addresses`, ""},
		{`SHOW fsync`, "on"},
		{`SHOW synchronous_commit`, "on"},
		{`SHOW data_checksums`, "on"},
		{`SHOW jit`, "off"},
		{`SHOW timezone`, "UTC"},
	} {
		if got := ask1(t, c.DSN(), `SELECT (`+asQuery(want.question)+`)::text`); got != want.answer {
			t.Errorf("%s: got %q, want %q", want.question, got, want.answer)
		}
	}
	first := postmasterOf(t, dir)
	if got, own := sessionOf(t, first), sessionOf(t, os.Getpid()); got == own {
		t.Error("the server is in the session of the program that started it: Ctrl-C would reach it")
	}
	ask1(t, c.DSN(), `WITH made AS (SELECT 1) SELECT 'x'`)
	ctx := limited(t)
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		t.Fatal(err)
	}
	if _, err := conn.Exec(ctx, `CREATE SCHEMA town; CREATE TABLE town.block AS SELECT 118 AS id`); err != nil {
		t.Fatal(err)
	}
	conn.Close(ctx)
	leave(t, c)
	wantServer(t, dir, 0)
	if err := c.Close(ctx); err != nil {
		t.Errorf("a second Close: got %v", err)
	}
	c = enterForTest(t, dir)
	if got := ask1(t, c.DSN(), `SELECT id::text FROM town.block`); got != "118" {
		t.Errorf("got block %s after a restart, want 118", got)
	}
	leave(t, c)
}

// asQuery turns SHOW x into something that can stand in parentheses.
func asQuery(question string) string {
	if name, ok := strings.CutPrefix(question, "SHOW "); ok {
		return "SELECT current_setting('" + name + "')"
	}
	return question
}

func sessionOf(t *testing.T, pid int) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), ") ")
	return strings.Fields(rest)[3]
}

func TestLastOneOutStopsTheServer(t *testing.T) {
	dir := furnished(t)
	one := act(t, "", "hold", dir)
	one.hear("in")
	server := postmasterOf(t, dir)
	two := act(t, "", "hold", dir)
	two.hear("in")
	three := enterForTest(t, dir)
	four := enterForTest(t, dir)
	one.finish()
	wantServer(t, dir, server)
	leave(t, three)
	wantServer(t, dir, server)
	two.finish()
	wantServer(t, dir, server)
	if got := ask1(t, four.DSN(), `SELECT 'here'`); got != "here" {
		t.Errorf("got %q", got)
	}
	leave(t, four)
	wantServer(t, dir, 0)
}

func TestManyOpenAFreshDirectoryAtOnce(t *testing.T) {
	needServer(t)
	dir := ground(t)
	actors := []*actor{act(t, "", "hold", dir), act(t, "", "hold", dir), act(t, "", "hold", dir)}
	for _, a := range actors {
		a.hear("in")
	}
	server := postmasterOf(t, dir)
	for i, a := range actors {
		wantServer(t, dir, server)
		a.finish()
		if i == len(actors)-1 {
			wantServer(t, dir, 0)
		}
	}
}

func TestEveryoneComesAndGoes(t *testing.T) {
	dir := furnished(t)
	done := make(chan error)
	const programs, visits = 4, 5
	for range programs {
		go func() {
			for range visits {
				if err := visit(dir); err != nil {
					done <- err
					return
				}
			}
			done <- nil
		}()
	}
	for range programs {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	wantServer(t, dir, 0)
}

// visit enters, uses the database and leaves.
func visit(dir string) error {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	defer cancel()
	c, err := Open(ctx, dir, Options{})
	if err != nil {
		return err
	}
	conn, err := pgx.Connect(ctx, c.DSN())
	if err != nil {
		return err
	}
	if err := conn.Close(ctx); err != nil {
		return err
	}
	return c.Close(ctx)
}

func TestPathsOfAllKinds(t *testing.T) {
	for _, test := range []struct{ name, tail string }{
		{"spaces and quotes", `our "data" it's \here`},
		{"Chinese", "数据/沙坡头区"},
		{"a comma, which parts hosts", "a,b"},
		{"longer than a socket address", strings.Repeat("d", 120)},
		{"as long as may be", strings.Repeat(strings.Repeat("e", 200)+"/", 4)},
	} {
		t.Run(test.name, func(t *testing.T) {
			model := furnished(t)
			dir := filepath.Join(filepath.Dir(model), test.tail)
			if err := os.MkdirAll(filepath.Dir(dir), 0o755); err != nil {
				t.Fatal(err)
			}
			if err := os.Rename(model, dir); err != nil {
				t.Fatal(err)
			}
			c := enterForTest(t, dir)
			if got := ask1(t, c.DSN(), `SELECT 'here'`); got != "here" {
				t.Errorf("got %q", got)
			}
			leave(t, c)
		})
	}
}

func TestALongPathIsMade(t *testing.T) {
	needServer(t)
	dir := filepath.Join(ground(t), strings.Repeat("long/", 40), "it's")
	leave(t, enterForTest(t, dir))
}

func TestSymbolicLinkIsTheSameCluster(t *testing.T) {
	dir := furnished(t)
	link := filepath.Join(filepath.Dir(dir), "link")
	if err := os.Symlink(dir, link); err != nil {
		t.Fatal(err)
	}
	one, two := enterForTest(t, dir), enterForTest(t, link)
	if one.Dir() != two.Dir() {
		t.Errorf("got %s and %s", one.Dir(), two.Dir())
	}
	leave(t, one)
	ask1(t, two.DSN(), `SELECT 'here'`)
	leave(t, two)
}

func TestEnvironmentDoesNotReachTheServer(t *testing.T) {
	dir := furnished(t)
	for name, value := range map[string]string{
		"PGHOST": "nowhere.invalid", "PGPORT": "1", "PGUSER": "mallory", "PGDATABASE": "elsewhere", "PGSSLMODE": "require",
		"PGOPTIONS": "-c fsync=off -c work_mem=nonsense", "PGDATA": "/nowhere", "PGTARGETSESSIONATTRS": "standby", "LC_ALL": "tr_TR.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8",
	} {
		t.Setenv(name, value)
	}
	c := enterForTest(t, dir)
	defer leave(t, c)
	if got := ask1(t, c.DSN(), `SHOW lc_messages`); got != "C.UTF-8" {
		t.Errorf("got lc_messages %q", got)
	}
	text, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(postmasterOf(t, dir)), "environ"))
	if err != nil {
		t.Fatal(err)
	}
	for pair := range strings.SplitSeq(strings.Trim(string(text), "\x00"), "\x00") {
		switch name, value, _ := strings.Cut(pair, "="); {
		case name == "LC_ALL" && value == "C.UTF-8", name == "PATH", name == "TZ", name == "LD_LIBRARY_PATH", strings.HasPrefix(name, "PROJ_"):
		case strings.HasPrefix(name, "PG") && strings.HasPrefix(value, dir): // the server's own
		case name == "PG_GRANDPARENT_PID", name == "PGLOCALEDIR", name == "PGSYSCONFDIR":
		default:
			t.Errorf("the server got %s", pair)
		}
	}
}

func TestPromisesHoldWhateverTheSettingsSay(t *testing.T) {
	dir := furnished(t)
	conf, err := os.OpenFile(filepath.Join(dir, homeName, "postgresql.conf"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		t.Fatal(err)
	}
	conf.WriteString("listen_addresses = '*'\nport = 6000\nfsync = off\nunix_socket_permissions = 0777\nunix_socket_directories = '/tmp'\nmax_connections = 33\n")
	conf.Close()
	for name, mode := range map[string]os.FileMode{runName: 0o777, logName: 0o777} {
		if err := os.Chmod(filepath.Join(dir, name), mode); err != nil {
			t.Fatal(err)
		}
	}
	c := enterForTest(t, dir)
	defer leave(t, c)
	for name, want := range map[string]string{"listen_addresses": "", "port": "5432", "fsync": "on", "unix_socket_permissions": "0700", "max_connections": "33"} {
		if got := ask1(t, c.DSN(), "SHOW "+name); got != want {
			t.Errorf("%s: got %q, want %q", name, got, want)
		}
	}
	for _, name := range []string{runName, logName} {
		info, err := os.Stat(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != 0o700 {
			t.Errorf("%s: got mode %o, want 700", name, got)
		}
	}
	if info, err := os.Stat(filepath.Join(dir, runName, socketName)); err != nil || info.Mode()&(os.ModeSocket|0o077) != os.ModeSocket {
		t.Errorf("socket: got %v %v", info, err)
	}
}

func TestServerThatCannotStartSaysWhy(t *testing.T) {
	dir := furnished(t)
	conf := filepath.Join(dir, homeName, "postgresql.conf")
	if err := os.WriteFile(conf, []byte("max_connections = plenty\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	_, err := Open(limited(t), dir, Options{})
	if err == nil || !strings.Contains(err.Error(), "configuration file") {
		t.Fatalf("got %v", err)
	}
	if err := os.WriteFile(conf, []byte("max_connections = 20\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	leave(t, enterForTest(t, dir))
}

func TestGivingUp(t *testing.T) {
	dir := furnished(t)
	held, err := os.OpenFile(filepath.Join(dir, markerName), os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer held.Close()
	if got, err := tryLock(held, syscall.LOCK_EX); !got || err != nil {
		t.Fatal(got, err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	_, err = Open(ctx, dir, Options{Progress: func(s Step) {
		if s == StepWait {
			cancel()
		}
	}})
	if err == nil || !strings.Contains(err.Error(), "held by another program") {
		t.Errorf("while another holds it: got %v", err)
	}
	if err := unlock(held); err != nil {
		t.Fatal(err)
	}
	for _, step := range []Step{StepMake, StepStart, StepFurnish} {
		t.Run(string(step), func(t *testing.T) {
			dir := ground(t)
			ctx, cancel := context.WithCancel(context.Background())
			_, err := Open(ctx, dir, Options{Progress: func(s Step) {
				if s == step {
					cancel()
				}
			}})
			if err == nil {
				t.Fatal("got a cluster although the caller gave up")
			}
			wantServer(t, dir, 0)
			leave(t, enterForTest(t, dir))
		})
	}
}
