package importers

import (
	"errors"
	"io"
	"unicode/utf16"
	"unicode/utf8"

	"gridwright/plan/words"
)

// The bounds of JSON text. A city's outline drawn to the centimetre stays far below them.
const (
	maxDepth   = 64       // arrays and objects in each other
	maxString  = 1 << 20  // bytes of one string or number
	maxFeature = 64 << 20 // bytes of one feature or record
)

// jsonText reads JSON (RFC 8259) from front to back without holding it: the caller asks for what it expects and is told
// where the text is otherwise.
type jsonText struct {
	r       io.Reader
	window  []byte // read and not yet looked at: window[i:n]
	i, n    int
	base    int64 // bytes before the window
	failure error // of r, once it has one
	line    int
	depth   int
	end     int64  // the feature must end about here; 0 for no bound
	text    []byte // the string or number being read
}

// newJSONText returns the text of a reader with a window of a size, at least 16 bytes.
func newJSONText(r io.Reader, size int) *jsonText {
	return &jsonText{r: r, line: 1, window: make([]byte, size)}
}

// at returns how many bytes have been looked at.
func (j *jsonText) at() int64 { return j.base + int64(j.i) }

// place returns where the reader stands.
func (j *jsonText) place() Place { return Place{Line: j.line, Byte: j.at()} }

func (j *jsonText) fault(key string, args words.Args) *Fault {
	return &Fault{Key: key, Args: args, Place: j.place()}
}

// ahead returns the next k bytes, less where the text ends or fails. k is at most 16.
func (j *jsonText) ahead(k int) []byte {
	if j.n-j.i < k && j.failure == nil {
		copy(j.window, j.window[j.i:j.n])
		j.base += int64(j.i)
		j.i, j.n = 0, j.n-j.i
		for j.n < k && j.failure == nil {
			var n int
			n, j.failure = j.r.Read(j.window[j.n:])
			j.n += n
		}
	}
	return j.window[j.i:min(j.n, j.i+k)]
}

// next reads one byte.
func (j *jsonText) next() (byte, error) {
	if j.i == j.n {
		if err := j.more(); err != nil {
			return 0, err
		}
	}
	b := j.window[j.i]
	j.i++
	if b == '\n' {
		j.line++
	}
	return b, nil
}

// more makes sure that there is a next byte.
func (j *jsonText) more() error {
	switch {
	case j.end > 0 && j.at() > j.end:
		return j.fault("json.feature_too_long", words.Args{"megabytes": maxFeature >> 20})
	case len(j.ahead(1)) > 0:
		return nil
	case errors.Is(j.failure, io.EOF):
		return j.fault("json.truncated", nil)
	}
	return j.failure
}

// peek skips white space and returns the next byte without reading it.
func (j *jsonText) peek() (byte, error) {
	for {
		b, err := j.next()
		if err != nil {
			return 0, err
		}
		switch b {
		case ' ', '\t', '\n', '\r':
			continue
		}
		j.i--
		return b, nil
	}
}

// unexpected returns the fault of a byte that cannot stand here.
func (j *jsonText) unexpected(b byte) error {
	return j.fault("json.unexpected", words.Args{"found": Excerpt(string(rune(b)))})
}

// expect reads one byte, which must be the given one.
func (j *jsonText) expect(want byte) error {
	b, err := j.peek()
	if err != nil {
		return err
	}
	if b != want {
		return j.unexpected(b)
	}
	_, err = j.next()
	return err
}

// object reads an object and calls member for each name; member must read the value.
func (j *jsonText) object(member func(name string) error) error {
	return j.list('{', '}', func() error {
		name, err := j.str()
		if err != nil {
			return err
		}
		if err := j.expect(':'); err != nil {
			return err
		}
		return member(name)
	})
}

// array reads an array and calls element for each element, which must read it.
func (j *jsonText) array(element func() error) error { return j.list('[', ']', element) }

func (j *jsonText) list(open, shut byte, item func() error) error {
	if err := j.expect(open); err != nil {
		return err
	}
	if j.depth++; j.depth > maxDepth {
		return j.fault("json.too_deep", words.Args{"depth": maxDepth})
	}
	defer func() { j.depth-- }()
	b, err := j.peek()
	if err != nil {
		return err
	}
	if b == shut {
		return j.expect(shut)
	}
	for {
		if err := item(); err != nil {
			return err
		}
		if b, err = j.peek(); err != nil {
			return err
		}
		switch b {
		case shut:
			return j.expect(shut)
		case ',':
			if err := j.expect(','); err != nil {
				return err
			}
		default:
			return j.unexpected(b)
		}
	}
}

// str reads a string.
func (j *jsonText) str() (string, error) {
	if err := j.expect('"'); err != nil {
		return "", err
	}
	j.text = j.text[:0]
	for {
		plain := j.i
		for plain < j.n && j.window[plain] >= ' ' && j.window[plain] != '"' && j.window[plain] != '\\' {
			plain++
		}
		if j.text = append(j.text, j.window[j.i:plain]...); len(j.text) > maxString {
			return "", j.fault("json.string_too_long", nil)
		}
		j.i = plain
		b, err := j.next()
		if err != nil {
			return "", err
		}
		switch {
		case b == '"':
			if !utf8.Valid(j.text) {
				return "", j.fault("not_utf8", nil)
			}
			return string(j.text), nil
		case b == '\\':
			if err := j.escape(); err != nil {
				return "", err
			}
		case b < ' ':
			return "", j.unexpected(b)
		default:
			j.text = append(j.text, b)
		}
		if len(j.text) > maxString {
			return "", j.fault("json.string_too_long", nil)
		}
	}
}

var escapes = map[byte]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// escape reads what follows a backslash. Half a surrogate pair becomes U+FFFD.
func (j *jsonText) escape() error {
	b, err := j.next()
	if err != nil {
		return err
	}
	if plain, ok := escapes[b]; ok {
		j.text = append(j.text, plain)
		return nil
	}
	if b != 'u' {
		return j.unexpected(b)
	}
	r, err := j.hex4()
	if err != nil {
		return err
	}
	for utf16.IsSurrogate(r) {
		// Only a second half right behind the first makes a character of the two.
		if string(j.ahead(2)) != `\u` {
			r = utf8.RuneError
			break
		}
		j.i += 2
		second, err := j.hex4()
		if err != nil {
			return err
		}
		if pair := utf16.DecodeRune(r, second); pair != utf8.RuneError {
			r = pair
			break
		}
		j.text = utf8.AppendRune(j.text, utf8.RuneError)
		r = second
	}
	j.text = utf8.AppendRune(j.text, r)
	return nil
}

func (j *jsonText) hex4() (rune, error) {
	var r rune
	for range 4 {
		b, err := j.next()
		if err != nil {
			return 0, err
		}
		switch {
		case b >= '0' && b <= '9':
			r = r<<4 | rune(b-'0')
		case b >= 'a' && b <= 'f':
			r = r<<4 | rune(b-'a'+10)
		case b >= 'A' && b <= 'F':
			r = r<<4 | rune(b-'A'+10)
		default:
			return 0, j.unexpected(b)
		}
	}
	return r, nil
}
