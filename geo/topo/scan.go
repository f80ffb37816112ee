package topo

import (
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// scanned is how many sides of a polygon scan looks at before it gives up; a strip of four sides, narrower than the grid
// and 10 km long, is looked at to its end.
const scanned = 8_000_000

// scan returns the first grid point it finds inside a narrow polygon, parallel by parallel: first a few all over the
// polygon, then every one. It reports false when there is none, or none as far as it looked.
func scan(polygon shape.Polygon) (crs.Point, bool) {
	box := polygon.Box()
	sides := 0
	for _, r := range polygon {
		sides += len(r)
	}
	south, north := int64(box.Min.Lat)+1, int64(box.Max.Lat)-1
	if south > north {
		return crs.Point{}, false
	}
	for _, step := range []int64{max(1, (north-south)/64), 1} {
		lats := min((north-south)/step+2, int64(scanned/sides)+1)
		middle := south + (north-south)/2/step*step
		for i := range lats { // from the middle outwards
			lat := middle + (i+1)/2*step*(1-2*(i%2))
			if lat < south || lat > north {
				continue
			}
			if p, ok := onParallel(polygon, crs.Coord(lat)); ok {
				return p, true
			}
		}
	}
	return crs.Point{}, false
}

// onParallel returns a point inside the polygon on a parallel: in the middle of the longest stretch that has one. Corners
// on the parallel part stretches too.
func onParallel(polygon shape.Polygon, lat crs.Coord) (best crs.Point, ok bool) {
	var cuts []float64
	for _, r := range polygon {
		for i, to := range r {
			from := r[(i+len(r)-1)%len(r)]
			switch {
			case to.Lat == lat:
				cuts = append(cuts, float64(to.Lon))
			case from.Lat != lat && (from.Lat > lat) != (to.Lat > lat):
				share := float64(int64(lat)-int64(from.Lat)) / float64(int64(to.Lat)-int64(from.Lat))
				cuts = append(cuts, float64(from.Lon)+float64(share*float64(int64(to.Lon)-int64(from.Lon))))
			}
		}
	}
	slices.Sort(cuts)
	longest := 0.0
	for i := 0; i+1 < len(cuts); i++ {
		stretch, middle := cuts[i+1]-cuts[i], (cuts[i]+cuts[i+1])/2
		// Where the stretch holds a single grid point, it is next to the middle.
		for _, lon := range []float64{math.Floor(middle), math.Ceil(middle)} {
			if p := (crs.Point{Lon: crs.Coord(lon), Lat: lat}); stretch > longest && Inside(p, shape.MultiPolygon{polygon}) {
				best, ok, longest = p, true, stretch
			}
		}
	}
	return best, ok
}
