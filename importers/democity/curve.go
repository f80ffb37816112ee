package democity

import "math"

// curve is a line on which a street, a bank or a railway runs through the town.
type curve interface {
	// side returns about how many metres p lies to the left of the curve, negative to the right.
	side(p vec) float64
	// along returns the curve's parameter nearest to p; at is its inverse on the curve.
	along(p vec) float64
	at(t float64) vec
	// pace returns about how many metres one step of the parameter is.
	pace() float64
	// period returns the parameter's round trip on a closed curve, 0 on an open one.
	period() float64
}

// swing is one wave of a bent line: how far it leaves the straight one and how often.
type swing struct{ amplitude, length, phase float64 }

// bent is a straight line through origin that swings to both sides; the parameter is metres along the straight line.
type bent struct {
	origin, direction vec // direction is a unit vector
	swings            []swing
	offset            func(t float64) float64 // added to the swings; nil for none
}

func (c bent) drift(t float64) float64 {
	var d float64
	for _, s := range c.swings {
		d += float64(s.amplitude * wave(t/s.length+s.phase))
	}
	if c.offset != nil {
		d += c.offset(t)
	}
	return d
}

func (c bent) along(p vec) float64 { return p.sub(c.origin).dot(c.direction) }
func (c bent) side(p vec) float64 {
	return p.sub(c.origin).dot(c.direction.left()) - c.drift(c.along(p))
}
func (c bent) at(t float64) vec {
	return c.origin.add(c.direction.scale(t)).add(c.direction.left().scale(c.drift(t)))
}
func (c bent) pace() float64   { return 1 }
func (c bent) period() float64 { return 0 }

// beside returns the curve that keeps a distance to the left of c, which may change along it.
func (c bent) beside(metres func(t float64) float64) bent {
	inner := c.offset
	c.offset = func(t float64) float64 {
		d := metres(t)
		if inner != nil {
			d += inner(t)
		}
		return d
	}
	return c
}

// loop is a closed line round centre, a rectangle with generous corners: x⁴/a⁴ + y⁴/b⁴ = 1. Its left is inside. The
// parameter is the corner count of a diamond: 0 east, 1 north, 2 west, 3 south.
type loop struct {
	centre vec
	a, b   float64
}

func (c loop) reach(p vec) float64 {
	x, y := (p.x-c.centre.x)/c.a, (p.y-c.centre.y)/c.b
	x, y = float64(x*x), float64(y*y)
	return math.Sqrt(math.Sqrt(float64(x*x) + float64(y*y)))
}
func (c loop) side(p vec) float64 { return float64((1 - c.reach(p)) * min(c.a, c.b)) }
func (c loop) along(p vec) float64 {
	x, y := (p.x-c.centre.x)/c.a, (p.y-c.centre.y)/c.b
	t := y / (math.Abs(x) + math.Abs(y))
	switch {
	case x < 0:
		return 2 - t
	case y < 0:
		return 4 + t
	}
	return t
}
func (c loop) at(t float64) vec {
	t -= float64(4 * math.Floor(t/4))
	var d vec
	switch {
	case t < 1:
		d = vec{1 - t, t}
	case t < 2:
		d = vec{1 - t, 2 - t}
	case t < 3:
		d = vec{t - 3, 2 - t}
	default:
		d = vec{t - 3, t - 4}
	}
	p := c.centre.add(vec{float64(d.x * c.a), float64(d.y * c.b)})
	return c.centre.add(p.sub(c.centre).scale(1 / c.reach(p)))
}
func (c loop) pace() float64   { return c.a + c.b }
func (c loop) period() float64 { return 4 }
