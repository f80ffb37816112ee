package postgis_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/sql/postgis/postgistest"
)

// PostGIS knows the geodesic: our lengths and areas agree with it to a few parts in 100,000 for sides of 300 m, and better for shorter ones.
func TestLengthsAndAreasAgreeWithPostGIS(t *testing.T) {
	conn, err := pgx.Connect(t.Context(), postgistest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(t.Context())
	rng := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		at := crs.Point{Lon: crs.Coord(rng.Int32N(1_200_000_000)), Lat: crs.Coord(rng.Int32N(1_100_000_000) - 550_000_000)}
		corner := func(quarter int) crs.Point {
			angle := (float64(quarter) + 0.8*rng.Float64()) * math.Pi / 2
			reach := 1000 + rng.Float64()*20_000 // up to 200 m
			return crs.Point{Lon: at.Lon + crs.Coord(reach*math.Cos(angle)), Lat: at.Lat + crs.Coord(reach*math.Sin(angle))}
		}
		ring := []crs.Point{corner(0), corner(1), corner(2), corner(3)}
		var text []string
		for i := range 5 {
			text = append(text, ring[i%4].String())
		}
		var length, area float64
		err := conn.QueryRow(t.Context(), fmt.Sprintf(
			"select st_length(st_geogfromtext('SRID=4490;LINESTRING(%s,%s)')), st_area(st_geogfromtext('SRID=4490;POLYGON((%s))'))",
			text[0], text[1], strings.Join(text, ","))).Scan(&length, &area)
		if err != nil {
			t.Fatal(err)
		}
		if got := float64(crs.Distance(ring[0], ring[1])); math.Abs(got-length) > 1e-6*length+1e-4 {
			t.Errorf("%s to %s: %.4f m, PostGIS says %.4f", text[0], text[1], got, length)
		}
		if got := float64(crs.RingArea(ring)); math.Abs(got-area) > 3e-5*area {
			t.Errorf("%v: %.2f m2, PostGIS says %.2f", text, got, area)
		}
	}
}
