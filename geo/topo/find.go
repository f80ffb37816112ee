package topo

import (
	"math"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Finder says which of many shapes holds a point. The shapes share no inner points; they may leave gaps. It knows them by the
// squares of a net over their box, about two squares a shape. It may be asked from many sides at once.
type Finder struct {
	shapes        []shape.MultiPolygon
	boxes         []shape.Box
	box           shape.Box
	columns, rows int64
	start         []int32 // by square, from west to east, then north: into in
	in            []int32 // shapes whose box meets the square, rising
}

// NewFinder returns the finder of the shapes, which it keeps. Empty shapes hold nothing.
func NewFinder(shapes []shape.MultiPolygon) *Finder {
	f := &Finder{shapes: shapes, boxes: make([]shape.Box, len(shapes)), box: shape.EmptyBox, columns: 1, rows: 1}
	for i, m := range shapes {
		f.boxes[i] = m.Box()
		f.box = f.box.Union(f.boxes[i])
	}
	if !f.box.IsEmpty() {
		width := float64(f.box.Max.Lon) - float64(f.box.Min.Lon) + 1
		height := float64(f.box.Max.Lat) - float64(f.box.Min.Lat) + 1
		squares := float64(2 * len(shapes))
		f.columns = max(1, min(int64(math.Sqrt(squares*width/height)), int64(squares)))
		f.rows = max(1, int64(squares)/f.columns)
	}
	f.fill()
	return f
}

// fill counts what lies in each square, then puts it there.
func (f *Finder) fill() {
	f.start = make([]int32, f.columns*f.rows+1)
	for i := range f.shapes {
		f.squares(f.boxes[i], func(square int64) { f.start[square+1]++ })
	}
	for i := range f.start[1:] {
		f.start[i+1] += f.start[i]
	}
	f.in = make([]int32, f.start[len(f.start)-1])
	next := append([]int32(nil), f.start...)
	for i := range f.shapes {
		f.squares(f.boxes[i], func(square int64) {
			f.in[next[square]] = int32(i)
			next[square]++
		})
	}
}

// squares visits the squares a box meets.
func (f *Finder) squares(b shape.Box, visit func(square int64)) {
	if b.IsEmpty() {
		return
	}
	west, south := f.square(b.Min)
	east, north := f.square(b.Max)
	for y := south; y <= north; y++ {
		for x := west; x <= east; x++ {
			visit(y*f.columns + x)
		}
	}
}

// square returns the column and row of a point in the box.
func (f *Finder) square(p crs.Point) (column, row int64) {
	width, height := int64(f.box.Max.Lon)-int64(f.box.Min.Lon)+1, int64(f.box.Max.Lat)-int64(f.box.Min.Lat)+1
	return (int64(p.Lon) - int64(f.box.Min.Lon)) * f.columns / width, (int64(p.Lat) - int64(f.box.Min.Lat)) * f.rows / height
}

// Find returns the shape that holds a point, -1 for none. A point on the border of two goes to the one east of it, on a level
// border to the one north of it (shape.MultiPolygon.Holds). On an outer border, with nothing on that side, it goes to the first
// of the shapes whose border it lies on.
func (f *Finder) Find(p crs.Point) int32 {
	if !f.box.Meets(shape.Box{Min: p, Max: p}) {
		return -1
	}
	column, row := f.square(p)
	square := row*f.columns + column
	near := f.in[f.start[square]:f.start[square+1]]
	for _, i := range near {
		if f.boxes[i].Meets(shape.Box{Min: p, Max: p}) && f.shapes[i].Holds(p) {
			return i
		}
	}
	for _, i := range near {
		if f.boxes[i].Meets(shape.Box{Min: p, Max: p}) && touches(f.shapes[i], p) {
			return i
		}
	}
	return -1
}

// touches reports whether a point lies on a shape's border.
func touches(m shape.MultiPolygon, p crs.Point) bool {
	return !eachLine(m, func(l arrange.Line) bool { return !l.Holds(p) })
}

// eachLine visits the lines of a shape until visit returns false; it reports whether it came to the end.
func eachLine(m shape.MultiPolygon, visit func(arrange.Line) bool) bool {
	for _, polygon := range m {
		for _, r := range polygon {
			from := r[len(r)-1]
			for _, to := range r {
				if !visit(arrange.Line{From: from, To: to}) {
					return false
				}
				from = to
			}
		}
	}
	return true
}

// Nearest returns the shape whose border is nearest to a point and how far that is, the first of several; -1 and 0 where there are
// only empty shapes. crs.Surroundings says how true the distance is. It looks at every box.
func (f *Finder) Nearest(p crs.Point) (nearest int32, away crs.Metres) {
	around := crs.Around(p)
	nearest, best := int32(-1), math.Inf(1)
	for _, exact := range []bool{false, true} { // first a shape that is not far, then all that may be nearer
		guess, least := int32(-1), math.Inf(1)
		for i, b := range f.boxes {
			if b.IsEmpty() {
				continue
			}
			// The nearest point of the box is no farther than any of its shape.
			at := crs.Point{Lon: max(b.Min.Lon, min(b.Max.Lon, p.Lon)), Lat: max(b.Min.Lat, min(b.Max.Lat, p.Lat))}
			bound := around.Squared(at, at)
			switch {
			case !exact && bound < least:
				guess, least = int32(i), bound
			case exact && bound <= best:
				if d := borderSquared(around, f.shapes[i]); d < best || d == best && int32(i) < nearest {
					nearest, best = int32(i), d
				}
			}
		}
		if !exact && guess >= 0 {
			nearest, best = guess, borderSquared(around, f.shapes[guess])
		}
	}
	if nearest < 0 {
		return nearest, 0
	}
	return nearest, crs.Metres(math.Sqrt(best))
}

// BorderDistance returns how far a point is from the border of one of the shapes, be it inside or outside.
func (f *Finder) BorderDistance(p crs.Point, i int32) crs.Metres {
	return crs.Metres(math.Sqrt(borderSquared(crs.Around(p), f.shapes[i])))
}

func borderSquared(around crs.Surroundings, m shape.MultiPolygon) float64 {
	best := math.Inf(1)
	eachLine(m, func(l arrange.Line) bool {
		best = min(best, around.Squared(l.From, l.To))
		return true
	})
	return best
}
