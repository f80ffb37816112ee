package osmfile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"sync/atomic"

	"google.golang.org/protobuf/encoding/protowire"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/importers"
	"gridwright/plan/words"
)

// The bounds of a PBF file, as https://wiki.openstreetmap.org/wiki/PBF_Format sets them. maxRaw leaves room for the
// block's own frame.
const (
	maxHeader = 64 << 10
	maxBlob   = 32 << 20
	maxRaw    = maxBlob - 64
)

// sieve passes on a PBF file block by block, unpacked, once a block is known to be sound: lengths agree, every index
// lies in the table of strings, nothing inflates beyond its bounds. The decoder behind it takes all that for granted
// and would end the program otherwise.
type sieve struct {
	r       io.Reader
	out     bytes.Buffer
	blocks  int
	bounds  *shape.Box // of the header, nil where it has none
	stopped atomic.Bool
}

var errStopped = errors.New("nobody reads on")

// Read hands out the blocks that passed.
func (s *sieve) Read(p []byte) (int, error) {
	for s.out.Len() == 0 {
		if s.stopped.Load() {
			return 0, errStopped
		}
		if err := s.block(); err != nil {
			return 0, err
		}
	}
	return s.out.Read(p)
}

func broken(key string, args words.Args) error { return &importers.Fault{Key: key, Args: args} }

// damaged is the fault of a file whose bytes do not say what they should.
func (s *sieve) damaged() error { return broken("osm.damaged", words.Args{"block": s.blocks}) }

// block reads one block. At the end of the last it returns io.EOF.
func (s *sieve) block() error {
	var size [4]byte
	if _, err := io.ReadFull(s.r, size[:]); errors.Is(err, io.EOF) {
		return io.EOF
	} else if err != nil {
		return s.short(err)
	}
	s.blocks++
	n := binary.BigEndian.Uint32(size[:])
	if n >= maxHeader {
		return s.damaged()
	}
	head, err := s.take(int64(n))
	if err != nil {
		return err
	}
	kind, length, ok := blobHeader(head)
	if !ok || length < 0 || length >= maxBlob {
		return s.damaged()
	}
	blob, err := s.take(length)
	if err != nil {
		return err
	}
	if kind != "OSMData" && !(kind == "OSMHeader" && s.blocks == 1) {
		return nil // other kinds may be passed over
	}
	raw, err := s.unpack(blob)
	if err != nil {
		return err
	}
	if kind == "OSMHeader" {
		err = s.header(raw)
	} else {
		err = s.data(raw)
	}
	if err == nil {
		s.pass(kind, raw)
	}
	return err
}

// take reads n bytes. It does not believe n before they have come.
func (s *sieve) take(n int64) ([]byte, error) {
	var b bytes.Buffer
	if _, err := io.CopyN(&b, s.r, n); err != nil {
		return nil, s.short(err)
	}
	return b.Bytes(), nil
}

// short turns the end of the file within a block into a sentence; other errors are the machine's.
func (s *sieve) short(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return broken("osm.truncated", nil)
	}
	return err
}

// pass writes a block as the decoder reads it.
func (s *sieve) pass(kind string, raw []byte) {
	blob := protowire.AppendBytes(protowire.AppendTag(nil, 1, protowire.BytesType), raw)
	head := protowire.AppendString(protowire.AppendTag(nil, 1, protowire.BytesType), kind)
	head = protowire.AppendVarint(protowire.AppendTag(head, 3, protowire.VarintType), uint64(len(blob)))
	s.out.Reset()
	s.out.Write(binary.BigEndian.AppendUint32(nil, uint32(len(head))))
	s.out.Write(head)
	s.out.Write(blob)
}

// field is one field of a message: a number, or bytes.
type field struct {
	number protowire.Number
	kind   protowire.Type
	n      uint64
	bytes  []byte
}

// fields calls visit with every field of a message and reports whether the message is sound. Groups are not.
func fields(b []byte, visit func(field) bool) bool {
	for len(b) > 0 {
		number, kind, n := protowire.ConsumeTag(b)
		if n < 0 {
			return false
		}
		b = b[n:]
		f := field{number: number, kind: kind}
		switch kind {
		case protowire.VarintType:
			f.n, n = protowire.ConsumeVarint(b)
		case protowire.BytesType:
			f.bytes, n = protowire.ConsumeBytes(b)
		case protowire.Fixed32Type:
			_, n = protowire.ConsumeFixed32(b)
		case protowire.Fixed64Type:
			_, n = protowire.ConsumeFixed64(b)
		default:
			return false
		}
		if n < 0 || !visit(f) {
			return false
		}
		b = b[n:]
	}
	return true
}

// packed calls visit with every number of a packed field and reports whether it is sound.
func packed(b []byte, visit func(uint64) bool) bool {
	for len(b) > 0 {
		v, n := protowire.ConsumeVarint(b)
		if n < 0 || !visit(v) {
			return false
		}
		b = b[n:]
	}
	return true
}

func blobHeader(b []byte) (kind string, length int64, ok bool) {
	length = -1
	ok = fields(b, func(f field) bool {
		switch {
		case f.number == 1 && f.kind == protowire.BytesType:
			kind = string(f.bytes)
		case f.number == 3 && f.kind == protowire.VarintType && f.n < maxBlob:
			length = int64(f.n)
		}
		return true
	})
	return kind, length, ok
}

// unpack returns the block in a blob.
func (s *sieve) unpack(blob []byte) (raw []byte, err error) {
	var zipped []byte
	foreign, has := false, false
	ok := fields(blob, func(f field) bool {
		if f.kind != protowire.BytesType {
			return true
		}
		switch f.number {
		case 1:
			raw, has = f.bytes, true
		case 3:
			zipped, has = f.bytes, true
		default:
			foreign = true
		}
		return true
	})
	switch {
	case !ok || !has && !foreign:
		return nil, s.damaged()
	case !has:
		return nil, broken("osm.compression", nil)
	case zipped == nil && len(raw) <= maxRaw:
		return raw, nil
	case zipped == nil:
		return nil, s.damaged()
	}
	z, err := zlib.NewReader(bytes.NewReader(zipped))
	if err != nil {
		return nil, s.damaged()
	}
	raw, err = io.ReadAll(io.LimitReader(z, maxRaw+1))
	if err != nil || len(raw) > maxRaw {
		return nil, s.damaged()
	}
	return raw, nil
}

// header looks at what a reader of the file must know, and keeps the box the extract was cut with.
func (s *sieve) header(raw []byte) error {
	var foreign string
	ok := fields(raw, func(f field) bool {
		switch {
		case f.number == 1 && f.kind == protowire.BytesType:
			s.bounds = headerBox(f.bytes)
		case f.number == 4 && f.kind == protowire.BytesType:
			if name := string(f.bytes); name != "OsmSchema-V0.6" && name != "DenseNodes" {
				foreign = name
			}
		}
		return true
	})
	switch {
	case !ok:
		return s.damaged()
	case foreign == "HistoricalInformation":
		return broken("osm.history", nil)
	case foreign != "":
		return broken("osm.feature", words.Args{"feature": importers.Excerpt(foreign)})
	}
	return nil
}

// headerBox reads a box in 1e-9 degree, nil when it is none.
func headerBox(b []byte) *shape.Box {
	var side [5]float64 // left, right, top, bottom
	seen := 0
	ok := fields(b, func(f field) bool {
		if f.number <= 4 && f.kind == protowire.VarintType {
			side[f.number] = float64(protowire.DecodeZigZag(f.n)) / 1e9
			seen |= 1 << f.number
		}
		return true
	})
	if !ok || seen != 0b11110 {
		return nil
	}
	return boxOf(side[1], side[4], side[2], side[3])
}

func boxOf(west, south, east, north float64) *shape.Box {
	low, err := crs.FromDegrees(west, south)
	high, err2 := crs.FromDegrees(east, north)
	if err != nil || err2 != nil || low.Lon > high.Lon || low.Lat > high.Lat {
		return nil
	}
	return &shape.Box{Min: low, Max: high}
}

// data looks at a block of nodes, ways and relations.
func (s *sieve) data(raw []byte) error {
	strings, tables := 0, 0
	ok := fields(raw, func(f field) bool {
		if f.number == 1 {
			tables++
			return f.kind == protowire.BytesType && tables == 1 && fields(f.bytes, func(f field) bool {
				strings++
				return f.number == 1 && f.kind == protowire.BytesType
			})
		}
		return true
	})
	if !ok {
		return s.damaged()
	}
	plain := false
	ok = fields(raw, func(f field) bool {
		if f.number != 2 {
			return f.kind == protowire.VarintType || f.number == 1 || f.number > 20
		}
		return f.kind == protowire.BytesType && fields(f.bytes, func(f field) bool {
			if f.number == 1 {
				plain = true
				return false
			}
			return f.kind == protowire.BytesType && table(strings).group(f)
		})
	})
	if plain {
		return broken("osm.plain_nodes", nil)
	}
	if !ok {
		return s.damaged()
	}
	return nil
}

// table is how many strings a block has.
type table int

// holds reports whether a number is the index of a string.
func (t table) holds(i uint64) bool { return i < uint64(t) }

// indexes reports whether all numbers of a packed field are.
func (t table) indexes(b []byte) bool { return packed(b, t.holds) }

// group looks at one entry of a group of elements.
func (t table) group(f field) bool {
	switch f.number {
	case 2:
		return t.dense(f.bytes)
	case 3:
		return t.way(f.bytes)
	case 4:
		return t.relation(f.bytes)
	}
	return true
}

func (t table) dense(b []byte) bool {
	return fields(b, func(f field) bool {
		switch f.number {
		case 1, 8, 9:
			return f.kind == protowire.BytesType && packed(f.bytes, func(uint64) bool { return true })
		case 5:
			return f.kind == protowire.BytesType && t.denseInfo(f.bytes)
		case 10:
			return f.kind == protowire.BytesType && t.indexes(f.bytes)
		}
		return true
	})
}

// denseInfo looks at the users' names, which come as differences.
func (t table) denseInfo(b []byte) bool {
	return fields(b, func(f field) bool {
		if f.number > 6 {
			return true
		}
		user := int32(0)
		return f.kind == protowire.BytesType && packed(f.bytes, func(v uint64) bool {
			user += int32(protowire.DecodeZigZag(v))
			return f.number != 5 || user >= 0 && t.holds(uint64(user)) && v <= 1<<32-1
		})
	})
}

// tagsAndInfo looks at what ways and relations have in common. It reports no for a field it does not know.
func (t table) tagsAndInfo(f field) (known, ok bool) {
	switch f.number {
	case 1:
		return true, f.kind == protowire.VarintType
	case 2, 3:
		return true, f.kind == protowire.BytesType && t.indexes(f.bytes)
	case 4:
		return true, f.kind == protowire.BytesType && fields(f.bytes, func(f field) bool {
			return f.number > 6 || f.kind == protowire.VarintType && (f.number != 5 || t.holds(f.n))
		})
	}
	return false, true
}

// length returns how many numbers a packed field has, -1 if it is not sound.
func length(f field) int {
	n := 0
	if f.kind != protowire.BytesType || !packed(f.bytes, func(uint64) bool { n++; return true }) {
		return -1
	}
	return n
}

// sameLength reports whether those of the fields that are there have as many numbers, and each is there once at most.
type sameLength map[protowire.Number]int

func (s sameLength) add(f field) bool {
	n := length(f)
	if _, twice := s[f.number]; twice || n < 0 {
		return false
	}
	for _, other := range s {
		if other != n {
			return false
		}
	}
	s[f.number] = n
	return true
}

func (t table) way(b []byte) bool {
	same := sameLength{}
	return fields(b, func(f field) bool {
		if known, ok := t.tagsAndInfo(f); known {
			return ok
		}
		return f.number < 8 || f.number > 10 || same.add(f)
	})
}

func (t table) relation(b []byte) bool {
	same := sameLength{}
	return fields(b, func(f field) bool {
		if known, ok := t.tagsAndInfo(f); known {
			return ok
		}
		if f.number == 8 && (f.kind != protowire.BytesType || !t.indexes(f.bytes)) {
			return false
		}
		return f.number < 8 || f.number > 10 || same.add(f)
	})
}
