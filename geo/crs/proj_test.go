package crs

import (
	"errors"
	"fmt"
	"math"
	"os/exec"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What PROJ makes of a string, by way of gdaltransform, is what is made of it here.
func TestStringsAgreeWithPROJ(t *testing.T) {
	if _, err := exec.LookPath("gdaltransform"); err != nil {
		t.Skip("gdaltransform is not installed")
	}
	for _, text := range []string{
		"+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=500000 +y_0=-3000000 +ellps=GRS80",
		"+proj=tmerc +lat_0=37.5 +lon_0=105.1833333333 +k_0=1.0001 +x_0=30000 +y_0=40000 +ellps=WGS84 +units=m +no_defs",
		"+proj=tmerc +lon_0=105 +x_0=500000 +a=6379367 +rf=298.257222101",
		"+proj=utm +zone=48 +datum=WGS84",
		"+proj=tmerc +lon_0=105 +x_0=35500000 +towgs84=0,0,0,0,0,0,0 +ellps=GRS80",
	} {
		s, err := Named(text)
		if err != nil {
			t.Fatal(err)
		}
		places := []Point{{1_051_966_000, 375_149_000}, {1_043_200_007, 182_000_001}, {1_064_000_000, 529_999_999}}
		var in strings.Builder
		for _, p := range places {
			fmt.Fprintln(&in, p)
		}
		// From longitude and latitude on the ellipsoid of the string itself: no datum is changed.
		from := "+proj=longlat"
		for _, word := range strings.Fields(text) {
			if name, _, _ := strings.Cut(word, "="); slices.Contains([]string{"+ellps", "+datum", "+a", "+rf"}, name) {
				from += " " + word
			}
		}
		cmd := exec.Command("gdaltransform", "-output_xy", "-s_srs", from, "-t_srs", text)
		cmd.Stdin = strings.NewReader(in.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(text, err)
		}
		for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			var x, y float64
			if _, err := fmt.Sscan(line, &x, &y); err != nil {
				t.Fatal(line, err)
			}
			if gotX, gotY := s.Numbers(places[i]); math.Hypot(gotX-x, gotY-y) > 0.001 {
				t.Errorf("%s: %v is %.4f %.4f, PROJ says %.4f %.4f", text, places[i], gotX, gotY, x, y)
			}
			if p, err := s.Point(x, y); err != nil || Distance(p, places[i]) > 0.02 {
				t.Errorf("%s: %.4f %.4f is %v, want %v: %v", text, x, y, p, places[i], err)
			}
		}
	}
}

// What cannot be meant here is refused by name.
func TestStringsOfOtherDatumsAreRefused(t *testing.T) {
	for text, kind := range map[string]string{
		"+proj=tmerc +lon_0=105 +x_0=500000 +ellps=krass":                                    "datum",
		"+proj=tmerc +lon_0=105 +x_0=500000 +ellps=GRS80 +towgs84=15.8,-154.4,-82.3,0,0,0,0": "datum",
		"+proj=tmerc +lon_0=105 +x_0=500000 +a=6378140 +rf=298.257":                          "datum",
		"+proj=tmerc +lon_0=105 +x_0=500000 +datum=potsdam":                                  "datum",
		"+proj=tmerc +lon_0=105 +x_0=fifty":                                                  "parameter",
		"+proj=tmerc +lon_0=105 +lon_0=106":                                                  "parameter",
		"+proj=tmerc +lon_0=105 +gamma=3":                                                    "parameter",
		"+proj=utm":                                                                          "parameter",
		"+proj=tmerc +lon_0=105 +units=us-ft":                                                "unit",
		"+proj=lcc +lat_0=30":                                                                "unknown",
		"+proj=tmerc +lon_0=1e300":                                                           "unknown",
		"+proj=tmerc +k=nan":                                                                 "parameter",
		"+":                                                                                  "parameter",
	} {
		s, err := Named(text)
		if e, ok := errors.AsType[*SystemError](err); !ok || e.Kind != kind {
			t.Errorf("%q: %v %v, want %s", text, s, err, kind)
		}
	}
}

func FuzzFromPROJ(f *testing.F) {
	f.Add("+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=500000 +y_0=-3000000 +ellps=GRS80 +towgs84=0,0,0", 500000.0, 1000000.0)
	f.Add("+proj=utm +zone=48 +south +datum=WGS84", 500000.0, 4000000.0)
	f.Add("+proj=longlat +a=6379367 +rf=298.25", 105.0, 37.0)
	f.Add("+proj=tmerc +lat_0=90 +k_0=0.9 +b=6356752", 0.0, 0.0)
	f.Fuzz(func(t *testing.T, text string, x, y float64) {
		s, err := Named(text)
		if _, ok := errors.AsType[*SystemError](err); err != nil && !ok {
			t.Fatal(err)
		}
		if err != nil {
			return
		}
		p, err := s.Point(x, y)
		if err == nil && (p.Lon < -1_800_000_000 || p.Lon > 1_800_000_000 || p.Lat < -900_000_000 || p.Lat > 900_000_000) {
			t.Fatalf("%q: %v %v is %v", text, x, y, p)
		}
	})
}

// A web map's shift under a projection is undone behind it.
func TestShiftedPlaces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{Coord(rapid.Int32Range(1_035_000_000, 1_065_000_000).Draw(t, "lon")), Coord(rapid.Int32Range(180_000_000, 530_000_000).Draw(t, "lat"))}
		for _, name := range []string{"EPSG:4544,gcj02", "4523, BD-09", "3857,gcj02,swapped", "gcj-02,swapped"} {
			s, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			if q, err := s.Point(s.Numbers(p)); err != nil || Distance(p, q) > 0.02 {
				t.Fatalf("%s: %v came back as %v, %v", name, p, q, err)
			}
			if again, err := Named(strings.ReplaceAll(s.Name(), " ", "")); err != nil || again != s {
				t.Fatalf("%s is called %s, which is %v, %v", name, s.Name(), again, err)
			}
		}
	})
	if _, err := Named("gcj02,bd09"); err == nil {
		t.Error("two shifts were taken")
	}
}
