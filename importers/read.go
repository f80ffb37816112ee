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
		found.System = form.System.Name()
	}
	switch kind := sniff(head); {
	case kind == "geojson":
		return readGeoJSON(b, form.System, found, each)
	case kind != "":
		return &Fault{Key: kind}
	}
	switch ending := strings.ToLower(filepath.Ext(name)); ending {
	case ".csv", ".txt", "":
		return readCSV(b, separator(head), form.System, each)
	case ".tsv":
		return readCSV(b, '\t', form.System, each)
	case ".json", ".geojson", ".geojsonl", ".geojsons", ".geojsonseq", ".ndjson", ".jsonl":
		return &Fault{Key: "file.no_json", Args: words.Args{"text": Excerpt(string(head[:min(len(head), 80)]))}, Place: Place{Line: 1}}
	default:
		return &Fault{Key: "file.unknown", Args: words.Args{"ending": Excerpt(ending)}}
	}
}

// separator returns what stands between the values: a tab where the first line has one and no comma.
func separator(head []byte) rune {
	line, _, _ := strings.Cut(string(head), "\n")
	if strings.Contains(line, "\t") && !strings.Contains(line, ",") {
		return '\t'
	}
	return ','
}
