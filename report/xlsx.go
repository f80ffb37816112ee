package report

import (
	"fmt"
	"io"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writeXLSX writes the table as a workbook of one sheet, ready to print: A3 across, the head on each page. Codes are text,
// counts are numbers.
func (t *table) writeXLSX(w io.Writer) error {
	f := excelize.NewFile()
	defer f.Close()
	s := &sheet{File: f, table: t, name: t.title}
	for _, step := range []func() error{s.introduce, s.makeStyles, s.writeHead, s.writeRows, s.writeFoot, s.setUpPage} {
		if err := step(); err != nil {
			return err
		}
	}
	_, err := f.WriteTo(w)
	return err
}

// sheet is a workbook being written.
type sheet struct {
	*excelize.File
	*table
	name   string
	styles map[style]int
	first  int // row of the first grid
	at     int // the row written last
}

// introduce names the sheet and says who made the file. No date is in it: equal tables are equal files.
func (s *sheet) introduce() error {
	if err := s.SetSheetName(s.GetSheetName(0), s.name); err != nil {
		return err
	}
	return s.SetDocProps(&excelize.DocProperties{Title: s.title, Creator: "gridwright"})
}

// style names a look.
type style uint8

const (
	styleTitle style = iota
	styleWarning
	styleHead
	styleText
	styleCount
	stylePercent
	styleTotal
	styleTotalCount
	styleStamp
)

// face is the typeface of Chinese office papers; where it is missing the program puts its own.
const face = "宋体"

func (s *sheet) makeStyles() error {
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
	shade := excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{"E8EEF4"}}
	thousands, fraction := "#,##0", "+0.0%;-0.0%;0.0%"
	looks := map[style]*excelize.Style{
		styleTitle:      {Font: font(18, true), Alignment: middle("center")},
		styleWarning:    {Font: &excelize.Font{Family: face, Size: 11, Color: "B00020"}, Alignment: middle("center")},
		styleHead:       {Font: font(10, true), Alignment: middle("center"), Border: line, Fill: shade},
		styleText:       {Font: font(10, false), Alignment: &excelize.Alignment{Horizontal: "left", Indent: 1, Vertical: "center", WrapText: true}, Border: line, NumFmt: 49},
		styleCount:      {Font: font(10, false), Alignment: &excelize.Alignment{Vertical: "center"}, Border: line, CustomNumFmt: &thousands},
		stylePercent:    {Font: font(10, false), Alignment: &excelize.Alignment{Vertical: "center"}, Border: line, CustomNumFmt: &fraction},
		styleTotal:      {Font: font(10, true), Alignment: middle("left"), Border: line, Fill: shade},
		styleTotalCount: {Font: font(10, true), Alignment: &excelize.Alignment{Vertical: "center"}, Border: line, Fill: shade, CustomNumFmt: &thousands},
		styleStamp:      {Font: font(10, false), Alignment: &excelize.Alignment{Vertical: "center"}},
	}
	s.styles = map[style]int{}
	for name := styleTitle; name <= styleStamp; name++ {
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

func (s *sheet) set(column, row int, v any, look style) error {
	at := ref(column, row)
	if err := s.SetCellStyle(s.name, at, at, s.styles[look]); err != nil {
		return err
	}
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return s.SetCellStr(s.name, at, v)
	default:
		return s.SetCellValue(s.name, at, v)
	}
}

// across writes a line over the whole width.
func (s *sheet) across(v string, look style, height float64) error {
	s.at++
	if err := s.set(0, s.at, v, look); err != nil {
		return err
	}
	if err := s.SetRowHeight(s.name, s.at, height); err != nil {
		return err
	}
	return s.MergeCell(s.name, ref(0, s.at), ref(len(s.columns)-1, s.at))
}

// writeHead writes the title and the two rows of the head, groups over columns.
func (s *sheet) writeHead() error {
	if err := s.across(s.title, styleTitle, 34); err != nil {
		return err
	}
	if s.warning != "" {
		if err := s.across(s.warning, styleWarning, 20); err != nil {
			return err
		}
	}
	groups, heads := s.at+1, s.at+2
	for c := 0; c < len(s.columns); {
		group := s.columns[c].group
		end := c + 1
		for end < len(s.columns) && group != "" && s.columns[end].group == group {
			end++
		}
		for i := c; i < end; i++ {
			if err := s.set(i, groups, group, styleHead); err != nil {
				return err
			}
			if err := s.set(i, heads, s.columns[i].head, styleHead); err != nil {
				return err
			}
			letter, err := excelize.ColumnNumberToName(i + 1)
			if err != nil {
				return err
			}
			if err := s.SetColWidth(s.name, letter, letter, s.columns[i].width); err != nil {
				return err
			}
		}
		from, to := ref(c, groups), ref(end-1, groups)
		if group == "" { // one cell over both rows
			if err := s.SetCellStr(s.name, from, s.columns[c].head); err != nil {
				return err
			}
			to = ref(c, heads)
		}
		if err := s.MergeCell(s.name, from, to); err != nil {
			return err
		}
		c = end
	}
	if err := s.SetRowHeight(s.name, heads, 2*lineHeight+2); err != nil {
		return err
	}
	s.at = heads
	s.first = heads + 1
	return nil
}

// lineHeight is that of a line of the body, and air what is left above and below the lines of a row, in points.
const (
	lineHeight = 14
	air        = 4
)

// linesOf returns how many lines the longest text of a row takes in its column. Programs that open the book do not all make
// room for it by themselves.
func (s *sheet) linesOf(row []any) int {
	lines := 1
	for c, v := range row {
		if v, ok := v.(string); ok {
			room := int(s.columns[c].width) - 3 // an indent, and words that do not fill their line
			lines = max(lines, (broadness(v)+room-1)/room)
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

func (s *sheet) writeRows() error {
	looks := map[kind]style{text: styleText, count: styleCount, percent: stylePercent}
	for _, row := range s.rows {
		s.at++
		for c, v := range row {
			if err := s.set(c, s.at, v, looks[s.columns[c].kind]); err != nil {
				return err
			}
		}
		if err := s.SetRowHeight(s.name, s.at, lineHeight*float64(s.linesOf(row))+air); err != nil {
			return err
		}
	}
	s.at++
	for c, v := range s.totals {
		look := styleTotal
		if s.columns[c].kind == count {
			look = styleTotalCount
		}
		if err := s.set(c, s.at, v, look); err != nil {
			return err
		}
	}
	return nil
}

// writeFoot writes what the report rests on and the places to sign.
func (s *sheet) writeFoot() error {
	s.at++
	for _, line := range s.stamp {
		s.at++
		if err := s.set(1, s.at, line[0], styleStamp); err != nil {
			return err
		}
		if err := s.set(2, s.at, line[1], styleStamp); err != nil {
			return err
		}
	}
	s.at += 2
	step := max(2, len(s.columns)/len(s.signs))
	for i, sign := range s.signs {
		if err := s.set(1+i*step, s.at, sign, styleStamp); err != nil {
			return err
		}
	}
	return nil
}

func (s *sheet) setUpPage() error {
	landscape, a3, fit, wide := "landscape", 8, true, 1
	tall := 2 + len(s.rows)/20 // more than are needed: only the width decides; with "any number" LibreOffice loses the last page
	last := ref(len(s.columns)-1, s.first+len(s.rows)-1)
	if err := s.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: &a3, Orientation: &landscape, FitToWidth: &wide, FitToHeight: &tall}); err != nil {
		return err
	}
	narrow, edge, centred := 0.4, 0.6, true
	if err := s.SetPageMargins(s.name, &excelize.PageLayoutMarginsOptions{Left: &narrow, Right: &narrow, Top: &edge, Bottom: &edge, Horizontally: &centred}); err != nil {
		return err
	}
	if err := s.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C" + s.pages}); err != nil {
		return err
	}
	if err := s.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: s.first - 1, TopLeftCell: ref(0, s.first), ActivePane: "bottomLeft"}); err != nil {
		return err
	}
	if err := s.AutoFilter(s.name, ref(0, s.first-1)+":"+last, nil); err != nil {
		return err
	}
	if err := s.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: &fit}); err != nil { // the filter resets them
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
