// Package cql reads filters in the Common Query Language of the OGC (CQL2, OGC 21-065r2), as text and as JSON, and makes conditions of
// them. Nothing of what a filter says reaches a database but as a value; what it may speak of is given.
package cql

import (
	"maps"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/filter"
	"gridwright/plan/words"
)

// What a filter may be at most: how deep its parts lie, how many they are, how long a pattern is, how many corners a place has.
const (
	maxDepth   = 50
	maxParts   = 1000
	maxPattern = 200
	maxCorners = 2000
)

// Properties are the properties that may be asked about, by name.
type Properties map[string]filter.Kind

// Fault is why a filter cannot be read: a sentence in both languages.
type Fault struct {
	Key  string
	Args words.Args
}

// In returns the sentence.
func (f *Fault) In(l words.Lang) string { return Sentences.Say(l, f.Key, f.Args) }

// Error returns the English sentence.
func (f *Fault) Error() string { return f.In(words.En) }

// bad is how the readers give up from any depth; Text and JSON catch it.
type bad struct{ *Fault }

func fail(key string, args words.Args) { panic(bad{&Fault{key, args}}) }

// caught turns a reader that gave up into its fault, and what it had read into nothing.
func caught(c *filter.Condition, err *error) {
	switch r := recover().(type) {
	case nil:
	case bad:
		*c, *err = nil, r.Fault
	default:
		panic(r)
	}
}

// reader makes conditions, whatever the language: it checks names, kinds and bounds.
type reader struct {
	properties Properties
	system     crs.System // of places
	parts      int
}

// part counts one more part at a depth.
func (r *reader) part(depth int) {
	if r.parts++; r.parts > maxParts || depth > maxDepth {
		fail("large", words.Args{"parts": maxParts, "depth": maxDepth})
	}
}

func (r *reader) property(name string) filter.Property {
	kind, known := r.properties[name]
	if !known {
		fail("property", words.Args{"name": importers.Excerpt(name), "names": slices.Sorted(maps.Keys(r.properties))})
	}
	return filter.Property{Name: name, Of: kind}
}

func (r *reader) text(s string) filter.Literal {
	if strings.ContainsRune(s, 0) || !utf8.ValidString(s) {
		fail("text", words.Args{"text": importers.Excerpt(s)})
	}
	return filter.Literal{Is: s}
}

func (r *reader) number(s string) filter.Literal {
	n, err := strconv.ParseFloat(s, 64)
	if err != nil || math.IsInf(n, 0) || math.IsNaN(n) {
		fail("number", words.Args{"text": importers.Excerpt(s)})
	}
	return filter.Literal{Is: n}
}

// folded is a text whose capital and small letters are the same: what CASEI makes of one.
type folded struct{ of filter.Value }

// Kind returns Text.
func (folded) Kind() filter.Kind { return filter.Text }

func (r *reader) fold(v filter.Value) filter.Value {
	if _, twice := v.(folded); twice {
		return v
	}
	r.kind(v, filter.Text)
	return folded{v}
}

func (r *reader) kind(v filter.Value, want filter.Kind) {
	if v.Kind() != want {
		fail("kind", words.Args{"is": kind(v.Kind()), "want": kind(want)})
	}
}

// kind is a kind of value in words.
type kind filter.Kind

// In returns the word.
func (k kind) In(l words.Lang) string {
	return Sentences.Say(l, [...]string{filter.Text: "kind.text", filter.Number: "kind.number", filter.Truth: "kind.truth"}[k], nil)
}

func (r *reader) compare(op filter.Op, left, right filter.Value) filter.Condition {
	r.kind(right, left.Kind())
	l, foldLeft := left.(folded)
	g, foldRight := right.(folded)
	if foldLeft || foldRight {
		return r.compareFolded(op, l.or(left), g.or(right))
	}
	if left.Kind() == filter.Truth && op != filter.Equal && op != filter.Unequal {
		fail("order", nil)
	}
	return filter.Compare{Op: op, Left: left, Right: right}
}

// or returns what is folded, or the value where none is.
func (f folded) or(v filter.Value) filter.Value {
	if f.of != nil {
		return f.of
	}
	return v
}

// compareFolded compares a property with a text but for capital and small letters.
func (r *reader) compareFolded(op filter.Op, left, right filter.Value) filter.Condition {
	of, isProperty := left.(filter.Property)
	to, isText := right.(filter.Literal)
	if !isProperty || !isText {
		of, isProperty = right.(filter.Property)
		to, isText = left.(filter.Literal)
	}
	if !isProperty || !isText || op != filter.Equal && op != filter.Unequal {
		fail("casei", nil)
	}
	same := filter.Same{Of: of, To: to.Is.(string)}
	if op == filter.Unequal {
		return filter.Not{Of: same}
	}
	return same
}

func (r *reader) like(of, pattern filter.Value) filter.Condition {
	f, fold := of.(folded)
	property, isProperty := f.or(of).(filter.Property)
	g, foldRight := pattern.(folded)
	literal, isText := g.or(pattern).(filter.Literal)
	if !isProperty || !isText || literal.Kind() != filter.Text {
		fail("like", nil)
	}
	r.kind(property, filter.Text)
	if len(literal.Is.(string)) > maxPattern {
		fail("pattern", words.Args{"most": maxPattern})
	}
	return filter.Like{Of: property, Pattern: literal.Is.(string), Fold: fold || foldRight}
}

func (r *reader) between(v, low, high filter.Value) filter.Condition {
	r.kind(v, filter.Number)
	return filter.And{r.compare(filter.GreaterEqual, v, low), r.compare(filter.LessEqual, v, high)}
}

func (r *reader) in(v filter.Value, list []filter.Value) filter.Condition {
	any := filter.Or{}
	for _, one := range list {
		any = append(any, r.compare(filter.Equal, v, one))
	}
	return any
}

func (r *reader) null(v filter.Value) filter.Condition {
	p, is := v.(filter.Property)
	if !is {
		fail("null", nil)
	}
	return filter.Null{Of: p}
}

func (r *reader) arithmetic(op byte, left, right filter.Value) filter.Value {
	r.kind(left, filter.Number)
	r.kind(right, filter.Number)
	return filter.Arithmetic{Op: op, Left: left, Right: right}
}

// relation returns the relation of a function's name, "" for one that is none.
func relation(function string) filter.Relation {
	name, is := strings.CutPrefix(strings.ToLower(function), "s_")
	for _, r := range filter.Relations {
		if is && string(r) == name {
			return r
		}
	}
	return ""
}

// GeometryProperty is what the place of a thing is called.
const GeometryProperty = "geometry"

// place is one side of a spatial relation: a thing's own place, or one that is said.
type place struct {
	own   bool
	place plan.Geometry
}

func (r *reader) spatial(rel filter.Relation, left, right place) filter.Condition {
	if left.own == right.own {
		fail("places", words.Args{"name": GeometryProperty})
	}
	if right.own { // "a holds the thing" is "the thing is within a"
		switch rel {
		case filter.Within:
			rel = filter.Contains
		case filter.Contains:
			rel = filter.Within
		}
		right = left
	}
	return filter.Spatial{Relation: rel, To: right.place}
}

// box makes a place of west, south, east and north, or of six numbers with heights, which are not looked at.
func (r *reader) box(at []float64) plan.Geometry {
	if len(at) == 6 {
		at = []float64{at[0], at[1], at[3], at[4]}
	}
	if len(at) != 4 {
		fail("box", nil)
	}
	m, ok := Box(r.system, [4]float64(at))
	if !ok {
		fail("box", nil)
	}
	switch b := m.Box(); {
	case b.Min == b.Max:
		return plan.Geometry{Points: []crs.Point{b.Min}}
	case b.Min.Lon == b.Max.Lon, b.Min.Lat == b.Max.Lat:
		return plan.Geometry{Lines: []plan.Line{{b.Min, b.Max}}}
	}
	return plan.Geometry{Shape: m}
}

// Box returns the ground of a box in a system, its sides as bent as they are there, and whether there is such a box.
func Box(system crs.System, at [4]float64) (shape.MultiPolygon, bool) {
	for _, n := range at {
		if math.IsNaN(n) || math.IsInf(n, 0) {
			return nil, false
		}
	}
	if at[0] > at[2] || at[1] > at[3] { // none of our data lies across the date line
		return nil, false
	}
	const steps = 16 // of a side, where the system bends straight lines
	var ring shape.Ring
	corners := [][2]float64{{at[0], at[1]}, {at[2], at[1]}, {at[2], at[3]}, {at[0], at[3]}}
	for i, c := range corners {
		d := corners[(i+1)%4]
		n := steps
		if system.IsDegrees() {
			n = 1
		}
		for k := range n {
			t := float64(k) / float64(n)
			p, err := system.Point(c[0]+t*(d[0]-c[0]), c[1]+t*(d[1]-c[1]))
			if err != nil {
				return nil, false
			}
			if len(ring) == 0 || ring[len(ring)-1] != p {
				ring = append(ring, p)
			}
		}
	}
	return shape.MultiPolygon{{ring}}, true
}

// geometry vets a place that was said: it must be one that simple features are sure of.
func (r *reader) geometry(g importers.Geometry, fault *importers.Fault) plan.Geometry {
	if fault != nil {
		fail("geometry", words.Args{"why": fault})
	}
	out := plan.Geometry{Points: g.Points}
	corners := len(g.Points)
	for _, l := range g.Lines {
		corners += len(l)
		out.Lines = append(out.Lines, plan.Line(l))
	}
	for _, p := range g.Shape {
		for _, ring := range p {
			corners += len(ring)
		}
	}
	if corners == 0 || len(g.Points) > 1 {
		fail("place", nil)
	}
	if corners > maxCorners {
		fail("corners", words.Args{"most": maxCorners})
	}
	if len(g.Shape) > 0 {
		vetted, flaws := topo.Vet(g.Shape)
		if len(flaws) > 0 {
			fail("crossed", words.Args{"at": flaws[0].At.String()})
		}
		out.Shape = vetted
	}
	return out
}

// read reads a place written as well-known text or GeoJSON.
func (r *reader) read(text []byte) plan.Geometry {
	return r.geometry(importers.ParsePlace(text, r.system))
}
