package server

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"strings"

	"gridwright/feed"
	"gridwright/plan/words"
	"gridwright/report"
	"gridwright/sql/postgis"
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
	tellLosses(w, r, losses)
	h := w.Header()
	h.Set("Content-Type", feed.MediaTypes[wish.Format])
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-plan-%s-r%d.%s"`, id, v.Revision, feed.Extension(wish.Format)))
	_, err = out.WriteTo(w)
	return err
}

// tellLosses says in a header what a file's format could not hold.
func tellLosses(w http.ResponseWriter, r *http.Request, losses []words.Speaker) {
	if len(losses) == 0 {
		return
	}
	said := make([]string, len(losses))
	for i, l := range losses {
		said[i] = l.In(language(r))
	}
	w.Header().Set("Gridwright-Losses", url.PathEscape(strings.Join(said, "; ")))
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
	"json": "application/json",
	"pdf":  "application/pdf",
	"docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
	"svg":  "image/svg+xml",
	"png":  "image/png",
	"zip":  "application/zip",
}

// reportKind is a report there is, as the API tells it.
type reportKind struct {
	Kind    string   `json:"kind"`
	Title   string   `json:"title"`
	Formats []string `json:"formats"`
	Period  bool     `json:"period"`
	Scoped  bool     `json:"scoped"`
}

// reports answers with the reports there are.
func (s *Server) reports(w http.ResponseWriter, r *http.Request) error {
	kinds := []reportKind{}
	for _, k := range report.Kinds() {
		kinds = append(kinds, reportKind{k.Name, k.Title(language(r)), k.Formats, k.Period, k.Scoped})
	}
	return writeJSON(w, http.StatusOK, map[string]any{"reports": kinds})
}

// reportSettings tells how the office has its reports.
func (s *Server) reportSettings(w http.ResponseWriter, r *http.Request) error {
	settings, version, err := s.Store.ReportSettings(r.Context())
	if err != nil || notModified(w, r, versionTag("reports", version)) {
		return err
	}
	return writeJSON(w, http.StatusOK, settings)
}

// putReportSettings changes it.
func (s *Server) putReportSettings(w http.ResponseWriter, r *http.Request) error {
	var wish postgis.ReportSettings
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	if err := report.CheckColumns(wish.Columns); err != nil {
		return err
	}
	for _, name := range []string{wish.Office, wish.Author, wish.Reviewer} {
		if err := legible("signs", name); err != nil {
			return err
		}
	}
	_, version, err := s.Store.ReportSettings(r.Context())
	if err != nil {
		return err
	}
	if err := matched(r, versionTag("reports", version), "setting.changed"); err != nil {
		return err
	}
	if version, err = s.Store.PutReportSettings(r.Context(), wish, version); err != nil {
		return err
	}
	w.Header().Set("ETag", versionTag("reports", version))
	return writeJSON(w, http.StatusOK, wish)
}

// report answers with a report of the plan as it stands: ?kind=T1&format=xlsx[&scope=CODE][&from=&to=][&columns=a,b][&approval=NUMBER].
func (s *Server) report(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	wish := report.Wish{Kind: cmp.Or(q.Get("kind"), "T1"), Format: cmp.Or(q.Get("format"), "xlsx"), Scope: q.Get("scope"), From: q.Get("from"), To: q.Get("to"),
		Approval: q.Get("approval"), Lang: language(r)}
	if columns := q.Get("columns"); columns != "" {
		wish.Columns = strings.Split(columns, ",")
	}
	if err := wish.Known(); err != nil {
		return err
	}
	if wish.Feeds() {
		wish.Files = FeedFiles(v.Snapshot, v.polygons)
	}
	paper, err := report.Gather(r.Context(), s.Store, id, v.Snapshot, wish)
	if err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mediaTypes[wish.Format])
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-%s-plan-%s-r%d.%s"`, wish.Kind, id, v.Revision, wish.Format))
	if wish.Format == "zip" {
		return s.stream(w, r, paper, wish)
	}
	out, err := os.CreateTemp("", "gridwright-report-*") // whole or not at all
	if err != nil {
		return err
	}
	defer os.Remove(out.Name())
	defer out.Close()
	if err := report.Write(r.Context(), out, paper, wish); err != nil {
		return err
	}
	size, err := out.Seek(0, io.SeekCurrent)
	if err != nil {
		return err
	}
	if _, err := out.Seek(0, io.SeekStart); err != nil {
		return err
	}
	h.Set("Content-Length", strconv.FormatInt(size, 10))
	_, err = io.Copy(w, out)
	return err
}

// missing answers with what the package of the plan would lack: [?scope=CODE].
func (s *Server) missing(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	missing, err := report.Missing(r.Context(), s.Store, id, v.Snapshot, report.Wish{Scope: r.URL.Query().Get("scope"), Lang: language(r)})
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, map[string]any{"missing": append([]string{}, missing...)})
}

// stream writes a zip while it is being made, so that a reader sees that it comes. What goes wrong on the way breaks the connection, which no reader takes for a whole file.
func (s *Server) stream(w http.ResponseWriter, r *http.Request, paper *report.Paper, wish report.Wish) error {
	begun := &begun{ResponseWriter: w}
	err := report.Write(r.Context(), begun, paper, wish)
	if err == nil || !begun.yes {
		return err
	}
	s.Log.Warn("report broken off", "kind", wish.Kind, "plan", paper.Plan, "err", err)
	panic(http.ErrAbortHandler)
}

// begun remembers whether anything was written.
type begun struct {
	http.ResponseWriter
	yes bool
}

// Write writes on.
func (b *begun) Write(p []byte) (int, error) {
	b.yes = true
	return b.ResponseWriter.Write(p)
}
