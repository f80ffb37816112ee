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

// sharedSide is a side that two pieces have in common.
type sharedSide struct {
	arrange.Line
	a, b  int32
	along plan.Along
}

// bordersBetween returns what the pieces of a coverage share, by pair and by what runs along, which known says. What it says
// nothing of is unknown, and may be walked across.
func bordersBetween(pieces []shape.MultiPolygon, known Alongs) (borders []shared) {
	sides := sidesInCommon(pieces)
	for i := range sides {
		along, ok := known[sides[i].Line]
		if !ok {
			along = plan.Along{Walk: true}
		}
		sides[i].along = along
	}
	same := func(s, t sharedSide) int {
		return cmp.Or(cmp.Compare(s.a, t.a), cmp.Compare(s.b, t.b), cmp.Compare(s.along.Barrier, t.along.Barrier), cmp.Compare(s.along.Name, t.along.Name))
	}
	slices.SortStableFunc(sides, same)
	for from := 0; from < len(sides); {
		s := shared{a: sides[from].a, b: sides[from].b}
		s.Along = sides[from].along
		var lines []arrange.Line
		to := from
		for ; to < len(sides) && same(sides[from], sides[to]) == 0; to++ {
			lines = append(lines, sides[to].Line)
			s.Walk = s.Walk || sides[to].along.Walk
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

// sidesInCommon returns the sides that two pieces have in opposite directions, in order.
func sidesInCommon(pieces []shape.MultiPolygon) (common []sharedSide) {
	type half struct {
		arrange.Line
		piece int32
	}
	var halves []half
	for i, m := range pieces {
		for _, p := range m {
			for _, ring := range p {
				for k, to := range ring {
					halves = append(halves, half{arrange.Line{From: ring[(k+len(ring)-1)%len(ring)], To: to}.Upward(), int32(i)})
				}
			}
		}
	}
	slices.SortFunc(halves, func(a, b half) int {
		return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To), cmp.Compare(a.piece, b.piece))
	})
	for i := 1; i < len(halves); i++ {
		if a, b := halves[i-1], halves[i]; a.Line == b.Line && a.piece != b.piece {
			common = append(common, sharedSide{Line: a.Line, a: a.piece, b: b.piece})
		}
	}
	return common
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
