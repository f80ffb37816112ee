package plan_test

import (
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/plan"
)

// book is what is known of people and posts, kept by the changes of rosters as a database keeps it.
type book struct {
	people  []*plan.Person
	posts   []*plan.Post
	history []plan.RosterHolding
}

// take carries out a change and gives keys to what is new.
func (b *book) take(c plan.RosterChange) {
	for _, p := range c.New {
		b.people = append(b.people, p)
		p.ID = plan.PersonID(len(b.people))
	}
	for _, p := range c.Posts {
		b.posts = append(b.posts, p)
		p.ID = plan.PostID(len(b.posts))
	}
	for _, m := range c.Moved {
		m.Post.Grids = slices.DeleteFunc(m.Post.Grids, func(no plan.GridNo) bool { return no == m.Grid })
	}
	for _, m := range c.Placed {
		m.Post.Grids = append(m.Post.Grids, m.Grid)
		slices.Sort(m.Post.Grids)
	}
	for _, h := range c.Ended {
		h.Post.Holder = nil
	}
	for _, h := range c.Begun {
		if h.Until == "" {
			h.Post.Holder = &plan.Holder{Person: h.Person.ID, Name: h.Person.Name, Since: h.Since}
		}
		b.history = append(b.history, h)
	}
}

func (b *book) known() plan.Roster { return plan.Roster{People: b.people, Posts: b.posts} }

// drawRows draws a roster as an office might write it: some rows contradict others.
func drawRows(t *rapid.T) []plan.RosterRow {
	rows := make([]plan.RosterRow, rapid.IntRange(0, 12).Draw(t, "rows"))
	for i := range rows {
		r := &rows[i]
		r.Kind = rapid.SampledFrom(plan.PostKinds[:5]).Draw(t, "kind")
		if r.Kind.OnBuilding() {
			r.Building = rapid.SampledFrom([]string{"x", "y"}).Draw(t, "building")
		} else if no := rapid.IntRange(0, 3).Draw(t, "grid"); no > 0 {
			r.Grids = []plan.GridNo{plan.GridNo(no)}
		}
		if r.Kind == plan.StairUnitLead {
			r.StairUnit = "1"
		}
		r.FullTime = r.Kind == plan.GridWorker && rapid.Bool().Draw(t, "full")
		r.Person.Name = rapid.SampledFrom([]string{"", "甲", "乙", "丙", "丁"}).Draw(t, "name")
		r.Since = "2020-06-01"
	}
	return rows
}

// After a roster was taken, no post has two holders, no place two posts of which it has one; and the same roster changes nothing more.
func TestRosterTwiceChangesNothing(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var b book
		for range 2 {
			rows := drawRows(t)
			change, misses := plan.MatchRoster(rows, b.known())
			b.take(change)
			if change.Added+change.Changed+change.Unchanged+len(misses) != len(rows) {
				t.Fatalf("%d added, %d changed, %d unchanged, %d refused of %d", change.Added, change.Changed, change.Unchanged, len(misses), len(rows))
			}
			places := map[string]*plan.Post{}
			for _, p := range b.posts {
				if !p.Kind.Single() {
					continue
				}
				for _, where := range append(p.Grids, 0) {
					key := fmt.Sprint(p.Kind, where, p.Building, p.StairUnit)
					if where == 0 && p.Building == "" {
						continue
					}
					if other := places[key]; other != nil && other != p {
						t.Fatalf("two posts at %s", key)
					}
					places[key] = p
				}
			}
			taken := slices.Clone(rows)
			for _, m := range slices.Backward(misses) {
				taken = slices.Delete(taken, m.Row, m.Row+1)
			}
			again, misses := plan.MatchRoster(taken, b.known())
			if len(misses) > 0 || again.Added+again.Changed > 0 || len(again.Begun)+len(again.Ended)+len(again.Placed)+len(again.Moved)+len(again.New)+len(again.Posts) > 0 {
				t.Fatalf("rows %+v\nonce more: %+v, %v", taken, again, misses)
			}
		}
	})
}

func TestRosterRefusals(t *testing.T) {
	lead := func(name string, grid plan.GridNo) plan.RosterRow {
		return plan.RosterRow{Kind: plan.GridLead, Grids: []plan.GridNo{grid}, Person: plan.Person{Name: name}, Since: "2020-06-01"}
	}
	worker := func(name, code string) plan.RosterRow {
		return plan.RosterRow{Kind: plan.GridWorker, FullTime: true, PostCode: code, Grids: []plan.GridNo{1}, Person: plan.Person{Name: name}, Since: "2020-06-01"}
	}
	gone := worker("甲", "W-1")
	gone.Until = "2020-06-01"
	before := lead("甲", 1)
	before.Until = "2020-05-01"
	numbered := lead("甲", 2)
	numbered.Person.Code = "007"
	other := lead("乙", 3)
	other.Person.Code = "007"
	elsewhere := worker("丙", "W-1")
	elsewhere.Kind, elsewhere.FullTime = plan.GridLead, false
	for name, c := range map[string]struct {
		rows []plan.RosterRow
		want string
	}{
		"two leads of a grid":             {[]plan.RosterRow{lead("甲", 1), lead("乙", 1)}, "two_holders 0"},
		"two in one full-time post":       {[]plan.RosterRow{worker("甲", "W-1"), worker("乙", "W-1")}, "two_holders 0"},
		"two full-time posts in one grid": {[]plan.RosterRow{worker("甲", ""), worker("乙", "")}, ""},
		"one after the other":             {[]plan.RosterRow{gone, worker("乙", "W-1")}, ""},
		"it ends before it begins":        {[]plan.RosterRow{before}, "ends_before -1"},
		"a number of somebody else":       {[]plan.RosterRow{numbered, other}, "other_name -1"},
		"a number of another post":        {[]plan.RosterRow{worker("甲", "W-1"), elsewhere}, "other_post -1"},
	} {
		_, misses := plan.MatchRoster(c.rows, plan.Roster{})
		got := ""
		for _, m := range misses {
			got += fmt.Sprint(m.Key, " ", m.First)
		}
		if got != c.want {
			t.Errorf("%s: %q, want %q", name, got, c.want)
		}
	}
}

// Who takes up a post of which a place has one takes it over from whom had it, the day the roster says.
func TestRosterHandsOver(t *testing.T) {
	var b book
	row := plan.RosterRow{Kind: plan.GridLead, Grids: []plan.GridNo{1}, Person: plan.Person{Name: "甲"}, Since: "2020-06-01"}
	c, _ := plan.MatchRoster([]plan.RosterRow{row}, b.known())
	b.take(c)
	row.Person.Name, row.Since = "乙", "2021-01-01"
	c, misses := plan.MatchRoster([]plan.RosterRow{row}, b.known())
	if len(misses) > 0 || len(c.Posts) > 0 || len(c.Ended) != 1 || c.Ended[0].Until != "2021-01-01" || c.Ended[0].Person.Name != "甲" || c.Changed != 1 {
		t.Fatalf("%+v %v", c, misses)
	}
	if b.take(c); b.posts[0].Holder.Name != "乙" || len(b.history) != 2 {
		t.Errorf("%+v", b.posts[0].Holder)
	}
}

// A post with a number goes where its last row says, and is nowhere else.
func TestNumberedPostMoves(t *testing.T) {
	row := func(grid plan.GridNo) plan.RosterRow {
		return plan.RosterRow{Kind: plan.GridWorker, FullTime: true, PostCode: "W-1", Grids: []plan.GridNo{grid}, Person: plan.Person{Name: "甲"}, Since: "2020-06-01"}
	}
	var b book
	for _, c := range []struct {
		rows []plan.RosterRow
		want plan.GridNo
	}{{[]plan.RosterRow{row(1)}, 1}, {[]plan.RosterRow{row(2)}, 2}, {[]plan.RosterRow{row(3), row(2)}, 2}, {[]plan.RosterRow{row(1), row(3)}, 3}} {
		change, misses := plan.MatchRoster(c.rows, b.known())
		if b.take(change); len(misses) > 0 || len(b.posts) != 1 || !slices.Equal(b.posts[0].Grids, []plan.GridNo{c.want}) {
			t.Errorf("grids %v, want %d; %v", b.posts[0].Grids, c.want, misses)
		}
	}
}
