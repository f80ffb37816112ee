package server_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

type publishedDivision struct {
	ID        int64
	State     string
	Effective string
	Digest    string
	Old       int `json:"old_grids"`
	New       int `json:"new_grids"`
	Kinds     map[string]int
}

// One plan on its way: checked, looked at, published, read in every form as of each day, and told to others.
func TestAPlanIsPublished(t *testing.T) {
	h := open(t, "")
	if a := h.get("/api/v1/divisions/current?at=2021-06-01", nil); !strings.Contains(string(a.body), `"grids":[]`) {
		t.Errorf("before anything is published: %s", a.body)
	}
	var check struct {
		Revision                int64
		Blocked                 bool
		Errors, Warnings, Notes int
		Findings                []struct{ Rule, Severity, Words, Subject string }
	}
	h.get(h.at("/check"), &check)
	if check.Blocked || check.Errors != 0 || check.Revision != 1 || len(check.Findings) != check.Warnings+check.Notes {
		t.Fatalf("the check says %+v", check)
	}
	var outlook struct {
		After   *string
		Old     int `json:"old_grids"`
		New     int `json:"new_grids"`
		Kinds   map[string]int
		Lineage []struct{ Kind, Words string }
		Measure string
	}
	h.get(h.at("/publish"), &outlook)
	if outlook.After != nil || outlook.Old != 4 || outlook.New != 9 || outlook.Kinds["split"] == 0 || outlook.Measure != "households" || outlook.Lineage[0].Words == "" {
		t.Errorf("the outlook is %+v", outlook)
	}
	for body, code := range map[string]string{`{"effective":"2027-02-30"}`: "day.wrong", `{"effective":""}`: "day.wrong",
		`{"effective":"2027-01-01","by":"` + strings.Repeat("长", 201) + `"}`: "publish.name"} {
		h.refused(h.ask(http.MethodPost, h.at("/publish"), body), http.StatusUnprocessableEntity, code)
	}
	h.refused(h.ask(http.MethodPost, h.at("/publish"), `{"effective":"2020-01-01","base_revision":7}`), http.StatusConflict, "publish.moved_on")
	first := h.publish(`{"effective":"2020-01-01","base_revision":1,"by":"网格中心","basis":"卫政办发〔2020〕1号"}`)
	if first.State != "in_force" || first.New != 9 || first.Effective != "2020-01-01" {
		t.Errorf("published as %+v", first)
	}
	h.refused(h.ask(http.MethodPost, h.at("/publish"), `{"effective":"2020-01-01"}`), http.StatusConflict, "publish.later")

	var one struct {
		Digest string
		Grids  []struct {
			Code, Name string
			Key        int64
			Areas      []struct{ Code string }
			Loads      map[string]int64
		}
	}
	was := h.get(fmt.Sprintf("/api/v1/divisions/%d", first.ID), &one)
	if len(one.Grids) != 9 || one.Digest != first.Digest || one.Grids[0].Loads["households"] == 0 || !strings.Contains(was.Header.Get("Cache-Control"), "immutable") {
		t.Errorf("division %d: %+v", first.ID, one)
	}
	current := h.get("/api/v1/divisions/current/grids.geojson?at=2021-06-01", nil)

	block, from, to := h.borderMove(0)
	if a := h.edit(1, block, to); a.StatusCode != http.StatusOK {
		t.Fatalf("edit: %s %s", a.Status, a.body)
	}
	second := h.publish(`{"effective":"2022-01-01"}`)
	if second.Kinds["adjust"] != 2 || second.Kinds["same"] != 7 {
		t.Errorf("the second changed %v", second.Kinds)
	}
	if again := h.get("/api/v1/divisions/current/grids.geojson?at=2021-06-01", nil); !equal(again.body, current.body) {
		t.Error("what was in force in 2021 reads otherwise")
	}
	if now := h.get("/api/v1/divisions/current/grids.geojson", nil); equal(now.body, current.body) {
		t.Error("what is in force today reads as in 2021")
	}
	if again := h.get(fmt.Sprintf("/api/v1/divisions/%d", first.ID), nil); !equal(again.body, was.body) {
		t.Error("the first division reads otherwise")
	}
	var list struct {
		Today     string
		Divisions []publishedDivision
	}
	h.get("/api/v1/divisions", &list)
	if len(list.Divisions) != 2 || list.Divisions[0].ID != second.ID || list.Divisions[1].State != "superseded" {
		t.Errorf("the list is %+v", list)
	}
	h.refused(h.ask(http.MethodGet, "/api/v1/divisions/current/grids.geojson?at=2019-12-31", ""), http.StatusNotFound, "division.none")
	h.refused(h.ask(http.MethodGet, "/api/v1/divisions/current?at=tomorrow", ""), http.StatusUnprocessableEntity, "day.wrong")
	h.refused(h.ask(http.MethodGet, "/api/v1/divisions/99", ""), http.StatusNotFound, "division.unknown")

	h.locatesAsOf(block, from, to)
	h.tellsWhoIsResponsible(block)
	h.servesPublishedTiles(second)
	h.servesPublishedFeatures()

	var manifest struct {
		Files []struct {
			Href, SHA256 string
			Bytes, Rows  int
		}
	}
	h.get(fmt.Sprintf("/api/v1/divisions/%d/manifest", second.ID), &manifest)
	for _, f := range manifest.Files {
		a := h.ask(http.MethodGet, strings.TrimPrefix(f.Href, h.url), "")
		sum := sha256.Sum256(a.body)
		if a.StatusCode != http.StatusOK || hex.EncodeToString(sum[:]) != f.SHA256 || len(a.body) != f.Bytes || f.Rows == 0 {
			t.Errorf("%s is not as the manifest says: %s, %d bytes, %+v", f.Href, a.Status, len(a.body), f)
		}
	}
	var told struct {
		Changes []struct {
			ID   int64
			Kind string
		}
		Next int64
		More bool
	}
	var kinds []string
	for since := int64(0); ; since = told.Next {
		h.get(fmt.Sprintf("/api/v1/changes?since=%d&limit=2", since), &told)
		for _, c := range told.Changes {
			kinds = append(kinds, c.Kind)
		}
		if !told.More {
			break
		}
	}
	if s := strings.Join(kinds, " "); s != "published in_force published superseded in_force" {
		t.Errorf("told %s", s)
	}
	for _, bad := range []string{"since=-1", "since=x", "limit=0", "limit=1001", "limit=1e9"} {
		h.refused(h.ask(http.MethodGet, "/api/v1/changes?"+bad, ""), http.StatusBadRequest, "query.value")
	}
}

func (h *house) publish(body string) (made publishedDivision) {
	h.Helper()
	a := h.ask(http.MethodPost, h.at("/publish"), body)
	if a.StatusCode != http.StatusCreated {
		h.Fatalf("publish: %s %s", a.Status, a.body)
	}
	h.read(a, &made)
	return made
}

// A point of the block that moved lies where it lay on each day; without a day it is today.
func (h *house) locatesAsOf(block, from, to string) {
	h.Helper()
	snap, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		h.Fatal(err)
	}
	b, _ := snap.Ground.ByCode(block)
	label := snap.Ground.Blocks[b].Label
	for at, want := range map[string]string{"": to, "&at=2021-06-01": from, "&at=2022-01-01": to, "&at=2021-12-31": from} {
		var got struct {
			Plan, At *string
			Chosen   string
			place
		}
		h.get(fmt.Sprintf("/api/v1/locate?lon=%v&lat=%v%s", label.Lon.Degrees(), label.Lat.Degrees(), at), &got)
		if got.Chosen != "division" || got.Plan != nil || got.At == nil || got.Grid == nil || got.Grid.Code != want || got.BorderM == nil || len(got.Areas) == 0 {
			h.Errorf("%q: %+v, not in %s", at, got, want)
		}
	}
	text := fmt.Sprintf("lon,lat\n%v,%v\n", label.Lon.Degrees(), label.Lat.Degrees())
	a := h.ask(http.MethodPost, "/api/v1/locate?at=2021-06-01", text, "Content-Type: text/csv")
	if !strings.Contains(string(a.body), ","+from+",") || !strings.HasSuffix(strings.TrimSpace(string(a.body)), ",,,1") {
		h.Errorf("CSV as of a day: %s", a.body)
	}
	h.refused(h.ask(http.MethodGet, "/api/v1/locate?lon=104&lat=39.7&at=2019-01-01", ""), http.StatusNotFound, "division.none")
	h.refused(h.ask(http.MethodGet, "/api/v1/locate?lon=104&lat=39.7&at=2021-06-01&plan="+h.plan.String(), ""), http.StatusBadRequest, "locate.at")
}

// Who holds a post on the grid is told from the day they took it up, with a masked number.
func (h *house) tellsWhoIsResponsible(block string) {
	h.Helper()
	snap, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		h.Fatal(err)
	}
	b, _ := snap.Ground.ByCode(block)
	person, err := h.store.AddPerson(h.Context(), plan.Person{Name: "李某", Phone: "13800001234", Source: "recruited"})
	if err != nil {
		h.Fatal(err)
	}
	_, err = h.store.AddPost(h.Context(), postgis.NewPost{Plan: h.plan, Person: person,
		Post: plan.Post{Kind: plan.GridLead, Grids: []plan.GridNo{snap.At[b]}, Since: "2021-01-01"}})
	if err != nil {
		h.Fatal(err)
	}
	label := snap.Ground.Blocks[b].Label
	for at, want := range map[string]int{"": 1, "&at=2020-06-01": 0} {
		var got struct {
			Grid  struct{ No int32 }
			Posts []struct{ Kind, Label, Name, Phone string }
		}
		h.get(fmt.Sprintf("/api/v1/locate?lon=%v&lat=%v%s", label.Lon.Degrees(), label.Lat.Degrees(), at), &got)
		if len(got.Posts) != want || want == 1 && (got.Posts[0].Name != "李某" || got.Posts[0].Phone != "138****1234" || got.Posts[0].Label == "") {
			h.Errorf("%q: %+v", at, got)
		}
	}
}

func (h *house) servesPublishedTiles(d publishedDivision) {
	h.Helper()
	for _, name := range []string{fmt.Sprint(d.ID), "current"} {
		var doc struct {
			Tiles  []string
			Bounds []float64
		}
		h.get("/tiles/divisions/"+name+".json", &doc)
		h.get("/tiles/divisions/"+name+"/style.json", nil)
		at := strings.NewReplacer("{z}", "10", "{x}", "807", "{y}", "388").Replace(strings.TrimPrefix(doc.Tiles[0], h.url))
		a := h.ask(http.MethodGet, at, "", "Accept-Encoding: identity")
		layers, err := mvt.Unmarshal(a.body)
		if err != nil || len(layers) == 0 || layers[0].Name != "grids" || len(layers[0].Features) != 9 {
			h.Errorf("%s: %s %v", at, a.Status, err)
		}
		if again := h.ask(http.MethodGet, at, "", "If-None-Match: "+a.Header.Get("ETag")); again.StatusCode != http.StatusNotModified {
			h.Errorf("%s again: %s", at, again.Status)
		}
	}
}

func (h *house) servesPublishedFeatures() {
	h.Helper()
	var features struct {
		Matched  int `json:"numberMatched"`
		Features []struct {
			ID         int64
			Properties map[string]any
		}
	}
	for at, division := range map[string]float64{"": 2, "&datetime=2021-06-01T00:00:00Z": 1, "&datetime=2021-01-01T00:00:00Z/2023-01-01T00:00:00Z": 2,
		"&datetime=" + url.QueryEscape("../2021-01-01T00:00:00Z"): 1} {
		h.get("/ogc/collections/division/items?limit=5"+at, &features)
		if features.Matched != 9 || len(features.Features) != 5 || features.Features[0].Properties["division"] != division {
			h.Errorf("%q: %+v", at, features)
		}
	}
	h.get("/ogc/collections/division/items?code="+features.Features[0].Properties["code"].(string), &features)
	if features.Matched != 1 {
		h.Errorf("by code: %+v", features)
	}
	h.get("/ogc/collections/division/tiles/WebMercatorQuad", nil)
	if a := h.get("/ogc/collections", nil); !strings.Contains(string(a.body), `"id":"division"`) {
		h.Errorf("the collections have no division: %s", a.body)
	}
}

// A plan with a finding that stands in the way is not published, and the findings are said in both languages.
func TestAPlanIsKeptFromBeingPublished(t *testing.T) {
	h := open(t, "")
	block, _, _ := h.borderMove(0)
	if a := h.ask(http.MethodPost, h.at("/edits"), fmt.Sprintf(`{"base_revision":1,"kind":"assign","blocks":[%q],"to":null}`, block)); a.StatusCode != http.StatusOK {
		t.Fatalf("edit: %s %s", a.Status, a.body)
	}
	for lang, want := range map[string]string{"zh": "公布", "en": "published"} {
		a := h.ask(http.MethodPost, h.at("/publish?lang=%s", lang), `{"effective":"2027-01-01"}`)
		p := h.refused(a, http.StatusConflict, "publish.blocked")
		if !strings.Contains(p.Detail, want) || !strings.Contains(string(a.body), `"unassigned"`) {
			t.Errorf("%s: %s", lang, a.body)
		}
	}
	var check struct {
		Blocked  bool
		Findings []struct{ Rule, Severity, Subject string }
	}
	h.get(h.at("/check"), &check)
	if !check.Blocked {
		t.Error("the check does not block")
	}
	for _, f := range check.Findings {
		body := fmt.Sprintf(`{"rule":%q,"subject":%q,"reason":"高层不能拆分","by":"王某"}`, f.Rule, f.Subject)
		a := h.ask(http.MethodPost, h.at("/waivers"), body)
		if f.Severity != "warning" {
			h.refused(a, http.StatusNotFound, "waiver.none")
			continue
		}
		if a.StatusCode != http.StatusCreated {
			t.Errorf("waive %s: %s %s", f.Rule, a.Status, a.body)
		}
		var made struct{ ID int64 }
		h.read(a, &made)
		if a := h.ask(http.MethodDelete, h.at("/waivers/%d", made.ID), ""); a.StatusCode != http.StatusNoContent {
			t.Errorf("take back: %s", a.Status)
		}
		h.refused(h.ask(http.MethodDelete, h.at("/waivers/%d", made.ID), ""), http.StatusNotFound, "waiver.unknown")
	}
	h.refused(h.ask(http.MethodPost, h.at("/waivers"), `{"rule":"balance","subject":"grid:1","reason":" "}`), http.StatusUnprocessableEntity, "waiver.reason")
}
