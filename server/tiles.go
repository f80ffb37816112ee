package server

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"github.com/gorilla/mux"

	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/tiles"
)

// The zooms in which tiles are made; a map enlarges the last one beyond.
const (
	minZoom = 6
	maxZoom = 16
)

const tileType = "application/vnd.mapbox-vector-tile"

// tileOf reads z, x and y of a request.
func tileOf(r *http.Request) (tiles.Tile, error) {
	vars := mux.Vars(r)
	z, err1 := strconv.Atoi(vars["z"])
	x, err2 := strconv.Atoi(vars["x"])
	y, err3 := strconv.Atoi(vars["y"])
	if err1 != nil || err2 != nil || err3 != nil || !tiles.Valid(z, x, y) {
		return tiles.Tile{}, refuse(http.StatusNotFound, "tile.place", words.Args{"z": vars["z"], "x": vars["x"], "y": vars["y"]})
	}
	return tiles.Tile{Z: z, X: x, Y: y}, nil
}

// planTile answers with a tile of the plan as it stands. Its ETag changes with what the tile shows, not with the plan.
func (s *Server) planTile(w http.ResponseWriter, r *http.Request) error {
	t, err := tileOf(r)
	if err != nil {
		return err
	}
	_, v, err := s.current(r)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return s.writePlanTile(w, r, v, t)
}

// planTileAt answers with a tile of exactly that revision, which never changes.
func (s *Server) planTileAt(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	t, err := tileOf(r)
	if err != nil {
		return err
	}
	rev := mux.Vars(r)["rev"]
	revision, err := strconv.ParseInt(rev, 10, 64)
	newest := s.rooms.reached(id)
	if err != nil || revision > newest {
		var err2 error
		if _, newest, err2 = s.Store.Revision(r.Context(), id); err2 != nil {
			return err2
		}
	}
	if err != nil || revision < 1 || revision > newest {
		return plan.Refuse(plan.NotFound, "plan.no_revision", words.Args{"plan": id.String(), "revision": rev})
	}
	v, err := s.rooms.at(r.Context(), id, revision)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return s.writePlanTile(w, r, v, t)
}

// writePlanTile answers with a tile of a plan at a revision. Its tag is known before it is drawn.
func (s *Server) writePlanTile(w http.ResponseWriter, r *http.Request, v *view, t tiles.Tile) error {
	tag := v.tileTag(t)
	if notModified(w, r, tag) {
		return nil
	}
	kept, err := s.tiles.get(r.Context(), tileKey{Tile: t, of: tag}, func(context.Context) ([]byte, error) { return v.tile(t), nil })
	if err != nil {
		return err
	}
	kept.tag = tag
	return writeTile(w, r, kept)
}

// planTileJSON tells a map where the plan's tiles are. Their address has the revision in it, so that they can be kept.
func (s *Server) planTileJSON(w http.ResponseWriter, r *http.Request) error {
	id, v, err := s.current(r)
	if err != nil {
		return err
	}
	p, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	doc := planDocument(p.Name, []string{s.address(r) + fmt.Sprintf("/tiles/plans/%s/%d/{z}/{x}/{y}.mvt", id, v.Revision)}, minZoom, v)
	doc.Version = fmt.Sprintf("1.0.%d", v.Revision)
	return writeKept(w, r, doc)
}

// planDocument says what a plan's tiles hold.
func planDocument(name string, addresses []string, minZoom int, v *view) *tiles.TileJSON {
	doc := tiles.JSON(name, addresses, minZoom, maxZoom, v.Ground.Box())
	doc.Add("grids", map[string]string{"code": "String"})
	doc.Add("blocks", map[string]string{"code": "String", "grid": "Number", "kind": "String"})
	doc.Add("parents", map[string]string{"code": "String", "name": "String", "name_en": "String"})
	doc.Add("labels", map[string]string{"code": "String", "name": "String", "name_en": "String"})
	return doc
}

// divisionDocument says what the tiles of published grids hold.
func divisionDocument(name string, addresses []string, minZoom int, d *divided) *tiles.TileJSON {
	doc := tiles.JSON(name, addresses, minZoom, maxZoom, d.box)
	doc.Add("grids", map[string]string{"code": "String", "kind": "String"})
	doc.Add("labels", map[string]string{"code": "String", "name": "String", "name_en": "String"})
	return doc
}

// The layers of the ground: its live blocks, and what runs along their borders. The others are named after levels, and after the
// layers of the raw ground.
const (
	blockLayer  = "block"
	borderLayer = "border"
)

// textsOf returns the keys of what tiles say of a layer's things in words, nil if there is no such layer.
func textsOf(layer string) []string {
	switch {
	case layer == blockLayer:
		return []string{"code", "kind"}
	case layer == borderLayer:
		return []string{"barrier", "name"}
	case plan.Level(layer).Rank() >= 0:
		return []string{"code", "name", "name_en"}
	case plan.Layer(layer).Rank() >= 0:
		return []string{"code", "name", "class"}
	}
	return nil
}

// fieldsOf returns the fields of a layer's features.
func fieldsOf(layer string) map[string]string {
	fields := map[string]string{}
	for _, key := range textsOf(layer) {
		fields[key] = "String"
	}
	if layer == borderLayer {
		fields["walk"] = "Boolean"
	}
	return fields
}

func layerOf(r *http.Request) (string, error) {
	layer := mux.Vars(r)["layer"]
	if textsOf(layer) == nil {
		return "", refuse(http.StatusNotFound, "tile.layer", words.Args{"layer": layer})
	}
	return layer, nil
}

func (s *Server) layerTileJSON(w http.ResponseWriter, r *http.Request) error {
	layer, err := layerOf(r)
	if err != nil {
		return err
	}
	extent, err := s.layers.extent(r.Context(), layer)
	if err != nil {
		return err
	}
	doc := tiles.JSON(layer, []string{s.address(r) + "/tiles/" + layer + "/{z}/{x}/{y}.mvt"}, firstZoom(layer), maxZoom, shape.EmptyBox)
	if e := extentView(extent); e != nil {
		doc.Bounds = e[:]
	}
	doc.Add(layer, fieldsOf(layer))
	return writeKept(w, r, doc)
}

// extent returns west, south, east and north of a layer; nulls where nothing is drawn.
func (ls *layers) extent(ctx context.Context, layer string) ([4]*float64, error) {
	switch {
	case layer == blockLayer || layer == borderLayer:
		st, err := ls.store.Status(ctx)
		return st.Box, err
	case plan.Level(layer).Rank() >= 0:
		return ls.store.AreaExtent(ctx, plan.Level(layer))
	}
	return ls.store.FeatureExtent(ctx, plan.Layer(layer))
}

// layerTile answers with a tile of a layer as it stands, whoever changed it.
func (s *Server) layerTile(w http.ResponseWriter, r *http.Request) error {
	name, err := layerOf(r)
	if err != nil {
		return err
	}
	t, err := tileOf(r)
	if err != nil {
		return err
	}
	l, err := s.layers.get(r.Context(), name)
	if err != nil {
		return err
	}
	kept, err := s.tiles.get(r.Context(), tileKey{t, name, l.versionOf(t)}, func(ctx context.Context) ([]byte, error) {
		return s.layers.draw(ctx, l, name, t)
	})
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return writeTile(w, r, kept)
}

// fromDatabase draws a tile of a layer that is too large for memory.
func (ls *layers) fromDatabase(ctx context.Context, layer string, t tiles.Tile) ([]byte, error) {
	switch {
	case layer == blockLayer:
		return ls.store.BlockTile(ctx, t.Z, t.X, t.Y)
	case layer == borderLayer:
		return ls.store.BorderTile(ctx, t.Z, t.X, t.Y)
	case plan.Level(layer).Rank() >= 0:
		return ls.store.AreaTile(ctx, plan.Level(layer), t.Z, t.X, t.Y)
	}
	return ls.store.FeatureTile(ctx, plan.Layer(layer), t.Z, t.X, t.Y)
}

// address returns where the reader reached this server, without a slash at the end: what tells a program at the other
// side of a proxy where to come back to.
func (s *Server) address(r *http.Request) string {
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + hostOf(r) + s.Base
}
