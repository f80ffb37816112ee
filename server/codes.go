package server

import (
	"bytes"
	"fmt"
	"net/http"

	"gridwright/geo/crs"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report"
)

// schemeView is a code scheme with what a page needs beside it.
type schemeView struct {
	plan.CodeScheme
	Preset bool   `json:"preset"`
	Title  string `json:"title"`
	Note   string `json:"note"`
}

type schemesView struct {
	Current string       `json:"current"`
	Schemes []schemeView `json:"schemes"`
}

// codeSchemes answers with the code schemes there are, the current one first.
func (s *Server) codeSchemes(w http.ResponseWriter, r *http.Request) error {
	settings, version, err := s.Store.CodeSettings(r.Context())
	if err != nil {
		return err
	}
	l := language(r)
	out := schemesView{Current: settings.Current, Schemes: []schemeView{}}
	for _, c := range settings.All() {
		v := schemeView{CodeScheme: c, Preset: c.Preset, Title: c.Title(l), Note: c.About}
		if l == words.En && c.AboutEn != "" {
			v.Note = c.AboutEn
		}
		out.Schemes = append(out.Schemes, v)
	}
	w.Header().Set("ETag", versionTag("codes", version))
	return writeJSON(w, http.StatusOK, out)
}

// settleCodeSchemes keeps the office's own schemes and which one is current.
func (s *Server) settleCodeSchemes(w http.ResponseWriter, r *http.Request) error {
	var wish plan.CodeSettings
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	for _, c := range wish.Schemes {
		for _, said := range [][2]string{{"name", c.Name}, {"name_en", c.NameEn}, {"about", c.About}, {"about_en", c.AboutEn}} {
			if err := legible(said[0], said[1]); err != nil {
				return err
			}
		}
	}
	_, version, err := s.Store.CodeSettings(r.Context())
	if err != nil {
		return err
	}
	if err := matched(r, versionTag("codes", version), "setting.changed"); err != nil {
		return err
	}
	if _, err := s.Store.SetCodeSettings(r.Context(), wish, version); err != nil {
		return err
	}
	return s.codeSchemes(w, r)
}

type recodeView struct {
	Revision int64           `json:"revision"`
	Scheme   string          `json:"scheme"`
	Grids    int             `json:"grids"`
	Frames   []frameView     `json:"frames"`
	Changes  []codeChangeRow `json:"changes"`
}

// frameView is grids that are numbered together.
type frameView struct {
	Before string  `json:"before"`
	After  string  `json:"after"`
	Grids  int     `json:"grids"`
	Band   float64 `json:"band_metres"`
}

type codeChangeRow struct {
	Parent    string `json:"parent"`
	Old       string `json:"old"`
	New       string `json:"new"`
	OldName   string `json:"old_name"`
	NewName   string `json:"new_name"`
	OldNameEn string `json:"old_name_en"`
	NewNameEn string `json:"new_name_en"`
}

// recodePreview answers with what codes the grids would get: ?scheme=dcm-15[&anew=true][&format=csv]. Nothing is changed.
func (s *Server) recodePreview(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	q := r.URL.Query()
	anew := q.Get("anew")
	if anew != "" && anew != "true" && anew != "false" {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "anew", "value": anew})
	}
	format := q.Get("format")
	if format != "" && format != "json" && format != "csv" {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "format", "value": format})
	}
	scheme, coded, err := s.Store.Recoding(r.Context(), v.Snapshot, q.Get("scheme"), anew == "true")
	if err != nil {
		return err
	}
	out := recodeView{Revision: v.Revision, Scheme: scheme.Key, Grids: v.GridCount(), Frames: []frameView{}, Changes: []codeChangeRow{}}
	for _, f := range coded.Frames {
		out.Frames = append(out.Frames, frameView{f.Before, f.After, f.Grids, float64(f.Band)})
	}
	for _, c := range coded.Changes {
		parent := v.Ground.Parents[v.Grids[c.No-1].Parent]
		out.Changes = append(out.Changes, codeChangeRow{parent.Code, c.Before.Code, c.After.Code, c.Before.Name, c.After.Name, c.Before.NameEn, c.After.NameEn})
	}
	if format != "csv" {
		return writeJSON(w, http.StatusOK, out)
	}
	var body bytes.Buffer // whole or not at all
	if err := out.table(language(r)).WriteCSV(&body); err != nil {
		return err
	}
	h := w.Header()
	h.Set("Content-Type", mediaTypes["csv"])
	h.Set("Cache-Control", "no-cache")
	h.Set("Content-Disposition", fmt.Sprintf(`attachment; filename="gridwright-recode-plan-%s-r%d.csv"`, id, v.Revision))
	_, err = body.WriteTo(w)
	return err
}

// table is old to new as a list.
func (v *recodeView) table(l words.Lang) *report.Table {
	t := &report.Table{Title: sentences.Say(l, "recode.title", nil), Nothing: sentences.Say(l, "recode.nothing", nil)}
	for _, key := range []string{"number", "parent", "old", "new", "old_name", "new_name"} {
		t.Columns = append(t.Columns, report.Column{Key: key, Head: sentences.Say(l, "recode."+key, nil)})
	}
	t.Rows = func(yield func([]any) bool) {
		for i, c := range v.Changes {
			old, new := c.OldName, c.NewName
			if l == words.En {
				old, new = c.OldNameEn, c.NewNameEn
			}
			if !yield([]any{int64(i + 1), c.Parent, c.Old, c.New, old, new}) {
				return
			}
		}
	}
	return t
}

// metres rounds a length to a decimetre.
func metres(m crs.Metres) float64 { return float64(int64(m*10+0.5)) / 10 }
