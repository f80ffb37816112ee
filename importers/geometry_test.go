package importers

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// geometries are one of each type, the way GeoJSON and well-known text write it.
var geometries = []struct {
	name, json string
	wkt        []string
	want       Geometry // but for its Type
}{
	{"a point", `{"type":"Point","coordinates":[105.1,37.5]}`,
		[]string{"POINT(105.1 37.5)", "Point Z (105.1 37.5 1200)", "SRID=4490;POINT (105.1 37.5)"},
		Geometry{Points: []crs.Point{at(105.1, 37.5)}}},
	{"points", `{"type":"MultiPoint","coordinates":[[105.1,37.5],[105.2,37.5,3]]}`,
		[]string{"MULTIPOINT(105.1 37.5,105.2 37.5)", "MULTIPOINT ((105.1 37.5), (105.2 37.5))"},
		Geometry{Points: []crs.Point{at(105.1, 37.5), at(105.2, 37.5)}}},
	{"a line", `{"type":"LineString","coordinates":[[105.1,37.5],[105.2,37.5],[105.1,37.5]]}`,
		[]string{"LINESTRING(105.1 37.5,105.2 37.5,105.1 37.5)"},
		Geometry{Lines: [][]crs.Point{{at(105.1, 37.5), at(105.2, 37.5), at(105.1, 37.5)}}}},
	{"lines", `{"coordinates":[[[105.1,37.5],[105.2,37.5]],[[105.3,37.5],[105.3,37.6]]],"type":"MultiLineString"}`,
		[]string{"MULTILINESTRING((105.1 37.5,105.2 37.5),(105.3 37.5,105.3 37.6))"},
		Geometry{Lines: [][]crs.Point{{at(105.1, 37.5), at(105.2, 37.5)}, {at(105.3, 37.5), at(105.3, 37.6)}}}},
	{"a polygon", `{"type":"Polygon","coordinates":[[[1,2],[3,2],[3,4],[1,2]]]}`,
		[]string{"POLYGON((1 2,3 2,3 4,1 2))"},
		Geometry{Shape: shape.MultiPolygon{{{at(1, 2), at(3, 2), at(3, 4)}}}}},
	{"nothing", `{"type":"MultiLineString","coordinates":[]}`, []string{"MULTIPOINT EMPTY", ""}, Geometry{}},
}

func at(lon, lat float64) crs.Point {
	p, err := crs.FromDegrees(lon, lat)
	if err != nil {
		panic(err)
	}
	return p
}

// Every reader gives the same geometry, by GeoJSON, by text in a cell, and by GeoJSON in a cell.
func TestEveryGeometryIsReadInEveryForm(t *testing.T) {
	for _, g := range geometries {
		t.Run(g.name, func(t *testing.T) {
			forms := map[string]Row{
				"feature": rowsOf(t, "x.geojson", `{"type":"Feature","properties":{},"geometry":`+g.json+`}`)[0],
				"cell":    rowsOf(t, "x.csv", "geometry\n\""+strings.ReplaceAll(g.json, `"`, `""`)+"\"\n")[0],
			}
			for _, text := range g.wkt {
				forms[text] = rowsOf(t, "x.csv", "a,wkt\n1,\""+text+"\"\n")[0]
			}
			for form, row := range forms {
				if row.Fault != nil {
					t.Fatalf("%s: %v", form, row.Fault)
				}
				got := row.Geometry
				got.Type = ""
				if diff := cmp.Diff(g.want, got); diff != "" {
					t.Errorf("%s: %s", form, diff)
				}
			}
		})
	}
}

func TestWhatIsNoGeometryOfItsTypeIsRefused(t *testing.T) {
	for text, key := range map[string]string{
		`{"type":"Point","coordinates":[[1,2]]}`:                           "geometry.coordinates",
		`{"type":"Point","coordinates":[1]}`:                               "geometry.coordinates",
		`{"type":"Point","coordinates":7}`:                                 "geometry.coordinates",
		`{"type":"LineString","coordinates":[1,2]}`:                        "geometry.coordinates",
		`{"type":"LineString","coordinates":[[1,2]]}`:                      "geometry.short",
		`{"type":"MultiLineString","coordinates":[[1,2],[3,4]]}`:           "geometry.coordinates",
		`{"type":"MultiLineString","coordinates":[[[1,2],[3,4]],[[5,6]]]}`: "geometry.short",
		`{"type":"MultiPoint","coordinates":[1,2]}`:                        "geometry.coordinates",
		`{"type":"Polygon","coordinates":[[1,2],[3,4],[5,6],[1,2]]}`:       "geometry.coordinates",
		`{"type":"Point"}`: "geometry.none",
		`{"type":"GeometryCollection","geometries":[]}`:                         "geometry.kind",
		`{"type":"LineString","coordinates":[[35517381,4153674],[35517400,4]]}`: "geometry.zone",
		`POINT(1 2,3 4)`:                    "geometry.coordinates",
		`POINT((1 2))`:                      "geometry.coordinates",
		`MULTIPOINT((1 2,3 4))`:             "geometry.coordinates",
		`LINESTRING(1 2)`:                   "geometry.short",
		`LINESTRING((1 2,3 4))`:             "geometry.coordinates",
		`MULTILINESTRING((1 2,3 4),5 6)`:    "wkt.short",
		`LINESTRING(37.5 105.1,37.6 105.1)`: "geometry.swapped",
		`CIRCULARSTRING(1 2,3 4,5 6)`:       "geometry.kind",
	} {
		row := rowsOf(t, "x.csv", "wkt\n\""+strings.ReplaceAll(text, `"`, `""`)+"\"\n")[0]
		if row.Fault == nil || row.Fault.Key != key || row.Geometry.Type != "" {
			t.Errorf("%s: got %v, want %s", text, row.Fault, key)
		}
	}
}
