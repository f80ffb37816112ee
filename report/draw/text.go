package draw

import (
	"slices"
	"strings"
	"unicode"
)

// Point sizes of type are in points of 1/72 inch.
const mmPerPoint = 25.4 / 72

// Align says where a text lies to its place.
type Align uint8

// The alignments.
const (
	Left   Align = iota // it begins there
	Middle              // its middle is there
	Right               // it ends there
)

// Text is a line of text.
type Text struct {
	String string
	At     Point // on the line the letters stand on
	Size   float64
	Align  Align
	Bold   bool
	Colour Colour  // none is black
	Halo   float64 // width in mm of a rim of the halo's colour, so that it can be read on anything; 0 for none
	Rim    Colour  // of the halo; none is white
	Angle  float64 // degrees it is turned to the right about its place
}

// geta stands for a character the font lacks, as compositors have it.
const geta = '〓'

// Write writes a line of text. Characters the font lacks are written as 〓; Missing says which.
func (p *Page) Write(t Text) {
	if t.String = Clean(t.String); t.String == "" {
		return
	}
	if t.Colour == (Colour{}) {
		t.Colour = Grey(0)
	}
	if t.Rim == (Colour{}) {
		t.Rim = Grey(255)
	}
	p.steps = append(p.steps, step{text: &t})
}

// Clean returns a text as it is set: on one line, without marks that order or join letters unseen.
func Clean(s string) string {
	if !strings.ContainsFunc(s, unprintable) {
		return s
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t' || unicode.In(r, unicode.Zl, unicode.Zp):
			return ' '
		case unprintable(r):
			return -1
		}
		return r
	}, s)
}

func unprintable(r rune) bool {
	return r != ' ' && unicode.In(r, unicode.Cc, unicode.Cf, unicode.Cs, unicode.Zl, unicode.Zp, unicode.Variation_Selector)
}

// Missing returns the characters of texts that the font lacks, each once, in order.
func Missing(texts ...string) (lacking []rune) {
	for _, s := range texts {
		for _, r := range Clean(s) {
			if face().glyph(r).id == 0 {
				lacking = append(lacking, r)
			}
		}
	}
	slices.Sort(lacking)
	return slices.Compact(lacking)
}

// Missing returns the characters of a page's texts that the font lacks, each once, in order.
func (p *Page) Missing() []rune {
	var texts []string
	for _, t := range p.Texts() {
		texts = append(texts, t.String)
	}
	return Missing(texts...)
}

// Texts returns the texts of a page in the order they are painted.
func (p *Page) Texts() (texts []Text) {
	for _, s := range p.steps {
		if s.text != nil {
			texts = append(texts, *s.text)
		}
	}
	return texts
}

// set returns the glyphs of a clean text, one a character.
func set(s string) []*glyph {
	f := face()
	glyphs := make([]*glyph, 0, len(s))
	for _, r := range s {
		g := f.glyph(r)
		if g.id == 0 {
			g = f.glyph(geta)
		}
		glyphs = append(glyphs, g)
	}
	return glyphs
}

// Width returns how wide a text is in mm at a size in points.
func Width(s string, size float64) float64 {
	units := 0
	for _, g := range set(Clean(s)) {
		units += g.advance
	}
	return float64(units) * size * mmPerPoint / em
}

// Leading returns the distance of lines set at a size, in mm.
func Leading(size float64) float64 { return 1.4 * size * mmPerPoint }

// Rise returns how far above the line letters of a size reach, in mm: what is between the top of a cell and its first line.
func Rise(size float64) float64 { return ascent * size * mmPerPoint / em }

// scale returns the millimetres a unit of the font takes.
func (t *Text) scale() float64 { return t.Size * mmPerPoint / em }

// shift returns how far from its place the text begins, in mm along its line.
func (t *Text) shift() float64 {
	switch t.Align {
	case Middle:
		return -Width(t.String, t.Size) / 2
	case Right:
		return -Width(t.String, t.Size)
	}
	return 0
}

// Characters that may not begin a line, and those that may not end one.
const (
	notFirst = "，。；：、！？）》〉」』】〕”’％…—·,.;:!?)]}%°"
	notLast  = "（《〈「『【〔“‘([{"
)

// Wrap breaks a text into lines no wider than a width in mm: between ideographs and at spaces; a word that is wider by itself is broken
// anywhere. A line break in the text stays one. An empty text is one empty line.
func Wrap(s string, size, width float64) (lines []string) {
	for part := range strings.SplitSeq(s, "\n") {
		lines = append(lines, wrap([]rune(Clean(part)), size, width)...)
	}
	return lines
}

func wrap(text []rune, size, width float64) (lines []string) {
	f := face()
	unit := size * mmPerPoint / em
	for {
		wide, end, fits := 0.0, 0, 0 // end: the last place it may break at; fits: characters that fit
		for i, r := range text {
			if i > 0 && mayBreak(text[i-1], r) {
				end = i
			}
			if wide += float64(f.glyph(r).advance) * unit; wide > width && r != ' ' {
				break
			}
			fits = i + 1
		}
		if fits == len(text) {
			return append(lines, strings.TrimRight(string(text), " "))
		}
		if end == 0 || end > fits {
			end = max(1, fits)
		}
		lines = append(lines, strings.TrimRight(string(text[:end]), " "))
		text = text[end:]
		for len(text) > 0 && text[0] == ' ' {
			text = text[1:]
		}
		if len(text) == 0 {
			return lines
		}
	}
}

// mayBreak reports whether a line may end between two characters.
func mayBreak(before, after rune) bool {
	if strings.ContainsRune(notFirst, after) || strings.ContainsRune(notLast, before) || after == ' ' {
		return false
	}
	return before == ' ' || before == '-' && !unicode.IsDigit(after) || ideographic(before) || ideographic(after)
}

// ideographic reports whether a character is set in a square, as those of Chinese are.
func ideographic(r rune) bool { return r >= 0x2E80 && face().glyph(r).advance == em }

// Fit returns the largest size no larger than the given, in half points down to a smallest, at which a text is no wider than a width in
// mm; where none is, the smallest and the text cut with an ellipsis.
func Fit(s string, size, smallest, width float64) (float64, string) {
	for ; size > smallest; size -= 0.5 {
		if Width(s, size) <= width {
			return size, s
		}
	}
	return smallest, Cut(s, smallest, width)
}

// Cut returns a text no wider than a width in mm: itself, or its beginning and an ellipsis.
func Cut(s string, size, width float64) string {
	if s = Clean(s); Width(s, size) <= width {
		return s
	}
	text := []rune(s)
	for n := len(text) - 1; n > 0; n-- {
		if cut := strings.TrimRight(string(text[:n]), " ") + "…"; Width(cut, size) <= width {
			return cut
		}
	}
	return "…"
}
