package ground

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
)

// nearby finds lines near others by the squares they pass.
type nearby struct {
	lines   []arrange.Line
	growLon int64 // how near is near, in grid steps
	growLat int64
	at      map[uint64]span
	entries []entry // by square, then line
}

type span struct{ from, to int32 }

type entry struct {
	square uint64
	line   int32
}

// side of a square as a power of two: 8192 steps are some 90 m.
const squareBits = 13

func newNearby(lines []arrange.Line, growLon, growLat int64) *nearby {
	n := &nearby{lines: lines, growLon: growLon, growLat: growLat, at: map[uint64]span{}}
	for i, l := range lines {
		squaresOf(l, 0, 0, func(square uint64) { n.entries = append(n.entries, entry{square, int32(i)}) })
	}
	slices.SortFunc(n.entries, func(a, b entry) int { return cmp.Or(cmp.Compare(a.square, b.square), cmp.Compare(a.line, b.line)) })
	for i := 0; i < len(n.entries); {
		j := i
		for j < len(n.entries) && n.entries[j].square == n.entries[i].square {
			j++
		}
		n.at[n.entries[i].square] = span{int32(i), int32(j)}
		i = j
	}
	return n
}

// of calls visit with every line whose box comes near the box of l, where both pass the same square; a line may come
// more than once. It stops when visit returns false.
func (n *nearby) of(l arrange.Line, visit func(line int32) bool) {
	west, east := int64(min(l.From.Lon, l.To.Lon))-n.growLon, int64(max(l.From.Lon, l.To.Lon))+n.growLon
	south, north := int64(min(l.From.Lat, l.To.Lat))-n.growLat, int64(max(l.From.Lat, l.To.Lat))+n.growLat
	going := true
	squaresOf(l, n.growLon, n.growLat, func(square uint64) {
		s := n.at[square]
		for _, e := range n.entries[s.from:s.to] {
			m := n.lines[e.line]
			if going && int64(min(m.From.Lon, m.To.Lon)) <= east && west <= int64(max(m.From.Lon, m.To.Lon)) &&
				int64(min(m.From.Lat, m.To.Lat)) <= north && south <= int64(max(m.From.Lat, m.To.Lat)) {
				going = visit(e.line)
			}
		}
	})
}

// squaresOf calls visit once with each square that a line passes or comes near, and perhaps some beside them.
func squaresOf(l arrange.Line, growLon, growLat int64, visit func(square uint64)) {
	a, b := l.From, l.To
	if a.Lon > b.Lon {
		a, b = b, a
	}
	west, east := int64(a.Lon), int64(b.Lon)
	dx, dy := east-west, int64(b.Lat)-int64(a.Lat)
	latAt := func(lon int64) int64 {
		if lon >= east {
			return int64(b.Lat)
		}
		if lon <= west {
			return int64(a.Lat)
		}
		return int64(a.Lat) + (lon-west)*dy/dx
	}
	for col := (west - growLon) >> squareBits; col <= (east+growLon)>>squareBits; col++ {
		y0, y1 := latAt(col<<squareBits-growLon), latAt((col+1)<<squareBits+growLon)
		if dx == 0 {
			y0, y1 = int64(a.Lat), int64(b.Lat)
		}
		for row := (min(y0, y1) - growLat - 1) >> squareBits; row <= (max(y0, y1)+growLat+1)>>squareBits; row++ {
			visit(uint64(uint32(col))<<32 | uint64(uint32(row)))
		}
	}
}

// yard finds boxes near others by the squares they cover.
type yard struct {
	boxes []shape.Box
	at    map[uint64][]int32
}

func newYard(boxes []shape.Box) *yard {
	y := &yard{boxes, map[uint64][]int32{}}
	for i, b := range boxes {
		if !b.IsEmpty() {
			squaresIn(b, func(square uint64) { y.at[square] = append(y.at[square], int32(i)) })
		}
	}
	return y
}

// of calls visit with every box that meets b; one may come more than once.
func (y *yard) of(b shape.Box, visit func(box int32)) {
	squaresIn(b, func(square uint64) {
		for _, i := range y.at[square] {
			if y.boxes[i].Meets(b) {
				visit(i)
			}
		}
	})
}

func squaresIn(b shape.Box, visit func(square uint64)) {
	for col := b.Min.Lon >> squareBits; col <= b.Max.Lon>>squareBits; col++ {
		for row := b.Min.Lat >> squareBits; row <= b.Max.Lat>>squareBits; row++ {
			visit(uint64(uint32(col))<<32 | uint64(uint32(row)))
		}
	}
}

// meet reports whether two lines share a point.
func meet(l, m arrange.Line) bool {
	return l.Crosses(m) || l.Holds(m.From) || l.Holds(m.To) || m.Holds(l.From) || m.Holds(l.To)
}

// sidesOf returns the sides of a shape.
func sidesOf(m shape.MultiPolygon) (lines []arrange.Line) {
	for _, p := range m {
		for _, r := range p {
			for i, to := range r {
				if from := r[(i+len(r)-1)%len(r)]; from != to {
					lines = append(lines, arrange.Line{From: from, To: to})
				}
			}
		}
	}
	return lines
}

func boxOf(l arrange.Line) shape.Box { return shape.EmptyBox.Add(l.From).Add(l.To) }
