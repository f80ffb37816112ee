package democity

import (
	"math/rand/v2"
	"slices"
)

// Planted is what is in every city for the product to find: difficulties planners meet.
type Planted struct {
	Odd            [2]string // large grids of 540 households: one grid is too large for the band of 300 to 500, two are too small
	LargeCompound  string    // a compound of 812 households
	LargeBuilding  string    // a building of 512 households
	Parted         string    // a large grid that lies on both sides of the railway, which is another's
	UnfinishedSite string    // a compound under construction: buildings and no households
}

// The numbers of what is planted.
const (
	oddHouseholds      = 540
	compoundHouseholds = 812
	compoundSlabs      = 19
	buildingHouseholds = 512
)

// lots says in which large grids what is planted lies, by number.
type lots struct {
	odd                                          [2]int
	compound, building, unfinished, parted, side int
	compoundFace, unfinishedFace                 int32
}

func (l *lots) isOdd(number int) bool { return number == l.odd[0] || number == l.odd[1] }

func (l *lots) has(number int) bool {
	return l.isOdd(number) || slices.Contains([]int{l.compound, l.building, l.unfinished, l.parted, l.side}, number)
}

// assignFaces gives each face to the large grid of its quarter.
func (m *planarMap) assignFaces(t *tree) {
	for f := range m.faces {
		m.faces[f].largeGrid = t.largeGridOf[m.faces[f].quarter]
	}
}

// plant chooses the places of what is planted and makes room for it on the map. It reports false when there is none.
func (m *planarMap) plant(t *tree, g ground, rng *rand.Rand) (*lots, bool) {
	l := &lots{odd: [2]int{-1, -1}, compound: -1, building: -1, unfinished: -1, parted: -1, side: -1}
	if !m.part(t, g, l) {
		return nil, false
	}
	var all []largeGrid
	t.eachLargeGrid(func(x largeGrid) { all = append(all, x) })
	order := rng.Perm(len(all))
	pick := func(fits func(x largeGrid) bool) int {
		for _, i := range order {
			if x := all[i]; !l.has(x.number) && fits(x) {
				return x.number
			}
		}
		return -1
	}
	inTown := func(x largeGrid) bool { return remoteness(x.centre) < 3300 && remoteness(x.centre) > 700 }
	l.odd[0] = pick(func(x largeGrid) bool { return x.wanted == 2 && inTown(x) })
	l.odd[1] = pick(func(x largeGrid) bool { return x.wanted == 2 && remoteness(x.centre) < 4300 })
	l.building = pick(func(x largeGrid) bool { return x.wanted >= 3 && x.centre.distance(newTown) < 1800 })
	l.compound = pick(func(x largeGrid) bool {
		if x.wanted < 4 || !inTown(x) {
			return false
		}
		var ok bool
		l.compoundFace, ok = m.clear(x.number, 52e3/(scaleOfPlan*scaleOfPlan), collector, rng)
		return ok
	})
	l.unfinished = pick(func(x largeGrid) bool {
		if x.wanted < 3 || remoteness(x.centre) > 4000 {
			return false
		}
		var ok bool
		l.unfinishedFace, ok = m.clear(x.number, 16e3/(scaleOfPlan*scaleOfPlan), lane, rng)
		return ok
	})
	return l, l.odd[0] >= 0 && l.odd[1] >= 0 && l.building >= 0 && l.compound >= 0 && l.unfinished >= 0
}

// clear makes one face of neighbouring ones of a large grid that nothing stronger than a street of some kind divides, until it
// has an area on the plan, and returns it.
func (m *planarMap) clear(number int, area float64, over street, rng *rand.Rand) (int32, bool) {
	var own []int32
	for f, face := range m.faces {
		if len(face.loop) > 0 && face.largeGrid == number && face.kind == Built && !face.estate {
			own = append(own, int32(f))
		}
	}
	for _, i := range rng.Perm(len(own)) {
		if f := own[i]; m.reachable(f, over) >= area {
			for ringArea(m.ring(f)) < area && m.grow(f, over) {
			}
			m.faces[f].estate = true
			return f, ringArea(m.ring(f)) >= area
		}
	}
	return 0, false
}

// reachable returns the area of a face with those it can be joined to over such streets.
func (m *planarMap) reachable(f int32, over street) (area float64) {
	seen := map[int32]bool{f: true}
	for todo := []int32{f}; len(todo) > 0; {
		g := todo[0]
		todo = todo[1:]
		area += ringArea(m.ring(g))
		for _, h := range m.beyond(g, over) {
			if !seen[h] {
				seen[h] = true
				todo = append(todo, h)
			}
		}
	}
	return area
}

// beyond lists the faces of the same large grid beyond such streets, the longest border first.
func (m *planarMap) beyond(f int32, over street) (beyond []int32) {
	metres := map[int32]float64{}
	barred := map[int32]bool{}
	m.borders(f, func(g int32, length float64, s street) {
		a, b := &m.faces[f], &m.faces[g]
		if s < over || b.kind != Built || a.largeGrid != b.largeGrid || b.estate {
			barred[g] = true
			return
		}
		metres[g] += length
	})
	for g := range metres {
		if !barred[g] {
			beyond = append(beyond, g)
		}
	}
	slices.SortFunc(beyond, func(a, b int32) int {
		if metres[a] != metres[b] {
			if metres[a] > metres[b] {
				return -1
			}
			return 1
		}
		return int(a - b)
	})
	return beyond
}

// grow joins a neighbour beyond such a street to a face and reports whether there was one.
func (m *planarMap) grow(f int32, over street) bool {
	for _, g := range m.beyond(f, over) {
		if m.join(f, g) {
			return true
		}
	}
	return false
}

// part takes some quarters north of the railway from the large grid there and gives them to one south of it; the tracks
// between stay with the northern one. That lies in two pieces then.
func (m *planarMap) part(t *tree, g ground, l *lots) bool {
	q := m.quarterMap(g)
	var all []largeGrid
	t.eachLargeGrid(func(x largeGrid) { all = append(all, x) })
	for _, north := range all {
		for _, south := range all {
			if north.wanted < 2 || south.wanted < 2 || south.wanted > 4 {
				continue
			}
			if m.partPair(q, g, north, south) {
				l.parted, l.side = south.number, north.number
				t.setWanted(north.number, north.wanted-1) // the part is made for one
				t.setWanted(south.number, south.wanted+1)
				return true
			}
		}
	}
	return false
}

// partPair tries to do so for one pair.
func (m *planarMap) partPair(q *quarterMap, g ground, north, south largeGrid) bool {
	if g.layout.bandOf(q.reach[north.quarters[0]]) != northOfRailway || g.layout.bandOf(q.reach[south.quarters[0]]) != middle {
		return false
	}
	var start []int32 // quarters of the northern one across from the southern one
	for _, x := range north.quarters {
		if slices.ContainsFunc(q.next[x], func(n nextQuarter) bool { return slices.Contains(south.quarters, n.to) }) {
			start = append(start, x)
		}
	}
	share := 1 / float64(north.wanted)
	for _, x := range start {
		taken := []int32{x}
		for q.total(taken) < float64(0.8*share*q.total(north.quarters)) {
			next := int32(-1)
			for _, y := range taken {
				for _, n := range q.next[y] {
					if slices.Contains(north.quarters, n.to) && !slices.Contains(taken, n.to) && (next < 0 || n.to < next) {
						next = n.to
					}
				}
			}
			if next < 0 {
				break
			}
			taken = append(taken, next)
		}
		if w := q.total(taken) / q.total(north.quarters); w < float64(0.6*share) || w > float64(1.5*share) {
			continue
		}
		before := make([]int, len(m.faces))
		for f := range m.faces {
			face := &m.faces[f]
			before[f] = face.largeGrid
			if slices.Contains(taken, face.quarter) && face.kind != Railway {
				face.largeGrid = south.number
			}
		}
		if m.piecesOf(north.number) == 1 && m.piecesOf(south.number) == 2 {
			return true
		}
		for f := range m.faces {
			m.faces[f].largeGrid = before[f]
		}
	}
	return false
}

// setWanted changes how many grids a large grid is made for.
func (t *tree) setWanted(number, wanted int) {
	for i := range t.subdistricts {
		for j := range t.subdistricts[i].communities {
			row := t.subdistricts[i].communities[j].largeGrids
			for k := range row {
				if row[k].number == number {
					row[k].wanted = wanted
				}
			}
		}
	}
}

// piecesOf returns in how many pieces a large grid lies.
func (m *planarMap) piecesOf(number int) (pieces int) {
	seen := make([]bool, len(m.faces))
	for first := range int32(len(m.faces)) {
		if seen[first] || len(m.faces[first].loop) == 0 || m.faces[first].largeGrid != number {
			continue
		}
		pieces++
		seen[first] = true
		for piece := []int32{first}; len(piece) > 0; {
			f := piece[len(piece)-1]
			piece = piece[:len(piece)-1]
			m.borders(f, func(g int32, _ float64, _ street) {
				if !seen[g] && m.faces[g].largeGrid == number {
					seen[g] = true
					piece = append(piece, g)
				}
			})
		}
	}
	return pieces
}
