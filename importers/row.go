package importers

import (
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// Kind says what a value is in its file. CSV has only Text.
type Kind uint8

// The kinds of value.
const (
	Null   Kind = iota // null, or no such column in this row
	Text               // as written between quotes or commas
	Number             // the digits as they stand in the file
	Bool               // "true" or "false"
	Nested             // an object or an array, whose content is not kept
	Merged             // the text of a cell merged over several rows, in each of them: what is said of all, a count of all together
	Broken             // a cell whose value is lost; its text is the key of a sentence that says how
)

// Value is one cell. Its zero value is null.
type Value struct {
	Kind Kind
	Text string // empty for Null and Nested, a key for Broken
}

// Row is one feature of a GeoJSON file or one record of a CSV file.
type Row struct {
	Place  Place
	Values map[string]Value // by column name
	Geometry
	Fault *Fault // why the row cannot be taken, nil where nothing is wrong with it
}

// Geometry is where a row lies. Its zero value is nowhere: the row has no geometry.
type Geometry struct {
	Type   string             // as the file calls it, "Polygon" or "POLYGON"; empty for none
	Shape  shape.MultiPolygon // of a Polygon or MultiPolygon: shells counter-clockwise, holes clockwise
	Lines  [][]crs.Point      // of a LineString or MultiLineString: at least two points each
	Points []crs.Point        // of a Point or MultiPoint
}

// Place is where something stands in a file. Its zero value is no place.
type Place struct {
	Feature int   // counted from 1; 0 in CSV and outside features
	Line    int   // counted from 1; 0 in files that have no lines
	Byte    int64 // counted from 0; GeoJSON only, where files often are one line
}

// In returns the place in words: "feature 12 (line 3, byte 4021)", "line 7".
func (p Place) In(l words.Lang) string {
	args := words.Args{"feature": strconv.Itoa(p.Feature), "line": strconv.Itoa(p.Line), "byte": strconv.FormatInt(p.Byte, 10)}
	switch {
	case p.Line == 0 && p.Feature > 0:
		return Sentences.Say(l, "place.row", args)
	case p.Line == 0:
		return ""
	case p.Feature > 0:
		return Sentences.Say(l, "place.feature", args)
	case p.Byte > 0:
		return Sentences.Say(l, "place.byte", args)
	}
	return Sentences.Say(l, "place.line", args)
}

// Fault is why a file or one of its rows cannot be taken: a sentence in both languages and the place.
type Fault struct {
	Key   string // stable: programs may compare it
	Args  words.Args
	Place Place // of the row for a row's fault
}

// Code returns the stable name of the reason.
func (f *Fault) Code() string { return f.Key }

// Words returns the sentence without the place.
func (f *Fault) Words(l words.Lang) string { return Sentences.Say(l, f.Key, f.Args) }

// In returns the place and the sentence.
func (f *Fault) In(l words.Lang) string {
	if place := f.Place.In(l); place != "" {
		return Sentences.Say(l, "place.and", words.Args{"place": place, "words": f.Words(l)})
	}
	return f.Words(l)
}

// Error returns the English sentence with its place.
func (f *Fault) Error() string { return f.In(words.En) }

// Excerpt returns text fit for a sentence: on one line, without control characters, at most 60 characters, Hidden in place of numbers of
// telephones and identity cards.
func Excerpt(s string) string {
	const most = 60
	s = strings.Map(func(r rune) rune {
		if r < ' ' || r == 0x7f {
			return ' '
		}
		return r
	}, hidePersonal(strings.ToValidUTF8(s, "\uFFFD")))
	if runes := []rune(s); len(runes) > most {
		return string(runes[:most]) + "…"
	}
	return s
}
