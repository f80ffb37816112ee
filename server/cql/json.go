package cql

import (
	"encoding/json"
	"strings"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan/filter"
	"gridwright/plan/words"
)

// JSON reads a filter in CQL2 JSON whose places are in a system. It returns a *Fault for one that cannot be read or speaks of what is
// not among the properties.
func JSON(s string, properties Properties, system crs.System) (c filter.Condition, err error) {
	defer caught(&c, &err)
	if !json.Valid([]byte(s)) { // which bounds its depth as well
		fail("json", words.Args{"text": importers.Excerpt(s)})
	}
	d := &document{reader{properties: properties, system: system}}
	return d.condition([]byte(s), 0), nil
}

// document is a filter being read.
type document struct{ reader }

// operation is what most of a filter is made of.
type operation struct {
	Op       string
	Args     []json.RawMessage
	Property *string
	Box      []float64 `json:"bbox"`
}

func (d *document) operation(raw json.RawMessage) operation {
	var o operation
	if err := json.Unmarshal(raw, &o); err != nil {
		fail("json", words.Args{"text": importers.Excerpt(string(raw))})
	}
	return o
}

// args returns the arguments of an operation, which must be so many.
func (o operation) args(n int) []json.RawMessage {
	if len(o.Args) != n {
		fail("args", words.Args{"op": importers.Excerpt(o.Op), "n": n})
	}
	return o.Args
}

func (d *document) condition(raw json.RawMessage, depth int) filter.Condition {
	d.part(depth)
	switch strings.TrimSpace(string(raw)) {
	case "true":
		return filter.Constant(true)
	case "false":
		return filter.Constant(false)
	}
	o := d.operation(raw)
	if r := relation(o.Op); r != "" {
		a := o.args(2)
		return d.spatial(r, d.place(a[0]), d.place(a[1]))
	}
	switch op := strings.ToLower(o.Op); op {
	case "and", "or":
		if len(o.Args) < 2 {
			fail("args", words.Args{"op": op, "n": 2})
		}
		parts := make([]filter.Condition, len(o.Args))
		for i, a := range o.Args {
			parts[i] = d.condition(a, depth+1)
		}
		if op == "and" {
			return filter.And(parts)
		}
		return filter.Or(parts)
	case "not":
		return filter.Not{Of: d.condition(o.args(1)[0], depth+1)}
	case "=", "<>", "<", "<=", ">", ">=":
		a := o.args(2)
		return d.compare(filter.Op(op), d.value(a[0], depth+1), d.value(a[1], depth+1))
	case "like":
		a := o.args(2)
		return d.like(d.value(a[0], depth+1), d.value(a[1], depth+1))
	case "between":
		a := o.args(3)
		return d.between(d.value(a[0], depth+1), d.value(a[1], depth+1), d.value(a[2], depth+1))
	case "in":
		a := o.args(2)
		var list []json.RawMessage
		if err := json.Unmarshal(a[1], &list); err != nil || len(list) == 0 {
			fail("json", words.Args{"text": importers.Excerpt(string(a[1]))})
		}
		values := make([]filter.Value, len(list))
		for i, v := range list {
			values[i] = d.value(v, depth+1)
		}
		return d.in(d.value(a[0], depth+1), values)
	case "isnull":
		return d.null(d.value(o.args(1)[0], depth+1))
	case "":
		fail("json", words.Args{"text": importers.Excerpt(string(raw))})
	}
	fail("op", words.Args{"op": importers.Excerpt(o.Op)})
	return nil
}

func (d *document) value(raw json.RawMessage, depth int) filter.Value {
	d.part(depth)
	switch s := strings.TrimSpace(string(raw)); s[0] {
	case '"':
		var text string
		if err := json.Unmarshal(raw, &text); err != nil {
			fail("json", words.Args{"text": importers.Excerpt(s)})
		}
		return d.text(text)
	case 't', 'f':
		return filter.Literal{Is: s == "true"}
	case '{':
		o := d.operation(raw)
		switch op := strings.ToLower(o.Op); {
		case o.Property != nil:
			return d.property(*o.Property)
		case op == "+" || op == "-" || op == "*" || op == "/":
			a := o.args(2)
			return d.arithmetic(op[0], d.value(a[0], depth+1), d.value(a[1], depth+1))
		case op == "casei":
			return d.fold(d.value(o.args(1)[0], depth+1))
		}
		fail("op", words.Args{"op": importers.Excerpt(o.Op)})
	case '[', 'n':
		fail("json", words.Args{"text": importers.Excerpt(s)})
	}
	return d.number(strings.TrimSpace(string(raw)))
}

func (d *document) place(raw json.RawMessage) place {
	o := d.operation(raw)
	switch {
	case o.Property != nil && *o.Property == GeometryProperty:
		return place{own: true}
	case o.Property != nil:
		d.property(*o.Property) // says which there are
		fail("places", words.Args{"name": GeometryProperty})
	case o.Box != nil:
		return place{place: d.box(o.Box)}
	}
	return place{place: d.read(raw)}
}
