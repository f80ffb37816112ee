package server

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"gridwright/feed"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

func planID(r *http.Request) (plan.ID, error) { return plan.ParseID(mux.Vars(r)["id"]) }

// current returns the plan a request names, as it stands.
func (s *Server) current(r *http.Request) (plan.ID, *view, error) {
	id, err := planID(r)
	if err != nil {
		return 0, nil, err
	}
	v, err := s.rooms.now(r.Context(), id)
	return id, v, err
}

func (s *Server) plans(w http.ResponseWriter, r *http.Request) error {
	rows, err := s.Store.Plans(r.Context())
	if err != nil {
		return err
	}
	out := make([]planHead, len(rows))
	for i, row := range rows {
		out[i] = newPlanHead(row, language(r))
		if row.Result != nil {
			out[i].Grids, out[i].Parents, out[i].Blocks = row.Result.Grids, row.Result.Parents, row.Result.Blocks
			out[i].Synthetic = row.Result.Synthetic
		}
	}
	if err := s.countFindings(r.Context(), rows, out); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"plans": out})
}

// planView returns a plan with everything but its parents.
func (s *Server) planView(ctx context.Context, id plan.ID, l words.Lang) (planView, error) {
	row, err := s.Store.Plan(ctx, id)
	if err != nil {
		return planView{}, err
	}
	v := planView{planHead: newPlanHead(row, l), Measures: map[plan.Measure]measures{}}
	if row.State != plan.Draft {
		return v, nil
	}
	if err := s.rooms.recount(ctx, id); err != nil {
		return planView{}, err
	}
	now, err := s.rooms.at(ctx, id, row.Revision)
	if err != nil {
		return planView{}, err
	}
	history, err := s.Store.History(ctx, id)
	if err != nil {
		return planView{}, err
	}
	v.describe(now, row.Result, history)
	if err := s.noteFindings(ctx, row, v.Findings); err != nil {
		return planView{}, err
	}
	return v, nil
}

func (s *Server) plan(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	l := language(r)
	v, err := s.planView(r.Context(), id, l)
	if err != nil {
		return err
	}
	if v.State == plan.Draft {
		if v.PerParent, err = s.parents(r.Context(), id, v.Revision, l); err != nil {
			return err
		}
	}
	row, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", nameTag(row.NameVersion))
	return writeJSON(w, http.StatusOK, v)
}

func (s *Server) parents(ctx context.Context, id plan.ID, revision int64, l words.Lang) ([]parentView, error) {
	now, err := s.rooms.at(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	results, err := s.Store.ParentResults(ctx, id)
	if err != nil {
		return nil, err
	}
	live := make([]int, len(now.Ground.Parents))
	for g := range now.Live() {
		live[g.Parent]++
	}
	out := make([]parentView, len(results))
	for i, res := range results {
		p := now.Ground.Parents[i]
		from, to := now.Ground.ParentBlocks(int32(i))
		out[i] = parentView{Code: p.Code, Name: p.Name, NameEn: p.NameEn, Grids: live[i], Blocks: to - from,
			Loads: map[plan.Measure]float64{}, MaxDeviation: now.ParentDeviation(int32(i)), LowerBound: res.LowerBound, Bound: res.Bound,
			Proven: res.Proven, Words: now.ParentWords(int32(i), l)}
		for m, load := range now.ParentLoads(int32(i)) {
			out[i].Loads[now.Ground.Measures[m]] = load
		}
	}
	return out, nil
}

// nameTag is the ETag of a plan's name.
func nameTag(version int64) string { return `"name-` + strconv.FormatInt(version, 10) + `"` }

type newPlan struct {
	Name   string    `json:"name"`
	Recipe newRecipe `json:"recipe"`
}

// newRecipe is a recipe as it is sent: what is absent gets its default.
type newRecipe struct {
	Scope     string         `json:"scope"`
	Grids     int            `json:"grids"`
	Band      *plan.Band     `json:"band"`
	Balance   []plan.Balance `json:"balance"`
	Tolerance *float64       `json:"tolerance"`
	Seed      *uint64        `json:"seed"`
	Effort    int            `json:"effort"`
	TimeMS    int64          `json:"time_ms"`
	Keep      string         `json:"keep"`
	Base      string         `json:"base"`
	MaxChange *float64       `json:"max_change"`
	Method    string         `json:"method"`
	Reshare   float64        `json:"reshare"`
	Numbers   []plan.Number  `json:"numbers"`
	Rules     *plan.Rules    `json:"rules"`

	Alternatives int `json:"alternatives"`
}

func (n newRecipe) recipe() plan.Recipe {
	r := plan.Recipe{Scope: n.Scope, Grids: n.Grids, Band: n.Band, Balance: n.Balance, Tolerance: plan.DefaultTolerance,
		Seed: plan.DefaultSeed, Effort: n.Effort, TimeMS: n.TimeMS, Keep: n.Keep, Base: n.Base,
		Method: n.Method, Reshare: n.Reshare, Numbers: n.Numbers, Rules: n.Rules, Alternatives: n.Alternatives}
	if n.Tolerance != nil {
		r.Tolerance = *n.Tolerance
	}
	if n.Seed != nil {
		r.Seed = *n.Seed
	}
	if n.Base != "" {
		r.MaxChange = plan.DefaultMaxChange
	}
	if n.MaxChange != nil {
		r.MaxChange = *n.MaxChange
	}
	for i := range r.Balance {
		if r.Balance[i].Weight == 0 {
			r.Balance[i].Weight = 1
		}
	}
	return r
}

func (s *Server) createPlan(w http.ResponseWriter, r *http.Request) error {
	var wish newPlan
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	key, err := idempotencyKey(r)
	if err != nil {
		return err
	}
	recipe := wish.Recipe.recipe()
	name := strings.TrimSpace(wish.Name)
	if name == "" {
		name = plan.DefaultName(recipe, language(r))
	}
	if err := planName(name); err != nil {
		return err
	}
	for _, said := range [][2]string{{"recipe.scope", recipe.Scope}, {"recipe.keep", recipe.Keep}, {"recipe.base", recipe.Base}} {
		if err := legible(said[0], said[1]); err != nil {
			return err
		}
	}
	id, err := s.Store.CreatePlan(r.Context(), name, recipe, key)
	if err != nil {
		return err
	}
	v, err := s.planView(r.Context(), id, language(r))
	if err != nil {
		return err
	}
	w.Header().Set("Location", s.Base+"/api/v1/plans/"+id.String())
	return writeJSON(w, http.StatusAccepted, v)
}

// maxName is how many characters a plan's name may have.
const maxName = 200

func idempotencyKey(r *http.Request) (string, error) {
	key := r.Header.Get("Idempotency-Key")
	if len(key) > 200 {
		return "", refuse(http.StatusBadRequest, "key.long", nil)
	}
	if !utf8.ValidString(key) {
		return "", refuse(http.StatusBadRequest, "key.text", nil)
	}
	return key, nil
}

func (s *Server) cancelPlan(w http.ResponseWriter, r *http.Request) error {
	return s.stop(w, r, s.Store.Cancel)
}

func (s *Server) finishPlan(w http.ResponseWriter, r *http.Request) error {
	return s.stop(w, r, s.Store.Finish)
}

// stop ends a split under way in one way or the other, and answers with its plan.
func (s *Server) stop(w http.ResponseWriter, r *http.Request, end func(context.Context, plan.ID) error) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	if err := end(r.Context(), id); err != nil {
		return err
	}
	v, err := s.planView(r.Context(), id, language(r))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusAccepted, v)
}

// first answers with the first plan that a split under way has found.
func (s *Server) first(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	grids, err := s.Store.First(r.Context(), id)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-store")
	return writeJSON(w, http.StatusOK, map[string]any{"grids": grids})
}

func (s *Server) grids(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.current(r)
	if err != nil {
		return err
	}
	out := []gridView{}
	for g := range v.Live() {
		out = append(out, newGridView(v, g.No, language(r)))
	}
	return writeJSON(w, http.StatusOK, map[string]any{"revision": v.Revision, "grids": out})
}

// blocksView is all blocks in columns: entry i of every array is block i.
type blocksView struct {
	Revision int64                    `json:"revision"`
	ID       []plan.BlockID           `json:"id"`
	Code     []string                 `json:"code"`
	Parent   []int32                  `json:"parent"`
	Parents  []string                 `json:"parents"`
	Grid     []plan.GridNo            `json:"grid"`
	Kind     []string                 `json:"kind"`
	Label    []float64                `json:"label"`     // lon, lat of a point well inside: two entries a block
	Area     []int64                  `json:"area"`      // square metres
	Edge     []int64                  `json:"perimeter"` // metres
	CutOf    []plan.BlockID           `json:"cut_of"`    // the block each was cut from; 0 for those of the ground itself
	Locks    locksView                `json:"locks"`
	Loads    map[plan.Measure][]int64 `json:"loads"`
	Start    []int32                  `json:"start"`
	To       []int32                  `json:"to"`
	Length   []float64                `json:"length"`
}

func (s *Server) blocks(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.current(r)
	if err != nil {
		return err
	}
	g := v.Ground
	out := blocksView{Revision: v.Revision, Grid: v.At, Start: g.Graph.Start, Locks: newLocksView(v.Snapshot), Loads: map[plan.Measure][]int64{}}
	for _, p := range g.Parents {
		out.Parents = append(out.Parents, p.Code)
	}
	for _, b := range g.Blocks {
		out.ID = append(out.ID, b.ID)
		out.Code = append(out.Code, b.Code)
		out.Parent = append(out.Parent, b.Parent)
		out.Kind = append(out.Kind, b.Kind)
		out.CutOf = append(out.CutOf, b.CutOf)
		out.Label = append(out.Label, b.Label.Lon.Degrees(), b.Label.Lat.Degrees())
		out.Area = append(out.Area, int64(b.Area+0.5))
		out.Edge = append(out.Edge, int64(perimeter(b.Shape)+0.5))
		for m, n := range b.Counts {
			out.Loads[g.Measures[m]] = append(out.Loads[g.Measures[m]], n)
		}
	}
	for _, e := range g.Graph.Edges {
		out.To = append(out.To, e.To)
		out.Length = append(out.Length, float64(int64(e.Length*10+0.5))/10) // to the decimetre
	}
	return writeJSON(w, http.StatusOK, out)
}

// perimeter returns how long the rings of polygons are.
func perimeter(polygons shape.MultiPolygon) (sum crs.Metres) {
	for _, p := range polygons {
		for _, r := range p {
			sum += r.Length()
		}
	}
	return sum
}

func (s *Server) assignment(w http.ResponseWriter, r *http.Request) error {
	_, v, err := s.current(r)
	if err != nil {
		return err
	}
	if r.URL.Query().Get("format") == "csv" || strings.HasPrefix(r.Header.Get("Accept"), "text/csv") {
		w.Header().Set("Content-Type", "text/csv; charset=utf-8")
		w.Header().Set("Cache-Control", "no-cache")
		return feed.Assignment(w, v.Snapshot)
	}
	rows := make([]assignmentRow, len(v.Ground.Blocks))
	for i, b := range v.Ground.Blocks {
		rows[i] = assignmentRow{b.Code, v.Ground.Parents[b.Parent].Code, orNull(v.CodeOf(int32(i)))}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"revision": v.Revision, "rows": rows})
}

func (s *Server) findings(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	moved, err := s.Store.BoundsFindings(r.Context(), id, v.Snapshot)
	if err != nil {
		return err
	}
	staff, err := s.Store.StaffOf(r.Context(), id, v.Snapshot, "")
	if err != nil {
		return err
	}
	out := []findingView{}
	for i, f := range slices.Concat(v.found(), moved, staff.Gaps()) {
		shown := newFindingView(v, f, language(r))
		if i < mostMended {
			shown.Mend = newMendView(v, v.Mend(f), language(r))
		}
		out = append(out, shown)
	}
	return writeJSON(w, http.StatusOK, map[string]any{"revision": v.Revision, "findings": out})
}

// mostMended is for how many findings a list suggests a mend: a planner mends one after the other and asks again.
const mostMended = 150
