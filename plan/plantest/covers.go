package plantest

import (
	"cmp"
	"fmt"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
)

// Covers returns what is wrong with a ground on which blocks were cut, beside the ground before: a parent that it does not cover as before, a
// side that does not fit its neighbour's vertex for vertex, a border that is not what blocks share. Parents may have got corners.
func Covers(g, whole *plan.Ground) error {
	for p := range g.Parents {
		now, before := union(g, int32(p)), union(whole, int32(p))
		if a, b := float64(now.Area()), float64(before.Area()); a-b > 1 || b-a > 1 {
			return fmt.Errorf("parent %s has %f m2 and had %f", g.Parents[p].Code, a, b)
		}
		for _, polygon := range before {
			for _, r := range polygon {
				for _, v := range r {
					if !hasCorner(now, v) {
						return fmt.Errorf("parent %s lacks its corner %v", g.Parents[p].Code, v)
					}
				}
			}
		}
	}
	shapes := make([]shape.MultiPolygon, len(g.Blocks))
	for i := range g.Blocks {
		shapes[i] = g.Blocks[i].Shape
	}
	shared := map[[2]plan.BlockID]float64{}
	for _, s := range topo.SharedSides(shapes) {
		a, b := g.Blocks[s.A].ID, g.Blocks[s.B].ID
		shared[[2]plan.BlockID{min(a, b), max(a, b)}] += float64(lengthOf(s.Line))
	}
	said := map[[2]plan.BlockID]float64{}
	for _, b := range g.Borders {
		said[[2]plan.BlockID{min(b.A, b.B), max(b.A, b.B)}] += float64(b.Length)
	}
	for pair, n := range shared {
		if d := said[pair] - n; d > 0.01 || d < -0.01 {
			return fmt.Errorf("blocks %v share %f m, and %f are said", pair, n, said[pair])
		}
	}
	for pair := range said {
		if shared[pair] == 0 {
			return fmt.Errorf("blocks %v are said to share a border", pair)
		}
	}
	return loose(shapes)
}

func lengthOf(l arrange.Line) float64 { return float64(shape.Ring{l.From, l.To}.Length()) / 2 }

func union(g *plan.Ground, parent int32) shape.MultiPolygon {
	from, to := g.ParentBlocks(parent)
	var shapes []shape.MultiPolygon
	for _, b := range g.Blocks[from:to] {
		shapes = append(shapes, b.Shape)
	}
	return topo.Union(shapes)
}

func hasCorner(m shape.MultiPolygon, v crs.Point) bool {
	for _, p := range m {
		for _, r := range p {
			if slices.Contains(r, v) {
				return true
			}
		}
	}
	return false
}

// loose returns an error where a corner of one block lies on a side of another, or two sides cross: they do not fit vertex for vertex.
func loose(shapes []shape.MultiPolygon) error {
	var lines []arrange.Line
	for _, m := range shapes {
		for _, p := range m {
			for _, r := range p {
				for i, to := range r {
					lines = append(lines, arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to}.Upward())
				}
			}
		}
	}
	slices.SortFunc(lines, func(a, b arrange.Line) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	lines = slices.Compact(lines)
	var bad error
	arrange.Meetings(lines, func(i, j int32) bool {
		a, b := lines[i], lines[j]
		inner := func(l arrange.Line, v crs.Point) bool { return l.Holds(v) && v != l.From && v != l.To }
		if a.Crosses(b) || inner(a, b.From) || inner(a, b.To) || inner(b, a.From) || inner(b, a.To) {
			bad = fmt.Errorf("sides %v and %v do not fit", a, b)
			return false
		}
		return true
	})
	return bad
}

// Holds returns what a plan does not keep of what is always true of one: its blocks cover its parents as before any cut, sums are what they
// were, every block is in one grid of its own parent or in none, and what is kept of grids is what their blocks say.
func Holds(s *plan.Snapshot) error {
	whole := cmp.Or(s.Ground.Whole, s.Ground)
	for m := range s.Ground.Measures {
		if got, want := s.Ground.Total(m), whole.Total(m); got != want {
			return fmt.Errorf("revision %d counts %d %s, and there are %d", s.Revision, got, s.Ground.Measures[m], want)
		}
	}
	if err := Covers(s.Ground, whole); err != nil {
		return fmt.Errorf("revision %d: %w", s.Revision, err)
	}
	again := plan.NewSnapshot(s.Ground, s.Recipe, s.Revision, slices.Clone(s.Grids), slices.Clone(s.At))
	for i := range s.Grids {
		no := plan.GridNo(i + 1)
		if !slices.Equal(s.Blocks(no), again.Blocks(no)) || !slices.Equal(s.Loads(no), again.Loads(no)) || s.Pieces(no) != again.Pieces(no) {
			return fmt.Errorf("revision %d: what is kept of grid %d is not what its blocks say", s.Revision, no)
		}
		if s.Grids[i].Gone && len(s.Blocks(no)) > 0 {
			return fmt.Errorf("revision %d: grid %d is gone and has blocks", s.Revision, no)
		}
	}
	for b, no := range s.At {
		if no != 0 && (s.Grid(no) == nil || s.Grid(no).Parent != s.Ground.Blocks[b].Parent) {
			return fmt.Errorf("revision %d: block %s is in grid %d of another parent, or of none", s.Revision, s.Ground.Blocks[b].Code, no)
		}
	}
	return nil
}

// Same returns how two plans differ: in blocks, where these are, what is said of grids, or locks. Numbers of grids that are gone, colours and
// revisions do not count.
func Same(a, b *plan.Snapshot) error {
	if len(a.Ground.Blocks) != len(b.Ground.Blocks) {
		return fmt.Errorf("there are %d blocks and %d", len(a.Ground.Blocks), len(b.Ground.Blocks))
	}
	for i := range a.Ground.Blocks {
		x, y := &a.Ground.Blocks[i], &b.Ground.Blocks[i]
		if x.ID != y.ID || x.Code != y.Code || x.Area != y.Area || x.CutOf != y.CutOf || !slices.Equal(x.Counts, y.Counts) || a.At[i] != b.At[i] ||
			!slices.EqualFunc(x.Shape, y.Shape, func(p, q shape.Polygon) bool {
				return slices.EqualFunc(p, q, func(r, s shape.Ring) bool { return slices.Equal(r, s) })
			}) {
			return fmt.Errorf("block %s in grid %d is block %s in grid %d", x.Code, a.At[i], y.Code, b.At[i])
		}
	}
	said := func(s *plan.Snapshot) (all []string) {
		for g := range s.Live() {
			all = append(all, fmt.Sprintf("%d %d %+v %d pieces", g.No, g.Parent, g.GridProps, s.Pieces(g.No)))
		}
		return all
	}
	if x, y := said(a), said(b); !slices.Equal(x, y) {
		return fmt.Errorf("grids are %q and %q", x, y)
	}
	if !slices.Equal(a.Locks(), b.Locks()) {
		return fmt.Errorf("locks are %v and %v", a.Locks(), b.Locks())
	}
	return nil
}
