package crs

import (
	"math"
	"strconv"
	"strings"
)

// ellipsoids are those on which places are places of CGCS2000, by their names in PROJ: how much longer their equatorial radius is, in
// metres, and how flat they are.
var ellipsoids = map[string][2]float64{
	"GRS80": {0, flattening}, "WGS84": {0, 1 / 298.257223563}, "CGCS2000": {0, flattening},
}

// parametersOfPROJ are the parameters that FromPROJ knows, with those that change nothing.
var parametersOfPROJ = []string{"proj", "lat_0", "lon_0", "k", "k_0", "x_0", "y_0", "ellps", "datum", "a", "b", "rf", "f", "zone", "south",
	"towgs84", "units", "no_defs", "type", "wktext", "nadgrids", "axis"}

// FromPROJ returns the system of a string as PROJ (https://proj.org) has them: "+proj=tmerc +lat_0=0 +lon_0=105 +k=1 +x_0=500000
// +y_0=-3000000 +ellps=GRS80". It knows tmerc, utm and longlat, in metres and degrees, on the ellipsoids of CGCS2000 and WGS 84, and on
// one given by +a and +rf whose radius differs by the height a city works at (then as PROJ has it: latitudes are those of CGCS2000).
// It returns a *SystemError for any other, of the kind "datum" where a datum would have to be changed, "parameter" for one it does not
// know or cannot read.
func FromPROJ(text string) (System, error) {
	said, err := readPROJ(text)
	if err != nil {
		return System{}, err
	}
	name := strings.Join(strings.Fields(text), " ")
	s := System{name: short(name), kind: projected, tm: transverse{scale: 1, flattening: flattening}}
	if err := said.ellipsoid(&s.tm); err != nil {
		return System{}, err
	}
	var lat0 float64
	switch said.text["proj"] {
	case "longlat", "latlong", "lonlat", "latlon":
		return System{name: name}, nil
	case "utm":
		zone := said.number("zone", 0)
		if zone < 1 || zone > 60 || zone != math.Trunc(zone) {
			return System{}, &SystemError{"parameter", "+zone=" + said.text["zone"]}
		}
		s.tm.lon0, s.tm.scale, s.tm.east = 6*zone-183, 0.9996, 500_000
		if _, south := said.text["south"]; south {
			s.tm.north = 10_000_000
		}
	case "tmerc", "etmerc":
		lat0 = said.number("lat_0", 0)
		s.tm.lon0, s.tm.east, s.tm.north = said.number("lon_0", 0), said.number("x_0", 0), said.number("y_0", 0)
		s.tm.scale = said.number("k", said.number("k_0", 1))
	default:
		return System{}, &SystemError{"unknown", short(name)}
	}
	if said.wrong != "" {
		return System{}, &SystemError{"parameter", said.wrong}
	}
	if !s.tm.isSane(lat0) {
		return System{}, &SystemError{"unknown", short(name)}
	}
	s.tm = s.tm.begunAt(lat0)
	return s, nil
}

// projString is the parameters of a string. wrong is the first whose number cannot be read.
type projString struct {
	text  map[string]string
	wrong string
}

func readPROJ(text string) (*projString, error) {
	p := &projString{text: map[string]string{}}
	for _, word := range strings.Fields(text) {
		name, value, _ := strings.Cut(strings.TrimPrefix(word, "+"), "=")
		known := false
		for _, parameter := range parametersOfPROJ {
			known = known || parameter == name
		}
		if _, twice := p.text[name]; twice || !known || !strings.HasPrefix(word, "+") {
			return nil, &SystemError{"parameter", short(word)}
		}
		p.text[name] = value
	}
	for _, plain := range []struct{ name, value string }{{"units", "m"}, {"axis", "enu"}, {"type", "crs"}, {"nadgrids", "@null"}} {
		if value, said := p.text[plain.name]; said && value != plain.value {
			kind := "parameter"
			if plain.name == "units" {
				kind = "unit"
			}
			return nil, &SystemError{kind, short("+" + plain.name + "=" + value)}
		}
	}
	if shifts, said := p.text["towgs84"]; said {
		numbers := strings.Split(shifts, ",")
		for _, n := range numbers {
			if v, err := strconv.ParseFloat(n, 64); err != nil || v != 0 || len(numbers) != 3 && len(numbers) != 7 {
				return nil, &SystemError{"datum", short("+towgs84=" + shifts)}
			}
		}
	}
	return p, nil
}

// number returns a parameter's number, the other where it is not said.
func (p *projString) number(name string, other float64) float64 {
	text, said := p.text[name]
	if !said {
		return other
	}
	v, err := strconv.ParseFloat(text, 64)
	if (err != nil || math.IsNaN(v) || math.IsInf(v, 0)) && p.wrong == "" {
		p.wrong = short("+" + name + "=" + text)
	}
	return v
}

// ellipsoid sets a projection's ellipsoid.
func (p *projString) ellipsoid(t *transverse) error {
	if datum, said := p.text["datum"]; said && datum != "WGS84" && datum != "NAD83" {
		return &SystemError{"datum", short(datum)}
	}
	if name, said := p.text["ellps"]; said {
		e, known := ellipsoids[name]
		if !known {
			return &SystemError{"datum", short("+ellps=" + name)}
		}
		t.raised, t.flattening = e[0], e[1]
	} else if p.text["datum"] == "WGS84" {
		t.flattening = ellipsoids["WGS84"][1]
	}
	if _, said := p.text["a"]; said {
		t.raised = p.number("a", 0) - equatorial
	}
	switch a := equatorial + t.raised; {
	case p.text["rf"] != "":
		t.flattening = 1 / p.number("rf", 0)
	case p.text["f"] != "":
		t.flattening = p.number("f", 0)
	case p.text["b"] != "":
		t.flattening = 1 - p.number("b", 0)/a
	}
	// Krassowsky's (298.3) and the international one of 1975 (298.257, 3 m larger) are the marks of Beijing 1954 and Xian 1980.
	if p.wrong == "" && (!(t.flattening > 1/298.2999 && t.flattening < 1/298.2001) || t.raised == 3 || math.Abs(t.raised-108) < 0.5) {
		return &SystemError{"datum", short("+a=" + p.text["a"] + " +rf=" + p.text["rf"])}
	}
	return nil
}
