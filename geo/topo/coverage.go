package topo

import (
	"context"
	"slices"

	"gridwright/geo/arrange"
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

// Finding is a place where pieces do not fit together.
type Finding struct {
	Kind   Kind
	At     crs.Point // in the patch, see LabelPoint; of a vanished piece its first corner
	Area   crs.SquareMetres
	Width  crs.Metres // twice the area over the perimeter: of a strip, how wide it is
	Pieces []int32    // those that claim the overlap, that lie round the gap in the end, or the one that vanished; rising
	To     int32      // the piece that got the patch, -1 if none did
	Mended bool       // the patch was narrow enough to be given away without asking
}

// Coverage is pieces that fit together: none overlap, and there is no gap but those too wide to mend.
type Coverage struct {
	Shapes   []shape.MultiPolygon // one a piece, as Union returns them; neighbours are the same vertex for vertex
	Findings []Finding            // gaps and overlaps from west to east, then vanished pieces, rising
}

// Cover fits pieces together that nearly do already.
//
//  1. The lines of all pieces are cut where they meet (arrange.Snap), which puts the corners of each on its neighbours.
//  2. A face in one piece belongs to it. A face in several is an overlap, a face in none a gap, unless it is outside of
//     everything; both are patches.
//  3. An overlap goes to that of its claimants it shares the longest border with, a gap narrower than width to that of its
//     neighbours, ties to the lower piece. Where patches lie on patches this goes on from round to round, as those of
//     one round are ground of their pieces in the next. An overlap that no claimant reaches goes to the lowest.
//  4. Shapes are read off the faces. So no ground is lost or won: every face of a piece is in one shape.
//
// A finding tells of each patch; it is mended when the patch is narrower than width. A gap as wide as that stays open: it
// may be a lake. Clefts that are open to the outside are no gaps.
//
// Where the pieces fit already, the shapes are the pieces, with the corners of neighbours added to their sides; so a
// coverage covered again stays as it is. The pieces should have passed Vet. progress may be nil.
//
// The error is ctx's, an *arrange.TooTangled or an *arrange.NoPlace. The cost is O(n log n) for n corners and crossings.
func Cover(ctx context.Context, pieces []shape.MultiPolygon, width crs.Metres, progress func(done, total int)) (*Coverage, error) {
	const steps = 4
	if progress == nil {
		progress = func(int, int) {}
	}
	var segments []arrange.Segment
	for i := range pieces {
		for _, l := range linesOf(pieces[i : i+1]) {
			segments = append(segments, arrange.Segment{Line: l, Label: int32(i)})
		}
	}
	limit := arrange.DefaultLimit(len(segments))
	progress(0, steps)
	net, err := arrange.Snap(ctx, segments, limit)
	if err != nil {
		return nil, err
	}
	progress(1, steps)
	faces, err := arrange.Weave(net, limit)
	if err != nil {
		return nil, err
	}
	progress(2, steps)
	g := survey(faces, width)
	if err := g.give(ctx); err != nil {
		return nil, err
	}
	progress(3, steps)
	c := &Coverage{}
	if c.Shapes, err = g.shapes(ctx, len(pieces)); err != nil {
		return nil, err
	}
	c.Findings = slices.Concat(g.findings(), vanished(pieces, c.Shapes))
	progress(steps, steps)
	return c, ctx.Err()
}

func vanished(pieces, shapes []shape.MultiPolygon) (found []Finding) {
	for i, s := range shapes {
		if len(s) > 0 {
			continue
		}
		f := Finding{Kind: Vanished, Pieces: []int32{int32(i)}, To: nobody}
		if lines := linesOf(pieces[i : i+1]); len(lines) > 0 {
			f.At = lines[0].To
		}
		found = append(found, f)
	}
	return found
}
