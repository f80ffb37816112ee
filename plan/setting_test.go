package plan_test

import (
	"testing"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
)

// A town of one large grid of 4 x 2 blocks in two grids, west and east: Main Street runs between them, the river along the
// south of no grid, and a compound lies in two blocks.
func TestWhereAGridLies(t *testing.T) {
	town, err := plantest.Town(1, 4, 2, plantest.Even(100))
	if err != nil {
		t.Fatal(err)
	}
	borders := town.Borders
	for i := range borders {
		a, _ := town.ByID(borders[i].A)
		b, _ := town.ByID(borders[i].B)
		p, q := town.Blocks[a].Label, town.Blocks[b].Label
		borders[i].At = &crs.Point{Lon: (p.Lon + q.Lon) / 2, Lat: (p.Lat + q.Lat) / 2}
		borders[i].Along = plan.Along{Barrier: plan.BarrierLane, Walk: true}
		if p.Lon != q.Lon && (a%4 == 1 || b%4 == 1) && (a%4 == 2 || b%4 == 2) {
			borders[i].Along = plan.Along{Barrier: plan.BarrierStreet, Name: "鼓楼街", Walk: true}
		}
	}
	say := func(at ...plan.GridNo) (said [2][]string) {
		g := plan.Ground{Version: 1, Parents: town.Parents, Blocks: town.Blocks, Measures: town.Measures, Names: map[string]string{"c1": "枸杞苑"}}
		g.Blocks[0].Compounds, g.Blocks[1].Compounds = []string{"c1"}, []string{"c1"}
		g.Blocks[7].Estimated = true
		ground, err := plan.NewGround(g, borders)
		if err != nil {
			t.Fatal(err)
		}
		recipe := plan.Recipe{Scope: "all", Grids: 2, Tolerance: 0.3, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
		s := plan.NewSnapshot(ground, recipe, 1, []plan.Grid{{No: 1}, {No: 2}}, at)
		for no := range plan.GridNo(2) {
			for _, l := range words.Langs {
				said[l] = append(said[l], s.Words(no+1).In(l))
			}
		}
		return said
	}
	said := say(1, 1, 2, 2, 1, 1, 2, 2)
	want := [2][]string{
		{"400户，达标，与平均数相同，东沿鼓楼街，未拆小区", "400户，达标，与平均数相同，西沿鼓楼街，含估计数"},
		{"400 households, within tolerance, equal to the average; along 鼓楼街 in the east; no compound is cut",
			"400 households, within tolerance, equal to the average; along 鼓楼街 in the west; some counts are estimates"},
	}
	for _, l := range words.Langs {
		for i := range want[l] {
			if said[l][i] != want[l][i] {
				t.Errorf("got  %s\nwant %s", said[l][i], want[l][i])
			}
		}
	}
	// Cut between the first two columns there is no street, but a compound.
	if got := say(1, 2, 2, 2, 1, 2, 2, 2)[words.Zh][0]; got != "200户，偏少：比平均少200户（50.0%），拆开小区1个（枸杞苑）" {
		t.Error(got)
	}
}
