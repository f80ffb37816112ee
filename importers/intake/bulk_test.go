package intake_test

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"gridwright/importers/intake"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// BenchmarkImport takes a file of L-shaped buildings with five attributes into an empty database, as shapefile, GeoPackage (through the jail) and
// GeoJSON, and has ogr2ogr load the same file into the same PostGIS: with COPY, else as it is, which gives a table with a primary key and a GiST
// index. Ours checks every row, compares it with what is stored and keeps all indexes of the layer. BENCH_IMPORT_ROWS is how many buildings there
// are; it defaults to 2,000. Of both, the time from the start of a process to its end; of ours the peak of its memory.
func BenchmarkImport(b *testing.B) {
	rows := 2000
	if s := os.Getenv("BENCH_IMPORT_ROWS"); s != "" {
		var err error
		if rows, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	if _, err := exec.LookPath("ogr2ogr"); err != nil {
		b.Skip("no ogr2ogr to compare with")
	}
	dir := b.TempDir()
	files := []string{filepath.Join(dir, "b.shp"), filepath.Join(dir, "b.gpkg"), filepath.Join(dir, "b.geojson")}
	drawBuildings(b, files[2], rows)
	run(b, "ogr2ogr", "-lco", "RESIZE=YES", "-lco", "ENCODING=UTF-8", files[0], files[2])
	run(b, "ogr2ogr", files[1], files[2])
	for _, file := range files {
		b.Run(strings.TrimPrefix(filepath.Ext(file), "."), func(b *testing.B) {
			for b.Loop() {
				dsn := postgistest.Database(b)
				began := time.Now()
				run(b, "ogr2ogr", "--config", "PG_USE_COPY", "YES", "-f", "PostgreSQL", "PG:"+dsn, file, "-nln", "rival", "-nlt", "PROMOTE_TO_MULTI")
				theirs := time.Since(began)
				began = time.Now()
				child := exec.CommandContext(b.Context(), os.Args[0], "-test.run", "^TestBulkImport$")
				child.Env = append(os.Environ(), "BENCH_IMPORT_FILE="+file, "BENCH_IMPORT_DSN="+dsn)
				said, err := child.CombinedOutput()
				if err != nil {
					b.Fatalf("%v: %s", err, said)
				}
				ours := time.Since(began)
				_, peak, _ := strings.Cut(string(said), "peak kB ")
				kB, _ := strconv.Atoi(strings.Fields(peak)[0])
				b.ReportMetric(ours.Seconds(), "s")
				b.ReportMetric(theirs.Seconds(), "s-ogr2ogr")
				b.ReportMetric(ours.Seconds()/theirs.Seconds(), "times-ogr2ogr")
				b.ReportMetric(float64(rows)/ours.Seconds(), "rows/s")
				b.ReportMetric(float64(kB)/1024, "MB-peak")
			}
		})
	}
}

// TestBulkImport is the process whose time and memory BenchmarkImport takes; else it has nothing to do.
func TestBulkImport(t *testing.T) {
	file := os.Getenv("BENCH_IMPORT_FILE")
	if file == "" {
		t.Skip("only BenchmarkImport asks for it")
	}
	store, err := postgis.Open(t.Context(), os.Getenv("BENCH_IMPORT_DSN"))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	began := time.Now()
	o := intake.Order{File: file, Layer: "building", Lang: words.En}
	o.Progress = func(stage string, done, total int) {
		if os.Getenv("BENCH_IMPORT_TALK") != "" {
			fmt.Println(stage, done, total, time.Since(began))
		}
	}
	r, err := intake.Run(t.Context(), store, o)
	if err != nil {
		t.Fatal(err, r)
	}
	fmt.Println("new", r.New, "peak kB", peakOf(t))
}

// peakOf returns the most memory this process has had, in kB.
func peakOf(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("/proc/self/status")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "VmHWM:")
	return strings.Fields(rest)[0]
}

func run(b *testing.B, name string, args ...string) {
	b.Helper()
	if said, err := exec.CommandContext(b.Context(), name, args...).CombinedOutput(); err != nil {
		b.Fatalf("%s: %v: %s", name, err, said)
	}
}

// drawBuildings writes rows of L-shaped buildings.
func drawBuildings(b *testing.B, path string, rows int) {
	b.Helper()
	file, err := os.Create(path)
	if err != nil {
		b.Fatal(err)
	}
	defer file.Close()
	w := bufio.NewWriter(file)
	fmt.Fprintln(w, `{"type":"FeatureCollection","features":[`)
	for i := range rows {
		x, y := 105+float64(i%1000)*0.0003, 37+float64(i/1000)*0.0003
		fmt.Fprintf(w, `{"type":"Feature","properties":{"code":"B%07d","name":"金域华府 %d","class":"house","floors":%d,"number":"%d"},"geometry":{"type":"Polygon","coordinates":[[`,
			i, i, i%30, i%99)
		for k, c := range [][2]float64{{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 2}, {0, 2}, {0, 0}} {
			fmt.Fprintf(w, "%s[%.7f,%.7f]", map[bool]string{true: ","}[k > 0], x+c[0]/1e4, y+c[1]/1e4)
		}
		fmt.Fprintf(w, "]]}}%s\n", map[bool]string{true: ","}[i < rows-1])
	}
	fmt.Fprintln(w, "]}")
	if err := w.Flush(); err != nil {
		b.Fatal(err)
	}
}
