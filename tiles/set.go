package tiles

import (
	"cmp"
	"slices"
	"sync"

	"github.com/tidwall/rtree"
)

// Set is the features of a layer, found by place. Several may read and change it at a time.
type Set struct {
	mu    sync.RWMutex
	tree  rtree.RTreeGN[uint32, *Feature]
	byID  map[uint64]*Feature
	bytes int
}

// NewSet returns an empty set.
func NewSet() *Set { return &Set{byID: map[uint64]*Feature{}} }

// Put adds a feature, in the place of the one that has its id. What has no drawing is not kept.
func (s *Set) Put(f Feature) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(f.ID)
	if f.Drawing == nil {
		return
	}
	r := f.Drawing.reach
	s.tree.Insert([2]uint32{r.west, r.north}, [2]uint32{r.east, r.south}, &f)
	s.byID[f.ID] = &f
	s.bytes += f.bytes()
}

// Remove takes a feature away; one that is not there is none.
func (s *Set) Remove(id uint64) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.remove(id)
}

func (s *Set) remove(id uint64) {
	f := s.byID[id]
	if f == nil {
		return
	}
	r := f.Drawing.reach
	s.tree.Delete([2]uint32{r.west, r.north}, [2]uint32{r.east, r.south}, f)
	delete(s.byID, id)
	s.bytes -= f.bytes()
}

// Of returns the drawing of a feature, nil where there is none.
func (s *Set) Of(id uint64) *Drawing {
	s.mu.RLock()
	defer s.mu.RUnlock()
	if f := s.byID[id]; f != nil {
		return f.Drawing
	}
	return nil
}

// Bytes is about how much memory the set takes.
func (s *Set) Bytes() int {
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.bytes
}

// In returns the features a tile may show, by id: points, and what is at least some steps of the tile wide or high.
func (s *Set) In(t Tile, steps int) (features []Feature) {
	shows := t.shows()
	s.mu.RLock()
	s.tree.Search([2]uint32{shows.west, shows.north}, [2]uint32{shows.east, shows.south}, func(_, _ [2]uint32, f *Feature) bool {
		if f.Drawing.kind == typePoint || f.Drawing.Steps(t.Z) >= steps {
			features = append(features, *f)
		}
		return true
	})
	s.mu.RUnlock()
	slices.SortFunc(features, func(a, b Feature) int { return cmp.Compare(a.ID, b.ID) })
	return features
}

// bytes is about how much memory a feature takes in a set.
func (f *Feature) bytes() int {
	n := f.Drawing.Bytes() + 160
	for _, a := range f.Attributes {
		n += 48
		if text, is := a.Value.(string); is {
			n += len(text)
		}
	}
	return n
}
