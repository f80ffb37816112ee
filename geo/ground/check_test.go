package ground_test

import (
	"context"
	"math/rand"
	"reflect"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
)

// clone copies a ground as far as a mutation may change it.
func clone(g *ground.Ground) *ground.Ground {
	c := *g
	c.Parents, c.Above = slices.Clone(g.Parents), slices.Clone(g.Above)
	for i := range c.Parents {
		c.Parents[i].Shape, c.Parents[i].Counts = cloneShape(g.Parents[i].Shape), slices.Clone(g.Parents[i].Counts)
	}
	for i := range c.Above {
		c.Above[i].Shape, c.Above[i].Counts = cloneShape(g.Above[i].Shape), slices.Clone(g.Above[i].Counts)
	}
	c.Outline = cloneShape(g.Outline)
	c.Blocks = slices.Clone(g.Blocks)
	for i := range c.Blocks {
		b := &c.Blocks[i]
		b.Shape, b.Buildings, b.Counts = cloneShape(b.Shape), slices.Clone(b.Buildings), slices.Clone(b.Counts)
	}
	c.Borders, c.Members, c.Lost = slices.Clone(g.Borders), slices.Clone(g.Members), slices.Clone(g.Lost)
	return &c
}

func cloneShape(m shape.MultiPolygon) (c shape.MultiPolygon) {
	for _, p := range m {
		var q shape.Polygon
		for _, r := range p {
			q = append(q, slices.Clone(r))
		}
		c = append(c, q)
	}
	return c
}

// mutations are faults as a mistake in the build might make them, each at random.
var mutations = map[string]func(g *ground.Ground, random *rand.Rand){
	"a corner moved by a step":  func(g *ground.Ground, r *rand.Rand) { corner(g, r).Lat++ },
	"a corner moved far":        func(g *ground.Ground, r *rand.Rand) { corner(g, r).Lon += 500 },
	"a block shifted by a step": func(g *ground.Ground, r *rand.Rand) { eachCorner(block(g, r), func(p *crs.Point) { p.Lon++ }) },
	"a block missing":           func(g *ground.Ground, r *rand.Rand) { dropBlock(g, r.Intn(len(g.Blocks))) },
	"a block twice":             func(g *ground.Ground, r *rand.Rand) { g.Blocks = append(g.Blocks, *block(g, r)) },
	"a block of another parent": func(g *ground.Ground, r *rand.Rand) {
		b := block(g, r)
		b.Parent = (b.Parent + 1) % int32(len(g.Parents))
	},
	"a block of no parent":      func(g *ground.Ground, r *rand.Rand) { block(g, r).Parent = -1 },
	"a corner on one side only": func(g *ground.Ground, r *rand.Rand) { halve(&block(g, r).Shape[0][0]) },
	"a corner lost": func(g *ground.Ground, r *rand.Rand) {
		ring := &block(g, r).Shape[0][0]
		*ring = slices.Delete(*ring, 1, 2)
	},
	"a hole":                     func(g *ground.Ground, r *rand.Rand) { hole(block(g, r)) },
	"a ring the wrong way round": func(g *ground.Ground, r *rand.Rand) { slices.Reverse(block(g, r).Shape[0][0]) },
	"two blocks have changed shapes": func(g *ground.Ground, _ *rand.Rand) {
		g.Blocks[0].Shape, g.Blocks[1].Shape = g.Blocks[1].Shape, g.Blocks[0].Shape
	},
	"a block of two polygons": func(g *ground.Ground, r *rand.Rand) {
		b := block(g, r)
		b.Shape = append(b.Shape, g.Blocks[0].Shape...)
	},
	"a parent's corner moved":      func(g *ground.Ground, r *rand.Rand) { g.Parents[r.Intn(len(g.Parents))].Shape[0][0][0].Lon-- },
	"a corner above moved":         func(g *ground.Ground, _ *rand.Rand) { g.Above[0].Shape[0][0][0].Lon-- },
	"the outline moved":            func(g *ground.Ground, _ *rand.Rand) { g.Outline[0][0][0].Lon-- },
	"a parent under another above": func(g *ground.Ground, _ *rand.Rand) { g.Parents[0].Above = 1 - g.Parents[0].Above },
	"a building in no block":       func(g *ground.Ground, r *rand.Rand) { b := built(g, r); b.Buildings = b.Buildings[1:] },
	"a building in two blocks": func(g *ground.Ground, r *rand.Rand) {
		b, c := built(g, r), &g.Blocks[0]
		c.Buildings = append(c.Buildings, b.Buildings[0], b.Buildings[0])
	},
	"a building in the block next to it": func(g *ground.Ground, r *rand.Rand) { next(g, built(g, r)) },
	"a building told of no block":        func(g *ground.Ground, r *rand.Rand) { g.Members[built(g, r).Buildings[0]].Block = -1 },
	"a building forgotten":               func(g *ground.Ground, _ *rand.Rand) { g.Members = g.Members[1:] },
	"a household more":                   func(g *ground.Ground, r *rand.Rand) { block(g, r).Counts[0]++ },
	"a household moved":                  func(g *ground.Ground, _ *rand.Rand) { g.Blocks[0].Counts[0]++; g.Blocks[1].Counts[0]-- },
	"a household of a parent more":       func(g *ground.Ground, r *rand.Rand) { g.Parents[r.Intn(len(g.Parents))].Counts[0]++ },
	"a household above more":             func(g *ground.Ground, _ *rand.Rand) { g.Above[1].Counts[1]++ },
	"a household lost":                   func(g *ground.Ground, _ *rand.Rand) { g.Lost[0]++ },
	"counts missing":                     func(g *ground.Ground, r *rand.Rand) { block(g, r).Counts = nil },
	"a border missing": func(g *ground.Ground, r *rand.Rand) {
		i := r.Intn(len(g.Borders))
		g.Borders = slices.Delete(g.Borders, i, i+1)
	},
	"a border twice":               func(g *ground.Ground, r *rand.Rand) { g.Borders = append(g.Borders, g.Borders[r.Intn(len(g.Borders))]) },
	"a border a centimetre longer": func(g *ground.Ground, r *rand.Rand) { g.Borders[r.Intn(len(g.Borders))].Length += 0.01 },
	"a side of a border missing": func(g *ground.Ground, r *rand.Rand) {
		b := &g.Borders[r.Intn(len(g.Borders))]
		b.Sides = b.Sides[1:]
	},
	"a side of another border": func(g *ground.Ground, _ *rand.Rand) {
		g.Borders[0].Sides = append(slices.Clone(g.Borders[0].Sides), g.Borders[1].Sides[0])
	},
	"a border between strangers": func(g *ground.Ground, _ *rand.Rand) { g.Borders[0].B = int32(len(g.Blocks)) - 1 },
}

func block(g *ground.Ground, r *rand.Rand) *ground.Block { return &g.Blocks[r.Intn(len(g.Blocks))] }

func built(g *ground.Ground, r *rand.Rand) *ground.Block {
	for {
		if b := block(g, r); len(b.Buildings) > 0 {
			return b
		}
	}
}

func corner(g *ground.Ground, r *rand.Rand) *crs.Point {
	ring := block(g, r).Shape[0][0]
	return &ring[r.Intn(len(ring))]
}

func eachCorner(b *ground.Block, change func(p *crs.Point)) {
	for _, r := range b.Shape[0] {
		for i := range r {
			change(&r[i])
		}
	}
}

func dropBlock(g *ground.Ground, i int) { g.Blocks = slices.Delete(g.Blocks, i, i+1) }

func halve(r *shape.Ring) {
	a, b := (*r)[0], (*r)[1]
	*r = slices.Insert(*r, 1, crs.Point{Lon: a.Lon + (b.Lon-a.Lon)/2, Lat: a.Lat + (b.Lat-a.Lat)/2})
}

func hole(b *ground.Block) {
	p := b.Shape[0][0][0]
	b.Shape[0] = append(b.Shape[0], shape.Ring{{Lon: p.Lon + 10, Lat: p.Lat}, {Lon: p.Lon + 10, Lat: p.Lat + 10}, {Lon: p.Lon + 20, Lat: p.Lat}})
}

// next moves a building, with what it counts, to another block, so that only its place is wrong.
func next(g *ground.Ground, from *ground.Block) {
	for i := range g.Blocks {
		if to := &g.Blocks[i]; to != from && to.Parent == from.Parent {
			b := from.Buildings[0]
			from.Buildings, to.Buildings = from.Buildings[1:], append(to.Buildings, b)
			for m, n := range g.Members[b].Counts {
				from.Counts[m] -= n
				to.Counts[m] += n
			}
			g.Members[b].Block = int32(i)
			return
		}
	}
}

// levels returns a town of two times two communities, two above each other.
func levels() ground.Input {
	in := makeTown(12, 3)
	in.Above = []ground.Parent{parent("000", square(-50, -50, 1500, 1180)), parent("001", square(-50, 1180, 1500, 1500))}
	return in
}

func TestCheckFindsEachFault(t *testing.T) {
	in := levels()
	g, sorted := build(t, in, ground.Options{}), in.Sorted()
	if faults := ground.Check(g, &sorted); len(faults) > 0 {
		t.Fatalf("nothing is wrong, but %v", faults)
	}
	if len(g.Above) != 2 || len(g.Parents) != 4 || g.Parents[0].Above != 0 || g.Parents[3].Above != 1 {
		t.Fatalf("%+v", g.Parents)
	}
	for name, mutate := range mutations {
		for seed := range int64(6) {
			m := clone(g)
			mutate(m, rand.New(rand.NewSource(seed)))
			if len(ground.Check(m, &sorted)) == 0 {
				t.Errorf("%s was not found (%d)", name, seed)
			}
		}
	}
}

// All parents in one sector give the ground that sectors of one give.
func TestTogetherAsApart(t *testing.T) {
	for name, in := range map[string]ground.Input{"synthetic": makeTown(12, 3), "quarter": quarter(1)} {
		apart := build(t, in, ground.Options{})
		together, err := ground.BuildTogether(context.Background(), in, ground.Options{})
		if err != nil {
			t.Fatal(name, err)
		}
		apart.Stats, together.Stats = ground.Stats{}, ground.Stats{}
		if !reflect.DeepEqual(apart, together) {
			t.Errorf("%s: %d blocks apart, %d together, or else they differ", name, len(apart.Blocks), len(together.Blocks))
		}
	}
}

func TestApportion(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(-1_000_000_000, 1_000_000_000).Draw(t, "total")
		weights := append(rapid.SliceOfN(rapid.Int64Range(0, 1_000_000_000_000), 0, 6).Draw(t, "weights"), 1)
		var sum, all int64
		for _, w := range weights {
			all += w
		}
		for i, part := range ground.Apportion(total, weights) {
			sum += part
			if exact := float64(total) * float64(weights[i]) / float64(all); float64(part)-exact >= 1.001 || exact-float64(part) >= 1.001 {
				t.Fatalf("%d gets %d, not %v", i, part, exact)
			}
		}
		if sum != total {
			t.Fatalf("%d was divided, not %d", sum, total)
		}
	})
}
