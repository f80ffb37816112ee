package intake_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gridwright/importers/intake"
	"gridwright/plan/words"
)

// Columns are found by what files call them, the most telling name first; what only looks like a name is not taken unasked.
func TestSuggestions(t *testing.T) {
	for _, c := range []struct {
		layer, columns, want string
	}{
		{"building", "楼栋编号,楼栋名称,层数,户数(户),常住人口（人）", "code=楼栋编号 floors=层数 households=户数(户) name=楼栋名称 residents=常住人口（人）"},
		{"building", "编码,楼栋编号,名称", "code=楼栋编号 name=名称"},
		{"building", "code,楼栋编号", "code=code"},
		{"building", "楼号,小区编码,单元数", "building_no=楼号 compound=小区编码 stair_units=单元数"},
		{"building", "户 数,单元_数", "households=户 数 stair_units=单元_数"},
		{"building", "户数,户数(户)", ""},
		{"building", "常住户数", "households=常住户数 households_kind==resident"},
		{"building", "户数,常住户数", "households=户数"},
		{"building", "户数 总数,户数 其中：常住", "households=户数 总数"},
		{"building", "所属社区,社区编码,大网格", ""},
		{"building", "户主姓名,联系电话", ""},
		{"compound", "小区名称,小区代码,小区类型,无物业", "code=小区代码 kind=小区类型 name=小区名称 no_property_mgmt=无物业"},
		{"community", "社区代码,社区名称,街道代码", "code=社区代码 name=社区名称 parent=街道代码"},
		{"block", "地块编码,所属大网格", "code=地块编码 parent=所属大网格"},
		{"block", "地块编码,所属社区编", "code=地块编码 parent~所属社区编"},
		{"counts", "小区,楼号,总户数,党员数", "building_no=楼号 compound=小区 households=总户数 party_members=党员数"},
		{"counts", "地址,户数", "address=地址 households=户数"},
		{"road", "道路名称,道路等级", "class=道路等级 name=道路名称"},
		{"building", "Building_Code,Floors,Population", "code=Building_Code floors=Floors residents=Population"},
	} {
		found := intake.Suggest(c.layer, strings.Split(c.columns, ","))
		var got []string
		for _, field := range slices.Sorted(maps.Keys(found)) {
			mark := "="
			if !found[field].Exact {
				mark = "~"
			}
			got = append(got, field+mark+found[field].Column)
			if found[field].Reason.In(words.Zh) == "" {
				t.Errorf("%s: no reason for %s", c.columns, field)
			}
		}
		if s := strings.Join(got, " "); s != c.want {
			t.Errorf("%s %s:\n got %s\nwant %s", c.layer, c.columns, s, c.want)
		}
	}
}

func TestPersonalColumns(t *testing.T) {
	for _, c := range []struct {
		column string
		values []string
		want   bool
	}{
		{"户主姓名", nil, true}, {"联系方式", nil, true}, {"户数", []string{"12"}, false}, {"备注", []string{"13800138000", "", "13900139000"}, true},
		{"备注", []string{"11010519491231002X"}, true}, {"备注", []string{"110105194912310021"}, false}, {"code", []string{"640502001001", "640502001002"}, false},
		{"备注", []string{"13800138000", "a", "b"}, false},
	} {
		if got := intake.Personal(c.column, c.values); got != c.want {
			t.Errorf("%s %q: %v", c.column, c.values, got)
		}
	}
}

// estate is a compound with three buildings, and one beside it that says its compound in its name alone.
func (d *desk) estate() {
	d.Helper()
	d.must(d.order("compounds.csv", "code,name,wkt\nC1,世纪花园,\"POLYGON((105 37,105.01 37,105.01 37.01,105 37.01,105 37))\"\nC2,阳光家园,\"POLYGON((105.02 37,105.03 37,105.03 37.01,105.02 37.01,105.02 37))\"\n", "compound"))
	d.must(d.order("buildings.csv", "code,name,building_no,compound,lon,lat\n"+
		"B1,1号楼,,C1,105.001,37.001\nB2,世纪花园二号楼,,C1,105.002,37.001\nB3,,03,C1,105.003,37.001\n"+
		"B4,阳光家园1幢,,,105.021,37.001\nB5,鼓楼里小院1号楼,,,105.04,37.001\nB6,小院1号楼,,,105.05,37.001\n", "building"))
}

const liveCounts = `select layer || ' ' || code || ' ' || measure || ' ' || count from gridwright.tally where until is null order by 1`

// A list of counts finds its buildings by compound and number, by name and by address, however they are written.
func TestCountsFindTheirBuildings(t *testing.T) {
	d := newDesk(t)
	d.estate()
	r := d.must(d.order("counts.csv", "小区,楼号,楼栋名称,地址,户数\n"+
		"世纪花园,１,,,36户\n,,世纪花园 2幢,,\"1,040\"\n,,,宁夏中卫市沙坡头区滨河镇世纪花园3#,-\n阳光家园,,1号楼,,２４\n,,鼓楼里小院1栋,,5\nC2,,,,9\n", "counts"))
	notes := strings.Join(r.Notes, "\n")
	for _, want := range []string{"小区 → compound", "楼号 → building_no", "地址 → address", "户数 → households", "1 numbers have full-width", "1 numbers have a comma", "1 numbers have a unit", "1 counts are a mere dash"} {
		if !strings.Contains(notes, want) {
			t.Errorf("no note %q in\n%s", want, notes)
		}
	}
	want := "building B1 households 36\nbuilding B2 households 1040\nbuilding B4 households 24\nbuilding B5 households 5\ncompound C2 households 9"
	if got := strings.TrimSpace(d.Query(liveCounts)); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestCountsThatFindNothingOrSeveral(t *testing.T) {
	d := newDesk(t)
	d.estate()
	d.refused(d.order("counts.csv", "小区,楼号,名称,户数\n世纪花园,7,,1\n,,世纪花园1-2幢,1\n,,世纪新城3号楼,1\n世纪花园,3-1,,1\n,,小院2号楼,1\n,,没有这个小区,1\n", "counts"),
		": counts.no_such_number", ": counts.range", ": counts.no_estate", ": counts.bad_number", ": counts.no_such_number", ": counts.unnamed")
	d.must(d.order("counts.csv", "名称,户数\n世纪花园1-3幢,90\n", "counts"))
	if got := strings.TrimSpace(d.Query(liveCounts)); got != "compound C1 households 90" {
		t.Error(got)
	}
}

// Numbers people write are read, and those that are none are refused with the reason.
func TestNumbersPeopleWrite(t *testing.T) {
	d := newDesk(t)
	d.estate()
	d.refused(d.order("counts.csv", "code,户数\nB1,约30\nB2,30左右\nB3,无\nB4,20-30\nB5,30+\nB6,三十\n", "counts"),
		"B1: count.vague", "B2: count.vague", "B3: count.nothing", "B4: count.vague", "B5: count.vague", "B6: count.no_number")
}

// A workbook as it comes from an office, with a title, a head in two rows, merged cells and a total.
func TestAWorkbookOfCounts(t *testing.T) {
	d := newDesk(t)
	d.estate()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range [][]any{{"世纪花园户数表"}, {"楼栋编号", "楼栋", "户数", nil}, {nil, nil, "总数", "其中常住"}, {"B1", "1号楼", 36, 30}, {"B2", "2号楼", 40, 31}, {"合计", nil, 76, 61}} {
		_ = f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row)
	}
	for _, m := range [][2]string{{"A1", "D1"}, {"A2", "A3"}, {"B2", "B3"}, {"C2", "D2"}} {
		_ = f.MergeCell("Sheet1", m[0], m[1])
	}
	path := filepath.Join(t.TempDir(), "counts.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	r := d.must(intake.Order{File: path, Layer: "counts", Lang: words.En})
	if r.Sums["households"] != 76 || r.Taken != 2 {
		t.Errorf("%v %d %q", r.Sums, r.Taken, r.Notes)
	}
	_ = f.MergeCell("Sheet1", "C4", "C5")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	d.refused(intake.Order{File: path, Layer: "counts", Lang: words.En}, "B1: count.merged", "B2: count.merged")
}

const liveAttributes = `select code || ' ' || attributes::text from gridwright.feature where until is null and attributes is not null order by 1`

// Columns that belong to no field are named, and kept only on request; what is about persons is neither kept nor shown.
func TestColumnsThatBelongToNoField(t *testing.T) {
	d := newDesk(t)
	file := d.order("buildings.csv", "code,lon,lat,结构,备注,联系人\nB1,105.001,37.001,砖混,13800138000,张\nB2,105.002,37.001,,好,李\n", "building")
	r := d.must(file)
	notes := strings.Join(r.Notes, "\n")
	if !strings.Contains(notes, "the columns 结构 belong to no field") || !strings.Contains(notes, "备注, 联系人 tell of single persons") || strings.Contains(notes, "1380") {
		t.Error(notes)
	}
	if got := strings.TrimSpace(d.Query(liveAttributes)); got != "" {
		t.Error("kept unasked: ", got)
	}
	file.KeepColumns = true
	if r = d.must(file); r.Changed != 2 {
		t.Error(r.Changed)
	}
	const want = `B1 {"结构": "砖混"}` + "\n" + `B2 {"备注": "好"}`
	if got := strings.TrimSpace(d.Query(liveAttributes)); got != want {
		t.Errorf("got %s", got)
	}
	if r = d.must(file); r.Unchanged != 2 {
		t.Errorf("the same again: %+v", r)
	}
	// A file without those columns leaves them as they are.
	if r = d.must(d.order("buildings.csv", "code,lon,lat,floors\nB1,105.001,37.001,6\n", "building")); r.Changed != 1 {
		t.Error(r)
	}
	if got := strings.TrimSpace(d.Query(liveAttributes)); got != want {
		t.Errorf("got %s", got)
	}
	counts := d.order("counts.csv", "code,households,x\nB1,1,2\n", "counts")
	counts.KeepColumns = true
	if _, err := intake.Run(t.Context(), d.Store, counts); err == nil || !strings.Contains(err.Error(), "--keep-columns") {
		t.Error(err)
	}
}

// A cell whose value is lost is refused with its reason in words, in every kind of table.
func TestCellsWhoseValueIsLost(t *testing.T) {
	d := newDesk(t)
	f := excelize.NewFile()
	defer f.Close()
	for cell, v := range map[string]any{"A1": "code", "B1": "households", "C1": "lon", "D1": "lat", "E1": "parent", "F1": "name", "A2": "B1", "C2": 105, "D2": 37} {
		if err := f.SetCellValue("Sheet1", cell, v); err != nil {
			t.Fatal(err)
		}
	}
	for _, cell := range []string{"B2", "E2", "F2"} {
		if err := f.SetCellFormula("Sheet1", cell, "1+1"); err != nil {
			t.Fatal(err)
		}
	}
	path := filepath.Join(t.TempDir(), "lost.xlsx")
	if err := f.SaveAs(path); err != nil {
		t.Fatal(err)
	}
	for layer, want := range map[string]int{"building": 3, "counts": 2, "community": 2} {
		r, err := intake.Run(t.Context(), d.Store, intake.Order{File: path, Layer: layer, Lang: words.En})
		if err == nil {
			t.Errorf("%s was taken", layer)
			continue
		}
		lost := 0
		for _, no := range r.In(words.Zh).Refused {
			if no.Key == "cell.formula" && no.Words != "" && no.Words != no.Key && no.Field != "" {
				lost++
			}
		}
		if lost != want {
			t.Errorf("%s: %+v", layer, r.Refused)
		}
	}
}

// A column that would be taken must not depend on which row comes first.
func TestAColumnThatTurnsUpLate(t *testing.T) {
	d := newDesk(t)
	feature := func(code, more string) string {
		return `{"type":"Feature","properties":{"code":"` + code + `"` + more + `},"geometry":{"type":"Point","coordinates":[105,37]}}` + "\n"
	}
	d.refused(d.order("b.geojson", feature("B1", "")+feature("B2", `,"户数":3`), "building"), ": map.late")
	d.must(d.order("b.geojson", feature("B1", "")+feature("B2", `,"户数":3`), "building", map[string]string{"households": ""}))
	if got := strings.TrimSpace(d.Query(liveCounts)); got != "" {
		t.Error(got)
	}
	d.must(d.order("b.geojson", feature("B1", "")+feature("B2", `,"户数":3`), "building", map[string]string{"households": "户数"}))
	if got := strings.TrimSpace(d.Query(liveCounts)); got != "building B2 households 3" {
		t.Error(got)
	}
}

// drop writes a folder or, by its ending, an archive of files.
func (d *desk) drop(name string, files map[string]string) string {
	d.Helper()
	path := filepath.Join(d.TempDir(), name)
	if filepath.Ext(name) != ".zip" {
		for f, text := range files {
			_ = os.MkdirAll(filepath.Dir(filepath.Join(path, f)), 0o700)
			if err := os.WriteFile(filepath.Join(path, f), []byte(text), 0o600); err != nil {
				d.Fatal(err)
			}
		}
		return path
	}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, f := range slices.Sorted(maps.Keys(files)) {
		w, err := z.Create(f)
		if err != nil {
			d.Fatal(err)
		}
		_, _ = io.WriteString(w, files[f])
	}
	if err := z.Close(); err != nil {
		d.Fatal(err)
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		d.Fatal(err)
	}
	return path
}

const yard = `"POLYGON((105 37,105.01 37,105.01 37.01,105 37.01,105 37))"`

// A drop of several layers comes in the order in which they need each other, whatever its files are called first; all of it, or nothing.
func TestADropOfSeveralLayers(t *testing.T) {
	files := map[string]string{
		"甲镇/a户数表.csv":       "小区,楼号,户数\n世纪花园,1,36\n",
		"甲镇/b_楼栋2020.csv":   "楼栋编号,楼号,小区编码,lon,lat\nB1,1,C1,105.001,37.001\n",
		"甲镇/c小区边界.csv":      "小区编码,小区名称,wkt\nC1,世纪花园," + yard + "\n",
		"甲镇/d大网格.csv":       "编码,名称,社区代码,wkt\n640502001001-1,第一网格,640502001001," + yard + "\n",
		"甲镇/e行政区划.csv":      "区划代码,名称\n640502001001,鼓楼社区\n",
		"甲镇/f道路中心线.csv":     "名称,wkt\n鼓楼街,\"LINESTRING(105 37,105.01 37)\"\n",
		"甲镇/单元网格.csv":       "code\n1\n",
		"甲镇/照片说明.csv":       "a\n1\n",
		"甲镇/readme.txt":     "hello",
		"甲镇/小区出入口.csv":      "code\n1\n",
		"__MACOSX/._楼栋.csv": "junk",
	}
	for _, name := range []string{"drop.zip", "drop"} {
		t.Run(name, func(t *testing.T) {
			d := newDesk(t)
			if name == "drop" {
				delete(files, "__MACOSX/._楼栋.csv")
			}
			o := intake.Order{File: d.drop(name, files), Layer: intake.AutoLayer, Lang: words.En}
			dry := o
			dry.DryRun = true
			if r := d.must(dry); r.New != 6 {
				t.Errorf("dry: %+v", r)
			}
			if got := d.Query(imports); strings.TrimSpace(got) != "0" {
				t.Error("a dry run kept ", got)
			}
			r := d.must(o)
			var got []string
			for _, l := range r.Layers {
				got = append(got, fmt.Sprint(l.Layer, " ", l.New))
			}
			if want := "[community 1 large_grid 1 road 1 compound 1 building 1 counts 1]"; fmt.Sprint(got) != want {
				t.Errorf("got %v, want %s\n%q", got, want, r.Notes)
			}
			if r.Sums["households"] != 36 || strings.TrimSpace(d.Query(liveCounts)) != "building B1 households 36" {
				t.Error(r.Sums, d.Query(liveCounts))
			}
			notes := strings.Join(r.Notes, "\n")
			for _, want := range []string{"which kind of grids 甲镇/单元网格.csv are", "小区出入口.csv, 甲镇/照片说明.csv are called as no layer"} {
				if !strings.Contains(notes, want) {
					t.Errorf("no %q in %s", want, notes)
				}
			}
			if r = d.must(o); r.Unchanged != 6 || r.New+r.Changed+r.Retired != 0 {
				t.Errorf("the same again: %+v", r)
			}
		})
	}
}

func TestDropsThatAreRefusedKeepNothing(t *testing.T) {
	d := newDesk(t)
	refuse := func(files map[string]string, want ...string) {
		t.Helper()
		d.refused(intake.Order{File: d.drop("drop.zip", files), Layer: intake.AutoLayer, Lang: words.En}, want...)
	}
	refuse(map[string]string{"社区.csv": "code\n640502001001\n", "楼栋.csv": "code,户数,lon,lat\nB1,x,105,37\n"}, "B1: count.no_number")
	refuse(map[string]string{"社区.csv": "code\n640502001001\n", "大网格.csv": "code,parent\n1,nobody\n"}, "1: parent.unknown.area")
	refuse(map[string]string{"楼栋.csv": "code,lon,lat\nB1,105,37\n", "建筑物.csv": "code,lon,lat\nB1,105,37\n"}, ": drop.twice")
	refuse(map[string]string{"行政区划.csv": "code\n640502\n640502001001\n"}, ": drop.levels")
	refuse(map[string]string{"照片.csv": "code\n1\n"}, ": drop.nothing")
	refuse(map[string]string{"photo.jpg": "x"}, ": zip.nothing")
	if _, err := intake.Run(t.Context(), d.Store, intake.Order{File: d.drop("drop.zip", nil), Layer: intake.AutoLayer, Map: map[string]string{"a": "b"}}); err == nil || !strings.Contains(err.Error(), "--layer auto") {
		t.Error(err)
	}
}
