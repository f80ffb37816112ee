package report

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Paper is what a report speaks of.
type Paper struct {
	Plan      plan.ID
	Name      string
	Snapshot  *plan.Snapshot
	Result    plan.Result
	Ancestors map[plan.AreaID]plan.Area // the parents and every area above them

	Office   postgis.ReportSettings // how the office has its reports
	Division *postgis.DivisionRow   // the division that the plan is at this revision; nil for a draft

	// What the report needs, else nil.

	Things      []postgis.PlacedThing        // compounds, buildings and organisations in the plan's blocks
	Bounds      map[plan.GridNo]*plan.Bounds // where grids end
	Staff       *plan.Staff
	Party       *plan.Party
	Lineage     []plan.LineageRow // from the grids there were before
	Departments []postgis.DepartmentGrid
	Checked     []plan.Checked // findings with their waivers

	features []plan.Feature // the raw ground about the scope: what map sheets are drawn of

	hash     string                     // of the division, filled when it is first asked for
	counting map[plan.Measure]*counting // likewise
	codes    map[string]*plan.Grid      // likewise
	sorted   []plan.Grid                // likewise
}

// needs is what a report needs beside the plan.
type needs uint8

const (
	needThings needs = 1 << iota
	needBounds
	needStaff
	needParty
	needLineage
	needChecks
	needMap
	needDepartments
)

// Gather reads from the store what the wished report on a plan needs beside its snapshot.
func Gather(ctx context.Context, store *postgis.Store, id plan.ID, s *plan.Snapshot, wish Wish) (*Paper, error) {
	row, err := store.Plan(ctx, id)
	if err != nil {
		return nil, err
	}
	parents := make([]plan.AreaID, len(s.Ground.Parents))
	for i, p := range s.Ground.Parents {
		parents[i] = p.ID
	}
	p := &Paper{Plan: id, Name: row.Name, Snapshot: s, Result: *row.Result}
	if p.Ancestors, err = store.Ancestors(ctx, parents); err != nil {
		return nil, err
	}
	if p.Office, _, err = store.ReportSettings(ctx); err != nil {
		return nil, err
	}
	if p.Division, err = divisionOf(ctx, store, id, s.Revision); err != nil {
		return nil, err
	}
	kind, _ := kindOf(wish.Kind)
	return p, p.gather(ctx, store, kind.needs, wish)
}

// divisionOf returns the newest division that is a plan at a revision, nil for none.
func divisionOf(ctx context.Context, store *postgis.Store, id plan.ID, revision int64) (*postgis.DivisionRow, error) {
	divisions, err := store.Divisions(ctx)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(divisions, func(d postgis.DivisionRow) bool { return d.Plan == id && d.Revision == revision })
	if i < 0 {
		return nil, nil
	}
	return &divisions[i], nil
}

// gather reads what is needed.
func (p *Paper) gather(ctx context.Context, store *postgis.Store, needed needs, wish Wish) (err error) {
	id, s := p.Plan, p.Snapshot
	for _, need := range []struct {
		needs needs
		read  func() error
	}{
		{needThings, func() error { p.Things, err = store.PlacedThings(ctx, s); return err }},
		{needBounds, func() error {
			nos, err := p.gridsIn(wish.Scope)
			if err != nil {
				return err
			}
			bounds, err := store.Bounds(ctx, id, s, nos...)
			p.Bounds = make(map[plan.GridNo]*plan.Bounds, len(bounds))
			for i := range bounds {
				p.Bounds[bounds[i].Grid] = &bounds[i]
			}
			return err
		}},
		{needStaff, func() error {
			day := cmp.Or(wish.To, p.day())
			p.Staff, err = store.StaffBetween(ctx, id, s, cmp.Or(wish.From, day), day)
			return err
		}},
		{needParty, func() error { p.Party, err = store.PartyOf(ctx, id, s, cmp.Or(wish.To, p.day())); return err }},
		{needLineage, func() error {
			if p.Division != nil { // what was published stays as it was
				p.Lineage, err = store.Lineage(ctx, p.Division.ID)
				return err
			}
			lineage, err := store.LineageOf(ctx, id, s)
			if err == nil {
				p.Lineage = lineage.Rows
			}
			return err
		}},
		{needMap, func() error { return p.gatherMap(ctx, store, wish.Scope) }},
		{needDepartments, func() error { p.Departments, err = store.DepartmentGrids(ctx, s); return err }},
		{needChecks, func() error { p.Checked, err = store.Checked(ctx, id, s); return err }},
	} {
		if needed&need.needs != 0 {
			if err := need.read(); err != nil {
				return err
			}
		}
	}
	return nil
}

// day returns the day a plan is told as of: today, or the day a division comes into force that does so later.
func (p *Paper) day() string {
	if p.Division != nil && p.Division.State == plan.Scheduled {
		return string(p.Division.Effective)
	}
	return ""
}

// Hash returns the SHA-256 of the division: which block is in which grid, with the grids' codes and names, in hexadecimal digits. Two
// papers with the same hash speak of the same division.
func (p *Paper) Hash() string {
	if p.hash == "" {
		sum := sha256.New()
		for b, block := range p.Snapshot.Ground.Blocks {
			io.WriteString(sum, block.Code+"\x00"+p.Snapshot.CodeOf(int32(b))+"\n")
		}
		for _, g := range p.grids() {
			io.WriteString(sum, g.Code+"\x00"+g.Name+"\x00"+g.NameEn+"\n")
		}
		p.hash = hex.EncodeToString(sum.Sum(nil))
	}
	return p.hash
}

// grids returns the plan's grids by parent and code. The slice is the paper's own.
func (p *Paper) grids() []plan.Grid {
	if p.sorted != nil {
		return p.sorted
	}
	grids := make([]plan.Grid, 0, p.Snapshot.GridCount())
	for g := range p.Snapshot.Live() {
		grids = append(grids, *g)
	}
	slices.SortFunc(grids, func(a, b plan.Grid) int {
		return cmp.Or(cmp.Compare(a.Parent, b.Parent), cmp.Compare(a.Code, b.Code))
	})
	p.sorted = grids
	return grids
}

// title returns the name of a grid in a language.
func title(g plan.Grid, l words.Lang) string {
	if l == words.En && g.NameEn != "" {
		return g.NameEn
	}
	return cmp.Or(g.Name, g.Code)
}

// chain returns the area of each level above a parent, itself included.
func (p *Paper) chain(parent int32) map[plan.Level]plan.Area {
	chain := map[plan.Level]plan.Area{}
	area := p.Snapshot.Ground.Parents[parent]
	chain[area.Level] = area
	for at, steps := area.Parent, 0; at != 0 && steps < len(plan.Levels); steps++ {
		above, ok := p.Ancestors[at]
		if !ok {
			break
		}
		chain[above.Level] = above
		at = above.Parent
	}
	return chain
}

// scope is the part of a plan that a report speaks of.
type scope struct {
	whole   bool
	parents []bool        // by index
	only    plan.GridNo   // 0 for all grids of the parents
	title   words.Speaker // what the part is; nil for the whole
}

// has reports whether a grid is in the scope.
func (s *scope) has(g plan.Grid) bool { return s.parents[g.Parent] && (s.only == 0 || s.only == g.No) }

// named is an area or a grid as a title says it.
type named func(words.Lang) string

// In returns the name.
func (n named) In(l words.Lang) string { return n(l) }

// within returns the part of the plan that is an area or a grid with a code; all of it for none and for "all". A code that is neither is an
// Invalid fault.
func (p *Paper) within(code string) (*scope, error) {
	s := &scope{parents: make([]bool, len(p.Snapshot.Ground.Parents))}
	if code == "" || code == postgis.ScopeAll {
		for i := range s.parents {
			s.parents[i] = true
		}
		s.whole = true
		return s, nil
	}
	for _, level := range plan.Levels { // the highest area with the code
		for i := range s.parents {
			if area, ok := p.chain(int32(i))[level]; ok && area.Code == code {
				s.parents[i] = true
				s.title = named(func(l words.Lang) string { return area.Title(l) })
			}
		}
		if s.title != nil {
			return s, nil
		}
	}
	for _, g := range p.grids() {
		if g.Code == code {
			s.parents[g.Parent], s.only = true, g.No
			s.title = named(func(l words.Lang) string { return title(g, l) })
			return s, nil
		}
	}
	return nil, &fault{"scope", words.Args{"scope": code, "plan": p.Plan.String()}}
}
