package plan

import (
	"cmp"
	"math"
	"slices"

	"gridwright/geo/crs"
)

// Placing is the proposal to put a post on a grid.
type Placing struct {
	Post       *Post
	Grid       GridNo
	Metres     int64 // from where the holder is now; 0 where that is not known
	Households int64 // of all grids of the holder then
	Over       bool  // that is more than the rules allow
}

// maxPlacings is how many grids a proposal looks at: the time grows with the third power of it.
const maxPlacings = 1000

// ProposePlacings proposes a worker for each grid that has fewer full-time ones than the rules ask for: out of the full-time posts that are held
// and placed nowhere. Grids are given whole, and communities apart: where any worker is of a grid's own area the others of the plan are no
// better than far away.
//
// It is the assignment problem of grids and seats. A worker has as many seats as there are grids for each worker, rounded up. What is made
// smallest is first the households on second and later seats, each times the number of seats before it, so that nobody has two grids while
// another has none, and light grids go together; then the metres between where workers are and the middles of their grids. That is solved
// exactly, by the method of Kuhn and Munkres with shortest augmenting paths (R. Jonker and A. Volgenant, "A shortest augmenting path algorithm
// for dense and sparse linear assignment problems", 1987). Loads over the limit are told, not forbidden: a grid with a tired worker is better
// off than one with none. Grids beyond maxPlacings, by number, are left for the next proposal.
func (st *Staff) ProposePlacings() []Placing {
	var grids []GridNo
	for i := range st.grids {
		for _, w := range st.Wants(GridNo(i + 1)) {
			if w.Kind == GridWorker && w.Needed > w.Posts && len(grids) < maxPlacings {
				grids = append(grids, GridNo(i+1))
			}
		}
	}
	var posts []*Post
	for _, p := range st.Unplaced() {
		if p.FullTime && p.Holder != nil && len(posts) < maxPlacings {
			posts = append(posts, p)
		}
	}
	if len(grids) == 0 || len(posts) == 0 {
		return nil
	}
	slices.SortFunc(posts, func(a, b *Post) int { return cmp.Compare(a.ID, b.ID) })
	loads := map[PersonID]int64{}
	for _, o := range st.Workload() {
		loads[o.Holder.Person] = o.Households
	}
	each := (len(grids) + len(posts) - 1) / len(posts)
	metres := make([][]int64, len(grids))
	farthest := int64(1)
	for g, no := range grids {
		metres[g] = make([]int64, len(posts))
		for p, post := range posts {
			metres[g][p] = st.distance(post, no)
			farthest = max(farthest, metres[g][p])
		}
	}
	unit := farthest*int64(len(grids)) + 1 // a household on a second seat outweighs all metres
	costs := make([][]int64, len(grids))
	for g, no := range grids {
		costs[g] = make([]int64, len(posts)*each)
		for p := range posts {
			for seat := range each {
				costs[g][p*each+seat] = metres[g][p] + int64(seat)*max(1, st.grids[no-1].Households)*unit
			}
		}
	}
	var placings []Placing
	for g, seat := range assign(costs) {
		post := posts[seat/each]
		loads[post.Holder.Person] += st.grids[grids[g]-1].Households
		placings = append(placings, Placing{Post: post, Grid: grids[g], Metres: metres[g][seat/each]})
	}
	for i := range placings {
		p := &placings[i]
		p.Households = loads[p.Post.Holder.Person]
		p.Over = st.Rules.MaxHouseholds > 0 && p.Households > st.Rules.MaxHouseholds
	}
	return placings
}

// elsewhere is added for a worker of another community than the grid's.
const elsewhere = 100_000

// distance returns how far a post's holder is from a grid, in metres: from the middle of the grids he is on, else from his community.
func (st *Staff) distance(p *Post, no GridNo) int64 {
	s := st.Snapshot
	var there []int32
	for _, other := range st.Posts {
		if other.Holder != nil && other.Holder.Person == p.Holder.Person {
			for _, g := range other.Grids {
				there = append(there, s.Blocks(g)...)
			}
		}
	}
	if len(there) > 0 {
		return int64(math.Round(float64(crs.Distance(s.middle(there), s.middle(s.Blocks(no))))))
	}
	if area := s.Ground.Parents[s.Grids[no-1].Parent]; p.Holder.Area != "" && !st.isIn(area, p.Holder.Area) {
		return elsewhere
	}
	return 0
}

// isIn reports whether an area is the one with a code, or lies in it.
func (st *Staff) isIn(a Area, code string) bool {
	for steps := 0; steps <= len(Levels); steps++ {
		if a.Code == code {
			return true
		}
		above, known := st.Above[a.Parent]
		if !known {
			return false
		}
		a = above
	}
	return false
}

// assign gives each row a column of its own at the least sum of costs; there must be no fewer columns than rows. Of equal sums it returns the same
// one each time.
func assign(costs [][]int64) []int {
	n, m := len(costs), len(costs[0])
	rowPrice, columnPrice := make([]int64, n+1), make([]int64, m+1)
	rowOf, way := make([]int, m+1), make([]int, m+1) // rows and columns count from 1; 0 is none
	for row := 1; row <= n; row++ {
		rowOf[0] = row
		least := make([]int64, m+1)
		for j := range least {
			least[j] = math.MaxInt64
		}
		used := make([]bool, m+1)
		at := 0
		for rowOf[at] != 0 {
			used[at] = true
			i, next, delta := rowOf[at], 0, int64(math.MaxInt64)
			for j := 1; j <= m; j++ {
				if used[j] {
					continue
				}
				if c := costs[i-1][j-1] - rowPrice[i] - columnPrice[j]; c < least[j] {
					least[j], way[j] = c, at
				}
				if least[j] < delta {
					delta, next = least[j], j
				}
			}
			for j := 0; j <= m; j++ {
				if used[j] {
					rowPrice[rowOf[j]] += delta
					columnPrice[j] -= delta
				} else if j > 0 {
					least[j] -= delta
				}
			}
			at = next
		}
		for at != 0 {
			rowOf[at] = rowOf[way[at]]
			at = way[at]
		}
	}
	columns := make([]int, n)
	for j := 1; j <= m; j++ {
		if rowOf[j] != 0 {
			columns[rowOf[j]-1] = j - 1
		}
	}
	return columns
}
