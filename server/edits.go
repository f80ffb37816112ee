package server

import (
	"net/http"
	"slices"

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
	heads, _, err := s.Store.Log(r.Context(), id)
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

type newEdit struct {
	BaseRevision *int64   `json:"base_revision"`
	Kind         string   `json:"kind"`
	Blocks       []string `json:"blocks"`
	To           *string  `json:"to"`
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
	if wish.Kind != string(plan.Assign) {
		return plan.Refuse(plan.Invalid, "edit.kind", words.Args{"kind": wish.Kind})
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
	return s.carryOut(w, r, id, postgis.Wish{Kind: plan.Assign, Base: *wish.BaseRevision, Blocks: wish.Blocks, To: to})
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
		BaseRevision int64 `json:"base_revision"`
	}
	if r.ContentLength != 0 {
		if err := readJSON(r, &wish); err != nil {
			return err
		}
	}
	return s.carryOut(w, r, id, postgis.Wish{Kind: kind, Base: wish.BaseRevision})
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
	before, err := s.rooms.at(r.Context(), id, revision-1)
	if err != nil {
		return err
	}
	edits, err := s.Store.EditsBetween(r.Context(), id, revision-1, revision)
	if err != nil {
		return err
	}
	heads, history, err := s.Store.Log(r.Context(), id)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, s.result(edits[0], before, after, heads[revision-1], history, language(r)))
}

// result is the answer to an edit: what changed from one view to the next.
func (s *Server) result(e plan.Edit, before, after *view, head postgis.EditHead, h *plan.History, l words.Lang) editResult {
	out := editResult{Revision: e.Revision, Edit: newLogView(head, l), Grids: []gridView{}, Moved: []placedView{}, Findings: []findingView{}}
	box := shape.EmptyBox
	for _, no := range e.Touched() {
		out.Grids = append(out.Grids, newGridView(after, no, l))
		for _, f := range after.GridFindings(no) {
			out.Findings = append(out.Findings, newFindingView(after, f, l))
		}
		box = box.Union(before.shapes[no-1].box).Union(after.shapes[no-1].box)
	}
	for i, id := range e.Blocks {
		b, ok := after.Ground.ByID(id)
		if !ok {
			continue
		}
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
