package intake

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/importers"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// border draws the border between two neighbouring areas of one level anew. Both move, their neighbours get the corners where the new
// border meets theirs, and where two large grids lie in different communities so do these: the areas fit together as they did before.
func (c *Correction) border(ctx context.Context, store *postgis.Store, made *postgis.Correction) error {
	line, err := c.line()
	if err != nil {
		return err
	}
	return store.Import(ctx, func(im *postgis.Importing) error {
		b := &recutting{Correction: c, im: im}
		if err := b.gather(ctx, line); err != nil {
			return err
		}
		shapes, moved, parts, err := topo.Recut(ctx, b.shapes(), [2]int32{0, 1}, b.followers, line)
		switch {
		case err != nil:
			return err
		case !parts:
			return unfit("geometry", "no_cut", nil)
		case moved == 0:
			return unfit("geometry", "nothing", nil)
		}
		var changed []postgis.MovedArea
		for i, a := range b.areas {
			now := canonical(shapes[i])
			switch {
			case len(now) == 0:
				return unfit("geometry", "all_gone", words.Args{"code": a.Code})
			case i < b.own && len(now) > len(a.Shape):
				return unfit("geometry", "in_pieces", words.Args{"code": a.Code, "n": len(now)})
			case !sameShape(now, a.Shape):
				changed = append(changed, postgis.MovedArea{Area: a, Before: a.Shape, After: now})
			}
		}
		if made.Import, err = saved(ctx, im, c.Layer, len(changed), 0); err != nil {
			return err
		}
		made.Name = b.areas[0].Name
		made.Rows = b.rows()
		if err := im.PutCorrection(ctx, store, made); err != nil {
			return err
		}
		return im.PutBorder(ctx, made.ID, changed, made.Import)
	})
}

// line returns the line a border is to run along.
func (c *Correction) line() ([]crs.Point, error) {
	text, err := json.Marshal(map[string]any{"type": "Feature", "properties": nil, "geometry": c.Geometry})
	if err != nil {
		return nil, unfit("geometry", "not_geojson", nil)
	}
	var line []crs.Point
	err = importers.ReadGeoJSON(bytes.NewReader(text), func(r importers.Row) error {
		if r.Fault != nil {
			return r.Fault
		}
		if len(r.Geometry.Lines) == 1 {
			line = slices.Compact(slices.Clone([]crs.Point(r.Geometry.Lines[0])))
		}
		return nil
	})
	if fault, is := err.(*importers.Fault); is {
		return nil, &Unfit{[]Refused{{Field: "geometry", Key: fault.Key, said: placeless{fault}}}}
	}
	if err != nil {
		return nil, err
	}
	if len(line) < 2 {
		return nil, unfit("geometry", "no_line", nil)
	}
	return line, nil
}

// recutting is a border being drawn anew: the two areas first, then those above them that follow, then those round them.
type recutting struct {
	*Correction
	im        *postgis.Importing
	areas     []plan.Area
	followers [][2]int32 // into areas
	own       int        // how many of areas change hands of ground
}

func (b *recutting) shapes() []shape.MultiPolygon {
	shapes := make([]shape.MultiPolygon, len(b.areas))
	for i, a := range b.areas {
		shapes[i] = a.Shape
	}
	return shapes
}

// gather reads the two areas and all that must fit them.
func (b *recutting) gather(ctx context.Context, line []crs.Point) error {
	level := plan.Level(b.Layer)
	found, err := b.im.AreasByCode(ctx, []string{b.Code, b.Neighbour})
	if err != nil {
		return err
	}
	box := shape.EmptyBox
	for _, p := range line {
		box = box.Add(p)
	}
	var ids []plan.AreaID
	for i, code := range []string{b.Code, b.Neighbour} {
		at := slices.IndexFunc(found, func(a plan.Area) bool { return a.Code == code && a.Level == level })
		if at < 0 {
			return unfit([]string{"code", "neighbour"}[i], "no_area", words.Args{"code": importers.Excerpt(code), "level": level})
		}
		ids = append(ids, found[at].ID)
	}
	drawn, err := b.im.ParentShapes(ctx, ids)
	if err != nil {
		return err
	}
	for i, id := range ids {
		if len(drawn[id]) == 0 {
			return unfit([]string{"code", "neighbour"}[i], "area_not_drawn", words.Args{"code": importers.Excerpt([]string{b.Code, b.Neighbour}[i])})
		}
		box = box.Union(drawn[id].Box())
	}
	near := map[plan.Level][]plan.Area{}
	for _, l := range []plan.Level{plan.Community, plan.LargeGrid} {
		if near[l], err = b.im.AreasNear(ctx, l, grown(box)); err != nil {
			return err
		}
	}
	take := func(list []plan.Area, id plan.AreaID) int32 {
		i := slices.IndexFunc(list, func(a plan.Area) bool { return a.ID == id })
		if i < 0 {
			return -1
		}
		b.areas = append(b.areas, list[i])
		return int32(len(b.areas) - 1)
	}
	take(near[level], ids[0])
	take(near[level], ids[1])
	if level == plan.Community {
		for _, g := range near[plan.LargeGrid] {
			if middle := topo.LabelPoint(g.Shape); b.areas[0].Shape.Holds(middle) || b.areas[1].Shape.Holds(middle) {
				return unfit("layer", "has_grids", words.Args{"grid": g.Code})
			}
		}
	} else if x, y := communityOf(near[plan.Community], b.areas[0]), communityOf(near[plan.Community], b.areas[1]); x != y && x != 0 && y != 0 {
		b.followers = append(b.followers, [2]int32{take(near[plan.Community], x), take(near[plan.Community], y)})
	}
	b.own = len(b.areas)
	for _, l := range []plan.Level{plan.Community, plan.LargeGrid} {
		for _, a := range near[l] {
			if !slices.ContainsFunc(b.areas, func(other plan.Area) bool { return other.ID == a.ID }) {
				b.areas = append(b.areas, a)
			}
		}
	}
	return nil
}

// communityOf returns the community a large grid lies in: the one above it, or the one that holds its middle; 0 for none.
func communityOf(communities []plan.Area, grid plan.Area) plan.AreaID {
	middle := topo.LabelPoint(grid.Shape)
	for _, c := range communities {
		if c.ID == grid.Parent {
			return c.ID
		}
	}
	for _, c := range communities {
		if c.Shape.Holds(middle) {
			return c.ID
		}
	}
	return 0
}

// rows returns the codes of the rows of the base book that the two areas have, or lie in.
func (b *recutting) rows() []string {
	rows := []string{b.areas[0].Code, b.areas[1].Code}
	if len(b.followers) > 0 {
		rows = []string{b.areas[b.followers[0][0]].Code, b.areas[b.followers[0][1]].Code}
	} else if plan.Level(b.Layer) == plan.LargeGrid {
		for _, a := range b.areas {
			if a.Level == plan.Community && a.ID == communityOf([]plan.Area{a}, b.areas[0]) {
				rows = []string{a.Code}
			}
		}
	}
	slices.Sort(rows)
	return slices.Compact(rows)
}
