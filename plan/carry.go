package plan

import (
	"cmp"
	"slices"
)

// Followers returns for each grid of a plan the grid of another that has the largest share of it: what hangs on the one, its staff, its branch,
// goes to the other. Shares are of households; of grids without any, of area. Equal shares go to the lower number. A grid of whose blocks the
// other plan has none in a grid is not in it. The plans may be of different grounds: blocks are the same by key, else by code.
func Followers(from, to *Snapshot) map[GridNo]GridNo {
	followers := map[GridNo]GridNo{}
	households := from.Ground.MeasureIndex(Households)
	for _, g := range from.Grids {
		counts, areas := map[GridNo]float64{}, map[GridNo]float64{}
		for _, b := range from.Blocks(g.No) {
			block := &from.Ground.Blocks[b]
			other, same := to.Ground.ByID(block.ID)
			if !same {
				if other, same = to.Ground.ByCode(block.Code); !same {
					continue
				}
			}
			no := to.At[other]
			if no == 0 {
				continue
			}
			areas[no] += float64(block.Area)
			if households >= 0 {
				counts[no] += float64(block.Counts[households])
			}
		}
		if best := largest(counts, areas); best != 0 {
			followers[g.No] = best
		}
	}
	return followers
}

// FollowerOf returns where a grid that is gone went: the grid that has most of the households, else of the area, of the blocks it lost last by
// a log of edits, oldest first. It is 0 where the log knows of none.
func (s *Snapshot) FollowerOf(log []Edit, no GridNo) GridNo {
	var blocks []BlockID
	for _, e := range slices.Backward(log) {
		for i, before := range e.Before {
			if before == no && e.After[i] != no {
				blocks = append(blocks, e.Blocks[i])
			}
		}
		if blocks != nil {
			break
		}
	}
	households := s.Ground.MeasureIndex(Households)
	counts, areas := map[GridNo]float64{}, map[GridNo]float64{}
	for _, id := range blocks {
		b, ok := s.Ground.ByID(id)
		if !ok || s.At[b] == 0 {
			continue
		}
		areas[s.At[b]] += float64(s.Ground.Blocks[b].Area)
		if households >= 0 {
			counts[s.At[b]] += float64(s.Ground.Blocks[b].Counts[households])
		}
	}
	return largest(counts, areas)
}

// largest returns the grid with the largest count, of equal ones that with the largest area, of these the one with the lowest number; 0 for none.
func largest(counts, areas map[GridNo]float64) (best GridNo) {
	for no := range areas {
		if best == 0 || cmp.Or(cmp.Compare(counts[no], counts[best]), cmp.Compare(areas[no], areas[best]), cmp.Compare(best, no)) > 0 {
			best = no
		}
	}
	return best
}
