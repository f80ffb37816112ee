package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the table as UTF-8 with a byte order mark, which spreadsheets need to read Chinese, and CRLF (RFC 4180).
// The first line is the head, then come the rows and the totals. What the report rests on follows after an empty line,
// a label and a value in the first two fields each, so that a program can stop at that line; all records have as many fields
// as the head. A text that a spreadsheet would take for a formula is preceded by an apostrophe. Shares and deviations are fractions.
func (t *Table) WriteCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	heads := make([]string, len(t.Columns))
	for i, c := range t.Columns {
		heads[i] = c.Head
	}
	out.Write(heads) // the writer keeps its first error until Flush
	cells := make([]string, len(t.Columns))
	put := func(row []any) {
		for i, v := range row {
			cells[i] = cell(v)
		}
		out.Write(cells)
	}
	for row := range t.Rows {
		put(row)
	}
	if t.Totals != nil {
		if totals := t.Totals(); totals != nil {
			put(totals)
		}
	}
	out.Flush()
	if _, err := io.WriteString(w, "\r\n"); err != nil {
		return err
	}
	for _, line := range t.Stamp {
		record := make([]string, max(2, len(t.Columns)))
		record[0], record[1] = harmless(line.Label), harmless(line.Value)
		out.Write(record)
	}
	out.Flush()
	return out.Error()
}

func cell(v any) string {
	switch v := v.(type) {
	case string:
		return harmless(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return strconv.FormatFloat(v, 'f', 6, 64)
	}
	return ""
}

// harmless keeps a spreadsheet from taking a text for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r\n", rune(s[0])) {
		return "'" + s
	}
	return s
}
