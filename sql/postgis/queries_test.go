package postgis_test

import (
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	sqltext "gridwright/sql"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// Every named query is prepared against a migrated database: a column that was renamed is found here.
func TestEveryQueryPrepares(t *testing.T) {
	dsn := postgistest.Database(t)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "set search_path = "+postgis.Schema+", public"); err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"StageFeatures", "StageTallies", "StageFates", "StageCounts", "StageGone"} {
		table := strings.ReplaceAll(sqltext.Query(name), "on commit drop", "")
		if _, err := conn.Exec(t.Context(), table); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	for _, name := range sqltext.Names() {
		if strings.HasPrefix(name, "Listen") {
			continue // LISTEN is no statement that can be prepared
		}
		if _, err := conn.Prepare(t.Context(), name, sqltext.Query(name)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Opening twice migrates once, and a schema from the future is refused.
func TestSchemaOfANewerProgramIsRefused(t *testing.T) {
	dsn := postgistest.Database(t)
	again, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	again.Close()
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "insert into gridwright.goose_db_version (version_id, is_applied) values (99990000, true)"); err != nil {
		t.Fatal(err)
	}
	if store, err := postgis.Open(t.Context(), dsn); err == nil {
		store.Close()
		t.Fatal("a newer schema was opened")
	}
}
