package report

import (
	"cmp"
	"math"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
)

// gridList is T1, the list of grids (网格一览表): a row a grid by parent and code, a row for what is in no grid, and the totals.
func gridList(b *writer) *Table {
	l := &gridLister{writer: b, things: b.countThings(), balanced: b.Snapshot.Balanced()}
	t := &Table{Columns: l.columns()}
	grids := b.inScope()
	t.Rows = numbered(func(yield func([]any) bool) {
		for _, g := range grids {
			if !yield(l.row(g)) {
				return
			}
		}
		for parent, in := range b.parents {
			if !in || b.only != 0 {
				continue
			}
			if row := l.unassigned(int32(parent)); row != nil && !yield(row) {
				return
			}
		}
	})
	t.summing("name", func(int) string { return b.say("total", words.Args{"grids": len(grids)}) })
	return t
}

type gridLister struct {
	*writer
	things   thingCounts
	balanced []int
	more     []int // measures of the ground that the form has no column for
}

// formed are the measures that the form has columns for.
var formed = map[plan.Measure]bool{plan.Households: true, plan.Residents: true, plan.StairUnits: true, plan.Buildings: true, plan.ResidentOrgs: true, plan.PartyMembers: true}

func (l *gridLister) columns() []Column {
	s := l.Snapshot
	columns := append([]Column{l.column("", "no", Count, 6)}, l.levelColumns("place")...)
	columns[0].Sum = false
	columns = append(columns,
		extra(l.column("place", "parent_code", Text, 17)),
		l.column("grid", "name", Text, 14), l.column("grid", "code", Text, 20), l.column("grid", "kind", Text, 10), l.column("grid", "body", Text, 14),
		l.column("grid", "bounds", Text, 44), l.column("grid", "area", Count, 10), extra(l.column("grid", "blocks", Count, 8)),
		l.column("counts", "compounds", Count, 8),
		l.counted("counts", "buildings", plan.Buildings, 8), l.counted("counts", "stair_units", plan.StairUnits, 8),
		l.counted("counts", "households", plan.Households, 9), l.counted("counts", "residents", plan.Residents, 9))
	balanced := map[int]bool{}
	for _, m := range l.balanced {
		balanced[m] = true
	}
	for i, m := range s.Ground.Measures {
		if !formed[m] {
			l.more = append(l.more, i)
			c := Column{Key: string(m), Group: l.say("group.counts", nil), Head: words.Capital(m.In(l.lang)), Note: l.counting(m), Kind: Count, Sum: true, Extra: !balanced[i]}
			c.Width = max(10, float64(broadness(c.Head))+2)
			columns = append(columns, c)
		}
	}
	columns = append(columns,
		l.counted("counts", "resident_orgs", plan.ResidentOrgs, 8), l.column("counts", "new_orgs", Count, 8), l.column("counts", "three_no", Count, 8),
		l.counted("counts", "party_members", plan.PartyMembers, 8),
		l.column("people", "branch", Text, 16), l.column("people", "supervisor", Text, 10), l.column("people", "lead", Text, 10), l.column("people", "workers", Text, 16),
		l.column("people", "building_leads", Count, 8), l.column("people", "unit_leads", Count, 8), l.column("people", "phone", Text, 15))
	for _, m := range l.balanced {
		columns = append(columns, Column{Key: "deviation_" + string(s.Ground.Measures[m]), Group: l.say("group.balance", nil),
			Head: words.Capital(l.say("deviation", words.Args{"measure": s.Ground.Measures[m]})), Kind: Signed, Width: 12, Extra: true})
	}
	return append(columns, extra(l.column("balance", "words", Text, 52)), l.column("", "remarks", Text, 24))
}

// extra makes a column one that is there only when it is asked for.
func extra(c Column) Column {
	c.Extra = true
	return c
}

// orKnown returns the sum of a measure where the ground counts it, else what is counted thing by thing, nothing where neither is known.
func (l *gridLister) orKnown(m plan.Measure, loads []float64, n int64, is bool) any {
	return cmp.Or(measured(l.Snapshot, m, loads), known(n, is))
}

// counts returns the cells of what is counted.
func (l *gridLister) counts(loads []float64, in thingsIn) []any {
	c := &l.things
	cells := []any{known(in.compounds, c.compounds), l.orKnown(plan.Buildings, loads, in.buildings, c.buildings),
		l.orKnown(plan.StairUnits, loads, in.stairUnits, c.stairUnits), measured(l.Snapshot, plan.Households, loads), measured(l.Snapshot, plan.Residents, loads)}
	for _, m := range l.more {
		cells = append(cells, int64(loads[m]))
	}
	return append(cells, l.orKnown(plan.ResidentOrgs, loads, in.organisations, c.organisations), known(in.newOrgs, c.newOrgs), known(in.threeNo, c.threeNo),
		measured(l.Snapshot, plan.PartyMembers, loads))
}

func (l *gridLister) row(g plan.Grid) []any {
	s := l.Snapshot
	row := append(l.levelCells(g.Parent), s.Ground.Parents[g.Parent].Code, title(g, l.lang), g.Code, l.kindOf(g), g.Body, l.boundsOf(g.No),
		int64(math.Round(float64(s.Area(g.No)))), whole(len(s.Blocks(g.No))))
	row = append(row, l.counts(s.Loads(g.No), l.things.grids[g.No])...)
	row = append(row, l.staff(g)...)
	deviation := s.Deviation(g.No)
	for _, m := range l.balanced {
		if math.IsNaN(deviation[m]) {
			row = append(row, nil)
			continue
		}
		row = append(row, deviation[m])
	}
	var remarks []string
	for _, f := range s.GridFindings(g.No) {
		if f.Severity == plan.Err {
			remarks = append(remarks, f.In(l.lang))
		}
	}
	if s.Estimated(g.No) {
		remarks = append(remarks, l.say("estimated", nil))
	}
	return append(row, s.Words(g.No).In(l.lang), strings.Join(remarks, "; "))
}

// kindOf says what kind of grid it is.
func (b *writer) kindOf(g plan.Grid) string {
	if g.Dedicated() {
		if g.Purpose != "" {
			return b.say("grid.dedicated_for", words.Args{"purpose": g.Purpose})
		}
		return b.say("grid.dedicated", nil)
	}
	return b.say("grid.base", nil)
}

// boundsOf returns the four bounds of a grid in brief.
func (b *writer) boundsOf(no plan.GridNo) string {
	if bounds := b.Bounds[no]; bounds != nil {
		return bounds.Short(b.lang)
	}
	return ""
}

// unassigned returns the row for a parent's blocks that are in no grid, nil when there are none, so that the totals are the
// input's.
func (l *gridLister) unassigned(parent int32) []any {
	s := l.Snapshot
	loads := make([]float64, len(s.Ground.Measures))
	var blocks int64
	var area float64
	from, to := s.Ground.ParentBlocks(parent)
	for i := from; i < to; i++ {
		if s.At[i] != 0 {
			continue
		}
		blocks++
		area += float64(s.Ground.Blocks[i].Area)
		for m, count := range s.Ground.Blocks[i].Counts {
			loads[m] += float64(count)
		}
	}
	if blocks == 0 {
		return nil
	}
	row := append(l.levelCells(parent), s.Ground.Parents[parent].Code, l.say("unassigned", nil), "", "", "", "", int64(math.Round(area)), blocks)
	row = append(row, l.counts(loads, l.things.none[parent])...)
	row = append(row, make([]any, 7+len(l.balanced))...)
	return append(row, "", l.say("unassigned.remark", nil))
}
