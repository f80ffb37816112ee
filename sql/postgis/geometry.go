package postgis

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"gridwright/geo/crs"
	"gridwright/plan"
)

// geometryEWKB returns the EWKB of where a feature lies: a multipolygon, a multilinestring or one point.
func geometryEWKB(g plan.Geometry) ([]byte, error) { return appendGeometry(nil, g) }

// The types of EWKB, and the bit that says a CRS follows (PostGIS, doc/ZMSgeoms.txt).
const (
	wkbPoint           = 1
	wkbLineString      = 2
	wkbPolygon         = 3
	wkbMultiLineString = 5
	wkbMultiPolygon    = 6
	wkbHasSRID         = 0x20000000
)

// appendGeometry appends a geometry's EWKB.
func appendGeometry(to []byte, g plan.Geometry) ([]byte, error) {
	switch {
	case len(g.Shape) > 0:
		to = appendHead(to, wkbMultiPolygon, len(g.Shape))
		for _, polygon := range g.Shape {
			to = binary.LittleEndian.AppendUint32(append(to, 1), wkbPolygon)
			to = binary.LittleEndian.AppendUint32(to, uint32(len(polygon)))
			for _, ring := range polygon {
				to = binary.LittleEndian.AppendUint32(to, uint32(len(ring)+1))
				to = appendPoint(appendPoints(to, ring), ring[0])
			}
		}
		return to, nil
	case len(g.Lines) > 0:
		return appendLines(to, g.Lines), nil
	case len(g.Points) == 1:
		to = binary.LittleEndian.AppendUint32(append(to, 1), wkbPoint|wkbHasSRID)
		return appendPoint(binary.LittleEndian.AppendUint32(to, crs.SRID), g.Points[0]), nil
	}
	return nil, fmt.Errorf("a feature of %d points", len(g.Points))
}

func appendLines(to []byte, lines []plan.Line) []byte {
	to = appendHead(to, wkbMultiLineString, len(lines))
	for _, line := range lines {
		to = binary.LittleEndian.AppendUint32(append(to, 1), wkbLineString)
		to = appendPoints(binary.LittleEndian.AppendUint32(to, uint32(len(line))), line)
	}
	return to
}

// appendHead appends what a geometry of several parts begins with.
func appendHead(to []byte, kind uint32, parts int) []byte {
	to = binary.LittleEndian.AppendUint32(append(to, 1), kind|wkbHasSRID)
	return binary.LittleEndian.AppendUint32(binary.LittleEndian.AppendUint32(to, crs.SRID), uint32(parts))
}

func appendPoints(to []byte, points []crs.Point) []byte {
	for _, p := range points {
		to = appendPoint(to, p)
	}
	return to
}

func appendPoint(to []byte, p crs.Point) []byte {
	to = binary.LittleEndian.AppendUint64(to, math.Float64bits(p.Lon.Degrees()))
	return binary.LittleEndian.AppendUint64(to, math.Float64bits(p.Lat.Degrees()))
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
