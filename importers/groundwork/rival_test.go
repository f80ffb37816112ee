package groundwork_test

import (
	"context"
	"fmt"
	"math/rand"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/sql/postgis/postgistest"
)

// lattice is a town of n by n blocks of about 110 m: streets between crossings a little off, four houses a block, one of which
// may stand on a street; communities of ten by ten blocks.
func lattice(n int) (in ground.Input) {
	random := rand.New(rand.NewSource(int64(n)))
	const side = 10_000
	at := make([][]crs.Point, n+1)
	for r := range at {
		for c := range n + 1 {
			at[r] = append(at[r], crs.Point{Lon: crs.Coord(1_050_000_000 + c*side + random.Intn(1000)), Lat: crs.Coord(375_000_000 + r*side + random.Intn(1000))})
		}
	}
	street := func(a, b crs.Point) {
		in.Lines = append(in.Lines, ground.Line{Code: fmt.Sprintf("s%06d", len(in.Lines)), Barrier: ground.Street, Path: []crs.Point{a, b}})
	}
	for r := range n + 1 {
		for c := range n + 1 {
			if c < n {
				street(at[r][c], at[r][c+1])
			}
			if r < n {
				street(at[r][c], at[r+1][c])
			}
			for range 10 {
				if r == n || c == n {
					break
				}
				p := crs.Point{Lon: at[r][c].Lon + crs.Coord(random.Intn(side)), Lat: at[r][c].Lat + crs.Coord(random.Intn(side))}
				w, h := crs.Coord(700+random.Intn(1000)), crs.Coord(500+random.Intn(600))
				in.Buildings = append(in.Buildings, ground.Building{Code: fmt.Sprintf("b%07d", len(in.Buildings)),
					Shape: shape.MultiPolygon{{{p, {Lon: p.Lon + w, Lat: p.Lat}, {Lon: p.Lon + w, Lat: p.Lat + h}, {Lon: p.Lon, Lat: p.Lat + h}}}}})
			}
		}
	}
	const community = 10
	for r := 0; r < n; r += community {
		for c := 0; c < n; c += community {
			top, right := min(r+community, n), min(c+community, n)
			var ring shape.Ring
			for k := c; k < right; k++ {
				ring = append(ring, at[r][k])
			}
			for k := r; k < top; k++ {
				ring = append(ring, at[k][right])
			}
			for k := right; k > c; k-- {
				ring = append(ring, at[top][k])
			}
			for k := top; k > r; k-- {
				ring = append(ring, at[k][c])
			}
			in.Parents = append(in.Parents, ground.Parent{Code: fmt.Sprintf("%03d%03d", r, c), Shape: shape.MultiPolygon{{ring}}})
		}
	}
	return in
}

// BenchmarkAgainstPostGIS compares a whole build, from layers in memory to checked blocks, with what PostGIS takes only to
// cut the same lines and outlines where they meet and to make faces of them: ST_UnaryUnion on a grid, then ST_Polygonize. The
// ratio is ours to theirs.
func BenchmarkAgainstPostGIS(b *testing.B) {
	for _, n := range []int{32, 100} {
		in := lattice(n)
		b.Run(fmt.Sprintf("%d streets and %d buildings", len(in.Lines), len(in.Buildings)), func(b *testing.B) {
			conn, err := pgx.Connect(b.Context(), postgistest.Database(b))
			if err != nil {
				b.Fatal(err)
			}
			defer conn.Close(context.Background())
			if _, err := conn.Exec(b.Context(), `create table text (wkt text)`); err != nil {
				b.Fatal(err)
			}
			lines := outlines(in)
			if _, err := conn.CopyFrom(b.Context(), pgx.Identifier{"text"}, []string{"wkt"}, pgx.CopyFromRows(lines)); err != nil {
				b.Fatal(err)
			}
			if _, err := conn.Exec(b.Context(), `create table line as select st_geomfromtext(wkt) as geom from text`); err != nil {
				b.Fatal(err)
			}
			var ours, theirs time.Duration
			var blocks, faces int
			for b.Loop() {
				start := time.Now()
				g, err := ground.Build(b.Context(), in, ground.Options{}, nil)
				if err != nil {
					b.Fatal(err)
				}
				ours, blocks = ours+time.Since(start), len(g.Blocks)
				start = time.Now()
				err = conn.QueryRow(b.Context(), `select st_numgeometries(st_polygonize(array[noded]))
					from (select st_unaryunion(st_collect(geom), 1e-7) as noded from line) as all_lines`).Scan(&faces)
				if err != nil {
					b.Fatal(err)
				}
				theirs += time.Since(start)
			}
			b.ReportMetric(ours.Seconds()/float64(b.N), "ours-s")
			b.ReportMetric(theirs.Seconds()/float64(b.N), "postgis-s")
			b.ReportMetric(ours.Seconds()/theirs.Seconds(), "ratio")
			b.ReportMetric(float64(blocks), "blocks")
			b.ReportMetric(float64(faces), "faces")
		})
	}
}

// outlines returns all lines of an input as PostGIS reads them.
func outlines(in ground.Input) (rows [][]any) {
	add := func(points []crs.Point) {
		var b strings.Builder
		for i, p := range points {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, "%.7f %.7f", p.Lon.Degrees(), p.Lat.Degrees())
		}
		rows = append(rows, []any{"LINESTRING(" + b.String() + ")"})
	}
	for _, l := range in.Lines {
		add(l.Path)
	}
	rings := func(m shape.MultiPolygon) {
		for _, p := range m {
			for _, r := range p {
				add(append(r[:len(r):len(r)], r[0]))
			}
		}
	}
	for i := range in.Parents {
		rings(in.Parents[i].Shape)
	}
	for i := range in.Buildings {
		rings(in.Buildings[i].Shape)
	}
	return rows
}
