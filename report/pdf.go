package report

import (
	"context"
	"io"
	"strconv"
	"strings"
	"unicode"

	"gridwright/plan/words"
	"gridwright/report/draw"
)

// The measures of a printed table, in mm and points.
const (
	sheetMargin = 12.0
	sheetFoot   = 8.0 // above the lower margin, for the number of the page
	cellPad     = 0.9
	titleSize   = 16.0
	bodySize    = 8.5 // at most
	leastSize   = 4.5
)

// WritePDF writes the table on pages across its paper, with the head and the number of the page on each, and what it rests on after the
// last row. Rows are gone through twice: to learn how many pages there are, and to draw them.
func (t *Table) WritePDF(ctx context.Context, w io.Writer, l words.Lang) error {
	if err := canDraw(); err != nil {
		return err
	}
	pdf := draw.NewPDF(w, t.Title, l.String())
	if err := t.draw(ctx, pdf.Add); err != nil {
		return err
	}
	return pdf.Close()
}

// draw lays the table on pages and hands them on.
func (t *Table) draw(ctx context.Context, take func(*draw.Page) error) error {
	p := newPrint(t)
	if err := p.lay(ctx, func(*draw.Page) error { return nil }); err != nil {
		return err
	}
	again := newPrint(t)
	again.of = p.number
	return again.lay(ctx, take)
}

// printed is a table being laid on pages.
type printed struct {
	*Table
	width, height float64
	size          float64   // of the body's letters
	columns       []float64 // widths in mm
	page          *draw.Page
	at            float64 // where the next row begins
	number, of    int     // of the page; of all, 0 while that is not known
}

func newPrint(t *Table) *printed {
	paper := map[Size][2]float64{A3: draw.A3, A4: draw.A4}[t.Paper]
	p := &printed{Table: t, width: paper[1], height: paper[0]}
	letters := 0.0
	for _, c := range t.Columns {
		letters += c.Width
	}
	room := p.width - 2*sheetMargin
	p.size = min(bodySize, max(leastSize, room/letters/(0.5*draw.Leading(1)/1.4))) // a letter is half as wide as its size
	for {
		least, all := make([]float64, len(t.Columns)), 0.0
		for i, c := range t.Columns {
			least[i] = longestPiece(c.head(), p.size) + 2*cellPad + 0.2 // for what is lost in rounding
			all += least[i]
		}
		if all <= room || p.size <= leastSize {
			p.columns = shareRoom(t.Columns, least, room)
			return p
		}
		p.size = max(leastSize, p.size-0.25)
	}
}

// longestPiece returns how wide, in mm, the widest piece of a text is that is not broken between lines: a word, or a character of Chinese.
func longestPiece(text string, size float64) (widest float64) {
	pieces := strings.FieldsFunc(text, func(r rune) bool { return unicode.IsSpace(r) || r >= 0x2E80 })
	for _, piece := range pieces {
		widest = max(widest, draw.Width(piece, size))
	}
	return max(widest, draw.Width("网", size))
}

// shareRoom returns widths of columns that together are the room: as their Width asks, and none less than its least, as far as there is room.
func shareRoom(columns []Column, least []float64, room float64) []float64 {
	widths, fixed := make([]float64, len(columns)), make([]bool, len(columns))
	needed := 0.0
	for _, l := range least {
		needed += l
	}
	if needed >= room {
		for i, l := range least {
			widths[i] = room * l / needed
		}
		return widths
	}
	for again := true; again; {
		again = false
		free, asked := room, 0.0
		for i, c := range columns {
			if fixed[i] {
				free -= least[i]
			} else {
				asked += c.Width
			}
		}
		for i, c := range columns {
			if fixed[i] {
				continue
			}
			if widths[i] = free * c.Width / asked; widths[i] < least[i] {
				widths[i], fixed[i], again = least[i], true, true
			}
		}
	}
	return widths
}

// shown writes a value as readers have it.
func shown(v any, kind ColumnKind) string {
	switch v := v.(type) {
	case string:
		return v
	case int64:
		return words.Count(v)
	case float64:
		switch {
		case kind == Number:
			return strconv.FormatFloat(v, 'f', 1, 64)
		case kind == Signed && v > 0:
			return "+" + words.Percent(v)
		}
		return words.Percent(v)
	}
	return ""
}

// The greys of a table, dark to light.
var (
	ruleGrey  = draw.Grey(140)
	headShade = draw.Colour{R: 0xE8, G: 0xEE, B: 0xF4, A: 255}
	warnRed   = draw.Colour{R: 0xB0, G: 0, B: 0x20, A: 255}
)

// lay lays all pages.
func (p *printed) lay(ctx context.Context, take func(*draw.Page) error) error {
	p.turn()
	limit := p.height - sheetMargin - sheetFoot
	next := func(height float64) error {
		if p.at+height <= limit {
			return nil
		}
		if err := p.done(take); err != nil {
			return err
		}
		p.turn()
		return ctx.Err()
	}
	empty := true
	for row := range p.Rows {
		empty = false
		lines, height := p.wrap(row, limit-p.at)
		if p.at+height > limit {
			if err := next(height); err != nil {
				return err
			}
			lines, height = p.wrap(row, limit-p.at)
		}
		p.row(row, lines, height, false)
	}
	if empty {
		p.box(sheetMargin, p.at, p.width-2*sheetMargin, 12, draw.Colour{})
		p.page.Write(draw.Text{String: p.Nothing, At: draw.Point{X: p.width / 2, Y: p.at + 7}, Size: 11, Align: draw.Middle})
		p.at += 12
	}
	if p.Totals != nil {
		if totals := p.Totals(); totals != nil {
			lines, height := p.wrap(totals, limit)
			if err := next(height); err != nil {
				return err
			}
			p.row(totals, lines, height, true)
		}
	}
	if err := p.foot(next); err != nil {
		return err
	}
	return p.done(take)
}

// turn begins a page with the title, on the first, and the head.
func (p *printed) turn() {
	p.number++
	p.page = &draw.Page{Width: p.width, Height: p.height}
	p.at = sheetMargin
	if p.number == 1 {
		p.page.Title = p.Title
		size, title := draw.Fit(p.Title, titleSize, 9, p.width-2*sheetMargin)
		p.page.Write(draw.Text{String: title, At: draw.Point{X: p.width / 2, Y: p.at + draw.Rise(size)}, Size: size, Align: draw.Middle, Bold: true})
		p.at += draw.Leading(size) + 1
		if p.Warning != "" {
			p.page.Write(draw.Text{String: p.Warning, At: draw.Point{X: p.width / 2, Y: p.at + draw.Rise(9)}, Size: 9, Align: draw.Middle, Colour: warnRed})
			p.at += draw.Leading(9) + 1
		}
	}
	p.head()
}

// done writes the foot of the page and hands it on.
func (p *printed) done(take func(*draw.Page) error) error {
	foot := strings.NewReplacer("&P", strconv.Itoa(p.number), "&N", strconv.Itoa(p.of)).Replace(p.Pages)
	p.page.Write(draw.Text{String: foot, At: draw.Point{X: p.width / 2, Y: p.height - sheetMargin + 2}, Size: 8, Align: draw.Middle})
	if p.number > 1 {
		p.page.Write(draw.Text{String: p.Title, At: draw.Point{X: sheetMargin, Y: p.height - sheetMargin + 2}, Size: 7, Colour: draw.Grey(90)})
	}
	return take(p.page)
}

func (p *printed) box(x, y, width, height float64, fill draw.Colour) {
	p.page.Paint(draw.Rectangle(x, y, width, height), draw.Ink{Fill: fill, Line: ruleGrey, Width: 0.15})
}

// centred writes lines in the middle of a box.
func (p *printed) centred(lines []string, x, y, width, height float64, bold bool) {
	leading := draw.Leading(p.size)
	top := y + (height-leading*float64(len(lines)))/2
	for i, line := range lines {
		p.page.Write(draw.Text{String: line, At: draw.Point{X: x + width/2, Y: top + leading*float64(i) + draw.Rise(p.size)}, Size: p.size, Align: draw.Middle, Bold: bold})
	}
}

// head draws the two rows of the head.
func (p *printed) head() {
	leading := draw.Leading(p.size)
	grouped, lines := false, 1
	heads := make([][]string, len(p.Columns))
	for i, c := range p.Columns {
		grouped = grouped || c.Group != ""
		heads[i] = draw.Wrap(c.head(), p.size, p.columns[i]-2*cellPad)
		lines = max(lines, len(heads[i]))
	}
	over := 0.0
	if grouped {
		over = leading + 2*cellPad
	}
	height := leading*float64(lines) + 2*cellPad
	x := sheetMargin
	for i := 0; i < len(p.Columns); i++ {
		group, width := p.Columns[i].Group, p.columns[i]
		if group == "" || !grouped {
			p.box(x, p.at, width, over+height, headShade)
			p.centred(heads[i], x, p.at, width, over+height, true)
			x += width
			continue
		}
		end, all := i, 0.0
		for ; end < len(p.Columns) && p.Columns[end].Group == group; end++ {
			all += p.columns[end]
		}
		p.box(x, p.at, all, over, headShade)
		p.centred([]string{draw.Cut(group, p.size, all-2*cellPad)}, x, p.at, all, over, true)
		for ; i < end; i++ {
			p.box(x, p.at+over, p.columns[i], height, headShade)
			p.centred(heads[i], x, p.at+over, p.columns[i], height, true)
			x += p.columns[i]
		}
		i--
	}
	p.at += over + height
}

// wrap returns the lines of a row's cells and how high it is; what is higher than a page is cut.
func (p *printed) wrap(row []any, most float64) (lines [][]string, height float64) {
	leading := draw.Leading(p.size)
	most = max(most, p.height/3)
	lines = make([][]string, len(row))
	rows := 1
	for i, v := range row {
		if text, ok := v.(string); ok && text != "" {
			lines[i] = draw.Wrap(text, p.size, p.columns[i]-2*cellPad)
		} else {
			lines[i] = []string{shown(v, p.Columns[i].Kind)}
		}
		if limit := int((most - 2*cellPad) / leading); len(lines[i]) > limit {
			lines[i] = append(lines[i][:limit-1], "…")
		}
		rows = max(rows, len(lines[i]))
	}
	return lines, leading*float64(rows) + 2*cellPad
}

// row draws a row: numbers stand at the right, texts at the left.
func (p *printed) row(row []any, lines [][]string, height float64, total bool) {
	fill := draw.Colour{}
	if total {
		fill = headShade
	}
	leading := draw.Leading(p.size)
	x := sheetMargin
	for i := range row {
		p.box(x, p.at, p.columns[i], height, fill)
		at, align := x+cellPad, draw.Left
		if _, text := row[i].(string); !text {
			at, align = x+p.columns[i]-cellPad, draw.Right
		}
		top := p.at + (height-leading*float64(len(lines[i])))/2
		for n, line := range lines[i] {
			size := p.size
			if w := draw.Width(line, size); w > p.columns[i]-cellPad {
				size *= (p.columns[i] - cellPad) / w
			}
			p.page.Write(draw.Text{String: line, At: draw.Point{X: at, Y: top + leading*float64(n) + draw.Rise(p.size)}, Size: size, Align: align, Bold: total})
		}
		x += p.columns[i]
	}
	p.at += height
}

// foot writes the notes, what the table rests on and the places to sign.
func (p *printed) foot(next func(height float64) error) error {
	const size = 8.0
	leading := draw.Leading(size)
	p.at += leading / 2
	write := func(text string) error {
		for _, line := range draw.Wrap(text, size, p.width-2*sheetMargin) {
			if err := next(leading); err != nil {
				return err
			}
			p.page.Write(draw.Text{String: line, At: draw.Point{X: sheetMargin, Y: p.at + draw.Rise(size)}, Size: size})
			p.at += leading
		}
		return nil
	}
	for _, note := range p.Notes {
		if err := write(note); err != nil {
			return err
		}
	}
	for _, line := range p.Stamp {
		if err := write(line.Label + "  " + line.Value); err != nil {
			return err
		}
	}
	if len(p.Signs) == 0 {
		return nil
	}
	if err := next(3 * leading); err != nil {
		return err
	}
	p.at += 2 * leading
	step := (p.width - 2*sheetMargin) / float64(len(p.Signs))
	for i, sign := range p.Signs {
		p.page.Write(draw.Text{String: sign, At: draw.Point{X: sheetMargin + step*float64(i), Y: p.at}, Size: 9})
	}
	p.at += leading
	return nil
}
