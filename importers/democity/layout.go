package democity

import (
	"math/rand/v2"
	"slices"
)

// The plan of the town, in metres east and north of the bell tower. It is drawn by hand and the seed only shifts it:
// an old town inside the line of its lost wall, a ring road, avenues between, two avenues aslant, the railway in the
// north and the river in the south, fields all round.

const (
	townHalfWidth  = 6250.0 // of the outline, east and west of the tower
	townHalfHeight = 5250.0
)

// layout holds the curves of one town.
type layout struct {
	river, rail bent
	oldTown     loop
	ring        loop
	avenues     []avenue
	canals      []avenue
}

// avenue is an arterial street or a canal and where along it, in metres, it runs.
type avenue struct {
	name     string
	line     bent
	from, to float64
	old      bool // also runs inside the old town
}

const everywhere = 1e9

// The two avenues that cross at the bell tower, by their place among the avenues.
const (
	eastWest   = 0
	northSouth = 5
)

// runsAt reports whether the avenue runs so far along itself as p lies.
func (a avenue) runsAt(p vec) bool {
	t := a.line.along(p)
	return a.from <= t && t <= a.to
}

func newLayout(rng *rand.Rand) layout {
	phase := rng.Float64
	// gentle returns a line with one long and one short swing.
	gentle := func(x, y, dx, dy, amplitude float64) bent {
		return bent{origin: vec{x, y}, direction: vec{dx, dy}.unit(), swings: []swing{
			{amplitude, 6100, phase()}, {float64(amplitude * 0.35), 2300, phase()},
		}}
	}
	shift := float64(0.08 * (phase() - 0.5))
	l := layout{
		river: bent{origin: vec{0, -2980}, direction: vec{1, 0.035}.unit(), swings: []swing{
			{310, 5400, 0.13 + shift}, {115, 2450, 0.36 + shift}, {30, 1270, phase()},
		}},
		rail:    bent{origin: vec{0, 3290}, direction: vec{1, -0.055}.unit(), swings: []swing{{190, 9500, 0.2 + shift}}},
		oldTown: loop{vec{0, 0}, 1190, 980},
		ring:    loop{vec{60, 130}, 3640, 2330},
	}
	l.avenues = []avenue{
		// east and west
		{"", gentle(0, 0, 1, 0.012, 55), -everywhere, everywhere, true},
		{"碛北路", gentle(0, 1560, 1, -0.03, 95), -everywhere, everywhere, true},
		{"苇湖路", gentle(0, -1270, 1, 0.025, 85), -everywhere, everywhere, true},
		{"北屏路", gentle(0, 4250, 1, -0.05, 90), -3900, 4100, true},
		{"南屏路", gentle(0, -4080, 1, 0.04, 110), -4300, 4400, true},
		// north and south
		{"", gentle(0, 0, -0.015, 1, 50), -everywhere, everywhere, true},
		{"雁滩路", gentle(-2250, 0, 0.04, 1, 120), -everywhere, everywhere, true},
		{"星砾路", gentle(2160, 0, -0.03, 1, 110), -everywhere, everywhere, true},
		{"西原路", gentle(-4880, 0, 0.05, 1, 130), -3600, 3900, true},
		{"东原路", gentle(4820, 0, -0.04, 1, 130), -3700, 3800, true},
		// aslant: from the old town to the north-east, and past the ring to the south-west
		{"云笳斜街", gentle(0, 0, 1, 0.83, 70), 1100, 5600, false},
		{"胡笳斜街", gentle(0, 0, -1, -0.62, 90), 1100, 5200, false},
	}
	l.canals = []avenue{
		{"朔泉渠", gentle(0, 2760, 1, 0.03, 120), -everywhere, everywhere, true},
		{"驼铃渠", gentle(-3950, 0, 0.05, 1, 90), -2700, 2600, true},
		{"南干渠", gentle(0, -3560, 1, 0.02, 60), -5200, 4900, true},
	}
	return l
}

// riverHalfWidth returns how far the bank lies from the middle of the river, at t metres along it.
func riverHalfWidth(t float64) float64 {
	return 105 + float64(22*wave(t/3300+0.4)) + float64(9*wave(t/1100))
}

// railHalfWidth returns how far the railway's fence lies from its middle: wide in the station's yard.
func railHalfWidth(t float64) float64 {
	return ramp(t, []float64{-1500, -750, 750, 1500}, []float64{26, 68, 68, 26})
}

// promenade returns how far the riverside park reaches inland from the middle of the river.
func promenade(t float64) float64 {
	return riverHalfWidth(t) + 95 + float64(35*wave(t/1900+0.2))
}

// townOutline returns the edge of the town, counter-clockwise: farmland's, with long straight sides and dents.
func townOutline(noise uint64) []vec {
	edge := loop{a: townHalfWidth, b: townHalfHeight}
	const sides = 96
	outline := make([]vec, sides)
	for i := range outline {
		p := edge.at(4 * float64(i) / sides)
		outline[i] = p.scale(0.93 + float64(0.10*ripple(noise, p, 2100)) + float64(0.025*ripple(noise+1, p, 260)))
	}
	return outline
}

// drawStreets cuts the whole town along the middle of river and railway, the canals, the old town's wall, the ring and the
// avenues.
func (l layout) drawStreets(m *planarMap) {
	anywhere := func(vec) bool { return true }
	m.draw(l.river, river, 70, anywhere)
	m.draw(l.rail, railway, 160, anywhere)
	for _, c := range l.canals {
		m.draw(c.line, canal, 90, c.runsAt)
	}
	for _, a := range l.avenues {
		if a.old {
			m.draw(a.line, arterial, 110, a.runsAt)
		}
	}
	m.draw(l.oldTown, arterial, 90, anywhere)
	m.draw(l.ring, arterial, 110, anywhere)
	for _, a := range l.avenues {
		if !a.old {
			m.draw(a.line, arterial, 110, func(p vec) bool { return a.runsAt(p) && l.oldTown.side(p) < 0 })
		}
	}
}

// drawBands widens the river and the railway from lines to ground of their own, and lays a park along the north bank.
func (l layout) drawBands(m *planarMap) {
	anywhere := func(vec) bool { return true }
	band := func(line bent, half func(float64) float64, s street, kind Kind, step float64) {
		for _, toLeft := range []float64{1, -1} {
			edge := line.beside(func(t float64) float64 { return float64(toLeft * half(t)) })
			for _, pair := range m.draw(edge, s, step, anywhere) {
				if toLeft > 0 {
					m.faces[pair[1]].kind = kind
				} else {
					m.faces[pair[0]].kind = kind
				}
			}
		}
	}
	band(l.river, riverHalfWidth, river, Water, 60)
	band(l.rail, railHalfWidth, railway, Railway, 120)
	m.layPromenade(l.river, l.river.beside(promenade), func(p vec) bool { return p.x > -2900 && p.x < 3300 })
}

// layPromenade makes a park of the ground between the river and a line inland, where along says so.
func (m *planarMap) layPromenade(water, inland bent, along func(vec) bool) {
	m.draw(inland, lane, 75, along)
	for f := range m.faces {
		face := &m.faces[f]
		if len(face.loop) == 0 || face.kind != Built {
			continue
		}
		ring := m.ring(int32(f))
		if c := centroid(ring); !along(c) || water.side(c) < 0 {
			continue
		}
		beyond := func(p vec) bool { return inland.side(p) > curveSnap+1 }
		if !slices.ContainsFunc(ring, beyond) {
			face.kind = Park
		}
	}
}
