package crs

import (
	"fmt"
	"math"
)

// ControlPoint is a place known twice: by the numbers of a city's own plane and by longitude and latitude.
type ControlPoint struct {
	Name     string
	X, Y     float64 // metres in the city's plane
	Lon, Lat float64 // degrees of CGCS2000
}

// Control is a city's own plane fitted to control points.
type Control struct {
	System    System
	Meridian  float64  // the central meridian of the plane it was turned to, degrees
	Scale     float64  // metres of that plane a metre of the city's
	Turn      float64  // degrees it was turned by, counter-clockwise
	Residuals []Metres // one entry a point: how far the fit puts it from where it is
	Swapped   bool     // x and y had to be swapped to fit: the points' x is a northing
}

// Worst returns the index of the point with the largest residual.
func (c *Control) Worst() int {
	worst := 0
	for i, r := range c.Residuals {
		if r > c.Residuals[worst] {
			worst = i
		}
	}
	return worst
}

// ControlError is why control points give no system.
type ControlError struct {
	Kind  string // "few", "place", "same" or "scale"
	Point int    // index of the point it is about, -1 for none
	Value float64
}

// Error returns the reason.
func (e *ControlError) Error() string {
	return fmt.Sprintf("control points: %s (point %d, %v)", e.Kind, e.Point, e.Value)
}

// maxScale is how much longer or shorter a metre of a city's plane may be than one of the plane of CGCS2000 at the nearest meridian: a
// zone of 3 degrees stretches by 0.0003 at its edges, a plane 5,000 m up by 0.0008.
const maxScale = 0.002

// FromControl returns the system of a city's own plane by the similarity (four parameters: two of place, one turn, one scale) that takes
// the points' numbers with the least squares of residuals to the Gauss-Krüger plane of CGCS2000 at the nearest multiple of 3 degrees.
// Two points fit any numbers and check nothing; with three or more the residuals tell. Where the points fit a hundred times better with
// x and y swapped, as surveyors write them, the system is swapped. It returns a *ControlError for fewer than two different points, for a
// place that is none, and for a scale that no plane in metres has.
func FromControl(points []ControlPoint) (*Control, error) {
	if len(points) < 2 {
		return nil, &ControlError{"few", -1, float64(len(points))}
	}
	var middle float64
	for i, p := range points {
		if _, err := FromDegrees(p.Lon, p.Lat); err != nil || !(math.Abs(p.X) < 1e9 && math.Abs(p.Y) < 1e9) || math.Abs(p.Lat) > 89 {
			return nil, &ControlError{"place", i, 0}
		}
		middle += p.Lon / float64(len(points))
	}
	plane := transverse{lon0: 3 * math.Round(middle/3), scale: 1, east: 500_000, flattening: flattening}
	c := fitControl(plane, points, false)
	other := fitControl(plane, points, true)
	if c == nil || other == nil {
		return nil, &ControlError{"same", -1, 0}
	}
	if wrong := c.wrongScale(); len(points) > 2 && other.squares()*1e4 < c.squares() || wrong && !other.wrongScale() {
		c = other
	}
	if c.wrongScale() {
		return nil, &ControlError{"scale", -1, c.Scale}
	}
	return c, nil
}

func (c *Control) wrongScale() bool { return math.Abs(c.Scale-1) > maxScale }

func (c *Control) squares() (sum float64) {
	for _, r := range c.Residuals {
		sum += float64(r * r)
	}
	return sum
}

// fitControl finds the similarity, nil where all points are one.
func fitControl(plane transverse, points []ControlPoint, swapped bool) *Control {
	n := float64(len(points))
	from, to := make([][2]float64, len(points)), make([][2]float64, len(points))
	var c, d [2]float64 // the middles
	for i, p := range points {
		from[i] = [2]float64{p.X, p.Y}
		if swapped {
			from[i] = [2]float64{p.Y, p.X}
		}
		to[i][0], to[i][1] = plane.forward(p.Lon, p.Lat)
		for k := range 2 {
			c[k] += from[i][k] / n
			d[k] += to[i][k] / n
		}
	}
	var same, cross, spread float64
	for i := range points {
		x, y := from[i][0]-c[0], from[i][1]-c[1]
		u, v := to[i][0]-d[0], to[i][1]-d[1]
		same, cross, spread = same+x*u+y*v, cross+x*v-y*u, spread+x*x+y*y
	}
	if spread < 1 || same == 0 && cross == 0 { // all within a metre
		return nil
	}
	t := turn{a: same / spread, b: cross / spread, from: c, to: d, reach: ownReach}
	f := &Control{System: System{name: "control points", kind: own, swapped: swapped, tm: plane, turn: t}, Meridian: plane.lon0, Swapped: swapped,
		Scale: math.Hypot(t.a, t.b), Turn: math.Atan2(t.b, t.a) * degree}
	for i := range points {
		x, y := t.forward(from[i][0], from[i][1])
		f.Residuals = append(f.Residuals, Metres(math.Hypot(x-to[i][0], y-to[i][1])))
	}
	return f
}

// ownReach is how far from the middle of its control points a city's plane is believed, in metres.
const ownReach = 200_000

// turn is a similarity of the plane: a point is seen from one place, turned and stretched, and drawn from another.
type turn struct {
	a, b     float64 // stretch times cosine and sine of the turn
	from, to [2]float64
	reach    float64
}

func (t turn) covers(x, y float64) bool {
	return math.Abs(x-t.from[0]) <= t.reach && math.Abs(y-t.from[1]) <= t.reach
}

func (t turn) forward(x, y float64) (float64, float64) {
	x, y = x-t.from[0], y-t.from[1]
	return t.to[0] + t.a*x - t.b*y, t.to[1] + t.b*x + t.a*y
}

func (t turn) back(x, y float64) (float64, float64) {
	x, y = x-t.to[0], y-t.to[1]
	s := t.a*t.a + t.b*t.b
	return t.from[0] + (t.a*x+t.b*y)/s, t.from[1] + (t.a*y-t.b*x)/s
}
