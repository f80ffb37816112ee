package topo

import (
	"cmp"
	"container/heap"
	"math"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// LabelPoint returns a point well inside the largest part of a shape: nearly as far from the border as can be. It is never
// on the border, unless the part is a strip so narrow that it holds no point of the grid, or hardly any (see scan); then
// it is the part's first corner. Of an empty shape it is the point 0 0.
//
// The search is polylabel (Agafonkin 2016, https://github.com/mapbox/polylabel, ISC): the square that may hold the best
// point is quartered until no square can hold a point that is much better than the best middle so far.
func LabelPoint(m shape.MultiPolygon) crs.Point {
	largest := largestPart(m)
	if len(largest) == 0 || len(largest[0]) == 0 {
		return crs.Point{}
	}
	if p := newPlane(largest).search(); Inside(p, shape.MultiPolygon{largest}) {
		return p
	}
	if p, ok := scan(largest); ok {
		return p
	}
	return largest[0][0]
}

// largestPart returns the part with the largest area, the first of those, nothing of nothing.
func largestPart(m shape.MultiPolygon) (largest shape.Polygon) {
	if len(m) == 1 {
		return m[0]
	}
	var most crs.SquareMetres
	for i, p := range m {
		if area := p.Area(); i == 0 || area > most {
			largest, most = p, area
		}
	}
	return largest
}

// Inside reports whether a point lies in a shape and on none of its sides.
func Inside(p crs.Point, m shape.MultiPolygon) bool {
	if !m.Holds(p) {
		return false
	}
	for _, polygon := range m {
		for _, r := range polygon {
			for i, to := range r {
				if (arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to}).Holds(p) {
					return false
				}
			}
		}
	}
	return true
}

// plane is a polygon on a flat map: in grid steps of latitude from the south-western corner of its box, with the
// longitudes drawn in so that a circle is a circle.
type plane struct {
	origin       crs.Point
	shrink       float64 // of longitudes
	width, depth float64
	rings        [][][2]float64
}

func newPlane(polygon shape.Polygon) *plane {
	box := polygon.Box()
	middle := (box.Min.Lat.Degrees() + box.Max.Lat.Degrees()) / 2
	f := &plane{origin: box.Min, shrink: max(math.Cos(middle*(math.Pi/180)), 0.01)}
	far := f.flat(box.Max)
	f.width, f.depth = far[0], far[1]
	for _, r := range polygon {
		flat := make([][2]float64, len(r))
		for i, p := range r {
			flat[i] = f.flat(p)
		}
		f.rings = append(f.rings, flat)
	}
	return f
}

func (f *plane) flat(p crs.Point) [2]float64 {
	return [2]float64{float64(float64(int64(p.Lon)-int64(f.origin.Lon)) * f.shrink), float64(int64(p.Lat) - int64(f.origin.Lat))}
}

// round returns the grid point nearest to a place on the map.
func (f *plane) round(x, y float64) crs.Point {
	return crs.Point{
		Lon: f.origin.Lon + crs.Coord(math.Round(x/f.shrink)),
		Lat: f.origin.Lat + crs.Coord(math.Round(y)),
	}
}

// square is a part of the map that is still to be searched: its middle, half its side, how far the middle is from the
// border (outside: less than nothing), and how far any of its points may be.
type square struct{ x, y, half, depth, hope float64 }

type squares []square

func (s squares) Len() int           { return len(s) }
func (s squares) Swap(i, j int)      { s[i], s[j] = s[j], s[i] }
func (s *squares) Push(x any)        { *s = append(*s, x.(square)) }
func (s *squares) Pop() any          { old := *s; last := old[len(old)-1]; *s = old[:len(old)-1]; return last }
func (s squares) Less(i, j int) bool { return before(s[i], s[j]) < 0 }

// before puts the most hopeful square first; the place settles a tie.
func before(a, b square) int {
	return cmp.Or(cmp.Compare(b.hope, a.hope), cmp.Compare(a.x, b.x), cmp.Compare(a.y, b.y))
}

const (
	// goodEnough is how much deeper inside a point must promise to be to go on searching: a label that is a tenth nearer
	// to the border than it might be looks no worse.
	goodEnough = 1.1
	// manySquares ends the search in strips, where nearly all squares lie half outside.
	manySquares = 2000
)

// search returns the best point found, which may lie outside where the polygon is narrow.
func (f *plane) search() crs.Point {
	half := max(min(f.width, f.depth), max(f.width, f.depth)/16) / 2
	var todo squares
	for x := half; x < f.width+half; x += 2 * half {
		for y := half; y < f.depth+half; y += 2 * half {
			todo = append(todo, f.square(x, y, half))
		}
	}
	heap.Init(&todo)
	best := f.square(f.width/2, f.depth/2, 0)
	for seen := 0; len(todo) > 0 && seen < manySquares; seen++ {
		s := heap.Pop(&todo).(square)
		if s.depth > best.depth {
			best = s
		}
		if s.hope <= max(best.depth*goodEnough, 0.5) {
			break
		}
		h := s.half / 2
		for _, c := range [4][2]float64{{-h, -h}, {-h, h}, {h, -h}, {h, h}} {
			if q := f.square(s.x+c[0], s.y+c[1], h); q.hope > best.depth {
				heap.Push(&todo, q)
			}
		}
	}
	return f.round(best.x, best.y)
}

func (f *plane) square(x, y, half float64) square {
	d := f.depthAt(x, y)
	return square{x, y, half, d, d + float64(half*math.Sqrt2)}
}

// depthAt returns how far a place is from the border, as less than nothing outside.
func (f *plane) depthAt(x, y float64) float64 {
	odd, nearest := false, math.Inf(1)
	for _, r := range f.rings {
		a := r[len(r)-1]
		for _, b := range r {
			if (a[1] > y) != (b[1] > y) && x < float64((b[0]-a[0])*(y-a[1]))/(b[1]-a[1])+a[0] {
				odd = !odd
			}
			nearest = min(nearest, squaredDistance(x, y, a, b))
			a = b
		}
	}
	if odd {
		return math.Sqrt(nearest)
	}
	return -math.Sqrt(nearest)
}

// squaredDistance returns the square of the distance of a place from a line. Products are rounded one by one, so that it is
// the same on machines that can multiply and add in one step.
func squaredDistance(x, y float64, a, b [2]float64) float64 {
	dx, dy := b[0]-a[0], b[1]-a[1]
	x, y = x-a[0], y-a[1]
	if length := float64(dx*dx) + float64(dy*dy); length > 0 {
		t := min(1, max(0, (float64(x*dx)+float64(y*dy))/length))
		x, y = x-float64(t*dx), y-float64(t*dy)
	}
	return float64(x*x) + float64(y*y)
}
