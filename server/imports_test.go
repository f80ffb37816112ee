package server_test

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/binary"
	"encoding/csv"
	"fmt"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gridwright/importers/intake"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

// importDoc is an import as it is answered.
type importDoc struct {
	ID        int64
	Name      string
	Size      int64
	SHA256    string
	State     string
	Stored    bool
	Import    *int64
	Over      string
	Failure   *struct{ Code, Detail string }
	Progress  *struct{ Words string }
	Decisions map[string]any
	Summary   *struct{ Taken, New, Changed, Gone, Unchanged int }
	Report    *struct {
		Taken        int
		RefusedRows  int `json:"refused_rows"`
		RefusedTotal int `json:"refused_total"`
		Refused      []struct{ Place, Field, Words string }
		Sums         map[string]int64
		Compared     map[string]struct {
			Rows          int
			Before, After map[string]int64
		}
		Notes []string
	}
	Inspection *struct {
		Format   string
		Geometry string
		Rows     *int
		Columns  []struct {
			Name     string
			Samples  []string
			Personal bool
		}
		Encoding struct {
			ReadAs     string `json:"read_as"`
			Candidates []struct {
				Name    string
				Samples []string
				Clean   bool
			}
		}
		SourceLayers   []struct{ Name string }                    `json:"source_layers"`
		SuggestedLayer string                                     `json:"suggested_layer"`
		SuggestedMap   map[string]struct{ Column, Reason string } `json:"suggested_map"`
		Questions      []struct{ About, Words string }
	}
	RefusedKept int `json:"refused_kept"`
	tag         string
}

// counter is a house where files can be brought, on a database without anything.
type counter struct {
	*house
	desk *postgistest.Desk
}

func openCounter(t *testing.T) *counter {
	t.Helper()
	desk := postgistest.NewDesk(t)
	worker, err := desk.Store.Work(t.Context(), slog.New(slog.DiscardHandler), postgis.Trades{Import: intake.Taking(desk.Store)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { worker.Stop(context.Background()) })
	return &counter{&house{T: t, store: desk.Store, url: serve(t, desk.Store, "")}, desk}
}

// rows counts the rows of every table, but for what the queue keeps of itself.
func (c *counter) rows() string {
	c.Helper()
	return c.desk.Query(`select t.table_name || '=' || (xpath('/row/n/text()', query_to_xml(format('select count(*) as n from gridwright.%I %s', t.table_name,
		case t.table_name when 'river_job' then 'where kind <> ''import_sweep''' when 'lease' then 'where job_id in (select id from gridwright.river_job where kind = ''import'')'
		else '' end), false, true, '')))[1]::text
		from information_schema.tables t where t.table_schema = 'gridwright' and t.table_type = 'BASE TABLE'
		and t.table_name not in ('worker', 'river_leader', 'river_queue', 'river_client', 'river_client_queue') order by 1`)
}

func (c *counter) doc(a answer) (d importDoc) {
	c.Helper()
	c.read(a, &d)
	d.tag = a.Header.Get("ETag")
	return d
}

func at(id int64, rest string) string { return fmt.Sprintf("/api/v1/imports/%d%s", id, rest) }

// bring brings a file and expects it to have been looked at.
func (c *counter) bring(name, body string) importDoc {
	c.Helper()
	a := c.ask(http.MethodPost, "/api/v1/imports?name="+name, body)
	if a.StatusCode != http.StatusCreated {
		c.Fatalf("%s %s", a.Status, a.body)
	}
	return c.settle(c.doc(a))
}

// settle waits until nothing of an import is under way.
func (c *counter) settle(d importDoc) importDoc {
	c.Helper()
	for {
		a := c.get(at(d.ID, ""), nil)
		if d = c.doc(a); d.State != "inspecting" && d.State != "trying" && d.State != "committing" {
			return d
		}
	}
}

func (c *counter) decide(d importDoc, patch string) importDoc {
	c.Helper()
	a := c.ask(http.MethodPatch, at(d.ID, ""), patch, "If-Match: "+d.tag)
	if a.StatusCode != http.StatusOK {
		c.Fatalf("%s %s", a.Status, a.body)
	}
	return c.doc(a)
}

// step asks for a trial or a commit and waits for its end.
func (c *counter) step(d importDoc, what string) importDoc {
	c.Helper()
	a := c.ask(http.MethodPost, at(d.ID, "/"+what), "")
	if a.StatusCode != http.StatusAccepted {
		c.Fatalf("%s: %s %s", what, a.Status, a.body)
	}
	return c.settle(c.doc(a))
}

// gbkShapefile is a zipped shapefile with a square for each row, its texts in GBK, without .cpg and .prj.
func gbkShapefile(t *testing.T, columns []string, rows [][]string) string {
	t.Helper()
	var shp, dbf bytes.Buffer
	head := func(length int) {
		binary.Write(&shp, binary.BigEndian, [7]int32{9994, 0, 0, 0, 0, 0, int32(length / 2)})
		binary.Write(&shp, binary.LittleEndian, [2]int32{1000, 5})
		binary.Write(&shp, binary.LittleEndian, [8]float64{105, 37, 106, 38})
	}
	const record = 4 + 32 + 8 + 4 + 5*16
	head(100 + len(rows)*(8+record))
	gbk := func(s string, n int) []byte {
		text, err := simplifiedchinese.GBK.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return []byte(fmt.Sprintf("%-*s", n, text))
	}
	const width = 20
	dbf.Write([]byte{3, 120, 1, 1})
	binary.Write(&dbf, binary.LittleEndian, uint32(len(rows)))
	binary.Write(&dbf, binary.LittleEndian, [2]uint16{uint16(33 + 32*len(columns)), uint16(1 + width*len(columns))})
	dbf.Write(make([]byte, 20))
	for _, c := range columns {
		name := bytes.TrimRight(gbk(c, 11), " ")
		dbf.Write(append(name, make([]byte, 11-len(name))...))
		dbf.Write(append([]byte{'C', 0, 0, 0, 0, width}, make([]byte, 15)...))
	}
	dbf.WriteByte(13)
	for i, row := range rows {
		x, y := 105+0.001*float64(i), 37.0
		binary.Write(&shp, binary.BigEndian, [2]int32{int32(i + 1), record / 2})
		binary.Write(&shp, binary.LittleEndian, int32(5))
		binary.Write(&shp, binary.LittleEndian, [4]float64{x, y, x + 0.0005, y + 0.0005})
		binary.Write(&shp, binary.LittleEndian, [3]int32{1, 5, 0})
		binary.Write(&shp, binary.LittleEndian, [10]float64{x, y, x, y + 0.0005, x + 0.0005, y + 0.0005, x + 0.0005, y, x, y})
		dbf.WriteByte(' ')
		for _, cell := range row {
			dbf.Write(gbk(cell, width))
		}
	}
	dbf.WriteByte(26)
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for name, part := range map[string]*bytes.Buffer{"a.shp": &shp, "a.dbf": &dbf} {
		w, err := z.Create(name)
		if err != nil {
			t.Fatal(err)
		}
		w.Write(part.Bytes())
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// A shapefile in GBK without .prj is brought, looked at, decided, tried and stored; a table of counts and a new state of the shapefile follow.
func TestAFileIsBroughtOverHTTP(t *testing.T) {
	c := openCounter(t)
	columns := []string{"楼栋编号", "名称", "户数", "手机号"}
	town := gbkShapefile(t, columns, [][]string{{"b1", "甲楼", "30", "13912345678"}, {"b2", "乙楼", "20", "13912345679"}, {"b3", "丙楼", "10", ""}})
	d := c.bring("%E6%A5%BC%E6%A0%8B.zip", town)
	look := d.Inspection
	if d.State != "open" || d.Name != "楼栋.zip" || len(d.SHA256) != 64 || look == nil || look.Format != "shp" || look.Geometry != "Polygon" || *look.Rows != 3 ||
		look.SuggestedLayer != "building" || look.Encoding.ReadAs != "GB18030" {
		t.Fatalf("%+v %+v", d, look)
	}
	if len(look.Questions) != 1 || look.Questions[0].About != "crs" || !strings.Contains(look.Questions[0].Words, ".prj") {
		t.Errorf("questions: %+v", look.Questions)
	}
	if len(look.Columns) != 4 || look.Columns[0].Name != "楼栋编号" || look.Columns[1].Samples[0] != "甲楼" || !look.Columns[3].Personal || len(look.Columns[3].Samples) > 0 {
		t.Errorf("columns: %+v", look.Columns)
	}
	if s := look.SuggestedMap; s["code"].Column != "楼栋编号" || s["households"].Column != "户数" || s["households"].Reason == "" {
		t.Errorf("suggested: %+v", s)
	}
	clean := map[string]bool{}
	for _, e := range look.Encoding.Candidates {
		clean[e.Name] = e.Clean
	}
	if !clean["GB18030"] || clean["UTF-8"] {
		t.Errorf("encodings: %+v", look.Encoding.Candidates)
	}

	c.refused(c.ask(http.MethodPost, at(d.ID, "/trial"), ""), 422, "import.asked")
	c.refused(c.ask(http.MethodPost, at(d.ID, "/commit"), ""), 409, "import.state.open")
	c.refused(c.ask(http.MethodPatch, at(d.ID, ""), `{"layer":"building"}`), 428, "plan.no_if_match")
	c.refused(c.ask(http.MethodPatch, at(d.ID, ""), `{"layer":"moat"}`, "If-Match: "+d.tag), 422, "layer")
	c.refused(c.ask(http.MethodPatch, at(d.ID, ""), `{"crs":"EPSG:1"}`, "If-Match: "+d.tag), 422, "crs.unknown")
	c.refused(c.ask(http.MethodPatch, at(d.ID, ""), `{"dated":"yesterday"}`, "If-Match: "+d.tag), 422, "day.wrong")
	c.refused(c.ask(http.MethodPatch, at(d.ID, ""), `{"colour":"red"}`, "If-Match: "+d.tag), 400, "body.json")
	old := d.tag
	d = c.decide(d, `{"layer":"building","crs":"EPSG:4490","map":{"code":"楼栋编号","name":"名称","households":"户数"},
		"purpose":"网格划分","basis":"某条例","dated":"2025-11-01","expires":"2026-11-01","by":"民政局"}`)
	c.refused(c.ask(http.MethodPatch, at(d.ID, ""), `{"by":"x"}`, "If-Match: "+old), 412, "import.changed")
	before := c.desk.Query(`select count(*) from gridwright.feature`)
	if d = c.step(d, "trial"); d.State != "tried" || d.Report == nil || d.Report.Taken != 3 || d.Report.Compared["new"].Rows != 3 || d.Report.Compared["new"].After["households"] != 60 {
		t.Fatalf("%+v %+v", d.Failure, d.Report)
	}
	if after := c.desk.Query(`select count(*) from gridwright.feature`); after != before {
		t.Errorf("a trial stored something: %s features", after)
	}
	var preview struct {
		Features []struct {
			Geometry   struct{ Type string }
			Properties struct{ Status, Code, Name, Reason string }
		}
		Totals  map[string]int
		LeftOut int `json:"left_out"`
	}
	c.get(at(d.ID, "/preview.geojson?limit=2"), &preview)
	if len(preview.Features) != 2 || preview.LeftOut != 1 || preview.Totals["new"] != 3 || preview.Features[0].Geometry.Type != "MultiPolygon" || preview.Features[0].Properties.Name != "甲楼" {
		t.Errorf("%+v", preview)
	}
	c.refused(c.ask(http.MethodGet, at(d.ID, "/preview.geojson?limit=2001"), ""), 400, "query.value")
	if d = c.step(d, "commit"); d.State != "committed" || d.Import == nil || d.Decisions["basis"] != "某条例" || d.Report.Sums["households"] != 60 {
		t.Fatalf("%+v %+v", d, d.Failure)
	}
	if n := c.desk.Query(`select count(*) from gridwright.import_chunk`); n != "0" {
		t.Errorf("%s chunks are left", n)
	}
	c.refused(c.ask(http.MethodDelete, at(d.ID, ""), ""), 409, "import.state.committed")
	c.refused(c.ask(http.MethodPost, at(d.ID, "/cancel"), ""), 409, "import.state.committed")

	// What was decided is kept as a template for the next file of the kind.
	a := c.ask(http.MethodPut, "/api/v1/import-templates/buildings", `{"decisions":{"layer":"building","crs":"EPSG:4490","purpose":"网格划分",
		"map":{"code":"楼栋编号","name":"名称","households":"户数"}},"columns":["楼栋编号","名称","户数","手机号"]}`)
	if a.StatusCode != http.StatusOK {
		t.Fatalf("%s %s", a.Status, a.body)
	}
	// b1 is drawn from another corner, b2 has more households, b3 is called otherwise, b4 is new.
	next := c.bring("%E6%A5%BC%E6%A0%8B.zip", gbkShapefile(t, columns, [][]string{{"b1", "甲楼", "30", ""}, {"b2", "乙楼", "25", ""}, {"b3", "丁楼", "10", ""}, {"b4", "戊楼", "7", ""}}))
	next = c.decide(next, `{"template":"buildings","by":"街道办"}`)
	if next.Decisions["purpose"] != "网格划分" || next.Decisions["by"] != "街道办" || next.Decisions["template"] != "buildings" {
		t.Errorf("%+v", next.Decisions)
	}
	next = c.step(next, "trial")
	got := next.Report.Compared
	if got["new"].Rows != 1 || got["changed"].Rows != 2 || got["unchanged"].Rows != 1 || got["changed"].Before["households"] != 30 || got["changed"].After["households"] != 35 ||
		got["unchanged"].After["households"] != 30 || got["new"].After["households"] != 7 {
		t.Errorf("%+v", got)
	}
	c.get(at(next.ID, "/preview.geojson"), &preview)
	var drawn []string
	for _, f := range preview.Features {
		drawn = append(drawn, f.Properties.Status+" "+f.Properties.Code)
	}
	if want := "changed b2, changed b3, new b4, unchanged b1"; strings.Join(drawn, ", ") != want {
		t.Errorf("drawn %q, want %q", strings.Join(drawn, ", "), want)
	}

	// Meanwhile somebody else stores what the trial was compared with: it is not true any more.
	counts := c.bring("counts.csv", "code,households\nb2,25\n")
	if counts.Inspection.SuggestedLayer != "counts" {
		t.Errorf("a table of counts is taken for %q", counts.Inspection.SuggestedLayer)
	}
	counts = c.step(c.decide(counts, `{"layer":"counts"}`), "trial")
	if counts = c.step(counts, "commit"); counts.State != "committed" || counts.Report.Compared["changed"].Before["households"] != 20 {
		t.Fatalf("%+v %+v", counts.Failure, counts.Report)
	}
	if next = c.step(next, "commit"); next.State != "open" || next.Failure == nil || next.Failure.Code != "import.moved" || !strings.Contains(next.Failure.Detail, "重新试算") {
		t.Fatalf("%+v %+v", next, next.Failure)
	}
	if next = c.step(c.step(next, "trial"), "commit"); next.State != "committed" {
		t.Fatalf("%+v", next.Failure)
	}

	// A file that lacks a column of the template is told so.
	other := c.bring("other.csv", "code,name,wkt\nx,y,POINT(105 37)\n")
	p := c.refused(c.ask(http.MethodPatch, at(other.ID, ""), `{"template":"buildings"}`, "If-Match: "+other.tag), 422, "import.template")
	if !strings.Contains(p.Detail, "楼栋编号") || strings.Contains(p.Detail, "手机号") {
		t.Errorf("%s", p.Detail)
	}
	var list struct {
		Imports []importDoc
		Total   int
	}
	if c.get("/api/v1/imports?limit=3", &list); list.Total != 4 || len(list.Imports) != 3 || list.Imports[0].ID != other.ID || list.Imports[2].Report != nil || list.Imports[2].Summary == nil {
		t.Errorf("%+v", list)
	}
	if a := c.ask(http.MethodDelete, "/api/v1/import-templates/buildings", ""); a.StatusCode != http.StatusNoContent {
		t.Errorf("%s", a.Status)
	}
	c.refused(c.ask(http.MethodGet, "/api/v1/import-templates/buildings", ""), 404, "import.no_template")
}

// One bad row keeps a file out; what it was can be had, and the good rows taken on request.
func TestRefusedRowsAreHandedBack(t *testing.T) {
	c := openCounter(t)
	const rows = "code,name,户主姓名,households,wkt\n" +
		"a,=1+1,张三,x,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\nb,good,李四,5,\"POLYGON((105 38,105.1 38,105.1 38.1,105 38))\"\nb,twice,,6,POINT(105 37)\n"
	empty := c.rows()
	d := c.bring("rows.csv", rows)
	if d = c.step(c.decide(d, `{"layer":"building"}`), "trial"); d.State != "tried" || d.Report.RefusedRows != 2 || d.Report.Taken != 0 || d.RefusedKept != 2 {
		t.Fatalf("%+v %+v", d, d.Report)
	}
	c.refused(c.ask(http.MethodPost, at(d.ID, "/commit"), ""), 409, "import.refused")
	a := c.get(at(d.ID, "/refused.csv?lang=en"), nil)
	got, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(a.body, []byte("\uFEFF")))).ReadAll()
	if err != nil || len(got) != 3 || strings.Join(got[0], " ") != "code name households wkt place field reason" {
		t.Fatalf("%v %q", err, got)
	}
	if got[1][1] != "'=1+1" || got[1][3] != "MULTIPOLYGON(((105.0000000 37.0000000,105.1000000 37.0000000,105.1000000 37.1000000,105.0000000 37.0000000)))" ||
		got[1][4] != "line 2" || got[1][5] != "households" || !strings.Contains(got[2][6], "already") || strings.Contains(string(a.body), "张三") {
		t.Errorf("%q", got)
	}
	var preview struct {
		Features []struct {
			Properties struct{ Status, Code, Reason string }
		}
		Totals map[string]int
	}
	if c.get(at(d.ID, "/preview.geojson"), &preview); preview.Totals["refused"] != 2 || len(preview.Features) != 1 || preview.Features[0].Properties.Status != "refused" || preview.Features[0].Properties.Reason == "" {
		t.Errorf("%+v", preview)
	}
	if a := c.ask(http.MethodDelete, at(d.ID, ""), ""); a.StatusCode != http.StatusNoContent {
		t.Errorf("%s %s", a.Status, a.body)
	}
	if now := c.rows(); now != empty {
		t.Errorf("something is left:\n%s\nbefore:\n%s", now, empty)
	}
	c.refused(c.ask(http.MethodGet, at(d.ID, ""), ""), 404, "import.unknown")

	d = c.step(c.decide(c.bring("rows.csv", rows), `{"layer":"building","skip_refused":true}`), "trial")
	if d.Report.Taken != 1 || d.Report.RefusedRows != 2 || d.Report.Sums["households"] != 5 || d.Report.Compared["new"].Rows != 1 {
		t.Fatalf("%+v", d.Report)
	}
	if d = c.step(d, "commit"); d.State != "committed" || d.Report.RefusedTotal == 0 || d.RefusedKept != 2 {
		t.Fatalf("%+v %+v", d, d.Failure)
	}
	if codes := c.desk.Query(`select code from gridwright.feature`); codes != "b" {
		t.Errorf("stored: %s", codes)
	}
}

// Of several layers one is chosen, or all are taken by their names.
func TestADropIsBroughtOverHTTP(t *testing.T) {
	c := openCounter(t)
	var drop bytes.Buffer
	z := zip.NewWriter(&drop)
	for _, part := range [][2]string{{"社区.csv", "code,name,wkt\nc1,东,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\n"},
		{"楼栋.csv", "code,households,wkt\nb1,7,POINT(105.05 37.02)\n"}} {
		w, err := z.Create(part[0])
		if err != nil {
			t.Fatal(err)
		}
		w.Write([]byte(part[1]))
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	d := c.bring("drop.zip", drop.String())
	if q := d.Inspection.Questions; len(q) != 1 || q[0].About != "source_layer" || d.Inspection.SuggestedLayer != "auto" || len(d.Inspection.SourceLayers) != 2 {
		t.Fatalf("%+v", d.Inspection)
	}
	a := c.ask(http.MethodPost, at(d.ID, "/inspect"), `{"source_layer":"楼栋"}`)
	if one := c.doc(a); a.StatusCode != http.StatusOK || one.Inspection.SuggestedLayer != "building" || len(one.Inspection.Questions) != 0 || len(one.Inspection.SourceLayers) != 2 {
		t.Fatalf("%s %+v", a.Status, one.Inspection)
	}
	d = c.decide(c.settle(d), `{"source_layer":null,"layer":"auto","by":"民政局"}`)
	if d = c.step(d, "trial"); d.State != "tried" || d.Summary.Taken != 2 || d.Report.Compared["new"].After["households"] != 7 {
		t.Fatalf("%+v %+v %+v", d, d.Failure, d.Report)
	}
	if d = c.step(d, "commit"); d.State != "committed" || d.Summary.New != 2 {
		t.Fatalf("%+v %+v", d, d.Failure)
	}
	if stored := c.desk.Query(`select (select count(*) from gridwright.area), (select count(*) from gridwright.feature), (select count(*) from gridwright.import_session)`); stored != "1 1 1" {
		t.Errorf("stored: %s", stored)
	}
}

// A file that cannot be read is a problem, never a fault of the service, and leaves nothing.
func TestAFileThatCannotBeReadLeavesNothing(t *testing.T) {
	c := openCounter(t)
	empty := c.rows()
	for name, test := range map[string]struct{ body, code string }{
		"a.csv":     {"%PDF-1.4 x", "file.pdf"},
		"b.zip":     {"PK\x03\x04 damaged", "zip.damaged"},
		"c.geojson": {`{"type":"FeatureCollection","features":[{`, "json.truncated"},
		"d.csv":     {"", "import.empty"},
		"e.csv":     {"code,wkt\n", "file.no_rows"},
		"f.xyz":     {"what is this", "file.unknown"},
		"g.shp":     {"\x00\x00\x27\x0a", "shp.no_dbf"},
	} {
		c.refused(c.ask(http.MethodPost, "/api/v1/imports?name="+name, test.body), 422, test.code)
	}
	c.refused(c.ask(http.MethodPost, "/api/v1/imports?name=..%2F", "x"), 400, "query.value")
	c.refused(c.ask(http.MethodPost, "/api/v1/imports", "x"), 400, "query.value")
	c.refused(c.ask(http.MethodPost, "/api/v1/imports?name=large.csv", strings.Repeat("x", 100<<20+1)), 413, "body.size")
	if now := c.rows(); now != empty {
		t.Errorf("something is left:\n%s\nbefore:\n%s", now, empty)
	}
	// One that nobody touches is swept.
	c.bring("a.csv", "code\nx\n")
	if n, err := c.store.SweepSessions(t.Context(), postgis.SessionKept); n != 0 || err != nil {
		t.Errorf("swept %d (%v) too early", n, err)
	}
	if n, err := c.store.SweepSessions(t.Context(), 0); n != 1 || err != nil {
		t.Errorf("swept %d (%v)", n, err)
	}
	if chunks := c.desk.Query(`select count(*) from gridwright.import_chunk`); chunks != "0" {
		t.Errorf("%s chunks are left", chunks)
	}
}

// While an import holds what it writes, the service answers, and so do readers.
func TestTheServiceAnswersDuringAnImport(t *testing.T) {
	c := openCounter(t)
	err := c.store.Import(t.Context(), func(im *postgis.Importing) error {
		if err := im.OpenStage(t.Context()); err != nil {
			return err
		}
		if err := im.TakeTurn(t.Context()); err != nil {
			return err
		}
		if _, err := im.Save(t.Context(), "building", "a.csv", "", false, []byte(`{}`)); err != nil {
			return err
		}
		for _, path := range []string{"/healthz", "/readyz", "/api/v1/status", "/api/v1/imports", "/api/v1/basebook"} {
			if a := c.ask(http.MethodGet, path, ""); a.StatusCode != http.StatusOK {
				t.Errorf("%s: %s", path, a.Status)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// What is under way can be cancelled; nobody works here, so it waits for ever.
func TestAnImportIsCancelled(t *testing.T) {
	desk := postgistest.NewDesk(t)
	c := &counter{&house{T: t, store: desk.Store, url: serve(t, desk.Store, "")}, desk}
	id, err := desk.Store.BringFile(t.Context(), "a.csv")
	if err == nil {
		err = desk.Store.PutChunk(t.Context(), id, 0, []byte("code\nx\n"))
	}
	if err == nil {
		err = desk.Store.Received(t.Context(), id, 7, "")
	}
	if err != nil {
		t.Fatal(err)
	}
	if d := c.doc(c.get(at(int64(id), ""), nil)); d.State != "inspecting" || d.Progress == nil || d.Progress.Words != "排队中" {
		t.Errorf("%+v", d)
	}
	c.refused(c.ask(http.MethodPost, at(int64(id), "/trial"), ""), 422, "import.layer")
	c.refused(c.ask(http.MethodPatch, at(int64(id), ""), `{"layer":"community"}`, `If-Match: "import-1"`), 409, "import.state.inspecting")
	a := c.ask(http.MethodPost, at(int64(id), "/cancel"), "")
	if d := c.doc(a); a.StatusCode != http.StatusAccepted || d.State != "open" {
		t.Errorf("%s %+v", a.Status, d)
	}
	c.refused(c.ask(http.MethodPost, at(int64(id), "/cancel"), ""), 409, "import.state.open")
	if a := c.ask(http.MethodDelete, at(int64(id), ""), ""); a.StatusCode != http.StatusNoContent {
		t.Errorf("%s", a.Status)
	}
	if left := desk.Query(`select count(*) from gridwright.river_job where kind = 'import'`); left != "0" {
		t.Errorf("%s jobs are left", left)
	}
}
