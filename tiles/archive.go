package tiles

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"io"
	"os"
	"runtime"
	"slices"

	"github.com/klauspost/compress/gzip"
	"golang.org/x/sync/errgroup"

	"gridwright/geo/shape"
)

// WriteArchive writes the tiles of a box as a PMTiles archive (version 3 of the specification): one file that a map reads by ranges,
// without a server. doc says what is in it, with its zooms; draw returns a tile, empty where it shows nothing, and is called by several
// at a time; progress is told how many of all tiles are done. Equal tiles are stored once, and equal input gives equal bytes.
func WriteArchive(ctx context.Context, w io.Writer, doc *TileJSON, box shape.Box, draw func(context.Context, Tile) ([]byte, error), progress func(done, total int)) error {
	content, err := os.CreateTemp("", "gridwright-archive-")
	if err != nil {
		return err
	}
	defer os.Remove(content.Name())
	defer content.Close()
	a := archive{content: content, at: map[[sha256.Size]byte]entry{}}
	if err := a.drawAll(ctx, doc, box, draw, progress); err != nil {
		return err
	}
	if err := a.writeHead(w, doc, box); err != nil {
		return err
	}
	if _, err := content.Seek(0, io.SeekStart); err != nil {
		return err
	}
	_, err = io.Copy(w, content)
	return err
}

// archive is one being made.
type archive struct {
	content   *os.File
	entries   []entry
	at        map[[sha256.Size]byte]entry // where a tile lies, by the hash of what it shows
	length    uint64                      // of the content so far
	addressed uint64                      // tiles that show something
}

// entry is a line of a directory: a run of tiles with one content, or where a run is 0 a directory of its own.
type entry struct {
	id, offset  uint64
	length, run uint32
}

// drawn is a tile that is done.
type drawn struct {
	id     uint64
	packed []byte
	sum    [sha256.Size]byte
}

// drawAll draws the tiles in the order of the archive, some at a time on all cores.
func (a *archive) drawAll(ctx context.Context, doc *TileJSON, box shape.Box, draw func(context.Context, Tile) ([]byte, error), progress func(done, total int)) error {
	all := Covering(box, doc.MinZoom, doc.MaxZoom)
	ids := make([]uint64, len(all))
	byID := make(map[uint64]Tile, len(all))
	for i, t := range all {
		ids[i] = archiveID(Tile{t[0], t[1], t[2]})
		byID[ids[i]] = Tile{t[0], t[1], t[2]}
	}
	slices.Sort(ids)
	const atOnce = 256
	for start := 0; start < len(ids); start += atOnce {
		some := make([]drawn, min(atOnce, len(ids)-start))
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(runtime.GOMAXPROCS(0))
		for i := range some {
			group.Go(func() error {
				tile, err := draw(ctx, byID[ids[start+i]])
				if err != nil || len(tile) == 0 {
					return err
				}
				some[i] = drawn{ids[start+i], packed(tile), sha256.Sum256(tile)}
				return ctx.Err()
			})
		}
		if err := group.Wait(); err != nil {
			return err
		}
		for _, d := range some {
			if d.packed != nil {
				if err := a.add(d); err != nil {
					return err
				}
			}
		}
		progress(start+len(some), len(ids))
	}
	return nil
}

func (a *archive) add(d drawn) error {
	a.addressed++
	e, had := a.at[d.sum]
	if !had {
		if _, err := a.content.Write(d.packed); err != nil {
			return err
		}
		e = entry{offset: a.length, length: uint32(len(d.packed))}
		a.length += uint64(len(d.packed))
		a.at[d.sum] = e
	}
	if n := len(a.entries); n > 0 {
		if last := &a.entries[n-1]; last.offset == e.offset && last.id+uint64(last.run) == d.id {
			last.run++
			return nil
		}
	}
	e.id, e.run = d.id, 1
	a.entries = append(a.entries, e)
	return nil
}

const (
	headBytes = 127
	rootBytes = 16384 - headBytes // a reader fetches so much at first
)

// writeHead writes everything but the content: the header, the root directory, what is said of the archive, and the leaf directories.
func (a *archive) writeHead(w io.Writer, doc *TileJSON, box shape.Box) error {
	said, err := json.Marshal(map[string]any{"name": doc.Name, "format": "pbf", "vector_layers": doc.VectorLayers})
	if err != nil {
		return err
	}
	meta := packed(said)
	root, leaves := a.directories()
	head := append(make([]byte, 0, headBytes), "PMTiles\x03"...)
	offset := uint64(headBytes)
	for _, length := range []int{len(root), len(meta), len(leaves)} {
		head = binary.LittleEndian.AppendUint64(head, offset)
		head = binary.LittleEndian.AppendUint64(head, uint64(length))
		offset += uint64(length)
	}
	for _, n := range []uint64{offset, a.length, a.addressed, uint64(len(a.entries)), uint64(len(a.at))} {
		head = binary.LittleEndian.AppendUint64(head, n)
	}
	const clustered, packedByGzip, vectorTiles = 1, 2, 1
	head = append(head, clustered, packedByGzip, packedByGzip, vectorTiles, byte(doc.MinZoom), byte(doc.MaxZoom))
	if box.IsEmpty() {
		box = shape.Box{}
	}
	corner := func(lon, lat int64) {
		head = binary.LittleEndian.AppendUint32(head, uint32(int32(lon)))
		head = binary.LittleEndian.AppendUint32(head, uint32(int32(lat)))
	}
	west, south, east, north := int64(box.Min.Lon), int64(box.Min.Lat), int64(box.Max.Lon), int64(box.Max.Lat) // both count 1e-7 degree
	corner(west, south)
	corner(east, north)
	head = append(head, byte((doc.MinZoom+doc.MaxZoom)/2))
	corner((west+east)/2, (south+north)/2)
	for _, part := range [][]byte{head, root, meta, leaves} {
		if _, err := w.Write(part); err != nil {
			return err
		}
	}
	return nil
}

// directories returns the root directory, and the leaves it leads to where it cannot hold all entries.
func (a *archive) directories() (root, leaves []byte) {
	if root = directory(a.entries); len(root) <= rootBytes {
		return root, nil
	}
	for size := 4096; ; size *= 2 {
		var to []entry
		leaves = nil
		for some := range slices.Chunk(a.entries, size) {
			leaf := directory(some)
			to = append(to, entry{id: some[0].id, offset: uint64(len(leaves)), length: uint32(len(leaf))})
			leaves = append(leaves, leaf...)
		}
		if root = directory(to); len(root) <= rootBytes {
			return root, leaves
		}
	}
}

// directory packs entries column by column, ids as differences; an offset of 0 says that the content follows that of the entry before.
func directory(entries []entry) []byte {
	b := binary.AppendUvarint(nil, uint64(len(entries)))
	last := uint64(0)
	for _, e := range entries {
		b = binary.AppendUvarint(b, e.id-last)
		last = e.id
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.run))
	}
	for _, e := range entries {
		b = binary.AppendUvarint(b, uint64(e.length))
	}
	for i, e := range entries {
		if i > 0 && e.offset == entries[i-1].offset+uint64(entries[i-1].length) {
			b = append(b, 0)
			continue
		}
		b = binary.AppendUvarint(b, e.offset+1)
	}
	return packed(b)
}

// archiveID numbers tiles zoom by zoom, within one along Hilbert's curve, so that what lies near is stored near.
func archiveID(t Tile) uint64 {
	id := (uint64(1)<<(2*t.Z) - 1) / 3
	x, y := uint64(t.X), uint64(t.Y)
	for s := uint64(1) << t.Z >> 1; s > 0; s >>= 1 {
		east, south := x&s != 0, y&s != 0
		switch {
		case east && south:
			id += 2 * s * s
		case east:
			id += 3 * s * s
		case south:
			id += s * s
		}
		if !south {
			if east {
				x, y = s-1-x&(s-1), s-1-y&(s-1)
			}
			x, y = y, x
		}
	}
	return id
}

func packed(plain []byte) []byte {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = w.Write(plain) // a buffer takes all
	_ = w.Close()
	return b.Bytes()
}
