package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// hostile is a file that somebody made to do harm, and how it is refused: the fault of the file, or of its row.
type hostile struct {
	name, key string
	content   []byte
	gdal      bool
}

func feature(coordinates string) string {
	return `{"type":"Feature","properties":{"code":"1"},"geometry":{"type":"Polygon","coordinates":` + coordinates + `}}`
}

// lyingZip writes an archive whose directory says that a file of many bytes has few.
func lyingZip(name string, size int) []byte {
	var packed, b bytes.Buffer
	plain := bytes.Repeat([]byte(" "), size)
	z := zip.NewWriter(&packed)
	w, _ := z.Create(name)
	_, _ = w.Write(plain)
	_ = z.Close()
	r, _ := zip.NewReader(bytes.NewReader(packed.Bytes()), int64(packed.Len()))
	raw, _ := r.File[0].OpenRaw()
	body := new(bytes.Buffer)
	_, _ = body.ReadFrom(raw)
	z = zip.NewWriter(&b)
	w, _ = z.CreateRaw(&zip.FileHeader{Name: name, Method: zip.Deflate, CRC32: crc32.ChecksumIEEE(plain), UncompressedSize64: 100, CompressedSize64: uint64(body.Len())})
	_, _ = w.Write(body.Bytes())
	_ = z.Close()
	return b.Bytes()
}

// shpOf writes a shapefile of one record with a body.
func shpOf(body []byte, words uint32) string {
	head := make([]byte, 108)
	binary.BigEndian.PutUint32(head, 9994)
	binary.LittleEndian.PutUint32(head[28:], 1000)
	binary.BigEndian.PutUint32(head[100:], 1)
	binary.BigEndian.PutUint32(head[104:], words)
	return string(head) + string(body)
}

func polygonBody(parts, points uint32, numbers ...float64) []byte {
	body := make([]byte, 48, 48+8*len(numbers))
	binary.LittleEndian.PutUint32(body, 5)
	binary.LittleEndian.PutUint32(body[36:], parts)
	binary.LittleEndian.PutUint32(body[40:], points)
	for _, n := range numbers {
		body = binary.LittleEndian.AppendUint64(body, math.Float64bits(n))
	}
	return body
}

// corpus makes the files.
func corpus(t testing.TB) []hostile {
	ring := func(n int) string {
		var b strings.Builder
		b.WriteString("[[")
		for i := range n {
			fmt.Fprintf(&b, "[%d.%07d,37.5],", 105+i/10_000_000, i)
		}
		b.WriteString("[105,37.6],[105.0000000,37.5]]]")
		return b.String()
	}
	set := smallShapefile(t)
	shapefile := func(change func(map[string]string)) []byte {
		own := map[string]string{}
		for k, v := range set {
			own[k] = v
		}
		change(own)
		var files [][2]string
		for k, v := range own {
			files = append(files, [2]string{"a" + k, v})
		}
		text, err := os.ReadFile(zipped(t, files...))
		if err != nil {
			t.Fatal(err)
		}
		return text
	}
	dbf := func(at int, value uint32) []byte {
		return shapefile(func(s map[string]string) {
			b := []byte(s[".dbf"])
			binary.LittleEndian.PutUint32(b[at:], value)
			s[".dbf"] = string(b)
		})
	}
	shp := func(body []byte, words uint32) []byte {
		return shapefile(func(s map[string]string) { s[".shp"] = shpOf(body, words) })
	}
	long := strings.Repeat("x", 70_000)
	wide := `{"type":"Feature","properties":{`
	for i := range 10_000 {
		wide += fmt.Sprintf(`"c%d":1,`, i)
	}
	wide += `"z":1},"geometry":null}`
	columns := strings.TrimSuffix(strings.Repeat("a,", 10_000), ",")
	kml := func(inner string) []byte {
		return []byte(`<?xml version="1.0"?>` + inner)
	}
	return []hostile{
		{name: "bomb.zip", key: "zip.damaged", content: lyingZip("a.geojson", 30<<20)},
		{name: "ring.geojson", key: "limit.ring", content: []byte(feature(ring(1_000_000)))},
		{name: "huge.geojson", key: "geometry.projected", content: []byte(feature("[[[1e308,37],[105,38],[106,38],[1e308,37]]]"))},
		{name: "infinite.geojson", key: "geometry.projected", content: []byte(feature("[[[1e999,37],[105,38],[106,38],[1e999,37]]]"))},
		{name: "nan.geojson", key: "json.unexpected", content: []byte(feature("[[[NaN,37],[105,38],[106,38],[NaN,37]]]"))},
		{name: "nan.csv", key: "wkt.broken", content: []byte("wkt\n\"POINT(NaN 37)\"\n")},
		{name: "inf.csv", key: "geometry.projected", content: []byte("lon,lat\nInf,37\n")},
		{name: "deep.geojson", key: "json.too_deep", content: []byte(feature(strings.Repeat("[", 100_000)))},
		{name: "deep_properties.geojson", key: "json.too_deep", content: []byte(`{"type":"Feature","properties":` + strings.Repeat(`{"a":`, 100_000))},
		{name: "deep.csv", key: "geometry.kind", content: []byte("wkt\n\"GEOMETRYCOLLECTION(POLYGON" + strings.Repeat("(", 50_000) + "\"\n")},
		{name: "deep_polygon.csv", key: "wkt.broken", content: []byte("wkt\n\"POLYGON" + strings.Repeat("(", 50_000) + "\"\n")},
		{name: "link.geojson", key: "geojson.crs", content: []byte(`{"type":"FeatureCollection","crs":{"type":"link","properties":{"href":"http://127.0.0.1:1/x","type":"proj4"}},"features":[]}`)},
		{name: "url.geojson", key: "geojson.crs", content: []byte(`{"type":"FeatureCollection","crs":{"type":"url","properties":{"url":"http://127.0.0.1:1/x"}},"features":[]}`)},
		{name: "long.geojson", key: "limit.text", content: []byte(`{"type":"Feature","properties":{"name":"` + long + `"},"geometry":null}`)},
		{name: "long.csv", key: "limit.text", content: []byte("name,b\n" + long + ",1\n")},
		{name: "wide.geojson", key: "limit.columns", content: []byte(wide)},
		{name: "wide.csv", key: "", content: []byte(columns + "\n" + columns + "\n")},
		{name: "nul.csv", key: "", content: []byte("code,name\n1,a\x00b\n")},
		{name: "nul.geojson", key: "json.unexpected", content: []byte("{\"type\":\"Feature\",\"properties\":{\"a\":\"\x00\"},\"geometry\":null}")},
		{name: "truncated.geojson", key: "json.truncated", content: []byte(strings.TrimRight(feature("[[[105,37],[105"), "}"))},
		{name: "vrt.csv", key: "file.markup", content: []byte(`<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>http://127.0.0.1:1/</SrcDataSource></OGRVRTLayer></OGRVRTDataSource>`)},
		{name: "vrt.geojson", key: "file.markup", content: []byte(`<OGRVRTDataSource></OGRVRTDataSource>`)},
		{name: "wfs.json", key: "file.markup", content: []byte(`<OGRWFSDataSource><URL>http://127.0.0.1:1/</URL></OGRWFSDataSource>`)},
		{name: "ending.shp", key: "file.unknown", content: []byte(feature("[]"))},
		{name: "shp_length.zip", key: "shp.record", content: shp(polygonBody(1, 4), 0x7fffffff)},
		{name: "shp_points.zip", key: "shp.record", content: shp(polygonBody(1, 0xffffffff), 24)},
		{name: "shp_parts.zip", key: "shp.record", content: shp(polygonBody(0xffffffff, 4), 24)},
		{name: "shp_empty.zip", key: "shp.record", content: shp(nil, 0)},
		{name: "shp_nan.zip", key: "geometry.beyond", content: shp(append(polygonBody(1, 4)[:44], append([]byte{0, 0, 0, 0}, polygonBody(1, 4, math.NaN(), 37, 105, 38, 106, 38, math.NaN(), 37)[48:]...)...), 56)},
		{name: "dbf_rows.zip", key: "", content: dbf(4, 0xfffffff0)},
		{name: "dbf_header.zip", key: "", content: dbf(8, 0xffffffff)},
		{name: "dbf_width.zip", key: "", content: dbf(8, 0x00000021)},
		{name: "prj.zip", key: "crs.unknown", content: shapefile(func(s map[string]string) { s[".prj"] = strings.Repeat("PROJCS[", 9000) })},
		{name: "network.kml", key: "", gdal: true, content: kml(`<kml xmlns="http://www.opengis.net/kml/2.2"><NetworkLink><Link><href>http://127.0.0.1:1/x.kml</href></Link></NetworkLink></kml>`)},
		{name: "xxe.kml", key: "", gdal: true, content: kml(`<!DOCTYPE kml [<!ENTITY x SYSTEM "file:///etc/passwd">]><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&x;</name></Placemark></kml>`)},
		{name: "laughs.kml", key: "", gdal: true, content: kml(`<!DOCTYPE kml [<!ENTITY a "ha">` + strings.Repeat(`<!ENTITY b "&a;&a;&a;&a;">`, 9) + `]><kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&b;</name></Placemark></kml>`)},
		{name: "junk.dxf", key: "", gdal: true, content: []byte("0\nSECTION\n2\nENTITIES\n0\nLWPOLYLINE\n90\n2000000000\n70\n1\n10\nNaN\n20\n1e308\n" + strings.Repeat("\xff\n", 500))},
		{name: "nested.dxf", key: "", gdal: true, content: []byte("0\nSECTION\n2\nBLOCKS\n0\nBLOCK\n2\nA\n0\nINSERT\n2\nA\n0\nENDBLK\n0\nENDSEC\n0\nSECTION\n2\nENTITIES\n0\nINSERT\n2\nA\n0\nENDSEC\n0\nEOF\n")},
		{name: "junk.tab", key: "", gdal: true, content: []byte("!table\n!version 300\nDefinition Table\n Type NATIVE Fields 9999999\n")},
		{name: "junk.mif", key: "", gdal: true, content: []byte("Version 300\nColumns 99999999\nData\nRegion 99999999\n 99999999\n1 1\n")},
		{name: "count.fgb", key: "", gdal: true, content: []byte("fgb\x03fgb\x01" + strings.Repeat("\xff", 400))},
		{name: "junk.gpkg", key: "", gdal: true, content: append([]byte("SQLite format 3\x00"), bytes.Repeat([]byte{0xff}, 4096)...)},
	}
}

// What is made to do harm is refused with words, whatever of it comes first, and leaves no file behind.
func TestHostileFiles(t *testing.T) {
	jail := exec.Command("unshare", "--user", "--map-root-user", "--net", "--mount", "true").Run() == nil
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		jail = false
	}
	files := corpus(t)
	t.Setenv("TMPDIR", t.TempDir())
	dir := t.TempDir()
	for _, h := range files {
		if h.gdal && !jail {
			continue
		}
		path := filepath.Join(dir, h.name)
		if err := os.WriteFile(path, h.content, 0o600); err != nil {
			t.Fatal(err)
		}
		limits := UploadLimits
		rows, texts, first := 0, 0, (*Fault)(nil)
		_, err := ReadFile(context.Background(), path, Form{Limits: &limits}, func(r Row) error {
			if rows++; r.Fault != nil && first == nil {
				first = r.Fault
			}
			for _, v := range r.Values {
				texts += len(v.Text)
			}
			if strings.Contains(fmt.Sprint(r.Values), "root:") {
				t.Errorf("%s: a file of the machine came out", h.name)
			}
			return nil
		})
		if f, ok := errors.AsType[*Fault](err); ok {
			first = f
		} else if err != nil {
			t.Errorf("%s: %v is no fault", h.name, err)
			continue
		}
		if rows > 1000 || texts > 20*len(h.content)+1000 {
			t.Errorf("%s: %d rows with %d bytes came of %d", h.name, rows, texts, len(h.content))
		}
		switch {
		case first == nil && h.name != "nul.csv" && h.name != "xxe.kml":
			t.Errorf("%s was taken: %d rows", h.name, rows)
		case first == nil:
		case h.key != "" && first.Key != h.key:
			t.Errorf("%s: %s (%s), want %s", h.name, first.Key, first, h.key)
		default:
			t.Logf("%-24s %s", h.name, first)
		}
	}
	if left, err := os.ReadDir(os.Getenv("TMPDIR")); err != nil || len(left) > 0 {
		t.Errorf("left behind: %v %v", left, err)
	}
}

// The bounds are those of the form: a file beyond one is refused before it is opened, a row beyond one when it comes.
func TestLimits(t *testing.T) {
	path := written(t, "a.csv", []byte("code,name\n1,a\n2,b\n3,c\n"))
	for key, l := range map[string]Limits{"limit.bytes": {Bytes: 10}, "limit.rows": {Rows: 2}, "limit.columns": {Columns: 1}} {
		if _, _, err := readAll(path, Form{Limits: &l}); faultKey(err) != key {
			t.Errorf("%s: %v", key, err)
		}
	}
	if rows, _, err := readAll(path, Form{Limits: new(Limits)}); err != nil || len(rows) != 3 {
		t.Error(rows, err)
	}
	set := filepath.Join(t.TempDir(), "A.SHP")
	for ending, text := range smallShapefile(t) {
		if err := os.WriteFile(strings.TrimSuffix(set, ".SHP")+strings.ToUpper(ending), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if _, _, err := readAll(set, Form{Limits: &Limits{Bytes: 200}}); faultKey(err) != "limit.bytes" {
		t.Error(err)
	}
}
