package intake

import (
	"context"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// mendWidth is how wide a gap or an overlap may be to be a slip of the pen, which is mended. What is wider is somebody's
// ground.
const mendWidth crs.Metres = 0.2

// coverage is the records and the live blocks round them fitted together. Pieces are numbered through: first the records,
// then others.
type coverage struct {
	ours   []postgis.LiveBlock  // live blocks of the parents in the file, which the records replace
	others []postgis.LiveBlock  // live blocks of other parents that may border on the records
	blocks []*postgis.LiveBlock // one entry a piece, filled in by compare
	shapes []shape.MultiPolygon // one entry a piece, canonical
	along  Alongs               // what runs along the sides of the records; nil where their source says nothing of it
}

// cover fits the records together with each other and with the blocks round them, and reports what does not fit. Where a
// block outside gets a new corner, the blocks round that one must be known too, as it will need all its borders anew: so
// the surroundings are widened until no block on their edge changes.
func (j *job) cover(ctx context.Context, im *postgis.Importing, parents []plan.AreaID) (*coverage, error) {
	shapes := make([]shape.MultiPolygon, len(j.records))
	box := shape.EmptyBox
	for i, r := range j.records {
		shapes[i] = r.shape
		box = box.Union(r.shape.Box())
	}
	box = grown(box)
	near, err := im.BlocksNear(ctx, box, nil)
	if err != nil {
		return nil, err
	}
	for _, b := range near {
		box = box.Union(grown(b.Shape.Box()))
	}
	for {
		c, err := surroundings(ctx, im, box, parents)
		if err != nil {
			return nil, err
		}
		pieces := append(shapes[:len(shapes):len(shapes)], c.otherShapes()...)
		covered, err := topo.Cover(ctx, pieces, mendWidth, func(done, total int) { j.Progress("cover", done, total) })
		if err != nil {
			return nil, err
		}
		c.blocks = make([]*postgis.LiveBlock, len(pieces))
		wider := box
		for i, s := range covered.Shapes {
			c.shapes = append(c.shapes, canonical(s))
			if other := i - len(shapes); other >= 0 && !sameShape(s, c.others[other].Shape) {
				wider = wider.Union(grown(c.others[other].Shape.Box()))
			}
		}
		if wider == box {
			j.judge(c, covered.Findings)
			return c, nil
		}
		box = wider
	}
}

// surroundings reads the live blocks in a box and in the parents.
func surroundings(ctx context.Context, im *postgis.Importing, box shape.Box, parents []plan.AreaID) (*coverage, error) {
	live, err := im.BlocksNear(ctx, box, parents)
	if err != nil {
		return nil, err
	}
	named := map[plan.AreaID]bool{}
	for _, p := range parents {
		named[p] = true
	}
	c := &coverage{}
	for _, b := range live {
		if named[b.ParentID] {
			c.ours = append(c.ours, b)
		} else {
			c.others = append(c.others, b)
		}
	}
	return c, nil
}

func (c *coverage) otherShapes() []shape.MultiPolygon { return shapesOf(c.others) }
