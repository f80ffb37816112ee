package plan

import (
	"iter"
	"slices"
)

// GridNo numbers the grids of one plan from 1; 0 is "unassigned". Numbers are stable under edits: a grid that is gone keeps its number,
// and no other gets it.
type GridNo int32

// GridKind says what a grid is for.
type GridKind string

// The kinds of grid.
const (
	BaseGrid      GridKind = "base"      // 基础网格
	DedicatedGrid GridKind = "dedicated" // 专属网格: it is as it is, and no other is balanced against it
)

// GridKinds lists the kinds of grid.
var GridKinds = []GridKind{BaseGrid, DedicatedGrid}

// GridProps is what is said of a grid, beside the blocks it has.
type GridProps struct {
	Code    string   `json:"code"`
	Name    string   `json:"name"`
	NameEn  string   `json:"name_en"`
	Kind    GridKind `json:"kind"`
	Purpose string   `json:"purpose"` // of a dedicated grid: what it is, in the planner's words: 商圈, 园区
	Body    string   `json:"body"`    // of a dedicated grid: who is responsible
	Locked  bool     `json:"locked"`  // no block comes or goes
	Enclave string   `json:"enclave"` // why the grid may lie in several pieces; empty where it may not
}

// Dedicated reports whether no other grid is balanced against it.
func (p GridProps) Dedicated() bool { return p.Kind == DedicatedGrid }

// Grid is a set of blocks somebody is responsible for (网格). Its polygon is the dissolve of its blocks.
type Grid struct {
	GridProps
	No       GridNo
	Parent   int32 // index into Ground.Parents
	Colour   uint8 // 0..Colours-1; adjacent grids differ
	Revision int64 // of its last change
	Gone     bool  // the number is of a grid that is there no more; what is said of it is the last that was
}

// GridChange is what an edit changes of what is said of a grid.
type GridChange struct {
	No     GridNo     `json:"no"`
	Parent AreaID     `json:"parent"`
	Before *GridProps `json:"before"` // nil: the grid comes into being
	After  *GridProps `json:"after"`  // nil: the grid is gone
}

// Live yields the grids that are there, in the order of their numbers.
func (s *Snapshot) Live() iter.Seq[*Grid] {
	return func(yield func(*Grid) bool) {
		for i := range s.Grids {
			if !s.Grids[i].Gone && !yield(&s.Grids[i]) {
				return
			}
		}
	}
}

// GridCount returns how many grids there are.
func (s *Snapshot) GridCount() (n int) {
	for range s.Live() {
		n++
	}
	return n
}

// Grid returns the grid of a number, nil where there is none or it is gone.
func (s *Snapshot) Grid(no GridNo) *Grid {
	if no < 1 || int(no) > len(s.Grids) || s.Grids[no-1].Gone {
		return nil
	}
	return &s.Grids[no-1]
}

// GridOf returns the grid of a code, nil where there is none.
func (s *Snapshot) GridOf(code string) *Grid {
	i := slices.IndexFunc(s.Grids, func(g Grid) bool { return !g.Gone && g.Code == code })
	if i < 0 {
		return nil
	}
	return &s.Grids[i]
}

// Siblings returns the base grids of one parent, by number: those that are balanced against each other. The slice is the snapshot's own.
func (s *Snapshot) Siblings(parent int32) []GridNo { return s.siblings[parent] }

// gather finds the siblings of all parents.
func (s *Snapshot) gather() {
	s.siblings = make([][]GridNo, len(s.Ground.Parents))
	for g := range s.Live() {
		if !g.Dedicated() {
			s.siblings[g.Parent] = append(s.siblings[g.Parent], g.No)
		}
	}
}
