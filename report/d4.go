package report

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"slices"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// explanation is D4 (方案说明) before it has a format: what a plan rests on, what it changes, how good it is, and its exceptions.
type explanation struct {
	title, subtitle string
	basis           []string // one a line
	head            []string // of the table: empty, before, after
	rows            [][]string
	result          []string
	exceptions      []string
	more            int // exceptions that are not listed
	captions        [2]string
	stamp           []string
}

// mostExceptions is how many exceptions there is room for on two pages; T9 has all of them.
const mostExceptions = 12

// explain gathers what the explanation of a paper says.
func explain(b *writer) *explanation {
	s := b.Snapshot
	e := &explanation{title: b.say("D4.title", nil), subtitle: b.Name}
	e.basis = append(e.basis, b.recipe())
	if d := b.Division; d != nil {
		if d.Basis != "" {
			e.basis = append(e.basis, b.say("d4.document", words.Args{"document": d.Basis}))
		}
		e.basis = append(e.basis, b.say("d4.effective", words.Args{"day": string(d.Effective)}))
	} else {
		e.basis = append(e.basis, b.say("d4.draft", nil))
	}
	if kinds := b.countings(); len(kinds) > 0 {
		e.basis = append(e.basis, b.say("stamp.counts", nil)+b.say("colon", nil)+strings.Join(kinds, b.say("list.sep", nil)))
	}
	olds, news := b.sizes()
	e.head = []string{"", b.say("d4.before", nil), b.say("d4.after", nil)}
	row := func(key string, of func([]float64) string) {
		measure, _ := b.first()
		e.rows = append(e.rows, []string{words.Capital(b.say(key, words.Args{"measure": measure})), of(olds), of(news)})
	}
	row("d4.grids", func(n []float64) string { return words.Count(int64(len(n))) })
	numbers := func(f func([]float64) float64) func([]float64) string {
		return func(n []float64) string {
			if len(n) == 0 {
				return "—"
			}
			return words.Number(math.Round(f(n)*10) / 10)
		}
	}
	row("head.mean_of", numbers(func(n []float64) float64 { return total(n) / float64(len(n)) }))
	row("head.largest_of", numbers(slices.Max[[]float64]))
	row("head.smallest_of", numbers(slices.Min[[]float64]))
	if band := s.Recipe.Band; band != nil {
		row("d4.in_band", func(n []float64) string {
			if len(n) == 0 {
				return "—"
			}
			in := 0
			for _, v := range n {
				if v >= band.Min && v <= band.Max {
					in++
				}
			}
			return words.Percent(float64(in) / float64(len(n)))
		})
	}
	within, dedicated := 0, 0
	for _, g := range b.grids() {
		if g.Dedicated() {
			dedicated++
		} else if s.Verdict(g.No) == plan.Within {
			within++
		}
	}
	e.result = append(e.result, b.say("d4.within", words.Args{"n": within, "all": s.GridCount() - dedicated, "wanted": b.wantedBand()}), b.moved())
	if dedicated > 0 {
		e.result = append(e.result, b.say("d4.dedicated", words.Args{"n": dedicated}))
	}
	b.exceptions(e)
	e.captions = [2]string{b.say("d4.map_before", words.Args{"n": len(olds)}), b.say("d4.map_after", words.Args{"n": s.GridCount()})}
	for _, line := range b.stamp() {
		switch line.Key {
		case "plan", "revision", "effective", "data", "hash", "source":
			e.stamp = append(e.stamp, line.Label+" "+line.Value)
		}
	}
	return e
}

func total(n []float64) (sum float64) {
	for _, v := range n {
		sum += v
	}
	return sum
}

// sizes returns the loads, of the measure that grids are told by, of the grids before and after; dedicated grids are left out after.
func (b *writer) sizes() (olds, news []float64) {
	seen := map[string]bool{}
	for i := range b.Lineage {
		if old := b.Lineage[i].Old; old != nil && !seen[old.Code] {
			seen[old.Code] = true
			olds = append(olds, float64(old.Count))
		}
	}
	measure, ok := b.first()
	if !ok {
		return olds, news
	}
	m := b.Snapshot.Ground.MeasureIndex(measure)
	for _, g := range b.grids() {
		if !g.Dedicated() {
			news = append(news, b.Snapshot.Loads(g.No)[m])
		}
	}
	return olds, news
}

// moved says how many households are in another grid than before: all that are not in the new grid that has most of their old one.
func (b *writer) moved() string {
	most := map[string]int64{}
	var all, stay int64
	for i := range b.Lineage {
		row := &b.Lineage[i]
		all += row.Count
		if row.Old != nil && row.New != nil && row.Count > most[row.Old.Code] {
			stay += row.Count - most[row.Old.Code]
			most[row.Old.Code] = row.Count
		}
	}
	share := "0%"
	if all > 0 {
		share = words.Percent(float64(all-stay) / float64(all))
	}
	return b.say("d4.moved", words.Args{"n": all - stay, "share": share, "measure": b.lineageMeasure()})
}

// exceptions gathers the grids that are not as wanted, each with why, errors first; and what was waived, with the reason.
func (b *writer) exceptions(e *explanation) {
	found := b.findings()
	slices.SortStableFunc(found, func(a, c checked) int {
		rank := map[plan.Severity]int{plan.Err: 0, plan.Note: 1, plan.Warning: 2}
		return rank[a.Severity] - rank[c.Severity]
	})
	for _, f := range found {
		if f.Severity == plan.Note && f.Rule != "why" { // what keeps a large grid from what was wanted
			continue
		}
		if len(e.exceptions) == mostExceptions {
			e.more++
			continue
		}
		said := f.In(b.lang)
		if f.why != "" {
			said += b.say("brackets", words.Args{"said": b.say("d4.waived", words.Args{"why": f.why, "by": f.by})})
		}
		e.exceptions = append(e.exceptions, said)
	}
	for _, g := range b.grids() {
		if g.Enclave != "" {
			e.exceptions = append(e.exceptions, b.say("d4.enclave", words.Args{"grid": gridName(g, b.lang), "reason": g.Enclave}))
		}
	}
}

// The overview maps of a document: their size in mm.
const overviewWidth, overviewHeight = 90.0, 78.0

// palette are the pale colours of grids on an overview.
var palette = []draw.Colour{{R: 0xCF, G: 0xE3, B: 0xF2, A: 255}, {R: 0xF6, G: 0xE0, B: 0xC0, A: 255}, {R: 0xD8, G: 0xEB, B: 0xCF, A: 255}, {R: 0xEA, G: 0xD6, B: 0xEA, A: 255},
	{R: 0xF7, G: 0xF0, B: 0xC4, A: 255}, {R: 0xD5, G: 0xEC, B: 0xE8, A: 255}, {R: 0xF3, G: 0xD3, B: 0xD3, A: 255}, {R: 0xE0, G: 0xE0, B: 0xE0, A: 255}}

// overview draws into a rectangle of a page the areas that grids were in before, or the grids.
func (b *writer) overview(page *draw.Page, before bool, x, y, width, height float64) {
	s := b.Snapshot
	box := s.Ground.Box()
	if box.IsEmpty() {
		return
	}
	middle := crs.Point{Lon: (box.Min.Lon + box.Max.Lon) / 2, Lat: (box.Min.Lat + box.Max.Lat) / 2}
	flat := crs.FlatAt(middle)
	low, high := flat.XY(box.Min), flat.XY(box.Max)
	scale := min((width-2)/float64(max(1, high.X-low.X)), (height-2)/float64(max(1, high.Y-low.Y)))
	at := func(p crs.Point) draw.Point {
		xy := flat.XY(p)
		return draw.Point{X: x + width/2 + float64(xy.X)*scale, Y: y + height/2 - float64(xy.Y)*scale}
	}
	paint := func(m shape.MultiPolygon, ink draw.Ink) {
		path := &draw.Path{}
		for _, polygon := range m {
			for _, ring := range polygon {
				points := make([]draw.Point, 0, len(ring))
				for i, p := range ring {
					if to := at(p); i == 0 || math.Abs(to.X-points[len(points)-1].X)+math.Abs(to.Y-points[len(points)-1].Y) > 0.05 {
						points = append(points, to)
					}
				}
				if len(points) > 2 {
					path.Ring(points...)
				}
			}
		}
		page.Paint(path, ink)
	}
	parents := make([]shape.MultiPolygon, len(s.Ground.Parents))
	for i := range parents {
		from, to := s.Ground.ParentBlocks(int32(i))
		shapes := make([]shape.MultiPolygon, 0, to-from)
		for _, block := range s.Ground.Blocks[from:to] {
			shapes = append(shapes, block.Shape)
		}
		parents[i] = topo.Union(shapes)
	}
	fine := draw.Ink{Line: draw.Grey(110), Width: 0.12}
	if before {
		for i, m := range parents {
			ink := fine
			ink.Fill = palette[i%len(palette)]
			paint(m, ink)
		}
		return
	}
	for _, g := range b.grids() {
		ink := fine
		ink.Fill = palette[int(g.Colour)%len(palette)]
		paint(s.Polygons(g.No), ink)
	}
	for _, m := range parents {
		paint(m, draw.Ink{Line: draw.Colour{R: 0xC2, G: 0x18, B: 0x5B, A: 255}, Width: 0.3})
	}
}

// writeExplanation writes D4 as a PDF or as a document of a word processor.
func writeExplanation(ctx context.Context, w io.Writer, p *Paper, wish Wish) error {
	in, err := p.within("")
	if err != nil {
		return err
	}
	if err := canDraw(); err != nil {
		return err
	}
	kind, _ := kindOf("D4")
	b := &writer{Paper: p, scope: in, wish: wish, lang: wish.Lang, kind: kind}
	e := explain(b)
	if err := ctx.Err(); err != nil {
		return err
	}
	if wish.Format == "docx" {
		return e.docx(w, b)
	}
	return e.pdf(w, b)
}

// sheetOfWords is a page of running text being laid.
type sheetOfWords struct {
	page *draw.Page
	at   float64
}

const wordsMargin = 22.0

func (s *sheetOfWords) line(text string, size float64, bold bool, align draw.Align, indent float64) {
	width := s.page.Width - 2*wordsMargin - indent
	for _, line := range draw.Wrap(text, size, width) {
		x := wordsMargin + indent
		if align == draw.Middle {
			x = s.page.Width / 2
		}
		s.page.Write(draw.Text{String: line, At: draw.Point{X: x, Y: s.at + draw.Rise(size)}, Size: size, Align: align, Bold: bold})
		s.at += draw.Leading(size)
	}
}

func (s *sheetOfWords) section(text string) {
	s.at += 3
	s.line(text, 12, true, draw.Left, 0)
	s.at++
}

// pdf writes the explanation on two pages.
func (e *explanation) pdf(w io.Writer, b *writer) error {
	one := &sheetOfWords{&draw.Page{Width: draw.A4[0], Height: draw.A4[1], Title: e.title}, wordsMargin}
	one.line(e.title, 18, true, draw.Middle, 0)
	one.line(e.subtitle, 11, false, draw.Middle, 0)
	if b.Snapshot.Ground.Synthetic {
		one.page.Write(draw.Text{String: b.say("synthetic", nil), At: draw.Point{X: one.page.Width / 2, Y: one.at + draw.Rise(9)}, Size: 9, Align: draw.Middle, Colour: warnRed})
		one.at += draw.Leading(9)
	}
	one.section(b.say("d4.section.basis", nil))
	for _, line := range e.basis {
		one.line(line, 10.5, false, draw.Left, 4)
	}
	one.section(b.say("d4.section.table", nil))
	width := (one.page.Width - 2*wordsMargin) / 3
	for i, row := range append([][]string{e.head}, e.rows...) {
		for c, text := range row {
			fill := draw.Colour{}
			if i == 0 {
				fill = headShade
			}
			x := wordsMargin + float64(c)*width
			one.page.Paint(draw.Rectangle(x, one.at, width, 7), draw.Ink{Fill: fill, Line: ruleGrey, Width: 0.15})
			one.page.Write(draw.Text{String: draw.Cut(text, 10, width-3), At: draw.Point{X: x + width/2, Y: one.at + 4.9}, Size: 10, Align: draw.Middle, Bold: i == 0})
		}
		one.at += 7
	}
	one.at += 2
	for _, line := range e.result {
		one.line(line, 10.5, false, draw.Left, 4)
	}
	one.section(b.say("d4.section.exceptions", nil))
	if len(e.exceptions) == 0 {
		one.line(b.say("d4.no_exceptions", nil), 10, false, draw.Left, 4)
	}
	more := e.more
	for i, line := range e.exceptions {
		if one.at > one.page.Height-wordsMargin-18 {
			more += len(e.exceptions) - i
			break
		}
		one.line(fmt.Sprintf("%d. %s", i+1, line), 9.5, false, draw.Left, 4)
	}
	if more > 0 {
		one.line(b.say("d4.more", words.Args{"n": more}), 9.5, false, draw.Left, 4)
	}
	two := &sheetOfWords{&draw.Page{Width: draw.A4[0], Height: draw.A4[1]}, wordsMargin}
	two.section(b.say("d4.section.maps", nil))
	const height = 97
	for i, caption := range e.captions {
		two.line(caption, 10.5, true, draw.Left, 0)
		b.overview(two.page, i == 0, wordsMargin, two.at, two.page.Width-2*wordsMargin, height)
		two.at += height + 3
	}
	for _, line := range e.stamp {
		two.line(line, 8, false, draw.Left, 0)
	}
	pdf := draw.NewPDF(w, e.title, b.lang.String())
	for i, page := range []*draw.Page{one.page, two.page} {
		page.Write(draw.Text{String: strings.NewReplacer("&P", fmt.Sprint(i+1), "&N", "2").Replace(b.say("pages", nil)), At: draw.Point{X: page.Width / 2, Y: page.Height - 10}, Size: 8, Align: draw.Middle})
		if err := pdf.Add(page); err != nil {
			return err
		}
	}
	return pdf.Close()
}

// docx writes the explanation as a document of Office Open XML (ECMA-376): paragraphs, one table and two pictures.
func (e *explanation) docx(w io.Writer, b *writer) error {
	var body strings.Builder
	body.WriteString(paragraph("Title", e.title) + paragraph("Subtitle", e.subtitle))
	if b.Snapshot.Ground.Synthetic {
		body.WriteString(paragraph("Subtitle", b.say("synthetic", nil)))
	}
	section := func(key string, lines []string) {
		body.WriteString(paragraph("Heading1", b.say("d4.section."+key, nil)))
		for _, line := range lines {
			body.WriteString(paragraph("", line))
		}
	}
	section("basis", e.basis)
	section("table", nil)
	body.WriteString(`<w:tbl><w:tblPr><w:tblW w:w="5000" w:type="pct"/><w:tblBorders>`)
	for _, side := range []string{"top", "left", "bottom", "right", "insideH", "insideV"} {
		body.WriteString(`<w:` + side + ` w:val="single" w:sz="4" w:color="8C8C8C"/>`)
	}
	body.WriteString(`</w:tblBorders></w:tblPr><w:tblGrid><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/><w:gridCol w:w="3000"/></w:tblGrid>`)
	for _, row := range append([][]string{e.head}, e.rows...) {
		body.WriteString("<w:tr>")
		for _, text := range row {
			body.WriteString(`<w:tc><w:tcPr><w:tcW w:w="3000" w:type="dxa"/></w:tcPr>` + paragraph("Cell", text) + "</w:tc>")
		}
		body.WriteString("</w:tr>")
	}
	body.WriteString("</w:tbl>")
	for _, line := range e.result {
		body.WriteString(paragraph("", line))
	}
	exceptions := slices.Clone(e.exceptions)
	for i := range exceptions {
		exceptions[i] = fmt.Sprintf("%d. %s", i+1, exceptions[i])
	}
	if len(exceptions) == 0 {
		exceptions = []string{b.say("d4.no_exceptions", nil)}
	}
	if e.more > 0 {
		exceptions = append(exceptions, b.say("d4.more", words.Args{"n": e.more}))
	}
	section("exceptions", exceptions)
	section("maps", nil)
	const perMM = 36_000 // English metric units
	for i := range e.captions {
		body.WriteString(paragraph("", e.captions[i]))
		fmt.Fprintf(&body, `<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:r><w:drawing><wp:inline><wp:extent cx="%d" cy="%d"/><wp:docPr id="%d" name="map %d" descr="%s"/><a:graphic><a:graphicData uri="http://schemas.openxmlformats.org/drawingml/2006/picture"><pic:pic><pic:nvPicPr><pic:cNvPr id="%d" name="map%d.png"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed="map%d"/><a:stretch><a:fillRect/></a:stretch></pic:blipFill><pic:spPr><a:xfrm><a:off x="0" y="0"/><a:ext cx="%d" cy="%d"/></a:xfrm><a:prstGeom prst="rect"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>`,
			int(overviewWidth*perMM), int(overviewHeight*perMM), i+1, i+1, escaped(e.captions[i]), i+1, i+1, i+1, int(overviewWidth*perMM), int(overviewHeight*perMM))
	}
	for _, line := range e.stamp {
		body.WriteString(paragraph("Small", line))
	}
	z := zip.NewWriter(w)
	put := func(name string, write func(io.Writer) error) error {
		out, err := z.CreateHeader(&zip.FileHeader{Name: name, Method: zip.Deflate})
		if err != nil {
			return err
		}
		return write(out)
	}
	for _, part := range []struct{ name, text string }{{"[Content_Types].xml", docxTypes}, {"_rels/.rels", docxRels}, {"word/_rels/document.xml.rels", docxParts}, {"word/styles.xml", docxStyles},
		{"word/document.xml", docxHead + body.String() + docxTail}} {
		if err := put(part.name, func(w io.Writer) error { _, err := io.WriteString(w, xml.Header+part.text); return err }); err != nil {
			return err
		}
	}
	for i := range e.captions {
		var picture bytes.Buffer
		page := &draw.Page{Width: overviewWidth, Height: overviewHeight}
		b.overview(page, i == 0, 0, 0, overviewWidth, overviewHeight)
		if err := draw.PNG(&picture, page, 200); err != nil {
			return err
		}
		if err := put(fmt.Sprintf("word/media/map%d.png", i+1), func(w io.Writer) error { _, err := picture.WriteTo(w); return err }); err != nil {
			return err
		}
	}
	return z.Close()
}

func escaped(text string) string {
	var out bytes.Buffer
	xml.EscapeText(&out, []byte(text)) // writing into memory cannot go wrong
	return out.String()
}

// paragraph returns a paragraph of a document in a style, the usual one for none.
func paragraph(style, text string) string {
	if style != "" {
		style = `<w:pPr><w:pStyle w:val="` + style + `"/></w:pPr>`
	}
	return `<w:p>` + style + `<w:r><w:t xml:space="preserve">` + escaped(text) + `</w:t></w:r></w:p>`
}

// The fixed parts of a document: what its parts are, and how they look.
const (
	docxTypes = `<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="png" ContentType="image/png"/><Override PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/><Override PartName="/word/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>`
	docxRels  = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="doc" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>`
	docxParts = `<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="styles" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/><Relationship Id="map1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/map1.png"/><Relationship Id="map2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/image" Target="media/map2.png"/></Relationships>`
	docxHead  = `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:pic="http://schemas.openxmlformats.org/drawingml/2006/picture"><w:body>`
	docxTail  = `<w:sectPr><w:pgSz w:w="11906" w:h="16838"/><w:pgMar w:top="1000" w:right="1200" w:bottom="900" w:left="1200" w:header="500" w:footer="500" w:gutter="0"/></w:sectPr></w:body></w:document>`
)

// docxStyles are the looks of a document's paragraphs: sizes are half points, spaces twentieths of a point.
const docxStyles = `<w:styles xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:docDefaults><w:rPrDefault><w:rPr><w:rFonts w:ascii="Times New Roman" w:hAnsi="Times New Roman" w:eastAsia="` + face + `"/><w:sz w:val="20"/></w:rPr></w:rPrDefault><w:pPrDefault><w:pPr><w:spacing w:after="30" w:line="260" w:lineRule="auto"/></w:pPr></w:pPrDefault></w:docDefaults>` +
	`<w:style w:type="paragraph" w:styleId="Title"><w:name w:val="Title"/><w:pPr><w:jc w:val="center"/></w:pPr><w:rPr><w:b/><w:sz w:val="34"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Subtitle"><w:name w:val="Subtitle"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Heading1"><w:name w:val="heading 1"/><w:pPr><w:keepNext/><w:spacing w:before="120"/></w:pPr><w:rPr><w:b/><w:sz w:val="24"/></w:rPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Cell"><w:name w:val="Cell"/><w:pPr><w:jc w:val="center"/></w:pPr></w:style>` +
	`<w:style w:type="paragraph" w:styleId="Small"><w:name w:val="Small"/><w:rPr><w:sz w:val="15"/></w:rPr></w:style></w:styles>`
