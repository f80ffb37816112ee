package intake

import (
	"context"
	"maps"
	"slices"
	"strconv"

	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// Made is blocks that were made here, not read from a file: they are stored as a file of blocks would be.
type Made struct {
	Blocks   []MadeBlock                        // a coverage: neighbours share their borders vertex for vertex
	Along    Alongs                             // what runs along the sides that Blocks share with each other and with those round them
	Covers   map[plan.AreaID]shape.MultiPolygon // the ground of each parent, which its blocks cover
	Replaces []plan.AreaID                      // areas whose blocks these are in place of, rising; among them every parent of Blocks
	Lang     words.Lang                         // of the report
	Progress func(done, total int)              // of storing
}

// MadeBlock is a block as it was made.
type MadeBlock struct {
	Code   string // no block outside Made.Replaces has it
	Parent plan.AreaID
	Kind   string // one of plan.BlockKinds
	Shape  shape.MultiPolygon
	Counts map[plan.Measure]int64

	Estimated bool
	Compounds []string // codes, rising
}

// Store puts the blocks in place of those that were, as part of an import that is saved already: blocks that stay the
// same keep their ids, also where they are counted anew, the others begin or end with a new version of the ground. Blocks of other areas stay; where they
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
		j.records = append(j.records, record{code: b.Code, parent: keyOf(b.Parent), kind: b.Kind, counts: b.Counts, shape: b.Shape, estimated: b.Estimated, compounds: b.Compounds})
	}
	c, err := j.fit(ctx, im, m)
	if err != nil || j.refused() {
		return j.report, err
	}
	c.along = m.Along
	j.recounts = true
	if err := j.apply(ctx, im, id, c, j.compare(c, parents)); err != nil {
		return nil, err
	}
	return j.report, m.verify(ctx, im, c)
}

// keyOf is an area's name among the parents of a job: several areas may have one code.
func keyOf(area plan.AreaID) string { return strconv.FormatInt(int64(area), 10) }

// verify has the database compare the blocks it now holds with the ground they cover. A difference would be a fault of the
// program, and keeps the blocks out. Where corners of blocks round them were set in, it is the outline of the blocks themselves that
// must come back.
func (m Made) verify(ctx context.Context, im *postgis.Importing, c *coverage) error {
	of := map[plan.AreaID][]shape.MultiPolygon{}
	asMade := true
	for i := range m.Blocks {
		of[m.Blocks[i].Parent] = append(of[m.Blocks[i].Parent], c.shapes[i])
		asMade = asMade && sameShape(m.Blocks[i].Shape, c.shapes[i])
	}
	var parents []plan.AreaID
	var shapes []shape.MultiPolygon
	for _, parent := range slices.Sorted(maps.Keys(of)) {
		parents = append(parents, parent)
		if asMade {
			shapes = append(shapes, m.Covers[parent])
		} else {
			shapes = append(shapes, topo.Union(of[parent]))
		}
	}
	faults, err := im.UncancelledSides(ctx, parents, shapes)
	if err == nil && len(faults) > 0 {
		err = &Fault{Key: "not_exact", Args: words.Args{"at": faults[0].At.String()}}
	}
	return err
}

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
	return c, nil
}

func shapesOf(blocks []postgis.LiveBlock) (shapes []shape.MultiPolygon) {
	for _, b := range blocks {
		shapes = append(shapes, b.Shape)
	}
	return shapes
}
