package server

import (
	"context"
	"io"

	"gridwright/feed"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report"
)

// FeedFiles are the files of a plan for other platforms that D3 and the package have: the grids as GeoJSON, GeoPackage and shapefiles in GBK, and
// which block is in which grid.
func FeedFiles(s *plan.Snapshot, polygons func(plan.GridNo) shape.MultiPolygon) (files []report.File) {
	grids := feed.Grids(s, polygons)
	for _, f := range []struct{ format, encoding string }{{"geojson", ""}, {"gpkg", ""}, {"shp", "gbk"}} {
		file := report.File{Name: "grids." + feed.Extension(f.format), CRS: "EPSG:4490", Encoding: "UTF-8", Features: len(grids.Features)}
		system := "EPSG:4490"
		if f.format == "geojson" { // RFC 7946 knows one system
			system, file.CRS = "", "EPSG:4326"
		}
		if f.encoding != "" {
			file.Encoding = "GBK"
		}
		file.Write = func(ctx context.Context, w io.Writer) ([]words.Speaker, error) {
			wish, err := feed.NewWish(f.format, system, f.encoding)
			if err != nil {
				return nil, err
			}
			return feed.Write(ctx, w, grids, wish)
		}
		files = append(files, file)
	}
	return append(files, report.File{Name: "assignment.csv", Encoding: "UTF-8", Features: len(s.Ground.Blocks),
		Write: func(_ context.Context, w io.Writer) ([]words.Speaker, error) { return nil, feed.Assignment(w, s) }})
}
