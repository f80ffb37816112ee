package ground

import (
	"math"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// halo returns rings that together wind round everything within reach of a footprint's shells, and a little more at its
// corners. They may overlap.
//
// The ring is the shell's sides moved outwards and cut with each other (a mitre). Where that turns a side round, in a
// notch narrower than twice the reach, or shoots far out of a sharp corner, each side gets a rectangle of its own
// instead.
func halo(m shape.MultiPolygon, s scale, reach crs.Metres) (rings []shape.Ring) {
	for _, p := range m {
		if len(p) == 0 || len(p[0]) < 3 {
			continue
		}
		if r, ok := mitred(p[0], s, float64(reach)*1000); ok {
			rings = append(rings, r)
			continue
		}
		rings = append(rings, p[0])
		for i, to := range p[0] {
			if from := p[0][(i+len(p[0])-1)%len(p[0])]; from != to {
				rings = append(rings, bar(from, to, s, float64(reach)*1000))
			}
		}
	}
	return rings
}

// offset is a way in millimetres.
type offset struct{ x, y float64 }

// heading returns the way from p to q, one millimetre long. Every step is rounded by itself, see scale.
func heading(p, q crs.Point, s scale) offset {
	x := float64(int64(q.Lon)-int64(p.Lon)) * s.lon
	y := float64(int64(q.Lat)-int64(p.Lat)) * s.lat
	length := math.Sqrt(float64(x*x) + float64(y*y))
	return offset{x / length, y / length}
}

func moved(p crs.Point, by offset, s scale) crs.Point {
	return crs.Point{Lon: p.Lon + crs.Coord(math.Round(by.x/s.lon)), Lat: p.Lat + crs.Coord(math.Round(by.y/s.lat))}
}

// mitred returns a counter-clockwise ring with every side moved outwards by reach millimetres. It reports false if that
// makes no simple ring.
func mitred(r shape.Ring, s scale, reach float64) (shape.Ring, bool) {
	out := make(shape.Ring, 0, len(r))
	for i, at := range r {
		before, after := r[(i+len(r)-1)%len(r)], r[(i+1)%len(r)]
		if before == at || at == after {
			return nil, false
		}
		u, v := heading(before, at, s), heading(at, after, s)
		cosine := float64(u.x*v.x) + float64(u.y*v.y)
		if cosine < -0.5 { // sharper than 60 degrees, or a notch
			return nil, false
		}
		// The mitre lies on the sum of the two outward normals, which are the headings turned to the right.
		k := reach / (1 + cosine)
		out = append(out, moved(at, offset{float64(k*u.y) + float64(k*v.y), -float64(k*u.x) - float64(k*v.x)}, s))
	}
	for i, to := range out {
		from := (i + len(out) - 1) % len(out)
		u, v := heading(r[from], r[i], s), heading(out[from], to, s)
		if to == out[from] || !(float64(u.x*v.x)+float64(u.y*v.y) > 0.9) {
			return nil, false
		}
	}
	return out, simple(out)
}

// simple reports whether no two sides of a ring meet but at a common corner.
func simple(r shape.Ring) bool {
	if len(r) > 64 {
		return false
	}
	n := len(r)
	for i := range r {
		l := arrange.Line{From: r[i], To: r[(i+1)%n]}
		for j := i + 2; j < n; j++ {
			if (j+1)%n != i && meet(l, arrange.Line{From: r[j], To: r[(j+1)%n]}) {
				return false
			}
		}
	}
	return true
}

// bar returns the rectangle round a line, reach millimetres away from it on all sides.
func bar(from, to crs.Point, s scale, reach float64) shape.Ring {
	u := heading(from, to, s)
	x, y := float64(u.x*reach), float64(u.y*reach)
	return shape.Ring{
		moved(from, offset{-x + y, -y - x}, s), moved(to, offset{x + y, y - x}, s),
		moved(to, offset{x - y, y + x}, s), moved(from, offset{-x - y, -y + x}, s),
	}
}
