package groundwork_test

import (
	"fmt"
	"math/rand"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"gridwright/importers/groundwork"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
)

// mapped is a town as it is mapped, beside the project.
type mapped struct {
	name, file string
	admin      map[int]plan.Level
	box        string // the boundary of its one community, where the file has no administrative areas
}

var mappedTowns = []mapped{
	{"monaco", "monaco-2023.osm.pbf", map[int]plan.Level{10: plan.Community}, ""},
	{"liechtenstein", "liechtenstein-2013.osm.pbf", map[int]plan.Level{8: plan.Community}, ""},
	{"beijing", "beijing-bupt-2025.osm", nil, `"POLYGON((116.34886 39.95668,116.35519 39.95668,116.35519 39.96377,116.34886 39.96377,116.34886 39.95668))"`},
}

// take imports the town, and skips the test where its map is not here.
func (m mapped) take(d *desk) {
	d.Helper()
	file := "../../../shared/data/osm-open/" + m.file
	if _, err := os.Stat(file); err != nil {
		d.Skip("the map of " + m.name + " is not here")
	}
	if m.box != "" {
		d.take("community", "code,wkt", m.name+","+m.box)
	}
	if _, err := intake.Run(d.Context(), d.Store, intake.Order{File: file, Layer: "osm", Admin: m.admin, Lang: words.En}); err != nil {
		d.Fatal(err)
	}
}

var number = regexp.MustCompile(`-?[0-9]+\.?[0-9]* -?[0-9]+\.?[0-9]*`)

// shake imports the boundaries again, each drawn by itself: every corner is up to so many metres off to the east or the west
// and to the north or the south. So neighbours gape and overlap, and where corners are close a boundary crosses itself.
func (d *desk) shake(metres float64) {
	d.Helper()
	random := rand.New(rand.NewSource(1))
	var rows []string
	for _, line := range strings.Split(d.Query(`select code || ';' || st_astext(geom) from area where geom is not null order by code`), "\n") {
		code, wkt, _ := strings.Cut(line, ";")
		shaken := number.ReplaceAllStringFunc(wkt, func(s string) string {
			x, y, _ := strings.Cut(s, " ")
			lon, _ := strconv.ParseFloat(x, 64)
			lat, _ := strconv.ParseFloat(y, 64)
			off := func() float64 { return (random.Float64()*2 - 1) * metres / 111_000 }
			return fmt.Sprintf("%.7f %.7f", lon+off()*1.4, lat+off())
		})
		rows = append(rows, code+`,"`+closed(shaken)+`"`)
	}
	d.take("community", "code,wkt", rows...)
}

var ringText = regexp.MustCompile(`\(([^()]*)\)`)

// closed returns a WKT whose rings end where they begin.
func closed(wkt string) string {
	return ringText.ReplaceAllStringFunc(wkt, func(ring string) string {
		points := strings.Split(strings.Trim(ring, "()"), ",")
		points[len(points)-1] = points[0]
		return "(" + strings.Join(points, ",") + ")"
	})
}

// Real towns, and the same with boundaries that are shaken, each by itself: PostGIS finds no overlap, no building cut, no
// gap that nobody was told of, and every building counted once.
func TestShakenTowns(t *testing.T) {
	for _, town := range mappedTowns {
		for _, metres := range []float64{0, 1, 2, 3, 5} {
			t.Run(fmt.Sprintf("%s/%v m", town.name, metres), func(t *testing.T) {
				d := newDesk(t)
				town.take(d)
				if metres > 0 {
					d.shake(metres)
				}
				r := d.build("all")
				d.askPostGIS(r)
				d.wantQuality(r)
			})
		}
	}
}

// askPostGIS compares what was stored with what PostGIS makes of it.
func (d *desk) askPostGIS(r *groundwork.Report) {
	d.Helper()
	d.want("invalid blocks", d.Query(`select count(*) from block where until is null and not st_isvalid(geom)`), "0")
	d.want("overlapping blocks", d.Query(`select count(*) from block a join block b on a.id < b.id and a.geom && b.geom
		and st_relate(a.geom, b.geom, 'T********') where a.until is null and b.until is null`), "0")
	d.want("buildings", r.Sums["buildings"]+r.Outside["buildings"], d.Query(`select count(*) from feature where layer = 'building' and until is null`))
	d.want("cut buildings", r.CutBuildings, 0)
	gaps, told := 0, map[string]bool{}
	for _, f := range r.Findings {
		switch f.Rule {
		case "gap":
			gaps++
		case "straddler", "building_outside":
			told[f.Codes[0]] = true
		}
	}
	// Of the ground of a community alone: a building on it is in one block, whole.
	for _, code := range strings.Fields(d.Query(`select code from feature f where layer = 'building' and until is null and not exists (
		select from block b where b.until is null and b.geom && f.geom and st_coveredby(f.geom, b.geom))`)) {
		if !told[code] {
			d.Errorf("building %s is not in one block, and nobody was told", code)
		}
	}
	d.want("buildings told of that are whole inside one community", d.Query(`with community as materialized (
			select parent_id, st_union(geom) as geom from block where until is null group by parent_id)
		select string_agg(f.code, ' ' order by f.code) from feature f join community c on c.geom && f.geom and st_coveredby(f.geom, c.geom)
		where f.layer = 'building' and f.until is null and not exists (
			select from block b where b.until is null and b.geom && f.geom and st_coveredby(f.geom, b.geom))`), "<nil>")
	d.want("holes between communities", d.Query(`select coalesce(sum(st_numinteriorrings(part)), 0) from (
		select (st_dump(st_union(geom))).geom as part from block where until is null) as parts`), gaps)
}

// wantQuality asks for what a person would draw: borders inside communities on roads, rivers, railways and walls, and nothing
// too small or too large without a word about it.
func (d *desk) wantQuality(r *groundwork.Report) {
	d.Helper()
	if r.Stats.OnBarriers < 0.85 {
		d.Errorf("%.1f %% of the borders inside communities run along something", 100*r.Stats.OnBarriers)
	}
	told := map[string]bool{}
	for _, f := range r.Findings {
		if f.Rule == "sliver" || f.Rule == "oversized" {
			for _, b := range f.Blocks {
				told[b] = true
			}
		}
	}
	const slivers = `with held as materialized (select block_id, sum(count) filter (where measure = 'buildings') as buildings from block_count group by 1)
		select b.code from block b join held on held.block_id = b.id cross join lateral (
			select st_area(geom::geography) as area, 2 * st_area(geom::geography) / st_perimeter(geom::geography) as width) m
		where b.until is null and (select count(*) from block other where other.until is null and other.parent_id = b.parent_id) > 1
			and (buildings = 0 and (area < 1999 or width < 9.9) or buildings > 0 and area < 399 or buildings > 60)`
	for _, code := range strings.Fields(d.Query(slivers)) {
		if !told[code] {
			d.Errorf("block %s is a sliver or oversized, and nobody was told", code)
		}
	}
}
