package intake

import (
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// feature is a row that means something on a layer of the raw ground. The feature's parent is not set.
type feature struct {
	plan.Feature
	place  importers.Place
	parent string // code of the area
}

func (j *job) sum(tallies []plan.Tally) {
	for _, t := range tallies {
		j.report.Sums[t.Measure] += t.Count
	}
}

// tellPersonal notes which columns were left where they are because they are about persons.
func (j *job) tellPersonal() {
	var columns []string
	for column := range j.seen {
		if j.isPersonalColumn(column) {
			columns = append(columns, importers.Excerpt(column))
		}
	}
	if slices.Sort(columns); len(columns) > 0 {
		j.note("note.personal", words.Args{"columns": columns})
	}
}

func (c *checker) feature(measures []int) feature {
	f := feature{place: c.place}
	f.Layer, f.Origin = plan.Layer(c.Layer), plan.OriginFile
	f.Code = c.featureCode()
	c.code = f.Code
	f.Name, f.parent = c.impersonal("name"), c.text("parent")
	if f.Layer.Bounds() {
		f.Class = c.class(f.Layer)
		f.Bridge, f.Tunnel = c.answer("bridge") == plan.Yes, c.answer("tunnel") == plan.Yes
		f.Level = c.whole("level", -20, 20)
	} else {
		f.Class = c.impersonal(map[bool]string{true: "class", false: "kind"}[f.Layer == plan.BuildingLayer])
	}
	f.Compound, f.Floors, f.Number = c.text("compound"), c.whole("floors", 0, 200), c.impersonal("building_no")
	f.Committee, f.OwnersCommittee, f.PropertyCompany = c.body("committee"), c.body("owners_committee"), c.body("property_company")
	f.NoPropertyMgmt, f.NoSecurity, f.NoEnclosure = c.answer("no_property_mgmt"), c.answer("no_security"), c.answer("no_enclosure")
	f.NewOrg = c.answer("new_org")
	f.Attributes = c.attributes()
	if f.Layer == plan.DepartmentGridLayer {
		c.department(&f)
	}
	f.Geometry = c.where()
	f.Tallies = c.tallies(measures)
	c.unlikely(&f)
	return f
}

// department fills what a grid of a department has of its own. Two departments may call their grids the same: the code begins with the department.
func (c *checker) department(f *feature) {
	if f.Class = c.text("department"); f.Class == "" {
		c.refuse("department", "", "department.empty", nil)
		return
	}
	if f.Code != "" {
		f.Code = f.Class + "/" + f.Code
		c.code = f.Code
	}
	if holder := c.text("holder"); holder != "" {
		f.Attributes = map[string]string{"holder": holder}
	}
}

// featureCode returns the row's code. Roads, water, railways and walls that have none get one from the name of the file
// and the row's id, or else its number: the same row of the same file has the same code again.
func (c *checker) featureCode() string {
	code := c.text("code")
	switch {
	case !c.blank("code"):
		return code
	case !plan.Layer(c.Layer).Bounds():
		c.refuse("code", "", "code.empty", nil)
		return ""
	case !c.blank("id"):
		return c.stem() + byID + c.text("id")
	}
	return c.stem() + byNumber + strconv.Itoa(c.n)
}

// What stands between the name of a file and a row's id or number in a code that was made.
const (
	byID     = "/"
	byNumber = "#"
)

// maxStem is how many characters of a file's name a code begins with.
const maxStem = 80

// stem returns the name of the file without its ending.
func (j *job) stem() string {
	name := j.fileName()
	stem := []rune(strings.TrimSpace(strings.ToValidUTF8(strings.TrimSuffix(name, filepath.Ext(name)), "")))
	return string(stem[:min(len(stem), maxStem)])
}

// class returns the row's class by the name it has in plan.Classes.
func (c *checker) class(layer plan.Layer) string {
	word := c.text("class")
	if word == "" {
		return plan.DefaultClass(layer)
	}
	class, known := plan.ClassOf(layer, word)
	if !known {
		c.refuse("class", word, "class.unknown", words.Args{"class": importers.Excerpt(word), "classes": plan.ClassNames(layer)})
		return plan.DefaultClass(layer)
	}
	return class.Name
}

// answers are the ways to say yes and no.
var answers = map[string]plan.Answer{"": plan.Unknown,
	"yes": plan.Yes, "true": plan.Yes, "1": plan.Yes, "y": plan.Yes, "t": plan.Yes, "是": plan.Yes, "有": plan.Yes,
	"no": plan.No, "false": plan.No, "0": plan.No, "n": plan.No, "f": plan.No, "否": plan.No, "无": plan.No,
	// of OpenStreetMap's bridges and tunnels
	"viaduct": plan.Yes, "aqueduct": plan.Yes, "movable": plan.Yes, "covered": plan.Yes, "culvert": plan.Yes, "building_passage": plan.Yes}

// body returns what a field says of a committee or a company: its name, or whether there is one.
func (c *checker) body(name string) string {
	s := c.impersonal(name)
	switch answer, is := answers[strings.ToLower(s)]; {
	case is && answer == plan.Yes:
		return "yes"
	case is && answer == plan.No:
		return "no"
	}
	return s
}

func (c *checker) answer(name string) plan.Answer {
	word := c.text(name)
	answer, known := answers[strings.ToLower(word)]
	if !known {
		c.refuse(name, word, "answer.unknown", words.Args{"field": name, "value": importers.Excerpt(word)})
	}
	return answer
}

// whole returns a whole number within bounds, 0 where there is none.
func (c *checker) whole(name string, low, high int) int {
	s := c.plainNumber(c.cell(name).Text)
	if s == "" {
		return 0
	}
	f, err := strconv.ParseFloat(s, 64)
	n := int(min(max(f, float64(low)-1), float64(high)+1))
	if err != nil || !decimal.MatchString(s) || float64(n) != f || n < low || n > high {
		c.refuse(name, s, "number.wrong", words.Args{"field": name, "value": importers.Excerpt(s), "low": low, "high": high})
		return 0
	}
	return n
}

// impersonal returns a field's text, empty where it was refused: what looks like the number of an identity card or of a
// mobile telephone is about a person, and no name of a building.
func (c *checker) impersonal(name string) string {
	s := c.text(name)
	if importers.IsPersonal(s) {
		c.refuse(name, "", "text.personal", words.Args{"field": name})
		return ""
	}
	return s
}

// where returns the row's geometry, vetted, empty where it was refused.
func (c *checker) where() plan.Geometry {
	g := c.geometry
	allowed := func(kind string) bool { return slices.Contains(c.kind.geometry, kind) }
	switch {
	case c.fault != nil:
		c.refuseFault(c.code, c.fault)
	case g.Type == "":
		c.refuse("", "", "geometry.missing", nil)
	case len(g.Shape) > 0 && allowed("Polygon"):
		return plan.Geometry{Shape: canonical(c.vetted())}
	case len(g.Lines) > 0 && allowed("LineString"):
		return plan.Geometry{Lines: c.vettedLines()}
	case len(g.Points) == 1 && allowed("Point"):
		return plan.Geometry{Points: g.Points}
	case len(g.Points) > 1 && allowed("Point"):
		c.refuse("", "", "geometry.points", words.Args{"n": len(g.Points)})
	default:
		c.refuseGeometry()
	}
	return plan.Geometry{}
}

// vettedLines returns the row's lines without points that come twice one after the other.
func (c *checker) vettedLines() (lines []plan.Line) {
	for _, drawn := range c.geometry.Lines {
		line := plan.Line(slices.Compact(slices.Clone([]crs.Point(drawn))))
		if len(line) < 2 {
			c.refuse("", "", "flaw.no_length", words.Args{"at": line[0].String()})
			return nil
		}
		lines = append(lines, line)
	}
	return lines
}

// maxTally is more than any building or compound holds, and less than any telephone number.
const maxTally = 10_000_000

// tallies returns the counts a row states. A cell that is empty counts nothing.
func (c *checker) tallies(measures []int) (tallies []plan.Tally) {
	on := c.day("counted_on")
	for _, i := range measures {
		name, cell := c.fields[i].name, c.cells[i]
		if cell.Kind != importers.Nested && c.saysNothing(cell) {
			continue
		}
		n, key := c.count(cell, maxTally)
		if key != "" {
			c.refuse(name, cell.Text, key, words.Args{"measure": plan.Measure(name), "value": importers.Excerpt(cell.Text)})
			continue
		}
		tallies = append(tallies, plan.Tally{Measure: plan.Measure(name), Kind: c.countKind(name + kindSuffix), On: on, Count: n})
	}
	plan.SortTallies(tallies)
	return tallies
}

// kindWords are what files call the kinds of count.
var kindWords = map[string]plan.CountKind{"": plan.NotSaid, "registered": plan.Registered, "resident": plan.Resident, "occupied": plan.Occupied,
	"户籍": plan.Registered, "常住": plan.Resident, "入住": plan.Occupied}

func (c *checker) countKind(name string) plan.CountKind {
	word := c.text(name)
	kind, known := kindWords[strings.ToLower(word)]
	if !known {
		c.refuse(name, word, "count.kind", words.Args{"kind": importers.Excerpt(word)})
	}
	return kind
}

// day returns a field's date as YYYY-MM-DD, empty where there is none.
func (c *checker) day(name string) string {
	s := c.text(name)
	if day, is := dayOf(s); is {
		return day
	}
	c.refuse(name, s, "day.wrong", words.Args{"field": name, "value": importers.Excerpt(s)})
	return ""
}

// dayOf reads a date as YYYY-MM-DD, and whether it is one; of an empty text the day is empty.
func dayOf(s string) (day string, is bool) {
	if s == "" {
		return "", true
	}
	for _, layout := range []string{time.DateOnly, "2006/1/2", "2006年1月2日"} {
		if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1900 && t.Year() < 2200 {
			return t.Format(time.DateOnly), true
		}
	}
	return "", false
}

// manyHouseholds is more households than a building has ever had.
const manyHouseholds = 3000

// unlikely tells of a building with more households than can be.
func (c *checker) unlikely(f *feature) {
	if f.Layer != plan.BuildingLayer {
		return
	}
	for _, t := range f.Tallies {
		if t.Measure == plan.Households && t.Count > manyHouseholds {
			c.find(Finding{Kind: "many_households", Severity: plan.Warning, Codes: []string{f.Code}}, f.First(),
				words.Args{"building": f.Code, "n": t.Count})
		}
	}
}
