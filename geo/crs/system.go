package crs

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// System is a way files write places down as two numbers, x (easting, longitude) before y. Its zero value is longitude
// and latitude in degrees, in CGCS2000 or WGS 84, which agree to a few centimetres and are taken as one.
type System struct {
	name    string
	kind    kind
	datum   Datum // "" for WGS84
	swapped bool  // y stands before x
	tm      transverse
	turn    turn // from a city's own numbers to those of tm
}

type kind uint8

const (
	geographic kind = iota
	projected       // transverse Mercator: Gauss-Krüger and UTM
	webMercator
	own     // a city's own plane: control.go
	nowhere // numbers as they are: unplaced.go
)

// Name returns what the system is called: "EPSG:4527", "GCJ-02", "EPSG:4544, GCJ-02", "EPSG:4544, swapped".
func (s System) Name() string {
	name := s.name
	if name == "" {
		name = "EPSG:4490"
	}
	if s.datum != "" && s.kind != geographic {
		name += ", " + datumNames[s.datum]
	}
	if s.swapped {
		name += ", swapped"
	}
	return name
}

var datumNames = map[Datum]string{GCJ02: "GCJ-02", BD09: "BD-09"}

// IsDegrees reports whether the numbers are longitude and latitude of CGCS2000 or WGS 84, in this order.
func (s System) IsDegrees() bool { return s.kind == geographic && s.datum == "" && !s.swapped }

// Straight reports whether what is straight in longitude and latitude is so in the system.
func (s System) Straight() bool { return s.kind == geographic && s.datum == "" }

// SystemError is why a system cannot be taken, or why two numbers are no place in it.
type SystemError struct {
	Kind string // "unknown", "datum" or "unit" of a system; "degrees", "swapped" or "beyond" of a pair of numbers
	Text string // the name of the system, its datum or its unit
}

// Error returns the reason.
func (e *SystemError) Error() string {
	return map[string]string{"unknown": "no such coordinate system is known here: ", "datum": "the datum is neither CGCS2000 nor WGS 84: ",
		"unit": "the unit is neither the metre nor the degree: ", "degrees": "the numbers are degrees, not metres of ",
		"swapped": "the two numbers are swapped in ", "beyond": "the numbers are no place in "}[e.Kind] + e.Text
}

var epsg = regexp.MustCompile(`(?i)^(?:EPSG:|urn:ogc:def:crs:EPSG:[0-9.]*:|https?://www\.opengis\.net/def/crs/EPSG/[0-9.]+/)?([0-9]{4,6})$`)

// Named returns the system of a name: an EPSG code ("EPSG:4527", "4527"), "wgs84", "cgcs2000", "CRS84", "gcj02" or "bd09",
// and each of these with ",gcj02", ",bd09" (the shifted places of a web map, projected) or ",swapped" behind it. The codes known
// are 4490, 4326 and 4269; 4491 to 4554, the Gauss-Krüger zones of CGCS2000; 3857; and the UTM zones of WGS 84 (326.., 327..) and
// NAD83 (269..), whose datum is taken as WGS 84. A string of PROJ is taken, too (see FromPROJ). It returns a *SystemError for any
// other.
func Named(text string) (System, error) {
	name, swapped := cutWord(strings.TrimSpace(text), "swapped")
	datum := WGS84
	for _, d := range []Datum{GCJ02, BD09} {
		if rest, has := cutWord(name, string(d)); has && datum == WGS84 {
			name, datum = rest, d
		}
	}
	s, err := oneNamed(name)
	if err != nil {
		return System{}, err
	}
	if datum != WGS84 {
		if s.datum != "" {
			return System{}, &SystemError{"unknown", text}
		}
		if s.datum = datum; s.kind == geographic {
			s.name = datumNames[datum]
		}
	}
	s.swapped = swapped
	return s, nil
}

// cutWord takes a word and the comma before it from the end of a name.
func cutWord(name, word string) (rest string, has bool) {
	i := strings.LastIndexByte(name, ',')
	if i < 0 || !strings.EqualFold(strings.TrimSpace(strings.ReplaceAll(name[i+1:], "-", "")), word) {
		return name, false
	}
	return strings.TrimSpace(name[:i]), true
}

func oneNamed(name string) (System, error) {
	if strings.HasPrefix(name, "+") {
		return FromPROJ(name)
	}
	if s, ok := named(name); ok {
		return s, nil
	}
	return System{}, &SystemError{"unknown", name}
}

func named(name string) (System, bool) {
	if m := epsg.FindStringSubmatch(name); m != nil {
		code, _ := strconv.Atoi(m[1])
		return coded(code)
	}
	name = strings.ToLower(name)
	if i := strings.LastIndexAny(name, ":/"); i >= 0 && strings.Contains(name, "ogc") {
		name = name[i+1:] // urn:ogc:def:crs:OGC:1.3:CRS84
	}
	switch strings.NewReplacer("-", "", " ", "", "_", "").Replace(name) {
	case "wgs84", "crs84", "crs84h":
		return System{name: "EPSG:4326"}, true
	case "cgcs2000":
		return System{}, true
	case "gcj02":
		return System{name: "GCJ-02", datum: GCJ02}, true
	case "bd09":
		return System{name: "BD-09", datum: BD09}, true
	}
	return System{}, false
}

// coded returns the system of an EPSG code.
func coded(code int) (System, bool) {
	s := System{name: fmt.Sprintf("EPSG:%d", code), kind: projected}
	switch {
	case code == 4326, code == 4490, code == 4269:
		s.kind = geographic
		return s, true
	case code == 3857, code == 900913:
		s.kind = webMercator
		return s, true
	case 4491 <= code && code <= 4501: // zones of 6 degrees, their number before the easting
		zone := float64(code - 4491 + 13)
		s.tm = transverse{lon0: 6*zone - 3, scale: 1, east: zone*1e6 + 500_000, flattening: flattening}
	case 4502 <= code && code <= 4512:
		s.tm = transverse{lon0: 75 + 6*float64(code-4502), scale: 1, east: 500_000, flattening: flattening}
	case 4513 <= code && code <= 4533: // zones of 3 degrees, their number before the easting
		zone := float64(code - 4513 + 25)
		s.tm = transverse{lon0: 3 * zone, scale: 1, east: zone*1e6 + 500_000, flattening: flattening}
	case 4534 <= code && code <= 4554:
		s.tm = transverse{lon0: 75 + 3*float64(code-4534), scale: 1, east: 500_000, flattening: flattening}
	case 32601 <= code && code <= 32660, 32701 <= code && code <= 32760:
		s.tm = transverse{lon0: 6*float64(code%100) - 183, scale: 0.9996, east: 500_000, flattening: 1 / 298.257223563}
		if code > 32700 {
			s.tm.north = 10_000_000
		}
	case 26901 <= code && code <= 26923:
		s.tm = transverse{lon0: 6*float64(code%100) - 183, scale: 0.9996, east: 500_000, flattening: flattening}
	default:
		return System{}, false
	}
	return s, true
}

// Point returns the place of two numbers as they stand in the file, on the grid. It returns a *SystemError where they are no place.
func (s System) Point(a, b float64) (Point, error) {
	if s.kind == nowhere {
		return s.unplaced(a, b)
	}
	x, y := a, b
	if s.swapped {
		x, y = b, a
	}
	lon, lat, kind := s.degrees(x, y)
	if kind == "" {
		if p, err := FromDegrees(lon, lat); err == nil {
			return p, nil
		}
		kind = "beyond"
	}
	if _, _, other := s.degrees(y, x); other == "" && kind == "beyond" {
		kind = "swapped"
	}
	return Point{}, &SystemError{kind, s.Name()}
}

// degrees returns longitude and latitude, and what is wrong where x y is no place.
func (s System) degrees(x, y float64) (lon, lat float64, wrong string) {
	if s.kind == own && !math.IsNaN(x) && !math.IsNaN(y) {
		if !s.turn.covers(x, y) {
			return 0, 0, "beyond"
		}
		x, y = s.turn.forward(x, y)
	}
	metric := s.IsMetric()
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return 0, 0, "beyond"
	case metric && math.Abs(x) <= 180 && math.Abs(y) <= 180:
		return 0, 0, "degrees"
	case !metric && (math.Abs(x) > 180 || math.Abs(y) > 90):
		return 0, 0, "beyond"
	case s.kind == webMercator && (math.Abs(x) > webEdge || math.Abs(y) > webEdge):
		return 0, 0, "beyond"
	case (s.kind == projected || s.kind == own) && !s.tm.covers(x, y):
		return 0, 0, "beyond"
	}
	lon, lat = x, y
	switch s.kind {
	case projected, own:
		lon, lat = s.tm.inverse(x, y)
	case webMercator:
		lon, lat = x/equatorial*degree, math.Atan(math.Sinh(y/equatorial))*degree
	}
	lon, lat = s.datum.ToGround(lon, lat)
	return lon, lat, ""
}

// IsMetric reports whether the numbers are metres in a plane.
func (s System) IsMetric() bool { return s.kind == projected || s.kind == webMercator || s.kind == own }

// degree is how many degrees one radian has.
const degree = 180 / math.Pi

// webEdge is how far the square of the web maps reaches from its middle, in metres, and half a millimetre.
const webEdge = math.Pi*equatorial + 0.0005

// transverse is a transverse Mercator projection.
type transverse struct {
	lon0        float64 // central meridian, degrees
	scale       float64 // on it
	east, north float64 // false easting, and northing on the equator, metres
	flattening  float64
	raised      float64 // metres by which the equatorial radius is larger than that of CGCS2000, which WGS 84 and NAD83 share
}

// rectified returns the radius of the sphere whose meridians are as long as the ellipsoid's, and the third flattening.
func (t transverse) rectified() (radius, n float64) {
	n = t.flattening / (2 - t.flattening)
	n2 := n * n
	return (equatorial + t.raised) / (1 + n) * (1 + n2/4 + n2*n2/64), n
}

// covers reports whether a pair lies within 500 km of the central meridian, which holds a zone of 6 degrees with room
// to spare, and between the poles. What lies beyond has the wrong zone, or its axes swapped.
func (t transverse) covers(x, y float64) bool {
	return math.Abs(x-t.east) <= 500_000 && math.Abs(y-t.north) <= 10_002_000
}

// inverse returns longitude and latitude, by Krüger's series in the third flattening up to its fourth power (Karney,
// Transverse Mercator with an accuracy of a few nanometers, 2011, equations 14, 36 and 19 to 21).
func (t transverse) inverse(x, y float64) (lon, lat float64) {
	radius, n := t.rectified()
	n2 := n * n
	xi0, eta0 := (y-t.north)/(t.scale*radius), (x-t.east)/(t.scale*radius)
	xi, eta := xi0, eta0
	for i, b := range []float64{
		n/2 - n2*2/3 + n2*n*37/96 - n2*n2/360,
		n2/48 + n2*n/15 - n2*n2*437/1440,
		n2*n*17/480 - n2*n2*37/840,
		n2 * n2 * 4397 / 161280,
	} {
		k := float64(2 * (i + 1))
		xi -= b * math.Sin(k*xi0) * math.Cosh(k*eta0)
		eta -= b * math.Cos(k*xi0) * math.Sinh(k*eta0)
	}
	lon = t.lon0 + math.Atan2(math.Sinh(eta), math.Cos(xi))*degree
	if lon > 180 {
		lon -= 360
	} else if lon < -180 {
		lon += 360
	}
	conformal := math.Sin(xi) / math.Hypot(math.Sinh(eta), math.Cos(xi)) // tangent of the conformal latitude
	return lon, math.Atan(t.tangent(conformal)) * degree
}

// tangent returns the tangent of the latitude whose conformal latitude has a tangent, by Newton's method: two steps
// suffice in double precision, a third costs nothing.
func (t transverse) tangent(conformal float64) float64 {
	e2 := t.flattening * (2 - t.flattening)
	e := math.Sqrt(e2)
	tau := conformal
	for range 3 {
		secant := math.Hypot(1, tau)
		sigma := math.Sinh(e * math.Atanh(e*tau/secant))
		got := tau*math.Hypot(1, sigma) - sigma*secant
		tau += (conformal - got) / math.Hypot(1, got) * (1 + (1-e2)*tau*tau) / ((1 - e2) * secant)
	}
	return tau
}
