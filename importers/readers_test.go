package importers

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// rowsOf reads a text as a file of the name.
func rowsOf(t testing.TB, name, text string) []Row {
	t.Helper()
	rows, err := tryRows(name, strings.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return rows
}

func tryRows(name string, r io.Reader) (rows []Row, err error) {
	err = Read(name, r, func(row Row) error { rows = append(rows, row); return nil })
	return rows, err
}

// square is the ring of a square of 0.01 degree with its south-west corner at lon lat, in the order a file has it.
func square(lon, lat float64) [][2]float64 {
	return [][2]float64{{lon, lat}, {lon + 0.01, lat}, {lon + 0.01, lat + 0.01}, {lon, lat + 0.01}, {lon, lat}}
}

const town = `{"type":"Feature","properties":{"code":"007","residents":12,"in":true},"geometry":{"type":"Polygon","coordinates":[[[105.1,37.5],[105.2,37.5],[105.2,37.6],[105.1,37.6],[105.1,37.5]]]}}
{"type":"Feature","properties":{"code":"008","residents":9007199254740993,"in":false},"geometry":null}`

// Every way to write a file gives the same rows, but for what CSV cannot say: there all values are text.
func TestAllFormsGiveTheSameRows(t *testing.T) {
	features := strings.Split(town, "\n")
	list := "[" + strings.Join(features, ",") + "]"
	forms := map[string]string{
		"collection.geojson":       `{"type":"FeatureCollection","features":` + list + `}`,
		"features first.geojson":   `{"features":` + list + `,"name":"x","type":"FeatureCollection"}`,
		"foreign members.geojson":  `{"about":{"a":[{"b":[1,"]}"]}]},"type":"FeatureCollection","crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:OGC:1.3:CRS84"}},"features":` + list + `,"bbox":[1,2,3,4]}`,
		"byte order mark.geojson":  "\uFEFF" + `{"type":"FeatureCollection","features":` + list + `}`,
		"lines.geojsonl":           town,
		"lines at the end.geojson": town + "\r\n\n",
		"sequence.geojsons":        "\x1e" + features[0] + "\n\x1e" + features[1] + "\n",
		"one after the other.json": features[0] + features[1],
		"wkt.csv": `code,residents,in,WKT
007,12,true,"POLYGON((105.1 37.5,105.2 37.5,105.2 37.6,105.1 37.6,105.1 37.5))"
008,9007199254740993,false,`,
		"srid and heights.csv": "\uFEFF" + `code,residents,in,geom
007,12,true,"SRID=4490;MULTIPOLYGON Z (((105.1 37.5 1,105.2 37.5 1,105.2 37.6 1,105.1 37.6 1,105.1 37.5 1)))"
008,9007199254740993,false,POLYGON EMPTY`,
		"geojson cell.csv": "code,residents,in,geometry\r\n007,12,true,\"{\"\"type\"\":\"\"Polygon\"\",\"\"coordinates\"\":[[[105.1,37.5],[105.2,37.5],[105.2,37.6],[105.1,37.6],[105.1,37.5]]]}\"\r\n008,9007199254740993,false,\r\n",
	}
	ring := shape.Ring{{Lon: 1051000000, Lat: 375000000}, {Lon: 1052000000, Lat: 375000000}, {Lon: 1052000000, Lat: 376000000}, {Lon: 1051000000, Lat: 376000000}}
	for name, text := range forms {
		t.Run(name, func(t *testing.T) {
			rows := rowsOf(t, name, text)
			type plain struct {
				Values map[string]string
				Shape  shape.MultiPolygon
			}
			var got []plain
			for _, r := range rows {
				if r.Fault != nil {
					t.Fatal(r.Fault)
				}
				values := map[string]string{}
				for column, v := range r.Values {
					values[column] = v.Text
				}
				got = append(got, plain{values, r.Shape})
			}
			want := []plain{
				{map[string]string{"code": "007", "residents": "12", "in": "true"}, shape.MultiPolygon{{ring}}},
				{map[string]string{"code": "008", "residents": "9007199254740993", "in": "false"}, nil},
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestFeaturesKnowTheirPlace(t *testing.T) {
	rows := rowsOf(t, "x.geojson", "{\"type\":\"FeatureCollection\",\n\"features\":[\n"+strings.ReplaceAll(town, "\n", ",\n")+"\n]}")
	for i, r := range rows {
		if r.Place.Feature != i+1 || r.Place.Line != i+3 {
			t.Errorf("feature %d stands at %+v", i+1, r.Place)
		}
	}
	rows = rowsOf(t, "x.csv", "a,b\n1,\"two\nlines\"\n2,x\n")
	if rows[0].Place.Line != 2 || rows[1].Place.Line != 4 {
		t.Errorf("records stand at %+v and %+v", rows[0].Place, rows[1].Place)
	}
}

func TestMembersMayComeInAnyOrder(t *testing.T) {
	for _, text := range []string{
		`{"geometry":{"coordinates":[[[1,2],[3,2],[3,4],[1,2]]],"type":"Polygon"},"id":7,"properties":{"n":null,"o":{"a":1},"l":[1,[2]]},"type":"Feature"}`,
		`{"id":7,"type":"Feature","properties":{"n":null,"o":{"a":1},"l":[1,[2]]},"geometry":{"type":"Polygon","bbox":[1,2,3,4],"coordinates":[[[1,2,9],[3,2,9],[3,4,9],[1,2,9]]]}}`,
	} {
		row := rowsOf(t, "x.geojson", text)[0]
		want := map[string]Value{"id": {Number, "7"}, "n": {}, "o": {Kind: Nested}, "l": {Kind: Nested}}
		if diff := cmp.Diff(want, row.Values); diff != "" {
			t.Error(diff)
		}
		if len(row.Shape) != 1 || len(row.Shape[0]) != 1 || len(row.Shape[0][0]) != 3 || row.Fault != nil {
			t.Errorf("shape %v, fault %v", row.Shape, row.Fault)
		}
	}
}

func TestRingsAreTurnedTheRightWay(t *testing.T) {
	const clockwise = `{"type":"Feature","properties":{},"geometry":{"type":"Polygon","coordinates":[[[0,0],[0,9],[9,9],[9,0],[0,0]],[[1,1],[2,1],[2,2],[1,2],[1,1]]]}}`
	p := rowsOf(t, "x.geojson", clockwise)[0].Shape[0]
	if p[0].Area() < 0 || p[1].Area() > 0 {
		t.Errorf("shell %v, hole %v square metres", p[0].Area(), p[1].Area())
	}
}

// What encoding/json writes, the reader reads: any name, any text, any place on Earth.
func TestWhatIsWrittenIsRead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		properties := rapid.MapOfN(rapid.String(), rapid.String(), 0, 5).Draw(t, "properties")
		delete(properties, "id")
		lon, lat := rapid.Float64Range(-180, 179.9).Draw(t, "lon"), rapid.Float64Range(-90, 89.9).Draw(t, "lat")
		text, err := json.Marshal(map[string]any{"type": "Feature", "properties": properties,
			"geometry": map[string]any{"type": "MultiPolygon", "coordinates": [][][][2]float64{{square(lon, lat)}}}})
		if err != nil {
			t.Fatal(err)
		}
		rows, err := tryRows("x.geojson", iotest.OneByteReader(strings.NewReader(string(text))))
		if err != nil || len(rows) != 1 || rows[0].Fault != nil {
			t.Fatal(rows, err)
		}
		got := map[string]string{}
		for column, v := range rows[0].Values {
			got[column] = v.Text
		}
		if diff := cmp.Diff(properties, got); diff != "" {
			t.Fatal(diff)
		}
		first, _ := crs.FromDegrees(lon, lat)
		if rows[0].Shape[0][0][0] != first {
			t.Fatalf("got %v, want %v", rows[0].Shape[0][0][0], first)
		}
	})
}

// A file cut off anywhere is refused, never taken in part.
func TestTruncatedFilesAreRefused(t *testing.T) {
	whole := `{"type":"FeatureCollection","features":[` + strings.ReplaceAll(town, "\n", ",") + `],"name":"\ud83c\udfd9 \u00e9"}`
	if _, err := tryRows("x.geojson", strings.NewReader(whole)); err != nil {
		t.Fatal(err)
	}
	for n := range len(whole) {
		_, err := tryRows("x.geojson", strings.NewReader(whole[:n]))
		fault, ok := errors.AsType[*Fault](err)
		if !ok || fault.Key != "json.truncated" && fault.Key != "file.empty" {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestBoundsHold(t *testing.T) {
	long := strings.Repeat("x", maxString+1)
	for name, c := range map[string]struct {
		file string
		text io.Reader
		key  string
	}{
		"deep":            {"x.geojson", strings.NewReader(`{"a":` + strings.Repeat("[", 100000)), "json.too_deep"},
		"deep objects":    {"x.geojson", strings.NewReader(strings.Repeat(`{"a":`, 100000)), "json.too_deep"},
		"long string":     {"x.geojson", strings.NewReader(`{"a":"` + long + `"}`), "json.string_too_long"},
		"long number":     {"x.geojson", strings.NewReader(`{"a":1` + strings.Repeat("0", maxString+1) + `}`), "json.string_too_long"},
		"endless feature": {"x.geojson", io.MultiReader(strings.NewReader(`{"type":"Feature","geometry":{"coordinates":[[`), endless("[1,2],")), "json.feature_too_long"},
		"endless record":  {"x.csv", io.MultiReader(strings.NewReader("a\n\""), endless("x\n")), "csv.record_too_long"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := tryRows(c.file, c.text)
			if fault, ok := errors.AsType[*Fault](err); !ok || fault.Key != c.key {
				t.Errorf("got %v, want %s", err, c.key)
			}
		})
	}
}

// endless says one thing for ever.
func endless(s string) io.Reader { return &again{s: []byte(s)} }

type again struct {
	s  []byte
	at int
}

func (a *again) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = a.s[a.at%len(a.s)]
		a.at++
	}
	return len(p), nil
}

func TestReadersPassOnErrors(t *testing.T) {
	broken := errors.New("the disk is gone")
	for _, head := range []string{"", `{"type":"FeatureCollection","features":[`, "a,b\n1,2\n"} {
		_, err := tryRows("x.csv", io.MultiReader(strings.NewReader(head), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Errorf("after %q: got %v", head, err)
		}
	}
	stop := errors.New("enough")
	for name, text := range map[string]string{"x.geojson": town, "x.csv": "a\n1\n2\n"} {
		n := 0
		err := Read(name, strings.NewReader(text), func(Row) error { n++; return stop })
		if !errors.Is(err, stop) || n != 1 {
			t.Errorf("%s: %d rows, %v", name, n, err)
		}
	}
}

func ExampleRead() {
	const file = `code,residents,wkt
0641,12,"POLYGON((105 37,105.01 37,105.01 37.01,105 37))"
0642,n/a,"POLYGON((35517381 4153674,35517400 4153674,35517400 4153700,35517381 4153674))"`
	err := Read("blocks.csv", strings.NewReader(file), func(r Row) error {
		if r.Fault != nil {
			fmt.Println(r.Fault)
			return nil
		}
		fmt.Println(r.Values["code"].Text, r.Values["residents"].Text, r.Shape[0][0])
		return nil
	})
	fmt.Println(err)
	// Output:
	// 0641 12 [105 37 105.01 37 105.01 37.01]
	// line 3: 35517381 4153674 is no longitude and latitude, it looks like zone 35 of CGCS2000 with 3 degrees: if so, say --crs EPSG:4523
	// <nil>
}
