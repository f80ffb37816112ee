package ground

import (
	"cmp"
	"fmt"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// Fault is a promise that a ground breaks.
type Fault struct {
	What string
	At   crs.Point
}

func (f Fault) String() string { return f.What + " near " + f.At.String() }

// Faulty is the error of a ground that breaks its promises.
type Faulty struct{ Faults []Fault }

func (e *Faulty) Error() string {
	return fmt.Sprintf("the ground does not hold, %d faults: %v", len(e.Faults), e.Faults[0])
}

// enough faults of a sort are told.
const enough = 20

// Check returns the promises that a ground breaks, none if it holds. It computes on integers only and knows nothing of
// how the ground was made; in is the input it was made of, as Input.Sorted returns it. Build ends with it.
//
//   - Rings have three corners and area, shells run counter-clockwise, holes clockwise.
//   - Edge cancellation: of the sides of all blocks of a parent those that are not drawn in both directions are just the
//     sides of the parent, each once; the same of the parents and those above, and of the parents and the outline. So the
//     blocks cover each parent without gap or overlap, and neighbours are the same vertex for vertex.
//   - Every building is in one block, of one parent, and wholly inside it as it was surveyed, unless it stands across. A
//     point may be a hair off: the border it was on may have been rounded past it.
//   - Sums are equal: of buildings and blocks, of blocks and parents, of parents and those above, of the input and the
//     parents.
//   - Borders are those that the shapes have, to the millimetre, and run along just the sides that both blocks have.
func Check(g *Ground, in *Input) (faults []Fault) {
	c := &checker{g: g, in: in}
	if c.numbers(); len(c.faults) > 0 {
		return c.faults // nothing else can be looked at
	}
	for _, check := range []func(){c.rings, c.cancel, c.members, c.uncut, c.sums, c.borders} {
		c.told = 0
		check()
	}
	return c.faults
}

type checker struct {
	g      *Ground
	in     *Input
	faults []Fault
	told   int
}

func (c *checker) fault(at crs.Point, what string, args ...any) {
	if c.told++; c.told <= enough {
		c.faults = append(c.faults, Fault{fmt.Sprintf(what, args...), at})
	}
}

// numbers looks whether every index is one of something, and every count there.
func (c *checker) numbers() {
	g := c.g
	if len(g.Members) != len(c.in.Buildings) {
		c.fault(crs.Point{}, "%d buildings of %d are accounted for", len(g.Members), len(c.in.Buildings))
	}
	is := func(i int32, n int, what string, args ...any) {
		if i < 0 || int(i) >= n {
			c.fault(crs.Point{}, what, args...)
		}
	}
	counts := func(counts []int64, what string, args ...any) {
		if len(counts) != len(g.Measures) {
			c.fault(crs.Point{}, what+" has %d counts", append(args, len(counts))...)
		}
	}
	counts(g.Lost, "what is lost")
	for i := range g.Blocks {
		b := &g.Blocks[i]
		is(b.Parent, len(g.Parents), "block %d is of no parent", i)
		counts(b.Counts, "block %d", i)
		for _, building := range b.Buildings {
			is(building, len(g.Members), "block %d has building %d", i, building)
		}
	}
	for _, p := range g.Parents {
		is(max(p.Above, 0), max(1, len(g.Above)), "parent %s lies in nothing", p.Code)
		counts(p.Counts, "parent %s", p.Code)
	}
	for _, a := range g.Above {
		counts(a.Counts, "%s", a.Code)
	}
	for _, b := range g.Borders {
		is(b.A, int(b.B), "the border of %d and %d", b.A, b.B)
		is(b.B, len(g.Blocks), "the border of %d and %d", b.A, b.B)
	}
}

func (c *checker) rings() {
	for i := range c.g.Blocks {
		b := &c.g.Blocks[i]
		if len(b.Shape) != 1 {
			c.fault(crs.Point{}, "block %d is of %d polygons", i, len(b.Shape))
		}
		c.shape(fmt.Sprintf("block %d", i), b.Shape)
	}
	for _, p := range c.g.Parents {
		c.shape("parent "+p.Code, p.Shape)
	}
}

func (c *checker) shape(what string, m shape.MultiPolygon) {
	for _, p := range m {
		for i, r := range p {
			switch twice := twiceOf(r); {
			case len(r) < 3:
				c.fault(crs.Point{}, "%s has a ring of %d points", what, len(r))
			case i == 0 && twice <= 0, i > 0 && twice >= 0:
				c.fault(r[0], "%s has a ring that runs the wrong way", what)
			}
		}
	}
}

// side is a side of a member or, as less than nothing, of the whole it should add up to.
type side struct {
	whole  int32
	lo, hi crs.Point
	count  int32
}

func sidesIn(sides []side, whole int32, m shape.MultiPolygon, sign int32) []side {
	for _, p := range m {
		for _, r := range p {
			for i, to := range r {
				from := r[(i+len(r)-1)%len(r)]
				s := side{whole, from, to, sign}
				if from.Compare(to) > 0 {
					s = side{whole, to, from, -sign}
				}
				sides = append(sides, s)
			}
		}
	}
	return sides
}

// corners returns how many corners the blocks have.
func (c *checker) corners() (n int) {
	for i := range c.g.Blocks {
		n += cornersOf(c.g.Blocks[i].Shape)
	}
	return n
}

func cornersOf(m shape.MultiPolygon) (n int) {
	for _, p := range m {
		for _, r := range p {
			n += len(r)
		}
	}
	return n
}

// cancel looks at the levels: blocks in parents, parents in those above, parents in the outline.
func (c *checker) cancel() {
	corners := 0
	for i := range c.g.Parents {
		corners += cornersOf(c.g.Parents[i].Shape)
	}
	var above, outline []side
	blocks := make([]side, 0, c.corners()+corners)
	for i := range c.g.Blocks {
		blocks = sidesIn(blocks, c.g.Blocks[i].Parent, c.g.Blocks[i].Shape, 1)
	}
	for i, p := range c.g.Parents {
		blocks = sidesIn(blocks, int32(i), p.Shape, -1)
		outline = sidesIn(outline, 0, p.Shape, 1)
		if p.Above >= 0 {
			above = sidesIn(above, p.Above, p.Shape, 1)
		}
	}
	for i, a := range c.g.Above {
		above = sidesIn(above, int32(i), a.Shape, -1)
	}
	outline = sidesIn(outline, 0, c.g.Outline, -1)
	c.cancelled("blocks and their parent", blocks)
	c.cancelled("parents and what is above them", above)
	c.cancelled("parents and the outline", outline)
}

func (c *checker) cancelled(what string, sides []side) {
	slices.SortFunc(sides, func(a, b side) int {
		return cmp.Or(int(a.whole)-int(b.whole), a.lo.Compare(b.lo), a.hi.Compare(b.hi))
	})
	for i := 0; i < len(sides); {
		j, sum := i, int32(0)
		for ; j < len(sides) && sides[j].whole == sides[i].whole && sides[j].lo == sides[i].lo && sides[j].hi == sides[i].hi; j++ {
			sum += sides[j].count
		}
		if sum != 0 || j-i > 2 {
			c.fault(sides[i].lo, "%s do not fit along a side to %v", what, sides[i].hi)
		}
		i = j
	}
}

func (c *checker) members() {
	seen := make([]int32, len(c.g.Members))
	for i := range c.g.Blocks {
		for _, b := range c.g.Blocks[i].Buildings {
			if c.g.Members[b].Block != int32(i) {
				c.fault(crs.Point{}, "block %d claims building %d", i, b)
				continue
			}
			seen[b]++
		}
	}
	for b, m := range c.g.Members {
		want := int32(1)
		if m.Block < 0 {
			want = 0
		}
		if seen[b] != want || m.Code != c.in.Buildings[b].Code {
			c.fault(cornerOf(&c.in.Buildings[b]), "building %s is in %d blocks", m.Code, seen[b])
		}
	}
}

// uncut looks whether every building lies inside its block: no side of it crosses one of the block, no corner of the
// block lies inside it, and one corner of it lies in the block.
func (c *checker) uncut() {
	for i := range c.g.Blocks {
		block := &c.g.Blocks[i]
		sides := sidesOf(block.Shape)
		for _, b := range block.Buildings {
			if !c.g.Members[b].Across && !insideOf(&c.in.Buildings[b], block.Shape, sides) {
				c.fault(cornerOf(&c.in.Buildings[b]), "block %d cuts building %s", i, c.in.Buildings[b].Code)
			}
		}
	}
}

func insideOf(b *Building, block shape.MultiPolygon, sides []arrange.Line) bool {
	if len(b.Shape) == 0 {
		return covers(block, sides, b.At) || !far(b.At, sides)
	}
	box := b.Shape.Box()
	var close []arrange.Line
	for _, l := range sides {
		if near(box, l, 0, 0) {
			close = append(close, l)
		}
	}
	if len(close) > 0 {
		for _, w := range sidesOf(b.Shape) {
			if slices.ContainsFunc(close, w.Crosses) {
				return false
			}
		}
		for _, l := range close {
			if topo.Inside(l.From, b.Shape) || topo.Inside(l.To, b.Shape) || through(l, b.Shape) {
				return false
			}
		}
	}
	for _, p := range b.Shape {
		for _, q := range p[0] {
			if !covers(block, close, q) {
				return false
			}
		}
	}
	return true
}

// hair is how far rounding may carry a border past a point, in grid steps: a few rounds of snapping.
const hair = 2

// far reports whether a point is further than a hair from all lines.
func far(p crs.Point, lines []arrange.Line) bool {
	square := scale{1, 1}
	return !slices.ContainsFunc(lines, func(l arrange.Line) bool {
		if !near(shape.Box{Min: p, Max: p}, l, hair, hair) {
			return false
		}
		q := square.nearestOn(l, p)
		return max(q.Lon-p.Lon, p.Lon-q.Lon, q.Lat-p.Lat, p.Lat-q.Lat) <= hair
	})
}

// through reports whether a line that crosses no side of a shape lies inside it somewhere: between two places where it
// touches a corner.
func through(l arrange.Line, m shape.MultiPolygon) bool {
	stops := []crs.Point{l.From, l.To}
	for _, w := range sidesOf(m) {
		if l.Holds(w.From) {
			stops = append(stops, w.From)
		}
	}
	if len(stops) == 2 && !onSide(l.From, m) && !onSide(l.To, m) {
		return false
	}
	slices.SortFunc(stops, crs.Point.Compare)
	for i := 1; i < len(stops); i++ {
		if p, q := stops[i-1], stops[i]; p != q {
			// At twice the scale, from p, the middle has whole coordinates.
			middle := crs.Point{Lon: q.Lon - p.Lon, Lat: q.Lat - p.Lat}
			if topo.Inside(middle, doubled(m, p)) {
				return true
			}
		}
	}
	return false
}

func onSide(p crs.Point, m shape.MultiPolygon) bool {
	return slices.ContainsFunc(sidesOf(m), func(w arrange.Line) bool { return w.Holds(p) })
}

// doubled returns a shape at twice the scale, seen from a place.
func doubled(m shape.MultiPolygon, from crs.Point) shape.MultiPolygon {
	var d shape.MultiPolygon
	for _, p := range m {
		var q shape.Polygon
		for _, r := range p {
			var s shape.Ring
			for _, at := range r {
				s = append(s, crs.Point{Lon: 2 * (at.Lon - from.Lon), Lat: 2 * (at.Lat - from.Lat)})
			}
			q = append(q, s)
		}
		d = append(d, q)
	}
	return d
}

func covers(m shape.MultiPolygon, sides []arrange.Line, p crs.Point) bool {
	return topo.Inside(p, m) || slices.ContainsFunc(sides, func(l arrange.Line) bool { return l.Holds(p) })
}

func (c *checker) sums() {
	g := c.g
	n := len(g.Measures)
	total := make([]int64, n)
	for i := range c.in.Buildings {
		add(total, c.in.Buildings[i].Counts)
	}
	for i := range c.in.Compounds {
		add(total, c.in.Compounds[i].Counts)
	}
	parents, above := zeros(len(g.Parents), n), zeros(len(g.Above), n)
	found := slices.Clone(g.Lost)
	for i := range g.Blocks {
		add(found, g.Blocks[i].Counts)
		add(parents[g.Blocks[i].Parent], g.Blocks[i].Counts)
		c.block(i)
	}
	if !slices.Equal(found, total) {
		c.fault(crs.Point{}, "blocks count %v, not %v", found, total)
	}
	for i, p := range g.Parents {
		if !slices.Equal(parents[i], p.Counts) {
			c.fault(crs.Point{}, "parent %s counts %v, not %v", p.Code, p.Counts, parents[i])
		}
		if p.Above >= 0 {
			add(above[p.Above], p.Counts)
		}
	}
	for i, a := range g.Above {
		if !slices.Equal(above[i], a.Counts) {
			c.fault(crs.Point{}, "%s counts %v, not %v", a.Code, a.Counts, above[i])
		}
	}
}

// block looks whether a block counts what its buildings do; more only if that is marked as an estimate.
func (c *checker) block(i int) {
	b := &c.g.Blocks[i]
	sum := make([]int64, len(c.g.Measures))
	for _, building := range b.Buildings {
		add(sum, c.g.Members[building].Counts)
	}
	if !slices.Equal(sum, b.Counts) && !b.Estimated {
		c.fault(crs.Point{}, "block %d counts %v, its buildings %v", i, b.Counts, sum)
	}
}

func zeros(n, m int) [][]int64 {
	z := make([][]int64, n)
	for i := range z {
		z[i] = make([]int64, m)
	}
	return z
}

func (c *checker) borders() {
	type half struct {
		lo, hi crs.Point
		block  int32
	}
	halves := make([]half, 0, c.corners())
	for i := range c.g.Blocks {
		for _, l := range sidesOf(c.g.Blocks[i].Shape) {
			lo, hi := ordered(l)
			halves = append(halves, half{lo, hi, int32(i)})
		}
	}
	slices.SortFunc(halves, func(a, b half) int {
		return cmp.Or(a.lo.Compare(b.lo), a.hi.Compare(b.hi), int(a.block)-int(b.block))
	})
	type shared struct {
		arrange.Line
		a, b int32
	}
	want := map[[2]int32]float64{}
	common := make([]shared, 0, len(halves)/2)
	for i := 1; i < len(halves); i++ {
		if a, b := halves[i-1], halves[i]; a.lo == b.lo && a.hi == b.hi {
			want[[2]int32{a.block, b.block}] += float64(crs.Distance(a.lo, a.hi))
			common = append(common, shared{arrange.Line{From: a.lo, To: a.hi}, a.block, b.block})
		}
	}
	told := make([]shared, 0, len(common))
	for _, b := range c.g.Borders {
		want[[2]int32{b.A, b.B}] -= float64(b.Length)
		for _, l := range b.Sides {
			lo, hi := ordered(l)
			told = append(told, shared{arrange.Line{From: lo, To: hi}, b.A, b.B})
		}
	}
	slices.SortFunc(told, func(s, t shared) int {
		return cmp.Or(s.From.Compare(t.From), s.To.Compare(t.To), int(s.a)-int(t.a), int(s.b)-int(t.b))
	})
	if !slices.Equal(common, told) {
		c.fault(crs.Point{}, "borders run along %d sides, the blocks have %d in common", len(told), len(common))
	}
	var wrong [][2]int32
	for pair, rest := range want {
		if rest > 0.001 || rest < -0.001 {
			wrong = append(wrong, pair)
		}
	}
	slices.SortFunc(wrong, func(a, b [2]int32) int { return cmp.Or(int(a[0])-int(b[0]), int(a[1])-int(b[1])) })
	for _, pair := range wrong {
		c.fault(crs.Point{}, "blocks %d and %d share %.3f m more or less than is said", pair[0], pair[1], want[pair])
	}
}
