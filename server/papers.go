package server

import (
	"bytes"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"gridwright/feed"
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
	return feed.GridsGeoJSON(w, v.Snapshot, v.polygons)
}

// export answers with the plan's grids as a file: ?format=gpkg[&crs=gcj02][&encoding=gbk]. What the format could not hold is said
// in the header Gridwright-Losses, sentences parted by "; ", percent-encoded. ?format=pmtiles answers with the plan's tiles.
func (s *Server) export(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	if q.Get("format") == feed.Tiles {
		return s.exportTiles(w, r)
	}
	wish, err := feed.NewWish(q.Get("format"), q.Get("crs"), q.Get("encoding"))
	if err != nil {
		return err
	}
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	grids := feed.Grids(v.Snapshot, v.polygons)
	var out bytes.Buffer // whole or not at all
	losses, err := feed.Write(r.Context(), &out, grids, wish)
	if err != nil {
		return err
	}
	h := w.Header()
	if len(losses) > 0 {
		said := make([]string, len(losses))
		for i, l := range losses {
			said[i] = l.In(language(r))
		}
		h.Set("Gridwright-Losses", url.PathEscape(strings.Join(said, "; ")))
	}
	h.Set("Content-Type", feed.MediaTypes[wish.Format])
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-plan-%s-r%d.%s"`, id, v.Revision, feed.Extension(wish.Format)))
	_, err = out.WriteTo(w)
	return err
}

// exportTiles answers with the plan's tiles as an archive.
func (s *Server) exportTiles(w http.ResponseWriter, r *http.Request) error {
	if q := r.URL.Query(); q.Get("crs") != "" || q.Get("encoding") != "" {
		return feed.TilesAlone()
	}
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	p, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	var out bytes.Buffer // whole or not at all
	if err := v.archive(r.Context(), &out, p.Name, func(int, int) {}); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", "application/vnd.pmtiles")
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-plan-%s-r%d.pmtiles"`, id, v.Revision))
	_, err = out.WriteTo(w)
	return err
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
