package apportion

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestBoundedNumbers(t *testing.T) {
	with := func(change func(all []Parent), loads ...float64) []Parent {
		all := town(loads...)
		change(all)
		return all
	}
	for name, c := range map[string]struct {
		parents []Parent
		grids   int
		method  Method
		want    []int
		full    []int
	}{
		"the same for all":      {town(900, 50, 50), 6, Equal, []int{2, 2, 2}, nil},
		"as far as it goes":     {town(900, 50, 50), 7, Equal, []int{3, 2, 2}, nil},
		"no more than it may":   {with(func(all []Parent) { all[0].Max = 2 }, 900, 50, 50), 6, Adams, []int{2, 2, 2}, []int{0}},
		"no fewer than it must": {with(func(all []Parent) { all[2].Min = 3 }, 900, 50, 50), 6, Adams, []int{2, 1, 3}, nil},
		"fixed":                 {with(func(all []Parent) { all[1].Min, all[1].Max = 2, 2 }, 900, 50, 50), 6, Adams, []int{3, 2, 1}, nil},
		"all of it is locked":   {with(func(all []Parent) { all[1].Blocks, all[1].Pieces = 0, 0 }, 900, 0, 50), 6, Adams, []int{5, 0, 1}, nil},
	} {
		got, err := Number(c.parents, []float64{1}, c.grids, c.method)
		if err != nil || !slices.Equal(got.Grids, c.want) || c.full != nil && !slices.Equal(got.Full, c.full) {
			t.Errorf("%s: %+v, %v, want %v", name, got, err, c.want)
		}
	}
	if _, err := Number(with(func(all []Parent) { all[0].Max = 2; all[1].Max = 2 }, 1, 1), []float64{1}, 5, Adams); !errors.As(err, new(*TooManyError)) {
		t.Errorf("5 grids for two parents of 2 at most: %v", err)
	}
}

func TestAtMost(t *testing.T) {
	parents := town(1000, 1001, 0, 300)
	parents[3].Max = 2
	got, err := AtMost(parents, 0, 100)
	if err != nil || !slices.Equal(got.Grids, []int{10, 11, 1, 2}) || !slices.Equal(got.Outside, []int{3}) || got.Heaviest != 150 {
		t.Errorf("%+v, %v", got, err)
	}
	if _, err := AtMost(parents, 0, 0); !errors.As(err, new(*BandError)) {
		t.Errorf("at most 0: %v", err)
	}
}

func TestGrouped(t *testing.T) {
	parents := town(300, 200, 100, 500, 400)
	got, err := Grouped(parents, []float64{1}, 12, []Group{{[]int{0, 1}, 5}, {[]int{4}, 1}}, Adams)
	if err != nil || !slices.Equal(got.Grids, []int{3, 2, 1, 5, 1}) || math.Abs(got.Heaviest-400./125) > 1e-12 {
		t.Errorf("%+v, %v", got, err)
	}
	for name, c := range map[string]struct {
		grids  int
		groups []Group
		want   string
	}{
		"too few for a group":   {12, []Group{{[]int{2}, 1}, {[]int{0, 1}, 1}}, "group 1: 1 grids are too few: the parents need at least 2"},
		"a parent in two":       {12, []Group{{[]int{0, 1}, 5}, {[]int{1}, 1}}, "group 1: parent 1: it is in two groups"},
		"no such parent":        {12, []Group{{[]int{7}, 5}}, "group 0: parent 7: there are 5"},
		"nothing for the rest":  {12, []Group{{[]int{0, 1}, 11}}, "1 grids are too few: the parents need at least 3"},
		"not what is to be had": {12, []Group{{[]int{0, 1, 2, 3, 4}, 11}}, "the groups of all parents have 11 grids, and there are to be 12"},
	} {
		if _, err := Grouped(parents, []float64{1}, c.grids, c.groups, Adams); err == nil || err.Error() != c.want {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// Whatever the bounds: the number is kept, the worst bound never rises, and no single move would lower it.
func TestAgain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parents := make([]Parent, rapid.IntRange(1, 5).Draw(t, "parents"))
		most := 0
		for i := range parents {
			parents[i] = Parent{Loads: []float64{float64(rapid.IntRange(0, 50).Draw(t, "load"))}, Pieces: 1, Blocks: rapid.IntRange(1, 6).Draw(t, "blocks")}
			most += parents[i].Blocks
		}
		table := rapid.SliceOfN(rapid.Float64Range(0, 1), 64, 64).Draw(t, "bounds")
		bound := func(p, k int) float64 { return table[8*p+k] }
		shares, err := Number(parents, []float64{1}, rapid.IntRange(len(parents), most).Draw(t, "grids"), Adams)
		if err != nil {
			t.Fatal(err)
		}
		before, heaviest := slices.Clone(shares.Grids), shares.Heaviest
		worst := func(grids []int) (w float64) {
			for p, k := range grids {
				w = max(w, bound(p, k))
			}
			return w
		}
		moves := Again(parents, []float64{1}, shares, 0, bound)
		sum := 0
		for p, k := range shares.Grids {
			if sum += k - before[p]; k < 1 || k > parents[p].Blocks {
				t.Fatalf("parent %d has %d grids of %d blocks", p, k, parents[p].Blocks)
			}
		}
		if shares.Heaviest > heaviest*(1+1e-9) {
			t.Fatalf("the heaviest average was %v and is %v", heaviest, shares.Heaviest)
		}
		if sum != 0 || worst(shares.Grids) > worst(before) {
			t.Fatalf("%v became %v by %v", before, shares.Grids, moves)
		}
		for p := range parents {
			for q := range parents {
				if p == q || shares.Grids[p] == 1 || shares.Grids[q] == parents[q].Blocks {
					continue
				}
				other := slices.Clone(shares.Grids)
				other[p]--
				other[q]++
				if average(parents, other) > average(parents, before)*(1+1e-9) {
					continue
				}
				if worst(other) < worst(shares.Grids)-1e-9 {
					t.Fatalf("%v is better than %v", other, shares.Grids)
				}
			}
		}
	})
}

// average returns the heaviest average load of a grid.
func average(parents []Parent, grids []int) (most float64) {
	for p, k := range grids {
		most = max(most, parents[p].Loads[0]/float64(k))
	}
	return most
}
