package report

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
)

// jsonColumn is a column as JSON tells it.
type jsonColumn struct {
	Key   string `json:"key"`
	Group string `json:"group,omitempty"`
	Head  string `json:"head"`
	Note  string `json:"note,omitempty"`
	Kind  string `json:"kind"` // text, count, number or fraction
}

var jsonKinds = map[ColumnKind]string{Text: "text", Count: "count", Number: "number", Percent: "fraction", Signed: "fraction"}

// WriteJSON writes the table as one document: kind, title, warning, columns, rows as objects by the columns' keys (null where a cell is
// empty), totals (null for none), notes, and by key what the report rests on.
func (t *Table) WriteJSON(w io.Writer) error {
	out := bufio.NewWriter(w)
	columns := make([]jsonColumn, len(t.Columns))
	for i, c := range t.Columns {
		columns[i] = jsonColumn{c.Key, c.Group, c.Head, c.Note, jsonKinds[c.Kind]}
	}
	stamp := map[string]string{}
	for _, line := range t.Stamp {
		stamp[line.Key] = line.Value
	}
	var fault error
	put := func(before string, v any) {
		text, err := json.Marshal(v)
		if err != nil && fault == nil {
			fault = err
		}
		out.WriteString(before) // the writer keeps its first error until Flush
		out.Write(text)
	}
	put(`{"kind":`, t.Kind)
	put(`,"title":`, t.Title)
	put(`,"warning":`, t.Warning)
	put(`,"stamp":`, stamp)
	put(`,"columns":`, columns)
	before := `,"rows":[` + "\n"
	for row := range t.Rows {
		put(before, t.object(row))
		before = ",\n"
	}
	if before != ",\n" {
		out.WriteString(before)
	}
	out.WriteString("]")
	var totals map[string]any
	if t.Totals != nil {
		if row := t.Totals(); row != nil {
			totals = t.object(row)
		}
	}
	put(`,"totals":`, totals)
	put(`,"notes":`, append([]string{}, t.Notes...))
	out.WriteString("}\n")
	if fault != nil {
		return fault
	}
	return out.Flush()
}

func (t *Table) object(row []any) map[string]any {
	o := make(map[string]any, len(row))
	for i, v := range row {
		if f, ok := v.(float64); ok && (math.IsNaN(f) || math.IsInf(f, 0)) {
			v = nil
		}
		o[t.Columns[i].Key] = v
	}
	return o
}
