package plan

import (
	"cmp"
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// Side is a side of a grid, in the order in which four bounds are told (四至).
type Side uint8

// The sides.
const (
	East Side = iota
	South
	West
	North
)

// In returns the side's name.
func (s Side) In(l words.Lang) string {
	return Sentences.Say(l, [...]string{"side.east", "side.south", "side.west", "side.north"}[s], nil)
}

// Runs is that a grid's border runs along something that has a name.
type Runs struct {
	Side   Side
	Along  string // name of the road, the river and so on
	Length crs.Metres
}

// shortestRun is how far a border must run along something for this to be worth a word.
const shortestRun crs.Metres = 60

// Runs returns what named things the border of a grid runs along, the longest first; equally long ones by side and name. On which side
// a piece of border lies is told from the middle of the grid.
func (s *Snapshot) Runs(no GridNo) (runs []Runs) {
	blocks := s.Blocks(no)
	if len(blocks) == 0 || len(s.Ground.Borders) == 0 {
		return nil
	}
	middle := s.middle(blocks)
	length := map[Runs]crs.Metres{}
	for _, b := range blocks {
		for _, i := range s.Ground.bordersOf[b] {
			border := &s.Ground.Borders[i]
			if border.Name == "" || border.At == nil || s.gridOf(border.A) == s.gridOf(border.B) {
				continue
			}
			length[Runs{Side: sideOf(middle, *border.At), Along: border.Name}] += border.Length
		}
	}
	for r, metres := range length {
		if metres >= shortestRun {
			r.Length = metres
			runs = append(runs, r)
		}
	}
	slices.SortFunc(runs, func(a, b Runs) int {
		return cmp.Or(cmp.Compare(b.Length, a.Length), cmp.Compare(a.Side, b.Side), cmp.Compare(a.Along, b.Along))
	})
	return runs
}

// gridOf returns the grid of a block, 0 for one that is in none or not of this ground.
func (s *Snapshot) gridOf(id BlockID) GridNo {
	if b, ok := s.Ground.ByID(id); ok {
		return s.At[b]
	}
	return 0
}

// middle returns the mean of blocks' labels, weighted by area.
func (s *Snapshot) middle(blocks []int32) crs.Point {
	var lon, lat, area float64
	origin := s.Ground.Blocks[blocks[0]].Label
	for _, i := range blocks {
		b := &s.Ground.Blocks[i]
		lon += float64(float64(b.Label.Lon-origin.Lon) * float64(b.Area))
		lat += float64(float64(b.Label.Lat-origin.Lat) * float64(b.Area))
		area += float64(b.Area)
	}
	return crs.Point{Lon: origin.Lon + crs.Coord(math.Round(lon/area)), Lat: origin.Lat + crs.Coord(math.Round(lat/area))}
}

// sideOf returns on which side of a point another lies.
func sideOf(from, to crs.Point) Side {
	east, north := crs.Distance(from, crs.Point{Lon: to.Lon, Lat: from.Lat}), crs.Distance(from, crs.Point{Lon: from.Lon, Lat: to.Lat})
	switch {
	case east >= north && to.Lon >= from.Lon:
		return East
	case east >= north:
		return West
	case to.Lat >= from.Lat:
		return North
	}
	return South
}

// Compounds returns the codes of the compounds that have ground in a grid, and of these the ones that other grids have a part of;
// both rising.
func (s *Snapshot) Compounds(no GridNo) (all, cut []string) {
	for _, b := range s.Blocks(no) {
		all = append(all, s.Ground.Blocks[b].Compounds...)
	}
	slices.Sort(all)
	all = slices.Compact(all)
	for _, code := range all {
		if slices.ContainsFunc(s.Ground.inCompound[code], func(b int32) bool { return s.At[b] != no }) {
			cut = append(cut, code)
		}
	}
	return all, cut
}

// CutCompounds returns how many compounds lie in several grids.
func (s *Snapshot) CutCompounds() (n int) {
	for _, blocks := range s.Ground.inCompound {
		if slices.ContainsFunc(blocks, func(b int32) bool { return s.At[b] != s.At[blocks[0]] }) {
			n++
		}
	}
	return n
}

// Estimated reports whether some of a grid's counts are estimates.
func (s *Snapshot) Estimated(no GridNo) bool {
	return slices.ContainsFunc(s.Blocks(no), func(b int32) bool { return s.Ground.Blocks[b].Estimated })
}

// setting returns what is to be said of a grid beside its counts: where its border runs, whether it cuts compounds, whether its counts are
// estimates.
func (s *Snapshot) setting(no GridNo) (told []sentence) {
	const most = 2 // things a border runs along, and compounds that are named
	names, sides := map[string]bool{}, map[Side]bool{}
	for _, r := range s.Runs(no) {
		if len(told) < most && !names[r.Along] && !sides[r.Side] {
			names[r.Along], sides[r.Side] = true, true
			told = append(told, sentence{"grid.along", words.Args{"side": r.Side, "name": r.Along}})
		}
	}
	switch all, cut := s.Compounds(no); {
	case len(cut) > 0:
		first := make([]string, 0, most)
		for _, code := range cut[:min(most, len(cut))] {
			first = append(first, s.Ground.CompoundName(code))
		}
		told = append(told, sentence{"grid.cuts", words.Args{"n": len(cut), "names": first}})
	case len(all) > 0:
		told = append(told, sentence{"grid.cuts_none", nil})
	}
	if s.Estimated(no) {
		told = append(told, sentence{"grid.estimated", nil})
	}
	return told
}
