package democity

import (
	"math"
	"slices"
)

// street says what runs along a border between two faces, from the strongest to the weakest.
type street uint8

const (
	townEdge street = iota // the edge of the town: nothing lies beyond
	river
	railway
	canal
	arterial
	collector
	lane
)

// planarMap is a subdivision of the town's plane into faces. It starts as one face and is only ever refined by cutting a
// face along a line or by joining two neighbours, and a new corner on a border is given to the faces on both its sides;
// so at all times the faces cover the town without gap or overlap and neighbours share their corners one by one.
type planarMap struct {
	corners []vec
	faces   []face
	left    map[[2]int32]int32  // the face on the left of a line from corner to corner
	streets map[[2]int32]street // what runs along a line; the smaller corner is first
}

// face is one piece of the plane, with what the later steps find out about it.
type face struct {
	loop    []int32 // corners, counter-clockwise; empty once it was joined to another face
	quarter int32   // the quarter it was cut from
	kind    Kind

	largeGrid int  // a number through all large grids in the order of the tree
	estate    bool // several faces made one for a large compound
}

func newPlanarMap(outline []vec) *planarMap {
	m := &planarMap{left: map[[2]int32]int32{}, streets: map[[2]int32]street{}}
	loop := make([]int32, len(outline))
	for i, p := range outline {
		loop[i] = m.corner(p)
	}
	m.faces = []face{{loop: loop, kind: Built}}
	m.claim(0)
	for i, u := range loop {
		m.streets[low(u, loop[(i+1)%len(loop)])] = townEdge
	}
	return m
}

func low(u, v int32) [2]int32 { return [2]int32{min(u, v), max(u, v)} }

func (m *planarMap) corner(p vec) int32 {
	m.corners = append(m.corners, p)
	return int32(len(m.corners) - 1)
}

// claim notes the face on the left of all its lines.
func (m *planarMap) claim(f int32) {
	loop := m.faces[f].loop
	for i, u := range loop {
		m.left[[2]int32{u, loop[(i+1)%len(loop)]}] = f
	}
}

// ring returns the places of a face's corners.
func (m *planarMap) ring(f int32) []vec {
	ring := make([]vec, len(m.faces[f].loop))
	for i, v := range m.faces[f].loop {
		ring[i] = m.corners[v]
	}
	return ring
}

// neighbour returns the face on the other side of the line from u to v, -1 beyond the town's edge.
func (m *planarMap) neighbour(u, v int32) int32 {
	if g, ok := m.left[[2]int32{v, u}]; ok {
		return g
	}
	return -1
}

// pin puts a new corner on the line from u to v, on both its sides, and returns it.
func (m *planarMap) pin(u, v int32, p vec) int32 {
	w := m.corner(p)
	for _, e := range [2][2]int32{{u, v}, {v, u}} {
		f, ok := m.left[e]
		if !ok {
			continue
		}
		delete(m.left, e)
		m.left[[2]int32{e[0], w}], m.left[[2]int32{w, e[1]}] = f, f
		loop := m.faces[f].loop
		m.faces[f].loop = slices.Insert(slices.Clone(loop), slices.Index(loop, e[0])+1, w)
	}
	s := m.streets[low(u, v)]
	delete(m.streets, low(u, v))
	m.streets[low(u, w)], m.streets[low(w, v)] = s, s
	return w
}

// cut divides a face along a line from its corner a through new places to its corner b. The face keeps what lies on the
// left of that line; the number of the new face on the right is returned.
func (m *planarMap) cut(f, a, b int32, through []vec, s street) int32 {
	loop := m.faces[f].loop
	i := slices.Index(loop, a)
	loop = slices.Concat(loop[i:], loop[:i])
	j := slices.Index(loop, b)
	chord := make([]int32, len(through))
	for k, p := range through {
		chord[k] = m.corner(p)
	}
	right := slices.Concat(loop[:j+1], reversed(chord)) // a … b along the border, and back
	left := slices.Concat(loop[j:], loop[:1], chord)    // b … a along the border, then the chord
	g := int32(len(m.faces))
	other := m.faces[f]
	other.loop = right
	m.faces = append(m.faces, other)
	m.faces[f].loop = left
	m.claim(f)
	m.claim(g)
	line := slices.Concat([]int32{a}, chord, []int32{b})
	for k := 1; k < len(line); k++ {
		m.streets[low(line[k-1], line[k])] = s
	}
	return g
}

func reversed(s []int32) []int32 {
	r := slices.Clone(s)
	slices.Reverse(r)
	return r
}

// join gives the whole of face g to its neighbour f. It reports false and changes nothing when the border they share is
// not one unbroken line: their union would then enclose a third face.
func (m *planarMap) join(f, g int32) bool {
	a, b := m.faces[f].loop, m.faces[g].loop
	shared := func(i int) bool { return m.neighbour(a[i], a[(i+1)%len(a)]) == g }
	start, lines, breaks := -1, 0, 0
	for i := range a {
		if !shared(i) {
			continue
		}
		lines++
		if !shared((i + len(a) - 1) % len(a)) {
			start = i
			breaks++
		}
	}
	if breaks != 1 || lines >= len(b) {
		return false
	}
	a = slices.Concat(a[start:], a[:start]) // the shared line is now a[0] … a[lines]
	k := slices.Index(b, a[0])
	b = slices.Concat(b[k:], b[:k]) // and in b, backwards, it ends at b[0]: b[len-lines] … b[len-1] b[0]
	for i := range lines {
		delete(m.left, [2]int32{a[i], a[i+1]})
		delete(m.left, [2]int32{a[i+1], a[i]})
		delete(m.streets, low(a[i], a[i+1]))
	}
	m.faces[f].loop = slices.Concat(a[lines:], b[:len(b)-lines])
	m.faces[g].loop = nil
	m.claim(f)
	return true
}

// borders calls visit for each line of a face that has another face beyond it.
func (m *planarMap) borders(f int32, visit func(g int32, metres float64, s street)) {
	loop := m.faces[f].loop
	for i, u := range loop {
		v := loop[(i+1)%len(loop)]
		if g := m.neighbour(u, v); g >= 0 {
			visit(g, m.corners[u].distance(m.corners[v]), m.streets[low(u, v)])
		}
	}
}

// Snap distances in metres: a street that would meet a border this near to a corner goes through the corner.
const curveSnap = 9

// draw cuts every face that the curve crosses, where keep (of the middle of the piece inside the face) says so, and
// returns the pairs of faces made: left and right of the curve.
func (m *planarMap) draw(c curve, s street, step float64, keep func(vec) bool) [][2]int32 {
	var made [][2]int32
	for f := int32(0); f < int32(len(m.faces)); f++ {
		made = append(made, m.drawThrough(f, c, s, step, keep)...)
	}
	return made
}

func (m *planarMap) drawThrough(f int32, c curve, s street, step float64, keep func(vec) bool) [][2]int32 {
	for _, span := range m.spans(f, c) {
		middle := c.at((span.from + span.to) / 2)
		if !inside(m.ring(f), middle) || !keep(middle) {
			continue
		}
		n := int(float64((span.to-span.from)*c.pace()) / step)
		through := make([]vec, 0, n)
		for k := 1; k <= n; k++ {
			through = append(through, c.at(span.from+float64((span.to-span.from)*float64(k))/float64(n+1)))
		}
		a, b := m.meet(f, span.a), m.meet(f, span.b)
		if _, ok := m.streets[low(a, b)]; ok {
			continue // the curve runs along a border that is there already
		}
		g := m.cut(f, a, b, through, s)
		return append([][2]int32{{f, g}}, slices.Concat(m.drawThrough(f, c, s, step, keep), m.drawThrough(g, c, s, step, keep))...)
	}
	return nil
}

// crossing is where a curve meets a face's border: at the corner u, or on the line from u to v.
type crossing struct {
	u, v int32 // v is -1 at a corner
	p    vec
	t    float64
}

type span struct {
	a, b     crossing
	from, to float64
}

func (m *planarMap) meet(f int32, c crossing) int32 {
	if c.v < 0 {
		return c.u
	}
	return m.pin(c.u, c.v, c.p)
}

// spans returns the pieces of the curve between neighbouring crossings with the face's border.
func (m *planarMap) spans(f int32, c curve) []span {
	loop := m.faces[f].loop
	n := len(loop)
	side := make([]float64, n)
	for i, v := range loop {
		side[i] = c.side(m.corners[v])
		if math.Abs(side[i]) < curveSnap {
			side[i] = 0
		}
	}
	var found []crossing
	for i := range loop {
		j := (i + 1) % n
		switch {
		case side[i] < 0 && side[j] > 0 || side[i] > 0 && side[j] < 0:
			p := m.zero(c, loop[i], loop[j])
			found = append(found, crossing{loop[i], loop[j], p, c.along(p)})
		case side[i] == 0 && side[(i+n-1)%n] != 0:
			end := i
			for side[(end+1)%n] == 0 && (end+1)%n != i {
				end++
			}
			before, after := side[(i+n-1)%n], side[(end+1)%n]
			if (before < 0) != (after < 0) {
				v := loop[((i+end)/2)%n]
				found = append(found, crossing{v, -1, m.corners[v], c.along(m.corners[v])})
			}
		}
	}
	slices.SortFunc(found, func(a, b crossing) int {
		if a.t < b.t {
			return -1
		}
		return 1
	})
	var spans []span
	for i := 1; i < len(found); i++ {
		spans = append(spans, span{found[i-1], found[i], found[i-1].t, found[i].t})
	}
	if c.period() > 0 && len(found) > 1 {
		last := found[len(found)-1]
		spans = append(spans, span{last, found[0], last.t, found[0].t + c.period()})
	}
	return spans
}

// zero returns the place where the curve crosses the line from u to v, found by halving.
func (m *planarMap) zero(c curve, u, v int32) vec {
	if v < u {
		u, v = v, u // the same place from both sides
	}
	a, b := m.corners[u], m.corners[v]
	lo, hi := 0.0, 1.0
	up := c.side(b) > 0
	for range 40 {
		mid := (lo + hi) / 2
		if (c.side(between(a, b, mid)) > 0) == up {
			hi = mid
		} else {
			lo = mid
		}
	}
	return between(a, b, (lo+hi)/2)
}
