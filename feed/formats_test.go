package feed_test

import (
	"archive/zip"
	"bytes"
	"io"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/xuri/excelize/v2"

	"gridwright/feed"
	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

func written(t *testing.T, c *feed.Collection, format, system, encoding string) (file []byte, losses []words.Speaker) {
	t.Helper()
	wish, err := feed.NewWish(format, system, encoding)
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if losses, err = feed.Write(t.Context(), &out, c, wish); err != nil {
		t.Fatal(err)
	}
	return out.Bytes(), losses
}

// GDAL reads back what was written, in every format and system: the same features, fields, values and places.
func TestGDALReadsBackWhatIsWritten(t *testing.T) {
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("there is no GDAL on this machine: make test installs it")
	}
	s := town(t)
	c := feed.Grids(s, s.Polygons)
	for _, format := range []string{"geojson", "kml", "shp", "gpkg", "fgb"} {
		for _, system := range []string{"", "wgs84", "EPSG:4522", "EPSG:4543", "gcj02", "bd09"} {
			if format == "kml" && strings.HasPrefix(system, "EPSG") {
				continue
			}
			t.Run(format+" "+system, func(t *testing.T) {
				name := filepath.Join(t.TempDir(), "grids."+feed.Extension(format))
				file, losses := written(t, c, format, system, "")
				if format == "fgb" && (len(losses) != 1 || !strings.HasSuffix(losses[0].In(words.En), ": 1")) {
					t.Errorf("%d losses", len(losses))
				}
				if again, _ := written(t, c, format, system, ""); !bytes.Equal(file, again) {
					t.Error("two writings differ")
				}
				if err := os.WriteFile(name, file, 0o600); err != nil {
					t.Fatal(err)
				}
				shifted := system == "gcj02" || system == "bd09"
				args := []string{"-f", "GeoJSON", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", name}
				if !shifted && format != "kml" {
					args = append(args, "-t_srs", "EPSG:4490") // by the system the file itself names
				}
				var complaints bytes.Buffer
				cmd := exec.Command("ogr2ogr", args...)
				cmd.Stderr = &complaints
				out, err := cmd.Output()
				if err != nil {
					t.Fatal(err, complaints.String())
				}
				checkRead(t, c, out, system)
			})
		}
	}
}

// checkRead compares GeoJSON that GDAL made of a file with what was to be in it.
func checkRead(t *testing.T, c *feed.Collection, out []byte, system string) {
	t.Helper()
	got, err := geojson.UnmarshalFeatureCollection(out)
	if err != nil {
		t.Fatalf("%v, %s", err, out)
	}
	if len(got.Features) == len(c.Features)-1 && !strings.Contains(string(out), "P1-02") { // FlatGeobuf leaves out the empty grid
		c = &feed.Collection{Fields: c.Fields, Features: c.Features[:3]}
		slices.SortFunc(got.Features, func(a, b *geojson.Feature) int {
			return strings.Compare(a.Properties.MustString("code"), b.Properties.MustString("code"))
		})
	}
	if len(got.Features) != len(c.Features) {
		t.Fatalf("%d features: %s", len(got.Features), out)
	}
	drawn, err := crs.Named("EPSG:4490")
	if system == "gcj02" || system == "bd09" {
		drawn, err = crs.Named(system)
	}
	if err != nil {
		t.Fatal(err)
	}
	for i, f := range c.Features {
		for j, field := range c.Fields[:4] { // the others' names are cut in a shapefile
			value, ok := got.Features[i].Properties[field.Name]
			if title := got.Features[i].Properties["Name"]; !ok && title != f.Values[0] { // of KML: the name, else the code
				value = title
			}
			if value != f.Values[j] && (value != nil || f.Values[j] != "") {
				t.Errorf("feature %d: %s is %v, not %v", i, field.Name, value, f.Values[j])
			}
		}
		if households := got.Features[i].Properties["households"]; households != float64(f.Values[6].(int64)) {
			t.Errorf("feature %d: households are %v, not %v", i, households, f.Values[6])
		}
		if len(f.Geometry.Shape) == 0 {
			if got.Features[i].Geometry != nil {
				t.Errorf("feature %d lies at %v", i, got.Features[i].Geometry)
			}
			continue
		}
		bound := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
		for _, p := range f.Geometry.Shape {
			for _, at := range p[0] {
				x, y := drawn.Numbers(at)
				bound = bound.Extend(orb.Point{x, y})
			}
		}
		if b := got.Features[i].Geometry.Bound(); math.Abs(b.Min[0]-bound.Min[0]) > 3e-9 || math.Abs(b.Min[1]-bound.Min[1]) > 3e-9 ||
			math.Abs(b.Max[0]-bound.Max[0]) > 3e-9 || math.Abs(b.Max[1]-bound.Max[1]) > 3e-9 {
			t.Errorf("feature %d lies in %v, not %v", i, b, bound)
		}
	}
}

// Neighbours share their borders point for point in systems that bend lines, too.
func TestBentNeighboursDoNotGape(t *testing.T) {
	long := []crs.Point{{Lon: 1_050_000_000, Lat: 370_000_000}, {Lon: 1_050_123_457, Lat: 370_034_569}}
	points := func(line []crs.Point) map[orb.Point]bool {
		c := &feed.Collection{Name: "x", Features: []feed.Feature{{ID: 1, Geometry: plan.Geometry{Lines: []plan.Line{line}}}}}
		file, _ := written(t, c, "geojson", "gcj02", "")
		got, err := geojson.UnmarshalFeatureCollection(file)
		if err != nil {
			t.Fatal(err)
		}
		all := map[orb.Point]bool{}
		for _, p := range got.Features[0].Geometry.(orb.LineString) {
			all[p] = true
		}
		return all
	}
	there, back := points(long), points([]crs.Point{long[1], long[0]})
	if len(there) != 26 || len(back) != 26 {
		t.Errorf("%d points there and %d back", len(there), len(back))
	}
	for p := range there {
		if !back[p] {
			t.Errorf("%v lies only on the way there", p)
		}
	}
}

// A shapefile says what it cannot hold, and its short names are told apart.
func TestShapefilesSayWhatTheyLose(t *testing.T) {
	c := &feed.Collection{Name: "x", Fields: []feed.Field{{Name: "code", Kind: feed.Text}, {Name: "households_deviation", Kind: feed.Fraction}, {Name: "households_counted", Kind: feed.Whole}, {Name: "walk", Kind: feed.Truth}},
		Features: []feed.Feature{
			{ID: 1, Values: []any{strings.Repeat("网", 100), math.NaN(), int64(7), true}, Geometry: plan.Geometry{Points: []crs.Point{{Lon: 1, Lat: 2}}}},
			{ID: 2, Values: []any{"𠮷a", 0.25, nil, false}, Geometry: plan.Geometry{Lines: []plan.Line{{{Lon: 1, Lat: 2}, {Lon: 3, Lat: 4}}}}}}}
	file, losses := written(t, c, "shp", "gcj02", "gbk")
	var said []string
	for _, l := range losses {
		said = append(said, l.In(words.En))
	}
	for _, want := range []string{"code: values with characters that GBK lacks", "households_deviation: values that are null", "households_counted: values that are null", "no .prj"} {
		if !strings.Contains(strings.Join(said, "\n"), want) {
			t.Errorf("%q does not say %q", said, want)
		}
	}
	if _, losses := written(t, c, "shp", "", ""); !strings.Contains(losses[0].In(words.Zh), "超过254字节") {
		t.Errorf("%v", losses[0].In(words.Zh))
	}
	z, err := zip.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	files := map[string]string{}
	for _, f := range z.File {
		r, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		files[f.Name] = string(text)
	}
	if len(files) != 9 || files["x_points.cpg"] != "GBK" || files["x_points.prj"] != "" {
		t.Errorf("%d files", len(files))
	}
	for _, want := range []string{"househol_1  households_deviation", "househol_2  households_counted", "GCJ-02"} {
		if !strings.Contains(files["fields.txt"], want) {
			t.Errorf("%s does not have %q", files["fields.txt"], want)
		}
	}
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("there is no GDAL on this machine: make test installs it")
	}
	name := filepath.Join(t.TempDir(), "x.shp.zip")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogrinfo", "-al", name).CombinedOutput()
	for _, want := range []string{strings.Repeat("网", 100), "code (String) = ?a", "househol_1 (Real) = 0.25", "LINESTRING", "POINT"} {
		if err != nil || !strings.Contains(string(out), want) {
			t.Errorf("%v: no %q in %s", err, want, out)
		}
	}
}

func TestTheTableHasAPointInside(t *testing.T) {
	s := town(t)
	file, _ := written(t, feed.Grids(s, s.Polygons), "csv", "4543", "")
	lines := strings.Split(string(file), "\n")
	if lines[0] != "\uFEFFcode,name,name_en,parent,blocks,area_m2,households,stair_units,households_deviation,verdict,x,y" || len(lines) != 6 || !strings.HasSuffix(lines[4], ",empty,,") {
		t.Errorf("%q", lines)
	}
}

func TestWishesThatCannotBe(t *testing.T) {
	for want, w := range map[string][3]string{
		`cannot export "dwg"`:            {"dwg", "", ""},
		`cannot export in "EPSG:2345"`:   {"shp", "EPSG:2345", ""},
		`cannot export in "3857"`:        {"shp", "3857", ""},
		`cannot export in "4544,swapped`: {"shp", "4544,swapped", ""},
		"kml holds degrees only":         {"kml", "4544", ""},
		"cannot encode in \"big5\"":      {"shp", "", "big5"},
		"gpkg is always UTF-8":           {"gpkg", "", "gbk"},
	} {
		if _, err := feed.NewWish(w[0], w[1], w[2]); err == nil || !strings.Contains(err.Error(), want) || plan.KindOf(err) != plan.Invalid {
			t.Errorf("%v: %v", w, err)
		}
	}
}

// A workbook holds texts as texts, whatever they look like, counts as numbers, and a point of each thing; two writings are one.
func TestXLSX(t *testing.T) {
	s := town(t)
	c := feed.Grids(s, s.Polygons)
	c.Features[0].Values[0], c.Features[1].Values[1] = "0640502001001001001", "=1+1"
	c.Features[2].Values[1] = strings.Repeat("长", 40_000)
	file, losses := written(t, c, "xlsx", "EPSG:4543", "")
	if again, _ := written(t, c, "xlsx", "EPSG:4543", ""); !bytes.Equal(file, again) {
		t.Error("two writings differ")
	}
	if len(losses) != 1 || !strings.Contains(losses[0].In(words.En), "name") {
		t.Errorf("%v", losses)
	}
	book, err := excelize.OpenReader(bytes.NewReader(file))
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows(book.GetSheetName(0))
	if err != nil || len(rows) != 5 || rows[0][0] != "code" || rows[0][len(c.Fields)] != "x" {
		t.Fatalf("%v %v", err, rows)
	}
	if rows[1][0] != "0640502001001001001" || rows[2][1] != "=1+1" || len([]rune(rows[3][1])) != 32767 || rows[1][6] == "" || len(rows[4]) > len(c.Fields) {
		t.Errorf("%v", rows)
	}
	if formula, err := book.GetCellFormula(book.GetSheetName(0), "B3"); formula != "" || err != nil {
		t.Errorf("a text became the formula %q, %v", formula, err)
	}
	if kind, err := book.GetCellType(book.GetSheetName(0), "E2"); err != nil || kind == excelize.CellTypeSharedString || kind == excelize.CellTypeInlineString {
		t.Errorf("a count is a text: %v %v", kind, err)
	}
	if x, err := strconv.ParseFloat(rows[1][len(c.Fields)], 64); err != nil || x < 100_000 {
		t.Errorf("x is %v, %v", rows[1][len(c.Fields)], err)
	}
}
