package report

import (
	"iter"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
)

// Table is a report before it has a format.
type Table struct {
	Kind    string // T1; empty for a list that is no report
	Title   string
	Warning string          // stands under the title; empty for none
	Columns []Column        // the first counts the rows or names them
	Rows    iter.Seq[[]any] // one value a column: string, int64, float64, or nil for an empty cell; they can be gone through once and again
	Totals  func() []any    // called after the rows; nil, or nil from it, for none
	Nothing string          // said in the place of the rows where there are none
	Notes   []string        // stand below the rows
	Stamp   []StampLine     // what the report rests on
	Signs   []string        // places to sign, empty to be filled by hand
	Pages   string          // the foot of each page, in the words of a spreadsheet: &P of &N
	Paper   Size            // what it is printed on, across
}

// StampLine is one fact of what a report rests on. Its key is the same in all languages.
type StampLine struct{ Key, Label, Value string }

// Column is a column's head and how its values are written.
type Column struct {
	Key   string // the same in all languages: what programs and saved choices call it
	Group string // a heading over neighbours with the same group
	Head  string
	Note  string // whom a count counts, and of which day; stands under the head
	Kind  ColumnKind
	Width float64 // in characters of the body
	Extra bool    // is there only when it is asked for
	Sum   bool    // is added up in the totals
}

// ColumnKind is how values are written.
type ColumnKind uint8

// The kinds of column.
const (
	Text    ColumnKind = iota
	Count              // whole, with thousands
	Number             // with one decimal
	Percent            // a fraction, as a percentage with one decimal
	Signed             // likewise, with its sign
)

// Size is a size of paper.
type Size uint8

// The sizes.
const (
	A3 Size = iota
	A4
)

// head returns a column's head with its note below.
func (c Column) head() string {
	if c.Note == "" {
		return c.Head
	}
	return c.Head + "\n" + c.Note
}

// having parts keys into those the table has a column of and those it has not, each in order.
func (t *Table) having(keys []string) (there, missing []string) {
	for _, key := range keys {
		if slices.ContainsFunc(t.Columns, func(c Column) bool { return c.Key == key }) {
			there = append(there, key)
		} else {
			missing = append(missing, key)
		}
	}
	return there, missing
}

// choose keeps the columns of the keys, in their order; without keys all that are no extras. A key that is none is an Invalid fault.
func (t *Table) choose(keys []string) error {
	var at []int
	if len(keys) == 0 {
		for i, c := range t.Columns {
			if !c.Extra {
				at = append(at, i)
			}
		}
	}
	for _, key := range keys {
		i := slices.IndexFunc(t.Columns, func(c Column) bool { return c.Key == key })
		if i < 0 {
			return &fault{"column", words.Args{"column": key, "kind": t.Kind, "columns": t.keys()}}
		}
		at = append(at, i)
	}
	if len(at) == len(t.Columns) && slices.IsSorted(at) {
		return nil
	}
	chosen := make([]Column, len(at))
	for i, from := range at {
		chosen[i] = t.Columns[from]
	}
	pick := func(row []any) []any {
		if row == nil {
			return nil
		}
		picked := make([]any, len(at))
		for i, from := range at {
			picked[i] = row[from]
		}
		return picked
	}
	rows, totals := t.Rows, t.Totals
	t.Columns = chosen
	t.Rows = func(yield func([]any) bool) {
		for row := range rows {
			if !yield(pick(row)) {
				return
			}
		}
	}
	if totals != nil {
		t.Totals = func() []any { return pick(totals()) }
	}
	return nil
}

func (t *Table) keys() []string {
	keys := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		keys[i] = c.Key
	}
	return keys
}

// summing has the rows add up the columns that say so: the totals, with the label of the total in the column of the key.
func (t *Table) summing(key string, label func(rows int) string) {
	sums := make([]int64, len(t.Columns))
	known := make([]bool, len(t.Columns))
	n, rows, columns := 0, t.Rows, t.Columns
	t.Rows = func(yield func([]any) bool) {
		clear(sums)
		clear(known)
		n = 0
		for row := range rows {
			n++
			for i, v := range row {
				if v, ok := v.(int64); ok && columns[i].Sum {
					sums[i] += v
					known[i] = true
				}
			}
			if !yield(row) {
				return
			}
		}
	}
	t.Totals = func() []any {
		if n == 0 {
			return nil
		}
		totals := make([]any, len(columns))
		for i, c := range columns {
			switch {
			case c.Key == key:
				totals[i] = label(n)
			case known[i]:
				totals[i] = sums[i]
			}
		}
		return totals
	}
}

// numbered puts the number of the row first.
func numbered(rows iter.Seq[[]any]) iter.Seq[[]any] {
	return func(yield func([]any) bool) {
		n := int64(0)
		for row := range rows {
			n++
			if !yield(append([]any{n}, row...)) {
				return
			}
		}
	}
}

// whole returns a count for a cell.
func whole[T ~int | ~int32 | ~int64](n T) any { return int64(n) }

// known returns a count for a cell, an empty one where nothing is known.
func known(n int64, is bool) any {
	if !is {
		return nil
	}
	return n
}

// measured returns the count of a measure for a cell, an empty one where the ground has none of it.
func measured(s *plan.Snapshot, m plan.Measure, loads []float64) any {
	if i := s.Ground.MeasureIndex(m); i >= 0 {
		return int64(loads[i])
	}
	return nil
}
