package intake

import (
	"maps"
	"slices"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// field is one thing a layer's rows tell and the column it comes from.
type field struct {
	name    string
	column  string
	mapped  bool // named by --map, so the column must be there
	measure bool
}

// The fields rows of a layer have besides measures.
var (
	areaFields  = []string{"code", "name", "name_en", "parent"}
	blockFields = []string{"code", "parent", "kind"}
)

// chooseFields lists the layer's fields, the known measures and those --map adds to them. It reports whether --map makes
// sense.
func (j *job) chooseFields() bool {
	names := areaFields
	if j.Layer == BlockLayer {
		names = blockFields
	}
	for _, name := range names {
		j.addField(name, false)
	}
	if j.Layer == BlockLayer {
		for _, m := range plan.Measures {
			j.addField(string(m), true)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(j.Map)) {
		if slices.ContainsFunc(j.fields, func(f field) bool { return f.name == name }) {
			continue
		}
		if j.Layer != BlockLayer || !plan.IsMeasureName(name) || slices.Contains(areaFields, name) {
			j.refuse(importers.Place{}, Refused{Field: name, Key: "map.no_field"},
				words.Args{"field": importers.Excerpt(name), "layer": j.Layer, "fields": names})
			continue
		}
		j.addField(name, true)
		j.note("note.own_measure", words.Args{"measure": name})
	}
	return !j.refused()
}

func (j *job) addField(name string, measure bool) {
	column, mapped := j.Map[name]
	if !mapped {
		column = name
	}
	j.fields = append(j.fields, field{name, column, mapped, measure})
}

// checkColumns refuses a file that lacks a column --map or --where speaks of, or one the layer cannot do without.
func (j *job) checkColumns(seen map[string]bool) {
	have := slices.Sorted(maps.Keys(seen))
	for _, f := range j.fields {
		switch required := f.name == "code" || f.name == "parent" && j.Layer == BlockLayer; {
		case seen[f.column]:
		case f.mapped:
			j.refuse(importers.Place{}, Refused{Field: f.name, Value: f.column, Key: "map.no_column"},
				words.Args{"column": importers.Excerpt(f.column), "have": have})
		case required:
			j.refuse(importers.Place{}, Refused{Field: f.name, Key: "map.needed"}, words.Args{"field": f.name, "have": have})
		}
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
