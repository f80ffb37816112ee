package server

import (
	"net/http"
	"strings"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// linkView is two blocks that do not touch and count as if they did.
type linkView struct {
	ID     int64  `json:"id"`
	A      string `json:"a"` // codes
	B      string `json:"b"`
	Reason string `json:"reason"`
}

func newLinkView(l postgis.LinkRow) linkView { return linkView{l.ID, l.A, l.B, l.Reason} }

func (s *Server) links(w http.ResponseWriter, r *http.Request) error {
	rows, err := s.Store.Links(r.Context())
	if err != nil {
		return err
	}
	out := make([]linkView, len(rows))
	for i, l := range rows {
		out[i] = newLinkView(l)
	}
	return writeKept(w, r, map[string]any{"links": out})
}

// link records that two blocks count as touching. Plans made from then on go by it.
func (s *Server) link(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		A      string `json:"a"`
		B      string `json:"b"`
		Reason string `json:"reason"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	for _, said := range [][2]string{{"a", wish.A}, {"b", wish.B}, {"reason", wish.Reason}} {
		if err := legible(said[0], said[1]); err != nil {
			return err
		}
	}
	reason := strings.TrimSpace(wish.Reason)
	if reason == "" {
		return plan.Refuse(plan.Invalid, "link.reason", nil)
	}
	made, err := s.Store.Link(r.Context(), wish.A, wish.B, reason)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, newLinkView(made))
}

// unlink takes a link back.
func (s *Server) unlink(w http.ResponseWriter, r *http.Request) error {
	id := numberIn(r)
	if err := s.Store.Unlink(r.Context(), id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
