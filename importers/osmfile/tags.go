package osmfile

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"

	pm "github.com/paulmach/osm"

	"gridwright/plan"
)

// thing is what an element is taken for. Its zero value is nothing.
type thing struct {
	layer plan.Layer // empty for an area of the administrative tree
	level plan.Level
	class string
}

func (t thing) none() bool { return t == thing{} }

// tags are the tags of an element, by key.
type tags map[string]string

func tagsOf(ts pm.Tags) tags {
	all := make(tags, len(ts))
	for _, t := range ts {
		all[t.Key] = t.Value
	}
	return all
}

// saysYes reports whether a tag is there and does not say no.
func (t tags) saysYes(key string) bool { return t[key] != "" && t[key] != "no" }

// maxName is how many characters of a name are kept.
const maxName = 200

// clean returns a value fit to be stored: UTF-8 without control characters, no longer than maxName.
func clean(s string) string {
	s = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == unicode.ReplacementChar || unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
	if runes := []rune(s); len(runes) > maxName {
		return string(runes[:maxName])
	}
	return s
}

func (t tags) name() string { return clean(t["name"]) }

func (t tags) bridge() bool { return t.saysYes("bridge") }

func (t tags) tunnel() bool {
	return t.saysYes("tunnel") || t.saysYes("covered") || t["location"] == "underground"
}

// number returns a tag's whole part within bounds, 0 where it says none.
func (t tags) number(key string, low, high int) int {
	f, err := strconv.ParseFloat(t[key], 64)
	if n := math.Trunc(f); err == nil && n >= float64(low) && n <= float64(high) {
		return int(n)
	}
	return 0
}

// adminLevel returns the admin_level of an administrative boundary, 0 for anything else.
func (t tags) adminLevel() int {
	if t["boundary"] != "administrative" {
		return 0
	}
	return t.number("admin_level", 1, 12)
}

// area returns what a closed outline is.
func (t tags) area(levels map[int]plan.Level) thing {
	water := func(class string) thing { return thing{layer: plan.WaterLayer, class: class} }
	compound := func(class string) thing { return thing{layer: plan.CompoundLayer, class: class} }
	switch {
	case levels[t.adminLevel()] != "":
		return thing{level: levels[t.adminLevel()]}
	case t.saysYes("building"):
		return thing{layer: plan.BuildingLayer, class: buildingClass(t["building"])}
	case t["natural"] == "water" || t["waterway"] == "riverbank" || t["waterway"] == "dock":
		return water(t.waterClass())
	case t["landuse"] == "reservoir" || t["landuse"] == "basin":
		return water("reservoir")
	case t["landuse"] == "residential" && t.name() != "":
		return compound("residential")
	case t["leisure"] == "park" || t["landuse"] == "recreation_ground" || t["landuse"] == "village_green":
		return compound("park")
	}
	return thing{}
}

func buildingClass(value string) string {
	if value == "yes" {
		return ""
	}
	return clean(value)
}

// waterClass is what a sheet of water is; a pool or a fountain is none.
func (t tags) waterClass() string {
	switch {
	case t["waterway"] == "riverbank":
		return "river"
	case t["waterway"] == "dock":
		return "dock"
	}
	switch kind := t["water"]; kind {
	case "river", "canal", "pond", "reservoir", "stream", "ditch", "drain":
		return kind
	case "harbour", "dock":
		return "dock"
	case "basin", "wastewater", "fishpond", "moat":
		return "pond"
	case "pool", "fountain", "swimming_pool", "reflecting_pool":
		return ""
	}
	return "lake"
}

// lines are the keys by which a line is known, the first that a way has before the others, and for each what its values
// are called in plan.Classes where that is something else.
var lines = []struct {
	key   string
	layer plan.Layer
	class func(tags) string
}{
	{"highway", plan.RoadLayer, tags.road},
	{"railway", plan.RailwayLayer, tags.railway},
	{"waterway", plan.WaterLayer, func(t tags) string { return t["waterway"] }},
	{"natural", plan.WaterLayer, func(t tags) string { return t["natural"] }},
	{"barrier", plan.WallLayer, func(t tags) string { return t["barrier"] }},
	{"historic", plan.WallLayer, func(t tags) string { return map[bool]string{true: "city_wall"}[t["historic"] == "citywalls"] }},
}

// line returns what a way is as a line, and the tag of a line that is not taken ("highway=proposed").
func (t tags) line() (what thing, leftOut string) {
	for _, l := range lines {
		value := t[l.key]
		if value == "" || value == "no" {
			continue
		}
		class, known := plan.ClassOf(l.layer, l.class(t))
		if known && class.Name == l.class(t) {
			return thing{layer: l.layer, class: class.Name}, ""
		}
		if leftOut == "" && l.key != "natural" && l.key != "historic" {
			leftOut = l.key + "=" + clean(value)
		}
	}
	return thing{}, leftOut
}

// road returns the class of a highway. Links are what they link; squares are no lines.
func (t tags) road() string {
	if t["area"] == "yes" {
		return ""
	}
	switch kind := strings.TrimSuffix(t["highway"], "_link"); kind {
	case "road":
		return "street"
	case "service":
		switch t["service"] {
		case "alley":
			return "alley"
		case "driveway", "parking_aisle", "drive-through", "emergency_access":
			return "driveway"
		}
		return kind
	case "footway", "cycleway", "path":
		switch t[kind] {
		case "sidewalk", "crossing", "traffic_island":
			return "sidewalk"
		}
		return kind
	default:
		return kind
	}
}

func (t tags) railway() string {
	switch t["service"] {
	case "siding", "yard", "spur", "crossover":
		if t["railway"] == "rail" || t["railway"] == "light_rail" || t["railway"] == "narrow_gauge" {
			return "siding"
		}
	}
	return t["railway"]
}

// bare reports whether a relation says nothing of what it is: then its outer ways do, as was the custom until 2017.
func (t tags) bare() bool {
	for _, key := range slices.Sorted(maps.Keys(t)) {
		switch {
		case key == "type", key == "name", key == "note", key == "created_by", strings.HasPrefix(key, "source"), strings.HasPrefix(key, "name:"):
		default:
			return false
		}
	}
	return true
}
