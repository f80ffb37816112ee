package democity

import (
	"math"
	"math/rand/v2"
	"slices"
)

// mostHouseholds is how many households a block may have: few enough for a large grid to come into even parts.
const mostHouseholds = 96

// fewestHomes is how many blocks with homes there must be for each grid.
const fewestHomes = 5

// leeway is how far a large grid's average load may be from 400 households a grid, and its residents and stair units from
// the town's mean a household. With Adams' method and one divisor for all, a large grid gets k grids while its load, as a
// multiple of the average grid's, lies over (k-1)λ and not over kλ; k is 5 at most, so at λ = 1.1 every load from 0.88 to
// 1.1 a grid is safe, and the worst here is 1 - 0.055 - 0.03 or 1 + 0.055 + 0.03.
const (
	householdLeeway = 0.055
	residentLeeway  = 0.03
	stairLeeway     = 0.10 // counts half, as stair units are only mixed with households
)

// plot is a face on its way to become a block.
type plot struct {
	face   int32
	centre vec
	area   float64 // square metres
	kind   Kind
	homes  housing
	weight float64 // households by the natural density; 0 without homes
	counts Counts
}

// housing is how people live in a block.
type housing struct {
	perStair    float64 // households to a stair unit
	perBuilding float64 // stair units to a building
}

var (
	lowHouses = housing{perStair: 8, perBuilding: 1.4}  // of the old town and the villages
	walkUps   = housing{perStair: 12, perBuilding: 3.6} // six floors, two doors on each
	towers    = housing{perStair: 21, perBuilding: 1.5}
)

// populate returns the blocks-to-be of every large grid, in reading order, with their counts. It reports false when a
// large grid has too few built blocks for its households.
func populate(m *planarMap, g ground, t *tree, rng *rand.Rand) ([][]plot, bool) {
	plots := m.plots(g, t)
	natural := make([]float64, LargeGrids)
	for l := range plots {
		for i := range plots[l] {
			plots[l][i].settle(g, rng)
			natural[l] += plots[l][i].weight
		}
	}
	wanted := t.wanted()
	households := shareOut(wanderFrom(wanted, ratios(natural, wanted), householdLeeway), Households, 1)
	for l := range plots {
		if !house(plots[l], households[l], int(wanted[l]), g) {
			return nil, false
		}
	}
	people(plots, households, rng)
	stairs(plots, households)
	buildings(plots, rng)
	return plots, true
}

// plots lists the faces of each large grid, in reading order.
func (m *planarMap) plots(g ground, t *tree) [][]plot {
	plots := make([][]plot, LargeGrids)
	for f := range m.faces {
		if len(m.faces[f].loop) == 0 {
			continue
		}
		ring := m.ring(int32(f))
		l := t.largeGridOf[m.faces[f].quarter]
		plots[l] = append(plots[l], plot{face: int32(f), centre: centroid(ring), area: ringArea(ring), kind: m.faces[f].kind})
	}
	for _, row := range plots {
		inReadingOrder(row, 170, func(p plot) vec { return p.centre })
	}
	return plots
}

// settle decides how people live in a plot, if any do: here and there a school, a market or a works has none.
func (p *plot) settle(g ground, rng *rand.Rand) {
	kind, chance := rng.Float64(), rng.Float64()
	if p.kind != Built {
		return
	}
	p.homes = g.housing(p.centre, kind)
	if chance >= g.homeless(p.centre) {
		p.weight = float64(p.area * g.density(p.centre))
	}
}

// housing returns how people live at a place; chance is one of 0..1.
func (g ground) housing(p vec, chance float64) housing {
	high := ripple(g.noise+5, p, 900)
	switch {
	case remoteness(p) > 4300:
		return lowHouses
	case g.layout.oldTown.side(p) > 0 && chance < 0.6:
		return lowHouses
	case p.distance(newTown) < 1300 && chance < 0.8, high+float64(0.3*chance) > 0.85:
		return towers
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

// house gives a large grid's households to its plots by weight, at least one to each with homes and no more than
// mostHouseholds. It reports false when there are fewer than fewestHomes plots a grid for that.
func house(row []plot, households, grids int, g ground) bool {
	weights := make([]float64, len(row))
	homes := 0
	for i := range row {
		if weights[i] = row[i].weight; weights[i] > 0 {
			homes++
		}
	}
	for i := range row {
		if homes < fewestHomes*grids && row[i].kind == Built && weights[i] == 0 {
			weights[i] = float64(row[i].area * g.density(row[i].centre)) // homes after all
			homes++
		}
	}
	if homes < fewestHomes*grids {
		return false
	}
	households -= homes
	for i, n := range shareUpTo(weights, households, mostHouseholds-1) {
		if weights[i] > 0 {
			row[i].counts.Households = n + 1
		}
	}
	return true
}

// shareUpTo divides total by weights into whole numbers none of which is over most; there must be room for all.
func shareUpTo(weights []float64, total, most int) []int {
	full := make([]bool, len(weights))
	out := make([]int, len(weights))
	for {
		open, left := slices.Clone(weights), total
		for i := range open {
			if full[i] {
				open[i] = 0
				left -= most
			}
		}
		again := false
		for i, n := range shareOut(open, left, 0) {
			switch {
			case full[i]:
				out[i] = most
			case n > most:
				full[i], again = true, true
			default:
				out[i] = n
			}
		}
		if !again {
			return out
		}
	}
}

// people gives the residents to the large grids about by households, and in each to its plots.
func people(plots [][]plot, households []int, rng *rand.Rand) {
	base, size := make([]float64, len(plots)), make([]float64, len(plots))
	for l := range plots {
		base[l] = float64(households[l])
		size[l] = float64(1 - residentLeeway + float64(2*residentLeeway*rng.Float64()))
	}
	for l, total := range shareOut(wanderFrom(base, size, residentLeeway), Residents, 1) {
		weights := make([]float64, len(plots[l]))
		for i, p := range plots[l] {
			weights[i] = float64(float64(p.counts.Households) * (0.88 + float64(0.24*rng.Float64())))
		}
		for i, n := range shareOut(weights, total, 0) {
			plots[l][i].counts.Residents = n
		}
	}
}

// stairs gives every plot with homes the stair units its kind of housing needs, drawn to the town's mean a household
// where a large grid would stray too far from it.
func stairs(plots [][]plot, households []int) {
	base, natural := make([]float64, len(plots)), make([]float64, len(plots))
	needs := make([][]float64, len(plots))
	for l, row := range plots {
		needs[l] = make([]float64, len(row))
		for i, p := range row {
			if p.counts.Households > 0 {
				needs[l][i] = float64(p.counts.Households) / p.homes.perStair
			}
		}
		base[l], natural[l] = float64(households[l]), sum(needs[l])
	}
	mean := sum(natural) / sum(base)
	for l, total := range wanderFrom(base, ratios(natural, base), stairLeeway) {
		left := int(float64(total * mean))
		for _, need := range needs[l] {
			if need > 0 {
				left--
			}
		}
		for i, n := range shareOut(needs[l], max(left, 0), 0) {
			if needs[l][i] > 0 {
				plots[l][i].counts.StairUnits = min(n+1, plots[l][i].counts.Households)
			}
		}
	}
}

// buildings gives the plots dwellings, of which some stand empty, buildings, and organisations that reside there.
func buildings(plots [][]plot, rng *rand.Rand) {
	for _, row := range plots {
		for i := range row {
			empty, shops, orgs := rng.Float64(), rng.IntN(3), rng.Float64()
			c := &row[i].counts
			switch {
			case row[i].kind != Built:
			case c.Households == 0:
				c.Buildings = 2 + shops + int(float64(6*empty))
				c.ResidentOrgs = 1 + int(float64(7*orgs))
			default:
				c.Dwellings = c.Households + int(math.Ceil(float64(float64(c.Households)*(0.03+float64(0.14*empty)))))
				c.Buildings = max(1, int(float64(c.StairUnits)/row[i].homes.perBuilding+0.5)) + shops
				c.ResidentOrgs = int(float64(float64(orgs*orgs) * ramp(remoteness(row[i].centre), []float64{400, 2600, 4600}, []float64{9, 5, 2})))
			}
		}
	}
}
