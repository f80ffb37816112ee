package ground

import (
	"gridwright/geo/arrange"
	"gridwright/geo/crs"
)

// rung is the label of lines that close clefts.
const rung = int32(-1)

// rungs returns lines across the clefts between parents that are open to the outside: from each corner on the outside to
// the nearest place of another parent's side there, if that is nearer than width. What they close off is a gap like any
// other.
func (v *survey) rungs(width crs.Metres) (rungs []arrange.Segment) {
	if width <= 0 {
		return nil
	}
	var lines []arrange.Line // with the outside on their left
	var of []int32           // by line: the parent behind it
	for h := range v.Border(0) {
		if behind := v.Faces[v.across(h)].Turns; len(behind) > 0 {
			lines, of = append(lines, v.lineOf(h)), append(of, behind[0].Label)
		}
	}
	lon, lat := v.scale.steps(width)
	index := newNearby(lines, lon, lat)
	for i, l := range lines {
		var best arrange.Line
		nearest := int64(float64(width) * 1000)
		index.of(arrange.Line{From: l.From, To: l.From}, func(n int32) bool {
			if of[n] == of[i] {
				return true
			}
			to := v.scale.footOn(lines[n], l.From)
			if r := (arrange.Line{From: l.From, To: to}); r.From != r.To {
				if d := v.scale.length(r); d < nearest || d == nearest && to.Compare(best.To) < 0 {
					best, nearest = r, d
				}
			}
			return true
		})
		if best.From != best.To {
			rungs = append(rungs, arrange.Segment{Line: best, Label: rung})
		}
	}
	return rungs
}

// footOn returns where a rung from p should end on a line: at the nearer end of it if that is hardly further than the
// nearest point, so that two corners that face each other get one rung between them.
func (s scale) footOn(l arrange.Line, p crs.Point) crs.Point {
	to, end := s.nearestOn(l, p), l.From
	if s.length(arrange.Line{From: p, To: l.To}) < s.length(arrange.Line{From: p, To: end}) {
		end = l.To
	}
	if s.length(arrange.Line{From: p, To: end})*4 <= s.length(arrange.Line{From: p, To: to})*5 {
		return end
	}
	return to
}

// nearestOn returns the point of a line that is nearest to p, on the grid.
func (s scale) nearestOn(l arrange.Line, p crs.Point) crs.Point {
	dx, dy := float64(int64(l.To.Lon)-int64(l.From.Lon))*s.lon, float64(int64(l.To.Lat)-int64(l.From.Lat))*s.lat
	x, y := float64(int64(p.Lon)-int64(l.From.Lon))*s.lon, float64(int64(p.Lat)-int64(l.From.Lat))*s.lat
	length := float64(dx*dx) + float64(dy*dy)
	if length == 0 {
		return l.From
	}
	share := (float64(x*dx) + float64(y*dy)) / length
	switch {
	case share <= 0:
		return l.From
	case share >= 1:
		return l.To
	}
	return moved(l.From, offset{float64(share * dx), float64(share * dy)}, s)
}

// clefts tells of each face that rungs close off from the outside whether it is part of a cleft: 1 for a narrow one, -1
// for one that is wide or hardly closed in by parents; 0 for all other faces.
func (p *patchwork) clefts() []int {
	ladder := func(e int) bool { return p.Edges[e].Turns[0].Label == rung }
	unclaimed := func(f int32) bool { return len(p.Faces[f].Turns) == 0 }
	piece, n := p.flood(func(e int, f, g int32) bool { return unclaimed(f) && unclaimed(g) && ladder(e) })
	twice, perimeter, mouth := make([]int64, n), make([]int64, n), make([]int64, n)
	for f := int32(1); f < int32(len(piece)); f++ {
		i := piece[f]
		twice[i] += p.twice[f]
		for h := range p.Border(f) {
			switch g := p.across(h); {
			case g == 0 && ladder(int(h/2)):
				mouth[i] += p.length[h/2]
				perimeter[i] += p.length[h/2]
			case piece[g] != i:
				perimeter[i] += p.length[h/2]
			}
		}
	}
	told := make([]int, len(piece))
	for f := int32(1); f < int32(len(piece)); f++ {
		switch i := piece[f]; {
		case !unclaimed(f) || mouth[i] == 0:
		case mouth[i]*4 <= perimeter[i] && p.thin(twice[i], perimeter[i], p.width):
			told[f] = 1
		default:
			told[f] = -1
		}
	}
	return told
}
