package server

import (
	"context"
	"net/http"

	"github.com/gorilla/mux"

	"gridwright/plan"
	"gridwright/plan/words"
)

// scorecard is a plan in the numbers by which it is judged beside another.
type scorecard struct {
	ID           string                    `json:"id"`
	Name         string                    `json:"name"`
	Revision     int64                     `json:"revision"`
	Grids        int                       `json:"grids"`
	Out          int                       `json:"out"` // grids that are not as wanted
	Measures     map[plan.Measure]measures `json:"measures"`
	MaxDeviation float64                   `json:"max_deviation"`
	Contiguous   bool                      `json:"contiguous"`
	CutMetres    float64                   `json:"cut_metres"`
	CutCompounds int                       `json:"cut_compounds"` // compounds that lie in several grids
	Errors       int                       `json:"errors"`
	Warnings     int                       `json:"warnings"`
	Band         *plan.Band                `json:"band"`
	Tolerance    float64                   `json:"tolerance"`
}

// comparedGrid names a grid in a comparison.
type comparedGrid struct {
	No     plan.GridNo `json:"no"`
	Code   string      `json:"code"`
	Name   string      `json:"name"`
	NameEn string      `json:"name_en"`
}

type moveView struct {
	Parent string                   `json:"parent"`
	From   *comparedGrid            `json:"from"` // of the first plan; null: in no grid
	To     *comparedGrid            `json:"to"`   // of the second
	Blocks []plan.BlockID           `json:"blocks"`
	Codes  []string                 `json:"codes"`
	Loads  map[plan.Measure]float64 `json:"loads"`
}

// comparedParent is a large grid in which the two plans differ, or do not.
type comparedParent struct {
	Code   string                   `json:"code"`
	Name   string                   `json:"name"`
	NameEn string                   `json:"name_en"`
	Path   string                   `json:"path"`
	A      int                      `json:"a_grids"`
	B      int                      `json:"b_grids"`
	WorstA float64                  `json:"a_max_deviation"`
	WorstB float64                  `json:"b_max_deviation"`
	Blocks int                      `json:"blocks"` // that lie in other grids
	Loads  map[plan.Measure]float64 `json:"loads"`
	Grids  []string                 `json:"grids"` // codes of the second plan's grids in it that are not as in the first
	Box    *[4]float64              `json:"bbox"`
}

type pairView struct {
	A *plan.GridNo `json:"a"`
	B *plan.GridNo `json:"b"`
}

type comparisonView struct {
	A       scorecard                `json:"a"`
	B       scorecard                `json:"b"`
	Blocks  int                      `json:"blocks"` // that lie in other grids
	Loads   map[plan.Measure]float64 `json:"loads"`
	Share   float64                  `json:"share"` // of the first balanced measure
	OnlyA   int                      `json:"only_a"`
	OnlyB   int                      `json:"only_b"`
	Pairs   []pairView               `json:"pairs"`
	Parents []comparedParent         `json:"parents"`
	Moves   []moveView               `json:"moves"`
	Words   string                   `json:"words"`
}

// compare tells how a plan differs from another, as that stands or as it was at a revision: when it was published, say.
func (s *Server) compare(w http.ResponseWriter, r *http.Request) error {
	id, a, err := s.current(r)
	if err != nil {
		return err
	}
	otherID, revision, err := plan.ParseAt(mux.Vars(r)["other"])
	if err != nil {
		return err
	}
	b, err := s.rooms.now(r.Context(), otherID)
	if err == nil && revision != 0 {
		b, err = s.rooms.at(r.Context(), otherID, revision)
	}
	if err != nil {
		return err
	}
	l := language(r)
	c := plan.Compare(a.Snapshot, b.Snapshot)
	out := comparisonView{Blocks: c.Blocks, Loads: loadsView(b.Ground.Measures, c.Moved), OnlyA: c.OnlyA, OnlyB: c.OnlyB, Pairs: []pairView{}, Moves: []moveView{}}
	if out.A, err = s.scorecard(r.Context(), id, a); err != nil {
		return err
	}
	if out.B, err = s.scorecard(r.Context(), otherID, b); err != nil {
		return err
	}
	for _, p := range c.Pairs {
		out.Pairs = append(out.Pairs, pairView{gridOrNull(p.A), gridOrNull(p.B)})
	}
	for _, m := range c.Moves {
		out.Moves = append(out.Moves, newMoveView(c, m))
	}
	out.Parents = comparedParents(a, b, c, l)
	first := b.Balanced()[0]
	if total := b.Ground.Total(first); total > 0 {
		out.Share = c.Moved[first] / float64(total)
	}
	out.Words = plan.Sentences.Say(l, "compare.same", nil)
	if c.Blocks > 0 {
		out.Words = plan.Sentences.Say(l, "compare.moved", words.Args{"n": c.Blocks, "load": plan.Quantity{Measure: b.Ground.Measures[first], Count: c.Moved[first]},
			"share": words.Percent(out.Share)})
	}
	return writeKept(w, r, out)
}

func (s *Server) scorecard(ctx context.Context, id plan.ID, v *view) (scorecard, error) {
	row, err := s.Store.Plan(ctx, id)
	if err != nil {
		return scorecard{}, err
	}
	sum := v.summary()
	out := scorecard{ID: id.String(), Name: row.Name, Revision: v.Revision, Grids: v.GridCount(), Measures: map[plan.Measure]measures{}, MaxDeviation: sum.MaxDeviation,
		Contiguous: sum.Contiguous, CutMetres: float64(sum.CutLength), CutCompounds: v.CutCompounds(), Band: v.Recipe.Band, Tolerance: v.Recipe.Tolerance}
	for _, m := range sum.Measures {
		out.Measures[m.Measure] = measures{Total: m.Total, Ideal: m.Ideal, MaxDeviation: m.MaxDeviation, Gini: m.Gini}
	}
	for g := range v.Live() {
		if v.Verdict(g.No) != plan.Within {
			out.Out++
		}
	}
	for _, f := range v.found() {
		switch f.Severity {
		case plan.Err:
			out.Errors++
		case plan.Warning:
			out.Warnings++
		}
	}
	return out, nil
}

func loadsView(ms []plan.Measure, loads []float64) map[plan.Measure]float64 {
	out := make(map[plan.Measure]float64, len(loads))
	for m, load := range loads {
		out[ms[m]] = load
	}
	return out
}

func newMoveView(c *plan.Comparison, m plan.Move) moveView {
	named := func(s *plan.Snapshot, no plan.GridNo) *comparedGrid {
		if no == 0 {
			return nil
		}
		g := s.Grids[no-1]
		return &comparedGrid{no, g.Code, g.Name, g.NameEn}
	}
	return moveView{Parent: m.Parent, From: named(c.A, m.From), To: named(c.B, m.To), Blocks: m.Blocks, Codes: m.Codes, Loads: loadsView(c.B.Ground.Measures, m.Loads)}
}

// comparedParents returns the large grids of the second plan, those that differ with what differs.
func comparedParents(a, b *view, c *plan.Comparison, l words.Lang) []comparedParent {
	inA := make(map[string]int32, len(a.Ground.Parents))
	for i, p := range a.Ground.Parents {
		inA[p.Code] = int32(i)
	}
	index := make(map[string]int, len(b.Ground.Parents))
	out := make([]comparedParent, len(b.Ground.Parents))
	loads := make([][]float64, len(out))
	for i, p := range b.Ground.Parents {
		index[p.Code] = i
		out[i] = comparedParent{Code: p.Code, Name: p.Name, NameEn: p.NameEn, Path: b.path(int32(i), l), B: len(b.Siblings(int32(i))), WorstB: b.ParentDeviation(int32(i)),
			Box: boxView(b.ground.parents[i].box), Grids: []string{}}
		loads[i] = make([]float64, len(b.Ground.Measures))
		if at, ok := inA[p.Code]; ok {
			out[i].A, out[i].WorstA = len(a.Siblings(at)), a.ParentDeviation(at)
		}
	}
	changed := map[plan.GridNo]bool{}
	answers := map[plan.GridNo]plan.GridNo{} // of a, to b
	for _, p := range c.Pairs {
		answers[p.A] = p.B
		if p.A == 0 {
			changed[p.B] = true
		}
	}
	for _, m := range c.Moves {
		i := index[m.Parent]
		out[i].Blocks += len(m.Blocks)
		for at, n := range m.Loads {
			loads[i][at] += n
		}
		changed[m.To], changed[answers[m.From]] = true, true
	}
	for g := range b.Live() {
		if changed[g.No] {
			out[g.Parent].Grids = append(out[g.Parent].Grids, g.Code)
		}
	}
	for i := range out {
		out[i].Loads = loadsView(b.Ground.Measures, loads[i])
	}
	return out
}
