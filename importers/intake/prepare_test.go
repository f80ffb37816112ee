package intake

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
	"gridwright/sql/postgis/postgistest"
)

var update = flag.Bool("update", false, "write golden files anew")

// prepared does what an import does before it asks the database.
func prepared(t *testing.T, o Order) *job {
	t.Helper()
	o.Progress = func(string, int, int) {}
	j := newJob(o, nil)
	if err := j.prepare(t.Context()); err != nil {
		t.Fatal(err)
	}
	return j
}

func written(t *testing.T, name, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), name)
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

// layerOf returns the layer a bad file is of: "roads.road.bad.csv" is of roads, "codes.bad.geojson" of blocks.
func layerOf(name string) string {
	parts := strings.Split(filepath.Base(name), ".")
	if layer := parts[1]; IsLayer(layer) {
		return layer
	}
	return BlockLayer
}

// Every bad file is refused as its layer with the sentences in refusals.golden.
func TestRefusedRows(t *testing.T) {
	store, err := postgis.Open(t.Context(), postgistest.Database(t))
	if err != nil {
		t.Fatal(err)
	}
	defer store.Close()
	files, err := filepath.Glob("testdata/*.bad.*")
	if err != nil || len(files) == 0 {
		t.Fatal(files, err)
	}
	var got strings.Builder
	for _, name := range files {
		fmt.Fprintln(&got, filepath.Base(name))
		in := map[words.Lang]*Report{}
		for _, lang := range words.Langs {
			o := Order{File: name, Layer: layerOf(name), Lang: lang}
			if !newJob(o, nil).streams() {
				in[lang] = prepared(t, o).report
				continue
			}
			report, err := Run(t.Context(), store, o)
			if report == nil {
				t.Fatal(err)
			}
			in[lang] = report
		}
		if in[words.En].RefusedTotal == 0 {
			t.Errorf("%s was taken", name)
		}
		for i, en := range in[words.En].Refused {
			zh := in[words.Zh].Refused[i]
			fmt.Fprintf(&got, "  %s | code %q field %q value %q\n    %s：%s\n    %s: %s\n", en.Key, en.Code, en.Field, en.Value, zh.Place, zh.Words, en.Place, en.Words)
		}
	}
	const golden = "testdata/refusals.golden"
	if *update {
		if err := os.WriteFile(golden, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), got.String()); diff != "" {
		t.Error(diff)
	}
}

func TestColumns(t *testing.T) {
	const file = "id,of,residents,parent,in,votes\n007,A,12,B,true,1\n008,A,13,B,false,x\n"
	for name, c := range map[string]struct {
		layer      string
		where, set map[string]string
		want       string // the refusals, or the codes taken
	}{
		"a field of an area":                  {"city", nil, map[string]string{"code": "id", "name": "of"}, "007 008"},
		"no column for the code":              {"city", nil, nil, "map.needed: no column for the field code (say --map code=COLUMN); there are: id, in, of, parent, residents, votes"},
		"a column that is not there":          {"city", nil, map[string]string{"code": "geoid"}, `map.no_column: the file has no column "geoid"; there are: id, in, of, parent, residents, votes`},
		"a field that is none":                {"city", nil, map[string]string{"code": "id", "residents": "residents"}, `map.no_field: city has no field "residents"; its fields are: code, name, name_en, parent`},
		"a block has no name":                 {"block", nil, map[string]string{"code": "id", "name": "of"}, `map.no_field: block has no field "name"; its fields are: code, parent, kind`},
		"no measure's name":                   {"block", nil, map[string]string{"code": "id", "Votes": "votes"}, `map.no_field: block has no field "Votes"; its fields are: code, parent, kind`},
		"where takes some":                    {"city", map[string]string{"in": "true"}, map[string]string{"code": "id"}, "007"},
		"several where are all to be met":     {"city", map[string]string{"in": "true", "residents": "13"}, map[string]string{"code": "id"}, "where.nothing: none of the 2 rows fits --where"},
		"where names a column that is absent": {"city", map[string]string{"inside": "true"}, map[string]string{"code": "id"}, `where.no_column: --where names the column "inside", which the file does not have; there are: id, in, of, parent, residents, votes`},
	} {
		t.Run(name, func(t *testing.T) {
			j := prepared(t, Order{File: written(t, "x.csv", file), Layer: c.layer, Where: c.where, Map: c.set, Lang: words.En})
			var got []string
			for _, r := range j.report.Refused {
				got = append(got, r.Key+": "+r.Words)
			}
			for _, r := range j.records {
				got = append(got, r.code)
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got  %s\nwant %s", s, c.want)
			}
		})
	}
}

// Rows that --where leaves out may be as bad as they like.
func TestSkippedRowsAreNotJudged(t *testing.T) {
	const file = "code,in,wkt\n1,yes,\n,no,POINT(1 2)\n"
	j := prepared(t, Order{File: written(t, "x.csv", file), Layer: "city", Where: map[string]string{"in": "yes"}})
	if r := j.report; r.RefusedTotal > 0 || r.RowsRead != 2 || r.RowsSkipped != 1 || r.Taken != 1 {
		t.Errorf("%+v", r)
	}
}

func TestOwnMeasuresAreTakenWithANote(t *testing.T) {
	const file = `code,parent,residents,votes,dwellings,wkt
1,A,10,3,,"POLYGON((105 37,105.01 37,105.01 37.01,105 37))"
2,A,20,4,,"POLYGON((105.02 37,105.03 37,105.03 37.01,105.02 37))"
`
	j := prepared(t, Order{File: written(t, "x.csv", file), Layer: BlockLayer, Map: map[string]string{"voters": "votes"}, Lang: words.En})
	if diff := cmp.Diff([]Sum{{"residents", 30}, {"voters", 7}}, j.report.SumsInOrder()); diff != "" || len(j.report.Refused) > 0 {
		t.Error(diff, j.report.Refused)
	}
	if diff := cmp.Diff([]string{"voters is no measure known here; it was taken as one of your own"}, j.report.Notes); diff != "" {
		t.Error(diff)
	}
}

func TestReportsListSomeAndCountAll(t *testing.T) {
	file := "code\n" + strings.Repeat("same\n", 3*maxListed+1)
	j := prepared(t, Order{File: written(t, "x.csv", file), Layer: "city"})
	if n := len(j.report.Refused); n != maxListed || j.report.RefusedTotal != 3*maxListed || j.report.Taken != 0 {
		t.Errorf("%d listed, %d in all, %d taken", n, j.report.RefusedTotal, j.report.Taken)
	}
}

func TestCounts(t *testing.T) {
	counting := &checker{job: &job{}}
	for text, want := range map[string]string{"12": "12", " 7 ": "7", "12.0": "12", "12.": "12", "0": "0", "-0": "0", "1e3": "1000", "1.5e1": "15", "150e-1": "15",
		"1000000000000": "1000000000000", "1000000000001": "count.large", "1e400": "count.large", "-1": "count.negative", "-1.5": "count.negative", "0.5": "count.fraction",
		"": "count.empty", "n/a": "count.nothing", "无": "count.nothing", "0x10": "count.no_number", "1_000": "count.no_number", "+1": "count.no_number", "Inf": "count.no_number",
		"１２": "12", "35户": "35", "１２　栋": "12", "1,234": "1234", "1，234，567": "1234567", "1,234户": "1234", "1,23": "count.no_number", "3万": "count.no_number",
		"约30": "count.vague", "30左右": "count.vague", "30余户": "count.vague", "30+": "count.vague", "20-30": "count.vague", "三十": "count.no_number"} {
		n, key := counting.count(importers.Value{Kind: importers.Text, Text: text}, maxCount)
		if got := map[bool]string{true: fmt.Sprint(n), false: key}[key == ""]; got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	for _, v := range []importers.Value{{Kind: importers.Bool, Text: "true"}, {Kind: importers.Nested}} {
		if _, key := counting.count(v, maxCount); key != "count.no_number" {
			t.Errorf("%+v: got %q", v, key)
		}
	}
}

func TestFilesThatAreNotThere(t *testing.T) {
	o := Order{File: filepath.Join(t.TempDir(), "nothing.csv"), Layer: "city"}
	report, err := Run(t.Context(), nil, o)
	if fault, ok := errors.AsType[*Fault](err); !ok || fault.In(words.En) != "there is no file nothing.csv" || report != nil {
		t.Errorf("%v, %v", report, err)
	}
	o.File = t.TempDir()
	if _, err := Run(t.Context(), nil, o); err == nil || !strings.Contains(err.Error(), "cannot be read") {
		t.Error(err)
	}
}

func TestEveryFlawAndFindingHasASentence(t *testing.T) {
	for _, kind := range topo.FlawKinds {
		if _, ok := Sentences["flaw."+kind]; !ok {
			t.Errorf("no sentence for the flaw %q", kind)
		}
	}
	said := map[string][]string{topo.Gap: {"finding.gap", "finding.gap_mended"}, topo.Overlap: {"block.overlap", "finding.overlap_mended"}, topo.Vanished: {"block.vanished"}}
	for _, kind := range topo.Kinds {
		if len(said[kind]) == 0 {
			t.Errorf("nothing is said of %q", kind)
		}
		for _, key := range said[kind] {
			if _, ok := Sentences[key]; !ok {
				t.Errorf("no sentence %q", key)
			}
		}
	}
}

func TestSentencesStandInBothLanguages(t *testing.T) {
	for _, fault := range Sentences.Incomplete() {
		t.Error(fault)
	}
}
