package democity

// joinStrips makes long blocks of the pieces that streets cut the river, the railway and the riverside park into: those
// of one kind that lie in one large grid become one. Each bank keeps its own half of the river, and each side of the
// railway its own tracks, as no large grid lies on both.
func (m *planarMap) joinStrips(t *tree) {
	for f := range int32(len(m.faces)) {
		for m.isStrip(f) && m.joinOneStrip(f, t) {
		}
	}
}

// isStrip reports whether a face is a piece of river, railway or park.
func (m *planarMap) isStrip(f int32) bool {
	face := m.faces[f]
	return len(face.loop) > 0 && (face.kind == Water || face.kind == Railway || face.kind == Park)
}

// joinOneStrip joins one neighbour of the same kind and large grid to a strip, and reports whether there was one.
func (m *planarMap) joinOneStrip(f int32, t *tree) bool {
	var like []int32
	m.borders(f, func(g int32, _ float64, _ street) {
		a, b := m.faces[f], m.faces[g]
		if a.kind == b.kind && t.largeGridOf[a.quarter] == t.largeGridOf[b.quarter] {
			like = append(like, g)
		}
	})
	for _, g := range like {
		if m.join(f, g) {
			return true
		}
	}
	return false
}
