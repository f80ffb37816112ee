package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Decisions are what was decided on an import, and where its file is from, as they are sent and kept.
type Decisions struct {
	Layer       string            `json:"layer,omitempty"`
	SourceLayer string            `json:"source_layer,omitempty"`
	Map         map[string]string `json:"map,omitempty"`
	Where       map[string]string `json:"where,omitempty"`
	Admin       map[string]string `json:"admin,omitempty"` // level by admin_level
	CRS         string            `json:"crs,omitempty"`
	Encoding    string            `json:"encoding,omitempty"`
	Head        string            `json:"head,omitempty"`
	SkipRefused bool              `json:"skip_refused,omitempty"`
	KeepColumns bool              `json:"keep_columns,omitempty"`
	Source
	Template string `json:"template,omitempty"`
}

// Source is where the data of a file are from.
type Source struct {
	Purpose string `json:"purpose,omitempty"` // what for (用途)
	Basis   string `json:"basis,omitempty"`   // the legal ground (依据)
	Dated   string `json:"dated,omitempty"`   // the day they are of
	Expires string `json:"expires,omitempty"` // the day from which they may be used no more
	By      string `json:"by,omitempty"`      // who brings them: a name or an office
}

// maxSaid is how many characters a decision may have.
const maxSaid = 500

// Check refuses what no file could make right.
func (d Decisions) Check() error {
	for _, said := range [][2]string{{"layer", d.Layer}, {"source_layer", d.SourceLayer}, {"crs", d.CRS}, {"encoding", d.Encoding}, {"head", d.Head},
		{"purpose", d.Purpose}, {"basis", d.Basis}, {"by", d.By}, {"template", d.Template}} {
		if err := legible(said[0], said[1]); err != nil {
			return err
		}
	}
	for name, pairs := range map[string]map[string]string{"map": d.Map, "where": d.Where, "admin": d.Admin} {
		for key, value := range pairs {
			if err := errors.Join(legible(name, key), legible(name, value)); err != nil {
				return err
			}
		}
	}
	for name, day := range map[string]string{"dated": d.Dated, "expires": d.Expires} {
		if _, err := time.Parse(time.DateOnly, day); day != "" && err != nil {
			return &Fault{Key: "day.wrong", Args: words.Args{"field": name, "value": importers.Excerpt(day)}}
		}
	}
	_, err := d.Order("")
	return err
}

func legible(name, text string) error {
	if utf8.RuneCountInString(text) > maxSaid || !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return &Fault{Key: "said.illegible", Args: words.Args{"field": name, "most": maxSaid}}
	}
	return nil
}

// Order returns the import of a file as it was decided. A layer that is not decided on yet is left empty.
func (d Decisions) Order(file string) (Order, error) {
	o := Order{File: file, Layer: d.Layer, Where: d.Where, Map: d.Map, SkipRefused: d.SkipRefused, KeepColumns: d.KeepColumns, Form: importers.Form{Layer: d.SourceLayer, Limits: &importers.UploadLimits}}
	if d.Layer != "" && !IsLayer(d.Layer) {
		return o, &Fault{Key: "layer", Args: words.Args{"layer": importers.Excerpt(d.Layer), "layers": Layers()}}
	}
	for number, level := range d.Admin {
		n, err := strconv.Atoi(number)
		if err != nil || n < 1 || n > 12 || plan.Level(level).Rank() < 0 {
			return o, &Fault{Key: "admin.wrong", Args: words.Args{"number": importers.Excerpt(number), "level": importers.Excerpt(level), "levels": plan.Levels}}
		}
		if o.Admin == nil {
			o.Admin = map[int]plan.Level{}
		}
		o.Admin[n] = plan.Level(level)
	}
	if d.CRS != "" {
		if err := o.Form.SaySystem(d.CRS); err != nil {
			return o, err
		}
	}
	var err error
	if d.Encoding != "" {
		if o.Form.Encoding, err = importers.EncodingNamed(d.Encoding); err != nil {
			return o, err
		}
	}
	if d.Head != "" {
		o.Form.Head, err = importers.HeadNamed(d.Head)
	}
	return o, err
}

// Over returns the decisions with what they leave open taken from others. Of maps each entry counts by itself.
func (d Decisions) Over(others json.RawMessage) (all Decisions, err error) {
	own, err := json.Marshal(d)
	if err != nil {
		return d, err
	}
	return all, errors.Join(json.Unmarshal(others, &all), json.Unmarshal(own, &all))
}

// Answered refuses decisions that leave questions of an inspection open.
func (d Decisions) Answered(look Inspection) error {
	answers := map[string]string{"source_layer": d.SourceLayer, "encoding": d.Encoding, "crs": d.CRS, "head": d.Head}
	var open []string
	for _, q := range look.Questions {
		if answers[q.About] == "" && !(q.About == "source_layer" && d.Layer == AutoLayer) {
			open = append(open, q.About)
		}
	}
	if len(open) > 0 {
		return &Fault{Key: "import.asked", Args: words.Args{"questions": open}}
	}
	if d.Layer == "" {
		return &Fault{Key: "import.layer"}
	}
	return nil
}

// Lacking returns those of a template's columns that it makes use of and a file does not have.
func (d Decisions) Lacking(template, file []string) (lacking []string) {
	has := map[string]bool{}
	for _, c := range file {
		has[c] = true
	}
	used := map[string]bool{}
	for _, column := range d.Map {
		used[column] = !strings.HasPrefix(column, "=")
	}
	for column := range d.Where {
		used[column] = true
	}
	for _, c := range template {
		if used[c] && !has[c] {
			lacking = append(lacking, c)
		}
	}
	return lacking
}

// Columns returns the columns that decisions name, by name.
func (d Decisions) Columns() []string {
	named := map[string]importers.Value{}
	for _, column := range d.Map {
		if !strings.HasPrefix(column, "=") {
			named[column] = importers.Value{}
		}
	}
	for column := range d.Where {
		named[column] = importers.Value{}
	}
	return columnsOf(importers.Found{}, []importers.Row{{Values: named}})
}

// Taking returns how a worker does the steps of imports.
func Taking(store *postgis.Store) postgis.TakeFile {
	return func(ctx context.Context, t postgis.ImportTask) (r postgis.ImportResult, err error) {
		var d Decisions
		if err := json.Unmarshal(t.Decisions, &d); err != nil {
			return r, err
		}
		if t.Step == postgis.SessionInspecting {
			return inspected(ctx, store, t, d)
		}
		return tried(ctx, store, t, d)
	}
}

// inspected looks at the file.
func inspected(ctx context.Context, store *postgis.Store, t postgis.ImportTask, d Decisions) (r postgis.ImportResult, err error) {
	look, err := Inspect(ctx, store, t.Path, d)
	if err != nil {
		return r, err
	}
	r.Inspection, err = look.InAll()
	return r, err
}

// tried does a trial, or what a trial said.
func tried(ctx context.Context, store *postgis.Store, t postgis.ImportTask, d Decisions) (r postgis.ImportResult, err error) {
	if d.Layer == "" {
		return r, &Fault{Key: "import.layer"}
	}
	o, err := d.Order(t.Path)
	if err != nil {
		return r, err
	}
	o.Form.Limits = &importers.UploadLimits
	o.Preview, o.DryRun, o.Progress = &Preview{}, t.Step == postgis.SessionTrying, t.Progress
	o.Then = func(ctx context.Context, im *postgis.Importing, id postgis.ImportID, report *Report) error {
		rows, err := report.RowsRefused(ctx, o)
		if err != nil {
			return err
		}
		if o.Preview.Totals == nil {
			o.Preview.Features, o.Preview.Totals = []PreviewFeature{}, report.totals()
		}
		o.Preview.addRefused(o.Layer, rows)
		found, err := digest(report, o.Preview)
		if err != nil {
			return err
		}
		if found != t.Digest {
			return plan.Refuse(plan.Wrong, "import.moved", nil)
		}
		all, err := report.InAll()
		if err != nil {
			return err
		}
		return t.Stored(ctx, im, id, all)
	}
	report, err := Run(ctx, store, o)
	if report == nil || !o.DryRun {
		return r, cmp.Or(err, error(nil))
	}
	if _, refused := errors.AsType[*Fault](err); err != nil && !refused {
		return r, err
	}
	rows, err := report.RowsRefused(ctx, o)
	if err != nil {
		return r, err
	}
	if o.Preview.Totals == nil { // a drop of layers, or refused before anything could be compared
		o.Preview.Features, o.Preview.Totals = []PreviewFeature{}, report.totals()
	}
	o.Preview.addRefused(o.Layer, rows)
	if r.Digest, err = digest(report, o.Preview); err != nil {
		return r, err
	}
	if r.Refused, err = rows.JSON(); err != nil {
		return r, err
	}
	if r.Preview, err = json.Marshal(o.Preview); err != nil {
		return r, err
	}
	r.Report, err = report.InAll()
	return r, err
}

// Listing returns what puts an import of the command line in the list of imports: an Order.Then.
func Listing(o Order, d Decisions) func(context.Context, *postgis.Importing, postgis.ImportID, *Report) error {
	return func(ctx context.Context, im *postgis.Importing, id postgis.ImportID, r *Report) error {
		kept := postgis.KeptFile{Name: filepath.Base(o.File), SHA256: r.sha256}
		if info, err := os.Stat(o.File); err == nil && info.Mode().IsRegular() {
			kept.Size = info.Size()
			if j := newJob(o, nil); kept.SHA256 == "" && j.hash() == nil { // a drop, of whose layers each has its own
				kept.SHA256 = j.sha256
			}
		}
		rows, err := r.RowsRefused(ctx, o)
		if err != nil {
			return err
		}
		if kept.Refused, err = rows.JSON(); err != nil {
			return err
		}
		if kept.Decisions, err = json.Marshal(d); err != nil {
			return err
		}
		if kept.Report, err = r.InAll(); err != nil {
			return err
		}
		return im.Keep(ctx, id, kept)
	}
}
