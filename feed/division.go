package feed

import (
	"context"
	"encoding/csv"
	"io"
	"strconv"
	"strings"

	"gridwright/plan"
	"gridwright/sql/postgis"
)

// DivisionLayer is the layer of the published grids, those in force on a day.
const DivisionLayer = "division"

// Published returns published grids in the order given; a grid's id is its key. Counts are of all measures that any of them has; those that
// are kept back, for they are of a few people, are null, and suppressed names them.
func Published(grids []plan.DivisionGrid) *Collection {
	c := &Collection{Name: DivisionLayer, Fields: []Field{{"code", Text}, {"name", Text}, {"name_en", Text}, {"kind", Text}, {"purpose", Text},
		{"body", Text}, {"parent", Text}, {"division", Whole}, {"blocks", Whole}, {"area_m2", Whole}}}
	measures := measuresIn(grids)
	for _, m := range measures {
		c.Fields = append(c.Fields, Field{string(m), Whole})
	}
	c.Fields = append(c.Fields, Field{"suppressed", Text})
	for i := range grids {
		g := &grids[i]
		c.Synthetic = c.Synthetic || g.Synthetic
		loads, kept := g.Told()
		values := []any{g.Code, g.Name, g.NameEn, string(g.Kind), g.Purpose, g.Body, g.Parent().Code, int64(g.Division), int64(g.Blocks), int64(g.Area + 0.5)}
		for _, m := range measures {
			if n := loads[m]; n != nil {
				values = append(values, *n)
			} else {
				values = append(values, nil)
			}
		}
		values = append(values, joined(kept))
		c.Features = append(c.Features, Feature{int64(g.Key), values, plan.Geometry{Shape: g.Shape}})
	}
	return c
}

func measuresIn(grids []plan.DivisionGrid) (measures []plan.Measure) {
	seen := map[plan.Measure]bool{}
	for i := range grids {
		for m := range grids[i].Loads {
			if !seen[m] {
				seen[m] = true
				measures = append(measures, m)
			}
		}
	}
	plan.SortMeasures(measures)
	return measures
}

// joined writes measures after each other, nil for none.
func joined(measures []plan.Measure) any {
	if len(measures) == 0 {
		return nil
	}
	names := make([]string, len(measures))
	for i, m := range measures {
		names[i] = string(m)
	}
	return strings.Join(names, ",")
}

// InForce returns the published grids in force on a day.
func InForce(ctx context.Context, store *postgis.Store, day plan.Day) (*Collection, error) {
	areas, err := store.AreasInForce(ctx, day, day)
	if err != nil {
		return nil, err
	}
	if len(areas) == 0 {
		return nil, plan.Refuse(plan.NotFound, "division.none", map[string]any{"day": string(day)})
	}
	grids, err := store.InForce(ctx, areas)
	return Published(grids), err
}

// Lineage writes how grids came out of those before: a row for each two that have something in common, empty where there is none or a count is kept back.
func Lineage(w io.Writer, rows []plan.ToldRow) error {
	out := csv.NewWriter(w) // it keeps its first error until Flush
	out.Write([]string{"kind", "old_code", "old_name", "old_count", "new_code", "new_name", "new_count", "count", "old_share", "new_share", "blocks", "buildings"})
	number := func(n *int64) string {
		if n == nil {
			return ""
		}
		return strconv.FormatInt(*n, 10)
	}
	grid := func(g *plan.ToldGrid) []string {
		if g == nil {
			return make([]string, 3)
		}
		return []string{g.Code, g.Name, number(g.Count)}
	}
	share := func(f *float64) string {
		if f == nil {
			return ""
		}
		return fraction(*f, "")
	}
	for _, r := range rows {
		cells := append([]string{string(r.Kind)}, grid(r.Old)...)
		out.Write(append(append(cells, grid(r.New)...), number(r.Count), share(r.OldShare), share(r.NewShare),
			strconv.Itoa(r.Blocks), strconv.FormatInt(r.Buildings, 10)))
	}
	out.Flush()
	return out.Error()
}

// PublishedBlocks writes which grid each block of a division is in: id,grid by code, blocks by id.
func PublishedBlocks(w io.Writer, grids []plan.DivisionGrid, blocks []plan.DivisionBlock) error {
	code := make(map[plan.GridNo]string, len(grids))
	for i := range grids {
		code[grids[i].No] = grids[i].Code
	}
	out := csv.NewWriter(w) // it keeps its first error until Flush
	out.Write([]string{"id", "grid"})
	for _, b := range blocks {
		out.Write([]string{b.Code, code[b.Grid]})
	}
	out.Flush()
	return out.Error()
}
