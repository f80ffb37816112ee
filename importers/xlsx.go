package importers

import (
	"archive/zip"
	"cmp"
	"context"
	"encoding/xml"
	"errors"
	"io"
	"math"
	"os"
	"path"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"gridwright/plan/words"
)

// A workbook is an XLSX file (ISO/IEC 29500): a ZIP of XML parts. They are read token by token with encoding/xml straight from the archive:
// nothing is unpacked, no part is held but the shared strings, and no byte is believed before it is counted. A library that turns cells into
// strings would not tell a code stored as a number that lost its last digits, a formula nobody has worked out, or a cell merged over ten
// rows; those are what matters here.
type workbook struct {
	parts   map[string]*zip.File // by name in small letters
	most    int64                // bytes that may come out of one part
	sheets  []sheet              // in the order of the workbook
	strings []string             // shared ones
	forms   []cellForm           // by style
	from    time.Time            // day 0 of its dates
	fiction bool                 // its calendar has a 29 February 1900
}

type sheet struct {
	name, part string
	hidden     bool
}

// cellForm is how a number in a cell is shown, as far as it changes what it says.
type cellForm struct {
	day, hours bool // it is a day, with the time of the day
	zeros      int  // it is shown with leading zeros up to so many digits
}

const (
	maxShared = 64 << 20 // bytes of shared strings
	maxMerges = 100_000
	maxRows   = 1 << 20 // of a sheet, as office programs have it
	exactly   = 1e15    // numbers in a workbook have 15 digits; larger ones lost theirs
)

// officeKind tells what kind of office file a ZIP archive is: "xlsx", "ods", "office" for others, "" for an archive that is none.
func officeKind(z *zip.Reader) string {
	kind := ""
	for _, f := range z.File {
		switch name := strings.ToLower(f.Name); {
		case name == "[content_types].xml" && kind == "":
			kind = "office"
		case strings.HasPrefix(name, "xl/"):
			return "xlsx"
		case name == "mimetype":
			r, err := f.Open()
			if err != nil {
				continue
			}
			text, _ := io.ReadAll(io.LimitReader(r, 100))
			r.Close()
			if strings.Contains(string(text), "opendocument") {
				return "ods"
			}
		}
	}
	return kind
}

// isWorkbook reports whether a ZIP file is a workbook that can be read. It returns a *Fault for other office files and for a workbook under
// another's ending.
func isWorkbook(archive, ending string) (bool, error) {
	z, err := zip.OpenReader(archive)
	if err != nil {
		return false, nil // unzip says what is wrong
	}
	defer z.Close()
	switch kind := officeKind(&z.Reader); {
	case kind == "xlsx" && (ending == ".xlsx" || ending == ".xlsm"):
		return true, nil
	case kind == "xlsx":
		return false, &Fault{Key: "xlsx.ending", Args: words.Args{"ending": Excerpt(ending)}}
	case kind == "ods":
		return false, &Fault{Key: "file.ods"}
	case kind == "office", ending == ".xlsx", ending == ".xlsm":
		return false, &Fault{Key: "file.office"}
	}
	return false, nil
}

// readWorkbook reads the rows of one sheet of a workbook: the one form names, else the only one that is shown and has anything in it.
func readWorkbook(ctx context.Context, file string, form Form, found *Found, each func(Row) error) error {
	z, err := zip.OpenReader(file)
	if err != nil {
		if errors.Is(err, zip.ErrFormat) || errors.Is(err, zip.ErrInsecurePath) {
			return &Fault{Key: "xlsx.damaged"}
		}
		return err
	}
	defer z.Close()
	info, err := os.Stat(file)
	if err != nil {
		return err
	}
	return readSheet(ctx, &z.Reader, info.Size(), form, found, each)
}

// readSheet reads the rows of a sheet of the workbook in an archive of so many bytes.
func readSheet(ctx context.Context, z *zip.Reader, size int64, form Form, found *Found, each func(Row) error) error {
	w, err := newWorkbook(z, size)
	if err != nil {
		return err
	}
	s, err := w.choose(form.Layer, found)
	if err != nil {
		return err
	}
	if form.System != nil {
		found.System = form.System.Name()
	}
	merges, err := w.mergesOf(s)
	if err != nil {
		return err
	}
	part, err := w.open(s.part)
	if err != nil {
		return err
	}
	defer part.Close()
	cells := &sheetReader{workbook: w, xmlPart: part}
	return readTable(&table{next: cells.line, merges: merges}, form, found, eachUntil(ctx, each))
}

func newWorkbook(z *zip.Reader, size int64) (*workbook, error) {
	w := &workbook{most: min(maxUnzipped, max(freely, size*maxRatio)), from: time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC), fiction: true}
	var fault *Fault
	if w.parts, fault = entriesOf(z); fault != nil {
		return nil, fault
	}
	main, err := w.mainPart()
	if err != nil {
		return nil, err
	}
	if err := w.readMain(main); err != nil {
		return nil, err
	}
	if err := w.readStyles(path.Join(path.Dir(main), "styles.xml")); err != nil {
		return nil, err
	}
	return w, w.readStrings(path.Join(path.Dir(main), "sharedstrings.xml"))
}

// xmlPart reads a part's XML. Documents that define entities are refused, and so are those that break off.
type xmlPart struct {
	*xml.Decoder
	io.Closer
	bounded *bounded
	inside  []string // names of the elements round the next token
}

// open opens a part.
func (w *workbook) open(name string) (*xmlPart, error) {
	f := w.parts[name]
	if f == nil {
		return nil, &Fault{Key: "xlsx.damaged"}
	}
	r, err := f.Open()
	if err != nil {
		return nil, &Fault{Key: "xlsx.damaged"}
	}
	b := &bounded{r: &counted{r: r, left: w.most}}
	return &xmlPart{xml.NewDecoder(b), r, b, nil}, nil
}

// counted ends a part out of which more comes than may.
type counted struct {
	r    io.Reader
	left int64
}

func (c *counted) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	if c.left -= int64(n); c.left < 0 {
		return 0, &Fault{Key: "zip.bomb", Args: words.Args{"megabytes": maxUnzipped >> 20, "ratio": maxRatio}}
	}
	return n, err
}

// next returns the next token, io.EOF behind the last.
func (x *xmlPart) next() (xml.Token, error) {
	x.bounded.read = 0
	t, err := x.RawToken()
	switch t := t.(type) {
	case xml.StartElement:
		if x.inside = append(x.inside, t.Name.Local); len(x.inside) > 64 {
			return nil, &Fault{Key: "xlsx.damaged"}
		}
	case xml.EndElement:
		if len(x.inside) == 0 || x.inside[len(x.inside)-1] != t.Name.Local {
			return nil, &Fault{Key: "xlsx.damaged"}
		}
		x.inside = x.inside[:len(x.inside)-1]
	case xml.Directive:
		return nil, &Fault{Key: "xlsx.dtd"}
	}
	switch {
	case err == nil:
		return t, nil
	case err == io.EOF && len(x.inside) == 0:
		return nil, io.EOF
	case errors.Is(err, errRecordTooLong):
		return nil, &Fault{Key: "xlsx.large"}
	}
	if fault, ok := errors.AsType[*Fault](err); ok {
		return nil, fault
	}
	var inError interface{ Unwrap() error }
	if _, syntax := errors.AsType[*xml.SyntaxError](err); !syntax && errors.As(err, &inError) {
		return nil, err // of the file system
	}
	return nil, &Fault{Key: "xlsx.damaged"}
}

// elements calls each with every element of a name, and its part is ended by an error it returns.
func (w *workbook) elements(part string, each func(x *xmlPart, e xml.StartElement) error) error {
	x, err := w.open(part)
	if err != nil {
		return err
	}
	defer x.Close()
	for {
		t, err := x.next()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if e, is := t.(xml.StartElement); is {
			if err := each(x, e); err != nil {
				return err
			}
		}
	}
}

// attribute returns an element's attribute by its name without prefix.
func attribute(e xml.StartElement, name string) string {
	for _, a := range e.Attr {
		if a.Name.Local == name {
			return a.Value
		}
	}
	return ""
}

// mainPart returns the name of the part that lists the sheets.
func (w *workbook) mainPart() (main string, err error) {
	main = "xl/workbook.xml"
	if w.parts["[content_types].xml"] == nil {
		return "", &Fault{Key: "xlsx.damaged"}
	}
	return main, w.elements("[content_types].xml", func(_ *xmlPart, e xml.StartElement) error {
		if strings.HasSuffix(attribute(e, "ContentType"), ".main+xml") && attribute(e, "PartName") != "" {
			main = strings.ToLower(strings.TrimPrefix(path.Clean(attribute(e, "PartName")), "/"))
		}
		return nil
	})
}

// readMain reads the list of sheets and where they are.
func (w *workbook) readMain(main string) error {
	dir := path.Dir(main)
	targets := map[string]string{}
	err := w.elements(path.Join(dir, "_rels", path.Base(main)+".rels"), func(_ *xmlPart, e xml.StartElement) error {
		target := attribute(e, "Target")
		if e.Name.Local != "Relationship" || !strings.HasSuffix(attribute(e, "Type"), "/worksheet") || strings.EqualFold(attribute(e, "TargetMode"), "External") {
			return nil
		}
		if !strings.HasPrefix(target, "/") {
			target = path.Join("/", dir, target)
		}
		targets[attribute(e, "Id")] = strings.ToLower(strings.TrimPrefix(path.Clean(target), "/"))
		return nil
	})
	if err != nil {
		return err
	}
	return w.elements(main, func(_ *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "workbookPr":
			if yes := attribute(e, "date1904"); yes == "1" || yes == "true" {
				w.from, w.fiction = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC), false
			}
		case "sheet":
			if part := targets[attribute(e, "id")]; part != "" && w.parts[part] != nil {
				w.sheets = append(w.sheets, sheet{attribute(e, "name"), part, attribute(e, "state") != "" && attribute(e, "state") != "visible"})
			}
		}
		return nil
	})
}

// readStyles reads how numbers are shown. A workbook may have no styles.
func (w *workbook) readStyles(part string) error {
	if w.parts[part] == nil {
		return nil
	}
	own := map[string]string{}
	inCells := false
	return w.elements(part, func(x *xmlPart, e xml.StartElement) error {
		switch e.Name.Local {
		case "numFmt":
			own[attribute(e, "numFmtId")] = attribute(e, "formatCode")
		case "xf":
			inCells = len(x.inside) > 1 && x.inside[len(x.inside)-2] == "cellXfs"
			if inCells && len(w.forms) < 1<<16 {
				id := attribute(e, "numFmtId")
				w.forms = append(w.forms, formOf(id, own[id]))
			}
		}
		return nil
	})
}

// unsaid are the parts of a number format that show what does not come from the number: quoted and escaped texts, colours, locales.
var (
	unsaid    = regexp.MustCompile(`"[^"]*"|\\.|_.|\*.|\[[^\]]*\]`)
	onlyZeros = regexp.MustCompile(`^0{2,30}$`)
)

// formOf returns the form of a number format, by its number (ISO/IEC 29500-1, 18.8.30; those of Chinese editions, too) or by its code.
func formOf(id, code string) cellForm {
	if code == "" {
		n, _ := strconv.Atoi(id)
		return cellForm{day: n >= 14 && n <= 17 || n == 22 || n >= 27 && n <= 31 || n == 36 || n >= 50 && n <= 54 || n == 57 || n == 58, hours: n == 22}
	}
	code, _, _ = strings.Cut(code, ";")
	if onlyZeros.MatchString(code) {
		return cellForm{zeros: len(code)}
	}
	code = strings.ToLower(unsaid.ReplaceAllString(code, ""))
	return cellForm{day: strings.ContainsAny(code, "yd") && !strings.Contains(code, "general"), hours: strings.Contains(code, "h")}
}

// readStrings reads the shared strings. A workbook may have none.
func (w *workbook) readStrings(part string) error {
	if w.parts[part] == nil {
		return nil
	}
	size := 0
	return w.elements(part, func(x *xmlPart, e xml.StartElement) error {
		if e.Name.Local != "si" {
			return nil
		}
		text, err := x.text()
		if size += len(text) + 16; size > maxShared {
			return &Fault{Key: "xlsx.large"}
		}
		w.strings = append(w.strings, text)
		return err
	})
}

// text returns the text of an element that has begun, up to its end: that of its t elements but for the readings of phonetic guides.
func (x *xmlPart) text() (string, error) {
	var text strings.Builder
	depth, phonetic := len(x.inside), 0
	for {
		t, err := x.next()
		if err != nil {
			if err == io.EOF {
				err = &Fault{Key: "xlsx.damaged"}
			}
			return "", err
		}
		switch t := t.(type) {
		case xml.StartElement:
			if t.Name.Local == "rPh" {
				phonetic++
			}
		case xml.EndElement:
			if t.Name.Local == "rPh" {
				phonetic--
			}
			if len(x.inside) < depth {
				return unescaped(text.String()), nil
			}
		case xml.CharData:
			if last := x.inside[len(x.inside)-1]; phonetic == 0 && (last == "t" || last == "v") {
				if text.Write(t); text.Len() > maxFeature {
					return "", &Fault{Key: "xlsx.large"}
				}
			}
		}
	}
}

var escapedRune = regexp.MustCompile(`_x([0-9A-Fa-f]{4})_`)

// unescaped returns a text with the characters XML cannot hold, which workbooks write as _x000D_.
func unescaped(s string) string {
	if !strings.Contains(s, "_x") {
		return s
	}
	return escapedRune.ReplaceAllStringFunc(s, func(e string) string {
		n, _ := strconv.ParseUint(e[2:6], 16, 32)
		if n == '\r' {
			return ""
		}
		return string(rune(n))
	})
}

// choose returns the sheet of a name, or the only one that is shown and not empty. Where there are several, the fault names them.
func (w *workbook) choose(name string, found *Found) (sheet, error) {
	var names, hidden []string
	for _, s := range w.sheets {
		if names = append(names, Excerpt(s.name)); name != "" && strings.TrimSpace(s.name) == strings.TrimSpace(name) {
			return s, nil
		}
	}
	if name != "" {
		return sheet{}, &Fault{Key: "sheets.none", Args: words.Args{"sheet": Excerpt(name), "sheets": names}}
	}
	var full []sheet
	names = nil
	for _, s := range w.sheets {
		any, err := w.hasAny(s)
		switch {
		case err != nil:
			return s, err
		case any && s.hidden:
			hidden = append(hidden, Excerpt(s.name))
		case any:
			full, names = append(full, s), append(names, Excerpt(s.name))
		}
	}
	if len(hidden) > 0 {
		found.note("note.hidden_sheets", words.Args{"sheets": hidden})
	}
	switch len(full) {
	case 0:
		return sheet{}, &Fault{Key: "file.empty"}
	case 1:
		return full[0], nil
	}
	return sheet{}, &Fault{Key: "sheets.several", Args: words.Args{"sheets": names}}
}

// hasAny reports whether a sheet has a cell with anything in it.
func (w *workbook) hasAny(s sheet) (any bool, err error) {
	stop := errors.New("found")
	err = w.elements(s.part, func(_ *xmlPart, e xml.StartElement) error {
		if e.Name.Local == "v" || e.Name.Local == "is" || e.Name.Local == "f" {
			return stop
		}
		return nil
	})
	if errors.Is(err, stop) {
		return true, nil
	}
	return false, err
}

// mergesOf returns the merged cells of a sheet, by their top rows. They stand behind the cells.
func (w *workbook) mergesOf(s sheet) (merges []merged, err error) {
	err = w.elements(s.part, func(_ *xmlPart, e xml.StartElement) error {
		if e.Name.Local != "mergeCell" {
			return nil
		}
		from, to, _ := strings.Cut(attribute(e, "ref"), ":")
		left, top, okFrom := cellPlace(from)
		right, bottom, okTo := cellPlace(to)
		if !okFrom || !okTo || right < left || bottom < top {
			return &Fault{Key: "xlsx.damaged"}
		}
		if merges = append(merges, merged{top, left, bottom, right}); len(merges) > maxMerges {
			return &Fault{Key: "xlsx.large"}
		}
		return nil
	})
	slices.SortFunc(merges, func(a, b merged) int { return cmp.Or(a.top-b.top, a.left-b.left) })
	return merges, err
}

// cellPlace reads "AB12": the column counted from 0, the row from 1.
func cellPlace(ref string) (column, row int, ok bool) {
	ref = strings.ReplaceAll(ref, "$", "")
	letters := strings.TrimRight(ref, "0123456789")
	if letters == "" || len(letters) > 3 {
		return 0, 0, false
	}
	for _, b := range []byte(letters) {
		if b |= 0x20; b < 'a' || b > 'z' {
			return 0, 0, false
		}
		column = 26*column + int(b|0x20-'a') + 1
	}
	row, err := strconv.Atoi(ref[len(letters):])
	return column - 1, row, err == nil && row >= 1 && row <= maxRows
}

// sheetReader reads the lines of a sheet.
type sheetReader struct {
	*workbook
	*xmlPart
	row int // the last one read, 0 before the first
}

// line returns the next row that has anything in it.
func (r *sheetReader) line() (line, error) {
	for {
		t, err := r.next()
		if err != nil {
			return line{}, err
		}
		e, is := t.(xml.StartElement)
		if !is || e.Name.Local != "row" {
			continue
		}
		l, err := r.readRow(e)
		if err != nil {
			return line{}, err
		}
		if l.filled() > 0 {
			return l, nil
		}
	}
}

// readRow reads a row that has begun, up to its end.
func (r *sheetReader) readRow(e xml.StartElement) (line, error) {
	n := r.row + 1
	if said := attribute(e, "r"); said != "" {
		n, _ = strconv.Atoi(said)
	}
	if n <= r.row || n > maxRows {
		return line{}, &Fault{Key: "xlsx.damaged", Place: Place{Line: r.row}}
	}
	r.row = n
	l := line{n: n}
	column := -1
	for {
		t, err := r.next()
		if err != nil {
			if err == io.EOF {
				err = &Fault{Key: "xlsx.damaged"}
			}
			return l, err
		}
		switch t := t.(type) {
		case xml.EndElement:
			if t.Name.Local == "row" {
				return l, nil
			}
		case xml.StartElement:
			if t.Name.Local != "c" {
				continue
			}
			before := column
			column++
			if ref := attribute(t, "r"); ref != "" {
				var ok bool
				if column, _, ok = cellPlace(ref); !ok || column <= before {
					return l, &Fault{Key: "xlsx.damaged", Place: Place{Line: n}}
				}
			}
			value, err := r.readCell(t)
			if err != nil {
				return l, err
			}
			if blankCell(value) {
				continue
			}
			if column >= maxColumns {
				return l, &Fault{Key: "xlsx.wide", Args: words.Args{"most": maxColumns}, Place: Place{Line: n}}
			}
			for len(l.cells) <= column {
				l.cells = append(l.cells, Value{})
			}
			l.cells[column] = value
		}
	}
}

// readCell reads a cell that has begun, up to its end.
func (r *sheetReader) readCell(e xml.StartElement) (Value, error) {
	var text string
	has, formula := false, false
	depth := len(r.inside)
	for len(r.inside) >= depth {
		t, err := r.next()
		if err != nil {
			if err == io.EOF {
				err = &Fault{Key: "xlsx.damaged"}
			}
			return Value{}, err
		}
		if e, is := t.(xml.StartElement); is {
			switch e.Name.Local {
			case "v", "is":
				if text, err = r.text(); err != nil {
					return Value{}, err
				}
				has = true
			case "f":
				formula = true
			}
		}
	}
	switch kind := attribute(e, "t"); {
	case formula && (!has || text == "" && kind != "str"):
		return Value{Broken, "cell.formula"}, nil
	case !has:
		return Value{}, nil
	case kind == "s":
		i, err := strconv.Atoi(text)
		if err != nil || i < 0 || i >= len(r.strings) {
			return Value{}, &Fault{Key: "xlsx.damaged", Place: Place{Line: r.row}}
		}
		return Value{Text, r.strings[i]}, nil
	case kind == "str", kind == "inlineStr":
		return Value{Text, text}, nil
	case kind == "b":
		return Value{Bool, strconv.FormatBool(text == "1" || text == "true")}, nil
	case kind == "e":
		return Value{Broken, "cell.error"}, nil
	case kind == "d":
		day, _, _ := strings.Cut(text, "T")
		return Value{Text, day}, nil
	}
	style, _ := strconv.Atoi(attribute(e, "s"))
	var form cellForm
	if style >= 0 && style < len(r.forms) {
		form = r.forms[style]
	}
	return r.number(strings.TrimSpace(text), form), nil
}

// number returns what a number in a cell says: a day, a code with its leading zeros, or its 15 digits without an exponent.
func (w *workbook) number(text string, form cellForm) Value {
	x, err := strconv.ParseFloat(text, 64)
	switch {
	case text == "":
		return Value{}
	case err != nil || math.IsNaN(x) || math.IsInf(x, 0) || strings.ContainsAny(text, "xX_"):
		return Value{Broken, "cell.number"}
	case form.day && x >= 1 && x < 2_958_466:
		return Value{Text, w.day(x, form.hours)}
	case x >= exactly || x <= -exactly:
		return Value{Broken, "cell.digits"}
	case plainDigits(text):
		return Value{Number, strings.Repeat("0", max(0, form.zeros-len(text))) + text}
	}
	x, _ = strconv.ParseFloat(strconv.FormatFloat(x, 'e', 14, 64), 64)
	plain := strconv.FormatFloat(x, 'f', -1, 64)
	return Value{Number, strings.Repeat("0", max(0, form.zeros-len(plain))) + plain}
}

// day writes a date of the workbook as 2020-11-01, with the time behind it where it has one that is shown.
func (w *workbook) day(x float64, hours bool) string {
	days := math.Floor(x)
	seconds := math.Round((x - days) * 86400)
	if w.fiction && days < 60 {
		days++
	}
	t := w.from.AddDate(0, 0, int(days)).Add(time.Duration(seconds) * time.Second)
	if hours && seconds > 0 {
		return t.Format(time.DateTime)
	}
	return t.Format(time.DateOnly)
}
