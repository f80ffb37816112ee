package topo

import (
	"context"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Mend is Vet for drafts: where a ring crosses itself in a loop narrower than width, as a hand or a shaken border draws it,
// turns back on itself, or where a hole or a part reaches a little over another, the ground is what its rings wind round.
// Then clean is that ground, flaws tells of the places as Vet does, and settled is how much ground was in doubt. clean is nil
// where anything in doubt is as wide as width, twice its area over its perimeter: nobody can tell then what was meant.
// A shape without flaws comes back as from Vet.
//
// Ground is in doubt if shells wind round it less than once but the other way, or more than once, with those of holes taken
// off. Lines are cut where they meet, so corners may move by half a grid step.
func Mend(m shape.MultiPolygon, width crs.Metres) (clean shape.MultiPolygon, settled crs.SquareMetres, flaws []Flaw) {
	if clean, flaws = Vet(m); len(flaws) == 0 {
		return clean, 0, nil
	}
	for _, f := range flaws {
		if f.Kind == FewPoints {
			return nil, 0, flaws
		}
	}
	faces := draft(m)
	if faces == nil {
		return nil, 0, flaws
	}
	g := survey(faces, width)
	in := make([]bool, len(faces.Faces))
	for f := range faces.Faces {
		winds := int32(0)
		if turns := faces.Faces[f].Turns; len(turns) > 0 {
			winds = turns[0].Count
		}
		if in[f] = winds > 0; winds == 0 || winds == 1 {
			continue
		}
		doubt := g.measure(int32(f))
		if doubt.width >= width {
			return nil, 0, flaws
		}
		settled += doubt.area
	}
	var lines []arrange.Line
	for h := range faces.Face {
		if in[faces.Face[h]] && !in[faces.Face[arrange.Twin(int32(h))]] {
			lines = append(lines, arrange.Line{From: faces.Nodes[faces.Origin(int32(h))], To: faces.Nodes[faces.Origin(arrange.Twin(int32(h)))]})
		}
	}
	if len(lines) == 0 {
		return nil, 0, flaws
	}
	return Outline(lines), settled, flaws
}

// draft returns the arrangement of the rings of a shape, shells drawn counter-clockwise and holes clockwise; nil for a
// scribble, whose rings cross more often than they have corners.
func draft(m shape.MultiPolygon) *arrange.Arrangement {
	var segments []arrange.Segment
	for _, p := range m {
		for i, r := range p {
			backwards := (twice(r) < 0) == (i == 0)
			for _, l := range appendRing(nil, r) {
				if backwards {
					l.From, l.To = l.To, l.From
				}
				segments = append(segments, arrange.Segment{Line: l})
			}
		}
	}
	limit := arrange.Limit(4*len(segments) + 1000)
	net, err := arrange.Snap(context.Background(), segments, limit)
	if err != nil {
		return nil
	}
	faces, err := arrange.Weave(net, limit)
	if err != nil {
		return nil
	}
	return faces
}

// twice returns about twice the area in a ring in grid steps, less than nothing where it runs clockwise more than not. Every
// step is rounded by itself.
func twice(r shape.Ring) (sum float64) {
	for i, q := range r {
		p := r[(i+len(r)-1)%len(r)]
		px, py := float64(int64(p.Lon)-int64(r[0].Lon)), float64(int64(p.Lat)-int64(r[0].Lat))
		qx, qy := float64(int64(q.Lon)-int64(r[0].Lon)), float64(int64(q.Lat)-int64(r[0].Lat))
		sum += float64(px*qy) - float64(qx*py)
	}
	return sum
}
