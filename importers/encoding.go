package importers

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"gridwright/plan/words"
)

// The encodings text may be in. GB18030 holds GBK and GB 2312.
const (
	utf8Name  = "UTF-8"
	gbName    = "GB18030"
	big5Name  = "Big5"
	utf16Name = "UTF-16"

	eitherName = "ASCII" // or so little beyond it that it may be UTF-8 or GB18030
)

// Encodings are the names an encoding can be asked for by.
var Encodings = []string{utf8Name, gbName, "GBK", "GB2312", big5Name, utf16Name}

// EncodingNamed returns the encoding a name means, in the ways people, .cpg files and databases write it: "GBK", "CP936",
// "ANSI 936", "65001". It returns a *Fault for any other.
func EncodingNamed(name string) (string, error) {
	plain := strings.NewReplacer("-", "", "_", "", " ", "", "\x00", "").Replace(strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\uFEFF"))))
	for _, prefix := range []string{"ansi", "cp", "ms", "windows", "oem", "ldid/"} {
		plain = strings.TrimPrefix(plain, prefix)
	}
	switch plain {
	case "utf8", "65001":
		return utf8Name, nil
	case "gb18030", "gbk", "gb2312", "936", "54936", "77", "euccn", "simpchinese":
		return gbName, nil
	case "big5", "950", "120":
		return big5Name, nil
	case "utf16", "utf16le", "utf16be", "unicode":
		return utf16Name, nil
	}
	return "", &Fault{Key: "encoding.unknown", Args: words.Args{"name": Excerpt(name), "names": Encodings}}
}

// decoderOf returns what turns text of an encoding into UTF-8; nil for UTF-8, which needs none.
func decoderOf(name string) *encoding.Decoder {
	switch name {
	case gbName:
		return simplifiedchinese.GB18030.NewDecoder()
	case big5Name:
		return traditionalchinese.Big5.NewDecoder()
	case utf16Name:
		return unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewDecoder()
	}
	return nil
}

// witness looks at text of unknown encoding piece by piece and says in the end what it is. Valid UTF-8 is taken as such,
// because no other text of more than a few words is by chance; else, if it is that throughout, GB18030.
type witness struct {
	letters, broken int // characters of three bytes and more in UTF-8, as Chinese has, and bytes that are none
	notGB           bool
}

// look looks at a piece that ends between two characters, unless it is cut there as a field of fixed width is.
func (w *witness) look(piece []byte, cut bool) {
	if plainASCII(piece) {
		return
	}
	for rest := piece; len(rest) > 0; {
		r, n := utf8.DecodeRune(rest)
		switch {
		case r == utf8.RuneError && n == 1 && cut && !utf8.FullRune(rest):
			n = len(rest)
		case r == utf8.RuneError && n == 1:
			w.broken++
		case n > 2:
			w.letters++
		}
		rest = rest[n:]
	}
	if cut {
		piece = piece[:len(piece)-cutGB(piece)]
	}
	if !w.notGB {
		plain, err := simplifiedchinese.GB18030.NewDecoder().Bytes(piece)
		w.notGB = err != nil || bytes.ContainsRune(plain, utf8.RuneError)
	}
}

func plainASCII(text []byte) bool {
	return !slices.ContainsFunc(text, func(b byte) bool { return b >= utf8.RuneSelf })
}

// says returns the encoding: "" where it is neither UTF-8 nor GB18030, or UTF-8 with damage; eitherName where there is
// nothing in it that tells.
func (w *witness) says() string {
	switch {
	case w.broken == 0 && w.letters == 0:
		return eitherName
	case w.broken == 0:
		return utf8Name
	case w.notGB || w.letters > w.broken:
		return ""
	}
	return gbName
}

// cutGB returns how many bytes at the end of text in GB18030 are the beginning of a character whose end is missing.
func cutGB(text []byte) int {
	for i := 0; i < len(text); {
		n := 1
		if text[i] > 0x80 {
			n = 2
			if i+1 < len(text) && text[i+1] >= '0' && text[i+1] <= '9' {
				n = 4
			}
		}
		if i+n > len(text) {
			return len(text) - i
		}
		i += n
	}
	return 0
}

// cutUTF8 returns the same of text in UTF-8.
func cutUTF8(text []byte) int {
	for back := 1; back < utf8.UTFMax && back <= len(text); back++ {
		if b := text[len(text)-back]; utf8.RuneStart(b) {
			if !utf8.FullRune(text[len(text)-back:]) {
				return back
			}
			return 0
		}
	}
	return 0
}

// testify reads text line by line and returns its encoding as witness does; a byte order mark decides at once.
func testify(r io.Reader) (string, error) {
	var w witness
	var rest []byte
	block := make([]byte, 64<<10)
	for first := true; ; first = false {
		n, err := io.ReadFull(r, block)
		if first && n >= 2 && (block[0] == 0xff && block[1] == 0xfe || block[0] == 0xfe && block[1] == 0xff) {
			return utf16Name, nil
		}
		piece := append(rest, block[:n]...)
		if err == io.EOF || err == io.ErrUnexpectedEOF {
			w.look(piece, false)
			return w.says(), nil
		}
		if err != nil {
			return "", err
		}
		// A line's end stands within no character of either encoding. Without one the piece is cut where it may hurt nobody.
		end := bytes.LastIndexByte(piece, '\n') + 1
		if end == 0 {
			end = lastPlain(piece)
		}
		w.look(piece[:end], end == len(piece))
		rest = append([]byte(nil), piece[end:]...)
		if len(rest) > maxFeature {
			return w.says(), nil
		}
	}
}

// lastPlain returns the index behind the last byte that is a character by itself in either encoding and below the digits.
func lastPlain(piece []byte) int {
	for i := len(piece) - 1; i >= 0; i-- {
		if piece[i] < '0' {
			return i + 1
		}
	}
	return len(piece)
}

// textReader returns text in UTF-8 without a byte order mark.
func textReader(r io.Reader, name string) io.Reader {
	if d := decoderOf(name); d != nil {
		return d.Reader(r)
	}
	return r
}

// encodingFault says that text is in no encoding known.
func encodingFault() *Fault { return &Fault{Key: "encoding.neither"} }
