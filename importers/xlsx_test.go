package importers

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"pgregory.net/rapid"

	"gridwright/plan/words"
)

// book writes a workbook with one sheet, made by somebody else's program.
func book(t testing.TB, make func(f *excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	make(f)
	path := filepath.Join(t.TempDir(), "book.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	return path
}

// fill sets the cells of a sheet row by row.
func fill(f *excelize.File, sheet string, rows ...[]any) {
	for i, row := range rows {
		_ = f.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &row)
	}
}

// told writes rows as "line: column=value ..." in the order of names, and behind them what was noted, in English.
func told(rows []Row, found Found, names ...string) string {
	var b strings.Builder
	for _, r := range rows {
		fmt.Fprintf(&b, "%d:", r.Place.Line)
		for _, name := range names {
			fmt.Fprintf(&b, " %s", r.Values[name].Text)
			switch r.Values[name].Kind {
			case Merged:
				b.WriteString("*")
			case Null:
				b.WriteString("-")
			}
		}
		b.WriteString("\n")
	}
	for _, n := range found.Notes {
		fmt.Fprintln(&b, n.Words(words.En))
	}
	return b.String()
}

// The table of an office, as a workbook and as CSV: the same rows, the same remarks.
func TestATableWithAHeadInTwoRows(t *testing.T) {
	path := book(t, func(f *excelize.File) {
		fill(f, "Sheet1",
			[]any{"滨河街道楼栋信息表"},
			[]any{"填表单位：鼓楼社区", nil, nil, nil, "日期：2020-11-01"},
			[]any{"楼栋编号", "小区", "户数", nil, "层数"},
			[]any{nil, nil, "总数", "其中：\n常住"},
			[]any{"001", "甲园", 36, 30, 6},
			[]any{"002", nil, 40, 35, 6},
			[]any{},
			[]any{"003", "乙园", 24, 20, 6},
			[]any{"楼栋编号", "小区", "户数 总数", "户数 其中：常住", "层数"},
			[]any{"004", "乙园", 10, 5, 3},
			[]any{"合 计", nil, 110, 91},
			[]any{"制表人：", nil, "审核人："})
		for _, m := range [][2]string{{"A1", "E1"}, {"A3", "A4"}, {"B3", "B4"}, {"C3", "D3"}, {"E3", "E4"}, {"B5", "B6"}} {
			_ = f.MergeCell("Sheet1", m[0], m[1])
		}
	})
	rows, found, err := readAll(path, Form{})
	if err != nil {
		t.Fatal(err)
	}
	want := `5: 001 甲园* 36 30 6
6: 002 甲园* 40 35 6
8: 003 乙园 24 20 6
10: 004 乙园 10 5 3
the columns are named on row 3–4; row 1–2 above it ("滨河街道楼栋信息表" and so on) was passed over
the 合计 of row 11 says 91 of the column "户数 其中：常住", the rows add up to 90: a difference of 1
1 rows are totals and were passed over (row 11)
1 rows are labels such as who filled the table in, and were passed over (row 12)
1 rows repeat the head and were passed over (row 9)
1 cells are merged over several rows; what they say was taken for each of those
`
	names := []string{"楼栋编号", "小区", "户数 总数", "户数 其中：常住", "层数"}
	if diff := cmp.Diff(want, told(rows, found, names...)); diff != "" {
		t.Error(diff)
	}
	said, _, err := readAll(path, Form{Head: Head{3, 4}})
	if err != nil || !cmp.Equal(rows, said) {
		t.Error("the same head, said, gives other rows: ", err)
	}
	if _, _, err := readAll(path, Form{Head: Head{70, 70}}); !isFault(err, "head.missing") {
		t.Error(err)
	}

	csv := filepath.Join(t.TempDir(), "table.csv")
	text := "滨河街道楼栋信息表,,,,\n填表单位：鼓楼社区,,,,日期：2020-11-01\n楼栋编号,小区,户数,,层数\n,,总数,\"其中：\n常住\",\n001,甲园,36,30,6\n002,甲园,40,35,6\n,,,,\n003,乙园,24,20,6\n004,乙园,10,5,3\n总计,,110,90,\n"
	if err := os.WriteFile(csv, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	rows, found, err = readAll(csv, Form{})
	if err != nil {
		t.Fatal(err)
	}
	want = `6: 001 甲园 36 30 6
7: 002 甲园 40 35 6
9: 003 乙园 24 20 6
10: 004 乙园 10 5 3
the columns are named on row 3–4; row 1–2 above it ("滨河街道楼栋信息表" and so on) was passed over
1 rows are totals and were passed over (row 11)
`
	if diff := cmp.Diff(want, told(rows, found, names...)); diff != "" {
		t.Error(diff)
	}
}

func isFault(err error, key string) bool {
	fault, ok := errors.AsType[*Fault](err)
	return ok && fault.Key == key
}

// A cell says what is shown in it; what a spreadsheet has lost is told, not guessed.
func TestCells(t *testing.T) {
	path := book(t, func(f *excelize.File) {
		style := func(s excelize.Style) int { id, _ := f.NewStyle(&s); return id }
		zeros, chinese := "00000", "yyyy\"年\"m\"月\"d\"日\""
		set := func(cell string, value any, styles ...int) {
			_ = f.SetCellValue("Sheet1", cell, value)
			if len(styles) > 0 {
				_ = f.SetCellStyle("Sheet1", cell, cell, styles[0])
			}
		}
		fill(f, "Sheet1", []any{"name", "value"})
		for i, c := range []struct {
			value  any
			styles []int
		}{
			{value: "0012"}, {value: 12, styles: []int{style(excelize.Style{CustomNumFmt: &zeros})}}, {value: 640502001001}, {value: 123456789012345},
			{value: 1234567890123456}, {value: 640502001001000001.0}, {value: 105.19660000000001}, {value: true},
			{value: time.Date(2020, 11, 1, 0, 0, 0, 0, time.UTC), styles: []int{style(excelize.Style{NumFmt: 14})}},
			{value: 44136, styles: []int{style(excelize.Style{CustomNumFmt: &chinese})}}, {value: 59, styles: []int{style(excelize.Style{NumFmt: 14})}},
			{value: 0.1 + 0.2}, {value: -3}, {value: "３５户"}, {value: "6.40502E+11"},
		} {
			set(fmt.Sprintf("A%d", i+2), "x")
			set(fmt.Sprintf("B%d", i+2), c.value, c.styles...)
		}
		set("A17", "x")
		_ = f.SetCellFormula("Sheet1", "B17", "SUM(B2:B3)")
		set("A18", "x")
		_ = f.SetCellRichText("Sheet1", "B18", []excelize.RichTextRun{{Text: "世纪"}, {Text: "花园"}})
	})
	rows, _, err := readAll(path, Form{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for _, r := range rows {
		got = append(got, fmt.Sprint(r.Values["value"].Kind, " ", r.Values["value"].Text))
	}
	want := []string{"1 0012", "2 00012", "2 640502001001", "2 123456789012345", "6 cell.digits", "6 cell.digits", "2 105.1966", "3 true",
		"1 2020-11-01", "1 2020-11-01", "1 1900-02-28", "2 0.3", "2 -3", "1 ３５户", "1 6.40502E+11", "6 cell.formula", "1 世纪花园"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Sheets are layers: with several the question names them, those hidden and those empty apart.
func TestSheets(t *testing.T) {
	path := book(t, func(f *excelize.File) {
		for _, s := range []string{"楼栋", "小区", "空表", "选项"} {
			_, _ = f.NewSheet(s)
		}
		fill(f, "楼栋", []any{"code"}, []any{"b1"})
		fill(f, "小区", []any{"code"}, []any{"c1"})
		fill(f, "选项", []any{"code"}, []any{"h1"})
		_ = f.SetSheetVisible("选项", false)
	})
	_, _, err := readAll(path, Form{})
	if !isFault(err, "sheets.several") || !strings.Contains(err.Error(), "楼栋, 小区.") {
		t.Error(err)
	}
	for sheet, want := range map[string]string{"楼栋": "b1", "小区": "c1", "选项": "h1"} {
		rows, _, err := readAll(path, Form{Layer: sheet})
		if err != nil || len(rows) != 1 || rows[0].Values["code"].Text != want {
			t.Errorf("%s: %v %v", sheet, rows, err)
		}
	}
	if _, _, err := readAll(path, Form{Layer: "none"}); !isFault(err, "sheets.none") {
		t.Error(err)
	}
	zipped := filepath.Join(t.TempDir(), "drop.zip")
	data, _ := os.ReadFile(path)
	writeZip(t, zipped, map[string]string{"folder/book.xlsx": string(data)})
	if rows, _, err := readAll(zipped, Form{Layer: "小区"}); err != nil || rows[0].Values["code"].Text != "c1" {
		t.Error("in an archive: ", err)
	}
}

func writeZip(t testing.TB, path string, files map[string]string) {
	t.Helper()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	names := []string{}
	for name := range files {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.WriteString(w, files[name])
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}

// parts are those of the smallest workbook, with a sheet's XML in it.
func parts1(sheet string) map[string]string {
	return map[string]string{
		"[Content_Types].xml":        `<Types><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>`,
		"xl/workbook.xml":            `<workbook xmlns:r="r"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>`,
		"xl/_rels/workbook.xml.rels": `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`,
		"xl/worksheets/sheet1.xml":   sheet,
	}
}

const oneRow = `<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>b1</t></is></c></row></sheetData></worksheet>`

// Files that no honest program writes end in a sentence.
func TestHostileWorkbooks(t *testing.T) {
	with := func(name, text string) map[string]string {
		p := parts1(oneRow)
		p[name] = text
		return p
	}
	cell := func(c string) map[string]string {
		return parts1(`<worksheet><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>code</t></is></c></row><row r="2">` + c + `</row></sheetData></worksheet>`)
	}
	for name, c := range map[string]struct {
		parts map[string]string
		want  string // "" where it is taken
	}{
		"sound":                {parts1(oneRow), ""},
		"no content types":     {map[string]string{"xl/workbook.xml": "<workbook/>"}, "xlsx.damaged"},
		"a document":           {map[string]string{"[Content_Types].xml": "<Types/>", "word/document.xml": "<x/>"}, "file.office"},
		"an ods":               {map[string]string{"mimetype": "application/vnd.oasis.opendocument.spreadsheet", "content.xml": "<x/>"}, "file.ods"},
		"entities":             {with("xl/worksheets/sheet1.xml", `<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]>`+oneRow), "xlsx.dtd"},
		"an unknown entity":    {cell(`<c r="A2" t="inlineStr"><is><t>&a;</t></is></c>`), "xlsx.damaged"},
		"an external sheet":    {with("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" TargetMode="External" Target="http://127.0.0.1:9/"/></Relationships>`), "file.empty"},
		"a sheet elsewhere":    {with("xl/_rels/workbook.xml.rels", `<Relationships><Relationship Id="rId1" Type="x/worksheet" Target="../../../../etc/passwd"/></Relationships>`), "file.empty"},
		"a bomb":               {parts1(`<worksheet><sheetData>` + strings.Repeat(" ", 30<<20) + `</sheetData></worksheet>`), "zip.bomb"},
		"a million empty rows": {parts1(`<worksheet><sheetData>` + strings.Repeat(`<row/>`, 1<<20) + `</sheetData></worksheet>`), "file.empty"},
		"too many rows":        {parts1(`<worksheet><sheetData>` + strings.Repeat(`<row/>`, 1<<20) + `<row><c><v>1</v></c></row></sheetData></worksheet>`), "xlsx.damaged"},
		"rows backwards":       {parts1(`<worksheet><sheetData><row r="2"><c><v>1</v></c></row><row r="1"><c><v>1</v></c></row></sheetData></worksheet>`), "xlsx.damaged"},
		"cells backwards":      {cell(`<c r="B2"><v>1</v></c><c r="A2"><v>1</v></c>`), "xlsx.damaged"},
		"a cell far out":       {cell(`<c r="XFD2"><v>1</v></c>`), "xlsx.wide"},
		"no such string":       {cell(`<c r="A2" t="s"><v>7</v></c>`), "xlsx.damaged"},
		"deep":                 {cell(strings.Repeat("<a>", 100_000)), "xlsx.damaged"},
		"truncated":            {parts1(oneRow[:len(oneRow)-30]), "xlsx.damaged"},
		"a merge of nothing":   {parts1(strings.Replace(oneRow, "</worksheet>", `<mergeCells><mergeCell ref="B2:A1"/></mergeCells></worksheet>`, 1)), "xlsx.damaged"},
		"a merge of all":       {parts1(strings.Replace(oneRow, "</worksheet>", `<mergeCells><mergeCell ref="C1:XFD1048576"/></mergeCells></worksheet>`, 1)), "file.no_rows"},
		"a formula":            {cell(`<c r="A2"><f>WEBSERVICE("http://127.0.0.1:9/")</f></c>`), ""},
		"no sheets":            {with("xl/workbook.xml", `<workbook/>`), "file.empty"},
		"links beside":         {with("xl/externalLinks/externalLink1.xml", `<x/>`), ""},
	} {
		t.Run(name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "book.xlsx")
			writeZip(t, path, c.parts)
			rows, _, err := readAll(path, Form{})
			if c.want == "" && (err != nil || len(rows) != 1) || c.want != "" && !isFault(err, c.want) {
				t.Errorf("%d rows, %v; want %q", len(rows), err, c.want)
			}
		})
	}
	old := filepath.Join(t.TempDir(), "old.xls")
	if err := os.WriteFile(old, []byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"+strings.Repeat("\x00", 600)), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, _, err := readAll(old, Form{}); !isFault(err, "file.xls") {
		t.Error(err)
	}
}

// Whatever texts stand in a sheet come out of it as they went in, and as they come out of the same table as CSV.
func TestAWorkbookHoldsWhatWasPutIn(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		text := rapid.StringMatching(`[一-龥A-Za-z0-9 &<>"'_,;-]{0,12}`)
		n := rapid.IntRange(1, 4).Draw(r, "columns")
		var want [][]string
		f := excelize.NewFile()
		defer f.Close()
		for i := range rapid.IntRange(1, 5).Draw(r, "rows") {
			row := []string{fmt.Sprintf("key%d", i)}
			for range n {
				row = append(row, strings.TrimSpace(text.Draw(r, "text")))
			}
			want = append(want, row)
		}
		head := []any{"编码甲"}
		for c := range n {
			head = append(head, fmt.Sprintf("列%c", 'a'+c))
		}
		fill(f, "Sheet1", head)
		for i, row := range want {
			_ = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+2), &row)
		}
		var b bytes.Buffer
		if err := f.Write(&b); err != nil {
			r.Fatal(err)
		}
		var got [][]string
		err := readBook(b.Bytes(), func(row Row) error {
			values := []string{row.Values["编码甲"].Text}
			for c := range n {
				values = append(values, row.Values[fmt.Sprintf("列%c", 'a'+c)].Text)
			}
			got = append(got, values)
			return nil
		})
		if err != nil {
			r.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			r.Fatal(diff)
		}
	})
}

// readBook reads the only sheet of a workbook in memory.
func readBook(data []byte, each func(Row) error) error {
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return &Fault{Key: "xlsx.damaged"}
	}
	return readSheet(context.Background(), z, int64(len(data)), Form{}, new(Found), each)
}

func FuzzWorkbook(f *testing.F) {
	f.Add([]byte(oneRow), []byte(`<sst><si><t>x</t></si></sst>`), []byte(`<styleSheet><cellXfs><xf numFmtId="14"/></cellXfs></styleSheet>`))
	f.Add([]byte(`<worksheet><sheetData><row><c t="s"><v>0</v></c><c s="0"><v>44136</v></c></row><row><c><v>1</v></c><c><f>A1</f></c></row></sheetData><mergeCells><mergeCell ref="A1:A2"/></mergeCells></worksheet>`),
		[]byte(`<sst><si><r><t>a</t></r><rPh><t>b</t></rPh></si></sst>`), []byte(`<styleSheet><numFmts><numFmt numFmtId="200" formatCode="yyyy"/></numFmts><cellXfs><xf numFmtId="200"/></cellXfs></styleSheet>`))
	f.Fuzz(func(t *testing.T, sheet, shared, styles []byte) {
		p := parts1(string(sheet))
		p["xl/sharedStrings.xml"], p["xl/styles.xml"] = string(shared), string(styles)
		var b bytes.Buffer
		z := zip.NewWriter(&b)
		for name, text := range p {
			w, _ := z.Create(name)
			_, _ = io.WriteString(w, text)
		}
		_ = z.Close()
		n := 0
		err := readBook(b.Bytes(), func(r Row) error {
			if n++; r.Place.Line == 0 {
				t.Fatal("a row without a place")
			}
			checkGeometry(t, r.Geometry)
			return nil
		})
		if _, is := errors.AsType[*Fault](err); err != nil && !is {
			t.Fatalf("an error that is no fault: %v", err)
		}
		if err == nil && n == 0 {
			t.Fatal("a workbook without rows was taken")
		}
	})
}
