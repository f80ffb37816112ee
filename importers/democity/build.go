package democity

import (
	"math/rand/v2"
	"slices"
)

// survey makes the map of the town down to blocks; the faces carry their kind and quarter.
func survey(rng *rand.Rand) (*planarMap, ground) {
	g := ground{noise: rng.Uint64(), layout: newLayout(rng)}
	m := newPlanarMap(townOutline(g.noise))
	g.villages = placeVillages(m.ring(0), g.layout, rng)
	g.layout.drawStreets(m)
	m.tidy(20e3)
	for f := range slices.Clone(m.faces) {
		if len(m.faces[f].loop) > 0 {
			m.subdivide(int32(f), g.quarterArea, collector, 0.10, rng)
		}
	}
	for f := range m.faces {
		m.faces[f].quarter = int32(f)
	}
	m.layParks(parkSites)
	g.layout.drawBands(m)
	m.tidy(2200)
	for f := range slices.Clone(m.faces) {
		if face := m.faces[f]; len(face.loop) > 0 && face.kind == Built {
			irregular := ramp(remoteness(centroid(m.ring(int32(f)))), []float64{900, 1400}, []float64{0.3, 0.12})
			m.subdivide(int32(f), g.blockArea, lane, irregular, rng)
		}
	}
	for f := range m.faces {
		if face := &m.faces[f]; len(face.loop) > 0 && face.kind == Built && g.farmed(centroid(m.ring(int32(f)))) {
			face.kind = Open
		}
	}
	return m, g
}

// parkSites are places that lie in a park: the quarter there stays whole and green.
var parkSites = []vec{
	{-1500, 800}, {700, 520}, {1550, -800}, {-2900, -300}, {2850, 900}, {3500, -650}, {-500, 2300},
	{-3000, 1900}, {-700, -4200}, {2900, -3900}, {1200, 3900}, {-350, -560}, {4200, 1200},
}

// layParks makes a park of the quarter round each site, if it is not too large for one.
func (m *planarMap) layParks(sites []vec) {
	for _, site := range sites {
		for f := range m.faces {
			if len(m.faces[f].loop) == 0 {
				continue
			}
			if ring := m.ring(int32(f)); inside(ring, site) && ringArea(ring) < 220e3 {
				m.faces[f].kind = Park
			}
		}
	}
}

// placeVillages scatters villages over the farmland, apart from each other, the river and the railway.
func placeVillages(outline []vec, l layout, rng *rand.Rand) []vec {
	var villages []vec
	for range 4000 {
		p := vec{float64(townHalfWidth * (2*rng.Float64() - 1)), float64(townHalfHeight * (2*rng.Float64() - 1))}
		if r := remoteness(p); r < 4650 || !inside(outline, p) || !inside(outline, p.scale(1.09)) {
			continue
		}
		if d := l.river.side(p); d > -450 && d < 450 {
			continue
		}
		if d := l.rail.side(p); d > -350 && d < 350 {
			continue
		}
		if slices.ContainsFunc(villages, func(v vec) bool { return v.distance(p) < 1150 }) {
			continue
		}
		villages = append(villages, p)
	}
	return villages
}

// tidy joins every face smaller than least square metres, or thinner than a street's houses, to the neighbour with the
// longest common border, unless the river or the railway runs between.
func (m *planarMap) tidy(least float64) {
	for f := range m.faces {
		if len(m.faces[f].loop) == 0 {
			continue
		}
		ring := m.ring(int32(f))
		area, around := ringArea(ring), 0.0
		for i, p := range ring {
			around += p.distance(ring[(i+1)%len(ring)])
		}
		if area >= least && 2*area/around >= 14 {
			continue
		}
		m.absorb(int32(f))
	}
}

// absorb joins face f to the neighbour of its kind with which it has the longest border.
func (m *planarMap) absorb(f int32) bool {
	type share struct {
		face   int32
		metres float64
	}
	var shares []share
	m.borders(f, func(g int32, metres float64, s street) {
		if s == river || s == railway || s == canal || m.faces[g].kind != m.faces[f].kind {
			return
		}
		if m.faces[g].quarter == m.faces[f].quarter {
			metres += 1000
		}
		if i := slices.IndexFunc(shares, func(x share) bool { return x.face == g }); i >= 0 {
			shares[i].metres += metres
		} else {
			shares = append(shares, share{g, metres})
		}
	})
	slices.SortStableFunc(shares, func(a, b share) int {
		switch {
		case a.metres > b.metres:
			return -1
		case a.metres < b.metres:
			return 1
		}
		return int(a.face - b.face)
	})
	for _, s := range shares {
		if m.join(s.face, f) {
			return true
		}
	}
	return false
}
