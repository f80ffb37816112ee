package intake_test

import (
	"os"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan"
)

const areas = `select level || ' ' || a.code || ' ' || a.name || ' ' || coalesce((select code from gridwright.area where id = a.parent_id), '-')
	|| ' ' || (geom is not null) from gridwright.area a order by level, a.code collate "C"`

func TestAreas(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("city.csv", "code,name\n6405,中卫市\n", "city"))
	const grids = `code,name,parent,wkt
007,东一,6405,"POLYGON((105 37,105.1 37,105.1 37.1,105 37))"
008,东二,6405,
`
	r := d.must(d.order("grids.csv", grids, "large_grid"))
	d.want("counts", counts(r), [4]int{2, 0, 0, 0})
	d.want("areas", d.Query(areas), "city 6405 中卫市 - false\nlarge_grid 007 东一 6405 true\nlarge_grid 008 东二 6405 false")

	r = d.must(d.order("grids.csv", grids, "large_grid"))
	d.want("counts of the same again", counts(r), [4]int{0, 0, 2, 0})

	r = d.must(d.order("names.csv", "id,label\n008,西二\n009,西三\n", "large_grid", map[string]string{"code": "id", "name": "label"}))
	d.want("counts of new names", counts(r), [4]int{1, 1, 0, 0})
	d.want("areas", d.Query(areas), "city 6405 中卫市 - false\nlarge_grid 007 东一 6405 true\nlarge_grid 008 西二 6405 false\nlarge_grid 009 西三 - false")
}

// A slip of the pen in an area's boundary is settled and told of; where nobody can tell what was meant the row is refused.
func TestBoundariesThatCrossThemselves(t *testing.T) {
	d := newDesk(t)
	r := d.must(d.order("drawn.csv", `code,wkt
loop,"POLYGON((105 37,105.01 37,105.01 37.01,105.005 37.01,105.00495 37.01003,105.00505 37.01003,105.005 37.01,105 37.01,105 37))"
spike,"POLYGON((106 37,106.01 37,106.01 37.01,106.005 37.01,106.005 37.02,106.005 37.01,106 37.01,106 37))"
`, "community"))
	d.want("findings", len(r.Findings), 2)
	d.want("the first", r.Findings[0].Words, "the boundary of loop crosses itself or turns back (1 places, one at 105.00495 37.01003); 14.8 square metres were in doubt, and what the boundary lies round was taken")
	d.want("valid", d.Query(`select bool_and(st_isvalid(geom)) from area`), "true")

	r = d.refused(d.order("tie.csv", "code,wkt\ntie,\"POLYGON((105 37,105.01 37.01,105.01 37,105 37.01,105 37))\"\n", "community"), "tie: flaw.self_crossing")
	d.want("refusal", r.Refused[0].Words, "a ring crosses itself (at 105.005 37.005)")
}

func TestLayersThatCannotBeImported(t *testing.T) {
	d := newDesk(t)
	_, err := intake.Run(t.Context(), d.Store, d.order("x.csv", "code\n1\n", "service_point"))
	d.want("refusal", err.Error(), `the layer "service_point" cannot be imported yet; these can: region, city, county, subdistrict, community, large_grid, block, road, water, railway and 9 more`)
}

// Areas whose files say nothing of what they lie in find it by their codes; a file that contradicts them is refused.
func TestParentsByCode(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("county.csv", "code,name\n640502,沙坡头区\n", "county"))
	d.must(d.order("towns.csv", "code,name\n640502100,滨河镇\n640521100,宁安镇\n", "subdistrict"))
	r := d.must(d.order("villages.csv", "code,name\n640502100002,向阳巷居委会\n640502101001,文昌阁\n640522100001,海兴\nX1,某村\n", "community"))
	if len(r.Notes) != 2 {
		t.Errorf("%q", r.Notes)
	}
	const tree = `select a.code || ' in ' || coalesce(p.code, '-') from gridwright.area a left join gridwright.area p on p.id = a.parent_id order by a.code collate "C"`
	want := "640502 in -\n640502100 in 640502\n640502100002 in 640502100\n640502101001 in 640502\n640521100 in -\n640522100001 in -\nX1 in -"
	if got := d.Query(tree); got != want {
		t.Errorf("the tree is\n%s\nwant\n%s", got, want)
	}
	d.refused(d.order("wrong.csv", "code,name,parent\n640502100003,光明,640521100\n", "community"), "640502100003: parent.contradicts")
}

// The codes of a real city load as a tree by two commands, without a drawing.
func TestCodesOfACity(t *testing.T) {
	const dir = "../../../shared/data/cn-zhongwei-codes/"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the codes of Zhongwei are not here: ", err)
	}
	d := newDesk(t)
	d.must(intake.Order{File: dir + "streets_6405.csv", Layer: "subdistrict"})
	d.must(intake.Order{File: dir + "villages_6405.csv", Layer: "community"})
	const tree = `select count(*) || ' ' || count(parent_id) from gridwright.area where level = 'community'`
	if got := d.Query(tree); got != "516 516" {
		t.Errorf("communities, and those in a town: %s", got)
	}
	if got := d.Query(`select count(*)::text from gridwright.area a join gridwright.area p on p.id = a.parent_id where left(a.code, 9) <> p.code`); got != "0" {
		t.Errorf("%s lie in another town than their codes say", got)
	}
	residents := 0
	for code := range strings.Lines(d.Query(`select code from gridwright.area where level = 'community' and left(code, 6) = '640502'`)) {
		if plan.CommitteeOf(strings.TrimSpace(code)) == plan.ResidentsCommittee {
			residents++
		}
	}
	if residents != 36 {
		t.Errorf("%d residents' committees in the county, want 36", residents)
	}
}
