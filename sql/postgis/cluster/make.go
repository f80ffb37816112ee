package cluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// settings are appended to the configuration of a new cluster. They suit a small machine and may be edited; what
// must hold whatever the file says is given to the server when it starts.
const settings = `
# gridwright: for a small machine. Edit as you like; the next start reads it.
max_connections = 100
shared_buffers = 128MB
work_mem = 16MB
maintenance_work_mem = 128MB
random_page_cost = 1.1
jit = off
timezone = 'UTC'
log_checkpoints = off
log_line_prefix = '%m [%p] %a '
`

// make sees to it that there is a whole cluster in pg, and sets home. A cluster grows in pg.making and gets its name when initdb is
// done, so one that was killed half-way is never taken for a whole one. The marker is locked.
func (c *Cluster) make(ctx context.Context) error {
	made, err := c.look()
	if err != nil || made {
		return err
	}
	install, err := c.search.newest()
	if err != nil {
		return err
	}
	c.tell(StepMake)
	if err := c.owner.do(c.clearGround); err != nil {
		return c.unwritable(c.dir, err)
	}
	if err := c.initdb(ctx, install); err != nil {
		return err
	}
	if err := c.owner.do(c.finish); err != nil {
		return err
	}
	_, err = c.look()
	return err
}

// look reports whether there is a cluster in pg, and sets home if so.
func (c *Cluster) look() (made bool, err error) {
	err = c.owner.do(func() error {
		info, err := os.Stat(c.path(homeName))
		if errors.Is(err, os.ErrNotExist) {
			return nil
		}
		if err != nil {
			return err
		}
		if _, err := os.Stat(filepath.Join(c.path(homeName), "PG_VERSION")); err != nil {
			return &Refusal{Key: Damaged, Dir: c.dir, Place: c.path(homeName), Cause: err}
		}
		c.home, made = info, true
		return nil
	})
	return made, err
}

// clearGround removes a cluster that was never finished, with the programs that may still be at it, and makes an empty
// directory for the new one.
func (c *Cluster) clearGround() error {
	making := c.path(makingName)
	for {
		info, err := os.Stat(making)
		if errors.Is(err, os.ErrNotExist) {
			break
		}
		if err != nil {
			return err
		}
		if err := killAll(info); err != nil {
			return err
		}
		pids, err := serverProcesses(info)
		if err != nil {
			return err
		}
		if len(pids) == 0 {
			if err := os.RemoveAll(making); err != nil {
				return err
			}
			continue
		}
		time.Sleep(pause) // a killed process is gone soon
	}
	return os.Mkdir(making, 0o700)
}

// initdb makes the cluster in pg.making. Its working directory is that very directory, which is how its processes
// are found if this program is killed.
func (c *Cluster) initdb(ctx context.Context, install installation) error {
	making := c.path(makingName)
	cmd := exec.CommandContext(ctx, filepath.Join(install.bin, "initdb"),
		"--pgdata="+making, "--username="+superuser, "--auth=peer", "--encoding=UTF8", "--locale=C.UTF-8",
		"--data-checksums", "--no-sync") // it is synchronised before the database is handed out
	cmd.Dir = making
	cmd.Env = environment(os.Environ())
	cmd.SysProcAttr = c.owner.session()
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	said, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	if err != nil {
		return fmt.Errorf("make a cluster in %s: initdb: %s: %w", making, lastWords(string(said)), err)
	}
	return nil
}

// finish writes the settings and gives the new cluster its name.
func (c *Cluster) finish() error {
	making := c.path(makingName)
	conf, err := os.OpenFile(filepath.Join(making, "postgresql.conf"), os.O_WRONLY|os.O_APPEND, 0)
	if err != nil {
		return err
	}
	_, err = conf.WriteString(settings)
	if err := errors.Join(err, conf.Close()); err != nil {
		return err
	}
	return os.Rename(making, c.path(homeName))
}

// sync puts the files of a new cluster on the disk. The server may run meanwhile.
func (c *Cluster) sync(ctx context.Context) error {
	install, err := c.installation()
	if err != nil {
		return err
	}
	cmd := exec.CommandContext(ctx, filepath.Join(install.bin, "initdb"), "--sync-only", "--pgdata="+c.path(homeName))
	cmd.Dir = c.dir
	cmd.Env = environment(os.Environ())
	cmd.SysProcAttr = c.owner.session()
	if said, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("synchronise %s: initdb: %s: %w", c.path(homeName), lastWords(string(said)), err)
	}
	return nil
}

// installation returns the PostgreSQL that made the cluster.
func (c *Cluster) installation() (installation, error) {
	var text []byte
	err := c.owner.do(func() (err error) {
		text, err = os.ReadFile(filepath.Join(c.path(homeName), "PG_VERSION"))
		return err
	})
	if err != nil {
		return installation{}, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return installation{}, &Refusal{Key: Damaged, Dir: c.dir, Place: filepath.Join(c.path(homeName), "PG_VERSION"), Cause: err}
	}
	install, err := c.search.ofMajor(major)
	if r, ok := errors.AsType[*Refusal](err); ok {
		r.Dir = c.dir
	}
	return install, err
}

// environment returns what the server gets to know of this program's environment: where programs, libraries and map projections
// are. Not PG* and LC_*, which would change how it works, and nothing that may be secret.
func environment(all []string) []string {
	env := []string{"LC_ALL=C.UTF-8"}
	for _, pair := range all {
		switch name, _, _ := strings.Cut(pair, "="); name {
		case "PATH", "LD_LIBRARY_PATH", "TZ", "PROJ_DATA", "PROJ_LIB":
			env = append(env, pair)
		}
	}
	return env
}

// lastWords returns the last line of a program's output that says anything.
func lastWords(output string) string {
	lines := strings.Split(strings.TrimSpace(output), "\n")
	for i := len(lines) - 1; i >= 0; i-- {
		if line := strings.TrimSpace(lines[i]); strings.Contains(line, "error:") {
			return line
		}
	}
	return strings.TrimSpace(lines[len(lines)-1])
}
