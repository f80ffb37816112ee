package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
	"gridwright/tiles"
)

func (s *Server) edits(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	if _, _, err := s.Store.Revision(r.Context(), id); err != nil {
		return err
	}
	heads, err := s.Store.Log(r.Context(), id)
	if err != nil {
		return err
	}
	slices.Reverse(heads)
	out := []logView{}
	for _, h := range heads {
		out = append(out, newLogView(h, language(r)))
	}
	return writeJSON(w, http.StatusOK, map[string]any{"edits": out})
}

// newEdit is an edit as it is sent: what each kind has of its own stands in postgis.Wish.
type newEdit struct {
	BaseRevision *int64          `json:"base_revision"`
	Kind         plan.EditKind   `json:"kind"`
	By           string          `json:"by"`
	Blocks       []string        `json:"blocks"`
	To           *string         `json:"to"`
	Grid         string          `json:"grid"`
	Neighbour    string          `json:"neighbour"`
	Line         [][2]float64    `json:"line"`
	Share        bool            `json:"share"`
	Grids        []string        `json:"grids"`
	Into         string          `json:"into"`
	All          bool            `json:"all"`
	Borders      [][2]string     `json:"borders"`
	Name         string          `json:"name"`
	NameEn       string          `json:"name_en"`
	Purpose      string          `json:"purpose"`
	Body         string          `json:"body"`
	Reason       string          `json:"reason"`
	Scheme       json.RawMessage `json:"scheme"`
	Anew         bool            `json:"anew"`
	Revision     int64           `json:"revision"`
	Plan         string          `json:"plan"`
}

// editKinds are the kinds that can be asked for at /edits.
var editKinds = []plan.EditKind{plan.Assign, plan.CutGrid, plan.Merge, plan.Reshape, plan.LockThings, plan.UnlockThings, plan.Rename, plan.Dedicate,
	plan.Enclave, plan.Recode, plan.Restore, plan.Adopt, plan.Undo, plan.Redo}

// maxBy bounds what one may call oneself, in characters.
const maxBy = 60

// editor returns who asks for an edit, as they call themselves.
func editor(by string) (string, error) {
	by = strings.TrimSpace(by)
	if utf8.RuneCountInString(by) > maxBy {
		return "", plan.Refuse(plan.Invalid, "edit.text_long", words.Args{"field": "by", "most": maxBy})
	}
	return by, legible("by", by)
}

func (s *Server) edit(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish newEdit
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if !slices.Contains(editKinds, wish.Kind) {
		return plan.Refuse(plan.Invalid, "edit.kind", words.Args{"kind": string(wish.Kind)})
	}
	if wish.BaseRevision == nil || *wish.BaseRevision < 1 {
		_, revision, err := s.Store.Revision(r.Context(), id)
		if err != nil {
			return err
		}
		return plan.Refuse(plan.Invalid, "edit.base_revision", words.Args{"revision": revision})
	}
	to := ""
	if wish.To != nil {
		if to = *wish.To; to == "" {
			return plan.Refuse(plan.Invalid, "edit.no_grid", words.Args{"grid": `""`})
		}
	}
	by, err := editor(wish.By)
	if err != nil {
		return err
	}
	return s.carryOut(w, r, id, postgis.Wish{Kind: wish.Kind, Base: *wish.BaseRevision, By: by, Blocks: wish.Blocks, To: to, Grid: wish.Grid,
		Neighbour: wish.Neighbour, Line: wish.Line, Share: wish.Share, Grids: wish.Grids, Into: wish.Into, All: wish.All, Borders: wish.Borders,
		Name: wish.Name, NameEn: wish.NameEn, Purpose: wish.Purpose, Body: wish.Body, Reason: wish.Reason, Scheme: wish.Scheme, Anew: wish.Anew,
		Revision: wish.Revision, Plan: wish.Plan})
}

func (s *Server) undo(w http.ResponseWriter, r *http.Request) error { return s.step(w, r, plan.Undo) }

func (s *Server) redo(w http.ResponseWriter, r *http.Request) error { return s.step(w, r, plan.Redo) }

// step undoes or redoes. The body may be empty.
func (s *Server) step(w http.ResponseWriter, r *http.Request, kind plan.EditKind) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish struct {
		BaseRevision int64  `json:"base_revision"`
		By           string `json:"by"`
	}
	if r.ContentLength != 0 {
		if err := readJSON(r, &wish); err != nil {
			return err
		}
	}
	by, err := editor(wish.By)
	if err != nil {
		return err
	}
	return s.carryOut(w, r, id, postgis.Wish{Kind: kind, Base: wish.BaseRevision, By: by})
}

// carryOut does the edit and answers with what came of it. The plan in memory has it before the answer goes out, so the
// next tile shows it.
func (s *Server) carryOut(w http.ResponseWriter, r *http.Request, id plan.ID, wish postgis.Wish) error {
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	revision, err := s.Store.Edit(r.Context(), id, wish, key, s.rooms.snapshotAt(id))
	if err != nil {
		return err
	}
	after, err := s.rooms.at(r.Context(), id, revision)
	if err != nil {
		return err
	}
	edits, err := s.Store.EditsBetween(r.Context(), id, revision-1, revision)
	if err != nil {
		return err
	}
	history, err := s.Store.History(r.Context(), id)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, s.result(edits[0], after, history, language(r)))
}

// result is the answer to an edit: what changed. after is the plan after it.
func (s *Server) result(e plan.Edit, after *view, h *plan.History, l words.Lang) editResult {
	out := editResult{Revision: e.Revision, Edit: newLogView(postgis.EditHead{Edit: e, Size: len(e.Blocks)}, l), Grids: []gridView{}, Moved: []placedView{}, Gone: []plan.GridNo{},
		Replaced: newReplaced(e.Recut), Locks: newLocksView(after.Snapshot), Findings: []findingView{}}
	box := shape.EmptyBox
	for _, no := range e.Touched() {
		box = box.Union(after.shapes[no-1].box)
		if after.Grid(no) == nil {
			out.Gone = append(out.Gone, no)
			continue
		}
		out.Grids = append(out.Grids, newGridView(after, no, l))
		for _, f := range after.GridFindings(no) {
			out.Findings = append(out.Findings, newFindingView(after, f, l))
		}
	}
	for i, id := range e.Blocks {
		b, ok := after.Ground.ByID(id)
		if !ok {
			continue
		}
		box = box.Union(after.Ground.Blocks[b].Shape.Box()) // what a grid lost was its ground before
		to := ""
		if e.After[i] != 0 {
			to = after.Grids[e.After[i]-1].Code
		}
		out.Moved = append(out.Moved, placedView{after.Ground.Blocks[b].Code, orNull(to)})
	}
	out.Tiles = tiles.Covering(box, 8, 16)
	_, out.CanUndo = h.Undo()
	_, out.CanRedo = h.Redo()
	return out
}

// newReplaced says which blocks a cut, or the taking back of one, put in the place of which.
func newReplaced(r *plan.Recut) []replaced {
	out := []replaced{}
	if r == nil {
		return out
	}
	for i := range r.Gone {
		gone := &r.Gone[i]
		v := replaced{ID: gone.ID, Code: gone.Code, By: []plan.BlockID{}, Codes: []string{}}
		for j := range r.Come {
			if come := &r.Come[j]; come.CutOf == gone.ID || gone.CutOf == come.ID {
				v.By, v.Codes = append(v.By, come.ID), append(v.Codes, come.Code)
			}
		}
		switch {
		case len(v.Codes) > 1:
			v.Reason = "divided"
		case len(v.Codes) == 1 && v.Codes[0] != gone.Code:
			v.Reason = "joined"
		default:
			v.Reason = "corner"
		}
		out = append(out, v)
	}
	return out
}
