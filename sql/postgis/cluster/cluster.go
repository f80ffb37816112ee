package cluster

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"sync"
	"syscall"
	"time"
)

// Options say who hears of what happens. The zero value is of use.
type Options struct {
	// Logger is told what happens to the server after Open: that it was lost, and that it is back.
	// Defaults to silence.
	Logger *slog.Logger

	// Progress is called during Open when something starts that a person may have to wait for.
	// Defaults to nothing.
	Progress func(Step)
}

// A Step is something Open does that takes a while. The words are stable: messages in other languages are chosen by them.
type Step string

// The steps, in the order in which they may come. A server that already runs is joined without any.
const (
	StepWait    Step = "wait"    // another program is starting or stopping the server
	StepMake    Step = "make"    // the cluster is being made
	StepRecover Step = "recover" // remains of a crash are being cleared away
	StepStart   Step = "start"   // the server is starting
	StepFurnish Step = "furnish" // the database is being made in it
)

// String says the step in English.
func (s Step) String() string {
	switch s {
	case StepWait:
		return "waiting for another program that starts or stops the database server"
	case StepMake:
		return "making the data directory"
	case StepRecover:
		return "clearing up after a crash"
	case StepStart:
		return "starting the database server"
	case StepFurnish:
		return "making the database"
	}
	return string(s)
}

// leaveLimit is how long a failed Open waits for the server it may have to stop again.
const leaveLimit = 60 * time.Second

// A Cluster is one program's membership in the private cluster of a data directory. It is made by Open and safe for concurrent use.
type Cluster struct {
	site
	search  search
	log     *slog.Logger
	tell    func(Step)
	marker  *os.File    // whoever has it locked may start or stop the server
	members *os.File    // every member has a shared lock on it
	home    os.FileInfo // of the directory pg, once there is one
	address address

	stopKeeping context.CancelFunc
	kept        chan struct{} // closed when the keeper has ended
	closing     sync.Once
	closed      error
}

// Open enters the private cluster of the data directory dir: it makes the cluster if there is none, starts its server if it does
// not run, and joins it if it does. The server answers when Open returns, and as long as the Cluster is open it is brought back
// should it die.
//
// A directory that needs a person's decision is a *Refusal. When ctx ends first, Open leaves again and returns
// the cause. The caller closes the Cluster after the last use of DSN.
func Open(ctx context.Context, dir string, options Options) (*Cluster, error) {
	return open(ctx, dir, options, defaultSearch())
}

func open(ctx context.Context, dir string, options Options, search search) (*Cluster, error) {
	place, err := survey(dir)
	if err != nil {
		return nil, err
	}
	if place.condition != ours {
		if _, err := search.newest(); err != nil {
			return nil, err // before anything is made
		}
	}
	c := &Cluster{site: place, search: search, log: options.Logger, tell: options.Progress}
	if c.log == nil {
		c.log = slog.New(slog.DiscardHandler)
	}
	if c.tell == nil {
		c.tell = func(Step) {}
	}
	if c.marker, err = c.take(); err != nil {
		return nil, err
	}
	if c.members, err = c.openOwned(membersName); err != nil {
		c.marker.Close()
		return nil, c.unwritable(c.dir, err)
	}
	if err := c.enter(ctx); err != nil {
		c.release()
		return nil, err
	}
	c.startKeeping(ctx)
	return c, nil
}

// enter makes this program a member and sees to it that the server answers. After an error it is no member any more.
func (c *Cluster) enter(ctx context.Context) error {
	if err := lock(ctx, c.marker, func() { c.tell(StepWait) }); err != nil {
		return err
	}
	err := c.enterLocked(ctx)
	if err != nil {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaveLimit)
		defer cancel()
		err = errors.Join(err, c.leaveLocked(ctx))
	}
	return errors.Join(err, unlock(c.marker))
}

func (c *Cluster) enterLocked(ctx context.Context) error {
	if err := describe(c.marker); err != nil {
		return err
	}
	if got, err := tryLock(c.members, syscall.LOCK_SH); err != nil || !got {
		return errors.Join(err, fmt.Errorf("%s is locked by a stranger", c.path(membersName)))
	}
	if err := c.make(ctx); err != nil {
		return err
	}
	if err := c.owner.do(c.makeRooms); err != nil {
		return c.unwritable(c.dir, err)
	}
	if err := c.findAddress(); err != nil {
		return err
	}
	return c.bring(ctx)
}

// leaveLocked ends the membership, and stops the server if nobody else is in.
func (c *Cluster) leaveLocked(ctx context.Context) error {
	last, err := tryLock(c.members, syscall.LOCK_EX)
	if last && c.home != nil {
		err = c.stop(ctx)
	}
	return errors.Join(err, unlock(c.members))
}

// Close leaves the cluster; the last member to leave stops the server and waits until it is gone. All
// connections of this program should be closed before. A ctx that ends only ends the waiting: the membership is over in any case.
// Further calls return what the first one did.
func (c *Cluster) Close(ctx context.Context) error {
	c.closing.Do(func() {
		c.stopKeeping()
		<-c.kept
		c.closed = c.leave(ctx)
		c.release()
	})
	return c.closed
}

func (c *Cluster) leave(ctx context.Context) error {
	if err := lock(ctx, c.marker, func() {}); err != nil {
		return errors.Join(err, unlock(c.members))
	}
	return errors.Join(c.leaveLocked(ctx), unlock(c.marker))
}

// release closes the open files.
func (c *Cluster) release() {
	c.address.release()
	c.members.Close()
	c.marker.Close()
}

// Dir returns the data directory, absolute and with symbolic links resolved.
func (c *Cluster) Dir() string { return c.dir }

// DSN returns the connection string of the cluster's database, in the keyword form that pgx, psql and GDAL understand: the unix socket,
// the database and the role that owns it. The role may make schemas and databases but is no superuser. There is no password:
// the server asks the kernel who calls. It is valid until Close.
func (c *Cluster) DSN() string { return c.address.dsn(role, database) }
