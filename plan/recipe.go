package plan

import (
	"slices"
	"time"

	"gridwright/plan/words"
)

// Recipe is everything a split needs besides the map (划分条件). It is stored with the plan and sent as JSON.
type Recipe struct {
	Scope     string    `json:"scope"`                // "all", or the code of one area
	Grids     int       `json:"grids,omitempty"`      // wanted in all; 0 when a band is given
	Band      *Band     `json:"band,omitempty"`       // instead of Grids
	Balance   []Balance `json:"balance"`              // at least one; the first is the one sentences speak of
	Tolerance float64   `json:"tolerance"`            // wanted bound on the worst deviation
	Seed      uint64    `json:"seed"`                 // equal map, recipe and seed give equal plans
	Effort    int       `json:"effort,omitempty"`     // iterations a parent; 0 leaves it to the solver
	TimeMS    int64     `json:"time_ms,omitempty"`    // cap on the run time; 0 for none
	Keep      string    `json:"keep,omitempty"`       // plan whose grids outside the scope are taken over
	KeepAt    int64     `json:"keep_at,omitempty"`    // revision of that plan, filled when the plan is made
	Base      string    `json:"base,omitempty"`       // plan that the new one is to change as little as can be
	BaseAt    int64     `json:"base_at,omitempty"`    // revision of that plan, filled when the plan is made
	MaxChange float64   `json:"max_change,omitempty"` // share of each parent's first balanced measure that may change grid; 1 only begins with the base, or splits anew around what is locked in it
	Method    string    `json:"method,omitempty"`     // how grids are shared out over parents: MinMax or Equal
	Reshare   float64   `json:"reshare,omitempty"`    // how far the largest average may rise where proofs say that grids are better elsewhere: 0.2 is 20 %
	Numbers   []Number  `json:"numbers,omitempty"`    // of grids that areas get whatever the method says
	Rules     *Rules    `json:"rules,omitempty"`      // locks, blocks together and apart, dedicated grids

	Copy   string `json:"copy,omitempty"`    // the plan this is a copy of, which is no part of the split; filled when it is made
	CopyAt int64  `json:"copy_at,omitempty"` // revision of that plan

	Alternatives int `json:"alternatives,omitempty"` // how many clearly different plans are wanted; 0 and 1 are one
	Alternative  int `json:"alternative,omitempty"`  // which of them this is, from 2; filled when they are made
}

// Balance is one measure to be balanced and how much it counts in a parent's share of grids.
type Balance struct {
	Measure Measure `json:"measure"`
	Weight  float64 `json:"weight"`
}

// Band is the wanted range of a measure per grid (户数区间), both ends included.
type Band struct {
	Measure Measure `json:"measure"`
	Min     float64 `json:"min"`
	Max     float64 `json:"max"`
}

// DefaultTolerance is the wanted bound on the worst deviation when a recipe names none.
const DefaultTolerance = 0.05

// DefaultMaxChange is the share that may change grid when a recipe names a base and no share.
const DefaultMaxChange = 0.05

// DefaultSeed is the seed when a recipe names none.
const DefaultSeed = 1

// maxLoad is more than any grid carries, and maxWeight more than anybody means.
const (
	maxLoad   = 1e12
	maxWeight = 1_000_000
)

// maxGrids is more grids than any ground has blocks; it only keeps sums inside their type.
const maxGrids = 10_000_000

// Time returns the cap on the run time, 0 for none.
func (r Recipe) Time() time.Duration { return time.Duration(r.TimeMS) * time.Millisecond }

// Measures returns the balanced measures in order.
func (r Recipe) Measures() []Measure {
	ms := make([]Measure, len(r.Balance))
	for i, b := range r.Balance {
		ms[i] = b.Measure
	}
	return ms
}

// Validate returns the first thing in the recipe that no map could make right, as a Fault of kind Invalid.
func (r Recipe) Validate() error {
	switch {
	case r.Scope == "":
		return Refuse(Invalid, "recipe.no_scope", nil)
	case r.Band != nil && r.Grids != 0:
		return Refuse(Invalid, "recipe.grids_and_band", nil)
	case r.Band == nil && (r.Grids < 1 || r.Grids > maxGrids):
		return Refuse(Invalid, "recipe.grids", words.Args{"grids": r.Grids, "most": maxGrids})
	case r.Band != nil && !(r.Band.Min >= 0 && r.Band.Max > 0 && r.Band.Min <= r.Band.Max && r.Band.Max <= maxLoad):
		return Refuse(Invalid, "recipe.band", words.Args{"min": r.Band.Min, "max": r.Band.Max})
	case len(r.Balance) == 0:
		return Refuse(Invalid, "recipe.no_balance", nil)
	case !(r.Tolerance >= 0 && r.Tolerance <= 10):
		return Refuse(Invalid, "recipe.tolerance", words.Args{"tolerance": r.Tolerance})
	case r.Effort < 0 || r.TimeMS < 0:
		return Refuse(Invalid, "recipe.budget", nil)
	case !(r.MaxChange >= 0 && r.MaxChange <= 1):
		return Refuse(Invalid, "recipe.max_change", words.Args{"share": r.MaxChange})
	case r.MaxChange != 0 && r.Base == "":
		return Refuse(Invalid, "recipe.no_base", nil)
	}
	if err := r.validateRules(); err != nil {
		return err
	}
	seen := map[Measure]bool{}
	for _, b := range r.Balance {
		switch {
		case !IsMeasureName(string(b.Measure)):
			return Refuse(Invalid, "recipe.measure_name", words.Args{"measure": string(b.Measure)})
		case seen[b.Measure]:
			return Refuse(Invalid, "recipe.measure_twice", words.Args{"measure": b.Measure})
		case !(b.Weight > 0 && b.Weight <= maxWeight):
			return Refuse(Invalid, "recipe.weight", words.Args{"measure": b.Measure, "weight": b.Weight, "most": maxWeight})
		}
		seen[b.Measure] = true
	}
	return nil
}

// Fits returns what keeps the recipe from being carried out on a ground of so many parents and blocks that has the
// given measures, as a Fault of kind Invalid, or nil. Whether every parent can hold its grids only the solver knows.
func (r Recipe) Fits(parents, blocks int, have []Measure) error {
	wanted := r.Measures()
	if r.Band != nil {
		wanted = append(wanted, r.Band.Measure)
	}
	for _, m := range wanted {
		if !slices.Contains(have, m) {
			names := make([]string, len(have))
			SortMeasures(have)
			for i, h := range have {
				names[i] = string(h)
			}
			return Refuse(Invalid, "split.no_measure", words.Args{"measure": string(m), "have": names})
		}
	}
	switch {
	case r.Band != nil:
		return nil
	case r.Grids < parents:
		return Refuse(Invalid, "split.too_few", words.Args{"grids": r.Grids, "parents": parents})
	case r.Grids > blocks:
		return Refuse(Invalid, "split.too_many", words.Args{"grids": r.Grids, "blocks": blocks})
	}
	return nil
}
