package arrange

import (
	"slices"
	"sort"

	"gridwright/geo/crs"
)

// Below returns for each point the index of the highest line under it, -1 where there is none. A line that holds the
// point is not under it; of lines that only reach the point's meridian those count that go on to the east. The lines
// run from west to east (or due north, when they never count) and meet only at their ends.
//
// The meridians of the points are the leaves of a segment tree (Bentley 1977): a line is kept at the few branches that
// together span it, where all lines lie in one order, and a point looks along its way to the root. The cost is
// O((n log n + q log n) log q) for n lines and q points.
func Below(lines []Line, points []crs.Point) []int32 {
	below := make([]int32, len(points))
	if len(points) == 0 {
		return below
	}
	t := spans{lines: lines}
	for _, p := range points {
		t.meridians = append(t.meridians, p.Lon)
	}
	slices.Sort(t.meridians)
	t.meridians = slices.Compact(t.meridians)
	t.grow()
	for i, p := range points {
		below[i] = t.under(p)
	}
	return below
}

// spans is a segment tree in an array: branch i has the branches 2i and 2i+1, meridian m is branch len(meridians)+m.
type spans struct {
	lines     []Line
	meridians []crs.Coord
	branches  [][]int32 // lines that span the branch and no larger one, from south to north
}

func (t *spans) grow() {
	n := len(t.meridians)
	t.branches = make([][]int32, 2*n)
	for i, l := range t.lines {
		from, _ := slices.BinarySearch(t.meridians, l.From.Lon)
		to, _ := slices.BinarySearch(t.meridians, l.To.Lon)
		for from, to = from+n, to+n; from < to; from, to = from/2, to/2 {
			if from%2 == 1 {
				t.branches[from] = append(t.branches[from], int32(i))
				from++
			}
			if to%2 == 1 {
				to--
				t.branches[to] = append(t.branches[to], int32(i))
			}
		}
	}
	for _, b := range t.branches {
		slices.SortFunc(b, func(i, j int32) int { return height(t.lines[i], t.lines[j]) })
	}
}

func (t *spans) under(p crs.Point) int32 {
	m, _ := slices.BinarySearch(t.meridians, p.Lon)
	best := int32(-1)
	for branch := m + len(t.meridians); branch > 0; branch /= 2 {
		lines := t.branches[branch]
		n := sort.Search(len(lines), func(i int) bool { return t.lines[lines[i]].Side(p) <= 0 })
		if n > 0 && (best < 0 || height(t.lines[lines[n-1]], t.lines[best]) > 0) {
			best = lines[n-1]
		}
	}
	return best
}

// height compares two lines that cross the same meridian and do not cross each other: negative when l runs south of m.
func height(l, m Line) int {
	if l.From.Lon < m.From.Lon {
		return -height(m, l)
	}
	if s := m.Side(l.From); s != 0 { // l begins no further west, so m passes above or below its beginning
		return s
	}
	return m.Side(l.To)
}
