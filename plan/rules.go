package plan

import (
	"slices"

	"gridwright/plan/words"
)

// Rules are what a planner adds to a split. Blocks and grids go by their codes.
type Rules struct {
	// LockedGrids stay as they are in the plan Base, to the letter; they count among the grids wanted.
	LockedGrids []string `json:"locked_grids,omitempty"`
	// LockedBlocks stay in the grid of the plan Base that they are in.
	LockedBlocks []string `json:"locked_blocks,omitempty"`
	// Together are sets of blocks that lie in one grid each.
	Together [][]string `json:"together,omitempty"`
	// Apart are pairs of blocks that lie in two grids.
	Apart [][2]string `json:"apart,omitempty"`
	// Dedicated are sets of blocks that each are a dedicated grid (专属网格); these do not count among the grids wanted.
	Dedicated [][]string `json:"dedicated,omitempty"`
}

// Number is how many grids an area gets: a parent from Min to Max, an area above parents exactly Min, which is Max then, shared out among
// its parents.
type Number struct {
	Area string `json:"area"` // code
	Min  int    `json:"min"`  // 0 for no bound
	Max  int    `json:"max"`  // 0 for no bound
}

// Methods of sharing grids out over parents.
const (
	MinMax = ""      // the largest average is as small as can be (Adams)
	Equal  = "equal" // the same number for each parent, as far as that goes
)

// maxAlternatives is how many plans one recipe may ask for.
const maxAlternatives = 5

// validateRules returns the first thing in the rules that no map could make right.
func (r Recipe) validateRules() error {
	switch {
	case r.Method != MinMax && r.Method != Equal:
		return Refuse(Invalid, "recipe.method", words.Args{"method": r.Method})
	case r.Band != nil && (r.Method != MinMax || slices.ContainsFunc(r.Numbers, func(n Number) bool { return n.Min == n.Max })):
		return Refuse(Invalid, "recipe.band_numbers", nil)
	case !(r.Reshare >= 0 && r.Reshare <= 10) || r.Reshare > 0 && (r.Band != nil || r.Method != MinMax || r.Base != ""):
		return Refuse(Invalid, "recipe.reshare", words.Args{"share": r.Reshare})
	case r.Alternatives < 0 || r.Alternatives > maxAlternatives:
		return Refuse(Invalid, "recipe.alternatives", words.Args{"n": r.Alternatives, "most": maxAlternatives})
	}
	for _, n := range r.Numbers {
		if n.Area == "" || n.Min < 0 || n.Max < 0 || n.Max > 0 && n.Min > n.Max || n.Min == 0 && n.Max == 0 {
			return Refuse(Invalid, "recipe.number", words.Args{"area": n.Area, "min": n.Min, "max": n.Max})
		}
	}
	if r.Rules == nil {
		return nil
	}
	if len(r.Rules.LockedGrids)+len(r.Rules.LockedBlocks) > 0 && r.Base == "" {
		return Refuse(Invalid, "recipe.locks_need_base", nil)
	}
	for _, set := range slices.Concat(r.Rules.Together, r.Rules.Dedicated) {
		if len(set) == 0 {
			return Refuse(Invalid, "recipe.empty_set", nil)
		}
	}
	return nil
}

// ruled is the rules as the solver knows them: blocks by their place in the scope.
type ruled struct {
	locked   []int32
	fixed    [][]int32 // the locked grids, then the dedicated ones
	kept     []*Grid   // of each of fixed: the locked grid; nil for a dedicated one
	together [][]int32
	apart    [][2]int32
	held     []bool // by block of the scope: it is in one of fixed
}

// anew reports whether everything around what is locked is split anew, though there is a base.
func (u *ruled) anew(r Recipe) bool {
	return r.MaxChange == 1 && (len(u.locked) > 0 || slices.ContainsFunc(u.kept, func(g *Grid) bool { return g != nil }))
}

// rules looks the rules up. Codes that nothing in the scope has, and blocks in two fixed sets or of two parents, are Invalid faults.
func (in *inScope) rules(r Recipe, base *Snapshot) (u *ruled, err error) {
	u = &ruled{held: make([]bool, len(in.blocks))}
	if r.Rules == nil {
		return u, nil
	}
	place := make(map[int32]int32, len(in.blocks))
	for i, b := range in.blocks {
		place[b] = int32(i)
	}
	find := func(codes []string) (blocks []int32, err error) {
		for _, code := range codes {
			b, known := in.ground.ByCode(code)
			i, inside := place[b]
			if !known || !inside {
				return nil, Refuse(Invalid, "rules.no_block", words.Args{"block": code})
			}
			blocks = append(blocks, i)
		}
		return blocks, nil
	}
	if u.locked, err = find(r.Rules.LockedBlocks); err != nil {
		return nil, err
	}
	for _, code := range r.Rules.LockedGrids {
		if err := u.lock(in, base, code, place); err != nil {
			return nil, err
		}
	}
	for _, set := range r.Rules.Dedicated {
		blocks, err := find(set)
		if err != nil {
			return nil, err
		}
		u.fixed, u.kept = append(u.fixed, blocks), append(u.kept, nil)
	}
	for _, set := range r.Rules.Together {
		blocks, err := find(set)
		if err != nil {
			return nil, err
		}
		u.together = append(u.together, blocks)
	}
	for _, pair := range r.Rules.Apart {
		blocks, err := find(pair[:])
		if err != nil {
			return nil, err
		}
		u.apart = append(u.apart, [2]int32(blocks))
	}
	for _, set := range u.fixed {
		for _, b := range set {
			u.held[b] = true
		}
	}
	return u, nil
}

// lock makes a grid of the base a fixed set: those of its blocks that are still there.
func (u *ruled) lock(in *inScope, base *Snapshot, code string, place map[int32]int32) error {
	grid := base.GridOf(code)
	if grid == nil {
		return Refuse(Invalid, "rules.no_grid", words.Args{"grid": code})
	}
	var blocks []int32
	for _, b := range base.Blocks(grid.No) {
		old := &base.Ground.Blocks[b]
		now, known := in.ground.ByCode(old.Code)
		inside, scoped := place[now]
		if !known || !scoped {
			return Refuse(Invalid, "rules.grid_block", words.Args{"grid": code, "block": old.Code})
		}
		blocks = append(blocks, inside)
	}
	if len(blocks) == 0 {
		return Refuse(Invalid, "rules.no_grid", words.Args{"grid": code})
	}
	u.fixed, u.kept = append(u.fixed, blocks), append(u.kept, grid)
	return nil
}

// locks returns how many of the fixed sets are locked grids.
func (u *ruled) locks() (n int) {
	for _, g := range u.kept {
		if g != nil {
			n++
		}
	}
	return n
}
