package feed

import (
	"bufio"
	"encoding/json"
	"io"
	"math"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
)

// writeGeoJSON writes a collection as a FeatureCollection (RFC 7946). What has no geometry has null. Foreign members name the
// revision of a plan and say whether the data are invented; in another system than the RFC's, one names the system: "crs", of the
// format's older description and known to GDAL, where there is a code, else "coordinates_in".
func writeGeoJSON(w io.Writer, c *Collection, system crs.System) error {
	out := bufio.NewWriter(w) // it keeps its first error until Flush
	out.WriteString(`{"type":"FeatureCollection","name":"` + c.Name + `",`)
	if c.Revision > 0 {
		out.WriteString(`"revision":` + strconv.FormatInt(c.Revision, 10) + `,`)
	}
	out.WriteString(`"synthetic":` + strconv.FormatBool(c.Synthetic) + `,`)
	d := newDrawing(system)
	if code, ok := strings.CutPrefix(system.Name(), "EPSG:"); !d.straight() && ok {
		out.WriteString(`"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::` + code + `"}},`)
	} else if !d.straight() {
		out.WriteString(`"coordinates_in":"` + system.Name() + `",`)
	}
	out.WriteString(`"features":[`)
	var b []byte
	for i, f := range c.Features {
		if b = b[:0]; i > 0 {
			b = append(b, ',')
		}
		b = append(b, "\n{\"type\":\"Feature\",\"id\":"...)
		b = strconv.AppendInt(b, f.ID, 10)
		var err error
		if b, err = AppendProperties(append(b, `,"properties":`...), c.Fields, f.Values); err != nil {
			return err
		}
		b = append(AppendGeometry(append(b, `,"geometry":`...), f.Geometry, system), '}')
		out.Write(b)
	}
	out.WriteString("\n]}\n")
	return out.Flush()
}

// AppendProperties writes the properties of a feature as a JSON object, in the order of the fields.
func AppendProperties(b []byte, fields []Field, values []any) ([]byte, error) {
	b = append(b, '{')
	for i, field := range fields {
		if i > 0 {
			b = append(b, ',')
		}
		name, err := json.Marshal(field.Name)
		if err != nil {
			return nil, err
		}
		b = append(append(b, name...), ':')
		if n, ok := values[i].(float64); ok {
			b = append(b, fraction(n, "null")...)
			continue
		}
		value, err := json.Marshal(values[i])
		if err != nil {
			return nil, err
		}
		b = append(b, value...)
	}
	return append(b, '}'), nil
}

// AppendGeometry writes a geometry of GeoJSON in a system, null for nothing.
func AppendGeometry(b []byte, g plan.Geometry, system crs.System) []byte {
	return newDrawing(system).appendGeometry(b, g)
}

// fraction writes a fraction to six decimals, what is no number as null.
func fraction(f float64, null string) string {
	if math.IsNaN(f) {
		return null
	}
	return strconv.FormatFloat(f, 'f', 6, 64)
}

// appendGeometry writes a geometry, one that is alone without a Multi in front, null for nothing. Shells run counter-clockwise as
// they are stored.
func (d drawing) appendGeometry(b []byte, g plan.Geometry) []byte {
	kind, parts := "", 0
	var write func(b []byte, i int) []byte
	switch {
	case len(g.Shape) > 0:
		kind, parts, write = "Polygon", len(g.Shape), func(b []byte, i int) []byte { return d.appendPolygon(b, g.Shape[i]) }
	case len(g.Lines) > 0:
		kind, parts, write = "LineString", len(g.Lines), func(b []byte, i int) []byte { return d.appendPath(b, d.path(g.Lines[i], false)) }
	case len(g.Points) > 0:
		kind, parts, write = "Point", len(g.Points), func(b []byte, i int) []byte { return d.appendXY(b, d.at(g.Points[i])) }
	default:
		return append(b, "null"...)
	}
	if parts == 1 {
		b = append(b, `{"type":"`+kind+`","coordinates":`...)
		return append(write(b, 0), '}')
	}
	b = append(b, `{"type":"Multi`+kind+`","coordinates":`...)
	return append(list(b, parts, write), '}')
}

// list writes n things in brackets.
func list(b []byte, n int, write func(b []byte, i int) []byte) []byte {
	b = append(b, '[')
	for i := range n {
		if i > 0 {
			b = append(b, ',')
		}
		b = write(b, i)
	}
	return append(b, ']')
}

func (d drawing) appendPolygon(b []byte, p shape.Polygon) []byte {
	return list(b, len(p), func(b []byte, i int) []byte { return d.appendPath(b, d.path(p[i], true)) })
}

func (d drawing) appendPath(b []byte, path []xy) []byte {
	return list(b, len(path), func(b []byte, i int) []byte { return d.appendXY(b, path[i]) })
}

func (d drawing) appendXY(b []byte, at xy) []byte {
	b = d.number(append(b, '['), at[0])
	return append(d.number(append(b, ','), at[1]), ']')
}
