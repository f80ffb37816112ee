package partition

import "fmt"

// Check returns the first thing that makes at no split of the problem: a block without a grid or in a grid of another
// parent, an empty grid, a grid in several pieces. It goes by the graph alone and shares nothing with the search.
func Check(p Problem, at []int32) error {
	if len(at) != p.Graph.N() {
		return fmt.Errorf("%d blocks are assigned, the graph has %d", len(at), p.Graph.N())
	}
	var owner []int // the parent of each grid
	for parent, grids := range p.Grids {
		for range grids {
			owner = append(owner, parent)
		}
	}
	filled := make([]bool, len(owner))
	for b, g := range at {
		parent := 0
		if p.Parent != nil {
			parent = int(p.Parent[b])
		}
		switch {
		case g < 0 || int(g) >= len(owner):
			return fmt.Errorf("block %d is in grid %d of %d", b, g, len(owner))
		case owner[g] != parent:
			return fmt.Errorf("block %d of parent %d is in grid %d of parent %d", b, parent, g, owner[g])
		}
		filled[g] = true
	}
	for g, is := range filled {
		if !is {
			return fmt.Errorf("grid %d is empty", g)
		}
	}
	_, pieces := p.Graph.Pieces(at)
	if pieces != len(owner) {
		return fmt.Errorf("%d grids lie in %d pieces", len(owner), pieces)
	}
	return nil
}
