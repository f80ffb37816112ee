package report

// table is a report before it has a format.
type table struct {
	title   string
	warning string   // stands under the title; empty for none
	columns []column // the first is the row's number
	rows    [][]any  // one value a column: string, int64, float64, or nil for an empty cell
	totals  []any
	stamp   [][2]string // what the report rests on: label and value
	signs   []string    // places to sign, empty to be filled by hand
	pages   string      // the foot of each page
}

// column is a column's head and how its values are written.
type column struct {
	group string // a heading over neighbours with the same group
	head  string
	kind  kind
	width float64 // in characters of the body
}

// kind is how values are written.
type kind uint8

const (
	text    kind = iota
	count        // whole, with thousands
	percent      // a signed fraction, as a percentage with one decimal
)
