package draw

import (
	"encoding/xml"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
)

// SVG writes a page as a picture of its size in millimetres. Letters are outlines, each glyph drawn once; what a text says stands
// in its label.
func SVG(w io.Writer, p *Page, lang string) error {
	c := &svgCanvas{glyphs: map[uint16]*glyph{}}
	p.draw(c)
	head := fmt.Appendf(nil, `<svg xmlns="http://www.w3.org/2000/svg" width="%[1]smm" height="%[2]smm" viewBox="0 0 %[1]s %[2]s" lang="%[3]s">`+"\n",
		svgNumber(p.Width), svgNumber(p.Height), lang)
	if p.Title != "" {
		head = fmt.Appendf(head, "<title>%s</title>\n", svgEscape(p.Title))
	}
	head = append(head, "<defs>\n"...)
	for _, id := range slices.Sorted(maps.Keys(c.glyphs)) {
		head = fmt.Appendf(head, `<path id="g%d" d="`, id)
		head = appendSVGPath(head, c.glyphs[id].outline, 0)
		head = append(head, "\"/>\n"...)
	}
	head = append(head, c.windows...)
	head = append(head, "</defs>\n<g stroke-linecap=\"round\" stroke-linejoin=\"round\">\n"...)
	if _, err := w.Write(head); err != nil {
		return err
	}
	_, err := w.Write(append(c.b, "</g>\n</svg>\n"...))
	return err
}

type svgCanvas struct {
	b       []byte
	windows []byte // their paths
	opened  int    // windows so far
	glyphs  map[uint16]*glyph
}

// svgEscape writes a text so that it is no markup, and without what XML has no place for.
func svgEscape(s string) string {
	var b strings.Builder
	xml.EscapeText(&b, []byte(Clean(s))) // to memory: no error
	return b.String()
}

func svgNumber(x float64) string { return string(appendNumber(nil, x, 3)) }

// appendSVGPath adds a path's data with numbers of some decimals.
func appendSVGPath(b []byte, p *Path, decimals int) []byte {
	p.walk(func(v verb, points []Point) {
		b = append(b, "MLCZ"[v])
		for i, at := range points {
			if i > 0 {
				b = append(b, ' ')
			}
			b = appendNumber(b, at.X, decimals)
			b = append(b, ' ')
			b = appendNumber(b, at.Y, decimals)
		}
	})
	return b
}

// colour adds an attribute of a colour and of its opacity.
func (c *svgCanvas) colour(name string, colour Colour) {
	c.b = fmt.Appendf(c.b, ` %s="#%02x%02x%02x"`, name, colour.R, colour.G, colour.B)
	if colour.A < 255 {
		c.b = fmt.Appendf(c.b, ` %s-opacity="%s"`, name, svgNumber(float64(colour.A)/255))
	}
}

func (c *svgCanvas) paint(p *Path, ink Ink) {
	c.b = append(c.b, `<path d="`...)
	c.b = appendSVGPath(c.b, p, 3)
	c.b = append(c.b, '"')
	if ink.Fill.A > 0 {
		c.colour("fill", ink.Fill)
	} else {
		c.b = append(c.b, ` fill="none"`...)
	}
	if ink.Line.A > 0 && ink.Width > 0 {
		c.colour("stroke", ink.Line)
		c.b = fmt.Appendf(c.b, ` stroke-width="%s"`, svgNumber(ink.Width))
		for i, d := range ink.Dash {
			c.b = fmt.Appendf(c.b, `%s%s`, map[bool]string{true: ` stroke-linecap="butt" stroke-dasharray="`, false: " "}[i == 0], svgNumber(d))
		}
		if ink.Dash != nil {
			c.b = append(c.b, '"')
		}
	}
	c.b = append(c.b, "/>\n"...)
}

func (c *svgCanvas) write(t *Text) {
	c.b = fmt.Appendf(c.b, `<g role="img" aria-label="%s" transform="translate(%s %s)`, svgEscape(t.String), svgNumber(t.At.X), svgNumber(t.At.Y))
	if t.Angle != 0 {
		c.b = fmt.Appendf(c.b, ` rotate(%s)`, svgNumber(t.Angle))
	}
	scale := t.scale()
	c.b = fmt.Appendf(c.b, ` scale(%s)"`, appendNumber(nil, scale, 6))
	glyphs := set(t.String)
	uses := func() {
		x := t.shift() / scale
		for _, g := range glyphs {
			if len(g.outline.verbs) > 0 {
				c.glyphs[g.id] = g
				c.b = fmt.Appendf(c.b, `<use href="#g%d" x="%s"/>`, g.id, appendNumber(nil, x, 0))
			}
			x += float64(g.advance)
		}
	}
	c.colour("fill", t.Colour)
	c.b = append(c.b, '>')
	if t.Halo > 0 {
		c.b = append(c.b, `<g fill="none"`...)
		c.colour("stroke", t.Rim)
		c.b = fmt.Appendf(c.b, ` stroke-width="%s">`, appendNumber(nil, (2*t.Halo+t.stroke())/scale, 0))
		uses()
		c.b = append(c.b, "</g>"...)
	}
	if t.Bold {
		c.b = append(c.b, "<g"...)
		c.colour("stroke", t.Colour)
		c.b = fmt.Appendf(c.b, ` stroke-width="%s">`, appendNumber(nil, t.stroke()/scale, 0))
	}
	uses()
	if t.Bold {
		c.b = append(c.b, "</g>"...)
	}
	c.b = append(c.b, "</g>\n"...)
}

func (c *svgCanvas) window(p *Path) {
	c.opened++
	c.windows = fmt.Appendf(c.windows, `<clipPath id="w%d"><path d="`, c.opened)
	c.windows = appendSVGPath(c.windows, p, 3)
	c.windows = append(c.windows, "\"/></clipPath>\n"...)
	c.b = fmt.Appendf(c.b, "<g clip-path=\"url(#w%d)\">\n", c.opened)
}

func (c *svgCanvas) shut() { c.b = append(c.b, "</g>\n"...) }
