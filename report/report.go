// Package report writes the papers planners hand in. A paper is computed from a plan's snapshot, so its totals are the
// ones the page and the API show; it holds no time of writing, so equal plans give equal bytes.
package report

import (
	"context"
	"io"
	"maps"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"gridwright/plan"
	"gridwright/plan/words"
)

// Kind is a report there is.
type Kind struct {
	Name    string // T1
	Formats []string
	Period  bool // takes the days from and to
	Scoped  bool // can be limited to an area or a grid
	Feeds   bool // takes files of the plan that another room writes

	needs needs
	table func(*writer) *Table                                              // of a table, which can be had in all formats of tables
	write func(ctx context.Context, w io.Writer, p *Paper, wish Wish) error // of any other paper
}

// Title returns what a reader calls the report.
func (k Kind) Title(l words.Lang) string { return sentences.Say(l, k.Name+".title", nil) }

// tables are the formats of tables.
var tables = []string{"xlsx", "csv", "json", "pdf"}

// Kinds returns the reports there are, in the order of planners' lists.
func Kinds() []Kind {
	return []Kind{
		{Name: "T1", Formats: tables, Scoped: true, needs: needThings | needBounds | needStaff, table: gridList},
		{Name: "T2", Formats: tables, Scoped: true, needs: needLineage, table: register},
		{Name: "T3", Formats: tables, Scoped: true, Period: true, needs: needThings | needStaff | needLineage, table: summary},
		{Name: "T4", Formats: tables, Scoped: true, Period: true, needs: needStaff | needLineage, table: added},
		{Name: "T5", Formats: tables, Scoped: true, needs: needBounds, table: fourBounds},
		{Name: "T6", Formats: tables, Scoped: true, needs: needStaff, table: staffing},
		{Name: "T7", Formats: tables, Scoped: true, needs: needThings | needStaff | needLineage, table: buildings},
		{Name: "T8", Formats: tables, Scoped: true, needs: needThings | needDepartments, table: crosswalk},
		{Name: "T9", Formats: tables, Scoped: true, needs: needChecks, table: quality},
		{Name: "T10", Formats: tables, Scoped: true, needs: needParty, table: parties},
		{Name: "D1", Formats: drawings, Scoped: true, needs: sheetNeeds, write: writeSheets},
		{Name: "D2", Formats: drawings, Scoped: true, needs: sheetNeeds, write: writeSheets},
		{Name: "D3", Formats: []string{"zip"}, needs: needThings | needBounds | needStaff, Feeds: true, write: writeExchange},
		{Name: "D4", Formats: []string{"pdf", "docx"}, needs: needThings | needLineage | needChecks, write: writeExplanation},
		{Name: "plate", Formats: drawings, Scoped: true, needs: sheetNeeds, write: writeSheets},
		{Name: "walk", Formats: drawings, Scoped: true, needs: sheetNeeds, write: writeSheets},
		{Name: "package", Formats: []string{"zip"}, Scoped: true, needs: needAll, Feeds: true, write: writePackage},
	}
}

// kindOf returns the report of a name.
func kindOf(name string) (Kind, bool) {
	all := Kinds()
	i := slices.IndexFunc(all, func(k Kind) bool { return k.Name == name })
	if i < 0 {
		return Kind{}, false
	}
	return all[i], true
}

// Wish says which report is wanted, and how.
type Wish struct {
	Kind, Format string
	Scope        string   // code of an area or a grid; empty for all of the plan
	From, To     string   // days, YYYY-MM-DD, both included; empty for no bound
	Columns      []string // of a table, by key; empty for those of the form
	Approval     string   // of map sheets: the number under which the map was approved (审图号); empty leaves room for it
	Lang         words.Lang
	Files        []File                // of the plan, for D3 and the package
	Progress     func(done, total int) // papers or rows; nil for nobody who watches
}

var day = regexp.MustCompile(`^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$`)

// Known returns an Invalid fault for a report there is not, or not in the format, or not so.
func (w Wish) Known() error {
	kind, ok := kindOf(w.Kind)
	if !ok {
		names := []string{}
		for _, k := range Kinds() {
			names = append(names, k.Name)
		}
		return &fault{"kind", words.Args{"kind": w.Kind, "kinds": names}}
	}
	if !slices.Contains(kind.Formats, w.Format) {
		return &fault{"format", words.Args{"kind": w.Kind, "format": w.Format, "formats": kind.Formats}}
	}
	if (w.From != "" || w.To != "") && !kind.Period {
		return &fault{"period", words.Args{"kind": w.Kind}}
	}
	for _, d := range []string{w.From, w.To} {
		if d != "" && !day.MatchString(d) {
			return &fault{"day", words.Args{"day": d}}
		}
	}
	if w.From != "" && w.To != "" && w.From > w.To {
		return &fault{"days", words.Args{"from": w.From, "to": w.To}}
	}
	if w.Scope != "" && !kind.Scoped {
		return &fault{"unscoped", words.Args{"kind": w.Kind}}
	}
	if len(w.Columns) > 0 && kind.table == nil {
		return &fault{"columnless", words.Args{"kind": w.Kind}}
	}
	if w.Approval != "" && !slices.Equal(kind.Formats, drawings) {
		return &fault{"unapproved", words.Args{"kind": w.Kind}}
	}
	return nil
}

// Feeds reports whether the report takes Files.
func (w Wish) Feeds() bool {
	kind, _ := kindOf(w.Kind)
	return kind.Feeds
}

// CheckColumns returns an Invalid fault for settled columns of a report there is not, or that is no table, and for what is no name of a column.
// Which columns a table has depends on what its plan counts: one that is not there is left out and named on the paper.
func CheckColumns(columns map[string][]string) error {
	for _, name := range slices.Sorted(maps.Keys(columns)) {
		kind, ok := kindOf(name)
		if !ok || kind.table == nil {
			return &fault{"columnless", words.Args{"kind": name}}
		}
		if len(columns[name]) > maxColumns {
			return &fault{"columns_many", words.Args{"kind": name, "most": maxColumns}}
		}
		for _, key := range columns[name] {
			if !columnKey.MatchString(key) {
				return &fault{"column_name", words.Args{"kind": name, "column": key}}
			}
		}
	}
	return nil
}

// maxColumns is how many columns an office may settle for a table.
const maxColumns = 100

// columnKey is how the keys of columns are written.
var columnKey = regexp.MustCompile(`^[a-z][a-z0-9_]{0,59}$`)

// tell says how far the work is, to whoever watches.
func (w Wish) tell(done, total int) {
	if w.Progress != nil {
		w.Progress(done, total)
	}
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

// Write writes the report of a paper that Gather gathered for the same wish.
func Write(ctx context.Context, w io.Writer, p *Paper, wish Wish) error {
	if err := wish.Known(); err != nil {
		return err
	}
	kind, _ := kindOf(wish.Kind)
	if kind.table == nil {
		return kind.write(ctx, w, p, wish)
	}
	t, err := tableOf(ctx, p, wish, kind)
	if err != nil {
		return err
	}
	if err := t.write(ctx, w, wish); err != nil {
		return err
	}
	return ctx.Err() // a table that was broken off is none
}

// tableOf makes the table of a wish.
func tableOf(ctx context.Context, p *Paper, wish Wish, kind Kind) (*Table, error) {
	in, err := p.within(wish.Scope)
	if err != nil {
		return nil, err
	}
	b := &writer{Paper: p, scope: in, wish: wish, lang: wish.Lang, kind: kind}
	t := b.dress(kind.table(b))
	columns := wish.Columns
	if len(columns) == 0 { // the office's: what this plan has not, such as a measure, is left out, and said
		var missing []string
		columns, missing = t.having(p.Office.Columns[kind.Name])
		if len(missing) > 0 {
			t.Stamp = append(t.Stamp, StampLine{"missing", b.say("stamp.missing", nil), strings.Join(missing, b.say("list.sep", nil))})
		}
	}
	if err := t.choose(columns); err != nil {
		return nil, err
	}
	rows := t.Rows
	t.Rows = func(yield func([]any) bool) {
		n := 0
		for row := range rows {
			for i, v := range row {
				if text, ok := v.(string); ok {
					row[i] = plain(text)
				}
			}
			if ctx.Err() != nil || !yield(row) {
				return
			}
			if n++; n%500 == 0 {
				wish.tell(n, 0)
			}
		}
	}
	return t, nil
}

// plain returns a text as one line that reads the way it is written: line ends and other control characters are blanks, and marks that turn the
// direction of writing are left out.
func plain(text string) string {
	if !strings.ContainsFunc(text, isOdd) {
		return text
	}
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r):
			return ' '
		}
		return r
	}, text)
}

func isOdd(r rune) bool { return unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) }

// write writes the table in a format of tables.
func (t *Table) write(ctx context.Context, w io.Writer, wish Wish) error {
	switch wish.Format {
	case "pdf":
		return t.WritePDF(ctx, w, wish.Lang)
	case "csv":
		return t.WriteCSV(w)
	case "json":
		return t.WriteJSON(w)
	}
	return t.WriteXLSX(w)
}
