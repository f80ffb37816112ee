package apportion

import (
	"fmt"
	"slices"
)

// Group is a number of grids for some parents together: those of a subdistrict, say.
type Group struct {
	Parents []int // indexes, each in one group at most
	Grids   int
}

// Grouped gives out a number of grids where groups of parents have numbers of their own: each group's among its parents, and what
// is left of the whole among the others, all by the same method. A *GroupError names the group whose number does not do; for the
// parents in none errors are those of Number. Heaviest is over all parents, as in Number.
func Grouped(parents []Parent, weights []float64, grids int, groups []Group, method Method) (*Shares, error) {
	if err := check(parents, len(weights)); err != nil {
		return nil, err
	}
	in := make([]bool, len(parents))
	rest := grids
	all := &Shares{Grids: make([]int, len(parents))}
	for i, group := range groups {
		for _, p := range group.Parents {
			switch {
			case p < 0 || p >= len(parents):
				return nil, &GroupError{i, &ParentError{p, fmt.Sprintf("there are %d", len(parents))}}
			case in[p]:
				return nil, &GroupError{i, &ParentError{p, "it is in two groups"}}
			}
			in[p] = true
		}
		if err := all.among(parents, group.Parents, weights, group.Grids, method); err != nil {
			return nil, &GroupError{i, err}
		}
		rest -= group.Grids
	}
	var others []int
	for p := range parents {
		if !in[p] {
			others = append(others, p)
		}
	}
	switch {
	case len(others) == 0 && rest != 0:
		return nil, &RestError{Grids: grids, Groups: grids - rest}
	case len(others) > 0:
		if err := all.among(parents, others, weights, rest, method); err != nil {
			return nil, err
		}
	}
	slices.Sort(all.Full)
	all.Heaviest = heaviest(mix(parents, weights), all.Grids, grids)
	return all, nil
}

// among gives grids to some of the parents.
func (s *Shares) among(parents []Parent, some []int, weights []float64, grids int, method Method) error {
	chosen := make([]Parent, len(some))
	for i, p := range some {
		chosen[i] = parents[p]
	}
	shares, err := Number(chosen, weights, grids, method)
	if err != nil {
		return err
	}
	for i, p := range some {
		s.Grids[p] = shares.Grids[i]
	}
	for _, i := range shares.Full {
		s.Full = append(s.Full, some[i])
	}
	return nil
}

// GroupError reports a group that cannot have its number of grids.
type GroupError struct {
	Group int
	Err   error
}

func (e *GroupError) Error() string { return fmt.Sprintf("group %d: %v", e.Group, e.Err) }

// Unwrap returns why.
func (e *GroupError) Unwrap() error { return e.Err }

// RestError reports groups of all parents whose numbers are not the whole.
type RestError struct{ Grids, Groups int }

func (e *RestError) Error() string {
	return fmt.Sprintf("the groups of all parents have %d grids, and there are to be %d", e.Groups, e.Grids)
}
