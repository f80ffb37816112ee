package topo_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// drawTiles draws a net of rectangles that cover a box, some left out, with corners at uneven places.
func drawTiles(t *rapid.T) (tiles []shape.MultiPolygon) {
	cuts := func(name string) []crs.Coord {
		at := []crs.Coord{0}
		for _, step := range rapid.SliceOfN(rapid.IntRange(1, 9), 1, 6).Draw(t, name) {
			at = append(at, at[len(at)-1]+crs.Coord(step))
		}
		return at
	}
	lon, lat := cuts("lon"), cuts("lat")
	for y := range len(lat) - 1 {
		for x := range len(lon) - 1 {
			if rapid.IntRange(0, 4).Draw(t, "left out") == 0 {
				continue
			}
			corner := func(dx, dy int) crs.Point {
				return crs.Point{Lon: 1_040_000_000 + lon[x+dx], Lat: 397_000_000 + lat[y+dy]}
			}
			tiles = append(tiles, shape.MultiPolygon{{{corner(0, 0), corner(1, 0), corner(1, 1), corner(0, 1)}}})
		}
	}
	return append(tiles, nil) // and one that is empty
}

// The finder says what looking at every shape in turn says: half-open boxes, as rectangles are easy to judge.
func TestFinderFindsWhatHoldsAPoint(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tiles := drawTiles(t)
		f := topo.NewFinder(tiles)
		for range 20 {
			p := crs.Point{Lon: 1_040_000_000 + crs.Coord(rapid.IntRange(-3, 58).Draw(t, "lon")), Lat: 397_000_000 + crs.Coord(rapid.IntRange(-3, 58).Draw(t, "lat"))}
			want, touching := int32(-1), int32(-1)
			for i, m := range tiles {
				b := m.Box()
				if p.Lon >= b.Min.Lon && p.Lon < b.Max.Lon && p.Lat >= b.Min.Lat && p.Lat < b.Max.Lat {
					want = int32(i)
				}
				if touching < 0 && b.Meets(shape.Box{Min: p, Max: p}) {
					touching = int32(i)
				}
			}
			if want < 0 {
				want = touching
			}
			if got := f.Find(p); got != want {
				t.Fatalf("%v is in %d, not %d", p, got, want)
			}
		}
	})
}

// The nearest border is no farther than any other, and the distance is the geodesic one to within a part in a thousand.
func TestFinderFindsTheNearestBorder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		tiles := drawTiles(t)
		f := topo.NewFinder(tiles)
		p := crs.Point{Lon: 1_040_000_000 + crs.Coord(rapid.IntRange(-200, 200).Draw(t, "lon")), Lat: 397_000_000 + crs.Coord(rapid.IntRange(-200, 200).Draw(t, "lat"))}
		nearest, away := f.Nearest(p)
		want, closest := int32(-1), crs.Metres(math.Inf(1))
		for i, m := range tiles {
			b := m.Box()
			for lon := b.Min.Lon; lon <= b.Max.Lon; lon++ {
				for lat := b.Min.Lat; lat <= b.Max.Lat; lat++ {
					if lon > b.Min.Lon && lon < b.Max.Lon && lat > b.Min.Lat && lat < b.Max.Lat {
						continue
					}
					if d := crs.Distance(p, crs.Point{Lon: lon, Lat: lat}); d < closest-1e-9 {
						want, closest = int32(i), d
					}
				}
			}
		}
		if want < 0 && nearest >= 0 || want >= 0 && math.Abs(float64(away-closest)) > 1e-6+1e-3*float64(closest) {
			t.Fatalf("from %v border %d is %v away, not %d at %v", p, nearest, away, want, closest)
		}
		if nearest >= 0 && f.BorderDistance(p, nearest) != away {
			t.Fatalf("border %d is %v away, and %v", nearest, f.BorderDistance(p, nearest), away)
		}
	})
}

// A shape whose box holds the point may be far, and one whose box does not be near.
func TestTheNearestBorderIsNotThatOfTheNearestBox(t *testing.T) {
	at := func(lon, lat crs.Coord) crs.Point {
		return crs.Point{Lon: 1_040_000_000 + lon, Lat: 397_000_000 + lat}
	}
	corner := shape.MultiPolygon{{{at(0, 0), at(1000, 0), at(1000, 10), at(10, 10), at(10, 1000), at(0, 1000)}}}
	beside := shape.MultiPolygon{{{at(900, 905), at(910, 905), at(910, 915), at(900, 915)}}}
	f := topo.NewFinder([]shape.MultiPolygon{corner, beside})
	if got, away := f.Nearest(at(905, 900)); got != 1 || away > 0.06 {
		t.Errorf("%d is nearest, %v away", got, away)
	}
	if got := f.Find(at(905, 900)); got != -1 {
		t.Errorf("it lies in %d", got)
	}
}
