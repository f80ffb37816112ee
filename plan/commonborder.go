package plan

import "gridwright/geo/crs"

// CommonBorder returns a place on the border of two grids: on its longest piece whose place is known, else on a block beside it. ok is false
// where the grids do not touch.
func (s *Snapshot) CommonBorder(a, b GridNo) (at crs.Point, ok bool) {
	var longest crs.Metres
	for _, i := range s.Blocks(a) {
		for _, e := range s.Ground.Graph.Neighbours(i) {
			if s.At[e.To] == b && !ok {
				at, ok = s.Ground.Blocks[i].Label, true
			}
		}
		for _, n := range s.Ground.bordersOf[i] {
			border := &s.Ground.Borders[n]
			other := border.A
			if other == s.Ground.Blocks[i].ID {
				other = border.B
			}
			if s.gridOf(other) == b && border.At != nil && border.Length > longest {
				at, ok, longest = *border.At, true, border.Length
			}
		}
	}
	return at, ok
}
