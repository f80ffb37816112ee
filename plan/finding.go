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
	for g := range s.Live() {
		found = append(found, s.GridFindings(g.No)...)
	}
	found = append(found, s.unassigned()...)
	found = append(found, s.fewBlocks()...)
	found = append(found, s.bandless()...)
	found = append(found, s.unmet()...)
	found = append(found, s.uncounted()...)
	found = append(found, s.linked()...)
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
	if g.Name == "" && g.NameEn == "" {
		found = append(found, Finding{Rule: "unnamed", Severity: Warning, Grid: no, Blocks: blocks, At: at, Args: words.Args{"grid": g.Code}})
	}
	switch n := s.Pieces(no); {
	case n > 1 && g.Enclave != "":
		found = append(found, Finding{Rule: "enclave", Severity: Note, Grid: no, Blocks: blocks, At: at,
			Args: words.Args{"grid": g.Code, "pieces": n, "reason": g.Enclave}})
	case n > 1:
		found = append(found, Finding{Rule: "contiguous", Severity: Err, Grid: no, Blocks: blocks, At: at,
			Args: words.Args{"grid": g.Code, "pieces": n}})
	}
	if band, ok := s.band(); ok {
		if s.balance(no) != Within {
			found = append(found, Finding{Rule: "band", Severity: Warning, Grid: no, Blocks: blocks, At: at,
				Args: words.Args{"grid": g.Code, "words": s.standing(no), "min": band.Min, "max": band.Max}})
		}
		return found
	}
	if s.balance(no) != Within {
		found = append(found, Finding{Rule: "balance", Severity: Warning, Grid: no, Blocks: blocks, At: at,
			Args: words.Args{"grid": g.Code, "words": s.standing(no), "tolerance": words.Percent(s.Recipe.Tolerance)}})
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

// bandless returns a note for each parent whose average lies outside the band however many grids it gets.
func (s *Snapshot) bandless() []Finding {
	band, ok := s.band()
	if !ok {
		return nil
	}
	var found []Finding
	m := s.Ground.MeasureIndex(band.Measure)
	for p := range s.Ground.Parents {
		total := s.parentLoad(int32(p), m)
		if least := max(1, math.Ceil(total/band.Max)); total/least < band.Min || total > 0 && band.Max == 0 {
			found = append(found, Finding{Rule: "band_parent", Severity: Note, At: s.place(int32(p), nil),
				Args: words.Args{"parent": s.Ground.Parents[p].Code, "total": Quantity{band.Measure, total}, "min": band.Min, "max": band.Max}})
		}
	}
	return found
}

// linked returns a note for each link that holds a grid together, or would: what is in one piece by it is so by agreement.
func (s *Snapshot) linked() []Finding {
	var found []Finding
	for _, l := range s.Ground.Links {
		a, okA := s.Ground.ByID(l.A)
		b, okB := s.Ground.ByID(l.B)
		if !okA || !okB {
			continue
		}
		found = append(found, Finding{Rule: "linked", Severity: Note, Blocks: []int32{min(a, b), max(a, b)}, At: s.Ground.Blocks[a].Label,
			Args: words.Args{"a": s.Ground.Blocks[a].Code, "b": s.Ground.Blocks[b].Code, "reason": l.Reason}})
	}
	return found
}

// uncounted returns a note for each parent that has nothing of what is balanced: its grids are split by blocks.
func (s *Snapshot) uncounted() []Finding {
	var found []Finding
	for p := range s.Ground.Parents {
		empty := true
		for _, m := range s.Balanced() {
			empty = empty && s.parentLoad(int32(p), m) == 0
		}
		if empty {
			found = append(found, Finding{Rule: "uncounted", Severity: Note, At: s.place(int32(p), nil),
				Args: words.Args{"parent": s.Ground.Parents[p].Code}})
		}
	}
	return found
}

// parentLoad returns all that a parent's blocks have of a measure.
func (s *Snapshot) parentLoad(parent int32, m int) (sum float64) {
	from, to := s.Ground.ParentBlocks(parent)
	for b := from; b < to; b++ {
		sum += float64(s.Ground.Blocks[b].Counts[m])
	}
	return sum
}

// oversized returns a note for each block that alone exceeds the ideal load of its parent's grids by more than the
// tolerance, or the band: no division can bring its grid within it.
func (s *Snapshot) oversized() []Finding {
	var found []Finding
	balanced := s.Balanced()
	band, banded := s.band()
	for p := range s.Ground.Parents {
		if len(s.Siblings(int32(p))) < 2 {
			continue
		}
		ideals := s.Ideals(int32(p))
		from, to := s.Ground.ParentBlocks(int32(p))
		for b := from; b < to; b++ {
			block := s.Ground.Blocks[b]
			for _, m := range balanced {
				most := ideals[m] * (1 + s.Recipe.Tolerance)
				if banded && s.Ground.Measures[m] == band.Measure {
					most = band.Max
				}
				if n := float64(block.Counts[m]); ideals[m] > 0 && n > most {
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
