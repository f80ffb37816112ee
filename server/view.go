package server

import (
	"runtime"
	"sync"

	"golang.org/x/sync/errgroup"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/tiles"
)

// view is a plan at one revision as the server shows it: the snapshot with the polygons of its grids. It is immutable.
type view struct {
	*plan.Snapshot
	shapes  []gridShape // by number, less one
	ground  *groundShapes
	found   func() []plan.Finding // computed when first asked for
	summary func() plan.Summary
	finder  func() *topo.Finder // of the grids, by number less one; made when first asked for
}

// gridShape is a grid's polygon and where its name stands. An empty grid has an empty box.
type gridShape struct {
	polygons shape.MultiPolygon
	box      shape.Box
	label    crs.Point
}

// groundShapes are the parts of a plan's map that no edit changes.
type groundShapes struct {
	blocks  []shape.Box         // by index into the ground's blocks
	parents []gridShape         // by index into the ground's parents
	finder  func() *topo.Finder // of the blocks, by index; made when first asked for
}

// newView returns the view of a snapshot. What previous, a view of the same plan or nil, has drawn already is taken over.
func newView(snap *plan.Snapshot, previous *view) *view {
	v := &view{Snapshot: snap, shapes: make([]gridShape, len(snap.Grids))}
	v.found = sync.OnceValue(snap.Findings)
	v.summary = sync.OnceValue(snap.Summary)
	v.finder = sync.OnceValue(func() *topo.Finder {
		grids := make([]shape.MultiPolygon, len(v.shapes))
		for i, g := range v.shapes {
			grids[i] = g.polygons
		}
		return topo.NewFinder(grids)
	})
	if previous != nil && previous.Ground == snap.Ground {
		v.ground = previous.ground
	} else {
		v.ground = drawGround(snap.Ground)
		previous = nil
	}
	each(len(snap.Grids), func(i int) {
		if previous != nil && previous.Grids[i].Revision == snap.Grids[i].Revision {
			v.shapes[i] = previous.shapes[i]
			return
		}
		v.shapes[i] = draw(snap.Polygons(plan.GridNo(i + 1)))
	})
	return v
}

func draw(m shape.MultiPolygon) gridShape {
	g := gridShape{polygons: m, box: m.Box()}
	if len(m) > 0 {
		g.label = topo.LabelPoint(m)
	}
	return g
}

func drawGround(g *plan.Ground) *groundShapes {
	drawn := &groundShapes{blocks: make([]shape.Box, len(g.Blocks)), parents: make([]gridShape, len(g.Parents))}
	for i := range g.Blocks {
		drawn.blocks[i] = g.Blocks[i].Shape.Box()
	}
	drawn.finder = sync.OnceValue(func() *topo.Finder {
		blocks := make([]shape.MultiPolygon, len(g.Blocks))
		for i := range g.Blocks {
			blocks[i] = g.Blocks[i].Shape
		}
		return topo.NewFinder(blocks)
	})
	each(len(g.Parents), func(i int) {
		from, to := g.ParentBlocks(int32(i))
		pieces := make([]shape.MultiPolygon, 0, to-from)
		for _, b := range g.Blocks[from:to] {
			pieces = append(pieces, b.Shape)
		}
		drawn.parents[i] = draw(topo.Union(pieces))
	})
	return drawn
}

// each calls f for 0..n-1 on all cores and waits.
func each(n int, f func(int)) {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error { f(i); return nil })
	}
	group.Wait()
}

// tile draws one tile of the plan: its grids, its large grids, its blocks and the places of the grids' names.
func (v *view) tile(t tiles.Tile) []byte {
	near := tiles.Reach(t)
	grids := tiles.Layer{Name: "grids"}
	labels := tiles.Layer{Name: "labels"}
	for i, g := range v.shapes {
		if !g.box.Meets(near) {
			continue
		}
		grid := v.Grids[i]
		grids.Features = append(grids.Features, tiles.Feature{ID: uint64(grid.No), Polygons: g.polygons,
			Attributes: []tiles.Attribute{{Key: "code", Value: grid.Code}}})
		labels.Features = append(labels.Features, tiles.Feature{ID: uint64(grid.No), Point: &v.shapes[i].label,
			Attributes: []tiles.Attribute{{Key: "code", Value: grid.Code}, {Key: "name", Value: grid.Name}, {Key: "name_en", Value: grid.NameEn}}})
	}
	parents := tiles.Layer{Name: "parents"}
	for i, g := range v.ground.parents {
		if g.box.Meets(near) {
			p := v.Ground.Parents[i]
			parents.Features = append(parents.Features, tiles.Feature{ID: uint64(i + 1), Polygons: g.polygons,
				Attributes: []tiles.Attribute{{Key: "code", Value: p.Code}, {Key: "name", Value: p.Name}, {Key: "name_en", Value: p.NameEn}}})
		}
	}
	blocks := tiles.Layer{Name: "blocks"}
	for i, box := range v.ground.blocks {
		if box.Meets(near) {
			b := v.Ground.Blocks[i]
			blocks.Features = append(blocks.Features, tiles.Feature{ID: uint64(b.ID), Polygons: b.Shape,
				Attributes: []tiles.Attribute{{Key: "code", Value: b.Code}, {Key: "grid", Value: int64(v.At[i])}, {Key: "kind", Value: b.Kind}}})
		}
	}
	return tiles.Encode(t, []tiles.Layer{blocks, grids, parents, labels})
}
