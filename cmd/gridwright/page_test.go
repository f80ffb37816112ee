package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"gridwright/sql/postgis/postgistest"
)

// The page in a real browser, in both languages: what a planner does on the demonstration city, and from an empty database on.
func TestPageInChromium(t *testing.T) {
	frontend, err := filepath.Abs("../../frontend")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join(frontend, "node_modules")); err != nil {
		t.Skip("the page's packages are not installed: make test does it")
	}
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("there is no Chromium on this machine: make test installs it")
	}
	// The program as users have it: the race detector would slow it down until the page shows nothing but waiting.
	program := filepath.Join(t.TempDir(), "gridwright")
	if said, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, said)
	}
	demo := start(t, program, "demo", "--database="+postgistest.Database(t), "--lang=zh")
	browse := exec.CommandContext(t.Context(), "npm", "run", "--silent", "e2e")
	browse.Dir = frontend
	// For the ground's tests, the base book's and the imports'.
	var empty []string
	for range 3 {
		empty = append(empty, postgistest.Database(t))
	}
	browse.Env = append(os.Environ(), "GRIDWRIGHT_E2E_URL="+demo.url, "GRIDWRIGHT_E2E_PROGRAM="+program, "GRIDWRIGHT_E2E_DATABASES="+strings.Join(empty, "\n"))
	browse.Stdout, browse.Stderr = os.Stdout, os.Stderr
	if err := browse.Run(); err != nil {
		t.Error(err)
	}
	demo.stop()
}
