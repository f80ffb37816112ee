package server_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"gridwright/geo/crs"
)

type place struct {
	ID       any
	Lon, Lat float64
	Areas    []struct{ Level, Code, Name string }
	Block    *string
	Grid     *struct{ Code string }
	BorderM  *float64 `json:"border_m"`
	Nearest  *struct {
		Grid      struct{ Code string }
		DistanceM float64 `json:"distance_m"`
	}
}

type located struct {
	Plan, Chosen string
	Revision     int64
	Places       []place
}

// The town of open lies from 104 39.7, in blocks of 0.001 degree: 24 to the east, 5 to the north.
func blockAt(h *house, p crs.Point) (code string) {
	x, y := int(p.Lon-1_040_000_000), int(p.Lat-397_000_000)
	// On the outer borders in the east and north nothing lies beyond, and of two blocks that meet there the first is taken.
	if x == 240_000 {
		x--
	}
	if y == 50_000 {
		y--
		if x%10_000 == 0 && x > 0 {
			x--
		}
	} else if x == 240_000-1 && y%10_000 == 0 && y > 0 && int(p.Lon) == 1_040_240_000 {
		y--
	}
	if x < 0 || x >= 240_000 || y < 0 || y >= 50_000 {
		return ""
	}
	column, row := x/10_000, y/10_000
	return fmt.Sprintf("P%d-B%02d", column/6, row*6+column%6)
}

// Points inside, on borders, on corners and outside lie where arithmetic says they do, in every datum and form.
func TestManyPointsAreLocated(t *testing.T) {
	h := open(t, "")
	snap, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		t.Fatal(err)
	}
	rng := rand.New(rand.NewPCG(3, 4))
	var points []crs.Point
	for range 400 {
		p := crs.Point{Lon: 1_040_000_000 + crs.Coord(rng.IntN(280_000)-20_000), Lat: 397_000_000 + crs.Coord(rng.IntN(90_000)-20_000)}
		switch rng.IntN(3) {
		case 0:
			p.Lon = p.Lon / 10_000 * 10_000
		case 1:
			p.Lon, p.Lat = p.Lon/10_000*10_000, p.Lat/10_000*10_000
		}
		points = append(points, p)
	}
	check := func(form string, i int, got place) {
		want := blockAt(h, points[i])
		switch {
		case want == "" && (got.Block != nil || got.Grid != nil || got.BorderM != nil || len(got.Areas) > 0 || got.Nearest == nil || got.Nearest.DistanceM <= 0):
			t.Errorf("%s: %v lies outside: %+v", form, points[i], got)
		case want != "" && (got.Block == nil || *got.Block != want || got.Grid == nil || got.BorderM == nil || got.Nearest != nil):
			t.Errorf("%s: %v lies in %s: %+v", form, points[i], want, got)
		case want != "":
			b, _ := snap.Ground.ByCode(want)
			if code := snap.CodeOf(b); got.Grid.Code != code || got.Areas[len(got.Areas)-1].Code != snap.Ground.Parents[snap.Ground.Blocks[b].Parent].Code {
				t.Errorf("%s: %v lies in %s: %+v", form, points[i], code, got)
			}
		}
	}
	var sent []map[string]any
	var text strings.Builder
	text.WriteString("\uFEFF编号,lat,lon\n")
	for i, p := range points {
		sent = append(sent, map[string]any{"id": i, "lon": p.Lon.Degrees(), "lat": p.Lat.Degrees()})
		fmt.Fprintf(&text, "\"第%d, 号\",%s,%s\n", i, p.Lat.AppendDegrees(nil), p.Lon.AppendDegrees(nil))
	}
	body, _ := json.Marshal(sent)
	var got located
	h.read(h.ask(http.MethodPost, "/api/v1/locate", string(body)), &got)
	if got.Chosen != "newest" || got.Plan != h.plan.String() || got.Revision != 1 || len(got.Places) != len(points) {
		t.Fatalf("%s plan %s revision %d, %d places", got.Chosen, got.Plan, got.Revision, len(got.Places))
	}
	for i, p := range got.Places {
		if p.ID != float64(i) {
			t.Fatalf("place %d has the id %v", i, p.ID)
		}
		check("JSON", i, p)
	}
	a := h.ask(http.MethodPost, "/api/v1/locate?plan="+h.plan.String(), text.String(), "Content-Type: text/csv")
	rows, err := csv.NewReader(bytes.NewReader(a.body)).ReadAll()
	if err != nil || len(rows) != len(points)+1 || strings.Join(rows[0], ",") != "编号,lat,lon,area_code,area_name,block_code,grid_code,grid_name,border_m,nearest_grid,nearest_m,plan,revision,division" {
		t.Fatalf("%v, %d rows, %v", err, len(rows), rows[0])
	}
	for i, row := range rows[1:] {
		if row[0] != fmt.Sprintf("第%d, 号", i) || row[5] != blockAt(h, points[i]) || (row[5] == "") != (row[6] == "") || (row[5] == "") != (row[10] != "") {
			t.Errorf("CSV: %v lies in %q: %v", points[i], blockAt(h, points[i]), row)
		}
	}
}

// A point in another datum is where it is on the ground.
func TestOnePointInEveryDatum(t *testing.T) {
	h := open(t, "")
	for _, d := range crs.Datums {
		lon, lat := d.FromGround(104.0105003, 39.7205002)
		var got place
		h.get(fmt.Sprintf("/api/v1/locate?lon=%.10f&lat=%.10f&crs=%s", lon, lat, d), &got)
		if got.Lon != 104.0105003 || got.Lat != 39.7205002 {
			t.Errorf("%s: %v %v", d, got.Lon, got.Lat)
		}
	}
	// An edit is in the next answer.
	block, from, to := h.borderMove(0)
	snap, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		t.Fatal(err)
	}
	b, _ := snap.Ground.ByCode(block)
	label := snap.Ground.Blocks[b].Label
	path := fmt.Sprintf("/api/v1/locate?lon=%s&lat=%s", label.Lon.AppendDegrees(nil), label.Lat.AppendDegrees(nil))
	for _, want := range []string{from, to} {
		var got place
		h.get(path, &got)
		if got.Grid == nil || got.Grid.Code != want || *got.Block != block {
			t.Errorf("%s lies in %+v, not %s", block, got.Grid, want)
		}
		h.edit(1, block, to)
	}
}

func TestPointsThatAreRefused(t *testing.T) {
	h := open(t, "")
	for path, code := range map[string]string{"?lon=104": "query.value", "?lon=x&lat=1": "query.value", "?lon=NaN&lat=1": "locate.point", "?lon=104&lat=91": "locate.point",
		"?lon=104&lat=39&crs=EPSG:4527": "query.value"} {
		h.refused(h.ask(http.MethodGet, "/api/v1/locate"+path, ""), http.StatusBadRequest, code)
	}
	h.refused(h.ask(http.MethodGet, "/api/v1/locate?lon=104&lat=39&plan=99", ""), http.StatusNotFound, "plan.unknown")
	h.refused(h.ask(http.MethodGet, "/api/v1/locate?lon=104&lat=39&at=2026-01-01", ""), http.StatusNotFound, "division.none")
	post := func(kind, body string, status int, code, want string) {
		t.Helper()
		p := h.refused(h.ask(http.MethodPost, "/api/v1/locate", body, "Content-Type: "+kind, "Accept-Language: en"), status, code)
		if !strings.Contains(p.Detail, want) {
			t.Errorf("%q does not say %q", p.Detail, want)
		}
	}
	const js, cs = "application/json", "text/csv; charset=utf-8"
	post("text/plain", "x", 415, "locate.type", "text/csv")
	post(js, `{"lon":1}`, 400, "body.json", "an array")
	post(js, `[{"lon":1,"lat":2},{"lon":1}]`, 422, "locate.absent", "point 2")
	post(js, `[{"lon":1,"lat":2},{"lon":1,"lat":2},{"lon":181,"lat":2}]`, 422, "locate.point", "point 3: 181 2")
	post(js, "["+strings.Repeat(`{"lon":1,"lat":2},`, 100_000)+`{"lon":1,"lat":2}]`, 413, "locate.many", "100,000")
	post(cs, "", 422, "locate.columns", "lon and lat")
	post(cs, "lon,lat,lon\n1,2,3\n", 422, "locate.columns", "once each")
	post(cs, "lon,lat,plan\n1,2,3\n", 422, "locate.taken", `"plan"`)
	post(cs, "lon,lat\n1,2\n1\n", 422, "locate.csv", "line 3")
	post(cs, "lon,lat\n1,2\n1,東\n", 422, "locate.number", "point 2")
	post(cs, "lon,lat\n1,\n", 422, "locate.absent", "point 1")
	post(cs, "lon,lat,a\n1,2,\xb6\xab\n", 422, "locate.text", "UTF-8")
}

// What an address may mean is listed, each with its place; nothing is chosen for the asker.
func TestAddressesAreLocated(t *testing.T) {
	h := open(t, "")
	square := func(x, y, size int) string { // its corner, in ten-thousandths of a degree from that of the town
		at := func(dx, dy int) string {
			return fmt.Sprintf("%.4f %.4f", 104+float64(x+dx)/10_000, 39.7+float64(y+dy)/10_000)
		}
		return `"POLYGON((` + strings.Join([]string{at(0, 0), at(size, 0), at(size, size), at(0, size), at(0, 0)}, ",") + `))"`
	}
	h.take("compound", "code,name,wkt", "A,世纪花园,"+square(11, 11, 8), "B,世纪花园,"+square(131, 11, 8), "C,花园,"+square(61, 11, 8))
	h.take("building", "code,name,compound,building_no,wkt", "A3,,A,3,"+square(12, 12, 1), "B3,,B,3号楼,"+square(132, 12, 1), "B4,,B,4,"+square(134, 12, 1),
		"C3,,C,3,"+square(62, 12, 1), "D2,鼓楼B座,,,"+square(200, 22, 1))
	type answer struct {
		Total      int
		Words      string
		Plan       string
		Candidates []struct {
			Kind, Code, Name string
			place
		}
	}
	find := func(address string) (a answer) {
		h.get("/api/v1/locate?lang=en&address="+url.QueryEscape(address), &a)
		return a
	}
	for address, want := range map[string]string{
		"世纪花园3号楼2单元": "A3 B3", "世纪花园 ３幢２单元５０１室": "A3 B3", "世纪花园4号楼": "B4", "世纪花园4-1-502": "B4", "滨河镇鼓楼东街世纪花园4#": "B4", "滨河镇花园3栋": "C3",
		"世纪花园3、4号楼": "A3 B3 B4", "世纪花园": "A B", "滨河镇世纪花园": "A B", "鼓楼B座1201": "D2", "鼓楼B座3楼": "D2", "世纪花园9号楼1单元": "A B", "3号楼": "", "nowhere": "", "世纪公园3号楼": "",
	} {
		var codes []string
		a := find(address)
		for _, c := range a.Candidates {
			codes = append(codes, c.Code)
			if c.Block == nil || c.Grid == nil || c.BorderM == nil || len(c.Areas) == 0 {
				t.Errorf("%s: %+v", address, c)
			}
		}
		if got := strings.Join(codes, " "); got != want || a.Total != len(codes) || (a.Words == "") != (len(codes) == 1) || a.Plan != "1" {
			t.Errorf("%s: %s, not %s: %+v", address, got, want, a)
		}
	}
	a := find("世纪花园3号楼2单元")
	if a.Words != `"世纪花园3号楼2单元" may be any of 2: choose one` || *a.Candidates[0].Block != "P0-B07" || *a.Candidates[1].Block != "P2-B07" || a.Candidates[1].Kind != "building" {
		t.Errorf("%+v", a)
	}
	if w := find("世纪花园9号楼").Words; !strings.Contains(w, "itself") {
		t.Error(w)
	}
	// What is brought later is found.
	h.take("building", "code,compound,building_no,wkt", "A9,A,9,"+square(14, 12, 1))
	if a := find("世纪花园9号楼"); a.Total != 1 || a.Candidates[0].Code != "A9" {
		t.Errorf("%+v", a)
	}
	for query, code := range map[string]string{"address=": "locate.address", "address=" + strings.Repeat("a", 201): "locate.address", "address=a&lon=1": "locate.both"} {
		h.refused(h.ask(http.MethodGet, "/api/v1/locate?"+query, ""), http.StatusBadRequest, code)
	}
}
