package groundwork_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"

	"gridwright/importers/groundwork"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
)

func TestATown(t *testing.T) {
	d := newTown(t)
	r := d.build("all")
	for _, f := range r.Findings {
		t.Log(f.Severity, f.Words)
	}
	d.want("parents", r.Parents, 4)                  // A, B, and the large grids of C in its place
	d.want("counts", counts(r), [4]int{17, 0, 0, 0}) // four a parent, and the yard
	d.want("buildings, cut, across", [3]int{r.Buildings, r.CutBuildings, r.AcrossParents}, [3]int{18, 0, 1})
	d.want("sums", r.Sums, map[string]int{"households": householdsInTown, "residents": residentsInTown, "buildings": 18, "resident_orgs": 2})
	d.want("outside", r.Outside, map[string]int{"households": 3, "buildings": 1, "resident_orgs": 1})
	d.want("kinds", r.Kinds["households"], map[string]int{"unstated": 19, "resident": 1})
	d.want("findings", rules(r), "building_outside away\nstraddler across,B,A\norganisation_outside quarry")
	d.want("codes of A, in reading order", d.Query(`select string_agg(code, ' ' order by st_y(label)::numeric(9, 3) desc, st_x(label)) from block where code like 'A-%'`),
		"A-0001 A-0002 A-0003 A-0004")
	d.want("blocks of C", d.Query(`select count(*) from block b join area a on a.id = b.parent_id where a.code = 'C'`), "0")
	d.oracle()
}

// oracle asks PostGIS whether the ground holds what it promises.
func (d *desk) oracle() {
	d.Helper()
	for what, ask := range map[string]string{
		"blocks are valid": `select count(*) from block where until is null and not st_isvalid(geom)`,
		"no two overlap": `select count(*) from block a join block b on a.id < b.id and a.geom && b.geom and st_relate(a.geom, b.geom, 'T********')
			where a.until is null and b.until is null`,
		"every building that stands across nothing is covered by one block": `select count(*) from feature f where f.until is null and layer = 'building'
			and code not in ('across', 'away') and (select count(*) from block b where b.until is null and st_coveredby(f.geom, b.geom)) <> 1`,
		"the blocks are the town": `select count(*) from (select st_union(geom) as geom from block where until is null) b,
			(select st_union(geom) as geom from area where level = 'community') a where not st_equals(a.geom, b.geom)`,
		"a parent is its blocks": `select count(*) from (select a.geom as drawn, st_union(b.geom) as built from area a join block b on b.parent_id = a.id
			where b.until is null group by a.id) p where abs(st_area(drawn::geography) - st_area(built::geography)) > 1`,
		"borders are those that are seen": `select count(*) from (select a.id as a, b.id as b from block a join block b
			on a.id < b.id and a.geom && b.geom and st_relate(a.geom, b.geom, '****1****') where a.until is null and b.until is null) seen
			full join (select d.* from border d join block x on x.id = d.a and x.until is null join block y on y.id = d.b and y.until is null) known using (a, b)
			where seen.a is null or metres is null`,
		"every household is in a block": fmt.Sprintf(`select count(*) from (select sum(count) as n from block_count join block b on b.id = block_id
			where until is null and measure = 'households') s where n <> %d`, householdsInTown),
	} {
		d.want(what, d.Query(ask), "0")
	}
}

func TestTheSameAgainChangesNothing(t *testing.T) {
	d := newTown(t)
	d.build("all")
	before, grounds := d.Query(state), d.Query(`select count(*) from ground`)
	for _, scope := range []string{"all", "A", "C", "C2"} {
		r := d.build(scope)
		d.want(scope+": unchanged", counts(r), [4]int{0, 0, r.Blocks.Total, 0})
	}
	d.want("blocks", d.Query(state), before)
	d.want("versions of the ground", d.Query(`select count(*) from ground`), grounds)
}

// A new road divides a block: what is left of it keeps its code, the other half is new, the block at whose side the road
// ends gets a corner, and nothing else is touched.
func TestANewRoad(t *testing.T) {
	d := newTown(t)
	d.build("all")
	rest := `select string_agg(id::text || code, ' ' order by id) from block where until is null and code not like 'A-%'`
	before := d.Query(rest)
	d.streets("s1,First Street,street," + line(1.3, -1, 1.3, 2))
	r := d.build("all")
	d.want("counts", counts(r), [4]int{1, 2, 15, 0})
	d.want("codes of A", d.Query(`select string_agg(code, ' ' order by code) from block where until is null and code like 'A-%'`),
		"A-0001 A-0002 A-0003 A-0004 A-0005")
	d.want("other blocks", d.Query(rest), before)
	d.oracle()

	// The road goes again, and with it a block. A code that was given up does not come back for other ground.
	d.take("road", "code,name,class,tunnel,wkt", "s1,First Street,street,yes,"+line(1.3, -1, 1.3, 2))
	d.want("counts", counts(d.build("all")), [4]int{0, 2, 15, 1})
	d.streets("s1,First Street,street,"+line(1.3, -1, 1.3, 2), "s3,Third Street,street,"+line(2.5, -1, 2.5, 5))
	d.take("road", "code,name,class,tunnel,wkt", "s1,First Street,street,no,"+line(1.3, -1, 1.3, 2))
	d.build("A")
	d.want("A-0005 was given once", d.Query(`select count(*) from block where code = 'A-0005'`), "1")
	d.oracle()
}

// A block of which only the counts changed keeps its code and its neighbours, also those beside the scope, which stay.
func TestNewCounts(t *testing.T) {
	d := newTown(t)
	d.build("all")
	rest := `select string_agg(id::text || code, ' ' order by id) from block where until is null and code not like 'A-%'`
	before := d.Query(rest)
	d.take("building", "code,residents,residents_kind,wkt", "h11,900,resident,"+box(2.7, 2.7, 3.1, 3.1)) // in the corner of A, B and C
	r := d.build("A")
	d.want("counts", counts(r), [4]int{0, 1, 3, 0})
	d.want("other blocks", d.Query(rest), before)
	d.oracle()
}

// Parents that are built one after the other fit together as if they had been built at once.
func TestOneAfterTheOther(t *testing.T) {
	d := newTown(t)
	for _, scope := range []string{"A", "C", "B"} {
		r := d.build(scope)
		d.want(scope+": all new", r.Blocks.New, r.Blocks.Total)
	}
	d.oracle()
	d.want("all", counts(d.build("all")), [4]int{0, 0, 17, 0})
}

// Monaco as it is mapped: a scope comes out as it did in the build of everything, and PostGIS finds no fault.
func TestMonaco(t *testing.T) {
	const file = "../../../shared/data/osm-open/monaco-2023.osm.pbf"
	if _, err := os.Stat(file); err != nil {
		t.Skip("the map of Monaco is not here")
	}
	d := newDesk(t)
	_, err := intake.Run(t.Context(), d.Store, intake.Order{File: file, Layer: "osm", Admin: map[int]plan.Level{10: plan.LargeGrid}})
	if err != nil {
		t.Fatal(err)
	}
	whole := d.build("all")
	d.want("sum", whole.Sums["buildings"]+whole.Outside["buildings"], d.Query(`select count(*) from feature where layer = 'building'`))
	for _, code := range strings.Fields(d.Query(`select code from area`)) {
		r := d.build(code)
		d.want(code+": counts", counts(r), [4]int{0, 0, r.Blocks.Total, 0})
	}
	d.want("invalid blocks", d.Query(`select count(*) from block where not st_isvalid(geom)`), "0")
	d.want("overlapping blocks", d.Query(`select count(*) from block a join block b on a.id < b.id and a.geom && b.geom and st_relate(a.geom, b.geom, 'T********')`), "0")
	told := map[string]bool{} // buildings that are in no block, or not whole
	for _, f := range whole.Findings {
		told[f.Codes[0]] = f.Rule == "building_outside" || f.Rule == "straddler" || f.Rule == "building_cut" || told[f.Codes[0]]
	}
	for _, code := range strings.Fields(d.Query(`select code from feature f where layer = 'building' and not exists (
		select 1 from block b where st_coveredby(f.geom, b.geom))`)) {
		if !told[code] {
			t.Errorf("building %s is not in one block, and nobody was told", code)
		}
	}
}

// Where large grids come to a community that had blocks, they take its place.
func TestLargeGridsTakeOver(t *testing.T) {
	d := newTown(t)
	d.build("all")
	d.take("large_grid", "code,parent,wkt", "A1,A,"+box(0, 0, 4, 2), "A2,A,"+box(0, 2, 4, 4))
	r := d.build("A")
	d.want("counts", counts(r), [4]int{4, 0, 0, 4})
	d.want("codes", d.Query(`select string_agg(code, ' ' order by code) from block where until is null and code like 'A%'`), "A1-0001 A1-0002 A2-0001 A2-0002")
	d.oracle()
}

func TestWhatCannotBeBuilt(t *testing.T) {
	t.Run("an unknown scope", func(t *testing.T) { newTown(t).refused("Z", `the code Z`) })
	t.Run("no areas", func(t *testing.T) { newDesk(t).refused("all", "all holds no community") })
	t.Run("no areas in the scope", func(t *testing.T) {
		d := newTown(t)
		d.take("city", "code", "X")
		d.refused("X", "X holds no community")
	})
	t.Run("no boundaries", func(t *testing.T) {
		d := newDesk(t)
		d.take("community", "code", "A", "B")
		d.refused("all", "no area in all has a boundary (A, B)")
	})
	t.Run("no raw layers", func(t *testing.T) {
		d := newDesk(t)
		d.take("community", "code,wkt", "A,"+box(0, 0, 4, 4))
		d.refused("A", "no raw ground round A", "104.999 37.499")
	})
	t.Run("a scope twenty degrees wide", func(t *testing.T) {
		d := newTown(t)
		d.take("community", "code,wkt", "far,"+box(20_000, 0, 20_004, 4))
		d.refused("all", "10 degrees", "far", "125 37.5")
		d.build("A") // the rest can be built
	})
	t.Run("lines that tangle", func(t *testing.T) {
		d := newTown(t)
		var strings []string // 1,100 each way in a field: more than a million crossings
		for i := range 1100 {
			at := 0.5 + float64(i)/1000
			strings = append(strings, fmt.Sprintf("we%d,street,%s", i, line(0.4, at, 1.7, at)), fmt.Sprintf("sn%d,street,%s", i, line(at, 0.4, at, 1.7)))
		}
		d.take("road", "code,class,wkt", strings...)
		d.refused("all", "the lines near 105.00", "cross too often")
	})
	t.Run("blocks of a file in the way", func(t *testing.T) {
		d := newTown(t)
		d.take("community", "code", "file")
		d.take("block", "code,parent,households,wkt", "f1,file,1,"+box(3, 0, 5, 4))
		d.refused("A", "f1", "overlap", "105.00")
	})
}

// Areas whose boundary nobody knows keep what they had, and are told of.
func TestAnAreaWithoutABoundary(t *testing.T) {
	d := newTown(t)
	d.take("community", "code", "dark")
	r := d.build("all")
	d.want("blocks", r.Blocks.Total, 17)
	d.want("the finding", strings.Contains(rules(r), "undrawn dark"), true)
}

// A compound of which nothing was counted is no loss where it lies outside, and a park neither.
func TestWhatIsNotCountedIsNotMissed(t *testing.T) {
	d := newTown(t)
	before := rules(d.build("all"))
	d.take("compound", "code,kind,wkt", "empty,,"+box(20, 20, 21, 21), "green,park,"+box(22, 20, 23, 21))
	d.want("findings", rules(d.build("all")), before)
}

func TestACompoundCountedTwice(t *testing.T) {
	d := newTown(t)
	d.take("building", "code,compound,households,wkt", "h33,yard,25,"+box(6.7, 6.7, 7.1, 7.1))
	r := d.build("all")
	d.want("the finding", strings.Contains(rules(r), "counted_twice yard"), true)
	d.want("both are added up", r.Sums["households"], householdsInTown)
}

func TestCancellingLeavesNothing(t *testing.T) {
	d := newTown(t)
	for _, stage := range []string{"read", "coverage", "sectors", "joining", "store"} {
		ctx, cancel := context.WithCancel(t.Context())
		reached := false
		_, err := groundwork.Run(ctx, d.Store, groundwork.Order{Scope: "all", Progress: func(at string, _, _ int) {
			if at == stage {
				reached = true
				cancel()
			}
		}})
		cancel()
		if !reached || !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled in %q (reached: %v): %v", stage, reached, err)
		}
		d.want(stage+": blocks", d.Query(state), "")
		d.want(stage+": builds", d.Query(`select count(*) from import where layer = 'ground'`), "0")
	}
}

// What is invented stays marked when blocks are made of it.
func TestSyntheticStaysSynthetic(t *testing.T) {
	d := newTown(t)
	d.want("real", d.build("A").Synthetic, false)
	d.Query(`update import set synthetic = true where layer = 'road' returning id`)
	d.want("invented", d.build("A").Synthetic, true)
}

func TestSentencesStandInBothLanguages(t *testing.T) {
	for _, fault := range groundwork.Sentences.Incomplete() {
		t.Error(fault)
	}
	for _, l := range words.Langs {
		if words := (&groundwork.Fault{Key: "no_areas"}).In(l); words == "no_areas" {
			t.Error("a fault without a sentence")
		}
	}
}
