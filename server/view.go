package server

import (
	"cmp"
	"encoding/binary"
	"runtime"
	"sync"
	"sync/atomic"

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

// gridShape is a grid's polygon and where its name stands. An empty grid has an empty box, and no drawings.
type gridShape struct {
	polygons shape.MultiPolygon
	box      shape.Box
	label    crs.Point
	drawing  *tiles.Drawing // of the polygon
	place    *tiles.Drawing // of the label
}

// groundShapes are the parts of a plan's map that no edit changes.
type groundShapes struct {
	ranks   tiles.Ranks         // of the blocks' vertices, and so of the grids'
	blocks  []*tiles.Drawing    // by index into the ground's blocks
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
	switch {
	case previous != nil && previous.Ground == snap.Ground:
		v.ground = previous.ground
	case previous != nil && whole(previous.Ground) == whole(snap.Ground):
		v.ground = drawGround(snap.Ground, previous)
	default:
		v.ground = drawGround(snap.Ground, nil)
		previous = nil
	}
	each(len(snap.Grids), func(i int) {
		if previous != nil && i < len(previous.Grids) && previous.Grids[i].Revision == snap.Grids[i].Revision {
			v.shapes[i] = previous.shapes[i]
			return
		}
		v.shapes[i] = draw(snap.Polygons(plan.GridNo(i+1)), v.ground.ranks)
	})
	return v
}

func draw(m shape.MultiPolygon, ranks tiles.Ranks) gridShape {
	g := gridShape{polygons: m, box: m.Box()}
	if len(m) > 0 {
		g.label = topo.LabelPoint(m)
		g.drawing, g.place = tiles.Draw(m, ranks), tiles.DrawPoint(g.label)
	}
	return g
}

// whole returns the ground before any block was cut.
func whole(g *plan.Ground) *plan.Ground { return cmp.Or(g.Whole, g) }

func shapesOf(g *plan.Ground) []shape.MultiPolygon {
	shapes := make([]shape.MultiPolygon, len(g.Blocks))
	for i := range g.Blocks {
		shapes[i] = g.Blocks[i].Shape
	}
	return shapes
}

// drawGround draws a ground. What previous, a view of the same ground with other cuts or nil, has drawn already is taken over. Vertices are
// ranked by the ground before any cut, and those that a cut adds are always drawn: so tiles do not depend on how a plan came about.
func drawGround(g *plan.Ground, previous *view) *groundShapes {
	shapes := shapesOf(g)
	drawn := &groundShapes{blocks: make([]*tiles.Drawing, len(g.Blocks)), parents: make([]gridShape, len(g.Parents))}
	if previous != nil {
		drawn.ranks = previous.ground.ranks
	} else {
		drawn.ranks = tiles.RankCoverage(shapesOf(whole(g))...)
	}
	changed := make([]bool, len(g.Parents))
	each(len(g.Blocks), func(i int) {
		if previous != nil {
			if b, ok := previous.Ground.ByID(g.Blocks[i].ID); ok {
				drawn.blocks[i] = previous.ground.blocks[b]
				return
			}
		}
		drawn.blocks[i] = tiles.Draw(shapes[i], drawn.ranks)
	})
	for i := range g.Blocks {
		if previous == nil || previous.Ground != g && !has(previous.Ground, g.Blocks[i].ID) {
			changed[g.Blocks[i].Parent] = true
		}
	}
	drawn.finder = sync.OnceValue(func() *topo.Finder {
		return topo.NewFinder(shapes)
	})
	each(len(g.Parents), func(i int) {
		if !changed[i] && previous != nil {
			drawn.parents[i] = previous.ground.parents[i]
			return
		}
		from, to := g.ParentBlocks(int32(i))
		drawn.parents[i] = draw(topo.Union(shapes[from:to]), drawn.ranks)
	})
	return drawn
}

func has(g *plan.Ground, id plan.BlockID) bool {
	_, ok := g.ByID(id)
	return ok
}

// each calls f for 0..n-1 on all cores and waits.
func each(n int, f func(int)) {
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	group.Wait()
}

// tile draws one tile of the plan: its grids, its large grids, its blocks and the places of the grids' names.
func (v *view) tile(t tiles.Tile) []byte {
	grids, labels := tiles.Layer{Name: "grids"}, tiles.Layer{Name: "labels"}
	for i, g := range v.shapes {
		if g.drawing == nil || !g.drawing.Meets(t) {
			continue
		}
		grid := v.Grids[i]
		grids.Features = append(grids.Features, tiles.Feature{ID: uint64(grid.No), Drawing: g.drawing,
			Attributes: []tiles.Attribute{{Key: "code", Value: grid.Code}}})
		labels.Features = append(labels.Features, tiles.Feature{ID: uint64(grid.No), Drawing: g.place,
			Attributes: []tiles.Attribute{{Key: "code", Value: grid.Code}, {Key: "name", Value: grid.Name}, {Key: "name_en", Value: grid.NameEn}}})
	}
	parents := tiles.Layer{Name: "parents"}
	for i, g := range v.ground.parents {
		if g.drawing != nil && g.drawing.Meets(t) {
			p := v.Ground.Parents[i]
			parents.Features = append(parents.Features, tiles.Feature{ID: uint64(i + 1), Drawing: g.drawing,
				Attributes: []tiles.Attribute{{Key: "code", Value: p.Code}, {Key: "name", Value: p.Name}, {Key: "name_en", Value: p.NameEn}}})
		}
	}
	blocks := tiles.Layer{Name: "blocks"}
	for i, drawing := range v.ground.blocks {
		if drawing.Meets(t) {
			b := v.Ground.Blocks[i]
			blocks.Features = append(blocks.Features, tiles.Feature{ID: uint64(b.ID), Drawing: drawing,
				Attributes: []tiles.Attribute{{Key: "code", Value: b.Code}, {Key: "grid", Value: int64(v.At[i])}, {Key: "kind", Value: b.Kind}}})
		}
	}
	return tiles.Encode(t, []tiles.Layer{blocks, grids, parents, labels})
}

// tileTag returns the strong ETag of a tile, without drawing it: it names what the tile shows. In a version of the ground that is in
// which grids its blocks are, what the grids are called and where in it their labels stand. Two revisions that show the same have the
// same tag.
func (v *view) tileTag(t tiles.Tile) string {
	var said []byte
	number := func(n int64) { said = binary.LittleEndian.AppendUint64(said, uint64(n)) }
	text := func(s string) { number(int64(len(s))); said = append(said, s...) }
	number(v.Ground.Version)
	for i, drawing := range v.ground.blocks {
		if drawing.Meets(t) {
			number(int64(v.At[i]))
			number(int64(v.Ground.Blocks[i].ID))
		}
	}
	for i, g := range v.shapes {
		if g.drawing == nil || !g.drawing.Meets(t) {
			continue
		}
		number(int64(i))
		text(v.Grids[i].Code)
		if g.place.Meets(t) {
			text(v.Grids[i].Name)
			text(v.Grids[i].NameEn)
			number(int64(g.label.Lon))
			number(int64(g.label.Lat))
		}
	}
	return contentTag(said)
}
