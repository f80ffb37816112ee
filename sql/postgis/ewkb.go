package postgis

import (
	"encoding/binary"
	"fmt"
	"math"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// encode returns the EWKB of a geometry in the project's CRS, nil for none.
func encode(g geom.T) ([]byte, error) {
	if g == nil {
		return nil, nil
	}
	return ewkb.Marshal(g, binary.LittleEndian)
}

func pointEWKB(p crs.Point) ([]byte, error) {
	return encode(geom.NewPointFlat(geom.XY, []float64{p.Lon.Degrees(), p.Lat.Degrees()}).SetSRID(crs.SRID))
}

func polygonEWKB(p shape.Polygon) ([]byte, error) {
	flat, ends := flatten(p, nil)
	return encode(geom.NewPolygonFlat(geom.XY, flat, ends).SetSRID(crs.SRID))
}

func multiPolygonEWKB(m shape.MultiPolygon) ([]byte, error) {
	if len(m) == 0 {
		return nil, nil
	}
	var flat []float64
	var endss [][]int
	for _, p := range m {
		var ends []int
		flat, ends = flatten(p, flat)
		endss = append(endss, ends)
	}
	return encode(geom.NewMultiPolygonFlat(geom.XY, flat, endss).SetSRID(crs.SRID))
}

func boxEWKB(b shape.Box) ([]byte, error) {
	return polygonEWKB(shape.Polygon{{b.Min, {Lon: b.Max.Lon, Lat: b.Min.Lat}, b.Max, {Lon: b.Min.Lon, Lat: b.Max.Lat}}})
}

// flatten appends the polygon's coordinates to flat, each ring closed, and returns where the rings end.
func flatten(p shape.Polygon, flat []float64) ([]float64, []int) {
	var ends []int
	for _, ring := range p {
		for i := range len(ring) + 1 {
			at := ring[i%len(ring)]
			flat = append(flat, at.Lon.Degrees(), at.Lat.Degrees())
		}
		ends = append(ends, len(flat))
	}
	return flat, ends
}

// decodeMultiPolygon reads the EWKB of a multipolygon the program has written itself, nil for none.
func decodeMultiPolygon(b []byte) (shape.MultiPolygon, error) {
	if b == nil {
		return nil, nil
	}
	g, err := ewkb.Unmarshal(b)
	if err != nil {
		return nil, err
	}
	m, ok := g.(*geom.MultiPolygon)
	if !ok {
		return nil, fmt.Errorf("a %T where a multipolygon was stored", g)
	}
	return shapeOf(m), nil
}

func shapeOf(m *geom.MultiPolygon) (all shape.MultiPolygon) {
	start := 0
	for _, ends := range m.Endss() {
		all = append(all, rings(m.FlatCoords(), start, ends))
		start = ends[len(ends)-1]
	}
	return all
}

func decodePoint(b []byte) (crs.Point, error) {
	g, err := ewkb.Unmarshal(b)
	if err != nil {
		return crs.Point{}, err
	}
	flat := g.FlatCoords()
	if len(flat) != 2 {
		return crs.Point{}, fmt.Errorf("a %T where a point was stored", g)
	}
	return gridPoint(flat[0], flat[1]), nil
}

func rings(flat []float64, start int, ends []int) shape.Polygon {
	var p shape.Polygon
	for _, end := range ends {
		var ring shape.Ring
		for i := start; i < end-2; i += 2 { // the last point is the first again
			ring = append(ring, gridPoint(flat[i], flat[i+1]))
		}
		p = append(p, ring)
		start = end
	}
	return p
}

// gridPoint reads a stored position: a float n/1e7, so rounding finds n again.
func gridPoint(lon, lat float64) crs.Point {
	return crs.Point{Lon: crs.Coord(math.Round(lon * crs.PerDegree)), Lat: crs.Coord(math.Round(lat * crs.PerDegree))}
}
