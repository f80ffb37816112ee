package plan

import (
	"cmp"
	"maps"
	"slices"
	"strings"

	"gridwright/plan/words"
)

// StaffBuilding is a building of a plan as its staff need it.
type StaffBuilding struct {
	Code       string
	Name       string // its own name, or its compound's and its number
	Compound   string // code; empty for none
	Grid       GridNo // 0 for none
	StairUnits int    // 0 where nobody has counted
	Households int64  // -1 where nobody has counted
}

// BuildingName returns what a building is called: its name, with its compound's before it where that is not in it; where it has none its compound's
// name and its number.
func BuildingName(name, compound, number string) string {
	switch {
	case name != "" && strings.Contains(name, compound):
		return name
	case name != "":
		return compound + name
	case number != "" && strings.Trim(number, "0123456789") == "":
		return compound + number + "号楼"
	}
	return compound + number
}

// Staff is who is in charge of what in a plan, over a period or on a day.
type Staff struct {
	Snapshot  *Snapshot
	Rules     StaffRules
	Posts     []*Post         // on this plan's grids and buildings, as ComparePosts orders them; those placed nowhere come first in their kind
	Buildings []StaffBuilding // by grid, then code
	Tags      map[GridNo][]string
	Branches  map[GridNo]*PartyOrg
	Above     map[AreaID]Area // the parents and what is above them

	building map[string]int // index into Buildings
	grids    []GridStaff    // one entry a grid
	measure  int            // of households; -1 where nothing counts them
	counted  bool           // the households of some building
}

// GridStaff are the posts of one grid, and what it needs them for.
type GridStaff struct {
	No                                     GridNo
	Households                             int64
	Supervisors, Leads, FullTime, PartTime []*Post
	BuildingLeads, UnitLeads, LaneLeads    []*Post
	Outside                                []*Post
	Buildings                              []StaffBuilding
	Tags                                   []string
	Branch                                 *PartyOrg // nil for none
}

// NewStaff puts posts where they belong. Posts on buildings that are in no grid of the plan are left out, so is a grid that is gone: what is
// placed on it alone counts as placed nowhere.
func NewStaff(s *Snapshot, rules StaffRules, posts []*Post, buildings []StaffBuilding) *Staff {
	st := &Staff{Snapshot: s, Rules: rules, Buildings: buildings, Tags: map[GridNo][]string{}, Branches: map[GridNo]*PartyOrg{},
		building: map[string]int{}, grids: make([]GridStaff, len(s.Grids)), measure: s.Ground.MeasureIndex(Households)}
	slices.SortFunc(st.Buildings, func(a, b StaffBuilding) int { return cmp.Or(cmp.Compare(a.Grid, b.Grid), cmp.Compare(a.Code, b.Code)) })
	for i := range s.Grids {
		st.grids[i].No = GridNo(i + 1)
		if st.measure >= 0 {
			st.grids[i].Households = int64(s.Loads(GridNo(i + 1))[st.measure])
		}
	}
	for i, b := range st.Buildings {
		st.building[b.Code] = i
		st.counted = st.counted || b.Households >= 0
		if b.Grid != 0 {
			g := &st.grids[b.Grid-1]
			g.Buildings = append(g.Buildings, b)
		}
	}
	for _, p := range posts {
		if p.Kind.OnBuilding() {
			i, here := st.building[p.Building]
			if !here || st.Buildings[i].Grid == 0 {
				continue
			}
			p.Grids = []GridNo{st.Buildings[i].Grid}
		}
		p.Grids = slices.DeleteFunc(p.Grids, func(no GridNo) bool { return int(no) > len(s.Grids) || s.Grids[no-1].Gone })
		st.Posts = append(st.Posts, p)
	}
	slices.SortFunc(st.Posts, ComparePosts)
	for _, p := range st.Posts {
		for _, no := range p.Grids {
			st.grids[no-1].add(p)
		}
	}
	return st
}

func (g *GridStaff) add(p *Post) {
	list := map[PostKind]*[]*Post{Supervisor: &g.Supervisors, GridLead: &g.Leads, GridWorker: &g.PartTime, BuildingLead: &g.BuildingLeads,
		StairUnitLead: &g.UnitLeads, LaneLead: &g.LaneLeads, Outside: &g.Outside}[p.Kind]
	if p.FullTime {
		list = &g.FullTime
	}
	*list = append(*list, p)
}

// Grid returns the posts of a grid.
func (st *Staff) Grid(no GridNo) *GridStaff {
	g := &st.grids[no-1]
	g.Tags, g.Branch = st.Tags[no], st.Branches[no]
	return g
}

// Building returns the post of a building's lead, nil for none, and those of its stair units.
func (st *Staff) Building(code string) (lead *Post, units []*Post) {
	i, ok := st.building[code]
	if !ok || st.Buildings[i].Grid == 0 {
		return nil, nil
	}
	g := &st.grids[st.Buildings[i].Grid-1]
	of := func(p *Post) bool { return p.Building == code }
	if at := slices.IndexFunc(g.BuildingLeads, of); at >= 0 {
		lead = g.BuildingLeads[at]
	}
	return lead, slices.DeleteFunc(slices.Clone(g.UnitLeads), func(p *Post) bool { return !of(p) })
}

// NeedsLead reports whether a building has a lead: where households were counted in any building of the plan one that has some, else every one.
func (st *Staff) NeedsLead(b StaffBuilding) bool { return b.Households > 0 || !st.counted }

// NeedsUnitLeads reports whether the stair units of a building have leads of their own: of a building with a single one the building lead is
// enough.
func (st *Staff) NeedsUnitLeads(b StaffBuilding) bool { return b.StairUnits > 1 && st.NeedsLead(b) }

// Unplaced returns the posts that are for grids and on none of this plan.
func (st *Staff) Unplaced() (posts []*Post) {
	for _, p := range st.Posts {
		if len(p.Grids) == 0 {
			posts = append(posts, p)
		}
	}
	return posts
}

// Vacant returns the posts nobody holds.
func (st *Staff) Vacant() (posts []*Post) {
	for _, p := range st.Posts {
		if p.Holder == nil {
			posts = append(posts, p)
		}
	}
	return posts
}

// Counts returns how many posts there are but for those from outside, how many are held, and how many persons hold them: one person may hold
// several.
func (st *Staff) Counts() (posts, held, persons int) {
	who := map[PersonID]bool{}
	for _, p := range st.Posts {
		if p.Kind == Outside {
			continue
		}
		posts++
		if p.Holder != nil {
			held++
			who[p.Holder.Person] = true
		}
	}
	return posts, held, len(who)
}

// StaffNeed is what is needed of a kind of post and what there is.
type StaffNeed struct {
	Kind     PostKind
	FullTime bool // of workers: the full-time ones, or the part-time ones
	Needed   int
	Posts    int
	InPost   int // held
	Short    int // what is missing, place by place: a surplus in one grid does not make up for a want in another
}

// Needs returns what is needed, in post and short, kind by kind.
func (st *Staff) Needs() []StaffNeed {
	var needs []StaffNeed
	for _, k := range PostKinds[:len(PostKinds)-1] {
		needs = append(needs, StaffNeed{Kind: k, FullTime: k == GridWorker})
		if k == GridWorker {
			needs = append(needs, StaffNeed{Kind: k})
		}
	}
	at := func(k PostKind, full bool) *StaffNeed {
		return &needs[slices.IndexFunc(needs, func(n StaffNeed) bool { return n.Kind == k && n.FullTime == full })]
	}
	for _, p := range st.Posts {
		if p.Kind == Outside {
			continue
		}
		n := at(p.Kind, p.FullTime)
		n.Posts++
		n.InPost += btoi(p.Holder != nil)
	}
	for i := range st.grids {
		for _, w := range st.Wants(GridNo(i + 1)) {
			n := at(w.Kind, w.FullTime)
			n.Needed, n.Short = n.Needed+w.Needed, n.Short+w.Short
		}
	}
	return needs
}

// Wants returns what a grid needs and lacks of each kind that the rules ask for; nothing of one that is gone or has no blocks.
func (st *Staff) Wants(no GridNo) (wants []StaffNeed) {
	if st.Snapshot.Grids[no-1].Gone || len(st.Snapshot.Blocks(no)) == 0 {
		return nil
	}
	g := &st.grids[no-1]
	for _, k := range PostKinds {
		each := st.Rules.Need[k]
		if each == 0 {
			continue
		}
		w := StaffNeed{Kind: k, FullTime: k == GridWorker}
		switch k {
		case Supervisor:
			w.want(each, g.Supervisors)
		case GridLead:
			w.want(each, g.Leads)
		case GridWorker:
			w.want(each, g.FullTime)
		case BuildingLead:
			for _, b := range g.Buildings {
				if st.NeedsLead(b) {
					lead, _ := st.Building(b.Code)
					w.want(1, posted(lead))
				}
			}
		case StairUnitLead:
			byUnit := map[string]map[string]*Post{}
			for _, p := range g.UnitLeads {
				if byUnit[p.Building] == nil {
					byUnit[p.Building] = map[string]*Post{}
				}
				byUnit[p.Building][p.StairUnit] = p
			}
			for _, b := range g.Buildings {
				if st.NeedsUnitLeads(b) {
					w.want(b.StairUnits, slices.Collect(maps.Values(byUnit[b.Code])))
				}
			}
		}
		wants = append(wants, w)
	}
	return wants
}

// want adds a place that needs some posts and has these.
func (n *StaffNeed) want(needed int, posts []*Post) {
	held := 0
	for _, p := range posts {
		held += btoi(p.Holder != nil)
	}
	n.Needed, n.Posts, n.InPost, n.Short = n.Needed+needed, n.Posts+len(posts), n.InPost+held, n.Short+max(0, needed-held)
}

func posted(p *Post) []*Post {
	if p == nil {
		return nil
	}
	return []*Post{p}
}

// Overload is a full-time worker with more households than the rules allow.
type Overload struct {
	Holder     *Holder
	Grids      []GridNo
	Households int64
}

// Workload returns the households of each full-time worker, by name and key: those of the grids the worker's posts are on, shared out evenly
// where several are on one.
func (st *Staff) Workload() []Overload {
	byPerson := map[PersonID]*Overload{}
	for i := range st.grids {
		var held []*Post
		for _, p := range st.grids[i].FullTime {
			if p.Holder != nil {
				held = append(held, p)
			}
		}
		for _, p := range held {
			o := byPerson[p.Holder.Person]
			if o == nil {
				o = &Overload{Holder: p.Holder}
				byPerson[p.Holder.Person] = o
			}
			o.Grids = append(o.Grids, GridNo(i+1))
			o.Households += (st.grids[i].Households + int64(len(held)) - 1) / int64(len(held))
		}
	}
	loads := make([]Overload, 0, len(byPerson))
	for _, o := range byPerson {
		loads = append(loads, *o)
	}
	slices.SortFunc(loads, func(a, b Overload) int {
		return cmp.Or(cmp.Compare(a.Holder.Name, b.Holder.Name), cmp.Compare(a.Holder.Person, b.Holder.Person))
	})
	return loads
}

// Overloads returns the workers beyond the limit of the rules, the heaviest first.
func (st *Staff) Overloads() []Overload {
	over := slices.DeleteFunc(st.Workload(), func(o Overload) bool { return st.Rules.MaxHouseholds == 0 || o.Households <= st.Rules.MaxHouseholds })
	slices.SortStableFunc(over, func(a, b Overload) int { return cmp.Compare(b.Households, a.Households) })
	return over
}

// StaffCount is what was added in a period, summed from single posts and organisations.
type StaffCount struct {
	Workers       int // full-time and part-time
	FullTime      int // of these
	BuildingLeads int
	UnitLeads     int
	Branches      int // branches that grids have as their primary one
}

// Added returns what was added from a day to a day, both counted in, one entry a parent: posts that came into being in that time, are held and
// are still there at its end. A post that changed hands is not new. A branch that grids of several parents share counts for the first.
func (st *Staff) Added(from, to string) []StaffCount {
	added := make([]StaffCount, len(st.Snapshot.Ground.Parents))
	isNew := func(since, until string) bool { return since >= from && since <= to && (until == "" || until > to) }
	for _, p := range st.Posts {
		if p.Holder == nil || len(p.Grids) == 0 || !isNew(p.Since, p.Until) {
			continue
		}
		n := &added[st.Snapshot.Grids[p.Grids[0]-1].Parent]
		switch p.Kind {
		case GridWorker:
			n.Workers++
			n.FullTime += btoi(p.FullTime)
		case BuildingLead:
			n.BuildingLeads++
		case StairUnitLead:
			n.UnitLeads++
		}
	}
	seen := map[PartyOrgID]bool{}
	for _, no := range slices.Sorted(maps.Keys(st.Branches)) {
		if org := st.Branches[no]; !seen[org.ID] && isNew(org.Since, org.Until) {
			seen[org.ID] = true
			added[st.Snapshot.Grids[no-1].Parent].Branches++
		}
	}
	return added
}

// PlaceWords returns where a post is: codes of grids, a building with the stair unit, a lane with its grid; empty for nowhere.
func (st *Staff) PlaceWords(p *Post, l words.Lang) string {
	if p.Kind.OnBuilding() {
		name := p.Building
		if i, here := st.building[p.Building]; here {
			name = cmp.Or(st.Buildings[i].Name, p.Building)
		}
		if p.Kind == StairUnitLead {
			return Sentences.Say(l, "post.stair_unit", words.Args{"building": name, "unit": p.StairUnit})
		}
		return name
	}
	codes := make([]string, len(p.Grids))
	for i, no := range p.Grids {
		codes[i] = st.Snapshot.Grids[no-1].Code
	}
	where := words.List(codes, l)
	if p.Lane != "" {
		return Sentences.Say(l, "post.lane", words.Args{"lane": p.Lane, "grid": where})
	}
	return where
}

// PlaceHouseholds returns the households of what a post is for: its grids or its building; of a stair unit or a lane nobody counts them: -1.
func (st *Staff) PlaceHouseholds(p *Post) int64 {
	switch p.Kind {
	case StairUnitLead, LaneLead:
		return -1
	case BuildingLead:
		if i, here := st.building[p.Building]; here {
			return st.Buildings[i].Households
		}
		return -1 // gone
	}
	var sum int64
	for _, no := range p.Grids {
		sum += st.grids[no-1].Households
	}
	return sum
}
