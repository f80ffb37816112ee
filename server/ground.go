package server

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"

	"gridwright/geo/hex"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

type measureView struct {
	Name  plan.Measure `json:"name"`
	Label string       `json:"label"`
	Total int64        `json:"total"`
}

func (s *Server) status(w http.ResponseWriter, r *http.Request) error {
	st, err := s.Store.Status(r.Context())
	if err != nil {
		return err
	}
	ms := make([]measureView, len(st.Measures))
	for i, m := range st.Measures {
		ms[i] = measureView{m, m.In(language(r)), st.Totals[i]}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"version": s.Version, "synthetic": st.Synthetic, "measures": ms,
		"areas": st.Areas, "blocks": st.Blocks, "bbox": extentView(st.Box)})
}

type areaView struct {
	Level  plan.Level               `json:"level"`
	Code   string                   `json:"code"`
	Name   string                   `json:"name"`
	NameEn string                   `json:"name_en"`
	Parent *string                  `json:"parent"`
	Blocks int                      `json:"blocks"`
	Loads  map[plan.Measure]float64 `json:"loads"`
	Box    *[4]float64              `json:"bbox"`
}

func (s *Server) areas(w http.ResponseWriter, r *http.Request) error {
	level := plan.LargeGrid
	if l := r.URL.Query().Get("level"); l != "" {
		level = plan.Level(l)
	}
	if level.Rank() < 0 {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "level", "value": string(level)})
	}
	areas, err := s.Store.Areas(r.Context(), level)
	if err != nil {
		return err
	}
	out := make([]areaView, len(areas))
	for i, a := range areas {
		out[i] = areaView{level, a.Code, a.Name, a.NameEn, orNull(a.Parent), a.Blocks, a.Loads, extentView([4]*float64{a.West, a.South, a.East, a.North})}
	}
	return writeJSON(w, http.StatusOK, map[string]any{"areas": out})
}

// density answers with hexagons and their counts, as GeoJSON.
func (s *Server) density(w http.ResponseWriter, r *http.Request) error {
	q := r.URL.Query()
	m := plan.Measure(q.Get("measure"))
	st, err := s.Store.Status(r.Context())
	switch {
	case err != nil:
		return err
	case m != "" && !slices.Contains(st.Measures, m):
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "measure", "value": string(m)})
	case len(st.Measures) == 0:
		return refuse(http.StatusNotFound, "density.none", nil)
	case m == "":
		m = st.Measures[0]
	}
	points, err := s.Store.DensityPoints(r.Context(), m)
	if err != nil {
		return err
	}
	resolution := hex.Readable(pointsOf(points))
	if text := q.Get("resolution"); text != "" {
		resolution, err = strconv.Atoi(text)
		if err != nil || resolution < 7 || resolution > 11 {
			return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "resolution", "value": text})
		}
	}
	return writeCells(w, m, resolution, hex.Density(pointsOf(points), resolution))
}

func pointsOf(points []postgis.Point) []hex.Point {
	out := make([]hex.Point, len(points))
	for i, p := range points {
		out[i] = hex.Point{At: p.At, Count: p.Count}
	}
	return out
}

// cellsView is a GeoJSON feature collection of hexagons.
type cellsView struct {
	Type       string       `json:"type"`
	Measure    plan.Measure `json:"measure"`
	Resolution int          `json:"resolution"`
	Features   []cellView   `json:"features"`
}

type cellView struct {
	Type       string `json:"type"`
	ID         int    `json:"id"`
	Properties struct {
		Cell  string `json:"cell"`
		Count int64  `json:"count"`
	} `json:"properties"`
	Geometry struct {
		Type        string          `json:"type"`
		Coordinates [1][][2]float64 `json:"coordinates"`
	} `json:"geometry"`
}

func writeCells(w http.ResponseWriter, m plan.Measure, resolution int, cells []hex.Cell) error {
	out := cellsView{"FeatureCollection", m, resolution, make([]cellView, len(cells))}
	for i, c := range cells {
		f := &out.Features[i]
		f.Type, f.ID, f.Geometry.Type = "Feature", i+1, "Polygon"
		f.Properties.Cell, f.Properties.Count = c.Name(), c.Count
		for j := range len(c.Boundary) + 1 { // a ring ends where it began
			p := c.Boundary[j%len(c.Boundary)]
			f.Geometry.Coordinates[0] = append(f.Geometry.Coordinates[0], [2]float64{p.Lon.Degrees(), p.Lat.Degrees()})
		}
	}
	w.Header().Set("Content-Type", "application/geo+json")
	w.Header().Set("Cache-Control", "no-cache")
	return json.NewEncoder(w).Encode(out)
}
