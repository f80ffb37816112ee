package intake_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// features returns what is stored of a layer, but for ids.
func (d *desk) features(layer plan.Layer, after ...postgis.ImportID) []plan.Feature {
	d.Helper()
	w := postgis.FeaturesWanted{Layers: []plan.Layer{layer}}
	if len(after) > 0 {
		w.After = after[0]
	}
	found, err := d.Store.Features(d.Context(), w)
	if err != nil {
		d.Fatal(err)
	}
	for i := range found {
		found[i].ID = 0
	}
	return found
}

func (d *desk) codes(layer plan.Layer) string {
	d.Helper()
	var codes []string
	for _, f := range d.features(layer) {
		codes = append(codes, f.Code)
	}
	return strings.Join(codes, " ")
}

func (d *desk) lastImport() (id postgis.ImportID) {
	d.Helper()
	if _, err := fmt.Sscan(d.Query(`select max(id)::text from gridwright.import`), &id); err != nil {
		d.Fatal(err)
	}
	return id
}

func place(lon, lat float64) crs.Point {
	p, err := crs.FromDegrees(lon, lat)
	if err != nil {
		panic(err)
	}
	return p
}

var triangle = shape.MultiPolygon{{{place(105, 37), place(105.1, 37), place(105.1, 37.1)}}}

// Every layer comes back from the database as its file says it.
func TestEveryLayerComesBack(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A")
	line := plan.Geometry{Lines: []plan.Line{{place(105, 37), place(105.1, 37.0000001)}}}
	for _, c := range []struct {
		layer plan.Layer
		file  string
		want  plan.Feature
	}{
		{plan.RoadLayer, "code,name,class,bridge,level,wkt\nG109,鼓楼东街,主干路,是,1,\"LINESTRING(105 37,105 37,105.1 37.0000001)\"\n",
			plan.Feature{Code: "G109", Name: "鼓楼东街", Class: "primary", Bridge: true, Level: 1, Geometry: line}},
		{plan.WaterLayer, "code,name,wkt\n1,黄河,\"POLYGON((105.1 37.1,105 37,105.1 37,105.1 37.1))\"\n",
			plan.Feature{Code: "1", Name: "黄河", Class: "river", Geometry: plan.Geometry{Shape: triangle}}},
		{plan.RailwayLayer, "code,tunnel,wkt\n1,yes,\"MULTILINESTRING((105 37,105.1 37.0000001))\"\n",
			plan.Feature{Code: "1", Class: "rail", Tunnel: true, Geometry: line}},
		{plan.WallLayer, "code,class,wkt\n1,City_Wall,\"LINESTRING(105 37,105.1 37.0000001)\"\n",
			plan.Feature{Code: "1", Class: "city_wall", Geometry: line}},
		{plan.BuildingLayer, "code,name,class,compound,floors,households,residents,residents_kind,counted_on,wkt\n07,7幢,apartments,C,6,42,101,常住,2020/11/1,POINT(105 37)\n",
			plan.Feature{Code: "07", Name: "7幢", Class: "apartments", Compound: "C", Floors: 6, Geometry: plan.Geometry{Points: []crs.Point{place(105, 37)}},
				Tallies: []plan.Tally{{Measure: plan.Households, On: "2020-11-01", Count: 42}, {Measure: plan.Residents, Kind: plan.Resident, On: "2020-11-01", Count: 101}}}},
		{plan.CompoundLayer, "code,name,kind,no_property_mgmt,no_security,parent,wkt\nC,世纪花园,小区,是,0,A,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\n",
			plan.Feature{Code: "C", Name: "世纪花园", Class: "小区", NoPropertyMgmt: plan.Yes, NoSecurity: plan.No, Parent: 1, Geometry: plan.Geometry{Shape: triangle}}},
		{plan.OrganisationLayer, "code,name,kind,new_org,wkt\n1,第一小学,school,f,POINT(105 37)\n",
			plan.Feature{Code: "1", Name: "第一小学", Class: "school", NewOrg: plan.No, Geometry: plan.Geometry{Points: []crs.Point{place(105, 37)}}}},
	} {
		order := d.order("x.csv", c.file, string(c.layer))
		r := d.must(order)
		d.want(string(c.layer), counts(r), [4]int{1, 0, 0, 0})
		c.want.Layer, c.want.Origin = c.layer, plan.OriginFile
		if diff := cmp.Diff([]plan.Feature{c.want}, d.features(c.layer)); diff != "" {
			t.Error(diff)
		}
		d.want(string(c.layer)+" again", counts(d.must(order)), [4]int{0, 0, 1, 0})
	}
}

func TestFeaturesAreReplacedByCode(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("a.csv", "code,name,class,wkt\n1,东街,primary,\"LINESTRING(105 37,105.1 37)\"\n2,西街,,\"LINESTRING(105 37,105 37.1)\"\n", "road"))
	first := d.lastImport()
	r := d.must(d.order("b.csv", "code,class,wkt\n2,trunk,\"LINESTRING(105 37,105 37.1)\"\n3,,\"LINESTRING(105 37,104 37)\"\n", "road"))
	d.want("counts", counts(r), [4]int{1, 1, 0, 0})
	d.want("codes", d.codes(plan.RoadLayer), "1 2 3")
	d.want("what the file has no column for stays", d.features(plan.RoadLayer)[1].Name, "西街")
	d.want("what it has changes", d.features(plan.RoadLayer)[1].Class, "trunk")
	before := d.features(plan.RoadLayer, first)
	d.want("as it was", fmt.Sprint(len(before), " ", before[1].Class), "2 street")
}

// A file that names an area as parent lists the area in full; one that does not retires nothing.
func TestFeaturesOfAParentAreRetired(t *testing.T) {
	d := newDesk(t)
	d.largeGrids("A", "B")
	const row = ",POINT(105 37)\n"
	d.must(d.order("a.csv", "code,parent,households,wkt\n1,A,10"+row+"2,A,20"+row+"3,B,30"+row+"4,,40"+row, "building"))
	r := d.must(d.order("b.csv", "code,parent,households,wkt\n1,A,10"+row, "building"))
	d.want("counts", counts(r), [4]int{0, 0, 1, 1})
	d.want("codes", d.codes(plan.BuildingLayer), "1 3 4")
	d.want("notes", strings.Join(r.Notes, "; "), "1 features are no longer in the file; with them went 20 households")
	d.want("live counts", d.Query(`select sum(count)::text from gridwright.tally where until is null`), "80")
	d.must(d.order("c.csv", "code,wkt\n9,POINT(105 37)\n", "building"))
	d.want("codes", d.codes(plan.BuildingLayer), "1 3 4 9")
	d.refused(d.order("d.csv", "code,parent,wkt\n1,Z,POINT(105 37)\n", "building"), "1: parent.unknown.area")
}

// Lines without codes get them from the file's name and the row's id or number: the same again is the same.
func TestCodesAreMade(t *testing.T) {
	d := newDesk(t)
	line := func(id string, lat int) string {
		return fmt.Sprintf(`{"type":"Feature"%s,"properties":{},"geometry":{"type":"LineString","coordinates":[[105,37],[105.1,37.%d]]}}`, id, lat) + "\n"
	}
	three := d.order("town.geojsonl", line("", 1)+line(`,"id":"x7"`, 2)+line("", 3), "wall")
	d.want("counts", counts(d.must(three)), [4]int{3, 0, 0, 0})
	d.want("codes", d.codes(plan.WallLayer), "town#1 town#3 town/x7")
	d.want("again", counts(d.must(three)), [4]int{0, 0, 3, 0})
	d.want("another file", counts(d.must(d.order("village.geojsonl", line("", 1), "wall"))), [4]int{1, 0, 0, 0})
	r := d.must(d.order("town.geojsonl", line("", 1), "wall"))
	d.want("a shorter file of the name", counts(r), [4]int{0, 0, 1, 2})
	d.want("notes", len(r.Notes), 1)
	d.want("codes", d.codes(plan.WallLayer), "town#1 village#1")
	part := d.order("village.geojsonl", line("", 1)+`{"type":"Feature","properties":{"of":"B"},"geometry":{"type":"LineString","coordinates":[[105,37],[105.1,37]]}}`, "wall")
	part.Where = map[string]string{"of": "B"}
	d.want("a part of a file", counts(d.must(part)), [4]int{1, 0, 0, 0})
	d.want("codes", d.codes(plan.WallLayer), "town#1 village#1 village#2")
}

func (d *desk) tallies() string {
	return d.Query(`select layer || ' ' || code || ' ' || measure || ' ' || coalesce(nullif(kind, ''), '-') || ' ' || coalesce(counted_on::text, '-') || ' ' || count
		from gridwright.tally where until is null order by layer, code, measure, kind`)
}

func TestCountsJoinByCode(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("c.csv", "code,wkt\nC,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\n7,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\n", "compound"))
	d.must(d.order("b.csv", "code,households,compound,wkt\n1,5,C,POINT(105 37)\n7,6,,POINT(105 37)\n", "building"))
	set := map[string]string{"households_kind": "=registered", "counted_on": "=2020-11-01", "households": "户"}
	table := d.order("t.csv", "code,layer,户,residents\n1,,41,100\nC,,800,\n7,building,,9\n", "counts", set)
	r := d.must(table)
	d.want("counts", counts(r), [4]int{1, 2, 0, 0})
	d.want("sums", fmt.Sprint(r.SumsInOrder()), "[{households 841} {residents 109}]")
	d.want("tallies", d.tallies(), `building 1 households registered 2020-11-01 41
building 1 residents - 2020-11-01 100
building 7 households - - 6
building 7 residents - 2020-11-01 9
compound C households registered 2020-11-01 800`)
	d.want("again", counts(d.must(table)), [4]int{0, 0, 3, 0})

	// A building that is drawn anew keeps its counts.
	r = d.must(d.order("b.csv", "code,wkt\n1,POINT(105.0001 37)\n", "building"))
	d.want("a building moves", counts(r), [4]int{0, 1, 0, 0})
	d.want("its counts", len(d.features(plan.BuildingLayer)[0].Tallies), 2)

	d.refused(d.order("t.csv", "code,residents\n1,1\nnone,1\n7,1\n", "counts"), "none: counts.unknown", "7: counts.ambiguous")
	d.want("tallies after a refusal", len(strings.Split(d.tallies(), "\n")), 5)
}

// Rows without a code are joined by name, full-width or not.
func TestCountsJoinByName(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("c.csv", "code,name,wkt\nC,金沙小区,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\nD,新村,\"POLYGON((105 37,105.1 37,105.1 37.1,105 37))\"\n", "compound"))
	d.must(d.order("b.csv", "code,name,wkt\n1,Ａ１号楼,POINT(105 37)\n2,A2号楼,POINT(105 37)\n3,A2号楼,POINT(105 37)\n4,新村,POINT(105 37)\n5,,POINT(105 37)\n", "building"))
	r := d.must(d.order("t.csv", "code,name,layer,households\n, A1号楼　,,41\n5,A1号楼,,2\n,金沙小区,,800\n,新村,compound,7\n", "counts"))
	d.want("notes", strings.Join(r.Notes, "; "), "3 rows without a code were joined by name")
	d.want("tallies", d.tallies(), `building 1 households - - 41
building 5 households - - 2
compound C households - - 800
compound D households - - 7`)
	r = d.must(d.order("t.csv", "楼栋,households\nA1号楼,40\n", "counts", map[string]string{"name": "楼栋"}))
	d.want("no column of codes", counts(r), [4]int{0, 1, 0, 0})

	d.refused(d.order("t.csv", "code,name,households\n,A2号楼,1\n,,1\n", "counts"), ": code.empty")
	r = d.refused(d.order("t.csv", "code,name,households\n,A2号楼,1\n,B号楼,1\n,新村,1\n1,,1\n,A1号楼,1\n", "counts"),
		": counts.namesakes", ": counts.unnamed", ": counts.namesakes", "1: counts.twice")
	d.want("namesakes", r.Refused[0].Words, "2 buildings or compounds have the name \"A2号楼\" (codes 2, 3): give the code")
	d.want("their place", r.Refused[0].Place != "", true)
	d.refused(d.order("t.csv", "x,households\n1,1\n", "counts"), ": map.needed")
}

func TestPersonsAreNotTaken(t *testing.T) {
	d := newDesk(t)
	r := d.must(d.order("b.csv", "code,households,户主姓名,手机号,wkt\n1,5,李四,13800001111,POINT(105 37)\n", "building"))
	d.want("notes", strings.Join(r.Notes, "; "), "the columns 户主姓名, 手机号 tell of single persons and were not taken")
	d.want("stored", d.Query(`select count(*)::text from gridwright.feature f where f::text like '%李四%' or f::text like '%13800001111%'`), "0")
	order := d.order("b.csv", "code,户主姓名,wkt\n1,李四,POINT(105 37)\n", "building", map[string]string{"name": "户主姓名"})
	d.refused(order, ": map.personal")
}

// What is refused is quoted, but not what is known of a person: neither the number of a telephone or an identity card, nor anything a column of
// such numbers says.
func TestPersonsAreNotQuoted(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("b.csv", "code,wkt\n1,POINT(105 37)\n", "building"))
	const phone, card = "13800001111", "11010519491231002X"
	for name, o := range map[string]intake.Order{
		"a building":     d.order("b.csv", "code,households,floors,wkt\n2,住户"+phone+"人,"+card+",POINT(105 37)\n", "building"),
		"its column":     d.order("b.csv", "code,备注,wkt\n2,"+phone+",POINT(105 37)\n3,王小明,POINT(105 37)\n4,,POINT(105 37)\n", "building", map[string]string{"households": "备注"}),
		"a count":        d.order("t.csv", "code,households\n1,"+phone+"+\n", "counts"),
		"its code":       d.order("t.csv", "code,households\n"+card+",1\n"+card+",1\n", "counts"),
		"an address":     d.order("t.csv", "compound,building_no,households\n花园"+phone+",1,1\n", "counts"),
		"a street's day": d.order("t.csv", "code,counted_on,households\n1,"+card+"日,1\n", "counts"),
	} {
		r, err := intake.Run(t.Context(), d.Store, o)
		if err == nil || len(r.Refused) == 0 {
			t.Errorf("%s: %v", name, err)
			continue
		}
		told, err := r.InAll()
		if err != nil {
			t.Fatal(err)
		}
		rows, err := r.RowsRefused(t.Context(), o)
		if err != nil {
			t.Fatal(err)
		}
		kept, err := rows.JSON()
		if err != nil {
			t.Fatal(err)
		}
		all := string(told["en"]) + string(told["zh-CN"]) + string(kept)
		for _, secret := range []string{phone, card, "王小明"} {
			if strings.Contains(all, secret) {
				t.Errorf("%s: %s is told: %s", name, secret, all)
			}
		}
	}
}

func TestWhatMapMaySay(t *testing.T) {
	d := newDesk(t)
	const file = "code,name,户,wkt\n1,x,5,POINT(105 37)\n"
	for name, c := range map[string]struct {
		set  map[string]string
		want string
	}{
		"a name for all rows":       {map[string]string{"name": "=x"}, ": map.constant"},
		"whom a measure counts":     {map[string]string{"voters": "户", "voters_kind": "=resident"}, ""},
		"whom nothing counts":       {map[string]string{"voters_kind": "=resident"}, ": map.no_field"},
		"a kind that is none":       {map[string]string{"households": "户", "households_kind": "=all"}, "1: count.kind"},
		"a field of another layer":  {map[string]string{"new_org": "name"}, ": map.no_field"},
		"no measure, and no field":  {map[string]string{"Höhe": "户"}, ": map.no_field"},
		"a day that all rows share": {map[string]string{"households": "户", "counted_on": "=2020-11-01"}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			order := d.order("b.csv", file, "building", c.set)
			order.DryRun = true
			_, err := intake.Run(t.Context(), d.Store, order)
			got := ""
			if err != nil {
				r, _ := intake.Run(t.Context(), d.Store, order)
				got = r.Refused[0].Code + ": " + r.Refused[0].Key
			}
			if got != c.want {
				t.Errorf("got %q, want %q", got, c.want)
			}
		})
	}
}

func TestBuildingsThatShouldBeLookedAt(t *testing.T) {
	d := newDesk(t)
	r := d.must(d.order("b.csv", "code,households,compound,wkt\n1,10000,Z,POINT(105 37)\n", "building"))
	var kinds []string
	for _, f := range r.Findings {
		kinds = append(kinds, f.Codes[0]+" "+f.Kind)
	}
	d.want("findings", strings.Join(kinds, ", "), "1 many_households, 1 compound_unknown")
}

func TestFeaturesOfABox(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("r.csv", "code,wkt\n1,\"LINESTRING(105 37,105.1 37)\"\n2,\"LINESTRING(106 37,106.1 37)\"\n", "road"))
	box := shape.Box{Min: place(105.05, 36), Max: place(105.06, 38)}
	found, err := d.Store.Features(t.Context(), postgis.FeaturesWanted{Box: &box})
	if err != nil || len(found) != 1 || found[0].Code != "1" {
		t.Error(found, err)
	}
}

// A dry run of any layer keeps nothing and reports what a wet one does.
func TestDryRunsOfFeatures(t *testing.T) {
	d := newDesk(t)
	files := map[string]string{
		"road":     "code,wkt\n1,\"LINESTRING(105 37,105.1 37)\"\n",
		"building": "code,households,wkt\n1,3,POINT(105 37)\n",
	}
	for _, layer := range slices.Sorted(maps.Keys(files)) {
		order := d.order("x.csv", files[layer], layer)
		order.DryRun = true
		dry := d.must(order)
		d.want("features", d.Query(`select count(*)::text from gridwright.feature where layer = '`+layer+`'`), "0")
		order.DryRun = false
		wet := d.must(order)
		dry.DryRun = false
		a, _ := json.Marshal(dry)
		b, _ := json.Marshal(wet)
		d.want("report", string(a), string(b))
	}
}

// What is wrong with a raw layer is told with its place, in both languages, and nothing is stored.
func TestBadGroundIsNamed(t *testing.T) {
	scribble := func() string {
		random := rand.New(rand.NewSource(1))
		var points []string
		for range 3000 {
			points = append(points, fmt.Sprintf("%.7f %.7f", 105+random.Float64()/50, 37.5+random.Float64()/50))
		}
		return "POLYGON((" + strings.Join(append(points, points[0]), ",") + "))"
	}
	for _, c := range []struct{ name, layer, wkt, zh, en string }{
		{"a ring of 3,000 corners at random", "community", scribble(), "边界线自相交叉（105.0002284 37.5016652处）", "a ring crosses itself (at 105.0002284 37.5016652)"},
		{"the same for a building", "building", scribble(), "边界线自相交叉（105.0002284 37.5016652处）", "a ring crosses itself (at 105.0002284 37.5016652)"},
		{"a river as a polygon that is not closed", "water", "POLYGON((105.001 37.501,105.009 37.501,105.009 37.5015,105.001 37.5015))",
			"有一条边界线没有闭合（105.001 37.5015处）", "a ring is not closed (at 105.001 37.5015)"},
		{"a building that crosses itself", "building", "POLYGON((105 37.5,105.001 37.501,105.001 37.5,105 37.501,105 37.5))",
			"边界线自相交叉（105.0005 37.5005处）", "a ring crosses itself (at 105.0005 37.5005)"},
		{"metres among degrees", "road", "LINESTRING(105 37.5,512345.1 4154321.9)",
			"坐标512345.1 4154321.9不是经纬度，看来是投影坐标（米）：请用--crs写明坐标系", "512345.1 4154321.9 is no longitude and latitude, it looks projected (metres): say its system with --crs"},
		{"a road of no length", "road", "LINESTRING(105 37.5,105 37.5)", "一条线的各点都在同一处（105 37.5处）", "all points of a line are the same (at 105 37.5)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := newDesk(t)
			for lang, want := range map[words.Lang]string{words.Zh: c.zh, words.En: c.en} {
				o := d.order("bad.csv", "code,wkt\nx,\""+c.wkt+"\"\n", c.layer)
				o.Lang = lang
				r, err := intake.Run(t.Context(), d.Store, o)
				if err == nil || len(r.Refused) == 0 {
					t.Fatal("it was taken")
				}
				d.want("words", r.Refused[0].Words, want)
				d.want("stored", d.Query(`select (select count(*) from feature) + (select count(*) from area) + (select count(*) from import)`), "0")
			}
		})
	}
}
