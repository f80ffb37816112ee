package crs

import (
	"fmt"
	"math"
	"os/exec"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// What Numbers writes, Point reads.
func TestNumbersComeBack(t *testing.T) {
	names := []string{"4490", "wgs84", "gcj02", "bd09", "4523", "4544", "4544,swapped", "4496", "32648", "3857"}
	rapid.Check(t, func(t *rapid.T) {
		p := Point{Coord(rapid.Int32Range(1_035_000_000, 1_065_000_000).Draw(t, "lon")), Coord(rapid.Int32Range(180_000_000, 530_000_000).Draw(t, "lat"))}
		for _, name := range names {
			s, err := Named(name)
			if err != nil {
				t.Fatal(err)
			}
			if q, err := s.Point(s.Numbers(p)); err != nil || q != p {
				t.Fatalf("%s: %v came back as %v, %v", name, p, q, err)
			}
		}
	})
}

// PROJ, by way of gdaltransform, is the oracle.
func TestNumbersAgreeWithPROJ(t *testing.T) {
	if _, err := exec.LookPath("gdaltransform"); err != nil {
		t.Skip("gdaltransform is not installed")
	}
	points := []Point{{1_051_966_000, 375_149_000}, {1_035_200_007, 182_000_001}, {1_064_000_000, 529_999_999}}
	for _, code := range []string{"4523", "4544", "4495", "4507", "32648", "3857"} {
		var in strings.Builder
		for _, p := range points {
			fmt.Fprintf(&in, "%s\n", p)
		}
		cmd := exec.Command("gdaltransform", "-output_xy", "-s_srs", "EPSG:4490", "-t_srs", "EPSG:"+code)
		if code[0] == '3' {
			cmd.Args[3] = "EPSG:4326"
		}
		cmd.Stdin = strings.NewReader(in.String())
		out, err := cmd.Output()
		if err != nil {
			t.Fatal(err)
		}
		s, _ := Named(code)
		for i, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
			var x, y float64
			if _, err := fmt.Sscan(line, &x, &y); err != nil {
				t.Fatal(line, err)
			}
			if gotX, gotY := s.Numbers(points[i]); math.Hypot(gotX-x, gotY-y) > 0.001 {
				t.Errorf("EPSG:%s: %v is %.4f %.4f, PROJ says %.4f %.4f", code, points[i], gotX, gotY, x, y)
			}
		}
	}
}
