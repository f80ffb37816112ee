package postgis_test

import (
	"context"
	"errors"
	"slices"
	"sync"
	"testing"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// draft returns a store with a town and a plan of 5 grids.
func draft(t *testing.T) (*postgis.Store, plan.ID) {
	t.Helper()
	store := postgistest.Open(t)
	postgistest.Town(t, store, 2, 6, 4, plantest.Even(10))
	return store, postgistest.Plan(t, store, postgistest.Recipe(5))
}

// fresh answers Edit with the plan read anew.
func fresh(store *postgis.Store, id plan.ID) postgis.SnapshotAt {
	return func(ctx context.Context, _ int64) (*plan.Snapshot, error) { return store.Snapshot(ctx, id) }
}

func snapshot(t *testing.T, store *postgis.Store, id plan.ID) *plan.Snapshot {
	t.Helper()
	s, err := store.Snapshot(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// move returns the wish to move a block on a border to the grid across, and the block's index.
func move(t *testing.T, s *plan.Snapshot, skip int) (postgis.Wish, int32) {
	t.Helper()
	for b := range s.At {
		for _, e := range s.Ground.Graph.Neighbours(int32(b)) {
			if s.At[b] != s.At[e.To] && s.Ground.Blocks[b].Parent == s.Ground.Blocks[e.To].Parent {
				if skip--; skip < 0 {
					return postgis.Wish{Kind: plan.Assign, Base: s.Revision, Blocks: []string{s.Ground.Blocks[b].Code}, To: s.CodeOf(e.To)}, int32(b)
				}
			}
		}
	}
	t.Fatal("no block lies on a border between grids")
	return postgis.Wish{}, 0
}

func TestUndoOfDoIsNothing(t *testing.T) {
	store, id := draft(t)
	before := snapshot(t, store, id)
	wish, b := move(t, before, 0)
	for i, step := range []postgis.Wish{wish, {Kind: plan.Undo}, {Kind: plan.Redo}, {Kind: plan.Undo}} {
		revision, err := store.Edit(t.Context(), id, step, "", fresh(store, id))
		if err != nil {
			t.Fatal(err)
		}
		now := snapshot(t, store, id)
		moved := i%2 == 0
		if revision != int64(i+2) || (now.At[b] != before.At[b]) != moved {
			t.Errorf("after step %d revision %d, moved %v", i, revision, now.At[b] != before.At[b])
		}
		if !moved && !slices.Equal(now.At, before.At) {
			t.Errorf("step %d left something behind", i)
		}
	}
	_, err := store.Edit(t.Context(), id, postgis.Wish{Kind: plan.Undo}, "", fresh(store, id))
	if plan.KindOf(err) != plan.Wrong {
		t.Errorf("undo of nothing: %v", err)
	}
}

// A plan at its newest revision is its proposal and its log.
func TestTheLogRebuildsEveryRevision(t *testing.T) {
	store, id := draft(t)
	states := []*plan.Snapshot{snapshot(t, store, id)}
	for i := range 4 {
		wish, _ := move(t, states[len(states)-1], 2*i)
		if _, err := store.Edit(t.Context(), id, wish, "", fresh(store, id)); err != nil {
			t.Fatal(err)
		}
		states = append(states, snapshot(t, store, id))
	}
	newest := states[len(states)-1]
	for _, past := range states {
		edits, err := store.EditsBetween(t.Context(), id, past.Revision, newest.Revision)
		if err != nil {
			t.Fatal(err)
		}
		rebuilt, err := newest.Rewind(edits)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(rebuilt.At, past.At) {
			t.Errorf("revision %d is not what the log says", past.Revision)
		}
	}
}

func TestAStaleEditIsRefusedAndAnUntouchedOneRebased(t *testing.T) {
	store, id := draft(t)
	base := snapshot(t, store, id)
	first, b := move(t, base, 0)
	if _, err := store.Edit(t.Context(), id, first, "", fresh(store, id)); err != nil {
		t.Fatal(err)
	}
	// The same block again, from the base that is gone.
	again := first
	for _, no := range base.Siblings(base.Ground.Blocks[b].Parent) {
		if code := base.Grids[no-1].Code; code != first.To && code != base.CodeOf(b) {
			again.To = code
		}
	}
	_, err := store.Edit(t.Context(), id, again, "", fresh(store, id))
	conflict, ok := errors.AsType[*plan.Conflict](err)
	if !ok {
		t.Fatalf("a stale edit: %v", err)
	}
	if conflict.Base.Blocks[0].Grid != base.CodeOf(b) || conflict.Theirs.Blocks[0].Grid != first.To || conflict.Mine.Blocks[0].Grid != again.To {
		t.Errorf("the conflict says %+v", conflict)
	}
	// A block of the other large grid, from the same base: nothing it touches has changed.
	for skip := 0; ; skip++ {
		wish, other := move(t, base, skip)
		if base.Ground.Blocks[other].Parent != base.Ground.Blocks[b].Parent {
			if revision, err := store.Edit(t.Context(), id, wish, "", fresh(store, id)); err != nil || revision != 3 {
				t.Errorf("an edit elsewhere: revision %d, %v", revision, err)
			}
			return
		}
	}
}

func TestAKeyIsDoneOnce(t *testing.T) {
	store, id := draft(t)
	wish, _ := move(t, snapshot(t, store, id), 0)
	var wg sync.WaitGroup
	revisions := make([]int64, 8)
	for i := range revisions {
		wg.Go(func() {
			var err error
			if revisions[i], err = store.Edit(t.Context(), id, wish, "the-key", fresh(store, id)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if slices.Min(revisions) != 2 || slices.Max(revisions) != 2 {
		t.Errorf("one key made revisions %v", revisions)
	}
	wish.To = ""
	if _, err := store.Edit(t.Context(), id, wish, "the-key", fresh(store, id)); plan.KindOf(err) != plan.Invalid {
		t.Errorf("another request with the key: %v", err)
	}
}

// Of many who move the same block from one revision, one wins and the others are told.
func TestNobodyIsOverwrittenSilently(t *testing.T) {
	store, id := draft(t)
	wish, _ := move(t, snapshot(t, store, id), 0)
	var wg sync.WaitGroup
	var mu sync.Mutex
	won := 0
	for range 8 {
		wg.Go(func() {
			_, err := store.Edit(t.Context(), id, wish, "", fresh(store, id))
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if plan.KindOf(err) != plan.Stale {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if won != 1 {
		t.Errorf("%d of 8 won", won)
	}
}
