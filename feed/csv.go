package feed

import (
	"encoding/csv"
	"io"
	"strconv"

	"gridwright/geo/crs"
)

// writeCSV writes a collection as a UTF-8 table with a byte order mark, as spreadsheets want it, and a point well inside each
// thing in the columns x and y, degrees or metres of the system. It has no shapes.
func writeCSV(w io.Writer, c *Collection, system crs.System) error {
	if _, err := io.WriteString(w, "\uFEFF"); err != nil {
		return err
	}
	out := csv.NewWriter(w) // it keeps its first error until Flush
	var head []string
	for _, f := range c.Fields {
		head = append(head, f.Name)
	}
	d := newDrawing(system)
	out.Write(append(head, "x", "y"))
	for _, f := range c.Features {
		var row []string
		for _, v := range f.Values {
			row = append(row, plain(v))
		}
		x, y := "", ""
		if p, ok := inside(f.Geometry); ok {
			at := d.at(p)
			x, y = string(d.number(nil, at[0])), string(d.number(nil, at[1]))
		}
		out.Write(append(row, x, y))
	}
	out.Flush()
	return out.Error()
}

// plain writes a value as text, null as nothing.
func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return fraction(v, "")
	case bool:
		return strconv.FormatBool(v)
	}
	return ""
}
