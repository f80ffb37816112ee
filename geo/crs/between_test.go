package crs

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// Every place of a straight edge of the file lies within a centimetre of the edges it is taken in, and the edge turned round is taken in
// the same ones.
func TestEdgesKeepTheirPlace(t *testing.T) {
	names := []string{"gcj02", "bd09", "4544", "4523", "32648", "3857", "4544,gcj02", "4544,bd09", "gcj02,swapped", "4544,swapped"}
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.SampledFrom(names).Draw(t, "system")
		s, err := Named(name)
		if err != nil {
			t.Fatal(err)
		}
		p := Point{Coord(rapid.Int32Range(1_038_000_000, 1_062_000_000).Draw(t, "lon")), Coord(rapid.Int32Range(180_000_000, 530_000_000).Draw(t, "lat"))}
		q := Point{p.Lon + Coord(rapid.Int32Range(-300_000, 300_000).Draw(t, "dx")), p.Lat + Coord(rapid.Int32Range(-300_000, 300_000).Draw(t, "dy"))}
		ax, ay := s.Numbers(p)
		bx, by := s.Numbers(q)
		path := [][2]float64{{ax, ay}}
		if !s.Between(ax, ay, bx, by, func(x, y float64) { path = append(path, [2]float64{x, y}) }) {
			t.Fatalf("%v %v is too long", p, q)
		}
		path = append(path, [2]float64{bx, by})
		back := [][2]float64{{bx, by}}
		s.Between(bx, by, ax, ay, func(x, y float64) { back = append(back, [2]float64{x, y}) })
		back = append(back, [2]float64{ax, ay})
		slices.Reverse(back)
		if !slices.Equal(path, back) {
			t.Fatal("turned round it is taken in other pieces")
		}
		part := rapid.Float64Range(0, 1).Draw(t, "part")
		i := min(int(part*float64(len(path)-1)), len(path)-2)
		u, v := path[i], path[i+1]
		// Half way between two of its points, in the file and on the ground, without the rounding of the grid.
		lon, lat := placeOf(s, (u[0]+v[0])/2, (u[1]+v[1])/2)
		lon1, lat1 := placeOf(s, u[0], u[1])
		lon2, lat2 := placeOf(s, v[0], v[1])
		east, north := (lon-(lon1+lon2)/2)*math.Cos(lat/degree)*111_320, (lat-(lat1+lat2)/2)*111_320
		if off := math.Hypot(east, north); off > 0.01 {
			t.Fatalf("%s: %v %v in %d pieces is %.4f m off", name, p, q, len(path)-1, off)
		}
	})
}

func placeOf(s System, a, b float64) (lon, lat float64) {
	if s.swapped {
		a, b = b, a
	}
	lon, lat, _ = s.degrees(a, b)
	return lon, lat
}

// An edge across half of the country is none of a city, and no longitude and latitude is divided.
func TestEdgesThatAreTooLong(t *testing.T) {
	never := func(x, y float64) { t.Error("a point was added") }
	bd, _ := Named("bd09")
	if bd.Between(75, 30, 130, 30, never) || !bd.Between(105, 37, 105, 37, never) || bd.Between(math.Inf(-1), 0, math.Inf(1), 0, never) {
		t.Error("it is short enough")
	}
	if !new(System).Between(75, 30, 130, 30, never) || !Unplaced[1].Between(0, 0, 1e7, 1e7, never) {
		t.Error("it is too long")
	}
}

// What is not placed is given back as it was.
func TestUnplacedNumbersComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		for i, c := range []struct{ most, step float64 }{{400, 1e-7}, {45_600_000, 0.0125}} {
			x, y := rapid.Float64Range(-c.most, c.most).Draw(t, "x"), rapid.Float64Range(-c.most, c.most).Draw(t, "y")
			if x == -c.most || x == c.most || y == -c.most || y == c.most {
				continue
			}
			p, err := Unplaced[i].Point(x, y)
			gotX, gotY := Unplaced[i].Numbers(p)
			if err != nil || math.Abs(gotX-x) > c.step+1e-9 || math.Abs(gotY-y) > c.step+1e-9 {
				t.Fatalf("%v %v came back as %v %v, %v", x, y, gotX, gotY, err)
			}
		}
	})
}
