package importers

import (
	"bytes"
	"encoding/json"
	"errors"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// ParsePlace reads a geometry in a system, written as well-known text or as GeoJSON.
func ParsePlace(text []byte, system crs.System) (Geometry, *Fault) {
	if !json.Valid(text) {
		return parseWKT(string(text), &system)
	}
	var row Row
	feature := append(append([]byte(`{"type":"Feature","properties":{},"geometry":`), text...), '}')
	err := readGeoJSON(bytes.NewReader(feature), &system, new(Found), func(one Row) error { row = one; return nil })
	if fault, is := errors.AsType[*Fault](err); is {
		return Geometry{}, fault
	}
	if err != nil {
		return Geometry{}, &Fault{Key: "wkt.not", Args: words.Args{"text": Excerpt(err.Error())}}
	}
	return row.Geometry, row.Fault
}
