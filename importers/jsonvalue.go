package importers

import (
	"errors"
	"io"
	"strings"

	"gridwright/plan/words"
)

// value reads any value; of objects and arrays it keeps nothing.
func (j *jsonText) value() (Value, error) {
	b, err := j.peek()
	if err != nil {
		return Value{}, err
	}
	switch {
	case b == '"':
		s, err := j.str()
		return Value{Text, s}, err
	case b == '{':
		return Value{Kind: Nested}, j.object(func(string) error { return j.skip() })
	case b == '[':
		return Value{Kind: Nested}, j.array(j.skip)
	case b == '-' || b >= '0' && b <= '9':
		digits, err := j.number()
		return Value{Number, string(digits)}, err
	case b == 't':
		return Value{Bool, "true"}, j.word("true")
	case b == 'f':
		return Value{Bool, "false"}, j.word("false")
	case b == 'n':
		return Value{}, j.word("null")
	}
	return Value{}, j.unexpected(b)
}

// skip reads a value and forgets it.
func (j *jsonText) skip() error {
	_, err := j.value()
	return err
}

func (j *jsonText) word(want string) error {
	for i := range len(want) {
		b, err := j.next()
		if err != nil {
			return err
		}
		if b != want[i] {
			return j.unexpected(b)
		}
	}
	return nil
}

// number reads a number and returns its text, which is valid until the next string or number is read.
func (j *jsonText) number() ([]byte, error) {
	j.text = j.text[:0]
	for {
		ahead := j.ahead(1)
		if len(ahead) == 0 || !isNumberByte(ahead[0]) {
			break
		}
		start := j.i
		for j.i < j.n && isNumberByte(j.window[j.i]) {
			j.i++
		}
		if j.text = append(j.text, j.window[start:j.i]...); len(j.text) > maxString {
			return nil, j.fault("json.string_too_long", nil)
		}
	}
	if !isNumber(j.text) {
		if j.i == j.n {
			if err := j.more(); err != nil {
				return nil, err
			}
		}
		return nil, j.fault("json.number", words.Args{"text": Excerpt(string(j.text))})
	}
	return j.text, nil
}

func isNumberByte(b byte) bool {
	return b >= '0' && b <= '9' || b == '.' || b == '-' || b == '+' || b == 'e' || b == 'E'
}

// isNumber reports whether a text is a number of JSON: RFC 8259, section 6.
func isNumber(s []byte) bool {
	digits := func() bool {
		n := 0
		for n < len(s) && s[n] >= '0' && s[n] <= '9' {
			n++
		}
		s = s[n:]
		return n > 0
	}
	next := func(any string) bool {
		if len(s) == 0 || !strings.ContainsRune(any, rune(s[0])) {
			return false
		}
		s = s[1:]
		return true
	}
	next("-")
	if !next("0") && !digits() {
		return false
	}
	if next(".") && !digits() {
		return false
	}
	if next("eE") {
		next("+-")
		if !digits() {
			return false
		}
	}
	return len(s) == 0
}

// atEnd skips white space and the record separators of GeoJSON text sequences (RFC 8142) and reports whether nothing
// follows.
func (j *jsonText) atEnd() (bool, error) {
	for {
		ahead := j.ahead(1)
		if len(ahead) == 0 {
			if errors.Is(j.failure, io.EOF) {
				return true, nil
			}
			return false, j.failure
		}
		switch ahead[0] {
		case '\n':
			j.line++
		case ' ', '\t', '\r', 0x1E:
		default:
			return false, nil
		}
		j.i++
	}
}
