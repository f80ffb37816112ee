package importers

import (
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

// readGeometry reads a "geometry". The fault is the row's; the error ends the file.
func (g *geoJSON) readGeometry() (m Geometry, fault *Fault, err error) {
	b, err := g.peek()
	if err != nil {
		return m, nil, err
	}
	if b != '{' {
		v, err := g.value()
		if v.Kind != Null {
			fault = &Fault{Key: "geometry.none"}
		}
		return m, fault, err
	}
	var kind string
	d := drawing{system: g.system}
	seen := false
	err = g.object(func(name string) error {
		switch name {
		case "type":
			v, err := g.value()
			kind = v.Text
			return err
		case "coordinates":
			seen, d = true, drawing{system: g.system}
			return g.coordinates(&d)
		case "crs":
			f, err := g.readCRS()
			if fault == nil {
				fault = f
			}
			return err
		}
		return g.skip()
	})
	switch {
	case err != nil || fault != nil:
		return m, fault, err
	case !seen && families[strings.ToUpper(kind)].depth > 0:
		return m, &Fault{Key: "geometry.none"}, nil
	}
	m, fault = d.finish(kind)
	return m, fault, nil
}

// coordinates reads nested arrays of positions into a drawing, whatever their depth.
func (g *geoJSON) coordinates(d *drawing) error {
	depth, err := g.nest(d)
	if depth == 1 { // a position that is in no array
		d.depth = 1
	}
	return err
}

// nest reads one array and returns how deep the positions lie in it: 1 for a position, 0 where there is none.
func (g *geoJSON) nest(d *drawing) (depth int, err error) {
	b, err := g.peek()
	if err != nil {
		return 0, err
	}
	if b != '[' {
		d.spoil("geometry.coordinates", nil)
		return 0, g.skip()
	}
	var position [2]float64
	numbers, children := 0, 0
	err = g.array(func() error {
		b, err := g.peek()
		if err != nil {
			return err
		}
		if b == '-' || b >= '0' && b <= '9' {
			digits, err := g.number()
			if err != nil {
				return err
			}
			if numbers < 2 {
				// Beyond the range of float64 it is infinite, which no position is.
				position[numbers], _ = strconv.ParseFloat(string(digits), 64)
			}
			numbers++
			return nil
		}
		n, err := g.nest(d)
		if children > 0 && n != depth {
			d.spoil("geometry.coordinates", nil)
		}
		depth = n
		children++
		return err
	})
	switch {
	case err != nil:
		return 0, err
	case numbers > 0 && children > 0, numbers == 1:
		d.spoil("geometry.coordinates", nil)
		return 1, nil
	case numbers > 0:
		d.position(position[0], position[1])
		return 1, nil
	case depth == 0:
		return 0, nil
	}
	return d.close(depth + 1), nil
}

// readCRS reads the "crs" member of the GeoJSON of 2008 where it comes after coordinates, and returns a fault where these
// were read in another system.
func (g *geoJSON) readCRS() (*Fault, error) {
	place, name, err := g.nameOfCRS()
	if err != nil || name == "" || g.said {
		return nil, err
	}
	if s, err := crs.Named(name); err == nil && (s == g.system || s.IsDegrees() && g.system.IsDegrees()) {
		return nil, nil
	}
	return &Fault{Key: "geojson.crs", Args: words.Args{"name": Excerpt(name)}, Place: place}, nil
}

// adoptCRS reads the "crs" member where it comes before all coordinates, which are then in the system it names.
func (g *geoJSON) adoptCRS() error {
	place, name, err := g.nameOfCRS()
	if err != nil || name == "" || g.said {
		return err
	}
	if g.system, err = crs.Named(name); err != nil {
		return &Fault{Key: "geojson.crs", Args: words.Args{"name": Excerpt(name)}, Place: place}
	}
	if g.found.Read = g.system; !g.system.IsDegrees() {
		g.found.System = g.system.Name()
	}
	return nil
}

// nameOfCRS reads a "crs" member and returns the name in it, "" for null, and a name nothing has for one that is none.
func (g *geoJSON) nameOfCRS() (Place, string, error) {
	b, err := g.peek()
	if err != nil {
		return Place{}, "", err
	}
	place := g.place()
	if b == 'n' {
		return place, "", g.skip()
	}
	name := ""
	if b != '{' {
		v, err := g.value()
		if err != nil {
			return place, "", err
		}
		name = v.Text
	} else if err = g.object(func(member string) error {
		if ahead, err := g.peek(); err != nil || member != "properties" || ahead != '{' {
			return g.skip()
		}
		return g.object(func(member string) error {
			v, err := g.value()
			if member == "name" || member == "code" {
				name = v.Text
			}
			return err
		})
	}); err != nil {
		return place, "", err
	}
	if name == "" {
		name = "?"
	}
	return place, name, nil
}
