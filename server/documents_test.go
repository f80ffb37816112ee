package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"gridwright/plan"
)

// Plans as documents: copied, put away, compared, taken from, commented, searched and deleted. One town serves all.
func TestPlanDocuments(t *testing.T) {
	h := open(t, "")
	t.Run("a copy divides alike and goes its own way", func(t *testing.T) { h.with(t).copies() })
	t.Run("what is archived is not changed", func(t *testing.T) { h.with(t).archives() })
	t.Run("comments stay with their places", func(t *testing.T) { h.with(t).comments() })
	t.Run("things are found by name, code and path", func(t *testing.T) { h.with(t).searches() })
	t.Run("an office has words of its own", func(t *testing.T) { h.with(t).says() })
	t.Run("a plan is deleted with a word about what hangs on it", func(t *testing.T) { h.with(t).deletes() })
}

// with returns the house for a part of a test.
func (h *house) with(t *testing.T) *house { return &house{t, h.store, h.url, h.plan} }

type planDocument struct {
	ID, Name string
	Revision int64
	Archived bool
	Findings *int
	Recipe   plan.Recipe
}

func (h *house) list() map[string]planDocument {
	h.Helper()
	var list struct{ Plans []planDocument }
	h.get("/api/v1/plans", &list)
	plans := map[string]planDocument{}
	for _, p := range list.Plans {
		plans[p.ID] = p
	}
	return plans
}

func (h *house) duplicate(name string) (id string) {
	h.Helper()
	var made planDocument
	body, _ := json.Marshal(map[string]string{"name": name})
	a := h.ask(http.MethodPost, h.at("/copy"), string(body))
	if a.StatusCode != http.StatusCreated || a.Header.Get("Location") == "" {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	h.read(a, &made)
	return made.ID
}

type comparison struct {
	Blocks int
	Words  string
	A, B   struct {
		Grids, Out int
		Revision   int64
	}
	Moves []struct {
		From, To *struct{ Code string }
		Codes    []string
		Loads    map[string]float64
	}
	Parents []struct {
		Code   string
		Blocks int
		Grids  []string
	}
}

func (h *house) compared(other string) (c comparison) {
	h.Helper()
	h.get(h.at("/compare/%s", other), &c)
	return c
}

func (h *house) copies() {
	block, from, to := h.borderMove(0)
	h.edit(1, block, to)
	other := h.duplicate("")
	named := h.list()[other]
	if !strings.Contains(named.Name, "副本") || named.Revision != 1 || named.Recipe.Copy != h.plan.String() || named.Recipe.CopyAt != 2 {
		h.Errorf("the copy is %+v", named)
	}
	if c := h.compared(other); c.Blocks != 0 || len(c.Moves) != 0 || c.A.Grids != 9 || c.B.Grids != 9 {
		h.Errorf("a copy differs: %+v", c)
	}
	// The first goes back; the copy stays as it was when it was made.
	h.ask(http.MethodPost, h.at("/undo"), "")
	c := h.compared(other)
	if c.Blocks != 1 || len(c.Moves) != 1 || c.Moves[0].From.Code != from || c.Moves[0].To.Code != to || c.Moves[0].Codes[0] != block {
		h.Fatalf("from %s to %s: %+v", from, to, c)
	}
	// What differs is taken over, and taken back.
	var grids []string
	for _, p := range c.Parents {
		grids = append(grids, p.Grids...)
	}
	if len(grids) != 2 {
		h.Fatalf("grids that differ: %v", grids)
	}
	body, _ := json.Marshal(map[string]any{"base_revision": c.A.Revision, "kind": "adopt", "plan": other, "grids": grids})
	if a := h.ask(http.MethodPost, h.at("/edits"), string(body)); a.StatusCode != http.StatusOK {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	if c := h.compared(other); c.Blocks != 0 {
		h.Errorf("after taking all over: %+v", c)
	}
	h.ask(http.MethodPost, h.at("/undo"), "")
	if c := h.compared(other); c.Blocks != 1 {
		h.Errorf("after taking it back: %+v", c)
	}
	h.refused(h.ask(http.MethodPost, h.at("/edits"), `{"base_revision":5,"kind":"adopt","plan":"999","grids":["P0-01"]}`), http.StatusNotFound, "plan.unknown")
	h.refused(h.ask(http.MethodPost, h.at("/edits"), `{"base_revision":5,"kind":"adopt","plan":"`+other+`","grids":[]}`), http.StatusUnprocessableEntity, "adopt.none")
	// The copy is compared with what the first was at a revision: when it was made they were alike.
	var then comparison
	h.get("/api/v1/plans/"+other+"/compare/"+h.plan.String()+"@2", &then)
	if then.Blocks != 0 || then.B.Revision != 2 {
		h.Errorf("with the revision it was copied from: %+v", then)
	}
	h.refused(h.ask(http.MethodGet, h.at("/compare/%s@77", other), ""), http.StatusNotFound, "plan.no_revision")
	h.refused(h.ask(http.MethodGet, h.at("/compare/%s@x", other), ""), http.StatusNotFound, "plan.no_revision")
	h.refused(h.ask(http.MethodGet, h.at("/compare/999"), ""), http.StatusNotFound, "plan.unknown")
}

func (h *house) archives() {
	other := h.duplicate("归档")
	path := "/api/v1/plans/" + other
	tag := h.get(path, nil).Header.Get("ETag")
	h.refused(h.ask(http.MethodPatch, path, `{"archived":true}`), http.StatusPreconditionRequired, "plan.no_if_match")
	h.refused(h.ask(http.MethodPatch, path, `{"archived":true}`, `If-Match: "name-9"`), http.StatusPreconditionFailed, "plan.name_changed")
	if a := h.ask(http.MethodPatch, path, `{"archived":true}`, "If-Match: "+tag); a.StatusCode != http.StatusOK {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	if p := h.list()[other]; !p.Archived || p.Name != "归档" {
		h.Errorf("%+v", p)
	}
	block, _, to := h.borderMove(0)
	body, _ := json.Marshal(map[string]any{"base_revision": 1, "kind": "assign", "blocks": []string{block}, "to": to})
	h.refused(h.ask(http.MethodPost, path+"/edits", string(body)), http.StatusConflict, "plan.archived")
	tag = h.get(path, nil).Header.Get("ETag")
	if a := h.ask(http.MethodPatch, path, `{"archived":false,"name":"又用"}`, "If-Match: "+tag); a.StatusCode != http.StatusOK {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	if p := h.list()[other]; p.Archived || p.Name != "又用" {
		h.Errorf("%+v", p)
	}
	if a := h.ask(http.MethodPost, path+"/edits", string(body)); a.StatusCode != http.StatusOK {
		h.Errorf("%s %s", a.Status, a.body)
	}
	// The list counts findings as the plan itself does.
	for id, p := range h.list() {
		var all struct{ Findings []any }
		h.get("/api/v1/plans/"+id+"/findings", &all)
		if p.Findings == nil || *p.Findings != len(all.Findings) {
			h.Errorf("plan %s: the list counts %v, there are %d", id, p.Findings, len(all.Findings))
		}
	}
}

type comment struct {
	ID, Text, By, Words string
	Grid, Other         *struct {
		Gone   bool
		Called string
	}
	At         [2]float64
	ResolvedAt *string `json:"resolved_at"`
}

func (h *house) comments() {
	_, from, to := h.borderMove(0)
	say := func(body string) answer { return h.ask(http.MethodPost, h.at("/comments"), body) }
	for _, body := range []string{
		fmt.Sprintf(`{"text":"户数偏多","by":"李","grid":%q}`, from),
		fmt.Sprintf(`{"text":"沿河","grid":%q,"other":%q}`, from, to),
		`{"text":"<b>here</b>\nand there","at":[104.0012345,39.7012345]}`,
	} {
		if a := say(body); a.StatusCode != http.StatusCreated {
			h.Fatalf("%s %s", a.Status, a.body)
		}
	}
	h.refused(say(`{"text":" "}`), http.StatusUnprocessableEntity, "comment.blank")
	h.refused(say(`{"text":"x"}`), http.StatusUnprocessableEntity, "comment.place")
	h.refused(say(`{"text":"x","other":"P0-01"}`), http.StatusUnprocessableEntity, "comment.place")
	h.refused(say(`{"text":"x","grid":"P0-01","other":"P0-01"}`), http.StatusUnprocessableEntity, "comment.place")
	h.refused(say(`{"text":"x","at":[200,39]}`), http.StatusUnprocessableEntity, "comment.place")
	h.refused(say(`{"text":"x","grid":"nowhere"}`), http.StatusUnprocessableEntity, "comment.grid")
	h.refused(say(`{"text":"`+strings.Repeat("长", 2001)+`","at":[104,39]}`), http.StatusUnprocessableEntity, "comment.blank")
	h.refused(say(`{"text":"a\u0000b","at":[104,39]}`), http.StatusUnprocessableEntity, "text.control")

	var list struct{ Comments []comment }
	h.get(h.at("/comments"), &list)
	if len(list.Comments) != 3 || list.Comments[0].At != [2]float64{104.0012345, 39.7012345} || list.Comments[2].By != "李" ||
		list.Comments[1].Other == nil || list.Comments[1].Words != "" {
		h.Fatalf("%+v", list.Comments)
	}
	settle := h.at("/comments/%s", list.Comments[0].ID)
	if a := h.ask(http.MethodPatch, settle, `{"resolved":true,"by":"王"}`); a.StatusCode != http.StatusNoContent {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	// The grid is merged away: what was said of it stays, and says so.
	var now planDocument
	h.get(h.at(""), &now)
	body, _ := json.Marshal(map[string]any{"base_revision": now.Revision, "kind": "merge", "grids": []string{from, to}, "into": to})
	if a := h.ask(http.MethodPost, h.at("/edits"), string(body)); a.StatusCode != http.StatusOK {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	h.get(h.at("/comments"), &list)
	for _, c := range list.Comments[1:] {
		if !c.Grid.Gone || !strings.Contains(c.Words, from) {
			h.Errorf("of a grid that is gone: %+v", c)
		}
	}
	if list.Comments[0].ResolvedAt == nil {
		h.Errorf("it is not settled: %+v", list.Comments[0])
	}
	h.ask(http.MethodPost, h.at("/undo"), "")
	if a := h.ask(http.MethodDelete, settle, ""); a.StatusCode != http.StatusNoContent {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	h.refused(h.ask(http.MethodDelete, settle, ""), http.StatusNotFound, "comment.unknown")
}

func (h *house) searches() {
	find := func(q string) (kinds []string) {
		var found struct {
			Hits []struct {
				Kind, Code, Path string
				Grid             *int
				Box              []float64 `json:"bbox"`
			}
		}
		h.get(h.at("/search?q=%s", strings.ReplaceAll(q, " ", "%20")), &found)
		for _, hit := range found.Hits {
			kinds = append(kinds, hit.Kind+" "+hit.Code)
			if hit.Path == "" || hit.Box == nil {
				h.Errorf("%q: %+v", q, hit)
			}
		}
		return kinds
	}
	s, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		h.Fatal(err)
	}
	parent, grid, block := s.Ground.Parents[1], s.Grids[0], s.Ground.Blocks[3]
	for q, want := range map[string]string{
		parent.Code:                "area " + parent.Code,
		parent.Name:                "area " + parent.Code,
		strings.ToLower(grid.Code): "grid " + grid.Code,
		s.Ground.Parents[0].Name + "/" + grid.Name: "grid " + grid.Code,
		block.Code: "block " + block.Code,
	} {
		if got := find(q); len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), want) {
			h.Errorf("%q finds %v, not %s", q, got, want)
		}
	}
	for _, q := range []string{"", "nothing%27s%20like%20this%25", strings.Repeat("x", 300)} {
		if got := find(q); len(got) != 0 {
			h.Errorf("%q finds %v", q, got)
		}
	}
}

func (h *house) says() {
	tag := h.get("/api/v1/settings/terms", nil).Header.Get("ETag")
	put := func(body, tag string) answer {
		return h.ask(http.MethodPut, "/api/v1/settings/terms", body, "If-Match: "+tag)
	}
	h.refused(put(`{"zh":{"网格":"<b>"},"en":{}}`, tag), http.StatusUnprocessableEntity, "terms.word")
	h.refused(put(`{"zh":{"网格":""},"en":{}}`, tag), http.StatusUnprocessableEntity, "terms.word")
	a := put(`{"zh":{"网格":" 片区 "},"en":{"grid":"sector"}}`, tag)
	if a.StatusCode != http.StatusOK {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	var terms struct{ Zh, En map[string]string }
	h.get("/api/v1/settings/terms", &terms)
	if terms.Zh["网格"] != "片区" || terms.En["grid"] != "sector" {
		h.Errorf("%+v", terms)
	}
	h.refused(put(`{"zh":{},"en":{}}`, tag), http.StatusPreconditionFailed, "setting.changed")
}

func (h *house) deletes() {
	other := h.duplicate("删")
	path := "/api/v1/plans/" + other
	if a := h.ask(http.MethodPost, path+"/comments", `{"text":"x","at":[104,39.7]}`); a.StatusCode != http.StatusCreated {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	var hanging struct {
		Comments  int
		Deletable bool
		Words     string
	}
	h.get(path+"/dependents", &hanging)
	if hanging.Comments != 1 || !hanging.Deletable || !strings.Contains(hanging.Words, "1条意见") {
		h.Errorf("%+v", hanging)
	}
	h.refused(h.ask(http.MethodDelete, path, ""), http.StatusConflict, "delete.confirm")
	if a := h.ask(http.MethodDelete, path+"?confirm=true", ""); a.StatusCode != http.StatusNoContent {
		h.Fatalf("%s %s", a.Status, a.body)
	}
	h.refused(h.ask(http.MethodGet, path, ""), http.StatusNotFound, "plan.unknown")
	if _, there := h.list()[other]; there {
		h.Error("it is still in the list")
	}
	h.refused(h.ask(http.MethodDelete, path, ""), http.StatusNotFound, "plan.unknown")
	// The plan it was copied from stands as it did.
	h.get(h.at("/grids"), nil)
}
