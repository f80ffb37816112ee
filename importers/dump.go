package importers

import (
	"bufio"
	"encoding/binary"
	"encoding/hex"
	"errors"
	"io"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// What GDAL reads comes out of the jail as it would for PostgreSQL: a line for each column, then COPY's text with one row a line, its geometry
// first and as hexadecimal EWKB. It is cheap for GDAL to write, tells null from empty and keeps rows without a geometry and coordinates to the
// last bit; a ring that does not end where it begins it closes. A file that has misled GDAL may make it write anything, so nothing of it is
// believed: not a count, not a type, not that it ends.

// dumped are the options of ogr2ogr for it. Widths are not passed on, for GDAL would cut longer texts to them.
var dumped = []string{"-f", "PGDUMP", "--config", "PG_USE_COPY", "YES", "-nln", "layer", "-nlt", "GEOMETRY", "-nlt", "CONVERT_TO_LINEAR",
	"-unsetFieldWidth", "-unsetDefault", "-unsetFid", "-forceNullable", "-lco", "LAUNDER=NO", "-lco", "SPATIAL_INDEX=NONE", "-lco", "GEOMETRY_NAME=dumped geometry",
	"-lco", "FID=dumped id", "-lco", "CREATE_SCHEMA=NO", "-lco", "DROP_TABLE=NO", "-lco", "SRID=4326"}

// dump is a layer being read.
type dump struct {
	r       *bufio.Reader
	system  crs.System
	columns []dumpedColumn
	twice   *Fault // a name that two columns have
	line    []byte
	wkb     []byte
	row     int
}

// dumpedColumn is a column with its type as PostgreSQL calls it.
type dumpedColumn struct{ name, sort string }

// readDump reads what GDAL wrote, coordinates in a system, and calls each with every row.
func readDump(r io.Reader, system crs.System, each func(Row) error) error {
	d := &dump{r: bufio.NewReaderSize(r, 64<<10), system: system}
	for copies := false; !copies; {
		statement, err := d.statement()
		if errors.Is(err, io.EOF) {
			return &Fault{Key: "file.no_rows"} // GDAL begins to copy with the first row
		}
		if err != nil {
			return err
		}
		if rest, ok := strings.CutPrefix(statement, `ALTER TABLE "public"."layer" ADD COLUMN "`); ok {
			if err := d.column(rest); err != nil {
				return err
			}
		}
		copies = strings.HasPrefix(statement, `COPY "public"."layer" (`)
	}
	if end, err := d.next(); err != nil || len(end) > 0 {
		return d.broken()
	}
	for {
		line, err := d.next()
		switch {
		case err != nil && !errors.Is(err, io.EOF):
			return err
		case err != nil: // no end was written
			return d.broken()
		case string(line) == `\.`:
			return nil
		}
		d.row++
		row, err := d.values(string(line))
		if err != nil {
			return err
		}
		if err := each(row); err != nil {
			return err
		}
	}
}

// broken is the fault of an answer that is not as GDAL writes it.
func (d *dump) broken() error { return &Fault{Key: "gdal.answer", Args: words.Args{"row": d.row}} }

// statement returns the next statement without its semicolon, of which names and texts may have any number. Blanks before it are left out.
func (d *dump) statement() (string, error) {
	var text []byte
	var quote byte
	for {
		b, err := d.r.ReadByte()
		switch {
		case err != nil:
			return "", err
		case len(text) > maxString:
			return "", d.broken()
		case quote == 0 && b == ';':
			return string(text), nil
		case quote == 0 && (b == '"' || b == '\''):
			quote = b
		case b == quote:
			quote = 0
		case quote == '\'' && b == '\\':
			if _, err := d.r.Discard(1); err != nil {
				return "", err
			}
			continue
		case len(text) == 0 && (b == '\n' || b == ' '):
			continue
		}
		text = append(text, b)
	}
}

// column takes what stands after the opening quote of a new column's name.
func (d *dump) column(text string) error {
	end := 0
	for {
		i := strings.IndexByte(text[end:], '"')
		if i < 0 {
			return d.broken()
		}
		if end += i; !strings.HasPrefix(text[end+1:], `"`) {
			break
		}
		end += 2
	}
	name, sort := strings.ReplaceAll(text[:end], `""`, `"`), strings.ToUpper(strings.TrimSpace(text[end+1:]))
	if !utf8.ValidString(name) {
		return &Fault{Key: "not_utf8"}
	}
	if d.twice == nil && slices.ContainsFunc(d.columns, func(c dumpedColumn) bool { return c.name == name }) {
		d.twice = &Fault{Key: "row.column_twice", Args: words.Args{"column": Excerpt(name)}}
	}
	d.columns = append(d.columns, dumpedColumn{name, sort})
	return nil
}

// next returns the next line without its end, valid until the one after is asked for. An end of line behind a backslash is text.
func (d *dump) next() ([]byte, error) {
	d.line = d.line[:0]
	for {
		part, err := d.r.ReadSlice('\n')
		if err == nil && len(d.line) == 0 && !escaped(part[:len(part)-1]) {
			return part[:len(part)-1], nil
		}
		if d.line = append(d.line, part...); len(d.line) > maxFeature {
			return nil, &Fault{Key: "json.feature_too_long", Args: words.Args{"megabytes": maxFeature >> 20}, Place: Place{Feature: d.row + 1}}
		}
		switch {
		case err == nil && !escaped(d.line[:len(d.line)-1]):
			return d.line[:len(d.line)-1], nil
		case err != nil && !errors.Is(err, bufio.ErrBufferFull):
			return nil, err
		}
	}
}

// escaped reports whether what follows a text stands behind a backslash that counts.
func escaped[T string | []byte](text T) bool {
	i := len(text)
	for i > 0 && text[i-1] == '\\' {
		i--
	}
	return (len(text)-i)%2 == 1
}

// cut returns the first cell of a line, what is behind its tab, and whether it has one.
func cut(line string) (cell, rest string, more bool) {
	for end := 0; ; end++ {
		i := strings.IndexByte(line[end:], '\t')
		if i < 0 {
			return line, "", false
		}
		if end += i; !escaped(line[:end]) {
			return line[:end], line[end+1:], true
		}
	}
}

// values returns the row of a line.
func (d *dump) values(line string) (Row, error) {
	row := Row{Place: Place{Feature: d.row}, Values: make(map[string]Value, len(d.columns))}
	if !utf8.ValidString(line) {
		return row, &Fault{Key: "not_utf8", Place: row.Place}
	}
	cell, rest, more := cut(line)
	var err error
	if cell != `\N` {
		if row.Geometry, row.Fault, err = d.geometry(cell); err != nil {
			return row, err
		}
	}
	for _, c := range d.columns {
		if !more {
			return row, d.broken()
		}
		if cell, rest, more = cut(rest); cell == `\N` {
			row.Values[c.name] = Value{}
		} else if row.Values[c.name], err = c.value(cell); err != nil {
			return row, d.broken()
		}
	}
	if more {
		return row, d.broken()
	}
	if row.Fault == nil && d.twice != nil {
		row.Fault = &Fault{Key: d.twice.Key, Args: d.twice.Args}
	}
	if row.Fault != nil {
		row.Fault.Place = row.Place
	}
	return row, nil
}

// plain returns a cell's text: what stands behind a backslash, tabs and ends of lines too, is meant as it is.
func plain(cell string) string {
	if strings.IndexByte(cell, '\\') < 0 {
		return cell
	}
	text := make([]byte, 0, len(cell))
	for i := 0; i < len(cell); i++ {
		if cell[i] == '\\' && i+1 < len(cell) {
			i++
		}
		text = append(text, cell[i])
	}
	return string(text)
}

// value returns what a cell says that is not null.
func (c dumpedColumn) value(cell string) (Value, error) {
	cell = plain(cell)
	is := func(sort string) bool { return strings.HasPrefix(c.sort, sort) }
	switch {
	case is("VARCHAR[") || is("INTEGER[") || is("INT8[") || is("FLOAT8[") || is("REAL[") || is("SMALLINT[") || is("BOOLEAN["):
		return Value{Kind: Nested}, nil
	case is("VARCHAR"):
		return Value{Text, cell}, nil
	case is("BOOLEAN"):
		return Value{Bool, map[bool]string{true: "true", false: "false"}[cell == "1"]}, nil
	case is("JSON"):
		return newJSONText(strings.NewReader(cell), 512).value()
	case is("DATE"):
		return Value{Text, strings.ReplaceAll(cell, "/", "-")}, nil
	case is("TIMESTAMP"): // to RFC 3339
		day, hour, _ := strings.Cut(cell, " ")
		if at := strings.LastIndexAny(hour, "+-"); at >= 0 && len(hour)-at == 3 {
			hour += ":00"
		}
		return Value{Text, strings.ReplaceAll(day, "/", "-") + "T" + strings.Replace(hour, "+00:00", "Z", 1)}, nil
	case isNumber([]byte(cell)):
		return Value{Number, cell}, nil
	}
	return Value{Text, cell}, nil // NaN
}

// geometry reads a cell of EWKB (OGC 06-103r4, section 8, with PostGIS's flags). The fault is the row's.
func (d *dump) geometry(cell string) (g Geometry, fault *Fault, err error) {
	if d.wkb, err = hex.AppendDecode(d.wkb[:0], []byte(cell)); err != nil {
		return g, nil, d.broken()
	}
	w := &wkb{drawing: drawing{system: d.system}, rest: d.wkb}
	kind, ok := w.whole("")
	if _, taken := families[strings.ToUpper(kind)]; !ok || taken && len(w.rest) > 0 {
		return g, nil, d.broken()
	}
	g, fault = w.finish(kind)
	return g, fault, nil
}

// wkb is what is left of a geometry being read.
type wkb struct {
	drawing
	rest []byte
}

// wkbKinds are the names of geometries by their numbers in WKB. Only the first six are taken.
var wkbKinds = []string{"", "Point", "LineString", "Polygon", "MultiPoint", "MultiLineString", "MultiPolygon", "GeometryCollection", "CircularString",
	"CompoundCurve", "CurvePolygon", "MultiCurve", "MultiSurface", "Curve", "Surface", "PolyhedralSurface", "TIN", "Triangle"}

// whole reads a geometry, a part of one where parts of a kind are wanted, and returns its kind; false where the bytes are none.
func (w *wkb) whole(wanted string) (kind string, ok bool) {
	if len(w.rest) < 5 || w.rest[0] != 1 { // the machine's order, which is little-endian
		return "", false
	}
	code := binary.LittleEndian.Uint32(w.rest[1:])
	w.rest = w.rest[5:]
	const z, m, srid = 1 << 31, 1 << 30, 1 << 29
	wide := 16
	for _, flag := range []uint32{z, m} {
		if code&flag != 0 {
			wide += 8
		}
	}
	if code&srid != 0 {
		if len(w.rest) < 4 {
			return "", false
		}
		w.rest = w.rest[4:]
	}
	if code &^= z | m | srid; code == 0 || int(code) >= len(wkbKinds) {
		return "", false
	}
	kind = wkbKinds[code]
	if wanted != "" && kind != wanted {
		return kind, false
	}
	switch kind {
	case "Point":
		w.depth = 1
		return kind, w.positions(1, wide)
	case "LineString":
		return kind, w.line(wide)
	case "Polygon":
		return kind, w.parts(4, 3, func() bool { return w.line(wide) })
	case "MultiPoint", "MultiLineString", "MultiPolygon":
		part := strings.TrimPrefix(kind, "Multi")
		return kind, w.parts(5, families[strings.ToUpper(kind)].depth, func() bool { _, ok := w.whole(part); return ok })
	}
	return kind, true // its name is enough to refuse it
}

// count reads how many things follow that take at least so many bytes each.
func (w *wkb) count(least int) (int, bool) {
	if len(w.rest) < 4 {
		return 0, false
	}
	n := binary.LittleEndian.Uint32(w.rest)
	w.rest = w.rest[4:]
	return int(n), uint64(n)*uint64(least) <= uint64(len(w.rest))
}

// parts reads parts of at least so many bytes each, whose positions lie at a depth together.
func (w *wkb) parts(least, depth int, part func() bool) bool {
	n, ok := w.count(least)
	if !ok {
		return false
	}
	for range n {
		before := len(w.points)
		if !part() {
			return false
		}
		if len(w.points) == before {
			w.spoil("geometry.coordinates", nil) // a part without a position
		}
	}
	w.close(depth)
	return true
}

func (w *wkb) line(wide int) bool {
	n, ok := w.count(wide)
	if !ok {
		return false
	}
	ok = w.positions(n, wide)
	w.close(2)
	return ok
}

// positions reads pairs of numbers. Heights and measures are passed over.
func (w *wkb) positions(n, wide int) bool {
	if len(w.rest) < n*wide {
		return false
	}
	for range n {
		w.position(w.number(0), w.number(8))
		w.rest = w.rest[wide:]
	}
	return true
}

func (w *wkb) number(at int) float64 {
	return math.Float64frombits(binary.LittleEndian.Uint64(w.rest[at:]))
}
