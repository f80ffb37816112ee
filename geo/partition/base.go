package partition

import (
	"math"
	"slices"
)

// What a block of an existing division is to the search, where it is not the number of a grid.
const (
	newGround = -1            // the division does not know the block: no grid is a change
	dissolved = math.MaxInt32 // its grid is no more: any grid is a change
)

// base is an existing division that a region's plan stays near.
type base struct {
	plan   []int32   // the plan to begin with
	name   []int32   // the division's own number of each grid of plan, -1 for a new one
	grid   []int32   // the grid of plan that each block has in the division, or newGround or dissolved
	share  []float64 // what each block is of the region's load in the first balanced measure
	budget float64   // the share of that load that may change grid; no less than what plan itself changes
	pin    []int32   // by block: the grid of plan it is locked in, free where it is not; nil without locks

	block []int32 // by block of the region's inside: its grid in the division
	load  []float64
}

// What a block is to the locks where it is not the number of a grid: free, or locked in a grid that could not be kept.
const (
	free = -2
	lost = -1
)

// changed returns the share of the load that is in another grid than in the division.
func (b *base) changed(at []int32) (sum float64) {
	for v, g := range at {
		if b.grid[v] != newGround && b.grid[v] != g {
			sum += b.share[v]
		}
	}
	return sum
}

// changedBlocks returns the share of the load that is in another grid than in the division, block by block.
func (b *base) changedBlocks(r *region, at []int32) float64 {
	var moved, all float64
	for i, load := range b.load {
		all += load
		if b.block[i] >= 0 && b.name[at[r.node[i]]] != b.block[i] {
			moved += load
		}
	}
	if all == 0 {
		return 0
	}
	return moved / all
}

// takeBase begins a region's plan with what the problem's base is in it. Of blocks kept together that the base has in several
// grids the heaviest part says where they are, and what the others weigh is taken off the budget.
func (r *region) takeBase(p *Problem, rules *rules) {
	division := r.divisionOf(p)
	s := seeding{r: r, at: make([]int32, r.n()), locked: make([]bool, r.n()), division: division}
	for i, b := range r.inside {
		s.locked[r.node[i]] = s.locked[r.node[i]] || rules.locked[b]
	}
	s.takeOver()
	s.settlePieces()
	for len(s.name) > r.grids {
		s.dissolve(s.lightest())
	}
	s.absorb()
	cutter := newTreeCutter(r, newDice(p.Seed, uint64(r.parent)<<32))
	for len(s.name) < r.grids {
		s.cut(cutter, s.heaviest())
	}
	b := &base{plan: s.at, name: s.name, grid: make([]int32, r.n()), share: make([]float64, r.n())}
	now := map[int32]int32{}
	for g, name := range s.name {
		now[name] = int32(g)
	}
	for v, name := range division {
		b.share[v] = r.share[v*len(r.load)] / float64(r.grids)
		b.grid[v] = newGround
		if name >= 0 {
			b.grid[v] = dissolved
			if g, stays := now[name]; stays {
				b.grid[v] = g
			}
		}
		if s.locked[v] {
			if b.pin == nil {
				b.pin = slices.Repeat([]int32{free}, r.n())
			}
			if b.pin[v] = b.grid[v]; b.grid[v] == dissolved {
				b.pin[v] = lost
			}
		}
	}
	forced := 0.0
	for i, block := range r.inside {
		load := 1.0
		if !r.idle {
			load = p.Graph.Loads[p.Balance[r.measures[0]]][block]
		}
		b.block, b.load = append(b.block, p.Base[block]), append(b.load, load)
		if p.Base[block] >= 0 && p.Base[block] != division[r.node[i]] {
			forced += load / r.ideal[0] / float64(r.grids)
		}
	}
	b.budget = max(p.MaxChange-forced, b.changed(b.plan)) + same
	if p.Freely { // to leave it is no change
		b.grid = slices.Repeat([]int32{newGround}, r.n())
	}
	r.base = b
}

// divisionOf returns the grid of the base that each block of the region is in; of several kept together, the one that the
// heaviest part is in.
func (r *region) divisionOf(p *Problem) []int32 {
	type part struct {
		grid int32
		load float64
	}
	parts := make([][]part, r.n())
	for i, b := range r.inside {
		grid, load := p.Base[b], 0.0
		for _, m := range r.measures {
			load += p.Graph.Loads[p.Balance[m]][b]
		}
		of := &parts[r.node[i]]
		k := slices.IndexFunc(*of, func(p part) bool { return p.grid == grid })
		if k < 0 {
			k = len(*of)
			*of = append(*of, part{grid: grid})
		}
		(*of)[k].load += load
	}
	division := make([]int32, r.n())
	for v, of := range parts {
		best := part{grid: -1}
		for _, p := range of {
			if p.grid >= 0 && (best.grid < 0 || p.load > best.load) {
				best = p
			}
		}
		division[v] = best.grid
	}
	return division
}

// seeding makes an existing division into a plan.
type seeding struct {
	r    *region
	at   []int32   // the grid of each block, -1 in none
	name []int32   // by grid: the division's own number, -1 for a new one
	load []float64 // by grid, in ideals, of all measures together

	division []int32 // by block: its grid in the division, below 0 for none
	locked   []bool  // by block
}

func (s *seeding) weight(v int32) (sum float64) {
	m := len(s.r.load)
	for _, share := range s.r.share[int(v)*m : int(v)*m+m] {
		sum += share
	}
	return sum
}

// takeOver makes a grid of each of the division's; of one that lies in pieces the heaviest stays, of those with the most
// locked blocks.
func (s *seeding) takeOver() {
	type piece struct {
		blocks []int32
		load   float64
		locked int
	}
	var names []int32
	heaviest := map[int32]piece{}
	seen := make([]bool, s.r.n())
	for v := range int32(s.r.n()) {
		s.at[v] = -1
		name := s.division[v]
		if seen[v] || name < 0 {
			continue
		}
		p := piece{blocks: s.reach(v, seen, func(u int32) bool { return s.division[u] == name })}
		for _, u := range p.blocks {
			p.load += s.weight(u)
			if s.locked[u] {
				p.locked++
			}
		}
		had, known := heaviest[name]
		if !known {
			names = append(names, name)
		}
		if !known || p.locked > had.locked || p.locked == had.locked && p.load > had.load {
			heaviest[name] = p
		}
	}
	for _, name := range names {
		s.add(name, heaviest[name].blocks)
	}
}

// reach returns the blocks that are connected to v among those that belong, v first, and marks them as seen.
func (s *seeding) reach(v int32, seen []bool, belongs func(u int32) bool) []int32 {
	seen[v] = true
	reached := []int32{v}
	for i := 0; i < len(reached); i++ {
		at := reached[i]
		for _, u := range s.r.to[s.r.start[at]:s.r.start[at+1]] {
			if !seen[u] && belongs(u) {
				seen[u] = true
				reached = append(reached, u)
			}
		}
	}
	return reached
}

// add makes a grid of blocks.
func (s *seeding) add(name int32, blocks []int32) {
	g := int32(len(s.name))
	s.name = append(s.name, name)
	s.load = append(s.load, 0)
	for _, v := range blocks {
		s.at[v] = g
		s.load[g] += s.weight(v)
	}
}

// settlePieces gives each piece of the region that no grid lies in a grid of its own.
func (s *seeding) settlePieces() {
	blocks := make([][]int32, len(s.r.pieceGrids))
	settled := make([]bool, len(blocks))
	for v, c := range s.r.piece {
		blocks[c] = append(blocks[c], int32(v))
		settled[c] = settled[c] || s.at[v] >= 0
	}
	for c := range blocks {
		if !settled[c] {
			s.add(-1, blocks[c])
		}
	}
}

// lightest returns the lightest grid that is not alone in its piece, of those without a locked block if there are any.
func (s *seeding) lightest() int32 {
	inPiece := make([]map[int32]bool, len(s.r.pieceGrids))
	for v, g := range s.at {
		if c := s.r.piece[v]; g >= 0 {
			if inPiece[c] == nil {
				inPiece[c] = map[int32]bool{}
			}
			inPiece[c][g] = true
		}
	}
	holds := make([]bool, len(s.name))
	for v, g := range s.at {
		if g >= 0 && s.locked[v] {
			holds[g] = true
		}
	}
	least := int32(-1)
	for v, g := range s.at {
		if g < 0 || len(inPiece[s.r.piece[v]]) <= 1 {
			continue
		}
		if least < 0 || holds[least] && !holds[g] || holds[least] == holds[g] && s.load[g] < s.load[least] {
			least = g
		}
	}
	return least
}

// dissolve leaves the blocks of a grid in none. The last grid takes its number.
func (s *seeding) dissolve(gone int32) {
	last := int32(len(s.name) - 1)
	for v, g := range s.at {
		switch g {
		case gone:
			s.at[v] = -1
		case last:
			s.at[v] = gone
		}
	}
	s.name[gone], s.load[gone] = s.name[last], s.load[last]
	s.name, s.load = s.name[:last], s.load[:last]
}

// absorb lets blocks in no grid join the lightest neighbour, those at a border first.
func (s *seeding) absorb() {
	var edge []int32
	for v, g := range s.at {
		if g >= 0 {
			edge = append(edge, int32(v))
		}
	}
	for i := 0; i < len(edge); i++ {
		for _, v := range s.r.to[s.r.start[edge[i]]:s.r.start[edge[i]+1]] {
			if s.at[v] >= 0 {
				continue
			}
			least := s.at[edge[i]]
			for _, u := range s.r.to[s.r.start[v]:s.r.start[v+1]] {
				if g := s.at[u]; g >= 0 && s.load[g] < s.load[least] {
					least = g
				}
			}
			s.at[v] = least
			s.load[least] += s.weight(v)
			edge = append(edge, v)
		}
	}
}

// heaviest returns the heaviest grid of more than one block.
func (s *seeding) heaviest() int32 {
	blocks := make([]int, len(s.name))
	for _, g := range s.at {
		blocks[g]++
	}
	most := int32(-1)
	for g := range blocks {
		if blocks[g] > 1 && (most < 0 || s.load[g] > s.load[most]) {
			most = int32(g)
		}
	}
	return most
}

// cut makes a new grid of the lighter part of a grid, or of the one without locked blocks, where the best of some random trees is best cut.
func (s *seeding) cut(t *treeCutter, g int32) {
	var blocks []int32
	for v, at := range s.at {
		if at == g {
			blocks = append(blocks, int32(v))
		}
	}
	below, rest, _ := t.halve(blocks, 2)
	old := s.load[g]
	s.add(-1, below)
	fresh := int32(len(s.name) - 1)
	if locked := func(v int32) bool { return s.locked[v] }; slices.ContainsFunc(below, locked) ||
		s.load[fresh] > old/2 && !slices.ContainsFunc(rest, locked) {
		for _, v := range below {
			s.at[v] = g
		}
		for _, v := range rest {
			s.at[v] = fresh
		}
		s.load[fresh] = old - s.load[fresh]
	}
	s.load[g] = old - s.load[fresh]
}
