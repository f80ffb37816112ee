package intake_test

import (
	"context"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// What is stored under the code of a row that is left out stays, though the file lists its area in full.
func TestARowThatIsLeftOutRetiresNothing(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A")
	const head = "code,parent,households,wkt\n"
	at := func(code, households string) string {
		return code + ",A," + households + ",POINT(105 37)\n"
	}
	d.must(d.order("b.csv", head+at("b1", "5")+at("b2", "6")+at("b3", "7"), "building"))
	order := d.order("b.csv", head+at("b1", "5")+at("b2", "six"), "building")
	d.refused(order, "b2: count.no_number")

	order.SkipRefused, order.Preview = true, &intake.Preview{}
	r := d.must(order)
	d.want("counts", counts(r), [4]int{0, 0, 1, 1})
	d.want("buildings", d.codes(plan.BuildingLayer), "b1 b2")
	d.want("gone", r.Compared.Gone.Before[plan.Households], int64(7))
	d.want("unchanged", r.Compared.Unchanged.After[plan.Households], int64(5))
	if len(order.Preview.Features) != 2 || order.Preview.Features[0].Status != "gone" || order.Preview.Features[0].Code != "b3" {
		t.Errorf("%+v", order.Preview.Features)
	}
	rows, err := r.RowsRefused(t.Context(), order)
	if err != nil || len(rows.Rows) != 1 || rows.Total != 1 || rows.Rows[0].Cells[2] != "six" || rows.Rows[0].Field != "households" {
		t.Errorf("%+v %v", rows, err)
	}

	order = d.order("b.csv", head+at("b1", "five"), "building")
	order.SkipRefused = true
	d.refused(order, "b1: count.no_number", ": skip.nothing")
	for _, layer := range []string{intake.BlockLayer, intake.OSMLayer} {
		order.Layer = layer
		if _, err := intake.Run(t.Context(), d.Store, order); err == nil || !strings.Contains(err.Error(), "left out") {
			t.Errorf("%s: %v", layer, err)
		}
	}
}

// What is done last belongs to the import: where it fails nothing is stored.
func TestWhatIsDoneLastKeepsTheImportOut(t *testing.T) {
	d := newDesk(t)
	order := d.order("grids.csv", "code\nA\n", "large_grid")
	order.Then = func(context.Context, *postgis.Importing, postgis.ImportID, *intake.Report) error {
		return context.Canceled
	}
	if r, err := intake.Run(t.Context(), d.Store, order); err == nil || r != nil {
		t.Errorf("%v %v", r, err)
	}
	d.want("imports", d.Query(imports), "0")
	order.Then = intake.Listing(order, intake.Decisions{Layer: "large_grid", Source: intake.Source{By: "an office"}})
	d.must(order)
	d.want("list", d.Query(`select concat_ws(' ', name, way, state, decisions->>'by', report->'en'->>'taken', length(sha256)) from gridwright.import_session`), "grids.csv command committed an office 1 64")
}

// A template serves a file that has the columns it makes use of, whatever else it remembers.
func TestWhatATemplateLacks(t *testing.T) {
	d := intake.Decisions{Map: map[string]string{"code": "编号", "counted_on": "=2020-11-01"}, Where: map[string]string{"区": "A"}}
	if got := strings.Join(d.Lacking([]string{"编号", "区", "备注"}, []string{"编号", "名称"}), " "); got != "区" {
		t.Errorf("lacking: %s", got)
	}
	if got := strings.Join(d.Columns(), " "); got != "区 编号" {
		t.Errorf("columns: %s", got)
	}
	all, err := intake.Decisions{Map: map[string]string{"name": "名称"}, CRS: "EPSG:4490"}.Over([]byte(`{"layer":"building","crs":"EPSG:4523","map":{"code":"编号"}}`))
	if err != nil || all.Layer != "building" || all.CRS != "EPSG:4490" || all.Map["code"] != "编号" || all.Map["name"] != "名称" {
		t.Errorf("%+v %v", all, err)
	}
}
