package main

import (
	"context"
	"errors"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	"github.com/alecthomas/kong"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/cluster"
)

// dataFlags say where the data are: a directory with a PostGIS cluster of its own, or a server.
type dataFlags struct {
	Data     string `help:"${help_data}" placeholder:"DIR" env:"GRIDWRIGHT_DATA"`
	Database string `help:"${help_database}" placeholder:"URL" env:"GRIDWRIGHT_DATABASE"`
}

// AfterApply lets what is said on the command line win over the environment, and that over the configuration file, of
// the two flags together: --data wins over GRIDWRIGHT_DATABASE. Both said in one place stay both, and are refused.
func (f *dataFlags) AfterApply(c *kong.Context) error {
	said := map[string]bool{}
	for _, p := range c.Path {
		if p.Flag != nil && !p.Resolved {
			said[p.Flag.Name] = true
		}
	}
	data, database := said["data"], said["database"]
	if !data && !database {
		data, database = os.Getenv("GRIDWRIGHT_DATA") != "", os.Getenv("GRIDWRIGHT_DATABASE") != ""
	}
	switch {
	case data && !database:
		f.Database = ""
	case database && !data:
		f.Data = ""
	}
	return nil
}

// home is an open database and, if it is a private one, the cluster it runs in.
type home struct {
	*postgis.Store
	cluster *cluster.Cluster
}

// open makes or starts what is needed and connects. Close gives it back.
func (f dataFlags) open(ctx context.Context, std *streams) (*home, error) {
	switch {
	case f.Data == "" && f.Database == "":
		return nil, std.misuse("no_data", nil)
	case f.Data != "" && f.Database != "":
		return nil, std.misuse("data_twice", nil)
	case f.Database != "":
		store, err := postgis.Open(ctx, f.Database)
		if err != nil {
			return nil, err
		}
		return &home{Store: store}, nil
	}
	c, err := cluster.Open(ctx, f.Data, cluster.Options{Progress: func(step cluster.Step) { std.tellStep(step, f.Data) }})
	if err != nil {
		return nil, err
	}
	store, err := postgis.Open(ctx, c.DSN())
	if err != nil {
		return nil, errors.Join(err, c.Close(context.WithoutCancel(ctx)))
	}
	return &home{store, c}, nil
}

// divided reads a plan as it stands by its id as a user writes it.
func (h *home) divided(ctx context.Context, text string) (plan.ID, *plan.Snapshot, error) {
	id, err := plan.ParseID(text)
	if err != nil {
		return 0, nil, err
	}
	snap, err := h.Snapshot(ctx, id)
	return id, snap, err
}

// tellStep says what a person has to wait for before the data can be used. A start takes a tenth of a second: nothing to tell.
func (s *streams) tellStep(step cluster.Step, dir string) {
	if key := map[cluster.Step]string{cluster.StepMake: "making_data", cluster.StepRecover: "recovering_data", cluster.StepWait: "waiting_data"}[step]; key != "" {
		s.say(key, words.Args{"dir": dir})
	}
}

// Close disconnects; a private cluster stops when the last one leaves it.
func (h *home) Close() error {
	h.Store.Close()
	if h.cluster == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return h.cluster.Close(ctx)
}

// with opens the data for the length of f.
func (f dataFlags) with(ctx context.Context, std *streams, do func(*home) error) error {
	h, err := f.open(ctx, std)
	if err != nil {
		return err
	}
	return errors.Join(do(h), h.Close())
}

// homeDirectory is where demo keeps its data when nobody says: a place the database's own user may enter.
func homeDirectory() (string, error) {
	if os.Geteuid() == 0 {
		return "/var/lib/gridwright/demo", nil
	}
	dir := os.Getenv("XDG_DATA_HOME")
	if dir == "" {
		user, err := os.UserHomeDir()
		if err != nil {
			return "", err
		}
		dir = filepath.Join(user, ".local", "share")
	}
	return filepath.Join(dir, "gridwright", "demo"), nil
}

// logger writes the service's log to the talk.
func (s *streams) logger() *slog.Logger {
	return slog.New(slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelInfo}))
}

// quiet is the log of a command that a person waits for: only what is grave. It looks at each record, because the queue
// asks a handler of its own what is enabled: an interrupt would have it warn of the job that the interrupt has cancelled.
func (s *streams) quiet() *slog.Logger {
	return slog.New(graveOnly{slog.NewTextHandler(s.err, &slog.HandlerOptions{Level: slog.LevelError})})
}

type graveOnly struct{ slog.Handler }

// Handle writes errors and leaves out the rest.
func (h graveOnly) Handle(ctx context.Context, r slog.Record) error {
	if r.Level < slog.LevelError {
		return nil
	}
	return h.Handler.Handle(ctx, r)
}

// WithAttrs returns the handler with the attributes, as quiet.
func (h graveOnly) WithAttrs(attrs []slog.Attr) slog.Handler {
	return graveOnly{h.Handler.WithAttrs(attrs)}
}

// WithGroup returns the handler with the group, as quiet.
func (h graveOnly) WithGroup(name string) slog.Handler { return graveOnly{h.Handler.WithGroup(name)} }
