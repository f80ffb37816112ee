package ground

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// nobody owns the ground outside and the gaps.
const nobody = int32(-1)

// survey is an arrangement that was measured.
type survey struct {
	*arrange.Arrangement
	scale  scale
	length []int64 // by edge, in millimetres
	twice  []int64 // by face, twice its area in grid steps; of the ground outside less than nothing
}

// measure makes the arrangement of segments. The error is ctx's or a *Refusal.
func measure(ctx context.Context, segments []arrange.Segment, s scale) (*survey, error) {
	limit := arrange.DefaultLimit(len(segments))
	net, err := arrange.Snap(ctx, segments, limit)
	if err != nil {
		return nil, refused(err)
	}
	faces, err := arrange.Weave(net, limit)
	if err != nil {
		return nil, refused(err)
	}
	v := &survey{Arrangement: faces, scale: s, length: make([]int64, len(net.Edges)), twice: make([]int64, len(faces.Faces))}
	for e := range v.length {
		v.length[e] = s.length(v.Line(e))
	}
	for f := range v.twice {
		for _, c := range v.Faces[f].Cycles {
			v.twice[f] += v.twiceInside(c)
		}
	}
	return v, nil
}

func refused(err error) error {
	var tangled *arrange.TooTangled
	var nowhere *arrange.NoPlace
	switch {
	case errors.As(err, &tangled):
		return &Refusal{Finding{Rule: Tangled, At: tangled.Near}}
	case errors.As(err, &nowhere):
		return &Refusal{Finding{Rule: ScopeTooLarge, At: nowhere.At}}
	}
	return err
}

// twiceInside returns twice the area on the left of a cycle, in grid steps.
func (v *survey) twiceInside(cycle int32) (sum int64) {
	o := v.Nodes[v.Origin(cycle)] // near, so that products stay small
	for h := range v.Cycle(cycle) {
		p, q := v.Nodes[v.Origin(h)], v.Nodes[v.Origin(arrange.Twin(h))]
		px, py := int64(p.Lon)-int64(o.Lon), int64(p.Lat)-int64(o.Lat)
		qx, qy := int64(q.Lon)-int64(o.Lon), int64(q.Lat)-int64(o.Lat)
		sum += px*qy - qx*py
	}
	return sum
}

// sides returns the faces left and right of an edge.
func (v *survey) sides(edge int) (left, right int32) {
	h := arrange.Half(int32(edge))
	return v.Face[h], v.Face[arrange.Twin(h)]
}

// across returns the face on the other side of a half.
func (v *survey) across(half int32) int32 { return v.Face[arrange.Twin(half)] }

// flood numbers the pieces of the faces but the one outside: two faces are in one piece if an edge between them joins.
// Pieces are numbered by their first faces; the piece of the face outside is -1.
func (v *survey) flood(joins func(edge int, f, g int32) bool) (piece []int32, count int32) {
	piece = make([]int32, len(v.Faces))
	for f := range piece {
		piece[f] = nobody
	}
	var todo []int32
	for first := int32(1); first < int32(len(piece)); first++ {
		if piece[first] != nobody {
			continue
		}
		piece[first] = count
		for todo = append(todo, first); len(todo) > 0; {
			f := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for h := range v.Border(f) {
				if g := v.across(h); g != 0 && piece[g] == nobody && joins(int(h/2), f, g) {
					piece[g] = count
					todo = append(todo, g)
				}
			}
		}
		count++
	}
	return piece, count
}

// outline returns the ground of the faces that are in, as topo.Union would.
func (v *survey) outline(faces []int32, in func(face int32) bool) shape.MultiPolygon {
	var lines []arrange.Line
	for _, f := range faces {
		for h := range v.Border(f) {
			if !in(v.across(h)) {
				lines = append(lines, v.lineOf(h))
			}
		}
	}
	return topo.Outline(lines)
}

// extent returns twice the area of the faces that are in, in grid steps, and their common perimeter in millimetres.
func (v *survey) extent(faces []int32, in func(face int32) bool) (twice, perimeter int64) {
	for _, f := range faces {
		twice += v.twice[f]
		for h := range v.Border(f) {
			if !in(v.across(h)) {
				perimeter += v.length[h/2]
			}
		}
	}
	return twice, perimeter
}

// lineOf returns the line of a half in its direction.
func (v *survey) lineOf(half int32) arrange.Line {
	return arrange.Line{From: v.Nodes[v.Origin(half)], To: v.Nodes[v.Origin(arrange.Twin(half))]}
}

// place returns a point in a face and the face's area.
func (v *survey) place(face int32) (crs.Point, crs.SquareMetres) {
	m := v.outline([]int32{face}, func(f int32) bool { return f == face })
	return topo.LabelPoint(m), m.Area()
}

// share is so much of something.
type share struct {
	of     int32
	amount int64
}

// summed adds up the shares of the same and returns them in order. It reuses the slice.
func summed(shares []share) []share {
	slices.SortFunc(shares, func(s, t share) int { return cmp.Or(cmp.Compare(s.of, t.of), cmp.Compare(s.amount, t.amount)) })
	sums := shares[:0]
	for _, s := range shares {
		if n := len(sums); n > 0 && sums[n-1].of == s.of {
			sums[n-1].amount += s.amount
		} else {
			sums = append(sums, s)
		}
	}
	return sums
}

// largest returns the one with the largest share, the lowest of those, nobody of none.
func largest(shares []share) share {
	best := share{of: nobody}
	for _, s := range shares {
		best = better(best, s)
	}
	return best
}

// appendShape appends the sides of a shape, with the label inside.
func appendShape(segments []arrange.Segment, m shape.MultiPolygon, label int32) []arrange.Segment {
	for _, p := range m {
		for _, r := range p {
			segments = appendRing(segments, r, label)
		}
	}
	return segments
}

func appendRing(segments []arrange.Segment, r shape.Ring, label int32) []arrange.Segment {
	for i, to := range r {
		if from := r[(i+len(r)-1)%len(r)]; from != to {
			segments = append(segments, arrange.Segment{Line: arrange.Line{From: from, To: to}, Label: label})
		}
	}
	return segments
}
