package plan

import (
	"slices"

	"gridwright/plan/words"
)

// Gaps returns what is missing of those who are in charge, grid by grid: a grid worker where there is none, or a holder of the post, and a
// branch of the party. Where nobody has placed a post in the plan, or founded a branch, nothing is missing yet.
func (st *Staff) Gaps() (found []Finding) {
	if len(st.Posts)+len(st.Branches) == 0 {
		return nil
	}
	held := func(p *Post) bool { return p.Holder != nil }
	for g := range st.Snapshot.Live() {
		of := st.Grid(g.No)
		workers := slices.Concat(of.FullTime, of.PartTime)
		var rules []string
		switch {
		case len(st.Posts) == 0 || slices.ContainsFunc(workers, held):
		case len(workers) == 0:
			rules = append(rules, "no_worker")
		default:
			rules = append(rules, "vacant_worker")
		}
		if len(st.Branches) > 0 && of.Branch == nil && !g.Dedicated() {
			rules = append(rules, "no_branch")
		}
		for _, rule := range rules {
			severity := Warning
			if rule == "no_branch" {
				severity = Note
			}
			blocks := st.Snapshot.Blocks(g.No)
			found = append(found, Finding{Rule: rule, Severity: severity, Grid: g.No, Blocks: blocks, At: st.Snapshot.place(g.Parent, blocks),
				Args: words.Args{"grid": g.Code, "name": g.title()}})
		}
	}
	return found
}
