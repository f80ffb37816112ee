package plan

import "slices"

// SuppressUsually is below which number published counts of people are kept back where an office has settled nothing else.
const SuppressUsually = 10

// OfPeople reports whether a measure counts people or their homes' keepers, so that a small count may tell who they are: all but dwellings,
// stair units, buildings and resident organisations.
func (m Measure) OfPeople() bool {
	return !slices.Contains([]Measure{Dwellings, StairUnits, Buildings, ResidentOrgs}, m)
}

// suppressed reports whether a count is kept back from others: it is of a few, 1 to below-1. A below of 0 keeps nothing back.
func suppressed(m Measure, count, below int64) bool {
	return m.OfPeople() && count > 0 && count < below
}

// Told returns a published grid's counts as others are told them, those of a few as nil, and which these are.
func (g *DivisionGrid) Told() (loads map[Measure]*int64, kept []Measure) {
	loads = make(map[Measure]*int64, len(g.Loads))
	for m, n := range g.Loads {
		if suppressed(m, n, g.SuppressBelow) {
			kept, loads[m] = append(kept, m), nil
			continue
		}
		loads[m] = &n
	}
	SortMeasures(kept)
	return loads, kept
}

// ToldGrid is a LineageGrid as others are told it.
type ToldGrid struct {
	Key    GridKey `json:"key,omitempty"`
	Code   string  `json:"code"`
	Name   string  `json:"name"`
	NameEn string  `json:"name_en"`
	Parent string  `json:"parent"`
	Count  *int64  `json:"count"` // nil where it is kept back
}

// ToldRow is a LineageRow as others are told it.
type ToldRow struct {
	Kind       ChangeKind `json:"kind"`
	Old        *ToldGrid  `json:"old"`
	New        *ToldGrid  `json:"new"`
	Count      *int64     `json:"count"` // nil where it is kept back
	OldShare   *float64   `json:"old_share"`
	NewShare   *float64   `json:"new_share"`
	Blocks     int        `json:"blocks"`
	Buildings  int64      `json:"buildings"`
	Suppressed bool       `json:"suppressed"` // the count and the shares are kept back
}

// ToldLineage returns a lineage told in a measure as others are told it: counts of a few are kept back with their shares. Where one row alone
// of a grid is kept back the rest would tell it, so the smallest other one of that grid is kept back too. A below of 0 keeps nothing back.
func ToldLineage(rows []LineageRow, m Measure, below int64) []ToldRow {
	told := make([]ToldRow, len(rows))
	var groups [][]int // rows of a grid, old or new
	at := map[string]int{}
	join := func(grid string, row int) {
		i, known := at[grid]
		if !known {
			i = len(groups)
			at[grid], groups = i, append(groups, nil)
		}
		groups[i] = append(groups[i], row)
	}
	for i, r := range rows {
		told[i] = ToldRow{Kind: r.Kind, Old: toldGrid(r.Old, m, below), New: toldGrid(r.New, m, below), Blocks: r.Blocks, Buildings: r.Buildings,
			Suppressed: suppressed(m, r.Count, below)}
		if r.Old != nil {
			join("old "+r.Old.Code, i)
		}
		if r.New != nil {
			join("new "+r.New.Code, i)
		}
	}
	for again := true; again; {
		again = false
		for _, group := range groups {
			if i := toldBySiblings(rows, told, group); i >= 0 {
				told[i].Suppressed, again = true, true
			}
		}
	}
	for i, r := range rows {
		if !told[i].Suppressed {
			told[i].Count, told[i].OldShare, told[i].NewShare = &r.Count, r.OldShare, r.NewShare
		}
	}
	return told
}

// toldBySiblings returns the row that is to be kept back beside the only one of a group, -1 for none.
func toldBySiblings(rows []LineageRow, told []ToldRow, group []int) int {
	kept, smallest := 0, -1
	for _, i := range group {
		switch {
		case told[i].Suppressed:
			kept++
		case rows[i].Count > 0 && (smallest < 0 || rows[i].Count < rows[smallest].Count):
			smallest = i
		}
	}
	if kept != 1 {
		return -1
	}
	return smallest
}

func toldGrid(g *LineageGrid, m Measure, below int64) *ToldGrid {
	if g == nil {
		return nil
	}
	told := &ToldGrid{Key: g.Key, Code: g.Code, Name: g.Name, NameEn: g.NameEn, Parent: g.Parent, Count: &g.Count}
	if suppressed(m, g.Count, below) {
		told.Count = nil
	}
	return told
}
