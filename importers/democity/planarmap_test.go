package democity

import (
	"slices"
	"testing"
)

// field is a square map of 100 m, corners 0 to 3 counter-clockwise from the south-west.
func field() *planarMap {
	return newPlanarMap([]vec{{0, 0}, {100, 0}, {100, 100}, {0, 100}})
}

func TestCutDividesAFaceAndJoinUndoesIt(t *testing.T) {
	m := field()
	south, north := m.pin(0, 1, vec{40, 0}), m.pin(2, 3, vec{40, 100})
	east := m.cut(0, south, north, []vec{{45, 50}}, lane)
	if got, want := ringArea(m.ring(0)), 4250.0; got != want {
		t.Errorf("the face on the left has %v m2, want %v", got, want)
	}
	if got, want := ringArea(m.ring(east)), 5750.0; got != want {
		t.Errorf("the face on the right has %v m2, want %v", got, want)
	}
	var metres float64
	m.borders(0, func(g int32, length float64, s street) {
		if g != east || s != lane {
			t.Errorf("beyond a %v lies face %d", s, g)
		}
		metres += length
	})
	if metres < 100 || metres > 101 {
		t.Errorf("the two share %v m", metres)
	}
	if !m.join(0, east) {
		t.Fatal("they do not join")
	}
	if got := ringArea(m.ring(0)); got != 10000 || len(m.ring(east)) != 0 {
		t.Errorf("joined they have %v m2", got)
	}
}

func TestPinGivesACornerToBothSides(t *testing.T) {
	m := field()
	south, north := m.pin(0, 1, vec{50, 0}), m.pin(2, 3, vec{50, 100})
	east := m.cut(0, south, north, nil, lane)
	middle := m.pin(north, south, vec{50, 50})
	for _, f := range []int32{0, east} {
		if !slices.Contains(m.faces[f].loop, middle) {
			t.Errorf("face %d has no corner in the middle", f)
		}
	}
	if m.streets[low(south, middle)] != lane || m.streets[low(middle, north)] != lane {
		t.Error("the lane ends at its new corner")
	}
}

// A face that would enclose a third one when joined is left alone.
func TestJoinRefusesToEnclose(t *testing.T) {
	m := field()
	a, b := m.pin(0, 1, vec{40, 0}), m.pin(2, 3, vec{40, 100})
	east := m.cut(0, a, b, []vec{{40, 30}, {40, 60}}, lane)
	at := func(p vec) int32 { return int32(slices.Index(m.corners, p)) }
	m.cut(east, at(vec{40, 30}), at(vec{40, 60}), []vec{{60, 45}}, lane)
	for f := range int32(len(m.faces)) {
		for g := range int32(len(m.faces)) {
			if f != g && ringArea(m.ring(f)) > 3000 && ringArea(m.ring(g)) > 3000 && m.join(f, g) {
				t.Errorf("faces %d and %d joined round another", f, g)
			}
		}
	}
}
