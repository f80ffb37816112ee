package plan

import (
	"cmp"
	"maps"
	"slices"

	"gridwright/plan/words"
)

// Restoring turns the wish to go back to a plan as it was into an edit on this snapshot: what has changed since is taken back at once.
func (s *Snapshot) Restoring(past *Snapshot) (Edit, error) {
	e := Edit{Kind: Restore, Reverts: past.Revision}
	there := func(g *Ground, id BlockID) bool { _, ok := g.ByID(id); return ok }
	var cut Recut
	for i := range s.Ground.Blocks {
		id, at := s.Ground.Blocks[i].ID, GridNo(0)
		if b, ok := past.Ground.ByID(id); ok {
			at = past.At[b]
		} else {
			cut.Gone = append(cut.Gone, s.Ground.CutBlock(int32(i)))
		}
		if at != s.At[i] || !there(past.Ground, id) {
			e.Blocks, e.Before, e.After = append(e.Blocks, id), append(e.Before, s.At[i]), append(e.After, at)
		}
	}
	for i := range past.Ground.Blocks {
		if id := past.Ground.Blocks[i].ID; !there(s.Ground, id) {
			cut.Come = append(cut.Come, past.Ground.CutBlock(int32(i)))
			e.Blocks, e.Before, e.After = append(e.Blocks, id), append(e.Before, 0), append(e.After, past.At[i])
		}
	}
	e.order()
	if len(cut.Gone) > 0 {
		for _, g := range []*Ground{s.Ground, past.Ground} {
			for _, b := range g.Borders {
				if !there(s.Ground, b.A) || !there(s.Ground, b.B) || !there(past.Ground, b.A) || !there(past.Ground, b.B) {
					cut.Borders = append(cut.Borders, b)
				}
			}
		}
		byID := func(a, b CutBlock) int { return cmp.Compare(a.ID, b.ID) }
		slices.SortFunc(cut.Gone, byID)
		slices.SortFunc(cut.Come, byID)
		e.Recut = &cut
	}
	for i := range s.Grids {
		now, then := &s.Grids[i], (*Grid)(nil)
		if i < len(past.Grids) {
			then = &past.Grids[i]
		}
		switch was := then != nil && !then.Gone; {
		case now.Gone && was:
			props := then.GridProps
			e.Grids = append(e.Grids, GridChange{now.No, s.Ground.Parents[now.Parent].ID, nil, &props})
		case !now.Gone && !was:
			e.Grids = append(e.Grids, s.propsChange(now.No, nil))
		case !now.Gone && now.GridProps != then.GridProps:
			props := then.GridProps
			e.Grids = append(e.Grids, s.propsChange(now.No, &props))
		}
	}
	for _, l := range slices.SortedFunc(maps.Keys(s.locks), compareLocks) {
		if !past.locks[l] {
			e.Locks = append(e.Locks, LockChange{l, false})
		}
	}
	for _, l := range slices.SortedFunc(maps.Keys(past.locks), compareLocks) {
		if !s.locks[l] {
			e.Locks = append(e.Locks, LockChange{l, true})
		}
	}
	slices.SortFunc(e.Locks, func(a, b LockChange) int { return compareLocks(a.Lock, b.Lock) })
	if len(e.Blocks)+len(e.Grids)+len(e.Locks) == 0 {
		return Edit{}, Refuse(Invalid, "edit.restore_same", words.Args{"revision": past.Revision})
	}
	return e, nil
}

// Recoding turns changes of codes into an edit on this snapshot.
func (s *Snapshot) Recoding(changes []GridChange) (Edit, error) {
	if len(changes) == 0 {
		return Edit{}, Refuse(Invalid, "edit.recode_same", nil)
	}
	e := Edit{Kind: Recode, Grids: slices.Clone(changes)}
	for i, c := range e.Grids {
		e.Grids[i].Parent = s.Ground.Parents[s.Grids[c.No-1].Parent].ID
	}
	slices.SortFunc(e.Grids, func(a, b GridChange) int { return int(a.No - b.No) })
	return e, nil
}
