package postgis

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// loadAssignment returns a plan on the ground it has: g, with the blocks that come from cuts in place of those that were cut.
func loadAssignment(ctx context.Context, q querier, id plan.ID, g *plan.Ground, p PlanRow, grids []plan.Grid) (*plan.Snapshot, error) {
	in := make(map[plan.BlockID]plan.GridNo, len(g.Blocks))
	_, err := collect(ctx, q, "PlanAssignment", func(r pgx.CollectableRow) (struct{}, error) {
		var block plan.BlockID
		var no plan.GridNo
		err := r.Scan(&block, &no)
		in[block] = no
		return struct{}{}, err
	}, id)
	if err != nil {
		return nil, err
	}
	come, err := collect(ctx, q, "PlanCuts", pgx.RowTo[plan.BlockID], id)
	if err != nil {
		return nil, err
	}
	if len(come) > 0 {
		var gone []plan.BlockID
		for i := range g.Blocks {
			if _, there := in[g.Blocks[i].ID]; !there {
				gone = append(gone, g.Blocks[i].ID)
			}
		}
		cut, err := loadRecut(ctx, q, id, gone, come)
		if err != nil {
			return nil, err
		}
		if g, err = g.Cut(cut); err != nil {
			return nil, err
		}
	}
	at := make([]plan.GridNo, len(g.Blocks))
	for i := range g.Blocks {
		at[i] = in[g.Blocks[i].ID]
	}
	return plan.NewSnapshot(g, p.Recipe, p.Revision, grids, at), nil
}

// loadRecut returns what a cut replaced and made, with the borders of the blocks.
func loadRecut(ctx context.Context, q querier, id plan.ID, gone, come []plan.BlockID) (*plan.Recut, error) {
	blocks, err := cutBlocks(ctx, q, append(append([]plan.BlockID{}, gone...), come...))
	if err != nil {
		return nil, err
	}
	byID := make(map[plan.BlockID]plan.CutBlock, len(blocks))
	for _, b := range blocks {
		byID[b.ID] = b
	}
	r := &plan.Recut{}
	for _, id := range gone {
		r.Gone = append(r.Gone, byID[id])
	}
	for _, id := range come {
		r.Come = append(r.Come, byID[id])
	}
	var version int64
	if err := row(ctx, q, "PlanGround", []any{id}, &version); err != nil {
		return nil, err
	}
	if r.Borders, err = cutBorders(ctx, q, append(append([]plan.BlockID{}, gone...), come...), version); err != nil {
		return nil, err
	}
	for i := range r.Borders {
		r.Borders[i].Lines = nil
	}
	return r, nil
}

func idsOf(blocks []plan.CutBlock) []plan.BlockID {
	ids := make([]plan.BlockID, len(blocks))
	for i := range blocks {
		ids[i] = blocks[i].ID
	}
	return ids
}

// cutBlocks returns blocks with their counts, by id.
func cutBlocks(ctx context.Context, q querier, ids []plan.BlockID) ([]plan.CutBlock, error) {
	return collect(ctx, q, "CutBlocks", func(r pgx.CollectableRow) (b plan.CutBlock, err error) {
		var polygon, label []byte
		err = r.Scan(&b.ID, &b.Code, &b.ParentID, &b.Kind, &polygon, &label, (*float64)(&b.Area), &b.Estimated, &b.Compounds, &b.CutOf, &b.Counted)
		if err != nil {
			return b, err
		}
		if b.Shape, err = decodeMultiPolygon(polygon); err != nil {
			return b, err
		}
		b.Label, err = decodePoint(label)
		return b, err
	}, ids)
}

// cutBorders returns the borders of blocks with their lines.
func cutBorders(ctx context.Context, q querier, ids []plan.BlockID, version int64) ([]plan.Border, error) {
	return collect(ctx, q, "CutBorders", func(r pgx.CollectableRow) (plan.Border, error) {
		var lines, at []byte
		b, err := scanBorder(r, &lines, &at)
		if err != nil || lines == nil {
			return b, err
		}
		g, err := decodeGeometry(lines)
		if err != nil {
			return b, err
		}
		b.Lines = g.Lines
		p, err := decodePoint(at)
		b.At = &p
		return b, err
	}, ids, version)
}

// cut turns the wish to cut a grid, or to draw a border anew, into an edit, and stores the blocks that come of it.
func (d *desk) cut(w Wish) (plan.Edit, error) {
	line, err := lineOf(w.Line)
	if err != nil {
		return plan.Edit{}, err
	}
	wish := plan.Stroke{Grid: w.Grid, Neighbour: w.Neighbour, Line: line, Share: w.Share, Name: w.Name, NameEn: w.NameEn}
	if w.Kind == plan.CutGrid {
		wish.Neighbour = ""
	}
	crossed, around, err := d.now.Crossed(wish)
	if err != nil {
		return plan.Edit{}, err
	}
	facts, err := d.facts(crossed, around)
	if err != nil {
		return plan.Edit{}, err
	}
	if w.Kind == plan.CutGrid {
		if facts.NewCode, err = d.newCode(); err != nil {
			return plan.Edit{}, err
		}
	}
	e, err := d.now.Stroke(d.ctx, wish, facts)
	if err != nil || e.Recut == nil {
		return e, err
	}
	return e, d.putCut(&e)
}

// lineOf reads the line of a wish.
func lineOf(places [][2]float64) ([]crs.Point, error) {
	const most = 2000
	if len(places) > most {
		return nil, plan.Refuse(plan.Invalid, "edit.line_long", words.Args{"most": most})
	}
	line := make([]crs.Point, len(places))
	for i, p := range places {
		var err error
		if line[i], err = crs.FromDegrees(p[0], p[1]); err != nil {
			return nil, plan.Refuse(plan.Invalid, "edit.line_place", words.Args{"n": i + 1})
		}
	}
	return line, nil
}

// facts returns what has to be known of blocks that a line may divide, and of those around them.
func (d *desk) facts(crossed, around []plan.BlockID) (f plan.StrokeFacts, err error) {
	g := d.now.Ground
	box := shape.EmptyBox
	var codes []string
	for _, id := range crossed {
		if b, ok := g.ByID(id); ok {
			box = box.Union(g.Blocks[b].Shape.Box())
			codes = append(codes, g.Blocks[b].Code)
		}
	}
	if len(crossed) == 0 {
		return f, nil
	}
	ewkb, err := boxEWKB(box)
	if err != nil {
		return f, err
	}
	f.Things, err = collect(d.ctx, d.tx, "CutThings", func(r pgx.CollectableRow) (t plan.Standing, err error) {
		var geom, tallies []byte
		if err = r.Scan(&t.Layer, &t.Code, &t.Compound, &geom, &tallies); err != nil {
			return t, err
		}
		if t.Geometry, err = decodeGeometry(geom); err != nil {
			return t, err
		}
		err = json.Unmarshal(tallies, &t.Tallies)
		plan.SortTallies(t.Tallies)
		return t, err
	}, g.Version, ewkb)
	if err != nil {
		return f, err
	}
	if f.Borders, err = cutBorders(d.ctx, d.tx, append(append([]plan.BlockID{}, crossed...), around...), g.Version); err != nil {
		return f, err
	}
	f.Numbers = map[string]int64{}
	_, err = collect(d.ctx, d.tx, "CutNumbers", func(r pgx.CollectableRow) (struct{}, error) {
		var code string
		var n int64
		err := r.Scan(&code, &n)
		f.Numbers[code] = n
		return struct{}{}, err
	}, codes)
	return f, err
}

// putCut stores the blocks and borders that an edit makes, and gives the blocks the ids they are stored under.
func (d *desk) putCut(e *plan.Edit) error {
	come := e.Recut.Come
	n := len(come)
	codes, parents, kinds := make([]string, n), make([]plan.AreaID, n), make([]string, n)
	polygons, labels, areas := make([][]byte, n), make([][]byte, n), make([]float64, n)
	estimated, compounds, cutOf := make([]bool, n), make([]jsonList, n), make([]plan.BlockID, n)
	byCode := make(map[string]plan.BlockID, n)
	for i := range come {
		b := &come[i]
		var err error
		codes[i], parents[i], kinds[i], areas[i] = b.Code, b.ParentID, b.Kind, float64(b.Area)
		estimated[i], compounds[i], cutOf[i] = b.Estimated, listed(b.Compounds), b.CutOf
		if polygons[i], err = multiPolygonEWKB(b.Shape); err != nil {
			return err
		}
		if labels[i], err = pointEWKB(b.Label); err != nil {
			return err
		}
	}
	version := d.now.Ground.Version
	_, err := collect(d.ctx, d.tx, "CutBlocksPut", func(r pgx.CollectableRow) (struct{}, error) {
		var id plan.BlockID
		var code string
		err := r.Scan(&id, &code)
		byCode[code] = id
		return struct{}{}, err
	}, codes, parents, kinds, polygons, labels, areas, estimated, compounds, version, cutOf)
	if err != nil {
		return err
	}
	stored := make(map[plan.BlockID]plan.BlockID, n)
	for i := range come {
		stored[come[i].ID] = byCode[come[i].Code]
	}
	e.Number(stored)
	var counts [][]any
	for i := range e.Recut.Come {
		for m, count := range e.Recut.Come[i].Counted {
			counts = append(counts, []any{e.Recut.Come[i].ID, m, count})
		}
	}
	if _, err := d.tx.CopyFrom(d.ctx, pgx.Identifier{Schema, "block_count"}, []string{"block_id", "measure", "count"}, pgx.CopyFromRows(counts)); err != nil {
		return said(err)
	}
	return d.putCutBorders(e.Recut)
}

// putCutBorders stores the borders of blocks that come.
func (d *desk) putCutBorders(r *plan.Recut) error {
	come := map[plan.BlockID]bool{}
	for i := range r.Come {
		come[r.Come[i].ID] = true
	}
	var a, b []plan.BlockID
	var metres []float64
	var barriers []plan.Barrier
	var names []string
	var walks []bool
	var lines [][]byte
	for i := range r.Borders {
		border := &r.Borders[i]
		if !come[border.A] && !come[border.B] {
			continue
		}
		a, b, metres = append(a, border.A), append(b, border.B), append(metres, float64(border.Length))
		barriers, names, walks = append(barriers, border.Barrier), append(names, border.Name), append(walks, border.Walk)
		var ewkb []byte
		if len(border.Lines) > 0 {
			ewkb = appendLines(nil, border.Lines)
		}
		lines = append(lines, ewkb)
		border.Lines = nil
	}
	_, err := exec(d.ctx, d.tx, "CutBordersPut", a, b, metres, barriers, names, walks, lines, d.now.Ground.Version)
	return err
}
