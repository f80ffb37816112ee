package intake

import (
	"cmp"
	"context"
	"slices"
	"strconv"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Made is blocks that were made here, not read from a file: they are stored as a file of blocks would be.
type Made struct {
	Blocks   []MadeBlock           // a coverage: neighbours share their borders vertex for vertex
	Borders  []topo.Border         // between Blocks, each pair once
	Replaces []plan.AreaID         // areas whose blocks these are in place of, rising; among them every parent of Blocks
	Lang     words.Lang            // of the report
	Progress func(done, total int) // of storing
}

// MadeBlock is a block as it was made.
type MadeBlock struct {
	Code   string // no block outside Made.Replaces has it
	Parent plan.AreaID
	Kind   string // one of plan.BlockKinds
	Shape  shape.MultiPolygon
	Counts map[plan.Measure]int64
}

// Store puts the blocks in place of those that were, as part of an import that is saved already: blocks that stay the
// same keep their ids, the others begin or end with a new version of the ground. Blocks of other areas stay; where they
// touch the new ones, both are fitted together as those of a file are. A report with refusals means that this cannot be,
// and that nothing was stored.
func (m Made) Store(ctx context.Context, im *postgis.Importing, id postgis.ImportID) (*Report, error) {
	progress := func(_ string, done, total int) { m.Progress(done, total) }
	j := newJob(Order{Layer: BlockLayer, Lang: m.Lang, Progress: progress}, nil)
	parents := make(map[string]plan.Area, len(m.Replaces))
	for _, area := range m.Replaces {
		parents[keyOf(area)] = plan.Area{ID: area}
	}
	for _, b := range m.Blocks {
		j.records = append(j.records, record{code: b.Code, parent: keyOf(b.Parent), kind: b.Kind, counts: b.Counts, shape: b.Shape})
	}
	c, err := j.fit(ctx, im, m)
	if err != nil || j.refused() {
		return j.report, err
	}
	change := j.compare(c, parents)
	if change.empty() {
		return j.report, nil
	}
	return j.report, j.apply(ctx, im, id, c, change)
}

// keyOf is an area's name among the parents of a job: several areas may have one code.
func keyOf(area plan.AreaID) string { return strconv.FormatInt(int64(area), 10) }

// fit fits the blocks together with those round them. Where these leave no more to be done the blocks are taken as they
// came: whoever made them may have promised more than a second arrangement keeps to the last bit.
func (j *job) fit(ctx context.Context, im *postgis.Importing, m Made) (*coverage, error) {
	box := shape.EmptyBox
	for _, b := range m.Blocks {
		box = box.Union(b.Shape.Box())
	}
	c, err := surroundings(ctx, im, grown(box), m.Replaces)
	if err != nil {
		return nil, err
	}
	for _, b := range m.Blocks {
		c.shapes = append(c.shapes, canonical(b.Shape))
	}
	if len(c.others) > 0 && !sameShape(topo.Union(c.shapes), topo.Union(shapesOf(c.ours))) {
		return j.cover(ctx, im, m.Replaces)
	}
	// The blocks fit those round them as the ones before did, corner for corner.
	c.shapes = append(c.shapes, c.otherShapes()...)
	c.blocks = make([]*postgis.LiveBlock, len(c.shapes))
	c.borders = append(slices.Clone(m.Borders), bordersBetween(c.shapes, len(m.Blocks))...)
	return c, nil
}

func shapesOf(blocks []postgis.LiveBlock) (shapes []shape.MultiPolygon) {
	for _, b := range blocks {
		shapes = append(shapes, b.Shape)
	}
	return shapes
}

// bordersBetween returns the borders between the first n of the shapes of a coverage and the others, by pair.
func bordersBetween(shapes []shape.MultiPolygon, n int) (borders []topo.Border) {
	type side struct{ from, to crs.Point }
	owner := map[side]int32{}
	for i, s := range shapes[:n] {
		walk(s, func(from, to crs.Point) { owner[side{from, to}] = int32(i) })
	}
	lengths := map[[2]int32]crs.Metres{}
	for i, s := range shapes[n:] {
		walk(s, func(from, to crs.Point) {
			if a, ok := owner[side{to, from}]; ok {
				lengths[[2]int32{a, int32(n + i)}] += crs.Distance(from, to)
			}
		})
	}
	for pair, length := range lengths {
		borders = append(borders, topo.Border{A: pair[0], B: pair[1], Length: length})
	}
	slices.SortFunc(borders, func(x, y topo.Border) int { return cmp.Or(cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B)) })
	return borders
}

// walk calls f for every side of a shape.
func walk(m shape.MultiPolygon, f func(from, to crs.Point)) {
	for _, p := range m {
		for _, ring := range p {
			for i, to := range ring {
				f(ring[(i+len(ring)-1)%len(ring)], to)
			}
		}
	}
}
