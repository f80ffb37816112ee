package report

import (
	"cmp"
	"slices"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
	"gridwright/report/mapsheet"
	"gridwright/sql/postgis"
)

// board lays the notice board of a grid. No telephone is on it: contacts are shown by role, and a board is for everybody.
func (s *sheets) board(g plan.Grid) []*draw.Page {
	var posts []mapsheet.Post
	for _, p := range s.gridPosts(g.No) {
		posts = append(posts, s.boardPost(p))
	}
	if len(posts) == 0 {
		for _, k := range []plan.PostKind{plan.Supervisor, plan.GridLead, plan.GridWorker} {
			posts = append(posts, mapsheet.Post{Role: s.Staff.Rules.PostName(k, s.lang), Duty: s.duty(k), Open: true})
		}
	}
	one := s.grid(g)
	if t := s.leads(g.No, one.Numbers); len(t.Rows) > 0 {
		one.Tables = []mapsheet.Table{t}
	}
	return s.ground.ComposeBoard(one, posts)
}

// leads is the table of who is there for the numbered buildings of a grid and their stair units.
func (s *sheets) leads(no plan.GridNo, numbers map[string]string) mapsheet.Table {
	rules := s.Staff.Rules
	t := mapsheet.Table{Heads: []string{s.say("sheet.building", nil), rules.PostName(plan.BuildingLead, s.lang), rules.PostName(plan.StairUnitLead, s.lang)}, Widths: []float64{4, 2, 5}}
	for _, thing := range s.things[no] {
		lead, units := s.Staff.Building(thing.Code)
		if grouped(thing) || lead == nil && len(units) == 0 {
			continue
		}
		row := []string{s.houseName(thing, numbers), "", ""}
		if lead != nil {
			row[1] = s.holder(lead)
		}
		var named []string
		for _, u := range units {
			named = append(named, s.say("sheet.stair_unit", words.Args{"unit": u.StairUnit})+" "+s.holder(u))
		}
		row[2] = strings.Join(named, s.say("sheet.comma", nil))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// houseName returns what residents call a building: its compound and its number.
func (s *sheets) houseName(t *postgis.PlacedThing, numbers map[string]string) string {
	return strings.TrimSpace(cmp.Or(s.names[t.Compound], t.Compound) + " " + numbers[t.Code])
}

// boardPost returns a post as boards show it.
func (s *sheets) boardPost(p *plan.Post) mapsheet.Post {
	post := mapsheet.Post{Role: s.roleOf(p), Duty: s.duty(p.Kind)}
	if p.Holder != nil {
		post.Name = p.Holder.Name
	}
	return post
}

// duty says in a line what residents come to a post for.
func (s *sheets) duty(k plan.PostKind) string {
	if k == plan.Outside {
		return ""
	}
	return s.say("duty."+string(k), nil)
}

// plates lays the stairwell plates of a grid's buildings that people live in: one for each stair unit with a lead of its own, else one for the
// building.
func (s *sheets) plates(g plan.Grid) []*draw.Page {
	one := s.grid(g)
	var whole []mapsheet.Post
	of := s.staff[g.No]
	for _, p := range slices.Concat(of.Leads, of.FullTime, of.PartTime) {
		if p.Holder != nil {
			whole = append(whole, s.boardPost(p))
		}
	}
	var plates []mapsheet.Plate
	for _, t := range s.things[g.No] {
		if grouped(t) {
			continue
		}
		if households, ok := taken(t.Tallies, plan.Households); !ok || households.Count == 0 {
			continue
		}
		name := s.houseName(t, one.Numbers)
		lead, units := s.Staff.Building(t.Code)
		house := mapsheet.Post{Role: s.Staff.Rules.PostName(plan.BuildingLead, s.lang), Duty: s.duty(plan.BuildingLead), Open: true}
		if lead != nil {
			house = s.boardPost(lead)
		}
		if len(units) == 0 {
			plates = append(plates, mapsheet.Plate{Building: t.Code, Title: name, Posts: append([]mapsheet.Post{house}, whole...)})
		}
		for _, u := range units {
			unit := s.say("sheet.stair_unit", words.Args{"unit": u.StairUnit})
			plates = append(plates, mapsheet.Plate{Building: t.Code, Title: name + " " + unit, Posts: append([]mapsheet.Post{s.boardPost(u), house}, whole...)})
		}
	}
	return s.ground.ComposePlates(one, plates)
}
