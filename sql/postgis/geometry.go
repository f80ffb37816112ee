package postgis

import (
	"fmt"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"gridwright/geo/crs"
	"gridwright/plan"
)

// geometryEWKB returns the EWKB of where a feature lies: a multipolygon, a multilinestring or one point.
func geometryEWKB(g plan.Geometry) ([]byte, error) {
	switch {
	case len(g.Shape) > 0:
		return multiPolygonEWKB(g.Shape)
	case len(g.Lines) > 0:
		return linesEWKB(g.Lines)
	case len(g.Points) == 1:
		return pointEWKB(g.Points[0])
	}
	return nil, fmt.Errorf("a feature of %d points", len(g.Points))
}

func linesEWKB(lines []plan.Line) ([]byte, error) {
	var flat []float64
	var ends []int
	for _, l := range lines {
		for _, p := range l {
			flat = append(flat, p.Lon.Degrees(), p.Lat.Degrees())
		}
		ends = append(ends, len(flat))
	}
	return encode(geom.NewMultiLineStringFlat(geom.XY, flat, ends).SetSRID(crs.SRID))
}

// decodeGeometry reads the EWKB of a geometry the program has written itself.
func decodeGeometry(b []byte) (plan.Geometry, error) {
	t, err := ewkb.Unmarshal(b)
	if err != nil {
		return plan.Geometry{}, err
	}
	switch g := t.(type) {
	case *geom.MultiPolygon:
		return plan.Geometry{Shape: shapeOf(g)}, nil
	case *geom.MultiLineString:
		return plan.Geometry{Lines: linesOf(g)}, nil
	case *geom.Point:
		return plan.Geometry{Points: []crs.Point{gridPoint(g.X(), g.Y())}}, nil
	}
	return plan.Geometry{}, fmt.Errorf("a %T where a feature was stored", t)
}

func linesOf(g *geom.MultiLineString) (lines []plan.Line) {
	flat, start := g.FlatCoords(), 0
	for _, end := range g.Ends() {
		line := make(plan.Line, 0, (end-start)/2)
		for i := start; i < end; i += 2 {
			line = append(line, gridPoint(flat[i], flat[i+1]))
		}
		lines, start = append(lines, line), end
	}
	return lines
}
