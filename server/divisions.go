package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"gridwright/feed"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// checkView is what a check of a plan finds.
type checkView struct {
	Revision int64         `json:"revision"`
	Blocked  bool          `json:"blocked"` // it cannot be published
	Errors   int           `json:"errors"`
	Warnings int           `json:"warnings"`
	Notes    int           `json:"notes"`
	Findings []checkedView `json:"findings"`
}

// checkedView is a finding with what a planner may do about it.
type checkedView struct {
	findingView
	Subject string      `json:"subject"` // what it is about, to waive it
	Waiver  *waiverView `json:"waiver"`
}

type waiverView struct {
	ID     int64     `json:"id"`
	Reason string    `json:"reason"`
	By     string    `json:"by"`
	At     time.Time `json:"at"`
}

func newCheckView(v *view, checked []plan.Checked, l words.Lang) checkView {
	out := checkView{Revision: v.Revision, Findings: []checkedView{}}
	for _, c := range checked {
		shown := checkedView{findingView: newFindingView(v, c.Finding, l), Subject: c.Subject()}
		if w := c.Waiver; w != nil {
			shown.Waiver = &waiverView{w.ID, w.Reason, w.By, w.At.UTC()}
		}
		out.Findings = append(out.Findings, shown)
	}
	out.Errors, out.Warnings, out.Notes = plan.Severities(checked)
	out.Blocked = out.Errors > 0
	return out
}

// check answers with all findings of a plan, and whether it may be published.
func (s *Server) check(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	checked, err := s.Store.Checked(r.Context(), id, v.Snapshot)
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, newCheckView(v, checked, language(r)))
}

// maxReason is how many characters a reason may have.
const maxReason = 1000

// waive takes a warning as it is.
func (s *Server) waive(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish struct {
		Rule    string `json:"rule"`
		Subject string `json:"subject"`
		Reason  string `json:"reason"`
		By      string `json:"by"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	wish.Reason = strings.TrimSpace(wish.Reason)
	if wish.Reason == "" || utf8.RuneCountInString(wish.Reason) > maxReason || utf8.RuneCountInString(wish.By) > maxName {
		return plan.Refuse(plan.Invalid, "waiver.reason", nil)
	}
	for _, said := range [][2]string{{"rule", wish.Rule}, {"subject", wish.Subject}, {"reason", wish.Reason}, {"by", wish.By}} {
		if err := legible(said[0], said[1]); err != nil {
			return err
		}
	}
	made, err := s.Store.Waive(r.Context(), id, plan.Waiver{Rule: wish.Rule, Subject: wish.Subject, Reason: wish.Reason, By: wish.By}, s.rooms.snapshotAt(id))
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusCreated, waiverView{made.ID, made.Reason, made.By, made.At.UTC()})
}

// unwaive takes a waiver back.
func (s *Server) unwaive(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	waiver, _ := strconv.ParseInt(mux.Vars(r)["waiver"], 10, 64) // too many digits: 0, which nothing has
	if err := s.Store.Unwaive(r.Context(), id, waiver); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// outlookView is what publishing a plan would change.
type outlookView struct {
	checkView
	Today   plan.Day                `json:"today"`
	After   *plan.Day               `json:"after"` // the day of publication must be later; null for any
	Old     int                     `json:"old_grids"`
	New     int                     `json:"new_grids"`
	Kinds   map[plan.ChangeKind]int `json:"kinds"`
	Measure plan.Measure            `json:"measure"`
	Lineage []lineageView           `json:"lineage"`
}

// lineageView is a row of a lineage with its kind in words.
type lineageView struct {
	plan.ToldRow
	Words string `json:"words"`
}

func newLineageViews(rows []plan.ToldRow, l words.Lang) []lineageView {
	out := make([]lineageView, len(rows))
	for i, row := range rows {
		out[i] = lineageView{row, row.Kind.In(l)}
	}
	return out
}

// outlook answers with what publishing a plan as it stands would change, and what stands in the way.
func (s *Server) outlook(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	o, err := s.Store.Outlook(r.Context(), id, v.Snapshot)
	if err != nil {
		return err
	}
	l := language(r)
	out := outlookView{checkView: newCheckView(v, o.Checked, l), Today: s.Store.Today(), Old: o.Lineage.Old, New: o.Lineage.New, Kinds: o.Lineage.Kinds,
		Measure: o.Lineage.Measure, Lineage: newLineageViews(plan.ToldLineage(o.Lineage.Rows, o.Lineage.Measure, 0), l)}
	if o.After != "" {
		out.After = &o.After
	}
	return writeJSON(w, http.StatusOK, out)
}

// publish makes a division of a plan.
func (s *Server) publish(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	var wish struct {
		Effective string `json:"effective"`
		Base      int64  `json:"base_revision"`
		Name      string `json:"name"`
		By        string `json:"by"`
		Basis     string `json:"basis"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	p := postgis.Publication{Revision: wish.Base, Name: wish.Name, By: wish.By, Basis: wish.Basis}
	if p.Effective, err = plan.ParseDay(wish.Effective); err != nil {
		return err
	}
	if p.Key, err = idempotencyKey(r); err != nil {
		return err
	}
	for _, said := range [][2]string{{"name", wish.Name}, {"by", wish.By}, {"basis", wish.Basis}} {
		if err := legible(said[0], said[1]); err != nil {
			return err
		}
	}
	made, err := s.Store.Publish(r.Context(), id, p, s.rooms.snapshotAt(id))
	if err != nil {
		return err
	}
	row, err := s.Store.Division(r.Context(), made)
	if err != nil {
		return err
	}
	w.Header().Set("Location", fmt.Sprintf("%s/api/v1/divisions/%d", s.Base, made))
	return writeJSON(w, http.StatusCreated, newDivisionHead(row))
}

// divisionView is what never changes of a division.
type divisionView struct {
	ID            plan.DivisionID         `json:"id"`
	Name          string                  `json:"name"`
	Plan          string                  `json:"plan"`
	Revision      int64                   `json:"revision"`
	Effective     plan.Day                `json:"effective"`
	PublishedAt   time.Time               `json:"published_at"`
	By            string                  `json:"by"`
	Basis         string                  `json:"basis"`
	Synthetic     bool                    `json:"synthetic"`
	DataDate      string                  `json:"data_date"`
	GroundVersion int64                   `json:"ground_version"`
	Digest        string                  `json:"digest"`
	Old           int                     `json:"old_grids"`
	New           int                     `json:"new_grids"`
	Kinds         map[plan.ChangeKind]int `json:"kinds"`
	Measure       plan.Measure            `json:"measure"`
	Measures      []plan.Measure          `json:"measures"`
}

// divisionHead is a division as it stands on a day.
type divisionHead struct {
	divisionView
	State plan.DivisionState `json:"state"`
	Until *plan.Day          `json:"until"` // from which day on none of it is in force
	Areas int                `json:"areas"`
	Ended int                `json:"areas_ended"`
}

func newDivisionView(d postgis.DivisionRow) divisionView {
	return divisionView{d.ID, d.Name, d.Plan.String(), d.Revision, d.Effective, d.PublishedAt, d.By, d.Basis, d.Synthetic, d.DataDate, d.GroundVersion,
		d.Digest, d.Old, d.New, d.Kinds, d.Measure, d.Measures}
}

func newDivisionHead(d postgis.DivisionRow) divisionHead {
	head := divisionHead{divisionView: newDivisionView(d), State: d.State, Areas: d.Areas, Ended: d.Ended}
	if d.Until != "" {
		head.Until = &d.Until
	}
	return head
}

// publishedGrid is a published grid in words and figures.
type publishedGrid struct {
	Division   plan.DivisionID         `json:"division"`
	No         plan.GridNo             `json:"no"`
	Key        plan.GridKey            `json:"key"`
	Code       string                  `json:"code"`
	Name       string                  `json:"name"`
	NameEn     string                  `json:"name_en"`
	Kind       plan.GridKind           `json:"kind"`
	Purpose    string                  `json:"purpose"`
	Body       string                  `json:"body"`
	Enclave    string                  `json:"enclave"`
	Areas      []areaName              `json:"areas"` // highest first
	Blocks     int                     `json:"blocks"`
	AreaM2     int64                   `json:"area_m2"`
	Pieces     int                     `json:"pieces"`
	Loads      map[plan.Measure]*int64 `json:"loads"`      // null where a count is kept back
	Suppressed []plan.Measure          `json:"suppressed"` // whose counts are kept back
	Estimated  bool                    `json:"estimated"`
	Label      [2]float64              `json:"label"`
	Box        *[4]float64             `json:"bbox"`
}

func (d *divided) views() []publishedGrid {
	out := make([]publishedGrid, len(d.grids))
	for i := range d.grids {
		g := &d.grids[i]
		loads, kept := g.Told()
		out[i] = publishedGrid{g.Division, g.No, g.Key, g.Code, g.Name, g.NameEn, g.Kind, g.Purpose, g.Body, g.Enclave, areaNames(g.Chain), g.Blocks,
			int64(g.Area + 0.5), g.Pieces, loads, append([]plan.Measure{}, kept...), g.Estimated, [2]float64{g.Label.Lon.Degrees(), g.Label.Lat.Degrees()}, boxView(g.Shape.Box())}
	}
	return out
}

// listDivisions answers with all divisions as they stand today, newest first.
func (s *Server) listDivisions(w http.ResponseWriter, r *http.Request) error {
	rows, err := s.Store.Divisions(r.Context())
	if err != nil {
		return err
	}
	out := make([]divisionHead, len(rows))
	for i, row := range rows {
		out[i] = newDivisionHead(row)
	}
	return writeJSON(w, http.StatusOK, map[string]any{"today": s.Store.Today(), "divisions": out})
}

// divisionAsked returns the division a request names.
func (s *Server) divisionAsked(r *http.Request) (postgis.DivisionRow, error) {
	return s.Store.Division(r.Context(), plan.DivisionID(numberIn(r)))
}

// dayAsked returns the day a request asks about, today where it asks about none.
func (s *Server) dayAsked(r *http.Request) (plan.Day, error) {
	text := r.URL.Query().Get("at")
	if text == "" {
		return s.Store.Today(), nil
	}
	return plan.ParseDay(text)
}

// forGood lets everybody keep an answer that never changes.
func forGood(w http.ResponseWriter) {
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
}

// getDivision answers with a division and its grids, which never change.
func (s *Server) getDivision(w http.ResponseWriter, r *http.Request) error {
	row, d, err := s.divisionGrids(r)
	if err != nil {
		return err
	}
	findings, err := s.Store.DivisionFindings(r.Context(), row.ID)
	if err != nil {
		return err
	}
	forGood(w)
	return writeKept(w, r, struct {
		divisionView
		Findings json.RawMessage `json:"findings"`
		Grids    []publishedGrid `json:"grids"`
	}{newDivisionView(row), findings, d.views()})
}

// divisionGrids returns the division a request names, with its grids.
func (s *Server) divisionGrids(r *http.Request) (row postgis.DivisionRow, d *divided, err error) {
	if row, err = s.divisionAsked(r); err == nil {
		d, err = s.division(r.Context(), row)
	}
	return row, d, err
}

// dividedAsked returns the grids of the division a request names, or for "current" those in force on the day it asks about; and what to
// call them.
func (s *Server) dividedAsked(r *http.Request) (d *divided, name string, err error) {
	if mux.Vars(r)["id"] != "current" {
		row, d, err := s.divisionGrids(r)
		return d, fmt.Sprintf("division-%d", row.ID), err
	}
	day, err := s.dayAsked(r)
	if err != nil {
		return nil, "", err
	}
	d, err = s.inForce(r.Context(), day)
	return d, "division-" + string(day), err
}

// currentDivision answers with the grids in force on a day: ?at=2027-01-31, today where it is absent. There may be none.
func (s *Server) currentDivision(w http.ResponseWriter, r *http.Request) error {
	day, err := s.dayAsked(r)
	if err != nil {
		return err
	}
	views := []publishedGrid{}
	d, err := s.inForce(r.Context(), day)
	switch {
	case err == nil:
		views = d.views()
	case plan.KindOf(err) != plan.NotFound:
		return err
	}
	return writeKept(w, r, map[string]any{"at": day, "grids": views})
}

// divisionGeoJSON answers with published grids and their polygons.
func (s *Server) divisionGeoJSON(w http.ResponseWriter, r *http.Request) error {
	d, name, err := s.dividedAsked(r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if _, err := feed.Write(r.Context(), &out, d.collection, feed.Wish{Format: "geojson"}); err != nil {
		return err
	}
	attach(w, r, name+".geojson")
	return s.writePublished(w, r, "application/geo+json", out.Bytes())
}

// writePublished answers with a file of what was published. Those of one division never change.
func (s *Server) writePublished(w http.ResponseWriter, r *http.Request, kind string, body []byte) error {
	if mux.Vars(r)["id"] != "current" {
		forGood(w)
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	if notModified(w, r, contentTag(body)) {
		return nil
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}

// exportDivision answers with published grids as a file, as export does with a plan's.
func (s *Server) exportDivision(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	wish, err := feed.NewWish(q.Get("format"), q.Get("crs"), q.Get("encoding"))
	switch profile := q.Get("profile"); profile {
	case "":
	case feed.PublicProfile:
		wish, err = feed.NewPublicWish(q.Get("format"), q.Get("crs"), q.Get("encoding"), q.Get("approval"))
	default:
		err = feed.NoProfile(profile)
	}
	if err != nil {
		return err
	}
	d, name, err := s.dividedAsked(r)
	if err != nil {
		return err
	}
	things := d.collection
	if q.Get("profile") != "" {
		things, name = d.public(q.Get("approval")), name+"-public"
	}
	var out bytes.Buffer // whole or not at all
	losses, err := feed.Write(r.Context(), &out, things, wish)
	if err != nil {
		return err
	}
	tellLosses(w, r, losses)
	w.Header().Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-%s.%s"`, name, feed.Extension(wish.Format)))
	return s.writePublished(w, r, feed.MediaTypes[wish.Format], out.Bytes())
}

// divisionLineage answers with how a division's grids came out of those before it.
func (s *Server) divisionLineage(w http.ResponseWriter, r *http.Request) error {
	row, rows, err := s.lineageAsked(r)
	if err != nil {
		return err
	}
	forGood(w)
	return writeKept(w, r, map[string]any{"division": row.ID, "measure": row.Measure, "rows": newLineageViews(rows, language(r))})
}

// divisionLineageCSV answers with the same as a table.
func (s *Server) divisionLineageCSV(w http.ResponseWriter, r *http.Request) error {
	_, rows, err := s.lineageAsked(r)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := feed.Lineage(&out, rows); err != nil {
		return err
	}
	return s.writePublished(w, r, "text/csv; charset=utf-8", out.Bytes())
}

// lineageAsked returns the division a request names, with its lineage.
func (s *Server) lineageAsked(r *http.Request) (row postgis.DivisionRow, rows []plan.ToldRow, err error) {
	if row, err = s.divisionAsked(r); err == nil {
		rows, err = s.toldLineage(r.Context(), row)
	}
	return row, rows, err
}

// toldLineage returns a division's lineage as others are told it.
func (s *Server) toldLineage(ctx context.Context, row postgis.DivisionRow) ([]plan.ToldRow, error) {
	rows, err := s.Store.Lineage(ctx, row.ID)
	return plan.ToldLineage(rows, row.Measure, row.SuppressBelow), err
}

// divisionAssignment answers with the grid of each block of a division, as a table.
func (s *Server) divisionAssignment(w http.ResponseWriter, r *http.Request) error {
	row, d, err := s.divisionGrids(r)
	if err != nil {
		return err
	}
	blocks, err := s.Store.DivisionBlocks(r.Context(), row.ID)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := feed.PublishedBlocks(&out, d.grids, blocks); err != nil {
		return err
	}
	return s.writePublished(w, r, "text/csv; charset=utf-8", out.Bytes())
}

// manifestFile is a file of a division.
type manifestFile struct {
	Href   string `json:"href"`
	Type   string `json:"type"`
	SHA256 string `json:"sha256"`
	Bytes  int    `json:"bytes"`
	Rows   int    `json:"rows"`
	CRS    string `json:"crs,omitempty"`
}

// divisionManifest answers with what there is of a division: its files with their hashes, systems and counts.
func (s *Server) divisionManifest(w http.ResponseWriter, r *http.Request) error {
	row, d, err := s.divisionGrids(r)
	if err != nil {
		return err
	}
	files, err := s.divisionFiles(r.Context(), row, d)
	if err != nil {
		return err
	}
	at := fmt.Sprintf("%s/api/v1/divisions/%d/", s.address(r), row.ID)
	for i := range files {
		files[i].Href = at + files[i].Href
	}
	return writeKept(w, r, struct {
		divisionView
		Files []manifestFile `json:"files"`
	}{newDivisionView(row), files})
}

func (s *Server) divisionFiles(ctx context.Context, row postgis.DivisionRow, d *divided) (files []manifestFile, err error) {
	lineage, err := s.toldLineage(ctx, row)
	if err != nil {
		return nil, err
	}
	blocks, err := s.Store.DivisionBlocks(ctx, row.ID)
	if err != nil {
		return nil, err
	}
	add := func(f manifestFile, write func(*bytes.Buffer) error) {
		var out bytes.Buffer
		if err == nil {
			err = write(&out)
		}
		sum := sha256.Sum256(out.Bytes())
		f.SHA256, f.Bytes = hex.EncodeToString(sum[:]), out.Len()
		files = append(files, f)
	}
	add(manifestFile{Href: "grids.geojson", Type: "application/geo+json", Rows: len(d.grids), CRS: crs84}, func(out *bytes.Buffer) error {
		_, err := feed.Write(ctx, out, d.collection, feed.Wish{Format: "geojson"})
		return err
	})
	add(manifestFile{Href: "assignment.csv", Type: "text/csv", Rows: len(blocks)}, func(out *bytes.Buffer) error { return feed.PublishedBlocks(out, d.grids, blocks) })
	add(manifestFile{Href: "lineage.csv", Type: "text/csv", Rows: len(lineage)}, func(out *bytes.Buffer) error { return feed.Lineage(out, lineage) })
	return files, err
}

// divisionTile answers with a tile of published grids.
func (s *Server) divisionTile(w http.ResponseWriter, r *http.Request) error {
	t, err := tileOf(r)
	if err != nil {
		return err
	}
	d, _, err := s.dividedAsked(r)
	if err != nil {
		return err
	}
	kept, err := s.tiles.get(r.Context(), tileKey{Tile: t, of: d.key}, func(context.Context) ([]byte, error) { return d.tile(t), nil })
	if err != nil {
		return err
	}
	if mux.Vars(r)["id"] != "current" {
		forGood(w)
	} else {
		w.Header().Set("Cache-Control", "no-cache")
	}
	return writeTile(w, r, kept)
}

// divisionTiles is where the tiles that a request is about are.
func (s *Server) divisionTiles(r *http.Request) (at, query string) {
	if day := r.URL.Query().Get("at"); day != "" {
		query = "?at=" + url.QueryEscape(day)
	}
	return s.address(r) + "/tiles/divisions/" + mux.Vars(r)["id"], query
}

// divisionTileJSON tells a map where the tiles are.
func (s *Server) divisionTileJSON(w http.ResponseWriter, r *http.Request) error {
	d, name, err := s.dividedAsked(r)
	if err != nil {
		return err
	}
	at, query := s.divisionTiles(r)
	return writeKept(w, r, divisionDocument(name, []string{at + "/{z}/{x}/{y}.mvt" + query}, minZoom, d))
}

// divisionStyle answers with a style of published grids.
func (s *Server) divisionStyle(w http.ResponseWriter, r *http.Request) error {
	_, name, err := s.dividedAsked(r)
	if err != nil {
		return err
	}
	at, query := s.divisionTiles(r)
	st := newStyle(name, at+".json"+query)
	st.fill("grids", "#f4e3b2", borderColour, 1.5, 0)
	st.names("labels", "name", "point", 13)
	return writeKept(w, r, st)
}
