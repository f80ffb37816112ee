package plan

import (
	"math"

	"gridwright/plan/words"
)

// ParentLoads returns the sums of a parent's blocks, one a measure of the ground.
func (s *Snapshot) ParentLoads(parent int32) []float64 {
	loads := make([]float64, len(s.Ground.Measures))
	from, to := s.Ground.ParentBlocks(parent)
	for _, b := range s.Ground.Blocks[from:to] {
		for m, n := range b.Counts {
			loads[m] += float64(n)
		}
	}
	return loads
}

// ParentDeviation returns the worst deviation of a parent's grids over the balanced measures, as a fraction.
func (s *Snapshot) ParentDeviation(parent int32) float64 {
	worst := 0.0
	for _, no := range s.Siblings(parent) {
		_, deviation := s.Worst(no)
		worst = max(worst, math.Abs(deviation))
	}
	return worst
}

// ParentWords returns a parent in one sentence: how much there is and how it is shared out.
func (s *Snapshot) ParentWords(parent int32, l words.Lang) string {
	m := s.Balanced()[0]
	grids := len(s.Siblings(parent))
	total := s.ParentLoads(parent)[m]
	for g := range s.Live() {
		if g.Parent == parent && g.Dedicated() {
			total -= s.Loads(g.No)[m]
		}
	}
	key := "parent.share"
	if grids <= 1 {
		key = "parent.one"
	}
	return Sentences.Say(l, key, words.Args{"parent": s.Ground.Parents[parent].Title(l), "grids": grids,
		"total":   Quantity{s.Ground.Measures[m], total},
		"average": Quantity{s.Ground.Measures[m], math.Round(total / float64(max(1, grids)))}})
}
