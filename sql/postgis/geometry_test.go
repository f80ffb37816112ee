package postgis

import (
	"bytes"
	"encoding/binary"
	"testing"

	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// What is written as EWKB is, byte for byte, what go-geom writes, and reads as what it was.
func TestGeometryEWKB(t *testing.T) {
	at := rapid.Custom(func(t *rapid.T) crs.Point {
		return crs.Point{Lon: crs.Coord(rapid.Int32Range(-1_800_000_000, 1_800_000_000).Draw(t, "lon")), Lat: crs.Coord(rapid.Int32Range(-900_000_000, 900_000_000).Draw(t, "lat"))}
	})
	flat := func(points []crs.Point) (all []float64) {
		for _, p := range points {
			all = append(all, p.Lon.Degrees(), p.Lat.Degrees())
		}
		return all
	}
	rapid.Check(t, func(t *rapid.T) {
		var g plan.Geometry
		var want geom.T
		switch rapid.SampledFrom([]string{"point", "lines", "shape"}).Draw(t, "kind") {
		case "point":
			g.Points = []crs.Point{at.Draw(t, "point")}
			want = geom.NewPointFlat(geom.XY, flat(g.Points)).SetSRID(crs.SRID)
		case "lines":
			var all []float64
			var ends []int
			for range rapid.IntRange(1, 3).Draw(t, "lines") {
				line := rapid.SliceOfN(at, 2, 5).Draw(t, "line")
				g.Lines = append(g.Lines, line)
				all = append(all, flat(line)...)
				ends = append(ends, len(all))
			}
			want = geom.NewMultiLineStringFlat(geom.XY, all, ends).SetSRID(crs.SRID)
		default:
			var all []float64
			var endss [][]int
			for range rapid.IntRange(1, 3).Draw(t, "polygons") {
				var p shape.Polygon
				var ends []int
				for range rapid.IntRange(1, 3).Draw(t, "rings") {
					ring := rapid.SliceOfN(at, 3, 6).Draw(t, "ring")
					p = append(p, ring)
					all = append(all, flat(append(ring[:len(ring):len(ring)], ring[0]))...)
					ends = append(ends, len(all))
				}
				g.Shape, endss = append(g.Shape, p), append(endss, ends)
			}
			want = geom.NewMultiPolygonFlat(geom.XY, all, endss).SetSRID(crs.SRID)
		}
		got, err := geometryEWKB(g)
		if err != nil {
			t.Fatal(err)
		}
		bytesWanted, err := ewkb.Marshal(want, binary.LittleEndian)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, bytesWanted) {
			t.Fatalf("got %x, want %x", got, bytesWanted)
		}
		if again, err := decodeGeometry(got); err != nil || !again.Same(g) {
			t.Fatalf("read as %v, %v", again, err)
		}
	})
}
