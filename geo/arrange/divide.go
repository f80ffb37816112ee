package arrange

import (
	"context"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// division cuts the plane into quarters, and these again, until few lines and points lie in each. Its cost follows the
// lines wherever they are dense, so a single line round the world does no harm to a town.
type division struct {
	lines  []Line
	points []crs.Point
	// few reports whether a quarter with so many lines and points need not be cut again.
	few func(lines, points int) bool
	// leaf is called once for each uncut quarter, with the lines that come within one step of it and the points in it,
	// both rising.
	leaf func(q quarter, lines, points []int32) error
}

// quarter is a square of the plane: from its south-western corner, without its northern and eastern sides.
type quarter struct{ lon, lat, size int64 }

func (q quarter) holds(p crs.Point) bool {
	x, y := int64(p.Lon)-q.lon, int64(p.Lat)-q.lat
	return x >= 0 && x < q.size && y >= 0 && y < q.size
}

// near reports whether the line comes within one step of the quarter. It may also say so of a line that passes a little
// further off.
func (q quarter) near(l Line) bool {
	// No further than one step out of the world, where turn can still multiply.
	west, east := max(q.lon, -180*crs.PerDegree)-1, min(q.lon+q.size, 180*crs.PerDegree+1)
	south, north := max(q.lat, -90*crs.PerDegree)-1, min(q.lat+q.size, 90*crs.PerDegree+1)
	a, b := l.From, l.To
	if int64(min(a.Lon, b.Lon)) > east || int64(max(a.Lon, b.Lon)) < west ||
		int64(min(a.Lat, b.Lat)) > north || int64(max(a.Lat, b.Lat)) < south {
		return false
	}
	u := way(a, b)
	west, east, south, north = west-int64(a.Lon), east-int64(a.Lon), south-int64(a.Lat), north-int64(a.Lat)
	if (u.x >= 0) == (u.y >= 0) { // it rises to the east: only these two corners can be furthest to either side
		return turn(u, vector{west, north})*turn(u, vector{east, south}) <= 0
	}
	return turn(u, vector{west, south})*turn(u, vector{east, north}) <= 0
}

// smallest is the size at which a quarter is not cut again: at this size the pixels along a line are fewer than the cuts.
const smallest = 4

// run divides the square round all lines and points.
func (d *division) run(ctx context.Context) error {
	lines, points := make([]int32, len(d.lines)), make([]int32, len(d.points))
	box := shape.EmptyBox
	for i, l := range d.lines {
		lines[i] = int32(i)
		box = box.Add(l.From).Add(l.To)
	}
	for i, p := range d.points {
		points[i] = int32(i)
		box = box.Add(p)
	}
	if box.IsEmpty() {
		return nil
	}
	extent := way(box.Min, box.Max)
	q := quarter{int64(box.Min.Lon), int64(box.Min.Lat), smallest}
	for q.size <= max(extent.x, extent.y) {
		q.size *= 2
	}
	return d.cut(ctx, q, lines, points)
}

func (d *division) cut(ctx context.Context, q quarter, lines, points []int32) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	if q.size <= smallest || d.few(len(lines), len(points)) {
		return d.leaf(q, lines, points)
	}
	half := q.size / 2
	for _, sub := range [4]quarter{
		{q.lon, q.lat, half}, {q.lon, q.lat + half, half}, {q.lon + half, q.lat, half}, {q.lon + half, q.lat + half, half},
	} {
		var in, at []int32
		for _, l := range lines {
			if sub.near(d.lines[l]) {
				in = append(in, l)
			}
		}
		for _, p := range points {
			if sub.holds(d.points[p]) {
				at = append(at, p)
			}
		}
		if err := d.cut(ctx, sub, in, at); err != nil {
			return err
		}
	}
	return nil
}
