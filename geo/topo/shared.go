package topo

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
)

// SharedSide is a side that two pieces of a coverage have in common.
type SharedSide struct {
	arrange.Line       // from its smaller end
	A, B         int32 // pieces; A < B
}

// SharedSides returns the sides that two pieces have, vertex for vertex, in the order of their lines. What borders on nothing is
// left out. The pieces must be a coverage: no side is that of three. The cost is O(n log n).
func SharedSides(pieces []shape.MultiPolygon) (shared []SharedSide) {
	type half struct {
		arrange.Line
		piece int32
	}
	var halves []half
	for i := range pieces {
		for _, l := range linesOf(pieces[i : i+1]) {
			halves = append(halves, half{l.Upward(), int32(i)})
		}
	}
	slices.SortFunc(halves, func(a, b half) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.piece, b.piece))
	})
	for i := 1; i < len(halves); i++ {
		if a, b := halves[i-1], halves[i]; a.Line == b.Line && a.piece != b.piece {
			shared = append(shared, SharedSide{a.Line, a.piece, b.piece})
		}
	}
	return shared
}
