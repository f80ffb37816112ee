package server

import (
	"context"
	"net/http"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// planChange is what PATCH changes of a plan's record: what is absent stays.
type planChange struct {
	Name     *string `json:"name"`
	Archived *bool   `json:"archived"`
}

// changePlan renames a plan, puts it away or takes it out again.
func (s *Server) changePlan(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish planChange
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	name := ""
	if wish.Name != nil || wish.Archived == nil {
		if wish.Name != nil {
			name = strings.TrimSpace(*wish.Name)
		}
		if err := planName(name); err != nil {
			return err
		}
	}
	row, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	if err := matched(r, nameTag(row.NameVersion), "plan.name_changed"); err != nil {
		return err
	}
	version := row.NameVersion
	if name != "" {
		if version, err = s.Store.Rename(r.Context(), id, name, version); err != nil {
			return err
		}
	}
	if wish.Archived != nil {
		if version, err = s.Store.Archive(r.Context(), id, *wish.Archived, version); err != nil {
			return err
		}
	}
	v, err := s.planView(r.Context(), id, language(r))
	if err != nil {
		return err
	}
	w.Header().Set("ETag", nameTag(version))
	return writeJSON(w, http.StatusOK, v)
}

// planName refuses what no plan is called.
func planName(name string) error {
	if name == "" || utf8.RuneCountInString(name) > maxName {
		return plan.Refuse(plan.Invalid, "plan.name_blank", nil)
	}
	return legible("name", name)
}

// copyPlan makes another plan that is as this one is now.
func (s *Server) copyPlan(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish struct {
		Name string `json:"name"`
	}
	if r.ContentLength != 0 {
		if err := readJSON(r, &wish); err != nil {
			return err
		}
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	l := language(r)
	name := strings.TrimSpace(wish.Name)
	if name == "" {
		row, err := s.Store.Plan(r.Context(), id)
		if err != nil {
			return err
		}
		name = copyName(row.Name, l)
	}
	if err := planName(name); err != nil {
		return err
	}
	other, err := s.Store.Copy(r.Context(), id, name, key)
	if err != nil {
		return err
	}
	v, err := s.planView(r.Context(), other, l)
	if err != nil {
		return err
	}
	w.Header().Set("Location", s.Base+"/api/v1/plans/"+other.String())
	return writeJSON(w, http.StatusCreated, v)
}

// copyName is what a copy is called where nobody says: no longer than a name may be.
func copyName(name string, l words.Lang) string {
	for signs := []rune(name); ; signs = signs[:len(signs)-1] {
		if named := sentences.Say(l, "plan.copy", words.Args{"name": string(signs)}); utf8.RuneCountInString(named) <= maxName {
			return named
		}
	}
}

type dependentsView struct {
	Divisions int    `json:"divisions"`
	Comments  int    `json:"comments"`
	Posts     int    `json:"posts"`
	Plans     int    `json:"plans"`
	Deletable bool   `json:"deletable"`
	Words     string `json:"words"`
}

// dependents tells what would become of what hangs on a plan if it were deleted.
func (s *Server) dependents(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	row, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	d, err := s.Store.Dependents(r.Context(), id)
	if err != nil {
		return err
	}
	out := dependentsView{d.Divisions, d.Comments, d.Posts, d.Plans, d.Divisions == 0 && row.State != plan.Queued && row.State != plan.Solving, ""}
	out.Words = dependentWords(d, row.Name, language(r))
	return writeJSON(w, http.StatusOK, out)
}

func dependentWords(d postgis.Dependents, name string, l words.Lang) string {
	if d.Divisions > 0 {
		return sentences.Say(l, "delete.published", words.Args{"name": name, "n": d.Divisions})
	}
	said := []string{sentences.Say(l, "delete.log", words.Args{"name": name})}
	for _, part := range []struct {
		key string
		n   int
	}{{"delete.comments", d.Comments}, {"delete.posts", d.Posts}, {"delete.plans", d.Plans}} {
		if part.n > 0 {
			said = append(said, sentences.Say(l, part.key, words.Args{"n": part.n}))
		}
	}
	if l == words.En {
		return strings.Join(said, " ")
	}
	return strings.Join(said, "")
}

// deletePlan takes a plan away for good. Where more hangs on it than its own log this has to be confirmed.
func (s *Server) deletePlan(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	row, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("confirm") != "true" {
		d, err := s.Store.Dependents(r.Context(), id)
		if err != nil {
			return err
		}
		if d.Comments+d.Posts > 0 && d.Divisions == 0 {
			return &refusal{http.StatusConflict, "delete.confirm", words.Args{"words": dependentWords(d, row.Name, language(r))}}
		}
	}
	if err := s.Store.Delete(r.Context(), id); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// mostCounted is how many plans one list counts findings of: each has to be read for it, once.
const mostCounted = 6

// countFindings fills in how many findings the plans of a list have: as they were last counted, or counted now for a few.
func (s *Server) countFindings(ctx context.Context, rows []postgis.PlanRow, heads []planHead) error {
	recounted, err := s.Store.Recounted(ctx)
	if err != nil {
		return err
	}
	left := mostCounted
	for i, row := range rows {
		if row.State != plan.Draft {
			continue
		}
		n := row.Found
		if row.FoundFor != postgis.Counting(row.Revision, recounted) {
			if left--; left < 0 || row.Archived {
				continue
			}
			v, err := s.rooms.now(ctx, row.ID)
			if plan.KindOf(err) == plan.NotFound {
				continue // it was deleted meanwhile
			}
			if err != nil {
				return err
			}
			n = len(v.found())
			if err := s.Store.NoteFindings(ctx, row.ID, n, postgis.Counting(v.Revision, recounted)); err != nil {
				return err
			}
		}
		heads[i].Found = &n
	}
	return nil
}

// noteFindings keeps how many findings a plan has for lists, where that is news.
func (s *Server) noteFindings(ctx context.Context, row postgis.PlanRow, n int) error {
	recounted, err := s.Store.Recounted(ctx)
	if err != nil {
		return err
	}
	counting := postgis.Counting(row.Revision, recounted)
	if row.Found == n && row.FoundFor == counting {
		return nil
	}
	return s.Store.NoteFindings(ctx, row.ID, n, counting)
}

// hit is something of a plan that was searched for.
type hit struct {
	Kind   string       `json:"kind"` // area, grid, block, building, compound or organisation
	Code   string       `json:"code"`
	Name   string       `json:"name"`
	NameEn string       `json:"name_en"`
	Path   string       `json:"path"` // the areas above, highest first
	Grid   *plan.GridNo `json:"grid"`
	At     *[2]float64  `json:"at"`
	Box    *[4]float64  `json:"bbox"`
}

// mostHits is how many things of each kind a search finds at most.
const mostHits = 20

// search finds grids, large grids, blocks and buildings of a plan by name, code or full path: 滨河镇/丰安社区.
func (s *Server) search(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	text := r.URL.Query().Get("q")
	if err := legible("q", text); err != nil {
		return err
	}
	hits := []hit{}
	if needle := folded(text); needle != "" && utf8.RuneCountInString(text) <= maxName {
		l := language(r)
		hits = append(v.areaHits(needle, l), v.gridHits(needle, l)...)
		things, err := s.Store.Things(r.Context(), id, needle, mostHits)
		if err != nil {
			return err
		}
		for _, t := range things {
			hits = append(hits, v.thingHit(t, l))
		}
		if b, ok := v.Ground.ByCode(strings.TrimSpace(text)); ok {
			block := v.Ground.Blocks[b]
			h := hit{Kind: "block", Code: block.Code, Path: v.path(block.Parent, l), At: degrees(block.Label), Box: boxView(block.Shape.Box())}
			h.Grid = gridOrNull(v.At[b])
			hits = append(hits, h)
		}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"revision": v.Revision, "hits": hits})
}

// folded is what is alike to somebody who searches: case, width, blanks and slashes do not count.
func folded(text string) string {
	return strings.Map(func(c rune) rune {
		if c == ' ' || c == '/' || c == '\u3000' || c == '>' {
			return -1
		}
		return c
	}, strings.ToLower(width.Narrow.String(text)))
}

func gridOrNull(no plan.GridNo) *plan.GridNo {
	if no == 0 {
		return nil
	}
	return &no
}

// path returns the names of the areas down to a parent, highest first: 沙坡头区/滨河镇/丰安社区/第3大网格.
func (v *view) path(parent int32, l words.Lang) string {
	p := v.Ground.Parents[parent]
	names := []string{p.Title(l)}
	for above, ok := v.Ground.Above[p.Parent]; ok && len(names) < 8; above, ok = v.Ground.Above[above.Parent] {
		names = append([]string{above.Title(l)}, names...)
	}
	return strings.Join(names, "/")
}

func (v *view) areaHits(needle string, l words.Lang) (hits []hit) {
	for i, p := range v.Ground.Parents {
		path := v.path(int32(i), l)
		if folded(p.Code) != needle && !strings.Contains(folded(path), needle) && !strings.Contains(folded(p.Name+" "+p.NameEn), needle) {
			continue
		}
		hits = append(hits, hit{Kind: "area", Code: p.Code, Name: p.Name, NameEn: p.NameEn, Path: path, Box: boxView(v.ground.parents[i].box)})
		if len(hits) == mostHits {
			break
		}
	}
	return hits
}

func (v *view) gridHits(needle string, l words.Lang) (hits []hit) {
	for g := range v.Live() {
		path := v.path(g.Parent, l)
		if !strings.Contains(folded(g.Code), needle) && !strings.Contains(folded(g.Name), needle) && !strings.Contains(folded(g.NameEn), needle) &&
			!strings.Contains(folded(path+g.Name), needle) {
			continue
		}
		no := g.No
		hits = append(hits, hit{Kind: "grid", Code: g.Code, Name: g.Name, NameEn: g.NameEn, Path: path, Grid: &no, Box: boxView(v.shapes[no-1].box)})
		if len(hits) == mostHits {
			break
		}
	}
	return hits
}

func (v *view) thingHit(t postgis.Thing, l words.Lang) hit {
	h := hit{Kind: string(t.Layer), Code: t.Code, Name: t.Name, At: degrees(t.At)}
	if h.Name == "" && t.CompoundName != "" {
		h.Name = strings.TrimSpace(t.CompoundName + " " + t.Number)
	}
	if b, ok := v.Ground.ByID(t.Block); ok {
		h.Grid, h.Path = gridOrNull(v.At[b]), v.path(v.Ground.Blocks[b].Parent, l)
	}
	return h
}
