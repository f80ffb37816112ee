package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
)

// writer is a paper being made into a table in a language.
type writer struct {
	*Paper
	*scope
	wish Wish
	kind Kind
	lang words.Lang
}

func (b *writer) say(key string, args words.Args) string { return sentences.Say(b.lang, key, args) }

// inScope returns the grids the report speaks of, by parent and code.
func (b *writer) inScope() []plan.Grid {
	return slices.DeleteFunc(slices.Clone(b.grids()), func(g plan.Grid) bool { return !b.has(g) })
}

// dress gives a table what all reports have.
func (b *writer) dress(t *Table) *Table {
	t.Kind = b.wish.Kind
	t.Title = b.say(t.Kind+".title", nil)
	if b.title != nil {
		t.Title = b.say("title.scope", words.Args{"title": t.Title, "scope": b.title})
	}
	if b.Snapshot.Ground.Synthetic {
		t.Warning = b.say("synthetic", nil)
	}
	t.Nothing = cmp.Or(t.Nothing, b.say("nothing", nil))
	t.Pages = b.say("pages", nil)
	t.Stamp = b.stamp()
	for _, sign := range [][2]string{{"sign.office", b.Office.Office}, {"sign.author", b.Office.Author}, {"sign.reviewer", b.Office.Reviewer}, {"sign.date", ""}} {
		t.Signs = append(t.Signs, b.say(sign[0], nil)+sign[1])
	}
	return t
}

// column returns a column of text whose head is the sentence of its key.
func (b *writer) column(group, key string, kind ColumnKind, width float64) Column {
	c := Column{Key: key, Head: b.say("head."+key, nil), Kind: kind, Width: width}
	if group != "" {
		c.Group = b.say("group."+group, nil)
	}
	if kind != Text {
		c.Sum = kind == Count
		for word := range strings.FieldsSeq(c.Head) {
			c.Width = max(c.Width, float64(broadness(word))+2)
			if b.lang == words.Zh {
				c.Width = min(c.Width, max(width, 11))
			}
		}
	}
	return c
}

// counted returns a column of a measure, with whom it counts and of which day.
func (b *writer) counted(group, key string, m plan.Measure, width float64) Column {
	c := b.column(group, key, Count, width)
	c.Note = b.counting(m)
	return c
}

// levels are the columns of the areas a grid lies in, as forms have them.
var levels = []plan.Level{plan.County, plan.Subdistrict, plan.Community, plan.LargeGrid}

func (b *writer) levelColumns(group string) []Column {
	columns := make([]Column, len(levels))
	for i, level := range levels {
		columns[i] = b.column(group, string(level), Text, 15)
	}
	return columns
}

// levelCells returns the names of the areas a parent lies in, itself included; empty ones for the levels there are not.
func (b *writer) levelCells(parent int32) []any {
	chain := b.chain(parent)
	cells := make([]any, len(levels))
	for i, level := range levels {
		if area, ok := chain[level]; ok {
			cells[i] = area.Title(b.lang)
		}
	}
	return cells
}

// effort says how long was searched, and that a cap on the time or a planner cut it short.
func (b *writer) effort() string {
	key := "effort"
	switch b.Result.Stopped {
	case "time":
		key = "effort.time"
	case "cancelled":
		key = "effort.cancelled"
	}
	return b.say(key, words.Args{"sweeps": b.Result.Effort, "seconds": float64(b.Snapshot.Recipe.TimeMS) / 1000})
}

// wanted says how many grids were wanted, or of what size.
func (b *writer) wanted() string {
	r := b.Snapshot.Recipe
	if r.Band != nil {
		return b.say("recipe.band", words.Args{"measure": r.Band.Measure, "min": r.Band.Min, "max": r.Band.Max})
	}
	return b.say("recipe.grids", words.Args{"grids": r.Grids})
}

// recipe says what the plan was split by.
func (b *writer) recipe() string {
	r := b.Snapshot.Recipe
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
	return b.say("recipe", words.Args{"scope": scope, "wanted": b.wanted(), "balance": balance, "tolerance": words.Percent(r.Tolerance)})
}

// effective says from when on the division is in force.
func (b *writer) effective() string {
	if d := b.Division; d != nil {
		return string(d.Effective)
	}
	return b.say("effective.draft", nil)
}

// stamp returns what the report rests on.
func (b *writer) stamp() (stamp []StampLine) {
	s, r := b.Snapshot, b.Snapshot.Recipe
	put := func(key, value string) {
		stamp = append(stamp, StampLine{key, b.say("stamp."+key, nil), value})
	}
	put("plan", b.Plan.String()+"  "+b.Name)
	put("revision", strconv.FormatInt(s.Revision, 10))
	put("effective", b.effective())
	put("data", s.Ground.DataDate)
	if kinds := b.countings(); len(kinds) > 0 {
		put("counts", strings.Join(kinds, b.say("list.sep", nil)))
	}
	if b.wish.From != "" || b.wish.To != "" {
		put("period", b.period())
	}
	put("recipe", b.recipe())
	put("effort", b.effort())
	put("seed", strconv.FormatUint(r.Seed, 10))
	put("solver", b.Result.Solver)
	if b.Result.Changed != nil {
		put("base", b.say("base", words.Args{"plan": r.Base, "revision": r.BaseAt, "most": words.Percent(r.MaxChange), "changed": words.Percent(*b.Result.Changed)}))
	}
	put("hash", b.Hash())
	if s.Ground.Synthetic {
		put("source", b.say("synthetic", nil))
	}
	return stamp
}

// period says the days of the wish.
func (b *writer) period() string {
	switch {
	case b.wish.From == "" && b.wish.To == "":
		return b.say("period.all", nil)
	case b.wish.From == "":
		return b.say("period.to", words.Args{"to": b.wish.To})
	case b.wish.To == "":
		return b.say("period.from", words.Args{"from": b.wish.From})
	}
	return b.say("period.both", words.Args{"from": b.wish.From, "to": b.wish.To})
}
