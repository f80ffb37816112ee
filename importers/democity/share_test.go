package democity

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestShareOut(t *testing.T) {
	tests := map[string]struct {
		weights      []float64
		total, least int
		want         []int
	}{
		"by weight":                      {[]float64{1, 2, 3}, 12, 0, []int{2, 4, 6}},
		"the larger remainder goes up":   {[]float64{1, 1.2}, 3, 0, []int{1, 2}},
		"no weight, nothing":             {[]float64{0, 1}, 5, 0, []int{0, 5}},
		"at least so many of each":       {[]float64{1, 100}, 10, 3, []int{3, 7}},
		"equal remainders, first served": {[]float64{1, 1}, 3, 0, []int{2, 1}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := shareOut(test.weights, test.total, test.least); !slices.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
		})
	}
}

// Everything is given out, nobody gets more than its most, and nobody without weight gets anything; or there is too much.
func TestShareUpToKeepsTheMost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		weights := rapid.SliceOfN(rapid.Float64Range(0.1, 50), 1, 30).Draw(t, "weights")
		weights = append(weights, 0)
		most := rapid.SliceOfN(rapid.IntRange(0, 90), len(weights), len(weights)).Draw(t, "most")
		room := sumOf(most[:len(most)-1])
		total := rapid.IntRange(0, room+20).Draw(t, "total")
		got, ok := shareUpToEach(weights, total, most)
		if ok != (total <= room) {
			t.Fatalf("%d by %v up to %v: %v", total, weights, most, ok)
		}
		if !ok {
			return
		}
		for i, n := range got {
			if n < 0 || n > most[i] || weights[i] == 0 && n != 0 {
				t.Fatalf("%d by %v up to %v: %v", total, weights, most, got)
			}
		}
		if sumOf(got) != total {
			t.Fatalf("%d by %v up to %v: %v", total, weights, most, got)
		}
	})
}

func TestChineseNumber(t *testing.T) {
	for n, want := range map[int]string{1: "一", 9: "九", 10: "十", 12: "十二", 20: "二十", 34: "三十四"} {
		if got := chineseNumber(n); got != want {
			t.Errorf("%d is written %s, want %s", n, got, want)
		}
	}
}
