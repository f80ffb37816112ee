package plan

import (
	"errors"

	"gridwright/plan/words"
)

// Proposal is what the solver found for a ground: the grids, where each block goes, and what it says of each parent.
type Proposal struct {
	Grids   []Grid
	At      []GridNo       // one entry a block; 0 only where a kept plan has it so
	Parents []ParentResult // one entry a parent
	Result  Result
}

// ParentResult is what the solver says of one parent (how many grids it got, how good they are).
type ParentResult struct {
	Grids        int     `json:"-"`
	MaxDeviation float64 `json:"max_deviation"` // of the split as proposed
	LowerBound   float64 `json:"lower_bound"`   // proven: no split has a smaller one
	Bound        string  `json:"bound"`         // which argument proves it
	Proven       bool    `json:"proven"`        // the split is as good as can be

	Outside      int     `json:"outside,omitempty"`       // grids outside the band, as proposed
	OutsideBy    float64 `json:"outside_by,omitempty"`    // by how much together
	OutsideLeast float64 `json:"outside_least,omitempty"` // proven: no split has less outside
	Why          *Why    `json:"why,omitempty"`           // what keeps it from the band or the tolerance; nil where nothing does, or nobody looked
}

// Result is what the solver says of the whole.
type Result struct {
	Solver     string              `json:"solver"` // its version
	Effort     int                 `json:"effort"`
	Stopped    string              `json:"stopped"` // effort, time, proven, cancelled: a planner took the best so far
	ElapsedS   float64             `json:"elapsed_s"`
	LowerBound map[Measure]float64 `json:"lower_bound"` // of the worst deviation, by measure
	Grids      int                 `json:"grids"`
	Parents    int                 `json:"parents"`
	Blocks     int                 `json:"blocks"`
	Changed    *float64            `json:"changed,omitempty"` // share of the first measure that is in another grid than in the base
	Synthetic  bool                `json:"synthetic"`
}

// Progress is how far a split is.
type Progress struct {
	Done, Total int     // parents
	Worst       float64 // worst deviation so far
}

// Edit returns the proposal as the first entry of the plan's log.
func (p *Proposal) Edit(g *Ground) Edit {
	e := Edit{Revision: 1, Kind: Propose}
	for b := range g.Blocks {
		e.Blocks = append(e.Blocks, g.Blocks[b].ID)
		e.Before = append(e.Before, 0)
		e.After = append(e.After, p.At[b])
	}
	return e
}

// Failure is why a split failed, kept with the plan: a Fault without its cause.
type Failure struct {
	Key  string     `json:"key"`
	Args words.Args `json:"args"`
}

// NewFailure keeps what a user may read of an error.
func NewFailure(err error) *Failure {
	if f, ok := errors.AsType[*Fault](err); ok {
		args := words.Args{}
		for name, v := range f.Args {
			if s, ok := v.(words.Speaker); ok {
				// Speakers don't outlive JSON; both languages do.
				args[name+".zh"], args[name+".en"] = s.In(words.Zh), s.In(words.En)
				continue
			}
			args[name] = v
		}
		return &Failure{Key: f.Key, Args: args}
	}
	return &Failure{Key: "split.failed"}
}

// In returns the sentence.
func (f *Failure) In(l words.Lang) string {
	args := words.Args{}
	for name, v := range f.Args {
		args[name] = v
	}
	for name := range f.Args {
		suffix := ".zh"
		if l == words.En {
			suffix = ".en"
		}
		if n := len(name) - len(suffix); n > 0 && name[n:] == suffix {
			args[name[:n]] = f.Args[name]
		}
	}
	return Sentences.Say(l, f.Key, args)
}
