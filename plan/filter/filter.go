// Package filter holds conditions on things: on their properties and on where they lie. Whoever reads a filter language makes
// conditions, whoever keeps things asks for those that fit.
//
// A condition is true, false or, where a property it looks at is null, unknown; a thing fits where it is true.
package filter

import "gridwright/plan"

// Condition is one of the types below.
type Condition interface{ condition() }

// The conditions.
type (
	// Constant is always true, or always false.
	Constant bool
	// And is true where all of its parts are, an empty one everywhere.
	And []Condition
	// Or is true where any of its parts is, an empty one nowhere.
	Or []Condition
	// Not is the other way round.
	Not struct{ Of Condition }
	// Compare is true where two values of one kind stand in a relation. Texts are compared by their code points.
	Compare struct {
		Op          Op
		Left, Right Value
	}
	// Like is true where a text is of a pattern: % stands for any letters, _ for one, a backslash takes the meaning of the next.
	Like struct {
		Of      Property
		Pattern string
		Fold    bool // capital and small letters are the same
	}
	// Same is true where a text is another but for capital and small letters.
	Same struct {
		Of Property
		To string
	}
	// Null is true where a thing has no value of a property.
	Null struct{ Of Property }
	// Spatial is true where a thing lies to a place as the relation says; a thing without a place lies nowhere.
	Spatial struct {
		Relation Relation
		To       plan.Geometry
	}
)

func (Constant) condition() {}
func (And) condition()      {}
func (Or) condition()       {}
func (Not) condition()      {}
func (Compare) condition()  {}
func (Like) condition()     {}
func (Same) condition()     {}
func (Null) condition()     {}
func (Spatial) condition()  {}

// Op is how two values compare.
type Op string

// The ops.
const (
	Equal        Op = "="
	Unequal      Op = "<>"
	Less         Op = "<"
	LessEqual    Op = "<="
	Greater      Op = ">"
	GreaterEqual Op = ">="
)

// Opposite returns the op that is true where this one is false.
func (o Op) Opposite() Op {
	return map[Op]Op{Equal: Unequal, Unequal: Equal, Less: GreaterEqual, GreaterEqual: Less, Greater: LessEqual, LessEqual: Greater}[o]
}

// Relation is how a thing lies to a place.
type Relation string

// The relations, as the simple features of the OGC define them.
const (
	Intersects Relation = "intersects"
	Disjoint   Relation = "disjoint"
	Equals     Relation = "equals"
	Touches    Relation = "touches"
	Within     Relation = "within"
	Contains   Relation = "contains"
	Overlaps   Relation = "overlaps"
	Crosses    Relation = "crosses"
)

// Relations lists them all.
var Relations = []Relation{Intersects, Disjoint, Equals, Touches, Within, Contains, Overlaps, Crosses}

// Kind is what a value is.
type Kind uint8

// The kinds.
const (
	Text Kind = iota
	Number
	Truth
)

// Value is a Property, a Literal or Arithmetic.
type Value interface{ Kind() Kind }

// Property is a thing's value of that name.
type Property struct {
	Name string
	Of   Kind
}

// Kind returns the property's kind.
func (p Property) Kind() Kind { return p.Of }

// Literal is a string, a float64 or a bool.
type Literal struct{ Is any }

// Kind returns the kind of what the literal is.
func (l Literal) Kind() Kind {
	switch l.Is.(type) {
	case float64:
		return Number
	case bool:
		return Truth
	}
	return Text
}

// Arithmetic is two numbers put together by one of + - * /. A number divided by 0 is unknown.
type Arithmetic struct {
	Op          byte
	Left, Right Value
}

// Kind returns Number.
func (Arithmetic) Kind() Kind { return Number }
