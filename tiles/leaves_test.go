package tiles

import (
	"bytes"
	"compress/gzip"
	"encoding/binary"
	"io"
	"testing"
)

// A directory of more entries than the root may hold leads to leaves, which hold them all in order.
func TestLeaves(t *testing.T) {
	var a archive
	for i := range uint64(60_000) {
		a.entries = append(a.entries, entry{id: 3 * i, offset: i * 1000, length: uint32(7919 * i % 1000), run: 1})
	}
	root, leaves := a.directories()
	if len(root) > rootBytes || len(leaves) == 0 {
		t.Fatalf("a root of %d bytes and leaves of %d", len(root), len(leaves))
	}
	read := func(packed []byte) (entries []entry) {
		t.Helper()
		z, err := gzip.NewReader(bytes.NewReader(packed))
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(z)
		if err != nil {
			t.Fatal(err)
		}
		b := bytes.NewReader(plain)
		next := func() uint64 {
			n, err := binary.ReadUvarint(b)
			if err != nil {
				t.Fatal(err)
			}
			return n
		}
		entries = make([]entry, next())
		last := uint64(0)
		for i := range entries {
			last += next()
			entries[i].id = last
		}
		for i := range entries {
			entries[i].run = uint32(next())
		}
		for i := range entries {
			entries[i].length = uint32(next())
		}
		for i := range entries {
			if o := next(); o > 0 {
				entries[i].offset = o - 1
			} else {
				entries[i].offset = entries[i-1].offset + uint64(entries[i-1].length)
			}
		}
		return entries
	}
	var all []entry
	for _, to := range read(root) {
		some := read(leaves[to.offset : to.offset+uint64(to.length)])
		if to.run != 0 || some[0].id != to.id {
			t.Fatalf("%+v leads to what begins with %+v", to, some[0])
		}
		all = append(all, some...)
	}
	if len(all) != len(a.entries) {
		t.Fatalf("%d entries, not %d", len(all), len(a.entries))
	}
	for i, e := range all {
		if e != a.entries[i] {
			t.Fatalf("%+v, not %+v", e, a.entries[i])
		}
	}
}
