package postgis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/sql/postgis/postgistest"
)

// PostGIS knows how far a line is on the ellipsoid: ours is true to a part in ten thousand within a kilometre and in a
// thousand within ten, in the latitudes of China.
func TestDistancesToLinesAgreeWithPostGIS(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), postgistest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rng := rand.New(rand.NewPCG(5, 6))
	for i := range 300 {
		reach := float64([]int32{10_000, 100_000, 1_000_000}[i%3]) // 100 m, 1 km, 10 km
		p := crs.Point{Lon: crs.Coord(800_000_000 + rng.Int32N(500_000_000)), Lat: crs.Coord(180_000_000 + rng.Int32N(350_000_000))}
		beside := func(away float64) crs.Point {
			angle := rng.Float64() * 2 * math.Pi
			return crs.Point{Lon: p.Lon + crs.Coord(away*math.Cos(angle)), Lat: p.Lat + crs.Coord(away*math.Sin(angle))}
		}
		a := beside(reach * 0.8)
		b := crs.Point{Lon: a.Lon + crs.Coord((rng.Float64()-0.5)*20_000), Lat: a.Lat + crs.Coord((rng.Float64()-0.5)*20_000)} // lines of a city
		var want float64
		err := conn.QueryRow(t.Context(), fmt.Sprintf("select st_distance(st_geogfromtext('SRID=4490;POINT(%s)'), st_geogfromtext('SRID=4490;LINESTRING(%s,%s)'))", p, a, b)).Scan(&want)
		if err != nil {
			t.Fatal(err)
		}
		share := 1e-4
		if want > 1000 {
			share = 1e-3
		}
		if got := math.Sqrt(crs.Around(p).Squared(a, b)); math.Abs(got-want) > share*want+0.002 {
			t.Errorf("from %v to %v %v: %.4f m, PostGIS says %.4f", p, a, b, got, want)
		}
	}
}
