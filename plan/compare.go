package plan

import (
	"cmp"
	"slices"
	"strings"
)

// Pair is a grid of one plan and the grid of another that it answers to; one of the two is 0 where the other has no counterpart.
type Pair struct{ A, B GridNo }

// Move is what lies in a grid of one plan and in another grid of the second than the one that answers to it.
type Move struct {
	Parent   string    // code
	From, To GridNo    // in plan a, in plan b; 0: in no grid
	Blocks   []BlockID // as they are in the plan that has them smaller, by b's blocks
	Codes    []string  // of the same
	Loads    []float64 // one a measure of b's ground
}

// Comparison says how plan b differs from plan a. Grids are compared, not their names: two plans that put the same blocks together
// are alike whatever the grids are called.
type Comparison struct {
	A, B   *Snapshot
	Pairs  []Pair    // those with both by b's number, then those of a alone, then those of b alone
	Moves  []Move    // by b's parents, the heaviest first
	Moved  []float64 // what changes grid in all, one a measure of b's ground
	Blocks int       // how many blocks do
	OnlyA  int       // blocks of a of which b's ground has nothing
	OnlyB  int       // blocks of b of which a's ground has nothing
}

// Compare returns how plan b differs from plan a. Their grounds may be of different versions: blocks go by the codes of their parents and
// their own. Equal plans give equal comparisons.
func Compare(a, b *Snapshot) *Comparison {
	c := &Comparison{A: a, B: b, Moved: make([]float64, len(b.Ground.Measures))}
	var pieces []piece
	pieces, c.OnlyA, c.OnlyB = piecesOf(a.Ground, b.Ground)
	c.Pairs = matchGrids(a, b, pieces)
	answers := make(map[GridNo]GridNo, len(c.Pairs)) // of a, to b
	for _, p := range c.Pairs {
		answers[p.A] = p.B
	}
	answers[0] = 0
	type way struct {
		parent   int32
		from, to GridNo
	}
	moves := map[way]*Move{}
	for _, p := range pieces {
		from, to := a.At[p.a], b.At[p.b]
		ground, block := c.finer(p)
		if answers[from] == to && (from == 0) == (to == 0) {
			continue
		}
		parent := b.Ground.Blocks[p.b].Parent
		w := way{parent, from, to}
		if moves[w] == nil {
			moves[w] = &Move{Parent: b.Ground.Parents[parent].Code, From: from, To: to, Loads: make([]float64, len(b.Ground.Measures))}
		}
		moves[w].Blocks = append(moves[w].Blocks, block.ID)
		moves[w].Codes = append(moves[w].Codes, block.Code)
		for i, n := range block.Counts {
			if m := b.Ground.MeasureIndex(ground.Measures[i]); m >= 0 {
				moves[w].Loads[m] += float64(n)
				c.Moved[m] += float64(n)
			}
		}
		c.Blocks++
	}
	first := 0
	if ms := b.Balanced(); len(ms) > 0 {
		first = ms[0]
	}
	for _, m := range moves {
		c.Moves = append(c.Moves, *m)
	}
	slices.SortFunc(c.Moves, func(x, y Move) int {
		return cmp.Or(cmp.Compare(x.Parent, y.Parent), -cmp.Compare(load(x.Loads, first), load(y.Loads, first)), cmp.Compare(len(y.Blocks), len(x.Blocks)),
			cmp.Compare(x.From, y.From), cmp.Compare(x.To, y.To))
	})
	return c
}

// load returns the load of a measure, 0 where nothing is counted.
func load(loads []float64, m int) float64 {
	if m >= len(loads) {
		return 0
	}
	return loads[m]
}

// piece is ground that is a block in one plan at least, and the whole or a part of one in the other.
type piece struct{ a, b int32 } // indexes of the blocks

// piecesOf returns what two grounds have in common, by the blocks of b, and how many blocks of each the other does not have. A block that
// was cut in one plan only is taken in its parts.
func piecesOf(a, b *Ground) (pieces []piece, onlyA, onlyB int) {
	namesA, namesB := blockNames(a), blockNames(b)
	metA := make([]bool, len(a.Blocks))
	for i := range b.Blocks {
		at, ok := wholeOf(b, int32(i), namesA)
		if !ok {
			at = -1
		} else {
			metA[at] = true
		}
		pieces = append(pieces, piece{at, int32(i)})
	}
	metB := make([]bool, len(b.Blocks))
	for i := range a.Blocks {
		if metA[i] {
			continue
		}
		if at, ok := wholeOf(a, int32(i), namesB); ok {
			metB[at] = true
			pieces = append(pieces, piece{int32(i), at})
		} else {
			onlyA++
		}
	}
	met := pieces[:0]
	for _, p := range pieces {
		switch {
		case p.a >= 0:
			met = append(met, p)
		case !metB[p.b]:
			onlyB++
		}
	}
	slices.SortFunc(met, func(x, y piece) int { return cmp.Or(cmp.Compare(x.b, y.b), cmp.Compare(x.a, y.a)) })
	return met, onlyA, onlyB
}

// blockNames returns the blocks of a ground by name.
func blockNames(g *Ground) map[string]int32 {
	names := make(map[string]int32, len(g.Blocks))
	for i := range g.Blocks {
		names[blockName(g, int32(i))] = int32(i)
	}
	return names
}

// wholeOf returns the block among others that is the same as a block, or that the block was cut from.
func wholeOf(g *Ground, b int32, others map[string]int32) (int32, bool) {
	name := blockName(g, b)
	at, ok := others[name]
	if ok || g.Blocks[b].CutOf == 0 {
		return at, ok
	}
	for cut := strings.LastIndexByte(name, '.'); cut > 0 && !ok; cut = strings.LastIndexByte(name, '.') {
		name = name[:cut]
		at, ok = others[name]
	}
	return at, ok
}

// finer returns the block of a piece that is no larger than it, and its ground.
func (c *Comparison) finer(p piece) (*Ground, *Block) {
	x, y := &c.A.Ground.Blocks[p.a], &c.B.Ground.Blocks[p.b]
	if x.CutOf != 0 && len(x.Code) > len(y.Code) {
		return c.A.Ground, x
	}
	return c.B.Ground, y
}

// matchGrids pairs the grids of two plans so that what they have in common is large: greedily, the largest common load of b's first balanced
// measure first, then the most blocks, then equal codes.
func matchGrids(a, b *Snapshot, pieces []piece) (pairs []Pair) {
	type common struct {
		Pair
		load   float64
		blocks int
		named  bool // both have the same code
	}
	measure := b.Recipe.Balance[0].Measure
	all := map[Pair]*common{}
	c := Comparison{A: a, B: b}
	for _, piece := range pieces {
		if a.At[piece.a] == 0 || b.At[piece.b] == 0 {
			continue
		}
		p := Pair{a.At[piece.a], b.At[piece.b]}
		if all[p] == nil {
			all[p] = &common{Pair: p, named: a.code(p.A) == b.code(p.B)}
		}
		all[p].blocks++
		ground, block := c.finer(piece)
		if m := ground.MeasureIndex(measure); m >= 0 {
			all[p].load += float64(block.Counts[m])
		}
	}
	order := make([]*common, 0, len(all))
	for _, c := range all {
		order = append(order, c)
	}
	slices.SortFunc(order, func(x, y *common) int {
		return cmp.Or(-cmp.Compare(x.load, y.load), -cmp.Compare(x.blocks, y.blocks), -compareBool(x.named, y.named), cmp.Compare(x.B, y.B), cmp.Compare(x.A, y.A))
	})
	pairedA, pairedB := make(map[GridNo]bool, len(a.Grids)), make(map[GridNo]bool, len(b.Grids))
	for _, c := range order {
		if !pairedA[c.A] && !pairedB[c.B] {
			pairedA[c.A], pairedB[c.B] = true, true
			pairs = append(pairs, c.Pair)
		}
	}
	slices.SortFunc(pairs, func(x, y Pair) int { return cmp.Compare(x.B, y.B) })
	for g := range a.Live() {
		if !pairedA[g.No] && len(a.Blocks(g.No)) > 0 {
			pairs = append(pairs, Pair{A: g.No})
		}
	}
	for g := range b.Live() {
		if !pairedB[g.No] && len(b.Blocks(g.No)) > 0 {
			pairs = append(pairs, Pair{B: g.No})
		}
	}
	return pairs
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}
