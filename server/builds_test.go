package server_test

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gridwright/importers/groundwork"
	"gridwright/importers/intake"
	"gridwright/sql/postgis"
)

// buildDoc is a build of the ground as it is answered.
type buildDoc struct {
	ID       int64
	State    string
	DryRun   bool `json:"dry_run"`
	Failure  string
	Progress *struct{ Stage, Words string }
	Report   *struct {
		Blocks   struct{ Total, New, Unchanged int }
		Findings []struct{ Rule, Words string }
	}
}

func (h *house) buildGround(ctx context.Context, scope string, dryRun bool, progress func(string, int, int)) (map[string]json.RawMessage, error) {
	r, err := groundwork.Run(ctx, h.store, groundwork.Order{Scope: scope, DryRun: dryRun, Progress: progress})
	if err != nil {
		return nil, err
	}
	return r.InAll()
}

// take imports a CSV file.
func (h *house) take(layer string, lines ...string) {
	h.Helper()
	path := filepath.Join(h.TempDir(), layer+".csv")
	if err := os.WriteFile(path, []byte(strings.Join(lines, "\n")), 0o600); err != nil {
		h.Fatal(err)
	}
	if _, err := intake.Run(h.Context(), h.store, intake.Order{File: path, Layer: layer}); err != nil {
		h.Fatal(err)
	}
}

// rectangle is WKT in thousandths of a degree from a place east of the town.
func rectangle(west, south, east, north float64) string {
	w, s, e, n := 106+west/1000, 37.5+south/1000, 106+east/1000, 37.5+north/1000
	return fmt.Sprintf(`"POLYGON((%.7f %.7f,%.7f %.7f,%.7f %.7f,%.7f %.7f,%.7f %.7f))"`, w, s, e, s, e, n, w, n, w, s)
}

// request asks for a build and waits for its end.
func (h *house) request(body string) buildDoc {
	h.Helper()
	a := h.ask(http.MethodPost, "/api/v1/ground/builds", body)
	if a.StatusCode != http.StatusAccepted {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	for {
		var b buildDoc
		h.get(strings.TrimPrefix(a.Header.Get("Location"), "/grids"), &b)
		if b.State != "queued" && b.State != "building" {
			return b
		}
	}
}

func TestTheGroundIsBuiltOverHTTP(t *testing.T) {
	h := open(t, "/grids")
	h.refused(h.ask(http.MethodPost, "/api/v1/ground/builds", `{"scope":"nowhere"}`), 422, "split.unknown_scope")
	h.refused(h.ask(http.MethodPost, "/api/v1/ground/builds", `{}`), 422, "recipe.no_scope")
	h.refused(h.ask(http.MethodGet, "/api/v1/ground/builds/99", ""), 404, "build.unknown")

	// Nobody works builds yet: one that is asked for waits, and can be called off once.
	a := h.ask(http.MethodPost, "/api/v1/ground/builds", `{"scope":"all"}`)
	var b buildDoc
	h.read(a, &b)
	if b.State != "queued" || b.Progress == nil || b.Progress.Words != "排队中" {
		t.Errorf("%s", a.body)
	}
	cancel := fmt.Sprintf("/api/v1/ground/builds/%d/cancel", b.ID)
	if h.read(h.ask(http.MethodPost, cancel, ""), &b); b.State != "cancelled" {
		t.Errorf("the build is %s", b.State)
	}
	h.refused(h.ask(http.MethodPost, cancel, ""), 409, "build.not_running")

	worker, err := h.store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{Build: h.buildGround})
	if err != nil {
		t.Fatal(err)
	}
	defer worker.Stop(context.Background())
	if b = h.request(`{"scope":"all"}`); b.State != "failed" || !strings.Contains(b.Failure, "都没有边界") {
		t.Errorf("areas nobody drew: %+v", b)
	}

	h.take("community", "code,name,wkt", "A,Alder,"+rectangle(0, 0, 4, 4), "B,Birch,"+rectangle(4, 0, 8, 4))
	h.take("road", "code,name,class,wkt", `s2,Second Street,street,"LINESTRING(106.002 37.499,106.002 37.505)"`,
		`s6,Sixth Street,street,"LINESTRING(106.006 37.499,106.006 37.505)"`)
	h.take("building", "code,households,wkt", "h1,7,"+rectangle(1, 1, 1.2, 1.2), "across,9,"+rectangle(3.9, 1, 4.3, 1.2))
	if b = h.request(`{"scope":"A","dry_run":true}`); b.State != "done" || !b.DryRun || b.Report.Blocks.New != 2 {
		t.Errorf("a trial: %+v", b)
	}
	if b = h.request(`{"scope":"all"}`); b.State != "done" || b.Report.Blocks.New != 4 {
		t.Fatalf("%+v", b)
	}

	// The planner sees the finding, decides, and builds again.
	var found struct {
		Findings []struct {
			ID      int64
			Rule    string
			Words   string
			Choices []struct{ Code, Name string }
			Ruled   string
		}
	}
	h.get("/api/v1/ground/findings?lang=en", &found)
	f := found.Findings[0]
	if f.Rule != "straddler" || len(f.Choices) != 2 || f.Choices[0].Name != "Birch" || !strings.Contains(f.Words, "stands across the border of B and A") {
		t.Fatalf("%+v", found)
	}
	ruling := fmt.Sprintf("/api/v1/ground/findings/%d/ruling", f.ID)
	h.refused(h.ask(http.MethodPut, ruling, `{"to":"Z"}`), 422, "ruling.no_choice")
	h.refused(h.ask(http.MethodPut, "/api/v1/ground/findings/999/ruling", `{"to":"A"}`), 404, "ruling.no_finding")
	h.refused(h.ask(http.MethodDelete, "/api/v1/ground/findings/999/ruling", ""), 404, "ruling.no_finding")
	h.refused(h.ask(http.MethodPut, ruling, `{"to":""}`), 422, "ruling.no_choice")
	for _, step := range [][3]string{{http.MethodPut, `{"to":"A"}`, "A"}, {http.MethodDelete, "", ""}, {http.MethodPut, `{"to":"A"}`, "A"}} {
		if a := h.ask(step[0], ruling, step[1]); a.StatusCode != http.StatusNoContent {
			t.Fatalf("%s %s", a.Status, a.body)
		}
		found.Findings = nil // or what is null now would stay as it was
		if h.get("/api/v1/ground/findings", &found); found.Findings[0].Ruled != step[2] {
			t.Errorf("after %s it is ruled %q", step[0], found.Findings[0].Ruled)
		}
	}
	b = h.request(`{"scope":"all"}`)
	for _, f := range b.Report.Findings {
		if f.Rule == "straddler" {
			t.Errorf("still across: %s", f.Words)
		}
	}
	var list struct{ Builds []buildDoc }
	if h.get("/api/v1/ground/builds", &list); len(list.Builds) != 5 || list.Builds[0].ID != b.ID || list.Builds[0].Report != nil {
		t.Errorf("%+v", list)
	}
}

// What runs along borders and the raw ground can be seen on a map.
func TestTilesOfTheGround(t *testing.T) {
	h := open(t, "")
	h.take("community", "code,wkt", "A,"+rectangle(0, 0, 4, 4))
	h.take("road", "code,name,class,wkt", `s2,Second Street,street,"LINESTRING(106.002 37.499,106.002 37.505)"`)
	h.take("building", "code,wkt", "h1,"+rectangle(1, 1, 1.2, 1.2))
	if _, err := groundwork.Run(t.Context(), h.store, groundwork.Order{Scope: "A"}); err != nil {
		t.Fatal(err)
	}
	for layer, word := range map[string]string{"border": "Second Street", "road": "Second Street", "building": "h1", "block": "A-0001"} {
		if a := h.get("/tiles/"+layer+"/14/13016/6348.mvt", nil); !strings.Contains(string(a.body), word) {
			t.Errorf("%s: no %s in %q", layer, word, a.body)
		}
		var doc struct{ Bounds []float64 }
		if h.get("/tiles/"+layer+".json", &doc); len(doc.Bounds) != 4 || doc.Bounds[0] > 106.002 || doc.Bounds[2] < 106.001 {
			t.Errorf("%s: bounds %v", layer, doc.Bounds)
		}
	}
	// A house of 20 m is not drawn where it would be less than half a pixel.
	if a := h.ask(http.MethodGet, "/tiles/building/8/203/99.mvt", ""); a.StatusCode != http.StatusNoContent {
		t.Errorf("%s", a.Status)
	}
	h.refused(h.ask(http.MethodGet, "/tiles/moat/14/13016/6348.mvt", ""), 404, "tile.layer")
}

// Blocks that do not touch are linked, listed and unlinked over HTTP.
func TestLinksOverHTTP(t *testing.T) {
	h := open(t, "")
	h.refused(h.ask(http.MethodPost, "/api/v1/ground/links", `{"a":"P0-B00","b":"P0-B05","reason":" "}`), 422, "link.reason")
	h.refused(h.ask(http.MethodPost, "/api/v1/ground/links", `{"a":"P0-B00","b":"P1-B05","reason":"a ferry"}`), 422, "link.parents")
	var made struct{ ID int64 }
	a := h.ask(http.MethodPost, "/api/v1/ground/links", `{"a":"P0-B05","b":"P0-B00","reason":"渡口"}`)
	if h.read(a, &made); a.StatusCode != http.StatusCreated || made.ID == 0 {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	var list struct {
		Links []struct{ A, B, Reason string }
	}
	if h.get("/api/v1/ground/links", &list); len(list.Links) != 1 || list.Links[0].A != "P0-B00" || list.Links[0].Reason != "渡口" {
		t.Errorf("%+v", list)
	}
	address := fmt.Sprintf("/api/v1/ground/links/%d", made.ID)
	if a := h.ask(http.MethodDelete, address, ""); a.StatusCode != http.StatusNoContent {
		t.Errorf("%s %s", a.Status, a.body)
	}
	h.refused(h.ask(http.MethodDelete, address, ""), 404, "link.unknown")
}
