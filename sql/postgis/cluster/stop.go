package cluster

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

const (
	// orphanGrace is how long the children of a dead server get to notice that it is dead; they do within moments unless
	// they are in the middle of a long computation.
	orphanGrace = time.Second

	// patience is how long a server that was asked to stop may take; then it is told, then killed. Nothing acknowledged
	// is lost by that.
	patience = 20 * time.Second
)

// stop stops the server and returns when no process of it is left, or when ctx ends; what was asked for happens all the same.
func (c *Cluster) stop(ctx context.Context) error {
	begun := time.Now()
	var asked, told bool
	for {
		pids, err := c.processes()
		if err != nil || len(pids) == 0 {
			return err
		}
		first, since := c.postmaster(pids), time.Since(begun)
		send := func(sig syscall.Signal) error {
			return c.owner.do(func() error { return signalServer(first, c.home, sig) })
		}
		switch {
		case first == 0 && since > orphanGrace, since > patience+orphanGrace:
			err = c.owner.do(func() error { return killAll(c.home) })
		case first == 0:
		case since > patience && !told:
			told, err = true, send(syscall.SIGQUIT) // an immediate shutdown
		case !asked:
			asked, err = true, send(syscall.SIGINT) // a fast shutdown
		}
		if err != nil {
			return err
		}
		if err := wait(ctx, pause); err != nil {
			return fmt.Errorf("the database server in %s is still stopping: %w", c.dir, err)
		}
	}
}
