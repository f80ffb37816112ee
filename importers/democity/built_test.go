package democity_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gridwright/importers/democity"
	"gridwright/importers/groundwork"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis/postgistest"
)

func TestMain(m *testing.M) { os.Exit(postgistest.Main(m)) }

// The city goes through the importer and the ground build as anybody's would, and the product finds again what was planted.
func TestTheCityIsBuilt(t *testing.T) {
	d := postgistest.NewDesk(t)
	city := democity.Generate(1)
	dir := t.TempDir()
	for _, layer := range city.Layers() {
		path := filepath.Join(dir, layer.File)
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if err := layer.Write(f); err != nil {
			t.Fatal(err)
		}
		f.Close()
		r, err := intake.Run(t.Context(), d.Store, intake.Order{File: path, Layer: layer.Name, Synthetic: true, Lang: words.En})
		if err != nil {
			t.Fatalf("%s: %v %+v", layer.File, err, r)
		}
	}
	r, err := groundwork.Run(t.Context(), d.Store, groundwork.Order{Scope: "all", Lang: words.En})
	if err != nil {
		t.Fatal(err)
	}
	if r.CutBuildings != 0 || r.Buildings != 20_000 || len(r.Outside) != 0 {
		t.Errorf("%d of %d buildings are cut, outside lie %v", r.CutBuildings, r.Buildings, r.Outside)
	}
	for m, want := range map[plan.Measure]int64{plan.Households: democity.Households, plan.Residents: democity.Residents,
		plan.PartyMembers: democity.PartyMembers, plan.ResidentOrgs: democity.OrgCount, plan.Buildings: 20_000} {
		if r.Sums[m] != want {
			t.Errorf("%s: %d, want %d", m, r.Sums[m], want)
		}
	}
	if r.Stats.OnBarriers < 0.85 || r.Blocks.Total < 3_000 || r.Blocks.Total > 6_000 {
		t.Errorf("%d blocks, %.1f %% of their borders on barriers", r.Blocks.Total, 100*r.Stats.OnBarriers)
	}
	for what, ask := range map[string]string{
		"buildings that are in no block whole": `select count(*) from feature f where layer = 'building' and until is null
			and not exists (select 1 from block b where b.until is null and st_coveredby(f.geom, b.geom))`,
		"invalid blocks":     `select count(*) from block where not st_isvalid(geom)`,
		"overlapping blocks": `select count(*) from block a join block b on a.id < b.id and a.geom && b.geom and st_relate(a.geom, b.geom, 'T********')`,
		"real data":          `select count(*) from import where not synthetic`,
	} {
		if got := d.Query(ask); got != "0" {
			t.Errorf("%s: %s", what, got)
		}
	}

	planted := city.Planted
	found := func(rule, code string) bool {
		return slices.ContainsFunc(r.Findings, func(f groundwork.Finding) bool { return f.Rule == rule && slices.Contains(f.Codes, code) })
	}
	if !found("apart", planted.Parted) {
		t.Errorf("nobody found that %s lies on both sides of the railway", planted.Parted)
	}
	if !found("compound_cut", planted.LargeCompound) {
		t.Errorf("nobody said that compound %s had to be divided", planted.LargeCompound)
	}
	home := city.Buildings[slices.IndexFunc(city.Buildings, func(b democity.Building) bool { return b.Code == planted.LargeBuilding })].LargeGrid
	if !slices.ContainsFunc(r.Findings, func(f groundwork.Finding) bool {
		return f.Rule == "oversized" && slices.Contains(f.Codes, home) && strings.Contains(f.Words, "512 households")
	}) {
		t.Errorf("nobody found the building of 512 households in %s", home)
	}
	if got := d.Query(fmt.Sprintf(`select sum(count) from tally where code = '%s' or code in (select code from feature where compound = '%[1]s')`,
		planted.UnfinishedSite)); got != "<nil>" {
		t.Errorf("the compound under construction counts %s", got)
	}

	recipe := plan.Recipe{Scope: "all", Band: &plan.Band{Measure: plan.Households, Min: 300, Max: 500}, Tolerance: 0.05, Seed: 1, Effort: 50,
		Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
	s, err := d.Store.Snapshot(t.Context(), postgistest.Plan(t, d.Store, recipe))
	if err != nil {
		t.Fatal(err)
	}
	said := map[string][]string{}
	for _, f := range s.Findings() {
		said[f.Rule] = append(said[f.Rule], f.In(words.En))
	}
	for _, odd := range planted.Odd {
		if !slices.ContainsFunc(said["band_parent"], func(w string) bool { return strings.HasPrefix(w, odd+" has 540 households") }) {
			t.Errorf("nobody found that %s fits no number of grids: %v", odd, said["band_parent"])
		}
	}
	if !slices.ContainsFunc(said["oversized"], func(w string) bool { return strings.Contains(w, "512 households") }) {
		t.Errorf("nobody found the block of 512 households: %v", said["oversized"])
	}
	if n := len(said["band"]); n > 8 {
		t.Errorf("%d grids are outside the band", n)
	}
	if len(said["why"]) == 0 {
		t.Error("nobody says why")
	}
}
