package plan

import (
	"errors"
	"math"
	"slices"

	"gridwright/geo/apportion"
	"gridwright/geo/partition"
	"gridwright/plan/words"
)

// portions returns what the parents are given grids by: their loads of the given measures without the fixed sets, their blocks and
// their pieces.
func (in *inScope) portions(measures []int, rules *ruled) []apportion.Parent {
	parents := make([]apportion.Parent, len(in.parents))
	for i := range parents {
		parents[i].Loads = make([]float64, len(measures))
	}
	label := slices.Clone(in.parent)
	for b, old := range in.blocks {
		if rules.held[b] {
			label[b] = -1
			continue
		}
		p := &parents[in.parent[b]]
		p.Blocks++
		for i, m := range measures {
			p.Loads[i] += float64(in.ground.Blocks[old].Counts[m])
		}
	}
	piece, n := in.graph.Pieces(label)
	seen := make([]bool, n)
	for b, piece := range piece {
		if piece >= 0 && !seen[piece] {
			seen[piece] = true
			parents[in.parent[b]].Pieces++
		}
	}
	return parents
}

// apportion decides how many grids each parent gets, beside the fixed sets.
func (in *inScope) apportion(t Task, rules *ruled, p partition.Problem) ([]int, error) {
	r := t.Recipe
	measures, weights := []int{}, []float64{}
	for _, b := range r.Balance {
		measures, weights = append(measures, in.ground.MeasureIndex(b.Measure)), append(weights, b.Weight)
	}
	if r.Band != nil {
		measures = []int{in.ground.MeasureIndex(r.Band.Measure)}
	}
	parents := in.portions(measures, rules)
	groups, err := in.limit(parents, t)
	if err != nil {
		return nil, err
	}
	if r.Band != nil {
		return in.shareByBand(*r.Band, parents, p)
	}
	method := apportion.Adams
	if r.Method == Equal {
		method = apportion.Equal
	}
	shares, err := apportion.Grouped(parents, weights, r.Grids-rules.locks(), groups, method)
	if err != nil {
		return nil, in.wordShares(err, t, groups, parents)
	}
	if r.Reshare > 0 && len(groups) == 0 {
		in.shareAgain(p, parents, weights, shares, 1+r.Reshare)
	}
	return shares.Grids, nil
}

// shareByBand gives each parent the number of grids that brings its average into the band. A band from nothing up is a limit: each gets
// as few grids as do, as far as can be proven.
func (in *inScope) shareByBand(band Band, parents []apportion.Parent, p partition.Problem) ([]int, error) {
	if band.Min > 0 {
		shares, err := apportion.Band(parents, 0, band.Min, band.Max)
		if err != nil {
			return nil, err
		}
		return shares.Grids, nil
	}
	shares, err := apportion.AtMost(parents, 0, band.Max)
	if err != nil {
		return nil, err
	}
	p.Grids = shares.Grids
	partition.NewParents(&p).Raise(shares.Grids)
	return shares.Grids, nil
}

// shareAgain moves single grids between parents where a proof says that the worse of two gets better by it, so far as no average
// rises above so many times the largest there is. At once nothing would move: no average is below the largest where a grid less
// would not raise it above.
func (in *inScope) shareAgain(p partition.Problem, parents []apportion.Parent, weights []float64, shares *apportion.Shares, times float64) {
	p.Grids = shares.Grids
	proofs := partition.NewParents(&p)
	apportion.Again(parents, weights, shares, times*shares.Heaviest, func(parent, grids int) float64 {
		worst, _, err := proofs.Bound(parent, grids)
		switch {
		case err != nil:
			return math.Inf(1)
		case worst <= p.Tolerance:
			return 0 // within the wish nothing is to be gained
		}
		return worst
	})
}

// limit writes the numbers that areas get into the parents, and returns those of areas above parents as groups, in the order of the
// recipe.
func (in *inScope) limit(parents []apportion.Parent, t Task) (groups []apportion.Group, err error) {
	for i, n := range t.Recipe.Numbers {
		var under []int
		for _, parent := range t.Under[i] {
			if at := slices.Index(in.parents, parent); at >= 0 {
				under = append(under, at)
			}
		}
		switch {
		case len(under) == 0:
			return nil, Refuse(Invalid, "number.area", words.Args{"area": n.Area})
		case in.isParent(under, n.Area):
			p := &parents[under[0]]
			p.Min, p.Max = n.Min, n.Max
			if n.Min > p.Blocks || n.Max > 0 && n.Max < p.Pieces {
				return nil, Refuse(Invalid, "number.parent", words.Args{"area": n.Area, "min": n.Min, "max": n.Max, "blocks": p.Blocks, "pieces": p.Pieces})
			}
		case n.Min != n.Max:
			return nil, Refuse(Invalid, "number.group_exact", words.Args{"area": n.Area, "min": n.Min, "max": n.Max})
		default:
			groups = append(groups, apportion.Group{Parents: under, Grids: n.Min})
		}
	}
	return groups, nil
}

// isParent reports whether an area with the given parents under it is one of them itself.
func (in *inScope) isParent(under []int, area string) bool {
	return len(under) == 1 && in.ground.Parents[in.parents[under[0]]].Code == area
}

// wordShares words why grids cannot be given out so.
func (in *inScope) wordShares(err error, t Task, groups []apportion.Group, parents []apportion.Parent) error {
	grids := t.Recipe.Grids
	if rest, ok := errors.AsType[*apportion.RestError](err); ok {
		return Refuse(Invalid, "number.rest", words.Args{"grids": rest.Grids, "groups": rest.Groups})
	}
	if group, ok := errors.AsType[*apportion.GroupError](err); ok {
		areas := in.grouped(t)
		args := words.Args{"area": areas[group.Group], "grids": groups[group.Group].Grids}
		if few, ok := errors.AsType[*apportion.TooFewError](err); ok {
			args["least"] = few.Least
			return Refuse(Invalid, "number.group_few", args)
		}
		if many, ok := errors.AsType[*apportion.TooManyError](err); ok {
			args["most"] = many.Most
			return Refuse(Invalid, "number.group_many", args)
		}
		return Refuse(Invalid, "number.group_twice", args)
	}
	if few, ok := errors.AsType[*apportion.TooFewError](err); ok {
		if len(parents) > grids {
			return Refuse(Invalid, "split.too_few", words.Args{"grids": grids, "parents": len(parents)})
		}
		return Refuse(Invalid, "split.too_few_pieces", words.Args{"grids": grids, "least": few.Least})
	}
	if many, ok := errors.AsType[*apportion.TooManyError](err); ok {
		return Refuse(Invalid, "split.too_many", words.Args{"grids": grids, "blocks": many.Most})
	}
	return err
}

// grouped returns the areas above parents that have numbers of their own, in the order of the recipe.
func (in *inScope) grouped(t Task) (areas []string) {
	for i, n := range t.Recipe.Numbers {
		if len(t.Under[i]) != 1 || in.ground.Parents[t.Under[i][0]].Code != n.Area {
			areas = append(areas, n.Area)
		}
	}
	return areas
}
