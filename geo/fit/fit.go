// Package fit measures how well places of a file lie on the ground that is known already. It tells a file that is shifted by some
// hundred metres, as the web maps of China are, from one that is where it says it is: it compares and decides nothing about files.
//
// Two figures are taken. The share of places that lie in known areas is weak: a city is wider than any shift. The share of corners that
// lie on known lines of the same kind is strong: the outlines of the same houses, drawn by two surveyors, run within metres of each other,
// and those of a shifted copy meet by chance alone.
package fit

import (
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// On is how near a corner must be to a line to lie on it: what two surveys of one city differ by.
const On crs.Metres = 5

// Far is the distance of a corner that has no line within it.
const Far crs.Metres = 250

// Reference is the ground that is known. It is not changed once it is made.
type Reference struct {
	areas []shape.MultiPolygon
	boxes []shape.Box
	ends  [][2]crs.Point           // of each line's pieces
	cells map[[2]crs.Coord][]int32 // pieces by the cells they run through
}

// cell is the width of an index cell: about Far / 5 from north to south.
const cell = crs.PerDegree / 2000

// NewReference returns the reference of areas and lines. It keeps both.
func NewReference(areas []shape.MultiPolygon, lines [][]crs.Point) *Reference {
	r := &Reference{areas: areas, cells: map[[2]crs.Coord][]int32{}}
	for _, a := range areas {
		r.boxes = append(r.boxes, a.Box())
	}
	for _, line := range lines {
		for i := 1; i < len(line); i++ {
			r.add(line[i-1], line[i])
		}
	}
	return r
}

// add takes a piece of a line. It is known in each cell it runs through, or in one next to it.
func (r *Reference) add(a, b crs.Point) {
	n := int32(len(r.ends))
	r.ends = append(r.ends, [2]crs.Point{a, b})
	dx, dy := int64(b.Lon)-int64(a.Lon), int64(b.Lat)-int64(a.Lat)
	steps := max(dx, -dx, dy, -dy)/(cell/2) + 1
	var last [2]crs.Coord
	for i := range steps + 1 {
		at := cellOf(crs.Point{Lon: a.Lon + crs.Coord(dx*i/steps), Lat: a.Lat + crs.Coord(dy*i/steps)})
		if i == 0 || at != last {
			r.cells[at] = append(r.cells[at], n)
		}
		last = at
	}
}

func cellOf(p crs.Point) [2]crs.Coord {
	return [2]crs.Coord{crs.Coord(math.Floor(float64(p.Lon) / cell)), crs.Coord(math.Floor(float64(p.Lat) / cell))}
}

// HasLines reports whether there is any line to compare with, HasAreas whether there is any area.
func (r *Reference) HasLines() bool { return len(r.ends) > 0 }

// HasAreas reports whether there is any area to compare with.
func (r *Reference) HasAreas() bool { return len(r.areas) > 0 }

// distance returns how far a point is from the nearest line, Far where there is none as near.
func (r *Reference) distance(p crs.Point) crs.Metres {
	around, at := crs.Around(p), cellOf(p)
	best := float64(Far) * float64(Far)
	// A cell is 55 m high and, up to 60 degrees, at least 27 m wide; a piece may be known one cell off.
	const rows, columns = 6, 11
	for dx := -columns; dx <= columns; dx++ {
		for dy := -rows; dy <= rows; dy++ {
			for _, n := range r.cells[[2]crs.Coord{at[0] + crs.Coord(dx), at[1] + crs.Coord(dy)}] {
				best = min(best, around.Squared(r.ends[n][0], r.ends[n][1]))
			}
		}
	}
	return crs.Metres(math.Sqrt(best))
}

func (r *Reference) holds(p crs.Point) bool {
	for i, a := range r.areas {
		if r.boxes[i].Meets(shape.Box{Min: p, Max: p}) && a.Holds(p) {
			return true
		}
	}
	return false
}

// Figures say how well places lie on the ground.
type Figures struct {
	Things  int        // how many were compared
	Inside  float64    // share of their places that lie in an area; 0 where there are no areas
	Corners int        // how many were compared with lines; 0 where there are no lines
	On      float64    // share of these that lie on a line
	Middle  crs.Metres // median of their distances to the nearest line, no more than Far
}

// Measure compares one place of each thing, and its corners, with what is known.
func (r *Reference) Measure(places, corners []crs.Point) Figures {
	f := Figures{Things: len(places)}
	if r.HasAreas() {
		inside := 0
		for _, p := range places {
			if r.holds(p) {
				inside++
			}
		}
		f.Inside = float64(inside) / float64(max(1, len(places)))
	}
	if !r.HasLines() || len(corners) == 0 {
		return f
	}
	distances := make([]crs.Metres, len(corners))
	on := 0
	for i, p := range corners {
		if distances[i] = r.distance(p); distances[i] <= On {
			on++
		}
	}
	slices.Sort(distances)
	f.Corners, f.On, f.Middle = len(corners), float64(on)/float64(len(corners)), distances[len(distances)/2]
	return f
}

// Enough things and corners make figures that chance does not.
const (
	fewThings  = 3
	fewCorners = 30
)

// Tells reports whether enough corners were compared with lines to tell anything.
func (f Figures) Tells() bool { return f.Things >= fewThings && f.Corners >= fewCorners }

// Beats reports whether figures are clearly better than others of the same things: at least 40 % of the corners lie on lines, 30 % of all
// more than do there; or, where there are no lines, at least 90 % of at least thirty places lie in areas, and no more than half there.
func (f Figures) Beats(other Figures) bool {
	if f.Tells() && other.Tells() {
		return f.On >= 0.4 && f.On-other.On >= 0.3
	}
	return f.Corners == 0 && f.Things >= fewCorners && f.Inside >= 0.9 && other.Inside <= 0.5
}

// Compare orders figures, the better first: by the share on lines, then the share inside, then the distance in the middle.
func (f Figures) Compare(g Figures) int {
	for _, d := range []float64{g.On - f.On, g.Inside - f.Inside, float64(f.Middle - g.Middle)} {
		if d < 0 {
			return -1
		} else if d > 0 {
			return 1
		}
	}
	return 0
}
