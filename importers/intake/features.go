package intake

import (
	"context"
	"maps"
	"slices"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// storeFeatures reads the file and stores its rows as features of their layer, by code. What a column the file does not have would say stays as it
// is stored; so do features the file does not name, unless the file lists a place in full. It replaces, whether it names them or not, the features
//
//   - of the areas its rows name as parents: it lists them in full, as a file of blocks does;
//   - whose codes were made from its name: a row that is gone would else stay for ever under a code nobody knows.
//
// A file of which --where takes only a part replaces none of the latter.
func (j *job) storeFeatures(ctx context.Context, im *postgis.Importing) error {
	if err := j.stream(ctx, im); err != nil || j.refused() {
		return err
	}
	parents, err := j.stagedParents(ctx, im)
	if err != nil || j.refused() {
		return err
	}
	if err := j.countLeft(ctx, im); err != nil || j.refused() {
		return err
	}
	s := j.toCompare(parents)
	change, err := im.CompareStaged(ctx, s)
	if err != nil {
		return err
	}
	j.report.New, j.report.Changed, j.report.Unchanged, j.report.Retired = change.New, change.Changed, change.Unchanged, change.Gone
	j.tellLost(change.Gone, change.Lost)
	if replaced := change.Changed + change.Gone; change.FromFile > 0 && 2*replaced > change.FromFile {
		j.note("note.same_file", words.Args{"n": replaced, "file": j.report.File})
	}
	if err := j.checkCompounds(ctx, im); err != nil {
		return err
	}
	j.report.sortFindings()
	id, err := j.save(ctx, im)
	if err != nil {
		return err
	}
	err = im.StoreStaged(ctx, s, j.report.RowsRead, id, func(done int) { j.Progress("store", done, j.report.RowsRead) })
	j.Progress("store", j.report.RowsRead, j.report.RowsRead)
	return err
}

// toCompare says what the rows are to be compared with.
func (j *job) toCompare(parents map[string]plan.Area) postgis.Staged {
	s := postgis.Staged{Layer: plan.Layer(j.Layer), Says: []string{}, Parents: map[string]plan.AreaID{}, Prefixes: []string{}, Columns: []string{}}
	for _, f := range j.fields {
		if j.says(f.name) {
			s.Says = append(s.Says, f.name)
		}
	}
	if j.says("kind") {
		s.Says = append(s.Says, "class")
	}
	for code, area := range parents {
		s.Parents[code] = area.ID
	}
	if s.Layer.Bounds() && len(j.Where) == 0 {
		s.Prefixes = []string{j.stem() + byID, j.stem() + byNumber}
	}
	if j.KeepColumns {
		s.Columns = slices.Sorted(maps.Keys(j.seen))
	}
	return s
}

// featureChange is what an import does to a layer.
type featureChange struct {
	put                     []*plan.Feature
	retire                  []plan.FeatureID // features that are gone
	supersede               []plan.FeatureID // old rows of features that changed
	fresh                   []postgis.StoredTally
	stale                   []int64 // tallies
	added, changed, remains int
}

func (c *featureChange) count(added, changed, unchanged, retired *int) {
	*added += c.added
	*changed += c.changed
	*unchanged += c.remains
	*retired += len(c.retire)
}

// compareFeatures finds what differs between the features of a file and what is stored of a layer. Those of the scope
// that the file does not name are gone, with their counts. merge fills in from the stored feature what the file does
// not say of it.
func (j *job) compareFeatures(ctx context.Context, im *postgis.Importing, layer plan.Layer, all []*plan.Feature, scope []postgis.Known, merge func(f, old *plan.Feature)) (*featureChange, error) {
	codes := make([]string, len(all))
	named := make(map[string]bool, len(all))
	for i, f := range all {
		codes[i], named[f.Code] = f.Code, true
	}
	stored, err := im.FeaturesByCode(ctx, layer, codes)
	if err != nil {
		return nil, err
	}
	c := &featureChange{}
	tallies, err := j.compareTallies(ctx, im, layer, all, c)
	if err != nil {
		return nil, err
	}
	for _, f := range all {
		old := stored[f.Code]
		if old != nil {
			merge(f, old)
		}
		switch {
		case old == nil:
			c.added++
			c.put = append(c.put, f)
		case f.SameAs(old) && !tallies[f.Code]:
			c.remains++
		default:
			c.changed++
			if !f.SameAs(old) {
				c.supersede, c.put = append(c.supersede, old.ID), append(c.put, f)
			}
		}
	}
	var gone []string
	for _, k := range scope {
		if !named[k.Code] {
			named[k.Code] = true // two scopes may hold it
			c.retire, gone = append(c.retire, k.ID), append(gone, k.Code)
		}
	}
	return c, j.retireTallies(ctx, im, layer, gone, c)
}

// compareTallies adds to a change what differs between the counts of features and what is stored, and returns the codes
// whose counts differ. A count of a stated kind replaces one whose kind was not said; a count without a day that is the
// same as before keeps its day.
func (j *job) compareTallies(ctx context.Context, im *postgis.Importing, layer plan.Layer, all []*plan.Feature, c *featureChange) (differ map[string]bool, err error) {
	differ = map[string]bool{}
	var codes []string
	for _, f := range all {
		if len(f.Tallies) > 0 {
			codes = append(codes, f.Code)
		}
	}
	if len(codes) == 0 {
		return differ, nil
	}
	stored, err := im.TalliesByCode(ctx, layer, codes)
	if err != nil {
		return nil, err
	}
	type key struct {
		code    string
		measure plan.Measure
		kind    plan.CountKind
	}
	had := make(map[key]postgis.StoredTally, len(stored))
	for _, t := range stored {
		had[key{t.Code, t.Measure, t.Kind}] = t
	}
	for _, f := range all {
		for _, t := range f.Tallies {
			old, ok := had[key{f.Code, t.Measure, t.Kind}]
			if ok && old.Count == t.Count && (t.On == "" || t.On == old.On) {
				continue
			}
			if unsaid, is := had[key{f.Code, t.Measure, plan.NotSaid}]; is && !ok {
				old, ok = unsaid, true
			}
			if ok {
				c.stale = append(c.stale, old.ID)
			}
			c.fresh = append(c.fresh, postgis.StoredTally{Layer: layer, Code: f.Code, Tally: t})
			differ[f.Code] = true
		}
	}
	return differ, nil
}

// retireTallies takes away the counts of features that are gone, and says how much that is.
func (j *job) retireTallies(ctx context.Context, im *postgis.Importing, layer plan.Layer, codes []string, c *featureChange) error {
	if len(codes) == 0 || !layer.Counted() {
		return nil
	}
	stored, err := im.TalliesByCode(ctx, layer, codes)
	if err != nil {
		return err
	}
	lost := map[plan.Measure]int64{}
	for _, t := range stored {
		c.stale = append(c.stale, t.ID)
		lost[t.Measure] += t.Count
	}
	j.tellLost(len(codes), lost)
	return nil
}

// tellLost tells how much goes with features that are gone.
func (j *job) tellLost(features int, lost map[plan.Measure]int64) {
	for _, sum := range InOrder(lost) {
		j.note("note.counts_gone", words.Args{"n": features, "measure": sum.Measure, "sum": sum.Sum})
	}
}

// apply makes the change, as of an import.
func (c *featureChange) apply(ctx context.Context, im *postgis.Importing, id postgis.ImportID, progress func(string, int, int)) error {
	progress("store", 0, len(c.put))
	if err := im.RetireFeatures(ctx, slices.Concat(c.retire, c.supersede), id); err != nil {
		return err
	}
	if err := im.PutFeatures(ctx, c.put, id); err != nil {
		return err
	}
	if err := im.RetireTallies(ctx, c.stale, id); err != nil {
		return err
	}
	if err := im.PutTallies(ctx, c.fresh, id); err != nil {
		return err
	}
	progress("store", len(c.put), len(c.put))
	return nil
}

// checkCompounds tells of buildings whose compound is not there. It may be imported later.
func (j *job) checkCompounds(ctx context.Context, im *postgis.Importing) error {
	if plan.Layer(j.Layer) != plan.BuildingLayer {
		return nil
	}
	strangers, total, err := im.StagedStrangers(ctx, j.says("compound"), maxListed)
	for _, s := range strangers {
		j.find(Finding{Kind: "compound_unknown", Severity: plan.Note, Codes: []string{s.Code}}, s.Geometry.First(),
			words.Args{"building": s.Code, "compound": importers.Excerpt(s.Compound)})
	}
	j.report.FindingTotal += total - len(strangers)
	return err
}
