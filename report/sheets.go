package report

import (
	"archive/zip"
	"cmp"
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"slices"
	"strings"
	"unicode"

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
	names  map[string]string // of compounds, by code
	stamp  mapsheet.Stamp
}

// newSheets makes a paper ready to have its sheets laid.
func newSheets(b *writer) (*sheets, error) {
	if err := draw.Ready(); err != nil {
		return nil, err
	}
	s := &sheets{writer: b, index: map[plan.GridNo]int{}, things: map[plan.GridNo][]*postgis.PlacedThing{}, names: map[string]string{}}
	var grids []mapsheet.Grid
	for _, g := range b.grids() {
		s.index[g.No] = len(grids)
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
		DataDate: b.Snapshot.Ground.DataDate, Hash: b.Hash(), Synthetic: b.Snapshot.Ground.Synthetic}
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

// grid returns what the sheet of a grid says, without its tables.
func (s *sheets) grid(g plan.Grid) *mapsheet.Sheet {
	one := &mapsheet.Sheet{Lang: s.lang, Path: s.path(g.Parent, ""), Name: title(g, s.lang), Code: g.Code, Grids: []int{s.index[g.No]}, Stamp: s.stamp, Numbers: s.numbersOf(g.No)}
	if b := s.Bounds[g.No]; b != nil {
		one.Bounds = b.Short(s.lang)
	}
	kind := s.say("grid."+string(g.Kind), nil)
	if g.Dedicated() {
		kind = strings.Join(slices.DeleteFunc([]string{kind, g.Purpose, g.Body}, func(w string) bool { return w == "" }), " · ")
	}
	one.Facts = append(one.Facts, mapsheet.Fact{Label: s.say("sheet.kind", nil), Value: kind}, s.areaFact(float64(s.Snapshot.Area(g.No))))
	one.Facts = append(one.Facts, s.counts(s.Snapshot.Loads(g.No))...)
	if b := s.Bounds[g.No]; b != nil && b.Length > 0 {
		one.Facts = append(one.Facts, mapsheet.Fact{Label: s.say("sheet.border", nil), Value: words.Count(int64(math.Round(float64(b.Length)))) + " m"})
	}
	return one
}

func (s *sheets) areaFact(m2 float64) mapsheet.Fact {
	return mapsheet.Fact{Label: s.say("sheet.area", nil), Value: words.Count(int64(math.Round(m2))) + " m²"}
}

// counts returns the sums of the plan's measures as facts.
func (s *sheets) counts(loads []float64) (facts []mapsheet.Fact) {
	for m, measure := range s.Snapshot.Ground.Measures {
		facts = append(facts, mapsheet.Fact{Label: words.Capital(measure.In(s.lang)), Value: words.Number(loads[m])})
	}
	return facts
}

// grouped reports whether a building is told with others of its kind: a house of one storey that has neither name nor number, and one that
// nobody is counted in.
func grouped(t *postgis.PlacedThing) bool {
	if t.Name != "" || t.Number != "" {
		return false
	}
	return t.Floors == 1 || !slices.ContainsFunc(t.Tallies, func(n plan.Tally) bool {
		return n.Count > 0 && (n.Measure == plan.Households || n.Measure == plan.Residents || n.Measure == plan.Dwellings)
	})
}

// numbersOf returns what the sheet of a grid calls its buildings, by code.
func (s *sheets) numbersOf(no plan.GridNo) map[string]string {
	named := map[string]string{}
	for _, t := range s.things[no] {
		if !grouped(t) {
			named[t.Code] = s.numberOf(t)
		}
	}
	return mapsheet.Numbers(named)
}

// buildings is the table of a grid's buildings.
func (s *sheets) buildings(no plan.GridNo, numbers map[string]string) mapsheet.Table {
	say := func(key string) string { return s.say("sheet."+key, nil) }
	t := mapsheet.Table{Title: say("buildings"), Heads: []string{say("building"), say("compound"), say("floors"), say("stair_units"), say("households.head"), say("lead")},
		Widths: []float64{2.6, 3.6, 1.1, 1.3, 1.4, 2}, Right: []bool{false, false, true, true, true, false}}
	count := func(thing *postgis.PlacedThing, m plan.Measure, sum *int64) string {
		n, ok := taken(thing.Tallies, m)
		if !ok {
			return ""
		}
		*sum += n.Count
		return words.Count(n.Count)
	}
	var units, households int64
	type kind struct{ n, units, households int64 }
	kinds := map[string]*kind{}
	var order []string
	for _, thing := range s.things[no] {
		if grouped(thing) {
			name := plan.KindLabel(plan.BuildingLayer, thing.Class, s.lang)
			if name == thing.Class { // houses of one storey are known as a kind of compound
				name = plan.KindLabel(plan.CompoundLayer, thing.Class, s.lang)
			}
			if kinds[name] == nil {
				kinds[name] = &kind{}
				order = append(order, name)
			}
			k := kinds[name]
			k.n++
			count(thing, plan.StairUnits, &k.units)
			count(thing, plan.Households, &k.households)
			continue
		}
		floors := ""
		if thing.Floors > 0 {
			floors = words.Count(int64(thing.Floors))
		}
		lead := ""
		if post, _ := s.Staff.Building(thing.Code); post != nil {
			lead = s.holder(post)
		}
		t.Rows = append(t.Rows, []string{numbers[thing.Code], cmp.Or(s.names[thing.Compound], thing.Compound), floors,
			count(thing, plan.StairUnits, &units), count(thing, plan.Households, &households), lead})
	}
	slices.Sort(order)
	for _, name := range order {
		k := kinds[name]
		some := func(n int64) string {
			if n == 0 {
				return ""
			}
			return words.Count(n)
		}
		t.Rows = append(t.Rows, []string{s.say("sheet.grouped", words.Args{"kind": cmp.Or(name, say("unnamed")), "n": k.n}), "", "", some(k.units), some(k.households), ""})
		units, households = units+k.units, households+k.households
	}
	if len(t.Rows) > 0 {
		t.Foot = []string{s.say("sheet.total", words.Args{"n": len(s.things[no])}), "", "", words.Count(units), words.Count(households), ""}
	}
	return t.Filled()
}

func (s *sheets) holder(p *plan.Post) string {
	if p.Holder == nil {
		return s.say("sheet.vacant", nil)
	}
	return p.Holder.Name
}

// roleOf returns what a post is called.
func (s *sheets) roleOf(p *plan.Post) string {
	rules := s.Staff.Rules
	switch {
	case p.Kind == plan.Outside:
		return cmp.Or(rules.RoleName(p.Role, s.lang), rules.PostName(p.Kind, s.lang))
	case p.Kind == plan.GridWorker && p.FullTime:
		return s.say("sheet.full_time", words.Args{"post": rules.PostName(p.Kind, s.lang)})
	case p.Kind == plan.GridWorker:
		return s.say("sheet.part_time", words.Args{"post": rules.PostName(p.Kind, s.lang)})
	}
	return rules.PostName(p.Kind, s.lang)
}

// gridPosts returns the posts of a grid as a whole, the highest first.
func (s *sheets) gridPosts(no plan.GridNo) []*plan.Post {
	g := s.Staff.Grid(no)
	return slices.Concat(g.Supervisors, g.Leads, g.FullTime, g.PartTime, g.LaneLeads, g.Outside)
}

// posts is the table of a grid's posts; where none are known, the usual ones to be filled in by hand.
func (s *sheets) posts(no plan.GridNo) mapsheet.Table {
	t := mapsheet.Table{Title: s.say("sheet.posts", nil), Heads: []string{s.say("sheet.post", nil), s.say("sheet.name", nil), s.say("sheet.phone", nil)}, Widths: []float64{3, 3, 3}}
	for _, p := range s.gridPosts(no) {
		row := []string{s.roleOf(p), s.holder(p), ""}
		if p.Holder != nil {
			row[2] = plan.MaskPhone(p.Holder.Phone)
		}
		t.Rows = append(t.Rows, row)
	}
	if len(t.Rows) == 0 {
		for _, k := range []plan.PostKind{plan.Supervisor, plan.GridLead, plan.GridWorker} {
			t.Rows = append(t.Rows, []string{s.Staff.Rules.PostName(k, s.lang), "", ""})
		}
	}
	return t
}

// gridSheet lays the map sheet of a grid.
func (s *sheets) gridSheet(g plan.Grid) []*draw.Page {
	one := s.grid(g)
	one.Tables = []mapsheet.Table{s.posts(g.No), s.buildings(g.No, one.Numbers)}
	return s.ground.Compose(one)
}

// communitySheet lays the map sheet of a community: the grids of all its parents in the plan.
func (s *sheets) communitySheet(a plan.Area, grids []plan.Grid) []*draw.Page {
	one := &mapsheet.Sheet{Lang: s.lang, Path: s.path(grids[0].Parent, a.Level), Name: a.Title(s.lang), Code: a.Code, Whole: true, Stamp: s.stamp}
	say := func(key string) string { return s.say("sheet."+key, nil) }
	t := mapsheet.Table{Title: say("grids"), Heads: []string{say("grid"), say("code"), say("households.head"), say("residents.head"), say("lead.grid")},
		Widths: []float64{3.6, 4.2, 1.5, 1.5, 2}, Right: []bool{false, false, true, true, false}}
	loads := make([]float64, len(s.Snapshot.Ground.Measures))
	area := 0.0
	several := slices.ContainsFunc(grids, func(g plan.Grid) bool { return g.Parent != grids[0].Parent })
	for _, g := range grids {
		one.Grids = append(one.Grids, s.index[g.No])
		for m, n := range s.Snapshot.Loads(g.No) {
			loads[m] += n
		}
		area += float64(s.Snapshot.Area(g.No))
		name := title(g, s.lang)
		if several {
			name = s.Snapshot.Ground.Parents[g.Parent].Title(s.lang) + " " + name
		}
		row := []string{name, g.Code, s.load(g.No, plan.Households), s.load(g.No, plan.Residents), ""}
		var leads []string
		for _, p := range s.Staff.Grid(g.No).Leads {
			leads = append(leads, s.holder(p))
		}
		row[4] = strings.Join(leads, " ")
		t.Rows = append(t.Rows, row)
	}
	one.Facts = append([]mapsheet.Fact{{Label: say("grids.head"), Value: words.Count(int64(len(grids)))}, s.areaFact(area)}, s.counts(loads)...)
	one.Tables = []mapsheet.Table{t.Filled()}
	return s.ground.Compose(one)
}

// load returns a grid's sum of a measure, empty where nobody has counted.
func (s *sheets) load(no plan.GridNo, m plan.Measure) string {
	if i := s.Snapshot.Ground.MeasureIndex(m); i >= 0 {
		return words.Number(s.Snapshot.Loads(no)[i])
	}
	return ""
}

// board lays the notice board of a grid. No telephone is on it: contacts are shown by role, and a board is for everybody.
func (s *sheets) board(g plan.Grid) []*draw.Page {
	var posts []mapsheet.Post
	for _, p := range s.gridPosts(g.No) {
		posts = append(posts, s.boardPost(p))
	}
	if len(posts) == 0 {
		for _, k := range []plan.PostKind{plan.Supervisor, plan.GridLead, plan.GridWorker} {
			posts = append(posts, mapsheet.Post{Role: s.Staff.Rules.PostName(k, s.lang), Duty: s.duty(k), Open: true})
		}
	}
	one := s.grid(g)
	if t := s.leads(g.No, one.Numbers); len(t.Rows) > 0 {
		one.Tables = []mapsheet.Table{t}
	}
	return s.ground.ComposeBoard(one, posts)
}

// leads is the table of who is there for the numbered buildings of a grid and their stair units.
func (s *sheets) leads(no plan.GridNo, numbers map[string]string) mapsheet.Table {
	rules := s.Staff.Rules
	t := mapsheet.Table{Heads: []string{s.say("sheet.building", nil), rules.PostName(plan.BuildingLead, s.lang), rules.PostName(plan.StairUnitLead, s.lang)}, Widths: []float64{4, 2, 5}}
	for _, thing := range s.things[no] {
		lead, units := s.Staff.Building(thing.Code)
		if grouped(thing) || lead == nil && len(units) == 0 {
			continue
		}
		row := []string{s.houseName(thing, numbers), "", ""}
		if lead != nil {
			row[1] = s.holder(lead)
		}
		var named []string
		for _, u := range units {
			named = append(named, s.say("sheet.stair_unit", words.Args{"unit": u.StairUnit})+" "+s.holder(u))
		}
		row[2] = strings.Join(named, s.say("sheet.comma", nil))
		t.Rows = append(t.Rows, row)
	}
	return t
}

// houseName returns what residents call a building: its compound and its number.
func (s *sheets) houseName(t *postgis.PlacedThing, numbers map[string]string) string {
	return strings.TrimSpace(cmp.Or(s.names[t.Compound], t.Compound) + " " + numbers[t.Code])
}

// boardPost returns a post as boards show it.
func (s *sheets) boardPost(p *plan.Post) mapsheet.Post {
	post := mapsheet.Post{Role: s.roleOf(p), Duty: s.duty(p.Kind)}
	if p.Holder != nil {
		post.Name = p.Holder.Name
	}
	return post
}

// duty says in a line what residents come to a post for.
func (s *sheets) duty(k plan.PostKind) string {
	if k == plan.Outside {
		return ""
	}
	return s.say("duty."+string(k), nil)
}

// plates lays the stairwell plates of a grid's buildings that people live in: one for each stair unit with a lead of its own, else one for the
// building.
func (s *sheets) plates(g plan.Grid) []*draw.Page {
	one := s.grid(g)
	var whole []mapsheet.Post
	of := s.Staff.Grid(g.No)
	for _, p := range slices.Concat(of.Leads, of.FullTime, of.PartTime) {
		if p.Holder != nil {
			whole = append(whole, s.boardPost(p))
		}
	}
	var plates []mapsheet.Plate
	for _, t := range s.things[g.No] {
		if grouped(t) {
			continue
		}
		if households, ok := taken(t.Tallies, plan.Households); !ok || households.Count == 0 {
			continue
		}
		name := s.houseName(t, one.Numbers)
		lead, units := s.Staff.Building(t.Code)
		house := mapsheet.Post{Role: s.Staff.Rules.PostName(plan.BuildingLead, s.lang), Duty: s.duty(plan.BuildingLead), Open: true}
		if lead != nil {
			house = s.boardPost(lead)
		}
		if len(units) == 0 {
			plates = append(plates, mapsheet.Plate{Building: t.Code, Title: name, Posts: append([]mapsheet.Post{house}, whole...)})
		}
		for _, u := range units {
			unit := s.say("sheet.stair_unit", words.Args{"unit": u.StairUnit})
			plates = append(plates, mapsheet.Plate{Building: t.Code, Title: name + " " + unit, Posts: append([]mapsheet.Post{s.boardPost(u), house}, whole...)})
		}
	}
	return s.ground.ComposePlates(one, plates)
}

// walk lays the list for walking a grid's border, with what was found where it has been walked.
func (s *sheets) walk(g plan.Grid) []*draw.Page {
	one := s.grid(g)
	var segments []mapsheet.Segment
	if b := s.Bounds[g.No]; b != nil {
		for i := range b.Segments {
			k := &b.Segments[i]
			text := k.Side.In(s.lang) + s.say("sheet.colon", nil) + k.In(s.lang)
			if beyond := k.Beyond[s.lang]; beyond != "" {
				text += s.say("sheet.beyond", words.Args{"beyond": beyond})
			}
			one := mapsheet.Segment{Number: k.Number, Words: text, Metres: float64(k.Length), Line: k.Line}
			if w := k.Walk; w != nil {
				one.Right = w.Result == "ok"
				said := []string{w.Remark, w.By, w.On}
				if !one.Right {
					said = append([]string{s.say("walk.found.differs", nil)}, said...)
				}
				one.Result = strings.Join(slices.DeleteFunc(said, func(t string) bool { return t == "" }), " ")
			}
			segments = append(segments, one)
		}
	}
	return s.ground.ComposeWalk(one, segments)
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

// file returns the name of a subject's file in a zip, with its folders: subdistrict, community.
func (s *sheets) file(of subject, kind Kind) string {
	parent := of.grid.Parent
	name := of.grid.Code + " " + title(of.grid, s.lang)
	if of.grids != nil {
		parent = of.grids[0].Parent
		name = "00 " + of.area.Code + " " + of.area.Title(s.lang)
	}
	parts := []string{}
	if a, ok := s.chain(parent)[plan.Subdistrict]; ok {
		parts = append(parts, a.Title(s.lang))
	}
	parts = append(parts, s.communityOf(parent).Title(s.lang), name+" "+kind.Title(s.lang)+".pdf")
	for i := range parts {
		parts[i] = fileName(parts[i])
	}
	return strings.Join(parts, "/")
}

// fileName returns a text as a name that every system can keep.
func fileName(text string) string {
	name := strings.Map(func(r rune) rune {
		switch {
		case strings.ContainsRune(`/\:*?"<>|`, r), unicode.IsControl(r), unicode.Is(unicode.Cf, r):
			return '_'
		}
		return r
	}, strings.TrimSpace(text))
	return cmp.Or(strings.Trim(strings.ReplaceAll(name, "..", "__"), ". "), "_")
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

// dpi is how many dots an inch pictures of sheets have.
const dpi = 200

// writeSheets writes the map sheets of a wish: all of them as one PDF or as a zip of one PDF each; a single one as a picture.
func writeSheets(ctx context.Context, w io.Writer, p *Paper, wish Wish) error {
	in, err := p.within(wish.Scope)
	if err != nil {
		return err
	}
	kind, _ := kindOf(wish.Kind)
	s, err := newSheets(&writer{Paper: p, scope: in, wish: wish, lang: wish.Lang, kind: kind})
	if err != nil {
		return err
	}
	all := s.subjects(kind.Name == "D1")
	if wish.Format == "svg" || wish.Format == "png" {
		return s.picture(w, all)
	}
	if wish.Format == "zip" {
		return s.zip(ctx, w, all)
	}
	title := kind.Title(wish.Lang)
	if in.title != nil {
		title = s.say("title.scope", words.Args{"title": title, "scope": in.title})
	}
	pdf := draw.NewPDF(w, title, wish.Lang.String())
	pages := 0
	err = s.inOrder(ctx, all, func(_ subject, laid []*draw.Encoded) error {
		for _, page := range laid {
			if err := pdf.AddEncoded(page); err != nil {
				return err
			}
			pages++
		}
		return nil
	})
	if err != nil {
		return err
	}
	if pages == 0 {
		if err := pdf.Add(s.nothing()); err != nil {
			return err
		}
	}
	return pdf.Close()
}

// nothing is the page of a plan that has nothing to show.
func (s *sheets) nothing() *draw.Page {
	page := &draw.Page{Width: draw.A4[0], Height: draw.A4[1]}
	page.Write(draw.Text{String: s.kind.Title(s.lang), At: draw.Point{X: 20, Y: 30}, Size: 18, Bold: true})
	page.Write(draw.Text{String: s.say("nothing", nil), At: draw.Point{X: 20, Y: 42}, Size: 11})
	return page
}

// picture writes a single sheet as a picture, its pages below each other. Of a community it is the sheet of the community itself.
func (s *sheets) picture(w io.Writer, all []subject) error {
	if len(all) == 0 || len(all) > 1 && (all[0].grids == nil || len(slices.DeleteFunc(slices.Clone(all), func(o subject) bool { return o.grids == nil })) > 1) {
		return &fault{"single", words.Args{"kind": s.kind.Name, "format": s.wish.Format, "sheets": len(all)}}
	}
	page := draw.Below(s.lay(s.kind.Name, all[0])...)
	if s.wish.Format == "svg" {
		return draw.SVG(w, page, s.lang.String())
	}
	return draw.PNG(w, page, dpi)
}

// zip writes a PDF for each sheet, in folders of subdistricts and communities.
func (s *sheets) zip(ctx context.Context, w io.Writer, all []subject) error {
	z := zip.NewWriter(w)
	err := s.inOrder(ctx, all, func(of subject, laid []*draw.Encoded) error {
		if len(laid) == 0 {
			return nil
		}
		f, err := z.CreateHeader(&zip.FileHeader{Name: s.file(of, s.kind), Method: zip.Store}) // PDF is packed already
		if err != nil {
			return err
		}
		return pdfOf(f, s.kind.Title(s.lang), s.lang, laid)
	})
	if err != nil {
		return err
	}
	return z.Close()
}

// pdfOf writes pages as a PDF.
func pdfOf(w io.Writer, title string, l words.Lang, pages []*draw.Encoded) error {
	pdf := draw.NewPDF(w, title, l.String())
	for _, page := range pages {
		if err := pdf.AddEncoded(page); err != nil {
			return err
		}
	}
	return pdf.Close()
}

// inOrder lays the sheets of subjects on all cores and hands them on in order. No more than a few are in memory at a time.
func (s *sheets) inOrder(ctx context.Context, all []subject, take func(subject, []*draw.Encoded) error) error {
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	type laid struct{ pages chan []*draw.Encoded }
	workers := runtime.GOMAXPROCS(0)
	queue := make(chan laid, 2*workers)
	work := make(chan func(), 2*workers)
	for range workers {
		go func() {
			for f := range work {
				f()
			}
		}()
	}
	go func() {
		defer close(queue)
		defer close(work)
		for _, of := range all {
			one := laid{make(chan []*draw.Encoded, 1)}
			f := func() {
				var pages []*draw.Encoded
				if ctx.Err() == nil {
					for _, page := range s.lay(s.kind.Name, of) {
						pages = append(pages, draw.Encode(page))
					}
				}
				one.pages <- pages
			}
			select {
			case queue <- one:
				work <- f
			case <-ctx.Done():
				return
			}
		}
	}()
	done := 0
	for one := range queue {
		pages := <-one.pages
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := take(all[done], pages); err != nil {
			return fmt.Errorf("%s: %w", s.file(all[done], s.kind), err)
		}
		done++
		s.wish.tell(done, len(all))
	}
	return ctx.Err()
}
