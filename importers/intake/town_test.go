package intake_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan/words"
	"gridwright/sql/postgis/postgistest"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }

// desk is a database with what these tests do to it.
type desk struct{ *postgistest.Desk }

func newDesk(t *testing.T) *desk {
	t.Helper()
	return &desk{postgistest.NewDesk(t)}
}

// The state of the database that imports change, but for ids.
const (
	liveBlocks = `select b.code || ' in ' || a.code || coalesce(' ' || (select string_agg(measure || '=' || count, ',' order by measure)
		from gridwright.block_count c where c.block_id = b.id), '') from gridwright.block b join gridwright.area a on a.id = b.parent_id
		where b.until is null order by b.code collate "C"`
	liveBorders = `select a.code || '-' || b.code from (select least(p.code, q.code) as x, greatest(p.code, q.code) as y from gridwright.border
		join gridwright.block p on p.id = a and p.until is null join gridwright.block q on q.id = b and q.until is null) as pairs(x, y)
		cross join lateral (select x as code) a cross join lateral (select y as code) b order by 1`
	liveIDs = `select id::text || ' ' || code from gridwright.block where until is null order by code collate "C"`
	grounds = `select count(*)::text from gridwright.ground`
	imports = `select count(*)::text from gridwright.import`
)

// order is an import of a text under a file name, with a --map where one is given.
func (d *desk) order(name, text, layer string, columns ...map[string]string) intake.Order {
	d.Helper()
	path := filepath.Join(d.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		d.Fatal(err)
	}
	o := intake.Order{File: path, Layer: layer, Lang: words.En}
	if len(columns) > 0 {
		o.Map = columns[0]
	}
	return o
}

// must imports and fails the test when the file is refused.
func (d *desk) must(o intake.Order) *intake.Report {
	d.Helper()
	r, err := intake.Run(d.Context(), d.Store, o)
	if err != nil {
		if r != nil {
			d.Log(r.Refused)
		}
		d.Fatal(err)
	}
	return r
}

// refused imports and fails the test unless the file is refused for these reasons, each "code: key".
func (d *desk) refused(o intake.Order, want ...string) *intake.Report {
	d.Helper()
	before := d.Query(liveIDs) + d.Query(grounds) + d.Query(imports)
	r, err := intake.Run(d.Context(), d.Store, o)
	if err == nil || r == nil {
		d.Fatalf("it was taken: %v, %v", r, err)
	}
	var got []string
	for _, refused := range r.Refused {
		got = append(got, refused.Code+": "+refused.Key)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		d.Errorf("refused for %q, want %q", got, want)
	}
	if after := d.Query(liveIDs) + d.Query(grounds) + d.Query(imports); after != before {
		d.Error("something was stored")
	}
	return r
}

// large grids, known by their codes alone
func (d *desk) largeGrids(codes ...string) {
	d.Helper()
	d.must(d.order("grids.csv", "code\n"+strings.Join(codes, "\n")+"\n", "large_grid"))
}

// A drawn town is a text in which every letter is a block of 0.001 degrees (about 100 m) in the large grid of that
// letter; a blank is nothing. Rows run from north to south. The block in row 2, column 3 of B has the code B23.
const step = 0.001

type block struct {
	code, parent string
	ring         [][2]float64
	residents    int
}

func draw(town string) (blocks []block) {
	for r, line := range strings.Split(strings.Trim(town, "\n"), "\n") {
		for c, letter := range line {
			if letter == ' ' {
				continue
			}
			lon, lat := 105+step*float64(c), 37-step*float64(r)
			blocks = append(blocks, block{fmt.Sprintf("%c%d%d", letter, r+1, c+1), string(letter),
				[][2]float64{{lon, lat}, {lon + step, lat}, {lon + step, lat + step}, {lon, lat + step}, {lon, lat}}, 10*r + c})
		}
	}
	return blocks
}

// file writes blocks as GeoJSON.
func file(blocks []block) string {
	var features []string
	for _, b := range blocks {
		var ring []string
		for _, p := range b.ring {
			ring = append(ring, fmt.Sprintf("[%.7f,%.7f]", p[0], p[1]))
		}
		features = append(features, fmt.Sprintf(
			`{"type":"Feature","properties":{"code":%q,"parent":%q,"residents":%d},"geometry":{"type":"Polygon","coordinates":[[%s]]}}`,
			b.code, b.parent, b.residents, strings.Join(ring, ",")))
	}
	return `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
}

func (d *desk) town(town string) intake.Order {
	d.Helper()
	return d.order("town.geojson", file(draw(town)), intake.BlockLayer)
}
