package server

import (
	"cmp"
	"context"
	_ "embed"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/gorilla/mux"

	"gridwright/feed"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// The media types of OGC API Features (OGC 17-069r4).
const (
	geoJSONType = "application/geo+json"
	schemaType  = "application/schema+json"
	openAPIType = "application/vnd.oai.openapi+json;version=3.0"
)

// How many features a page has when nobody says, and at most.
const (
	usualPage = 1000
	maxPage   = 10_000
)

// ogcDocument is the interface of /ogc as its clients expect it, in OpenAPI 3.0.
//
//go:embed ogc.json
var ogcDocument []byte

type ogcLink struct {
	Href  string `json:"href"`
	Rel   string `json:"rel"`
	Type  string `json:"type"`
	Title string `json:"title,omitempty"`
}

// ogcCollection is a layer, or the grids of a plan.
type ogcCollection struct {
	ID       string     `json:"id"`
	Title    string     `json:"title"`
	About    string     `json:"description,omitempty"`
	ItemType string     `json:"itemType"`
	CRS      []string   `json:"crs"`
	Storage  string     `json:"storageCrs"`
	Extent   *ogcExtent `json:"extent,omitempty"`
	Links    []ogcLink  `json:"links"`

	fields   []feed.Field
	measures []plan.Measure   // of buildings and compounds
	held     *feed.Collection // of a plan's grids, or of published ones; nil for what the database has
	drawn    []string         // the layers of its tiles; nil for one of its own name
}

type ogcExtent struct {
	Spatial struct {
		Box [][4]float64 `json:"bbox"`
		CRS string       `json:"crs"`
	} `json:"spatial"`
}

// ogcAt writes an address under /ogc.
func (s *Server) ogcAt(r *http.Request, path string) string { return s.address(r) + "/ogc" + path }

func (s *Server) ogcLanding(w http.ResponseWriter, r *http.Request) error {
	l := language(r)
	return writeKept(w, r, map[string]any{"title": sentences.Say(l, "ogc.title", nil), "description": sentences.Say(l, "ogc.about", nil),
		"links": []ogcLink{
			{s.ogcAt(r, "/"), "self", "application/json", ""},
			{s.ogcAt(r, "/api"), "service-desc", openAPIType, ""},
			{s.ogcAt(r, "/conformance"), "conformance", "application/json", ""},
			{s.ogcAt(r, "/collections"), "data", "application/json", ""},
			{s.ogcAt(r, "/tileMatrixSets"), schemesRel, "application/json", ""}}})
}

// conforming are the classes of conformance of the standards, OGC API Features parts 1 to 3, CQL2 and OGC API Tiles.
var conforming = func() (all []string) {
	const spec = "http://www.opengis.net/spec/"
	for part, classes := range map[string][]string{
		"ogcapi-features-1/1.0": {"core", "geojson", "oas30"},
		"ogcapi-features-2/1.0": {"crs"},
		"ogcapi-features-3/1.0": {"queryables", "queryables-query-parameters", "filter", "features-filter"},
		"ogcapi-features-5/1.0": {"schemas"},
		"cql2/1.0": {"cql2-text", "cql2-json", "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "basic-spatial-functions",
			"basic-spatial-functions-plus", "spatial-functions", "property-property", "arithmetic"},
		"ogcapi-tiles-1/1.0": {"core", "tileset", "tilesets-list", "geodata-tilesets", "mvt", "oas30"},
		"tms/2.0":            {"tilematrixset", "json-tilematrixset"},
	} {
		for _, class := range classes {
			all = append(all, spec+part+"/conf/"+class)
		}
	}
	slices.Sort(all)
	return all
}()

func (s *Server) ogcConformance(w http.ResponseWriter, r *http.Request) error {
	return writeKept(w, r, map[string]any{"conformsTo": conforming})
}

// ogcAPI answers with the document, its server being wherever the reader reached us.
func (s *Server) ogcAPI(w http.ResponseWriter, r *http.Request) error {
	var doc map[string]json.RawMessage
	if err := json.Unmarshal(ogcDocument, &doc); err != nil {
		return err
	}
	servers, err := json.Marshal([]map[string]string{{"url": s.ogcAt(r, "")}})
	if err != nil {
		return err
	}
	doc["servers"] = servers
	body, err := json.Marshal(doc)
	if err != nil || notModified(w, r, contentTag(body)) {
		return err
	}
	w.Header().Set("Content-Type", openAPIType)
	w.Header().Set("Cache-Control", "no-cache")
	_, err = w.Write(body)
	return err
}

func (s *Server) ogcCollections(w http.ResponseWriter, r *http.Request) error {
	all := []*ogcCollection{}
	for _, layer := range feed.Layers() {
		c, err := s.ogcLayer(r, layer)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	c, err := s.ogcDivision(r)
	switch {
	case err == nil:
		all = append(all, c)
	case plan.KindOf(err) != plan.NotFound:
		return err
	}
	rows, err := s.Store.Plans(r.Context())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if row.State != plan.Draft {
			continue
		}
		c, err := s.ogcGrids(r, row)
		if err != nil {
			return err
		}
		all = append(all, c)
	}
	return writeKept(w, r, map[string]any{"collections": all, "links": []ogcLink{{s.ogcAt(r, "/collections"), "self", "application/json", ""}}})
}

// ogcNamed returns the collection a request names.
func (s *Server) ogcNamed(r *http.Request) (*ogcCollection, error) {
	name := mux.Vars(r)["collection"]
	if slices.Contains(feed.Layers(), name) {
		return s.ogcLayer(r, name)
	}
	if name == feed.DivisionLayer {
		return s.ogcDivision(r)
	}
	none := refuse(http.StatusNotFound, "ogc.collection", words.Args{"collection": name})
	number, ok := strings.CutPrefix(name, gridsPrefix)
	if !ok {
		return nil, none
	}
	id, err := plan.ParseID(number)
	if err != nil || id.String() != number {
		return nil, none
	}
	row, err := s.Store.Plan(r.Context(), id)
	if plan.KindOf(err) == plan.NotFound || err == nil && row.State != plan.Draft {
		return nil, none
	}
	if err != nil {
		return nil, err
	}
	return s.ogcGrids(r, row)
}

// gridsPrefix begins the name of a plan's grids: grids-7.
const gridsPrefix = "grids-"

func (s *Server) ogcGrids(r *http.Request, row postgis.PlanRow) (*ogcCollection, error) {
	v, err := s.rooms.at(r.Context(), row.ID, row.Revision)
	if err != nil {
		return nil, err
	}
	l := language(r)
	c := &ogcCollection{ID: gridsPrefix + row.ID.String(), Title: sentences.Say(l, "ogc.grids", words.Args{"plan": row.ID.String(), "name": row.Name}),
		held: feed.Grids(v.Snapshot, v.polygons), drawn: []string{"blocks", "grids", "parents", "labels"}}
	c.fields = c.held.Fields
	if v.Ground.Synthetic {
		c.About = sentences.Say(l, "ogc.synthetic", nil)
	}
	s.ogcDescribe(r, c, boxView(v.Ground.Box()))
	return c, nil
}

// ogcDivision returns the published grids in force at the time a request asks about with ?datetime=, an interval of RFC 3339 or a time; now
// where it does not. In an interval grids have the last form they have in it.
func (s *Server) ogcDivision(r *http.Request) (*ogcCollection, error) {
	from, to := s.Store.Today(), s.Store.Today()
	if text := r.URL.Query().Get("datetime"); isInterval(text) {
		from, to = daysOf(text)
	}
	d, err := s.inForceBetween(r.Context(), from, to)
	if err != nil {
		return nil, err
	}
	l := language(r)
	c := &ogcCollection{ID: feed.DivisionLayer, Title: sentences.Say(l, "ogc.division", nil), held: d.collection, drawn: []string{"grids", "labels"}}
	c.fields = d.collection.Fields
	if d.collection.Synthetic {
		c.About = sentences.Say(l, "ogc.synthetic", nil)
	}
	s.ogcDescribe(r, c, boxView(d.box))
	return c, nil
}

// daysOf returns the first and the last day of an interval of RFC 3339, or the day of a time.
func daysOf(text string) (from, to plan.Day) {
	day := func(s string, open plan.Day) plan.Day {
		t, err := time.Parse(time.RFC3339, strings.ToUpper(s))
		if err != nil {
			return open
		}
		return plan.DayOf(t)
	}
	first, last, interval := strings.Cut(text, "/")
	if !interval {
		last = first
	}
	return day(first, "1900-01-01"), day(last, "2999-12-31")
}

func (s *Server) ogcLayer(r *http.Request, layer string) (*ogcCollection, error) {
	st, err := s.Store.Status(r.Context())
	if err != nil {
		return nil, err
	}
	extent, err := s.layers.extent(r.Context(), layer)
	if err != nil {
		return nil, err
	}
	l := language(r)
	c := &ogcCollection{ID: layer, fields: ogcFields(layer, st.Measures), measures: ogcMeasures(layer, st.Measures)}
	if level := plan.Level(layer); level.Rank() >= 0 {
		c.Title = level.In(l)
	} else {
		c.Title = sentences.Say(l, "ogc."+layer, nil)
	}
	if st.Synthetic {
		c.About = sentences.Say(l, "ogc.synthetic", nil)
	}
	s.ogcDescribe(r, c, extentView(extent))
	return c, nil
}

// ogcFields are the properties of a layer's features, as the query LayerPage has them.
func ogcFields(layer string, measures []plan.Measure) []feed.Field {
	texts := func(names ...string) (fields []feed.Field) {
		for _, name := range names {
			fields = append(fields, feed.Field{Name: name, Kind: feed.Text})
		}
		return fields
	}
	switch {
	case layer == blockLayer:
		fields := append(texts("code", "parent", "kind"), feed.Field{Name: "area_m2", Kind: feed.Whole})
		for _, m := range measures {
			fields = append(fields, feed.Field{Name: string(m), Kind: feed.Whole})
		}
		return fields
	case layer == borderLayer:
		return append(texts("a", "b", "barrier", "name"), feed.Field{Name: "walk", Kind: feed.Truth}, feed.Field{Name: "metres", Kind: feed.Fraction})
	case plan.Level(layer).Rank() >= 0:
		return texts("code", "name", "name_en", "parent")
	}
	fields := feed.FeatureFields(plan.Layer(layer))
	for _, m := range ogcMeasures(layer, measures) {
		fields = append(fields, feed.Field{Name: string(m), Kind: feed.Whole})
	}
	return append(fields, feed.Field{Name: feed.AttributesField, Kind: feed.Text})
}

// ogcMeasures are the measures that things of a layer of the raw ground have as properties, in order: those known by name, for they can be
// there before the first blocks, and what else blocks have been counted by.
func ogcMeasures(layer string, ofBlocks []plan.Measure) []plan.Measure {
	if !plan.Layer(layer).Counted() {
		return nil
	}
	measures := slices.Clone(plan.Measures)
	for _, m := range ofBlocks {
		if !slices.Contains(measures, m) {
			measures = append(measures, m)
		}
	}
	return measures
}

// ogcDescribe fills in what all collections have.
func (s *Server) ogcDescribe(r *http.Request, c *ogcCollection, extent *[4]float64) {
	at := s.ogcAt(r, "/collections/"+c.ID)
	c.ItemType, c.CRS, c.Storage = "feature", systemsOf(extent), storageCRS
	if extent != nil {
		c.Extent = &ogcExtent{}
		c.Extent.Spatial.Box, c.Extent.Spatial.CRS = [][4]float64{*extent}, crs84
	}
	c.Links = []ogcLink{
		{at, "self", "application/json", ""},
		{at + "/items", "items", geoJSONType, c.Title},
		{at + "/schema", "describedby", schemaType, ""},
		{at + "/queryables", "http://www.opengis.net/def/rel/ogc/1.0/queryables", schemaType, ""},
		{at + "/tiles", tilesetsRel, "application/json", ""}}
}

func (s *Server) ogcCollection(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	return writeKept(w, r, c)
}

// ogcSchema says which properties the features have. All of them can be asked for, so the queryables are the same.
func (s *Server) ogcSchema(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	properties := map[string]any{"geometry": map[string]string{"x-ogc-role": "primary-geometry", "format": "geometry-any"}}
	for _, f := range c.fields {
		properties[f.Name] = map[string]string{"type": [...]string{feed.Text: "string", feed.Whole: "integer", feed.Fraction: "number", feed.Truth: "boolean"}[f.Kind]}
	}
	body, err := json.Marshal(map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": s.address(r) + strings.TrimPrefix(r.URL.Path, s.Base),
		"type": "object", "title": c.Title, "properties": properties, "additionalProperties": false})
	if err != nil || notModified(w, r, contentTag(body)) {
		return err
	}
	w.Header().Set("Content-Type", schemaType)
	w.Header().Set("Cache-Control", "no-cache")
	_, err = w.Write(body)
	return err
}

// ogcPage returns a page of a collection and how many features all pages have.
func (s *Server) ogcPage(ctx context.Context, c *ogcCollection, q ogcQuery) ([]postgis.Served, int64, error) {
	if c.held == nil {
		return s.Store.LayerPage(ctx, postgis.PageWanted{Layer: c.ID, Box: q.box, Equal: q.equal, Where: q.where, ID: q.id, After: q.after, Limit: q.limit, Measures: c.measures})
	}
	var matching []postgis.Served
	for _, f := range c.held.Features {
		if !q.takes(c.fields, f) {
			continue
		}
		properties, err := feed.AppendProperties(nil, c.fields, f.Values)
		if err != nil {
			return nil, 0, err
		}
		matching = append(matching, postgis.Served{ID: f.ID, Properties: properties, Geometry: f.Geometry})
	}
	if q.where != nil {
		ids, err := s.Store.Filtered(ctx, matching, q.where)
		if err != nil {
			return nil, 0, err
		}
		matching = slices.DeleteFunc(matching, func(f postgis.Served) bool { return !slices.Contains(ids, f.ID) })
	}
	slices.SortStableFunc(matching, func(a, b postgis.Served) int { return cmp.Compare(a.ID, b.ID) })
	matched := int64(len(matching))
	matching = slices.DeleteFunc(matching, func(f postgis.Served) bool { return f.ID <= q.after })
	return matching[:min(len(matching), q.limit)], matched, nil
}

// takes reports whether a feature is one of those asked for by place and property, on this page or another.
func (q ogcQuery) takes(fields []feed.Field, f feed.Feature) bool {
	if q.id != nil && *q.id != f.ID || q.box != nil && !f.Geometry.Shape.MeetsBox(*q.box) {
		return false
	}
	for i, field := range fields {
		if want, ok := q.equal[field.Name]; ok && want != f.Values[i] {
			return false
		}
	}
	return true
}

// polygons returns a grid's polygon, as drawn already.
func (v *view) polygons(no plan.GridNo) shape.MultiPolygon { return v.shapes[no-1].polygons }

func (s *Server) ogcItems(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	q, err := newOGCQuery(r.URL.Query(), c.fields)
	if err != nil {
		return err
	}
	size := q.limit
	q.limit++ // one more than the page has says whether there is a next one
	page, matched, err := s.ogcPage(r.Context(), c, q)
	if err != nil {
		return err
	}
	at := s.ogcAt(r, "/collections/"+c.ID)
	links := []ogcLink{{at + "/items" + query(r.URL.Query()), "self", geoJSONType, ""}, {at, "collection", "application/json", ""}}
	if len(page) > size {
		page = page[:size]
		next := r.URL.Query()
		next.Set("after", strconv.FormatInt(page[size-1].ID, 10))
		next.Set("limit", strconv.Itoa(size))
		links = append(links, ogcLink{at + "/items" + query(next), "next", geoJSONType, ""})
	}
	head, err := json.Marshal(links)
	if err != nil {
		return err
	}
	b := append([]byte(`{"type":"FeatureCollection","numberMatched":`), strconv.FormatInt(matched, 10)...)
	b = append(append(b, `,"numberReturned":`...), strconv.Itoa(len(page))...)
	b = append(append(append(b, `,"links":`...), head...), `,"features":[`...)
	for i, f := range page {
		if i > 0 {
			b = append(b, ',')
		}
		b = append(appendServed(append(b, '\n'), f, q.system), '}')
	}
	return writeGeoJSON(w, r, append(b, "\n]}\n"...), q.uri)
}

// query writes a query string, nothing for an empty one.
func query(q url.Values) string {
	if len(q) == 0 {
		return ""
	}
	return "?" + q.Encode()
}

// appendServed writes a feature but for the last brace.
func appendServed(b []byte, f postgis.Served, system crs.System) []byte {
	b = strconv.AppendInt(append(b, `{"type":"Feature","id":`...), f.ID, 10)
	b = append(append(b, `,"properties":`...), f.Properties...)
	return feed.AppendGeometry(append(b, `,"geometry":`...), f.Geometry, system)
}

func (s *Server) ogcItem(w http.ResponseWriter, r *http.Request) error {
	c, err := s.ogcNamed(r)
	if err != nil {
		return err
	}
	name := mux.Vars(r)["feature"]
	none := refuse(http.StatusNotFound, "ogc.feature", words.Args{"collection": c.ID, "feature": name})
	id, err := strconv.ParseInt(name, 10, 64)
	if err != nil {
		return none
	}
	system, uri, ok := systemAt(cmp.Or(r.URL.Query().Get("crs"), crs84))
	if !ok {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "crs", "value": r.URL.Query().Get("crs")})
	}
	page, _, err := s.ogcPage(r.Context(), c, ogcQuery{id: &id, after: id - 1, limit: 1})
	if err != nil {
		return err
	}
	if len(page) == 0 {
		return none
	}
	at := s.ogcAt(r, "/collections/"+c.ID)
	links, err := json.Marshal([]ogcLink{{at + "/items/" + strconv.FormatInt(id, 10), "self", geoJSONType, ""}, {at, "collection", "application/json", ""}})
	if err != nil {
		return err
	}
	b := append(append(appendServed(nil, page[0], system), `,"links":`...), links...)
	return writeGeoJSON(w, r, append(b, "}\n"...), uri)
}

// writeGeoJSON answers with GeoJSON whose coordinates are in the system of an address.
func writeGeoJSON(w http.ResponseWriter, r *http.Request, body []byte, uri string) error {
	w.Header().Set("Cache-Control", "no-cache")
	w.Header().Set("Content-Crs", "<"+uri+">")
	if notModified(w, r, contentTag(body)) {
		return nil
	}
	w.Header().Set("Content-Type", geoJSONType)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}
