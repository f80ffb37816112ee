package hex_test

import (
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/hex"
)

func drawPoints(t *rapid.T) []hex.Point {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) hex.Point {
		return hex.Point{
			At: crs.Point{Lon: crs.Coord(rapid.IntRange(1_039_000_000, 1_041_000_000).Draw(t, "lon")),
				Lat: crs.Coord(rapid.IntRange(396_000_000, 398_000_000).Draw(t, "lat"))},
			Count: int64(rapid.IntRange(0, 1000).Draw(t, "count")),
		}
	}), 0, 60).Draw(t, "points")
}

// Nothing is lost, every cell holds something, and each lies around its points.
func TestDensityConservesCounts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := drawPoints(t)
		resolution := rapid.IntRange(hex.Coarsest, hex.Finest).Draw(t, "resolution")
		var want, got int64
		for _, p := range points {
			want += p.Count
		}
		names := map[string]bool{}
		for _, c := range hex.Density(points, resolution) {
			got += c.Count
			if names[c.Name()] || len(c.Boundary) < 5 || crs.RingArea(c.Boundary) <= 0 {
				t.Fatalf("cell %s comes twice or has no ring: %v", c.Name(), c.Boundary)
			}
			names[c.Name()] = true
		}
		if got != want {
			t.Fatalf("%d of %d were counted", got, want)
		}
		if len(points) > 0 && len(names) == 0 || len(names) > len(points) {
			t.Fatalf("%d points in %d cells", len(points), len(names))
		}
	})
}

// A village is drawn fine, a province coarse.
func TestReadable(t *testing.T) {
	var village, province []hex.Point
	for i := range 40 * 40 {
		village = append(village, hex.Point{At: crs.Point{Lon: 1_040_000_000 + crs.Coord(i%40)*1000, Lat: 397_000_000 + crs.Coord(i/40)*1000}, Count: 1})
		province = append(province, hex.Point{At: crs.Point{Lon: 1_000_000_000 + crs.Coord(i%40)*1_000_000, Lat: 380_000_000 + crs.Coord(i/40)*1_000_000}, Count: 1})
	}
	if got := hex.Readable(village); got != hex.Finest {
		t.Errorf("a village is drawn at resolution %d", got)
	}
	if got := hex.Readable(province); got != hex.Coarsest {
		t.Errorf("a province is drawn at resolution %d", got)
	}
}
