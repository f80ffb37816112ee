package server

import (
	"bytes"
	"fmt"
	"net/http"

	"gridwright/feed"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/report"
)

// gridsGeoJSON answers with the plan's grids and their polygons.
func (s *Server) gridsGeoJSON(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	w.Header().Set("Cache-Control", "no-cache")
	attach(w, r, fmt.Sprintf("gridwright-plan-%s-r%d.geojson", id, v.Revision))
	return feed.GridsGeoJSON(w, v.Snapshot, func(no plan.GridNo) shape.MultiPolygon { return v.shapes[no-1].polygons })
}

// attach offers the answer as a file when the reader asks for one with ?download=1.
func attach(w http.ResponseWriter, r *http.Request, name string) {
	if r.URL.Query().Get("download") != "" {
		w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	}
}

// mediaTypes are the report formats there are.
var mediaTypes = map[string]string{
	"xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
	"csv":  "text/csv; charset=utf-8",
}

// report answers with a report of the plan as it stands: ?kind=T1&format=xlsx.
func (s *Server) report(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	kind, format := r.URL.Query().Get("kind"), r.URL.Query().Get("format")
	if kind == "" {
		kind = "T1"
	}
	if format == "" {
		format = "xlsx"
	}
	if err := report.Known(kind, format); err != nil {
		return err
	}
	paper, err := report.Gather(r.Context(), s.Store, id, v.Snapshot)
	if err != nil {
		return err
	}
	var out bytes.Buffer // whole or not at all
	if err := report.Write(&out, kind, format, paper, language(r)); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mediaTypes[format])
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-%s-plan-%s-r%d.%s"`, kind, id, v.Revision, format))
	_, err = out.WriteTo(w)
	return err
}
