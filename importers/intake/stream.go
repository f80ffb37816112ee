package intake

import (
	"cmp"
	"context"
	"runtime"
	"slices"
	"sync/atomic"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Files of features are as large as a city has buildings, so they are not held. While the file is read its rows go on in batches: each is checked
// beside others, then copied into the database in the order of the file. What only the whole file tells is asked of the database at the end.
//
//	read (rows.go) -> check, one batch a core -> copy -> twice, parents, comparison (features.go) -> store
//
// A batch has a job of its own for what is found in it. That is told of the file once the file as a whole has turned out to be readable.

// rowsAtOnce is how many rows make a batch.
const rowsAtOnce = 2048

// batch is some rows of a file, one after the other.
type batch struct {
	*job   // its own
	rows   []row
	staged postgis.Batch
	err    error
	ready  chan struct{} // is closed once it was checked
}

// streams reports whether the layer's files go through the database.
func (j *job) streams() bool { return ofFeatures(j.Layer) }

// part returns a job for a part of the file, with the columns as they are known.
func (j *job) part() *job {
	p := newJob(j.Order, nil)
	p.fields, p.samples = j.fields, j.samples // the sample is whole before the first part is
	return p
}

// stream reads a file of features, checks its rows and copies them into the database. A file that was refused is read to its end all the same, so
// that all there is to mend is told at once.
func (j *job) stream(ctx context.Context, im *postgis.Importing) error {
	if err := im.OpenStage(ctx); err != nil {
		return err
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	var (
		cores   = runtime.GOMAXPROCS(0)
		work    = make(chan *batch)
		ordered = make(chan *batch, cores) // bounds how many batches there are at once
		bare    atomic.Bool                // the file is refused: only codes count from here on
		found   = j.part()                 // in the rows
		copied  = make(chan error, 1)
	)
	for range cores {
		go func() {
			for b := range work {
				b.check(bare.Load())
				close(b.ready)
			}
		}()
	}
	go func() {
		var err error
		for b := range ordered {
			<-b.ready
			if err == nil {
				if err = cmp.Or(b.err, im.Copy(ctx, &b.staged)); err != nil {
					stop(err) // whoever reads need not go on
				}
				found.absorb(b.job, b.rows)
				bare.Store(found.refused())
			}
		}
		copied <- err
	}()
	var rows []row
	hand := func() {
		b := &batch{job: j.part(), rows: rows, ready: make(chan struct{})}
		if j.kept() <= maxSampled {
			b.codes = []string{}
		}
		rows = make([]row, 0, rowsAtOnce)
		ordered <- b
		work <- b
	}
	err := j.read(ctx, func(r row) {
		if rows = append(rows, r); len(rows) == rowsAtOnce {
			hand()
		}
	})
	if err == nil && len(rows) > 0 {
		hand()
	}
	close(work)
	close(ordered)
	if failed := <-copied; failed != nil {
		return failed
	}
	if err != nil {
		j.failure = err
		return errKeepNothing
	}
	if j.refused() {
		return nil
	}
	j.report.Taken = j.kept()
	j.absorb(found, nil)
	if j.refused() {
		clear(j.report.Sums)
	}
	if err := im.TakeTurn(ctx); err != nil {
		return err
	}
	if err := j.refuseTwice(ctx, im); err != nil {
		return err
	}
	j.tellReadings()
	j.tellPersonal()
	return nil
}

// kept returns how many rows of the file fit --where so far.
func (j *job) kept() int { return j.report.RowsRead - j.report.RowsSkipped }

// check turns the rows into features, or into refusals. Bare, it stores no more than their codes.
func (b *batch) check(bare bool) {
	b.job.rows = b.rows
	measures := b.measures()
	for _, r := range b.rows {
		before := b.report.RefusedTotal
		c := &checker{job: b.job, row: r}
		c.refuseBroken()
		f := c.feature(measures)
		refused := b.report.RefusedTotal > before
		staged := postgis.StagedRow{N: r.n, Feature: r.place.Feature, Line: r.place.Line, Byte: r.place.Byte, Code: f.Code}
		switch {
		case refused || bare:
			b.staged.AddBare(staged, refused)
		default:
			b.sum(f.Tallies)
			b.err = cmp.Or(b.err, b.staged.Add(staged, f.parent, &f.Feature))
		}
		if b.codes != nil {
			b.codes = append(b.codes, f.Code)
		}
	}
	b.job.rows = nil
}

// absorb adds what was found in a later part of the file; rows are the part's, nil for one that is all of the file.
func (j *job) absorb(p *job, rows []row) {
	r := p.report
	j.report.Refused = append(j.report.Refused, r.Refused[:min(len(r.Refused), maxListed-len(j.report.Refused))]...)
	j.report.RefusedTotal += r.RefusedTotal
	j.report.RefusedRows += r.RefusedRows
	if r.RefusedTotal > 0 {
		j.report.Taken = 0
	}
	if rows == nil {
		j.out.rows = p.out.rows
	}
	for _, row := range rows {
		if reasons := p.out.rows[row.place]; reasons != nil {
			j.keepReasons(row.place, reasons)
		}
	}
	listed := map[plan.Severity]int{}
	for _, f := range j.report.Findings {
		listed[f.Severity]++
	}
	for _, f := range r.Findings {
		if listed[f.Severity]++; listed[f.Severity] <= maxListed {
			j.report.Findings = append(j.report.Findings, f)
		}
	}
	j.report.FindingTotal += r.FindingTotal
	for m, n := range r.Sums {
		j.report.Sums[m] += n
	}
	j.readings.add(&p.readings)
	j.codes = append(j.codes, p.codes[:min(len(p.codes), maxSampled-len(j.codes))]...)
}

// keepReasons keeps why a row was refused, of the first maxKept rows.
func (j *job) keepReasons(at importers.Place, reasons []Refused) {
	if j.out.rows == nil {
		j.out.rows = map[importers.Place][]Refused{}
	}
	if had, ok := j.out.rows[at]; ok || len(j.out.rows) < maxKept {
		j.out.rows[at] = append(had, reasons...)
	}
}

// refuseLater adds what was found of rows once all were read: the first of them, in the order of the file, how many there are, and how many rows
// that were not refused before.
func (j *job) refuseLater(first []Refused, total, rows int) {
	if total == 0 {
		return
	}
	for _, r := range first {
		j.keepReasons(r.at, []Refused{r})
		r.Code, r.Value = importers.Excerpt(r.Code), importers.Excerpt(r.Value)
		j.report.Refused = append(j.report.Refused, r)
	}
	slices.SortStableFunc(j.report.Refused, func(a, b Refused) int {
		return cmp.Or(cmp.Compare(a.at.Feature, b.at.Feature), cmp.Compare(a.at.Line, b.at.Line), cmp.Compare(a.at.Byte, b.at.Byte))
	})
	j.report.Refused = slices.Clone(j.report.Refused[:min(len(j.report.Refused), maxListed)])
	j.report.RefusedTotal += total
	j.report.RefusedRows += rows
	j.report.Taken = 0
}

// staged returns a refusal of a row that was copied.
func (j *job) staged(s postgis.StagedRow, r Refused, args words.Args) Refused {
	r.said = sentence{r.Key, args}
	return j.told(placeOfStaged(s), r)
}

func placeOfStaged(s postgis.StagedRow) importers.Place {
	return importers.Place{Feature: s.Feature, Line: s.Line, Byte: s.Byte}
}

// refuseTwice refuses rows that have the code of an earlier one.
func (j *job) refuseTwice(ctx context.Context, im *postgis.Importing) error {
	twice, total, fresh, err := im.StagedTwice(ctx, maxKept)
	if err != nil {
		return err
	}
	var refused []Refused
	for _, s := range twice {
		refused = append(refused, j.staged(s.StagedRow, Refused{Code: s.Code, Field: "code", Value: s.Code, Key: "code.twice"},
			words.Args{"code": importers.Excerpt(s.Code), "first": placeOfStaged(s.First)}))
	}
	j.refuseLater(refused, total, fresh)
	if j.refused() {
		clear(j.report.Sums)
	}
	return nil
}

// stagedParents finds the stored areas the rows lie in, by code, and refuses the rows whose parent is none or more than one.
func (j *job) stagedParents(ctx context.Context, im *postgis.Importing) (map[string]plan.Area, error) {
	codes, err := im.StagedParents(ctx)
	if err != nil {
		return nil, err
	}
	found, wrong, err := j.parentsOf(ctx, im, codes)
	if err != nil || len(wrong) == 0 {
		return found, err
	}
	bad := slices.DeleteFunc(codes, func(code string) bool { return wrong[code].key == "" })
	orphans, total, err := im.StagedOrphans(ctx, bad, maxKept)
	if err != nil {
		return nil, err
	}
	var refused []Refused
	for _, s := range orphans {
		refused = append(refused, j.staged(s.StagedRow, Refused{Code: s.Code, Field: "parent", Value: s.Parent, Key: wrong[s.Parent].key}, wrong[s.Parent].args))
	}
	j.refuseLater(refused, total, total)
	return found, nil
}

// countLeft counts what is left once the refused rows are left out, where that was decided.
func (j *job) countLeft(ctx context.Context, im *postgis.Importing) (err error) {
	if !j.SkipRefused || j.report.RefusedRows == 0 || j.refused() {
		return nil
	}
	if j.report.Sums, err = im.StagedSums(ctx); err != nil {
		return err
	}
	if j.report.Taken = j.kept() - j.report.RefusedRows; j.report.Taken == 0 {
		j.refuse(importers.Place{}, Refused{Key: "skip.nothing"}, words.Args{"n": j.report.RefusedRows})
	}
	return nil
}
