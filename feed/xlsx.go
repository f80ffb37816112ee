package feed

import (
	"io"
	"math"
	"strconv"

	"github.com/xuri/excelize/v2"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// The longest text a cell holds, and the most rows of a sheet, head included.
const (
	cellLetters = 32767
	sheetRows   = 1 << 20
)

// writeXLSX writes a collection as a workbook of one sheet: a head that stays in sight, texts as texts, so that codes keep their zeros
// and nothing is taken for a formula, and like writeCSV a point well inside each thing in the columns x and y. It has no shapes.
func writeXLSX(w io.Writer, c *Collection, system crs.System) ([]words.Speaker, error) {
	if len(c.Features) >= sheetRows {
		return nil, refuse("sheet", words.Args{"n": len(c.Features), "most": sheetRows - 1})
	}
	file := excelize.NewFile()
	defer file.Close()
	if err := file.SetDocProps(&excelize.DocProperties{Title: c.Name, Creator: "gridwright"}); err != nil { // no date: equal data, equal bytes
		return nil, err
	}
	const sheet = "Sheet1" // the one a new workbook has
	bold, err := file.NewStyle(&excelize.Style{Font: &excelize.Font{Bold: true}})
	if err != nil {
		return nil, err
	}
	out, err := file.NewStreamWriter(sheet)
	if err != nil {
		return nil, err
	}
	if err := out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return nil, err
	}
	var head []any
	for _, f := range c.Fields {
		head = append(head, excelize.Cell{StyleID: bold, Value: f.Name})
	}
	if err := out.SetColWidth(1, len(c.Fields)+2, 16); err != nil {
		return nil, err
	}
	if err := out.SetRow("A1", append(head, excelize.Cell{StyleID: bold, Value: "x"}, excelize.Cell{StyleID: bold, Value: "y"})); err != nil {
		return nil, err
	}
	d := newDrawing(system)
	cut := make([]int, len(c.Fields))
	for i, f := range c.Features {
		var row []any
		for j, v := range f.Values {
			switch is := v.(type) {
			case float64:
				if math.IsNaN(is) {
					v = nil
				}
			case string:
				if letters := []rune(is); len(letters) > cellLetters {
					cut[j]++
					v = string(letters[:cellLetters])
				}
			}
			row = append(row, v)
		}
		if p, ok := inside(f.Geometry); ok {
			at := d.at(p)
			for _, n := range at {
				shown, err := strconv.ParseFloat(string(d.number(nil, n)), 64)
				if err != nil {
					return nil, err
				}
				row = append(row, shown)
			}
		}
		if err := out.SetRow("A"+strconv.Itoa(i+2), row); err != nil {
			return nil, err
		}
	}
	if err := out.Flush(); err != nil {
		return nil, err
	}
	var losses []words.Speaker
	for j, n := range cut {
		if n > 0 {
			losses = append(losses, loss{"loss.cell", words.Args{"field": c.Fields[j].Name, "n": n, "most": cellLetters}})
		}
	}
	_, err = file.WriteTo(w)
	return losses, err
}
