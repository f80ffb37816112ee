package democity

import (
	"math"
	"math/rand/v2"
	"slices"
)

// wantedNumbers says how many large grids are made for 1, 2, … grids; index 0 is unused. In all 120 and 369.
var wantedNumbers = [...]int{0, 7, 29, 44, 28, 12}

// tree is the administrative tree over the quarters.
type tree struct {
	subdistricts []subdistrict
	largeGridOf  map[int32]int // by quarter: a number through all large grids in the order of the tree
}

type subdistrict struct {
	centre      vec
	rural       bool // a town, not a street
	communities []community
}

type community struct {
	centre     vec
	rural      bool // a village; only in a town
	largeGrids []largeGrid
}

type largeGrid struct {
	number   int
	wanted   int
	centre   vec
	quarters []int32
}

// The town's three bands: the river and the railway are borders of subdistricts throughout.
const (
	northOfRailway = iota
	middle
	southOfRiver
	bands
)

// bandOf returns the band of a quarter with a place in it that lies clear of the river and the railway.
func (l layout) bandOf(p vec) int {
	switch {
	case l.rail.side(p) > 0:
		return northOfRailway
	case l.river.side(p) < 0:
		return southOfRiver
	}
	return middle
}

// administer divides the town into subdistricts, communities and large grids, in reading order at each level: from north
// to south in rows, and from west to east in a row. It reports false when the quarters do not suffice for that.
func administer(m *planarMap, g ground, rng *rand.Rand) (*tree, bool) {
	q := m.quarterMap(g)
	var inBand [bands][]int32
	var weight [bands]float64
	for x := range q.centre {
		if len(q.next[x]) == 0 {
			continue
		}
		b := g.layout.bandOf(q.reach[x])
		inBand[b] = append(inBand[b], int32(x))
		weight[b] += q.weight[x]
	}
	t := &tree{largeGridOf: map[int32]int{}}
	quota := shareOut(weight[:], Subdistricts, 1)
	communities := shareOut(weight[:], Communities, 3)
	largeGrids := shareOut(weight[:], LargeGrids, 6)
	wanted := dealWanted(weight[:], largeGrids, rng)
	for b := range bands {
		t.divideBand(q, inBand[b], evenly(communities[b], quota[b]), evenly(largeGrids[b], communities[b]), wanted[b], rng)
	}
	t.number()
	return t, t.complete()
}

// complete reports whether every large grid got ground.
func (t *tree) complete() bool {
	ok := true
	t.eachLargeGrid(func(l largeGrid) { ok = ok && len(l.quarters) > 0 })
	return ok
}

// quarterMap collects the quarters: their weight by the natural density, centre and borders.
func (m *planarMap) quarterMap(g ground) *quarterMap {
	n := len(m.faces)
	q := &quarterMap{
		weight: make([]float64, n), area: make([]float64, n), open: make([]float64, n),
		centre: make([]vec, n), reach: make([]vec, n), next: make([][]nextQuarter, n),
	}
	for f, face := range m.faces {
		if len(face.loop) == 0 {
			continue
		}
		ring := m.ring(int32(f))
		a, c, x := ringArea(ring), centroid(ring), face.quarter
		q.area[x] += a
		q.reach[x] = g.layout.clearest(q.reach[x], ring)
		if face.kind == Open {
			q.open[x] += a
		}
		q.centre[x] = q.centre[x].add(c.scale(a))
		if face.kind == Built {
			q.weight[x] += float64(a * g.density(c))
		}
		m.borders(int32(f), func(other int32, metres float64, s street) {
			y := m.faces[other].quarter
			if y == x {
				return
			}
			cost := float64(metres * borderCost[s])
			if i := slices.IndexFunc(q.next[x], func(n nextQuarter) bool { return n.to == y }); i >= 0 {
				q.next[x][i].cost += cost
			} else {
				q.next[x] = append(q.next[x], nextQuarter{y, cost})
			}
		})
	}
	for x := range q.centre {
		if q.area[x] > 0 {
			q.centre[x] = q.centre[x].scale(1 / q.area[x])
		}
		slices.SortFunc(q.next[x], func(a, b nextQuarter) int { return int(a.to - b.to) })
	}
	return q
}

// clearest returns the place furthest from the middle of the river and of the railway: the one so far, unless it is the
// zero value, or a corner of the ring.
func (l layout) clearest(soFar vec, ring []vec) vec {
	apart := func(p vec) float64 { return min(math.Abs(l.river.side(p)), math.Abs(l.rail.side(p))) }
	for _, p := range ring {
		if soFar == (vec{}) || apart(p) > apart(soFar) {
			soFar = p
		}
	}
	return soFar
}

// shareOut divides total by weights into whole numbers of at least least each: the largest remainders are rounded up.
func shareOut(weights []float64, total, least int) []int {
	all := sum(weights)
	out := make([]int, len(weights))
	rest := make([]float64, len(weights))
	left := total
	for i, w := range weights {
		share := 0.0
		if all > 0 {
			share = float64(w*float64(total)) / all
		}
		out[i] = max(int(share), least)
		rest[i] = share - float64(out[i])
		left -= out[i]
	}
	for left != 0 {
		step := 1
		if left < 0 {
			step = -1
		}
		best := -1
		for i := range out {
			if step < 0 && out[i] <= least || step > 0 && weights[i] == 0 {
				continue
			}
			if best < 0 || float64(rest[i]*float64(step)) > float64(rest[best]*float64(step)) {
				best = i
			}
		}
		out[best] += step
		rest[best] -= float64(step)
		left -= step
	}
	return out
}

// evenly returns n in parts whole numbers that differ by at most one, the larger ones spread over the row.
func evenly(n, parts int) []int {
	out := make([]int, parts)
	for i := range out {
		out[i] = (i+1)*n/parts - i*n/parts
	}
	return out
}

// dealWanted deals the 120 wanted numbers to the bands, largeGrids[b] of them to band b, so that their sums are about in
// proportion to the weights.
func dealWanted(weights []float64, largeGrids []int, rng *rand.Rand) [][]int {
	var deck []int
	for k, n := range wantedNumbers {
		deck = append(deck, slices.Repeat([]int{k}, n)...)
	}
	var best [][]int
	least := math.Inf(1)
	for range 400 {
		rng.Shuffle(len(deck), func(i, j int) { deck[i], deck[j] = deck[j], deck[i] })
		var hands [][]int
		first, off := 0, 0.0
		for b, n := range largeGrids {
			hand := slices.Clone(deck[first : first+n])
			first += n
			total := 0
			for _, k := range hand {
				total += k
			}
			off += math.Abs(float64(total) - float64(weights[b]*Grids)/sum(weights))
			hands = append(hands, hand)
		}
		if off < least {
			least, best = off, hands
		}
	}
	return best
}

// divideBand divides one band of the town: perSubdistrict[i] communities in its i-th subdistrict, perCommunity[j] large
// grids in its j-th community.
func (t *tree) divideBand(q *quarterMap, set []int32, perSubdistrict, perCommunity, wanted []int, rng *rand.Rand) {
	rng.Shuffle(len(perCommunity), func(i, j int) { perCommunity[i], perCommunity[j] = perCommunity[j], perCommunity[i] })
	take := func(row []int, n int) (head, tail []int) { return row[:n], row[n:] }
	var hands [][][]int // by subdistrict and community
	var targets []float64
	for _, n := range perSubdistrict {
		var sizes []int
		sizes, perCommunity = take(perCommunity, n)
		var hand [][]int
		total := 0
		for _, size := range sizes {
			var ks []int
			ks, wanted = take(wanted, size)
			hand = append(hand, ks)
			total += sumOf(ks)
		}
		hands = append(hands, hand)
		targets = append(targets, float64(total))
	}
	for i, part := range q.divide(set, targets) {
		s := subdistrict{centre: q.middle(part), rural: q.openShare(part) > 0.5}
		var totals []float64
		for _, ks := range hands[i] {
			totals = append(totals, float64(sumOf(ks)))
		}
		for j, piece := range q.divide(part, totals) {
			c := community{centre: q.middle(piece), rural: s.rural && q.openShare(piece) > 0.6}
			var each []float64
			for _, k := range hands[i][j] {
				each = append(each, float64(k))
			}
			for k, quarters := range q.divide(piece, each) {
				c.largeGrids = append(c.largeGrids, largeGrid{wanted: hands[i][j][k], centre: q.middle(quarters), quarters: quarters})
			}
			s.communities = append(s.communities, c)
		}
		t.subdistricts = append(t.subdistricts, s)
	}
}

func sumOf(values []int) int {
	s := 0
	for _, v := range values {
		s += v
	}
	return s
}

// middle returns the middle of the quarters' centres.
func (q *quarterMap) middle(set []int32) vec {
	var s vec
	for _, x := range set {
		s = s.add(q.centre[x])
	}
	return s.scale(1 / float64(len(set)))
}

// openShare returns the share of the ground of some quarters that is open.
func (q *quarterMap) openShare(set []int32) float64 {
	var area, open float64
	for _, x := range set {
		area += q.area[x]
		open += q.open[x]
	}
	return open / area
}

// townsLast and villagesLast order the kinds as their codes do.
func townsLast(a, b subdistrict) int  { return bit(a.rural) - bit(b.rural) }
func villagesLast(a, b community) int { return bit(a.rural) - bit(b.rural) }

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// eachLargeGrid visits the large grids in the order of the tree.
func (t *tree) eachLargeGrid(visit func(largeGrid)) {
	for _, s := range t.subdistricts {
		for _, c := range s.communities {
			for _, l := range c.largeGrids {
				visit(l)
			}
		}
	}
}

// number puts every level in reading order, streets before towns and communities before villages, and numbers the large
// grids.
func (t *tree) number() {
	inReadingOrder(t.subdistricts, 2600, func(s subdistrict) vec { return s.centre })
	slices.SortStableFunc(t.subdistricts, townsLast)
	n := 0
	for i := range t.subdistricts {
		s := &t.subdistricts[i]
		inReadingOrder(s.communities, 1100, func(c community) vec { return c.centre })
		slices.SortStableFunc(s.communities, villagesLast)
		for j := range s.communities {
			c := &s.communities[j]
			inReadingOrder(c.largeGrids, 500, func(l largeGrid) vec { return l.centre })
			for k := range c.largeGrids {
				c.largeGrids[k].number = n
				for _, x := range c.largeGrids[k].quarters {
					t.largeGridOf[x] = n
				}
				n++
			}
		}
	}
}

// inReadingOrder sorts by place: rows of a height in metres from north to south, in a row from west to east.
func inReadingOrder[T any](row []T, height float64, place func(T) vec) {
	top := townHalfHeight
	slices.SortStableFunc(row, func(a, b T) int {
		p, q := place(a), place(b)
		i, j := int((top-p.y)/height), int((top-q.y)/height)
		switch {
		case i != j:
			return i - j
		case p.x < q.x:
			return -1
		case p.x > q.x:
			return 1
		}
		return 0
	})
}
