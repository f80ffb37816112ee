package mapsheet

import (
	"math"
	"slices"
	"strings"
	"unicode"

	"gridwright/report/draw"
)

// label is a name on a map, laid round its middle.
type label struct {
	text    string
	at      draw.Point
	size    float64
	bold    bool
	colour  draw.Colour
	angle   float64 // degrees to the right
	stacked bool    // its characters stand one below the other along the angle
}

// quad is a turned rectangle by its corners in order.
type quad [4]draw.Point

// quadAt returns the rectangle of a width and height round a middle, turned to the right by degrees.
func quadAt(middle draw.Point, width, height, angle float64) quad {
	sin, cos := math.Sincos(angle * math.Pi / 180)
	at := func(x, y float64) draw.Point {
		return draw.Point{X: middle.X + x*cos - y*sin, Y: middle.Y + x*sin + y*cos}
	}
	w, h := width/2, height/2
	return quad{at(-w, -h), at(w, -h), at(w, h), at(-w, h)}
}

func quadOf(r rect) quad { return quadAt(r.middle(), r.w, r.h, 0) }

// meets reports whether two rectangles overlap: none of their sides parts them.
func (q quad) meets(o quad) bool {
	for _, pair := range [2][2]quad{{q, o}, {o, q}} {
		a, b := pair[0], pair[1]
		for i := range 2 {
			dx, dy := a[i+1].X-a[i].X, a[i+1].Y-a[i].Y
			low, high := math.Inf(1), math.Inf(-1)
			for _, p := range a {
				d := p.X*dx + p.Y*dy
				low, high = min(low, d), max(high, d)
			}
			apart, beyond := true, true
			for _, p := range b {
				d := p.X*dx + p.Y*dy
				apart, beyond = apart && d < low, beyond && d > high
			}
			if apart || beyond {
				return false
			}
		}
	}
	return true
}

// ems is a size in mm.
func ems(points float64) float64 { return points * 25.4 / 72 }

// quad returns what a label covers.
func (l *label) quad() quad {
	if l.stacked {
		n := float64(len([]rune(l.text)))
		return quadAt(l.at, n*ems(l.size)*stackPitch+0.6, ems(l.size)*1.1+0.4, l.angle)
	}
	return quadAt(l.at, draw.Width(l.text, l.size)+0.6, ems(l.size)*1.05+0.3, l.angle)
}

// stackPitch is the distance of stacked characters as a part of their size.
const stackPitch = 1.12

// placer puts labels where they cover no other.
type placer struct {
	frame  rect
	taken  []quad
	border []quad                // of the subject, piece by piece: no name lies on it
	inside func(draw.Point) bool // the subject
	placed []label
}

// bordering takes rings in as the border of the subject, which is so many mm wide.
func (p *placer) bordering(polygons [][][]draw.Point, width float64) {
	for _, rings := range polygons {
		for _, r := range rings {
			for i, a := range r {
				b := r[(i+1)%len(r)]
				length := math.Hypot(b.X-a.X, b.Y-a.Y)
				p.border = append(p.border, quadAt(draw.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}, length, width, math.Atan2(b.Y-a.Y, b.X-a.X)*180/math.Pi))
			}
		}
	}
}

// onBorder reports whether a place is on the border of the subject, or nearly so.
func (p *placer) onBorder(at draw.Point) bool {
	return slices.ContainsFunc(p.border, quadAt(at, 1, 1, 0).meets)
}

// free reports whether a label would lie in the frame and cover nothing.
func (p *placer) free(l *label) bool {
	q := l.quad()
	for _, corner := range q {
		if !p.frame.holds(corner) {
			return false
		}
	}
	return !slices.ContainsFunc(p.border, q.meets) && !slices.ContainsFunc(p.taken, q.meets)
}

// put takes a label in, be there room or not.
func (p *placer) put(l label) {
	p.taken = append(p.taken, l.quad())
	p.placed = append(p.placed, l)
}

// try puts a label at the first of some places where there is room, and reports whether there was any.
func (p *placer) try(l label, places ...draw.Point) bool {
	for _, l.at = range places {
		if p.free(&l) {
			p.put(l)
			return true
		}
	}
	return false
}

// around returns places at and round a point: the point, then rings of eight places farther and farther out.
func around(at draw.Point, step float64, rings int) []draw.Point {
	places := []draw.Point{at}
	for r := 1; r <= rings; r++ {
		for _, d := range [8][2]float64{{0, -1}, {0, 1}, {-1, 0}, {1, 0}, {-1, -1}, {1, -1}, {-1, 1}, {1, 1}} {
			places = append(places, draw.Point{X: at.X + d[0]*step*float64(r), Y: at.Y + d[1]*step*float64(r)})
		}
	}
	return places
}

// along puts a name along lines of a page where they are straight enough, nearest to a place first; at most so many times, each as far from
// the others as apart, in mm.
func (p *placer) along(l label, lines [][]draw.Point, near draw.Point, most int, apart float64) int {
	han := !strings.ContainsFunc(l.text, func(r rune) bool { return r < unicode.MaxLatin1 && (unicode.IsLetter(r) || unicode.IsDigit(r)) })
	type stretch struct {
		at    draw.Point
		angle float64
		far   float64
	}
	var found []stretch
	length := draw.Width(l.text, l.size) * 1.1
	for _, line := range lines {
		total := 0.0
		for i := 1; i < len(line); i++ {
			total += math.Hypot(line[i].X-line[i-1].X, line[i].Y-line[i-1].Y)
		}
		for from := 0.0; from+length <= total; from += 5 {
			a, b := pointAlong(line, from), pointAlong(line, from+length)
			chord := math.Hypot(b.X-a.X, b.Y-a.Y)
			if chord < 0.97*length || !straight(line, from, from+length, a, b, 0.28*ems(l.size)) {
				continue
			}
			at := draw.Point{X: (a.X + b.X) / 2, Y: (a.Y + b.Y) / 2}
			found = append(found, stretch{at, math.Atan2(b.Y-a.Y, b.X-a.X) * 180 / math.Pi, math.Hypot(at.X-near.X, at.Y-near.Y)})
		}
	}
	slices.SortStableFunc(found, func(a, b stretch) int {
		switch {
		case a.far < b.far:
			return -1
		case a.far > b.far:
			return 1
		}
		return 0
	})
	var put []draw.Point
	for _, s := range found {
		if len(put) == most {
			break
		}
		if slices.ContainsFunc(put, func(o draw.Point) bool { return math.Hypot(o.X-s.at.X, o.Y-s.at.Y) < apart }) {
			continue
		}
		l.at, l.angle, l.stacked = s.at, upright(s.angle), false
		if steep := math.Abs(l.angle) > 50; steep && han {
			l.angle, l.stacked = downward(s.angle), true
		}
		for _, l.at = range p.beside(s.at, s.angle, l.size) {
			if p.free(&l) {
				p.put(l)
				put = append(put, s.at)
				break
			}
		}
	}
	return len(put)
}

// beside returns where a name along a line may lie: on the line; where that is the border of the subject, beside it, outside first.
func (p *placer) beside(at draw.Point, angle, size float64) []draw.Point {
	if !p.onBorder(at) {
		return []draw.Point{at}
	}
	sin, cos := math.Sincos(angle * math.Pi / 180)
	off := 0.62*ems(size) + 0.75
	a, b := draw.Point{X: at.X - off*sin, Y: at.Y + off*cos}, draw.Point{X: at.X + off*sin, Y: at.Y - off*cos}
	if p.inside(a) {
		a, b = b, a
	}
	return []draw.Point{a, b}
}

// upright turns an angle half round where letters along it would stand on their heads.
func upright(angle float64) float64 {
	switch {
	case angle > 90:
		return angle - 180
	case angle < -90:
		return angle + 180
	}
	return angle
}

// downward turns an angle half round where it leads up the page.
func downward(angle float64) float64 {
	if angle < 0 {
		return angle + 180
	}
	return angle
}

// pointAlong returns the point of a line so many mm from its beginning.
func pointAlong(line []draw.Point, at float64) draw.Point {
	for i := 1; i < len(line); i++ {
		d := math.Hypot(line[i].X-line[i-1].X, line[i].Y-line[i-1].Y)
		if at <= d && d > 0 {
			t := at / d
			return draw.Point{X: line[i-1].X + t*(line[i].X-line[i-1].X), Y: line[i-1].Y + t*(line[i].Y-line[i-1].Y)}
		}
		at -= d
	}
	return line[len(line)-1]
}

// straight reports whether a line keeps to a chord between two of its places, but for so many mm.
func straight(line []draw.Point, from, to float64, a, b draw.Point, off float64) bool {
	chord := math.Hypot(b.X-a.X, b.Y-a.Y)
	walked := 0.0
	for i := 1; i < len(line); i++ {
		walked += math.Hypot(line[i].X-line[i-1].X, line[i].Y-line[i-1].Y)
		if walked <= from || walked >= to {
			continue
		}
		if math.Abs((line[i].X-a.X)*(b.Y-a.Y)-(line[i].Y-a.Y)*(b.X-a.X)) > off*chord {
			return false
		}
	}
	return true
}

// write draws the labels with a rim of paper, so that they can be read on anything.
func (p *placer) write(page *draw.Page) {
	for _, l := range p.placed {
		l.write(page)
	}
}

func (l *label) write(page *draw.Page) {
	halo := 0.12 * ems(l.size)
	drop := 0.36 * ems(l.size) // from the middle of the letters down to the line they stand on
	sin, cos := math.Sincos(l.angle * math.Pi / 180)
	text := draw.Text{String: l.text, Size: l.size, Align: draw.Middle, Bold: l.bold, Colour: l.colour, Halo: halo, Angle: l.angle}
	if !l.stacked {
		text.At = draw.Point{X: l.at.X - drop*sin, Y: l.at.Y + drop*cos}
		page.Write(text)
		return
	}
	runes := []rune(l.text)
	text.Angle -= 90
	sin, cos = math.Sincos(text.Angle * math.Pi / 180)
	pitch := ems(l.size) * stackPitch
	for i, r := range runes {
		step := (float64(i) - float64(len(runes)-1)/2) * pitch
		x, y := l.at.X-step*sin, l.at.Y+step*cos // along the way down
		text.String, text.At = string(r), draw.Point{X: x - drop*sin, Y: y + drop*cos}
		page.Write(text)
	}
}
