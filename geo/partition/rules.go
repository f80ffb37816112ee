package partition

import (
	"fmt"
	"slices"

	"gridwright/geo/verify"
)

// The rules a planner adds to a problem come down to three things the search knows:
//
//   - taken out: a fixed set (a locked or a dedicated grid) is no part of any region;
//   - contracted: blocks kept together that touch are one node;
//   - tied: two nodes that are to share a grid and do not touch, or are not to share one. A layout counts the ties it breaks (its
//     clashes), and no move breaks one more.
//
// A locked block is kept together with the others locked in its grid, apart from those locked in other grids, and where the
// plan stays near its base it is pinned to the grid that continues its own, which counts as a tie.

// Conflict is how rules contradict each other or the map.
type Conflict string

// The conflicts.
const (
	FixedTwice      Conflict = "fixed_twice"       // a block is in two fixed sets
	FixedParents    Conflict = "fixed_parents"     // a fixed set has blocks of two parents
	FixedTogether   Conflict = "fixed_together"    // of blocks to be kept together, some are in a fixed set and some are not
	FixedApart      Conflict = "fixed_apart"       // two blocks of a fixed set are to be kept apart
	TogetherParents Conflict = "together_parents"  // blocks to be kept together have two parents
	TogetherPieces  Conflict = "together_pieces"   // blocks to be kept together lie in pieces that do not touch
	TogetherApart   Conflict = "together_apart"    // two blocks are to be kept together and apart
	ApartGrids      Conflict = "apart_grids"       // more blocks are all to be kept apart than their parent has grids
	LockedNowhere   Conflict = "locked_nowhere"    // a locked block is in no grid of the base
	NoSplitFound    Conflict = "no_split_found"    // the search found no split that keeps the ties of these blocks
	NoSplitPossible Conflict = "no_split_possible" // there is none: all were gone through
)

// ConflictError reports rules that cannot be kept together.
type ConflictError struct {
	Conflict Conflict
	Parent   int     // of the blocks, the first where there are two
	Blocks   []int32 // concerned, rising
}

func (e *ConflictError) Error() string {
	return fmt.Sprintf("parent %d: blocks %v: %s", e.Parent, e.Blocks, e.Conflict)
}

// tie is a rule about two nodes of a region.
type tie struct {
	other int32
	apart bool // else together
}

// rules are a problem's, laid out by block.
type rules struct {
	fixed  []int32      // by block: its fixed set, -1 for none; nil without any
	leader []int32      // by block: the lowest block it is kept together with; nil without any
	apart  [][2]int32   // pairs of blocks to be kept apart, those that locks make so too
	locked []bool       // by block; nil without any
	near   map[int]bool // by parent: its plan is to stay near the base
}

// rules reads the problem's rules. The first conflict is the error, a *ConflictError.
func (p *Problem) rules() (*rules, error) {
	r := &rules{apart: slices.Clone(p.Apart)}
	if err := r.readFixed(p); err != nil {
		return nil, err
	}
	groups := slices.Clone(p.Together)
	locked, err := r.readLocks(p)
	if err != nil {
		return nil, err
	}
	if err := r.readGroups(p, append(groups, locked...)); err != nil {
		return nil, err
	}
	return r, r.readApart(p)
}

func conflict(p *Problem, c Conflict, blocks ...int32) error {
	slices.Sort(blocks)
	return &ConflictError{Conflict: c, Parent: p.parentOf(blocks[0]), Blocks: blocks}
}

func (p *Problem) parentOf(b int32) int {
	if p.Parent == nil {
		return 0
	}
	return int(p.Parent[b])
}

func (r *rules) fixedOf(b int32) int32 {
	if r.fixed == nil {
		return -1
	}
	return r.fixed[b]
}

func (r *rules) readFixed(p *Problem) error {
	if len(p.Fixed) == 0 {
		return nil
	}
	r.fixed = slices.Repeat([]int32{-1}, p.Graph.N())
	for i, set := range p.Fixed {
		for _, b := range set {
			switch {
			case r.fixed[b] >= 0 && r.fixed[b] != int32(i):
				return conflict(p, FixedTwice, b)
			case p.parentOf(b) != p.parentOf(set[0]):
				return conflict(p, FixedParents, set[0], b)
			}
			r.fixed[b] = int32(i)
		}
	}
	return nil
}

// readLocks returns the groups that locks make: the blocks of each parent that are locked in one grid. It adds the pairs that
// they keep apart, and finds out which parents have a base besides.
func (r *rules) readLocks(p *Problem) (groups [][]int32, err error) {
	if p.Base == nil {
		return nil, nil
	}
	r.near = map[int]bool{}
	r.locked = make([]bool, p.Graph.N())
	type home struct {
		parent int
		grid   int32
	}
	index := map[home]int{}
	for _, b := range slices.Sorted(slices.Values(p.Locked)) {
		if p.Base[b] < 0 {
			return nil, conflict(p, LockedNowhere, b)
		}
		r.locked[b] = true
		if r.fixedOf(b) >= 0 {
			continue
		}
		h := home{p.parentOf(b), p.Base[b]}
		i, known := index[h]
		if !known {
			i = len(groups)
			index[h] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], b)
	}
	for i, group := range groups {
		for _, other := range groups[:i] {
			if p.parentOf(group[0]) == p.parentOf(other[0]) {
				r.apart = append(r.apart, [2]int32{other[0], group[0]})
			}
		}
	}
	for b, grid := range p.Base {
		if grid >= 0 && !r.locked[b] && r.fixedOf(int32(b)) < 0 {
			r.near[p.parentOf(int32(b))] = true
		}
	}
	return groups, nil
}

func (r *rules) readGroups(p *Problem, groups [][]int32) error {
	if len(groups) == 0 {
		return nil
	}
	r.leader = make([]int32, p.Graph.N())
	for b := range r.leader {
		r.leader[b] = int32(b)
	}
	for _, group := range groups {
		for _, b := range group {
			switch {
			case p.parentOf(b) != p.parentOf(group[0]):
				return conflict(p, TogetherParents, group[0], b)
			case r.fixedOf(b) != r.fixedOf(group[0]):
				return conflict(p, FixedTogether, group[0], b)
			}
			x, y := r.leaderOf(b), r.leaderOf(group[0])
			r.leader[max(x, y)] = min(x, y)
		}
	}
	for b := range r.leader {
		r.leader[b] = r.leaderOf(int32(b))
	}
	return nil
}

func (r *rules) leaderOf(b int32) int32 {
	if r.leader == nil {
		return b
	}
	for r.leader[b] != b {
		b = r.leader[b]
	}
	return b
}

// readApart leaves out the pairs that are apart anyway.
func (r *rules) readApart(p *Problem) error {
	kept := r.apart[:0]
	for _, pair := range r.apart {
		a, b := pair[0], pair[1]
		switch {
		case r.leaderOf(a) == r.leaderOf(b):
			return conflict(p, TogetherApart, a, b)
		case p.parentOf(a) != p.parentOf(b) || r.fixedOf(a) != r.fixedOf(b):
			continue
		case r.fixedOf(a) >= 0:
			return conflict(p, FixedApart, a, b)
		}
		kept = append(kept, pair)
	}
	r.apart = kept
	return nil
}

// nodes numbers what moves as one, in the order of the lowest block: -1 for what is taken out.
func (r *rules) nodes(p *Problem) []int32 {
	node := make([]int32, p.Graph.N())
	for b := range node {
		node[b] = int32(b)
		if r.leader != nil {
			node[b] = r.leader[b]
		}
		if r.fixedOf(int32(b)) >= 0 {
			node[b] = -1
		}
	}
	if r.leader != nil {
		node, _ = p.Graph.Pieces(node)
	}
	return node
}

// tieUp fills the regions' ties and reports those that no split can keep. local is the node of each block.
func (r *rules) tieUp(p *Problem, all []*region, local []int32) error {
	if r.leader != nil {
		last := map[int32]int32{} // by leader: the block of its group that came before
		for b, leader := range r.leader {
			if local[b] < 0 {
				continue
			}
			before, known := last[leader]
			last[leader] = int32(b)
			if known && local[before] != local[b] {
				r := all[p.parentOf(int32(b))]
				if r.piece[local[before]] != r.piece[local[b]] {
					return conflict(p, TogetherPieces, before, int32(b))
				}
				r.tie(local[before], local[b], false)
			}
		}
	}
	for _, pair := range r.apart {
		all[p.parentOf(pair[0])].tie(local[pair[0]], local[pair[1]], true)
	}
	for _, region := range all {
		if crowd := region.crowd(nil); len(crowd) > region.grids {
			blocks := make([]int32, len(crowd))
			for i, v := range crowd {
				blocks[i] = region.blocks[v]
			}
			return conflict(p, ApartGrids, blocks...)
		}
	}
	return nil
}

// tie notes a rule on both its nodes.
func (r *region) tie(a, b int32, apart bool) {
	if r.ties == nil {
		r.ties = make([][]tie, r.n())
	}
	for _, t := range r.ties[a] {
		if t == (tie{b, apart}) {
			return
		}
	}
	r.ties[a] = append(r.ties[a], tie{b, apart})
	r.ties[b] = append(r.ties[b], tie{a, apart})
}

// crowd returns nodes that are all apart from each other, as many as a greedy choice finds, of those wanted (nil for all): they
// need as many grids.
func (r *region) crowd(wanted func(v int32) bool) (crowd []int32) {
	var some []int32
	for v, ties := range r.ties {
		if (wanted == nil || wanted(int32(v))) && slices.ContainsFunc(ties, func(t tie) bool { return t.apart }) {
			some = append(some, int32(v))
		}
	}
	for first := range some {
		var chosen []int32
		apartFrom := map[int32]int{}
		for _, v := range some[first:] {
			if apartFrom[v] < len(chosen) {
				continue
			}
			chosen = append(chosen, v)
			for _, t := range r.ties[v] {
				if t.apart {
					apartFrom[t.other]++
				}
			}
		}
		if len(chosen) > len(crowd) {
			crowd = chosen
		}
		if len(crowd) >= len(some)-first-1 {
			break
		}
	}
	return crowd
}

// leaders returns by node the lowest of those that share a grid with it anyhow.
func (r *region) leaders() []int32 {
	leader := make([]int32, r.n())
	for v := range leader {
		leader[v] = int32(v)
	}
	if r.ties != nil {
		for v := range int32(r.n()) {
			r.gather(v, leader)
		}
	}
	return leader
}

// items returns the loads of a measure of what stays in one grid anyhow, the heaviest first, with the lowest node of each.
func (r *region) items(m int) (loads []float64, nodes []int32) {
	leader := r.leaders()
	sums := make([]float64, r.n())
	for v, load := range r.load[m] {
		sums[leader[v]] += load
	}
	for v := range int32(r.n()) {
		if leader[v] == v {
			nodes = append(nodes, v)
		}
	}
	slices.SortStableFunc(nodes, func(a, b int32) int {
		switch {
		case sums[a] > sums[b]:
			return -1
		case sums[a] < sums[b]:
			return 1
		}
		return 0
	})
	for _, v := range nodes {
		loads = append(loads, sums[v])
	}
	return loads, nodes
}

// gather makes v the leader of the nodes that are tied to it, unless it has one already.
func (r *region) gather(v int32, leader []int32) {
	if leader[v] != v {
		return
	}
	todo := []int32{v}
	for len(todo) > 0 {
		at := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for _, t := range r.ties[at] {
			if !t.apart && t.other != v && leader[t.other] == t.other {
				leader[t.other] = v
				todo = append(todo, t.other)
			}
		}
	}
}

// verifyRules returns the problem as the verifier knows it.
func (p *Problem) verifyRules(from []int32) verify.Rules {
	return verify.Rules{Graph: p.Graph, Parent: p.Parent, Grids: p.Grids, Fixed: p.Fixed, Together: p.Together, Apart: p.Apart,
		Locked: p.Locked, Base: p.Base, From: from, Measures: p.Balance, Band: p.Band}
}
