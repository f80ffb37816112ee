package cluster

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// processes returns the ids of the living processes of the cluster's server.
func (c *Cluster) processes() (pids []int, err error) {
	err = c.owner.do(func() error {
		pids, err = serverProcesses(c.home)
		return err
	})
	return pids, err
}

// postmaster returns which of the server's processes is the first among them, or 0 if it is dead.
func (c *Cluster) postmaster(pids []int) int {
	pid, _ := c.readPidFile()
	if !slices.Contains(pids, pid) {
		return 0
	}
	return pid
}

// readPidFile returns what postmaster.pid says: the process, or 0, and whether it is ready for callers.
func (s site) readPidFile() (pid int, ready bool) {
	var text []byte
	err := s.owner.do(func() (err error) {
		text, err = os.ReadFile(filepath.Join(s.path(homeName), "postmaster.pid"))
		return err
	})
	if err != nil {
		return 0, false
	}
	const pidLine, statusLine = 0, 7 // miscadmin.h of PostgreSQL: LOCK_FILE_LINE_PID, LOCK_FILE_LINE_PM_STATUS
	lines := strings.Split(string(text), "\n")
	pid, err = strconv.Atoi(lines[pidLine])
	if err != nil {
		return 0, false
	}
	return pid, len(lines) > statusLine && strings.TrimSpace(lines[statusLine]) == "ready"
}

// A server is one that this program started.
type server struct {
	site
	pid  int
	gone chan struct{} // closed when it has ended
	log  string
	from int64 // where in the log its words begin
}

func (s *server) ended() bool {
	select {
	case <-s.gone:
		return true
	default:
		return false
	}
}

// starting reports whether the server lives and says of itself that it is not ready yet. It is asked by its pid file, which is cheaper for both
// than calling, and leaves no complaints in the log.
func (s *server) starting() bool {
	if s.ended() {
		return false
	}
	pid, ready := s.readPidFile()
	return pid != s.pid || !ready
}

// complaint returns the error of a server that ended instead of answering.
func (s *server) complaint() error {
	return fmt.Errorf("the database server did not start: %s (more in %s)", s.readComplaint(s.log, s.from), s.log)
}

// start starts the server; nothing of an earlier one is alive.
func (c *Cluster) start() (*server, error) {
	install, err := c.installation()
	if err != nil {
		return nil, err
	}
	c.tell(StepStart)
	var log *os.File
	err = c.owner.do(func() error {
		if err := c.prepare(); err != nil {
			return err
		}
		log, err = openLog(c.path(logName))
		return err
	})
	if err != nil {
		return nil, c.unwritable(c.dir, err)
	}
	defer log.Close()
	from, err := log.Seek(0, io.SeekEnd)
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(filepath.Join(install.bin, "postgres"), promises(c.path(homeName))...)
	cmd.Dir = c.path(homeName)
	cmd.Env = environment(os.Environ())
	cmd.SysProcAttr = c.owner.session()
	cmd.Stdout, cmd.Stderr = log, log // a file: a pipe would end with this program
	if err := cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", cmd.Path, err)
	}
	s := &server{site: c.site, pid: cmd.Process.Pid, gone: make(chan struct{}), log: log.Name(), from: from}
	go func() {
		cmd.Wait() // whatever its end was; it must not stay a zombie
		close(s.gone)
	}()
	return s, nil
}

// promises are the arguments that hold whatever the configuration file says.
func promises(home string) []string {
	args := []string{"-D", home, "-p", port}
	for _, promise := range []string{
		"listen_addresses=",
		"unix_socket_directories=../" + runName, // relative to home, so never too long
		"unix_socket_permissions=0700",
		"unix_socket_group=",
		"hba_file=" + filepath.Join(home, "pg_hba.conf"),
		"ident_file=" + filepath.Join(home, "pg_ident.conf"),
		"fsync=on",
		"full_page_writes=on",
		"synchronous_commit=on",
		"log_destination=stderr",
		"logging_collector=off",
	} {
		args = append(args, "-c", promise)
	}
	return args
}

// makeRooms makes the directories of the socket and the log, and closes them to others.
func (c *Cluster) makeRooms() error {
	for _, name := range []string{runName, logName} {
		if err := os.Mkdir(c.path(name), 0o700); err != nil && !errors.Is(err, os.ErrExist) {
			return err
		}
		if err := os.Chmod(c.path(name), 0o700); err != nil {
			return err
		}
	}
	return nil
}

// prepare makes what a server needs around it: rooms, who may come in, and no remains of an earlier server.
func (c *Cluster) prepare() error {
	if err := c.makeRooms(); err != nil {
		return err
	}
	for name, text := range c.admission() {
		if err := os.WriteFile(filepath.Join(c.path(homeName), name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	for _, remains := range []string{
		filepath.Join(c.path(homeName), "postmaster.pid"),
		filepath.Join(c.path(runName), socketName),
		filepath.Join(c.path(runName), socketName+".lock"),
	} {
		if err := os.Remove(remains); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

// admission returns the files that say who may come in: the owner and root, as the kernel names them.
func (c *Cluster) admission() map[string]string {
	var ident strings.Builder
	ident.WriteString("# Written at every start.\n")
	for _, caller := range []string{userName(0), c.owner.name} {
		quoted := `"` + strings.ReplaceAll(caller, `"`, `""`) + `"`
		for _, as := range []string{role, superuser, "gridwright_reader", "gridwright_editor"} {
			fmt.Fprintf(&ident, "members %s %s\n", quoted, as)
		}
	}
	return map[string]string{
		"pg_hba.conf":   "# Written at every start.\nlocal all all peer map=members\n",
		"pg_ident.conf": ident.String(),
	}
}
