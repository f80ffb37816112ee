package report

import (
	"cmp"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// thingsIn counts the things of one grid, or of blocks in none.
type thingsIn struct {
	compounds, buildings, organisations, newOrgs, threeNo, stairUnits int64
}

func (t *thingsIn) add(o thingsIn) {
	t.compounds += o.compounds
	t.buildings += o.buildings
	t.organisations += o.organisations
	t.newOrgs += o.newOrgs
	t.threeNo += o.threeNo
	t.stairUnits += o.stairUnits
}

// thingCounts is what is counted thing by thing. A thing is counted in the block that holds a point inside it, once.
type thingCounts struct {
	grids                                                             map[plan.GridNo]thingsIn
	none                                                              []thingsIn // by parent: in no grid
	compounds, buildings, organisations, newOrgs, threeNo, stairUnits bool       // whether anything is known of it
}

// countThings counts the paper's things by grid.
func (p *Paper) countThings() thingCounts {
	c := thingCounts{grids: map[plan.GridNo]thingsIn{}, none: make([]thingsIn, len(p.Snapshot.Ground.Parents))}
	for i := range p.Things {
		t := &p.Things[i]
		var one thingsIn
		switch t.Layer {
		case plan.CompoundLayer:
			c.compounds = true
			one.compounds = 1
			c.threeNo = c.threeNo || t.NoPropertyMgmt != plan.Unknown || t.NoSecurity != plan.Unknown || t.NoEnclosure != plan.Unknown
			if t.NoPropertyMgmt == plan.Yes && t.NoSecurity == plan.Yes && t.NoEnclosure == plan.Yes {
				one.threeNo = 1
			}
		case plan.BuildingLayer:
			c.buildings = true
			one.buildings = 1
			if n, ok := taken(t.Tallies, plan.StairUnits); ok {
				c.stairUnits = true
				one.stairUnits = n.Count
			}
		case plan.OrganisationLayer:
			c.organisations = true
			one.organisations = 1
			c.newOrgs = c.newOrgs || t.NewOrg != plan.Unknown
			if t.NewOrg == plan.Yes {
				one.newOrgs = 1
			}
		}
		if no := p.Snapshot.At[t.Block]; no != 0 {
			sum := c.grids[no]
			sum.add(one)
			c.grids[no] = sum
		} else {
			c.none[p.Snapshot.Ground.Blocks[t.Block].Parent].add(one)
		}
	}
	return c
}

// takenKinds is the order in which one of several kinds of count is taken, as a build of the ground takes them.
var takenKinds = []plan.CountKind{plan.Resident, plan.Registered, plan.Occupied, plan.NotSaid}

// taken returns the count of a measure that a build of the ground takes, false where there is none.
func taken(tallies []plan.Tally, m plan.Measure) (best plan.Tally, ok bool) {
	for _, t := range tallies {
		if t.Measure == m && (!ok || slices.Index(takenKinds, t.Kind) < slices.Index(takenKinds, best.Kind)) {
			best, ok = t, true
		}
	}
	return best, ok
}

// counting is of whom and of which days the counts of a measure are.
type counting struct {
	kinds    []plan.CountKind
	from, to string
}

// countingOf gathers what is said of the counts of each measure.
func countingOf(things []postgis.PlacedThing) map[plan.Measure]*counting {
	of := map[plan.Measure]*counting{}
	for i := range things {
		for _, m := range plan.Measures {
			t, ok := taken(things[i].Tallies, m)
			if !ok {
				continue
			}
			c := of[m]
			if c == nil {
				c = &counting{}
				of[m] = c
			}
			if !slices.Contains(c.kinds, t.Kind) {
				c.kinds = append(c.kinds, t.Kind)
			}
			if t.On != "" {
				c.from, c.to = min(cmp.Or(c.from, t.On), t.On), max(c.to, t.On)
			}
		}
	}
	for _, c := range of {
		slices.SortFunc(c.kinds, func(a, b plan.CountKind) int {
			return cmp.Compare(slices.Index(takenKinds, a), slices.Index(takenKinds, b))
		})
	}
	return of
}

// counting says whom a measure counts and of which days; where nobody has said, that it is of the day of the data.
func (b *writer) counting(m plan.Measure) string {
	if b.Snapshot.Ground.MeasureIndex(m) < 0 {
		return ""
	}
	c := b.counts()[m]
	if c == nil {
		return b.Snapshot.Ground.DataDate
	}
	var kinds []string
	for _, k := range c.kinds {
		kinds = append(kinds, b.say("count."+cmp.Or(string(k), "unsaid"), nil))
	}
	days := cmp.Or(c.to, b.Snapshot.Ground.DataDate)
	if c.from != c.to {
		days = b.say("counting.days", words.Args{"from": c.from, "to": c.to})
	}
	return b.say("counting", words.Args{"kinds": kinds, "days": days})
}

// countings says of each measure of the plan whom it counts and of which days.
func (b *writer) countings() (said []string) {
	for _, m := range b.Snapshot.Ground.Measures {
		said = append(said, b.say("counting.of", words.Args{"measure": words.Capital(m.In(b.lang)), "counting": b.counting(m)}))
	}
	return said
}

// counts returns countingOf for the paper's things, worked out once.
func (p *Paper) counts() map[plan.Measure]*counting {
	if p.counting == nil {
		p.counting = countingOf(p.Things)
	}
	return p.counting
}
