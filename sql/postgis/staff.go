package postgis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"gridwright/plan"
	"gridwright/plan/words"
)

// staffSetting is the name of the setting that keeps the rules of staff.
const staffSetting = "staff"

// StaffRules returns the rules of staff and their version, 0 for those that hold until somebody sets others.
func (s *Store) StaffRules(ctx context.Context) (r plan.StaffRules, version int64, err error) {
	return staffRules(ctx, s.pool)
}

func staffRules(ctx context.Context, q querier) (plan.StaffRules, int64, error) {
	r := plan.DefaultStaffRules()
	version, err := setting(ctx, q, staffSetting, &r)
	return r, version, err
}

// SetStaffRules sets the rules of staff, if they are still of the version, and returns the next.
func (s *Store) SetStaffRules(ctx context.Context, r plan.StaffRules, version int64) (next int64, err error) {
	if err := r.Check(); err != nil {
		return 0, err
	}
	return s.putSetting(ctx, staffSetting, r, version)
}

// StaffOf returns who is in charge of what in a plan on a day; an empty day is today.
func (s *Store) StaffOf(ctx context.Context, id plan.ID, snap *plan.Snapshot, at string) (*plan.Staff, error) {
	return s.StaffBetween(ctx, id, snap, at, at)
}

// StaffBetween returns the posts of a plan that were there on any day from the one to the other, with who held them on the last. Empty days are
// today.
func (s *Store) StaffBetween(ctx context.Context, id plan.ID, snap *plan.Snapshot, from, to string) (*plan.Staff, error) {
	from, to = cmp.Or(from, string(s.Today())), cmp.Or(to, string(s.Today()))
	for _, day := range []string{from, to} {
		if _, err := plan.ParseDay(day); err != nil {
			return nil, err
		}
	}
	rules, _, err := s.StaffRules(ctx)
	if err != nil {
		return nil, err
	}
	posts, err := collect(ctx, s.pool, "PostsBetween", scanPost, id, from, to)
	if err != nil {
		return nil, err
	}
	buildings, err := s.staffBuildings(ctx, snap)
	if err != nil {
		return nil, err
	}
	if err := s.followGone(ctx, id, snap, posts); err != nil {
		return nil, err
	}
	st := plan.NewStaff(snap, rules, posts, buildings)
	_, err = collect(ctx, s.pool, "GridTags", func(r pgx.CollectableRow) (struct{}, error) {
		var no plan.GridNo
		var tags []string
		err := r.Scan(&no, &tags)
		st.Tags[no] = tags
		return struct{}{}, err
	}, id)
	if err != nil {
		return nil, err
	}
	party, err := s.partyBetween(ctx, id, snap, from, to)
	if err != nil {
		return nil, err
	}
	st.Branches, st.Above = party.Branches(), party.Above
	return st, nil
}

// scanPost reads a row of PostsBetween.
func scanPost(r pgx.CollectableRow) (*plan.Post, error) {
	var p plan.Post
	var person *plan.PersonID
	var h plan.Holder
	err := r.Scan(&p.ID, &p.Code, &p.Kind, &p.Role, &p.FullTime, &p.Building, &p.StairUnit, &p.Lane, &p.Since, &p.Until, &p.Version, &p.Grids,
		&person, &h.PersonCode, &h.Name, &h.Phone, &h.Source, &h.Home, &h.Area, &h.Since, &h.Until)
	if person != nil {
		h.Person = *person
		p.Holder = &h
	}
	return &p, err
}

// buildingsAt are the buildings of some blocks, as they were when the base book had a stamp.
type buildingsAt struct {
	stamp  string
	blocks uint64 // FNV-1a of the keys
	all    []standingBuilding
}

type standingBuilding struct {
	plan.StaffBuilding // without its grid
	block              plan.BlockID
}

// buildingMemory keeps where the buildings of the plans that were asked for last stand: finding that out takes longer than all else.
type buildingMemory struct {
	mu   sync.Mutex
	kept []buildingsAt
}

// maxStanding is how many plans' buildings are kept: those looked at together.
const maxStanding = 4

// staffBuildings returns the buildings of a plan, each once.
func (s *Store) staffBuildings(ctx context.Context, snap *plan.Snapshot) ([]plan.StaffBuilding, error) {
	blocks := make([]plan.BlockID, len(snap.Ground.Blocks))
	sum := fnv.New64a()
	for i := range snap.Ground.Blocks {
		blocks[i] = snap.Ground.Blocks[i].ID
		fmt.Fprintln(sum, blocks[i])
	}
	stamp, err := s.BasebookStamp(ctx)
	if err != nil {
		return nil, err
	}
	all, err := s.buildings.at(stamp, sum.Sum64(), func() ([]standingBuilding, error) {
		return collect(ctx, s.pool, "StaffBuildings", scanStanding, blocks)
	})
	if err != nil {
		return nil, err
	}
	buildings := make([]plan.StaffBuilding, 0, len(all))
	for _, b := range all {
		if n := len(buildings); n > 0 && buildings[n-1].Code == b.Code {
			continue // a point on a border lies in two blocks: the first counts
		}
		if at, ok := snap.Ground.ByID(b.block); ok {
			b.Grid = snap.At[at]
		}
		buildings = append(buildings, b.StaffBuilding)
	}
	return buildings, nil
}

func scanStanding(r pgx.CollectableRow) (b standingBuilding, err error) {
	var name, number, compound string
	err = r.Scan(&b.Code, &name, &number, &b.Compound, &compound, &b.block, &b.StairUnits, &b.Households)
	b.Name = plan.BuildingName(name, compound, number)
	return b, err
}

// at returns what is kept of blocks at a stamp, and reads it where nothing is.
func (m *buildingMemory) at(stamp string, blocks uint64, read func() ([]standingBuilding, error)) ([]standingBuilding, error) {
	m.mu.Lock() // many ask at once when something has changed: one of them reads
	defer m.mu.Unlock()
	m.kept = slices.DeleteFunc(m.kept, func(k buildingsAt) bool { return k.stamp != stamp })
	if i := slices.IndexFunc(m.kept, func(k buildingsAt) bool { return k.blocks == blocks }); i >= 0 {
		return m.kept[i].all, nil
	}
	all, err := read()
	if err == nil {
		m.kept = append(m.kept, buildingsAt{stamp, blocks, all})
		m.kept = m.kept[max(0, len(m.kept)-maxStanding):]
	}
	return all, err
}

// followGone moves posts on grids that are gone within the plan to those that got most of their last blocks.
func (s *Store) followGone(ctx context.Context, id plan.ID, snap *plan.Snapshot, posts []*plan.Post) error {
	gone := func(no plan.GridNo) bool { return int(no) <= len(snap.Grids) && snap.Grids[no-1].Gone }
	if !slices.ContainsFunc(posts, func(p *plan.Post) bool { return slices.ContainsFunc(p.Grids, gone) }) {
		return nil
	}
	log, err := s.EditsBetween(ctx, id, 0, snap.Revision)
	if err != nil {
		return err
	}
	for _, p := range posts {
		for i, no := range p.Grids {
			if gone(no) {
				if next := snap.FollowerOf(log, no); next != 0 {
					p.Grids[i] = next
				}
			}
		}
		slices.Sort(p.Grids)
		p.Grids = slices.Compact(p.Grids)
	}
	return nil
}

// carryStaff places every post, tag and branch on grids of a plan that is nowhere in another onto the grids of that one which have the largest
// share of the old. It may be called again.
func carryStaff(ctx context.Context, tx pgx.Tx, from, to plan.ID) error {
	old, err := loadSnapshot(ctx, tx, from)
	if err != nil {
		return err
	}
	next, err := loadSnapshot(ctx, tx, to)
	if err != nil {
		return err
	}
	log, err := editsBetween(ctx, tx, from, 0, old.Revision)
	if err != nil {
		return err
	}
	follower := plan.Followers(old, next)
	follow := func(no plan.GridNo) plan.GridNo {
		if old.Grid(no) == nil {
			no = old.FollowerOf(log, no)
		}
		return follower[no]
	}
	posts, err := onGrids(ctx, tx, "PostsOnGrids", from)
	if err != nil {
		return err
	}
	there, err := onGrids(ctx, tx, "PostsOnGrids", to)
	if err != nil {
		return err
	}
	placed := map[int64]bool{}
	for _, x := range there {
		placed[x.id] = true
	}
	for _, x := range posts {
		if no := follow(x.no); no != 0 && !placed[x.id] {
			if _, err := exec(ctx, tx, "PostGridsOn", to, x.id, []plan.GridNo{no}); err != nil {
				return err
			}
		}
	}
	if posts, err = onGrids(ctx, tx, "PartyOnGrids", from); err != nil {
		return err
	}
	if there, err = onGrids(ctx, tx, "PartyOnGrids", to); err != nil {
		return err
	}
	taken := map[plan.GridNo]bool{}
	for _, x := range there {
		taken[x.no] = true
	}
	// Each grid has one branch: a new grid gets that of the old one it has most of.
	origin := plan.Followers(next, old)
	branch := map[plan.GridNo]int64{}
	for _, x := range posts {
		branch[x.no] = x.id
	}
	for g := range next.Live() {
		if org := branch[origin[g.No]]; org != 0 && !taken[g.No] {
			if _, err := exec(ctx, tx, "PartyGridsOn", to, org, []plan.GridNo{g.No}); err != nil {
				return err
			}
		}
	}
	type card struct {
		no   plan.GridNo
		tags []string
	}
	cards := func(id plan.ID) ([]card, error) {
		return collect(ctx, tx, "GridTags", func(r pgx.CollectableRow) (c card, err error) { return c, r.Scan(&c.no, &c.tags) }, id)
	}
	before, err := cards(from)
	if err != nil {
		return err
	}
	have, err := cards(to)
	if err != nil {
		return err
	}
	for g := range next.Live() {
		i := slices.IndexFunc(before, func(c card) bool { return c.no == origin[g.No] })
		if i < 0 || slices.ContainsFunc(have, func(c card) bool { return c.no == g.No }) {
			continue
		}
		if _, err := exec(ctx, tx, "GridTagsPut", to, g.No, before[i].tags); err != nil {
			return err
		}
	}
	return nil
}

// carryFromBase carries the staff of the plan that a split was to change as little as possible, or to keep a part of, over to what came of it.
func carryFromBase(ctx context.Context, tx pgx.Tx, r plan.Recipe, id plan.ID) error {
	from := cmp.Or(r.Base, r.Keep)
	if from == "" {
		return nil
	}
	base, err := plan.ParseID(from)
	if err != nil {
		return err
	}
	return carryStaff(ctx, tx, base, id)
}

// onGrid is a post or an organisation on a grid.
type onGrid struct {
	id int64
	no plan.GridNo
}

func onGrids(ctx context.Context, q querier, name string, id plan.ID) ([]onGrid, error) {
	return collect(ctx, q, name, func(r pgx.CollectableRow) (x onGrid, err error) { return x, r.Scan(&x.id, &x.no) }, id)
}

// CarryStaff places what is on grids of a plan on those of another: see plan.Followers.
func (s *Store) CarryStaff(ctx context.Context, from, to plan.ID) error {
	return s.inTx(ctx, func(tx pgx.Tx) error { return carryStaff(ctx, tx, from, to) })
}

// HeldPost is a post of a person.
type HeldPost struct {
	Post     plan.PostID   `json:"post"`
	Kind     plan.PostKind `json:"kind"`
	FullTime bool          `json:"full_time"`
	Since    string        `json:"since"`
	Until    *string       `json:"until"`
}

// FoundPerson is a person with the posts held.
type FoundPerson struct {
	plan.Person
	Posts []HeldPost
}

// People returns a page of people whose name, number or organisation has a text in it and who are of a source, empty for any, by key, from after
// one on, and how many there are in all pages.
func (s *Store) People(ctx context.Context, text, source string, after plan.PersonID, limit int) (people []FoundPerson, total int, err error) {
	people, err = collect(ctx, s.pool, "PeopleFound", func(r pgx.CollectableRow) (p FoundPerson, err error) {
		err = r.Scan(&total, &p.ID, &p.Code, &p.Name, &p.Phone, &p.Source, &p.Home, &p.Area, &p.Version, &p.Posts)
		return p, err
	}, text, source, after, limit)
	return people, total, err
}

// Person returns a person with all posts ever held.
func (s *Store) Person(ctx context.Context, id plan.PersonID) (p FoundPerson, err error) {
	err = row(ctx, s.pool, "PersonByID", []any{id}, &p.ID, &p.Code, &p.Name, &p.Phone, &p.Source, &p.Home, &p.Area, &p.Version, &p.Posts)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noPerson(id)
	}
	return p, err
}

func noPerson(id plan.PersonID) error {
	return plan.Refuse(plan.NotFound, "staff.no_person", words.Args{"person": int64(id)})
}

func noPost(id plan.PostID) error {
	return plan.Refuse(plan.NotFound, "staff.no_post", words.Args{"post": int64(id)})
}

// textOrNil returns a text as a parameter, nil for an empty one.
func textOrNil(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

// AddPerson stores a person.
func (s *Store) AddPerson(ctx context.Context, p plan.Person) (id plan.PersonID, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if err := numberFree(ctx, tx, "PersonNumberTaken", p.Code, 0); err != nil {
			return err
		}
		return row(ctx, tx, "PersonPut", []any{textOrNil(p.Code), p.Name, p.Phone, p.Source, p.Home, p.Area}, &id)
	})
	return id, err
}

// numberFree refuses a number that another has.
func numberFree(ctx context.Context, q querier, query, number string, id int64) error {
	var taken bool
	if err := row(ctx, q, query, []any{number, id}, &taken); err != nil {
		return err
	}
	if taken {
		return plan.Refuse(plan.Wrong, "staff.number_taken", words.Args{"number": number})
	}
	return nil
}

// SetPerson changes what is known of a person, if that is still of p.Version, and returns the next.
func (s *Store) SetPerson(ctx context.Context, p plan.Person) (next int64, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if err := numberFree(ctx, tx, "PersonNumberTaken", p.Code, int64(p.ID)); err != nil {
			return err
		}
		err := row(ctx, tx, "PersonSet", []any{p.ID, textOrNil(p.Code), p.Name, p.Phone, p.Source, p.Home, p.Area, p.Version}, &next)
		if errors.Is(err, pgx.ErrNoRows) {
			return plan.Refuse(plan.Stale, "staff.changed", nil)
		}
		return err
	})
	return next, err
}

// Leave ends all posts of a person on a day in one act: they go to another, or are vacant where heir is 0. It returns the posts.
func (s *Store) Leave(ctx context.Context, person, heir plan.PersonID, day string) (posts []plan.PostID, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		for _, id := range []plan.PersonID{person, heir} {
			var p FoundPerson
			if id == 0 {
				continue
			}
			if err := row(ctx, tx, "PersonByID", []any{id}, &p.ID, &p.Code, &p.Name, &p.Phone, &p.Source, &p.Home, &p.Area, &p.Version, &p.Posts); errors.Is(err, pgx.ErrNoRows) {
				return noPerson(id)
			} else if err != nil {
				return err
			}
		}
		_, err := collect(ctx, tx, "HoldingsOf", func(r pgx.CollectableRow) (struct{}, error) {
			var post plan.PostID
			var since string
			err := r.Scan(&post, &since)
			if err == nil && day < since {
				err = plan.Refuse(plan.Invalid, "staff.before", words.Args{"day": day, "since": since})
			}
			posts = append(posts, post)
			return struct{}{}, err
		}, person)
		if err != nil {
			return err
		}
		if len(posts) == 0 {
			return plan.Refuse(plan.Wrong, "staff.no_posts", words.Args{"name": int64(person)})
		}
		for _, post := range posts {
			if _, err := exec(ctx, tx, "HoldingEnd", post, day); err != nil {
				return err
			}
			if heir == 0 || heir == person {
				continue
			}
			if _, err := exec(ctx, tx, "HoldingPut", post, heir, day, nil); err != nil {
				return err
			}
		}
		_, err = exec(ctx, tx, "PostsTouch", posts)
		return err
	})
	return posts, err
}

// NewPost is a post to be made.
type NewPost struct {
	plan.Post               // Grids by number in the plan
	Plan      plan.ID       // 0 for a post on a building
	Person    plan.PersonID // who takes it up from Since on; 0 for nobody
}

// AddPost makes a post.
func (s *Store) AddPost(ctx context.Context, n NewPost) (id plan.PostID, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		if err := numberFree(ctx, tx, "PostNumberTaken", n.Code, 0); err != nil {
			return err
		}
		if n.Kind.OnBuilding() {
			var taken, there bool
			if err := row(ctx, tx, "BuildingPosted", []any{n.Building, n.StairUnit, n.Kind}, &taken, &there); err != nil {
				return err
			}
			switch {
			case !there:
				return plan.Refuse(plan.Invalid, "staff.no_building", words.Args{"building": n.Building})
			case taken:
				return placeTaken(ctx, tx, n.Building, n.Kind)
			}
		}
		if err := row(ctx, tx, "PostPut", []any{textOrNil(n.Code), n.Kind, n.Role, n.FullTime, n.Building, n.StairUnit, n.Lane, n.Since}, &id); err != nil {
			return err
		}
		if len(n.Grids) > 0 {
			if err := place(ctx, tx, n.Plan, id, n.Kind, n.Lane, n.Grids); err != nil {
				return err
			}
		}
		if n.Person == 0 {
			return nil
		}
		return take(ctx, tx, id, n.Person, n.Since)
	})
	return id, err
}

func placeTaken(ctx context.Context, q querier, place string, kind plan.PostKind) error {
	rules, _, err := staffRules(ctx, q)
	if err != nil {
		return err
	}
	return plan.Refuse(plan.Wrong, "staff.place_taken", words.Args{"place": place, "kind": postNamed{rules, kind}})
}

// postNamed is a kind of post by its name in the rules.
type postNamed struct {
	rules plan.StaffRules
	kind  plan.PostKind
}

// In returns the name in a language.
func (n postNamed) In(l words.Lang) string { return n.rules.PostName(n.kind, l) }

// place puts a post on grids of a plan, in place of where it was.
func place(ctx context.Context, tx pgx.Tx, id plan.ID, post plan.PostID, kind plan.PostKind, lane string, grids []plan.GridNo) error {
	if kind.OnBuilding() || len(grids) > 1 && kind == plan.LaneLead {
		rules, _, err := staffRules(ctx, tx)
		if err != nil {
			return err
		}
		return plan.Refuse(plan.Invalid, "staff.one_grid", words.Args{"kind": postNamed{rules, kind}})
	}
	if kind.Single() {
		var no plan.GridNo
		err := row(ctx, tx, "GridPosted", []any{id, grids, kind, post, lane}, &no)
		if err == nil {
			return placeTaken(ctx, tx, gridCodeOf(ctx, tx, id, no), kind)
		} else if !errors.Is(err, pgx.ErrNoRows) {
			return err
		}
	}
	if _, err := exec(ctx, tx, "PostGridsOff", id, post); err != nil {
		return err
	}
	_, err := exec(ctx, tx, "PostGridsOn", id, post, grids)
	return err
}

// gridCodeOf returns the code of a grid for a sentence; its number where it cannot be read.
func gridCodeOf(ctx context.Context, q querier, id plan.ID, no plan.GridNo) string {
	grids, err := collect(ctx, q, "RosterGrids", scanRosterGrid, id)
	if err == nil {
		for _, g := range grids {
			if g.No == no {
				return g.Code
			}
		}
	}
	return ""
}

// take lets a person take up a post from a day on. Who holds it leaves it that day.
func take(ctx context.Context, tx pgx.Tx, post plan.PostID, person plan.PersonID, day string) error {
	var p FoundPerson
	if err := row(ctx, tx, "PersonByID", []any{person}, &p.ID, &p.Code, &p.Name, &p.Phone, &p.Source, &p.Home, &p.Area, &p.Version, &p.Posts); errors.Is(err, pgx.ErrNoRows) {
		return noPerson(person)
	} else if err != nil {
		return err
	}
	var had plan.PersonID
	var name, since string
	err := row(ctx, tx, "HoldingOpen", []any{post}, &had, &name, &since)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
	case err != nil:
		return err
	case had == person:
		return nil
	case day < since:
		return plan.Refuse(plan.Invalid, "staff.before", words.Args{"day": day, "since": since})
	default:
		if _, err := exec(ctx, tx, "HoldingEnd", post, day); err != nil {
			return err
		}
	}
	err = row(ctx, tx, "HoldingOverlaps", []any{post, day, nil, 0}, &name)
	if err == nil {
		return plan.Refuse(plan.Wrong, "staff.taken", words.Args{"name": name})
	} else if !errors.Is(err, pgx.ErrNoRows) {
		return err
	}
	_, err = exec(ctx, tx, "HoldingPut", post, person, day, nil)
	return err
}

// PostChange is what is to become of a post. Nil members stay as they are.
type PostChange struct {
	ID       plan.PostID
	Version  int64 // the version it is based on
	Code     *string
	FullTime *bool
	Until    *string        // the day from which there is no such post
	Person   *plan.PersonID // who takes it up on Day; 0: it is vacant from then on
	Day      string
}

// PostVersion returns the version of a post.
func (s *Store) PostVersion(ctx context.Context, id plan.PostID) (version int64, err error) {
	err = row(ctx, s.pool, "PostVersion", []any{id}, &version)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noPost(id)
	}
	return version, err
}

// SetPost changes a post and returns its new version.
func (s *Store) SetPost(ctx context.Context, c PostChange) (next int64, err error) {
	err = s.inTx(ctx, func(tx pgx.Tx) error {
		_, now, err := lockPost(ctx, tx, c.ID)
		if err != nil {
			return err
		}
		if now.Version != c.Version {
			return plan.Refuse(plan.Stale, "staff.changed", nil)
		}
		if c.Code != nil {
			if err := numberFree(ctx, tx, "PostNumberTaken", *c.Code, int64(c.ID)); err != nil {
				return err
			}
			now.Code = *c.Code
		}
		if c.FullTime != nil {
			now.FullTime = *c.FullTime
		}
		if now.FullTime && now.Kind != plan.GridWorker {
			return plan.Refuse(plan.Invalid, "staff.full_time", nil)
		}
		if c.Person != nil {
			if *c.Person == 0 {
				_, err = exec(ctx, tx, "HoldingEnd", c.ID, c.Day)
			} else {
				err = take(ctx, tx, c.ID, *c.Person, c.Day)
			}
			if err != nil {
				return err
			}
		}
		if c.Until != nil {
			if *c.Until < now.Since {
				return plan.Refuse(plan.Invalid, "staff.before", words.Args{"day": *c.Until, "since": now.Since})
			}
			now.Until = *c.Until
			if _, err := exec(ctx, tx, "HoldingEnd", c.ID, now.Until); err != nil {
				return err
			}
		}
		return row(ctx, tx, "PostSet", []any{c.ID, textOrNil(now.Code), now.FullTime, textOrNil(now.Until)}, &next)
	})
	return next, err
}

// lockPost holds a post to the end of the transaction.
func lockPost(ctx context.Context, tx pgx.Tx, id plan.PostID) (kind plan.PostKind, p plan.Post, err error) {
	err = row(ctx, tx, "PostLock", []any{id}, &p.Kind, &p.Version, &p.Since, &p.Until, &p.Code, &p.FullTime, &p.Lane)
	if errors.Is(err, pgx.ErrNoRows) {
		err = noPost(id)
	}
	return p.Kind, p, err
}

// Placement is where a post goes in a plan.
type Placement struct {
	Post    plan.PostID
	Version int64 // of the post, as it was when this was decided; 0: whatever it is
	Grids   []plan.GridNo
}

// PlacePosts puts posts on grids of a plan, all or none. A post without grids is placed nowhere.
func (s *Store) PlacePosts(ctx context.Context, id plan.ID, placements []Placement) error {
	return s.inTx(ctx, func(tx pgx.Tx) error {
		touched := make([]plan.PostID, len(placements))
		for i, p := range placements {
			touched[i] = p.Post
			kind, post, err := lockPost(ctx, tx, p.Post)
			if err != nil {
				return err
			}
			if p.Version != 0 && post.Version != p.Version {
				return plan.Refuse(plan.Stale, "staff.changed", nil)
			}
			if len(p.Grids) == 0 {
				_, err = exec(ctx, tx, "PostGridsOff", id, p.Post)
			} else {
				err = place(ctx, tx, id, p.Post, kind, post.Lane, p.Grids)
			}
			if err != nil {
				return err
			}
		}
		_, err := exec(ctx, tx, "PostsTouch", touched)
		return err
	})
}

// SetGridTags says what a grid of a plan is for.
func (s *Store) SetGridTags(ctx context.Context, id plan.ID, no plan.GridNo, tags []string) error {
	_, err := exec(ctx, s.pool, "GridTagsPut", id, no, tags)
	return err
}

// RosterGrid is a grid of a plan as a roster may name it.
type RosterGrid struct {
	No                 plan.GridNo
	Code, Name, NameEn string
	Parent, ParentName string
	Gone               bool
}

func scanRosterGrid(r pgx.CollectableRow) (g RosterGrid, err error) {
	err = r.Scan(&g.No, &g.Code, &g.Name, &g.NameEn, &g.Parent, &g.ParentName, &g.Gone)
	return g, err
}

// PlanForRoster returns the plan a roster speaks of: the one of an ID, or the newest with a result where the ID is empty, and its grids by number.
func (im *Importing) PlanForRoster(ctx context.Context, text string) (id plan.ID, grids []RosterGrid, err error) {
	if text == "" {
		err = row(ctx, im.tx, "PlanNewest", nil, &id)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, nil, nil
		}
	} else {
		id, _, _, err = lockPlan(ctx, im.tx, text)
	}
	if err != nil {
		return 0, nil, err
	}
	grids, err = collect(ctx, im.tx, "RosterGrids", scanRosterGrid, id)
	return id, grids, err
}

// Roster returns what is known of people and posts, with the grids of a plan, and the rules of staff.
func (im *Importing) Roster(ctx context.Context, id plan.ID) (known plan.Roster, rules plan.StaffRules, err error) {
	if rules, _, err = staffRules(ctx, im.tx); err != nil {
		return known, rules, err
	}
	known.People, err = collect(ctx, im.tx, "RosterPeople", func(r pgx.CollectableRow) (*plan.Person, error) {
		var p plan.Person
		return &p, r.Scan(&p.ID, &p.Code, &p.Name, &p.Phone, &p.Source, &p.Home, &p.Area, &p.Version)
	})
	if err != nil {
		return known, rules, err
	}
	known.Posts, err = collect(ctx, im.tx, "RosterPosts", scanPost, id)
	return known, rules, err
}

// PutRoster stores what a roster changes.
func (im *Importing) PutRoster(ctx context.Context, id plan.ID, c plan.RosterChange) error {
	ids, err := collect(ctx, im.tx, "PeopleReserve", pgx.RowTo[int64], len(c.New), len(c.Posts))
	if err != nil {
		return err
	}
	for i, p := range c.New {
		p.ID = plan.PersonID(ids[i])
	}
	for i, p := range c.Posts {
		p.ID = plan.PostID(ids[len(c.New)+i])
	}
	if len(c.Updated) > 0 {
		n := len(c.Updated)
		keys, columns := make([]plan.PersonID, n), [5][]string{}
		for i, p := range c.Updated {
			keys[i] = p.ID
			for k, text := range []string{p.Code, p.Phone, p.Source, p.Home, p.Area} {
				columns[k] = append(columns[k], text)
			}
		}
		if _, err := exec(ctx, im.tx, "PeopleSet", keys, columns[0], columns[1], columns[2], columns[3], columns[4]); err != nil {
			return err
		}
	}
	if len(c.Ended) > 0 {
		n := len(c.Ended)
		posts, people, since, until := make([]plan.PostID, n), make([]plan.PersonID, n), make([]string, n), make([]string, n)
		for i, h := range c.Ended {
			posts[i], people[i], since[i], until[i] = h.Post.ID, h.Person.ID, h.Since, h.Until
		}
		if _, err := exec(ctx, im.tx, "HoldingsEnd", posts, people, since, until); err != nil {
			return err
		}
	}
	if len(c.Moved) > 0 {
		posts, grids := make([]plan.PostID, len(c.Moved)), make([]plan.GridNo, len(c.Moved))
		for i, m := range c.Moved {
			posts[i], grids[i] = m.Post.ID, m.Grid
		}
		if _, err := exec(ctx, im.tx, "PostGridsLeave", id, posts, grids); err != nil {
			return err
		}
	}
	copies := []struct {
		table   string
		columns []string
		n       int
		values  func(i int) ([]any, error)
	}{
		{"person", []string{"id", "code", "name", "phone", "source", "home", "area"}, len(c.New), func(i int) ([]any, error) {
			p := c.New[i]
			return []any{p.ID, textOrNil(p.Code), p.Name, p.Phone, p.Source, p.Home, p.Area}, nil
		}},
		{"post", []string{"id", "code", "kind", "role", "full_time", "building", "stair_unit", "lane", "since"}, len(c.Posts), func(i int) ([]any, error) {
			p := c.Posts[i]
			since, err := date(p.Since)
			return []any{p.ID, textOrNil(p.Code), p.Kind, p.Role, p.FullTime, p.Building, p.StairUnit, p.Lane, since}, err
		}},
		{"holding", []string{"post_id", "person_id", "since", "until"}, len(c.Begun), func(i int) ([]any, error) {
			h := c.Begun[i]
			since, err := date(h.Since)
			if err != nil || h.Until == "" {
				return []any{h.Post.ID, h.Person.ID, since, nil}, err
			}
			until, err := date(h.Until)
			return []any{h.Post.ID, h.Person.ID, since, until}, err
		}},
		{"post_grid", []string{"plan_id", "grid_no", "post_id"}, len(c.Placed), func(i int) ([]any, error) {
			return []any{id, c.Placed[i].Grid, c.Placed[i].Post.ID}, nil
		}},
	}
	for _, t := range copies {
		if _, err := im.tx.CopyFrom(ctx, pgx.Identifier{Schema, t.table}, t.columns, pgx.CopyFromSlice(t.n, t.values)); err != nil {
			return said(err)
		}
	}
	return nil
}

// date reads a day for COPY, which takes no text for one.
func date(day string) (time.Time, error) { return time.Parse(time.DateOnly, day) }
