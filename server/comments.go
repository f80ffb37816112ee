package server

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// commentView is a comment as it is shown on the plan as it stands.
type commentView struct {
	ID         string       `json:"id"`
	Grid       *commentGrid `json:"grid"`
	Other      *commentGrid `json:"other"` // beyond the border
	At         [2]float64   `json:"at"`    // where the pin stands now
	Text       string       `json:"text"`
	By         string       `json:"by"`
	Revision   int64        `json:"revision"`
	MadeAt     time.Time    `json:"made_at"`
	ResolvedAt *time.Time   `json:"resolved_at"`
	ResolvedBy string       `json:"resolved_by"`
	Words      string       `json:"words"` // what has become of its place since; empty where nothing has
}

// commentGrid is a grid a comment is pinned to. It may be gone since.
type commentGrid struct {
	No     plan.GridNo `json:"no"`
	Called string      `json:"called"` // when the comment was made
	Gone   bool        `json:"gone"`
}

func newCommentView(v *view, c postgis.Comment, l words.Lang) commentView {
	out := commentView{ID: strconv.FormatInt(int64(c.ID), 10), At: *degrees(c.At), Text: c.Words, By: c.By, Revision: c.Revision, MadeAt: c.Made.UTC(),
		ResolvedAt: c.Resolved, ResolvedBy: c.ResolvedBy}
	gone := func(no plan.GridNo, called string) *commentGrid {
		if no == 0 {
			return nil
		}
		g := &commentGrid{No: no, Called: called, Gone: v.Grid(no) == nil || len(v.Blocks(no)) == 0}
		if g.Gone && out.Words == "" {
			out.Words = sentences.Say(l, "comment.gone", words.Args{"grid": called})
		}
		return g
	}
	out.Grid, out.Other = gone(c.Grid, c.Called[0]), gone(c.Other, c.Called[1])
	switch {
	case out.Words != "" || out.Grid == nil:
	case out.Other != nil:
		if at, ok := v.CommonBorder(c.Grid, c.Other); ok {
			out.At = *degrees(at)
		} else {
			out.Words = sentences.Say(l, "comment.apart", words.Args{"grid": c.Called[0], "other": c.Called[1]})
		}
	default: // the pin goes with its grid unless the place it was set on is still the grid's
		if no, ok := v.gridAt(c.At); !ok || no != c.Grid {
			out.At = *degrees(v.shapes[c.Grid-1].label)
		}
	}
	return out
}

// gridAt returns the grid that holds a point, false where there is none.
func (v *view) gridAt(at crs.Point) (plan.GridNo, bool) {
	i := v.finder().Find(at)
	return plan.GridNo(i + 1), i >= 0
}

func degrees(p crs.Point) *[2]float64 { return &[2]float64{p.Lon.Degrees(), p.Lat.Degrees()} }

func (s *Server) comments(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	all, err := s.Store.Comments(r.Context(), id)
	if err != nil {
		return err
	}
	out := make([]commentView, len(all))
	for i, c := range all {
		out[i] = newCommentView(v, c, language(r))
	}
	return writeJSON(w, http.StatusOK, map[string]any{"comments": out})
}

type newComment struct {
	Text  string      `json:"text"`
	By    string      `json:"by"`
	Grid  string      `json:"grid"`  // code
	Other string      `json:"other"` // code of the grid beyond the border
	At    *[2]float64 `json:"at"`
}

// The longest comment and the longest name of its author, in characters.
const (
	maxComment = 2000
	maxAuthor  = 60
)

// said reads what a comment says, and who says it.
func (n newComment) said() (postgis.Comment, error) {
	c := postgis.Comment{Words: strings.TrimSpace(n.Text), By: strings.TrimSpace(n.By)}
	if c.Words == "" || utf8.RuneCountInString(c.Words) > maxComment || utf8.RuneCountInString(c.By) > maxAuthor {
		return c, plan.Refuse(plan.Invalid, "comment.blank", nil)
	}
	for _, line := range strings.Split(c.Words, "\n") {
		if err := legible("text", line); err != nil {
			return c, err
		}
	}
	return c, legible("by", c.By)
}

// comment pins a comment to a grid, to the border of two or to a point.
func (s *Server) comment(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	var wish newComment
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	c, err := wish.said()
	if err != nil {
		return err
	}
	c.Revision = v.Revision
	if c.Grid, c.Called[0], err = v.called(wish.Grid); err != nil {
		return err
	}
	if c.Other, c.Called[1], err = v.called(wish.Other); err != nil {
		return err
	}
	border, touch := crs.Point{}, false
	if c.Grid != 0 && c.Other != 0 && c.Grid != c.Other {
		border, touch = v.CommonBorder(c.Grid, c.Other)
	}
	switch {
	case c.Other != 0 && !touch, c.Grid == 0 && wish.At == nil:
		return plan.Refuse(plan.Invalid, "comment.place", nil)
	case wish.At != nil:
		if c.At, err = crs.FromDegrees(wish.At[0], wish.At[1]); err != nil {
			return plan.Refuse(plan.Invalid, "comment.place", nil)
		}
	case c.Other != 0:
		c.At = border
	default:
		c.At = v.shapes[c.Grid-1].label
	}
	made, err := s.Store.PutComment(r.Context(), id, c)
	if err != nil {
		return err
	}
	c.ID, c.Made = made, time.Now()
	return writeJSON(w, http.StatusCreated, newCommentView(v, c, language(r)))
}

// called returns the grid of a code and what it is called; 0 for no code.
func (v *view) called(code string) (plan.GridNo, string, error) {
	if code == "" {
		return 0, "", nil
	}
	g := v.GridOf(code)
	if g == nil {
		return 0, "", plan.Refuse(plan.Invalid, "comment.grid", words.Args{"grid": code})
	}
	return g.No, strings.TrimSpace(g.Name + " " + g.Code), nil
}

func commentID(r *http.Request) postgis.CommentID {
	n, _ := strconv.ParseInt(mux.Vars(r)["comment"], 10, 64) // of what is too large there is none
	return postgis.CommentID(n)
}

// resolveComment settles a comment or opens it again.
func (s *Server) resolveComment(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish struct {
		Resolved bool   `json:"resolved"`
		By       string `json:"by"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	by := strings.TrimSpace(wish.By)
	if utf8.RuneCountInString(by) > maxAuthor {
		return plan.Refuse(plan.Invalid, "comment.blank", nil)
	}
	if err := legible("by", by); err != nil {
		return err
	}
	if err := s.Store.ResolveComment(r.Context(), id, commentID(r), wish.Resolved, by); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

func (s *Server) deleteComment(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	if err := s.Store.DeleteComment(r.Context(), id, commentID(r)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
