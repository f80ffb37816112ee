package partition

import (
	"context"
	"errors"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"gridwright/geo/blockgraph"
	"gridwright/geo/verify"
)

// anyRules adds rules of all kinds to a problem of any kind, which may well contradict each other.
func anyRules(t *rapid.T, p *Problem) {
	block := rapid.Int32Range(0, int32(p.Graph.N()-1))
	same := func(a, b int32) bool { return p.parentOf(a) == p.parentOf(b) }
	for range rapid.IntRange(0, 2).Draw(t, "sets together") {
		set := []int32{block.Draw(t, "together")}
		for range rapid.IntRange(1, 2).Draw(t, "more") {
			if b := block.Draw(t, "together"); same(b, set[0]) {
				set = append(set, b)
			}
		}
		p.Together = append(p.Together, set)
	}
	for range rapid.IntRange(0, 2).Draw(t, "pairs apart") {
		if a, b := block.Draw(t, "apart"), block.Draw(t, "apart"); a != b {
			p.Apart = append(p.Apart, [2]int32{a, b})
		}
	}
	if rapid.Bool().Draw(t, "fixed") {
		p.Fixed = [][]int32{{block.Draw(t, "fixed block")}}
	}
}

// anyBand draws a band that is near what the grids could have.
func anyBand(t *rapid.T, p *Problem) {
	var all float64
	grids := 0
	for _, load := range p.Graph.Loads[0] {
		all += load
	}
	for _, k := range p.Grids {
		grids += k
	}
	mean := all / float64(max(1, grids))
	from := math.Floor(mean * rapid.Float64Range(0, 1.2).Draw(t, "from"))
	p.Band = &Band{Measure: 0, From: from, To: from + 1 + math.Floor(mean*rapid.Float64Range(0, 0.8).Draw(t, "width"))}
}

// solved returns the solution, or nil where the rules contradict each other or the map.
func solved(t *rapid.T, p Problem) *Solution {
	s, err := SplitAll(context.Background(), p)
	if err == nil {
		return s
	}
	var pieces *PiecesError
	var blocks *BlocksError
	var contradiction *ConflictError
	if !errors.As(err, &pieces) && !errors.As(err, &blocks) && !errors.As(err, &contradiction) {
		t.Fatal(err)
	}
	return nil
}

// Whatever the rules: a solution keeps them all, what it says of the band is true, and its bounds are not above it.
func TestRulesAreKept(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 16)
		anyRules(t, &p)
		if rapid.Bool().Draw(t, "band") {
			anyBand(t, &p)
		}
		s := solved(t, p)
		if s == nil {
			return
		}
		report := checked(t, p, s)
		for i, r := range s.Parents {
			if r.MaxDeviation > report.Deviation(i)+1e-9 || r.MaxDeviation < report.Deviation(i)-1e-9 {
				t.Fatalf("parent %d: worst deviation %v, said to be %v", i, report.Deviation(i), r.MaxDeviation)
			}
			grids, load := report.Outside(i)
			if grids != r.Outside || math.Abs(load-r.OutsideLoad) > 1e-9 || r.OutsideLeast > grids || r.OutsideLoadLeast > load+1e-9 ||
				(r.OutsideBound == "") != (r.OutsideLoadLeast == 0) {
				t.Fatalf("parent %d: %d grids with %v outside, said to be %+v", i, grids, load, r)
			}
		}
	})
}

// one makes a problem of a single parent with so many grids as its pieces need and a few more.
func one(t *rapid.T, most int) Problem {
	p := anyTown(t, most)
	p.Parent, p.Grids, p.Effort = nil, []int{0}, 64
	_, pieces := p.Graph.Pieces(nil)
	p.Grids[0] = rapid.IntRange(pieces, min(p.Graph.N(), pieces+3)).Draw(t, "grids of all")
	return p
}

// No split that keeps the rules has less outside the band, and of those none is nearer the ideal; where none is found, there is none.
func TestRulesAndBandAgainstAllSplits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := one(t, 9)
		anyRules(t, &p)
		p.Fixed = nil // allSplits numbers grids by block
		if rapid.Bool().Draw(t, "band") {
			anyBand(t, &p)
		}
		if p.CountEdges = true; rapid.Bool().Draw(t, "one measure") {
			p.Balance = p.Balance[:1]
		}
		s := solved(t, p)
		best, fewest := none, math.MaxInt
		allSplits(p, func(at []int32) {
			report := verify.Split(p.verifyRules(nil), at)
			grids, load := report.Outside(0)
			fewest = min(fewest, grids)
			if this := (split{out: load, worst: report.Deviation(0)}); better(this, best, p.Tolerance) {
				best = this
			}
		})
		if s == nil {
			if best.clash == 0 {
				t.Fatalf("none was found, but there is one with %v outside and %v worst", best.out, best.worst)
			}
			return
		}
		all, err := regions(&p)
		if err != nil {
			t.Fatal(err)
		}
		if b := all[0].bandBound(); all[0].band >= 0 && (b.out*all[0].ideal[all[0].band] > best.out+1e-6 || b.grids > fewest) {
			t.Fatalf("before the search %+v, best is %v outside, fewest %d grids", b, best.out, fewest)
		}
		got := s.Parents[0]
		if got.OutsideLoad > best.out+1e-9 || got.OutsideLoadLeast > best.out+1e-9 || got.OutsideLeast > fewest {
			t.Fatalf("%+v, best is %v outside, fewest %d grids", got, best.out, fewest)
		}
		if got.MaxDeviation > max(best.worst, p.Tolerance)+1e-9 || got.LowerBound > max(best.worst, p.Tolerance)+1e-9 && got.LowerBound > got.MaxDeviation+1e-9 {
			t.Fatalf("%+v, best is %v", got, best.worst)
		}
	})
}

// Towns of twelve blocks in a row or in two have few splits: all are gone through, under all rules at once.
func TestTwelveBlocks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := twelve(t, rapid.SampledFrom([]int{2, 3}).Draw(t, "rows"))
		anyRules(t, &p)
		p.Fixed = nil
		anyBand(t, &p)
		s := solved(t, p)
		best := none
		allSplits(p, func(at []int32) {
			report := verify.Split(p.verifyRules(nil), at)
			_, load := report.Outside(0)
			if this := (split{out: load, worst: report.Deviation(0)}); better(this, best, p.Tolerance) {
				best = this
			}
		})
		switch {
		case s == nil && best.clash == 0:
			t.Fatalf("none was found, but there is one: %+v", best)
		case s != nil && (math.Abs(s.Parents[0].OutsideLoad-best.out) > 1e-9 || s.Parents[0].MaxDeviation > max(best.worst, p.Tolerance)+1e-9):
			t.Fatalf("%+v, best is %+v", s.Parents[0], best)
		}
	})
}

// twelve draws a town of twelve blocks in so many rows, two or three grids.
func twelve(t *rapid.T, rows int) Problem {
	p := lattice(t, 12/rows, rows, rapid.IntRange(2, 3).Draw(t, "grids"))
	for b := range p.Graph.Loads[0] {
		p.Graph.Loads[0][b] = float64(rapid.IntRange(0, 12).Draw(t, "load"))
	}
	p.Effort, p.Seed = 64, rapid.Uint64().Draw(t, "seed")
	return p
}

// A locked block stays in the grid that continues its own, whatever else is asked for; a locked grid stays to the letter.
func TestLocksStay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := anyTown(t, 24)
		before, err := SplitAll(context.Background(), p)
		if err != nil {
			t.Fatal(err)
		}
		p.Base, p.MaxChange, p.Seed = before.At, rapid.SampledFrom([]float64{0, 0.2, 1}).Draw(t, "max change"), p.Seed+1
		p.Locked = rapid.SliceOfNDistinct(rapid.Int32Range(0, int32(p.Graph.N()-1)), 0, 4, rapid.ID[int32]).Draw(t, "locked")
		around := rapid.Bool().Draw(t, "around the locks alone")
		if around {
			p.Base = slices.Repeat([]int32{-1}, p.Graph.N())
			for _, b := range p.Locked {
				p.Base[b] = before.At[b]
			}
		}
		after := solved(t, p)
		if after == nil {
			t.Fatal("the base itself keeps its locks")
		}
		checked(t, p, after)
		for i, r := range after.Parents {
			if !around && r.Changed > p.MaxChange+1e-9 {
				t.Fatalf("parent %d: %v changed, allowed %v", i, r.Changed, p.MaxChange)
			}
		}
		g := rapid.IntRange(0, len(before.From)+p.Grids[0]-1).Draw(t, "locked grid")
		q := p
		q.Base, q.Locked, q.Grids = nil, nil, slices.Clone(p.Grids)
		var set []int32
		for b, at := range before.At {
			if int(at) == g {
				set = append(set, int32(b))
			}
		}
		q.Fixed, q.Grids[0] = [][]int32{set}, p.Grids[0]-1
		if s := solved(t, q); s != nil {
			checked(t, q, s)
		}
	})
}

// A base under new numbers, rules in another order: the same grids.
func TestRulesInAnyOrder(t *testing.T) {
	p := lattice(t, 8, 6, 5)
	p.Together = [][]int32{{0, 47}, {3, 11, 19}}
	p.Apart = [][2]int32{{20, 21}, {5, 40}}
	p.Fixed = [][]int32{{7, 6}}
	p.Band = &Band{From: 300, To: 600}
	q := p
	q.Together = [][]int32{{19, 11, 3}, {47, 0}}
	q.Apart = [][2]int32{{40, 5}, {21, 20}}
	if a, b := solve(t, p), solve(t, q); !slices.Equal(a.At, b.At) {
		t.Errorf("%v and %v", a.At, b.At)
	}
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(0))
	first := solve(t, p)
	for _, cores := range []int{1, 3} {
		runtime.GOMAXPROCS(cores)
		if diff := cmp.Diff(first, solve(t, p)); diff != "" {
			t.Errorf("%d cores: %s", cores, diff)
		}
	}
}

func TestBandOfDrawnTowns(t *testing.T) {
	for name, c := range map[string]struct {
		grids    int
		from, to float64
		drawing  string
		want     ParentResult
	}{
		"all within": {2, 3, 5, `
			1111
			1111`, ParentResult{Proven: true}},
		"too many for two": {2, 1, 3, `
			1111
			1111`, ParentResult{Outside: 2, OutsideLoad: 2, OutsideLeast: 1, OutsideLoadLeast: 2, OutsideBound: BoundNumber, Proven: true}},
		"too few for three": {3, 4, 9, `
			111
			111`, ParentResult{Outside: 3, OutsideLoad: 6, OutsideLeast: 2, OutsideLoadLeast: 6, OutsideBound: BoundNumber, Proven: true}},
		"a block beyond the band": {2, 3, 7, `
			9111`, ParentResult{MaxDeviation: 0.5, LowerBound: 0.5, Bound: BoundLargest, Outside: 1, OutsideLoad: 2, OutsideLeast: 1, OutsideLoadLeast: 2, OutsideBound: BoundLargest, Proven: true}},
		"even is not within": {3, 4, 5, `
			44444`, ParentResult{MaxDeviation: 0.4, LowerBound: 0.4, Bound: BoundWhole, Outside: 2, OutsideLoad: 6, OutsideLeast: 1, OutsideLoadLeast: 6, OutsideBound: BoundExhaustive, Proven: true}},
	} {
		p := drawn(t, c.grids, c.drawing)
		p.Band = &Band{From: c.from, To: c.to}
		s := solve(t, p)
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-9 })
		if diff := cmp.Diff(c.want, s.Parents[0], near); diff != "" {
			t.Errorf("%s: %v (-want +got)\n%s", name, s.At, diff)
		}
	}
}

// Rules that contradict each other or the map are errors that name the blocks.
func TestConflicts(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(*Problem)
		want  ConflictError
	}{
		"a block in two fixed sets":   {func(p *Problem) { p.Fixed = [][]int32{{0, 1}, {1}} }, ConflictError{FixedTwice, 0, []int32{1}}},
		"a fixed set in two parents":  {func(p *Problem) { p.Fixed = [][]int32{{3, 4}} }, ConflictError{FixedParents, 0, []int32{3, 4}}},
		"half together, half fixed":   {func(p *Problem) { p.Fixed, p.Together = [][]int32{{0}}, [][]int32{{1, 0}} }, ConflictError{FixedTogether, 0, []int32{0, 1}}},
		"apart in a fixed set":        {func(p *Problem) { p.Fixed, p.Apart = [][]int32{{0, 1}}, [][2]int32{{1, 0}} }, ConflictError{FixedApart, 0, []int32{0, 1}}},
		"together in two parents":     {func(p *Problem) { p.Together = [][]int32{{7, 3}} }, ConflictError{TogetherParents, 1, []int32{3, 7}}},
		"together over water":         {func(p *Problem) { p.Together = [][]int32{{8, 9}} }, ConflictError{TogetherPieces, 2, []int32{8, 9}}},
		"together and apart":          {func(p *Problem) { p.Together, p.Apart = [][]int32{{0, 1}, {1, 2}}, [][2]int32{{0, 2}} }, ConflictError{TogetherApart, 0, []int32{0, 2}}},
		"three apart for two grids":   {func(p *Problem) { p.Apart = [][2]int32{{0, 1}, {1, 2}, {0, 2}} }, ConflictError{ApartGrids, 0, []int32{0, 1, 2}}},
		"locked in no grid":           {func(p *Problem) { p.Base, p.Locked = slices.Repeat([]int32{-1}, 10), []int32{5} }, ConflictError{LockedNowhere, 1, []int32{5}}},
		"the ends but not the middle": {func(p *Problem) { p.Together, p.Apart = [][]int32{{0, 3}}, [][2]int32{{0, 1}} }, ConflictError{NoSplitPossible, 0, []int32{0, 3}}},
	} {
		p := drawn(t, 0, `1111~1111~1~1`)
		p.Parent, p.Grids = []int32{0, 0, 0, 0, 1, 1, 1, 1, 2, 2}, []int{2, 2, 2}
		c.spoil(&p)
		_, err := SplitAll(context.Background(), p)
		got, ok := errors.AsType[*ConflictError](err)
		if !ok || got.Conflict != c.want.Conflict || c.want.Conflict != NoSplitPossible && (!slices.Equal(got.Blocks, c.want.Blocks) || got.Parent != min(c.want.Parent, got.Parent)) {
			t.Errorf("%s: %v, want %v", name, err, &c.want)
		}
	}
}

// Borders run where they are cheap, and compounds stay whole where it costs little.
func TestCostOfBorders(t *testing.T) {
	p := drawn(t, 2, `
		1111
		1111`)
	p.Tolerance = 0.6
	for b := range int32(8) { // a river between the first column and the second
		for i, e := range p.Graph.Neighbours(b) {
			if b%4+e.To%4 == 1 {
				p.Graph.Neighbours(b)[i].Cost = 50
			}
		}
	}
	if s := solve(t, p); !slices.Equal(s.At, []int32{0, 1, 1, 1, 0, 1, 1, 1}) {
		t.Errorf("a river: %v", s.At)
	}
	p.Compound = []int32{3, 3, -1, -1, 3, 3, -1, -1}
	if s := solve(t, p); s.At[0] != s.At[1] || s.At[4] != s.At[5] {
		t.Errorf("a compound on both banks: %v", s.At)
	}
}

// A search knows at any moment what its plan comes to, breaks no grid, and never more ties than it did.
func TestSearchKeepsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := one(t, 24)
		p.Effort = 1
		anyRules(t, &p)
		if rapid.Bool().Draw(t, "band") {
			anyBand(t, &p)
		}
		all, err := regions(&p)
		if err != nil || all[0].trivial() {
			t.Skip("nothing to search")
		}
		s := newSearch(all[0], newDice(p.Seed, 1))
		s.anew(none)
		s.target, s.weight, s.heat = 0.1, 5, rapid.SampledFrom([]float64{0.1, 10}).Draw(t, "heat")
		for range 3 {
			before := s.clash
			s.sweep()
			fresh := newLayout(all[0])
			fresh.set(s.at)
			near := func(a, b float64) bool { return math.Abs(a-b) < 1e-6 }
			if s.clash != fresh.clash || !near(s.border, fresh.border) || !near(s.worst(), fresh.worst()) || !near(s.outside(), fresh.outside()) {
				t.Fatalf("%d ties, %v of border, worst %v; counted up %d, %v, %v", s.clash, s.border, s.worst(), fresh.clash, fresh.border, fresh.worst())
			}
			if s.clash > before || !fresh.whole() {
				t.Fatalf("%d ties broken, were %d; whole: %v", s.clash, before, fresh.whole())
			}
		}
	})
}

// Going through all splits finds the best of those that keep the rules, for each aim.
func TestExhaustKeepsRules(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := one(t, 8)
		anyRules(t, &p)
		anyBand(t, &p)
		p.Fixed, p.Balance = nil, p.Balance[:1]
		all, err := regions(&p)
		if err != nil || all[0].idle {
			t.Skip("nothing to go through")
		}
		best := none
		allSplits(p, func(at []int32) {
			report := verify.Split(p.verifyRules(nil), at)
			_, load := report.Outside(0)
			if this := (split{out: load, worst: report.Deviation(0)}); better(this, best, 0) {
				best = this
			}
		})
		d, _ := all[0].reduce(noneBeside)
		if d == nil {
			t.Skip("too many grids")
		}
		x := newExhaust(d, aimTies, none, 1<<20)
		if complete := x.run(context.Background()); complete == (best.clash == 0) {
			t.Fatalf("a split that breaks no tie was found: %v, there is one: %v", !complete, best.clash == 0)
		}
		if best.clash > 0 {
			return
		}
		x = newExhaust(d, aimBand, split{out: 1e6}, 1<<20)
		if x.run(context.Background()); math.Abs(x.least*all[0].ideal[0]-best.out) > 1e-6 {
			t.Fatalf("%v outside, best is %v", x.least*all[0].ideal[0], best.out)
		}
		x = newExhaust(d, aimDeviation, split{out: best.out / all[0].ideal[0], worst: 100}, 1<<20)
		if x.run(context.Background()); math.Abs(x.limit-best.worst) > 1e-9 {
			t.Fatalf("worst %v, best is %v", x.limit, best.worst)
		}
	})
}

// Blocks under other numbers have splits just as good.
func TestNumbersOfBlocksDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := twelve(t, 3)
		anyRules(t, &p)
		anyBand(t, &p)
		order := rapid.Permutation([]int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}).Draw(t, "order")
		number := func(blocks []int32) (others []int32) {
			for _, b := range blocks {
				others = append(others, order[b])
			}
			return others
		}
		q := p
		var links []blockgraph.Link
		load := make([]float64, 12)
		for b := range int32(12) {
			load[order[b]] = p.Graph.Loads[0][b]
			for _, e := range p.Graph.Neighbours(b) {
				if b < e.To {
					links = append(links, blockgraph.Link{A: order[b], B: order[e.To], Length: e.Length})
				}
			}
		}
		q.Graph, q.Together, q.Apart, q.Fixed = build(t, 12, links, load), nil, nil, nil
		for _, set := range p.Together {
			q.Together = append(q.Together, number(set))
		}
		for _, set := range p.Fixed {
			q.Fixed = append(q.Fixed, number(set))
		}
		for _, pair := range p.Apart {
			q.Apart = append(q.Apart, [2]int32(number(pair[:])))
		}
		a, b := solved(t, p), solved(t, q)
		if (a == nil) != (b == nil) || a != nil && (math.Abs(a.Parents[0].OutsideLoad-b.Parents[0].OutsideLoad) > 1e-6 ||
			math.Abs(a.Parents[0].MaxDeviation-b.Parents[0].MaxDeviation) > 1e-9) {
			t.Fatalf("%+v, and under other numbers %+v", a, b)
		}
	})
}
