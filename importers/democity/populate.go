package democity

import (
	"math"
	"math/rand/v2"
	"slices"
)

// What is built, in every town.
const (
	SlabCount     = 2_600 // of six storeys
	TowerCount    = 300
	HouseCount    = 11_400 // of one storey, a household each
	EmptyCount    = 5_700  // without households
	CompoundCount = 350
	BareCompounds = 40 // of them without management, guard and wall (三无)
	SiteCount     = 25 // dedicated sites
	OrgCount      = 1_900
	NewOrgs       = 700
	PartyMembers  = 13_000
)

// leeway is how far a large grid's average load may be from 400 households a grid, and its residents from the town's mean
// a household. With Adams' method and one divisor for all, a large grid gets k grids while its load, as a multiple of the
// average grid's, lies over (k-1)λ and not over kλ; k is 5 at most, so at λ = 1.1 every load from 0.88 to 1.1 a grid is
// safe, and the worst here is 1 - 0.055 - 0.03 or 1 + 0.055 + 0.03. The two odd ones, made for 2, have 1.35 in all.
const (
	householdLeeway = 0.055
	residentLeeway  = 0.03
)

// housing is how people live at a place.
type housing uint8

const (
	walkUps   housing = iota // six floors
	lowHouses                // of the old town and the villages
	highRise
)

// home is what a building is to those who live in it.
type home uint8

const (
	noHome home = iota
	slab
	tower
	house
)

// building is one that stands, with what is counted of it.
type building struct {
	box
	parcel     *parcel
	number     int // of its large grid
	home       home
	class      string
	name       string
	floors     int
	stairUnits int
	households int
	residents  int
	dwellings  int
	party      int
	compound   int // index into estate.compounds, -1 for none
}

// estate is everything that is built.
type estate struct {
	m          *planarMap
	g          ground
	rng        *rand.Rand
	lots       *lots
	parcels    [][]*parcel // by large grid
	wanted     []float64   // grids, by large grid
	households []int       // by large grid
	buildings  []building
	candidates []building // of those without households
	compounds  []compound
	alleys     [][]vec // lanes between rows of houses
	bell       bell
}

// populate builds the town. It reports false when there is no room for what was promised.
func populate(m *planarMap, g ground, t *tree, l *lots, rng *rand.Rand) (*estate, bool) {
	e := &estate{m: m, g: g, rng: rng, lots: l, wanted: t.wanted()}
	e.clearEstates()
	e.parcels = m.parcels()
	for _, row := range e.parcels {
		for _, p := range row {
			p.settle(g, rng)
		}
	}
	e.shareHouseholds()
	if !e.reserve() || !e.build() || !e.enclose() || !e.fillUp() {
		return nil, false
	}
	e.count()
	return e, true
}

// estateShare is how many of the large grids in town get a large compound.
const estateShare = 0.5

// clearEstates makes room for large compounds.
func (e *estate) clearEstates() {
	for number, k := range e.wanted {
		if e.lots.has(number) || k < 3 || e.rng.Float64() >= estateShare {
			continue
		}
		e.m.clear(number, (13e3+float64(7e3*e.rng.Float64()))/(scaleOfPlan*scaleOfPlan), lane, e.rng)
	}
}

// settle decides how people live in a parcel, if any do: here and there a school, a market or a works has none.
func (p *parcel) settle(g ground, rng *rand.Rand) {
	kind, chance := rng.Float64(), rng.Float64()
	if p.kind != Built {
		return
	}
	p.homes = g.housing(p.centre, kind)
	if p.estate && p.homes == lowHouses {
		p.homes = walkUps
	}
	if p.estate || chance >= g.homeless(p.centre) {
		p.weight = float64(p.area * g.density(p.centre))
	}
}

// housing returns how people live at a place; chance is one of 0..1.
func (g ground) housing(p vec, chance float64) housing {
	high := ripple(g.noise+5, p, 900)
	switch {
	case remoteness(p) > 4300, remoteness(p) > 3000 && chance > 0.7:
		return lowHouses
	case g.layout.oldTown.side(p) > 0 && chance < 0.85:
		return lowHouses
	case p.distance(newTown) < 1300 && chance < 0.8, high+float64(0.3*chance) > 0.85:
		return highRise
	}
	return walkUps
}

// homeless returns the share of blocks without homes at a place.
func (g ground) homeless(p vec) float64 {
	switch {
	case math.Abs(g.layout.rail.side(p)) < 260:
		return 0.30
	case remoteness(p) < 550:
		return 0.14
	}
	return 0.05
}

// wanted returns how many grids each large grid is made for, by number.
func (t *tree) wanted() []float64 {
	wanted := make([]float64, LargeGrids)
	t.eachLargeGrid(func(l largeGrid) { wanted[l.number] = float64(l.wanted) })
	return wanted
}

// ratios returns a[i]/b[i] as multiples of the ratio of the sums.
func ratios(a, b []float64) []float64 {
	mean := sum(a) / sum(b)
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] / float64(b[i]*mean)
	}
	return out
}

// wanderFrom returns base times ratio, with no ratio further from 1 than the leeway.
func wanderFrom(base, ratio []float64, leeway float64) []float64 {
	out := make([]float64, len(base))
	for i := range base {
		out[i] = float64(base[i] * min(max(ratio[i], 1-leeway), 1+leeway))
	}
	return out
}

// shareHouseholds gives each large grid its households: about 400 for each grid it is made for, fewer or more as the
// ground there would have it, and 540 to the odd ones.
func (e *estate) shareHouseholds() {
	natural := make([]float64, LargeGrids)
	for l, row := range e.parcels {
		for _, p := range row {
			natural[l] += p.weight
		}
	}
	base := wanderFrom(e.wanted, ratios(natural, e.wanted), householdLeeway)
	for _, l := range e.lots.odd {
		base[l] = 0
	}
	e.households = shareOut(base, Households-2*oddHouseholds, 0)
	for _, l := range e.lots.odd {
		e.households[l] = oddHouseholds
	}
}

// build builds all homes. It reports false when a large grid has no room for its own.
func (e *estate) build() bool {
	fixed := func(number int) (households int) {
		switch number {
		case e.lots.compound:
			return compoundHouseholds
		case e.lots.building:
			return buildingHouseholds
		}
		return 0
	}
	var high, low []float64
	var mostTowers, mostHouses []int
	houseRoom := make([][]box, 0)
	roomOf := map[*parcel]int{}
	for l, row := range e.parcels {
		free := float64(e.households[l] - fixed(l))
		var h, w float64
		room := 0
		for _, p := range row {
			switch {
			case p.kind != Built || p.weight == 0 || p.estate || p.bell:
			case p.homes == highRise:
				h += p.weight
			case p.homes == lowHouses:
				w += p.weight
				roomOf[p] = len(houseRoom)
				houseRoom = append(houseRoom, newYard(p).rows(housePlot, 0))
				if n := len(houseRoom[roomOf[p]]); n >= fewestHouses {
					room += n
				}
			}
		}
		if e.lots.isOdd(l) {
			h, w = 0, 0
		}
		high, low = append(high, h), append(low, w)
		mostTowers = append(mostTowers, int(free*0.5/90))
		mostHouses = append(mostHouses, min(room, int(free*0.35)))
	}
	for range mostTries {
		if sumOf(mostHouses) < HouseCount {
			return false
		}
		towers, ok := shareUpToEach(high, TowerCount-1, mostTowers)
		houses, okToo := shareUpToEach(low, HouseCount, mostHouses)
		if !ok || !okToo {
			return false
		}
		left := make([]float64, LargeGrids)
		for l := range left {
			left[l] = max(float64(e.households[l]-fixed(l)-90*towers[l]-houses[l])/42, 0)
		}
		slabs := shareOut(left, SlabCount-compoundSlabs, 0)
		full := false
		e.raze()
		for l := range e.parcels {
			q := &quarter{estate: e, number: l, row: e.parcels[l]}
			if !q.special() {
				return false
			}
			if !q.place(towerPlot, tower, towers[l]) || !q.placeHouses(houses[l], houseRoom, roomOf) || !q.place(slabPlot, slab, slabs[l]) {
				full = true
				mostHouses[l] = houses[l] * 3 / 4
				continue
			}
			q.live(e.households[l] - fixed(l) - houses[l])
		}
		if !full {
			return true
		}
	}
	return false
}

// mostTries is how often the town is built with fewer houses where it was too full, as houses need the most ground.
const mostTries = 12

// raze takes away all that was built.
func (e *estate) raze() {
	e.buildings, e.candidates, e.alleys = nil, nil, nil
	for _, row := range e.parcels {
		for _, p := range row {
			p.use = unused
			if p.bell {
				p.use = shops
			}
		}
	}
}

// quarter is a large grid that is being built.
type quarter struct {
	*estate
	number int
	row    []*parcel
	homes  []int // slabs and towers whose households are shared out, as indices into buildings
}

// special builds what is planted here.
func (q *quarter) special() bool {
	switch q.number {
	case q.lots.compound:
		p := q.parcelOf(q.lots.compoundFace)
		got := newYard(p).rows(slabPlot, 0)
		if len(got) < compoundSlabs {
			return false
		}
		p.use = slabRows
		first := len(q.buildings)
		var weights []float64
		for _, b := range spread(got, compoundSlabs) {
			q.add(p, b, slab)
			weights = append(weights, float64(q.buildings[len(q.buildings)-1].stairUnits))
		}
		for i, n := range shareOut(weights, compoundHouseholds, 1) {
			q.buildings[first+i].households = n
		}
	case q.lots.unfinished:
		p := q.parcelOf(q.lots.unfinishedFace)
		got := newYard(p).rows(towerPlot, 0)
		if len(got) < 2 {
			return false
		}
		p.use = buildingSite
		for _, b := range got {
			q.candidates = append(q.candidates, building{box: b, parcel: p, number: q.number, class: "在建住宅", compound: -1})
		}
	case q.lots.building:
		for _, p := range q.row {
			if p.kind != Built || p.estate || p.bell || p.area < 6000 {
				continue
			}
			long := plot{[]float64{34}, 9, 40, 10}
			if got := newYard(p).rows(long, 0); len(got) > 0 {
				p.use = towerGroup
				q.add(p, got[0], tower)
				b := &q.buildings[len(q.buildings)-1]
				b.households, b.floors, b.stairUnits = buildingHouseholds, 32, 4
				return true
			}
		}
		return false
	}
	return true
}

func (q *quarter) parcelOf(face int32) *parcel {
	return q.row[slices.IndexFunc(q.row, func(p *parcel) bool { return p.face == face })]
}

// add builds a home.
func (q *quarter) add(p *parcel, b box, h home) {
	n := building{box: b, parcel: p, number: q.number, home: h, compound: -1}
	switch h {
	case slab:
		n.class, n.floors, n.stairUnits = "多层住宅", 6, 3
		if b.half > 20 { // four stair units of 12 m each
			n.stairUnits = 4
		}
	case tower:
		n.class, n.floors, n.stairUnits = "高层住宅", 18+2*q.rng.IntN(5), 1+len(q.buildings)%2
	case house:
		n.class, n.floors, n.households, n.dwellings = "平房", 1, 1, 1
	}
	q.buildings = append(q.buildings, n)
}

// most is how many homes of a kind a parcel gets in each round, a large compound more.
func (q *quarter) most(p *parcel, h home, round int) int {
	most := 2 + round
	if h == tower {
		most = 1 + round
		if p.area > 9000 {
			most++
		}
	}
	if p.estate {
		most = 6
		if h == tower {
			most = 3
		}
	}
	return most
}

// place builds a number of slabs or towers and reports whether there was room: first where such homes are wanted, then
// where others are or none; more to a parcel if they do not find room otherwise.
func (q *quarter) place(k plot, h home, number int) bool {
	wants := func(p *parcel) int {
		switch {
		case p.estate:
			return 0
		case p.weight == 0:
			return 3
		case h == tower && p.homes == highRise, h == slab && p.homes == walkUps:
			return 0
		case p.homes == lowHouses:
			return 2
		}
		return 1
	}
	var fit []*parcel
	for worst := range 4 {
		for _, p := range q.row {
			if p.kind == Built && p.use == unused && wants(p) == worst && p.area >= 1800 {
				fit = append(fit, p)
			}
		}
	}
	room := make([][]box, len(fit))
	for i, p := range fit {
		room[i] = newYard(p).rows(k, p.turnOf())
	}
	for round := range 5 {
		here := make([]int, len(fit))
		left := number
		for i, p := range fit {
			here[i] = min(left, q.most(p, h, round), len(room[i]))
			left -= here[i]
		}
		if left > 0 {
			continue
		}
		for i, p := range fit {
			if here[i] == 0 {
				continue
			}
			p.use = slabRows
			if h == tower {
				p.use = towerGroup
			}
			for _, b := range spread(room[i], here[i]) {
				q.add(p, b, h)
				q.homes = append(q.homes, len(q.buildings)-1)
			}
		}
		return true
	}
	return false
}

// turnOf lets the rows of some parcels begin with a long building and those of others with a short one.
func (p *parcel) turnOf() int { return int(p.face) % 2 }

// spread returns n of the boxes, evenly from first to last.
func spread(all []box, n int) []box {
	var got []box
	for i := range n {
		got = append(got, all[i*len(all)/n])
	}
	return got
}

// fewestHouses is how many houses there are to a row or more.
const fewestHouses = 4

// placeHouses builds a number of houses in rows, with a lane along every second row.
func (q *quarter) placeHouses(number int, room [][]box, of map[*parcel]int) bool {
	for _, p := range q.row {
		i, low := of[p]
		if number == 0 || !low || p.use != unused || len(room[i]) < fewestHouses {
			continue
		}
		got := room[i][:min(number, len(room[i]))]
		p.use = houseRows
		number -= len(got)
		y := newYard(p)
		n := y.heading.left()
		rowAt := math.Inf(-1)
		rows := 0
		for _, b := range got {
			q.add(p, b, house)
			if t := b.centre.dot(n); t > rowAt+1 {
				rowAt = t
				if rows++; rows%2 == 0 {
					if line, ok := y.lane(t + housePlot.pitch/2); ok {
						q.alleys = append(q.alleys, line)
					}
				}
			}
		}
	}
	return number == 0
}

// live shares the households of a large grid out to its slabs and towers.
func (q *quarter) live(households int) {
	weights := make([]float64, len(q.homes))
	for i, n := range q.homes {
		b := &q.buildings[n]
		weights[i] = float64(float64(12*b.stairUnits) * (0.94 + float64(0.12*q.rng.Float64())))
		if b.home == tower {
			weights[i] = 76 + float64(28*q.rng.Float64())
		}
	}
	for i, n := range shareOut(weights, households, 1) {
		q.buildings[q.homes[i]].households = n
	}
}

// shareUpToEach divides total by weights into whole numbers none of which is over its most. It reports false when there is
// no room for all where there is weight.
func shareUpToEach(weights []float64, total int, most []int) ([]int, bool) {
	room := 0
	for i := range weights {
		if weights[i] > 0 {
			room += most[i]
		}
	}
	if room < total {
		return nil, false
	}
	full := make([]bool, len(weights))
	out := make([]int, len(weights))
	for {
		open, left := slices.Clone(weights), total
		for i := range open {
			if full[i] {
				open[i] = 0
				left -= most[i]
			}
		}
		again := false
		for i, n := range shareOut(open, left, 0) {
			switch {
			case full[i]:
				out[i] = most[i]
			case n > most[i]:
				full[i], again = true, true
			default:
				out[i] = n
			}
		}
		if !again {
			return out, true
		}
	}
}
