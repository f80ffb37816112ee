// Package mapsheet composes map sheets: of a grid (网格图), of a community with its grids, the notice board (公示牌) and the stairwell plate
// (楼道牌), and the list for walking a border (走线表).
//
// A sheet is laid out in millimetres from what it is told: the ground, the grids, and the words and tables beside the map. It reads no
// database and holds no time, so equal facts give equal pages. Maps are true to scale, north up, drawn flat round the middle of what
// they show: over two kilometres that is off by less than the width of a line.
package mapsheet

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
)

// Grid is a grid as sheets draw it.
type Grid struct {
	Name      string
	Code      string
	Within    string // its large grid, or its community where there are no large grids; grids of one need not say it of each other
	Community string
	Shape     shape.MultiPolygon
	Colour    uint8  // of plan.Colours
	Note      string // under its name on the sheet of its community; empty for none
}

// Ground is what sheets are drawn of. It is immutable and shared by all sheets of a plan.
type Ground struct {
	Features []plan.Feature // by layer and code
	Grids    []Grid
	boxes    []shape.Box // of features
	areas    []shape.Box // of grids
	named    []thread
	building map[string]int // by code, into Features
}

// thread is a stretch of road, water or railway that goes by one name.
type thread struct {
	layer  plan.Layer
	name   string
	points []crs.Point
	box    shape.Box
}

// NewGround makes a ground ready to be drawn. It keeps what it is given.
func NewGround(features []plan.Feature, grids []Grid) *Ground {
	g := &Ground{Features: features, Grids: grids, building: map[string]int{}}
	type way struct {
		layer plan.Layer
		name  string
	}
	lines := map[way]map[arrange.Line]bool{}
	for i := range features {
		f := &features[i]
		g.boxes = append(g.boxes, f.Box())
		switch {
		case f.Layer == plan.BuildingLayer:
			g.building[f.Code] = i
		case f.Name != "" && f.Layer.Bounds() && f.Layer != plan.WallLayer && !f.Tunnel:
			w := way{f.Layer, f.Name}
			if lines[w] == nil {
				lines[w] = map[arrange.Line]bool{}
			}
			for _, l := range f.Lines {
				for k := 1; k < len(l); k++ {
					lines[w][arrange.Line{From: l[k-1], To: l[k]}.Upward()] = true
				}
			}
		}
	}
	for w, set := range lines {
		all := make([]arrange.Line, 0, len(set))
		for l := range set {
			all = append(all, l)
		}
		for _, points := range topo.Threads(all) {
			g.named = append(g.named, thread{w.layer, w.name, points, shape.Ring(points).Box()})
		}
	}
	slices.SortFunc(g.named, func(a, b thread) int {
		return cmp.Or(cmp.Compare(a.layer.Rank(), b.layer.Rank()), cmp.Compare(a.name, b.name), slices.CompareFunc(a.points, b.points, crs.Point.Compare))
	})
	for i := range grids {
		g.areas = append(g.areas, grids[i].Shape.Box())
	}
	return g
}

// boxOf returns the box round grids.
func (g *Ground) boxOf(grids []int) shape.Box {
	box := shape.EmptyBox
	for _, i := range grids {
		box = box.Union(g.areas[i])
	}
	return box
}
