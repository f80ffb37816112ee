package democity

import (
	"cmp"
	"math"
	"slices"
)

// fillUp builds what nobody lives in: public buildings, works, shops along the streets, sheds. It reports false when there
// is no room for as many as promised.
func (e *estate) fillUp() bool {
	standing := map[*parcel][]box{}
	for _, b := range e.buildings {
		standing[b.parcel] = append(standing[b.parcel], b.box)
	}
	for _, c := range e.candidates {
		standing[c.parcel] = append(standing[c.parcel], c.box)
	}
	must := len(e.candidates)
	tower := e.empty(newYard(e.bell.parcel), e.bell.box, "古迹", 3)
	tower.name = "鼓楼"
	e.candidates = append(e.candidates, tower)
	standing[tower.parcel] = append(standing[tower.parcel], tower.box)
	for _, row := range e.parcels {
		for _, p := range row {
			if p.kind != Built || p.use == buildingSite {
				continue
			}
			y := newYard(p)
			y.taken = standing[p]
			e.fill(y)
		}
	}
	return e.keep(must+1, EmptyCount)
}

// reserve keeps the parcel on the corner of the crossing in the middle of the town for the bell tower (鼓楼). It reports
// false when there is none.
func (e *estate) reserve() bool {
	nearest := math.Inf(1)
	for _, row := range e.parcels {
		for _, p := range row {
			for i := range p.ring {
				before := p.sides[(i+len(p.sides)-1)%len(p.sides)]
				if d := p.ring[i].length(); p.kind == Built && p.sides[i] == arterial && before == arterial && turn(p.ring, i) < 0.6 && d < nearest {
					if b, ok := p.bellTower(i); ok {
						nearest, e.bell = d, bell{p, b}
					}
				}
			}
		}
	}
	if nearest < 120 {
		e.bell.parcel.bell = true
	}
	return nearest < 120
}

// bell is the bell tower and where it stands.
type bell struct {
	parcel *parcel
	box    box
}

// bellTower returns the ground of a bell tower near a corner of a parcel.
func (p *parcel) bellTower(corner int) (box, bool) {
	y, n := newYard(p), len(p.ring)
	out := p.ring[(corner+1)%n].sub(p.ring[corner]).unit()
	back := p.ring[(corner+n-1)%n].sub(p.ring[corner]).unit()
	for _, off := range []float64{28, 32, 36, 40} {
		if b := (box{p.ring[corner].add(out.scale(off)).add(back.scale(off)), out, 9, 9}); y.fits(b, 0) {
			return b, true
		}
	}
	return box{}, false
}

func (e *estate) empty(y *yard, b box, class string, floors int) building {
	return building{box: b, parcel: y.parcel, number: e.m.faces[y.face].largeGrid, class: class, floors: floors, compound: y.place}
}

// fill adds candidates for a parcel's buildings without households.
func (e *estate) fill(y *yard) {
	add := func(boxes []box, class string, floors int) {
		for _, b := range boxes {
			e.candidates = append(e.candidates, e.empty(y, b, class, floors))
		}
	}
	length := func() float64 { return 14 + 4*float64(e.rng.IntN(6)) }
	chance := e.rng.Float64()
	switch {
	case y.site != nil:
		got := y.rows(y.site.plot, 1)
		add(spread(got, min(len(got), y.site.most)), y.site.class, 4)
		return
	case y.use != unused:
		weakest := collector
		if remoteness(y.centre) < 1500 && chance < 0.5 {
			weakest = lane
		}
		add(y.frontage(weakest, length), "商铺", 1+e.rng.IntN(2))
		if y.use != houseRows {
			got := y.rows(shedPlot, 0)
			add(spread(got, min(len(got), 1+e.rng.IntN(2))), "附属用房", 1)
		}
		return
	}
	k, class, most, floors := officePlot, "办公用房", 2+e.rng.IntN(3), 3+e.rng.IntN(3)
	switch {
	case math.Abs(e.g.layout.rail.side(y.centre)) < 420, remoteness(y.centre) > 2700 && chance < 0.5:
		k, class, most, floors = worksPlot, "厂房", 3+e.rng.IntN(4), 1
	case remoteness(y.centre) > 4100:
		k, class, floors = officePlot, "农副业用房", 1
	case chance < 0.25:
		k, class = officePlot, "公共服务用房"
	case chance < 0.5:
		k, class, floors = worksPlot, "商业用房", 2
	}
	y.use = offices
	if class == "商业用房" || class == "办公用房" {
		add(y.frontage(collector, length), "商铺", 2)
	}
	got := y.rows(k, y.turnOf())
	add(spread(got, min(len(got), most)), class, floors)
	if len(got) == 0 {
		got = y.rows(shedPlot, 0)
		add(spread(got, min(len(got), 2)), "附属用房", 1)
	}
}

// keep keeps the first candidates and of the others as many as are wanted: what stands alone on its parcel and the dedicated
// sites before all, then as chance has it.
func (e *estate) keep(must, wanted int) bool {
	if len(e.candidates) < wanted {
		return false
	}
	rank := make([]float64, len(e.candidates))
	seen := map[*parcel]int{}
	for i, c := range e.candidates {
		rank[i] = 1 + e.rng.Float64()
		if seen[c.parcel]++; i < must || c.parcel.site != nil || c.parcel.use == offices && seen[c.parcel] <= 2 {
			rank[i] = 0
		}
	}
	order := make([]int, len(rank))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rank[a], rank[b]) })
	if rank[order[wanted]] == 0 {
		return false
	}
	chosen := slices.Clone(order[:wanted])
	slices.Sort(chosen)
	for _, i := range chosen {
		b := e.candidates[i]
		if b.parcel.use == buildingSite {
			b.compound = b.parcel.place
		}
		e.buildings = append(e.buildings, b)
	}
	return true
}

// count gives the homes residents, dwellings and party members.
func (e *estate) count() {
	of := make([][]int, LargeGrids) // by large grid: its homes
	for i, b := range e.buildings {
		if b.households > 0 {
			of[b.number] = append(of[b.number], i)
		}
	}
	base, size := make([]float64, LargeGrids), make([]float64, LargeGrids)
	for l := range of {
		base[l] = float64(e.households[l])
		size[l] = 1 - residentLeeway + float64(2*residentLeeway*e.rng.Float64())
	}
	var party []float64
	var homes []int
	for l, total := range shareOut(wanderFrom(base, size, residentLeeway), Residents, 1) {
		weights := make([]float64, len(of[l]))
		for i, n := range of[l] {
			weights[i] = float64(float64(e.buildings[n].households) * (0.88 + float64(0.24*e.rng.Float64())))
			homes, party = append(homes, n), append(party, float64(float64(e.buildings[n].households)*(0.5+e.rng.Float64())))
		}
		for i, n := range shareOut(weights, total, 0) {
			e.buildings[of[l][i]].residents = n
		}
	}
	for i, n := range shareOut(party, PartyMembers, 0) {
		e.buildings[homes[i]].party = n
	}
	for _, n := range homes {
		b := &e.buildings[n]
		switch b.home {
		case slab: // two or three doors on a landing
			b.dwellings = 12 * b.stairUnits
			if b.dwellings < b.households {
				b.dwellings = 18 * b.stairUnits
			}
			b.dwellings = max(b.dwellings, b.households)
		case tower:
			b.dwellings = b.floors * ((b.households*11/10 + b.floors) / b.floors)
		}
	}
}
