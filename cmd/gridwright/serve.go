package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"os"
	"time"

	"gridwright/feed"
	"gridwright/importers/intake"
	"gridwright/plan/words"
	"gridwright/server"
	"gridwright/sql/postgis"
)

type listenFlags struct {
	Listen string `help:"${help_listen}" default:"127.0.0.1:8080" env:"GRIDWRIGHT_LISTEN" placeholder:"ADDRESS"`
	Base   string `help:"${help_base}" env:"GRIDWRIGHT_BASE" placeholder:"PATH"`
	Show   bool   `help:"${help_show_contacts}" name:"show-contacts" env:"GRIDWRIGHT_SHOW_CONTACTS"`
	deliverFlags
}

type serveCmd struct {
	dataFlags
	listenFlags
}

// Run serves until it is told to stop.
func (c *serveCmd) Run(ctx context.Context, std *streams) error {
	if _, err := c.check(std); err != nil {
		return err
	}
	return c.with(ctx, std, func(h *home) error {
		return c.serve(ctx, std, h, func(url string) { std.say("serving", words.Args{"url": url}) })
	})
}

// check refuses flags that cannot be served on, before data are made for them, and returns the clean base.
func (f listenFlags) check(std *streams) (base string, err error) {
	base, ok := server.CleanBase(f.Base)
	if !ok {
		return "", std.misuse("base_path", words.Args{"base": f.Base})
	}
	return base, loopback(std, f.Listen)
}

// serve answers requests and works the queue until ctx ends; ready is called with the address once it listens.
func (f listenFlags) serve(ctx context.Context, std *streams, h *home, ready func(url string)) error {
	base, err := f.check(std)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", f.Listen)
	if err != nil {
		return err
	}
	log := std.logger()
	s := server.New(server.Config{Store: h.Store, Base: base, Version: version, Log: log, ShowContacts: f.Show})
	sweepLeftovers(os.TempDir())
	trades := h.trades(f.deliverFlags)
	trades.Plans = s.PlanAt
	worker, err := h.Work(ctx, log, trades)
	if err != nil {
		return errors.Join(err, listener.Close())
	}
	web := s.HTTPServer()
	failed := make(chan error, 1)
	go s.Run(ctx)
	go func() { failed <- web.Serve(listener) }()
	ready(fmt.Sprintf("http://%s%s/", listener.Addr(), base))

	select {
	case <-ctx.Done():
	case err = <-failed:
	}
	// Answers under way get a moment; what the queue works on is given back.
	shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if errors.Is(err, http.ErrServerClosed) {
		err = nil
	}
	return errors.Join(err, web.Shutdown(shutdown), worker.Stop(shutdown))
}

// loopback refuses every address but this machine's own: there is no sign-in yet, so whoever reaches the port may do
// everything.
func loopback(std *streams, address string) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return std.misuse("listen_address", words.Args{"address": address})
	}
	if host == "localhost" {
		return nil
	}
	if ip := net.ParseIP(host); ip != nil && ip.IsLoopback() {
		return nil
	}
	return std.misuse("listen_loopback", words.Args{"address": address})
}

// trades are what a worker of this program can do.
func (h *home) trades(to deliverFlags) postgis.Trades {
	return postgis.Trades{Build: h.buildGround, Import: intake.Taking(h.Store), Deliver: feed.NewPost(h.Store, to.DeliverTo).Send}
}

// deliverFlags say which private networks subscribers may be in.
type deliverFlags struct {
	DeliverTo []netip.Prefix `help:"${help_deliver_to}" env:"GRIDWRIGHT_DELIVER_TO" placeholder:"NETWORK"`
}

type workerCmd struct {
	dataFlags
	deliverFlags
}

// Run works the queue until it is told to stop, beside servers on the same database.
func (c *workerCmd) Run(ctx context.Context, std *streams) error {
	return c.with(ctx, std, func(h *home) error {
		sweepLeftovers(os.TempDir())
		worker, err := h.Work(ctx, std.logger(), h.trades(c.deliverFlags))
		if err != nil {
			return err
		}
		std.say("working", nil)
		<-ctx.Done()
		shutdown, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return worker.Stop(shutdown)
	})
}

type migrateCmd struct{ dataFlags }

// Run brings the schema up to date, which opening does.
func (c *migrateCmd) Run(ctx context.Context, std *streams) error {
	return c.with(ctx, std, func(*home) error {
		std.say("migrated", nil)
		return nil
	})
}

type versionCmd struct{}

// Run prints the version.
func (c *versionCmd) Run(std *streams) error {
	_, err := fmt.Fprintln(std.out, "gridwright", version)
	return err
}
