package server_test

import (
	"archive/zip"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"

	"gridwright/importers/groundwork"
	"gridwright/plan"
	"gridwright/sql/postgis/postgistest"
)

// bookDoc is the base book as it is answered.
type bookDoc struct {
	Rows []struct {
		Key, Level, Code, Kind, Boundary, Ground, Sheet string
		LargeGrids                                      int `json:"large_grids"`
		Path                                            []struct{ Code string }
		Buildings                                       struct{ Drawn, Uncounted, Unplaced int }
		Compounds, Organisations, Unmatched             int
		ThreeNo                                         int     `json:"three_no"`
		NewOrgs                                         int     `json:"new_orgs"`
		RoadsKM                                         float64 `json:"roads_km"`
		BackLanesKM                                     float64 `json:"back_lanes_km"`
		Counts                                          []struct {
			Measure string
			Count   int64
			Newest  string
		}
	}
	Next   *string
	Total  struct{ Rows, Compounds, Unmatched int }
	Totals []struct {
		Code string
		Rows int
	}
	Outside map[string]int
}

func (b bookDoc) households(row int) int64 {
	for _, c := range b.Rows[row].Counts {
		if c.Measure == "households" {
			return c.Count
		}
	}
	return 0
}

// district is a town of two communities under one subdistrict, and a third that only its large grid is drawn of.
func district(t *testing.T) *house {
	h := &house{T: t, store: postgistest.Open(t)}
	h.url = serve(t, h.store, "")
	h.take("subdistrict", "code,name", "640502100,滨河镇")
	h.take("community", "code,name,wkt", "640502100002,甲社区,"+rectangle(0, 0, 10, 10), "640502100201,乙村,"+rectangle(10, 0, 20, 10), "640502100003,丙社区,")
	h.take("large_grid", "code,parent,wkt", "G,640502100003,"+rectangle(0, 10, 20, 20))
	h.take("compound", "code,name,kind,no_property_mgmt,no_security,no_enclosure,wkt",
		"X,世纪花园,商品房,无,无,无,"+rectangle(1, 1, 4, 4), "Y,铁路家属院,家属院,是,是,是,"+rectangle(11, 1, 14, 4))
	h.take("building", "code,compound,building_no,floors,households,households_kind,counted_on,wkt",
		"1,X,1,6,20,resident,2025-01-01,"+rectangle(1.2, 1.2, 1.5, 1.5), "2,X,2,6,,,,"+rectangle(2.2, 1.2, 2.5, 1.5),
		"3,Y,1,2,7,,2024-01-01,"+rectangle(11.2, 1.2, 11.5, 1.5), "4,,,,30,,,"+rectangle(5, 15, 5.3, 15.3), "5,,,,1,,,"+rectangle(30, 30, 30.3, 30.3))
	h.take("road", "code,class,wkt", `r1,街道,"LINESTRING(106.005 37.5,106.005 37.51)"`, `r2,背街小巷,"LINESTRING(106.012 37.505,106.018 37.505)"`)
	h.take("organisation", "code,name,kind,new_org,wkt", `o1,五金店,非公企业,是,"POINT(106.002 37.502)"`, `o2,医院,医院,否,"POINT(106.003 37.502)"`)
	return h
}

// The base book tells what is there of each community, adds it up, and its filters count the same.
func TestBasebook(t *testing.T) {
	h := district(t)
	var b bookDoc
	h.get("/api/v1/basebook", &b)
	if len(b.Rows) != 3 || b.Total.Rows != 3 || b.Total.Compounds != 2 || len(b.Totals) != 1 || b.Totals[0].Rows != 3 || b.Outside["buildings"] != 1 {
		t.Fatalf("%+v", b)
	}
	first, third, second := b.Rows[0], b.Rows[1], b.Rows[2] // by code: 002, 003, 201
	if first.Boundary != "drawn" || third.Boundary != "from_large_grids" || first.Kind != "residents" || second.Kind != "villagers" || first.Path[0].Code != "640502100" {
		t.Errorf("%+v", b.Rows)
	}
	if first.Buildings != (struct{ Drawn, Uncounted, Unplaced int }{2, 1, 2}) || first.Ground != "none" || first.Organisations != 2 || first.NewOrgs != 1 ||
		second.ThreeNo != 1 || first.ThreeNo != 0 || second.BackLanesKM <= 0 || second.BackLanesKM != second.RoadsKM || first.BackLanesKM != 0 || third.LargeGrids != 1 {
		t.Errorf("%+v", b.Rows)
	}
	if b.households(0) != 20 || b.households(1) != 30 || b.households(2) != 7 || first.Counts[0].Newest != "2025-01-01" {
		t.Errorf("%+v", b.Rows)
	}
	var page bookDoc
	h.get("/api/v1/basebook?limit=2", &page)
	if len(page.Rows) != 2 || page.Next == nil {
		t.Fatalf("%+v", page)
	}
	h.get("/api/v1/basebook?limit=2&after="+strings.ReplaceAll(*page.Next, " ", "%20"), &page)
	if len(page.Rows) != 1 || page.Rows[0].Code != "640502100201" {
		t.Errorf("%+v", page)
	}
	for query, want := range map[string]string{
		"building": "5 [1 2 3 4 5]", "building?scope=640502100": "4 [1 2 3 4]", "building?scope=640502100002": "2 [1 2]", "building?counted=no": "1 [2]",
		"building?count_min=10&count_max=29": "1 [1]", "building?count_kind=unsaid": "3 [3 4 5]", "building?floors_min=3": "2 [1 2]", "building?compound=Y": "1 [3]",
		"building?counted_before=2025-01-01": "3 [3 4 5]", "building?limit=2&after=2": "5 [3 4]", "building?q=1": "2 [1 3]", "building?scope=G": "1 [4]",
		"compound?three_no=yes": "1 [Y]", "compound?no_security=no": "1 [X]", "compound?kind=commercial": "1 [X]", "compound?kind=家属院,商品房": "2 [X Y]",
		"organisation?new_org=yes": "1 [o1]", "organisation?new_org=unknown": "0 []", "road?kind=back_lane": "1 [r2]", "road?scope=640502100201": "1 [r2]",
	} {
		var found struct {
			Total    int
			Features []struct{ Code string }
		}
		h.get("/api/v1/features/"+query, &found)
		codes := []string{}
		for _, f := range found.Features {
			codes = append(codes, f.Code)
		}
		if got := fmt.Sprint(found.Total, " ", codes); got != want {
			t.Errorf("%s: %s, want %s", query, got, want)
		}
	}
	h.refused(h.ask(http.MethodGet, "/api/v1/features/building?colour=red", ""), http.StatusBadRequest, "query.unknown")
	h.refused(h.ask(http.MethodGet, "/api/v1/features/building?counted=perhaps", ""), http.StatusBadRequest, "query.value")
	h.refused(h.ask(http.MethodGet, "/api/v1/features/street", ""), http.StatusNotFound, "tile.layer")
	h.refused(h.ask(http.MethodGet, "/api/v1/basebook?scope=nowhere", ""), http.StatusUnprocessableEntity, "split.unknown_scope")
}

// A count that is corrected comes into the ground by the build that follows: blocks stay, and plans made before follow. Taken back all is as
// it was.
func TestPlansFollowCorrections(t *testing.T) {
	h := district(t)
	build := func(scope string) *groundwork.Report {
		t.Helper()
		r, err := groundwork.Run(t.Context(), h.store, groundwork.Order{Scope: scope})
		if err != nil {
			t.Fatal(err)
		}
		return r
	}
	build("all")
	id := postgistest.Plan(t, h.store, postgistest.Recipe(3))
	total := func() (n float64) {
		var p struct {
			Measures map[string]struct{ Total float64 }
		}
		h.get("/api/v1/plans/"+id.String(), &p)
		return p.Measures["households"].Total
	}
	before := total()
	change := func(body string) (c struct {
		ID      int64
		Build   *int64
		Words   string
		CanUndo bool `json:"can_undo"`
		Before  struct {
			Feature struct{ Tallies []struct{ Count int64 } }
		}
		After struct {
			Feature struct{ Tallies []struct{ Count int64 } }
		}
		Communities []string
	}) {
		t.Helper()
		path := "/api/v1/basebook/changes"
		if strings.HasPrefix(body, "/") {
			path, body = path+body, ""
		}
		a := h.ask(http.MethodPost, path, body)
		if a.StatusCode != http.StatusCreated {
			t.Fatalf("%s %s", a.Status, a.body)
		}
		h.read(a, &c)
		return c
	}
	first := change(`{"kind":"count","layer":"building","code":"1","values":{"households":26,"households_kind":"resident"},"source":"社区上报","dated":"2026-10-01"}`)
	second := change(`{"kind":"count","layer":"building","code":"2","values":{"households":5},"source":"社区上报","dated":"2026-10-01"}`)
	if first.Build == nil || second.Build == nil || *first.Build != *second.Build || !first.CanUndo || first.Before.Feature.Tallies[0].Count != 20 || first.After.Feature.Tallies[0].Count != 26 {
		t.Fatalf("%+v %+v", first, second)
	}
	var asked struct{ Scope, State string }
	if h.get(fmt.Sprintf("/api/v1/ground/builds/%d", *second.Build), &asked); asked.Scope != "640502100002" || asked.State != "queued" {
		t.Fatalf("%+v", asked)
	}
	var b bookDoc
	if h.get("/api/v1/basebook", &b); b.Rows[0].Ground != "behind" || b.Rows[2].Ground != "current" {
		t.Errorf("%+v", b.Rows)
	}
	if r := build(asked.Scope); r.Blocks.New+r.Blocks.Retired != 0 || r.Blocks.Changed == 0 {
		t.Errorf("%+v", r.Blocks)
	}
	if h.get("/api/v1/basebook", &b); b.Rows[0].Ground != "current" {
		t.Errorf("%+v", b.Rows[0])
	}
	if got := total(); got != before+11 {
		t.Errorf("the plan counts %v households, want %v", got, before+11)
	}
	change(fmt.Sprintf("/%d/undo", second.ID))
	change(fmt.Sprintf("/%d/undo", first.ID))
	build(asked.Scope)
	if got := total(); got != before {
		t.Errorf("taken back the plan counts %v households, want %v", got, before)
	}
	h.refused(h.ask(http.MethodPost, fmt.Sprintf("/api/v1/basebook/changes/%d/undo", first.ID), ""), http.StatusConflict, "change.undone")
	p := h.refused(h.ask(http.MethodPost, "/api/v1/basebook/changes", `{"kind":"count","layer":"building","code":"1","values":{"households":-1},"source":"s","dated":"2026-10-01"}`),
		http.StatusUnprocessableEntity, "change.unfit")
	if len(p.Refused) != 1 || p.Refused[0].Field != "households" || p.Refused[0].Words == "" {
		t.Errorf("%+v", p)
	}
	var list struct{ Changes []struct{ ID int64 } }
	h.get("/api/v1/basebook/changes?scope=640502100002&layer=building&code=1", &list)
	if len(list.Changes) != 2 {
		t.Errorf("%+v", list)
	}
}

// A fill-in sheet goes out with what is known, comes back filled in, and its counts go to their buildings; a key that was changed keeps it out.
func TestFillInSheets(t *testing.T) {
	h := district(t)
	a := h.ask(http.MethodGet, "/api/v1/basebook/640502100002/sheet.xlsx", "")
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	edited := func(change func(f *excelize.File, sheet string)) string {
		f, err := excelize.OpenReader(bytes.NewReader(a.body))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		change(f, f.GetSheetName(0))
		out, err := f.WriteToBuffer()
		if err != nil {
			t.Fatal(err)
		}
		return out.String()
	}
	rows := map[string]int{}
	blank := edited(func(f *excelize.File, sheet string) {
		all, err := f.GetRows(sheet)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range all[plan.FillInHead:] {
			rows[row[0]] = plan.FillInHead + 1 + i
		}
		if known := all[rows["1"]-1][5]; known != "20" || len(rows) != 3 {
			t.Errorf("%v households are known of 1; rows %v", known, rows)
		}
		if options, err := f.GetSheetProtection(sheet); err != nil || options.Password != "" {
			t.Errorf("the sheet is not protected: %v", err)
		}
	})
	fill := func(f *excelize.File, sheet string) {
		f.SetCellValue(sheet, "D5", "甲社区居委会")
		f.SetCellValue(sheet, "E5", "2026-11-20")
		f.SetCellValue(sheet, fmt.Sprint("J", rows["1"]), 22)
		f.SetCellValue(sheet, fmt.Sprint("L", rows["2"]), "3个")
	}
	give := func(body string) answer { return h.ask(http.MethodPost, "/api/v1/basebook/sheets?name=a.xlsx", body) }
	cell := func(p problem) (cells []string) {
		for _, r := range p.Refused {
			cells = append(cells, r.Field)
		}
		return cells
	}
	if got := fmt.Sprint(cell(h.refused(give(blank), http.StatusUnprocessableEntity, "change.unfit"))); got != "[E5 D5]" {
		t.Errorf("a sheet that was not filled in is refused for %s", got)
	}
	tampered := edited(func(f *excelize.File, sheet string) {
		fill(f, sheet)
		f.SetCellValue(sheet, fmt.Sprint("A", rows["2"]), "3")
		f.SetCellValue(sheet, fmt.Sprint("K", rows["1"]), -4)
	})
	want := fmt.Sprintf("[K%d A%d]", rows["1"], rows["2"])
	if got := fmt.Sprint(cell(h.refused(give(tampered), http.StatusUnprocessableEntity, "change.unfit"))); got != want {
		t.Errorf("a sheet that was tampered with is refused for %s, want %s", got, want)
	}
	if gone := h.ask(http.MethodPost, "/api/v1/basebook/changes", `{"kind":"remove","layer":"building","code":"2","source":"s","dated":"2026-11-01"}`); gone.StatusCode != http.StatusCreated {
		t.Fatalf("%s %s", gone.Status, gone.body)
	}
	var out struct {
		Sheets []struct {
			Community               string
			New, Changed, Unchanged int
			Sums                    []struct{ Count int64 }
			Unmatched               []struct{ Key, Cell, Why string }
		}
	}
	back := give(edited(fill))
	if back.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", back.Status, back.body)
	}
	h.read(back, &out)
	if s := out.Sheets[0]; s.Changed != 1 || len(s.Unmatched) != 1 || s.Unmatched[0].Key != "2" || s.Unmatched[0].Cell != fmt.Sprint("A", rows["2"]) || s.Sums[0].Count != 22 {
		t.Errorf("%+v", s)
	}
	var b bookDoc
	h.get("/api/v1/basebook", &b)
	if b.Rows[0].Sheet != "returned" || b.Rows[1].Sheet != "none" || b.Rows[0].Unmatched != 1 || b.households(0) != 22 {
		t.Errorf("%+v", b.Rows[0])
	}
	// What was counted before does not take the place of what was counted since, nor go unsaid.
	late := give(edited(func(f *excelize.File, sheet string) {
		fill(f, sheet)
		f.SetCellValue(sheet, "E5", "2025-12-31")
		f.SetCellValue(sheet, fmt.Sprint("J", rows["1"]), 19)
		f.SetCellValue(sheet, fmt.Sprint("K", rows["1"]), 60)
	}))
	var older struct {
		Sheets []struct {
			Changed, Unchanged int
			Older              []struct{ Key, Cell, Why string }
		}
	}
	h.read(late, &older)
	if s := older.Sheets[0]; s.Changed != 1 || len(s.Older) != 1 || s.Older[0].Cell != fmt.Sprint("J", rows["1"]) || !strings.Contains(s.Older[0].Why, "2026-11-20") {
		t.Errorf("%+v", s)
	}
	h.get("/api/v1/basebook", &b)
	if b.households(0) != 22 || len(b.Rows[0].Counts) != 2 || b.Rows[0].Counts[1].Count != 60 {
		t.Errorf("%+v", b.Rows[0])
	}
	z := h.ask(http.MethodGet, "/api/v1/basebook/sheets.zip?scope=640502100", "")
	files, err := zip.NewReader(bytes.NewReader(z.body), int64(len(z.body)))
	if err != nil || len(files.File) != 3 {
		t.Fatalf("%v %s", err, z.Status)
	}
	one, err := files.File[0].Open()
	if err != nil {
		t.Fatal(err)
	}
	if text, err := io.ReadAll(one); err != nil || !bytes.HasPrefix(text, []byte("PK")) {
		t.Errorf("%v", err)
	}
}
