package importers

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/plan/words"
)

// headOfTable reads a table as CSV and returns the names of its columns, in the order of the first row's cells, with the remarks.
func headOfTable(t testing.TB, text string) (rows []Row, found Found, err error) {
	t.Helper()
	err = readCSV(strings.NewReader(text), ',', Form{}, &found, func(r Row) error { rows = append(rows, r); return nil })
	return rows, found, err
}

func TestHeads(t *testing.T) {
	for name, c := range map[string]struct {
		table string
		want  string // columns that are in the first row, or the key of the fault
	}{
		"the first line":             {"code,户数\n1,2\n", "code 户数"},
		"one column":                 {"code\n1\n", "code"},
		"a title":                    {"楼栋表,\ncode,户数\n1,2\n", "code 户数"},
		"a title without commas":     {"楼栋表\ncode,户数\n1,2\n", "code 户数"},
		"a title and labels":         {"楼栋表,,\n填表单位：甲社区,,日期：2020年\ncode,户数,x\n1,2,3\n", "code x 户数"},
		"a title with a day":         {"2020年11月,\ncode,户数\n1,2\n", "code 户数"},
		"two rows":                   {"code,户数,\n,总数,常住\n1,2,3\n", "code 户数 常住 户数 总数"},
		"two groups":                 {"code,户数,,人口,\n,总数,常住,总数,常住\n1,2,3,4,5\n", "code 人口 常住 人口 总数 户数 常住 户数 总数"},
		"a blank column":             {"code,,户数\n1,,2\n2,,3\n", "code 户数"},
		"a blank column with things": {"code,,户数\n1,x,2\n2,,3\n", "csv.unnamed"},
		"numbers at once":            {"1,,2\n2,,3\n", "head.none"},
		"a name twice":               {"code,code\n1,2\n", "csv.header_twice"},
		"nothing below":              {"楼栋表,\ncode,户数\n", "file.no_rows"},
		"only totals below":          {"code,户数\n合计,3\n", "file.no_rows"},
		"ragged below a title":       {"楼栋表\ncode,户数\n1,2,3\n", "csv.ragged"},
		"a name in two lines":        {"code,\"建成\n年代\",\"floor\narea\"\n1,2,3\n", "code floor area 建成年代"},
		"only a title":               {"楼栋表,\n", "file.no_rows"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, _, err := headOfTable(t, c.table)
			got := ""
			if fault, ok := errors.AsType[*Fault](err); ok {
				got = fault.Key
			} else if err == nil {
				got = strings.Join(slices.Sorted(maps.Keys(rows[0].Values)), " ")
			}
			if got != c.want {
				t.Errorf("%q, want %q (%v)", got, c.want, err)
			}
		})
	}
}

func TestSeparators(t *testing.T) {
	for text, want := range map[string]rune{"a,b\n": ',', "a\tb\n": '\t', "a;b\n": ';', "标题\na;b\n": ';', "a;b,c\n": ',', "a\n": ',', "标题\na\tb\n": '\t', "a\tb;c\n": '\t'} {
		if got := separator([]byte(text)); got != want {
			t.Errorf("%q: %q, want %q", text, got, want)
		}
	}
}

func TestTotals(t *testing.T) {
	for name, c := range map[string]struct{ table, want string }{
		"right":        {"小区,户数\n甲,3\n乙,4\n合计,7\n", "row 4"},
		"wrong":        {"小区,户数\n甲,3\n乙,4\n合计,8\n", "row 4 says 8 of the column \"户数\", the rows add up to 7: a difference of 1"},
		"in parts":     {"小区,户数\n甲,3\n小计,3\n乙,4\n小计,4\n总计,7\n", "3 rows are totals"},
		"a part wrong": {"小区,户数\n甲,3\n小计,3\n乙,4\n小计,5\n总计,7\n", "the 小计 of row 5 says 5 of the column \"户数\", the rows add up to 4"},
		"at the top":   {"小区,户数\n合计,8\n甲,3\n乙,4\n", "row 2 says 8 of the column \"户数\", the rows add up to 7"},
		"with a comma": {"小区,户数\n甲,\"1,000\"\n乙,4户\n合计,1004\n", "1 rows are totals"},
		"in English":   {"name,households\na,3\nb,4\nTotal,7\n", "1 rows are totals"},
		"of a place":   {"小区,户数\n甲,3\n鼓楼社区合计,3\n乙,4\n总计,7\n", "2 rows are totals"},
	} {
		t.Run(name, func(t *testing.T) {
			rows, found, err := headOfTable(t, c.table)
			if err != nil {
				t.Fatal(err)
			}
			notes := ""
			for _, n := range found.Notes {
				notes += n.Words(words.En) + "\n"
			}
			if !strings.Contains(notes, c.want) || strings.Contains(notes, "difference") != strings.Contains(c.want, "says") {
				t.Errorf("%s\nwant %s", notes, c.want)
			}
			for _, r := range rows {
				if strings.Contains(r.Values["小区"].Text, "计") {
					t.Error("a total was taken: ", r)
				}
			}
		})
	}
}

// What an office puts round a table changes no row of it, only where the rows stand.
func TestWhatStandsRoundATableChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(2, 5).Draw(t, "width")
		names := []string{"编码", "小区名称", "户数", "层数", "floor area"}[:width]
		var body [][]string
		sum := 0
		for i := range rapid.IntRange(1, 6).Draw(t, "rows") {
			n := rapid.IntRange(0, 99).Draw(t, "n")
			sum += n
			body = append(body, []string{fmt.Sprintf("B%d", i), rapid.SampledFrom([]string{"甲园", "", "计生楼", "Sum Court"}).Draw(t, "name"), fmt.Sprint(n), "6", ""}[:width])
		}
		row := func(cells ...string) []string { return append(cells, make([]string, width-len(cells))...) }
		var around [][]string
		if rapid.Bool().Draw(t, "title") {
			around = append(around, row("滨河街道楼栋信息表"))
		}
		if rapid.Bool().Draw(t, "labels") {
			around = append(around, row("填表单位：鼓楼社区", "日期：2020-11-01"))
		}
		before := len(around)
		around = append(around, names)
		around = append(around, body...)
		if rapid.Bool().Draw(t, "total") {
			total := row("合 计")
			if width > 2 {
				total[2] = fmt.Sprint(sum)
			}
			around = append(around, total)
		}
		if rapid.Bool().Draw(t, "signed") {
			around = append(around, row("制表人：张", "审核人：李"))
		}
		read := func(records [][]string, form Form) (rows []Row, notes int) {
			var b bytes.Buffer
			w := csv.NewWriter(&b)
			_ = w.WriteAll(records)
			var found Found
			if err := readCSV(&b, ',', form, &found, func(r Row) error { rows = append(rows, r); return nil }); err != nil {
				t.Fatalf("%v\n%v", err, records)
			}
			for _, n := range found.Notes {
				if n.Key == "note.total_differs" {
					t.Fatal(n.Words(words.En))
				}
			}
			return rows, len(found.Notes)
		}
		plain, _ := read(append([][]string{names}, body...), Form{})
		got, _ := read(around, Form{})
		said, _ := read(around, Form{Head: Head{before + 1, before + 1}})
		if diff := cmp.Diff(got, said); diff != "" {
			t.Fatal(diff)
		}
		for i := range got {
			got[i].Place.Line -= before
		}
		if diff := cmp.Diff(plain, got); diff != "" {
			t.Fatal(diff)
		}
	})
}

func TestHeadsSaid(t *testing.T) {
	for text, want := range map[string]string{"3": "3", "3:4": "3:4", "3:3": "3", " 2 ": "2", "0": "", "a": "", "4:3": "", "1:9": "", "": "", "1:": ""} {
		h, err := HeadNamed(text)
		if (err != nil) != (want == "") || h.String() != want {
			t.Errorf("%q: %v %v", text, h, err)
		}
	}
}

func TestPlainNumbers(t *testing.T) {
	for text, want := range map[string]string{"12": "12 0", "１２": "12 1", "1,234": "1234 2", "1，234": "1234 2", "35户": "35 4", "３５ 户": "35 5", "1,234人": "1234 6",
		"1,2": "1,2 0", "户": "户 0", "": " 0", "-3": "-3 0", "1.5": "1.5 0", "３幢２": "３幢２ 0", "1,234,567.5": "1234567.5 2"} {
		plain, how := PlainNumber(text)
		if got := fmt.Sprint(plain, " ", how); got != want {
			t.Errorf("%q: %s, want %s", text, got, want)
		}
	}
}

// A table is read, or a sentence says why not; whatever is read has a place, and no row has more columns than the head.
func FuzzTable(f *testing.F) {
	for _, s := range []string{"楼栋表,,\ncode,户数,\n,总数,常住\n1,2,3\n合计,2,3\n制表人：,,\n", "code;n\n1;2\n", "a\tb\n1\t2\n", "合计,3\ncode,户数\n", ",,\n,a,\n"} {
		f.Add([]byte(s), 0, 0)
		f.Add([]byte(s), 2, 3)
	}
	f.Fuzz(func(t *testing.T, text []byte, first, last int) {
		var form Form
		if first > 0 && last >= first && last-first < maxHead {
			form.Head = Head{first, last}
		}
		n := 0
		var found Found
		err := readText("x.csv", bytes.NewReader(text), form, &found, func(r Row) error {
			if n++; r.Place.Line <= form.Head.Last {
				t.Fatal("a row stands in the head or above it")
			}
			checkValues(t, r)
			return nil
		})
		if _, is := errors.AsType[*Fault](err); err != nil && !is {
			t.Fatalf("an error that is no fault: %v", err)
		}
		for _, note := range found.Notes {
			if note.Words(words.Zh) == "" {
				t.Fatal("a remark without words: ", note.Key)
			}
		}
	})
}
