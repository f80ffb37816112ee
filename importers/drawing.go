package importers

import (
	"math"
	"slices"
	"strconv"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// drawing gathers the positions of a geometry as they are read, rings and polygons being closed behind them.
type drawing struct {
	points   []crs.Point
	rings    []int // where each ring ends in points
	polygons []int // where each polygon ends in rings
	depth    int   // of the outermost array closed so far
	fault    *Fault
}

// spoil keeps the first reason why the geometry cannot be taken.
func (d *drawing) spoil(key string, args words.Args) {
	if d.fault == nil {
		d.fault = &Fault{Key: key, Args: args}
	}
}

// position adds a longitude and latitude in degrees.
func (d *drawing) position(lon, lat float64) {
	p, err := crs.FromDegrees(lon, lat)
	if err != nil {
		args := words.Args{"x": degrees(lon), "y": degrees(lat)}
		switch x, y := math.Abs(lon), math.Abs(lat); {
		case x <= 90 && y <= 180:
			d.spoil("geometry.swapped", args)
		case x > 400 || y > 400:
			d.spoil("geometry.projected", args)
		default:
			d.spoil("geometry.beyond", args)
		}
	}
	d.points = append(d.points, p)
}

func degrees(v float64) string { return strconv.FormatFloat(v, 'g', 10, 64) }

// close ends an array in which the positions lie at a depth (2: a line of positions) and returns the depth.
func (d *drawing) close(depth int) int {
	switch depth {
	case 2:
		d.rings = append(d.rings, len(d.points))
	case 3:
		d.polygons = append(d.polygons, len(d.rings))
	}
	d.depth = depth
	return depth
}

// finish returns the polygons, shells counter-clockwise and holes clockwise. No positions at all are no geometry.
func (d *drawing) finish(multi bool) (shape.MultiPolygon, *Fault) {
	if d.fault != nil {
		return nil, d.fault
	}
	if len(d.points) == 0 {
		return nil, nil
	}
	if want := map[bool]int{false: 3, true: 4}[multi]; d.depth != want {
		return nil, &Fault{Key: "geometry.coordinates"}
	}
	var m shape.MultiPolygon
	ring, point := 0, 0
	for _, end := range d.polygons {
		var p shape.Polygon
		for ; ring < end; ring++ {
			r := shape.Ring(d.points[point:d.rings[ring]])
			point = d.rings[ring]
			if r[0] != r[len(r)-1] {
				return nil, &Fault{Key: "geometry.open", Args: words.Args{"at": r[len(r)-1].String()}}
			}
			if r = r[:len(r)-1]; len(r) < 3 {
				return nil, &Fault{Key: "geometry.few", Args: words.Args{"at": d.points[point-1].String()}}
			}
			if shell := len(p) == 0; (r.Area() < 0) == shell {
				slices.Reverse(r)
			}
			p = append(p, slices.Clip(r))
		}
		m = append(m, p)
	}
	return m, nil
}
