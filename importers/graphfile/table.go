package graphfile

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"gridwright/geo/blockgraph"
	"gridwright/plan/words"
)

// Source is a file that is open, under the name by which a user knows it. What is gzipped is read as what it holds.
type Source struct {
	Name string
	Data io.Reader
}

// table reads a CSV file with a header row by row; memory does not grow with the number of rows.
type table struct {
	name    string
	rows    *csv.Reader
	columns []string
	row     []string
	line    int
	fields  int // of the row that was read last, be it right or wrong
}

// mostBytes is the longest line that is read; a quote that is never closed makes a line of the rest of the file.
const mostBytes = 1 << 20

func open(s Source) (*table, error) {
	t := &table{name: s.Name}
	plain, err := unzip(bufio.NewReader(s.Data))
	if err != nil {
		return nil, t.unreadable(err)
	}
	if mark, _ := plain.Peek(3); bytes.Equal(mark, []byte("\xef\xbb\xbf")) {
		plain.Discard(3)
	}
	t.rows = csv.NewReader(&lineLimit{from: plain, most: mostBytes})
	t.rows.ReuseRecord = true
	header, err := t.rows.Read()
	if errors.Is(err, io.EOF) {
		return nil, &Fault{Key: "empty", File: s.Name}
	}
	if err != nil {
		return nil, t.refused(err)
	}
	for _, name := range header {
		name = strings.TrimSpace(name)
		if !utf8.ValidString(name) {
			return nil, &Fault{Key: "not_utf8", File: s.Name, Line: 1}
		}
		if slices.Contains(t.columns, name) && name != "" {
			return nil, &Fault{Key: "column_twice", File: s.Name, Line: 1, Args: words.Args{"wanted": shorten(name)}}
		}
		t.columns = append(t.columns, name)
	}
	return t, nil
}

func unzip(r *bufio.Reader) (*bufio.Reader, error) {
	if magic, _ := r.Peek(2); !bytes.Equal(magic, []byte{0x1f, 0x8b}) {
		return r, nil
	}
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, err
	}
	return bufio.NewReader(z), nil
}

// next reads a row; it returns false at the end.
func (t *table) next() (bool, error) {
	row, err := t.rows.Read()
	t.fields = len(row)
	if errors.Is(err, io.EOF) {
		return false, nil
	}
	if err != nil {
		return false, t.refused(err)
	}
	t.row = row
	t.line, _ = t.rows.FieldPos(0)
	return true, nil
}

// column returns the position of a column, -1 if there is none.
func (t *table) column(name string) int { return slices.Index(t.columns, name) }

// need returns the position of a column that must be there.
func (t *table) need(name string) (int, error) {
	if i := t.column(name); i >= 0 {
		return i, nil
	}
	return -1, &Fault{Key: "missing_column", File: t.name, Line: 1, Args: words.Args{"wanted": name, "have": t.columnNames()}}
}

func (t *table) columnNames() []string {
	names := make([]string, len(t.columns))
	for i, name := range t.columns {
		names[i] = shorten(name)
	}
	return names
}

// at returns a fault at a column of the row that was read last.
func (t *table) at(column int, key string, args words.Args) *Fault {
	return &Fault{Key: key, File: t.name, Line: t.line, Column: shorten(t.columns[column]), Value: shorten(t.row[column]), Args: args}
}

// nameAt reads a cell that names something.
func (t *table) nameAt(column int) (string, error) {
	value := t.row[column]
	switch {
	case strings.TrimSpace(value) == "":
		return "", t.at(column, "blank", nil)
	case !utf8.ValidString(value):
		return "", t.at(column, "not_utf8", nil)
	case strings.ContainsRune(value, 0): // no database and few programs can hold it
		return "", t.at(column, "nul", nil)
	}
	return value, nil
}

// largest is the largest count or length that is taken: sums of many such are still exact to the unit.
const largest = 1e12

// amountAt reads a cell that holds a count or a length.
func (t *table) amountAt(column int) (float64, error) {
	text := strings.TrimSpace(t.row[column])
	if text == "" {
		return 0, t.at(column, "blank", nil)
	}
	v, err := strconv.ParseFloat(text, 64)
	switch {
	case math.IsInf(v, 1) && errors.Is(err, strconv.ErrRange) || err == nil && v > largest && !math.IsInf(v, 0):
		return 0, t.at(column, "too_large", words.Args{"most": int64(largest)})
	case err != nil || math.IsNaN(v) || math.IsInf(v, 0):
		return 0, t.at(column, "not_a_number", nil)
	case v < 0:
		return 0, t.at(column, "negative", nil)
	}
	return v + 0, nil // -0 is 0
}

// metreCostAt reads a cell that says what runs along a border, and returns what a metre of it costs.
func (t *table) metreCostAt(column int) (float64, error) {
	name := strings.TrimSpace(t.row[column])
	cost, known := blockgraph.MetreCost(name)
	if !known && name != "" {
		return 0, t.at(column, "no_barrier", words.Args{"have": blockgraph.BarrierNames()})
	}
	return cost, nil
}

func (t *table) unreadable(err error) *Fault {
	return &Fault{Key: "unreadable", File: t.name, Args: words.Args{"cause": err.Error()}, Cause: err}
}

// refused turns an error of the CSV reader into a fault.
func (t *table) refused(err error) *Fault {
	if long, ok := errors.AsType[*longLine](err); ok {
		return &Fault{Key: "too_long", File: t.name, Line: long.line, Args: words.Args{"most": mostBytes}}
	}
	parse, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return t.unreadable(err)
	}
	f := &Fault{Key: "quotes", File: t.name, Line: parse.StartLine, Cause: err}
	if errors.Is(err, csv.ErrFieldCount) {
		f.Key, f.Args = "fields", words.Args{"have": t.fields, "want": len(t.columns)}
	}
	return f
}
