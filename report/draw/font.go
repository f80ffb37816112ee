package draw

import (
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"sync"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// The font is no part of the sources: the build takes it from the machine (the Makefile says how) into this folder. Noto Sans CJK is
// there under the SIL Open Font License 1.1; it has all 8,105 characters of the Table of General Standard Chinese Characters (2013).
//
//go:embed all:font
var embedded embed.FS

const (
	fontFile = "font/NotoSansCJK-Regular.ttc"
	fontName = "Noto Sans CJK SC"
	fontTag  = "NotoSansCJKsc-Regular"
)

// ErrNoFont says that the program was built without the font, so that it can draw no page.
var ErrNoFont = errors.New("the program was built without " + fontFile[len("font/"):] + " in report/draw/font: build it with make")

// em is how many units of the font make the height of a line set solid.
const em = 1000

// Of the font, in units: how far letters reach above and below the line they stand on, as tall as an ideograph is drawn.
const (
	ascent  = 880
	descent = 120
)

// glyph is the drawing of a character in units of the font, down positive, from where it stands on the line.
type glyph struct {
	id      uint16 // 0 is what the font draws for characters it lacks
	advance int
	outline *Path
}

// typeface is the font, opened. Glyphs are drawn when they are first asked for and kept.
type typeface struct {
	font *sfnt.Font

	mu     sync.RWMutex
	byRune map[rune]*glyph
}

var typefaceOnce = sync.OnceValues(func() (*typeface, error) {
	bytes, err := embedded.ReadFile(fontFile)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, ErrNoFont
	} else if err != nil {
		return nil, err
	}
	return openTypeface(bytes)
})

// Ready returns an error when no page can be drawn because the program has no font.
func Ready() error {
	_, err := typefaceOnce()
	return err
}

func openTypeface(bytes []byte) (*typeface, error) {
	all, err := sfnt.ParseCollection(bytes)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", fontFile, err)
	}
	var b sfnt.Buffer
	for i := range all.NumFonts() {
		f, err := all.Font(i)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", fontFile, err)
		}
		if name, _ := f.Name(&b, sfnt.NameIDFull); name == fontName && f.UnitsPerEm() == em {
			return &typeface{font: f, byRune: map[rune]*glyph{}}, nil
		}
	}
	return nil, fmt.Errorf("%s holds no %s", fontFile, fontName)
}

// face returns the font. It panics where there is none: whoever makes pages asks Ready first.
func face() *typeface {
	t, err := typefaceOnce()
	if err != nil {
		panic(err)
	}
	return t
}

// glyph returns the glyph of a character, with id 0 for one that the font lacks.
func (t *typeface) glyph(r rune) *glyph {
	t.mu.RLock()
	g, ok := t.byRune[r]
	t.mu.RUnlock()
	if ok {
		return g
	}
	g = t.load(r)
	t.mu.Lock()
	t.byRune[r] = g
	t.mu.Unlock()
	return g
}

// load reads a glyph. A glyph the font cannot give is as good as one it lacks.
func (t *typeface) load(r rune) *glyph {
	var buffer sfnt.Buffer
	size := fixed.I(em) // so that a pixel is a unit
	id, err := t.font.GlyphIndex(&buffer, r)
	if err != nil {
		id = 0
	}
	segments, err := t.font.LoadGlyph(&buffer, id, size, nil)
	if err != nil {
		return &glyph{advance: em, outline: &Path{}}
	}
	g := &glyph{id: uint16(id), outline: &Path{}}
	at := func(p fixed.Point26_6) Point { return Point{float64(p.X) / 64, float64(p.Y) / 64} }
	var last Point
	for i, s := range segments {
		a, b, c := at(s.Args[0]), at(s.Args[1]), at(s.Args[2])
		switch s.Op {
		case sfnt.SegmentOpMoveTo:
			if i > 0 {
				g.outline.Close()
			}
			g.outline.MoveTo(a)
			last = a
		case sfnt.SegmentOpLineTo:
			g.outline.LineTo(a)
			last = a
		case sfnt.SegmentOpQuadTo:
			g.outline.CurveTo(Point{last.X + 2*(a.X-last.X)/3, last.Y + 2*(a.Y-last.Y)/3}, Point{b.X + 2*(a.X-b.X)/3, b.Y + 2*(a.Y-b.Y)/3}, b)
			last = b
		case sfnt.SegmentOpCubeTo:
			g.outline.CurveTo(a, b, c)
			last = c
		}
	}
	if len(segments) > 0 {
		g.outline.Close()
	}
	if advance, err := t.font.GlyphAdvance(&buffer, id, size, 0); err == nil {
		g.advance = advance.Round()
	}
	return g
}
