package server_test

import (
	"fmt"
	"math"
	"net/http"
	"testing"

	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"
)

type tileJSON struct {
	TileJSON     string
	Tiles        []string
	MinZoom      int
	MaxZoom      int
	Bounds       [4]float64
	VectorLayers []struct{ ID string } `json:"vector_layers"`
}

// middle returns the tile of a zoom in the middle of the bounds.
func (d tileJSON) middle(z int) maptile.Tile {
	return maptile.At([2]float64{(d.Bounds[0] + d.Bounds[2]) / 2, (d.Bounds[1] + d.Bounds[3]) / 2}, maptile.Zoom(z))
}

func TestPlanTiles(t *testing.T) {
	h := open(t, "/grids")
	var doc tileJSON
	h.get(fmt.Sprintf("/tiles/plans/%s.json", h.plan), &doc)
	if doc.TileJSON != "3.0.0" || len(doc.Tiles) != 1 || len(doc.VectorLayers) != 4 || doc.Bounds[0] >= doc.Bounds[2] {
		t.Errorf("%+v", doc)
	}
	tile := doc.middle(14)
	path := fmt.Sprintf("/tiles/plans/%s/%d/%d/%d.mvt", h.plan, tile.Z, tile.X, tile.Y)
	first := h.get(path, nil)
	layers, err := mvt.Unmarshal(first.body)
	if err != nil {
		t.Fatal(err)
	}
	byName := layers.ToFeatureCollections()
	if len(byName["grids"].Features) == 0 || len(byName["blocks"].Features) == 0 || len(byName["parents"].Features) == 0 {
		t.Errorf("the tile has %d grids, %d blocks, %d parents", len(byName["grids"].Features), len(byName["blocks"].Features), len(byName["parents"].Features))
	}
	var grids, blocks float64
	for _, f := range byName["grids"].Features {
		grids += planar.Area(f.Geometry)
	}
	for _, f := range byName["blocks"].Features {
		blocks += planar.Area(f.Geometry)
	}
	if math.Abs(grids-blocks) > 1e-9*blocks {
		t.Errorf("grids cover %v and blocks %v", grids, blocks)
	}

	tag := first.Header.Get("ETag")
	if a := h.ask(http.MethodGet, path, "", "If-None-Match: "+tag); a.StatusCode != http.StatusNotModified || len(a.body) > 0 {
		t.Errorf("the tag %s was not honoured: %s", tag, a.Status)
	}
	exact := fmt.Sprintf("/tiles/plans/%s/1/%d/%d/%d.mvt", h.plan, tile.Z, tile.X, tile.Y)
	if !equal(h.get(exact, nil).body, first.body) {
		t.Error("the newest tile is not that of its revision")
	}
	future := h.ask(http.MethodGet, fmt.Sprintf("/tiles/plans/%s/2/%d/%d/%d.mvt", h.plan, tile.Z, tile.X, tile.Y), "")
	h.refused(future, http.StatusNotFound, "plan.no_revision")
	if future.Header.Get("Cache-Control") != "no-store" {
		t.Error("a revision to come may be cached as missing")
	}

	block, _, to := h.borderMove(0)
	if a := h.edit(1, block, to); a.StatusCode != http.StatusOK {
		t.Fatalf("%s", a.body)
	}
	second := h.get(path, nil)
	if second.Header.Get("ETag") == tag || equal(second.body, first.body) {
		t.Error("an edit in the tile left its tag or bytes as they were")
	}
	if !equal(h.get(exact, nil).body, first.body) {
		t.Error("revision 1 has changed")
	}
	h.ask(http.MethodPost, h.at("/undo"), "")
	if third := h.get(path, nil); !equal(third.body, first.body) {
		t.Error("the tile after undo is not the tile before")
	}
}

// An edit far away leaves a tile's tag as it was.
func TestATagNamesTheTilesOwnChange(t *testing.T) {
	h := open(t, "")
	var doc tileJSON
	h.get(fmt.Sprintf("/tiles/plans/%s.json", h.plan), &doc)
	east := maptile.At([2]float64{doc.Bounds[2] - 1e-5, doc.Bounds[1] + 1e-5}, 16)
	path := fmt.Sprintf("/tiles/plans/%s/%d/%d/%d.mvt", h.plan, east.Z, east.X, east.Y)
	tag := h.get(path, nil).Header.Get("ETag")
	block, _, to := h.borderMove(0) // blocks come by large grid, from the west
	h.edit(1, block, to)
	if got := h.get(path, nil).Header.Get("ETag"); got != tag {
		t.Errorf("the tag went from %s to %s", tag, got)
	}
}

// PostGIS draws the layers; what it draws is what the importer stored.
func TestLayerTiles(t *testing.T) {
	h := open(t, "")
	var doc tileJSON
	h.get("/tiles/block.json", &doc)
	tile := doc.middle(14)
	a := h.get(fmt.Sprintf("/tiles/block/%d/%d/%d.mvt", tile.Z, tile.X, tile.Y), nil)
	layers, err := mvt.Unmarshal(a.body)
	if err != nil || len(layers) != 1 || layers[0].Name != "block" {
		t.Errorf("%v %v", layers, err)
	}
	h.refused(h.ask(http.MethodGet, "/tiles/nonsense.json", ""), http.StatusNotFound, "tile.layer")
	h.refused(h.ask(http.MethodGet, "/tiles/block/3/8/0.mvt", ""), http.StatusNotFound, "tile.place")
	if a := h.ask(http.MethodGet, "/tiles/block/14/0/0.mvt", ""); a.StatusCode != http.StatusNoContent {
		t.Errorf("an empty tile: %s", a.Status)
	}
}
