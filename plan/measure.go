package plan

import (
	"regexp"
	"slices"

	"gridwright/plan/words"
)

// Measure is the name of an additive count on blocks: one of Measures, or one the user defines.
type Measure string

// The measures the product knows by name.
const (
	Households   Measure = "households"    // 户
	Residents    Measure = "residents"     // 常住人口
	Dwellings    Measure = "dwellings"     // 套
	StairUnits   Measure = "stair_units"   // 楼内单元
	Buildings    Measure = "buildings"     // 楼栋
	ResidentOrgs Measure = "resident_orgs" // 驻区单位
	PartyMembers Measure = "party_members" // 党员
)

// Measures lists the known measures in the order planners give them weight.
var Measures = []Measure{Households, Residents, Dwellings, StairUnits, Buildings, ResidentOrgs, PartyMembers}

var measureName = regexp.MustCompile(`^[a-z][a-z0-9_]{0,39}$`)

// IsMeasureName reports whether a word can name a measure: lower-case Latin letters, digits and underscores.
func IsMeasureName(s string) bool { return measureName.MatchString(s) }

// SortMeasures orders measures as Measures does, the user's own after them by name.
func SortMeasures(ms []Measure) {
	rank := func(m Measure) int {
		if i := slices.Index(Measures, m); i >= 0 {
			return i
		}
		return len(Measures)
	}
	slices.SortFunc(ms, func(a, b Measure) int {
		if d := rank(a) - rank(b); d != 0 {
			return d
		}
		if a < b {
			return -1
		}
		return 1
	})
}

// In returns the measure's name: 户数, households. A measure the user defined is called what he called it.
func (m Measure) In(l words.Lang) string {
	if !slices.Contains(Measures, m) {
		return string(m)
	}
	return Sentences.Say(l, "measure."+string(m), nil)
}

// Quantity is a count of a measure, said with its unit: 486户, 486 households.
type Quantity struct {
	Measure Measure
	Count   float64
}

// In returns the count with its unit.
func (q Quantity) In(l words.Lang) string {
	args := words.Args{"n": words.Number(q.Count), "name": string(q.Measure)}
	if !slices.Contains(Measures, q.Measure) {
		return Sentences.Say(l, "quantity.other", args)
	}
	return Sentences.Say(l, "quantity."+string(q.Measure), args)
}
