package tiles

import (
	"encoding/binary"
	"fmt"
	"math"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
)

// Layer is a named set of features.
type Layer struct {
	Name     string
	Features []Feature
}

// Feature is a polygon or a point with what is said of it.
type Feature struct {
	ID         uint64
	Polygons   shape.MultiPolygon
	Point      *crs.Point // instead of Polygons
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
	typePolygon = 3

	moveTo    = 1
	lineTo    = 2
	closePath = 7
)

func encodeLayer(t Tile, l Layer) []byte {
	e := encoder{tile: t, keys: map[string]uint64{}, values: map[any]uint64{}}
	var features []byte
	for _, f := range l.Features {
		if feature := e.feature(f); feature != nil {
			features = appendBytes(features, 2, feature)
		}
	}
	if features == nil {
		return nil
	}
	layer := appendBytes(nil, 1, []byte(l.Name))
	layer = append(layer, features...)
	layer = append(layer, e.keyText...)
	layer = append(layer, e.valueText...)
	layer = appendNumber(layer, 5, Extent)
	return appendNumber(layer, 15, 2)
}

// encoder gathers the keys and values of a layer; features name them by number.
type encoder struct {
	tile               Tile
	keys               map[string]uint64
	values             map[any]uint64
	keyText, valueText []byte
	ring               []pixel
}

func (e *encoder) feature(f Feature) []byte {
	kind := uint64(typePolygon)
	var geometry []byte
	if f.Point != nil {
		kind, geometry = typePoint, e.point(*f.Point)
	} else {
		geometry = e.polygons(f.Polygons)
	}
	if geometry == nil {
		return nil
	}
	feature := appendNumber(nil, 1, f.ID)
	var tags []byte
	for _, a := range f.Attributes {
		tags = binary.AppendUvarint(tags, e.key(a.Key))
		tags = binary.AppendUvarint(tags, e.value(a.Value))
	}
	if tags != nil {
		feature = appendBytes(feature, 2, tags)
	}
	feature = appendNumber(feature, 3, kind)
	return appendBytes(feature, 4, geometry)
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

// pixelAt returns where a point lies in the tile.
func (e *encoder) pixelAt(p crs.Point) pixel {
	s := project(p, e.tile.Z)
	return pixel{int32(bounded(math.Round(s.x) - float64(e.tile.X)*Extent)), int32(bounded(math.Round(s.y) - float64(e.tile.Y)*Extent))}
}

// bounded keeps what lies far outside a deep tile within the pixels' type, where clipping takes it away.
func bounded(v float64) float64 { return max(-1<<29, min(1<<29, v)) }

// point is drawn in the one tile it lies in.
func (e *encoder) point(p crs.Point) []byte {
	at := e.pixelAt(p)
	if at.x < 0 || at.x >= Extent || at.y < 0 || at.y >= Extent {
		return nil
	}
	g := binary.AppendUvarint(nil, command(moveTo, 1))
	g = binary.AppendUvarint(g, zigzag(int64(at.x)))
	return binary.AppendUvarint(g, zigzag(int64(at.y)))
}

// polygons draws what the tile shows of them.
func (e *encoder) polygons(m shape.MultiPolygon) []byte {
	var g []byte
	cursor := pixel{}
	for _, p := range m {
		for i, r := range p {
			ring := e.cut(r)
			area := twiceArea(ring)
			if area == 0 {
				if i == 0 {
					break // without its shell a polygon is nothing
				}
				continue
			}
			// The format wants shells clockwise on the screen and holes the other way; rounding may turn a sliver over.
			if (area > 0) != (i == 0) {
				turn(ring)
			}
			g = appendRing(g, ring, &cursor)
		}
	}
	return g
}

func (e *encoder) cut(r shape.Ring) []pixel {
	e.ring = e.ring[:0]
	for _, p := range r {
		if at := e.pixelAt(p); len(e.ring) == 0 || at != e.ring[len(e.ring)-1] {
			e.ring = append(e.ring, at)
		}
	}
	ring := tidy(clip(e.ring))
	if len(ring) < 3 {
		return nil
	}
	return ring
}

func turn(ring []pixel) {
	for i, j := 0, len(ring)-1; i < j; i, j = i+1, j-1 {
		ring[i], ring[j] = ring[j], ring[i]
	}
}

func appendRing(g []byte, ring []pixel, cursor *pixel) []byte {
	to := func(p pixel) {
		g = binary.AppendUvarint(g, zigzag(int64(p.x-cursor.x)))
		g = binary.AppendUvarint(g, zigzag(int64(p.y-cursor.y)))
		*cursor = p
	}
	g = binary.AppendUvarint(g, command(moveTo, 1))
	to(ring[0])
	g = binary.AppendUvarint(g, command(lineTo, len(ring)-1))
	for _, p := range ring[1:] {
		to(p)
	}
	return binary.AppendUvarint(g, command(closePath, 1))
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
