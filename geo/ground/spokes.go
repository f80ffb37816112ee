package ground

import (
	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// spokes returns lines that part the pavement round compounds: at each corner both walls are prolonged to whatever is
// there, a street or the next compound. Without them the strip between the walls and the streets would be one piece, and
// the one compound it went to would reach round its neighbours. A spoke is no longer than half as much again as a verge
// is wide, and none runs into a building.
func (t *town) spokes() (spokes []segment) {
	if t.options.VergeWidth <= 0 {
		return nil
	}
	index := newNearby(t.hindrances(), 1, 1)
	for i := range t.in.Compounds {
		for _, p := range t.in.Compounds[i].Shape {
			for k, at := range p[0] {
				before, after := p[0][(k+len(p[0])-1)%len(p[0])], p[0][(k+1)%len(p[0])]
				if before == at || at == after {
					continue
				}
				u, v := heading(before, at, t.scale), heading(at, after, t.scale)
				if sine := float64(u.x*v.y) - float64(u.y*v.x); sine < 0.5 {
					continue // not a corner, or one that points inwards
				}
				for _, way := range [2]offset{u, {-v.x, -v.y}} {
					if l, ok := t.spoke(at, way, index); ok {
						spokes = append(spokes, segment{Line: l, of: spoke})
					}
				}
			}
		}
	}
	return spokes
}

// hindrances returns all lines that divide, where a spoke ends.
func (t *town) hindrances() []arrange.Line {
	lines := linesOf(t.segments)
	for _, e := range t.edges {
		lines = append(lines, e.Line)
	}
	for i := range t.in.Areas {
		if k := t.in.Areas[i].Kind; k == Water || k == RailLands {
			lines = append(lines, sidesOf(t.in.Areas[i].Shape)...)
		}
	}
	for i := range t.in.Compounds {
		lines = append(lines, sidesOf(t.in.Compounds[i].Shape)...)
	}
	return lines
}

// spoke returns the line from a corner to the first line there is that way. It reports false if there is none near, or a
// building before it.
func (t *town) spoke(from crs.Point, way offset, index *nearby) (arrange.Line, bool) {
	reach := float64(t.options.VergeWidth) * 1500
	to := moved(from, offset{way.x * reach, way.y * reach}, t.scale)
	found := false
	index.of(arrange.Line{From: from, To: to}, func(n int32) bool {
		m, l := index.lines[n], arrange.Line{From: from, To: to}
		if m.From == from || m.To == from || m.Holds(from) {
			return true
		}
		switch {
		case l.Crosses(m):
			to, found = l.Crossing(m), true
		case l.Holds(m.From):
			to, found = m.From, true
		case l.Holds(m.To):
			to, found = m.To, true
		case m.Holds(to):
			found = true
		}
		return true
	})
	if !found || to == from {
		return arrange.Line{}, false
	}
	l := arrange.Line{From: from, To: moved(to, offset{way.x * beyond, way.y * beyond}, t.scale)}
	clear := true
	t.yard.of(boxOf(l), func(b int32) {
		for _, w := range sidesOf(t.in.Buildings[b].Shape) {
			clear = clear && !meet(l, w)
		}
	})
	return l, clear
}
