package report

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"io"
	"path"
	"runtime"
	"slices"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/plantest"
	"gridwright/plan/words"
	"gridwright/report/draw"
	"gridwright/sql/postgis"
)

// mappedPaper is a plan of two large grids in two communities with everything its sheets need: names are awkward, one grid is empty, one is in
// two pieces, posts are held and vacant.
func mappedPaper(t testing.TB) *Paper {
	t.Helper()
	if errors.Is(draw.Ready(), draw.ErrNoFont) {
		t.Skip("the font is not in report/draw/font: make font brings it")
	}
	g, err := plantest.Town(2, 3, 2, plantest.Even(10))
	if err != nil {
		t.Fatal(err)
	}
	g.Parents[0].Name, g.Parents[0].Parent, g.Parents[1].Parent = "../../etc/第一大网格", 11, 12
	above := map[plan.AreaID]plan.Area{
		1: g.Parents[0], 2: g.Parents[1],
		11: {ID: 11, Level: plan.Community, Code: "990101001", Name: "东园/社区", NameEn: "Dongyuan", Parent: 20},
		12: {ID: 12, Level: plan.Community, Code: "990101002", Name: "<b>西园</b>社区", Parent: 20},
		20: {ID: 20, Level: plan.Subdistrict, Code: "990101", Name: "鼓楼街道", NameEn: "Gulou"},
	}
	grid := func(no plan.GridNo, parent int32, code, name string) plan.Grid {
		return plan.Grid{No: no, Parent: parent, GridProps: plan.GridProps{Code: code, Name: name, Kind: plan.BaseGrid}}
	}
	grids := []plan.Grid{grid(1, 0, "P0-01", "第一网格"), grid(2, 0, "P0-02", "..\\第二网格"), grid(3, 1, "P1-01", "垚堃𬭎网格"), grid(4, 1, "P1-02", "第二网格")}
	r := plan.Recipe{Scope: "all", Grids: 4, Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
	s := plan.NewSnapshot(g, r, 3, grids, []plan.GridNo{1, 2, 2, 1, 1, 2, 3, 0, 3, 3, 0, 3})
	p := &Paper{Plan: 5, Name: "方案 <甲>", Snapshot: s, Ancestors: above, Bounds: map[plan.GridNo]*plan.Bounds{}}
	for live := range s.Live() {
		b := plan.FourBounds(s, live.No, plan.NewBoundThings(nil, nil, nil))
		p.Bounds[live.No] = &b
	}
	for b := range s.Ground.Blocks {
		block := &s.Ground.Blocks[b]
		code := "B" + block.Code
		at := block.Label
		ring := []crs.Point{at, {Lon: at.Lon + 2000, Lat: at.Lat}, {Lon: at.Lon + 2000, Lat: at.Lat + 1000}, {Lon: at.Lon, Lat: at.Lat + 1000}}
		tallies := []plan.Tally{{Measure: plan.Households, Count: block.Counts[s.Ground.MeasureIndex(plan.Households)]}, {Measure: plan.StairUnits, Count: 2}}
		p.features = append(p.features, plan.Feature{Layer: plan.BuildingLayer, Code: code, Floors: 6, Tallies: tallies, Geometry: plan.Geometry{Shape: shape.MultiPolygon{{ring}}}})
		p.Things = append(p.Things, postgis.PlacedThing{Layer: plan.BuildingLayer, Code: code, Floors: 6, Block: int32(b), At: at, Tallies: tallies})
	}
	home := "B" + s.Ground.Blocks[0].Code
	p.Staff = plan.NewStaff(s, plan.DefaultStaffRules(), []*plan.Post{
		{ID: 1, Kind: plan.GridLead, Grids: []plan.GridNo{1}, Holder: &plan.Holder{Person: 1, Name: "王㛃", Phone: "13812340000"}},
		{ID: 2, Kind: plan.GridWorker, FullTime: true, Grids: []plan.GridNo{1}},
		{ID: 3, Kind: plan.BuildingLead, Building: home, Holder: &plan.Holder{Person: 2, Name: "李䶮"}},
		{ID: 4, Kind: plan.StairUnitLead, Building: home, StairUnit: "2", Holder: &plan.Holder{Person: 3, Name: "赵六"}},
	}, []plan.StaffBuilding{{Code: home, Name: home, Grid: 1, StairUnits: 2, Households: 10}})
	return p
}

func drawn(t testing.TB, p *Paper, wish Wish) []byte {
	t.Helper()
	var out bytes.Buffer
	if err := writeSheets(context.Background(), &out, p, wish); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

var sheetKinds = []string{"D1", "D2", "plate", "walk"}

// However many cores lay them, equal plans give equal sheets.
func TestSheetsAreTheSameOnAnyNumberOfCores(t *testing.T) {
	p := mappedPaper(t)
	cores := runtime.GOMAXPROCS(1)
	defer runtime.GOMAXPROCS(cores)
	for _, kind := range sheetKinds {
		for _, format := range []string{"pdf", "zip"} {
			runtime.GOMAXPROCS(1)
			wish := Wish{Kind: kind, Format: format, Lang: words.En}
			once := drawn(t, p, wish)
			runtime.GOMAXPROCS(8)
			if !bytes.Equal(once, drawn(t, p, wish)) {
				t.Errorf("%s as %s differs", kind, format)
			}
		}
	}
}

// A zip has one file for each community and each grid that has ground, and no name leads out of its folder.
func TestZipsOfSheets(t *testing.T) {
	p := mappedPaper(t)
	for kind, want := range map[string]int{"D1": 5, "D2": 3, "walk": 3} {
		b := drawn(t, p, Wish{Kind: kind, Format: "zip"})
		z, err := zip.NewReader(bytes.NewReader(b), int64(len(b)))
		if err != nil {
			t.Fatal(err)
		}
		if len(z.File) != want {
			t.Errorf("%s: %d files, want %d", kind, len(z.File), want)
		}
		seen := map[string]bool{}
		for _, f := range z.File {
			if path.IsAbs(f.Name) || strings.Contains(f.Name, "..") || strings.ContainsAny(f.Name, "\\<>:") || strings.Count(f.Name, "/") != 2 || seen[f.Name] {
				t.Errorf("%s: there is a file %q", kind, f.Name)
			}
			seen[f.Name] = true
			r, err := f.Open()
			if err != nil {
				t.Fatal(err)
			}
			head := make([]byte, 8)
			if _, err := io.ReadFull(r, head); err != nil || string(head) != "%PDF-1.7" {
				t.Errorf("%s: %q begins with %q (%v)", kind, f.Name, head, err)
			}
		}
	}
}

// A picture is of one sheet: of a grid, or of a community itself; anything else is refused with what to ask for instead.
func TestPicturesAreOfOneSheet(t *testing.T) {
	p := mappedPaper(t)
	for _, kind := range sheetKinds {
		if b := drawn(t, p, Wish{Kind: kind, Format: "svg", Scope: "P0-01"}); !bytes.HasPrefix(b, []byte("<svg ")) {
			t.Errorf("%s is no SVG", kind)
		}
	}
	if b := drawn(t, p, Wish{Kind: "D1", Format: "png", Scope: "990101001"}); !bytes.HasPrefix(b, []byte("\x89PNG")) {
		t.Error("the sheet of a community is no PNG")
	}
	for _, wish := range []Wish{{Kind: "D1", Format: "svg"}, {Kind: "D2", Format: "png", Scope: "990101001"}, {Kind: "walk", Format: "svg", Scope: "P1-02"}} {
		err := writeSheets(context.Background(), io.Discard, p, wish)
		if refused, ok := errors.AsType[*plan.Fault](err); !ok || refused.Kind != plan.Invalid {
			t.Errorf("%s as %s of %q: %v", wish.Kind, wish.Format, wish.Scope, err)
		}
	}
}

// What sheets say is what the plan says, and telephones are on none but in part.
func TestSheetsSayWhatThePlanSays(t *testing.T) {
	p := mappedPaper(t)
	in, err := p.within("P0-01")
	if err != nil {
		t.Fatal(err)
	}
	s, err := newSheets(&writer{Paper: p, scope: in, kind: Kind{Name: "D1"}})
	if err != nil {
		t.Fatal(err)
	}
	for _, kind := range sheetKinds {
		var said []string
		for _, page := range s.lay(kind, s.subjects(false)[0]) {
			for _, text := range page.Texts() {
				said = append(said, text.String)
			}
		}
		all := strings.Join(said, "\n")
		if strings.Contains(all, "13812340000") || kind != "D1" && strings.Contains(all, "0000") {
			t.Errorf("%s shows a telephone number", kind)
		}
		want := map[string][]string{"D1": {"30", "138****0000", "王㛃", "（空缺）", "李䶮", "合计 3栋", "第一网格"}, "D2": {"王㛃", "（空缺）", "李䶮", "赵六"},
			"plate": {"王㛃", "李䶮", "赵六"}, "walk": {"1", "2", "合计"}}[kind]
		for _, word := range want {
			if !slices.ContainsFunc(said, func(text string) bool { return strings.Contains(text, word) }) {
				t.Errorf("%s does not say %q", kind, word)
			}
		}
	}
}

func TestSheetsOfNothing(t *testing.T) {
	p := mappedPaper(t)
	if b := drawn(t, p, Wish{Kind: "D1", Format: "pdf", Scope: "P1-02"}); !bytes.HasPrefix(b, []byte("%PDF")) {
		t.Error("a grid without blocks has no page that says so")
	}
}

// Who stops waiting stops the work: no more than what was begun is laid.
func TestSheetsAreCancelled(t *testing.T) {
	p := mappedPaper(t)
	ctx, cancel := context.WithCancel(context.Background())
	told := 0
	err := writeSheets(ctx, io.Discard, p, Wish{Kind: "D1", Format: "pdf", Progress: func(done, total int) {
		if told++; done == 1 {
			cancel()
		}
	}})
	if !errors.Is(err, context.Canceled) || told > 1 {
		t.Errorf("told %d times, and %v", told, err)
	}
}
