package postgis_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// putFeatures stores features with their counts in one import.
func putFeatures(t *testing.T, store *postgis.Store, features ...plan.Feature) (id postgis.ImportID) {
	t.Helper()
	err := store.Import(t.Context(), func(im *postgis.Importing) (err error) {
		if id, err = im.Save(t.Context(), "road", "x.csv", "", true, []byte(`{}`)); err != nil {
			return err
		}
		var all []*plan.Feature
		var tallies []postgis.StoredTally
		for i := range features {
			all = append(all, &features[i])
			for _, c := range features[i].Tallies {
				tallies = append(tallies, postgis.StoredTally{Layer: features[i].Layer, Code: features[i].Code, Tally: c})
			}
		}
		if err := im.PutFeatures(t.Context(), all, id); err != nil {
			return err
		}
		return im.PutTallies(t.Context(), tallies, id)
	})
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func allFeatures(t *testing.T, store *postgis.Store, w postgis.FeaturesWanted) []plan.Feature {
	t.Helper()
	found, err := store.Features(t.Context(), w)
	if err != nil {
		t.Fatal(err)
	}
	for i := range found {
		found[i].ID = 0
	}
	return found
}

// A feature comes back bit for bit, wherever on Earth it lies and whatever it says.
func TestFeaturesComeBack(t *testing.T) {
	store := postgistest.Open(t)
	n := 0
	rapid.Check(t, func(rt *rapid.T) {
		f := drawFeature(rt)
		n++
		f.Code = fmt.Sprintf("%s %d", f.Code, n)
		putFeatures(t, store, f)
		box := f.Geometry.Box()
		found := allFeatures(t, store, postgis.FeaturesWanted{Layers: []plan.Layer{f.Layer}, Box: &box})
		for _, got := range found {
			if got.Code == f.Code {
				if diff := cmp.Diff(f, got); diff != "" {
					rt.Fatal(diff)
				}
				return
			}
		}
		rt.Fatalf("%+v did not come back", f)
	})
}

func drawFeature(t *rapid.T) plan.Feature {
	point := rapid.Custom(func(t *rapid.T) crs.Point {
		return crs.Point{Lon: crs.Coord(rapid.IntRange(-1_800_000_000, 1_799_999_000).Draw(t, "lon")), Lat: crs.Coord(rapid.IntRange(-900_000_000, 899_999_000).Draw(t, "lat"))}
	})
	answer := rapid.SampledFrom([]plan.Answer{plan.Unknown, plan.No, plan.Yes})
	f := plan.Feature{Layer: rapid.SampledFrom(plan.FeatureLayers).Draw(t, "layer"), Code: "码" + rapid.StringMatching(`[a-z0-9]{0,9}`).Draw(t, "code"),
		Name: rapid.StringMatching(`[\p{Han} '"\\]{0,9}`).Draw(t, "name"), Origin: rapid.SampledFrom([]string{plan.OriginFile, plan.OriginOSM}).Draw(t, "origin")}
	at := point.Draw(t, "at")
	square := shape.MultiPolygon{{{at, {Lon: at.Lon + 900, Lat: at.Lat}, {Lon: at.Lon + 900, Lat: at.Lat + 900}, {Lon: at.Lon, Lat: at.Lat + 900}}}}
	lines := []plan.Line{{at, point.Draw(t, "to")}, {{Lon: 1, Lat: 2}, {Lon: 3, Lat: 4}, {Lon: 1, Lat: 2}}}
	switch f.Layer {
	case plan.BuildingLayer, plan.OrganisationLayer:
		f.Points = []crs.Point{at}
	case plan.CompoundLayer:
		f.Shape = square
	default:
		f.Lines = lines
	}
	switch {
	case f.Layer.Bounds():
		f.Class = rapid.SampledFrom(plan.ClassNames(f.Layer)).Draw(t, "class")
		f.Bridge, f.Tunnel, f.Level = rapid.Bool().Draw(t, "bridge"), rapid.Bool().Draw(t, "tunnel"), rapid.IntRange(-20, 20).Draw(t, "level")
	case f.Layer == plan.BuildingLayer:
		f.Floors, f.Compound = rapid.IntRange(0, 200).Draw(t, "floors"), "C"
	case f.Layer == plan.CompoundLayer:
		f.NoPropertyMgmt, f.NoSecurity, f.NoEnclosure = answer.Draw(t, "a"), answer.Draw(t, "b"), answer.Draw(t, "c")
	case f.Layer == plan.OrganisationLayer:
		f.NewOrg = answer.Draw(t, "new")
	}
	if f.Layer.Counted() {
		for _, kind := range plan.CountKinds {
			f.Tallies = append(f.Tallies, plan.Tally{Measure: plan.Households, Kind: kind, On: rapid.SampledFrom([]string{"", "2020-02-29"}).Draw(t, "on"),
				Count: rapid.Int64Range(0, 1e7).Draw(t, "n")})
		}
		plan.SortTallies(f.Tallies)
	}
	return f
}

// What was there after an import can be read for ever.
func TestFeaturesAsTheyWere(t *testing.T) {
	store := postgistest.Open(t)
	house := func(name string, households int64) plan.Feature {
		return plan.Feature{Layer: plan.BuildingLayer, Code: "1", Name: name, Origin: plan.OriginFile, Geometry: plan.Geometry{Points: []crs.Point{{Lon: 1, Lat: 1}}},
			Tallies: []plan.Tally{{Measure: plan.Households, Count: households}}}
	}
	first := putFeatures(t, store, house("旧", 3))
	var second postgis.ImportID
	err := store.Import(t.Context(), func(im *postgis.Importing) (err error) {
		if second, err = im.Save(t.Context(), "building", "y.csv", "", true, []byte(`{}`)); err != nil {
			return err
		}
		old, err := im.FeaturesByCode(t.Context(), plan.BuildingLayer, []string{"1", "2"})
		if err != nil {
			return err
		}
		tallies, err := im.TalliesByCode(t.Context(), plan.BuildingLayer, []string{"1"})
		if err != nil {
			return err
		}
		if err := im.RetireFeatures(t.Context(), []plan.FeatureID{old["1"].ID}, second); err != nil {
			return err
		}
		return im.RetireTallies(t.Context(), []int64{tallies[0].ID}, second)
	})
	if err != nil {
		t.Fatal(err)
	}
	third := putFeatures(t, store, house("新", 4))
	for after, want := range map[postgis.ImportID][]plan.Feature{first: {house("旧", 3)}, second: {}, third: {house("新", 4)}, 0: {house("新", 4)}} {
		if diff := cmp.Diff(want, allFeatures(t, store, postgis.FeaturesWanted{After: after})); diff != "" {
			t.Errorf("after %d: %s", after, diff)
		}
	}
}

// The database itself refuses what is never true of the raw ground.
func TestPromisesOfTheRawGround(t *testing.T) {
	dsn := postgistest.Database(t)
	store, err := postgis.Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	line := plan.Geometry{Lines: []plan.Line{{{Lon: 1, Lat: 1}, {Lon: 2, Lat: 2}}}}
	putFeatures(t, store, plan.Feature{Layer: plan.RoadLayer, Code: "r", Class: "street", Origin: plan.OriginFile, Geometry: line},
		plan.Feature{Layer: plan.BuildingLayer, Code: "b", Origin: plan.OriginFile, Geometry: plan.Geometry{Points: []crs.Point{{Lon: 1, Lat: 1}}},
			Tallies: []plan.Tally{{Measure: plan.Households, Count: 3}}})
	conn, err := pgx.Connect(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	if _, err := conn.Exec(t.Context(), "set search_path = "+postgis.Schema+", public"); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct{ statement, promise string }{
		"a layer nobody knows":              {`update feature set layer = 'moor' where layer = 'building'`, "layer_known"},
		"no code":                           {`update feature set code = ''`, "code_written"},
		"a live code twice":                 {`insert into feature (layer, code, class, geom, since) select layer, code, class, geom, since from feature`, "feature_code_once"},
		"a source nobody knows":             {`update feature set origin = 'hearsay'`, "origin_known"},
		"a level beyond reason":             {`update feature set level = 21 where layer = 'road'`, "level_sensible"},
		"floors beyond reason":              {`update feature set floors = 201 where layer = 'building'`, "floors_sensible"},
		"a road that is a point":            {`update feature set geom = st_setsrid(st_makepoint(1, 1), 4490) where layer = 'road'`, "geometry_of_layer"},
		"a building that is a line":         {`update feature set geom = (select geom from feature where layer = 'road') where layer = 'building'`, "geometry_of_layer"},
		"nothing drawn":                     {`update feature set geom = st_setsrid('multilinestring empty'::geometry, 4490) where layer = 'road'`, "geometry_of_layer"},
		"a road without a class":            {`update feature set class = '' where layer = 'road'`, "class_of_lines"},
		"a building on a bridge":            {`update feature set bridge = true where layer = 'building'`, "crossings_of_lines"},
		"a road with floors":                {`update feature set floors = 2 where layer = 'road'`, "floors_of_buildings"},
		"a road without guards":             {`update feature set no_security = true where layer = 'road'`, "noes_of_compounds"},
		"a building that is a new firm":     {`update feature set new_org = true where layer = 'building'`, "new_org_of_organisations"},
		"an end before the beginning":       {`update feature set until = since`, "until_after_since"},
		"from no import":                    {`update feature set since = 999`, "feature_since_fkey"},
		"in no area":                        {`update feature set parent_id = 999`, "feature_parent_id_fkey"},
		"counts of a road":                  {`update tally set layer = 'road'`, "layer_counted"},
		"counts of nothing":                 {`update tally set code = ''`, "code_written"},
		"a measure without a name":          {`update tally set measure = 'Haushalte'`, "measure_named"},
		"a kind nobody knows":               {`update tally set kind = 'all'`, "kind_known"},
		"less than nobody":                  {`update tally set count = -1`, "count_not_negative"},
		"a live count twice":                {`insert into tally (layer, code, measure, count, since) select layer, code, measure, 4, since from tally`, "tally_once"},
		"a count that ends before it began": {`update tally set until = since`, "until_after_since"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := conn.Exec(t.Context(), c.statement)
			if pg, ok := errors.AsType[*pgconn.PgError](err); !ok || pg.ConstraintName != c.promise {
				t.Errorf("got %v, want %s", err, c.promise)
			}
		})
	}
	if _, err := conn.Exec(t.Context(), `update feature set geom = st_setsrid(geom, 4326)`); err == nil {
		t.Error("a geometry of another CRS was stored")
	}
}
