package server

import (
	"context"
	"encoding/binary"
	"fmt"
	"hash/fnv"
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
	if notModified(w, r, v.tileTag(t)) {
		return nil
	}
	return writeTile(w, v.tile(t))
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
	_, newest, err2 := s.Store.Revision(r.Context(), id)
	if err2 != nil {
		return err2
	}
	if err != nil || revision < 1 || revision > newest {
		return plan.Refuse(plan.NotFound, "plan.no_revision", words.Args{"plan": id.String(), "revision": rev})
	}
	v, err := s.rooms.at(r.Context(), id, revision)
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "public, max-age=31536000, immutable")
	return writeKeptTile(w, r, v.tile(t))
}

// tileTag returns the strong ETag of a tile: it names what the tile shows and when that changed last. Two revisions
// that show the same have the same tag.
func (v *view) tileTag(t tiles.Tile) string {
	h := fnv.New128a()
	write := func(n int64) { binary.Write(h, binary.LittleEndian, n) }
	write(v.Ground.Version)
	near := tiles.Reach(t)
	for i, g := range v.shapes {
		if g.box.Meets(near) {
			write(int64(i))
			write(v.Grids[i].Revision)
		}
	}
	write(-1)
	for b, box := range v.ground.blocks {
		if v.At[b] == 0 && box.Meets(near) {
			write(int64(b))
		}
	}
	return fmt.Sprintf(`"%x"`, h.Sum(nil))
}

// writeKeptTile answers with a tile under the tag of its bytes.
func writeKeptTile(w http.ResponseWriter, r *http.Request, tile []byte) error {
	if notModified(w, r, contentTag(tile)) {
		return nil
	}
	return writeTile(w, tile)
}

// writeTile answers with a tile, 204 for one that shows nothing.
func writeTile(w http.ResponseWriter, tile []byte) error {
	if len(tile) == 0 {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	w.Header().Set("Content-Type", tileType)
	w.Header().Set("Content-Length", strconv.Itoa(len(tile)))
	_, err := w.Write(tile)
	return err
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
	doc := tiles.JSON(p.Name, []string{s.address(r) + fmt.Sprintf("/tiles/plans/%s/%d/{z}/{x}/{y}.mvt", id, v.Revision)}, minZoom, maxZoom, v.Ground.Box())
	doc.Version = fmt.Sprintf("1.0.%d", v.Revision)
	doc.Add("grids", map[string]string{"code": "String"})
	doc.Add("blocks", map[string]string{"code": "String", "grid": "Number", "kind": "String"})
	doc.Add("parents", map[string]string{"code": "String", "name": "String", "name_en": "String"})
	doc.Add("labels", map[string]string{"code": "String", "name": "String", "name_en": "String"})
	return writeKept(w, r, doc)
}

// The layers of the ground: its live blocks, and what runs along their borders. The others are named after levels, and after the
// layers of the raw ground.
const (
	blockLayer  = "block"
	borderLayer = "border"
)

// fieldsOf returns the fields of a layer's features, nil if there is no such layer.
func fieldsOf(layer string) map[string]string {
	switch {
	case layer == blockLayer:
		return map[string]string{"code": "String", "kind": "String"}
	case layer == borderLayer:
		return map[string]string{"barrier": "String", "name": "String", "walk": "Boolean"}
	case plan.Level(layer).Rank() >= 0:
		return map[string]string{"code": "String", "name": "String", "name_en": "String"}
	case plan.Layer(layer).Rank() >= 0:
		return map[string]string{"code": "String", "name": "String", "class": "String"}
	}
	return nil
}

func layerOf(r *http.Request) (string, error) {
	layer := mux.Vars(r)["layer"]
	if fieldsOf(layer) == nil {
		return "", refuse(http.StatusNotFound, "tile.layer", words.Args{"layer": layer})
	}
	return layer, nil
}

func (s *Server) layerTileJSON(w http.ResponseWriter, r *http.Request) error {
	layer, err := layerOf(r)
	if err != nil {
		return err
	}
	extent, err := s.layerExtent(r.Context(), layer)
	if err != nil {
		return err
	}
	doc := tiles.JSON(layer, []string{s.address(r) + "/tiles/" + layer + "/{z}/{x}/{y}.mvt"}, minZoom, maxZoom, shape.EmptyBox)
	if e := extentView(extent); e != nil {
		doc.Bounds = e[:]
	}
	doc.Add(layer, fieldsOf(layer))
	return writeKept(w, r, doc)
}

// layerExtent returns west, south, east and north of a layer; nulls where nothing is drawn.
func (s *Server) layerExtent(ctx context.Context, layer string) ([4]*float64, error) {
	switch {
	case layer == blockLayer || layer == borderLayer:
		st, err := s.Store.Status(ctx)
		return st.Box, err
	case plan.Level(layer).Rank() >= 0:
		return s.Store.AreaExtent(ctx, plan.Level(layer))
	}
	return s.Store.FeatureExtent(ctx, plan.Layer(layer))
}

func (s *Server) layerTile(w http.ResponseWriter, r *http.Request) error {
	layer, err := layerOf(r)
	if err != nil {
		return err
	}
	t, err := tileOf(r)
	if err != nil {
		return err
	}
	var tile []byte
	switch {
	case layer == blockLayer:
		tile, err = s.Store.BlockTile(r.Context(), t.Z, t.X, t.Y)
	case layer == borderLayer:
		tile, err = s.Store.BorderTile(r.Context(), t.Z, t.X, t.Y)
	case plan.Level(layer).Rank() >= 0:
		tile, err = s.Store.AreaTile(r.Context(), plan.Level(layer), t.Z, t.X, t.Y)
	default:
		tile, err = s.Store.FeatureTile(r.Context(), plan.Layer(layer), t.Z, t.X, t.Y)
	}
	if err != nil {
		return err
	}
	w.Header().Set("Cache-Control", "no-cache")
	return writeKeptTile(w, r, tile)
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
