package crs_test

import (
	"math"
	"strconv"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
)

func drawCoord(t *rapid.T, bound int32, label string) crs.Coord {
	return crs.Coord(rapid.Int32Range(-bound, bound).Draw(t, label))
}

// The float of a coordinate is the float its printed decimals parse to, so every program that reads them has the same.
func TestDegreesAreTheParsedDecimals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawCoord(t, 1_800_000_000, "c")
		text := string(c.AppendDegrees(nil))
		parsed, err := strconv.ParseFloat(text, 64)
		if err != nil || parsed != c.Degrees() {
			t.Fatalf("%d prints as %s, which is %v and not %v", c, text, parsed, c.Degrees())
		}
		if seven, _ := strconv.ParseFloat(strconv.FormatFloat(c.Degrees(), 'f', 7, 64), 64); seven != c.Degrees() {
			t.Fatalf("%d needs more than seven decimals", c)
		}
	})
}

// A point put on the grid stays there.
func TestFromDegreesFindsTheGridPointAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := crs.Point{Lon: drawCoord(t, 1_800_000_000, "lon"), Lat: drawCoord(t, 900_000_000, "lat")}
		q, err := crs.FromDegrees(p.Lon.Degrees(), p.Lat.Degrees())
		if err != nil || q != p {
			t.Fatalf("%v became %v (%v)", p, q, err)
		}
	})
}

func TestWhatIsNoPlaceIsRefused(t *testing.T) {
	for _, p := range [][2]float64{{math.NaN(), 0}, {0, math.NaN()}, {math.Inf(1), 0}, {180.1, 0}, {0, -90.1}, {500000, 4000000}} {
		if _, err := crs.FromDegrees(p[0], p[1]); err == nil {
			t.Errorf("%v was taken for a place", p)
		}
	}
}

// The quarter meridian of the ellipsoid is 10 001 965.729 m (GRS80); summed from short lines it comes out the same.
func TestDistanceSumsToTheMeridian(t *testing.T) {
	var sum crs.Metres
	const step = 100_000 // a hundredth of a degree
	for lat := crs.Coord(0); lat < 900_000_000; lat += step {
		sum += crs.Distance(crs.Point{Lat: lat}, crs.Point{Lat: lat + step})
	}
	if off := math.Abs(float64(sum)/10_001_965.729 - 1); off > 1e-9 {
		t.Errorf("the quarter meridian is %.3f m, off by %.1e", sum, off)
	}
}

// The area of a ring does not depend on where it begins, changes its sign with its direction, and adds up when the ring is
// cut in two.
func TestRingAreaAdds(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		west, south := drawCoord(t, 1_700_000_000, "west"), drawCoord(t, 800_000_000, "south")
		w, h := crs.Coord(rapid.IntRange(1, 1_000_000).Draw(t, "w")), crs.Coord(rapid.IntRange(1, 1_000_000).Draw(t, "h"))
		a, b := crs.Point{Lon: west, Lat: south}, crs.Point{Lon: west + w, Lat: south}
		c, d := crs.Point{Lon: west + w, Lat: south + h}, crs.Point{Lon: west, Lat: south + h}
		whole := crs.RingArea([]crs.Point{a, b, c, d})
		if whole <= 0 {
			t.Fatalf("a ring that runs counter-clockwise has area %v", whole)
		}
		near := func(x, y crs.SquareMetres) bool { return math.Abs(float64(x-y)) <= 1e-6*math.Abs(float64(whole))+1e-6 }
		if got := crs.RingArea([]crs.Point{c, d, a, b}); !near(got, whole) {
			t.Fatalf("begun elsewhere: %v, not %v", got, whole)
		}
		if got := crs.RingArea([]crs.Point{d, c, b, a}); !near(-got, whole) {
			t.Fatalf("turned round: %v, not %v", got, -whole)
		}
		if got := crs.RingArea([]crs.Point{a, b, c}) + crs.RingArea([]crs.Point{a, c, d}); !near(got, whole) {
			t.Fatalf("in two parts: %v, not %v", got, whole)
		}
	})
}
