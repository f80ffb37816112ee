package crs_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
)

// Points that others publish with their libraries: googollee/eviltransform (Shanghai, Shenzhen, Beijing) and
// wandergis/coordtransform (116.404 39.915).
func TestDatumsAgreeWithPublishedPoints(t *testing.T) {
	for _, c := range []struct {
		name     string
		from, to crs.Datum
		at, want [2]float64
	}{
		{"Shanghai", crs.WGS84, crs.GCJ02, [2]float64{121.5272106, 31.1774276}, [2]float64{121.531541859215, 31.17530398364597}},
		{"Shenzhen", crs.WGS84, crs.GCJ02, [2]float64{113.912316, 22.543847}, [2]float64{113.9171764808363, 22.540796131694766}},
		{"Beijing", crs.WGS84, crs.GCJ02, [2]float64{116.377817, 39.911954}, [2]float64{116.38404722455657, 39.91334545536069}},
		{"Beijing, rounded", crs.WGS84, crs.GCJ02, [2]float64{116.404, 39.915}, [2]float64{116.41024449916938, 39.91640428150164}},
		{"Beijing, twice shifted", crs.GCJ02, crs.BD09, [2]float64{116.404, 39.915}, [2]float64{116.41036949371029, 39.92133699351021}},
		{"Beijing, shifted back", crs.GCJ02, crs.WGS84, [2]float64{116.41024449916938, 39.91640428150164}, [2]float64{116.404, 39.915}},
		{"Paris is not shifted", crs.WGS84, crs.GCJ02, [2]float64{2.35, 48.85}, [2]float64{2.35, 48.85}},
	} {
		lon, lat := c.to.FromGround(c.from.ToGround(c.at[0], c.at[1]))
		if math.Abs(lon-c.want[0]) > 1e-8 || math.Abs(lat-c.want[1]) > 1e-8 {
			t.Errorf("%s: %.10f %.10f, want %.10f %.10f", c.name, lon, lat, c.want[0], c.want[1])
		}
	}
}

// There and back is where one was, all over China.
func TestDatumsComeBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(73, 136).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat")
		for _, d := range crs.Datums {
			atLon, atLat := d.ToGround(d.FromGround(lon, lat))
			if math.Abs(atLon-lon) > 1e-9 || math.Abs(atLat-lat) > 1e-9 {
				t.Fatalf("%s: %.12f %.12f came back as %.12f %.12f", d, lon, lat, atLon, atLat)
			}
		}
	})
}
