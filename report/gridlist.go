package report

import (
	"math"
	"slices"
	"strconv"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
)

// gridList is T1, the list of grids (网格一览表): a row a grid in the order of their codes, a row for what is in no grid, and
// the totals.
func gridList(p Paper, l words.Lang) *table {
	s := p.Snapshot
	b := &gridListBuilder{Paper: p, lang: l, levels: levelsAbove(p), balanced: s.Balanced()}
	b.named = slices.ContainsFunc(s.Ground.Parents, func(a plan.Area) bool { return a.Title(l) != a.Code })
	t := &table{title: b.say("t1.title", nil), pages: b.say("pages", nil), columns: b.columns(), stamp: b.stamp()}
	if s.Ground.Synthetic {
		t.warning = b.say("synthetic", nil)
	}
	for _, g := range s.Grids {
		t.rows = append(t.rows, b.row(len(t.rows)+1, g))
	}
	for parent := range s.Ground.Parents {
		if row := b.unassigned(len(t.rows)+1, int32(parent)); row != nil {
			t.rows = append(t.rows, row)
		}
	}
	t.totals = b.totals(t)
	for _, sign := range []string{"sign.office", "sign.author", "sign.reviewer", "sign.date"} {
		t.signs = append(t.signs, b.say(sign, nil))
	}
	return t
}

type gridListBuilder struct {
	Paper
	lang     words.Lang
	levels   []plan.Level // above the parents, highest first
	named    bool         // some parent has a name beside its code
	balanced []int
}

func (b *gridListBuilder) say(key string, args words.Args) string {
	return sentences.Say(b.lang, key, args)
}

// levelsAbove returns the levels from the county down that any parent lies in, highest first.
func levelsAbove(p Paper) []plan.Level {
	isParent := map[plan.AreaID]bool{}
	for _, a := range p.Snapshot.Ground.Parents {
		isParent[a.ID] = true
	}
	var levels []plan.Level
	for _, level := range plan.Levels[plan.County.Rank():] {
		for _, a := range p.Ancestors {
			if a.Level == level && !isParent[a.ID] {
				levels = append(levels, level)
				break
			}
		}
	}
	return levels
}

func (b *gridListBuilder) columns() []column {
	s := b.Snapshot
	place, grid, counts, balance := b.say("group.place", nil), b.say("group.grid", nil), b.say("group.counts", nil), b.say("group.balance", nil)
	columns := []column{{head: b.say("no", nil), kind: count, width: 6}}
	for _, level := range b.levels {
		columns = append(columns, column{group: place, head: words.Capital(level.In(b.lang)), width: 16})
	}
	if b.named {
		columns = append(columns, column{group: place, head: b.say("parent", nil), width: 18})
	}
	columns = append(columns,
		column{group: place, head: b.say("parent.code", nil), width: 17},
		column{group: grid, head: b.say("grid.name", nil), width: 11},
		column{group: grid, head: b.say("grid.code", nil), width: 20},
		column{group: grid, head: b.say("blocks", nil), kind: count, width: 8},
		column{group: grid, head: b.say("area", nil), kind: count, width: 11})
	for _, m := range s.Ground.Measures {
		columns = append(columns, narrow(column{group: counts, head: words.Capital(m.In(b.lang)), kind: count}))
	}
	for _, m := range b.balanced {
		columns = append(columns, narrow(column{group: balance, head: words.Capital(b.say("deviation", words.Args{"measure": s.Ground.Measures[m]})), kind: percent}))
	}
	return append(columns, column{group: balance, head: b.say("words", nil), width: 52}, column{head: b.say("remarks", nil), width: 26})
}

// place returns the names of the areas above a parent, and its own name and code.
func (b *gridListBuilder) place(parent int32) []any {
	area := b.Snapshot.Ground.Parents[parent]
	byLevel := map[plan.Level]string{}
	for at := area.ID; at != 0; at = b.Ancestors[at].Parent {
		byLevel[b.Ancestors[at].Level] = b.Ancestors[at].Title(b.lang)
	}
	var cells []any
	for _, level := range b.levels {
		cells = append(cells, byLevel[level])
	}
	if name := area.Title(b.lang); name != area.Code {
		cells = append(cells, name)
	} else if b.named {
		cells = append(cells, "")
	}
	return append(cells, area.Code)
}

func (b *gridListBuilder) row(n int, g plan.Grid) []any {
	s := b.Snapshot
	name := g.Name
	if b.lang == words.En && g.NameEn != "" {
		name = g.NameEn
	}
	row := append([]any{int64(n)}, b.place(g.Parent)...)
	row = append(row, name, g.Code, int64(len(s.Blocks(g.No))), int64(math.Round(float64(s.Area(g.No)))))
	for _, load := range s.Loads(g.No) {
		row = append(row, int64(load))
	}
	deviation := s.Deviation(g.No)
	for _, m := range b.balanced {
		if math.IsNaN(deviation[m]) {
			row = append(row, nil)
			continue
		}
		row = append(row, deviation[m])
	}
	var remarks []string
	for _, f := range s.GridFindings(g.No) {
		if f.Severity == plan.Err {
			remarks = append(remarks, f.In(b.lang))
		}
	}
	return append(row, s.Words(g.No).In(b.lang), strings.Join(remarks, "; "))
}

// unassigned returns the row for a parent's blocks that are in no grid, nil when there are none, so that the totals are the
// input's.
func (b *gridListBuilder) unassigned(n int, parent int32) []any {
	s := b.Snapshot
	loads := make([]int64, len(s.Ground.Measures))
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
			loads[m] += count
		}
	}
	if blocks == 0 {
		return nil
	}
	row := append([]any{int64(n)}, b.place(parent)...)
	row = append(row, b.say("unassigned", nil), "", blocks, int64(math.Round(area)))
	for _, load := range loads {
		row = append(row, load)
	}
	for range b.balanced {
		row = append(row, nil)
	}
	return append(row, "", b.say("unassigned.remark", nil))
}

// totals adds up the columns that hold counts of grids.
func (b *gridListBuilder) totals(t *table) []any {
	totals := make([]any, len(t.columns))
	for c := range t.columns {
		if t.columns[c].kind != count || c == 0 {
			continue
		}
		var sum int64
		for _, row := range t.rows {
			sum += row[c].(int64)
		}
		totals[c] = sum
	}
	totals[1] = b.say("total", words.Args{"grids": len(b.Snapshot.Grids)})
	return totals
}

// effort says how long was searched, and that a cap on the time or a planner cut it short.
func (b *gridListBuilder) effort() string {
	key := "effort"
	switch b.Result.Stopped {
	case "time":
		key = "effort.time"
	case "cancelled":
		key = "effort.cancelled"
	}
	return b.say(key, words.Args{"sweeps": b.Result.Effort, "seconds": float64(b.Snapshot.Recipe.TimeMS) / 1000})
}

func (b *gridListBuilder) stamp() [][2]string {
	s, r := b.Snapshot, b.Snapshot.Recipe
	wanted := b.say("recipe.grids", words.Args{"grids": r.Grids})
	if r.Band != nil {
		wanted = b.say("recipe.band", words.Args{"measure": r.Band.Measure, "min": r.Band.Min, "max": r.Band.Max})
	}
	scope := r.Scope
	if scope == "all" {
		scope = b.say("recipe.all", nil)
	}
	var balance []string
	for _, m := range r.Balance {
		text := m.Measure.In(b.lang)
		if m.Weight != 1 {
			text += " × " + words.Number(m.Weight)
		}
		balance = append(balance, text)
	}
	stamp := [][2]string{
		{b.say("stamp.plan", nil), b.Plan.String() + "  " + b.Name},
		{b.say("stamp.revision", nil), strconv.FormatInt(s.Revision, 10)},
		{b.say("stamp.data", nil), s.Ground.DataDate},
		{b.say("stamp.recipe", nil), b.say("recipe", words.Args{"scope": scope, "wanted": wanted, "balance": balance, "tolerance": words.Percent(r.Tolerance)})},
		{b.say("stamp.effort", nil), b.effort()},
		{b.say("stamp.seed", nil), strconv.FormatUint(r.Seed, 10)},
		{b.say("stamp.solver", nil), b.Result.Solver},
	}
	if b.Result.Changed != nil {
		stamp = append(stamp, [2]string{b.say("stamp.base", nil), b.say("base", words.Args{"plan": r.Base, "revision": r.BaseAt,
			"most": words.Percent(r.MaxChange), "changed": words.Percent(*b.Result.Changed)})})
	}
	if s.Ground.Synthetic {
		stamp = append(stamp, [2]string{b.say("stamp.source", nil), b.say("synthetic", nil)})
	}
	return stamp
}

// narrow makes a column of numbers as narrow as they and the longest word of its head allow.
func narrow(c column) column {
	c.width = 10
	for _, word := range strings.Fields(c.head) {
		c.width = max(c.width, float64(broadness(word))+2)
	}
	return c
}
