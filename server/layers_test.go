package server_test

import (
	"fmt"
	"math"
	"net/http"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/planar"

	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// beside is a house and a connection to its database that the server knows nothing of.
func beside(t *testing.T) (*house, *pgx.Conn) {
	t.Helper()
	dsn := postgistest.Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(store.Close)
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close(t.Context()) })
	if _, err := conn.Exec(t.Context(), "set search_path = gridwright, public"); err != nil {
		t.Fatal(err)
	}
	postgistest.Town(t, store, 4, 6, 5, uneven)
	return &house{T: t, store: store, url: serve(t, store, "")}, conn
}

// awaitTile asks for a tile until it says what it should.
func (h *house) awaitTile(path, word string, there bool) {
	h.Helper()
	for range 5000 {
		if a := h.ask(http.MethodGet, path, ""); strings.Contains(string(a.body), word) == there {
			return
		}
	}
	h.Fatalf("%s: %q is there: %v", path, word, !there)
}

func run(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// What changes in the database is in the next tile: a thing that is renamed, added, moved, taken away; many in one statement; and
// changes while nobody listened.
func TestALayerChangedInTheDatabase(t *testing.T) {
	h, conn := beside(t)
	h.take("road", "code,name,class,wkt", `s1,First Street,street,"LINESTRING(106.001 37.501,106.001 37.505)"`)
	const here, there = "/tiles/road/14/13016/6348.mvt", "/tiles/road/14/13026/6348.mvt"
	h.awaitTile(here, "First Street", true)
	before := h.ask(http.MethodGet, there, "")

	run(t, conn, "update feature set name = 'Station Road' where code = 's1'")
	h.awaitTile(here, "Station Road", true)
	run(t, conn, `insert into feature (layer, code, name, class, geom, since)
		select layer, 's2', 'Second Street', class, st_translate(geom, 0.001, 0), since from feature where code = 's1'`)
	h.awaitTile(here, "Second Street", true)
	if a := h.ask(http.MethodGet, there, ""); a.Header.Get("ETag") != before.Header.Get("ETag") {
		t.Error("a tile far from the changes has another tag")
	}
	run(t, conn, "update feature set geom = st_translate(geom, 0.22, 0) where code = 's2'")
	h.awaitTile(here, "Second Street", false)
	h.awaitTile(there, "Second Street", true)

	// The listener's connection breaks, and before it is back something changes.
	run(t, conn, "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and query ilike 'listen%' and datname = current_database()")
	run(t, conn, "delete from feature where code = 's2'")
	h.awaitTile(there, "Second Street", false)

	run(t, conn, `insert into feature (layer, code, name, class, geom, since)
		select layer, 'm' || n, 'Mews ' || n, class, geom, since from feature, generate_series(1, 1500) n where code = 's1'`)
	h.awaitTile(here, "Mews 1500", true)
	run(t, conn, "truncate feature")
	h.awaitTile(here, "Mews", false)
}

// A block that is given another kind in the database is so in the next tile.
func TestABlockChangedInTheDatabase(t *testing.T) {
	h, conn := beside(t)
	var doc tileJSON
	h.get("/tiles/block.json", &doc)
	at := doc.middle(12)
	path := fmt.Sprintf("/tiles/block/%d/%d/%d.mvt", at.Z, at.X, at.Y)
	h.awaitTile(path, "park", false)
	run(t, conn, "update block set kind = 'park' where code = 'P1-B01'")
	h.awaitTile(path, "park", true)
}

// drawn returns how many features a tile has and the area they cover, in square steps; a polygon that is not simple fails the test.
func drawn(t *testing.T, tile []byte) (n int, area float64) {
	t.Helper()
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	for _, l := range layers {
		for _, f := range l.Features {
			n++
			area += planar.Area(f.Geometry)
			var polygons orb.MultiPolygon
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				polygons = orb.MultiPolygon{g}
			case orb.MultiPolygon:
				polygons = g
			}
			for _, p := range polygons {
				for _, r := range p {
					if len(r) < 4 || !r.Closed() {
						t.Fatalf("a ring of %d points", len(r))
					}
				}
			}
		}
	}
	return n, area
}

// Tiles from memory show what those of PostGIS show: as many things, and areas alike.
func TestLayerTilesAreThoseOfPostGIS(t *testing.T) {
	h, _ := beside(t)
	var doc tileJSON
	h.get("/tiles/block.json", &doc)
	seen := 0
	for z := 6; z <= 16; z++ {
		at := doc.middle(z)
		for x := int(at.X) - 1; x <= int(at.X)+1; x++ {
			for y := int(at.Y) - 1; y <= int(at.Y)+1; y++ {
				for _, layer := range []string{"block", "large_grid"} {
					var oracle []byte
					var err error
					if layer == "block" {
						oracle, err = h.store.BlockTile(t.Context(), z, x, y)
					} else {
						oracle, err = h.store.AreaTile(t.Context(), "large_grid", z, x, y)
					}
					if err != nil {
						t.Fatal(err)
					}
					n, area := drawn(t, h.ask(http.MethodGet, fmt.Sprintf("/tiles/%s/%d/%d/%d.mvt", layer, z, x, y), "").body)
					wantN, wantArea := drawn(t, oracle)
					if n != wantN || math.Abs(area-wantArea) > 1e-3*wantArea+float64(8*n) {
						t.Errorf("%s %d/%d/%d: %d things on %v square steps, by PostGIS %d on %v", layer, z, x, y, n, area, wantN, wantArea)
					}
					seen += n
				}
			}
		}
	}
	if seen < 300 {
		t.Errorf("only %d things were compared", seen)
	}
}

// Readers get a tile as they can read it, and are told when they have it.
func TestTilesArePackedForWhoAsks(t *testing.T) {
	h, _ := beside(t)
	var doc tileJSON
	h.get("/tiles/block.json", &doc)
	at := doc.middle(13)
	path := fmt.Sprintf("/tiles/block/%d/%d/%d.mvt", at.Z, at.X, at.Y)
	for accept, want := range map[string]string{"gzip": "gzip", "gzip;q=0": "", "identity": "", "*": "gzip", "*, gzip;q=0": "", "br, gzip;q=0.1": "gzip"} {
		a := h.ask(http.MethodGet, path, "", "Accept-Encoding: "+accept)
		if got := a.Header.Get("Content-Encoding"); got != want || a.StatusCode != http.StatusOK || !strings.Contains(a.Header.Get("Vary"), "Accept-Encoding") {
			t.Errorf("%q is answered %s with %q, Vary %q", accept, a.Status, got, a.Header.Get("Vary"))
		}
		if held := h.ask(http.MethodGet, path, "", "Accept-Encoding: "+accept, "If-None-Match: "+a.Header.Get("ETag")); held.StatusCode != http.StatusNotModified {
			t.Errorf("%q: %s for %s", accept, held.Status, a.Header.Get("ETag"))
		}
	}
}
