package crs

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// metresApart returns how far a place is from a longitude and latitude.
func metresApart(p Point, lon, lat float64) float64 {
	q, _ := FromDegrees(lon, lat)
	return float64(Distance(p, q))
}

// PROJ, by way of gdaltransform, is the oracle: it says where places of China and elsewhere lie in each system.
func TestSystemsAgreeWithPROJ(t *testing.T) {
	if _, err := exec.LookPath("gdaltransform"); err != nil {
		t.Skip("gdaltransform is not installed")
	}
	cases := map[string]float64{"3857": 105.2, "32650": 117, "32748": 105.2, "26914": -99.3}
	for code := 4491; code <= 4554; code++ {
		s, ok := coded(code)
		if !ok {
			t.Fatalf("EPSG:%d is not known", code)
		}
		cases[fmt.Sprint(code)] = s.tm.lon0 + 0.7
	}
	for code, middle := range cases {
		var in strings.Builder
		var places [][2]float64
		for _, d := range [][2]float64{{0, 37.5}, {1.9, 18.2}, {-1.7, 53.5}, {0.3, 0.01}} {
			places = append(places, [2]float64{middle + d[0], d[1]})
			fmt.Fprintf(&in, "%v %v\n", middle+d[0], d[1])
		}
		datum := "EPSG:4490"
		if code[0] == '3' {
			datum = "EPSG:4326"
		} else if code[0] == '2' {
			datum = "EPSG:4269"
		}
		cmd := exec.Command("gdaltransform", "-output_xy", "-s_srs", datum, "-t_srs", "EPSG:"+code)
		cmd.Stdin = strings.NewReader(in.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		s, err := Named(code)
		if err != nil {
			t.Fatal(err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			var x, y float64
			if _, err := fmt.Sscan(line, &x, &y); err != nil {
				t.Fatal(line, err)
			}
			p, err := s.Point(x, y)
			if err != nil || metresApart(p, places[i][0], places[i][1]) > 0.02 {
				t.Errorf("EPSG:%s %v %v is %v, want %v: %v", code, x, y, p, places[i], err)
			}
			swapped, _ := Named("EPSG:" + code + ",swapped")
			if q, err := swapped.Point(y, x); q != p || err != nil {
				t.Errorf("EPSG:%s swapped is %v, want %v: %v", code, q, p, err)
			}
		}
	}
}

// The shifts at Zhongwei: 333 m east and 62 m north in GCJ-02, 1,155 m in all in BD-09.
func TestShiftsAtZhongwei(t *testing.T) {
	const lon, lat = 105.1966, 37.5149
	p, _ := FromDegrees(lon, lat)
	x, y := gcjOfGround(lon, lat)
	if d := metresApart(p, x, y); math.Abs(d-338) > 1 {
		t.Errorf("GCJ-02 shifts by %.1f m", d)
	}
	if d := metresApart(p, x, lat); math.Abs(d-333) > 1 {
		t.Errorf("GCJ-02 shifts east by %.1f m", d)
	}
	x, y = bdOfGCJ(x, y)
	if d := metresApart(p, x, y); math.Abs(d-1155) > 2 {
		t.Errorf("BD-09 shifts by %.1f m", d)
	}
}

// What a shift does, its system undoes, to the grid's step or two.
func TestShiftsAreUndone(t *testing.T) {
	gcj, _ := Named("GCJ-02")
	bd, _ := Named("bd09")
	rapid.Check(t, func(t *rapid.T) {
		lon, lat := rapid.Float64Range(73, 135).Draw(t, "lon"), rapid.Float64Range(3, 54).Draw(t, "lat")
		x, y := gcjOfGround(lon, lat)
		if p, err := gcj.Point(x, y); err != nil || metresApart(p, lon, lat) > 0.015 {
			t.Fatalf("GCJ-02: %v, %v", p, err)
		}
		x, y = bdOfGCJ(x, y)
		if p, err := bd.Point(x, y); err != nil || metresApart(p, lon, lat) > 0.015 {
			t.Fatalf("BD-09: %v, %v", p, err)
		}
	})
}

// No number is silently a place of another system.
func TestNumbersOfOtherSystemsAreRefused(t *testing.T) {
	for _, c := range []struct {
		name string
		x, y float64
		kind string
	}{
		{"4523", 517381, 4153674, "beyond"},   // the zone's number is missing
		{"4544", 35517381, 4153674, "beyond"}, // it is there and should not be
		{"4544", 4153674, 517381, "swapped"},
		{"4524", 35517381, 4153674, "beyond"}, // the next zone
		{"4523", 105.2, 37.5, "degrees"},
		{"4523", 37.5, 105.2, "degrees"},
		{"3857", 105.2, 37.5, "degrees"},
		{"4490", 37.5, 105.2, "swapped"},
		{"4490", 517381, 4153674, "beyond"},
		{"gcj02", 37.5, 105.2, "swapped"},
		{"4523", math.NaN(), 4153674, "beyond"},
		{"4523", math.Inf(1), 4153674, "beyond"},
	} {
		s, err := Named(c.name)
		if err != nil {
			t.Fatal(err)
		}
		p, err := s.Point(c.x, c.y)
		if e, ok := errors.AsType[*SystemError](err); !ok || e.Kind != c.kind {
			t.Errorf("%s %v %v: %v %v, want %s", c.name, c.x, c.y, p, err, c.kind)
		}
	}
	for _, name := range []string{"", "EPSG:2437", "EPSG:4555", "gcj", "4523,turned", "EPSG:32661"} {
		if s, err := Named(name); err == nil {
			t.Errorf("%q is %v", name, s)
		}
	}
}

// Descriptions in the three dialects give what the code gives; another datum is refused by name.
func TestDescriptions(t *testing.T) {
	const cgcs = `GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]`
	gauss := func(geo, lon, east string) string {
		return `PROJCS["CGCS2000_GK",` + geo + `,PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",` + east + `],PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",` + lon +
			`],PARAMETER["Scale_Factor",1.0],PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]`
	}
	for text, code := range map[string]string{
		cgcs:                                     "4490",
		gauss(cgcs, "105.0", "35500000.0"):       "4523",
		gauss(cgcs, "105.0", "500000.0"):         "4544",
		"\uFEFF " + gauss(cgcs, "117", "500000"): "4548",
		`PROJCRS["x",BASEGEOGCRS["WGS 84",ENSEMBLE["World Geodetic System 1984 ensemble",MEMBER["a"],ELLIPSOID["WGS 84",6378137,298.257223563,LENGTHUNIT["metre",1]]]],CONVERSION["UTM zone 48N",METHOD["Transverse Mercator",ID["EPSG",9807]],PARAMETER["Latitude of natural origin",0],PARAMETER["Longitude of natural origin",105],PARAMETER["Scale factor at natural origin",0.9996],PARAMETER["False easting",500000],PARAMETER["False northing",0]],CS[Cartesian,2],AXIS["(E)",east],LENGTHUNIT["metre",1]]`: "32648",
		`PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",` + strings.ReplaceAll(cgcs, "D_China_2000", "D_WGS_1984") + `,PROJECTION["Mercator_Auxiliary_Sphere"],UNIT["Meter",1.0]]`: "3857",
	} {
		got, err := FromWKT(text)
		want, _ := Named(code)
		x, y := 105.2, 37.5
		if !want.IsDegrees() {
			x, y = want.tm.east+17381, 4153674
		}
		p, err2 := got.Point(x, y)
		if q, _ := want.Point(x, y); err != nil || err2 != nil || p != q {
			t.Errorf("%s: %+v, %v, %v; want %+v", text, got, err, err2, want)
		}
	}
	for text, kind := range map[string]string{
		gauss(strings.ReplaceAll(cgcs, "D_China_2000", "D_Beijing_1954"), "105.0", "500000.0"): "datum",
		strings.ReplaceAll(cgcs, "D_China_2000", "D_Xian_1980"):                                "datum",
		strings.ReplaceAll(gauss(cgcs, "105.0", "500000.0"), `"Meter",1.0`, `"Foot",0.3048`):   "unit",
		strings.ReplaceAll(gauss(cgcs, "105.0", "500000.0"), "Gauss_Kruger", "Albers"):         "unknown",
		`LOCAL_CS["city"]`: "unknown",
		"":                 "unknown",
		`GEOGCS["`:         "unknown",
		cgcs[:60]:          "unknown",
	} {
		_, err := FromWKT(text)
		if e, ok := errors.AsType[*SystemError](err); !ok || e.Kind != kind {
			t.Errorf("%q: %v, want %s", text, err, kind)
		}
	}
}

func FuzzFromWKT(f *testing.F) {
	f.Add(`PROJCS["a",GEOGCS["b",DATUM["WGS_1984",SPHEROID["c",6378137,298.3]]],PROJECTION["Transverse_Mercator"],PARAMETER["scale_factor",1],UNIT["m",1]]`)
	f.Add(strings.Repeat("A[", 100))
	f.Fuzz(func(t *testing.T, text string) {
		s, err := FromWKT(text)
		if _, ok := errors.AsType[*SystemError](err); err != nil && !ok {
			t.Fatal(err)
		}
		if err == nil {
			_, _ = s.Point(500000, 4000000)
		}
	})
}
