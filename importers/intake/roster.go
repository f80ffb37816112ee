package intake

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// A roster (人员配备表) is a table of staff: a row a post and who holds it. It says where a post is as people say it: by the code or the name of a
// grid of a plan, by the address of a building. What it does not list stays as it is. Of staff, unlike of residents, names and work telephones
// are taken; numbers of identity cards are not.

// listed is a row of a roster.
type listed struct {
	place    importers.Place
	row      plan.RosterRow
	building address
	code     string // of the building
	name     string // of the building, where it has no code
}

// identityColumn are the names of columns about persons that not even a roster has any business with.
var identityColumn = regexp.MustCompile(`(?i)身份证|身份号|公民身份|证件号|护照|微信|户主|业主|出生日期|^id_?(card|no|number)$|passport`)

// personalIn returns the names of columns about persons of which a layer takes nothing.
func personalIn(layer string) *regexp.Regexp {
	if layer == RosterLayer {
		return identityColumn
	}
	return personalColumn
}

// storeRoster finds what the rows mean and stores what they change.
func (j *job) storeRoster(ctx context.Context, im *postgis.Importing) error {
	rows := j.rows
	id, grids, err := j.planOf(ctx, im, rows)
	if err != nil || j.refused() {
		return err
	}
	known, rules, err := im.Roster(ctx, id)
	if err != nil {
		return err
	}
	named := newGridNames(grids)
	j.checkRows(ctx, func(c *checker) (plan.Layer, string) {
		j.listed = append(j.listed, c.listed(rules, named, string(j.db.Today())))
		return "", ""
	})
	j.tellPersonal()
	if err := j.findListed(ctx, im); err != nil {
		return err
	}
	if j.leaveOut(); j.refused() {
		return nil
	}
	matched := make([]plan.RosterRow, len(j.listed))
	for i, l := range j.listed {
		matched[i] = l.row
	}
	change, misses := plan.MatchRoster(matched, known)
	for _, m := range misses {
		args := words.Args{"name": importers.Excerpt(matched[m.Row].Person.Name), "post": postNamed{rules, matched[m.Row].Kind}}
		for k, v := range m.Args {
			if k != "post" {
				args[k] = v
			}
		}
		if m.First >= 0 {
			args["first"] = j.listed[m.First].place
		}
		j.refuse(j.listed[m.Row].place, Refused{Field: m.Field, Key: "roster." + m.Key}, args)
	}
	if len(misses) > 0 {
		if j.leaveOut(); j.refused() {
			return nil
		}
		matched = matched[:0]
		for _, l := range j.listed {
			matched = append(matched, l.row)
		}
		if known, _, err = im.Roster(ctx, id); err != nil { // the first look has changed it
			return err
		}
		change, misses = plan.MatchRoster(matched, known)
		if len(misses) > 0 {
			j.refuse(importers.Place{}, Refused{Key: "skip.nothing"}, words.Args{"n": len(misses)})
			return nil
		}
	}
	j.report.New, j.report.Changed, j.report.Unchanged = change.Added, change.Changed, change.Unchanged
	j.report.Taken = len(j.listed)
	j.note("note.roster", words.Args{"people": len(change.New), "posts": len(change.Posts), "ended": len(change.Ended)})
	if unplaced := countOf(j.listed, func(l listed) bool { return len(l.row.Grids) == 0 && !l.row.Kind.OnBuilding() }); unplaced > 0 {
		j.note("note.unplaced", words.Args{"n": unplaced})
	}
	if _, err := j.save(ctx, im); err != nil {
		return err
	}
	return im.PutRoster(ctx, id, change)
}

// postNamed is a kind of post by its name in the rules.
type postNamed struct {
	rules plan.StaffRules
	kind  plan.PostKind
}

// In returns the name in a language.
func (n postNamed) In(l words.Lang) string { return n.rules.PostName(n.kind, l) }

func countOf[T any](all []T, is func(T) bool) (n int) {
	for _, x := range all {
		if is(x) {
			n++
		}
	}
	return n
}

// planOf returns the plan that the rows speak of, and its grids: what the field plan says, the same in all rows; else the newest plan.
func (j *job) planOf(ctx context.Context, im *postgis.Importing, rows []row) (plan.ID, []postgis.RosterGrid, error) {
	said := ""
	for _, r := range rows {
		c := &checker{j, r, ""}
		switch text := c.text("plan"); {
		case text == "" || text == said:
		case said == "":
			said = text
		default:
			c.refuse("plan", text, "roster.plans", words.Args{"plan": said})
			return 0, nil, nil
		}
	}
	id, grids, err := im.PlanForRoster(ctx, said)
	if err == nil && id != 0 {
		j.note("note.plan", words.Args{"plan": id.String()})
	}
	return id, grids, err
}

// gridNames knows the grids of a plan by code and name.
type gridNames struct {
	byCode, byName map[string][]postgis.RosterGrid
}

func newGridNames(grids []postgis.RosterGrid) *gridNames {
	n := &gridNames{map[string][]postgis.RosterGrid{}, map[string][]postgis.RosterGrid{}}
	for _, g := range grids {
		n.byCode[g.Code] = append(n.byCode[g.Code], g)
		for _, name := range []string{g.Name, g.NameEn, g.ParentName + g.Name} {
			if name = plan.PlainAddress(name); name != "" && (len(n.byName[name]) == 0 || n.byName[name][len(n.byName[name])-1].No != g.No) {
				n.byName[name] = append(n.byName[name], g)
			}
		}
	}
	return n
}

// find returns the grid that a text means, by its code or by its name, that in a parent of this code or name where one is said. The key says why
// there is none.
func (n *gridNames) find(text, parent string) (no plan.GridNo, key string) {
	if found := n.byCode[text]; len(found) == 1 {
		if found[0].Gone {
			return 0, "roster.grid_gone"
		}
		return found[0].No, ""
	}
	fit := slices.DeleteFunc(slices.Clone(n.byName[plan.PlainAddress(text)]), func(g postgis.RosterGrid) bool {
		return g.Gone || parent != "" && g.Parent != parent && g.ParentName != parent
	})
	switch len(fit) {
	case 0:
		return 0, "roster.no_grid"
	case 1:
		return fit[0].No, ""
	}
	return 0, "roster.grids"
}

// listMark parts the grids of a post on several.
var listMark = regexp.MustCompile(`[、,，;；/\s]+`)

// vacant are words that stand where a name would.
var vacant = []string{"", "空缺", "暂缺", "缺", "待定", "待聘", "无", "vacant", "-", "—", "/"}

// listed checks a row as far as it can be without a look at the buildings.
func (c *checker) listed(rules plan.StaffRules, grids *gridNames, today string) listed {
	l := listed{place: c.place}
	r := &l.row
	text := c.impersonal("post")
	kind, full, known, ok := rules.KindMeant(text)
	switch {
	case c.blank("post"):
		c.refuse("post", "", "roster.no_post", nil)
	case !ok:
		names := make([]string, 0, len(rules.Names))
		for _, n := range rules.Names {
			names = append(names, n.In(c.Lang))
		}
		c.refuse("post", text, "roster.post", words.Args{"post": importers.Excerpt(text), "posts": names})
	}
	r.Kind, r.FullTime = kind, full
	if kind == plan.Outside {
		r.Role = plan.Meant(rules.Roles, text)
		if said := c.impersonal("role"); said != "" {
			if r.Role = plan.Meant(rules.Roles, said); r.Role == "" {
				r.Role = said
			}
		}
		if r.Role == "" {
			c.refuse("role", "", "roster.no_role", nil)
		}
	}
	if said := c.text("full_time"); said != "" {
		switch {
		case slices.Contains([]string{"专职", "全职", "专", "是", "full-time", "full time", "yes", "true", "1"}, strings.ToLower(said)):
			r.FullTime, known = true, true
		case slices.Contains([]string{"兼职", "兼", "否", "part-time", "part time", "no", "false", "0"}, strings.ToLower(said)):
			r.FullTime, known = false, true
		default:
			c.refuse("full_time", said, "roster.full_time", words.Args{"value": importers.Excerpt(said)})
			known = true
		}
	}
	if r.FullTime = r.FullTime && kind == plan.GridWorker; kind == plan.GridWorker && !known {
		c.refuse("full_time", "", "roster.full_time_blank", nil)
	}
	c.person(&r.Person, rules)
	r.PostCode = c.impersonal("post_no")
	r.Since, r.Until = c.day("since"), c.day("until")
	if r.Since == "" {
		r.Since = today
	}
	if r.Until > today {
		c.refuse("until", r.Until, "roster.future", words.Args{"day": r.Until})
	}
	c.places(&l, grids)
	return l
}

// phoneNumber is what a work telephone looks like, without blanks and dashes.
var phoneNumber = regexp.MustCompile(`^\+?[0-9]{5,15}$`)

// person reads who holds the post, nobody where it is vacant.
func (c *checker) person(p *plan.Person, rules plan.StaffRules) {
	name := c.text("name")
	if slices.Contains(vacant, name) {
		return
	}
	if importers.IsPersonal(name) {
		c.refuse("name", "", "text.personal", words.Args{"field": "name"})
		return
	}
	p.Name, p.Code, p.Home, p.Area = name, c.impersonal("person_no"), c.impersonal("home"), c.impersonal("community")
	if phone := strings.ReplaceAll(plan.PlainAddress(c.text("phone")), "-", ""); phone != "" && !slices.Contains(dashes, phone) {
		if !phoneNumber.MatchString(phone) {
			c.refuse("phone", "", "roster.phone", nil)
		}
		p.Phone = phone
	}
	if said := c.impersonal("source"); said != "" {
		if p.Source = plan.Meant(rules.Sources, said); p.Source == "" {
			p.Source = said
		}
	}
}

// places reads where the post is.
func (c *checker) places(l *listed, grids *gridNames) {
	r := &l.row
	if r.Kind.OnBuilding() {
		l.code = c.impersonal("building")
		l.name = plainName(c.impersonal("building_name"))
		l.building = address{text: c.impersonal("address"), compound: c.impersonal("compound"), number: c.impersonal("building_no")}
		if l.code == "" && l.name == "" && l.building.text == "" && (l.building.compound == "" || l.building.number == "") {
			c.refuse("building", "", "roster.no_place", nil)
		}
		if unit := strings.TrimSuffix(plan.PlainAddress(c.impersonal("stair_unit")), "单元"); r.Kind == plan.StairUnitLead {
			if n := plan.BuildingNumbers(unit); len(n) == 1 {
				r.StairUnit = string(n[0])
			} else {
				c.refuse("stair_unit", unit, "roster.stair_unit", words.Args{"value": importers.Excerpt(unit)})
			}
		}
		return
	}
	field, text := "grid", c.impersonal("grid")
	if text == "" {
		field, text = "grid_name", c.impersonal("grid_name")
	}
	parent := c.impersonal("parent")
	if r.Kind == plan.LaneLead {
		if r.Lane = c.impersonal("lane"); r.Lane == "" {
			c.refuse("lane", "", "roster.no_lane", nil)
		}
	}
	if text == "" {
		if r.Kind == plan.LaneLead {
			c.refuse("grid", "", "roster.no_place", nil)
		}
		return
	}
	for _, name := range append([]string{text}, listMark.Split(text, -1)...) {
		no, key := grids.find(name, parent)
		switch {
		case key == "" && name == text:
			r.Grids = []plan.GridNo{no}
			return
		case name == text && r.Kind != plan.LaneLead && len(listMark.Split(text, -1)) > 1:
			continue // several of them
		case key != "":
			c.refuse(field, name, key, words.Args{"grid": importers.Excerpt(name)})
			return
		default:
			r.Grids = append(r.Grids, no)
		}
	}
	slices.Sort(r.Grids)
	r.Grids = slices.Compact(r.Grids)
}

// findListed finds the buildings of the rows.
func (j *job) findListed(ctx context.Context, im *postgis.Importing) error {
	var codes []string
	addressed := false
	for _, l := range j.listed {
		if l.code != "" {
			codes = append(codes, l.code)
		}
		addressed = addressed || l.row.Kind.OnBuilding() && l.code == ""
	}
	there, err := im.FeatureCodes(ctx, plan.BuildingLayer, codes)
	if err != nil {
		return err
	}
	slices.Sort(there)
	var g *gazetteer
	if addressed {
		if g, err = j.gazetteer(ctx, im); err != nil {
			return err
		}
	}
	for i := range j.listed {
		l := &j.listed[i]
		switch {
		case !l.row.Kind.OnBuilding() || j.out.rows[l.place] != nil:
		case l.code != "":
			if _, found := slices.BinarySearch(there, l.code); !found {
				j.refuse(l.place, Refused{Field: "building", Value: l.code, Key: "roster.no_building"}, words.Args{"code": importers.Excerpt(l.code)})
			}
			l.row.Building = l.code
		default:
			found, _, miss := g.find(&tallied{name: l.name, address: l.building, layer: plan.BuildingLayer})
			switch {
			case miss != nil:
				j.refuse(l.place, Refused{Field: miss.field, Value: miss.value, Key: miss.key}, miss.args)
			case found.layer != plan.BuildingLayer:
				j.refuse(l.place, Refused{Field: "building_no", Key: "roster.compound"}, words.Args{"code": importers.Excerpt(found.code)})
			}
			l.row.Building = found.code
		}
	}
	return nil
}
