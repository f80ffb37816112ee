package server

import (
	"net/http"

	"gridwright/plan"
)

// style is a MapLibre style of one source: what a map needs to show a layer or a plan at once. It asks for no glyphs and no sprite, so
// that a map draws its labels with the fonts of the machine it runs on.
type style struct {
	Version int                    `json:"version"`
	Name    string                 `json:"name"`
	Sources map[string]styleSource `json:"sources"`
	Layers  []styleLayer           `json:"layers"`
}

type styleSource struct {
	Type string `json:"type"`
	URL  string `json:"url"`
}

type styleLayer struct {
	ID          string         `json:"id"`
	Type        string         `json:"type"`
	Source      string         `json:"source,omitempty"`
	SourceLayer string         `json:"source-layer,omitempty"`
	MinZoom     int            `json:"minzoom,omitempty"`
	Filter      []any          `json:"filter,omitempty"`
	Layout      map[string]any `json:"layout,omitempty"`
	Paint       map[string]any `json:"paint,omitempty"`
}

// The colours of the page's own map.
const (
	paperColour  = "#f1efe9"
	inkColour    = "#1d2c3b"
	borderColour = "#33414e"
)

// newStyle returns a style of one vector source with nothing but paper.
func newStyle(name, tileJSON string) *style {
	return &style{8, name, map[string]styleSource{"tiles": {"vector", tileJSON}},
		[]styleLayer{{ID: "paper", Type: "background", Paint: map[string]any{"background-color": paperColour}}}}
}

// fill adds areas with an outline; a filter of geometry keeps points and lines out.
func (s *style) fill(layer, colour, outline string, width float64, minZoom int) {
	areal := []any{"==", []any{"geometry-type"}, "Polygon"}
	s.Layers = append(s.Layers,
		styleLayer{layer + "-fill", "fill", "tiles", layer, minZoom, areal, nil, map[string]any{"fill-color": colour, "fill-opacity": 0.7}},
		styleLayer{layer + "-line", "line", "tiles", layer, minZoom, areal, map[string]any{"line-join": "round"}, map[string]any{"line-color": outline, "line-width": width}})
}

// line adds lines.
func (s *style) line(layer, colour string, width float64, minZoom int) {
	linear := []any{"==", []any{"geometry-type"}, "LineString"}
	s.Layers = append(s.Layers, styleLayer{layer + "-path", "line", "tiles", layer, minZoom, linear,
		map[string]any{"line-cap": "round", "line-join": "round"}, map[string]any{"line-color": colour, "line-width": width}})
}

// dots adds points.
func (s *style) dots(layer, colour string, minZoom int) {
	points := []any{"==", []any{"geometry-type"}, "Point"}
	s.Layers = append(s.Layers, styleLayer{layer + "-dot", "circle", "tiles", layer, minZoom, points, nil,
		map[string]any{"circle-color": colour, "circle-radius": 3.5, "circle-stroke-color": "#ffffff", "circle-stroke-width": 1}})
}

// names adds labels from a field.
func (s *style) names(layer, field, placement string, minZoom int) {
	s.Layers = append(s.Layers, styleLayer{layer + "-name", "symbol", "tiles", layer, minZoom, nil,
		map[string]any{"text-field": []any{"get", field}, "text-size": 12, "symbol-placement": placement,
			"text-font": []string{"Noto Sans CJK SC", "Source Han Sans SC", "PingFang SC", "Microsoft YaHei", "sans-serif"}},
		map[string]any{"text-color": inkColour, "text-halo-color": "#ffffff", "text-halo-width": 1.5}})
}

// planStyle answers with a style of the plan as it stands.
func (s *Server) planStyle(w http.ResponseWriter, r *http.Request) error {
	id, err := planID(r)
	if err != nil {
		return err
	}
	p, err := s.Store.Plan(r.Context(), id)
	if err != nil {
		return err
	}
	st := newStyle(p.Name, s.address(r)+"/tiles/plans/"+id.String()+".json")
	st.fill("blocks", "#efece3", "#d8d2c4", 0.5, 0)
	st.fill("grids", "#f4e3b2", borderColour, 1.5, 0)
	st.Layers = append(st.Layers, styleLayer{"parents-line", "line", "tiles", "parents", 0, nil, nil, map[string]any{"line-color": inkColour, "line-width": 2.5}})
	st.names("labels", "name", "point", 13)
	return writeKept(w, r, st)
}

// layerStyle answers with a style of a layer.
func (s *Server) layerStyle(w http.ResponseWriter, r *http.Request) error {
	layer, err := layerOf(r)
	if err != nil {
		return err
	}
	st := newStyle(layer, s.address(r)+"/tiles/"+layer+".json")
	from := firstZoom(layer)
	switch plan.Layer(layer) {
	case blockLayer:
		st.fill(layer, "#efece3", "#b9b1a0", 0.8, from)
	case borderLayer:
		st.line(layer, borderColour, 1.5, from)
	case plan.RoadLayer:
		st.line(layer, "#a79f8c", 2, from)
		st.names(layer, "name", "line", 14)
	case plan.RailwayLayer:
		st.line(layer, "#8f8b84", 1.5, from)
	case plan.WaterLayer:
		st.fill(layer, "#bcd7e8", "#8fb8d1", 0.8, from)
		st.line(layer, "#8fb8d1", 2, from)
		st.names(layer, "name", "point", 13)
	case plan.WallLayer:
		st.fill(layer, "#b3aca0", "#8c8576", 0.8, from)
		st.line(layer, "#8c8576", 1, from)
	case plan.BuildingLayer:
		st.fill(layer, "#d9d3c6", "#b3aa98", 0.8, from)
		st.dots(layer, "#8c8576", from)
		st.names(layer, "name", "point", 16)
	case plan.OrganisationLayer:
		st.fill(layer, "#e5c8d6", "#b5879c", 0.8, from)
		st.dots(layer, "#b5879c", from)
		st.names(layer, "name", "point", 16)
	case plan.CompoundLayer:
		st.fill(layer, "#e9dfc9", "#cdbf9f", 1, from)
		st.names(layer, "name", "point", 14)
	default: // a level of areas
		st.fill(layer, "#efece3", borderColour, 1.5, from)
		st.names(layer, "name", "point", 9)
	}
	return writeKept(w, r, st)
}
