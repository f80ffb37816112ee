package fit_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/fit"
	"gridwright/geo/shape"
)

// houses draws n houses of 8 to 40 m scattered over two kilometres of Zhongwei, as closed lines.
func houses(seed uint64, n int) (all [][]crs.Point) {
	chance := rand.New(rand.NewPCG(seed, 1))
	side := func() crs.Coord { return crs.Coord(800 + chance.IntN(3200)) }
	for range n {
		west, south := crs.Coord(1_051_900_000+chance.IntN(200_000)), crs.Coord(375_100_000+chance.IntN(200_000))
		w, h := side(), side()
		all = append(all, []crs.Point{{Lon: west, Lat: south}, {Lon: west + w, Lat: south}, {Lon: west + w, Lat: south + h}, {Lon: west, Lat: south + h}, {Lon: west, Lat: south}})
	}
	return all
}

// moved shifts the houses by a datum and shakes their corners by up to two metres.
func moved(all [][]crs.Point, d crs.Datum, seed uint64) (places, corners []crs.Point) {
	chance := rand.New(rand.NewPCG(seed, 2))
	for _, line := range all {
		for i, p := range line[:4] {
			lon, lat := d.FromGround(p.Lon.Degrees()+(chance.Float64()-0.5)*4e-5, p.Lat.Degrees()+(chance.Float64()-0.5)*4e-5)
			q, err := crs.FromDegrees(lon, lat)
			if err != nil {
				panic(err)
			}
			if corners = append(corners, q); i == 0 {
				places = append(places, q)
			}
		}
	}
	return places, corners
}

// Of a dense quarter, a file in the right system beats the same file in the wrong one, never the other way round; and other houses of the
// same quarter beat nothing.
func TestTheRightPlaceBeatsTheShifted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		known := houses(seed, rapid.IntRange(200, 1200).Draw(t, "houses"))
		r := fit.NewReference(nil, known)
		file := known[:rapid.IntRange(10, 60).Draw(t, "in the file")]
		right := r.Measure(moved(file, crs.WGS84, seed))
		for _, d := range []crs.Datum{crs.GCJ02, crs.BD09} {
			wrong := r.Measure(moved(file, d, seed))
			if !right.Beats(wrong) || wrong.Beats(right) || right.Compare(wrong) >= 0 {
				t.Fatalf("%+v and, in %s, %+v", right, d, wrong)
			}
		}
		others := houses(seed+1, 40)
		here, there := r.Measure(moved(others, crs.WGS84, seed)), r.Measure(moved(others, crs.GCJ02, seed))
		if here.Beats(there) || there.Beats(here) {
			t.Fatalf("houses nobody knows: %+v and %+v", here, there)
		}
	})
}

// Distances are those of a search through all lines.
func TestDistancesAreTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		known := houses(seed, rapid.IntRange(1, 60).Draw(t, "houses"))
		p := crs.Point{Lon: crs.Coord(rapid.Int32Range(1_051_800_000, 1_052_200_000).Draw(t, "lon")), Lat: crs.Coord(rapid.Int32Range(375_000_000, 375_400_000).Draw(t, "lat"))}
		want := float64(fit.Far)
		for _, line := range known {
			for i := 1; i < len(line); i++ {
				want = min(want, math.Sqrt(crs.Around(p).Squared(line[i-1], line[i])))
			}
		}
		if got := fit.NewReference(nil, known).Measure([]crs.Point{p}, []crs.Point{p}).Middle; math.Abs(float64(got)-want) > 1e-6 {
			t.Fatalf("%v m, want %v", got, want)
		}
	})
}

// Without lines the areas decide, if the file is large and clearly outside of them.
func TestAreasAlone(t *testing.T) {
	area := shape.MultiPolygon{{{{Lon: 1_051_900_000, Lat: 375_100_000}, {Lon: 1_052_100_000, Lat: 375_100_000}, {Lon: 1_052_100_000, Lat: 375_300_000}, {Lon: 1_051_900_000, Lat: 375_300_000}}}}
	r := fit.NewReference([]shape.MultiPolygon{area}, nil)
	var in, out []crs.Point
	for _, h := range houses(1, 40) {
		in = append(in, h[0])
		out = append(out, crs.Point{Lon: h[0].Lon + 300_000, Lat: h[0].Lat})
	}
	inside, outside := r.Measure(in, in), r.Measure(out, out)
	if !inside.Beats(outside) || outside.Beats(inside) || inside.Corners != 0 {
		t.Errorf("%+v and %+v", inside, outside)
	}
	if few := r.Measure(in[:20], nil); few.Beats(r.Measure(out[:20], nil)) {
		t.Error("twenty places are enough")
	}
	var none fit.Figures
	if fit.NewReference(nil, nil).Measure(in, in).Beats(none) {
		t.Error("nothing beats nothing")
	}
}
