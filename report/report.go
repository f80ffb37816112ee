// Package report writes the papers planners hand in. A paper is computed from a plan's snapshot, so its totals are the
// ones the page and the API show; it holds no time of writing, so equal plans give equal bytes.
package report

import (
	"context"
	"io"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Kinds returns the reports there are, and the formats each can be had in.
func Kinds() map[string][]string { return map[string][]string{"T1": {"xlsx", "csv"}} }

// Known returns an Invalid fault for a report there is not, or not in the format.
func Known(kind, format string) error {
	formats, ok := Kinds()[kind]
	if !ok {
		return &fault{"kind", words.Args{"kind": kind}}
	}
	if !slices.Contains(formats, format) {
		return &fault{"format", words.Args{"kind": kind, "format": format, "formats": formats}}
	}
	return nil
}

// fault is a report that cannot be had. It counts as a plan.Fault of kind Invalid.
type fault struct {
	key  string
	args words.Args
}

func (f *fault) Error() string          { return f.In(words.En) }
func (f *fault) In(l words.Lang) string { return sentences.Say(l, f.key, f.args) }
func (f *fault) Unwrap() error {
	return &plan.Fault{Kind: plan.Invalid, Key: "report." + f.key, Args: f.args}
}

// Paper is what a report speaks of.
type Paper struct {
	Plan      plan.ID
	Name      string
	Snapshot  *plan.Snapshot
	Result    plan.Result
	Ancestors map[plan.AreaID]plan.Area // the parents and every area above them
}

// Gather reads from the store what a paper on a plan needs beside its snapshot.
func Gather(ctx context.Context, store *postgis.Store, id plan.ID, s *plan.Snapshot) (Paper, error) {
	row, err := store.Plan(ctx, id)
	if err != nil {
		return Paper{}, err
	}
	parents := make([]plan.AreaID, len(s.Ground.Parents))
	for i, p := range s.Ground.Parents {
		parents[i] = p.ID
	}
	above, err := store.Ancestors(ctx, parents)
	if err != nil {
		return Paper{}, err
	}
	return Paper{Plan: id, Name: row.Name, Snapshot: s, Result: *row.Result, Ancestors: above}, nil
}

// Write writes a report in a language. The kind and format are ones Known knows.
func Write(w io.Writer, kind, format string, p Paper, l words.Lang) error {
	if err := Known(kind, format); err != nil {
		return err
	}
	t := gridList(p, l)
	if format == "csv" {
		return t.writeCSV(w)
	}
	return t.writeXLSX(w)
}
