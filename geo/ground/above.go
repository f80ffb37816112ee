package ground

import (
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// hang finds out in which of the territories above each parent lies. A parent that names none gets the one with most of
// its ground. One that reaches into another by more than the coverage width is a finding: somebody must cut it there, or
// say that it belongs to one of them, or make it a territory of its own between the levels. Until then it stays whole.
func (t *town) hang(ctx context.Context, c *coverage) error {
	if len(t.in.Above) == 0 {
		return nil
	}
	segments := segmentsOf(c.edges)
	first := int32(len(t.in.Parents))
	for i, a := range t.in.Above {
		segments = appendShape(segments, a.Shape, first+int32(i))
	}
	v, err := measure(ctx, segments, t.scale)
	if err != nil {
		return err
	}
	o := ownedBy(v, t.in.Parents)
	above := make([]int32, len(v.Faces)) // by face: the first above that claims it
	for f := range above {
		above[f] = nobody
		if i := slices.IndexFunc(v.Faces[f].Turns, func(t arrange.Turn) bool { return t.Label >= first }); i >= 0 {
			above[f] = v.Faces[f].Turns[i].Label - first
		}
	}
	shares := make([][]share, len(t.in.Parents))
	for f, p := range o.owner {
		if p != nobody && above[f] != nobody {
			shares[p] = append(shares[p], share{above[f], v.twice[f]})
		}
	}
	main := make([]int32, len(shares))
	for p := range shares {
		main[p] = t.mainAbove(p, summed(shares[p]))
	}
	c.findings = append(c.findings, t.reachingOver(o, above, main)...)
	return nil
}

// mainAbove returns the territory above a parent belongs to, and writes it down.
func (t *town) mainAbove(parent int, shares []share) int32 {
	p := &t.in.Parents[parent]
	if p.Above != "" {
		return int32(slices.IndexFunc(t.in.Above, func(a Parent) bool { return a.Code == p.Above }))
	}
	best := largest(shares)
	if best.of != nobody {
		p.Above = t.in.Above[best.of].Code
	}
	return best.of
}

// reachingOver tells of the parents that have a piece of ground in another territory than their own, too wide for a slip
// of the pen.
func (t *town) reachingOver(o *owned, above, main []int32) (found []Finding) {
	piece, n := o.flood(func(_ int, f, g int32) bool { return o.owner[f] == o.owner[g] && above[f] == above[g] })
	faces := make([][]int32, n)
	for f := int32(1); f < int32(len(piece)); f++ {
		if p := o.owner[f]; p != nobody && above[f] != nobody && above[f] != main[p] && main[p] != nobody {
			faces[piece[f]] = append(faces[piece[f]], f)
		}
	}
	beyond := make([][]share, len(main)) // by parent: how much it has in each other territory
	at := map[int32]shape.MultiPolygon{}
	for i := range faces {
		if len(faces[i]) == 0 {
			continue
		}
		twice, perimeter := o.extent(faces[i], func(f int32) bool { return f != 0 && piece[f] == int32(i) })
		f := faces[i][0]
		if p := o.owner[f]; !o.thin(twice, perimeter, t.options.CoverageWidth) {
			beyond[p] = append(beyond[p], share{above[f], twice})
			at[p] = append(at[p], o.outline(faces[i], func(f int32) bool { return f != 0 && piece[f] == int32(i) })...)
		}
	}
	for p := range beyond {
		if len(beyond[p]) == 0 {
			continue
		}
		f := Finding{
			Rule: Crosses, At: topo.LabelPoint(at[int32(p)]), Area: at[int32(p)].Area(),
			Codes: []string{t.in.Parents[p].Code, t.in.Above[main[p]].Code},
		}
		for _, s := range summed(beyond[p]) {
			f.Codes = append(f.Codes, t.in.Above[s.of].Code)
		}
		found = append(found, f)
	}
	return found
}
