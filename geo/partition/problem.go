package partition

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"time"

	"gridwright/geo/blockgraph"
	"gridwright/geo/verify"
)

// Version names the method. Equal versions give equal bytes for equal problems; it changes whenever a result may.
const Version = "gridwright-partition/3"

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
	// Grids is the number of grids each parent gets, at least one, without those of Fixed; geo/apportion finds it. A parent all
	// of whose blocks are fixed gets 0.
	Grids []int
	// Balance lists the measures to balance, as indexes into Graph.Loads; all count the same. A measure of which a
	// parent has nothing is left out there.
	Balance []int
	// Base, if not nil, is an existing division to stay near: the grid each block is in, numbered in any way, below 0 for
	// none. Each parent's plan begins with it, and no more than MaxChange of the parent's load in the first measure of Balance
	// that it has changes grid, or as little as the number of grids allows.
	Base      []int32
	MaxChange float64
	// Freely makes the base no more than a start: the search begins with it and improves it, and nothing is held near it.
	Freely bool
	// Locked lists blocks that stay in the grid of Base that they are in. A parent whose base is but its locked blocks is split
	// anew around them.
	Locked []int32
	// Fixed are sets of blocks of one parent that each are a grid to the letter and are left out of everything else: locked grids,
	// dedicated ones. The ideal load is that of the rest.
	Fixed [][]int32
	// Together are sets of blocks of one parent that lie in one grid each. They need not touch.
	Together [][]int32
	// Apart are pairs of blocks that lie in two grids. A border that is to stay is the pairs of blocks that meet there.
	Apart [][2]int32
	// Compound, if not nil, holds for each block what a planner would like to keep together, below 0 for nothing: borders through
	// it cost blockgraph.SplitCost times as much.
	Compound []int32
	// Band, if not nil, is the wanted range of a measure of Balance for each grid. How far grids lie outside, summed up, comes
	// before the deviation.
	Band *Band
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
	// First, if not nil, is called once, before Progress tells of any finished parent, with the first plan for all that keeps the
	// rules: long before the search is over, and as a rule far from what it finds. It is not called where the first plans break a tie.
	First func(*Solution)

	allowed []float64 // by parent: takes the place of Tolerance; nil as a rule
}

// Band is a wanted range of one measure for each grid, both ends included.
type Band = verify.Band

// Solution is a split of every parent.
type Solution struct {
	// At holds each block's grid, numbered from 0: the grids of parent 0 first, and in each parent by lowest block; after all
	// parents one for each set of Fixed.
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
	// LowerBound is proven: no split of the parent into so many grids in one piece, that keeps the rules and has no more outside the
	// band, has a smaller MaxDeviation.
	LowerBound float64
	// Bound names the argument for LowerBound (see the Bound constants), "" where it is 0.
	Bound string
	// Changed is the share of the parent's load in its first measure that is in another grid than in Base.
	Changed float64
	// Outside is how many grids lie outside the band, and OutsideLoad by how much together; both 0 without a band.
	Outside     int
	OutsideLoad float64
	// OutsideLeast and OutsideLoadLeast are proven: no split has fewer grids outside, and none less outside. OutsideBound names the
	// argument for the latter, "" where it is 0.
	OutsideLeast     int
	OutsideLoadLeast float64
	OutsideBound     string
	// Proven reports whether MaxDeviation and OutsideLoad meet their bounds.
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

// BlocksError reports a parent that has fewer blocks than grids, or no grid at all. Blocks that are fixed do not count, and
// those that touch and are kept together count as one.
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
	if err := p.validateRules(); err != nil {
		return err
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

// validateRules returns the first thing that makes no rule at all; what contradicts each other is found by rules.
func (p *Problem) validateRules() error {
	if b := p.Band; b != nil && (!slices.Contains(p.Balance, b.Measure) || !(b.From >= 0) || !(b.To > 0) || b.From > b.To || math.IsInf(b.To, 0)) {
		return fmt.Errorf("a band %v to %v of measure %d, balanced are %v", b.From, b.To, b.Measure, p.Balance)
	}
	switch {
	case p.Compound != nil && len(p.Compound) != p.Graph.N():
		return fmt.Errorf("compounds of %d blocks for %d", len(p.Compound), p.Graph.N())
	case len(p.Locked) > 0 && p.Base == nil:
		return fmt.Errorf("locked blocks without a base")
	}
	sets := slices.Concat([][]int32{p.Locked}, p.Together, p.Fixed)
	for _, pair := range p.Apart {
		sets = append(sets, pair[:])
	}
	for _, set := range sets {
		for _, b := range set {
			if b < 0 || int(b) >= p.Graph.N() {
				return fmt.Errorf("a rule for block %d of %d", b, p.Graph.N())
			}
		}
	}
	for i, set := range p.Fixed {
		if len(set) == 0 {
			return fmt.Errorf("fixed set %d is empty", i)
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
