package crs

import (
	"errors"
	"math"
	"testing"

	"pgregory.net/rapid"
)

// drawCity draws a city's plane round Zhongwei: turned by up to ten degrees, stretched by up to 3 in 10,000, begun anywhere.
func drawCity(t *rapid.T) func(Point) (x, y float64) {
	plane, err := Named("EPSG:4544")
	if err != nil {
		t.Fatal(err)
	}
	angle := rapid.Float64Range(-10, 10).Draw(t, "turn") / degree
	scale := 1 + rapid.Float64Range(-0.0003, 0.0003).Draw(t, "stretch")
	east, north := rapid.Float64Range(-1e5, 1e5).Draw(t, "east"), rapid.Float64Range(-1e5, 1e5).Draw(t, "north")
	sine, cosine := math.Sincos(angle)
	return func(p Point) (x, y float64) {
		u, v := plane.Numbers(p)
		u, v = u-517_000, v-4_153_000
		return east + scale*(cosine*u-sine*v), north + scale*(sine*u+cosine*v)
	}
}

func drawPoints(t *rapid.T, least int) (points []Point) {
	n := rapid.IntRange(least, 9).Draw(t, "points")
	for i := range n {
		// No two in one place: each in a strip of its own.
		points = append(points, Point{Coord(1_051_000_000 + int32(i)*200_000 + rapid.Int32Range(0, 100_000).Draw(t, "lon")),
			Coord(rapid.Int32Range(374_000_000, 376_000_000).Draw(t, "lat"))})
	}
	return points
}

// Points of a city's plane give the plane, which then puts every other place where it is; swapped numbers are found out by three points.
func TestControlPointsGiveThePlane(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		city, places := drawCity(t), drawPoints(t, 3)
		swapped := rapid.Bool().Draw(t, "swapped")
		numbers := func(p Point) (float64, float64) {
			if x, y := city(p); !swapped {
				return x, y
			} else {
				return y, x
			}
		}
		var points []ControlPoint
		for _, p := range places {
			x, y := numbers(p)
			points = append(points, ControlPoint{X: x, Y: y, Lon: p.Lon.Degrees(), Lat: p.Lat.Degrees()})
		}
		c, err := FromControl(points)
		if err != nil {
			t.Fatal(err)
		}
		if worst := c.Residuals[c.Worst()]; worst > 1e-3 || c.Swapped != swapped || c.Meridian != 105 {
			t.Fatalf("worst residual %v, swapped %v, meridian %v", worst, c.Swapped, c.Meridian)
		}
		elsewhere := Point{1_052_345_678, 375_432_101}
		if p, err := c.System.Point(numbers(elsewhere)); err != nil || Distance(p, elsewhere) > 0.02 {
			t.Fatalf("%v came out at %v, %v", elsewhere, p, err)
		}
		x, y := numbers(elsewhere)
		if gotX, gotY := c.System.Numbers(elsewhere); math.Hypot(gotX-x, gotY-y) > 0.002 {
			t.Fatalf("%v is %v %v, want %v %v", elsewhere, gotX, gotY, x, y)
		}
	})
}

// A point with a slip of the pen shows in the residuals; it has the worst one among five.
func TestSlipsShowInTheResiduals(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		city, places := drawCity(t), drawPoints(t, 5)
		slip := rapid.IntRange(1, len(places)-2).Draw(t, "slip")
		var points []ControlPoint
		for i, p := range places {
			x, y := city(p)
			if i == slip {
				x += 20
			}
			points = append(points, ControlPoint{X: x, Y: y, Lon: p.Lon.Degrees(), Lat: p.Lat.Degrees()})
		}
		c, err := FromControl(points)
		if err != nil {
			t.Fatal(err)
		}
		if c.Residuals[c.Worst()] < 2 || c.Residuals[slip] < c.Residuals[c.Worst()]/4 {
			t.Fatalf("residuals %v, the slip is at %d", c.Residuals, slip)
		}
	})
}

func TestControlPointsThatGiveNoPlane(t *testing.T) {
	a, b := ControlPoint{X: 1000, Y: 2000, Lon: 105.1, Lat: 37.5}, ControlPoint{X: 9830, Y: 2010, Lon: 105.2, Lat: 37.5}
	feet := b
	feet.X = 30000
	far := b
	far.Lat = 105.2
	for _, c := range []struct {
		points []ControlPoint
		kind   string
	}{{nil, "few"}, {[]ControlPoint{a}, "few"}, {[]ControlPoint{a, a}, "same"}, {[]ControlPoint{a, feet}, "scale"}, {[]ControlPoint{a, far}, "place"}} {
		_, err := FromControl(c.points)
		if e, ok := errors.AsType[*ControlError](err); !ok || e.Kind != c.kind {
			t.Errorf("%v: %v, want %s", c.points, err, c.kind)
		}
	}
	if c, err := FromControl([]ControlPoint{a, b}); err != nil || c.Residuals[0] > 1e-6 {
		t.Error(c, err)
	}
}
