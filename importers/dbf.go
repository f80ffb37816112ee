package importers

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"unicode/utf8"

	"gridwright/plan/words"
)

// dbf is a table of dBASE III, the way shapefiles keep their columns: a header, then rows of fixed width.
//
//	byte 0      version    4 rows (4 bytes)    8 length of the header (2)    10 length of a row (2)    29 language
//	byte 32     a field of 32 bytes: name (11), type (1), 4 bytes, width (1), decimals (1), 14 bytes; and so on
//	            0x0D ends the fields
type dbf struct {
	r        *bufio.Reader
	rows     int
	language byte
	fields   []dbfField
	encoding string
	row      []byte // the row being read, begun by its mark of deletion
}

type dbfField struct {
	name   []byte // as the file has it
	column string
	kind   byte
	at     int // index in the row
	width  int
}

// readDBF reads the header of a table.
func readDBF(r io.Reader) (*dbf, error) {
	d := &dbf{r: bufio.NewReaderSize(r, 64<<10)}
	head := make([]byte, 32)
	if _, err := io.ReadFull(d.r, head); err != nil {
		return nil, cutShort(err)
	}
	d.rows, d.language = int(binary.LittleEndian.Uint32(head[4:])), head[29]
	headSize, rowSize := int(binary.LittleEndian.Uint16(head[8:])), int(binary.LittleEndian.Uint16(head[10:]))
	if headSize < 33 || rowSize < 1 {
		return nil, &Fault{Key: "dbf.header"}
	}
	rest := make([]byte, headSize-32)
	if _, err := io.ReadFull(d.r, rest); err != nil {
		return nil, cutShort(err)
	}
	at := 1
	for ; len(rest) >= 32 && rest[0] != 0x0d; rest = rest[32:] {
		name, _, _ := bytes.Cut(rest[:11], []byte{0})
		f := dbfField{name: bytes.TrimRight(name, " "), kind: rest[11], at: at, width: int(rest[16])}
		if f.kind == 'C' {
			f.width += int(rest[17]) << 8 // how wide texts beyond 255 bytes are written
		}
		if at += f.width; at > rowSize {
			return nil, &Fault{Key: "dbf.header"}
		}
		d.fields = append(d.fields, f)
	}
	if len(rest) == 0 || rest[0] != 0x0d {
		return nil, &Fault{Key: "dbf.header"}
	}
	d.row = make([]byte, rowSize)
	return d, nil
}

// cutShort is the fault of a file that ends too soon, or the error of the machine.
func cutShort(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &Fault{Key: "json.truncated"}
	}
	return err
}

// next reads the next row; deleted reports that it does not count.
func (d *dbf) next() (deleted bool, err error) {
	if _, err := io.ReadFull(d.r, d.row); err != nil {
		return false, cutShort(err)
	}
	return d.row[0] == '*', nil
}

// text returns the bytes of a text field without the blanks behind them.
func (d *dbf) text(f dbfField) (text []byte, full bool) {
	cell := d.row[f.at : f.at+f.width]
	text = bytes.TrimRight(cell, " \x00")
	return text, len(text) >= len(cell)-3
}

// name gives the columns their names in the table's encoding. A name cut within a character loses what is left of it.
func (d *dbf) name(found *Found) error {
	seen := map[string]bool{}
	for i := range d.fields {
		f := &d.fields[i]
		whole, cut, ok := decodeCut(f.name, d.encoding, len(f.name) >= 9)
		if !ok || whole == "" {
			return &Fault{Key: "dbf.name", Args: words.Args{"n": i + 1}}
		}
		if seen[whole] {
			return &Fault{Key: "dbf.twice", Args: words.Args{"column": Excerpt(whole)}}
		}
		if f.column, seen[whole] = whole, true; cut {
			found.note("note.cut_name", words.Args{"column": Excerpt(whole)})
		}
		found.Columns = append(found.Columns, whole)
	}
	return nil
}

// decodeCut returns text in UTF-8. Where it may be cut (it fills its field), the beginning of a character at its end is
// dropped. It reports whether something was, and whether the text is in the encoding at all.
func decodeCut(text []byte, encoding string, mayBeCut bool) (whole string, cut, ok bool) {
	if mayBeCut {
		n := 0
		switch encoding {
		case utf8Name:
			n = cutUTF8(text)
		case gbName:
			n = cutGB(text)
		}
		text, cut = text[:len(text)-n], n > 0
	}
	if d := decoderOf(encoding); d != nil {
		plain, err := d.Bytes(text)
		if err != nil || bytes.ContainsRune(plain, utf8.RuneError) {
			return "", cut, false
		}
		text = plain
	}
	return string(text), cut, utf8.Valid(text)
}

// values returns the row's cells by column.
func (d *dbf) values(found *Found) (map[string]Value, *Fault) {
	values := make(map[string]Value, len(d.fields))
	for _, f := range d.fields {
		cell, full := d.text(f)
		switch f.kind {
		case 'N', 'F', 'B', 'O', 'I':
			values[f.column] = dbfNumber(strings.TrimSpace(string(cell)))
		case 'L':
			switch string(bytes.TrimSpace(cell)) {
			case "T", "t", "Y", "y":
				values[f.column] = Value{Bool, "true"}
			case "F", "f", "N", "n":
				values[f.column] = Value{Bool, "false"}
			default:
				values[f.column] = Value{}
			}
		case 'D':
			day := strings.TrimSpace(string(cell))
			if len(day) == 8 {
				day = day[:4] + "-" + day[4:6] + "-" + day[6:]
			}
			values[f.column] = textValue(strings.TrimPrefix(day, "0000-00-00"))
		default:
			text, cut, ok := decodeCut(cell, d.encoding, full)
			if !ok {
				return nil, &Fault{Key: "dbf.text", Args: words.Args{"column": Excerpt(f.column), "encoding": d.encoding}}
			}
			if cut {
				found.cutTexts++
			}
			values[f.column] = textValue(strings.TrimLeft(text, " "))
		}
	}
	return values, nil
}

func textValue(s string) Value {
	if s == "" {
		return Value{}
	}
	return Value{Text, s}
}

// dbfNumber reads a number as these tables write it: "12.000000" is 12, stars stand for one too long for its field.
func dbfNumber(s string) Value {
	if s == "" || strings.Trim(s, "*") == "" {
		return Value{}
	}
	if strings.Contains(s, ".") && !strings.ContainsAny(s, "eE") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		if s == "" || s == "-" {
			s = "0"
		}
	}
	s = strings.TrimPrefix(s, "+")
	if !isNumber([]byte(s)) {
		return Value{Text, strings.ToValidUTF8(s, "\uFFFD")}
	}
	return Value{Number, s}
}

// testifyDBF reads a table's texts and returns what encoding they are in, "" for none known.
func testifyDBF(r io.Reader) (string, error) {
	d, err := readDBF(r)
	if err != nil {
		return "", err
	}
	var w witness
	for _, f := range d.fields {
		w.look(f.name, len(f.name) >= 9)
	}
	for range d.rows {
		if _, err := d.next(); err != nil {
			return "", err
		}
		for _, f := range d.fields {
			if text, full := d.text(f); f.kind == 'C' {
				w.look(text, full)
			}
		}
	}
	return w.says(), nil
}

// languages are the language bytes that say an encoding which is in use in China.
var languages = map[byte]string{0x4d: gbName, 0x7a: gbName, 0x4f: big5Name, 0x78: big5Name}
