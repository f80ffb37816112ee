package topo

import (
	"context"
	"maps"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// nobody owns the ground outside, the gaps, and for a while the patches that are to be given away.
const nobody = int32(-1)

// ground is an arrangement of pieces and who owns its faces.
type ground struct {
	*arrange.Arrangement
	width   crs.Metres
	owner   []int32      // by face
	lengths []crs.Metres // by edge
	patches []patch      // by face, rising
	patchOf []int32      // by face, -1 where it is none
}

// patch is a face that no piece claims, or several.
type patch struct {
	face  int32
	area  crs.SquareMetres
	width crs.Metres
}

// survey measures the edges and patches and gives every face to the piece that alone claims it.
func survey(faces *arrange.Arrangement, width crs.Metres) *ground {
	g := &ground{
		Arrangement: faces,
		width:       width,
		owner:       make([]int32, len(faces.Faces)),
		patchOf:     make([]int32, len(faces.Faces)),
		lengths:     make([]crs.Metres, len(faces.Edges)),
	}
	for e := range g.lengths {
		l := g.Line(e)
		g.lengths[e] = crs.Distance(l.From, l.To)
	}
	for f := range g.owner {
		g.owner[f], g.patchOf[f] = nobody, -1
		claims := g.Faces[f].Turns
		switch {
		case len(claims) == 1:
			g.owner[f] = claims[0].Label
		case f > 0:
			g.patchOf[f] = int32(len(g.patches))
			g.patches = append(g.patches, g.measure(int32(f)))
		}
	}
	return g
}

func (g *ground) measure(face int32) patch {
	p := patch{face: face}
	var perimeter crs.Metres
	var ring []crs.Point
	for _, c := range g.Faces[face].Cycles {
		ring = ring[:0]
		for h := range g.Cycle(c) {
			ring = append(ring, g.Nodes[g.Origin(h)])
			perimeter += g.lengths[h/2]
		}
		p.area += crs.RingArea(ring)
	}
	p.width = crs.Metres(2 * float64(p.area) / float64(perimeter))
	return p
}

// open reports whether the patch waits for an owner.
func (g *ground) open(p patch) bool {
	return g.owner[p.face] == nobody && (g.contested(p) || p.width < g.width)
}

// contested reports whether the patch is an overlap and not a gap.
func (g *ground) contested(p patch) bool { return len(g.Faces[p.face].Turns) > 0 }

// give finds an owner for every open patch.
func (g *ground) give(ctx context.Context) error {
	due := make([]int32, len(g.patches))
	for i := range due {
		due[i] = int32(i)
	}
	for first := 0; ; {
		if err := ctx.Err(); err != nil {
			return err
		}
		if due = g.round(due); len(due) > 0 {
			continue
		}
		// No patch left borders on ground of a piece that may have it.
		for first < len(g.patches) && !(g.open(g.patches[first]) && g.contested(g.patches[first])) {
			first++
		}
		if first == len(g.patches) {
			return nil
		}
		face := g.patches[first].face
		g.owner[face] = g.Faces[face].Turns[0].Label
		due = g.waiting(face, nil)
	}
}

// round gives away those of the due patches that border on an heir, and returns the open patches round them, rising. All
// heirs are named before any patch changes hands, so their order does not matter.
func (g *ground) round(due []int32) (next []int32) {
	heirs := make([]int32, len(due))
	for i, n := range due {
		heirs[i] = g.heir(g.patches[n])
	}
	for i, n := range due {
		g.owner[g.patches[n].face] = heirs[i]
	}
	for i, n := range due {
		if heirs[i] != nobody {
			next = g.waiting(g.patches[n].face, next)
		}
	}
	slices.Sort(next)
	return slices.Compact(next)
}

// waiting appends the open patches that border on a face.
func (g *ground) waiting(face int32, patches []int32) []int32 {
	for h := range g.Border(face) {
		if n := g.patchOf[g.Face[arrange.Twin(h)]]; n >= 0 && g.open(g.patches[n]) {
			patches = append(patches, n)
		}
	}
	return patches
}

// heir returns the piece with the longest border on an open patch among those that may have it, nobody where there is
// none.
func (g *ground) heir(p patch) int32 {
	if !g.open(p) {
		return g.owner[p.face]
	}
	lengths := map[int32]crs.Metres{}
	for h := range g.Border(p.face) {
		if piece := g.owner[g.Face[arrange.Twin(h)]]; piece != nobody && g.mayHave(p, piece) {
			lengths[piece] += g.lengths[h/2]
		}
	}
	best, most := nobody, crs.Metres(0)
	for _, piece := range slices.Sorted(maps.Keys(lengths)) {
		if lengths[piece] > most {
			best, most = piece, lengths[piece]
		}
	}
	return best
}

func (g *ground) mayHave(p patch, piece int32) bool {
	return !g.contested(p) || slices.ContainsFunc(g.Faces[p.face].Turns, func(t arrange.Turn) bool { return t.Label == piece })
}

// sides returns who owns the ground left and right of an edge.
func (g *ground) sides(edge int) (left, right int32) {
	h := arrange.Half(int32(edge))
	return g.owner[g.Face[h]], g.owner[g.Face[arrange.Twin(h)]]
}

// shapes returns the ground of each of n pieces.
func (g *ground) shapes(ctx context.Context, n int) ([]shape.MultiPolygon, error) {
	lines := make([][]arrange.Line, n)
	for e := range g.Edges {
		left, right := g.sides(e)
		if left == right {
			continue
		}
		l := g.Line(e)
		if left != nobody {
			lines[left] = append(lines[left], l)
		}
		if right != nobody {
			lines[right] = append(lines[right], arrange.Line{From: l.To, To: l.From})
		}
	}
	shapes := make([]shape.MultiPolygon, n)
	for i := range shapes {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		shapes[i] = assemble(lines[i])
	}
	return shapes, nil
}

// findings tells of each patch, from west to east.
func (g *ground) findings() (found []Finding) {
	for _, p := range g.patches {
		f := Finding{
			Kind: Gap, At: g.inside(p.face), Area: p.area, Width: p.width,
			To: g.owner[p.face], Mended: p.width < g.width,
		}
		if g.contested(p) {
			f.Kind = Overlap
			for _, t := range g.Faces[p.face].Turns {
				f.Pieces = append(f.Pieces, t.Label)
			}
		} else {
			f.Pieces = g.neighbours(p.face)
		}
		found = append(found, f)
	}
	return found
}

// neighbours returns the pieces that border on a face, rising.
func (g *ground) neighbours(face int32) (pieces []int32) {
	for h := range g.Border(face) {
		if piece := g.owner[g.Face[arrange.Twin(h)]]; piece != nobody {
			pieces = append(pieces, piece)
		}
	}
	slices.Sort(pieces)
	return slices.Compact(pieces)
}

// inside returns a point in a face.
func (g *ground) inside(face int32) crs.Point {
	var lines []arrange.Line
	for h := range g.Border(face) {
		lines = append(lines, arrange.Line{From: g.Nodes[g.Origin(h)], To: g.Nodes[g.Origin(arrange.Twin(h))]})
	}
	return LabelPoint(assemble(lines))
}
