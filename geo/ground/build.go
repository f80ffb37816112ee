package ground

import (
	"context"
	"slices"
	"sync"
	"sync/atomic"
)

// Stage names what a build is at, for a progress bar.
type Stage string

// The stages. Sectors come again when oversized blocks are divided.
const (
	Covering Stage = "coverage"
	Sectors  Stage = "sectors"
	Joining  Stage = "joining"
)

// Build makes the ground of a scope. progress may be nil; it is called from one goroutine at a time.
//
// The error is ctx's, a *Refusal for a scope that cannot be built, or a *Faulty, which is a mistake of this package: then
// the ground would break its promises and nothing is returned. The cost is O(n log n) for n corners and crossings; memory
// is that of the result and of Options.Workers sectors.
func Build(ctx context.Context, in Input, options Options, progress func(stage Stage, done, total int)) (*Ground, error) {
	if progress == nil {
		progress = func(Stage, int, int) {}
	}
	progress(Covering, 0, 1)
	t, c, err := prepare(ctx, in, options)
	if err != nil {
		return nil, err
	}
	progress(Covering, 1, 1)
	w := newWorks(t, progress)
	if err := w.run(ctx); err != nil {
		return nil, err
	}
	progress(Joining, 0, 1)
	g := join(t, c, w)
	sorted := t.in // what else there is of the town may go
	if faults := Check(g, &sorted); len(faults) > 0 {
		return nil, &Faulty{faults}
	}
	progress(Joining, 1, 1)
	return g, ctx.Err()
}

// works makes the sectors until no line is to be added and all rims agree.
type works struct {
	*town
	groups   [][]int32 // parents made together; rising by the first
	made     []*sectorResult
	tried    []remedy // by parent
	sectors  int
	progress func(stage Stage, done, total int)
}

func newWorks(t *town, progress func(Stage, int, int)) *works {
	w := &works{town: t, progress: progress, tried: make([]remedy, len(t.in.Parents))}
	for p := range t.in.Parents {
		w.groups = append(w.groups, []int32{int32(p)})
	}
	w.made = make([]*sectorResult, len(w.groups))
	return w
}

// mostRounds ends the work on a sector that finds something to mend each time.
const mostRounds = 12

func (w *works) run(ctx context.Context) error {
	for range mostRounds {
		if err := w.make(ctx); err != nil {
			return err
		}
		changed := w.collect()
		if len(changed) == 0 && !w.join() {
			return nil
		}
		for i, g := range w.groups {
			if slices.ContainsFunc(g, func(p int32) bool { _, ok := slices.BinarySearch(changed, p); return ok }) {
				w.made[i] = nil
			}
		}
	}
	return w.make(ctx)
}

// make makes the sectors that are not made.
func (w *works) make(ctx context.Context) error {
	var todo []int
	for i := range w.groups {
		if w.made[i] == nil {
			todo = append(todo, i)
		}
	}
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var next atomic.Int64
	var done int
	var saying sync.Mutex
	var workers sync.WaitGroup
	for range min(w.options.Workers, len(todo)) {
		workers.Go(func() {
			for {
				n := int(next.Add(1)) - 1
				if n >= len(todo) || ctx.Err() != nil {
					return
				}
				r, err := w.sector(ctx, w.groups[todo[n]])
				if err != nil {
					cancel(err)
					return
				}
				w.made[todo[n]] = r
				saying.Lock()
				done++
				w.progress(Sectors, done, len(todo))
				saying.Unlock()
			}
		})
	}
	workers.Wait()
	w.sectors += len(todo)
	return context.Cause(ctx)
}

// sector makes one sector.
func (w *works) sector(ctx context.Context, parents []int32) (*sectorResult, error) {
	s := &sector{town: w.town, parents: parents}
	if err := s.arrange(ctx); err != nil {
		return nil, err
	}
	s.read()
	s.cluster()
	s.standIn()
	s.weigh()
	s.divide()
	s.merge()
	s.finish()
	tried := untried
	for _, p := range parents {
		tried = max(tried, w.tried[p])
	}
	s.result.extra, s.result.tried = s.relieve(tried)
	for _, p := range parents {
		if s.lineless(p) {
			s.result.tellOfNoLines(p, s)
		}
	}
	r := s.result // a copy, that the arrangement may go
	return &r, nil
}

// collect takes over the lines and halos the sectors asked for and returns the parents that are to be made again, rising.
func (w *works) collect() (changed []int32) {
	first := len(w.segments)
	for i, r := range w.made {
		for _, p := range w.groups[i] {
			w.tried[p] = r.tried
		}
		w.segments = append(w.segments, r.extra...)
		r.extra = nil
		for _, b := range r.cut {
			switch {
			case w.halos[b] == nil:
				changed = append(changed, w.giveHalo(b)...)
			case !w.glued[b]:
				w.glued[b] = true
				changed = append(changed, w.parentsNearHalo(b)...)
			}
		}
	}
	if len(w.segments) > first {
		changed = append(changed, w.admit(first)...)
	}
	return once(changed)
}

// join puts parents together whose rims do not agree, and reports whether there were any.
func (w *works) join() bool {
	apart := disagreeing(w.made)
	if len(apart) == 0 {
		return false
	}
	at := make([]int, len(w.in.Parents)) // by parent: its group
	for i, g := range w.groups {
		for _, p := range g {
			at[p] = i
		}
	}
	for _, pair := range apart {
		a, b := at[pair[0]], at[pair[1]]
		if a == b {
			continue
		}
		for _, p := range w.groups[max(a, b)] {
			at[p] = min(a, b)
		}
		w.groups[min(a, b)] = append(w.groups[min(a, b)], w.groups[max(a, b)]...)
		slices.Sort(w.groups[min(a, b)])
		w.groups[max(a, b)] = nil
		w.made[min(a, b)] = nil
	}
	kept := 0
	for i, g := range w.groups {
		if g != nil {
			w.groups[kept], w.made[kept] = g, w.made[i]
			kept++
		}
	}
	w.groups, w.made = w.groups[:kept], w.made[:kept]
	return true
}
