package ground

import (
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// town is the input as the sectors see it. While sectors are made nothing in it changes.
type town struct {
	in      Input
	options Options
	scale   scale
	edges   []frontierEdge // the borders of the parents, as they stay
	border  *nearby        // of edges
	boxes   []shape.Box    // of parents
	stands  []standing     // by building

	segments []segment
	second   []segment      // of the second rank, not yet among the segments
	reach    [][]int32      // by parent: its segments and those near, rising
	near     [][]int32      // by parent: the buildings that stand in it or near, rising
	halos    [][]shape.Ring // by building: its halo, nil for none
	glued    []bool         // by building: it moves with those whose halos meet its own
	yard     *yard          // of the boxes of buildings
	compound []int32        // by building: the compound it is counted with, -1 for none
	spread   [][]int64      // by building: its share by measure of what is known of its compound only; nil for none
	bare     []bare         // compounds with counts and no building
}

// segment is a piece of a line that divides.
type segment struct {
	arrange.Line
	of int32 // into Input.Lines; ours for a line we drew ourselves
	// footbridge marks a line of the second rank that is there from the beginning, because it leads across barriers. It does
	// not divide.
	footbridge bool
}

// ours is what lines are of that we drew ourselves: gap lines, hexagons.
const ours = int32(-1)

// spoke is what lines are of that part the pavement round compounds.
const spoke = int32(-2)

// tooFar is how far a scope may reach, in grid steps: ten degrees.
const tooFar = 10 * crs.PerDegree

// prepare sorts the input and settles everything that concerns more than one parent.
func prepare(ctx context.Context, in Input, options Options) (*town, *coverage, error) {
	t := &town{in: in.Sorted(), options: options.filled()}
	box, err := t.extent()
	if err != nil {
		return nil, nil, err
	}
	t.scale = scaleAt(either(t.options.Latitude, middleLat(box)))
	decided := newRulings(&t.in)
	c, err := cover(ctx, t.in.Parents, decided, t.scale, t.options.CoverageWidth)
	if err != nil {
		return nil, nil, err
	}
	t.rank()
	if err := conflate(ctx, c, t.in.Parents, decided, linesOf(t.segments), t.scale, t.options.ConflationWidth); err != nil {
		return nil, nil, err
	}
	c.findings = append(c.findings, decided.report()...)
	t.layOut()
	if t.stands, err = settleFrontier(ctx, t, c); err != nil {
		return nil, nil, err
	}
	if err := t.hang(ctx, c); err != nil {
		return nil, nil, err
	}
	t.edges = c.edges
	t.indexBorders()
	t.findCompounds(c)
	t.spreadCounts(c)
	t.near = t.distribute()
	t.segments = append(t.segments, t.spokes()...)
	t.reach = make([][]int32, len(t.in.Parents))
	t.admit(0)
	return t, c, ctx.Err()
}

func middleLat(b shape.Box) crs.Coord { return b.Min.Lat + (b.Max.Lat-b.Min.Lat)/2 }

// extent returns the box round the parents. Anything that lies far from the first parent makes it too large; the finding
// says which place that is.
func (t *town) extent() (shape.Box, error) {
	box := shape.EmptyBox
	for _, p := range t.in.Parents {
		box = box.Union(p.Shape.Box())
		if box.IsEmpty() {
			continue
		}
		if int64(box.Max.Lon)-int64(box.Min.Lon) > tooFar || int64(box.Max.Lat)-int64(box.Min.Lat) > tooFar {
			return box, &Refusal{Finding{Rule: ScopeTooLarge, At: p.Shape.Box().Min, Codes: []string{p.Code}}}
		}
	}
	if box.IsEmpty() {
		box = shape.Box{}
	}
	return box, nil
}

// layOut makes room for halos, and the yard.
func (t *town) layOut() {
	t.halos = make([][]shape.Ring, len(t.in.Buildings))
	t.glued = make([]bool, len(t.in.Buildings))
	boxes := make([]shape.Box, len(t.in.Buildings))
	for b := range boxes {
		boxes[b] = t.in.Buildings[b].Shape.Box()
	}
	t.yard = newYard(boxes)
}

// rank sorts the pieces of the lines into those that divide everywhere and those of the second rank.
func (t *town) rank() {
	for i := range t.in.Lines {
		switch l := &t.in.Lines[i]; {
		case l.Tunnel:
		case !l.Second:
			t.segments = appendPath(t.segments, segment{of: int32(i)}, l.Path)
		default:
			t.second = appendPath(t.second, segment{of: int32(i)}, l.Path)
			if l.Bridge {
				t.segments = appendPath(t.segments, segment{of: int32(i), footbridge: true}, l.Path)
			}
		}
	}
}

// appendPath appends a copy of s for each piece of a path.
func appendPath(segments []segment, s segment, path []crs.Point) []segment {
	for i := 1; i < len(path); i++ {
		if path[i-1] != path[i] {
			s.Line = arrange.Line{From: path[i-1], To: path[i]}
			segments = append(segments, s)
		}
	}
	return segments
}

// linesOf returns the lines of the segments that divide.
func linesOf(segments []segment) []arrange.Line {
	lines := make([]arrange.Line, 0, len(segments))
	for _, s := range segments {
		if !s.footbridge {
			lines = append(lines, s.Line)
		}
	}
	return lines
}

// indexBorders makes the index of the borders. Near them is what a halo or the rounding of a few snaps can reach.
func (t *town) indexBorders() {
	lines := make([]arrange.Line, len(t.edges))
	t.boxes = slices.Repeat([]shape.Box{shape.EmptyBox}, len(t.in.Parents))
	for i, e := range t.edges {
		lines[i] = e.Line
		for _, p := range [2]int32{e.left, e.right} {
			if p != nobody {
				t.boxes[p] = t.boxes[p].Add(e.From).Add(e.To)
			}
		}
	}
	lon, lat := t.scale.steps(3 * max(t.options.Halo, 0))
	t.border = newNearby(lines, lon+32, lat+32)
}

// parentsNear appends the parents whose borders a line comes near.
func (t *town) parentsNear(parents []int32, l arrange.Line) []int32 {
	t.border.of(l, func(e int32) bool {
		parents = append(parents, t.edges[e].left, t.edges[e].right)
		return true
	})
	return parents
}

// once returns the parents each once, without nobody. It reuses the slice.
func once(parents []int32) []int32 {
	slices.Sort(parents)
	parents = slices.Compact(parents)
	if len(parents) > 0 && parents[0] == nobody {
		parents = parents[1:]
	}
	return parents
}

// distribute returns for each parent the buildings that stand in it or near it.
func (t *town) distribute() [][]int32 {
	near := make([][]int32, len(t.in.Parents))
	var parents []int32
	for b := range t.in.Buildings {
		parents = append(parents[:0], t.stands[b].home)
		if m := t.in.Buildings[b].Shape; len(m) > 0 {
			for _, l := range boxSides(m.Box()) {
				parents = t.parentsNear(parents, l)
			}
		}
		for _, p := range once(parents) {
			near[p] = append(near[p], int32(b))
		}
	}
	return near
}

// admit hands the segments from a number on to the parents they pass, gives halos to the buildings they meet, and returns
// the parents of which the one or the other is new, rising.
func (t *town) admit(first int) (changed []int32) {
	points := make([]crs.Point, 0, len(t.segments)-first)
	for _, s := range t.segments[first:] {
		points = append(points, s.From)
	}
	owners := ownersAt(t.edges, points)
	var parents []int32
	for i, s := range t.segments[first:] {
		parents = once(t.parentsNear(append(parents[:0], owners[i]), s.Line))
		for _, p := range parents {
			t.reach[p] = append(t.reach[p], int32(first+i))
		}
		changed = append(changed, parents...)
	}
	return once(append(changed, t.markStraddlers(first)...))
}

// markStraddlers gives halos to the buildings that meet one of the segments from a number on; when that is 0 also to
// those that meet a border of a parent, of water, railway lands or a compound. It returns the parents they are near.
func (t *town) markStraddlers(first int) (changed []int32) {
	lines := linesOf(t.segments[first:])
	if first == 0 {
		for _, e := range t.edges {
			lines = append(lines, e.Line)
		}
		for _, a := range t.in.Areas {
			if a.Kind == Water || a.Kind == RailLands {
				lines = append(lines, sidesOf(a.Shape)...)
			}
		}
		for _, c := range t.in.Compounds {
			lines = append(lines, sidesOf(c.Shape)...)
		}
	}
	index := newNearby(lines, 1, 1)
	for b := range t.in.Buildings {
		if t.halos[b] == nil && len(t.in.Buildings[b].Shape) > 0 && anyNear(t.in.Buildings[b].Shape, index, meet) {
			changed = append(changed, t.giveHalo(int32(b))...)
		}
	}
	return changed
}

// giveHalo gives a building a halo, and the buildings that it reaches, and those that theirs reach: they move together,
// and a border that runs round all of them must keep away from each. It returns the parents near which they stand.
func (t *town) giveHalo(b int32) (near []int32) {
	for todo := []int32{b}; len(todo) > 0; {
		b, todo = todo[len(todo)-1], todo[:len(todo)-1]
		if t.halos[b] != nil {
			continue
		}
		t.halos[b] = halo(t.in.Buildings[b].Shape, t.scale, t.options.Halo)
		near = append(near, t.parentsNearHalo(b)...)
		t.reached(b, t.halos[b], func(c int32) {
			if t.halos[c] == nil {
				todo = append(todo, c)
			}
		})
	}
	return once(near)
}

// parentsNearHalo returns the parents near which a building with a halo stands.
func (t *town) parentsNearHalo(b int32) []int32 {
	near := []int32{t.stands[b].home}
	for _, r := range t.halos[b] {
		for _, l := range boxSides(r.Box()) {
			near = t.parentsNear(near, l)
		}
	}
	return once(near)
}

// reached calls visit with each building but one that rings meet.
func (t *town) reached(but int32, rings []shape.Ring, visit func(c int32)) {
	box := shape.EmptyBox
	for _, r := range rings {
		box = box.Union(r.Box())
	}
	seen := map[int32]bool{but: true}
	t.yard.of(box, func(c int32) {
		if !seen[c] && reaches(rings, t.in.Buildings[c].Shape) {
			seen[c] = true
			visit(c)
		}
	})
}

// reaches reports whether rings meet a shape.
func reaches(rings []shape.Ring, m shape.MultiPolygon) bool {
	for _, r := range rings {
		for _, l := range sidesOf(shape.MultiPolygon{{r}}) {
			for _, w := range sidesOf(m) {
				if meet(l, w) {
					return true
				}
			}
		}
		if topo.Inside(m[0][0][0], shape.MultiPolygon{{r}}) {
			return true
		}
	}
	return false
}

// areaOf returns the area of a building's footprint in square millimetres.
func (t *town) areaOf(b int32) (sum int64) {
	for _, p := range t.in.Buildings[b].Shape {
		for _, r := range p {
			sum += t.scale.area(twiceOf(r))
		}
	}
	return max(sum, 0)
}

// twiceOf returns twice the area in a ring, in grid steps.
func twiceOf(r shape.Ring) (sum int64) {
	for i, q := range r {
		p := r[(i+len(r)-1)%len(r)]
		px, py := int64(p.Lon)-int64(r[0].Lon), int64(p.Lat)-int64(r[0].Lat)
		qx, qy := int64(q.Lon)-int64(r[0].Lon), int64(q.Lat)-int64(r[0].Lat)
		sum += px*qy - qx*py
	}
	return sum
}
