package intake

import (
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"slices"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan/words"
)

// One bad row keeps a file out, unless it was decided to leave the bad rows out. What is refused of the file as a whole keeps it out in any
// case. The rows that were refused can be had as they are in the file, to be mended and brought alone.

// outcast is what is known of the rows that were refused.
type outcast struct {
	rows  map[importers.Place][]Refused // by where they stand, with their reasons
	whole bool                          // something is wrong with the file, not with a row
	late  bool                          // rows can be left out no more: whatever is refused now is refused of the whole
	codes map[string]bool               // of the rows, once leftOut was asked
}

// markRefused remembers a refusal.
func (j *job) markRefused(at importers.Place, r Refused) {
	if at == (importers.Place{}) || j.out.late {
		j.out.whole = true
	}
	if at == (importers.Place{}) {
		return
	}
	if j.out.rows == nil {
		j.out.rows = map[importers.Place][]Refused{}
	}
	if _, twice := j.out.rows[at]; !twice {
		j.report.RefusedRows++
	}
	j.out.rows[at] = append(j.out.rows[at], r)
}

// refused reports whether the file is kept out by what was refused so far.
func (j *job) refused() bool {
	return j.report.RefusedTotal > 0 && (j.out.whole || !j.SkipRefused)
}

// leaveOut takes the refused rows away, where that was decided, and counts what is left.
func (j *job) leaveOut() {
	if !j.SkipRefused || len(j.out.rows) == 0 || j.out.whole {
		return
	}
	gone := func(at importers.Place) bool { return j.out.rows[at] != nil }
	j.records = slices.DeleteFunc(j.records, func(r record) bool { return gone(r.place) })
	j.tables = slices.DeleteFunc(j.tables, func(t tallied) bool { return gone(t.place) })
	j.listed = slices.DeleteFunc(j.listed, func(l listed) bool { return gone(l.place) })
	j.organised = slices.DeleteFunc(j.organised, func(o organised) bool { return gone(o.place) })
	clear(j.report.Sums)
	for _, r := range j.records {
		for m, n := range r.counts {
			j.report.Sums[m] += n
		}
	}
	for _, t := range j.tables {
		j.sum(t.tallies)
	}
	j.report.Taken = max(len(j.records), len(j.tables), len(j.listed), len(j.organised))
	if j.report.Taken == 0 {
		j.refuse(importers.Place{}, Refused{Key: "skip.nothing"}, words.Args{"n": j.report.RefusedRows})
	}
}

// leftOut reports whether the row of a code was left out. What is stored under the code stays: the file does name it.
func (j *job) leftOut(code string) bool {
	if !j.SkipRefused || len(j.out.rows) == 0 {
		return false
	}
	if j.out.codes == nil {
		j.out.codes = map[string]bool{}
		for _, reasons := range j.out.rows {
			for _, r := range reasons {
				j.out.codes[r.Code] = true
			}
		}
	}
	return j.out.codes[code]
}

// RefusedRows are rows as they are in the file, with why they were refused.
type RefusedRows struct {
	Columns []string     `json:"columns"` // none of those that are about persons
	Rows    []RefusedRow `json:"rows"`    // in the order of the file; no more than maxKept
	Total   int          `json:"total"`
}

// RefusedRow is one of them.
type RefusedRow struct {
	Cells  []string          `json:"cells"`  // one entry a column
	Place  map[string]string `json:"place"`  // by language
	Field  string            `json:"field"`  // of the first reason; empty where it is about the whole row
	Reason map[string]string `json:"reason"` // by language, all of them

	code     string
	geometry json.RawMessage // GeoJSON of a polygon; nil for none
}

// maxKept is how many refused rows are kept.
const maxKept = 10_000

// wktColumn is the column that has the geometry of rows, in degrees.
const wktColumn = "wkt"

// errEnough ends the reading of a file of which enough was seen.
var errEnough = errors.New("enough")

// RowsRefused reads the file again and returns the rows that were refused, nil where none was. It may be called while the file is still there.
func (r *Report) RowsRefused(ctx context.Context, o Order) (*RefusedRows, error) {
	if len(r.out.rows) == 0 {
		return nil, nil
	}
	var rows []importers.Row
	found, err := importers.ReadFile(ctx, o.File, o.Form, func(row importers.Row) error {
		if r.out.rows[row.Place] == nil {
			return nil
		}
		if rows = append(rows, row); len(rows) == maxKept {
			return errEnough
		}
		return nil
	})
	if _, ok := errors.AsType[*importers.Fault](err); err != nil && !ok && !errors.Is(err, errEnough) {
		return nil, err
	}
	kept := &RefusedRows{Columns: columnsOf(found, rows), Total: r.RefusedRows, Rows: []RefusedRow{}}
	kept.Columns = slices.DeleteFunc(kept.Columns, func(c string) bool {
		values := valuesOf(c, rows)
		return Personal(c, values) || importers.IsPlaceColumn(c) && !slices.ContainsFunc(values, func(v string) bool { return v != "" })
	})
	drawn := slices.ContainsFunc(rows, func(row importers.Row) bool { return wktOf(row.Geometry) != "" })
	for _, row := range rows {
		cells := make([]string, len(kept.Columns), len(kept.Columns)+1)
		for i, c := range kept.Columns {
			if cell := row.Values[c].Text; !importers.IsPersonal(cell) {
				cells[i] = cell
			}
		}
		if drawn {
			cells = append(cells, wktOf(row.Geometry))
		}
		told := RefusedRow{Cells: cells, Place: map[string]string{}, Reason: map[string]string{}, Field: r.out.rows[row.Place][0].Field,
			code: r.out.rows[row.Place][0].Code}
		if len(row.Shape) > 0 {
			if told.geometry, err = geoJSON(row.Shape); err != nil {
				return nil, err
			}
		}
		for _, l := range words.Langs {
			var reasons []string
			for _, reason := range r.out.rows[row.Place] {
				reasons = append(reasons, reason.said.In(l))
			}
			told.Place[l.String()], told.Reason[l.String()] = row.Place.In(l), words.List(reasons, l)
		}
		kept.Rows = append(kept.Rows, told)
	}
	if drawn {
		kept.Columns = append(kept.Columns, wktColumn)
	}
	return kept, nil
}

// CSV writes the rows for a spreadsheet, in UTF-8 with a byte order mark: their columns, then place, field and reason in a language. A text
// that a spreadsheet would take for a formula is preceded by an apostrophe.
func (r *RefusedRows) CSV(w io.Writer, l words.Lang) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w)
	head := slices.Clone(r.Columns)
	for _, name := range []string{"place", "field", "reason"} {
		head = append(head, Sentences.Say(l, "refused."+name, nil))
	}
	lines := [][]string{head}
	for _, row := range r.Rows {
		lines = append(lines, append(slices.Clone(row.Cells), row.Place[l.String()], row.Field, row.Reason[l.String()]))
	}
	for _, line := range lines {
		for i, cell := range line {
			line[i] = harmless(cell)
		}
		if err := out.Write(line); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// harmless keeps a spreadsheet from taking a text for a formula. Numbers below zero are none.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) && !decimal.MatchString(s) {
		return "'" + s
	}
	return s
}

// columnsOf returns the columns of rows in the order of the file where that is known, else by name.
func columnsOf(found importers.Found, rows []importers.Row) []string {
	if len(found.Columns) > 0 {
		return slices.Clone(found.Columns)
	}
	names := map[string]bool{}
	for _, row := range rows {
		for name := range row.Values {
			names[name] = true
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// valuesOf returns what a column says in rows.
func valuesOf(column string, rows []importers.Row) []string {
	values := make([]string, len(rows))
	for i, row := range rows {
		values[i] = row.Values[column].Text
	}
	return values
}

// wktOf writes a geometry as well-known text in degrees, empty for none.
func wktOf(g importers.Geometry) string {
	switch {
	case len(g.Shape) > 0:
		parts := make([]string, len(g.Shape))
		for i, p := range g.Shape {
			rings := make([]string, len(p))
			for k, ring := range p {
				rings[k] = wktPoints(append(slices.Clone([]crs.Point(ring)), ring[0]))
			}
			parts[i] = "(" + strings.Join(rings, ",") + ")"
		}
		return "MULTIPOLYGON(" + strings.Join(parts, ",") + ")"
	case len(g.Lines) > 0:
		parts := make([]string, len(g.Lines))
		for i, line := range g.Lines {
			parts[i] = wktPoints(line)
		}
		return "MULTILINESTRING(" + strings.Join(parts, ",") + ")"
	case len(g.Points) == 1:
		return "POINT" + wktPoints(g.Points)
	}
	return ""
}

func wktPoints(points []crs.Point) string {
	texts := make([]string, len(points))
	for i, p := range points {
		texts[i] = degrees(p.Lon.Degrees()) + " " + degrees(p.Lat.Degrees())
	}
	return "(" + strings.Join(texts, ",") + ")"
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 7, 64) }

// JSON returns the rows as they are kept, nil for none.
func (r *RefusedRows) JSON() (json.RawMessage, error) {
	if r == nil {
		return nil, nil
	}
	return json.Marshal(r)
}
