package server_test

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/sql/postgis/postgistest"
)

// drawnFilter is a filter in both languages and what it says of a block.
type drawnFilter struct {
	text string
	json any
	fits func(b plan.Block, parent string) bool
}

// drawFilter draws a filter on the blocks of the town.
func drawFilter(t *rapid.T, depth int) drawnFilter {
	property := func(name string) any { return map[string]any{"property": name} }
	op := func(name string, args ...any) any { return map[string]any{"op": name, "args": args} }
	households := func(b plan.Block) float64 { return float64(b.Counts[0]) }
	n := float64(rapid.IntRange(5, 25).Draw(t, "n"))
	number := strconv.FormatFloat(n, 'f', -1, 64)
	text := rapid.SampledFrom([]string{"P1", "P2-B07", "p1", "x'y", "%", "P_-B1%", "\\%", "$1"}).Draw(t, "text")
	quoted := "'" + strings.ReplaceAll(text, "'", "''") + "'"
	atoms := []func() drawnFilter{
		func() drawnFilter {
			sign := rapid.SampledFrom([]string{"=", "<>", "<", "<=", ">", ">="}).Draw(t, "sign")
			return drawnFilter{"households " + sign + " " + number, op(sign, property("households"), n), func(b plan.Block, _ string) bool {
				return map[string]bool{"=": households(b) == n, "<>": households(b) != n, "<": households(b) < n, "<=": households(b) <= n, ">": households(b) > n, ">=": households(b) >= n}[sign]
			}}
		},
		func() drawnFilter {
			return drawnFilter{"parent = " + quoted, op("=", property("parent"), text), func(_ plan.Block, parent string) bool { return parent == text }}
		},
		func() drawnFilter {
			return drawnFilter{"CASEI(parent) = casei(" + quoted + ")", op("=", op("casei", property("parent")), op("casei", text)),
				func(_ plan.Block, parent string) bool { return strings.EqualFold(parent, text) }}
		},
		func() drawnFilter {
			return drawnFilter{"\"code\" like " + quoted, op("like", property("code"), text), func(b plan.Block, _ string) bool { return likes(b.Code, text) }}
		},
		func() drawnFilter {
			return drawnFilter{"households between " + number + " and " + number + " + 3", op("between", property("households"), n, op("+", n, 3)),
				func(b plan.Block, _ string) bool { return households(b) >= n && households(b) <= n+3 }}
		},
		func() drawnFilter {
			return drawnFilter{"households * 2 - 4 > area_m2 / 400", op(">", op("-", op("*", property("households"), 2), 4), op("/", property("area_m2"), 400)),
				func(b plan.Block, _ string) bool { return households(b)*2-4 > math.Round(float64(b.Area))/400 }}
		},
		func() drawnFilter {
			return drawnFilter{"code IN (" + quoted + ", 'P0-B00')", op("in", property("code"), []any{text, "P0-B00"}), func(b plan.Block, _ string) bool { return b.Code == text || b.Code == "P0-B00" }}
		},
		func() drawnFilter {
			return drawnFilter{"stair_units is null", op("isNull", property("stair_units")), func(plan.Block, string) bool { return false }}
		},
		func() drawnFilter {
			east := rapid.IntRange(0, 30).Draw(t, "east")
			west := 104 + float64(east)*0.0005
			numbers := []any{104, 39.7, west, 39.72}
			return drawnFilter{fmt.Sprintf("S_WITHIN(geometry, BBOX(104,39.7,%v,39.72))", west), op("s_within", property("geometry"), map[string]any{"bbox": numbers}),
				func(b plan.Block, _ string) bool { return b.Shape.Box().Max.Lon.Degrees() <= west }}
		},
		func() drawnFilter {
			truth := rapid.Bool().Draw(t, "truth")
			return drawnFilter{strconv.FormatBool(truth), truth, func(plan.Block, string) bool { return truth }}
		},
	}
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
		return rapid.SampledFrom(atoms).Draw(t, "atom")()
	}
	a := drawFilter(t, depth-1)
	switch kind := rapid.SampledFrom([]string{"and", "or", "not"}).Draw(t, "kind"); kind {
	case "not":
		return drawnFilter{"NOT (" + a.text + ")", op("not", a.json), func(b plan.Block, p string) bool { return !a.fits(b, p) }}
	default:
		c := drawFilter(t, depth-1)
		return drawnFilter{"(" + a.text + ") " + kind + " (" + c.text + ")", op(kind, a.json, c.json), func(b plan.Block, p string) bool {
			if kind == "and" {
				return a.fits(b, p) && c.fits(b, p)
			}
			return a.fits(b, p) || c.fits(b, p)
		}}
	}
}

// likes reports whether a text is of a pattern, letter by letter.
func likes(text, pattern string) bool {
	switch {
	case pattern == "":
		return text == ""
	case pattern[0] == '%':
		return likes(text, pattern[1:]) || text != "" && likes(text[1:], pattern)
	case pattern[0] == '\\' && len(pattern) > 1:
		pattern = pattern[1:]
	case pattern[0] == '_' && text != "":
		return likes(text[1:], pattern[1:])
	}
	return text != "" && text[0] == pattern[0] && likes(text[1:], pattern[1:])
}

// What fits a filter is what fits it block by block, in either language.
func TestFiltersFindWhatTheySay(t *testing.T) {
	h := open(t, "")
	snap, err := h.store.Snapshot(t.Context(), h.plan)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		f := drawFilter(t, 3)
		var want []string
		for _, b := range snap.Ground.Blocks {
			if f.fits(b, snap.Ground.Parents[b.Parent].Code) {
				want = append(want, b.Code)
			}
		}
		slices.Sort(want)
		written, err := json.Marshal(f.json)
		if err != nil {
			t.Fatal(err)
		}
		language, text := "cql2-text", f.text
		if rapid.Bool().Draw(t, "json") {
			language, text = "cql2-json", string(written)
		}
		if got := h.walk("/ogc/collections/block/items?filter-lang=" + language + "&filter=" + url.QueryEscape(text)); !slices.Equal(got, want) {
			t.Fatalf("%s: %d blocks, not %d: %v", text, len(got), len(want), got)
		}
	})
}

// Grids of a plan are filtered as layers are.
func TestFiltersOnGrids(t *testing.T) {
	h := open(t, "")
	for filter, want := range map[string]int{
		"true": 9, "false": 0, "blocks > 0": 9, "code like 'P1-0%'": 3, "parent = 'P1' and households > 1": 3, "s_intersects(geometry, BBOX(104,39.7,104.0001,39.7001))": 1,
		"not s_disjoint(geometry, LINESTRING(104.0001 39.7001, 104.0002 39.7002))": 1, "s_contains(BBOX(103,39,105,40), geometry)": 9, "households / 0 > 1": 0, "households_deviation is null": 0,
	} {
		var p ogcPage
		h.get("/ogc/collections/grids-1/items?filter="+url.QueryEscape(filter), &p)
		if p.NumberMatched != want || p.NumberReturned != want {
			t.Errorf("%s: %d of %d, not %d", filter, p.NumberReturned, p.NumberMatched, want)
		}
	}
}

// A feature can be had in every system its collection names, in the order of axes its authority gives; a box in a system finds what
// its corners say.
func TestSystemsOfFeatures(t *testing.T) {
	h := open(t, "")
	var c struct {
		CRS     []string
		Storage string `json:"storageCrs"`
	}
	h.get("/ogc/collections/block", &c)
	if len(c.CRS) != 6 || !slices.Contains(c.CRS, c.Storage) || !slices.Contains(c.CRS, "http://www.opengis.net/def/crs/EPSG/0/4523") {
		t.Fatalf("%v, stored in %s", c.CRS, c.Storage)
	}
	first := func(path string) (x, y float64) {
		var p struct {
			Features []struct {
				Geometry struct{ Coordinates [][][2]float64 }
			}
		}
		a := h.get(path, &p)
		if crs := a.Header.Get("Content-Crs"); !strings.Contains(path, strings.Trim(crs, "<>")) && crs != "<http://www.opengis.net/def/crs/OGC/1.3/CRS84>" {
			t.Errorf("%s: Content-Crs is %s", path, crs)
		}
		at := p.Features[0].Geometry.Coordinates[0][0]
		return at[0], at[1]
	}
	lon, lat := first("/ogc/collections/block/items?limit=1&code=P2-B07")
	for _, address := range c.CRS[1:] {
		x, y := first("/ogc/collections/block/items?limit=1&code=P2-B07&crs=" + address)
		system, err := crs.Named(address[strings.LastIndex(address, "/")+1:])
		if err != nil {
			t.Fatal(err)
		}
		p, err := crs.FromDegrees(lon, lat)
		if err != nil {
			t.Fatal(err)
		}
		wantX, wantY := system.Numbers(p)
		if !strings.HasSuffix(address, "/3857") {
			wantX, wantY = wantY, wantX
		}
		if math.Abs(x-wantX) > 1e-4 || math.Abs(y-wantY) > 1e-4 {
			t.Errorf("%s: %v %v, not %v %v", address, x, y, wantX, wantY)
		}
		in := 1e-6 // of the corner, towards the middle
		if math.Abs(x) > 360 {
			in = 0.2
		}
		box := fmt.Sprintf("%f,%f,%f,%f", x+in, y+in, x+2*in, y+2*in)
		if got := h.walk("/ogc/collections/block/items?bbox=" + box + "&bbox-crs=" + address); !slices.Equal(got, []string{"P2-B07"}) {
			t.Errorf("%s: %v lies at %s", address, got, box)
		}
	}
}

// Whatever stands in a parameter that filters, it is read as what it is or refused; and nothing is lost.
func TestInjections(t *testing.T) {
	h := open(t, "")
	hostile := []string{"'", "''", "\"", "`", ";", "--", "/*", "*/", "\\", "%", "%00", "\x00", "\xff", "$1", "$$", ":x", "?", "@", "#", "&&", "||", "{", "}", "{}", "[", "null", "NaN", "Infinity", "1e999", "-0", "0x41",
		"' or '1'='1", "' or 1=1 --", "'; drop table gridwright.plan; --", "x' union select null --", "1; select pg_sleep(10)", "'||pg_sleep(10)||'", "E'\\''", "U&'\\0027'", "‘ or 1=1", "＇", "\u2019", "$.a", "$.** ? (@ == 1)", "\" == 1 || 1 == 1 || \"",
		"strict $", "lax $[*]", "x like_regex '.*'", "(.*)*$", "((((((((", "))))))))", "S_INTERSECTS(", "POINT(0 0)", "GEOMETRYCOLLECTION(POINT(0 0))", "PropertyIsLike", "strStartsWith(code,'x')", "jsonArrayContains(code,'x')", "env('x')", "code IN (select 1)"}
	templates := []string{"filter=code%20%3D%20'", "filter=", "filter-lang=cql2-json&filter=", "bbox=", "limit=", "code=", "datetime=", "crs=", "bbox-crs="}
	tried := 0
	for _, text := range hostile {
		for _, template := range templates {
			a := h.ask(http.MethodGet, "/ogc/collections/block/items?"+template+url.QueryEscape(text), "")
			if a.StatusCode != http.StatusOK && a.StatusCode != http.StatusBadRequest {
				t.Errorf("%s%q: %s %.200s", template, text, a.Status, a.body)
			}
			tried++
		}
	}
	if tried < 300 {
		t.Errorf("%d payloads", tried)
	}
	h.get(h.at(""), nil)
}

// GDAL filters by attribute as the server does.
func TestGDALFilters(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("there is no GDAL on this machine: make test installs it")
	}
	store := postgistest.Open(t)
	postgistest.Town(t, store, 4, 6, 5, uneven)
	address := serve(t, store, "")
	out, err := exec.Command("ogrinfo", "-so", "-where", "parent = 'P1' AND households > 15", "OAPIF:"+address+"/ogc", "block").CombinedOutput()
	want := 0
	for b := range 30 {
		if uneven(1, b) > 15 {
			want++
		}
	}
	if err != nil || !strings.Contains(string(out), fmt.Sprintf("Feature Count: %d\n", want)) {
		t.Errorf("%v: not %d in %s", err, want, out)
	}
}
