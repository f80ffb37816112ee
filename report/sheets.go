package report

import (
	"cmp"
	"context"
	"errors"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/report/draw"
	"gridwright/report/mapsheet"
	"gridwright/sql/postgis"
)

// drawings are the formats of map sheets.
var drawings = []string{"pdf", "svg", "png", "zip"}

// sheetNeeds is what map sheets need beside the plan.
const sheetNeeds = needThings | needBounds | needStaff | needMap

// surroundings is how far about a grid features are read for its sheet, as a part of its size; and in steps of the ground at least.
const surroundings, leastSurroundings = 1.5, 40_000

// gatherMap reads the raw ground that the sheets of a scope show.
func (p *Paper) gatherMap(ctx context.Context, store *postgis.Store, code string) error {
	in, err := p.within(code)
	if err != nil {
		return err
	}
	box := shape.EmptyBox
	for _, g := range p.grids() {
		if in.has(g) {
			for _, b := range p.Snapshot.Blocks(g.No) {
				box = box.Union(p.Snapshot.Ground.Blocks[b].Shape.Box())
			}
		}
	}
	if box.IsEmpty() {
		return nil
	}
	box = grown(box)
	p.features, err = store.Features(ctx, postgis.FeaturesWanted{Box: &box})
	return err
}

// gridsIn returns the grids of a scope, nil for all of the plan.
func (p *Paper) gridsIn(code string) (nos []plan.GridNo, err error) {
	in, err := p.within(code)
	if err != nil || in.whole {
		return nil, err
	}
	for g := range p.Snapshot.Live() {
		if in.has(*g) {
			nos = append(nos, g.No)
		}
	}
	return nos, nil
}

// grown returns a box with what lies about it.
func grown(b shape.Box) shape.Box {
	dx := max(leastSurroundings, int64(surroundings*float64(int64(b.Max.Lon)-int64(b.Min.Lon))))
	dy := max(leastSurroundings, int64(surroundings*float64(int64(b.Max.Lat)-int64(b.Min.Lat))))
	dx, dy = min(dx, 3_000_000), min(dy, 3_000_000) // about a city as a whole nothing more is seen
	at := func(c crs.Coord, by, most int64) crs.Coord { return crs.Coord(max(-most, min(most, int64(c)+by))) }
	const lon, lat = 180 * crs.PerDegree, 90 * crs.PerDegree
	return shape.Box{Min: crs.Point{Lon: at(b.Min.Lon, -dx, lon), Lat: at(b.Min.Lat, -dy, lat)}, Max: crs.Point{Lon: at(b.Max.Lon, dx, lon), Lat: at(b.Max.Lat, dy, lat)}}
}

// sheets lays map sheets of a plan.
type sheets struct {
	*writer
	ground *mapsheet.Ground
	index  map[plan.GridNo]int // into the ground's grids
	things map[plan.GridNo][]*postgis.PlacedThing
	staff  map[plan.GridNo]*plan.GridStaff // read before cores share the work, as Staff.Grid fills in
	names  map[string]string               // of compounds, by code
	stamp  mapsheet.Stamp
}

// canDraw returns a fault when the program was built without the font that pages are drawn with.
func canDraw() error {
	err := draw.Ready()
	if errors.Is(err, draw.ErrNoFont) {
		return &fault{"fontless", nil}
	}
	return err
}

// newSheets makes a paper ready to have its sheets laid.
func newSheets(b *writer) (*sheets, error) {
	if err := canDraw(); err != nil {
		return nil, err
	}
	s := &sheets{writer: b, index: map[plan.GridNo]int{}, things: map[plan.GridNo][]*postgis.PlacedThing{}, staff: map[plan.GridNo]*plan.GridStaff{}, names: map[string]string{}}
	var grids []mapsheet.Grid
	for _, g := range b.grids() {
		s.index[g.No] = len(grids)
		s.staff[g.No] = b.Staff.Grid(g.No)
		one := mapsheet.Grid{Name: title(g, b.lang), Code: g.Code, Within: b.Snapshot.Ground.Parents[g.Parent].Title(b.lang), Community: b.communityOf(g.Parent).Title(b.lang),
			Shape: b.Snapshot.Polygons(g.No), Colour: g.Colour}
		if m := b.Snapshot.Ground.MeasureIndex(plan.Households); m >= 0 {
			one.Note = b.say("sheet.households", words.Args{"n": words.Number(b.Snapshot.Loads(g.No)[m])})
		}
		grids = append(grids, one)
	}
	s.ground = mapsheet.NewGround(b.features, grids)
	for i := range b.Things {
		switch t := &b.Things[i]; t.Layer {
		case plan.CompoundLayer:
			s.names[t.Code] = t.Name
		case plan.BuildingLayer:
			if no := b.Snapshot.At[t.Block]; no != 0 {
				s.things[no] = append(s.things[no], t)
			}
		}
	}
	for _, things := range s.things {
		sortBuildings(things)
	}
	s.stamp = mapsheet.Stamp{Plan: b.Name, ID: b.Plan.String(), Revision: b.Snapshot.Revision,
		DataDate: b.Snapshot.Ground.DataDate, Hash: b.Hash(), Synthetic: b.Snapshot.Ground.Synthetic, Approval: b.wish.Approval}
	if b.Division != nil {
		s.stamp.Effective = string(b.Division.Effective)
	}
	return s, nil
}

// communityOf returns the community a parent is or lies in, itself where it lies in none.
func (p *Paper) communityOf(parent int32) plan.Area {
	if a, ok := p.chain(parent)[plan.Community]; ok {
		return a
	}
	return p.Snapshot.Ground.Parents[parent]
}

// path returns the names of the areas above a grid, or above the community of its parent, the highest first.
func (s *sheets) path(parent int32, below plan.Level) (path []string) {
	chain := s.chain(parent)
	for _, level := range plan.Levels {
		if level == below {
			break
		}
		if a, ok := chain[level]; ok {
			path = append(path, a.Title(s.lang))
		}
	}
	return path
}

// subject is what one sheet is of: a grid, or a community.
type subject struct {
	grid  plan.Grid
	area  plan.Area // of a community; its zero value for the sheet of a grid
	grids []plan.Grid
}

// subjects returns what sheets are wanted of, in the order of codes: each community in the scope, with its grids after it; only the grids where
// communities have no sheets.
func (b *writer) subjects(communities bool) (all []subject) {
	type community struct {
		area  plan.Area
		grids []plan.Grid
	}
	var of []community
	at := map[plan.AreaID]int{}
	for _, g := range b.inScope() {
		if len(b.Snapshot.Blocks(g.No)) == 0 {
			continue
		}
		a := b.communityOf(g.Parent)
		if _, ok := at[a.ID]; !ok {
			at[a.ID] = len(of)
			of = append(of, community{area: a})
		}
		of[at[a.ID]].grids = append(of[at[a.ID]].grids, g)
	}
	slices.SortStableFunc(of, func(a, b community) int { return cmp.Compare(a.area.Code, b.area.Code) })
	for _, c := range of {
		if communities && b.only == 0 {
			all = append(all, subject{area: c.area, grids: c.grids})
		}
		for _, g := range c.grids {
			all = append(all, subject{grid: g})
		}
	}
	return all
}

// lay returns the pages of a subject's sheet of a kind.
func (s *sheets) lay(kind string, of subject) []*draw.Page {
	switch {
	case of.grids != nil:
		return s.communitySheet(of.area, of.grids)
	case kind == "D2":
		return s.board(of.grid)
	case kind == "plate":
		return s.plates(of.grid)
	case kind == "walk":
		return s.walk(of.grid)
	}
	return s.gridSheet(of.grid)
}
