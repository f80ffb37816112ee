package intake_test

import (
	"os"
	"path/filepath"
	"testing"

	"gridwright/importers/intake"
	"gridwright/plan/words"
)

// The real counties: 120 tracts as large grids, their 2,570 census blocks, with the sums the source states.
func TestHudson(t *testing.T) {
	const dir = "../../../shared/data/us-hudson-blocks"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the census blocks of Hudson County are not here")
	}
	d := newDesk(t)
	in120 := map[string]string{"in120": "true"}
	r := d.must(intake.Order{File: filepath.Join(dir, "tracts.geojson"), Layer: "large_grid", Where: in120,
		Map: map[string]string{"code": "tract"}, Lang: words.En})
	d.want("tracts taken", r.Taken, 120)

	blocks := intake.Order{File: filepath.Join(dir, "blocks.geojson"), Layer: intake.BlockLayer, Where: in120, Lang: words.En,
		Map: map[string]string{"code": "geoid", "parent": "tract", "residents": "pop", "dwellings": "units"}}
	r = d.must(blocks)
	d.want("rows", [3]int{r.RowsRead, r.RowsSkipped, r.Taken}, [3]int{4119, 4119 - 2570, 2570})
	d.want("counts", counts(r), [4]int{2570, 0, 0, 0})
	d.want("residents", r.Sums["residents"], int64(468155))
	d.want("dwellings", r.Sums["dwellings"], int64(208180))
	d.want("stored residents", d.Query(`select sum(count)::text from gridwright.block_count where measure = 'residents'`), "468155")
	d.want("overlapping blocks, says PostGIS", d.Query(`select count(*)::text from gridwright.block a join gridwright.block b
		on a.id < b.id and a.geom && b.geom and st_relate(a.geom, b.geom, 'T********')`), "0")
	d.want("invalid blocks, says PostGIS", d.Query(`select count(*)::text from gridwright.block where not st_isvalid(geom)`), "0")
	d.want("borders PostGIS sees otherwise", d.Query(`select count(*)::text from
		(select a.id as a, b.id as b from gridwright.block a join gridwright.block b
			on a.id < b.id and a.geom && b.geom and st_relate(a.geom, b.geom, '****1****')) seen
		full join gridwright.border using (a, b) where seen.a is null or border.metres is null`), "0")
	for _, f := range r.Findings {
		t.Log(f.Kind, f.Words)
	}

	r = d.must(blocks)
	d.want("counts of the same again", counts(r), [4]int{0, 0, 2570, 0})
}
