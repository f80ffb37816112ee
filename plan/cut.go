package plan

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"gridwright/geo/arrange"
	"gridwright/geo/crs"
	"gridwright/geo/ground"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
	"gridwright/plan/words"
)

// Stroke is the wish to cut a grid by a line, or to have a line take the place of the border of two grids.
type Stroke struct {
	Grid         string // code
	Neighbour    string // code of the other grid; empty where the line cuts the grid
	Line         []crs.Point
	Share        bool   // counts of a block without buildings may be shared out by area, as an estimate
	Name, NameEn string // of the grid that a cut makes; empty leaves it to the plan
}

// Standing is a building or an organisation on a block that a line may divide.
type Standing struct {
	Layer          Layer
	Code, Compound string
	Geometry       Geometry
	Tallies        []Tally // as SortTallies orders them
}

// StrokeFacts is what a stroke has to know of the blocks it may divide, beside the plan.
type StrokeFacts struct {
	Things  []Standing       // at least those on the blocks that Crossed names
	Borders []Border         // of those blocks and the ones around them, with lines where these are known; those of the ground do where nil
	Numbers map[string]int64 // by code of a block: the highest number that a part of it has or had
	// NewCode returns how a grid that is cut off the grid like is called. Nil has it called after its parent and the next number.
	NewCode func(like GridNo) (code, name, nameEn string, err error)
}

// strokeGrids returns the grids that a stroke is drawn on: one, or two that border on each other.
func (s *Snapshot) strokeGrids(w Stroke) (grids []*Grid, err error) {
	g, err := s.gridNamed(w.Grid)
	if err != nil {
		return nil, err
	}
	if w.Neighbour == "" {
		return []*Grid{g}, nil
	}
	n, err := s.gridNamed(w.Neighbour)
	if err != nil {
		return nil, err
	}
	switch {
	case n == g, !slices.Contains(s.Neighbours(g.No), n.No):
		return nil, Refuse(Invalid, "edit.no_border", words.Args{"grid": g.Code, "neighbour": n.Code})
	case n.Parent != g.Parent:
		return nil, Refuse(Invalid, "edit.merge_parents", words.Args{"grid": g.Code, "into": n.Code,
			"parent": s.Ground.Parents[g.Parent].Code, "other": s.Ground.Parents[n.Parent].Code})
	}
	return []*Grid{g, n}, nil
}

// Crossed returns the blocks of a stroke's grids that its line may divide, and all blocks that border on them.
func (s *Snapshot) Crossed(w Stroke) (crossed, around []BlockID, err error) {
	grids, err := s.strokeGrids(w)
	if err != nil {
		return nil, nil, err
	}
	var lines []arrange.Line
	for i := 1; i < len(w.Line); i++ {
		lines = append(lines, arrange.Line{From: w.Line[i-1], To: w.Line[i]})
	}
	const reach = 6_000 // grid steps: as far as ends are prolonged and drawn to a border, and more
	next := map[int32]bool{}
	for _, g := range grids {
		for _, b := range s.Blocks(g.No) {
			box := s.Ground.Blocks[b].Shape.Box()
			box.Min.Lon, box.Min.Lat, box.Max.Lon, box.Max.Lat = box.Min.Lon-reach, box.Min.Lat-reach, box.Max.Lon+reach, box.Max.Lat+reach
			if slices.ContainsFunc(lines, func(l arrange.Line) bool { return box.Meets(shape.EmptyBox.Add(l.From).Add(l.To)) }) {
				crossed = append(crossed, s.Ground.Blocks[b].ID)
				for _, e := range s.Ground.Graph.Neighbours(b) {
					next[e.To] = true
				}
			}
		}
	}
	for b := range next {
		around = append(around, s.Ground.Blocks[b].ID)
	}
	slices.Sort(around)
	return crossed, around, nil
}

// Stroke turns the wish into an edit on this snapshot. Blocks that it makes have numbers below 0 until they are stored (Number). Blocks that
// the line hardly touches are not divided, and lines go round buildings. It returns a Fault where the line does not part the grid, where
// one of its sides is empty, or where nobody knows who lives on which side; Allows refuses one that leaves a grid in pieces.
func (s *Snapshot) Stroke(ctx context.Context, w Stroke, facts StrokeFacts) (Edit, error) {
	grids, err := s.strokeGrids(w)
	if err != nil {
		return Edit{}, err
	}
	k := &stroke{Snapshot: s, wish: w, facts: facts, grids: grids, e: Edit{Kind: CutGrid}}
	if w.Neighbour != "" {
		k.e.Kind = Reshape
	}
	if err := k.part(ctx); err != nil {
		return Edit{}, err
	}
	if err := k.assign(); err != nil {
		return Edit{}, err
	}
	return k.e, nil
}

// stroke is a stroke being turned into an edit.
type stroke struct {
	*Snapshot
	wish   Stroke
	facts  StrokeFacts
	grids  []*Grid
	blocks []int32 // those of the grids, rising
	beside []int32 // those that border on them, rising
	parted *ground.Parted
	things []int32 // into facts.Things: by building of the stroke
	e      Edit
}

// part has the ground parted.
func (k *stroke) part(ctx context.Context) error {
	near := map[int32]bool{}
	for _, g := range k.grids {
		k.blocks = append(k.blocks, k.Blocks(g.No)...)
	}
	slices.Sort(k.blocks)
	for _, b := range k.blocks {
		for _, e := range k.Ground.Graph.Neighbours(b) {
			if _, mine := slices.BinarySearch(k.blocks, e.To); !mine && e.Length > 0 {
				near[e.To] = true
			}
		}
	}
	for b := range near {
		k.beside = append(k.beside, b)
	}
	slices.Sort(k.beside)
	in := ground.Stroke{Line: k.wish.Line, Share: k.wish.Share}
	shapes, mine := make([]shape.MultiPolygon, len(k.blocks)), make([]bool, len(k.blocks))
	for i, b := range k.blocks {
		shapes[i], mine[i] = k.Ground.Blocks[b].Shape, k.At[b] == k.grids[0].No
		in.Blocks = append(in.Blocks, ground.Whole{Shape: shapes[i], Counts: k.Ground.Blocks[b].Counts})
	}
	for _, b := range k.beside {
		in.Beside = append(in.Beside, k.Ground.Blocks[b].Shape)
	}
	if len(k.grids) == 2 {
		if in.Border = ground.BorderBetween(shapes, mine); in.Border == nil {
			return Refuse(Invalid, "edit.no_border", words.Args{"grid": k.wish.Grid, "neighbour": k.wish.Neighbour})
		}
	}
	in.Buildings = k.buildings()
	var err error
	k.parted, err = in.Part(ctx)
	if flaw, ok := errors.AsType[*ground.StrokeError](err); ok {
		args := words.Args{"grid": k.wish.Grid, "neighbour": k.wish.Neighbour, "at": flaw.At.String()}
		if flaw.Flaw == ground.StrokeNoBuildings {
			args["block"] = k.Ground.Blocks[k.blocks[flaw.Block]].Code
		}
		return Refuse(Invalid, "edit.line."+string(flaw.Flaw), args)
	}
	if _, ok := errors.AsType[*ground.Refusal](err); ok {
		return Refuse(Invalid, "edit.line.tangled", words.Args{"grid": k.wish.Grid})
	}
	return err
}

// countPreferred lists the kinds of counts, the one to take first: who lives there is whom a grid worker looks after.
var countPreferred = []CountKind{Resident, Registered, Occupied, NotSaid}

// buildings returns what stands on the blocks, with counts in the order of the ground's measures.
func (k *stroke) buildings() (all []ground.Building) {
	counted := false // somebody has counted buildings
	for i := range k.facts.Things {
		counted = counted || slices.ContainsFunc(k.facts.Things[i].Tallies, func(t Tally) bool { return t.Measure == Buildings })
	}
	orgs := k.Ground.MeasureIndex(ResidentOrgs)
	for i := range k.facts.Things {
		t := &k.facts.Things[i]
		b := ground.Building{Code: t.Code, Compound: t.Compound, Counts: make([]int64, len(k.Ground.Measures))}
		kind := make([]int, len(k.Ground.Measures))
		for j := range kind {
			kind[j] = len(countPreferred)
		}
		for _, tally := range t.Tallies {
			m := k.Ground.MeasureIndex(tally.Measure)
			if rank := slices.Index(countPreferred, tally.Kind); m >= 0 && rank < kind[m] {
				b.Counts[m], kind[m] = tally.Count, rank
			}
			if tally.Measure == Dwellings {
				b.Weight = tally.Count
			}
		}
		switch m := k.Ground.MeasureIndex(Buildings); {
		case t.Layer == OrganisationLayer:
			b.At = t.Geometry.First()
			if len(t.Geometry.Shape) > 0 {
				b.At = topo.LabelPoint(t.Geometry.Shape)
			}
			if orgs >= 0 && kind[orgs] == len(countPreferred) {
				b.Counts[orgs] = 1
			}
		case len(t.Geometry.Shape) > 0:
			b.Shape = t.Geometry.Shape
			if m >= 0 && !counted {
				b.Counts[m] = 1
			}
		default:
			b.At = t.Geometry.First()
			if m >= 0 && !counted {
				b.Counts[m] = 1
			}
		}
		k.things, all = append(k.things, int32(i)), append(all, b)
	}
	return all
}

// assign makes the moves of the edit, the blocks that come and go, and the grid that a cut makes.
func (k *stroke) assign() error {
	loads := [2]float64{} // of this side and the far one
	ground := [2]float64{}
	weigh := func(far bool, counts []int64, area crs.SquareMetres) {
		i := 0
		if far {
			i = 1
		}
		ground[i] += float64(area)
		if m := k.Balanced(); len(m) > 0 {
			loads[i] += float64(counts[m[0]])
		}
	}
	for i, b := range k.blocks {
		if k.parted.Parts[i] == nil {
			weigh(k.parted.Far[i], k.Ground.Blocks[b].Counts, k.Ground.Blocks[b].Area)
		}
		for _, p := range k.parted.Parts[i] {
			weigh(p.Far, p.Counts, p.Area)
		}
	}
	to := func(b int32, far bool) GridNo { // where ground of a block goes
		if far {
			return k.grids[0].No + k.grids[len(k.grids)-1].No - k.At[b] // the other one
		}
		return k.At[b]
	}
	if len(k.grids) == 1 {
		if ground[0] == 0 || ground[1] == 0 {
			return Refuse(Invalid, "edit.line.one_side", words.Args{"grid": k.wish.Grid})
		}
		// The grid stays where most of it is; where both sides are alike, with its first block, whichever way the line was drawn.
		stays := loads[1] > loads[0]
		if loads[1] == loads[0] {
			if stays = k.parted.Far[0]; math.Abs(ground[1]-ground[0]) > 1 {
				stays = ground[1] > ground[0]
			}
		}
		no, err := k.newGrid()
		if err != nil {
			return err
		}
		to = func(b int32, far bool) GridNo {
			if far == stays {
				return k.At[b]
			}
			return no
		}
	}
	var moved []int32
	way := map[int32]GridNo{}
	cut := &Recut{}
	for i, b := range k.blocks {
		parts := k.parted.Parts[i]
		switch no := to(b, k.parted.Far[i]); {
		case parts != nil:
			k.divide(cut, b, parts, to)
		case k.parted.Shapes[i] != nil:
			k.reshaped(cut, b, k.parted.Shapes[i], no)
		case no != k.At[b]:
			moved, way[b] = append(moved, b), no
		}
	}
	for i, b := range k.beside {
		if m := k.parted.Shapes[len(k.blocks)+i]; m != nil {
			k.reshaped(cut, b, m, k.At[b])
		}
	}
	k.move(&k.e, moved, func(b int32) GridNo { return way[b] })
	if len(cut.Gone) > 0 {
		slices.SortFunc(cut.Gone, func(a, b CutBlock) int { return cmp.Compare(a.ID, b.ID) })
		k.borders(cut)
		k.e.Recut = cut
	}
	if len(k.e.Blocks) == 0 || len(k.grids) == 2 && !k.changes() {
		return Refuse(Invalid, "edit.line.nothing", words.Args{"grid": k.wish.Grid})
	}
	return nil
}

// changes reports whether any ground changes its grid.
func (k *stroke) changes() bool {
	heirs := k.e.heirs()
	for i, id := range k.e.Blocks {
		if !heirs[id] && k.e.Before[i] != k.e.After[i] {
			return true
		}
	}
	return false
}

// newGrid adds the grid that a cut makes to the edit and returns its number.
func (k *stroke) newGrid() (GridNo, error) {
	like := k.grids[0]
	no := GridNo(len(k.Grids) + 1)
	props := GridProps{Kind: BaseGrid}
	var err error
	if k.facts.NewCode != nil {
		if props.Code, props.Name, props.NameEn, err = k.facts.NewCode(like.No); err != nil {
			return 0, err
		}
	}
	if props.Code == "" {
		taken := map[string]bool{}
		for i := range k.Grids {
			taken[k.Grids[i].Code] = true
		}
		seq := 1
		for taken[GridCode(k.Ground.Parents[like.Parent].Code, seq)] {
			seq++
		}
		props.Code = GridCode(k.Ground.Parents[like.Parent].Code, seq)
		props.Name, props.NameEn = gridNames(seq)
	}
	for text, field := range map[*string][2]string{&props.Name: {"name", k.wish.Name}, &props.NameEn: {"name_en", k.wish.NameEn}} {
		given, err := plainText(field[0], field[1], maxGridName)
		if err != nil {
			return 0, err
		}
		if given != "" {
			*text = given
		}
	}
	k.e.Grids = []GridChange{{No: no, Parent: k.Ground.Parents[like.Parent].ID, After: &props}}
	return no, nil
}

// come adds a block that comes to the cut and to the moves of the edit. It has a number below 0 until it is stored.
func (k *stroke) come(cut *Recut, like int32, b Block, to GridNo) {
	c := k.Ground.CutBlock(like)
	b.ID, b.CutOf, b.Kind, b.Label = -BlockID(len(cut.Come)+1), c.ID, c.Kind, topo.LabelPoint(b.Shape)
	c.Block = b
	c.Counted = map[Measure]int64{}
	for m, n := range b.Counts {
		c.Counted[k.Ground.Measures[m]] = n
	}
	cut.Come = append(cut.Come, c)
	k.e.Blocks, k.e.Before, k.e.After = append(k.e.Blocks, b.ID), append(k.e.Before, 0), append(k.e.After, to)
}

// goes adds a block that goes.
func (k *stroke) goes(cut *Recut, b int32) {
	cut.Gone = append(cut.Gone, k.Ground.CutBlock(b))
	k.e.Blocks, k.e.Before, k.e.After = append(k.e.Blocks, k.Ground.Blocks[b].ID), append(k.e.Before, k.At[b]), append(k.e.After, 0)
}

// divide puts the parts of a block in its place.
func (k *stroke) divide(cut *Recut, b int32, parts []ground.Part, to func(b int32, far bool) GridNo) {
	old := &k.Ground.Blocks[b]
	k.goes(cut, b)
	number := k.facts.Numbers[old.Code]
	for _, p := range parts {
		number++
		part := Block{Code: fmt.Sprintf("%s.%d", old.Code, number), Parent: old.Parent, Shape: p.Shape, Area: p.Area, Counts: p.Counts,
			Estimated: old.Estimated || p.Estimated, Compounds: old.Compounds}
		k.come(cut, b, part, to(b, p.Far))
	}
}

// reshaped puts a block with more corners in the place of itself.
func (k *stroke) reshaped(cut *Recut, b int32, m shape.MultiPolygon, to GridNo) {
	k.goes(cut, b)
	again := k.Ground.Blocks[b]
	again.Shape, again.Area = m, m.Area()
	k.come(cut, b, again, to)
}

// keepTogether returns a fault if an edit leaves a grid in more pieces than before, or without ground. next is the plan after it.
func (s *Snapshot) keepTogether(e Edit, next *Snapshot) error {
	for _, no := range e.Touched() {
		g := &next.Grids[no-1]
		before := 1
		if int(no) <= len(s.Grids) {
			before = max(1, s.Pieces(no))
		}
		switch n := next.Pieces(no); {
		case n == 0:
			return Refuse(Invalid, "edit.line.empty", words.Args{"grid": g.Code})
		case n > before && g.Enclave == "":
			return Refuse(Invalid, "edit.line.pieces", words.Args{"grid": g.title(), "n": n, "blocks": next.smallPieces(no)})
		}
	}
	return nil
}

// smallPieces returns the codes of the first blocks of a grid's pieces but the largest.
func (s *Snapshot) smallPieces(no GridNo) []string {
	const most = 4
	var pieces [][]int32
	seen := map[int32]bool{}
	for _, first := range s.Blocks(no) {
		if seen[first] {
			continue
		}
		piece := []int32{first}
		seen[first] = true
		for i := 0; i < len(piece); i++ {
			for _, e := range s.Ground.Graph.Neighbours(piece[i]) {
				if s.At[e.To] == no && !seen[e.To] {
					seen[e.To] = true
					piece = append(piece, e.To)
				}
			}
		}
		pieces = append(pieces, piece)
	}
	slices.SortStableFunc(pieces, func(a, b []int32) int { return len(b) - len(a) })
	var codes []string
	for _, p := range pieces[min(1, len(pieces)):] {
		if len(codes) < most {
			codes = append(codes, s.Ground.Blocks[p[0]].Code)
		}
	}
	return codes
}

// Number gives the blocks that an edit makes the ids they are stored under.
func (e *Edit) Number(stored map[BlockID]BlockID) {
	id := func(b BlockID) BlockID {
		if is, ok := stored[b]; ok {
			return is
		}
		return b
	}
	for i := range e.Blocks {
		e.Blocks[i] = id(e.Blocks[i])
	}
	e.order()
	for i := range e.Recut.Come {
		e.Recut.Come[i].ID = id(e.Recut.Come[i].ID)
	}
	slices.SortFunc(e.Recut.Come, func(a, b CutBlock) int { return cmp.Compare(a.ID, b.ID) })
	for i := range e.Recut.Borders {
		b := &e.Recut.Borders[i]
		x, y := id(b.A), id(b.B)
		b.A, b.B = min(x, y), max(x, y)
	}
	slices.SortFunc(e.Recut.Borders, CompareBorders)
}
