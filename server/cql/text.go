package cql

import (
	"regexp"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan/filter"
	"gridwright/plan/words"
)

// Text reads a filter in CQL2 Text whose places are in a system. It returns a *Fault for one that cannot be read or speaks of what is
// not among the properties.
func Text(s string, properties Properties, system crs.System) (c filter.Condition, err error) {
	defer caught(&c, &err)
	t := &text{reader: reader{properties: properties, system: system}, all: s}
	t.next()
	c = t.or(0)
	if t.now.kind != end {
		t.lost()
	}
	return c, nil
}

// text is a filter being read: now is the word that comes next.
type text struct {
	reader
	all string
	at  int // behind now
	now token
}

type token struct {
	kind  uint8
	text  string // as written; of a string its content, of a quoted name the name
	start int
}

const (
	end uint8 = iota
	name
	quotedName
	number
	literal
	sign
)

var (
	nameForm   = regexp.MustCompile(`^[\p{L}_:][\p{L}\p{N}_:.]*`)
	numberForm = regexp.MustCompile(`^(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?`)
	signs      = []string{"<>", "<=", ">=", "<", ">", "=", "(", ")", ",", "+", "-", "*", "/"}
)

// next reads the next word.
func (t *text) next() {
	for t.at < len(t.all) && strings.IndexByte(" \t\r\n", t.all[t.at]) >= 0 {
		t.at++
	}
	rest := t.all[t.at:]
	t.now = token{start: t.at}
	switch {
	case rest == "":
		return
	case rest[0] == '\'', rest[0] == '"':
		t.now.text = t.quoted(rest)
		t.now.kind = map[byte]uint8{'\'': literal, '"': quotedName}[rest[0]]
		return
	}
	if t.now.text = nameForm.FindString(rest); t.now.text != "" {
		t.now.kind = name
	} else if t.now.text = numberForm.FindString(rest); t.now.text != "" {
		t.now.kind = number
	} else {
		for _, s := range signs {
			if strings.HasPrefix(rest, s) {
				t.now.kind, t.now.text = sign, s
				break
			}
		}
	}
	if t.now.text == "" {
		t.lost()
	}
	t.at += len(t.now.text)
}

// quoted reads what stands between quotes; two quotes are one, and so is one behind a backslash.
func (t *text) quoted(rest string) string {
	var b strings.Builder
	for i := 1; i < len(rest); i++ {
		switch {
		case rest[i] == '\\' && i+1 < len(rest) && rest[i+1] == '\'' && rest[0] == '\'':
			i++
		case rest[i] == rest[0] && i+1 < len(rest) && rest[i+1] == rest[0]:
			i++
		case rest[i] == rest[0]:
			t.at += i + 1
			return b.String()
		}
		b.WriteByte(rest[i])
	}
	fail("end", nil)
	return ""
}

// lost gives up at the word that comes next.
func (t *text) lost() {
	if t.now.start >= len(t.all) {
		fail("end", nil)
	}
	fail("syntax", words.Args{"at": t.now.start, "text": importers.Excerpt(t.all[t.now.start:])})
}

// word takes a word of the language, in whatever letters, if it comes next.
func (t *text) word(w string) bool {
	if t.now.kind == name && strings.EqualFold(t.now.text, w) {
		t.next()
		return true
	}
	return false
}

// sign takes a sign if it comes next.
func (t *text) sign(s string) bool {
	if t.now.kind == sign && t.now.text == s {
		t.next()
		return true
	}
	return false
}

func (t *text) must(taken bool) {
	if !taken {
		t.lost()
	}
}

func (t *text) or(depth int) filter.Condition {
	t.part(depth)
	any := filter.Or{t.and(depth + 1)}
	for t.word("or") {
		any = append(any, t.and(depth+1))
	}
	if len(any) == 1 {
		return any[0]
	}
	return any
}

func (t *text) and(depth int) filter.Condition {
	all := filter.And{t.not(depth)}
	for t.word("and") {
		all = append(all, t.not(depth))
	}
	if len(all) == 1 {
		return all[0]
	}
	return all
}

func (t *text) not(depth int) filter.Condition {
	t.part(depth)
	if t.word("not") {
		return filter.Not{Of: t.not(depth + 1)}
	}
	return t.predicate(depth)
}

// predicate reads what is true or false: a relation, a condition in parentheses, or a comparison.
func (t *text) predicate(depth int) filter.Condition {
	if t.now.kind == name {
		if r := relation(t.now.text); r != "" {
			t.next()
			t.must(t.sign("("))
			left := t.place()
			t.must(t.sign(","))
			right := t.place()
			t.must(t.sign(")"))
			return t.spatial(r, left, right)
		}
	}
	if t.now.kind == sign && t.now.text == "(" {
		return t.parenthesis(depth)
	}
	if truth := strings.ToLower(t.now.text); t.now.kind == name && (truth == "true" || truth == "false") {
		back := *t
		t.next()
		if t.now.kind != sign || t.now.text == ")" {
			return filter.Constant(truth == "true")
		}
		*t = back
	}
	return t.comparison(t.sum(depth), depth)
}

// parenthesis reads a condition in parentheses, or where they hold a value what is said of it. Where neither can be read, the reading
// that got further says why.
func (t *text) parenthesis(depth int) filter.Condition {
	back := *t
	var c filter.Condition
	why := t.try(func() {
		t.next()
		c = t.or(depth + 1)
		t.must(t.sign(")"))
	})
	if why == nil {
		return c
	}
	got, parts := t.at, t.parts
	*t = back
	t.parts = parts // what was tried counts: two readings at each depth would be endless
	if other := t.try(func() { c = t.comparison(t.sum(depth), depth) }); other != nil {
		if t.at > got {
			why = other
		}
		panic(bad{why})
	}
	return c
}

// try reads and returns why that could not be. A filter that is too large is no matter of how it is read.
func (t *text) try(read func()) (why *Fault) {
	defer func() {
		if r := recover(); r != nil {
			gave, ours := r.(bad)
			if !ours || gave.Key == "large" {
				panic(r)
			}
			why = gave.Fault
		}
	}()
	read()
	return nil
}

// comparison reads what is said of a value.
func (t *text) comparison(left filter.Value, depth int) filter.Condition {
	for _, op := range []filter.Op{filter.Equal, filter.Unequal, filter.LessEqual, filter.GreaterEqual, filter.Less, filter.Greater} {
		if t.sign(string(op)) {
			return t.compare(op, left, t.sum(depth))
		}
	}
	if t.word("is") {
		not := t.word("not")
		t.must(t.word("null"))
		return negated(not, t.null(left))
	}
	not := t.word("not")
	switch {
	case t.word("like"):
		return negated(not, t.like(left, t.sum(depth)))
	case t.word("between"):
		low := t.sum(depth)
		t.must(t.word("and"))
		return negated(not, t.between(left, low, t.sum(depth)))
	case t.word("in"):
		t.must(t.sign("("))
		list := []filter.Value{t.sum(depth)}
		for t.sign(",") {
			t.part(depth)
			list = append(list, t.sum(depth))
		}
		t.must(t.sign(")"))
		return negated(not, t.in(left, list))
	}
	t.lost()
	return nil
}

func negated(not bool, c filter.Condition) filter.Condition {
	if not {
		return filter.Not{Of: c}
	}
	return c
}

// sum, product and value read values, the tighter bound within the looser.
func (t *text) sum(depth int) filter.Value {
	t.part(depth)
	v := t.product(depth + 1)
	for t.now.kind == sign && (t.now.text == "+" || t.now.text == "-") {
		t.part(depth)
		op := t.now.text[0]
		t.next()
		v = t.arithmetic(op, v, t.product(depth+1))
	}
	return v
}

func (t *text) product(depth int) filter.Value {
	v := t.value(depth)
	for t.now.kind == sign && (t.now.text == "*" || t.now.text == "/") {
		t.part(depth)
		op := t.now.text[0]
		t.next()
		v = t.arithmetic(op, v, t.value(depth))
	}
	return v
}

func (t *text) value(depth int) filter.Value {
	word := t.now
	switch {
	case t.sign("-"):
		word = t.now
		if word.kind != number {
			t.part(depth)
			return t.arithmetic('-', filter.Literal{Is: 0.0}, t.value(depth+1))
		}
		t.next()
		return t.number("-" + word.text)
	case t.sign("+"):
		t.part(depth)
		return t.value(depth + 1)
	case t.sign("("):
		v := t.sum(depth + 1)
		t.must(t.sign(")"))
		return v
	case word.kind == number:
		t.next()
		return t.number(word.text)
	case word.kind == literal:
		t.next()
		return t.text(word.text)
	case word.kind == quotedName:
		t.next()
		return t.property(word.text)
	case t.word("true"):
		return filter.Literal{Is: true}
	case t.word("false"):
		return filter.Literal{Is: false}
	case t.word("casei"):
		t.must(t.sign("("))
		t.part(depth)
		v := t.fold(t.value(depth + 1))
		t.must(t.sign(")"))
		return v
	case word.kind == name && !reserved[strings.ToLower(word.text)]:
		t.next()
		return t.property(word.text)
	}
	t.lost()
	return nil
}

// reserved are the words that name no property unless they are quoted.
var reserved = map[string]bool{"and": true, "or": true, "not": true, "like": true, "between": true, "in": true, "is": true, "null": true}

var wktForm = regexp.MustCompile(`(?i)^(point|linestring|polygon|multilinestring|multipolygon|multipoint|geometrycollection)\s*(z|m|zm)?\s*(\(|empty)`)

// place reads one side of a spatial relation.
func (t *text) place() place {
	word := t.now
	if word.kind == quotedName && word.text == GeometryProperty {
		t.next()
		return place{own: true}
	}
	if t.word(GeometryProperty) {
		return place{own: true}
	}
	if t.word("bbox") {
		t.must(t.sign("("))
		at := []float64{t.signed()}
		for t.sign(",") && len(at) < 7 {
			at = append(at, t.signed())
		}
		t.must(t.sign(")"))
		return place{place: t.box(at)}
	}
	if word.kind != name || !wktForm.MatchString(t.all[word.start:]) {
		if word.kind == name || word.kind == quotedName {
			t.property(word.text) // says which there are
		}
		t.lost()
	}
	// Well-known text ends with the parenthesis that closes its first.
	depth := 0
	for i := word.start; i < len(t.all); i++ {
		switch t.all[i] {
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				t.at = i + 1
				t.next()
				return place{place: t.read([]byte(t.all[word.start : i+1]))}
			}
		}
	}
	fail("end", nil)
	return place{}
}

// signed reads a number with a sign.
func (t *text) signed() float64 {
	minus := t.sign("-")
	word := t.now
	if word.kind != number {
		t.lost()
	}
	t.next()
	n, err := strconv.ParseFloat(word.text, 64)
	if err != nil {
		fail("number", words.Args{"text": importers.Excerpt(word.text)})
	}
	if minus {
		return -n
	}
	return n
}
