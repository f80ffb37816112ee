package ground

import (
	"cmp"
	"math/bits"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// bare is a compound with counts of which no building is known.
type bare struct {
	compound int32
	at       crs.Point
	home     int32
}

// findCompounds finds for each building the compound it is counted with: the one it names, else the first that holds
// the middle of it.
func (t *town) findCompounds(c *coverage) {
	t.compound = slices.Repeat([]int32{-1}, len(t.in.Buildings))
	var unnamed []int32
	middles := make([]crs.Point, len(t.in.Buildings))
	for b := range t.in.Buildings {
		building := &t.in.Buildings[b]
		middles[b] = building.middle()
		if building.Compound == "" {
			unnamed = append(unnamed, int32(b))
			continue
		}
		i, ok := slices.BinarySearchFunc(t.in.Compounds, building.Compound, func(c Compound, code string) int { return cmp.Compare(c.Code, code) })
		if ok {
			t.compound[b] = int32(i)
		} else {
			c.findings = append(c.findings, Finding{Rule: UnknownCompound, At: cornerOf(building), Codes: []string{building.Code, building.Compound}})
		}
	}
	slices.SortFunc(unnamed, func(a, b int32) int { return cmp.Or(middles[a].Compare(middles[b]), int(a)-int(b)) })
	for i := range t.in.Compounds {
		box := t.in.Compounds[i].Shape.Box()
		first, _ := slices.BinarySearchFunc(unnamed, box.Min.Lon, func(b int32, lon crs.Coord) int { return cmp.Compare(middles[b].Lon, lon) })
		for _, b := range unnamed[first:] {
			if middles[b].Lon > box.Max.Lon {
				break
			}
			if t.compound[b] < 0 && topo.Inside(middles[b], t.in.Compounds[i].Shape) {
				t.compound[b] = int32(i)
			}
		}
	}
}

// middle returns the middle of the box of a building.
func (b *Building) middle() crs.Point {
	if len(b.Shape) == 0 {
		return b.At
	}
	return middleOf(b.Shape.Box())
}

func middleOf(b shape.Box) crs.Point {
	return crs.Point{Lon: b.Min.Lon + (b.Max.Lon-b.Min.Lon)/2, Lat: b.Min.Lat + (b.Max.Lat-b.Min.Lat)/2}
}

// spreadCounts spreads the counts of compounds over those of their buildings that stand in a parent.
func (t *town) spreadCounts(c *coverage) {
	t.spread = make([][]int64, len(t.in.Buildings))
	members := make([][]int32, len(t.in.Compounds))
	for b, i := range t.compound {
		if i >= 0 && t.stands[b].home != nobody {
			members[i] = append(members[i], int32(b))
		}
	}
	for i := range t.in.Compounds {
		switch counts := t.in.Compounds[i].Counts; {
		case len(counts) == 0:
		case len(members[i]) == 0:
			t.bare = append(t.bare, bare{compound: int32(i), at: topo.LabelPoint(t.in.Compounds[i].Shape)})
		default:
			weights := t.weights(members[i])
			for _, b := range members[i] {
				t.spread[b] = make([]int64, len(counts))
			}
			for m, total := range counts {
				for n, part := range apportion(total, weights) {
					t.spread[members[i][n]][m] = part
				}
			}
		}
	}
	t.houseBare(c)
}

// houseBare finds parents for the compounds without buildings.
func (t *town) houseBare(c *coverage) {
	points := make([]crs.Point, len(t.bare))
	for i, b := range t.bare {
		points[i] = b.at
	}
	for i, home := range ownersAt(t.edges, points) {
		t.bare[i].home = home
		if home == nobody {
			of := &t.in.Compounds[t.bare[i].compound]
			c.findings = append(c.findings, Finding{Rule: NoGround, At: points[i], Area: of.Shape.Area(), Codes: []string{of.Code}})
		}
	}
}

// weights returns the shares of buildings in the counts of their compound: the weights given, else their areas, else the
// same for all.
func (t *town) weights(buildings []int32) []int64 {
	weights := make([]int64, len(buildings))
	for _, weigh := range []func(b int32) int64{
		func(b int32) int64 { return max(0, t.in.Buildings[b].Weight) },
		func(b int32) int64 { return t.areaOf(b) / 1e6 },
		func(int32) int64 { return 1 },
	} {
		some := false
		for i, b := range buildings {
			weights[i] = weigh(b)
			some = some || weights[i] > 0
		}
		if some {
			break
		}
	}
	return weights
}

// apportion divides a total in proportion to weights so that the parts add up to it: each gets its share rounded down,
// and the largest remainders one more (Hamilton's method), the first of equal ones. The weights must not all be 0.
func apportion(total int64, weights []int64) []int64 {
	if total < 0 {
		parts := apportion(-total, weights)
		for i := range parts {
			parts[i] = -parts[i]
		}
		return parts
	}
	var sum uint64
	for _, w := range weights {
		sum += uint64(w)
	}
	parts, rests, order := make([]int64, len(weights)), make([]uint64, len(weights)), make([]int, len(weights))
	left := total
	for i, w := range weights {
		hi, lo := bits.Mul64(uint64(total), uint64(w))
		part, rest := bits.Div64(hi, lo, sum) // hi < sum, as w <= sum and total < 2^63
		parts[i], rests[i], order[i] = int64(part), rest, i
		left -= int64(part)
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(rests[b], rests[a]) })
	for _, i := range order[:left] {
		parts[i]++
	}
	return parts
}

// Shares divides a total in proportion to weights, not all 0, so that the parts add up to it.
func Shares(total int64, weights []int64) []int64 { return apportion(total, weights) }

// counts returns what a building counts, its share of its compound included; nil for nothing.
func (t *town) counts(b int32) []int64 {
	own, spread := t.in.Buildings[b].Counts, t.spread[b]
	if spread == nil {
		return own
	}
	sum := slices.Clone(spread)
	for m, n := range own {
		sum[m] += n
	}
	return sum
}

// load returns the first measure of a building.
func (t *town) load(b int32) (load int64) {
	if own := t.in.Buildings[b].Counts; len(own) > 0 {
		load = own[0]
	}
	if t.spread[b] != nil {
		load += t.spread[b][0]
	}
	return load
}
