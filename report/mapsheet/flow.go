package mapsheet

import (
	"slices"
	"strings"

	"gridwright/report/draw"
)

// The sizes of letters beside a map, in points.
const (
	bodySize  = 7.5
	smallSize = 6.0
	headSize  = 8.5
)

// flow lays blocks one below the other into columns, and goes on to the next column and the next page when one is full.
type flow struct {
	page    *draw.Page
	columns []rect // that are left, the first being filled
	y       float64
	more    func() (*draw.Page, []rect) // the next page and its columns
	cell    float64                     // size of letters in tables, in points
}

func newFlow(page *draw.Page, columns []rect, cell float64, more func() (*draw.Page, []rect)) *flow {
	return &flow{page: page, columns: columns, y: columns[0].y, more: more, cell: cell}
}

// width returns how wide the column is.
func (f *flow) width() float64 { return f.columns[0].w }

// left returns how much of the column is left.
func (f *flow) left() float64 { return f.columns[0].y + f.columns[0].h - f.y }

// next goes on to the next column.
func (f *flow) next() {
	if f.columns = f.columns[1:]; len(f.columns) == 0 {
		f.page, f.columns = f.more()
	}
	f.y = f.columns[0].y
}

// fresh reports whether nothing stands in the column yet.
func (f *flow) fresh() bool { return f.y == f.columns[0].y }

// need goes on to the next column when less than so much is left.
func (f *flow) need(height float64) {
	if f.left() < height && !f.fresh() {
		f.next()
	}
}

// space leaves room, but not at the head of a column.
func (f *flow) space(height float64) {
	if !f.fresh() {
		f.y += height
	}
}

// text writes a line at the flow's place, moved right by a part of the column.
func (f *flow) text(s string, size float64, bold bool, colour draw.Colour) {
	f.page.Write(draw.Text{String: s, At: draw.Point{X: f.columns[0].x, Y: f.y + draw.Rise(size)}, Size: size, Bold: bold, Colour: colour})
	f.y += draw.Leading(size)
}

// head writes a heading that stays with so much of what follows.
func (f *flow) head(s string, follows float64) {
	f.space(2.2)
	f.need(draw.Leading(headSize) + follows)
	f.text(s, headSize, true, inkBlack)
	f.page.Paint(draw.Line(draw.Point{X: f.columns[0].x, Y: f.y}, draw.Point{X: f.columns[0].x + f.width(), Y: f.y}), draw.Ink{Line: inkBlack, Width: 0.25})
	f.y += 0.9
}

// paragraph writes text in lines.
func (f *flow) paragraph(s string, size float64, colour draw.Colour) {
	for _, line := range draw.Wrap(s, size, f.width()) {
		f.need(draw.Leading(size))
		f.text(line, size, false, colour)
	}
}

// Table is a small table beside a map or on the pages after it.
type Table struct {
	Title  string
	Heads  []string
	Widths []float64 // shares of the width
	Right  []bool    // columns of numbers
	Rows   [][]string
	Foot   []string // a last row, set off; nil for none
	Empty  bool     // shown even without rows
	Boxes  []bool   // columns with a box to tick: ticked where the cell says anything
	Tall   float64  // at least so high is a row, in mm: room to write
}

// Filled returns the table without the columns in which no row says anything.
func (t Table) Filled() Table {
	keep := func(column int) bool {
		return slices.ContainsFunc(t.Rows, func(row []string) bool { return row[column] != "" })
	}
	few := t
	few.Heads, few.Widths, few.Right, few.Foot = nil, nil, nil, nil
	few.Rows = make([][]string, len(t.Rows))
	for c := range t.Heads {
		if !keep(c) {
			continue
		}
		few.Heads, few.Widths, few.Right = append(few.Heads, t.Heads[c]), append(few.Widths, t.Widths[c]), append(few.Right, t.Right[c])
		for i, row := range t.Rows {
			few.Rows[i] = append(few.Rows[i], row[c])
		}
		if t.Foot != nil {
			few.Foot = append(few.Foot, t.Foot[c])
		}
	}
	return few
}

const cellPad = 0.7

// table lays a table, its heads again at the top of every column it goes on in.
func (f *flow) table(t Table) {
	if len(t.Rows) == 0 && !t.Empty {
		return
	}
	if t.Title != "" {
		f.head(t.Title, 14)
	}
	f.row(t, t.Heads, true, false)
	for _, r := range t.Rows {
		f.tableRow(t, r, false)
	}
	if t.Foot != nil {
		f.tableRow(t, t.Foot, true)
	}
}

// tableRow lays a row, with the heads before it where it begins a column.
func (f *flow) tableRow(t Table, cells []string, foot bool) {
	if f.left() < f.rowHeight(t, cells) && !f.fresh() {
		f.next()
		f.row(t, t.Heads, true, false)
	}
	f.row(t, cells, false, foot)
}

// widths returns the widths of the columns in mm: their shares of the width, but no column narrower than the longest word of its head, if
// the others have room to give.
func (f *flow) widths(t Table) []float64 {
	least, shares := make([]float64, len(t.Widths)), 0.0
	for i, w := range t.Widths {
		shares += w
		for word := range strings.FieldsSeq(t.Heads[i]) {
			if !strings.ContainsFunc(word, func(r rune) bool { return r >= 0x2E80 }) {
				least[i] = max(least[i], draw.Width(word, f.cell)+2*cellPad+0.3)
			}
		}
	}
	widths := make([]float64, len(t.Widths))
	free, narrow := f.width(), make([]bool, len(t.Widths))
	for again := true; again; {
		again = false
		for i, w := range t.Widths {
			if widths[i] = w / shares * free; narrow[i] {
				widths[i] = least[i]
			} else if widths[i] < least[i] && free > least[i] && shares > w {
				narrow[i], again = true, true
				free, shares = free-least[i], shares-w
			}
		}
	}
	return widths
}

// The size of letters in tables, in points, and the one to which it is brought down where that saves a page.
const (
	cellSize  = 6.8
	denseSize = 5.9
)

// lineHeight returns the height of a line in a table.
func (f *flow) lineHeight() float64 { return draw.Leading(f.cell) * 0.93 }

func (f *flow) cellLines(t Table, cells []string) (lines [][]string, most int) {
	widths := f.widths(t)
	most = 1
	for i, c := range cells {
		lines = append(lines, draw.Wrap(c, f.cell, widths[i]-2*cellPad))
		most = max(most, len(lines[i]))
	}
	return lines, most
}

func (f *flow) rowHeight(t Table, cells []string) float64 {
	_, most := f.cellLines(t, cells)
	return max(t.Tall, float64(most)*f.lineHeight()+2*cellPad)
}

func (f *flow) row(t Table, cells []string, head, foot bool) {
	lines, most := f.cellLines(t, cells)
	height := max(t.Tall, float64(most)*f.lineHeight()+2*cellPad)
	if head {
		height = float64(most)*f.lineHeight() + 2*cellPad
	}
	x := f.columns[0].x
	if head || foot {
		f.page.Paint(draw.Rectangle(x, f.y, f.width(), height), draw.Ink{Fill: rgb(240, 238, 232)})
	}
	for i, w := range f.widths(t) {
		f.page.Paint(draw.Rectangle(x, f.y, w, height), draw.Ink{Line: hairline, Width: 0.15})
		if !head && !foot && i < len(t.Boxes) && t.Boxes[i] {
			side := 3.2
			left, top := x+(w-side)/2, f.y+(height-side)/2
			f.page.Paint(draw.Rectangle(left, top, side, side), draw.Ink{Line: inkBlack, Width: 0.3})
			if i < len(cells) && cells[i] != "" {
				f.page.Paint(draw.Line(draw.Point{X: left + 0.6, Y: top + 1.6}, draw.Point{X: left + 1.4, Y: top + 2.5}, draw.Point{X: left + 2.9, Y: top + 0.4}), draw.Ink{Line: inkBlack, Width: 0.5})
			}
		} else if i < len(lines) {
			top := f.y + (height-float64(len(lines[i]))*f.lineHeight())/2
			for k, line := range lines[i] {
				text := draw.Text{String: line, Size: f.cell, Bold: head || foot, Colour: inkBlack,
					At: draw.Point{X: x + cellPad, Y: top + draw.Rise(f.cell) + float64(k)*f.lineHeight()}}
				switch {
				case head:
					text.Align, text.At.X = draw.Middle, x+w/2
				case i < len(t.Right) && t.Right[i]:
					text.Align, text.At.X = draw.Right, x+w-cellPad
				}
				f.page.Write(text)
			}
		}
		x += w
	}
	f.y += height
}

// Fact is something known of the subject.
type Fact struct{ Label, Value string }

// facts lays facts as a table of two pairs a row; one that is long has a row for itself.
func (f *flow) facts(facts []Fact) {
	half := f.width() / 2
	labelWidth := 0.0
	for _, k := range facts {
		labelWidth = max(labelWidth, draw.Width(k.Label, f.cell)+2*cellPad)
	}
	labelWidth = min(labelWidth, half*0.55)
	cell := func(x, width float64, k Fact, height float64) {
		f.page.Paint(draw.Rectangle(x, f.y, labelWidth, height), draw.Ink{Fill: rgb(240, 238, 232), Line: hairline, Width: 0.15})
		f.page.Paint(draw.Rectangle(x+labelWidth, f.y, width-labelWidth, height), draw.Ink{Line: hairline, Width: 0.15})
		size, label := draw.Fit(k.Label, f.cell, 5, labelWidth-2*cellPad)
		f.page.Write(draw.Text{String: label, Size: size, Colour: inkGrey, At: draw.Point{X: x + cellPad, Y: f.y + height/2 + 0.36*ems(f.cell)}})
		lines := draw.Wrap(k.Value, f.cell, width-labelWidth-2*cellPad)
		top := f.y + (height-float64(len(lines))*f.lineHeight())/2
		for i, line := range lines {
			f.page.Write(draw.Text{String: line, Size: f.cell, Colour: inkBlack, At: draw.Point{X: x + labelWidth + cellPad, Y: top + draw.Rise(f.cell) + float64(i)*f.lineHeight()}})
		}
	}
	height := f.lineHeight() + 2*cellPad
	for len(facts) > 0 {
		k := facts[0]
		short := func(k Fact) bool { return draw.Width(k.Value, f.cell) <= half-labelWidth-2*cellPad }
		switch {
		case len(facts) > 1 && short(k) && short(facts[1]):
			f.need(height)
			cell(f.columns[0].x, half, k, height)
			cell(f.columns[0].x+half, half, facts[1], height)
			facts = facts[2:]
			f.y += height
		default:
			lines := len(draw.Wrap(k.Value, f.cell, f.width()-labelWidth-2*cellPad))
			tall := float64(lines)*f.lineHeight() + 2*cellPad
			f.need(tall)
			cell(f.columns[0].x, f.width(), k, tall)
			facts = facts[1:]
			f.y += tall
		}
	}
}

// legend lays samples with what they mean, as many beside each other as the column takes.
func (f *flow) legend(title string, samples []sample) {
	widest := 0.0
	for _, s := range samples {
		widest = max(widest, draw.Width(s.word, smallSize)+12)
	}
	beside := max(1, int(f.width()/widest))
	const height = 3.9
	f.head(title, height*2)
	for i, s := range samples {
		if i%beside == 0 {
			f.need(height)
		}
		x := f.columns[0].x + float64(i%beside)*f.width()/float64(beside)
		s.draw(f.page, rect{x, f.y + 0.5, 8, height - 1})
		f.page.Write(draw.Text{String: s.word, Size: smallSize, Colour: inkBlack, At: draw.Point{X: x + 9.5, Y: f.y + height/2 + 0.36*ems(smallSize)}})
		if i%beside == beside-1 || i == len(samples)-1 {
			f.y += height
		}
	}
}

// joined joins what is not empty.
func joined(parts []string, between string) string {
	var kept []string
	for _, p := range parts {
		if p != "" {
			kept = append(kept, p)
		}
	}
	return strings.Join(kept, between)
}
