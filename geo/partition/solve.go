package partition

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"gridwright/geo/verify"
)

// SplitAll splits every parent of a problem. It returns a *PiecesError, *BlocksError or *ConflictError when a parent cannot be split
// so, and else a solution that geo/verify has passed. A cap on the time is no error: the solution says that it was cut short. When ctx
// ends, its error is returned, together with the best plan so far once every parent has one that keeps the rules.
func SplitAll(ctx context.Context, p Problem) (*Solution, error) {
	if err := p.validate(); err != nil {
		return nil, err
	}
	all, err := regions(&p)
	if err != nil {
		return nil, err
	}
	if p.Progress != nil {
		p.Progress(0, len(all), 0)
	}
	capped := ctx
	if p.Time > 0 {
		var cancel context.CancelFunc
		capped, cancel = context.WithTimeout(ctx, p.Time)
		defer cancel()
	}
	h := newHall(&p, all)
	if err := h.open(ctx); err != nil {
		return nil, err
	}
	if p.First != nil && h.kept() == nil {
		p.First(h.solution())
	}
	h.improve(ctx, capped)
	if err := h.kept(); err != nil {
		if ctx.Err() != nil { // it might have been found
			err = ctx.Err()
		}
		return nil, err
	}
	s := h.solution()
	if report := verify.Split(p.verifyRules(s.From), s.At); len(report.Faults) > 0 {
		return nil, fmt.Errorf("the split breaks a rule: %+v", report.Faults[0])
	}
	if ctx.Err() != nil {
		s.Stopped = StoppedCancelled
	}
	return s, ctx.Err()
}

// hall is where the parents are worked on, several at once. No parent knows of another.
type hall struct {
	p     *Problem
	jobs  []*job
	desks chan struct{} // one for each search that may run at once

	effort int          // sweeps a parent
	work   atomic.Int64 // moves that are still to be tried, for pace

	mu    sync.Mutex
	done  int
	worst float64
}

func newHall(p *Problem, all []*region) *hall {
	h := &hall{p: p, desks: make(chan struct{}, runtime.GOMAXPROCS(0)), effort: p.effort(all)}
	for _, r := range all {
		h.jobs = append(h.jobs, &job{r: r, p: p, hall: h, desks: h.desks})
	}
	for _, j := range h.jobs {
		for round := range rounds {
			h.work.Add(abreast * j.work(round))
		}
	}
	return h
}

// open finds first plans for all.
func (h *hall) open(ctx context.Context) error {
	return h.each(ctx, func(j *job) error { return j.open(ctx) })
}

// improve goes on from there until ctx ends: parent by parent, or, when the time is capped, all parents a little before any
// parent more, so that none is left behind. The order changes no result.
func (h *hall) improve(ctx, capped context.Context) {
	if h.p.Time == 0 {
		h.each(ctx, func(j *job) error {
			for round := range rounds {
				j.round(capped, round)
			}
			return h.tell(ctx, j)
		})
		return
	}
	for round := range rounds {
		h.each(ctx, func(j *job) error {
			j.round(capped, round)
			if round < rounds-1 {
				return nil
			}
			return h.tell(ctx, j)
		})
	}
}

func (h *hall) each(ctx context.Context, do func(*job) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2 * runtime.GOMAXPROCS(0))
	for _, j := range h.jobs {
		group.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			return do(j)
		})
	}
	return group.Wait()
}

// tell reports that a parent is finished. It returns ctx's error if ctx has ended and it is not.
func (h *hall) tell(ctx context.Context, j *job) error {
	if ctx.Err() != nil {
		return ctx.Err()
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	h.done++
	h.worst = max(h.worst, j.deviation())
	if h.p.Progress != nil {
		h.p.Progress(h.done, len(h.jobs), h.worst)
	}
	return nil
}

// The search of a parent comes in rounds; the searches of a round run side by side and start from what the round
// before found. Both numbers are part of the method: they do not follow the number of cores. The first round takes half
// of the effort, since one long cooling finds shorter borders than several short ones.
const (
	rounds  = 3
	abreast = 2
)

// sweepsOf returns how many sweeps each search of a round may make.
func sweepsOf(effort, round int) int {
	if round == 0 {
		return max(1, effort/(2*abreast))
	}
	return max(1, effort/(2*abreast*(rounds-1)))
}

// job is one parent on its way.
type job struct {
	r     *region
	p     *Problem
	hall  *hall
	desks chan struct{}
	best  split
	bound bound
	short bool // time cut it short

	impossible bool // proven: no split keeps the ties
}

// open bounds the worst deviation and finds a first plan.
func (j *job) open(ctx context.Context) error {
	j.desks <- struct{}{}
	defer func() { <-j.desks }()
	j.bound = j.r.bound()
	l := newLayout(j.r)
	if b := j.r.base; b != nil {
		l.set(b.plan)
		j.best = l.keep()
		return nil
	}
	j.best = none
	tries := 1
	if j.r.n() < 5000 {
		tries = 4
	}
	for i := 0; i < tries || j.best.clash > 0 && i < triesToTie; i++ {
		if err := ctx.Err(); err != nil {
			return err
		}
		l.set(newTreeCutter(j.r, j.chance(firstPlan(i))).first())
		if s := l.keep(); better(s, j.best, j.r.tolerance) {
			j.best = s
		}
	}
	return nil
}

// triesToTie is how many first plans are tried until one breaks no tie.
const triesToTie = 64

// firstPlan returns the number that a first plan has among the job's searches.
func firstPlan(try int) uint64 {
	if try < 4 {
		return uint64(try)
	}
	return uint64(1<<16 + try)
}

// chance returns the chance of one of the job's searches.
func (j *job) chance(search uint64) *dice {
	return newDice(j.p.Seed, uint64(j.r.parent)<<32|search)
}

// work returns how many moves one of the job's searches tries in a round: a measure of the time it takes.
func (j *job) work(round int) int64 {
	if j.r.trivial() {
		return 0
	}
	return int64(sweepsOf(j.hall.effort, round)) * int64(sweepMoves(j.r.n()))
}

// round lets several searches run and keeps the best of what they and the rounds before found, also when ctx ends.
func (j *job) round(ctx context.Context, round int) {
	if j.r.trivial() {
		return
	}
	var found [abreast]split
	var hurried [abreast]bool
	var searches sync.WaitGroup
	for i := range found {
		searches.Go(func() {
			j.desks <- struct{}{}
			defer func() { <-j.desks }()
			pace := j.hall.pace(ctx, j.work(round))
			found[i] = j.search(pace, round, i)
			hurried[i] = pace.hurried
		})
	}
	searches.Wait()
	for i, s := range found {
		j.short = j.short || hurried[i]
		if better(s, j.best, j.r.tolerance) {
			j.best = s
		}
	}
	if round == 0 && j.r.base == nil {
		j.desks <- struct{}{}
		defer func() { <-j.desks }()
		j.exhaust(ctx)
	}
}

// fromScratch is the largest region in which later rounds start anew: beyond it, a plan takes a whole budget to ripen.
const fromScratch = 1500

// How hot a border search starts, in halvings above its end: on a raw plan, on one that only wants polishing, and after a
// round that found nothing within the tolerance, where the grids have to be laid out quite otherwise.
const (
	hotOnRaw  = 3.75
	hotOnRipe = 2.25
	hotAnew   = 5.75
)

// search is one search of a round, on a random source of its own. In the first round it may use up all its sweeps on the
// worst deviation, later half of them at most.
func (j *job) search(pace *pace, round, number int) split {
	s := newSearch(j.r, j.chance(16+uint64(round*abreast+number)))
	sweeps := sweepsOf(j.hall.effort, round)
	out, enough := j.bound.band.out, max(j.r.tolerance, j.bound.value)
	hot := hotOnRipe
	s.start(j.best.at)
	if j.r.base == nil && (round == 0 || number > 0 && j.r.n() <= fromScratch) {
		hot = hotOnRaw
		s.anew(j.best)
	}
	if failed := j.best.misses(out, enough); j.fine() && (round == 0 || failed && round < rounds-1) {
		if round > 0 {
			hot = hotAnew
		}
		pace.stage(1)
		s.shorten(pace, sweeps, out, enough, hot)
		return s.best
	}
	if s.best.misses(out, enough) {
		share := sweeps
		if round > 0 {
			share = sweeps / 2
		}
		pace.stage(0.5)
		sweeps -= share
		sweeps += s.even(pace, share, out, enough)
	}
	if s.best.clash > j.best.clash || s.best.misses(j.best.out, max(enough, j.best.worst)) && !better(s.best, j.best, enough) {
		s.start(j.best.at)
	} else {
		s.set(s.best.at)
	}
	pace.stage(1)
	s.shorten(pace, sweeps, s.best.out, max(j.r.tolerance, s.best.worst), hot)
	return s.best
}

// anew puts the search on a first plan of its own, one that breaks no more ties than the best so far.
func (s *search) anew(than split) {
	s.best = none
	if s.set(s.tree.first()); s.clash > than.clash {
		s.set(than.at)
	}
	s.note()
}

// fine reports whether blocks are small beside the tolerance. Then a search for short borders comes within it by the
// way, and evening out first would only fray them.
func (j *job) fine() bool {
	slack := j.r.tolerance
	if j.r.band >= 0 {
		slack = min(slack, (j.r.bandTo-j.r.bandFrom)/2)
	}
	return slack*float64(j.r.n()) >= float64(j.r.grids)/2
}

// kept returns the first rule that a parent's plan breaks: a *ConflictError.
func (h *hall) kept() error {
	for _, j := range h.jobs {
		if j.best.clash == 0 {
			continue
		}
		e := &ConflictError{Conflict: NoSplitFound, Parent: j.r.parent, Blocks: j.broken()}
		if j.impossible {
			e.Conflict = NoSplitPossible
		}
		return e
	}
	return nil
}

// broken returns the blocks of the ties that the job's plan breaks, rising.
func (j *job) broken() []int32 {
	var blocks []int32
	note := func(v int32) { blocks = append(blocks, j.r.blocks[v]) }
	for v, ties := range j.r.ties {
		for _, t := range ties {
			if (j.best.at[v] == j.best.at[t.other]) == t.apart {
				note(int32(v))
			}
		}
	}
	if b := j.r.base; b != nil {
		for v, grid := range b.pin {
			if grid != free && j.best.at[v] != grid {
				note(int32(v))
			}
		}
	}
	slices.Sort(blocks)
	return slices.Compact(blocks)
}

// deviation is what the parent's plan is reported with: nothing where there is nothing to balance.
func (j *job) deviation() float64 {
	if j.r.idle {
		return 0
	}
	return j.best.worst
}

// solution puts the parents' plans together.
func (h *hall) solution() *Solution {
	s := &Solution{At: make([]int32, h.p.Graph.N()), Effort: h.effort, Stopped: StoppedProven,
		LowerBound: make([]float64, len(h.p.Balance)), Parents: make([]ParentResult, len(h.jobs))}
	first := int32(0)
	short := false
	for i, j := range h.jobs {
		number := inOrder(j.best.at, j.r.grids)
		for i, b := range j.r.inside {
			s.At[b] = first + number[j.best.at[j.r.node[i]]]
		}
		if h.p.Base != nil {
			s.From = append(s.From, j.continues(number)...)
		}
		first += int32(j.r.grids)
		s.Parents[i] = j.result()
		for i, m := range j.r.measures {
			s.LowerBound[m] = max(s.LowerBound[m], j.bound.byMeasure[i])
		}
		short = short || j.short
		if !s.Parents[i].Proven {
			s.Stopped = StoppedEffort
		}
	}
	for _, set := range h.p.Fixed {
		for _, b := range set {
			s.At[b] = first
		}
		if h.p.Base != nil {
			s.From = append(s.From, h.p.baseOf(set))
		}
		first++
	}
	if short && s.Stopped != StoppedProven {
		s.Stopped = StoppedTime
	}
	return s
}

// continues returns the grid of the base that each grid continues; number is the place of each grid in the solution.
func (j *job) continues(number []int32) []int32 {
	from := slices.Repeat([]int32{-1}, j.r.grids)
	if b := j.r.base; b != nil {
		for g, name := range b.name {
			from[number[g]] = name
		}
		return from
	}
	for _, b := range j.p.Locked {
		if i, here := slices.BinarySearch(j.r.inside, b); here {
			from[number[j.best.at[j.r.node[i]]]] = j.p.Base[b]
		}
	}
	return from
}

// baseOf returns the grid of the base that all blocks of a set are in, -1 if there is none.
func (p *Problem) baseOf(set []int32) int32 {
	for _, b := range set {
		if p.Base[b] != p.Base[set[0]] {
			return -1
		}
	}
	return p.Base[set[0]]
}

func (j *job) result() ParentResult {
	r := ParentResult{MaxDeviation: j.deviation(), LowerBound: j.bound.value, Bound: j.bound.argument}
	if j.r.idle {
		r.LowerBound, r.Bound = 0, ""
	}
	if j.r.base != nil {
		r.Changed = j.r.base.changedBlocks(j.r, j.best.at)
	}
	j.outside(&r)
	r.Proven = r.MaxDeviation <= r.LowerBound+same && r.OutsideLoad <= r.OutsideLoadLeast+sameOut*(1+r.OutsideLoadLeast)
	return r
}

// outside fills what is said of the band.
func (j *job) outside(r *ParentResult) {
	band := j.p.Band
	if band == nil || j.r.grids == 0 {
		return
	}
	sums := make([]float64, j.r.grids)
	for i, b := range j.r.inside {
		sums[j.best.at[j.r.node[i]]] += j.p.Graph.Loads[band.Measure][b]
	}
	for _, sum := range sums {
		if off := math.Abs(band.Off(sum)); off > 0 {
			r.Outside++
			r.OutsideLoad += off
		}
	}
	if j.r.band < 0 { // there is nothing of the measure: no grid can have any
		r.OutsideLeast, r.OutsideLoadLeast = r.Outside, r.OutsideLoad
		if r.Outside > 0 {
			r.OutsideBound = BoundNumber
		}
		return
	}
	b := j.bound.band
	r.OutsideLeast, r.OutsideLoadLeast, r.OutsideBound = b.grids, min(r.OutsideLoad, b.out*j.r.ideal[j.r.band]), b.argument
	if r.OutsideLoadLeast > 0 {
		r.OutsideLeast = max(1, r.OutsideLeast)
	}
}

// inOrder returns the number of each grid, counted by lowest block.
func inOrder(at []int32, grids int) []int32 {
	number := make([]int32, grids)
	for g := range number {
		number[g] = -1
	}
	next := int32(0)
	for _, g := range at {
		if number[g] < 0 {
			number[g] = next
			next++
		}
	}
	return number
}
