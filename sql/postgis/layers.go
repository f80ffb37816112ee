package postgis

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/shape"
	"gridwright/plan"
)

// FeaturesWanted says which features are asked for. Its zero value asks for all of them as they are now.
type FeaturesWanted struct {
	Layers []plan.Layer // defaults to plan.FeatureLayers
	Box    *shape.Box   // only those whose boxes meet it; defaults to everywhere
	After  ImportID     // as they were after that import; defaults to now
}

// Features returns the features asked for with their counts, by layer in the order asked for, then code.
func (s *Store) Features(ctx context.Context, w FeaturesWanted) ([]plan.Feature, error) {
	return features(ctx, s.pool, w)
}

// Features returns the features asked for as this import sees them.
func (im *Importing) Features(ctx context.Context, w FeaturesWanted) ([]plan.Feature, error) {
	return features(ctx, im.tx, w)
}

func features(ctx context.Context, q querier, w FeaturesWanted) ([]plan.Feature, error) {
	if w.Layers == nil {
		w.Layers = plan.FeatureLayers
	}
	var box []byte
	if w.Box != nil {
		var err error
		if box, err = boxEWKB(*w.Box); err != nil {
			return nil, err
		}
	}
	var after *ImportID
	if w.After != 0 {
		after = &w.After
	}
	found, err := collect(ctx, q, "Features", scanFeature, w.Layers, box, after)
	if err != nil {
		return nil, err
	}
	return found, addTallies(ctx, q, found, w.Layers, after)
}

// addTallies gives features their counts.
func addTallies(ctx context.Context, q querier, found []plan.Feature, layers []plan.Layer, after *ImportID) error {
	at := map[ofFeature]int{}
	for i, f := range found {
		if f.Layer.Counted() {
			at[ofFeature{f.Layer, f.Code}] = i
		}
	}
	if len(at) == 0 {
		return nil
	}
	_, err := collect(ctx, q, "Tallies", func(r pgx.CollectableRow) (struct{}, error) {
		var of ofFeature
		var t plan.Tally
		err := r.Scan(&of.layer, &of.code, &t.Measure, &t.Kind, &t.On, &t.Count)
		if i, ok := at[of]; ok {
			found[i].Tallies = append(found[i].Tallies, t)
		}
		return struct{}{}, err
	}, layers, after)
	for i := range found {
		plan.SortTallies(found[i].Tallies)
	}
	return err
}

// ofFeature is what a count is of.
type ofFeature struct {
	layer plan.Layer
	code  string
}

func scanFeature(r pgx.CollectableRow) (plan.Feature, error) {
	var f plan.Feature
	var noMgmt, noSecurity, noEnclosure, newOrg *bool
	var geom []byte
	err := r.Scan(&f.ID, &f.Layer, &f.Code, &f.Name, &f.Class, &f.Parent, &f.Origin, &f.Bridge, &f.Tunnel, &f.Level,
		&f.Compound, &f.Floors, &noMgmt, &noSecurity, &noEnclosure, &newOrg,
		&f.Number, &f.Committee, &f.OwnersCommittee, &f.PropertyCompany, &f.Attributes, &geom)
	if err != nil {
		return f, err
	}
	f.NoPropertyMgmt, f.NoSecurity, f.NoEnclosure, f.NewOrg = answer(noMgmt), answer(noSecurity), answer(noEnclosure), answer(newOrg)
	f.Geometry, err = decodeGeometry(geom)
	return f, err
}

// answer reads a boolean that may be null.
func answer(b *bool) plan.Answer {
	switch {
	case b == nil:
		return plan.Unknown
	case *b:
		return plan.Yes
	}
	return plan.No
}

// nullable is the other way round.
func nullable(a plan.Answer) *bool {
	if a == plan.Unknown {
		return nil
	}
	yes := a == plan.Yes
	return &yes
}

// FeaturesByCode returns the live features of a layer that have one of the codes, with their counts, by code.
func (im *Importing) FeaturesByCode(ctx context.Context, layer plan.Layer, codes []string) (map[string]*plan.Feature, error) {
	found, err := collect(ctx, im.tx, "FeaturesByCode", scanFeature, layer, codes)
	if err != nil {
		return nil, err
	}
	byCode := make(map[string]*plan.Feature, len(found))
	for i := range found {
		byCode[found[i].Code] = &found[i]
	}
	return byCode, nil
}

// FeatureCodes returns those of the codes that live features of a layer have, in order.
func (im *Importing) FeatureCodes(ctx context.Context, layer plan.Layer, codes []string) ([]string, error) {
	return collect(ctx, im.tx, "FeatureCodes", pgx.RowTo[string], layer, codes)
}

// Named is a live feature by its code and name.
type Named struct{ Code, Name string }

// Addressed is a building with what may tell it from others.
type Addressed struct{ Code, Name, Number, Compound string }

// BuildingAddresses returns the live buildings that have a name or a number, by code.
func (im *Importing) BuildingAddresses(ctx context.Context) ([]Addressed, error) {
	return collect(ctx, im.tx, "BuildingAddresses", pgx.RowToStructByPos[Addressed])
}

// BuildingAddresses returns the live buildings that have a name or a number, by code.
func (s *Store) BuildingAddresses(ctx context.Context) ([]Addressed, error) {
	return collect(ctx, s.pool, "BuildingAddresses", pgx.RowToStructByPos[Addressed])
}

// FeatureNames returns the live features of a layer that have a name, by code.
func (s *Store) FeatureNames(ctx context.Context, layer plan.Layer) ([]Named, error) {
	return collect(ctx, s.pool, "FeatureNames", pgx.RowToStructByPos[Named], layer)
}

// FeatureNames returns the live features of a layer that have a name, by code.
func (im *Importing) FeatureNames(ctx context.Context, layer plan.Layer) ([]Named, error) {
	return collect(ctx, im.tx, "FeatureNames", pgx.RowToStructByPos[Named], layer)
}

// Known is a live feature by its key and code.
type Known struct {
	ID   plan.FeatureID
	Code string
}

// FeaturesOfExtract returns the live features of a layer that came from OpenStreetMap and lie whole in a box, by code.
func (im *Importing) FeaturesOfExtract(ctx context.Context, layer plan.Layer, box shape.Box) ([]Known, error) {
	within, err := boxEWKB(box)
	if err != nil {
		return nil, err
	}
	return collect(ctx, im.tx, "FeaturesOfExtract", pgx.RowToStructByPos[Known], layer, within)
}

// RetireFeatures ends the lives of features with an import.
func (im *Importing) RetireFeatures(ctx context.Context, ids []plan.FeatureID, from ImportID) error {
	_, err := exec(ctx, im.tx, "FeaturesRetire", ids, from)
	return err
}

// PutFeatures stores new features that live from an import on. Their ids and counts are not looked at.
func (im *Importing) PutFeatures(ctx context.Context, features []*plan.Feature, from ImportID) error {
	for start := 0; start < len(features); start += blocksAtOnce {
		if err := im.putFeatures(ctx, features[start:min(start+blocksAtOnce, len(features))], from); err != nil {
			return err
		}
	}
	return nil
}

func (im *Importing) putFeatures(ctx context.Context, features []*plan.Feature, from ImportID) error {
	var layers, codes, names, classes, origins, compounds, numbers, committees, owners, companies []string
	var parents []plan.AreaID
	var attributes []*string
	var bridges, tunnels []bool
	var levels, floors []int
	var noMgmt, noSecurity, noEnclosure, newOrg []*bool
	var geoms [][]byte
	for _, f := range features {
		geom, err := geometryEWKB(f.Geometry)
		if err != nil {
			return err
		}
		layers, codes, names, classes = append(layers, string(f.Layer)), append(codes, f.Code), append(names, f.Name), append(classes, f.Class)
		parents, origins, compounds = append(parents, f.Parent), append(origins, f.Origin), append(compounds, f.Compound)
		bridges, tunnels = append(bridges, f.Bridge), append(tunnels, f.Tunnel)
		levels, floors = append(levels, f.Level), append(floors, f.Floors)
		noMgmt, noSecurity = append(noMgmt, nullable(f.NoPropertyMgmt)), append(noSecurity, nullable(f.NoSecurity))
		noEnclosure, newOrg = append(noEnclosure, nullable(f.NoEnclosure)), append(newOrg, nullable(f.NewOrg))
		numbers, committees = append(numbers, f.Number), append(committees, f.Committee)
		owners, companies = append(owners, f.OwnersCommittee), append(companies, f.PropertyCompany)
		geoms = append(geoms, geom)
		kept, err := attributesJSON(f.Attributes)
		if err != nil {
			return err
		}
		attributes = append(attributes, kept)
	}
	_, err := exec(ctx, im.tx, "FeaturesPut", layers, codes, names, classes, parents, origins, bridges, tunnels, levels,
		compounds, floors, noMgmt, noSecurity, noEnclosure, newOrg, geoms, from,
		numbers, committees, owners, companies, attributes)
	return err
}

// attributesJSON returns attributes as they are stored, nil for none.
func attributesJSON(attributes map[string]string) (*string, error) {
	if len(attributes) == 0 {
		return nil, nil
	}
	text, err := json.Marshal(attributes)
	if err != nil {
		return nil, err
	}
	s := string(text)
	return &s, nil
}

// StoredTally is a count as it stands in the database.
type StoredTally struct {
	ID    int64
	Layer plan.Layer
	Code  string // of the building or compound
	plan.Tally
}

// TalliesByCode returns the live counts of a layer's features with one of the codes; by code, measure and kind.
func (im *Importing) TalliesByCode(ctx context.Context, layer plan.Layer, codes []string) ([]StoredTally, error) {
	return collect(ctx, im.tx, "TalliesByCode", func(r pgx.CollectableRow) (t StoredTally, err error) {
		err = r.Scan(&t.ID, &t.Layer, &t.Code, &t.Measure, &t.Kind, &t.On, &t.Count)
		return t, err
	}, layer, codes)
}

// RetireTallies ends the lives of counts with an import.
func (im *Importing) RetireTallies(ctx context.Context, ids []int64, from ImportID) error {
	_, err := exec(ctx, im.tx, "TalliesRetire", ids, from)
	return err
}

// PutTallies stores new counts that live from an import on. Their ids are not looked at.
func (im *Importing) PutTallies(ctx context.Context, tallies []StoredTally, from ImportID) error {
	n := len(tallies)
	layers, codes, measures, kinds := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	days, counts := make([]string, n), make([]int64, n)
	for i, t := range tallies {
		layers[i], codes[i], measures[i], kinds[i] = string(t.Layer), t.Code, string(t.Measure), string(t.Kind)
		days[i], counts[i] = t.On, t.Count
	}
	_, err := exec(ctx, im.tx, "TalliesPut", layers, codes, measures, kinds, days, counts, from)
	return err
}
