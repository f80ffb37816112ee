package arrange

import (
	"cmp"
	"context"
	"slices"

	"gridwright/geo/crs"
)

// Snap cuts segments where they cross or touch, and returns the net of the pieces on the grid. Segments of no length and
// lines whose labels cancel are left out.
//
// A round of snapping moves no point of a line further than the corner of a pixel is from its centre, 0.71 grid steps
// (8 mm). One round is the rule; an edge that thereby comes to pass another hot pixel needs a second one. There is an end,
// since the links of a chain are each shorter than the line, measured along the axes.
//
// The error is ctx's, a *NoPlace or a *TooTangled. The cost is O((n + k) log n) for n segments with k links of chains.
func Snap(ctx context.Context, segments []Segment, limit Limit) (*Net, error) {
	for _, s := range segments {
		for _, p := range [2]crs.Point{s.From, s.To} {
			if !isPlace(p) {
				return nil, &NoPlace{p}
			}
		}
	}
	net := Join(segments)
	if err := net.heat(ctx, limit); err != nil {
		return nil, err
	}
	for {
		moved, err := net.chain(ctx, limit)
		if err != nil {
			return nil, err
		}
		if !moved {
			return net.trimmed(), nil
		}
		net.Rounds++
	}
}

// heat adds to the nodes where edges cross.
func (n *Net) heat(ctx context.Context, limit Limit) error {
	var hot []crs.Point
	d := division{lines: n.Lines(), few: func(lines, _ int) bool { return lines <= 16 }}
	d.leaf = func(q quarter, lines, _ []int32) error {
		for i, a := range lines {
			if i%64 == 63 && ctx.Err() != nil {
				return ctx.Err()
			}
			for _, b := range lines[i+1:] {
				if !d.lines[a].Crosses(d.lines[b]) {
					continue
				}
				// Two long lines are compared in many quarters; their crossing belongs to one of them.
				if p := d.lines[a].Crossing(d.lines[b]); q.holds(p) {
					hot = append(hot, p)
					if len(hot) > int(limit) {
						return &TooTangled{limit, p}
					}
				}
			}
		}
		return nil
	}
	if err := d.run(ctx); err != nil || len(hot) == 0 {
		return err
	}
	cold := n.Nodes
	n.Nodes = rising(slices.Concat(cold, hot))
	moved := make([]int32, 0, len(cold))
	for i, p := range n.Nodes {
		if len(moved) < len(cold) && p == cold[len(moved)] {
			moved = append(moved, int32(i))
		}
	}
	for i := range n.Edges {
		n.Edges[i].A, n.Edges[i].B = moved[n.Edges[i].A], moved[n.Edges[i].B]
	}
	return nil
}

// hit is an edge that passes the pixel of a node.
type hit struct{ edge, node int32 }

// chain lays each edge over the nodes whose pixels it passes, and reports whether any edge passed one but its ends.
func (n *Net) chain(ctx context.Context, limit Limit) (moved bool, err error) {
	d := division{lines: n.Lines(), points: n.Nodes, few: func(lines, points int) bool {
		return lines*points <= 128 || lines <= 2 || points <= 2
	}}
	var hits []hit
	d.leaf = func(_ quarter, lines, points []int32) error {
		for _, p := range points {
			for _, l := range lines {
				if e := n.Edges[l]; p == e.A || p == e.B || !d.lines[l].passes(n.Nodes[p]) {
					continue
				}
				hits = append(hits, hit{l, p})
				if len(hits) > int(limit) {
					return &TooTangled{limit, n.Nodes[p]}
				}
			}
		}
		return nil
	}
	if err := d.run(ctx); err != nil || len(hits) == 0 {
		return false, err
	}
	// A line never goes back, neither east-west nor north-south, and no more do the pixels it passes.
	along := func(h hit) int64 {
		u, v := way(d.lines[h.edge].From, d.lines[h.edge].To), way(d.lines[h.edge].From, n.Nodes[h.node])
		if u.y < 0 {
			return v.x - v.y
		}
		return v.x + v.y
	}
	slices.SortFunc(hits, func(g, h hit) int {
		if g.edge != h.edge {
			return cmp.Compare(g.edge, h.edge)
		}
		return cmp.Compare(along(g), along(h))
	})
	strands := make([]strand, 0, len(n.Edges)*2+len(hits))
	for i, e := range n.Edges {
		from := e.A
		for ; len(hits) > 0 && hits[0].edge == int32(i); hits = hits[1:] {
			strands = e.strands(strands, from, hits[0].node)
			from = hits[0].node
		}
		strands = e.strands(strands, from, e.B)
	}
	n.Edges = bundle(strands)
	return true, nil
}

// strands appends the turns of the edge for the link of its chain from one node to another.
func (e Edge) strands(strands []strand, from, to int32) []strand {
	for _, t := range e.Turns {
		strands = append(strands, strand{from, to, t.Label, t.Count})
	}
	return strands
}
