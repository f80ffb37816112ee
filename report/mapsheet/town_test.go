package mapsheet

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
)

// needFont skips a test where the font was not built in.
func needFont(t testing.TB) {
	t.Helper()
	if errors.Is(draw.Ready(), draw.ErrNoFont) {
		t.Skip("the font is not in report/draw/font: make font brings it")
	}
}

// corner is the north-west corner of drawn towns, and a metre is so many steps there.
var corner = crs.Point{Lon: 1051966000, Lat: 375149000}

// at returns the point so many metres east and south of the corner.
func at(x, y float64) crs.Point {
	return crs.FlatAt(corner).Moved(corner, int64(x*1000), -int64(y*1000))
}

// box returns a rectangle of metres from the corner.
func box(x, y, w, h float64) shape.MultiPolygon {
	return shape.MultiPolygon{{{at(x, y+h), at(x+w, y+h), at(x+w, y), at(x, y)}}}
}

// ring returns a square with a hole of a third of its side in the middle.
func ring(x, y, side float64) shape.MultiPolygon {
	s := side / 3
	return shape.MultiPolygon{{
		{at(x, y+side), at(x+side, y+side), at(x+side, y), at(x, y)},
		{at(x+s, y+2*s), at(x+s, y+s), at(x+2*s, y+s), at(x+2*s, y+2*s)},
	}}
}

// town is two communities of square grids with streets between them, a lane, a river, a railway, a park, a compound and buildings in each grid,
// as many as asked for; grid 0 has grid 1 inside it.
func town(buildings int) (*Ground, map[string]string) {
	var grids []Grid
	var features []plan.Feature
	add := func(f plan.Feature) { features = append(features, f) }
	line := func(points ...crs.Point) plan.Geometry { return plan.Geometry{Lines: []plan.Line{points}} }
	add(plan.Feature{Layer: plan.RoadLayer, Code: "R1", Name: "鼓楼东街", Class: "secondary", Geometry: line(at(-200, 0), at(900, 0))})
	add(plan.Feature{Layer: plan.RoadLayer, Code: "R2", Name: "滨河路", Class: "tertiary", Geometry: line(at(-200, 300), at(900, 300))})
	for x := 0; x <= 900; x += 300 {
		add(plan.Feature{Layer: plan.RoadLayer, Code: fmt.Sprintf("S%d", x), Name: fmt.Sprintf("文化%s路", string("一二三四"[x/300*3:x/300*3+3])), Class: "street", Geometry: line(at(float64(x), -200), at(float64(x), 500))})
	}
	add(plan.Feature{Layer: plan.RoadLayer, Code: "L1", Name: "甜水巷", Class: "back_lane", Geometry: line(at(0, 90), at(300, 90))})
	add(plan.Feature{Layer: plan.RoadLayer, Code: "T1", Name: "隧道", Class: "trunk", Tunnel: true, Geometry: line(at(0, 20), at(300, 20))})
	add(plan.Feature{Layer: plan.WaterLayer, Code: "W1", Name: "朔泉河", Class: "river", Geometry: plan.Geometry{Shape: box(-300, 330, 1500, 40)}})
	add(plan.Feature{Layer: plan.RailwayLayer, Code: "Z1", Name: "朔碛铁路", Class: "rail", Geometry: line(at(-300, -60), at(1200, -90))})
	add(plan.Feature{Layer: plan.WallLayer, Code: "Q1", Name: "城墙", Class: "city_wall", Geometry: line(at(310, 10), at(310, 290))})
	add(plan.Feature{Layer: plan.CompoundLayer, Code: "C1", Name: "世纪花园", Class: "商品房小区", Geometry: plan.Geometry{Shape: box(10, 200, 120, 90)}})
	add(plan.Feature{Layer: plan.CompoundLayer, Code: "C2", Name: "人民公园", Class: "公园", Geometry: plan.Geometry{Shape: box(610, 10, 200, 150)}})
	add(plan.Feature{Layer: plan.OrganisationLayer, Code: "O1", Name: "第一小学", Class: "学校", Geometry: plan.Geometry{Points: []crs.Point{at(250, 40)}}})
	named := map[string]string{}
	for i := range buildings {
		x, y := 15+float64(i%6)*46, 205+float64(i/6)*22
		if y > 280 {
			x, y = 15+float64(i%12)*23, 12+float64(i/12%9)*8
		}
		code := fmt.Sprintf("B%05d", i+1)
		add(plan.Feature{Layer: plan.BuildingLayer, Code: code, Geometry: plan.Geometry{Shape: box(x, y, 20, 6)}})
		if named[code] = ""; i%3 == 0 {
			named[code] = fmt.Sprintf("%d号楼", i+1)
		}
	}
	grid := func(name, community string, s shape.MultiPolygon) {
		grids = append(grids, Grid{Name: name, Code: fmt.Sprintf("990101001-%02d", len(grids)+1), Within: community + "第一大网格", Community: community + "社区", Shape: s,
			Colour: uint8(len(grids) % plan.Colours), Note: "400户"})
	}
	grid("第一网格", "东园", ring(0, 0, 300))
	grid("第二网格", "东园", box(100, 100, 100, 100))
	grid("第三网格", "东园", box(300, 0, 300, 300))
	grid("第一网格", "西园", box(600, 0, 300, 300))
	grid("第二网格", "西园", box(-300, 0, 300, 300))
	return NewGround(features, grids), named
}

// sheetOf is the sheet of grids of a town.
func sheetOf(l words.Lang, named map[string]string, grids ...int) *Sheet {
	numbers := Numbers(named)
	s := &Sheet{Lang: l, Path: []string{"朔泉市", "驼铃区", "鼓楼街道", "东园社区"}, Name: "第一网格", Code: "990101001-01", Grids: grids, Numbers: numbers,
		Facts:  []Fact{{"户数", "400"}, {"面积", "80,000 m²"}, {"类型", "基础网格"}},
		Bounds: "东至文化二路，南至滨河路，西至文化一路，北至鼓楼东街",
		Stamp:  Stamp{Plan: "方案甲", ID: "3", Revision: 7, DataDate: "2026-11-25", Hash: strings.Repeat("0123456789abcdef", 4)}}
	t := Table{Title: "楼栋", Heads: []string{"楼栋", "户数"}, Widths: []float64{3, 1}, Right: []bool{false, true}}
	for i := range len(named) {
		t.Rows = append(t.Rows, []string{numbers[fmt.Sprintf("B%05d", i+1)], fmt.Sprint(i)})
	}
	if len(t.Rows) > 0 {
		t.Foot = []string{"合计", fmt.Sprint(len(t.Rows))}
	}
	s.Tables = []Table{t}
	return s
}
