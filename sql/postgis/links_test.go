package postgis_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis/postgistest"
)

// Two blocks that lie apart count as touching once somebody says why: a plan made then may join them, one made before does not know of it.
func TestLinks(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 2, 5, 1, func(int, int) int64 { return 10 }) // rows of five: P0-B00 and P0-B04 are far apart
	together := func() plan.Recipe {
		r := postgistest.Recipe(4)
		r.Rules = &plan.Rules{Together: [][]string{{"P0-B00", "P0-B04"}}, Apart: [][2]string{{"P0-B00", "P0-B02"}}}
		return r
	}
	before := postgistest.Plan(t, store, postgistest.Recipe(4))
	for _, test := range [][3]string{{"P0-B00", "P9-B00", "link.no_block"}, {"P0-B00", "P0-B00", "link.parents"}, {"P0-B00", "P1-B00", "link.parents"}} {
		_, err := store.Link(t.Context(), test[0], test[1], "a ferry")
		if fault, ok := errors.AsType[*plan.Fault](err); !ok || fault.Key != test[2] {
			t.Errorf("%v: %v", test, err)
		}
	}
	link, err := store.Link(t.Context(), "P0-B04", "P0-B00", "a ferry")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := store.Link(t.Context(), "P0-B00", "P0-B04", "a dam"); err == nil {
		t.Error("linked twice")
	}
	if rows, err := store.Links(t.Context()); err != nil || len(rows) != 1 || rows[0].A != "P0-B00" || rows[0].Reason != "a ferry" {
		t.Errorf("%+v %v", rows, err)
	}

	s, err := store.Snapshot(t.Context(), postgistest.Plan(t, store, together()))
	if err != nil {
		t.Fatal(err)
	}
	a, _ := s.Ground.ByCode("P0-B00")
	b, _ := s.Ground.ByCode("P0-B04")
	if s.At[a] != s.At[b] || s.Pieces(s.At[a]) != 1 {
		t.Errorf("linked blocks are in grids %d and %d", s.At[a], s.At[b])
	}
	if !slices.ContainsFunc(s.Findings(), func(f plan.Finding) bool {
		return f.Rule == "linked" && strings.Contains(f.In(words.En), "P0-B00 and P0-B04 do not touch and count as if they did: a ferry")
	}) {
		t.Errorf("nobody lists the link: %v", s.Findings())
	}
	old, err := store.Snapshot(t.Context(), before)
	if err != nil {
		t.Fatal(err)
	}
	if len(old.Ground.Links) != 0 {
		t.Error("a plan made before knows of the link")
	}

	if err := store.Unlink(t.Context(), link.ID); err != nil {
		t.Fatal(err)
	}
	if err := store.Unlink(t.Context(), link.ID); plan.KindOf(err) != plan.NotFound {
		t.Errorf("taken back twice: %v", err)
	}
	after, err := store.Snapshot(t.Context(), postgistest.Plan(t, store, postgistest.Recipe(4)))
	if err != nil {
		t.Fatal(err)
	}
	if len(after.Ground.Links) != 0 {
		t.Error("the link is still there")
	}
}
