package partition

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/geo/blockgraph"
	"gridwright/geo/verify"
)

func solve(t testing.TB, p Problem) *Solution {
	t.Helper()
	s, err := SplitAll(context.Background(), p)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestSplitOfDrawnTowns(t *testing.T) {
	for name, c := range map[string]struct {
		grids     int
		tolerance float64
		drawing   string
		want      ParentResult
		border    float64
	}{
		"two halves": {2, 0, `
			1111
			1111`, ParentResult{Proven: true}, 200},
		"a river between": {2, 0, `
			5~3
			5~3`, ParentResult{MaxDeviation: 0.25, LowerBound: 0.25, Bound: BoundPieces, Proven: true}, 0},
		"one block too heavy": {3, 0, `
			9111`, ParentResult{MaxDeviation: 1.25, LowerBound: 1.25, Bound: BoundLargest, Proven: true}, 200},
		"counts that don't divide": {2, 0, `
			222
			~2~
			~2~`, ParentResult{MaxDeviation: 0.2, LowerBound: 0.2, Bound: BoundCrowding, Proven: true}, 100},
		"counts that don't divide in two ways": {3, 0, `
			1111
			0000`, ParentResult{MaxDeviation: 0.5, LowerBound: 0.5, Bound: BoundCrowding, Proven: true}, 400},
		"a tail too light to stand alone": {2, 0, `
			~2~
			252
			~2~`, ParentResult{MaxDeviation: 9./6.5 - 1 + 2./6.5, LowerBound: 9./6.5 - 1 + 2./6.5, Bound: BoundBridge, Proven: true}, 100},
		"nothing to balance": {2, 0, `
			0000
			0000`, ParentResult{Proven: true}, 200},
		"a park in the middle": {2, 0, `
			10001
			10001`, ParentResult{Proven: true}, 200},
		"within the tolerance the short way": {2, 0.25, `
			1111
			~11~
			1111`, ParentResult{MaxDeviation: 0.2}, 200},
		"no choice": {4, 0, `
			11
			11`, ParentResult{Proven: true}, 400},
		"one grid": {1, 0, `
			12
			34`, ParentResult{Proven: true}, 0},
	} {
		p := drawn(t, c.grids, c.drawing)
		p.Tolerance = c.tolerance
		s := solve(t, p)
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
		if diff := cmp.Diff(c.want, s.Parents[0], near); diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, s.At, diff)
		}
		if got := borderOf(p, s.At); got != c.border {
			t.Errorf("%s: border %v m, want %v m: %v", name, got, c.border, s.At)
		}
	}
}

// Whatever the town: every grid is in one piece, in its parent, there are as many as asked for, numbered by lowest
// block; what is said of deviations is true, and bounds are not above them.
func TestSplitIsWhatItSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 14)
		s, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		checked(t, p, s)
		lowest, first := map[int32]int{}, 0
		for b := len(s.At) - 1; b >= 0; b-- {
			lowest[s.At[b]] = b
		}
		for i, k := range p.Grids {
			for g := first + 1; g < first+k; g++ {
				if lowest[int32(g)] < lowest[int32(g-1)] {
					t.Fatalf("grids %d and %d of parent %d are not in the order of their blocks", g-1, g, i)
				}
			}
			first += k
			r := s.Parents[i]
			if math.Abs(worstOf(p, s.At, i)-r.MaxDeviation) > 1e-9 {
				t.Fatalf("parent %d: worst deviation %v, said to be %v", i, worstOf(p, s.At, i), r.MaxDeviation)
			}
			if r.LowerBound > r.MaxDeviation+same || r.Proven != (r.MaxDeviation <= r.LowerBound+same) || (r.Bound == "") != (r.LowerBound == 0) {
				t.Fatalf("parent %d: %+v", i, r)
			}
		}
	})
}

// No split of a small parent is better than what is found, and none is below the bounds.
func TestSplitIsBestOfAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 8)
		if len(p.Grids) > 1 {
			p.Parent, p.Grids = nil, []int{0}
			_, pieces := p.Graph.Pieces(nil)
			p.Grids[0] = rapid.IntRange(pieces, p.Graph.N()).Draw(t, "grids of all")
		}
		p.Effort = 64
		s, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		regions, err := regions(&p)
		if err != nil {
			t.Fatal(err)
		}
		cheap := regions[0].bound()
		best := math.Inf(1)
		allSplits(p, func(at []int32) { best = min(best, worstOf(p, at, 0)) })
		if got := s.Parents[0]; !regions[0].idle && (got.LowerBound > best+1e-9 || cheap.value > best+1e-9) {
			t.Fatalf("bound %v (%s), and before the search %v (%s), but a split has %v", got.LowerBound, got.Bound, cheap.value, cheap.argument, best)
		}
		allowed := max(best, p.Tolerance)
		if got := s.Parents[0].MaxDeviation; got > allowed+1e-9 {
			t.Fatalf("worst deviation %v, could be %v", got, best)
		}
	})
}

// The cheap arguments on larger towns: a split that exists is never below them.
func TestBoundsHoldForAnySplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 40)
		all, err := regions(&p)
		if err != nil {
			t.Fatal(err)
		}
		for i, r := range all {
			l := newLayout(r)
			j := job{r: r, p: &p}
			l.set(newTreeCutter(r, j.chance(rapid.Uint64().Draw(t, "tree"))).first())
			if b := r.bound(); b.value > l.worst()+1e-9 {
				t.Fatalf("parent %d: bound %v (%s), a split has %v", i, b.value, b.argument, l.worst())
			}
		}
	})
}

// Exhausting finds the best, whichever way empty blocks are left out.
func TestExhaustAgreesWithAllSplits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 8)
		p.Tolerance = 0
		all, err := regions(&p)
		if err != nil {
			t.Fatal(err)
		}
		if len(all) > 1 || all[0].idle {
			t.Skip("one parent with something to balance")
		}
		best := math.Inf(1)
		allSplits(p, func(at []int32) { best = min(best, worstOf(p, at, 0)) })
		for most, limit := range map[int]float64{anyBeside: 0.999, threeBeside: 0.999, noneBeside: 100} {
			d, ok := all[0].reduce(most)
			if !ok {
				continue
			}
			x := newExhaust(d, aimDeviation, split{worst: limit}, 1<<20)
			if !x.run(context.Background()) {
				t.Fatal("it did not come to an end")
			}
			if got := min(x.limit, x.refused); best < limit && got > best+1e-9 || best < limit && most < anyBeside && math.Abs(x.limit-best) > 1e-9 {
				t.Fatalf("blocks with up to %v neighbours left out: found %v, refused %v, best is %v", most, x.limit, x.refused, best)
			}
		}
	})
}

func TestSplitIsTheSameOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	p := manyParents(t, 6)
	p.Effort = 40
	var first *Solution
	for _, cores := range []int{1, 2, 8} {
		runtime.GOMAXPROCS(cores)
		for range 2 {
			s := solve(t, p)
			if first == nil {
				first = s
			}
			if diff := cmp.Diff(first, s); diff != "" {
				t.Fatalf("%d cores: (-one +these)\n%s", cores, diff)
			}
		}
	}
	p.Seed++
	if slices.Equal(first.At, solve(t, p).At) {
		t.Error("another seed makes no difference at all")
	}
}

// manyParents puts lattices side by side, each a parent.
func manyParents(t testing.TB, parents int) Problem {
	t.Helper()
	one := lattice(t, 7, 6, 1)
	n := one.Graph.N()
	p := Problem{Balance: []int{0}, Seed: 7}
	var links []blockgraph.Link
	var load []float64
	for i := range parents {
		for b := range int32(n) {
			for _, e := range one.Graph.Neighbours(b) {
				if b < e.To {
					links = append(links, blockgraph.Link{A: b + int32(i*n), B: e.To + int32(i*n), Length: e.Length})
				}
			}
			p.Parent = append(p.Parent, int32(i))
			load = append(load, one.Graph.Loads[0][(int(b)*(i+1))%n])
		}
		p.Grids = append(p.Grids, 2+i%4)
	}
	p.Graph = build(t, len(load), links, load)
	return p
}

// A parent's split does not depend on which other parents are split with it, as long as it keeps its number.
func TestParentsDoNotSeeEachOther(t *testing.T) {
	p := manyParents(t, 3)
	p.Effort = 40
	s := solve(t, p)
	q := manyParents(t, 5)
	q.Effort = 40
	if got := solve(t, q).At[:len(s.At)]; !slices.Equal(s.At, got) {
		t.Errorf("with more parents beside them:\n%v\nalone:\n%v", got, s.At)
	}
}

func TestSplitRefuses(t *testing.T) {
	good := func() Problem { return drawn(t, 2, `11~11`) }
	for name, c := range map[string]struct {
		spoil func(*Problem)
		want  string
	}{
		"fewer grids than pieces": {func(p *Problem) { p.Grids = []int{1} }, "parent 0 lies in 2 pieces that do not touch"},
		"more grids than blocks":  {func(p *Problem) { p.Grids = []int{5} }, "parent 0 has 4 blocks: it cannot be 5 grids"},
		"no grids":                {func(p *Problem) { p.Grids = []int{0} }, "cannot be 0 grids"},
		"a parent without blocks": {func(p *Problem) { p.Grids, p.Parent = []int{2, 1}, make([]int32, 4) }, "parent 1 has 0 blocks"},
		"a parent out of range":   {func(p *Problem) { p.Parent = []int32{0, 0, 0, 1} }, "block 3: parent 1 of 1"},
		"parents for some blocks": {func(p *Problem) { p.Parent = []int32{0} }, "1 parents named for 4 blocks"},
		"no measure":              {func(p *Problem) { p.Balance = nil }, "no measure"},
		"a measure out of range":  {func(p *Problem) { p.Balance = []int{1} }, "measure 1 of 1"},
		"a tolerance below zero":  {func(p *Problem) { p.Tolerance = -0.1 }, "tolerance -0.1"},
		"no number as tolerance":  {func(p *Problem) { p.Tolerance = math.NaN() }, "tolerance NaN"},
		"no graph":                {func(p *Problem) { p.Graph = nil }, "no graph"},
		"effort below zero":       {func(p *Problem) { p.Effort = -1 }, "effort -1"},
	} {
		p := good()
		c.spoil(&p)
		if _, err := SplitAll(context.Background(), p); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A context that ends while parents are worked on ends the work with its error, and the best plan so far is not lost.
func TestCancel(t *testing.T) {
	p := manyParents(t, 12)
	p.Effort = 1 << 20
	ctx, cancel := context.WithCancel(context.Background())
	p.Grids[0] = 1 // there is nothing to search for in the first parent: it is finished at once
	p.Progress = func(done, total int, worst float64) {
		if done > 0 {
			cancel()
		}
	}
	s, err := SplitAll(ctx, p)
	if !errors.Is(err, context.Canceled) || s == nil || s.Stopped != StoppedCancelled {
		t.Fatalf("%v, %v", s, err)
	}
	checked(t, p, s)
	if s, err := SplitAll(ctx, p); !errors.Is(err, context.Canceled) || s != nil {
		t.Errorf("cancelled before it began: %v, %v", s, err)
	}
}

// A cap that is over before it began still gives a split, which says so.
func TestTimeCap(t *testing.T) {
	p := lattice(t, 30, 30, 12)
	p.Time = 1
	s := solve(t, p)
	if s.Stopped != StoppedTime {
		t.Errorf("stopped by %q", s.Stopped)
	}
	p.Time, p.Effort = time.Hour, 16
	capped := solve(t, p)
	p.Time = 0
	if diff := cmp.Diff(solve(t, p), capped); diff != "" {
		t.Errorf("a cap that is never reached: (-without +with)\n%s", diff)
	}
}

func TestProgress(t *testing.T) {
	p := manyParents(t, 9)
	p.Effort = 16
	var steps []int
	var worst float64
	p.Progress = func(done, total int, w float64) {
		steps = append(steps, done)
		if total != 9 || w < worst {
			t.Errorf("%d of %d, worst %v after %v", done, total, w, worst)
		}
		worst = w
	}
	s := solve(t, p)
	if !slices.Equal(steps, []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}) {
		t.Errorf("steps %v", steps)
	}
	var want float64
	for _, r := range s.Parents {
		want = max(want, r.MaxDeviation)
	}
	if worst != want {
		t.Errorf("worst deviation %v at the end, the solution has %v", worst, want)
	}
}

// The first plan is told once, before any parent is finished; it is a plan, the same each time, and telling it changes nothing.
func TestFirstPlan(t *testing.T) {
	p := manyParents(t, 9)
	p.Effort = 16
	want := solve(t, p)
	var firsts []*Solution
	p.First = func(s *Solution) { firsts = append(firsts, s) }
	p.Progress = func(done, _ int, _ float64) {
		if done > 0 && len(firsts) == 0 {
			t.Error("a parent is finished before the first plan is told")
		}
	}
	for range 2 {
		if diff := cmp.Diff(want, solve(t, p)); diff != "" {
			t.Errorf("a first plan that is told changes the last: %s", diff)
		}
	}
	if len(firsts) != 2 || cmp.Diff(firsts[0], firsts[1]) != "" {
		t.Fatalf("%d first plans in two searches, or they differ", len(firsts))
	}
	checked(t, p, firsts[0])
}

// More time is never worse: what a search ends with is no worse than its first plan, wherever it is stopped.
func TestMoreTimeIsNeverWorse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := twelve(t, 2)
		anyBand(t, &p)
		p.Tolerance = rapid.SampledFrom([]float64{0, 0.1, 0.5}).Draw(t, "tolerance")
		score := func(s *Solution) split {
			report := verify.Split(p.verifyRules(nil), s.At)
			_, load := report.Outside(0)
			return split{out: load, worst: report.Deviation(0), cost: borderOf(p, s.At)}
		}
		var first *Solution
		p.First = func(s *Solution) { first = s }
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		if rapid.Bool().Draw(t, "stopped") {
			p.First = func(s *Solution) { first = s; cancel() }
		}
		s, err := SplitAll(ctx, p)
		if err != nil && !errors.Is(err, context.Canceled) || s == nil || first == nil {
			t.Fatalf("%v, %v, first %v", s, err, first)
		}
		if better(score(first), score(s), p.Tolerance) {
			t.Fatalf("the first plan is %+v, the last %+v", score(first), score(s))
		}
	})
}
