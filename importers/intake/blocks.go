package intake

import (
	"context"
	"maps"
	"slices"

	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// storeBlocks makes the records the blocks of the parents they name, in place of those that were: blocks that stay the
// same keep their ids, the others begin or end with a new version of the ground. The blocks of other parents stay, but
// for neighbours that need a corner where a new border meets theirs.
func (j *job) storeBlocks(ctx context.Context, im *postgis.Importing) error {
	parents, err := j.parents(ctx, im)
	if err != nil {
		return err
	}
	if err := j.refuseForeignCodes(ctx, im, parents); err != nil || j.refused() {
		return err
	}
	c, err := j.cover(ctx, im, areaIDs(parents))
	if err != nil || j.refused() {
		return err
	}
	change := j.compare(c, parents)
	if err := j.inspect(ctx, im, c, parents); err != nil {
		return err
	}
	j.report.sortFindings()
	id, err := j.save(ctx, im)
	if err != nil || change.empty() {
		return err
	}
	return j.apply(ctx, im, id, c, change)
}

func areaIDs(parents map[string]plan.Area) []plan.AreaID {
	var ids []plan.AreaID
	for _, a := range parents {
		ids = append(ids, a.ID)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// refuseForeignCodes refuses records whose code a block of a parent has that the file does not name: codes are unique
// over all blocks.
func (j *job) refuseForeignCodes(ctx context.Context, im *postgis.Importing, parents map[string]plan.Area) error {
	codes := make([]string, len(j.records))
	for i, r := range j.records {
		codes[i] = r.code
	}
	owners, err := im.LiveCodes(ctx, codes)
	if err != nil {
		return err
	}
	named := areaIDs(parents)
	foreign := map[string]string{}
	for _, o := range owners {
		if _, ours := slices.BinarySearch(named, o.ParentID); !ours {
			foreign[o.Code] = o.Parent
		}
	}
	for _, r := range j.records {
		if parent, ok := foreign[r.code]; ok {
			j.refuse(r.place, Refused{Code: r.code, Field: "code", Value: r.code, Key: "code.taken"},
				words.Args{"code": r.code, "parent": parent})
		}
	}
	return nil
}

// change is what an import does to the ground.
type change struct {
	retire  []plan.BlockID
	put     []*postgis.LiveBlock
	recount []*postgis.LiveBlock // blocks that stay and have other counts
}

func (c change) empty() bool { return len(c.retire) == 0 && len(c.put) == 0 && len(c.recount) == 0 }

// compare finds what differs from the stored blocks. It gives the blocks that stay their ids and counts all.
func (j *job) compare(c *coverage, parents map[string]plan.Area) change {
	var ch change
	live := make(map[string]*postgis.LiveBlock, len(c.ours))
	for i := range c.ours {
		live[c.ours[i].Code] = &c.ours[i]
	}
	for i, r := range j.records {
		b := &postgis.LiveBlock{ParentID: parents[r.parent].ID, ByMeasure: r.counts,
			Block: plan.Block{Code: r.code, Kind: r.kind, Shape: c.shapes[i], Estimated: r.estimated, Compounds: r.compounds}}
		c.blocks[i] = b
		old, had := live[r.code]
		delete(live, r.code)
		if had && sameBlock(b, old) {
			*b = *old
			j.report.Unchanged++
			continue
		}
		if had && j.recounts && sameGround(b, old) {
			counts, estimated := b.ByMeasure, b.Estimated
			*b = *old
			b.ByMeasure, b.Estimated = counts, estimated
			ch.recount = append(ch.recount, b)
			j.report.Changed++
			continue
		}
		if had {
			ch.retire = append(ch.retire, old.ID)
			j.report.Changed++
		} else {
			j.report.New++
		}
		ch.put = append(ch.put, measured(b))
	}
	for _, code := range slices.Sorted(maps.Keys(live)) {
		ch.retire = append(ch.retire, live[code].ID)
		j.report.Retired++
	}
	moved := 0
	for i := range c.others {
		old := &c.others[i]
		c.blocks[len(j.records)+i] = old
		if covered := c.shapes[len(j.records)+i]; !sameShape(covered, old.Shape) {
			b := *old
			b.Shape = covered
			ch.retire = append(ch.retire, old.ID)
			ch.put = append(ch.put, measured(&b))
			c.blocks[len(j.records)+i] = &b
			moved++
		}
	}
	if moved > 0 {
		j.note("note.neighbours", words.Args{"n": moved})
	}
	slices.Sort(ch.retire)
	return ch
}

// sameBlock reports whether a block of the file is the stored one.
func sameBlock(b, old *postgis.LiveBlock) bool {
	return sameGround(b, old) && b.Estimated == old.Estimated && maps.Equal(b.ByMeasure, old.ByMeasure)
}

// sameGround reports whether a block is the stored one but for its counts.
func sameGround(b, old *postgis.LiveBlock) bool {
	return b.ParentID == old.ParentID && b.Kind == old.Kind && slices.Equal(b.Compounds, old.Compounds) && sameShape(b.Shape, old.Shape)
}

// measured fills in what follows from a block's shape.
func measured(b *postgis.LiveBlock) *postgis.LiveBlock {
	b.ID, b.Area, b.Label = 0, b.Shape.Area(), topo.LabelPoint(b.Shape)
	return b
}

// inspect reports blocks in several parts and blocks that lie outside the area their parent is drawn with.
func (j *job) inspect(ctx context.Context, im *postgis.Importing, c *coverage, parents map[string]plan.Area) error {
	drawn, err := im.ParentShapes(ctx, areaIDs(parents))
	if err != nil {
		return err
	}
	for i, r := range j.records {
		b := c.blocks[i]
		if len(b.Shape) > 1 {
			j.find(Finding{Kind: "multipart", Severity: plan.Warning, Blocks: []string{r.code}, AreaM2: float64(b.Area)}, b.Label,
				words.Args{"block": r.code, "parts": len(b.Shape)})
		}
		if outline := drawn[b.ParentID]; len(outline) > 0 && !outline.Holds(b.Label) {
			j.find(Finding{Kind: "parent_mismatch", Severity: plan.Warning, Blocks: []string{r.code}, AreaM2: float64(b.Area)}, b.Label,
				words.Args{"block": r.code, "parent": importers.Excerpt(r.parent)})
		}
	}
	return nil
}

// apply makes the change in a new version of the ground. Where nothing changes there is none.
func (j *job) apply(ctx context.Context, im *postgis.Importing, id postgis.ImportID, c *coverage, ch change) error {
	j.Progress("store", 0, len(ch.put))
	found, err := c.newBorders(ctx, im)
	if err != nil || ch.empty() && len(found) == 0 {
		return err
	}
	if err := im.Recount(ctx, ch.recount, id); err != nil {
		return err
	}
	if len(ch.retire)+len(ch.put)+len(found) == 0 {
		return nil
	}
	version, err := im.NewGround(ctx, id, ch.retire)
	if err != nil {
		return err
	}
	if err := im.PutBlocks(ctx, ch.put, version); err != nil {
		return err
	}
	borders := make([]plan.Border, len(found))
	for i, f := range found {
		f.A, f.B = c.blocks[f.a].ID, c.blocks[f.b].ID
		borders[i] = f.Border
	}
	if err := im.PutBorders(ctx, borders, version); err != nil {
		return err
	}
	j.Progress("store", len(ch.put), len(ch.put))
	return nil
}
