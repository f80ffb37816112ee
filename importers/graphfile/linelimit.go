package graphfile

import (
	"errors"
	"io"
)

var errLongLine = errors.New("line too long")

// lineLimit passes bytes on as long as no quoted field or line goes on for more than most bytes. It counts from one
// row's end to the next, where a row's end is a line feed outside quotes.
type lineLimit struct {
	from   io.Reader
	most   int
	row    int
	quoted bool
}

// Read implements io.Reader.
func (l *lineLimit) Read(p []byte) (int, error) {
	n, err := l.from.Read(p)
	for _, c := range p[:n] {
		l.row++
		switch {
		case c == '"':
			l.quoted = !l.quoted
		case c == '\n' && !l.quoted:
			l.row = 0
		}
		if l.row > l.most {
			return 0, errLongLine
		}
	}
	return n, err
}
