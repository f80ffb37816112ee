package shape_test

import (
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

func drawRing(t *rapid.T) shape.Ring {
	return rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) crs.Point {
		return crs.Point{Lon: crs.Coord(rapid.IntRange(0, 50).Draw(t, "lon")), Lat: crs.Coord(rapid.IntRange(0, 50).Draw(t, "lat"))}
	}), 3, 12, func(p crs.Point) crs.Point { return p }).Draw(t, "ring")
}

// However a ring is begun, its canonical form is the same, and it is the same closed line.
func TestCanonicalForgetsTheStart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawRing(t)
		k := rapid.IntRange(0, len(r)-1).Draw(t, "k")
		turned := slices.Concat(r[k:], r[:k])
		if !slices.Equal(r.Canonical(), turned.Canonical()) {
			t.Fatalf("%v and %v differ", r.Canonical(), turned.Canonical())
		}
		if r.Canonical()[0] != slices.MinFunc(r, crs.Point.Compare) {
			t.Fatalf("%v is not begun at its smallest point", r.Canonical())
		}
	})
}

// A box holds every point it was made of, and two boxes meet exactly when they share a point.
func TestBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := drawRing(t).Box(), drawRing(t).Box()
		share := max(a.Min.Lon, b.Min.Lon) <= min(a.Max.Lon, b.Max.Lon) && max(a.Min.Lat, b.Min.Lat) <= min(a.Max.Lat, b.Max.Lat)
		if a.Meets(b) != share || b.Meets(a) != share {
			t.Fatalf("%v and %v: Meets says %v", a, b, a.Meets(b))
		}
		u := a.Union(b)
		if !u.Meets(a) || u.Union(shape.EmptyBox) != u || u.Union(a) != u {
			t.Fatalf("%v is no union of %v and %v", u, a, b)
		}
	})
	if !shape.EmptyBox.IsEmpty() || shape.EmptyBox.Meets(shape.EmptyBox) {
		t.Error("the empty box holds something")
	}
}

// A point lies in a shape when it lies in a polygon of it and in none of the polygon's holes.
func TestHolds(t *testing.T) {
	square := func(from, to crs.Coord) shape.Ring {
		return shape.Ring{{Lon: from, Lat: from}, {Lon: to, Lat: from}, {Lon: to, Lat: to}, {Lon: from, Lat: to}}
	}
	m := shape.MultiPolygon{{square(0, 10), square(3, 7)}, {square(20, 30)}}
	for name, c := range map[string]struct {
		at   crs.Point
		want bool
	}{
		"in the first":    {crs.Point{Lon: 1, Lat: 5}, true},
		"in its hole":     {crs.Point{Lon: 5, Lat: 5}, false},
		"east of it":      {crs.Point{Lon: 15, Lat: 5}, false},
		"in the second":   {crs.Point{Lon: 25, Lat: 25}, true},
		"at its latitude": {crs.Point{Lon: 5, Lat: 25}, false},
	} {
		if got := m.Holds(c.at); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
	}
	if (shape.MultiPolygon{}).Holds(crs.Point{}) {
		t.Error("the empty shape holds a point")
	}
}

// Of triangles that make up a square one alone holds each point of it, those on the lines between them included.
func TestHoldsSharesOutBorders(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		corner := func(name string) crs.Point {
			return crs.Point{Lon: crs.Coord(rapid.IntRange(0, 30).Draw(t, name)), Lat: crs.Coord(rapid.IntRange(0, 30).Draw(t, name))}
		}
		// Fans from a point in the square to its corners cover it.
		middle := corner("middle")
		corners := []crs.Point{{Lon: 0, Lat: 0}, {Lon: 30, Lat: 0}, {Lon: 30, Lat: 30}, {Lon: 0, Lat: 30}}
		at := corner("point")
		held := 0
		for i, a := range corners {
			if (shape.MultiPolygon{{shape.Ring{a, corners[(i+1)%4], middle}}}).Holds(at) {
				held++
			}
		}
		want := 1
		if at.Lon == 30 || at.Lat == 30 { // the square itself leaves its east and north to others
			want = 0
		}
		if held != want {
			t.Fatalf("%d triangles hold %v, with %v in the middle", held, at, middle)
		}
	})
}

// A triangle and a box share a point when a grid point of one lies in the other or their sides cross: looked for in every point
// of a fine net.
func TestMeetsBox(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		const fine = 60
		draw := func(name string) crs.Point {
			return crs.Point{Lon: crs.Coord(rapid.IntRange(0, 6).Draw(t, name)) * fine, Lat: crs.Coord(rapid.IntRange(0, 6).Draw(t, name)) * fine}
		}
		a, b, c := draw("a"), draw("b"), draw("c")
		triangle := shape.MultiPolygon{{{a, b, c}}}
		low, high := draw("low"), draw("high")
		box := shape.EmptyBox.Add(low).Add(high)
		side := func(p, q, r crs.Point) int64 {
			return (int64(q.Lon)-int64(p.Lon))*(int64(r.Lat)-int64(p.Lat)) - (int64(q.Lat)-int64(p.Lat))*(int64(r.Lon)-int64(p.Lon))
		}
		if side(a, b, c) == 0 {
			return // no triangle
		}
		want := false
		for lon := box.Min.Lon; lon <= box.Max.Lon && !want; lon++ {
			for lat := box.Min.Lat; lat <= box.Max.Lat && !want; lat++ {
				p := crs.Point{Lon: lon, Lat: lat}
				x, y, z := side(a, b, p), side(b, c, p), side(c, a, p)
				want = x >= 0 && y >= 0 && z >= 0 || x <= 0 && y <= 0 && z <= 0
			}
		}
		// Corners are at most six steps of 60 apart, so where a side crosses one of the box is a point of the net.
		if got := triangle.MeetsBox(box); got != want {
			t.Fatalf("%v and %v: %v", triangle, box, got)
		}
	})
}
