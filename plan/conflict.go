package plan

import "gridwright/plan/words"

// Placed is a block and the grid it is in, both by code; an empty grid is "unassigned".
type Placed struct{ Block, Grid string }

// View is where some blocks are at a revision.
type View struct {
	Revision int64
	Blocks   []Placed
}

// Conflict is the answer to an edit on a stale revision: a Stale fault, and where the blocks in question were, were
// meant to go, and are.
type Conflict struct {
	*Fault
	Base, Mine, Theirs View
}

// Unwrap returns the fault, so that its kind is found.
func (c *Conflict) Unwrap() error { return c.Fault }

// NewConflict returns the refusal of an edit that was made on revision base. since are the edits after base, oldest
// first; now is the plan as it stands.
func NewConflict(now *Snapshot, e Edit, base int64, since []Edit) *Conflict {
	c := &Conflict{
		Fault:  Refuse(Stale, "edit.moved_on", words.Args{"base": base, "revision": now.Revision}),
		Base:   View{Revision: base},
		Mine:   View{Revision: base},
		Theirs: View{Revision: now.Revision},
	}
	for i, id := range e.Blocks {
		b, ok := now.Ground.ByID(id)
		if !ok {
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
	return c
}

// code returns a grid's code, empty for 0.
func (s *Snapshot) code(no GridNo) string {
	if no == 0 {
		return ""
	}
	return s.Grids[no-1].Code
}

// CodeOf returns the code of the grid a block is in, empty when it is in none.
func (s *Snapshot) CodeOf(block int32) string { return s.code(s.At[block]) }
