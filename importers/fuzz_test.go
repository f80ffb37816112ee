package importers

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
	"unicode/utf8"
)

func seeds(f *testing.F, pattern string) {
	f.Helper()
	files, err := filepath.Glob(filepath.Join("testdata", pattern))
	if err != nil || len(files) == 0 {
		f.Fatalf("no seeds %s: %v", pattern, err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
}

// readAnything reads bytes and checks what is true of every answer. It reports whether they were a file.
func readAnything(t *testing.T, name string, text []byte) bool {
	rows, err := tryRows(name, bytes.NewReader(text))
	if err != nil {
		if _, ok := errors.AsType[*Fault](err); !ok {
			t.Fatalf("an error that is no fault: %v", err)
		}
		return false
	}
	if len(rows) == 0 {
		t.Fatal("a file without rows was taken")
	}
	for _, r := range rows {
		if r.Place.Line == 0 {
			t.Fatal("a row without a place")
		}
		checkValues(t, r)
		checkGeometry(t, r.Geometry)
	}
	return true
}

// checkValues checks what is true of every row's values.
func checkValues(t *testing.T, r Row) {
	t.Helper()
	for column, v := range r.Values {
		if !utf8.ValidString(column) || !utf8.ValidString(v.Text) {
			t.Fatalf("%q: %q is no UTF-8", column, v.Text)
		}
	}
}

// checkGeometry checks what is true of every geometry.
func checkGeometry(t *testing.T, g Geometry) {
	t.Helper()
	kinds := 0
	for _, n := range []int{len(g.Shape), len(g.Lines), len(g.Points)} {
		if n > 0 {
			kinds++
		}
	}
	if kinds > 1 || (kinds == 1) != (g.Type != "") {
		t.Fatalf("a %q of %d kinds", g.Type, kinds)
	}
	for _, l := range g.Lines {
		if len(l) < 2 {
			t.Fatalf("a line of %d points", len(l))
		}
	}
	for _, p := range g.Shape {
		for i, ring := range p {
			if len(ring) < 3 {
				t.Fatalf("a ring of %d corners", len(ring))
			}
			if a := ring.Area(); a < 0 && i == 0 || a > 0 && i > 0 {
				t.Fatalf("ring %d turns the wrong way", i)
			}
		}
	}
}

// Whatever the reader takes, encoding/json takes as a sequence of values, too.
func FuzzGeoJSON(f *testing.F) {
	seeds(f, "*.geojson")
	f.Add([]byte(town))
	for _, g := range geometries {
		f.Add([]byte(`{"type":"Feature","properties":{},"geometry":` + g.json + `}`))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		if !readAnything(t, "x.geojson", text) {
			return
		}
		text = bytes.ReplaceAll(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte{0x1e}, []byte{' '})
		for d := json.NewDecoder(bytes.NewReader(text)); ; {
			var any json.RawMessage
			if err := d.Decode(&any); errors.Is(err, io.EOF) {
				return
			} else if err != nil {
				t.Fatalf("encoding/json: %v", err)
			}
		}
	})
}

func FuzzCSV(f *testing.F) {
	seeds(f, "*.csv")
	f.Add([]byte("wkt\n\"POLYGON((1 2,3 4,5 0,1 2))\"\n"))
	f.Fuzz(func(t *testing.T, text []byte) { readAnything(t, "x.csv", text) })
}

func FuzzWKT(f *testing.F) {
	f.Add("MULTIPOLYGON ZM (((1 2 3 4,3 4 5 6,5 0 0 0,1 2 3 4),(1 1,2 2,3 3,1 1)))")
	f.Add("SRID=4326;POLYGON M EMPTY")
	f.Add("MULTIPOINT ((1 2),(3 4))")
	f.Add("MULTIPOINT (1 2,3 4)")
	f.Add("POINT Z (1 2 3)")
	f.Add("LINESTRING (1 2,3 4)")
	f.Add("MULTILINESTRING ((1 2,3 4),(5 6,7 8,9 10))")
	f.Fuzz(func(t *testing.T, text string) {
		g, fault := ParseWKT(text)
		if fault != nil && g.Type != "" {
			t.Fatal("a geometry and a fault")
		}
		checkGeometry(t, g)
	})
}

// Whatever GDAL writes, of a KML or a drawing in any system: no bytes make a geometry that is none, and lines are closed, named and handed on
// each once.
func FuzzDrawings(f *testing.F) {
	const line = "0102000020E6100000040000000000000020901F4100000000A4AF4F410000000070901F4100000000A4AF4F410000000070901F41000000009EB04F410000000020901F4100000080A4AF4F41"
	f.Add(dumpOf(line+"\tA\t\\N", "0101000020E610000000000000D8931F410000000006B04F41\tB\t7\\\\P8"), "EPSG:4544")
	f.Add(dumpOf("0104000000020000000101000000666666666646"+"5A400000000000C042400101000000CDCCCCCCCC4C5A40CDCCCCCCCCCC4240\t\tx"), "bd09")
	f.Add(dumpOf("01030000A001000000010000000000000000000000\t\\N\t", "\\N\t\t\\N"), "EPSG:3857,gcj02,swapped")
	f.Add(dumpOf("010600000001000000"+"010300000001000000020000000000000000405A4000000000008042400000000000405A400000000000804240\ta\tb"), "EPSG:4326")
	f.Fuzz(func(t *testing.T, text []byte, name string) {
		system, err := SystemNamed(name)
		if err != nil {
			return
		}
		d := &drawn{form: Form{System: &system, Geometry: []string{"Polygon"}}, found: new(Found)}
		n := 0
		err = readDump(bytes.NewReader(text), system, func(r Row) error {
			n++
			if r.Place != (Place{Feature: n}) {
				t.Fatalf("row %d has the place %v", n, r.Place)
			}
			checkGeometry(t, r.Geometry)
			return d.add(r)
		})
		if _, ok := errors.AsType[*Fault](err); err != nil && !ok {
			t.Fatal(err)
		}
		handed := map[int]bool{}
		if err := d.hand(func(r Row) error {
			checkValues(t, r)
			checkGeometry(t, r.Geometry)
			if handed[r.Place.Feature] || r.Place.Feature == 0 {
				t.Fatalf("row %d is handed on twice", r.Place.Feature)
			}
			handed[r.Place.Feature] = true
			return nil
		}); err != nil || len(handed) > n || len(handed) < n-len(d.labels) {
			t.Fatalf("%d rows of %d: %v", len(handed), n, err)
		}
	})
}

// A table of control points gives a system or a fault.
func FuzzControlPoints(f *testing.F) {
	f.Add([]byte(cityTable(f, 0)))
	f.Add([]byte("x,y,lon,lat\n1,2,105,37\n9,2,105.1,37\n"))
	f.Add([]byte("name;x;y;lon;lat\nＡ;１;2;105;37\n"))
	path := filepath.Join(f.TempDir(), "c.csv")
	f.Fuzz(func(t *testing.T, text []byte) {
		if err := os.WriteFile(path, text, 0o600); err != nil {
			t.Fatal(err)
		}
		system, notes, err := ReadControl(t.Context(), path, ControlLimit)
		if _, ok := errors.AsType[*Fault](err); err != nil && !ok {
			t.Fatal(err)
		}
		if (err == nil) != (system != nil && len(notes) > 0) {
			t.Fatal(system, notes, err)
		}
	})
}
