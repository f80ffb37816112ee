package tiles_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"testing"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/tiles"
)

// reader reads an archive by the specification of PMTiles 3, as a map would.
type reader struct {
	testing.TB
	bytes []byte
}

func (r reader) number(at int) uint64 { return binary.LittleEndian.Uint64(r.bytes[at:]) }

func (r reader) part(at int) []byte {
	offset, length := r.number(at), r.number(at+8)
	return r.bytes[offset : offset+length]
}

func (r reader) unpack(b []byte) []byte {
	r.Helper()
	z, err := gzip.NewReader(bytes.NewReader(b))
	if err != nil {
		r.Fatal(err)
	}
	plain, err := io.ReadAll(z)
	if err != nil {
		r.Fatal(err)
	}
	return plain
}

// tile looks an id up in a directory, and in the leaf that leads to.
func (r reader) tile(packed []byte, id uint64) []byte {
	r.Helper()
	b := bytes.NewReader(r.unpack(packed))
	next := func() uint64 {
		n, err := binary.ReadUvarint(b)
		if err != nil {
			r.Fatal(err)
		}
		return n
	}
	n := int(next())
	ids, runs, lengths, offsets := make([]uint64, n), make([]uint64, n), make([]uint64, n), make([]uint64, n)
	for i := range ids {
		if ids[i] = next(); i > 0 {
			ids[i] += ids[i-1]
		}
	}
	for i := range runs {
		runs[i] = next()
	}
	for i := range lengths {
		lengths[i] = next()
	}
	for i := range offsets {
		if o := next(); o == 0 {
			offsets[i] = offsets[i-1] + lengths[i-1]
		} else {
			offsets[i] = o - 1
		}
	}
	for i := n - 1; i >= 0; i-- {
		switch {
		case ids[i] > id:
		case runs[i] == 0:
			leaves := r.part(40)
			return r.tile(leaves[offsets[i]:offsets[i]+lengths[i]], id)
		case id < ids[i]+runs[i]:
			content := r.part(56)
			return r.unpack(content[offsets[i] : offsets[i]+lengths[i]])
		default:
			return nil
		}
	}
	return nil
}

// idOf numbers tiles by walking Hilbert's curve step by step: slow and plain.
func idOf(z, x, y int) uint64 {
	id := uint64(0)
	for i := range z {
		id += 1 << (2 * i)
	}
	return id + curve(z, x, y)
}

func curve(z, x, y int) uint64 {
	if z == 0 {
		return 0
	}
	half := 1 << (z - 1)
	quarter := uint64(half * half)
	switch {
	case x < half && y < half:
		return curve(z-1, y, x)
	case x < half:
		return quarter + curve(z-1, x, y-half)
	case y >= half:
		return 2*quarter + curve(z-1, x-half, y-half)
	default:
		return 3*quarter + curve(z-1, half-1-y, 2*half-1-x)
	}
}

func TestCurveAsPublished(t *testing.T) {
	for tile, want := range map[[3]int]uint64{{0, 0, 0}: 0, {1, 0, 0}: 1, {1, 0, 1}: 2, {1, 1, 1}: 3, {1, 1, 0}: 4, {2, 0, 0}: 5, {12, 3423, 1763}: 19078479} {
		if got := idOf(tile[0], tile[1], tile[2]); got != want {
			t.Errorf("%v is %d, not %d", tile, got, want)
		}
	}
}

// An archive holds every tile that shows something, those alike once, and says what it holds.
func TestArchive(t *testing.T) {
	box := shape.Box{Min: origin, Max: crs.Point{Lon: origin.Lon + 1_200_000, Lat: origin.Lat + 1_200_000}}
	doc := tiles.JSON("a town", nil, 8, 15, box)
	doc.Add("cells", map[string]string{"code": "String"})
	draw := func(_ context.Context, at tiles.Tile) ([]byte, error) {
		switch {
		case (at.X+at.Y)%5 == 0:
			return nil, nil
		case at.Z == 14:
			return []byte("all alike"), nil
		}
		return fmt.Appendf(nil, "tile %d %d %d", at.Z, at.X, at.Y), nil
	}
	var out bytes.Buffer
	done := 0
	if err := tiles.WriteArchive(t.Context(), &out, doc, box, draw, func(d, total int) { done = d }); err != nil {
		t.Fatal(err)
	}
	r := reader{t, out.Bytes()}
	if string(r.bytes[:8]) != "PMTiles\x03" || r.bytes[96] != 1 || r.bytes[97] != 2 || r.bytes[98] != 2 || r.bytes[99] != 1 || r.bytes[100] != 8 || r.bytes[101] != 15 {
		t.Fatalf("head %x", r.bytes[:127])
	}
	if int32(binary.LittleEndian.Uint32(r.bytes[102:])) != int32(box.Min.Lon) || int32(binary.LittleEndian.Uint32(r.bytes[114:])) != int32(box.Max.Lat) {
		t.Error("the archive lies elsewhere")
	}
	var meta struct {
		Name         string
		VectorLayers []tiles.VectorLayer `json:"vector_layers"`
	}
	if err := json.Unmarshal(r.unpack(r.part(24)), &meta); err != nil || meta.Name != "a town" || len(meta.VectorLayers) != 1 {
		t.Errorf("%v %+v", err, meta)
	}
	all := tiles.Covering(box, 8, 15)
	shown, alike := 0, map[string]bool{}
	for _, a := range all {
		want, _ := draw(t.Context(), tiles.Tile{Z: a[0], X: a[1], Y: a[2]})
		if got := r.tile(r.part(8), idOf(a[0], a[1], a[2])); !bytes.Equal(got, want) {
			t.Fatalf("%v is %q, not %q", a, got, want)
		}
		if len(want) > 0 {
			shown++
			alike[string(want)] = true
		}
	}
	if r.number(72) != uint64(shown) || r.number(88) != uint64(len(alike)) || done != len(all) {
		t.Errorf("%d tiles with %d contents are said, %d done; there are %d of %d, %d alike", r.number(72), r.number(88), done, shown, len(all), len(alike))
	}
	if got := r.tile(r.part(8), idOf(15, 0, 0)); got != nil {
		t.Errorf("a tile far off is %q", got)
	}

	var again bytes.Buffer
	if err := tiles.WriteArchive(t.Context(), &again, doc, box, draw, func(int, int) {}); err != nil || !bytes.Equal(out.Bytes(), again.Bytes()) {
		t.Errorf("written again it differs: %v", err)
	}
	broken := errors.New("broken")
	err := tiles.WriteArchive(t.Context(), io.Discard, doc, box, func(_ context.Context, at tiles.Tile) ([]byte, error) {
		if at.Z == 12 {
			return nil, broken
		}
		return []byte{1}, nil
	}, func(int, int) {})
	if !errors.Is(err, broken) {
		t.Errorf("%v", err)
	}
}
