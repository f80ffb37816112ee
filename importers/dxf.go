package importers

import (
	"slices"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// A DXF holds a drawing, not a table: polygons are lines whose ends were meant to meet, and their names are texts written into them. So
// its rows are gathered first. Then
//
//   - a line whose ends lie within Form.Close of each other becomes the polygon it lies round, where polygons are wanted;
//   - a text that lies in a polygon becomes the name of the smallest one: of its own layer where that has polygons, else of all. A polygon
//     with two texts gets none and is told of;
//   - a text that lies in none is left out, unless the drawing has no polygon at all: then it is a point with a name.

// CloseWithin is how far apart the ends of a line in a drawing may be to be closed, in metres, unless somebody says otherwise.
const CloseWithin = 0.1

// drawn gathers the rows of a drawing.
type drawn struct {
	form   Form
	rows   []Row
	labels []Row
	closed int
	found  *Found
}

// wants reports whether rows may have geometries of a type.
func (f Form) wants(kind string) bool { return f.Geometry == nil || slices.Contains(f.Geometry, kind) }

// add takes a row.
func (d *drawn) add(r Row) error {
	if text := strings.Join(strings.Fields(r.Values["Text"].Text), " "); len(r.Points) > 0 && text != "" {
		r.Values["name"] = Value{Text, text}
		d.labels = append(d.labels, r)
		return nil
	}
	d.close(&r)
	d.rows = append(d.rows, r)
	return nil
}

// close makes a polygon of a line whose ends nearly meet, and says how far apart they are where only polygons are wanted.
func (d *drawn) close(r *Row) {
	if len(r.Lines) != 1 || !d.form.wants("Polygon") {
		return
	}
	line := r.Lines[0]
	gap := crs.Distance(line[0], line[len(line)-1])
	if gap > crs.Metres(d.form.closing()) || len(line) < 4 {
		if !d.form.wants("LineString") && r.Fault == nil {
			r.Fault = &Fault{Key: "dxf.open", Args: words.Args{"gap": millimetres(gap), "at": line[0].String()}, Place: r.Place}
		}
		return
	}
	ring := shape.Ring(line[:len(line)-1])
	if ring.Area() < 0 {
		slices.Reverse(ring)
	}
	if gap > 0 {
		d.closed++
	}
	r.Geometry = Geometry{Type: "Polygon", Shape: shape.MultiPolygon{{ring}}}
}

func (f Form) closing() float64 {
	if f.Close == 0 {
		return CloseWithin
	}
	return f.Close
}

// hand names the polygons and hands all rows on in their order.
func (d *drawn) hand(each func(Row) error) error {
	names := d.nameRows()
	rows := d.rows
	if !slices.ContainsFunc(d.rows, func(r Row) bool { return len(r.Shape) > 0 }) {
		rows = append(rows, d.labels...)
		slices.SortStableFunc(rows, func(a, b Row) int { return a.Place.Feature - b.Place.Feature })
	}
	if d.closed > 0 {
		d.found.note("note.dxf_closed", words.Args{"n": d.closed, "metres": strconv.FormatFloat(d.form.closing(), 'f', -1, 64)})
	}
	if names > 0 {
		d.found.note("note.dxf_named", words.Args{"n": names})
	}
	for _, r := range rows {
		if err := each(r); err != nil {
			return err
		}
	}
	return nil
}

// nameRows gives polygons the texts that lie in them and returns how many got one.
func (d *drawn) nameRows() (named int) {
	of := make([][]string, len(d.rows))
	where := indexRows(d.rows)
	outside := 0
	for _, label := range d.labels {
		if i := where.smallest(label.Points[0], label.Values["Layer"].Text); i >= 0 {
			of[i] = append(of[i], label.Values["name"].Text)
		} else {
			outside++
		}
	}
	several, told := 0, []string{}
	for i, texts := range of {
		switch {
		case len(texts) == 1:
			d.rows[i].Values["name"] = Value{Text, texts[0]}
			named++
		case len(texts) > 1:
			several++
			if len(told) < 10 {
				told = append(told, Excerpt(strings.Join(texts, " / "))+" ("+d.rows[i].Shape[0][0][0].String()+")")
			}
		}
	}
	if several > 0 {
		d.found.note("note.dxf_labels", words.Args{"n": several, "labels": told})
	}
	if outside > 0 && len(where.area) > 0 {
		d.found.note("note.dxf_outside", words.Args{"n": outside})
	}
	return named
}

// rowIndex finds the polygons at a point: by cells of a two hundredth of a degree, but for those that are larger than many of these.
type rowIndex struct {
	rows  []Row
	cells map[[2]crs.Coord][]int
	large []int
	area  map[int]crs.SquareMetres // of the rows that are polygons
	on    map[string]bool          // layers that have polygons
}

const (
	rowCell  = crs.PerDegree / 200
	manyCell = 100
)

func indexRows(rows []Row) *rowIndex {
	x := &rowIndex{rows: rows, cells: map[[2]crs.Coord][]int{}, area: map[int]crs.SquareMetres{}, on: map[string]bool{}}
	for i, r := range rows {
		if len(r.Shape) == 0 {
			continue
		}
		x.area[i], x.on[r.Values["Layer"].Text] = r.Shape.Area(), true
		b := r.Shape.Box()
		west, south, east, north := b.Min.Lon/rowCell, b.Min.Lat/rowCell, b.Max.Lon/rowCell, b.Max.Lat/rowCell
		if (east-west+1)*(north-south+1) > manyCell || east-west > manyCell || north-south > manyCell {
			x.large = append(x.large, i)
			continue
		}
		for lon := west; lon <= east; lon++ {
			for lat := south; lat <= north; lat++ {
				x.cells[[2]crs.Coord{lon, lat}] = append(x.cells[[2]crs.Coord{lon, lat}], i)
			}
		}
	}
	return x
}

// smallest returns the index of the smallest polygon that holds a point, -1 for none: of a layer where that has polygons.
func (x *rowIndex) smallest(p crs.Point, layer string) int {
	best := -1
	for _, list := range [][]int{x.cells[[2]crs.Coord{p.Lon / rowCell, p.Lat / rowCell}], x.large} {
		for _, i := range list {
			if x.on[layer] && x.rows[i].Values["Layer"].Text != layer {
				continue
			}
			if (best < 0 || x.area[i] < x.area[best]) && x.rows[i].Shape.Holds(p) {
				best = i
			}
		}
	}
	return best
}
