package server

import (
	"archive/zip"
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report"
	"gridwright/sql/postgis"
)

// fillInView is a row of the base book with its newest fill-in sheet.
type fillInView struct {
	areaName
	State      string          `json:"state"`
	Sheet      *string         `json:"sheet"`
	SentOn     *time.Time      `json:"sent_on"`
	ReturnedOn *time.Time      `json:"returned_on"`
	Rows       int             `json:"rows"`
	Filled     int             `json:"filled"`
	Source     string          `json:"source"`
	Dated      string          `json:"dated"`
	Unmatched  []unmatchedView `json:"unmatched"`
}

// unmatchedView is a cell of a returned sheet that was not taken.
type unmatchedView struct {
	Key  string `json:"key"`
	Name string `json:"name"`
	Why  string `json:"why"`
	Cell string `json:"cell"`
}

func unmatchedViews(rows []postgis.Unmatched, l words.Lang) []unmatchedView {
	views := []unmatchedView{}
	for _, u := range rows {
		views = append(views, unmatchedView{u.Key, u.Name, sentences.Say(l, "fill_in.gone", words.Args{"layer": &refusal{code: "ogc." + string(u.Layer)}, "code": u.Key}), u.Cell})
	}
	return views
}

// fillIns answers with the sheets by community.
func (s *Server) fillIns(w http.ResponseWriter, r *http.Request) error {
	found, err := s.Store.FillIns(r.Context(), cmp.Or(r.URL.Query().Get("scope"), postgis.ScopeAll))
	if err != nil {
		return err
	}
	views := make([]fillInView, len(found))
	for i, f := range found {
		v := fillInView{areaName: areaName{f.Level, f.Code, f.Name, f.NameEn}, State: "none", SentOn: f.Sent, ReturnedOn: f.Returned, Rows: f.Things, Filled: f.Filled,
			Source: f.Source, Dated: f.Dated, Unmatched: unmatchedViews(f.Unmatched, language(r))}
		if f.Sheet != 0 {
			number := fmt.Sprint(int64(f.Sheet))
			v.Sheet, v.State = &number, "sent"
		}
		if f.Returned != nil {
			v.State = "returned"
		}
		views[i] = v
	}
	return writeKept(w, r, map[string]any{"sheets": views})
}

// maxOnSheet is how many compounds, and how many buildings, a fill-in sheet may list.
const maxOnSheet = 20_000

// fillInOf gathers the fill-in sheet of a row of the base book, and records it as sent.
func (s *Server) fillInOf(ctx context.Context, area plan.Area, above map[plan.AreaID]plan.Area, synthetic bool) (report.FillIn, error) {
	sheet := report.FillIn{Community: area, Synthetic: synthetic}
	for id := area.Parent; id != 0; id = above[id].Parent {
		sheet.Path = above[id].Title(words.Zh) + " " + sheet.Path
	}
	names := map[string]string{}
	for _, layer := range []plan.Layer{plan.CompoundLayer, plan.BuildingLayer} {
		found, err := s.Store.FindFeatures(ctx, postgis.FeatureFilter{Layer: layer, Scope: area.Code, Limit: maxOnSheet + 1})
		if err != nil {
			return sheet, err
		}
		if len(found.Features) > maxOnSheet {
			return sheet, refuse(http.StatusUnprocessableEntity, "fill_in.long", words.Args{"area": area.Code, "most": maxOnSheet})
		}
		for _, f := range found.Features {
			t := report.FillInThing{Layer: layer, Code: f.Code, Floors: f.Floors, Known: map[plan.Measure]int64{}}
			if layer == plan.CompoundLayer {
				t.Compound = cmp.Or(f.Name, f.Code)
				names[f.Code] = t.Compound
			} else {
				t.Compound, t.Name = cmp.Or(names[f.Compound], f.Compound), cmp.Or(f.Name, f.Number)
			}
			for _, tally := range f.Tallies { // by kind: what the sheet asks for goes before the others
				if _, is := t.Known[tally.Measure]; !is || tally.Kind == plan.FillInKind {
					t.Known[tally.Measure] = tally.Count
				}
			}
			sheet.Things = append(sheet.Things, t)
		}
	}
	slices.SortStableFunc(sheet.Things, func(a, b report.FillInThing) int {
		return cmp.Or(cmp.Compare(a.Compound, b.Compound), -cmp.Compare(a.Layer, b.Layer), compareNumbered(a.Name, b.Name), cmp.Compare(a.Code, b.Code))
	})
	id, newest, err := s.Store.SendFillIn(ctx, area.ID, len(sheet.Things))
	sheet.Sheet, sheet.Version = int64(id), int64(newest)
	return sheet, err
}

// compareNumbered orders names of buildings by their numbers: 2号楼 before 10号楼.
func compareNumbered(a, b string) int {
	m, n := plan.BuildingNumbers(a), plan.BuildingNumbers(b)
	if len(m) > 0 && len(n) > 0 {
		if c := plan.CompareBuildingNos(m[0], n[0]); c != 0 {
			return c
		}
	}
	return cmp.Compare(a, b)
}

// fillInSheet answers with the fill-in sheet of one community.
func (s *Server) fillInSheet(w http.ResponseWriter, r *http.Request) error {
	code := mux.Vars(r)["community"]
	areas, above, err := s.rowAreas(r.Context(), code)
	if err != nil {
		return err
	}
	i := slices.IndexFunc(areas, func(a plan.Area) bool { return a.Code == code })
	if i < 0 {
		return refuse(http.StatusNotFound, "fill_in.no_row", words.Args{"area": code})
	}
	st, err := s.Store.Status(r.Context())
	if err != nil {
		return err
	}
	sheet, err := s.fillInOf(r.Context(), areas[i], above, st.Synthetic)
	if err != nil {
		return err
	}
	var out bytes.Buffer // whole or not at all
	if err := report.WriteFillIn(&out, sheet); err != nil {
		return err
	}
	return writeFile(w, mediaTypes["xlsx"], fillInName(areas[i])+".xlsx", &out)
}

// rowAreas returns the rows of the base book of a scope as areas, with those above them.
func (s *Server) rowAreas(ctx context.Context, scope string) ([]plan.Area, map[plan.AreaID]plan.Area, error) {
	areas, err := s.Store.BasebookAreas(ctx, scope)
	if err != nil {
		return nil, nil, err
	}
	ids := make([]plan.AreaID, len(areas))
	for i, a := range areas {
		ids[i] = a.ID
	}
	above, err := s.Store.Ancestors(ctx, ids)
	return areas, above, err
}

// fillInName is what the file of a fill-in sheet is called, without its ending.
func fillInName(a plan.Area) string {
	plain := strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, a.Code+"-"+a.Name)
	return plan.FillInName + "-" + strings.TrimSuffix(plain, "-")
}

// fillInZip answers with the sheets of all communities of a scope.
func (s *Server) fillInZip(w http.ResponseWriter, r *http.Request) error {
	scope := cmp.Or(r.URL.Query().Get("scope"), postgis.ScopeAll)
	areas, above, err := s.rowAreas(r.Context(), scope)
	if err != nil {
		return err
	}
	if len(areas) == 0 {
		return refuse(http.StatusNotFound, "fill_in.no_row", words.Args{"area": scope})
	}
	st, err := s.Store.Status(r.Context())
	if err != nil {
		return err
	}
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, a := range areas {
		sheet, err := s.fillInOf(r.Context(), a, above, st.Synthetic)
		if err != nil {
			return err
		}
		entry, err := z.Create(fillInName(a) + ".xlsx")
		if err != nil {
			return err
		}
		if err := report.WriteFillIn(entry, sheet); err != nil {
			return err
		}
	}
	if err := z.Close(); err != nil {
		return err
	}
	return writeFile(w, "application/zip", plan.FillInName+"-"+scope+".zip", &out)
}

// writeFile answers with a file to be kept under a name.
func writeFile(w http.ResponseWriter, kind, name string, body *bytes.Buffer) error {
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Disposition", `attachment; filename*=UTF-8''`+url.PathEscape(name))
	_, err := body.WriteTo(w)
	return err
}

// maxReturned is how long a returned sheet, or a ZIP of them, may be.
const maxReturned = 64 << 20

// returnSheets takes fill-in sheets that were returned.
func (s *Server) returnSheets(w http.ResponseWriter, r *http.Request) error {
	name, err := fileName(cmp.Or(r.URL.Query().Get("name"), plan.FillInName+".xlsx"))
	if err != nil {
		return err
	}
	dryRun := r.URL.Query().Get("dry_run") == "yes"
	file, err := os.CreateTemp("", "gridwright-returned-")
	if err != nil {
		return err
	}
	defer os.Remove(file.Name())
	defer file.Close()
	if _, err := io.Copy(file, r.Body); err != nil {
		return refuse(http.StatusRequestEntityTooLarge, "body.size", words.Args{"limit": maxReturned >> 20})
	}
	taken, err := intake.TakeReturned(r.Context(), s.Store, file.Name(), name, dryRun)
	if err != nil {
		return err
	}
	type sum struct {
		Measure plan.Measure `json:"measure"`
		Label   string       `json:"label"`
		Count   int64        `json:"count"`
	}
	type sheetView struct {
		File      string          `json:"file"`
		Community string          `json:"community"`
		Sheet     string          `json:"sheet"`
		New       int             `json:"new"`
		Changed   int             `json:"changed"`
		Unchanged int             `json:"unchanged"`
		Blank     int             `json:"blank"`
		Sums      []sum           `json:"sums"`
		Unmatched []unmatchedView `json:"unmatched"`
		Older     []unmatchedView `json:"older"`
	}
	l := language(r)
	views := make([]sheetView, len(taken.Sheets))
	for i, t := range taken.Sheets {
		views[i] = sheetView{t.File, t.Row, fmt.Sprint(int64(t.Sheet)), t.New, t.Changed, t.Unchanged, t.Blank, []sum{}, unmatchedViews(t.Unmatched, l), []unmatchedView{}}
		for _, o := range t.Older {
			views[i].Older = append(views[i].Older, unmatchedView{o.Key, o.Name, o.In(l), o.Cell})
		}
		for _, m := range intake.InOrder(t.Sums) {
			views[i].Sums = append(views[i].Sums, sum{m.Measure, m.Measure.In(l), m.Sum})
		}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"dry_run": dryRun, "sheets": views, "build": idOrNull(taken.Build)})
}
