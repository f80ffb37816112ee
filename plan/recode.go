package plan

import (
	"cmp"
	"maps"
	"math"
	"slices"
	"strings"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan/words"
)

// Recoding is what codes a plan's grids would get.
type Recoding struct {
	Changes []GridChange // by number; none where every grid has its code
	Frames  []CodedFrame // by what stands before the number
}

// CodedFrame is grids that are numbered together.
type CodedFrame struct {
	Before, After string // what stands round the number
	Grids         int
	Band          crs.Metres // how high a row is, or how wide a column
}

// Recode returns the changes that give all grids codes of a scheme. A grid that has one already keeps it, so that codes are stable under
// splits and merges; the others get the next free ones in the scheme's order. No code is given that taken reports to have been used, or
// that any grid of the plan has or had. Equal plans get equal codes. An Invalid fault says where numbers run out, or which area has no
// code to build on.
func (s *Snapshot) Recode(scheme CodeScheme, taken func(code string) bool) ([]GridChange, error) {
	r, err := s.Coded(scheme, taken, false)
	return r.Changes, err
}

// Coded is Recode with what it goes by. anew numbers all grids again whose codes were never published, as if none had one.
func (s *Snapshot) Coded(scheme CodeScheme, taken func(code string) bool, anew bool) (r Recoding, err error) {
	if err := scheme.Validate(); err != nil {
		return r, err
	}
	if taken == nil {
		taken = func(string) bool { return false }
	}
	used := map[string]bool{}
	for i := range s.Grids {
		if !anew || taken(s.Grids[i].Code) {
			used[s.Grids[i].Code] = true
		}
	}
	frames := map[frame][]*Grid{}
	for g := range s.Live() {
		f, err := scheme.frame(s.Ground, g.Parent)
		if err != nil {
			return r, err
		}
		frames[f] = append(frames[f], g)
	}
	for _, f := range slices.SortedFunc(maps.Keys(frames), compareFrames) {
		grids := frames[f]
		band, changes, err := s.codeFrame(scheme, f, grids, func(code string) bool { return used[code] || taken(code) }, func(g *Grid) bool {
			return !anew || taken(g.Code)
		})
		if err != nil {
			return r, err
		}
		r.Changes = append(r.Changes, changes...)
		r.Frames = append(r.Frames, CodedFrame{f.before, f.after, len(grids), band})
	}
	slices.SortFunc(r.Changes, func(a, b GridChange) int { return cmp.Compare(a.No, b.No) })
	return r, nil
}

func compareFrames(a, b frame) int {
	return cmp.Or(cmp.Compare(a.before, b.before), cmp.Compare(a.after, b.after))
}

// codeFrame numbers the grids of one frame: those that may keep their codes first, then the others in order.
func (s *Snapshot) codeFrame(scheme CodeScheme, f frame, grids []*Grid, used func(string) bool, keeps func(*Grid) bool) (band crs.Metres, changes []GridChange, err error) {
	var due []*Grid
	for _, g := range grids {
		n, ok := scheme.read(f, g.Code)
		if ok && keeps(g) && (n == 0 && len(grids) == 1 || n > 0 && scheme.may(n, g.Dedicated())) {
			continue
		}
		due = append(due, g)
	}
	band = s.order(scheme, grids, due)
	next := map[bool]int{} // by whether grids have numbers of their own: without a range of theirs dedicated ones are numbered along
	for _, g := range due {
		apart := scheme.Dedicated != nil && g.Dedicated()
		n := next[apart]
		code := f.before + scheme.None + f.after
		if len(grids) > 1 || scheme.None == "" || used(code) {
			for n++; n <= scheme.most() && (!scheme.may(n, g.Dedicated()) || used(scheme.code(f, n))); {
				n++
			}
			if n > scheme.most() {
				return 0, nil, s.spent(scheme, f, g, len(grids))
			}
			code = scheme.code(f, n)
		}
		next[apart] = n
		before, after := g.GridProps, g.GridProps
		after.Code = code
		if scheme.Names {
			scheme.rename(&after, max(1, n))
		}
		changes = append(changes, GridChange{No: g.No, Parent: s.Ground.Parents[g.Parent].ID, Before: &before, After: &after})
	}
	return band, changes, nil
}

// spent is the fault of a scheme whose numbers have run out.
func (s *Snapshot) spent(scheme CodeScheme, f frame, g *Grid, grids int) error {
	most := scheme.most()
	if g.Dedicated() && scheme.Dedicated != nil {
		most = scheme.Dedicated.To
	}
	return Refuse(Invalid, "code.spent", words.Args{"scheme": scheme.Key, "frame": f.before, "digits": scheme.number().Digits, "most": most,
		"grids": grids, "grid": g.Code})
}

// NewCode returns the code and the names of a grid that comes to stand beside another, as a cut makes one: the next free number of the first
// scheme that the other's code is of. Where it is of none the parent's plain codes go on.
func (s *Snapshot) NewCode(schemes []CodeScheme, like GridNo, taken func(code string) bool) (code, name, nameEn string, err error) {
	beside := &s.Grids[like-1]
	for _, scheme := range append(slices.Clone(schemes), CodePresets...) {
		f, err := scheme.frame(s.Ground, beside.Parent)
		if err != nil {
			continue
		}
		if _, ok := scheme.read(f, beside.Code); ok {
			return s.nextCode(scheme, f, beside, taken)
		}
	}
	f, err := CodePresets[0].frame(s.Ground, beside.Parent)
	if err != nil {
		return "", "", "", err
	}
	return s.nextCode(CodePresets[0], f, beside, taken)
}

// nextCode returns the code after the highest of a frame, of a base grid.
func (s *Snapshot) nextCode(scheme CodeScheme, f frame, beside *Grid, taken func(code string) bool) (code, name, nameEn string, err error) {
	used := map[string]bool{}
	grids, n := 0, 1
	for i := range s.Grids {
		g := &s.Grids[i]
		used[g.Code] = true
		if _, ok := scheme.read(f, g.Code); ok && !g.Gone {
			grids++
		}
	}
	for n <= scheme.most() && (!scheme.may(n, false) || used[scheme.code(f, n)] || taken != nil && taken(scheme.code(f, n))) {
		n++
	}
	if n > scheme.most() {
		return "", "", "", s.spent(scheme, f, beside, grids+1)
	}
	name, nameEn = gridNames(n)
	return scheme.code(f, n), name, nameEn, nil
}

// rename gives a grid the names of its number, where those it has only say a number.
func (c *CodeScheme) rename(p *GridProps, n int) {
	zh, en := gridNames(n)
	if p.Dedicated() {
		if c.Dedicated != nil && c.Dedicated.has(n) {
			n -= c.Dedicated.From - 1
		}
		zh, en = dedicatedNames(n)
	}
	if p.Name == "" || saysNumber(p.Name) {
		p.Name = zh
	}
	if p.NameEn == "" || saysNumber(p.NameEn) {
		p.NameEn = en
	}
}

// dedicatedNames are what a dedicated grid is called until somebody names it.
func dedicatedNames(n int) (zh, en string) {
	zh, en = gridNames(n)
	return strings.Replace(zh, "网格", "专属网格", 1), strings.Replace(en, "Grid", "Dedicated grid", 1)
}

// saysNumber reports whether a name says nothing but a number: it is one of gridNames or dedicatedNames.
func saysNumber(name string) bool {
	for _, round := range [][3]string{
		{"第", "专属网格", numerals}, {"第", "网格", numerals}, {"Dedicated grid ", "", "0123456789"}, {"Grid ", "", "0123456789"},
	} {
		n, first := strings.CutPrefix(name, round[0])
		n, last := strings.CutSuffix(n, round[1])
		if first && last && n != "" && strings.Trim(n, round[2]) == "" {
			return true
		}
	}
	return false
}

// numerals are the characters numeral writes.
const numerals = "零一二三四五六七八九十百千"

// order sorts the due grids in the scheme's order, and returns how high its bands are. They begin at the edge of the ground all the grids'
// parents have, so that no edit moves them. Everything is whole numbers.
func (s *Snapshot) order(scheme CodeScheme, all, due []*Grid) crs.Metres {
	box := shape.EmptyBox
	seen := map[int32]bool{}
	for _, g := range all {
		if seen[g.Parent] {
			continue
		}
		seen[g.Parent] = true
		from, to := s.Ground.ParentBlocks(g.Parent)
		for i := from; i < to; i++ {
			box = box.Union(s.Ground.Blocks[i].Shape.Box())
		}
	}
	if box.IsEmpty() {
		return 0
	}
	corner := crs.Point{Lon: box.Min.Lon, Lat: box.Max.Lat}
	flat := crs.FlatAt(corner)
	band := int64(scheme.BandMetres) * 1000
	if band == 0 {
		band = s.side(all)
	}
	band = max(band, 1000)
	type place struct{ turn, band, along, across, first int64 }
	places := make(map[GridNo]place, len(due))
	for _, g := range due {
		at := flat.XY(s.centre(g))
		p := place{band: -at.Y / band, along: at.X, across: -at.Y, first: -1}
		if scheme.Order == ByColumns {
			p = place{band: at.X / band, along: -at.Y, across: at.X, first: -1}
		}
		if blocks := s.Blocks(g.No); len(blocks) > 0 {
			p.first = int64(blocks[0])
		}
		if scheme.InTurn {
			p.turn = int64(g.Parent)
		}
		places[g.No] = p
	}
	slices.SortFunc(due, func(a, b *Grid) int {
		p, q := places[a.No], places[b.No]
		return cmp.Or(cmp.Compare(p.turn, q.turn), cmp.Compare(p.band, q.band), cmp.Compare(p.along, q.along), cmp.Compare(p.across, q.across),
			cmp.Compare(p.first, q.first), cmp.Compare(a.No, b.No))
	})
	return crs.Metres(band / 1000)
}

// side returns the side of a square as large as grids are on average, in whole metres told in millimetres.
func (s *Snapshot) side(grids []*Grid) int64 {
	var area int64
	for _, g := range grids {
		for _, b := range s.Blocks(g.No) {
			area += int64(math.Round(float64(s.Ground.Blocks[b].Area)))
		}
	}
	return int64(math.Sqrt(float64(area/int64(len(grids))))) * 1000
}

// centre returns where the weight of a grid's ground lies, by whole square metres and the blocks' labels; the parent's first block for
// an empty grid.
func (s *Snapshot) centre(g *Grid) crs.Point {
	blocks := s.Blocks(g.No)
	if len(blocks) == 0 {
		return s.place(g.Parent, nil)
	}
	origin := s.Ground.Blocks[blocks[0]].Label
	var lon, lat, area int64
	for _, i := range blocks {
		b := &s.Ground.Blocks[i]
		a := max(1, int64(math.Round(float64(b.Area))))
		lon += int64(b.Label.Lon-origin.Lon) * a
		lat += int64(b.Label.Lat-origin.Lat) * a
		area += a
	}
	return crs.Point{Lon: origin.Lon + crs.Coord(floor(lon, area)), Lat: origin.Lat + crs.Coord(floor(lat, area))}
}

// floor returns a/b rounded down; b is positive.
func floor(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
