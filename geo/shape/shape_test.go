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
