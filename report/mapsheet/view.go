package mapsheet

import (
	"math"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/report/draw"
)

// rect is a rectangle of a page, in mm.
type rect struct{ x, y, w, h float64 }

func (r rect) path() *draw.Path { return draw.Rectangle(r.x, r.y, r.w, r.h) }

// inset returns the rectangle without a rim.
func (r rect) inset(rim float64) rect { return rect{r.x + rim, r.y + rim, r.w - 2*rim, r.h - 2*rim} }

func (r rect) middle() draw.Point { return draw.Point{X: r.x + r.w/2, Y: r.y + r.h/2} }

func (r rect) holds(p draw.Point) bool {
	return p.X >= r.x && p.X <= r.x+r.w && p.Y >= r.y && p.Y <= r.y+r.h
}

// scales are the scales of sheets, as one to so many.
var scales = []int{250, 500, 750, 1000, 1250, 1500, 2000, 2500, 3000, 4000, 5000, 6000, 7500, 10000, 15000, 20000, 25000, 30000, 40000, 50000,
	75000, 100000, 150000, 200000, 250000, 500000, 1000000}

// scaleFor returns the largest of the scales at which a box fits a frame.
func scaleFor(box shape.Box, frame rect) int {
	width, height := extent(box)
	for _, s := range scales {
		if width <= frame.w*float64(s) && height <= frame.h*float64(s) {
			return s
		}
	}
	return scales[len(scales)-1]
}

// extent returns how wide and high a box is, in mm.
func extent(box shape.Box) (width, height float64) {
	flat := crs.FlatAt(middleOfBox(box))
	low, high := flat.XY(box.Min), flat.XY(box.Max)
	return float64(high.X - low.X), float64(high.Y - low.Y)
}

func middleOfBox(b shape.Box) crs.Point {
	return crs.Point{Lon: crs.Coord((int64(b.Min.Lon) + int64(b.Max.Lon)) / 2), Lat: crs.Coord((int64(b.Min.Lat) + int64(b.Max.Lat)) / 2)}
}

// view is a piece of ground in a frame of a page.
type view struct {
	frame rect
	scale int
	flat  crs.Flat  // round the middle of the frame
	box   shape.Box // what the frame shows
}

// newView shows a box in a frame at a scale, in the middle.
func newView(box shape.Box, frame rect, scale int) view {
	v := view{frame: frame, scale: scale, flat: crs.FlatAt(middleOfBox(box))}
	middle := middleOfBox(box)
	w, h := int64(frame.w/2*float64(scale)), int64(frame.h/2*float64(scale))
	v.box = shape.Box{Min: v.flat.Moved(middle, -w, -h), Max: v.flat.Moved(middle, w, h)}
	return v
}

// place returns where a point of the ground is on the page.
func (v view) place(p crs.Point) draw.Point {
	at := v.flat.XY(p)
	return draw.Point{X: v.frame.x + v.frame.w/2 + float64(at.X)/float64(v.scale), Y: v.frame.y + v.frame.h/2 - float64(at.Y)/float64(v.scale)}
}

// mm returns how many mm of the page a length of the ground is.
func (v view) mm(metres float64) float64 { return metres * 1000 / float64(v.scale) }

// bleed is how far beyond the frame lines and shapes are drawn, in mm, so that their ends and outlines are not seen.
const bleed = 4

// line adds a line of the ground to a path, as far as it may be seen.
func (v view) line(path *draw.Path, points []crs.Point) {
	for _, piece := range v.pieces(points) {
		path.Line(piece...)
	}
}

// pieces returns the parts of a line that lie in the frame or just beyond, on the page.
func (v view) pieces(points []crs.Point) (pieces [][]draw.Point) {
	in := v.frame.inset(-bleed)
	var piece []draw.Point
	for i := 1; i < len(points); i++ {
		a, b := v.place(points[i-1]), v.place(points[i])
		from, to, seen := cutLine(a, b, in)
		switch {
		case !seen:
			continue
		case len(piece) == 0 || piece[len(piece)-1] != from:
			if len(piece) > 1 {
				pieces = append(pieces, piece)
			}
			piece = []draw.Point{from, to}
		default:
			piece = append(piece, to)
		}
	}
	if len(piece) > 1 {
		pieces = append(pieces, piece)
	}
	return pieces
}

// cutLine returns the part of a straight line within a rectangle (Y.-D. Liang and B. A. Barsky, 1984).
func cutLine(a, b draw.Point, in rect) (from, to draw.Point, seen bool) {
	t0, t1 := 0.0, 1.0
	dx, dy := b.X-a.X, b.Y-a.Y
	for _, side := range [4][2]float64{{-dx, a.X - in.x}, {dx, in.x + in.w - a.X}, {-dy, a.Y - in.y}, {dy, in.y + in.h - a.Y}} {
		p, q := side[0], side[1]
		switch {
		case p == 0 && q < 0:
			return a, b, false
		case p < 0:
			t0 = max(t0, q/p)
		case p > 0:
			t1 = min(t1, q/p)
		}
	}
	if t0 > t1 {
		return a, b, false
	}
	at := func(t float64) draw.Point {
		switch t {
		case 0:
			return a
		case 1:
			return b
		}
		return draw.Point{X: a.X + t*dx, Y: a.Y + t*dy}
	}
	return at(t0), at(t1), true
}

// shapes adds shapes of the ground to a path, as far as they may be seen.
func (v view) shapes(path *draw.Path, m shape.MultiPolygon) {
	for _, rings := range v.rings(m) {
		for _, r := range rings {
			path.Ring(r...)
		}
	}
}

// rings returns the rings of shapes on the page, by polygon, cut off just beyond the frame.
func (v view) rings(m shape.MultiPolygon) (polygons [][][]draw.Point) {
	in := v.frame.inset(-bleed)
	for _, polygon := range m {
		if !polygon.Box().Meets(v.box) {
			continue
		}
		var rings [][]draw.Point
		for i, r := range polygon {
			points := make([]draw.Point, len(r))
			whole := true
			for k, p := range r {
				points[k] = v.place(p)
				whole = whole && in.holds(points[k])
			}
			if !whole {
				points = cutRing(points, in)
			}
			if i == 0 && len(points) < 3 {
				break
			}
			if len(points) > 2 {
				rings = append(rings, points)
			}
		}
		if len(rings) > 0 {
			polygons = append(polygons, rings)
		}
	}
	return polygons
}

// cutRing returns what of a ring lies in a rectangle; where the ring leaves it, the outcome runs along the rectangle's side
// (I. E. Sutherland and G. W. Hodgman, 1974).
func cutRing(ring []draw.Point, in rect) []draw.Point {
	sides := [4]func(draw.Point) float64{ // how far inside
		func(p draw.Point) float64 { return p.X - in.x },
		func(p draw.Point) float64 { return in.x + in.w - p.X },
		func(p draw.Point) float64 { return p.Y - in.y },
		func(p draw.Point) float64 { return in.y + in.h - p.Y },
	}
	for _, inside := range sides {
		var kept []draw.Point
		for i, p := range ring {
			last := ring[(i+len(ring)-1)%len(ring)]
			a, b := inside(last), inside(p)
			if (a < 0) != (b < 0) {
				t := a / (a - b)
				kept = append(kept, draw.Point{X: last.X + t*(p.X-last.X), Y: last.Y + t*(p.Y-last.Y)})
			}
			if b >= 0 {
				kept = append(kept, p)
			}
		}
		ring = kept
	}
	return ring
}

// within returns the place on the page that lies deepest in what of shapes is seen in a rectangle, and how large that is in square mm; false
// where nothing is.
func (v view) within(m shape.MultiPolygon, in rect) (at draw.Point, area float64, seen bool) {
	// LabelPoint wants the ground. On the equator a step east is as long as a step north (to 0.7 %), so the page is laid there.
	const steps = 10_000 // a mm
	var parts shape.MultiPolygon
	for _, rings := range v.rings(m) {
		var polygon shape.Polygon
		for i, r := range rings {
			r = cutRing(r, in)
			if len(r) < 3 {
				if i == 0 {
					break
				}
				continue
			}
			if i == 0 {
				area += math.Abs(areaOf(r))
			}
			ring := make(shape.Ring, 0, len(r))
			for _, p := range r {
				q := crs.Point{Lon: crs.Coord(math.Round(p.X * steps)), Lat: crs.Coord(math.Round(-p.Y * steps))}
				if len(ring) == 0 || ring[len(ring)-1] != q {
					ring = append(ring, q)
				}
			}
			if len(ring) > 2 {
				polygon = append(polygon, ring)
			} else if i == 0 {
				break
			}
		}
		if len(polygon) > 0 {
			parts = append(parts, polygon)
		}
	}
	if len(parts) == 0 || area == 0 {
		return at, 0, false
	}
	p := topo.LabelPoint(parts)
	return draw.Point{X: float64(p.Lon) / steps, Y: -float64(p.Lat) / steps}, area, true
}

// areaOf returns the area inside a ring of a page, positive when it runs to the right.
func areaOf(ring []draw.Point) float64 {
	twice := 0.0
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		twice += p.X*q.Y - q.X*p.Y
	}
	return twice / 2
}
