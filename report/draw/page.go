// Package draw is the drawing room: a page in millimetres that becomes PDF, SVG or PNG.
//
// A page is a list of paths and lines of text in the order they are painted. It is drawn once and written in any format, so a sheet
// looks the same on paper and on a screen. Text is set in one embedded font that has the characters of Chinese names: in PDF as a
// subset of it, which can be searched; in SVG and PNG as outlines, so that no reader needs the font.
//
// It is not a library of graphics: no pictures, no gradients, no shaping of scripts that join their letters. Equal pages give equal
// bytes; nothing written holds the time.
package draw

import "image/color"

// Point is a place on a page: millimetres from its left and from its top.
type Point struct{ X, Y float64 }

// Colour is a colour with its opacity. The zero value is no colour: nothing is painted.
type Colour = color.NRGBA

// Grey returns a grey from 0, black, to 255, white.
func Grey(level uint8) Colour { return Colour{R: level, G: level, B: level, A: 255} }

// Paper sizes in millimetres, upright.
var (
	A4 = [2]float64{210, 297}
	A3 = [2]float64{297, 420}
)

// Page is a drawing of a size in millimetres. Its zero value has no size.
type Page struct {
	Width, Height float64
	Title         string // of the bookmark in a PDF; empty for none
	steps         []step
}

// step is one thing painted: a path, a text, or the begin or end of a window through which what follows is seen.
type step struct {
	path   *Path
	ink    Ink
	text   *Text
	window *Path
	shut   bool
}

// Ink is how a path is painted.
type Ink struct {
	Fill  Colour
	Line  Colour
	Width float64   // of the line, in mm
	Dash  []float64 // lengths drawn and left out in turn, in mm; nil for a whole line
}

// Paint paints a path. Its holes must run the other way round than what they are in. The page keeps the path.
func (p *Page) Paint(path *Path, ink Ink) {
	if len(path.verbs) > 0 {
		p.steps = append(p.steps, step{path: path, ink: ink})
	}
}

// Window lets what paint draws be seen only inside a path.
func (p *Page) Window(path *Path, paint func()) {
	p.steps = append(p.steps, step{window: path})
	paint()
	p.steps = append(p.steps, step{shut: true})
}

// canvas is what a format does with the steps of a page.
type canvas interface {
	paint(*Path, Ink)
	write(*Text)
	window(*Path)
	shut()
}

func (p *Page) draw(on canvas) {
	for i := range p.steps {
		switch s := &p.steps[i]; {
		case s.path != nil:
			on.paint(s.path, s.ink)
		case s.text != nil:
			on.write(s.text)
		case s.window != nil:
			on.window(s.window)
		case s.shut:
			on.shut()
		}
	}
}

// Below returns the drawings of pages as one page, one below the other.
func Below(pages ...*Page) *Page {
	all := &Page{}
	for i, p := range pages {
		if i == 0 {
			all.Title = p.Title
		}
		for _, s := range p.steps {
			all.steps = append(all.steps, s.lowered(all.Height))
		}
		all.Width, all.Height = max(all.Width, p.Width), all.Height+p.Height
	}
	return all
}

// lowered returns the step so many mm farther down.
func (s step) lowered(by float64) step {
	s.path, s.window = s.path.lowered(by), s.window.lowered(by)
	if s.text != nil {
		t := *s.text
		t.At.Y += by
		s.text = &t
	}
	return s
}

// lowered returns the path so many mm farther down, nil for none.
func (p *Path) lowered(by float64) *Path {
	if p == nil || by == 0 {
		return p
	}
	low := &Path{verbs: p.verbs, points: make([]Point, len(p.points))}
	for i, at := range p.points {
		low.points[i] = Point{at.X, at.Y + by}
	}
	return low
}
