package importers

import (
	"regexp"
	"strconv"
	"strings"

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
	var d drawing
	seen := false
	err = g.object(func(name string) error {
		switch name {
		case "type":
			v, err := g.value()
			kind = v.Text
			return err
		case "coordinates":
			seen, d = true, drawing{}
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

// knownCRS are the names of the systems whose numbers are taken as they are: WGS 84 and CGCS2000, longitude first.
var knownCRS = regexp.MustCompile(`(?i)(^|[:/ ])(CRS84h?|4326|4490|WGS ?84|CGCS2000)$`)

// readCRS reads the "crs" member of the GeoJSON of 2008 and returns a fault where it names another system.
func (g *geoJSON) readCRS() (*Fault, error) {
	b, err := g.peek()
	if err != nil {
		return nil, err
	}
	place := g.place()
	if b == 'n' {
		return nil, g.skip()
	}
	name := ""
	if b != '{' {
		v, err := g.value()
		if err != nil {
			return nil, err
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
		return nil, err
	}
	if knownCRS.MatchString(name) {
		return nil, nil
	}
	return &Fault{Key: "geojson.crs", Args: words.Args{"name": Excerpt(name)}, Place: place}, nil
}
