package intake

import (
	"context"
	"slices"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// storeFeatures stores the rows as features of their layer, by code. What a column the file does not have would say
// stays as it is stored; so do features the file does not name, unless the file lists a place in full (see scope).
func (j *job) storeFeatures(ctx context.Context, im *postgis.Importing) error {
	for _, f := range j.features {
		j.records = append(j.records, record{place: f.place, code: f.Code, parent: f.parent})
	}
	parents, err := j.parents(ctx, im)
	if err != nil || j.refused() {
		return err
	}
	all := make([]*plan.Feature, len(j.features))
	for i := range j.features {
		f := &j.features[i]
		f.Parent = parents[f.parent].ID
		all[i] = &f.Feature
	}
	layer := plan.Layer(j.Layer)
	scope, fromFile, err := j.scope(ctx, im, layer, areaIDs(parents))
	if err != nil {
		return err
	}
	change, err := j.compareFeatures(ctx, im, layer, all, scope, j.mergeFeature)
	if err != nil {
		return err
	}
	change.count(&j.report.New, &j.report.Changed, &j.report.Unchanged, &j.report.Retired)
	if replaced := change.changed + len(change.retire); fromFile > 0 && 2*replaced > fromFile {
		j.note("note.same_file", words.Args{"n": replaced, "file": j.report.File})
	}
	if err := j.checkCompounds(ctx, im, all); err != nil {
		return err
	}
	j.report.sortFindings()
	id, err := j.save(ctx, im)
	if err != nil {
		return err
	}
	return change.apply(ctx, im, id, j.Progress)
}

// scope returns the stored features of a layer that the file replaces, whether it names them or not, and how many of
// them owe their codes to the file's name. These are the features
//
//   - of the areas its rows name as parents: it lists them in full, as a file of blocks does;
//   - whose codes were made from its name: a row that is gone would else stay for ever under a code nobody knows.
//
// A file of which --where takes only a part replaces none of the latter.
func (j *job) scope(ctx context.Context, im *postgis.Importing, layer plan.Layer, parents []plan.AreaID) (scope []postgis.Known, fromFile int, err error) {
	if len(parents) > 0 {
		if scope, err = im.FeaturesOfParents(ctx, layer, parents); err != nil {
			return nil, 0, err
		}
	}
	if !layer.Bounds() || len(j.Where) > 0 {
		return scope, 0, nil
	}
	for _, joint := range []string{byID, byNumber} {
		made, err := im.FeaturesOfFile(ctx, layer, j.stem()+joint)
		if err != nil {
			return nil, 0, err
		}
		scope, fromFile = append(scope, made...), fromFile+len(made)
	}
	return scope, fromFile, nil
}

// mergeFeature fills in what the file has no column for.
func (j *job) mergeFeature(f, old *plan.Feature) {
	for _, m := range []struct {
		field string
		keep  func()
	}{
		{"name", func() { f.Name = old.Name }},
		{"parent", func() { f.Parent = old.Parent }},
		{j.classField(), func() { f.Class = old.Class }},
		{"bridge", func() { f.Bridge = old.Bridge }},
		{"tunnel", func() { f.Tunnel = old.Tunnel }},
		{"level", func() { f.Level = old.Level }},
		{"compound", func() { f.Compound = old.Compound }},
		{"floors", func() { f.Floors = old.Floors }},
		{"no_property_mgmt", func() { f.NoPropertyMgmt = old.NoPropertyMgmt }},
		{"no_security", func() { f.NoSecurity = old.NoSecurity }},
		{"no_enclosure", func() { f.NoEnclosure = old.NoEnclosure }},
		{"new_org", func() { f.NewOrg = old.NewOrg }},
	} {
		if !j.says(m.field) {
			m.keep()
		}
	}
}

// classField returns the name of the field that says of what kind a feature is.
func (j *job) classField() string {
	if slices.Contains(j.kind.fields, "kind") {
		return "kind"
	}
	return "class"
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
	var measures []plan.Measure
	for m := range lost {
		measures = append(measures, m)
	}
	plan.SortMeasures(measures)
	for _, m := range measures {
		j.note("note.counts_gone", words.Args{"n": len(codes), "measure": m, "sum": lost[m]})
	}
	return nil
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
func (j *job) checkCompounds(ctx context.Context, im *postgis.Importing, all []*plan.Feature) error {
	var codes []string
	for _, f := range all {
		if f.Compound != "" {
			codes = append(codes, f.Compound)
		}
	}
	slices.Sort(codes)
	codes = slices.Compact(codes)
	if len(codes) == 0 {
		return nil
	}
	known, err := im.FeatureCodes(ctx, plan.CompoundLayer, codes)
	if err != nil {
		return err
	}
	for _, f := range all {
		if _, there := slices.BinarySearch(known, f.Compound); f.Compound != "" && !there {
			j.find(Finding{Kind: "compound_unknown", Severity: plan.Note, Codes: []string{f.Code}}, f.First(),
				words.Args{"building": f.Code, "compound": importers.Excerpt(f.Compound)})
		}
	}
	return nil
}
