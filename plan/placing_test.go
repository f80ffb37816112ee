package plan

import (
	"testing"

	"pgregory.net/rapid"
)

// cheapest tries all ways to give rows columns of their own.
func cheapest(costs [][]int64, row int, used []bool) int64 {
	if row == len(costs) {
		return 0
	}
	best := int64(1) << 60
	for c := range used {
		if !used[c] {
			used[c] = true
			best = min(best, costs[row][c]+cheapest(costs, row+1, used))
			used[c] = false
		}
	}
	return best
}

// No other assignment costs less: every one is tried.
func TestAssignmentIsTheCheapest(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.IntRange(1, 5).Draw(t, "rows")
		columns := rows + rapid.IntRange(0, 2).Draw(t, "more")
		costs := make([][]int64, rows)
		for i := range costs {
			costs[i] = rapid.SliceOfN(rapid.Int64Range(0, 9), columns, columns).Draw(t, "costs")
		}
		var sum int64
		taken := map[int]bool{}
		for row, c := range assign(costs) {
			if taken[c] {
				t.Fatalf("column %d is given twice", c)
			}
			taken[c] = true
			sum += costs[row][c]
		}
		if want := cheapest(costs, 0, make([]bool, columns)); sum != want {
			t.Fatalf("costs %v: %d, but %d can be had", costs, sum, want)
		}
	})
}
