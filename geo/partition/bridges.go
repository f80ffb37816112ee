package partition

import "slices"

// mostBridges is the largest region whose bridges are looked for; the search for them costs blocks times edges.
const mostBridges = 1 << 11

// bridges returns the deviation below which some block gets too heavy: take a block away, and each part of its piece
// that is lighter than any allowed grid can only belong to the block's own grid.
//
// With light parts c1 <= c2 <= ... beside a block of load w (all in ideals), no deviation d is possible for which the
// first i parts are all lighter than 1-d and w+c1+...+ci is above 1+d. So every d is at least min(1-ci, w+c1+...+ci-1).
func (r *region) bridges(m int) float64 {
	worst, _ := r.bridge(m)
	return worst
}

// bridge returns that with the block.
func (r *region) bridge(m int) (worst float64, node int32) {
	r.eachBridge(m, func(v int32, parts []float64) {
		sum := r.load[m][v] / r.ideal[m]
		for _, c := range parts {
			sum += c
			if d := min(1-c, sum-1); d > worst {
				worst, node = d, v
			}
		}
	})
	return worst, node
}

// eachBridge calls f with each block that holds its piece together and the loads, in ideals and rising, of the parts it falls into without it.
func (r *region) eachBridge(m int, f func(v int32, parts []float64)) {
	if r.n() > mostBridges {
		return
	}
	seen := make([]int32, r.n())
	var todo []int32
	for v := range int32(r.n()) {
		var parts []float64
		seen[v] = v + 1
		for e := r.start[v]; e < r.start[v+1]; e++ {
			if seen[r.to[e]] == v+1 {
				continue
			}
			var sum float64
			seen[r.to[e]] = v + 1
			todo = append(todo[:0], r.to[e])
			for len(todo) > 0 {
				at := todo[len(todo)-1]
				todo = todo[:len(todo)-1]
				sum += r.load[m][at]
				for f := r.start[at]; f < r.start[at+1]; f++ {
					if u := r.to[f]; seen[u] != v+1 {
						seen[u] = v + 1
						todo = append(todo, u)
					}
				}
			}
			parts = append(parts, sum/r.ideal[m])
		}
		if len(parts) < 2 {
			continue
		}
		slices.Sort(parts)
		f(v, parts)
	}
}
