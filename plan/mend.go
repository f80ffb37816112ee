package plan

import (
	"cmp"
	"math"
	"slices"

	"gridwright/plan/words"
)

// Mend is an edit that would settle a finding, or come nearer to it: some blocks to one grid.
type Mend struct {
	Blocks []int32 // indexes into Ground.Blocks, in the order in which they are moved
	To     GridNo
	Settle bool // nothing of the finding is left afterwards
	words  sentence
}

// In returns the suggestion as a sentence.
func (m *Mend) In(l words.Lang) string { return m.words.In(l) }

// mostMended is how many blocks a suggestion moves: what takes more is no small mend, and wants a planner's own idea.
const mostMended = 12

// Mend returns an edit that settles a finding or makes it smaller, nil where no small one does. It never takes a grid apart, never empties
// one, and leaves dedicated grids and what is locked as they are. Equal plans give equal suggestions. The cost is that of the grids around.
func (s *Snapshot) Mend(f Finding) (m *Mend) {
	switch f.Rule {
	case "band", "balance":
		m = s.rebalance(f.Grid)
	case "contiguous":
		m = s.joinUp(f)
	case "unassigned":
		m = s.takeIn(f.Blocks)
	}
	if m == nil || len(s.locks) == 0 {
		return m
	}
	e := Edit{Kind: Assign}
	s.move(&e, m.Blocks, func(int32) GridNo { return m.To })
	if next, err := s.Apply(e); err != nil || s.Allows(e, next) != nil {
		return nil
	}
	return m
}

// outside returns how far loads are from where the recipe wants a grid of a parent: 0 where they are within. It counts in the band's
// measure, or in fractions of the ideal.
func (s *Snapshot) outside(loads, ideals []float64) (out float64) {
	if band, ok := s.band(); ok {
		load := loads[s.Ground.MeasureIndex(band.Measure)]
		return max(0, load-band.Max, band.Min-load)
	}
	for _, m := range s.Balanced() {
		if ideals[m] > 0 {
			out = max(out, math.Abs(loads[m]/ideals[m]-1)-s.Recipe.Tolerance-rounding)
		}
	}
	return out
}

// fixed reports whether a grid is to stay as it is.
func (s *Snapshot) fixed(no GridNo) bool { return s.Grids[no-1].Dedicated() || s.Grids[no-1].Locked }

// rebalance moves blocks between a grid and one of its neighbours, the one with which most is gained.
func (s *Snapshot) rebalance(no GridNo) *Mend {
	if s.fixed(no) {
		return nil
	}
	parent := s.Grids[no-1].Parent
	ideals := s.Ideals(parent)
	over := s.balance(no) == Over
	before := s.outside(s.Loads(no), ideals)
	var best *trade
	for _, other := range s.Neighbours(no) {
		if s.Grids[other-1].Parent != parent || s.fixed(other) {
			continue
		}
		t := newTrade(s, no, other)
		if !over {
			t = newTrade(s, other, no)
		}
		t.run(ideals)
		if len(t.moved) > 0 && (best == nil || t.better(best)) {
			best = t
		}
	}
	if best == nil {
		return nil
	}
	after := best.loads[0]
	if !over {
		after = best.loads[1]
	}
	left := s.outside(after, ideals)
	if left >= before {
		return nil
	}
	m := &Mend{Blocks: best.moved, To: best.to, Settle: left == 0}
	m.words = sentence{"mend.nearer", words.Args{"blocks": s.listed(best.moved), "from": s.Grids[best.from-1].title(), "to": s.Grids[best.to-1].title()}}
	switch {
	case best.total == 0:
		m.words.key = "mend.both"
	case left == 0:
		m.words.key = "mend.one"
	default:
		measure, _ := s.Worst(no)
		if band, ok := s.band(); ok {
			measure = s.Ground.MeasureIndex(band.Measure)
		}
		m.words.args["load"] = Quantity{s.Ground.Measures[measure], after[measure]}
	}
	return m
}

// trade is blocks going from one grid to another, one after the other, as long as that makes the two better.
type trade struct {
	s        *Snapshot
	from, to GridNo
	at       map[int32]GridNo // of the blocks of both grids
	blocks   []int32          // of the giving grid, rising
	loads    [2][]float64     // of the giving and the taking grid
	moved    []int32
	total    float64 // what is outside in both
}

func newTrade(s *Snapshot, from, to GridNo) *trade {
	t := &trade{s: s, from: from, to: to, at: map[int32]GridNo{}, blocks: slices.Clone(s.Blocks(from)),
		loads: [2][]float64{slices.Clone(s.Loads(from)), slices.Clone(s.Loads(to))}}
	for _, no := range []GridNo{from, to} {
		for _, b := range s.Blocks(no) {
			t.at[b] = no
		}
	}
	return t
}

// better reports whether a trade leaves less outside than another, or as much with fewer blocks.
func (t *trade) better(o *trade) bool {
	return cmp.Or(cmp.Compare(t.total, o.total), cmp.Compare(len(t.moved), len(o.moved)), cmp.Compare(t.from, o.from), cmp.Compare(t.to, o.to)) < 0
}

// run moves blocks as long as each makes what is outside in both grids smaller.
func (t *trade) run(ideals []float64) {
	t.total = t.s.outside(t.loads[0], ideals) + t.s.outside(t.loads[1], ideals)
	pieces := t.s.Pieces(t.from)
	for len(t.moved) < mostMended && len(t.blocks) > 1 && t.total > 0 {
		type step struct {
			block int32
			total float64
		}
		var steps []step
		for _, b := range t.blocks {
			if !t.borders(b) {
				continue
			}
			var after [2][]float64
			for side, sign := range []float64{-1, 1} {
				after[side] = slices.Clone(t.loads[side])
				for m, n := range t.s.Ground.Blocks[b].Counts {
					after[side][m] += float64(sign * float64(n))
				}
			}
			if total := t.s.outside(after[0], ideals) + t.s.outside(after[1], ideals); total < t.total {
				steps = append(steps, step{b, total})
			}
		}
		slices.SortFunc(steps, func(a, b step) int { return cmp.Or(cmp.Compare(a.total, b.total), cmp.Compare(a.block, b.block)) })
		i := slices.IndexFunc(steps, func(st step) bool { return len(t.s.parts(t.without(st.block))) <= pieces })
		if i < 0 {
			return
		}
		b := steps[i].block
		t.blocks = t.without(b)
		t.at[b], t.total, t.moved = t.to, steps[i].total, append(t.moved, b)
		for m, n := range t.s.Ground.Blocks[b].Counts {
			t.loads[0][m] -= float64(n)
			t.loads[1][m] += float64(n)
		}
	}
}

// borders reports whether a block of the giving grid touches the taking one.
func (t *trade) borders(b int32) bool {
	for _, e := range t.s.Ground.Graph.Neighbours(b) {
		if t.at[e.To] == t.to {
			return true
		}
	}
	return false
}

func (t *trade) without(b int32) []int32 {
	rest := slices.Clone(t.blocks)
	i, _ := slices.BinarySearch(rest, b)
	return slices.Delete(rest, i, i+1)
}

// parts returns the connected parts of some blocks, each rising, in order of their first blocks.
func (s *Snapshot) parts(blocks []int32) (parts [][]int32) {
	left := make(map[int32]bool, len(blocks))
	for _, b := range blocks {
		left[b] = true
	}
	for _, start := range blocks {
		if !left[start] {
			continue
		}
		delete(left, start)
		part := []int32{start}
		for i := 0; i < len(part); i++ {
			for _, e := range s.Ground.Graph.Neighbours(part[i]) {
				if left[e.To] {
					delete(left, e.To)
					part = append(part, e.To)
				}
			}
		}
		slices.Sort(part)
		parts = append(parts, part)
	}
	return parts
}

// joinUp gives the smallest piece of a grid in pieces to the neighbour it borders for longest.
func (s *Snapshot) joinUp(f Finding) *Mend {
	if s.fixed(f.Grid) {
		return nil
	}
	parts := s.parts(f.Blocks)
	slices.SortStableFunc(parts, func(a, b []int32) int {
		return cmp.Or(cmp.Compare(s.loadOf(a), s.loadOf(b)), cmp.Compare(len(a), len(b)), cmp.Compare(a[0], b[0]))
	})
	if len(parts) < 2 {
		return nil
	}
	to := s.nearestGrid(parts[0])
	if to == 0 {
		return nil
	}
	return &Mend{Blocks: parts[0], To: to, Settle: len(parts) == 2,
		words: sentence{"mend.join", words.Args{"blocks": s.listed(parts[0]), "from": s.Grids[f.Grid-1].title(), "to": s.Grids[to-1].title()}}}
}

// loadOf returns the sum of the first balanced measure over some blocks.
func (s *Snapshot) loadOf(blocks []int32) (sum float64) {
	m := s.Balanced()[0]
	for _, b := range blocks {
		sum += float64(s.Ground.Blocks[b].Counts[m])
	}
	return sum
}

// nearestGrid returns the grid of the same parent, neither dedicated nor locked, that some blocks of one grid or of none border for longest;
// 0 where there is none.
func (s *Snapshot) nearestGrid(blocks []int32) (nearest GridNo) {
	inside := map[int32]bool{}
	for _, b := range blocks {
		inside[b] = true
	}
	metres := map[GridNo]float64{}
	own := s.At[blocks[0]]
	for _, b := range blocks {
		for _, e := range s.Ground.Graph.Neighbours(b) {
			if no := s.At[e.To]; !inside[e.To] && no != 0 && no != own && s.Grids[no-1].Parent == s.Ground.Blocks[b].Parent && !s.fixed(no) {
				metres[no] += e.Length
			}
		}
	}
	for no, length := range metres {
		if nearest == 0 || length > metres[nearest] || length == metres[nearest] && no < nearest {
			nearest = no
		}
	}
	return nearest
}

// takeIn gives the first connected part of blocks in no grid to the grid it borders for longest.
func (s *Snapshot) takeIn(blocks []int32) *Mend {
	parts := s.parts(blocks)
	for _, part := range parts {
		if to := s.nearestGrid(part); to != 0 {
			return &Mend{Blocks: part, To: to, Settle: len(parts) == 1,
				words: sentence{"mend.take_in", words.Args{"blocks": s.listed(part), "to": s.Grids[to-1].title()}}}
		}
	}
	return nil
}

// listed returns blocks by code, no more than can be read.
func (s *Snapshot) listed(blocks []int32) words.Speaker {
	if len(blocks) == 1 {
		return sentence{"mend.block", words.Args{"block": s.Ground.Blocks[blocks[0]].Code}}
	}
	return sentence{"mend.blocks", words.Args{"n": len(blocks), "block": s.Ground.Blocks[blocks[0]].Code}}
}
