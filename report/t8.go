package report

import (
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
)

// crosswalk is T8, the crosswalk of departments' grids and the plan's (多网合一对照表): a row each pair that has something in common. Counts of
// buildings lie where the building lies, what a block counts beside its buildings at a point well inside it: so the counts of a grid of the plan
// and those of the rows add up to the plan's own.
func crosswalk(b *writer) *Table {
	t := &Table{Columns: []Column{b.column("before", "department", Text, 16), b.column("before", "department_grid", Text, 24), b.column("before", "charge", Text, 14),
		b.column("now", "code", Text, 24), b.column("now", "overlap", Count, 11), b.column("now", "of_old", Percent, 11), b.column("now", "of_new", Percent, 11), b.column("", "conflict", Text, 44)}}
	t.Nothing = b.say("nothing.departments", nil)
	m := b.Snapshot.Shared()
	if m >= 0 {
		t.Columns[4].Head = b.say("head.overlap_of", words.Args{"measure": b.Snapshot.Ground.Measures[m]})
	} else {
		t.Columns[4].Head = words.Capital(b.say("head.overlap_area", nil))
	}
	t.Rows = func(yield func([]any) bool) {
		spots := b.spots(m)
		newTotal := map[plan.GridNo]int64{}
		for _, s := range spots {
			newTotal[b.Snapshot.At[s.block]] += s.count
		}
		for from := 0; from < len(b.Departments); {
			to := from
			for to < len(b.Departments) && b.Departments[to].Department == b.Departments[from].Department {
				to++
			}
			if !b.crossOne(from, to, spots, newTotal, yield) {
				return
			}
			from = to
		}
	}
	return t
}

// spot is a count at a place.
type spot struct {
	at    crs.Point
	block int32
	count int64
}

// spots returns where the counts of a measure lie; areas in square metres, at the blocks' own points, where m is negative.
func (b *writer) spots(m int) (spots []spot) {
	rest := make([]int64, len(b.Snapshot.Ground.Blocks))
	for i := range rest {
		if block := &b.Snapshot.Ground.Blocks[i]; m >= 0 {
			rest[i] = block.Counts[m]
		} else {
			rest[i] = int64(math.Round(float64(block.Area)))
		}
	}
	for i := range b.Things {
		thing := &b.Things[i]
		if m < 0 || thing.Layer != plan.BuildingLayer {
			continue
		}
		// Never more than the block counts: what was counted since the ground was built is not yet the plan's.
		if n, ok := taken(thing.Tallies, b.Snapshot.Ground.Measures[m]); ok {
			n.Count = min(n.Count, rest[thing.Block])
			rest[thing.Block] -= n.Count
			spots = append(spots, spot{thing.At, thing.Block, n.Count})
		}
	}
	for i, n := range rest {
		if n > 0 {
			spots = append(spots, spot{b.Snapshot.Ground.Blocks[i].Label, int32(i), n})
		}
	}
	return spots
}

// crossOne yields the rows of one department, whose grids are those from the one index up to the other; it reports whether more is wanted.
func (b *writer) crossOne(from, to int, spots []spot, newTotal map[plan.GridNo]int64, yield func([]any) bool) bool {
	boxes := make([]shape.Box, to-from)
	for i := range boxes {
		boxes[i] = b.Departments[from+i].Shape.Box()
	}
	common := make([]map[plan.GridNo]int64, to-from)
	oldTotal := make([]int64, to-from)
	twice := make([]map[int]bool, to-from) // grids of the department that hold the same place
	bare := map[plan.GridNo]int64{}
	for _, s := range spots {
		var in []int
		for i, box := range boxes {
			if box.Meets(shape.Box{Min: s.at, Max: s.at}) && b.Departments[from+i].Shape.Holds(s.at) {
				in = append(in, i)
			}
		}
		no := b.Snapshot.At[s.block]
		if len(in) == 0 {
			bare[no] += s.count
		}
		for _, i := range in {
			if common[i] == nil {
				common[i], twice[i] = map[plan.GridNo]int64{}, map[int]bool{}
			}
			common[i][no] += s.count
			oldTotal[i] += s.count
			for _, other := range in {
				if other != i {
					twice[i][other] = true
				}
			}
		}
	}
	code := func(no plan.GridNo) string {
		if no == 0 {
			return b.say("unassigned", nil)
		}
		return gridName(b.Snapshot.Grids[no-1], b.lang)
	}
	wanted := func(no plan.GridNo) bool {
		if no == 0 {
			return b.whole
		}
		return b.has(b.Snapshot.Grids[no-1])
	}
	numbers := func(of map[plan.GridNo]int64) (nos []plan.GridNo) {
		for no, n := range of {
			if n > 0 && wanted(no) {
				nos = append(nos, no)
			}
		}
		slices.Sort(nos)
		return nos
	}
	for i := range common {
		old := b.Departments[from+i]
		name := old.Code
		if old.Name != "" && old.Name != old.Code {
			name = old.Name + " " + old.Code
		}
		conflict := ""
		n := len(common[i])
		if _, none := common[i][0]; none {
			n-- // ground in no grid is no grid
		}
		if n > 1 {
			conflict = b.say("conflict.several", words.Args{"n": n})
		}
		var others []string
		for other := range twice[i] {
			others = append(others, b.Departments[from+other].Code)
		}
		if slices.Sort(others); len(others) > 0 {
			if conflict != "" {
				conflict += b.say("list.sep", nil)
			}
			conflict += b.say("conflict.twice", words.Args{"others": others})
		}
		for _, no := range numbers(common[i]) {
			n := common[i][no]
			if !yield([]any{old.Department, name, old.Holder, code(no), n, share(float64(n), float64(oldTotal[i])), share(float64(n), float64(newTotal[no])), conflict}) {
				return false
			}
		}
	}
	for _, no := range numbers(bare) {
		n := bare[no]
		if !yield([]any{b.Departments[from].Department, b.say("none", nil), "", code(no), n, nil, share(float64(n), float64(newTotal[no])), b.say("conflict.bare", nil)}) {
			return false
		}
	}
	return true
}
