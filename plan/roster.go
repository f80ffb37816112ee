package plan

import (
	"slices"

	"gridwright/plan/words"
)

// RosterRow is a row of a staff roster (人员配备表) whose place is found: a post, and who holds it.
type RosterRow struct {
	PostCode  string // 岗位编号; empty for none
	Kind      PostKind
	Role      string
	FullTime  bool
	Grids     []GridNo // none of a post that is to be placed later
	Building  string
	StairUnit string
	Lane      string
	Person    Person // without a name: the post is vacant
	Since     string // YYYY-MM-DD
	Until     string // empty: still holds it
}

// Roster is what is known of people and posts when a roster comes in.
type Roster struct {
	People []*Person
	Posts  []*Post // those that are there, with their holders and their grids in the plan the roster speaks of
}

// RosterChange is what a roster changes. People and posts without a key are new.
type RosterChange struct {
	New     []*Person
	Updated []*Person
	Posts   []*Post
	Placed  []PostOn        // posts that come onto grids
	Moved   []PostOn        // posts that leave grids
	Begun   []RosterHolding // who takes up a post
	Ended   []RosterHolding // who leaves one; Until is set

	Added, Changed, Unchanged int // rows
}

// PostOn is a post on a grid.
type PostOn struct {
	Post *Post
	Grid GridNo
}

// RosterHolding is that a person holds a post.
type RosterHolding struct {
	Post         *Post
	Person       *Person
	Since, Until string
}

// RosterMiss is why a row cannot be taken.
type RosterMiss struct {
	Row   int    // index into the rows
	Field string // of the row
	Key   string // of a sentence: two_holders, namesakes, other_name, other_post, ends_before, nothing
	Args  words.Args
	First int // of two_holders: the row before
}

// rosterPlace is a place that has one post of a kind.
type rosterPlace struct {
	kind                      PostKind
	grid                      GridNo
	building, stairUnit, lane string
}

// rosterMatch is a roster being matched.
type rosterMatch struct {
	known     Roster
	change    RosterChange
	misses    []RosterMiss
	byNumber  map[string]*Person
	byName    map[string][]*Person
	byCode    map[string]*Post
	byPlace   map[rosterPlace]*Post
	workers   map[GridNo][]*Post   // and from outside
	byPerson  map[*Person][]*Post  // but for posts on buildings
	person    map[PersonID]*Person // of known
	taken     map[*Post][]takenBy  // by rows of this roster
	touched   []*Post              // whose grids may have changed, in the order of the rows
	isTouched map[*Post]bool
	claimed   map[rosterPlace]claim // by rows of this roster
	updated   map[*Person]bool      // told already
	placed    map[*Post][]GridNo    // on grids now
}

type takenBy struct {
	row          int
	person       *Person
	since, until string
}

type claim struct {
	row    int
	person *Person
}

// MatchRoster finds the people and posts that the rows of a roster mean among those that are known, and says what is to change. People are
// the same by their number, else by name and telephone, else by name and community. A post is the same by its number; else a place has one post
// of each kind, but for workers: one keeps the post he has on a grid, else takes a vacant one of his kind there, else gets a new one. Who held a
// post leaves it the day another takes it up. Rows that cannot be taken are told, and the others stand as if they were alone.
func MatchRoster(rows []RosterRow, known Roster) (RosterChange, []RosterMiss) {
	m := rosterMatch{known: known, byNumber: map[string]*Person{}, byName: map[string][]*Person{}, byCode: map[string]*Post{}, byPlace: map[rosterPlace]*Post{},
		workers: map[GridNo][]*Post{}, byPerson: map[*Person][]*Post{}, person: map[PersonID]*Person{}, taken: map[*Post][]takenBy{}, isTouched: map[*Post]bool{},
		claimed: map[rosterPlace]claim{}, updated: map[*Person]bool{}, placed: map[*Post][]GridNo{}}
	for _, p := range known.People {
		m.person[p.ID] = p
		m.index(p)
	}
	for _, p := range known.Posts {
		m.indexPost(p)
	}
	for i := range rows {
		m.row(i, &rows[i])
	}
	for _, p := range m.touched {
		for _, no := range p.Grids {
			if !slices.Contains(m.placed[p], no) {
				m.change.Moved = append(m.change.Moved, PostOn{p, no})
			}
		}
		for _, no := range m.placed[p] {
			if !slices.Contains(p.Grids, no) {
				m.change.Placed = append(m.change.Placed, PostOn{p, no})
			}
		}
	}
	return m.change, m.misses
}

func (m *rosterMatch) index(p *Person) {
	if p.Code != "" {
		m.byNumber[p.Code] = p
	}
	m.byName[p.Name] = append(m.byName[p.Name], p)
}

func (m *rosterMatch) indexPost(p *Post) {
	if p.Code != "" {
		m.byCode[p.Code] = p
	}
	for _, place := range placesOf(p.Kind, p.Grids, p.Building, p.StairUnit, p.Lane) {
		m.byPlace[place] = p
	}
	for _, no := range p.Grids {
		m.placed[p] = append(m.placed[p], no)
		if !p.Kind.Single() {
			m.workers[no] = append(m.workers[no], p)
		}
	}
	if p.Holder != nil && !p.Kind.OnBuilding() {
		person := m.person[p.Holder.Person]
		m.byPerson[person] = append(m.byPerson[person], p)
	}
}

// placesOf returns the places of which a post is the only one of its kind.
func placesOf(k PostKind, grids []GridNo, building, unit, lane string) (places []rosterPlace) {
	switch {
	case !k.Single():
	case k.OnBuilding():
		places = append(places, rosterPlace{kind: k, building: building, stairUnit: unit})
	default:
		for _, no := range grids {
			places = append(places, rosterPlace{kind: k, grid: no, lane: lane})
		}
	}
	return places
}

func (m *rosterMatch) miss(row int, field, key string, first int, args words.Args) {
	m.misses = append(m.misses, RosterMiss{row, field, key, args, first})
}

func (m *rosterMatch) row(i int, r *RosterRow) {
	var person *Person
	if r.Person.Name != "" {
		var ok bool
		if person, ok = m.find(i, r); !ok {
			return
		}
	}
	if r.Until != "" && r.Until < r.Since {
		m.miss(i, "until", "ends_before", -1, words.Args{"since": r.Since, "until": r.Until})
		return
	}
	if person == nil && r.PostCode == "" && len(r.Grids) == 0 && r.Building == "" {
		m.miss(i, "name", "nothing", -1, words.Args{})
		return
	}
	places := placesOf(r.Kind, r.Grids, r.Building, r.StairUnit, r.Lane)
	for _, place := range places {
		if c, twice := m.claimed[place]; twice && c.person != person && r.Until == "" {
			m.miss(i, "name", "two_holders", c.row, words.Args{"post": r.Kind})
			return
		}
	}
	post := m.post(r, person)
	if post != nil && (post.Kind != r.Kind || r.Kind.OnBuilding() && (post.Building != r.Building || post.StairUnit != r.StairUnit)) {
		m.miss(i, "post_no", "other_post", -1, words.Args{"code": r.PostCode})
		return
	}
	isNew, changed := post == nil, false
	if isNew {
		post = &Post{Code: r.PostCode, Kind: r.Kind, Role: r.Role, FullTime: r.FullTime, Building: r.Building, StairUnit: r.StairUnit, Lane: r.Lane, Since: r.Since}
	}
	for _, t := range m.taken[post] {
		if t.person != person && (t.until == "" || t.until > r.Since) && (r.Until == "" || t.since < r.Until) {
			m.miss(i, "name", "two_holders", t.row, words.Args{"post": r.Kind})
			return
		}
	}
	if isNew {
		m.change.Posts = append(m.change.Posts, post)
		if post.Code != "" {
			m.byCode[post.Code] = post
		}
	}
	if person != nil {
		changed = m.keep(person, r) || changed
	}
	changed = m.place(post, r, places, i, person) || changed
	changed = m.hold(post, person, r, i) || changed
	switch {
	case isNew:
		m.change.Added++
	case changed:
		m.change.Changed++
	default:
		m.change.Unchanged++
	}
}

// find returns the person a row means, a new one where nobody is known.
func (m *rosterMatch) find(i int, r *RosterRow) (*Person, bool) {
	said := &r.Person
	if said.Code != "" {
		if p := m.byNumber[said.Code]; p != nil {
			if p.Name != said.Name {
				m.miss(i, "name", "other_name", -1, words.Args{"code": said.Code})
				return nil, false
			}
			return p, true
		}
	}
	var fit []*Person
	for _, p := range m.byName[said.Name] {
		switch {
		case said.Code != "" && p.Code != "": // another number: another person
		case said.Phone != "" && p.Phone != "" && said.Phone != p.Phone:
		case said.Phone != "" && said.Phone == p.Phone:
			fit = append(fit, p)
		case said.Area == "" || p.Area == "" || said.Area == p.Area:
			fit = append(fit, p)
		}
	}
	if len(fit) > 1 {
		m.miss(i, "name", "namesakes", -1, words.Args{"n": len(fit)})
		return nil, false
	}
	if len(fit) == 1 {
		return fit[0], true
	}
	p := *said
	m.change.New = append(m.change.New, &p)
	m.index(&p)
	return &p, true
}

// keep takes over what a row says of a person beyond what is known.
func (m *rosterMatch) keep(p *Person, r *RosterRow) (changed bool) {
	for _, f := range []struct {
		said string
		have *string
	}{{r.Person.Code, &p.Code}, {r.Person.Phone, &p.Phone}, {r.Person.Source, &p.Source}, {r.Person.Home, &p.Home}, {r.Person.Area, &p.Area}} {
		if f.said != "" && f.said != *f.have {
			*f.have, changed = f.said, true
		}
	}
	if changed && p.ID != 0 && !m.updated[p] {
		m.updated[p] = true
		m.change.Updated = append(m.change.Updated, p)
	}
	if p.Code != "" {
		m.byNumber[p.Code] = p
	}
	return changed && p.ID != 0
}

// post returns the post a row means, nil for a new one.
func (m *rosterMatch) post(r *RosterRow, person *Person) *Post {
	if r.PostCode != "" {
		return m.byCode[r.PostCode]
	}
	fits := func(p *Post) bool {
		return p.Code == "" && p.Kind == r.Kind && p.Role == r.Role && p.FullTime == r.FullTime && p.Lane == r.Lane
	}
	if r.Kind != Supervisor || person == nil {
		for _, place := range placesOf(r.Kind, r.Grids, r.Building, r.StairUnit, r.Lane) {
			if p := m.byPlace[place]; p != nil {
				return p
			}
		}
		for _, no := range r.Grids {
			for _, p := range m.workers[no] {
				if person != nil && fits(p) && m.heldBy(p) == person {
					return p
				}
			}
		}
	}
	if person != nil && !r.Kind.OnBuilding() {
		for _, p := range m.byPerson[person] {
			if fits(p) && m.heldBy(p) == person && (r.Kind == Supervisor || len(r.Grids) == 0 || len(m.placed[p]) == 0) {
				return p
			}
		}
	}
	for _, no := range r.Grids {
		for _, p := range m.workers[no] {
			if fits(p) && m.heldBy(p) == nil && len(m.taken[p]) == 0 {
				return p
			}
		}
	}
	return nil
}

// heldBy returns who holds a post as it is by now, nil for nobody.
func (m *rosterMatch) heldBy(p *Post) *Person {
	if t := m.taken[p]; len(t) > 0 {
		return t[len(t)-1].person
	}
	if p.Holder == nil {
		return nil
	}
	return m.person[p.Holder.Person]
}

// place puts a post where a row says. Another supervisor of a grid leaves it.
func (m *rosterMatch) place(post *Post, r *RosterRow, places []rosterPlace, i int, person *Person) (changed bool) {
	for _, place := range places {
		m.claimed[place] = claim{i, person}
		if before := m.byPlace[place]; before != nil && before != post && place.grid != 0 {
			m.touch(before)
			m.leave(before, place.grid)
		}
		m.byPlace[place] = post
	}
	for _, no := range r.Grids {
		if slices.Contains(m.placed[post], no) {
			continue
		}
		if r.Kind != Supervisor { // whose grids may stand in a row each
			for _, old := range slices.Clone(m.placed[post]) {
				if !slices.Contains(r.Grids, old) {
					m.leave(post, old)
				}
			}
		}
		m.touch(post)
		m.placed[post], changed = append(m.placed[post], no), true
		if !r.Kind.Single() {
			m.workers[no] = append(m.workers[no], post)
		}
	}
	if !r.Kind.OnBuilding() && person != nil && !slices.Contains(m.byPerson[person], post) {
		m.byPerson[person] = append(m.byPerson[person], post)
	}
	return changed
}

// touch remembers that a post may come to be elsewhere.
func (m *rosterMatch) touch(post *Post) {
	if !m.isTouched[post] {
		m.isTouched[post] = true
		m.touched = append(m.touched, post)
	}
}

// leave takes a post off a grid.
func (m *rosterMatch) leave(post *Post, no GridNo) {
	m.placed[post] = slices.DeleteFunc(m.placed[post], func(on GridNo) bool { return on == no })
}

// hold gives a post its holder.
func (m *rosterMatch) hold(post *Post, person *Person, r *RosterRow, i int) (changed bool) {
	first := len(m.taken[post]) == 0
	m.taken[post] = append(m.taken[post], takenBy{i, person, r.Since, r.Until})
	if person == nil && (!first || post.Holder == nil) {
		return false
	}
	if first && post.Holder != nil {
		former := m.person[post.Holder.Person]
		switch {
		case former == person && r.Until == "":
			return false
		case former == person:
			m.change.Ended = append(m.change.Ended, RosterHolding{post, former, post.Holder.Since, r.Until})
			return true
		}
		m.change.Ended = append(m.change.Ended, RosterHolding{post, former, post.Holder.Since, max(r.Since, post.Holder.Since)})
		if person == nil {
			return true
		}
	} else if !first && slices.ContainsFunc(m.taken[post][:len(m.taken[post])-1], func(t takenBy) bool { return t.person == person && t.until == "" }) {
		return false // the same person once more: a supervisor's next grid
	}
	m.change.Begun = append(m.change.Begun, RosterHolding{post, person, r.Since, r.Until})
	return true
}
