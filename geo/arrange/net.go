package arrange

import (
	"cmp"
	"slices"

	"gridwright/geo/crs"
)

// Segment is a line with what lies on its left: one more turn of its label than on its right. The lines of a ring that
// runs counter-clockwise thus put their label inside.
//
// A label below 0 is that of a line and not of a ring, say a road: it divides the ground and winds round nothing. Its turns
// count how often it was drawn along an edge, in whichever direction, so they never cancel.
type Segment struct {
	Line
	Label int32
}

// Turn is how often a label winds round a place, or how much more often it does on the left of an edge than on its right.
type Turn struct{ Label, Count int32 }

// Edge is a line of a net, from node A to node B; A < B.
type Edge struct {
	A, B  int32
	Turns []Turn // what is more on the left than on the right, and lines drawn; rising by label, no count is 0, never empty
}

// Net is lines joined at nodes. The edges of a net that Snap returns meet only at nodes.
type Net struct {
	Nodes  []crs.Point // rising; each is the end of an edge
	Edges  []Edge      // rising by A, then B
	Rounds int         // how often Snap moved edges; no point of a segment moved further than 0.71 grid steps a round
}

// Line returns the line of an edge, from A to B.
func (n *Net) Line(edge int) Line { return Line{n.Nodes[n.Edges[edge].A], n.Nodes[n.Edges[edge].B]} }

// Lines returns the lines of all edges, from A to B.
func (n *Net) Lines() []Line {
	lines := make([]Line, len(n.Edges))
	for e := range lines {
		lines[e] = n.Line(e)
	}
	return lines
}

// Join returns the net of segments as they are. Where the same line comes several times its turns are added up; it is
// left out when they cancel, since it then divides nothing. The segments must meet only at their ends.
func Join(segments []Segment) *Net {
	nodes := make([]crs.Point, 0, 2*len(segments))
	for _, s := range segments {
		nodes = append(nodes, s.From, s.To)
	}
	nodes = rising(nodes)
	at := make(map[crs.Point]int32, len(nodes))
	for i, p := range nodes {
		at[p] = int32(i)
	}
	strands := make([]strand, len(segments))
	for i, s := range segments {
		strands[i] = strand{at[s.From], at[s.To], s.Label, 1}
	}
	return (&Net{Nodes: nodes, Edges: bundle(strands)}).trimmed()
}

// rising returns the points in order and each once. It reuses the slice.
func rising(points []crs.Point) []crs.Point {
	slices.SortFunc(points, crs.Point.Compare)
	return slices.Compact(points)
}

// strand is one label along one edge, in the direction that has count more of it on the left.
type strand struct{ a, b, label, count int32 }

// bundle makes edges of strands. It reuses the slice of strands.
func bundle(strands []strand) []Edge {
	for i, s := range strands {
		if s.a > s.b {
			strands[i] = strand{s.b, s.a, s.label, -s.count}
			if s.label < 0 {
				strands[i].count = s.count
			}
		}
	}
	slices.SortFunc(strands, func(s, t strand) int {
		if s.a != t.a {
			return int(s.a) - int(t.a)
		}
		if s.b != t.b {
			return int(s.b) - int(t.b)
		}
		return cmp.Compare(s.label, t.label)
	})
	turns := make([]Turn, 0, len(strands))
	edges := make([]Edge, 0, len(strands)/2+1)
	for i := 0; i < len(strands); {
		a, b, first := strands[i].a, strands[i].b, len(turns)
		for i < len(strands) && strands[i].a == a && strands[i].b == b {
			t := Turn{Label: strands[i].label}
			for ; i < len(strands) && strands[i].a == a && strands[i].b == b && strands[i].label == t.Label; i++ {
				t.Count += strands[i].count
			}
			if t.Count != 0 {
				turns = append(turns, t)
			}
		}
		if a != b && len(turns) > first {
			edges = append(edges, Edge{a, b, turns[first:len(turns):len(turns)]})
		}
	}
	return edges
}

// trimmed returns the net without the nodes that are the end of no edge. It reuses the slices.
func (n *Net) trimmed() *Net {
	used := make([]int32, len(n.Nodes))
	for _, e := range n.Edges {
		used[e.A], used[e.B] = 1, 1
	}
	kept := n.Nodes[:0]
	for i, p := range n.Nodes {
		if used[i] != 0 {
			used[i] = int32(len(kept))
			kept = append(kept, p)
		}
	}
	for i := range n.Edges {
		n.Edges[i].A, n.Edges[i].B = used[n.Edges[i].A], used[n.Edges[i].B]
	}
	n.Nodes = kept
	return n
}
