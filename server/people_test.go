package server_test

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan/words"
)

type staffAnswer struct {
	Grids []struct {
		Code  string
		Short int
		Tags  []string
		Posts []staffPost
	}
	Needs []struct {
		Kind                 string
		FullTime             bool `json:"full_time"`
		Needed, Posts, Short int
		InPost               int `json:"in_post"`
	}
	Unplaced             []staffPost
	Posts, Held, Persons int
	Masked               bool
}

type staffPost struct {
	ID                       int64
	Kind, Name, Phone, Place string
	Version                  int64
	Person                   *int64
}

// staffed imports two buildings and a roster into the town of a house.
func (h *house) staffed() {
	h.Helper()
	for _, f := range [][3]string{
		{"b.csv", "building", "code,name,stair_units,households,lon,lat\nB1,1号楼,3,30,104.0005,39.7005\nB2,2号楼,1,20,104.0005,39.7015\n"},
		{"r.csv", "roster", "岗位,姓名,专兼职,联系电话,网格编码,楼栋编码,单元,任职起\n网格长,王一,,13812340000,P0-01,,,2020-03-01\n网格员,张三,专职,,,,,2020-06-01\n" +
			"楼栋长,孙六,,,,B1,,2020-07-01\n单元长,孙六,,,,B1,2,2020-07-01\n"}} {
		path := filepath.Join(h.TempDir(), f[0])
		if err := os.WriteFile(path, []byte(f[2]), 0o600); err != nil {
			h.Fatal(err)
		}
		if r, err := intake.Run(h.Context(), h.store, intake.Order{File: path, Layer: f[1], Lang: words.En}); err != nil {
			h.Fatal(err, r)
		}
	}
}

func (h *house) staff() (s staffAnswer) {
	h.Helper()
	h.get(h.at("/staff"), &s)
	return s
}

// A plan's staff over HTTP: what is missing, a post placed by proposal and by hand, a leaver whose posts go on in one act, stale changes refused.
func TestStaffOfAPlan(t *testing.T) {
	h := open(t, "")
	h.staffed()
	s := h.staff()
	if s.Posts != 4 || s.Held != 4 || s.Persons != 3 || !s.Masked || len(s.Unplaced) != 1 || s.Unplaced[0].Name != "张三" {
		t.Fatalf("%+v", s)
	}
	at := slices.IndexFunc(s.Grids, func(g struct {
		Code  string
		Short int
		Tags  []string
		Posts []staffPost
	}) bool {
		return g.Code == "P0-01"
	})
	if p := s.Grids[at].Posts[0]; p.Name != "王一" || p.Phone != "138****0000" {
		t.Errorf("%+v", p)
	}
	for _, n := range s.Needs {
		if n.Kind == "stair_unit_lead" && (n.Needed != 3 || n.InPost != 1 || n.Short != 2) { // B2 has one stair unit
			t.Errorf("%+v", n)
		}
	}
	var proposal struct {
		Placings []struct {
			Post, Version int64
			Grid          string
		}
		Method string
	}
	h.get(h.at("/staff/proposal"), &proposal)
	if len(proposal.Placings) == 0 || proposal.Placings[0].Post != s.Unplaced[0].ID || proposal.Method == "" {
		t.Fatalf("%+v", proposal)
	}
	place := func(version int64, grid string) answer {
		return h.ask(http.MethodPut, h.at("/staff/placements"), fmt.Sprintf(`{"placements":[{"post":%d,"version":%d,"grids":[%q]}]}`, s.Unplaced[0].ID, version, grid))
	}
	if a := place(s.Unplaced[0].Version, "P1-01"); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.refused(place(s.Unplaced[0].Version, "P0-01"), http.StatusPreconditionFailed, "staff.changed")
	h.refused(place(0, "P9-99"), http.StatusNotFound, "staff.no_grid")
	if s = h.staff(); len(s.Unplaced) != 0 {
		t.Errorf("%+v", s.Unplaced)
	}
	// 孙六 leaves: both posts go to 王一.
	var found struct {
		People []struct {
			ID   int64
			Name string
		}
	}
	h.get("/api/v1/people?q=王一", &found)
	heir := found.People[0].ID
	h.get("/api/v1/people?q=孙六", &found)
	leave := fmt.Sprintf("/api/v1/people/%d/leave", found.People[0].ID)
	h.refused(h.ask(http.MethodPost, leave, `{"on":"2020-01-01"}`), http.StatusUnprocessableEntity, "staff.before")
	if a := h.ask(http.MethodPost, leave, fmt.Sprintf(`{"on":"2021-01-01","heir":%d}`, heir)); a.StatusCode != http.StatusOK || !strings.Contains(string(a.body), `"on":"2021-01-01"`) {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.refused(h.ask(http.MethodPost, leave, `{}`), http.StatusConflict, "staff.no_posts")
	if s = h.staff(); s.Persons != 2 || s.Held != 4 {
		t.Errorf("%+v", s)
	}
	var then staffAnswer
	if h.get(h.at("/staff?at=2020-12-31"), &then); then.Persons != 3 {
		t.Errorf("at the end of 2020: %+v", then)
	}
	// The card of the grid names the building's lead; its tags are those of the rules.
	var card struct {
		Buildings []struct {
			Code  string
			Posts []staffPost
		}
	}
	var gridOf string
	for _, g := range s.Grids {
		if h.get(h.at("/grids/%s/card", g.Code), &card); len(card.Buildings) > 0 {
			gridOf = g.Code
			break
		}
	}
	if len(card.Buildings) == 0 || card.Buildings[0].Posts[0].Name != "王一" || card.Buildings[0].Posts[1].Place != "1号楼2单元" {
		t.Errorf("%+v", card)
	}
	h.refused(h.ask(http.MethodPut, h.at("/grids/%s/tags", gridOf), `{"tags":["x"]}`), http.StatusUnprocessableEntity, "staff.term")
	if a := h.ask(http.MethodPut, h.at("/grids/%s/tags", gridOf), `{"tags":["service","party"]}`); string(a.body) != `{"tags":["party","service"]}` {
		t.Errorf("%s", a.body)
	}
	if a := h.ask(http.MethodGet, h.at("/contacts?format=csv&posts=grid_lead"), ""); !strings.Contains(string(a.body), "王一,138****0000") || strings.Contains(string(a.body), "张三") {
		t.Errorf("%s", a.body)
	}
	// A post is changed on the version that is named, also as a packed answer names it, or on any.
	number := func(match, number string) answer {
		return h.ask(http.MethodPatch, fmt.Sprintf("/api/v1/posts/%d", s.Grids[at].Posts[0].ID), `{"number":"`+number+`"}`, "If-Match: "+match)
	}
	version := s.Grids[at].Posts[0].Version
	if a := number(fmt.Sprintf(`"post-%d-gzip"`, version), " G7 "); a.StatusCode != http.StatusOK {
		t.Errorf("%s %s", a.Status, a.body)
	}
	h.refused(number(fmt.Sprintf(`"post-%d"`, version), "G8"), http.StatusPreconditionFailed, "staff.changed")
	if a := number("*", "G8"); a.StatusCode != http.StatusOK {
		t.Errorf("%s %s", a.Status, a.body)
	}
	h.refused(h.ask(http.MethodPatch, "/api/v1/posts/999", `{"number":"1"}`, "If-Match: *"), http.StatusNotFound, "staff.no_post")
	// Names of posts are configuration, guarded by a tag.
	rules := h.ask(http.MethodGet, "/api/v1/people/rules", "")
	renamed := strings.Replace(string(rules.body), "网格长", "网格书记", 1)
	h.refused(h.ask(http.MethodPut, "/api/v1/people/rules", renamed), http.StatusPreconditionRequired, "plan.no_if_match")
	if a := h.ask(http.MethodPut, "/api/v1/people/rules", renamed, "If-Match: "+rules.Header.Get("ETag")); a.StatusCode != http.StatusOK {
		t.Errorf("%s %s", a.Status, a.body)
	}
	h.refused(h.ask(http.MethodPut, "/api/v1/people/rules", renamed, "If-Match: "+rules.Header.Get("ETag")), http.StatusPreconditionFailed, "staff.changed")
	if a := h.ask(http.MethodGet, h.at("/staff"), ""); !strings.Contains(string(a.body), "网格书记") {
		t.Error("posts are called as before")
	}
	// What is placed in a plan is carried to its copy.
	var copied struct{ ID string }
	a := h.ask(http.MethodPost, h.at("/copy"), `{"name":"另一个"}`)
	if h.read(a, &copied); copied.ID == "" {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	var there staffAnswer
	if h.get("/api/v1/plans/"+copied.ID+"/staff", &there); len(there.Unplaced) != 0 || there.Held != 4 {
		t.Errorf("%+v", there)
	}
}

// Party organisations: one primary branch a grid, advice by members, affiliation with its history, committees of areas.
func TestPartyOfAPlan(t *testing.T) {
	h := open(t, "")
	add := func(body string) answer { return h.ask(http.MethodPost, "/api/v1/party/organisations", body) }
	for _, body := range []string{
		`{"code":"D1","name":"甲社区党支部","level":"community","kind":"branch","area":"P0","members":120,"since":"2019-01-01","above":"街道党工委"}`,
		`{"code":"D2","name":"第一网格党支部","level":"grid","kind":"branch","area":"P0","members":20,"since":"2020-06-01","above":"D1"}`} {
		if a := add(body); a.StatusCode != http.StatusCreated {
			t.Fatalf("%s %s", a.Status, a.body)
		}
	}
	h.refused(add(`{"code":"D1","name":"甲","level":"grid","kind":"branch"}`), http.StatusConflict, "party.code_taken")
	if a := add(`{"code":"D4","name":"将来的支部","level":"grid","kind":"branch","since":"2999-01-01"}`); a.StatusCode != http.StatusCreated {
		t.Errorf("one still to come: %s %s", a.Status, a.body)
	}
	h.refused(add(`{"code":"D5","name":"甲","level":"grid","kind":"branch","compounds":["\u0000"]}`), http.StatusUnprocessableEntity, "text.control")
	h.refused(h.ask(http.MethodPut, "/api/v1/party/committees", `{"areas":["\u0000"],"kind":"joint","there":true}`), http.StatusUnprocessableEntity, "text.control")
	h.refused(h.ask(http.MethodPut, "/api/v1/party/committees", `{"areas":[`+strings.Repeat(`"P0",`, 10_000)+`"P0"],"kind":"joint","there":true}`),
		http.StatusUnprocessableEntity, "list.long")
	h.refused(add(`{"code":"D3","name":"甲","level":"grid","kind":"cell"}`), http.StatusUnprocessableEntity, "party.kind")
	if a := h.ask(http.MethodPut, h.at("/party/D2/grids"), `{"grids":["P0-01","P1-01"]}`); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.ask(http.MethodPut, h.at("/party/D1/grids"), `{"grids":["P1-01"]}`) // takes it over
	if a := h.ask(http.MethodPut, "/api/v1/party/committees", `{"areas":["P0","P0","P1","P2","P3"],"kind":"joint","there":true,"on":"2020-01-01"}`); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	var party struct {
		Coverage      map[string][2]int
		Organisations []struct {
			Code, Advice, Above string
			Grids               []string
			Differs             bool
		}
	}
	h.get(h.at("/party"), &party)
	if c := party.Coverage; c["grids"][0] != 2 || c["communities"] != [2]int{4, 4} || len(party.Organisations) != 2 {
		t.Fatalf("%+v", party)
	}
	if o := party.Organisations[0]; o.Advice != "120名党员，按人数可设党委" || !o.Differs || len(o.Grids) != 1 {
		t.Errorf("%+v", o)
	}
	affiliate := func(codes, above string) answer {
		return h.ask(http.MethodPost, "/api/v1/party/affiliations", `{"organisations":[`+codes+`],"above":"`+above+`","on":"2021-03-01","reason":"统一由街道党工委管理"}`)
	}
	h.refused(affiliate(`"D1"`, "D2"), http.StatusUnprocessableEntity, "party.loop")
	h.refused(affiliate(`"D2","D9"`, "街道"), http.StatusNotFound, "party.no_org")
	if a := affiliate(`"D2"`, "非公党委"); a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	one := h.ask(http.MethodGet, "/api/v1/party/organisations/D2", "")
	if !strings.Contains(string(one.body), `{"above":"非公党委","since":"2021-03-01","until":"","reason":"统一由街道党工委管理"},{"above":"D1","since":"2020-06-01","until":"2021-03-01","reason":""}`) {
		t.Errorf("%s", one.body)
	}
	excepted := h.ask(http.MethodPatch, "/api/v1/party/organisations/D1", `{"exception":"组织部批复"}`, "If-Match: "+`"party-1"`)
	if !strings.Contains(string(excepted.body), "经批准不变：组织部批复") {
		t.Errorf("%s", excepted.body)
	}
	h.refused(h.ask(http.MethodPatch, "/api/v1/party/organisations/D1", `{"members":1}`, `If-Match: "party-1"`), http.StatusPreconditionFailed, "staff.changed")
}
