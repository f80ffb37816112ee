package report_test

import (
	"bytes"
	"encoding/csv"
	"errors"
	"flag"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"

	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
	"gridwright/report"
)

var update = flag.Bool("update", false, "write the golden files anew")

// paper is a plan of two large grids of 3 x 2 blocks of 10 households, in two communities: grid 1 is even, 2 holds more
// than the tolerance allows, 3 is in two pieces and 4 is empty; one block is in no grid. Names are awkward.
func paper(t testing.TB) *report.Paper {
	t.Helper()
	g, err := plantest.Town(2, 3, 2, plantest.Even(10))
	if err != nil {
		t.Fatal(err)
	}
	g.Parents[0].Name = "=1+1"
	g.Parents[0].Parent, g.Parents[1].Parent = 11, 12
	above := map[plan.AreaID]plan.Area{
		1: g.Parents[0], 2: g.Parents[1],
		11: {ID: 11, Level: plan.Community, Code: "990101001", Name: "东园社区", NameEn: "Dongyuan", Parent: 20},
		12: {ID: 12, Level: plan.Community, Code: "990101002", Name: "“引号”,逗号社区", Parent: 20},
		20: {ID: 20, Level: plan.Subdistrict, Code: "990101", Name: "鼓楼街道", NameEn: "Gulou"},
	}
	grids := []plan.Grid{
		{No: 1, Parent: 0, GridProps: plan.GridProps{Code: "P0-01", Name: "第一网格", NameEn: "Grid 1"}}, {No: 2, Parent: 0, GridProps: plan.GridProps{Code: "P0-02", Name: "第二网格", NameEn: "Grid 2"}},
		{No: 3, Parent: 1, GridProps: plan.GridProps{Code: "P1-01", Name: "第一网格", NameEn: "Grid 1"}}, {No: 4, Parent: 1, GridProps: plan.GridProps{Code: "P1-02", Name: "第二网格"}},
	}
	r := plan.Recipe{Scope: "all", Grids: 4, Tolerance: 0.05, Seed: 7, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}, {Measure: plan.StairUnits, Weight: 0.5}}}
	s := plan.NewSnapshot(g, r, 3, grids, []plan.GridNo{1, 2, 2, 1, 1, 2, 3, 0, 3, 3, 0, 3})
	return &report.Paper{Plan: 5, Name: "测试方案 <b>", Snapshot: s, Result: plan.Result{Solver: "gridwright-partition/0", Effort: 400}, Ancestors: above}
}

func write(t testing.TB, format string, p *report.Paper, l words.Lang) []byte {
	t.Helper()
	return wished(t, p, report.Wish{Kind: "T1", Format: format, Lang: l})
}

func wished(t testing.TB, p *report.Paper, wish report.Wish) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := report.Write(t.Context(), &out, p, wish); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// A person has read these files.
func TestGridListIsAsRead(t *testing.T) {
	for _, l := range words.Langs {
		name := filepath.Join("testdata", "gridlist."+l.String()+".golden.csv")
		got := write(t, "csv", paper(t), l)
		if *update {
			if err := os.WriteFile(name, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s: (-golden +got)\n%s", name, diff)
		}
	}
}

// column returns the position of a head and its values down to the totals, which come last.
func column(t testing.TB, records [][]string, head string) []string {
	t.Helper()
	at := slices.Index(records[0], head)
	if at < 0 {
		t.Fatalf("no column %q in %q", head, records[0])
	}
	var values []string
	for _, r := range records[1:] {
		values = append(values, r[at])
	}
	return values
}

// The totals are those of the blocks, whether they are in a grid or not.
func TestTotalsAreTheGrounds(t *testing.T) {
	p := paper(t)
	text := strings.TrimPrefix(string(wished(t, p, report.Wish{Kind: "T1", Format: "csv", Lang: words.En, Columns: []string{"no", "name", "blocks", "households", "stair_units"}})), "\uFEFF")
	table, _, _ := strings.Cut(text, "\r\n\r\n")
	records, err := csv.NewReader(strings.NewReader(table)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(records) != 1+4+1+1 { // head, grids, one row for what is in none, totals
		t.Errorf("%d records", len(records))
	}
	for head, want := range map[string]int64{"Households": p.Snapshot.Ground.Total(0), "Stair units": p.Snapshot.Ground.Total(1), "Blocks": 12} {
		values := column(t, records, head)
		var sum int64
		for _, v := range values[:len(values)-1] {
			n, err := strconv.ParseInt(v, 10, 64)
			if err != nil {
				t.Fatal(err)
			}
			sum += n
		}
		if total := values[len(values)-1]; sum != want || total != strconv.FormatInt(want, 10) {
			t.Errorf("%s: rows sum to %d, the total says %s, there are %d", head, sum, total, want)
		}
	}
}

// A row is as high as the lines of its longest text: "within tolerance: ..." takes two in English, and none in Chinese is cut.
func TestWorkbookRowsHaveRoom(t *testing.T) {
	for _, lang := range words.Langs {
		f, err := excelize.OpenReader(bytes.NewReader(write(t, "xlsx", paper(t), lang)))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		sheet := f.GetSheetName(0)
		rows, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range rows[4:9] {
			height, err := f.GetRowHeight(sheet, 5+i)
			if err != nil {
				t.Fatal(err)
			}
			for c, text := range row {
				letter, _ := excelize.ColumnNumberToName(c + 1)
				width, err := f.GetColWidth(sheet, letter)
				if err != nil {
					t.Fatal(err)
				}
				broad := len(text) - strings.Count(text, "") + 1 // bytes beyond one a character
				if lines := math.Ceil(float64(len(text)-broad/2) / width); height < 11*lines {
					t.Errorf("%v: %q takes %v lines of a row %v points high", lang, text, lines, height)
				}
			}
		}
	}
}

// A spreadsheet holds what the CSV holds: numbers as numbers, codes as text, and no formula.
func TestWorkbook(t *testing.T) {
	p := paper(t)
	data := write(t, "xlsx", p, words.Zh)
	if !bytes.Equal(data, write(t, "xlsx", p, words.Zh)) {
		t.Error("two writings differ")
	}
	f, err := excelize.OpenReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	sheet := f.GetSheetName(0)
	rows, err := f.GetRows(sheet, excelize.Options{RawCellValue: true})
	if err != nil {
		t.Fatal(err)
	}
	if rows[0][0] != "网格一览表" || !strings.Contains(rows[1][0], "虚构") {
		t.Errorf("head: %q %q", rows[0], rows[1])
	}
	heads, first := rows[3], rows[4]
	text := strings.TrimPrefix(string(write(t, "csv", p, words.Zh)), "\uFEFF")
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for c, got := range first { // empty cells at the end are left out
		if want := records[1][c]; got != want && "'"+got != want && !sameNumber(got, want) { // CSV alone needs the apostrophe
			t.Errorf("%s: the sheet has %q, the CSV %q", heads[c], got, want)
		}
	}
	for at, want := range map[string]excelize.CellType{"E5": excelize.CellTypeInlineString, "A5": excelize.CellTypeUnset} {
		if kind, err := f.GetCellType(sheet, at); err != nil || kind != want {
			t.Errorf("%s is of type %v (%v), not %v", at, kind, err, want)
		}
	}
	if formula, err := f.GetCellFormula(sheet, "E5"); err != nil || formula != "" {
		t.Errorf("a name became the formula %q (%v)", formula, err)
	}
}

func sameNumber(a, b string) bool {
	x, err1 := strconv.ParseFloat(a, 64)
	y, err2 := strconv.ParseFloat(b, 64)
	return err1 == nil && err2 == nil && math.Abs(x-y) < 1e-6
}

func TestUnknownReports(t *testing.T) {
	for _, wish := range []report.Wish{{Kind: "T99", Format: "xlsx"}, {Kind: "T1", Format: "docx"}, {}, {Kind: "T1", Format: "csv", From: "2026-01-01"},
		{Kind: "T4", Format: "csv", From: "1.1.2026"}, {Kind: "T4", Format: "csv", From: "2026-02-01", To: "2026-01-01"}, {Kind: "D4", Format: "pdf", Scope: "P0"}} {
		err := wish.Known()
		if fault, ok := errors.AsType[*plan.Fault](err); !ok || fault.Kind != plan.Invalid {
			t.Errorf("%v: %v", wish, err)
		}
		if err := report.Write(t.Context(), &bytes.Buffer{}, paper(t), wish); err == nil {
			t.Errorf("%v was written", wish)
		}
	}
	for _, wish := range []report.Wish{{Kind: "T1", Format: "csv", Scope: "P9"}, {Kind: "T1", Format: "csv", Columns: []string{"code", "colour"}}} {
		if err := report.Write(t.Context(), &bytes.Buffer{}, paper(t), wish); plan.KindOf(err) != plan.Invalid {
			t.Errorf("%v: %v", wish, err)
		}
	}
}

// Columns an office has settled are those a plan has; what it has not is left out and named on the paper, and a package goes on.
func TestColumnsAPlanHasNot(t *testing.T) {
	p := paper(t)
	p.Office.Columns = map[string][]string{"T1": {"code", "deviation_residents", "households"}}
	for l, said := range map[words.Lang]string{words.Zh: "此方案没有的列,deviation_residents", words.En: "Columns this plan has not,deviation_residents"} {
		got := string(write(t, "csv", p, l))
		if head, _, _ := strings.Cut(got, "\n"); strings.Count(head, ",") != 1 {
			t.Errorf("the head is %q", head)
		}
		if !strings.Contains(got, said) {
			t.Errorf("nothing is said of it:\n%s", got)
		}
	}
	for _, columns := range [][]string{{"Code"}, {"=1+1"}, {""}, slices.Repeat([]string{"code"}, 101)} {
		if err := report.CheckColumns(map[string][]string{"T1": columns}); plan.KindOf(err) != plan.Invalid {
			t.Errorf("%q were taken: %v", columns[0], err)
		}
	}
}
