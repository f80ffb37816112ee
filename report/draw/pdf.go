package draw

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"math"
	"slices"
	"strconv"
	"unicode/utf16"
)

// PDF writes pages as they come: no more than one is held. Close writes the font, so the file is whole only then.
// It is PDF 1.7 (ISO 32000-1:2008), with one font whose glyphs are those the pages use.
type PDF struct {
	w       io.Writer
	at      int64   // bytes written
	offsets []int64 // by object number less one; 0 for one that is not written yet
	title   string
	lang    string
	pages   []pdfPage
	glyphs  map[uint16]used
	alphas  map[uint8]bool
	err     error
}

type pdfPage struct {
	object int
	title  string
	height float64 // in points
}

// used is a glyph that a page shows, and for which character.
type used struct {
	glyph *glyph
	r     rune
}

// The objects every file has, before those of its pages.
const (
	pdfCatalog = iota + 1
	pdfPages
	pdfInfo
	pdfResources
	pdfFont
	pdfDescendant
	pdfDescriptor
	pdfFontFile
	pdfToUnicode
	pdfOutlines
	pdfFirstFree
)

// NewPDF begins a file with a title in a language, "zh-CN" or "en".
func NewPDF(w io.Writer, title, lang string) *PDF {
	p := &PDF{w: w, title: title, lang: lang, glyphs: map[uint16]used{}, alphas: map[uint8]bool{}, offsets: make([]int64, pdfFirstFree-1)}
	p.print("%%PDF-1.7\n%%\xe5\x9b\xbe\xe6\xa0\xbc\n") // bytes above 127, so that nobody takes it for text
	return p
}

// Encoded is a page ready to be put into a PDF: pages may be encoded on several cores and then added in order.
type Encoded struct {
	page   *Page
	stream []byte
	glyphs map[uint16]used
	alphas map[uint8]bool
}

// Encode makes a page ready for a PDF.
func Encode(page *Page) *Encoded {
	c := &pdfCanvas{height: page.Height, glyphs: map[uint16]used{}, alphas: map[uint8]bool{}}
	c.b = append(c.b, "1 J 1 j\n"...)
	page.draw(c)
	return &Encoded{page: &Page{Width: page.Width, Height: page.Height, Title: page.Title}, stream: pack(c.b), glyphs: c.glyphs, alphas: c.alphas}
}

// Add writes a page.
func (p *PDF) Add(page *Page) error { return p.AddEncoded(Encode(page)) }

// AddEncoded writes a page that was encoded.
func (p *PDF) AddEncoded(e *Encoded) error {
	for id, g := range e.glyphs {
		if had, ok := p.glyphs[id]; !ok || g.r < had.r {
			p.glyphs[id] = g
		}
	}
	for a := range e.alphas {
		p.alphas[a] = true
	}
	content := p.stream(p.next(), e.stream, "")
	object := p.next()
	p.begin(object)
	p.print("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>", pdfPages,
		pdfNumber(e.page.Width/mmPerPoint), pdfNumber(e.page.Height/mmPerPoint), pdfResources, content)
	p.end()
	p.pages = append(p.pages, pdfPage{object, e.page.Title, e.page.Height / mmPerPoint})
	return p.err
}

// Close writes what the pages have in common and ends the file.
func (p *PDF) Close() error {
	p.writeFont()
	p.begin(pdfResources)
	p.print("<</Font<</F %d 0 R>>/ExtGState<<", pdfFont)
	for a := range 256 {
		if p.alphas[uint8(a)] {
			p.print("/A%d<</ca %[2]s/CA %[2]s>>", a, pdfNumber(float64(a)/255))
		}
	}
	p.print(">>>>")
	p.end()
	p.begin(pdfPages)
	p.print("<</Type/Pages/Count %d/Kids[", len(p.pages))
	for _, page := range p.pages {
		p.print("%d 0 R ", page.object)
	}
	p.print("]>>")
	p.end()
	outlined := p.writeOutlines()
	p.begin(pdfCatalog)
	p.print("<</Type/Catalog/Pages %d 0 R/Lang(%s)/ViewerPreferences<</DisplayDocTitle true>>%s>>", pdfPages, p.lang, outlined)
	p.end()
	p.begin(pdfInfo)
	p.print("<</Title%s/Producer(gridwright)>>", pdfText(p.title))
	p.end()
	start := p.at
	p.print("xref\n0 %d\n0000000000 65535 f \n", len(p.offsets)+1)
	for _, offset := range p.offsets {
		p.print("%010d 00000 n \n", offset)
	}
	p.print("trailer\n<</Size %d/Root %d 0 R/Info %d 0 R>>\nstartxref\n%d\n%%%%EOF\n", len(p.offsets)+1, pdfCatalog, pdfInfo, start)
	return p.err
}

// writeOutlines writes the bookmarks, one a page with a title, and returns what the catalog says of them.
func (p *PDF) writeOutlines() string {
	titled := slices.DeleteFunc(slices.Clone(p.pages), func(page pdfPage) bool { return page.title == "" })
	first := len(p.offsets) + 1
	for i, page := range titled {
		p.begin(p.next())
		p.print("<</Title%s/Parent %d 0 R/Dest[%d 0 R/XYZ 0 %s 0]", pdfText(page.title), pdfOutlines, page.object, pdfNumber(page.height))
		if i > 0 {
			p.print("/Prev %d 0 R", first+i-1)
		}
		if i+1 < len(titled) {
			p.print("/Next %d 0 R", first+i+1)
		}
		p.print(">>")
		p.end()
	}
	p.begin(pdfOutlines)
	defer p.end()
	if len(titled) == 0 {
		p.print("<</Type/Outlines/Count 0>>")
		return ""
	}
	p.print("<</Type/Outlines/First %d 0 R/Last %d 0 R/Count %d>>", first, first+len(titled)-1, len(titled))
	if len(titled) == 1 {
		return fmt.Sprintf("/Outlines %d 0 R", pdfOutlines)
	}
	return fmt.Sprintf("/Outlines %d 0 R/PageMode/UseOutlines", pdfOutlines)
}

func (p *PDF) print(format string, args ...any) {
	if p.err == nil {
		n, err := fmt.Fprintf(p.w, format, args...)
		p.at, p.err = p.at+int64(n), err
	}
}

// next returns the number of a new object.
func (p *PDF) next() int {
	p.offsets = append(p.offsets, 0)
	return len(p.offsets)
}

func (p *PDF) begin(object int) {
	p.offsets[object-1] = p.at
	p.print("%d 0 obj\n", object)
}

func (p *PDF) end() { p.print("\nendobj\n") }

// stream writes packed bytes as an object and returns its number.
func (p *PDF) stream(object int, packed []byte, more string) int {
	p.begin(object)
	p.print("<</Length %d/Filter/FlateDecode%s>>\nstream\n", len(packed), more)
	if p.err == nil {
		n, err := p.w.Write(packed)
		p.at, p.err = p.at+int64(n), err
	}
	p.print("\nendstream")
	p.end()
	return object
}

// pack compresses bytes.
func pack(b []byte) []byte {
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	z.Write(b) // to memory: no error
	z.Close()
	return packed.Bytes()
}

// pdfText returns a string object in UTF-16.
func pdfText(s string) string {
	b := []byte("<FEFF")
	for _, u := range utf16.Encode([]rune(Clean(s))) {
		b = fmt.Appendf(b, "%04X", u)
	}
	return string(append(b, '>'))
}

// appendNumber adds a number with at most some decimals.
func appendNumber(b []byte, x float64, decimals int) []byte {
	scale := math.Pow10(decimals)
	if x = math.Round(x*scale) / scale; x == 0 {
		return append(b, '0') // no -0
	}
	return strconv.AppendFloat(b, x, 'f', -1, 64)
}

func pdfNumber(x float64) string { return string(appendNumber(nil, x, 3)) }

// pdfCanvas writes a page's content.
type pdfCanvas struct {
	b      []byte
	height float64 // of the page in mm
	now    pdfState
	outer  []pdfState // of the windows it is in
	glyphs map[uint16]used
	alphas map[uint8]bool
}

// pdfState is what is set where the content has come to. Its zero value is what a page begins with.
type pdfState struct {
	fill, line  [3]uint8
	fillA       uint8 // 255 less the opacity that is set
	width       float64
	dash        string
	butt        bool
	widthWasSet bool
}

func (c *pdfCanvas) numbers(xs ...float64) {
	for _, x := range xs {
		c.b = append(appendNumber(c.b, x, 2), ' ')
	}
}

func (c *pdfCanvas) op(name string) { c.b = append(append(c.b, name...), '\n') }

// place returns a point in points of the page, up positive.
func (c *pdfCanvas) place(p Point) (x, y float64) {
	return p.X / mmPerPoint, (c.height - p.Y) / mmPerPoint
}

func (c *pdfCanvas) path(p *Path) {
	p.walk(func(v verb, points []Point) {
		for _, at := range points {
			x, y := c.place(at)
			c.numbers(x, y)
		}
		c.op([...]string{move: "m", line: "l", curve: "c", shut: "h"}[v])
	})
}

func (c *pdfCanvas) alpha(a uint8) {
	if c.now.fillA != 255-a {
		c.now.fillA = 255 - a
		c.alphas[a] = true
		c.b = append(c.b, fmt.Sprintf("/A%d gs\n", a)...)
	}
}

func (c *pdfCanvas) fillWith(colour Colour) {
	if rgb := [3]uint8{colour.R, colour.G, colour.B}; rgb != c.now.fill {
		c.now.fill = rgb
		c.colour(rgb, "rg")
	}
}

func (c *pdfCanvas) lineWith(colour Colour, width float64, dash []float64) {
	if rgb := [3]uint8{colour.R, colour.G, colour.B}; rgb != c.now.line {
		c.now.line = rgb
		c.colour(rgb, "RG")
	}
	if width != c.now.width || !c.now.widthWasSet {
		c.now.width, c.now.widthWasSet = width, true
		c.numbers(width / mmPerPoint)
		c.op("w")
	}
	var pattern []byte
	for _, d := range dash {
		pattern = append(appendNumber(pattern, d/mmPerPoint, 2), ' ')
	}
	if string(pattern) != c.now.dash {
		c.now.dash = string(pattern)
		c.b = append(c.b, fmt.Sprintf("[%s] 0 d\n", pattern)...)
	}
	if butt := dash != nil; butt != c.now.butt {
		c.now.butt = butt
		c.op(map[bool]string{true: "0 J", false: "1 J"}[butt])
	}
}

func (c *pdfCanvas) colour(rgb [3]uint8, op string) {
	for _, part := range rgb {
		c.b = append(appendNumber(c.b, float64(part)/255, 3), ' ')
	}
	c.op(op)
}

func (c *pdfCanvas) paint(p *Path, ink Ink) {
	filled, lined := ink.Fill.A > 0, ink.Line.A > 0 && ink.Width > 0
	if filled && lined && ink.Fill.A != ink.Line.A {
		c.paint(p, Ink{Fill: ink.Fill})
		filled = false
	}
	op := "S"
	switch {
	case filled && lined:
		op = "B"
	case filled:
		op = "f"
	case !lined:
		return
	}
	if filled {
		c.alpha(ink.Fill.A)
		c.fillWith(ink.Fill)
	}
	if lined {
		c.alpha(ink.Line.A)
		c.lineWith(ink.Line, ink.Width, ink.Dash)
	}
	c.path(p)
	c.op(op)
}

// boldness is how much wider the strokes of bold letters are, as a part of their size.
const boldness = 0.028

func (c *pdfCanvas) write(t *Text) {
	glyphs := set(t.String)
	i := 0
	for _, r := range t.String {
		g := glyphs[i]
		if g == face().glyph(geta) {
			r = geta // whatever it stands for
		}
		if had, ok := c.glyphs[g.id]; !ok || r < had.r {
			c.glyphs[g.id] = used{g, r}
		}
		i++
	}
	c.alpha(t.Colour.A)
	if t.Halo > 0 {
		c.lineWith(t.Rim, 2*t.Halo+t.stroke(), nil)
		c.show(t, glyphs, 1)
	}
	c.fillWith(t.Colour)
	if t.Bold {
		c.lineWith(t.Colour, t.stroke(), nil)
		c.show(t, glyphs, 2)
	} else {
		c.show(t, glyphs, 0)
	}
}

// stroke returns the width in mm of the line round bold letters, 0 for others.
func (t *Text) stroke() float64 {
	if !t.Bold {
		return 0
	}
	return boldness * t.Size * mmPerPoint
}

// show shows glyphs in one of PDF's ways of showing text: 0 filled, 1 lined, 2 both.
func (c *pdfCanvas) show(t *Text, glyphs []*glyph, mode int) {
	sin, cos := math.Sincos(t.Angle * math.Pi / 180)
	shift := t.shift()
	x, y := c.place(Point{t.At.X + shift*cos, t.At.Y + shift*sin})
	c.b = append(c.b, "BT /F "...)
	c.numbers(t.Size)
	c.b = fmt.Appendf(c.b, "Tf %d Tr ", mode)
	for _, k := range []float64{cos, -sin, sin, cos} {
		c.b = append(appendNumber(c.b, k, 5), ' ')
	}
	c.numbers(x, y)
	c.b = append(c.b, "Tm <"...)
	for _, g := range glyphs {
		c.b = fmt.Appendf(c.b, "%04X", g.id)
	}
	c.op("> Tj ET")
}

func (c *pdfCanvas) window(p *Path) {
	c.outer = append(c.outer, c.now)
	c.op("q")
	c.path(p)
	c.op("W n")
}

func (c *pdfCanvas) shut() {
	c.op("Q")
	c.now = c.outer[len(c.outer)-1]
	c.outer = c.outer[:len(c.outer)-1]
}
