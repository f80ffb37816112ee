package postgis

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/database"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"

	sqltext "gridwright/sql"
)

// migrationLock keeps two programs from migrating at once; the number only has to be ours.
const migrationLock = 0x67726964

// migrate makes the schema, or brings it up to date: ours by goose, the queue's by River.
func migrate(ctx context.Context, pool *pgxpool.Pool) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return said(err)
	}
	defer conn.Release()
	if _, err := conn.Exec(ctx, "select pg_advisory_lock($1)", migrationLock); err != nil {
		return said(err)
	}
	defer conn.Exec(context.WithoutCancel(ctx), "select pg_advisory_unlock($1)", migrationLock)
	for _, statement := range []string{
		"create extension if not exists postgis with schema public",
		"create schema if not exists " + Schema,
	} {
		if _, err := conn.Exec(ctx, statement); err != nil {
			return said(fmt.Errorf("%s: %w", statement, err))
		}
	}

	db := stdlib.OpenDBFromPool(pool)
	defer db.Close()
	provider, err := goose.NewProvider(database.DialectPostgres, db, sqltext.Migrations())
	if err != nil {
		return err
	}
	have, err := provider.GetDBVersion(ctx)
	if err != nil {
		return said(err)
	}
	sources := provider.ListSources()
	if newest := sources[len(sources)-1].Version; have > newest {
		return fmt.Errorf("the database's schema is version %d, made by a newer gridwright; this one knows up to %d", have, newest)
	}
	if _, err := provider.Up(ctx); err != nil {
		return said(err)
	}
	river, err := rivermigrate.New(riverpgxv5.New(pool), &rivermigrate.Config{Schema: Schema})
	if err != nil {
		return err
	}
	if _, err := river.Migrate(ctx, rivermigrate.DirectionUp, nil); err != nil {
		return said(err)
	}
	_, err = exec(ctx, conn, "AdmitColleagues") // to new tables too
	return err
}
