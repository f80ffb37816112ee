package topo

import (
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Recut draws the border between two pieces anew along a line. The pair is that of the two; what changes hands between them does so
// between the pieces of each follower, too: those of a higher level they lie in.
//
//  1. The lines of all pieces are cut where they meet each other and the line, as by Cover.
//  2. The ground of the two falls into parts that are not joined but across the line. Parts that meet along it lie on opposite sides.
//  3. One side goes to one of the pair and the other side to the other, so that as much ground as can be stays where it was. A part the line
//     does not touch stays.
//  4. Shapes are read off the faces: no ground is lost or won, and pieces round the two get the corners where the new border meets theirs.
//
// It reports whether the line parts the ground of the two: it must leave it at both ends, or end on its outline. moved is how much ground
// changed hands. Shapes are as Union returns them, one a piece; the error is that of Cover.
func Recut(ctx context.Context, pieces []shape.MultiPolygon, pair [2]int32, followers [][2]int32, line []crs.Point) (shapes []shape.MultiPolygon, moved crs.SquareMetres, parts bool, err error) {
	var segments []arrange.Segment
	for i := range pieces {
		for _, l := range linesOf(pieces[i : i+1]) {
			segments = append(segments, arrange.Segment{Line: l, Label: int32(i)})
		}
	}
	for i := 1; i < len(line); i++ {
		segments = append(segments, arrange.Segment{Line: arrange.Line{From: line[i-1], To: line[i]}, Label: nobody})
	}
	limit := arrange.DefaultLimit(len(segments))
	net, err := arrange.Snap(ctx, segments, limit)
	if err != nil {
		return nil, 0, false, err
	}
	faces, err := arrange.Weave(net, limit)
	if err != nil {
		return nil, 0, false, err
	}
	r := &recut{Arrangement: faces, pair: pair, to: make([]int32, len(faces.Faces)), part: make([]int32, len(faces.Faces))}
	if !r.share() {
		return nil, 0, false, nil
	}
	for f, to := range r.to {
		if to != nobody && !r.has(int32(f), to) {
			moved += r.area(int32(f))
		}
	}
	for i := range pieces {
		shapes = append(shapes, r.shape(int32(i), append([][2]int32{pair}, followers...)))
	}
	return shapes, moved, true, ctx.Err()
}

// recut is an arrangement of pieces and a line.
type recut struct {
	*arrange.Arrangement
	pair [2]int32
	to   []int32 // by face: which of the pair it goes to, nobody for ground of neither
	part []int32 // by face: its part of the ground of the two, -1 for ground of neither
}

// has reports whether a face is ground of a piece.
func (r *recut) has(face, piece int32) bool {
	return slices.ContainsFunc(r.Faces[face].Turns, func(t arrange.Turn) bool { return t.Label == piece && t.Count > 0 })
}

func (r *recut) area(face int32) (sum crs.SquareMetres) {
	for _, c := range r.Faces[face].Cycles {
		var ring []crs.Point
		for h := range r.Cycle(c) {
			ring = append(ring, r.Nodes[r.Origin(h)])
		}
		sum += crs.RingArea(ring)
	}
	return sum
}

// isLine reports whether the line runs along an edge.
func (r *recut) isLine(half int32) bool {
	e, _ := arrange.EdgeOf(half)
	return slices.ContainsFunc(r.Edges[e].Turns, func(t arrange.Turn) bool { return t.Label == nobody })
}

// share finds the parts and decides whose each is. It reports false where the line parts nothing.
func (r *recut) share() bool {
	inside := make([]bool, len(r.Faces))
	for f := range r.Faces {
		inside[f] = f > 0 && (r.has(int32(f), r.pair[0]) || r.has(int32(f), r.pair[1]))
		r.part[f], r.to[f] = -1, nobody
	}
	parts := int32(0)
	for f := range r.Faces {
		if !inside[f] || r.part[f] >= 0 {
			continue
		}
		r.part[f] = parts
		for due := []int32{int32(f)}; len(due) > 0; {
			at := due[0]
			due = due[1:]
			for h := range r.Border(at) {
				if over := r.Face[arrange.Twin(h)]; inside[over] && r.part[over] < 0 && !r.isLine(h) {
					r.part[over] = parts
					due = append(due, over)
				}
			}
		}
		parts++
	}
	return r.takeSides(parts)
}

// takeSides gives the parts on either side of the line to the two pieces, and every part the line does not touch to those who had it.
func (r *recut) takeSides(parts int32) bool {
	across := make([][]int32, parts)
	for e := range r.Edges {
		h := arrange.Half(int32(e))
		a, b := r.part[r.Face[h]], r.part[r.Face[arrange.Twin(h)]]
		if a >= 0 && b >= 0 && a != b {
			across[a], across[b] = append(across[a], b), append(across[b], a)
		}
	}
	had := make([][2]crs.SquareMetres, parts) // by part: how much of it each of the pair had
	for f, p := range r.part {
		for i, piece := range r.pair {
			if p >= 0 && r.has(int32(f), piece) {
				had[p][i] += r.area(int32(f))
			}
		}
	}
	side := make([]int32, parts) // 0: not touched; 1 and 2: the two sides
	owner := make([]int32, parts)
	cut := false
	for p := range parts {
		if side[p] != 0 || len(across[p]) == 0 {
			continue
		}
		cut = true
		group := []int32{p}
		side[p] = 1
		for i := 0; i < len(group); i++ {
			for _, q := range across[group[i]] {
				if side[q] == 0 {
					side[q] = 3 - side[group[i]]
					group = append(group, q)
				}
			}
		}
		var stays, swapped crs.SquareMetres
		for _, q := range group {
			stays += had[q][side[q]-1]
			swapped += had[q][2-side[q]]
		}
		for _, q := range group {
			owner[q] = side[q] - 1
			if swapped > stays {
				owner[q] = 2 - side[q]
			}
		}
	}
	for f, p := range r.part {
		switch {
		case p < 0:
		case side[p] != 0:
			r.to[f] = r.pair[owner[p]]
		case r.has(int32(f), r.pair[0]):
			r.to[f] = r.pair[0]
		default:
			r.to[f] = r.pair[1]
		}
	}
	return cut
}

// owns reports whether a face is ground of a piece once the border is drawn anew.
func (r *recut) owns(face, piece int32, pairs [][2]int32) bool {
	to := r.to[face]
	for _, p := range pairs {
		i := slices.Index(p[:], piece)
		if i < 0 || to == nobody {
			continue
		}
		if from := r.pair[1-slices.Index(r.pair[:], to)]; r.has(face, to) && !r.has(face, from) {
			break // it stays where it was
		}
		return to == r.pair[i] && (r.has(face, p[0]) || r.has(face, p[1]))
	}
	return r.has(face, piece)
}

// shape returns the ground of a piece once the border is drawn anew.
func (r *recut) shape(piece int32, pairs [][2]int32) shape.MultiPolygon {
	var lines []arrange.Line
	for e := range r.Edges {
		h := arrange.Half(int32(e))
		left, right := r.owns(r.Face[h], piece, pairs), r.owns(r.Face[arrange.Twin(h)], piece, pairs)
		switch l := r.Line(e); {
		case left && !right:
			lines = append(lines, l)
		case right && !left:
			lines = append(lines, arrange.Line{From: l.To, To: l.From})
		}
	}
	return assemble(lines)
}
