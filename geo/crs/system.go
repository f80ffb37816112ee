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
	datum   Datum // of a geographic one, "" for WGS84
	swapped bool  // y stands before x
	tm      transverse
}

type kind uint8

const (
	geographic kind = iota
	projected       // transverse Mercator: Gauss-Krüger and UTM
	webMercator
)

// Name returns what the system is called: "EPSG:4527", "GCJ-02", "EPSG:4544, swapped".
func (s System) Name() string {
	name := s.name
	if name == "" {
		name = "EPSG:4490"
	}
	if s.swapped {
		name += ", swapped"
	}
	return name
}

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
// and each of these with ",swapped" behind it. The codes known are 4490, 4326 and 4269; 4491 to 4554, the Gauss-Krüger
// zones of CGCS2000; 3857; and the UTM zones of WGS 84 (326.., 327..) and NAD83 (269..), whose datum is taken as WGS 84.
// It returns a *SystemError for any other.
func Named(text string) (System, error) {
	name, how, comma := strings.Cut(strings.TrimSpace(text), ",")
	if comma && strings.TrimSpace(strings.ToLower(how)) != "swapped" {
		return System{}, &SystemError{"unknown", text}
	}
	s, ok := named(strings.TrimSpace(name))
	if !ok {
		return System{}, &SystemError{"unknown", text}
	}
	s.swapped = comma
	return s, nil
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
	metric := s.kind == projected || s.kind == webMercator
	switch {
	case math.IsNaN(x) || math.IsNaN(y):
		return 0, 0, "beyond"
	case metric && math.Abs(x) <= 180 && math.Abs(y) <= 180:
		return 0, 0, "degrees"
	case !metric && (math.Abs(x) > 180 || math.Abs(y) > 90):
		return 0, 0, "beyond"
	case s.kind == webMercator && (math.Abs(x) > webEdge || math.Abs(y) > webEdge):
		return 0, 0, "beyond"
	case s.kind == projected && !s.tm.covers(x, y):
		return 0, 0, "beyond"
	}
	switch s.kind {
	case projected:
		lon, lat = s.tm.inverse(x, y)
	case webMercator:
		lon, lat = x/equatorial*degree, math.Atan(math.Sinh(y/equatorial))*degree
	default:
		lon, lat = s.datum.ToGround(x, y)
	}
	return lon, lat, ""
}

// degree is how many degrees one radian has.
const degree = 180 / math.Pi

// webEdge is how far the square of the web maps reaches from its middle, in metres, and half a millimetre.
const webEdge = math.Pi*equatorial + 0.0005

// transverse is a transverse Mercator projection on an ellipsoid with the equatorial radius of CGCS2000, which WGS 84
// and NAD83 share.
type transverse struct {
	lon0        float64 // central meridian, degrees
	scale       float64 // on it
	east, north float64 // false easting and northing, metres
	flattening  float64
}

// covers reports whether a pair lies within 500 km of the central meridian, which holds a zone of 6 degrees with room
// to spare, and between the poles. What lies beyond has the wrong zone, or its axes swapped.
func (t transverse) covers(x, y float64) bool {
	return math.Abs(x-t.east) <= 500_000 && math.Abs(y-t.north) <= 10_002_000
}

// inverse returns longitude and latitude, by Krüger's series in the third flattening up to its fourth power (Karney,
// Transverse Mercator with an accuracy of a few nanometers, 2011, equations 14, 36 and 19 to 21).
func (t transverse) inverse(x, y float64) (lon, lat float64) {
	n := t.flattening / (2 - t.flattening)
	n2 := n * n
	radius := equatorial / (1 + n) * (1 + n2/4 + n2*n2/64)
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
