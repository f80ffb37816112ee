package plan

import (
	"crypto/sha256"
	"encoding/hex"
	"strconv"
)

// FillInSheet is what the workbook of a fill-in sheet (补录表) is read and written by. Its rows of keys are hidden: what stands in them is
// no reader's business, and neither language's.
const (
	FillInName      = "补录表" // of the sheet in the workbook
	FillInAboutHead = 4     // row of keys of what the whole sheet is of; its values are in the row below
	FillInHead      = 7     // row of keys of the things; these follow
)

// The keys of FillInAboutHead, by column from the first.
var FillInAbout = []string{"community", "sheet", "version", "source", "dated"}

// FillInMeasures are what a fill-in sheet asks for, in its order.
var FillInMeasures = []Measure{Households, Residents, StairUnits, ResidentOrgs}

// FillInColumns are the keys of FillInHead, by column from the first; what is known stands before what is asked for.
var FillInColumns = fillInColumns()

func fillInColumns() []string {
	columns := []string{"code", "type", "compound", "name", "floors"}
	for _, m := range FillInMeasures {
		columns = append(columns, "known_"+string(m))
	}
	for _, m := range FillInMeasures {
		columns = append(columns, string(m))
	}
	return append(columns, "layer", "check")
}

// FillInKind is whom the households and residents of a fill-in sheet are of.
const FillInKind = Resident

// FillInCheck returns what tells a key of a fill-in sheet that was changed by mistake: it goes with the layer, the code and the sheet.
func FillInCheck(sheet int64, layer Layer, code string) string {
	sum := sha256.Sum256([]byte(strconv.FormatInt(sheet, 10) + "\n" + string(layer) + "\n" + code))
	return hex.EncodeToString(sum[:5])
}
