package partition

import (
	"math"
	"math/bits"
)

// reduced is a region without most of its blocks that carry nothing: only their role as a way through is kept.
//
// A block without load that has up to three neighbours can be left out when its neighbours are joined to each other:
// only one grid can pass through it, and of two pairs among three neighbours one pair is in one grid anyway. With four
// or more neighbours two grids might then cross where they could not before; such a reduction allows too much. Its
// best plan is still a lower bound for the region. So there are two ways to reduce: loosely, which leaves fewer blocks,
// and strictly.
//
// Neither can tell a grid of empty blocks alone from none. Such a grid is off by 1, and part of a good plan only where
// every plan is at least that far off.
type reduced struct {
	r      *region
	blocks []int32   // the region's number of each block that is left
	beside []uint64  // by block that is left, a bit for each neighbour
	mates  []uint64  // by block that is left, a bit for each that is tied to it, to share a grid
	foes   []uint64  // and for each that is not to
	out    []removal // in the order they were left out
}

type removal struct {
	block  int32
	beside []int32
}

// mostLeft is the number of blocks that fit a word.
const mostLeft = 64

// How many neighbours a block may have to be left out.
const (
	anyBeside   = math.MaxInt
	threeBeside = 3
	noneBeside  = -1 // nothing is left out
)

// reduce leaves out blocks without load that have no more neighbours than most. It reports false if too many blocks are
// left, or fewer than grids.
func (r *region) reduce(most int) (*reduced, bool) {
	const mostBlocks = 1 << 10
	if r.n() > mostBlocks || r.idle {
		return nil, false
	}
	d := &reduced{r: r}
	beside := make([]map[int32]bool, r.n())
	var empty []int32
	for v := range int32(r.n()) {
		beside[v] = map[int32]bool{}
		for e := r.start[v]; e < r.start[v+1]; e++ {
			beside[v][r.to[e]] = true
		}
		if r.carriesNothing(v) {
			empty = append(empty, v)
		}
	}
	if r.n()-len(empty) > mostLeft {
		return nil, false
	}
	gone := make([]bool, r.n())
	for range empty {
		least := int32(-1)
		for _, v := range empty {
			if !gone[v] && (least < 0 || len(beside[v]) < len(beside[least])) {
				least = v
			}
		}
		if len(beside[least]) > most {
			break
		}
		gone[least] = true
		d.out = append(d.out, removal{least, join(beside, least)})
	}
	if left := r.n() - len(d.out); left > mostLeft || left < r.grids {
		return nil, false
	}
	number := make([]int, r.n())
	for v := range int32(r.n()) {
		if !gone[v] {
			number[v] = len(d.blocks)
			d.blocks = append(d.blocks, v)
		}
	}
	d.beside = make([]uint64, len(d.blocks))
	for i, v := range d.blocks {
		for u := range beside[v] {
			d.beside[i] |= 1 << number[u]
		}
	}
	d.mates, d.foes = make([]uint64, len(d.blocks)), make([]uint64, len(d.blocks))
	for i, v := range d.blocks {
		if r.ties == nil {
			break
		}
		for _, t := range r.ties[v] {
			if t.apart {
				d.foes[i] |= 1 << number[t.other]
			} else {
				d.mates[i] |= 1 << number[t.other]
			}
		}
	}
	return d, true
}

// carriesNothing reports whether a block has no load and no tie.
func (r *region) carriesNothing(v int32) bool {
	if r.ties != nil && len(r.ties[v]) > 0 {
		return false
	}
	for _, load := range r.load {
		if load[v] != 0 {
			return false
		}
	}
	return true
}

// join takes a block out and makes its neighbours neighbours of each other. It returns them in rising order.
func join(beside []map[int32]bool, v int32) []int32 {
	var around []int32
	for u := range int32(len(beside)) {
		if beside[v][u] {
			around = append(around, u)
			delete(beside[u], v)
		}
	}
	for _, a := range around {
		for _, b := range around {
			if a != b {
				beside[a][b] = true
			}
		}
	}
	return around
}

// expand turns grids of the blocks that are left, as sets of bits, into a plan of the region. Each block that was left
// out goes to the grid that most of its neighbours are in.
func (d *reduced) expand(grids []uint64) []int32 {
	at := make([]int32, d.r.n())
	for g, set := range grids {
		for ; set != 0; set &= set - 1 {
			at[d.blocks[bits.TrailingZeros64(set)]] = int32(g)
		}
	}
	for i := len(d.out) - 1; i >= 0; i-- {
		count := make([]int, len(grids))
		most := 0
		for _, u := range d.out[i].beside {
			g := at[u]
			if count[g]++; count[g] > count[most] {
				most = int(g)
			}
		}
		at[d.out[i].block] = int32(most)
	}
	return at
}
