package plan

import (
	"slices"
	"strings"

	"gridwright/geo/ground"
)

// Recut is blocks that are replaced by others on the same ground (地块切分): a block that a line divides by its parts, and a neighbour that
// gets a corner where the line ends by itself with that corner. What comes knows the block it was cut from. The inverse swaps Gone and Come.
type Recut struct {
	Gone, Come []CutBlock // by id
	Borders    []Border   // of any of them, with each other and with blocks that stay
}

// CutBlock is a block as it is known apart from a ground.
type CutBlock struct {
	Block    // without the index of its parent and its counts by index
	ParentID AreaID
	Counted  map[Measure]int64
}

// inverse returns what brings the old blocks back; nil of nil.
func (r *Recut) inverse() *Recut {
	if r == nil {
		return nil
	}
	return &Recut{Gone: r.Come, Come: r.Gone, Borders: r.Borders}
}

// CutBlock returns a block of the ground apart from it.
func (g *Ground) CutBlock(b int32) CutBlock {
	c := CutBlock{Block: g.Blocks[b], ParentID: g.Parents[g.Blocks[b].Parent].ID, Counted: map[Measure]int64{}}
	for m, n := range c.Counts {
		c.Counted[g.Measures[m]] = n
	}
	return c
}

// recut returns the ground with other blocks, and for each of them the index it had before, -1 for one that comes. What was never cut is
// shared: a ground whose last cut is taken back is the one it was before any. It returns a Stale fault when a block that is to go is not
// there, or one that is to come is.
func (g *Ground) recut(r *Recut) (next *Ground, was []int32, err error) {
	gone := make(map[BlockID]bool, len(r.Gone))
	for i := range r.Gone {
		if _, ok := g.byID[r.Gone[i].ID]; !ok {
			return nil, nil, Refuse(Stale, "edit.moved_on", nil)
		}
		gone[r.Gone[i].ID] = true
	}
	cuts := 0
	var added []Block
	come := make(map[BlockID]bool, len(r.Come))
	for i := range r.Come {
		c := &r.Come[i]
		b := c.Block
		b.Parent = int32(slices.IndexFunc(g.Parents, func(a Area) bool { return a.ID == c.ParentID }))
		if _, there := g.byID[b.ID]; there || b.Parent < 0 {
			return nil, nil, Refuse(Stale, "edit.moved_on", nil)
		}
		b.Counts = make([]int64, len(g.Measures))
		for m, measure := range g.Measures {
			b.Counts[m] = c.Counted[measure]
		}
		if b.CutOf != 0 {
			cuts++
		}
		come[b.ID], added = true, append(added, b)
	}
	for i := range g.Blocks {
		if g.Blocks[i].CutOf != 0 && !gone[g.Blocks[i].ID] {
			cuts++
		}
	}
	if cuts == 0 && g.Whole != nil {
		next = g.Whole
	} else {
		var addedBorders []Border
		for _, b := range r.Borders {
			if come[b.A] || come[b.B] {
				addedBorders = append(addedBorders, b)
			}
		}
		blocks := merged(g.Blocks, added, compareBlocks, func(b *Block) bool { return !gone[b.ID] })
		borders := merged(g.Borders, addedBorders, CompareBorders, func(b *Border) bool { return !gone[b.A] && !gone[b.B] })
		whole := g.Whole
		if whole == nil {
			whole = g
		}
		next, err = NewGround(Ground{Version: g.Version, Parents: g.Parents, Blocks: blocks, Measures: g.Measures, Links: g.Links, Names: g.Names,
			Synthetic: g.Synthetic, DataDate: g.DataDate, Whole: whole}, borders)
		if err != nil {
			return nil, nil, err
		}
	}
	was = make([]int32, len(next.Blocks))
	for i := range next.Blocks {
		was[i] = -1
		if b, ok := g.byID[next.Blocks[i].ID]; ok {
			was[i] = b
		}
	}
	return next, was, nil
}

// merged returns those of a list in order that stay, and others, in order.
func merged[T any](list, others []T, compare func(a, b T) int, stays func(*T) bool) []T {
	slices.SortStableFunc(others, compare)
	all := make([]T, 0, len(list)+len(others))
	for i := range list {
		if !stays(&list[i]) {
			continue
		}
		for len(others) > 0 && compare(others[0], list[i]) < 0 {
			all, others = append(all, others[0]), others[1:]
		}
		all = append(all, list[i])
	}
	return append(all, others...)
}

// Cut returns the ground on which blocks are cut as said: Gone and Come as those of a Recut.
func (g *Ground) Cut(r *Recut) (*Ground, error) {
	next, _, err := g.recut(r)
	return next, err
}

// Root returns the code of the block of the ground itself that a block is, or was cut from: parts have its code and a number after a point.
func (g *Ground) Root(b int32) string {
	code := g.Blocks[b].Code
	for g.Blocks[b].CutOf != 0 {
		i := strings.LastIndexByte(code, '.')
		if _, known := g.Whole.ByCode(code); known || i < 0 {
			break
		}
		code = code[:i]
	}
	return code
}

// Cuts returns the blocks that come from a cut, by index.
func (g *Ground) Cuts() (blocks []int32) {
	for i := range g.Blocks {
		if g.Blocks[i].CutOf != 0 {
			blocks = append(blocks, int32(i))
		}
	}
	return blocks
}

// onGround puts the snapshot on the ground that a cut makes of its own.
func (s *Snapshot) onGround(r *Recut) error {
	ground, was, err := s.Ground.recut(r)
	if err != nil {
		return err
	}
	at, now := make([]GridNo, len(was)), make([]int32, len(s.At))
	for i := range now {
		now[i] = -1
	}
	for i, old := range was {
		if old >= 0 {
			at[i], now[old] = s.At[old], int32(i)
		}
	}
	for i := range s.tallies {
		t := &s.tallies[i]
		blocks := make([]int32, 0, len(t.blocks))
		for _, b := range t.blocks {
			if now[b] >= 0 {
				blocks = append(blocks, now[b])
			}
		}
		t.blocks = blocks
	}
	s.Ground, s.At = ground, at
	return nil
}

// SharesOf shares a count out over the parts of a block: in proportion to what they had of the measure, or to their ground where they had none.
func SharesOf(parts []CutBlock, measure Measure, count int64) []int64 {
	weights := make([]int64, len(parts))
	for i := range parts {
		weights[i] = parts[i].Counted[measure]
	}
	if slices.Max(weights) == 0 {
		for i := range parts {
			weights[i] = max(1, int64(parts[i].Area))
		}
	}
	return ground.Shares(count, weights)
}
