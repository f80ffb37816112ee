package intake

import (
	"testing"

	"pgregory.net/rapid"

	"github.com/google/go-cmp/cmp"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// The short way says of a ring what the long way says, wherever it says anything, and where the ring begins and which way it goes round does not
// matter. Corners lie on a small grid, so that sides touch, cross and fold back.
func TestPlainRing(t *testing.T) {
	taken := 0
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(3, 8).Draw(t, "corners")
		size := rapid.SampledFrom([]int32{3, 6, 1000}).Draw(t, "size")
		var r shape.Ring
		for range n {
			at := rapid.Int32Range(0, size)
			r = append(r, crs.Point{Lon: crs.Coord(1_050_000_000 + at.Draw(t, "lon")), Lat: crs.Coord(370_000_000 + at.Draw(t, "lat"))})
		}
		got, ok := plainRing(shape.MultiPolygon{{r}})
		if !ok {
			return
		}
		taken++
		clean, flaws := topo.Vet(shape.MultiPolygon{{r}})
		if diff := cmp.Diff(canonical(clean), got); diff != "" || len(flaws) > 0 {
			t.Fatalf("%v: flaws %v\n%s", r, flaws, diff)
		}
		start := rapid.IntRange(0, n-1).Draw(t, "start")
		turned := append(append(shape.Ring{}, r[start:]...), r[:start]...)
		if again, ok := plainRing(shape.MultiPolygon{{turned}}); !ok || !cmp.Equal(again, got) {
			t.Fatalf("begun at corner %d it is another: %v", start, again)
		}
	})
	if taken == 0 {
		t.Error("no ring was plain")
	}
}
