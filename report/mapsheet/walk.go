package mapsheet

import (
	"math"
	"strconv"

	"gridwright/geo/crs"
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// Segment is a stretch of a border that is walked and ticked as one.
type Segment struct {
	Number int
	Words  string // where it runs
	Metres float64
	Line   []crs.Point
	Right  bool   // it was walked and is as drawn
	Result string // what was found when it was walked; empty where it was not
}

// walkMark is the segment with a number and a place for it on the map.
type walkMark struct {
	Segment
	at draw.Point
}

// nameWalk draws the numbers of the segments beside them and where each begins; nothing on other sheets.
func (m *mapOf) nameWalk() {
	for i := range m.marks {
		k := &m.marks[i]
		lines := m.pieces(k.Line)
		if len(lines) == 0 {
			continue
		}
		line := lines[0]
		for _, l := range lines {
			if lengthOf(l) > lengthOf(line) {
				line = l
			}
		}
		begin := line[0]
		half := lengthOf(line) / 2
		a, b := pointAlong(line, max(0, half-1)), pointAlong(line, half+1)
		k.at = pointAlong(line, half)
		const radius, off = 2.4, 4.2
		if d := math.Hypot(b.X-a.X, b.Y-a.Y); d > 0 { // it is walked clockwise, so outside is on the left
			x, y := (b.Y-a.Y)/d*off, -(b.X-a.X)/d*off
			for _, side := range []float64{1, -1} {
				at := draw.Point{X: k.at.X + side*x, Y: k.at.Y + side*y}
				l := label{text: strconv.Itoa(k.Number), at: at, size: 8}
				if m.frame.inset(radius).holds(at) && m.labels.free(&l) || side < 0 {
					k.at = at
					break
				}
			}
		}
		m.labels.taken = append(m.labels.taken, quadAt(k.at, 2*radius, 2*radius, 0))
		across := func(p draw.Point, to draw.Point) *draw.Path {
			d := math.Hypot(to.X-p.X, to.Y-p.Y)
			if d == 0 {
				return &draw.Path{}
			}
			x, y := -(to.Y-p.Y)/d*1.8, (to.X-p.X)/d*1.8
			return draw.Line(draw.Point{X: p.X - x, Y: p.Y - y}, draw.Point{X: p.X + x, Y: p.Y + y})
		}
		m.page.Paint(across(begin, line[1]), draw.Ink{Line: inkBlack, Width: 0.5})
		m.page.Paint(draw.Circle(k.at, radius), draw.Ink{Fill: rgb(255, 255, 255), Line: borderLine, Width: 0.45})
		m.page.Write(draw.Text{String: strconv.Itoa(k.Number), At: draw.Point{X: k.at.X, Y: k.at.Y + 0.36*ems(7.5)}, Size: 7.5, Bold: true, Align: draw.Middle, Colour: borderText})
	}
}

func lengthOf(line []draw.Point) (mm float64) {
	for i := 1; i < len(line); i++ {
		mm += math.Hypot(line[i].X-line[i-1].X, line[i].Y-line[i-1].Y)
	}
	return mm
}

// ComposeWalk returns the pages of the list for walking a grid's border (走线表): the map with the numbered segments, and the list to tick,
// to remark on and to sign.
func (g *Ground) ComposeWalk(s *Sheet, segments []Segment) []*draw.Page {
	l, scale := choose(g.boxOf(s.Grids), false)
	c := &composer{Sheet: s, layout: l}
	for _, k := range segments {
		c.marks = append(c.marks, walkMark{Segment: k})
	}
	page := c.newPage()
	c.kind = "kind.walk"
	c.first(page, scale)
	c.mapIn(g, page, l.frame, scale)
	f := newFlow(page, l.columns, cellSize, c.more)
	f.facts(s.Facts)
	f.space(1.5)
	f.paragraph(c.say("walk.how", nil), smallSize, inkGrey)
	t := Table{Title: c.say("walk.list", nil), Empty: true, Tall: 7,
		Heads:  []string{c.say("walk.no", nil), c.say("walk.where", nil), c.say("walk.length", nil), c.say("walk.ok", nil), c.say("walk.remark", nil)},
		Widths: []float64{1, 5, 1.6, 1.4, 3.4}, Right: []bool{true, false, true, false, false}, Boxes: []bool{false, false, false, true, false}}
	total := 0.0
	for _, k := range segments {
		tick := ""
		if k.Right {
			tick = "x"
		}
		t.Rows = append(t.Rows, []string{strconv.Itoa(k.Number), k.Words, words.Count(int64(math.Round(k.Metres))), tick, k.Result})
		total += k.Metres
	}
	t.Foot = []string{"", c.say("walk.total", nil), words.Count(int64(math.Round(total))), "", ""}
	f.table(t)
	c.signKeys = []string{"walk.sign.walker", "walk.sign.community", "walk.sign.neighbour", "walk.sign.day"}
	c.signs(page)
	c.feet()
	return c.pages
}
