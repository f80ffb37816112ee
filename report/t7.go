package report

import (
	"cmp"
	"slices"

	"gridwright/plan"
	"gridwright/plan/words"
	"gridwright/sql/postgis"
)

// buildings is T7, the buildings by grid (楼栋清册): a row a building, by grid, compound and number.
func buildings(b *writer) *Table {
	t := &Table{Columns: []Column{
		b.column("building", "building_code", Text, 24), b.column("building", "compound", Text, 22), b.column("building", "building_no", Text, 12),
		b.column("building", "stair_units", Count, 9), b.column("building", "floors", Count, 7),
		b.column("counts", "households", Count, 9), b.column("counts", "residents", Count, 9),
		b.column("belongs", "old_grid", Text, 26), b.column("belongs", "new_grid", Text, 26),
		b.column("people", "building_lead", Text, 12), b.column("people", "unit_lead", Text, 24),
	}}
	t.Columns[4].Sum = false
	t.Columns[5].Note, t.Columns[6].Note = b.counting(plan.Households), b.counting(plan.Residents)
	compounds := map[string]string{}
	byGrid := map[plan.GridNo][]*postgis.PlacedThing{}
	for i := range b.Things {
		switch thing := &b.Things[i]; thing.Layer {
		case plan.CompoundLayer:
			compounds[thing.Code] = thing.Name
		case plan.BuildingLayer:
			no := b.Snapshot.At[thing.Block]
			byGrid[no] = append(byGrid[no], thing)
		}
	}
	count := func(thing *postgis.PlacedThing, m plan.Measure) any {
		n, ok := taken(thing.Tallies, m)
		return known(n.Count, ok)
	}
	old := b.oldGrids()
	row := func(thing *postgis.PlacedThing, grid string) []any {
		lead, units := b.leadsOf(thing.Code)
		return []any{thing.Code, cmp.Or(compounds[thing.Compound], thing.Compound), b.numberOf(thing), count(thing, plan.StairUnits), known(int64(thing.Floors), thing.Floors > 0),
			count(thing, plan.Households), count(thing, plan.Residents), old(thing.Block), grid, lead, units}
	}
	t.Rows = func(yield func([]any) bool) {
		for _, g := range b.inScope() {
			things := byGrid[g.No]
			sortBuildings(things)
			for _, thing := range things {
				if !yield(row(thing, gridName(g, b.lang))) {
					return
				}
			}
		}
		things := byGrid[0]
		sortBuildings(things)
		for _, thing := range things {
			if b.only == 0 && b.parents[b.Snapshot.Ground.Blocks[thing.Block].Parent] && !yield(row(thing, b.say("unassigned", nil))) {
				return
			}
		}
	}
	t.summing("building_code", func(n int) string { return b.say("total.buildings", words.Args{"n": n}) })
	t.Nothing = b.say("nothing.buildings", nil)
	return t
}

// sortBuildings puts the buildings of a grid in order: by compound, number and code; numbers by value, not by letter.
func sortBuildings(things []*postgis.PlacedThing) {
	slices.SortFunc(things, func(a, b *postgis.PlacedThing) int {
		return cmp.Or(cmp.Compare(a.Compound, b.Compound), cmp.Compare(len(a.Number), len(b.Number)), cmp.Compare(a.Number, b.Number), cmp.Compare(a.Code, b.Code))
	})
}

// gridName returns a grid's name and code.
func gridName(g plan.Grid, l words.Lang) string {
	if name := title(g, l); name != g.Code {
		return name + " " + g.Code
	}
	return g.Code
}

// numberOf returns a building's number as forms have it, its name where it has none.
func (b *writer) numberOf(thing *postgis.PlacedThing) string {
	if thing.Number == "" {
		return thing.Name
	}
	return b.say("building.no", words.Args{"no": thing.Number})
}

// oldGrids says by block what it belonged to before: the grids in force before, or its large grid on paper.
func (b *writer) oldGrids() func(block int32) any {
	return func(block int32) any {
		parent := b.Snapshot.Ground.Parents[b.Snapshot.Ground.Blocks[block].Parent]
		if parent.Level != plan.LargeGrid {
			return nil
		}
		return gridName(plan.Grid{GridProps: plan.GridProps{Code: parent.Code, Name: parent.Name, NameEn: parent.NameEn}}, b.lang)
	}
}
