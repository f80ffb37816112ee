package postgistest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gridwright/sql/postgis"
)

// Desk is a database of a test's own with what the test does to it.
type Desk struct {
	*testing.T
	Store *postgis.Store
	conn  *pgx.Conn
}

// NewDesk returns a desk; it is cleared when the test ends.
func NewDesk(t *testing.T) *Desk {
	t.Helper()
	dsn := Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	conn, err := pgx.Connect(t.Context(), dsn+" options='-csearch_path=gridwright,public'")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(context.Background()) })
	return &Desk{t, store, conn}
}

// Query returns the rows of a query as text, a line each, values separated by blanks.
func (d *Desk) Query(sql string) string {
	d.Helper()
	rows, err := d.conn.Query(d.Context(), sql)
	if err != nil {
		d.Fatal(err)
	}
	lines, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (string, error) {
		values, err := r.Values()
		return strings.Trim(fmt.Sprint(values...), "[]"), err
	})
	if err != nil {
		d.Fatal(err)
	}
	return strings.Join(lines, "\n")
}
