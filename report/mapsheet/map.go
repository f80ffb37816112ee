package mapsheet

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// mapOf is a map being drawn into a frame.
type mapOf struct {
	*Ground
	view
	page    *draw.Page
	lang    words.Lang
	subject []int             // grids that the sheet is of
	numbers map[string]string // of buildings, by code: what they are called on the sheet
	whole   bool              // of a community: its grids are tinted and named, and buildings have no numbers
	small   bool              // names are small, and fewer
	marks   []walkMark
	seen    []int // features that meet the frame, in their order
	labels  placer
}

// survey finds what the map shows, and where the border of its subject runs.
func (m *mapOf) survey() {
	for i := range m.boxes {
		if m.boxes[i].Meets(m.box) {
			m.seen = append(m.seen, i)
		}
	}
	m.labels.frame = m.frame.inset(1)
	var rings [][][]draw.Point
	for _, i := range m.subject {
		rings = append(rings, m.rings(m.Grids[i].Shape)...)
	}
	m.labels.bordering(rings, 1)
	m.labels.inside = func(p draw.Point) bool { return holds(rings, p) }
}

// draw draws the map and its names.
func (m *mapOf) draw() {
	m.page.Paint(m.frame.path(), draw.Ink{Fill: paperGround})
	m.page.Window(m.frame.path(), func() {
		m.grounds()
		m.waters()
		m.tint()
		m.roads()
		m.railways()
		m.walls()
		m.houses()
		m.fade()
		m.borders()
		m.name()
		m.labels.write(m.page)
	})
	m.page.Paint(m.frame.path(), draw.Ink{Line: inkBlack, Width: 0.5})
}

// each tells f of the features of a layer that meet the frame.
func (m *mapOf) each(layer plan.Layer, f func(*plan.Feature)) {
	for _, i := range m.seen {
		if m.Features[i].Layer == layer {
			f(&m.Features[i])
		}
	}
}

// outline returns the path of grids.
func (m *mapOf) outline(grids ...int) *draw.Path {
	path := &draw.Path{}
	for _, i := range grids {
		m.shapes(path, m.Grids[i].Shape)
	}
	return path
}

// grounds draws the ground of the subject, parks and compounds.
func (m *mapOf) grounds() {
	if !m.whole {
		m.page.Paint(m.outline(m.subject...), draw.Ink{Fill: subjectGround})
	}
	yards, greens := &draw.Path{}, &draw.Path{}
	m.each(plan.CompoundLayer, func(f *plan.Feature) {
		if isGreen(f.Class) {
			m.shapes(greens, f.Shape)
		} else {
			m.shapes(yards, f.Shape)
		}
	})
	if !m.whole {
		m.page.Paint(yards, draw.Ink{Fill: faint(yardGround, 150), Line: yardLine, Width: 0.25, Dash: []float64{1.6, 0.7}})
	}
	m.page.Paint(greens, draw.Ink{Fill: greenGround})
}

func (m *mapOf) waters() {
	m.each(plan.WaterLayer, func(f *plan.Feature) {
		if f.Tunnel {
			return
		}
		area, lines := &draw.Path{}, &draw.Path{}
		m.shapes(area, f.Shape)
		m.page.Paint(area, draw.Ink{Fill: waterGround, Line: waterLine, Width: 0.2})
		for _, l := range f.Lines {
			m.line(lines, l)
		}
		width := 0.5
		if _, rank := f.Bound(); rank == plan.AlwaysBounds {
			width = min(3, max(0.8, m.mm(8)))
		}
		m.page.Paint(lines, draw.Ink{Line: waterGround, Width: width})
	})
}

// tint gives the grids of a community their colours.
func (m *mapOf) tint() {
	if !m.whole {
		return
	}
	for _, i := range m.subject {
		m.page.Paint(m.outline(i), draw.Ink{Fill: faint(tints[m.Grids[i].Colour%plan.Colours], 74)})
	}
}

// roads draws lanes below streets below trunk roads, each with its casing below all of its kind, so that junctions are open.
func (m *mapOf) roads() {
	type kind struct {
		width float64
		major bool
	}
	paths := map[kind]*draw.Path{}
	var kinds []kind
	m.each(plan.RoadLayer, func(f *plan.Feature) {
		if f.Tunnel {
			return
		}
		k := kind{m.roadWidth(f.Class), majorRoad(f.Class)}
		if paths[k] == nil {
			paths[k] = &draw.Path{}
			kinds = append(kinds, k)
		}
		for _, l := range f.Lines {
			m.line(paths[k], l)
		}
	})
	slices.SortFunc(kinds, func(a, b kind) int { return cmp.Compare(a.width, b.width) })
	for _, major := range []bool{false, true} {
		for _, k := range kinds {
			if k.major == major {
				casing := laneCasing
				if major {
					casing = roadCasing
				}
				m.page.Paint(paths[k], draw.Ink{Line: casing, Width: k.width + 0.3})
			}
		}
		for _, k := range kinds {
			if k.major == major {
				m.page.Paint(paths[k], draw.Ink{Line: roadGround, Width: k.width})
			}
		}
	}
}

func (m *mapOf) railways() {
	path := &draw.Path{}
	m.each(plan.RailwayLayer, func(f *plan.Feature) {
		if !f.Tunnel {
			for _, l := range f.Lines {
				m.line(path, l)
			}
		}
	})
	m.page.Paint(path, draw.Ink{Line: railLine, Width: 0.9})
	m.page.Paint(path, draw.Ink{Line: roadGround, Width: 0.55, Dash: []float64{2.2, 2.2}})
}

func (m *mapOf) walls() {
	path := &draw.Path{}
	m.each(plan.WallLayer, func(f *plan.Feature) {
		for _, l := range f.Lines {
			m.line(path, l)
		}
	})
	m.page.Paint(path, draw.Ink{Line: wallLine, Width: 0.3, Dash: []float64{2.4, 0.5, 0.5, 0.5}})
}

func (m *mapOf) houses() {
	path := &draw.Path{}
	about := m.box
	if m.small {
		about = m.boxOf(m.subject)
	}
	m.each(plan.BuildingLayer, func(f *plan.Feature) {
		if f.Box().Meets(about) {
			m.shapes(path, f.Shape)
		}
	})
	ink := draw.Ink{Fill: houseGround, Line: houseLine, Width: 0.15}
	if m.whole {
		ink = draw.Ink{Fill: faint(houseLine, 110)}
	}
	m.page.Paint(path, ink)
}

// fade pales what is not of the subject.
func (m *mapOf) fade() {
	around := m.frame.path() // to the right; shells of the ground run to the left on a page, so they are holes in it
	for _, i := range m.subject {
		m.shapes(around, m.Grids[i].Shape)
	}
	m.page.Paint(around, draw.Ink{Fill: faint(rgb(255, 255, 255), 120)})
}

// borders draws the borders of neighbours, each once, and over them that of the subject.
func (m *mapOf) borders() {
	own, others := map[arrange.Line]bool{}, map[arrange.Line]bool{}
	for i := range m.Grids {
		if !m.areas[i].Meets(m.box) {
			continue
		}
		lines := others
		if slices.Contains(m.subject, i) {
			lines = own
		}
		for _, polygon := range m.Grids[i].Shape {
			for _, r := range polygon {
				for k, p := range r {
					q := r[(k+1)%len(r)]
					if (shape.Ring{p, q}).Box().Meets(m.box) {
						lines[arrange.Line{From: p, To: q}.Upward()] = true
					}
				}
			}
		}
	}
	var lines []arrange.Line
	for l := range others {
		if !own[l] {
			lines = append(lines, l)
		}
	}
	neighbours := &draw.Path{}
	for _, points := range topo.Threads(lines) {
		m.line(neighbours, points)
	}
	m.page.Paint(neighbours, draw.Ink{Line: faint(borderLine, 120), Width: 0.35, Dash: []float64{2.5, 1}})
	path := m.outline(m.subject...)
	width := 1.0
	if m.whole {
		width = 0.6
	}
	m.page.Paint(path, draw.Ink{Line: faint(rgb(255, 255, 255), 200), Width: width + 0.9})
	m.page.Paint(path, draw.Ink{Line: borderLine, Width: width})
	if m.whole {
		shapes := make([]shape.MultiPolygon, len(m.subject))
		for k, i := range m.subject {
			shapes[k] = m.Grids[i].Shape
		}
		edge := &draw.Path{}
		m.shapes(edge, topo.Union(shapes))
		m.page.Paint(edge, draw.Ink{Line: rgb(255, 255, 255), Width: 1.8})
		m.page.Paint(edge, draw.Ink{Line: areaLine, Width: 1, Dash: []float64{4, 0.9, 0.9, 0.9}})
	}
}

// wide is the scale from which so much is about the subject that only large neighbours are named, and of roads and compounds those of the
// subject.
const wide = 5000

// sparing reports whether what is not of the subject goes without names.
func (m *mapOf) sparing() bool { return m.whole || m.small || m.scale > wide }

// name puts the names on the map, the most important first.
func (m *mapOf) name() {
	m.nameWalk()
	m.nameSubjects()
	m.nameNeighbours()
	if !m.whole {
		m.nameHouses()
	}
	m.nameWays()
	if !m.whole {
		m.nameYards()
	}
	if !m.whole && !m.small {
		m.nameOrganisations()
	}
}

// nameSubjects names the grids of a community, each in its middle.
func (m *mapOf) nameSubjects() {
	if !m.whole {
		return
	}
	several := slices.ContainsFunc(m.subject, func(i int) bool { return m.Grids[i].Within != m.Grids[m.subject[0]].Within })
	for _, i := range m.subject {
		g := &m.Grids[i]
		at, area, seen := m.within(g.Shape, m.frame.inset(2))
		if !seen {
			continue
		}
		lines := []label{{text: g.Name, size: max(6, min(11, math.Sqrt(area)/4)), bold: true, colour: borderText}}
		if several {
			lines = append([]label{{text: g.Within, size: max(5, lines[0].size-3), colour: borderText}}, lines...)
		}
		if g.Note != "" {
			lines = append(lines, label{text: g.Note, size: max(5, lines[len(lines)-1].size-2.5), colour: inkBlack})
		}
		if !m.stack(lines, at) { // the name at least
			name := label{text: g.Name, size: 5.5, bold: true, colour: borderText}
			if name.at = at; !m.labels.try(name, around(at, 1.5, 5)...) {
				m.labels.put(name)
			}
		}
	}
}

// nameNeighbours names the grids about the subject of which much is seen; about a community, the other communities.
func (m *mapOf) nameNeighbours() {
	if m.small || len(m.subject) == 0 {
		return
	}
	self := &m.Grids[m.subject[0]]
	type place struct {
		at   draw.Point
		area float64
	}
	communities := map[string]place{}
	var names []string
	for i := range m.Grids {
		g := &m.Grids[i]
		if !m.areas[i].Meets(m.box) || slices.Contains(m.subject, i) {
			continue
		}
		at, area, seen := m.within(g.Shape, m.frame.inset(3))
		switch {
		case !seen || area < 60 || m.sparing() && area < 350:
		case m.whole:
			if had, ok := communities[g.Community]; !ok {
				names = append(names, g.Community)
				communities[g.Community] = place{at, area}
			} else if area > had.area {
				communities[g.Community] = place{at, area}
			}
		default:
			size := max(6, min(9, math.Sqrt(area)/4))
			lines := []label{{text: g.Name, size: size, colour: faint(borderText, 190)}}
			if g.Within != self.Within && g.Within != "" {
				lines = append([]label{{text: g.Within, size: size, colour: faint(borderText, 190)}}, lines...)
			}
			m.stack(lines, at)
		}
	}
	for _, name := range names {
		if name != self.Community {
			m.stack([]label{{text: name, size: 10, bold: true, colour: areaLine}}, communities[name].at)
		}
	}
}

// stack puts the lines of a name below each other at or about a place, and reports whether there was room for all of them.
func (m *mapOf) stack(lines []label, at draw.Point) bool {
	height := 0.0
	for _, l := range lines {
		height += ems(l.size) * 1.2
	}
	for _, place := range around(at, 2.5, 4) {
		y := place.Y - height/2
		for k := range lines {
			step := ems(lines[k].size) * 1.2
			lines[k].at = draw.Point{X: place.X, Y: y + step/2}
			y += step
		}
		if !slices.ContainsFunc(lines, func(l label) bool { return !m.labels.free(&l) }) {
			for _, l := range lines {
				m.labels.put(l)
			}
			return true
		}
	}
	return false
}

// nameHouses numbers the buildings of the sheet's table, the largest first, in letters as large as the building takes.
func (m *mapOf) nameHouses() {
	type house struct {
		number string
		at     draw.Point
		area   float64
		code   string
	}
	var houses []house
	for code, number := range m.numbers {
		i, ok := m.building[code]
		if !ok {
			continue
		}
		if at, area, seen := m.within(m.Features[i].Shape, m.frame); seen {
			houses = append(houses, house{number, at, area, code})
		}
	}
	slices.SortFunc(houses, func(a, b house) int {
		return cmp.Or(cmp.Compare(b.area, a.area), cmp.Compare(a.code, b.code))
	})
	for _, h := range houses {
		size := max(4.5, min(7.5, math.Sqrt(h.area)*0.9))
		l := label{text: h.number, size: size, colour: houseText}
		if m.labels.try(l, around(h.at, 0.8, 2)...) {
			continue
		}
		for l.size = size - 1; l.size >= 3.5; l.size-- {
			if m.labels.try(l, around(h.at, 0.7, 4)...) {
				break
			}
		}
	}
}

// nameWays names roads, water and railways along their course, near the middle of the map first.
func (m *mapOf) nameWays() {
	about := m.box
	if m.sparing() {
		about = m.boxOf(m.subject)
	}
	for at := 0; at < len(m.named); {
		end := at
		var lines [][]draw.Point
		for ; end < len(m.named) && m.named[end].layer == m.named[at].layer && m.named[end].name == m.named[at].name; end++ {
			if m.named[end].box.Meets(about) {
				lines = append(lines, m.pieces(m.named[end].points)...)
			}
		}
		way := m.named[at]
		at = end
		if len(lines) == 0 {
			continue
		}
		l := label{text: way.name, size: 7.5, colour: roadText}
		most := 2
		if m.sparing() {
			l.size, most = 6, 1
		}
		switch way.layer {
		case plan.WaterLayer:
			l.colour = waterText
		case plan.RailwayLayer:
			l.colour = railLine
		}
		if m.labels.along(l, lines, m.frame.middle(), most, 110) == 0 {
			l.size--
			m.labels.along(l, lines, m.frame.middle(), 1, 0)
		}
	}
	m.each(plan.WaterLayer, func(f *plan.Feature) {
		if f.Name == "" || len(f.Shape) == 0 {
			return
		}
		if at, area, seen := m.within(f.Shape, m.frame.inset(2)); seen && area > 80 {
			m.labels.try(label{text: f.Name, size: max(6.5, min(10, math.Sqrt(area)/5)), colour: waterText}, around(at, 4, 3)...)
		}
	})
}

// nameYards names compounds and parks, the largest first.
func (m *mapOf) nameYards() {
	type yard struct {
		f    *plan.Feature
		at   draw.Point
		area float64
	}
	var yards []yard
	m.each(plan.CompoundLayer, func(f *plan.Feature) {
		if f.Name == "" {
			return
		}
		if at, area, seen := m.within(f.Shape, m.frame.inset(2)); seen && area > 30 && (!m.sparing() || m.labels.inside(at)) {
			yards = append(yards, yard{f, at, area})
		}
	})
	slices.SortStableFunc(yards, func(a, b yard) int { return cmp.Compare(b.area, a.area) })
	for _, y := range yards {
		colour := yardText
		if isGreen(y.f.Class) {
			colour = greenText
		}
		l := label{text: y.f.Name, size: max(6, min(9, math.Sqrt(y.area)/5)), colour: colour}
		l.bold = l.size > 7 // small letters run together when they are bold
		if !m.labels.try(l, m.placesIn(y.f.Shape, y.at)...) {
			l.size, l.bold = 5.5, false
			m.labels.try(l, m.placesIn(y.f.Shape, y.at)...)
		}
	}
}

// placesIn returns places in a shape: a point, and others about it as far as the shape goes.
func (m *mapOf) placesIn(s shape.MultiPolygon, at draw.Point) []draw.Point {
	rings := m.rings(s)
	return slices.DeleteFunc(around(at, 2.2, 8), func(p draw.Point) bool { return !holds(rings, p) })
}

// holds reports whether a point is inside polygons of a page.
func holds(polygons [][][]draw.Point, p draw.Point) bool {
	inside := false
	for _, rings := range polygons {
		for _, r := range rings {
			for i, a := range r {
				b := r[(i+1)%len(r)]
				if (a.Y > p.Y) != (b.Y > p.Y) && p.X < a.X+(b.X-a.X)*(p.Y-a.Y)/(b.Y-a.Y) {
					inside = !inside
				}
			}
		}
	}
	return inside
}

// nameOrganisations marks organisations in the subject and names those that have room.
func (m *mapOf) nameOrganisations() {
	m.each(plan.OrganisationLayer, func(f *plan.Feature) {
		p := f.First()
		if f.Name == "" || !slices.ContainsFunc(m.subject, func(i int) bool { return m.Grids[i].Shape.Holds(p) }) {
			return
		}
		at := m.place(p)
		l := label{text: f.Name, size: 5, colour: orgText}
		dot := quadAt(at, 1.2, 1.2, 0)
		if slices.ContainsFunc(m.labels.taken, dot.meets) {
			return
		}
		if m.labels.try(l, draw.Point{X: at.X, Y: at.Y - 1.8}, draw.Point{X: at.X, Y: at.Y + 1.8},
			draw.Point{X: at.X + draw.Width(l.text, l.size)/2 + 1.4, Y: at.Y}, draw.Point{X: at.X - draw.Width(l.text, l.size)/2 - 1.4, Y: at.Y}) {
			m.labels.taken = append(m.labels.taken, dot)
			m.page.Paint(draw.Circle(at, 0.45), draw.Ink{Fill: orgText})
		}
	})
}

// metres writes a length as scale bars have it.
func metres(m int, l words.Lang) string {
	if m >= 1000 && m%500 == 0 {
		return strconv.FormatFloat(float64(m)/1000, 'f', -1, 64) + " km"
	}
	return strconv.Itoa(m) + " m"
}
