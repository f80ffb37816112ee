package importers

import (
	"regexp"
	"strconv"
	"strings"

	"gridwright/geo/crs"
	"gridwright/plan/words"
)

var wktHead = regexp.MustCompile(`(?i)^\s*(?:SRID\s*=\s*([0-9]+)\s*;\s*)?([A-Z]+?)\s*(?:(ZM|Z|M)\s*)?(EMPTY\s*$|\()`)

// ParseWKT reads points, lines or polygons in well-known text (OGC 06-103r4, with PostGIS's SRID prefix). Heights and
// measures are passed over. Empty text is no geometry.
func ParseWKT(s string) (Geometry, *Fault) { return parseWKT(s, nil) }

// parseWKT reads well-known text whose coordinates are in a system; nil for the one its SRID says, else longitude and latitude.
func parseWKT(s string, system *crs.System) (Geometry, *Fault) {
	none := Geometry{}
	if strings.TrimSpace(s) == "" {
		return none, nil
	}
	head := wktHead.FindStringSubmatch(s)
	if head == nil {
		return none, &Fault{Key: "wkt.not", Args: words.Args{"text": Excerpt(s)}}
	}
	srid, kind := head[1], strings.ToUpper(head[2])
	if system == nil {
		system = new(crs.System)
		if srid != "" && srid != "0" {
			named, err := crs.Named(srid)
			if err != nil {
				return none, systemFault(err)
			}
			system = &named
		}
	}
	if _, ok := families[kind]; !ok || head[4] != "(" {
		return (&drawing{}).finish(kind)
	}
	w := wkt{drawing: drawing{system: *system}, rest: s[len(head[0])-1:]}
	depth := w.nest(0)
	if w.rest = strings.TrimSpace(w.rest); w.bad && w.rest == "" {
		return none, &Fault{Key: "wkt.short"}
	}
	if w.bad || w.rest != "" {
		return none, &Fault{Key: "wkt.broken", Args: words.Args{"text": Excerpt(w.rest)}}
	}
	w.unwrap(kind, depth)
	return w.finish(kind)
}

// wkt is what is left of a text being read. bad means that what comes next cannot stand there.
type wkt struct {
	drawing
	rest string
	bad  bool
}

// unwrap sets how deep the positions would lie in GeoJSON, where a POINT has no array round it and the points of a
// MULTIPOINT have none of their own: well-known text writes MULTIPOINT (1 2,3 4) and MULTIPOINT ((1 2),(3 4)).
func (w *wkt) unwrap(kind string, depth int) {
	each := len(w.points) == len(w.rings) // every parenthesis holds one position
	if kind == "POINT" && each || kind == "MULTIPOINT" && depth == 3 && each {
		depth--
	}
	w.depth = depth
}

// next skips white space and returns the next byte, 0 at the end.
func (w *wkt) next() byte {
	w.rest = strings.TrimLeft(w.rest, " \t\r\n")
	if w.rest == "" {
		return 0
	}
	return w.rest[0]
}

// nest reads parentheses and what is in them and returns how deep the positions lie, as a GeoJSON array would have them.
func (w *wkt) nest(level int) (depth int) {
	if w.next() != '(' || level > 2 {
		w.bad = true
		return 0
	}
	w.rest = w.rest[1:]
	for first := true; !w.bad; first = false {
		inner := 1
		switch w.next() {
		case '(':
			inner = w.nest(level + 1)
		default:
			w.tuple()
		}
		if !first && inner != depth {
			w.bad = true
		}
		depth = inner
		next := w.next()
		if next == ',' {
			w.rest = w.rest[1:]
			continue
		}
		if next != ')' {
			w.bad = true
			break
		}
		w.rest = w.rest[1:]
		break
	}
	return w.close(depth + 1)
}

// tuple reads the two to four numbers of a position.
func (w *wkt) tuple() {
	end := strings.IndexAny(w.rest, ",()")
	if end < 0 {
		w.bad = true
		return
	}
	numbers := strings.Fields(w.rest[:end])
	if len(numbers) < 2 || len(numbers) > 4 {
		w.bad = true
		return
	}
	var at [2]float64
	for i := range at {
		v, err := strconv.ParseFloat(numbers[i], 64)
		if err != nil || !decimal.MatchString(numbers[i]) {
			w.bad = true
			return
		}
		at[i] = v
	}
	w.rest = w.rest[end:]
	w.position(at[0], at[1])
}

var decimal = regexp.MustCompile(`^[+-]?[0-9]*\.?[0-9]+([eE][+-]?[0-9]+)?$|^[+-]?[0-9]+\.$`)
