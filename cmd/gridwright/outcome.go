package main

import (
	"context"

	"gridwright/plan"
	"gridwright/plan/words"
)

// outcome is what a split came to, the JSON of `split --json`.
type outcome struct {
	Plan         string                          `json:"plan"`
	Name         string                          `json:"name"`
	Revision     int64                           `json:"revision"`
	Grids        int                             `json:"grids"`
	Parents      int                             `json:"parents"`
	Blocks       int                             `json:"blocks"`
	Measures     map[plan.Measure]measureFigures `json:"measures"`
	MaxDeviation float64                         `json:"max_deviation"`
	PerParent    []parentFigures                 `json:"per_parent"`
	CutEdges     int                             `json:"cut_edges"`
	CutPerimeter float64                         `json:"cut_perimeter"`
	Contiguous   bool                            `json:"contiguous"`
	Oversized    []string                        `json:"oversized"`
	Findings     []outcomeFinding                `json:"findings"`
	Seed         uint64                          `json:"seed"`
	Effort       int                             `json:"effort"`
	Stopped      string                          `json:"stopped"`
	Solver       string                          `json:"solver"`
	ElapsedS     float64                         `json:"elapsed_s"`
	Changed      *float64                        `json:"changed,omitempty"` // share of the first measure that changed grid
	Synthetic    bool                            `json:"synthetic"`

	snapshot *plan.Snapshot
}

// measureFigures is how evenly one measure is spread. MaxDeviation is against each parent's own ideal, Ideal and Gini are over
// all grids.
type measureFigures struct {
	Total        float64 `json:"total"`
	Ideal        float64 `json:"ideal"`
	MaxDeviation float64 `json:"max_deviation"`
	LowerBound   float64 `json:"lower_bound"`
	Gini         float64 `json:"gini"`
}

// parentFigures is how good the split of one parent is, and how good one can be.
type parentFigures struct {
	Parent       string  `json:"parent"`
	Grids        int     `json:"grids"`
	MaxDeviation float64 `json:"max_deviation"`
	LowerBound   float64 `json:"lower_bound"`
	Bound        string  `json:"bound"`
	Proven       bool    `json:"proven"`
}

type outcomeFinding struct {
	Rule     string        `json:"rule"`
	Severity plan.Severity `json:"severity"`
	Grid     string        `json:"grid,omitempty"`
	Words    string        `json:"words"`
}

// outcome reads a split plan and says how good it is.
func (h *home) outcome(ctx context.Context, id plan.ID, lang words.Lang) (*outcome, error) {
	p, err := h.Plan(ctx, id)
	if err != nil {
		return nil, err
	}
	snap, err := h.Snapshot(ctx, id)
	if err != nil {
		return nil, err
	}
	results, err := h.ParentResults(ctx, id)
	if err != nil {
		return nil, err
	}
	sum := snap.Summary()
	out := &outcome{Plan: id.String(), Name: p.Name, Revision: snap.Revision, Grids: len(snap.Grids), Parents: len(snap.Ground.Parents),
		Blocks: len(snap.Ground.Blocks), Measures: map[plan.Measure]measureFigures{}, MaxDeviation: sum.MaxDeviation,
		CutEdges: sum.CutEdges, CutPerimeter: float64(sum.CutLength), Contiguous: sum.Contiguous, Oversized: append([]string{}, sum.Oversized...),
		Findings: []outcomeFinding{}, Seed: p.Recipe.Seed, Effort: p.Result.Effort, Stopped: p.Result.Stopped, Solver: p.Result.Solver,
		ElapsedS: p.Result.ElapsedS, Changed: p.Result.Changed, Synthetic: snap.Ground.Synthetic, snapshot: snap}
	for _, m := range sum.Measures {
		out.Measures[m.Measure] = measureFigures{m.Total, m.Ideal, m.MaxDeviation, p.Result.LowerBound[m.Measure], m.Gini}
	}
	for i, r := range results {
		out.PerParent = append(out.PerParent, parentFigures{snap.Ground.Parents[i].Code, r.Grids, r.MaxDeviation, r.LowerBound, r.Bound, r.Proven})
	}
	for _, f := range snap.Findings() {
		grid := ""
		if f.Grid != 0 {
			grid = snap.Grids[f.Grid-1].Code
		}
		out.Findings = append(out.Findings, outcomeFinding{f.Rule, f.Severity, grid, f.In(lang)})
	}
	return out, nil
}

// tellOutcome says it in words.
func (s *streams) tellOutcome(o *outcome) {
	s.say("split_done", words.Args{"plan": o.Plan, "name": o.Name, "parents": counted{o.Parents, "large grid"}, "grids": counted{o.Grids, "grid"}, "seconds": o.ElapsedS})
	for _, b := range o.snapshot.Recipe.Balance {
		m := o.Measures[b.Measure]
		s.say("split_measure", words.Args{"measure": b.Measure, "total": average(m.Total), "ideal": average(m.Ideal), "worst": words.Percent(m.MaxDeviation)})
	}
	if o.Changed != nil {
		s.say("split_changed", words.Args{"share": words.Percent(*o.Changed), "measure": o.snapshot.Recipe.Balance[0].Measure})
	}
	broken := map[string]int{} // findings by rule
	for _, f := range o.Findings {
		broken[f.Rule]++
	}
	if n := broken["balance"]; n > 0 {
		s.say("split_beyond", words.Args{"n": counted{n, "grid"}, "tolerance": words.Percent(o.snapshot.Recipe.Tolerance)})
	}
	if n := broken["band"]; n > 0 {
		s.say("split_outside", words.Args{"n": counted{n, "grid"}, "min": o.snapshot.Recipe.Band.Min, "max": o.snapshot.Recipe.Band.Max})
	}
	if o.Stopped == "time" {
		s.say("split_short", nil)
	}
}
