package intake

import (
	"context"
	"slices"
	"strings"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// tallied is a row of a table of counts.
type tallied struct {
	place   importers.Place
	code    string
	name    string     // as plainName writes it; of a row without a code
	address address    // of a row without a code
	layer   plan.Layer // empty: whichever has the code or the name
	tallies []plan.Tally
}

// checkCounts turns the rows into counts and refuses those that are none. A geometry is passed over with a note: it is
// the building that has one.
func (j *job) checkCounts(ctx context.Context) {
	measures := j.measures()
	drawn := 0
	j.checkRows(ctx, func(c *checker) (plan.Layer, string) {
		row := c.tallied(measures)
		j.sum(row.tallies)
		j.tables = append(j.tables, row)
		if c.geometry.Type != "" || c.fault != nil {
			drawn++
		}
		return row.layer, row.code
	})
	if drawn > 0 {
		j.note("note.drawn", words.Args{"n": drawn})
	}
	j.tellPersonal()
}

func (c *checker) tallied(measures []int) tallied {
	c.code = c.text("code")
	row := tallied{place: c.place, code: c.code, layer: plan.Layer(c.text("layer"))}
	if c.blank("code") {
		row.name = plainName(c.impersonal("name"))
		row.address = address{text: c.impersonal("address"), compound: c.text("compound"), number: c.text("building_no")}
		if row.name == "" && row.address.text == "" && row.address.compound == "" {
			c.refuse("code", "", "code.empty", nil)
		}
	}
	if row.layer != "" && !row.layer.Counted() {
		c.refuse("layer", string(row.layer), "counts.layer", words.Args{"layer": importers.Excerpt(string(row.layer))})
	}
	row.tallies = c.tallies(measures)
	return row
}

// plainName returns a name as it is compared: full-width letters, figures and signs as their narrow twins, no white space
// around it.
func plainName(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case r == '\u3000':
			return ' '
		case r >= '\uff01' && r <= '\uff5e':
			return r - '\uff01' + '!'
		}
		return r
	}, s))
}

// storeCounts gives the counts to the buildings and compounds that have their codes, names or addresses. Counts the table does not have
// stay.
func (j *job) storeCounts(ctx context.Context, im *postgis.Importing) error {
	if err := j.findPlaced(ctx, im); err != nil {
		return err
	}
	err := j.findCounted(ctx, im)
	if j.leaveOut(); err != nil || j.refused() {
		return err
	}
	change := &featureChange{}
	for _, layer := range []plan.Layer{plan.BuildingLayer, plan.CompoundLayer} {
		var all []*plan.Feature
		for _, row := range j.tables {
			if row.layer == layer {
				all = append(all, &plan.Feature{Layer: layer, Code: row.code, Tallies: row.tallies})
			}
		}
		if err := j.compareCounts(ctx, im, layer, all, change); err != nil {
			return err
		}
	}
	change.count(&j.report.New, &j.report.Changed, &j.report.Unchanged, &j.report.Retired)
	j.report.sortFindings()
	id, err := j.save(ctx, im)
	if err != nil {
		return err
	}
	return change.apply(ctx, im, id, j.Progress)
}

// compareCounts adds to a change what is new of a layer's counts: new where there were none at all, else changed.
func (j *job) compareCounts(ctx context.Context, im *postgis.Importing, layer plan.Layer, all []*plan.Feature, change *featureChange) error {
	codes := make([]string, len(all))
	for i, f := range all {
		codes[i] = f.Code
	}
	stored, err := im.TalliesByCode(ctx, layer, codes)
	if err != nil {
		return err
	}
	counted := map[string]bool{}
	for _, t := range stored {
		counted[t.Code] = true
	}
	differ, err := j.compareTallies(ctx, im, layer, all, change)
	for _, f := range all {
		switch {
		case !differ[f.Code]:
			change.remains++
		case counted[f.Code]:
			change.changed++
		default:
			change.added++
		}
	}
	return err
}

// findCounted finds for each row the building or compound that has its code, and refuses those for which there is none,
// or one of each, and those whose building or compound had a row before.
func (j *job) findCounted(ctx context.Context, im *postgis.Importing) error {
	codes := make([]string, len(j.tables))
	for i, row := range j.tables {
		codes[i] = row.code
	}
	known := map[plan.Layer][]string{}
	for _, layer := range []plan.Layer{plan.BuildingLayer, plan.CompoundLayer} {
		found, err := im.FeatureCodes(ctx, layer, codes)
		if err != nil {
			return err
		}
		slices.Sort(found)
		known[layer] = found
	}
	type counted struct {
		layer plan.Layer
		code  string
	}
	first := map[counted]importers.Place{}
	for i := range j.tables {
		row := &j.tables[i]
		if row.code == "" {
			continue // it was refused
		}
		has := func(layer plan.Layer) bool {
			_, found := slices.BinarySearch(known[layer], row.code)
			return found && (row.layer == "" || row.layer == layer)
		}
		refuse := func(key string) {
			j.refuse(row.place, Refused{Code: row.code, Field: "code", Value: row.code, Key: key}, words.Args{"code": importers.Excerpt(row.code)})
		}
		switch building, compound := has(plan.BuildingLayer), has(plan.CompoundLayer); {
		case building && compound:
			refuse("counts.ambiguous")
		case building:
			row.layer = plan.BuildingLayer
		case compound:
			row.layer = plan.CompoundLayer
		default:
			refuse("counts.unknown")
		}
		if at, twice := first[counted{row.layer, row.code}]; twice {
			j.refuse(row.place, Refused{Code: row.code, Field: "code", Value: row.code, Key: "counts.twice"},
				words.Args{"code": importers.Excerpt(row.code), "first": at})
		} else {
			first[counted{row.layer, row.code}] = row.place
		}
	}
	return nil
}
