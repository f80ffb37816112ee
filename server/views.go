package server

import (
	"cmp"
	"math"
	"time"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// The documents of the API, as openapi.json describes them.

// planHead is what a plan's record alone tells, without its map: an entry of the list.
type planHead struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	State     plan.State  `json:"state"`
	Revision  int64       `json:"revision"`
	Recipe    plan.Recipe `json:"recipe"`
	Grids     int         `json:"grids"`
	Parents   int         `json:"parents"`
	Blocks    int         `json:"blocks"`
	Stopped   string      `json:"stopped,omitempty"`
	Changed   *float64    `json:"changed,omitempty"`
	Solver    string      `json:"solver,omitempty"`
	ElapsedS  float64     `json:"elapsed_s,omitempty"`
	Synthetic bool        `json:"synthetic"`
	CreatedAt time.Time   `json:"created_at"`
	Archived  bool        `json:"archived"`
	Found     *int        `json:"findings,omitempty"`       // absent where nobody has counted yet
	OfSplit   string      `json:"alternative_of,omitempty"` // the first plan of the same split, of its other ones
	Job       *jobView    `json:"job,omitempty"`
	Error     string      `json:"error,omitempty"`
}

// planView is a plan with what its map tells as well.
type planView struct {
	planHead
	Measures     map[plan.Measure]measures `json:"measures"`
	MaxDeviation *float64                  `json:"max_deviation,omitempty"`
	Contiguous   *bool                     `json:"contiguous,omitempty"`
	CutMetres    *float64                  `json:"cut_metres,omitempty"`
	Findings     int                       `json:"findings"`
	CanUndo      bool                      `json:"can_undo"`
	CanRedo      bool                      `json:"can_redo"`
	Box          *[4]float64               `json:"bbox"`
	PerParent    []parentView              `json:"per_parent,omitempty"`
}

type measures struct {
	Total        float64 `json:"total"`
	Ideal        float64 `json:"ideal"`
	MaxDeviation float64 `json:"max_deviation"`
	LowerBound   float64 `json:"lower_bound"`
	Gini         float64 `json:"gini"`
}

type jobView struct {
	Done  int     `json:"done"`
	Total int     `json:"total"`
	Worst float64 `json:"worst"`
	First bool    `json:"first"`
}

type parentView struct {
	Code         string                   `json:"code"`
	Name         string                   `json:"name"`
	NameEn       string                   `json:"name_en"`
	Grids        int                      `json:"grids"`
	Blocks       int                      `json:"blocks"`
	Loads        map[plan.Measure]float64 `json:"loads"`
	MaxDeviation float64                  `json:"max_deviation"`
	LowerBound   float64                  `json:"lower_bound"`
	Bound        string                   `json:"bound"`
	Proven       bool                     `json:"proven"`
	Words        string                   `json:"words"`
}

type gridView struct {
	No        plan.GridNo               `json:"no"`
	Code      string                    `json:"code"`
	Name      string                    `json:"name"`
	NameEn    string                    `json:"name_en"`
	Parent    string                    `json:"parent"`
	Blocks    int                       `json:"blocks"`
	AreaM2    float64                   `json:"area_m2"`
	Loads     map[plan.Measure]float64  `json:"loads"`
	Deviation map[plan.Measure]*float64 `json:"deviation"`
	Words     string                    `json:"words"`
	Verdict   plan.Verdict              `json:"verdict"`
	Colour    uint8                     `json:"colour"`
	Pieces    int                       `json:"pieces"`
	Label     *[2]float64               `json:"label"`
	Box       *[4]float64               `json:"bbox"`
	Revision  int64                     `json:"revision"`
	Dedicated bool                      `json:"dedicated"`
	Kind      plan.GridKind             `json:"kind"`
	Purpose   string                    `json:"purpose"`
	Body      string                    `json:"body"`
	Locked    bool                      `json:"locked"`
	Enclave   string                    `json:"enclave"`
	Estimated bool                      `json:"estimated"` // some of its counts are estimates
}

type findingView struct {
	Rule     string        `json:"rule"`
	Severity plan.Severity `json:"severity"`
	Words    string        `json:"words"`
	Grid     *string       `json:"grid"`
	Blocks   []string      `json:"blocks"`
	At       *[2]float64   `json:"at"`
	Mend     *mendView     `json:"mend"`
}

// mendView is an edit that would settle a finding, or come nearer to it: kind assign of these blocks to that grid.
type mendView struct {
	Words   string   `json:"words"`
	Blocks  []string `json:"blocks"`
	To      string   `json:"to"`
	Settles bool     `json:"settles"`
}

type placedView struct {
	Block string  `json:"block"`
	Grid  *string `json:"grid"`
}

type assignmentRow struct {
	Block  string  `json:"block"`
	Parent string  `json:"parent"`
	Grid   *string `json:"grid"`
}

type editView struct {
	Revision int64        `json:"revision"`
	Blocks   []placedView `json:"blocks"`
	Grids    []toldView   `json:"grids"`
}

// toldView is what is said of a grid at a revision; null of one that is not there.
type toldView struct {
	No    plan.GridNo     `json:"no"`
	Props *plan.GridProps `json:"props"`
}

type logView struct {
	Revision int64         `json:"revision"`
	Kind     plan.EditKind `json:"kind"`
	Words    string        `json:"words"`
	Blocks   int           `json:"blocks"`
	At       time.Time     `json:"at"`
	Reverts  *int64        `json:"reverts"`
	By       string        `json:"by"`
	Place    *[2]float64   `json:"place"`
}

type editResult struct {
	Revision int64         `json:"revision"`
	Edit     logView       `json:"edit"`
	Grids    []gridView    `json:"grids"`
	Moved    []placedView  `json:"moved"`
	Gone     []plan.GridNo `json:"gone"` // grids that are there no more
	Replaced []replaced    `json:"blocks_replaced"`
	Locks    locksView     `json:"locks"`
	Tiles    [][3]int      `json:"tiles"`
	Findings []findingView `json:"findings"`
	CanUndo  bool          `json:"can_undo"`
	CanRedo  bool          `json:"can_redo"`
}

func viewOf(v plan.View) *editView {
	out := &editView{Revision: v.Revision, Blocks: []placedView{}, Grids: []toldView{}}
	for _, t := range v.Grids {
		out.Grids = append(out.Grids, toldView{t.No, t.GridProps})
	}
	for _, p := range v.Blocks {
		out.Blocks = append(out.Blocks, placedView{p.Block, orNull(p.Grid)})
	}
	return out
}

// orNull returns nil for "": JSON's null for "in no grid".
func orNull(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

func boxView(b shape.Box) *[4]float64 {
	if b.IsEmpty() {
		return nil
	}
	return &[4]float64{b.Min.Lon.Degrees(), b.Min.Lat.Degrees(), b.Max.Lon.Degrees(), b.Max.Lat.Degrees()}
}

func extentView(e [4]*float64) *[4]float64 {
	if e[0] == nil {
		return nil
	}
	return &[4]float64{*e[0], *e[1], *e[2], *e[3]}
}

func newPlanHead(p postgis.PlanRow, l words.Lang) planHead {
	v := planHead{ID: p.ID.String(), Name: p.Name, State: p.State, Revision: p.Revision, Recipe: p.Recipe,
		Grids: p.Recipe.Grids, CreatedAt: p.CreatedAt.UTC(), Archived: p.Archived}
	if p.AlternativeOf != 0 {
		v.OfSplit = p.AlternativeOf.String()
	}
	if p.State == plan.Queued || p.State == plan.Solving {
		v.Job = &jobView{p.Done, p.Total, p.Worst, p.First}
	}
	if p.Failure != nil {
		v.Error = p.Failure.In(l)
	}
	if p.Result != nil {
		v.Solver, v.Stopped, v.ElapsedS, v.Changed = p.Result.Solver, p.Result.Stopped, p.Result.ElapsedS, p.Result.Changed
	}
	return v
}

// describe adds what the plan's snapshot tells.
func (v *planView) describe(now *view, result *plan.Result, h *plan.History) {
	g := now.Ground
	v.Grids, v.Parents, v.Blocks = now.GridCount(), len(g.Parents), len(g.Blocks)
	v.Synthetic, v.Box, v.Findings = g.Synthetic, boxView(g.Box()), len(now.found())
	sum := now.summary()
	metres := float64(sum.CutLength)
	v.MaxDeviation, v.Contiguous, v.CutMetres = &sum.MaxDeviation, &sum.Contiguous, &metres
	for _, m := range sum.Measures {
		v.Measures[m.Measure] = measures{m.Total, m.Ideal, m.MaxDeviation, result.LowerBound[m.Measure], m.Gini}
	}
	_, v.CanUndo = h.Undo()
	_, v.CanRedo = h.Redo()
}

func newGridView(v *view, no plan.GridNo, l words.Lang) gridView {
	grid := v.Grids[no-1]
	out := gridView{No: no, Code: grid.Code, Name: grid.Name, NameEn: grid.NameEn, Parent: v.Ground.Parents[grid.Parent].Code,
		Blocks: len(v.Blocks(no)), AreaM2: math.Round(float64(v.Area(no))), Loads: map[plan.Measure]float64{},
		Deviation: map[plan.Measure]*float64{}, Words: v.Words(no).In(l), Verdict: v.Verdict(no), Colour: grid.Colour,
		Pieces: v.Pieces(no), Box: boxView(v.shapes[no-1].box), Revision: grid.Revision,
		Dedicated: grid.Dedicated(), Kind: cmp.Or(grid.Kind, plan.BaseGrid), Purpose: grid.Purpose, Body: grid.Body, Locked: grid.Locked,
		Enclave: grid.Enclave, Estimated: v.Estimated(no)}
	if out.Box != nil {
		at := v.shapes[no-1].label
		out.Label = &[2]float64{at.Lon.Degrees(), at.Lat.Degrees()}
	}
	deviation := v.Deviation(no)
	for m, load := range v.Loads(no) {
		name := v.Ground.Measures[m]
		out.Loads[name] = load
		out.Deviation[name] = nil
		if !math.IsNaN(deviation[m]) {
			out.Deviation[name] = &deviation[m]
		}
	}
	return out
}

func newFindingView(v *view, f plan.Finding, l words.Lang) findingView {
	out := findingView{Rule: f.Rule, Severity: f.Severity, Words: f.In(l), Blocks: make([]string, len(f.Blocks)),
		At: &[2]float64{f.At.Lon.Degrees(), f.At.Lat.Degrees()}}
	if f.Grid != 0 {
		out.Grid = orNull(v.Grids[f.Grid-1].Code)
	}
	for i, b := range f.Blocks {
		out.Blocks[i] = v.Ground.Blocks[b].Code
	}
	return out
}

func newMendView(v *view, m *plan.Mend, l words.Lang) *mendView {
	if m == nil {
		return nil
	}
	out := &mendView{Words: m.In(l), To: v.Grids[m.To-1].Code, Settles: m.Settle}
	for _, b := range m.Blocks {
		out.Blocks = append(out.Blocks, v.Ground.Blocks[b].Code)
	}
	return out
}

func newLogView(h postgis.EditHead, l words.Lang) logView {
	out := logView{Revision: h.Revision, Kind: h.Kind, Blocks: h.Size, At: h.At.UTC()}
	key, args := "edit."+string(h.Kind), words.Args{"n": h.Size, "to": h.To, "revision": h.Reverts}
	if h.Kind == plan.Assign && h.To == "" {
		key = "edit.free"
	}
	out.Words = plan.Sentences.Say(l, key, args)
	if h.Said[l] != "" {
		out.Words = h.Said[l]
	}
	if h.Reverts != 0 {
		out.Reverts = &h.Reverts
	}
	if out.By = h.By; h.Place != nil {
		out.Place = &[2]float64{h.Place.Lon.Degrees(), h.Place.Lat.Degrees()}
	}
	return out
}

// replaced is a block that a cut replaced, and what came in its place: its parts, or itself with another corner.
type replaced struct {
	ID     plan.BlockID   `json:"id"`
	Code   string         `json:"code"`
	By     []plan.BlockID `json:"by"`
	Codes  []string       `json:"codes"`
	Reason string         `json:"reason"` // divided, corner or joined
}

// locksView is what is locked beside grids: codes of blocks, and pairs of codes of grids.
type locksView struct {
	Blocks  []string    `json:"blocks"`
	Borders [][2]string `json:"borders"`
}

func newLocksView(s *plan.Snapshot) locksView {
	v := locksView{Blocks: []string{}, Borders: [][2]string{}}
	for _, l := range s.Locks() {
		if l.Block == 0 {
			v.Borders = append(v.Borders, [2]string{s.Grids[l.Border[0]-1].Code, s.Grids[l.Border[1]-1].Code})
		} else if b, ok := s.Ground.ByID(l.Block); ok {
			v.Blocks = append(v.Blocks, s.Ground.Blocks[b].Code)
		}
	}
	return v
}
