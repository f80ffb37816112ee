package ground

import (
	"cmp"
	"math"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// medial returns a line midway between two groups of the items of a cell, where no straight line parts them: rows that are
// bent, yards inside each other. It reports false if there is no passage wide enough, so that the items hang together.
//
// The way of it:
//
//  1. field: squares are laid over the cell, and each goes to the item that is nearest through the cell.
//  2. lumps: items between which a line could not keep Options.Halo away from both are one lump.
//  3. bisect: the lumps are put in order along the longest way through the cell and parted where it is cheapest.
//  4. trace: the sides between squares of the two groups, straightened as long as that keeps clear of all buildings.
//
// It is the discrete form of the Voronoi border of two groups of outlines (Okabe and others, "Spatial tessellations", 2000,
// section 3.6). Everything but the straightening is whole numbers.
func (k *knife) medial(items []item) ([]arrange.Line, bool) {
	f := k.field(items)
	lumps := k.lumps(f, items)
	if !bisect(lumps) {
		return nil, false
	}
	inGroup := make([]bool, len(items)) // by item: it is in the first group
	for _, l := range lumps {
		for _, i := range l.items {
			inGroup[i] = l.first
		}
	}
	cell := k.outline(k.cells[k.cell].faces, func(face int32) bool { return k.cellOf[face] == k.cell })
	var lines []arrange.Line
	for _, chain := range f.chains(inGroup) {
		for _, run := range k.runs(f, chain, cell) {
			straight, ok := k.straightened(f, run)
			if !ok {
				return nil, false
			}
			lines = append(lines, k.prolonged(straight)...)
		}
	}
	return lines, len(lines) > 0
}

// field is squares over a cell. They are numbered by rows from the south-west; so are their corners, of which a row has one
// more.
type field struct {
	west, south int64 // millimetres from the knife's origin
	side        int64 // of a square, in millimetres
	cols, rows  int
	in          []bool  // by square: it lies in the cell or near its border
	nearest     []int32 // by square: the item nearest to it, -1 for none
	steps       []int32 // by square: how far that is, five a square straight on and seven across a corner
}

// mostSquares bounds the work on a cell, and leastSide the squares of small ones.
const (
	mostSquares = 250_000
	leastSide   = 500 // millimetres
)

// field lays out the squares and finds the nearest item of each.
func (k *knife) field(items []item) *field {
	west, south, east, north := int64(math.MaxInt64), int64(math.MaxInt64), int64(math.MinInt64), int64(math.MinInt64)
	for _, l := range k.border {
		x, y := k.whole(l.From)
		west, south, east, north = min(west, x), min(south, y), max(east, x), max(north, y)
	}
	f := &field{side: leastSide}
	for (east-west)/f.side*((north-south)/f.side) > mostSquares {
		f.side += f.side / 4
	}
	f.west, f.south = west-2*f.side, south-2*f.side
	f.cols, f.rows = int((east-west)/f.side)+5, int((north-south)/f.side)+5
	f.in = make([]bool, f.cols*f.rows)
	f.nearest, f.steps = slices.Repeat([]int32{-1}, len(f.in)), make([]int32, len(f.in))
	k.fill(f)
	f.spread(k.sources(f, items))
	return f
}

// whole returns where a point lies from the origin, in millimetres.
func (k *knife) whole(p crs.Point) (x, y int64) {
	o := k.flat(p)
	return int64(math.Round(o.x)), int64(math.Round(o.y))
}

// along calls visit with the squares a line passes, but those of the outermost rows and columns. It may leave out one of which
// it cuts a corner.
func (f *field) along(x0, y0, x1, y1 int64, visit func(square int)) {
	n := 1 + 2*max(x1-x0, x0-x1, y1-y0, y0-y1)/f.side
	for i := range n + 1 {
		x, y := x0+(x1-x0)*i/n-f.west, y0+(y1-y0)*i/n-f.south
		if col, row := int(x/f.side), int(y/f.side); x >= 0 && y >= 0 && col > 0 && col < f.cols-1 && row > 0 && row < f.rows-1 {
			visit(row*f.cols + col)
		}
	}
}

// fill finds the squares of the cell: those whose middle lies in it, those on its border and those beside them. So a line
// along squares ends outside the cell.
func (k *knife) fill(f *field) {
	crossings := make([][]int64, f.rows) // of the line through the middles of a row with the border
	for _, l := range k.border {
		x0, y0 := k.whole(l.From)
		x1, y1 := k.whole(l.To)
		f.along(x0, y0, x1, y1, func(s int) {
			for _, d := range [9]int{-f.cols - 1, -f.cols, -f.cols + 1, -1, 0, 1, f.cols - 1, f.cols, f.cols + 1} {
				f.in[s+d] = true
			}
		})
		if y0 > y1 {
			x0, y0, x1, y1 = x1, y1, x0, y0
		}
		for r := int((y0 - f.south) / f.side); r < f.rows; r++ {
			y := f.south + int64(r)*f.side + f.side/2
			if y >= y1 {
				break
			}
			if y >= y0 {
				crossings[r] = append(crossings[r], x0+(x1-x0)*(y-y0)/(y1-y0))
			}
		}
	}
	for r, xs := range crossings {
		slices.Sort(xs)
		for i := 0; i+1 < len(xs); i += 2 {
			for c := int((xs[i] - f.west) / f.side); c <= int((xs[i+1]-f.west)/f.side); c++ {
				f.in[r*f.cols+c] = true
			}
		}
	}
}

// sources marks the squares that walls of the items pass and returns them.
func (k *knife) sources(f *field, items []item) (sources []int) {
	for i, it := range items {
		for _, w := range it.walls {
			x0, y0 := k.whole(w.From)
			x1, y1 := k.whole(w.To)
			f.along(x0, y0, x1, y1, func(s int) {
				if f.in[s] && f.nearest[s] < 0 {
					f.nearest[s] = int32(i)
					sources = append(sources, s)
				}
			})
		}
	}
	return sources
}

// spread gives each square of the cell to the source it is nearest to. Of equal ones that which came first has it.
func (f *field) spread(sources []int) {
	ways := [8]struct{ square, steps int }{
		{1, 5}, {-1, 5}, {f.cols, 5}, {-f.cols, 5}, {f.cols + 1, 7}, {f.cols - 1, 7}, {-f.cols + 1, 7}, {-f.cols - 1, 7},
	}
	const rings = 8 // more than the longest way
	var due [rings][]int
	due[0] = sources
	settled := make([]bool, len(f.in))
	for waiting, steps := len(sources), 0; waiting > 0; steps++ {
		now := due[steps%rings]
		due[steps%rings] = nil
		waiting -= len(now)
		for _, s := range now {
			if settled[s] {
				continue
			}
			settled[s] = true
			for _, w := range ways {
				n, far := s+w.square, f.steps[s]+int32(w.steps)
				if f.in[n] && !settled[n] && (f.nearest[n] < 0 || far < f.steps[n]) {
					f.nearest[n], f.steps[n] = f.nearest[s], far
					due[int(far)%rings] = append(due[int(far)%rings], n)
					waiting++
				}
			}
		}
	}
}

// sides calls visit with each two squares that have a side in common and lie nearest to different items, and with the ends
// of that side.
func (f *field) sides(visit func(a, b, from, to int)) {
	for s, in := range f.in {
		if !in || f.nearest[s] < 0 {
			continue
		}
		row, col := s/f.cols, s%f.cols
		corner := row*(f.cols+1) + col // in the south-west
		if n := s + 1; f.in[n] && f.nearest[n] >= 0 && f.nearest[n] != f.nearest[s] {
			visit(s, n, corner+1, corner+1+f.cols+1)
		}
		if n := s + f.cols; f.in[n] && f.nearest[n] >= 0 && f.nearest[n] != f.nearest[s] {
			visit(s, n, corner+f.cols+1, corner+f.cols+2)
		}
	}
}

// lump is items that cannot be parted.
type lump struct {
	items  []int32
	weight float64
	middle offset          // of the first corners of its items
	beside map[int32]int64 // by other lump: the length of the line between them, in millimetres
	first  bool            // it is in the first group
}

// lumps puts together the items that no line can pass between.
func (k *knife) lumps(f *field, items []item) []lump {
	root := make([]int32, len(items))
	for i := range root {
		root[i] = int32(i)
	}
	find := func(i int32) int32 {
		for root[i] != i {
			root[i] = root[root[i]]
			i = root[i]
		}
		return i
	}
	halo := int64(float64(k.options.Halo) * 1000)
	f.sides(func(a, b, _, _ int) {
		// Steps are counted between middles of squares, and a wall may lie a little more than half a square further.
		if int64(min(f.steps[a], f.steps[b]))*f.side < 6*halo+2*f.side {
			i, j := find(f.nearest[a]), find(f.nearest[b])
			root[max(i, j)] = min(i, j)
		}
	})
	number := make([]int32, len(items))
	var lumps []lump
	for i := range items {
		r := find(int32(i))
		if r == int32(i) {
			number[i] = int32(len(lumps))
			lumps = append(lumps, lump{beside: map[int32]int64{}})
		}
		number[i] = number[r]
		l := &lumps[number[i]]
		l.items = append(l.items, int32(i))
		l.weight += k.weight(items[i])
		l.middle.x += items[i].corners[0].x
		l.middle.y += items[i].corners[0].y
	}
	for i := range lumps {
		n := float64(len(lumps[i].items))
		lumps[i].middle = offset{math.Round(lumps[i].middle.x / n), math.Round(lumps[i].middle.y / n)}
	}
	f.sides(func(a, b, _, _ int) {
		if i, j := number[f.nearest[a]], number[f.nearest[b]]; i != j {
			lumps[i].beside[j] += f.side
			lumps[j].beside[i] += f.side
		}
	})
	return lumps
}

// bisect parts lumps in two groups that hang together each, and reports whether it could. They are put in order by how much
// nearer they are to one end of the longest way through neighbours than to the other, and parted where the line between
// the groups costs least, by what a straight cut would.
func bisect(lumps []lump) bool {
	if len(lumps) < 2 {
		return false
	}
	one := furthest(ways(lumps, 0))
	fromOne := ways(lumps, one)
	other := furthest(fromOne)
	fromOther := ways(lumps, other)
	order := make([]int32, len(lumps))
	var total float64
	for i := range order {
		order[i] = int32(i)
		total += lumps[i].weight
		if fromOne[i] == unreached {
			return false
		}
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(fromOne[a]-fromOther[a], fromOne[b]-fromOther[b]), int(a)-int(b))
	})
	var less float64
	var length int64
	best, cheapest := -1, 0.0
	for n, i := range order[:len(order)-1] {
		less += lumps[i].weight
		lumps[i].first = true
		for j, shared := range lumps[i].beside {
			if lumps[j].first {
				length -= shared
			} else {
				length += shared
			}
		}
		if min(less, total-less) < leastShare*total {
			continue
		}
		cost := float64(perUneven*math.Abs(2*less-total)/total) + float64(float64(length)/1000*metreOfCut)
		if (best < 0 || cost < cheapest) && hang(lumps) {
			best, cheapest = n, cost
		}
	}
	for n, i := range order {
		lumps[i].first = n <= best
	}
	return best >= 0
}

// unreached is how far it is to where no way leads.
const unreached = int64(math.MaxInt64)

// ways returns how far it is from a lump to each, over the middles of neighbours, in millimetres.
func ways(lumps []lump, from int) []int64 {
	far, settled := slices.Repeat([]int64{unreached}, len(lumps)), make([]bool, len(lumps))
	far[from] = 0
	for {
		next := -1
		for i := range far {
			if !settled[i] && far[i] < unreached && (next < 0 || far[i] < far[next]) {
				next = i
			}
		}
		if next < 0 {
			return far
		}
		settled[next] = true
		for j := range lumps[next].beside {
			x, y := lumps[j].middle.x-lumps[next].middle.x, lumps[j].middle.y-lumps[next].middle.y
			far[j] = min(far[j], far[next]+int64(math.Sqrt(float64(x*x)+float64(y*y)))+1)
		}
	}
}

// furthest returns the lump that is furthest of those that can be reached, the first of equal ones.
func furthest(far []int64) int {
	best := 0
	for i, d := range far {
		if d != unreached && (far[best] == unreached || d > far[best]) {
			best = i
		}
	}
	return best
}

// hang reports whether both groups hang together.
func hang(lumps []lump) bool {
	seen := make([]bool, len(lumps))
	pieces := [2]int{}
	for i := range lumps {
		if seen[i] {
			continue
		}
		group := 0
		if lumps[i].first {
			group = 1
		}
		if pieces[group]++; pieces[group] > 1 {
			return false
		}
		seen[i] = true
		for todo := []int32{int32(i)}; len(todo) > 0; {
			at := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			for j := range lumps[at].beside {
				if !seen[j] && lumps[j].first == lumps[i].first {
					seen[j] = true
					todo = append(todo, j)
				}
			}
		}
	}
	return true
}

// chains returns the lines between the squares of two groups, as corners one after the other; those of a ring end where
// they begin.
func (f *field) chains(first []bool) (chains [][]int) {
	next := map[int][]int{} // by corner: the other ends of its sides
	f.sides(func(a, b, from, to int) {
		if first[f.nearest[a]] != first[f.nearest[b]] {
			next[from], next[to] = append(next[from], to), append(next[to], from)
		}
	})
	var corners []int
	for c := range next {
		corners = append(corners, c)
	}
	slices.Sort(corners)
	walk := func(from int) {
		chain := []int{from}
		for at := from; len(next[at]) > 0; {
			to := next[at][0]
			next[at] = next[at][1:]
			next[to] = slices.DeleteFunc(next[to], func(c int) bool { return c == at })
			chain = append(chain, to)
			if at = to; len(next[at]) != 1 {
				break
			}
		}
		chains = append(chains, chain)
	}
	for _, c := range corners { // ends and forks first, what is left are rings
		if n := len(next[c]); n != 2 {
			for len(next[c]) > 0 {
				walk(c)
			}
		}
	}
	for _, c := range corners {
		if len(next[c]) > 0 {
			walk(c)
		}
	}
	return chains
}

// runs returns the parts of a chain that lie in a cell, each from border to border.
func (k *knife) runs(f *field, chain []int, cell shape.MultiPolygon) (runs [][]crs.Point) {
	points, inside := make([]crs.Point, len(chain)), make([]bool, len(chain))
	for i, c := range chain {
		x, y := f.west+int64(c%(f.cols+1))*f.side, f.south+int64(c/(f.cols+1))*f.side
		points[i] = moved(k.origin, offset{float64(x), float64(y)}, k.scale)
		inside[i] = topo.Inside(points[i], cell)
	}
	var run []crs.Point
	for i, p := range points {
		switch {
		case inside[i] && len(run) == 0 && i > 0:
			run = append(run, k.way(p, points[i-1]), p)
		case inside[i]:
			run = append(run, p)
		case len(run) > 0:
			runs, run = append(runs, append(run, k.way(run[len(run)-1], p))), nil
		}
	}
	if len(run) > 1 {
		runs = append(runs, run)
	}
	return runs
}

// way returns where the border of the cell is met first on the way from a point in it to one outside.
func (k *knife) way(from, to crs.Point) crs.Point {
	l := arrange.Line{From: from, To: to}
	best := to
	for _, m := range k.border {
		at := best
		switch {
		case l.Crosses(m):
			at = l.Crossing(m)
		case l.Holds(m.From):
			at = m.From
		}
		if k.scale.length(arrange.Line{From: from, To: at}) < k.scale.length(arrange.Line{From: from, To: best}) {
			best = at
		}
	}
	return best
}

// leastStray is how far from the middle a medial line may stray where it is straightened, in millimetres.
const leastStray = 2000

// straightened returns a line through some of the points of a run, the first and the last among them, that keeps clear of
// buildings; false if there is none (Douglas and Peucker, 1973).
func (k *knife) straightened(f *field, run []crs.Point) ([]crs.Point, bool) {
	first, last := run[0], run[len(run)-1]
	if first == last && len(run) > 2 {
		one, ok := k.straightened(f, run[:len(run)/2+1])
		two, also := k.straightened(f, run[len(run)/2:])
		if !ok || !also {
			return nil, false
		}
		return append(one, two[1:]...), true
	}
	strays, at := int64(0), len(run)/2
	for i := 1; i < len(run)-1; i++ {
		l := arrange.Line{From: run[i], To: k.scale.nearestOn(arrange.Line{From: first, To: last}, run[i])}
		if far := k.scale.length(l); far > strays {
			strays, at = far, i
		}
	}
	if strays <= max(leastStray, 2*f.side) && k.clear(arrange.Line{From: first, To: last}) {
		return []crs.Point{first, last}, true
	}
	if len(run) == 2 {
		return nil, false
	}
	one, ok := k.straightened(f, run[:at+1])
	if !ok {
		return nil, false
	}
	two, ok := k.straightened(f, run[at:])
	if !ok {
		return nil, false
	}
	return append(one, two[1:]...), true
}

// clear reports whether a line in the cell keeps Options.Halo away from its buildings, and meets no others. Those may stand
// as near to the border of the cell as they like.
func (k *knife) clear(l arrange.Line) bool {
	halo := int64(float64(k.options.Halo) * 1000)
	apart := func(p crs.Point, m arrange.Line) bool {
		return k.scale.length(arrange.Line{From: p, To: k.scale.nearestOn(m, p)}) >= halo
	}
	clear := true
	lon, lat := k.scale.steps(k.options.Halo)
	box := boxOf(l)
	box.Min.Lon, box.Min.Lat = box.Min.Lon-crs.Coord(lon), box.Min.Lat-crs.Coord(lat)
	box.Max.Lon, box.Max.Lat = box.Max.Lon+crs.Coord(lon), box.Max.Lat+crs.Coord(lat)
	k.yard.of(box, func(b int32) {
		m, stranger := k.in.Buildings[b].Shape, !slices.Contains(k.cells[k.cell].buildings, b)
		clear = clear && !topo.Inside(l.From, m)
		for _, w := range sidesOf(m) {
			clear = clear && !meet(l, w) && (stranger || apart(l.From, w) && apart(l.To, w) && apart(w.From, l))
		}
	})
	for _, b := range k.cells[k.cell].buildings {
		if building := &k.in.Buildings[b]; len(building.Shape) == 0 {
			clear = clear && apart(building.At, l)
		}
	}
	return clear
}

// prolonged returns the lines through points, the ends drawn out a little over the border of the cell.
func (k *knife) prolonged(points []crs.Point) (lines []arrange.Line) {
	n := len(points)
	out := func(from, to crs.Point) crs.Point {
		if from == to {
			return to
		}
		way := heading(from, to, k.scale)
		return moved(to, offset{way.x * beyond, way.y * beyond}, k.scale)
	}
	points = slices.Clone(points)
	points[0], points[n-1] = out(points[1], points[0]), out(points[n-2], points[n-1])
	for i := 1; i < n; i++ {
		if points[i-1] != points[i] {
			lines = append(lines, arrange.Line{From: points[i-1], To: points[i]})
		}
	}
	return lines
}
