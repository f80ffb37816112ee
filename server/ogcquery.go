package server

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"gridwright/feed"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/filter"
	"gridwright/plan/words"
	"gridwright/server/cql"
)

// ogcQuery is what a request for features asks for.
type ogcQuery struct {
	box    *shape.Box
	equal  map[string]any   // properties they must have, of the kind of their fields
	where  filter.Condition // nil for none
	id     *int64
	after  int64 // the page begins behind this id
	limit  int
	system crs.System // of the answer
	uri    string     // its address
}

// ogcParameters are those that are no property.
var ogcParameters = []string{"limit", "bbox", "bbox-crs", "crs", "filter", "filter-lang", "filter-crs", "datetime", "after", "f", "lang"}

// newOGCQuery reads the parameters of a request for features. A parameter nobody knows, one said twice or a value that is none is
// refused with 400, as the standard asks.
func newOGCQuery(said url.Values, fields []feed.Field) (ogcQuery, error) {
	q := ogcQuery{limit: usualPage, equal: map[string]any{}, uri: crs84}
	for name, values := range said {
		if len(values) > 1 {
			return q, refuse(http.StatusBadRequest, "ogc.twice", words.Args{"name": name})
		}
		ok, known := q.read(name, values[0], fields)
		if !known {
			names := slices.Clone(ogcParameters)
			for _, f := range fields {
				names = append(names, f.Name)
			}
			return q, refuse(http.StatusBadRequest, "ogc.parameter", words.Args{"name": name, "names": names})
		}
		if !ok {
			return q, refuse(http.StatusBadRequest, "query.value", words.Args{"name": name, "value": values[0]})
		}
	}
	if err := q.readBox(said.Get("bbox"), said.Get("bbox-crs")); err != nil {
		return q, err
	}
	return q, q.readFilter(said, fields)
}

// readBox reads the box in its own system.
func (q *ogcQuery) readBox(text, address string) error {
	system, _, ok := systemAt(cmp.Or(address, crs84))
	if !ok {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "bbox-crs", "value": address})
	}
	if text == "" {
		return nil
	}
	area, ok := boxIn(text, system)
	if !ok {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "bbox", "value": text})
	}
	box := area.Box()
	if q.box = &box; !system.Straight() { // what lies in the box round a bent one may lie outside of it
		q.where = filter.Spatial{Relation: filter.Intersects, To: plan.Geometry{Shape: area}}
	}
	return nil
}

// readFilter reads the filter in its language.
func (q *ogcQuery) readFilter(said url.Values, fields []feed.Field) error {
	system, _, ok := systemAt(cmp.Or(said.Get("filter-crs"), crs84))
	if !ok {
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "filter-crs", "value": said.Get("filter-crs")})
	}
	properties := cql.Properties{}
	for _, f := range fields {
		properties[f.Name] = [...]filter.Kind{feed.Text: filter.Text, feed.Whole: filter.Number, feed.Fraction: filter.Number, feed.Truth: filter.Truth}[f.Kind]
	}
	read := cql.Text
	switch language := said.Get("filter-lang"); language {
	case "", "cql2-text":
	case "cql2-json":
		read = cql.JSON
	default:
		return refuse(http.StatusBadRequest, "query.value", words.Args{"name": "filter-lang", "value": language})
	}
	text, is := said["filter"]
	if !is {
		return nil
	}
	where, err := read(text[0], properties, system)
	if err != nil {
		return refuse(http.StatusBadRequest, "ogc.filter", words.Args{"why": err})
	}
	if q.where != nil {
		where = filter.And{q.where, where}
	}
	q.where = where
	return nil
}

// read reads one parameter. It reports whether the value is one, and whether there is such a parameter.
func (q *ogcQuery) read(name, value string, fields []feed.Field) (ok, known bool) {
	var err error
	switch name {
	case "limit":
		q.limit, err = strconv.Atoi(value)
		if errorIsRange(err) && !strings.HasPrefix(value, "-") {
			q.limit, err = maxPage, nil
		}
		ok = err == nil && q.limit >= 1
		q.limit = min(q.limit, maxPage) // more is not refused but not given, as the standard has it
	case "after":
		q.after, err = strconv.ParseInt(value, 10, 64)
		ok = err == nil
	case "bbox", "bbox-crs", "filter", "filter-lang", "filter-crs":
		ok = true // they are read together
	case "crs":
		q.system, q.uri, ok = systemAt(value)
	case "datetime":
		ok = isInterval(value) // no feature has a time of its own, so every time is theirs
	case "f":
		ok = value == "json" || value == "geojson"
	case "lang":
		ok = true
	default:
		for _, f := range fields {
			if f.Name == name {
				q.equal[name], ok = valueOf(f.Kind, value)
				return ok, true
			}
		}
		return false, false
	}
	return ok, true
}

func errorIsRange(err error) bool {
	number, ok := err.(*strconv.NumError)
	return ok && number.Err == strconv.ErrRange
}

// boxIn reads the four numbers of a box, lower and upper of the first axis and of the second each, or six with heights, which are not
// looked at.
func boxIn(text string, system crs.System) (shape.MultiPolygon, bool) {
	var at []float64
	for _, part := range strings.Split(text, ",") {
		n, err := strconv.ParseFloat(strings.TrimSpace(part), 64)
		if err != nil {
			return nil, false
		}
		at = append(at, n)
	}
	if len(at) == 6 {
		at = []float64{at[0], at[1], at[3], at[4]}
	}
	if len(at) != 4 {
		return nil, false
	}
	return cql.Box(system, [4]float64(at))
}

// isInterval reports whether a text is a time or an interval of RFC 3339, open at an end with ".." or nothing.
func isInterval(text string) bool {
	from, to, interval := strings.Cut(text, "/")
	open := func(s string) bool { return interval && (s == "" || s == "..") }
	begin, err1 := time.Parse(time.RFC3339, strings.ToUpper(from))
	end, err2 := time.Parse(time.RFC3339, strings.ToUpper(to))
	switch {
	case !interval:
		return err1 == nil
	case open(from) && open(to):
		return false
	case open(from):
		return err2 == nil
	case open(to):
		return err1 == nil
	}
	return err1 == nil && err2 == nil && !end.Before(begin)
}

// valueOf reads the value of a property.
func valueOf(kind feed.Kind, text string) (value any, ok bool) {
	var err error
	switch kind {
	case feed.Whole:
		value, err = strconv.ParseInt(text, 10, 64)
	case feed.Fraction:
		var n float64
		n, err = strconv.ParseFloat(text, 64)
		value, ok = n, !math.IsNaN(n) && !math.IsInf(n, 0)
		return value, ok && err == nil
	case feed.Truth:
		return text == "true", text == "true" || text == "false"
	default:
		return text, utf8.ValidString(text) && !strings.ContainsFunc(text, unicode.IsControl)
	}
	return value, err == nil
}
