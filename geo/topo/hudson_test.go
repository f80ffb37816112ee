package topo_test

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"math"
	"os"
	"slices"
	"strconv"
	"testing"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

const sharedData = "../../../shared/data/"

// hudson returns the blocks of Hudson County with their names: those of the headline job, or all.
func hudson(t testing.TB, all bool) (names []string, blocks []shape.MultiPolygon) {
	t.Helper()
	text, err := os.ReadFile(sharedData + "us-hudson-blocks/blocks.geojson")
	if err != nil {
		t.Skip("the blocks of Hudson County are not here:", err)
	}
	var file struct {
		Features []struct {
			Properties struct {
				Geoid string
				In120 bool
			}
			Geometry struct {
				Type        string
				Coordinates json.RawMessage
			}
		}
	}
	if err := json.Unmarshal(text, &file); err != nil {
		t.Fatal(err)
	}
	for _, f := range file.Features {
		if all || f.Properties.In120 {
			names = append(names, f.Properties.Geoid)
			blocks = append(blocks, readShape(t, f.Geometry.Type, f.Geometry.Coordinates))
		}
	}
	return names, blocks
}

func readShape(t testing.TB, kind string, coordinates json.RawMessage) (m shape.MultiPolygon) {
	t.Helper()
	var parts [][][][2]float64
	var err error
	if kind == "Polygon" {
		parts = make([][][][2]float64, 1)
		err = json.Unmarshal(coordinates, &parts[0])
	} else {
		err = json.Unmarshal(coordinates, &parts)
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range parts {
		var p shape.Polygon
		for _, points := range part {
			var r shape.Ring
			for _, c := range points {
				at, err := crs.FromDegrees(c[0], c[1])
				if err != nil {
					t.Fatal(err)
				}
				r = append(r, at)
			}
			p = append(p, r)
		}
		m = append(m, p)
	}
	return m
}

func vetted(t testing.TB, pieces []shape.MultiPolygon) []shape.MultiPolygon {
	t.Helper()
	clean := make([]shape.MultiPolygon, len(pieces))
	for i, p := range pieces {
		var flaws []topo.Flaw
		if clean[i], flaws = topo.Vet(p); len(flaws) > 0 {
			t.Fatalf("piece %d: %v", i, flaws)
		}
	}
	return clean
}

// The neighbours and borders of the 2,570 blocks are those the Census data were made into by other means.
func TestHudsonHasTheKnownBorders(t *testing.T) {
	names, blocks := hudson(t, false)
	file, err := os.Open(sharedData + "graphs/hudson_120_369/edges.csv")
	if err != nil {
		t.Skip("the graph of Hudson County is not here:", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	want := map[[2]string]float64{}
	for _, row := range rows[1:] {
		if want[[2]string{row[0], row[1]}], err = strconv.ParseFloat(row[2], 64); err != nil {
			t.Fatal(err)
		}
	}
	covered, err := topo.Cover(context.Background(), vetted(t, blocks), 0.2, nil)
	if err != nil {
		t.Fatal(err)
	}
	for at, got := range lengthsOf(covered.Shapes) {
		pair := [2]string{names[at[0]], names[at[1]]}
		slices.Sort(pair[:])
		length, ok := want[pair]
		if !ok {
			t.Errorf("%v share %.1f m but are no neighbours", pair, got)
		} else if math.Abs(float64(got)-length) > 0.01*length+0.1 { // the file has one decimal
			t.Errorf("%v share %.1f m, not %.1f", pair, got, length)
		}
		delete(want, pair)
	}
	for pair, length := range want {
		t.Errorf("%v share nothing, not %.1f m", pair, length)
	}
	for _, f := range covered.Findings {
		if f.Kind != topo.Gap {
			t.Errorf("%+v", f)
		}
	}
}

// What is covered is a coverage: covered again it does not change, and all blocks dissolve into the same ground.
func TestHudsonCoveredTwice(t *testing.T) {
	_, blocks := hudson(t, true)
	blocks = vetted(t, blocks)
	once, err := topo.Cover(context.Background(), blocks, 0.2, nil)
	if err != nil {
		t.Fatal(err)
	}
	twice, err := topo.Cover(context.Background(), once.Shapes, 0.2, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !equalShapes(once.Shapes, twice.Shapes) {
		t.Error("covered again it is another coverage")
	}
	county := topo.Union(once.Shapes)
	if got, want := twiceArea(county), twiceArea(once.Shapes...); got != want {
		t.Errorf("twice the area of all is %d, not %d", got, want)
	}
	if again, flaws := topo.Vet(county); len(flaws) > 0 || !equalShapes([]shape.MultiPolygon{again}, []shape.MultiPolygon{county}) {
		t.Errorf("the county is not valid: %v", flaws)
	}
}

func BenchmarkHudsonCover(b *testing.B) {
	for _, all := range []bool{false, true} {
		_, blocks := hudson(b, all)
		blocks = vetted(b, blocks)
		b.Run(strconv.Itoa(len(blocks))+" blocks", func(b *testing.B) {
			for range b.N {
				if _, err := topo.Cover(context.Background(), blocks, 0.2, nil); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkHudsonVet(b *testing.B) {
	_, blocks := hudson(b, true)
	for range b.N {
		vetted(b, blocks)
	}
}

// BenchmarkHudsonUnion dissolves what an edit changes, two grids of 50 blocks, and what is dissolved at the start.
func BenchmarkHudsonUnion(b *testing.B) {
	_, blocks := hudson(b, false)
	covered, err := topo.Cover(context.Background(), vetted(b, blocks), 0.2, nil)
	if err != nil {
		b.Fatal(err)
	}
	grid := covered.Shapes[:50]
	b.Run("two grids", func(b *testing.B) {
		for range b.N {
			topo.Union(grid)
			topo.Union(grid)
		}
	})
	b.Run("369 grids", func(b *testing.B) {
		for range b.N {
			for part := range slices.Chunk(covered.Shapes, 7) {
				topo.Union(part)
			}
		}
	})
	b.Run("label", func(b *testing.B) {
		m := topo.Union(grid)
		b.ReportMetric(float64(len(m[0][0])), "points")
		for range b.N {
			topo.LabelPoint(m)
		}
	})
}
