package intake

import (
	"cmp"
	"maps"
	"path/filepath"
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
	Sums         map[plan.Measure]int64 `json:"sums"` // over the rows taken
	New          int                    `json:"new"`
	Changed      int                    `json:"changed"`
	Unchanged    int                    `json:"unchanged"`
	Retired      int                    `json:"retired"`          // blocks and features whose code the file no longer has
	Layers       []LayerReport          `json:"layers,omitempty"` // of an extract of OpenStreetMap: what it brought, layer by layer
	Findings     []Finding              `json:"findings"`         // gravest first; no more than maxListed of each severity
	FindingTotal int                    `json:"findings_total"`
	Notes        []string               `json:"notes"`
	DryRun       bool                   `json:"dry_run"`
	Synthetic    bool                   `json:"synthetic"`
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
	return &Report{File: filepath.Base(o.File), Layer: o.Layer, Refused: []Refused{}, Sums: map[plan.Measure]int64{},
		Findings: []Finding{}, Notes: []string{}, DryRun: o.DryRun, Synthetic: o.Synthetic}
}

// refuse adds a reason why the file is not taken. Place, code, field and value may be empty.
func (j *job) refuse(at importers.Place, r Refused, args words.Args) {
	r.Words = Sentences.Say(j.Lang, r.Key, args)
	j.addRefused(at, r)
}

// refuseFault adds what a reader says of a row or of the file.
func (j *job) refuseFault(code string, f *importers.Fault) {
	j.addRefused(f.Place, Refused{Code: code, Key: f.Key, Words: f.Words(j.Lang)})
}

func (j *job) addRefused(at importers.Place, r Refused) {
	r.Place, r.Line = at.In(j.Lang), at.Line
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
	f.Words = Sentences.Say(j.Lang, "finding."+f.Kind, args)
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
func (j *job) note(key string, args words.Args) {
	j.report.Notes = append(j.report.Notes, Sentences.Say(j.Lang, key, args))
}
