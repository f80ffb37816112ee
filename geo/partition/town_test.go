package partition

import (
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/blockgraph"
	"gridwright/geo/verify"
)

// drawn builds a problem from a drawing: each digit is a block of 100 m with that load, ~ is water. Blocks touch those
// beside, above and below. There is one parent.
func drawn(t testing.TB, grids int, drawing string) Problem {
	t.Helper()
	rows := strings.Fields(drawing)
	number := map[[2]int]int32{}
	var load []float64
	for y, row := range rows {
		for x, c := range row {
			if c != '~' {
				number[[2]int{x, y}] = int32(len(load))
				load = append(load, float64(c-'0'))
			}
		}
	}
	var links []blockgraph.Link
	for y, row := range rows {
		for x := range row {
			a, ok := number[[2]int{x, y}]
			for _, to := range [][2]int{{x + 1, y}, {x, y + 1}} {
				if b, beside := number[to]; ok && beside {
					links = append(links, blockgraph.Link{A: a, B: b, Length: 100})
				}
			}
		}
	}
	return Problem{Graph: build(t, len(load), links, load), Grids: []int{grids}, Balance: []int{0}, Seed: 1, Effort: 400}
}

// builder is a test of either kind.
type builder interface {
	Helper()
	Fatal(...any)
}

func build(t builder, n int, links []blockgraph.Link, loads ...[]float64) *blockgraph.Graph {
	t.Helper()
	g, err := blockgraph.Build(n, links, loads)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

// lattice builds a town of width x height blocks with loads that differ.
func lattice(t builder, width, height, grids int) Problem {
	t.Helper()
	var links []blockgraph.Link
	load := make([]float64, width*height)
	for b := range load {
		load[b] = float64(10 + (b*7919+b*b*31)%97)
		if b%width != width-1 {
			links = append(links, blockgraph.Link{A: int32(b), B: int32(b + 1), Length: 100})
		}
		if b+width < len(load) {
			links = append(links, blockgraph.Link{A: int32(b), B: int32(b + width), Length: 60})
		}
	}
	return Problem{Graph: build(t, len(load), links, load), Grids: []int{grids}, Balance: []int{0}, Seed: 1, Effort: 400}
}

// anyTown draws a problem of a few parents with any links at all: parents in several pieces, blocks that carry nothing,
// tangles no map could have.
func anyTown(t *rapid.T, most int) Problem {
	n := rapid.IntRange(1, most).Draw(t, "blocks")
	measures := rapid.IntRange(1, 2).Draw(t, "measures")
	loads := make([][]float64, measures)
	for m := range loads {
		loads[m] = make([]float64, n)
		for b := range n {
			loads[m][b] = float64(max(0, rapid.IntRange(-4, 20).Draw(t, "load")))
		}
	}
	parents := rapid.IntRange(1, min(3, n)).Draw(t, "parents")
	parent := make([]int32, n)
	for b := range parent {
		parent[b] = int32(b % parents)
	}
	var links []blockgraph.Link
	for b := 1; b < n; b++ {
		for range rapid.IntRange(1, 3).Draw(t, "links") {
			// Mostly to a block of the same parent, so that parents hang together more often than not.
			to := rapid.IntRange(0, b-1).Draw(t, "to")
			if to -= (to%parents - b%parents); to < 0 || to >= b {
				continue
			}
			links = append(links, blockgraph.Link{A: int32(b), B: int32(to), Length: float64(rapid.IntRange(1, 9).Draw(t, "length"))})
		}
	}
	g, err := blockgraph.Build(n, links, loads)
	if err != nil {
		t.Fatal(err)
	}
	p := Problem{Graph: g, Parent: parent, Grids: make([]int, parents), Seed: rapid.Uint64().Draw(t, "seed"),
		Tolerance: rapid.SampledFrom([]float64{0, 0.1, 0.5}).Draw(t, "tolerance"), Effort: 16, CountEdges: rapid.Bool().Draw(t, "count edges")}
	for m := range measures {
		p.Balance = append(p.Balance, m)
	}
	piece, count := g.Pieces(parent)
	pieces, blocks := make([]int, parents), make([]int, parents)
	counted := make([]bool, count)
	for b, c := range piece {
		blocks[parent[b]]++
		if !counted[c] {
			counted[c] = true
			pieces[parent[b]]++
		}
	}
	for i := range p.Grids {
		p.Grids[i] = rapid.IntRange(pieces[i], min(blocks[i], pieces[i]+3)).Draw(t, "grids")
	}
	return p
}

// checked lets the verifier go over a solution.
func checked(t interface{ Fatalf(string, ...any) }, p Problem, s *Solution) *verify.Report {
	report := verify.Split(p.verifyRules(s.From), s.At)
	if len(report.Faults) > 0 {
		t.Fatalf("%+v in %v", report.Faults, s.At)
	}
	return report
}

// worstOf returns the worst deviation of a parent's grids, counted from the problem alone.
func worstOf(p Problem, at []int32, parent int) float64 {
	first := 0
	for _, k := range p.Grids[:parent] {
		first += k
	}
	var worst float64
	for _, m := range p.Balance {
		load := make([]float64, p.Grids[parent])
		var total float64
		for b, g := range at {
			if p.Parent == nil || int(p.Parent[b]) == parent {
				load[int(g)-first] += p.Graph.Loads[m][b]
				total += p.Graph.Loads[m][b]
			}
		}
		for _, v := range load {
			if total > 0 {
				worst = max(worst, math.Abs(v*float64(len(load))/total-1))
			}
		}
	}
	return worst
}

// borderOf returns the length of all borders between grids of one parent.
func borderOf(p Problem, at []int32) (border float64) {
	for b := range int32(p.Graph.N()) {
		for _, e := range p.Graph.Neighbours(b) {
			if b < e.To && at[b] != at[e.To] && (p.Parent == nil || p.Parent[b] == p.Parent[e.To]) {
				border += e.Length
			}
		}
	}
	return border
}

// allSplits calls f with every split of the problem's only parent into grids in one piece, numbered by lowest block.
// The slice is f's for the call only.
func allSplits(p Problem, f func(at []int32)) {
	at := make([]int32, p.Graph.N())
	var fill func(b int, used int32)
	fill = func(b int, used int32) {
		if b == len(at) {
			if int(used) == p.Grids[0] && len(verify.Split(p.verifyRules(p.Base), at).Faults) == 0 {
				f(at)
			}
			return
		}
		for g := int32(0); g <= used && int(g) < p.Grids[0]; g++ {
			at[b] = g
			fill(b+1, max(used, g+1))
		}
	}
	fill(0, 0)
}
