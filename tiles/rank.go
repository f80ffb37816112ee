package tiles

import (
	"container/heap"
	"math"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Ranks say at which zoom a vertex begins to be drawn, so that tiles of far views hold fewer. A vertex that has no rank is always
// drawn; so are all without ranks.
type Ranks map[crs.Point]uint8

// wholeFrom is the zoom from which every vertex is drawn.
const wholeFrom = 16

// tolerance is the area in square steps of a tile by which one vertex may change what is drawn: a quarter of a pixel of a map that
// shows a tile on 512 of them.
const tolerance = 16

// RankCoverage ranks the vertices of polygons that share their borders vertex for vertex. The borders are cut into arcs where three or
// more polygons or arcs meet, or where a coverage ends at another; a rank depends on its arc alone, so two neighbours leave out the
// same vertices and cannot gape. Along an arc vertices go by the area they span with the neighbours that are left, the smallest first
// (M. Visvalingam and J. D. Whyatt, Line generalisation by repeated elimination of points, 1993).
func RankCoverage(polygons ...shape.MultiPolygon) Ranks {
	ranks := Ranks{}
	nodes := nodesOf(polygons)
	for _, m := range polygons {
		for _, p := range m {
			for _, r := range p {
				rankRing(r, nodes, ranks)
			}
		}
	}
	return ranks
}

// RankLines ranks the vertices of lines, each by itself; their ends are always drawn, and so is a vertex that two lines share.
func RankLines(lines [][]crs.Point) Ranks {
	ranks, seen := Ranks{}, map[crs.Point]int{}
	for i, l := range lines {
		for _, p := range l {
			if other, is := seen[p]; is && other != i {
				seen[p] = -1
			} else if !is {
				seen[p] = i
			}
		}
	}
	for _, l := range lines {
		start := 0
		for i := 1; i < len(l); i++ {
			if i == len(l)-1 || seen[l[i]] < 0 {
				rankArc(l[start:i+1], ranks)
				start = i
			}
		}
	}
	for p, i := range seen {
		if i < 0 {
			delete(ranks, p)
		}
	}
	return ranks
}

// nodesOf returns the vertices at which other than two edges end, an edge of two neighbours counted once.
func nodesOf(polygons []shape.MultiPolygon) map[crs.Point]bool {
	// Of each vertex the two neighbours along the border it was first seen on; another neighbour makes it a node.
	type pair struct{ a, b crs.Point }
	sides := map[crs.Point]pair{}
	nodes := map[crs.Point]bool{}
	for _, m := range polygons {
		for _, p := range m {
			for _, r := range p {
				for i, v := range r {
					a, b := r[(i+len(r)-1)%len(r)], r[(i+1)%len(r)]
					if less(b, a) {
						a, b = b, a
					}
					if had, is := sides[v]; !is {
						sides[v] = pair{a, b}
					} else if had != (pair{a, b}) {
						nodes[v] = true
					}
				}
			}
		}
	}
	return nodes
}

func less(p, q crs.Point) bool { return p.Lon < q.Lon || p.Lon == q.Lon && p.Lat < q.Lat }

// rankRing ranks the vertices of a ring, arc by arc. A ring without nodes is one arc that begins at its smallest vertex.
func rankRing(r shape.Ring, nodes map[crs.Point]bool, ranks Ranks) {
	start := -1
	for i, p := range r {
		if nodes[p] {
			start = i
			break
		}
	}
	if start < 0 {
		start = 0
		for i, p := range r {
			if less(p, r[start]) {
				start = i
			}
		}
	}
	arc := []crs.Point{r[start]}
	for i := 1; i <= len(r); i++ {
		p := r[(start+i)%len(r)]
		arc = append(arc, p)
		if nodes[p] || i == len(r) {
			rankArc(arc, ranks)
			arc = append(arc[:0:0], p)
		}
	}
}

// rankArc ranks the vertices between the ends of an arc. The same arc walked the other way gives the same ranks.
func rankArc(arc []crs.Point, ranks Ranks) {
	if len(arc) < 3 {
		return
	}
	if _, done := ranks[arc[1]]; done {
		return // by the other neighbour
	}
	s := make([]spanned, len(arc))
	q := make(smallestFirst, 0, len(arc)-2)
	for i, p := range arc {
		s[i] = spanned{point: p, at: vertexAt(p), before: i - 1, after: i + 1}
	}
	for i := 1; i < len(s)-1; i++ {
		s[i].area = area(s[i-1].at, s[i].at, s[i+1].at)
		s[i].place = len(q)
		q = append(q, &s[i])
	}
	heap.Init(&q)
	closed := arc[0] == arc[len(arc)-1]
	largest := 0.0 // a vertex is worth no less than one that went before it
	for q.Len() > 0 {
		v := heap.Pop(&q).(*spanned)
		largest = max(largest, v.area)
		ranks[v.point] = drawnFrom(largest)
		if closed && q.Len() < 2 {
			ranks[v.point] = 0 // the last triangle of a ring stays until it is smaller than a step
		}
		b, a := &s[v.before], &s[v.after]
		b.after, a.before = v.after, v.before
		for _, n := range []*spanned{b, a} {
			if n.before >= 0 && n.after < len(s) {
				n.area = area(s[n.before].at, n.at, s[n.after].at)
				heap.Fix(&q, n.place)
			}
		}
	}
}

// drawnFrom returns the lowest zoom at which a vertex that spans an area, in square steps of the deepest zoom, is worth drawing.
func drawnFrom(area float64) uint8 {
	for z := range wholeFrom {
		if area >= math.Ldexp(tolerance, 2*(deepest-z)) {
			return uint8(z)
		}
	}
	return wholeFrom
}

// area is that of the triangle of three vertices.
func area(p, q, r vertex) float64 {
	a := (int64(q.x) - int64(p.x)) * (int64(r.y) - int64(p.y))
	b := (int64(r.x) - int64(p.x)) * (int64(q.y) - int64(p.y))
	return math.Abs(float64(a-b)) / 2
}

// spanned is a vertex of an arc that is still there.
type spanned struct {
	point         crs.Point
	at            vertex
	area          float64
	before, after int // along the arc
	place         int // in the queue
}

// smallestFirst is a queue by area, then place, which no direction of walking changes.
type smallestFirst []*spanned

func (q smallestFirst) Len() int { return len(q) }
func (q smallestFirst) Less(i, j int) bool {
	if q[i].area != q[j].area {
		return q[i].area < q[j].area
	}
	return less(q[i].point, q[j].point)
}
func (q smallestFirst) Swap(i, j int) {
	q[i], q[j] = q[j], q[i]
	q[i].place, q[j].place = i, j
}
func (q *smallestFirst) Push(any) { panic("nothing comes back to the queue") }
func (q *smallestFirst) Pop() any {
	last := len(*q) - 1
	v := (*q)[last]
	*q = (*q)[:last]
	return v
}

// Generalised returns polygons without the vertices that are drawn from a deeper zoom on alone, as tiles of the zoom draw them. Neighbours that
// share their ranks still share their borders.
func (r Ranks) Generalised(m shape.MultiPolygon, zoom uint8) shape.MultiPolygon {
	out := make(shape.MultiPolygon, len(m))
	for i, p := range m {
		for _, ring := range p {
			var kept shape.Ring
			for _, v := range ring {
				if r[v] <= zoom {
					kept = append(kept, v)
				}
			}
			out[i] = append(out[i], kept)
		}
	}
	return out
}
