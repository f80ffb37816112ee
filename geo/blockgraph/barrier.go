package blockgraph

import "slices"

// A grid likes to end where something runs along. The table says what a metre of border costs by what does: 1 where it is
// not known, so that a graph without barriers is split by its metres alone. The order is that of geo/ground.Barrier and
// the names are its names; the numbers are a judgement, tried on drawn towns: a border along a street may be a good
// half longer than one along lanes before the lanes win, and one across a yard is worth a detour of twice its length, four times along a
// river.
var barriers = []struct {
	name string
	cost float64 // of a metre
}{
	{"none", 2}, // through a yard
	{"wall", 0.8},
	{"lane", 1},
	{"street", 0.6},
	{"trunk", 0.5},
	{"railway", 0.5},
	{"river", 0.5},
}

// MetreCost returns what a metre of border costs along a barrier; ok is false for a name that is none.
func MetreCost(barrier string) (cost float64, ok bool) {
	for _, b := range barriers {
		if b.name == barrier {
			return b.cost, true
		}
	}
	return 1, false
}

// SplitCost is how many times a border costs that runs through what a planner wants kept together: a compound, a village.
const SplitCost = 4

// BarrierNames lists the names MetreCost knows, from the weakest barrier.
func BarrierNames() []string {
	names := make([]string, len(barriers))
	for i, b := range barriers {
		names[i] = b.name
	}
	return slices.Clip(names)
}
