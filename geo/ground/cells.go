package ground

import (
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// cell is faces of one owner that are not divided: a block in the making.
type cell struct {
	owner     int32
	faces     []int32
	twice     int64 // area in grid steps
	perimeter int64 // millimetres
	buildings []int32
	load      int64 // of the first measure
	gone      bool  // merged into another
}

// divide makes the cells: faces with no dividing edge between them; then each cluster of buildings goes to the cell that
// has most of it, with all its ground.
func (s *sector) divide() {
	cellOf, n := s.flood(func(e int, f, g int32) bool {
		return s.owner[f] == s.owner[g] && (!s.along[e].divides || s.unbroken(e, f, g))
	})
	s.cellOf = cellOf
	s.gather(n)
	// A cell from which a cluster was taken may have come apart, and a cluster between two parents too.
	s.cellOf, n = s.flood(func(_ int, f, g int32) bool { return s.owner[f] == s.owner[g] && s.cellOf[f] == s.cellOf[g] })
	s.cells = make([]cell, n)
	for f := int32(1); f < int32(len(s.owner)); f++ {
		c := &s.cells[s.cellOf[f]]
		c.owner = s.owner[f]
		c.faces = append(c.faces, f)
		c.twice += s.twice[f]
		for h := range s.Border(f) {
			if s.cellOf[s.across(h)] != s.cellOf[f] {
				c.perimeter += s.length[h/2]
			}
		}
	}
	s.house()
}

// unbroken reports whether an edge runs inside a compound that stays whole, and is not so strong that it divides all the
// same.
func (s *sector) unbroken(edge int, f, g int32) bool {
	if s.along[edge].barrier > Street {
		return false
	}
	for _, t := range s.Faces[f].Turns {
		if l := s.labels[t.Label]; l.kind == ofCompound && s.whole[l.of] && winds(s.Faces[g].Turns, t.Label) {
			return !s.remedial(edge)
		}
	}
	return false
}

// remedial reports whether a line runs along the edge that is there to divide something oversized.
func (s *sector) remedial(edge int) bool {
	for _, t := range s.Edges[edge].Turns {
		if t.Label < 0 && !s.refs[-t.Label-1].border {
			if l := s.segments[s.refs[-t.Label-1].of]; l.of == ours || l.of >= 0 && !l.footbridge && s.in.Lines[l.of].Second {
				return true
			}
		}
	}
	return false
}

// ourLine reports whether we drew a line along the edge.
func (s *sector) ourLine(edge int) bool {
	for _, t := range s.Edges[edge].Turns {
		if t.Label < 0 && !s.refs[-t.Label-1].border && s.segments[s.refs[-t.Label-1].of].of < 0 {
			return true
		}
	}
	return false
}

// weigh finds out which compounds are not oversized. A building weighs in all it lies in and in the one it is counted with.
func (s *sector) weigh() {
	s.whole = make([]bool, len(s.in.Compounds))
	buildings, loads := make([]int, len(s.whole)), make([]int64, len(s.whole))
	var in []int32
	for i := range s.housed {
		h := &s.housed[i]
		in = in[:0]
		if c := s.compound[h.building]; c >= 0 {
			in = append(in, c)
		}
		for _, f := range h.faces {
			for _, t := range s.Faces[f].Turns {
				if l := s.labels[t.Label]; l.kind == ofCompound {
					in = append(in, l.of)
				}
			}
		}
		slices.Sort(in)
		for _, c := range slices.Compact(in) {
			buildings[c]++
			loads[c] += s.load(h.building)
		}
	}
	for c := range s.whole {
		s.whole[c] = !s.options.oversized(buildings[c], loads[c])
	}
}

func (o *Options) oversized(buildings int, load int64) bool {
	return o.BuildingCap > 0 && buildings > o.BuildingCap ||
		o.GridTarget > 0 && o.OversizePercent > 0 && load*100 > o.GridTarget*int64(o.OversizePercent)
}

// housing is a building of the sector, its cluster and where it went.
type housing struct {
	building int32
	cluster  int32 // the first of the buildings it moves with, as an index into housed
	cell     int32 // -1 while it has none
	faces    []int32
}

// gather moves clusters. n is the number of cells.
func (s *sector) gather(n int32) {
	// The ground of each cluster by cell.
	shares := make([][]share, len(s.housed))
	counted := make([]int32, len(s.Faces)) // the last cluster that counted it, plus 1
	for i := range s.housed {
		root := s.root(int32(i))
		for _, f := range s.housed[i].faces {
			if counted[f] != root+1 {
				counted[f] = root + 1
				shares[root] = append(shares[root], share{s.cellOf[f], s.twice[f]})
			}
		}
	}
	to := make([]int32, len(s.housed))
	for i := range shares {
		to[i] = largest(summed(shares[i])).of
	}
	for i := range s.housed {
		for _, f := range s.housed[i].faces {
			s.cellOf[f] = to[s.root(int32(i))]
		}
	}
	// Halos go with their clusters, but not into other buildings; of two halos the first wins.
	for f := range s.Faces {
		if s.owner[f] == nobody || s.first(int32(f), ofBuilding) >= 0 {
			continue
		}
		if i := s.first(int32(f), ofHalo); i >= 0 {
			if cell := to[s.root(i)]; cell != nobody {
				s.cellOf[f] = cell
			}
		}
	}
}

// first returns the first building of the face's owner that has the face in its footprint or halo, as an index into housed,
// -1 if there is none.
func (s *sector) first(face int32, kind labelKind) int32 {
	for _, t := range s.Faces[face].Turns {
		if l := s.labels[t.Label]; l.kind == kind && t.Count > 0 && s.stands[l.of].home == s.owner[face] {
			return s.housedAt(l.of)
		}
	}
	return -1
}

func (s *sector) housedAt(building int32) int32 {
	i, ok := slices.BinarySearchFunc(s.housed, building, func(h housing, b int32) int { return int(h.building) - int(b) })
	if !ok {
		return -1
	}
	return int32(i)
}

// cluster finds the faces of the buildings that stand here, and joins those that overlap or come within the halo of
// another; halos that overlap join them only if one is glued.
func (s *sector) cluster() {
	s.housed = s.housed[:0]
	for _, b := range s.buildings() {
		if _, ok := slices.BinarySearch(s.parents, s.stands[b].home); ok {
			s.housed = append(s.housed, housing{building: b, cluster: int32(len(s.housed)), cell: -1})
		}
	}
	for f := range s.Faces {
		if s.owner[f] == nobody {
			continue
		}
		joined := int32(-1)
		joins := s.first(int32(f), ofBuilding) >= 0 || slices.ContainsFunc(s.Faces[f].Turns, func(t arrange.Turn) bool {
			l := s.labels[t.Label]
			return l.kind == ofHalo && s.glued[l.of]
		})
		for _, t := range s.Faces[f].Turns {
			l := s.labels[t.Label]
			if t.Count == 0 || l.kind != ofBuilding && (l.kind != ofHalo || !joins) || s.stands[l.of].home != s.owner[f] {
				continue
			}
			i := s.housedAt(l.of)
			if l.kind == ofBuilding {
				s.housed[i].faces = append(s.housed[i].faces, int32(f))
			}
			if joined >= 0 {
				s.join(joined, i)
			}
			joined = i
		}
	}
}

// standIn lets the halo stand for a footprint of which snapping left nothing: one narrower than a grid step.
func (s *sector) standIn() {
	gone := make([]bool, len(s.housed))
	for i, h := range s.housed {
		gone[i] = len(h.faces) == 0 && s.halos[h.building] != nil
	}
	if !slices.Contains(gone, true) {
		return
	}
	for f := range s.Faces {
		if i := s.first(int32(f), ofHalo); i >= 0 && gone[i] && s.first(int32(f), ofBuilding) < 0 {
			s.housed[i].faces = append(s.housed[i].faces, int32(f))
		}
	}
}

func (s *sector) root(i int32) int32 {
	for s.housed[i].cluster != i {
		s.housed[i].cluster = s.housed[s.housed[i].cluster].cluster
		i = s.housed[i].cluster
	}
	return i
}

func (s *sector) join(i, j int32) {
	i, j = s.root(i), s.root(j)
	s.housed[max(i, j)].cluster = min(i, j)
}

// house counts every building in the cell that has most of it; a point, and what snapping left nothing of, where it lies.
func (s *sector) house() {
	var lost []int32
	for i := range s.housed {
		h := &s.housed[i]
		var shares []share
		for _, f := range h.faces {
			shares = append(shares, share{s.cellOf[f], s.twice[f]})
		}
		if h.cell = largest(summed(shares)).of; h.cell < 0 {
			lost = append(lost, int32(i))
		}
	}
	s.houseByPlace(lost)
	for i := range s.housed {
		if h := &s.housed[i]; h.cell >= 0 {
			c := &s.cells[h.cell]
			c.buildings = append(c.buildings, h.building)
			c.load += s.load(h.building)
		}
	}
}

// houseByPlace counts buildings in the cell of the face their corner lies in. A border that was rounded may have gone
// past a point that was on it, so places two steps off are tried too; then there is the first cell of the parent.
func (s *sector) houseByPlace(lost []int32) {
	offsets := [...]crs.Point{{}, {Lat: 2}, {Lat: -2}, {Lon: 2}, {Lon: -2}}
	points := make([]crs.Point, 0, len(lost)*len(offsets))
	for _, n := range lost {
		p := cornerOf(&s.in.Buildings[s.housed[n].building])
		for _, o := range offsets {
			points = append(points, crs.Point{Lon: p.Lon + o.Lon, Lat: p.Lat + o.Lat})
		}
	}
	faces := s.facesAt(points)
	for i, n := range lost {
		h := &s.housed[n]
		home := s.stands[h.building].home
		at := faces[i*len(offsets) : (i+1)*len(offsets)]
		if k := slices.IndexFunc(at, func(f int32) bool { return s.owner[f] == home }); k >= 0 {
			h.cell = s.cellOf[at[k]]
		} else {
			h.cell = int32(slices.IndexFunc(s.cells, func(c cell) bool { return c.owner == home }))
		}
	}
}

// facesAt returns the face each point lies in, of a point on an edge the face to the south.
func (s *sector) facesAt(points []crs.Point) []int32 {
	faces := arrange.Below(s.Lines(), points)
	for i, e := range faces {
		if e < 0 {
			faces[i] = 0
		} else {
			faces[i] = s.Face[arrange.Half(e)]
		}
	}
	return faces
}
