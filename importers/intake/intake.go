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
// Areas, blocks, counts and extracts are held while that is done. Files of features, which are larger, pass through the database in batches and are
// compared there (stream.go): what an import of them holds does not grow with the file.
//
// Whatever cannot be taken as it is becomes a refusal with its place, and one refusal keeps the whole file out: half a
// file is worse than none. What can be taken but should be looked at becomes a finding.
package intake

import (
	"context"
	"encoding/json"
	"errors"

	"gridwright/importers"
	"gridwright/importers/osmfile"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Order is what to import and how.
type Order struct {
	File      string             // path of the file
	Layer     string             // one of Layers, or AutoLayer
	Where     map[string]string  // only rows whose columns have these values; empty takes all
	Map       map[string]string  // column by field, or "=" and a value for all rows; a field that is not in it takes the column of its own name
	Admin     map[int]plan.Level // of an extract of OpenStreetMap: which admin_level is which level; others are passed over
	Form      importers.Form     // what is said of the file's coordinates, text and layers; its zero value leaves them to the file
	DryRun    bool               // do everything and keep nothing
	Synthetic bool               // the data are invented: said wherever they are shown
	Preview   *Preview           // is filled in; nil where nobody wants to see it
	Lang      words.Lang         // of the report

	KeepColumns bool // columns that belong to no field become attributes of the features of the raw ground, but for those about persons
	SkipRefused bool // take the good rows and leave the bad ones out, instead of nothing

	// Then is called last in the transaction of an import that is kept; an error of its keeps nothing. Defaults to nothing.
	Then func(ctx context.Context, im *postgis.Importing, id postgis.ImportID, r *Report) error

	// Progress is told how far each stage ("read", "cover", "store") is; a total of 0 is not known. Defaults to nobody.
	Progress func(stage string, done, total int)

	name string // the file's in a drop; empty for that of File
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

// Code returns the stable name of the reason.
func (f *Fault) Code() string { return f.Key }

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
	if o.Layer == AutoLayer {
		return runDrop(ctx, store, o)
	}
	if o.SkipRefused && (o.Layer == BlockLayer || o.Layer == OSMLayer) {
		return nil, &Fault{Key: "skip.layer", Args: words.Args{"layer": o.Layer}}
	}
	j := newJob(o, store)
	if o.KeepColumns && !j.keepsColumns() {
		return nil, &Fault{Key: "keep.layer", Args: words.Args{"layer": o.Layer}}
	}
	if err := j.checkPlace(ctx); err != nil {
		return nil, err
	}
	if err := j.prepare(ctx); err != nil {
		return nil, err
	}
	if j.refused() {
		return j.report, j.refusal()
	}
	begin := store.Import
	if j.streams() {
		begin = store.ImportLater // it takes its turn once the file is read
	}
	err := begin(ctx, func(im *postgis.Importing) error { return j.run(ctx, im) })
	switch {
	case j.failure != nil:
		return nil, j.failure
	case err != nil && !errors.Is(err, errKeepNothing):
		return nil, err
	case j.refused():
		return j.report, j.refusal()
	}
	return j.report, nil
}

// run stores the file. It returns errKeepNothing where it was refused, or is not to be kept.
func (j *job) run(ctx context.Context, im *postgis.Importing) error {
	if err := j.store(ctx, im); err != nil {
		return err
	}
	if j.refused() {
		return errKeepNothing
	}
	if err := j.look(ctx, im); err != nil {
		return err
	}
	if j.DryRun {
		return errKeepNothing
	}
	return j.finish(ctx, im)
}

// job is one import under way.
type job struct {
	Order
	kind      layerKind
	db        *postgis.Store
	report    *Report
	fields    []field
	seen      map[string]bool // columns of the file
	first     []string        // columns of its first row
	samples   map[string]sampled
	readings  readings
	withheld  int // values about persons that are kept of no column
	rows      []row
	sha256    string
	records   []record    // areas, blocks
	tables    []tallied   // counts
	listed    []listed    // staff
	organised []organised // party organisations
	codes     []string    // of the file's first rows, no more than maxSampled
	differ    []areaChange
	id        postgis.ImportID // once it is saved
	failure   error            // of a file that was read inside the transaction
	out       *outcast
	extract   *osmfile.Extract
	recounts  bool // blocks that are only counted anew keep their ids
}

func newJob(o Order, store *postgis.Store) *job {
	r := newReport(o)
	return &job{Order: o, kind: kindOf(o.Layer), db: store, report: r, out: &r.out}
}

// refusal returns the error of a refused import.
func (j *job) refusal() error {
	return &Fault{Key: "refused", Args: words.Args{"file": j.report.File, "n": j.report.RefusedTotal}}
}

// prepare does what needs no database: everything up to the records, or the refusals. Files of features are not read yet.
func (j *job) prepare(ctx context.Context) error {
	if j.Layer == OSMLayer {
		return j.readExtract(ctx)
	}
	if !j.chooseFields() {
		return nil
	}
	if j.streams() {
		return nil
	}
	if err := j.read(ctx, func(r row) { j.rows = append(j.rows, r) }); err != nil || j.refused() {
		return err
	}
	j.report.Taken = len(j.rows)
	switch {
	case j.Layer == CountsLayer:
		j.checkCounts(ctx)
	case j.Layer == RosterLayer, j.Layer == PartyLayer: // what posts and grids are called the database knows
		return ctx.Err()
	default:
		j.checkRecords(ctx)
	}
	j.leaveOut()
	return ctx.Err()
}

// finish stores the report as it is in the end.
func (j *job) finish(ctx context.Context, im *postgis.Importing) error {
	report, err := json.Marshal(j.report)
	if err != nil {
		return err
	}
	if err := im.Report(ctx, j.id, report); err != nil || j.Then == nil {
		return err
	}
	return j.Then(ctx, im, j.id, j.report)
}

// store does the layer's own work in the transaction.
func (j *job) store(ctx context.Context, im *postgis.Importing) error {
	switch {
	case j.Layer == OSMLayer:
		return j.storeExtract(ctx, im)
	case j.Layer == CountsLayer:
		return j.storeCounts(ctx, im)
	case j.Layer == RosterLayer:
		return j.storeRoster(ctx, im)
	case j.Layer == PartyLayer:
		return j.storeParty(ctx, im)
	case j.Layer == BlockLayer:
		return j.storeBlocks(ctx, im)
	case ofFeatures(j.Layer):
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
	j.report.sha256 = j.sha256
	j.id, err = im.Save(ctx, j.Layer, j.fileName(), j.sha256, j.Synthetic, report)
	return j.id, err
}
