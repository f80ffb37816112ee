package topo

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// assemble makes polygons of lines that have the inside on their left and meet only at their ends. It reuses the slice.
//
//  1. Walk along the lines; where several leave a node take the first one to the right of the way back, which bounds the
//     same corner of the inside. So each walk is one whole border of one piece of ground whose inside hangs together.
//  2. Where a walk comes back to a node it has passed, cut off the loop: rings that touch only in points remain. A walk
//     round the outside leaves one counter-clockwise ring, its shell, and the holes that touch it; a walk round a hole
//     leaves clockwise rings only.
//  3. The latter belong to the shell of whatever border is the first to the south of them.
//
// Shells run counter-clockwise, holes clockwise, each from its smallest point; polygons and the holes of each come in the
// order of their first points. The cost is O(n log n).
func assemble(lines []arrange.Line) shape.MultiPolygon {
	slices.SortFunc(lines, func(l, m arrange.Line) int {
		return cmp.Or(l.From.Compare(m.From), l.To.Compare(m.To))
	})
	w := walker{lines: lines, head: make([]int32, len(lines)), walked: make([]bool, len(lines)), ring: make([]int32, len(lines))}
	for i, l := range lines {
		first, _ := slices.BinarySearchFunc(lines, l.To, func(l arrange.Line, p crs.Point) int { return l.From.Compare(p) })
		w.head[i] = int32(first)
	}
	w.passed = slices.Repeat([]int32{-1}, len(lines)+1)
	for i := range lines {
		if !w.walked[i] {
			w.walk(int32(i))
		}
	}
	return w.polygons()
}

// walker turns lines into rings. A point goes by the number of the first line that leaves it. Rings are numbered as they
// are found, and the rings of one walk are one group.
type walker struct {
	lines  []arrange.Line // rising
	head   []int32        // by line: the point where it ends
	walked []bool         // by line
	passed []int32        // by point: where on the path the line is that left it, -1 if it is not on the path
	path   []int32        // lines of the walk under way that are part of no ring yet

	ring   []int32 // by line: the ring it is part of
	rings  []shape.Ring
	group  []int32 // by ring
	shells []int32 // by group: the ring that is its shell, -1 for a walk round a hole
}

// walk follows the border that line first is part of, and takes its rings off it.
func (w *walker) walk(first int32) {
	group := int32(len(w.shells))
	w.shells = append(w.shells, -1)
	from := w.point(first)
	for l := first; l >= 0; {
		w.walked[l] = true
		w.passed[from] = int32(len(w.path))
		w.path = append(w.path, l)
		from = w.head[l]
		if start := w.passed[from]; start >= 0 {
			w.take(w.path[start:], group)
			w.path = w.path[:start]
		}
		if l = w.next(l, first); l == first {
			break
		}
	}
	w.path = w.path[:0]
}

// point returns the point where a line begins.
func (w *walker) point(line int32) int32 {
	for line > 0 && w.lines[line-1].From == w.lines[line].From {
		line--
	}
	return line
}

// next returns the line on which a walk goes on that came along line l and began with line first. Lines already walked
// are left out: between pieces that cross each other, against the agreement, a walk must still come to its end.
func (w *walker) next(l, first int32) int32 {
	at := w.lines[l].To
	best := int32(-1)
	for i := w.head[l]; i < int32(len(w.lines)) && w.lines[i].From == at; i++ {
		if w.walked[i] && i != first {
			continue
		}
		if best < 0 || arrange.Clockwise(at, w.lines[l].From, w.lines[i].To, w.lines[best].To) {
			best = i
		}
	}
	return best
}

// take makes a ring of the lines of a closed path.
func (w *walker) take(path []int32, group int32) {
	n := int32(len(w.rings))
	ring := make(shape.Ring, len(path))
	for i, l := range path {
		ring[i] = w.lines[l].From
		w.ring[l] = n
		w.passed[w.point(l)] = -1
	}
	ring = ring.Canonical()
	if w.shells[group] < 0 && leftAtFirst(ring) {
		w.shells[group] = n
	}
	w.rings, w.group = append(w.rings, ring), append(w.group, group)
}

// leftAtFirst reports whether a simple ring begun at its smallest point runs counter-clockwise: it must turn left there.
func leftAtFirst(r shape.Ring) bool {
	return arrange.Line{From: r[len(r)-1], To: r[0]}.Side(r[1]) > 0
}

func (w *walker) polygons() shape.MultiPolygon {
	w.hang()
	number := make([]int32, len(w.rings)) // by shell: which polygon it begins
	var m shape.MultiPolygon
	shells := slices.DeleteFunc(slices.Clone(w.shells), func(ring int32) bool { return ring < 0 })
	slices.SortFunc(shells, func(a, b int32) int { return compareRings(w.rings[a], w.rings[b]) })
	shells = slices.Compact(shells)
	for i, s := range shells {
		number[s] = int32(i)
		m = append(m, shape.Polygon{w.rings[s]})
	}
	for n, r := range w.rings {
		if s := w.shells[w.group[n]]; s >= 0 && s != int32(n) {
			m[number[s]] = append(m[number[s]], r)
		}
	}
	for _, p := range m {
		slices.SortFunc(p[1:], compareRings)
	}
	return m
}

func compareRings(r, s shape.Ring) int { return slices.CompareFunc(r, s, crs.Point.Compare) }

// hang finds a shell for each group that has none. The border to the south of a hole belongs to a group whose smallest
// point is smaller than the hole's, and groups are numbered by their smallest points, so that one has its shell already.
func (w *walker) hang() {
	var homeless []int32
	var points []crs.Point
	for n, r := range w.rings {
		g := w.group[n] // its last ring closes where the walk began, at its smallest point
		if last := n+1 == len(w.rings) || w.group[n+1] != g; last && w.shells[g] < 0 {
			homeless, points = append(homeless, g), append(points, r[0])
		}
	}
	if len(homeless) == 0 {
		return
	}
	upright := make([]arrange.Line, len(w.lines)) // all from west to east
	for i, l := range w.lines {
		if l.From.Compare(l.To) > 0 {
			l.From, l.To = l.To, l.From
		}
		upright[i] = l
	}
	for i, under := range arrange.Below(upright, points) {
		if under >= 0 {
			w.shells[homeless[i]] = w.shells[w.group[w.ring[under]]]
		}
	}
}
