package intake

import (
	"cmp"
	"encoding/json"
	"maps"
	"slices"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
)

// Report is what came of an import. Equal files on equal databases give equal reports: it holds no time and no path.
type Report struct {
	File         string                 `json:"file"` // base name
	Layer        string                 `json:"layer"`
	Encoding     string                 `json:"encoding,omitempty"` // of the file's text, as it was read
	System       string                 `json:"crs,omitempty"`      // its coordinates were converted from; empty for longitude and latitude
	RowsRead     int                    `json:"rows_read"`
	RowsSkipped  int                    `json:"rows_skipped"` // did not fit --where
	Taken        int                    `json:"taken"`        // rows stored, or that a dry run would store; 0 when anything was refused
	Refused      []Refused              `json:"refused"`      // by place; no more than maxListed
	RefusedTotal int                    `json:"refused_total"`
	RefusedRows  int                    `json:"refused_rows"` // each once, however many reasons there are
	Sums         map[plan.Measure]int64 `json:"sums"`         // over the rows taken
	New          int                    `json:"new"`
	Changed      int                    `json:"changed"`
	Unchanged    int                    `json:"unchanged"`
	Retired      int                    `json:"retired"` // blocks and features whose code the file no longer has
	Compared     Compared               `json:"compared"`
	Layers       []LayerReport          `json:"layers,omitempty"` // of an extract of OpenStreetMap: what it brought, layer by layer
	Findings     []Finding              `json:"findings"`         // gravest first; no more than maxListed of each severity
	FindingTotal int                    `json:"findings_total"`
	Notes        []string               `json:"notes"`
	DryRun       bool                   `json:"dry_run"`
	Synthetic    bool                   `json:"synthetic"`

	notes []words.Speaker // one entry a note
	out   outcast

	sha256 string // of the file
}

// LayerReport is what an extract of OpenStreetMap brought of one layer.
type LayerReport struct {
	Layer     string `json:"layer"`
	Taken     int    `json:"taken"`
	New       int    `json:"new"`
	Changed   int    `json:"changed"`
	Unchanged int    `json:"unchanged"`
	Retired   int    `json:"retired"`
}

// maxListed is how many refusals, and how many findings of one severity, a report lists; the totals count all.
const maxListed = 100

// Refused is one reason why the file was not taken.
type Refused struct {
	Place string `json:"place"` // in words; empty where it is about the whole file
	Line  int    `json:"line,omitempty"`
	Code  string `json:"code,omitempty"`
	Field string `json:"field,omitempty"`
	Value string `json:"value,omitempty"` // as the file has it, shortened
	Key   string `json:"key"`             // stable name of the reason
	Words string `json:"words"`

	at   importers.Place
	said words.Speaker
}

// Finding is something the import took but somebody should look at.
type Finding struct {
	Kind     string        `json:"kind"`
	Severity plan.Severity `json:"severity"`
	Words    string        `json:"words"`
	At       [2]float64    `json:"at"` // lon lat
	Blocks   []string      `json:"blocks"`
	Codes    []string      `json:"codes,omitempty"` // of areas and features, where it is about such
	AreaM2   float64       `json:"area_m2"`
	WidthM   float64       `json:"width_m"`

	said words.Speaker
}

// sentence is a sentence of this package until somebody reads it.
type sentence struct {
	key  string
	args words.Args
}

// In returns it in a language.
func (s sentence) In(l words.Lang) string { return Sentences.Say(l, s.key, s.args) }

// placeless says a fault without its place, which is told beside it.
type placeless struct{ fault *importers.Fault }

// In returns it in a language.
func (p placeless) In(l words.Lang) string { return p.fault.Words(l) }

// In returns the report in a language.
func (r *Report) In(l words.Lang) *Report {
	told := *r
	told.Refused, told.Findings, told.Notes = slices.Clone(r.Refused), slices.Clone(r.Findings), make([]string, len(r.notes))
	for i, f := range r.Refused {
		told.Refused[i].Place, told.Refused[i].Words = f.at.In(l), f.said.In(l)
	}
	for i, f := range r.Findings {
		told.Findings[i].Words = f.said.In(l)
	}
	for i, n := range r.notes {
		told.Notes[i] = n.In(l)
	}
	return &told
}

// InAll returns the report as JSON in every language.
func (r *Report) InAll() (map[string]json.RawMessage, error) {
	all := map[string]json.RawMessage{}
	for _, l := range words.Langs {
		text, err := json.Marshal(r.In(l))
		if err != nil {
			return nil, err
		}
		all[l.String()] = text
	}
	return all, nil
}

// Sum is a measure with its sum over the rows taken.
type Sum struct {
	Measure plan.Measure
	Sum     int64
}

// SumsInOrder returns the sums as plan.SortMeasures orders the measures.
func (r *Report) SumsInOrder() []Sum { return InOrder(r.Sums) }

// InOrder returns sums as plan.SortMeasures orders the measures.
func InOrder(sums map[plan.Measure]int64) (ordered []Sum) {
	measures := slices.Collect(maps.Keys(sums))
	plan.SortMeasures(measures)
	for _, m := range measures {
		ordered = append(ordered, Sum{m, sums[m]})
	}
	return ordered
}

func newReport(o Order) *Report {
	return &Report{File: o.fileName(), Layer: o.Layer, Refused: []Refused{}, Sums: map[plan.Measure]int64{},
		Findings: []Finding{}, Notes: []string{}, DryRun: o.DryRun, Synthetic: o.Synthetic, Compared: newCompared()}
}

// refuse adds a reason why the file is not taken. Place, code, field and value may be empty. What a row says in a column
// about persons is not told.
func (j *job) refuse(at importers.Place, r Refused, args words.Args) {
	if at != (importers.Place{}) && r.Value != "" && j.isFromPersonal(r.Field) {
		for name, v := range args {
			if v == importers.Excerpt(r.Value) {
				args[name] = importers.Hidden
			}
		}
		r.Value = importers.Hidden
	}
	r.said = sentence{r.Key, args}
	j.addRefused(at, r)
}

// isFromPersonal reports whether a field is taken from a column that is about persons.
func (j *job) isFromPersonal(name string) bool {
	i := slices.IndexFunc(j.fields, func(f field) bool { return f.name == name })
	return i >= 0 && j.fields[i].constant == nil && j.isPersonalColumn(j.fields[i].column)
}

// refuseFault adds what a reader says of a row or of the file.
func (j *job) refuseFault(code string, f *importers.Fault) {
	j.addRefused(f.Place, Refused{Code: code, Key: f.Key, said: placeless{f}})
}

// told gives a refusal its place and its words.
func (j *job) told(at importers.Place, r Refused) Refused {
	r.at, r.Place, r.Line, r.Words = at, at.In(j.Lang), at.Line, r.said.In(j.Lang)
	return r
}

func (j *job) addRefused(at importers.Place, r Refused) {
	r = j.told(at, r)
	j.markRefused(at, r)
	r.Code, r.Value = importers.Excerpt(r.Code), importers.Excerpt(r.Value)
	j.report.Taken = 0
	if j.report.RefusedTotal++; len(j.report.Refused) < maxListed {
		j.report.Refused = append(j.report.Refused, r)
	}
}

// find adds a finding.
func (j *job) find(f Finding, at crs.Point, args words.Args) {
	args["at"] = at.String()
	if f.Blocks == nil {
		f.Blocks = []string{}
	}
	f.said = sentence{"finding." + f.Kind, args}
	f.Words = f.said.In(j.Lang)
	f.At = [2]float64{at.Lon.Degrees(), at.Lat.Degrees()}
	j.report.FindingTotal++
	listed := 0
	for _, other := range j.report.Findings {
		if other.Severity == f.Severity {
			listed++
		}
	}
	if listed < maxListed {
		j.report.Findings = append(j.report.Findings, f)
	}
}

// sortFindings puts the gravest first and else keeps the order in which they were found.
func (r *Report) sortFindings() {
	severities := []plan.Severity{plan.Err, plan.Warning, plan.Note}
	slices.SortStableFunc(r.Findings, func(a, b Finding) int {
		return cmp.Compare(slices.Index(severities, a.Severity), slices.Index(severities, b.Severity))
	})
}

// note adds a remark.
func (j *job) note(key string, args words.Args) { j.remark(sentence{key, args}) }

func (j *job) remark(said words.Speaker) {
	j.report.notes = append(j.report.notes, said)
	j.report.Notes = append(j.report.Notes, said.In(j.Lang))
}
