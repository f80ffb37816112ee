package tiles_test

import (
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/tiles"
)

var origin = crs.Point{Lon: 1_040_000_000, Lat: 397_000_000}

func at(x, y int) crs.Point {
	return crs.Point{Lon: origin.Lon + crs.Coord(x), Lat: origin.Lat + crs.Coord(y)}
}

func square(x, y, side int) shape.MultiPolygon {
	return shape.MultiPolygon{{{at(x, y), at(x+side, y), at(x+side, y+side), at(x, y+side)}}}
}

func decode(t rapid.TB, tile []byte) mvt.Layers {
	t.Helper()
	layers, err := mvt.Unmarshal(tile)
	if err != nil {
		t.Fatal(err)
	}
	return layers
}

func tileAt(p crs.Point, z int) tiles.Tile {
	m := maptile.At(orb.Point{p.Lon.Degrees(), p.Lat.Degrees()}, maptile.Zoom(z))
	return tiles.Tile{Z: z, X: int(m.X), Y: int(m.Y)}
}

// What another library reads is what was drawn: attributes, ids, and places to a step.
func TestAnotherReaderFindsTheSame(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.IntRange(10, 16).Draw(t, "z")
		where := tileAt(origin, z)
		reach := tiles.Reach(where)
		mid := crs.Point{Lon: (reach.Min.Lon + reach.Max.Lon) / 2, Lat: (reach.Min.Lat + reach.Max.Lat) / 2}
		size := crs.Coord(int(reach.Max.Lon-reach.Min.Lon) / rapid.IntRange(3, 40).Draw(t, "part"))
		ring := shape.Ring{mid, {Lon: mid.Lon + size, Lat: mid.Lat}, {Lon: mid.Lon + size, Lat: mid.Lat + size/2}, {Lon: mid.Lon, Lat: mid.Lat + size/2}}
		tile := tiles.Encode(where, []tiles.Layer{{Name: "nothing"}, {Name: "grids", Features: []tiles.Feature{
			{ID: 7, Drawing: tiles.Draw(shape.MultiPolygon{{ring}}, nil), Attributes: []tiles.Attribute{{Key: "code", Value: "甲-01"}, {Key: "n", Value: int64(-3)}, {Key: "x", Value: 2.5}, {Key: "ok", Value: true}}},
			{ID: 8, Drawing: tiles.DrawPoint(mid), Attributes: []tiles.Attribute{{Key: "code", Value: "甲-01"}}},
		}}})
		layers := decode(t, tile)
		if len(layers) != 1 || layers[0].Name != "grids" || layers[0].Version != 2 || layers[0].Extent != 4096 || len(layers[0].Features) != 2 {
			t.Fatalf("%+v", layers)
		}
		f := layers[0].Features[0]
		if f.Properties["code"] != "甲-01" || f.Properties["n"] != -3.0 || f.Properties["x"] != 2.5 || f.Properties["ok"] != true || f.ID != 7.0 {
			t.Fatalf("%v %v", f.ID, f.Properties)
		}
		polygon := f.Geometry.(orb.Polygon)
		if polygon[0].Orientation() != orb.CCW { // positive in the tile's own axes, y down
			t.Fatal("the shell runs the wrong way")
		}
		layers.ProjectToWGS84(maptile.New(uint32(where.X), uint32(where.Y), maptile.Zoom(z)))
		step := 360 / math.Ldexp(4096, z)
		for i, p := range layers[0].Features[0].Geometry.(orb.Polygon)[0][:4] {
			nearest := math.Inf(1)
			for _, q := range ring {
				nearest = min(nearest, max(math.Abs(p[0]-q.Lon.Degrees()), math.Abs(p[1]-q.Lat.Degrees())))
			}
			if nearest > 1.01*step { // the other library takes a step for its middle

				t.Fatalf("corner %d is off by %v steps", i, nearest/step)
			}
		}
	})
}

// Blocks side by side stay side by side at each zoom: their areas add up to that of their union, and nothing is shown beyond
// the buffer.
func TestNeighboursDoNotGape(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z := rapid.IntRange(11, 18).Draw(t, "z")
		// A row of blocks under a bent border that all share.
		n := rapid.IntRange(2, 8).Draw(t, "n")
		ys := rapid.SliceOfN(rapid.IntRange(2000, 60000), n+1, n+1).Draw(t, "ys")
		const step = 20000
		var blocks []tiles.Feature
		whole := shape.Ring{at(0, 0), at(n*step, 0)}
		for i := range n {
			blocks = append(blocks, tiles.Feature{ID: uint64(i + 1), Drawing: tiles.Draw(shape.MultiPolygon{{{at(i*step, 0), at((i+1)*step, 0), at((i+1)*step, ys[i+1]), at(i*step, ys[i])}}}, nil)})
		}
		for i := n; i >= 0; i-- {
			whole = append(whole, at(i*step, ys[i]))
		}
		// The union has the blocks' corners on its lower side too.
		bottom := shape.Ring{}
		for i := range n + 1 {
			bottom = append(bottom, at(i*step, 0))
		}
		whole = append(bottom, whole[2:]...)
		where := tileAt(at(rapid.IntRange(0, n*step).Draw(t, "x"), 1000), z)
		layers := decode(t, tiles.Encode(where, []tiles.Layer{{Name: "blocks", Features: blocks}, {Name: "whole", Features: []tiles.Feature{{ID: 1, Drawing: tiles.Draw(shape.MultiPolygon{{whole}}, nil)}}}}))
		sum := map[string]float64{}
		for _, l := range layers {
			for _, f := range l.Features {
				sum[l.Name] += planar.Area(f.Geometry)
				b := f.Geometry.Bound()
				if b.Min[0] < -64 || b.Min[1] < -64 || b.Max[0] > 4160 || b.Max[1] > 4160 {
					t.Fatalf("%v reaches beyond the buffer", b)
				}
			}
		}
		// Clipping the union and clipping the parts meet the edge of the buffer in points rounded alike.
		if math.Abs(sum["blocks"]-sum["whole"]) > 1e-6 {
			t.Fatalf("the blocks cover %v, their union %v", sum["blocks"], sum["whole"])
		}
	})
}

func TestHolesAndParts(t *testing.T) {
	m := shape.MultiPolygon{
		{{at(0, 0), at(9000, 0), at(9000, 9000), at(0, 9000)}, {at(3000, 3000), at(3000, 6000), at(6000, 6000), at(6000, 3000)}},
		square(20000, 0, 5000)[0],
	}
	where := tileAt(at(1000, 1000), 14)
	layers := decode(t, tiles.Encode(where, []tiles.Layer{{Name: "a", Features: []tiles.Feature{{ID: 1, Drawing: tiles.Draw(m, nil)}}}}))
	got, ok := layers[0].Features[0].Geometry.(orb.MultiPolygon)
	if !ok || len(got) != 2 || len(got[0]) != 2 || len(got[1]) != 1 {
		t.Errorf("%v", layers[0].Features[0].Geometry)
	}
	if tile := tiles.Encode(tiles.Tile{Z: 3, X: 0, Y: 0}, []tiles.Layer{{Name: "a", Features: []tiles.Feature{{ID: 1, Drawing: tiles.Draw(m, nil)}}}}); len(tile) != 0 {
		t.Error("a far tile shows something")
	}
}

// The tiles that cover a box are those whose reach meets it.
func TestCovering(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a := at(rapid.IntRange(-3e6, 3e6).Draw(t, "x"), rapid.IntRange(-3e6, 3e6).Draw(t, "y"))
		box := shape.Box{Min: a, Max: crs.Point{Lon: a.Lon + crs.Coord(rapid.IntRange(0, 2e5).Draw(t, "w")), Lat: a.Lat + crs.Coord(rapid.IntRange(0, 2e5).Draw(t, "h"))}}
		z := rapid.IntRange(8, 15).Draw(t, "z")
		got := tiles.Covering(box, z, z)
		middle := tileAt(a, z)
		for x := middle.X - 4; x <= middle.X+4; x++ {
			for y := middle.Y - 4; y <= middle.Y+4; y++ {
				inner := tiles.Reach(tiles.Tile{Z: z, X: x, Y: y})
				inner.Min.Lon, inner.Min.Lat, inner.Max.Lon, inner.Max.Lat = inner.Min.Lon+2, inner.Min.Lat+2, inner.Max.Lon-2, inner.Max.Lat-2
				if inner.Meets(box) && !slices.Contains(got, [3]int{z, x, y}) {
					t.Fatalf("tile %d/%d/%d shows the box and is missing", z, x, y)
				}
			}
		}
		for _, c := range got {
			if !tiles.Reach(tiles.Tile{Z: c[0], X: c[1], Y: c[2]}).Meets(box) {
				t.Fatalf("tile %v does not show the box", c)
			}
		}
	})
}

// GDAL opens what we draw.
func TestGDALOpensATile(t *testing.T) {
	if _, err := exec.LookPath("ogrinfo"); err != nil {
		t.Skip("there is no GDAL on this machine: make test installs it")
	}
	where := tileAt(at(1000, 1000), 14)
	name := filepath.Join(t.TempDir(), "tile.mvt")
	tile := tiles.Encode(where, []tiles.Layer{{Name: "grids", Features: []tiles.Feature{{ID: 1, Drawing: tiles.Draw(square(0, 0, 9000), nil), Attributes: []tiles.Attribute{{Key: "code", Value: "990102"}}}}}})
	if err := os.WriteFile(name, tile, 0o600); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("ogrinfo", "-al", "MVT:"+name).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "Feature Count: 1") || !strings.Contains(string(out), "code (String) = 990102") {
		t.Errorf("%v: %s", err, out)
	}
}

func BenchmarkEncode(b *testing.B) {
	var blocks []tiles.Feature
	for i := range 2500 {
		blocks = append(blocks, tiles.Feature{ID: uint64(i), Drawing: tiles.Draw(square(i%50*3000, i/50*3000, 3000), nil), Attributes: []tiles.Attribute{{Key: "grid", Value: int64(i / 7)}}})
	}
	where := tileAt(at(75000, 75000), 13)
	var size int
	for b.Loop() {
		size = len(tiles.Encode(where, []tiles.Layer{{Name: "blocks", Features: blocks}}))
	}
	b.ReportMetric(float64(size)/1024, "KiB/tile")
}
