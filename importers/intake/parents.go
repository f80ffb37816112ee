package intake

import (
	"context"
	"slices"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// parents finds the stored area each record lies in, by the parent's code, and refuses the records whose parent is none
// or more than one. Records without a parent are left out.
func (j *job) parents(ctx context.Context, im *postgis.Importing) (map[string]plan.Area, error) {
	var codes []string
	for _, r := range j.records {
		if r.parent != "" {
			codes = append(codes, r.parent)
		}
	}
	slices.Sort(codes)
	found, wrong, err := j.parentsOf(ctx, im, slices.Compact(codes))
	if err != nil {
		return nil, err
	}
	for _, r := range j.records {
		if w, is := wrong[r.parent]; is {
			j.refuse(r.place, Refused{Code: r.code, Field: "parent", Value: r.parent, Key: w.key}, w.args)
		}
	}
	return found, nil
}

// parentsOf returns the stored areas that have one of the codes, by code, and why others are no parents.
func (j *job) parentsOf(ctx context.Context, im *postgis.Importing, codes []string) (found map[string]plan.Area, wrong map[string]sentence, err error) {
	stored, err := im.AreasByCode(ctx, codes)
	if err != nil {
		return nil, nil, err
	}
	byCode := map[string][]plan.Area{}
	for _, a := range stored {
		byCode[a.Code] = append(byCode[a.Code], a)
	}
	found, wrong = map[string]plan.Area{}, map[string]sentence{}
	for _, code := range codes {
		all := byCode[code]
		fit := slices.DeleteFunc(slices.Clone(all), func(a plan.Area) bool { return !j.mayLieIn(a.Level) })
		args := words.Args{"parent": importers.Excerpt(code)}
		switch {
		case len(fit) == 1:
			found[code] = fit[0]
		case len(fit) > 1:
			args["levels"] = levelsOf(fit)
			wrong[code] = sentence{"parent.ambiguous", args}
		case len(all) > 0:
			args["levels"] = levelsOf(all)
			wrong[code] = sentence{j.byLayer("parent.level"), args}
		default:
			wrong[code] = sentence{j.byLayer("parent.unknown"), args}
		}
	}
	return found, wrong, nil
}

// mayLieIn reports whether what is imported may lie in an area of a level: an area in any higher one, a block in a large
// grid or, where no large grids are loaded, a community.
func (j *job) mayLieIn(l plan.Level) bool {
	if j.Layer == BlockLayer {
		return l == plan.LargeGrid || l == plan.Community
	}
	if level := plan.Level(j.Layer).Rank(); level >= 0 {
		return l.Rank() < level
	}
	return true // the raw ground of any area
}

// byLayer returns a key that differs for areas and blocks.
func (j *job) byLayer(key string) string {
	if j.Layer == BlockLayer {
		return key + ".block"
	}
	return key + ".area"
}

// levels are the names of some areas' levels.
type levels []plan.Level

func levelsOf(areas []plan.Area) (ls levels) {
	for _, a := range areas {
		ls = append(ls, a.Level)
	}
	return ls
}

// In returns the names, joined.
func (ls levels) In(l words.Lang) string {
	var names []string
	for _, level := range ls {
		names = append(names, level.In(l))
	}
	return words.List(names, l)
}
