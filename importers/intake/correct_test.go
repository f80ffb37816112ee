package intake_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/sql/postgis"
)

// What the corrections of a thing leave behind, but for ids and imports.
const (
	liveThings = `select layer || ' ' || code || ' ' || name || ' ' || class || ' ' || compound || ' ' || building_no || ' ' || floors || ' ' || committee || ' ' ||
		coalesce(no_security::text, '-') || ' ' || st_astext(geom) from gridwright.feature where until is null order by layer, code`
	liveTallies = `select layer || ' ' || code || ' ' || measure || ' ' || kind || ' ' || coalesce(counted_on::text, '-') || ' ' || count
		from gridwright.tally where until is null order by layer, code, measure, kind`
	liveAreas = `select level || ' ' || code || ' ' || st_astext(geom) from gridwright.area order by level, code`
)

func square(lon, lat, side float64) string {
	return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%[1]v,%[2]v],[%[3]v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`, lon, lat, lon+side, lat+side)
}

// neighbours is two communities side by side, A and B, a third north of both, with a compound and three buildings in A.
func neighbours(t *testing.T) *desk {
	d := newDesk(t)
	wkt := func(w, s, e, n float64) string {
		return fmt.Sprintf(`"POLYGON((%[1]v %[2]v,%[3]v %[2]v,%[3]v %[4]v,%[1]v %[4]v,%[1]v %[2]v))"`, w, s, e, n)
	}
	d.must(d.order("communities.csv", "code,name,wkt\n"+
		"A,甲社区,"+wkt(105, 37, 105.01, 37.01)+"\nB,乙社区,"+wkt(105.01, 37, 105.02, 37.01)+"\nC,丙社区,"+wkt(105, 37.01, 105.02, 37.02)+"\n", "community"))
	d.must(d.order("compounds.csv", "code,name,kind,wkt\nX,世纪花园,商品房,"+wkt(105.001, 37.001, 105.004, 37.004)+"\n", "compound"))
	d.must(d.order("buildings.csv", "code,compound,building_no,households,households_kind,counted_on,wkt\n"+
		"1,X,1,20,resident,2025-01-01,"+wkt(105.0011, 37.0011, 105.0013, 37.0013)+"\n"+
		"2,X,2,,,,"+wkt(105.0021, 37.0011, 105.0023, 37.0013)+"\n3,,,7,,2024-01-01,"+wkt(105.006, 37.006, 105.0062, 37.0062)+"\n", "building"))
	return d
}

func (d *desk) correct(c intake.Correction) *postgis.Correction {
	d.Helper()
	c.Source, c.Dated = "社区上报", "2026-10-01"
	made, err := intake.Correct(d.Context(), d.Store, c)
	if err != nil {
		d.Fatal(err)
	}
	return made
}

// unfit expects a correction to be refused for these reasons, each "field: key", and nothing to be stored.
func (d *desk) unfit(c intake.Correction, want ...string) {
	d.Helper()
	before := d.Query(liveThings) + d.Query(liveTallies) + d.Query(imports)
	_, err := intake.Correct(d.Context(), d.Store, c)
	u, is := errors.AsType[*intake.Unfit](err)
	if !is {
		d.Fatalf("%+v: %v", c, err)
	}
	var got []string
	for _, r := range u.Refused {
		got = append(got, r.Field+": "+r.Key)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.Errorf("refused for %q, want %q", got, want)
	}
	if after := d.Query(liveThings) + d.Query(liveTallies) + d.Query(imports); after != before {
		d.Error("something was stored")
	}
}

func values(text string) (v map[string]json.RawMessage) {
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		panic(err)
	}
	return v
}

// Each kind of correction does what it says, and taking them back one after the other brings all back that was, and then again what was made.
func TestUndoOfDoIsNothing(t *testing.T) {
	d := neighbours(t)
	corrections := []intake.Correction{
		{Kind: postgis.CorrectCount, Layer: "building", Code: "1", Values: values(`{"households": 25, "households_kind": "resident", "residents": 60}`)},
		{Kind: postgis.CorrectCount, Layer: "compound", Code: "X", Values: values(`{"shops": 3}`)},
		{Kind: postgis.CorrectAdd, Layer: "building", Code: "9", Geometry: json.RawMessage(square(105.002, 37.002, 0.0002)), Values: values(`{"compound":"X","building_no":"9","households":4}`)},
		{Kind: postgis.CorrectAdd, Layer: "road", Geometry: json.RawMessage(`{"type":"LineString","coordinates":[[105.001,37.005],[105.015,37.005]]}`), Values: values(`{"kind":"背街小巷","name":"无名巷"}`)},
		{Kind: postgis.CorrectMove, Layer: "building", Code: "1", Geometry: json.RawMessage(square(105.012, 37.002, 0.0002))},
		{Kind: postgis.CorrectAttributes, Layer: "building", Code: "2", Values: values(`{"floors": 6, "name": "2号楼"}`)},
		{Kind: postgis.CorrectAttributes, Layer: "compound", Code: "X", Values: values(`{"kind":"家属院","no_security":true,"committee":"向阳居委会","owners_committee":"否"}`)},
		{Kind: postgis.CorrectRemove, Layer: "building", Code: "3"},
	}
	state := func() string { return d.Query(liveThings) + "\n" + d.Query(liveTallies) }
	states := []string{state()}
	var made []*postgis.Correction
	for _, c := range corrections {
		made = append(made, d.correct(c))
		states = append(states, state())
		if states[len(states)-1] == states[len(states)-2] {
			t.Errorf("%s of %s %s changed nothing", c.Kind, c.Layer, c.Code)
		}
	}
	if rows := fmt.Sprint(made[4].Rows); rows != "[A B]" {
		t.Errorf("a building that moved from A to B concerns %s", rows)
	}
	if want := "compound X 世纪花园 家属院   0 向阳居委会 true"; !strings.Contains(state(), want) {
		t.Errorf("no %q in\n%s", want, state())
	}
	if !strings.Contains(state(), "road added-") || !strings.Contains(state(), " 无名巷 back_lane ") {
		t.Errorf("no lane in\n%s", state())
	}
	// Out of order it is refused only where the same thing was changed since.
	if _, err := intake.TakeBack(t.Context(), d.Store, made[0].ID); err == nil || !strings.Contains(err.Error(), "changed since") {
		t.Errorf("taken back although the building has moved since: %v", err)
	}
	var undone []*postgis.Correction
	for i := len(made) - 1; i >= 0; i-- {
		u, err := intake.TakeBack(t.Context(), d.Store, made[i].ID)
		if err != nil {
			t.Fatal(err)
		}
		undone = append(undone, u)
		if state() != states[i] {
			t.Errorf("%s taken back:\n%s\nwant\n%s", made[i].Kind, state(), states[i])
		}
	}
	if _, err := intake.TakeBack(t.Context(), d.Store, made[0].ID); err == nil || !strings.Contains(err.Error(), "already") {
		t.Errorf("taken back twice: %v", err)
	}
	for i := len(undone) - 1; i >= 0; i-- {
		if _, err := intake.TakeBack(t.Context(), d.Store, undone[i].ID); err != nil {
			t.Fatal(err)
		}
	}
	if state() != states[len(states)-1] {
		t.Errorf("undone and done again:\n%s\nwant\n%s", state(), states[len(states)-1])
	}
}

// What is wrong with a correction is said at its field, and nothing is stored.
func TestCorrectionsThatCannotBe(t *testing.T) {
	d := neighbours(t)
	count := intake.Correction{Kind: postgis.CorrectCount, Layer: "building", Code: "1", Values: values(`{"households": 25}`), Source: "s", Dated: "2026-01-01"}
	with := func(change func(*intake.Correction)) intake.Correction {
		c := count
		change(&c)
		return c
	}
	for _, x := range []struct {
		c    intake.Correction
		want string
	}{
		{with(func(c *intake.Correction) { c.Source = " " }), "source: change.no_source"},
		{with(func(c *intake.Correction) { c.Source = "张三 13800138000" }), "source: change.personal"},
		{with(func(c *intake.Correction) { c.Dated = "yesterday" }), "dated: change.no_day"},
		{with(func(c *intake.Correction) { c.Kind = "split" }), "kind: change.kind"},
		{with(func(c *intake.Correction) { c.Layer = "road" }), "layer: change.count_layer"},
		{with(func(c *intake.Correction) { c.Code = "77" }), "code: change.no_thing"},
		{with(func(c *intake.Correction) { c.Values = values(`{"households": -1}`) }), "households: count.negative"},
		{with(func(c *intake.Correction) { c.Values = values(`{"households": 1.5}`) }), "households: count.fraction"},
		{with(func(c *intake.Correction) { c.Values = values(`{"floors": 1}`) }), "floors: change.no_measure"},
		{with(func(c *intake.Correction) { c.Values = values(`{"households": {"n": 1}}`) }), "households: change.nested"},
		{with(func(c *intake.Correction) {
			c.Values, c.Dated = values(`{"households": 20, "households_kind": "resident"}`), "2025-01-01"
		}), "values: change.nothing"},
		{with(func(c *intake.Correction) { c.Kind, c.Values = postgis.CorrectAttributes, values(`{"households": 1}`) }), "households: change.no_field"},
		{with(func(c *intake.Correction) { c.Kind, c.Values = postgis.CorrectAttributes, values(`{"floors": 400}`) }), "floors: number.wrong"},
		{with(func(c *intake.Correction) { c.Kind, c.Values = postgis.CorrectMove, nil }), "geometry: change.not_drawn"},
		{with(func(c *intake.Correction) {
			c.Kind, c.Values, c.Geometry = postgis.CorrectMove, nil, json.RawMessage(`{"type":"Polygon","coordinates":[[[105,37],[105.001,37.001],[105.001,37],[105,37.001],[105,37]]]}`)
		}), "geometry: flaw.self_crossing"},
		{with(func(c *intake.Correction) {
			c.Kind, c.Values, c.Geometry = postgis.CorrectAdd, nil, json.RawMessage(square(105, 37, 0.001))
		}), "code: change.exists"},
		{with(func(c *intake.Correction) {
			c.Kind, c.Layer, c.Code, c.Values, c.Geometry = postgis.CorrectAdd, "road", "", values(`{"kind":"车道线"}`), json.RawMessage(`{"type":"LineString","coordinates":[[105,37],[105.001,37]]}`)
		}), "kind: class.unknown"},
		{with(func(c *intake.Correction) { c.Kind, c.Layer, c.Values = postgis.CorrectBorder, "building", nil }), "layer: change.border_layer"},
	} {
		d.unfit(x.c, x.want)
	}
}

// The border between two communities is drawn anew: both move, the third fits them, and no ground is lost or won.
func TestABorderIsDrawnAnew(t *testing.T) {
	d := neighbours(t)
	first := d.Query(liveAreas)
	gaps := `select round(st_area(st_union(geom))::numeric, 12) || ' ' || round(sum(st_area(geom))::numeric, 12) || ' ' ||
		st_numgeometries(st_union(geom)) || ' ' || st_nrings(st_union(geom)) from gridwright.area`
	whole := d.Query(gaps)
	holds := func(code string, lon, lat float64) bool {
		return d.Query(fmt.Sprintf(`select st_covers(geom, st_setsrid(st_point(%v, %v), 4490))::text from gridwright.area where code = '%s'`, lon, lat, code)) == "true"
	}
	border := func(line string) intake.Correction {
		return intake.Correction{Kind: postgis.CorrectBorder, Layer: "community", Code: "A", Neighbour: "B", Geometry: json.RawMessage(`{"type":"LineString","coordinates":` + line + `}`), Source: "s", Dated: "2026-01-01"}
	}
	made := d.correct(border(`[[105.012,36.999],[105.0111,37.004],[105.008,37.0101]]`))
	if !holds("A", 105.0105, 37.001) || holds("B", 105.0105, 37.001) || !holds("B", 105.0095, 37.0095) {
		t.Error("the border does not run along the line")
	}
	if after := d.Query(gaps); after != whole {
		t.Errorf("areas, sum, parts, rings were %s, are %s", whole, after)
	}
	shared := `select st_equals(st_intersection((select geom from gridwright.area where code = '%s'), (select geom from gridwright.area where code = '%s')),
		st_intersection(st_boundary((select geom from gridwright.area where code = '%s')), st_boundary((select geom from gridwright.area where code = '%s'))))::text`
	for _, p := range [][2]string{{"A", "B"}, {"A", "C"}, {"B", "C"}} {
		if got := d.Query(fmt.Sprintf(shared, p[0], p[1], p[0], p[1])); got != "true" {
			t.Errorf("%s and %s share more than a border", p[0], p[1])
		}
	}
	if rows := fmt.Sprint(made.Rows); rows != "[A B]" {
		t.Errorf("it concerns %s", rows)
	}
	if _, err := intake.TakeBack(t.Context(), d.Store, made.ID); err != nil {
		t.Fatal(err)
	}
	if got := d.Query(liveAreas); got != first {
		t.Errorf("taken back:\n%s\nwant\n%s", got, first)
	}
	d.unfit(border(`[[105.009,37.002],[105.011,37.008]]`), "geometry: change.no_cut")
	d.unfit(border(`[[105.01,37],[105.01,37.01]]`), "geometry: change.nothing")
	d.unfit(border(`[[105.01,37]]`), "geometry: geometry.short")
	d.must(d.order("grids.csv", "code,parent,wkt\nG,A,\"POLYGON((105 37,105.01 37,105.01 37.01,105 37.01,105 37))\"\nH,B,\"POLYGON((105.01 37,105.02 37,105.02 37.01,105.01 37.01,105.01 37))\"\n", "large_grid"))
	d.unfit(border(`[[105.012,36.999],[105.008,37.0101]]`), "layer: change.has_grids")
	// Between large grids of two communities it moves these, too.
	c := border(`[[105.012,36.999],[105.008,37.0101]]`)
	c.Layer, c.Code, c.Neighbour = "large_grid", "G", "H"
	d.correct(c)
	if !holds("G", 105.0105, 37.001) || !holds("A", 105.0105, 37.001) || holds("B", 105.0105, 37.001) || holds("H", 105.0105, 37.001) {
		t.Error("the communities did not follow their large grids")
	}
}

// Counts that are corrected add up: whatever comes, the sum of a measure moves by what the correction says.
func TestCorrectedCountsAddUp(t *testing.T) {
	d := neighbours(t)
	sum := func() (n int) {
		fmt.Sscan(d.Query(`select coalesce(sum(count), 0)::text from gridwright.tally where until is null and measure = 'households'`), &n)
		return n
	}
	have := map[string]int{"1": 20, "3": 7}
	kinds := map[string]string{"1": "resident", "3": ""}
	rng := rand.New(rand.NewPCG(5, 9))
	for range 25 {
		code, n := []string{"1", "2", "3"}[rng.IntN(3)], rng.IntN(300)
		if was, is := have[code]; is && was == n {
			continue
		}
		d.correct(intake.Correction{Kind: postgis.CorrectCount, Layer: "building", Code: code, Values: values(fmt.Sprintf(`{"households":%d,"households_kind":%q}`, n, kinds[code]))})
		have[code] = n
		if want := have["1"] + have["2"] + have["3"]; sum() != want {
			t.Fatalf("households add up to %d, want %d", sum(), want)
		}
	}
}
