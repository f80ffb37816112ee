package importers

import (
	"encoding/json"
	"strings"
	"testing"
)

// BenchmarkGeoJSON reads 1,000 blocks of 40 corners; the twin is what encoding/json takes to read the same into maps.
func BenchmarkGeoJSON(b *testing.B) {
	ring := strings.Repeat("[-74.055224,40.756785],[-74.055433,40.756576],", 20) + "[-74.055224,40.756785]"
	feature := `{"type":"Feature","properties":{"geoid":"340170001011000","pop":69},"geometry":{"type":"Polygon","coordinates":[[` + ring + `]]}}`
	file := `{"type":"FeatureCollection","features":[` + strings.Repeat(feature+",\n", 999) + feature + `]}`
	b.Run("reader", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			if err := Read("x.geojson", strings.NewReader(file), func(Row) error { return nil }); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("encoding/json", func(b *testing.B) {
		b.SetBytes(int64(len(file)))
		b.ReportAllocs()
		for b.Loop() {
			var any map[string]any
			if err := json.Unmarshal([]byte(file), &any); err != nil {
				b.Fatal(err)
			}
		}
	})
}
