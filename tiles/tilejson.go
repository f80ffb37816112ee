package tiles

import "gridwright/geo/shape"

// TileJSON describes a set of tiles (TileJSON 3.0.0).
type TileJSON struct {
	TileJSON     string        `json:"tilejson"`
	Name         string        `json:"name"`
	Version      string        `json:"version,omitempty"`
	Scheme       string        `json:"scheme"`
	Tiles        []string      `json:"tiles"`
	MinZoom      int           `json:"minzoom"`
	MaxZoom      int           `json:"maxzoom"`
	Bounds       []float64     `json:"bounds,omitempty"` // west south east north
	Center       []float64     `json:"center,omitempty"` // lon lat zoom
	VectorLayers []VectorLayer `json:"vector_layers"`
}

// VectorLayer is a layer and the types of its attributes by key.
type VectorLayer struct {
	ID     string            `json:"id"`
	Fields map[string]string `json:"fields"`
}

// JSON describes tiles at the given addresses ({z}, {x}, {y} stand for the tile). An empty box leaves out where they lie.
func JSON(name string, addresses []string, minZoom, maxZoom int, box shape.Box) *TileJSON {
	doc := &TileJSON{TileJSON: "3.0.0", Name: name, Scheme: "xyz", Tiles: addresses, MinZoom: minZoom, MaxZoom: maxZoom, VectorLayers: []VectorLayer{}}
	if !box.IsEmpty() {
		doc.Bounds = []float64{box.Min.Lon.Degrees(), box.Min.Lat.Degrees(), box.Max.Lon.Degrees(), box.Max.Lat.Degrees()}
		doc.Center = []float64{(doc.Bounds[0] + doc.Bounds[2]) / 2, (doc.Bounds[1] + doc.Bounds[3]) / 2, float64((minZoom + maxZoom) / 2)}
	}
	return doc
}

// Add names a layer and its attributes.
func (d *TileJSON) Add(layer string, fields map[string]string) {
	d.VectorLayers = append(d.VectorLayers, VectorLayer{layer, fields})
}
