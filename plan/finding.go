package plan

import (
	"math"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// Severity says how much a finding weighs.
type Severity string

// The severities. An error keeps a plan from being published.
const (
	Err     Severity = "error"
	Warning Severity = "warning"
	Note    Severity = "note"
)

// Finding is a rule the plan does not keep (问题), with the place and the blocks concerned.
type Finding struct {
	Rule     string
	Severity Severity
	Args     words.Args
	Grid     GridNo  // 0 when it concerns no single grid
	Blocks   []int32 // indexes into Ground.Blocks
	At       crs.Point
}

// In returns the finding as a sentence.
func (f Finding) In(l words.Lang) string { return Sentences.Say(l, "finding."+f.Rule, f.Args) }

// Findings returns every rule the plan breaks: grids by number, then blocks by index.
func (s *Snapshot) Findings() []Finding {
	var found []Finding
	for _, g := range s.Grids {
		found = append(found, s.GridFindings(g.No)...)
	}
	found = append(found, s.unassigned()...)
	found = append(found, s.fewBlocks()...)
	return append(found, s.oversized()...)
}

// GridFindings returns the rules one grid breaks.
func (s *Snapshot) GridFindings(no GridNo) []Finding {
	g, blocks := s.Grids[no-1], s.Blocks(no)
	at := s.place(g.Parent, blocks)
	if len(blocks) == 0 {
		return []Finding{{Rule: "grid.empty", Severity: Err, Grid: no, At: at, Args: words.Args{"grid": g.Code}}}
	}
	var found []Finding
	if n := s.Pieces(no); n > 1 {
		found = append(found, Finding{Rule: "contiguous", Severity: Err, Grid: no, Blocks: blocks, At: at,
			Args: words.Args{"grid": g.Code, "pieces": n}})
	}
	if _, deviation := s.Worst(no); math.Abs(deviation) > s.Recipe.Tolerance+rounding {
		found = append(found, Finding{Rule: "balance", Severity: Warning, Grid: no, Blocks: blocks, At: at,
			Args: words.Args{"grid": g.Code, "words": s.Words(no), "tolerance": words.Percent(s.Recipe.Tolerance)}})
	}
	return found
}

// rounding keeps a deviation that equals the tolerance from being reported for its last binary digit.
const rounding = 1e-9

// unassigned returns a finding a parent that has blocks in no grid.
func (s *Snapshot) unassigned() []Finding {
	var found []Finding
	for p := range s.Ground.Parents {
		from, to := s.Ground.ParentBlocks(int32(p))
		var blocks []int32
		for b := from; b < to; b++ {
			if s.At[b] == 0 {
				blocks = append(blocks, int32(b))
			}
		}
		if len(blocks) > 0 {
			found = append(found, Finding{Rule: "unassigned", Severity: Err, Blocks: blocks, At: s.place(int32(p), blocks),
				Args: words.Args{"n": len(blocks), "parent": s.Ground.Parents[p].Code}})
		}
	}
	return found
}

// fewBlocks returns a note for each parent of which every block is a grid: it can have no more.
func (s *Snapshot) fewBlocks() []Finding {
	var found []Finding
	for p := range s.Ground.Parents {
		from, to := s.Ground.ParentBlocks(int32(p))
		if n := len(s.Siblings(int32(p))); n > 1 && n == to-from {
			found = append(found, Finding{Rule: "few_blocks", Severity: Note, At: s.place(int32(p), nil),
				Args: words.Args{"parent": s.Ground.Parents[p].Code, "n": n}})
		}
	}
	return found
}

// oversized returns a note for each block that alone exceeds the ideal load of its parent's grids by more than the
// tolerance: no division can bring its grid within it.
func (s *Snapshot) oversized() []Finding {
	var found []Finding
	balanced := s.Balanced()
	for p := range s.Ground.Parents {
		if len(s.Siblings(int32(p))) < 2 {
			continue
		}
		ideals := s.Ideals(int32(p))
		from, to := s.Ground.ParentBlocks(int32(p))
		for b := from; b < to; b++ {
			block := s.Ground.Blocks[b]
			for _, m := range balanced {
				if n := float64(block.Counts[m]); ideals[m] > 0 && n > ideals[m]*(1+s.Recipe.Tolerance) {
					found = append(found, Finding{Rule: "oversized", Severity: Note, Grid: s.At[b], Blocks: []int32{int32(b)}, At: block.Label,
						Args: words.Args{"block": block.Code, "quantity": Quantity{s.Ground.Measures[m], n},
							"ideal": Quantity{s.Ground.Measures[m], math.Round(ideals[m])}, "parent": s.Ground.Parents[p].Code}})
					break
				}
			}
		}
	}
	return found
}

// place returns a point on the first of the blocks, or on the parent's first block.
func (s *Snapshot) place(parent int32, blocks []int32) crs.Point {
	if len(blocks) > 0 {
		return s.Ground.Blocks[blocks[0]].Label
	}
	from, _ := s.Ground.ParentBlocks(parent)
	return s.Ground.Blocks[from].Label
}
