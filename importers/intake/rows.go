package intake

import (
	"context"
	"errors"
	"io/fs"

	"gridwright/importers"
	"gridwright/plan/words"
)

// row is a row of the file that fits --where, with only the cells some field wants.
type row struct {
	place    importers.Place
	n        int               // counted from 1 over all rows of the file
	cells    []importers.Value // one entry a field
	geometry importers.Geometry
	fault    *importers.Fault
	rest     map[string]string // what columns say that are no field, where they are kept
}

// read reads the file and hands on its rows. What is wrong with the file as a whole becomes a refusal; an error is one of the machine.
func (j *job) read(ctx context.Context, hand func(row)) error {
	j.seen = map[string]bool{}
	found, err := importers.ReadFile(ctx, j.File, j.form(), func(r importers.Row) error {
		j.report.RowsRead++
		if j.report.RowsRead%1000 == 0 {
			j.Progress("read", j.report.RowsRead, 0)
			if err := ctx.Err(); err != nil {
				return err
			}
		}
		if j.report.RowsRead == 1 {
			j.takeNamed(r)
		}
		for column := range r.Values {
			j.seen[column] = true
		}
		j.sample(r)
		if j.fits(r) {
			hand(j.keep(r))
		} else {
			j.report.RowsSkipped++
		}
		return nil
	})
	if fault, ok := errors.AsType[*importers.Fault](err); ok {
		j.refuseFault("", fault)
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	if err != nil {
		return j.unreadable(err)
	}
	j.sha256 = found.SHA256
	j.report.Encoding, j.report.System = found.Encoding, found.System
	if found.System != "" {
		j.note("note.system", words.Args{"system": found.System})
	}
	for _, n := range found.Notes {
		j.remark(n)
	}
	j.Progress("read", j.report.RowsRead, j.report.RowsRead)
	j.checkColumns(j.seen)
	j.tellColumns()
	if j.kept() == 0 && !j.refused() {
		j.refuse(importers.Place{}, Refused{Key: "where.nothing"}, words.Args{"n": j.report.RowsRead})
	}
	return nil
}

func (j *job) unreadable(err error) error {
	key := "file.unreadable"
	if errors.Is(err, fs.ErrNotExist) {
		key = "file.missing"
	}
	return &Fault{Key: key, Args: words.Args{"file": j.report.File}, Cause: err}
}

// fits reports whether a row has every value --where asks for. A null is the empty text.
func (j *job) fits(r importers.Row) bool {
	for column, want := range j.Where {
		if v := r.Values[column]; v.Kind == importers.Nested || v.Text != want {
			return false
		}
	}
	return true
}

func (j *job) keep(r importers.Row) row {
	kept := row{place: r.Place, n: j.report.RowsRead, cells: make([]importers.Value, len(j.fields)), geometry: r.Geometry, fault: r.Fault}
	for i, f := range j.fields {
		if f.constant != nil {
			kept.cells[i] = importers.Value{Kind: importers.Text, Text: *f.constant}
		} else {
			kept.cells[i] = r.Values[f.column]
		}
	}
	if j.KeepColumns {
		kept.rest = j.others(r)
	}
	return kept
}

// form returns what is said of the file, with the geometries the layer takes.
func (j *job) form() importers.Form {
	form := j.Form
	form.Geometry = j.kind.geometry
	return form
}
