// Package postgistest gives tests a real PostGIS: a private cluster for the test program and a migrated database of its
// own for every test.
package postgistest

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"gridwright/sql/postgis"
	"gridwright/sql/postgis/cluster"
)

// kit is the test program's cluster, made by the first test that asks.
var kit struct {
	once    sync.Once
	dir     string
	cluster *cluster.Cluster
	err     error
	made    atomic.Int64
}

// Main runs a test program and takes its cluster away afterwards. A package whose tests use Open calls it from TestMain
// with the exit code going to os.Exit.
func Main(m *testing.M) int {
	code := m.Run()
	if kit.cluster != nil {
		if err := kit.cluster.Close(context.Background()); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	if kit.dir != "" {
		os.RemoveAll(kit.dir)
	}
	return code
}

// start makes the cluster and the database every test's own is copied from.
func start() {
	ctx := context.Background()
	if kit.dir, kit.err = os.MkdirTemp("", "gridwright-test-"); kit.err != nil {
		return
	}
	if kit.err = os.Chmod(kit.dir, 0o711); kit.err != nil { // the server's own user must pass through
		return
	}
	if kit.cluster, kit.err = cluster.Open(ctx, kit.dir+"/data", cluster.Options{}); kit.err != nil {
		return
	}
	store, err := postgis.Open(ctx, kit.cluster.DSN())
	if kit.err = err; err == nil {
		store.Close()
	}
}

// Database makes an empty migrated database for the test and returns its DSN.
func Database(t testing.TB) string {
	t.Helper()
	kit.once.Do(start)
	if kit.err != nil {
		t.Fatalf("no PostGIS for this test: %v", kit.err)
	}
	lobby := strings.Replace(kit.cluster.DSN(), "dbname=gridwright", "dbname=postgres", 1)
	name := fmt.Sprintf("test_%d", kit.made.Add(1))
	conn, err := pgx.Connect(t.Context(), lobby)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(context.Background())
	if _, err := conn.Exec(t.Context(), "create database "+name+" template gridwright"); err != nil {
		t.Fatal(err)
	}
	return strings.Replace(kit.cluster.DSN(), "dbname=gridwright", "dbname="+name, 1)
}

// Open returns the store of an empty migrated database that is the test's alone, closed with it.
func Open(t testing.TB) *postgis.Store {
	t.Helper()
	store, err := postgis.Open(t.Context(), Database(t))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	return store
}
