package postgis_test

import (
	"slices"
	"testing"

	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// placedAt returns the grids of a plan on which posts are, by the name of who holds them; "" for vacancies.
func placedAt(t *testing.T, store *postgis.Store, id plan.ID) map[string][]plan.GridNo {
	t.Helper()
	st, err := store.StaffOf(t.Context(), id, snapshot(t, store, id), "")
	if err != nil {
		t.Fatal(err)
	}
	at := map[string][]plan.GridNo{}
	for _, p := range st.Posts {
		name := ""
		if p.Holder != nil {
			name = p.Holder.Name
		}
		at[name] = append(at[name], p.Grids...)
	}
	return at
}

// Staff stay where they are needed: on the follower of a grid that was merged away, on a plan that changes another as little as it can, and on a
// fresh one once they are carried over. What is placed already stays, however often that is asked for.
func TestStaffFollowGrids(t *testing.T) {
	store := postgistest.Open(t)
	postgistest.Town(t, store, 1, 6, 2, func(_, _ int) int64 { return 100 })
	id := postgistest.Plan(t, store, postgistest.Recipe(3))
	var posts []plan.PostID
	for i, name := range []string{"甲", "乙", "丙"} {
		person, err := store.AddPerson(t.Context(), plan.Person{Name: name})
		if err != nil {
			t.Fatal(err)
		}
		post, err := store.AddPost(t.Context(), postgis.NewPost{Plan: id, Person: person,
			Post: plan.Post{Kind: plan.GridLead, Grids: []plan.GridNo{plan.GridNo(i + 1)}, Since: "2020-06-01"}})
		if err != nil {
			t.Fatal(err)
		}
		posts = append(posts, post)
	}
	if _, err := store.AddPost(t.Context(), postgis.NewPost{Plan: id, Post: plan.Post{Kind: plan.GridLead, Grids: []plan.GridNo{1}, Since: "2020-06-01"}}); plan.KindOf(err) != plan.Wrong {
		t.Errorf("a second lead of a grid: %v", err)
	}
	if err := store.SetGridTags(t.Context(), id, 2, []string{"party"}); err != nil {
		t.Fatal(err)
	}
	if err := store.AddPartyOrg(t.Context(), &plan.PartyOrg{Code: "D1", Name: "支部", Level: plan.GridParty, Kind: plan.Branch, Since: "2020-06-01"}); err != nil {
		t.Fatal(err)
	}
	if err := store.SetPartyGrids(t.Context(), id, "D1", []plan.GridNo{1, 2}); err != nil {
		t.Fatal(err)
	}

	// Another split of the same ground, in finer grids, knows nobody until the staff are carried over.
	finer := postgistest.Plan(t, store, postgistest.Recipe(6))
	if got := placedAt(t, store, finer); len(got["甲"]) != 0 {
		t.Errorf("nobody was carried: %v", got)
	}
	for range 2 {
		if err := store.CarryStaff(t.Context(), id, finer); err != nil {
			t.Fatal(err)
		}
	}
	got := placedAt(t, store, finer)
	all := slices.Concat(got["甲"], got["乙"], got["丙"])
	slices.Sort(all)
	if len(all) != 3 || len(slices.Compact(all)) != 3 {
		t.Errorf("three leads on three grids: %v", got)
	}
	snap := snapshot(t, store, finer)
	st, err := store.StaffOf(t.Context(), finer, snap, "")
	if err != nil {
		t.Fatal(err)
	}
	tagged, branched := 0, 0
	for g := range snap.Live() {
		tagged += len(st.Grid(g.No).Tags)
		if st.Grid(g.No).Branch != nil {
			branched++
		}
	}
	if tagged != 2 || branched != 4 { // every part of a grid is what the grid was
		t.Errorf("%d grids have the tag, %d the branch", tagged, branched)
	}
	based := postgistest.Recipe(3)
	based.Base = id.String()
	if got := placedAt(t, store, postgistest.Plan(t, store, based)); len(got["甲"])+len(got["乙"])+len(got["丙"]) != 3 {
		t.Errorf("with least change: %v", got)
	}

	// Grid 1 is merged into grid 2: its lead is seen there, and so the grid has two.
	now := snapshot(t, store, id)
	merge := postgis.Wish{Kind: plan.Merge, Base: now.Revision, Grids: []string{now.Grids[0].Code, now.Grids[1].Code}, Into: now.Grids[1].Code}
	if _, err := store.Edit(t.Context(), id, merge, "", fresh(store, id)); err != nil {
		t.Fatal(err)
	}
	if got := placedAt(t, store, id); !slices.Equal(got["甲"], []plan.GridNo{2}) || !slices.Equal(got["乙"], []plan.GridNo{2}) {
		t.Errorf("after the merge: %v", got)
	}
	if _, err := store.Leave(t.Context(), 1, 2, "2021-01-01"); err != nil {
		t.Fatal(err)
	}
	if got := placedAt(t, store, id); len(got["甲"]) != 0 || len(got["乙"]) != 2 {
		t.Errorf("after 甲 has left: %v", got)
	}
	if _, err := store.SetPost(t.Context(), postgis.PostChange{ID: posts[2], Version: 9}); plan.KindOf(err) != plan.Stale {
		t.Errorf("a change of a version that is not: %v", err)
	}
}

// A post that ends keeps its end through other changes, and who left it may take it up again the same day.
func TestPostsKeepTheirDays(t *testing.T) {
	store, id := draft(t)
	on(store, "2026-11-01")
	people := make([]plan.PersonID, 2)
	for i, name := range []string{"甲", "乙"} {
		var err error
		if people[i], err = store.AddPerson(t.Context(), plan.Person{Name: name}); err != nil {
			t.Fatal(err)
		}
	}
	post, err := store.AddPost(t.Context(), postgis.NewPost{Plan: id, Person: people[0],
		Post: plan.Post{Kind: plan.GridLead, Grids: []plan.GridNo{1}, Since: "2026-11-01"}})
	if err != nil {
		t.Fatal(err)
	}
	version := int64(1)
	change := func(c postgis.PostChange) {
		t.Helper()
		c.ID, c.Version = post, version
		if version, err = store.SetPost(t.Context(), c); err != nil {
			t.Fatal(err)
		}
	}
	for _, who := range []int{1, 0} {
		change(postgis.PostChange{Person: &people[who], Day: "2026-11-01"})
	}
	holder := func(day string) string {
		t.Helper()
		st, err := store.StaffOf(t.Context(), id, snapshot(t, store, id), day)
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range st.Posts {
			if p.Holder != nil {
				return p.Holder.Name
			}
		}
		return ""
	}
	if got := holder("2026-11-01"); got != "甲" {
		t.Errorf("the post is held by %q", got)
	}
	end, number := "2027-01-01", "7"
	change(postgis.PostChange{Until: &end, Day: "2026-11-01"})
	change(postgis.PostChange{Code: &number, Day: "2026-11-01"})
	if got := holder("2027-02-01"); got != "" {
		t.Errorf("after its end the post is held by %q", got)
	}
	st, err := store.StaffOf(t.Context(), id, snapshot(t, store, id), "2026-12-01")
	if err != nil || len(st.Posts) != 1 || st.Posts[0].Until != end || st.Posts[0].Code != number {
		t.Errorf("%+v %v", st.Posts, err)
	}
}

// A committee that ended and is there again was not there in between.
func TestCommitteesHaveGaps(t *testing.T) {
	store, id := draft(t)
	areas := slices.Repeat([]string{snapshot(t, store, id).Ground.Parents[0].Code}, 2) // named twice
	for _, step := range []struct {
		there bool
		day   string
	}{{true, "2024-01-01"}, {false, "2025-06-01"}, {true, "2027-01-01"}, {true, "2028-01-01"}} {
		if err := store.SetCommittees(t.Context(), areas, postgis.JointCommittee, step.there, step.day); err != nil {
			t.Fatal(err)
		}
	}
	for day, want := range map[string]int{"2023-12-31": 0, "2024-06-01": 1, "2026-01-01": 0, "2027-01-01": 1} {
		p, err := store.PartyOf(t.Context(), id, snapshot(t, store, id), day)
		if err != nil {
			t.Fatal(err)
		}
		if c := p.Coverage(); c.CommunitiesWith != want {
			t.Errorf("%s: %+v", day, c)
		}
	}
}
