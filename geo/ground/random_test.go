package ground_test

import (
	"context"
	"fmt"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// drawInput draws a town in which everything meets everything: parents that gape and overlap, lines, areas, compounds and
// buildings anywhere. lattice is how far apart the places it uses are, in grid steps: on a coarse one things touch all
// the time, and with some jitter they miss each other by a hair.
func drawInput(t *rapid.T) ground.Input {
	lattice := rapid.SampledFrom([]int{30, 900, 2500}).Draw(t, "lattice")
	d := &drawn{t: t, lattice: lattice, across: 30_000 / lattice, jitter: rapid.IntRange(0, 2).Draw(t, "jitter")}
	in := ground.Input{Measures: []string{"households", "residents"}}
	for i := range rapid.IntRange(1, 4).Draw(t, "parents") {
		in.Parents = append(in.Parents, ground.Parent{Code: fmt.Sprint("p", i), Above: rapid.SampledFrom([]string{"", "u0", "u1"}).Draw(t, "above"), Shape: d.shape(d.across)})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "above") {
		in.Above = append(in.Above, ground.Parent{Code: fmt.Sprint("u", i), Shape: d.shape(d.across)})
	}
	for i := range rapid.IntRange(0, 6).Draw(t, "lines") {
		in.Lines = append(in.Lines, ground.Line{
			Code: fmt.Sprint("l", i), Barrier: rapid.SampledFrom(ground.Barriers).Draw(t, "barrier"), Second: rapid.IntRange(0, 3).Draw(t, "rank") == 0,
			Bridge: rapid.Bool().Draw(t, "bridge"), Path: rapid.SliceOfN(rapid.Custom(d.point), 2, 4).Draw(t, "path"),
		})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "areas") {
		in.Areas = append(in.Areas, ground.Area{Code: fmt.Sprint("a", i), Kind: rapid.SampledFrom([]ground.Kind{ground.Water, ground.RailLands, ground.Park, ground.Open}).Draw(t, "kind"), Shape: d.shape(d.across)})
	}
	for i := range rapid.IntRange(0, 2).Draw(t, "compounds") {
		in.Compounds = append(in.Compounds, ground.Compound{Code: fmt.Sprint("c", i), Shape: d.shape(d.across / 2), Counts: d.counts()})
	}
	for i := range rapid.IntRange(0, 8).Draw(t, "buildings") {
		b := ground.Building{Code: fmt.Sprint("b", i), Counts: d.counts(), Weight: rapid.Int64Range(0, 3).Draw(t, "weight"), Compound: rapid.SampledFrom([]string{"", "", "c0", "c1"}).Draw(t, "compound")}
		if rapid.IntRange(0, 4).Draw(t, "point") == 0 {
			b.At = d.point(t)
		} else {
			b.Shape = d.footprint()
		}
		in.Buildings = append(in.Buildings, b)
	}
	if len(in.Buildings) > 0 && rapid.Bool().Draw(t, "move") {
		in.Moves = map[string]string{"b0": rapid.SampledFrom([]string{"p0", "p1", "p9"}).Draw(t, "to")}
	}
	return in
}

type drawn struct {
	t                       *rapid.T
	lattice, across, jitter int
}

func (d *drawn) place(x, y int) crs.Point {
	return crs.Point{Lon: crs.Coord(originLon + x*d.lattice), Lat: crs.Coord(originLat + y*d.lattice)}
}

func (d *drawn) point(t *rapid.T) crs.Point {
	p := d.place(rapid.IntRange(0, d.across).Draw(t, "x"), rapid.IntRange(0, d.across).Draw(t, "y"))
	if d.jitter > 0 {
		p.Lon += crs.Coord(rapid.IntRange(-d.jitter, d.jitter).Draw(t, "east"))
		p.Lat += crs.Coord(rapid.IntRange(-d.jitter, d.jitter).Draw(t, "north"))
	}
	return p
}

// shape draws a rectangle or any ring that is one polygon when tidied.
func (d *drawn) shape(size int) shape.MultiPolygon {
	if rapid.Bool().Draw(d.t, "box") {
		x, y := rapid.IntRange(0, d.across).Draw(d.t, "x"), rapid.IntRange(0, d.across).Draw(d.t, "y")
		w, h := rapid.IntRange(1, max(1, size)).Draw(d.t, "width"), rapid.IntRange(1, max(1, size)).Draw(d.t, "height")
		return shape.MultiPolygon{{{d.place(x, y), d.place(x+w, y), d.place(x+w, y+h), d.place(x, y+h)}}}
	}
	ring := rapid.SliceOfN(rapid.Custom(d.point), 3, 7).Draw(d.t, "ring")
	clean, _ := topo.Vet(shape.MultiPolygon{{ring}})
	return clean
}

func (d *drawn) footprint() shape.MultiPolygon {
	if m := d.shape(max(1, d.across/8)); len(m) > 0 {
		return m
	}
	p := d.point(d.t)
	return shape.MultiPolygon{{{p, {Lon: p.Lon + 700, Lat: p.Lat}, {Lon: p.Lon, Lat: p.Lat + 700}}}}
}

func (d *drawn) counts() []int64 {
	return rapid.SampledFrom([][]int64{nil, {0, 0}, {1, 2}, {7, 1}, {100, 301}}).Draw(d.t, "counts")
}

func drawOptions(t *rapid.T) ground.Options {
	o := ground.Options{
		BuildingCap: rapid.SampledFrom([]int{0, 1, 2, -1}).Draw(t, "cap"),
		GridTarget:  rapid.SampledFrom([]int64{0, 10, 200}).Draw(t, "target"),
		Workers:     rapid.IntRange(1, 3).Draw(t, "workers"),
	}
	if rapid.Bool().Draw(t, "small") { // so that small towns have blocks
		o.SliverArea, o.SliverWidth, o.VergeWidth, o.BuiltArea = 1, -1, -1, 1
	}
	o.CoverageWidth = rapid.SampledFrom([]crs.Metres{0, 1, -1}).Draw(t, "coverage")
	o.ConflationWidth = rapid.SampledFrom([]crs.Metres{0, 30, -1}).Draw(t, "conflation")
	return o
}

// Whatever goes in: blocks cover the parents, no building is cut, nothing is lost. Build itself ends with Check; here
// others are asked too.
func TestGroundHolds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := drawInput(t)
		g := buildDrawn(t, in, drawOptions(t))
		wantCoverage(t, g)
		wantUncut(t, g, in)
		wantConserved(t, g, in)
		wantNesting(t, g)
		// A border that a planner moves round one house may have to pass between it and another that stays across.
		if n := count(g, ground.BuildingCut); n > 0 && in.Moves == nil {
			t.Fatalf("%d buildings cut", n)
		}
	})
}

func buildDrawn(t *rapid.T, in ground.Input, o ground.Options) *ground.Ground {
	g, err := ground.Build(context.Background(), in, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// wantCoverage asks topo.Cover whether the blocks fit: it must find no overlap and leave every block as it is.
func wantCoverage(t *rapid.T, g *ground.Ground) {
	var shapes []shape.MultiPolygon
	for _, b := range g.Blocks {
		shapes = append(shapes, b.Shape)
	}
	c, err := topo.Cover(context.Background(), shapes, 0, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := range shapes {
		if !reflect.DeepEqual(c.Shapes[i], shapes[i]) {
			t.Fatalf("block %d is %v, covered %v", i, shapes[i], c.Shapes[i])
		}
	}
	for _, f := range c.Findings {
		if f.Kind != topo.Gap {
			t.Fatalf("%+v", f)
		}
	}
}

// wantUncut asks an arrangement of each building with its block whether any ground of the building lies outside. A
// footprint that was rounded may; then by less than two steps.
func wantUncut(t *rapid.T, g *ground.Ground, in ground.Input) {
	for _, b := range in.Buildings {
		m := g.Members[slices.IndexFunc(g.Members, func(m ground.Membership) bool { return m.Code == b.Code })]
		if m.Block < 0 || m.Across || len(b.Shape) == 0 {
			continue
		}
		var segments []arrange.Segment
		for label, s := range []shape.MultiPolygon{b.Shape, g.Blocks[m.Block].Shape} {
			for _, p := range s {
				for _, r := range p {
					for i, to := range r {
						segments = append(segments, arrange.Segment{Line: arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to}, Label: int32(label)})
					}
				}
			}
		}
		net, err := arrange.Snap(context.Background(), segments, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		faces, err := arrange.Weave(net, 1_000_000)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range faces.Faces {
			if len(f.Turns) == 1 && f.Turns[0].Label == 0 {
				t.Fatalf("%s sticks out of block %d %v near %v: %v", b.Code, m.Block, g.Blocks[m.Block].Shape, faces.Nodes[faces.Origin(f.Cycles[0])], b.Shape)
			}
		}
	}
}

func wantConserved(t *rapid.T, g *ground.Ground, in ground.Input) {
	want := []int64{0, 0}
	for _, b := range in.Buildings {
		for m, n := range b.Counts {
			want[m] += n
		}
	}
	for _, c := range in.Compounds {
		for m, n := range c.Counts {
			want[m] += n
		}
	}
	got := slices.Clone(g.Lost)
	for _, b := range g.Blocks {
		for m, n := range b.Counts {
			got[m] += n
		}
	}
	if !slices.Equal(got, want) {
		t.Fatalf("counted %v, not %v", got, want)
	}
}

// wantNesting asks Union for the shapes of all levels.
func wantNesting(t *rapid.T, g *ground.Ground) {
	children := func(n int, parent func(i int) int32, m func(i int) shape.MultiPolygon, of int32) (c []shape.MultiPolygon) {
		for i := range n {
			if parent(i) == of {
				c = append(c, m(i))
			}
		}
		return c
	}
	for p := range g.Parents {
		u := topo.Union(children(len(g.Blocks), func(i int) int32 { return g.Blocks[i].Parent }, func(i int) shape.MultiPolygon { return g.Blocks[i].Shape }, int32(p)))
		if !reflect.DeepEqual(u, g.Parents[p].Shape) {
			t.Fatalf("parent %d is %v, its blocks %v", p, g.Parents[p].Shape, u)
		}
	}
	for a := range g.Above {
		u := topo.Union(children(len(g.Parents), func(i int) int32 { return g.Parents[i].Above }, func(i int) shape.MultiPolygon { return g.Parents[i].Shape }, int32(a)))
		if !reflect.DeepEqual(u, g.Above[a].Shape) {
			t.Fatalf("above %d is %v, its parents %v", a, g.Above[a].Shape, u)
		}
	}
}

// The order of the input, and how many sectors are made at a time, make no difference to a single byte.
func TestOrderMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in, o := drawInput(t), drawOptions(t)
		want := buildDrawn(t, in, o)
		in.Parents = rapid.Permutation(in.Parents).Draw(t, "parents")
		in.Above = rapid.Permutation(in.Above).Draw(t, "above")
		in.Lines = rapid.Permutation(in.Lines).Draw(t, "lines")
		in.Areas = rapid.Permutation(in.Areas).Draw(t, "areas")
		in.Compounds = rapid.Permutation(in.Compounds).Draw(t, "compounds")
		in.Buildings = rapid.Permutation(in.Buildings).Draw(t, "buildings")
		o.Workers = 4 - o.Workers
		if got := buildDrawn(t, in, o); !reflect.DeepEqual(got, want) {
			t.Fatalf("in another order: %+v, not %+v", got, want)
		}
	})
}

func TestShuffledTowns(t *testing.T) {
	for name, in := range map[string]ground.Input{"synthetic": makeTown(12, 3), "quarter": quarter(2)} {
		want := build(t, in, ground.Options{Workers: 1})
		random := rand.New(rand.NewSource(7))
		random.Shuffle(len(in.Lines), func(i, j int) { in.Lines[i], in.Lines[j] = in.Lines[j], in.Lines[i] })
		random.Shuffle(len(in.Buildings), func(i, j int) { in.Buildings[i], in.Buildings[j] = in.Buildings[j], in.Buildings[i] })
		random.Shuffle(len(in.Parents), func(i, j int) { in.Parents[i], in.Parents[j] = in.Parents[j], in.Parents[i] })
		random.Shuffle(len(in.Compounds), func(i, j int) { in.Compounds[i], in.Compounds[j] = in.Compounds[j], in.Compounds[i] })
		if got := build(t, in, ground.Options{Workers: 4}); !reflect.DeepEqual(got, want) {
			t.Errorf("%s: another ground in another order", name)
		}
	}
}
