package server_test

import (
	"net/http"
	"testing"
)

type planDoc struct {
	ID       string
	State    string
	Revision int64
	Grids    int
	Error    string
	CanUndo  bool `json:"can_undo"`
	CanRedo  bool `json:"can_redo"`
	Measures map[string]struct {
		Total float64
	}
}

type editDoc struct {
	Revision int64
	Grids    []struct{ Code, Words string }
	Moved    []struct{ Block, Grid string }
	Tiles    [][3]int
}

func TestABlockMovesAndComesBack(t *testing.T) {
	h := open(t, "")
	before := h.get(h.at("/assignment"), nil).body
	block, from, to := h.borderMove(0)
	var done editDoc
	a := h.edit(1, block, to)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	h.read(a, &done)
	if done.Revision != 2 || len(done.Grids) != 2 || done.Moved[0].Block != block || done.Moved[0].Grid != to || len(done.Tiles) == 0 {
		t.Errorf("the answer is %s", a.body)
	}
	var p planDoc
	h.get(h.at(""), &p)
	if p.Revision != 2 || !p.CanUndo || p.CanRedo {
		t.Errorf("the plan is %+v", p)
	}
	h.read(h.ask(http.MethodPost, h.at("/undo"), ""), &done)
	if done.Revision != 3 || done.Moved[0].Grid != from {
		t.Errorf("undone: %+v", done)
	}
	var after, first struct {
		Rows []struct{ Block, Grid string }
	}
	h.read(answer{body: before}, &first)
	h.get(h.at("/assignment"), &after)
	for i := range first.Rows {
		if first.Rows[i] != after.Rows[i] {
			t.Errorf("%v became %v", first.Rows[i], after.Rows[i])
		}
	}
	h.refused(h.ask(http.MethodPost, h.at("/undo"), ""), http.StatusConflict, "edit.nothing_undo")
}

func TestAStaleEditIsAnsweredWithAllThreeViews(t *testing.T) {
	h := open(t, "")
	block, from, to := h.borderMove(0)
	if a := h.edit(1, block, to); a.StatusCode != http.StatusOK {
		t.Fatalf("%s", a.body)
	}
	p := h.refused(h.edit(1, block, to), http.StatusConflict, "edit.moved_on")
	if p.Base == nil || p.Base.Blocks[0].Grid != from || p.Theirs.Blocks[0].Grid != to || p.Theirs.Revision != 2 {
		t.Errorf("the conflict is %+v", p)
	}
	zh := h.refused(h.edit(1, block, to, "Accept-Language: zh-CN"), http.StatusConflict, "edit.moved_on")
	en := h.refused(h.edit(1, block, to, "Accept-Language: en"), http.StatusConflict, "edit.moved_on")
	if zh.Detail == en.Detail {
		t.Errorf("both languages say %q", en.Detail)
	}
}

func TestEditsThatAreRefused(t *testing.T) {
	h := open(t, "")
	block, _, to := h.borderMove(0)
	post := func(path, body string) answer { return h.ask(http.MethodPost, path, body) }
	h.refused(h.edit(1, "nowhere", to), http.StatusUnprocessableEntity, "edit.no_block")
	h.refused(h.edit(1, block, "nowhere"), http.StatusUnprocessableEntity, "edit.no_grid")
	h.refused(h.edit(9, block, to), http.StatusUnprocessableEntity, "edit.future")
	h.refused(post(h.at("/edits"), `{"kind":"assign","blocks":["x"]}`), http.StatusUnprocessableEntity, "edit.base_revision")
	h.refused(post(h.at("/edits"), `{"kind":"explode","base_revision":1}`), http.StatusUnprocessableEntity, "edit.kind")
	h.refused(post(h.at("/edits"), `{"kind":`), http.StatusBadRequest, "body.json")
	h.refused(post(h.at("/edits"), `{"kinds":"assign"}`), http.StatusBadRequest, "body.json")
	h.refused(post("/api/v1/plans/77/edits", `{"kind":"assign","base_revision":1,"blocks":["x"]}`), http.StatusNotFound, "plan.unknown")
	h.refused(post("/api/v1/plans/x/undo", ""), http.StatusNotFound, "plan.unknown")
	h.refused(h.ask(http.MethodPost, h.at("/edits"), `{}`, "Content-Type: text/plain"), http.StatusUnsupportedMediaType, "body.type")
	var p planDoc
	if h.get(h.at(""), &p); p.Revision != 1 {
		t.Errorf("something was changed: revision %d", p.Revision)
	}
}

func TestAnIdempotencyKeyIsDoneOnce(t *testing.T) {
	h := open(t, "")
	block, _, to := h.borderMove(0)
	first := h.edit(1, block, to, "Idempotency-Key: k1")
	again := h.edit(1, block, to, "Idempotency-Key: k1")
	if first.StatusCode != http.StatusOK || !equal(first.body, again.body) {
		t.Errorf("%s\n%s", first.body, again.body)
	}
	var p planDoc
	if h.get(h.at(""), &p); p.Revision != 2 {
		t.Errorf("revision %d", p.Revision)
	}
}

func TestRenameNeedsTheNewestName(t *testing.T) {
	h := open(t, "")
	tag := h.get(h.at(""), nil).Header.Get("ETag")
	rename := func(name string, headers ...string) answer {
		return h.ask(http.MethodPatch, h.at(""), `{"name":"`+name+`"}`, headers...)
	}
	h.refused(rename("甲"), http.StatusPreconditionRequired, "plan.no_if_match")
	if a := rename("甲方案", "If-Match: "+tag); a.StatusCode != http.StatusOK {
		t.Fatalf("%s", a.body)
	}
	h.refused(rename("乙", "If-Match: "+tag), http.StatusPreconditionFailed, "plan.name_changed")
	h.refused(rename("  ", "If-Match: "+tag), http.StatusUnprocessableEntity, "plan.name_blank")
}

// Pages of other sites cannot make a browser edit.
func TestOtherSitesCannotEdit(t *testing.T) {
	h := open(t, "")
	a := h.ask(http.MethodPost, h.at("/undo"), "", "Sec-Fetch-Site: cross-site")
	if a.StatusCode != http.StatusForbidden {
		t.Errorf("%s", a.Status)
	}
}
