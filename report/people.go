package report

import (
	"cmp"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
)

// names returns who holds posts, each once, in the order of the posts.
func (b *writer) names(posts []*plan.Post) string {
	var names []string
	for _, p := range posts {
		if p.Holder != nil && !slices.Contains(names, p.Holder.Name) {
			names = append(names, p.Holder.Name)
		}
	}
	return words.List(names, b.lang)
}

// held counts the posts that somebody holds.
func held(posts []*plan.Post) (n int64) {
	for _, p := range posts {
		if p.Holder != nil {
			n++
		}
	}
	return n
}

// staff returns the cells of a grid's people: its branch, supervisor, lead, workers with what they are, how many lead buildings and stair
// units, and the number to call.
func (b *writer) staff(g plan.Grid) []any {
	if b.Staff == nil {
		return make([]any, 7)
	}
	s := b.Staff.Grid(g.No)
	var branch, phone any
	if s.Branch != nil {
		branch = s.Branch.Name
	}
	var workers []string
	for _, p := range slices.Concat(s.FullTime, s.PartTime) {
		if p.Holder != nil {
			key := "worker.part"
			if p.FullTime {
				key = "worker.full"
			}
			workers = append(workers, b.say(key, words.Args{"name": p.Holder.Name}))
		}
	}
	for _, p := range slices.Concat(s.Leads, s.FullTime, s.PartTime) { // the lead's number, else a worker's
		if p.Holder != nil && p.Holder.Phone != "" {
			phone = plan.MaskPhone(p.Holder.Phone)
			break
		}
	}
	return []any{branch, b.names(s.Supervisors), b.names(s.Leads), words.List(workers, b.lang), held(s.BuildingLeads), held(s.UnitLeads), phone}
}

// leadsOf returns the lead of a building and those of its stair units.
func (b *writer) leadsOf(building string) (lead, units any) {
	if b.Staff == nil {
		return nil, nil
	}
	post, stairs := b.Staff.Building(building)
	if post != nil && post.Holder != nil {
		lead = post.Holder.Name
	}
	var names []string
	for _, p := range stairs {
		if p.Holder != nil {
			names = append(names, b.say("unit.lead", words.Args{"unit": p.StairUnit, "name": p.Holder.Name}))
		}
	}
	if len(names) > 0 {
		units = words.List(names, b.lang)
	}
	return lead, units
}

// staffSums returns the cells of the people of some parents: branches, of these the added ones, workers, of these full-time, building leads,
// stair-unit leads. A post is counted where somebody holds it, in the parent of its first grid; a branch in that of its first grid.
func (b *writer) staffSums(parents []bool) []any {
	if b.Staff == nil {
		return make([]any, 6)
	}
	var branches, fresh, workers, full, buildings, units int64
	for _, p := range b.Staff.Posts {
		if p.Holder == nil || len(p.Grids) == 0 || !b.counts1(p.Grids[0], parents) {
			continue
		}
		switch p.Kind {
		case plan.GridWorker:
			workers++
			if p.FullTime {
				full++
			}
		case plan.BuildingLead:
			buildings++
		case plan.StairUnitLead:
			units++
		}
	}
	for _, o := range b.branches() {
		if b.counts1(o.first, parents) {
			branches++
			if b.wish.From != "" && o.org.Since >= b.wish.From && (b.wish.To == "" || o.org.Since <= b.wish.To) {
				fresh++
			}
		}
	}
	return []any{branches, known(fresh, b.wish.From != ""), workers, full, buildings, units}
}

// counts1 reports whether a grid is in the scope and its parent among some.
func (b *writer) counts1(no plan.GridNo, parents []bool) bool {
	g := b.Snapshot.Grids[no-1]
	return parents[g.Parent] && b.has(g)
}

// branch is a grid branch with the first grid that has it.
type branch struct {
	org   *plan.PartyOrg
	first plan.GridNo
}

// branches returns the grids' branches, each once, by their first grid.
func (b *writer) branches() (found []branch) {
	seen := map[plan.PartyOrgID]bool{}
	for _, g := range b.grids() {
		if o := b.Staff.Branches[g.No]; o != nil && !seen[o.ID] {
			seen[o.ID] = true
			found = append(found, branch{o, g.No})
		}
	}
	return found
}

// added is T4, what was added in a period (新增统计表): a row an area of the highest level of which there are several, and one for the whole,
// summed from single posts and organisations.
func added(b *writer) *Table {
	t := &Table{Paper: A4, Columns: []Column{b.column("", "region", Text, 22), b.column("", "period", Text, 26), b.column("", "grids_added", Count, 12),
		b.column("", "branches_new", Count, 12), b.column("", "workers_added", Count, 12), b.column("", "full_time", Count, 12), b.column("", "building_leads_added", Count, 12), b.column("", "unit_leads_added", Count, 12)}}
	period := b.period()
	sums := b.Staff.Added(cmp.Or(b.wish.From, "0000-00-00"), cmp.Or(b.wish.To, "9999-99-99"))
	row := func(name string, parents []bool) []any {
		var n plan.StaffCount
		for i, in := range parents {
			if in {
				n.Branches, n.Workers, n.FullTime = n.Branches+sums[i].Branches, n.Workers+sums[i].Workers, n.FullTime+sums[i].FullTime
				n.BuildingLeads, n.UnitLeads = n.BuildingLeads+sums[i].BuildingLeads, n.UnitLeads+sums[i].UnitLeads
			}
		}
		var grids any
		if d := b.Division; d == nil || (b.wish.From == "" || string(d.Effective) >= b.wish.From) && (b.wish.To == "" || string(d.Effective) <= b.wish.To) {
			now, old := b.gridCounts(parents)
			grids = now - old
		} else {
			grids = int64(0)
		}
		return []any{name, period, grids, whole(n.Branches), whole(n.Workers), whole(n.FullTime), whole(n.BuildingLeads), whole(n.UnitLeads)}
	}
	places := b.places()
	t.Rows = func(yield func([]any) bool) {
		for _, p := range places {
			if !yield(row(p.area.Title(b.lang), p.parents)) {
				return
			}
		}
	}
	t.Totals = func() []any { return row(b.say("total.all", nil), b.parents) }
	key := "note.added"
	if b.Division == nil {
		key = "note.added_draft"
	}
	t.Notes = []string{b.say(key, nil)}
	return t
}

// gridCounts returns how many grids some parents have, and how many they had before.
func (b *writer) gridCounts(parents []bool) (now, old int64) {
	for _, g := range b.inScope() {
		if parents[g.Parent] {
			now++
		}
	}
	seen := map[string]bool{}
	for i := range b.Lineage {
		row := &b.Lineage[i]
		if row.Old == nil || seen[row.Old.Code] {
			continue
		}
		if parent, ok := b.parentOf(row); ok && parents[parent] {
			seen[row.Old.Code] = true
			old++
		}
	}
	return now, old
}

// parentOf returns the parent that a change of grids lies in.
func (p *Paper) parentOf(row *plan.LineageRow) (parent int32, ok bool) {
	if row.New != nil {
		if g := p.byCode()[row.New.Code]; g != nil {
			return g.Parent, true
		}
	}
	for i, area := range p.Snapshot.Ground.Parents {
		if row.Old != nil && (area.Code == row.Old.Code || area.Code == row.Old.Parent) {
			return int32(i), true
		}
	}
	return 0, false
}

// byCode returns the plan's grids by code.
func (p *Paper) byCode() map[string]*plan.Grid {
	if p.codes == nil {
		p.codes = map[string]*plan.Grid{}
		for g := range p.Snapshot.Live() {
			p.codes[g.Code] = g
		}
	}
	return p.codes
}

// staffing is T6, who is in which post (人员配备表): a row a post, and at the end what is needed, in post and short.
func staffing(b *writer) *Table {
	t := &Table{Columns: []Column{b.column("", "no", Count, 6), b.column("post", "post", Text, 12), b.column("post", "holder", Text, 12), b.column("post", "time", Text, 10),
		b.column("post", "from_source", Text, 16), b.column("post", "home", Text, 22), b.column("duty", "duty", Text, 40), b.column("duty", "households", Count, 10),
		b.column("term", "since", Text, 13), b.column("term", "until", Text, 13)}}
	t.Columns[0].Sum, t.Columns[7].Sum = false, false // households are counted by several posts
	st := b.Staff
	t.Rows = numbered(func(yield func([]any) bool) {
		for _, p := range st.Posts {
			if !b.postInScope(p) || p.Kind == plan.Outside {
				continue
			}
			row := []any{st.Rules.PostName(p.Kind, b.lang), b.say("vacant", nil), b.timeOf(p), "", "", st.PlaceWords(p, b.lang), nil, p.Since, p.Until}
			if n := st.PlaceHouseholds(p); n >= 0 {
				row[6] = n
			}
			if h := p.Holder; h != nil {
				row[1], row[3], row[4], row[7], row[8] = h.Name, st.Rules.SourceName(h.Source, b.lang), h.Home, h.Since, h.Until
			}
			if !yield(row) {
				return
			}
		}
	})
	t.Nothing = b.say("nothing.staff", nil)
	if b.whole {
		for _, n := range st.Needs() {
			if n.Needed > 0 || n.Posts > 0 {
				t.Notes = append(t.Notes, b.say("note.need", words.Args{"post": b.postName(n), "needed": n.Needed, "posts": n.Posts, "held": n.InPost, "short": n.Short}))
			}
		}
		posts, inPost, persons := st.Counts()
		t.Notes = append(t.Notes, b.say("note.posts", words.Args{"posts": posts, "held": inPost, "persons": persons}))
	}
	return t
}

// postName returns the name of a kind of post, of workers with their time.
func (b *writer) postName(n plan.StaffNeed) string {
	name := b.Staff.Rules.PostName(n.Kind, b.lang)
	if n.Kind != plan.GridWorker {
		return name
	}
	return b.say("post.of_time", words.Args{"post": name, "time": b.say(timeKey(n.FullTime), nil)})
}

func timeKey(full bool) string {
	if full {
		return "time.full"
	}
	return "time.part"
}

// timeOf says whether a worker's post is full-time; nothing of others.
func (b *writer) timeOf(p *plan.Post) any {
	if p.Kind != plan.GridWorker {
		return nil
	}
	return b.say(timeKey(p.FullTime), nil)
}

// postInScope reports whether a post has a place in the scope; one that is placed nowhere is in the whole.
func (b *writer) postInScope(p *plan.Post) bool {
	if len(p.Grids) == 0 {
		return b.whole
	}
	return slices.ContainsFunc(p.Grids, func(no plan.GridNo) bool { return b.has(b.Snapshot.Grids[no-1]) })
}

// parties is T10, the party organisations (党组织设置表): a row a grid, under its community. Counts of members only; what the rules suggest
// converts nothing.
func parties(b *writer) *Table {
	t := &Table{Columns: []Column{b.column("", "community", Text, 18), b.column("community", "party_members", Count, 9), b.column("community", "party_now", Text, 18),
		b.column("community", "party_should", Text, 34), b.column("gridparty", "grid_named", Text, 26), b.column("gridparty", "grid_branch", Text, 22),
		b.column("gridparty", "party_groups", Count, 9), b.column("gridparty", "member_households", Count, 9), b.column("committees", "committees", Text, 18), b.column("", "remarks", Text, 24)}}
	var members, groups, homes int64
	t.Rows = func(yield func([]any) bool) {
		members, groups, homes = 0, 0, 0
		for _, r := range b.Party.Rows() {
			grids := slices.DeleteFunc(r.Grids, func(g plan.PartyGrid) bool { return !b.has(b.Snapshot.Grids[g.No-1]) })
			if len(grids) == 0 {
				continue
			}
			var now, committees any = b.say("none", nil), ""
			if r.Now != nil {
				now = r.Now.Name + b.say("brackets", words.Args{"said": r.Now.Kind})
			}
			switch {
			case r.WorkingCommittee && r.JointCommittee:
				committees = b.say("committees.both", nil)
			case r.WorkingCommittee:
				committees = b.say("committees.working", nil)
			case r.JointCommittee:
				committees = b.say("committees.joint", nil)
			}
			var count, should any = nil, ""
			if r.Known {
				count, should = whole(r.Members), r.Should.In(b.lang)
			}
			members, groups, homes = members+int64(r.Members), groups+int64(r.Groups), homes+int64(r.MemberHouseholds)
			for i, g := range grids {
				row := []any{r.Community.Title(b.lang), nil, "", "", gridName(b.Snapshot.Grids[g.No-1], b.lang), b.say("none", nil), nil, nil, "", ""}
				if i == 0 { // what is of the community stands once, so that columns add up
					row = []any{r.Community.Title(b.lang), count, now, should, row[4], row[5], whole(r.Groups), whole(r.MemberHouseholds), committees, ""}
				}
				if g.Branch != nil {
					row[5] = g.Branch.Name
					row[9] = b.say("remark.branch", words.Args{"kind": g.Branch.Kind, "n": g.Branch.Members})
				}
				if !yield(row) {
					return
				}
			}
		}
	}
	t.Totals = func() []any {
		return []any{b.say("total.all", nil), members, "", "", "", "", groups, homes, "", ""}
	}
	if b.whole {
		c := b.Party.Coverage()
		t.Notes = []string{b.say("note.party", words.Args{"grids": c.GridsWith, "all_grids": c.Grids, "compounds": c.CompoundsWith, "all_compounds": c.Compounds}),
			b.say("note.committees", words.Args{"working": c.SubdistrictsWith, "subdistricts": c.Subdistricts, "joint": c.CommunitiesWith, "communities": c.Communities})}
	}
	return t
}
