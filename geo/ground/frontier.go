package ground

import (
	"cmp"
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// standing is where a building stands among the parents.
type standing struct {
	home   int32 // the parent that counts it, nobody if it is in none
	across bool  // it has ground in another parent too, or in none
}

// frontier looks at the buildings that stand across borders of parents: it finds them homes, and moves the borders round
// those that hardly graze them and those a planner has decided on.
type frontier struct {
	*town
	coverage *coverage
	borders  *nearby
	at       []int32   // the buildings looked at, rising
	found    *owned    // the arrangement of them and the borders; building at[i] has label len(parents)+i
	shares   [][]share // by building looked at: its ground by parent and nobody, in grid steps
}

// settleFrontier returns where every building stands, and moves borders.
func settleFrontier(ctx context.Context, t *town, c *coverage) ([]standing, error) {
	f := &frontier{town: t, coverage: c}
	f.at = f.atBorders()
	if err := f.look(ctx); err != nil {
		return nil, err
	}
	stands := f.stand()
	if moves := f.moves(stands); len(moves) > 0 {
		if err := f.move(ctx, moves, stands); err != nil {
			return nil, err
		}
		// Ground has changed hands, so look again at who stands where.
		f.at = f.atBorders()
		if err := f.look(ctx); err != nil {
			return nil, err
		}
		stands = f.stand()
	}
	f.report(stands)
	f.locate(stands)
	return stands, nil
}

// atBorders returns the buildings whose outline comes within a hair of a border, and those with a border inside.
func (f *frontier) atBorders() (at []int32) {
	lines := make([]arrange.Line, len(f.coverage.edges))
	for i, e := range f.coverage.edges {
		lines[i] = e.Line
	}
	f.borders = newNearby(lines, hair, hair)
	for b := range f.in.Buildings {
		if anyNear(f.in.Buildings[b].Shape, f.borders, grazing) {
			at = append(at, int32(b))
		}
	}
	for _, l := range lines { // a scrap of a parent may lie in a building whole
		f.yard.of(boxOf(arrange.Line{From: l.From, To: l.From}), func(b int32) {
			if topo.Inside(l.From, f.in.Buildings[b].Shape) {
				at = append(at, b)
			}
		})
	}
	slices.Sort(at)
	return slices.Compact(at)
}

// anyNear reports whether a side of a shape and a line near it are as touch tells of two lines.
func anyNear(m shape.MultiPolygon, index *nearby, touch func(side, line arrange.Line) bool) bool {
	found := false
	for _, p := range m {
		for _, r := range p {
			for i, to := range r {
				l := arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to}
				index.of(l, func(n int32) bool {
					found = found || touch(l, index.lines[n])
					return !found
				})
				if found {
					return true
				}
			}
		}
	}
	return false
}

// grazing reports whether two lines come so near each other that rounding may make them cross.
func grazing(l, m arrange.Line) bool {
	return meet(l, m) || !far(l.From, []arrange.Line{m}) || !far(l.To, []arrange.Line{m}) ||
		!far(m.From, []arrange.Line{l}) || !far(m.To, []arrange.Line{l})
}

// look makes the arrangement of the borders and the buildings at them.
func (f *frontier) look(ctx context.Context) error {
	segments := segmentsOf(f.coverage.edges)
	first := int32(len(f.in.Parents))
	for i, b := range f.at {
		segments = appendShape(segments, f.in.Buildings[b].Shape, first+int32(i))
	}
	v, err := measure(ctx, segments, f.scale)
	if err != nil {
		return err
	}
	f.found = ownedBy(v, f.in.Parents)
	f.shares = make([][]share, len(f.at))
	for face := range v.Faces {
		for _, t := range v.Faces[face].Turns {
			if t.Label >= first {
				f.shares[t.Label-first] = append(f.shares[t.Label-first], share{f.found.owner[face], v.twice[face]})
			}
		}
	}
	for i := range f.shares {
		f.shares[i] = summed(f.shares[i])
	}
	return nil
}

// slips tells of each building looked at whether it reaches out of its home by a hair, though all its ground is there: a
// side of it crosses the border, or a corner of one lies where the other should be. Snapping makes the two one.
func (f *frontier) slips(homes []int32) []bool {
	slips := make([]bool, len(f.at))
	var points []crs.Point
	var of []int
	for i, b := range f.at {
		m := f.in.Buildings[b].Shape
		for _, w := range sidesOf(m) {
			on := false
			f.borders.of(w, func(e int32) bool {
				l := f.borders.lines[e]
				slips[i] = slips[i] || w.Crosses(l) || topo.Inside(l.From, m) || topo.Inside(l.To, m)
				on = on || l.Holds(w.From)
				return !slips[i]
			})
			if !on {
				points, of = append(points, w.From), append(of, i)
			}
		}
	}
	for n, owner := range ownersAt(f.coverage.edges, points) {
		slips[of[n]] = slips[of[n]] || owner != homes[of[n]]
	}
	return slips
}

// stand tells of the buildings looked at where they stand; what is nobody's counts only if there is nothing else.
func (f *frontier) stand() []standing {
	homes := make([]int32, len(f.at))
	for i := range f.at {
		homes[i] = largest(slices.DeleteFunc(slices.Clone(f.shares[i]), func(s share) bool { return s.of == nobody })).of
	}
	slips := f.slips(homes)
	stands := make([]standing, len(f.in.Buildings))
	for i, b := range f.at {
		stands[b] = standing{home: homes[i], across: homes[i] != nobody && (len(f.shares[i]) > 1 || slips[i])}
	}
	return stands
}

// move is a building that a parent's border shall go round.
type move struct {
	building int32
	to       int32
	kind     string
}

// moves returns what is to be moved: what the planner accepted, and what hardly sticks over into another parent. So does
// what stands flush with the border: the next corner that is set in it there would round it into the wall.
func (f *frontier) moves(stands []standing) (moves []move) {
	blocked := f.blocked(stands)
	for i, b := range f.at {
		building := &f.in.Buildings[b]
		if to, ok := f.in.Moves[building.Code]; ok {
			if p, ok := f.parentOf(to); ok && slices.ContainsFunc(f.shares[i], func(s share) bool { return s.of == p }) {
				if len(f.shares[i]) > 1 {
					moves = append(moves, move{b, p, RepairAccepted})
				}
				continue
			}
			f.coverage.findings = append(f.coverage.findings, Finding{Rule: UnknownMove, At: cornerOf(building), Codes: []string{building.Code, to}})
		}
		if stands[b].home != nobody && !blocked[i] && f.grazes(i, stands[b].home) {
			moves = append(moves, move{b, stands[b].home, RepairGrazed})
		}
	}
	return moves
}

func (t *town) parentOf(code string) (int32, bool) {
	i, ok := slices.BinarySearchFunc(t.in.Parents, code, func(p Parent, code string) int { return cmp.Compare(p.Code, code) })
	return int32(i), ok
}

// blocked tells of each building looked at whether a building of another parent is in the way of a detour round it. One that
// stands across the border itself is not: the border runs through it as it is.
func (f *frontier) blocked(stands []standing) []bool {
	var corners []crs.Point
	var of []int
	for i, b := range f.at {
		f.reached(b, halo(f.in.Buildings[b].Shape, f.scale, f.options.Halo), func(c int32) {
			if stands[c].across {
				return
			}
			corners, of = append(corners, cornerOf(&f.in.Buildings[c])), append(of, i)
		})
	}
	blocked := make([]bool, len(f.at))
	for n, owner := range ownersAt(f.coverage.edges, corners) {
		blocked[of[n]] = blocked[of[n]] || owner != stands[f.at[of[n]]].home
	}
	return blocked
}

// grazes reports whether what a building has outside its home is narrow everywhere, and all in other parents: ground that
// nobody claims is taken for the halo of what stands flush with the border, but not for a building.
func (f *frontier) grazes(i int, home int32) bool {
	if f.options.GrazeWidth < 0 || f.shares[i][0].of == nobody {
		return false
	}
	label := int32(len(f.in.Parents) + i)
	for face := range f.found.Faces {
		if f.found.owner[face] != home && winds(f.found.Faces[face].Turns, label) &&
			!f.found.thin(f.found.twice[face], f.found.perimeter(int32(face)), f.options.GrazeWidth) {
			return false
		}
	}
	return true
}

func winds(turns []arrange.Turn, label int32) bool {
	return slices.ContainsFunc(turns, func(t arrange.Turn) bool { return t.Label == label })
}

// move lays the borders round the buildings with their halos, but not into buildings that stand whole beside them. Of two moves
// for one place the first wins.
func (f *frontier) move(ctx context.Context, moves []move, stands []standing) error {
	segments := segmentsOf(f.coverage.edges)
	walls := int32(len(f.in.Parents))
	halos := walls + int32(len(moves))
	others := halos + int32(len(moves))
	for i, m := range moves {
		segments = appendShape(segments, f.in.Buildings[m.building].Shape, walls+int32(i))
		for _, r := range halo(f.in.Buildings[m.building].Shape, f.scale, f.options.Halo) {
			segments = appendRing(segments, r, halos+int32(i))
		}
	}
	for _, b := range f.beside(moves, stands) {
		segments = appendShape(segments, f.in.Buildings[b].Shape, others)
	}
	v, err := measure(ctx, segments, f.scale)
	if err != nil {
		return err
	}
	o := ownedBy(v, f.in.Parents)
	for face := range o.owner {
		i := slices.IndexFunc(v.Faces[face].Turns, func(t arrange.Turn) bool { return t.Label >= walls })
		if i < 0 {
			continue
		}
		label := v.Faces[face].Turns[i].Label
		if label >= others || label >= halos && winds(v.Faces[face].Turns, others) {
			continue
		}
		m, from := moves[(label-walls)%int32(len(moves))], o.owner[face]
		if from == m.to || from == nobody && m.kind != RepairGrazed {
			continue
		}
		at, area := o.place(int32(face))
		r := Repair{Kind: m.kind, At: at, Area: area, To: f.in.Parents[m.to].Code, Object: f.in.Buildings[m.building].Code}
		if from != nobody {
			r.From = []string{f.in.Parents[from].Code}
		}
		f.coverage.repairs = append(f.coverage.repairs, r)
		o.owner[face] = m.to
	}
	f.coverage.repairs = append(f.coverage.repairs, o.sweepCrumbs(f.options.CoverageWidth)...)
	f.coverage.edges = o.frontier()
	return nil
}

// beside returns the buildings near those that move, which do not move themselves and have no border in them; rising.
func (f *frontier) beside(moves []move, stands []standing) (others []int32) {
	var sides []arrange.Line
	moving := map[int32]bool{}
	for _, m := range moves {
		moving[m.building] = true
		box := boxSides(f.in.Buildings[m.building].Shape.Box())
		sides = append(sides, box[:]...)
	}
	lon, lat := f.scale.steps(2 * f.options.Halo)
	index := newNearby(sides, lon, lat)
	for b := range f.in.Buildings {
		if len(f.in.Buildings[b].Shape) == 0 || moving[int32(b)] || stands[b].across {
			continue
		}
		for _, l := range boxSides(f.in.Buildings[b].Shape.Box()) {
			near := false
			index.of(l, func(int32) bool { near = true; return false })
			if near {
				others = append(others, int32(b))
				break
			}
		}
	}
	return others
}

func boxSides(b shape.Box) [4]arrange.Line {
	sw, ne := b.Min, b.Max
	se, nw := crs.Point{Lon: ne.Lon, Lat: sw.Lat}, crs.Point{Lon: sw.Lon, Lat: ne.Lat}
	return [4]arrange.Line{{From: sw, To: se}, {From: se, To: ne}, {From: ne, To: nw}, {From: nw, To: sw}}
}

// report tells of the buildings that stand across.
func (f *frontier) report(stands []standing) {
	for i, b := range f.at {
		s := stands[b]
		if !s.across {
			continue
		}
		found := Finding{Rule: Straddler, At: cornerOf(&f.in.Buildings[b]), Codes: []string{f.in.Buildings[b].Code, f.in.Parents[s.home].Code}}
		var beyond int64
		for _, other := range f.shares[i] {
			if other.of == s.home {
				continue
			}
			beyond += other.amount
			if other.of != nobody {
				found.Codes = append(found.Codes, f.in.Parents[other.of].Code)
			}
		}
		found.Area = squareMetres(f.scale.area(beyond))
		f.coverage.findings = append(f.coverage.findings, found)
	}
}

// cornerOf returns the first corner of a building, or its point.
func cornerOf(b *Building) crs.Point {
	if len(b.Shape) > 0 && len(b.Shape[0]) > 0 && len(b.Shape[0][0]) > 0 {
		return b.Shape[0][0][0]
	}
	return b.At
}

// locate finds homes for the buildings that meet no border: that of any corner.
func (f *frontier) locate(stands []standing) {
	looked := make([]bool, len(stands))
	for _, b := range f.at {
		looked[b] = true
	}
	points := make([]crs.Point, len(stands))
	for b := range stands {
		points[b] = cornerOf(&f.in.Buildings[b])
	}
	for b, home := range ownersAt(f.coverage.edges, points) {
		if !looked[b] {
			stands[b].home = home
		}
		if stands[b].home == nobody {
			f.coverage.findings = append(f.coverage.findings, Finding{Rule: Outside, At: points[b], Area: f.in.Buildings[b].Shape.Area(),
				Codes: []string{f.in.Buildings[b].Code}})
		}
	}
}

// ownersAt returns who owns each point, of a point on a border the owner to the south.
func ownersAt(edges []frontierEdge, points []crs.Point) []int32 {
	lines := make([]arrange.Line, len(edges))
	for i, e := range edges {
		lines[i] = e.Line
	}
	owners := arrange.Below(lines, points)
	for i, e := range owners {
		if e >= 0 {
			owners[i] = edges[e].left // edges run from west to east, so the north is on their left
		}
	}
	return owners
}
