// Package feed writes plans and layers for other programs: the assignment as CSV, the grids and the layers of the ground in the
// formats of geographic information systems.
//
// Equal snapshots give equal bytes; nothing in a file says when it was written.
package feed

import (
	"context"
	"encoding/csv"
	"io"
	"slices"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// Assignment writes which grid each block is in: id,parent,grid by code, blocks by parent and code. A block in no grid has
// an empty one.
func Assignment(w io.Writer, s *plan.Snapshot) error {
	out := csv.NewWriter(w)
	out.Write([]string{"id", "parent", "grid"}) // the writer keeps its first error until Flush
	for b, block := range s.Ground.Blocks {
		out.Write([]string{block.Code, s.Ground.Parents[block.Parent].Code, s.CodeOf(int32(b))})
	}
	out.Flush()
	return out.Error()
}

// GridsGeoJSON writes a plan's grids as Grids returns them, in degrees of WGS 84.
func GridsGeoJSON(w io.Writer, s *plan.Snapshot, polygons func(plan.GridNo) shape.MultiPolygon) error {
	return writeGeoJSON(w, Grids(s, polygons), crs.System{})
}

// Formats lists the formats of a collection.
var Formats = []string{"geojson", "csv", "xlsx", "kml", "shp", "gpkg", "fgb"}

// Tiles is the format of vector tiles in one file, PMTiles, which tiles are not drawn for here: it is known so that it can be asked for like
// the others. It takes no system and no encoding.
const Tiles = "pmtiles"

// TilesAlone refuses a wish for tiles in another system or encoding.
func TilesAlone() error { return refuse("tiles", words.Args{"format": Tiles}) }

// MediaTypes are the formats' media types.
var MediaTypes = map[string]string{
	"geojson": "application/geo+json",
	"csv":     "text/csv; charset=utf-8",
	"xlsx":    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"kml":     "application/vnd.google-earth.kml+xml",
	"shp":     "application/zip",
	"gpkg":    "application/geopackage+sqlite3",
	"fgb":     "application/octet-stream",
}

// Extension returns how the name of a file of the format ends, without the dot.
func Extension(format string) string {
	if format == "shp" {
		return "shp.zip" // by which GDAL knows it
	}
	return format
}

// Wish says how a collection is to be written.
type Wish struct {
	Format string // one of Formats
	System crs.System
	GBK    bool // of a shapefile: its text is GBK, not UTF-8
}

// NewWish reads a wish as users write it; the system defaults to WGS 84, the encoding to UTF-8. What cannot be had is an Invalid
// fault: a format or system nobody offers, or two that do not go together.
func NewWish(format, system, encoding string) (Wish, error) {
	w := Wish{Format: format}
	if !slices.Contains(Formats, format) {
		return w, refuse("format", words.Args{"format": format, "formats": append(slices.Clone(Formats), Tiles)})
	}
	if system != "" {
		var err error
		if w.System, err = crs.Named(system); err != nil || !offered(w.System) {
			return w, refuse("system", words.Args{"system": system})
		}
	}
	if format == "kml" && strings.HasPrefix(w.System.Name(), "EPSG:45") {
		return w, refuse("degrees", words.Args{"format": format})
	}
	switch strings.ToLower(encoding) {
	case "", "utf-8", "utf8":
	case "gbk":
		w.GBK = true
	default:
		return w, refuse("encoding", words.Args{"encoding": encoding})
	}
	if w.GBK && format != "shp" {
		return w, refuse("encoding_of", words.Args{"format": format})
	}
	return w, nil
}

// offered reports whether files are written in a system: WGS 84, CGCS2000, the zones of 3 degrees of the latter, GCJ-02, BD-09.
func offered(s crs.System) bool {
	name := s.Name()
	return name == "EPSG:4326" || name == "EPSG:4490" || name == "GCJ-02" || name == "BD-09" ||
		len(name) == len("EPSG:4513") && name >= "EPSG:4513" && name <= "EPSG:4554"
}

// Write writes a collection as wished. It returns what the format cannot hold, as sentences; the file is whole but for that.
func Write(ctx context.Context, w io.Writer, c *Collection, wish Wish) ([]words.Speaker, error) {
	switch wish.Format {
	case "geojson":
		return nil, writeGeoJSON(w, c, wish.System)
	case "csv":
		return nil, writeCSV(w, c, wish.System)
	case "xlsx":
		return writeXLSX(w, c, wish.System)
	case "kml":
		return nil, writeKML(w, c, wish.System)
	case "shp":
		return writeShapefiles(w, c, wish)
	}
	return writeByGDAL(ctx, w, c, wish)
}

// fault is what cannot be written. It counts as a plan.Fault of its kind.
type fault struct {
	key  string
	args words.Args
	kind plan.Kind
}

func refuse(key string, args words.Args) error { return &fault{key, args, plan.Invalid} }

func (f *fault) Error() string          { return f.In(words.En) }
func (f *fault) In(l words.Lang) string { return sentences.Say(l, f.key, f.args) }
func (f *fault) Unwrap() error {
	return &plan.Fault{Kind: f.kind, Key: "feed." + f.key, Args: f.args}
}

// loss is what a format could not hold.
type loss struct {
	key  string
	args words.Args
}

// In returns the sentence.
func (l loss) In(lang words.Lang) string { return sentences.Say(lang, l.key, l.args) }
