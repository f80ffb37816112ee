package plan

import (
	"cmp"
	"maps"
	"slices"

	"gridwright/plan/words"
)

// Lock is what may not be touched, beside grids, which say it of themselves: a block, which then stays in its grid, or the border of two
// grids, which then runs as it does.
type Lock struct {
	Block  BlockID   `json:"block,omitempty"`
	Border [2]GridNo `json:"border"` // the lower number first; 0 and 0 of a block
}

// LockChange is a lock that is put on, or taken off.
type LockChange struct {
	Lock
	On bool `json:"on"`
}

func compareLocks(a, b Lock) int {
	return cmp.Or(cmp.Compare(a.Block, b.Block), cmp.Compare(a.Border[0], b.Border[0]), cmp.Compare(a.Border[1], b.Border[1]))
}

// locks is a set of locks.
type locks map[Lock]bool

// Locks returns the locks on blocks and borders: borders by their grids, then blocks by id.
func (s *Snapshot) Locks() []Lock { return slices.SortedFunc(maps.Keys(s.locks), compareLocks) }

// Lock puts locks on a snapshot that is being read.
func (s *Snapshot) Lock(all []Lock) {
	s.locks = make(locks, len(all))
	for _, l := range all {
		s.locks[l] = true
	}
}

// change returns the locks after some changed.
func (l locks) change(changes []LockChange) locks {
	if len(changes) == 0 {
		return l
	}
	next := maps.Clone(l)
	if next == nil {
		next = locks{}
	}
	for _, c := range changes {
		if c.On {
			next[c.Lock] = true
		} else {
			delete(next, c.Lock)
		}
	}
	return next
}

// LockWish is what is to be locked, or unlocked.
type LockWish struct {
	All     bool        // every grid; to unlock, every lock there is
	Grids   []string    // codes
	Blocks  []string    // codes
	Borders [][2]string // pairs of codes of grids
}

// Locking turns the wish to lock or unlock into an edit on this snapshot. What is so already is left out.
func (s *Snapshot) Locking(w LockWish, on bool) (Edit, error) {
	e := Edit{Kind: LockThings}
	if !on {
		e.Kind = UnlockThings
	}
	wanted := map[GridNo]bool{}
	for _, code := range w.Grids {
		g, err := s.gridNamed(code)
		if err != nil {
			return Edit{}, err
		}
		wanted[g.No] = true
	}
	for g := range s.Live() {
		if (w.All || wanted[g.No]) && g.Locked != on {
			after := g.GridProps
			after.Locked = on
			e.Grids = append(e.Grids, s.propsChange(g.No, &after))
		}
	}
	changes := map[Lock]bool{}
	if w.All && !on {
		for l := range s.locks {
			changes[l] = true
		}
	}
	for _, code := range w.Blocks {
		b, ok := s.Ground.ByCode(code)
		if !ok {
			return Edit{}, Refuse(Invalid, "edit.no_block", words.Args{"block": code})
		}
		changes[Lock{Block: s.Ground.Blocks[b].ID}] = true
	}
	for _, pair := range w.Borders {
		a, err := s.gridNamed(pair[0])
		if err != nil {
			return Edit{}, err
		}
		b, err := s.gridNamed(pair[1])
		if err != nil {
			return Edit{}, err
		}
		if on && !slices.Contains(s.Neighbours(a.No), b.No) {
			return Edit{}, Refuse(Invalid, "edit.no_border", words.Args{"grid": a.Code, "neighbour": b.Code})
		}
		changes[Lock{Border: [2]GridNo{min(a.No, b.No), max(a.No, b.No)}}] = true
	}
	for l := range changes {
		if s.locks[l] != on {
			e.Locks = append(e.Locks, LockChange{l, on})
		}
	}
	slices.SortFunc(e.Locks, func(a, b LockChange) int { return compareLocks(a.Lock, b.Lock) })
	if len(e.Grids)+len(e.Locks) == 0 {
		return Edit{}, Refuse(Invalid, "edit.no_lock_change", nil)
	}
	return e, nil
}

// Allows returns why an edit may not be made: it touches what is locked, or a line leaves a grid in pieces. next is the plan after it. Undo,
// redo and going back to a revision are always allowed: they bring back the locks of their time, too.
func (s *Snapshot) Allows(e Edit, next *Snapshot) error {
	switch e.Kind {
	case Undo, Redo, Restore:
		return nil
	case CutGrid, Reshape:
		if err := s.keepTogether(e, next); err != nil {
			return err
		}
	}
	return s.held(e, next)
}

// held returns a fault if an edit touches what is locked.
func (s *Snapshot) held(e Edit, next *Snapshot) error {
	heir := e.heirs()
	moved := map[GridNo]bool{}
	for i, id := range e.Blocks {
		if b, ok := s.Ground.ByID(id); ok && !heir[id] {
			moved[e.Before[i]], moved[e.After[i]] = true, true
			if s.locks[Lock{Block: id}] {
				return Refuse(Wrong, "edit.locked_block", words.Args{"block": s.Ground.Blocks[b].Code})
			}
		}
	}
	for _, c := range e.Grids {
		if c.Before == nil || c.After == nil {
			moved[c.No] = true
		}
	}
	for g := range s.Live() {
		if g.Locked && moved[g.No] {
			return Refuse(Wrong, "edit.locked_grid", words.Args{"grid": g.Code, "name": g.title()})
		}
	}
	for l := range s.locks {
		if a, b := l.Border[0], l.Border[1]; a != 0 && (moved[a] || moved[b]) && !maps.Equal(s.borderOf(a, b), next.borderOf(a, b)) {
			return Refuse(Wrong, "edit.locked_border", words.Args{"grid": s.code(a), "neighbour": s.code(b)})
		}
	}
	return nil
}

// borderOf returns the pairs of blocks along the border of two grids, by what they were before anybody gave them another corner.
func (s *Snapshot) borderOf(a, b GridNo) map[[2]string]bool {
	pairs := map[[2]string]bool{}
	for _, at := range s.Blocks(a) {
		for _, e := range s.Ground.Graph.Neighbours(at) {
			if s.At[e.To] == b {
				pairs[[2]string{s.Ground.Blocks[at].Code, s.Ground.Blocks[e.To].Code}] = true
			}
		}
	}
	return pairs
}
