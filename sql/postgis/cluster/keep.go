package cluster

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
)

// The pauses between attempts to bring a lost server back.
const (
	firstPause = 100 * time.Millisecond
	lastPause  = 30 * time.Second
)

// startKeeping begins to watch over the server: should it die while members are in, the first of them to notice starts it anew.
func (c *Cluster) startKeeping(ctx context.Context) {
	ctx, c.stopKeeping = context.WithCancel(context.WithoutCancel(ctx))
	c.kept = make(chan struct{})
	c.tell = func(Step) {} // Open has returned: nobody waits any more
	go func() {
		defer close(c.kept)
		c.keep(ctx)
	}()
}

func (c *Cluster) keep(ctx context.Context) {
	rest := firstPause
	for {
		met, lost := c.watch(ctx)
		if ctx.Err() != nil {
			return
		}
		if met {
			rest = firstPause
		}
		c.log.Warn("database server lost", slog.String("dir", c.dir), slog.Any("err", lost))
		if err := c.bringBack(ctx); err == nil {
			c.log.Info("database server is back", slog.String("dir", c.dir))
		} else if ctx.Err() == nil {
			c.log.Error("database server does not come back", slog.String("dir", c.dir), slog.Any("err", err))
		}
		if wait(ctx, rest) != nil {
			return
		}
		rest = min(2*rest, lastPause)
	}
}

// watch holds an idle connection, which ends when the server does, and returns when it has ended. It reports whether there ever was one.
// The connection is to the lobby, so that it is in nobody's way who copies or drops a database.
func (c *Cluster) watch(ctx context.Context) (met bool, err error) {
	conn, err := pgx.Connect(ctx, c.address.dsn(role, lobby)+" application_name='gridwright keeper'")
	if err != nil {
		return false, err
	}
	for err == nil {
		_, err = conn.WaitForNotification(ctx)
	}
	ending, cancel := context.WithTimeout(context.WithoutCancel(ctx), greetLimit)
	defer cancel()
	conn.Close(ending) // it is broken or no longer wanted
	return true, err
}

// bringBack starts the server anew, or waits for the member who does.
func (c *Cluster) bringBack(ctx context.Context) error {
	if err := lock(ctx, c.marker, func() {}); err != nil {
		return err
	}
	return errors.Join(c.bring(ctx), unlock(c.marker))
}
