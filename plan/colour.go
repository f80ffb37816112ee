package plan

import "slices"

// Colours is how many colours grids are drawn in. Six are enough for a greedy colouring to keep adjacent grids apart on
// nearly every map, and as many as stay apart for colour-blind eyes.
const Colours = 6

// Colour gives every grid a colour no adjacent grid has, where six suffice: greedily by number, always the colour used
// least so far, so that the map is not mostly of one colour. Equal plans get equal colours.
func (s *Snapshot) Colour() {
	for i := range s.Grids {
		s.Grids[i].Colour = Colours
	}
	var used [Colours]int
	for g := range s.Live() {
		g.Colour = s.freeColour(g.No, used)
		used[g.Colour]++
	}
}

// recolour changes the colour of those of the grids that an edit put beside one of the same colour, and no other.
func (s *Snapshot) recolour(nos []GridNo) {
	var used [Colours]int
	for g := range s.Live() {
		if g.Colour < Colours {
			used[g.Colour]++
		}
	}
	for _, no := range nos {
		g := &s.Grids[no-1]
		if g.Gone {
			continue
		}
		if g.Colour == Colours || slices.ContainsFunc(s.Neighbours(no), func(n GridNo) bool { return s.Grids[n-1].Colour == g.Colour }) {
			g.Colour = s.freeColour(no, used)
		}
	}
}

// freeColour returns the least used colour that no neighbour has; the least used of all where neighbours have each.
func (s *Snapshot) freeColour(no GridNo, used [Colours]int) uint8 {
	var taken [Colours + 1]bool
	for _, n := range s.Neighbours(no) {
		taken[s.Grids[n-1].Colour] = true
	}
	best, free := 0, false
	for c := range Colours {
		if !taken[c] && (!free || used[c] < used[best]) {
			best, free = c, true
		}
	}
	if free {
		return uint8(best)
	}
	for c := range Colours {
		if used[c] < used[best] {
			best = c
		}
	}
	return uint8(best)
}
