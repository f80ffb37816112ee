package ground

import (
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// Ruling is what a planner has decided on a piece of ground that two parents claim, or none, or that a border was to be moved
// over: the piece that holds the point goes to the parent of the code. The point is that of the repair or finding it is about.
type Ruling struct {
	At crs.Point
	To string
}

// rulings are the decisions of an input while its coverage is made.
type rulings struct {
	all  []ruling
	used []bool // some piece of ground was decided by it
}

type ruling struct {
	Ruling
	to int32 // nobody if there is no such parent
}

func newRulings(in *Input) *rulings {
	r := &rulings{used: make([]bool, len(in.Rulings))}
	for _, decided := range in.Rulings {
		to := slices.IndexFunc(in.Parents, func(p Parent) bool { return p.Code == decided.To })
		r.all = append(r.all, ruling{decided, int32(to)})
	}
	return r
}

// of returns to whom a face was given by a planner, nobody if that was not decided. It must be one that claims the face or has a
// border on it: elsewhere it would be an island.
func (r *rulings) of(o *owned, face int32, claims []int32) int32 {
	if len(r.all) == 0 {
		return nobody
	}
	m := o.outline([]int32{face}, func(f int32) bool { return f == face })
	box := m.Box()
	for i, decided := range r.all {
		if decided.to == nobody || !box.Meets(shape.Box{Min: decided.At, Max: decided.At}) || !topo.Inside(decided.At, m) {
			continue
		}
		beside := slices.ContainsFunc(o.neighbours(face, every), func(s share) bool { return s.of == decided.to })
		if beside || o.owner[face] == decided.to || slices.Contains(claims, decided.to) {
			r.used[i] = true
			return decided.to
		}
	}
	return nobody
}

// report tells of the rulings that fit nothing any more.
func (r *rulings) report() (found []Finding) {
	for i, decided := range r.all {
		if !r.used[i] {
			found = append(found, Finding{Rule: UnknownMove, At: decided.At, Codes: []string{decided.To}})
		}
	}
	return found
}
