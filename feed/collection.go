package feed

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// Kind is what a field holds.
type Kind uint8

// The kinds of field.
const (
	Text     Kind = iota // string
	Whole                // int64
	Fraction             // float64, to six decimals; NaN is null
	Truth                // bool
)

// Field is a column of a collection.
type Field struct {
	Name string
	Kind Kind
}

// Feature is one thing with a value for each field of its collection, of the field's kind or nil.
type Feature struct {
	ID       int64
	Values   []any
	Geometry plan.Geometry // empty where the thing has none
}

// Collection is what is handed to another program: features of one sort, in a stated order.
type Collection struct {
	Name      string
	Revision  int64 // of the plan; 0 for a layer
	Synthetic bool
	Fields    []Field
	Features  []Feature
}

// Grids returns a plan's grids by number, which is also their id. polygons returns a grid's polygon, empty for a grid without blocks.
// Deviations are fractions of the ideal, null where a parent counts nothing.
func Grids(s *plan.Snapshot, polygons func(plan.GridNo) shape.MultiPolygon) *Collection {
	c := &Collection{Name: "grids", Revision: s.Revision, Synthetic: s.Ground.Synthetic, Fields: []Field{
		{"code", Text}, {"name", Text}, {"name_en", Text}, {"parent", Text}, {"blocks", Whole}, {"area_m2", Whole}}}
	for _, m := range s.Ground.Measures {
		c.Fields = append(c.Fields, Field{string(m), Whole})
	}
	for _, i := range s.Balanced() {
		c.Fields = append(c.Fields, Field{string(s.Ground.Measures[i]) + "_deviation", Fraction})
	}
	c.Fields = append(c.Fields, Field{"verdict", Text})
	for g := range s.Live() {
		values := []any{g.Code, g.Name, g.NameEn, s.Ground.Parents[g.Parent].Code, int64(len(s.Blocks(g.No))), int64(s.Area(g.No) + 0.5)}
		for _, load := range s.Loads(g.No) {
			values = append(values, int64(load))
		}
		deviation := s.Deviation(g.No)
		for _, i := range s.Balanced() {
			values = append(values, deviation[i])
		}
		values = append(values, string(s.Verdict(g.No)))
		c.Features = append(c.Features, Feature{int64(g.No), values, plan.Geometry{Shape: polygons(g.No)}})
	}
	return c
}

// Layers lists what Layer returns: the levels of areas, block, border, and the layers of the raw ground.
func Layers() (names []string) {
	for _, l := range plan.Levels {
		names = append(names, string(l))
	}
	names = append(names, "block", "border")
	for _, l := range plan.FeatureLayers {
		names = append(names, string(l))
	}
	return names
}

// Layer returns a layer as it is now. A name that is none of Layers is an Invalid fault.
func Layer(ctx context.Context, store *postgis.Store, name string) (*Collection, error) {
	if err := KnownLayer(name); err != nil {
		return nil, err
	}
	st, err := store.Status(ctx)
	if err != nil {
		return nil, err
	}
	c := &Collection{Name: name, Synthetic: st.Synthetic}
	switch {
	case name == "block":
		err = c.addBlocks(ctx, store, st.Measures)
	case name == "border":
		err = c.addBorders(ctx, store)
	case plan.Level(name).Rank() >= 0:
		err = c.addAreas(ctx, store, plan.Level(name))
	default:
		err = c.addFeatures(ctx, store, plan.Layer(name))
	}
	return c, err
}

// KnownLayer returns an Invalid fault for a name that is none of Layers.
func KnownLayer(name string) error {
	if !slices.Contains(Layers(), name) {
		return refuse("layer", map[string]any{"layer": name, "layers": Layers()})
	}
	return nil
}

func (c *Collection) addAreas(ctx context.Context, store *postgis.Store, level plan.Level) error {
	c.Fields = []Field{{"code", Text}, {"name", Text}, {"name_en", Text}, {"parent", Text}}
	areas, err := store.FeedAreas(ctx, level)
	for _, a := range areas {
		c.Features = append(c.Features, Feature{int64(a.ID), []any{a.Code, a.Name, a.NameEn, a.Above}, plan.Geometry{Shape: a.Shape}})
	}
	return err
}

func (c *Collection) addBlocks(ctx context.Context, store *postgis.Store, measures []plan.Measure) error {
	c.Fields = []Field{{"code", Text}, {"parent", Text}, {"kind", Text}, {"area_m2", Whole}}
	for _, m := range measures {
		c.Fields = append(c.Fields, Field{string(m), Whole})
	}
	blocks, err := store.FeedBlocks(ctx)
	for _, b := range blocks {
		values := []any{b.Code, b.Area, b.Kind, int64(b.Block.Area + 0.5)}
		for _, m := range measures {
			values = append(values, b.ByMeasure[m]) // what was not counted adds 0
		}
		c.Features = append(c.Features, Feature{int64(b.ID), values, plan.Geometry{Shape: b.Shape}})
	}
	return err
}

func (c *Collection) addBorders(ctx context.Context, store *postgis.Store) error {
	c.Fields = []Field{{"a", Text}, {"b", Text}, {"barrier", Text}, {"name", Text}, {"walk", Truth}, {"metres", Fraction}}
	borders, err := store.FeedBorders(ctx)
	for _, b := range borders {
		c.Features = append(c.Features, Feature{b.ID, []any{b.A, b.B, string(b.Barrier), b.Name, b.Walk, b.Metres}, b.Geometry})
	}
	return err
}

func (c *Collection) addFeatures(ctx context.Context, store *postgis.Store, layer plan.Layer) error {
	c.Fields = FeatureFields(layer)
	features, err := store.Features(ctx, postgis.FeaturesWanted{Layers: []plan.Layer{layer}})
	counted := measuresOf(features)
	for _, m := range counted {
		c.Fields = append(c.Fields, Field{m, Whole})
	}
	attributed := slices.ContainsFunc(features, func(f plan.Feature) bool { return len(f.Attributes) > 0 })
	if attributed {
		c.Fields = append(c.Fields, Field{AttributesField, Text})
	}
	for _, f := range features {
		values := featureValues(&f)
		from := len(values)
		values = append(values, make([]any, len(counted))...)
		for _, t := range f.Tallies {
			values[from+slices.Index(counted, tallyName(t))] = t.Count
		}
		if attributed {
			kept, err := attributesText(f.Attributes)
			if err != nil {
				return err
			}
			values = append(values, kept)
		}
		c.Features = append(c.Features, Feature{int64(f.ID), values, f.Geometry})
	}
	return err
}

// AttributesField is what columns say that belong to no field of a raw layer, as a JSON object by column; null for none.
const AttributesField = "attributes"

// FeatureFields are the fields of a raw layer besides its counts and AttributesField.
func FeatureFields(layer plan.Layer) []Field {
	fields := []Field{{"code", Text}, {"name", Text}, {"class", Text}, {"origin", Text}}
	switch layer {
	case plan.BuildingLayer:
		fields = append(fields, Field{"compound", Text}, Field{"building_no", Text}, Field{"floors", Whole})
	case plan.CompoundLayer:
		fields = append(fields, Field{"no_property_mgmt", Truth}, Field{"no_security", Truth}, Field{"no_enclosure", Truth},
			Field{"committee", Text}, Field{"owners_committee", Text}, Field{"property_company", Text})
	case plan.OrganisationLayer:
		fields = append(fields, Field{"new_org", Truth})
	}
	return fields
}

// featureValues are a feature's values of FeatureFields.
func featureValues(f *plan.Feature) []any {
	values := []any{f.Code, f.Name, f.Class, f.Origin}
	switch f.Layer {
	case plan.BuildingLayer:
		values = append(values, f.Compound, f.Number, nil)
		if f.Floors > 0 {
			values[len(values)-1] = int64(f.Floors)
		}
	case plan.CompoundLayer:
		values = append(values, truth(f.NoPropertyMgmt), truth(f.NoSecurity), truth(f.NoEnclosure), f.Committee, f.OwnersCommittee, f.PropertyCompany)
	case plan.OrganisationLayer:
		values = append(values, truth(f.NewOrg))
	}
	return values
}

// truth is an answer as a value of a field of kind Truth: nil where it is not known.
func truth(a plan.Answer) any {
	if a == plan.Unknown {
		return nil
	}
	return a == plan.Yes
}

// attributesText is a value of AttributesField, its columns in order.
func attributesText(attributes map[string]string) (any, error) {
	if len(attributes) == 0 {
		return nil, nil
	}
	var text strings.Builder
	e := json.NewEncoder(&text)
	e.SetEscapeHTML(false)
	err := e.Encode(attributes)
	return strings.TrimSuffix(text.String(), "\n"), err
}

// measuresOf returns the names of all counts of features, in the order counts have.
func measuresOf(features []plan.Feature) (names []string) {
	var all []plan.Tally
	seen := map[string]bool{}
	for _, f := range features {
		for _, t := range f.Tallies {
			if !seen[tallyName(t)] {
				seen[tallyName(t)] = true
				all = append(all, t)
			}
		}
	}
	plan.SortTallies(all)
	for _, t := range all {
		names = append(names, tallyName(t))
	}
	return names
}

// tallyName is the measure, and whom it counts where the source says: residents_registered.
func tallyName(t plan.Tally) string {
	if t.Kind == plan.NotSaid {
		return string(t.Measure)
	}
	return string(t.Measure) + "_" + string(t.Kind)
}
