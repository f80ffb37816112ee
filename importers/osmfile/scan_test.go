package osmfile

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"google.golang.org/protobuf/encoding/protowire"

	"gridwright/geo/crs"
	"gridwright/importers"
	"gridwright/plan"
)

// message builds a protobuf message.
type message []byte

func (m message) bytes(n protowire.Number, b []byte) message {
	return protowire.AppendBytes(protowire.AppendTag(m, n, protowire.BytesType), b)
}

func (m message) number(n protowire.Number, v uint64) message {
	return protowire.AppendVarint(protowire.AppendTag(m, n, protowire.VarintType), v)
}

func numbers(vs ...uint64) (b []byte) {
	for _, v := range vs {
		b = protowire.AppendVarint(b, v)
	}
	return b
}

// differences writes numbers the way PBF does: each less the one before.
func differences(vs ...int64) (b []byte) {
	last := int64(0)
	for _, v := range vs {
		b = protowire.AppendVarint(b, protowire.EncodeZigZag(v-last))
		last = v
	}
	return b
}

// frame writes a block, packed.
func frame(kind string, raw []byte) []byte {
	var z bytes.Buffer
	w := zlib.NewWriter(&z)
	_, _ = w.Write(raw)
	_ = w.Close()
	return framed(kind, message(nil).number(2, uint64(len(raw))).bytes(3, z.Bytes()))
}

func framed(kind string, blob []byte) []byte {
	head := message(nil).bytes(1, []byte(kind)).number(3, uint64(len(blob)))
	return append(append(binary.BigEndian.AppendUint32(nil, uint32(len(head))), head...), blob...)
}

func header(features ...string) []byte {
	box := message(nil)
	for n, side := range []int64{105e9, 106e9, 38e9, 37e9} {
		box = box.number(protowire.Number(n+1), protowire.EncodeZigZag(side))
	}
	m := message(nil).bytes(1, box)
	for _, f := range append([]string{"OsmSchema-V0.6", "DenseNodes"}, features...) {
		m = m.bytes(4, []byte(f))
	}
	return frame("OSMHeader", m)
}

// block writes a block of one group.
func block(group message, texts ...string) []byte {
	table := message(nil)
	for _, s := range texts {
		table = table.bytes(1, []byte(s))
	}
	return frame("OSMData", message(nil).bytes(1, table).bytes(2, group))
}

var (
	texts = []string{"", "highway", "primary", "name", "东街", "somebody"}
	dense = message(nil).bytes(1, differences(1, 2)).bytes(5, message(nil).bytes(1, numbers(1, 1)).bytes(5, differences(5, 5))).
		bytes(8, differences(370000000, 370000000)).bytes(9, differences(1050000000, 1051000000)).bytes(10, numbers(0, 0))
	road = message(nil).number(1, 7).bytes(2, numbers(1, 3)).bytes(3, numbers(2, 4)).bytes(4, message(nil).number(5, 5)).bytes(8, differences(1, 2))
	rel  = message(nil).number(1, 8).bytes(2, numbers(1)).bytes(3, numbers(2)).bytes(8, numbers(0)).bytes(9, differences(7)).bytes(10, numbers(1))
	// group holds two nodes, a road and a relation.
	group = message(nil).bytes(2, dense).bytes(3, road).bytes(4, rel)
)

func small() []byte { return append(header(), block(group, texts...)...) }

func read(ctx context.Context, file []byte) (*Extract, error) {
	return Read(ctx, func() (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(file)), nil }, nil, nil)
}

func TestASmallPBF(t *testing.T) {
	x, err := read(t.Context(), small())
	if err != nil {
		t.Fatal(err)
	}
	f := x.Features[0]
	want := []crs.Point{{Lon: 1050000000, Lat: 370000000}, {Lon: 1051000000, Lat: 370000000}}
	if len(x.Features) != 1 || f.Code != "w7" || f.Name != "东街" || f.Class != "primary" || f.Layer != plan.RoadLayer ||
		f.Lines[0][0] != want[0] || f.Lines[0][1] != want[1] || x.Elements != 4 {
		t.Errorf("%+v", x)
	}
	if b := x.Bounds; b == nil || b.Min != (crs.Point{Lon: 1050000000, Lat: 370000000}) || b.Max != (crs.Point{Lon: 1060000000, Lat: 380000000}) {
		t.Errorf("bounds %v", b)
	}
}

// A block the decoder would fall over is refused before it comes there.
func TestUnsoundBlocksAreRefused(t *testing.T) {
	with := func(n protowire.Number, m message) []byte {
		return append(header(), block(message(nil).bytes(n, m), texts...)...)
	}
	bomb := frame("OSMData", make([]byte, maxRaw+1))
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"a key beyond the table":      {with(3, message(nil).number(1, 7).bytes(2, numbers(6)).bytes(3, numbers(0))), "osm.damaged"},
		"a value beyond the table":    {with(3, message(nil).number(1, 7).bytes(2, numbers(0)).bytes(3, numbers(1<<40))), "osm.damaged"},
		"a user beyond the table":     {with(3, message(nil).bytes(4, message(nil).number(5, 6))), "osm.damaged"},
		"a user before the table":     {with(2, message(nil).bytes(5, message(nil).bytes(5, differences(-1)))), "osm.damaged"},
		"a tag of a node beyond":      {with(2, message(nil).bytes(10, numbers(1, 9, 0))), "osm.damaged"},
		"a role beyond the table":     {with(4, message(nil).bytes(8, numbers(9)).bytes(9, differences(1)).bytes(10, numbers(1))), "osm.damaged"},
		"more roles than members":     {with(4, message(nil).bytes(8, numbers(0, 0)).bytes(9, differences(1)).bytes(10, numbers(1))), "osm.damaged"},
		"more longitudes than nodes":  {with(3, message(nil).bytes(8, differences(1)).bytes(10, differences(1, 2))), "osm.damaged"},
		"nodes twice":                 {with(3, message(nil).bytes(8, differences(1)).bytes(8, differences(1, 2))), "osm.damaged"},
		"nodes that are no list":      {with(3, message(nil).number(8, 5)), "osm.damaged"},
		"plain nodes":                 {with(1, message(nil).number(1, 7)), "osm.plain_nodes"},
		"a group":                     {append(header(), frame("OSMData", []byte{0x13, 0x14})...), "osm.damaged"},
		"two tables":                  {append(header(), frame("OSMData", message(nil).bytes(1, nil).bytes(1, nil))...), "osm.damaged"},
		"a length that is a lie":      {append(header(), 0x7f, 0xff, 0xff, 0xff), "osm.damaged"},
		"a blob that never comes":     {append(header(), framed("OSMData", make([]byte, 100))[:40]...), "osm.truncated"},
		"a blob of another packing":   {append(header(), framed("OSMData", message(nil).bytes(7, []byte{1}))...), "osm.compression"},
		"a blob of nothing":           {append(header(), framed("OSMData", message(nil).number(2, 5))...), "osm.damaged"},
		"a blob that is not zlib":     {append(header(), framed("OSMData", message(nil).bytes(3, []byte("zip")))...), "osm.damaged"},
		"a bomb":                      {append(header(), bomb...), "osm.damaged"},
		"a file with its history":     {header("HistoricalInformation"), "osm.history"},
		"a file from the future":      {header("Quantum"), "osm.feature"},
		"a header without a file":     {header(), "file.no_rows"},
		"a node nowhere":              {append(header(), block(message(nil).bytes(2, message(nil).bytes(1, differences(1)).bytes(8, differences(910000000)).bytes(9, differences(0))).bytes(3, road), texts...)...), "osm.nowhere"},
		"another kind of file":        {[]byte("PK\x03\x04 and so on"), "osm.not"},
		"nothing":                     {nil, "file.empty"},
		"XML that is no OSM":          {[]byte("<?xml version='1.0'?><gpx/>"), "osm.not"},
		"changes":                     {[]byte("<osmChange version='0.6'/>"), "osm.not"},
		"an element without an end":   {[]byte("<osm><way id='1'"), "osm.truncated"},
		"a place that is no number":   {[]byte("<osm><node id='1' lat='north' lon='1'/></osm>"), "osm.value"},
		"a place that is not a place": {[]byte("<osm><node id='1' lat='NaN' lon='1'/><way id='1'><nd ref='1'/><tag k='highway' v='primary'/></way></osm>"), "osm.nowhere"},
	} {
		t.Run(name, func(t *testing.T) {
			x, err := read(t.Context(), c.file)
			if fault, ok := errors.AsType[*importers.Fault](err); !ok || fault.Key != c.key || x != nil {
				t.Errorf("got %v, want %s", err, c.key)
			}
		})
	}
}

// A file cut off anywhere is refused, but between two blocks: there nobody can tell.
func TestTruncatedPBFIsRefused(t *testing.T) {
	whole := small()
	for n := range whole {
		_, err := read(t.Context(), whole[:n])
		if _, ok := errors.AsType[*importers.Fault](err); !ok {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestAnElementMayNotSwallowTheFile(t *testing.T) {
	for head, tail := range map[string]string{"<osm><way id='1'>": "<nd ref='1'/>                                        ", "<osm><way id='": "1111"} {
		open := func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(strings.NewReader(head), endless(tail))), nil
		}
		_, err := Read(t.Context(), open, nil, nil)
		if fault, ok := errors.AsType[*importers.Fault](err); !ok || fault.Key != "json.feature_too_long" {
			t.Error(err)
		}
	}
}

// endless says one thing for ever.
func endless(s string) io.Reader { return &again{text: strings.Repeat(s, 5000)} }

type again struct {
	text string
	at   int
}

func (a *again) Read(p []byte) (int, error) {
	n := copy(p, a.text[a.at:])
	a.at = (a.at + n) % len(a.text)
	return n, nil
}

func TestErrorsOfTheDiskAreNoFaults(t *testing.T) {
	gone := errors.New("the disk is gone")
	for _, head := range [][]byte{header(), []byte(strings.Repeat(" ", 600) + "<osm>")[600:]} {
		open := func() (io.ReadCloser, error) {
			return io.NopCloser(io.MultiReader(bytes.NewReader(head), strings.NewReader(strings.Repeat("\x00", 0)), iotest.ErrReader(gone))), nil
		}
		_, err := Read(t.Context(), open, nil, nil)
		if !errors.Is(err, gone) {
			t.Errorf("after %q: %v", head[:8], err)
		}
	}
}

func TestReadingCanBeCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, file := range [][]byte{small(), []byte("<osm><node id='1' lat='1' lon='1'/></osm>")} {
		if _, err := read(ctx, file); !errors.Is(err, context.Canceled) {
			t.Error(err)
		}
	}
}

// Whatever the bytes are, the answer is an extract or a sentence.
func FuzzRead(f *testing.F) {
	f.Add(small())
	f.Add([]byte("<osm><node id='1' lat='1' lon='2'/><node id='2' lat='1' lon='3'/><way id='1'><nd ref='1'/><nd ref='2'/><tag k='highway' v='primary'/></way></osm>"))
	f.Fuzz(func(t *testing.T, file []byte) { readAnything(t, file) })
}

// FuzzBlock changes the block itself, which the packing hides from FuzzRead.
func FuzzBlock(f *testing.F) {
	table := message(nil)
	for _, s := range texts {
		table = table.bytes(1, []byte(s))
	}
	f.Add([]byte(message(nil).bytes(1, table).bytes(2, group)))
	f.Add([]byte(message(nil).bytes(1, table).bytes(2, message(nil).bytes(3, road.bytes(9, differences(1, 2)).bytes(10, differences(1, 2))))))
	f.Fuzz(func(t *testing.T, raw []byte) {
		readAnything(t, append(header(), framed("OSMData", message(nil).bytes(1, raw))...))
	})
}

func readAnything(t *testing.T, file []byte) {
	x, err := read(t.Context(), file)
	if err != nil {
		if _, ok := errors.AsType[*importers.Fault](err); !ok {
			t.Fatalf("an error that is no fault: %v", err)
		}
		return
	}
	for _, f := range x.Features {
		if f.Code == "" || f.Layer.Rank() < 0 || f.Geometry.Box().IsEmpty() {
			t.Fatalf("%+v", f)
		}
	}
}
