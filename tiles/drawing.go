package tiles

import (
	"math"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// deepest is the zoom in whose steps drawings are kept: the world is 2^32 of them wide, a step 0.9 cm at the equator.
const deepest = MaxZoom

// vertex is a place in steps of the deepest zoom from the north-west corner of the world, x east, y south, and the lowest zoom at
// which it is drawn.
type vertex struct {
	x, y uint32
	from uint8
}

// Drawing is a geometry ready to be cut into tiles. It is immutable.
type Drawing struct {
	kind  uint64     // typePoint, typeLine or typePolygon
	parts [][]vertex // points one by one, lines, or rings
	inner []bool     // of rings: a hole of the last ring before it that is none
	reach reach
}

// reach is the smallest upright box round a drawing, in steps of the deepest zoom.
type reach struct{ west, north, east, south uint32 }

func emptyReach() reach { return reach{math.MaxUint32, math.MaxUint32, 0, 0} }

func (r reach) add(v vertex) reach {
	return reach{min(r.west, v.x), min(r.north, v.y), max(r.east, v.x), max(r.south, v.y)}
}

// side is the longer side of the box; 0 for a point.
func (r reach) side() uint32 { return max(r.east-r.west, r.south-r.north) }

// Draw makes a drawing of polygons whose vertices are simplified by rank. It returns nil where there are none.
func Draw(m shape.MultiPolygon, ranks Ranks) *Drawing {
	d := &Drawing{kind: typePolygon, reach: emptyReach()}
	for _, p := range m {
		for i, r := range p {
			d.add(r, ranks, i > 0)
		}
	}
	return d.orNil()
}

// DrawLines makes a drawing of lines whose vertices are simplified by rank. It returns nil where there are none.
func DrawLines(lines [][]crs.Point, ranks Ranks) *Drawing {
	d := &Drawing{kind: typeLine, reach: emptyReach()}
	for _, l := range lines {
		d.add(l, ranks, false)
	}
	return d.orNil()
}

// DrawPoint makes a drawing of a point.
func DrawPoint(p crs.Point) *Drawing {
	d := &Drawing{kind: typePoint, reach: emptyReach()}
	d.add([]crs.Point{p}, nil, false)
	return d
}

func (d *Drawing) add(points []crs.Point, ranks Ranks, inner bool) {
	part := make([]vertex, len(points))
	for i, p := range points {
		part[i] = vertexAt(p)
		part[i].from = ranks[p]
		d.reach = d.reach.add(part[i])
	}
	d.parts = append(d.parts, part)
	if d.kind == typePolygon {
		d.inner = append(d.inner, inner)
	}
}

func (d *Drawing) orNil() *Drawing {
	if len(d.parts) == 0 {
		return nil
	}
	return d
}

// Bytes is about how much memory the drawing takes.
func (d *Drawing) Bytes() int {
	n := 96
	for _, p := range d.parts {
		n += 24 + 12*len(p)
	}
	return n
}

// vertexAt returns where a point lies.
func vertexAt(p crs.Point) vertex {
	s := project(p, deepest)
	whole := func(v float64) uint32 { return uint32(max(0, min(math.MaxUint32, math.Round(v)))) }
	return vertex{x: whole(s.x), y: whole(s.y)}
}

// at returns where a vertex lies in a tile, rounded to its steps; far outside a deep tile it is where clipping takes it away.
func (t Tile) at(v vertex) pixel {
	shift := uint(deepest - t.Z)
	half := int64(1) << shift >> 1
	return pixel{
		x: bounded((int64(v.x)+half)>>shift - int64(t.X)*Extent),
		y: bounded((int64(v.y)+half)>>shift - int64(t.Y)*Extent),
	}
}

// bounded keeps what lies far outside a deep tile within the pixels' type.
func bounded(v int64) int32 { return int32(max(-1<<29, min(1<<29, v))) }

// shows returns the box of what a tile shows with its buffer, in steps of the deepest zoom.
func (t Tile) shows() reach {
	shift := uint(deepest - t.Z)
	low := func(n int) uint32 { return uint32(max(0, (int64(n)*Extent-Buffer)<<shift)) }
	high := func(n int) uint32 { return uint32(min(math.MaxUint32, (int64(n+1)*Extent+Buffer)<<shift)) }
	return reach{low(t.X), low(t.Y), high(t.X), high(t.Y)}
}

func (r reach) meets(o reach) bool {
	return r.west <= o.east && o.west <= r.east && r.north <= o.south && o.north <= r.south
}

// holds reports whether a box lies well inside what a tile shows.
func (r reach) holds(o reach) bool {
	return r.west < o.west && o.east < r.east && r.north < o.north && o.south < r.south
}

// Meets reports whether a tile may show something of the drawing.
func (d *Drawing) Meets(t Tile) bool { return d.reach.meets(t.shows()) }

// Steps returns the longer side of the drawing's box in steps of a zoom.
func (d *Drawing) Steps(z int) int { return int(d.reach.side() >> uint(deepest-z)) }

// Tiles returns the tiles of a zoom that may show something of the drawing, nil where they are more than some.
func (d *Drawing) Tiles(z, most int) []Tile {
	shift := uint(deepest - z)
	last := 1<<z - 1
	first := func(v uint32) int { return max(0, int(((int64(v)>>shift)-Buffer)/Extent)) }
	end := func(v uint32) int { return min(last, int(((int64(v)>>shift)+Buffer+1)/Extent)) }
	west, east, north, south := first(d.reach.west), end(d.reach.east), first(d.reach.north), end(d.reach.south)
	if (east-west+1)*(south-north+1) > most {
		return nil
	}
	var all []Tile
	for x := west; x <= east; x++ {
		for y := north; y <= south; y++ {
			all = append(all, Tile{z, x, y})
		}
	}
	return all
}
