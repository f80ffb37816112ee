package feed

import (
	"bufio"
	"encoding/xml"
	"io"
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan"
)

// writeKML writes a collection as KML 2.2, each thing a Placemark called by its name, its code where it has none.
func writeKML(w io.Writer, c *Collection, system crs.System) error {
	out := bufio.NewWriter(w) // it keeps its first error until Flush
	out.WriteString(xml.Header + `<kml xmlns="http://www.opengis.net/kml/2.2"><Document id="` + c.Name + `"><name>` + c.Name)
	if c.Synthetic {
		out.WriteString(" (演示数据，纯属虚构 synthetic)")
	}
	out.WriteString("</name>\n")
	schema := `<Schema name="` + c.Name + `" id="` + c.Name + `_fields">`
	for _, f := range c.Fields {
		schema += `<SimpleField name="` + f.Name + `" type="` + [...]string{Text: "string", Whole: "int", Fraction: "double", Truth: "bool"}[f.Kind] + `"/>`
	}
	out.WriteString(schema + "</Schema>\n")
	d := newDrawing(system)
	for _, f := range c.Features {
		out.WriteString("<Placemark><name>")
		xml.EscapeText(out, []byte(title(c.Fields, f)))
		out.WriteString(`</name><ExtendedData><SchemaData schemaUrl="#` + c.Name + `_fields">`)
		for i, field := range c.Fields {
			if text := plain(f.Values[i]); text != "" {
				out.WriteString(`<SimpleData name="` + field.Name + `">`)
				xml.EscapeText(out, []byte(text))
				out.WriteString("</SimpleData>")
			}
		}
		out.WriteString("</SchemaData></ExtendedData>" + d.kml(f.Geometry) + "</Placemark>\n")
	}
	out.WriteString("</Document></kml>\n")
	return out.Flush()
}

// title is a feature's name, else its code, else what its first field says.
func title(fields []Field, f Feature) (code string) {
	for i, field := range fields {
		text := plain(f.Values[i])
		if field.Name == "name" && text != "" {
			return text
		}
		if code == "" {
			code = text
		}
	}
	return code
}

// kml writes a geometry, nothing for none.
func (d drawing) kml(g plan.Geometry) string {
	var parts []string
	for _, p := range g.Shape {
		text := "<Polygon>"
		for i, r := range p {
			side := "outerBoundaryIs"
			if i > 0 {
				side = "innerBoundaryIs"
			}
			text += "<" + side + "><LinearRing>" + d.coordinates(d.path(r, true)) + "</LinearRing></" + side + ">"
		}
		parts = append(parts, text+"</Polygon>")
	}
	for _, l := range g.Lines {
		parts = append(parts, "<LineString>"+d.coordinates(d.path(l, false))+"</LineString>")
	}
	for _, p := range g.Points {
		parts = append(parts, "<Point>"+d.coordinates([]xy{d.at(p)})+"</Point>")
	}
	if len(parts) > 1 {
		return "<MultiGeometry>" + strings.Join(parts, "") + "</MultiGeometry>"
	}
	return strings.Join(parts, "")
}

func (d drawing) coordinates(path []xy) string {
	b := []byte("<coordinates>")
	for i, at := range path {
		if i > 0 {
			b = append(b, ' ')
		}
		b = d.number(b, at[0])
		b = d.number(append(b, ','), at[1])
	}
	return string(append(b, "</coordinates>"...))
}
