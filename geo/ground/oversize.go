package ground

import (
	"cmp"
	"math"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/hex"
	"gridwright/geo/shape"
)

// remedy is what was tried on a sector with oversized blocks.
type remedy int

const (
	untried remedy = iota
	secondRank
	gapLines
	gapLinesAgain
	exhausted = gapLinesAgain + 4 // what medial lines divided may be divided further
)

// relieve returns lines that divide the oversized blocks of the sector, and what to note as tried. Of a sector that has
// none, or for which there is nothing left to try, it returns no lines.
func (s *sector) relieve(tried remedy) ([]segment, remedy) {
	over := make([]bool, len(s.cells))
	some := false
	for c := range s.cells {
		l := &s.cells[c]
		over[c] = !l.gone && l.owner != nobody && s.options.oversized(len(l.buildings), l.load)
		some = some || over[c]
	}
	if !some || tried >= exhausted {
		return nil, exhausted
	}
	if tried < secondRank {
		if lines := s.secondRankIn(over); len(lines) > 0 {
			return lines, secondRank
		}
	}
	var lines []segment
	for c := range over {
		if over[c] {
			lines = append(lines, s.divideCell(int32(c), max(tried, secondRank)+1)...)
		}
	}
	return lines, max(tried, secondRank) + 1
}

// secondRankIn returns the lines of the second rank whose middle lies in a cell that is over.
func (s *sector) secondRankIn(over []bool) (lines []segment) {
	box := shape.EmptyBox
	for _, p := range s.parents {
		box = box.Union(s.boxes[p])
	}
	var near []segment
	var middles []crs.Point
	for _, l := range s.second {
		if m := middleOf(boxOf(l.Line)); box.Meets(shape.Box{Min: m, Max: m}) {
			near, middles = append(near, l), append(middles, m)
		}
	}
	for i, f := range s.facesAt(middles) {
		if c := s.cellOf[f]; c >= 0 && over[c] {
			lines = append(lines, near[i])
		}
	}
	return lines
}

// divideCell returns lines that divide a cell: hexagons where it has points only and lies in a parent without lines, else
// straight lines through gaps, else a medial line between two groups of buildings.
func (s *sector) divideCell(c int32, trying remedy) []segment {
	footprint := func(b int32) bool { return len(s.in.Buildings[b].Shape) > 0 }
	if s.lineless(s.cells[c].owner) && !slices.ContainsFunc(s.cells[c].buildings, footprint) {
		if trying > gapLinesAgain {
			return nil
		}
		return s.hexagons(c)
	}
	k := &knife{sector: s, cell: c, border: s.borderOf(c), origin: s.outlineStart(c), blunt: trying <= gapLinesAgain}
	k.cut(k.items(c), nil, 0)
	return k.lines
}

// lineless reports whether nothing divides a parent but what we drew ourselves.
func (s *sector) lineless(parent int32) bool {
	for e := range s.Edges {
		f, g := s.sides(e)
		if s.owner[f] == parent && s.owner[g] == parent && s.along[e].divides && !s.ourLine(e) {
			return false
		}
	}
	return true
}

// hexagons returns the sides of the H3 cells that hold the points of a cell, of the coarsest resolution that divides them
// well.
func (s *sector) hexagons(c int32) (lines []segment) {
	var points []hex.Point
	for _, b := range s.cells[c].buildings {
		points = append(points, hex.Point{At: s.in.Buildings[b].At, Count: 1})
	}
	for resolution := hex.Coarsest; resolution <= hex.Finest; resolution++ {
		cells := hex.Density(points, resolution)
		if resolution < hex.Finest && slices.ContainsFunc(cells, func(h hex.Cell) bool { return s.options.oversized(int(h.Count), 0) }) {
			continue
		}
		for _, h := range cells {
			for _, l := range sidesOf(shape.MultiPolygon{{h.Boundary}}) {
				if l.From.Compare(l.To) > 0 { // neighbours have the side in common
					l.From, l.To = l.To, l.From
				}
				lines = append(lines, segment{Line: l, of: ours})
			}
		}
		break
	}
	slices.SortFunc(lines, func(a, b segment) int { return cmp.Or(a.From.Compare(b.From), a.To.Compare(b.To)) })
	return slices.Compact(lines)
}

// borderOf returns the lines round a cell.
func (s *sector) borderOf(c int32) (lines []arrange.Line) {
	for _, f := range s.cells[c].faces {
		for h := range s.Border(f) {
			if s.cellOf[s.across(h)] != c {
				lines = append(lines, s.lineOf(h))
			}
		}
	}
	return lines
}

func (s *sector) outlineStart(c int32) crs.Point {
	return s.Nodes[s.Origin(s.Faces[s.cells[c].faces[0]].Cycles[0])]
}

// knife divides one cell by lines between its buildings.
type knife struct {
	*sector
	cell   int32
	border []arrange.Line
	origin crs.Point
	blunt  bool // it may cut where buildings are in the way, so that the line makes a detour round them
	lines  []segment
}

// item is a cluster of buildings: it is not to be cut.
type item struct {
	walls     []arrange.Line // of a point one of no length
	corners   []offset       // their beginnings, from the origin, in millimetres
	buildings int
	load      int64
}

// items returns the clusters of a cell, by their first buildings.
func (k *knife) items(c int32) (items []item) {
	at := map[int32]int{} // by root
	buildings := slices.Clone(k.cells[c].buildings)
	slices.Sort(buildings)
	for _, b := range buildings {
		root := k.root(k.housedAt(b))
		i, ok := at[root]
		if !ok {
			i = len(items)
			at[root] = i
			items = append(items, item{})
		}
		it := &items[i]
		it.buildings++
		it.load += k.load(b)
		walls := sidesOf(k.in.Buildings[b].Shape)
		if at := k.in.Buildings[b].At; len(walls) == 0 {
			walls = []arrange.Line{{From: at, To: at}}
		}
		it.walls = append(it.walls, walls...)
		for _, l := range walls {
			it.corners = append(it.corners, k.flat(l.From))
		}
	}
	return items
}

// flat returns where a point lies from the origin. Its steps are rounded one by one, so that no processor joins them with
// what is done next.
func (k *knife) flat(p crs.Point) offset {
	return offset{
		float64(float64(int64(p.Lon)-int64(k.origin.Lon)) * k.scale.lon),
		float64(float64(int64(p.Lat)-int64(k.origin.Lat)) * k.scale.lat),
	}
}

// blade is a straight line: the places whose projection on the heading is at. A side of it is what is less.
type blade struct {
	heading offset
	at      float64
}

func (b blade) of(p offset) float64 { return float64(p.x*b.heading.x) + float64(p.y*b.heading.y) }

// angles is how many headings are tried.
const angles = 24

// headings returns the headings, in ten thousandths so that no processor has a choice.
func headingsOf() (all [angles]offset) {
	cosine := [angles + 12]float64{1, .9914, .9659, .9239, .8660, .7934, .7071, .6088, .5, .3827, .2588, .1305,
		0, -.1305, -.2588, -.3827, -.5, -.6088, -.7071, -.7934, -.8660, -.9239, -.9659, -.9914,
		-1, -.9914, -.9659, -.9239, -.8660, -.7934, -.7071, -.6088, -.5, -.3827, -.2588, -.1305}
	for i := range all {
		all[i] = offset{cosine[i], -cosine[i+12]} // sin a = -cos (a + 90 degrees)
	}
	return all
}

var headings = headingsOf()

// deepest is how often a cell is halved: 1,024 parts.
const deepest = 10

// cut divides items, which lie on one side of each blade in bounds, until no part is oversized.
func (k *knife) cut(items []item, bounds []bound, depth int) {
	buildings, load := 0, int64(0)
	for _, it := range items {
		buildings, load = buildings+it.buildings, load+it.load
	}
	if len(items) < 2 || depth == deepest || !k.options.oversized(buildings, load) {
		return
	}
	best, ok := k.best(items, bounds)
	if !ok || best.hits > 0 {
		if depth > 0 { // once the lines are there it is a cell of its own
			return
		}
		if lines, found := k.medial(items); found {
			for _, l := range lines {
				k.lines = append(k.lines, segment{Line: l, of: ours})
			}
			return
		}
		if !ok || !k.blunt {
			return
		}
	}
	for _, chord := range best.chords {
		k.lines = append(k.lines, segment{Line: chord, of: ours})
	}
	var less, more []item
	for _, it := range items {
		if lo, hi := it.extent(best.blade); lo+hi < 2*best.at {
			less = append(less, it)
		} else {
			more = append(more, it)
		}
	}
	k.cut(less, append(slices.Clone(bounds), bound{best.blade, true}), depth+1)
	k.cut(more, append(slices.Clone(bounds), bound{best.blade, false}), depth+1)
}

// bound is a blade of before, and the side of it that is being divided.
type bound struct {
	blade
	less bool
}

func (it item) extent(b blade) (lo, hi float64) {
	lo, hi = math.Inf(1), math.Inf(-1)
	for _, p := range it.corners {
		v := b.of(p)
		lo, hi = min(lo, v), max(hi, v)
	}
	return lo, hi
}

// stroke is a cut that may be made.
type stroke struct {
	blade
	hits   int // items in its way
	chords []arrange.Line
	cost   float64
}

// best returns the cheapest cut over all headings.
func (k *knife) best(items []item, bounds []bound) (best stroke, ok bool) {
	for _, h := range headings {
		s, found := k.along(items, h)
		if !found {
			continue
		}
		var length float64
		if s.chords, length = k.chords(s.blade, bounds); len(s.chords) == 0 {
			continue
		}
		s.cost += length / 1000 * metreOfCut
		if !ok || s.cost < best.cost {
			best, ok = s, true
		}
	}
	return best, ok
}

// What a cut costs: a building in its way more than anything, then how uneven the parts are, then its length; a wide
// gap makes it cheaper.
const (
	perHit     = 1000.0
	perUneven  = 300.0 // for all on one side
	metreOfCut = 0.5
	metreOfGap = 12.0 // up to widestGap
	widestGap  = 20.0
	leastShare = 0.12 // of the weight must lie on either side
)

// along returns the cheapest place for a cut with a heading, its length not yet counted.
func (k *knife) along(items []item, heading offset) (best stroke, ok bool) {
	type edge struct {
		at     float64
		enters bool
		weight float64
	}
	var edges []edge
	var total float64
	for _, it := range items {
		lo, hi := it.extent(blade{heading, 0})
		w := k.weight(it)
		total += w
		edges = append(edges, edge{lo, true, w}, edge{hi, false, w})
	}
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(a.at, b.at), compareBools(a.enters, b.enters), cmp.Compare(a.weight, b.weight))
	})
	hits, begun, done := 0, 0.0, 0.0
	for i := 0; i+1 < len(edges); i++ {
		if e := edges[i]; e.enters {
			hits, begun = hits+1, begun+e.weight
		} else {
			hits, done = hits-1, done+e.weight
		}
		gap := edges[i+1].at - edges[i].at
		less := (begun + done) / 2
		if gap < 20 || min(less, total-less) < leastShare*total {
			continue
		}
		cost := float64(perHit*float64(hits)) + float64(perUneven*math.Abs(2*less-total)/total) - float64(metreOfGap*min(gap/1000, widestGap))
		if !ok || cost < best.cost {
			best, ok = stroke{blade: blade{heading, edges[i].at + gap/2}, hits: hits, cost: cost}, true
		}
	}
	return best, ok
}

// weight returns what an item weighs in the balance of a cut. The weights are whole numbers, so their sums are exact.
func (k *knife) weight(it item) float64 {
	if k.options.GridTarget > 0 && it.load > 0 {
		return float64(it.load)
	}
	return float64(it.buildings)
}

// beyond is how far a line is drawn over the border of its cell, in millimetres, so that it surely reaches it.
const beyond = 30

// chords returns the parts of a blade that lie in the cell and between the bounds, and their length in millimetres.
func (k *knife) chords(b blade, bounds []bound) (chords []arrange.Line, length float64) {
	side := offset{-b.heading.y, b.heading.x}
	var stops []float64
	for _, l := range k.border {
		p, q := k.flat(l.From), k.flat(l.To)
		u, v := b.of(p)-b.at, b.of(q)-b.at
		if (u < 0) == (v < 0) {
			continue
		}
		share := u / (u - v)
		x, y := p.x+float64(share*(q.x-p.x)), p.y+float64(share*(q.y-p.y))
		stops = append(stops, float64(x*side.x)+float64(y*side.y))
	}
	slices.Sort(stops)
	norm := float64(b.heading.x*b.heading.x) + float64(b.heading.y*b.heading.y)
	place := func(along float64) offset {
		return offset{
			(float64(b.at*b.heading.x) + float64(along*side.x)) / norm,
			(float64(b.at*b.heading.y) + float64(along*side.y)) / norm,
		}
	}
	for i := 0; i+1 < len(stops); i += 2 {
		from, to := clipped(place, stops[i], stops[i+1], bounds)
		if to-from < 100 {
			continue
		}
		length += to - from
		p, q := moved(k.origin, place(from-beyond), k.scale), moved(k.origin, place(to+beyond), k.scale)
		chords = append(chords, arrange.Line{From: p, To: q})
	}
	return chords, length
}

// clipped returns the stretch of a line that lies within the bounds.
func clipped(place func(float64) offset, from, to float64, bounds []bound) (float64, float64) {
	for _, b := range bounds {
		u, v := b.of(place(from))-b.at, b.of(place(to))-b.at
		if !b.less {
			u, v = -u, -v
		}
		switch { // less than nothing is inside
		case u >= 0 && v >= 0:
			return 0, 0
		case u >= 0:
			from += float64((to - from) * (u / (u - v)))
		case v >= 0:
			to -= float64((to - from) * (v / (v - u)))
		}
	}
	return from, to
}
