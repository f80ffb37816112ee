package main

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"syscall"
	"time"
)

// importFolder is the name of a folder in which a process unpacks a file to be imported: the process's number is in it.
var importFolder = regexp.MustCompile(`^gridwright-import-([0-9]+)-[0-9]+$`)

// started is when this process did.
var started = time.Now()

// sweepLeftovers removes the folders of imports whose process was killed: it is no more, or it had the number that this one has now, as is usual
// where a container starts anew. What cannot be removed stays.
func sweepLeftovers(dir string) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range entries {
		m := importFolder.FindStringSubmatch(e.Name())
		if m == nil || !e.IsDir() {
			continue
		}
		pid, err := strconv.Atoi(m[1])
		if err != nil || !errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) && !(pid == os.Getpid() && isOlder(e)) {
			continue
		}
		_ = os.RemoveAll(filepath.Join(dir, e.Name()))
	}
}

// isOlder reports whether nothing was put into a folder since this process started.
func isOlder(folder os.DirEntry) bool {
	info, err := folder.Info()
	return err == nil && info.ModTime().Before(started)
}
