package cluster

import (
	"context"
	"time"
)

const (
	pause = 4 * time.Millisecond // between two looks at a server that is coming or going

	// deafness is how long a living server may go without a socket before it is stopped and started anew: somebody removed
	// the socket, for the server itself makes it in its first moments.
	deafness = 5 * time.Second
)

// bring sees to it that the server answers. The marker is locked.
func (c *Cluster) bring(ctx context.Context) error {
	var s silence
	for {
		if s.started != nil && s.started.starting() {
			if err := wait(ctx, pause); err != nil {
				return err
			}
			continue
		}
		answer, err := c.greet(ctx)
		switch answer {
		case welcome:
			return nil
		case unfurnished:
			err = c.furnish(ctx)
		case busy:
			s.since = time.Time{}
		case leaving:
			s = silence{}
			err = c.stop(ctx)
		case nobody:
			err = c.answerTo(ctx, &s)
		}
		if err != nil {
			return err
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
}

// A silence is the time during which nobody listens.
type silence struct {
	since   time.Time // when it began; zero when it has not
	started *server   // the server that was started to end it, or nil
}

// answerTo does what a silence calls for: it starts the server, gives one that is there some time, or clears one away that is
// deaf or whose first process is dead.
func (c *Cluster) answerTo(ctx context.Context, s *silence) error {
	var alive []int
	if s.started == nil {
		var err error
		if alive, err = c.processes(); err != nil {
			return err
		}
	}
	switch {
	case s.started != nil && s.started.ended():
		return s.started.complaint()
	case s.started == nil && len(alive) == 0:
		started, err := c.start()
		*s = silence{since: time.Now(), started: started}
		return err
	case s.since.IsZero():
		s.since = time.Now()
	case time.Since(s.since) > deafness, s.started == nil && c.postmaster(alive) == 0:
		c.tell(StepRecover)
		*s = silence{}
		return c.stop(ctx)
	}
	return nil
}

// wait waits for the duration or until ctx ends.
func wait(ctx context.Context, d time.Duration) error {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-timer.C:
		return nil
	}
}
