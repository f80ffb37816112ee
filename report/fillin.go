package report

import (
	"fmt"
	"io"
	"strconv"

	"github.com/xuri/excelize/v2"

	"gridwright/plan"
	"gridwright/plan/words"
)

// FillIn is a fill-in sheet (补录表): what a community is asked for, building by building.
type FillIn struct {
	Community plan.Area
	Path      string // names of the areas above, for the title
	Sheet     int64  // its number
	Version   int64  // the newest import: what is known is as of then
	Synthetic bool   // the data are invented
	Things    []FillInThing
}

// FillInThing is a row of a fill-in sheet: a compound or a building.
type FillInThing struct {
	Layer    plan.Layer
	Code     string
	Compound string // its name, of the thing itself or of what it is part of
	Name     string // or number, of a building
	Floors   int
	Known    map[plan.Measure]int64
}

// fillIn words, each in both languages: the sheet goes to whoever fills it in.
const (
	fillInTitle = "%s 楼栋信息补录表  Fill-in sheet of %s"
	fillInHow   = "填法：只填黄色格。统计日期和填表单位必填；户数、人口按常住（实际居住）填，没有的填0，不清楚的留空；灰色是现有数据，供核对。代码已锁定，请勿改动，不要增加行；楼栋有多缺，请另行告知。\n" +
		"How to: fill in yellow cells only. The day and the office are needed. Count households and people who live there; 0 where there are none, blank where it is not known. " +
		"Grey is what is known already. Codes are locked: change none and add no rows; tell of buildings that are missing or gone."
	fillInInvented = "演示数据，纯属虚构 Demonstration data, synthetic"
)

var fillInAboutHeads = []string{"社区代码\nCommunity", "表号\nSheet", "底册版本\nVersion", "填表单位\nFilled in by", "统计日期\nCounted on"}

var fillInTypes = map[plan.Layer]string{plan.CompoundLayer: "小区 compound", plan.BuildingLayer: "楼栋 building"}

// fillInWidths are the widths of the visible columns, in characters.
var fillInWidths = []float64{22, 13, 24, 24, 13, 12, 12, 12, 14, 11, 11, 11, 14}

// WriteFillIn writes a fill-in sheet as a workbook: what is known is locked without a password, what is asked for is open and takes whole
// numbers.
func WriteFillIn(w io.Writer, f FillIn) error {
	book := excelize.NewFile()
	defer book.Close()
	s := &fillInSheet{File: book, FillIn: f, name: plan.FillInName}
	for _, step := range []func() error{s.introduce, s.makeStyles, s.writeAbout, s.writeHead, s.writeThings, s.protect, s.setUp} {
		if err := step(); err != nil {
			return err
		}
	}
	_, err := book.WriteTo(w)
	return err
}

// fillInSheet is a fill-in sheet being written.
type fillInSheet struct {
	*excelize.File
	FillIn
	name                                            string
	title, how, head, text, known, blank, day, open int // styles
}

func (s *fillInSheet) introduce() error {
	if err := s.SetSheetName(s.GetSheetName(0), s.name); err != nil {
		return err
	}
	return s.SetDocProps(&excelize.DocProperties{Title: fmt.Sprintf(fillInTitle, s.Community.Title(words.Zh), s.Community.Title(words.En)), Creator: "gridwright"})
}

func (s *fillInSheet) makeStyles() error {
	var line []excelize.Border
	for _, side := range []string{"left", "top", "right", "bottom"} {
		line = append(line, excelize.Border{Type: side, Color: "8C8C8C", Style: 1})
	}
	fill := func(colour string) excelize.Fill {
		return excelize.Fill{Type: "pattern", Pattern: 1, Color: []string{colour}}
	}
	font := func(size float64, bold bool, colour string) *excelize.Font {
		return &excelize.Font{Family: face, Size: size, Bold: bold, Color: colour}
	}
	const text = 49 // "@"
	left := &excelize.Alignment{Horizontal: "left", Vertical: "center", WrapText: true}
	centre := &excelize.Alignment{Horizontal: "center", Vertical: "center", WrapText: true}
	whole := "#,##0"
	for _, look := range []struct {
		into  *int
		style *excelize.Style
	}{
		{&s.title, &excelize.Style{Font: font(16, true, "000000"), Alignment: centre}},
		{&s.how, &excelize.Style{Font: font(10, false, "000000"), Alignment: &excelize.Alignment{Horizontal: "left", Vertical: "top", WrapText: true}}},
		{&s.head, &excelize.Style{Font: font(10, true, "000000"), Alignment: centre, Border: line, Fill: fill("E8EEF4")}},
		{&s.text, &excelize.Style{Font: font(10, false, "000000"), Alignment: left, Border: line, NumFmt: text}},
		{&s.known, &excelize.Style{Font: font(10, false, "6B6B6B"), Alignment: &excelize.Alignment{Vertical: "center"}, Border: line, Fill: fill("EFEFEF"), CustomNumFmt: &whole}},
		{&s.blank, &excelize.Style{Font: font(11, false, "000000"), Alignment: &excelize.Alignment{Vertical: "center"}, Border: line, Fill: fill("FFF8D6"), CustomNumFmt: &whole,
			Protection: &excelize.Protection{Locked: false}}},
		{&s.day, &excelize.Style{Font: font(11, false, "000000"), Alignment: centre, Border: line, Fill: fill("FFF8D6"), CustomNumFmt: ptr("yyyy-mm-dd"),
			Protection: &excelize.Protection{Locked: false}}},
		{&s.open, &excelize.Style{Font: font(11, false, "000000"), Alignment: left, Border: line, Fill: fill("FFF8D6"), NumFmt: text,
			Protection: &excelize.Protection{Locked: false}}},
	} {
		id, err := s.NewStyle(look.style)
		if err != nil {
			return err
		}
		*look.into = id
	}
	return nil
}

func ptr[T any](v T) *T { return &v }

// put writes a cell; column counts from 0, row from 1. nil leaves it empty.
func (s *fillInSheet) put(column, row int, v any, look int) error {
	at := ref(column, row)
	if look != 0 {
		if err := s.SetCellStyle(s.name, at, at, look); err != nil {
			return err
		}
	}
	switch v := v.(type) {
	case nil:
		return nil
	case string:
		return s.SetCellStr(s.name, at, v)
	}
	return s.SetCellValue(s.name, at, v)
}

// across writes a line over all visible columns.
func (s *fillInSheet) across(row int, v string, look int, height float64) error {
	if err := s.put(0, row, v, look); err != nil {
		return err
	}
	if err := s.SetRowHeight(s.name, row, height); err != nil {
		return err
	}
	return s.MergeCell(s.name, ref(0, row), ref(len(fillInWidths)-1, row))
}

// writeAbout writes the title, the instructions, and what the whole sheet is of.
func (s *fillInSheet) writeAbout() error {
	title := fmt.Sprintf(fillInTitle, s.FillIn.Path+s.Community.Title(words.Zh), s.Community.Title(words.En))
	if s.Synthetic {
		title += "\n" + fillInInvented
	}
	if err := s.across(1, title, s.title, 44); err != nil {
		return err
	}
	if err := s.across(2, fillInHow, s.how, 62); err != nil {
		return err
	}
	values := []any{s.Community.Code, strconv.FormatInt(s.FillIn.Sheet, 10), strconv.FormatInt(s.Version, 10), nil, nil}
	looks := []int{s.text, s.text, s.text, s.open, s.day}
	for c, key := range plan.FillInAbout {
		for _, cell := range []struct {
			row  int
			v    any
			look int
		}{{plan.FillInAboutHead - 1, fillInAboutHeads[c], s.head}, {plan.FillInAboutHead, key, 0}, {plan.FillInAboutHead + 1, values[c], looks[c]}} {
			if err := s.put(c, cell.row, cell.v, cell.look); err != nil {
				return err
			}
		}
	}
	if err := s.SetRowHeight(s.name, plan.FillInAboutHead-1, 30); err != nil {
		return err
	}
	if err := s.SetRowHeight(s.name, plan.FillInAboutHead+1, 24); err != nil {
		return err
	}
	return s.SetRowVisible(s.name, plan.FillInAboutHead, false)
}

func (s *fillInSheet) writeHead() error {
	heads := []string{"代码\nCode", "类别\nType", "小区\nCompound", "楼号或名称\nBuilding", "层数\nFloors"}
	for _, known := range [][2]string{{"现有", "known "}, {"", ""}} {
		for _, m := range plan.FillInMeasures {
			heads = append(heads, known[0]+m.In(words.Zh)+"\n"+known[1]+m.In(words.En))
		}
	}
	for c, key := range plan.FillInColumns {
		if err := s.put(c, plan.FillInHead, key, 0); err != nil {
			return err
		}
		if c < len(heads) {
			if err := s.put(c, plan.FillInHead-1, heads[c], s.head); err != nil {
				return err
			}
		}
	}
	if err := s.SetRowHeight(s.name, plan.FillInHead-1, 58); err != nil {
		return err
	}
	return s.SetRowVisible(s.name, plan.FillInHead, false)
}

func (s *fillInSheet) writeThings() error {
	for i, t := range s.Things {
		row := plan.FillInHead + 1 + i
		cells := []any{t.Code, fillInTypes[t.Layer], t.Compound, t.Name, nil}
		if t.Floors > 0 {
			cells[4] = t.Floors
		}
		for c, v := range cells {
			if err := s.put(c, row, v, s.text); err != nil {
				return err
			}
		}
		for m, measure := range plan.FillInMeasures {
			var known any
			if n, is := t.Known[measure]; is {
				known = n
			}
			if err := s.put(5+m, row, known, s.known); err != nil {
				return err
			}
			if err := s.put(5+len(plan.FillInMeasures)+m, row, nil, s.blank); err != nil {
				return err
			}
		}
		for c, v := range []string{string(t.Layer), plan.FillInCheck(s.FillIn.Sheet, t.Layer, t.Code)} {
			if err := s.put(len(fillInWidths)+c, row, v, 0); err != nil {
				return err
			}
		}
	}
	return nil
}

// protect locks all but the blanks, and has these take whole numbers.
func (s *fillInSheet) protect() error {
	last := plan.FillInHead + max(1, len(s.Things))
	blanks := excelize.NewDataValidation(true)
	blanks.SetSqref(ref(5+len(plan.FillInMeasures), plan.FillInHead+1) + ":" + ref(len(fillInWidths)-1, last))
	if err := blanks.SetRange(0, 10_000_000, excelize.DataValidationTypeWhole, excelize.DataValidationOperatorBetween); err != nil {
		return err
	}
	blanks.SetError(excelize.DataValidationErrorStyleStop, "整数 Whole number", "请填不小于0的整数。A whole number, 0 or more.")
	if err := s.AddDataValidation(s.name, blanks); err != nil {
		return err
	}
	day := excelize.NewDataValidation(true)
	day.SetSqref(ref(4, plan.FillInAboutHead+1))
	day.SetInput("统计日期 Day", "如 as in 2026-11-25")
	if err := s.AddDataValidation(s.name, day); err != nil {
		return err
	}
	return s.ProtectSheet(s.name, &excelize.SheetProtectionOptions{FormatColumns: true, FormatRows: true, SelectLockedCells: true, SelectUnlockedCells: true, AutoFilter: true, Sort: false})
}

// setUp sets widths, hides the keys, and gets the sheet ready to print: A4 across, the head on each page.
func (s *fillInSheet) setUp() error {
	for c, width := range fillInWidths {
		name, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := s.SetColWidth(s.name, name, name, width); err != nil {
			return err
		}
	}
	for c := len(fillInWidths); c < len(plan.FillInColumns); c++ {
		name, err := excelize.ColumnNumberToName(c + 1)
		if err != nil {
			return err
		}
		if err := s.SetColVisible(s.name, name, false); err != nil {
			return err
		}
	}
	err := s.SetPanes(s.name, &excelize.Panes{Freeze: true, YSplit: plan.FillInHead, TopLeftCell: ref(0, plan.FillInHead+1), ActivePane: "bottomLeft"})
	if err != nil {
		return err
	}
	if err := s.SetPageLayout(s.name, &excelize.PageLayoutOptions{Size: ptr(9), Orientation: ptr("landscape"), FitToWidth: ptr(1), FitToHeight: ptr(0)}); err != nil {
		return err
	}
	if err := s.SetSheetProps(s.name, &excelize.SheetPropsOptions{FitToPage: ptr(true)}); err != nil {
		return err
	}
	if err := s.SetHeaderFooter(s.name, &excelize.HeaderFooterOptions{OddFooter: "&C&P / &N"}); err != nil {
		return err
	}
	return s.SetDefinedName(&excelize.DefinedName{Name: "_xlnm.Print_Titles", Scope: s.name,
		RefersTo: fmt.Sprintf("'%s'!$%d:$%d", s.name, plan.FillInHead-1, plan.FillInHead-1)})
}
