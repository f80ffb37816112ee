package postgis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"slices"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// Wish is an edit as it is asked for.
type Wish struct {
	Kind   plan.EditKind `json:"kind"`             // Assign, Undo or Redo
	Base   int64         `json:"base_revision"`    // the revision it was made on; 0 on Undo and Redo for "whatever it is"
	Blocks []string      `json:"blocks,omitempty"` // codes
	To     string        `json:"to,omitempty"`     // code of a grid, empty for unassigned
}

// SnapshotAt returns a plan at a revision; Edit asks for the newest one.
type SnapshotAt func(ctx context.Context, revision int64) (*plan.Snapshot, error)

// Edit carries out a wish and returns the revision it made. The same key returns the revision of the first time. If
// what it touches has changed since the wish's base it returns a *plan.Conflict; nothing is changed then.
func (s *Store) Edit(ctx context.Context, id plan.ID, w Wish, key string, at SnapshotAt) (revision int64, err error) {
	request, err := json.Marshal(w)
	if err != nil {
		return 0, err
	}
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		var state plan.State
		var ground int64
		err := row(ctx, tx, "PlanLock", []any{id}, &state, &revision, &ground)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
		case err != nil:
			return err
		case state != plan.Draft:
			return notReady(id, state)
		}
		if key != "" {
			done, err := editByKey(ctx, tx, id, key, request)
			if err != nil || done != 0 {
				revision = done
				return err
			}
		}
		if w.Base > revision {
			return plan.Refuse(plan.Invalid, "edit.future", words.Args{"base": w.Base, "revision": revision})
		}
		now, err := at(ctx, revision)
		if err != nil {
			return err
		}
		e, err := fulfil(ctx, tx, id, now, w)
		if err != nil {
			return err
		}
		revision++
		e.Revision = revision
		return applyEdit(ctx, tx, id, now, e, request, key)
	})
	return revision, err
}

// editByKey returns the revision of the edit done with a key, 0 when there is none yet.
func editByKey(ctx context.Context, tx pgx.Tx, id plan.ID, key string, request []byte) (revision int64, err error) {
	var had []byte
	err = row(ctx, tx, "EditByKey", []any{id, key}, &revision, &had)
	if errors.Is(err, pgx.ErrNoRows) {
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	if !sameJSON(had, request) {
		return 0, plan.Refuse(plan.Invalid, "edit.key_reused", words.Args{"key": key})
	}
	return revision, nil
}

// sameJSON reports whether two documents say the same: jsonb comes back with other spaces and order.
func sameJSON(a, b []byte) bool {
	var x, y Wish
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return bytes.Equal(a, b)
	}
	return x.Kind == y.Kind && x.Base == y.Base && x.To == y.To && slices.Equal(x.Blocks, y.Blocks)
}

// fulfil turns the wish into an edit on the plan as it stands, or says why not.
func fulfil(ctx context.Context, tx pgx.Tx, id plan.ID, now *plan.Snapshot, w Wish) (plan.Edit, error) {
	if w.Kind == plan.Assign {
		e, err := now.Assignment(w.Blocks, w.To)
		if err != nil {
			// What seems wrong may only be stale: to say so is what helps.
			if w.Base < now.Revision && plan.KindOf(err) == plan.Invalid {
				if gone, conflictErr := staleNothing(ctx, tx, id, now, w); conflictErr != nil || gone != nil {
					return e, errors.Join(conflictErr, asError(gone))
				}
			}
			return e, err
		}
		return e, stale(ctx, tx, id, now, e, w.Base)
	}
	if w.Base != 0 && w.Base != now.Revision {
		since, err := editsBetween(ctx, tx, id, w.Base, now.Revision)
		if err != nil {
			return plan.Edit{}, err
		}
		return plan.Edit{}, plan.NewConflict(now, plan.Edit{}, w.Base, since)
	}
	return revert(ctx, tx, id, w.Kind)
}

func asError(c *plan.Conflict) error {
	if c == nil {
		return nil
	}
	return c
}

// staleNothing returns a conflict when the wish's blocks were moved by others since its base, nil otherwise.
func staleNothing(ctx context.Context, tx pgx.Tx, id plan.ID, now *plan.Snapshot, w Wish) (*plan.Conflict, error) {
	var e plan.Edit
	for _, code := range w.Blocks {
		if b, ok := now.Ground.ByCode(code); ok {
			e.Blocks = append(e.Blocks, now.Ground.Blocks[b].ID)
			e.Before = append(e.Before, now.At[b])
			e.After = append(e.After, now.At[b])
		}
	}
	err := stale(ctx, tx, id, now, e, w.Base)
	if c, ok := errors.AsType[*plan.Conflict](err); ok {
		return c, nil
	}
	return nil, err
}

// stale returns a *plan.Conflict when a block or grid of the edit changed after the base revision.
func stale(ctx context.Context, tx pgx.Tx, id plan.ID, now *plan.Snapshot, e plan.Edit, base int64) error {
	if base == now.Revision {
		return nil
	}
	blocks, err := collect(ctx, tx, "AssignmentChangedAfter", pgx.RowTo[plan.BlockID], id, e.Blocks, base)
	if err != nil {
		return err
	}
	grids, err := collect(ctx, tx, "GridsChangedAfter", pgx.RowTo[plan.GridNo], id, e.Touched(), base)
	if err != nil {
		return err
	}
	if len(blocks)+len(grids) == 0 {
		return nil
	}
	since, err := editsBetween(ctx, tx, id, base, now.Revision)
	if err != nil {
		return err
	}
	return plan.NewConflict(now, e, base, since)
}

// revert returns the edit that takes back, or does again, the newest edit that can be.
func revert(ctx context.Context, tx pgx.Tx, id plan.ID, kind plan.EditKind) (plan.Edit, error) {
	h, err := history(ctx, tx, id)
	if err != nil {
		return plan.Edit{}, err
	}
	target, ok := h.Undo()
	nothing := "edit.nothing_undo"
	if kind == plan.Redo {
		target, ok = h.Redo()
		nothing = "edit.nothing_redo"
	}
	if !ok {
		return plan.Edit{}, plan.Refuse(plan.Wrong, nothing, nil)
	}
	edits, err := editsBetween(ctx, tx, id, target-1, target)
	if err != nil {
		return plan.Edit{}, err
	}
	e := plan.Edit{Kind: kind, Reverts: target, Blocks: edits[0].Blocks, Before: edits[0].Before, After: edits[0].After}
	if kind == plan.Undo {
		e.Blocks, e.Before, e.After = edits[0].Inverse()
	}
	return e, nil
}

// applyEdit writes the edit: assignment, grids, log and revision, all or none.
func applyEdit(ctx context.Context, tx pgx.Tx, id plan.ID, now *plan.Snapshot, e plan.Edit, request []byte, key string) error {
	next, err := now.Apply(e)
	if err != nil {
		return err
	}
	if _, err := exec(ctx, tx, "AssignmentMove", id, e.Blocks, e.After, e.Revision); err != nil {
		return err
	}
	nos := e.Touched()
	colours := make([]int16, len(nos))
	for i, no := range nos {
		colours[i] = int16(next.Grids[no-1].Colour)
	}
	if _, err := exec(ctx, tx, "GridTouch", id, nos, colours, e.Revision); err != nil {
		return err
	}
	if _, err := putEdit(ctx, tx, id, e, request, key); err != nil {
		return err
	}
	if _, err := exec(ctx, tx, "PlanAdvance", id, e.Revision); err != nil {
		return err
	}
	return notify(ctx, tx, id, e.Revision, plan.Draft)
}

// EditHead is an entry of the log without its blocks.
type EditHead struct {
	plan.Edit
	Size int    // how many blocks it moved
	To   string // for Assign: the code of the grid they went to, empty for unassigned
}

// Log returns a plan's edits, oldest first, and what can be undone and redone.
func (s *Store) Log(ctx context.Context, id plan.ID) ([]EditHead, *plan.History, error) {
	heads, err := editHeads(ctx, s.pool, id)
	return heads, historyOf(heads), err
}

func history(ctx context.Context, q querier, id plan.ID) (*plan.History, error) {
	heads, err := editHeads(ctx, q, id)
	return historyOf(heads), err
}

func editHeads(ctx context.Context, q querier, id plan.ID) ([]EditHead, error) {
	return collect(ctx, q, "EditHeads", func(r pgx.CollectableRow) (EditHead, error) {
		var h EditHead
		err := r.Scan(&h.Revision, &h.Kind, &h.Reverts, &h.At, &h.Size, &h.To)
		return h, err
	}, id)
}

func historyOf(heads []EditHead) *plan.History {
	h := &plan.History{}
	for _, head := range heads {
		h.Add(head.Edit)
	}
	return h
}
