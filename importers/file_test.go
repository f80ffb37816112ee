package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// readAll reads a file and returns its rows.
func readAll(path string, form Form) (rows []Row, found Found, err error) {
	found, err = ReadFile(context.Background(), path, form, func(r Row) error { rows = append(rows, r); return nil })
	return rows, found, err
}

// hasGDAL skips a test where GDAL or its jail is not to be had.
func hasGDAL(t testing.TB) {
	t.Helper()
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		t.Skip("GDAL's programs are not installed")
	}
	if err := exec.Command("unshare", "--user", "--map-root-user", "--net", "--mount", "true").Run(); err != nil {
		t.Skip("no jail can be made here: ", err)
	}
}

func said(t testing.TB, name string) *crs.System {
	t.Helper()
	s, err := SystemNamed(name)
	if err != nil {
		t.Fatal(err)
	}
	return &s
}

const chinese = "../../shared/data/cn-encoding-open/"

// The same 111 buildings of Beijing, in all the forms that break importers in China.
func TestChineseFormsGiveTheSameBuildings(t *testing.T) {
	if _, err := os.Stat(chinese); err != nil {
		t.Skip("the Chinese files are not here")
	}
	type building struct{ name, at string }
	var want []building
	for _, c := range []struct {
		file, code, name string
		form             Form
		notes            string
		gdal             bool
	}{
		{file: "gbk_cpg_936.shp"},
		{file: "gbk_no_cpg_ldid0.shp", notes: "note.encoding_found"},
		{file: "gbk_no_cpg_ldid4d.shp"},
		{file: "gbk_cpg_lies_utf8.shp", notes: "note.encoding_lies"},
		{file: "utf8_no_cpg_ldid0.shp"},
		{file: "gbk_no_prj.shp", notes: "note.no_prj"},
		{file: "gbk_chinese_fields.shp", notes: "note.cut_name"},
		{file: "gbk_no_cpg_ldid0.shp", form: Form{Encoding: gbName}},
		{file: "buildings.tab", gdal: true},
		{file: "buildings_mif.mif", gdal: true},
		{file: "buildings.kml", gdal: true},
		{file: "buildings_cgcs2000_zone39.gpkg", gdal: true},
	} {
		t.Run(c.file, func(t *testing.T) {
			if c.gdal {
				hasGDAL(t)
			}
			rows, found, err := readAll(chinese+c.file, c.form)
			if err != nil {
				t.Fatal(err)
			}
			var got []building
			for _, r := range rows {
				if r.Fault != nil {
					t.Fatal(r.Fault)
				}
				name := ""
				for _, column := range []string{"BLDG_NAME", "NAME", "name", "建筑物名称", "Name"} {
					if v := r.Values[column]; v.Text != "" {
						name = v.Text
						break
					}
				}
				box := r.Shape.Box()
				// To a metre: the systems' own rounding and GDAL's is below that.
				got = append(got, building{name, fmt.Sprintf("%.5f %.5f", box.Min.Lon.Degrees(), box.Min.Lat.Degrees())})
			}
			if want == nil {
				want = got
			}
			if len(got) != 111 {
				t.Fatalf("%d buildings; columns %v", len(got), rows[0].Values)
			}
			for i := range got {
				if got[i].name != want[i].name || !near(got[i].at, want[i].at) {
					t.Fatalf("building %d is %v, want %v; columns %v", i, got[i], want[i], rows[i].Values)
				}
			}
			keys := ""
			for _, n := range found.Notes {
				keys += n.Key + " "
			}
			if c.notes != "" && !strings.Contains(keys, c.notes) || c.notes == "" && c.form.Encoding != "" && keys != "" {
				t.Errorf("notes %q, want %q", keys, c.notes)
			}
		})
	}
}

func near(a, b string) bool {
	var x, y, u, v float64
	_, _ = fmt.Sscan(a, &x, &y)
	_, _ = fmt.Sscan(b, &u, &v)
	return max(x-u, u-x, y-v, v-y) < 2e-5
}

func TestChineseTables(t *testing.T) {
	if _, err := os.Stat(chinese); err != nil {
		t.Skip("the Chinese files are not here")
	}
	var want []Row
	for _, file := range []string{"residents_utf8_bom.csv", "residents_gbk.csv", "residents_utf16.csv"} {
		rows, found, err := readAll(chinese+file, Form{})
		if err != nil {
			t.Fatal(file, err)
		}
		if want == nil {
			want = rows
		}
		if len(rows) != 111 || rows[1].Values["建筑物名称"] != want[1].Values["建筑物名称"] || len(rows[1].Points) != 1 || rows[1].Points[0] != want[1].Points[0] {
			t.Errorf("%s: %d rows, %v as %s", file, len(rows), rows[1], found.Encoding)
		}
	}
	_, _, err := readAll(chinese+"residents_utf8_bom.csv", Form{System: said(t, "EPSG:4527")})
	if err != nil {
		t.Fatal(err)
	}
}

// GDAL is the oracle: of a file with two layers in metres it must be asked for one, and what is read has the place that
// GDAL's own conversion to longitude and latitude gives.
func TestMetresAndLayers(t *testing.T) {
	const ellis = "../../shared/data/us-ks-ellis/ks_ellis_county_vtd.gpkg"
	if _, err := os.Stat(ellis); err != nil {
		t.Skip("the county of Ellis is not here")
	}
	hasGDAL(t)
	_, _, err := readAll(ellis, Form{})
	if f, ok := errors.AsType[*Fault](err); !ok || f.Key != "layers.several" {
		t.Fatal(err)
	}
	t.Log(err)
	out, err := exec.Command("ogr2ogr", "-f", "GeoJSONSeq", "-lco", "COORDINATE_PRECISION=9", "/vsistdout/", ellis, "ks_ellis_county_vap_data_vtd").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := rowsOf(t, "x.geojsonl", string(out))
	rows, found, err := readAll(ellis, Form{Layer: "ks_ellis_county_vap_data_vtd"})
	if err != nil || len(rows) != 43 {
		t.Fatal(len(rows), err)
	}
	if found.System == "" {
		t.Error("the report would not say that metres were converted")
	}
	for i := range rows {
		for p := range rows[i].Shape {
			for r := range rows[i].Shape[p] {
				// Long sides have points in between, and a ring may begin elsewhere.
				ring := rows[i].Shape[p][r]
				begin := max(0, slices.IndexFunc(ring, func(q crs.Point) bool { return crs.Distance(want[i].Shape[p][r][0], q) < 0.02 }))
				ring = slices.Concat(ring[begin:], ring[:begin])
				for _, at := range want[i].Shape[p][r] {
					n := slices.IndexFunc(ring, func(q crs.Point) bool { return crs.Distance(at, q) < 0.02 })
					if n < 0 {
						t.Fatalf("row %d: %v is missing, or comes too soon", i, at)
					}
					ring = ring[n:]
				}
			}
		}
	}
}

// madeBy has ogr2ogr write GeoJSON in another format.
func madeBy(t testing.TB, geojson, name string, args ...string) string {
	t.Helper()
	dir := t.TempDir()
	in, out := filepath.Join(dir, "in.geojson"), filepath.Join(dir, name)
	if err := os.WriteFile(in, []byte(geojson), 0o600); err != nil {
		t.Fatal(err)
	}
	if msg, err := exec.Command("ogr2ogr", append(args, out, in)...).CombinedOutput(); err != nil {
		t.Fatalf("%s: %s", err, msg)
	}
	return out
}

// a square with a hole in which there is an island, and a place of its own
const island = `{"type":"FeatureCollection","features":[
{"type":"Feature","properties":{"code":"007","name":"垚堃小区","households":12,"share":0.5,"blank":null},"geometry":{"type":"MultiPolygon","coordinates":[
 [[[105.1,37.5],[105.2,37.5],[105.2,37.6],[105.1,37.6],[105.1,37.5]],[[105.12,37.52],[105.12,37.58],[105.18,37.58],[105.18,37.52],[105.12,37.52]]],
 [[[105.14,37.54],[105.16,37.54],[105.16,37.56],[105.14,37.56],[105.14,37.54]]]]}},
{"type":"Feature","properties":{"code":"008","name":"镕基路","households":0,"share":1.25,"blank":null},"geometry":{"type":"Polygon","coordinates":[[[105.3,37.5],[105.4,37.5],[105.4,37.6],[105.3,37.5]]]}}]}`

// Whatever GDAL writes of the same ground, in any system, is read as the same ground.
func TestFormatsGiveTheSameGround(t *testing.T) {
	hasGDAL(t)
	want := rowsOf(t, "x.geojson", island)
	for _, c := range []struct {
		name string
		args []string
		form Form
	}{
		{"a.shp", []string{"-lco", "ENCODING=UTF-8"}, Form{}},
		{"b.shp", []string{"-lco", "ENCODING=CP936"}, Form{}},
		{"c.shp", []string{"-t_srs", "EPSG:4523", "-lco", "ENCODING=UTF-8"}, Form{}},
		{"d.shp", []string{"-t_srs", "EPSG:4544", "-lco", "ENCODING=UTF-8"}, Form{}},
		{"e.shp", []string{"-t_srs", "EPSG:32648", "-lco", "ENCODING=CP936"}, Form{}},
		{"f.shp", []string{"-t_srs", "EPSG:3857", "-lco", "ENCODING=UTF-8"}, Form{}},
		{"g.gpkg", []string{"-t_srs", "EPSG:4523"}, Form{}},
		{"h.fgb", []string{"-t_srs", "EPSG:4544", "-lco", "SPATIAL_INDEX=NO"}, Form{}},
		{"i.kml", []string{"-f", "LIBKML"}, Form{}},
		{"j.tab", []string{"-f", "MapInfo File", "-lco", "ENCODING=CP936"}, Form{}},
		{"k.geojson", []string{"-t_srs", "EPSG:4544"}, Form{}},
		{"l.csv", []string{"-lco", "GEOMETRY=AS_WKT", "-t_srs", "EPSG:4544"}, Form{System: said(t, "EPSG:4544")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if slices.Contains(c.args, "-t_srs") { // which moves corners alone: long sides would be others afterwards
				c.args = append(c.args, "-segmentize", "0.001")
			}
			rows, found, err := readAll(madeBy(t, island, c.name, c.args...), c.form)
			if err != nil || len(rows) != 2 {
				t.Fatal(rows, err)
			}
			for i, r := range rows {
				if r.Fault != nil {
					t.Fatal(r.Fault)
				}
				got, wanted := float64(r.Shape.Area()), float64(want[i].Shape.Area())
				// A side of 10 km is straight in another plane than a hundred of its pieces: see crs.RingArea.
				if got < wanted*0.9997 || got > wanted*1.0003 || len(r.Shape) != len(want[i].Shape) {
					t.Errorf("%d: %d parts with %.0f square metres, want %d with %.0f", i, len(r.Shape), got, len(want[i].Shape), wanted)
				}
				if !slices.ContainsFunc(r.Shape, func(p shape.Polygon) bool { return len(p) == len(want[i].Shape[0]) }) {
					t.Errorf("%d: no part has %d rings", i, len(want[i].Shape[0]))
				}
				if at, wanted := r.Shape.Box(), want[i].Shape.Box(); crs.Distance(at.Min, wanted.Min) > 0.03 || crs.Distance(at.Max, wanted.Max) > 0.03 {
					t.Errorf("%d: lies in %v, want %v", i, at, wanted)
				}
				for _, column := range []string{"code", "households"} {
					if c.name == "i.kml" && column == "households" {
						continue
					}
					if r.Values[column].Text != want[i].Values[column].Text {
						t.Errorf("%d: %s is %v", i, column, r.Values[column])
					}
				}
				if name := r.Values["name"].Text + r.Values["Name"].Text; !strings.Contains(name, want[i].Values["name"].Text) {
					t.Errorf("%d: called %q as %s", i, name, found.Encoding)
				}
			}
			if len(found.SHA256) != 64 {
				t.Errorf("SHA-256 %q", found.SHA256)
			}
		})
	}
}

// zipped writes an archive of names and contents.
func zipped(t testing.TB, files ...[2]string) string {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range files {
		w, err := z.Create(f[0])
		if err == nil {
			_, err = io.WriteString(w, f[1])
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return written(t, "x.zip", b.Bytes())
}

func written(t testing.TB, name string, content []byte) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// A zipped shapefile may lie in a folder, next to what a Mac leaves behind, under a Chinese name in GBK.
func TestZippedShapefiles(t *testing.T) {
	set := smallShapefile(t)
	for name, files := range map[string][][2]string{
		"plain":   {{"town.shp", set[".shp"]}, {"town.dbf", set[".dbf"]}, {"town.prj", set[".prj"]}, {"town.cpg", set[".cpg"]}},
		"folder":  {{"楼栋/Town.SHP", set[".shp"]}, {"楼栋/Town.DBF", set[".dbf"]}, {"__MACOSX/楼栋/._Town.SHP", "x"}, {"楼栋/.DS_Store", "x"}, {"readme.txt", "x"}},
		"gbk":     {{"\xc2\xa5\xb6\xb0.shp", set[".shp"]}, {"\xc2\xa5\xb6\xb0.dbf", set[".dbf"]}},
		"windows": {{`out\town.shp`, set[".shp"]}, {`out\town.dbf`, set[".dbf"]}},
	} {
		rows, _, err := readAll(zipped(t, files...), Form{})
		if err != nil || len(rows) != 1 || rows[0].Values["NAME"].Text != "垚" {
			t.Errorf("%s: %v, %v", name, rows, err)
		}
	}
	two := zipped(t, [2]string{"a/楼栋.shp", set[".shp"]}, [2]string{"a/楼栋.dbf", set[".dbf"]}, [2]string{"a/道路.shp", set[".shp"]}, [2]string{"a/道路.dbf", set[".dbf"]})
	_, _, err := readAll(two, Form{})
	if f, ok := errors.AsType[*Fault](err); !ok || f.Key != "layers.several" || !strings.Contains(f.In(words.Zh), "道路") {
		t.Error(err)
	}
	for _, layer := range []string{"道路", "a/道路.shp"} {
		if rows, _, err := readAll(two, Form{Layer: layer}); err != nil || len(rows) != 1 {
			t.Error(layer, rows, err)
		}
	}
	if _, _, err := readAll(two, Form{Layer: "桥"}); err == nil || err.(*Fault).Key != "layers.none" {
		t.Error(err)
	}
}

// smallShapefile is one triangle called 垚, drawn clockwise as these files are, by ending.
func smallShapefile(t testing.TB) map[string]string {
	t.Helper()
	set := map[string]string{}
	for _, ending := range []string{".shp", ".dbf", ".prj", ".cpg"} {
		text, err := os.ReadFile("testdata/small" + ending)
		if err != nil {
			t.Fatal(err)
		}
		set[ending] = string(text)
	}
	return set
}

// Archives that no honest program writes are refused, and nothing of them is left behind.
func TestHostileArchives(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	set := smallShapefile(t)
	link := func() string {
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		h := &zip.FileHeader{Name: "a.shp"}
		h.SetMode(fs.ModeSymlink | 0o777)
		w, _ := z.CreateHeader(h)
		_, _ = io.WriteString(w, "/etc/passwd")
		_ = z.Close()
		return written(t, "link.zip", b.Bytes())
	}
	var many [][2]string
	for i := range maxEntries + 1 {
		many = append(many, [2]string{fmt.Sprint(i, ".txt"), ""})
	}
	for name, c := range map[string]struct{ path, key string }{
		"up":       {zipped(t, [2]string{"../../etc/x.shp", "x"}), "zip.path"},
		"windows":  {zipped(t, [2]string{`..\..\x.shp`, "x"}), "zip.path"},
		"absolute": {zipped(t, [2]string{"/etc/x.shp", "x"}), "zip.path"},
		"drive":    {zipped(t, [2]string{`C:\x.shp`, "x"}), "zip.path"},
		"link":     {link(), "zip.link"},
		"twice":    {zipped(t, [2]string{"a.shp", "x"}, [2]string{"A.SHP", "y"}), "zip.twice"},
		"bomb":     {zipped(t, [2]string{"a.geojson", strings.Repeat(" ", 40<<20)}), "zip.bomb"},
		"many":     {zipped(t, many...), "zip.entries"},
		"nothing":  {zipped(t, [2]string{"a.txt", "x"}), "zip.nothing"},
		"office":   {zipped(t, [2]string{"[Content_Types].xml", "x"}, [2]string{"xl/workbook.xml", "x"}), "xlsx.ending"},
		"nested":   {zipped(t, [2]string{"a.csv", "PK\x03\x04"}), "zip.zip"},
		"empty":    {zipped(t), "zip.nothing"},
		"damaged":  {written(t, "x.zip", []byte("PK\x03\x04 and no more")), "zip.damaged"},
		"no dbf":   {zipped(t, [2]string{"a.shp", set[".shp"]}), "shp.no_dbf"},
	} {
		_, _, err := readAll(c.path, Form{})
		if f, ok := errors.AsType[*Fault](err); !ok || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "gridwright-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// A shapefile cut off anywhere is refused, never taken in part.
func TestTruncatedShapefilesAreRefused(t *testing.T) {
	set := smallShapefile(t)
	for _, ending := range []string{".shp", ".dbf"} {
		whole := set[ending]
		for n := range whole {
			if ending == ".dbf" && n >= len(whole)-1 {
				continue // the mark of the end, which many do not write
			}
			set[ending] = whole[:n]
			_, err := readSet(set)
			if _, ok := errors.AsType[*Fault](err); !ok {
				t.Fatalf("%s cut at %d: %v", ending, n, err)
			}
		}
		set[ending] = whole
	}
	if rows, err := readSet(set); err != nil || len(rows) != 1 {
		t.Fatal(rows, err)
	}
}

// readSet reads a shapefile whose parts are texts.
func readSet(set map[string]string) (rows []Row, err error) {
	open := func(ending string) (io.ReadCloser, error) {
		text, ok := set[ending]
		if !ok {
			return nil, fs.ErrNotExist
		}
		return io.NopCloser(strings.NewReader(text)), nil
	}
	err = readShapefile(context.Background(), open, Form{}, new(Found), func(r Row) error { rows = append(rows, r); return nil })
	return rows, err
}

func FuzzShapefile(f *testing.F) {
	set := smallShapefile(f)
	f.Add([]byte(set[".shp"]), []byte(set[".dbf"]), set[".prj"], set[".cpg"])
	f.Fuzz(func(t *testing.T, shp, dbf []byte, prj, cpg string) {
		rows, err := readSet(map[string]string{".shp": string(shp), ".dbf": string(dbf), ".prj": prj, ".cpg": cpg})
		if _, ok := errors.AsType[*Fault](err); err != nil && !ok {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, r := range rows {
			if r.Place.Feature == 0 {
				t.Fatal("a row without a place")
			}
			checkValues(t, r)
			checkGeometry(t, r.Geometry)
		}
	})
}

func FuzzZip(f *testing.F) {
	set := smallShapefile(f)
	for _, path := range []string{zipped(f, [2]string{"a.shp", set[".shp"]}, [2]string{"a.dbf", set[".dbf"]}), zipped(f, [2]string{"../a.csv", "a\n1\n"}, [2]string{"b.csv", "a\n1\n"})} {
		text, err := os.ReadFile(path)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		z, err := zip.NewReader(bytes.NewReader(text), int64(len(text)))
		if err != nil {
			return
		}
		entries, fault := entriesOf(z)
		for name := range entries {
			if !filepath.IsLocal(name) || !entries[name].Mode().IsRegular() {
				t.Fatalf("%q was taken", name)
			}
		}
		if fault != nil {
			return
		}
		if chosen, fault := choose(entries, ""); fault == nil && entries[chosen] == nil {
			t.Fatalf("%q is no file of the archive", chosen)
		}
	})
}

// The jail keeps GDAL from the network, from the machine's files and from writing.
func TestTheJailHolds(t *testing.T) {
	hasGDAL(t)
	dir := t.TempDir()
	g := &gdal{root: filepath.Join(dir, "root"), files: filepath.Join(dir, "in"), driver: "none", time: gdalLook}
	for _, d := range []string{g.root, g.files} {
		if err := os.Mkdir(d, 0o700); err != nil {
			t.Fatal(err)
		}
	}
	for command, want := range map[string]string{
		"ls /":                                     "bin\netc\nin\nlib\nlib64\ntmp\nusr\n",
		"cat /proc/net/dev || echo none":           "none\n",
		"ls /etc":                                  "alternatives\n",
		"touch /in/x || echo none":                 "none\n",
		"touch /usr/x || echo none":                "none\n",
		"mount -t tmpfs x /tmp || echo none":       "none\n",
		"echo > /dev/tcp/127.0.0.1/1 || echo none": "none\n",
	} {
		var out []byte
		err := g.run(context.Background(), func(r io.Reader) (err error) { out, err = io.ReadAll(r); return err }, "sh", "-c", command)
		if err != nil || string(out) != want {
			t.Errorf("%s: %q, %v; want %q", command, out, err, want)
		}
	}
	env := ""
	t.Setenv("SECRET_OF_THE_HOST", "x")
	if err := g.run(context.Background(), func(r io.Reader) error { b, err := io.ReadAll(r); env = string(b); return err }, "env"); err != nil || strings.Contains(env, "SECRET") {
		t.Error(env, err)
	}
}

// What lies to GDAL about what it is, or asks it to go elsewhere, is refused.
func TestHostileFilesForGDAL(t *testing.T) {
	hasGDAL(t)
	t.Setenv("TMPDIR", t.TempDir())
	view := madeBy(t, island, "v.gpkg")
	sql := "CREATE VIEW evil AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x+1 FROM c) SELECT x AS fid, NULL AS geom FROM c"
	if msg, err := exec.Command("ogrinfo", view, "-sql", sql).CombinedOutput(); err != nil {
		t.Fatalf("%s", msg)
	}
	sql = "INSERT INTO gpkg_contents(table_name, data_type, identifier) VALUES ('evil', 'attributes', 'evil')"
	if msg, err := exec.Command("ogrinfo", view, "-sql", sql).CombinedOutput(); err != nil {
		t.Fatalf("%s", msg)
	}
	for name, c := range map[string]struct{ path, layer, key string }{
		"view":      {view, "evil", "gpkg.view"},
		"vrt":       {written(t, "x.kml", []byte(`<OGRVRTDataSource><!-- <kml --><OGRVRTLayer name="a"><SrcDataSource>/etc/passwd</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`)), "", "gdal.cannot"},
		"no sqlite": {written(t, "x.gpkg", []byte("SQLite format 3\x00 and no more")), "", "gdal.cannot"},
		"no fgb":    {written(t, "x.fgb", []byte("fgb\x03fgb\x00 and no more")), "", "gdal.cannot"},
		"vrt csv":   {written(t, "x.csv", []byte(`<OGRVRTDataSource></OGRVRTDataSource>`)), "", "file.markup"},
	} {
		_, _, err := readAll(c.path, Form{Layer: c.layer})
		if f, ok := errors.AsType[*Fault](err); !ok || f.Key != c.key {
			t.Errorf("%s: %v, want %s", name, err, c.key)
		}
	}
	left, err := filepath.Glob(filepath.Join(os.Getenv("TMPDIR"), "gridwright-*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// A sum of a table in another encoding is the sum of its rows: no row is lost at the border of two blocks of bytes.
func TestLongTablesInGBK(t *testing.T) {
	var b bytes.Buffer
	w := csv.NewWriter(simplifiedchinese.GBK.NewEncoder().Writer(&b))
	_ = w.Write([]string{"code", "name"})
	for i := range 20_000 {
		_ = w.Write([]string{fmt.Sprint(i), strings.Repeat("中", i%7) + "卫"})
	}
	w.Flush()
	rows, found, err := readAll(written(t, "x.csv", b.Bytes()), Form{})
	if err != nil || len(rows) != 20_000 || found.Encoding != gbName {
		t.Fatal(len(rows), found.Encoding, err)
	}
	for i, r := range rows {
		if want := strings.Repeat("中", i%7) + "卫"; r.Values["name"].Text != want {
			t.Fatalf("row %d is called %q, want %q", i, r.Values["name"].Text, want)
		}
	}
}

// GDAL goes on over files that break off and says that all is well; here they are refused.
func TestTruncatedFilesForGDALAreRefused(t *testing.T) {
	hasGDAL(t)
	for name, args := range map[string][]string{"a.fgb": {"-lco", "SPATIAL_INDEX=NO"}, "a.mif": {"-f", "MapInfo File"}} {
		path := madeBy(t, island, name, args...)
		whole, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, n := range []int{len(whole) / 2, len(whole) * 3 / 4} {
			if err := os.WriteFile(path, whole[:n], 0o600); err != nil {
				t.Fatal(err)
			}
			rows, _, err := readAll(path, Form{})
			refused := err != nil
			for _, r := range rows {
				refused = refused || r.Fault != nil
			}
			if !refused {
				t.Errorf("%s cut at %d of %d was taken: %v", name, n, len(whole), rows)
			}
		}
	}
}
