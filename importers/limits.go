package importers

import (
	"os"
	"path/filepath"
	"strings"

	"gridwright/plan/words"
)

// Limits are the bounds of what a file may hold. They are counted on what comes, not on what a file says of itself. A bound of 0 is
// none.
type Limits struct {
	Bytes    int64 // of the file, or of all files of a set
	Entries  int   // files in an archive
	Unzipped int64 // bytes of the files taken from an archive
	Rows     int
	Ring     int // points of one line or ring, as they are stored
	Columns  int // of a row
	Text     int // bytes of one cell
}

// The limits of files that are sent, and of those that somebody on the host hands to the command line.
var (
	UploadLimits = Limits{Bytes: 100 << 20, Entries: 64, Unzipped: 512 << 20, Rows: 500_000, Ring: 200_000, Columns: 256, Text: 64 << 10}
	HostLimits   = Limits{Bytes: 20 << 30, Entries: maxEntries, Unzipped: maxUnzipped, Rows: 20_000_000, Ring: 2_000_000, Columns: 1024, Text: 1 << 20}
)

// limits returns the bounds of a form.
func (f Form) limits() Limits {
	if f.Limits != nil {
		return *f.Limits
	}
	return HostLimits
}

// weigh refuses a file, with those that belong to it, that is too large to be opened.
func (l Limits) weigh(path string) error {
	var sum int64
	stem, main := strings.TrimSuffix(path, filepath.Ext(path)), filepath.Ext(path)
	for _, ending := range setOf(strings.ToLower(main)) {
		for _, name := range []string{stem + ending, stem + strings.ToUpper(ending)} {
			if info, err := os.Stat(name); err == nil {
				sum += info.Size()
				break
			}
		}
	}
	if l.Bytes > 0 && sum > l.Bytes {
		return &Fault{Key: "limit.bytes", Args: words.Args{"megabytes": l.Bytes >> 20}}
	}
	return nil
}

// keep returns a function that hands rows on as long as they keep the bounds of number and width, which end the file. A row with a line
// or a text that is too long cannot be taken.
func (l Limits) keep(each func(Row) error) func(Row) error {
	n := 0
	return func(r Row) error {
		n++
		switch {
		case l.Rows > 0 && n > l.Rows:
			return &Fault{Key: "limit.rows", Args: words.Args{"most": l.Rows}}
		case l.Columns > 0 && len(r.Values) > l.Columns:
			return &Fault{Key: "limit.columns", Args: words.Args{"most": l.Columns}, Place: r.Place}
		case r.Fault == nil:
			r.Fault = l.fault(r)
		}
		return each(r)
	}
}

// fault returns why a row is too large, nil where it is not.
func (l Limits) fault(r Row) *Fault {
	if l.Ring > 0 && longest(r.Geometry) > l.Ring {
		return &Fault{Key: "limit.ring", Args: words.Args{"most": l.Ring}, Place: r.Place}
	}
	column := ""
	for name, v := range r.Values {
		if l.Text > 0 && len(v.Text) > l.Text && (column == "" || name < column) {
			column = name
		}
	}
	if column == "" {
		return nil
	}
	return &Fault{Key: "limit.text", Args: words.Args{"column": Excerpt(column), "kilobytes": l.Text >> 10}, Place: r.Place}
}

// longest returns how many points the longest line of a geometry has.
func longest(g Geometry) (n int) {
	n = len(g.Points)
	for _, line := range g.Lines {
		n = max(n, len(line))
	}
	for _, p := range g.Shape {
		for _, ring := range p {
			n = max(n, len(ring))
		}
	}
	return n
}
