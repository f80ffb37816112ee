package report

import (
	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
)

// quality is T9, the findings on a plan's quality (质量检查报告): a row a finding.
func quality(b *writer) *Table {
	t := &Table{Paper: A4, Columns: []Column{
		b.column("", "no", Count, 6), b.column("finding", "rule", Text, 16), b.column("finding", "object", Text, 26), b.column("finding", "severity", Text, 10),
		b.column("finding", "measured", Text, 16), b.column("finding", "limit", Text, 16), b.column("finding", "said", Text, 60),
		b.column("", "position", Text, 26), b.column("waiver", "waived_by", Text, 12), b.column("waiver", "waived_why", Text, 20),
	}}
	t.Columns[0].Sum = false
	t.Rows = numbered(func(yield func([]any) bool) {
		for _, f := range b.findings() {
			measured, limit := f.sizes(b)
			row := []any{f.Rule, b.object(f.Finding), b.say("severity."+string(f.Severity), nil), measured, limit, f.In(b.lang), position(f.At), f.by, f.why}
			if !yield(row) {
				return
			}
		}
	})
	t.Nothing = b.say("nothing.findings", nil)
	return t
}

// checked is a finding and, where somebody waived it, who and why.
type checked struct {
	plan.Finding
	by, why string
}

// findings returns the findings in the scope.
func (b *writer) findings() (found []checked) {
	for _, f := range b.Checked {
		if !b.concerns(f.Finding) {
			continue
		}
		one := checked{Finding: f.Finding}
		if f.Waiver != nil {
			one.by, one.why = f.Waiver.By, f.Waiver.Reason
		}
		found = append(found, one)
	}
	return found
}

// concerns reports whether a finding lies in the scope.
func (b *writer) concerns(f plan.Finding) bool {
	switch {
	case b.whole:
		return true
	case f.Grid != 0:
		return b.has(b.Snapshot.Grids[f.Grid-1])
	case b.only != 0:
		return false
	}
	if len(f.Blocks) > 0 {
		return b.parents[b.Snapshot.Ground.Blocks[f.Blocks[0]].Parent]
	}
	for i, in := range b.parents {
		if in && f.Args["parent"] == b.Snapshot.Ground.Parents[i].Code {
			return true
		}
	}
	return false
}

// object says what a finding is about: a grid, a block or an area.
func (b *writer) object(f plan.Finding) string {
	if f.Grid != 0 {
		return gridName(b.Snapshot.Grids[f.Grid-1], b.lang)
	}
	if parent, ok := f.Args["parent"].(string); ok {
		return parent
	}
	if len(f.Blocks) > 0 {
		return b.Snapshot.Ground.Blocks[f.Blocks[0]].Code
	}
	return ""
}

// sizes says what was measured and what the limit is; nothing where the rule has no size.
func (f checked) sizes(b *writer) (measured, limit any) {
	s := b.Snapshot
	switch f.Rule {
	case "contiguous":
		return words.Count(int64(s.Pieces(f.Grid))), "1"
	case "grid.empty":
		return "0", "≥ 1"
	case "unassigned":
		return words.Count(int64(len(f.Blocks))), "0"
	case "band":
		if m := s.Ground.MeasureIndex(s.Recipe.Band.Measure); m >= 0 {
			return plan.Quantity{Measure: s.Recipe.Band.Measure, Count: s.Loads(f.Grid)[m]}.In(b.lang), words.Number(s.Recipe.Band.Min) + "–" + words.Number(s.Recipe.Band.Max)
		}
	case "balance":
		_, deviation := s.Worst(f.Grid)
		sign := "+"
		if deviation < 0 {
			sign = ""
		}
		return sign + words.Percent(deviation), "±" + words.Percent(s.Recipe.Tolerance)
	case "oversized":
		quantity, _ := f.Args["quantity"].(words.Speaker)
		ideal, _ := f.Args["ideal"].(words.Speaker)
		if quantity != nil && ideal != nil {
			return quantity.In(b.lang), ideal.In(b.lang)
		}
	}
	return nil, nil
}

// position writes a point as a geo URI (RFC 5870), which programs with maps open; latitude first.
func position(p crs.Point) string {
	return string(p.Lon.AppendDegrees(append(p.Lat.AppendDegrees([]byte("geo:")), ',')))
}
