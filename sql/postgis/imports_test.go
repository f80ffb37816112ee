package postgis_test

import (
	"context"
	"encoding/json"
	"errors"
	"log/slog"
	"os"
	"os/exec"
	"testing"

	"github.com/jackc/pgx/v5"

	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// storing is a trade that stores nothing but an import, after a while.
func storing(store *postgis.Store, begun func(context.Context) error) postgis.TakeFile {
	return func(ctx context.Context, t postgis.ImportTask) (postgis.ImportResult, error) {
		t.Progress("store", 1, 2)
		return postgis.ImportResult{}, store.Import(ctx, func(im *postgis.Importing) error {
			id, err := im.Save(ctx, "building", "a.csv", "", false, []byte(`{}`))
			if err == nil {
				err = begun(ctx)
			}
			if err != nil {
				return err
			}
			return t.Stored(ctx, im, id, map[string]json.RawMessage{"zh-CN": []byte(`{}`), "en": []byte(`{}`)})
		})
	}
}

// forever waits to be killed.
func forever(ctx context.Context) error { <-ctx.Done(); return ctx.Err() }

// A worker is killed in the middle of storing an import; another takes the job up, and the import is stored once.
func TestAKilledCommitIsTakenUp(t *testing.T) {
	dsn := postgistest.Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	query := func(sql string) (text string) {
		t.Helper()
		if err := conn.QueryRow(t.Context(), sql).Scan(&text); err != nil && !errors.Is(err, pgx.ErrNoRows) {
			t.Fatal(err)
		}
		return text
	}
	id, err := store.BringFile(t.Context(), "a.csv")
	if err == nil {
		err = store.PutChunk(t.Context(), id, 0, []byte("code\nx\n"))
	}
	if err != nil {
		t.Fatal(err)
	}
	query(`update gridwright.import_session set state = 'tried' returning state`)
	if err := store.StepSession(t.Context(), id, postgis.SessionCommitting); err != nil {
		t.Fatal(err)
	}
	victim := exec.Command(os.Args[0])
	victim.Env, victim.Stderr = append(os.Environ(), workerVar+"="+dsn), os.Stderr
	if err := victim.Start(); err != nil {
		t.Fatal(err)
	}
	for query(`select stage from gridwright.lease`) != "store" {
	}
	if err := victim.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	victim.Wait()
	if n := query(`select count(*)::text from gridwright.import`); n != "0" {
		t.Errorf("%s imports are stored by a worker that died", n)
	}
	worker, err := store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{Import: storing(store, func(context.Context) error { return nil })})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	for {
		s, err := store.Session(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		if !s.State.UnderWay() {
			if s.State != postgis.SessionCommitted {
				t.Errorf("the import is %s: %v", s.State, s.Failure)
			}
			break
		}
	}
	left := query(`select (select count(*) from gridwright.import) || ' imports, ' || (select count(*) from gridwright.import_chunk) || ' chunks'`)
	if left != "1 imports, 0 chunks" {
		t.Error(left)
	}
	if kept := query(`select concat_ws(' ', name, way, state) from gridwright.import_session`); kept != "a.csv http committed" {
		t.Error(kept)
	}
}
