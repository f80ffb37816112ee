package report_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report"
	"gridwright/report/draw"
	"gridwright/sql/postgis"
)

// full is the plan of paper with all that reports may need: two buildings, a compound, staff, a branch, the grids there were before, grids of
// two departments, and names that are awkward.
func full(t testing.TB) *report.Paper {
	t.Helper()
	p := paper(t)
	s := p.Snapshot
	at := func(b int32) crs.Point { return s.Ground.Blocks[b].Label }
	p.Things = []postgis.PlacedThing{
		{Layer: plan.BuildingLayer, Code: "B10", Compound: "C1", Number: "10", Floors: 6, Block: 1, At: at(1), Tallies: []plan.Tally{{Measure: plan.Households, Kind: plan.Registered, Count: 9}, {Measure: plan.Households, Kind: plan.Resident, On: "2026-01-31", Count: 7}, {Measure: plan.StairUnits, Count: 2}}},
		{Layer: plan.BuildingLayer, Code: "B2", Compound: "C1", Number: "2", Block: 0, At: at(0), Tallies: []plan.Tally{{Measure: plan.Households, Kind: plan.Resident, On: "2026-02-28", Count: 4}}},
		{Layer: plan.BuildingLayer, Code: "B3", Name: "+cmd|' /C calc'!A0", Block: 7, At: at(7)},
		{Layer: plan.CompoundLayer, Code: "C1", Name: "\u202e园花\n世纪😀𬭎", Block: 0, At: at(0), NoPropertyMgmt: plan.Yes, NoSecurity: plan.Yes, NoEnclosure: plan.Yes},
		{Layer: plan.OrganisationLayer, Code: "O1", Name: "@SUM(A1)", Block: 3, At: at(3), NewOrg: plan.Yes},
	}
	holder := func(id plan.PersonID, name string) *plan.Holder {
		return &plan.Holder{Person: id, Name: name, Phone: "13900001234", Source: "recruited", Home: "=cmd", Since: "2026-01-05"}
	}
	posts := []*plan.Post{
		{ID: 1, Kind: plan.GridLead, Since: "2026-01-01", Grids: []plan.GridNo{1}, Holder: holder(1, "李明")},
		{ID: 2, Kind: plan.GridWorker, FullTime: true, Since: "2026-01-01", Grids: []plan.GridNo{1}, Holder: holder(1, "李明")},
		{ID: 3, Kind: plan.GridWorker, Since: "2025-06-01", Grids: []plan.GridNo{2}, Holder: holder(2, "张<b>")},
		{ID: 4, Kind: plan.BuildingLead, Since: "2026-01-01", Building: "B2", Holder: holder(3, "王")},
		{ID: 5, Kind: plan.StairUnitLead, Since: "2026-01-01", Building: "B10", StairUnit: "1"},
	}
	houses := []plan.StaffBuilding{{Code: "B2", Name: "2号楼", Grid: 1, StairUnits: 1, Households: 4}, {Code: "B10", Name: "10号楼", Grid: 2, StairUnits: 2, Households: 7}}
	p.Staff = plan.NewStaff(s, plan.DefaultStaffRules(), posts, houses)
	org := &plan.PartyOrg{ID: 1, Code: "D1", Name: "第一支部", Level: plan.GridParty, Kind: plan.Branch, Area: "990101001", Members: 60, Since: "2026-01-02", Grids: []plan.GridNo{1, 2}}
	p.Party = plan.NewParty(s, []*plan.PartyOrg{org}, p.Ancestors)
	p.Staff.Branches, p.Staff.Above = p.Party.Branches(), p.Ancestors
	half := 0.5
	p.Lineage = []plan.LineageRow{
		{Kind: plan.ChangeSplit, Old: &plan.LineageGrid{Code: "P0", Name: "=1+1", Count: 60}, New: &plan.LineageGrid{Code: "P0-01", Name: "第一网格", NameEn: "Grid 1", Count: 30}, Count: 30, OldShare: &half, Buildings: 1},
		{Kind: plan.ChangeSplit, Old: &plan.LineageGrid{Code: "P0", Name: "=1+1", Count: 60}, New: &plan.LineageGrid{Code: "P0-02", Name: "第二网格", Count: 30}, Count: 30, OldShare: &half, Buildings: 1},
		{Kind: plan.ChangeNone, Old: &plan.LineageGrid{Code: "P1"}, New: &plan.LineageGrid{Code: "P1-01", Count: 40}, Count: 40},
		{Kind: plan.ChangeAbolish, Old: &plan.LineageGrid{Code: "P1", Count: 60}, Count: 20},
	}
	for i, f := range s.Findings() {
		one := plan.Checked{Finding: f}
		if i == 0 {
			one.Waiver = &plan.Waiver{Reason: "-现场已核", By: "赵"}
		}
		p.Checked = append(p.Checked, one)
	}
	whole := s.Ground.Box()
	p.Departments = []postgis.DepartmentGrid{
		{Department: "公安", Code: "001", Name: "警一", Holder: "孙", Shape: rectangle(whole.Min, whole.Max)},
		{Department: "城管", Code: "A", Shape: rectangle(whole.Min, at(1))},
	}
	return p
}

func rectangle(low, high crs.Point) shape.MultiPolygon {
	return shape.MultiPolygon{{shape.Ring{low, {Lon: high.Lon, Lat: low.Lat}, high, {Lon: low.Lon, Lat: high.Lat}}}}
}

// wishes returns a wish for each table there is.
func wishes(format string, l words.Lang) (all []report.Wish) {
	for _, k := range report.Kinds() {
		if k.Name[0] != 'T' {
			continue
		}
		w := report.Wish{Kind: k.Name, Format: format, Lang: l}
		if k.Name == "T4" {
			w.From, w.To = "2026-01-01", "2026-12-31"
		}
		all = append(all, w)
	}
	return all
}

// A person has read these files.
func TestTablesAreAsRead(t *testing.T) {
	for _, l := range words.Langs {
		var got strings.Builder
		for _, w := range wishes("csv", l) {
			table, _, _ := strings.Cut(strings.TrimPrefix(string(wished(t, full(t), w)), "\uFEFF"), "\r\n\r\n")
			got.WriteString("== " + w.Kind + "\n" + strings.ReplaceAll(table, "\r\n", "\n") + "\n")
		}
		name := filepath.Join("testdata", "tables."+l.String()+".golden.csv")
		if *update {
			if err := os.WriteFile(name, []byte(got.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), got.String()); diff != "" {
			t.Errorf("%s: (-golden +got)\n%s", name, diff)
		}
	}
}

// A workbook and a JSON document hold the rows of the CSV, and nothing in a workbook is a formula.
func TestFormatsAgree(t *testing.T) {
	for i, w := range wishes("csv", words.Zh) {
		p := full(t)
		text, _, _ := strings.Cut(strings.TrimPrefix(string(wished(t, p, w)), "\uFEFF"), "\r\n\r\n")
		records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
		if err != nil {
			t.Fatal(err)
		}
		w = wishes("xlsx", words.Zh)[i]
		book, err := excelize.OpenReader(bytes.NewReader(wished(t, p, w)))
		if err != nil {
			t.Fatal(err)
		}
		name := book.GetSheetName(0)
		rows, err := book.GetRows(name, excelize.Options{RawCellValue: true})
		if err != nil {
			t.Fatal(err)
		}
		for r, record := range records[1:] {
			for c, want := range record {
				got := ""
				if row := rows[4+r]; c < len(row) {
					got = row[c]
				}
				if got != want && "'"+got != want && !sameNumber(got, want) && strings.ReplaceAll(got, "\r\n", "\n") != strings.ReplaceAll(want, "\r\n", "\n") {
					t.Errorf("%s row %d, column %d: the sheet has %q, the CSV %q", w.Kind, r, c, got, want)
				}
				at, _ := excelize.CoordinatesToCellName(c+1, 5+r)
				if formula, err := book.GetCellFormula(name, at); err != nil || formula != "" {
					t.Errorf("%s %s: the formula %q (%v)", w.Kind, at, formula, err)
				}
			}
		}
		book.Close()
		var document struct {
			Columns []struct{ Key string }
			Rows    []map[string]any
			Totals  map[string]any
			Stamp   map[string]string
		}
		w.Format = "json"
		if err := json.Unmarshal(wished(t, p, w), &document); err != nil {
			t.Fatalf("%s: %v", w.Kind, err)
		}
		rest := len(records) - 1 - len(document.Rows)
		if len(document.Columns) != len(records[0]) || rest != map[bool]int{true: 1, false: 0}[document.Totals != nil] || len(document.Stamp["hash"]) != 64 {
			t.Errorf("%s: JSON has %d rows of %d columns and totals %v, CSV %d", w.Kind, len(document.Rows), len(document.Columns), document.Totals, len(records))
		}
	}
}

// An empty plan has empty tables, each with a sentence that says so.
func TestEmptyPlan(t *testing.T) {
	g, err := plan.NewGround(plan.Ground{Version: 1}, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := plan.NewSnapshot(g, plan.Recipe{Scope: "all", Grids: 1, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}, 1, nil, nil)
	p := &report.Paper{Plan: 1, Name: "空", Snapshot: s, Staff: plan.NewStaff(s, plan.DefaultStaffRules(), nil, nil), Party: plan.NewParty(s, nil, nil)}
	for _, w := range wishes("xlsx", words.Zh) {
		book, err := excelize.OpenReader(bytes.NewReader(wished(t, p, w)))
		if err != nil {
			t.Fatal(err)
		}
		said, err := book.GetCellValue(book.GetSheetName(0), "A4")
		if err != nil || said == "" {
			t.Errorf("%s says %q (%v)", w.Kind, said, err)
		}
		book.Close()
	}
}

// A scope is a part of the whole: the rows of all parents are those of the plan.
func TestScopesAddUp(t *testing.T) {
	count := func(scope string) (n int) {
		var document struct{ Rows []map[string]any }
		if err := json.Unmarshal(wished(t, full(t), report.Wish{Kind: "T1", Format: "json", Scope: scope}), &document); err != nil {
			t.Fatal(err)
		}
		return len(document.Rows)
	}
	if whole, a, b, one := count(""), count("P0"), count("990101002"), count("P0-02"); whole != a+b || count("990101") != whole || one != 1 {
		t.Errorf("%d rows are not %d and %d, or a grid has %d", whole, a, b, one)
	}
}

// Shares of what a department's grid has add up to all of it, whatever the grids are; so do those of the plan's grids where the department covers
// the ground.
func TestCrosswalkSharesAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		p := full(t)
		box := p.Snapshot.Ground.Box()
		middle := crs.Point{Lon: box.Min.Lon + crs.Coord(rapid.IntRange(1, int(box.Max.Lon-box.Min.Lon)-1).Draw(rt, "line")), Lat: box.Max.Lat}
		p.Departments = []postgis.DepartmentGrid{{Department: "D", Code: "west", Shape: rectangle(box.Min, middle)},
			{Department: "D", Code: "east", Shape: rectangle(crs.Point{Lon: middle.Lon, Lat: box.Min.Lat}, box.Max)}}
		var document struct {
			Rows []struct {
				Grid    string `json:"department_grid"`
				Code    string
				Overlap int64
				OfOld   *float64 `json:"of_old"`
				OfNew   *float64 `json:"of_new"`
			}
		}
		if err := json.Unmarshal(wished(t, p, report.Wish{Kind: "T8", Format: "json"}), &document); err != nil {
			rt.Fatal(err)
		}
		olds, news, sum := map[string]float64{}, map[string]float64{}, int64(0)
		for _, r := range document.Rows {
			olds[r.Grid] += *r.OfOld
			news[r.Code] += *r.OfNew
			sum += r.Overlap
		}
		if want := p.Snapshot.Ground.Total(0); sum != want {
			rt.Errorf("the rows have %d households, the plan %d", sum, want)
		}
		for _, of := range []map[string]float64{olds, news} {
			for name, all := range of {
				if all < 1-1e-9 || all > 1+1e-9 {
					rt.Errorf("the shares of %s add up to %v", name, all)
				}
			}
		}
	})
}

// Every table can be printed, in both languages, and is the same twice.
func TestPrinted(t *testing.T) {
	if draw.Ready() != nil {
		t.Skip("the font is not there")
	}
	for _, l := range words.Langs {
		for _, w := range wishes("pdf", l) {
			if data := wished(t, full(t), w); !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Equal(data, wished(t, full(t), w)) {
				t.Errorf("%s in %v is no PDF, or not the same twice", w.Kind, l)
			}
		}
	}
	p := full(t)
	for _, format := range []string{"pdf", "docx"} {
		if data := wished(t, p, report.Wish{Kind: "D4", Format: format}); len(data) < 5000 {
			t.Errorf("D4 as %s has %s bytes", format, strconv.Itoa(len(data)))
		}
	}
}
