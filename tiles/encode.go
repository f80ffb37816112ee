package tiles

import (
	"encoding/binary"
	"fmt"
	"math"
)

// Layer is a named set of features.
type Layer struct {
	Name     string
	Features []Feature
}

// Feature is a drawing with what is said of it.
type Feature struct {
	ID         uint64
	Drawing    *Drawing // nil for none
	Attributes []Attribute
}

// Attribute is a fact: its value is a string, an int64, a float64 or a bool.
type Attribute struct {
	Key   string
	Value any
}

// Encode draws a tile: layers in order, without those that show nothing there. A tile that shows nothing is empty. Equal
// features give equal bytes. A polygon smaller than a step is left out.
func Encode(t Tile, layers []Layer) []byte {
	var tile []byte
	for _, l := range layers {
		if layer := encodeLayer(t, l); layer != nil {
			tile = appendBytes(tile, 3, layer)
		}
	}
	return tile
}

// Fields and types of the format: vector_tile.proto of the specification.
const (
	typePoint   = 1
	typeLine    = 2
	typePolygon = 3

	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func encodeLayer(t Tile, l Layer) []byte {
	e := encoder{tile: t, shows: t.shows(), keys: map[string]uint64{}, values: map[any]uint64{}}
	var features []byte
	for _, f := range l.Features {
		if e.feature(f) {
			features = appendBytes(features, 2, e.message)
		}
	}
	if features == nil {
		return nil
	}
	layer := appendBytes(make([]byte, 0, len(features)+len(e.keyText)+len(e.valueText)+len(l.Name)+16), 1, []byte(l.Name))
	layer = append(layer, features...)
	layer = append(layer, e.keyText...)
	layer = append(layer, e.valueText...)
	layer = appendNumber(layer, 5, Extent)
	return appendNumber(layer, 15, 2)
}

// encoder gathers the keys and values of a layer; features name them by number.
type encoder struct {
	tile               Tile
	shows              reach
	keys               map[string]uint64
	values             map[any]uint64
	keyText, valueText []byte
	message            []byte // of the feature under way
	geometry, tags     []byte
	line               []pixel
}

// feature writes a feature's message and reports whether the tile shows anything of it.
func (e *encoder) feature(f Feature) bool {
	if f.Drawing == nil || !f.Drawing.reach.meets(e.shows) {
		return false
	}
	e.geometry = e.geometry[:0]
	switch f.Drawing.kind {
	case typePoint:
		e.points(f.Drawing)
	case typeLine:
		e.lines(f.Drawing)
	default:
		e.polygons(f.Drawing)
	}
	if len(e.geometry) == 0 {
		return false
	}
	e.tags = e.tags[:0]
	for _, a := range f.Attributes {
		e.tags = binary.AppendUvarint(e.tags, e.key(a.Key))
		e.tags = binary.AppendUvarint(e.tags, e.value(a.Value))
	}
	e.message = appendNumber(e.message[:0], 1, f.ID)
	if len(e.tags) > 0 {
		e.message = appendBytes(e.message, 2, e.tags)
	}
	e.message = appendNumber(e.message, 3, f.Drawing.kind)
	e.message = appendBytes(e.message, 4, e.geometry)
	return true
}

func (e *encoder) key(k string) uint64 {
	n, ok := e.keys[k]
	if !ok {
		n = uint64(len(e.keys))
		e.keys[k] = n
		e.keyText = appendBytes(e.keyText, 3, []byte(k))
	}
	return n
}

func (e *encoder) value(v any) uint64 {
	n, ok := e.values[v]
	if ok {
		return n
	}
	n = uint64(len(e.values))
	e.values[v] = n
	var text []byte
	switch v := v.(type) {
	case string:
		text = appendBytes(nil, 1, []byte(v))
	case float64:
		text = binary.LittleEndian.AppendUint64([]byte{3<<3 | 1}, math.Float64bits(v))
	case int64:
		text = appendNumber(nil, 6, zigzag(v))
	case bool:
		text = appendNumber(nil, 7, map[bool]uint64{true: 1}[v])
	default:
		panic(fmt.Sprintf("a tile cannot hold a %T", v))
	}
	e.valueText = appendBytes(e.valueText, 4, text)
	return n
}

// points draws those points that lie in the tile itself: each is in one tile.
func (e *encoder) points(d *Drawing) {
	var at []pixel
	for _, p := range d.parts {
		if a := e.tile.at(p[0]); a.x >= 0 && a.x < Extent && a.y >= 0 && a.y < Extent {
			at = append(at, a)
		}
	}
	if at == nil {
		return
	}
	cursor := pixel{}
	e.geometry = binary.AppendUvarint(e.geometry, command(moveTo, len(at)))
	for _, a := range at {
		e.to(a, &cursor)
	}
}

// lines draws what the tile shows of them.
func (e *encoder) lines(d *Drawing) {
	cursor := pixel{}
	for _, part := range d.parts {
		for _, line := range clipLine(e.cut(part)) {
			e.path(line, &cursor)
		}
	}
}

// polygons draws what the tile shows of them.
func (e *encoder) polygons(d *Drawing) {
	cursor := pixel{}
	inside := e.shows.holds(d.reach)
	gone := false // the shell under way: without it its holes are nothing
	for i, part := range d.parts {
		if d.inner[i] && gone {
			continue
		}
		ring := e.cut(part)
		if !inside {
			ring = clip(ring)
		}
		ring = tidy(ring)
		area := int64(0)
		if len(ring) > 2 {
			area = twiceArea(ring)
		}
		if !d.inner[i] {
			gone = area == 0
		}
		if area == 0 {
			continue
		}
		// The format wants shells clockwise on the screen and holes the other way; rounding may turn a sliver over.
		if (area > 0) == d.inner[i] {
			turn(ring)
		}
		e.path(ring, &cursor)
		e.geometry = binary.AppendUvarint(e.geometry, command(closePath, 1))
	}
}

// cut returns the vertices of a part that are drawn at the tile's zoom, without repetitions. The next call overwrites them.
func (e *encoder) cut(part []vertex) []pixel {
	e.line = e.line[:0]
	for _, v := range part {
		if int(v.from) > e.tile.Z {
			continue
		}
		if at := e.tile.at(v); len(e.line) == 0 || at != e.line[len(e.line)-1] {
			e.line = append(e.line, at)
		}
	}
	return e.line
}

func turn(ring []pixel) {
	for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
		ring[i], ring[j] = ring[j], ring[i]
	}
}

// path moves to the first pixel and draws lines to the others.
func (e *encoder) path(line []pixel, cursor *pixel) {
	e.geometry = binary.AppendUvarint(e.geometry, command(moveTo, 1))
	e.to(line[0], cursor)
	e.geometry = binary.AppendUvarint(e.geometry, command(lineTo, len(line)-1))
	for _, p := range line[1:] {
		e.to(p, cursor)
	}
}

func (e *encoder) to(p pixel, cursor *pixel) {
	e.geometry = binary.AppendUvarint(e.geometry, zigzag(int64(p.x-cursor.x)))
	e.geometry = binary.AppendUvarint(e.geometry, zigzag(int64(p.y-cursor.y)))
	*cursor = p
}

func command(id, count int) uint64 { return uint64(count)<<3 | uint64(id) }

func zigzag(v int64) uint64 { return uint64(v<<1) ^ uint64(v>>63) }

// appendNumber and appendBytes write a field of a protocol buffer.
func appendNumber(b []byte, field int, v uint64) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3)
	return binary.AppendUvarint(b, v)
}

func appendBytes(b []byte, field int, v []byte) []byte {
	b = binary.AppendUvarint(b, uint64(field)<<3|2)
	b = binary.AppendUvarint(b, uint64(len(v)))
	return append(b, v...)
}
