package plan

import (
	"slices"

	"gridwright/plan/words"
)

// Adopt is an edit that takes over grids of another plan.
const Adopt EditKind = "adopt"

// Adoption turns the wish "divide as that plan does, in these of its grids" into an edit on this snapshot. Each grid named lies afterwards as
// it lies there: the grid here that answers to it, as Compare has it, gets its blocks, and blocks that had been that grid's go where the other
// plan has them. A grid nothing here answers to comes into being with what the other plan says of it; a grid that loses all its blocks is gone.
// Grids here keep their numbers, codes and names, so what hangs on them stays. newCode gives a code and names to a grid whose own code is
// spoken for; like is a grid of the same parent. It returns a Fault when a grid is not there, when a block that is one here lies in two of
// the other plan's grids, or when nothing would change.
func (s *Snapshot) Adoption(from *Snapshot, codes []string, newCode func(like GridNo, given map[string]bool) (GridProps, error)) (Edit, error) {
	wanted := map[GridNo]bool{}
	for _, code := range codes {
		g, err := from.gridNamed(code)
		if err != nil {
			return Edit{}, err
		}
		wanted[g.No] = true
	}
	if len(wanted) == 0 {
		return Edit{}, Refuse(Invalid, "adopt.none", nil)
	}
	a := &adoption{s: s, from: from, newCode: newCode, answers: map[GridNo]GridNo{}, given: map[string]bool{}, e: Edit{Kind: Adopt}}
	pieces, _, _ := piecesOf(s.Ground, from.Ground)
	goal := map[GridNo]bool{} // grids here that answer to one that is wanted
	for _, p := range matchGrids(s, from, pieces) {
		if p.A != 0 && p.B != 0 {
			a.answers[p.B] = p.A
			goal[p.A] = goal[p.A] || wanted[p.B]
		}
	}
	there := map[int32]GridNo{} // by block here: its grid in the other plan
	for _, p := range pieces {
		if no, known := there[p.a]; known && no != from.At[p.b] && (wanted[no] || wanted[from.At[p.b]]) {
			return Edit{}, Refuse(Invalid, "adopt.ground", words.Args{"block": s.Ground.Blocks[p.a].Code})
		}
		there[p.a] = from.At[p.b]
	}
	left := map[GridNo]int{}
	to := map[int32]GridNo{}
	var moved []int32
	for b, no := range s.At {
		answer, known := there[int32(b)]
		next := no
		if known && (wanted[answer] || goal[no]) {
			var err error
			if next, err = a.gridOf(answer, int32(b)); err != nil {
				return Edit{}, err
			}
		}
		if left[next]++; next != no {
			to[int32(b)], moved = next, append(moved, int32(b))
		}
	}
	if len(moved) == 0 {
		return Edit{}, Refuse(Invalid, "adopt.same", nil)
	}
	s.move(&a.e, moved, func(b int32) GridNo { return to[b] })
	for g := range s.Live() {
		if left[g.No] == 0 && len(s.Blocks(g.No)) > 0 {
			a.e.Grids = append(a.e.Grids, s.propsChange(g.No, nil))
		}
	}
	slices.SortFunc(a.e.Grids, func(x, y GridChange) int { return int(x.No - y.No) })
	return a.e, nil
}

// adoption is an Adoption under way.
type adoption struct {
	s, from *Snapshot
	newCode func(like GridNo, given map[string]bool) (GridProps, error)
	answers map[GridNo]GridNo // of the other plan, to here
	given   map[string]bool   // codes of grids that come into being
	e       Edit
	come    int
}

// gridOf returns the grid here that answers to one of the other plan, which comes into being where there is none; 0 for 0.
func (a *adoption) gridOf(there GridNo, block int32) (GridNo, error) {
	if there == 0 {
		return 0, nil
	}
	if no, ok := a.answers[there]; ok {
		return no, nil
	}
	a.come++
	no := GridNo(len(a.s.Grids) + a.come)
	props := a.from.Grids[there-1].GridProps
	props.Locked = false
	spoken := func(g Grid) bool { return g.Code == props.Code }
	if a.given[props.Code] || slices.ContainsFunc(a.s.Grids, spoken) {
		like := a.s.At[block]
		if like == 0 {
			like = a.s.sibling(a.s.Ground.Blocks[block].Parent)
		}
		named, err := a.newCode(like, a.given)
		if err != nil {
			return 0, err
		}
		props.Code, props.Name, props.NameEn = named.Code, named.Name, named.NameEn
	}
	a.given[props.Code] = true
	a.answers[there] = no
	a.e.Grids = append(a.e.Grids, GridChange{No: no, Parent: a.s.Ground.Parents[a.s.Ground.Blocks[block].Parent].ID, After: &props})
	return no, nil
}

// sibling returns a grid of a parent, gone or not; 0 where it never had one.
func (s *Snapshot) sibling(parent int32) GridNo {
	i := slices.IndexFunc(s.Grids, func(g Grid) bool { return g.Parent == parent })
	return GridNo(i + 1)
}
