package importers

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// ControlLimit is how far off a control point may be, in metres, unless somebody says otherwise.
const ControlLimit = 0.5

// maxControl is how many control points a file may hold.
const maxControl = 1000

// ReadControl returns the system of a city's own plane by a table of control points: columns x, y (metres in the plane), lon, lat (degrees
// of CGCS2000), and optionally name. The notes tell how far off each point is, and the plane that was found. It returns a *Fault for a
// table that cannot be read, points that give no plane, and a point that is further off than the limit.
func ReadControl(ctx context.Context, path string, limit float64) (*crs.System, []*Fault, error) {
	var points []crs.ControlPoint
	var places []Place
	_, err := ReadFile(ctx, path, Form{Limits: &UploadLimits, Geometry: []string{}}, func(r Row) error {
		p, fault := controlPoint(r)
		if fault == nil && len(points) == maxControl {
			fault = &Fault{Key: "limit.rows", Args: words.Args{"most": maxControl}}
		}
		if fault != nil {
			return fault
		}
		points, places = append(points, p), append(places, r.Place)
		return nil
	})
	if err != nil {
		return nil, nil, err
	}
	c, err := crs.FromControl(points)
	if e, ok := errors.AsType[*crs.ControlError](err); ok {
		f := &Fault{Key: "control." + e.Kind, Args: words.Args{"n": len(points), "scale": strconv.FormatFloat(e.Value, 'f', 6, 64)}}
		if e.Point >= 0 {
			f.Place = places[e.Point]
		}
		return nil, nil, f
	}
	if err != nil {
		return nil, nil, err
	}
	worst := c.Worst()
	if float64(c.Residuals[worst]) > limit {
		return nil, nil, &Fault{Key: "control.off", Place: places[worst], Args: words.Args{
			"name": pointName(points, worst), "off": millimetres(c.Residuals[worst]), "limit": limit, "all": residuals(points, c.Residuals)}}
	}
	args := words.Args{"n": len(points), "meridian": c.Meridian, "scale": strconv.FormatFloat(c.Scale, 'f', 8, 64),
		"turn": strconv.FormatFloat(c.Turn, 'f', 6, 64), "worst": millimetres(c.Residuals[worst]), "all": residuals(points, c.Residuals)}
	notes := []*Fault{{Key: "note.control", Args: args}}
	if c.Swapped {
		notes = append(notes, &Fault{Key: "note.control_swapped"})
	}
	if len(points) == 2 {
		notes = []*Fault{{Key: "note.control_two", Args: args}}
	}
	return &c.System, notes, nil
}

// controlPoint reads a row of the table.
func controlPoint(r Row) (p crs.ControlPoint, fault *Fault) {
	texts := map[string]string{}
	for column, v := range r.Values {
		texts[strings.ToLower(unwide(column))] = unwide(v.Text)
	}
	p.Name = Excerpt(texts["name"])
	for _, c := range []struct {
		name string
		into *float64
	}{{"x", &p.X}, {"y", &p.Y}, {"lon", &p.Lon}, {"lat", &p.Lat}} {
		text, there := texts[c.name]
		v, err := strconv.ParseFloat(text, 64)
		switch {
		case !there:
			return p, &Fault{Key: "control.column", Args: words.Args{"column": c.name}}
		case err != nil || !decimal.MatchString(text):
			return p, &Fault{Key: "control.number", Args: words.Args{"column": c.name, "text": Excerpt(text)}, Place: r.Place}
		}
		*c.into = v
	}
	return p, nil
}

// pointName returns what a point is called, or its number.
func pointName(points []crs.ControlPoint, i int) string {
	if points[i].Name != "" {
		return points[i].Name
	}
	return "#" + strconv.Itoa(i+1)
}

// residuals lists how far off each point is, in metres.
func residuals(points []crs.ControlPoint, off []crs.Metres) (all []string) {
	for i := range points {
		all = append(all, pointName(points, i)+" "+millimetres(off[i]))
	}
	return all
}

// millimetres writes a length in metres, to the millimetre.
func millimetres(m crs.Metres) string { return strconv.FormatFloat(float64(m), 'f', 3, 64) }
