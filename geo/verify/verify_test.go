package verify

import (
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/geo/blockgraph"
)

// row builds blocks in a row that touch their neighbours along 100 m.
func row(t interface{ Fatal(...any) }, loads ...float64) *blockgraph.Graph {
	var links []blockgraph.Link
	for b := range len(loads) - 1 {
		links = append(links, blockgraph.Link{A: int32(b), B: int32(b + 1), Length: 100, Cost: 50})
	}
	g, err := blockgraph.Build(len(loads), links, [][]float64{loads})
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func TestEveryRuleThatIsBroken(t *testing.T) {
	rules := Rules{Parent: []int32{0, 0, 0, 0, 1, 1}, Grids: []int{2, 1}, Measures: []int{0}}
	for name, c := range map[string]struct {
		with func(*Rules)
		at   []int32
		want []Fault
	}{
		"none":                    {nil, []int32{0, 0, 1, 1, 2, 2}, nil},
		"blocks forgotten":        {nil, []int32{0, -1, 1, 9, 2}, []Fault{{Complete, []int32{1, 3, 5}, nil}}},
		"a grid across parents":   {nil, []int32{0, 0, 1, 1, 1, 2}, []Fault{{Nested, []int32{4}, []int32{1}}}},
		"an empty grid":           {nil, []int32{0, 0, 0, 0, 2, 2}, []Fault{{Filled, nil, []int32{1}}}},
		"two grids in pieces":     {nil, []int32{0, 1, 0, 1, 2, 2}, []Fault{{OnePiece, []int32{0, 2}, []int32{0}}, {OnePiece, []int32{1, 3}, []int32{1}}}},
		"a block in a fixed grid": {func(r *Rules) { r.Grids, r.Fixed = []int{1, 1}, [][]int32{{3}} }, []int32{0, 0, 2, 2, 1, 1}, []Fault{{Letter, []int32{2}, []int32{2}}}},
		"a fixed grid in pieces":  {func(r *Rules) { r.Grids, r.Fixed = []int{1, 1}, [][]int32{{0, 3}} }, []int32{2, 0, 0, 2, 1, 1}, nil},
		"together, apart": {func(r *Rules) { r.Together, r.Apart = [][]int32{{2, 0}, {0, 1}}, [][2]int32{{1, 0}, {1, 2}} }, []int32{0, 0, 1, 1, 2, 2},
			[]Fault{{Together, []int32{0, 2}, []int32{0, 1}}, {Apart, []int32{0, 1}, []int32{0}}}},
		"a lock": {func(r *Rules) { r.Locked, r.Base, r.From = []int32{1, 3}, []int32{7, 7, 8, 8, 9, 9}, []int32{7, 7, 9} }, []int32{0, 0, 1, 1, 2, 2},
			[]Fault{{Locked, []int32{3}, []int32{1}}}},
	} {
		r := rules
		r.Graph = row(t, 1, 2, 3, 4, 5, 6)
		if c.with != nil {
			c.with(&r)
		}
		if diff := cmp.Diff(c.want, Split(r, c.at).Faults); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestFigures(t *testing.T) {
	r := Rules{Graph: row(t, 1, 2, 3, 4, 5), Grids: []int{2}, Fixed: [][]int32{{4}}, Measures: []int{0}, Band: &Band{From: 4, To: 6}}
	got := Split(r, []int32{0, 0, 1, 1, 2})
	want := &Report{CutEdges: 2, CutPerimeter: 200, CutCost: 100, Grids: []Grid{
		{Blocks: 2, Loads: []float64{3}, Deviation: 0.4, Off: -1}, {Blocks: 2, Loads: []float64{7}, Deviation: 0.4, Off: 1}, {Blocks: 1, Loads: []float64{5}}}}
	near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
	if diff := cmp.Diff(want, got, near); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if grids, load := got.Outside(0); grids != 2 || load != 2 || got.Deviation(0) < 0.39 {
		t.Errorf("%d grids, %v outside, %v", grids, load, got.Deviation(0))
	}
}

// Any numbers at all get a report: loads add up, and a grid is in one piece when no fault says otherwise.
func TestAnyAssignment(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loads := rapid.SliceOfN(rapid.Float64Range(0, 9), 1, 12).Draw(t, "loads")
		r := Rules{Graph: row(t, loads...), Grids: []int{rapid.IntRange(1, 4).Draw(t, "grids")}, Measures: []int{0}}
		at := rapid.SliceOfN(rapid.Int32Range(-1, 5), 0, 14).Draw(t, "at")
		report := Split(r, at)
		complete := !slices.ContainsFunc(report.Faults, func(f Fault) bool { return f.Rule == Complete })
		var all, sum float64
		for b := range loads {
			all += loads[b]
		}
		for _, g := range report.Grids {
			sum += g.Loads[0]
		}
		if complete && math.Abs(all-sum) > 1e-9 {
			t.Fatalf("%v of %v", sum, all)
		}
		if len(report.Faults) == 0 && report.CutEdges != r.Grids[0]-1 {
			t.Fatalf("%d grids in a row, %d borders", r.Grids[0], report.CutEdges)
		}
	})
}
