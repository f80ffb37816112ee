package intake

import (
	"cmp"
	"context"
	"math"
	"regexp"
	"slices"
	"sync"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Meant is a building or a compound that an address may mean.
type Meant struct {
	Layer plan.Layer
	Code  string
	Name  string    // of a building without a name its number; empty for neither
	At    crs.Point // inside it
}

// maxMeant is how many buildings and compounds are listed of what an address may mean.
const maxMeant = 50

// Addresses finds what addresses mean, by the same rules as a table of counts (see placed.go). Its zero value is ready. It keeps the names of
// all buildings and compounds in memory, as they were when the database last changed, and may be used by several at once.
type Addresses struct {
	mu    sync.Mutex
	stamp string
	known *gazetteer
}

// Find returns the buildings and compounds that an address may mean, by layer and code, a screenful at most, and how many there are. What follows
// the building's number (stair unit, floor, room) is left out of account. Where a compound has no building of the number it is the compound
// itself.
func (a *Addresses) Find(ctx context.Context, store *postgis.Store, address string) (found []Meant, total int, err error) {
	g, err := a.gazetteer(ctx, store)
	if err != nil {
		return nil, 0, err
	}
	things := g.meant(address)
	for _, t := range things[:min(len(things), maxMeant)] {
		f, err := store.FeatureAt(ctx, t.layer, t.code, math.MaxInt64)
		if err != nil {
			return nil, 0, err
		}
		if f != nil { // it was there a moment ago
			found = append(found, Meant{t.layer, t.code, cmp.Or(f.Name, f.Number), f.At})
		}
	}
	return found, len(things), nil
}

// gazetteer returns the names as they are in the database.
func (a *Addresses) gazetteer(ctx context.Context, store *postgis.Store) (*gazetteer, error) {
	a.mu.Lock() // many ask at once when something has changed: one of them reads
	defer a.mu.Unlock()
	stamp, err := store.BasebookStamp(ctx)
	if err != nil || a.known != nil && a.stamp == stamp {
		return a.known, err
	}
	buildings, err := store.BuildingAddresses(ctx)
	if err != nil {
		return nil, err
	}
	compounds, err := store.FeatureNames(ctx, plan.CompoundLayer)
	if err != nil {
		return nil, err
	}
	a.stamp, a.known = stamp, newGazetteer(buildings, compounds)
	return a.known, nil
}

// meant returns what an address may mean, by layer and code.
func (g *gazetteer) meant(address string) []thing {
	for _, text := range upToBuilding(address) {
		things := slices.Clone(g.called[plainName(text)])
		if before, numbers, ends := plan.SplitAddress(text); ends && before != "" {
			things = append(things, g.numberedThere(before, numbers)...)
		}
		if len(things) > 0 {
			return inOrder(things)
		}
	}
	e, _ := g.ends(plan.PlainAddress(address))
	return inOrder(e.things())
}

// numberedThere returns the buildings of numbers in the estate that a text ends in, its compounds where it has none of them.
func (g *gazetteer) numberedThere(before string, numbers []plan.BuildingNo) (things []thing) {
	e, _ := g.ends(before)
	for _, n := range numbers {
		for _, code := range g.of(e, n) {
			things = append(things, thing{plan.BuildingLayer, code})
		}
	}
	if len(things) == 0 {
		return e.things()
	}
	return things
}

// things are the compounds of an estate.
func (e estate) things() (things []thing) {
	for _, code := range e.compounds {
		things = append(things, thing{plan.CompoundLayer, code})
	}
	return things
}

func inOrder(things []thing) []thing {
	slices.SortFunc(things, func(a, b thing) int { return cmp.Or(cmp.Compare(a.layer, b.layer), cmp.Compare(a.code, b.code)) })
	return slices.Compact(things)
}

var (
	// buildingSaid is what says that a building's number stands before it. 楼 alone may be a floor as well.
	buildingSaid = regexp.MustCompile(`号楼|#楼|号栋|号幢|号座|幢楼|栋楼|幢|栋|座|#|楼`)
	// roomSaid is a building, a stair unit and a room, by their numbers alone: 3-2-301.
	roomSaid = regexp.MustCompile(`^(.*[^0-9A-Z-])([0-9]{1,3})-[0-9]{1,2}-[0-9]{3,4}$`)
)

// upToBuilding returns an address, and what is left of it up to each place where a building's number may end, the longest first.
func upToBuilding(address string) []string {
	texts := []string{address}
	plain := plan.PlainAddress(address)
	if m := roomSaid.FindStringSubmatch(plain); m != nil {
		texts = append(texts, m[1]+m[2]+"号楼")
	}
	said := buildingSaid.FindAllStringIndex(plain, -1)
	for i := len(said) - 1; i >= 0; i-- {
		if text := plain[:said[i][1]]; text != plain {
			texts = append(texts, text)
		}
	}
	return texts
}

// SayMeant says how well an address was found: nothing, a compound for want of the building, one of several, or all there is to say is
// said by the one candidate: then it is empty.
func SayMeant(address string, found []Meant, total int, l words.Lang) string {
	args := words.Args{"address": importers.Excerpt(address), "n": total, "listed": len(found)}
	compounds := len(found) > 0 && !slices.ContainsFunc(found, func(c Meant) bool { return c.Layer != plan.CompoundLayer })
	switch {
	case total == 0:
		return Sentences.Say(l, "address.unknown", args)
	case total > len(found):
		return Sentences.Say(l, "address.many", args)
	case compounds && buildingSaid.MatchString(plan.PlainAddress(address)):
		return Sentences.Say(l, "address.compound", args)
	case total > 1:
		return Sentences.Say(l, "address.several", args)
	}
	return ""
}
