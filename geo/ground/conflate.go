package ground

import (
	"context"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// onLine is the label of every line that a border may be laid on.
const onLine = int32(-1)

// conflate lays the borders between parents on the lines beside them: a face that is narrower than width, and has the
// border on one side and a line on the other, goes to the parent across the border.
//
// First the faces of higher codes change hands, then those of lower ones. So a border between two carriageways ends up on
// one of them and does not jump across.
func conflate(ctx context.Context, c *coverage, parents []Parent, r *rulings, lines []arrange.Line, s scale, width crs.Metres) error {
	if width < 0 || len(lines) == 0 {
		return nil
	}
	segments := segmentsOf(c.edges)
	lon, lat := s.steps(width)
	index := newNearby(bordersOf(c.edges), lon, lat)
	for _, l := range lines {
		index.of(l, func(int32) bool {
			segments = append(segments, arrange.Segment{Line: l, Label: onLine})
			return false
		})
	}
	v, err := measure(ctx, segments, s)
	if err != nil {
		return err
	}
	o := ownedBy(v, parents)
	for _, down := range []bool{true, false} {
		for f := range o.owner {
			to := o.beside(int32(f), width)
			if from := o.owner[f]; to != nobody && (to < from) == down {
				at, area := o.place(int32(f))
				if r.of(o, int32(f), nil) == from { // it stays as it was drawn
					c.repairs = append(c.repairs, Repair{
						Kind: RepairAccepted, At: at, Area: area, From: []string{parents[to].Code}, To: parents[from].Code,
					})
					continue
				}
				c.repairs = append(c.repairs, Repair{
					Kind: RepairConflated, At: at, Area: area, From: []string{parents[from].Code}, To: parents[to].Code,
				})
				o.owner[f] = to
			}
		}
	}
	c.repairs = append(c.repairs, o.sweepCrumbs(width)...)
	c.edges = o.frontier()
	return nil
}

// bordersOf returns the edges between two parents; those with nobody stay where they are.
func bordersOf(edges []frontierEdge) (lines []arrange.Line) {
	for _, e := range edges {
		if e.left != nobody && e.right != nobody {
			lines = append(lines, e.Line)
		}
	}
	return lines
}

// ownedBy gives each face to the parent whose label winds round it.
func ownedBy(v *survey, parents []Parent) *owned {
	o := &owned{v, parents, make([]int32, len(v.Faces))}
	for f := range o.owner {
		o.owner[f] = nobody
		if in := v.Faces[f].Turns; len(in) > 0 && in[0].Label < int32(len(parents)) {
			o.owner[f] = in[0].Label
		}
	}
	return o
}

// beside returns to whom a face goes that lies between a border and a line, nobody if it does not lie so. Of its
// perimeter a quarter at least must be the border, a quarter the line with ground of the same owner behind it, and hardly
// any of it border with others.
func (o *owned) beside(face int32, width crs.Metres) int32 {
	owner := o.owner[face]
	perimeter := o.perimeter(face)
	if owner == nobody || !o.thin(o.twice[face], perimeter, width) {
		return nobody
	}
	var along, others int64
	var borders []share
	for h := range o.Border(face) {
		lined := len(o.Edges[h/2].Turns) > 0 && o.Edges[h/2].Turns[0].Label == onLine
		switch other := o.owner[o.across(h)]; {
		case other == owner && lined:
			along += o.length[h/2]
		case other == nobody:
			others += o.length[h/2]
		case other != owner && !lined:
			borders = append(borders, share{other, o.length[h/2]})
		}
	}
	borders = summed(borders)
	best := largest(borders)
	for _, b := range borders {
		if b.of != best.of {
			others += b.amount
		}
	}
	if best.of == nobody || best.amount*4 < perimeter || along*4 < perimeter || others*8 > perimeter {
		return nobody
	}
	return best.of
}
