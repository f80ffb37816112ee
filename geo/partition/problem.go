package partition

import (
	"fmt"
	"math"
	"runtime"
	"time"

	"gridwright/geo/blockgraph"
)

// Version names the method. Equal versions give equal bytes for equal problems; it changes whenever a result may.
const Version = "gridwright-partition/2"

// A problem that names no effort gets sweepsABlock for each block of its largest parent, but no more than make about
// defaultMoves moves, which are seconds, and no fewer than leastEffort, below which a plan has not ripened. Where the time
// is capped it gets so many that the cap decides: no core tries movesASecond.
const (
	sweepsABlock = 200
	defaultMoves = 24_000_000
	leastEffort  = 400
	movesASecond = 10_000_000
)

// Problem is what there is to split, and how.
type Problem struct {
	// Graph is the dual graph of all blocks. Edges between blocks of two parents count for nothing.
	Graph *blockgraph.Graph
	// Parent holds each block's parent, 0..len(Grids)-1. Nil means that there is one.
	Parent []int32
	// Grids is the number of grids each parent gets, at least one; geo/apportion finds it.
	Grids []int
	// Balance lists the measures to balance, as indexes into Graph.Loads; all count the same. A measure of which a
	// parent has nothing is left out there.
	Balance []int
	// Base, if not nil, is an existing division to stay near: the grid each block is in, numbered in any way, below 0 for
	// none. Each parent's plan begins with it, and no more than MaxChange of the parent's load in the first measure of Balance
	// that it has changes grid, or as little as the number of grids allows.
	Base      []int32
	MaxChange float64
	// Tolerance is the wanted bound on every grid's deviation: 0.05 is 5 %.
	Tolerance float64
	// Seed is the only source of chance.
	Seed uint64
	// Effort is how long to search, in sweeps over a parent's blocks; 0 finds an effort that takes some seconds for all
	// parents together, or uses up the time where it is capped.
	Effort int
	// Time caps the run; 0 means no cap. Each parent gets a first plan whatever the cap.
	Time time.Duration
	// CountEdges makes the number of borders between blocks the length of a grid's border, instead of their metres.
	CountEdges bool
	// Progress, if not nil, is called when the work begins and each time a parent is finished, never twice at once: how many
	// are, of how many, and the worst deviation among those.
	Progress func(done, total int, worst float64)
}

// Solution is a split of every parent.
type Solution struct {
	// At holds each block's grid, numbered from 0: the grids of parent 0 first, and in each parent by lowest block.
	At []int32
	// From holds for each grid the grid of Base that it continues, -1 for a new one; nil without Base.
	From []int32
	// Parents holds what is known of each parent's split.
	Parents []ParentResult
	// Stopped says what ended the search, one of the Stopped constants: every parent has its best possible worst deviation, the
	// time, the effort, or the caller.
	Stopped string
	// LowerBound holds for each balanced measure a proven bound on its worst deviation.
	LowerBound []float64
	// Effort is the effort that was asked for, or found.
	Effort int
}

// ParentResult is how good one parent's split is, and how good one can be.
type ParentResult struct {
	// MaxDeviation is the worst |load/ideal - 1| over its grids and the balanced measures.
	MaxDeviation float64
	// LowerBound is proven: no split of the parent into so many grids in one piece has a smaller MaxDeviation.
	LowerBound float64
	// Bound names the argument for LowerBound (see the Bound constants), "" where it is 0.
	Bound string
	// Changed is the share of the parent's load in its first measure that is in another grid than in Base.
	Changed float64
	// Proven reports whether MaxDeviation meets LowerBound.
	Proven bool
}

// The reasons a search ends.
const (
	StoppedProven = "proven"
	StoppedTime   = "time"
	StoppedEffort = "effort"
	// StoppedCancelled: the caller's context ended.
	StoppedCancelled = "cancelled"
)

// PiecesError reports a parent that lies in more pieces than it has grids.
type PiecesError struct {
	Parent        int
	Pieces, Grids int
}

func (e *PiecesError) Error() string {
	return fmt.Sprintf("parent %d lies in %d pieces that do not touch: it cannot be %d grids in one piece each", e.Parent, e.Pieces, e.Grids)
}

// BlocksError reports a parent that has fewer blocks than grids, or no grid at all.
type BlocksError struct {
	Parent        int
	Blocks, Grids int
}

func (e *BlocksError) Error() string {
	return fmt.Sprintf("parent %d has %d blocks: it cannot be %d grids", e.Parent, e.Blocks, e.Grids)
}

// validate returns the first thing that makes a problem no problem at all. What only a parent's pieces can tell is
// found when it is cut out.
func (p *Problem) validate() error {
	switch {
	case p.Graph == nil:
		return fmt.Errorf("no graph")
	case p.Parent != nil && len(p.Parent) != p.Graph.N():
		return fmt.Errorf("%d parents named for %d blocks", len(p.Parent), p.Graph.N())
	case len(p.Grids) == 0 || p.Parent == nil && len(p.Grids) != 1:
		return fmt.Errorf("%d parents with grids, and each block in one of them", len(p.Grids))
	case len(p.Balance) == 0:
		return fmt.Errorf("no measure to balance")
	case !(p.Tolerance >= 0) || math.IsInf(p.Tolerance, 0):
		return fmt.Errorf("tolerance %v", p.Tolerance)
	case p.Base != nil && len(p.Base) != p.Graph.N():
		return fmt.Errorf("a base of %d blocks for %d", len(p.Base), p.Graph.N())
	case !(p.MaxChange >= 0):
		return fmt.Errorf("a change of up to %v", p.MaxChange)
	case p.Effort < 0 || p.Time < 0:
		return fmt.Errorf("effort %d and time %v: neither may be negative", p.Effort, p.Time)
	}
	for _, m := range p.Balance {
		if m < 0 || m >= len(p.Graph.Loads) {
			return fmt.Errorf("measure %d of %d", m, len(p.Graph.Loads))
		}
	}
	for b, parent := range p.Parent {
		if parent < 0 || int(parent) >= len(p.Grids) {
			return fmt.Errorf("block %d: parent %d of %d", b, parent, len(p.Grids))
		}
	}
	return nil
}

// effort returns the sweeps that each of the problem's regions gets.
func (p *Problem) effort(all []*region) int {
	if p.Effort != 0 {
		return p.Effort
	}
	moves, largest := 1, 0
	for _, r := range all {
		if !r.trivial() {
			moves += sweepMoves(r.n())
			largest = max(largest, r.n())
		}
	}
	if p.Time > 0 {
		return max(leastEffort, int(p.Time.Seconds()*movesASecond)*runtime.GOMAXPROCS(0)/moves)
	}
	return max(leastEffort, min(sweepsABlock*largest, defaultMoves/moves))
}
