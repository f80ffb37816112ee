package server_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gridwright/feed"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/importers/intake"
	"gridwright/sql/postgis/postgistest"
)

type ogcPage struct {
	NumberMatched, NumberReturned int
	Features                      []struct {
		ID         int64
		Properties map[string]any
		Geometry   *struct{ Type string }
	}
	Links []struct{ Href, Rel, Type string }
}

func (p ogcPage) link(rel string) string {
	for _, l := range p.Links {
		if l.Rel == rel {
			return l.Href
		}
	}
	return ""
}

// walk follows the next links to the end and returns the codes of the features.
func (h *house) walk(path string) (codes []string) {
	h.Helper()
	seen := map[int64]bool{}
	for pages := 0; path != ""; pages++ {
		var p ogcPage
		h.get(path, &p)
		for _, f := range p.Features {
			if seen[f.ID] {
				h.Fatalf("%s: %d came before", path, f.ID)
			}
			seen[f.ID] = true
			codes = append(codes, fmt.Sprint(f.Properties["code"]))
		}
		if p.NumberReturned != len(p.Features) || p.link("self") == "" {
			h.Fatalf("%s: %d features, %d said", path, len(p.Features), p.NumberReturned)
		}
		next := p.link("next")
		if next == "" && p.NumberMatched != len(codes) {
			h.Fatalf("%s: %d features in all, %d said", path, len(codes), p.NumberMatched)
		}
		path = strings.TrimPrefix(next, h.url)
	}
	slices.Sort(codes)
	return codes
}

// Pages of any size hold every feature once; those that meet a box are the ones that do so by arithmetic.
func TestPagesHoldEveryFeatureOnce(t *testing.T) {
	h := open(t, "/base")
	snap, err := h.store.Snapshot(h.Context(), h.plan)
	if err != nil {
		t.Fatal(err)
	}
	box := shape.Box{Min: crs.Point{Lon: 1_040_030_000, Lat: 397_010_001}, Max: crs.Point{Lon: 1_040_050_000, Lat: 397_019_999}}
	var all, meeting, first, grids, gridsMeeting []string
	for _, b := range snap.Ground.Blocks {
		all = append(all, b.Code)
		if b.Shape.Box().Meets(box) {
			meeting = append(meeting, b.Code)
		}
		if snap.Ground.Parents[b.Parent].Code == "P1" {
			first = append(first, b.Code)
		}
	}
	for _, g := range snap.Grids {
		grids = append(grids, g.Code)
		for _, b := range snap.Blocks(g.No) {
			if snap.Ground.Blocks[b].Shape.Box().Meets(box) {
				gridsMeeting = append(gridsMeeting, g.Code)
				break
			}
		}
	}
	const bbox = "bbox=104.0030,39.7010001,104.0050,39.7019999"
	for path, want := range map[string][]string{
		"block/items": all, "block/items?limit=7": all, "block/items?limit=40": all, "block/items?limit=1&" + bbox: meeting, "block/items?parent=P1&limit=4": first,
		"block/items?parent=P1&kind=park": nil, "block/items?area_m2=1": nil, "block/items?bbox=1,1,2,2": nil, "block/items?" + strings.ReplaceAll(bbox, ",104.0050", ",-5,104.0050") + ",9": meeting,
		"grids-1/items": grids, "grids-1/items?limit=2": grids, "grids-1/items?limit=1&" + bbox: gridsMeeting, "grids-1/items?code=" + grids[3]: grids[3:4],
		"large_grid/items?code=P1": {"P1"}, "road/items": nil,
	} {
		slices.Sort(want)
		if got := h.walk("/ogc/collections/" + path); !slices.Equal(got, want) {
			t.Errorf("%s: %v, not %v", path, got, want)
		}
	}
}

// An edit is in the next answer, and the feature's tag changes with it.
func TestAFeatureHasATag(t *testing.T) {
	h := open(t, "")
	block, from, to := h.borderMove(0)
	number := h.walk("/ogc/collections/grids-1/items?code=" + from)
	var p ogcPage
	h.get("/ogc/collections/grids-1/items?code="+from, &p)
	path := fmt.Sprintf("/ogc/collections/grids-1/items/%d", p.Features[0].ID)
	tag := h.get(path, nil).Header.Get("ETag")
	if a := h.ask(http.MethodGet, path, "", "If-None-Match: "+tag); a.StatusCode != http.StatusNotModified || len(number) != 1 {
		t.Errorf("%s: %s", path, a.Status)
	}
	h.edit(1, block, to)
	if a := h.ask(http.MethodGet, path, "", "If-None-Match: "+tag); a.StatusCode != http.StatusOK {
		t.Errorf("after an edit: %s", a.Status)
	}
}

func TestFeaturesThatCannotBeAskedFor(t *testing.T) {
	h := open(t, "")
	for query, code := range map[string]string{
		"limit=0": "query.value", "limit=-1": "query.value", "limit=-99999999999999999999": "query.value", "limit=abc": "query.value", "bbox=1,2,3": "query.value", "bbox=1,2,NaN,4": "query.value", "bbox=3,2,1,4": "query.value",
		"bbox=1,2,3,400": "query.value", "datetime=yesterday": "query.value", "datetime=../..": "query.value", "after=x": "query.value", "nonsense=1": "ogc.parameter", "code=1&code=2": "ogc.twice",
		"area_m2=x": "query.value", "code=%00": "query.value", "code=%ff": "query.value", "households=1%20or%201=1": "query.value", "crs=http://www.opengis.net/def/crs/EPSG/0/999999": "query.value", "bbox=0,0,1,1&bbox-crs=EPSG:2": "query.value", "filter-crs=x": "query.value",
		"filter=code": "ogc.filter", "filter=true&filter-lang=sql": "query.value", "filter=": "ogc.filter", "filter={}&filter-lang=cql2-json": "ogc.filter",
	} {
		for _, collection := range []string{"block", "grids-1"} {
			h.refused(h.ask(http.MethodGet, "/ogc/collections/"+collection+"/items?"+query, ""), http.StatusBadRequest, code)
		}
	}
	for _, name := range []string{"x", "grids-", "grids-77", "grids-01", "grids-x", "feature"} {
		h.refused(h.ask(http.MethodGet, "/ogc/collections/"+name+"/items", ""), http.StatusNotFound, "ogc.collection")
	}
	for _, name := range []string{"0", "x", "99999999999999999999", "77777"} {
		h.refused(h.ask(http.MethodGet, "/ogc/collections/block/items/"+name, ""), http.StatusNotFound, "ogc.feature")
	}
	for _, query := range []string{"limit=1000000000", "limit=99999999999999999999", "datetime=2000-01-01T00:00:00Z/..", "datetime=2000-01-01T00:00:00Z"} {
		h.get("/ogc/collections/block/items?"+query, nil)
	}
	// What looks like SQL is a text that nothing has.
	for _, text := range []string{"' or 1=1 --", `"}'::jsonb or true or '{`, "$1", "\\", "%", `{"a":1}`, "P1' union select"} {
		if got := h.walk("/ogc/collections/block/items?code=" + url.QueryEscape(text)); len(got) > 0 {
			t.Errorf("%s found %v", text, got)
		}
	}
}

// GDAL reads every feature of a collection of 3,000, not a page of it.
func TestGDALReadsEveryFeature(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("there is no GDAL on this machine: make test installs it")
	}
	store := postgistest.Open(t)
	postgistest.Town(t, store, 10, 20, 15, uneven)
	address := serve(t, store, "")
	for _, args := range [][]string{{"-so"}, {"-so", "-oo", "PAGE_SIZE=250"}} {
		out, err := exec.Command("ogrinfo", append(args, "OAPIF:"+address+"/ogc", "block")...).CombinedOutput()
		for _, want := range []string{"Feature Count: 3000", "Extent: (104.0", "code: String", "households: Integer", "area_m2: Integer"} {
			if err != nil || !strings.Contains(string(out), want) {
				t.Errorf("%v %v: no %q in %s", args, err, want, out)
			}
		}
	}
	out, err := exec.Command("ogrinfo", "-q", "-geom=NO", "-oo", "PAGE_SIZE=700", "OAPIF:"+address+"/ogc", "block").CombinedOutput()
	if n := strings.Count(string(out), "OGRFeature(block)"); err != nil || n != 3000 {
		t.Errorf("%v: %d features", err, n)
	}
}

// Things of the raw ground tell what is known of them, here and in a file: what is not known is no property, and of several counts of a
// measure the best kind is told.
func TestRawFeaturesTellWhatIsKnown(t *testing.T) {
	h := district(t)
	file := filepath.Join(t.TempDir(), "more.csv")
	if err := os.WriteFile(file, []byte("code,compound,building_no,households,households_kind,wkt,备注\n6,X,6号楼,9,registered,"+rectangle(3.2, 1.2, 3.5, 1.5)+",新建\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	order := intake.Order{File: file, Layer: "building", KeepColumns: true}
	if _, err := intake.Run(t.Context(), h.store, order); err != nil {
		t.Fatal(err)
	}
	h.take("counts", "code,layer,households,households_kind", "6,building,8,resident", "X,compound,100,registered")
	for path, want := range map[string]string{
		"building/items?code=6":                 `{"attributes":"{\"备注\": \"新建\"}","building_no":"6号楼","class":"","code":"6","compound":"X","households":8,"name":"","origin":"file"}`,
		"building/items?households=20&floors=6": `{"building_no":"1","class":"","code":"1","compound":"X","floors":6,"households":20,"name":"","origin":"file"}`,
		"compound/items?no_security=true": `{"class":"家属院","code":"Y","committee":"","name":"铁路家属院","no_enclosure":true,"no_property_mgmt":true,"no_security":true,` +
			`"origin":"file","owners_committee":"","property_company":""}`,
		"compound/items?filter=households%20%3E%2050":     `"code":"X"`,
		"organisation/items?new_org=true":                 `{"class":"非公企业","code":"o1","name":"五金店","new_org":true,"origin":"file"}`,
		"road/items?filter=class%20%3D%20%27back_lane%27": `"code":"r2"`,
	} {
		var p ogcPage
		h.get("/ogc/collections/"+path, &p)
		if len(p.Features) != 1 {
			t.Errorf("%s: %d features", path, len(p.Features))
			continue
		}
		if got, err := json.Marshal(p.Features[0].Properties); err != nil || !strings.Contains(string(got), want) {
			t.Errorf("%s: %s, not %s", path, got, want)
		}
	}
	c, err := feed.Layer(t.Context(), h.store, "building")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, f := range c.Fields {
		names = append(names, f.Name)
	}
	if got := strings.Join(names, " "); got != "code name class origin compound building_no floors households households_registered households_resident attributes" {
		t.Errorf("a file has %s", got)
	}
	i := slices.IndexFunc(c.Features, func(f feed.Feature) bool { return f.Values[0] == "6" })
	if got := fmt.Sprint(c.Features[i].Values[5:]); got != `[6号楼 <nil> <nil> 9 8 {"备注":"新建"}]` {
		t.Errorf("a file says %s", got)
	}
}
