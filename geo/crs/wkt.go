package crs

import (
	"math"
	"strconv"
	"strings"
)

// FromWKT returns the system a text describes, as .prj files and GeoPackages do it (OGC 01-009 and 18-010, and Esri's
// dialect): degrees, transverse Mercator, or the projection of the web maps, on CGCS2000, WGS 84 or NAD83. It returns a
// *SystemError for any other.
func FromWKT(text string) (System, error) {
	p := wktParser{rest: strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF"))}
	root := p.node(0)
	for p.ok() && (root.word == "COMPD_CS" || root.word == "COMPOUNDCRS" || root.word == "BOUNDCRS" || root.word == "SOURCECRS") {
		inner := root.firstSystem()
		if inner == nil {
			break
		}
		root = inner
	}
	if !p.ok() || root == nil {
		return System{}, &SystemError{"unknown", short(text)}
	}
	name := root.text(0)
	datum := root.find("DATUM", "ENSEMBLE", "GEODETICDATUM")
	if datum != nil && !isOurDatum(datum.text(0)) {
		return System{}, &SystemError{"datum", datum.text(0)}
	}
	if m := root.find("PRIMEM", "PRIMEMERIDIAN"); m != nil && m.number(1) != 0 {
		return System{}, &SystemError{"unknown", name}
	}
	switch root.word {
	case "GEOGCS", "GEOGCRS", "GEODCRS", "GEODETICCRS", "GEOGRAPHICCRS":
		if datum == nil {
			break
		}
		if u := root.unit("ANGLEUNIT"); u != nil && math.Abs(u.number(1)*degree-1) > 1e-9 {
			return System{}, &SystemError{"unit", u.text(0)}
		}
		return System{name: name}, nil
	case "PROJCS", "PROJCRS", "PROJECTEDCRS":
		return root.projected(name)
	}
	return System{}, &SystemError{"unknown", name}
}

// projected returns the system of a projected one's description.
func (n *wktNode) projected(name string) (System, error) {
	for _, child := range n.children {
		if child.word == "AUTHORITY" || child.word == "ID" {
			if s, ok := named(child.text(0) + ":" + child.text(1)); ok {
				return s, nil
			}
		}
	}
	if u := n.unit("LENGTHUNIT"); u != nil && math.Abs(u.number(1)-1) > 1e-12 {
		return System{}, &SystemError{"unit", u.text(0)}
	}
	method := n.find("PROJECTION", "METHOD")
	if method == nil || n.find("DATUM", "ENSEMBLE", "GEODETICDATUM") == nil {
		return System{}, &SystemError{"unknown", name}
	}
	s := System{name: name, kind: projected, tm: transverse{flattening: flattening}}
	switch plain(method.text(0)) {
	case "transversemercator", "gausskruger":
	case "mercatorauxiliarysphere", "popularvisualisationpseudomercator":
		return System{name: name, kind: webMercator}, nil
	default:
		return System{}, &SystemError{"unknown", name}
	}
	if e := n.find("SPHEROID", "ELLIPSOID"); e != nil && e.number(2) > 0 {
		s.tm.flattening, s.tm.raised = 1/e.number(2), e.number(1)-equatorial
	}
	var lat0 float64
	for parameter, into := range map[string]*float64{
		"centralmeridian": &s.tm.lon0, "longitudeofnaturalorigin": &s.tm.lon0, "scalefactor": &s.tm.scale, "scalefactoratnaturalorigin": &s.tm.scale,
		"falseeasting": &s.tm.east, "falsenorthing": &s.tm.north, "latitudeoforigin": &lat0, "latitudeofnaturalorigin": &lat0,
	} {
		if p := n.parameter(parameter); p != nil {
			*into = p.number(1)
		}
	}
	if !s.tm.isSane(lat0) {
		return System{}, &SystemError{"unknown", name}
	}
	s.tm = s.tm.begunAt(lat0)
	return s, nil
}

// isSane reports whether a projection whose northings begin at a latitude is one that somebody may use: on an ellipsoid of the Earth,
// or of the height a city works at.
func (t transverse) isSane(lat0 float64) bool {
	return t.scale > 0.9 && t.scale < 1.1 && math.Abs(t.lon0) <= 180 && math.Abs(lat0) <= 90 && math.Abs(t.east) < 1e8 && math.Abs(t.north) < 1e8 &&
		math.Abs(t.raised) < 10_000 && t.flattening > 1/298.3 && t.flattening < 1/298.2
}

// begunAt returns the projection with its false northing counted from a latitude on the central meridian, instead of the equator.
func (t transverse) begunAt(lat0 float64) transverse {
	if lat0 != 0 {
		_, y := t.forward(t.lon0, lat0)
		t.north -= y - t.north
	}
	return t
}

// isOurDatum reports whether a datum is CGCS2000, WGS 84 or NAD83, under any of the names it goes by.
func isOurDatum(name string) bool {
	switch strings.TrimSuffix(strings.TrimPrefix(plain(name), "d"), "ensemble") {
	case "china2000", "chinageodeticcoordinatesystem2000", "cgcs2000", "wgs1984", "wgs84", "worldgeodeticsystem1984", "northamerican1983", "northamericandatum1983":
		return true
	}
	return false
}

// plain returns a name's letters and digits in lower case.
func plain(name string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, strings.ToLower(name))
}

func short(text string) string {
	if runes := []rune(strings.TrimSpace(text)); len(runes) > 60 {
		return string(runes[:60]) + "…"
	}
	return strings.TrimSpace(text)
}

// wktNode is a word with what stands in its brackets: texts and numbers in values, the rest in children.
type wktNode struct {
	word     string
	values   []string
	children []*wktNode
}

func (n *wktNode) text(i int) string {
	if i < len(n.values) {
		return n.values[i]
	}
	return ""
}

// number returns the value at an index, 0 where there is none.
func (n *wktNode) number(i int) float64 {
	v, err := strconv.ParseFloat(n.text(i), 64)
	if err != nil || math.IsInf(v, 0) || math.IsNaN(v) {
		return 0
	}
	return v
}

// find returns the first node below with one of the words.
func (n *wktNode) find(names ...string) *wktNode {
	for _, child := range n.children {
		for _, name := range names {
			if child.word == name {
				return child
			}
		}
		if below := child.find(names...); below != nil {
			return below
		}
	}
	return nil
}

// parameter returns the node of a projection's parameter.
func (n *wktNode) parameter(name string) *wktNode {
	for _, child := range n.children {
		if child.word == "PARAMETER" && plain(child.text(0)) == name {
			return child
		}
		if below := child.parameter(name); below != nil {
			return below
		}
	}
	return nil
}

// unit returns the node of the system's own unit, in the older form or the newer.
func (n *wktNode) unit(newer string) *wktNode {
	for _, child := range n.children {
		if child.word == "UNIT" || child.word == newer {
			return child
		}
	}
	for _, child := range n.children {
		if child.word == "CS" || child.word == "AXIS" {
			if below := child.unit(newer); below != nil {
				return below
			}
		}
	}
	return nil
}

func (n *wktNode) firstSystem() *wktNode {
	for _, child := range n.children {
		switch child.word {
		case "GEOGCS", "GEOGCRS", "GEODCRS", "PROJCS", "PROJCRS", "SOURCECRS", "COMPOUNDCRS", "BOUNDCRS":
			return child
		}
	}
	return nil
}

// wktParser reads nodes from a text. bad means that what follows cannot stand there.
type wktParser struct {
	rest string
	bad  bool
}

func (p *wktParser) ok() bool { return !p.bad && strings.TrimSpace(p.rest) == "" }

// node reads WORD[value, value, NODE[...], ...]; parentheses may stand for brackets.
func (p *wktParser) node(depth int) *wktNode {
	end := strings.IndexAny(p.rest, "[(")
	if end < 0 || depth > 32 {
		p.bad = true
		return nil
	}
	n := &wktNode{word: strings.ToUpper(strings.TrimSpace(p.rest[:end]))}
	p.rest = p.rest[end+1:]
	for !p.bad {
		p.rest = strings.TrimLeft(p.rest, " \t\r\n")
		end := strings.IndexAny(p.rest, "[(,])\"")
		switch {
		case end < 0:
			p.bad = true
		case p.rest[end] == '"' && end == 0:
			n.values = append(n.values, p.quoted())
		case p.rest[end] == '"':
			p.bad = true
		case p.rest[end] == '[' || p.rest[end] == '(':
			if child := p.node(depth + 1); child != nil {
				n.children = append(n.children, child)
			}
		default:
			n.values = append(n.values, strings.TrimSpace(p.rest[:end]))
			p.rest = p.rest[end:]
		}
		p.rest = strings.TrimLeft(p.rest, " \t\r\n")
		if p.bad || p.rest == "" {
			p.bad = true
			return nil
		}
		next := p.rest[0]
		p.rest = p.rest[1:]
		if next == ']' || next == ')' {
			return n
		}
		p.bad = next != ','
	}
	return nil
}

// quoted reads a text in quotes, in which two stand for one.
func (p *wktParser) quoted() string {
	var b strings.Builder
	for {
		p.rest = p.rest[1:]
		end := strings.IndexByte(p.rest, '"')
		if end < 0 {
			p.bad = true
			return ""
		}
		b.WriteString(p.rest[:end])
		if p.rest = p.rest[end+1:]; !strings.HasPrefix(p.rest, `"`) {
			return b.String()
		}
		b.WriteByte('"')
	}
}
