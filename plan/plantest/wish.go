package plantest

import (
	"fmt"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// Wish is an edit as it is asked for over HTTP.
type Wish struct {
	Base      *int64        `json:"base_revision,omitempty"`
	Kind      plan.EditKind `json:"kind"`
	By        string        `json:"by,omitempty"`
	Blocks    []string      `json:"blocks,omitempty"`
	To        string        `json:"to,omitempty"`
	Grid      string        `json:"grid,omitempty"`
	Neighbour string        `json:"neighbour,omitempty"`
	Into      string        `json:"into,omitempty"`
	Grids     []string      `json:"grids,omitempty"`
	All       bool          `json:"all,omitempty"`
	Borders   [][2]string   `json:"borders,omitempty"`
	Line      [][2]float64  `json:"line,omitempty"`
	Share     bool          `json:"share,omitempty"`
	Name      string        `json:"name,omitempty"`
	NameEn    string        `json:"name_en,omitempty"`
	Purpose   string        `json:"purpose,omitempty"`
	Body      string        `json:"body,omitempty"`
	Reason    string        `json:"reason,omitempty"`
	Revision  int64         `json:"revision,omitempty"`
}

// RandomWish returns a wish that may well be granted on a plan, of any kind. intn returns a number from 0 to n-1.
func RandomWish(s *plan.Snapshot, intn func(n int) int) Wish {
	var live []*plan.Grid
	for g := range s.Live() {
		live = append(live, g)
	}
	some := func() *plan.Grid { return live[intn(len(live))] }
	g := some()
	near := g
	if all := s.Neighbours(g.No); len(all) > 0 {
		near = s.Grid(all[intn(len(all))])
	}
	switch n := intn(20); {
	case n < 6:
		w := Wish{Kind: plan.Assign, To: near.Code}
		if blocks := s.Blocks(g.No); len(blocks) > 0 {
			first := blocks[intn(len(blocks))]
			for _, b := range blocks {
				for _, e := range s.Ground.Graph.Neighbours(b) {
					if s.At[e.To] == near.No {
						first = b
					}
				}
			}
			w.Blocks = []string{s.Ground.Blocks[first].Code}
			if intn(8) == 0 {
				w.To = ""
			}
		}
		return w
	case n < 10:
		return Wish{Kind: plan.CutGrid, Grid: g.Code, Line: across(box(s, g.No), intn), Share: intn(5) > 0}
	case n < 12:
		return Wish{Kind: plan.Reshape, Grid: g.Code, Neighbour: near.Code, Line: bulge(s, g.No, near.No, intn), Share: intn(5) > 0}
	case n < 14 && len(live) > 2:
		return Wish{Kind: plan.Merge, Grids: []string{g.Code, near.Code}, Into: near.Code}
	case n == 14:
		w := Wish{Kind: plan.LockThings, Grids: []string{g.Code}}
		if near != g && intn(2) == 0 {
			w.Grids, w.Borders = nil, [][2]string{{g.Code, near.Code}}
		} else if blocks := s.Blocks(g.No); len(blocks) > 0 && intn(2) == 0 {
			w.Grids, w.Blocks = nil, []string{s.Ground.Blocks[blocks[intn(len(blocks))]].Code}
		}
		return w
	case n == 15:
		return Wish{Kind: plan.UnlockThings, All: true}
	case n == 16:
		return Wish{Kind: plan.Rename, Grid: g.Code, Name: fmt.Sprintf("名%d", intn(1000))}
	case n == 17:
		switch intn(3) {
		case 0:
			return Wish{Kind: plan.Dedicate, Grid: g.Code, Purpose: "商圈", Body: "管委会"}
		case 1:
			return Wish{Kind: plan.Dedicate, Grid: g.Code}
		}
		return Wish{Kind: plan.Enclave, Grid: g.Code, Reason: fmt.Sprintf("理由%d", intn(3))}
	case n == 18:
		return Wish{Kind: plan.Restore, Revision: 1 + int64(intn(int(s.Revision)))}
	}
	return Wish{Kind: []plan.EditKind{plan.Undo, plan.Redo}[intn(2)]}
}

func box(s *plan.Snapshot, no plan.GridNo) shape.Box {
	b := shape.EmptyBox
	for _, i := range s.Blocks(no) {
		b = b.Union(s.Ground.Blocks[i].Shape.Box())
	}
	return b
}

func degrees(p crs.Point) [2]float64 { return [2]float64{p.Lon.Degrees(), p.Lat.Degrees()} }

// across returns a line from one side of a box to the opposite one.
func across(b shape.Box, intn func(n int) int) (line [][2]float64) {
	if b.IsEmpty() {
		return [][2]float64{{104, 39.7}, {104.1, 39.7}}
	}
	const out = 2_000
	width, height := int(b.Max.Lon-b.Min.Lon)+1, int(b.Max.Lat-b.Min.Lat)+1
	steps := 1 + intn(3)
	upright := intn(2) == 0
	for i := range steps + 1 {
		p := crs.Point{Lon: b.Min.Lon + crs.Coord(intn(width)), Lat: b.Min.Lat + crs.Coord(intn(height))}
		if upright {
			p.Lat = b.Min.Lat - out + crs.Coord((height+2*out)*i/steps)
		} else {
			p.Lon = b.Min.Lon - out + crs.Coord((width+2*out)*i/steps)
		}
		line = append(line, degrees(p))
	}
	return line
}

// bulge returns a line from one corner of the border of two grids to another, by way of a point near them.
func bulge(s *plan.Snapshot, a, b plan.GridNo, intn func(n int) int) [][2]float64 {
	corners := map[crs.Point]bool{}
	for _, i := range s.Blocks(b) {
		for _, p := range s.Ground.Blocks[i].Shape {
			for _, v := range p[0] {
				corners[v] = true
			}
		}
	}
	var shared []crs.Point
	for _, i := range s.Blocks(a) {
		for _, p := range s.Ground.Blocks[i].Shape {
			for _, v := range p[0] {
				if corners[v] {
					shared = append(shared, v)
				}
			}
		}
	}
	if len(shared) < 2 {
		return [][2]float64{{104, 39.7}, {104.001, 39.7}}
	}
	p, q := shared[intn(len(shared))], shared[intn(len(shared))]
	far := crs.Point{Lon: p.Lon/2 + q.Lon/2 + crs.Coord(intn(30_000)-15_000), Lat: p.Lat/2 + q.Lat/2 + crs.Coord(intn(30_000)-15_000)}
	return [][2]float64{degrees(p), degrees(far), degrees(q)}
}
