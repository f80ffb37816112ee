package server

import (
	"context"
	"sync"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// rooms keep plans in memory, each as its newest snapshot with its tiles. The database stays the truth: every request
// asks it for the plan's revision and a room that lags catches up by the log, so several servers and the command line
// may work on the same plan and no answer is older than its request.
type rooms struct {
	store *postgis.Store
	mu    sync.Mutex
	open  map[plan.ID]*room
	used  []plan.ID // least recently used first
}

// maxRooms bounds how many plans are kept in memory.
const maxRooms = 12

// room is one plan in memory.
type room struct {
	mu      sync.Mutex
	now     *view
	past    map[int64]*view  // views of earlier revisions, a few
	counted postgis.ImportID // the newest recount of blocks that the views know of
}

// maxPast bounds how many earlier revisions of a plan are kept.
const maxPast = 8

func newRooms(store *postgis.Store) *rooms {
	return &rooms{store: store, open: map[plan.ID]*room{}}
}

// room returns the plan's room, empty at first, and closes the one that was not used for longest when there are many.
func (rs *rooms) room(id plan.ID) *room {
	rs.mu.Lock()
	defer rs.mu.Unlock()
	for i, used := range rs.used {
		if used == id {
			rs.used = append(rs.used[:i], rs.used[i+1:]...)
			break
		}
	}
	rs.used = append(rs.used, id)
	if rs.open[id] == nil {
		rs.open[id] = &room{past: map[int64]*view{}}
	}
	if len(rs.used) > maxRooms {
		delete(rs.open, rs.used[0])
		rs.used = rs.used[1:]
	}
	return rs.open[id]
}

// now returns a plan as it stands in the database.
func (rs *rooms) now(ctx context.Context, id plan.ID) (*view, error) {
	_, revision, err := rs.store.Revision(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := rs.recount(ctx, id); err != nil {
		return nil, err
	}
	return rs.at(ctx, id, revision)
}

// recount empties a plan's room where blocks were counted anew since it was filled. Tiles show no counts and need no look.
func (rs *rooms) recount(ctx context.Context, id plan.ID) error {
	counted, err := rs.store.Recounted(ctx)
	if err != nil {
		return err
	}
	r := rs.room(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.counted != counted {
		r.now, r.past, r.counted = nil, map[int64]*view{}, counted
	}
	return nil
}

// reached returns a revision the plan is known to have reached, without a look at the database: 0 where nothing is known of it.
func (rs *rooms) reached(id plan.ID) int64 {
	rs.mu.Lock()
	r := rs.open[id]
	rs.mu.Unlock()
	if r == nil {
		return 0
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now == nil {
		return 0
	}
	return r.now.Revision
}

// at returns a plan at a revision that the database is known to have reached. A plan without a result is a Wrong fault,
// a revision it never had a NotFound fault.
func (rs *rooms) at(ctx context.Context, id plan.ID, revision int64) (*view, error) {
	r := rs.room(id)
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.now == nil || revision == 0 {
		snap, err := rs.store.Snapshot(ctx, id)
		if err != nil {
			return nil, err
		}
		r.now = newView(snap, nil)
	}
	if r.now.Revision < revision {
		if err := rs.catchUp(ctx, id, r, revision); err != nil {
			return nil, err
		}
	}
	if r.now.Revision == revision {
		return r.now, nil
	}
	return rs.before(ctx, id, r, revision)
}

// PlanAt returns a plan at a revision that the database is known to have reached: at once where the plan is on show.
func (s *Server) PlanAt(ctx context.Context, id plan.ID, revision int64) (*plan.Snapshot, error) {
	v, err := s.rooms.at(ctx, id, revision)
	if err != nil {
		return nil, err
	}
	return v.Snapshot, nil
}

// catchUp brings the room up to the revision by the log.
func (rs *rooms) catchUp(ctx context.Context, id plan.ID, r *room, revision int64) error {
	edits, err := rs.store.EditsBetween(ctx, id, r.now.Revision, revision)
	if err != nil {
		return err
	}
	for _, e := range edits {
		snap, err := r.now.Apply(e)
		if err != nil {
			return err
		}
		r.keep(r.now)
		r.now = newView(snap, r.now)
	}
	return nil
}

// before returns the plan at an earlier revision than the room's.
func (rs *rooms) before(ctx context.Context, id plan.ID, r *room, revision int64) (*view, error) {
	if v := r.past[revision]; v != nil {
		return v, nil
	}
	if revision < 1 || revision > r.now.Revision {
		return nil, plan.Refuse(plan.NotFound, "plan.no_revision", map[string]any{"plan": id.String(), "revision": revision})
	}
	edits, err := rs.store.EditsBetween(ctx, id, revision, r.now.Revision)
	if err != nil {
		return nil, err
	}
	snap, err := r.now.Rewind(edits)
	if err != nil {
		return nil, err
	}
	v := newView(snap, nil)
	r.keep(v)
	return v, nil
}

// keep remembers an earlier revision, forgetting the oldest of many.
func (r *room) keep(v *view) {
	r.past[v.Revision] = v
	if len(r.past) > maxPast {
		oldest := v.Revision
		for revision := range r.past {
			oldest = min(oldest, revision)
		}
		delete(r.past, oldest)
	}
}

// snapshotAt is what the store asks for when it carries out an edit.
func (rs *rooms) snapshotAt(id plan.ID) postgis.SnapshotAt {
	return func(ctx context.Context, revision int64) (*plan.Snapshot, error) {
		v, err := rs.at(ctx, id, revision)
		if err != nil {
			return nil, err
		}
		return v.Snapshot, nil
	}
}
