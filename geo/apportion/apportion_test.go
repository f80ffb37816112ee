package apportion

import (
	"errors"
	"math"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// town makes parents of one measure with many blocks each.
func town(loads ...float64) []Parent {
	all := make([]Parent, len(loads))
	for i, load := range loads {
		all[i] = Parent{Loads: []float64{load}, Pieces: 1, Blocks: 100}
	}
	return all
}

func TestNumber(t *testing.T) {
	few := town(900, 100)
	few[0].Blocks = 3
	split := town(500, 500)
	split[1].Pieces = 4
	for name, c := range map[string]struct {
		parents []Parent
		grids   int
		method  Method
		want    Shares
	}{
		"by load":                     {town(300, 200, 100), 6, Adams, Shares{Grids: []int{3, 2, 1}, Heaviest: 1}},
		"nobody stays without":        {town(1000, 1, 0), 5, Adams, Shares{Grids: []int{3, 1, 1}, Heaviest: 1000. / 3 / (1001. / 5)}},
		"nothing at all":              {town(0, 0), 3, Adams, Shares{Grids: []int{2, 1}}},
		"the earlier of equals":       {town(10, 10), 3, Adams, Shares{Grids: []int{2, 1}, Heaviest: 1.5}},
		"surplus goes to the others":  {few, 10, Adams, Shares{Grids: []int{3, 7}, Full: []int{0}, Heaviest: 3}},
		"a grid for each piece":       {split, 6, Adams, Shares{Grids: []int{2, 4}, Heaviest: 1.5}},
		"Webster rounds to the near":  {town(340, 160), 5, Webster, Shares{Grids: []int{3, 2}, Heaviest: 340. / 3 / 100}},
		"Adams favours the small":     {town(660, 170, 170), 5, Adams, Shares{Grids: []int{3, 1, 1}, Heaviest: 1.1}},
		"Hill stands between the two": {town(700, 140, 160), 5, Hill, Shares{Grids: []int{3, 1, 1}, Heaviest: 700. / 3 / 200}},
	} {
		got, err := Number(c.parents, []float64{1}, c.grids, c.method)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		near := cmp.Comparer(func(a, b float64) bool { return math.Abs(a-b) < 1e-12 })
		if diff := cmp.Diff(&c.want, got, near); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

// Measures are mixed as shares: a thousand times larger counts change nothing, weights do.
func TestNumberMixesShares(t *testing.T) {
	parents := []Parent{{Loads: []float64{3000, 1}, Blocks: 9}, {Loads: []float64{1000, 3}, Blocks: 9}}
	for name, c := range map[string]struct {
		weights []float64
		want    []int
	}{
		"both alike":     {[]float64{1, 1}, []int{2, 2}},
		"the first only": {[]float64{1, 1e-9}, []int{3, 1}},
		"the second":     {[]float64{1e-9, 1}, []int{1, 3}},
	} {
		got, err := Number(parents, c.weights, 4, Adams)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got.Grids); diff != "" {
			t.Errorf("%s: (-want +got)\n%s", name, diff)
		}
	}
}

func TestNumberRefuses(t *testing.T) {
	if _, err := Number(town(1, 1, 1), []float64{1}, 2, Adams); !errors.As(err, new(*TooFewError)) {
		t.Errorf("2 grids for 3 parents: %v", err)
	}
	if _, err := Number(town(1, 1), []float64{1}, 201, Adams); !errors.As(err, new(*TooManyError)) {
		t.Errorf("201 grids for 200 blocks: %v", err)
	}
	for name, wrong := range map[string]Parent{
		"fewer blocks than none":    {Loads: []float64{1}, Blocks: -1},
		"more grids than blocks":    {Loads: []float64{1}, Blocks: 3, Min: 4},
		"fewer grids than pieces":   {Loads: []float64{1}, Blocks: 3, Pieces: 3, Max: 2},
		"from more to fewer":        {Loads: []float64{1}, Blocks: 9, Min: 3, Max: 2},
		"more pieces than blocks":   {Loads: []float64{1}, Pieces: 2, Blocks: 1},
		"too few measures":          {Blocks: 1},
		"a load that is no number":  {Loads: []float64{math.NaN()}, Blocks: 1},
		"a load that is below zero": {Loads: []float64{-1}, Blocks: 1},
	} {
		_, err := Number(append(town(1), wrong), []float64{1}, 2, Adams)
		if fault, ok := errors.AsType[*ParentError](err); !ok || fault.Parent != 1 {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// Adams' heaviest average is the smallest there is: no other way of giving out the grids has a lighter one.
func TestAdamsIsMinMax(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		parents := make([]Parent, rapid.IntRange(1, 4).Draw(t, "parents"))
		least, most := 0, 0
		var total float64
		for i := range parents {
			blocks := rapid.IntRange(1, 5).Draw(t, "blocks")
			pieces := rapid.IntRange(1, min(2, blocks)).Draw(t, "pieces")
			load := float64(rapid.IntRange(0, 50).Draw(t, "load"))
			parents[i] = Parent{Loads: []float64{load}, Pieces: pieces, Blocks: blocks}
			least, most, total = least+pieces, most+blocks, total+load
		}
		grids := rapid.IntRange(least, most).Draw(t, "grids")
		got, err := Number(parents, []float64{1}, grids, Adams)
		if err != nil {
			t.Fatal(err)
		}
		sum := 0
		for i, k := range got.Grids {
			if k < parents[i].Pieces || k > parents[i].Blocks {
				t.Fatalf("parent %d has %d grids, %d pieces and %d blocks", i, k, parents[i].Pieces, parents[i].Blocks)
			}
			sum += k
		}
		if sum != grids {
			t.Fatalf("%d grids were given out of %d", sum, grids)
		}
		best := math.Inf(1)
		var try func(i, left int, heaviest float64)
		try = func(i, left int, heaviest float64) {
			if i == len(parents) {
				if left == 0 {
					best = min(best, heaviest)
				}
				return
			}
			for k := parents[i].Pieces; k <= min(left, parents[i].Blocks); k++ {
				try(i+1, left-k, max(heaviest, parents[i].Loads[0]/float64(k)))
			}
		}
		try(0, grids, 0)
		if total > 0 && math.Abs(got.Heaviest*total/float64(grids)-best) > 1e-9 {
			t.Fatalf("heaviest average %v, could be %v", got.Heaviest*total/float64(grids), best)
		}
	})
}

// One more grid never takes one away.
func TestMethodsAreHouseMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		loads := rapid.SliceOfN(rapid.Float64Range(0, 1000), 1, 6).Draw(t, "loads")
		method := rapid.SampledFrom([]Method{Adams, Hill, Webster}).Draw(t, "method")
		grids := rapid.IntRange(len(loads), 60).Draw(t, "grids")
		a, err := Number(town(loads...), []float64{1}, grids, method)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Number(town(loads...), []float64{1}, grids+1, method)
		if err != nil {
			t.Fatal(err)
		}
		for i := range loads {
			if b.Grids[i] < a.Grids[i] {
				t.Fatalf("parent %d falls from %d to %d grids", i, a.Grids[i], b.Grids[i])
			}
		}
	})
}

func TestBand(t *testing.T) {
	for name, c := range map[string]struct {
		load float64
		want int
		out  bool
	}{
		"near the middle":          {1600, 4, false},
		"the only one":             {500, 1, false},
		"lower end":                {300, 1, false},
		"between one and two":      {550, 2, true}, // 550 is 50 over, 275 is 25 under
		"less than one grid":       {100, 1, true},
		"nothing":                  {0, 1, true},
		"more than the blocks can": {60_000, 100, true},
	} {
		got, err := Band(town(c.load), 0, 300, 500)
		if err != nil {
			t.Fatal(err)
		}
		if got.Grids[0] != c.want || (len(got.Outside) > 0) != c.out {
			t.Errorf("%s: %v: %+v, want %d grids", name, c.load, got, c.want)
		}
	}
	for name, ends := range map[string][2]float64{"upside down": {5, 3}, "below zero": {-1, 3}, "nothing": {0, 0}, "no number": {math.NaN(), 1}} {
		if _, err := Band(town(1), 0, ends[0], ends[1]); !errors.As(err, new(*BandError)) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Band(town(1), 1, 1, 2); err == nil {
		t.Error("a measure that is not there is taken")
	}
}

// Of all numbers of grids none is less outside the band, and none as little outside is nearer its middle.
func TestBandIsBest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		blocks := rapid.IntRange(1, 30).Draw(t, "blocks")
		p := Parent{Loads: []float64{rapid.Float64Range(0, 5000).Draw(t, "load")}, Pieces: rapid.IntRange(1, blocks).Draw(t, "pieces"), Blocks: blocks}
		from := rapid.Float64Range(0, 400).Draw(t, "from")
		to := from + rapid.Float64Range(1, 400).Draw(t, "width")
		got, err := Band([]Parent{p}, 0, from, to)
		if err != nil {
			t.Fatal(err)
		}
		rate := func(k int) (off, near float64) {
			average := p.Loads[0] / float64(k)
			return max(0, from-average, average-to), math.Abs(average - (from+to)/2)
		}
		off, near := rate(got.Grids[0])
		for k := p.Pieces; k <= p.Blocks; k++ {
			if o, n := rate(k); o < off || o == off && n < near {
				t.Fatalf("%d grids are %v outside and %v from the middle; %d would be %v and %v", got.Grids[0], off, near, k, o, n)
			}
		}
	})
}
