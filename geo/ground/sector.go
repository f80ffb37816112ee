package ground

import (
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/shape"
)

// sector is one parent, or several that could not be made apart, and all that lies in it and near it.
type sector struct {
	*town
	parents []int32 // rising

	*survey
	scale  scale
	labels []label // by label from 0 up
	refs   []ref   // by label below 0, turned round
	owner  []int32 // by face: one of parents or nobody
	along  []along // by edge
	whole  []bool  // by compound: it is not oversized itself
	cells  []cell
	cellOf []int32   // by face, -1 where the owner is nobody
	housed []housing // by building that is counted here, rising

	result sectorResult
}

// label is what winds round a face.
type label struct {
	kind labelKind
	of   int32 // index into the layer
}

type labelKind uint8

const (
	ofParent labelKind = iota
	ofArea
	ofCompound
	ofBuilding
	ofHalo
)

// ref is a line in the arrangement: a segment of the town or a border between parents.
type ref struct {
	border bool
	of     int32
}

// along is what runs along an edge.
type along struct {
	divides bool
	barrier Barrier
	name    string
	walkway bool // one walks along it
	second  bool // of all that divides, the most is a line of the second rank
}

// arrange makes the arrangement of everything in the sector and near it.
func (s *sector) arrange(ctx context.Context) (err error) {
	box := shape.EmptyBox
	for _, p := range s.parents {
		box = box.Union(s.boxes[p])
	}
	s.scale = scaleAt(middleLat(box))
	segments := s.ringSegments(box)
	segments = s.lineSegments(segments)
	segments = s.areaSegments(segments, box)
	segments = s.buildingSegments(segments)
	s.result.segments += len(segments)
	s.survey, err = measure(ctx, segments, s.scale)
	return err
}

// name returns a new label.
func (s *sector) name(kind labelKind, of int32) int32 {
	s.labels = append(s.labels, label{kind, of})
	return int32(len(s.labels) - 1)
}

// draw returns a new label for a line.
func (s *sector) draw(r ref) int32 {
	s.refs = append(s.refs, r)
	return -int32(len(s.refs))
}

// ringSegments returns the borders of the parents. Those of others that lie near come as lines: their ends and crossings
// make corners here as they do there.
func (s *sector) ringSegments(box shape.Box) (segments []arrange.Segment) {
	label := map[int32]int32{}
	for _, p := range s.parents {
		label[p] = s.name(ofParent, p)
	}
	lon, lat := s.town.border.growLon, s.town.border.growLat
	for i, e := range s.edges {
		l, left := label[e.left]
		r, right := label[e.right]
		if left {
			segments = append(segments, arrange.Segment{Line: e.Line, Label: l})
		}
		if right {
			segments = append(segments, arrange.Segment{Line: arrange.Line{From: e.To, To: e.From}, Label: r})
		}
		if left || right || near(box, e.Line, lon, lat) {
			segments = append(segments, arrange.Segment{Line: e.Line, Label: s.draw(ref{true, int32(i)})})
		}
	}
	return segments
}

// near reports whether the box of a line comes near another.
func near(box shape.Box, l arrange.Line, lon, lat int64) bool {
	return int64(min(l.From.Lon, l.To.Lon))-lon <= int64(box.Max.Lon) && int64(box.Min.Lon) <= int64(max(l.From.Lon, l.To.Lon))+lon &&
		int64(min(l.From.Lat, l.To.Lat))-lat <= int64(box.Max.Lat) && int64(box.Min.Lat) <= int64(max(l.From.Lat, l.To.Lat))+lat
}

func (s *sector) lineSegments(segments []arrange.Segment) []arrange.Segment {
	var reach []int32
	for _, p := range s.parents {
		reach = append(reach, s.reach[p]...)
	}
	slices.Sort(reach)
	for _, i := range slices.Compact(reach) {
		segments = append(segments, arrange.Segment{Line: s.segments[i].Line, Label: s.draw(ref{false, i})})
	}
	return segments
}

func (s *sector) areaSegments(segments []arrange.Segment, box shape.Box) []arrange.Segment {
	for i := range s.in.Areas {
		if m := s.in.Areas[i].Shape; m.Box().Meets(box) {
			segments = appendShape(segments, shortened(m, box), s.name(ofArea, int32(i)))
		}
	}
	for i := range s.in.Compounds {
		if m := s.in.Compounds[i].Shape; m.Box().Meets(box) {
			segments = appendShape(segments, shortened(m, box), s.name(ofCompound, int32(i)))
		}
	}
	return segments
}

// shortened returns a shape that is the same in a box and near it: where a ring runs on one side of the box for long only
// the first and the last point of the run are left. What lies far out may overlap itself.
func shortened(m shape.MultiPolygon, box shape.Box) shape.MultiPolygon {
	const far = 1 << 14 // steps; some 150 m
	side := func(lon, lat int64) int {
		switch {
		case lon < int64(box.Min.Lon)-far:
			return 1
		case lon > int64(box.Max.Lon)+far:
			return 2
		case lat < int64(box.Min.Lat)-far:
			return 3
		case lat > int64(box.Max.Lat)+far:
			return 4
		}
		return 0
	}
	var short shape.MultiPolygon
	for _, p := range m {
		q := make(shape.Polygon, 0, len(p))
		for _, r := range p {
			var kept shape.Ring
			for i, at := range r {
				before, after := r[(i+len(r)-1)%len(r)], r[(i+1)%len(r)]
				here := side(int64(at.Lon), int64(at.Lat))
				if here == 0 || here != side(int64(before.Lon), int64(before.Lat)) || here != side(int64(after.Lon), int64(after.Lat)) {
					kept = append(kept, at)
				}
			}
			q = append(q, kept)
		}
		short = append(short, q)
	}
	return short
}

func (s *sector) buildingSegments(segments []arrange.Segment) []arrange.Segment {
	for _, b := range s.buildings() {
		m := s.in.Buildings[b].Shape
		if len(m) == 0 {
			continue
		}
		segments = appendShape(segments, m, s.name(ofBuilding, b))
		if s.halos[b] != nil {
			label := s.name(ofHalo, b)
			for _, r := range s.halos[b] {
				segments = appendRing(segments, r, label)
			}
		}
	}
	return segments
}

// buildings returns the buildings in the sector and near it, rising.
func (s *sector) buildings() []int32 {
	if len(s.parents) == 1 {
		return s.near[s.parents[0]]
	}
	var all []int32
	for _, p := range s.parents {
		all = append(all, s.near[p]...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// read finds out who owns the faces and what runs along the edges.
func (s *sector) read() {
	s.owner = make([]int32, len(s.Faces))
	for f := range s.owner {
		s.owner[f] = nobody
		if in := s.Faces[f].Turns; len(in) > 0 && s.labels[in[0].Label].kind == ofParent {
			s.owner[f] = s.labels[in[0].Label].of
		}
	}
	s.along = make([]along, len(s.Edges))
	for e := range s.along {
		s.along[e] = s.alongEdge(int32(e))
	}
}

func (s *sector) alongEdge(edge int32) (a along) {
	for _, t := range s.Edges[edge].Turns {
		if t.Label < 0 {
			if r := s.refs[-t.Label-1]; r.border {
				a.divides = true
			} else {
				a.take(s.lineAlong(s.segments[r.of]))
			}
			continue
		}
		switch l := s.labels[t.Label]; l.kind {
		case ofParent:
			a.divides = true
		case ofCompound:
			a.take(along{divides: true, barrier: Wall, name: s.in.Compounds[l.of].Name})
		case ofArea:
			switch area := &s.in.Areas[l.of]; area.Kind {
			case Water:
				a.take(along{divides: true, barrier: River, name: area.Name})
			case RailLands:
				a.take(along{divides: true, barrier: Railway, name: area.Name})
			}
		}
	}
	return a
}

// take adds what else runs along the edge: the stronger gives the name.
func (a *along) take(b along) {
	if b.divides {
		a.second = b.second && (a.second || !a.divides)
	}
	a.divides = a.divides || b.divides
	a.walkway = a.walkway || b.walkway
	if b.barrier > a.barrier || b.barrier == a.barrier && a.name == "" {
		a.barrier, a.name = b.barrier, b.name
	}
}

func (s *sector) lineAlong(of segment) along {
	if of.of < 0 {
		return along{divides: true}
	}
	l := &s.in.Lines[of.of]
	if of.footbridge {
		return along{walkway: true}
	}
	way := l.Barrier == Street || l.Barrier == Lane || l.Barrier == Trunk && !l.Fast || l.Bridge && l.Barrier < Trunk
	return along{divides: true, barrier: l.Barrier, name: l.Name, walkway: way, second: l.Second}
}
