package mapsheet

import (
	"fmt"
	"slices"

	"gridwright/plan/words"
	"gridwright/report/draw"
)

// northWidth and northHeight are what a north arrow takes of a map, in mm.
const northWidth, northHeight = 16.0, 18.5

// northArrow draws where north is.
func northArrow(page *draw.Page, room rect) {
	x, y := room.x+room.w/2, room.y+15
	page.Paint(draw.Circle(draw.Point{X: x, Y: y - 4.5}, 7.2), draw.Ink{Fill: faint(rgb(255, 255, 255), 200)})
	page.Paint(draw.Ring(draw.Point{X: x, Y: y - 9}, draw.Point{X: x - 2.6, Y: y}, draw.Point{X: x, Y: y - 2}), draw.Ink{Fill: inkBlack, Line: inkBlack, Width: 0.2})
	page.Paint(draw.Ring(draw.Point{X: x, Y: y - 9}, draw.Point{X: x + 2.6, Y: y}, draw.Point{X: x, Y: y - 2}), draw.Ink{Fill: rgb(255, 255, 255), Line: inkBlack, Width: 0.2})
	page.Write(draw.Text{String: "N", At: draw.Point{X: x, Y: y - 9.4}, Size: 7, Bold: true, Align: draw.Middle})
}

// corner returns a rectangle of a size in the first of some corners of the map where it hides nothing of the subject and nothing that is
// reserved; in the first of them, and false, where there is no such corner. Corners are 0 and 1 at the top, 2 and 3 at the bottom, even ones
// on the left.
func (m *mapOf) corner(width, height float64, corners ...int) (room rect, free bool) {
	at := func(corner int) rect {
		const rim = 1.5
		r := rect{m.frame.x + rim, m.frame.y + rim, width, height}
		if corner%2 == 1 {
			r.x = m.frame.x + m.frame.w - rim - width
		}
		if corner > 1 {
			r.y = m.frame.y + m.frame.h - rim - height
		}
		return r
	}
	for _, c := range corners {
		q := quadOf(at(c))
		if !slices.ContainsFunc(m.labels.border, q.meets) && !slices.ContainsFunc(m.labels.taken, q.meets) && !m.labels.inside(at(c).middle()) {
			return at(c), true
		}
	}
	return at(corners[0]), false
}

// barLengths are the lengths of scale bars, in metres.
var barLengths = []int{10, 20, 30, 40, 50, 100, 150, 200, 300, 400, 500, 1000, 1500, 2000, 3000, 4000, 5000, 10000, 20000, 30000, 50000, 100000}

// bar is a scale bar: its length on the ground, and the room it takes.
type bar struct {
	metres int
	room   rect
}

// bar finds a corner for a scale bar, for a shorter one where there is none for the usual.
func (m *mapOf) bar() (b bar) {
	for i, most := range []float64{min(32, 0.25*m.frame.w), 16} {
		length := barLengths[0]
		for _, l := range barLengths {
			if m.mm(float64(l)) <= most {
				length = l
			}
		}
		room, free := m.corner(m.mm(float64(length))+11, 12, 2, 3, 0)
		if i == 0 || free {
			b = bar{length, room}
		}
		if free {
			break
		}
	}
	m.labels.taken = append(m.labels.taken, quadOf(b.room))
	return b
}

// draw draws a bar with its length, and the scale.
func (b bar) draw(page *draw.Page, scale int, l words.Lang) {
	page.Paint(b.room.path(), draw.Ink{Fill: faint(rgb(255, 255, 255), 225), Line: hairline, Width: 0.15})
	width := b.room.w - 11
	x, y := b.room.x+4, b.room.y+4.6
	for i := range 4 {
		ink := draw.Ink{Fill: inkBlack, Line: inkBlack, Width: 0.15}
		if i%2 == 1 {
			ink.Fill = rgb(255, 255, 255)
		}
		page.Paint(draw.Rectangle(x+width*float64(i)/4, y, width/4, 1.2), ink)
	}
	page.Write(draw.Text{String: "0", At: draw.Point{X: x, Y: y - 0.8}, Size: 6, Align: draw.Middle})
	if width > 22 {
		page.Write(draw.Text{String: metres(b.metres/2, l), At: draw.Point{X: x + width/2, Y: y - 0.8}, Size: 6, Align: draw.Middle})
	}
	page.Write(draw.Text{String: metres(b.metres, l), At: draw.Point{X: x + width, Y: y - 0.8}, Size: 6, Align: draw.Middle})
	page.Write(draw.Text{String: fmt.Sprintf("1:%d", scale), At: draw.Point{X: x + width/2, Y: y + 5.4}, Size: 8, Bold: true, Align: draw.Middle})
}

// watermark writes a word across a frame.
func watermark(page *draw.Page, frame rect, word string) {
	size := 100.0
	for size > 20 && draw.Width(word, size) > 0.75*frame.w {
		size -= 4
	}
	page.Write(draw.Text{String: word, At: draw.Point{X: frame.x + frame.w/2 + 0.12*ems(size), Y: frame.y + frame.h/2 + 0.3*ems(size)}, Size: size, Align: draw.Middle,
		Colour: draftText, Angle: -28})
}

// sample is an entry of a legend.
type sample struct {
	word string
	draw func(page *draw.Page, r rect)
}

// lineSample returns a sample of a line across the middle.
func lineSample(inks ...draw.Ink) func(*draw.Page, rect) {
	return func(page *draw.Page, r rect) {
		for _, ink := range inks {
			page.Paint(draw.Line(draw.Point{X: r.x, Y: r.y + r.h/2}, draw.Point{X: r.x + r.w, Y: r.y + r.h/2}), ink)
		}
	}
}

// areaSample returns a sample of an area.
func areaSample(inks ...draw.Ink) func(*draw.Page, rect) {
	return func(page *draw.Page, r rect) {
		for _, ink := range inks {
			page.Paint(r.inset(0.3).path(), ink)
		}
	}
}
