package report

import (
	"math"

	"gridwright/plan"
)

// fourBounds is T5, the four bounds (四至描述表): a row a grid, with what its border runs along.
func fourBounds(b *writer) *Table {
	t := &Table{Columns: []Column{b.column("", "code", Text, 20), b.column("sides", "east", Text, 26), b.column("sides", "south", Text, 26), b.column("sides", "west", Text, 26), b.column("sides", "north", Text, 26),
		b.column("", "full", Text, 52), b.column("border", "border", Count, 10), b.column("border", "along_road", Percent, 9), b.column("border", "along_river", Percent, 9), b.column("border", "along_railway", Percent, 9),
		b.column("border", "along_wall", Percent, 9), b.column("border", "along_area", Percent, 9), b.column("border", "along_free", Percent, 9),
		b.column("walk", "walked", Text, 9), b.column("walk", "walked_by", Text, 12), b.column("walk", "walked_on", Text, 13)}}
	length := 0.0
	var along [plan.BoundKinds]float64
	grids := b.inScope()
	t.Rows = func(yield func([]any) bool) {
		length, along = 0, [plan.BoundKinds]float64{}
		for _, g := range grids {
			bounds := b.Bounds[g.No]
			if bounds == nil {
				bounds = &plan.Bounds{}
			}
			full := bounds.Full(b.lang)
			if bounds.Stale() {
				full += b.say("brackets", map[string]any{"said": b.say("bounds.stale", nil)})
			}
			row := []any{g.Code, bounds.Side(plan.East, b.lang), bounds.Side(plan.South, b.lang), bounds.Side(plan.West, b.lang), bounds.Side(plan.North, b.lang), full,
				int64(math.Round(float64(bounds.Length)))}
			length += float64(bounds.Length)
			for k, metres := range bounds.Kinds {
				along[k] += float64(metres)
				row = append(row, share(float64(metres), float64(bounds.Length)))
			}
			verified, by, on := bounds.Walked()
			key := "walk.no"
			if verified {
				key = "walk.yes"
			}
			if !yield(append(row, b.say(key, nil), by, on)) {
				return
			}
		}
	}
	t.Totals = func() []any {
		if len(grids) == 0 {
			return nil
		}
		totals := []any{b.say("total.all", nil), nil, nil, nil, nil, nil, int64(math.Round(length))}
		for _, metres := range along {
			totals = append(totals, share(metres, length))
		}
		return append(totals, nil, nil, nil)
	}
	return t
}

// share returns a part of a whole for a cell, nothing where there is no whole.
func share(part, whole float64) any {
	if whole == 0 {
		return nil
	}
	return part / whole
}
