package server

import (
	"context"

	"gridwright/feed"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/tiles"
)

// publicZoom is the zoom whose tiles show borders as the public profile does: a vertex is left out that spans less than some 16 m2.
const publicZoom = 13

// PublicDivision returns the published grids in force on a day as everybody may see them. Shapes are generalised on shared borders, so that
// neighbours do not gape; where that would break a shape, all are taken from the next deeper zoom that breaks none.
func PublicDivision(ctx context.Context, store *postgis.Store, day plan.Day, approval string) (*feed.Collection, error) {
	s := &Server{Config: Config{Store: store}}
	d, err := s.inForce(ctx, day)
	if err != nil {
		return nil, err
	}
	return d.public(approval), nil
}

func (d *divided) public(approval string) *feed.Collection {
	shapes := make([]shape.MultiPolygon, len(d.grids))
	for i := range d.grids {
		shapes[i] = d.grids[i].Shape
	}
	drawn := make([]plan.Geometry, len(shapes))
	for i, m := range generalised(shapes) {
		drawn[i] = plan.Geometry{Shape: m}
	}
	c := feed.Public(d.grids, drawn, approval)
	c.Synthetic = d.collection.Synthetic
	return c
}

// generalised returns shapes without their smaller bends.
func generalised(shapes []shape.MultiPolygon) []shape.MultiPolygon {
	ranks := tiles.RankCoverage(shapes...)
	for zoom := uint8(publicZoom); ; zoom++ {
		out, broken := make([]shape.MultiPolygon, len(shapes)), false
		for i, m := range shapes {
			out[i] = ranks.Generalised(m, zoom)
			_, flaws := topo.Vet(out[i])
			broken = broken || len(flaws) > 0
		}
		if !broken {
			return out
		}
		if zoom > 16 { // every vertex is drawn
			return shapes
		}
	}
}
