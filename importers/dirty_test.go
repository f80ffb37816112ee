package importers

import (
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The public collection of invalid GeoJSON tells by each file's name what is wrong with it. What is wrong with a ring's
// own shape is not the reader's to judge, and a feature without a geometry may be an area known by its code alone; everything else named invalid must be refused, and valid polygons taken.
func TestDirtyGeoJSON(t *testing.T) {
	const dir = "../../shared/data/dirty-geojson-invalid/examples"
	if _, err := os.Stat(dir); err != nil {
		t.Skip("the collection of dirty GeoJSON is not here")
	}
	harmless := []string{"exterior_not_ccw", "interior_not_cw", "bbox", "feature_id_type", "no_properties", "wrong_geometry_key"}
	err := filepath.WalkDir(dir, func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		rows, err := tryRows(name, strings.NewReader(string(text)))
		refused := err != nil
		for _, r := range rows {
			refused = refused || r.Fault != nil
		}
		base := filepath.Base(name)
		invalid := strings.HasPrefix(base, "invalid_")
		for _, h := range harmless {
			invalid = invalid && !strings.Contains(base, h)
		}
		if invalid && !refused {
			t.Errorf("%s was taken", base)
		}
		if strings.HasPrefix(base, "valid_feature") && refused && strings.Contains(string(text), "Polygon") && !strings.Contains(string(text), "Point") && !strings.Contains(string(text), "Line") {
			t.Errorf("%s was refused: %v", base, err)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
