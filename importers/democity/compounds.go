package democity

import (
	"fmt"
	"slices"
)

// compound is ground behind one wall: homes, or a dedicated site.
type compound struct {
	parcel  *parcel
	outline []vec
	name    string
	kind    string
	bare    bool // no management, no guard, no wall
}

// The kinds of compounds people live in.
const (
	staffYard   = "家属院"
	newEstate   = "商品房小区"
	resettled   = "安置新村"
	unfinished  = "在建小区"
	publicGreen = "公园"
)

// enclose makes compounds of some of the parcels with homes, and dedicated sites of some without. It reports false when
// there are not enough.
func (e *estate) enclose() bool {
	var first, rest []*parcel
	for l, row := range e.parcels {
		for _, p := range row {
			switch {
			case p.use != slabRows && p.use != towerGroup && p.use != buildingSite, p.inset() == nil:
			case p.estate || l == e.lots.building && e.holds512(p):
				first = append(first, p)
			default:
				rest = append(rest, p)
			}
		}
	}
	e.rng.Shuffle(len(rest), func(i, j int) { rest[i], rest[j] = rest[j], rest[i] })
	if len(first) > CompoundCount || len(first)+len(rest) < CompoundCount {
		return false
	}
	chosen := append(first, rest[:CompoundCount-len(first)]...)
	slices.SortFunc(chosen, func(p, q *parcel) int { return int(p.face - q.face) })
	for _, p := range chosen {
		p.place = len(e.compounds)
		e.compounds = append(e.compounds, compound{parcel: p, outline: p.inset(), kind: e.compoundKind(p)})
	}
	e.nameCompounds()
	e.chooseBare()
	e.numberBuildings()
	return e.chooseSites()
}

func (e *estate) holds512(p *parcel) bool {
	return slices.ContainsFunc(e.buildings, func(b building) bool { return b.parcel == p && b.households == buildingHouseholds })
}

func (e *estate) compoundKind(p *parcel) string {
	switch {
	case p.use == buildingSite:
		return unfinished
	case remoteness(p.centre) > 4100:
		return resettled
	case p.use == towerGroup || p.estate || remoteness(p.centre) > 2600 && e.rng.Float64() < 0.6:
		return newEstate
	}
	return staffYard
}

// nameCompounds names the compounds; new estates side by side are phases of one.
func (e *estate) nameCompounds() {
	names := newCompoundNames(e.rng)
	at := map[int32]*compound{}
	for i := range e.compounds {
		at[e.compounds[i].parcel.face] = &e.compounds[i]
	}
	for i := range e.compounds {
		c := &e.compounds[i]
		if c.name != "" {
			continue
		}
		switch c.kind {
		case staffYard:
			c.name = names.yard() + "家属院"
		case unfinished:
			c.name = names.estate() + "三期"
		case resettled, newEstate:
			phases := e.beside(c, at)
			stem := names.estate()
			if c.kind == resettled {
				stem = names.village() + "安置新村"
			}
			if len(phases) == 1 {
				c.name = stem
				continue
			}
			for n, phase := range phases {
				if c.kind == resettled {
					phase.name = stem + chineseNumber(n+1) + "区"
				} else {
					phase.name = stem + chineseNumber(n+1) + "期"
				}
			}
		}
	}
}

// beside returns a compound and up to two of its kind beside it that have no name yet.
func (e *estate) beside(c *compound, at map[int32]*compound) []*compound {
	phases := []*compound{c}
	e.m.borders(c.parcel.face, func(g int32, metres float64, s street) {
		other := at[g]
		if other != nil && metres > 20 && s >= collector && len(phases) < 3 && other.kind == c.kind && other.name == "" && !slices.Contains(phases, other) {
			phases = append(phases, other)
		}
	})
	return phases
}

// chooseBare takes management, guard and wall from some of the older compounds.
func (e *estate) chooseBare() {
	left := BareCompounds
	for _, i := range e.rng.Perm(len(e.compounds)) {
		if c := &e.compounds[i]; left > 0 && c.kind == staffYard {
			c.bare = true
			left--
		}
	}
}

// numberBuildings tells the buildings which compound they belong to, and numbers them there.
func (e *estate) numberBuildings() {
	last := map[int]int{}
	for i := range e.buildings {
		b := &e.buildings[i]
		if b.parcel.place >= 0 {
			b.compound = b.parcel.place
			last[b.compound]++
			b.name = fmt.Sprintf("%d号楼", last[b.compound])
		}
	}
}

// siteKind is a kind of dedicated sites.
type siteKind struct {
	kind   string
	class  string // of its buildings
	names  []string
	plot   plot
	most   int
	suburb bool // they lie outside the ring road
}

var siteKinds = []*siteKind{
	{"产业园", "厂房", []string{"驼铃产业园", "朔原轻工产业园", "碛东装备产业园", "雁滩食品产业园"}, worksPlot, 9, true},
	{"物流园", "仓库", []string{"碛北物流园"}, worksPlot, 9, true},
	{"医院", "医疗用房", []string{"朔泉市人民医院", "朔泉市中医医院", "驼铃区妇幼保健院"}, officePlot, 6, false},
	{"高校", "教学用房", []string{"朔泉职业技术学院"}, officePlot, 9, true},
	{"学校", "教学用房", []string{"朔泉第一中学", "朔泉第二中学", "朔泉第三中学", "驼铃第一小学", "驼铃第二小学", "驼铃第三小学", "驼铃第四小学", "驼铃第五小学"}, officePlot, 4, false},
	{"市场", "商业用房", []string{"鼓楼农贸市场", "朔泉建材市场", "星砾商贸城"}, worksPlot, 5, false},
	{"车站", "交通用房", []string{"朔泉火车站广场", "朔泉客运总站"}, officePlot, 3, false},
	{"政务", "办公用房", []string{"朔泉市政务服务中心", "驼铃区行政中心"}, officePlot, 5, false},
	{"体育场馆", "体育用房", []string{"朔泉体育中心"}, worksPlot, 3, false},
}

// chooseSites makes dedicated sites of parcels that are free.
func (e *estate) chooseSites() bool {
	var free []*parcel
	for _, row := range e.parcels {
		for _, p := range row {
			if p.kind == Built && p.use == unused && p.area > 5000 && p.inset() != nil {
				free = append(free, p)
			}
		}
	}
	e.rng.Shuffle(len(free), func(i, j int) { free[i], free[j] = free[j], free[i] })
	for _, k := range siteKinds {
		for _, name := range k.names {
			best := -1
			for i, p := range free {
				if p.use == unused && (remoteness(p.centre) > 2700) == k.suburb && remoteness(p.centre) < 4600 &&
					(best < 0 || len(newYard(p).rows(k.plot, 0)) >= k.most && p.area > free[best].area && k.suburb) {
					best = i
				}
			}
			if best < 0 {
				return false
			}
			p := free[best]
			p.use, p.site, p.place = works, k, len(e.compounds)
			e.compounds = append(e.compounds, compound{parcel: p, outline: p.inset(), kind: k.kind, name: name})
		}
	}
	return true
}
