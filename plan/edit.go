package plan

import (
	"cmp"
	"slices"
	"time"

	"gridwright/plan/words"
)

// EditKind is what an edit did.
type EditKind string

// The kinds of edit.
const (
	Propose EditKind = "propose" // the solver's proposal: the plan's first revision
	Assign  EditKind = "assign"  // blocks went to a grid, or were left unassigned
	Undo    EditKind = "undo"    // an earlier edit was taken back
	Redo    EditKind = "redo"    // what was taken back was done again
)

// Edit is one change to a plan (修改): these blocks went from there to here. The inverse swaps Before and After.
type Edit struct {
	Revision int64 // the plan's revision after it
	Kind     EditKind
	Blocks   []BlockID // rising
	Before   []GridNo  // one entry a block
	After    []GridNo  // one entry a block
	Reverts  int64     // the revision an undo or redo takes back, else 0
	At       time.Time
}

// Inverse returns what takes the edit back.
func (e Edit) Inverse() (blocks []BlockID, before, after []GridNo) {
	return e.Blocks, e.After, e.Before
}

// Touched returns the grids that lose or gain a block, by number, without 0.
func (e Edit) Touched() []GridNo {
	nos := slices.Concat(e.Before, e.After)
	slices.Sort(nos)
	nos = slices.Compact(nos)
	if len(nos) > 0 && nos[0] == 0 {
		nos = nos[1:]
	}
	return nos
}

// Apply returns the plan after the edit. It returns a Stale fault when a block is not where the edit says it was.
// The cost is that of the grids touched, beside one copy of the assignment.
func (s *Snapshot) Apply(e Edit) (*Snapshot, error) {
	next := &Snapshot{
		Ground: s.Ground, Recipe: s.Recipe, Revision: e.Revision, Whys: s.Whys,
		Grids: slices.Clone(s.Grids), At: slices.Clone(s.At), tallies: slices.Clone(s.tallies),
	}
	for i, id := range e.Blocks {
		b, ok := s.Ground.ByID(id)
		if !ok || s.At[b] != e.Before[i] {
			return nil, Refuse(Stale, "edit.moved_on", nil)
		}
		next.At[b] = e.After[i]
	}
	for _, no := range e.Touched() {
		t := &next.tallies[no-1]
		t.blocks = slices.Clone(t.blocks)
		for i, id := range e.Blocks {
			b, _ := s.Ground.ByID(id)
			switch {
			case e.Before[i] == no:
				at, _ := slices.BinarySearch(t.blocks, b)
				t.blocks = slices.Delete(t.blocks, at, at+1)
			case e.After[i] == no:
				at, _ := slices.BinarySearch(t.blocks, b)
				t.blocks = slices.Insert(t.blocks, at, b)
			}
		}
		next.tally(no)
		next.Grids[no-1].Revision = e.Revision
	}
	next.recolour(e.Touched())
	return next, nil
}

// Assignment turns the wish "these blocks to that grid" into an edit on this snapshot. to is a grid's code, or empty
// to leave the blocks unassigned. Blocks that are there already are left out. It returns a Fault when a block or the
// grid is not in the plan, when a block lies in another parent than the grid, or when nothing would change.
func (s *Snapshot) Assignment(codes []string, to string) (Edit, error) {
	if len(codes) == 0 {
		return Edit{}, Refuse(Invalid, "edit.no_blocks", nil)
	}
	var target *Grid
	if to != "" {
		i := slices.IndexFunc(s.Grids, func(g Grid) bool { return g.Code == to })
		if i < 0 {
			return Edit{}, Refuse(Invalid, "edit.no_grid", words.Args{"grid": to})
		}
		target = &s.Grids[i]
	}
	e := Edit{Kind: Assign}
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
		no := GridNo(0)
		if target != nil {
			no = target.No
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
	slices.SortFunc(moved, func(a, b int32) int { return cmp.Compare(s.Ground.Blocks[a].ID, s.Ground.Blocks[b].ID) })
	for _, b := range moved {
		e.Blocks = append(e.Blocks, s.Ground.Blocks[b].ID)
		e.Before = append(e.Before, s.At[b])
		no := GridNo(0)
		if target != nil {
			no = target.No
		}
		e.After = append(e.After, no)
	}
	return e, nil
}

// History is the log's answer to "what can be undone, what redone": it reads edits in order of revision.
type History struct {
	done   []int64 // revisions in force that undo can take back, oldest first
	undone []int64 // revisions taken back that redo can do again, oldest first
}

// Add reads the next edit of the log.
func (h *History) Add(e Edit) {
	switch e.Kind {
	case Assign:
		h.done = append(h.done, e.Revision)
		h.undone = nil // a new edit closes the road back
	case Undo:
		h.done = h.done[:len(h.done)-1]
		h.undone = append(h.undone, e.Reverts)
	case Redo:
		h.undone = h.undone[:len(h.undone)-1]
		h.done = append(h.done, e.Reverts)
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
