package mapsheet

import (
	"gridwright/plan"
	"gridwright/report/draw"
)

func rgb(r, g, b uint8) draw.Colour { return draw.Colour{R: r, G: g, B: b, A: 255} }

// faint returns a colour with an opacity.
func faint(c draw.Colour, opacity uint8) draw.Colour { c.A = opacity; return c }

// The colours of sheets. The border of a grid is magenta, as the standards of city grids have it; nothing else is.
var (
	paperGround   = rgb(252, 251, 248)
	subjectGround = rgb(255, 250, 232)
	greenGround   = rgb(223, 235, 211)
	greenText     = rgb(62, 110, 46)
	yardGround    = rgb(241, 237, 228)
	yardLine      = rgb(178, 165, 138)
	yardText      = rgb(122, 86, 30)
	waterGround   = rgb(188, 215, 232)
	waterLine     = rgb(120, 170, 204)
	waterText     = rgb(38, 92, 132)
	roadGround    = rgb(255, 255, 255)
	roadCasing    = rgb(178, 172, 160)
	laneCasing    = rgb(205, 200, 190)
	roadText      = rgb(52, 52, 52)
	railLine      = rgb(96, 96, 96)
	wallLine      = rgb(140, 110, 80)
	houseGround   = rgb(222, 214, 199)
	houseLine     = rgb(140, 130, 112)
	houseText     = rgb(30, 30, 30)
	orgText       = rgb(90, 60, 120)
	borderLine    = rgb(204, 0, 122)
	borderText    = rgb(158, 0, 95)
	areaLine      = rgb(70, 70, 70)
	inkBlack      = rgb(20, 20, 20)
	inkGrey       = rgb(96, 96, 96)
	hairline      = rgb(150, 150, 150)
	draftText     = draw.Colour{R: 204, G: 0, B: 60, A: 40}
	warnText      = rgb(176, 32, 32)
)

// tints are the colours of neighbouring grids on the sheet of their community: M. Okabe and K. Ito's, which stay apart for every eye.
var tints = [plan.Colours]draw.Colour{rgb(230, 159, 0), rgb(86, 180, 233), rgb(0, 158, 115), rgb(240, 228, 66), rgb(0, 114, 178), rgb(204, 121, 167)}

// roadWidth returns how wide a road is drawn, in mm: as wide as roads of its class are on the ground, within what can be read.
func (v view) roadWidth(class string) float64 {
	c, known := plan.ClassOf(plan.RoadLayer, class)
	switch {
	case !known:
		return min(2.5, max(0.5, v.mm(7)))
	case c.Barrier == plan.BarrierTrunk:
		return min(6, max(1.2, v.mm(22)))
	case c.Name == "secondary":
		return min(5, max(0.95, v.mm(15)))
	case c.Barrier == plan.BarrierStreet:
		return min(3.4, max(0.6, v.mm(8)))
	}
	return min(1.6, max(0.3, v.mm(3)))
}

// majorRoad reports whether a road is drawn above all lanes.
func majorRoad(class string) bool {
	c, known := plan.ClassOf(plan.RoadLayer, class)
	return known && (c.Barrier == plan.BarrierTrunk || c.Barrier == plan.BarrierStreet)
}

// isGreen reports whether a compound is a park.
func isGreen(class string) bool {
	k, known := plan.ThingKindOf(plan.CompoundLayer, class)
	return known && k.Name == "park"
}
