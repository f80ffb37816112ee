package graphfile

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
)

// WriteAssignment writes which grid each block is in, as CSV with the columns id, parent, grid, in the order of
// nodes.csv. at holds the grid of each block; grids counts those of each parent, the first parent's first. A grid is
// called after its parent and its number there (from 01 up), or by its number alone where there are no parents.
func (g *Graph) WriteAssignment(w io.Writer, at []int32, grids []int) error {
	names := g.GridNames(grids)
	out := csv.NewWriter(w)
	if err := out.Write([]string{"id", "parent", "grid"}); err != nil {
		return err
	}
	for b, id := range g.IDs {
		row := []string{id, "", names[at[b]]}
		if g.Parent != nil {
			row[1] = g.Parents[g.Parent[b]]
		}
		if err := out.Write(row); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

// GridNames returns the names of all grids, the first parent's first, as WriteAssignment writes them.
func (g *Graph) GridNames(grids []int) []string {
	var names []string
	for p, count := range grids {
		for i := range count {
			if g.Parent == nil {
				names = append(names, strconv.Itoa(i+1))
			} else {
				names = append(names, fmt.Sprintf("%s-%02d", g.Parents[p], i+1))
			}
		}
	}
	return names
}
