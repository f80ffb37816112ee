package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

// What a killed process left goes; what a living one has, and what is called otherwise, stays.
func TestLeftoversAreSwept(t *testing.T) {
	ended := exec.Command("true")
	if err := ended.Run(); err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	folders := map[string]bool{ // whether it stays
		fmt.Sprintf("gridwright-import-%d-123", ended.Process.Pid):  false,
		fmt.Sprintf("gridwright-import-%d-123", os.Getpid()):        true,
		fmt.Sprintf("gridwright-import-%d-124", os.Getpid()):        false, // older than this process
		fmt.Sprintf("gridwright-import-%d-123", os.Getppid()):       true,
		fmt.Sprintf("gridwright-import-%d-mine", ended.Process.Pid): true,
		"gridwright-import-123":                                     true, "import-1-1": true,
	}
	for name := range folders {
		if err := os.MkdirAll(filepath.Join(dir, name, "layer"), 0o700); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(filepath.Join(dir, fmt.Sprintf("gridwright-import-%d-124", os.Getpid())), time.Time{}, started.Add(-time.Hour)); err != nil {
		t.Fatal(err)
	}
	linked := filepath.Join(dir, fmt.Sprintf("gridwright-import-%d-9", ended.Process.Pid))
	if err := os.Symlink(dir, linked); err != nil {
		t.Fatal(err)
	}
	sweepLeftovers(dir)
	for name, stays := range folders {
		if _, err := os.Stat(filepath.Join(dir, name)); (err == nil) != stays {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := os.Lstat(linked); err != nil {
		t.Error(err)
	}
	sweepLeftovers(filepath.Join(dir, "nowhere"))
}
