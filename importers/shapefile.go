package importers

import (
	"bufio"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// A shapefile is a set of files of one name (ESRI Shapefile Technical Description, 1998). Geometries and columns are read
// side by side; the index (.shx) is not needed, as the records follow one another.
//
//	.shp   100 bytes of header, then records: number, length in words of 16 bits (big-endian), shape
//	.dbf   the columns; see dbf.go     .prj   the coordinate system     .cpg   the encoding

// parts opens the parts of a shapefile by their ending, ".shp". A part that is not there is fs.ErrNotExist.
type parts func(ending string) (io.ReadCloser, error)

// maxRings is how many rings one shape may have: which lies in which takes the square of their number.
const maxRings = 20_000

// readShapefile reads a shapefile's rows in order.
func readShapefile(ctx context.Context, open parts, form Form, found *Found, each func(Row) error) error {
	system, err := shapefileSystem(open, form, found)
	if err != nil {
		return err
	}
	table, err := openTable(open, form, found)
	if err != nil {
		return err
	}
	defer table.Close()
	file, err := open(".shp")
	if err != nil {
		return err
	}
	defer file.Close()
	s := &shp{r: bufio.NewReaderSize(file, 64<<10), system: system}
	if _, err := io.ReadFull(s.r, s.head[:]); err != nil {
		return cutShort(err)
	}
	if binary.BigEndian.Uint32(s.head[:]) != 9994 || binary.LittleEndian.Uint32(s.head[28:]) != 1000 {
		return &Fault{Key: "shp.not"}
	}
	each = eachUntil(ctx, each)
	taken := 0
	for n := 1; ; n++ {
		place := Place{Feature: n}
		g, fault, err := s.next()
		switch {
		case errors.Is(err, io.EOF) && n-1 != table.rows:
			return &Fault{Key: "shp.rows", Args: words.Args{"shapes": n - 1, "rows": table.rows}}
		case errors.Is(err, io.EOF) && taken == 0:
			return &Fault{Key: "file.no_rows"}
		case errors.Is(err, io.EOF):
			if found.cutTexts > 0 {
				found.note("note.cut_texts", words.Args{"n": found.cutTexts})
			}
			return nil
		case err != nil:
			if f, ok := errors.AsType[*Fault](err); ok {
				f.Place = place
			}
			return err
		case n > table.rows:
			continue // counted, to say how many there are
		}
		deleted, err := table.next()
		if err != nil {
			return err
		}
		if deleted {
			continue
		}
		row := Row{Place: place, Geometry: g, Fault: fault}
		var garbled *Fault
		if row.Values, garbled = table.values(found); garbled != nil {
			garbled.Place = place
			return garbled
		}
		if row.Fault != nil {
			row.Fault.Place = place
		}
		taken++
		if err := each(row); err != nil {
			return err
		}
	}
}

// shapefileSystem returns the system the coordinates are in: the one said, else the one of the .prj.
func shapefileSystem(open parts, form Form, found *Found) (crs.System, error) {
	text := ""
	if form.System == nil {
		var err error
		if text, err = readPart(open, ".prj"); err != nil {
			return crs.System{}, err
		}
	}
	s, fault := form.system(text, "note.no_prj", found)
	if fault != nil {
		return s, fault
	}
	return s, nil
}

// readPart returns a small part's text, "" where there is no such part.
func readPart(open parts, ending string) (string, error) {
	file, err := open(ending)
	if missing(err) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, 64<<10))
	return string(text), err
}

type openDBF struct {
	*dbf
	io.Closer
}

// openTable opens the columns and decides on their encoding: the one said, else what the .cpg or the language byte says,
// if the texts are in it, else what the texts are.
func openTable(open parts, form Form, found *Found) (*openDBF, error) {
	file, err := open(".dbf")
	if missing(err) {
		return nil, &Fault{Key: "shp.no_dbf"}
	}
	if err != nil {
		return nil, err
	}
	is, err := testifyDBF(file)
	file.Close()
	if err != nil {
		return nil, err
	}
	if file, err = open(".dbf"); err != nil {
		return nil, err
	}
	d, err := readDBF(file)
	if err == nil {
		d.encoding, err = d.choose(open, form, found, is)
	}
	if err == nil {
		err = d.name(found)
	}
	if err != nil {
		file.Close()
		return nil, err
	}
	found.Encoding = d.encoding
	return &openDBF{d, file}, nil
}

// choose decides on the encoding, where the bytes are what a witness says.
func (d *dbf) choose(open parts, form Form, found *Found, is string) (string, error) {
	if form.Encoding != "" {
		return form.Encoding, nil
	}
	cpg, err := readPart(open, ".cpg")
	if err != nil {
		return "", err
	}
	said, from := "", ".cpg"
	if cpg != "" {
		said, _ = EncodingNamed(cpg)
	}
	if said == "" {
		said, from = languages[d.language], "LDID"
	}
	switch {
	case is == eitherName && said == "":
		return utf8Name, nil
	case said == "" && is == "":
		return "", encodingFault()
	case said == "" && is != utf8Name:
		found.note("note.encoding_found", words.Args{"is": is})
	case said == "" || said == is:
	case is == "" || is == eitherName || said != utf8Name && is != utf8Name:
		return said, nil // a row that is not in it will tell
	default:
		found.note("note.encoding_lies", words.Args{"said": said, "from": from, "is": is})
	}
	return is, nil
}

// shp is a file of geometries being read.
type shp struct {
	r      *bufio.Reader
	system crs.System
	head   [100]byte
	record []byte
}

// next reads the next geometry. The fault is the row's own; io.EOF is the end.
func (s *shp) next() (Geometry, *Fault, error) {
	var head [8]byte
	if _, err := io.ReadFull(s.r, head[:]); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return Geometry{}, nil, cutShort(err)
		}
		return Geometry{}, nil, err
	}
	size := int64(binary.BigEndian.Uint32(head[4:])) * 2
	if size < 4 || size > maxFeature {
		return Geometry{}, nil, &Fault{Key: "shp.record"}
	}
	// The length may lie: nothing is made room for that has not come.
	s.record = s.record[:0]
	for int64(len(s.record)) < size {
		step := int(min(size-int64(len(s.record)), 1<<20))
		s.record = slices.Grow(s.record, step)
		if _, err := io.ReadFull(s.r, s.record[len(s.record):len(s.record)+step]); err != nil {
			return Geometry{}, nil, cutShort(err)
		}
		s.record = s.record[:len(s.record)+step]
	}
	g, fault := s.geometry()
	return g, fault, nil
}

// geometry reads the record's shape. Heights and measures, which stand behind the points, are passed over.
func (s *shp) geometry() (Geometry, *Fault) {
	kind, body := binary.LittleEndian.Uint32(s.record), s.record[4:]
	d := drawing{system: s.system}
	switch kind {
	case 0:
		return Geometry{}, nil
	case 1, 11, 21:
		if len(body) < 16 {
			return Geometry{}, &Fault{Key: "shp.record"}
		}
		d.positions(body[:16])
		d.depth = 1
		return d.finish("Point")
	case 8, 18, 28:
		if len(body) < 36 {
			return Geometry{}, &Fault{Key: "shp.record"}
		}
		n := int64(binary.LittleEndian.Uint32(body[32:]))
		if int64(len(body)) < 36+16*n {
			return Geometry{}, &Fault{Key: "shp.record"}
		}
		d.positions(body[36 : 36+16*n])
		d.close(2)
		return d.finish("MultiPoint")
	case 3, 13, 23, 5, 15, 25:
		if fault := s.parts(&d, body); fault != nil {
			return Geometry{}, fault
		}
		if kind%10 == 3 {
			d.depth = 3
			return d.finish("MultiLineString")
		}
		return d.finishNested()
	}
	return Geometry{}, &Fault{Key: "shp.kind", Args: words.Args{"n": kind}}
}

// parts reads the lines or rings of a shape into a drawing.
func (s *shp) parts(d *drawing, body []byte) *Fault {
	if len(body) < 40 {
		return &Fault{Key: "shp.record"}
	}
	n, points := int64(binary.LittleEndian.Uint32(body[32:])), int64(binary.LittleEndian.Uint32(body[36:]))
	if int64(len(body)) < 40+4*n+16*points || n == 0 && points > 0 {
		return &Fault{Key: "shp.record"}
	}
	starts, at := body[40:40+4*n], body[40+4*n:]
	for i := range n {
		from, to := int64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if i+1 < n {
			to = int64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if i == 0 && from != 0 || from >= to || to > points {
			return &Fault{Key: "shp.record"}
		}
		d.positions(at[16*from : 16*to])
		d.rings = append(d.rings, len(d.points))
	}
	return nil
}

// positions adds pairs of numbers of eight bytes.
func (d *drawing) positions(b []byte) {
	for ; len(b) >= 16; b = b[16:] {
		d.position(math.Float64frombits(binary.LittleEndian.Uint64(b)), math.Float64frombits(binary.LittleEndian.Uint64(b[8:])))
	}
}

// finishNested returns polygons of rings that come in any order and any direction: a ring that lies in an odd number of
// others is a hole of the smallest of these, any other is a shell.
func (d *drawing) finishNested() (Geometry, *Fault) {
	if d.fault != nil {
		return Geometry{}, d.fault
	}
	if len(d.rings) > maxRings {
		return Geometry{}, &Fault{Key: "shp.rings", Args: words.Args{"most": maxRings}}
	}
	type ring struct {
		shape.Ring
		area   crs.SquareMetres
		box    shape.Box
		holder int // the smallest ring it lies in, -1 for none
		depth  int
		shell  int // index in the result
	}
	var rings []ring
	start := 0
	for _, end := range d.rings {
		r := shape.Ring(d.points[start:end:end])
		start = end
		if r[0] != r[len(r)-1] {
			return Geometry{}, &Fault{Key: "geometry.open", Args: words.Args{"at": r[len(r)-1].String()}}
		}
		if r = r[:len(r)-1]; len(r) < 3 {
			return Geometry{}, &Fault{Key: "geometry.few", Args: words.Args{"at": d.points[end-1].String()}}
		}
		area := r.Area()
		if area < 0 {
			slices.Reverse(r)
			area = -area
		}
		rings = append(rings, ring{Ring: slices.Clip(r), area: area, box: r.Box(), holder: -1})
	}
	slices.SortStableFunc(rings, func(a, b ring) int {
		switch {
		case a.area > b.area:
			return -1
		case a.area < b.area:
			return 1
		}
		return 0
	})
	g := Geometry{}
	for i := range rings {
		r := &rings[i]
		for j := i - 1; j >= 0; j-- {
			if rings[j].box.Meets(r.box) && ringHolds(rings[j].Ring, r.Ring) {
				r.holder, r.depth = j, rings[j].depth+1
				break
			}
		}
		if r.depth%2 == 0 {
			r.shell = len(g.Shape)
			g.Shape = append(g.Shape, shape.Polygon{r.Ring})
			continue
		}
		slices.Reverse(r.Ring)
		shell := rings[r.holder].shell
		g.Shape[shell] = append(g.Shape[shell], r.Ring)
	}
	if len(g.Shape) > 0 {
		g.Type = "MultiPolygon"
	}
	return g, nil
}

// ringHolds reports whether a ring lies in another: most of some of its points do, as the two may touch.
func ringHolds(outer, inner shape.Ring) bool {
	within := shape.MultiPolygon{{outer}}
	asked, in := 0, 0
	for i := 0; i < len(inner); i += max(1, len(inner)/7) {
		asked++
		if within.Holds(inner[i]) {
			in++
		}
	}
	return 2*in > asked
}
