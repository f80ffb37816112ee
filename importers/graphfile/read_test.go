package graphfile

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"gridwright/geo/blockgraph"
	"gridwright/plan/words"
)

const (
	nodes = "id,parent,pop,lon,lat,area\n甲,P,3,1,2,9\n乙,P,4.5,1,2,9\n丙,Q,0,1,2,9\n"
	edges = "a,b,shared_perimeter\n甲,乙,12.5\n乙,丙,7\n"
)

func source(name, text string) Source { return Source{Name: name, Data: strings.NewReader(text)} }

func TestRead(t *testing.T) {
	want := &Graph{IDs: []string{"甲", "乙", "丙"}, Parents: []string{"P", "Q"}, Parent: []int32{0, 0, 1}, Measures: []string{"pop"}, Lengths: true}
	var err error
	want.Blocks, err = blockgraph.Build(3, []blockgraph.Link{{A: 0, B: 1, Length: 12.5}, {A: 1, B: 2, Length: 7}}, [][]float64{{3, 4.5, 0}})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"plain": nodes, "with a byte order mark": "\uFEFF" + nodes, "with CRLF": strings.ReplaceAll(nodes, "\n", "\r\n"), "gzipped": zipped(t, nodes),
	} {
		got, err := Read(source("nodes.csv", text), source("edges.csv", edges), []string{"pop"})
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func zipped(t *testing.T, text string) string {
	t.Helper()
	var out bytes.Buffer
	z := gzip.NewWriter(&out)
	if _, err := io.WriteString(z, text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// What is wrong is named with its file, line and column.
func TestReadRefuses(t *testing.T) {
	for name, c := range map[string]struct {
		nodes, edges, measure string
		want                  string
	}{
		"an empty file":           {"", edges, "pop", "nodes.csv: the file is empty"},
		"a header alone":          {"id,pop\n", edges, "pop", "nodes.csv: there is a header and no row"},
		"no id":                   {"block,pop\n1,2\n", edges, "pop", `nodes.csv, line 1: there is no column "id"; there are: block, pop`},
		"no such measure":         {nodes, edges, "people", `nodes.csv, line 1: there is no measure "people"; columns that may be balanced: pop`},
		"a place as measure":      {nodes, edges, "lon", `nodes.csv, line 1: there is no measure "lon"`},
		"a column twice":          {"id,pop,pop\n1,2,3\n", edges, "pop", `nodes.csv, line 1: the column "pop" stands there twice`},
		"an id twice":             {"id,pop\n1,2\n1,3\n", edges, "pop", `nodes.csv, line 3, column id: the id "1" is on line 2 already`},
		"a blank count":           {"id,pop\n1,\n", edges, "pop", "nodes.csv, line 2, column pop: is blank"},
		"a word for a count":      {"id,pop\n1,many\n", edges, "pop", `nodes.csv, line 2, column pop: "many" is no number`},
		"no number":               {"id,pop\n1,NaN\n", edges, "pop", `nodes.csv, line 2, column pop: "NaN" is no number`},
		"without end":             {"id,pop\n1,Inf\n", edges, "pop", `nodes.csv, line 2, column pop: "Inf" is no number`},
		"a count below zero":      {"id,pop\n1,-1\n", edges, "pop", `nodes.csv, line 2, column pop: "-1" is less than zero`},
		"a count beyond reason":   {"id,pop\n1,1e300\n", edges, "pop", `nodes.csv, line 2, column pop: "1e300" is too large`},
		"fields missing":          {"id,pop\n1,2\n3\n", edges, "pop", "nodes.csv, line 3: the line has 1 fields and the header 2"},
		"a quote alone":           {"id,pop\n1,\"2\n", edges, "pop", "nodes.csv, line 2: a quote stands alone"},
		"an endless first line":   {strings.Repeat("\x00", 2<<20), edges, "pop", "nodes.csv, line 1: a line is longer"},
		"an endless second line":  {"id,pop\n" + strings.Repeat("x", 2<<20), edges, "pop", "nodes.csv, line 2: a line is longer"},
		"an endless late line":    {"id,pop\n\"1\n1\",1\n2,2\n" + strings.Repeat("x", 2<<20), edges, "pop", "nodes.csv, line 5: a line is longer"},
		"a NUL in an id":          {"id,pop\na\x00b,1\n", edges, "pop", "nodes.csv, line 2, column id: holds a NUL character"},
		"an endless line":         {"id,pop\n1,\"" + strings.Repeat("x", 2<<20), edges, "pop", "a line is longer than 1,048,576 bytes"},
		"another encoding":        {"id,parent,pop\n\xbc\xd7,P,1\n", edges, "pop", "nodes.csv, line 2, column id: this is not UTF-8"},
		"a border to nowhere":     {nodes, "a,b\n甲,丁\n", "pop", `edges.csv, line 2, column b: the nodes have no "丁"`},
		"a block beside itself":   {nodes, "a,b\n甲,甲\n", "pop", `edges.csv, line 2, column b: the block "甲" is joined to itself`},
		"a border twice":          {nodes, "a,b\n甲,乙\n乙,丙\n乙,甲\n", "pop", `edges.csv, line 4, column b: the border of "乙" and "甲" is on line 2 already`},
		"a barrier twice":         {nodes, "a,b,shared_perimeter,barrier\n甲,乙,3,river\n甲,乙,2,\n甲,乙,4,river\n", "pop", `edges.csv, line 4, column b: the border of "甲" and "乙" is on line 2 already`},
		"a length below zero":     {nodes, "a,b,shared_perimeter\n甲,乙,-3\n", "pop", `edges.csv, line 2, column shared_perimeter: "-3" is less than zero`},
		"a length here and there": {nodes, "a,b,shared_perimeter\n甲,乙,\n乙,丙,4\n", "pop", "edges.csv, line 2, column shared_perimeter: is blank"},
		"no barrier":              {nodes, "a,b,shared_perimeter,barrier\n甲,乙,3,\n乙,丙,4,hedge\n", "pop", `edges.csv, line 3, column barrier: "hedge" is no barrier; there are: none, wall, lane, street, trunk, railway, river`},
		"a gzip that breaks off":  {zipped(t, nodes)[:30], edges, "pop", "nodes.csv: cannot be read on"},
	} {
		_, err := Read(source("nodes.csv", c.nodes), source("edges.csv", c.edges), []string{c.measure})
		fault, ok := errors.AsType[*Fault](err)
		if !ok || !strings.Contains(fault.In(words.En), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

func TestBordersWithoutLengths(t *testing.T) {
	for name, text := range map[string]string{"no column": "a,b\n甲,乙\n", "all blank": "a,b,shared_perimeter\n甲,乙,\n"} {
		g, err := Read(source("nodes.csv", nodes), source("edges.csv", text), []string{"pop"})
		if err != nil || g.Lengths {
			t.Errorf("%s: %v, lengths %v", name, err, g != nil && g.Lengths)
		}
	}
}

// A border costs its metres weighed by what runs along; of two ways to meet each by its own.
func TestBarriers(t *testing.T) {
	g, err := Read(source("nodes.csv", nodes), source("edges.csv", "a,b,shared_perimeter,barrier\n甲,乙,10,river\n乙,甲,10,\n乙,丙,7,none\n"), []string{"pop"})
	if err != nil {
		t.Fatal(err)
	}
	want := []blockgraph.Edge{{To: 0, Length: 20, Cost: 15}, {To: 2, Length: 7, Cost: 14}}
	if diff := cmp.Diff(want, g.Blocks.Neighbours(1)); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestWriteAssignment(t *testing.T) {
	g, err := Read(source("nodes.csv", nodes), source("edges.csv", edges), []string{"pop"})
	if err != nil {
		t.Fatal(err)
	}
	var out strings.Builder
	if err := g.WriteAssignment(&out, []int32{1, 0, 2}, []int{2, 1}); err != nil {
		t.Fatal(err)
	}
	if want := "id,parent,grid\n甲,P,P-02\n乙,P,P-01\n丙,Q,Q-01\n"; out.String() != want {
		t.Errorf("%s, want %s", out.String(), want)
	}
}

// A division is read back as it was written; a block it does not name is in no grid.
func TestReadDivision(t *testing.T) {
	g, err := Read(source("nodes.csv", nodes), source("edges.csv", edges), []string{"pop"})
	if err != nil {
		t.Fatal(err)
	}
	at, err := g.ReadDivision(source("start.csv", "id,parent,grid\n丙,Q,Q-01\n甲,P,P-02\n"))
	if want := []int32{1, -1, 0}; err != nil || !slices.Equal(at, want) {
		t.Errorf("%v (%v), want %v", at, err, want)
	}
	for name, c := range map[string]struct{ text, want string }{
		"an empty file":      {"", "start.csv: the file is empty"},
		"a header alone":     {"id,grid\n", "start.csv: there is a header and no row"},
		"no grid":            {"id,parent\n甲,P\n", `start.csv, line 1: there is no column "grid"; there are: id, parent`},
		"a block twice":      {"id,grid\n甲,1\n甲,2\n", `start.csv, line 3, column id: the id "甲" is on line 2 already`},
		"a block of nowhere": {"id,grid\n甲,1\n丁,2\n", `start.csv, line 3, column id: the nodes have no "丁"`},
		"a blank grid":       {"id,grid\n甲,\n", "start.csv, line 2, column grid: is blank"},
	} {
		if _, err := g.ReadDivision(source("start.csv", c.text)); err == nil || !strings.Contains(err.(*Fault).In(words.En), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Whatever the bytes: a graph or a fault, and never a graph with holes.
func FuzzRead(f *testing.F) {
	f.Add(nodes, edges)
	f.Add("id,pop\n1,2\n", "a,b\n")
	f.Add("id,pop\n1,\"2", "a,b,shared_perimeter\n1,1,x")
	f.Fuzz(func(t *testing.T, n, e string) {
		g, err := Read(source("nodes.csv", n), source("edges.csv", e), []string{"pop"})
		if err != nil {
			if _, ok := errors.AsType[*Fault](err); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		if g.Blocks.N() != len(g.IDs) || g.Parent != nil && len(g.Parent) != len(g.IDs) {
			t.Fatalf("%d ids, %d parents, %d blocks", len(g.IDs), len(g.Parent), g.Blocks.N())
		}
	})
}
