package blockgraph

import (
	"fmt"
	"math"
	"slices"
)

// Link is one border between two blocks, named once. Order of A and B does not matter.
type Link struct {
	A, B   int32
	Length float64 // metres; 0 where it is not known
	Cost   float64 // metres weighed by what runs along (MetreCost); 0 where nothing is known of that: Length then
}

// Build returns the graph of n blocks. A link given twice is one edge with both lengths and costs, since two blocks may meet on
// two banks of a pond. An end out of range, a block linked to itself, a length, cost or load that is negative or not a
// number, and a measure without n loads are errors. The loads are kept, not copied.
func Build(n int, links []Link, loads [][]float64) (*Graph, error) {
	if n < 0 || n > math.MaxInt32 {
		return nil, fmt.Errorf("%d blocks: a graph has 0 to %d", n, math.MaxInt32)
	}
	for m, load := range loads {
		if err := checkLoads(m, load, n); err != nil {
			return nil, err
		}
	}
	degree := make([]int32, n+1)
	for i, l := range links {
		if err := l.check(n); err != nil {
			return nil, fmt.Errorf("link %d: %w", i, err)
		}
		degree[l.A]++
		degree[l.B]++
	}
	g := &Graph{Start: make([]int32, n+1), Edges: make([]Edge, 2*len(links)), Loads: loads}
	next := make([]int32, n)
	for b := range n {
		next[b] = g.Start[b]
		g.Start[b+1] = g.Start[b] + degree[b]
	}
	for _, l := range links {
		cost := l.Cost
		if cost == 0 {
			cost = l.Length
		}
		g.Edges[next[l.A]] = Edge{l.B, l.Length, cost}
		g.Edges[next[l.B]] = Edge{l.A, l.Length, cost}
		next[l.A]++
		next[l.B]++
	}
	g.merge()
	return g, nil
}

func checkLoads(measure int, load []float64, n int) error {
	if len(load) != n {
		return fmt.Errorf("measure %d has %d loads for %d blocks", measure, len(load), n)
	}
	for b, v := range load {
		if !(v >= 0) || math.IsInf(v, 0) {
			return fmt.Errorf("measure %d: block %d: %v is no load", measure, b, v)
		}
	}
	return nil
}

func (l Link) check(n int) error {
	switch {
	case l.A < 0 || int(l.A) >= n || l.B < 0 || int(l.B) >= n:
		return fmt.Errorf("blocks %d and %d: out of range 0..%d", l.A, l.B, n-1)
	case l.A == l.B:
		return fmt.Errorf("block %d is linked to itself", l.A)
	case !(l.Length >= 0) || math.IsInf(l.Length, 0):
		return fmt.Errorf("blocks %d and %d: %v is no length", l.A, l.B, l.Length)
	case !(l.Cost >= 0) || math.IsInf(l.Cost, 0):
		return fmt.Errorf("blocks %d and %d: %v is no cost", l.A, l.B, l.Cost)
	}
	return nil
}

// merge sorts each block's edges and makes one of those that lead to the same block. The sort is stable and links are
// laid down in their order, so both sides of a border add the same lengths in the same order and agree to the bit.
func (g *Graph) merge() {
	kept := int32(0)
	for b := range g.N() {
		row := g.Edges[g.Start[b]:g.Start[b+1]]
		slices.SortStableFunc(row, func(x, y Edge) int { return int(x.To) - int(y.To) })
		first := kept
		for _, e := range row {
			if kept > first && g.Edges[kept-1].To == e.To {
				g.Edges[kept-1].Length += e.Length
				g.Edges[kept-1].Cost += e.Cost
				continue
			}
			g.Edges[kept] = e
			kept++
		}
		g.Start[b] = first
	}
	g.Start[g.N()] = kept
	g.Edges = slices.Clip(g.Edges[:kept])
}

// N returns the number of blocks.
func (g *Graph) N() int { return max(0, len(g.Start)-1) }

// Neighbours returns the edges of a block in rising order of the other block. The slice belongs to the graph.
func (g *Graph) Neighbours(b int32) []Edge { return g.Edges[g.Start[b]:g.Start[b+1]] }

// Pieces numbers the connected pieces of the blocks that share a label: two neighbours are in one piece when their
// labels are equal. It returns each block's piece and how many there are. Pieces are numbered by their lowest block.
// Blocks with a negative label are in no piece (-1). A nil label means that all blocks have the same.
func (g *Graph) Pieces(label []int32) (piece []int32, count int) {
	piece = make([]int32, g.N())
	for b := range piece {
		piece[b] = -1
	}
	var todo []int32
	for b := range piece {
		if piece[b] >= 0 || label != nil && label[b] < 0 {
			continue
		}
		piece[b] = int32(count)
		todo = append(todo[:0], int32(b))
		for len(todo) > 0 {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, e := range g.Neighbours(at) {
				if piece[e.To] < 0 && (label == nil || label[e.To] == label[at]) {
					piece[e.To] = int32(count)
					todo = append(todo, e.To)
				}
			}
		}
		count++
	}
	return piece, count
}
