package arrange

import (
	"iter"
	"slices"

	"gridwright/geo/crs"
)

// Arrangement is a net with its faces. Every edge is two halves, one for each direction, and each half has a face on its
// left.
type Arrangement struct {
	*Net
	Next  []int32 // by half: the half that goes on along the same face
	Face  []int32 // by half: the face on its left
	Faces []Face  // the first is the ground outside everything; the others from west to east
}

// Face is a piece of ground that no edge divides.
type Face struct {
	// Cycles is one half of each closed walk along the face's border, the one that leaves its westernmost node. The outer
	// walk is first; the face outside has none.
	Cycles []int32
	Turns  []Turn // how often each label from 0 up winds round the face; rising by label, no count is 0; may share memory
}

// Half returns the half of an edge that runs from A to B; its Twin is the other one.
func Half(edge int32) int32 { return 2 * edge }

// Twin returns the other half of the same edge.
func Twin(half int32) int32 { return half ^ 1 }

// EdgeOf returns the edge of a half, and whether the half runs from B to A.
func EdgeOf(half int32) (edge int32, back bool) { return half / 2, half%2 == 1 }

// Origin returns the node where a half begins.
func (a *Arrangement) Origin(half int32) int32 {
	if e, back := EdgeOf(half); !back {
		return a.Edges[e].A
	} else {
		return a.Edges[e].B
	}
}

// Cycle yields the halves of the cycle of a half, beginning with it.
func (a *Arrangement) Cycle(half int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for h := half; yield(h); {
			if h = a.Next[h]; h == half {
				return
			}
		}
	}
}

// Border yields the halves with a face on their left, cycle by cycle.
func (a *Arrangement) Border(face int32) iter.Seq[int32] {
	return func(yield func(int32) bool) {
		for _, c := range a.Faces[face].Cycles {
			for h := range a.Cycle(c) {
				if !yield(h) {
					return
				}
			}
		}
	}
}

// Weave finds the faces of a net whose edges meet only at nodes.
//
//  1. Turn about each node, and join each half that arrives to the one that leaves next on its right: cycles.
//  2. A cycle that has the far west on its left at its westernmost node runs round an island from outside. All others
//     are outer borders, each of one face.
//  3. An island lies in the face above the first edge under its westernmost node.
//  4. Step from face to face, beginning outside, and add up the turns of the edges crossed.
//
// The error is a *TooTangled when faces have more labels than the limit allows. The cost is O(n log n) and the labels.
func Weave(net *Net, limit Limit) (*Arrangement, error) {
	a := &Arrangement{Net: net, Next: make([]int32, 2*len(net.Edges)), Face: make([]int32, 2*len(net.Edges))}
	last := a.link()
	a.hang(a.outline(last))
	return a, a.wind(limit)
}

// link fills Next and returns for each node the last half to leave it in a round that begins in the west and turns by
// south, east and north.
func (a *Arrangement) link() (last []int32) {
	start := make([]int32, len(a.Nodes)+1)
	for _, e := range a.Edges {
		start[e.A+1]++
		start[e.B+1]++
	}
	for i := range a.Nodes {
		start[i+1] += start[i]
	}
	leaving, next := make([]int32, 2*len(a.Edges)), slices.Clone(start)
	for h := range int32(len(leaving)) {
		from := a.Origin(h)
		leaving[next[from]] = h
		next[from]++
	}
	last = make([]int32, len(a.Nodes))
	for n := range a.Nodes {
		round := leaving[start[n]:start[n+1]]
		slices.SortFunc(round, func(g, h int32) int { return compareAngles(a.way(g), a.way(h)) })
		right := round[len(round)-1]
		last[n] = right
		for _, h := range round {
			a.Next[Twin(h)] = right
			right = h
		}
	}
	return last
}

func (a *Arrangement) way(half int32) vector {
	return way(a.Nodes[a.Origin(half)], a.Nodes[a.Origin(Twin(half))])
}

// compareAngles orders ways counter-clockwise, beginning just after the west.
func compareAngles(u, v vector) int {
	if p, q := northern(u), northern(v); p != q {
		if p {
			return 1
		}
		return -1
	}
	return -turn(u, v)
}

func northern(v vector) bool { return v.y > 0 || v.y == 0 && v.x < 0 }

// outline makes a face of each cycle that runs round one, and returns a half of each that runs round an island, both
// from west to east. The faces of the latter are for hang to say.
func (a *Arrangement) outline(last []int32) (islands []int32) {
	const unseen, island = -2, -1
	for h := range a.Face {
		a.Face[h] = unseen
	}
	a.Faces = make([]Face, 1)
	// Edges rise by their western node, so a cycle is met first at its own westernmost one.
	for e := range a.Edges {
		leaves := Half(int32(e))
		for _, h := range [2]int32{leaves, a.Next[Twin(leaves)]} {
			if a.Face[h] != unseen {
				continue
			}
			face, west := int32(len(a.Faces)), a.Edges[e].A
			for g := range a.Cycle(h) {
				a.Face[g] = face
				if a.Origin(g) == west && last[west] == g {
					face = island
				}
			}
			if face == island {
				islands = append(islands, h)
			} else {
				a.Faces = append(a.Faces, Face{Cycles: []int32{h}})
			}
		}
	}
	return islands
}

// hang gives each island to the face it lies in. An island under another has its westernmost node further west or further
// south, so it has its own face already.
func (a *Arrangement) hang(islands []int32) {
	if len(islands) == 0 {
		return
	}
	points := make([]crs.Point, len(islands)-1) // nothing is under the westernmost
	for i, h := range islands[1:] {
		points[i] = a.Nodes[a.Origin(h)]
	}
	below := append([]int32{-1}, Below(a.Lines(), points)...)
	for i, h := range islands {
		face := int32(0)
		if below[i] >= 0 {
			face = a.Face[Half(below[i])]
		}
		for g := range a.Cycle(h) {
			a.Face[g] = face
		}
		a.Faces[face].Cycles = append(a.Faces[face].Cycles, h)
	}
}

// wind counts the labels of all faces.
func (a *Arrangement) wind(limit Limit) error {
	known := make([]bool, len(a.Faces))
	known[0] = true
	labels := 0
	for todo := []int32{0}; len(todo) > 0; {
		f := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for h := range a.Border(f) {
			g := a.Face[Twin(h)]
			if known[g] {
				continue
			}
			known[g] = true
			todo = append(todo, g)
			e, back := EdgeOf(h)
			a.Faces[g].Turns = across(a.Faces[f].Turns, a.Edges[e].Turns, back)
			if labels += len(a.Faces[g].Turns); labels > int(limit) {
				return &TooTangled{limit, a.Nodes[a.Edges[e].A]}
			}
		}
	}
	return nil
}

// across returns the turns on the right of a half whose left has the turns left; back tells that it runs from B to A.
func across(left, edge []Turn, back bool) []Turn {
	for len(edge) > 0 && edge[0].Label < 0 {
		edge = edge[1:]
	}
	if len(edge) == 0 {
		return left
	}
	right := make([]Turn, 0, len(left)+len(edge))
	for len(left) > 0 || len(edge) > 0 {
		if len(edge) == 0 || len(left) > 0 && left[0].Label < edge[0].Label {
			right, left = append(right, left[0]), left[1:]
			continue
		}
		t := edge[0]
		edge = edge[1:]
		if !back {
			t.Count = -t.Count
		}
		if len(left) > 0 && left[0].Label == t.Label {
			t.Count += left[0].Count
			left = left[1:]
		}
		if t.Count != 0 {
			right = append(right, t)
		}
	}
	return right
}
