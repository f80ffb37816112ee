package intake_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/importers/intake"
	"gridwright/plan/words"
)

// quarter draws n houses of 10 to 30 m over 1.5 km of Zhongwei, and shakes each by up to a metre where it is drawn again.
func quarter(n int, shake float64) (houses [][4]crs.Point) {
	place, again := rand.New(rand.NewPCG(7, 1)), rand.New(rand.NewPCG(7, 2))
	for range n {
		off := func() crs.Coord { return crs.Coord((again.Float64() - 0.5) * 2 * shake) }
		west, south := crs.Coord(1_051_900_000+place.IntN(150_000)), crs.Coord(375_100_000+place.IntN(150_000))
		w, h := crs.Coord(1000+place.IntN(2000)), crs.Coord(1000+place.IntN(2000))
		house := [4]crs.Point{{Lon: west, Lat: south}, {Lon: west + w, Lat: south}, {Lon: west + w, Lat: south + h}, {Lon: west, Lat: south + h}}
		for i := range house {
			house[i].Lon, house[i].Lat = house[i].Lon+off(), house[i].Lat+off()
		}
		houses = append(houses, house)
	}
	return houses
}

// housesIn writes houses as a table whose geometries are in a system.
func housesIn(t testing.TB, houses [][4]crs.Point, name string) string {
	t.Helper()
	s, err := crs.Named(name)
	if err != nil {
		t.Fatal(err)
	}
	text := "code,wkt\n"
	for i, house := range houses {
		var ring []string
		for k := range 5 {
			x, y := s.Numbers(house[k%4])
			ring = append(ring, fmt.Sprintf("%.7f %.7f", x, y))
		}
		text += fmt.Sprintf("%d,\"POLYGON((%s))\"\n", i, strings.Join(ring, ","))
	}
	return text
}

// A copy of known houses in any system is told for what it is; a file that says it is in another is refused until somebody says so.
func TestFilesAreLaidOnTheGround(t *testing.T) {
	d := newDesk(t)
	first := d.must(d.order("area.csv", "code,wkt\n640502,\"POLYGON((105.1 37.4,105.3 37.4,105.3 37.6,105.1 37.6,105.1 37.4))\"\n", "county"))
	d.must(d.order("buildings.csv", housesIn(t, quarter(300, 0), "wgs84"), "building"))
	if !slices.ContainsFunc(first.Notes, func(n string) bool { return strings.Contains(n, "nothing to compare with") }) {
		t.Errorf("that nothing was compared is not told: %q", first.Notes)
	}
	again := quarter(300, 100)[:80]
	for name, proposed := range map[string]string{
		"gcj02": "gcj02", "bd09": "bd09", "gcj02,swapped": "gcj02,swapped", "wgs84,swapped": "EPSG:4490,swapped",
		"EPSG:4544": "EPSG:4544", "EPSG:4523": "EPSG:4523", "EPSG:4544,swapped": "EPSG:4544,swapped", "EPSG:4544,gcj02": "EPSG:4544,gcj02",
		"EPSG:32648": "EPSG:32648", "EPSG:3857": "EPSG:3857", "EPSG:3857,bd09": "EPSG:3857,bd09", "EPSG:4523,bd09": "EPSG:4523,bd09",
	} {
		o := d.order("again.csv", housesIn(t, again, name), "building")
		fits, err := intake.Fits(t.Context(), d.Store, o.File, importers.Form{}, "building")
		best := slices.IndexFunc(fits, func(f intake.Fit) bool { return f.Best })
		if err != nil || best < 0 || fits[best].Name != proposed {
			t.Errorf("%s: %d %+v, %v", name, best, fits, err)
			continue
		}
		r, err := intake.Run(t.Context(), d.Store, o)
		if err == nil || r.Refused[0].Key != "datum.other" && r.Refused[0].Key != "datum.proposed" || !strings.Contains(r.Refused[0].Words, proposed) {
			t.Errorf("%s: %+v, %v", name, r, err)
			continue
		}
		if name == "gcj02" || name == "EPSG:4544" {
			t.Log(r.Refused[0].Words)
			t.Log(r.In(words.Zh).Refused[0].Words)
		}
		system, err := importers.SystemNamed(fits[best].Name)
		if err != nil {
			t.Fatal(err)
		}
		o.Form.System, o.DryRun = &system, true
		if taken := d.must(o); taken.Taken != 80 {
			t.Errorf("%s: %d taken as it is", name, taken.Taken)
		}
	}
	right := d.must(d.order("right.csv", housesIn(t, again, "wgs84"), "building"))
	if !slices.ContainsFunc(right.Notes, func(n string) bool { return strings.Contains(n, "compared with what is there") }) {
		t.Errorf("that it fits is not told: %q", right.Notes)
	}
}

// Houses nobody knows are in no system clearly; --crs as-is takes what would be refused, and the report says so.
func TestNothingIsGuessed(t *testing.T) {
	d := newDesk(t)
	d.must(d.order("buildings.csv", housesIn(t, quarter(300, 0), "wgs84"), "building"))
	unknown := quarter(300, 0)[:40]
	chance := rand.New(rand.NewPCG(9, 9))
	for i := range unknown {
		dx, dy := crs.Coord(chance.IntN(30_000)), crs.Coord(chance.IntN(30_000))
		for k := range unknown[i] {
			unknown[i][k].Lon, unknown[i][k].Lat = unknown[i][k].Lon+dx, unknown[i][k].Lat+dy
		}
	}
	o := d.order("new.csv", strings.ReplaceAll(strings.TrimSpace(housesIn(t, unknown, "wgs84")), "\n", "\nn"), "building")
	if fits, err := intake.Fits(t.Context(), d.Store, o.File, importers.Form{}, "building"); err != nil || len(fits) < 3 || slices.ContainsFunc(fits, func(f intake.Fit) bool { return f.Best }) {
		t.Errorf("%+v, %v", fits, err)
	}
	shifted := d.order("shifted.csv", housesIn(t, quarter(300, 100)[:80], "gcj02"), "building")
	d.refused(shifted, ": datum.other")
	shifted.Form.AsIs = true
	r := d.must(shifted)
	if !slices.ContainsFunc(r.Notes, func(n string) bool { return strings.Contains(n, "gcj02 fits better") }) {
		t.Errorf("that another fits better is not told: %q", r.Notes)
	}
}

// The borders of areas, which houses' shifts are wider than, tell by their lines.
func TestAreasAreLaidOnTheGround(t *testing.T) {
	d := newDesk(t)
	town := func(name string) string {
		s, err := crs.Named(name)
		if err != nil {
			t.Fatal(err)
		}
		chance := rand.New(rand.NewPCG(3, 3))
		corner := map[[2]int]crs.Point{}
		for x := range 6 {
			for y := range 6 {
				corner[[2]int{x, y}] = crs.Point{Lon: crs.Coord(1_051_800_000 + 90_000*x + chance.IntN(30_000)), Lat: crs.Coord(375_000_000 + 80_000*y + chance.IntN(30_000))}
			}
		}
		text := "code,wkt\n"
		for x := range 5 {
			for y := range 5 {
				var ring []string
				for _, c := range [][2]int{{0, 0}, {1, 0}, {1, 1}, {0, 1}, {0, 0}} {
					a, b := s.Numbers(corner[[2]int{x + c[0], y + c[1]}])
					ring = append(ring, fmt.Sprintf("%.7f %.7f", a, b))
				}
				text += fmt.Sprintf("64050200%d%d00,\"POLYGON((%s))\"\n", x, y, strings.Join(ring, ","))
			}
		}
		return text
	}
	d.must(d.order("communities.csv", town("wgs84"), "community"))
	d.refused(d.order("grids.csv", town("gcj02"), "large_grid"), ": datum.other")
	d.refused(d.order("grids.csv", town("bd09"), "large_grid"), ": datum.other")
	d.must(d.order("grids.csv", town("wgs84"), "large_grid"))
}
