package cluster

import (
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	logFile  = "postgres.log"
	logLimit = 8 << 20 // bytes after which the log is put aside at the next start
)

// openLog opens the server's log for appending; one that has become long is put aside first, in place of the one before.
func openLog(dir string) (*os.File, error) {
	path := filepath.Join(dir, logFile)
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		if err := os.Rename(path, path+".1"); err != nil {
			return nil, err
		}
	}
	return os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_APPEND|syscall.O_NOFOLLOW, 0o600)
}

// readComplaint returns why a server ended, from the part of its log that is its own.
func (s site) readComplaint(log string, from int64) string {
	var words []byte
	err := s.owner.do(func() error {
		f, err := os.Open(log)
		if err != nil {
			return err
		}
		defer f.Close()
		words, err = io.ReadAll(io.NewSectionReader(f, from, 1<<16))
		return err
	})
	if err != nil {
		return err.Error()
	}
	lines := strings.Split(strings.TrimSpace(string(words)), "\n")
	for _, line := range lines {
		for _, grave := range []string{"FATAL:", "PANIC:"} {
			if _, words, ok := strings.Cut(line, grave); ok {
				return strings.TrimSpace(words)
			}
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}
