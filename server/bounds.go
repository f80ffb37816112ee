package server

import (
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

// bothView is a text in both languages.
type bothView struct {
	Zh string `json:"zh"`
	En string `json:"en"`
}

func both(say func(words.Lang) string) bothView { return bothView{say(words.Zh), say(words.En)} }

// boundsView is the four bounds of a grid.
type boundsView struct {
	Revision int64                    `json:"revision"`
	Grid     string                   `json:"grid"`
	Full     bothView                 `json:"full"`
	Short    bothView                 `json:"short"`
	Sides    map[string]boundSideView `json:"sides"`
	Length   float64                  `json:"length_m"`
	Kinds    map[string]float64       `json:"kinds"`
	Segments []boundSegmentView       `json:"segments"`
	Source   string                   `json:"source"`
	Kept     *keptView                `json:"kept"`
	Stale    bool                     `json:"stale"`
	Walked   *walkedView              `json:"walked"`
}

type boundSideView struct {
	Text bothView `json:"text"`
	Made bothView `json:"made"`
	Kept bothView `json:"kept"`
}

type boundSegmentView struct {
	Number int          `json:"number"`
	Side   string       `json:"side"`
	Kind   string       `json:"kind"`
	Name   string       `json:"name"`
	Length float64      `json:"length_m"`
	Words  bothView     `json:"words"`
	Beyond bothView     `json:"beyond"`
	Hole   bool         `json:"hole"`
	Line   [][2]float64 `json:"line"`
	Walk   *walkView    `json:"walk"`
}

type keptView struct {
	At time.Time `json:"at"`
	By string    `json:"by"`
}

type walkView struct {
	Result string `json:"result"`
	Remark string `json:"remark"`
	Date   string `json:"date"`
	Who    string `json:"who"`
}

// walkedView is that all of a border was walked and found right.
type walkedView struct {
	Date string `json:"date"`
	Who  string `json:"who"`
}

var sideNames = [4]string{plan.East: "east", plan.South: "south", plan.West: "west", plan.North: "north"}

func newBoundsView(v *view, b *plan.Bounds) boundsView {
	out := boundsView{Revision: v.Revision, Grid: b.Code, Full: both(b.Full), Short: both(b.Short), Sides: map[string]boundSideView{},
		Length: metres(b.Length), Kinds: map[string]float64{}, Segments: []boundSegmentView{}, Source: b.Source, Stale: b.Stale()}
	for s, name := range sideNames {
		side := plan.Side(s)
		view := boundSideView{Text: both(func(l words.Lang) string { return b.Side(side, l) }), Made: both(func(l words.Lang) string { return b.Made(side, l) })}
		if b.Kept != nil {
			view.Kept = bothView{b.Kept.Zh[s], b.Kept.En[s]}
		}
		out.Sides[name] = view
	}
	for k := range plan.BoundKind(plan.BoundKinds) {
		out.Kinds[k.String()] = metres(b.Kinds[k])
	}
	for i := range b.Segments {
		g := &b.Segments[i]
		view := boundSegmentView{Number: g.Number, Side: sideNames[g.Side], Kind: g.Kind.String(), Name: g.Name, Length: metres(g.Length), Words: both(g.In),
			Beyond: bothView{g.Beyond[words.Zh], g.Beyond[words.En]}, Hole: g.Hole, Line: degreesOf(g.Line)}
		if g.Walk != nil {
			view.Walk = &walkView{g.Walk.Result, g.Walk.Remark, g.Walk.On, g.Walk.By}
		}
		out.Segments = append(out.Segments, view)
	}
	if b.Kept != nil {
		out.Kept = &keptView{b.Kept.At.UTC(), b.Kept.By}
	}
	if ok, who, on := b.Walked(); ok {
		out.Walked = &walkedView{on, who}
	}
	return out
}

func degreesOf(line []crs.Point) [][2]float64 {
	out := make([][2]float64, len(line))
	for i, p := range line {
		out[i] = [2]float64{p.Lon.Degrees(), p.Lat.Degrees()}
	}
	return out
}

// boundsOf returns the plan as it stands and the bounds of the grid a request names.
func (s *Server) boundsOf(r *http.Request) (plan.ID, *view, *plan.Bounds, error) {
	id, v, err := s.current(r)
	if err != nil {
		return 0, nil, nil, err
	}
	code := mux.Vars(r)["code"]
	g := v.GridOf(code)
	if g == nil {
		return 0, nil, nil, plan.Refuse(plan.NotFound, "edit.no_grid", words.Args{"grid": code})
	}
	all, err := s.Store.Bounds(r.Context(), id, v.Snapshot, g.No)
	if err != nil {
		return 0, nil, nil, err
	}
	if all[0].Source == "" {
		return 0, nil, nil, plan.Refuse(plan.Wrong, "bounds.none", words.Args{"grid": code})
	}
	return id, v, &all[0], nil
}

// boundsTag is the ETag of what is kept of a grid's bounds.
func boundsTag(b *plan.Bounds) string {
	var version int64
	if b.Kept != nil {
		version = b.Kept.Version
	}
	return `"bounds-` + strconv.FormatInt(version, 10) + `"`
}

// bounds answers with the four bounds of all grids.
func (s *Server) bounds(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	all, err := s.Store.Bounds(r.Context(), id, v.Snapshot)
	if err != nil {
		return err
	}
	out := make([]boundsView, 0, len(all))
	for i := range all {
		if all[i].Source != "" {
			out = append(out, newBoundsView(v, &all[i]))
		}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"revision": v.Revision, "bounds": out})
}

// gridBounds answers with the four bounds of a grid.
func (s *Server) gridBounds(w http.ResponseWriter, r *http.Request) error {
	_, v, b, err := s.boundsOf(r)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", boundsTag(b))
	return writeJSON(w, http.StatusOK, newBoundsView(v, b))
}

// maxBound is how many characters one side of four bounds may have.
const maxBound = 500

// keepBounds keeps what a planner has written of a grid's bounds. Sides that are empty, or say what they say anyway, are as they were made.
func (s *Server) keepBounds(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Sides  map[string]bothView `json:"sides"`
		Source string              `json:"source"` // the border it was written for; the border as it is where none is named
		By     string              `json:"by"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id, _, b, err := s.boundsOf(r)
	if err != nil {
		return err
	}
	if err := matched(r, boundsTag(b), "bounds.changed"); err != nil {
		return err
	}
	kept := plan.KeptBounds{Source: wish.Source, By: strings.TrimSpace(wish.By)}
	if kept.Source == "" {
		kept.Source = b.Source
	}
	var version int64
	if b.Kept != nil {
		version = b.Kept.Version
	}
	for name := range wish.Sides {
		if name != "east" && name != "south" && name != "west" && name != "north" {
			return refuse(http.StatusBadRequest, "body.json", words.Args{"why": &refusal{code: "json.unknown", args: words.Args{"field": strconv.Quote(name)}}})
		}
	}
	for _, said := range [][2]string{{"by", kept.By}, {"source", kept.Source}} {
		if err := legible(said[0], said[1]); err != nil {
			return err
		}
		if utf8.RuneCountInString(said[1]) > maxName {
			return refuse(http.StatusUnprocessableEntity, "query.value", words.Args{"name": said[0], "value": said[1][:20] + "…"})
		}
	}
	for side, name := range sideNames {
		for l, text := range [2]string{wish.Sides[name].Zh, wish.Sides[name].En} {
			text = strings.TrimSpace(text)
			if err := legible("sides."+name, text); err != nil {
				return err
			}
			if utf8.RuneCountInString(text) > maxBound {
				return plan.Refuse(plan.Invalid, "bounds.long", words.Args{"most": maxBound})
			}
			if text == b.Made(plan.Side(side), words.Lang(l)) {
				text = ""
			}
			if words.Lang(l) == words.En {
				kept.En[side] = text
			} else {
				kept.Zh[side] = text
			}
		}
	}
	if _, err := s.Store.KeepBounds(r.Context(), id, b.Grid, kept, version); err != nil {
		return err
	}
	return s.gridBounds(w, r)
}

// walkSheet is the walk along a grid's border: its segments and what was found.
type walkSheet struct {
	Revision int64              `json:"revision"`
	Grid     string             `json:"grid"`
	Source   string             `json:"source"`
	Walked   *walkedView        `json:"walked"`
	Segments []boundSegmentView `json:"segments"`
}

func (w *walkSheet) tag() (string, error) {
	body, err := json.Marshal(w.Segments)
	return contentTag(body), err
}

func newWalkSheet(v boundsView) *walkSheet {
	return &walkSheet{v.Revision, v.Grid, v.Source, v.Walked, v.Segments}
}

// walk answers with the segments of a grid's border, numbered, and what was found along each.
func (s *Server) walk(w http.ResponseWriter, r *http.Request) error {
	_, v, b, err := s.boundsOf(r)
	if err != nil {
		return err
	}
	sheet := newWalkSheet(newBoundsView(v, b))
	tag, err := sheet.tag()
	if err != nil {
		return err
	}
	w.Header().Set("ETag", tag)
	return writeJSON(w, http.StatusOK, sheet)
}

// maxRemark is how many characters a remark on a segment may have.
const maxRemark = 500

// noteWalk keeps what was found along segments of a grid's border; those that are not named stay as they are, and an empty result takes one
// back.
func (s *Server) noteWalk(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Segments []struct {
			Number int `json:"number"`
			walkView
		} `json:"segments"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id, v, b, err := s.boundsOf(r)
	if err != nil {
		return err
	}
	tag, err := newWalkSheet(newBoundsView(v, b)).tag()
	if err != nil {
		return err
	}
	if err := matched(r, tag, "walk.changed"); err != nil {
		return err
	}
	results := map[int]plan.WalkResult{}
	for _, g := range wish.Segments {
		result := plan.WalkResult{Result: g.Result, Remark: strings.TrimSpace(g.Remark), On: g.Date, By: strings.TrimSpace(g.Who)}
		if err := result.Check(b, g.Number); err != nil {
			return err
		}
		for _, said := range [][2]string{{"remark", result.Remark}, {"who", result.By}} {
			if err := legible(said[0], said[1]); err != nil {
				return err
			}
			if utf8.RuneCountInString(said[1]) > maxRemark {
				return plan.Refuse(plan.Invalid, "walk.long", words.Args{"n": g.Number, "most": maxRemark})
			}
		}
		if _, twice := results[g.Number]; twice {
			return plan.Refuse(plan.Invalid, "walk.twice", words.Args{"n": g.Number})
		}
		results[g.Number] = result
	}
	if err := s.Store.NoteWalk(r.Context(), id, b, results); err != nil {
		return err
	}
	return s.walk(w, r)
}
