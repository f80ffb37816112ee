package server

import (
	"fmt"
	"net/http"
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
	if m == "" {
		st, err := s.Store.Status(r.Context())
		if err != nil {
			return err
		}
		if len(st.Measures) == 0 {
			return refuse(http.StatusNotFound, "density.none", nil)
		}
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

func writeCells(w http.ResponseWriter, m plan.Measure, resolution int, cells []hex.Cell) error {
	b := fmt.Appendf(nil, `{"type":"FeatureCollection","measure":%q,"resolution":%d,"features":[`, m, resolution)
	for i, c := range cells {
		if i > 0 {
			b = append(b, ',')
		}
		b = fmt.Appendf(b, `{"type":"Feature","id":%d,"properties":{"cell":%q,"count":%d},"geometry":{"type":"Polygon","coordinates":[[`, i+1, c.Name(), c.Count)
		for j := range len(c.Boundary) + 1 {
			p := c.Boundary[j%len(c.Boundary)]
			if j > 0 {
				b = append(b, ',')
			}
			b = append(p.Lon.AppendDegrees(append(b, '[')), ',')
			b = append(p.Lat.AppendDegrees(b), ']')
		}
		b = append(b, "]]}}"...)
	}
	b = append(b, "]}\n"...)
	w.Header().Set("Content-Type", "application/geo+json")
	w.Header().Set("Cache-Control", "no-cache")
	_, err := w.Write(b)
	return err
}
