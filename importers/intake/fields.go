package intake

import (
	"maps"
	"slices"
	"strings"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// field is one thing a layer's rows tell and the column it comes from.
type field struct {
	name     string
	column   string
	mapped   bool // named by --map, so the column must be there
	measure  bool
	constant *string // what all rows say, where --map gives a value ("==resident") and no column
}

// chooseFields lists the layer's fields, the known measures and those --map adds to them. It reports whether --map makes
// sense.
func (j *job) chooseFields() bool {
	for _, name := range j.kind.fields {
		j.addField(name, false)
	}
	if j.kind.measures != noMeasures {
		for _, m := range plan.Measures {
			j.addMeasure(string(m))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(j.Map)) {
		switch {
		case j.hasField(name):
		case !j.mayBeMeasure(name):
			if base, is := strings.CutSuffix(name, kindSuffix); is && j.kind.measures == sparseMeasures && j.Map[base] != "" {
				continue // of an own measure, which comes with its kind
			}
			j.refuse(importers.Place{}, Refused{Field: name, Key: "map.no_field"},
				words.Args{"field": importers.Excerpt(name), "layer": j.Layer, "fields": j.kind.fields})
		default:
			j.addMeasure(name)
			j.note("note.own_measure", words.Args{"measure": name})
		}
	}
	for _, f := range j.fields {
		if f.constant == nil && f.mapped && personalIn(j.Layer).MatchString(f.column) {
			j.refuse(importers.Place{}, Refused{Field: f.name, Value: f.column, Key: "map.personal"}, words.Args{"column": importers.Excerpt(f.column)})
		}
		if f.constant != nil && !j.mayBeConstant(f.name) {
			j.refuse(importers.Place{}, Refused{Field: f.name, Key: "map.constant"}, words.Args{"field": f.name})
		}
	}
	return !j.refused()
}

// mayBeMeasure reports whether a word can name a measure of the user's own on the layer: no field of any layer is called so.
func (j *job) mayBeMeasure(name string) bool {
	taken := areaFields
	if j.kind.measures == sparseMeasures {
		taken = slices.Concat(areaFields, lineFields, buildingFields, compoundFields, organisationFields, countsFields)
	}
	return j.kind.measures != noMeasures && plan.IsMeasureName(name) && !slices.Contains(taken, name) && !strings.HasSuffix(name, kindSuffix)
}

// kindSuffix ends the name of the field that says whom a measure counts.
const kindSuffix = "_kind"

func (j *job) hasField(name string) bool {
	return slices.ContainsFunc(j.fields, func(f field) bool { return f.name == name })
}

// addMeasure adds a measure, and whom it counts where the layer's counts say that.
func (j *job) addMeasure(name string) {
	j.addField(name, true)
	if j.kind.measures == sparseMeasures {
		j.addField(name+kindSuffix, false)
	}
}

func (j *job) addField(name string, measure bool) {
	f := field{name: name, column: name, measure: measure}
	if column, mapped := j.Map[name]; mapped {
		f.column, f.mapped = column, true
		if value, is := strings.CutPrefix(column, "="); is {
			f.constant = &value
		}
	}
	j.fields = append(j.fields, f)
}

// mayBeConstant reports whether --map may say a value of a field for all rows: what a file often says only in its name.
func (j *job) mayBeConstant(name string) bool {
	return name == "counted_on" || name == "layer" || (j.Layer == RosterLayer || j.Layer == PartyLayer) && slices.Contains([]string{"plan", "since", "community", "source", "home"}, name) || name == "department" || name == "parent" && plan.Layer(j.Layer).Rank() >= 0 || j.kind.measures == sparseMeasures && strings.HasSuffix(name, kindSuffix)
}

// says reports whether the file tells a field of its rows, be it that they leave it empty.
func (j *job) says(name string) bool {
	return slices.ContainsFunc(j.fields, func(f field) bool { return f.name == name && (f.constant != nil || j.seen[f.column]) })
}

// checkColumns refuses a file that lacks a column --map or --where speaks of, or one the layer cannot do without.
func (j *job) checkColumns(seen map[string]bool) {
	have := slices.Sorted(maps.Keys(seen))
	for _, f := range j.fields {
		switch required := slices.Contains(j.kind.needs, f.name); {
		case seen[f.column] && f.column != "", f.constant != nil:
		case f.mapped && f.column == "" && !required: // left out on purpose
		case f.mapped:
			j.refuse(importers.Place{}, Refused{Field: f.name, Value: f.column, Key: "map.no_column"},
				words.Args{"column": importers.Excerpt(f.column), "have": have})
		case required:
			j.refuse(importers.Place{}, Refused{Field: f.name, Key: "map.needed"}, words.Args{"field": f.name, "have": have})
		}
	}
	if j.Layer == CountsLayer && !slices.ContainsFunc([]string{"code", "name", "compound", "address"}, j.says) {
		j.refuse(importers.Place{}, Refused{Field: "code", Key: "map.needed"}, words.Args{"field": "code", "have": have})
	}
	if j.kind.measures == sparseMeasures && j.Layer == CountsLayer && !slices.ContainsFunc(j.fields, func(f field) bool { return f.measure && seen[f.column] }) {
		j.refuse(importers.Place{}, Refused{Key: "map.no_measure"}, words.Args{"have": have})
	}
	for _, column := range slices.Sorted(maps.Keys(j.Where)) {
		if !seen[column] {
			j.refuse(importers.Place{}, Refused{Value: column, Key: "where.no_column"},
				words.Args{"column": importers.Excerpt(column), "have": have})
		}
	}
}

// measures returns the indexes of the measures the rows have: those --map names, and those with a value in any row.
func (j *job) measures() []int {
	var used []int
	for i, f := range j.fields {
		if f.measure && (f.mapped || slices.ContainsFunc(j.rows, func(r row) bool { return r.cells[i].Text != "" })) {
			used = append(used, i)
		}
	}
	return used
}
