package postgis_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"gridwright/plan/plantest"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// Who comes straight to the database reads everything and may write areas and the raw ground, as a role, and nothing that the program answers
// for.
func TestColleaguesWriteLayersAlone(t *testing.T) {
	dsn := postgistest.Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	postgistest.Town(t, store, 2, 3, 2, plantest.Even(10))
	id := postgistest.Plan(t, store, postgistest.Recipe(4))
	publish(t, store, id, "2026-11-01")
	as := func(role string) *pgx.Conn {
		conn, err := pgx.Connect(t.Context(), strings.Replace(dsn, "user=gridwright", "user="+role, 1)+" search_path=gridwright,public")
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { conn.Close(t.Context()) })
		return conn
	}
	reader, editor := as("gridwright_reader"), as("gridwright_editor")
	rows, err := editor.Query(t.Context(), "select relname::text from pg_class where relnamespace = 'gridwright'::regnamespace and relkind = 'r' order by 1")
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		t.Fatal(err)
	}
	writable := map[string]bool{"area": true, "feature": true, "tally": true}
	for _, table := range tables {
		for _, conn := range []*pgx.Conn{reader, editor} {
			if err := try(t, conn, "select * from "+table+" limit 1"); err != nil {
				t.Errorf("reading %s: %v", table, err)
			}
			for _, statement := range []string{"delete from " + table, "truncate " + table} {
				said, refused := errors.AsType[*pgconn.PgError](try(t, conn, statement))
				allowed := conn == editor && writable[table] && strings.HasPrefix(statement, "delete")
				if (refused && said.Code == "42501") == allowed {
					t.Errorf("%s: %v, and it is allowed: %v", statement, said, allowed)
				}
			}
		}
	}
	for statement, allowed := range map[string]bool{
		`update area set name = 'renamed'`: true,
		`insert into feature (layer, code, class, geom, since) values ('road', 'r', 'street', st_setsrid('MULTILINESTRING((104 39.7, 104.001 39.7))'::geometry, 4490), 1)`: true,
		`insert into import (layer, file, sha256, report) values ('road', 'by hand', '', '{}')`:                                                                            true,
		`update plan set name = 'mine'`:                                  false,
		`update assignment set grid_no = null`:                           false,
		`insert into edit select * from edit`:                            false,
		`update grid set name = 'mine'`:                                  false,
		`update division_grid set code = 'mine'`:                         false,
		`alter table plan add column mine int`:                           false,
		`drop trigger never_changed on division`:                         false,
		`select nextval('grid_key')`:                                     false,
		`create table gridwright.mine (a int)`:                           false,
		`update layer_change set layer = 'mine'`:                         false,
		`select set_config('session_replication_role', 'replica', true)`: false,
	} {
		if err := try(t, editor, statement); (err == nil) != allowed {
			t.Errorf("%s: %v", statement, err)
		}
		if err := try(t, reader, statement); err == nil {
			t.Errorf("a reader did %s", statement)
		}
	}
}
