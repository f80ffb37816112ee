package intake_test

import (
	"testing"

	"gridwright/importers/intake"
)

const liveParty = `select o.code || ' ' || o.level || ' ' || o.kind || ' ' || o.members || coalesce(' ' || (select string_agg(g.code, '+' order by g.code)
	from gridwright.party_grid x join gridwright.grid g on (g.plan_id, g.no) = (x.plan_id, x.grid_no) where x.org_id = o.id), '')
	|| coalesce(' < ' || (select above from gridwright.party_affiliation f where f.org_id = o.id and f.until is null), '') from gridwright.party_org o order by o.code`

func TestPartyOrganisationsAreTaken(t *testing.T) {
	d, _ := staffed(t)
	const table = "党组织编码,党组织名称,类别,党员数,网格编码,隶属,成立日期,社区编码\nD0,甲社区党总支,党总支,60,,街道党工委,2019-01-01,P0\nD1,第一党支部,党支部,20,P0-01、P0-02,D0,2020-06-01,P0\nD2,三号楼党小组,党小组,3,,D1,2020-06-01,P0\n"
	want := "D0 community general_branch 60 < 街道党工委\nD1 grid branch 20 P0-01+P0-02 < D0\nD2 building group 3 < D1"
	if r := d.must(d.order("党组织.csv", table, intake.PartyLayer)); r.New != 3 || d.Query(liveParty) != want {
		t.Errorf("%d new\n%s", r.New, d.Query(liveParty))
	}
	if r := d.must(d.order("党组织.csv", table, intake.PartyLayer)); r.Unchanged != 3 {
		t.Errorf("%d changed", r.Changed)
	}
	r := d.must(d.order("党组织.csv", "党组织编码,党组织名称,类别,党员数,网格编码,隶属,成立日期,社区编码\nD1,第一党支部,党支部,21,P0-02,D0,2020-06-01,P0\n", intake.PartyLayer))
	if got := d.Query(liveParty); r.Changed != 1 || got != "D0 community general_branch 60 < 街道党工委\nD1 grid branch 21 P0-02 < D0\nD2 building group 3 < D1" {
		t.Errorf("%d changed\n%s", r.Changed, got)
	}
	d.refused(d.order("党组织.csv", "党组织编码,党组织名称,类别,党员数,网格编码\n,甲,党支部,1,\nE1,甲,党委会,1,\nE2,乙,党支部,约3,P0-01\nE3,丙,党支部,3,P0-01\nE4,丁,党支部,3,P7-01\n", intake.PartyLayer),
		": party.blank", "E1: party.kind", "E2: count.vague", "E3: party.twice", "E4: roster.no_grid")
}
