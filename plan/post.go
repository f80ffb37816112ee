package plan

import (
	"cmp"
	"encoding/json"
	"slices"
	"strings"

	"gridwright/plan/words"
)

// PostKind is what a post is for (岗位).
type PostKind string

// The kinds of post: four levels, a lead of a lane among one-storey houses, and those from outside who are in charge of a grid, too.
const (
	Supervisor    PostKind = "supervisor"      // 督导员, of one grid or several
	GridLead      PostKind = "grid_lead"       // 网格长
	GridWorker    PostKind = "grid_worker"     // 网格员, full-time 专职 or part-time 兼职
	BuildingLead  PostKind = "building_lead"   // 楼栋长
	StairUnitLead PostKind = "stair_unit_lead" // 单元长
	LaneLead      PostKind = "lane_lead"       // 巷长
	Outside       PostKind = "outside"         // 社区民警, 城管: shown with a grid and no staff of it
)

// PostKinds lists the kinds, highest first.
var PostKinds = []PostKind{Supervisor, GridLead, GridWorker, BuildingLead, StairUnitLead, LaneLead, Outside}

// Rank returns the place of a kind in PostKinds, or -1 for a word that is none.
func (k PostKind) Rank() int { return slices.Index(PostKinds, k) }

// OnBuilding reports whether posts of the kind hang on a building; the others hang on grids.
func (k PostKind) OnBuilding() bool { return k == BuildingLead || k == StairUnitLead }

// Single reports whether a place has one post of the kind at most. A grid may have several workers and several from outside.
func (k PostKind) Single() bool { return k != GridWorker && k != Outside }

// PostID is a post's key in the database.
type PostID int64

// PersonID is a person's key in the database.
type PersonID int64

// Person is one of the staff. What is known of residents is counts; what is known of staff is how they are reached at work.
type Person struct {
	ID      PersonID
	Code    string // number in the staff list (工号); empty for none
	Name    string
	Phone   string
	Source  string // a source of StaffRules; empty where none is said
	Home    string // the organisation that sent the person (派出单位)
	Area    string // code of the community the person belongs to; empty for none
	Version int64
}

// Post is a post as it is on a day.
type Post struct {
	ID        PostID
	Code      string // 岗位编号; empty for none
	Kind      PostKind
	Role      string // of Outside: as what
	FullTime  bool   // of GridWorker
	Building  string // code, of BuildingLead and StairUnitLead
	StairUnit string // of StairUnitLead: its number in the building
	Lane      string // of LaneLead: its name
	Since     string // YYYY-MM-DD
	Until     string // from this day on there is no such post; empty: it is there
	Grids     []GridNo
	Holder    *Holder // nil: vacant
	Version   int64
}

// Holder is who holds a post.
type Holder struct {
	Person                          PersonID
	PersonCode                      string
	Name, Phone, Source, Home, Area string
	Since, Until                    string // YYYY-MM-DD; empty Until: still does
}

// MaskPhone hides the middle of a telephone number: 138****0000. Of a number of fewer than eight characters nothing is shown but its end.
func MaskPhone(phone string) string {
	r := []rune(phone)
	switch {
	case len(r) == 0:
		return ""
	case len(r) < 8:
		return "****" + string(r[max(0, len(r)-2):])
	}
	return string(r[:3]) + "****" + string(r[len(r)-4:])
}

// Term is a word of a list that is configuration, in both languages.
type Term struct {
	Name string `json:"name"` // what is stored
	Zh   string `json:"zh"`
	En   string `json:"en"`
}

// In returns the term in a language.
func (t Term) In(l words.Lang) string {
	if l == words.En {
		return t.En
	}
	return t.Zh
}

// StaffRules are how posts are called, whom they may come from and how many are needed: configuration, not code.
type StaffRules struct {
	Names         []Term           `json:"names"`          // of kinds of post; Name is the kind
	Sources       []Term           `json:"sources"`        // where people are from
	Roles         []Term           `json:"roles"`          // of those from outside
	Tags          []Term           `json:"tags"`           // what a grid is for
	Need          map[PostKind]int `json:"need"`           // posts each grid, building or stair unit needs; of workers full-time ones
	MaxHouseholds int64            `json:"max_households"` // of a full-time worker; 0: no limit
}

// DefaultStaffRules returns the rules that hold until somebody sets others. The need of one full-time worker a grid is that of 定人定岗;
// the limit is the upper end of 300 to 500 households a grid.
func DefaultStaffRules() StaffRules {
	return StaffRules{
		Names: []Term{{"supervisor", "督导员", "supervisor"}, {"grid_lead", "网格长", "grid lead"}, {"grid_worker", "网格员", "grid worker"},
			{"building_lead", "楼栋长", "building lead"}, {"stair_unit_lead", "单元长", "stair-unit lead"}, {"lane_lead", "巷长", "lane lead"},
			{"outside", "外部力量", "outside role"}},
		Sources: []Term{{"public_welfare", "公益性岗位", "public-welfare post"}, {"recruited", "招聘", "recruited"}, {"seconded", "下沉干部", "seconded cadre"},
			{"committee", "社区“两委”", "community committees"}, {"volunteer", "志愿者", "volunteer"}},
		Roles:         []Term{{"police", "社区民警", "community police officer"}, {"city_management", "城管", "city management"}, {"lawyer", "法律顾问", "legal adviser"}},
		Tags:          []Term{{"party", "基层党建", "party building"}, {"governance", "社会治理", "social governance"}, {"service", "民生服务", "public services"}},
		Need:          map[PostKind]int{Supervisor: 1, GridLead: 1, GridWorker: 1, BuildingLead: 1, StairUnitLead: 1},
		MaxHouseholds: 500,
	}
}

// Check refuses rules that are none: a kind of post nobody knows, a term without a name or a word, a need below 0 or out of reason.
func (r StaffRules) Check() error {
	for _, list := range []struct {
		about string
		terms []Term
	}{{"names", r.Names}, {"sources", r.Sources}, {"roles", r.Roles}, {"tags", r.Tags}} {
		seen := map[string]bool{}
		for _, t := range list.terms {
			if t.Name == "" || t.Name != strings.TrimSpace(t.Name) || strings.TrimSpace(t.Zh) == "" || strings.TrimSpace(t.En) == "" || seen[t.Name] ||
				list.about == "names" && PostKind(t.Name).Rank() < 0 {
				return Refuse(Invalid, "staff.term", words.Args{"list": list.about, "name": t.Name})
			}
			seen[t.Name] = true
		}
	}
	for kind, n := range r.Need {
		if kind.Rank() < 0 || kind == Outside || kind == LaneLead || n < 0 || n > 20 {
			return Refuse(Invalid, "staff.need", words.Args{"kind": string(kind), "n": n})
		}
	}
	if r.MaxHouseholds < 0 {
		return Refuse(Invalid, "staff.max_households", nil)
	}
	return nil
}

// PostName returns what a kind of post is called.
func (r StaffRules) PostName(k PostKind, l words.Lang) string { return termOf(r.Names, string(k), l) }

// SourceName returns where somebody is from, in words.
func (r StaffRules) SourceName(source string, l words.Lang) string {
	return termOf(r.Sources, source, l)
}

// RoleName returns as what somebody from outside is there, in words.
func (r StaffRules) RoleName(role string, l words.Lang) string { return termOf(r.Roles, role, l) }

// TagName returns what a grid is for, in words.
func (r StaffRules) TagName(tag string, l words.Lang) string { return termOf(r.Tags, tag, l) }

// termOf returns a term's word; a name that is not in the list is its own.
func termOf(terms []Term, name string, l words.Lang) string {
	for _, t := range terms {
		if t.Name == name {
			return t.In(l)
		}
	}
	return name
}

// Meant returns the name of the term that a text means, by its name or a word in either language; "" for none.
func Meant(terms []Term, text string) string {
	plain := func(s string) string {
		return strings.NewReplacer("“", "", "”", "", "\"", "", " ", "").Replace(strings.ToLower(s))
	}
	for _, t := range terms {
		if text != "" && (plain(text) == plain(t.Name) || plain(text) == plain(t.Zh) || plain(text) == plain(t.En)) {
			return t.Name
		}
	}
	return ""
}

// KindMeant returns the kind of post that a text means, and of a worker whether it says full-time; known tells whether it does.
func (r StaffRules) KindMeant(text string) (kind PostKind, fullTime, known, ok bool) {
	for said, full := range map[string]bool{"专职": true, "兼职": false} {
		if bare := strings.Trim(strings.Replace(text, said, "", 1), "（）() "); bare != text && strings.Contains(text, said) {
			text, fullTime, known = bare, full, true
		}
	}
	for _, names := range [][]Term{r.Names, DefaultStaffRules().Names} {
		if name := Meant(names, text); name != "" {
			return PostKind(name), fullTime, known, true
		}
	}
	if role := Meant(r.Roles, text); role != "" {
		return Outside, false, false, true
	}
	return "", false, false, false
}

// StaffRulesFrom reads rules as they are stored; nothing at all is the default.
func StaffRulesFrom(text []byte) (r StaffRules, err error) {
	if len(text) == 0 {
		return DefaultStaffRules(), nil
	}
	err = json.Unmarshal(text, &r)
	return r, err
}

// ComparePosts orders posts as registers list them: by kind, then by the first grid, building, stair unit, lane and key.
func ComparePosts(a, b *Post) int {
	return cmp.Or(cmp.Compare(a.Kind.Rank(), b.Kind.Rank()), slices.Compare(a.Grids, b.Grids), cmp.Compare(btoi(b.FullTime), btoi(a.FullTime)),
		cmp.Compare(a.Building, b.Building), compareNumbered(a.StairUnit, b.StairUnit), cmp.Compare(a.Lane, b.Lane), cmp.Compare(a.ID, b.ID))
}

// compareNumbered orders "2" before "10".
func compareNumbered(a, b string) int { return cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b)) }
