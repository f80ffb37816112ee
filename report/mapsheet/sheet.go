package mapsheet

import (
	"cmp"
	"fmt"
	"strconv"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// Stamp is what every sheet says of where it comes from.
type Stamp struct {
	Plan      string // its name
	ID        string
	Revision  int64
	Effective string // the day the division is in force from; empty for a draft
	DataDate  string
	Hash      string // of the division
	Synthetic bool   // the data are invented
	Approval  string // number of the map's approval (审图号); empty until it is given
}

// Draft reports whether the division is not published.
func (s Stamp) Draft() bool { return s.Effective == "" }

// Building is a row of the table of buildings.
type Building struct {
	Code   string
	Number string // as map and table call it
	Cells  []string
}

// Sheet is what a map sheet says.
type Sheet struct {
	Lang  words.Lang
	Path  []string // names of the areas above, the highest first
	Name  string   // of the grid or community
	Code  string
	Grids []int // of the ground: the grid, or those of the community
	Whole bool  // of a community

	Facts     []Fact
	Bounds    string // the four bounds (四至); empty where they are not known
	Tables    []Table
	Numbers   map[string]string // of buildings on the map, by code
	Watermark string            // instead of the word for a draft; empty for none
	Stamp     Stamp
}

// layout is how a first page is divided.
type layout struct {
	size    [2]float64 // of the page
	frame   rect       // of the map
	columns []rect     // beside or below it
}

// Parts of every page, in mm.
const (
	margin     = 10.0
	headHeight = 19.0
	footHeight = 8.0
	signHeight = 10.0
	gutter     = 4.0
)

// layouts returns the ways to divide a page of a size: words beside the map, lying and upright, and below it.
func layouts(paper [2]float64, column float64) []layout {
	var all []layout
	for _, size := range [][2]float64{{paper[1], paper[0]}, paper} {
		body := rect{margin, margin + headHeight, size[0] - 2*margin, size[1] - 2*margin - headHeight - footHeight - signHeight}
		all = append(all, layout{size, rect{body.x, body.y, body.w - column - gutter, body.h},
			[]rect{{body.x + body.w - column, body.y, column, body.h}}})
	}
	upright := rect{margin, margin + headHeight, paper[0] - 2*margin, paper[1] - 2*margin - headHeight - footHeight - signHeight}
	below := layout{size: paper, frame: rect{upright.x, upright.y, upright.w, upright.h * 0.6}}
	n := max(2, int(upright.w/column))
	width := (upright.w - gutter*float64(n-1)) / float64(n)
	for i := range n {
		below.columns = append(below.columns, rect{upright.x + float64(i)*(width+gutter), upright.y + upright.h*0.6 + gutter, width, upright.h*0.4 - gutter})
	}
	return append(all, below)
}

// neighbourhood is how much is shown about the subject at least, in mm of the page.
const neighbourhood = 9

// largestA4 is the scale below which A3 is taken: the denominator of the smallest scale at which buildings can be numbered.
const largestA4 = 3000

// choose returns the layout in which a box is shown the largest, at a round scale: A4 where that is large enough or A3 is no better.
func choose(box shape.Box, whole bool) (layout, int) {
	enough := largestA4
	if whole {
		enough = 7500
	}
	best := func(all []layout) (layout, int) {
		chosen, scale, fill := layout{}, 0, 0.0
		width, height := extent(box)
		for _, l := range all {
			s := scaleFor(box, l.frame.inset(neighbourhood))
			full := min(width/float64(s)/l.frame.w, height/float64(s)/l.frame.h) // how much of the shorter way is used
			if scale == 0 || s < scale || s == scale && full > fill+0.1 {
				chosen, scale, fill = l, s, full
			}
		}
		return chosen, scale
	}
	small, scale := best(layouts(draw.A4, 76))
	if scale <= enough {
		return small, scale
	}
	if large, larger := best(layouts(draw.A3, 88)); larger < scale {
		return large, larger
	}
	return small, scale
}

// Compose returns the pages of a sheet: the map with what there is room for, and what there is none for on pages after it.
func (g *Ground) Compose(s *Sheet) []*draw.Page {
	l, scale := choose(g.boxOf(s.Grids), s.Whole)
	pages := g.compose(s, l, scale, cellSize)
	if len(pages) == 2 {
		if dense := g.compose(s, l, scale, denseSize); len(dense) == 1 {
			return dense
		}
	}
	return pages
}

func (g *Ground) compose(s *Sheet, l layout, scale int, cell float64) []*draw.Page {
	c := &composer{Sheet: s, layout: l}
	page := c.newPage()
	c.first(page, scale)
	m := c.mapIn(g, page, l.frame, scale)
	f := newFlow(page, l.columns, cell, c.more)
	f.facts(s.Facts)
	if s.Bounds != "" {
		f.head(c.say("bounds", nil), draw.Leading(bodySize)*2)
		f.paragraph(s.Bounds, bodySize, inkBlack)
	}
	f.legend(c.say("legend", nil), m.legend())
	for _, t := range s.Tables {
		f.table(t)
	}
	c.signs(page)
	c.feet()
	return c.pages
}

// mapIn draws the sheet's map with its furniture into a frame.
func (c *composer) mapIn(g *Ground, page *draw.Page, frame rect, scale int) *mapOf {
	v := newView(g.boxOf(c.Grids), frame, scale)
	m := &mapOf{Ground: g, view: v, page: page, lang: c.Lang, subject: c.Grids, numbers: c.Numbers, whole: c.Whole, small: c.small, marks: c.marks}
	m.survey()
	bar := m.bar()
	north, _ := m.corner(northWidth, northHeight, 1, 0, 3)
	m.labels.taken = append(m.labels.taken, quadOf(north))
	m.draw()
	if word := c.watermark(); word != "" {
		page.Window(frame.path(), func() { watermark(page, frame, word) })
	}
	northArrow(page, north)
	bar.draw(page, scale, c.Lang)
	return m
}

// composer makes the pages of a sheet.
type composer struct {
	*Sheet
	layout
	pages []*draw.Page
	marks []walkMark // of a list for walking
	small bool       // the map is one of few names

	kind     string   // the sentence that says what the sheet is; empty for the usual one
	signKeys []string // who signs; nil for the usual ones
}

func (c *composer) say(key string, args words.Args) string { return sentences.Say(c.Lang, key, args) }

// watermark returns the word across a map that is not to be taken for a division in force.
func (c *composer) watermark() string {
	if c.Watermark == "" && c.Stamp.Draft() {
		return c.say("draft", nil)
	}
	return c.Watermark
}

func (c *composer) newPage() *draw.Page {
	p := &draw.Page{Width: c.size[0], Height: c.size[1]}
	if len(c.pages) == 0 {
		p.Title = joined([]string{c.Code, c.Name}, " ")
	}
	c.pages = append(c.pages, p)
	return p
}

// first writes the head of the first page: where it is, its name, and on the right what kind of sheet it is and its scale.
func (c *composer) first(page *draw.Page, scale int) {
	right := page.Width - margin
	key := "kind"
	if c.Whole {
		key = "kind.whole"
	}
	kind := c.say(cmp.Or(c.kind, key), nil)
	page.Write(draw.Text{String: kind, At: draw.Point{X: right, Y: margin + 6}, Size: 13, Bold: true, Align: draw.Right})
	page.Write(draw.Text{String: c.say("scale", words.Args{"scale": "1:" + strconv.Itoa(scale)}), At: draw.Point{X: right, Y: margin + 12}, Size: 9, Align: draw.Right, Colour: inkGrey})
	if c.Stamp.Synthetic {
		page.Write(draw.Text{String: c.say("synthetic", nil), At: draw.Point{X: right, Y: margin + 16.5}, Size: 7, Align: draw.Right, Colour: warnText})
	}
	room := page.Width - 2*margin - max(draw.Width(kind, 13), 48) - 6
	between := " › "
	size, path := draw.Fit(joined(c.Path, between), 9, 6.5, room)
	page.Write(draw.Text{String: path, At: draw.Point{X: margin, Y: margin + 4}, Size: size, Colour: inkGrey})
	size, name := draw.Fit(c.Name, 20, 11, room)
	page.Write(draw.Text{String: name, At: draw.Point{X: margin, Y: margin + 12.5}, Size: size, Bold: true})
	page.Write(draw.Text{String: draw.Cut(c.say("code", words.Args{"code": c.Code}), 8, room), At: draw.Point{X: margin, Y: margin + 17}, Size: 8, Colour: inkGrey})
}

// more begins a page for what the first has no room for.
func (c *composer) more() (*draw.Page, []rect) {
	page := c.newPage()
	size, name := draw.Fit(joined(append([]string{c.Name}, c.Code), "  "), 12, 8, page.Width-2*margin-40)
	page.Write(draw.Text{String: name, At: draw.Point{X: margin, Y: margin + 5}, Size: size, Bold: true})
	page.Write(draw.Text{String: c.say("continued", nil), At: draw.Point{X: page.Width - margin, Y: margin + 5}, Size: 9, Align: draw.Right, Colour: inkGrey})
	page.Paint(draw.Line(draw.Point{X: margin, Y: margin + 7.5}, draw.Point{X: page.Width - margin, Y: margin + 7.5}), draw.Ink{Line: inkBlack, Width: 0.4})
	width := page.Width - 2*margin
	n := max(1, int((width+gutter)/(76+gutter)))
	w := (width - gutter*float64(n-1)) / float64(n)
	columns := make([]rect, n)
	for i := range columns {
		columns[i] = rect{margin + float64(i)*(w+gutter), margin + 10, w, page.Height - 2*margin - 10 - footHeight}
	}
	return page, columns
}

// signs draws the places to sign at the bottom of the first page.
func (c *composer) signs(page *draw.Page) {
	keys := c.signKeys
	if keys == nil {
		keys = []string{"sign.office", "sign.author", "sign.reviewer", "sign.approver", "sign.date"}
	}
	y, width := page.Height-margin-footHeight-signHeight+2.5, page.Width-2*margin
	each := width / float64(len(keys))
	for i, key := range keys {
		x := margin + float64(i)*each
		page.Paint(draw.Rectangle(x, y, each, signHeight-3), draw.Ink{Line: hairline, Width: 0.2})
		page.Write(draw.Text{String: c.say(key, nil), At: draw.Point{X: x + 1.2, Y: y + (signHeight-3)/2 + 0.36*ems(7)}, Size: 7, Colour: inkGrey})
	}
}

// feet writes at the foot of every page what the sheet rests on, the number of the map's approval and the number of the page.
func (c *composer) feet() {
	for i, page := range c.pages {
		y := page.Height - margin - footHeight + 3.4
		page.Paint(draw.Line(draw.Point{X: margin, Y: y - 2.6}, draw.Point{X: page.Width - margin, Y: y - 2.6}), draw.Ink{Line: hairline, Width: 0.15})
		right := joined([]string{draw.Cut(c.approval(), smallSize, 0.4*page.Width), c.say("page", words.Args{"page": strconv.Itoa(i + 1), "pages": strconv.Itoa(len(c.pages))})}, "   ")
		page.Write(draw.Text{String: right, At: draw.Point{X: page.Width - margin, Y: y}, Size: smallSize, Align: draw.Right, Colour: inkGrey})
		room := page.Width - 2*margin - draw.Width(right, smallSize) - 4
		lines := draw.Wrap(c.stamp(), 5.5, room)
		for k, line := range lines[:min(len(lines), 3)] {
			page.Write(draw.Text{String: line, At: draw.Point{X: margin, Y: y + float64(k)*draw.Leading(5.5)}, Size: 5.5, Colour: inkGrey})
		}
		if missing := page.Missing(); len(missing) > 0 && i == 0 {
			page.Write(draw.Text{String: c.say("missing", words.Args{"characters": codepoints(missing)}), Align: draw.Right,
				At: draw.Point{X: page.Width - margin, Y: y + draw.Leading(5.5)}, Size: 5.5, Colour: warnText})
		}
	}
}

func codepoints(runes []rune) (names []string) {
	for _, r := range runes {
		names = append(names, fmt.Sprintf("U+%04X", r))
	}
	return names
}

// approval says under which number the map may be shown to the public, with room to write it where there is none.
func (c *composer) approval() string {
	if c.Stamp.Approval == "" {
		return c.say("approval.open", nil)
	}
	return c.say("approval", words.Args{"number": c.Stamp.Approval})
}

func (c *composer) stamp() string {
	s := c.Stamp
	parts := []string{c.say("stamp.plan", words.Args{"plan": s.Plan, "id": s.ID, "revision": strconv.FormatInt(s.Revision, 10)})}
	if s.Draft() {
		parts = append(parts, c.say("stamp.draft", nil))
	} else {
		parts = append(parts, c.say("stamp.effective", words.Args{"day": s.Effective}))
	}
	if s.DataDate != "" {
		parts = append(parts, c.say("stamp.data", words.Args{"day": s.DataDate}))
	}
	if s.Hash != "" {
		parts = append(parts, c.say("stamp.hash", words.Args{"hash": s.Hash[:min(16, len(s.Hash))]}))
	}
	parts = append(parts, c.say("stamp.crs", nil))
	return joined(parts, c.say("stamp.between", nil))
}

// legend returns what the signs of the map mean, those that are on it.
func (m *mapOf) legend() []sample {
	say := func(key string) string { return sentences.Say(m.lang, key, nil) }
	has := map[plan.Layer]bool{}
	lanes, streets, greens, yards := false, false, false, false
	for _, i := range m.seen {
		f := &m.Features[i]
		has[f.Layer] = true
		switch {
		case f.Layer == plan.RoadLayer && majorRoad(f.Class):
			streets = true
		case f.Layer == plan.RoadLayer:
			lanes = true
		case f.Layer == plan.CompoundLayer && isGreen(f.Class):
			greens = true
		case f.Layer == plan.CompoundLayer:
			yards = true
		}
	}
	width := 1.0
	if m.whole {
		width = 0.6
	}
	all := []sample{
		{say("legend.border"), lineSample(draw.Ink{Line: borderLine, Width: width})},
		{say("legend.neighbour"), lineSample(draw.Ink{Line: faint(borderLine, 120), Width: 0.35, Dash: []float64{2.5, 1}})},
	}
	add := func(is bool, key string, d func(*draw.Page, rect)) {
		if is {
			all = append(all, sample{say(key), d})
		}
	}
	add(streets, "legend.street", lineSample(draw.Ink{Line: roadCasing, Width: 1.7}, draw.Ink{Line: roadGround, Width: 1.4}))
	add(lanes, "legend.lane", lineSample(draw.Ink{Line: laneCasing, Width: 0.9}, draw.Ink{Line: roadGround, Width: 0.6}))
	add(has[plan.RailwayLayer], "legend.railway", lineSample(draw.Ink{Line: railLine, Width: 0.9}, draw.Ink{Line: roadGround, Width: 0.55, Dash: []float64{2.2, 2.2}}))
	add(has[plan.WaterLayer], "legend.water", areaSample(draw.Ink{Fill: waterGround, Line: waterLine, Width: 0.2}))
	add(has[plan.WallLayer], "legend.wall", lineSample(draw.Ink{Line: wallLine, Width: 0.3, Dash: []float64{2.4, 0.5, 0.5, 0.5}}))
	add(greens, "legend.green", areaSample(draw.Ink{Fill: greenGround}))
	add(yards && !m.whole, "legend.yard", areaSample(draw.Ink{Fill: yardGround, Line: yardLine, Width: 0.25, Dash: []float64{1.6, 0.7}}))
	house := draw.Ink{Fill: houseGround, Line: houseLine, Width: 0.15}
	if m.whole {
		house = draw.Ink{Fill: faint(houseLine, 110)}
	}
	add(has[plan.BuildingLayer], "legend.house", areaSample(house))
	return all
}
