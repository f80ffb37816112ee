package postgis

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"reflect"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

// Wish is an edit as it is asked for. Each kind has its own fields; grids and blocks go by their codes.
type Wish struct {
	Kind plan.EditKind `json:"kind"`
	Base int64         `json:"base_revision"` // the revision it was made on; 0 on Undo and Redo for "whatever it is"
	By   string        `json:"by,omitempty"`  // who asks, as they call themselves

	Blocks    []string        `json:"blocks,omitempty"`    // Assign, LockThings
	To        string          `json:"to,omitempty"`        // Assign: a grid, empty for unassigned
	Grid      string          `json:"grid,omitempty"`      // CutGrid, Reshape, Rename, Dedicate, Enclave
	Neighbour string          `json:"neighbour,omitempty"` // Reshape
	Line      [][2]float64    `json:"line,omitempty"`      // CutGrid, Reshape: longitudes and latitudes
	Share     bool            `json:"share,omitempty"`     // CutGrid, Reshape: counts of blocks without buildings may be shared by area
	Grids     []string        `json:"grids,omitempty"`     // Merge, LockThings; Adopt: of the other plan
	Plan      string          `json:"plan,omitempty"`      // Adopt: the other plan
	Into      string          `json:"into,omitempty"`      // Merge
	All       bool            `json:"all,omitempty"`       // LockThings
	Borders   [][2]string     `json:"borders,omitempty"`   // LockThings: pairs of grids
	Name      string          `json:"name,omitempty"`      // CutGrid: of the new grid; Rename
	NameEn    string          `json:"name_en,omitempty"`   // CutGrid, Rename
	Purpose   string          `json:"purpose,omitempty"`   // Dedicate
	Body      string          `json:"body,omitempty"`      // Dedicate
	Reason    string          `json:"reason,omitempty"`    // Enclave
	Scheme    json.RawMessage `json:"scheme,omitempty"`    // Recode
	Anew      bool            `json:"anew,omitempty"`      // Recode
	Revision  int64           `json:"revision,omitempty"`  // Restore
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
	err = s.changePlan(ctx, func(tx pgx.Tx) error {
		var state plan.State
		var archived bool
		err := row(ctx, tx, "PlanLockToEdit", []any{id}, &state, &revision, &archived)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return plan.Refuse(plan.NotFound, "plan.unknown", words.Args{"plan": id.String()})
		case err != nil:
			return err
		case state != plan.Draft:
			return notReady(id, state)
		case archived:
			return plan.Refuse(plan.Wrong, "plan.archived", words.Args{"plan": id.String()})
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
		d := &desk{ctx: ctx, tx: tx, store: s, id: id, now: now}
		e, err := d.fulfil(w)
		if err != nil {
			return err
		}
		revision++
		e.Revision, e.By = revision, w.By
		return d.apply(e, request, key)
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
	var x, y any
	if json.Unmarshal(a, &x) != nil || json.Unmarshal(b, &y) != nil {
		return bytes.Equal(a, b)
	}
	return reflect.DeepEqual(x, y)
}

// desk is where one edit is made: in a transaction that holds the plan.
type desk struct {
	ctx   context.Context
	tx    pgx.Tx
	store *Store
	id    plan.ID
	now   *plan.Snapshot
}

// fulfil turns the wish into an edit on the plan as it stands, or says why not.
func (d *desk) fulfil(w Wish) (plan.Edit, error) {
	since, err := d.since(w)
	if err != nil {
		return plan.Edit{}, err
	}
	switch w.Kind {
	case plan.Undo, plan.Redo, plan.Restore:
		if len(since) > 0 {
			return plan.Edit{}, d.conflict(plan.Edit{}, w.Base, since)
		}
		if w.Kind == plan.Restore {
			return d.restore(w.Revision)
		}
		return d.revert(w.Kind)
	}
	e, err := d.wished(w)
	if err != nil {
		// What seems wrong may only be stale: to say so is what helps.
		if kind := plan.KindOf(err); len(since) > 0 && (kind == plan.Invalid || kind == plan.Wrong) {
			if e := d.about(w); e.Conflicts(since) {
				return plan.Edit{}, d.conflict(e, w.Base, since)
			}
		}
		return e, err
	}
	if e.Conflicts(since) {
		return plan.Edit{}, d.conflict(e, w.Base, since)
	}
	return e, nil
}

// since returns the edits after the wish's base, oldest first.
func (d *desk) since(w Wish) ([]plan.Edit, error) {
	if w.Base == 0 || w.Base == d.now.Revision {
		return nil, nil
	}
	return editsBetween(d.ctx, d.tx, d.id, w.Base, d.now.Revision)
}

// conflict returns the refusal of an edit that cannot be made on top of those since its base.
func (d *desk) conflict(e plan.Edit, base int64, since []plan.Edit) error {
	past, err := d.now.Rewind(since)
	if err != nil {
		return err
	}
	return plan.NewConflict(d.now, e, base, since, past)
}

// about returns an edit that changes nothing of what a wish is about: what somebody else may have changed.
func (d *desk) about(w Wish) (e plan.Edit) {
	for _, code := range w.Blocks {
		if b, ok := d.now.Ground.ByCode(code); ok {
			e.Blocks = append(e.Blocks, d.now.Ground.Blocks[b].ID)
			e.Before = append(e.Before, d.now.At[b])
			e.After = append(e.After, d.now.At[b])
		}
	}
	named := append([]string{w.To, w.Grid, w.Neighbour, w.Into}, w.Grids...)
	for i := range d.now.Grids {
		for _, code := range named {
			if g := &d.now.Grids[i]; code != "" && g.Code == code { // gone ones, too
				props := g.GridProps
				e.Grids = append(e.Grids, plan.GridChange{No: g.No, After: &props})
				break
			}
		}
	}
	return e
}

// wished turns a wish of a kind that says what is to be into an edit.
func (d *desk) wished(w Wish) (plan.Edit, error) {
	s := d.now
	switch w.Kind {
	case plan.Assign:
		return s.Assignment(w.Blocks, w.To)
	case plan.CutGrid, plan.Reshape:
		return d.cut(w)
	case plan.Merge:
		return s.Merging(w.Grids, w.Into)
	case plan.LockThings, plan.UnlockThings:
		return s.Locking(plan.LockWish{All: w.All, Grids: w.Grids, Blocks: w.Blocks, Borders: w.Borders}, w.Kind == plan.LockThings)
	case plan.Rename:
		return s.Naming(w.Grid, w.Name, w.NameEn)
	case plan.Dedicate:
		return s.Dedicating(w.Grid, w.Purpose, w.Body)
	case plan.Enclave:
		return s.Enclaving(w.Grid, w.Reason)
	case plan.Recode:
		return d.recode(w)
	case plan.Adopt:
		return d.adopt(w)
	}
	return plan.Edit{}, plan.Refuse(plan.Invalid, "edit.kind", words.Args{"kind": string(w.Kind)})
}

// restore returns the edit that brings the plan back to a revision.
func (d *desk) restore(revision int64) (plan.Edit, error) {
	if revision < 1 || revision > d.now.Revision {
		return plan.Edit{}, plan.Refuse(plan.NotFound, "plan.no_revision", words.Args{"plan": d.id.String(), "revision": revision})
	}
	since, err := editsBetween(d.ctx, d.tx, d.id, revision, d.now.Revision)
	if err != nil {
		return plan.Edit{}, err
	}
	past, err := d.now.Rewind(since)
	if err != nil {
		return plan.Edit{}, err
	}
	return d.now.Restoring(past)
}

// revert returns the edit that takes back, or does again, the newest edit that can be.
func (d *desk) revert(kind plan.EditKind) (plan.Edit, error) {
	h, err := history(d.ctx, d.tx, d.id)
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
	edits, err := editsBetween(d.ctx, d.tx, d.id, target-1, target)
	if err != nil {
		return plan.Edit{}, err
	}
	e := edits[0]
	if kind == plan.Undo {
		e = e.Inverse()
	}
	e.Kind, e.Reverts = kind, target
	for _, l := range words.Langs {
		e.Said[l] = plan.Sentences.Say(l, "edit.said."+string(kind), words.Args{"revision": target, "words": edits[0].Said[l]})
		if edits[0].Said[l] == "" {
			e.Said[l] = ""
		}
	}
	return e, nil
}

// apply writes the edit: blocks, grids, assignment, locks, log and revision, all or none.
func (d *desk) apply(e plan.Edit, request []byte, key string) error {
	ctx, tx := d.ctx, d.tx
	next, err := d.now.Apply(e)
	if err != nil {
		return err
	}
	if err := d.now.Allows(e, next); err != nil {
		return err
	}
	if e.Kind != plan.Undo && e.Kind != plan.Redo {
		e.Tell(d.now, next)
	}
	if err := d.writeGrids(e, next); err != nil {
		return err
	}
	if e.Recut != nil {
		if _, err := exec(ctx, tx, "AssignmentCut", d.id, idsOf(e.Recut.Gone), idsOf(e.Recut.Come), e.Revision); err != nil {
			return err
		}
	}
	if _, err := exec(ctx, tx, "AssignmentMove", d.id, e.Blocks, e.After, e.Revision); err != nil {
		return err
	}
	if err := d.writeLocks(e.Locks); err != nil {
		return err
	}
	nos := e.Touched()
	colours := make([]int16, len(nos))
	for i, no := range nos {
		colours[i] = int16(next.Grids[no-1].Colour)
	}
	if _, err := exec(ctx, tx, "GridTouch", d.id, nos, colours, e.Revision); err != nil {
		return err
	}
	if _, err := putEdit(ctx, tx, d.id, e, request, key); err != nil {
		return err
	}
	if _, err := exec(ctx, tx, "PlanAdvance", d.id, e.Revision); err != nil {
		return err
	}
	return notify(ctx, tx, d.id, e.Revision, plan.Draft)
}

// writeGrids writes what the edit says of grids.
func (d *desk) writeGrids(e plan.Edit, next *plan.Snapshot) error {
	n := len(e.Grids)
	if n == 0 {
		return nil
	}
	nos, parents, kinds := make([]plan.GridNo, n), make([]plan.AreaID, n), make([]plan.GridKind, n)
	codes, names, namesEn, purposes, bodies, enclaves := make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	locked, gone := make([]bool, n), make([]bool, n)
	for i, c := range e.Grids {
		g := &next.Grids[c.No-1]
		nos[i], parents[i], kinds[i] = g.No, next.Ground.Parents[g.Parent].ID, g.Kind
		if kinds[i] == "" {
			kinds[i] = plan.BaseGrid
		}
		codes[i], names[i], namesEn[i], purposes[i], bodies[i], enclaves[i] = g.Code, g.Name, g.NameEn, g.Purpose, g.Body, g.Enclave
		locked[i], gone[i] = g.Locked, g.Gone
	}
	_, err := exec(d.ctx, d.tx, "GridsSay", d.id, e.Revision, nos, parents, codes, names, namesEn, kinds, purposes, bodies, locked, enclaves, gone)
	return err
}

// writeLocks writes the locks on blocks and borders that the edit puts on or takes off.
func (d *desk) writeLocks(changes []plan.LockChange) error {
	for _, on := range []bool{false, true} {
		var blocks []plan.BlockID
		var a, b []plan.GridNo
		for _, c := range changes {
			if c.On == on {
				blocks, a, b = append(blocks, c.Block), append(a, c.Border[0]), append(b, c.Border[1])
			}
		}
		if len(blocks) == 0 {
			continue
		}
		name := "LocksOff"
		if on {
			name = "LocksOn"
		}
		if _, err := exec(d.ctx, d.tx, name, d.id, blocks, a, b); err != nil {
			return err
		}
	}
	return nil
}

// EditsBetween returns the edits with after < revision <= upTo, oldest first.
func (s *Store) EditsBetween(ctx context.Context, id plan.ID, after, upTo int64) ([]plan.Edit, error) {
	return editsBetween(ctx, s.pool, id, after, upTo)
}

func editsBetween(ctx context.Context, q querier, id plan.ID, after, upTo int64) ([]plan.Edit, error) {
	var gone, come [][]plan.BlockID
	edits, err := collect(ctx, q, "EditsAfter", func(r pgx.CollectableRow) (plan.Edit, error) {
		var e plan.Edit
		var went, came []plan.BlockID
		var said []string
		var lon, lat *float64
		err := r.Scan(&e.Revision, &e.Kind, &e.Blocks, &e.Before, &e.After, &e.Reverts, &e.At, &e.Grids, &e.Locks, &went, &came, &e.By, &said, &lon, &lat)
		copy(e.Said[:], said)
		e.Place = placeOf(lon, lat)
		gone, come = append(gone, went), append(come, came)
		return e, err
	}, id, after, upTo)
	if err != nil {
		return nil, err
	}
	for i := range edits {
		if len(gone[i])+len(come[i]) == 0 {
			continue
		}
		if edits[i].Recut, err = loadRecut(ctx, q, id, gone[i], come[i]); err != nil {
			return nil, err
		}
	}
	return edits, nil
}

// putEdit appends to the log and returns when.
func putEdit(ctx context.Context, tx pgx.Tx, id plan.ID, e plan.Edit, request []byte, key string) (made time.Time, err error) {
	var reverts *int64
	if e.Reverts != 0 {
		reverts = &e.Reverts
	}
	var keyOrNull *string
	if key != "" {
		keyOrNull = &key
	}
	gone, come := []plan.BlockID{}, []plan.BlockID{}
	if e.Recut != nil {
		gone, come = idsOf(e.Recut.Gone), idsOf(e.Recut.Come)
	}
	var said []string
	if e.Said[words.Zh] != "" {
		said = e.Said[:]
	}
	var place []byte
	if e.Place != nil {
		if place, err = pointEWKB(*e.Place); err != nil {
			return made, err
		}
	}
	if e.Blocks == nil {
		e.Blocks, e.Before, e.After = []plan.BlockID{}, []plan.GridNo{}, []plan.GridNo{}
	}
	err = row(ctx, tx, "EditPut", []any{id, e.Revision, e.Kind, e.Blocks, e.Before, e.After, reverts, request, keyOrNull, listed(e.Grids), listed(e.Locks),
		gone, come, e.By, said, place}, &made)
	return made, err
}

// EditHead is an entry of the log without its blocks.
type EditHead struct {
	plan.Edit
	Size int    // how many blocks it moved
	To   string // for Assign: the code of the grid they went to, empty for unassigned
}

// placeOf returns a place that is stored, nil for none.
func placeOf(lon, lat *float64) *crs.Point {
	if lon == nil || lat == nil {
		return nil
	}
	p := gridPoint(*lon, *lat)
	return &p
}

// History returns what can be undone and redone of a plan.
func (s *Store) History(ctx context.Context, id plan.ID) (*plan.History, error) {
	return history(ctx, s.pool, id)
}

func history(ctx context.Context, q querier, id plan.ID) (*plan.History, error) {
	h := &plan.History{}
	_, err := collect(ctx, q, "EditSteps", func(r pgx.CollectableRow) (struct{}, error) {
		var e plan.Edit
		err := r.Scan(&e.Revision, &e.Kind, &e.Reverts)
		if err == nil {
			h.Add(e)
		}
		return struct{}{}, err
	}, id)
	return h, err
}

// Log returns a plan's edits, oldest first.
func (s *Store) Log(ctx context.Context, id plan.ID) ([]EditHead, error) {
	return collect(ctx, s.pool, "EditHeads", func(r pgx.CollectableRow) (EditHead, error) {
		var h EditHead
		var said []string
		var lon, lat *float64
		err := r.Scan(&h.Revision, &h.Kind, &h.Reverts, &h.At, &h.Size, &h.To, &h.By, &said, &lon, &lat)
		copy(h.Said[:], said)
		h.Place = placeOf(lon, lat)
		return h, err
	}, id)
}
