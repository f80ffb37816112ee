package plan

import (
	"cmp"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// borders finds the borders of blocks that come: with each other, and with those that stay. What runs along a new border is what ran along
// the old one there; nothing runs along the line of a cut.
func (k *stroke) borders(cut *Recut) {
	old := k.oldBorders(cut)
	gone := map[BlockID]bool{}
	for i := range cut.Gone {
		gone[cut.Gone[i].ID] = true
	}
	// All that may touch a block that comes.
	var shapes []shape.MultiPolygon
	var ids, roots []BlockID
	for i := range cut.Come {
		c := &cut.Come[i]
		shapes, ids, roots = append(shapes, c.Shape), append(ids, c.ID), append(roots, c.CutOf)
	}
	come := len(ids)
	stays := map[int32]bool{}
	for i := range cut.Gone {
		b, _ := k.Ground.ByID(cut.Gone[i].ID)
		for _, e := range k.Ground.Graph.Neighbours(b) {
			if id := k.Ground.Blocks[e.To].ID; !gone[id] && e.Length > 0 && !stays[e.To] {
				stays[e.To] = true
				shapes, ids, roots = append(shapes, k.Ground.Blocks[e.To].Shape), append(ids, id), append(roots, id)
			}
		}
	}
	type key struct {
		a, b BlockID
		Along
	}
	lines := map[key][]arrange.Line{}
	for _, side := range topo.SharedSides(shapes) {
		if int(side.A) >= come && int(side.B) >= come {
			continue
		}
		a, b := ids[side.A], ids[side.B]
		at := key{min(a, b), max(a, b), Along{Barrier: BarrierNone, Walk: true}}
		if roots[side.A] != roots[side.B] {
			at.Along = old.along(roots[side.A], roots[side.B], side.Line)
		}
		lines[at] = append(lines[at], side.Line)
	}
	for at, all := range lines {
		b := Border{A: at.a, B: at.b, Along: at.Along}
		slices.SortFunc(all, func(a, b arrange.Line) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
		for _, l := range all {
			b.Length += crs.Distance(l.From, l.To)
		}
		for _, thread := range topo.Threads(all) {
			b.Lines = append(b.Lines, thread)
		}
		if len(b.Lines) > 0 {
			first := b.Lines[0]
			middle := first[len(first)/2]
			b.At = &middle
		}
		cut.Borders = append(cut.Borders, b)
	}
	// Those of the blocks that go, for when they come back.
	for _, b := range k.Ground.Borders {
		if gone[b.A] || gone[b.B] {
			cut.Borders = append(cut.Borders, b)
		}
	}
	slices.SortFunc(cut.Borders, CompareBorders)
}

// alongs is what runs along the borders of pairs of blocks.
type alongs map[[2]BlockID][]Border

// oldBorders returns the borders of blocks that go, with lines where they are known.
func (k *stroke) oldBorders(cut *Recut) alongs {
	all := alongs{}
	known := k.facts.Borders
	if known == nil {
		known = k.Ground.Borders
	}
	for _, b := range known {
		pair := [2]BlockID{min(b.A, b.B), max(b.A, b.B)}
		all[pair] = append(all[pair], b)
	}
	return all
}

// along returns what ran along a side of two blocks: what has the side among its lines, else what has the longest border.
func (a alongs) along(x, y BlockID, side arrange.Line) Along {
	borders := a[[2]BlockID{min(x, y), max(x, y)}]
	if len(borders) == 0 {
		return Along{Walk: true}
	}
	longest := &borders[0]
	for i := range borders {
		if b := &borders[i]; b.Length > longest.Length {
			longest = b
		}
	}
	if len(borders) > 1 {
		for i := range borders {
			for _, line := range borders[i].Lines {
				for j := 1; j < len(line); j++ {
					if l := (arrange.Line{From: line[j-1], To: line[j]}); runsOver(l, side.From) && runsOver(l, side.To) {
						return borders[i].Along
					}
				}
			}
		}
	}
	return longest.Along
}

// runsOver reports whether a line runs over a point, or beside it by no more than rounding.
func runsOver(l arrange.Line, p crs.Point) bool {
	here := shape.Box{Min: crs.Point{Lon: p.Lon - 1, Lat: p.Lat - 1}, Max: crs.Point{Lon: p.Lon + 1, Lat: p.Lat + 1}}
	if !shape.EmptyBox.Add(l.From).Add(l.To).Meets(here) {
		return false
	}
	dx, dy := int64(l.To.Lon-l.From.Lon), int64(l.To.Lat-l.From.Lat)
	off := dx*int64(p.Lat-l.From.Lat) - dy*int64(p.Lon-l.From.Lon)
	return max(off, -off) <= max(dx, -dx, dy, -dy)
}
