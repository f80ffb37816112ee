package topo_test

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

func cover(t rapid.TB, pieces []shape.MultiPolygon, width crs.Metres) *topo.Coverage {
	t.Helper()
	c, err := topo.Cover(context.Background(), pieces, width, nil)
	if err != nil {
		t.Fatal(err)
	}
	return c
}

// Pieces that fit stay as they are but for the corners of their neighbours; lakes stay open; and the squares they were
// drawn with tell which are neighbours and along how much.
func TestCoverOfWhatFits(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := drawTown(t, "AABCD.")
		letters, pieces := d.letters(), d.pieces()
		c := cover(t, pieces, 0.2)
		for i, s := range c.Shapes {
			if !equal(straightened(s), pieces[i]) {
				t.Fatalf("%c became %v, not %v", letters[i], s, pieces[i])
			}
			wantValid(t, string(letters[i]), s)
		}
		wantCoverage(t, c)
		for _, f := range c.Findings {
			if f.Kind != topo.Gap || f.Mended || f.To != -1 {
				t.Fatalf("nothing is wrong, but %+v", f)
			}
		}
		framed := slices.Concat(town{dots(d)}, d, town{dots(d)})
		for i := range framed {
			framed[i] = "." + framed[i] + "."
		}
		if lakes := framed.joined('.') - 1; len(c.Findings) != lakes {
			t.Fatalf("%d gaps, but %d lakes", len(c.Findings), lakes)
		}
		want := d.borders()
		for at, got := range lengthsOf(c.Shapes) {
			pair := [2]byte{letters[at[0]], letters[at[1]]}
			if length := want[pair]; math.Abs(float64(got/length)-1) > 0.001 {
				t.Fatalf("%c and %c share %v, not %v", pair[0], pair[1], got, length)
			}
			delete(want, pair)
		}
		if len(want) > 0 {
			t.Fatalf("borders missing: %v", want)
		}
	})
}

// lengthsOf returns how much border each two pieces of a coverage share.
func lengthsOf(pieces []shape.MultiPolygon) map[[2]int32]crs.Metres {
	lengths := map[[2]int32]crs.Metres{}
	for _, s := range topo.SharedSides(pieces) {
		lengths[[2]int32{s.A, s.B}] += crs.Distance(s.From, s.To)
	}
	return lengths
}

func dots(d town) string {
	line := []byte(d[0])
	for i := range line {
		line[i] = '.'
	}
	return string(line)
}

// borders returns what each two letters share, by their squares.
func (d town) borders() map[[2]byte]crs.Metres {
	shared := map[[2]byte]crs.Metres{}
	add := func(a, b byte, from, to crs.Point) {
		if a != b && a != '.' && b != '.' {
			shared[[2]byte{min(a, b), max(a, b)}] += crs.Distance(from, to)
		}
	}
	for row := range d {
		for col := range d[row] {
			west, south := col*step, (len(d)-1-row)*step
			if col+1 < len(d[row]) {
				add(d[row][col], d[row][col+1], pt(west+step, south), pt(west+step, south+step))
			}
			if row+1 < len(d) {
				add(d[row][col], d[row+1][col], pt(west, south), pt(west+step, south))
			}
		}
	}
	return shared
}

// wantCoverage checks that no line of a shape is drawn twice in one direction: ground is shared by none, and where lines
// lie on one another they are the same from corner to corner.
func wantCoverage(t rapid.TB, c *topo.Coverage) {
	t.Helper()
	var all []arrange.Line
	for _, s := range c.Shapes {
		all = append(all, lines(s)...)
	}
	seen := map[arrange.Line]bool{}
	for i, l := range all {
		if seen[l] {
			t.Fatalf("%v is drawn twice", l)
		}
		seen[l] = true
		for _, m := range all[:i] {
			if l.Crosses(m) {
				t.Fatalf("%v crosses %v", l, m)
			}
			for _, p := range [2]crs.Point{m.From, m.To} {
				if p != l.From && p != l.To && l.Holds(p) {
					t.Fatalf("%v lies on %v", p, l)
				}
			}
		}
	}
}

// Whatever goes in: what comes out are valid shapes that fit, of just the ground the pieces claimed and the gaps that were
// mended, and it comes out again when it is put in.
func TestCoverLosesNoGround(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := drawPieces(t)
		checkCover(t, pieces, rapid.SampledFrom([]crs.Metres{0, 0.05, 1000}).Draw(t, "width"))
	})
}

func checkCover(t rapid.TB, pieces []shape.MultiPolygon, width crs.Metres) {
	t.Helper()
	c := cover(t, pieces, width)
	wantCoverage(t, c)
	claimed, gaps := claims(t, pieces)
	for _, s := range c.Shapes {
		wantValid(t, "covered", s)
	}
	ground, mended := twiceArea(c.Shapes...), 0
	for _, f := range c.Findings {
		if f.Kind == topo.Gap && f.Mended {
			mended++
		}
		if f.Mended != (f.Width < width && f.Kind != topo.Vanished) || f.Mended && f.To < 0 {
			t.Fatalf("narrower than %v is mended, not %+v", width, f)
		}
		if f.Kind == topo.Overlap && !slices.Contains(f.Pieces, f.To) {
			t.Fatalf("%d got an overlap it did not claim: %+v", f.To, f)
		}
	}
	switch {
	case mended == 0 && ground != claimed, mended == len(gaps) && ground != claimed+sum(gaps), ground < claimed || ground > claimed+sum(gaps):
		t.Fatalf("twice the ground was %d and gaps %v, of which %d were mended; now it is %d", claimed, gaps, mended, ground)
	}
	again := cover(t, c.Shapes, width)
	if !equalShapes(c.Shapes, again.Shapes) {
		t.Fatalf("covered again: %v, not %v", again, c)
	}
}

func sum(n []int64) (s int64) {
	for _, x := range n {
		s += x
	}
	return s
}

// claims returns twice the area that pieces claim once they are snapped, and twice that of each gap.
func claims(t rapid.TB, pieces []shape.MultiPolygon) (claimed int64, gaps []int64) {
	t.Helper()
	var segments []arrange.Segment
	for i, p := range pieces {
		for _, l := range lines(p) {
			segments = append(segments, arrange.Segment{Line: l, Label: int32(i)})
		}
	}
	net, err := arrange.Snap(context.Background(), segments, arrange.DefaultLimit(len(segments)))
	if err != nil {
		t.Fatal(err)
	}
	a, err := arrange.Weave(net, arrange.DefaultLimit(len(segments)))
	if err != nil {
		t.Fatal(err)
	}
	for f := range a.Faces[1:] {
		var twice int64
		for h := range a.Border(int32(f + 1)) {
			p, q := a.Nodes[a.Origin(h)], a.Nodes[a.Origin(arrange.Twin(h))]
			twice += int64(p.Lon)*int64(q.Lat) - int64(q.Lon)*int64(p.Lat)
		}
		if len(a.Faces[f+1].Turns) > 0 {
			claimed += twice
		} else {
			gaps = append(gaps, twice)
		}
	}
	return claimed, gaps
}

// A step of the grid is about 11 mm here, so what is drawn 5 steps wide is mended at 0.2 m and what is drawn 500 wide is not.
func TestCoverDrawn(t *testing.T) {
	type found struct {
		kind   topo.Kind
		pieces []int32
		to     int32
		mended bool
	}
	for _, c := range []struct {
		name         string
		pieces, want []shape.MultiPolygon
		found        []found
		borders      [][2]int32
	}{
		{"a corner on a neighbour's side", []shape.MultiPolygon{box(0, 0, 1000, 2000), box(1000, 0, 2000, 1000), box(1000, 1000, 2000, 2000)},
			[]shape.MultiPolygon{one(ring(0, 0, 1000, 0, 1000, 1000, 1000, 2000, 0, 2000)), box(1000, 0, 2000, 1000), box(1000, 1000, 2000, 2000)},
			nil, [][2]int32{{0, 1}, {0, 2}, {1, 2}}},
		{"a sliver between three goes to the longest border", []shape.MultiPolygon{box(0, 0, 1000, 2000), box(1005, 0, 2000, 2000), box(0, 2000, 2000, 3000), box(0, -1000, 2000, 0)},
			[]shape.MultiPolygon{one(ring(0, 0, 1000, 0, 1005, 0, 1005, 2000, 1000, 2000, 0, 2000)), box(1005, 0, 2000, 2000),
				one(ring(0, 2000, 1000, 2000, 1005, 2000, 2000, 2000, 2000, 3000, 0, 3000)), one(ring(0, -1000, 2000, -1000, 2000, 0, 1005, 0, 1000, 0, 0, 0))},
			[]found{{topo.Gap, []int32{0, 1, 2, 3}, 0, true}}, [][2]int32{{0, 1}, {0, 2}, {0, 3}, {1, 2}, {1, 3}}},
		{"a narrow overlap", []shape.MultiPolygon{box(0, 0, 1005, 1000), box(1000, 0, 2000, 2000)},
			[]shape.MultiPolygon{box(0, 0, 1000, 1000), one(ring(1000, 0, 1005, 0, 2000, 0, 2000, 2000, 1000, 2000, 1000, 1000))},
			[]found{{topo.Overlap, []int32{0, 1}, 1, true}}, [][2]int32{{0, 1}}},
		{"a wide overlap", []shape.MultiPolygon{box(0, 0, 1500, 1000), box(1000, 0, 2000, 2000)}, nil,
			[]found{{topo.Overlap, []int32{0, 1}, 1, false}}, [][2]int32{{0, 1}}},
		{"a wide gap stays open", []shape.MultiPolygon{one(ring(0, 0, 3000, 0, 3000, 3000, 0, 3000), ring(1000, 1000, 1000, 2000, 2000, 2000, 2000, 1000))}, nil,
			[]found{{topo.Gap, []int32{0}, -1, false}}, nil},
		{"a hole that another piece fills", []shape.MultiPolygon{one(ring(0, 0, 3000, 0, 3000, 3000, 0, 3000), ring(1000, 1000, 1000, 2000, 2000, 2000, 2000, 1000)), box(1000, 1000, 2000, 2000)}, nil,
			nil, [][2]int32{{0, 1}}},
		{"an island", []shape.MultiPolygon{box(0, 0, 1000, 1000), box(5000, 0, 6000, 1000)}, nil, nil, nil},
		{"two that touch in a point", []shape.MultiPolygon{box(0, 0, 1000, 1000), box(1000, 1000, 2000, 2000)}, nil, nil, nil},
		{"one in another", []shape.MultiPolygon{box(0, 0, 3000, 3000), box(1000, 1000, 2000, 2000)}, nil,
			[]found{{topo.Overlap, []int32{0, 1}, 0, false}, {topo.Vanished, []int32{1}, -1, false}}, nil},
		{"the same twice", []shape.MultiPolygon{box(0, 0, 1000, 1000), box(0, 0, 1000, 1000)}, []shape.MultiPolygon{box(0, 0, 1000, 1000), nil},
			[]found{{topo.Overlap, []int32{0, 1}, 0, false}, {topo.Vanished, []int32{1}, -1, false}}, nil},
		{"nothing of nothing", []shape.MultiPolygon{nil}, []shape.MultiPolygon{nil}, []found{{topo.Vanished, []int32{0}, -1, false}}, nil},
		{"a patch in a patch", []shape.MultiPolygon{box(0, 0, 1000, 1000), box(0, 0, 1000, 1000), box(1004, 0, 2000, 1000), box(0, 1000, 2000, 2000), box(0, -1000, 2000, 0)}, nil,
			[]found{{topo.Overlap, []int32{0, 1}, 0, false}, {topo.Gap, []int32{0, 2, 3, 4}, 2, true}, {topo.Vanished, []int32{1}, -1, false}},
			[][2]int32{{0, 2}, {0, 3}, {0, 4}, {2, 3}, {2, 4}}},
	} {
		got := cover(t, c.pieces, 0.2)
		if c.want != nil && !equalShapes(got.Shapes, c.want) {
			t.Errorf("%s: got %v, want %v", c.name, got.Shapes, c.want)
		}
		var findings []found
		for _, f := range got.Findings {
			findings = append(findings, found{f.Kind, f.Pieces, f.To, f.Mended})
		}
		if !slices.EqualFunc(findings, c.found, func(f, g found) bool {
			return f.kind == g.kind && slices.Equal(f.pieces, g.pieces) && f.to == g.to && f.mended == g.mended
		}) {
			t.Errorf("%s: found %v, want %v", c.name, findings, c.found)
		}
		var borders [][2]int32
		for pair := range lengthsOf(got.Shapes) {
			borders = append(borders, pair)
		}
		slices.SortFunc(borders, func(p, q [2]int32) int { return slices.Compare(p[:], q[:]) })
		if !slices.Equal(borders, c.borders) {
			t.Errorf("%s: borders %v, want %v", c.name, borders, c.borders)
		}
	}
}

// A finding has the measures of its patch and a place in it.
func TestFindingsAreMeasured(t *testing.T) {
	c := cover(t, []shape.MultiPolygon{box(0, 0, 2000, 100_000), box(1000, 0, 3000, 100_000)}, 0.2)
	f := c.Findings[0]
	across, along := crs.Distance(pt(1000, 0), pt(2000, 0)), crs.Distance(pt(1000, 0), pt(1000, 100_000))
	area := float64(across * along)
	if math.Abs(float64(f.Area)/area-1) > 1e-4 || math.Abs(float64(f.Width)*float64(across+along)/area-1) > 1e-4 {
		t.Errorf("area %v, width %v of a strip %v by %v", f.Area, f.Width, across, along)
	}
	if !strictlyInside(f.At, box(1000, 0, 2000, 100_000)) {
		t.Errorf("%v is not in the strip", f.At)
	}
}

func TestCoverIsCancelledAndRefuses(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := topo.Cover(ctx, []shape.MultiPolygon{box(0, 0, 9, 9)}, 0.2, nil); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
	var noPlace *arrange.NoPlace
	if _, err := topo.Cover(context.Background(), []shape.MultiPolygon{box(0, 0, 9, 1_000_000_000)}, 0.2, nil); !errors.As(err, &noPlace) {
		t.Errorf("beyond the pole: %v", err)
	}
	steps := 0
	if _, err := topo.Cover(context.Background(), nil, 0.2, func(done, total int) {
		if steps = done; total < done {
			t.Errorf("%d of %d", done, total)
		}
	}); err != nil || steps == 0 {
		t.Errorf("of nothing: %v after %d steps", err, steps)
	}
}

// FuzzCover reads three numbers a point: where it is, and whether a ring or a piece ends there.
func FuzzCover(f *testing.F) {
	f.Add([]byte{0, 0, 0, 9, 0, 0, 9, 9, 2, 3, 3, 0, 12, 3, 0, 12, 12, 2})
	f.Add([]byte{0, 0, 0, 9, 9, 0, 9, 0, 0, 0, 9, 1, 2, 1, 0, 1, 2, 0, 7, 7, 2})
	f.Fuzz(func(t *testing.T, numbers []byte) {
		if len(numbers) > 120 {
			t.Skip("longer than it takes")
		}
		var pieces []shape.MultiPolygon
		var m shape.MultiPolygon
		var r shape.Ring
		for ; len(numbers) >= 3; numbers = numbers[3:] {
			r = append(r, pt(int(numbers[0]), int(numbers[1])))
			if numbers[2]%4 > 0 {
				m, r = append(m, shape.Polygon{r}), nil
			}
			if numbers[2]%4 > 1 {
				pieces, m = append(pieces, m), nil
			}
		}
		checkCover(t, pieces, 0.05)
		for _, p := range pieces {
			if clean, flaws := topo.Vet(p); len(flaws) == 0 {
				wantValid(t, "vetted", clean)
			}
		}
	})
}
