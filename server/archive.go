package server

import (
	"context"
	"io"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/tiles"
)

// archiveFrom is the lowest zoom of an archive: a region fits a screen.
const archiveFrom = 8

// PlanArchive writes the tiles of a plan as a PMTiles archive; progress is told how many are done.
func PlanArchive(ctx context.Context, w io.Writer, name string, snap *plan.Snapshot, progress func(done, total int)) error {
	return newView(snap, nil).archive(ctx, w, name, progress)
}

func (v *view) archive(ctx context.Context, w io.Writer, name string, progress func(done, total int)) error {
	doc := planDocument(name, nil, archiveFrom, v)
	return tiles.WriteArchive(ctx, w, doc, v.Ground.Box(), func(_ context.Context, t tiles.Tile) ([]byte, error) { return v.tile(t), nil }, progress)
}

// DivisionArchive writes the tiles of the published grids in force on a day as a PMTiles archive; progress is told how many are done.
func DivisionArchive(ctx context.Context, w io.Writer, store *postgis.Store, day plan.Day, progress func(done, total int)) error {
	s := &Server{Config: Config{Store: store}}
	d, err := s.inForce(ctx, day)
	if err != nil {
		return err
	}
	doc := divisionDocument("division-"+string(day), nil, archiveFrom, d)
	return tiles.WriteArchive(ctx, w, doc, d.box, func(_ context.Context, t tiles.Tile) ([]byte, error) { return d.tile(t), nil }, progress)
}

// LayerArchive writes the tiles of a layer as a PMTiles archive; progress is told how many are done.
func LayerArchive(ctx context.Context, w io.Writer, store *postgis.Store, layer string, progress func(done, total int)) error {
	ls := newLayers(store)
	l, err := ls.get(ctx, layer)
	if err != nil {
		return err
	}
	extent, err := ls.extent(ctx, layer)
	if err != nil {
		return err
	}
	box := shape.EmptyBox
	if e := extentView(extent); e != nil {
		for _, corner := range [][2]float64{{e[0], e[1]}, {e[2], e[3]}} {
			p, err := crs.FromDegrees(corner[0], corner[1])
			if err != nil {
				return err
			}
			box = box.Add(p)
		}
	}
	doc := tiles.JSON(layer, nil, max(archiveFrom, firstZoom(layer)), maxZoom, box)
	doc.Add(layer, fieldsOf(layer))
	return tiles.WriteArchive(ctx, w, doc, box, func(ctx context.Context, t tiles.Tile) ([]byte, error) { return ls.draw(ctx, l, layer, t) }, progress)
}
