// Package graphfile reads and writes the files of `gridwright partition`: blocks and borders in, assignment out.
//
// nodes.csv has the column id, an optional parent, and any number of columns of counts; edges.csv has a and b, and an
// optional shared_perimeter in metres, known for all borders or blank for all, and an optional barrier: what runs along a
// border (none wall lane street trunk railway river), blank where that is not known. Files are UTF-8 with or without a
// byte order mark, plain or gzipped. Two blocks that meet along several barriers may have a line for each: it is one border
// with all the lengths. Any other border that is named twice, either way round, is a Fault. Nothing is guessed: a cell that
// should hold a count and does not is a Fault with its file, line and column.
package graphfile

import (
	"cmp"
	"errors"
	"math"
	"slices"
	"strings"

	"gridwright/geo/blockgraph"
	"gridwright/plan/words"
)

// Graph is what the two files hold. Blocks are in the order of nodes.csv.
type Graph struct {
	IDs      []string // one a block, all different
	Parents  []string // each parent once, in the order of their first block; nil without a column parent
	Parent   []int32  // the position in Parents of each block; nil without a column parent
	Measures []string // those that were asked for
	Blocks   *blockgraph.Graph
	Lengths  bool // edges.csv has lengths; else all of them are 0
}

// places are columns of nodes.csv that are no counts.
var places = []string{"id", "parent", "lon", "lat", "barrier", ""}

// Read reads both files with the measures asked for. Errors are *Fault.
func Read(nodes, edges Source, measures []string) (*Graph, error) {
	g := &Graph{Measures: measures}
	loads, lines, err := g.readNodes(nodes, measures)
	if err != nil {
		return nil, err
	}
	links, err := g.readEdges(edges, lines)
	if err != nil {
		return nil, err
	}
	if g.Blocks, err = blockgraph.Build(len(g.IDs), links, loads); err != nil {
		return nil, &Fault{Key: "unreadable", File: edges.Name, Args: words.Args{"cause": err.Error()}, Cause: err}
	}
	return g, nil
}

// readNodes returns the loads by measure and the number of each id.
func (g *Graph) readNodes(s Source, measures []string) (loads [][]float64, number map[string]int32, err error) {
	t, err := open(s)
	if err != nil {
		return nil, nil, err
	}
	id, err := t.need("id")
	if err != nil {
		return nil, nil, err
	}
	counts, err := t.counts(measures)
	if err != nil {
		return nil, nil, err
	}
	parent := t.column("parent")
	loads = make([][]float64, len(measures))
	number = map[string]int32{}
	var lines []int
	parents := map[string]int32{}
	for {
		more, err := t.next()
		if err != nil {
			return nil, nil, err
		}
		if !more {
			break
		}
		if len(g.IDs) == math.MaxInt32 {
			return nil, nil, &Fault{Key: "too_many_blocks", File: t.name, Line: t.line, Args: words.Args{"most": math.MaxInt32}}
		}
		name, err := t.nameAt(id)
		if err != nil {
			return nil, nil, err
		}
		if first, twice := number[name]; twice {
			return nil, nil, t.at(id, "id_twice", words.Args{"first": lines[first]})
		}
		name = strings.Clone(name)
		number[name] = int32(len(g.IDs))
		lines = append(lines, t.line)
		g.IDs = append(g.IDs, name)
		if parent >= 0 {
			if err := g.readParent(t, parent, parents); err != nil {
				return nil, nil, err
			}
		}
		for m, column := range counts {
			v, err := t.amountAt(column)
			if err != nil {
				return nil, nil, err
			}
			loads[m] = append(loads[m], v)
		}
	}
	if len(g.IDs) == 0 {
		return nil, nil, &Fault{Key: "no_rows", File: s.Name}
	}
	return loads, number, nil
}

func (g *Graph) readParent(t *table, column int, known map[string]int32) error {
	name, err := t.nameAt(column)
	if err != nil {
		return err
	}
	p, ok := known[name]
	if !ok {
		name = strings.Clone(name)
		p = int32(len(g.Parents))
		known[name] = p
		g.Parents = append(g.Parents, name)
	}
	g.Parent = append(g.Parent, p)
	return nil
}

// ReadDivision reads which grid each block is in, as WriteAssignment writes it, from the columns id and grid: grids are numbered in
// the order of the file, and a block that the file does not name is in none, -1. Errors are *Fault.
func (g *Graph) ReadDivision(s Source) ([]int32, error) {
	t, err := open(s)
	if err != nil {
		return nil, err
	}
	id, err := t.need("id")
	if err != nil {
		return nil, err
	}
	grid, err := t.need("grid")
	if err != nil {
		return nil, err
	}
	number := make(map[string]int, len(g.IDs))
	for b, name := range g.IDs {
		number[name] = b
	}
	at := slices.Repeat([]int32{-1}, len(g.IDs))
	lines := make([]int, len(g.IDs))
	grids := map[string]int32{}
	for {
		more, err := t.next()
		if err != nil {
			return nil, err
		}
		if !more {
			break
		}
		name, err := t.nameAt(id)
		if err != nil {
			return nil, err
		}
		b, known := number[name]
		switch {
		case !known:
			return nil, t.at(id, "unknown_node", nil)
		case lines[b] > 0:
			return nil, t.at(id, "id_twice", words.Args{"first": lines[b]})
		}
		lines[b] = t.line
		if name, err = t.nameAt(grid); err != nil {
			return nil, err
		}
		no, known := grids[name]
		if !known {
			no = int32(len(grids))
			grids[strings.Clone(name)] = no
		}
		at[b] = no
	}
	if len(grids) == 0 {
		return nil, &Fault{Key: "no_rows", File: s.Name}
	}
	return at, nil
}

// counts returns the columns of the measures.
func (t *table) counts(measures []string) ([]int, error) {
	columns := make([]int, len(measures))
	for i, m := range measures {
		columns[i] = t.column(m)
		if columns[i] >= 0 && !slices.Contains(places, m) {
			continue
		}
		have := slices.DeleteFunc(t.columnNames(), func(c string) bool { return slices.Contains(places, c) })
		return nil, &Fault{Key: "no_measure", File: t.name, Line: 1, Args: words.Args{"wanted": shorten(m), "have": have}}
	}
	return columns, nil
}

// readEdges returns the borders.
func (g *Graph) readEdges(s Source, number map[string]int32) ([]blockgraph.Link, error) {
	t, err := open(s)
	if err != nil {
		return nil, err
	}
	var ends [2]int
	for i, name := range [2]string{"a", "b"} {
		if ends[i], err = t.need(name); err != nil {
			return nil, err
		}
	}
	length, barrier := t.column("shared_perimeter"), t.column("barrier")
	type border struct {
		a, b    int32
		barrier string
	}
	lines := map[border]int{}
	var links []blockgraph.Link
	var unknown *Fault // the first blank length
	for {
		more, err := t.next()
		if err != nil || !more {
			return links, err
		}
		var link blockgraph.Link
		for i, block := range [2]*int32{&link.A, &link.B} {
			name, err := t.nameAt(ends[i])
			if err != nil {
				return nil, err
			}
			b, known := number[name]
			if !known {
				return nil, t.at(ends[i], "unknown_node", nil)
			}
			*block = b
		}
		if link.A == link.B {
			return nil, t.at(ends[1], "self_loop", nil)
		}
		if length >= 0 {
			link.Length, err = t.amountAt(length)
			switch fault, _ := errors.AsType[*Fault](err); {
			case fault != nil && fault.Key == "blank" && !g.Lengths:
				unknown = cmp.Or(unknown, fault)
			case err != nil:
				return nil, err
			case unknown != nil:
				return nil, unknown
			default:
				g.Lengths = true
			}
		}
		if barrier >= 0 {
			cost, err := t.metreCostAt(barrier)
			if err != nil {
				return nil, err
			}
			link.Cost = float64(link.Length * cost)
		}
		this := border{a: min(link.A, link.B), b: max(link.A, link.B)}
		if barrier >= 0 {
			this.barrier = strings.Clone(strings.TrimSpace(t.row[barrier]))
		}
		if first := lines[this]; first > 0 {
			return nil, t.at(ends[1], "edge_twice", words.Args{"a": shorten(t.row[ends[0]]), "first": first})
		}
		lines[this] = t.line
		links = append(links, link)
	}
}
