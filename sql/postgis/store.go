// Package postgis keeps areas, ground, plans, edits and jobs in PostGIS. It is the only package that knows the database
// driver; all SQL is text in gridwright/sql.
//
// Every method takes what it needs and answers with types of package plan. Faults a user may read are *plan.Fault;
// whatever else the database says stays in the log.
package postgis

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"

	"gridwright/plan"
	sqltext "gridwright/sql"
)

// Schema is the schema all tables lie in.
const Schema = "gridwright"

// Store is a pool of connections to one database.
type Store struct {
	pool    *pgxpool.Pool
	editing chan struct{} // a seat for each that changes a plan
	// Now says what time it is: on which day what was published is in force. Defaults to time.Now.
	Now func() time.Time

	buildings buildingMemory // of staff
}

// maxEditing bounds the changes of plans under way, each of which holds a connection while it waits for its plan and takes another to read it.
// It is less than there are connections, or all would be held by those who wait.
const maxEditing = maxConns / 2

// maxConns bounds the connections of one process.
const maxConns = 16

// Open connects to a database by URL or DSN, brings its schema up to date and returns the store. A schema made by a
// newer program is refused.
func Open(ctx context.Context, dsn string) (*Store, error) {
	config, err := pgxpool.ParseConfig(dsn)
	if err != nil {
		return nil, fmt.Errorf("database address: %w", err)
	}
	// Public holds PostGIS; everything of ours is found first.
	config.ConnConfig.RuntimeParams["search_path"] = Schema + ", public"
	config.ConnConfig.RuntimeParams["application_name"] = "gridwright"
	config.ConnConfig.RuntimeParams["timezone"] = "UTC"
	config.MaxConns = maxConns
	config.MaxConnIdleTime = time.Minute
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, err
	}
	if err := migrate(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return &Store{pool: pool, editing: make(chan struct{}, maxEditing)}, nil
}

// changePlan does f in a transaction that may read the plan on another connection besides, once there is a seat.
func (s *Store) changePlan(ctx context.Context, f func(pgx.Tx) error) error {
	select {
	case s.editing <- struct{}{}:
		defer func() { <-s.editing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	return s.inTx(ctx, f)
}

// Close closes all connections.
func (s *Store) Close() { s.pool.Close() }

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error { return s.pool.Ping(ctx) }

// querier is what a pool and a transaction have in common.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

// inTx runs f in a transaction that is committed when f returns nil and else leaves no trace.
func (s *Store) inTx(ctx context.Context, f func(pgx.Tx) error) error {
	return said(pgx.BeginFunc(ctx, s.pool, f))
}

// collect runs a named query and gathers its rows by f.
func collect[T any](ctx context.Context, q querier, name string, f pgx.RowToFunc[T], args ...any) ([]T, error) {
	rows, err := q.Query(ctx, sqltext.Query(name), args...)
	if err != nil {
		return nil, said(fmt.Errorf("%s: %w", name, err))
	}
	all, err := pgx.CollectRows(rows, f)
	if err != nil {
		return nil, said(fmt.Errorf("%s: %w", name, err))
	}
	return all, nil
}

// row runs a named query for one row and scans it. pgx.ErrNoRows comes back as it is.
func row(ctx context.Context, q querier, name string, args []any, into ...any) error {
	err := q.QueryRow(ctx, sqltext.Query(name), args...).Scan(into...)
	if err == nil || errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	return said(fmt.Errorf("%s: %w", name, err))
}

// exec runs a named query for its effect and returns how many rows it touched.
func exec(ctx context.Context, q querier, name string, args ...any) (int64, error) {
	tag, err := q.Exec(ctx, sqltext.Query(name), args...)
	if err != nil {
		return 0, said(fmt.Errorf("%s: %w", name, err))
	}
	return tag.RowsAffected(), nil
}

// said gives an error of the database a kind, so that the doors can answer; the text is for the log alone.
func said(err error) error {
	if err == nil {
		return nil
	}
	if _, ok := errors.AsType[*plan.Fault](err); ok || errors.Is(err, context.Canceled) || errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	fault := plan.Refuse(plan.Internal, "internal", nil)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && unavailable(pg.Code) || lost(err) || errors.Is(err, context.DeadlineExceeded) {
		fault = plan.Refuse(plan.Unavailable, "busy", nil)
	}
	fault.Cause = err
	return fault
}

// lost reports whether there is no connection, or there was one that broke on the way: pgx then passes on what the
// network said. Whether a COMMIT that was under way took effect nobody knows, so the sentence for it promises nothing.
func lost(err error) bool {
	if _, ok := errors.AsType[*pgconn.ConnectError](err); ok {
		return true
	}
	if _, ok := errors.AsType[net.Error](err); ok {
		return true
	}
	for _, broken := range []error{io.EOF, io.ErrUnexpectedEOF, net.ErrClosed, syscall.EPIPE, syscall.ECONNRESET} {
		if errors.Is(err, broken) {
			return true
		}
	}
	return pgconn.SafeToRetry(err) // nothing was sent, "conn closed" among others
}

// unavailable reports whether an SQLSTATE says "later": connections (08), resources (53), a server going down or
// coming up (57P), a transaction to be repeated (40).
func unavailable(code string) bool {
	if len(code) != 5 {
		return false
	}
	switch {
	case code[:2] == "08", code[:2] == "53", code[:2] == "40", code[:3] == "57P":
		return true
	}
	return false
}
