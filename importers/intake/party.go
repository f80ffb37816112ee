package intake

import (
	"context"
	"reflect"
	"slices"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// A table of party organisations is a row an organisation: counts of members, never whose. Organisations are the same by code; one the table does
// not list stays as it is. Grids are said as in a roster.

// organised is a row of the table.
type organised struct {
	place importers.Place
	org   plan.PartyOrg
}

// storeParty stores what the rows say.
func (j *job) storeParty(ctx context.Context, im *postgis.Importing) error {
	id, grids, err := j.planOf(ctx, im, j.rows)
	if err != nil || j.refused() {
		return err
	}
	known, err := im.PartyOrgs(ctx, id)
	if err != nil {
		return err
	}
	named, today := newGridNames(grids), string(j.db.Today())
	of := map[plan.GridNo]importers.Place{}
	j.checkRows(ctx, func(c *checker) (plan.Layer, string) {
		o := organised{place: c.place, org: c.partyOrg(named, today)}
		for _, no := range o.org.Grids {
			if first, twice := of[no]; twice {
				c.refuse("grid", c.cell("grid").Text, "party.twice", words.Args{"first": first})
			}
			of[no] = o.place
		}
		j.organised = append(j.organised, o)
		return "", o.org.Code
	})
	j.tellPersonal()
	if j.leaveOut(); j.refused() {
		return nil
	}
	var changed []*plan.PartyOrg
	for i := range j.organised {
		o := &j.organised[i].org
		had := known[o.Code]
		if had == nil {
			j.report.New++
			changed = append(changed, o)
			continue
		}
		same := *o
		same.ID, same.Version, same.AboveSince, same.Until = had.ID, had.Version, had.AboveSince, had.Until
		o.ID, o.Version, o.Until = had.ID, had.Version, had.Until
		if !j.says("since") {
			same.Since = had.Since
		}
		if reflect.DeepEqual(same, *had) {
			j.report.Unchanged++
			continue
		}
		j.report.Changed++
		changed = append(changed, o)
	}
	j.report.Taken = len(j.organised)
	if _, err := j.save(ctx, im); err != nil {
		return err
	}
	return im.PutParty(ctx, id, changed)
}

// partyOrg reads a row.
func (c *checker) partyOrg(grids *gridNames, today string) (o plan.PartyOrg) {
	c.code = c.impersonal("code")
	o.Code, o.Name, o.Area, o.Building = c.code, c.impersonal("name"), c.impersonal("community"), c.impersonal("building")
	o.Above, o.Exception, o.Compounds, o.Grids = c.impersonal("above"), c.impersonal("exception"), []string{}, []plan.GridNo{}
	for _, field := range []string{"code", "name"} {
		if c.blank(field) {
			c.refuse(field, "", "party.blank", words.Args{"field": field})
		}
	}
	if o.Since = c.day("since"); o.Since == "" {
		o.Since = today
	}
	kind := c.impersonal("kind")
	if o.Kind = plan.PartyKindMeant(kind); o.Kind == "" {
		kinds := make([]string, len(plan.PartyKinds))
		for i, k := range plan.PartyKinds {
			kinds[i] = k.In(c.Lang)
		}
		c.refuse("kind", kind, "party.kind", words.Args{"kind": importers.Excerpt(kind), "kinds": kinds})
	}
	if text := c.impersonal("grid"); text != "" {
		for _, name := range listMark.Split(text, -1) {
			no, key := grids.find(name, c.impersonal("parent"))
			if key != "" {
				c.refuse("grid", name, key, words.Args{"grid": importers.Excerpt(name)})
				break
			}
			o.Grids = append(o.Grids, no)
		}
		slices.Sort(o.Grids)
		o.Grids = slices.Compact(o.Grids)
	}
	if text := c.impersonal("compound"); text != "" {
		o.Compounds = listMark.Split(text, -1)
	}
	switch {
	case o.Building != "" || o.Kind == plan.PartyGroup:
		o.Level = plan.BuildingParty
	case len(o.Grids) > 0 || o.Kind == plan.Branch || o.Kind == plan.JointBranch:
		o.Level = plan.GridParty
	default:
		o.Level = plan.CommunityParty
	}
	if said := c.impersonal("level"); said != "" {
		at := slices.IndexFunc(plan.PartyLevels, func(l plan.PartyLevel) bool {
			return said == string(l) || said == l.In(words.Zh) || said == l.In(words.En)
		})
		if at < 0 {
			c.refuse("level", said, "party.level", words.Args{"level": importers.Excerpt(said)})
		} else {
			o.Level = plan.PartyLevels[at]
		}
	}
	for _, f := range []struct {
		name string
		into *int
	}{{"members", &o.Members}, {"member_households", &o.MemberHouseholds}} {
		cell := c.cell(f.name)
		if c.saysNothing(cell) {
			continue
		}
		n, key := c.count(cell, 1_000_000)
		if key != "" {
			c.refuse(f.name, cell.Text, key, words.Args{"measure": plan.PartyMembers, "value": importers.Excerpt(cell.Text)})
		}
		*f.into = int(n)
	}
	return o
}
