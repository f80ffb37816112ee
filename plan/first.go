package plan

import (
	"slices"
	"strings"
)

// FirstGrid is a grid of the first plan that a split finds, to be looked at while better ones are sought. It is no grid of a plan: the
// proposal may have another of the same code.
type FirstGrid struct {
	Code   string    `json:"code"`
	Parent string    `json:"parent"` // code
	Colour uint8     `json:"colour"` // 0..Colours-1; adjacent grids differ, also from those that are kept around
	Blocks []BlockID `json:"blocks"` // rising
}

// firstGrids returns the grids of a proposal that lie in scope, by number.
func (in *inScope) firstGrids(p *Proposal, r Recipe) []FirstGrid {
	NewSnapshot(in.ground, r, 1, p.Grids, p.At).Colour()
	all := make([]FirstGrid, 0, len(p.Grids))
	index := map[GridNo]int{}
	for _, b := range in.blocks {
		no := p.At[b]
		i, known := index[no]
		if !known {
			grid := &p.Grids[no-1]
			i = len(all)
			index[no] = i
			all = append(all, FirstGrid{Code: grid.Code, Parent: in.ground.Parents[grid.Parent].Code, Colour: grid.Colour})
		}
		all[i].Blocks = append(all[i].Blocks, in.ground.Blocks[b].ID)
	}
	slices.SortFunc(all, func(a, b FirstGrid) int { return strings.Compare(a.Code, b.Code) })
	return all
}
