package postgis

import (
	"encoding/json"
	"regexp"
	"strconv"
	"strings"

	"gridwright/plan/filter"
)

// pathFilter is a condition as the queries take it: in PostgreSQL's path language for JSON, which is handed over like any other value.
// So the text of a statement never depends on what somebody asked for.
type pathFilter struct {
	path      *string  // null for no condition
	vars      string   // an object: the literals the path names
	relations []string // of the places asked about, by the number the path names them by
	places    [][]byte // EWKB
}

// newPathFilter translates a condition, nil for none. The path is written without negation: not before a condition is taken into it,
// so that what is unknown of a thing is never taken for true.
func newPathFilter(c filter.Condition) (pathFilter, error) {
	f := pathFilter{vars: "{}", relations: []string{}, places: [][]byte{}}
	if c == nil {
		return f, nil
	}
	t := translation{vars: map[string]any{}, filter: &f}
	path := t.condition(c, false)
	if t.err != nil {
		return f, t.err
	}
	vars, err := json.Marshal(t.vars)
	f.path, f.vars = &path, string(vars)
	return f, err
}

type translation struct {
	vars   map[string]any
	filter *pathFilter
	err    error
}

// condition writes a condition, or what is true where it is false.
func (t *translation) condition(c filter.Condition, not bool) string {
	switch c := c.(type) {
	case filter.Constant:
		return map[bool]string{true: "(1 == 1)", false: "(1 == 0)"}[bool(c) != not]
	case filter.And:
		return t.joined(c, not, not)
	case filter.Or:
		return t.joined(c, not, !not)
	case filter.Not:
		return t.condition(c.Of, !not)
	case filter.Compare:
		return t.compare(c, not)
	case filter.Like:
		return t.like(c.Of, pattern(c.Pattern), c.Fold, not)
	case filter.Same:
		return t.like(c.Of, regexp.QuoteMeta(c.To), true, not)
	case filter.Null:
		return "(" + member(c.Of.Name) + map[bool]string{false: " == null)", true: " != null)"}[not]
	case filter.Spatial:
		return t.spatial(c, not)
	}
	panic("a condition of no kind")
}

// joined writes parts with "or" or "and" between them.
func (t *translation) joined(parts []filter.Condition, not, or bool) string {
	if len(parts) == 0 {
		return t.condition(filter.Constant(!or), false)
	}
	written := make([]string, len(parts))
	for i, p := range parts {
		written[i] = t.condition(p, not)
	}
	return "(" + strings.Join(written, map[bool]string{true: " || ", false: " && "}[or]) + ")"
}

func (t *translation) compare(c filter.Compare, not bool) string {
	op := c.Op
	if not {
		op = op.Opposite()
	}
	sign := map[filter.Op]string{filter.Equal: "==", filter.Unequal: "!="}[op]
	if sign == "" {
		sign = string(op)
	}
	written := "(" + t.value(c.Left) + " " + sign + " " + t.value(c.Right) + ")"
	if op == filter.Unequal { // to which null is
		for _, p := range append(properties(c.Left), properties(c.Right)...) {
			written = "(" + written + " && " + member(p) + " != null)"
		}
	}
	return written
}

// properties returns the names of the properties a value is made of.
func properties(v filter.Value) []string {
	switch v := v.(type) {
	case filter.Property:
		return []string{v.Name}
	case filter.Arithmetic:
		return append(properties(v.Left), properties(v.Right)...)
	}
	return nil
}

func (t *translation) value(v filter.Value) string {
	switch v := v.(type) {
	case filter.Property:
		return member(v.Name)
	case filter.Literal:
		name := "v" + strconv.Itoa(len(t.vars))
		t.vars[name] = v.Is
		return "$" + name
	case filter.Arithmetic:
		return "(" + t.value(v.Left) + " " + string(v.Op) + " " + t.value(v.Right) + ")"
	}
	panic("a value of no kind")
}

// like writes that a text is of a regular expression.
func (t *translation) like(of filter.Property, expression string, fold, not bool) string {
	flag := ` flag "s"`
	if fold {
		flag = ` flag "is"`
	}
	written := "(" + member(of.Name) + " like_regex " + quoted("^"+expression+"$") + flag + ")"
	if not {
		written = "(!" + written + " && " + member(of.Name) + " != null)"
	}
	return written
}

// pattern makes a regular expression of a pattern of LIKE.
func pattern(like string) string {
	var b strings.Builder
	escaped, any := false, false
	for _, r := range like {
		if any && r == '%' {
			continue
		}
		any = r == '%' && !escaped
		switch {
		case escaped:
			b.WriteString(regexp.QuoteMeta(string(r)))
			escaped = false
		case r == '\\':
			escaped = true
		case r == '%':
			b.WriteString(".*")
		case r == '_':
			b.WriteString(".")
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return b.String()
}

func (t *translation) spatial(c filter.Spatial, not bool) string {
	place, err := geometryEWKB(c.To)
	if err != nil {
		t.err = err
		return ""
	}
	n := strconv.Itoa(len(t.filter.places))
	t.filter.relations, t.filter.places = append(t.filter.relations, string(c.Relation)), append(t.filter.places, place)
	return `($." places"[` + n + "] == " + strconv.FormatBool(!not) + ")" // which the queries put beside the properties
}

// member writes a thing's value of a property.
func member(name string) string { return "$." + quoted(name) }

// quoted writes a string of the path language, which has them as JSON does.
func quoted(s string) string {
	b, err := json.Marshal(s)
	if err != nil {
		panic(err) // a string
	}
	return string(b)
}
