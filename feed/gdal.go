package feed

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"

	"gridwright/plan"
	"gridwright/plan/words"
)

// drivers are GDAL's names of the formats it writes for us.
var drivers = map[string]string{"gpkg": "GPKG", "fgb": "FlatGeobuf"}

// writeByGDAL writes a collection in a format that GDAL knows: ogr2ogr reads our GeoJSON and writes the file, both in a folder of
// their own that is taken away again. A machine without ogr2ogr is an Unavailable fault. FlatGeobuf holds nothing that has no
// geometry, and orders features by its index of places.
func writeByGDAL(ctx context.Context, w io.Writer, c *Collection, wish Wish) ([]words.Speaker, error) {
	program, err := exec.LookPath("ogr2ogr")
	if err != nil {
		return nil, &fault{"no_gdal", words.Args{"format": wish.Format}, plan.Unavailable}
	}
	dir, err := os.MkdirTemp("", "gridwright-export-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	in, out := filepath.Join(dir, "in.geojson"), filepath.Join(dir, "out."+wish.Format)
	if err := writeTo(in, func(w io.Writer) error { return writeGeoJSON(w, c, wish.System) }); err != nil {
		return nil, err
	}
	srs := wish.System.Name()
	if !strings.HasPrefix(srs, "EPSG:") { // nobody has a code for it
		srs = `LOCAL_CS["` + srs + `",UNIT["degree",0.0174532925199433]]`
	}
	cmd := exec.CommandContext(ctx, program, "-f", drivers[wish.Format], "-a_srs", srs, "-nln", c.Name, "-nlt", "PROMOTE_TO_MULTI", "-preserve_fid",
		"--config", "OGR_CURRENT_DATE", "2000-01-01T00:00:00.000Z", out, in)
	cmd.Dir = dir
	if text, err := cmd.CombinedOutput(); err != nil {
		return nil, errors.Join(&fault{"gdal", words.Args{"format": wish.Format}, plan.Internal}, fmt.Errorf("%w: %s", err, text))
	}
	f, err := os.Open(out)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	_, err = io.Copy(w, f)
	return c.placeless(wish.Format), err
}

// placeless says what is left out of a FlatGeobuf file.
func (c *Collection) placeless(format string) []words.Speaker {
	n := 0
	for _, f := range c.Features {
		if f.Geometry.Box().IsEmpty() {
			n++
		}
	}
	if format != "fgb" || n == 0 {
		return nil
	}
	return []words.Speaker{loss{"loss.placeless", words.Args{"n": n}}}
}

func writeTo(name string, write func(io.Writer) error) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	return errors.Join(write(f), f.Close())
}
