package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/sql/postgis/postgistest"
)

// staffed is a desk with a plan of two large grids of two grids each, and the estate of TestCountsFindTheirBuildings.
func staffed(t *testing.T) (*desk, plan.ID) {
	d := newDesk(t)
	postgistest.Town(t, d.Store, 2, 4, 2, func(_, _ int) int64 { return 100 })
	id := postgistest.Plan(t, d.Store, postgistest.Recipe(4))
	d.estate()
	return d, id
}

// livePosts are the posts with their places and holders.
const livePosts = `select p.kind || coalesce(' ' || p.code, '') || case when p.full_time then ' full' else '' end || coalesce(' ' || nullif(p.role, ''), '')
	|| coalesce(' ' || (select string_agg(g.code, '+' order by g.code) from gridwright.post_grid x join gridwright.grid g on (g.plan_id, g.no) = (x.plan_id, x.grid_no)
	where x.post_id = p.id), '') || coalesce(' ' || nullif(p.building, ''), '') || coalesce('/' || nullif(p.stair_unit, ''), '') || coalesce(' ' || nullif(p.lane, ''), '')
	|| ' ' || coalesce((select string_agg(w.name || coalesce(' ' || nullif(w.phone, ''), '') || coalesce(' ' || nullif(w.source, ''), '') || ' ' || h.since || coalesce('..' || h.until, ''), ', ' order by h.since)
	from gridwright.holding h join gridwright.person w on w.id = h.person_id where h.post_id = p.id), 'vacant') from gridwright.post p order by p.id`

const roster = "岗位,姓名,专兼职,来源,派出单位,联系电话,网格编码,网格名称,大网格,小区,楼号,单元,巷,任职起,身份证号\n" +
	"督导员,王一,,,街道办,138 1234 0000,P0-01、P0-02,,,,,,,2020-03-01,11010519491231002X\n" +
	"网格长,李二,,社区“两委”,,,,第一网格,P1,,,,,2020/3/1,\n" +
	"专职网格员,张三,,公益性岗位,,１３９００００１１１１,P0-01,,,,,,,2020-06-01,\n" +
	"网格员,赵四,兼职,志愿者,,,P0-01,,,,,,,2020-06-01,\n" +
	"网格员,空缺,专职,,,,P1-02,,,,,,,2020-06-01,\n" +
	"网格员,钱五,专职,招聘,,,,,,,,,,2020-06-01,\n" +
	"楼栋长,孙六,,下沉干部,税务局,,,,,世纪花园,1,,,2020-07-01,\n" +
	"单元长,孙六,,下沉干部,税务局,,,,,世纪花园,2幢,1单元,,2020-07-01,\n" +
	"巷长,周七,,,,,P1-01,,,,,,槐树巷,2020-07-01,\n" +
	"社区民警,吴八,,,,,P1-01,,,,,,,2020-07-01,\n"

func TestRosterIsTaken(t *testing.T) {
	d, _ := staffed(t)
	r := d.must(d.order("花名册.csv", roster, intake.RosterLayer))
	want := `supervisor P0-01+P0-02 王一 13812340000 2020-03-01
grid_lead P1-01 李二 committee 2020-03-01
grid_worker full P0-01 张三 13900001111 public_welfare 2020-06-01
grid_worker P0-01 赵四 volunteer 2020-06-01
grid_worker full P1-02 vacant
grid_worker full 钱五 recruited 2020-06-01
building_lead B1 孙六 seconded 2020-07-01
stair_unit_lead B2/1 孙六 seconded 2020-07-01
lane_lead P1-01 槐树巷 周七 2020-07-01
outside police P1-01 吴八 2020-07-01`
	if got := d.Query(livePosts); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if notes := strings.Join(r.Notes, "\n"); r.New != 10 || !strings.Contains(notes, "身份证号") || !strings.Contains(notes, "1 rows name no grid") {
		t.Errorf("%d new\n%s", r.New, notes)
	}
	if again := d.must(d.order("花名册.csv", roster, intake.RosterLayer)); again.Unchanged != 10 || d.Query(livePosts) != want {
		t.Errorf("once more: %d unchanged, %d changed, %d new\n%s", again.Unchanged, again.Changed, again.New, d.Query(livePosts))
	}
	// A dry run keeps nothing; what it would do is told.
	o := d.order("花名册.csv", "岗位,姓名,网格编码,任职起\n网格长,郑九,P1-01,2021-01-01\n", intake.RosterLayer)
	o.DryRun = true
	if dry := d.must(o); dry.Changed != 1 || d.Query(livePosts) != want {
		t.Errorf("%+v", dry)
	}
	o.DryRun = false
	d.must(o)
	if got := d.Query(livePosts); !strings.Contains(got, "grid_lead P1-01 李二 committee 2020-03-01..2021-01-01, 郑九 2021-01-01") {
		t.Error(got)
	}
}

func TestRosterRefusesWithReasons(t *testing.T) {
	d, id := staffed(t)
	d.Query(`update gridwright.grid set gone = true where code = 'P1-02' returning 1`)
	bad := "岗位,岗位编号,姓名,专兼职,联系电话,网格编码,网格名称,楼栋编码,小区,楼号,单元\n" +
		"楼长,,甲,,,P0-01,,,,,\n" + "网格员,,乙,,,P0-01,,,,,\n" + "网格长,,丙,,,P9-01,,,,,\n" + "网格长,,丁,,,,第一网格,,,,\n" + "网格长,,戊,,,P1-02,,,,,\n" +
		"楼栋长,,己,,,,,B77,,,\n" + "单元长,,庚,,,,,B1,,,三\n" + "单元长,,庚,,,,,,世纪花园,9,1\n" + "楼栋长,,辛,,,,,,,,\n" + "网格员,W1,壬,专职,,P0-02,,,,,\n" +
		"网格员,W1,癸,专职,,P0-02,,,,,\n" + "网格长,,子,,没有电话,P0-02,,,,,\n" + "网格员,,11010519491231002X,专职,,P0-02,,,,,\n"
	o := d.order("roster.csv", bad, intake.RosterLayer)
	d.refused(o, ": roster.post", ": roster.full_time_blank", ": roster.no_grid", ": roster.grids", ": roster.grid_gone", ": roster.no_place", ": roster.phone",
		": text.personal", ": roster.no_building", ": counts.no_such_number")
	// The two in one full-time post come to light when all else is right.
	d.refused(d.order("roster.csv", "岗位,岗位编号,姓名,专兼职,网格编码\n网格员,W1,壬,专职,P0-02\n网格员,W1,癸,专职,P0-02\n", intake.RosterLayer), ": roster.two_holders")
	o.SkipRefused = true
	r := d.must(o)
	if got, want := d.Query(livePosts), "stair_unit_lead B1/3 庚"; r.Taken != 2 || !strings.HasPrefix(got, want) || !strings.Contains(got, "grid_worker W1 full P0-02 壬") {
		t.Errorf("%d taken\n%s", r.Taken, got)
	}
	d.refused(d.order("roster.csv", fmt.Sprintf("岗位,姓名,网格编码,方案\n网格长,甲,P0-01,%s\n网格长,乙,P0-02,9\n", id), intake.RosterLayer), ": roster.plans")
}
