package groundwork

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/topo"
	"gridwright/importers/intake"
	"gridwright/plan"
	"gridwright/sql/postgis"
)

// giveCodes gives each block of the scope its code. Within its parent
//
//  1. a block of the same shape as a stored one keeps its code;
//  2. of the others, one that holds the middle of a stored block takes over its code: it is that block, drawn anew;
//  3. what is left is new. New blocks are numbered in reading order, on from the highest number a block of the parent
//     ever had, so that a code never comes to mean other ground: 640502001001-0001.
//
// Blocks that were and whose code nobody took over are gone.
func (b *build) giveCodes(ctx context.Context, im *postgis.Importing) error {
	live, err := im.BlocksNear(ctx, b.box, b.replaces)
	if err != nil {
		return err
	}
	had := map[plan.AreaID][]*postgis.LiveBlock{}
	for i := range live {
		had[live[i].ParentID] = append(had[live[i].ParentID], &live[i])
	}
	var stems []string
	for key, a := range b.areas {
		if b.inScope(key) {
			stems = append(stems, a.Code)
		}
	}
	highest, err := im.BlockNumbers(ctx, stems)
	if err != nil {
		return err
	}
	for from := 0; from < len(b.made); {
		to := from + 1
		for to < len(b.made) && b.made[to].Parent == b.made[from].Parent {
			to++
		}
		stem := b.areas[b.keys[b.made[from].Parent]].Code
		highest[stem] = number(b.made[from:to], had[b.made[from].Parent], stem, highest[stem])
		from = to
	}
	return nil
}

// number gives codes to the blocks of one parent and returns the highest number that is used then.
func number(blocks []intake.MadeBlock, had []*postgis.LiveBlock, stem string, highest int64) int64 {
	byFirst := map[crs.Point][]*postgis.LiveBlock{}
	for _, old := range had {
		first := old.Shape[0][0][0]
		byFirst[first] = append(byFirst[first], old)
	}
	taken := map[*postgis.LiveBlock]bool{}
	var left []*intake.MadeBlock
	for i := range blocks {
		block := &blocks[i]
		for _, old := range byFirst[block.Shape[0][0][0]] {
			if !taken[old] && (plan.Geometry{Shape: block.Shape}).Same(plan.Geometry{Shape: old.Shape}) {
				block.Code, taken[old] = old.Code, true
				break
			}
		}
		if block.Code == "" {
			left = append(left, block)
		}
	}
	for _, old := range had { // by code
		if taken[old] {
			continue
		}
		i := slices.IndexFunc(left, func(block *intake.MadeBlock) bool { return block.Shape.Holds(old.Label) })
		if i >= 0 && left[i].Code == "" {
			left[i].Code = old.Code
		}
	}
	left = slices.DeleteFunc(left, func(block *intake.MadeBlock) bool { return block.Code != "" })
	inReadingOrder(left)
	for _, block := range left {
		highest++
		block.Code = fmt.Sprintf("%s-%04d", stem, highest)
	}
	return highest
}

// inReadingOrder sorts blocks by their middles: row by row from the north, each from the west. A row is as high as a
// street block, about 100 m.
func inReadingOrder(blocks []*intake.MadeBlock) {
	const row = crs.PerDegree / 1000
	at := make(map[*intake.MadeBlock]crs.Point, len(blocks))
	for _, block := range blocks {
		at[block] = topo.LabelPoint(block.Shape)
	}
	down := func(p crs.Point) int64 { return (90*crs.PerDegree - int64(p.Lat)) / row }
	slices.SortStableFunc(blocks, func(x, y *intake.MadeBlock) int {
		p, q := at[x], at[y]
		return cmp.Or(cmp.Compare(down(p), down(q)), cmp.Compare(p.Lon, q.Lon), cmp.Compare(q.Lat, p.Lat))
	})
}

// alongs says what runs along the sides of the blocks of the scope.
func (b *build) alongs() intake.Alongs {
	known := intake.Alongs{}
	for _, border := range b.ground.Borders {
		if b.number[border.A] < 0 && b.number[border.B] < 0 {
			continue
		}
		along := plan.Along{Barrier: plan.Barrier(border.Barrier.String()), Name: border.Name, Walk: border.Walk}
		for _, side := range border.Sides {
			known.Add(side, along)
		}
	}
	return known
}
