package facing_test

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/facing"
	"gridwright/geo/shape"
)

// at is a point of a drawing: x and y in metres, near enough.
func at(x, y int) crs.Point {
	return crs.Point{Lon: 1_050_000_000 + crs.Coord(x*113), Lat: 375_000_000 + crs.Coord(y*90)}
}

// ring reads corners in metres, counter-clockwise: "0,0 100,0 100,100 0,100".
func ring(text string) (r shape.Ring) {
	for _, word := range strings.Fields(text) {
		var p [2]int
		for i, number := range strings.SplitN(word, ",", 2) {
			for _, d := range number {
				p[i] = p[i]*10 + int(d-'0')
			}
		}
		r = append(r, at(p[0], p[1]))
	}
	return r
}

var letters = map[facing.Side]byte{facing.East: 'E', facing.South: 'S', facing.West: 'W', facing.North: 'N'}

func sidesOf(r shape.Ring, tolerance int64) string {
	var b strings.Builder
	for _, s := range facing.Sides(r, crs.FlatAt(at(0, 0)), tolerance) {
		b.WriteByte(letters[s])
	}
	return b.String()
}

func TestSides(t *testing.T) {
	for _, c := range []struct{ name, ring, want string }{
		{"a square", "0,0 100,0 100,100 0,100", "SENW"},
		{"a square with points on its edges", "0,0 50,0 100,0 100,50 100,100 0,100 0,30", "SSEENWW"},
		{"an L with its notch in the north-east", "0,0 200,0 200,100 100,100 100,200 0,200", "SENENW"},
		{"a U open to the north", "0,0 300,0 300,200 200,200 200,100 100,100 100,200 0,200", "SENNNNNW"},
		{"a U open to the west", "0,0 200,0 200,300 0,300 0,200 100,200 100,100 0,100", "SENWWWWW"},
		{"a river in the east that bends", "0,0 100,0 108,20 100,40 108,60 100,80 108,100 0,100", "SEEEEENW"},
		{"a triangle", "0,0 200,0 100,60", "SNN"},
		{"a diamond", "100,0 200,101 100,202 0,101", "EEWW"}, // no more in the north and the south than in the east and the west
	} {
		if got := sidesOf(ring(c.ring), 12_000); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// An upright rectangle has each side where it is, whatever steps and points are on its edges, and points set on edges change no digest.
func TestSidesOfRoughRectangles(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(150, 900).Draw(t, "width"), rapid.IntRange(150, 900).Draw(t, "height")
		var r shape.Ring
		var want []facing.Side
		edge := func(side facing.Side, n int, place func(along, off int) crs.Point) {
			last := 0
			for i := range rapid.IntRange(0, 6).Draw(t, "points") {
				off := rapid.IntRange(0, 6).Draw(t, "off")
				if i == 0 {
					off = 0
				}
				r, want = append(r, place(last, off)), append(want, side)
				if last += rapid.IntRange(20, 60).Draw(t, "step"); last > n-20 {
					break
				}
			}
			if len(want) == 0 || want[len(want)-1] != side {
				r, want = append(r, place(0, 0)), append(want, side)
			}
		}
		edge(facing.South, w, func(a, off int) crs.Point { return at(a, -off) })
		edge(facing.East, h, func(a, off int) crs.Point { return at(w+off, a) })
		edge(facing.North, w, func(a, off int) crs.Point { return at(w-a, h+off) })
		edge(facing.West, h, func(a, off int) crs.Point { return at(-off, h-a) })
		if got := facing.Sides(r, crs.FlatAt(at(0, 0)), 10_000); !slices.Equal(got, want) {
			t.Fatalf("%v\ngot  %v\nwant %v", r, got, want)
		}
		// A point set in the middle of an edge, to the step.
		i := rapid.IntRange(0, len(r)-1).Draw(t, "edge")
		a, b := r[i], r[(i+1)%len(r)]
		more := slices.Insert(slices.Clone(r), i+1, crs.Point{Lon: a.Lon + (b.Lon-a.Lon)/2, Lat: a.Lat + (b.Lat-a.Lat)/2})
		flat := crs.FlatAt(at(0, 0))
		if !slices.Equal(facing.Ring(r, flat, 30), facing.Ring(more, flat, 30)) {
			t.Fatal("a point on an edge makes another ring")
		}
		if !slices.Equal(facing.Line(r, flat, 30), facing.Line(more[:len(more):len(more)], flat, 30)) && i != len(r)-1 {
			t.Fatal("a point on a line makes another line")
		}
	})
}
