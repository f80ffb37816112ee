package cql_test

import (
	"errors"
	"strings"
	"testing"

	"gridwright/geo/crs"
	"gridwright/plan/filter"
	"gridwright/plan/words"
	"gridwright/server/cql"
)

var properties = cql.Properties{"code": filter.Text, "households": filter.Number, "walk": filter.Truth}

func TestSentencesAreComplete(t *testing.T) {
	for _, fault := range cql.Sentences.Incomplete() {
		t.Error(fault)
	}
}

// What cannot be read is refused with the sentence that says why.
func TestFiltersThatCannotBeRead(t *testing.T) {
	star := "POLYGON((0 0, 10 10, 10 0, 0 10, 0 0))"
	for text, key := range map[string]string{
		"": "end", "code": "end", "code =": "end", "code = 'a": "end", "code = 'a' and": "end", "(code = 'a'": "end", "code = 'a' code": "syntax",
		"this is (not cql": "property", "no_such = 1": "property", "\"No Such\" = 1": "property", "code = 1": "kind", "households = 'x'": "kind", "1 = '1'": "kind",
		"walk < true": "order", "households like 'a'": "kind", "code like code": "like", "code like '" + strings.Repeat("a", 300) + "'": "pattern",
		"households is nothing": "syntax", "1 is null": "null", "code in ()": "syntax", "code between 'a' and 'b'": "kind", "casei(code) < 'a'": "casei", "casei(households) = 'a'": "kind",
		"households = 1e999": "number", "code = 'a\x00b'": "text", "code = '\xff'": "text", "code ; drop table plan": "syntax", "code = $1": "syntax",
		"s_intersects(geometry, geometry)": "places", "s_intersects(BBOX(1,2,3,4),BBOX(1,2,3,4))": "places", "s_intersects(geometry, BBOX(3,2,1,4))": "box", "s_intersects(geometry, BBOX(1,2,3))": "box",
		"s_intersects(code, BBOX(1,2,3,4))": "syntax", "s_intersects(geometry, " + star + ")": "crossed", "s_intersects(geometry, POINT(1))": "geometry", "s_intersects(geometry, POINT(400 1))": "geometry",
		"s_intersects(geometry, MULTIPOINT(1 2, 3 4))": "place", "s_intersects(geometry, POINT(1 2)": "end", "s_near(geometry, POINT(1 2))": "property",
		strings.Repeat("(", 10_000) + "code = 'a'" + strings.Repeat(")", 10_000): "large", strings.Repeat("not ", 10_000) + "code = 'a'": "large",
		"households = " + strings.Repeat("+", 10_000) + "1": "large", "households = " + strings.Repeat("- ", 10_000) + "1": "large", "households in (" + strings.Repeat("1,", 5000) + "1)": "large",
		strings.Repeat("code = 'a' or ", 5000) + "code = 'b'": "large", "s_intersects(geometry, LINESTRING(" + strings.Repeat("1 2, 3 4, ", 1500) + "1 2))": "corners",
		"households = " + strings.Repeat("(", 10) + "1" + strings.Repeat(")", 11): "syntax",
	} {
		_, err := cql.Text(text, properties, crs.System{})
		refused(t, text, key, err)
	}
	deep := strings.Repeat(`{"op":"not","args":[`, 5000) + "true" + strings.Repeat("]}", 5000)
	for text, key := range map[string]string{
		"": "json", "{": "json", "[]": "json", "1": "json", `"a"`: "json", "{}": "json", `{"op":"drop"}`: "op", `{"op":"=","args":[1]}`: "args", `{"op":"and","args":[true]}`: "args",
		`{"op":"=","args":[{"property":"x"},1]}`: "property", `{"op":"=","args":[{"property":"code"},1]}`: "kind", `{"op":"=","args":[{"property":"code"},null]}`: "json", `{"op":"in","args":[{"property":"code"},"a"]}`: "json",
		`{"op":"s_intersects","args":[{"property":"code"},{"bbox":[1,2,3,4]}]}`: "places", `{"op":"s_intersects","args":[{"property":"geometry"},{"bbox":[1,2]}]}`: "box",
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Polygon","coordinates":[[[0,0]]]}]}`: "geometry", `{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1e400,0]}]}`: "geometry", deep: "large",
	} {
		_, err := cql.JSON(text, properties, crs.System{})
		refused(t, text, key, err)
	}
}

func refused(t *testing.T, text, key string, err error) {
	t.Helper()
	fault, is := errors.AsType[*cql.Fault](err)
	if len(text) > 100 {
		text = text[:100]
	}
	if !is || fault.Key != key {
		t.Errorf("%q: %v, not %s", text, err, key)
		return
	}
	for _, l := range []words.Lang{words.Zh, words.En} {
		if s := fault.In(l); s == "" || strings.Contains(s, "{text}") || strings.Contains(s, "{names}") {
			t.Errorf("%q: %q", text, s)
		}
	}
}

func FuzzText(f *testing.F) {
	for _, seed := range []string{"code = 'a' and not (households > 3 + 2*1 or walk = true)", "code like 'a%' or code in ('x','y''z')", "s_within(geometry, POLYGON((0 0,1 0,1 1,0 0)))",
		"households between 1 and 2 and code is not null", "casei(code) like casei('A_')", "households between 0 and 0 a", "s_intersects(BBOX(-1,-2,3,4), \"geometry\")"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := cql.Text(s, properties, crs.System{}); (c == nil) == (err == nil) {
			t.Errorf("%v and %v", c, err)
		}
	})
}

func FuzzJSON(f *testing.F) {
	for _, seed := range []string{`{"op":"and","args":[{"op":"=","args":[{"property":"code"},"a"]},{"op":"isNull","args":[{"property":"walk"}]}]}`,
		`{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1,2]}]}`, `{"op":">","args":[{"op":"+","args":[{"property":"households"},1]},2]}`} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, err := cql.JSON(s, properties, crs.System{}); (c == nil) == (err == nil) {
			t.Errorf("%v and %v", c, err)
		}
	})
}
