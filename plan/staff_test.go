package plan_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
)

// letters puts letters, a row of blocks each, on the town of plantest: one large grid of as many columns as the first row has. A letter is a grid,
// A the first; a dot is in none.
func letters(t rapid.TB, rows ...string) *plan.Snapshot {
	t.Helper()
	columns := len(rows[0])
	g, err := plantest.Town(1, columns, len(rows), plantest.Even(100))
	if err != nil {
		t.Fatal(err)
	}
	at := make([]plan.GridNo, len(g.Blocks))
	most := 0
	for y, row := range rows {
		for x, letter := range row {
			if letter == '.' {
				continue
			}
			n := int(letter-'A') + 1
			most = max(most, n)
			b, _ := g.ByCode(fmt.Sprintf("P0-B%02d", (len(rows)-1-y)*columns+x)) // rows of the town run from the south
			at[b] = plan.GridNo(n)
		}
	}
	grids := make([]plan.Grid, most)
	for i := range grids {
		grids[i].No, grids[i].Code = plan.GridNo(i+1), plan.GridCode("P0", i+1)
	}
	return plan.NewSnapshot(g, plan.Recipe{Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}, 1, grids, at)
}

// by is somebody who holds a post.
func by(id int, name string) *plan.Holder {
	return &plan.Holder{Person: plan.PersonID(id), Name: name, Since: "2020-06-01"}
}

func needOf(st *plan.Staff, kind plan.PostKind, full bool) plan.StaffNeed {
	needs := st.Needs()
	return needs[slices.IndexFunc(needs, func(n plan.StaffNeed) bool { return n.Kind == kind && n.FullTime == full })]
}

func TestWhatIsNeededInPostAndShort(t *testing.T) {
	s := letters(t, "AAB", "AAB")
	posts := []*plan.Post{
		{ID: 1, Kind: plan.Supervisor, Grids: []plan.GridNo{1, 2}, Holder: by(1, "甲")},
		{ID: 2, Kind: plan.GridLead, Grids: []plan.GridNo{1}, Holder: by(2, "乙")},
		{ID: 3, Kind: plan.GridWorker, FullTime: true, Grids: []plan.GridNo{1}, Holder: by(2, "乙")},
		{ID: 4, Kind: plan.GridWorker, FullTime: true, Grids: []plan.GridNo{1}, Holder: by(3, "丙")},
		{ID: 5, Kind: plan.GridWorker, FullTime: true, Grids: []plan.GridNo{2}},
		{ID: 6, Kind: plan.BuildingLead, Building: "x", Holder: by(4, "丁")},
		{ID: 7, Kind: plan.StairUnitLead, Building: "x", StairUnit: "2", Holder: by(4, "丁")},
		{ID: 8, Kind: plan.BuildingLead, Building: "elsewhere", Holder: by(5, "戊")},
	}
	buildings := []plan.StaffBuilding{{Code: "x", Grid: 1, StairUnits: 3, Households: 30}, {Code: "y", Grid: 2, StairUnits: 1, Households: 8}, {Code: "shop", Grid: 2, StairUnits: 2}, {Code: "works", Grid: 2, Households: -1}}
	st := plan.NewStaff(s, plan.DefaultStaffRules(), posts, buildings)
	for _, c := range []struct {
		kind plan.PostKind
		full bool
		want plan.StaffNeed
	}{
		{plan.Supervisor, false, plan.StaffNeed{Needed: 2, Posts: 1, InPost: 1}},
		{plan.GridLead, false, plan.StaffNeed{Needed: 2, Posts: 1, InPost: 1, Short: 1}},
		{plan.GridWorker, true, plan.StaffNeed{Needed: 2, Posts: 3, InPost: 2, Short: 1}}, // two in A make up for none in B
		{plan.BuildingLead, false, plan.StaffNeed{Needed: 2, Posts: 1, InPost: 1, Short: 1}},
		{plan.StairUnitLead, false, plan.StaffNeed{Needed: 3, Posts: 1, InPost: 1, Short: 2}}, // y has a single stair unit and needs no lead of it
	} {
		c.want.Kind, c.want.FullTime = c.kind, c.full
		if got := needOf(st, c.kind, c.full); got != c.want {
			t.Errorf("%s: %+v, want %+v", c.kind, got, c.want)
		}
	}
	if posts, held, persons := st.Counts(); posts != 7 || held != 6 || persons != 4 {
		t.Errorf("%d posts, %d held, %d persons", posts, held, persons)
	}
	if got := st.PlaceWords(st.Grid(1).UnitLeads[0], words.En); got != "x, stair unit 2" {
		t.Errorf("%q", got)
	}
	over := st.Overloads()
	if len(over) != 0 {
		t.Errorf("overloaded: %+v", over)
	}
	st.Rules.MaxHouseholds = 150
	if over = st.Overloads(); len(over) != 2 || over[0].Households != 200 {
		t.Errorf("200 households each of 400 shared: %+v", over)
	}
}

func TestPostsAreCalledByManyNames(t *testing.T) {
	for text, want := range map[string]string{
		"督导员": "supervisor", "网格长": "grid_lead", "专职网格员": "grid_worker full", "网格员（兼职）": "grid_worker part", "网格员": "grid_worker", "grid worker": "grid_worker",
		"楼栋长": "building_lead", "单元长": "stair_unit_lead", "社区民警": "outside", "楼长": "", "专职": "",
	} {
		kind, full, known, ok := plan.DefaultStaffRules().KindMeant(text)
		got := string(kind)
		if known {
			got += map[bool]string{true: " full", false: " part"}[full]
		}
		if ok != (want != "") || ok && got != want {
			t.Errorf("%s: %q, %v", text, got, ok)
		}
	}
	for phone, want := range map[string]string{"13812340000": "138****0000", "": "", "67015": "****15", "0955-7012345": "095****2345"} {
		if got := plan.MaskPhone(phone); got != want {
			t.Errorf("%s: %s", phone, got)
		}
	}
}

// What is added in a period is the sum of single posts, whichever parents they are in.
func TestAddedIsTheSumOfPosts(t *testing.T) {
	s := proposed(t)
	rapid.Check(t, func(t *rapid.T) {
		var posts []*plan.Post
		want := plan.StaffCount{}
		for i := range rapid.IntRange(0, 30).Draw(t, "posts") {
			p := &plan.Post{ID: plan.PostID(i + 1), Kind: plan.GridWorker, FullTime: rapid.Bool().Draw(t, "full"),
				Since: rapid.SampledFrom([]string{"2019-12-31", "2020-01-01", "2020-07-01", "2020-12-31", "2021-01-01"}).Draw(t, "since"),
				Until: rapid.SampledFrom([]string{"", "2020-12-31", "2021-01-01"}).Draw(t, "until"),
				Grids: []plan.GridNo{plan.GridNo(rapid.IntRange(1, len(s.Grids)).Draw(t, "grid"))}}
			if rapid.Bool().Draw(t, "held") {
				p.Holder = by(i, "某")
				if p.Since[:4] == "2020" && p.Until != "2020-12-31" {
					want.Workers++
					if p.FullTime {
						want.FullTime++
					}
				}
			}
			posts = append(posts, p)
		}
		got := plan.StaffCount{}
		for _, n := range plan.NewStaff(s, plan.DefaultStaffRules(), posts, nil).Added("2020-01-01", "2020-12-31") {
			got.Workers, got.FullTime = got.Workers+n.Workers, got.FullTime+n.FullTime
		}
		if got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	})
}

// A proposal gives whole grids, each one worker, and nobody two while another has none; the nearer goes where it costs less in all.
func TestProposedPlacings(t *testing.T) {
	s := letters(t, "AABBCCDD")
	here := &plan.Post{ID: 9, Kind: plan.GridWorker, Grids: []plan.GridNo{4}, Holder: by(2, "乙")} // part-time on D already
	posts := []*plan.Post{here,
		{ID: 1, Kind: plan.GridWorker, FullTime: true, Holder: by(1, "甲")},
		{ID: 2, Kind: plan.GridWorker, FullTime: true, Holder: by(2, "乙")},
		{ID: 3, Kind: plan.GridWorker, FullTime: true, Grids: []plan.GridNo{2}, Holder: by(3, "丙")},
		{ID: 4, Kind: plan.GridWorker, FullTime: true}}
	got := map[plan.GridNo]string{}
	for _, p := range plan.NewStaff(s, plan.DefaultStaffRules(), posts, nil).ProposePlacings() {
		got[p.Grid] += p.Post.Holder.Name
	}
	// Three grids for two: 乙 is nearest to D, then to C; who has two is decided by the households, here all even, then by metres.
	if len(got) != 3 || got[4] != "乙" || got[1] != "甲" || got[2] != "" {
		t.Errorf("%v", got)
	}
	rapid.Check(t, func(t *rapid.T) {
		s := proposed(t)
		n := rapid.IntRange(1, 9).Draw(t, "workers")
		var posts []*plan.Post
		for i := range n {
			posts = append(posts, &plan.Post{ID: plan.PostID(i + 1), Kind: plan.GridWorker, FullTime: true, Holder: by(i, "某")})
		}
		grids := map[plan.PostID]int{}
		seen := map[plan.GridNo]bool{}
		for _, p := range plan.NewStaff(s, plan.DefaultStaffRules(), posts, nil).ProposePlacings() {
			if seen[p.Grid] {
				t.Fatal("a grid got two")
			}
			seen[p.Grid] = true
			grids[p.Post.ID]++
		}
		if len(seen) != len(s.Grids) || len(grids) != min(n, len(s.Grids)) {
			t.Fatalf("%d grids, %d of %d workers", len(seen), len(grids), n)
		}
	})
}

// Whatever hangs on a grid goes to the one that has most of it.
func TestFollowersAndPartsOfGrids(t *testing.T) {
	old, next := letters(t, "AAAB", "AAAB"), letters(t, "AACC", "BACC")
	if got, want := plan.Followers(old, next), (map[plan.GridNo]plan.GridNo{1: 1, 2: 3}); !maps.Equal(got, want) {
		t.Errorf("%v, want %v", got, want)
	}
	merged := letters(t, "CCC", "CCC")
	log := []plan.Edit{{Kind: plan.Propose, Blocks: ids(merged), Before: make([]plan.GridNo, 6), After: []plan.GridNo{1, 1, 1, 2, 2, 3}},
		{Kind: plan.Assign, Blocks: ids(merged)[:3], Before: []plan.GridNo{1, 1, 1}, After: []plan.GridNo{3, 3, 3}}}
	if got := merged.FollowerOf(log, 1); got != 3 {
		t.Errorf("grid %d", got)
	}
	if got := merged.FollowerOf(log, 7); got != 0 {
		t.Errorf("grid %d for one there never was", got)
	}
}

func ids(s *plan.Snapshot) (all []plan.BlockID) {
	for _, b := range s.Ground.Blocks {
		all = append(all, b.ID)
	}
	return all
}

func TestPartyKindsByMembers(t *testing.T) {
	var got []string
	for _, n := range []int{0, 2, 3, 6, 7, 49, 50, 99, 100, 500} {
		a := (&plan.PartyOrg{Level: plan.GridParty, Kind: plan.Branch, Members: n}).Advice()
		word := string(a.Kind)
		if a.Committee {
			word += "+"
		}
		if a.Differs != (a.Kind != plan.Branch) {
			t.Errorf("%d: %+v", n, a)
		}
		got = append(got, word)
	}
	want := "joint_branch joint_branch branch branch branch+ branch+ general_branch general_branch committee committee"
	if strings.Join(got, " ") != want {
		t.Errorf("got  %v\nwant %s", got, want)
	}
	excepted := (&plan.PartyOrg{Level: plan.CommunityParty, Kind: plan.Branch, Members: 120, Exception: "组织部批复"}).Advice()
	if got := excepted.In(words.Zh); got != "120名党员，按人数可设党委；经批准不变：组织部批复" {
		t.Error(got)
	}
}

func TestPartyRowsAndCoverage(t *testing.T) {
	s := letters(t, "ABC")
	orgs := []*plan.PartyOrg{{ID: 1, Code: "1", Level: plan.CommunityParty, Kind: plan.GeneralBranch, Area: "P0", Members: 60, MemberHouseholds: 2},
		{ID: 2, Code: "2", Level: plan.GridParty, Kind: plan.Branch, Area: "P0", Members: 20, Grids: []plan.GridNo{1, 3}},
		{ID: 3, Code: "3", Level: plan.BuildingParty, Kind: plan.PartyGroup, Area: "P0", MemberHouseholds: 1}}
	p := plan.NewParty(s, orgs, map[plan.AreaID]plan.Area{})
	p.Joint["P0"] = true
	rows := p.Rows()
	if len(rows) != 1 || rows[0].Members != 60 || rows[0].Groups != 1 || rows[0].MemberHouseholds != 3 || !rows[0].JointCommittee || len(rows[0].Grids) != 3 {
		t.Fatalf("%+v", rows)
	}
	if c := p.Coverage(); c.Grids != 3 || c.GridsWith != 2 || c.Communities != 1 || c.CommunitiesWith != 1 || c.SubdistrictsWith != 0 {
		t.Errorf("%+v", c)
	}
}

// Where no organisation is registered the members that were counted stand, and nothing where nobody has counted them.
func TestPartyMembersAreCountedOrUnknown(t *testing.T) {
	for m, want := range map[plan.Measure]int{plan.PartyMembers: 60, plan.Households: 0} {
		g, err := plantest.Town(2, 3, 2, plantest.Even(10))
		if err != nil {
			t.Fatal(err)
		}
		g.Measures[0] = m
		s := plan.NewSnapshot(g, plan.Recipe{}, 1, []plan.Grid{{No: 1, Parent: 0, GridProps: plan.GridProps{Code: "a"}}, {No: 2, Parent: 1, GridProps: plan.GridProps{Code: "b"}}},
			[]plan.GridNo{1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 2, 2})
		for _, row := range plan.NewParty(s, nil, nil).Rows() {
			if row.Members != want || row.Known != (want > 0) || row.Should.Differs && want == 0 {
				t.Errorf("%s: %+v", m, row)
			}
		}
	}
}
