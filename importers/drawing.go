package importers

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// drawing gathers the positions of a geometry as they are read, rings and polygons being closed behind them.
type drawing struct {
	points   []crs.Point
	rings    []int // where each ring or line ends in points
	polygons []int // where each polygon ends in rings
	depth    int   // of the outermost array closed so far: 1 for a position that is in none
	added    []int // points that are between two of the file's: system.Between
	last     [2]float64
	fault    *Fault
	system   crs.System
}

// maxPoints is how many points a geometry may have with those added between its own.
const maxPoints = 4_000_000

// spoil keeps the first reason why the geometry cannot be taken.
func (d *drawing) spoil(key string, args words.Args) {
	if d.fault == nil {
		d.fault = &Fault{Key: key, Args: args}
	}
}

// position adds a pair of numbers in the drawing's system, behind those its edge from the last pair needs. Whether the pairs make a line
// is not known yet: points lose what was added.
func (d *drawing) position(a, b float64) {
	if len(d.points) > d.begin() && d.fault == nil {
		if !d.system.Between(d.last[0], d.last[1], a, b, d.between) {
			d.spoil("geometry.edge", words.Args{"x": number(a), "y": number(b)})
		}
	}
	d.last = [2]float64{a, b}
	d.place(a, b)
}

// begin returns where the line being read begins in points.
func (d *drawing) begin() int {
	if len(d.rings) == 0 {
		return 0
	}
	return d.rings[len(d.rings)-1]
}

func (d *drawing) between(a, b float64) {
	if len(d.points) >= maxPoints {
		d.spoil("limit.ring", words.Args{"most": maxPoints})
		return
	}
	d.added = append(d.added, len(d.points))
	d.place(a, b)
}

func (d *drawing) place(a, b float64) {
	p, err := d.system.Point(a, b)
	if err != nil {
		d.spoil(positionFault(d.system, a, b, err))
	}
	d.points = append(d.points, p)
}

// positionFault says why two numbers are no place in a system.
func positionFault(s crs.System, a, b float64, err error) (string, words.Args) {
	args := words.Args{"x": number(a), "y": number(b)}
	x, y := math.Abs(a), math.Abs(b)
	zone := math.Floor(max(x, y) / 1e6)
	switch e, _ := errors.AsType[*crs.SystemError](err); {
	case !s.IsDegrees():
		args["name"] = s.Name()
		return "position." + e.Kind, args
	case e.Kind == "swapped":
		return "geometry.swapped", args
	case zone >= 25 && zone <= 45 && min(x, y) > 400:
		args["zone"], args["code"] = int(zone), strconv.Itoa(4513+int(zone)-25)
		return "geometry.zone", args
	case x > 400 || y > 400:
		return "geometry.projected", args
	}
	return "geometry.beyond", args
}

// number writes a coordinate to the millimetre, or to ten digits where it is small.
func number(v float64) string {
	if math.Abs(v) > 1000 && math.Abs(v) < 1e12 {
		return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	}
	return strconv.FormatFloat(v, 'g', 10, 64)
}

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

// families are the geometries that are taken, by their names in capitals, and how deep their positions lie.
var families = map[string]struct {
	depth  int
	finish func(*drawing) (Geometry, *Fault)
}{
	"POINT":           {1, (*drawing).finishPoints},
	"MULTIPOINT":      {2, (*drawing).finishPoints},
	"LINESTRING":      {2, (*drawing).finishLines},
	"MULTILINESTRING": {3, (*drawing).finishLines},
	"POLYGON":         {3, (*drawing).finishPolygons},
	"MULTIPOLYGON":    {4, (*drawing).finishPolygons},
}

// finish returns what was drawn as a geometry of a type. No positions at all are no geometry.
func (d *drawing) finish(kind string) (Geometry, *Fault) {
	family, ok := families[strings.ToUpper(kind)]
	switch {
	case !ok:
		return Geometry{}, WrongType(kind, "Point", "LineString", "Polygon")
	case d.fault != nil:
		return Geometry{}, d.fault
	case len(d.points) == 0:
		return Geometry{}, nil
	case d.depth != family.depth:
		return Geometry{}, &Fault{Key: "geometry.coordinates"}
	}
	g, fault := family.finish(d)
	if fault != nil {
		return Geometry{}, fault
	}
	g.Type = kind
	return g, nil
}

// WrongType returns the fault of a geometry whose type is none of those wanted. "Polygon" stands for MultiPolygon, too,
// and so do the others.
func WrongType(kind string, wanted ...string) *Fault {
	var all []string
	for _, w := range wanted {
		all = append(all, w, "Multi"+w)
	}
	return &Fault{Key: "geometry.kind", Args: words.Args{"kind": Excerpt(kind), "wanted": either(all)}}
}

// either are words of which one is meant.
type either []string

// In returns the words, the last after "or".
func (e either) In(l words.Lang) string {
	or := map[words.Lang]string{words.Zh: "或", words.En: " or "}[l]
	last := len(e) - 1
	return words.List(e[:last], l) + or + e[last]
}

func (d *drawing) finishPoints() (Geometry, *Fault) {
	points := d.points
	if len(d.added) > 0 {
		points = nil
		for i, p := range d.points {
			if _, added := slices.BinarySearch(d.added, i); !added {
				points = append(points, p)
			}
		}
	}
	return Geometry{Points: slices.Clip(points)}, nil
}

// finishLines takes lines apart. One position makes no line.
func (d *drawing) finishLines() (Geometry, *Fault) {
	var g Geometry
	start := 0
	for _, end := range d.rings {
		if end-start < 2 {
			return g, &Fault{Key: "geometry.short", Args: words.Args{"at": d.points[start].String()}}
		}
		g.Lines = append(g.Lines, d.points[start:end:end])
		start = end
	}
	return g, nil
}

// finishPolygons takes polygons apart, shells counter-clockwise and holes clockwise.
func (d *drawing) finishPolygons() (Geometry, *Fault) {
	var m shape.MultiPolygon
	ring, point := 0, 0
	for _, end := range d.polygons {
		var p shape.Polygon
		for ; ring < end; ring++ {
			r := shape.Ring(d.points[point:d.rings[ring]])
			point = d.rings[ring]
			if r[0] != r[len(r)-1] {
				return Geometry{}, &Fault{Key: "geometry.open", Args: words.Args{"at": r[len(r)-1].String()}}
			}
			if r = r[:len(r)-1]; len(r) < 3 {
				return Geometry{}, &Fault{Key: "geometry.few", Args: words.Args{"at": d.points[point-1].String()}}
			}
			if shell := len(p) == 0; (r.Area() < 0) == shell {
				slices.Reverse(r)
			}
			p = append(p, slices.Clip(r))
		}
		m = append(m, p)
	}
	return Geometry{Shape: m}, nil
}
