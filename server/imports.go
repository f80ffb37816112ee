package server

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/gorilla/mux"

	"gridwright/importers/intake"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// The bounds of a file that is brought.
const (
	maxFile     = 100 << 20 // bytes
	maxFileName = 80        // characters: a folder of most systems takes 255 bytes
	pieceSize   = 1 << 20   // bytes of it that are stored at a time
	uploadTime  = 15 * time.Minute
	lookTime    = 2 * time.Second // an answer waits so long for the first look
)

// importView is the import of a file.
type importView struct {
	ID          int64                `json:"id"`
	Name        string               `json:"name"`
	Size        int64                `json:"size"`
	SHA256      string               `json:"sha256"`
	Way         string               `json:"over"`
	State       postgis.SessionState `json:"state"`
	MadeAt      time.Time            `json:"made_at"`
	EndedAt     *time.Time           `json:"ended_at"`
	ExpiresAt   *time.Time           `json:"expires_at"`
	Progress    *buildProgress       `json:"progress"`
	Failure     *importFailure       `json:"failure"`
	Decisions   json.RawMessage      `json:"decisions"`
	Inspection  json.RawMessage      `json:"inspection"`
	Report      json.RawMessage      `json:"report"`
	Summary     *importSummary       `json:"summary"`
	RefusedKept int                  `json:"refused_kept"`
	Import      *int64               `json:"import"`
	Stored      bool                 `json:"stored"`
}

type importFailure struct {
	Code   string `json:"code"`
	Detail string `json:"detail"`
}

// importSummary is what a list says of a report.
type importSummary struct {
	Layer       string `json:"layer"`
	Taken       int    `json:"taken"`
	RefusedRows int    `json:"refused_rows"`
	New         int    `json:"new"`
	Changed     int    `json:"changed"`
	Gone        int    `json:"gone"`
	Unchanged   int    `json:"unchanged"`
}

func newImportView(row postgis.SessionRow, l words.Lang, whole bool) (importView, error) {
	v := importView{ID: int64(row.ID), Name: row.Name, Size: row.Size, SHA256: row.SHA256, Way: row.Way, State: row.State, MadeAt: row.MadeAt,
		EndedAt: row.EndedAt, Decisions: row.Decisions, RefusedKept: row.RefusedKept, Stored: row.State == postgis.SessionCommitted}
	if v.Stored {
		id := int64(row.Import)
		v.Import = &id
	} else {
		until := row.TouchedAt.Add(postgis.SessionKept)
		v.ExpiresAt = &until
	}
	if row.State.UnderWay() {
		stage := row.Stage
		if stage == "" {
			stage = "waiting"
		}
		v.Progress = &buildProgress{row.Stage, row.Done, row.Total, sentences.Say(l, "import."+stage, words.Args{"done": row.Done, "total": row.Total})}
	}
	if row.Failure != nil {
		v.Failure = &importFailure{row.Failure["code"], row.Failure[l.String()]}
	}
	if told := row.Report[l.String()]; told != nil {
		var r intake.Report
		if err := json.Unmarshal(told, &r); err != nil {
			return v, err
		}
		v.Summary = &importSummary{r.Layer, r.Taken, r.RefusedRows, r.New, r.Changed, r.Retired, r.Unchanged}
		if whole {
			v.Report = told
		}
	}
	if whole {
		v.Inspection = row.Inspection[l.String()]
	}
	return v, nil
}

// importTag is the ETag of an import's decisions.
func importTag(row postgis.SessionRow) string {
	return `"import-` + strconv.FormatInt(row.Version, 10) + `"`
}

func sessionID(r *http.Request) postgis.SessionID {
	return postgis.SessionID(numberIn(r))
}

func (s *Server) imports(w http.ResponseWriter, r *http.Request) error {
	most, err := wholeQuery(r, "limit", 100, 1, 1000)
	if err != nil {
		return err
	}
	before, err := wholeQuery(r, "before", 0, 1, 1<<53)
	if err != nil {
		return err
	}
	rows, total, err := s.Store.Sessions(r.Context(), most, postgis.SessionID(before))
	if err != nil {
		return err
	}
	out := make([]importView, len(rows))
	for i, row := range rows {
		if out[i], err = newImportView(row, language(r), false); err != nil {
			return err
		}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"imports": out, "total": total})
}

// wholeQuery reads a whole number within bounds from the query; without one it is what is meant then.
func wholeQuery(r *http.Request, name string, absent, low, high int) (int, error) {
	text := r.URL.Query().Get(name)
	if text == "" {
		return absent, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < low || n > high {
		return 0, refuse(http.StatusBadRequest, "query.value", words.Args{"name": name, "value": text})
	}
	return n, nil
}

// bringFile takes a file in, piece by piece, and answers once it has been looked at, if that does not take long. Of a file that cannot be
// read nothing stays.
func (s *Server) bringFile(w http.ResponseWriter, r *http.Request) error {
	name, err := fileName(r.URL.Query().Get("name"))
	if err != nil {
		return err
	}
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(uploadTime)) // where it cannot be set the server's own holds
	id, err := s.Store.BringFile(r.Context(), name)
	if err != nil {
		return err
	}
	if err := s.receive(r, id); err != nil {
		return errors.Join(err, s.Store.DropSession(context.WithoutCancel(r.Context()), id))
	}
	row, err := s.looked(r.Context(), id)
	if err != nil {
		return err
	}
	if row.State == postgis.SessionFailed {
		return errors.Join(s.failed(row), s.Store.DropSession(r.Context(), id))
	}
	w.Header().Set("Location", s.Base+"/api/v1/imports/"+strconv.FormatInt(int64(id), 10))
	return s.writeImport(w, r, http.StatusCreated, row)
}

// fileName returns a file's base name, fit to be one in any folder.
func fileName(text string) (string, error) {
	name := strings.TrimSpace(filepath.Base(strings.ReplaceAll(text, `\`, "/")))
	if err := legible("name", name); err != nil {
		return "", err
	}
	if name == "" || strings.Trim(name, "./") == "" || !utf8.ValidString(name) {
		return "", refuse(http.StatusBadRequest, "query.value", words.Args{"name": "name", "value": text})
	}
	if n := utf8.RuneCountInString(name); n > maxFileName {
		ending := filepath.Ext(name)
		stem := []rune(strings.TrimSuffix(name, ending))
		room := maxFileName - utf8.RuneCountInString(ending)
		if room < 1 {
			return "", refuse(http.StatusBadRequest, "query.value", words.Args{"name": "name", "value": text})
		}
		name = string(stem[:room]) + ending
	}
	return name, nil
}

// receive stores the body as a session's file.
func (s *Server) receive(r *http.Request, id postgis.SessionID) error {
	sum := sha256.New()
	piece := make([]byte, pieceSize)
	var size int64
	for no := 0; ; no++ {
		n, err := io.ReadFull(r.Body, piece)
		if n > 0 {
			sum.Write(piece[:n])
			size += int64(n)
			if err := s.Store.PutChunk(r.Context(), id, no, piece[:n]); err != nil {
				return err
			}
		}
		switch _, tooLong := errors.AsType[*http.MaxBytesError](err); {
		case err == nil:
		case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
			if size == 0 {
				return refuse(http.StatusUnprocessableEntity, "import.empty", nil)
			}
			return s.Store.Received(r.Context(), id, size, hex.EncodeToString(sum.Sum(nil)))
		case tooLong:
			return refuse(http.StatusRequestEntityTooLarge, "body.size", words.Args{"limit": maxFile >> 20})
		default:
			return refuse(http.StatusBadRequest, "import.broken", nil)
		}
	}
}

// looked waits a while until a session has been looked at.
func (s *Server) looked(ctx context.Context, id postgis.SessionID) (postgis.SessionRow, error) {
	until := time.Now().Add(lookTime)
	tick := time.NewTicker(40 * time.Millisecond)
	defer tick.Stop()
	for {
		row, err := s.Store.Session(ctx, id)
		if err != nil || row.State != postgis.SessionInspecting || time.Now().After(until) {
			return row, err
		}
		select {
		case <-ctx.Done():
			return row, ctx.Err()
		case <-tick.C:
		}
	}
}

// failed is why a session came to nothing, as a problem.
func (s *Server) failed(row postgis.SessionRow) error { return &unread{row.Failure} }

// unread is a failure as it was kept: a code, and a sentence by language.
type unread struct{ failure map[string]string }

func (u *unread) Error() string { return u.In(words.En) }

// Code returns the stable name of the reason.
func (u *unread) Code() string { return u.failure["code"] }

// In returns the sentence.
func (u *unread) In(l words.Lang) string { return u.failure[l.String()] }

func (s *Server) writeImport(w http.ResponseWriter, r *http.Request, status int, row postgis.SessionRow) error {
	v, err := newImportView(row, language(r), true)
	if err != nil {
		return err
	}
	w.Header().Set("ETag", importTag(row))
	return writeJSON(w, status, v)
}

func (s *Server) importNow(w http.ResponseWriter, r *http.Request, status int) error {
	row, err := s.Store.Session(r.Context(), sessionID(r))
	if err != nil {
		return err
	}
	return s.writeImport(w, r, status, row)
}

func (s *Server) getImport(w http.ResponseWriter, r *http.Request) error {
	return s.importNow(w, r, http.StatusOK)
}

// decideImport changes decisions: members that are given replace what was decided, null takes it back.
func (s *Server) decideImport(w http.ResponseWriter, r *http.Request) error {
	patch := map[string]json.RawMessage{}
	if err := readJSON(r, &patch); err != nil {
		return err
	}
	row, err := s.Store.Session(r.Context(), sessionID(r))
	if err != nil {
		return err
	}
	if err := matched(r, importTag(row), "import.changed"); err != nil {
		return err
	}
	if err := s.settle(r.Context(), row, patch); err != nil {
		return err
	}
	return s.importNow(w, r, http.StatusOK)
}

// settle stores what was decided with a patch of it.
func (s *Server) settle(ctx context.Context, row postgis.SessionRow, patch map[string]json.RawMessage) error {
	doc := map[string]json.RawMessage{}
	if err := json.Unmarshal(row.Decisions, &doc); err != nil {
		return err
	}
	var template string
	if json.Unmarshal(patch["template"], &template) == nil && template != "" {
		t, err := s.Store.Template(ctx, template)
		if err != nil {
			return err
		}
		var said map[string]json.RawMessage
		if err := json.Unmarshal(t.Decisions, &said); err != nil {
			return err
		}
		maps.Copy(doc, said)
		if err := fitting(t, row); err != nil {
			return err
		}
	}
	for member, value := range patch {
		if doc[member] = value; string(value) == "null" {
			delete(doc, member)
		}
	}
	decisions, err := readDecisions(doc)
	if err != nil {
		return err
	}
	text, err := json.Marshal(decisions)
	if err != nil {
		return err
	}
	return s.Store.Decide(ctx, row.ID, row.Version, text)
}

// readDecisions reads decisions and refuses what no file could make right.
func readDecisions(doc map[string]json.RawMessage) (d intake.Decisions, err error) {
	text, err := json.Marshal(doc)
	if err != nil {
		return d, err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&d); err != nil {
		return d, refuse(http.StatusBadRequest, "body.json", words.Args{"why": whyNot(err)})
	}
	return d, d.Check()
}

// fitting refuses a template that makes use of columns which the file does not have.
func fitting(t postgis.Template, row postgis.SessionRow) error {
	var d intake.Decisions
	if err := json.Unmarshal(t.Decisions, &d); err != nil {
		return err
	}
	look := inspectionOf(row)
	var columns []string
	for _, c := range look.Columns {
		columns = append(columns, c.Name)
	}
	if len(columns) == 0 {
		return nil // it has not come so far: which of several layers is not known, say
	}
	if lacking := d.Lacking(t.Columns, columns); len(lacking) > 0 {
		return refuse(http.StatusUnprocessableEntity, "import.template", words.Args{"template": t.Name, "columns": lacking})
	}
	return nil
}

func inspectionOf(row postgis.SessionRow) (look intake.Inspection) {
	_ = json.Unmarshal(row.Inspection[words.Zh.String()], &look) // none, before the first look
	return look
}

func (s *Server) dropImport(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.DropSession(r.Context(), sessionID(r)); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}

// inspectImport looks at the file again, as what the body says.
func (s *Server) inspectImport(w http.ResponseWriter, r *http.Request) error {
	var wish struct {
		Layer       *string `json:"layer"`
		SourceLayer *string `json:"source_layer"`
		Encoding    *string `json:"encoding"`
		CRS         *string `json:"crs"`
		Head        *string `json:"head"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	id := sessionID(r)
	row, err := s.Store.Session(r.Context(), id)
	if err != nil {
		return err
	}
	patch := map[string]json.RawMessage{}
	for member, value := range map[string]*string{"layer": wish.Layer, "source_layer": wish.SourceLayer, "encoding": wish.Encoding, "crs": wish.CRS, "head": wish.Head} {
		if value == nil {
			continue
		}
		if patch[member], err = json.Marshal(*value); err != nil {
			return err
		}
	}
	if len(patch) > 0 {
		if err := s.settle(r.Context(), row, patch); err != nil {
			return err
		}
	}
	if err := s.Store.StepSession(r.Context(), id, postgis.SessionInspecting); err != nil {
		return err
	}
	if row, err = s.looked(r.Context(), id); err != nil {
		return err
	}
	status := http.StatusOK
	if row.State == postgis.SessionInspecting {
		status = http.StatusAccepted
	}
	return s.writeImport(w, r, status, row)
}

// tryImport has the import worked out, once the questions are answered.
func (s *Server) tryImport(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Store.Session(r.Context(), sessionID(r))
	if err != nil {
		return err
	}
	var d intake.Decisions
	if err := json.Unmarshal(row.Decisions, &d); err != nil {
		return err
	}
	if err := d.Answered(inspectionOf(row)); err != nil {
		return err
	}
	return s.begin(w, r, postgis.SessionTrying)
}

func (s *Server) commitImport(w http.ResponseWriter, r *http.Request) error {
	row, err := s.Store.Session(r.Context(), sessionID(r))
	if err != nil {
		return err
	}
	v, err := newImportView(row, language(r), false)
	if err != nil {
		return err
	}
	if row.State == postgis.SessionTried && v.Summary != nil && v.Summary.Taken == 0 {
		return refuse(http.StatusConflict, "import.refused", words.Args{"n": v.Summary.RefusedRows})
	}
	return s.begin(w, r, postgis.SessionCommitting)
}

func (s *Server) begin(w http.ResponseWriter, r *http.Request, step postgis.SessionState) error {
	if err := s.Store.StepSession(r.Context(), sessionID(r), step); err != nil {
		return err
	}
	return s.importNow(w, r, http.StatusAccepted)
}

func (s *Server) cancelImport(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.CancelSession(r.Context(), sessionID(r)); err != nil {
		return err
	}
	return s.importNow(w, r, http.StatusAccepted)
}

// previewFeature is one feature of a preview.
type previewFeature struct {
	Type       string            `json:"type"`
	ID         int               `json:"id"`
	Geometry   json.RawMessage   `json:"geometry"`
	Properties map[string]string `json:"properties"`
}

func (s *Server) previewImport(w http.ResponseWriter, r *http.Request) error {
	most, err := wholeQuery(r, "limit", intake.MaxDrawn, 1, intake.MaxDrawn)
	if err != nil {
		return err
	}
	stored, digest, err := s.Store.SessionPreview(r.Context(), sessionID(r))
	if err != nil {
		return err
	}
	var p intake.Preview
	if stored != nil {
		if err := json.Unmarshal(stored, &p); err != nil {
			return err
		}
	}
	left := 0
	for _, n := range p.Totals {
		left += n
	}
	features := make([]previewFeature, min(len(p.Features), most))
	for i := range features {
		f := p.Features[i]
		features[i] = previewFeature{"Feature", i + 1, f.Geometry, map[string]string{"status": f.Status, "layer": f.Layer, "code": f.Code, "name": f.Name}}
		if f.Reason != nil {
			features[i].Properties["reason"] = f.Reason[language(r).String()]
		}
	}
	if p.Totals == nil {
		p.Totals = map[string]int{}
	}
	body, err := json.Marshal(map[string]any{"type": "FeatureCollection", "features": features, "totals": p.Totals, "left_out": max(left-len(features), 0)})
	if err != nil || notModified(w, r, contentTag(append([]byte(digest), body...))) {
		return err
	}
	w.Header().Set("Content-Type", "application/geo+json")
	return writeBody(w, http.StatusOK, body)
}

// refusedRows answers with the refused rows as a CSV that a spreadsheet opens without harm.
func (s *Server) refusedRows(w http.ResponseWriter, r *http.Request) error {
	name, stored, err := s.Store.SessionRefused(r.Context(), sessionID(r))
	if err != nil {
		return err
	}
	var rows intake.RefusedRows
	if stored != nil {
		if err := json.Unmarshal(stored, &rows); err != nil {
			return err
		}
	}
	var out bytes.Buffer
	if err := rows.CSV(&out, language(r)); err != nil {
		return err
	}
	file := strings.TrimSuffix(name, filepath.Ext(name)) + "-refused.csv"
	h := w.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8")
	h.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(file))
	h.Set("Cache-Control", "no-cache")
	_, err = w.Write(out.Bytes())
	return err
}

// templateView is decisions that are kept under a name.
type templateView struct {
	Name      string          `json:"name"`
	Decisions json.RawMessage `json:"decisions"`
	Columns   []string        `json:"columns"`
	SavedAt   time.Time       `json:"saved_at"`
}

func newTemplateView(t postgis.Template) templateView {
	return templateView{t.Name, t.Decisions, t.Columns, t.SavedAt}
}

func (s *Server) importTemplates(w http.ResponseWriter, r *http.Request) error {
	kept, err := s.Store.Templates(r.Context())
	if err != nil {
		return err
	}
	out := make([]templateView, len(kept))
	for i, t := range kept {
		out[i] = newTemplateView(t)
	}
	return writeJSON(w, http.StatusOK, map[string]any{"templates": out})
}

func (s *Server) importTemplate(w http.ResponseWriter, r *http.Request) error {
	t, err := s.Store.Template(r.Context(), mux.Vars(r)["name"])
	if err != nil {
		return err
	}
	return writeJSON(w, http.StatusOK, newTemplateView(t))
}

func (s *Server) keepImportTemplate(w http.ResponseWriter, r *http.Request) error {
	name := mux.Vars(r)["name"]
	if name != strings.TrimSpace(name) || utf8.RuneCountInString(name) > maxName {
		return refuse(http.StatusUnprocessableEntity, "query.value", words.Args{"name": "name", "value": name})
	}
	if err := legible("name", name); err != nil {
		return err
	}
	var wish struct {
		Decisions map[string]json.RawMessage `json:"decisions"`
		Columns   []string                   `json:"columns"`
	}
	if err := readJSON(r, &wish); err != nil {
		return err
	}
	d, err := readDecisions(wish.Decisions)
	if err != nil {
		return err
	}
	d.Template = ""
	for _, c := range wish.Columns {
		if err := legible("columns", c); err != nil {
			return err
		}
	}
	t := postgis.Template{Name: name, Columns: wish.Columns}
	if t.Columns == nil {
		t.Columns = d.Columns()
	}
	if t.Decisions, err = json.Marshal(d); err != nil {
		return err
	}
	if err := s.Store.PutTemplate(r.Context(), t); err != nil {
		return err
	}
	return s.importTemplate(w, r)
}

func (s *Server) dropImportTemplate(w http.ResponseWriter, r *http.Request) error {
	if err := s.Store.DropTemplate(r.Context(), mux.Vars(r)["name"]); err != nil {
		return err
	}
	w.WriteHeader(http.StatusNoContent)
	return nil
}
