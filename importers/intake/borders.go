package intake

import (
	"cmp"
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// Alongs says what runs along sides of blocks. A side is known by its line from the smaller end to the larger.
type Alongs map[arrange.Line]plan.Along

// Add says what runs along a line, whatever its direction.
func (k Alongs) Add(l arrange.Line, along plan.Along) { k[l.Upward()] = along }

func (k Alongs) addLines(b plan.Border) {
	for _, line := range b.Lines {
		for i := 1; i < len(line); i++ {
			k.Add(arrange.Line{From: line[i-1], To: line[i]}, b.Along)
		}
	}
}

// shared is what two pieces of a coverage share, as far as the same thing runs along it; a < b. The blocks of the border are
// filled in once they are stored.
type shared struct {
	a, b int32
	plan.Border
}

// bordersBetween returns what the pieces of a coverage share, by pair and by what runs along, which known says. What it says
// nothing of is unknown, and may be walked across.
func bordersBetween(pieces []shape.MultiPolygon, known Alongs) (borders []shared) {
	type side struct {
		topo.SharedSide
		plan.Along
	}
	var sides []side
	for _, s := range topo.SharedSides(pieces) {
		along, ok := known[s.Line]
		if !ok {
			along = plan.Along{Walk: true}
		}
		sides = append(sides, side{s, along})
	}
	same := func(s, t side) int {
		return cmp.Or(cmp.Compare(s.A, t.A), cmp.Compare(s.B, t.B), cmp.Compare(s.Barrier, t.Barrier), cmp.Compare(s.Name, t.Name))
	}
	slices.SortStableFunc(sides, same)
	for from := 0; from < len(sides); {
		s := shared{a: sides[from].A, b: sides[from].B}
		s.Along = sides[from].Along
		var lines []arrange.Line
		to := from
		for ; to < len(sides) && same(sides[from], sides[to]) == 0; to++ {
			lines = append(lines, sides[to].Line)
			s.Walk = s.Walk || sides[to].Walk
			s.Length += crs.Distance(sides[to].From, sides[to].To)
		}
		for _, thread := range topo.Threads(lines) {
			s.Lines = append(s.Lines, thread)
		}
		borders = append(borders, s)
		from = to
	}
	return borders
}

// newBorders returns the borders that are not stored as they are: those of new blocks, and those along which something else
// runs now. What is not said anew runs where it ran.
func (c *coverage) newBorders(ctx context.Context, im *postgis.Importing) ([]shared, error) {
	var ids []plan.BlockID
	for _, live := range [][]postgis.LiveBlock{c.ours, c.others} {
		for i := range live {
			ids = append(ids, live[i].ID)
		}
	}
	stored, err := im.BordersOf(ctx, ids)
	if err != nil {
		return nil, err
	}
	known := Alongs{}
	byPair := map[[2]plan.BlockID][]plan.Border{}
	for _, b := range stored {
		known.addLines(b)
		byPair[[2]plan.BlockID{b.A, b.B}] = append(byPair[[2]plan.BlockID{b.A, b.B}], b)
	}
	for side, along := range c.along {
		known[side] = along
	}
	all := bordersBetween(c.shapes, known)
	kept := all[:0]
	for from := 0; from < len(all); {
		to := from
		for to < len(all) && all[to].a == all[from].a && all[to].b == all[from].b {
			to++
		}
		if a, b := c.blocks[all[from].a].ID, c.blocks[all[from].b].ID; a == 0 || b == 0 ||
			c.along != nil && !slices.EqualFunc(all[from:to], byPair[[2]plan.BlockID{min(a, b), max(a, b)}], alike) {
			kept = append(kept, all[from:to]...)
		}
		from = to
	}
	return kept, nil
}

// alike reports whether a border is said to be what is stored of it.
func alike(s shared, stored plan.Border) bool { return s.Along == stored.Along }
