package cluster

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"golang.org/x/sync/errgroup"
)

const (
	role      = "gridwright" // owns the database; no superuser
	database  = "gridwright"
	superuser = "postgres" // makes the role, the database and the extension, and nothing after that
	lobby     = "postgres" // the database of nobody in particular
)

// greetLimit is how long a server may take to answer a caller before it is asked again.
const greetLimit = 5 * time.Second

// An answer is what a server says to a caller.
type answer int

const (
	nobody      answer = iota // no server listens
	busy                      // a server is there and will answer later: it starts, recovers or is full
	leaving                   // a server is there and stops
	unfurnished               // a server answers, and has no database of ours
	welcome                   // the database is ready
	refused                   // anything else
)

// greet calls the server. The error is set when the answer is refused, and tells why.
func (c *Cluster) greet(ctx context.Context) (answer, error) {
	limited, cancel := context.WithTimeout(ctx, greetLimit)
	defer cancel()
	conn, err := pgx.Connect(limited, c.address.dsn(role, database))
	if err == nil {
		return welcome, conn.Close(limited)
	}
	if ctx.Err() != nil {
		return refused, context.Cause(ctx)
	}
	said, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case !ok && (errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED)):
		return nobody, nil
	case !ok:
		return busy, nil // it listens, and hung up or is slow: it is coming or going
	case said.Code == "28000": // invalid_authorization_specification: no such role, or it may not log in
		return unfurnished, nil
	case said.Code == "57P03" && strings.Contains(said.Message, "shutting down"): // its language is ours: LC_ALL
		return leaving, nil
	case strings.HasPrefix(said.Code, "57P"), said.Code == "53300": // operator intervention, too_many_connections
		return busy, nil
	}
	return refused, fmt.Errorf("data directory %s: %w", c.dir, err)
}

// The database is made in steps that a crash may part. The role may log in only after the last one, so
// a caller who gets in finds everything, and one who does not is told to furnish.
const (
	othersBusy = `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE usename = 'postgres' AND pid <> pg_backend_pid()`
	mayLogIn   = `SELECT coalesce((SELECT rolcanlogin FROM pg_roles WHERE rolname = 'gridwright'), false)`
	hasRole    = `SELECT EXISTS (SELECT FROM pg_roles WHERE rolname = 'gridwright')`
	makeRole   = `CREATE ROLE gridwright NOLOGIN CREATEDB`
	colleagues = `CREATE ROLE gridwright_reader LOGIN; CREATE ROLE gridwright_editor LOGIN` // for psql and QGIS; the program gives them what they may
	clearAway  = `DROP DATABASE IF EXISTS gridwright`
	makeHouse  = `CREATE DATABASE gridwright OWNER gridwright TEMPLATE template0`
	makeExtras = `CREATE EXTENSION postgis`
	openDoor   = `ALTER ROLE gridwright LOGIN`
)

// furnish makes the role, the database and its extension in a cluster that is new, or that was left half-made.
func (c *Cluster) furnish(ctx context.Context) (err error) {
	conn, err := pgx.Connect(ctx, c.address.dsn(superuser, lobby))
	if err != nil {
		return fmt.Errorf("data directory %s: %w", c.dir, err)
	}
	defer func() { err = errors.Join(err, conn.Close(context.WithoutCancel(ctx))) }()
	if err := c.sendAway(ctx, conn); err != nil {
		return err
	}
	var whole bool
	if err := conn.QueryRow(ctx, mayLogIn).Scan(&whole); err != nil {
		return err
	}
	if whole { // whatever is there was handed out once and is not ours to clear away
		return fmt.Errorf("data directory %s: the database server turns role %s away", c.dir, role)
	}
	c.tell(StepFurnish)
	both, bothCtx := errgroup.WithContext(ctx)
	both.Go(func() error { return c.sync(bothCtx) })
	both.Go(func() error { return c.build(bothCtx, conn) })
	if err := both.Wait(); err != nil {
		return err
	}
	return run(ctx, conn, openDoor)
}

// sendAway ends what the server still does for a program that was killed while it furnished, and waits until it is over: a CREATE DATABASE
// goes on without its caller, and would come in the way of the next.
func (c *Cluster) sendAway(ctx context.Context, conn *pgx.Conn) error {
	for {
		var busy int
		if err := conn.QueryRow(ctx, othersBusy).Scan(&busy); err != nil || busy == 0 {
			return err
		}
		if err := wait(ctx, pause); err != nil {
			return err
		}
	}
}

// build makes everything but the permission to log in.
func (c *Cluster) build(ctx context.Context, conn *pgx.Conn) error {
	var begun bool
	if err := conn.QueryRow(ctx, hasRole).Scan(&begun); err != nil {
		return err
	}
	if !begun {
		if err := run(ctx, conn, colleagues+"; "+makeRole); err != nil { // all at once: statements sent together are one transaction
			return err
		}
	}
	if err := run(ctx, conn, clearAway); err != nil {
		return err
	}
	if err := run(ctx, conn, makeHouse); err != nil {
		return err
	}
	return c.extend(ctx)
}

// extend makes the extension in the new database.
func (c *Cluster) extend(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, c.address.dsn(superuser, database))
	if err != nil {
		return err
	}
	return errors.Join(run(ctx, conn, makeExtras), conn.Close(context.WithoutCancel(ctx)))
}

func run(ctx context.Context, conn *pgx.Conn, statement string) error {
	if _, err := conn.Exec(ctx, statement); err != nil {
		return fmt.Errorf("%s: %w", statement, err)
	}
	return nil
}
