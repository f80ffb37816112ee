package cluster

import (
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
)

// A pid file says which process served a directory once. After a crash that number may belong to nobody, to a zombie or to
// a stranger, so it is never believed: a server's processes are those PostgreSQL programs whose working directory is
// the cluster's. That is known of living processes only and survives renaming the directory.

// serverProcesses returns the ids of the PostgreSQL processes that work in the directory home, ascending. The caller has the owner's rights.
func serverProcesses(home os.FileInfo) ([]int, error) {
	entries, err := os.ReadDir("/proc")
	if err != nil {
		return nil, err
	}
	var pids []int
	for _, e := range entries {
		pid, err := strconv.Atoi(e.Name())
		if err == nil && serves(pid, home) {
			pids = append(pids, pid)
		}
	}
	slices.Sort(pids)
	return pids, nil
}

// serves reports whether the process is a living PostgreSQL program that works in the directory home.
func serves(pid int, home os.FileInfo) bool {
	proc := filepath.Join("/proc", strconv.Itoa(pid))
	name, err := os.ReadFile(filepath.Join(proc, "comm"))
	if err != nil {
		return false
	}
	switch strings.TrimSpace(string(name)) {
	case "postgres", "initdb":
	default:
		return false // a shell somebody left there, a backup program
	}
	at, err := os.Stat(filepath.Join(proc, "cwd"))
	return err == nil && os.SameFile(at, home)
}

// signalServer sends the signal to the process if it still works in home. The process is held while it is looked
// at, so that a stranger who is given its number in between is safe.
func signalServer(pid int, home os.FileInfo, sig syscall.Signal) error {
	p, err := os.FindProcess(pid)
	if err != nil {
		return err
	}
	defer p.Release()
	if !serves(pid, home) {
		return nil
	}
	if err := p.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return err
	}
	return nil
}

// killAll kills every PostgreSQL process that works in home.
func killAll(home os.FileInfo) error {
	pids, err := serverProcesses(home)
	for _, pid := range pids {
		err = errors.Join(err, signalServer(pid, home, syscall.SIGKILL))
	}
	return err
}
