package feed

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"io"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/simplifiedchinese"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// writeShapefiles writes a collection as a zip of shapefiles (ESRI Shapefile Technical Description, 1998; dBASE III for the
// table): one for polygons, one for lines, one for points, as far as there are any, each with its .shp, .shx, .dbf, .cpg and, of a
// system that has a name, .prj. What has no geometry goes to the polygons as a null shape. fields.txt says in both languages what the
// short names of the fields stand for and what the format could not hold.
func writeShapefiles(w io.Writer, c *Collection, wish Wish) ([]words.Speaker, error) {
	t := newTable(c, wish)
	out := zip.NewWriter(w)
	for _, sort := range []shapeSort{polygonShapes, lineShapes, pointShapes} {
		features := t.ofSort(sort)
		if len(features) == 0 && (sort != polygonShapes || len(c.Features) > 0) {
			continue
		}
		if err := t.write(out, sort, features); err != nil {
			return nil, err
		}
	}
	if err := put(out, "fields.txt", t.dictionary()); err != nil {
		return nil, err
	}
	return t.losses(), out.Close()
}

// shapeSort is the one sort of geometry a shapefile holds, by the number the format has for it.
type shapeSort uint32

const (
	pointShapes   shapeSort = 1
	lineShapes    shapeSort = 3
	polygonShapes shapeSort = 5
)

// table is a collection on its way into shapefiles, with what was lost, by field.
type table struct {
	*Collection
	wish                Wish
	short               []string
	cut, letters, nulls []int
}

// maxText is how many bytes a text of the table may have.
const maxText = 254

func newTable(c *Collection, wish Wish) *table {
	n := len(c.Fields)
	return &table{Collection: c, wish: wish, short: shortNames(c.Fields), cut: make([]int, n), letters: make([]int, n), nulls: make([]int, n)}
}

// shortNames returns names of at most ten characters, no two the same: the name itself if it is short, else its beginning and a number.
func shortNames(fields []Field) []string {
	var names []string
	for _, f := range fields {
		if len(f.Name) <= 10 {
			names = append(names, f.Name)
		} else {
			names = append(names, "")
		}
	}
	for i, f := range fields {
		for n := 1; names[i] == ""; n++ {
			number := strconv.Itoa(n)
			if name := f.Name[:9-len(number)] + "_" + number; !slices.Contains(names, name) {
				names[i] = name
			}
		}
	}
	return names
}

func (t *table) ofSort(sort shapeSort) (features []Feature) {
	for _, f := range t.Features {
		of := polygonShapes
		switch {
		case len(f.Geometry.Lines) > 0:
			of = lineShapes
		case len(f.Geometry.Points) > 0:
			of = pointShapes
		}
		if of == sort {
			features = append(features, f)
		}
	}
	return features
}

func (t *table) write(out *zip.Writer, sort shapeSort, features []Feature) error {
	name := t.Name
	switch sort {
	case lineShapes:
		name += "_lines"
	case pointShapes:
		name += "_points"
	}
	shp, shx := t.shapes(sort, features)
	files := map[string][]byte{".shp": shp, ".shx": shx, ".dbf": t.rows(features), ".cpg": []byte("UTF-8"), ".prj": []byte(esriText(t.wish.System))}
	if t.wish.GBK {
		files[".cpg"] = []byte("GBK")
	}
	for _, end := range []string{".shp", ".shx", ".dbf", ".cpg", ".prj"} {
		if end == ".prj" && len(files[end]) == 0 {
			continue
		}
		if err := put(out, name+end, files[end]); err != nil {
			return err
		}
	}
	return nil
}

// put adds a file without a time of writing.
func put(out *zip.Writer, name string, content []byte) error {
	f, err := out.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
	if err != nil {
		return err
	}
	_, err = f.Write(content)
	return err
}

// box is the smallest rectangle round what was added.
type box struct{ min, max xy }

var nowhere = box{xy{math.Inf(1), math.Inf(1)}, xy{math.Inf(-1), math.Inf(-1)}}

func (b *box) add(at xy) {
	for i := range at {
		b.min[i], b.max[i] = min(b.min[i], at[i]), max(b.max[i], at[i])
	}
}

// append writes the four sides, zeroes of a box round nothing.
func (b box) append(to []byte) []byte {
	if b == nowhere {
		b = box{}
	}
	for _, v := range []float64{b.min[0], b.min[1], b.max[0], b.max[1]} {
		to = binary.LittleEndian.AppendUint64(to, math.Float64bits(v))
	}
	return to
}

// shapes returns the main file and its index.
func (t *table) shapes(sort shapeSort, features []Feature) (shp, shx []byte) {
	d := newDrawing(t.wish.System)
	var records, index []byte
	all := nowhere
	for i, f := range features {
		content := d.record(sort, f.Geometry, &all)
		index = binary.BigEndian.AppendUint32(index, uint32(50+len(records)/2)) // in words of two bytes
		index = binary.BigEndian.AppendUint32(index, uint32(len(content)/2))
		records = binary.BigEndian.AppendUint32(records, uint32(i+1))
		records = binary.BigEndian.AppendUint32(records, uint32(len(content)/2))
		records = append(records, content...)
	}
	head := func(length int) []byte {
		h := binary.BigEndian.AppendUint32(nil, 9994)
		h = append(h, make([]byte, 20)...)
		h = binary.BigEndian.AppendUint32(h, uint32((100+length)/2))
		h = binary.LittleEndian.AppendUint32(h, 1000)
		h = binary.LittleEndian.AppendUint32(h, uint32(sort))
		return append(all.append(h), make([]byte, 32)...)
	}
	return append(head(len(records)), records...), append(head(len(index)), index...)
}

// record returns the content of one record: the null shape for nothing.
func (d drawing) record(sort shapeSort, g plan.Geometry, all *box) []byte {
	var paths [][]xy
	switch {
	case sort == pointShapes:
		at := d.at(g.Points[0])
		all.add(at)
		b := binary.LittleEndian.AppendUint32(nil, uint32(sort))
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[0]))
		return binary.LittleEndian.AppendUint64(b, math.Float64bits(at[1]))
	case sort == lineShapes:
		for _, l := range g.Lines {
			paths = append(paths, d.path(l, false))
		}
	case len(g.Shape) == 0:
		return binary.LittleEndian.AppendUint32(nil, 0)
	default:
		paths = d.rings(g.Shape)
	}
	own := nowhere
	points := 0
	for _, path := range paths {
		points += len(path)
		for _, at := range path {
			own.add(at)
			all.add(at)
		}
	}
	b := own.append(binary.LittleEndian.AppendUint32(nil, uint32(sort)))
	b = binary.LittleEndian.AppendUint32(b, uint32(len(paths)))
	b = binary.LittleEndian.AppendUint32(b, uint32(points))
	start := 0
	for _, path := range paths {
		b = binary.LittleEndian.AppendUint32(b, uint32(start))
		start += len(path)
	}
	for _, path := range paths {
		for _, at := range path {
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[0]))
			b = binary.LittleEndian.AppendUint64(b, math.Float64bits(at[1]))
		}
	}
	return b
}

// rings draws the rings of a shape the way the format has them: shells clockwise, the other way round than ours.
func (d drawing) rings(m shape.MultiPolygon) (paths [][]xy) {
	for _, p := range m {
		for _, r := range p {
			path := d.path(r, true)
			slices.Reverse(path)
			paths = append(paths, path)
		}
	}
	return paths
}

// rows returns the table.
func (t *table) rows(features []Feature) []byte {
	cells := make([][][]byte, len(features))
	width := make([]int, len(t.Fields))
	for i := range width {
		width[i] = 1
	}
	for i, f := range features {
		cells[i] = make([][]byte, len(t.Fields))
		for j := range t.Fields {
			cells[i][j] = t.cell(j, f.Values[j])
			width[j] = max(width[j], len(cells[i][j]))
		}
	}
	length := 1
	for _, n := range width {
		length += n
	}
	head := []byte{3, 100, 1, 1} // the day it was written, which nobody needs to know: 1 January 2000
	head = binary.LittleEndian.AppendUint32(head, uint32(len(features)))
	head = binary.LittleEndian.AppendUint16(head, uint16(32+32*len(t.Fields)+1))
	head = binary.LittleEndian.AppendUint16(head, uint16(length))
	head = append(head, make([]byte, 20)...)
	if t.wish.GBK {
		head[29] = 0x4d
	}
	for j, f := range t.Fields {
		field := make([]byte, 32)
		copy(field, t.short[j])
		field[11], field[16] = "CNNL"[f.Kind], byte(width[j])
		if f.Kind == Fraction {
			field[17] = 6
		}
		head = append(head, field...)
	}
	out := append(head, '\r')
	for i := range cells {
		out = append(out, ' ')
		for j, cell := range cells[i] {
			space := bytes.Repeat([]byte(" "), width[j]-len(cell))
			if t.Fields[j].Kind == Text {
				out = append(append(out, cell...), space...)
			} else {
				out = append(append(out, space...), cell...)
			}
		}
	}
	return append(out, 0x1a)
}

// cell writes a value, and notes what it loses.
func (t *table) cell(field int, v any) []byte {
	if yes, ok := v.(bool); ok {
		if yes {
			return []byte("T")
		}
		return []byte("F")
	}
	text := plain(v)
	if t.Fields[field].Kind != Text {
		if text == "" {
			t.nulls[field]++
		}
		return []byte(text)
	}
	cell, lost := []byte(text), false
	if t.wish.GBK {
		cell, lost = gbk(text)
	}
	if lost {
		t.letters[field]++
	}
	if len(cell) > maxText {
		t.cut[field]++
		cell = t.shortened(text)
	}
	return cell
}

// shortened returns as many whole characters of a text as fit.
func (t *table) shortened(text string) (cell []byte) {
	for _, r := range text {
		letter := utf8.AppendRune(nil, r)
		if t.wish.GBK {
			letter, _ = gbk(string(r))
		}
		if len(cell)+len(letter) > maxText {
			break
		}
		cell = append(cell, letter...)
	}
	return cell
}

// gbk encodes a text; a character that GBK lacks becomes "?".
func gbk(text string) (encoded []byte, lost bool) {
	for _, r := range text {
		b, err := simplifiedchinese.GBK.NewEncoder().Bytes(utf8.AppendRune(nil, r))
		if err != nil {
			b, lost = []byte("?"), true
		}
		encoded = append(encoded, b...)
	}
	return encoded, lost
}

// losses says what the format could not hold.
func (t *table) losses() (all []words.Speaker) {
	add := func(key string, counts []int) {
		for i, n := range counts {
			if n > 0 {
				all = append(all, loss{key, words.Args{"field": t.Fields[i].Name, "n": n}})
			}
		}
	}
	add("loss.cut", t.cut)
	add("loss.letters", t.letters)
	add("loss.null", t.nulls)
	if esriText(t.wish.System) == "" {
		all = append(all, loss{"loss.system", words.Args{"system": t.wish.System.Name()}})
	}
	return all
}

// dictionary is fields.txt.
func (t *table) dictionary() []byte {
	var b strings.Builder
	for _, l := range []words.Lang{words.Zh, words.En} {
		say := func(key string, args words.Args) { b.WriteString(sentences.Say(l, key, args) + "\r\n") }
		if t.Synthetic {
			say("dictionary.synthetic", nil)
		}
		if t.Revision > 0 {
			say("dictionary.revision", words.Args{"revision": t.Revision})
		}
		say("dictionary.system", words.Args{"system": t.wish.System.Name()})
		say("dictionary.head", nil)
		for i, f := range t.Fields {
			b.WriteString("  " + t.short[i] + strings.Repeat(" ", 12-len(t.short[i])) + f.Name + "\r\n")
		}
		if lost := t.losses(); len(lost) > 0 {
			say("dictionary.losses", nil)
			for _, one := range lost {
				b.WriteString("  " + one.In(l) + "\r\n")
			}
		}
		b.WriteString("\r\n")
	}
	return []byte(b.String())
}

// esriText describes a system the way a .prj does (well-known text in ESRI's dialect), nothing for one that has no name.
func esriText(s crs.System) string {
	const cgcs = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	code, err := strconv.Atoi(strings.TrimPrefix(s.Name(), "EPSG:"))
	switch {
	case err != nil:
		return ""
	case code == 4490:
		return cgcs
	case code == 4326:
		return `GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	}
	name, meridian, east := "", 0, "500000.0"
	if code <= 4533 {
		zone := code - 4513 + 25
		name, meridian, east = "CGCS2000_3_Degree_GK_Zone_"+strconv.Itoa(zone), 3*zone, strconv.Itoa(zone)+"500000.0"
	} else {
		meridian = 75 + 3*(code-4534)
		name = "CGCS2000_3_Degree_GK_CM_" + strconv.Itoa(meridian) + "E"
	}
	return `PROJCS["` + name + `",` + cgcs + `,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",` + east + `],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",` +
		strconv.Itoa(meridian) + `.0],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
}
