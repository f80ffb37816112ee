package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"gridwright/plan/words"
	"gridwright/sql/postgis/postgistest"
)

// The page in a real browser, on the demonstration city: what a planner does, in both languages.
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
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	std := &streams{out: os.Stdout, err: os.Stderr, lang: words.Zh}
	demo := demoCmd{CitySeed: 1, dataFlags: dataFlags{Database: postgistest.Database(t)}, listenFlags: listenFlags{Listen: "127.0.0.1:0"}}
	address := make(chan string, 1)
	ended := make(chan error, 1)
	go func() {
		ended <- demo.with(ctx, std, func(h *home) error {
			if err := demo.furnish(ctx, std, h); err != nil {
				return err
			}
			return demo.serve(ctx, std, h, func(url string) { address <- url })
		})
	}()
	var url string
	select {
	case url = <-address:
	case err := <-ended:
		t.Fatal(err)
	}
	browse := exec.CommandContext(ctx, "npm", "run", "--silent", "e2e")
	browse.Dir = frontend
	browse.Env = append(os.Environ(), "GRIDWRIGHT_E2E_URL="+url)
	browse.Stdout, browse.Stderr = os.Stdout, os.Stderr
	if err := browse.Run(); err != nil {
		t.Error(err)
	}
	stop()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
