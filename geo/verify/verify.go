// Package verify says whether a split keeps its rules, and what it comes to: by the graph alone, with code that shares
// nothing with the search that found the split. A plan is stored only when it has been here.
//
// It names every rule that is broken with the blocks and grids concerned, not only the first, and counts loads, deviations and
// borders up afresh. What is a wish and no rule (the tolerance, the band) is figures, not faults.
package verify

import (
	"math"
	"slices"

	"gridwright/geo/blockgraph"
)

// Rules is what a split has to keep. Blocks are numbered as in the graph, grids from 0: those of parent 0 first, after those of
// all parents one for each of the Fixed sets.
type Rules struct {
	// Graph is the dual graph of all blocks.
	Graph *blockgraph.Graph
	// Parent holds each block's parent, 0..len(Grids)-1. Nil means that there is one.
	Parent []int32
	// Grids is the number of grids of each parent, without the Fixed sets.
	Grids []int
	// Fixed are sets of blocks that each are a grid to the letter. They need not be in one piece: they are as they are.
	Fixed [][]int32
	// Together are sets of blocks that each lie in one grid.
	Together [][]int32
	// Apart are pairs of blocks that lie in two grids.
	Apart [][2]int32
	// Locked are blocks that stay in the grid of Base that they are in; From holds the grid of Base that each grid continues.
	Locked []int32
	Base   []int32
	From   []int32
	// Measures are the measures to count deviations by, as indexes into Graph.Loads.
	Measures []int
	// Band is the wanted range of a measure, nil for none.
	Band *Band
}

// Band is a wanted range of one measure for each grid, both ends included.
type Band struct {
	Measure  int // index into Graph.Loads
	From, To float64
}

// Off returns how far a load lies outside, negative below.
func (b Band) Off(load float64) float64 {
	switch {
	case load < b.From:
		return load - b.From
	case load > b.To:
		return load - b.To
	}
	return 0
}

// Rule is what a fault breaks.
type Rule string

// The rules.
const (
	Complete Rule = "complete"  // every block has one of the grids
	Nested   Rule = "nested"    // a grid's blocks are of its parent
	Filled   Rule = "filled"    // no grid is empty
	OnePiece Rule = "one_piece" // a grid is in one piece
	Letter   Rule = "letter"    // a fixed set is a grid, with no other block
	Together Rule = "together"  // a set lies in one grid
	Apart    Rule = "apart"     // two blocks lie in two grids
	Locked   Rule = "locked"    // a locked block is in the grid that continues its own
)

// Fault is one rule broken in one place.
type Fault struct {
	Rule   Rule
	Blocks []int32 // concerned, rising: those astray, or of a grid in pieces the lowest block of each
	Grids  []int32 // concerned, rising
}

// Grid is what one grid comes to.
type Grid struct {
	Parent    int // of a fixed set: that of its first block
	Blocks    int
	Loads     []float64 // one a measure of the graph
	Deviation float64   // the worst |load/ideal - 1| over Measures, the ideal that of the parent's grids without the fixed ones; 0 for those
	Off       float64   // how far outside the band, negative below; 0 within, and of fixed grids
}

// Report is what a split comes to.
type Report struct {
	Faults       []Fault // in the order of the rules, then of blocks or grids; empty for a split that keeps them all
	Grids        []Grid
	CutEdges     int     // borders of blocks of one parent that lie in two grids
	CutPerimeter float64 // their metres
	CutCost      float64 // their cost (blockgraph.Edge)
}

// Deviation returns the worst deviation of a parent's grids.
func (r *Report) Deviation(parent int) (worst float64) {
	for i := range r.Grids {
		if r.Grids[i].Parent == parent {
			worst = max(worst, r.Grids[i].Deviation)
		}
	}
	return worst
}

// Outside returns how many of a parent's grids lie outside the band, and by how much together.
func (r *Report) Outside(parent int) (grids int, load float64) {
	for i := range r.Grids {
		if off := r.Grids[i].Off; r.Grids[i].Parent == parent && off != 0 {
			grids++
			load += math.Abs(off)
		}
	}
	return grids, load
}

// Split checks and counts up a split: at holds the grid of each block. The rules themselves must make sense; only at may be
// anything. It costs blocks and borders once.
func Split(r Rules, at []int32) *Report {
	c := checker{Rules: r, report: &Report{}}
	for parent, grids := range r.Grids {
		for range grids {
			c.report.Grids = append(c.report.Grids, Grid{Parent: parent})
		}
	}
	c.counted = len(c.report.Grids)
	for _, set := range r.Fixed {
		c.report.Grids = append(c.report.Grids, Grid{Parent: c.parentOf(set[0])})
	}
	c.at = make([]int32, r.Graph.N())
	for b := range c.at {
		c.at[b] = -1
		if b < len(at) && at[b] >= 0 && int(at[b]) < len(c.report.Grids) {
			c.at[b] = at[b]
		}
	}
	c.complete()
	c.nested()
	c.filled()
	c.onePiece()
	c.letter()
	c.together()
	c.apart()
	c.locked()
	c.count()
	return c.report
}

type checker struct {
	Rules
	at      []int32 // -1 where the split has no grid for the block
	counted int     // grids without the fixed ones
	report  *Report
}

func (c *checker) parentOf(b int32) int {
	if c.Parent == nil {
		return 0
	}
	return int(c.Parent[b])
}

// fault notes one; blocks and grids are put in order.
func (c *checker) fault(rule Rule, blocks []int32, grids ...int32) {
	slices.Sort(blocks)
	slices.Sort(grids)
	c.report.Faults = append(c.report.Faults, Fault{rule, slices.Compact(blocks), slices.Compact(grids)})
}

// faultEach notes a fault of each grid that has blocks, given by grid.
func (c *checker) faultEach(rule Rule, blocks [][]int32) {
	for g := range blocks {
		if len(blocks[g]) > 0 {
			c.fault(rule, blocks[g], int32(g))
		}
	}
}

func (c *checker) complete() {
	var without []int32
	for b, g := range c.at {
		if g < 0 {
			without = append(without, int32(b))
		}
	}
	if len(without) > 0 {
		c.fault(Complete, without)
	}
}

func (c *checker) nested() {
	astray := make([][]int32, len(c.report.Grids))
	for b, g := range c.at {
		if g >= 0 && c.report.Grids[g].Parent != c.parentOf(int32(b)) {
			astray[g] = append(astray[g], int32(b))
		}
	}
	c.faultEach(Nested, astray)
}

func (c *checker) filled() {
	for _, g := range c.at {
		if g >= 0 {
			c.report.Grids[g].Blocks++
		}
	}
	for g := range c.report.Grids {
		if c.report.Grids[g].Blocks == 0 {
			c.fault(Filled, nil, int32(g))
		}
	}
}

func (c *checker) onePiece() {
	piece, count := c.Graph.Pieces(c.at)
	lowest := make([][]int32, len(c.report.Grids))
	seen := make([]bool, count)
	for b, p := range piece {
		if p >= 0 && !seen[p] {
			seen[p] = true
			lowest[c.at[b]] = append(lowest[c.at[b]], int32(b))
		}
	}
	for g, blocks := range lowest[:c.counted] {
		if len(blocks) > 1 {
			c.fault(OnePiece, blocks, int32(g))
		}
	}
}

func (c *checker) letter() {
	own := make([]int32, len(c.at)) // by block: the grid of its fixed set, -1 for none
	for b := range own {
		own[b] = -1
	}
	for i, set := range c.Fixed {
		for _, b := range set {
			own[b] = int32(c.counted + i)
		}
	}
	wrong := make([][]int32, len(c.report.Grids))
	for b, g := range c.at {
		if own[b] == g {
			continue
		}
		for _, fixed := range [2]int32{own[b], g} {
			if fixed >= int32(c.counted) {
				wrong[fixed] = append(wrong[fixed], int32(b))
			}
		}
	}
	c.faultEach(Letter, wrong)
}

func (c *checker) together() {
	for _, set := range c.Together {
		var grids []int32
		for _, b := range set {
			grids = append(grids, c.at[b])
		}
		if slices.Sort(grids); len(slices.Compact(grids)) > 1 {
			c.fault(Together, slices.Clone(set), slices.DeleteFunc(slices.Compact(grids), func(g int32) bool { return g < 0 })...)
		}
	}
}

func (c *checker) apart() {
	for _, pair := range c.Apart {
		if g := c.at[pair[0]]; g >= 0 && g == c.at[pair[1]] {
			c.fault(Apart, []int32{pair[0], pair[1]}, g)
		}
	}
}

func (c *checker) locked() {
	for _, b := range c.Locked {
		if g := c.at[b]; g < 0 || int(g) >= len(c.From) || c.From[g] != c.Base[b] {
			c.fault(Locked, []int32{b}, slices.DeleteFunc([]int32{g}, func(g int32) bool { return g < 0 })...)
		}
	}
}

// count fills the figures.
func (c *checker) count() {
	measures := len(c.Graph.Loads)
	total := make([][]float64, len(c.Rules.Grids)) // by parent and measure, without the fixed grids
	for p := range total {
		total[p] = make([]float64, measures)
	}
	for g := range c.report.Grids {
		c.report.Grids[g].Loads = make([]float64, measures)
	}
	for m, loads := range c.Graph.Loads {
		for b, g := range c.at {
			if g >= 0 {
				c.report.Grids[g].Loads[m] += loads[b]
			}
			if g < 0 || int(g) < c.counted {
				total[c.parentOf(int32(b))][m] += loads[b]
			}
		}
	}
	for i := range c.report.Grids[:c.counted] {
		g := &c.report.Grids[i]
		for _, m := range c.Measures {
			if ideal := total[g.Parent][m] / float64(c.Rules.Grids[g.Parent]); ideal > 0 {
				g.Deviation = max(g.Deviation, math.Abs(g.Loads[m]/ideal-1))
			}
		}
		if c.Band != nil {
			g.Off = c.Band.Off(g.Loads[c.Band.Measure])
		}
	}
	for b := range int32(c.Graph.N()) {
		for _, e := range c.Graph.Neighbours(b) {
			if b < e.To && c.at[b] != c.at[e.To] && c.parentOf(b) == c.parentOf(e.To) {
				c.report.CutEdges++
				c.report.CutPerimeter += e.Length
				c.report.CutCost += e.Cost
			}
		}
	}
}
