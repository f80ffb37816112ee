package demoregion_test

import (
	"bytes"
	"testing"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/importers/demoregion"
	"gridwright/plan"
)

// The report's row is the sum of single posts, and the figures are the report's.
func TestTheReportIsTheSumOfPosts(t *testing.T) {
	grids := demoregion.Make()
	parents := map[int]int32{}
	var g plan.Ground
	g.Measures = []plan.Measure{plan.Households}
	var live []plan.Grid
	var at []plan.GridNo
	numbers := map[string]plan.GridNo{}
	var buildings []plan.StaffBuilding
	for i, grid := range grids {
		parent, there := parents[grid.Community]
		if !there {
			parent = int32(len(g.Parents))
			parents[grid.Community] = parent
			g.Parents = append(g.Parents, plan.Area{ID: plan.AreaID(parent + 1), Level: plan.Community, Code: grid.Block[:7]})
		}
		corner := func(x, y int) crs.Point {
			return crs.Point{Lon: crs.Coord(grid.Box[x] * 1e7), Lat: crs.Coord(grid.Box[y] * 1e7)}
		}
		ring := shape.Ring{corner(0, 1), corner(2, 1), corner(2, 3), corner(0, 3)}
		g.Blocks = append(g.Blocks, plan.Block{ID: plan.BlockID(i + 1), Code: grid.Block, Parent: parent, Shape: shape.MultiPolygon{{ring}}, Area: ring.Area(),
			Counts: []int64{int64(20 * len(grid.Buildings))}})
		live = append(live, plan.Grid{No: plan.GridNo(i + 1), Parent: parent, GridProps: plan.GridProps{Code: grid.Code}})
		at = append(at, plan.GridNo(i+1))
		numbers[grid.Code] = plan.GridNo(i + 1)
		for _, b := range grid.Buildings {
			buildings = append(buildings, plan.StaffBuilding{Code: b.Code, Grid: plan.GridNo(i + 1), StairUnits: b.StairUnits, Households: 20})
		}
	}
	ground, err := plan.NewGround(g, nil)
	if err != nil {
		t.Fatal(err)
	}
	snap := plan.NewSnapshot(ground, demoregion.Recipe(), 1, live, at)
	numberOf := func(code string) plan.GridNo { return numbers[code] }
	change, misses := plan.MatchRoster(demoregion.Roster(grids, numberOf), plan.Roster{})
	if len(misses) > 0 {
		t.Fatalf("refused: %+v", misses[0])
	}
	for i, p := range change.New {
		p.ID = plan.PersonID(i + 1)
	}
	for i, p := range change.Posts {
		p.ID = plan.PostID(i + 1)
	}
	for _, h := range change.Begun {
		h.Post.Holder = &plan.Holder{Person: h.Person.ID, Since: h.Since}
	}
	for _, on := range change.Placed {
		on.Post.Grids = append(on.Post.Grids, on.Grid)
	}
	st := plan.NewStaff(snap, plan.DefaultStaffRules(), change.Posts, buildings)
	party := plan.NewParty(snap, demoregion.Party(grids, numberOf), nil)
	for i, o := range party.Orgs {
		o.ID = plan.PartyOrgID(i + 1)
	}
	st.Branches = party.Branches()
	var sum plan.StaffCount
	for _, n := range st.Added(demoregion.From, demoregion.To) {
		sum.Workers, sum.FullTime, sum.BuildingLeads = sum.Workers+n.Workers, sum.FullTime+n.FullTime, sum.BuildingLeads+n.BuildingLeads
		sum.UnitLeads, sum.Branches = sum.UnitLeads+n.UnitLeads, sum.Branches+n.Branches
	}
	want := plan.StaffCount{Workers: 1828, FullTime: 1299, BuildingLeads: 13321, UnitLeads: 20693, Branches: 489}
	if sum != want || len(grids) != 721 || len(g.Parents) != 564 {
		t.Errorf("%+v, want %+v; %d grids in %d communities", sum, want, len(grids), len(g.Parents))
	}
	if posts, held, persons := st.Counts(); posts != 1828+13321+20693 || held != posts || persons != posts {
		t.Errorf("%d posts, %d held by %d", posts, held, persons)
	}
	for _, l := range demoregion.Layers(grids) {
		var text bytes.Buffer
		if err := l.Write(&text); err != nil || text.Len() == 0 {
			t.Errorf("%s: %d bytes, %v", l.File, text.Len(), err)
		}
	}
}
