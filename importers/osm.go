package importers

import (
	"bytes"
	"regexp"
)

// IsOSM reports whether a file's first bytes are those of an extract of OpenStreetMap.
func IsOSM(head []byte) bool { return IsOSMPBF(head) || IsOSMXML(head) }

// IsOSMPBF reports whether a file's first bytes are those of OpenStreetMap's binary form: the length of a header in
// four bytes, then a text of nine bytes that says what comes.
func IsOSMPBF(head []byte) bool {
	return len(head) > 4 && bytes.HasPrefix(head[4:], []byte("\x0a\x09OSMHeader"))
}

var osmRoot = regexp.MustCompile(`<osm[\s/>]`)

// IsOSMXML reports whether a file's first bytes are those of OpenStreetMap's XML.
func IsOSMXML(head []byte) bool {
	trimmed := bytes.TrimLeft(head, "\uFEFF \t\r\n")
	return bytes.HasPrefix(trimmed, []byte("<")) && osmRoot.Match(trimmed)
}
