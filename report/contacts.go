package report

import (
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
)

// Contacts is the contact tree (通讯录) of a plan's staff, a row a held post: grid by grid from the supervisor down to the stair units, each with
// whom it turns to. Kinds are the posts that are listed, none for all; telephones are masked unless they may be seen whole.
func Contacts(st *plan.Staff, kinds []plan.PostKind, whole bool, l words.Lang) *Table {
	say := func(key string) string { return sentences.Say(l, "contacts."+key, nil) }
	t := &Table{Title: say("title"), Pages: sentences.Say(l, "pages", nil), Nothing: sentences.Say(l, "nothing", nil), Paper: A4, Columns: []Column{
		{Key: "no", Head: sentences.Say(l, "head.no", nil), Kind: Count, Width: 6}, {Key: "grid", Head: say("grid"), Width: 20}, {Key: "grid_name", Head: say("grid_name"), Width: 14},
		{Key: "post", Head: say("post"), Width: 14}, {Key: "name", Head: say("name"), Width: 14}, {Key: "phone", Head: say("phone"), Width: 16},
		{Key: "home", Head: say("home"), Width: 22}, {Key: "place", Head: say("place"), Width: 26}, {Key: "above", Head: say("above"), Width: 18}}}
	if st.Snapshot.Ground.Synthetic {
		t.Warning = sentences.Say(l, "synthetic", nil)
	}
	t.Rows = func(yield func([]any) bool) {
		n := int64(0)
		for g := range st.Snapshot.Live() {
			staff := st.Grid(g.No)
			above := map[plan.PostKind]*plan.Post{}
			name := g.Name
			if l == words.En && g.NameEn != "" {
				name = g.NameEn
			}
			for _, p := range slices.Concat(staff.Supervisors, staff.Leads, staff.FullTime, staff.PartTime, staff.LaneLeads, byBuilding(staff), staff.Outside) {
				if p.Holder == nil {
					continue
				}
				if lead := above[plan.BuildingLead]; lead != nil && p.Building != lead.Building {
					delete(above, plan.BuildingLead) // of the building before
				}
				turnsTo := ""
				if a := aboveOf(above, p.Kind); a != nil {
					turnsTo = a.Holder.Name
				}
				if above[p.Kind] == nil || p.Kind == plan.BuildingLead {
					above[p.Kind] = p
				}
				if len(kinds) > 0 && !slices.Contains(kinds, p.Kind) {
					continue
				}
				phone, post := p.Holder.Phone, st.Rules.PostName(p.Kind, l)
				if !whole {
					phone = plan.MaskPhone(phone)
				}
				if p.Kind == plan.Outside {
					post = st.Rules.RoleName(p.Role, l)
				}
				n++
				if !yield([]any{n, g.Code, name, post, p.Holder.Name, phone, p.Holder.Home, st.PlaceWords(p, l), turnsTo}) {
					return
				}
			}
		}
	}
	return t
}

// byBuilding returns the posts on buildings: each lead, and the stair units of the building after it.
func byBuilding(g *plan.GridStaff) (posts []*plan.Post) {
	for _, b := range g.Buildings {
		for _, list := range [][]*plan.Post{g.BuildingLeads, g.UnitLeads} {
			for _, p := range list {
				if p.Building == b.Code {
					posts = append(posts, p)
				}
			}
		}
	}
	return posts
}

// aboveOf returns whom a post turns to among those that were listed before: the nearest that is held.
func aboveOf(above map[plan.PostKind]*plan.Post, kind plan.PostKind) *plan.Post {
	if kind == plan.Outside {
		return nil
	}
	chain := []plan.PostKind{plan.Supervisor, plan.GridLead, plan.GridWorker, plan.BuildingLead, plan.StairUnitLead}
	at := slices.Index(chain, kind)
	if kind == plan.LaneLead {
		at = 3 // as a building lead
	}
	for _, k := range slices.Backward(chain[:at]) {
		if above[k] != nil {
			return above[k]
		}
	}
	return nil
}
