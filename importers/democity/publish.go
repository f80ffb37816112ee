package democity

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// inPieces reports whether every large grid has ground, and all of it hangs together; that of the parted one in two pieces.
func (m *planarMap) inPieces(l *lots) bool {
	for number := range LargeGrids {
		want := 1
		if number == l.parted {
			want = 2
		}
		if m.piecesOf(number) != want {
			return false
		}
	}
	return true
}

// Metres of a degree at the town's latitude, on the ellipsoid of CGCS2000: along its parallel and along a meridian. They
// are written out, as the functions they come from differ in the last digit between machines.
const (
	metresOfLon = 85766.381
	metresOfLat = 111028.873
)

// geographic returns where on the earth a place of the town lies that is p metres from the bell tower, on the grid of crs.
func geographic(p vec) crs.Point {
	return crs.Point{
		Lon: Centre.Lon + crs.Coord(math.Floor(float64(float64(p.x*crs.PerDegree)/metresOfLon)+0.5)),
		Lat: Centre.Lat + crs.Coord(math.Floor(float64(float64(p.y*crs.PerDegree)/metresOfLat)+0.5)),
	}
}

// outline returns the shape of a face.
func (m *planarMap) outline(f int32) shape.Polygon {
	ring := make(shape.Ring, len(m.faces[f].loop))
	for i, v := range m.faces[f].loop {
		ring[i] = geographic(m.corners[v].scale(scaleOfPlan))
	}
	return shape.Polygon{ring.Canonical()}
}

// publish gives everything its code and name and draws the areas round their faces.
func (t *tree) publish(seed uint64, e *estate) *City {
	p := &publisher{city: &City{Seed: seed}, estate: e, names: shuffledNames(e.rng), codes: make([]string, LargeGrids)}
	for i := range e.buildings {
		p.of[e.buildings[i].number] = append(p.of[e.buildings[i].number], i)
	}
	p.open(Area{Level: RegionLevel, Code: regionCode, Name: regionName.zh + "省", NameEn: regionName.en + " Province", Kind: "region"})
	p.open(Area{Level: CityLevel, Code: cityCode, Name: Name, NameEn: NameEn, Kind: "city"})
	p.open(Area{Level: CountyLevel, Code: cityCode + "02", Name: districtName.zh + "区", NameEn: districtName.en + " District", Kind: "district"})
	streets, towns := 0, 99
	for _, s := range t.subdistricts {
		p.subdistrict(s, next(s.rural, &streets, &towns))
	}
	p.close()
	p.close()
	p.close()
	for _, areas := range p.done {
		p.city.Areas = append(p.city.Areas, areas...)
	}
	p.publishCompounds()
	p.publishBuildings()
	p.publishOrganisations()
	p.publishLines()
	p.publishGreen()
	p.publishPlanted()
	return p.city
}

// regionCode is 99, which no province has. The district's goes on with 02: 01 stands for all districts of a city.
const (
	regionCode = "99"
	cityCode   = regionCode + "01"
)

// next returns the next number of the urban row or of the rural one, each given by its last number.
func next(rural bool, urbans, rurals *int) int {
	row := urbans
	if rural {
		row = rurals
	}
	*row++
	return *row
}

// publisher makes a city from the top down. An area is open while what lies in it is added.
type publisher struct {
	city      *City
	estate    *estate
	names     names
	opened    []territory       // from the region to the innermost
	done      [6][]Area         // by level
	of        [LargeGrids][]int // by large grid: indices into estate.buildings
	codes     []string          // by large grid
	compounds []string          // by index into estate.compounds
	buildings []string          // by index into estate.buildings
}

// territory is an area and the shapes of what lies in it.
type territory struct {
	Area
	pieces []shape.MultiPolygon
}

// open begins an area in the innermost open one, whose code is its parent's.
func (p *publisher) open(a Area) {
	if n := len(p.opened); n > 0 {
		a.Parent = p.opened[n-1].Code
	}
	p.opened = append(p.opened, territory{Area: a})
}

// close ends the innermost open area: its shape and counts are those of what lies in it, and go to its parent.
func (p *publisher) close() {
	n := len(p.opened) - 1
	t := p.opened[n]
	p.opened = p.opened[:n]
	union := topo.Union(t.pieces)
	author := t.Code
	if t.Level == LargeGridLevel {
		author = t.Parent
	}
	t.Shape = byHand(union, author)
	level := slices.Index(Levels, t.Level)
	p.done[level] = append(p.done[level], t.Area)
	if n > 0 {
		parent := &p.opened[n-1]
		parent.pieces = append(parent.pieces, union)
		parent.Wanted += t.Wanted
		parent.Counts.add(t.Counts)
	}
}

// code returns a code in the innermost open area: its own and a number of some digits.
func (p *publisher) code(number, digits int) string {
	return fmt.Sprintf("%s%0*d", p.opened[len(p.opened)-1].Code, digits, number)
}

func (p *publisher) subdistrict(s subdistrict, number int) {
	a := Area{Level: SubdistrictLevel, Code: p.code(number, 3), Kind: "street"}
	if s.rural {
		name := take(&p.names.towns)
		a.Name, a.NameEn, a.Kind = name.zh+"镇", name.en+" Town", "town"
	} else {
		name := take(&p.names.streets)
		a.Name, a.NameEn = name.zh+"街道", name.en+" Subdistrict"
	}
	p.open(a)
	communities, villages := 0, 199
	for _, c := range s.communities {
		p.community(c, next(c.rural, &communities, &villages))
	}
	p.close()
}

func (p *publisher) community(c community, number int) {
	a := Area{Level: CommunityLevel, Code: p.code(number, 3), Kind: "community"}
	var name name
	if c.rural {
		name = take(&p.names.villages)
		a.Name, a.NameEn, a.Kind = name.zh+"村", name.en+" Village", "village"
	} else {
		name = take(&p.names.communities)
		a.Name, a.NameEn = name.zh+"社区", name.en+" Community"
	}
	p.open(a)
	for i, l := range c.largeGrids {
		p.open(Area{
			Level: LargeGridLevel, Code: p.code(i+1, 2), Kind: "large_grid", Wanted: l.wanted,
			Name: fmt.Sprintf("%s第%s大网格", name.zh, chineseNumber(i+1)), NameEn: fmt.Sprintf("%s Large Grid %d", name.en, i+1),
		})
		p.largeGrid(l)
		p.close()
	}
	p.close()
}

// largeGrid adds what lies in a large grid to the innermost open area, which is the large grid.
func (p *publisher) largeGrid(l largeGrid) {
	grid := &p.opened[len(p.opened)-1]
	p.codes[l.number] = grid.Code
	for _, parcel := range p.estate.parcels[l.number] {
		grid.pieces = append(grid.pieces, shape.MultiPolygon{p.estate.m.outline(parcel.face)})
	}
	for _, i := range p.of[l.number] {
		b := &p.estate.buildings[i]
		grid.Counts.add(Counts{Households: b.households, Residents: b.residents, StairUnits: b.stairUnits, Dwellings: b.dwellings,
			Buildings: 1, PartyMembers: b.party})
	}
}

// community returns the code of the community a large grid lies in.
func (p *publisher) communityOf(number int) string { return p.codes[number][:len(p.codes[number])-2] }

// numbered returns a code in a community: its own, a letter and the next number of such things there.
func (p *publisher) numbered(next map[string]int, number int, letter string, digits int) string {
	key := p.communityOf(number)
	next[key]++
	return fmt.Sprintf("%s%s%0*d", key, letter, digits, next[key])
}

func (p *publisher) publishCompounds() {
	next := map[string]int{}
	for _, c := range p.estate.compounds {
		code := p.numbered(next, p.estate.m.faces[c.parcel.face].largeGrid, "X", 3)
		p.compounds = append(p.compounds, code)
		p.city.Compounds = append(p.city.Compounds, Compound{Code: code, Name: c.name, Kind: c.kind, Home: c.parcel.site == nil, Bare: c.bare,
			Shape: shape.MultiPolygon{polygon(c.outline)}})
	}
}

// polygon returns the ground inside a ring of places in metres.
func polygon(ring []vec) shape.Polygon {
	r := make(shape.Ring, len(ring))
	for i, p := range ring {
		r[i] = geographic(p)
	}
	return shape.Polygon{r.Canonical()}
}

func (p *publisher) publishBuildings() {
	next := map[string]int{}
	for _, b := range p.estate.buildings {
		n := Building{Code: p.numbered(next, b.number, "", 5), Name: b.name, Class: b.class, Floors: b.floors, LargeGrid: p.codes[b.number],
			Shape: polygon(b.ring()), Counts: Counts{Households: b.households, Residents: b.residents, StairUnits: b.stairUnits,
				Dwellings: b.dwellings, Buildings: 1, PartyMembers: b.party}}
		if b.compound >= 0 {
			n.Compound = p.compounds[b.compound]
		}
		p.buildings = append(p.buildings, n.Code)
		p.city.Buildings = append(p.city.Buildings, n)
	}
}

// publishOrganisations puts organisations into buildings without households: the new kinds (两新组织) into shops and works.
func (p *publisher) publishOrganisations() {
	type seat struct {
		building int
		rank     float64
	}
	var private, public []seat
	rng := p.estate.rng
	for i, b := range p.estate.buildings {
		s := seat{i, rng.Float64()}
		switch {
		case b.home != noHome || b.class == "附属用房" || b.class == "在建住宅" || b.class == "古迹":
		case b.class == "商铺" || b.class == "厂房" || b.class == "仓库" || b.class == "商业用房":
			private = append(private, s)
		default:
			public = append(public, s)
		}
	}
	for _, list := range [][]seat{private, public} {
		slices.SortStableFunc(list, func(a, b seat) int { return cmp.Compare(a.rank, b.rank) })
	}
	chosen := slices.Concat(private[:NewOrgs], public[:min(len(public), OrgCount-NewOrgs)])
	chosen = append(chosen, private[NewOrgs:NewOrgs+OrgCount-len(chosen)]...)
	words := newMadeUp(rng, firstSyllables, secondSyllables)
	next := map[string]int{}
	for n, s := range chosen {
		b := p.estate.buildings[s.building]
		kind, end, isNew := "机关事业单位", "服务中心", n < NewOrgs
		switch {
		case isNew && n%10 == 9:
			kind, end = "社会组织", []string{"志愿者协会", "商会", "老年大学"}[n/10%3]
		case b.class == "商铺" || b.class == "商业用房":
			kind, end = "企业", []string{"商贸行", "超市", "药房", "餐饮店", "五金店"}[n%5]
		case b.class == "厂房" || b.class == "仓库":
			kind, end = "企业", []string{"建材厂", "机修厂", "食品厂", "物流部"}[n%4]
		case b.class == "教学用房":
			kind, end = "学校", "教学点"
		case b.class == "医疗用房":
			kind, end = "医院", "门诊部"
		}
		if isNew && kind == "企业" {
			kind = "非公企业"
		}
		p.city.Organisations = append(p.city.Organisations, Organisation{Code: p.numbered(next, b.number, "Z", 4), Name: words.next() + end,
			Kind: kind, New: isNew, At: geographic(b.centre)})
	}
}

func (p *publisher) publishLines() {
	m, l := p.estate.m, p.estate.g.layout
	add := func(to *[]Line, letter string, lines []drawnLine, scale float64) {
		for _, d := range lines {
			line := Line{Code: fmt.Sprintf("%s%04d", letter, len(*to)+1), Name: d.name, Class: d.class, Bridge: d.bridge}
			for _, at := range d.path {
				line.Path = append(line.Path, geographic(at.scale(scale)))
			}
			*to = append(*to, line)
		}
	}
	add(&p.city.Roads, "L", m.roads(l, newRoadNames(p.estate.rng)), scaleOfPlan)
	var alleys []drawnLine
	for _, path := range p.estate.alleys {
		alleys = append(alleys, drawnLine{class: "back_lane", path: path})
	}
	add(&p.city.Roads, "L", alleys, 1)
	add(&p.city.Canals, "Q", m.canalLines(l), scaleOfPlan)
	add(&p.city.Tracks, "T", m.tracks(), scaleOfPlan)
	add(&p.city.Walls, "W", m.fences(), scaleOfPlan)
}

// publishGreen makes a water of the river and compounds of the parks.
func (p *publisher) publishGreen() {
	of := func(k Kind) shape.MultiPolygon {
		var pieces []shape.MultiPolygon
		for f, face := range p.estate.m.faces {
			if len(face.loop) > 0 && face.kind == k {
				pieces = append(pieces, shape.MultiPolygon{p.estate.m.outline(int32(f))})
			}
		}
		return topo.Union(pieces)
	}
	for i, piece := range of(Water) {
		p.city.Waters = append(p.city.Waters, WaterArea{Code: fmt.Sprintf("H%02d", i+1), Name: "朔泉河", Shape: shape.MultiPolygon{piece}})
	}
	words := newMadeUp(p.estate.rng, firstSyllables, secondSyllables)
	for i, piece := range of(Park) {
		p.city.Compounds = append(p.city.Compounds, Compound{Code: fmt.Sprintf("%sG%02d", cityCode, i+1), Name: words.next() + "公园", Kind: publicGreen,
			Shape: shape.MultiPolygon{piece}})
	}
}

func (p *publisher) publishPlanted() {
	e := p.estate
	planted := &p.city.Planted
	for i, l := range e.lots.odd {
		planted.Odd[i] = p.codes[l]
	}
	planted.Parted = p.codes[e.lots.parted]
	for i, c := range e.compounds {
		switch c.parcel.face {
		case e.lots.compoundFace:
			planted.LargeCompound = p.compounds[i]
		case e.lots.unfinishedFace:
			planted.UnfinishedSite = p.compounds[i]
		}
	}
	for i, b := range e.buildings {
		if b.households == buildingHouseholds {
			planted.LargeBuilding = p.buildings[i]
		}
	}
}
