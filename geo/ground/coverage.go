package ground

import (
	"context"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// coverage is who owns what: parents by index, or nobody. It goes from stage to stage as the edges between two owners.
type coverage struct {
	edges    []frontierEdge
	repairs  []Repair
	findings []Finding
}

// frontierEdge is a piece of the border between two parents, or of one with nobody.
type frontierEdge struct {
	arrange.Line
	left, right int32
}

// owned is a survey of which each face has an owner.
type owned struct {
	*survey
	parents []Parent
	owner   []int32 // by face
}

// frontier returns the edges between two owners, in order.
func (o *owned) frontier() (edges []frontierEdge) {
	for e := range o.Edges {
		l, r := o.sides(e)
		if o.owner[l] != o.owner[r] {
			edges = append(edges, frontierEdge{o.Line(e), o.owner[l], o.owner[r]})
		}
	}
	return edges
}

// segmentsOf returns the edges of a coverage with each owner on its side.
func segmentsOf(edges []frontierEdge) (segments []arrange.Segment) {
	for _, e := range edges {
		if e.left != nobody {
			segments = append(segments, arrange.Segment{Line: e.Line, Label: e.left})
		}
		if e.right != nobody {
			segments = append(segments, arrange.Segment{Line: arrange.Line{From: e.To, To: e.From}, Label: e.right})
		}
	}
	return segments
}

// cover makes one coverage of the parents, which may gape and overlap.
//
// Along a border that was drawn twice the narrow overlaps go to the lower code and the narrow gaps to the higher, so the
// border that is left is the lower one's draft all along, and does not jump from one to the other.
func cover(ctx context.Context, parents []Parent, r *rulings, s scale, width crs.Metres) (*coverage, error) {
	var segments []arrange.Segment
	for i, p := range parents {
		segments = appendShape(segments, p.Shape, int32(i))
	}
	v, err := measure(ctx, segments, s)
	if err != nil {
		return nil, err
	}
	if rungs := v.rungs(width); len(rungs) > 0 {
		if v, err = measure(ctx, append(segments, rungs...), s); err != nil {
			return nil, err
		}
	}
	p := &patchwork{owned: owned{v, parents, make([]int32, len(v.Faces))}, width: width}
	p.settle()
	p.decideOverlaps()
	p.follow(r)
	p.closeGaps()
	p.report()
	p.repairs = append(p.repairs, p.sweepCrumbs(width)...)
	return &coverage{p.frontier(), p.repairs, append(p.findings, vanished(&p.owned)...)}, ctx.Err()
}

type patchwork struct {
	owned
	width    crs.Metres
	patches  []patch
	repairs  []Repair
	findings []Finding
}

// patch is a face that several parents claim, or none.
type patch struct {
	face   int32
	narrow bool
	cleft  bool // it is open to the outside
	ruled  bool // a planner has decided on it
}

// settle gives each face to the parent that alone claims it, and makes patches of the others.
func (p *patchwork) settle() {
	for f := range p.owner {
		p.owner[f] = nobody
		if claims := p.Faces[f].Turns; len(claims) == 1 {
			p.owner[f] = claims[0].Label
		}
	}
	clefts := p.clefts()
	for f := range p.owner {
		if f == 0 || len(p.Faces[f].Turns) == 1 {
			continue
		}
		cleft, narrow := clefts[f] != 0, clefts[f] > 0
		if !cleft {
			narrow = p.thin(p.twice[f], p.perimeter(int32(f)), p.width)
		}
		p.patches = append(p.patches, patch{face: int32(f), narrow: narrow, cleft: cleft})
	}
}

func (v *survey) thin(twice, perimeter int64, width crs.Metres) bool {
	return v.scale.thin(twice, perimeter, width)
}

func (v *survey) perimeter(face int32) (sum int64) {
	for h := range v.Border(face) {
		sum += v.length[h/2]
	}
	return sum
}

// decideOverlaps gives every overlap to one that claims it: a narrow one to the lowest, a wide one to that with the
// longest border on it, the lowest if none has any.
func (p *patchwork) decideOverlaps() {
	for _, t := range p.patches {
		claims := p.Faces[t.face].Turns
		if len(claims) == 0 {
			continue
		}
		p.owner[t.face] = claims[0].Label
		if !t.narrow {
			// Only ground of one parent counts, which no decision here changes.
			mine := slices.DeleteFunc(p.neighbours(t.face, func(f int32) bool { return len(p.Faces[f].Turns) == 1 }),
				func(s share) bool {
					return !slices.ContainsFunc(claims, func(c arrange.Turn) bool { return c.Label == s.of })
				})
			if best := largest(mine); best.of != nobody {
				p.owner[t.face] = best.of
			}
		}
	}
}

// follow gives the patches that a planner has decided on to whom he wished.
func (p *patchwork) follow(r *rulings) {
	for i := range p.patches {
		t := &p.patches[i]
		var claims []int32
		for _, c := range p.Faces[t.face].Turns {
			claims = append(claims, c.Label)
		}
		if to := r.of(&p.owned, t.face, claims); to != nobody {
			p.owner[t.face], t.ruled = to, true
		}
	}
}

// neighbours returns how much border each owner has on a face, of the faces that count.
func (o *owned) neighbours(face int32, counts func(face int32) bool) (shares []share) {
	for h := range o.Border(face) {
		if g := o.across(h); o.owner[g] != nobody && g != face && counts(g) {
			shares = append(shares, share{o.owner[g], o.length[h/2]})
		}
	}
	return summed(shares)
}

func every(int32) bool { return true }

// closeGaps gives the narrow gaps to a neighbour, round by round: a gap among gaps has none at first.
func (p *patchwork) closeGaps() {
	for changed := true; changed; {
		changed = false
		heirs := map[int32]int32{}
		for _, t := range p.patches {
			if p.owner[t.face] == nobody && t.narrow {
				if heir := laterOfTwo(p.neighbours(t.face, every)); heir != nobody {
					heirs[t.face] = heir
				}
			}
		}
		for f, heir := range heirs {
			p.owner[f] = heir
			changed = true
		}
	}
}

// laterOfTwo returns the higher of the two with the largest shares; the one with the largest if the other's is less than
// a third of it.
func laterOfTwo(shares []share) int32 {
	first := largest(shares)
	second := largest(slices.DeleteFunc(slices.Clone(shares), func(s share) bool { return s.of == first.of }))
	if second.of != nobody && second.amount*3 >= first.amount {
		return max(first.of, second.of)
	}
	return first.of
}

// sweepCrumbs gives the narrow scraps that lie apart from the main part of their parent to the neighbour with the longest
// border, and tells of it. A scrap without a neighbour stays.
func (o *owned) sweepCrumbs(width crs.Metres) (repairs []Repair) {
	for _, c := range o.crumbs(width) {
		from := o.owner[c[0]]
		var shares []share
		for _, f := range c {
			shares = append(shares, o.neighbours(f, func(g int32) bool { return o.owner[g] != from })...)
		}
		heir := largest(summed(shares))
		if heir.of == nobody {
			continue
		}
		for _, f := range c {
			at, area := o.place(f)
			o.owner[f] = heir.of
			repairs = append(repairs, Repair{
				Kind: RepairCrumb, At: at, Area: area, From: []string{o.parents[from].Code}, To: o.parents[heir.of].Code,
			})
		}
	}
	return repairs
}

// crumbs returns the faces of the pieces of parents that are narrow and not the largest piece of their parent.
func (o *owned) crumbs(width crs.Metres) (crumbs [][]int32) {
	piece, n := o.flood(func(_ int, f, g int32) bool { return o.owner[f] == o.owner[g] })
	faces, twice := make([][]int32, n), make([]int64, n)
	for f := int32(1); f < int32(len(piece)); f++ {
		faces[piece[f]] = append(faces[piece[f]], f)
		twice[piece[f]] += o.twice[f]
	}
	main := map[int32]int32{} // by owner: its largest piece
	for i := range n {
		p := o.owner[faces[i][0]]
		if m, ok := main[p]; !ok || twice[i] > twice[m] {
			main[p] = i
		}
	}
	for i := range n {
		p := o.owner[faces[i][0]]
		if p == nobody || main[p] == i {
			continue
		}
		if twice, perimeter := o.extent(faces[i], func(f int32) bool { return o.owner[f] == p }); o.thin(twice, perimeter, width) {
			crumbs = append(crumbs, faces[i])
		}
	}
	return crumbs
}

// report tells of every patch: a repair if it was narrow, a finding if not.
func (p *patchwork) report() {
	for _, t := range p.patches {
		at, area := p.place(t.face)
		var claims []string
		for _, c := range p.Faces[t.face].Turns {
			claims = append(claims, p.parents[c.Label].Code)
		}
		kind, rule := RepairOverlap, Overlap
		if len(claims) == 0 {
			kind, rule = RepairGap, Gap
		}
		owner := p.owner[t.face]
		var beside []string
		if rule == Gap {
			beside = p.codesRound(t.face)
		}
		switch {
		case t.ruled:
			p.repairs = append(p.repairs, Repair{Kind: RepairAccepted, At: at, Area: area, From: claims, To: p.parents[owner].Code, Beside: beside})
		case t.narrow && owner != nobody:
			p.repairs = append(p.repairs, Repair{Kind: kind, At: at, Area: area, From: claims, To: p.parents[owner].Code, Beside: beside})
		case rule == Overlap:
			rest := slices.DeleteFunc(claims, func(c string) bool { return c == p.parents[owner].Code })
			p.findings = append(p.findings, Finding{Rule: Overlap, At: at, Area: area, Codes: append([]string{p.parents[owner].Code}, rest...)})
		case !t.cleft: // what is open to the outside and wide is the outside
			p.findings = append(p.findings, Finding{Rule: Gap, At: at, Area: area, Codes: beside})
		}
	}
}

func (p *patchwork) codesRound(face int32) (codes []string) {
	for _, s := range p.neighbours(face, every) {
		codes = append(codes, p.parents[s.of].Code)
	}
	return codes
}

// vanished tells of the parents that own no face.
func vanished(o *owned) (found []Finding) {
	has := make([]bool, len(o.parents))
	for _, p := range o.owner {
		if p != nobody {
			has[p] = true
		}
	}
	for i, p := range o.parents {
		if !has[i] {
			f := Finding{Rule: Vanished, Codes: []string{p.Code}}
			if len(p.Shape) > 0 && len(p.Shape[0]) > 0 && len(p.Shape[0][0]) > 0 {
				f.At = p.Shape[0][0][0]
			}
			found = append(found, f)
		}
	}
	return found
}
