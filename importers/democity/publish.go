package democity

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"

	"gridwright/geo/crs"
	"gridwright/geo/shape"
	"gridwright/geo/topo"
)

// inOnePiece reports whether every large grid has ground, and all of it hangs together.
func (m *planarMap) inOnePiece(t *tree) bool {
	seen := make([]bool, len(m.faces))
	pieces := make([]int, LargeGrids)
	for first := range int32(len(m.faces)) {
		if seen[first] || len(m.faces[first].loop) == 0 {
			continue
		}
		l := t.largeGridOf[m.faces[first].quarter]
		pieces[l]++
		seen[first] = true
		for piece := []int32{first}; len(piece) > 0; {
			f := piece[len(piece)-1]
			piece = piece[:len(piece)-1]
			m.borders(f, func(g int32, _ float64, _ street) {
				if !seen[g] && t.largeGridOf[m.faces[g].quarter] == l {
					seen[g] = true
					piece = append(piece, g)
				}
			})
		}
	}
	return !slices.ContainsFunc(pieces, func(n int) bool { return n != 1 })
}

// Metres of a degree at the town's latitude, on the ellipsoid of CGCS2000: along its parallel and along a meridian. They
// are written out, as the functions they come from differ in the last digit between machines.
const (
	metresOfLon = 85766.381
	metresOfLat = 111028.873
)

// geographic returns where on the earth a place of the town's plane lies, on the grid of crs.
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
		ring[i] = geographic(m.corners[v])
	}
	return shape.Polygon{ring.Canonical()}
}

// publish gives everything its code and name and draws the areas round their blocks.
func (t *tree) publish(seed uint64, m *planarMap, plots [][]plot, rng *rand.Rand) *City {
	p := &publisher{city: &City{Seed: seed}, town: m, plots: plots, names: shuffledNames(rng)}
	p.open(Area{Level: CityLevel, Code: cityCode, Name: Name, NameEn: NameEn, Kind: "city"})
	p.open(Area{Level: CountyLevel, Code: cityCode + "02", Name: districtName.zh + "区", NameEn: districtName.en + " District", Kind: "district"})
	streets, towns := 0, 99
	for _, s := range t.subdistricts {
		p.subdistrict(s, next(s.rural, &streets, &towns))
	}
	p.close()
	p.close()
	for _, areas := range p.done {
		p.city.Areas = append(p.city.Areas, areas...)
	}
	return p.city
}

// cityCode begins with 99, as no province's code does. The district's goes on with 02: 01 stands for all districts of a
// city.
const cityCode = "9901"

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
	city   *City
	town   *planarMap
	plots  [][]plot // by large grid
	names  names
	opened []territory // from the city to the innermost
	done   [5][]Area   // by level
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
	t.Shape = union[0] // all large grids are in one piece, so every area is
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
		p.blocks(l)
		p.close()
	}
	p.close()
}

// blocks adds a large grid's blocks to the innermost open area, which is the large grid.
func (p *publisher) blocks(l largeGrid) {
	grid := &p.opened[len(p.opened)-1]
	for i, plot := range p.plots[l.number] {
		b := Block{Code: p.code(i+1, 3), Parent: grid.Code, Kind: plot.kind, Shape: p.town.outline(plot.face), Counts: plot.counts}
		p.city.Blocks = append(p.city.Blocks, b)
		grid.pieces = append(grid.pieces, shape.MultiPolygon{b.Shape})
		grid.Counts.add(b.Counts)
	}
}
