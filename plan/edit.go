package plan

import (
	"cmp"
	"slices"
	"time"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// EditKind is what an edit did.
type EditKind string

// The kinds of edit.
const (
	Propose      EditKind = "propose"  // the solver's proposal: the plan's first revision
	Assign       EditKind = "assign"   // blocks went to a grid, or were left unassigned
	CutGrid      EditKind = "cut"      // a line cut a grid in two
	Merge        EditKind = "merge"    // grids became one
	Reshape      EditKind = "reshape"  // a line took the place of the border of two grids
	LockThings   EditKind = "lock"     // grids, blocks or borders are to stay as they are
	UnlockThings EditKind = "unlock"   // and are no more
	Rename       EditKind = "name"     // a grid got another name
	Dedicate     EditKind = "dedicate" // a grid became a dedicated one, or a base one again
	Enclave      EditKind = "enclave"  // a grid may lie in several pieces, for a reason, or may not any more
	Recode       EditKind = "recode"   // grids got codes by a scheme
	Restore      EditKind = "restore"  // the plan is what it was at a revision
	Undo         EditKind = "undo"     // an earlier edit was taken back
	Redo         EditKind = "redo"     // what was taken back was done again
)

// Edit is one change to a plan (修改): these blocks went from there to here, and this is said of grids that was not. The inverse swaps
// before and after.
type Edit struct {
	Revision int64 // the plan's revision after it
	Kind     EditKind
	Blocks   []BlockID    // rising
	Before   []GridNo     // one entry a block; 0 also of a block that comes
	After    []GridNo     // one entry a block; 0 also of a block that goes
	Grids    []GridChange // by number
	Locks    []LockChange // by what they are on
	Recut    *Recut       // nil where no block was cut
	Reverts  int64        // the revision an undo or redo takes back, or that the plan was brought back to; else 0
	By       string       // who did it, as they call themselves
	At       time.Time
	Said     [2]string  // what it did, by words.Lang; empty where nobody has said
	Place    *crs.Point // where; nil where it is nowhere in particular
}

// Inverse returns what takes the edit back, but for its revision and kind.
func (e Edit) Inverse() Edit {
	back := Edit{Blocks: e.Blocks, Before: e.After, After: e.Before, Recut: e.Recut.inverse()}
	for _, c := range e.Grids {
		back.Grids = append(back.Grids, GridChange{c.No, c.Parent, c.After, c.Before})
	}
	for _, l := range e.Locks {
		back.Locks = append(back.Locks, LockChange{l.Lock, !l.On})
	}
	return back
}

// Touched returns the grids that lose or gain a block or of which something else is said, by number, without 0.
func (e Edit) Touched() []GridNo {
	nos := slices.Concat(e.Before, e.After)
	for _, c := range e.Grids {
		nos = append(nos, c.No)
	}
	slices.Sort(nos)
	nos = slices.Compact(nos)
	if len(nos) > 0 && nos[0] == 0 {
		nos = nos[1:]
	}
	return nos
}

// Apply returns the plan after the edit. It returns a Stale fault when a block or a grid is not as the edit says it was.
// The cost is that of the grids touched, beside one copy of the assignment; an edit that cuts blocks costs the whole graph.
func (s *Snapshot) Apply(e Edit) (*Snapshot, error) {
	next := &Snapshot{
		Ground: s.Ground, Recipe: s.Recipe, Revision: e.Revision, Whys: s.Whys, locks: s.locks.change(e.Locks),
		Grids: slices.Clone(s.Grids), At: slices.Clone(s.At), tallies: slices.Clone(s.tallies), siblings: s.siblings,
	}
	if err := next.changeGrids(e.Grids); err != nil {
		return nil, err
	}
	goes := map[BlockID]bool{}
	if e.Recut != nil {
		for i := range e.Recut.Gone {
			goes[e.Recut.Gone[i].ID] = true
		}
		if err := next.onGround(e.Recut); err != nil {
			return nil, err
		}
	}
	for i, id := range e.Blocks {
		if goes[id] {
			if b, ok := s.Ground.ByID(id); !ok || s.At[b] != e.Before[i] {
				return nil, Refuse(Stale, "edit.moved_on", nil)
			}
			continue
		}
		b, ok := next.Ground.ByID(id)
		if !ok || next.At[b] != e.Before[i] || int(e.After[i]) > len(next.Grids) || e.After[i] != 0 && next.Grids[e.After[i]-1].Gone {
			return nil, Refuse(Stale, "edit.moved_on", nil)
		}
		next.At[b] = e.After[i]
	}
	for _, no := range e.Touched() {
		t := &next.tallies[no-1]
		t.blocks = slices.Clone(t.blocks)
		for i, id := range e.Blocks {
			b, ok := next.Ground.ByID(id)
			if !ok {
				continue // it went
			}
			switch {
			case e.Before[i] == no:
				at, _ := slices.BinarySearch(t.blocks, b)
				t.blocks = slices.Delete(t.blocks, at, at+1)
			case e.After[i] == no:
				at, _ := slices.BinarySearch(t.blocks, b)
				t.blocks = slices.Insert(t.blocks, at, b)
			}
		}
		if next.Grids[no-1].Gone && len(t.blocks) > 0 {
			return nil, Refuse(Stale, "edit.moved_on", nil)
		}
		next.tally(no)
		next.Grids[no-1].Revision = e.Revision
	}
	if len(e.Grids) > 0 {
		next.gather()
	}
	next.recolour(e.Touched())
	return next, nil
}

// changeGrids lets grids come, go and be called otherwise.
func (s *Snapshot) changeGrids(changes []GridChange) error {
	for _, c := range changes {
		if int(c.No) == len(s.Grids)+1 && c.Before == nil {
			parent := slices.IndexFunc(s.Ground.Parents, func(a Area) bool { return a.ID == c.Parent })
			if parent < 0 {
				return Refuse(Stale, "edit.moved_on", nil)
			}
			s.Grids = append(s.Grids, Grid{No: c.No, Parent: int32(parent), Colour: Colours, Gone: true})
			s.tallies = append(s.tallies, tally{})
		}
		if int(c.No) > len(s.Grids) {
			return Refuse(Stale, "edit.moved_on", nil)
		}
		g := &s.Grids[c.No-1]
		if (c.Before == nil) != g.Gone || c.Before != nil && *c.Before != g.GridProps {
			return Refuse(Stale, "edit.moved_on", nil)
		}
		if g.Gone = c.After == nil; !g.Gone {
			g.GridProps = *c.After
		}
	}
	return nil
}

// propsChange returns a change of what is said of a grid; after is nil when it goes.
func (s *Snapshot) propsChange(no GridNo, after *GridProps) GridChange {
	g := &s.Grids[no-1]
	before := g.GridProps
	return GridChange{No: no, Parent: s.Ground.Parents[g.Parent].ID, Before: &before, After: after}
}

// gridNamed returns the grid of a code, an Invalid fault where there is none.
func (s *Snapshot) gridNamed(code string) (*Grid, error) {
	g := s.GridOf(code)
	if g == nil {
		return nil, Refuse(Invalid, "edit.no_grid", words.Args{"grid": code})
	}
	return g, nil
}

// Assignment turns the wish "these blocks to that grid" into an edit on this snapshot. to is a grid's code, or empty
// to leave the blocks unassigned. Blocks that are there already are left out. It returns a Fault when a block or the
// grid is not in the plan, when a block lies in another parent than the grid, or when nothing would change.
func (s *Snapshot) Assignment(codes []string, to string) (Edit, error) {
	if len(codes) == 0 {
		return Edit{}, Refuse(Invalid, "edit.no_blocks", nil)
	}
	var target *Grid
	no := GridNo(0)
	if to != "" {
		var err error
		if target, err = s.gridNamed(to); err != nil {
			return Edit{}, err
		}
		no = target.No
	}
	seen := make(map[int32]bool, len(codes))
	var moved []int32
	for _, code := range codes {
		b, ok := s.Ground.ByCode(code)
		if !ok {
			return Edit{}, Refuse(Invalid, "edit.no_block", words.Args{"block": code})
		}
		block := s.Ground.Blocks[b]
		if target != nil && block.Parent != target.Parent {
			return Edit{}, Refuse(Invalid, "edit.other_parent", words.Args{"block": code, "grid": to,
				"parent": s.Ground.Parents[block.Parent].Code, "grid_parent": s.Ground.Parents[target.Parent].Code})
		}
		if s.At[b] == no || seen[b] {
			continue
		}
		seen[b] = true
		moved = append(moved, b)
	}
	if len(moved) == 0 {
		return Edit{}, Refuse(Invalid, "edit.nothing", words.Args{"grid": to})
	}
	e := Edit{Kind: Assign}
	s.move(&e, moved, func(int32) GridNo { return no })
	return e, nil
}

// move adds to an edit that blocks go to grids.
func (s *Snapshot) move(e *Edit, blocks []int32, to func(b int32) GridNo) {
	for _, b := range blocks {
		e.Blocks, e.Before, e.After = append(e.Blocks, s.Ground.Blocks[b].ID), append(e.Before, s.At[b]), append(e.After, to(b))
	}
	e.order()
}

// order puts the moves of an edit in the order of their blocks.
func (e *Edit) order() {
	type move struct {
		block         BlockID
		before, after GridNo
	}
	moves := make([]move, len(e.Blocks))
	for i, id := range e.Blocks {
		moves[i] = move{id, e.Before[i], e.After[i]}
	}
	slices.SortFunc(moves, func(a, b move) int { return cmp.Compare(a.block, b.block) })
	for i, m := range moves {
		e.Blocks[i], e.Before[i], e.After[i] = m.block, m.before, m.after
	}
}

// heirs returns the blocks that only got another corner: those that go for one that comes under the same code, and that one.
func (e Edit) heirs() map[BlockID]bool {
	if e.Recut == nil {
		return nil
	}
	heirs := map[BlockID]bool{}
	for i := range e.Recut.Gone {
		for j := range e.Recut.Come {
			if gone, come := &e.Recut.Gone[i], &e.Recut.Come[j]; gone.Code == come.Code {
				heirs[gone.ID], heirs[come.ID] = true, true
			}
		}
	}
	return heirs
}

// History is the log's answer to "what can be undone, what redone": it reads edits in order of revision.
type History struct {
	done   []int64 // revisions in force that undo can take back, oldest first
	undone []int64 // revisions taken back that redo can do again, oldest first
}

// Add reads the next edit of the log.
func (h *History) Add(e Edit) {
	switch e.Kind {
	case Propose:
	case Undo:
		h.done = h.done[:len(h.done)-1]
		h.undone = append(h.undone, e.Reverts)
	case Redo:
		h.undone = h.undone[:len(h.undone)-1]
		h.done = append(h.done, e.Reverts)
	default:
		h.done = append(h.done, e.Revision)
		h.undone = nil // a new edit closes the road back
	}
}

// Undo returns the revision that undo would take back, false when there is none.
func (h *History) Undo() (int64, bool) { return last(h.done) }

// Redo returns the revision that redo would do again, false when there is none.
func (h *History) Redo() (int64, bool) { return last(h.undone) }

func last(revisions []int64) (int64, bool) {
	if len(revisions) == 0 {
		return 0, false
	}
	return revisions[len(revisions)-1], true
}
