package intake

import (
	"regexp"
	"slices"

	"gridwright/plan"
)

// The layers that are neither a plan.Level nor a plan.Layer.
const (
	BlockLayer  = "block"  // blocks that somebody else has made
	CountsLayer = "counts" // a table of counts by the codes or names of buildings and compounds
	RosterLayer = "roster" // staff: posts and who holds them
	PartyLayer  = "party"  // party organisations, by counts
	OSMLayer    = "osm"    // an extract of OpenStreetMap, many layers at once
)

// Layers returns the layers that can be imported: areas, highest first, blocks, the raw ground, counts, staff, extracts.
func Layers() []string {
	var layers []string
	for _, l := range plan.Levels {
		layers = append(layers, string(l))
	}
	layers = append(layers, BlockLayer)
	for _, l := range plan.FeatureLayers {
		layers = append(layers, string(l))
	}
	return append(layers, CountsLayer, RosterLayer, PartyLayer, string(plan.DepartmentGridLayer), OSMLayer)
}

// AutoLayer stands for the layers of a drop, each of which is told by its name.
const AutoLayer = "auto"

// IsLayer reports whether a word is one of Layers, or AutoLayer.
func IsLayer(s string) bool { return s == AutoLayer || slices.Contains(Layers(), s) }

// ofFeatures reports whether a layer's rows are stored as features.
func ofFeatures(layer string) bool {
	return plan.Layer(layer).Rank() >= 0 || plan.Layer(layer) == plan.DepartmentGridLayer
}

// layerKind is what the rows of a layer have.
type layerKind struct {
	fields   []string // besides measures
	needs    []string // columns a file cannot do without
	geometry []string // the types a row's geometry may have; each stands for its Multi form, too
	measures measures
}

// measures says how a layer counts.
type measures uint8

const (
	noMeasures     measures = iota
	fullMeasures            // every row has a count of every measure the file has
	sparseMeasures          // rows may leave counts out, and each count may have its kind and day
)

// The fields rows of a layer have besides measures.
var (
	areaFields     = []string{"code", "name", "name_en", "parent"}
	blockFields    = []string{"code", "parent", "kind"}
	lineFields     = []string{"code", "id", "name", "class", "bridge", "tunnel", "level", "parent"}
	buildingFields = []string{"code", "name", "class", "compound", "building_no", "floors", "parent", "counted_on"}
	compoundFields = []string{"code", "name", "kind", "no_property_mgmt", "no_security", "no_enclosure",
		"committee", "owners_committee", "property_company", "parent", "counted_on"}
	organisationFields = []string{"code", "name", "kind", "new_org", "parent"}
	rosterFields       = []string{"post", "role", "name", "full_time", "source", "home", "phone", "grid", "grid_name", "parent", "building", "building_name", "compound",
		"building_no", "address", "stair_unit", "lane", "since", "until", "person_no", "post_no", "community", "plan"}
	partyFields = []string{"code", "name", "level", "kind", "community", "grid", "parent", "building", "compound", "members", "member_households", "above", "exception",
		"since", "plan"}
	departmentFields = []string{"code", "name", "department", "holder"}
	countsFields     = []string{"code", "name", "compound", "building_no", "address", "layer", "counted_on"}
)

// kindOf returns what a layer's rows have.
func kindOf(layer string) layerKind {
	code, lines, polygons := []string{"code"}, []string{"LineString"}, []string{"Polygon"}
	switch layer {
	case BlockLayer:
		return layerKind{blockFields, []string{"code", "parent"}, polygons, fullMeasures}
	case CountsLayer:
		return layerKind{countsFields, nil, nil, sparseMeasures}
	case PartyLayer:
		return layerKind{partyFields, []string{"code", "name", "kind"}, nil, noMeasures}
	case RosterLayer:
		return layerKind{rosterFields, []string{"post", "name"}, nil, noMeasures}
	}
	switch plan.Layer(layer) {
	case plan.DepartmentGridLayer:
		return layerKind{departmentFields, []string{"code", "department"}, polygons, noMeasures}
	case plan.RoadLayer, plan.RailwayLayer:
		return layerKind{lineFields, nil, lines, noMeasures}
	case plan.WaterLayer, plan.WallLayer:
		return layerKind{lineFields, nil, []string{"LineString", "Polygon"}, noMeasures}
	case plan.BuildingLayer:
		return layerKind{buildingFields, code, []string{"Polygon", "Point"}, sparseMeasures}
	case plan.CompoundLayer:
		return layerKind{compoundFields, code, polygons, sparseMeasures}
	case plan.OrganisationLayer:
		return layerKind{organisationFields, code, []string{"Polygon", "Point"}, noMeasures}
	}
	return layerKind{areaFields, code, polygons, noMeasures}
}

// personalColumn are the names of columns that hold what is known of single persons. None of it is taken.
var personalColumn = regexp.MustCompile(`(?i)身份证|身份号|公民身份|证件号|护照|手机|电话|联系方式|联系人|微信|姓名|户主|业主名|^业主$|出生日期|^id_?(card|no|number)$|phone|mobile|^tel\.?$|passport`)
