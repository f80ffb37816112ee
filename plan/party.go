package plan

import (
	"cmp"
	"maps"
	"slices"

	"gridwright/plan/words"
)

// PartyLevel is one of the three levels of party organisations: of a community, of a grid, of a building or courtyard.
type PartyLevel string

// The levels.
const (
	CommunityParty PartyLevel = "community" // 社区党委（党总支）
	GridParty      PartyLevel = "grid"      // 网格（片区）党支部
	BuildingParty  PartyLevel = "building"  // 楼栋（院落）党小组
)

// PartyLevels lists the levels, highest first.
var PartyLevels = []PartyLevel{CommunityParty, GridParty, BuildingParty}

// In returns what the level is called.
func (l PartyLevel) In(lang words.Lang) string {
	return Sentences.Say(lang, "party.level."+string(l), nil)
}

// PartyKind is what an organisation is by the number of its members.
type PartyKind string

// The kinds, the largest first.
const (
	PartyCommittee PartyKind = "committee"      // 党委
	GeneralBranch  PartyKind = "general_branch" // 党总支
	Branch         PartyKind = "branch"         // 党支部
	JointBranch    PartyKind = "joint_branch"   // 联合党支部
	PartyGroup     PartyKind = "group"          // 党小组
)

// PartyKinds lists the kinds, the largest first.
var PartyKinds = []PartyKind{PartyCommittee, GeneralBranch, Branch, JointBranch, PartyGroup}

// In returns what the kind is called.
func (k PartyKind) In(l words.Lang) string { return Sentences.Say(l, "party."+string(k), nil) }

// PartyOrgID is a party organisation's key in the database.
type PartyOrgID int64

// PartyOrg is a party organisation as it is on a day: counts of members, never whose.
type PartyOrg struct {
	ID               PartyOrgID
	Code, Name       string
	Level            PartyLevel
	Kind             PartyKind
	Area             string   // code of its community or subdistrict
	Building         string   // of a group: code of its building; empty for none
	Compounds        []string // codes of the compounds it is for
	Members          int
	MemberHouseholds int    // 党员中心户
	Exception        string // why it may be of another kind than its members suggest, as approved; empty for none
	Since, Until     string // YYYY-MM-DD
	Above            string // whom it belongs to (隶属): the code of an organisation or area, or a name; empty where none is said
	AboveSince       string
	Grids            []GridNo // of the plan asked about, whose primary branch it is
	Version          int64
}

// The numbers of full members at which an organisation is expected to be of another kind.
const (
	branchFrom    = 3
	committeeFrom = 7  // from here on a branch has a committee of its own
	generalFrom   = 50 // a branch is to have fewer
	partyFrom     = 100
)

// PartyAdvice is what the number of an organisation's members suggests. It is advice: nothing is converted by it.
type PartyAdvice struct {
	Kind      PartyKind // what it should be
	Committee bool      // it should have a branch committee
	Differs   bool      // from what it is
	Excepted  string    // why it may stay as it is, as approved; empty for none
	Members   int
}

// Advice returns what an organisation should be by its number of members: fewer than 3 a joint branch, from 3 a branch, from 7 with a committee,
// from 50 a general branch, from 100 a committee. Groups are part of a branch and are left as they are.
func (o *PartyOrg) Advice() PartyAdvice {
	a := PartyAdvice{Kind: o.Kind, Excepted: o.Exception, Members: o.Members}
	if o.Level == BuildingParty || o.Kind == PartyGroup {
		return a
	}
	switch n := o.Members; {
	case n >= partyFrom:
		a.Kind = PartyCommittee
	case n >= generalFrom:
		a.Kind = GeneralBranch
	case n >= branchFrom:
		a.Kind = Branch
	default:
		a.Kind = JointBranch
	}
	a.Committee = a.Kind == Branch && o.Members >= committeeFrom
	a.Differs = a.Kind != o.Kind
	return a
}

// In says the advice.
func (a PartyAdvice) In(l words.Lang) string {
	key := "party.fits"
	switch {
	case a.Differs && a.Excepted != "":
		key = "party.excepted"
	case a.Differs:
		key = "party.should"
	case a.Committee:
		key = "party.with_committee"
	}
	return Sentences.Say(l, key, words.Args{"kind": a.Kind, "n": a.Members, "reason": a.Excepted})
}

// Party is the party organisations of a plan on a day.
type Party struct {
	Snapshot *Snapshot
	Orgs     []*PartyOrg // by level, area and code
	Above    map[AreaID]Area
	Working  map[string]bool // codes of areas with a large working committee (大工委)
	Joint    map[string]bool // codes of areas with a joint committee (联合党委)

	branchOf map[GridNo]*PartyOrg
}

// NewParty puts organisations in order.
func NewParty(s *Snapshot, orgs []*PartyOrg, above map[AreaID]Area) *Party {
	p := &Party{Snapshot: s, Orgs: orgs, Above: above, Working: map[string]bool{}, Joint: map[string]bool{}, branchOf: map[GridNo]*PartyOrg{}}
	slices.SortFunc(p.Orgs, func(a, b *PartyOrg) int {
		return cmp.Or(cmp.Compare(slices.Index(PartyLevels, a.Level), slices.Index(PartyLevels, b.Level)), cmp.Compare(a.Area, b.Area), cmp.Compare(a.Code, b.Code))
	})
	for _, o := range p.Orgs {
		o.Grids = slices.DeleteFunc(o.Grids, func(no GridNo) bool { return s.Grid(no) == nil })
		for _, no := range o.Grids {
			p.branchOf[no] = o
		}
	}
	return p
}

// BranchOf returns the primary branch of a grid, nil for none.
func (p *Party) BranchOf(no GridNo) *PartyOrg { return p.branchOf[no] }

// Branches returns the primary branches of the grids that have one.
func (p *Party) Branches() map[GridNo]*PartyOrg { return p.branchOf }

// Community returns the community a parent is or lies in; the parent itself where no community is above it.
func (p *Party) Community(parent int32) Area {
	a := p.Snapshot.Ground.Parents[parent]
	for at := a; ; {
		if at.Level == Community {
			return at
		}
		above, known := p.Above[at.Parent]
		if !known {
			return a
		}
		at = above
	}
}

// PartyGrid is a grid with its primary branch.
type PartyGrid struct {
	No     GridNo
	Branch *PartyOrg // nil for none
}

// PartyRow is what there is of party organisations in a community: a row of T10.
type PartyRow struct {
	Community        Area
	Members          int // of the community's own organisation; where there is none the sum of its branches, or those counted where there is none either
	Known            bool
	Now              *PartyOrg
	Should           PartyAdvice
	Grids            []PartyGrid // by number
	Groups           int
	MemberHouseholds int
	WorkingCommittee bool // of its subdistrict
	JointCommittee   bool
}

// Rows returns a row a community of the plan, by code.
func (p *Party) Rows() []PartyRow {
	byCode := map[string]*PartyRow{}
	for g := range p.Snapshot.Live() {
		c := p.Community(g.Parent)
		row := byCode[c.Code]
		if row == nil {
			row = &PartyRow{Community: c, JointCommittee: p.Joint[c.Code]}
			for at := c; at.Parent != 0; at = p.Above[at.Parent] {
				row.WorkingCommittee = row.WorkingCommittee || p.Working[p.Above[at.Parent].Code]
			}
			byCode[c.Code] = row
		}
		row.Grids = append(row.Grids, PartyGrid{g.No, p.branchOf[g.No]})
	}
	counted := p.counted()
	members := map[string]int{}
	for _, o := range p.Orgs {
		row := byCode[o.Area]
		if row == nil {
			continue
		}
		row.MemberHouseholds += o.MemberHouseholds
		switch {
		case o.Level == CommunityParty && row.Now == nil:
			row.Now, row.Should = o, o.Advice()
		case o.Level == GridParty:
			members[o.Area] += o.Members
		case o.Level == BuildingParty:
			row.Groups++
		}
	}
	rows := make([]PartyRow, 0, len(byCode))
	for _, code := range slices.Sorted(maps.Keys(byCode)) {
		row := byCode[code]
		n, registered := members[code]
		switch {
		case row.Now != nil:
			row.Members, row.Known = row.Now.Members, true
		case registered:
			row.Members, row.Known = n, true
		default:
			row.Members, row.Known = counted[code]
		}
		if row.Now == nil && row.Known {
			row.Should = (&PartyOrg{Level: CommunityParty, Members: row.Members}).Advice()
		}
		rows = append(rows, *row)
	}
	return rows
}

// counted returns the party members counted on the plan's blocks, by code of their community; nothing where nobody has counted them.
func (p *Party) counted() map[string]int {
	members, g := map[string]int{}, p.Snapshot.Ground
	m := g.MeasureIndex(PartyMembers)
	if m < 0 {
		return members
	}
	for i := range g.Blocks {
		members[p.Community(g.Blocks[i].Parent).Code] += int(g.Blocks[i].Counts[m])
	}
	return members
}

// PartyCoverage is how much of a plan party organisations cover: 48/48, 564/564.
type PartyCoverage struct {
	Grids, GridsWith               int // with a primary branch
	Compounds, CompoundsWith       int // with an organisation of their own, or a branch in each of their grids
	Subdistricts, SubdistrictsWith int // with a large working committee
	Communities, CommunitiesWith   int // with a joint committee
}

// Coverage returns how much is covered.
func (p *Party) Coverage() (c PartyCoverage) {
	s := p.Snapshot
	for g := range s.Live() {
		c.Grids++
		c.GridsWith += btoi(p.branchOf[g.No] != nil)
	}
	own := map[string]bool{}
	for _, o := range p.Orgs {
		for _, code := range o.Compounds {
			own[code] = true
		}
	}
	for code, blocks := range s.Ground.inCompound {
		c.Compounds++
		bare := slices.ContainsFunc(blocks, func(b int32) bool { return s.At[b] == 0 || p.branchOf[s.At[b]] == nil })
		c.CompoundsWith += btoi(own[code] || !bare)
	}
	communities, subdistricts := map[string]bool{}, map[string]bool{}
	for parent := range s.Ground.Parents {
		a := p.Community(int32(parent))
		communities[a.Code] = true
		for at := a; at.Parent != 0; at = p.Above[at.Parent] {
			if above := p.Above[at.Parent]; above.Level == Subdistrict {
				subdistricts[above.Code] = true
			}
		}
	}
	c.Communities, c.Subdistricts = len(communities), len(subdistricts)
	for code := range communities {
		c.CommunitiesWith += btoi(p.Joint[code])
	}
	for code := range subdistricts {
		c.SubdistrictsWith += btoi(p.Working[code])
	}
	return c
}

// PartyKindMeant returns the kind of organisation that a text means: its name or its word in either language; "" for none.
func PartyKindMeant(text string) PartyKind {
	for _, k := range PartyKinds {
		if text == string(k) || text == k.In(words.Zh) || text == k.In(words.En) {
			return k
		}
	}
	switch text {
	case "党总支部":
		return GeneralBranch
	case "支部", "网格党支部":
		return Branch
	case "联合支部":
		return JointBranch
	}
	return ""
}
