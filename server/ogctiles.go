package server

import (
	"math"
	"net/http"
	"strconv"
	"strings"

	"github.com/gorilla/mux"

	"gridwright/feed"
	"gridwright/plan/words"
)

// OGC API Tiles (OGC 20-057): the tiles there are under /tiles, as its clients look for them. All are in the one tile matrix set of
// web maps, whose rows count from the north.
const (
	matrixSet    = "WebMercatorQuad"
	matrixSetURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	tilesetsRel  = "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector"
	schemeRel    = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"
	schemesRel   = "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes"
)

// templated is a link with blanks.
type templated struct {
	ogcLink
	Templated bool `json:"templated"`
}

// tileset describes the tiles of a collection.
type tileset struct {
	Title    string           `json:"title"`
	DataType string           `json:"dataType"`
	CRS      string           `json:"crs"`
	Set      string           `json:"tileMatrixSetURI"`
	Links    []any            `json:"links"`
	Layers   []tilesetLayer   `json:"layers,omitempty"`
	Limits   []map[string]any `json:"tileMatrixSetLimits,omitempty"`
	Box      *tilesetBox      `json:"boundingBox,omitempty"`
}

type tilesetLayer struct {
	ID       string `json:"id"`
	DataType string `json:"dataType"`
	MinZoom  string `json:"minTileMatrix"`
	MaxZoom  string `json:"maxTileMatrix"`
}

type tilesetBox struct {
	Lower [2]float64 `json:"lowerLeft"`
	Upper [2]float64 `json:"upperRight"`
	CRS   string     `json:"crs"`
}

// newTileset describes the tiles of a collection; whole adds what only its own document says.
func (s *Server) newTileset(r *http.Request, c *ogcCollection, whole bool) tileset {
	at := s.ogcAt(r, "/collections/"+c.ID+"/tiles/"+matrixSet)
	t := tileset{Title: c.Title, DataType: "vector", CRS: epsgPrefix + "3857", Set: matrixSetURI, Links: []any{
		ogcLink{at, "self", "application/json", ""},
		ogcLink{s.ogcAt(r, "/tileMatrixSets/"+matrixSet), schemeRel, "application/json", ""},
		templated{ogcLink{at + "/{tileMatrix}/{tileRow}/{tileCol}", "item", tileType, ""}, true}}}
	if !whole {
		return t
	}
	t.Links = append(t.Links, ogcLink{s.ogcAt(r, "/collections/"+c.ID), "http://www.opengis.net/def/rel/ogc/1.0/geodata", "application/json", ""})
	from := minZoom
	for _, layer := range tileLayers(c) {
		if c.held == nil {
			from = firstZoom(layer)
		}
		t.Layers = append(t.Layers, tilesetLayer{layer, "vector", strconv.Itoa(from), strconv.Itoa(maxZoom)})
	}
	if c.Extent != nil {
		b := c.Extent.Spatial.Box[0]
		t.Box = &tilesetBox{[2]float64{b[0], b[1]}, [2]float64{b[2], b[3]}, crs84}
		for z := from; z <= maxZoom; z++ {
			west, north := tileAt(b[0], b[3], z)
			east, south := tileAt(b[2], b[1], z)
			t.Limits = append(t.Limits, map[string]any{"tileMatrix": strconv.Itoa(z), "minTileRow": north, "maxTileRow": south, "minTileCol": west, "maxTileCol": east})
		}
	}
	return t
}

// tileLayers are the layers of a collection's tiles.
func tileLayers(c *ogcCollection) []string {
	if c.held == nil {
		return []string{c.ID}
	}
	return c.drawn
}

// tileAt returns the column and row of a place at a zoom.
func tileAt(lon, lat float64, z int) (x, y int) {
	n := math.Ldexp(1, z)
	at := func(v float64) int { return int(max(0, min(n-1, math.Floor(v*n)))) }
	return at((lon + 180) / 360), at((1 - math.Asinh(math.Tan(lat*math.Pi/180))/math.Pi) / 2)
}

func (s *Server) ogcTilesets(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	return writeKept(w, r, map[string]any{"tilesets": []tileset{s.newTileset(r, c, false)},
		"links": []ogcLink{{s.ogcAt(r, "/collections/"+c.ID+"/tiles"), "self", "application/json", ""}}})
}

func (s *Server) ogcTileset(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	if err := knownMatrixSet(r); err != nil {
		return err
	}
	return writeKept(w, r, s.newTileset(r, c, true))
}

func knownMatrixSet(r *http.Request) error {
	if name := mux.Vars(r)["set"]; name != matrixSet {
		return refuse(http.StatusNotFound, "ogc.matrix_set", words.Args{"name": name, "names": []string{matrixSet}})
	}
	return nil
}

// ogcTile answers with the tile that /tiles has in the same place.
func (s *Server) ogcTile(w http.ResponseWriter, r *http.Request) error {
	if err := knownMatrixSet(r); err != nil {
		return err
	}
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	if c.ID == feed.DivisionLayer {
		return s.divisionTile(w, mux.SetURLVars(r, withVar(mux.Vars(r), "id", "current")))
	}
	if c.held != nil {
		id, _ := strings.CutPrefix(c.ID, gridsPrefix)
		return s.planTile(w, mux.SetURLVars(r, withVar(mux.Vars(r), "id", id)))
	}
	return s.layerTile(w, mux.SetURLVars(r, withVar(mux.Vars(r), "layer", c.ID)))
}

func withVar(vars map[string]string, name, value string) map[string]string {
	vars[name] = value
	return vars
}

func (s *Server) ogcMatrixSets(w http.ResponseWriter, r *http.Request) error {
	return writeKept(w, r, map[string]any{"tileMatrixSets": []map[string]any{{"id": matrixSet, "title": "Google Maps Compatible for the World", "uri": matrixSetURI,
		"links": []ogcLink{{s.ogcAt(r, "/tileMatrixSets/"+matrixSet), "self", "application/json", ""}}}}})
}

// ogcMatrixSet answers with the tile matrix set (OGC 17-083r4): each zoom halves the side of the tiles of the one before.
func (s *Server) ogcMatrixSet(w http.ResponseWriter, r *http.Request) error {
	if err := knownMatrixSet(r); err != nil {
		return err
	}
	const half = 20037508.3427892 // of the earth's way round, in metres
	var matrices []map[string]any
	for z := 0; z <= maxZoom; z++ {
		cell := 2 * half / 256 / math.Ldexp(1, z)
		matrices = append(matrices, map[string]any{"id": strconv.Itoa(z), "scaleDenominator": cell / 0.00028, "cellSize": cell, "cornerOfOrigin": "topLeft",
			"pointOfOrigin": [2]float64{-half, half}, "tileWidth": 256, "tileHeight": 256, "matrixWidth": 1 << z, "matrixHeight": 1 << z})
	}
	return writeKept(w, r, map[string]any{"id": matrixSet, "title": "Google Maps Compatible for the World", "uri": matrixSetURI, "crs": epsgPrefix + "3857",
		"wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", "orderedAxes": []string{"E", "N"}, "tileMatrices": matrices})
}
