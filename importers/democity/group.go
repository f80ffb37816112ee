package democity

import (
	"math"
	"slices"
)

// quarterMap is the town seen as quarters and the borders between them: what areas are put together from.
type quarterMap struct {
	weight []float64 // households by the natural density
	area   []float64 // square metres
	open   []float64 // of it, fields and waste land
	centre []vec
	reach  []vec // a corner as clear of river and railway as can be: it tells on which side of them the quarter lies
	next   [][]nextQuarter
}

// nextQuarter is a neighbour and what a border of areas along it would cost: metres, little along strong lines.
type nextQuarter struct {
	to   int32
	cost float64
}

// borderCost is how unwelcome a metre of area border is on each kind of line.
var borderCost = [...]float64{townEdge: 0, river: 0.05, railway: 0.1, canal: 0.25, arterial: 0.3, collector: 1, lane: 2}

// sweepDirections are the directions in which a territory is tried to be cut in two: those of the streets and between.
var sweepDirections = []vec{
	{1, 0}, {0, 1}, {-1, 0}, {0, -1}, {1, 1}, {-1, 1}, {-1, -1}, {1, -1}, {2, 1}, {-1, 2}, {-2, -1}, {1, -2},
}

// divide puts the quarters of set together to connected parts of about the wanted weights, which are only relative.
// It returns the parts in the order of the targets, each in rising order of quarters.
func (q *quarterMap) divide(set []int32, targets []float64) [][]int32 {
	if len(targets) == 1 {
		return [][]int32{set}
	}
	half := len(targets) / 2
	a, b := q.bisect(set, sum(targets[:half])/sum(targets), float64(len(targets)))
	parts := append(q.divide(a, targets[:half]), q.divide(b, targets[half:])...)
	scale := q.total(set) / sum(targets)
	wanted := make([]float64, len(targets))
	for i, t := range targets {
		wanted[i] = float64(t * scale)
	}
	q.refine(parts, wanted)
	return parts
}

func sum(values []float64) float64 {
	var s float64
	for _, v := range values {
		s += v
	}
	return s
}

func (q *quarterMap) total(set []int32) float64 {
	var s float64
	for _, x := range set {
		s += q.weight[x]
	}
	return s
}

// bisect cuts a connected set into two connected ones, the first with a share of the weight, in the direction that
// gives the cheapest border.
func (q *quarterMap) bisect(set []int32, share, parts float64) (a, b []int32) {
	least := math.Inf(1)
	total := q.total(set)
	wanted := []float64{float64(total * share), float64(total * (1 - share))}
	for _, d := range sweepDirections {
		halves := q.sweep(set, d.unit(), wanted[0])
		if halves == nil {
			continue
		}
		q.refine(halves, wanted)
		off := (q.total(halves[0]) - wanted[0]) / (total / parts)
		if cost := q.cut(halves[0], set) + float64(4000*float64(off*off)); cost < least {
			least, a, b = cost, halves[0], halves[1]
		}
	}
	return a, b
}

// sweep grows one half from the end of the set in a direction until it has the wanted weight. Pieces that this cuts off
// from the rest of the other half go to the first. It returns nil when one half would be empty.
func (q *quarterMap) sweep(set []int32, d vec, wanted float64) [][]int32 {
	in := make(map[int32]bool, len(set)) // true: taken; present: in the set
	for _, x := range set {
		in[x] = false
	}
	order := slices.Clone(set)
	slices.SortFunc(order, func(x, y int32) int {
		if q.centre[x].dot(d) != q.centre[y].dot(d) {
			if q.centre[x].dot(d) < q.centre[y].dot(d) {
				return -1
			}
			return 1
		}
		return int(x - y)
	})
	taken, weight := 0, 0.0
	touches := func(x int32) bool {
		return slices.ContainsFunc(q.next[x], func(n nextQuarter) bool { return in[n.to] })
	}
	for weight < wanted {
		progress := false
		for _, x := range order {
			if in[x] || taken > 0 && !touches(x) {
				continue
			}
			if w := q.weight[x]; weight+w/2 > wanted {
				weight = wanted // as near as whole quarters come
				break
			}
			in[x] = true
			taken++
			weight += q.weight[x]
			progress = true
			break
		}
		if !progress {
			break
		}
	}
	var rest []int32
	for _, x := range set {
		if !in[x] {
			rest = append(rest, x)
		}
	}
	pieces := q.pieces(rest)
	if taken == 0 || len(pieces) == 0 {
		return nil
	}
	first := make([]int32, 0, len(set))
	for _, x := range set {
		if !slices.Contains(pieces[0], x) {
			first = append(first, x)
		}
	}
	return [][]int32{first, pieces[0]}
}

// pieces returns the connected pieces of a set, the one with the most quarters first, each in rising order.
func (q *quarterMap) pieces(set []int32) [][]int32 {
	unseen := make(map[int32]bool, len(set))
	for _, x := range set {
		unseen[x] = true
	}
	var pieces [][]int32
	for _, x := range set {
		if !unseen[x] {
			continue
		}
		unseen[x] = false
		piece := []int32{x}
		for i := 0; i < len(piece); i++ {
			for _, n := range q.next[piece[i]] {
				if unseen[n.to] {
					unseen[n.to] = false
					piece = append(piece, n.to)
				}
			}
		}
		slices.Sort(piece)
		pieces = append(pieces, piece)
	}
	slices.SortStableFunc(pieces, func(a, b []int32) int { return len(b) - len(a) })
	return pieces
}

// cut returns what the border between part and the rest of the set costs.
func (q *quarterMap) cut(part, set []int32) float64 {
	label := map[int32]bool{}
	for _, x := range set {
		label[x] = false
	}
	for _, x := range part {
		label[x] = true
	}
	var cost float64
	for _, x := range part {
		for _, n := range q.next[x] {
			if inPart, inSet := label[n.to]; inSet && !inPart {
				cost += n.cost
			}
		}
	}
	return cost
}

// refine moves single quarters between neighbouring parts while that shortens the border or evens the weights, and
// leaves every part connected. Six per cent off the mean weight is as bad as 400 m of border on a collector street.
func (q *quarterMap) refine(parts [][]int32, wanted []float64) {
	label := map[int32]int{}
	weight := make([]float64, len(parts))
	size := make([]int, len(parts))
	var all []int32
	for i, part := range parts {
		for _, x := range part {
			label[x] = i
		}
		weight[i], size[i] = q.total(part), len(part)
		all = append(all, part...)
	}
	slices.Sort(all)
	tolerance := 0.06 * sum(wanted) / float64(len(wanted))
	square := func(x float64) float64 { return float64(400*float64(x*x)) / float64(tolerance*tolerance) }
	for range 40 {
		moved := false
		for _, x := range all {
			a := label[x]
			if size[a] == 1 {
				continue
			}
			beside := make([]float64, len(parts))
			for _, n := range q.next[x] {
				if l, ok := label[n.to]; ok {
					beside[l] += n.cost
				}
			}
			best, gain := -1, 1e-6
			for b := range parts {
				if b == a || beside[b] == 0 {
					continue
				}
				w := q.weight[x]
				g := beside[b] - beside[a] +
					square(weight[a]-wanted[a]) + square(weight[b]-wanted[b]) -
					square(weight[a]-w-wanted[a]) - square(weight[b]+w-wanted[b])
				if g > gain {
					best, gain = b, g
				}
			}
			if best < 0 || !q.holdsWithout(x, a, size[a], label) {
				continue
			}
			label[x] = best
			weight[a] -= q.weight[x]
			weight[best] += q.weight[x]
			size[a]--
			size[best]++
			moved = true
		}
		if !moved {
			break
		}
	}
	for i := range parts {
		parts[i] = nil
	}
	for _, x := range all {
		parts[label[x]] = append(parts[label[x]], x)
	}
}

// holdsWithout reports whether part a, of a size, stays connected when quarter x leaves it.
func (q *quarterMap) holdsWithout(x int32, a, size int, label map[int32]int) bool {
	seen := map[int32]bool{x: true}
	var piece []int32
	for _, n := range q.next[x] {
		if l, ok := label[n.to]; ok && l == a {
			piece = append(piece, n.to)
			seen[n.to] = true
			break
		}
	}
	for i := 0; i < len(piece); i++ {
		for _, n := range q.next[piece[i]] {
			if l, ok := label[n.to]; ok && l == a && !seen[n.to] {
				seen[n.to] = true
				piece = append(piece, n.to)
			}
		}
	}
	return len(piece) == size-1
}
