package topo_test

import (
	"slices"
	"strings"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

func pt(lon, lat int) crs.Point { return crs.Point{Lon: crs.Coord(lon), Lat: crs.Coord(lat)} }

// ring makes a ring of longitudes and latitudes in turn.
func ring(c ...int) (r shape.Ring) {
	for i := 0; i < len(c); i += 2 {
		r = append(r, pt(c[i], c[i+1]))
	}
	return r
}

// one makes a shape of one part: a shell and holes.
func one(rings ...shape.Ring) shape.MultiPolygon { return shape.MultiPolygon{rings} }

// box makes a square or a longer rectangle.
func box(west, south, east, north int) shape.MultiPolygon {
	return one(ring(west, south, east, south, east, north, west, north))
}

// step is the side of a character of a drawn town, in grid steps: about 11 m.
const step = 1000

// town is a drawing: each character is a square, the same letter one piece, and a dot is no ground. The first line is the
// north.
type town []string

func draw(lines string) town { return strings.Fields(lines) }

// squares returns the squares of a letter, each a shape of its own.
func (d town) squares(letter byte) (squares []shape.MultiPolygon) {
	for row, line := range d {
		for col := range line {
			if line[col] == letter {
				west, south := col*step, (len(d)-1-row)*step
				squares = append(squares, box(west, south, west+step, south+step))
			}
		}
	}
	return squares
}

// letters returns the letters of the drawing, rising.
func (d town) letters() []byte {
	letters := []byte(strings.ReplaceAll(strings.Join(d, ""), ".", ""))
	slices.Sort(letters)
	return slices.Compact(letters)
}

// pieces returns a shape for each letter, without corners where a side goes straight on.
func (d town) pieces() (pieces []shape.MultiPolygon) {
	for _, letter := range d.letters() {
		pieces = append(pieces, straightened(topo.Union(d.squares(letter))))
	}
	return pieces
}

// joined returns in how many pieces the squares hang together that are of a letter, or are not where not is set.
func (d town) joined(letter byte) (pieces int) {
	seen := map[[2]int]bool{}
	var flood func(row, col int)
	flood = func(row, col int) {
		if row < 0 || row >= len(d) || col < 0 || col >= len(d[row]) || d[row][col] != letter || seen[[2]int{row, col}] {
			return
		}
		seen[[2]int{row, col}] = true
		flood(row-1, col)
		flood(row+1, col)
		flood(row, col-1)
		flood(row, col+1)
	}
	for row := range d {
		for col := range d[row] {
			if d[row][col] == letter && !seen[[2]int{row, col}] {
				pieces++
				flood(row, col)
			}
		}
	}
	return pieces
}

func drawTown(t *rapid.T, letters string) town {
	width := rapid.IntRange(1, 7).Draw(t, "width")
	line := rapid.StringOfN(rapid.RuneFrom([]rune(letters)), width, width, -1)
	return rapid.SliceOfN(line, 1, 6).Draw(t, "town")
}

// straightened returns a shape without the corners where a side goes straight on.
func straightened(m shape.MultiPolygon) (straight shape.MultiPolygon) {
	for _, p := range m {
		var q shape.Polygon
		for _, r := range p {
			var s shape.Ring
			for i, at := range r {
				a, b := r[(i+len(r)-1)%len(r)], r[(i+1)%len(r)]
				if int64(at.Lon-a.Lon)*int64(b.Lat-at.Lat) != int64(at.Lat-a.Lat)*int64(b.Lon-at.Lon) {
					s = append(s, at)
				}
			}
			q = append(q, s)
		}
		straight = append(straight, q)
	}
	return straight
}

func equal(m, n shape.MultiPolygon) bool {
	return slices.EqualFunc(m, n, func(p, q shape.Polygon) bool {
		return slices.EqualFunc(p, q, slices.Equal[shape.Ring])
	})
}

func equalShapes(a, b []shape.MultiPolygon) bool { return slices.EqualFunc(a, b, equal) }

// twiceArea returns twice the area in grid steps, exactly.
func twiceArea(shapes ...shape.MultiPolygon) (sum int64) {
	for _, m := range shapes {
		for _, p := range m {
			for _, r := range p {
				for i, to := range r {
					// Relative to the first point, so that a town far from Greenwich does not run over.
					a, b := r[(i+len(r)-1)%len(r)], to
					ax, ay := int64(a.Lon)-int64(r[0].Lon), int64(a.Lat)-int64(r[0].Lat)
					bx, by := int64(b.Lon)-int64(r[0].Lon), int64(b.Lat)-int64(r[0].Lat)
					sum += ax*by - bx*ay
				}
			}
		}
	}
	return sum
}

// wantValid reports a shape that Vet finds fault with or would write otherwise.
func wantValid(t rapid.TB, what string, m shape.MultiPolygon) {
	t.Helper()
	if clean, flaws := topo.Vet(m); len(flaws) > 0 || !equal(clean, m) {
		t.Fatalf("%s: %v is not as it should be: %v, flaws %v", what, m, clean, flaws)
	}
}
