package ground

import (
	"cmp"
	"container/heap"
)

// contact is what two cells share.
type contact struct {
	length int64 // millimetres
	weight int64 // of the length, each part by what runs along it
	path   int64 // of the length, along lines of the second rank
}

func (c contact) plus(d contact) contact {
	return contact{c.length + d.length, c.weight + d.weight, c.path + d.path}
}

// merger merges slivers, the smallest first, as often as there are any.
type merger struct {
	*sector
	contacts []map[int32]contact // by cell: with the others of its owner
	due      queue
	age      []int32 // by cell: how often it has changed
}

// merge merges the slivers of the sector's cells and leaves cellOf and cells as they are after that.
func (s *sector) merge() {
	m := &merger{sector: s, contacts: make([]map[int32]contact, len(s.cells)), age: make([]int32, len(s.cells))}
	m.touch()
	for c := range s.cells {
		m.consider(int32(c))
	}
	into := make([]int32, len(s.cells))
	for c := range into {
		into[c] = int32(c)
	}
	for m.due.Len() > 0 {
		d := heap.Pop(&m.due).(due)
		if s.cells[d.cell].gone || m.age[d.cell] != d.age {
			continue
		}
		if to := m.heir(d.cell); to != nobody {
			into[d.cell] = to
			m.unite(d.cell, to)
			m.consider(to)
		}
	}
	for f, c := range s.cellOf {
		if c < 0 {
			continue
		}
		for into[c] != c {
			into[c] = into[into[c]]
			c = into[c]
		}
		s.cellOf[f] = c
	}
}

func (m *merger) touch() {
	for c := range m.contacts {
		m.contacts[c] = map[int32]contact{}
	}
	for e := range m.Edges {
		f, g := m.sides(e)
		if m.owner[f] == nobody || m.owner[f] != m.owner[g] || m.cellOf[f] == m.cellOf[g] {
			continue
		}
		a, b := m.cellOf[f], m.cellOf[g]
		shared := contact{length: m.length[e], weight: m.length[e] * m.options.Weights[m.along[e].barrier]}
		if m.along[e].second {
			shared.path = m.length[e]
		}
		m.contacts[a][b] = m.contacts[a][b].plus(shared)
		m.contacts[b][a] = m.contacts[b][a].plus(shared)
	}
}

// consider puts a cell in the queue if it is a sliver.
func (m *merger) consider(c int32) {
	m.age[c]++
	if m.sliver(c) || m.verge(c) || m.scrap(c) {
		heap.Push(&m.due, due{m.scale.area(m.cells[c].twice), c, m.age[c]})
	}
}

// sliver reports whether a cell is too small or too narrow to be a block.
func (s *sector) sliver(c int32) bool {
	l := &s.cells[c]
	area := s.scale.area(l.twice)
	switch {
	case l.owner == nobody || l.gone:
		return false
	case len(l.buildings) > 0:
		return area < squareMillimetres(s.options.BuiltArea)
	}
	return area < squareMillimetres(s.options.SliverArea) || s.thin(l.twice, l.perimeter, s.options.SliverWidth)
}

// verge reports whether a cell is a strip with nothing on it: a pavement, what lies between two carriageways.
func (m *merger) verge(c int32) bool {
	l := &m.cells[c]
	return l.owner != nobody && !l.gone && len(l.buildings) == 0 && m.thin(l.twice, l.perimeter, m.options.VergeWidth) && !m.kept(c)
}

// scrap reports whether a cell is so small a part of something oversized that it need not have been divided off: under a
// quarter of what a block may hold, and no field.
func (s *sector) scrap(c int32) bool {
	l := &s.cells[c]
	return l.owner != nobody && !l.gone && !s.options.oversized(4*len(l.buildings), 4*l.load) &&
		(len(l.buildings) > 0 || s.scale.area(l.twice) < 3*squareMillimetres(s.options.SliverArea))
}

// kept reports whether most of a cell is water, railway lands or a park: those are narrow by nature.
func (s *sector) kept(c int32) bool {
	var in int64
	for _, f := range s.cells[c].faces {
		if s.kindOf(f) != Open {
			in += s.twice[f]
		}
	}
	return in*2 > s.cells[c].twice
}

// heir returns the cell a sliver goes to: the neighbour with the largest weighted border. A scrap that is no sliver goes
// to the one with the longest border along paths, if both are not oversized together. nobody if there is none.
func (m *merger) heir(c int32) int32 {
	best, along := share{of: nobody}, share{of: nobody}
	for other, shared := range m.contacts[c] {
		best = better(best, share{other, shared.weight})
		l, o := &m.cells[c], &m.cells[other]
		if shared.path > 0 && !m.options.oversized(len(l.buildings)+len(o.buildings), l.load+o.load) {
			along = better(along, share{other, shared.path})
		}
	}
	if m.sliver(c) || m.verge(c) {
		return best.of
	}
	return along.of
}

// better returns the larger of two shares, the one of the lower if they are equal.
func better(s, t share) share {
	if s.of == nobody || t.amount > s.amount || t.amount == s.amount && t.of < s.of {
		return t
	}
	return s
}

// unite merges cell c into another.
func (m *merger) unite(c, to int32) {
	shared := m.contacts[c][to]
	from, into := &m.cells[c], &m.cells[to]
	into.twice += from.twice
	into.perimeter += from.perimeter - 2*shared.length
	into.buildings = append(into.buildings, from.buildings...)
	into.load += from.load
	into.faces = append(into.faces, from.faces...)
	*from = cell{owner: from.owner, gone: true}
	for other, border := range m.contacts[c] {
		delete(m.contacts[other], c)
		if other != to {
			sum := m.contacts[to][other].plus(border)
			m.contacts[to][other], m.contacts[other][to] = sum, sum
		}
	}
	m.contacts[c] = nil
}

// due is a cell to be merged, as it was at an age.
type due struct {
	area int64
	cell int32
	age  int32
}

type queue []due

func (q queue) Len() int      { return len(q) }
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any)   { *q = append(*q, x.(due)) }
func (q *queue) Pop() any     { old := *q; last := old[len(old)-1]; *q = old[:len(old)-1]; return last }
func (q queue) Less(i, j int) bool {
	return cmp.Or(cmp.Compare(q[i].area, q[j].area), cmp.Compare(q[i].cell, q[j].cell)) < 0
}
