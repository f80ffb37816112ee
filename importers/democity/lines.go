package democity

import (
	"cmp"
	"slices"
)

// drawnLine is a road, a canal, a track or a wall.
type drawnLine struct {
	name, class string
	bridge      bool
	path        []vec // on the plan
}

// wayOf is what an edge of the street map is a part of.
type wayOf struct {
	kind   street
	name   string
	bridge bool
}

// ways joins the edges of the street map that keep says to long lines: at a crossing an edge goes on in the one of its
// kind and name that lies straightest ahead.
func (m *planarMap) ways(keep func(u, v int32, s street) (wayOf, bool)) (lines []drawnLine) {
	type edge struct {
		u, v int32
		way  wayOf
		done bool
	}
	var edges []edge
	for uv, s := range m.streets {
		if way, ok := keep(uv[0], uv[1], s); ok {
			edges = append(edges, edge{uv[0], uv[1], way, false})
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Or(cmp.Compare(a.u, b.u), cmp.Compare(a.v, b.v)) })
	at := map[int32][]int{}
	for i, e := range edges {
		at[e.u], at[e.v] = append(at[e.u], i), append(at[e.v], i)
	}
	// next[i][0] continues edge i beyond u, next[i][1] beyond v; -1 for none.
	next := make([][2]int, len(edges))
	for i := range next {
		next[i] = [2]int{-1, -1}
	}
	end := func(i int, corner int32) int {
		if edges[i].v == corner {
			return 1
		}
		return 0
	}
	away := func(i int, corner int32) vec {
		other := edges[i].u
		if other == corner {
			other = edges[i].v
		}
		return m.corners[other].sub(m.corners[corner]).unit()
	}
	corners := make([]int32, 0, len(at))
	for c := range at {
		corners = append(corners, c)
	}
	slices.Sort(corners)
	type pair struct {
		i, j     int
		straight float64
	}
	for _, c := range corners {
		var pairs []pair
		for n, i := range at[c] {
			for _, j := range at[c][n+1:] {
				if edges[i].way == edges[j].way {
					if s := away(i, c).dot(away(j, c)); s < -0.75 {
						pairs = append(pairs, pair{i, j, s})
					}
				}
			}
		}
		slices.SortStableFunc(pairs, func(a, b pair) int { return cmp.Compare(a.straight, b.straight) })
		for _, p := range pairs {
			if next[p.i][end(p.i, c)] < 0 && next[p.j][end(p.j, c)] < 0 {
				next[p.i][end(p.i, c)], next[p.j][end(p.j, c)] = p.j, p.i
			}
		}
	}
	follow := func(i int, from int32) []vec {
		path := []vec{m.corners[from]}
		for i >= 0 && !edges[i].done {
			edges[i].done = true
			to := edges[i].u
			if to == from {
				to = edges[i].v
			}
			path = append(path, m.corners[to])
			i, from = next[i][end(i, to)], to
		}
		return path
	}
	for _, closed := range []bool{false, true} { // what is left after the open ones are loops
		for i := range edges {
			e := &edges[i]
			switch {
			case e.done:
			case next[i][0] < 0 || closed:
				lines = append(lines, drawnLine{name: e.way.name, class: e.way.kind.class(), bridge: e.way.bridge, path: follow(i, e.u)})
			case next[i][1] < 0:
				lines = append(lines, drawnLine{name: e.way.name, class: e.way.kind.class(), bridge: e.way.bridge, path: follow(i, e.v)})
			}
		}
	}
	return lines
}

// class returns what an importer calls such a line.
func (s street) class() string {
	switch s {
	case canal:
		return "canal"
	case railway:
		return "rail"
	case arterial:
		return "secondary"
	case collector:
		return "tertiary"
	}
	return "residential"
}

// kindsBeside returns what covers the ground on both sides of an edge, the same twice on the edge of the town.
func (m *planarMap) kindsBeside(u, v int32) (a, b Kind) {
	f, okF := m.left[[2]int32{u, v}]
	g, okG := m.left[[2]int32{v, u}]
	switch {
	case okF && okG:
		return m.faces[f].kind, m.faces[g].kind
	case okF:
		return m.faces[f].kind, m.faces[f].kind
	}
	return m.faces[g].kind, m.faces[g].kind
}

// roads returns the streets. Only arterial streets cross the river and the railway, on bridges.
func (m *planarMap) roads(l layout, names *roadNames) []drawnLine {
	lines := m.ways(func(u, v int32, s street) (wayOf, bool) {
		a, b := m.kindsBeside(u, v)
		over := a == b && (a == Water || a == Railway)
		switch s {
		case arterial:
			return wayOf{s, l.nameOf(between(m.corners[u], m.corners[v], 0.5)), over}, true
		case collector, lane:
			return wayOf{s, "", false}, !over
		}
		return wayOf{}, false
	})
	for i := range lines {
		r := &lines[i]
		length := 0.0
		for k := 1; k < len(r.path); k++ {
			length += r.path[k].distance(r.path[k-1])
		}
		switch {
		case r.name != "":
		case r.class == "tertiary":
			r.name = names.road()
		case length > 260:
			r.name = names.alley()
		}
	}
	return lines
}

// nameOf returns the name of the arterial street nearest to a place on the plan. The four streets that meet at the bell
// tower have names of their own as far as the ring road.
func (l layout) nameOf(p vec) string {
	best, name := 40.0, ""
	near := func(distance float64, called string) {
		if distance = max(distance, -distance); distance < best {
			best, name = distance, called
		}
	}
	inRing := l.ring.side(p) > 0
	for i, a := range l.avenues {
		if !a.runsAt(p) {
			continue
		}
		called := a.name
		switch {
		case i == eastWest && p.x > 0:
			called = either(inRing, "鼓楼东街", "朔泉东路")
		case i == eastWest:
			called = either(inRing, "鼓楼西街", "朔泉西路")
		case i == northSouth && p.y > 0:
			called = either(inRing, "鼓楼北街", "朔泉北路")
		case i == northSouth:
			called = either(inRing, "鼓楼南街", "朔泉南路")
		}
		near(a.line.side(p), called)
	}
	near(l.oldTown.side(p), "旧城环路")
	near(l.ring.side(p), "外环路")
	return name
}

func either(first bool, a, b string) string {
	if first {
		return a
	}
	return b
}

// canalLines, tracks and fences are the other lines of the street map.
func (m *planarMap) canalLines(l layout) []drawnLine {
	return m.ways(func(u, v int32, s street) (wayOf, bool) {
		p := between(m.corners[u], m.corners[v], 0.5)
		best, name := 60.0, ""
		for _, c := range l.canals {
			if d := c.line.side(p); max(d, -d) < best && s == canal {
				best, name = max(d, -d), c.name
			}
		}
		return wayOf{s, name, false}, s == canal
	})
}

func (m *planarMap) tracks() []drawnLine {
	return m.ways(func(u, v int32, s street) (wayOf, bool) {
		a, b := m.kindsBeside(u, v)
		return wayOf{s, "朔碛铁路", false}, s == railway && a == Railway && b == Railway
	})
}

func (m *planarMap) fences() []drawnLine {
	lines := m.ways(func(u, v int32, s street) (wayOf, bool) {
		a, b := m.kindsBeside(u, v)
		return wayOf{s, "铁路围墙", false}, s == railway && a != b
	})
	for i := range lines {
		lines[i].class = "wall"
	}
	return lines
}
