// Package apportion says how many grids each parent gets.
//
// Adams' divisor method is the default: the next grid always goes to the parent whose grids carry most. It is the one
// that makes the heaviest average load of a grid as small as can be (M. L. Balinski and H. P. Young, Fair
// Representation, 1982), and a parent never loses a grid because there is one more to give. That load is a fact of the
// numbers, not of where the lines run: no split can do better, so it is reported with the result.
package apportion

import (
	"container/heap"
	"fmt"
	"math"
	"slices"
)

// Parent is an area whose blocks are to become grids.
type Parent struct {
	// Loads holds one total a measure, not negative. All parents have the same number of measures.
	Loads []float64
	// Pieces is the number of pieces its blocks lie in: it needs at least as many grids. 0 counts as one piece.
	Pieces int
	// Blocks is its number of blocks: it can have no more grids. A parent without blocks, all of which are locked or dedicated grids,
	// say, gets no grid.
	Blocks int
	// Min and Max bound its number of grids, where a planner says so; 0 for no bound. Equal ones fix it.
	Min, Max int
}

// least and most return between which numbers of grids a parent's lies.
func (p Parent) least() int {
	if p.Blocks == 0 {
		return 0
	}
	return max(1, p.Pieces, p.Min)
}

func (p Parent) most() int {
	if p.Max > 0 {
		return min(p.Blocks, p.Max)
	}
	return p.Blocks
}

// Shares is how many grids each parent gets.
type Shares struct {
	// Grids has one number a parent, at least one for each that has blocks.
	Grids []int
	// Full lists the parents that would have got more grids than they have blocks, or may have, in order; others got theirs.
	Full []int
	// Outside lists the parents whose average load lies outside the band however many grids they get, in order.
	Outside []int
	// Heaviest is the largest average load of a grid over the parents: as a multiple of the overall average for a
	// number of grids (1.18 is 18 % over), in the band's measure for a band.
	Heaviest float64
}

// Method is a divisor method: the next grid goes to the parent with the largest load/divisor; Equal takes all loads for the same.
type Method uint8

// The methods.
const (
	Adams   Method = iota // smallest heaviest average; divisor a
	Hill                  // equal proportions; divisor sqrt(a(a+1))
	Webster               // major fractions; divisor a+1/2
	Equal                 // the same number for each parent, as far as that goes
)

func (m Method) divisor(grids int) float64 {
	a := float64(grids)
	switch m {
	case Hill:
		return math.Sqrt(a * (a + 1))
	case Webster:
		return a + 0.5
	default:
		return a
	}
}

// Number gives out a number of grids. A parent's load is the sum of its shares in each measure times the measure's
// weight, so that measures of different size can be mixed; equal loads favour the earlier parent. A parent without any
// load still gets one grid. Errors are *TooFewError, *TooManyError and *ParentError. It costs O((P+grids) log P).
func Number(parents []Parent, weights []float64, grids int, method Method) (*Shares, error) {
	if err := check(parents, len(weights)); err != nil {
		return nil, err
	}
	s := &Shares{Grids: make([]int, len(parents))}
	least, most := 0, 0
	for i, p := range parents {
		s.Grids[i] = p.least()
		least += s.Grids[i]
		most += p.most()
	}
	if grids < least {
		return nil, &TooFewError{Grids: grids, Least: least}
	}
	if grids > most {
		return nil, &TooManyError{Grids: grids, Most: most}
	}
	load := mix(parents, weights)
	counts := load
	if method == Equal {
		counts = slices.Repeat([]float64{1}, len(parents))
	}
	s.give(parents, counts, grids-least, method)
	s.Heaviest = heaviest(load, s.Grids, grids)
	return s, nil
}

// heaviest returns the largest average, as a multiple of that of all.
func heaviest(load []float64, grids []int, all int) (most float64) {
	for i, k := range grids {
		if k > 0 {
			most = max(most, load[i]*float64(all)/float64(k))
		}
	}
	return most
}

// mix returns each parent's share of everything, weighted; the shares sum to 1 unless all loads are zero.
func mix(parents []Parent, weights []float64) []float64 {
	load := make([]float64, len(parents))
	var all float64
	totals := make([]float64, len(weights))
	for m, w := range weights {
		for _, p := range parents {
			totals[m] += p.Loads[m]
		}
		if totals[m] > 0 {
			all += w
		}
	}
	for m, w := range weights {
		if totals[m] == 0 || all == 0 {
			continue
		}
		for i, p := range parents {
			load[i] += float64(w / all * p.Loads[m] / totals[m])
		}
	}
	return load
}

// give hands out what is left after every parent has its least.
func (s *Shares) give(parents []Parent, load []float64, left int, method Method) {
	q := queue{load: load, key: make([]float64, len(parents))}
	full := make([]bool, len(parents))
	for i := range parents {
		if parents[i].Blocks == 0 {
			continue
		}
		q.key[i] = load[i] / method.divisor(s.Grids[i])
		q.order = append(q.order, i)
	}
	heap.Init(&q)
	for left > 0 {
		i := q.order[0]
		if s.Grids[i] == parents[i].most() {
			full[i] = load[i] > 0
			heap.Pop(&q)
			continue
		}
		s.Grids[i]++
		left--
		q.key[i] = load[i] / method.divisor(s.Grids[i])
		heap.Fix(&q, 0)
	}
	for i := range parents {
		if full[i] {
			s.Full = append(s.Full, i)
		}
	}
}

// queue is a heap of parents: largest key first, then lowest index.
type queue struct {
	load, key []float64
	order     []int
}

func (q *queue) Len() int      { return len(q.order) }
func (q *queue) Swap(i, j int) { q.order[i], q.order[j] = q.order[j], q.order[i] }
func (q *queue) Push(x any)    { q.order = append(q.order, x.(int)) }
func (q *queue) Pop() any {
	last := q.order[len(q.order)-1]
	q.order = q.order[:len(q.order)-1]
	return last
}

func (q *queue) Less(i, j int) bool {
	a, b := q.order[i], q.order[j]
	if q.key[a] != q.key[b] {
		return q.key[a] > q.key[b]
	}
	return a < b
}

// TooFewError reports that every parent, or every piece of one, needs a grid, or is to have more, and there are fewer.
type TooFewError struct{ Grids, Least int }

func (e *TooFewError) Error() string {
	return fmt.Sprintf("%d grids are too few: the parents need at least %d", e.Grids, e.Least)
}

// TooManyError reports more grids than blocks, or than parents may have.
type TooManyError struct{ Grids, Most int }

func (e *TooManyError) Error() string {
	return fmt.Sprintf("%d grids are too many: the parents can have %d", e.Grids, e.Most)
}

// ParentError reports a parent that cannot be given grids.
type ParentError struct {
	Parent int
	Reason string
}

func (e *ParentError) Error() string { return fmt.Sprintf("parent %d: %s", e.Parent, e.Reason) }

func check(parents []Parent, measures int) error {
	for i, p := range parents {
		switch {
		case p.Blocks < 0:
			return &ParentError{i, fmt.Sprintf("%d blocks", p.Blocks)}
		case p.Min < 0 || p.Max < 0 || p.Max > 0 && p.Min > p.Max:
			return &ParentError{i, fmt.Sprintf("from %d to %d grids", p.Min, p.Max)}
		case p.least() > p.most() && p.Min > p.Blocks:
			return &ParentError{i, fmt.Sprintf("at least %d grids of %d blocks", p.Min, p.Blocks)}
		case p.least() > p.most():
			return &ParentError{i, fmt.Sprintf("at most %d grids for %d pieces", p.Max, p.Pieces)}
		case p.Pieces < 0 || p.Pieces > p.Blocks:
			return &ParentError{i, fmt.Sprintf("%d pieces of %d blocks", p.Pieces, p.Blocks)}
		case len(p.Loads) != measures:
			return &ParentError{i, fmt.Sprintf("%d loads for %d measures", len(p.Loads), measures)}
		}
		for _, v := range p.Loads {
			if !(v >= 0) || math.IsInf(v, 0) {
				return &ParentError{i, fmt.Sprintf("%v is no load", v)}
			}
		}
	}
	return nil
}
