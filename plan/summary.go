package plan

import (
	"math"
	"slices"

	"gridwright/geo/crs"
)

// Summary is how good a plan is as it stands.
type Summary struct {
	Measures     []MeasureSummary // the balanced ones, in the recipe's order
	MaxDeviation float64          // worst over grids and balanced measures, against the parents' own ideals
	Contiguous   bool             // every grid is in one piece
	CutEdges     int
	CutLength    crs.Metres
	Oversized    []string // codes of blocks heavier than a grid of their parent should be
}

// MeasureSummary is one measure over all grids.
type MeasureSummary struct {
	Measure      Measure
	Total        float64
	Ideal        float64 // total over the number of grids
	MaxDeviation float64
	Gini         float64 // of the loads: 0 when all grids carry the same
}

// Summary returns how good the plan is.
func (s *Snapshot) Summary() Summary {
	sum := Summary{Contiguous: true}
	sum.CutEdges, sum.CutLength = s.Cut()
	worst := make([]float64, len(s.Ground.Measures))
	for g := range s.Live() {
		sum.Contiguous = sum.Contiguous && (s.Pieces(g.No) == 1 || g.Enclave != "" && s.Pieces(g.No) > 1)
		for m, d := range s.Deviation(g.No) {
			if d = math.Abs(d); d > worst[m] { // NaN is no deviation
				worst[m] = d
			}
		}
	}
	for _, m := range s.Balanced() {
		var loads []float64
		for g := range s.Live() {
			loads = append(loads, s.Loads(g.No)[m])
		}
		total := float64(s.Ground.Total(m))
		sum.Measures = append(sum.Measures, MeasureSummary{Measure: s.Ground.Measures[m], Total: total,
			Ideal: total / float64(max(1, len(loads))), MaxDeviation: worst[m], Gini: Gini(loads)})
		sum.MaxDeviation = max(sum.MaxDeviation, worst[m])
	}
	for _, f := range s.oversized() {
		sum.Oversized = append(sum.Oversized, s.Ground.Blocks[f.Blocks[0]].Code)
	}
	return sum
}

// Gini returns the Gini coefficient of loads: 0 when all are equal, when there are none and when all are 0; towards 1 when one
// has everything.
func Gini(loads []float64) float64 {
	var sum, weighted float64
	for i, load := range slices.Sorted(slices.Values(loads)) {
		sum += load
		weighted += float64(float64(i+1) * load)
	}
	if sum == 0 {
		return 0
	}
	n := float64(len(loads))
	return max(0, 2*weighted/(n*sum)-(n+1)/n)
}
