package plan

import (
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// State says how far a plan has come.
type State string

// The states. A plan is born queued and ends as a draft, failed or cancelled.
const (
	Queued    State = "queued"
	Solving   State = "solving"
	Draft     State = "draft"
	Failed    State = "failed"
	Cancelled State = "cancelled"
)

// Snapshot is a plan at one revision on its ground. It is immutable: Apply returns another.
type Snapshot struct {
	Ground   *Ground
	Recipe   Recipe
	Revision int64
	Grids    []Grid   // Grids[i].No is i+1
	At       []GridNo // one entry a block
	Whys     []*Why   // by parent, what the solver left to be said of it; nil where there is nothing
	locks    locks
	tallies  []tally    // one entry a grid
	siblings [][]GridNo // by parent
}

// tally is what is known of one grid, kept so that an edit costs its own grids and not all.
type tally struct {
	blocks []int32 // rising
	loads  []float64
	pieces int
	area   crs.SquareMetres
}

// NewSnapshot returns the plan with the given grids and assignment, both of which it keeps.
func NewSnapshot(g *Ground, r Recipe, revision int64, grids []Grid, at []GridNo) *Snapshot {
	s := &Snapshot{Ground: g, Recipe: r, Revision: revision, Grids: grids, At: at, tallies: make([]tally, len(grids))}
	for b, no := range at {
		if no != 0 {
			t := &s.tallies[no-1]
			t.blocks = append(t.blocks, int32(b))
		}
	}
	for i := range s.tallies {
		s.tally(GridNo(i + 1))
	}
	s.gather()
	return s
}

func (s *Snapshot) tally(no GridNo) {
	t := &s.tallies[no-1]
	t.loads = make([]float64, len(s.Ground.Measures))
	t.area = 0
	for _, b := range t.blocks {
		for m, n := range s.Ground.Blocks[b].Counts {
			t.loads[m] += float64(n)
		}
		t.area += s.Ground.Blocks[b].Area
	}
	t.pieces = s.pieces(no, t.blocks)
}

// pieces counts the connected parts of a grid.
func (s *Snapshot) pieces(no GridNo, blocks []int32) int {
	graph := s.Ground.Graph
	seen := make(map[int32]bool, len(blocks))
	n := 0
	var todo []int32
	for _, start := range blocks {
		if seen[start] {
			continue
		}
		n++
		seen[start] = true
		for todo = append(todo[:0], start); len(todo) > 0; {
			b := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for _, e := range graph.Edges[graph.Start[b]:graph.Start[b+1]] {
				if s.At[e.To] == no && !seen[e.To] {
					seen[e.To] = true
					todo = append(todo, e.To)
				}
			}
		}
	}
	return n
}

// Blocks returns the indexes of a grid's blocks, rising. The slice is the snapshot's own.
func (s *Snapshot) Blocks(no GridNo) []int32 { return s.tallies[no-1].blocks }

// Loads returns a grid's sums, one a measure of the ground. The slice is the snapshot's own.
func (s *Snapshot) Loads(no GridNo) []float64 { return s.tallies[no-1].loads }

// Pieces returns in how many pieces a grid lies: 1 as it should be, 0 for an empty grid.
func (s *Snapshot) Pieces(no GridNo) int { return s.tallies[no-1].pieces }

// Area returns a grid's area.
func (s *Snapshot) Area(no GridNo) crs.SquareMetres { return s.tallies[no-1].area }

// Polygons returns a grid's polygon, dissolved from its blocks: one part for each piece.
func (s *Snapshot) Polygons(no GridNo) shape.MultiPolygon { return s.dissolve(s.Blocks(no)) }

func (s *Snapshot) dissolve(blocks []int32) shape.MultiPolygon {
	shapes := make([]shape.MultiPolygon, len(blocks))
	for i, b := range blocks {
		shapes[i] = s.Ground.Blocks[b].Shape
	}
	return topo.Union(shapes)
}

// Ideals returns the ideal load of a parent's base grids, one entry a measure: what lies in no dedicated grid over their number.
func (s *Snapshot) Ideals(parent int32) []float64 {
	ideals := make([]float64, len(s.Ground.Measures))
	from, to := s.Ground.ParentBlocks(parent)
	for b, block := range s.Ground.Blocks[from:to] {
		if no := s.At[from+b]; no != 0 && s.Grids[no-1].Dedicated() {
			continue
		}
		for m, n := range block.Counts {
			ideals[m] += float64(n)
		}
	}
	k := float64(max(1, len(s.Siblings(parent))))
	for m := range ideals {
		ideals[m] /= k
	}
	return ideals
}

// Deviation returns how far a grid is from its parent's ideal, as a signed fraction of it, one entry a measure:
// 0.1 is 10 % over. It is NaN where the parent counts nothing, and of dedicated grids.
func (s *Snapshot) Deviation(no GridNo) []float64 {
	ideals := s.Ideals(s.Grids[no-1].Parent)
	for m, load := range s.Loads(no) {
		if ideals[m] == 0 || s.Grids[no-1].Dedicated() {
			ideals[m] = math.NaN()
			continue
		}
		ideals[m] = load/ideals[m] - 1
	}
	return ideals
}

// Balanced returns the indexes of the measures the recipe balances, in its order, leaving out any the ground lacks.
func (s *Snapshot) Balanced() []int {
	var ms []int
	for _, b := range s.Recipe.Balance {
		if m := s.Ground.MeasureIndex(b.Measure); m >= 0 {
			ms = append(ms, m)
		}
	}
	return ms
}

// Worst returns the balanced measure a grid is farthest off in and its signed deviation; 0 and 0 where the parent
// counts nothing.
func (s *Snapshot) Worst(no GridNo) (measure int, deviation float64) {
	devs := s.Deviation(no)
	ms := s.Balanced()
	measure = ms[0]
	for _, m := range ms {
		if math.Abs(devs[m]) > math.Abs(deviation) {
			measure, deviation = m, devs[m]
		}
	}
	return measure, deviation
}

// Neighbours returns the grids a grid shares a border with, of its own parent or not, by number.
func (s *Snapshot) Neighbours(no GridNo) []GridNo {
	var nos []GridNo
	graph := s.Ground.Graph
	for _, b := range s.Blocks(no) {
		for _, e := range graph.Edges[graph.Start[b]:graph.Start[b+1]] {
			if other := s.At[e.To]; other != no && other != 0 {
				nos = append(nos, other)
			}
		}
	}
	slices.Sort(nos)
	return slices.Compact(nos)
}

// Cut returns the border between grids of one parent: how many block borders it runs along and its length.
func (s *Snapshot) Cut() (edges int, length crs.Metres) {
	graph := s.Ground.Graph
	for b := range s.Ground.Blocks {
		for _, e := range graph.Edges[graph.Start[b]:graph.Start[b+1]] {
			if int32(b) < e.To && s.At[b] != s.At[e.To] && s.Ground.Blocks[b].Parent == s.Ground.Blocks[e.To].Parent {
				edges++
				length += crs.Metres(e.Length)
			}
		}
	}
	return edges, length
}
