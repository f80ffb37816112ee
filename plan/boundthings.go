package plan

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// BoundThings is what the bounds of grids are told by, beside the plan: what runs along the borders of blocks, and what runs or stands near.
type BoundThings struct {
	along map[arrange.Line]Along // by edge, from its smaller end
	runs  near                   // roads, railways, water and walls
	marks near                   // compounds, buildings and organisations
	areas []Area
	en    map[string]string // English names, by name, of what has one
}

// NewBoundThings puts in order what is given: borders with their lines; features of any layers; communities and large grids with their
// shapes, for those beyond the ground.
func NewBoundThings(borders []Border, features []Feature, areas []Area) *BoundThings {
	t := &BoundThings{along: map[arrange.Line]Along{}, en: map[string]string{}}
	for _, b := range borders {
		for _, line := range b.Lines {
			for i := range line[1:] {
				t.along[arrange.Line{From: line[i], To: line[i+1]}.Upward()] = b.Along
			}
		}
	}
	compounds := map[string]string{}
	for i := range features {
		if f := &features[i]; f.Layer == CompoundLayer && f.Name != "" {
			compounds[f.Code] = f.Name
		}
	}
	features = slices.Clone(features)
	slices.SortFunc(features, func(a, b Feature) int { return cmp.Or(a.Layer.Rank()-b.Layer.Rank(), cmp.Compare(a.Code, b.Code)) })
	for i := range features {
		f := &features[i]
		for _, column := range []string{"name:en", "name_en"} {
			if en := f.Attributes[column]; en != "" && f.Name != "" {
				t.en[f.Name] = en
			}
		}
		if f.Layer.Bounds() {
			if _, rank := f.Bound(); rank != NeverBounds {
				t.runs.add(f, f.Name)
			}
			continue
		}
		name := f.Name
		// 3号楼 is told with its compound: every compound has one.
		if in := compounds[f.Compound]; f.Layer == BuildingLayer && in != "" && !strings.HasPrefix(name, in) {
			name = in + cmp.Or(name, f.Number)
		}
		if name != "" {
			t.marks.add(f, name)
		}
	}
	t.areas = slices.Clone(areas)
	slices.SortFunc(t.areas, func(a, b Area) int { return cmp.Or(a.Level.Rank()-b.Level.Rank(), cmp.Compare(a.Code, b.Code)) })
	return t
}

// areasAt returns the areas that hold a point, higher levels first.
func (t *BoundThings) areasAt(p crs.Point) (found []Area) {
	for _, a := range t.areas {
		if a.Level.Rank() >= Community.Rank() && a.Shape.Holds(p) {
			found = append(found, a)
		}
	}
	return found
}

// near finds features by the squares their lines pass.
type near struct {
	features []*Feature
	names    []string
	sides    []nearSide
	at       map[[2]int32][]int32 // into sides
}

// nearSide is a piece of line of a feature; both ends are the same for a point.
type nearSide struct {
	arrange.Line
	feature int32
	ring    bool // of a polygon
}

// squareBits makes squares of 16,384 steps, 180 m from south to north.
const squareBits = 14

func (n *near) add(f *Feature, name string) {
	if n.at == nil {
		n.at = map[[2]int32][]int32{}
	}
	n.features, n.names = append(n.features, f), append(n.names, name)
	put := func(from, to crs.Point, ring bool) {
		n.sides = append(n.sides, nearSide{arrange.Line{From: from, To: to}, int32(len(n.features) - 1), ring})
		squares(shape.EmptyBox.Add(from).Add(to), func(s [2]int32) { n.at[s] = append(n.at[s], int32(len(n.sides)-1)) })
	}
	for _, l := range f.Lines {
		for i := range l[1:] {
			put(l[i], l[i+1], false)
		}
	}
	for _, p := range f.Shape {
		for _, r := range p {
			for i, to := range r {
				put(r[(i+len(r)-1)%len(r)], to, true)
			}
		}
	}
	for _, p := range f.Points {
		put(p, p, false)
	}
}

// squares calls visit with each square a box meets.
func squares(b shape.Box, visit func([2]int32)) {
	for x := int32(b.Min.Lon) >> squareBits; x <= int32(b.Max.Lon)>>squareBits; x++ {
		for y := int32(b.Min.Lat) >> squareBits; y <= int32(b.Max.Lat)>>squareBits; y++ {
			visit([2]int32{x, y})
		}
	}
}

// around calls visit with the sides within a distance of a point, in millimetres; one may come more than once.
func (n *near) around(flat crs.Flat, p crs.Point, within int64, visit func(side *nearSide, off float64)) {
	at := flat.XY(p)
	squares(shape.EmptyBox.Add(flat.Moved(p, -within, -within)).Add(flat.Moved(p, within, within)), func(s [2]int32) {
		for _, i := range n.at[s] {
			side := &n.sides[i]
			if off := at.Off(flat.XY(side.From), flat.XY(side.To)); off <= float64(within) {
				visit(side, off)
			}
		}
	})
}

// How near something must run for a border to be told by it where nobody has said what runs along, in millimetres; and how much further off
// what has a name may be than what has none.
const (
	runsNear   = 20_000
	nameless   = 10_000
	runsMiddle = 3_000 // nearer than this the border is its middle, or its bank
)

// beside returns what runs beside a piece of border: the nearest thing that goes the same way, rather one that has a name.
func (t *BoundThings) beside(flat crs.Flat, from, to crs.Point) (w what, ok bool) {
	middle := crs.Point{Lon: from.Lon + (to.Lon-from.Lon)/2, Lat: from.Lat + (to.Lat-from.Lat)/2}
	best, least, lies := int32(-1), math.Inf(1), lyingOn
	t.runs.around(flat, middle, runsNear, func(side *nearSide, off float64) {
		f := t.runs.features[side.feature]
		if !sameWay(flat, from, to, side.From, side.To) {
			return
		}
		score := off
		if f.Name == "" {
			score += nameless
		}
		if score < least || score == least && side.feature < best {
			best, least, lies = side.feature, score, lyingOn
			w.beside = off > runsMiddle
			if side.ring && f.Layer == WaterLayer {
				lies = waterSide(f, flat, from, to)
			}
		}
	})
	if best < 0 {
		return what{}, false
	}
	f := t.runs.features[best]
	barrier, _ := f.Bound()
	w.kind, w.barrier, w.name, w.lies = barrierKinds[barrier], barrier, f.Name, lies
	if f.Layer == WaterLayer {
		w.water = f.Class
	}
	return w, w.kind != BoundFree
}

// sameWay reports whether two lines are within 30 degrees of one direction.
func sameWay(flat crs.Flat, a, b, c, d crs.Point) bool {
	p, q, r, s := flat.XY(a), flat.XY(b), flat.XY(c), flat.XY(d)
	ux, uy, vx, vy := q.X-p.X, q.Y-p.Y, s.X-r.X, s.Y-r.Y
	cross, dot := float64(ux*vy-uy*vx), float64(ux*vx+uy*vy)
	return float64(3*cross)*cross <= float64(dot)*dot
}

// bank returns the water whose bank or middle an edge is, and on which side it lies; nil where it is none's.
func (t *BoundThings) bank(flat crs.Flat, from, to crs.Point) (f *Feature, side lying) {
	middle := crs.Point{Lon: from.Lon + (to.Lon-from.Lon)/2, Lat: from.Lat + (to.Lat-from.Lat)/2}
	least, first := math.Inf(1), int32(math.MaxInt32)
	t.runs.around(flat, middle, runsMiddle, func(n *nearSide, off float64) {
		water := t.runs.features[n.feature]
		if water.Layer != WaterLayer || !sameWay(flat, from, to, n.From, n.To) || off > least || off == least && n.feature >= first {
			return
		}
		least, first, f, side = off, n.feature, water, lyingOn
		if n.ring {
			side = waterSide(f, flat, from, to)
		}
	})
	return f, side
}

// waterSide returns on which side of a piece of its bank a piece of water lies; the grid is on the right of the way.
func waterSide(f *Feature, flat crs.Flat, from, to crs.Point) lying {
	const step = 3_500 // millimetres: more than runsMiddle, less than a brook is wide
	a, b := flat.XY(from), flat.XY(to)
	long := max(int64(math.Sqrt(float64(a.Squared(b)))), 1)
	middle := crs.Point{Lon: from.Lon + (to.Lon-from.Lon)/2, Lat: from.Lat + (to.Lat-from.Lat)/2}
	left, right := flat.Moved(middle, (a.Y-b.Y)*step/long, (b.X-a.X)*step/long), flat.Moved(middle, (b.Y-a.Y)*step/long, (a.X-b.X)*step/long)
	switch beyond, within := f.Shape.Holds(left), f.Shape.Holds(right); {
	case beyond && !within:
		return lyingBeyond
	case within && !beyond:
		return lyingWithin
	}
	return lyingOn
}

// How far from a border something may stand for residents to know the border by it, in millimetres; how far apart it is looked for; and how
// much of a segment it must stand beside to be named, in hundredths.
const (
	marksNear  = 40_000
	marksApart = 25_000
	markShare  = 25
)

// mark is something residents know, beside a segment.
type mark struct {
	name   string
	layer  Layer
	inside bool // it stands on the grid's side
}

// marksOf returns what stands beside edges for a fourth of their length or more: compounds rather than buildings, at most two, in the order
// of the walk.
func (o *outline) marksOf(edges []*boundEdge) (marks []mark) {
	t := o.things
	type seen struct {
		feature       int32
		times, inside int
		first         int
	}
	var all []seen
	samples := 0
	for _, e := range edges {
		n := e.mm/marksApart + 1
		for i := range n {
			p := crs.Point{Lon: e.from.Lon + crs.Coord(int64(e.to.Lon-e.from.Lon)*(2*i+1)/(2*n)), Lat: e.from.Lat + crs.Coord(int64(e.to.Lat-e.from.Lat)*(2*i+1)/(2*n))}
			samples++
			best, least := int32(-1), math.Inf(1)
			t.marks.around(o.flat, p, marksNear, func(side *nearSide, off float64) {
				score := off + marksNear*float64(markRank(t.marks.features[side.feature].Layer))
				if off > runsMiddle && !abreast(o.flat, p, e, side.Line) {
					return
				}
				if score < least || score == least && side.feature < best {
					best, least = side.feature, score
				}
			})
			if best < 0 {
				continue
			}
			at := slices.IndexFunc(all, func(s seen) bool { return s.feature == best })
			if at < 0 {
				at = len(all)
				all = append(all, seen{feature: best, first: samples})
			}
			all[at].times++
			box := t.marks.features[best].Box()
			middle := crs.Point{Lon: box.Min.Lon + (box.Max.Lon-box.Min.Lon)/2, Lat: box.Min.Lat + (box.Max.Lat-box.Min.Lat)/2}
			if (arrange.Line{From: e.from, To: e.to}).Side(middle) < 0 {
				all[at].inside++
			}
		}
	}
	all = slices.DeleteFunc(all, func(s seen) bool { return s.times*100 < samples*markShare })
	slices.SortFunc(all, func(a, b seen) int { return cmp.Or(b.times-a.times, cmp.Compare(a.feature, b.feature)) })
	all = all[:min(2, len(all))]
	slices.SortFunc(all, func(a, b seen) int { return a.first - b.first })
	for _, s := range all {
		marks = append(marks, mark{t.marks.names[s.feature], t.marks.features[s.feature].Layer, 2*s.inside >= s.times})
	}
	return marks
}

// abreast reports whether the nearest point of a line lies beside an edge, seen from a point on it, rather than ahead or behind.
func abreast(flat crs.Flat, from crs.Point, e *boundEdge, line arrange.Line) bool {
	p, a, b := flat.XY(from), flat.XY(line.From), flat.XY(line.To)
	q, r := flat.XY(e.from), flat.XY(e.to)
	near := a
	if long := a.Squared(b); long > 0 {
		share := max(0, min(1, float64((p.X-a.X)*(b.X-a.X)+(p.Y-a.Y)*(b.Y-a.Y))/float64(long)))
		near = crs.XY{X: a.X + int64(share*float64(b.X-a.X)), Y: a.Y + int64(share*float64(b.Y-a.Y))}
	}
	vx, vy, ux, uy := near.X-p.X, near.Y-p.Y, r.X-q.X, r.Y-q.Y
	across, ahead := vx*uy-vy*ux, vx*ux+vy*uy
	return max(across, -across) >= max(ahead, -ahead)
}

// markRank orders what residents know: compounds, organisations, buildings.
func markRank(l Layer) int {
	switch l {
	case CompoundLayer:
		return 0
	case OrganisationLayer:
		return 1
	}
	return 2
}

// nameIn returns a name in a language: in English the English one where it is known.
func (t *BoundThings) nameIn(name string, l words.Lang) string {
	if en := t.en[name]; l == words.En && en != "" {
		return en
	}
	return name
}
