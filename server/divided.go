package server

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"slices"
	"strconv"
	"sync"

	"gridwright/feed"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/tiles"
)

// divided are published grids as the server shows them: those of a division, or those in force on a day. It is immutable.
type divided struct {
	key        string // of what it shows: equal keys, equal bytes
	grids      []plan.DivisionGrid
	collection *feed.Collection
	box        shape.Box
	finder     func() *topo.Finder // of the grids, by index
	drawn      func() drawnGrids
	chains     func() []json.RawMessage // by grid: the areas it lies in
}

// drawnGrids are the polygons of grids and the places of their names, for tiles.
type drawnGrids struct{ grids, labels *tiles.Set }

func newDivided(key string, grids []plan.DivisionGrid) *divided {
	d := &divided{key: key, grids: grids, collection: feed.Published(grids), box: shape.EmptyBox}
	shapes := make([]shape.MultiPolygon, len(grids))
	for i := range grids {
		shapes[i] = grids[i].Shape
		d.box = d.box.Union(shapes[i].Box())
	}
	d.finder = sync.OnceValue(func() *topo.Finder { return topo.NewFinder(shapes) })
	d.drawn = sync.OnceValue(func() drawnGrids {
		sets, ranks := drawnGrids{tiles.NewSet(), tiles.NewSet()}, tiles.RankCoverage(shapes...)
		for i := range grids {
			g := &grids[i]
			code := tiles.Attribute{Key: "code", Value: g.Code}
			sets.grids.Put(tiles.Feature{ID: uint64(g.Key), Drawing: tiles.Draw(g.Shape, ranks), Attributes: []tiles.Attribute{code, {Key: "kind", Value: string(g.Kind)}}})
			sets.labels.Put(tiles.Feature{ID: uint64(g.Key), Drawing: tiles.DrawPoint(g.Label),
				Attributes: []tiles.Attribute{code, {Key: "name", Value: g.Name}, {Key: "name_en", Value: g.NameEn}}})
		}
		return sets
	})
	d.chains = sync.OnceValue(func() []json.RawMessage {
		chains := make([]json.RawMessage, len(grids))
		for i := range grids {
			chains[i], _ = json.Marshal(areaNames(grids[i].Chain)) // plain texts
		}
		return chains
	})
	return d
}

func areaNames(chain []plan.Area) []areaName {
	names := make([]areaName, len(chain))
	for i, a := range chain {
		names[i] = areaName{a.Level, a.Code, a.Name, a.NameEn}
	}
	return names
}

// tile draws a tile of the grids.
func (d *divided) tile(t tiles.Tile) []byte {
	drawn := d.drawn()
	return tiles.Encode(t, []tiles.Layer{{Name: "grids", Features: drawn.grids.In(t, 0)}, {Name: "labels", Features: drawn.labels.In(t, 0)}})
}

// maxDivided bounds how many divisions and days are kept in memory.
const maxDivided = 8

// divisions keep what was published in memory. Nothing of it ever changes.
type divisions struct {
	mu   sync.Mutex
	kept []*divided // least recently used first
}

// get returns what has a key, read where it is not kept.
func (ds *divisions) get(key string, read func() (*divided, error)) (*divided, error) {
	ds.mu.Lock()
	defer ds.mu.Unlock()
	if i := slices.IndexFunc(ds.kept, func(d *divided) bool { return d.key == key }); i >= 0 {
		d := ds.kept[i]
		ds.kept = append(slices.Delete(ds.kept, i, i+1), d)
		return d, nil
	}
	d, err := read()
	if err != nil {
		return nil, err
	}
	if ds.kept = append(ds.kept, d); len(ds.kept) > maxDivided {
		ds.kept = slices.Delete(ds.kept, 0, 1)
	}
	return d, nil
}

// division returns the grids of a division that is there.
func (s *Server) division(ctx context.Context, row postgis.DivisionRow) (*divided, error) {
	key := "division " + strconv.FormatInt(int64(row.ID), 10)
	return s.published.get(key, func() (*divided, error) {
		grids, err := s.Store.DivisionGrids(ctx, row.ID)
		return newDivided(key, grids), err
	})
}

// inForce returns the grids in force on a day, a NotFound fault where there are none.
func (s *Server) inForce(ctx context.Context, day plan.Day) (*divided, error) {
	return s.inForceBetween(ctx, day, day)
}

// inForceBetween returns the grids in force on some day from one to another, of those that changed meanwhile the last form.
func (s *Server) inForceBetween(ctx context.Context, from, to plan.Day) (*divided, error) {
	areas, err := s.Store.AreasInForce(ctx, from, to)
	if err != nil {
		return nil, err
	}
	if len(areas) == 0 {
		return nil, plan.Refuse(plan.NotFound, "division.none", map[string]any{"day": string(to)})
	}
	var said []byte
	for _, a := range areas {
		said = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(said, uint64(a.Division)), uint64(a.Area))
	}
	key := "in force " + contentTag(said)
	return s.published.get(key, func() (*divided, error) {
		grids, err := s.Store.InForce(ctx, areas)
		return newDivided(key, lastForms(grids)), err
	})
}

// lastForms leaves of grids with the same key the one of the latest division.
func lastForms(grids []plan.DivisionGrid) []plan.DivisionGrid {
	last := map[plan.GridKey]plan.DivisionID{}
	for i := range grids {
		last[grids[i].Key] = max(last[grids[i].Key], grids[i].Division)
	}
	return slices.DeleteFunc(grids, func(g plan.DivisionGrid) bool { return last[g.Key] != g.Division })
}
