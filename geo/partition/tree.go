package partition

import "math"

// treeCutter cuts connected sets of blocks along random spanning trees. It holds the memory that takes.
type treeCutter struct {
	r      *region
	dice   *dice
	inside []int32 // the set each block was last gathered in, less than nothing once it has joined the tree
	set    int32
	order  []int32   // blocks in the order the tree reached them: parents before children
	up     []int32   // the tree's parent of each block, -1 at the root
	depth  []int32   // by block: how many steps to the root
	below  []float64 // loads at and below each block, in ideals, by block, then measure
	count  []int32   // blocks at and below each block
	todo   []int32   // edges that may still join the tree

	crossing []float64 // the border between what is at and below each block and the rest of the set

	tiesAt [][3]int32 // by block: ties as in sumTies; nil where none are
}

func newTreeCutter(r *region, d *dice) *treeCutter {
	t := &treeCutter{r: r, dice: d, inside: make([]int32, r.n()), up: make([]int32, r.n()), depth: make([]int32, r.n()),
		below: make([]float64, r.n()*len(r.load)), count: make([]int32, r.n()), crossing: make([]float64, r.n())}
	if r.ties != nil {
		t.tiesAt = make([][3]int32, r.n())
	}
	return t
}

// grow makes a random spanning tree of a connected set of blocks and sums the loads and blocks below each.
func (t *treeCutter) grow(blocks []int32) {
	t.set++
	for _, v := range blocks {
		t.inside[v] = t.set
	}
	root := blocks[t.dice.below(len(blocks))]
	t.order, t.todo = t.order[:0], t.todo[:0]
	t.reach(root, -1)
	for len(t.todo) > 0 {
		i := t.dice.below(len(t.todo))
		e := t.todo[i]
		last := len(t.todo) - 1
		t.todo[i] = t.todo[last]
		t.todo = t.todo[:last]
		if v := t.r.to[e]; t.inside[v] == t.set {
			t.reach(v, t.r.from[e])
		}
	}
	m := len(t.r.load)
	for i := len(t.order) - 1; i > 0; i-- {
		v := int(t.order[i])
		u := int(t.up[v])
		t.count[u] += t.count[v]
		for j := range m {
			t.below[u*m+j] += t.below[v*m+j]
		}
	}
}

// reach adds a block to the tree.
func (t *treeCutter) reach(v, up int32) {
	t.inside[v] = -t.set
	t.up[v], t.depth[v] = up, 0
	if up >= 0 {
		t.depth[v] = t.depth[up] + 1
	}
	t.order = append(t.order, v)
	t.count[v] = 1
	m := len(t.r.load)
	copy(t.below[int(v)*m:int(v)*m+m], t.r.share[int(v)*m:])
	for e := t.r.start[v]; e < t.r.start[v+1]; e++ {
		if t.inside[t.r.to[e]] == t.set {
			t.todo = append(t.todo, e)
		}
	}
}

// cut is a place to cut a tree: the part below a block gets so many of the grids.
type cut struct {
	below int32
	grids int
	clash int
	score float64
}

// noCut is what any cut is better than.
var noCut = cut{clash: math.MaxInt, score: math.Inf(1)}

func (c cut) better(than cut) bool {
	return c.clash < than.clash || c.clash == than.clash && c.score < than.score
}

// What sumTies counts of each block of the tree: the ties together and apart that a cut above it parts, and those apart
// wholly at and below it.
const (
	partedTogether = iota
	partedApart
	apartBelow
)

// sumTies fills tiesAt for the blocks of the tree.
func (t *treeCutter) sumTies() {
	if t.tiesAt == nil {
		return
	}
	for _, v := range t.order {
		t.tiesAt[v] = [3]int32{}
	}
	for _, v := range t.order {
		for _, tie := range t.r.ties[v] {
			u := tie.other
			if u < v || t.inside[u] != -t.set {
				continue
			}
			meeting, kind := t.meeting(v, u), partedTogether
			if tie.apart {
				kind = partedApart
				t.tiesAt[meeting][apartBelow]++
			}
			t.tiesAt[v][kind]++
			t.tiesAt[u][kind]++
			t.tiesAt[meeting][kind] -= 2
		}
	}
	for i := len(t.order) - 1; i > 0; i-- {
		v := t.order[i]
		for kind, count := range t.tiesAt[v] {
			t.tiesAt[t.up[v]][kind] += count
		}
	}
}

// clashAt returns how many ties are broken for certain when the tree is cut above v and the part below becomes so many grids
// and the rest so many.
func (t *treeCutter) clashAt(v int32, below, rest int) int {
	if t.tiesAt == nil {
		return 0
	}
	at := t.tiesAt[v]
	clash := at[partedTogether]
	if below == 1 {
		clash += at[apartBelow]
	}
	if rest == 1 {
		clash += t.tiesAt[t.order[0]][apartBelow] - at[apartBelow] - at[partedApart]
	}
	return int(clash)
}

// best returns the best place to cut the tree so that it may become so many grids: both parts' averages near the
// ideal. Both parts have a block for each of their grids.
func (t *treeCutter) best(grids int) cut {
	m := len(t.r.load)
	root := int(t.order[0])
	blocks := len(t.order)
	found := noCut
	t.sumTies()
	for _, v := range t.order[1:] {
		lower := int(t.count[v])
		guess := t.below[int(v)*m]
		for _, k := range [2]int{int(guess), int(guess) + 1} {
			k = min(max(k, 1, grids-(blocks-lower)), grids-1, lower)
			var score float64
			for j := range m {
				part := t.below[int(v)*m+j]
				rest := t.below[root*m+j] - part
				score = max(score, math.Abs(part/float64(k)-1), math.Abs(rest/float64(grids-k)-1))
			}
			if c := (cut{v, k, t.clashAt(v, k, grids-k), score}); c.better(found) {
				found = c
			}
		}
	}
	return found
}

// sumCrossings fills crossing for the blocks of the tree. A border counts for every block from its two ends up to where their
// ways to the root meet.
func (t *treeCutter) sumCrossings() {
	for _, v := range t.order {
		t.crossing[v] = 0
	}
	for _, v := range t.order {
		for e := t.r.start[v]; e < t.r.start[v+1]; e++ {
			u := t.r.to[e]
			if u < v || t.inside[u] != -t.set {
				continue
			}
			length := t.r.length[e]
			t.crossing[v] += length
			t.crossing[u] += length
			t.crossing[t.meeting(v, u)] -= 2 * length
		}
	}
	for i := len(t.order) - 1; i > 0; i-- {
		v := t.order[i]
		t.crossing[t.up[v]] += t.crossing[v]
	}
}

// meeting returns the block where two ways to the root meet.
func (t *treeCutter) meeting(v, u int32) int32 {
	for v != u {
		if t.depth[v] < t.depth[u] {
			v, u = u, v
		}
		v = t.up[v]
	}
	return v
}

// part appends the blocks at and below v to one slice and the others to another, in the order of the tree.
func (t *treeCutter) part(v int32, below, rest []int32) ([]int32, []int32) {
	t.set++
	t.inside[v] = t.set
	for _, u := range t.order {
		if up := t.up[u]; up >= 0 && t.inside[up] == t.set {
			t.inside[u] = t.set
		}
		if t.inside[u] == t.set {
			below = append(below, u)
		} else {
			rest = append(rest, u)
		}
	}
	return below, rest
}

// triesATree is how many trees a first plan tries for each cut.
const triesATree = 4

// halve cuts a connected set of blocks where the best of some random trees is best cut so that it may become so many grids;
// the part below gets first of them.
func (t *treeCutter) halve(blocks []int32, grids int) (below, rest []int32, first int) {
	chosen := noCut
	for range triesATree {
		t.grow(blocks)
		if c := t.best(grids); c.better(chosen) {
			chosen = c
			below, rest = t.part(c.below, nil, nil)
		}
	}
	return below, rest, chosen.grids
}

// first returns a plan of the whole region: pieces are cut in two along trees until each part is one grid.
func (t *treeCutter) first() []int32 {
	at := make([]int32, t.r.n())
	members := make([][]int32, len(t.r.pieceGrids))
	for v, c := range t.r.piece {
		members[c] = append(members[c], int32(v))
	}
	next := int32(0)
	var divide func(blocks []int32, grids int)
	divide = func(blocks []int32, grids int) {
		if grids == 1 {
			for _, v := range blocks {
				at[v] = next
			}
			next++
			return
		}
		below, rest, first := t.halve(blocks, grids)
		divide(below, first)
		divide(rest, grids-first)
	}
	for c, blocks := range members {
		divide(blocks, t.r.pieceGrids[c])
	}
	return at
}
