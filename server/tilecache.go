package server

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"

	"github.com/klauspost/compress/gzip"
	"github.com/maypok86/otter/v2"

	"gridwright/tiles"
)

// tileKey names what a tile shows: equal keys, equal bytes.
type tileKey struct {
	tiles.Tile
	of      string // the layer, or the tag of a plan's tile
	version uint64 // of the tile in its layer; 0 for plans
}

// keptTile is a tile as it goes out. It is immutable.
type keptTile struct {
	tag    string // strong, of the plain bytes
	packed []byte // with gzip; nil for a tile that shows nothing
}

// tileBytes bounds the memory of the tiles that are kept.
const tileBytes = 256 << 20

// tileCache keeps tiles that were drawn, the least used going first. A key holds what a tile shows, so nothing in it grows stale, and
// of several who ask for a tile at a time one draws it.
type tileCache struct {
	cache *otter.Cache[tileKey, keptTile]
}

func newTileCache() *tileCache {
	return &tileCache{otter.Must(&otter.Options[tileKey, keptTile]{
		MaximumWeight: tileBytes,
		Weigher:       func(k tileKey, t keptTile) uint32 { return uint32(200 + len(k.of) + len(t.packed)) },
	})}
}

// get returns a tile, drawn where it is not kept.
func (c *tileCache) get(ctx context.Context, key tileKey, draw func(context.Context) ([]byte, error)) (keptTile, error) {
	return c.cache.Get(ctx, key, otter.LoaderFunc[tileKey, keptTile](func(ctx context.Context, _ tileKey) (keptTile, error) {
		plain, err := draw(ctx)
		if err != nil || len(plain) == 0 {
			return keptTile{tag: contentTag(plain)}, err
		}
		packed, err := pack(plain)
		return keptTile{contentTag(plain), packed}, err
	}))
}

// writeTile answers with a tile, 204 for one that shows nothing: packed for readers who take that, under a tag that says so.
func writeTile(w http.ResponseWriter, r *http.Request, t keptTile) error {
	h := w.Header()
	h.Add("Vary", "Accept-Encoding")
	if notModified(w, r, t.tag) {
		return nil
	}
	if t.packed == nil {
		w.WriteHeader(http.StatusNoContent)
		return nil
	}
	h.Set("Content-Type", tileType)
	body := t.packed
	if acceptsGzip(r.Header.Values("Accept-Encoding")) {
		h.Set("Content-Encoding", "gzip")
		h.Set("ETag", strings.TrimSuffix(t.tag, `"`)+gzipped+`"`)
	} else {
		var err error
		if body, err = unpack(t.packed); err != nil {
			return err
		}
	}
	h.Set("Content-Length", strconv.Itoa(len(body)))
	_, err := w.Write(body)
	return err
}

// packers are used again: one holds more than most tiles.
var packers = sync.Pool{New: func() any {
	w, _ := gzip.NewWriterLevel(nil, gzip.BestSpeed) // a level there is
	return w
}}

func pack(plain []byte) ([]byte, error) {
	var packed bytes.Buffer
	w := packers.Get().(*gzip.Writer)
	defer packers.Put(w)
	w.Reset(&packed)
	if _, err := w.Write(plain); err != nil {
		return nil, err
	}
	err := w.Close()
	return packed.Bytes(), err
}

func unpack(packed []byte) ([]byte, error) {
	r, err := gzip.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(r)
}

// acceptsGzip reads the lines of an Accept-Encoding header (RFC 9110, 12.5.3).
func acceptsGzip(lines []string) bool {
	any := false
	for _, offer := range strings.Split(strings.Join(lines, ","), ",") {
		name, weight, _ := strings.Cut(offer, ";")
		_, q, weighted := strings.Cut(weight, "=")
		value, err := strconv.ParseFloat(strings.TrimSpace(q), 64)
		wanted := !weighted || err == nil && value > 0
		switch strings.ToLower(strings.TrimSpace(name)) {
		case "gzip":
			return wanted
		case "*":
			any = wanted
		}
	}
	return any
}
