package democity

import "math"

// ground answers what lies at a place of the town: how densely people live and how large the blocks are.
type ground struct {
	noise    uint64
	villages []vec
	layout   layout
}

// remoteness is the distance from the bell tower in metres, east-west a little shortened, as the town is wide.
func remoteness(p vec) float64 { return vec{float64(p.x * 0.86), p.y}.length() }

// nearVillage returns 1 in the middle of a village, falling to 0 at its edge.
func (g ground) nearVillage(p vec) float64 {
	best := 0.0
	for _, v := range g.villages {
		best = max(best, 1-p.distance(v)/420)
	}
	return best
}

// farmed reports whether a place lies among the fields.
func (g ground) farmed(p vec) bool {
	r := remoteness(p) + float64(1500*(ripple(g.noise+2, p, 1300)-0.5))
	return r > 4350 && g.nearVillage(p) < 0.3
}

// newTown is the middle of the new town in the east, where towers stand.
var newTown = vec{3450, -350}

// density returns households per square metre where houses stand.
func (g ground) density(p vec) float64 {
	d := ramp(remoteness(p),
		[]float64{0, 1100, 1500, 2600, 3500, 4300, 5000},
		[]float64{4600, 5100, 4300, 4300, 2900, 1500, 900})
	d += float64(2100 * max(0, 1-p.distance(newTown)/1300))
	d += float64(1500 * max(0, 1-p.distance(vec{-300, -3900})/1500))
	d += float64(1500 * g.nearVillage(p))
	if fromRail := math.Abs(g.layout.rail.side(p)); fromRail < 700 {
		d = float64(d * (0.45 + fromRail/1270)) // workshops and sidings
	}
	return float64(d*(0.65+float64(0.7*ripple(g.noise+3, p, 700)))) / 1e6
}

// blockArea returns how large a block is wanted, in square metres: smaller where it would hold too many households.
func (g ground) blockArea(p vec) float64 {
	if g.farmed(p) {
		return 190e3
	}
	a := ramp(remoteness(p),
		[]float64{0, 1050, 1300, 2600, 3600, 4600, 5600},
		[]float64{19000, 20000, 25000, 27000, 34000, 45000, 56000})
	a = float64(a * (0.72 + float64(0.56*ripple(g.noise+4, p, 520))))
	if v := g.nearVillage(p); v > 0 && remoteness(p) > 4300 {
		a = min(a, 22000)
	}
	return min(a, 100/g.density(p))
}

// quarterArea returns how large a quarter may be: about as much as a few blocks and 160 households.
func (g ground) quarterArea(p vec) float64 {
	if g.farmed(p) {
		return 560e3
	}
	return min(200/g.density(p), float64(7*g.blockArea(p)))
}
