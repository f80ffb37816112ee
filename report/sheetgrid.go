package report

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
	"gridwright/report/mapsheet"
	"gridwright/sql/postgis"
)

// grid returns what the sheet of a grid says, without its tables.
func (s *sheets) grid(g plan.Grid) *mapsheet.Sheet {
	one := &mapsheet.Sheet{Lang: s.lang, Path: s.path(g.Parent, ""), Name: title(g, s.lang), Code: g.Code, Grids: []int{s.index[g.No]}, Stamp: s.stamp, Numbers: s.numbersOf(g.No)}
	if b := s.Bounds[g.No]; b != nil {
		one.Bounds = b.Short(s.lang)
	}
	kind := s.say("grid."+string(g.Kind), nil)
	if g.Dedicated() {
		kind = strings.Join(slices.DeleteFunc([]string{kind, g.Purpose, g.Body}, func(w string) bool { return w == "" }), " · ")
	}
	one.Facts = append(one.Facts, mapsheet.Fact{Label: s.say("sheet.kind", nil), Value: kind}, s.areaFact(float64(s.Snapshot.Area(g.No))))
	one.Facts = append(one.Facts, s.counts(s.Snapshot.Loads(g.No))...)
	if b := s.Bounds[g.No]; b != nil && b.Length > 0 {
		one.Facts = append(one.Facts, mapsheet.Fact{Label: s.say("sheet.border", nil), Value: words.Count(int64(math.Round(float64(b.Length)))) + " m"})
	}
	return one
}

func (s *sheets) areaFact(m2 float64) mapsheet.Fact {
	return mapsheet.Fact{Label: s.say("sheet.area", nil), Value: words.Count(int64(math.Round(m2))) + " m²"}
}

// counts returns the sums of the plan's measures as facts.
func (s *sheets) counts(loads []float64) (facts []mapsheet.Fact) {
	for m, measure := range s.Snapshot.Ground.Measures {
		facts = append(facts, mapsheet.Fact{Label: words.Capital(measure.In(s.lang)), Value: words.Number(loads[m])})
	}
	return facts
}

// grouped reports whether a building is told with others of its kind: a house of one storey that has neither name nor number, and one that
// nobody is counted in.
func grouped(t *postgis.PlacedThing) bool {
	if t.Name != "" || t.Number != "" {
		return false
	}
	return t.Floors == 1 || !slices.ContainsFunc(t.Tallies, func(n plan.Tally) bool {
		return n.Count > 0 && (n.Measure == plan.Households || n.Measure == plan.Residents || n.Measure == plan.Dwellings)
	})
}

// numbersOf returns what the sheet of a grid calls its buildings, by code.
func (s *sheets) numbersOf(no plan.GridNo) map[string]string {
	named := map[string]string{}
	for _, t := range s.things[no] {
		if !grouped(t) {
			named[t.Code] = s.numberOf(t)
		}
	}
	return mapsheet.Numbers(named)
}

// buildings is the table of a grid's buildings.
func (s *sheets) buildings(no plan.GridNo, numbers map[string]string) mapsheet.Table {
	say := func(key string) string { return s.say("sheet."+key, nil) }
	t := mapsheet.Table{Title: say("buildings"), Heads: []string{say("building"), say("compound"), say("floors"), say("stair_units"), say("households.head"), say("lead")},
		Widths: []float64{2.6, 3.6, 1.1, 1.3, 1.4, 2}, Right: []bool{false, false, true, true, true, false}}
	count := func(thing *postgis.PlacedThing, m plan.Measure, sum *int64) string {
		n, ok := taken(thing.Tallies, m)
		if !ok {
			return ""
		}
		*sum += n.Count
		return words.Count(n.Count)
	}
	var units, households int64
	type kind struct{ n, units, households int64 }
	kinds := map[string]*kind{}
	var order []string
	for _, thing := range s.things[no] {
		if grouped(thing) {
			name := plan.KindLabel(plan.BuildingLayer, thing.Class, s.lang)
			if name == thing.Class { // houses of one storey are known as a kind of compound
				name = plan.KindLabel(plan.CompoundLayer, thing.Class, s.lang)
			}
			if kinds[name] == nil {
				kinds[name] = &kind{}
				order = append(order, name)
			}
			k := kinds[name]
			k.n++
			count(thing, plan.StairUnits, &k.units)
			count(thing, plan.Households, &k.households)
			continue
		}
		floors := ""
		if thing.Floors > 0 {
			floors = words.Count(int64(thing.Floors))
		}
		lead := ""
		if post, _ := s.Staff.Building(thing.Code); post != nil {
			lead = s.holder(post)
		}
		t.Rows = append(t.Rows, []string{numbers[thing.Code], cmp.Or(s.names[thing.Compound], thing.Compound), floors,
			count(thing, plan.StairUnits, &units), count(thing, plan.Households, &households), lead})
	}
	slices.Sort(order)
	for _, name := range order {
		k := kinds[name]
		some := func(n int64) string {
			if n == 0 {
				return ""
			}
			return words.Count(n)
		}
		t.Rows = append(t.Rows, []string{s.say("sheet.grouped", words.Args{"kind": cmp.Or(name, say("unnamed")), "n": k.n}), "", "", some(k.units), some(k.households), ""})
		units, households = units+k.units, households+k.households
	}
	if len(t.Rows) > 0 {
		t.Foot = []string{s.say("sheet.total", words.Args{"n": len(s.things[no])}), "", "", words.Count(units), words.Count(households), ""}
	}
	return t.Filled()
}

func (s *sheets) holder(p *plan.Post) string {
	if p.Holder == nil {
		return s.say("sheet.vacant", nil)
	}
	return p.Holder.Name
}

// roleOf returns what a post is called.
func (s *sheets) roleOf(p *plan.Post) string {
	rules := s.Staff.Rules
	switch {
	case p.Kind == plan.Outside:
		return cmp.Or(rules.RoleName(p.Role, s.lang), rules.PostName(p.Kind, s.lang))
	case p.Kind == plan.GridWorker && p.FullTime:
		return s.say("sheet.full_time", words.Args{"post": rules.PostName(p.Kind, s.lang)})
	case p.Kind == plan.GridWorker:
		return s.say("sheet.part_time", words.Args{"post": rules.PostName(p.Kind, s.lang)})
	}
	return rules.PostName(p.Kind, s.lang)
}

// gridPosts returns the posts of a grid as a whole, the highest first.
func (s *sheets) gridPosts(no plan.GridNo) []*plan.Post {
	g := s.staff[no]
	return slices.Concat(g.Supervisors, g.Leads, g.FullTime, g.PartTime, g.LaneLeads, g.Outside)
}

// posts is the table of a grid's posts; where none are known, the usual ones to be filled in by hand.
func (s *sheets) posts(no plan.GridNo) mapsheet.Table {
	t := mapsheet.Table{Title: s.say("sheet.posts", nil), Heads: []string{s.say("sheet.post", nil), s.say("sheet.name", nil), s.say("sheet.phone", nil)}, Widths: []float64{3, 3, 3}}
	for _, p := range s.gridPosts(no) {
		row := []string{s.roleOf(p), s.holder(p), ""}
		if p.Holder != nil {
			row[2] = plan.MaskPhone(p.Holder.Phone)
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		for _, k := range []plan.PostKind{plan.Supervisor, plan.GridLead, plan.GridWorker} {
			t.Rows = append(t.Rows, []string{s.Staff.Rules.PostName(k, s.lang), "", ""})
		}
	}
	return t
}

// gridSheet lays the map sheet of a grid.
func (s *sheets) gridSheet(g plan.Grid) []*draw.Page {
	one := s.grid(g)
	one.Tables = []mapsheet.Table{s.posts(g.No), s.buildings(g.No, one.Numbers)}
	return s.ground.Compose(one)
}

// communitySheet lays the map sheet of a community: the grids of all its parents in the plan.
func (s *sheets) communitySheet(a plan.Area, grids []plan.Grid) []*draw.Page {
	one := &mapsheet.Sheet{Lang: s.lang, Path: s.path(grids[0].Parent, a.Level), Name: a.Title(s.lang), Code: a.Code, Whole: true, Stamp: s.stamp}
	say := func(key string) string { return s.say("sheet."+key, nil) }
	t := mapsheet.Table{Title: say("grids"), Heads: []string{say("grid"), say("code"), say("households.head"), say("residents.head"), say("lead.grid")},
		Widths: []float64{3.6, 4.2, 1.5, 1.5, 2}, Right: []bool{false, false, true, true, false}}
	loads := make([]float64, len(s.Snapshot.Ground.Measures))
	area := 0.0
	several := slices.ContainsFunc(grids, func(g plan.Grid) bool { return g.Parent != grids[0].Parent })
	for _, g := range grids {
		one.Grids = append(one.Grids, s.index[g.No])
		for m, n := range s.Snapshot.Loads(g.No) {
			loads[m] += n
		}
		area += float64(s.Snapshot.Area(g.No))
		name := title(g, s.lang)
		if several {
			name = s.Snapshot.Ground.Parents[g.Parent].Title(s.lang) + " " + name
		}
		row := []string{name, g.Code, s.load(g.No, plan.Households), s.load(g.No, plan.Residents), ""}
		var leads []string
		for _, p := range s.staff[g.No].Leads {
			leads = append(leads, s.holder(p))
		}
		row[4] = strings.Join(leads, " ")
		t.Rows = append(t.Rows, row)
	}
	one.Facts = append([]mapsheet.Fact{{Label: say("grids.head"), Value: words.Count(int64(len(grids)))}, s.areaFact(area)}, s.counts(loads)...)
	one.Tables = []mapsheet.Table{t.Filled()}
	return s.ground.Compose(one)
}

// load returns a grid's sum of a measure, empty where nobody has counted.
func (s *sheets) load(no plan.GridNo, m plan.Measure) string {
	if i := s.Snapshot.Ground.MeasureIndex(m); i >= 0 {
		return words.Number(s.Snapshot.Loads(no)[i])
	}
	return ""
}
