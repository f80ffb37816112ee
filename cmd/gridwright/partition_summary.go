package main

import (
	"math"

	"gridwright/geo/partition"
	"gridwright/geo/verify"
	"gridwright/importers/graphfile"
	"gridwright/plan"
	"gridwright/plan/words"
)

// partitionSummary is what a split came to, the JSON of `partition --json`. Nothing in it but ElapsedS differs between
// two runs of the same.
type partitionSummary struct {
	Grids        int                       `json:"grids"`
	Parents      int                       `json:"parents"`
	Measures     map[string]measureFigures `json:"measures"`
	Band         *bandFigures              `json:"band,omitempty"`
	PerParent    []partitionParent         `json:"per_parent"`
	CutEdges     int                       `json:"cut_edges"`
	CutPerimeter float64                   `json:"cut_perimeter"`
	Contiguous   bool                      `json:"contiguous"`
	Oversized    []string                  `json:"oversized"`
	Full         []string                  `json:"full,omitempty"`
	Seed         uint64                    `json:"seed"`
	Effort       int                       `json:"effort"`
	Stopped      string                    `json:"stopped"`
	Solver       string                    `json:"solver"`
	ElapsedS     float64                   `json:"elapsed_s"`

	lengths bool // of borders are known; else CutPerimeter says nothing
}

// partitionParent is one parent, with what of it lies outside the band where there is one.
type partitionParent struct {
	parentFigures
	Band *outsideFigures `json:"band,omitempty"`
}

// outsideFigures says how many grids lie outside the band and by how much together, and how many and how much at least: proven,
// with the argument for how much.
type outsideFigures struct {
	Grids     int     `json:"grids"`
	Load      float64 `json:"load"`
	LeastGrid int     `json:"least_grids"`
	LeastLoad float64 `json:"least_load"`
	Bound     string  `json:"bound,omitempty"`
}

// bandFigures is the band, what of all parents lies outside, and which grids those are.
type bandFigures struct {
	Measure string         `json:"measure"`
	Min     float64        `json:"min"`
	Max     float64        `json:"max"`
	Outside outsideFigures `json:"outside"`
	Grids   []gridOutside  `json:"grids"`
}

// gridOutside is a grid outside the band; Off is below zero where it has too little.
type gridOutside struct {
	Grid string  `json:"grid"`
	Load float64 `json:"load"`
	Off  float64 `json:"off"`
}

// banded says what lies outside the band, nil without one.
func banded(g *graphfile.Graph, p *partition.Problem, s *partition.Solution, report *verify.Report) *bandFigures {
	if p.Band == nil {
		return nil
	}
	out := &bandFigures{Measure: g.Measures[p.Band.Measure], Min: p.Band.From, Max: p.Band.To, Grids: []gridOutside{}}
	for _, r := range s.Parents {
		out.Outside.LeastGrid += r.OutsideLeast
		out.Outside.LeastLoad += r.OutsideLoadLeast
	}
	names := g.GridNames(p.Grids)
	for i, grid := range report.Grids {
		if grid.Off != 0 {
			out.Grids = append(out.Grids, gridOutside{names[i], grid.Loads[p.Band.Measure], grid.Off})
			out.Outside.Grids++
			out.Outside.Load += math.Abs(grid.Off)
		}
	}
	return out
}

// summarise counts a solution up from the files and the assignment, not from what the search says of itself.
func summarise(g *graphfile.Graph, p *partition.Problem, s *partition.Solution) *partitionSummary {
	sum := &partitionSummary{Parents: len(p.Grids), Measures: map[string]measureFigures{}, Oversized: []string{},
		Seed: p.Seed, Effort: s.Effort, Stopped: s.Stopped, Solver: partition.Version, lengths: g.Lengths}
	for i, r := range s.Parents {
		sum.Grids += p.Grids[i]
		name := ""
		if g.Parents != nil {
			name = g.Parents[i]
		}
		row := partitionParent{parentFigures: parentFigures{name, p.Grids[i], r.MaxDeviation, r.LowerBound, r.Bound, r.Proven}}
		if p.Band != nil {
			row.Band = &outsideFigures{r.Outside, r.OutsideLoad, r.OutsideLeast, r.OutsideLoadLeast, r.OutsideBound}
		}
		sum.PerParent = append(sum.PerParent, row)
	}
	report := verify.Split(verify.Rules{Graph: g.Blocks, Parent: g.Parent, Grids: p.Grids, Measures: p.Balance, Band: p.Band}, s.At)
	sum.Contiguous = len(report.Faults) == 0
	sum.CutEdges, sum.CutPerimeter = report.CutEdges, report.CutPerimeter
	sum.Band = banded(g, p, s, report)
	oversized := make([]bool, len(g.IDs))
	for m, name := range g.Measures {
		sum.Measures[name] = measured(g, p, s, m, oversized)
	}
	for b, is := range oversized {
		if is {
			sum.Oversized = append(sum.Oversized, g.IDs[b])
		}
	}
	return sum
}

// measured counts up one measure and marks the blocks that alone are beyond its ideal and the tolerance.
func measured(g *graphfile.Graph, p *partition.Problem, s *partition.Solution, m int, oversized []bool) measureFigures {
	totals := make([]float64, len(p.Grids))
	for b, v := range g.Blocks.Loads[m] {
		totals[parentOf(g.Parent, b)] += v
	}
	var loads []float64 // of each grid
	var out measureFigures
	for parent, grids := range p.Grids {
		out.Total += totals[parent]
		loads = append(loads, make([]float64, grids)...)
	}
	ideal := func(parent int) float64 { return totals[parent] / float64(p.Grids[parent]) }
	for b, v := range g.Blocks.Loads[m] {
		loads[s.At[b]] += v
		if i := ideal(parentOf(g.Parent, b)); i > 0 && v > i*(1+p.Tolerance) {
			oversized[b] = true
		}
	}
	grid := 0
	for parent, grids := range p.Grids {
		for range grids {
			if i := ideal(parent); i > 0 {
				out.MaxDeviation = max(out.MaxDeviation, math.Abs(loads[grid]/i-1))
			}
			grid++
		}
	}
	out.Ideal = out.Total / float64(len(loads))
	out.LowerBound = s.LowerBound[m]
	out.Gini = plan.Gini(loads)
	return out
}

// namesOf returns the names of parents.
func namesOf(g *graphfile.Graph, parents []int) []string {
	names := []string{}
	for _, p := range parents {
		if g.Parents != nil {
			names = append(names, g.Parents[p])
		}
	}
	return names
}

// tell says the summary in words, the measures in the order they were asked for. full are the parents that could not
// hold their share of grids.
func (sum *partitionSummary) tell(std *streams, measures, full []string) {
	sum.Full = full
	std.say("partition_done", words.Args{"parents": counted{sum.Parents, "parent"}, "grids": counted{sum.Grids, "grid"}, "seconds": sum.ElapsedS})
	for _, name := range measures {
		m := sum.Measures[name]
		std.say("partition_measure", words.Args{"measure": name, "total": average(m.Total), "ideal": average(m.Ideal),
			"worst": words.Percent(m.MaxDeviation), "bound": words.Percent(m.LowerBound)})
	}
	if b := sum.Band; b != nil {
		key := "partition_within"
		if b.Outside.Grids > 0 {
			key = "partition_outside"
		}
		std.say(key, words.Args{"outside": counted{b.Outside.Grids, "grid"}, "min": average(b.Min), "max": average(b.Max),
			"load": average(b.Outside.Load), "least": average(b.Outside.LeastLoad)})
	}
	border := "partition_border"
	if !sum.lengths {
		border = "partition_border_count"
	}
	std.say(border, words.Args{"edges": counted{sum.CutEdges, "border"}, "metres": math.Round(sum.CutPerimeter)})
	if len(full) > 0 {
		std.say("partition_full", words.Args{"parents": full})
	}
	if len(sum.Oversized) > 0 {
		std.say("partition_oversized", words.Args{"blocks": sum.Oversized})
	}
	if sum.Stopped == partition.StoppedTime {
		std.say("split_short", nil)
	}
}
