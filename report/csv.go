package report

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
)

// writeCSV writes the table as UTF-8 with a byte order mark, which spreadsheets need to read Chinese, and CRLF (RFC 4180).
// The first line is the head, then come the rows and the totals. What the report rests on follows after an empty line,
// a label and a value in the first two fields each, so that a program can stop at that line; all records have as many fields
// as the head. A text that a spreadsheet would take for a formula is preceded by an apostrophe. Deviations are fractions.
func (t *table) writeCSV(w io.Writer) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	out.UseCRLF = true
	heads := make([]string, len(t.columns))
	for i, c := range t.columns {
		heads[i] = c.head
	}
	out.Write(heads) // the writer keeps its first error until Flush
	for _, row := range append(t.rows[:len(t.rows):len(t.rows)], t.totals) {
		cells := make([]string, len(row))
		for i, v := range row {
			cells[i] = cell(v)
		}
		out.Write(cells)
	}
	out.Flush()
	if _, err := io.WriteString(w, "\r\n"); err != nil {
		return err
	}
	for _, line := range t.stamp {
		record := make([]string, len(t.columns))
		record[0], record[1] = harmless(line[0]), harmless(line[1])
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
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}
