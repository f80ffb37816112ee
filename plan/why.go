package plan

import (
	"cmp"
	"context"
	"errors"
	"math"
	"slices"
	"time"

	"gridwright/geo/partition"
	"gridwright/plan/words"
)

// Why is what keeps a parent from its band or its tolerance, and what would help, as the solver left it. Figures are loads of the band's
// measure where OfBand, and deviations else.
type Why struct {
	OfBand   bool     `json:"of_band"`
	Argument string   `json:"argument"` // which argument proves Bound; empty where nothing is proven
	Blocks   []string `json:"blocks"`   // codes of those it speaks of, the first few
	Reached  float64  `json:"reached"`
	Bound    float64  `json:"bound"`
	ByRules  bool     `json:"by_rules"` // less is proven without locks, dedicated grids, and blocks together or apart
	Helps    []Help   `json:"helps"`    // single changes that help, the best first
}

// Help is one change and what it leads to.
type Help struct {
	Kind      string   `json:"kind"` // one of partition's kinds of relaxations
	Blocks    []string `json:"blocks,omitempty"`
	Grids     int      `json:"grids,omitempty"`
	Tolerance float64  `json:"tolerance,omitempty"`
	Min       float64  `json:"min,omitempty"`
	Max       float64  `json:"max,omitempty"`
	Reached   float64  `json:"reached"`
	Enough    bool     `json:"enough"`
}

// mostExplained is how many parents are explained, the worst first: each takes as long as its split.
const mostExplained = 12

// explain says of the parents that miss the recipe's wish why. A tolerance of nothing is no wish. Where the time is capped it uses what is
// left, and says nothing if that is not enough.
func (in *inScope) explain(ctx context.Context, problem partition.Problem, s *partition.Solution, p *Proposal, began time.Time) error {
	if problem.Band == nil && problem.Tolerance == 0 {
		return nil
	}
	within := ctx
	if problem.Time > 0 {
		var cancel context.CancelFunc
		within, cancel = context.WithDeadline(ctx, began.Add(problem.Time))
		defer cancel()
	}
	found, err := partition.Explain(within, problem, worstOf(problem, s))
	if errors.Is(err, context.DeadlineExceeded) && ctx.Err() == nil {
		return nil
	}
	for _, w := range found {
		why := &Why{OfBand: w.OfBand, Argument: w.Argument, Blocks: in.codes(w.Blocks), Reached: w.Reached, Bound: w.Bound, ByRules: w.ByRules}
		for _, r := range w.Relaxations {
			help := Help{Kind: string(r.Kind), Blocks: in.codes(r.Blocks), Tolerance: r.Tolerance, Min: r.From, Max: r.To, Reached: r.Reached, Enough: r.Enough}
			if r.Kind == partition.OtherNumber {
				help.Grids = r.Grids
			}
			why.Helps = append(why.Helps, help)
		}
		p.Parents[in.parents[w.Parent]].Why = why
	}
	return err
}

// worstOf returns the solution with only the worst of the parents that miss the wish still missing it.
func worstOf(p partition.Problem, s *partition.Solution) *partition.Solution {
	missed := func(r partition.ParentResult) float64 {
		switch {
		case p.Band != nil:
			return r.OutsideLoad
		case r.MaxDeviation > p.Tolerance+rounding:
			return r.MaxDeviation
		}
		return 0
	}
	var order []int
	for i, r := range s.Parents {
		if missed(r) > 0 {
			order = append(order, i)
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(missed(s.Parents[b]), missed(s.Parents[a])) })
	few := *s
	few.Parents = slices.Clone(s.Parents)
	for _, i := range order[min(mostExplained, len(order)):] {
		few.Parents[i].MaxDeviation, few.Parents[i].OutsideLoad = 0, 0
	}
	return &few
}

// unmet returns a note for each parent that misses the recipe's wish as it stands, where the solver said why.
func (s *Snapshot) unmet() (found []Finding) {
	for i, w := range s.Whys {
		parent := int32(i)
		if w == nil || !s.misses(parent) {
			continue
		}
		found = append(found, Finding{Rule: "why", Severity: Note, At: s.place(parent, nil),
			Args: words.Args{"parent": s.Ground.Parents[parent].Code, "because": s.because(w), "help": s.help(w)}})
	}
	return found
}

// misses reports whether some grid of a parent is outside the band or the tolerance.
func (s *Snapshot) misses(parent int32) bool {
	return slices.ContainsFunc(s.Siblings(parent), func(no GridNo) bool { return s.balance(no) != Within })
}

// because says what the argument is.
func (s *Snapshot) because(w *Why) sentence {
	key := "why.search"
	switch w.Argument {
	case partition.BoundNumber:
		key = "why.number"
	case partition.BoundLargest, partition.BoundRest:
		key = "why.large"
	case partition.BoundCrowding:
		key = "why.crowding"
	case partition.BoundWhole, partition.BoundSums:
		key = "why.sums"
	case partition.BoundPieces:
		if key = "why.pieces"; len(w.Blocks) == 0 {
			key = "why.parted"
		}
	case partition.BoundBridge:
		key = "why.bridge"
	case partition.BoundExhaustive:
		key = "why.exhaustive"
	}
	if w.Argument != "" && w.ByRules {
		key = "why.rules"
	}
	return sentence{key, words.Args{"blocks": w.Blocks}}
}

// help says which change would help most, and if that is not enough or only a softer wish, what there is.
func (s *Snapshot) help(w *Why) words.Speaker {
	if len(w.Helps) == 0 {
		return sentence{"help.none", nil}
	}
	best := w.Helps[0]
	reached := any(words.Percent(best.Reached))
	if band, ok := s.band(); ok && w.OfBand {
		reached = Quantity{band.Measure, math.Round(best.Reached)}
	}
	args := words.Args{"blocks": best.Blocks, "grids": best.Grids, "tolerance": words.Percent(best.Tolerance), "min": best.Min, "max": best.Max, "reached": reached}
	key := "help." + best.Kind
	if best.Enough || best.Kind == string(partition.OtherTolerance) || best.Kind == string(partition.OtherBand) {
		return sentence{key, args}
	}
	return sentence{"help.partly", words.Args{"help": sentence{key, args}, "reached": reached}}
}
