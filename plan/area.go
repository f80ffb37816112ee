package plan

import (
	"slices"

	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// Level is a level of the administrative tree.
type Level string

// The levels, highest first.
const (
	Region      Level = "region"      // 自治区/省
	City        Level = "city"        // 地级市
	County      Level = "county"      // 县/市辖区
	Subdistrict Level = "subdistrict" // 街道/乡镇
	Community   Level = "community"   // 社区/村
	LargeGrid   Level = "large_grid"  // 大网格
)

// Levels lists the levels, highest first.
var Levels = []Level{Region, City, County, Subdistrict, Community, LargeGrid}

// Rank returns the place of a level in Levels, or -1 for a word that is none.
func (l Level) Rank() int { return slices.Index(Levels, l) }

// In returns the level's name.
func (l Level) In(lang words.Lang) string { return Sentences.Say(lang, "level."+string(l), nil) }

// AreaID is an area's key in the database.
type AreaID int64

// Area is a territory of the administrative tree.
type Area struct {
	ID     AreaID
	Level  Level
	Code   string // text: leading zeros count
	Name   string // in Chinese, or in the language of the source
	NameEn string // empty where none is known
	Parent AreaID // 0 at the top
	Shape  shape.MultiPolygon
}

// Title returns the name a reader of the language wants, the code where the area has none.
func (a Area) Title(l words.Lang) string {
	switch {
	case l == words.En && a.NameEn != "":
		return a.NameEn
	case a.Name != "":
		return a.Name
	}
	return a.Code
}
