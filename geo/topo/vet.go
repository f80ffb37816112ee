package topo

import (
	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Flaw is something wrong with a shape that nobody can tidy without judging what was meant.
type Flaw struct {
	Kind string // one of FlawKinds
	At   crs.Point
}

// The kinds of flaws.
const (
	FewPoints    = "few_points"    // a ring of fewer than three different points
	Spike        = "spike"         // a ring that turns back on itself, or has no area
	SelfCrossing = "self_crossing" // a ring that crosses itself or winds twice round the same ground
	LineTouch    = "line_touch"    // a ring that runs along itself or along another ring of its polygon
	HoleOutside  = "hole_outside"  // a hole that is not inside its shell
	RingsCross   = "rings_cross"   // a hole that crosses its shell, or holes that cross or lie in one another
	PartsOverlap = "parts_overlap" // two parts that share ground
)

// FlawKinds lists every kind of flaw.
var FlawKinds = []string{FewPoints, Spike, SelfCrossing, LineTouch, HoleOutside, RingsCross, PartsOverlap}

// Vet tidies a shape.
func Vet(m shape.MultiPolygon) (clean shape.MultiPolygon, flaws []Flaw) {
	return m, nil
}
