package feed

import (
	"strconv"

	"gridwright/geo/crs"
	"gridwright/geo/topo"
	"gridwright/plan"
)

// xy is a position in the system of a file.
type xy [2]float64

// drawing turns points of the ground into numbers of a file's system.
type drawing struct {
	system   crs.System
	decimals int // of a printed number: -1 for as many as it takes
}

func newDrawing(s crs.System) drawing {
	switch name := s.Name(); {
	case s.Straight():
		return drawing{s, -1}
	case name == "GCJ-02", name == "BD-09":
		return drawing{s, 9}
	}
	return drawing{s, 4}
}

// straight reports whether a straight line of the ground is a straight line of the system.
func (d drawing) straight() bool { return d.decimals == -1 }

func (d drawing) at(p crs.Point) xy {
	x, y := d.system.Numbers(p)
	return xy{x, y}
}

// number writes a number with the system's decimals.
func (d drawing) number(b []byte, v float64) []byte {
	return strconv.AppendFloat(b, v, 'f', d.decimals, 64)
}

// longest is the longest line, in steps of 1e-7 degree, that is drawn as one where the system bends lines: 0.0005 degree, some
// 50 m. BD-09, which bends most, bends no shorter one by more than 4 mm (crs.System.Between).
const longest = 5_000

// path draws a line, closed or open. Where the system bends lines, longer ones get points in between: equally spaced from the
// smaller end, so that two neighbours get the same ones.
func (d drawing) path(line []crs.Point, closed bool) (path []xy) {
	for i, p := range line {
		path = append(path, d.at(p))
		if i == len(line)-1 && !closed {
			break
		}
		path = append(path, d.between(p, line[(i+1)%len(line)])...)
	}
	if closed {
		path = append(path, path[0])
	}
	return path
}

// between returns the points that are drawn between two.
func (d drawing) between(p, q crs.Point) (points []xy) {
	if d.straight() {
		return nil
	}
	low, high, turned := p, q, false
	if q.Compare(p) < 0 {
		low, high, turned = q, p, true
	}
	dx, dy := int64(high.Lon)-int64(low.Lon), int64(high.Lat)-int64(low.Lat)
	n := max(dx, max(dy, -dy))/longest + 1
	for i := int64(1); i < n; i++ {
		at := i
		if turned {
			at = n - i
		}
		points = append(points, d.at(crs.Point{Lon: low.Lon + crs.Coord(dx*at/n), Lat: low.Lat + crs.Coord(dy*at/n)}))
	}
	return points
}

// inside returns a point that stands for a geometry: well inside a shape, a point of a line.
func inside(g plan.Geometry) (crs.Point, bool) {
	switch {
	case len(g.Shape) > 0:
		return topo.LabelPoint(g.Shape), true
	case len(g.Lines) > 0:
		return g.Lines[0][len(g.Lines[0])/2], true
	case len(g.Points) > 0:
		return g.Points[0], true
	}
	return crs.Point{}, false
}
