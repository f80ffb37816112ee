package importers

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/paulmach/orb/geojson"
)

// BenchmarkGeoJSON reads 1,000 blocks of 40 corners, and 10,000 buildings of 7 with five columns. The twins are what encoding/json takes to read the
// same into maps, and orb/geojson into its own geometries.
func BenchmarkGeoJSON(b *testing.B) {
	ring := strings.Repeat("[-74.055224,40.756785],[-74.055433,40.756576],", 20) + "[-74.055224,40.756785]"
	block := `{"type":"Feature","properties":{"geoid":"340170001011000","pop":69},"geometry":{"type":"Polygon","coordinates":[[` + ring + `]]}}`
	var buildings []string
	for i := range 10_000 {
		x, y := 105+float64(i%100)*0.0003, 37+float64(i/100)*0.0003
		var ring []string
		for _, c := range [][2]float64{{0, 0}, {2, 0}, {2, 1}, {1, 1}, {1, 2}, {0, 2}, {0, 0}} {
			ring = append(ring, fmt.Sprintf("[%.7f,%.7f]", x+c[0]/1e4, y+c[1]/1e4))
		}
		buildings = append(buildings, fmt.Sprintf(`{"type":"Feature","properties":{"code":"B%07d","name":"金域华府 %d","class":"house","floors":%d,"number":"%d"},"geometry":`+
			`{"type":"Polygon","coordinates":[[%s]]}}`, i, i, i%30, i%99, strings.Join(ring, ",")))
	}
	for name, features := range map[string][]string{"blocks": strings.Split(strings.Repeat(block+"\n", 999)+block, "\n"), "buildings": buildings} {
		file := `{"type":"FeatureCollection","features":[` + strings.Join(features, ",\n") + `]}`
		for _, rival := range []struct {
			name string
			read func() error
		}{
			{"reader", func() error { return Read("x.geojson", strings.NewReader(file), func(Row) error { return nil }) }},
			{"encoding-json", func() error { var any map[string]any; return json.Unmarshal([]byte(file), &any) }},
			{"orb", func() error { _, err := geojson.UnmarshalFeatureCollection([]byte(file)); return err }},
		} {
			b.Run(name+"/"+rival.name, func(b *testing.B) {
				b.SetBytes(int64(len(file)))
				b.ReportAllocs()
				for b.Loop() {
					if err := rival.read(); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
