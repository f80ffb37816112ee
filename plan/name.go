package plan

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"gridwright/plan/words"
)

// DefaultName is what a plan is called when nobody gives it a name.
func DefaultName(r Recipe, l words.Lang) string {
	args := words.Args{"scope": r.Scope, "grids": r.Grids}
	key := "name.scope"
	if r.Scope == "all" {
		key = "name.all"
	}
	if r.Band != nil {
		key += ".band"
		args["measure"], args["min"], args["max"] = r.Band.Measure, r.Band.Min, r.Band.Max
	}
	return Sentences.Say(l, key, args)
}

// draftGrid is a grid before it has its number: new from the solver, or taken over from another plan.
type draftGrid struct {
	parent int32
	kept   *Grid // nil for a new one

	dedicated bool
}

// number puts the grids of each parent in order and gives them their numbers. Kept ones come first and keep their order, codes
// and names; new ones come in reading order (rows from the north, each from the west) and get codes that no kept one has, and
// names. at holds an index into
// drafts for every block, -1 for unassigned. It returns the grids and the assignment by number.
func number(g *Ground, at []int32, drafts []draftGrid) ([]Grid, []GridNo) {
	middles := middlesOf(g, at, drafts)
	order := make([]int32, len(drafts))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		x, y := drafts[a], drafts[b]
		switch c := cmp.Compare(x.parent, y.parent); {
		case c != 0:
			return c
		case x.kept != nil && y.kept != nil:
			return cmp.Compare(x.kept.No, y.kept.No)
		case x.kept != nil:
			return -1
		case y.kept != nil:
			return 1
		}
		return cmp.Or(cmp.Compare(middles[a].row, middles[b].row), cmp.Compare(middles[a].lon, middles[b].lon), cmp.Compare(a, b))
	})
	grids := make([]Grid, len(order))
	noOf := make([]GridNo, len(order))
	taken := map[string]bool{}
	for _, d := range drafts {
		if d.kept != nil {
			taken[d.kept.Code] = true
		}
	}
	seq := 0
	for i, index := range order {
		d := drafts[index]
		if seq++; i == 0 || d.parent != drafts[order[i-1]].parent {
			seq = 1
		}
		for d.kept == nil && taken[GridCode(g.Parents[d.parent].Code, seq)] {
			seq++
		}
		noOf[index] = GridNo(i + 1)
		if d.kept != nil {
			grids[i] = *d.kept
		} else {
			grids[i].Code, grids[i].Kind = GridCode(g.Parents[d.parent].Code, seq), BaseGrid
			if d.dedicated {
				grids[i].Kind = DedicatedGrid
			}
			grids[i].Name, grids[i].NameEn = gridNames(seq)
		}
		grids[i].No, grids[i].Parent, grids[i].Revision = GridNo(i+1), d.parent, 1
	}
	nos := make([]GridNo, len(at))
	for b, index := range at {
		if index >= 0 {
			nos[b] = noOf[index]
		}
	}
	return grids, nos
}

// GridCode is the code of a parent's grid in a plan: the parent's and the number in it, at least two digits. Codes of
// published grids are another matter.
func GridCode(parent string, seq int) string { return fmt.Sprintf("%s-%02d", parent, seq) }

// gridNames are what a parent's grid is called until somebody names it; registers set the names of the areas before it.
func gridNames(seq int) (zh, en string) {
	return "第" + numeral(seq) + "网格", fmt.Sprintf("Grid %d", seq)
}

// numeral writes a number from 1 to 9999 in Chinese: 12 is 十二, 105 is 一百零五.
func numeral(n int) string {
	digits := []rune("零一二三四五六七八九")
	units := []string{"", "十", "百", "千"}
	var b strings.Builder
	skipped := false
	for place := 3; place >= 0; place-- {
		unit := [...]int{1, 10, 100, 1000}[place]
		d := n / unit % 10
		if d == 0 {
			skipped = skipped || b.Len() > 0
			continue
		}
		if skipped {
			b.WriteRune('零')
			skipped = false
		}
		if !(place == 1 && d == 1 && b.Len() == 0) { // 十二, not 一十二
			b.WriteRune(digits[d])
		}
		b.WriteString(units[place])
	}
	return b.String()
}

// middle is where a grid lies: its row in the parent, counted from the north, and its longitude.
type middle struct {
	row int
	lon float64
}

// rows is how many rows a parent is read in.
const rows = 3

// middlesOf returns the middle of each grid, by the blocks' labels weighted with their areas; that of an empty grid
// means nothing.
func middlesOf(g *Ground, at []int32, drafts []draftGrid) []middle {
	n := len(drafts)
	lon, lat, area := make([]float64, n), make([]float64, n), make([]float64, n)
	for b, i := range at {
		if i < 0 {
			continue
		}
		a := float64(g.Blocks[b].Area)
		lon[i] += float64(a * g.Blocks[b].Label.Lon.Degrees())
		lat[i] += float64(a * g.Blocks[b].Label.Lat.Degrees())
		area[i] += a
	}
	north, south := make([]float64, len(g.Parents)), make([]float64, len(g.Parents))
	for p := range g.Parents {
		north[p], south[p] = -90, 90
	}
	for i, d := range drafts {
		if area[i] == 0 {
			continue
		}
		lon[i], lat[i] = lon[i]/area[i], lat[i]/area[i]
		north[d.parent], south[d.parent] = max(north[d.parent], lat[i]), min(south[d.parent], lat[i])
	}
	all := make([]middle, n)
	for i, d := range drafts {
		all[i].lon = lon[i]
		if top, height := north[d.parent], north[d.parent]-south[d.parent]; height > 0 {
			all[i].row = min(rows-1, int(rows*(top-lat[i])/height))
		}
	}
	return all
}
