package intake

import (
	"context"
	"slices"
	"strings"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Rows of a table of counts that have no code find their building or compound by what else they say, in this order:
//
//  1. a building's number with its compound, in columns of their own: 世纪花园 | 3;
//  2. the exact name: 世纪花园, or 世纪花园3号楼 where a building is called so;
//  3. a name or an address that ends in a building's number: 滨河镇鼓楼东街世纪花园 3幢.
//
// What stands before the number must end in the name of a compound, or in what stands before the number in a building's own name; the longest
// such name decides. Whatever leads to several buildings, or to none, is refused with what there is. Nothing is taken for being nearly alike.
//
// A row for several buildings (1-10幢) is one count of them together. It is the count of the compound where they are all its buildings; else it
// is refused: shared out over some buildings by a rule of our own it would be a number nobody has counted.

// address is what a row says of where it belongs besides code and name.
type address struct{ text, compound, number string }

// gazetteer knows the buildings and compounds by name and number.
type gazetteer struct {
	called    map[string][]thing                      // by plainName
	compounds map[string][]string                     // codes, by plan.PlainAddress of the name and of the code
	numbered  map[string]map[plan.BuildingNo][]string // codes of buildings, by code of their compound
	before    map[string]map[plan.BuildingNo][]string // codes of buildings without a compound, by what stands before the number in their name

	isCompound map[string]bool // by code
}

// thing is a building or a compound.
type thing struct {
	layer plan.Layer
	code  string
}

func newGazetteer(buildings []postgis.Addressed, compounds []postgis.Named) *gazetteer {
	g := &gazetteer{map[string][]thing{}, map[string][]string{}, map[string]map[plan.BuildingNo][]string{}, map[string]map[plan.BuildingNo][]string{}, map[string]bool{}}
	for _, c := range compounds {
		g.called[plainName(c.Name)] = append(g.called[plainName(c.Name)], thing{plan.CompoundLayer, c.Code})
		name := plan.PlainAddress(c.Name)
		g.compounds[name] = append(g.compounds[name], c.Code)
		g.isCompound[c.Code] = true
	}
	for _, b := range buildings {
		if b.Name != "" {
			g.called[plainName(b.Name)] = append(g.called[plainName(b.Name)], thing{plan.BuildingLayer, b.Code})
		}
		before, numbers, _ := plan.SplitAddress(b.Name)
		if own := plan.BuildingNumbers(b.Number); len(own) > 0 {
			numbers = own
		}
		if len(numbers) != 1 {
			continue
		}
		by, key := g.before, before
		if b.Compound != "" {
			by, key = g.numbered, b.Compound
		}
		if key == "" {
			continue
		}
		if by[key] == nil {
			by[key] = map[plan.BuildingNo][]string{}
		}
		by[key][numbers[0]] = append(by[key][numbers[0]], b.Code)
	}
	return g
}

// estate is where buildings have numbers of their own: compounds of one name, and buildings whose names begin so.
type estate struct {
	compounds []string
	before    map[plan.BuildingNo][]string
}

// ends returns the estate with the longest name that a text, as plan.PlainAddress writes it, ends in.
func (g *gazetteer) ends(text string) (estate, bool) {
	for ; text != ""; text = tail(text) {
		if e, found := g.named(text); found {
			return e, true
		}
	}
	return estate{}, false
}

// tail returns a text without its first character.
func tail(s string) string {
	for i := range s {
		if i > 0 {
			return s[i:]
		}
	}
	return ""
}

func (g *gazetteer) named(name string) (estate, bool) {
	e := estate{g.compounds[name], g.before[name]}
	return e, len(e.compounds) > 0 || len(e.before) > 0
}

// of returns the codes of the buildings of a number.
func (g *gazetteer) of(e estate, n plan.BuildingNo) (codes []string) {
	for _, c := range e.compounds {
		codes = append(codes, g.numbered[c][n]...)
	}
	codes = append(codes, e.before[n]...)
	slices.Sort(codes)
	return slices.Compact(codes)
}

// numbers returns the numbers of all buildings, in order.
func (g *gazetteer) numbers(e estate) (all []plan.BuildingNo) {
	for _, c := range e.compounds {
		for n := range g.numbered[c] {
			all = append(all, n)
		}
	}
	for n := range e.before {
		all = append(all, n)
	}
	slices.SortFunc(all, plan.CompareBuildingNos)
	return slices.Compact(all)
}

// findPlaced gives the rows without a code the code of the building or compound they mean, and refuses those that mean none, or several.
func (j *job) findPlaced(ctx context.Context, im *postgis.Importing) error {
	if !slices.ContainsFunc(j.tables, func(row tallied) bool { return row.code == "" }) {
		return nil
	}
	g, err := j.gazetteer(ctx, im)
	if err != nil {
		return err
	}
	byName, byAddress, whole := 0, 0, 0
	for i := range j.tables {
		row := &j.tables[i]
		if row.code != "" {
			continue
		}
		found, how, miss := g.find(row)
		if miss != nil {
			j.refuse(row.place, Refused{Field: miss.field, Value: miss.value, Key: miss.key}, miss.args)
			continue
		}
		row.layer, row.code = found.layer, found.code
		switch how {
		case joinedByName:
			byName++
		case joinedByNumber:
			byAddress++
		case joinedWhole:
			byAddress++
			whole++
		}
	}
	for _, n := range []struct {
		key string
		n   int
	}{{"note.by_name", byName}, {"note.by_address", byAddress}, {"note.whole_compounds", whole}} {
		if n.n > 0 {
			j.note(n.key, words.Args{"n": n.n})
		}
	}
	return nil
}

// gazetteer returns the names that are in the database.
func (j *job) gazetteer(ctx context.Context, im *postgis.Importing) (*gazetteer, error) {
	buildings, err := im.BuildingAddresses(ctx)
	if err != nil {
		return nil, err
	}
	compounds, err := im.FeatureNames(ctx, plan.CompoundLayer)
	return newGazetteer(buildings, compounds), err
}

// How a row found what it means.
const (
	joinedByName = iota
	joinedByNumber
	joinedWhole // it names all buildings of a compound
)

// miss is why a row found nothing.
type miss struct {
	field, value, key string
	args              words.Args
}

// find returns what a row without a code means.
func (g *gazetteer) find(row *tallied) (found thing, how int, no *miss) {
	a := row.address
	if before, _, ends := plan.SplitAddress(row.name); ends && before == "" && a.number == "" {
		a.number = row.name // 世纪花园 | 3号楼
	}
	if a.number != "" && a.compound != "" {
		numbers := plan.BuildingNumbers(a.number)
		if numbers == nil {
			return found, 0, &miss{"building_no", a.number, "counts.bad_number", words.Args{"value": importers.Excerpt(a.number)}}
		}
		e, there := g.named(plan.PlainAddress(a.compound))
		if !there && (g.isCompound[a.compound] || g.numbered[a.compound] != nil) {
			e, there = estate{compounds: []string{a.compound}}, true
		}
		if !there {
			return found, 0, &miss{"compound", a.compound, "counts.no_estate", words.Args{"text": importers.Excerpt(a.compound)}}
		}
		return g.at(e, a.compound, numbers, "building_no", a.number)
	}
	if row.name != "" {
		if things := g.fit(row.name, row.layer); len(things) == 1 {
			return things[0], joinedByName, nil
		} else if len(things) > 1 {
			return found, 0, &miss{"name", row.name, "counts.namesakes", words.Args{"name": importers.Excerpt(row.name), "n": len(things), "codes": codesOf(things)}}
		}
	}
	for _, text := range []struct{ field, value string }{{"address", a.text}, {"name", row.name}} {
		before, numbers, ends := plan.SplitAddress(text.value)
		if !ends {
			continue
		}
		if before == "" {
			continue // a number alone
		}
		e, there := g.ends(before)
		if !there {
			return found, 0, &miss{text.field, text.value, "counts.no_estate", words.Args{"text": importers.Excerpt(before)}}
		}
		return g.at(e, before, numbers, text.field, text.value)
	}
	if a.compound != "" && row.name == "" && a.text == "" {
		if things := g.fit(plainName(a.compound), plan.CompoundLayer); len(things) == 1 {
			return things[0], joinedByName, nil
		}
		if g.isCompound[a.compound] {
			return thing{plan.CompoundLayer, a.compound}, joinedByName, nil
		}
		return found, 0, &miss{"compound", a.compound, "counts.no_estate", words.Args{"text": importers.Excerpt(a.compound)}}
	}
	if row.name == "" {
		return found, 0, &miss{"address", a.text, "counts.no_building", words.Args{"text": importers.Excerpt(a.text)}}
	}
	return found, 0, &miss{"name", row.name, "counts.unnamed", words.Args{"name": importers.Excerpt(row.name)}}
}

// fit returns the things of a name that may be meant.
func (g *gazetteer) fit(name string, layer plan.Layer) (fit []thing) {
	for _, t := range g.called[name] {
		if layer == "" || layer == t.layer {
			fit = append(fit, t)
		}
	}
	return fit
}

func codesOf(things []thing) (codes []string) {
	for _, t := range things {
		codes = append(codes, importers.Excerpt(t.code))
	}
	return codes
}

// at returns the building of a number in an estate, or the compound all whose buildings the numbers are.
func (g *gazetteer) at(e estate, name string, numbers []plan.BuildingNo, field, value string) (found thing, how int, no *miss) {
	args := words.Args{"text": importers.Excerpt(name), "value": importers.Excerpt(value)}
	all := g.numbers(e)
	args["numbers"] = someNumbers(all)
	if len(numbers) > 1 {
		if len(e.compounds) == 1 && slices.Equal(numbers, all) {
			return thing{plan.CompoundLayer, e.compounds[0]}, joinedWhole, nil
		}
		return found, 0, &miss{field, value, "counts.range", args}
	}
	args["number"] = string(numbers[0])
	codes := g.of(e, numbers[0])
	switch len(codes) {
	case 0:
		return found, 0, &miss{field, value, "counts.no_such_number", args}
	case 1:
		return thing{plan.BuildingLayer, codes[0]}, joinedByNumber, nil
	}
	args["n"], args["codes"] = len(codes), codes
	return found, 0, &miss{field, value, "counts.several", args}
}

// someNumbers lists numbers, the first of many.
func someNumbers(numbers []plan.BuildingNo) string {
	const most = 30
	var texts []string
	for i, n := range numbers {
		if i == most {
			texts = append(texts, "…")
			break
		}
		texts = append(texts, string(n))
	}
	return strings.Join(texts, ", ")
}
