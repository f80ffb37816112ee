package server_test

import (
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"

	"gridwright/server"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// A database that goes away while it is asked is unavailable, not our mistake: here a socket stands between, and is cut.
func TestADatabaseThatGoesAwayIsUnavailable(t *testing.T) {
	dsn := postgistest.Database(t)
	parts := regexp.MustCompile(`host='([^']*)' port=(\d+)`).FindStringSubmatch(dsn)
	if parts == nil || !strings.HasPrefix(parts[1], "/") {
		t.Skip("the database has no socket")
	}
	dir, err := os.MkdirTemp("", "cut")
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(dir)
	name := "/.s.PGSQL." + parts[2]
	between, err := net.Listen("unix", dir+name)
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var open []net.Conn
	go func() {
		for {
			near, err := between.Accept()
			if err != nil {
				return
			}
			far, err := net.Dial("unix", parts[1]+name)
			if err != nil {
				near.Close()
				continue
			}
			mu.Lock()
			open = append(open, near, far)
			mu.Unlock()
			go io.Copy(near, far)
			go io.Copy(far, near)
		}
	}()
	store, err := postgis.Open(t.Context(), strings.Replace(dsn, parts[1], dir, 1))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	web := httptest.NewServer(server.New(server.Config{Store: store, Log: slog.New(slog.DiscardHandler)}))
	defer web.Close()
	h := &house{T: t, store: store, url: web.URL}
	h.get("/api/v1/status", nil)
	between.Close()
	mu.Lock()
	for _, c := range open {
		c.Close()
	}
	mu.Unlock()
	for range 3 { // the connections of the pool break one after another, then there are none
		h.refused(h.ask(http.MethodGet, "/api/v1/status", ""), http.StatusServiceUnavailable, "busy")
	}
}
