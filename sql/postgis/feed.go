package postgis

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/filter"
)

// FeedArea is an area as it is handed to others.
type FeedArea struct {
	plan.Area        // without the id of what is above it
	Above     string // its code; empty at the top
}

// FeedAreas returns the areas of a level with their shapes, by code.
func (s *Store) FeedAreas(ctx context.Context, level plan.Level) ([]FeedArea, error) {
	return feedAreas(ctx, s.pool, level)
}

func feedAreas(ctx context.Context, q querier, level plan.Level) ([]FeedArea, error) {
	return collect(ctx, q, "FeedAreas", func(r pgx.CollectableRow) (FeedArea, error) {
		var a FeedArea
		var geom []byte
		err := r.Scan(&a.ID, &a.Code, &a.Name, &a.NameEn, &a.Above, &geom)
		if a.Level = level; err == nil {
			a.Shape, err = decodeMultiPolygon(geom)
		}
		return a, err
	}, level)
}

// FeedBlock is a live block as it is handed to others.
type FeedBlock struct {
	plan.Block // without the index of its area and its counts by index
	Area       string
	ByMeasure  map[plan.Measure]int64
}

// FeedBlocks returns the live blocks, by area and code.
func (s *Store) FeedBlocks(ctx context.Context) ([]FeedBlock, error) {
	return collect(ctx, s.pool, "FeedBlocks", func(r pgx.CollectableRow) (FeedBlock, error) {
		var b FeedBlock
		var geom []byte
		err := r.Scan(&b.ID, &b.Code, &b.Area, &b.Kind, &b.Block.Area, &b.ByMeasure, &geom)
		if err == nil {
			b.Shape, err = decodeMultiPolygon(geom)
		}
		return b, err
	})
}

// FeedBorder is what runs along a border of two live blocks, by their codes.
type FeedBorder struct {
	ID   int64
	A, B string
	plan.Along
	Metres   float64
	Geometry plan.Geometry
}

// FeedBorders returns what runs along the borders of live blocks, where anybody has said; by the codes of the blocks.
func (s *Store) FeedBorders(ctx context.Context) ([]FeedBorder, error) {
	return collect(ctx, s.pool, "FeedBorders", func(r pgx.CollectableRow) (FeedBorder, error) {
		var b FeedBorder
		var geom []byte
		err := r.Scan(&b.ID, &b.A, &b.B, &b.Barrier, &b.Name, &b.Walk, &b.Metres, &geom)
		if err == nil {
			b.Geometry, err = decodeGeometry(geom)
		}
		return b, err
	})
}

// PageWanted says which things of a layer are asked for.
type PageWanted struct {
	Layer string           // a level of areas, "block", "border" or a layer of the raw ground
	Box   *shape.Box       // only those that meet it; nil for everywhere
	Equal map[string]any   // properties they must have: strings, int64, float64 and bool by name
	Where filter.Condition // only those for which it is true; nil for all
	ID    *int64           // the one with this id; nil for all
	After int64            // those with a higher id
	Limit int

	Measures []plan.Measure // that buildings and compounds have as properties
}

// Served is a thing of a layer as it is handed to others.
type Served struct {
	ID         int64
	Properties json.RawMessage // an object
	Geometry   plan.Geometry   // empty where it has none
}

// LayerPage returns a page of the things asked for, by id, and how many there are on all pages.
func (s *Store) LayerPage(ctx context.Context, w PageWanted) (page []Served, matched int64, err error) {
	var box []byte
	if w.Box != nil {
		if box, err = boxEWKB(*w.Box); err != nil {
			return nil, 0, err
		}
	}
	if w.Equal == nil {
		w.Equal = map[string]any{}
	}
	if w.Measures == nil {
		w.Measures = []plan.Measure{}
	}
	where, err := newPathFilter(w.Where)
	if err != nil {
		return nil, 0, err
	}
	_, err = collect(ctx, s.pool, "LayerPage", func(r pgx.CollectableRow) (struct{}, error) {
		var id *int64
		var one Served
		var geom []byte
		if err := r.Scan(&matched, &id, &one.Properties, &geom); err != nil || id == nil {
			return struct{}{}, err
		}
		one.ID = *id
		var err error
		if geom != nil {
			one.Geometry, err = decodeGeometry(geom)
		}
		page = append(page, one)
		return struct{}{}, err
	}, w.Layer, box, w.Equal, w.ID, w.After, w.Limit, where.path, where.vars, where.relations, where.places, w.Measures)
	return page, matched, err
}

// Filtered returns the ids of those of the things for which a condition is true, in the order given.
func (s *Store) Filtered(ctx context.Context, things []Served, where filter.Condition) ([]int64, error) {
	f, err := newPathFilter(where)
	if err != nil {
		return nil, err
	}
	ids, properties, places := make([]int64, len(things)), make([]string, len(things)), make([][]byte, len(things))
	for i, t := range things {
		ids[i], properties[i] = t.ID, string(t.Properties)
		if len(f.places) == 0 || t.Geometry.Box().IsEmpty() {
			continue
		}
		if places[i], err = geometryEWKB(t.Geometry); err != nil {
			return nil, err
		}
	}
	return collect(ctx, s.pool, "FilteredThings", pgx.RowTo[int64], ids, properties, places, f.path, f.vars, f.relations, f.places)
}
