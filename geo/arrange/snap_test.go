package arrange_test

import (
	"context"
	"errors"
	"math"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

const plenty = arrange.Limit(1_000_000)

func pt(lon, lat int) crs.Point { return crs.Point{Lon: crs.Coord(lon), Lat: crs.Coord(lat)} }

// drawSegments draws lines in a small square, where they touch, overlap and pass within a step of each other all the time.
func drawSegments(t *rapid.T) []arrange.Segment {
	size := rapid.SampledFrom([]int{3, 6, 20, 300}).Draw(t, "size")
	point := rapid.Custom(func(t *rapid.T) crs.Point {
		return pt(rapid.IntRange(0, size).Draw(t, "lon"), rapid.IntRange(0, size).Draw(t, "lat"))
	})
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) arrange.Segment {
		return arrange.Segment{
			Line:  arrange.Line{From: point.Draw(t, "from"), To: point.Draw(t, "to")},
			Label: rapid.Int32Range(0, 3).Draw(t, "label"),
		}
	}), 0, 25).Draw(t, "segments")
}

func snap(t rapid.TB, segments []arrange.Segment) *arrange.Net {
	t.Helper()
	net, err := arrange.Snap(context.Background(), segments, plenty)
	if err != nil {
		t.Fatal(err)
	}
	return net
}

// Edges meet only at nodes.
func TestEdgesMeetOnlyAtNodes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		net := snap(t, drawSegments(t))
		if !slices.IsSortedFunc(net.Nodes, crs.Point.Compare) {
			t.Fatalf("nodes do not rise: %v", net.Nodes)
		}
		for i := range net.Edges {
			l := net.Line(i)
			for _, p := range net.Nodes {
				if l.Holds(p) && p != l.From && p != l.To {
					t.Fatalf("%v lies on %v", p, l)
				}
			}
			for j := range i {
				if m := net.Line(j); l.Crosses(m) || l == m {
					t.Fatalf("%v crosses %v", l, m)
				}
			}
		}
	})
}

// A net that is snapped again is the same net, and the order of the segments makes no difference.
func TestSnapIsIdempotentAndForgetsOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segments := drawSegments(t)
		net := snap(t, segments)
		if again := snap(t, segmentsOf(net)); again.Rounds > 0 || !reflect.DeepEqual(net.Edges, again.Edges) || !slices.Equal(net.Nodes, again.Nodes) {
			t.Fatalf("snapped again: %v, not %v", again, net)
		}
		if turned := snap(t, rapid.Permutation(segments).Draw(t, "order")); !reflect.DeepEqual(net, turned) {
			t.Fatalf("in another order: %v, not %v", turned, net)
		}
	})
}

// segmentsOf writes each turn of each edge as segments again.
func segmentsOf(net *arrange.Net) (segments []arrange.Segment) {
	for i, e := range net.Edges {
		l := net.Line(i)
		for _, turn := range e.Turns {
			along := arrange.Segment{Line: l, Label: turn.Label}
			if turn.Count < 0 {
				along.Line = arrange.Line{From: l.To, To: l.From}
			}
			for range max(turn.Count, -turn.Count) {
				segments = append(segments, along)
			}
		}
	}
	return segments
}

// A segment alone with its label becomes a chain from its beginning to its end that stays within a pixel of it, for each round of snapping.
func TestChainsStayNear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		segments := drawSegments(t)
		for i := range segments {
			segments[i].Label = int32(i)
		}
		net := snap(t, segments)
		balance := map[int32]map[crs.Point]int32{}
		for i, e := range net.Edges {
			l := net.Line(i)
			for _, turn := range e.Turns {
				if balance[turn.Label] == nil {
					balance[turn.Label] = map[crs.Point]int32{}
				}
				balance[turn.Label][l.From] += turn.Count
				balance[turn.Label][l.To] -= turn.Count
				for _, p := range []crs.Point{l.From, l.To} {
					if d := distance(p, segments[turn.Label].Line); d > 0.7072*float64(net.Rounds) {
						t.Fatalf("%v is %.2f off %v after %d rounds", p, d, segments[turn.Label].Line, net.Rounds)
					}
				}
			}
		}
		for i, s := range segments {
			if s.From == s.To {
				continue
			}
			for p, n := range balance[int32(i)] {
				want := int32(0)
				switch p {
				case s.From:
					want = 1
				case s.To:
					want = -1
				}
				if n != want {
					t.Fatalf("the chain of %v leaves %v %d times", s.Line, p, n)
				}
			}
			if len(balance[int32(i)]) == 0 {
				t.Fatalf("%v is lost", s.Line)
			}
		}
	})
}

func distance(p crs.Point, l arrange.Line) float64 {
	dx, dy := float64(l.To.Lon-l.From.Lon), float64(l.To.Lat-l.From.Lat)
	x, y := float64(p.Lon-l.From.Lon), float64(p.Lat-l.From.Lat)
	if dx == 0 && dy == 0 {
		return math.Hypot(x, y)
	}
	t := min(1, max(0, (x*dx+y*dy)/(dx*dx+dy*dy)))
	return math.Hypot(x-t*dx, y-t*dy)
}

// The crossing of two lines across the whole world is the nearest point of the grid: the products do not run over.
func TestCrossingsFarApart(t *testing.T) {
	const e, n = 1_800_000_000, 900_000_000
	for _, c := range []struct {
		name string
		l, m arrange.Line
		want crs.Point
	}{
		{"diagonals of the world", arrange.Line{From: pt(-e, -n), To: pt(e, n)}, arrange.Line{From: pt(-e, n), To: pt(e, -n)}, pt(0, 0)},
		{"a hair above one half", arrange.Line{From: pt(-e, -n), To: pt(e, n)}, arrange.Line{From: pt(-e, n), To: pt(e, -n+2)}, pt(1, 1)},
		{"halves go up", arrange.Line{From: pt(0, 0), To: pt(1, 1)}, arrange.Line{From: pt(0, 1), To: pt(1, 0)}, pt(1, 1)},
		{"up, also below nought", arrange.Line{From: pt(-1, -1), To: pt(0, 0)}, arrange.Line{From: pt(0, -1), To: pt(-1, 0)}, pt(0, 0)},
		{"meridian and parallel", arrange.Line{From: pt(7, -n), To: pt(7, n)}, arrange.Line{From: pt(-e, 5), To: pt(e, 5)}, pt(7, 5)},
	} {
		if !c.l.Crosses(c.m) {
			t.Errorf("%s: they do not cross", c.name)
			continue
		}
		for _, got := range []crs.Point{c.l.Crossing(c.m), c.m.Crossing(c.l)} {
			if got != c.want {
				t.Errorf("%s: got %v, want %v", c.name, got, c.want)
			}
		}
	}
}

// A scribble is refused before it fills the memory, and a cancelled context stops the work.
func TestTooTangledAndCancelled(t *testing.T) {
	random := rand.New(rand.NewSource(1))
	var segments []arrange.Segment
	last := pt(0, 0)
	for range 600 {
		p := pt(random.Intn(1_000_000), random.Intn(1_000_000))
		segments, last = append(segments, arrange.Segment{Line: arrange.Line{From: last, To: p}}), p
	}
	var tangled *arrange.TooTangled
	if _, err := arrange.Snap(context.Background(), segments, 1000); !errors.As(err, &tangled) {
		t.Errorf("a scribble: %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := arrange.Snap(ctx, segments, plenty); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	var noPlace *arrange.NoPlace
	beyond := []arrange.Segment{{Line: arrange.Line{From: pt(0, 0), To: pt(0, 900_000_001)}}}
	if _, err := arrange.Snap(context.Background(), beyond, plenty); !errors.As(err, &noPlace) {
		t.Errorf("beyond the pole: %v", err)
	}
}
