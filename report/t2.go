package report

import (
	"fmt"

	"gridwright/plan"
	"gridwright/plan/words"
)

// register is T2, the register of a division (网格划分台账): a row a change.
func register(b *writer) *Table {
	t := &Table{Columns: []Column{
		b.column("change", "change_no", Text, 12), b.column("change", "plan_version", Text, 14), b.column("change", "change_kind", Text, 12),
		b.column("grid", "grid_before", Text, 26), b.column("grid", "grid_after", Text, 26),
		b.column("grid", "count_before", Count, 9), b.column("grid", "count_after", Count, 9),
		b.column("grid", "moved_buildings", Count, 9), b.column("grid", "moved_count", Count, 9),
		b.column("approval", "basis", Text, 26), b.column("approval", "document", Text, 18), b.column("approval", "proposed", Text, 10), b.column("approval", "reviewed", Text, 10),
		b.column("approval", "approved", Text, 10), b.column("approval", "approved_on", Text, 13), b.column("approval", "effective_on", Text, 13)}}
	t.Columns[5].Sum, t.Columns[6].Sum = false, false // a grid stands in several rows
	for i, key := range map[int]string{5: "count_before", 6: "count_after", 8: "moved_count"} {
		t.Columns[i].Head = words.Capital(b.say("head."+key, words.Args{"measure": b.lineageMeasure()}))
	}
	version := b.say("plan.version", words.Args{"plan": b.Plan.String(), "revision": fmt.Sprint(b.Snapshot.Revision)})
	var by, on, effective, document any
	if d := b.Division; d != nil {
		by, on, effective, document = d.By, d.PublishedAt.Format("2006-01-02"), string(d.Effective), d.Basis
	}
	basis := b.wanted()
	t.Rows = func(yield func([]any) bool) {
		n := 0
		for i := range b.Lineage {
			row := &b.Lineage[i]
			if row.Kind == plan.ChangeNone {
				continue
			}
			n++
			if !b.changeInScope(row) {
				continue
			}
			cells := []any{fmt.Sprintf("%s-%04d", b.Plan, n), version, row.Kind.In(b.lang), b.changed(row.Old), b.changed(row.New), nil, nil, row.Buildings, row.Count,
				basis, document, nil, nil, by, on, effective}
			if row.Old != nil {
				cells[5] = row.Old.Count
			}
			if row.New != nil {
				cells[6] = row.New.Count
			}
			if !yield(cells) {
				return
			}
		}
	}
	t.summing("change_no", func(n int) string { return b.say("total.changes", words.Args{"n": n}) })
	t.Nothing = b.say("nothing.changes", nil)
	if b.Division == nil {
		t.Notes = []string{b.say("note.draft", nil)}
	}
	return t
}

// changed returns the name and code of an old or a new grid; nothing of one there is not.
func (b *writer) changed(g *plan.LineageGrid) any {
	if g == nil {
		return nil
	}
	return gridName(plan.Grid{GridProps: plan.GridProps{Code: g.Code, Name: g.Name, NameEn: g.NameEn}}, b.lang)
}

// changeInScope reports whether a change lies in the scope.
func (b *writer) changeInScope(row *plan.LineageRow) bool {
	if b.only != 0 {
		return row.New != nil && row.New.Code == b.Snapshot.Grids[b.only-1].Code
	}
	parent, ok := b.parentOf(row)
	return b.whole || ok && b.parents[parent]
}

// lineageMeasure says what changes are told in.
func (b *writer) lineageMeasure() string {
	if m := b.Snapshot.Shared(); m >= 0 {
		return b.Snapshot.Ground.Measures[m].In(b.lang)
	}
	return b.say("head.blocks", nil)
}
