package server

import (
	"bytes"
	"cmp"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report"
	"gridwright/sql/postgis"
)

// phone returns a telephone number as this service shows it.
func (s *Server) phone(number string) string {
	if s.ShowContacts {
		return number
	}
	return plan.MaskPhone(number)
}

// personView is one of the staff.
type personView struct {
	ID          plan.PersonID  `json:"id"`
	Number      string         `json:"number"`
	Name        string         `json:"name"`
	Phone       string         `json:"phone"`
	Source      string         `json:"source"`
	SourceLabel string         `json:"source_label"`
	Home        string         `json:"home"`
	Area        string         `json:"area"`
	Posts       []heldPostView `json:"posts"`
}

type heldPostView struct {
	postgis.HeldPost
	Label string `json:"label"`
}

func (s *Server) personView(p postgis.FoundPerson, rules plan.StaffRules, l words.Lang) personView {
	v := personView{ID: p.ID, Number: p.Code, Name: p.Name, Phone: s.phone(p.Phone), Source: p.Source, SourceLabel: rules.SourceName(p.Source, l),
		Home: p.Home, Area: p.Area, Posts: []heldPostView{}}
	for _, post := range p.Posts {
		v.Posts = append(v.Posts, heldPostView{post, rules.PostName(post.Kind, l)})
	}
	return v
}

// maxPeople is the longest page of people.
const maxPeople = 500

// people answers with a page of the staff.
func (s *Server) people(w http.ResponseWriter, r *http.Request) error {
	limit, err := wholeQuery(r, "limit", 100, 1, maxPeople)
	if err != nil {
		return err
	}
	after, err := wholeQuery(r, "after", 0, 0, 1<<53)
	if err != nil {
		return err
	}
	rules, _, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	q := r.URL.Query()
	found, total, err := s.Store.People(r.Context(), strings.TrimSpace(q.Get("q")), q.Get("source"), plan.PersonID(after), limit+1)
	if err != nil {
		return err
	}
	var next *plan.PersonID
	if len(found) > limit {
		found = found[:limit]
		next = &found[limit-1].ID
	}
	views := make([]personView, len(found))
	for i, p := range found {
		views[i] = s.personView(p, rules, language(r))
	}
	return writeKept(w, r, map[string]any{"people": views, "total": total, "next": next})
}

// personWish is what is said of a person. What is absent stays as it is.
type personWish struct {
	Number *string `json:"number"`
	Name   *string `json:"name"`
	Phone  *string `json:"phone"`
	Source *string `json:"source"`
	Home   *string `json:"home"`
	Area   *string `json:"area"`
}

// over returns a person with what the wish says.
func (n personWish) over(p plan.Person) (plan.Person, error) {
	for _, f := range []struct {
		name string
		said *string
		into *string
	}{{"number", n.Number, &p.Code}, {"name", n.Name, &p.Name}, {"phone", n.Phone, &p.Phone}, {"source", n.Source, &p.Source}, {"home", n.Home, &p.Home},
		{"area", n.Area, &p.Area}} {
		if f.said == nil {
			continue
		}
		text := strings.TrimSpace(*f.said)
		if err := shortText(f.name, text); err != nil {
			return p, err
		}
		*f.into = text
	}
	if p.Name == "" {
		return p, plan.Refuse(plan.Invalid, "staff.name", nil)
	}
	return p, nil
}

// maxShort is how many characters a name, a number or a remark may have.
const maxShort = 200

// shortText refuses a text that is too long or has control characters.
func shortText(name, text string) error {
	if utf8.RuneCountInString(text) > maxShort {
		return refuse(http.StatusUnprocessableEntity, "text.long", words.Args{"name": name, "most": maxShort})
	}
	return legible(name, text)
}

// maxTexts is how many codes a list may have.
const maxTexts = 10_000

// shortTexts refuses a list that is too long, or holds what shortText refuses.
func shortTexts(name string, texts []string) error {
	if len(texts) > maxTexts {
		return refuse(http.StatusUnprocessableEntity, "list.long", words.Args{"name": name, "most": maxTexts})
	}
	for _, text := range texts {
		if err := shortText(name, text); err != nil {
			return err
		}
	}
	return nil
}

// addPerson stores a person.
func (s *Server) addPerson(w http.ResponseWriter, r *http.Request) error {
	var wish personWish
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	p, err := wish.over(plan.Person{})
	if err != nil {
		return err
	}
	id, err := s.Store.AddPerson(r.Context(), p)
	if err != nil {
		return err
	}
	return s.tellPerson(w, r, id, http.StatusCreated)
}

// person answers with a person and all posts the person holds or held.
func (s *Server) person(w http.ResponseWriter, r *http.Request) error {
	return s.tellPerson(w, r, plan.PersonID(numberIn(r)), http.StatusOK)
}

func (s *Server) tellPerson(w http.ResponseWriter, r *http.Request, id plan.PersonID, status int) error {
	p, err := s.Store.Person(r.Context(), id)
	if err != nil {
		return err
	}
	rules, _, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("person", p.Version))
	return writeJSON(w, status, s.personView(p, rules, language(r)))
}

// changePerson changes what is known of a person.
func (s *Server) changePerson(w http.ResponseWriter, r *http.Request) error {
	var wish personWish
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	p, err := s.Store.Person(r.Context(), plan.PersonID(numberIn(r)))
	if err != nil {
		return err
	}
	if err := matched(r, versionTag("person", p.Version), "staff.changed"); err != nil {
		return err
	}
	next, err := wish.over(p.Person)
	if err != nil {
		return err
	}
	if _, err := s.Store.SetPerson(r.Context(), next); err != nil {
		return err
	}
	return s.tellPerson(w, r, p.ID, http.StatusOK)
}

// leave ends all posts of a person in one act: another takes them, or they are vacant.
func (s *Server) leave(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		On   string        `json:"on"`
		Heir plan.PersonID `json:"heir"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	day, err := plan.ParseDay(cmp.Or(wish.On, string(s.Store.Today())))
	if err != nil {
		return err
	}
	posts, err := s.Store.Leave(r.Context(), plan.PersonID(numberIn(r)), wish.Heir, string(day))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"posts": posts, "on": day})
}

// staffRules answers with how posts are called and how many are needed.
func (s *Server) staffRules(w http.ResponseWriter, r *http.Request) error {
	rules, version, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("staff", version))
	return writeJSON(w, http.StatusOK, rules)
}

// setStaffRules sets them.
func (s *Server) setStaffRules(w http.ResponseWriter, r *http.Request) error {
	var rules plan.StaffRules
	if err := readJSON(r, &rules); err != nil {
		return err
	}
	_, version, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	if err := matched(r, versionTag("staff", version), "staff.changed"); err != nil {
		return err
	}
	if version, err = s.Store.SetStaffRules(r.Context(), rules, version); err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("staff", version))
	return writeJSON(w, http.StatusOK, rules)
}

// postView is a post as it is on a day.
type postView struct {
	ID          plan.PostID    `json:"id"`
	Number      string         `json:"number"`
	Kind        plan.PostKind  `json:"kind"`
	Label       string         `json:"label"`
	FullTime    bool           `json:"full_time"`
	Grids       []string       `json:"grids"`
	Building    string         `json:"building"`
	StairUnit   string         `json:"stair_unit"`
	Lane        string         `json:"lane"`
	Place       string         `json:"place"`
	Since       string         `json:"since"`
	Until       string         `json:"until"`
	Person      *plan.PersonID `json:"person"`
	Name        string         `json:"name"`
	Phone       string         `json:"phone"`
	SourceLabel string         `json:"source_label"`
	Home        string         `json:"home"`
	HeldSince   string         `json:"held_since"`
	Version     int64          `json:"version"`
}

func (s *Server) postView(st *plan.Staff, p *plan.Post, l words.Lang) postView {
	v := postView{ID: p.ID, Number: p.Code, Kind: p.Kind, Label: postLabel(st.Rules, p, l), FullTime: p.FullTime, Grids: []string{}, Building: p.Building,
		StairUnit: p.StairUnit, Lane: p.Lane, Place: st.PlaceWords(p, l), Since: p.Since, Until: p.Until, Version: p.Version}
	for _, no := range p.Grids {
		v.Grids = append(v.Grids, st.Snapshot.Grids[no-1].Code)
	}
	if h := p.Holder; h != nil {
		v.Person, v.Name, v.Phone, v.SourceLabel, v.Home, v.HeldSince = &h.Person, h.Name, s.phone(h.Phone), st.Rules.SourceName(h.Source, l), h.Home, h.Since
	}
	return v
}

// postLabel is what a post is called: of those from outside their role.
func postLabel(rules plan.StaffRules, p *plan.Post, l words.Lang) string {
	if p.Kind == plan.Outside {
		return rules.RoleName(p.Role, l)
	}
	return rules.PostName(p.Kind, l)
}

func (s *Server) postViews(st *plan.Staff, posts []*plan.Post, l words.Lang) []postView {
	views := make([]postView, len(posts))
	for i, p := range posts {
		views[i] = s.postView(st, p, l)
	}
	return views
}

// needView is what is needed of a kind of post and what there is.
type needView struct {
	Kind     plan.PostKind `json:"kind"`
	Label    string        `json:"label"`
	FullTime bool          `json:"full_time"`
	Needed   int           `json:"needed"`
	Posts    int           `json:"posts"`
	InPost   int           `json:"in_post"`
	Short    int           `json:"short"`
}

func needViews(rules plan.StaffRules, needs []plan.StaffNeed, l words.Lang) []needView {
	views := make([]needView, len(needs))
	for i, n := range needs {
		views[i] = needView{n.Kind, rules.PostName(n.Kind, l), n.FullTime, n.Needed, n.Posts, n.InPost, n.Short}
		if n.Kind == plan.GridWorker {
			views[i].Label = sentences.Say(l, map[bool]string{true: "staff.full_time", false: "staff.part_time"}[n.FullTime], words.Args{"post": views[i].Label})
		}
	}
	return views
}

// gridStaffView is who is in charge of a grid.
type gridStaffView struct {
	No         plan.GridNo `json:"no"`
	Code       string      `json:"code"`
	Name       string      `json:"name"`
	Parent     string      `json:"parent"`
	Households int64       `json:"households"`
	Posts      []postView  `json:"posts"` // but for buildings and stair units
	Needs      []needView  `json:"needs"`
	Short      int         `json:"short"` // posts that are missing, of all kinds
	Tags       []string    `json:"tags"`
	Branch     string      `json:"branch"` // code of its primary party branch; empty for none
	BranchName string      `json:"branch_name"`
}

func (s *Server) gridStaffView(st *plan.Staff, g *plan.Grid, l words.Lang) gridStaffView {
	staff := st.Grid(g.No)
	v := gridStaffView{No: g.No, Code: g.Code, Name: g.Name, Parent: st.Snapshot.Ground.Parents[g.Parent].Title(l), Households: staff.Households,
		Posts: s.postViews(st, slices.Concat(staff.Supervisors, staff.Leads, staff.FullTime, staff.PartTime, staff.LaneLeads, staff.Outside), l),
		Needs: needViews(st.Rules, st.Wants(g.No), l), Tags: staff.Tags}
	if l == words.En && g.NameEn != "" {
		v.Name = g.NameEn
	}
	if v.Tags == nil {
		v.Tags = []string{}
	}
	for _, n := range v.Needs {
		v.Short += n.Short
	}
	if staff.Branch != nil {
		v.Branch, v.BranchName = staff.Branch.Code, staff.Branch.Name
	}
	return v
}

// staff returns who is in charge in the plan of the address on the day of the query.
func (s *Server) staff(r *http.Request) (plan.ID, *plan.Staff, error) {
	id, v, err := s.current(r)
	if err != nil {
		return 0, nil, err
	}
	st, err := s.Store.StaffOf(r.Context(), id, v.Snapshot, r.URL.Query().Get("at"))
	return id, st, err
}

// planStaff answers with who is in charge of a plan's grids, what is missing and who has too much.
func (s *Server) planStaff(w http.ResponseWriter, r *http.Request) error {
	_, st, err := s.staff(r)
	if err != nil {
		return err
	}
	l := language(r)
	grids := []gridStaffView{}
	for g := range st.Snapshot.Live() {
		grids = append(grids, s.gridStaffView(st, g, l))
	}
	type overload struct {
		Person     plan.PersonID `json:"person"`
		Name       string        `json:"name"`
		Grids      []string      `json:"grids"`
		Households int64         `json:"households"`
	}
	over := []overload{}
	for _, o := range st.Overloads() {
		v := overload{o.Holder.Person, o.Holder.Name, []string{}, o.Households}
		for _, no := range o.Grids {
			v.Grids = append(v.Grids, st.Snapshot.Grids[no-1].Code)
		}
		over = append(over, v)
	}
	posts, held, persons := st.Counts()
	return writeKept(w, r, map[string]any{"grids": grids, "needs": needViews(st.Rules, st.Needs(), l), "unplaced": s.postViews(st, st.Unplaced(), l),
		"overloads": over, "max_households": st.Rules.MaxHouseholds, "posts": posts, "held": held, "persons": persons, "masked": !s.ShowContacts})
}

// gridCard answers with all there is of people in one grid: the card that hangs on its board.
func (s *Server) gridCard(w http.ResponseWriter, r *http.Request) error {
	id, st, err := s.staff(r)
	if err != nil {
		return err
	}
	g, err := gridIn(r, id, st.Snapshot)
	if err != nil {
		return err
	}
	l, staff := language(r), st.Grid(g.No)
	type building struct {
		Code       string     `json:"code"`
		Name       string     `json:"name"`
		StairUnits int        `json:"stair_units"`
		Households int64      `json:"households"`
		Posts      []postView `json:"posts"`
	}
	buildings := make([]building, len(staff.Buildings))
	for i, b := range staff.Buildings {
		lead, units := st.Building(b.Code)
		if lead != nil {
			units = append([]*plan.Post{lead}, units...)
		}
		buildings[i] = building{b.Code, b.Name, b.StairUnits, b.Households, s.postViews(st, units, l)}
	}
	tags := []plan.Term{}
	for _, tag := range staff.Tags {
		tags = append(tags, plan.Term{Name: tag, Zh: st.Rules.TagName(tag, words.Zh), En: st.Rules.TagName(tag, words.En)})
	}
	return writeKept(w, r, map[string]any{"grid": s.gridStaffView(st, g, l), "buildings": buildings, "tags": tags})
}

// gridIn returns the grid an address names.
func gridIn(r *http.Request, id plan.ID, snap *plan.Snapshot) (*plan.Grid, error) {
	return gridNamed(mux.Vars(r)["grid"], id, snap)
}

func gridNamed(code string, id plan.ID, snap *plan.Snapshot) (*plan.Grid, error) {
	if g := snap.GridOf(code); g != nil {
		return g, nil
	}
	return nil, plan.Refuse(plan.NotFound, "staff.no_grid", words.Args{"plan": id.String(), "grid": code})
}

func gridsNamed(codes []string, id plan.ID, snap *plan.Snapshot) ([]plan.GridNo, error) {
	nos := []plan.GridNo{}
	for _, code := range codes {
		g, err := gridNamed(code, id, snap)
		if err != nil {
			return nil, err
		}
		nos = append(nos, g.No)
	}
	slices.Sort(nos)
	return slices.Compact(nos), nil
}

// setGridTags says what a grid is for.
func (s *Server) setGridTags(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Tags []string `json:"tags"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	g, err := gridIn(r, id, v.Snapshot)
	if err != nil {
		return err
	}
	rules, _, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	tags := []string{}
	for _, t := range rules.Tags {
		if slices.Contains(wish.Tags, t.Name) {
			tags = append(tags, t.Name)
		}
	}
	for _, t := range wish.Tags {
		if !slices.Contains(tags, t) {
			return plan.Refuse(plan.Invalid, "staff.term", words.Args{"list": "tags", "name": t})
		}
	}
	if err := s.Store.SetGridTags(r.Context(), id, g.No, tags); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"tags": tags})
}

// postWish is a post to be made, or what is to become of one.
type postWish struct {
	Number    *string        `json:"number"`
	Kind      plan.PostKind  `json:"kind"`
	Role      string         `json:"role"`
	FullTime  *bool          `json:"full_time"`
	Plan      string         `json:"plan"`
	Grids     []string       `json:"grids"`
	Building  string         `json:"building"`
	StairUnit string         `json:"stair_unit"`
	Lane      string         `json:"lane"`
	Person    *plan.PersonID `json:"person"`
	Since     string         `json:"since"`
}

// addPost makes a post, in a plan or on a building, and lets somebody take it up.
func (s *Server) addPost(w http.ResponseWriter, r *http.Request) error {
	var wish postWish
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	n := postgis.NewPost{Post: plan.Post{Kind: wish.Kind, Role: wish.Role, Building: wish.Building, StairUnit: wish.StairUnit, Lane: wish.Lane}}
	for name, text := range map[string]string{"role": wish.Role, "building": wish.Building, "stair_unit": wish.StairUnit, "lane": wish.Lane} {
		if err := shortText(name, text); err != nil {
			return err
		}
	}
	if wish.Number != nil {
		n.Code = strings.TrimSpace(*wish.Number)
		if err := shortText("number", n.Code); err != nil {
			return err
		}
	}
	n.FullTime = wish.FullTime != nil && *wish.FullTime
	if wish.Person != nil {
		n.Person = *wish.Person
	}
	day, err := plan.ParseDay(cmp.Or(wish.Since, string(s.Store.Today())))
	if err != nil {
		return err
	}
	n.Since = string(day)
	rules, _, err := s.Store.StaffRules(r.Context())
	if err != nil {
		return err
	}
	switch k := n.Kind; {
	case k.Rank() < 0:
		return plan.Refuse(plan.Invalid, "staff.kind", words.Args{"kind": string(k)})
	case k == plan.Outside && n.Role == "":
		return plan.Refuse(plan.Invalid, "staff.role", nil)
	case n.FullTime && k != plan.GridWorker:
		return plan.Refuse(plan.Invalid, "staff.full_time", nil)
	case k.OnBuilding() != (n.Building != ""), (k == plan.StairUnitLead) != (n.StairUnit != ""), (k == plan.LaneLead) != (n.Lane != ""), k.OnBuilding() && len(wish.Grids) > 0,
		k != plan.Outside && n.Role != "":
		return plan.Refuse(plan.Invalid, "staff.place", words.Args{"kind": rules.PostName(k, language(r))})
	}
	if len(wish.Grids) > 0 {
		if n.Plan, err = plan.ParseID(wish.Plan); err != nil {
			return err
		}
		v, err := s.rooms.now(r.Context(), n.Plan)
		if err != nil {
			return err
		}
		if n.Grids, err = gridsNamed(wish.Grids, n.Plan, v.Snapshot); err != nil {
			return err
		}
	}
	id, err := s.Store.AddPost(r.Context(), n)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("post", 1))
	return writeJSON(w, http.StatusCreated, map[string]any{"id": id, "version": 1})
}

// changePost changes a post: its number, whether it is full-time, who holds it from a day on, that it is there no more.
func (s *Server) changePost(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Number   *string        `json:"number"`
		FullTime *bool          `json:"full_time"`
		Person   *plan.PersonID `json:"person"`
		On       string         `json:"on"`
		Until    *string        `json:"until"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	c := postgis.PostChange{ID: plan.PostID(numberIn(r)), FullTime: wish.FullTime, Person: wish.Person, Code: wish.Number}
	if c.Code != nil {
		number := strings.TrimSpace(*c.Code)
		if err := shortText("number", number); err != nil {
			return err
		}
		c.Code = &number
	}
	day, err := plan.ParseDay(cmp.Or(wish.On, string(s.Store.Today())))
	if err != nil {
		return err
	}
	c.Day = string(day)
	if wish.Until != nil {
		if _, err := plan.ParseDay(*wish.Until); err != nil {
			return err
		}
		c.Until = wish.Until
	}
	if c.Version, err = s.Store.PostVersion(r.Context(), c.ID); err != nil {
		return err
	}
	if err := matched(r, versionTag("post", c.Version), "staff.changed"); err != nil {
		return err
	}
	next, err := s.Store.SetPost(r.Context(), c)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("post", next))
	return writeJSON(w, http.StatusOK, map[string]any{"id": c.ID, "version": next})
}

// placePosts puts posts on grids of a plan, all of them or none.
func (s *Server) placePosts(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Placements []struct {
			Post    plan.PostID `json:"post"`
			Version int64       `json:"version"`
			Grids   []string    `json:"grids"`
		} `json:"placements"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	placements := make([]postgis.Placement, len(wish.Placements))
	for i, p := range wish.Placements {
		grids, err := gridsNamed(p.Grids, id, v.Snapshot)
		if err != nil {
			return err
		}
		placements[i] = postgis.Placement{Post: p.Post, Version: p.Version, Grids: grids}
	}
	if err := s.Store.PlacePosts(r.Context(), id, placements); err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"placed": len(placements)})
}

// proposePlacings answers with which worker could take which grid. It stores nothing.
func (s *Server) proposePlacings(w http.ResponseWriter, r *http.Request) error {
	_, st, err := s.staff(r)
	if err != nil {
		return err
	}
	type placing struct {
		Post       plan.PostID `json:"post"`
		Version    int64       `json:"version"`
		Name       string      `json:"name"`
		Grid       string      `json:"grid"`
		Metres     int64       `json:"metres"`
		Households int64       `json:"households"`
		Over       bool        `json:"over"`
	}
	placings := []placing{}
	for _, p := range st.ProposePlacings() {
		placings = append(placings, placing{p.Post.ID, p.Post.Version, p.Post.Holder.Name, st.Snapshot.Grids[p.Grid-1].Code, p.Metres, p.Households, p.Over})
	}
	return writeJSON(w, http.StatusOK, map[string]any{"placings": placings, "method": sentences.Say(language(r), "staff.method", nil)})
}

// carryStaff places what is on grids of another plan on those of this one.
func (s *Server) carryStaff(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		From string `json:"from"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id, _, err := s.current(r)
	if err != nil {
		return err
	}
	from, err := plan.ParseID(wish.From)
	if err != nil {
		return err
	}
	if err := s.Store.CarryStaff(r.Context(), from, id); err != nil {
		return err
	}
	return s.planStaff(w, r)
}

// contacts answers with the contact tree (通讯录) of a plan as a file, of the posts asked for.
func (s *Server) contacts(w http.ResponseWriter, r *http.Request) error {
	id, st, err := s.staff(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	var kinds []plan.PostKind
	for kind := range strings.SplitSeq(q.Get("posts"), ",") {
		switch k := plan.PostKind(kind); {
		case kind == "":
		case k.Rank() < 0:
			return plan.Refuse(plan.Invalid, "staff.kind", words.Args{"kind": kind})
		default:
			kinds = append(kinds, k)
		}
	}
	format := cmp.Or(q.Get("format"), "xlsx")
	t := report.Contacts(st, kinds, s.ShowContacts, language(r))
	var out bytes.Buffer // whole or not at all
	switch format {
	case "xlsx":
		err = t.WriteXLSX(&out)
	case "csv":
		err = t.WriteCSV(&out)
	case "json":
		err = t.WriteJSON(&out)
	default:
		return refuse(http.StatusUnprocessableEntity, "query.value", words.Args{"name": "format", "value": format})
	}
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", cmp.Or(mediaTypes[format], "application/json; charset=utf-8"))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-contacts-plan-%s.%s"`, id, format))
	_, err = out.WriteTo(w)
	return err
}
