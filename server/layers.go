package server

import (
	"context"
	"sync"
	"sync/atomic"
	"time"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/sql/postgis"
	"gridwright/tiles"
)

// layers keep the layers of the ground in memory as tiles show them. Whoever changes a layer, through this server, another one or the
// database itself, leaves a note there (migration 0005): while the server hears of new notes, what it keeps is a moment behind at most,
// and while it does not it looks for notes before every answer. A note names what the server has not seen by the database's own
// snapshots, so that none is missed, whatever became of the connection.
type layers struct {
	store   *postgis.Store
	hearing atomic.Bool
	mu      sync.Mutex
	open    map[string]*layer
	seen    postgis.Seen // all of open are at least as new; "" before the first look
	looked  time.Time    // when that was
	version uint64       // given to the last change
}

// layer is one layer in memory. Its set and its version change under its own locks, the set first: what is drawn is never older than
// the version it is kept under.
type layer struct {
	loading sync.Once
	err     error
	set     *tiles.Set // nil for one too large: the database draws it
	mu      sync.RWMutex
	version uint64 // of what no later change has touched
	changed map[tiles.Tile]uint64
	within  map[tiles.Tile]uint64 // of all tiles under these
}

// The largest layer kept in memory, in things and in bytes.
const (
	maxDrawn      = 600_000
	maxDrawnBytes = 512 << 20
)

// forgotten is when a server that has not looked must take everything anew: notes are kept for a day.
const forgotten = 12 * time.Hour

func newLayers(store *postgis.Store) *layers {
	return &layers{store: store, open: map[string]*layer{}}
}

// listen hears of changes until ctx ends or the connection is lost.
func (ls *layers) listen(ctx context.Context) error {
	defer ls.hearing.Store(false)
	if err := ls.store.ForgetLayerChanges(ctx); err != nil {
		return err
	}
	var failed error
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	err := ls.store.ListenToLayers(ctx, func() {
		if err := ls.catchUp(ctx); err != nil {
			failed = err
			stop()
			return
		}
		ls.hearing.Store(true)
	})
	if failed != nil {
		return failed
	}
	return err
}

// get returns a layer as it is in the database.
func (ls *layers) get(ctx context.Context, name string) (*layer, error) {
	if !ls.hearing.Load() {
		if err := ls.catchUp(ctx); err != nil {
			return nil, err
		}
	}
	ls.mu.Lock()
	l := ls.open[name]
	if l == nil {
		ls.version++
		l = &layer{version: ls.version, changed: map[tiles.Tile]uint64{}, within: map[tiles.Tile]uint64{}}
		ls.open[name] = l
	}
	ls.mu.Unlock()
	// One loads it for all who ask; the reader who came first may leave.
	l.loading.Do(func() { l.err = l.load(context.WithoutCancel(ctx), ls.store, name) })
	if l.err != nil {
		ls.mu.Lock()
		if ls.open[name] == l {
			delete(ls.open, name)
		}
		ls.mu.Unlock()
	}
	return l, l.err
}

// catchUp takes over what changed since the last look.
func (ls *layers) catchUp(ctx context.Context) error {
	ls.mu.Lock()
	defer ls.mu.Unlock()
	if ls.seen == "" || time.Since(ls.looked) > forgotten {
		seen, err := ls.store.LayersSeen(ctx)
		if err == nil {
			ls.open, ls.seen, ls.looked = map[string]*layer{}, seen, time.Now()
		}
		return err
	}
	changes, now, err := ls.store.LayerChanges(ctx, ls.seen)
	if err != nil {
		return err
	}
	for _, c := range changes {
		if c.Layer == "*" {
			ls.open = map[string]*layer{}
		}
		l := ls.open[c.Layer]
		if l == nil {
			continue
		}
		l.loading.Do(func() { l.err = l.load(ctx, ls.store, c.Layer) }) // or wait for who does
		if c.IDs == nil || l.err != nil || l.set == nil || isCoverage(c.Layer) {
			delete(ls.open, c.Layer)
			continue
		}
		ls.version++
		if err := l.take(ctx, ls.store, c, ls.version); err != nil {
			return err
		}
	}
	ls.seen, ls.looked = now, time.Now()
	return nil
}

// isCoverage reports whether a layer's things share their borders: one that changes changes how its neighbours are drawn.
func isCoverage(layer string) bool { return layer == blockLayer || plan.Level(layer).Rank() >= 0 }

// load reads a layer whole, unless it is too large.
func (l *layer) load(ctx context.Context, store *postgis.Store, name string) error {
	n, err := store.LayerSize(ctx, name)
	if err != nil || n > maxDrawn {
		return err
	}
	set := tiles.NewSet()
	var coverage []postgis.Drawn
	fits := true
	err = store.Drawn(ctx, name, nil, func(d postgis.Drawn) {
		if isCoverage(name) {
			coverage = append(coverage, d)
		} else if fits = fits && set.Bytes() < maxDrawnBytes; fits {
			set.Put(drawnFeature(name, d, nil))
		}
	})
	if err != nil || !fits {
		return err
	}
	shapes := make([]shape.MultiPolygon, len(coverage))
	for i, d := range coverage {
		shapes[i] = d.Geometry.Shape
	}
	ranks := tiles.RankCoverage(shapes...)
	for _, d := range coverage {
		set.Put(drawnFeature(name, d, ranks))
	}
	l.set = set
	return nil
}

// take reads the things of a change anew and notes which tiles show what is new or is no more.
func (l *layer) take(ctx context.Context, store *postgis.Store, c postgis.LayerChange, version uint64) error {
	var touched []*tiles.Drawing
	there := map[int64]bool{}
	err := store.Drawn(ctx, c.Layer, c.IDs, func(d postgis.Drawn) {
		there[d.ID] = true
		touched = append(touched, l.set.Of(uint64(d.ID)))
		f := drawnFeature(c.Layer, d, nil)
		l.set.Put(f)
		touched = append(touched, f.Drawing)
	})
	if err != nil {
		return err
	}
	for _, id := range c.IDs {
		if !there[id] {
			touched = append(touched, l.set.Of(uint64(id)))
			l.set.Remove(uint64(id))
		}
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, d := range touched {
		if d != nil {
			l.touch(d, version)
		}
	}
	return nil
}

// touch notes that all tiles which show a drawing have changed: one by one, or where they are many all under those that are few.
func (l *layer) touch(d *tiles.Drawing, version uint64) {
	const few = 64
	var under []tiles.Tile
	for z := range tiles.MaxZoom {
		shown := d.Tiles(z, few)
		if shown == nil {
			for _, t := range under {
				l.within[t] = version
			}
			return
		}
		for _, t := range shown {
			l.changed[t] = version
		}
		under = shown
	}
	for _, t := range under { // and what is deeper still
		l.within[t] = version
	}
}

// versionOf returns the version of what a tile shows.
func (l *layer) versionOf(t tiles.Tile) uint64 {
	l.mu.RLock()
	defer l.mu.RUnlock()
	v := max(l.version, l.changed[t])
	if len(l.within) == 0 {
		return v
	}
	for ; t.Z >= 0; t = (tiles.Tile{Z: t.Z - 1, X: t.X / 2, Y: t.Y / 2}) {
		v = max(v, l.within[t])
	}
	return v
}

// drawnFeature makes a thing of a layer ready for tiles. The ranks are those of a coverage; what is none is simplified by itself.
func drawnFeature(layer string, d postgis.Drawn, ranks tiles.Ranks) tiles.Feature {
	f := tiles.Feature{ID: uint64(d.ID)}
	switch g := d.Geometry; {
	case len(g.Shape) > 0 && ranks == nil:
		f.Drawing = tiles.Draw(g.Shape, tiles.RankCoverage(g.Shape))
	case len(g.Shape) > 0:
		f.Drawing = tiles.Draw(g.Shape, ranks)
	case len(g.Lines) > 0:
		lines := make([][]crs.Point, len(g.Lines))
		for i, l := range g.Lines {
			lines[i] = l
		}
		f.Drawing = tiles.DrawLines(lines, tiles.RankLines(lines))
	case len(g.Points) > 0:
		f.Drawing = tiles.DrawPoint(g.Points[0])
	}
	for i, key := range textsOf(layer) {
		f.Attributes = append(f.Attributes, tiles.Attribute{Key: key, Value: d.Texts[i]})
	}
	if layer == borderLayer {
		f.Attributes = append(f.Attributes, tiles.Attribute{Key: "walk", Value: d.Walk})
	}
	return f
}

// smallest is how many steps of a tile a thing of the raw ground must be wide or high to be drawn: half a pixel of a map that shows a
// tile on 512 of them.
const smallest = 4

// draw draws a tile of a layer.
func (ls *layers) draw(ctx context.Context, l *layer, name string, t tiles.Tile) ([]byte, error) {
	if t.Z < firstZoom(name) {
		return nil, nil
	}
	if l.set == nil {
		return ls.fromDatabase(ctx, name, t)
	}
	steps := 0
	if plan.Layer(name).Rank() >= 0 {
		steps = smallest
	}
	return tiles.Encode(t, []tiles.Layer{{Name: name, Features: l.set.In(t, steps)}}), nil
}

// firstZoom returns the zoom from which a layer's things can be told apart.
func firstZoom(layer string) int {
	switch plan.Layer(layer) {
	case plan.BuildingLayer, plan.OrganisationLayer, plan.WallLayer:
		return 13
	}
	return minZoom
}
