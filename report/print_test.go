package report

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// Columns share the room of a page as they ask, and each has what its head needs, as far as there is room.
func TestColumnsShareTheRoom(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(1, 30).Draw(t, "columns")
		columns, least, all := make([]Column, n), make([]float64, n), 0.0
		for i := range columns {
			columns[i].Width = rapid.Float64Range(4, 60).Draw(t, "width")
			least[i] = rapid.Float64Range(2, 30).Draw(t, "least")
			all += least[i]
		}
		room := rapid.Float64Range(50, 400).Draw(t, "room")
		widths, sum := shareRoom(columns, least, room), 0.0
		for i, w := range widths {
			sum += w
			if all <= room && w < least[i]-1e-9 {
				t.Fatalf("column %d has %v, and needs %v: %v", i, w, least[i], widths)
			}
			if !(w > 0) {
				t.Fatalf("column %d has %v", i, w)
			}
		}
		if math.Abs(sum-room) > 1e-6 {
			t.Fatalf("%v of %v", sum, room)
		}
	})
}
