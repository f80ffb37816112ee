package main

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strconv"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"gridwright/sql/postgis/postgistest"
)

func TestMain(m *testing.M) {
	testscript.Main(kit{m}, map[string]func(){"gridwright": main})
}

// kit takes the test program's database server away after the tests.
type kit struct{ *testing.M }

// Run runs the tests.
func (k kit) Run() int { return postgistest.Main(k.M) }

// Every script in testdata is a session at the terminal, with a database of its own in GRIDWRIGHT_DATABASE.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("GRIDWRIGHT_DATABASE", postgistest.Database(t))
			env.Setenv("GRIDWRIGHT_LANG", "en")
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"exits": exits},
	})
}

// exits runs a command and compares its exit code: "exits 1 gridwright import x".
func exits(ts *testscript.TestScript, _ bool, args []string) {
	want, err := strconv.Atoi(args[0])
	ts.Check(err)
	got := 0
	if err := ts.Exec(args[1], args[2:]...); err != nil {
		exit, ok := errors.AsType[*exec.ExitError](err)
		if !ok {
			ts.Fatalf("%v", err)
		}
		got = exit.ExitCode()
	}
	if got != want {
		ts.Fatalf("exit code %d, not %d", got, want)
	}
}

// Help says everything in both languages, and names no blank that was not filled.
func TestSentencesStandInBothLanguages(t *testing.T) {
	for _, fault := range sentences.Incomplete() {
		t.Error(fault)
	}
	for _, lang := range []string{"zh", "en"} {
		out, err := os.CreateTemp(t.TempDir(), "")
		if err != nil {
			t.Fatal(err)
		}
		for _, command := range []string{"", "serve", "import", "ground", "split", "partition", "export", "report", "worker", "migrate", "demo", "version"} {
			args := []string{"--lang", lang, "--help"}
			if command != "" {
				args = append([]string{command}, args...)
			}
			if code := run(context.Background(), args, os.Stdin, out, out); code != 0 {
				t.Errorf("%v: exit code %d", args, code)
			}
		}
	}
}
