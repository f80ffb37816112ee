package draw

import "math"

// Path is any number of lines and rings. Its zero value is empty.
type Path struct {
	verbs  []verb
	points []Point // one of a move and a line, three of a curve
}

type verb uint8

const (
	move verb = iota
	line
	curve
	shut
)

// MoveTo begins a line.
func (p *Path) MoveTo(at Point) { p.verbs, p.points = append(p.verbs, move), append(p.points, at) }

// LineTo goes on straight.
func (p *Path) LineTo(to Point) { p.verbs, p.points = append(p.verbs, line), append(p.points, to) }

// CurveTo goes on along a cubic Bézier curve with two control points.
func (p *Path) CurveTo(a, b, to Point) {
	p.verbs, p.points = append(p.verbs, curve), append(p.points, a, b, to)
}

// Close goes back to where the line began.
func (p *Path) Close() { p.verbs = append(p.verbs, shut) }

// Line adds a line through points; nothing where they are fewer than two.
func (p *Path) Line(points ...Point) {
	for i, at := range points {
		switch {
		case len(points) < 2:
		case i == 0:
			p.MoveTo(at)
		default:
			p.LineTo(at)
		}
	}
}

// Ring adds a closed line through points.
func (p *Path) Ring(points ...Point) {
	if len(points) > 2 {
		p.Line(points...)
		p.Close()
	}
}

// Line returns a path of one line through points.
func Line(points ...Point) *Path {
	p := &Path{}
	p.Line(points...)
	return p
}

// Ring returns a path of one closed line through points.
func Ring(points ...Point) *Path {
	p := &Path{}
	p.Ring(points...)
	return p
}

// Rectangle returns an upright rectangle by its left upper corner and its size.
func Rectangle(x, y, width, height float64) *Path {
	return Ring(Point{x, y}, Point{x + width, y}, Point{x + width, y + height}, Point{x, y + height})
}

// Circle returns a circle.
func Circle(middle Point, radius float64) *Path {
	const k = 0.5522847498 // of the radius: control points of a quarter (the curve is off by 0.03 % of it at most)
	p, c, r := &Path{}, k*radius, radius
	x, y := middle.X, middle.Y
	p.MoveTo(Point{x + r, y})
	p.CurveTo(Point{x + r, y + c}, Point{x + c, y + r}, Point{x, y + r})
	p.CurveTo(Point{x - c, y + r}, Point{x - r, y + c}, Point{x - r, y})
	p.CurveTo(Point{x - r, y - c}, Point{x - c, y - r}, Point{x, y - r})
	p.CurveTo(Point{x + c, y - r}, Point{x + r, y - c}, Point{x + r, y})
	p.Close()
	return p
}

// walk tells f of every verb and its points, in order.
func (p *Path) walk(f func(v verb, points []Point)) {
	at := 0
	for _, v := range p.verbs {
		n := [...]int{move: 1, line: 1, curve: 3, shut: 0}[v]
		f(v, p.points[at:at+n])
		at += n
	}
}

// flat is a line of points a path was flattened to.
type flat struct {
	points []Point
	closed bool
}

// flatten returns the path as lines of points through a placing, its curves cut so that none is off by more than a tolerance.
func (p *Path) flatten(place func(Point) Point, tolerance float64) (lines []flat) {
	p.walk(func(v verb, points []Point) {
		switch v {
		case move:
			lines = append(lines, flat{points: []Point{place(points[0])}})
		case line:
			l := &lines[len(lines)-1]
			l.points = append(l.points, place(points[0]))
		case curve:
			l := &lines[len(lines)-1]
			l.points = appendCurve(l.points, place(points[0]), place(points[1]), place(points[2]), tolerance)
		case shut:
			lines[len(lines)-1].closed = true
		}
	})
	return lines
}

// appendCurve adds a cubic curve from the last point on, in as many equal steps as keep it within the tolerance: a step of 1/n is off by
// at most the curve's second difference, √3/18 of it for the worst cubic, over n².
func appendCurve(points []Point, a, b, to Point, tolerance float64) []Point {
	from := points[len(points)-1]
	bend := max(math.Hypot(from.X-2*a.X+b.X, from.Y-2*a.Y+b.Y), math.Hypot(a.X-2*b.X+to.X, a.Y-2*b.Y+to.Y))
	n := int(math.Ceil(math.Sqrt(0.75 * bend / tolerance)))
	n = max(1, min(n, 64))
	for i := 1; i <= n; i++ {
		t := float64(i) / float64(n)
		u := 1 - t
		k0, k1, k2, k3 := u*u*u, 3*u*u*t, 3*u*t*t, t*t*t
		points = append(points, Point{k0*from.X + k1*a.X + k2*b.X + k3*to.X, k0*from.Y + k1*a.Y + k2*b.Y + k3*to.Y})
	}
	return points
}
