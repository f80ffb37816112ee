package importers

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// faultKey returns the key of an error that is a fault, else its text.
func faultKey(err error) string {
	if f, ok := errors.AsType[*Fault](err); ok {
		return f.Key
	}
	return fmt.Sprint(err)
}

func noteKeys(notes []*Fault) (keys []string) {
	for _, n := range notes {
		keys = append(keys, n.Key)
	}
	return keys
}

// cityNumbers draws four places in the plane of a city that begins at 105.19 37.51, turned by two degrees.
func cityTable(t testing.TB, slip float64) string {
	t.Helper()
	gk := said(t, "EPSG:4544")
	text := "name,x,y,lon,lat\n"
	for i, p := range []crs.Point{{Lon: 1_051_500_000, Lat: 375_000_000}, {Lon: 1_052_500_000, Lat: 375_100_000}, {Lon: 1_051_900_000, Lat: 375_700_000}, {Lon: 1_052_100_000, Lat: 374_700_000}} {
		u, v := gk.Numbers(p)
		u, v = u-517_000, v-4_153_000
		x, y := 50_000+0.99939083*u-0.03489950*v, 80_000+0.03489950*u+0.99939083*v
		if i == 2 {
			x += slip
		}
		text += fmt.Sprintf("K%d,%.4f,%.4f,%s,%s\n", i+1, x, y, p.Lon.AppendDegrees(nil), p.Lat.AppendDegrees(nil))
	}
	return text
}

// A table of control points gives the system in which a file of the city's plane is then read; a point that is off is named.
func TestControlPoints(t *testing.T) {
	ctx := context.Background()
	system, notes, err := ReadControl(ctx, written(t, "control.csv", []byte(cityTable(t, 0))), ControlLimit)
	if err != nil || !slices.Equal(noteKeys(notes), []string{"note.control"}) || !strings.Contains(notes[0].In(words.En), "K3 0.000") {
		t.Fatal(notes, err)
	}
	rows, found, err := readAll(written(t, "b.csv", []byte("code,x,y\n1,50000,80000\n")), Form{System: system, Notes: notes})
	want, _ := said(t, "EPSG:4544").Point(517_000, 4_153_000)
	if err != nil || len(rows) != 1 || rows[0].Fault != nil || crs.Distance(rows[0].Points[0], want) > 0.02 || len(found.Notes) == 0 {
		t.Fatal(rows, found, want, err)
	}
	_, _, err = ReadControl(ctx, written(t, "control.csv", []byte(cityTable(t, 5))), ControlLimit)
	if faultKey(err) != "control.off" {
		t.Fatal(err)
	}
	t.Log(err)
	if _, _, err = ReadControl(ctx, written(t, "control.csv", []byte(cityTable(t, 5))), 6); err != nil {
		t.Error(err)
	}
	for text, key := range map[string]string{
		"x,y,lon,lat\n1,2,105,37\n":               "control.few",
		"x,y,lon\n1,2,105\n":                      "control.column",
		"x,y,lon,lat\n1,a,105,37\n":               "control.number",
		"x,y,lon,lat\n1,2,105,95\n1,2,105,37\n":   "control.place",
		"x,y,lon,lat\n1,2,105,37\n1,2,105,37\n":   "control.same",
		"x,y,lon,lat\n1,2,105,37\n9,2,105.1,37\n": "control.scale",
		"": "file.empty",
	} {
		if _, _, err := ReadControl(ctx, written(t, "c.csv", []byte(text)), ControlLimit); faultKey(err) != key {
			t.Errorf("%q: %v, want %s", text, err, key)
		}
	}
}

// Two neighbours that share a long border in a shifted or projected system share it point for point on the ground, whichever way each runs;
// and a MultiPoint gets no points in between.
func TestSharedBordersStayShared(t *testing.T) {
	for _, c := range []struct{ system, west, east, points string }{
		{"gcj02", "POLYGON((105.1 37.5,105.13 37.5,105.14 37.53,105.1 37.53,105.1 37.5))", "POLYGON((105.13 37.5,105.16 37.5,105.16 37.53,105.14 37.53,105.13 37.5))", "MULTIPOINT(105.1 37.5,105.2 37.6)"},
		{"EPSG:4544,bd09", "POLYGON((514000 4150000,516000 4150000,516500 4153000,514000 4153000,514000 4150000))", "POLYGON((516000 4150000,518000 4150000,518000 4153000,516500 4153000,516000 4150000))",
			"MULTIPOINT(514000 4150000,516000 4150000)"},
	} {
		s := said(t, c.system)
		west, fault := parseWKT(c.west, s)
		if fault != nil {
			t.Fatal(fault)
		}
		east, fault := parseWKT(c.east, s)
		if fault != nil {
			t.Fatal(fault)
		}
		shared := 0
		of := map[crs.Point]bool{}
		for _, p := range west.Shape[0][0] {
			of[p] = true
		}
		for _, p := range east.Shape[0][0] {
			if of[p] {
				shared++
			}
		}
		if shared < 10 {
			t.Errorf("%s: %d points of the border are shared", c.system, shared)
		}
		if g, fault := parseWKT(c.points, s); fault != nil || len(g.Points) != 2 {
			t.Error(g, fault)
		}
		if _, fault := parseWKT("LINESTRING(75 30,130 45)", said(t, "gcj02")); fault == nil || fault.Key != "geometry.edge" {
			t.Error(fault)
		}
	}
}

// dxf draws entities.
func dxf(entities ...string) []byte {
	return []byte("0\nSECTION\n2\nENTITIES\n" + strings.Join(entities, "") + "0\nENDSEC\n0\nEOF\n")
}

func polyline(layer string, closed bool, points ...[2]float64) string {
	text := fmt.Sprintf("0\nLWPOLYLINE\n8\n%s\n90\n%d\n70\n%d\n", layer, len(points), map[bool]int{true: 1}[closed])
	for _, p := range points {
		text += fmt.Sprintf("10\n%f\n20\n%f\n", p[0], p[1])
	}
	return text
}

func textAt(layer string, x, y float64, text string) string {
	return fmt.Sprintf("0\nTEXT\n8\n%s\n10\n%f\n20\n%f\n40\n2.5\n1\n%s\n", layer, x, y, text)
}

// A drawing's lines are closed within the tolerance, its arcs drawn out, and its texts become the names of what they are written into.
func TestDrawings(t *testing.T) {
	hasGDAL(t)
	const e, n = 517_000.0, 4_153_000.0
	square := func(x, y, side, gap float64) [][2]float64 {
		return [][2]float64{{e + x, n + y}, {e + x + side, n + y}, {e + x + side, n + y + side}, {e + x, n + y + side}, {e + x, n + y + gap}}
	}
	path := written(t, "town.dxf", dxf(
		polyline("AREA", false, square(0, 0, 500, 0)...),
		polyline("HOUSE", false, square(10, 10, 20, 0.05)...),
		polyline("HOUSE", false, square(100, 10, 20, 3)...),
		polyline("HOUSE", true, square(200, 10, 20, 15)[:4]...),
		fmt.Sprintf("0\nCIRCLE\n8\nTOWER\n10\n%f\n20\n%f\n40\n10\n", e+300, n+300),
		textAt("NAMES", e+400, n+400, "East"), textAt("NO", e+15, n+15, "7"), textAt("NO", e+205, n+15, "8"), textAt("NO", e+210, n+20, "9"), textAt("NO", e+900, n+900, "far"),
	))
	rows, found, err := readAll(path, Form{System: said(t, "EPSG:4544"), Geometry: []string{"Polygon"}})
	if err != nil || len(rows) != 5 {
		t.Fatal(rows, err)
	}
	names := []string{}
	for _, r := range rows {
		key := ""
		if r.Fault != nil {
			key = r.Fault.Key
		}
		names = append(names, fmt.Sprint(r.Values["Layer"].Text, " ", r.Values["name"].Text, " ", r.Type, " ", key))
	}
	want := []string{"AREA East Polygon ", "HOUSE 7 Polygon ", "HOUSE  LineString dxf.open", "HOUSE  Polygon ", "TOWER  Polygon "}
	if !slices.Equal(names, want) {
		t.Errorf("%q, want %q", names, want)
	}
	for _, key := range []string{"note.dxf_closed", "note.dxf_named", "note.dxf_labels", "note.dxf_outside"} {
		if !slices.Contains(noteKeys(found.Notes), key) {
			t.Errorf("%s is missing in %v", key, noteKeys(found.Notes))
		}
	}
	if a := float64(rows[4].Shape.Area()); a < 310 || a > 315 { // 10 m round
		t.Errorf("the tower has %v square metres", a)
	}
	rows, _, err = readAll(path, Form{System: said(t, "EPSG:4544"), Geometry: []string{"Polygon"}, Close: 5})
	if err != nil || rows[2].Fault != nil || rows[2].Type != "Polygon" {
		t.Error(rows[2], err)
	}
	rows, _, err = readAll(path, Form{System: said(t, "EPSG:4544"), Geometry: []string{"LineString"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range rows {
		if len(r.Lines) == 0 && len(r.Points) == 0 {
			t.Error("a line became", r.Type)
		}
	}
}

// Ovital's files are in one of two systems and do not say which.
func TestOvitalIsAskedFor(t *testing.T) {
	hasGDAL(t)
	kml := func(by string) string {
		return `<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><name>` + by + `</name><Placemark><name>甲</name><Polygon><outerBoundaryIs><LinearRing><coordinates>` +
			`105.1,37.5 105.2,37.5 105.2,37.6 105.1,37.5</coordinates></LinearRing></outerBoundaryIs></Polygon></Placemark></Document></kml>`
	}
	plain, ov := written(t, "a.kml", []byte(kml("图层"))), written(t, "a.ovkml", []byte(kml("图层")))
	named := written(t, "b.kml", []byte(kml("OvitalMap")))
	kmz := zipped(t, [2]string{"doc.kml", kml("奥维互动地图")})
	if rows, _, err := readAll(plain, Form{}); err != nil || len(rows) != 1 {
		t.Error(rows, err)
	}
	for _, path := range []string{ov, named, kmz} {
		if _, _, err := readAll(path, Form{}); faultKey(err) != "crs.ovital" {
			t.Error(path, err)
		}
		asIs, _, err := readAll(path, Form{AsIs: true})
		shifted, _, err2 := readAll(path, Form{System: said(t, "gcj02")})
		if err != nil || err2 != nil || crs.Distance(asIs[0].Shape[0][0][0], shifted[0].Shape[0][0][0]) < 300 {
			t.Error(asIs, shifted, err, err2)
		}
	}
}

// Programs hidden in a GeoPackage are found; what GDAL itself puts there is not taken for one.
func TestProgramsInGeoPackages(t *testing.T) {
	hasGDAL(t)
	for sql, key := range map[string]string{
		"CREATE TRIGGER evil AFTER INSERT ON in_ BEGIN SELECT 1; END": "gpkg.trigger",
		"CREATE VIRTUAL TABLE evil USING fts4(a)":                     "gpkg.table",
		"CREATE VIRTUAL TABLE rtree_evil USING fts4(a)":               "gpkg.table",
		"CREATE VIEW evil AS SELECT 1":                                "gpkg.view",
	} {
		path := madeBy(t, island, "v.gpkg", "-nln", "in_")
		if msg, err := exec.Command("ogrinfo", path, "-sql", sql).CombinedOutput(); err != nil {
			t.Fatalf("%s", msg)
		}
		if _, _, err := readAll(path, Form{Layer: "in_"}); faultKey(err) != key {
			t.Errorf("%s: %v, want %s", sql, err, key)
		}
	}
}
