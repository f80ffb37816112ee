package plan

import (
	"slices"

	"gridwright/plan/words"
)

// Placed is a block and the grid it is in, both by code; an empty grid is "unassigned".
type Placed struct{ Block, Grid string }

// Told is what is said of a grid; nil of one that is not there.
type Told struct {
	No GridNo
	*GridProps
}

// View is where some blocks are at a revision, and what is said of some grids.
type View struct {
	Revision int64
	Blocks   []Placed
	Grids    []Told
}

// Conflict is the answer to an edit on a stale revision: a Stale fault, and where the blocks in question were, were
// meant to go, and are; and the same of what is said of grids.
type Conflict struct {
	*Fault
	Base, Mine, Theirs View
}

// Unwrap returns the fault, so that its kind is found.
func (c *Conflict) Unwrap() error { return c.Fault }

// reach is what an edit depends on: the grids whose blocks it moves, and the grids and locks of which it says something else.
type reach struct {
	ground, said map[GridNo]bool
	blocks       map[BlockID]bool
	locks        map[Lock]bool
}

// reach returns what the edit depends on. A block that only gets another corner is not moved.
func (e Edit) reach() reach {
	r := reach{map[GridNo]bool{}, map[GridNo]bool{}, map[BlockID]bool{}, map[Lock]bool{}}
	heirs := e.heirs()
	for i, id := range e.Blocks {
		if !heirs[id] {
			r.ground[e.Before[i]], r.ground[e.After[i]], r.blocks[id] = true, true, true
		}
	}
	delete(r.ground, 0)
	for _, c := range e.Grids {
		if c.Before == nil || c.After == nil {
			r.ground[c.No] = true // whoever speaks of it, or moves blocks to it, needs it
		}
		r.said[c.No] = true
	}
	for _, l := range e.Locks {
		r.locks[l.Lock] = true
	}
	return r
}

// meets reports whether two edits cannot both stand, whichever comes first.
func (r reach) meets(o reach) bool {
	return common(r.ground, o.ground) || common(r.said, o.said) || common(r.blocks, o.blocks) || common(r.locks, o.locks)
}

func common[K comparable](a, b map[K]bool) bool {
	for k := range a {
		if b[k] {
			return true
		}
	}
	return false
}

// Conflicts reports whether an edit depends on what edits since the revision it was made on have changed. An edit that another has made
// impossible need not depend on anything the other changed: that is for whoever makes it to find.
func (e Edit) Conflicts(since []Edit) bool {
	mine := e.reach()
	return slices.ContainsFunc(since, func(other Edit) bool { return mine.meets(other.reach()) })
}

// NewConflict returns the refusal of an edit that was made on revision base. since are the edits after base, oldest
// first; now is the plan as it stands, past as it stood, nil where that is not known.
func NewConflict(now *Snapshot, e Edit, base int64, since []Edit, past *Snapshot) *Conflict {
	c := &Conflict{
		Fault:  Refuse(Stale, "edit.moved_on", words.Args{"base": base, "revision": now.Revision}),
		Base:   View{Revision: base},
		Mine:   View{Revision: base},
		Theirs: View{Revision: now.Revision},
	}
	heirs := e.heirs()
	for i, id := range e.Blocks {
		b, ok := now.Ground.ByID(id)
		if !ok || heirs[id] {
			continue
		}
		code := now.Ground.Blocks[b].Code
		then := now.At[b]
		for j := len(since) - 1; j >= 0; j-- {
			for k, moved := range since[j].Blocks {
				if moved == id {
					then = since[j].Before[k]
				}
			}
		}
		c.Base.Blocks = append(c.Base.Blocks, Placed{code, now.code(then)})
		c.Mine.Blocks = append(c.Mine.Blocks, Placed{code, now.code(e.After[i])})
		c.Theirs.Blocks = append(c.Theirs.Blocks, Placed{code, now.code(now.At[b])})
	}
	for _, no := range e.Touched() {
		var theirs *GridProps
		if g := now.Grid(no); g != nil {
			theirs = &g.GridProps
		}
		then, mine := theirs, theirs
		if past != nil {
			then = nil
			if g := past.Grid(no); g != nil {
				then = &g.GridProps
			}
		}
		if i := slices.IndexFunc(e.Grids, func(c GridChange) bool { return c.No == no }); i >= 0 {
			mine = e.Grids[i].After
		}
		c.Base.Grids = append(c.Base.Grids, Told{no, then})
		c.Mine.Grids = append(c.Mine.Grids, Told{no, mine})
		c.Theirs.Grids = append(c.Theirs.Grids, Told{no, theirs})
	}
	return c
}

// code returns a grid's code, empty for 0 and for one that never was.
func (s *Snapshot) code(no GridNo) string {
	if no < 1 || int(no) > len(s.Grids) {
		return ""
	}
	return s.Grids[no-1].Code
}

// CodeOf returns the code of the grid a block is in, empty when it is in none.
func (s *Snapshot) CodeOf(block int32) string { return s.code(s.At[block]) }
