package ground_test

import (
	"context"
	"fmt"
	"testing"

	"gridwright/geo/ground"
)

func build(t testing.TB, in ground.Input, o ground.Options) *ground.Ground {
	t.Helper()
	g, err := ground.Build(context.Background(), in, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// BenchmarkBuild reports speed beside quality: faces and blocks, how much of the borders lies on a barrier, how many
// buildings met a line, and how many were cut, which must be none.
func BenchmarkBuild(b *testing.B) {
	for _, size := range []struct {
		name   string
		blocks int
	}{{"community", 10}, {"s10k", 32}, {"s100k", 100}} {
		for _, shake := range []float64{0, 3} {
			b.Run(fmt.Sprintf("%s/shaken=%vm", size.name, shake), func(b *testing.B) {
				in := makeTown(size.blocks, shake)
				var g *ground.Ground
				for b.Loop() {
					g = build(b, in, ground.Options{})
				}
				b.ReportMetric(float64(g.Stats.Faces), "faces")
				b.ReportMetric(float64(g.Stats.Blocks), "blocks")
				b.ReportMetric(100*g.Stats.OnBarriers, "%onBarriers")
				b.ReportMetric(float64(g.Stats.Straddlers), "met")
				b.ReportMetric(float64(count(g, ground.BuildingCut)), "cut")
				b.ReportMetric(float64(count(g, ground.Straddler)), "across")
				b.ReportMetric(float64(g.Stats.Sectors), "sectors")
			})
		}
	}
}

// BenchmarkMillion builds a million buildings by sectors.
func BenchmarkMillion(b *testing.B) {
	if testing.Short() {
		b.Skip("it takes most of a minute")
	}
	in := makeTown(316, 3)
	var g *ground.Ground
	for b.Loop() {
		g = build(b, in, ground.Options{})
	}
	b.ReportMetric(float64(len(in.Buildings)), "buildings")
	b.ReportMetric(float64(g.Stats.Blocks), "blocks")
	b.ReportMetric(100*g.Stats.OnBarriers, "%onBarriers")
	b.ReportMetric(float64(count(g, ground.BuildingCut)), "cut")
}

func count(g *ground.Ground, rule ground.Rule) (n int) {
	for _, f := range g.Findings {
		if f.Rule == rule {
			n++
		}
	}
	return n
}
