package intake

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Returned is what comes of fill-in sheets that were returned.
type Returned struct {
	Sheets []ReturnedSheet
	Build  postgis.BuildID // that was asked for; 0 for none
}

// ReturnedSheet is what comes of one sheet.
type ReturnedSheet struct {
	File                    string
	Row                     string // code of the row of the base book
	Sheet                   postgis.FillInID
	New, Changed, Unchanged int // things whose counts came, changed or stayed
	Blank                   int // things of which nothing is said
	Sums                    map[plan.Measure]int64
	Unmatched               []postgis.Unmatched
	Older                   []Older // cells that were not taken

	source, dated string
	filled        []filledRow
}

// Older is a cell of a returned sheet whose count is of a day before that of the one that is known: that one stays.
type Older struct {
	Cell    string
	Key     string // code of the building or compound
	Name    string
	Measure plan.Measure
	Count   int64
	Known   plan.Tally
}

// In says so in a language.
func (o Older) In(l words.Lang) string {
	return Sentences.Say(l, "sheet.older", words.Args{"measure": o.Measure, "known": o.Known.Count, "on": o.Known.On})
}

// filledRow is a row of a sheet in which something is said.
type filledRow struct {
	row    int // of the sheet, from 1
	layer  plan.Layer
	code   string
	name   string
	counts map[plan.Measure]string // as written
}

// Limits of what is returned at a time.
const (
	maxSheets     = 2000
	maxSheetBytes = 20 << 20
	maxSheetsSum  = 200 << 20
)

// TakeReturned takes a fill-in sheet, or a ZIP of several: counts go by key to the buildings and compounds that are there, as one import of
// counts, all of them or none. Rows of things that are there no more are told of, and kept with the sheet. With dryRun nothing is stored.
// The error is an *Unfit with every cell that is wrong, or a *plan.Fault.
func TakeReturned(ctx context.Context, store *postgis.Store, file, name string, dryRun bool) (*Returned, error) {
	dir, err := os.MkdirTemp("", "gridwright-sheets-")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	books, err := booksIn(file, name, dir)
	if err != nil {
		return nil, err
	}
	t := &taking{store: store, first: map[string]string{}, plain: &checker{job: newJob(Order{Layer: CountsLayer}, nil)}}
	for _, b := range books {
		if err := t.read(ctx, b); err != nil {
			return nil, err
		}
	}
	if len(t.wrong.Refused) > 0 {
		return nil, &t.wrong
	}
	return t.keep(ctx, dir, name, dryRun)
}

// sheetFile is a workbook that was unpacked.
type sheetFile struct{ name, path string }

// booksIn unpacks the workbooks of a ZIP; a workbook itself is one.
func booksIn(file, name, dir string) ([]sheetFile, error) {
	z, err := zip.OpenReader(file)
	if err != nil {
		return nil, unfit("file", "no_workbook", words.Args{"file": importers.Excerpt(name)})
	}
	defer z.Close()
	if slices.ContainsFunc(z.File, func(f *zip.File) bool { return f.Name == "[Content_Types].xml" }) {
		book := filepath.Join(dir, "0.xlsx")
		return []sheetFile{{name, book}}, os.Rename(file, book)
	}
	var books []sheetFile
	left := int64(maxSheetsSum)
	for _, f := range z.File {
		base := path.Base(strings.ReplaceAll(f.Name, `\`, "/"))
		if f.FileInfo().IsDir() || strings.HasPrefix(base, ".") || strings.HasPrefix(base, "~$") || strings.HasPrefix(f.Name, "__MACOSX/") {
			continue
		}
		if !strings.EqualFold(path.Ext(base), ".xlsx") {
			return nil, unfit("file", "no_workbook", words.Args{"file": importers.Excerpt(base)})
		}
		if len(books) == maxSheets {
			return nil, unfit("file", "many_sheets", words.Args{"most": maxSheets})
		}
		to := filepath.Join(dir, strconv.Itoa(len(books))+".xlsx")
		n, err := unpack(f, to, min(left, maxSheetBytes))
		if err != nil {
			return nil, unfit("file", "no_workbook", words.Args{"file": importers.Excerpt(base)})
		}
		left -= n
		books = append(books, sheetFile{base, to})
	}
	if len(books) == 0 {
		return nil, unfit("file", "no_sheets", nil)
	}
	return books, nil
}

// unpack writes an entry of a ZIP to a file, at most so many bytes.
func unpack(f *zip.File, to string, most int64) (n int64, err error) {
	in, err := f.Open()
	if err != nil {
		return 0, err
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		return 0, err
	}
	if n, err = io.Copy(out, io.LimitReader(in, most+1)); err == nil && n > most {
		err = errors.New("too long")
	}
	return n, errors.Join(err, out.Close())
}

// taking is sheets being taken.
type taking struct {
	store  *postgis.Store
	sheets []ReturnedSheet
	first  map[string]string // by layer and code: where it stood first
	wrong  Unfit
	plain  *checker // reads counts as those of any file
}

// refuse notes what is wrong with a cell.
func (t *taking) refuse(file, cell, value, key string, args words.Args) {
	said := sentence{"sheet." + key, args}
	t.wrong.Refused = append(t.wrong.Refused, Refused{Place: file, Field: cell, Value: importers.Excerpt(value), Key: said.key, Words: said.In(words.Zh), said: said})
}

// cellOf names a cell of a sheet: the column by its place, from 0, the row from 1.
func cellOf(column, row int) string {
	name := ""
	for n := column + 1; n > 0; n = (n - 1) / 26 {
		name = string(rune('A'+(n-1)%26)) + name
	}
	return name + strconv.Itoa(row)
}

func columnOf(key string) int { return slices.Index(plan.FillInColumns, key) }

// errHeadRead ends the reading of a sheet of which only the head is asked for.
var errHeadRead = errors.New("the head was read")

// read reads a workbook and notes what is wrong with it.
func (t *taking) read(ctx context.Context, b sheetFile) error {
	s := ReturnedSheet{File: b.name, Sums: map[plan.Measure]int64{}}
	about := map[string]string{}
	form := importers.Form{Layer: plan.FillInName, Head: importers.Head{First: plan.FillInAboutHead, Last: plan.FillInAboutHead}}
	_, err := importers.ReadFile(ctx, b.path, form, func(r importers.Row) error {
		for _, key := range plan.FillInAbout {
			about[key] = strings.TrimSpace(r.Values[key].Text)
		}
		return errHeadRead
	})
	if fault, is := errors.AsType[*importers.Fault](err); is {
		t.refuse(b.name, "", "", "unreadable", words.Args{"why": fault})
		return nil
	}
	if !errors.Is(err, errHeadRead) {
		if err == nil {
			t.refuse(b.name, "", "", "not_ours", nil)
		}
		return err
	}
	aboutCell := func(key string) string { return cellOf(slices.Index(plan.FillInAbout, key), plan.FillInAboutHead+1) }
	number, err := strconv.ParseInt(about["sheet"], 10, 64)
	if err != nil {
		t.refuse(b.name, aboutCell("sheet"), about["sheet"], "not_ours", nil)
		return nil
	}
	s.Sheet = postgis.FillInID(number)
	if s.Row, err = t.store.FillInRow(ctx, s.Sheet); err != nil {
		return err
	}
	day, isDay := dayOf(about["dated"])
	s.dated, s.source = day, about["source"]
	switch {
	case s.Row == "":
		t.refuse(b.name, aboutCell("sheet"), about["sheet"], "unknown", words.Args{"sheet": importers.Excerpt(about["sheet"])})
		return nil
	case s.Row != about["community"]:
		t.refuse(b.name, aboutCell("community"), about["community"], "tampered", nil)
	case !isDay || day == "":
		t.refuse(b.name, aboutCell("dated"), about["dated"], "no_day", nil)
	}
	if s.source == "" {
		t.refuse(b.name, aboutCell("source"), "", "no_source", nil)
	} else if importers.IsPersonal(s.source) {
		t.refuse(b.name, aboutCell("source"), "", "personal", nil)
	}
	if slices.ContainsFunc(t.sheets, func(o ReturnedSheet) bool { return o.Sheet == s.Sheet }) {
		t.refuse(b.name, aboutCell("sheet"), about["sheet"], "twice", nil)
	}
	if err := t.readThings(ctx, b, &s); err != nil {
		return err
	}
	t.sheets = append(t.sheets, s)
	return nil
}

// readThings reads the rows of a sheet.
func (t *taking) readThings(ctx context.Context, b sheetFile, s *ReturnedSheet) error {
	form := importers.Form{Layer: plan.FillInName, Head: importers.Head{First: plan.FillInHead, Last: plan.FillInHead}}
	_, err := importers.ReadFile(ctx, b.path, form, func(r importers.Row) error {
		row := filledRow{row: r.Place.Line, counts: map[plan.Measure]string{}}
		text := func(key string) string { return strings.TrimSpace(r.Values[key].Text) }
		row.layer, row.code, row.name = plan.Layer(text("layer")), text("code"), cmp.Or(text("name"), text("compound"))
		for _, m := range plan.FillInMeasures {
			if v := r.Values[string(m)]; !t.plain.saysNothing(v) {
				row.counts[m] = v.Text
			}
		}
		cell := func(key string) string { return cellOf(columnOf(key), row.row) }
		key := string(row.layer) + " " + row.code
		switch {
		case row.code == "" && row.layer == "" && len(row.counts) == 0:
			return nil // a blank row somebody left
		case !row.layer.Counted() || plan.FillInCheck(int64(s.Sheet), row.layer, row.code) != text("check"):
			t.refuse(b.name, cell("code"), row.code, "tampered", nil)
			return nil
		case t.first[key] != "":
			t.refuse(b.name, cell("code"), row.code, "again", words.Args{"first": t.first[key]})
			return nil
		}
		t.first[key] = b.name + " " + cell("code")
		for _, m := range plan.FillInMeasures {
			if row.counts[m] == "" {
				continue
			}
			if n, why := t.plain.count(r.Values[string(m)], maxTally); why != "" {
				t.refuse(b.name, cell(string(m)), row.counts[m], "count", words.Args{"why": sentence{why, words.Args{"measure": m, "value": importers.Excerpt(row.counts[m])}}})
			} else {
				row.counts[m] = strconv.FormatInt(n, 10)
				s.Sums[m] += n
			}
		}
		if len(row.counts) == 0 {
			s.Blank++
		} else {
			s.filled = append(s.filled, row)
		}
		return nil
	})
	if fault, is := errors.AsType[*importers.Fault](err); is {
		t.refuse(b.name, "", "", "unreadable", words.Args{"why": fault})
		return nil
	}
	return err
}

// match parts the rows of things that are there from those of things that are gone.
func (t *taking) match(ctx context.Context) error {
	for i := range t.sheets {
		s := &t.sheets[i]
		var matched []filledRow
		for _, layer := range []plan.Layer{plan.CompoundLayer, plan.BuildingLayer} {
			var codes []string
			for _, f := range s.filled {
				if f.layer == layer {
					codes = append(codes, f.code)
				}
			}
			there, err := t.store.FeatureCodes(ctx, layer, codes)
			if err != nil {
				return err
			}
			slices.Sort(there)
			for _, f := range s.filled {
				if f.layer != layer {
					continue
				}
				if _, is := slices.BinarySearch(there, f.code); is {
					matched = append(matched, f)
					continue
				}
				s.Unmatched = append(s.Unmatched, postgis.Unmatched{File: s.File, Cell: cellOf(0, f.row), Layer: layer, Key: f.code, Name: f.name})
				for m, n := range f.counts {
					count, _ := strconv.ParseInt(n, 10, 64)
					s.Sums[m] -= count
				}
			}
		}
		s.filled = matched
	}
	return nil
}

// keep stores the counts as one import, and what became of each sheet.
func (t *taking) keep(ctx context.Context, dir, name string, dryRun bool) (*Returned, error) {
	if err := t.match(ctx); err != nil {
		return nil, err
	}
	out := &Returned{}
	rows := []string{}
	for _, s := range t.sheets {
		rows = append(rows, s.Row)
		if len(s.filled)+len(s.Unmatched) == 0 {
			t.refuse(s.File, "", "", "empty", nil)
		}
	}
	if len(t.wrong.Refused) > 0 {
		return nil, &t.wrong
	}
	if err := t.compare(ctx); err != nil {
		return nil, err
	}
	slices.Sort(rows)
	rows = slices.Compact(rows)
	record := func(ctx context.Context, im *postgis.Importing, id postgis.ImportID, r *Report) error {
		for _, s := range t.sheets {
			if err := im.ReturnFillIn(ctx, s.Sheet, len(s.filled), s.Unmatched, id, s.source, s.dated); err != nil {
				return err
			}
		}
		var err error
		if r != nil && r.New+r.Changed > 0 {
			out.Build, err = im.Rebuild(ctx, t.store, rows)
		}
		return err
	}
	if !slices.ContainsFunc(t.sheets, func(s ReturnedSheet) bool { return len(s.filled) > 0 }) {
		if !dryRun {
			if err := t.store.Import(ctx, func(im *postgis.Importing) error { return record(ctx, im, 0, nil) }); err != nil {
				return nil, err
			}
		}
		out.Sheets = t.sheets
		return out, nil
	}
	o := Order{File: filepath.Join(dir, tableName(name)), Layer: CountsLayer, DryRun: dryRun, Then: record}
	if err := t.writeTable(o.File); err != nil {
		return nil, err
	}
	r, err := Run(ctx, t.store, o)
	if r != nil && r.RefusedTotal > 0 {
		return nil, &Unfit{r.Refused}
	}
	if err != nil {
		return nil, err
	}
	out.Sheets = t.sheets
	return out, nil
}

// tableName is what the counts of returned sheets are called among the imports.
func tableName(name string) string {
	base := filepath.Base(strings.ReplaceAll(name, `\`, "/"))
	base = strings.Map(func(r rune) rune {
		if r < ' ' || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, strings.TrimSuffix(base, filepath.Ext(base)))
	return string([]rune(cmp.Or(base, plan.FillInName))[:min(maxStem, len([]rune(cmp.Or(base, plan.FillInName))))]) + ".csv"
}

// compare takes out the counts that are older than what is known, and counts what is new, changed and unchanged of each sheet.
func (t *taking) compare(ctx context.Context) error {
	for i := range t.sheets {
		s := &t.sheets[i]
		known := map[plan.Layer]map[string][]plan.Tally{}
		for _, layer := range []plan.Layer{plan.CompoundLayer, plan.BuildingLayer} {
			var codes []string
			for _, f := range s.filled {
				if f.layer == layer {
					codes = append(codes, f.code)
				}
			}
			var err error
			if known[layer], err = t.store.LiveTallies(ctx, layer, codes); err != nil {
				return err
			}
		}
		s.filled = slices.DeleteFunc(s.filled, func(f filledRow) bool {
			had := known[f.layer][f.code]
			if s.keepNewer(f, had); len(f.counts) == 0 {
				s.Unchanged++
				return true
			}
			s.countOne(f, had)
			return false
		})
	}
	return nil
}

// keepNewer takes out of a row the counts that are of a day before that of what is known, and tells of them.
func (s *ReturnedSheet) keepNewer(f filledRow, had []plan.Tally) {
	for _, m := range plan.FillInMeasures {
		i := slices.IndexFunc(had, func(h plan.Tally) bool { return h.Measure == m && h.Kind == kindAsked(m) })
		if f.counts[m] == "" || i < 0 || had[i].On <= s.dated { // days in order are texts in order
			continue
		}
		n, _ := strconv.ParseInt(f.counts[m], 10, 64)
		s.Older = append(s.Older, Older{cellOf(columnOf(string(m)), f.row), f.code, f.name, m, n, had[i]})
		s.Sums[m] -= n
		delete(f.counts, m)
	}
}

// countOne counts whether what a row says is new, changed or unchanged.
func (s *ReturnedSheet) countOne(f filledRow, had []plan.Tally) {
	same := true
	for m, n := range f.counts {
		same = same && slices.ContainsFunc(had, func(h plan.Tally) bool {
			return h.Measure == m && h.Kind == kindAsked(m) && h.On == s.dated && strconv.FormatInt(h.Count, 10) == n
		})
	}
	switch {
	case len(had) == 0:
		s.New++
	case same:
		s.Unchanged++
	default:
		s.Changed++
	}
}

// kindAsked is whom a sheet asks to be counted: people by where they live, and all else as it is.
func kindAsked(m plan.Measure) plan.CountKind {
	if m == plan.Households || m == plan.Residents {
		return plan.FillInKind
	}
	return plan.NotSaid
}

// writeTable writes the counts of all sheets as a table of counts.
func (t *taking) writeTable(file string) error {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	w := csv.NewWriter(out)
	head := []string{"layer", "code", "counted_on"}
	for _, m := range plan.FillInMeasures {
		head = append(head, string(m), string(m)+kindSuffix)
	}
	w.Write(head)
	for _, s := range t.sheets {
		for _, f := range s.filled {
			record := []string{string(f.layer), f.code, s.dated}
			for _, m := range plan.FillInMeasures {
				record = append(record, f.counts[m], string(kindAsked(m)))
			}
			w.Write(record)
		}
	}
	w.Flush()
	if err := errors.Join(w.Error(), out.Close()); err != nil {
		return fmt.Errorf("the table of counts: %w", err)
	}
	return nil
}
