package partition

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func explained(t testing.TB, p Problem) []Why {
	t.Helper()
	all, err := Explain(context.Background(), p, solve(t, p))
	if err != nil {
		t.Fatal(err)
	}
	return all
}

func TestWhy(t *testing.T) {
	type found struct {
		argument string
		blocks   []int32
		byRules  bool
		first    Relaxation
	}
	for name, c := range map[string]struct {
		grids   int
		drawing string
		spoil   func(*Problem)
		want    found
	}{
		"one block too heavy": {3, `9111`, nil, found{BoundLargest, []int32{0}, false, Relaxation{Kind: CutBlock, Blocks: []int32{0}, Reached: 0.25}}},
		"one block more than the band": {2, `9111`, func(p *Problem) { p.Band = &Band{From: 2, To: 6} },
			found{BoundLargest, []int32{0}, false, Relaxation{Kind: CutBlock, Blocks: []int32{0}, Reached: 1}}},
		"a grid too few for the band": {2, `111 111 111`, func(p *Problem) { p.Band = &Band{From: 2, To: 3} },
			found{BoundNumber, nil, false, Relaxation{Kind: OtherNumber, Grids: 3, Enough: true}}},
		"a tail too light to stand alone": {2, `~2~ 252 ~2~`, nil, found{BoundBridge, []int32{2}, false, Relaxation{Kind: OtherNumber, Grids: 1, Enough: true}}},
		"a set kept together": {2, `1111`, func(p *Problem) { p.Together = [][]int32{{0, 1, 2}} },
			found{BoundLargest, []int32{0, 1, 2}, true, Relaxation{Kind: ReleaseTogether, Blocks: []int32{0, 1, 2}, Enough: true}}},
		"ends kept apart": {2, `1331`, func(p *Problem) { p.Apart = [][2]int32{{0, 1}} },
			found{BoundExhaustive, nil, false, Relaxation{Kind: ReleaseApart, Blocks: []int32{0, 1}, Enough: true}}},
		"a lock": {2, `1331`, func(p *Problem) { p.Base, p.Locked, p.MaxChange = []int32{0, 1, 1, 1}, []int32{0, 1}, 1 },
			found{"", nil, false, Relaxation{Kind: ReleaseLock, Blocks: []int32{0}, Enough: true}}},
		"a locked grid": {2, `13312`, func(p *Problem) { p.Fixed = [][]int32{{1}}; p.Tolerance = 0.2 },
			found{BoundPieces, []int32{0, 2}, true, Relaxation{Kind: ReleaseFixed, Blocks: []int32{1}, Reached: 0.2, Enough: true}}},
	} {
		p := drawn(t, c.grids, c.drawing)
		if c.spoil != nil {
			c.spoil(&p)
		}
		all := explained(t, p)
		if len(all) != 1 || len(all[0].Relaxations) == 0 {
			t.Errorf("%s: %+v", name, all)
			continue
		}
		w := all[0]
		got := found{w.Argument, w.Blocks, w.ByRules, w.Relaxations[0]}
		got.first.Bound = 0
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
		if diff := cmp.Diff(c.want, got, near, cmp.AllowUnexported(found{})); diff != "" {
			t.Errorf("%s: %+v (-want +got)\n%s", name, w, diff)
		}
	}
}

// What is said would help does: with the tolerance or band that comes last nothing is missed, and a plain number reaches what it says
// or better with as much effort.
func TestRelaxationsHelp(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 12)
		p.Tolerance = 0.05
		anyRules(t, &p)
		if rapid.Bool().Draw(t, "band") {
			anyBand(t, &p)
		}
		s := solved(t, p)
		if s == nil {
			return
		}
		all, err := Explain(context.Background(), p, s)
		if err != nil {
			t.Fatal(err)
		}
		for _, w := range all {
			if w.Bound > w.Reached+1e-9 || (w.Argument == "") != (w.Bound == 0) {
				t.Fatalf("%+v", w)
			}
			last := w.Relaxations[len(w.Relaxations)-1]
			for _, r := range w.Relaxations[:len(w.Relaxations)-1] {
				if !r.Enough && r.Reached >= w.Reached || r.Bound > r.Reached+1e-9 {
					t.Fatalf("%+v is no help in %+v", r, w)
				}
			}
			q := p
			if w.OfBand {
				q.Band = &Band{Measure: p.Band.Measure, From: last.From, To: last.To}
				if grids, load := checked(t, q, s).Outside(w.Parent); grids != 0 {
					t.Fatalf("with %+v %v lie outside", last, load)
				}
			} else if last.Tolerance < s.Parents[w.Parent].MaxDeviation {
				t.Fatalf("%+v does not do", last)
			}
		}
	})
}

func TestExplainIsTheSameOnAnyNumberOfCores(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	p := manyParents(t, 4)
	p.Effort = 20
	p.Together = [][]int32{{0, 1, 2, 7, 8, 9, 14, 15, 16}}
	first := explained(t, p)
	if len(first) == 0 {
		t.Fatal("nothing to explain")
	}
	for _, cores := range []int{1, 4} {
		runtime.GOMAXPROCS(cores)
		if diff := cmp.Diff(first, explained(t, p)); diff != "" {
			t.Errorf("%d cores: %s", cores, diff)
		}
	}
	ctx, cancel := context.WithCancel(context.Background())
	s := solve(t, p)
	cancel()
	if _, err := Explain(ctx, p, s); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

// A parent alone is bounded as it is among others, and its number may be another.
func TestBoundOfAParent(t *testing.T) {
	p := manyParents(t, 3)
	p.Grids = []int{2, 3, 4}
	all, err := regions(&p)
	if err != nil {
		t.Fatal(err)
	}
	parents := NewParents(&p)
	for i, r := range all {
		worst, outside, err := parents.Bound(i, p.Grids[i])
		if want := r.bound().value; err != nil || worst != want || outside != 0 {
			t.Errorf("parent %d: %v, %v, %v, want %v", i, worst, outside, err, want)
		}
	}
	if _, _, err := parents.Bound(0, 99); !errors.As(err, new(*BlocksError)) {
		t.Errorf("99 grids: %v", err)
	}
}

// No split into fewer grids has all within the band.
func TestNeeded(t *testing.T) {
	for drawing, want := range map[string]int{"1111": 2, "22121": 3, "9": 0, "13131": 5} {
		p := drawn(t, 1, drawing)
		p.Band = &Band{From: 0, To: 3}
		if strings.Contains(drawing, "3") {
			p.Apart = [][2]int32{{0, 1}, {1, 2}, {2, 3}, {3, 4}, {0, 2}, {2, 4}, {0, 4}, {1, 3}, {0, 3}, {1, 4}}
		}
		if got, ok := NewParents(&p).Needed(0); got != want || ok != (want > 0) {
			t.Errorf("%s: %d, %v, want %d", drawing, got, ok, want)
		}
	}
}

func TestAlternatives(t *testing.T) {
	p := lattice(t, 8, 8, 4)
	p.Tolerance, p.Effort = 0.05, 100
	v := Variety{Plans: 3, Distance: 0.25, Deviation: 0.05, Border: 0.5}
	all, err := Alternatives(context.Background(), p, v)
	if err != nil || len(all) != 3 {
		t.Fatalf("%d plans, %v", len(all), err)
	}
	for i, a := range all {
		if len(a.Score.Faults) > 0 || a.Score.Deviation(0) > max(0.05, all[0].Score.Deviation(0))+v.Deviation+1e-9 || a.Border > all[0].Border*1.5+1e-9 {
			t.Errorf("plan %d: %+v, border %v", i, a.Score, a.Border)
		}
		for _, b := range all[:i] {
			if d := p.Distance(a.At, b.At); d < v.Distance || a.Apart > d {
				t.Errorf("plan %d is %v from one before it, said to be %v from all", i, d, a.Apart)
			}
		}
	}
	if diff := cmp.Diff(solve(t, p), all[0].Solution); diff != "" {
		t.Errorf("the first is not the best: %s", diff)
	}
	again, err := Alternatives(context.Background(), p, v)
	if diff := cmp.Diff(all, again); diff != "" || err != nil {
		t.Errorf("%v, %s", err, diff)
	}
	if one, err := Alternatives(context.Background(), drawn(t, 2, `11`), v); err != nil || len(one) != 1 {
		t.Errorf("two blocks, two grids: %d plans, %v", len(one), err)
	}
	if _, err := Alternatives(context.Background(), p, Variety{}); err == nil {
		t.Error("no plans wanted")
	}
}

// Alternatives keep every rule, in all parents.
func TestAlternativesKeepRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 16)
		anyRules(t, &p)
		if rapid.Bool().Draw(t, "band") {
			anyBand(t, &p)
		}
		if solved(t, p) == nil {
			return
		}
		v := Variety{Plans: 3, Distance: 0.1, Deviation: 0.2, Border: 1}
		all, err := Alternatives(context.Background(), p, v)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range all {
			checked(t, p, a.Solution)
			for i, r := range a.Parents {
				if best := all[0].Parents[i]; r.OutsideLoad > best.OutsideLoad+1e-6 || r.MaxDeviation > max(p.Tolerance, best.MaxDeviation)+v.Deviation+1e-9 ||
					math.Abs(a.Score.Deviation(i)-r.MaxDeviation) > 1e-9 {
					t.Fatalf("parent %d: %+v, the best has %+v", i, r, best)
				}
			}
		}
	})
}

// The best pairing is that of all permutations; a distance is 0 only between equal splits and the same both ways.
func TestDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 5).Draw(t, "n")
		weight := make([]float64, n*n)
		for i := range weight {
			weight[i] = float64(rapid.IntRange(0, 9).Draw(t, "weight"))
		}
		best := 0.0
		var pair func(row int, left []int, sum float64)
		pair = func(row int, left []int, sum float64) {
			if best = max(best, sum); row == n {
				return
			}
			for i, c := range left {
				pair(row+1, without(left, i), sum+weight[row*n+c])
			}
		}
		columns := make([]int, n)
		for i := range columns {
			columns[i] = i
		}
		pair(0, columns, 0)
		if got := heaviestPairs(weight, n); math.Abs(got-best) > 1e-9 {
			t.Fatalf("%v: %v, want %v", weight, got, best)
		}
	})
	p := drawn(t, 2, `1234`)
	if d := p.Distance([]int32{0, 0, 1, 1}, []int32{1, 1, 0, 0}); d != 0 {
		t.Errorf("under other numbers: %v", d)
	}
	if a, b := []int32{0, 0, 1, 1}, []int32{0, 0, 0, 1}; math.Abs(p.Distance(a, b)-0.3) > 1e-12 || p.Distance(a, b) != p.Distance(slices.Clone(b), a) {
		t.Errorf("%v and %v", p.Distance(a, b), p.Distance(b, a))
	}
}
