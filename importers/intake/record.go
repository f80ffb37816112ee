package intake

import (
	"context"
	"math"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"unicode"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// record is a row whose cells mean something: an area or a block as the file has it.
type record struct {
	place                      importers.Place
	code, name, nameEn, parent string
	kind                       string
	counts                     map[plan.Measure]int64
	shape                      shape.MultiPolygon
	estimated                  bool     // see plan.Block
	compounds                  []string // see plan.Block
}

// checkRecords turns the rows into records and refuses those that are none. It lists every reason it finds.
func (j *job) checkRecords(ctx context.Context) {
	measures := j.measures()
	j.checkRows(ctx, func(c *checker) (plan.Layer, string) {
		rec := c.record(measures)
		for m, n := range rec.counts {
			j.report.Sums[m] += n
		}
		j.records = append(j.records, rec)
		return "", rec.code
	})
	j.tellPersonal()
}

// checkRows hands every row to check, which returns the layer and the code the row is known by, and refuses rows that are known
// by what an earlier one is. Where any row is refused nothing is summed up.
func (j *job) checkRows(ctx context.Context, check func(*checker) (plan.Layer, string)) {
	type name struct {
		layer plan.Layer
		code  string
	}
	first := map[name]importers.Place{}
	for _, r := range j.rows {
		if ctx.Err() != nil {
			return
		}
		c := &checker{j, r, ""}
		c.refuseBroken()
		layer, code := check(c)
		if at, twice := first[name{layer, code}]; twice && code != "" {
			c.refuse("code", code, "code.twice", words.Args{"code": importers.Excerpt(code), "first": at})
		}
		first[name{layer, code}] = r.place
		if len(j.codes) < maxSampled {
			j.codes = append(j.codes, code)
		}
	}
	if j.refused() {
		clear(j.report.Sums)
	}
	j.tellReadings()
	j.rows = nil
}

// checker checks one row.
type checker struct {
	*job
	row
	code string
}

// refuse refuses the row for one of its fields.
func (c *checker) refuse(field, value, key string, args words.Args) {
	c.job.refuse(c.place, Refused{Code: c.code, Field: field, Value: value, Key: key}, args)
}

// refuseBroken refuses the row for cells that some field wants and whose value is lost.
func (c *checker) refuseBroken() {
	for i, v := range c.cells {
		if v.Kind == importers.Broken {
			c.addRefused(c.place, Refused{Code: c.cell("code").Text, Field: c.fields[i].name, Key: v.Text, said: placeless{&importers.Fault{Key: v.Text}}})
			c.cells[i] = importers.Value{}
		}
	}
}

// cell returns the value of a field.
func (c *checker) cell(name string) importers.Value {
	i := slices.IndexFunc(c.fields, func(f field) bool { return f.name == name })
	if i < 0 {
		return importers.Value{}
	}
	return c.cells[i]
}

// blank reports whether a field says nothing.
func (c *checker) blank(name string) bool {
	v := c.cell(name)
	return v.Kind != importers.Nested && strings.TrimSpace(v.Text) == ""
}

func (c *checker) record(measures []int) record {
	c.code = c.text("code")
	rec := record{place: c.place, code: c.code, name: c.text("name"), nameEn: c.text("name_en"), parent: c.text("parent"), kind: c.text("kind")}
	switch {
	case c.fault != nil:
		c.refuseFault(c.code, c.fault)
	case len(c.geometry.Shape) > 0 && c.Layer != BlockLayer:
		rec.shape = c.mended()
	case len(c.geometry.Shape) > 0:
		rec.shape = c.vetted()
	case c.geometry.Type != "":
		c.refuseGeometry()
	case c.Layer == BlockLayer:
		c.refuse("", "", "shape.none", nil)
	}
	if c.blank("code") {
		c.refuse("code", "", "code.empty", nil)
	}
	if c.Layer != BlockLayer {
		return rec
	}
	if c.blank("parent") {
		c.refuse("parent", "", "parent.empty", nil)
	}
	if !slices.Contains(plan.BlockKinds, rec.kind) {
		c.refuse("kind", rec.kind, "block.kind", words.Args{"kind": importers.Excerpt(rec.kind), "kinds": plan.BlockKinds[1:]})
	}
	rec.counts = make(map[plan.Measure]int64, len(measures))
	for _, i := range measures {
		m := plan.Measure(c.fields[i].name)
		if n, key := c.count(c.cells[i], maxCount); key != "" {
			c.refuse(c.fields[i].name, c.cells[i].Text, key, words.Args{"measure": m, "value": importers.Excerpt(c.cells[i].Text)})
		} else {
			rec.counts[m] = n
		}
	}
	return rec
}

// maxText is how many characters a code or a name may have.
const maxText = 200

// text returns a field's text without the white space round it, empty where it was refused.
func (c *checker) text(name string) string {
	v := c.cell(name)
	s := strings.TrimSpace(v.Text)
	key := ""
	switch {
	case v.Kind == importers.Nested:
		key, s = "text.nested", ""
	case len(s) > maxText && utf8.RuneCountInString(s) > maxText:
		key = "text.long"
	case strings.ContainsFunc(s, func(r rune) bool { return r == utf8.RuneError || unicode.IsControl(r) }):
		key = "text.damaged"
	default:
		return s
	}
	c.refuse(name, s, key, words.Args{"field": name, "most": maxText})
	return ""
}

// draftWidth is how wide a loop in an area's boundary may be to be a slip of the pen: as wide as what a build of the ground
// closes between two drafts.
const draftWidth crs.Metres = 10

// maxSlips is how many flaws a boundary may have and still be mended: a star has more, and takes the square of its corners to settle.
const maxSlips = 64

// mended returns the shape of an area, nil where it is refused. Slips in its boundary are settled and told of.
func (c *checker) mended() shape.MultiPolygon {
	if _, flaws := topo.Vet(c.geometry.Shape); len(flaws) > maxSlips {
		return c.vetted()
	}
	clean, settled, flaws := topo.Mend(c.geometry.Shape, draftWidth)
	if clean == nil || len(flaws) == 0 {
		return c.vetted()
	}
	c.find(Finding{Kind: "boundary_mended", Severity: plan.Warning, Codes: []string{c.code}, AreaM2: float64(settled)}, flaws[0].At,
		words.Args{"code": importers.Excerpt(c.code), "n": len(flaws), "area": squareMetres(settled)})
	return clean
}

// vetted returns the row's shape ready for the coverage, nil where it is refused.
func (c *checker) vetted() shape.MultiPolygon {
	if ring, ok := plainRing(c.geometry.Shape); ok {
		return ring
	}
	clean, flaws := topo.Vet(c.geometry.Shape)
	if len(flaws) > 0 {
		key := "flaw." + flaws[0].Kind
		c.refuse("", "", key, words.Args{"at": flaws[0].At.String()})
		return nil
	}
	if !(clean.Area() > 0) {
		c.refuse("", "", "shape.none", nil)
		return nil
	}
	return clean
}

// refuseGeometry refuses the row because its geometry is of a type the layer does not have.
func (c *checker) refuseGeometry() {
	fault := importers.WrongType(c.geometry.Type, c.kind.geometry...)
	fault.Place = c.place
	c.refuseFault(c.code, fault)
}

var decimal = regexp.MustCompile(`^-?[0-9]+(\.[0-9]*)?([eE][+-]?[0-9]+)?$`)

// maxCount keeps sums over any number of blocks inside an int64. It is more than there are people.
const maxCount = 1_000_000_000_000

// count reads a count: a whole number not below 0 and no larger than most, however people wrote it. The key says why it is none.
func (c *checker) count(v importers.Value, most float64) (n int64, key string) {
	s := c.plainNumber(v.Text)
	switch {
	case s == "" && v.Kind != importers.Nested:
		return 0, "count.empty"
	case v.Kind == importers.Merged:
		return 0, "count.merged"
	case v.Kind == importers.Bool || !decimal.MatchString(s):
		if vague.MatchString(s) {
			return 0, "count.vague"
		}
		if slices.Contains(nothings, s) {
			return 0, "count.nothing"
		}
		return 0, "count.no_number"
	}
	f, err := strconv.ParseFloat(s, 64)
	switch {
	case f < 0:
		return 0, "count.negative"
	case err != nil || f > most:
		return 0, "count.large"
	case f != math.Trunc(f):
		return 0, "count.fraction"
	}
	return int64(f), ""
}

// nothings are words that may say zero and may say that nobody counted.
var nothings = []string{"无", "没有", "暂无", "未知", "不详", "none", "n/a", "N/A"}

// dashes are what people draw into a cell so that it is not left blank.
var dashes = []string{"-", "--", "—", "——", "–", "－", "/", "／", "\\"}

// vague are numbers that are said to be none in particular: 约30, 30左右, 30余户, 30+, 20-30.
var vague = regexp.MustCompile(`^(约|大约|近|超|不足|>|<|≥|≤|~).*[0-9]|[0-9].*(左右|上下|余|多|\+|约)(户|人|栋|套)?$|^[0-9]+(户|人)?[-~—～至到][0-9]+(户|人)?$`)

// readings counts the numbers that were not written as programs write them. Rows may be checked side by side.
type readings struct{ wide, grouped, unit, dash atomic.Int64 }

// plainNumber returns a number as programs write it and counts what was undone for that.
func (j *job) plainNumber(text string) string {
	s, how := importers.PlainNumber(text)
	for _, w := range []struct {
		how importers.Written
		n   *atomic.Int64
	}{{importers.Wide, &j.readings.wide}, {importers.Grouped, &j.readings.grouped}, {importers.WithUnit, &j.readings.unit}} {
		if how&w.how != 0 {
			w.n.Add(1)
		}
	}
	return s
}

// saysNothing reports whether a cell is blank, or has but a dash in it.
func (j *job) saysNothing(v importers.Value) bool {
	s := strings.TrimSpace(v.Text)
	if slices.Contains(dashes, s) {
		j.readings.dash.Add(1)
		return true
	}
	return s == ""
}

// add adds what was counted in another part of the file.
func (r *readings) add(o *readings) {
	r.wide.Add(o.wide.Load())
	r.grouped.Add(o.grouped.Load())
	r.unit.Add(o.unit.Load())
	r.dash.Add(o.dash.Load())
}

// tellReadings notes how many numbers were not written as programs write them.
func (j *job) tellReadings() {
	for _, r := range []struct {
		key string
		n   int64
	}{{"note.wide", j.readings.wide.Load()}, {"note.grouped", j.readings.grouped.Load()}, {"note.unit", j.readings.unit.Load()}, {"note.dash", j.readings.dash.Load()}} {
		if r.n > 0 {
			j.note(r.key, words.Args{"n": r.n})
		}
	}
}
