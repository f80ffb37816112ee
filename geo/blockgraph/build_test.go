package blockgraph

import (
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestBuild(t *testing.T) {
	g, err := Build(4, []Link{{2, 0, 5, 0}, {0, 1, 1, 0.5}, {0, 2, 2, 4}}, [][]float64{{1, 2, 3, 4}})
	if err != nil {
		t.Fatal(err)
	}
	want := [][]Edge{{{1, 1, 0.5}, {2, 7, 9}}, {{0, 1, 0.5}}, {{0, 7, 9}}, {}}
	for b, edges := range want {
		if diff := cmp.Diff(edges, append([]Edge{}, g.Neighbours(int32(b))...)); diff != "" {
			t.Errorf("block %d: (-want +got)\n%s", b, diff)
		}
	}
	if g.N() != 4 || len(g.Edges) != 4 {
		t.Errorf("%d blocks and %d edges, want 4 and 4", g.N(), len(g.Edges))
	}
	if empty := (&Graph{}); empty.N() != 0 {
		t.Errorf("the zero graph has %d blocks", empty.N())
	}
}

func TestBuildRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		links []Link
		loads [][]float64
		want  string
	}{
		"an end out of range":   {[]Link{{0, 3, 1, 0}}, nil, "link 0: blocks 0 and 3: out of range 0..2"},
		"an end below zero":     {[]Link{{-1, 0, 1, 0}}, nil, "out of range"},
		"a block beside itself": {[]Link{{0, 1, 1, 0}, {2, 2, 1, 0}}, nil, "link 1: block 2 is linked to itself"},
		"a length below zero":   {[]Link{{0, 1, -1, 0}}, nil, "-1 is no length"},
		"a length that is none": {[]Link{{0, 1, math.NaN(), 0}}, nil, "NaN is no length"},
		"a cost below zero":     {[]Link{{0, 1, 1, -2}}, nil, "-2 is no cost"},
		"a load for each block": {nil, [][]float64{{1, 2, 3}, {1, 2}}, "measure 1 has 2 loads for 3 blocks"},
		"a load below zero":     {nil, [][]float64{{1, -2, 3}}, "measure 0: block 1: -2 is no load"},
		"a load without end":    {nil, [][]float64{{1, 2, math.Inf(1)}}, "block 2: +Inf is no load"},
	} {
		if _, err := Build(3, c.links, c.loads); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Both sides of a border say the same, rows rise, and lengths are conserved.
func TestGraphIsSymmetric(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(2, 12).Draw(t, "blocks")
		var links []Link
		var total float64
		for range rapid.IntRange(0, 40).Draw(t, "links") {
			a := rapid.Int32Range(0, int32(n)-1).Draw(t, "a")
			b := rapid.Int32Range(0, int32(n)-1).Draw(t, "b")
			if a == b {
				continue
			}
			length := float64(rapid.IntRange(0, 100).Draw(t, "length"))
			links = append(links, Link{a, b, length, 0})
			total += 2 * length
		}
		g, err := Build(n, links, nil)
		if err != nil {
			t.Fatal(err)
		}
		seen := map[[2]int32]float64{}
		for b := range int32(n) {
			last := int32(-1)
			for _, e := range g.Neighbours(b) {
				if e.To <= last {
					t.Fatalf("block %d: %d after %d", b, e.To, last)
				}
				last = e.To
				seen[[2]int32{b, e.To}] = e.Length
				total -= e.Length
			}
		}
		for pair, length := range seen {
			if seen[[2]int32{pair[1], pair[0]}] != length {
				t.Fatalf("%v: %v, and %v from the other side", pair, length, seen[[2]int32{pair[1], pair[0]}])
			}
		}
		if total != 0 {
			t.Fatalf("%v m of border were lost", total/2)
		}
	})
}

func TestPieces(t *testing.T) {
	g, err := Build(6, []Link{{0, 1, 1, 0}, {1, 2, 1, 0}, {3, 4, 1, 0}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		label []int32
		want  []int32
		count int
	}{
		"no labels":        {nil, []int32{0, 0, 0, 1, 1, 2}, 3},
		"a label between":  {[]int32{7, 8, 7, 7, 7, 7}, []int32{0, 1, 2, 3, 3, 4}, 5},
		"without a label":  {[]int32{0, -1, 0, -1, -1, 0}, []int32{0, -1, 1, -1, -1, 2}, 3},
		"all in one label": {[]int32{1, 1, 1, 1, 1, 1}, []int32{0, 0, 0, 1, 1, 2}, 3},
	} {
		got, count := g.Pieces(c.label)
		if diff := cmp.Diff(c.want, got); diff != "" || count != c.count {
			t.Errorf("%s: %d pieces, want %d (-want +got)\n%s", name, count, c.count, diff)
		}
	}
}

// The table has a cost for each barrier and none for other words; a border across a yard is dearer than metres alone, along a
// river cheaper.
func TestMetreCost(t *testing.T) {
	for _, name := range BarrierNames() {
		if _, ok := MetreCost(name); !ok {
			t.Errorf("%s costs nothing", name)
		}
	}
	if cost, ok := MetreCost("hedge"); ok || cost != 1 {
		t.Errorf("a hedge costs %v, %v", cost, ok)
	}
	river, _ := MetreCost("river")
	yard, _ := MetreCost("none")
	if !(river < 1 && 1 < yard) {
		t.Errorf("a river costs %v, a yard %v", river, yard)
	}
}
