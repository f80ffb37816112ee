package report

import (
	"fmt"
	"io"
	"math"
	"strings"

	"github.com/xuri/excelize/v2"

	"gridwright/plan/words"
)

// WriteXLSX writes the table as a workbook of one sheet, ready to print across its paper with the head on each page. Codes are text,
// counts are numbers. Rows are written as they come: a large table takes no more memory than a small one. A table that is too long for a
// sheet is an Invalid fault.
func (t *Table) WriteXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	s := &workbook{File: f, Table: t, name: sheetName(t.Title)}
	for _, step := range []func() error{s.introduce, s.makeStyles, s.begin, s.writeHead, s.writeRows, s.writeFoot, s.setUpPage, s.end} {
		if err := step(); err != nil {
			return err
		}
	}
	_, err := f.WriteTo(w)
	return err
}

// workbook is a workbook being written.
type workbook struct {
	*excelize.File
	*Table
	name   string
	styles map[style]int
	out    *excelize.StreamWriter
	first  int // row of the first grid
	at     int // the row written last
	last   int // the last row of the table
}

// sheetRows is the most rows a sheet has.
const sheetRows = 1 << 20

// sheetName returns a title as the name of a sheet may be: no longer than 31 characters, without those it may not have.
func sheetName(title string) string {
	name := []rune(strings.Map(func(r rune) rune {
		if strings.ContainsRune(`:\/?*[]'`, r) || r < ' ' {
			return -1
		}
		return r
	}, title))
	if len(name) == 0 {
		return "1"
	}
	return string(name[:min(31, len(name))])
}

// introduce names the sheet and says who made the file. No date is in it: equal tables are equal files.
func (s *workbook) introduce() error {
	if err := s.SetSheetName(s.GetSheetName(0), s.name); err != nil {
		return err
	}
	return s.SetDocProps(&excelize.DocProperties{Title: s.Title, Creator: "gridwright"})
}

// style names a look.
type style uint8

const (
	styleTitle style = iota
	styleWarning
	styleHead
	styleText
	styleCount
	styleNumber
	stylePercent
	styleSigned
	styleTotal
	styleTotalCount
	styleTotalNumber
	styleTotalPercent
	styleTotalSigned
	styleStamp
	styleNothing
)

// looksOf is how values of a kind of column look, in rows and in totals.
var looksOf = map[ColumnKind][2]style{Text: {styleText, styleTotal}, Count: {styleCount, styleTotalCount}, Number: {styleNumber, styleTotalNumber},
	Percent: {stylePercent, styleTotalPercent}, Signed: {styleSigned, styleTotalSigned}}

// face is the typeface of Chinese office papers; where it is missing the program puts its own.
const face = "宋体"

func (s *workbook) makeStyles() error {
	line := []excelize.Border{}
	for _, side := range []string{"left", "top", "right", "bottom"} {
		line = append(line, excelize.Border{Type: side, Color: "8C8C8C", Style: 1})
	}
	font := func(size float64, bold bool) *excelize.Font {
		return &excelize.Font{Family: face, Size: size, Bold: bold}
	}
	middle := func(horizontal string) *excelize.Alignment {
		return &excelize.Alignment{Horizontal: horizontal, Vertical: "center", WrapText: true}
	}
	centre := &excelize.Alignment{Vertical: "center"}
	shade := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}
	thousands, decimal, fraction, signed := "#,##0", "#,##0.0", "0.0%", "+0.0%;-0.0%;0.0%"
	number := func(format *string) *excelize.Style {
		return &excelize.Style{Font: font(10, false), Alignment: centre, Border: line, CustomNumFmt: format}
	}
	total := func(format *string) *excelize.Style {
		return &excelize.Style{Font: font(10, true), Alignment: centre, Border: line, Fill: shade, CustomNumFmt: format}
	}
	looks := map[style]*excelize.Style{
		styleTitle:        {Font: font(18, true), Alignment: middle("center")},
		styleWarning:      {Font: &excelize.Font{Family: face, Size: 11, Color: "B00020"}, Alignment: middle("center")},
		styleHead:         {Font: font(10, true), Alignment: middle("center"), Border: line, Fill: shade},
		styleText:         {Font: font(10, false), Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1, Vertical: "center", WrapText: true}, Border: line, NumFmt: 49},
		styleCount:        number(&thousands),
		styleNumber:       number(&decimal),
		stylePercent:      number(&fraction),
		styleSigned:       number(&signed),
		styleTotal:        {Font: font(10, true), Alignment: middle("left"), Border: line, Fill: shade},
		styleTotalCount:   total(&thousands),
		styleTotalNumber:  total(&decimal),
		styleTotalPercent: total(&fraction),
		styleTotalSigned:  total(&signed),
		styleStamp:        {Font: font(10, false), Alignment: centre, NumFmt: 49},
		styleNothing:      {Font: font(11, false), Alignment: middle("center"), Border: line},
	}
	s.styles = map[style]int{}
	for name := styleTitle; name <= styleNothing; name++ {
		id, err := s.NewStyle(looks[name])
		if err != nil {
			return err
		}
		s.styles[name] = id
	}
	return nil
}

// ref writes a cell's name; column counts from 0, row from 1.
func ref(column, row int) string {
	name, err := excelize.CoordinatesToCellName(column+1, row)
	if err != nil {
		panic(err) // our own tables are narrow
	}
	return name
}

// begin opens the sheet: what stands before the rows in its file is said now.
func (s *workbook) begin() (err error) {
	fit := true
	if err := s.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil {
		return err
	}
	s.first = 4
	if s.Warning != "" {
		s.first++
	}
	if s.out, err = s.NewStreamWriter(s.name); err != nil {
		return err
	}
	for i, c := range s.Columns {
		if err := s.out.SetColWidth(i+1, i+1, c.Width); err != nil {
			return err
		}
	}
	return s.out.SetPanes(&excelize.Panes{Freeze: true, YSplit: s.first - 1, TopLeftCell: ref(0, s.first), ActivePane: "bottomLeft"})
}

func (s *workbook) styled(v any, look style) excelize.Cell {
	return excelize.Cell{StyleID: s.styles[look], Value: v}
}

// row writes the next row.
func (s *workbook) row(cells []any, height float64) error {
	s.at++
	return s.out.SetRow(ref(0, s.at), cells, excelize.RowOpts{Height: height})
}

// across writes a line over the whole width.
func (s *workbook) across(v string, look style, height float64) error {
	cells := make([]any, len(s.Columns))
	for i := range cells {
		cells[i] = s.styled(nil, look)
	}
	cells[0] = s.styled(v, look)
	if err := s.row(cells, height); err != nil || len(cells) == 1 {
		return err
	}
	return s.out.MergeCell(ref(0, s.at), ref(len(s.Columns)-1, s.at))
}

// writeHead writes the title and the two rows of the head, groups over columns.
func (s *workbook) writeHead() error {
	if err := s.across(s.Title, styleTitle, 34); err != nil {
		return err
	}
	if s.Warning != "" {
		if err := s.across(s.Warning, styleWarning, 20); err != nil {
			return err
		}
	}
	var groups, heads []any
	lines := 2
	for c, column := range s.Columns {
		over := column.Group
		if over == "" { // one cell over both rows
			over = column.head()
			if err := s.out.MergeCell(ref(c, s.at+1), ref(c, s.at+2)); err != nil {
				return err
			}
		} else if begin := c == 0 || s.Columns[c-1].Group != over; begin {
			end := c
			for end+1 < len(s.Columns) && s.Columns[end+1].Group == over {
				end++
			}
			if end > c {
				if err := s.out.MergeCell(ref(c, s.at+1), ref(end, s.at+1)); err != nil {
					return err
				}
			}
			lines = max(lines, linesIn(column.head(), column.Width))
		} else {
			over = ""
			lines = max(lines, linesIn(column.head(), column.Width))
		}
		groups, heads = append(groups, s.styled(over, styleHead)), append(heads, s.styled(column.head(), styleHead))
	}
	if err := s.row(groups, lineHeight+air); err != nil {
		return err
	}
	return s.row(heads, lineHeight*float64(lines)+2)
}

// lineHeight is that of a line of the body, and air what is left above and below the lines of a row, in points.
const (
	lineHeight = 14
	air        = 4
)

// linesIn returns how many lines a text takes in a column. Programs that open the book do not all make room for it by themselves.
func linesIn(text string, width float64) (lines int) {
	room := max(1, int(width)-3) // an indent, and words that do not fill their line
	for line := range strings.SplitSeq(text, "\n") {
		lines += max(1, (broadness(line)+room-1)/room)
	}
	return lines
}

// linesOf returns how many lines the longest text of a row takes in its column.
func (t *Table) linesOf(row []any) int {
	lines := 1
	for c, v := range row {
		if v, ok := v.(string); ok {
			lines = max(lines, linesIn(v, t.Columns[c].Width))
		}
	}
	return lines
}

// broadness returns the width of a text in columns of a terminal: a Chinese character takes two.
func broadness(text string) (columns int) {
	for _, r := range text {
		columns++
		if r >= 0x1100 {
			columns++
		}
	}
	return columns
}

// The most letters of a cell, and the greatest height of a row in points.
const (
	cellLetters = 32767
	rowHeight   = 409
)

// styledRow returns the cells of a row of the body (0) or of the totals (1).
func (s *workbook) styledRow(row []any, part int) []any {
	cells := make([]any, len(row))
	for i, v := range row {
		look := looksOf[s.Columns[i].Kind][part]
		switch is := v.(type) {
		case string:
			if s.Columns[i].Kind != Text {
				look = looksOf[Text][part]
			}
			if letters := []rune(is); len(letters) > cellLetters {
				v = string(letters[:cellLetters-1]) + "…"
			}
		case float64:
			if math.IsNaN(is) || math.IsInf(is, 0) {
				v = nil
			}
		}
		cells[i] = s.styled(v, look)
	}
	return cells
}

func (s *workbook) writeRows() error {
	for row := range s.Table.Rows { // the workbook has Rows, too
		if s.at >= sheetRows-100 {
			return &fault{"long", words.Args{"kind": s.Kind, "most": sheetRows - 100}}
		}
		if err := s.row(s.styledRow(row, 0), min(rowHeight, lineHeight*float64(s.linesOf(row))+air)); err != nil {
			return err
		}
	}
	if s.at < s.first {
		if err := s.across(s.Nothing, styleNothing, 30); err != nil {
			return err
		}
	}
	s.last = s.at
	if s.Totals == nil {
		return nil
	}
	if totals := s.Totals(); totals != nil {
		return s.row(s.styledRow(totals, 1), lineHeight*float64(s.linesOf(totals))+air)
	}
	return nil
}

// writeFoot writes the notes, what the report rests on, and the places to sign.
func (s *workbook) writeFoot() error {
	s.at++
	for _, note := range s.Notes {
		if err := s.row([]any{nil, s.styled(note, styleStamp)}, lineHeight+air); err != nil {
			return err
		}
	}
	for _, line := range s.Stamp {
		if err := s.row([]any{nil, s.styled(line.Label+"  "+line.Value, styleStamp)}, lineHeight+air); err != nil {
			return err
		}
	}
	if len(s.Signs) == 0 {
		return nil
	}
	s.at++
	step := max(1, (len(s.Columns)-1)/len(s.Signs))
	cells := make([]any, 1+step*len(s.Signs))
	for i, sign := range s.Signs {
		cells[1+i*step] = s.styled(sign, styleStamp)
	}
	return s.row(cells, 2*lineHeight)
}

func (s *workbook) setUpPage() error {
	landscape, size, wide := "landscape", map[Size]int{A3: 8, A4: 9}[s.Paper], 1
	tall := 2 + (s.last-s.first)/10 // more than are needed: only the width decides; with "any number" LibreOffice loses the last page
	if err := s.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &size, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	narrow, edge, centred := 0.4, 0.6, true
	if err := s.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &narrow, Right: &narrow, Top: &edge, Bottom: &edge, Horizontally: &centred}); err != nil {
		return err
	}
	if err := s.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C" + s.Pages}); err != nil {
		return err
	}
	last := ref(len(s.Columns)-1, s.last)
	if err := s.AutoFilter(s.name, ref(0, s.first-1)+":"+last, nil); err != nil {
		return err
	}
	for _, d := range []excelize.DefinedName{
		{Name: "_xlnm.Print_Titles", RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, s.first-2, s.first-1), Scope: s.name},
		{Name: "_xlnm.Print_Area", RefersTo: fmt.Sprintf("'%s'!$A$1:$%s$%d", s.name, strings.TrimRight(last, "0123456789"), s.at), Scope: s.name},
	} {
		if err := s.SetDefinedName(&d); err != nil {
			return err
		}
	}
	return nil
}

// end writes what stands behind the rows.
func (s *workbook) end() error { return s.out.Flush() }
