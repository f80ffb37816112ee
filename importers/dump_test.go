package importers

import (
	"errors"
	"os/exec"
	"reflect"
	"strings"
	"testing"

	"gridwright/geo/crs"
)

// dumpOf is what GDAL writes of a layer with the columns Layer and Text.
func dumpOf(rows ...string) []byte {
	return []byte("BEGIN;\n" + `ALTER TABLE "public"."layer" ADD COLUMN "Layer" VARCHAR;
ALTER TABLE "public"."layer" ADD COLUMN "Text" VARCHAR;
COPY "public"."layer" ("dumped geometry", "Layer", "Text") FROM STDIN;
` + strings.Join(append(rows, `\.`), "\n") + "\nEND;\nCOMMIT;\n")
}

// GDAL is the oracle: what it writes as GeoJSON says the same as what it writes for PostgreSQL, awkward names and texts, null and empty, lists
// and rows without a geometry included.
func TestDumpSaysTheSame(t *testing.T) {
	hasGDAL(t)
	const awkward = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"n":1,"list":[1,2],"object":{"x":1},"day":"2020/01/02","at":"2020-01-02T03:04:05+08:00","utc":"2020-01-02T03:04:05Z","yes":true,"share":0.25,
 "text":"t\tb\\\\N \\n 'q\" ; $","big":12345678901234,"we\"ird;\nname":"\\N","texts":["a,b","c"]},"geometry":null},
{"type":"Feature","properties":{"n":null,"text":"","share":-0.1,"yes":false},"geometry":{"type":"Polygon","coordinates":[]}},
{"type":"Feature","properties":{"share":1e22},"geometry":{"type":"Point","coordinates":[105.1,37.5,3]}},
{"type":"Feature","properties":{"text":"two\nlines\r\\"},"geometry":{"type":"MultiPoint","coordinates":[[105.1,37.5],[105.2,37.6]]}},
{"type":"Feature","properties":{},"geometry":{"type":"LineString","coordinates":[[105.1,37.5],[105.2,37.6]]}},
{"type":"Feature","properties":{},"geometry":{"type":"MultiLineString","coordinates":[[[105.1,37.5],[105.2,37.6]],[[105.1,37.5],[105.2,37.7]]]}},
{"type":"Feature","properties":{},"geometry":{"type":"MultiPolygon","coordinates":[[[[105.1,37.5],[105.2,37.5],[105.2,37.6],[105.1,37.5]],[[105.15,37.51],[105.16,37.52],[105.16,37.51],[105.15,37.51]]]]}},
{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[105.1,37.5],[105.2,37.5],[105.1,37.5]]]}},
{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[305.1,37.5],[105.2,37.5],[105.2,37.6],[305.1,37.5]]]}},
{"type":"Feature","properties":{},"geometry":{"type":"GeometryCollection","geometries":[{"type":"Point","coordinates":[105.1,37.5]}]}}]}`
	path := written(t, "awkward.geojson", []byte(awkward))
	asked := func(args ...string) string {
		t.Helper()
		out, err := exec.Command("ogr2ogr", append(args, "/vsistdout/", path)...).Output()
		if err != nil {
			t.Fatal(err)
		}
		return string(out)
	}
	want := rowsOf(t, "x.geojsonl", asked("-f", "GeoJSONSeq"))
	var rows []Row
	if err := readDump(strings.NewReader(asked(dumped...)), crs.System{}, func(r Row) error { rows = append(rows, r); return nil }); err != nil {
		t.Fatal(err)
	}
	if len(rows) != len(want) {
		t.Fatalf("%d rows of %d", len(rows), len(want))
	}
	for i, r := range rows {
		for column, v := range r.Values {
			if w := want[i].Values[column]; v != w {
				t.Errorf("row %d: %q is %v, as GeoJSON %v", i+1, column, v, w)
			}
		}
		if !reflect.DeepEqual(r.Geometry, want[i].Geometry) {
			t.Errorf("row %d lies at %v, as GeoJSON at %v", i+1, r.Geometry, want[i].Geometry)
		}
		if (r.Fault == nil) != (want[i].Fault == nil) || r.Fault != nil && r.Fault.Key != want[i].Fault.Key {
			t.Errorf("row %d: %v, as GeoJSON %v", i+1, r.Fault, want[i].Fault)
		}
	}
}

// What GDAL cannot have written is refused, wherever it is broken off.
func TestBrokenDumpsAreRefused(t *testing.T) {
	const point = "0101000000666666666646" + "5A400000000000C04240"
	whole := string(dumpOf(point + "\ta\tb"))
	read := func(text string) error {
		return readDump(strings.NewReader(text), crs.System{}, func(Row) error { return nil })
	}
	if err := read(whole); err != nil {
		t.Fatal(err)
	}
	for n := range strings.Index(whole, "\nEND") {
		if _, ok := errors.AsType[*Fault](read(whole[:n])); !ok {
			t.Fatalf("%q was taken", whole[:n])
		}
	}
	for name, row := range map[string]string{
		"a column too few": point + "\ta", "a column too many": point + "\ta\tb\tc", "no hexadecimal": "0101000000x\ta\tb", "no geometry": "\ta\tb", "a byte too many": point + "00\ta\tb",
		"big-endian": "0000000001405A4666666666664042C00000000000\ta\tb", "an unknown kind": "01FF000000\ta\tb", "too many points": "0102000000FFFFFFFF\ta\tb",
		"too many rings": "0103000000FFFFFFFF0000000000\ta\tb", "a line in points": "010400000001000000010200000000000000\ta\tb",
	} {
		if f, ok := errors.AsType[*Fault](read(string(dumpOf(row)))); !ok || f.Key != "gdal.answer" {
			t.Errorf("%s: %v", name, f)
		}
	}
	if f, ok := errors.AsType[*Fault](read(string(dumpOf("\\N\t\xff\tb")))); !ok || f.Key != "not_utf8" {
		t.Errorf("no UTF-8: %v", f)
	}
}
