package groundwork

import (
	"slices"

	"gridwright/geo/crs"
	"gridwright/plan"
)

// preferred lists the kinds of counts, the one to take first: who lives there is whom a grid worker looks after. What is
// registered is counted everywhere but counts many who have left; what is occupied leaves out who is at work elsewhere.
var preferred = []plan.CountKind{plan.Resident, plan.Registered, plan.Occupied, plan.NotSaid}

// chosen returns one tally a measure: of the kind that comes first in preferred. ts is in order of plan.SortTallies.
func chosen(ts []plan.Tally) (best []plan.Tally) {
	for _, t := range ts {
		n := len(best)
		switch {
		case n == 0 || best[n-1].Measure != t.Measure:
			best = append(best, t)
		case slices.Index(preferred, t.Kind) < slices.Index(preferred, best[n-1].Kind):
			best[n-1] = t
		}
	}
	return best
}

// kinds says of how many buildings and compounds a measure was taken as each kind.
type kinds map[plan.Measure]map[plan.CountKind]int

// chooseMeasures finds the measures there are. Where nobody counted buildings each is one.
func (r *raw) chooseMeasures(features []plan.Feature) {
	buildings := false
	for i := range features {
		buildings = buildings || features[i].Layer == plan.BuildingLayer
		for _, t := range chosen(features[i].Tallies) {
			if r.kinds[t.Measure] == nil {
				r.kinds[t.Measure] = map[plan.CountKind]int{}
				r.measures = append(r.measures, t.Measure)
			}
			r.kinds[t.Measure][t.Kind]++
		}
	}
	if buildings && r.kinds[plan.Buildings] == nil {
		r.measures = append(r.measures, plan.Buildings)
	}
	plan.SortMeasures(r.measures)
	for _, m := range r.measures {
		r.in.Measures = append(r.in.Measures, string(m))
	}
}

// counts returns a feature's counts, one a measure; nil where nothing was counted of it.
func (r *raw) counts(f *plan.Feature) []int64 {
	tallies := chosen(f.Tallies)
	if f.Layer == plan.BuildingLayer && r.kinds[plan.Buildings] == nil {
		tallies = append(tallies, plan.Tally{Measure: plan.Buildings, Count: 1})
	}
	if len(tallies) == 0 {
		return nil
	}
	counts := make([]int64, len(r.measures))
	for _, t := range tallies {
		counts[slices.Index(r.measures, t.Measure)] = t.Count
	}
	return counts
}

// twiceCounted is a measure that was counted of a compound as a whole and of buildings that name it, too.
type twiceCounted struct {
	compound string
	measure  plan.Measure
	at       crs.Point
}

// countedTwice finds what may have been counted twice. Both are added up: only the planner knows whether the count of the
// compound is one of its own or the sum of its buildings.
func countedTwice(features []plan.Feature) (found []twiceCounted) {
	type of struct {
		compound string
		measure  plan.Measure
	}
	inBuildings := map[of]bool{}
	for _, f := range features {
		for _, t := range f.Tallies {
			if f.Layer == plan.BuildingLayer && f.Compound != "" && t.Count > 0 {
				inBuildings[of{f.Compound, t.Measure}] = true
			}
		}
	}
	for _, f := range features {
		if f.Layer != plan.CompoundLayer {
			continue
		}
		for _, t := range chosen(f.Tallies) {
			if t.Count > 0 && inBuildings[of{f.Code, t.Measure}] {
				found = append(found, twiceCounted{f.Code, t.Measure, f.First()})
			}
		}
	}
	return found
}
