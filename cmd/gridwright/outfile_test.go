package main

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
)

func writeHello(f *os.File) error {
	_, err := f.WriteString("hello")
	return err
}

// A link stays a link, and what it leads to is new, be it there already or not.
func TestOutThroughALink(t *testing.T) {
	for name, before := range map[string]bool{"to a file": true, "to nothing yet": false} {
		dir := t.TempDir()
		target, link := filepath.Join(dir, "target"), filepath.Join(dir, "link")
		if before {
			if err := os.WriteFile(target, []byte("old"), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if err := os.Symlink("target", link); err != nil {
			t.Fatal(err)
		}
		if err := new(streams).writeFile(link, writeHello); err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if info, err := os.Lstat(link); err != nil || info.Mode()&os.ModeSymlink == 0 {
			t.Errorf("%s: the link is gone: %v", name, err)
		}
		if got, _ := os.ReadFile(target); string(got) != "hello" {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// A fifo stays one and its reader gets what is written.
func TestOutIntoAFifo(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Fatal(err)
	}
	reader, err := os.OpenFile(fifo, os.O_RDWR, 0) // has both ends, so that nobody waits
	if err != nil {
		t.Fatal(err)
	}
	defer reader.Close()
	if err := new(streams).writeFile(fifo, writeHello); err != nil {
		t.Fatal(err)
	}
	info, err := os.Lstat(fifo)
	if err != nil || info.Mode()&os.ModeNamedPipe == 0 {
		t.Fatalf("no fifo any more: %v %v", info.Mode(), err)
	}
	got := make([]byte, 5)
	if _, err := io.ReadFull(reader, got); err != nil || string(got) != "hello" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestAveragesHaveSeparators(t *testing.T) {
	for v, want := range map[float64]string{1268.68: "1,268.7", 999.96: "1,000", 5: "5", 468155: "468,155"} {
		if got := average(v); got != want {
			t.Errorf("%v: %q, want %q", v, got, want)
		}
	}
}

// A reader that goes away makes writing fail; it must not end the process, which may have a database server to stop.
// Without the care of main this command dies of the signal.
func TestOutToAClosedPipe(t *testing.T) {
	reader, writer, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	reader.Close()
	defer writer.Close()
	command := exec.Command("gridwright", "version")
	command.Stdout = writer
	err = command.Run()
	if exit, ok := errors.AsType[*exec.ExitError](err); !ok || exit.ExitCode() != exitFailed {
		t.Errorf("%v, want exit code %d", err, exitFailed)
	}
}
