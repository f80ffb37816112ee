package graphfile

import (
	"fmt"
	"io"
)

// longLine is the error of a row that goes on for too long; it knows the line where the row begins, since the CSV reader
// only knows of rows it has seen whole.
type longLine struct{ line int }

func (e *longLine) Error() string { return fmt.Sprintf("line %d: too long", e.line) }

// lineLimit passes bytes on as long as no quoted field or line goes on for more than most bytes. It counts from one
// row's end to the next, where a row's end is a line feed outside quotes.
type lineLimit struct {
	from   io.Reader
	most   int
	row    int // bytes of the row so far
	begun  int // lines before the row
	lines  int // line feeds so far
	quoted bool
}

// Read implements io.Reader.
func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	for _, c := range p[:n] {
		l.row++
		switch c {
		case '"':
			l.quoted = !l.quoted
		case '\n':
			l.lines++
			if !l.quoted {
				l.row, l.begun = 0, l.lines
			}
		}
		if l.row > l.most {
			return 0, &longLine{l.begun + 1}
		}
	}
	return n, err
}
