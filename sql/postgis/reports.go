package postgis

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// PlacedThing is a compound, a building or an organisation, and the block of a plan that holds it.
type PlacedThing struct {
	Layer                                   plan.Layer
	Code, Name, Class                       string
	Compound                                string // code of the compound a building is part of
	Floors                                  int    // 0 where it is not known
	Number                                  string // of a building, within its compound
	NoPropertyMgmt, NoSecurity, NoEnclosure plan.Answer
	NewOrg                                  plan.Answer
	Block                                   int32     // index into the ground's blocks
	At                                      crs.Point // inside it
	Tallies                                 []plan.Tally
}

// PlacedThings returns the live compounds, buildings and organisations in the blocks of a plan with their counts, by layer and code. Each
// is in the one block that holds a point inside it.
func (s *Store) PlacedThings(ctx context.Context, snap *plan.Snapshot) ([]PlacedThing, error) {
	blocks := make([]plan.BlockID, len(snap.Ground.Blocks))
	for i := range snap.Ground.Blocks {
		blocks[i] = snap.Ground.Blocks[i].ID
	}
	at := map[ofFeature]int{}
	things, err := collect(ctx, s.pool, "PlacedThings", func(r pgx.CollectableRow) (t PlacedThing, err error) {
		var noMgmt, noSecurity, noEnclosure, newOrg *bool
		var block plan.BlockID
		var inside []byte
		err = r.Scan(&t.Layer, &t.Code, &t.Name, &t.Class, &t.Compound, &t.Floors, &t.Number, &noMgmt, &noSecurity, &noEnclosure, &newOrg, &block, &inside)
		if err != nil {
			return t, err
		}
		t.NoPropertyMgmt, t.NoSecurity, t.NoEnclosure, t.NewOrg = answer(noMgmt), answer(noSecurity), answer(noEnclosure), answer(newOrg)
		t.Block, _ = snap.Ground.ByID(block)
		at[ofFeature{t.Layer, t.Code}] = len(at)
		t.At, err = decodePoint(inside)
		return t, err
	}, blocks)
	if err != nil {
		return nil, err
	}
	_, err = collect(ctx, s.pool, "Tallies", func(r pgx.CollectableRow) (struct{}, error) {
		var of ofFeature
		var t plan.Tally
		err := r.Scan(&of.layer, &of.code, &t.Measure, &t.Kind, &t.On, &t.Count)
		if i, ok := at[of]; ok {
			things[i].Tallies = append(things[i].Tallies, t)
		}
		return struct{}{}, err
	}, []plan.Layer{plan.BuildingLayer, plan.CompoundLayer}, nil)
	return things, err
}

// DepartmentGrid is a grid of a department (专业网格).
type DepartmentGrid struct {
	Department, Code, Name, Holder string
	Shape                          shape.MultiPolygon
}

// DepartmentGrids returns the departments' grids about the blocks of a plan, by department and code.
func (s *Store) DepartmentGrids(ctx context.Context, snap *plan.Snapshot) ([]DepartmentGrid, error) {
	if len(snap.Ground.Blocks) == 0 {
		return nil, nil
	}
	box, err := boxEWKB(snap.Ground.Box())
	if err != nil {
		return nil, err
	}
	return collect(ctx, s.pool, "DepartmentGrids", func(r pgx.CollectableRow) (g DepartmentGrid, err error) {
		var geom []byte
		if err = r.Scan(&g.Department, &g.Code, &g.Name, &g.Holder, &geom); err != nil {
			return g, err
		}
		g.Code = strings.TrimPrefix(g.Code, g.Department+"/")
		g.Shape, err = decodeMultiPolygon(geom)
		return g, err
	}, box)
}

// ReportSettings is how an office has its reports: which columns a table has, by kind, where it is not those of the form; and who signs.
type ReportSettings struct {
	Columns  map[string][]string `json:"columns"`
	Office   string              `json:"office"`
	Author   string              `json:"author"`
	Reviewer string              `json:"reviewer"`
}

const reportSetting = "reports"

// ReportSettings returns how the office has its reports, and the version that guards it.
func (s *Store) ReportSettings(ctx context.Context) (r ReportSettings, version int64, err error) {
	r.Columns = map[string][]string{}
	version, err = setting(ctx, s.pool, reportSetting, &r)
	return r, version, err
}

// PutReportSettings changes it, if it is still of the given version, and returns the new one. Otherwise it returns a Stale fault.
func (s *Store) PutReportSettings(ctx context.Context, r ReportSettings, version int64) (int64, error) {
	return s.putSetting(ctx, reportSetting, r, version)
}
