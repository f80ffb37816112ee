package report

import (
	"cmp"
	"math"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
)

// summary is T3, the summary by area (统计汇总表): a row an area of the highest level of which there are several, and one for the whole.
func summary(b *writer) *Table {
	t := &Table{Paper: A4, Columns: []Column{
		b.column("", "region", Text, 20), b.column("areas", "subdistricts", Count, 8), b.column("areas", "communities", Count, 8),
		b.column("grids", "old_grids", Count, 8), b.column("grids", "grids", Count, 8), b.column("grids", "added", Count, 8), b.column("grids", "dedicated", Count, 8),
		b.column("grids", "micro", Count, 8), b.column("size", "mean", Number, 9), b.column("size", "largest", Count, 9), b.column("size", "smallest", Count, 9),
		b.column("size", "in_band", Percent, 10), b.column("party", "branches", Count, 8), b.column("party", "branches_added", Count, 8),
		b.column("staff", "workers_n", Count, 8), b.column("staff", "full_time", Count, 8), b.column("staff", "building_leads", Count, 8), b.column("staff", "unit_leads", Count, 8),
		b.column("", "coverage", Percent, 10),
	}}
	of := func(key string) *Column {
		return &t.Columns[slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })]
	}
	of("in_band").Note = b.wantedBand()
	if m, ok := b.first(); ok {
		for _, key := range []string{"mean", "largest", "smallest"} {
			of(key).Head = b.say("head."+key+"_of", words.Args{"measure": m})
			of(key).Note = b.counting(m)
		}
	}
	places := b.places()
	t.Rows = func(yield func([]any) bool) {
		for _, p := range places {
			if !yield(b.summaryRow(p.area.Title(b.lang), p.parents)) {
				return
			}
		}
	}
	t.Totals = func() []any {
		if len(places) == 0 {
			return nil
		}
		return b.summaryRow(b.say("total.all", nil), b.parents)
	}
	t.Notes = []string{b.say("note.coverage", nil)}
	return t
}

// first returns the measure that grids are told by: households, where the ground counts them, else the first balanced one.
func (b *writer) first() (plan.Measure, bool) {
	if b.Snapshot.Ground.MeasureIndex(plan.Households) >= 0 {
		return plan.Households, true
	}
	if ms := b.Snapshot.Balanced(); len(ms) > 0 {
		return b.Snapshot.Ground.Measures[ms[0]], true
	}
	return "", false
}

// wantedBand says what a grid is to keep to.
func (b *writer) wantedBand() string {
	if band := b.Snapshot.Recipe.Band; band != nil {
		return b.say("band", words.Args{"min": band.Min, "max": band.Max, "measure": band.Measure})
	}
	return "±" + words.Percent(b.Snapshot.Recipe.Tolerance)
}

// place is an area and the parents in it.
type place struct {
	area    plan.Area
	parents []bool // by index
}

// places divides the scope into the areas of the highest level of which there are several, by code; one area where there is only one. A
// parent without an area of the level is its own.
func (b *writer) places() (found []place) {
	chains := make([]map[plan.Level]plan.Area, len(b.parents))
	for i, in := range b.parents {
		if in {
			chains[i] = b.chain(int32(i))
		}
	}
	for _, level := range plan.Levels {
		if !slices.ContainsFunc(chains, func(c map[plan.Level]plan.Area) bool { _, ok := c[level]; return ok }) {
			continue
		}
		found = nil
		by := map[plan.AreaID]int{}
		for i, in := range b.parents {
			if !in {
				continue
			}
			area, ok := chains[i][level]
			if !ok {
				area = b.Snapshot.Ground.Parents[i]
			}
			at, ok := by[area.ID]
			if !ok {
				at = len(found)
				by[area.ID] = at
				found = append(found, place{area, make([]bool, len(b.parents))})
			}
			found[at].parents[i] = true
		}
		if len(found) > 1 {
			break
		}
	}
	slices.SortStableFunc(found, func(a, b place) int { return cmp.Compare(a.area.Code, b.area.Code) })
	return found
}

func (b *writer) summaryRow(name string, parents []bool) []any {
	s := b.Snapshot
	var dedicated, base, in int64
	_, old := b.gridCounts(parents)
	areas := map[plan.Level]map[plan.AreaID]bool{plan.Subdistrict: {}, plan.Community: {}}
	for i, is := range parents {
		if !is {
			continue
		}
		chain := b.chain(int32(i))
		for level, seen := range areas {
			if area, ok := chain[level]; ok {
				seen[area.ID] = true
			}
		}
	}
	m := -1
	if measure, ok := b.first(); ok {
		m = s.Ground.MeasureIndex(measure)
	}
	sum, most, least := 0.0, math.Inf(-1), math.Inf(1)
	for _, g := range b.inScope() {
		if !parents[g.Parent] {
			continue
		}
		if g.Dedicated() {
			dedicated++
			continue
		}
		base++
		if m >= 0 {
			load := s.Loads(g.No)[m]
			sum, most, least = sum+load, max(most, load), min(least, load)
		}
		if s.Verdict(g.No) == plan.Within {
			in++
		}
	}
	row := []any{name, whole(len(areas[plan.Subdistrict])), whole(len(areas[plan.Community])), known(old, old > 0), base + dedicated, known(base+dedicated-old, old > 0), dedicated, nil}
	if m < 0 || base == 0 {
		row = append(row, nil, nil, nil)
	} else {
		row = append(row, sum/float64(base), int64(most), int64(least))
	}
	if base == 0 {
		row = append(row, nil)
	} else {
		row = append(row, float64(in)/float64(base))
	}
	row = append(row, b.staffSums(parents)...)
	return append(row, b.coverage(parents, m))
}

// coverage returns the share of a measure (of blocks, where none is counted) that is in a grid.
func (b *writer) coverage(parents []bool, m int) any {
	s := b.Snapshot
	var in, all float64
	for i := range s.Ground.Blocks {
		block := &s.Ground.Blocks[i]
		if !parents[block.Parent] || b.only != 0 && s.At[i] != b.only {
			continue
		}
		n := 1.0
		if m >= 0 {
			n = float64(block.Counts[m])
		}
		all += n
		if s.At[i] != 0 {
			in += n
		}
	}
	if all == 0 {
		return nil
	}
	return in / all
}
