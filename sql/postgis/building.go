package postgis

import (
	"context"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// BuildArea is an area on which blocks may hang, a community or a large grid, as a build of the ground needs it.
type BuildArea struct {
	plan.Area             // its shape as drawn; empty where only its code is known
	Community plan.AreaID // of a large grid: the community it lies in; 0 for none
	InScope   bool
}

// BuildAreas returns every community and large grid, by code, and marks those of a scope: an area's code, or "all". The
// error is a Fault of a code that no area has, or several have.
func (im *Importing) BuildAreas(ctx context.Context, scope string) ([]BuildArea, error) {
	var top *plan.AreaID // null: all
	if scope != ScopeAll {
		area, err := areaByCode(ctx, im.tx, scope)
		if err != nil {
			return nil, err
		}
		top = &area
	}
	return collect(ctx, im.tx, "BuildAreas", func(r pgx.CollectableRow) (BuildArea, error) {
		var a BuildArea
		var geom []byte
		err := r.Scan(&a.ID, &a.Level, &a.Code, &a.Name, &a.NameEn, &a.Parent, &a.Community, &a.InScope, &geom)
		if err == nil {
			a.Shape, err = decodeMultiPolygon(geom)
		}
		return a, err
	}, top)
}

// BlockNumbers returns the highest number n of a code "stem-n" that a block has or ever had, by stem; 0 where there is none.
func (im *Importing) BlockNumbers(ctx context.Context, stems []string) (map[string]int64, error) {
	highest := map[string]int64{}
	_, err := collect(ctx, im.tx, "BlockNumbers", func(r pgx.CollectableRow) (struct{}, error) {
		var stem string
		var number int64
		err := r.Scan(&stem, &number)
		highest[stem] = number
		return struct{}{}, err
	}, stems)
	return highest, err
}

// RawSynthetic reports whether any of the raw ground, or of its counts, is invented.
func (im *Importing) RawSynthetic(ctx context.Context) (synthetic bool, err error) {
	err = row(ctx, im.tx, "RawSynthetic", nil, &synthetic)
	return synthetic, err
}

// Uncancelled is a side of a block where the blocks of a parent do not cover it exactly.
type Uncancelled struct {
	Parent plan.AreaID
	At     crs.Point
}

// UncancelledSides looks whether the stored blocks of parents cover the shapes these are to have, to the last bit: no gap, no
// overlap, no corner that a neighbour lacks. It returns the first places where they do not, by parent.
func (im *Importing) UncancelledSides(ctx context.Context, parents []plan.AreaID, shapes []shape.MultiPolygon) ([]Uncancelled, error) {
	geoms := make([][]byte, len(shapes))
	for i, m := range shapes {
		var err error
		if geoms[i], err = multiPolygonEWKB(m); err != nil {
			return nil, err
		}
	}
	return collect(ctx, im.tx, "UncancelledSides", func(r pgx.CollectableRow) (u Uncancelled, err error) {
		var lon, lat float64
		err = r.Scan(&u.Parent, &lon, &lat)
		u.At = gridPoint(lon, lat)
		return u, err
	}, parents, geoms)
}
