package draw

import (
	"encoding/binary"
	"fmt"
	"maps"
	"math"
	"slices"
	"unicode/utf16"
)

// writeFont writes the font: a composite font whose codes are the numbers the glyphs have in the whole font, the glyphs used in
// Compact Font Format, and which characters they stand for, so that text can be searched and copied.
func (p *PDF) writeFont() {
	p.glyphs[0] = used{&glyph{advance: em, outline: &Path{}}, 0} // every font has a glyph 0
	ids := slices.Sorted(maps.Keys(p.glyphs))
	// A subset's name begins with six letters that tell it from other subsets.
	sum := uint32(2166136261)
	for _, id := range ids {
		sum = (sum ^ uint32(id)) * 16777619
	}
	tag := make([]byte, 6)
	for i := range tag {
		tag[i], sum = 'A'+byte(sum%26), sum/26
	}
	name := string(tag) + "+" + fontTag
	p.begin(pdfFont)
	p.print("<</Type/Font/Subtype/Type0/BaseFont/%s/Encoding/Identity-H/DescendantFonts[%d 0 R]/ToUnicode %d 0 R>>", name, pdfDescendant, pdfToUnicode)
	p.end()
	p.begin(pdfDescendant)
	p.print("<</Type/Font/Subtype/CIDFontType0/BaseFont/%s/CIDSystemInfo<</Registry(Adobe)/Ordering(Identity)/Supplement 0>>/FontDescriptor %d 0 R/DW %d/W[",
		name, pdfDescriptor, em)
	for _, id := range ids {
		if advance := p.glyphs[id].glyph.advance; advance != em {
			p.print("%d[%d]", id, advance)
		}
	}
	p.print("]>>")
	p.end()
	p.begin(pdfDescriptor)
	p.print("<</Type/FontDescriptor/FontName/%s/Flags 4/FontBBox[-1000 -400 3000 1200]/ItalicAngle 0/Ascent %d/Descent %d/CapHeight 733/StemV 80/FontFile3 %d 0 R>>",
		name, ascent, -descent, pdfFontFile)
	p.end()
	p.stream(pdfFontFile, pack(p.compactFont(name, ids)), "/Subtype/CIDFontType0C")
	p.stream(pdfToUnicode, pack(p.toUnicode(ids)), "")
}

// toUnicode says which character each glyph stands for (PDF 1.7, 9.10.3).
func (p *PDF) toUnicode(ids []uint16) []byte {
	b := []byte("/CIDInit/ProcSet findresource begin 12 dict begin begincmap/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def\n" +
		"/CMapName/Adobe-Identity-UCS def/CMapType 2 def 1 begincodespacerange<0000><FFFF>endcodespacerange\n")
	for part := range slices.Chunk(ids[1:], 100) {
		b = fmt.Appendf(b, "%d beginbfchar\n", len(part))
		for _, id := range part {
			b = fmt.Appendf(b, "<%04X><", id)
			for _, u := range utf16.Encode([]rune{p.glyphs[id].r}) {
				b = fmt.Appendf(b, "%04X", u)
			}
			b = append(b, ">\n"...)
		}
		b = append(b, "endbfchar\n"...)
	}
	return append(b, "endcmap CMapName currentdict/CMap defineresource pop end end"...)
}

// compactFont returns the glyphs as a font in Compact Font Format (Adobe Technical Note 5176), keyed by the numbers they have in the
// whole font. Glyphs are outlines alone: hints are for screens of few dots.
func (p *PDF) compactFont(name string, ids []uint16) []byte {
	glyphs := make([][]byte, len(ids))
	charset, choice := []byte{0}, []byte{3, 0, 1, 0, 0, 0} // all glyphs from 0 on have the first of the fonts within
	for i, id := range ids {
		glyphs[i] = charstring(p.glyphs[id].glyph)
		if i > 0 {
			charset = binary.BigEndian.AppendUint16(charset, id)
		}
	}
	choice = binary.BigEndian.AppendUint16(choice, uint16(len(ids)))
	outlines := cffIndex(glyphs...)
	private := append(cffNumber(nil, em), 20) // the width of glyphs that state none
	names := cffIndex([]byte(name))
	strings := cffIndex([]byte("Adobe"), []byte("Identity"))

	// The places of the parts stand in the first of them, in numbers of five bytes whatever they are.
	var top []byte
	header := []byte{1, 0, 4, 4}
	places := [4]int{} // charset, choice, outlines, fonts within
	var within []byte
	for range 2 {
		top = cffNumber(cffNumber(cffNumber(nil, 391), 392), 0) // the two strings and the supplement
		top = append(top, 12, 30)
		top = append(cffLong(top, math.MaxUint16+1), 12, 34)
		top = append(cffLong(top, places[0]), 15)
		top = append(cffLong(top, places[1]), 12, 37)
		top = append(cffLong(top, places[2]), 17)
		top = append(cffLong(top, places[3]), 12, 36)
		at := len(header) + len(names) + len(cffIndex(top)) + len(strings) + len(cffIndex())
		places[0] = at
		places[1] = places[0] + len(charset)
		places[2] = places[1] + len(choice)
		privateAt := places[2] + len(outlines)
		places[3] = privateAt + len(private)
		within = cffIndex(append(cffLong(cffLong(nil, len(private)), privateAt), 18))
	}
	return slices.Concat(header, names, cffIndex(top), strings, cffIndex(), charset, choice, outlines, private, within)
}

// cffIndex returns an index of byte strings.
func cffIndex(items ...[]byte) []byte {
	b := binary.BigEndian.AppendUint16(nil, uint16(len(items)))
	if len(items) == 0 {
		return b
	}
	b = append(b, 4) // bytes of an offset
	at := uint32(1)
	b = binary.BigEndian.AppendUint32(b, at)
	for _, item := range items {
		at += uint32(len(item))
		b = binary.BigEndian.AppendUint32(b, at)
	}
	for _, item := range items {
		b = append(b, item...)
	}
	return b
}

// cffNumber adds a whole number of at most 16 bits.
func cffNumber(b []byte, n int) []byte {
	switch {
	case n >= -107 && n <= 107:
		return append(b, byte(n+139))
	case n >= 108 && n <= 1131:
		n -= 108
		return append(b, byte(n>>8)+247, byte(n))
	case n >= -1131 && n <= -108:
		n = -n - 108
		return append(b, byte(n>>8)+251, byte(n))
	}
	return append(b, 28, byte(n>>8), byte(n))
}

// cffLong adds a whole number in five bytes.
func cffLong(b []byte, n int) []byte { return binary.BigEndian.AppendUint32(append(b, 29), uint32(n)) }

// The operators of charstrings that outlines need (Adobe Technical Note 5177).
const (
	csLine   = 5  // rlineto
	csCurve  = 8  // rrcurveto
	csEnd    = 14 // endchar
	csMove   = 21 // rmoveto
	csMaxArg = math.MaxInt16
)

// charstring returns a glyph's outline as a charstring: its width first, where it is not that of an ideograph, then its lines, each
// from where the last one ended, up positive.
func charstring(g *glyph) (b []byte) {
	if g.advance != em {
		b = cffNumber(b, g.advance)
	}
	x, y := 0, 0
	to := func(p Point) {
		nx, ny := clampUnit(p.X), clampUnit(-p.Y)
		b = cffNumber(cffNumber(b, nx-x), ny-y)
		x, y = nx, ny
	}
	g.outline.walk(func(v verb, points []Point) {
		for _, p := range points {
			to(p)
		}
		switch v {
		case move:
			b = append(b, csMove)
		case line:
			b = append(b, csLine)
		case curve:
			b = append(b, csCurve)
		}
	})
	return append(b, csEnd)
}

// clampUnit returns a coordinate as a whole unit, such that the difference of two fits a charstring.
func clampUnit(x float64) int { return int(math.Round(max(-csMaxArg/2, min(csMaxArg/2, x)))) }
