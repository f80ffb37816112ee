package plan

import (
	"math"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/facing"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// outline is a grid's border under way to its bounds.
type outline struct {
	*Snapshot
	no     GridNo
	pieces shape.MultiPolygon
	flat   crs.Flat
	things *BoundThings
	rings  []ring
}

// boundEdge is an edge of a grid's border in walking order: the grid's ground is on its right.
type boundEdge struct {
	from, to   crs.Point
	side       Side
	own, other int32      // blocks; other is -1 where none is known
	length     crs.Metres // as it is told
	mm         int64      // as it is compared, in the flat
	what       what
}

// what is what an edge runs along, as far as a planner would tell it apart.
type what struct {
	kind    BoundKind
	barrier Barrier // the sort of road
	water   string  // the class of water: one of Classes; empty where it is not known
	name    string
	lies    lying
	beside  bool   // not along its middle, but near
	grid    GridNo // of a free line: the grid beyond, 0 for none
	area    *Area  // of a border of areas: the one beyond; nil where none is known
}

// lying says on which side of a line the water, or the compound behind the wall, lies.
type lying int8

const (
	lyingOn     lying = 0 // the line is its middle, or nobody knows
	lyingBeyond lying = 1
	lyingWithin lying = -1
)

// The bends a border may make before they say something of the shape of the grid: a twelfth of its width, at most bendsMost.
const (
	bendsLeast = 5_000 // millimetres
	bendsMost  = 40_000
)

// newOutline reads the edges of a grid's border and what runs along each. Without things it has pieces only.
func newOutline(s *Snapshot, no GridNo, pieces shape.MultiPolygon, things *BoundThings) *outline {
	const about = 100_000 // so that the origin does not move with the border
	box := pieces.Box()
	o := &outline{Snapshot: s, no: no, pieces: pieces, things: things,
		flat: crs.FlatAt(crs.Point{Lon: box.Min.Lon / about * about, Lat: box.Min.Lat / about * about})}
	if things == nil {
		return o
	}
	blocks := o.edgeBlocks()
	rings, shells := ringsOf(pieces)
	bends := max(bendsLeast, min(bendsMost, int64(math.Sqrt(float64(s.Area(no)))*1000/12)))
	for i, r := range rings {
		sides := facing.Sides(r, o.flat, bends)
		var edges []boundEdge
		for j := len(r) - 1; j >= 0; j-- { // a shell runs counter-clockwise
			line := arrange.Line{From: r[j], To: r[(j+1)%len(r)]}
			b := blocks[line]
			e := boundEdge{from: line.To, to: line.From, side: Side(sides[j]), own: b[0], other: b[1]}
			edges = append(edges, o.told(o.measured(e))...)
		}
		o.rings = append(o.rings, ring{edges: settled(edges), hole: i >= shells})
	}
	return o
}

// measured returns an edge with its length.
func (o *outline) measured(e boundEdge) boundEdge {
	e.length = crs.Distance(e.from, e.to)
	e.mm = int64(math.Sqrt(float64(o.flat.XY(e.from).Squared(o.flat.XY(e.to)))))
	return e
}

// edgeBlocks returns the block within and the block beyond each edge of the outline, -1 for none. Edges run with the grid on their left.
func (o *outline) edgeBlocks() map[arrange.Line][2]int32 {
	edges := map[arrange.Line][2]int32{}
	each := func(m shape.MultiPolygon, visit func(arrange.Line)) {
		for _, p := range m {
			for _, r := range p {
				for i, to := range r {
					visit(arrange.Line{From: r[(i+len(r)-1)%len(r)], To: to})
				}
			}
		}
	}
	each(o.pieces, func(l arrange.Line) { edges[l] = [2]int32{-1, -1} })
	var beyond []int32
	for _, b := range o.Blocks(o.no) {
		each(o.Ground.Blocks[b].Shape, func(l arrange.Line) {
			if e, ok := edges[l]; ok {
				edges[l] = [2]int32{b, e[1]}
			}
		})
		for _, i := range o.Ground.bordersOf[b] {
			for _, id := range [2]BlockID{o.Ground.Borders[i].A, o.Ground.Borders[i].B} {
				if other, _ := o.Ground.ByID(id); o.At[other] != o.no {
					beyond = append(beyond, other)
				}
			}
		}
	}
	slices.Sort(beyond)
	for _, b := range slices.Compact(beyond) {
		each(o.Ground.Blocks[b].Shape, func(l arrange.Line) {
			back := arrange.Line{From: l.To, To: l.From}
			if e, ok := edges[back]; ok {
				edges[back] = [2]int32{e[0], b}
			}
		})
	}
	return edges
}

// matchedPiece is how long a piece of an edge is, in millimetres, of which nobody has said what runs along: each is looked at by itself.
const matchedPiece = 40_000

// told returns an edge with what it runs along, in pieces where that had to be looked for.
func (o *outline) told(e boundEdge) []boundEdge {
	along, known := o.along(&e)
	elsewhere := e.other < 0 || o.Ground.Blocks[e.other].Parent != o.Grids[o.no-1].Parent
	if known && along.Barrier != "" && along.Barrier != BarrierNone {
		e.what = o.ran(along, &e)
		return []boundEdge{e}
	}
	if known && along.Barrier == BarrierNone && !elsewhere {
		e.what = what{kind: BoundFree, grid: o.beyond(&e)}
		return []boundEdge{e}
	}
	n := e.mm/matchedPiece + 1
	pieces := make([]boundEdge, n)
	at := func(i int64) crs.Point {
		return crs.Point{Lon: e.from.Lon + crs.Coord(int64(e.to.Lon-e.from.Lon)*i/n), Lat: e.from.Lat + crs.Coord(int64(e.to.Lat-e.from.Lat)*i/n)}
	}
	for i := range pieces {
		p := e
		p.from, p.to = at(int64(i)), at(int64(i)+1)
		p = o.measured(p)
		found, ok := o.things.beside(o.flat, p.from, p.to)
		switch {
		case ok:
			p.what = found
		case elsewhere:
			p.what = what{kind: BoundArea, area: o.areaBeyond(&p)}
		default:
			p.what = what{kind: BoundFree, grid: o.beyond(&p)}
		}
		pieces[i] = p
	}
	return pieces
}

// beyond returns the grid on the other side of an edge, 0 for none.
func (o *outline) beyond(e *boundEdge) GridNo {
	if e.other < 0 {
		return 0
	}
	return o.At[e.other]
}

// along returns what the ground says runs along an edge: by the very line, or by what its two blocks share where that is one thing. Where it
// is several and the line is not among them it is the longest.
func (o *outline) along(e *boundEdge) (along Along, known bool) {
	if a, ok := o.things.along[arrange.Line{From: e.from, To: e.to}.Upward()]; ok {
		return a, true
	}
	if e.own < 0 || e.other < 0 {
		return Along{}, false
	}
	var longest crs.Metres
	for _, i := range o.Ground.bordersOf[e.own] {
		b := &o.Ground.Borders[i]
		if other := o.Ground.Blocks[e.other].ID; (b.A == other || b.B == other) && b.Length > longest {
			along, known, longest = b.Along, true, b.Length
		}
	}
	return along, known
}

// barrierKinds says what sort of bound a barrier is.
var barrierKinds = map[Barrier]BoundKind{BarrierRiver: BoundRiver, BarrierRailway: BoundRailway, BarrierTrunk: BoundRoad, BarrierStreet: BoundRoad,
	BarrierLane: BoundRoad, BarrierWall: BoundWall, BarrierNone: BoundFree}

// ran returns what an edge runs along by what the ground says.
func (o *outline) ran(along Along, e *boundEdge) what {
	w := what{kind: barrierKinds[along.Barrier], barrier: along.Barrier, name: along.Name}
	switch w.kind {
	case BoundRiver:
		w.lies, w.water = o.waterLies(e)
	case BoundWall:
		within, beyond := o.fenced(e.own, w.name), o.fenced(e.other, w.name)
		switch {
		case within && !beyond:
			w.lies = lyingWithin
		case beyond && !within:
			w.lies = lyingBeyond
		}
	}
	return w
}

// waterLies returns on which side of an edge the water is, and its class: by the water whose bank or middle the edge is, else by the blocks.
func (o *outline) waterLies(e *boundEdge) (lying, string) {
	if f, side := o.things.bank(o.flat, e.from, e.to); f != nil {
		return side, f.Class
	}
	wet := func(b int32) bool { return b >= 0 && o.Ground.Blocks[b].Kind == "water" }
	switch {
	case wet(e.other) && !wet(e.own):
		return lyingBeyond, ""
	case wet(e.own) && !wet(e.other):
		return lyingWithin, ""
	}
	return lyingOn, ""
}

// fenced reports whether a block has ground in a compound of that name.
func (o *outline) fenced(block int32, name string) bool {
	return block >= 0 && name != "" && slices.ContainsFunc(o.Ground.Blocks[block].Compounds, func(code string) bool { return o.Ground.Names[code] == name })
}

// areaBeyond returns the area an edge's other side is told by: the community where that is another one, else the large grid; nil where
// none is known.
func (o *outline) areaBeyond(e *boundEdge) *Area {
	own := o.lineage(o.Ground.Parents[o.Grids[o.no-1].Parent])
	var beyond []Area
	if e.other >= 0 {
		beyond = o.lineage(o.Ground.Parents[o.Ground.Blocks[e.other].Parent])
	} else {
		const step = 8_000 // millimetres: past the roughness of borders drawn twice
		a, b := o.flat.XY(e.from), o.flat.XY(e.to)
		east, north := a.Y-b.Y, b.X-a.X // to the left of the way, where the grid is not
		if long := max(int64(math.Sqrt(float64(a.Squared(b)))), 1); a != b {
			middle := crs.Point{Lon: (e.from.Lon + e.to.Lon) / 2, Lat: (e.from.Lat + e.to.Lat) / 2}
			beyond = o.things.areasAt(o.flat.Moved(middle, east*step/long, north*step/long))
		}
	}
	for _, a := range beyond {
		if !slices.ContainsFunc(own, func(b Area) bool { return a.Level == b.Level && a.Code == b.Code }) {
			return &a
		}
	}
	return nil
}

// lineage returns an area's community, where it has one above it, and the area.
func (o *outline) lineage(a Area) []Area {
	for above, ok := o.Ground.Above[a.Parent]; ok && above.Level.Rank() >= Community.Rank(); above, ok = o.Ground.Above[above.Parent] {
		if above.Level == Community {
			return []Area{above, a}
		}
	}
	return []Area{a}
}

// settled gives runs that are too short to what they lie between: the shortest first, to the longer of its neighbours. First so for what they
// run along, then for the sides they are of.
func settled(edges []boundEdge) []boundEdge {
	settle(edges, func(a, b *boundEdge) bool { return a.what.same(b.what) }, func(to, from *boundEdge) { to.what = from.what })
	settle(edges, func(a, b *boundEdge) bool { return a.side == b.side }, func(to, from *boundEdge) { to.side = from.side })
	return edges
}

func settle(edges []boundEdge, alike func(a, b *boundEdge) bool, take func(to, from *boundEdge)) {
	for {
		runs := runsBy(edges, alike)
		at, short := -1, int64(leastRun)
		for i, r := range runs {
			if r.mm < short {
				at, short = i, r.mm
			}
		}
		if at < 0 || len(runs) == 1 {
			return
		}
		heir, after := runs[(at+len(runs)-1)%len(runs)], runs[(at+1)%len(runs)]
		if after.mm > heir.mm {
			heir = after
		}
		for i := range runs[at].n {
			take(&edges[(runs[at].first+i)%len(edges)], &edges[heir.first])
		}
	}
}

// same reports whether two things are told as one. What has a name is one thing, be it a street here and a lane there.
func (w what) same(v what) bool {
	a, b := w.area, v.area
	w.area, v.area = nil, nil
	if w.name != "" && w.kind == v.kind {
		w.barrier, w.beside, w.water = v.barrier, v.beside, v.water
	}
	return w == v && (a == nil) == (b == nil) && (a == nil || a.Level == b.Level && a.Code == b.Code)
}

// run is edges of a ring that follow each other.
type run struct {
	first, n int
	length   crs.Metres
	mm       int64
}

// runsBy cuts a ring where two edges are not alike. A ring of edges all alike is one run from its first edge.
func runsBy(edges []boundEdge, alike func(a, b *boundEdge) bool) (runs []run) {
	n := len(edges)
	start := 0
	for start < n && alike(&edges[(start+n-1)%n], &edges[start]) {
		start++
	}
	if start == n {
		start = 0
	}
	for i := range n {
		e := &edges[(start+i)%n]
		if i == 0 || !alike(&edges[(start+i-1)%n], e) {
			runs = append(runs, run{first: (start + i) % n})
		}
		r := &runs[len(runs)-1]
		r.n++
		r.length += e.length
		r.mm += e.mm
	}
	return runs
}

// add makes segments of a ring, from the first that begins at the north-eastern corner or after it.
func (b *Bounds) add(o *outline, number int) {
	r := &o.rings[number]
	runs := runsBy(r.edges, func(a, b *boundEdge) bool { return a.side == b.side && a.what.same(b.what) })
	corner, most := 0, int64(math.MinInt64)
	for i := range r.edges {
		if p := o.flat.XY(r.edges[i].from); p.X+p.Y > most {
			corner, most = i, p.X+p.Y
		}
	}
	first := 0
	for i, run := range runs {
		if (run.first-corner+len(r.edges))%len(r.edges) < (runs[first].first-corner+len(r.edges))%len(r.edges) {
			first = i
		}
	}
	for i := range runs {
		run := runs[(first+i)%len(runs)]
		lead := r.lead(run)
		g := BoundSegment{Side: lead.side, Kind: lead.what.kind, Name: lead.what.name, Length: run.length, mm: run.mm, Hole: r.hole, ring: number, Line: []crs.Point{r.edges[run.first].from}}
		edges := make([]*boundEdge, run.n)
		for j := range edges {
			edges[j] = &r.edges[(run.first+j)%len(r.edges)]
			g.Line = append(g.Line, edges[j].to)
		}
		g.Key = o.keyOf(g.Line)
		o.say(&g, lead.what, edges)
		b.Segments = append(b.Segments, g)
	}
}

// lead returns the longest edge of a run, which speaks for it.
func (r *ring) lead(of run) *boundEdge {
	lead := &r.edges[of.first]
	for i := range of.n {
		if e := &r.edges[(of.first+i)%len(r.edges)]; e.mm > lead.mm {
			lead = e
		}
	}
	return lead
}

// beyondWords names what lies beyond edges, the longest first, at most two.
func (o *outline) beyondWords(edges []*boundEdge) (said [2]string) {
	type place struct {
		grid   GridNo
		parent int32
	}
	lengths := map[place]int64{}
	var places []place
	for _, e := range edges {
		p := place{o.beyond(e), -1}
		if e.other >= 0 {
			p.parent = o.Ground.Blocks[e.other].Parent
		}
		if _, ok := lengths[p]; !ok {
			places = append(places, p)
		}
		lengths[p] += e.mm
	}
	slices.SortStableFunc(places, func(a, b place) int {
		switch {
		case lengths[a] > lengths[b]:
			return -1
		case lengths[a] < lengths[b]:
			return 1
		}
		return 0
	})
	for _, l := range words.Langs {
		var names []string
		for _, p := range places[:min(2, len(places))] {
			name := ""
			switch {
			case p.grid != 0:
				name = o.Grids[p.grid-1].Title(l)
				if own := o.Grids[o.no-1].Parent; p.parent != own {
					name = o.Ground.Parents[p.parent].Title(l) + gap(l) + name
				}
			case p.parent >= 0:
				name = o.Ground.Parents[p.parent].Title(l)
			default:
				continue
			}
			names = append(names, name)
		}
		said[l] = words.List(names, l)
	}
	return said
}

// gap is what stands between two names.
func gap(l words.Lang) string {
	if l == words.En {
		return " "
	}
	return ""
}
