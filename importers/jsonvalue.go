package importers

import (
	"errors"
	"io"
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
	j.buffer = j.buffer[:0]
	b, err := j.peek()
	if err != nil {
		return nil, err
	}
	if b == '-' {
		b = j.take(b)
	}
	switch {
	case b == '0':
		b = j.take(b)
	case b >= '1' && b <= '9':
		b = j.digits(b)
	default:
		return nil, j.unexpected(b)
	}
	if b == '.' {
		if b = j.take(b); b < '0' || b > '9' {
			return nil, j.unexpected(b)
		}
		b = j.digits(b)
	}
	if b == 'e' || b == 'E' {
		if b = j.take(b); b == '+' || b == '-' {
			b = j.take(b)
		}
		if b < '0' || b > '9' {
			return nil, j.unexpected(b)
		}
		b = j.digits(b)
	}
	if len(j.buffer) > maxString {
		return nil, j.fault("json.string_too_long", nil)
	}
	return j.buffer, nil
}

// take keeps the byte that was peeked at and returns the one after it, 0 at the end of the text: whoever needs another
// byte there finds the end by itself.
func (j *jsonText) take(b byte) byte {
	_, _ = j.r.ReadByte()
	j.at++
	j.buffer = append(j.buffer, b)
	ahead, err := j.r.Peek(1)
	if err != nil {
		return 0
	}
	return ahead[0]
}

func (j *jsonText) digits(b byte) byte {
	for b >= '0' && b <= '9' && len(j.buffer) <= maxString {
		b = j.take(b)
	}
	return b
}

// atEnd skips white space and the record separators of GeoJSON text sequences (RFC 8142) and reports whether nothing
// follows.
func (j *jsonText) atEnd() (bool, error) {
	for {
		b, err := j.r.ReadByte()
		if errors.Is(err, io.EOF) {
			return true, nil
		}
		if err != nil {
			return false, err
		}
		j.at++
		switch b {
		case '\n':
			j.line++
		case ' ', '\t', '\r', 0x1E:
		default:
			j.back()
			return false, nil
		}
	}
}
