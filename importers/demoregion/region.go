// Package demoregion makes an example region with the figures of a newspaper report on a region's grids in 2020: 48 subdistricts and 564
// communities; in that year 721 grids, 489 branches, 1,828 grid workers of whom 1,299 full-time, 13,321 building leads and 20,693 stair-unit leads
// were added. The counts are the report's; every place, name and day is made up, and nothing else is meant by it. It shows that the report's
// sentence is the sum of single posts, and it is a load to measure with.
//
// The region is a raster: a community is a cell, a grid a block of it, and buildings stand in rows. Where a number does not divide evenly the rest
// is spread as evenly as can be, so the same region comes out each time.
package demoregion

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"

	"gridwright/plan"
)

// The figures of the report.
const (
	Subdistricts   = 48
	Communities    = 564
	Grids          = 721
	Branches       = 489
	Workers        = 1828
	FullTime       = 1299
	BuildingLeads  = 13321
	StairUnitLeads = 20693
)

// Name and NameEn are what the region is called.
const (
	Name   = "示例区（虚构）"
	NameEn = "Example region (made up)"
)

// From and To are the first and the last day of the period the figures are of.
const (
	From = "2020-01-01"
	To   = "2020-12-31"
)

// households is how many a building has; one without a number of stair units of its own has no fewer.
const households = 20

// share is how many of a total the i-th of n gets when it is spread as evenly as can be.
func share(total, i, n int) int { return total*(i+1)/n - total*i/n }

// Grid is a grid of the region, with the one block it has.
type Grid struct {
	Code      string // in the plan
	Block     string
	Community int
	Box       [4]float64 // west, south, east, north
	Buildings []Building
	FullTime  int // workers
	PartTime  int
	Branch    int // number of the branch, from 0; -1 for none
}

// Building is a building of a grid.
type Building struct {
	Code       string
	StairUnits int
	Lon, Lat   float64
}

// communityCode and subdistrictCode are codes of areas by number, from 0.
func communityCode(i int) string {
	return fmt.Sprintf("%s-%03d", subdistrictCode(i*Subdistricts/Communities), i+1)
}
func subdistrictCode(i int) string { return fmt.Sprintf("S%02d", i+1) }

// columns is how many communities stand in a row, cell how wide each is in degrees.
const (
	columns = 24
	cell    = 0.01
)

// stairUnits is how many stair units the i-th building has: 6,001 have three, 1,345 two, the others one, which needs no lead of its own.
func stairUnits(i int) int {
	const three, two = 6001, 1345
	switch {
	case share(three, i, BuildingLeads) > 0:
		return 3
	case share(two, i-share3(i), BuildingLeads-three) > 0:
		return 2
	}
	return 1
}

// share3 is how many of the buildings before the i-th have three.
func share3(i int) int { return 6001 * i / BuildingLeads }

// Make makes the region.
func Make() []Grid {
	grids := make([]Grid, 0, Grids)
	building := 0
	for c := range Communities {
		n := share(Grids, c, Communities)
		for k := range n {
			i := len(grids)
			west, south := 105+cell*float64(c%columns), 37+cell*float64(c/columns)
			height := cell / float64(n)
			g := Grid{Code: plan.GridCode(communityCode(c), k+1), Block: fmt.Sprintf("%s-B%d", communityCode(c), k+1), Community: c, Branch: -1,
				// Grids are numbered from the north, and so are blocks.
				Box:      [4]float64{west, south + height*float64(n-1-k), west + cell, south + height*float64(n-k)},
				FullTime: share(FullTime, i, Grids), PartTime: share(Workers-FullTime, i, Grids)}
			if share(Branches, i, Grids) > 0 {
				g.Branch = Branches * i / Grids
			}
			for range share(BuildingLeads, i, Grids) {
				at := len(g.Buildings)
				g.Buildings = append(g.Buildings, Building{Code: fmt.Sprintf("L%05d", building+1), StairUnits: stairUnits(building),
					Lon: west + cell*(float64(at%5)+0.5)/5, Lat: g.Box[1] + height*(float64(at/5)+0.5)/5})
				building++
			}
			grids = append(grids, g)
		}
	}
	return grids
}

// Recipe is the division of the region: each block is a grid.
func Recipe() plan.Recipe {
	return plan.Recipe{Scope: "all", Grids: Grids, Tolerance: plan.DefaultTolerance, Seed: plan.DefaultSeed, Effort: 1,
		Balance: []plan.Balance{{Measure: plan.Households, Weight: 1}}}
}

// day is the day on which the i-th of n was added: some day of the year.
func day(i, n int) string {
	return fmt.Sprintf("2020-%02d-%02d", 1+12*i/n, 1+i%28)
}

// Roster is the staff of the region, a row a post. Grids are found by their codes.
func Roster(grids []Grid, numberOf func(code string) plan.GridNo) []plan.RosterRow {
	rows := make([]plan.RosterRow, 0, Workers+BuildingLeads+StairUnitLeads)
	add := func(r plan.RosterRow, community int) {
		i := len(rows)
		r.Since = day(i, cap(rows))
		r.Person = plan.Person{Name: fmt.Sprintf("人员%05d", i+1), Code: fmt.Sprintf("P%05d", i+1), Area: communityCode(community), Source: source(r)}
		rows = append(rows, r)
	}
	for _, g := range grids {
		on := []plan.GridNo{numberOf(g.Code)}
		for range g.FullTime {
			add(plan.RosterRow{Kind: plan.GridWorker, FullTime: true, Grids: on}, g.Community)
		}
		for range g.PartTime {
			add(plan.RosterRow{Kind: plan.GridWorker, Grids: on}, g.Community)
		}
		for _, b := range g.Buildings {
			add(plan.RosterRow{Kind: plan.BuildingLead, Building: b.Code}, g.Community)
			if b.StairUnits == 1 {
				continue
			}
			for u := range b.StairUnits {
				add(plan.RosterRow{Kind: plan.StairUnitLead, Building: b.Code, StairUnit: strconv.Itoa(u + 1)}, g.Community)
			}
		}
	}
	return rows
}

// source is where the holder of a post is from.
func source(r plan.RosterRow) string {
	switch {
	case r.FullTime:
		return "public_welfare"
	case r.Kind == plan.GridWorker:
		return "volunteer"
	}
	return "seconded"
}

// Party are the branches of the region, each with its grid.
func Party(grids []Grid, numberOf func(code string) plan.GridNo) (orgs []*plan.PartyOrg) {
	for _, g := range grids {
		if g.Branch < 0 {
			continue
		}
		orgs = append(orgs, &plan.PartyOrg{Code: fmt.Sprintf("D%03d", g.Branch+1), Name: fmt.Sprintf("第%d网格党支部", g.Branch+1), Level: plan.GridParty,
			Kind: plan.Branch, Area: communityCode(g.Community), Members: 12, Since: day(g.Branch, Branches), Grids: []plan.GridNo{numberOf(g.Code)}})
	}
	return orgs
}

// CommitteeAreas are the areas with a large working committee, which all subdistricts have, and with a joint committee, which all communities have.
func CommitteeAreas() (working, joint []string) {
	for i := range Subdistricts {
		working = append(working, subdistrictCode(i))
	}
	for i := range Communities {
		joint = append(joint, communityCode(i))
	}
	return working, joint
}

// Layer is a file of the region, and what it is imported as.
type Layer struct {
	Name string
	File string
	Rows func(put func(cells ...string)) // the head first
}

// Write writes the file as CSV.
func (l Layer) Write(w io.Writer) error {
	out := csv.NewWriter(w)
	l.Rows(func(cells ...string) { _ = out.Write(cells) }) // Error tells
	out.Flush()
	return out.Error()
}

// Layers are the files of the region, in the order in which they are imported; the plan comes between the last but one and the roster.
func Layers(grids []Grid) []Layer {
	return []Layer{
		{"region", "region.csv", func(put func(...string)) {
			put("code", "name", "name_en")
			put("R", Name, NameEn)
		}},
		{"subdistrict", "subdistricts.csv", func(put func(...string)) {
			put("code", "name", "name_en", "parent")
			for i := range Subdistricts {
				put(subdistrictCode(i), fmt.Sprintf("示例%02d街道", i+1), fmt.Sprintf("Example subdistrict %d", i+1), "R")
			}
		}},
		{"community", "communities.csv", func(put func(...string)) {
			put("code", "name", "name_en", "parent")
			for i := range Communities {
				put(communityCode(i), fmt.Sprintf("示例%03d社区", i+1), fmt.Sprintf("Example community %d", i+1), subdistrictCode(i*Subdistricts/Communities))
			}
		}},
		{"block", "blocks.csv", func(put func(...string)) {
			put("code", "parent", "kind", "households", "stair_units", "wkt")
			for _, g := range grids {
				units := 0
				for _, b := range g.Buildings {
					units += b.StairUnits
				}
				put(g.Block, communityCode(g.Community), "built", strconv.Itoa(households*len(g.Buildings)), strconv.Itoa(units),
					fmt.Sprintf("POLYGON((%[1]s %[2]s,%[3]s %[2]s,%[3]s %[4]s,%[1]s %[4]s,%[1]s %[2]s))", degrees(g.Box[0]), degrees(g.Box[1]), degrees(g.Box[2]), degrees(g.Box[3])))
			}
		}},
		{"building", "buildings.csv", func(put func(...string)) {
			put("code", "name", "stair_units", "households", "lon", "lat")
			for _, g := range grids {
				for i, b := range g.Buildings {
					put(b.Code, fmt.Sprintf("%s%d号楼", g.Block, i+1), strconv.Itoa(b.StairUnits), strconv.Itoa(households), degrees(b.Lon), degrees(b.Lat))
				}
			}
		}},
		{"roster", "roster.csv", func(put func(...string)) {
			put("岗位", "姓名", "工号", "专兼职", "来源", "网格编码", "楼栋编码", "单元", "任职起", "社区编码")
			names := plan.DefaultStaffRules()
			codes := make([]string, 0, len(grids))
			rows := Roster(grids, func(code string) plan.GridNo {
				codes = append(codes, code)
				return plan.GridNo(len(codes))
			})
			for _, r := range rows {
				grid, full := "", ""
				if r.Kind == plan.GridWorker {
					grid, full = codes[r.Grids[0]-1], map[bool]string{true: "专职", false: "兼职"}[r.FullTime]
				}
				put(names.PostName(r.Kind, 0), r.Person.Name, r.Person.Code, full, names.SourceName(r.Person.Source, 0), grid, r.Building, r.StairUnit, r.Since, r.Person.Area)
			}
		}},
	}
}

func degrees(d float64) string { return strconv.FormatFloat(d, 'f', 7, 64) }
