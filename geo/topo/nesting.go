package topo

import (
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// assemble makes polygons of rings that do not cross, and finds out whether they lie in one another as they should: each
// ring is a label, and the faces tell.
func (v *vetting) assemble() shape.MultiPolygon {
	faces, err := arrange.Weave(arrange.Join(v.cut()), arrange.DefaultLimit(len(v.lines)))
	if err != nil { // rings in rings, thousands deep
		v.flaw(RingsCross, v.lines[0].From)
		return nil
	}
	ground := make([]bool, len(faces.Faces))
	sense := make([]int32, len(v.rings)) // 1 for a ring found to run counter-clockwise, -1 clockwise
	for f := range faces.Faces[1:] {
		face := &faces.Faces[f+1]
		at := faces.Nodes[faces.Origin(face.Cycles[0])]
		for _, turn := range face.Turns {
			if s := sense[turn.Label]; turn.Count*turn.Count != 1 || s != 0 && s != turn.Count {
				v.flaw(SelfCrossing, at)
			}
			sense[turn.Label] = turn.Count
		}
		ground[f+1] = v.judge(face.Turns, at)
	}
	var lines []arrange.Line
	for e := range faces.Edges {
		h := arrange.Half(int32(e))
		left, right := ground[faces.Face[h]], ground[faces.Face[arrange.Twin(h)]]
		switch l := faces.Line(e); {
		case left && !right:
			lines = append(lines, l)
		case right && !left:
			lines = append(lines, arrange.Line{From: l.To, To: l.From})
		}
	}
	return assemble(lines)
}

// cut returns the lines in pieces that meet only at their ends.
func (v *vetting) cut() (segments []arrange.Segment) {
	for i, l := range v.lines {
		stops := v.touched[i]
		slices.SortFunc(stops, crs.Point.Compare)
		stops = slices.Compact(stops)
		if l.From.Compare(l.To) > 0 {
			slices.Reverse(stops)
		}
		from := l.From
		for _, to := range append(stops, l.To) {
			segments = append(segments, arrange.Segment{Line: arrange.Line{From: from, To: to}, Label: v.ringOf[i]})
			from = to
		}
	}
	return segments
}

// judge reports whether a face that lies in the rings given is ground of the shape.
func (v *vetting) judge(in []arrange.Turn, at crs.Point) bool {
	parts := 0
	for len(in) > 0 {
		first := v.rings[in[0].Label]
		holes := 0
		if first.hole {
			v.flaw(HoleOutside, at)
			holes++
		}
		in = in[1:]
		for ; len(in) > 0 && v.rings[in[0].Label].part == first.part; in = in[1:] {
			holes++
		}
		if holes > 1 {
			v.flaw(RingsCross, at)
		}
		if holes == 0 {
			parts++
		}
	}
	if parts > 1 {
		v.flaw(PartsOverlap, at)
	}
	return parts == 1
}
