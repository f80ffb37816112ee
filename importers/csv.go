package importers

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/width"

	"gridwright/plan/words"
)

// geometryColumns are the names under which a CSV file may keep its geometry, in any case.
var geometryColumns = []string{"wkt", "geom", "geometry"}

// readCSV reads values with a comma, a tab or a semicolon between them (RFC 4180), below the head that names the columns (heads.go), and calls
// each with every record. The geometry column, as well-known text or as GeoJSON, or the two columns of a point become the row's geometry and
// are no values. It returns a *Fault for a file that cannot be read, and whatever each returns.
func readCSV(r io.Reader, comma rune, form Form, found *Found, each func(Row) error) error {
	bounded := &bounded{r: r}
	records := csv.NewReader(bounded)
	records.Comma = comma
	records.ReuseRecord = true
	records.FieldsPerRecord = -1
	next := 1 // the line the next record begins on, as far as is known
	return readTable(&table{even: true, next: func() (line, error) {
		for {
			bounded.read = 0
			record, err := records.Read()
			if errors.Is(err, io.EOF) {
				return line{}, err
			}
			if err != nil {
				return line{}, csvFault(err, next)
			}
			n, _ := records.FieldPos(0)
			last := len(record) - 1
			next, _ = records.FieldPos(last)
			next += 1 + strings.Count(record[last], "\n")
			l := line{n: n, cells: make([]Value, len(record))}
			blank := true
			for i, cell := range record {
				if !utf8.ValidString(cell) { // what follows would be as garbled
					return line{}, &Fault{Key: "not_utf8", Place: Place{Line: n}}
				}
				l.cells[i] = Value{Text, cell}
				blank = blank && strings.TrimSpace(cell) == ""
			}
			if !blank {
				return l, nil
			}
		}
	}}, form, found, each)
}

// lonColumns and latColumns are the names under which a table may keep the place of a point, in lower case. They count
// only where both are there and no geometry column is.
var (
	lonColumns = []string{"lon", "lng", "long", "longitude", "经度", "x", "x坐标", "东坐标"}
	latColumns = []string{"lat", "latitude", "纬度", "y", "y坐标", "北坐标"}
)

// IsPlaceColumn reports whether a table may keep a coordinate in a column of a name.
func IsPlaceColumn(name string) bool {
	lower := strings.ToLower(name)
	return slices.Contains(lonColumns, lower) || slices.Contains(latColumns, lower)
}

// header reads the names of the columns, which stand on a line.
func header(names []string, line int) (columns, *Fault) {
	c := columns{geometry: -1, lon: -1, lat: -1}
	place := Place{Line: line}
	for i, name := range names {
		if name != "" && slices.Contains(c.names, name) {
			return c, &Fault{Key: "csv.header_twice", Args: words.Args{"column": Excerpt(name)}, Place: place}
		}
		c.names = append(c.names, name)
		if slices.Contains(geometryColumns, strings.ToLower(name)) {
			if c.geometry >= 0 {
				return c, &Fault{Key: "csv.two_geometries", Args: words.Args{"a": c.names[c.geometry], "b": name}, Place: place}
			}
			c.geometry = i
		}
		switch lower := strings.ToLower(name); {
		case c.lon < 0 && slices.Contains(lonColumns, lower):
			c.lon = i
		case c.lat < 0 && slices.Contains(latColumns, lower):
			c.lat = i
		}
	}
	if c.geometry >= 0 || c.lat < 0 {
		c.lon = -1
	}
	return c, nil
}

// point returns the place two cells say; none where both are blank.
func (c columns) point(lon, lat string) (Geometry, *Fault) {
	if lon, lat = unwide(lon), unwide(lat); lon == "" && lat == "" {
		return Geometry{}, nil
	}
	var d drawing
	if c.system != nil {
		d.system = *c.system
	}
	x, errX := strconv.ParseFloat(lon, 64)
	y, errY := strconv.ParseFloat(lat, 64)
	if errX != nil || errY != nil {
		return Geometry{}, &Fault{Key: "csv.point", Args: words.Args{"x": Excerpt(lon), "y": Excerpt(lat)}}
	}
	d.position(x, y)
	d.depth = 1
	return d.finish("Point")
}

// unwide returns a text with full-width letters, digits and signs as plain ones, without the blanks round it.
func unwide(s string) string { return strings.TrimSpace(width.Narrow.String(s)) }

// row turns a line's cells into a row.
func (c columns) row(cells []Value, place Place) Row {
	row := Row{Place: place, Values: make(map[string]Value, len(c.names))}
	cell := func(i int) Value {
		if i < len(cells) {
			return cells[i]
		}
		return Value{}
	}
	for i, name := range c.names {
		switch {
		case i == c.geometry:
			row.Geometry, row.Fault = c.cellGeometry(cell(i).Text)
		case c.lon >= 0 && (i == c.lon || i == c.lat): // a place, no values
		case name != "":
			row.Values[name] = cell(i)
		}
	}
	if c.lon >= 0 {
		row.Geometry, row.Fault = c.point(cell(c.lon).Text, cell(c.lat).Text)
	}
	if row.Fault != nil {
		row.Fault.Place = place
	}
	return row
}

// cellGeometry reads a geometry cell: GeoJSON where it begins with a brace, else well-known text.
func (c columns) cellGeometry(cell string) (Geometry, *Fault) {
	cell = strings.TrimSpace(cell)
	if !strings.HasPrefix(cell, "{") {
		return parseWKT(cell, c.system)
	}
	g := &geoJSON{jsonText: newJSONText(strings.NewReader(cell), 512), said: c.system != nil}
	if c.system != nil {
		g.system = *c.system
	}
	m, fault, err := g.readGeometry()
	if err == nil {
		var done bool
		if done, err = g.atEnd(); err == nil && !done {
			err = g.fault("geojson.more", nil)
		}
	}
	if f, ok := errors.AsType[*Fault](err); ok {
		return Geometry{}, &Fault{Key: "csv.cell_geojson", Args: words.Args{"why": speaker{f}}}
	}
	return m, fault
}

// speaker says a fault without its place, which in a cell is none of the file's.
type speaker struct{ *Fault }

func (s speaker) In(l words.Lang) string { return s.Words(l) }

// csvFault says what is wrong with the record that begins on a line.
func csvFault(err error, line int) error {
	if errors.Is(err, errRecordTooLong) {
		return &Fault{Key: "csv.record_too_long", Args: words.Args{"megabytes": maxFeature >> 20}, Place: Place{Line: line}}
	}
	e, ok := errors.AsType[*csv.ParseError](err)
	if !ok {
		return err
	}
	keys := map[error]string{csv.ErrBareQuote: "csv.quote", csv.ErrQuote: "csv.quote"}
	if key, ok := keys[e.Err]; ok {
		return &Fault{Key: key, Place: Place{Line: e.StartLine}}
	}
	return e.Err
}

var errRecordTooLong = errors.New("record too long")

// bounded ends a record that swallows the file, as one does whose closing quote is missing.
type bounded struct {
	r    io.Reader
	read int // bytes since the record began, give or take the CSV reader's buffer
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.read > maxFeature {
		return 0, errRecordTooLong
	}
	n, err := b.r.Read(p)
	b.read += n
	return n, err
}

// sniff tells from the first bytes what a file is.
func sniff(head []byte) string {
	if IsOSM(head) {
		return "file.osm"
	}
	head = bytes.TrimLeft(head, " \t\r\n\x1e")
	for _, kind := range []struct{ magic, key string }{
		{"{", "geojson"}, {"[", "geojson"}, {"<", "file.markup"}, {"PK\x03\x04", "file.zip"}, {"SQLite format 3\x00", "file.gpkg"},
		{"\x1f\x8b", "file.gzip"}, {"\xff\xfe", "file.utf16"}, {"\xfe\xff", "file.utf16"}, {"\x00\x00\x27\x0a", "file.shp"},
		{"%PDF", "file.pdf"}, {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file.xls"},
	} {
		if bytes.HasPrefix(head, []byte(kind.magic)) {
			return kind.key
		}
	}
	return ""
}
