package importers

import (
	"bufio"
	"errors"
	"io"
	"path/filepath"
	"strings"

	"gridwright/plan/words"
)

// Read reads a text file's rows in order and calls each with every one of them: GeoJSON or CSV in UTF-8. What the file is,
// is seen from its first bytes, and from the ending of its name where they don't tell. It returns a *Fault for a file that
// cannot be read, the reader's own errors, and whatever each returns. Rows handed on before an error are worth nothing.
func Read(name string, r io.Reader, each func(Row) error) error {
	return readText(name, r, Form{}, new(Found), each)
}

// readText reads a text file in UTF-8.
func readText(name string, r io.Reader, form Form, found *Found, each func(Row) error) error {
	b := bufio.NewReaderSize(r, 64<<10)
	if head, _ := b.Peek(3); string(head) == "\uFEFF" {
		_, _ = b.Discard(3)
	}
	head, err := b.Peek(512)
	if err != nil && !errors.Is(err, io.EOF) {
		return err
	}
	if len(strings.TrimSpace(string(head))) == 0 && err != nil {
		return &Fault{Key: "file.empty"}
	}
	if form.System != nil {
		found.System, found.Read = form.System.Name(), *form.System
	}
	switch kind := sniff(head); {
	case kind == "geojson" && isSet(strings.TrimPrefix(strings.ToLower(filepath.Ext(name)), ".")):
		return &Fault{Key: "file.unknown", Args: words.Args{"ending": Excerpt(filepath.Ext(name))}}
	case kind == "geojson":
		return readGeoJSON(b, form.System, found, each)
	case kind != "":
		return &Fault{Key: kind}
	}
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case ".csv", ".txt", "":
		return readCSV(b, separator(head), form, found, each)
	case ".tsv":
		return readCSV(b, '\t', form, found, each)
	case ".json", ".geojson", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl":
		return &Fault{Key: "file.no_json", Args: words.Args{"text": Excerpt(string(head[:min(len(head), 80)]))}, Place: Place{Line: 1}}
	default:
		return &Fault{Key: "file.unknown", Args: words.Args{"ending": Excerpt(ending)}}
	}
}

// separator returns what stands between the values: on the first line that has any of the three, a tab or a semicolon where there is no comma.
func separator(head []byte) rune {
	for line := range strings.Lines(string(head)) {
		switch {
		case strings.Contains(line, ","):
			return ','
		case strings.Contains(line, "\t"):
			return '\t'
		case strings.Contains(line, ";"):
			return ';'
		}
	}
	return ','
}
