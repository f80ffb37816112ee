package postgis_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// on makes it a day for a store.
func on(store *postgis.Store, day string) {
	store.Now = func() time.Time {
		t, err := time.Parse("2006-01-02", day)
		if err != nil {
			panic(err)
		}
		return t.Add(9 * time.Hour)
	}
}

func publish(t *testing.T, store *postgis.Store, id plan.ID, day plan.Day) plan.DivisionID {
	t.Helper()
	made, err := store.Publish(t.Context(), id, postgis.Publication{Effective: day}, fresh(store, id))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

// stateOn is all that is in force on a day, as text.
func stateOn(t *testing.T, store *postgis.Store, day plan.Day) string {
	t.Helper()
	areas, err := store.AreasInForce(t.Context(), day, day)
	if err != nil {
		t.Fatal(err)
	}
	grids, err := store.InForce(t.Context(), areas)
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(grids)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// What is published stays as it is: the plan goes on, a later division takes its place, and each day is read as it was.
func TestDivisionsFollowEachOther(t *testing.T) {
	store, id := draft(t)
	on(store, "2026-11-01")
	first := publish(t, store, id, "2026-11-01")
	row, err := store.Division(t.Context(), first)
	if err != nil {
		t.Fatal(err)
	}
	if row.State != plan.InForce || row.Old != 2 || row.New != 5 || row.Kinds[plan.ChangeSplit] != 2 {
		t.Errorf("the first division: %+v", row)
	}
	before := stateOn(t, store, "2026-11-15")

	wish, b := move(t, snapshot(t, store, id), 0)
	if _, err := store.Edit(t.Context(), id, wish, "", fresh(store, id)); err != nil {
		t.Fatal(err)
	}
	if stateOn(t, store, "2026-11-15") != before {
		t.Error("an edit of the plan changed what was published")
	}
	second := publish(t, store, id, "2027-01-01")
	if row, _ = store.Division(t.Context(), second); row.State != plan.Scheduled || row.Kinds[plan.ChangeAdjust] != 2 || row.Kinds[plan.ChangeNone] != 3 {
		t.Errorf("the second division: %+v", row)
	}
	for day, want := range map[plan.Day]bool{"2026-10-31": false, "2026-11-01": true, "2026-12-31": true, "2027-01-01": false} {
		if same := stateOn(t, store, day) == before; same != want {
			t.Errorf("on %s what is in force is as it was: %v", day, same)
		}
	}
	if row, _ = store.Division(t.Context(), first); row.State != plan.InForce || row.Until != "2027-01-01" {
		t.Errorf("the first division before the second: %+v", row)
	}
	on(store, "2027-01-01")
	if row, _ = store.Division(t.Context(), first); row.State != plan.Superseded {
		t.Errorf("the first division after the second: %+v", row)
	}
	grids, err := store.DivisionGrids(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	blocks, err := store.DivisionBlocks(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	row, _ = store.Division(t.Context(), second)
	byNo := make([]plan.DivisionGrid, len(grids))
	for _, g := range grids {
		byNo[g.No-1] = g
	}
	if got := plan.DigestOf(&row.Division, byNo, blocks); got != row.Digest {
		t.Errorf("what is read has the digest %s, not %s", got, row.Digest)
	}
	firsts, _ := store.DivisionGrids(t.Context(), first)
	for i := range grids {
		if grids[i].Key != firsts[i].Key || grids[i].Code != firsts[i].Code {
			t.Errorf("grid %s has key %d, and had %d", grids[i].Code, grids[i].Key, firsts[i].Key)
		}
	}
	rows, err := store.Lineage(t.Context(), second)
	if err != nil {
		t.Fatal(err)
	}
	sums := map[string]float64{}
	for _, r := range rows {
		sums[r.Old.Code] += *r.OldShare
	}
	for code, sum := range sums {
		if math.Abs(sum-1) > 1e-12 {
			t.Errorf("the shares of %s add up to %v", code, sum)
		}
	}
	_ = b

	// What others are told: whole versions, in order, each once.
	var told []string
	for since := int64(0); ; {
		changes, err := store.Changes(t.Context(), since, 2)
		if err != nil {
			t.Fatal(err)
		}
		if len(changes) == 0 {
			break
		}
		for _, c := range changes {
			told = append(told, fmt.Sprint(c.Kind, " ", c.Division, " ", c.By, " ", c.Effective))
			since = c.ID
			var payload struct{ Lineage []plan.LineageRow }
			if err := json.Unmarshal(c.Payload, &payload); err != nil || c.Kind != "superseded" && len(payload.Lineage) == 0 {
				t.Errorf("%s: %v, %s", c.Kind, err, c.Payload)
			}
		}
	}
	want := []string{"published 1 0 2026-11-01", "in_force 1 0 2026-11-01", "published 2 0 2027-01-01", "superseded 1 2 2027-01-01", "in_force 2 0 2027-01-01"}
	if !reflect.DeepEqual(told, want) {
		t.Errorf("told %q, not %q", told, want)
	}
}

// Nothing in the database changes what was published.
func TestWhatWasPublishedIsNeverChanged(t *testing.T) {
	conn, store, id := promisedPlan(t)
	publish(t, store, id, "2026-11-01")
	for _, table := range []string{"division", "division_parent", "division_end", "published_code", "division_grid", "division_block", "lineage", "change"} {
		for _, statement := range []string{"update %s set division_id = division_id", "delete from %s", "truncate %s cascade"} {
			if table == "division" {
				statement = strings.ReplaceAll(statement, "division_id", "name")
			}
			err := try(t, conn, fmt.Sprintf(statement, table))
			if said, ok := errors.AsType[*pgconn.PgError](err); !ok || said.Code != "23000" {
				t.Errorf("%s: %v", fmt.Sprintf(statement, table), err)
			}
		}
	}
}

// Of many who publish for one day one wins, and the others are told why not; nothing is half done.
func TestOneOfManyPublishersWins(t *testing.T) {
	store, id := draft(t)
	snap := snapshot(t, store, id)
	at := func(context.Context, int64) (*plan.Snapshot, error) { return snap, nil }
	var all sync.WaitGroup
	errs := make([]error, 16)
	for i := range errs {
		all.Go(func() {
			_, errs[i] = store.Publish(t.Context(), id, postgis.Publication{Effective: "2026-12-01"}, at)
		})
	}
	all.Wait()
	won := 0
	for _, err := range errs {
		fault, _ := errors.AsType[*plan.Fault](err)
		switch {
		case err == nil:
			won++
		case fault == nil || fault.Key != "publish.later":
			t.Error(err)
		}
	}
	rows, err := store.Divisions(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	changes, _ := store.Changes(t.Context(), 0, 100)
	if won != 1 || len(rows) != 1 || changes[0].Kind != "published" {
		t.Errorf("%d won, %d divisions, %d changes", won, len(rows), len(changes))
	}
}

// More changes than there are connections, each of which reads the plan while it waits, all come to an end.
func TestManyChangesDoNotHang(t *testing.T) {
	store, id := draft(t)
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	var all sync.WaitGroup
	for i := range 40 {
		all.Go(func() {
			var err error
			if i%2 == 0 {
				_, err = store.Publish(ctx, id, postgis.Publication{Effective: "2026-12-01"}, fresh(store, id))
			} else {
				_, err = store.Waive(ctx, id, plan.Waiver{Rule: "none", Subject: "grid:1", Reason: "so"}, fresh(store, id))
			}
			if kind := plan.KindOf(err); err != nil && kind != plan.Wrong && kind != plan.NotFound { // a second division, no such warning
				t.Error(i, err)
			}
		})
	}
	all.Wait()
}

// A publication that ends before its commit, at whatever statement, leaves nothing.
func TestAPublicationIsWholeOrNothing(t *testing.T) {
	conn, store, id := promisedPlan(t)
	for _, table := range []string{"division", "division_grid", "division_block", "lineage", "change"} {
		if _, err := conn.Exec(t.Context(), "alter table "+table+" add constraint no_more check (false) not valid"); err != nil {
			t.Fatal(err)
		}
		if _, err := store.Publish(t.Context(), id, postgis.Publication{Effective: "2026-12-01"}, fresh(store, id)); err == nil {
			t.Fatalf("published without %s", table)
		}
		for _, left := range []string{"division", "division_parent", "published_code", "division_grid", "division_block", "lineage", "change"} {
			var n int
			if err := conn.QueryRow(t.Context(), "select count(*) from "+left).Scan(&n); err != nil || n != 0 {
				t.Errorf("after %s was refused %d rows are in %s (%v)", table, n, left, err)
			}
		}
		if _, err := conn.Exec(t.Context(), "alter table "+table+" drop constraint no_more"); err != nil {
			t.Fatal(err)
		}
	}
	key := postgis.Publication{Effective: "2026-12-01", Key: "k"}
	first, err := store.Publish(t.Context(), id, key, fresh(store, id))
	again, err2 := store.Publish(t.Context(), id, key, fresh(store, id))
	if err != nil || err2 != nil || first != again {
		t.Errorf("with the same key: %d %v, %d %v", first, err, again, err2)
	}
}

// What stands in the way is said, and a warning is waived until its grid changes.
func TestChecksAndWaivers(t *testing.T) {
	store, id := draft(t)
	snap := snapshot(t, store, id)
	wish := postgis.Wish{Kind: plan.Assign, Base: snap.Revision, Blocks: []string{snap.Ground.Blocks[0].Code}}
	if _, err := store.Edit(t.Context(), id, wish, "", fresh(store, id)); err != nil {
		t.Fatal(err)
	}
	_, err := store.Publish(t.Context(), id, postgis.Publication{Effective: "2026-12-01"}, fresh(store, id))
	blocked, ok := errors.AsType[*plan.Blocked](err)
	if !ok {
		t.Fatal(err)
	}
	if stops, _, _ := plan.Severities(blocked.Findings); stops != 1 {
		t.Fatalf("with a block in no grid: %v", err)
	}
	var warning *plan.Checked
	found := func() []plan.Checked {
		found, err := store.Checked(t.Context(), id, snapshot(t, store, id))
		if err != nil {
			t.Fatal(err)
		}
		return found
	}
	all := found()
	for i := range all {
		if all[i].Severity == plan.Warning && all[i].Grid != 0 {
			warning = &all[i]
		}
	}
	if warning == nil {
		t.Fatalf("no warning in %+v", all)
	}
	w := plan.Waiver{Rule: warning.Rule, Subject: warning.Subject(), Reason: "一栋高层不能拆分", By: "王某"}
	if w, err = store.Waive(t.Context(), id, w, fresh(store, id)); err != nil || w.ID == 0 {
		t.Fatal(w, err)
	}
	waived := func() (n int) {
		for _, c := range found() {
			if c.Waiver != nil && c.Waiver.Reason == w.Reason {
				n++
			}
		}
		return n
	}
	if waived() != 1 {
		t.Error("the warning is not waived")
	}
	if _, err := store.Waive(t.Context(), id, plan.Waiver{Rule: "unassigned", Subject: "area:P0", Reason: "so"}, fresh(store, id)); plan.KindOf(err) != plan.NotFound {
		t.Errorf("an error was waived: %v", err)
	}
	if err := store.Unwaive(t.Context(), id, w.ID); err != nil || waived() != 0 {
		t.Errorf("taken back: %v, %d", err, waived())
	}
}
