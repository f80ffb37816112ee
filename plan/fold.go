package plan

import (
	"cmp"
	"maps"
	"slices"
)

// fold returns one edit that does what several do, oldest first, as if nothing had been in between: to be taken back, since numbers of grids that came and went are skipped. It has the revision of the last.
func fold(edits []Edit) Edit {
	f := folded{blocks: map[BlockID]*foldedBlock{}, grids: map[GridNo]GridChange{}, locks: map[Lock]int{}, on: map[Lock]bool{}}
	for i := range edits {
		f.add(&edits[i])
	}
	e := f.edit()
	if n := len(edits); n > 0 {
		e.Revision, e.Kind = edits[n-1].Revision, edits[n-1].Kind
	}
	return e
}

// folded is edits being folded.
type folded struct {
	blocks  map[BlockID]*foldedBlock
	grids   map[GridNo]GridChange
	locks   map[Lock]int // how often it changed
	on      map[Lock]bool
	borders []Border
}

// foldedBlock is where a block was before all edits and is after them, and whether it was and is there.
type foldedBlock struct {
	before, after GridNo
	had, has      bool
	itself        *CutBlock // of one that came or went
}

func (f *folded) add(e *Edit) {
	comes, goes := map[BlockID]*CutBlock{}, map[BlockID]*CutBlock{}
	if e.Recut != nil {
		for i := range e.Recut.Come {
			comes[e.Recut.Come[i].ID] = &e.Recut.Come[i]
		}
		for i := range e.Recut.Gone {
			goes[e.Recut.Gone[i].ID] = &e.Recut.Gone[i]
		}
		f.borders = append(f.borders, e.Recut.Borders...)
	}
	for i, id := range e.Blocks {
		b := f.blocks[id]
		if b == nil {
			b = &foldedBlock{before: e.Before[i], had: comes[id] == nil}
			f.blocks[id] = b
		}
		b.after, b.has = e.After[i], goes[id] == nil
		b.itself = cmp.Or(comes[id], goes[id], b.itself)
	}
	for _, c := range e.Grids {
		if had, is := f.grids[c.No]; is {
			c.Before = had.Before
		}
		f.grids[c.No] = c
	}
	for _, l := range e.Locks {
		f.locks[l.Lock]++
		f.on[l.Lock] = l.On
	}
}

func (f *folded) edit() (e Edit) {
	cut := &Recut{}
	for _, id := range slices.Sorted(maps.Keys(f.blocks)) {
		b := f.blocks[id]
		switch {
		case !b.had && !b.has, b.had && b.has && b.before == b.after:
			continue
		case !b.had:
			cut.Come = append(cut.Come, *b.itself)
		case !b.has:
			cut.Gone = append(cut.Gone, *b.itself)
		}
		e.Blocks, e.Before, e.After = append(e.Blocks, id), append(e.Before, b.before), append(e.After, b.after)
	}
	if len(cut.Gone) > 0 {
		slices.SortStableFunc(f.borders, CompareBorders)
		cut.Borders = slices.CompactFunc(f.borders, func(a, b Border) bool { return CompareBorders(a, b) == 0 })
		e.Recut = cut
	}
	for _, no := range slices.Sorted(maps.Keys(f.grids)) {
		c := f.grids[no]
		if c.Before == nil && c.After == nil || c.Before != nil && c.After != nil && *c.Before == *c.After {
			continue
		}
		e.Grids = append(e.Grids, c)
	}
	for _, l := range slices.SortedFunc(maps.Keys(f.locks), compareLocks) {
		if f.locks[l]%2 == 1 {
			e.Locks = append(e.Locks, LockChange{l, f.on[l]})
		}
	}
	return e
}

// Rewind returns the plan before the given edits, which are those that led to it, oldest first.
func (s *Snapshot) Rewind(edits []Edit) (*Snapshot, error) {
	if len(edits) == 0 {
		return s, nil
	}
	back := fold(edits).Inverse()
	back.Revision = edits[0].Revision - 1
	return s.Apply(back)
}
