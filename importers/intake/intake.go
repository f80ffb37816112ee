// Package intake takes files into the database: it reads their rows, gives the columns their meaning, checks everything,
// and stores either all of a file or nothing.
//
// An import runs in these steps, each in a file of its own:
//
//  1. rows.go reads the file, keeps the rows that fit --where and hashes the bytes.
//  2. fields.go says which column each field comes from; record.go turns rows into records or refusals.
//  3. parents.go finds the areas the records lie in.
//  4. areas.go, blocks.go, features.go or counts.go compares with what is stored. Blocks first become one coverage with
//     their neighbours (cover.go); the raw ground is stored as it was drawn.
//  5. In one transaction what differs is stored, with the report.
//
// Whatever cannot be taken as it is becomes a refusal with its place, and one refusal keeps the whole file out: half a
// file is worse than none. What can be taken but should be looked at becomes a finding.
package intake

import (
	"context"
	"encoding/json"
	"errors"
	"path/filepath"

	"gridwright/importers"
	"gridwright/importers/osmfile"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Order is what to import and how.
type Order struct {
	File      string             // path of the file
	Layer     string             // one of Layers
	Where     map[string]string  // only rows whose columns have these values; empty takes all
	Map       map[string]string  // column by field, or "=" and a value for all rows; a field that is not in it takes the column of its own name
	Admin     map[int]plan.Level // of an extract of OpenStreetMap: which admin_level is which level; others are passed over
	Form      importers.Form     // what is said of the file's coordinates, text and layers; its zero value leaves them to the file
	DryRun    bool               // do everything and keep nothing
	Synthetic bool               // the data are invented: said wherever they are shown
	Lang      words.Lang         // of the report

	// Progress is told how far each stage ("read", "cover", "store") is; a total of 0 is not known. Defaults to nobody.
	Progress func(stage string, done, total int)
}

// Fault is why an import cannot be: a sentence in both languages and the cause for the operator.
type Fault struct {
	Key   string
	Args  words.Args
	Cause error
}

// In returns the sentence.
func (f *Fault) In(l words.Lang) string { return Sentences.Say(l, f.Key, f.Args) }

// Error returns the English sentence, and the cause where there is one.
func (f *Fault) Error() string {
	if f.Cause != nil {
		return f.In(words.En) + ": " + f.Cause.Error()
	}
	return f.In(words.En)
}

// Unwrap returns the cause.
func (f *Fault) Unwrap() error { return f.Cause }

// errKeepNothing ends a transaction that must leave no trace, without being an error of the import.
var errKeepNothing = errors.New("keep nothing")

// Run imports a file. It returns the report and a nil error when the file was stored (or, in a dry run, could be); the
// report and a *Fault when it was refused; and no report with any other error. Either all of the file is stored or
// nothing.
func Run(ctx context.Context, store *postgis.Store, o Order) (*Report, error) {
	if o.Progress == nil {
		o.Progress = func(string, int, int) {}
	}
	if !IsLayer(o.Layer) {
		return nil, &Fault{Key: "layer", Args: words.Args{"layer": importers.Excerpt(o.Layer), "layers": Layers()}}
	}
	j := newJob(o, store)
	if err := j.prepare(ctx); err != nil {
		return nil, err
	}
	if j.refused() {
		return j.report, j.refusal()
	}
	err := store.Import(ctx, func(im *postgis.Importing) error {
		if err := j.store(ctx, im); err != nil {
			return err
		}
		if o.DryRun || j.refused() {
			return errKeepNothing
		}
		return nil
	})
	switch {
	case err != nil && !errors.Is(err, errKeepNothing):
		return nil, err
	case j.refused():
		return j.report, j.refusal()
	}
	return j.report, nil
}

// job is one import under way.
type job struct {
	Order
	kind     layerKind
	db       *postgis.Store
	report   *Report
	fields   []field
	seen     map[string]bool // columns of the file
	rows     []row
	sha256   string
	records  []record  // areas, blocks
	features []feature // the raw ground
	tables   []tallied // counts
	extract  *osmfile.Extract
}

func newJob(o Order, store *postgis.Store) *job {
	return &job{Order: o, kind: kindOf(o.Layer), db: store, report: newReport(o)}
}

func (j *job) refused() bool { return j.report.RefusedTotal > 0 }

// refusal returns the error of a refused import.
func (j *job) refusal() error {
	return &Fault{Key: "refused", Args: words.Args{"file": j.report.File, "n": j.report.RefusedTotal}}
}

// prepare does what needs no database: everything up to the records, or the refusals.
func (j *job) prepare(ctx context.Context) error {
	if j.Layer == OSMLayer {
		return j.readExtract(ctx)
	}
	if !j.chooseFields() {
		return nil
	}
	if err := j.read(ctx); err != nil || j.refused() {
		return err
	}
	j.report.Taken = len(j.rows)
	switch {
	case j.Layer == CountsLayer:
		j.checkCounts(ctx)
	case plan.Layer(j.Layer).Rank() >= 0:
		j.checkFeatures(ctx)
	default:
		j.checkRecords(ctx)
	}
	return ctx.Err()
}

// store does the layer's own work in the transaction.
func (j *job) store(ctx context.Context, im *postgis.Importing) error {
	switch {
	case j.Layer == OSMLayer:
		return j.storeExtract(ctx, im)
	case j.Layer == CountsLayer:
		return j.storeCounts(ctx, im)
	case j.Layer == BlockLayer:
		return j.storeBlocks(ctx, im)
	case plan.Layer(j.Layer).Rank() >= 0:
		return j.storeFeatures(ctx, im)
	}
	return j.storeAreas(ctx, im)
}

// save records the import with its report, which must be complete.
func (j *job) save(ctx context.Context, im *postgis.Importing) (postgis.ImportID, error) {
	report, err := json.Marshal(j.report)
	if err != nil {
		return 0, err
	}
	return im.Save(ctx, j.Layer, filepath.Base(j.File), j.sha256, j.Synthetic, report)
}
